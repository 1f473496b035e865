//! Running the rules: every record read once, its own rules on the spot, the rules about all of them at the end.
//!
//! Texts are let go as soon as a record's own rules have run, so memory grows with what records say of themselves and
//! not with their prose.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::config::Config;
use crate::date::Date;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Level;
use crate::document::Document;
use crate::document::Unreadable;
use crate::document::decode;
use crate::error::Result;
use crate::history::Timelines;
use crate::kind::Claim;
use crate::record::Depth;
use crate::record::Record;
use crate::rules;
use crate::rules::Activity;
use crate::rules::Check;
use crate::rules::Decided;
use crate::rules::Elsewhere;
use crate::rules::Past;
use crate::rules::RULES;
use crate::rules::Subject;
use crate::sink::Sink;
use crate::workspace::Inputs;
use crate::workspace::Workspace;
use crate::workspace::side_by_side;

mod acknowledge;
mod against;
mod fingerprint;
mod fix;
mod known;
mod levels;
mod policy;

pub use acknowledge::acknowledged;
pub use against::Base;
pub use against::Pair;
pub use against::TextOf;
pub use against::lint_against;
pub use against::lint_for_review;
pub use fingerprint::fingerprints;
pub use fix::Mended;
pub use fix::Overlay;
pub use fix::mend;
pub use levels::Levels;
pub use levels::Source;
pub use levels::Told;
pub use levels::settled;
pub use levels::settled_at;
pub use policy::Policy;
pub use policy::Weakened;
pub use policy::weakened;

use acknowledge::Said;

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
    /// Findings that the documents themselves acknowledge, and that are not told.
    pub acknowledged: usize,
    /// Findings that the baseline knows, and that are not told.
    pub known: usize,
    /// Where a change is checked: findings that were there before it, and that are not told.
    pub before: Option<usize>,
    /// Where a change is checked: records whose files it deletes.
    pub deleted: usize,
    /// Where a change is checked: what it was compared with, as it was called and as the commit where the two parted.
    pub base: Option<(String, String)>,
    /// Checks that could not be made, each with the reason.
    pub skipped: Vec<String>,
    /// Where a change is checked: what it makes of the files that steer the tree, and whether that counts already.
    pub notes: Vec<String>,
}

/// Says which files a lint is about; all records are read all the same, because records point to each other.
pub type Selection<'a> = &'a (dyn Fn(&str) -> bool + Sync);

/// The files as they are at some time, with what is known of how they came to be.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The documents.
    pub inputs: Inputs<'a>,
    /// What has happened to the records so far; `None` where nobody knows, and then rules that need it find nothing.
    pub past: Option<&'a Timelines<'a>>,
    /// How records were when they were decided, by path, of those that are not the same to the byte.
    pub decided: &'a BTreeMap<String, Decided>,
    /// What there is on other branches.
    pub elsewhere: &'a Elsewhere,
}

impl<'a> View<'a> {
    /// Returns the files of `inputs`, of whose past nothing is known.
    #[must_use]
    pub fn of(inputs: Inputs<'a>) -> Self {
        static NONE: BTreeMap<String, Decided> = BTreeMap::new();
        static NOTHING: Elsewhere = Elsewhere::NOTHING;
        Self { inputs, past: None, decided: &NONE, elsewhere: &NOTHING }
    }
}

/// What is to be checked.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// What the team has settled.
    pub config: &'a Config,
    /// The files.
    pub view: View<'a>,
    /// The day.
    pub today: Date,
    /// The files that are told about.
    pub selected: Selection<'a>,
    /// What was said about levels where pmkit was started.
    pub told: &'a Told,
    /// Whether what the baseline knows is left out.
    pub baseline: bool,
    /// What people have done of late; `None` where nobody knows, and then rules that need it find nothing.
    pub activity: Option<Activity<'a>>,
}

/// Checks the records that `request` is about.
///
/// # Errors
/// Where two kinds claim one file.
pub fn lint(request: Request<'_>) -> Result<Lint> {
    let Request { config, view, today, selected, told, baseline, activity } = request;
    let levels = Levels::new(config, told);
    let how = |path: &str, _: &str| if selected(path) { Look::Check } else { Look::Skim };
    let Gathered { claimed, records, mut diagnostics, said } = gather(&levels, view, today, &how, selected)?;
    let workspace = Workspace::new(config, records);
    diagnostics.extend(about_all(&workspace, view, (today, activity), &levels, selected));
    if let Some(timelines) = view.past {
        about_past(&workspace, timelines, &levels, selected, today, &mut diagnostics);
    }
    let said = complete(said, &diagnostics, &claimed, config, view.inputs, selected);
    let acknowledged = acknowledge::settle(&said, &levels, &config.kinds, today, &mut diagnostics);
    diagnostics
        .retain(|found| selected(&found.path) || found.related.iter().any(|related| selected(&related.path)));
    let known = if baseline { known::leave_out(config, &levels, selected, &mut diagnostics) } else { 0 };
    let checked = claimed.iter().filter(|(path, _)| selected(path)).count();
    let summary = Summary { records: checked, acknowledged, known, ..Summary::default() };
    Ok(Lint { diagnostics, summary }.in_order())
}

