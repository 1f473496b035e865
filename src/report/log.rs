//! The decision record, for people and as `pmkit.log/1`.

use std::collections::HashMap;
use std::io;
use std::io::Write;

use serde::Serialize;

use super::Look;
use super::TableFormat;
use super::escape::write_json;
use super::markdown::lines;
use super::table::code;
use super::text::styled;
use crate::compare::Rewording;
use crate::config::Config;
use crate::date::timestamp;
use crate::history::Commit;
use crate::history::Event;
use crate::history::History;
use crate::history::HowRead;
use crate::history::Shared;
use crate::history::Signature;
use crate::history::Slip;
use crate::history::What;
use crate::history::called;
use crate::text::visible;

const SCHEMA: &str = "pmkit.log/1";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    range: Range,
    events: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Range {
    head: Option<String>,
    complete: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    #[serde(flatten)]
    event: Entry<'a>,
}

#[derive(Serialize)]
pub(super) struct Entry<'a> {
    event: &'static str,
    record: Option<String>,
    kind: &'a str,
    path: String,
    field: &'a str,
    old: Option<&'a str>,
    new: Option<&'a str>,
    commit: String,
    author: Person<'a>,
    authored_at: String,
    committed_at: String,
    subject: &'a str,
    pull_request: Option<u64>,
    from_path: Option<String>,
    merge: bool,
    inner: Vec<String>,
    /// Who wrote those commits, each beside its own.
    writers: Vec<Person<'a>>,
    read: &'static str,
    approver: Option<&'a str>,
    evidence: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rewording: Option<&'a Rewording>,
}

#[derive(Serialize)]
struct Person<'a> {
    name: &'a str,
    email: &'a str,
}

impl<'a> Person<'a> {
    fn of(signature: &'a Signature) -> Self {
        Self { name: &signature.name, email: &signature.email }
    }
}

/// Writes the events of `history` at the indices `shown`, in that order; for people without the record's id, where all are of
/// `one`.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn log(
    format: TableFormat,
    history: &History,
    shown: &[usize],
    one: bool,
    config: &Config,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let entries = || shown.iter().map(|at| entry(history, &history.events[*at], config, look));
    match format {
        TableFormat::Text => events_as_text(history, shown, config, one, look, out),
        TableFormat::Json => {
            let head = history.head.map(|head| head.to_string());
            let range = Range { head, complete: history.is_complete() };
            write_json(&Document { schema: SCHEMA, range, events: entries().collect() }, true, out)
        }
        TableFormat::Jsonl => {
            for event in entries() {
                write_json(&Line { schema: SCHEMA, event }, false, out)?;
            }
            Ok(())
        }
        TableFormat::Csv => csv(entries(), out),
        TableFormat::Markdown => log_table(history, shown, config, look, out),
    }
}

/// Returns the id of the record an event is about, where it has one.
fn id(history: &History, event: &Event, config: &Config) -> Option<String> {
    let document = &history.documents()[event.document];
    document.number.map(|number| config.kinds.at(document.kind).id_of(number))
}

/// Returns an event as it is written in JSON.
pub(super) fn entry<'a>(
    history: &'a History,
    event: &'a Event,
    config: &'a Config,
    look: Look<'_>,
) -> Entry<'a> {
    let commit = &history.commits[event.commit];
    let kind = config.kinds.at(event.kind);
    let shown = |path: &Shared| format!("{}{path}", look.prefix);
    let inner = event.inner().unwrap_or_default();
    Entry {
        event: event.what.word(),
        record: id(history, event, config),
        kind: &kind.id,
        path: shown(&event.path),
        field: if event.what == What::Rewritten { "text" } else { &kind.fields[event.field].name },
        old: event.old.as_deref(),
        new: event.new.as_deref(),
        commit: commit.id.to_string(),
        author: Person::of(&commit.author),
        authored_at: timestamp(commit.author.seconds, commit.author.offset),
        committed_at: timestamp(commit.committer.seconds, commit.committer.offset),
        subject: &commit.subject,
        pull_request: commit.pull_request,
        from_path: event.from_path.as_ref().map(shown),
        merge: commit.parents.len() > 1,
        inner: inner.iter().map(|wrote| wrote.commit.to_string()).collect(),
        writers: inner.iter().map(|wrote| Person::of(&wrote.author)).collect(),
        read: match event.read {
            HowRead::Yaml => "yaml",
            HowRead::Line => "line",
        },
        approver: event.approver.as_deref(),
        evidence: history.evidence(event),
        rewording: event.rewording(),
    }
}

