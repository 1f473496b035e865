//! The arguments of what is made for others to read: calendars and briefs.

use clap::Args;
use clap_complete::engine::ArgValueCompleter;

use super::Filter;
use crate::complete;

/// Write deadlines as a calendar that calendar programs read (iCalendar)
///
/// On standard output, all-day entries: every deadline that runs, late ones too, and other days that records are about, such as that of
/// a talk. Read again later, entries change with the record; what has ended before its day is called off. Nobody is invited.
///
/// Example: pmkit calendar --in checkout > checkout.ics
#[derive(Debug, Args)]
pub(crate) struct Calendar {
    #[command(flatten)]
    pub(crate) filter: Filter,
    /// Only these kinds or groups, as if they stood by themselves
    #[arg(long = "kind", value_name = "KIND", add = ArgValueCompleter::new(complete::kinds_and_groups))]
    pub(crate) kind: Vec<String>,
    /// Only what concerns this person: records that name them, or that they follow by a record of their own
    #[arg(long = "for", value_name = "NAME", add = ArgValueCompleter::new(complete::people))]
    pub(crate) person: Option<String>,
    /// What calendar programs are to call it [default: the folder, with the initiative and the person]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
}

/// Write a brief on a record: a message for its reviewers, or its facts for an assistant
///
/// For reviewers: the problem in two sentences, who is asked, by when. For sales, leadership and engineering: a prompt with the facts, which
/// are passages of the record and what git knows of it; what the record does not say is said to be missing. Nothing is sent anywhere.
/// A file .pmkit/briefs/NAME.md takes the place of one of these, or adds an audience.
///
/// Example: pmkit brief RFC-0011 --for reviewers
#[derive(Debug, Args)]
pub(crate) struct Brief {
    /// The id or path of a record
    #[arg(value_name = "ID", add = ArgValueCompleter::new(complete::records))]
    pub(crate) record: String,
    /// Whom it is for: reviewers, sales, leadership, engineering, or one of your own
    #[arg(long = "for", value_name = "AUDIENCE", required_unless_present = "plain", add = ArgValueCompleter::new(complete::briefs))]
    pub(crate) audience: Option<String>,
    /// The facts alone, without the words around them
    #[arg(long)]
    pub(crate) plain: bool,
}
