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
    /// Only what concerns this person: records that name them, or that they follow by a record of their own
    #[arg(long = "for", value_name = "NAME", add = ArgValueCompleter::new(complete::people))]
    pub(crate) person: Option<String>,
    /// What calendar programs are to call it [default: the folder, with the initiative and the person]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
}
