//! What a shell offers when the tab key is pressed: records, fields, people and rules of the tree it stands in.
//!
//! Nothing here may fail or say anything: where something cannot be read there is nothing to offer.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::CommandFactory;
use clap_complete::engine::CompletionCandidate;
use clap_complete::engine::PathCompleter;
use clap_complete::engine::ValueCompleter;
use clap_complete::env::CompleteEnv;

use pmkit::kind::Kind;
use pmkit::record::Depth;
use pmkit::record::Record;
use pmkit::record::read_id;
use pmkit::rules::RULES;
use pmkit::text::visible;
use pmkit::workspace::Inputs;
use pmkit::workspace::read_records;

use crate::args::Arguments;
use crate::args::Color;
use crate::args::Common;
use crate::place::Place;

/// The variable by which a shell asks.
pub(crate) const VARIABLE: &str = "PMKIT_COMPLETE";

/// Answers a shell that asks what could come next, and says whether one did.
#[allow(clippy::disallowed_methods, reason = "the binary reads the environment")]
pub(crate) fn answer() -> bool {
    if std::env::var_os(VARIABLE).is_none() {
        return false;
    }
    let folder = std::env::current_dir().ok();
    let asked = CompleteEnv::with_factory(Arguments::command).var(VARIABLE);
    asked.try_complete(std::env::args_os(), folder.as_deref()).unwrap_or(true)
}

/// Opens the place the line that is being typed is about.
fn place() -> Option<Place> {
    let typed = typed();
    let folder = typed.iter().position(|word| word == "-C").and_then(|at| typed.get(at + 1));
    let folder = folder.map_or_else(|| PathBuf::from("."), PathBuf::from);
    Place::open(&Common {
        folder,
        config: None,
        color: Color::Never,
        quiet: true,
        today: None,
        no_input: true,
    })
    .ok()
}

/// Returns the words of the line that is being typed.
fn typed() -> Vec<String> {
    let words = std::env::args_os().skip_while(|word| word != "--").skip(1);
    words.map(|word| word.to_string_lossy().into_owned()).collect()
}

/// Returns what begins as `current` does, in any letter case, each with a word on what it is.
fn beginning<'a>(
    current: &str,
    all: impl IntoIterator<Item = (&'a str, String)>,
) -> Vec<CompletionCandidate> {
    let small = current.to_lowercase();
    let offered = all.into_iter().filter(|(value, _)| value.to_lowercase().starts_with(&small));
    offered.map(|(value, help)| candidate(value, &help)).collect()
}

fn candidate(value: &str, help: &str) -> CompletionCandidate {
    let help = visible(help).into_owned();
    CompletionCandidate::new(value).help((!help.is_empty()).then(|| help.into()))
}

/// Offers ids with their titles, and paths.
pub(crate) fn records(current: &OsStr) -> Vec<CompletionCandidate> {
    let mut offered = Vec::new();
    if let (Some(place), Some(text)) = (place(), current.to_str()) {
        offered = ids(&place, text).unwrap_or_default();
    }
    offered.extend(PathCompleter::any().complete(current));
    offered
}

/// Offers records that one of the kind that is being written can be born from.
pub(crate) fn parents(current: &OsStr) -> Vec<CompletionCandidate> {
    let (Some(place), Some(text)) = (place(), current.to_str()) else { return Vec::new() };
    let typed = typed();
    let kinds = &place.config.kinds;
    let born = typed.iter().find_map(|word| kinds.index_of(word)).map(|index| kinds.at(index));
    let fits = |record: &Record| {
        born.is_none_or(|born| born.birth_from(kinds.at(record.kind), record.state.as_deref()).is_some())
    };
    let mut offered = ids_of(&place, text, &fits).unwrap_or_default();
    offered.extend(PathCompleter::any().complete(current));
    offered
}

/// Offers branches and tags.
pub(crate) fn revisions(current: &OsStr) -> Vec<CompletionCandidate> {
    let (Some(place), Some(text)) = (place(), current.to_str()) else { return Vec::new() };
    let names = place.source().ok().flatten().map(|source| source.revisions()).unwrap_or_default();
    beginning(text, names.iter().map(|name| (name.as_str(), String::new())))
}

fn ids(place: &Place, current: &str) -> Option<Vec<CompletionCandidate>> {
    ids_of(place, current, &|_| true)
}

