//! How a change stands, in a line.

use super::Decision;
use crate::lint::Lint;

/// How a change stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// In a word.
    pub standing: Standing,
    /// How many findings keep it from being merged.
    pub deny: usize,
    /// How many are worth a look.
    pub warn: usize,
    /// The names of what it decides.
    pub decides: Vec<String>,
    /// The names of what was decided and ends with it.
    pub retires: Vec<String>,
    /// Whose agreement the commits do not show.
    pub waits_for: Vec<String>,
    /// How many records it changes.
    pub changed: usize,
    /// In how many files merging it leaves a conflict.
    pub conflicts: usize,
}

/// How a change stands, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It cannot be merged.
    Conflict,
    /// Something is missing.
    Blocked,
    /// Nothing is missing but somebody's agreement.
    Waiting,
    /// Nothing is missing.
    Ready,
    /// It changes no record and breaks none.
    Nothing,
}

impl Standing {
    /// Returns the word for it in data.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Conflict => "conflict",
            Self::Blocked => "blocked",
            Self::Waiting => "waiting",
            Self::Ready => "ready",
            Self::Nothing => "nothing",
        }
    }
}

impl Verdict {
    pub(super) fn of(decisions: &[Decision], lint: &Lint, changed: usize, conflicts: &[String]) -> Self {
        let deciding = || decisions.iter().filter(|decision| decision.decides);
        let mut waits_for: Vec<String> = decisions
            .iter()
            .filter(|decision| decision.decides || decision.retires)
            .flat_map(|decision| &decision.approvals)
            .filter(|approval| approval.given != Some(true))
            .map(|approval| approval.approver.clone())
            .collect();
        waits_for.sort();
        waits_for.dedup();
        let (deny, warn) = (lint.summary.deny, lint.summary.warn);
        let standing = match () {
            () if !conflicts.is_empty() => Standing::Conflict,
            () if deny > 0 => Standing::Blocked,
            () if !waits_for.is_empty() => Standing::Waiting,
            () if changed == 0 => Standing::Nothing,
            () => Standing::Ready,
        };
        let retires: Vec<String> = decisions
            .iter()
            .filter(|decision| decision.retires)
            .map(|decision| decision.record.clone())
            .collect();
        let decides: Vec<String> = deciding().map(|decision| decision.record.clone()).collect();
        Self { standing, deny, warn, decides, retires, waits_for, changed, conflicts: conflicts.len() }
    }
}
