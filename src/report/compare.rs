//! What changed in a record between then and now, for people and as `pmkit.diff/1`.

use std::borrow::Cow;
use std::io;
use std::io::Write;

use serde::Serialize;

use super::Look;
use super::TableFormat;
use super::diff::lines;
use super::escape::write_json;
use super::markdown::lines as wrapped;
use super::table::code;
use super::table::csv;
use super::text::styled;
use crate::compare::Difference;
use crate::compare::Edition;
use crate::compare::Part;
use crate::config::Config;
use crate::history::Commit;
use crate::history::Oid;
use crate::text::visible;

/// Two versions of a record with what differs.
#[derive(Clone, Copy)]
pub struct Compared<'a> {
    /// As it was.
    pub old: Edition<'a>,
    /// As it is in the working tree; in a bare repository, at HEAD.
    pub new: Edition<'a>,
    /// The commit it was so in.
    pub commit: &'a Commit,
    /// The commit it is so in now; `None` for the working tree.
    pub head: Option<Oid>,
    /// What differs.
    pub found: &'a [Difference],
}

pub(super) const SCHEMA: &str = "pmkit.diff/1";
/// What stands for a commit where there is none yet.
const NOW: &str = "worktree";

#[derive(Serialize)]
pub(super) struct Document<'a> {
    pub(super) schema: &'static str,
    pub(super) base: String,
    pub(super) head: String,
    pub(super) changes: Vec<Change<'a>>,
}

#[derive(Serialize)]
pub(super) struct Line<'a> {
    pub(super) schema: &'static str,
    #[serde(flatten)]
    pub(super) change: Change<'a>,
}

#[derive(Serialize)]
pub(super) struct Change<'a> {
    pub(super) record: Option<String>,
    pub(super) kind: &'a str,
    pub(super) path: String,
    pub(super) change: &'static str,
    pub(super) field: Option<&'a str>,
    pub(super) old: Option<Cow<'a, str>>,
    pub(super) new: Option<Cow<'a, str>>,
    pub(super) section: Option<&'a str>,
}

/// Writes what differs.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn compare(
    format: TableFormat,
    compared: Compared<'_>,
    config: &Config,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let changes = || compared.found.iter().map(|found| change(compared, found, config, look));
    match format {
        TableFormat::Text => text(compared, config, look, out),
        TableFormat::Json => {
            let base = compared.commit.id.to_string();
            let head = compared.head.map_or_else(|| NOW.to_owned(), |head| head.to_string());
            write_json(&Document { schema: SCHEMA, base, head, changes: changes().collect() }, true, out)
        }
        TableFormat::Jsonl => {
            changes().try_for_each(|change| write_json(&Line { schema: SCHEMA, change }, false, out))
        }
        TableFormat::Csv => csv(std::iter::once(HEADS.map(str::to_owned)).chain(changes().map(row)), out),
        TableFormat::Markdown => {
            writeln!(out, "| record | what | then | now |\n|---|---|---|---|")?;
            for change in changes() {
                let record = change.record.clone().unwrap_or_else(|| change.path.clone());
                let what = change.section.or(change.field).unwrap_or("path");
                let (old, new) = excerpts(change.old.as_deref(), change.new.as_deref());
                let value = |value: Option<String>| value.map_or_else(String::new, |value| code(&value));
                let (old, new) = (value(old), value(new));
                writeln!(out, "| {} | {} | {old} | {new} |", code(&record), code(what))?;
            }
            Ok(())
        }
    }
}

/// The heads of the columns where a change is a row of a table.
pub(super) const HEADS: [&str; 8] = ["record", "kind", "path", "change", "field", "section", "old", "new"];

/// Returns a change as a row of a table.
pub(super) fn row(change: Change<'_>) -> [String; 8] {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let (field, section) = (text(change.field), text(change.section));
    let (old, new) = (text(change.old.as_deref()), text(change.new.as_deref()));
    let record = change.record.unwrap_or_default();
    [record, change.kind.to_owned(), change.path, change.change.to_owned(), field, section, old, new]
}