/// Says in words what happened.
fn told(
    history: &History,
    at: usize,
    config: &Config,
    slips: &HashMap<usize, Slip>,
    look: Look<'_>,
) -> String {
    let event = &history.events[at];
    let value = |value: &Option<Shared>| value.clone().unwrap_or_else(|| "nothing".into());
    let (old, new) = (value(&event.old), value(&event.new));
    let told = match event.what {
        What::Created if event.new.is_none() => "created".to_owned(),
        What::Created => format!("created ({new})"),
        What::Recreated => format!("back again ({new})"),
        What::Appeared | What::Changed | What::Cleared => format!("{old} → {new}"),
        What::Deleted => format!("deleted (was {old})"),
        What::Renamed => String::new(),
        What::Rewritten => match event.rewording() {
            None => "TEXT CHANGED after the decision".to_owned(),
            Some(found) => rewording(found),
        },
        What::Field => {
            let field = config.kinds.at(event.kind).fields[event.field].words();
            match slips.get(&at) {
                Some(slip) => format!(
                    "{field} {old} → {new}, {} slip, {} day{} in all",
                    ordinal(slip.count),
                    slip.days,
                    if slip.days == 1 { "" } else { "s" }
                ),
                None if event.old.is_none() => format!("{field} set to {new}"),
                None if event.new.is_none() => format!("{field} taken out, was {old}"),
                None => format!("{field} {old} → {new}"),
            }
        }
        What::Unreadable => "cannot be read in this commit".to_owned(),
    };
    match &event.from_path {
        Some(from) if told.is_empty() => format!("moved from {}{from}", look.prefix),
        Some(from) => format!("{told}, moved from {}{from}", look.prefix),
        None => told,
    }
}

/// Says what of a decided text was changed.
fn rewording(found: &Rewording) -> String {
    let place = if found.section.is_empty() { "above the first heading" } else { &found.section };
    let words = match (&*found.old, &*found.new) {
        (old, "") => format!("“{old}” taken out"),
        ("", new) => format!("“{new}” put in"),
        (old, new) => format!("“{old}” → “{new}”"),
    };
    let more = match found.places.saturating_sub(1) {
        0 => String::new(),
        1 => ", and 1 place more".to_owned(),
        more => format!(", and {more} places more"),
    };
    format!("TEXT CHANGED after the decision: {place}: {words}{more}")
}

fn ordinal(count: usize) -> String {
    match count {
        1 => "first".to_owned(),
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        _ if !(11..=13).contains(&(count % 100)) && count % 10 == 1 => format!("{count}st"),
        _ if !(11..=13).contains(&(count % 100)) && count % 10 == 2 => format!("{count}nd"),
        _ if !(11..=13).contains(&(count % 100)) && count % 10 == 3 => format!("{count}rd"),
        _ => format!("{count}th"),
    }
}

/// Writes the events of `history` at the indices `shown` for people; where all are of `one` record, without its id.
pub(super) fn events_as_text(
    history: &History,
    shown: &[usize],
    config: &Config,
    one: bool,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let slips = history.slips(&config.kinds);
    let room = look.width.clamp(40, 120) - INDENT;
    for (place, at) in shown.iter().enumerate() {
        let event = &history.events[*at];
        let commit = &history.commits[event.commit];
        let day = commit.day().spoken();
        let record = id(history, event, config).unwrap_or_else(|| format!("{}{}", look.prefix, event.path));
        let number = commit.pull_request.map(|number| format!("  #{number}")).unwrap_or_default();
        let (what, by) = (told(history, *at, config, &slips, look), written_by(history, event, config));
        let record = if one { String::new() } else { format!("{record}  ") };
        let line = visible(&format!("{record}{what}  {by}{number}")).into_owned();
        let name = visible(record.trim_end()).into_owned();
        for (at, part) in lines(&line, room).iter().enumerate() {
            // What opens a line now did not when the text was made visible.
            let part = visible(part);
            let day = if at == 0 { day.as_str() } else { "" };
            match part.strip_prefix(&name).filter(|_| at == 0 && !one) {
                Some(rest) => writeln!(out, "{day:>15}  {}{rest}", styled(&name, "1", look))?,
                None => writeln!(out, "{day:>15}  {part}")?,
            }
        }
        if look.terse {
            continue;
        }
        let mut more = Vec::new();
        if let Some(approver) = event.approver.as_ref().filter(|_| event.is_of_state()) {
            more.push(format!("approver named: {approver}"));
        }
        if event.is_of_state() {
            more.extend(merger(commit, config));
            more.extend(claims(commit, config));
        }
        if event.read == HowRead::Line {
            more.push("front matter was no YAML, read by line".to_owned());
        }
        // What several events have in common is said below the last of them.
        let next = shown.get(place + 1).map(|next| history.events[*next].commit);
        let last = next != Some(event.commit);
        let subject = if last { format!("{} {}", commit.id.short(), commit.subject) } else { String::new() };
        for part in [more.join(" · "), subject].iter().filter(|part| !part.is_empty()) {
            let part = visible(part);
            for line in lines(&part, room) {
                writeln!(out, "{:INDENT$}{}", "", styled(&visible(&line), "2", look))?;
            }
        }
    }
    if !history.is_complete() {
        writeln!(out, "not everything could be read: see the lines that say so")?;
    }
    Ok(())
}

