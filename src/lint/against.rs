//! What a change brings: the findings that its base did not have.
//!
//! Both sides are judged by the same configuration, on the same day. Only what changed is read twice; of the rest those files are
//! read in full whose words may be about something that changed. Their own findings are the same before and after.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::collections::HashMap;
use std::collections::HashSet;

use super::Gathered;
use super::Levels;
use super::Lint;
use super::Look;
use super::Request;
use super::Selection;
use super::Summary;
use super::View;
use super::about_all;
use super::about_past;
use super::acknowledge;
use super::complete;
use super::gather;
use super::keep;
use super::known;
use super::policy::Weakened;
use crate::compare::says_the_same;
use crate::config::CONFIG_FILE;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Level;
use crate::document::Document;
use crate::document::decode;
use crate::error::Error;
use crate::error::Result;
use crate::record::Depth;
use crate::record::Record;
use crate::rules;
use crate::rules::BROKEN;
use crate::rules::CHANGED;
use crate::rules::EXPIRED;
use crate::rules::INVALID;
use crate::rules::STALE_BASELINE;
use crate::rules::UNUSED;
use crate::rules::WEAKENED;
use crate::rules::when_gone;
use crate::sink::Finding;
use crate::sink::capped;
use crate::text::Lines;
use crate::text::for_shell;
use crate::workspace::Inputs;
use crate::workspace::Workspace;

mod same;
mod words;

use same::Names;
pub(super) use same::key;
use same::leave_out;
use words::Words;

/// A file that differs: its path before and after, `None` where there is none.
pub type Pair = (Option<String>, Option<String>);

/// Returns the text of a document, by its path.
pub type TextOf<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What a change begins with.
#[derive(Clone, Copy)]
pub struct Base<'a> {
    /// What it is called.
    pub name: &'a str,
    /// The files as they were.
    pub view: View<'a>,
    /// The records that differ, renames paired.
    pub pairs: &'a [Pair],
    /// The other files and folders that are gone, from the repository's top.
    pub beside: &'a [String],
    /// Returns the text that a document had, by its path then, where it is read what may be acknowledged; `None` where what the
    /// change itself acknowledges counts.
    pub granted: Option<TextOf<'a>>,
    /// What the change makes less strict of what steers the tree.
    pub weakened: &'a [Weakened],
    /// Where it leaves that so that it cannot be read.
    pub broken: Option<&'a Error>,
}

/// Checks what the change since `base` brings. The baseline says what the tree knows, and not what is told: what was there before
/// is not told anyhow.
///
/// # Errors
/// Where two kinds claim one file.
pub fn lint_against(request: Request<'_>, base: Base<'_>) -> Result<Lint> {
    judged(request, base, None)
}

/// Checks what the change since `base` brings, as [`lint_against`], and returns the records there are as well: all as they say of
/// themselves, those that the change is about and those that may speak of these with what their texts refer to.
///
/// # Errors
/// Where two kinds claim one file.
pub fn lint_for_review(request: Request<'_>, base: Base<'_>) -> Result<(Lint, Vec<Record>)> {
    let mut records = Vec::new();
    let found = judged(request, base, Some(&mut records))?;
    Ok((found, records))
}

