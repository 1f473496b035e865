//! Running the rules: every record read once, its own rules on the spot, the rules about all of them at the end.
//!
//! Texts are let go as soon as a record's own rules have run, so memory grows with what records say of themselves and
//! not with their prose.

use rayon::iter::IntoParallelRefIterator;
use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSlice;

use crate::config::Config;
use crate::date::Date;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Level;
use crate::document::Document;
use crate::document::decode;
use crate::error::Result;
use crate::kind::Claim;
use crate::record::Depth;
use crate::record::Record;
use crate::rules::Check;
use crate::rules::RULES;
use crate::rules::Rule;
use crate::rules::Subject;
use crate::sink::Sink;
use crate::workspace::Inputs;
use crate::workspace::Workspace;

mod fix;

pub use fix::Mended;
pub use fix::Overlay;
pub use fix::mend;

/// What a lint found.
#[derive(Debug, Default)]
pub struct Lint {
    /// The findings, in order of path and place.
    pub diagnostics: Vec<Diagnostic>,
    /// What was looked at.
    pub summary: Summary,
}

/// What a lint looked at, and what it left out.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Records that were checked.
    pub records: usize,
    /// Findings at level deny.
    pub deny: usize,
    /// Findings at level warn.
    pub warn: usize,
    /// Checks that could not be made, each with the reason.
    pub skipped: Vec<String>,
}

/// Says which files a lint is about; all records are read all the same, because records point to each other.
pub type Selection<'a> = &'a (dyn Fn(&str) -> bool + Sync);

/// Below this many files threads cost more than they save.
const WORTH_THREADS: usize = 128;

/// Checks the records among `inputs` that `selected` names.
///
/// # Errors
/// Where two kinds claim one file.
pub fn lint(config: &Config, inputs: Inputs<'_>, today: Date, selected: Selection<'_>) -> Result<Lint> {
    let mut claimed = Vec::new();
    for path in inputs.paths {
        if let Some(claim) = config.kinds.claim(path)? {
            claimed.push((path.as_str(), claim));
        }
    }
    let levels = Levels::new(config);
    let read = |(path, claim): &(&str, Claim)| {
        read_one(config, &levels, inputs, path, *claim, today, selected(path))
    };
    let outcomes: Vec<Outcome> = if claimed.len() < WORTH_THREADS {
        claimed.iter().map(read).collect()
    } else {
        let chunks: Vec<&[(&str, Claim)]> = claimed.par_chunks(WORTH_THREADS / 2).collect();
        chunks.par_iter().flat_map_iter(|chunk| chunk.iter().map(read).collect::<Vec<_>>()).collect()
    };
    let checked = claimed.iter().filter(|(path, _)| selected(path)).count();
    let mut diagnostics = Vec::new();
    let mut records = Vec::with_capacity(outcomes.len());
    for outcome in outcomes {
        records.extend(outcome.record);
        diagnostics.extend(outcome.diagnostics);
    }
    let workspace = Workspace::new(config, records);
    diagnostics.extend(about_all(&workspace, inputs, &levels, selected));
    diagnostics.sort_by(|a, b| (&a.path, a.span, order(a.rule)).cmp(&(&b.path, b.span, order(b.rule))));
    let count = |level| diagnostics.iter().filter(|diagnostic| diagnostic.level == level).count();
    let summary =
        Summary { records: checked, deny: count(Level::Deny), warn: count(Level::Warn), skipped: Vec::new() };
    Ok(Lint { diagnostics, summary })
}

fn order(rule: &str) -> usize {
    RULES.iter().position(|known| known.id == rule).unwrap_or(RULES.len())
}

struct Outcome {
    record: Option<Record>,
    diagnostics: Vec<Diagnostic>,
}

/// Reads one file and runs the rules about single records on it where it is `selected`.
fn read_one(
    config: &Config,
    levels: &Levels<'_>,
    inputs: Inputs<'_>,
    path: &str,
    claim: Claim,
    today: Date,
    selected: bool,
) -> Outcome {
    let mut diagnostics = Vec::new();
    let document = match (inputs.read)(path).and_then(decode) {
        Ok(text) => Document::read(text),
        Err(unreadable) => {
            for (index, rule) in RULES.iter().enumerate().filter(|_| selected) {
                if let Check::File(check) = rule.check {
                    let mut sink = Sink::new(rule.id, path, None, &config.kinds);
                    check(&unreadable, &mut sink);
                    keep(sink, levels.of(index, claim.kind, None, path), &mut diagnostics);
                }
            }
            return Outcome { record: None, diagnostics };
        }
    };
    let depth = if selected { Depth::Whole } else { Depth::FrontMatter };
    let record = Record::read(path, claim, &document, config, depth);
    if selected {
        check_record(levels, &record, &document, today, &mut diagnostics);
    }
    Outcome { record: Some(record), diagnostics }
}

