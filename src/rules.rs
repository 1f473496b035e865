//! The rules: plain functions, each finding one sort of departure for every kind at once.
//!
//! A rule's page is what `pmkit explain` prints, and a test suite besides: its `bad` examples must trip the rule and no
//! other, its `good` ones none. Adding a rule: its file here, its page under `docs/rules/`, two lines below.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::config::Config;
use crate::date::Date;
use crate::diagnostic::Level;
use crate::document::Document;
use crate::document::Unreadable;
use crate::history::Commit;
use crate::history::Event;
use crate::history::Fixed;
use crate::history::Move;
use crate::history::Renumbered;
use crate::history::Slip;
use crate::history::Timeline;
use crate::history::Timelines;
use crate::kind::FieldType;
use crate::kind::Items;
use crate::kind::Kind;
use crate::kind::Required;
use crate::kind::SectionSpec;
use crate::record::FieldValue;
use crate::record::Record;
use crate::record::RecordId;
use crate::record::is_placeholder;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::workspace::Inputs;
use crate::workspace::Workspace;

mod broken_configuration;
mod broken_link;
mod changed_after_decision;
mod conflict_markers;
mod dangling_reference;
mod decided_alone;
mod decided_before_close;
mod duplicate_id;
mod duplicate_key;
mod empty_section;
mod expired_acknowledgement;
mod hidden_characters;
mod id_mismatch;
mod illegal_move;
mod incomplete_item;
mod invalid_acknowledgement;
mod invalid_value;
mod late_promise;
mod malformed_front_matter;
mod missing_companion;
mod missing_field;
mod missing_front_matter;
mod missing_section;
mod name_collision;
mod one_sided_link;
mod outside_period;
mod over_budget;
mod owner_gone;
mod overdue;
mod pattern;
mod policy_weakened;
mod quiet_reinstatement;
mod residual_above_inherent;
mod retired_reference;
mod reused_id;
mod score_mismatch;
mod section_order;
mod shaken_ground;
mod short_comment_period;
mod slipping;
mod stale_baseline;
mod stale_review;
mod supersession_cycle;
mod taken_id;
mod team_as_owner;
mod template_left_over;
mod title_mismatch;
mod too_few_items;
mod too_many_items;
mod unanswered_objection;
mod unanswered_question;
mod unknown_field;
mod unknown_kind;
mod unknown_owner;
mod unlanded;
mod unpadded_mention;
mod unreadable_file;
mod unready;
mod unsourced_quote;
mod untouched;
mod unused_acknowledgement;
mod wrong_target;

pub use decided_alone::Approval;
pub use decided_alone::approval;
pub use unanswered_question::Question;
pub use unanswered_question::questions;

/// The rule about acknowledgements that hold for nothing as they are written.
pub const INVALID: &str = invalid_acknowledgement::RULE.id;
/// The rule about decided texts that were changed. What it finds cannot be acknowledged where it was done.
pub const CHANGED: &str = changed_after_decision::RULE.id;
/// The rule about deadlines that keep moving.
pub const SLIPPING: &str = slipping::RULE.id;
/// The rule about acknowledgements that no longer hold.
pub const EXPIRED: &str = expired_acknowledgement::RULE.id;
/// The rule about acknowledgements of something that is not found.
pub const UNUSED: &str = unused_acknowledgement::RULE.id;
/// The rule about changes that leave what steers the tree broken.
pub const BROKEN: &str = broken_configuration::RULE.id;
/// The rule about changes that make what steers the tree less strict.
pub const WEAKENED: &str = policy_weakened::RULE.id;
/// The rule about findings that are written down as known and are not there.
pub const STALE_BASELINE: &str = stale_baseline::RULE.id;

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name, which says the defect and reads well after "allow".
    pub id: &'static str,
    /// How much it matters where nobody says otherwise.
    pub level: Level,
    /// Its page.
    pub page: &'static str,
    /// Whether some of its findings come with a fix.
    pub fixes: bool,
    /// The function, whose signature is what it may look at.
    pub check: Check,
}

