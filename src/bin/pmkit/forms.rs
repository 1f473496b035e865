//! In which forms findings are written: as asked, as `PMKIT_FORMAT` says, and in GitHub Actions for its log and its summaries.

use std::io;
use std::io::Write;

use clap::ValueEnum;

use pmkit::error::Error;
use pmkit::lint::Lint;
use pmkit::report;
use pmkit::report::LintFormat;

use crate::args::Format;

/// Returns the forms to write: the one asked for, on the command line or by `PMKIT_FORMAT`; else text, in GitHub Actions with annotations
/// besides.
#[allow(clippy::disallowed_methods, reason = "the binary reads the environment")]
pub(crate) fn formats(asked: Option<Format>) -> Result<Vec<LintFormat>, Error> {
    let named = std::env::var("PMKIT_FORMAT").ok().filter(|name| !name.is_empty());
    let asked = match (asked, named) {
        (Some(format), _) => Some(format),
        (None, None) => None,
        (None, Some(name)) => Some(Format::from_str(&name, true).map_err(|_| {
            let all: Vec<_> =
                Format::value_variants().iter().filter_map(ValueEnum::to_possible_value).collect();
            let all: Vec<&str> = all.iter().map(clap::builder::PossibleValue::get_name).collect();
            Error::new(format!("`{name}`, as PMKIT_FORMAT says, is no form of a result"))
                .help(format!("use one of: {}", all.join(", ")))
        })?),
    };
    Ok(match asked {
        Some(Format::Text) => vec![LintFormat::Text],
        Some(Format::Json) => vec![LintFormat::Json],
        Some(Format::Jsonl) => vec![LintFormat::Jsonl],
        Some(Format::Github) => vec![LintFormat::Github],
        Some(Format::Gitlab) => vec![LintFormat::Gitlab],
        Some(Format::Sarif) => vec![LintFormat::Sarif],
        Some(Format::Junit) => vec![LintFormat::Junit],
        Some(Format::Rdjson) => vec![LintFormat::Rdjson],
        Some(Format::Markdown) => vec![LintFormat::Markdown],
        None if in_actions() => vec![LintFormat::Text, LintFormat::Github],
        None => vec![LintFormat::Text],
    })
}

#[allow(clippy::disallowed_methods, reason = "the binary reads the environment")]
fn in_actions() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

/// Adds `found` to the summary of the job that GitHub Actions shows, where this is one and nobody asked for a form.
#[allow(clippy::disallowed_methods, reason = "the binary reads the environment")]
pub(crate) fn summarize(found: &Lint, sources: report::Sources<'_>, look: report::Look<'_>) {
    let file = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty());
    let Some(file) = file.filter(|_| in_actions()) else { return };
    let write = || -> io::Result<()> {
        let mut text = Vec::new();
        report::lint(LintFormat::Summary, found, sources, look, &mut text)?;
        std::fs::OpenOptions::new().append(true).create(true).open(&file)?.write_all(&text)
    };
    if let Err(error) = write() {
        // The result is in the log all the same.
        let _ = writeln!(io::stderr(), "note: the summary of the job was not written: {error}");
    }
}