impl Lint {
    /// Returns the same with the findings in order and counted.
    fn in_order(mut self) -> Self {
        self.diagnostics
            .sort_by(|a, b| (&a.path, a.span, order(a.rule)).cmp(&(&b.path, b.span, order(b.rule))));
        let count = |level| -> usize {
            let at_level = self.diagnostics.iter().filter(|diagnostic| diagnostic.level == level);
            at_level.map(|diagnostic| 1 + diagnostic.more).sum()
        };
        (self.summary.deny, self.summary.warn) = (count(Level::Deny), count(Level::Warn));
        self
    }
}

/// How closely a file is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// All of it, by every rule about single records.
    Check,
    /// All of it, for what other records' rules may find in it.
    Read,
    /// What it says of itself.
    Skim,
}

/// What reading the files came to.
struct Gathered<'p> {
    /// The files that some kind claims, in order.
    claimed: Vec<(&'p str, Claim)>,
    records: Vec<Record>,
    diagnostics: Vec<Diagnostic>,
    /// What documents say about their findings.
    said: BTreeMap<&'p str, Said>,
}

/// Reads the files of `view` among `wanted`, each as closely as `how` says of its path and text, and runs the rules about single
/// records.
fn gather<'p>(
    levels: &Levels<'_>,
    view: View<'p>,
    today: Date,
    how: &(dyn Fn(&str, &str) -> Look + Sync),
    selected: Selection<'_>,
) -> Result<Gathered<'p>> {
    let mut claimed = Vec::new();
    for path in view.inputs.paths {
        if let Some(claim) = levels.config.kinds.claim(path)? {
            claimed.push((path.as_str(), claim));
        }
    }
    let read = |(path, claim): &(&str, Claim)| {
        let text = (view.inputs.read)(path).and_then(decode);
        let look = match &text {
            Ok(text) => how(path, text),
            Err(_) if selected(path) => Look::Check,
            Err(_) => Look::Skim,
        };
        read_one(levels, path, *claim, text, today, look, view.decided.get(*path))
    };
    let outcomes: Vec<Outcome> = side_by_side(&claimed, read);
    let (mut diagnostics, mut said) = (Vec::new(), BTreeMap::new());
    let mut records = Vec::with_capacity(outcomes.len());
    for ((path, _), outcome) in claimed.iter().zip(outcomes) {
        records.extend(outcome.record);
        diagnostics.extend(outcome.diagnostics);
        said.extend(outcome.said.map(|of_file| (*path, of_file)));
    }
    Ok(Gathered { claimed, records, diagnostics, said })
}

/// Adds to `said` what those files say in which something was found and that were not `checked`: a finding about several files may
/// stand in one that was not asked for, whose acknowledgements are unread.
fn complete<'p>(
    mut said: BTreeMap<&'p str, Said>,
    diagnostics: &[Diagnostic],
    claimed: &[(&'p str, Claim)],
    config: &Config,
    inputs: Inputs<'_>,
    checked: Selection<'_>,
) -> BTreeMap<&'p str, Said> {
    let elsewhere: BTreeSet<&str> =
        diagnostics.iter().map(|found| found.path.as_str()).filter(|path| !checked(path)).collect();
    let read_there = |path: &&str| claimed.binary_search_by_key(path, |(known, _)| known).ok();
    let elsewhere: Vec<usize> = elsewhere.iter().filter_map(read_there).collect();
    for (path, claim) in elsewhere.into_iter().map(|at| claimed[at]) {
        let Ok(document) = (inputs.read)(path).and_then(decode).map(Document::read) else { continue };
        let record = Record::read(path, claim, &document, config, Depth::FrontMatter);
        said.extend(acknowledge::read(&document, &record, &config.kinds).map(|of_file| (path, of_file)));
    }
    said
}

fn order(rule: &str) -> usize {
    rules::index(rule).unwrap_or(RULES.len())
}

struct Outcome {
    record: Option<Record>,
    diagnostics: Vec<Diagnostic>,
    /// What the document says about its findings.
    said: Option<Said>,
}