/// What a rule looks at.
#[derive(Debug)]
pub enum Check {
    /// A file that could not be read as a document.
    File(fn(&Unreadable, &mut Sink<'_>)),
    /// One record.
    Record(fn(&Subject<'_>, &mut Sink<'_>)),
    /// All records together, without their texts.
    Workspace(fn(&Workspace<'_>, &mut Sink<'_>)),
    /// What documents say about their own findings, looked at when all others have run.
    Acknowledgements,
    /// What a change makes of what steers the tree, looked at where a change is checked.
    Steering,
    /// What the team has written down as known, looked at last.
    Baseline,
    /// All records together, on a day.
    Day(fn(&Workspace<'_>, Date, &mut Sink<'_>)),
    /// All records together, with the files they came from and those around them.
    Tree(fn(&Workspace<'_>, Inputs<'_>, &mut Sink<'_>)),
    /// All records together, with what there is on other branches.
    Elsewhere(fn(&Workspace<'_>, &Elsewhere, &mut Sink<'_>)),
    /// All records together, with what people have done of late.
    Activity(fn(&Workspace<'_>, Activity<'_>, &mut Sink<'_>)),
    /// One record whose text has been decided and has changed since, if only in ways that do not count.
    Decided(fn(&Subject<'_>, &Decided, &mut Sink<'_>)),
    /// One record that has been committed, with what has happened to it.
    History(fn(&Past<'_>, &mut Sink<'_>)),
    /// All records together, with what has happened to every document there ever was.
    Histories(fn(&Workspace<'_>, &Timelines<'_>, &mut Sink<'_>)),
}

/// What there is on other branches and in other worktrees.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Elsewhere {
    /// Numbers that branches have given too, in order of path.
    pub taken: Vec<TakenElsewhere>,
    /// Decided states that the main branch does not have, in order of path.
    pub unlanded: Vec<Unlanded>,
    /// Who had a hand in what a change did to records, in order of path; nothing where no change is looked at.
    pub moved: Vec<Moved>,
    /// Whom records that a change has changed named as approver before it, by the path they have now.
    pub approvers: BTreeMap<String, String>,
}

/// A decided state that the main branch does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlanded {
    /// The record.
    pub path: String,
    /// The state it has here, committed.
    pub state: String,
    /// The main branch.
    pub branch: String,
    /// The state it has there; `None` where it is not there, or has none.
    pub there: Option<String>,
}

/// Who had a hand in what a change did to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The record.
    pub path: String,
    /// The people, as the commits that changed it name them.
    pub hands: Vec<String>,
}

/// What people have done of late.
#[derive(Clone, Copy)]
pub struct Activity<'a> {
    /// The day.
    pub today: Date,
    /// Returns the last day on which somebody changed the record with this path, where that was not longer ago than any kind asks.
    pub touched: &'a dyn Fn(&str) -> Option<Date>,
    /// Returns the last day on which the person written so did anything in the repository; `None` where nobody so called ever has.
    pub last_seen: &'a dyn Fn(&str) -> Option<Date>,
}

impl Elsewhere {
    /// That there is nothing.
    pub const NOTHING: Self =
        Self { taken: Vec::new(), unlanded: Vec::new(), moved: Vec::new(), approvers: BTreeMap::new() };
}

/// A number that was given twice, here and elsewhere, since the two parted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenElsewhere {
    /// The record here.
    pub path: String,
    /// The id of both.
    pub id: RecordId,
    /// The other record.
    pub by: String,
    /// Where that is.
    pub place: Place,
    /// Whether it is the branch everybody's work ends up in, so that the two are sure to meet.
    pub certain: bool,
    /// Whether the record here is on that branch already, so that it is for the other one to give way.
    pub landed: bool,
}

/// Where another record may be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// At the tip of a branch, by its name.
    Branch(String),
    /// In the files of another worktree, by its folder.
    Worktree(PathBuf),
}

impl Place {
    /// Returns where that is, in words: `on main`.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Branch(name) => format!("on {name}"),
            Self::Worktree(folder) => format!("in the worktree {}", folder.display()),
        }
    }
}