/// How far what belongs to an event stands from the edge.
const INDENT: usize = 17;

/// Says who wrote the change: for a merge those whose commits on the branch did.
fn written_by(history: &History, event: &Event, config: &Config) -> String {
    let said = history.written_by(event, config);
    if history.writers(event, config).is_empty() { said } else { format!("by {said}") }
}

/// Says what git knows of who let the change in; `None` for a merge, whose author has been named.
fn merger(commit: &Commit, config: &Config) -> Option<String> {
    if commit.parents.len() > 1 {
        return None;
    }
    let (author, committer) = (called(&commit.author, config), called(&commit.committer, config));
    if author == committer || committer.is_empty() {
        return Some("merger not in git".to_owned());
    }
    Some(format!("committed by {committer}: merger not in git"))
}

/// Says what the message claims, and whether a signature is there.
fn claims(commit: &Commit, config: &Config) -> Vec<String> {
    let mut by_key: Vec<(&str, Vec<&str>)> = Vec::new();
    for trailer in &commit.trailers {
        let name = trailer.who.split('<').next().unwrap_or_default().trim();
        let name = config.people.handle_of(&trailer.who).unwrap_or(if name.is_empty() {
            &trailer.who
        } else {
            name
        });
        match by_key.iter_mut().find(|(key, _)| key.eq_ignore_ascii_case(&trailer.key)) {
            Some((_, names)) => names.push(name),
            None => by_key.push((&trailer.key, vec![name])),
        }
    }
    let mut claims: Vec<String> =
        by_key.iter().map(|(key, names)| format!("{key} {} (a claim)", names.join(", "))).collect();
    if commit.signed {
        claims.push("signed (signature not checked)".to_owned());
    }
    claims
}

fn csv<'a>(entries: impl Iterator<Item = Entry<'a>>, out: &mut dyn Write) -> io::Result<()> {
    let head = [
        "event",
        "record",
        "kind",
        "path",
        "field",
        "old",
        "new",
        "commit",
        "author",
        "email",
        "authored_at",
        "committed_at",
        "subject",
        "pull_request",
        "from_path",
        "merge",
        "read",
        "approver",
        "evidence",
    ];
    let rows = entries.map(|entry| {
        let number = entry.pull_request.map(|number| number.to_string()).unwrap_or_default();
        [
            entry.event,
            entry.record.as_deref().unwrap_or_default(),
            entry.kind,
            &entry.path,
            entry.field,
            entry.old.unwrap_or_default(),
            entry.new.unwrap_or_default(),
            &entry.commit,
            entry.author.name,
            entry.author.email,
            &entry.authored_at,
            &entry.committed_at,
            entry.subject,
            &number,
            entry.from_path.as_deref().unwrap_or_default(),
            if entry.merge { "true" } else { "false" },
            entry.read,
            entry.approver.unwrap_or_default(),
            &entry.evidence.join("; "),
        ]
        .map(str::to_owned)
    });
    super::table::csv(std::iter::once(head.map(str::to_owned)).chain(rows), out)
}

/// Writes the events of `history` at the indices `shown` as a Markdown table.
pub(super) fn log_table(
    history: &History,
    shown: &[usize],
    config: &Config,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "| day | record | what | by | evidence | commit |\n|---|---|---|---|---|---|")?;
    let slips = history.slips(&config.kinds);
    for at in shown {
        let event = &history.events[*at];
        let commit = &history.commits[event.commit];
        let record = id(history, event, config).unwrap_or_else(|| format!("{}{}", look.prefix, event.path));
        let mut evidence = Vec::new();
        if event.is_of_state() {
            evidence.extend(event.approver.as_ref().map(|approver| format!("approver named: {approver}")));
            evidence.extend(merger(commit, config));
            evidence.extend(claims(commit, config));
        }
        let evidence = evidence.join(" · ");
        let number = commit.pull_request.map(|number| format!(" `#{number}`")).unwrap_or_default();
        writeln!(
            out,
            "| {} | {} | {} | {} | {} | `{}`{number} |",
            commit.day(),
            code(&record),
            code(&told(history, *at, config, &slips, look)),
            code(&written_by(history, event, config)),
            if evidence.is_empty() { String::new() } else { code(&evidence) },
            commit.id.short()
        )?;
    }
    Ok(())
}
