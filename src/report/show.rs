//! One record with all that is known of it, for people and as `pmkit.records/1`.

use std::io;
use std::io::Write;

use serde::Serialize;
use serde::Serializer;
use serde::ser::SerializeMap;

use super::Look;
use super::TableFormat;
use super::escape::write_json;
use super::log::Entry;
use super::log::entry;
use super::log::events_as_text;
use super::log::log_table;
use super::markdown::Targets;
use super::markdown::lines;
use super::markdown::print_markdown;
use super::table::code;
use super::text::styled;
use crate::config::Config;
use crate::date::Date;
use crate::date::timestamp;
use crate::document::Document;
use crate::history::Commit;
use crate::history::Slip;
use crate::history::Timeline;
use crate::kind::Field;
use crate::kind::FieldType;
use crate::kind::Kind;
use crate::record::FieldValue;
use crate::record::Origin;
use crate::record::Record;
use crate::record::Target;
use crate::record::Value;
use crate::text::Span;
use crate::text::visible;
use crate::workspace::Workspace;

/// A record to be shown.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// The records around it.
    pub workspace: &'a Workspace<'a>,
    /// Its index among them.
    pub index: usize,
    /// Its text.
    pub document: &'a Document,
    /// What has happened to it; `None` where there is no history to read.
    pub timeline: Option<Timeline<'a>>,
    /// The commit it is shown as of; `None` for now.
    pub at: Option<&'a Commit>,
    /// The day that counts as today.
    pub today: Date,
}

/// Something that is linked, from either side.
struct Link<'a> {
    rel: String,
    /// Its id, else its path or address as written.
    name: String,
    record: Option<&'a Record>,
}

const SCHEMA: &str = "pmkit.records/1";

/// Writes `records`.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn show(
    format: TableFormat,
    records: &[Shown<'_>],
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        TableFormat::Text => {
            for (at, shown) in records.iter().enumerate() {
                if at > 0 {
                    writeln!(out)?;
                }
                text(shown, look, out)?;
            }
            Ok(())
        }
        TableFormat::Json => {
            let records = records.iter().map(|shown| record(shown, look)).collect();
            write_json(&Records { schema: SCHEMA, records }, true, out)
        }
        TableFormat::Jsonl => {
            for shown in records {
                write_json(&Line { schema: SCHEMA, record: record(shown, look) }, false, out)?;
            }
            Ok(())
        }
        TableFormat::Csv => csv(records, look, out),
        TableFormat::Markdown => records.iter().try_for_each(|shown| markdown(shown, look, out)),
    }
}

impl<'a> Shown<'a> {
    fn record(&self) -> &'a Record {
        &self.workspace.records[self.index]
    }

    fn kind(&self) -> &'a Kind {
        self.workspace.config.kinds.at(self.record().kind)
    }

    fn id(&self) -> Option<String> {
        self.record().id_text(&self.workspace.config.kinds)
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        self.record().text(self.kind(), name)
    }

    /// Returns the fields by name, each with what stands there, in the order written, and then those that are worked out.
    fn fields(&self) -> Vec<(&'a Field, Option<&'a FieldValue>, String)> {
        let (record, kind) = (self.record(), self.kind());
        let said = |value: &FieldValue| {
            let written = self.document.entries().iter().find(|entry| entry.key.text.span == value.key);
            written.and_then(|entry| entry.value.said(&self.document.text)).map(|said| said.into_owned())
        };
        let written = record
            .fields
            .iter()
            .filter_map(|value| Some((&kind.fields[value.field], Some(value), said(value)?)));
        let absent =
            |at: &usize| !record.fields.iter().any(|value| value.field == *at && value.value != Value::Blank);
        let computed = (0..kind.fields.len())
            .filter(absent)
            .filter_map(|at| Some((&kind.fields[at], None, record.product(kind, at)?.to_string())));
        written.chain(computed).collect()
    }

    fn links(&self) -> Vec<Link<'a>> {
        let (record, kind) = (self.record(), self.kind());
        let kinds = &self.workspace.config.kinds;
        let mut links: Vec<Link<'a>> = Vec::new();
        for reference in &record.references {
            let found = self.workspace.resolve(record, &reference.target);
            let name = match (&reference.target, found) {
                (_, Some(found)) => found.name(kinds),
                (Target::Id(id), None) => id.text(kinds),
                _ => self.document.at(reference.span).trim().to_owned(),
            };
            if found.is_some_and(|found| std::ptr::eq(found, record)) {
                continue;
            }
            let link = Link { rel: rel(kind, reference.origin), name, record: found };
            // What a field says the text need not say again.
            let known = |other: &Link<'_>| {
                other.name == link.name && (other.rel == link.rel || reference.origin == Origin::Prose)
            };
            if !links.iter().any(known) {
                links.push(link);
            }
        }
        links
    }

    fn linked_by(&self) -> Vec<Link<'a>> {
        let kinds = &self.workspace.config.kinds;
        let link = |(at, origin): (usize, Origin)| {
            let record = &self.workspace.records[at];
            Link { rel: rel(kinds.at(record.kind), origin), name: record.name(kinds), record: Some(record) }
        };
        self.workspace.pointing_at(self.index).into_iter().map(link).collect()
    }

    /// Returns how far a deadline had slipped.
    fn slip(&self, field: usize) -> Option<Slip> {
        self.timeline?.slip(field, &self.workspace.config.kinds)
    }

    fn words(&self) -> u32 {
        self.document.outline().all_words(&self.document.text)
    }

    /// Returns the text below a first heading that says the title again.
    fn body_without_title(&self) -> &'a str {
        let (source, title) = (&self.document.text, self.text("title").unwrap_or_default());
        let first = self.document.outline().sections.get(1).filter(|section| section.level == 1);
        let opens = |heading: Span| source[self.document.body..heading.start()].trim().is_empty();
        match first {
            Some(first) if opens(first.heading) && first.title.of(source).ends_with(title) => {
                source.get(first.heading.end()..).unwrap_or_default()
            }
            _ => self.body(),
        }
    }

    /// Returns the decided state the record first reached, where its text may not change since.
    fn decided_in(&self) -> Option<&'a str> {
        let lifecycle = &self.kind().lifecycle;
        self.record().state.as_ref().filter(|state| lifecycle.is_frozen(state))?;
        let states = self.timeline?.states();
        states.into_iter().find(|state| lifecycle.decided.iter().any(|known| known == state))
    }

    fn body(&self) -> &'a str {
        self.document.text.get(self.document.body..).unwrap_or_default()
    }
}

