//! What a document says about its own findings: `<!-- pmkit: allow RULE until 2027-01-31 because REASON -->`.
//!
//! An acknowledgement holds for the rules it names in the whole file. After its last day the findings come back as
//! warnings, since nobody has changed anything; one that covers nothing is a finding itself.

use std::collections::BTreeMap;

use super::Levels;
use crate::date::Date;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Level;
use crate::document::Document;
use crate::kind::Kinds;
use crate::record::Record;
use crate::rules;
use crate::rules::CHANGED;
use crate::rules::EXPIRED;
use crate::rules::INVALID;
use crate::rules::UNUSED;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;
use crate::text::nearest;

/// What a document says about its findings, with what the levels of rules depend on.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) kind: usize,
    pub(super) state: Option<String>,
    record: Option<String>,
    notes: Vec<Note>,
}

/// One acknowledgement.
#[derive(Debug)]
struct Note {
    /// The whole comment, with the line it stands on where nothing else does.
    line: Span,
    /// What stands in the comment.
    span: Span,
    /// The rules it names.
    rules: Vec<(&'static str, Span)>,
    /// Its last day, with where that is written.
    until: Option<(Date, Span)>,
    /// What makes it hold for nothing.
    wrong: Vec<Finding>,
    /// The rules of it that whoever settles what is accepted does not have.
    refused: Vec<&'static str>,
    /// The rules of it that it accepts for longer than whoever settles that does, or that are refused.
    asked: Vec<&'static str>,
}

/// Words that others use for the same, and that are plainly meant so before the name of a rule.
const MEANT: [&str; 7] = ["ignore", "disable", "suppress", "skip", "accept", "acknowledge", "alow"];

/// Returns what `document` says; `None` where it says nothing, as nearly all do.
pub(super) fn read(document: &Document, record: &Record, kinds: &Kinds) -> Option<Said> {
    let notes = notes(document);
    let (kind, state) = (record.kind, record.state.clone());
    (!notes.is_empty()).then(|| Said { kind, state, record: record.id_text(kinds), notes })
}

/// Returns the acknowledgements of `document`.
fn notes(document: &Document) -> Vec<Note> {
    let bytes = document.text.as_bytes();
    let names: [&[u8]; 3] = [b"pmkit", b"PMKIT", b"Pmkit"];
    if names.iter().all(|name| memchr::memmem::find(bytes, name).is_none()) {
        return Vec::new();
    }
    let comments = in_front_matter(document).into_iter().chain(in_body(document));
    comments.filter_map(|comment| note(document, comment)).collect()
}

/// Returns the rules whose findings `document` says are accepted, as of `today`.
#[must_use]
pub fn acknowledged(document: &Document, today: Date) -> Vec<&'static str> {
    let holds = |note: &Note| note.wrong.is_empty() && note.until.is_none_or(|(until, _)| until >= today);
    notes(document).into_iter().filter(holds).flat_map(|note| note.rules).map(|(rule, _)| rule).collect()
}

/// Lets acknowledgements hold only for what `document` acknowledges too, and still does `today`: a change does not allow what it
/// brings.
pub(super) fn only_granted(said: &mut Said, document: Option<&Document>, today: Date) {
    let known = document.map(notes).unwrap_or_default();
    for note in &mut said.notes {
        let day = note.until.map(|(until, _)| until);
        let lasts = |other: &Note| {
            let end = other.until.map(|(until, _)| until);
            end.is_none_or(|end| end >= today || day.is_some_and(|day| day <= end))
        };
        let of = |rule: &str| {
            known.iter().any(|other| other.rules.iter().any(|(name, _)| *name == rule) && lasts(other))
        };
        note.refused = note.rules.iter().map(|(rule, _)| *rule).filter(|rule| !of(rule)).collect();
        // What is accepted today is no more so for being accepted for longer; that is asked for all the same.
        let as_long = |other: &Note| match (other.until.map(|(until, _)| until), day) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(end), Some(day)) => end >= day,
        };
        let known_so = |rule: &str| {
            known.iter().any(|other| other.rules.iter().any(|(name, _)| *name == rule) && as_long(other))
        };
        note.asked = note.rules.iter().map(|(rule, _)| *rule).filter(|rule| !known_so(rule)).collect();
    }
}

