//! The board of a log: what is open, what is late, and whether a piece of work is red, amber or green, and why.
//!
//! Nobody types a colour. It is worked out from what the records say, by keys of their kind files, and told with its
//! reason, so that whoever doubts it can look it up. What has moved is told by comparing with the records as they were.

use std::collections::HashMap;

use crate::config::Config;
use crate::date::Date;
use crate::history::Slip;
use crate::history::Timelines;
use crate::kind::Kind;
use crate::kind::Suggestion;
use crate::record::Record;
use crate::record::RecordId;
use crate::record::Stale;
use crate::workspace::Workspace;

mod moved;
mod signal;
mod verdict;
mod weight;

pub use moved::Came;
pub use moved::Moved;
pub use signal::Colour;
pub use signal::Signal;
pub use verdict::Verdict;
pub use weight::Level;
pub use weight::Weight;

/// The group of the kinds that make up the board.
pub const GROUP: &str = "raid";

/// How many days ahead count as soon, and how many back as new.
pub const WEEK: i32 = 7;

/// What a board is made from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The records as they are.
    pub workspace: &'a Workspace<'a>,
    /// Which of them, and of the earlier ones, are looked at.
    pub wanted: &'a dyn Fn(&Record) -> bool,
    /// The records as they were a week ago, where that is known.
    pub earlier: Option<&'a Earlier>,
    /// What git knows of them, where it can be read.
    pub timelines: Option<&'a Timelines<'a>>,
    /// The day.
    pub today: Date,
}

/// The records at the end of an earlier day.
#[derive(Debug)]
pub struct Earlier {
    /// The day.
    pub day: Date,
    /// The records.
    pub records: Vec<Record>,
}

/// A board.
#[derive(Debug)]
pub struct Board<'a> {
    /// What is on it, in order.
    pub items: Vec<Item<'a>>,
    /// What is to be said of each piece of work, the worst first.
    pub verdicts: Vec<Verdict<'a>>,
    /// What has moved, where that is known.
    pub moved: Option<Moved>,
}

/// A record on a board.
#[derive(Debug)]
pub struct Item<'a> {
    /// The index of the record in the workspace.
    pub index: usize,
    /// The record.
    pub record: &'a Record,
    /// Its kind.
    pub kind: &'a Kind,
    /// Whether it is open, as against one that a deadline of its own brings back.
    pub open: bool,
    /// The part of the board it stands in.
    pub label: Label,
    /// How it came on the board since a week ago; `None` where it was there, is not open, or that is not known.
    pub came: Option<Came>,
    /// How much it matters.
    pub weight: Weight<'a>,
    /// How much it mattered a week ago, where it was there.
    pub weighed: Option<Weight<'a>>,
    /// The first of its deadlines that run.
    pub deadline: Option<Date>,
    /// By how many days that has passed; 0 where it has not.
    pub days_late: i64,
    /// By how many days a date of it lies after the one it should keep to.
    pub days_after: Option<i64>,
    /// How many times one of its deadlines was put off; that with the most.
    pub slips: usize,
    /// What may be made of it, as it stands.
    pub suggested: Vec<Suggestion>,
    /// Since when nobody has looked at it, where that is too long.
    pub stale: Option<Stale>,
    /// What makes it red or amber.
    pub signals: Vec<Signal>,
    /// Its colour.
    pub colour: Colour,
}

/// The parts of a board, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    /// A deadline has passed.
    Late,
    /// A deadline is near.
    Soon,
    /// It came in this week.
    New,
    /// All else.
    Later,
}

impl Label {
    /// Returns the word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Soon => "soon",
            Self::New => "new",
            Self::Later => "later",
        }
    }
}

impl Item<'_> {
    /// Returns the initiative it belongs to.
    #[must_use]
    pub fn initiative(&self) -> Option<&str> {
        self.record.text(self.kind, "initiative")
    }

    /// Says whether it has no next step where its kind asks for one.
    #[must_use]
    pub fn lacks_next_step(&self) -> bool {
        signal::lacks_next_step(self.record, self.kind)
    }
}