/// Returns what a reference says of the two: the field's name, or that it is a mention.
fn rel(kind: &Kind, origin: Origin) -> String {
    match origin {
        Origin::Field(field) => kind.fields[field].name.clone(),
        Origin::Prose => "mentions".to_owned(),
    }
}

/// Writes what a record is called and where it stands.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn heading(record: &Record, config: &Config, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let kind = config.kinds.at(record.kind);
    let title = record.text(kind, "title").unwrap_or("no title");
    let people = ["owner", "approver"].into_iter().filter_map(|name| {
        let of_header = kind.field(name)?.value == FieldType::Person;
        Some(format!(" · {name} {}", record.text(kind, name).filter(|_| of_header)?))
    });
    let people: String = people.collect();
    writeln!(
        out,
        "{}  {}{}",
        styled(&visible(&format!("{}  {title}", record.name(&config.kinds))), "1", look),
        styled(&visible(record.state.as_deref().unwrap_or("no state")), "36", look),
        visible(&people)
    )
}

fn text(shown: &Shown<'_>, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (record, kinds) = (shown.record(), &shown.workspace.config.kinds);
    let path = format!("{}{}", look.prefix, record.path);
    heading(record, shown.workspace.config, look, out)?;
    writeln!(out, "{}", styled(&visible(&path), "2", look))?;
    if let Some(commit) = shown.at {
        let day = Date::at(commit.committer.seconds, commit.committer.offset).spoken();
        let told = format!("as it was on {day}, in {} {}", commit.id.short(), commit.subject);
        writeln!(out, "{}", visible(&told))?;
    }
    writeln!(out)?;
    let rows = rows(shown);
    let width = rows.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
    for (label, value) in &rows {
        let room = look.width.clamp(40, 100).saturating_sub(width + 4).max(20);
        let value = visible(value);
        for (at, line) in lines(&value, room).iter().enumerate() {
            let label = if at == 0 { visible(label).into_owned() } else { String::new() };
            writeln!(
                out,
                "  {}{}  {line}",
                styled(&label, "2", look),
                " ".repeat(width - label.chars().count())
            )?;
        }
    }
    for (heading, arrow, links) in [("Links to", "→", shown.links()), ("Linked from", "←", shown.linked_by())]
    {
        if links.is_empty() {
            continue;
        }
        writeln!(out, "\n{}", styled(heading, "1", look))?;
        let widest = |part: fn(&Link<'_>) -> usize| links.iter().map(part).max().unwrap_or(0);
        let (names, rels) =
            (widest(|link| link.name.chars().count()).min(40), widest(|link| link.rel.chars().count()));
        for link in &links {
            let state = link.record.and_then(|record| record.state.as_deref());
            let title = link
                .record
                .and_then(|record| record.text(shown.workspace.config.kinds.at(record.kind), "title"));
            let about = match (state, title) {
                (Some(state), Some(title)) => format!("{title} ({state})"),
                (None, Some(title)) => title.to_owned(),
                (Some(state), None) => format!("({state})"),
                (None, None) => "not a record here".to_owned(),
            };
            let rel = link.rel.replace('_', " ");
            let line = format!("  {arrow} {:names$}  {rel:rels$}  {about}", link.name);
            writeln!(out, "{}", visible(line.trim_end()))?;
        }
    }
    let line = styled(&"─".repeat(look.width.clamp(20, 100).min(60)), "2", look);
    let body = shown.body_without_title();
    if !body.trim().is_empty() {
        writeln!(out, "\n{line}\n")?;
        print_markdown(body, Targets::All, look, out)?;
    }
    if let Some(Timeline { history, indices }) = shown.timeline.filter(|it| !it.indices.is_empty()) {
        writeln!(out, "\n{line}\n")?;
        let newest: Vec<usize> = indices.iter().rev().copied().collect();
        events_as_text(history, &newest, shown.workspace.config, true, look, out)?;
    }
    match shown.decided_in() {
        Some(state) if shown.at.is_none() && !look.terse => {
            let told = format!(
                "as it was decided: pmkit show {} --at {state}; then and now: --diff",
                record.name(kinds)
            );
            writeln!(out, "\n{}", styled(&visible(&told), "2", look))
        }
        _ => Ok(()),
    }
}

/// Returns the lines of the table of fields: what the header says already is left out.
fn rows(shown: &Shown<'_>) -> Vec<(String, String)> {
    let (record, kind) = (shown.record(), shown.kind());
    let mut rows = Vec::new();
    for (field, written, value) in shown.fields() {
        if ["id", "title", kind.lifecycle.field.as_str()].contains(&field.name.as_str()) {
            continue;
        }
        let mut value = value;
        if let Some(Value::Date(date)) = written.map(|written| &written.value) {
            value = date.spoken();
        }
        let deadline =
            record.deadlines(kind).find(|deadline| written.is_some_and(|it| it == deadline.written));
        if let Some(deadline) = deadline {
            if deadline.runs {
                value.push_str(&format!(" · {}", deadline.date.distance(shown.today)));
                value.push_str(if deadline.date < shown.today { ": late" } else { "" });
            }
            if let Some(slip) = shown.slip(deadline.written.field) {
                let times = if slip.count == 1 { "once".to_owned() } else { format!("{} times", slip.count) };
                value.push_str(&format!(" · moved later {times}, {} days in all", slip.days));
            }
        }
        if let Some(band) = value.parse().ok().and_then(|number| field.band(number)) {
            value.push_str(&format!(" ({band})"));
        }
        rows.push((field.words(), value));
    }
    for entry in shown.document.entries() {
        let key = entry.key.text.of(&shown.document.text);
        if let (None, Some(value)) = (kind.field_of_key(key), entry.value.said(&shown.document.text)) {
            rows.push((key.to_owned(), value.into_owned()));
        }
    }
    rows
}

#[derive(Serialize)]
struct Records<'a> {
    schema: &'static str,
    records: Vec<Entity<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    #[serde(flatten)]
    record: Entity<'a>,
}