/// Runs the rules about single records on one that is not part of a tree yet.
#[must_use]
pub fn check_document(config: &Config, record: &Record, document: &Document, today: Date) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    check_record(&Levels::new(config), record, document, today, &mut diagnostics);
    diagnostics
}

fn check_record(
    levels: &Levels<'_>,
    record: &Record,
    document: &Document,
    today: Date,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let config = levels.config;
    let kind = config.kinds.at(record.kind);
    let subject = Subject { record, document, kind, config, today };
    for (index, rule) in RULES.iter().enumerate() {
        let Check::Record(check) = rule.check else { continue };
        let level = levels.of(index, record.kind, record.state.as_deref(), &record.path);
        if level > Level::Allow {
            let mut sink = Sink::new(rule.id, &record.path, Some(record), &config.kinds);
            check(&subject, &mut sink);
            keep(sink, level, diagnostics);
        }
    }
}

/// Runs the rules about all records together.
fn about_all(
    workspace: &Workspace<'_>,
    inputs: Inputs<'_>,
    levels: &Levels<'_>,
    selected: Selection<'_>,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (index, rule) in RULES.iter().enumerate() {
        let mut sink = Sink::new(rule.id, "", None, &workspace.config.kinds);
        match rule.check {
            Check::Workspace(check) => check(workspace, &mut sink),
            Check::Tree(check) => check(workspace, inputs, &mut sink),
            Check::File(_) | Check::Record(_) => continue,
        }
        for mut diagnostic in sink.into_found() {
            let touched = |path: &str| selected(path);
            if !touched(&diagnostic.path) && !diagnostic.related.iter().any(|related| touched(&related.path))
            {
                continue;
            }
            let record = workspace.at(&diagnostic.path).map(|at| &workspace.records[at]);
            let (kind, state) = record.map_or((0, None), |record| (record.kind, record.state.as_deref()));
            diagnostic.level = diagnostic.level.min(levels.of(index, kind, state, &diagnostic.path));
            if diagnostic.level > Level::Allow {
                found.push(diagnostic);
            }
        }
    }
    found
}

/// Works out how much a finding matters: the rule's own level, then what the kind says for the state, then what
/// `pmkit.toml` says for the tree and for the path.
pub struct Levels<'a> {
    config: &'a Config,
    /// For each kind the levels of all rules outside any state it names, and in each of those.
    by_kind: Vec<ByState<'a>>,
}

struct ByState<'a> {
    elsewhere: Vec<Level>,
    states: Vec<(&'a str, Vec<Level>)>,
}

impl<'a> Levels<'a> {
    /// Returns the levels that `config` settles.
    #[must_use]
    pub fn new(config: &'a Config) -> Self {
        let everywhere = |rule: &Rule, told: Option<Level>| {
            let steered = config.rules.iter().find(|(name, _)| name == rule.id).map(|(_, level)| *level);
            steered.or(told).unwrap_or(rule.level)
        };
        let by_kind = config.kinds.all().iter().map(|kind| {
            let row = |told: &dyn Fn(&Rule) -> Option<Level>| -> Vec<Level> {
                RULES.iter().map(|rule| everywhere(rule, told(rule))).collect()
            };
            let states = kind.lifecycle.levels.iter().map(|(state, rules)| {
                let told =
                    |rule: &Rule| rules.iter().find(|(name, _)| name == rule.id).map(|(_, level)| *level);
                (state.as_str(), row(&told))
            });
            ByState { elsewhere: row(&|_| None), states: states.collect() }
        });
        Self { config, by_kind: by_kind.collect() }
    }

    /// Returns the level of the rule at `index` of [`RULES`] for a record of the kind at index `kind`, in `state`, at
    /// `path`.
    #[must_use]
    pub fn of(&self, index: usize, kind: usize, state: Option<&str>, path: &str) -> Level {
        if let Some(level) = self.config.override_level(RULES[index].id, path) {
            return level;
        }
        let by_state = &self.by_kind[kind];
        let told = state.and_then(|state| by_state.states.iter().find(|(known, _)| *known == state));
        told.map_or(&by_state.elsewhere, |(_, levels)| levels)[index]
    }
}

/// Moves what a rule found to `kept`, at `level`.
fn keep(sink: Sink<'_>, level: Level, kept: &mut Vec<Diagnostic>) {
    if level > Level::Allow {
        kept.extend(
            sink.into_found().into_iter().map(|found| Diagnostic { level: level.min(found.level), ..found }),
        );
    }
}
