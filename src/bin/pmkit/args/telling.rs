//! The commands of the weekly rhythm: what is told of the time behind us, what the next sync is about, where a piece of work stands.

use clap::Args;
use clap::ValueEnum;
use clap_complete::engine::ArgValueCompleter;

use crate::complete;

/// Make the agenda of the next sync: what was learnt, what may be the one priority, the biggest risk
///
/// Five minutes for insights and assumptions found true or false, with the decisions on them; ten for what may be the one
/// priority of the week; fifteen for the biggest risk to the next two weeks, with the reason it was picked. What the last sync
/// left to do is carried over until it is ticked. Merges and status are in pmkit digest. Deadlines of records on branches of
/// remotes count too, and are marked.
///
/// Example: pmkit agenda --in checkout --new
#[derive(Debug, Args)]
pub(crate) struct Agenda {
    /// The day of the sync [default: the next one planned, or the weekday of the last; a Monday where there was none]
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<String>,
    /// Take this record for the biggest risk
    #[arg(long, value_name = "ID", add = ArgValueCompleter::new(complete::records))]
    pub(crate) risk: Option<String>,
    /// Write it as a record, from which the next agenda goes on
    #[arg(long, conflicts_with = "format")]
    pub(crate) new: bool,
    /// Only records of this initiative
    #[arg(long = "in", value_name = "INITIATIVE", add = ArgValueCompleter::new(complete::initiatives))]
    pub(crate) initiative: Option<String>,
    /// The form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_default_value = true)]
    pub(crate) format: PaperFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PaperFormat {
    Text,
    Markdown,
    Html,
}

/// Tell what has happened: what was decided, new and moved risks, what slipped, who is asked for what, what comes next
///
/// Told from what is committed, so that the same commit and day give the same words. At most 200 of them, what matters least
/// left out first, and said. For one person with --for: what names them in a field of people, and what their stakeholder record
/// says they follow.
///
/// Example: pmkit digest --since 7d --for priya
#[derive(Debug, Args)]
pub(crate) struct Digest {
    /// From then on: a day, a time before today as in 7d or 2w, or after a revision as in v1.2
    #[arg(long, value_name = "WHEN", default_value = "7d")]
    pub(crate) since: String,
    /// Only what concerns this person
    #[arg(long = "for", value_name = "NAME", add = ArgValueCompleter::new(complete::people))]
    pub(crate) audience: Option<String>,
    /// Only records of this initiative
    #[arg(long = "in", value_name = "INITIATIVE", add = ArgValueCompleter::new(complete::initiatives))]
    pub(crate) initiative: Option<String>,
    /// The most words; 0 for as many as there are
    #[arg(long, value_name = "NUMBER", default_value_t = pmkit::rhythm::DIGEST_WORDS)]
    pub(crate) words: usize,
    /// The form of the result; slack is one message of its Block Kit a line
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_default_value = true)]
    pub(crate) format: DigestFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DigestFormat {
    Text,
    Markdown,
    Html,
    Slack,
}

/// Show where a piece of work stands: its colour and why, decisions, RAID, promises, people
///
/// An initiative is what records name in their field `initiative`; pmkit.toml says what it is called and who keeps it.
///
/// Example: pmkit initiative checkout --format html > checkout.html
#[derive(Debug, Args)]
pub(crate) struct Initiative {
    /// The initiative [default: the one there is]
    #[arg(value_name = "NAME", add = ArgValueCompleter::new(complete::initiatives))]
    pub(crate) name: Option<String>,
    /// The form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_default_value = true)]
    pub(crate) format: PaperFormat,
}
