//! Red, amber or green: what is to be said of a piece of work, with the reason in a sentence.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Colour;
use super::Item;
use crate::config::Config;
use crate::date::Date;

/// The most reasons that are told.
const REASONS: usize = 2;

/// What is to be said of an initiative, or of all that belongs to none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict<'a> {
    /// The initiative.
    pub initiative: Option<&'a str>,
    /// Its colour: that of the worst item.
    pub colour: Colour,
    /// Why, the strongest reason first; of a green one what is next.
    pub because: Vec<String>,
    /// The records that the reasons are about, by their index in the workspace.
    pub about: Vec<usize>,
}

/// Returns the verdicts on the initiatives of `items`, the worst first.
pub(super) fn verdicts<'a>(items: &[Item<'a>], config: &Config, today: Date) -> Vec<Verdict<'a>> {
    let mut groups: BTreeMap<Option<&'a str>, Vec<&Item<'a>>> = BTreeMap::new();
    for item in items {
        groups.entry(item.record.text(item.kind, "initiative")).or_default().push(item);
    }
    let one = |(initiative, items): (Option<&'a str>, Vec<&Item<'a>>)| {
        let colour = items.iter().map(|item| item.colour).max().unwrap_or(Colour::Green);
        let about: Vec<&Item<'a>> = match colour {
            Colour::Green => next(&items).into_iter().collect(),
            _ => worst(&items, colour),
        };
        let because = about.iter().map(|item| match colour {
            Colour::Green => coming(item, config, today),
            _ => reason(item, config),
        });
        Verdict {
            initiative,
            colour,
            because: because.collect(),
            about: about.iter().map(|item| item.index).collect(),
        }
    };
    let mut verdicts: Vec<Verdict<'a>> = groups.into_iter().map(one).collect();
    verdicts
        .sort_by_key(|verdict| (Reverse(verdict.colour), verdict.initiative.is_none(), verdict.initiative));
    verdicts
}

/// Returns the items that are the reason for `colour`: first those that would be so for one thing alone, then what matters most.
fn worst<'i, 'a>(items: &[&'i Item<'a>], colour: Colour) -> Vec<&'i Item<'a>> {
    let mut worst: Vec<&Item<'a>> = items.iter().filter(|item| item.colour == colour).copied().collect();
    let by_itself = |item: &Item<'_>| item.signals.iter().any(|signal| signal.colour == colour);
    worst.sort_by_key(|item| (!by_itself(item), item.weight.order(item.colour), Reverse(item.days_late)));
    worst.truncate(REASONS);
    worst
}

/// Returns what makes an item as bad as it is: what is enough by itself, else what is together.
fn reason(item: &Item<'_>, config: &Config) -> String {
    let alone = item.signals.iter().filter(|signal| signal.colour == item.colour);
    let alone: Vec<&str> = alone.map(|signal| signal.told.as_str()).collect();
    let told = if alone.is_empty() {
        item.signals.iter().map(|signal| signal.told.as_str()).collect()
    } else {
        alone
    };
    let told = match told[..] {
        [first, .., last] => format!("{first}, {last}"),
        [only] => only.to_owned(),
        [] => String::new(),
    };
    format!("{} {told}", item.record.name(&config.kinds))
}

/// Returns the item whose deadline comes next.
fn next<'i, 'a>(items: &[&'i Item<'a>]) -> Option<&'i Item<'a>> {
    let dated = items.iter().filter(|item| item.deadline.is_some());
    dated.min_by_key(|item| (item.deadline, item.record.id())).copied()
}

/// Says what comes next, where nothing is wrong.
fn coming(item: &Item<'_>, config: &Config, today: Date) -> String {
    let day = item.deadline.map(|date| format!(", {}", date.said(today))).unwrap_or_default();
    format!("next is {}{day}", item.record.name(&config.kinds))
}
