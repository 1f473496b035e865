//! The decision record, for people and as `pmkit.log/1`.

use std::io;
use std::io::Write;

use serde::Serialize;

use super::Look;
use super::escape::write_json;
use super::text::styled;
use crate::compare::Rewording;
use crate::config::Config;
use crate::date::Date;
use crate::date::timestamp;
use crate::history::Event;
use crate::history::History;
use crate::history::HowRead;
use crate::history::Shared;
use crate::history::What;
use crate::text::visible;

/// The forms the record can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON document.
    Json,
    /// A JSON document for each event, a line each.
    Jsonl,
    /// A table other programs read.
    Csv,
    /// A Markdown table.
    Markdown,
}

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
struct Entry<'a> {
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

/// Writes the events of `history` at the indices `shown`, in that order.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn log(
    format: LogFormat,
    history: &History,
    shown: &[usize],
    config: &Config,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let entries = || shown.iter().map(|at| entry(history, &history.events[*at], config, look));
    match format {
        LogFormat::Text => text(history, shown, config, look, out),
        LogFormat::Json => {
            let head = history.head.map(|head| head.to_string());
            let range = Range { head, complete: history.is_complete() };
            write_json(&Document { schema: SCHEMA, range, events: entries().collect() }, true, out)
        }
        LogFormat::Jsonl => {
            for event in entries() {
                write_json(&Line { schema: SCHEMA, event }, false, out)?;
            }
            Ok(())
        }
        LogFormat::Csv => csv(entries(), out),
        LogFormat::Markdown => markdown(history, shown, config, out),
    }
}

/// Returns the id of the record an event is about, where it has one.
fn id(history: &History, event: &Event, config: &Config) -> Option<String> {
    let document = &history.documents()[event.document];
    document.number.map(|number| config.kinds.at(document.kind).id_of(number))
}

fn entry<'a>(history: &'a History, event: &'a Event, config: &'a Config, look: Look<'_>) -> Entry<'a> {
    let commit = &history.commits[event.commit];
    let kind = config.kinds.at(event.kind);
    let shown = |path: &Shared| format!("{}{path}", look.prefix);
    Entry {
        event: event.what.word(),
        record: id(history, event, config),
        kind: &kind.id,
        path: shown(&event.path),
        field: if event.what == What::Rewritten { "text" } else { &kind.fields[event.field].name },
        old: event.old.as_deref(),
        new: event.new.as_deref(),
        commit: commit.id.to_string(),
        author: Person { name: &commit.author.name, email: &commit.author.email },
        authored_at: timestamp(commit.author.seconds, commit.author.offset),
        committed_at: timestamp(commit.committer.seconds, commit.committer.offset),
        subject: &commit.subject,
        pull_request: commit.pull_request,
        from_path: event.from_path.as_ref().map(shown),
        merge: commit.parents.len() > 1,
        inner: event.inner().unwrap_or_default().iter().map(ToString::to_string).collect(),
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
fn told(history: &History, at: usize, config: &Config) -> String {
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
            match history.slip(at, &config.kinds) {
                Some(slip) => format!(
                    "{field} {old} → {new}, {} slip, {} day{} in all",
                    ordinal(slip.count),
                    slip.days,
                    if slip.days == 1 { "" } else { "s" }
                ),
                None => format!("{field} {old} → {new}"),
            }
        }
        What::Unreadable => "cannot be read in this commit".to_owned(),
    };
    match &event.from_path {
        Some(from) if told.is_empty() => format!("moved from {from}"),
        Some(from) => format!("{told}, moved from {from}"),
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
    let more = match found.places - 1 {
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

fn text(
    history: &History,
    shown: &[usize],
    config: &Config,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for at in shown {
        let event = &history.events[*at];
        let commit = &history.commits[event.commit];
        let day = Date::at(commit.committer.seconds, commit.committer.offset).spoken();
        let record = id(history, event, config).unwrap_or_else(|| event.path.to_string());
        let number = commit.pull_request;
        let number = number.map(|number| format!("  #{number}")).unwrap_or_default();
        writeln!(
            out,
            "{day:>15}  {}  {}  {}{number}",
            styled(&visible(&record), "1", look),
            visible(&told(history, *at, config)),
            visible(&written_by(history, event))
        )?;
        if look.terse {
            continue;
        }
        let mut more = Vec::new();
        if let Some(approver) = event.approver.as_ref().filter(|_| event.is_of_state()) {
            more.push(format!("approver named: {approver}"));
        }
        if event.is_of_state() {
            more.extend(history.evidence(event));
        }
        if event.read == HowRead::Line {
            more.push("front matter was no YAML, read by line".to_owned());
        }
        if !more.is_empty() {
            writeln!(out, "{:17}{}", "", styled(&visible(&more.join(" · ")), "2", look))?;
        }
        writeln!(out, "{:17}{} {}", "", commit.id.short(), styled(&visible(&commit.subject), "2", look))?;
    }
    if !history.is_complete() {
        writeln!(out, "not everything could be read: see the lines that say so")?;
    }
    Ok(())
}

/// Says who wrote the change: for a merge those whose commits on the branch did.
fn written_by(history: &History, event: &Event) -> String {
    let commit = &history.commits[event.commit];
    if commit.parents.len() < 2 {
        return format!("by {}", commit.author.name);
    }
    match event.inner() {
        None | Some([]) => format!("merged by {}", commit.author.name),
        Some([one]) => format!("merged by {}, written in {}", commit.author.name, one.short()),
        Some(many) => {
            format!("merged by {}, written in {} commits of its branch", commit.author.name, many.len())
        }
    }
}

fn csv<'a>(entries: impl Iterator<Item = Entry<'a>>, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record([
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
    ])?;
    for entry in entries {
        let number = entry.pull_request.map(|number| number.to_string()).unwrap_or_default();
        let cells = [
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
        ];
        table.write_record(cells.map(cell_text))?;
    }
    table.flush()
}

/// Returns a cell that acts nowhere: made visible, and no formula to a spreadsheet program.
fn cell_text(text: &str) -> String {
    let text = visible(text);
    if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.into_owned() }
}

fn markdown(history: &History, shown: &[usize], config: &Config, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| day | record | what | by | commit |\n|---|---|---|---|---|")?;
    for at in shown {
        let event = &history.events[*at];
        let commit = &history.commits[event.commit];
        let record = id(history, event, config).unwrap_or_else(|| event.path.to_string());
        let code = |text: &str| format!("`{}`", visible(text).replace('`', "'").replace('|', "\\|"));
        writeln!(
            out,
            "| {} | {} | {} | {} | `{}` |",
            Date::at(commit.committer.seconds, commit.committer.offset),
            code(&record),
            code(&told(history, *at, config)),
            code(&written_by(history, event)),
            commit.id.short()
        )?;
    }
    Ok(())
}