/// Returns the indices of the kinds whose records are on a board.
#[must_use]
pub fn kinds(config: &Config) -> Vec<usize> {
    let all = config.kinds.all().iter().enumerate();
    all.filter(|(_, kind)| is_on_board(kind)).map(|(index, _)| index).collect()
}

/// Says whether the records of `kind` are on a board. As everywhere, letter case does not tell groups apart.
#[must_use]
pub fn is_on_board(kind: &Kind) -> bool {
    kind.group.as_deref().is_some_and(|group| group.eq_ignore_ascii_case(GROUP))
}

/// Makes the board of the records of `sources`.
#[must_use]
pub fn board(sources: Sources<'_>) -> Board<'_> {
    let Sources { workspace, wanted, earlier, timelines, today } = sources;
    let kinds = &workspace.config.kinds;
    let on_board = kinds.all().iter().map(is_on_board).collect::<Vec<_>>();
    let counts = |record: &&Record| on_board[record.kind] && wanted(record);
    let before: Option<HashMap<RecordId, &Record>> = earlier.map(|earlier| {
        let records = earlier.records.iter().filter(|record| on_board[record.kind]);
        records.filter_map(|record| Some((record.id()?, record))).collect()
    });
    let slips = Slips::of(timelines, workspace);
    let mut items: Vec<Item<'_>> = Vec::new();
    for (index, record) in workspace.records.iter().enumerate().filter(|(_, record)| counts(record)) {
        let then = before.as_ref().and_then(|before| before.get(&record.id()?).copied());
        let other = then.is_some_and(|then| !wanted(then));
        let known = Known { then, other, compared: before.is_some(), today };
        items.extend(item(index, record, kinds.at(record.kind), known));
    }
    for item in &mut items {
        let slip = slips.most(item.record);
        item.slips = slip.map_or(0, |slip| slip.count);
        item.suggested = suggested(workspace, item, slip);
    }
    items.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| name(a).cmp(&name(b))));
    let moved = earlier
        .zip(before.as_ref())
        .map(|(earlier, before)| Moved::between(earlier.day, before, &items, wanted, workspace));
    let verdicts = verdict::verdicts(&items, workspace.config, today);
    Board { items, verdicts, moved }
}

/// Returns what may be made of a record as it stands on the board: what findings of the rules would suggest that tell the same of it,
/// but for what has been made already.
fn suggested(workspace: &Workspace<'_>, item: &Item<'_>, slip: Option<Slip>) -> Vec<Suggestion> {
    let kinds = &workspace.config.kinds;
    let Some(name) = item.record.id_text(kinds) else { return Vec::new() };
    let holds = [
        ("late-promise", item.days_after.is_some_and(|days| days > 0)),
        ("slipping", slip.is_some_and(Slip::is_often)),
        ("overdue", item.days_late > 0),
    ];
    let mut found: Vec<Suggestion> = Vec::new();
    for (rule, _) in holds.iter().filter(|(_, holds)| *holds) {
        for (to, birth) in kinds.called_for(item.record.kind, item.record.state.as_deref(), rule) {
            let suggestion = kinds.suggestion(to, birth, &name);
            if workspace.in_the_way(item.index, to, birth).is_none() && !found.contains(&suggestion) {
                found.push(suggestion);
            }
        }
    }
    found
}

/// Returns the indices of the kinds of which a record that was made of one on the board keeps another from being made.
#[must_use]
pub fn kinds_in_the_way(config: &Config) -> Vec<usize> {
    let kinds = config.kinds.all();
    let on_board: Vec<&Kind> = kinds.iter().filter(|kind| is_on_board(kind)).collect();
    let once = |kind: &Kind| {
        kind.births.iter().any(|birth| birth.once && on_board.iter().any(|from| birth.is_from(from)))
    };
    kinds.iter().enumerate().filter(|(_, kind)| once(kind)).map(|(index, _)| index).collect()
}

