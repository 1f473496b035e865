//! A list of records, for people and in the forms other programs read.

use std::borrow::Cow;
use std::io;
use std::io::Write;

use super::Look;
use super::TableFormat;
use super::escape::write_json;
use super::grid::Cell;
use super::grid::Column;
use super::grid::Grid;
use super::grid::Row as Line;
use super::show::Shown;
use super::show_json::Brief;
use super::show_json::BriefLine;
use super::show_json::Briefs;
use super::show_json::SCHEMA;
use super::show_json::brief;
use super::table::csv;
use super::table::guarded;
use super::table::plain;
use crate::config::Config;
use crate::date::Date;
use crate::document::Document;
use crate::kind::Field;
use crate::kind::FieldType;
use crate::query::Fact;
use crate::query::Property;
use crate::record::Record;
use crate::register::Listing;
use crate::register::label;
use crate::workspace::Workspace;

/// A record of a list.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// Its index in the workspace.
    pub index: usize,
    /// Its text, which JSON needs.
    pub document: Option<&'a Document>,
}

/// Writes the records of `rows`, in that order, as `listing` wants them told.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn list(
    format: TableFormat,
    workspace: &Workspace<'_>,
    listing: &Listing,
    rows: &[Row<'_>],
    today: Date,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let config = workspace.config;
    let records = || rows.iter().map(|row| &workspace.records[row.index]);
    let told = |record: &Record| -> Vec<String> {
        listing.columns.iter().map(|column| fact(column, record, config, look).into_owned()).collect()
    };
    match format {
        TableFormat::Text => text(workspace, listing, rows, today, look, out),
        TableFormat::Json => {
            let records = rows.iter().filter_map(|row| entry(workspace, *row, today, look)).collect();
            write_json(&Briefs { schema: SCHEMA, records }, true, out)
        }
        TableFormat::Jsonl => {
            for record in rows.iter().filter_map(|row| entry(workspace, *row, today, look)) {
                write_json(&BriefLine { schema: SCHEMA, record }, false, out)?;
            }
            Ok(())
        }
        TableFormat::Csv => {
            let head = listing.columns.iter().map(|column| column.name().to_owned()).collect();
            csv(std::iter::once(head).chain(records().map(told)), out)
        }
        TableFormat::Markdown => {
            let names: Vec<String> = listing.columns.iter().map(|column| plain(column.name())).collect();
            writeln!(out, "| {} |\n|{}", names.join(" | "), "---|".repeat(names.len()))?;
            for record in records() {
                let cells: Vec<String> = told(record).iter().map(|cell| guarded(cell.trim())).collect();
                writeln!(out, "| {} |", cells.join(" | "))?;
            }
            Ok(())
        }
    }
}

fn entry<'a>(workspace: &'a Workspace<'_>, row: Row<'a>, today: Date, look: Look<'_>) -> Option<Brief<'a>> {
    let shown =
        Shown { workspace, index: row.index, document: row.document?, timeline: None, at: None, today };
    Some(brief(&shown, look))
}

/// Returns what `record` says under `column`, as text; paths from the repository's top.
fn fact<'r>(column: &Property, record: &'r Record, config: &'r Config, look: Look<'_>) -> Cow<'r, str> {
    match (column, column.fact(record, config)) {
        (Property::Path, _) => Cow::Owned(format!("{}{}", look.prefix, record.path)),
        (_, Fact::Text(text)) => text,
        (_, other) => Cow::Owned(other.text().into_owned()),
    }
}

fn text(
    workspace: &Workspace<'_>,
    listing: &Listing,
    rows: &[Row<'_>],
    today: Date,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let config = workspace.config;
    let columns = listing.columns.iter().map(|property| column(property, config)).collect();
    let mut grid = Grid { columns, rows: Vec::with_capacity(rows.len()) };
    let mut group: Option<String> = None;
    for (at, row) in rows.iter().enumerate() {
        let record = &workspace.records[row.index];
        if let Some(property) = &listing.group {
            let value = label(property, record, config).into_owned();
            if group.as_ref() != Some(&value) {
                let alike =
                    |row: &&Row<'_>| label(property, &workspace.records[row.index], config) == value.as_str();
                let count = rows[at..].iter().take_while(alike).count();
                let name = if value.is_empty() { format!("no {}", property.name()) } else { value.clone() };
                if at > 0 {
                    grid.rows.push(Line::Line(Cell::default()));
                }
                grid.rows.push(Line::Line(Cell::styled(format!("{name} ({count})"), "1")));
                group = Some(value);
            }
        }
        let cells = listing.columns.iter().map(|property| cell(property, record, config, today, look));
        grid.rows.push(Line::Cells(cells.collect()));
    }
    grid.write(look, out)
}

/// Returns the type by which the values of `field` are laid out.
fn of_cell(field: &Field) -> FieldType {
    if field.or_text { FieldType::Text } else { field.value }
}

fn column(property: &Property, config: &Config) -> Column {
    let kinds = 0..config.kinds.all().len();
    let types: Vec<FieldType> =
        kinds.filter_map(|kind| property.of_kind(kind, config)).map(of_cell).collect();
    let all = |wanted: &[FieldType]| !types.is_empty() && types.iter().all(|value| wanted.contains(value));
    let lists = [FieldType::Text, FieldType::List, FieldType::Url, FieldType::People, FieldType::Refs];
    Column {
        head: property.name().to_owned(),
        prose: matches!(property, Property::Path | Property::Waiting) || all(&lists),
        right: all(&[FieldType::Integer, FieldType::Number]),
    }
}

fn cell(property: &Property, record: &Record, config: &Config, today: Date, look: Look<'_>) -> Cell {
    let kind = config.kinds.at(record.kind);
    let said = property.fact(record, config);
    if let Fact::Date(date) = said {
        // A date that runs out shows that it has.
        let late = record.deadlines(kind).any(|deadline| {
            let here = match property {
                Property::Deadline => deadline.date == date,
                Property::Field { name, .. } => kind.fields[deadline.written.field].name == *name,
                _ => false,
            };
            here && deadline.is_late(today)
        });
        return if late { Cell::styled(format!("{date} late"), "31") } else { Cell::new(date.to_string()) };
    }
    let text = fact(property, record, config, look);
    // Lines of a longer text are one here.
    let text = match text.bytes().any(|byte| byte < b' ') {
        true => text.split_whitespace().collect::<Vec<_>>().join(" "),
        false => text.into_owned(),
    };
    match property {
        Property::Id => Cell::styled(text, "1"),
        Property::Status => Cell::styled(text, "36"),
        _ => Cell::new(text),
    }
}
