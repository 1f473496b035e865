//! How much a finding matters, and who says so.

use crate::config::Config;
use crate::diagnostic::Level;
use crate::kind::Kind;
use crate::record::Record;
use crate::rules::RULES;
use crate::rules::Rule;
use crate::sink::Sink;

/// What was said about levels where pmkit was started. It outdoes everything written down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Levels of rules by their names; later ones win.
    pub rules: Vec<(String, Level)>,
    /// Whether whatever would warn denies.
    pub deny_warnings: bool,
}

impl Told {
    /// Returns the level that `rule` was given.
    #[must_use]
    pub fn level(&self, rule: &str) -> Option<Level> {
        self.rules.iter().rev().find(|(name, _)| name == rule).map(|(_, level)| *level)
    }
}

/// Works out how much a finding matters: the rule's own level, then what the kind says, for every state and for the one
/// a record is in, then what `pmkit.toml` says for the tree and for the path, then what was told.
pub struct Levels<'a> {
    pub(super) config: &'a Config,
    told: &'a Told,
    /// Whether findings are counted later, so that all of them are told.
    pub(super) whole: bool,
    /// For each kind the levels of all rules outside any state it names, and in each of those.
    by_kind: Vec<ByState<'a>>,
}

struct ByState<'a> {
    elsewhere: Vec<Level>,
    states: Vec<(&'a str, Vec<Level>)>,
}

/// Who says how much a finding matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The rule itself.
    Rule,
    /// A kind, by its id, for one state or for all.
    Kind {
        /// The id of the kind.
        kind: String,
        /// The state; `None` for all.
        state: Option<String>,
    },
    /// `pmkit.toml`, for the whole tree.
    Configuration,
    /// `pmkit.toml`, for some paths, as written there.
    Override(Vec<String>),
}

impl<'a> Levels<'a> {
    /// Returns the levels that `config` and `told` settle.
    #[must_use]
    pub fn new(config: &'a Config, told: &'a Told) -> Self {
        let row = |kind: &Kind, state: Option<&str>| -> Vec<Level> {
            RULES.iter().map(|rule| settled(config, rule, kind, state).0).collect()
        };
        let by_kind = config.kinds.all().iter().map(|kind| {
            let states = kind.lifecycle.levels.iter();
            ByState {
                elsewhere: row(kind, None),
                states: states.map(|(state, _)| (state.as_str(), row(kind, Some(state)))).collect(),
            }
        });
        Self { config, told, whole: false, by_kind: by_kind.collect() }
    }

    /// Returns the level of the rule at `index` of [`RULES`] for a record of the kind at index `kind`, in `state`, at
    /// `path`.
    #[must_use]
    pub fn of(&self, index: usize, kind: usize, state: Option<&str>, path: &str) -> Level {
        let rule = RULES[index].id;
        if let Some(level) = self.told.level(rule) {
            return level;
        }
        let level = self.config.override_of(rule, path).map(|(_, level)| level).unwrap_or_else(|| {
            let by_state = &self.by_kind[kind];
            let told = state.and_then(|state| by_state.states.iter().find(|(known, _)| *known == state));
            told.map_or(&by_state.elsewhere, |(_, levels)| levels)[index]
        });
        if self.told.deny_warnings && level == Level::Warn { Level::Deny } else { level }
    }

    /// Returns where the rule `rule` puts what it finds in the file at `path`, or about `record`.
    pub(super) fn sink<'s>(&self, rule: &'static str, path: &'s str, record: Option<&'s Record>) -> Sink<'s>
    where
        'a: 's,
    {
        let sink = Sink::new(rule, path, record, &self.config.kinds);
        if self.whole { sink.telling_all() } else { sink }
    }

    /// Says whether `rule` was told to be left out, so that nobody knows what it would find.
    #[must_use]
    pub fn is_off(&self, rule: &str) -> bool {
        self.told.level(rule) == Some(Level::Allow)
    }

    /// Says whether the level of the rule at `index` was told, so that nothing written down counts.
    #[must_use]
    pub fn is_told(&self, index: usize) -> bool {
        self.told.level(RULES[index].id).is_some()
    }
}

/// Returns the level of `rule` for a record of `kind` in `state`, and who says so, paths left aside.
#[must_use]
pub fn settled(config: &Config, rule: &Rule, kind: &Kind, state: Option<&str>) -> (Level, Source) {
    let among =
        |rules: &[(String, Level)]| rules.iter().find(|(name, _)| name == rule.id).map(|(_, level)| *level);
    if let Some(level) = among(&config.rules) {
        return (level, Source::Configuration);
    }
    let of_state = state.and_then(|state| {
        let levels = kind.lifecycle.levels.iter().find(|(known, _)| known == state)?;
        Some((among(&levels.1)?, Some(state.to_owned())))
    });
    match of_state.or_else(|| Some((among(&kind.levels)?, None))) {
        Some((level, state)) => (level, Source::Kind { kind: kind.id.clone(), state }),
        None => (rule.level, Source::Rule),
    }
}

/// Returns the level of `rule` for the record of `kind` in `state` at `path`, and who says so.
#[must_use]
pub fn settled_at(
    config: &Config,
    rule: &Rule,
    kind: &Kind,
    state: Option<&str>,
    path: &str,
) -> (Level, Source) {
    match config.override_of(rule.id, path) {
        Some((at, level)) => (level, Source::Override(config.overrides[at].globs.clone())),
        None => settled(config, rule, kind, state),
    }
}
