//! One record with all that is known of it, for people and as `pmkit.records/1`.

use std::collections::HashMap;
use std::collections::HashSet;
use std::io;
use std::io::Write;

use super::Look;
use super::TableFormat;
use super::escape::write_json;
use super::log::events_as_text;
use super::log::log_table;
use super::markdown::Targets;
use super::markdown::columns;
use super::markdown::lines;
use super::markdown::print_markdown;
use super::show_json::Line;
use super::show_json::Records;
use super::show_json::SCHEMA;
use super::show_json::record;
use super::suggested::suggested;
use super::suggested::suggestions;
use super::table::code;
use super::text::styled;
use crate::config::Config;
use crate::date::Date;
use crate::document::Document;
use crate::history::Commit;
use crate::history::Slip;
use crate::history::Timeline;
use crate::kind::Field;
use crate::kind::FieldType;
use crate::kind::Kind;
use crate::kind::Kinds;
use crate::record::FieldValue;
use crate::record::Form;
use crate::record::Origin;
use crate::record::Record;
use crate::record::Target;
use crate::record::Value;
use crate::record::says_title;
use crate::text::Span;
use crate::text::longest_run;
use crate::text::one_line;
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
pub(super) struct Link<'a> {
    pub(super) rel: String,
    /// Its id, else its path or address as written.
    pub(super) name: String,
    record: Option<&'a Record>,
}