/// Returns the acknowledgements in `said` that are not settled so yet: the rules each names, and where.
pub(super) fn not_granted(said: &Said) -> impl Iterator<Item = (&str, Span)> {
    let refused = |note: &Note| {
        let named = |rule: &&(&'static str, Span)| note.asked.contains(&rule.0);
        note.rules.iter().filter(named).copied().collect::<Vec<_>>()
    };
    said.notes.iter().filter(|note| note.wrong.is_empty()).flat_map(refused)
}

/// Returns what stands in the comments of the front matter.
fn in_front_matter(document: &Document) -> Vec<Span> {
    let Some(front_matter) = &document.front_matter else { return Vec::new() };
    let block = front_matter.block;
    let text = document.at(block);
    let marks = memchr::memchr_iter(b'#', text.as_bytes()).filter_map(|at| {
        let opens = at == 0 || text.as_bytes()[at - 1].is_ascii_whitespace();
        let rest = &text[at + 1..];
        let start = block.start() + at + 1;
        let inside = |entry: &crate::document::Entry| {
            let span = entry.value.span();
            span.start() < start && start < span.end()
        };
        let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
        (opens && !document.entries().iter().any(inside)).then(|| Span::new(start, start + length))
    });
    marks.collect()
}

/// Returns what stands in the comments of the Markdown.
fn in_body(document: &Document) -> Vec<Span> {
    let inner = |comment: &Span| {
        let text = document.at(*comment);
        let end = text.len() - text.strip_suffix("-->").map_or(0, |_| 3);
        text.starts_with("<!--").then(|| Span::new(comment.start() + 4, comment.start() + end.max(4)))
    };
    document.outline().comments.iter().filter_map(inner).collect()
}

/// Reads the comment whose inside is `inside`; `None` where it is none of ours.
fn note(document: &Document, inside: Span) -> Option<Note> {
    let text = document.at(inside);
    let said = after_name(text.trim_start())?;
    let at = |part: &str| {
        let start = part.as_ptr() as usize - document.text.as_ptr() as usize;
        Span::new(start, start + part.len())
    };
    let (word, rest) = said.split_at(said.find(char::is_whitespace).unwrap_or(said.len()));
    let mut note = Note {
        line: whole_line(document, inside),
        span: at(text.trim()),
        rules: Vec::new(),
        until: None,
        wrong: Vec::new(),
        refused: Vec::new(),
        asked: Vec::new(),
    };
    if !text.trim_start()[5..].trim_start().starts_with(':') {
        note.wrong.push(
            Finding::at(note.span, "this acknowledgement lacks its colon")
                .help("write it as in `pmkit: allow …`"),
        );
        return Some(note);
    }
    if word != "allow" {
        let first = rest.split_whitespace().next().unwrap_or_default().trim_end_matches(',');
        let meant = word.eq_ignore_ascii_case("allow")
            || MEANT.iter().any(|known| word.eq_ignore_ascii_case(known))
            || rules::find(first).is_some();
        if !meant {
            return None;
        }
        note.wrong.push(
            Finding::at(at(word), format!("`{word}` acknowledges nothing"))
                .help("write `allow`")
                .likely_fix("write `allow`", vec![(at(word), "allow".to_owned())]),
        );
        return Some(note);
    }
    let (names, reason) = match words_apart(rest, "because") {
        Some((names, reason)) => (names, reason.trim()),
        None => (rest, ""),
    };
    let (names, until) = match words_apart(names, "until") {
        Some((names, day)) => (names, Some(day.trim())),
        None => (names, None),
    };
    for name in names.split([',', ' ', '\t', '\n', '\r']).filter(|name| !name.is_empty()) {
        match rules::find(name).filter(|rule| ![EXPIRED, INVALID, UNUSED, CHANGED].contains(&rule.id)) {
            Some(rule) => note.rules.push((rule.id, at(name))),
            None => note.wrong.push(unknown(name, at(name))),
        }
    }
    if note.rules.is_empty() && note.wrong.is_empty() {
        note.wrong.push(
            Finding::at(note.span, "this acknowledgement names no rule")
                .help("name it, as in `pmkit: allow over-budget because the annex is needed`"),
        );
    }
    match until.map(|day| (day, Date::parse(day))) {
        Some((day, Some(date))) => note.until = Some((date, at(day))),
        Some((day, None)) => {
            let place = if day.is_empty() { note.span } else { at(day) };
            note.wrong.push(
                Finding::at(place, format!("`{day}` is no day until which anything could hold"))
                    .help("write it as `until 2027-01-31`, before `because`"),
            );
        }
        None => {}
    }
    // A day behind the reason would be read as part of it, and hold nothing.
    if let Some((_, day)) = reason.rsplit_once("until ")
        && Date::parse(day.trim()).is_some()
    {
        note.wrong.push(
            Finding::at(at(day.trim()), "the day stands behind the reason, where it ends nothing")
                .help(format!("write `until {}` before `because`", day.trim())),
        );
    }
    if !reason.chars().any(char::is_alphanumeric) {
        note.wrong.push(
            Finding::at(note.span, "this acknowledgement gives no reason")
                .label("whoever reads it later wants to know why")
                .help("say why at its end, as in `because the vendor publishes the figure in January`"),
        );
    }
    Some(note)
}

/// Returns what follows the name of the program and a colon; also where the name is in capitals or the colon is missing or
/// stands apart, as long as what follows is plainly meant for it.
fn after_name(text: &str) -> Option<&str> {
    let rest = text.get(..5).filter(|name| name.eq_ignore_ascii_case("pmkit")).map(|_| &text[5..])?;
    if let Some(said) = rest.trim_start().strip_prefix(':') {
        return Some(said.trim_start());
    }
    let said = rest.trim_start();
    (said.len() < rest.len() && said.starts_with("allow ")).then_some(said)
}

/// Splits `text` at the first `word` that stands by itself.
fn words_apart<'t>(text: &'t str, word: &str) -> Option<(&'t str, &'t str)> {
    let ends = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let alone = |(at, _): &(usize, &str)| {
        ends(text[..*at].chars().next_back()) && ends(text[at + word.len()..].chars().next())
    };
    let (at, _) = text.match_indices(word).find(alone)?;
    Some((&text[..at], &text[at + word.len()..]))
}