/// How a record was when it was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The whole text.
    pub text: String,
    /// The whole text in the last commit, where it is not what there is now.
    pub committed: Option<String>,
    /// The last commit that changed words of it since.
    pub changed_in: Option<Commit>,
    /// The last commit that changed each of its fields since, by the index of the field.
    pub fields_in: BTreeMap<usize, Commit>,
    /// Ids that records have had.
    pub renumbered: Arc<Renumbered>,
    /// Whether a change to it has been approved that no commit has made yet.
    pub settled: bool,
}

impl Decided {
    /// Returns how the document `fixed` of `timelines` was when it was decided, which was `text`. `committed` is the text in the last
    /// commit, where it is not what there is now.
    #[must_use]
    pub fn new(
        fixed: &Fixed<'_>,
        timelines: &Timelines<'_>,
        text: String,
        committed: Option<String>,
        renumbered: Arc<Renumbered>,
    ) -> Self {
        let commit = |event: &Event| timelines.history().wrote(event).clone();
        let changed_in = fixed.rewritten.last().copied().map(commit);
        let fields_in = fixed.fields.iter().map(|(field, event)| (*field, commit(event))).collect();
        Self { text, committed, changed_in, fields_in, renumbered, settled: fixed.settled }
    }
}

/// Returns the rule that tells that the file of `record` is gone, where it does, with its finding.
#[must_use]
pub fn when_gone(record: &Record, config: &Config) -> Option<(&'static str, Finding)> {
    let finding = changed_after_decision::gone(record, config.kinds.at(record.kind), &config.kinds)?;
    Some((CHANGED, finding))
}

/// Says when and by whom something was committed.
fn said_of(commit: Option<&Commit>, config: &Config, today: Date) -> String {
    let Some(commit) = commit else { return "not committed yet".to_owned() };
    if commit.is_of_change() {
        return "in this change".to_owned();
    }
    let author = &commit.author;
    let people = &config.people;
    let handle = people.handle_of(&author.email).or_else(|| people.handle_of(&author.name));
    let who = handle.map_or_else(|| author.name.to_string(), str::to_owned);
    let day = commit.day();
    format!("since {}, in {} by {who}", day.said(today), commit.id.short())
}

/// One record with what has happened to it. Its text is not there.
#[derive(Clone, Copy)]
pub struct Past<'a> {
    /// The record, as it is now.
    pub record: &'a Record,
    /// Its kind.
    pub kind: &'a Kind,
    /// What the team has settled.
    pub config: &'a Config,
    /// The day.
    pub today: Date,
    /// What has happened.
    pub timeline: Timeline<'a>,
    /// The slips of all deadlines, by the index of the event that each is.
    pub slips: &'a HashMap<usize, Slip>,
}

impl<'a> Past<'a> {
    /// Returns what to call the record in a message.
    #[must_use]
    pub fn name(&self) -> String {
        self.record.name(&self.config.kinds)
    }

