//! What of a kind others are told: the commands that fill its records, and what a brief takes from them.

/// A command whose result a record may keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilledBy {
    /// The agenda of the next sync.
    Agenda,
    /// The digest of what has happened.
    Digest,
}

impl FilledBy {
    /// Every command with its name in kind files.
    pub const ALL: [(&'static str, Self); 2] = [("agenda", Self::Agenda), ("digest", Self::Digest)];

    /// Returns the command of that name in kind files.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, command)| *command)
    }
}

/// What a brief takes a section for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BriefPart {
    /// What goes wrong, or is asked.
    Problem,
    /// Whom it helps or hurts, and how much.
    Effect,
    /// What is done.
    Decision,
    /// What was weighed up.
    TradeOff,
    /// What comes later, or not at all, and why.
    PutOff,
    /// What came of it; while it is put off, why.
    Outcome,
}

impl BriefPart {
    /// Every part with its name in kind files.
    pub const ALL: [(&'static str, Self); 6] = [
        ("problem", Self::Problem),
        ("effect", Self::Effect),
        ("decision", Self::Decision),
        ("trade-off", Self::TradeOff),
        ("put-off", Self::PutOff),
        ("outcome", Self::Outcome),
    ];

    /// Returns the part of that name in kind files.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, part)| *part)
    }
}
