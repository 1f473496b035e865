//! What changed in meaning between two points in time, record by record: for people and as `pmkit.diff/1`.

use std::borrow::Cow;
use std::io;
use std::io::Write;

use super::Look;
use super::TableFormat;
use super::compare::Change;
use super::compare::Document;
use super::compare::HEADS;
use super::compare::Line;
use super::compare::SCHEMA;
use super::compare::excerpts;
use super::compare::row;
use super::escape::write_json;
use super::markdown::lines as wrapped;
use super::table::code;
use super::table::csv;
use super::text::styled;
use crate::compare::Difference;
use crate::compare::Edition;
use crate::compare::Part;
use crate::config::Config;
use crate::date::Date;
use crate::text::one_line;
use crate::text::visible;

/// A record that is another one than it was.
#[derive(Debug, Clone)]
pub struct Altered<'a> {
    /// As it was; `None` where it is new.
    pub old: Option<Edition<'a>>,
    /// As it is; `None` where it is gone.
    pub new: Option<Edition<'a>>,
    /// What differs, where there are both.
    pub found: Vec<Difference>,
    /// How often each deadline has moved later in all, by the name of its field.
    pub slips: Vec<(String, usize)>,
}

/// Two points in time, as they are told.
#[derive(Debug, Clone)]
pub struct Range {
    /// The commit that is compared with.
    pub base: String,
    /// The commit it is so in, or `worktree`.
    pub head: String,
}

/// Writes what changed.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn changes(
    format: TableFormat,
    altered: &[Altered<'_>],
    range: &Range,
    config: &Config,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let all = || altered.iter().flat_map(|altered| told(altered, config, look));
    match format {
        TableFormat::Text => text(altered, config, look, out),
        TableFormat::Json => write_json(&document(altered, range, config, look), true, out),
        TableFormat::Jsonl => {
            all().try_for_each(|change| write_json(&Line { schema: SCHEMA, change }, false, out))
        }
        TableFormat::Csv => csv(std::iter::once(HEADS.map(str::to_owned)).chain(all().map(row)), out),
        TableFormat::Markdown => {
            writeln!(out, "| record | change | what | then | now |\n|---|---|---|---|---|")?;
            rows(altered, config, look).iter().try_for_each(|row| out.write_all(row.as_bytes()))
        }
    }
}

/// Returns what changed as it is promised.
pub(super) fn document<'a>(
    altered: &'a [Altered<'_>],
    range: &Range,
    config: &Config,
    look: Look<'_>,
) -> Document<'a> {
    let changes = altered.iter().flat_map(|altered| told(altered, config, look)).collect();
    Document { schema: SCHEMA, base: range.base.clone(), head: range.head.clone(), changes }
}

/// Returns what changed as rows of a Markdown table of five columns.
pub(super) fn rows(altered: &[Altered<'_>], config: &Config, look: Look<'_>) -> Vec<String> {
    let row = |change: Change<'_>| {
        let record = change.record.clone().unwrap_or_else(|| change.path.clone());
        let what = change.section.or(change.field).map(code).unwrap_or_default();
        let (old, new) = excerpts(change.old.as_deref(), change.new.as_deref());
        let value = |value: Option<String>| value.map_or_else(String::new, |value| code(&value));
        let (old, new) = (value(old), value(new));
        format!("| {} | {} | {what} | {old} | {new} |\n", code(&record), change.change)
    };
    altered.iter().flat_map(|altered| told(altered, config, look)).map(row).collect()
}

/// Returns the changes of one record.
fn told<'a>(altered: &'a Altered<'_>, config: &Config, look: Look<'_>) -> Vec<Change<'a>> {
    let Some(edition) = altered.new.or(altered.old) else { return Vec::new() };
    let path = |edition: Edition<'_>| format!("{}{}", look.prefix, edition.record.path);
    let change = |change, field, old, new, section| Change {
        record: edition.record.id_text(&config.kinds),
        kind: &edition.kind.id,
        path: path(edition),
        change,
        field,
        old,
        new,
        section,
    };
    let title = |edition: Edition<'a>| edition.record.text(edition.kind, "title").map(Cow::Borrowed);
    let (old, new) = match (altered.old, altered.new) {
        (None, _) => return vec![change("added", None, None, title(edition), None)],
        (_, None) => return vec![change("removed", None, title(edition), None, None)],
        (Some(old), Some(new)) => (old, new),
    };
    let superseded = new.kind.lifecycle.superseded.as_deref();
    let renumbered = old.record.id() != new.record.id();
    let one = |found: &'a Difference| {
        let (was, is) = (found.old.as_deref().map(Cow::Borrowed), found.new.as_deref().map(Cow::Borrowed));
        match &found.part {
            Part::Path => {
                let full = |path: Option<Cow<'a, str>>| {
                    path.map(|path| Cow::Owned(format!("{}{path}", look.prefix)))
                };
                change("renamed", None, full(was), full(is), None)
            }
            Part::Status(name) if superseded.is_some() && found.new.as_deref() == superseded => {
                change("superseded", Some(name.as_str()), was, is, None)
            }
            Part::Status(name) => change("status", Some(name.as_str()), was, is, None),
            Part::Field(name) if name == "id" && renumbered => {
                change("renumbered", Some(name.as_str()), was, is, None)
            }
            Part::Field(name) => change("field", Some(name.as_str()), was, is, None),
            Part::Section(title) => change("section", None, was, is, Some(title.as_str())),
        }
    };
    altered.found.iter().map(one).collect()
}

