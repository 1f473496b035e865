//! The arguments of commands that change records.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use crate::complete;

/// What to do with changes to records.
#[derive(Debug, Args)]
pub(crate) struct Writing {
    /// Say what would be changed, place by place, and change nothing
    #[arg(long, conflicts_with_all = ["diff", "commit"])]
    pub(crate) dry_run: bool,
    /// Show what would be changed as a diff, and change nothing
    #[arg(long, conflicts_with = "commit")]
    pub(crate) diff: bool,
    /// Commit what was changed and nothing else, on HEAD; hooks are not run, and commits are not signed
    #[arg(long)]
    pub(crate) commit: bool,
}

impl Writing {
    /// Says whether anything is to be written.
    pub(crate) fn writes(&self) -> bool {
        !self.dry_run && !self.diff
    }
}

/// Change fields of records in place
///
/// Only the bytes of the values change. Values are checked as in pmkit new: names may be shortened (like=4), days counted
/// (due=+5bd), and `due=` leaves a field blank; += and -= add to lists and take out of them. A move to another state must be one
/// that the kind has, and what has been decided stays as it was. Several records change together, or none.
///
/// Example: pmkit set RFC-0007 status=accepted --if status=review --commit
#[derive(Debug, Args)]
pub(crate) struct Set {
    /// Ids or paths of records, and what becomes of their fields: field=value, field+=value, field-=value
    #[arg(value_name = "ID|FIELD=VALUE", required = true, add = ArgValueCompleter::new(complete::settings))]
    pub(crate) words: Vec<String>,
    /// Only where this holds for each of the records, as in status=review; else nothing is changed, and the exit code is 2
    #[arg(long = "if", value_name = "EXPR", add = ArgValueCompleter::new(complete::expression))]
    pub(crate) conditions: Vec<String>,
    #[command(flatten)]
    pub(crate) writing: Writing,
}

/// Let one record take another one's place
///
/// Both sides say so: the new record names the old one, the old one names the new one, and its status says superseded. Which
/// fields say it is for the kinds to tell. A record that has been decided is replaced in no other way.
///
/// Example: pmkit supersede RFC-0004 --by RFC-0009
#[derive(Debug, Args)]
pub(crate) struct Supersede {
    /// The id or path of the record that is replaced
    #[arg(value_name = "OLD", add = ArgValueCompleter::new(complete::records))]
    pub(crate) old: String,
    /// The id or path of the record that replaces it
    #[arg(long, value_name = "NEW", add = ArgValueCompleter::new(complete::records))]
    pub(crate) by: String,
    #[command(flatten)]
    pub(crate) writing: Writing,
}

/// Hand what somebody still has to do over to somebody else
///
/// That is what they own, and where it is or will be their turn, in records that are neither at their end nor decided. What
/// tells who did something stays: who raised it, who approved it.
///
/// Example: pmkit reassign lee ana raid --in checkout
#[derive(Debug, Args)]
pub(crate) struct Reassign {
    /// Who hands over, by any of their names
    #[arg(value_name = "FROM", add = ArgValueCompleter::new(complete::people))]
    pub(crate) from: String,
    /// Who takes over
    #[arg(value_name = "TO", add = ArgValueCompleter::new(complete::people))]
    pub(crate) to: String,
    /// Only records of these kinds or groups [default: all]
    #[arg(value_name = "KIND", add = ArgValueCompleter::new(complete::kinds_and_groups))]
    pub(crate) kinds: Vec<String>,
    /// Only those for which this holds, as in 'open and due<today'
    #[arg(long = "where", value_name = "EXPR", add = ArgValueCompleter::new(complete::expression))]
    pub(crate) conditions: Vec<String>,
    /// Only those of this initiative
    #[arg(long = "in", value_name = "INITIATIVE", add = ArgValueCompleter::new(complete::initiatives))]
    pub(crate) initiative: Option<String>,
    #[command(flatten)]
    pub(crate) writing: Writing,
}

/// Give a record another number, and change it wherever the record is named
///
/// The file's name, its id and headings, and every mention and link change in one step: in all records, and in every text
/// that git tracks. Code and configuration are not changed, but told where they name it. Where two files hold one id, name
/// one by its path: what leads to that file is changed, and what names the id alone is listed, each place with the record
/// that is likely meant.
///
/// Example: pmkit renumber docs/rfcs/0007-sessions.md --dry-run
#[derive(Debug, Args)]
pub(crate) struct Renumber {
    /// The id or path of the record
    #[arg(value_name = "ID|PATH", add = ArgValueCompleter::new(complete::records))]
    pub(crate) record: String,
    /// The number it gets, or the id with it [default: the next free number, as pmkit new would take it]
    #[arg(value_name = "NEW")]
    pub(crate) new: Option<String>,
    #[command(flatten)]
    pub(crate) writing: Writing,
}