fn judged(request: Request<'_>, base: Base<'_>, kept: Option<&mut Vec<Record>>) -> Result<Lint> {
    let Request { config, view, today, selected, told, .. } = request;
    let kinds = &config.kinds;
    let mut levels = Levels::new(config, told);
    levels.whole = true;
    // What was settled by something that changed is looked at too.
    let affected = affected(view, base);
    let pairs: Vec<Pair> = base
        .pairs
        .iter()
        .cloned()
        .chain(affected.iter().map(|path| (Some(path.clone()), Some(path.clone()))))
        .collect();
    let base = Base { pairs: &pairs, ..base };
    let changed: HashSet<&str> = base.pairs.iter().filter_map(|(_, new)| new.as_deref()).collect();
    let differed: HashSet<&str> = base.pairs.iter().filter_map(|(old, _)| old.as_deref()).collect();
    let moved: HashMap<&str, &str> =
        base.pairs.iter().filter_map(|(old, new)| Some((old.as_deref()?, new.as_deref()?))).collect();
    let selected_then = |path: &str| selected(moved.get(path).copied().unwrap_or(path));
    let checked = |path: &str| changed.contains(path) && selected(path);
    let checked_then = |path: &str| differed.contains(path) && selected_then(path);
    let side = Side { levels: &levels, request: &request };

    let paths: BTreeSet<String> = differed.iter().map(|path| (*path).to_owned()).collect();
    let paths: Vec<String> = paths.into_iter().collect();
    let of_change = View { inputs: Inputs { paths: &paths, ..base.view.inputs }, ..base.view };
    let closely = |checked: bool| if checked { Look::Check } else { Look::Read };
    let was = gather(&levels, of_change, today, &|path, _| closely(checked_then(path)), &checked_then)?;
    let new = read(config, view.inputs, &changed);
    let old: HashMap<&str, Record> =
        was.records.iter().map(|record| (record.path.as_str(), record.clone())).collect();
    let words = Words::about(base.pairs, base.beside, &old, &new, kinds);
    let id = |path: &str, after: bool| {
        let record = if after { new.get(path) } else { old.get(path) };
        record.and_then(Record::id)
    };
    let names = Names::new(base.pairs, &id, kinds);

    let how = |path: &str, text: &str| match changed.contains(path) {
        true => closely(selected(path)),
        false if words.are_in(text) => Look::Read,
        false => Look::Skim,
    };
    let is = gather(&levels, view, today, &how, &checked)?;
    let count = is.claimed.iter().filter(|(path, _)| checked(path) && !affected.contains(*path)).count();
    let unchanged: Vec<_> = is.claimed.iter().filter(|(path, _)| !changed.contains(path)).copied().collect();
    let came_from: HashMap<&str, &str> = moved.iter().map(|(old, new)| (*new, *old)).collect();
    let granted = |path: &str| (base.granted?)(came_from.get(path)?);
    let granted: Option<TextOf<'_>> = base.granted.is_some().then_some(&granted);
    let gone: Vec<Record> = base
        .pairs
        .iter()
        .filter(|(_, new)| new.is_none())
        .filter_map(|(path, _)| old.get(path.as_deref()?))
        .cloned()
        .collect();
    // A decision does not go with its file, nor by becoming something that may change.
    let freed = base.pairs.iter().filter_map(|(path, to)| {
        let (was, is) = (old.get(path.as_deref()?)?, new.get(to.as_deref()?)?);
        let lifecycle = &kinds.at(is.kind).lifecycle;
        let stays = was.kind == is.kind || is.state.as_ref().is_some_and(|state| lifecycle.is_frozen(state));
        (!stays).then(|| was.clone())
    });
    let gone_or_freed: Vec<Record> = gone.iter().cloned().chain(freed).collect();
    // Who has come to a number is to give way to who had it.
    let is_added = |(from, to): &(Option<String>, Option<String>)| {
        let had = from.as_deref().and_then(|path| id(path, false));
        to.as_deref().filter(|path| had.is_none() || had != id(path, true)).map(str::to_owned)
    };
    let added: HashSet<String> = base.pairs.iter().filter_map(is_added).collect();
    let (mut found, records, acknowledged) =
        side.judge(is, view, selected, &checked, granted, &|path| added.contains(path));
    if let Some(kept) = kept {
        kept.clone_from(&records);
    }

    // What was, among the records that have not changed.
    let mut claimed = was.claimed;
    claimed.extend(unchanged);
    claimed.sort_unstable_by_key(|(path, _)| *path);
    let mut all = was.records;
    all.extend(records.into_iter().filter(|record| !changed.contains(record.path.as_str())));
    all.sort_by(|a, b| a.path.cmp(&b.path));
    let was = Gathered { claimed, records: all, ..was };
    let (mut before, ..) = side.judge(was, base.view, &selected_then, &checked_then, None, &|_| false);

    let prefix = base.view.inputs.around.map_or("", |around| around.prefix);
    for record in gone_or_freed.iter().filter(|record| selected_then(&record.path)) {
        let Some((rule, finding)) = when_gone(record, config) else { continue };
        let file = for_shell(&format!("{prefix}{}", record.path));
        let finding =
            finding.help(format!("put it back as it was: `git checkout {} -- {file}`", for_shell(base.name)));
        let level = rules::index(rule).map_or(Level::Deny, |index| {
            levels.of(index, record.kind, record.state.as_deref(), &record.path)
        });
        let mut sink = levels.sink(rule, &record.path, Some(record));
        sink.push(finding);
        keep(sink, level, &mut found);
    }
    side.steering(base, &mut found);
    let is_told =
        |found: &Diagnostic| selected(&found.path) || found.related.iter().any(|other| selected(&other.path));
    found.retain(is_told);
    if config.baseline.total() > 0 {
        let (new, old) = (side.too_high(&found, &checked), side.too_high(&before, &checked_then));
        found.extend(new);
        before.extend(old);
    }
    // A decided text that has become yet another one is changed anew, whatever is said of it.
    let rewritten = |path: &str| {
        moved.get(path).is_some_and(|new| !is_same_text(config, (base.view.inputs, path), (view.inputs, new)))
    };
    before.retain(|found| found.rule != CHANGED || !rewritten(&found.path));
    let (lines, lines_before) = (Lined::new(view.inputs), Lined::new(base.view.inputs));
    let (line, line_before) =
        (|found: &Diagnostic| lines.of(found), |found: &Diagnostic| lines_before.of(found));
    let before = leave_out(&mut found, &before, &names, (&line, &line_before));
    let summary = Summary {
        records: count,
        acknowledged,
        before: Some(before),
        deleted: gone.len(),
        ..Summary::default()
    };
    freshen(&mut found, &lines, base);
    let Lint { diagnostics, summary } = Lint { diagnostics: found, summary }.in_order();
    Ok(Lint { diagnostics: capped(diagnostics), summary })
}