/// Offers the ids of records that are `wanted`.
fn ids_of(
    place: &Place,
    current: &str,
    wanted: &dyn Fn(&Record) -> bool,
) -> Option<Vec<CompletionCandidate>> {
    let config = &place.config;
    let files = place.files_as_they_are().ok()?;
    let paths = files.paths();
    let inputs = Inputs { paths: &paths, read: &|path| files.read(path), around: None };
    let reading = read_records(config, inputs, Depth::FrontMatter, &|_| true, &|_| false).ok()?;
    let named = reading.workspace.records.iter().filter(|record| wanted(record)).filter_map(|record| {
        let title = record.text(config.kinds.at(record.kind), "title").unwrap_or_default();
        Some((record.id_text(&config.kinds)?, title.to_owned()))
    });
    // `r-12` begins `R-0012`.
    let number = current
        .rsplit_once('-')
        .map(|(prefix, number)| (prefix.to_lowercase(), number.trim_start_matches('0')));
    let begins = |id: &str| match (&number, id.rsplit_once('-')) {
        (Some((prefix, begun)), Some((own, known))) if !begun.is_empty() => {
            own.to_lowercase() == *prefix && known.trim_start_matches('0').starts_with(begun)
        }
        _ => id.to_lowercase().starts_with(&current.to_lowercase()),
    };
    let offered = named.filter(|(id, _): &(String, String)| begins(id));
    Some(offered.map(|(id, title)| candidate(&id, &title)).collect())
}

/// Offers the kinds.
pub(crate) fn kinds(current: &OsStr) -> Vec<CompletionCandidate> {
    let (Some(place), Some(text)) = (place(), current.to_str()) else { return Vec::new() };
    beginning(text, place.config.kinds.all().iter().map(|kind| (kind.id.as_str(), kind.title.clone())))
}

/// Offers the kinds and their groups.
pub(crate) fn kinds_and_groups(current: &OsStr) -> Vec<CompletionCandidate> {
    let (Some(place), Some(text)) = (place(), current.to_str()) else { return Vec::new() };
    let all = place.config.kinds.all();
    let mut groups: Vec<&str> = all.iter().filter_map(|kind| kind.group.as_deref()).collect();
    groups.sort_unstable();
    groups.dedup();
    let kinds = all.iter().map(|kind| (kind.id.as_str(), kind.title.clone()));
    beginning(text, kinds.chain(groups.into_iter().map(|group| (group, "a group of kinds".to_owned()))))
}

/// Offers fields after the last comma, and what is known of every record besides.
pub(crate) fn fields(current: &OsStr) -> Vec<CompletionCandidate> {
    let (Some(place), Some(text)) = (place(), current.to_str()) else { return Vec::new() };
    let start = text.rfind([',', '-']).map_or(0, |at| at + 1);
    offer_fields(&place, &text[start..]).into_iter().map(|found| found.add_prefix(&text[..start])).collect()
}

/// Offers fields for the last word of an expression.
pub(crate) fn expression(current: &OsStr) -> Vec<CompletionCandidate> {
    let (Some(place), Some(text)) = (place(), current.to_str()) else { return Vec::new() };
    let start = text.rfind([' ', '(']).map_or(0, |at| at + 1);
    let standings = ["open", "decided", "final", "overdue", "stale"];
    let mut offered = offer_fields(&place, &text[start..]);
    offered.extend(beginning(&text[start..], standings.map(|word| (word, "a state of things".to_owned()))));
    offered.into_iter().map(|found| found.add_prefix(&text[..start])).collect()
}

fn offer_fields(place: &Place, begun: &str) -> Vec<CompletionCandidate> {
    let mut names: Vec<(&str, String)> = Vec::new();
    for field in place.config.kinds.all().iter().flat_map(|kind| &kind.fields) {
        if !names.iter().any(|(known, _)| *known == field.name) {
            names.push((&field.name, field.help.clone().unwrap_or_default()));
        }
    }
    for (name, help) in [
        ("group", "the group of the kind"),
        ("path", "the file"),
        ("deadline", "the first deadline that runs"),
        ("waiting", "whom it waits for"),
    ] {
        names.push((name, help.to_owned()));
    }
    beginning(begun, names)
}

/// Offers the rules, after the last comma.
pub(crate) fn rules(current: &OsStr) -> Vec<CompletionCandidate> {
    let Some(text) = current.to_str() else { return Vec::new() };
    let start = text.rfind(',').map_or(0, |at| at + 1);
    let all = RULES.iter().map(|rule| (rule.id, rule.summary().to_owned()));
    beginning(&text[start..], all).into_iter().map(|found| found.add_prefix(&text[..start])).collect()
}

/// Offers the initiatives.
pub(crate) fn initiatives(current: &OsStr) -> Vec<CompletionCandidate> {
    let (Some(place), Some(text)) = (place(), current.to_str()) else { return Vec::new() };
    let all = place.config.initiatives.iter();
    beginning(text, all.map(|(name, known)| (name.as_str(), known.title.clone().unwrap_or_default())))
}