fn unknown(name: &str, span: Span) -> Finding {
    if name == CHANGED {
        let message = format!("`{name}` cannot be acknowledged where the text was changed");
        return Finding::at(span, message)
            .help("put the words back, or settle a slip: `corrections: [\"old → new\"]`");
    }
    if rules::find(name).is_some() {
        return Finding::at(span, format!("`{name}` cannot be acknowledged: it is about acknowledgements"))
            .help("mend or remove what it speaks of; or set its level in `pmkit.toml`");
    }
    let finding = Finding::at(span, format!("there is no rule `{name}`"));
    match nearest(name, rules::names()) {
        Some(near) => finding
            .help(format!("did you mean `{near}`?"))
            .likely_fix(format!("write `{near}`"), vec![(span, near.to_owned())]),
        None => finding.help("see the rules there are: `pmkit rules`"),
    }
}

/// Returns the bytes of the comment around `inside`, with its line end where nothing else stands on its lines.
fn whole_line(document: &Document, inside: Span) -> Span {
    let text = &document.text;
    let markdown = text[..inside.start()].ends_with("<!--");
    let (start, end) = if markdown {
        let closes = text[inside.end()..].starts_with("-->");
        (inside.start() - 4, inside.end() + if closes { 3 } else { 0 })
    } else {
        (inside.start() - 1, inside.end())
    };
    let before = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let rest = &text[end..];
    let after = rest.find('\n').map_or(rest.len(), |at| at + 1);
    if text[before..start].trim().is_empty() && rest[..after].trim().is_empty() {
        return Span::new(before, end + after);
    }
    // Beside something else the space before it goes with it.
    let start = start - (text[..start].len() - text[..start].trim_end_matches([' ', '\t']).len());
    Span::new(start, end)
}