/// Marks those of `found` that stand on a line which their file did not have before.
fn freshen(found: &mut [Diagnostic], now: &Lined<'_>, base: Base<'_>) {
    let came_from: HashMap<&str, Option<&str>> =
        base.pairs.iter().filter_map(|(old, new)| Some((new.as_deref()?, old.as_deref()))).collect();
    let mut before: HashMap<String, HashSet<String>> = HashMap::new();
    for one in found {
        let Some(old) = came_from.get(one.path.as_str()) else { continue };
        let lines = before.entry(one.path.clone()).or_insert_with(|| {
            let text = old.and_then(|old| (base.view.inputs.read)(old).and_then(decode).ok());
            text.unwrap_or_default().lines().map(str::to_owned).collect()
        });
        one.fresh = now.of(one).is_some_and(|line| !lines.contains(&line));
    }
}

/// Returns the records that have not changed and were decided otherwise all the same: what had settled a change to them has.
fn affected(view: View<'_>, base: Base<'_>) -> BTreeSet<String> {
    let (now, then) = (view.decided, base.view.decided);
    let changed: HashSet<&str> =
        base.pairs.iter().flat_map(|(old, new)| [old.as_deref(), new.as_deref()]).flatten().collect();
    let all = now.keys().chain(then.keys()).filter(|path| !changed.contains(path.as_str()));
    all.filter(|path| now.get(*path) != then.get(*path)).cloned().collect()
}

/// What both sides are judged by.
struct Side<'a> {
    levels: &'a Levels<'a>,
    request: &'a Request<'a>,
}