    /// Returns the last of its moves that no chain of the kind's moves allows and that was not taken back.
    fn illegal_move(&self) -> Option<Move<'a>> {
        let moves = self.timeline.moves(self.record.kind, self.record.state.as_deref());
        // Most records have never moved, and this is asked of each.
        if moves.is_empty() {
            return None;
        }
        let lifecycle = &self.kind.lifecycle;
        let states = lifecycle.states();
        let mut illegal: Vec<Move<'_>> = Vec::new();
        for moved in moves {
            // Whoever goes back to where it stood has taken it back, and what came of it.
            if let Some(at) = illegal.iter().position(|before| before.from == moved.to) {
                illegal.truncate(at);
                continue;
            }
            let known = [moved.from, moved.to].iter().all(|state| states.contains(state));
            if known && !lifecycle.reaches(moved.from, moved.to) {
                illegal.push(moved);
            }
        }
        illegal.pop()
    }

    /// Returns the last decision or end it had as a record of another kind, where it is not in that state now: becoming another kind
    /// decides nothing.
    fn left_behind(&self) -> Option<Move<'a>> {
        let kinds = &self.config.kinds;
        let mut left: Option<(&Event, &str)> = None;
        let mut became = None;
        for event in self.timeline.events().filter(|event| event.is_of_state()) {
            let Some(state) = event.new.as_deref() else { continue };
            if event.kind != self.record.kind {
                let lifecycle = &kinds.at(event.kind).lifecycle;
                let stays = lifecycle.is_decided(state) || lifecycle.is_ended(state);
                (left, became) = (stays.then_some((event, state)), None);
            } else if left.is_some() && became.is_none() {
                became = Some(event);
            }
        }
        let (_, from) = left?;
        let to = self.record.state.as_deref().filter(|to| *to != from)?;
        // What was decided anew as what it is now is another matter.
        let anew = became.is_some_and(|became| became.new.as_deref() == Some(from));
        (!anew).then_some(Move { from, to, event: became })
    }

    /// Says when and by whom an event was committed.
    fn said(&self, event: Option<&Event>) -> String {
        let commit = event.map(|event| self.timeline.history.wrote(event));
        said_of(commit, self.config, self.today)
    }
}

/// One record with everything a rule about it may know. There is no other record in it.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The record.
    pub record: &'a Record,
    /// Its text.
    pub document: &'a Document,
    /// Its kind.
    pub kind: &'a Kind,
    /// What the team has settled.
    pub config: &'a Config,
    /// The day.
    pub today: Date,
}

impl Subject<'_> {
    /// Returns what to call the record in a message.
    #[must_use]
    pub fn name(&self) -> String {
        self.record.name(&self.config.kinds)
    }

    /// Returns the people the record names in its fields, its owner first.
    fn people(&self) -> impl Iterator<Item = &str> {
        let owner = self.record.text(self.kind, "owner").into_iter();
        let named = |written: &'_ FieldValue| {
            matches!(self.kind.fields[written.field].value, FieldType::Person | FieldType::People)
        };
        let others = self.record.fields.iter().filter(move |written| named(written));
        owner.chain(others.flat_map(|written| written.value.texts())).filter(|name| !is_placeholder(name))
    }

    /// Says whether the record, in the state it is in, must have what is `required` so.
    #[must_use]
    pub fn needs(&self, required: &Required) -> bool {
        required.holds(self.record.state.as_deref(), |name| self.record.in_conditions(self.kind, name))
    }

    /// Says whether it makes sense to speak of sections: not in a record without front matter, whose state nobody knows,
    /// nor in one with an unresolved conflict, whose `=======` makes headings of the lines above.
    fn sections_are_sure(&self) -> bool {
        self.document.front_matter.is_some() && self.document.conflicts.is_empty()
    }

    /// Returns the sections in which the kind counts entries, in the state the record is in, each with the index of its
    /// heading in the outline and how many it has. Blank ones are left out: other rules tell of them.
    fn counted_sections(&self) -> impl Iterator<Item = (&SectionSpec, &Items, usize, u32)> {
        let outline = self.document.outline();
        let state = self.record.state.as_deref();
        self.kind.sections.iter().enumerate().filter_map(move |(at, spec)| {
            let items = spec.items.as_ref()?;
            let asked =
                items.states.is_empty() || items.states.iter().any(|known| Some(known.as_str()) == state);
            let index = self.record.section(at)?;
            let counts = asked && outline.is_filled(index) && self.sections_are_sure();
            let count = || match spec.each.is_empty() {
                true => outline.entries(index, &self.document.text),
                false => {
                    incomplete_item::entries(self.document, index, spec).len().try_into().unwrap_or(u32::MAX)
                }
            };
            counts.then(|| (spec, items, index, count()))
        })
    }

    /// Returns the sections with this `role` whose entries have their answers in the state the record is in, each with the
    /// index of its heading in the outline.
    fn answered_sections(&self, role: &'static str) -> impl Iterator<Item = (&SectionSpec, usize)> {
        let state = self.record.state.as_deref();
        self.kind.sections.iter().enumerate().filter_map(move |(at, spec)| {
            let asked = spec.answered_in.iter().any(|known| Some(known.as_str()) == state);
            if !asked || spec.role.as_deref() != Some(role) || !self.sections_are_sure() {
                return None;
            }
            Some((spec, self.record.section(at)?))
        })
    }

    /// Returns the sections of the kind the record must have and has, blank, each with the index of its heading in the
    /// outline.
    fn blank_sections(&self) -> impl Iterator<Item = (&SectionSpec, usize)> {
        let outline = self.document.outline();
        self.kind.sections.iter().enumerate().filter_map(move |(at, spec)| {
            let index = self.record.section(at)?;
            let blank = !outline.is_filled(index) && self.needs(&spec.required) && self.sections_are_sure();
            blank.then_some((spec, index))
        })
    }
}