/// Offers whom briefs can be for.
pub(crate) fn briefs(current: &OsStr) -> Vec<CompletionCandidate> {
    let (Some(place), Some(text)) = (place(), current.to_str()) else { return Vec::new() };
    let help = |built_in: bool| if built_in { "comes with pmkit" } else { "your own" }.to_owned();
    beginning(text, place.config.briefs.iter().map(|brief| (brief.name.as_str(), help(brief.built_in))))
}

/// Offers the people.
pub(crate) fn people(current: &OsStr) -> Vec<CompletionCandidate> {
    let (Some(place), Some(text)) = (place(), current.to_str()) else { return Vec::new() };
    beginning(text, offered_people(&place))
}

fn offered_people(place: &Place) -> Vec<(&str, String)> {
    let people = &place.config.people;
    let name =
        |handle: &str| people.person(handle).and_then(|person| person.name.clone()).unwrap_or_default();
    people.handles().map(|handle| (handle, name(handle))).collect()
}

/// Offers the fields of the kind that is being written, and what may stand in them.
pub(crate) fn assignments(current: &OsStr) -> Vec<CompletionCandidate> {
    let (Some(place), Some(text)) = (place(), current.to_str()) else { return Vec::new() };
    let typed = typed();
    let kinds = &place.config.kinds;
    let Some(kind) = typed.iter().find_map(|word| kinds.index_of(word)).map(|index| kinds.at(index)) else {
        return Vec::new();
    };
    let settled = |name: &str| matches!(name, "id" | "kind" | "title") || name == kind.lifecycle.field;
    assignment(&place, kind, &typed, text, &settled)
}

/// Offers records, and the fields of those that stand before, with what may stand in them.
pub(crate) fn settings(current: &OsStr) -> Vec<CompletionCandidate> {
    let (Some(place), Some(text)) = (place(), current.to_str()) else { return Vec::new() };
    let typed = typed();
    let kinds = &place.config.kinds;
    let before = typed.iter().skip(1).filter(|word| *word != text);
    let named = |word: &String| match read_id(word, kinds, None) {
        Some(id) => Some(id.kind),
        None => kinds.first_claim(word.strip_prefix("./").unwrap_or(word)).map(|(kind, _)| kind),
    };
    let mut offered = match before.filter_map(named).next_back() {
        Some(kind) => {
            let settled = |name: &str| matches!(name, "id" | "kind");
            assignment(&place, kinds.at(kind), &typed, text, &settled)
        }
        None => Vec::new(),
    };
    if !text.contains('=') && !typed.ends_with(&["=".to_owned(), text.to_owned()]) {
        offered.extend(records(current));
    }
    offered
}

/// Offers fields of `kind`, but for those that `settled` names, or, behind `=`, what may stand in one.
fn assignment(
    place: &Place,
    kind: &Kind,
    typed: &[String],
    text: &str,
    settled: &dyn Fn(&str) -> bool,
) -> Vec<CompletionCandidate> {
    let plain = |name: &str| name.trim_end_matches(['+', '-']).to_owned();
    // Some shells take `response=mit` for three words.
    if let [.., name, equals, last] = typed
        && equals == "="
        && last == text
    {
        return values(place, kind, &plain(name), text);
    }
    match text.split_once('=') {
        Some((name, begun)) => values(place, kind, &plain(name), begun)
            .into_iter()
            .map(|found| found.add_prefix(format!("{name}=")))
            .collect(),
        None => {
            let fields = kind.fields.iter().filter(|field| !settled(&field.name) && field.product.is_empty());
            let names: Vec<(String, String)> = fields
                .map(|field| (format!("{}=", field.name), field.help.clone().unwrap_or_default()))
                .collect();
            beginning(text, names.iter().map(|(name, help)| (name.as_str(), help.clone())))
        }
    }
}

fn values(place: &Place, kind: &Kind, name: &str, begun: &str) -> Vec<CompletionCandidate> {
    let Some(field) = kind.field(name) else { return Vec::new() };
    let start = if field.value.is_many() { begun.rfind(',').map_or(0, |at| at + 1) } else { 0 };
    let (before, begun) = begun.split_at(start);
    let offered = if field.value.is_reference() {
        ids(place, begun).unwrap_or_default()
    } else if matches!(field.value.name(), "person" | "people") {
        beginning(begun, offered_people(place))
    } else if field.name == "initiative" {
        beginning(begun, place.config.initiatives.keys().map(|name| (name.as_str(), String::new())))
    } else if field.value.name() == "date" {
        beginning(begun, ["today", "+7d", "+5bd"].map(|day| (day, String::new())))
    } else {
        beginning(begun, field.values.iter().map(|value| (value.as_str(), String::new())))
    };
    offered.into_iter().map(|found| found.add_prefix(before)).collect()
}