/// What is known of a record besides itself.
#[derive(Clone, Copy)]
struct Known<'a> {
    /// The record a week ago.
    then: Option<&'a Record>,
    /// Whether that one is not among those looked at: it belonged to another piece of work.
    other: bool,
    /// Whether it is known which records there were then.
    compared: bool,
    today: Date,
}

/// Returns `record` as it stands on the board; `None` where it is not on it.
fn item<'a>(index: usize, record: &'a Record, kind: &'a Kind, known: Known<'a>) -> Option<Item<'a>> {
    let today = known.today;
    let open = record.state.as_deref().is_some_and(|state| kind.lifecycle.is_open(state));
    let deadline = record.next_deadline(kind).map(|deadline| deadline.date);
    let away = deadline.map(|date| today.days_until(date));
    let late = away.is_some_and(|days| days < 0);
    let soon = away.is_some_and(|days| days <= i64::from(WEEK));
    if !open && !soon {
        return None;
    }
    let weight = Weight::of(record, kind);
    let created = record.field(kind, "created").and_then(|created| created.value.as_date());
    let young = created.is_some_and(|day| day >= today.plus_days(-WEEK));
    let came = if open { moved::came(record, kind, known) } else { None };
    // What was there a week ago is not new, whatever day it gives.
    let fresh = if known.compared { came == Some(Came::New) } else { young };
    let label = match () {
        () if late => Label::Late,
        // A fresh record has a deadline that asks for triage: that it is new says more.
        () if open && fresh && weight == Weight::Missing => Label::New,
        () if soon => Label::Soon,
        () if open && came == Some(Came::New) => Label::New,
        () => Label::Later,
    };
    let days_late = away.map_or(0, |days| (-days).max(0));
    let days_after = if open { signal::days_after(record, kind) } else { None };
    let signals = signal::signals(record, kind, known.then, days_late);
    let colour = signal::colour(&signals);
    Some(Item {
        index,
        record,
        kind,
        open,
        label,
        came,
        weight,
        weighed: known.then.map(|then| Weight::of(then, kind)),
        deadline,
        days_late,
        days_after: days_after.map(|after| after.days),
        slips: 0,
        suggested: Vec::new(),
        stale: record.stale(kind, today).next().filter(|_| open),
        signals,
        colour,
    })
}

/// Returns what items are put in order by.
fn order(item: &Item<'_>) -> impl Ord + use<> {
    let pressing = matches!(item.label, Label::Late | Label::Soon);
    let day = |counts: bool| counts.then_some((item.deadline.is_none(), item.deadline));
    (item.label, day(pressing), item.weight.order(item.colour), day(!pressing))
}

fn name<'a>(item: &Item<'a>) -> (bool, Option<RecordId>, &'a str) {
    (item.record.id().is_none(), item.record.id(), &item.record.path)
}

/// How often deadlines were put off, by the file of the record.
struct Slips<'a>(HashMap<&'a str, Slip>);

impl<'a> Slips<'a> {
    fn of(timelines: Option<&Timelines<'_>>, workspace: &'a Workspace<'_>) -> Self {
        let Some(timelines) = timelines else { return Self(HashMap::new()) };
        let kinds = &workspace.config.kinds;
        let slips = timelines.slips(kinds);
        if slips.is_empty() {
            return Self(HashMap::new());
        }
        let most = |record: &Record| {
            let timeline = timelines.at(&record.path)?;
            let fields = record.deadlines(kinds.at(record.kind)).filter(|deadline| deadline.runs);
            fields
                .filter_map(|deadline| timeline.slip(deadline.written.field, &slips))
                .max_by_key(|slip| slip.count)
        };
        Self(
            workspace
                .records
                .iter()
                .filter_map(|record| Some((record.path.as_str(), most(record)?)))
                .collect(),
        )
    }

    fn most(&self, record: &Record) -> Option<Slip> {
        self.0.get(record.path.as_str()).copied()
    }
}