/// Takes the findings that documents acknowledge out of `found`, and adds what is to be said of the acknowledgements
/// themselves. Returns how many were taken out.
pub(super) fn settle(
    said: &BTreeMap<&str, Said>,
    levels: &Levels<'_>,
    kinds: &Kinds,
    today: Date,
    found: &mut Vec<Diagnostic>,
) -> usize {
    if said.is_empty() {
        return 0;
    }
    let mut covered: BTreeMap<(&str, usize, &str), usize> = BTreeMap::new();
    let before = found.len();
    found.retain_mut(|diagnostic| {
        let Some((path, said)) = said.get_key_value(diagnostic.path.as_str()) else { return true };
        let holds = |(_, note): &(usize, &Note)| {
            note.wrong.is_empty() && note.rules.iter().any(|(rule, _)| *rule == diagnostic.rule)
        };
        let all = || said.notes.iter().enumerate().filter(holds);
        // What still runs goes before what is over, and what has no end before both.
        let lasting =
            |(_, note): &(usize, &Note)| note.until.map_or((1, None), |(until, _)| (0, Some(until)));
        let Some((at, note)) =
            all().filter(|(_, note)| !note.refused.contains(&diagnostic.rule)).max_by_key(lasting)
        else {
            if let Some((at, _)) = all().next() {
                *covered.entry((path, at, diagnostic.rule)).or_default() += 1;
                diagnostic
                    .help
                    .push("what allows this is part of the change: it counts once that is merged".to_owned());
            }
            return true;
        };
        *covered.entry((path, at, diagnostic.rule)).or_default() += 1;
        if rules::index(diagnostic.rule).is_some_and(|index| levels.is_told(index)) {
            return true;
        }
        let Some((until, _)) = note.until.filter(|(until, _)| *until < today) else { return false };
        // The calendar alone turns no build red: what comes back warns, unless the team has said otherwise.
        let expired = level_of(EXPIRED, levels, said, path);
        diagnostic.level = diagnostic.level.min(expired.max(Level::Warn));
        diagnostic.help.push(format!("it was acknowledged until {until}"));
        true
    });
    let taken = before - found.len();
    for (path, said) in said {
        let mut add = |rule: &'static str, finding: Finding| {
            let level = level_of(rule, levels, said, path);
            if level > Level::Allow {
                let mut sink = Sink::new(rule, path, None, kinds);
                sink.push(finding);
                let complete = |found| Diagnostic { level, record: said.record.clone(), ..found };
                found.extend(sink.into_found().into_iter().map(complete));
            }
        };
        for (at, note) in said.notes.iter().enumerate() {
            for wrong in &note.wrong {
                add(INVALID, wrong.clone());
            }
            if !note.wrong.is_empty() {
                continue;
            }
            let idle = |rule: &str| {
                let off = level_of(rule, levels, said, path) == Level::Allow;
                !off && !covered.contains_key(&(*path, at, rule))
            };
            let all_idle = note.rules.iter().all(|(rule, _)| idle(rule));
            for (nth, (rule, span)) in note.rules.iter().enumerate() {
                let off = level_of(rule, levels, said, path) == Level::Allow;
                if off || covered.contains_key(&(*path, at, *rule)) {
                    continue;
                }
                let finding = Finding::at(*span, format!("there is no `{rule}` here to allow any more"));
                add(
                    UNUSED,
                    match all_idle && nth == 0 {
                        true => finding
                            .help("take the comment out")
                            .fix("take the comment out", vec![(note.line, String::new())]),
                        _ => finding.help(format!("take `{rule}` out of the list")),
                    },
                );
            }
            let used = note.rules.iter().any(|(rule, _)| covered.contains_key(&(*path, at, *rule)));
            if let Some((until, span)) = note.until.filter(|(until, _)| *until < today && used) {
                let again = today.plus_business_days(20);
                add(
                    EXPIRED,
                    Finding::at(
                        span,
                        format!("this held until {}, {}", until.spoken(), until.distance(today)),
                    )
                    .label("what it allowed is told again")
                    .help(format!("mend what it allows, or look again and write `until {again}`")),
                );
            }
        }
    }
    taken
}

fn level_of(rule: &str, levels: &Levels<'_>, said: &Said, path: &str) -> Level {
    rules::index(rule).map_or(Level::Deny, |index| levels.of(index, said.kind, said.state.as_deref(), path))
}
