//! The single biggest risk to the next two weeks: which of the open items of a board that is, and why.
//!
//! How much each thing weighs is told on docs/weekly-rhythm.md, where it can be disputed.

use std::cmp::Reverse;

use crate::board::Colour;
use crate::board::Item;
use crate::board::Weight;
use crate::date::Date;

/// How many days ahead a risk must be felt to count as near.
pub(super) const FORTNIGHT: i32 = 14;

/// An item of a board that was picked.
#[derive(Debug)]
pub struct Pick<'a> {
    /// The item.
    pub item: &'a Item<'a>,
    /// Why, the strongest reason first.
    pub because: Vec<Reason>,
    /// Whether somebody named it instead of what would have been picked.
    pub named: bool,
}

/// Why an item weighs what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// None matters more: so much.
    Highest(String),
    /// It matters: so much.
    Matters(String),
    /// It mattered less: from there to here.
    Rose(String, String),
    /// A deadline has passed by so many days.
    Late(i64),
    /// A deadline lies within two weeks.
    Due(Date),
    /// A deadline was put off so many times.
    Slipped(usize),
    /// A date lies so many days after the one it should keep to.
    After(i64),
    /// Its state says so.
    Stands(String),
    /// Nobody has said how much it matters.
    Unscored,
}

/// Returns the open items of `items` that are a risk, the biggest first; `today` is the day that is looked ahead from.
pub(super) fn ranked<'a>(items: &'a [Item<'a>], today: Date) -> Vec<&'a Item<'a>> {
    let mut open: Vec<&Item<'_>> = items.iter().filter(|item| item.open).collect();
    open.sort_by_key(|item| (Reverse(points(item, today)), item.record.id(), &item.record.path));
    open
}

/// Returns how much `item` weighs.
fn points(item: &Item<'_>, today: Date) -> i64 {
    reasons(item, today).iter().map(|(points, _)| points).sum()
}

/// Returns what speaks for `item`, each with what it weighs, the strongest first.
fn reasons(item: &Item<'_>, today: Date) -> Vec<(i64, Reason)> {
    let mut found = Vec::new();
    match &item.weight {
        Weight::Known(level) => {
            found.push((i64::from(level.place), Reason::Matters(level.shown())));
            let before = item.weighed.as_ref().and_then(Weight::level);
            if let Some(before) = before.filter(|before| level.is_above(before)) {
                found.push((150, Reason::Rose(before.shown(), level.shown())));
            }
        }
        Weight::Missing => found.push((350, Reason::Unscored)),
        Weight::Unasked => {
            let points = match item.colour {
                Colour::Red => 800,
                Colour::Amber => 500,
                Colour::Green => 200,
            };
            let state = item.record.state.as_deref().unwrap_or_default().replace(['-', '_'], " ");
            found.push((points, Reason::Stands(state)));
        }
    }
    if item.days_late > 0 {
        found.push((150 + (item.days_late * 5).min(100), Reason::Late(item.days_late)));
    } else if let Some(date) = item.deadline.filter(|date| today.days_until(*date) <= i64::from(FORTNIGHT)) {
        found.push((100, Reason::Due(date)));
    }
    if item.slips > 0 {
        let slips = i64::try_from(item.slips.min(4)).unwrap_or(4);
        found.push((50 * slips, Reason::Slipped(item.slips)));
    }
    if let Some(days) = item.days_after {
        found.push(((days * 2).min(60), Reason::After(days)));
    }
    found.sort_by_key(|(points, _)| Reverse(*points));
    found
}

/// Returns the reasons for `item`, of `items`, as they are told: what says something that can be pointed at.
pub(super) fn because(item: &Item<'_>, items: &[&Item<'_>], today: Date) -> Vec<Reason> {
    let place = |item: &Item<'_>| item.weight.level().map(|level| (level.place, level.number));
    let highest = place(item).is_some() && items.iter().all(|other| place(other) <= place(item));
    let mut told: Vec<Reason> = Vec::new();
    for (_, reason) in reasons(item, today) {
        told.push(match reason {
            Reason::Matters(shown) if highest => Reason::Highest(shown),
            reason => reason,
        });
    }
    // What is told by a promise kept too late need not be told by a state that says all is well.
    let stronger =
        told.iter().any(|reason| matches!(reason, Reason::After(_) | Reason::Slipped(_) | Reason::Late(_)));
    let stands = |reason: &Reason| matches!(reason, Reason::Stands(_));
    if stronger && !item.kind.lifecycle.red.iter().any(|red| Some(red) == item.record.state.as_ref()) {
        told.retain(|reason| !stands(reason));
    }
    told
}
