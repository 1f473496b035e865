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
}

/// Returns the verdicts on the initiatives of `items`, the worst first.
pub(super) fn verdicts<'a>(items: &[Item<'a>], config: &Config, today: Date) -> Vec<Verdict<'a>> {
    let mut groups: BTreeMap<Option<&'a str>, Vec<&Item<'a>>> = BTreeMap::new();
    for item in items {
        groups.entry(item.record.text(item.kind, "initiative")).or_default().push(item);
    }
    let one = |(initiative, items): (Option<&'a str>, Vec<&Item<'a>>)| {
        let colour = items.iter().map(|item| item.colour).max().unwrap_or(Colour::Green);
        let because = if colour == Colour::Green {
            next(&items, config, today).into_iter().collect()
        } else {
            reasons(&items, colour, config)
        };
        Verdict { initiative, colour, because }
    };
    let mut verdicts: Vec<Verdict<'a>> = groups.into_iter().map(one).collect();
    verdicts
        .sort_by_key(|verdict| (Reverse(verdict.colour), verdict.initiative.is_none(), verdict.initiative));
    verdicts
}

fn reasons(items: &[&Item<'_>], colour: Colour, config: &Config) -> Vec<String> {
    let mut worst: Vec<&&Item<'_>> = items.iter().filter(|item| item.colour == colour).collect();
    let by_itself = |item: &Item<'_>| item.signals.iter().any(|signal| signal.colour == colour);
    worst.sort_by_key(|item| (!by_itself(item), item.weight.order(item.colour), Reverse(item.days_late)));
    worst.into_iter().take(REASONS).map(|item| reason(item, config)).collect()
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

/// Says what is next, where nothing is wrong.
fn next(items: &[&Item<'_>], config: &Config, today: Date) -> Option<String> {
    let (date, item) = items
        .iter()
        .filter_map(|item| Some((item.deadline?, item)))
        .min_by_key(|(date, item)| (*date, item.record.id()))?;
    let name = item.record.name(&config.kinds);
    Some(format!("next is {name}, {}", date.said(today)))
}