#[derive(Serialize)]
struct Entity<'a> {
    id: Option<String>,
    kind: &'a str,
    title: Option<&'a str>,
    status: Option<&'a str>,
    owner: Option<&'a str>,
    path: String,
    fields: Fields<'a>,
    links: Vec<To>,
    linked_by: Vec<From>,
    deadlines: Vec<DeadlineEntry<'a>>,
    words: u32,
    text: &'a str,
    at: Option<At<'a>>,
    /// `None` where there is no history to read.
    events: Option<Vec<Entry<'a>>>,
}

#[derive(Serialize)]
struct To {
    rel: String,
    target: String,
}

#[derive(Serialize)]
struct From {
    rel: String,
    source: String,
}

#[derive(Serialize)]
struct DeadlineEntry<'a> {
    field: &'a str,
    date: String,
    runs: bool,
    slips: usize,
    days_slipped: i64,
}

#[derive(Serialize)]
struct At<'a> {
    commit: String,
    committed_at: String,
    subject: &'a str,
}

/// Values by the names of their fields, in the order written.
struct Fields<'a>(Vec<(&'a Field, Option<&'a FieldValue>, String)>);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let mut seen: Vec<&str> = Vec::new();
        for (field, written, said) in &self.0 {
            // Of a key written twice the first one counts, as everywhere.
            if seen.contains(&field.name.as_str()) {
                continue;
            }
            seen.push(&field.name);
            match written.map(|written| &written.value) {
                Some(Value::Texts(texts)) => map.serialize_entry(&field.name, texts)?,
                Some(Value::Integer(number)) => map.serialize_entry(&field.name, number)?,
                Some(Value::Number(number)) => map.serialize_entry(&field.name, number)?,
                Some(Value::Boolean(truth)) => map.serialize_entry(&field.name, truth)?,
                Some(Value::Text(text)) => map.serialize_entry(&field.name, text)?,
                Some(Value::Date(_) | Value::Duration(_) | Value::Unfit | Value::Blank) => {
                    map.serialize_entry(&field.name, said)?;
                }
                None => match said.parse::<i64>() {
                    Ok(number) => map.serialize_entry(&field.name, &number)?,
                    Err(_) => map.serialize_entry(&field.name, said)?,
                },
            }
        }
        map.end()
    }
}