/// Reads one file, and runs the rules about single records on it where it is to be checked.
fn read_one(
    levels: &Levels<'_>,
    path: &str,
    claim: Claim,
    text: Result<String, Unreadable>,
    today: Date,
    look: Look,
    decided: Option<&Decided>,
) -> Outcome {
    let config = levels.config;
    let mut diagnostics = Vec::new();
    let document = match text {
        Ok(text) => Document::read(text),
        Err(unreadable) => {
            for (index, rule) in RULES.iter().enumerate().filter(|_| look == Look::Check) {
                if let Check::File(check) = rule.check {
                    let mut sink = levels.sink(rule.id, path, None);
                    check(&unreadable, &mut sink);
                    keep(sink, levels.of(index, claim.kind, None, path), &mut diagnostics);
                }
            }
            return Outcome { record: None, diagnostics, said: None };
        }
    };
    let depth = if look == Look::Skim { Depth::FrontMatter } else { Depth::Whole };
    let record = Record::read(path, claim, &document, config, depth);
    let mut said = None;
    if look == Look::Check {
        check_record(levels, &record, &document, today, decided, &mut diagnostics);
        said = acknowledge::read(&document, &record, &config.kinds);
    }
    Outcome { record: Some(record), diagnostics, said }
}

/// Runs the rules about single records on one that is not part of a tree yet.
#[must_use]
pub fn check_document(config: &Config, record: &Record, document: &Document, today: Date) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    check_record(&Levels::new(config, &Told::default()), record, document, today, None, &mut diagnostics);
    diagnostics
}

fn check_record(
    levels: &Levels<'_>,
    record: &Record,
    document: &Document,
    today: Date,
    decided: Option<&Decided>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let config = levels.config;
    let kind = config.kinds.at(record.kind);
    let subject = Subject { record, document, kind, config, today };
    for (index, rule) in RULES.iter().enumerate() {
        if !matches!((&rule.check, decided), (Check::Record(_), _) | (Check::Decided(_), Some(_))) {
            continue;
        }
        let level = levels.of(index, record.kind, record.state.as_deref(), &record.path);
        if level > Level::Allow {
            let mut sink = levels.sink(rule.id, &record.path, Some(record));
            match (&rule.check, decided) {
                (Check::Record(check), _) => check(&subject, &mut sink),
                (Check::Decided(check), Some(decided)) => check(&subject, decided, &mut sink),
                _ => {}
            }
            keep(sink, level, diagnostics);
        }
    }
}

/// Runs the rules about all records together.
fn about_all(
    workspace: &Workspace<'_>,
    view: View<'_>,
    (today, activity): (Date, Option<Activity<'_>>),
    levels: &Levels<'_>,
    selected: Selection<'_>,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (index, rule) in RULES.iter().enumerate() {
        let mut sink = levels.sink(rule.id, "", None);
        match rule.check {
            Check::Workspace(check) => check(workspace, &mut sink),
            Check::Day(check) => check(workspace, today, &mut sink),
            Check::Tree(check) => check(workspace, view.inputs, &mut sink),
            Check::Histories(check) => match view.past {
                Some(timelines) => check(workspace, timelines, &mut sink),
                None => continue,
            },
            Check::Activity(check) => match activity {
                Some(activity) => check(workspace, activity, &mut sink),
                None => continue,
            },
            Check::Elsewhere(check) => check(workspace, view.elsewhere, &mut sink),
            Check::File(_)
            | Check::Record(_)
            | Check::Decided(_)
            | Check::History(_)
            | Check::Acknowledgements
            | Check::Steering
            | Check::Baseline => continue,
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

/// Runs the rules about what has happened to single records.
fn about_past(
    workspace: &Workspace<'_>,
    timelines: &Timelines<'_>,
    levels: &Levels<'_>,
    selected: Selection<'_>,
    today: Date,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let config = workspace.config;
    let slips = timelines.slips(&config.kinds);
    let rules: Vec<_> = RULES
        .iter()
        .enumerate()
        .filter_map(|(index, rule)| match rule.check {
            Check::History(check) => Some((index, rule.id, check)),
            _ => None,
        })
        .collect();
    for record in workspace.records.iter().filter(|record| selected(&record.path)) {
        let Some(timeline) = timelines.at(&record.path) else { continue };
        let past =
            Past { record, kind: config.kinds.at(record.kind), config, today, timeline, slips: &slips };
        for (index, id, check) in &rules {
            let level = levels.of(*index, record.kind, record.state.as_deref(), &record.path);
            if level > Level::Allow {
                let mut sink = levels.sink(id, &record.path, Some(record));
                check(&past, &mut sink);
                keep(sink, level, diagnostics);
            }
        }
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