impl Side<'_> {
    /// Runs the rules about all records and about what happened to those that are `checked`, and leaves out what is acknowledged;
    /// where `granted` is given, only as far as the text it returns of a document acknowledges it too. Records at `new` paths give
    /// way to others with their number. Returns the
    /// findings, the records, and how many findings are acknowledged.
    fn judge(
        &self,
        gathered: Gathered<'_>,
        view: View<'_>,
        selected: Selection<'_>,
        checked: Selection<'_>,
        granted: Option<TextOf<'_>>,
        new: &dyn Fn(&str) -> bool,
    ) -> (Vec<Diagnostic>, Vec<Record>, usize) {
        let Request { config, today, activity, .. } = *self.request;
        let Gathered { claimed, records, mut diagnostics, said } = gathered;
        let mut workspace = Workspace::new(config, records);
        workspace.put_last(new);
        diagnostics.extend(about_all(&workspace, view, (today, activity), self.levels, selected));
        if let Some(timelines) = view.past {
            about_past(&workspace, timelines, self.levels, checked, today, &mut diagnostics);
        }
        let mut said = complete(said, &diagnostics, &claimed, config, view.inputs, checked);
        if let Some(granted) = granted {
            for (path, said) in said.iter_mut().filter(|(path, _)| checked(path)) {
                acknowledge::only_granted(said, granted(path).map(Document::read).as_ref(), today);
            }
            for (path, said) in said.iter().filter(|(path, _)| checked(path)) {
                let mut sink = self.levels.sink(WEAKENED, path, None);
                for (rule, span) in acknowledge::not_granted(said) {
                    let message = format!("`{rule}` is acknowledged in this file from now on");
                    let help = "take it out, or say in the change why the team is to accept it; `pmkit: allow` counts once it is there";
                    sink.push(Finding::at(span, message).help(help));
                }
                let level = self.level_of(WEAKENED, path);
                keep(sink, level, &mut diagnostics);
            }
        }
        let acknowledged = acknowledge::settle(&said, self.levels, &config.kinds, today, &mut diagnostics);
        // Of what nobody has checked nobody knows whether anything in it is allowed for nothing.
        let about_saying = |found: &Diagnostic| [EXPIRED, INVALID, UNUSED].contains(&found.rule);
        diagnostics.retain(|found| !about_saying(found) || checked(&found.path));
        (diagnostics, workspace.records, acknowledged)
    }

    /// Tells what the change makes of what steers the tree.
    fn steering(&self, base: Base<'_>, all: &mut Vec<Diagnostic>) {
        let found = &mut Vec::new();
        for weakened in base.weakened {
            let mut sink = self.levels.sink(WEAKENED, &weakened.path, None);
            sink.push(weakened.finding(base.name));
            keep(sink, self.level_of(WEAKENED, &weakened.path), found);
        }
        self.broken(base, found);
        // Whatever it stands on, it is the change's own doing.
        all.extend(found.drain(..).map(|found| Diagnostic { fresh: true, ..found }));
    }

    /// Tells where the change leaves what steers the tree so that it cannot be read.
    fn broken(&self, base: Base<'_>, found: &mut Vec<Diagnostic>) {
        let Some(broken) = base.broken else { return };
        let mut tell = |path: &str, finding: Finding, help: &[String]| {
            let finding = help.iter().fold(finding, |finding, help| finding.help(help.clone()));
            let mut sink = self.levels.sink(BROKEN, path, None);
            sink.push(finding.help(format!("until it can be read, `{}` alone says what counts", base.name)));
            keep(sink, self.level_of(BROKEN, path), found);
        };
        for mistake in &broken.mistakes {
            tell(&mistake.path, Finding::at(mistake.span, mistake.message.clone()), &mistake.help);
        }
        if broken.mistakes.is_empty() {
            tell(CONFIG_FILE, Finding::whole(broken.message.clone()), &broken.help);
        }
    }

    /// Returns the level of a rule about a file that is no record.
    fn level_of(&self, rule: &str, path: &str) -> Level {
        rules::index(rule).map_or(Level::Warn, |index| self.levels.of(index, 0, None, path))
    }

    /// Returns what is to be said of counts in the baseline that are too high, for the files that are `checked`.
    fn too_high(&self, found: &[Diagnostic], checked: Selection<'_>) -> Vec<Diagnostic> {
        let mut found: Vec<Diagnostic> = found.iter().filter(|found| checked(&found.path)).cloned().collect();
        known::leave_out(self.request.config, self.levels, checked, &mut found);
        found.retain(|found| found.rule == STALE_BASELINE);
        found
    }
}

/// Reads what the files at `paths` say of themselves, by path.
fn read<'p>(config: &Config, inputs: Inputs<'_>, paths: &HashSet<&'p str>) -> HashMap<&'p str, Record> {
    let one = |path: &&'p str| {
        let claim = config.kinds.claim(path).ok()??;
        let document = (inputs.read)(path).and_then(decode).map(Document::read).ok()?;
        Some((*path, Record::read(path, claim, &document, config, Depth::FrontMatter)))
    };
    paths.iter().filter_map(one).collect()
}

/// Says whether the record at a path before, and the one at a path now, have the same text where it may not change.
fn is_same_text(config: &Config, then: (Inputs<'_>, &str), now: (Inputs<'_>, &str)) -> bool {
    let body = |(inputs, path): (Inputs<'_>, &str)| {
        let document = Document::read((inputs.read)(path).and_then(decode).ok()?);
        Some(document.text.get(document.body..).unwrap_or_default().to_owned())
    };
    let kind = config.kinds.first_claim(now.1).map(|(kind, _)| config.kinds.at(kind));
    match (body(then), body(now), kind) {
        (Some(then), Some(now), Some(kind)) => says_the_same(kind, &config.kinds, &then, &now),
        _ => false,
    }
}

/// A text, and where its lines begin.
type Text = (String, Vec<usize>);

/// The lines of files, each read once.
struct Lined<'a> {
    inputs: Inputs<'a>,
    texts: RefCell<HashMap<String, Option<Text>>>,
}

impl<'a> Lined<'a> {
    fn new(inputs: Inputs<'a>) -> Self {
        Self { inputs, texts: RefCell::default() }
    }

    /// Returns the line that a finding begins on.
    fn of(&self, found: &Diagnostic) -> Option<String> {
        let span = found.span?;
        let mut texts = self.texts.borrow_mut();
        let read = || {
            let text = (self.inputs.read)(&found.path).and_then(decode).ok()?;
            let starts = Lines::starts(&text);
            Some((text, starts))
        };
        let (text, starts) = texts.entry(found.path.clone()).or_insert_with(read).as_ref()?;
        let lines = Lines::known(text, starts);
        Some(lines.line(lines.position(span.start()).line).of(text).to_owned())
    }
}
