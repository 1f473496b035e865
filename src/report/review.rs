//! A review, in every form.

use std::io;
use std::io::Write;

use super::Altered;
use super::LintFormat;
use super::Look;
use super::Range;
use super::Sources;
use super::TableFormat;
use super::changes;
use super::lint;
use super::lint_markdown::MOST;
use super::lint_markdown::MOST_OF_SUMMARY;
use super::markdown::lines as wrapped;
use super::review_json;
use super::review_markdown;
use super::review_words::decision;
use super::review_words::item;
use super::review_words::verdict;
use super::text::styled;
use crate::config::Config;
use crate::date::Date;
use crate::lint::Lint;
use crate::review::Review;
use crate::review::Standing;
use crate::text::visible;

/// What a review has to tell.
#[derive(Clone, Copy)]
pub struct Told<'a> {
    /// What the change asks.
    pub review: &'a Review,
    /// What was found in it.
    pub lint: &'a Lint,
    /// What it changes.
    pub altered: &'a [Altered<'a>],
    /// What is compared.
    pub range: &'a Range,
    /// Paths in which merging it leaves a conflict, from the repository's top.
    pub conflicts: &'a [String],
    /// Whether it is judged by its own rules and not by those of its base.
    pub by_head: bool,
    /// What is changed and compared with, as it was called.
    pub base: &'a str,
    /// What a comment begins with, so that it is found again: repository and check.
    pub marker: (&'a str, &'a str),
    /// What the team has settled.
    pub config: &'a Config,
    /// The day.
    pub today: Date,
}

/// Writes a review. Forms for findings alone have those.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn review(
    format: LintFormat,
    told: Told<'_>,
    sources: Sources<'_>,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        LintFormat::Text => text(told, sources, look, out),
        LintFormat::Json => review_json::document(told, sources, look, out),
        LintFormat::Jsonl => review_json::lines(told, sources, look, out),
        LintFormat::Markdown => review_markdown::comment(told, sources, look, MOST, out),
        LintFormat::Summary => review_markdown::comment(told, sources, look, MOST_OF_SUMMARY, out),
        LintFormat::Github
        | LintFormat::Gitlab
        | LintFormat::Sarif
        | LintFormat::Junit
        | LintFormat::Rdjson => lint(format, told.lint, sources, look, out),
    }
}

fn text(told: Told<'_>, sources: Sources<'_>, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Told { review, altered, today, .. } = told;
    let style = match review.verdict.standing {
        Standing::Conflict | Standing::Blocked => "1;31",
        Standing::Waiting => "1;33",
        Standing::Ready | Standing::Nothing => "1;32",
    };
    let width = look.width.clamp(40, 120);
    let mut put = |label: &str, said: &str, style: &str| -> io::Result<()> {
        for (at, part) in wrapped(&visible(said), width.saturating_sub(11)).iter().enumerate() {
            let label = if at == 0 { label } else { "" };
            let line = format!("{label:<11}{}", visible(part));
            let line = line.trim_end();
            let line = if style.is_empty() { line.to_owned() } else { styled(line, style, look) };
            writeln!(out, "{line}")?;
        }
        Ok(())
    };
    put("review", &verdict(&review.verdict).text(), style)?;
    for path in told.conflicts {
        put("conflict", path, "")?;
    }
    for one in &review.decisions {
        put("", "", "")?;
        for (label, said) in decision(one, today) {
            put(label, &said.text(), "")?;
        }
    }
    if !review.log.is_empty() {
        put("", "", "")?;
    }
    for (at, one) in review.log.iter().enumerate() {
        put(if at == 0 { "Log" } else { "" }, &item(one, today).text(), "")?;
    }
    if !altered.is_empty() {
        writeln!(out)?;
        changes(TableFormat::Text, altered, told.range, told.config, look, out)?;
    }
    writeln!(out)?;
    lint(LintFormat::Text, told.lint, sources, look, out)
}
