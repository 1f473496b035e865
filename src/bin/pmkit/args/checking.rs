//! The arguments of commands that check.

use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;
use clap_complete::engine::ArgValueCompleter;

use crate::complete;

/// Check records
///
/// Reads every record, because records point to each other, and reports on those under PATHS, or on all. Exits with 1
/// when something is denied; warnings never fail a build. Findings that the calendar alone can cause warn.
///
/// Example: pmkit lint docs/raid --fix
#[derive(Debug, Args)]
pub(crate) struct Lint {
    /// Files, folders or ids to report on [default: everything]
    #[arg(value_name = "PATHS", add = ArgValueCompleter::new(complete::records))]
    pub(crate) paths: Vec<PathBuf>,
    /// Report only what the change since REF brings: what lies between the commit where HEAD and REF parted and the files as
    /// they are. Rules are those that REF has
    #[arg(long, value_name = "REF", add = ArgValueCompleter::new(complete::revisions))]
    pub(crate) base: Option<String>,
    /// With --base: whose rules, kinds, people and acknowledgements count, those of REF or, to try them, those of the change
    #[arg(long, value_name = "WHOSE", requires = "base", default_value = "base", hide_default_value = true)]
    pub(crate) policy: Judged,
    /// Mend what can be mended for certain
    #[arg(long)]
    pub(crate) fix: bool,
    /// With --fix or --diff: mend also what is probably meant
    #[arg(long = "unsafe")]
    pub(crate) unsafe_too: bool,
    /// Check what is staged: the index, not the working tree, configuration included
    #[arg(long, conflicts_with_all = ["fix", "diff"])]
    pub(crate) staged: bool,
    /// Show what --fix would change, and change nothing; exits with 1 where that is anything, or something is denied
    #[arg(long, conflicts_with_all = ["fix", "format", "reports"])]
    pub(crate) diff: bool,
    /// The form of the result [default: text, with annotations in GitHub Actions]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Write the result in this form to a file as well, as in sarif=pmkit.sarif; may be given several times
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = report_file)]
    pub(crate) reports: Vec<ReportFile>,
    /// Leave these rules out, whatever else says of them
    #[arg(long, value_name = "RULES", value_delimiter = ',', add = ArgValueCompleter::new(complete::rules))]
    pub(crate) allow: Vec<String>,
    /// Let these rules warn
    #[arg(long, value_name = "RULES", value_delimiter = ',', add = ArgValueCompleter::new(complete::rules))]
    pub(crate) warn: Vec<String>,
    /// Let these rules fail the build; `warnings` stands for whatever would warn
    #[arg(long, value_name = "RULES", value_delimiter = ',', add = ArgValueCompleter::new(complete::rules))]
    pub(crate) deny: Vec<String>,
    /// Write down what is found in pmkit-baseline.toml, so that it is told no more; where that file is there already, take
    /// out what has been mended, and add nothing
    #[arg(long, conflicts_with_all = ["base", "fix", "diff", "staged", "paths", "format", "reports", "no_baseline", "allow"])]
    pub(crate) write_baseline: bool,
    /// Tell what the baseline knows too
    #[arg(long)]
    pub(crate) no_baseline: bool,
    /// Exit with 0 whatever is found
    #[arg(long)]
    pub(crate) exit_zero: bool,
}

/// Answer a pull request: what it decides, who may, what is missing
///
/// Compares the files as they are with the commit where HEAD and REF parted, as `pmkit lint --base` does, and tells besides its
/// findings what a reviewer asks: which decisions move and who is to agree, what they replace and rest on, what becomes of the
/// log, and what changed in meaning. Rules are those that REF has. Exits with 1 where something is denied, or where merging
/// leaves a conflict.
///
/// Example: pmkit review --base origin/main --merge --report markdown=comment.md
#[derive(Debug, Args)]
pub(crate) struct Review {
    /// What the change is to be merged into: a branch, a tag or a commit
    #[arg(long, value_name = "REF", add = ArgValueCompleter::new(complete::revisions))]
    pub(crate) base: String,
    /// Look at what merging HEAD into REF would give, in memory; what is not committed is no part of it
    #[arg(long)]
    pub(crate) merge: bool,
    /// Whose rules, kinds, people and acknowledgements count: those of REF or, to try them, those of the change
    #[arg(long, value_name = "WHOSE", default_value = "base", hide_default_value = true)]
    pub(crate) policy: Judged,
    /// The form of the result; forms for findings alone have those [default: text, with annotations in GitHub Actions]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Write the result in this form to a file as well, as in sarif=pmkit.sarif; may be given several times
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = report_file)]
    pub(crate) reports: Vec<ReportFile>,
    /// What tells this comment from those of other checks on the same pull request [default: pmkit]
    #[arg(long, value_name = "NAME", default_value = "pmkit", hide_default_value = true)]
    pub(crate) check_id: String,
    /// Exit with 0 whatever is found
    #[arg(long)]
    pub(crate) exit_zero: bool,
}

/// Whose rules a change is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Judged {
    Base,
    Head,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
    Jsonl,
    Github,
    Gitlab,
    Sarif,
    Junit,
    Rdjson,
    Markdown,
}

/// A file that a result is written to as well.
#[derive(Debug, Clone)]
pub(crate) struct ReportFile {
    pub(crate) format: Format,
    pub(crate) file: PathBuf,
}

/// Reads `FORMAT=FILE`.
fn report_file(text: &str) -> Result<ReportFile, String> {
    let (format, file) = text.split_once('=').filter(|(_, file)| !file.is_empty()).ok_or_else(|| {
        "write a form and a file with `=` between them, as in markdown=comment.md".to_owned()
    })?;
    let format = Format::from_str(format, false).map_err(|_| {
        let all = Format::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let all: Vec<String> = all.map(|known| known.get_name().to_owned()).collect();
        format!("`{format}` is no form of a result; use one of: {}", all.join(", "))
    })?;
    Ok(ReportFile { format, file: PathBuf::from(file) })
}
