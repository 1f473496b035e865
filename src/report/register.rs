//! Registers as Markdown tables in files for readers, and all records as one file for programs.

use std::fmt::Write;
use std::io;

use super::Look;
use super::escape::write_json;
use super::show::Shown;
use super::show_json::Briefs;
use super::show_json::SCHEMA;
use super::show_json::brief_without_words;
use super::table::guarded;
use crate::config::Config;
use crate::index::Column;
use crate::index::Decision;
use crate::query::Property;
use crate::record::Record;
use crate::text::percent_encoded;
use crate::text::visible;
use crate::workspace::leading_to;

/// Returns `records` as a Markdown table, a row each, as the file at `page` can hold it; `decided` tells how
/// one of them was, where that is known.
#[must_use]
pub fn register_table(
    records: &[&Record],
    columns: &[Column],
    page: &str,
    decided: &dyn Fn(&Record) -> Option<Decision>,
    config: &Config,
) -> String {
    let names: Vec<String> = columns.iter().map(|column| guarded(&column.name().replace('_', " "))).collect();
    let mut table = format!("| {} |\n|{}\n", names.join(" | "), " --- |".repeat(names.len()));
    let is = |name: &'static str| move |column: &Column| column.name() == name;
    // The id leads to the record; where none is shown the title does.
    let linked = columns.iter().position(is("id")).or_else(|| columns.iter().position(is("title")));
    for record in records {
        table.push('|');
        for (at, column) in columns.iter().enumerate() {
            let said = match column {
                Column::Says(property) => property.fact(record, config).text().into_owned(),
                Column::Decided => {
                    decided(record).map(|decision| decision.day.to_string()).unwrap_or_default()
                }
                Column::Approver(property) => match decided(record) {
                    Some(decision) => decision.approver.unwrap_or_default(),
                    None => property.fact(record, config).text().into_owned(),
                },
            };
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            let name = record.path.rsplit('/').next().unwrap_or(&record.path);
            let leads = linked == Some(at) || *column == Column::Says(Property::Path);
            let cell = match (leads, said.is_empty()) {
                (false, true) => String::new(),
                (false, false) => guarded(&said),
                (true, empty) => {
                    let shown = if empty { name } else { &said };
                    format!("[{}]({})", guarded(shown), link(page, &record.path))
                }
            };
            let _ = write!(table, "{}{cell} |", if cell.is_empty() { "" } else { " " });
        }
        table.push('\n');
    }
    table
}

/// Returns `records` as `pmkit.records/1`: what their front matter says, and nothing that another day would change.
///
/// # Errors
/// Never: text is always room for text.
pub fn records_file(records: &[Shown<'_>], look: Look<'_>) -> io::Result<String> {
    let records = records.iter().map(|shown| brief_without_words(shown, look)).collect();
    let mut out = Vec::new();
    write_json(&Briefs { schema: SCHEMA, records }, true, &mut out)?;
    String::from_utf8(out).map_err(io::Error::other)
}

/// Returns the address of the file `path` as the file `page` writes it.
fn link(page: &str, path: &str) -> String {
    percent_encoded(&leading_to(page, path))
}

/// Says of a file that it is not what it would be.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn stale(path: &str, look: Look<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "stale  {}; write it: pmkit index", visible(&format!("{}{path}", look.prefix)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_mean_something_stands_as_code() {
        for plain in [
            "Tide may miss the date (SSO), again?",
            "Triage: owner & score, 25 % off!",
            "Übergröße – “quoted” 東京",
            "A-0001, A-0002",
        ] {
            assert_eq!(guarded(plain), plain);
        }
        for (said, expected) in [
            ("ask @maya", "`ask @maya`"),
            ("see #12 and !3", "`see #12 and !3`"),
            ("a | b", "`a \\| b`"),
            ("*x* `y`", "`` *x* `y` ``"),
            ("<b>", "`<b>`"),
            ("[a](b)", "`[a](b)`"),
            ("www.x.example", "`www.x.example`"),
            ("R&D :tada:", "`R&D :tada:`"),
            ("a\u{202e}b", "`a\\u{202e}b`"),
        ] {
            assert_eq!(guarded(said), expected);
        }
    }

    #[test]
    fn links_lead_from_where_they_stand() {
        for (page, path, expected) in [
            ("README.md", "docs/raid/R-0001-x.md", "docs/raid/R-0001-x.md"),
            ("docs/README.md", "docs/raid/R-0001-x.md", "raid/R-0001-x.md"),
            ("docs/raid/README.md", "docs/rfcs/0001-ä b.md", "../rfcs/0001-%C3%A4%20b.md"),
            ("a/b/c.md", "x:(y).md", "../../x%3A%28y%29.md"),
            ("docs/x.md", "docs", "../docs"),
        ] {
            assert_eq!(link(page, path), expected);
        }
    }
}
