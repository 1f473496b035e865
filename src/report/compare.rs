//! What changed in a record between then and now, for people and as `pmkit.diff/1`.

use std::io;
use std::io::Write;

use serde::Serialize;

use super::Look;
use super::TableFormat;
use super::diff::lines;
use super::escape::write_json;
use super::table::code;
use super::table::csv;
use super::text::styled;
use crate::compare::Difference;
use crate::compare::Edition;
use crate::compare::Part;
use crate::config::Config;
use crate::date::Date;
use crate::history::Commit;
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
    /// What differs.
    pub found: &'a [Difference],
}

const SCHEMA: &str = "pmkit.diff/1";
/// What stands for a commit where there is none yet.
const NOW: &str = "worktree";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    base: String,
    head: &'static str,
    changes: Vec<Change<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    #[serde(flatten)]
    change: Change<'a>,
}

#[derive(Serialize)]
struct Change<'a> {
    record: Option<String>,
    kind: &'a str,
    path: String,
    change: &'static str,
    field: Option<&'a str>,
    old: Option<&'a str>,
    new: Option<&'a str>,
    section: Option<&'a str>,
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
            write_json(&Document { schema: SCHEMA, base, head: NOW, changes: changes().collect() }, true, out)
        }
        TableFormat::Jsonl => {
            changes().try_for_each(|change| write_json(&Line { schema: SCHEMA, change }, false, out))
        }
        TableFormat::Csv => {
            let head = ["record", "kind", "path", "change", "field", "section", "old", "new"];
            let rows = changes().map(|change| {
                let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
                let (field, section) = (text(change.field), text(change.section));
                let (old, new) = (text(change.old), text(change.new));
                let record = change.record.unwrap_or_default();
                [
                    record,
                    change.kind.to_owned(),
                    change.path,
                    change.change.to_owned(),
                    field,
                    section,
                    old,
                    new,
                ]
            });
            csv(std::iter::once(head.map(str::to_owned)).chain(rows), out)
        }
        TableFormat::Markdown => {
            writeln!(out, "| record | what | then | now |\n|---|---|---|---|")?;
            for change in changes() {
                let record = change.record.clone().unwrap_or_else(|| change.path.clone());
                let what = change.section.or(change.field).unwrap_or("path");
                let value = |value: Option<&str>| value.map_or_else(String::new, |value| code(&short(value)));
                let (old, new) = (value(change.old), value(change.new));
                writeln!(out, "| {} | {} | {old} | {new} |", code(&record), code(what))?;
            }
            Ok(())
        }
    }
}

fn change<'a>(compared: Compared<'a>, found: &'a Difference, config: &Config, look: Look<'_>) -> Change<'a> {
    let (word, field, section) = match &found.part {
        Part::Path => ("renamed", None, None),
        Part::Status(name) => ("status", Some(name.as_str()), None),
        Part::Field(name) => ("field", Some(name.as_str()), None),
        Part::Section(title) => ("section", None, Some(title.as_str())),
    };
    Change {
        record: compared.new.record.id_text(&config.kinds),
        kind: &compared.new.kind.id,
        path: format!("{}{}", look.prefix, compared.new.record.path),
        change: word,
        field,
        old: found.old.as_deref(),
        new: found.new.as_deref(),
        section,
    }
}

fn text(compared: Compared<'_>, config: &Config, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Compared { old, new, commit, found } = compared;
    let name = new.record.name(&config.kinds);
    let day = Date::at(commit.committer.seconds, commit.committer.offset).spoken();
    let title = new.record.text(new.kind, "title").unwrap_or_default();
    writeln!(out, "{}", styled(visible(&format!("{name}  {title}")).trim_end(), "1", look))?;
    let then = format!("then: {day}, {} {}", commit.id.short(), commit.subject);
    writeln!(out, "{}\n", styled(&visible(&then), "2", look))?;
    let of_text = |found: &&Difference| matches!(found.part, Part::Section(_));
    for difference in found.iter().filter(|found| !of_text(found)) {
        let what = match &difference.part {
            Part::Path => "path",
            Part::Status(name) | Part::Field(name) | Part::Section(name) => name,
        };
        let value = |value: &Option<String>| value.as_deref().map_or("nothing".to_owned(), short);
        let line =
            format!("{}: {} → {}", what.replace('_', " "), value(&difference.old), value(&difference.new));
        writeln!(out, "  {}", visible(&line))?;
    }
    let sections: Vec<&Difference> = found.iter().filter(of_text).collect();
    let body = |edition: Edition<'_>| {
        edition.document.text.get(edition.document.body..).unwrap_or_default().to_owned()
    };
    let (before, after) = (body(old), body(new));
    match (found.is_empty(), before == after) {
        (true, true) => writeln!(out, "nothing has changed since"),
        (true, false) => writeln!(out, "nothing has changed since but how it is written"),
        (false, _) if sections.is_empty() => writeln!(out, "\nits text says the same"),
        (false, _) => {
            if sections.len() < found.len() {
                writeln!(out)?;
            }
            lines(&before, &after, look, out)
        }
    }
}

/// Returns the beginning of a long text.
fn short(text: &str) -> String {
    const MOST: usize = 200;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text.to_owned(),
    }
}