fn change<'a>(compared: Compared<'a>, found: &'a Difference, config: &Config, look: Look<'_>) -> Change<'a> {
    let (word, field, section) = match &found.part {
        Part::Path => ("renamed", None, None),
        Part::Status(name) => ("status", Some(name.as_str()), None),
        Part::Field(name) => ("field", Some(name.as_str()), None),
        Part::Section(title) => ("section", None, Some(title.as_str())),
    };
    // Paths are told from the repository's top, everywhere.
    let value = |value: &'a Option<String>| {
        let value = value.as_deref()?;
        Some(match found.part {
            Part::Path => Cow::Owned(format!("{}{value}", look.prefix)),
            _ => Cow::Borrowed(value),
        })
    };
    Change {
        record: compared.new.record.id_text(&config.kinds),
        kind: &compared.new.kind.id,
        path: format!("{}{}", look.prefix, compared.new.record.path),
        change: word,
        field,
        old: value(&found.old),
        new: value(&found.new),
        section,
    }
}

fn text(compared: Compared<'_>, config: &Config, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Compared { old, new, commit, found, .. } = compared;
    let name = new.record.name(&config.kinds);
    let day = commit.day().spoken();
    let title = new.record.text(new.kind, "title").unwrap_or_default();
    writeln!(out, "{}", styled(visible(&format!("{name}  {title}")).trim_end(), "1", look))?;
    let then = format!("then: {day}, {} {}", commit.id.short(), commit.subject);
    for part in wrapped(&visible(&then), look.width.clamp(40, 120)) {
        writeln!(out, "{}", styled(&visible(&part), "2", look))?;
    }
    writeln!(out)?;
    let of_text = |found: &&Difference| matches!(found.part, Part::Section(_));
    for difference in found.iter().filter(|found| !of_text(found)) {
        let what = match &difference.part {
            Part::Path => "path",
            Part::Status(name) | Part::Field(name) | Part::Section(name) => name,
        };
        let told = change(compared, difference, config, look);
        let (old, new) = excerpts(told.old.as_deref(), told.new.as_deref());
        let value = |value: Option<String>| value.unwrap_or_else(|| "nothing".to_owned());
        let line = format!("{}: {} → {}", what.replace('_', " "), value(old), value(new));
        let line = visible(&line).into_owned();
        for (at, part) in wrapped(&line, look.width.clamp(40, 120) - 4).iter().enumerate() {
            writeln!(out, "{}{}", if at == 0 { "  " } else { "    " }, visible(part))?;
        }
    }
    let said = found.iter().any(|found| of_text(&found));
    let body = |edition: Edition<'_>| {
        edition.document.text.get(edition.document.body..).unwrap_or_default().to_owned()
    };
    let (before, after) = (body(old), body(new));
    if found.is_empty() && before == after {
        let (before, after) = (&old.document.text, &new.document.text);
        if before == after {
            return writeln!(out, "nothing has changed since");
        }
        writeln!(out, "nothing has changed since but how it is written:\n")?;
        return lines(before, after, look, out);
    }
    if before == after {
        return writeln!(out, "\nits text is the same");
    }
    if !said {
        let apart = if found.is_empty() { "" } else { "\n" };
        writeln!(out, "{apart}its text says the same, and is written in another way:\n")?;
    } else if found.iter().any(|found| !of_text(&found)) {
        writeln!(out)?;
    }
    lines(&before, &after, look, out)
}

/// Returns the part of two texts that differs, with some words around it; both whole where they are short.
pub(super) fn excerpts(old: Option<&str>, new: Option<&str>) -> (Option<String>, Option<String>) {
    const SHORT: usize = 80;
    const AROUND: usize = 4;
    const MOST: usize = 24;
    let words = |text: Option<&str>| {
        text.unwrap_or_default().split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    let (a, b) = (words(old), words(new));
    let is_short = |text: Option<&str>| text.is_none_or(|text| text.chars().count() <= SHORT);
    if is_short(old) && is_short(new) {
        return (old.map(str::to_owned), new.map(str::to_owned));
    }
    let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let start = same.saturating_sub(AROUND);
    let (left, right) = (a.len() - same, b.len() - same);
    let end = a[same..].iter().rev().zip(b[same..].iter().rev()).take_while(|(a, b)| a == b).count();
    let part = |words: &[String], rest: usize| {
        let until = (same + rest - end + AROUND).min(words.len());
        let cut = until.min(start + MOST);
        let mut text = words[start..cut].join(" ");
        if start > 0 {
            text.insert_str(0, "… ");
        }
        if cut < words.len() {
            text.push_str(" …");
        }
        text
    };
    (old.map(|_| part(&a, left)), new.map(|_| part(&b, right)))
}