/// Every rule, in the order the documentation lists them.
pub static RULES: &[Rule] = &[
    unreadable_file::RULE,
    conflict_markers::RULE,
    hidden_characters::RULE,
    missing_front_matter::RULE,
    malformed_front_matter::RULE,
    duplicate_key::RULE,
    unknown_field::RULE,
    unknown_kind::RULE,
    missing_field::RULE,
    invalid_value::RULE,
    team_as_owner::RULE,
    unknown_owner::RULE,
    owner_gone::RULE,
    score_mismatch::RULE,
    residual_above_inherent::RULE,
    short_comment_period::RULE,
    decided_before_close::RULE,
    late_promise::RULE,
    template_left_over::RULE,
    missing_section::RULE,
    empty_section::RULE,
    section_order::RULE,
    too_few_items::RULE,
    too_many_items::RULE,
    incomplete_item::RULE,
    unanswered_question::RULE,
    unanswered_objection::RULE,
    unsourced_quote::RULE,
    pattern::RULE,
    over_budget::RULE,
    id_mismatch::RULE,
    title_mismatch::RULE,
    duplicate_id::RULE,
    taken_id::RULE,
    name_collision::RULE,
    dangling_reference::RULE,
    unpadded_mention::RULE,
    broken_link::RULE,
    wrong_target::RULE,
    outside_period::RULE,
    retired_reference::RULE,
    shaken_ground::RULE,
    one_sided_link::RULE,
    supersession_cycle::RULE,
    changed_after_decision::RULE,
    illegal_move::RULE,
    quiet_reinstatement::RULE,
    reused_id::RULE,
    decided_alone::RULE,
    unlanded::RULE,
    slipping::RULE,
    overdue::RULE,
    unready::RULE,
    missing_companion::RULE,
    stale_review::RULE,
    untouched::RULE,
    invalid_acknowledgement::RULE,
    unused_acknowledgement::RULE,
    expired_acknowledgement::RULE,
    stale_baseline::RULE,
    broken_configuration::RULE,
    policy_weakened::RULE,
];

/// Returns the names of all rules.
#[must_use]
pub fn names() -> Vec<&'static str> {
    RULES.iter().map(|rule| rule.id).collect()
}

/// Returns the place of the rule called `id` among [`RULES`].
#[must_use]
pub fn index(id: &str) -> Option<usize> {
    RULES.iter().position(|rule| rule.id == id)
}

/// Returns the rule called `id`.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

impl Rule {
    /// Returns the part of its page that says why there is the rule.
    #[must_use]
    pub fn why(&self) -> &'static str {
        let (_, rest) = self.page.split_once("\n## Why\n").unwrap_or(("", self.page));
        rest.split("\n## ").next().unwrap_or_default().trim()
    }

    /// Returns the one sentence that says what the rule finds: the first line of text of its page.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.page
            .lines()
            .map(str::trim)
            .find(|line| !line.is_empty() && !line.starts_with('#'))
            .unwrap_or_default()
    }
}