fn record<'a>(shown: &Shown<'a>, look: Look<'_>) -> Entity<'a> {
    let (record, kind) = (shown.record(), shown.kind());
    let deadlines = record.deadlines(kind).map(|deadline| {
        let field = deadline.written.field;
        let slip = shown.slip(field);
        DeadlineEntry {
            field: &kind.fields[field].name,
            date: deadline.date.to_string(),
            runs: deadline.runs,
            slips: slip.map_or(0, |slip| slip.count),
            days_slipped: slip.map_or(0, |slip| slip.days),
        }
    });
    let links = shown.links().into_iter().map(|link| To { rel: link.rel, target: link.name });
    let linked_by = shown.linked_by().into_iter().map(|link| From { rel: link.rel, source: link.name });
    let config = shown.workspace.config;
    let events = shown.timeline.map(|timeline| {
        timeline.events().rev().map(|event| entry(timeline.history, event, config, look)).collect()
    });
    Entity {
        id: shown.id(),
        kind: &kind.id,
        title: shown.text("title"),
        status: record.state.as_deref(),
        owner: shown.text("owner"),
        path: format!("{}{}", look.prefix, record.path),
        fields: Fields(shown.fields()),
        links: links.collect(),
        linked_by: linked_by.collect(),
        deadlines: deadlines.collect(),
        words: shown.words(),
        text: shown.body(),
        at: shown.at.map(|commit| At {
            commit: commit.id.to_string(),
            committed_at: timestamp(commit.committer.seconds, commit.committer.offset),
            subject: &commit.subject,
        }),
        events,
    }
}

fn csv(records: &[Shown<'_>], look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let first = ["id", "kind", "path", "words", "links", "linked_by"];
    let mut names: Vec<&str> = Vec::new();
    for shown in records {
        for (field, ..) in shown.fields() {
            if field.name != "id" && !names.contains(&field.name.as_str()) {
                names.push(&field.name);
            }
        }
    }
    let head: Vec<String> = first.iter().chain(&names).map(|name| (*name).to_owned()).collect();
    let rows = records.iter().map(|shown| {
        let list = |links: Vec<Link<'_>>| {
            let one = |link: &Link<'_>| format!("{} {}", link.rel, link.name);
            links.iter().map(one).collect::<Vec<_>>().join("; ")
        };
        let fields = shown.fields();
        let value = |name: &&str| {
            fields.iter().find(|(field, ..)| field.name == **name).map(|(.., said)| said.clone())
        };
        let cells = [
            shown.id().unwrap_or_default(),
            shown.kind().id.clone(),
            format!("{}{}", look.prefix, shown.record().path),
            shown.words().to_string(),
            list(shown.links()),
            list(shown.linked_by()),
        ];
        let cells = cells.into_iter().chain(names.iter().map(|name| value(name).unwrap_or_default()));
        cells.collect()
    });
    super::table::csv(std::iter::once(head).chain(rows), out)
}

fn markdown(shown: &Shown<'_>, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let name = shown.id().unwrap_or_else(|| shown.record().path.clone());
    writeln!(out, "### {} {}\n", code(&name), code(shown.text("title").unwrap_or("no title")))?;
    let path = format!("{}{}", look.prefix, shown.record().path);
    writeln!(out, "{} · {}\n", code(shown.record().state.as_deref().unwrap_or("no state")), code(&path))?;
    if let Some(commit) = shown.at {
        let day = Date::at(commit.committer.seconds, commit.committer.offset);
        writeln!(out, "As it was on {day}, in `{}`.\n", commit.id.short())?;
    }
    writeln!(out, "| field | value |\n|---|---|")?;
    for (label, value) in rows(shown) {
        writeln!(out, "| {} | {} |", code(&label), code(&value))?;
    }
    for (heading, links) in [("Links to", shown.links()), ("Linked from", shown.linked_by())] {
        if !links.is_empty() {
            writeln!(out, "\n{heading}:\n")?;
        }
        for link in links {
            writeln!(out, "- {} {}", code(&link.rel), code(&link.name))?;
        }
    }
    if let Some(Timeline { history, indices }) = shown.timeline.filter(|it| !it.indices.is_empty()) {
        writeln!(out)?;
        let newest: Vec<usize> = indices.iter().rev().copied().collect();
        log_table(history, &newest, shown.workspace.config, out)?;
    }
    writeln!(out)
}