fn text(altered: &[Altered<'_>], config: &Config, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let width = look.width.clamp(40, 120);
    for (at, altered) in altered.iter().enumerate() {
        let Some(edition) = altered.new.or(altered.old) else { continue };
        if at > 0 {
            writeln!(out)?;
        }
        let name = edition.record.name(&config.kinds);
        let title = one_line(edition.record.text(edition.kind, "title").unwrap_or_default());
        let state = edition.record.state.as_deref().unwrap_or_default();
        let what = match (altered.old, altered.new) {
            (None, _) => format!(" · new, {state}"),
            (_, None) => format!(" · gone, was {state}"),
            _ => String::new(),
        };
        for (at, line) in wrapped(&visible(&format!("{name}  {title}{what}")), width).iter().enumerate() {
            let line = visible(line);
            writeln!(
                out,
                "{}",
                if at == 0 { styled(line.trim_end(), "1", look) } else { format!("    {line}") }
            )?;
        }
        if altered.old.is_none() || altered.new.is_none() {
            continue;
        }
        let mut all = told(altered, config, look);
        let heading = renamed_heading(&mut all);
        for line in heading.into_iter().chain(all.iter().map(|change| said(change, altered))) {
            for (at, part) in wrapped(&visible(&line), width - 4).iter().enumerate() {
                writeln!(out, "{}{}", if at == 0 { "  " } else { "    " }, visible(part))?;
            }
        }
    }
    Ok(())
}

/// Takes a heading that stands over nothing but other headings, as the title's does, out of `changes` where it is worded anew, and
/// returns that as one change.
fn renamed_heading(changes: &mut Vec<Change<'_>>) -> Option<String> {
    let bare = |change: &Change<'_>, text: fn(&Change<'_>) -> Option<String>| {
        change.section.is_some() && text(change).is_some_and(|text| text.trim().is_empty())
    };
    let old = |change: &Change<'_>| change.old.as_deref().filter(|_| change.new.is_none()).map(str::to_owned);
    let new = |change: &Change<'_>| change.new.as_deref().filter(|_| change.old.is_none()).map(str::to_owned);
    let place = |text| {
        let mut places = (0..changes.len()).filter(|at| bare(&changes[*at], text));
        places.next().filter(|_| places.next().is_none())
    };
    let (gone, come) = (place(old)?, place(new)?);
    let title = |at: usize| changes[at].section.unwrap_or_default();
    let said = format!("heading: {} → {}", title(gone), title(come));
    changes.remove(gone.max(come));
    changes.remove(gone.min(come));
    Some(said)
}

/// Returns a change in words.
fn said(change: &Change<'_>, altered: &Altered<'_>) -> String {
    let what = match (change.section, change.field) {
        (Some(""), _) => "above the first heading".to_owned(),
        (Some(title), _) => title.to_owned(),
        (_, Some(field)) => field.replace('_', " "),
        _ => "path".to_owned(),
    };
    let (old, new) = excerpts(change.old.as_deref(), change.new.as_deref());
    let words = |text: &Option<Cow<'_, str>>| text.as_deref().unwrap_or_default().split_whitespace().count();
    let count = |count: usize| if count == 1 { "1 word".to_owned() } else { format!("{count} words") };
    match (change.section, &old, &new) {
        (Some(_), None, Some(_)) => return format!("{what}: put in, {}", count(words(&change.new))),
        (Some(_), Some(_), None) => return format!("{what}: taken out, {}", count(words(&change.old))),
        _ => {}
    }
    let value = |value: Option<String>| value.unwrap_or_else(|| "nothing".to_owned());
    let mut said = format!("{what}: {} → {}", value(old), value(new));
    let day = |text: &Option<Cow<'_, str>>| text.as_deref().and_then(Date::parse);
    if let (Some(before), Some(after), Some(field)) = (day(&change.old), day(&change.new), change.field) {
        let days = before.days_until(after);
        let many = if days.abs() == 1 { "day" } else { "days" };
        let way = if days < 0 { "earlier" } else { "later" };
        said.push_str(&format!(" ({} {many} {way}", days.abs()));
        let slips = altered.slips.iter().find(|(name, count)| name == field && *count > 1);
        if let Some((_, slips)) = slips {
            said.push_str(&format!(", moved later {slips} times in all"));
        }
        said.push(')');
    }
    said
}