/// What stands in a field.
pub(super) struct Told<'a> {
    /// The field's name; the key, where it is no field of the kind.
    pub(super) name: &'a str,
    pub(super) field: Option<&'a Field>,
    /// `None` where the value is worked out.
    pub(super) written: Option<&'a FieldValue>,
    pub(super) said: String,
}

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
    pub(super) fn record(&self) -> &'a Record {
        &self.workspace.records[self.index]
    }

    pub(super) fn kind(&self) -> &'a Kind {
        self.workspace.config.kinds.at(self.record().kind)
    }

    pub(super) fn id(&self) -> Option<String> {
        self.record().id_text(&self.workspace.config.kinds)
    }

    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.record().text(self.kind(), name)
    }

    /// Returns the fields, each with what stands there, in the order written; then those that are worked out; then the keys
    /// that are no fields of the kind.
    pub(super) fn fields(&self) -> Vec<Told<'a>> {
        let (record, kind, document) = (self.record(), self.kind(), self.document);
        let mut fields: Vec<Told<'a>> = Vec::new();
        let mut unknown: Vec<Told<'a>> = Vec::new();
        for entry in document.entries() {
            let key = entry.key.text.of(&document.text);
            let Some(said) = entry.value.said(&document.text) else { continue };
            let written = record.fields.iter().find(|value| value.key == entry.key.text.span);
            let field = written.map(|written| &kind.fields[written.field]);
            let told = Told {
                name: field.map_or(key, |field| &field.name),
                field,
                written,
                said: said.into_owned(),
            };
            if field.is_some() { fields.push(told) } else { unknown.push(told) }
        }
        for (at, field) in kind.fields.iter().enumerate() {
            let there = fields.iter().any(|told| told.name == field.name);
            if let Some(product) = record.product(kind, at).filter(|_| !there) {
                fields.push(Told {
                    name: &field.name,
                    field: Some(field),
                    written: None,
                    said: product.to_string(),
                });
            }
        }
        fields.append(&mut unknown);
        fields
    }

    pub(super) fn links(&self, look: Look<'_>) -> Vec<Link<'a>> {
        let (record, kind) = (self.record(), self.kind());
        let kinds = &self.workspace.config.kinds;
        let mut links: Vec<Link<'a>> = Vec::new();
        let mut seen: HashSet<(String, String)> = HashSet::new();
        let mut named: HashSet<String> = HashSet::new();
        for reference in &record.references {
            let found = self.workspace.resolve(record, &reference.target);
            let name = match (&reference.target, found) {
                (_, Some(found)) => called(found, kinds, look),
                // A link to what is no record leads elsewhere, and `RFC 2119` is somebody else's.
                _ if reference.origin == Origin::Link || reference.form == Form::Loose => continue,
                (Target::Id(id), None) => id.text(kinds),
                _ => self.document.at(reference.span).trim().to_owned(),
            };
            if found.is_some_and(|found| std::ptr::eq(found, record)) {
                continue;
            }
            let rel = rel(kind, reference.origin);
            // What a field says the text need not say again.
            let again = !matches!(reference.origin, Origin::Field(_)) && named.contains(&name);
            if again || !seen.insert((rel.clone(), name.clone())) {
                continue;
            }
            named.insert(name.clone());
            links.push(Link { rel, name, record: found });
        }
        links
    }

    pub(super) fn linked_by(&self, look: Look<'_>) -> Vec<Link<'a>> {
        let kinds = &self.workspace.config.kinds;
        let link = |(at, origin): (usize, Origin)| {
            let record = &self.workspace.records[at];
            Link {
                rel: rel(kinds.at(record.kind), origin),
                name: called(record, kinds, look),
                record: Some(record),
            }
        };
        self.workspace.pointing_at(self.index).into_iter().map(link).collect()
    }

    /// Returns the same without what the record says itself: where a field answers itself, that both name each other is told once.
    fn linked_besides(&self, look: Look<'_>) -> Vec<Link<'a>> {
        let own = self.links(look);
        let mut links = self.linked_by(look);
        links.retain(|link| {
            let kind = link.record.map(|record| self.workspace.config.kinds.at(record.kind));
            let field = kind.and_then(|kind| kind.field(&link.rel));
            let mutual = field.is_some_and(|field| field.inverse.as_ref() == Some(&field.name));
            !(mutual && own.iter().any(|to| to.rel == link.rel && to.name == link.name))
        });
        links
    }

    /// Returns the slips of all deadlines of its history.
    pub(super) fn slips(&self) -> HashMap<usize, Slip> {
        self.timeline.map(|timeline| timeline.history.slips(&self.workspace.config.kinds)).unwrap_or_default()
    }

    pub(super) fn words(&self) -> u32 {
        self.document.outline().all_words(&self.document.text)
    }

    /// Returns the text below a first heading that says the title again, with the id before it or without.
    fn body_without_title(&self) -> &'a str {
        let source = &self.document.text;
        let first = self.document.outline().sections.get(1).filter(|section| section.level == 1);
        let opens = |heading: Span| source[self.document.body..heading.start()].trim().is_empty();
        let kinds = &self.workspace.config.kinds;
        let says_it = |heading: &str| {
            self.text("title").is_some_and(|title| says_title(heading, title, self.record().id(), kinds))
        };
        match first {
            Some(first) if opens(first.heading) && says_it(first.title.of(source)) => {
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

    pub(super) fn body(&self) -> &'a str {
        self.document.text.get(self.document.body..).unwrap_or_default()
    }
}

/// Returns what a reference says of the two: the field's name, or that it is a mention.
fn rel(kind: &Kind, origin: Origin) -> String {
    match origin {
        Origin::Field(field) => kind.fields[field].name.clone(),
        Origin::Prose => "mentions".to_owned(),
        Origin::Link => "links".to_owned(),
    }
}

/// Returns what to call a record beside others: its id, else its path from the repository's top.
pub(super) fn called(record: &Record, kinds: &Kinds, look: Look<'_>) -> String {
    record.id_text(kinds).unwrap_or_else(|| format!("{}{}", look.prefix, record.path))
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
    let name = visible(&format!("{}  {}", called(record, &config.kinds, look), one_line(title))).into_owned();
    let state = visible(record.state.as_deref().unwrap_or("no state")).into_owned();
    let rest = visible(&people).into_owned();
    let width = look.width.clamp(40, 120);
    if columns(&name) + columns(&state) + columns(&rest) + 2 <= width {
        return writeln!(out, "{}  {}{rest}", styled(&name, "1", look), styled(&state, "36", look));
    }
    for line in lines(&name, width) {
        writeln!(out, "{}", styled(&visible(&line), "1", look))?;
    }
    writeln!(out, "{}{rest}", styled(&state, "36", look))
}

fn text(shown: &Shown<'_>, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (record, kinds) = (shown.record(), &shown.workspace.config.kinds);
    let path = format!("{}{}", look.prefix, record.path);
    heading(record, shown.workspace.config, look, out)?;
    writeln!(out, "{}", styled(&visible(&path), "2", look))?;
    if let Some(commit) = shown.at {
        let day = commit.day().spoken();
        let told = format!("as it was on {day}, in {} {}", commit.id.short(), commit.subject);
        for part in lines(&visible(&told), look.width.clamp(40, 120)) {
            writeln!(out, "{}", visible(&part))?;
        }
    }
    writeln!(out)?;
    let wrong = match shown.document.front_matter {
        None => Some("it has no front matter"),
        Some(_) if !shown.document.slips.is_empty() => Some("its front matter is not as it should be"),
        Some(_) => None,
    };
    if let Some(wrong) = wrong {
        writeln!(out, "  {}", styled(&visible(&format!("{wrong}: pmkit lint {path}")), "33", look))?;
    }
    let room = look.width.clamp(40, 100);
    let rows: Vec<(String, String)> =
        rows(shown).into_iter().map(|(label, value)| (visible(&label).into_owned(), value)).collect();
    // A key as long as a sentence does not push the values of all others aside.
    let width = rows.iter().map(|(label, _)| columns(label)).max().unwrap_or(0).min(room / 3);
    for (label, value) in &rows {
        let value = visible(value).into_owned();
        let parts = lines(&value, room.saturating_sub(width + 4).max(20));
        let apart = columns(label) > width;
        if apart {
            writeln!(out, "  {}", styled(label, "2", look))?;
        }
        for (at, part) in parts.iter().enumerate() {
            let label = if at == 0 && !apart { label.as_str() } else { "" };
            // What opens a line now did not when the text was made visible.
            let part = visible(part);
            writeln!(out, "  {}{}  {part}", styled(label, "2", look), " ".repeat(width - columns(label)))?;
        }
    }
    for (heading, arrow, links) in
        [("Links to", "→", shown.links(look)), ("Linked from", "←", shown.linked_besides(look))]
    {
        if links.is_empty() {
            continue;
        }
        writeln!(out, "\n{}", styled(heading, "1", look))?;
        let widest = |part: fn(&Link<'_>) -> usize| links.iter().map(part).max().unwrap_or(0);
        let names = widest(|link| columns(&visible(&link.name))).min(room / 3);
        let rels = widest(|link| columns(&link.rel)).min(room / 4);
        for link in &links {
            let state = link.record.and_then(|record| record.state.as_deref());
            let title = link
                .record
                .and_then(|record| record.text(shown.workspace.config.kinds.at(record.kind), "title"));
            let about = match (state, title) {
                (Some(state), Some(title)) => format!("{} ({state})", one_line(title)),
                (None, Some(title)) => one_line(title),
                (Some(state), None) => format!("({state})"),
                (None, None) if link.record.is_some() => "no title".to_owned(),
                (None, None) => "not a record here".to_owned(),
            };
            let (name, rel) =
                (visible(&link.name).into_owned(), visible(&link.rel.replace('_', " ")).into_owned());
            let pad = |text: &str, width: usize| " ".repeat(width.saturating_sub(columns(text)));
            let start = format!("  {arrow} {name}{}  {rel}{}  ", pad(&name, names), pad(&rel, rels));
            let indent = columns(&start).min(room / 2);
            let about = visible(&about).into_owned();
            for (at, part) in lines(&about, room.saturating_sub(indent).max(20)).iter().enumerate() {
                let start = if at == 0 { start.clone() } else { " ".repeat(indent) };
                writeln!(out, "{start}{}", visible(part))?;
            }
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
    if shown.at.is_some() || look.terse {
        return Ok(());
    }
    let suggested = shown.timeline.map(|timeline| suggested(shown.workspace, shown.index, timeline.history));
    let (suggested, decided) = (suggested.unwrap_or_default(), shown.decided_in());
    if decided.is_some() || !suggested.is_empty() {
        writeln!(out)?;
    }
    if let Some(state) = decided {
        let told = format!(
            "as it was decided: pmkit show {} --at {state}; then and now: --diff",
            record.name(kinds)
        );
        for part in lines(&visible(&told), look.width.clamp(40, 120)) {
            writeln!(out, "{}", styled(&visible(&part), "2", look))?;
        }
    }
    suggestions(&suggested, look, out)
}

/// Returns the lines of the table of fields: what the header says already is left out.
fn rows(shown: &Shown<'_>) -> Vec<(String, String)> {
    let (record, kind, slips) = (shown.record(), shown.kind(), shown.slips());
    let mut rows = Vec::new();
    for Told { name, field, written, said } in shown.fields() {
        if ["id", "title", kind.lifecycle.field.as_str()].contains(&name) {
            continue;
        }
        let mut value = one_line(&said);
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
            if let Some(slip) =
                shown.timeline.and_then(|timeline| timeline.slip(deadline.written.field, &slips))
            {
                let times = if slip.count == 1 { "once".to_owned() } else { format!("{} times", slip.count) };
                let days = if slip.days == 1 { "1 day".to_owned() } else { format!("{} days", slip.days) };
                value.push_str(&format!(" · moved later {times}, {days} in all"));
            }
        }
        if let Some(band) = value.parse().ok().and_then(|number| field?.band(number)) {
            value.push_str(&format!(" ({band})"));
        }
        rows.push((field.map_or_else(|| name.to_owned(), Field::words), value));
    }
    rows
}

fn csv(records: &[Shown<'_>], look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    const FIRST: [&str; 9] =
        ["id", "kind", "title", "status", "owner", "path", "words", "links_to", "linked_from"];
    // Every field of the kinds there are, in their order, so that the columns do not hang on what is filled in.
    let mut names: Vec<&str> = Vec::new();
    for shown in records {
        for field in &shown.kind().fields {
            if !FIRST.contains(&field.name.as_str()) && !names.contains(&field.name.as_str()) {
                names.push(&field.name);
            }
        }
    }
    let head: Vec<String> = FIRST.iter().chain(&names).map(|name| (*name).to_owned()).collect();
    let rows = records.iter().map(|shown| {
        let list = |links: Vec<Link<'_>>| {
            let one = |link: &Link<'_>| format!("{} {}", link.rel, link.name);
            links.iter().map(one).collect::<Vec<_>>().join("; ")
        };
        let fields = shown.fields();
        let value = |name: &str| {
            fields.iter().find(|told| told.name == name).map(|told| told.said.clone()).unwrap_or_default()
        };
        let cells = [
            shown.id().unwrap_or_default(),
            shown.kind().id.clone(),
            value("title"),
            shown.record().state.clone().unwrap_or_default(),
            value("owner"),
            format!("{}{}", look.prefix, shown.record().path),
            shown.words().to_string(),
            list(shown.links(look)),
            list(shown.linked_by(look)),
        ];
        let cells: Vec<String> = cells.into_iter().chain(names.iter().map(|name| value(name))).collect();
        cells
    });
    super::table::csv(std::iter::once(head).chain(rows), out)
}

fn markdown(shown: &Shown<'_>, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let name = shown.id().unwrap_or_else(|| shown.record().path.clone());
    writeln!(out, "### {} {}\n", code(&name), code(shown.text("title").unwrap_or("no title")))?;
    let path = format!("{}{}", look.prefix, shown.record().path);
    writeln!(out, "{} · {}\n", code(shown.record().state.as_deref().unwrap_or("no state")), code(&path))?;
    if let Some(commit) = shown.at {
        let day = commit.day();
        writeln!(out, "As it was on {day}, in `{}`.\n", commit.id.short())?;
    }
    writeln!(out, "| field | value |\n|---|---|")?;
    for (label, value) in rows(shown) {
        writeln!(out, "| {} | {} |", code(&label), code(&value))?;
    }
    for (heading, links) in [("Links to", shown.links(look)), ("Linked from", shown.linked_besides(look))] {
        if !links.is_empty() {
            writeln!(out, "\n{heading}:\n")?;
        }
        for link in links {
            writeln!(out, "- {} {}", code(&link.rel), code(&link.name))?;
        }
    }
    if !shown.body().trim().is_empty() {
        // Foreign Markdown stays text: a fence longer than any in it.
        let longest = longest_run(shown.body(), '`');
        let fence = "`".repeat(longest.max(2) + 1);
        writeln!(out, "\n{fence}markdown")?;
        for line in shown.body().trim_matches(['\n', '\r']).lines() {
            writeln!(out, "{}", visible(&line.replace('\t', "    ")))?;
        }
        writeln!(out, "{fence}")?;
    }
    if let Some(Timeline { history, indices }) = shown.timeline.filter(|it| !it.indices.is_empty()) {
        writeln!(out)?;
        let newest: Vec<usize> = indices.iter().rev().copied().collect();
        log_table(history, &newest, shown.workspace.config, look, out)?;
    }
    writeln!(out)
}
