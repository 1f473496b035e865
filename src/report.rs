//! Every form in which results leave the program. Foreign text is made safe here and nowhere else.
//!
//! Wire formats have structs of their own, so that a change inside cannot change a promise outside.

use std::io;
use std::io::Write;

use crate::lint::Lint;
use crate::text::Lines;

mod agenda;
mod brief;
mod catalog;
mod changes;
mod compare;
mod diff;
mod digest;
mod escape;
mod github;
mod gitlab;
mod graph;
mod grid;
mod html;
mod initiative;
mod icalendar;
mod json;
mod junit;
mod lint_markdown;
mod list;
mod log;
mod markdown;
mod narrow;
mod owners;
mod page;
mod phrase;
mod raid;
mod raid_json;
mod rdjson;
mod register;
mod review;
mod review_json;
mod review_markdown;
mod review_words;
mod rules;
mod sarif;
mod search;
mod show;
mod show_json;
mod slack;
mod snippet;
mod suggested;
mod table;
mod text;
mod walk;

pub use agenda::AgendaScene;
pub use agenda::agenda;
pub use agenda::agenda_parts;
pub use brief::Briefed;
pub use brief::brief;
pub use brief::brief_text;
pub use catalog::CatalogFormat;
pub use catalog::kind_page;
pub use catalog::kinds;
pub use catalog::rule_page;
pub use catalog::source;
pub use changes::Altered;
pub use changes::Range;
pub use changes::changes;
pub use compare::Compared;
pub use compare::compare;
pub use diff::diff;
pub use diff::moved_diff;
pub use digest::DigestScene;
pub use digest::digest;
pub use digest::digest_parts;
pub use escape::write_json;
pub use graph::GraphFormat;
pub use graph::graph;
pub use icalendar::Published;
pub use icalendar::icalendar;
pub use initiative::InitiativeScene;
pub use initiative::initiative;
pub use list::Row;
pub use list::list;
pub use log::log;
pub use owners::owner_line;
pub use owners::owner_note;
pub use page::PageFormat;
pub use raid::Arranged;
pub use raid::Scene;
pub use raid::raid;
pub use register::records_file;
pub use register::register_table;
pub use register::stale;
pub use review::Told;
pub use review::review;
pub use rules::rules;
pub use search::Taken;
pub use search::search;
pub use show::Shown;
pub use show::heading;
pub use show::show;
pub use suggested::suggested;
pub use suggested::suggestions;
pub use text::error;
pub use text::note;
pub use text::styled;
pub use walk::screen;

/// How a result is to look, and where its files lie.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// Whether to use colour.
    pub color: bool,
    /// How many columns there are.
    pub width: usize,
    /// The tree's folder, relative to the repository's top, with a `/` at its end; empty where they are the same.
    pub prefix: &'a str,
    /// Whether to leave out what one might do next.
    pub terse: bool,
}

/// Reads the text of a file that a finding points into.
pub type Sources<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The forms a lint can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LintFormat {
    /// For people.
    Text,
    /// One JSON document.
    Json,
    /// A JSON document for each finding, a line each.
    Jsonl,
    /// Annotations of GitHub Actions.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// SARIF 2.1.0.
    Sarif,
    /// JUnit's XML.
    Junit,
    /// Reviewdog's diagnostics.
    Rdjson,
    /// A Markdown table, for a comment.
    Markdown,
    /// The same, for the summary of a job.
    Summary,
}

/// The forms a list of things can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFormat {
    /// For people.
    Text,
    /// One JSON document.
    Json,
    /// A JSON document for each thing, a line each.
    Jsonl,
    /// A table other programs read.
    Csv,
    /// A Markdown table.
    Markdown,
}

/// Writes what a lint found.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn lint(
    format: LintFormat,
    lint: &Lint,
    sources: Sources<'_>,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        LintFormat::Text => text::lint(lint, sources, look, out),
        LintFormat::Json => json::lint(lint, sources, look, out),
        LintFormat::Jsonl => json::lint_lines(lint, sources, look, out),
        LintFormat::Github => github::lint(lint, sources, look, out),
        LintFormat::Gitlab => gitlab::lint(lint, sources, look, out),
        LintFormat::Sarif => sarif::lint(lint, sources, look, out),
        LintFormat::Junit => junit::lint(lint, sources, look, out),
        LintFormat::Rdjson => rdjson::lint(lint, sources, look, out),
        LintFormat::Markdown => lint_markdown::lint(lint, sources, look, lint_markdown::MOST, out),
        LintFormat::Summary => lint_markdown::lint(lint, sources, look, lint_markdown::MOST_OF_SUMMARY, out),
    }
}

/// The text of the file findings point into, kept while they stay in the same file.
struct CurrentSource<'a> {
    sources: Sources<'a>,
    path: String,
    text: Option<(String, Vec<usize>)>,
}

impl<'a> CurrentSource<'a> {
    fn new(sources: Sources<'a>) -> Self {
        Self { sources, path: String::new(), text: None }
    }

    fn of(&mut self, path: &str) -> Option<Lines<'_>> {
        if self.path != path {
            self.text = (self.sources)(path).map(|text| {
                let starts = Lines::starts(&text);
                (text, starts)
            });
            path.clone_into(&mut self.path);
        }
        self.text.as_ref().map(|(text, starts)| Lines::known(text, starts))
    }
}
