//! In which forms results are written, and where: as asked, as `PMKIT_FORMAT` says, and in GitHub Actions for its log and its
//! summaries.

use std::io;
use std::io::BufWriter;
use std::io::Write;

use clap::ValueEnum;

use pmkit::error::Error;
use pmkit::report::LintFormat;
use pmkit::report::Look;

use crate::args::Common;
use crate::args::Format;
use crate::args::ReportFile;
use crate::outcome::Failure;
use crate::place::stdout;

/// Writes a result in one form.
pub(crate) type Put<'a> = &'a dyn Fn(LintFormat, Look<'_>, &mut dyn Write) -> io::Result<()>;

/// Writes a result with `put`: in the form `asked` for, and to `files` as well.
pub(crate) fn write(
    asked: Option<Format>,
    files: &[ReportFile],
    common: &Common,
    look: Look<'_>,
    put: Put<'_>,
) -> Result<(), Failure> {
    let forms = forms(asked)?;
    // What others wait for goes first: standard output may be gone before the end.
    for (at, ReportFile { format, file }) in files.iter().enumerate() {
        if files[..at].iter().any(|other| other.file == *file) {
            return Err(Error::new(format!("two reports are to be written to {}", file.display()))
                .help("give each a file of its own")
                .into());
        }
        let look = Look { color: false, width: 100, ..look };
        let mut text = Vec::new();
        put((*format).into(), look, &mut text)?;
        let path = common.folder.join(file);
        // What is checked may have put a link there, to lead the report to another file.
        let there = path.symlink_metadata();
        if there.is_ok_and(|found| !found.is_file()) {
            return Err(Error::new(format!(
                "cannot write the report to {}: that is a link or no file",
                file.display()
            ))
            .help("take it away, or name another file")
            .into());
        }
        let write = || -> io::Result<()> {
            if path.exists() {
                std::fs::remove_file(&path)?;
            }
            std::fs::OpenOptions::new().write(true).create_new(true).open(&path)?.write_all(&text)
        };
        write().map_err(|error| {
            Error::new(format!("cannot write the report to {}: {error}", file.display()))
                .help("name a file in a folder that is there")
        })?;
    }
    let mut out = BufWriter::new(stdout(look));
    for form in &forms {
        put(*form, look, &mut out)?;
    }
    out.flush()?;
    if forms.len() > 1 {
        summarize(look, put);
    }
    Ok(())
}

impl From<Format> for LintFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Text => Self::Text,
            Format::Json => Self::Json,
            Format::Jsonl => Self::Jsonl,
            Format::Github => Self::Github,
            Format::Gitlab => Self::Gitlab,
            Format::Sarif => Self::Sarif,
            Format::Junit => Self::Junit,
            Format::Rdjson => Self::Rdjson,
            Format::Markdown => Self::Markdown,
        }
    }
}

/// Returns the forms to write: the one asked for, on the command line or by `PMKIT_FORMAT`; else text, in GitHub Actions with annotations
/// besides.
#[allow(clippy::disallowed_methods, reason = "the binary reads the environment")]
fn forms(asked: Option<Format>) -> Result<Vec<LintFormat>, Error> {
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
        Some(format) => vec![format.into()],
        None if in_actions() => vec![LintFormat::Text, LintFormat::Github],
        None => vec![LintFormat::Text],
    })
}

#[allow(clippy::disallowed_methods, reason = "the binary reads the environment")]
fn in_actions() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

/// Adds the result to the summary of the job that GitHub Actions shows, where this is one and nobody asked for a form.
#[allow(clippy::disallowed_methods, reason = "the binary reads the environment")]
fn summarize(look: Look<'_>, put: Put<'_>) {
    let file = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty());
    let Some(file) = file.filter(|_| in_actions()) else { return };
    let write = || -> io::Result<()> {
        let mut text = Vec::new();
        put(LintFormat::Summary, look, &mut text)?;
        std::fs::OpenOptions::new().append(true).create(true).open(&file)?.write_all(&text)
    };
    if let Err(error) = write() {
        // The result is in the log all the same.
        let _ = writeln!(io::stderr(), "note: the summary of the job was not written: {error}");
    }
}
