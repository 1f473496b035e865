//! What makes a record red or amber, each with the words for it.

use super::Level;
use crate::kind::Field;
use crate::kind::Kind;
use crate::record::Record;
use crate::record::Value;

/// The colour of a record, or of a piece of work. The worse is the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colour {
    /// Nothing is said against it.
    Green,
    /// Somebody should look.
    Amber,
    /// Somebody must act.
    Red,
}

impl Colour {
    /// Returns the word for it in data.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }
}

/// Something that makes a record red or amber.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// What it makes it by itself.
    pub colour: Colour,
    /// What is so, after the name of the record: `has no owner`.
    pub told: String,
    /// Whether it is that a deadline has passed.
    pub late: bool,
}

/// Returns the colour that `signals` make together: what is late and amber for a reason of its own is red.
pub(super) fn colour(signals: &[Signal]) -> Colour {
    let worst = signals.iter().map(|signal| signal.colour).max().unwrap_or(Colour::Green);
    let late = signals.iter().any(|signal| signal.late);
    if late && signals.iter().any(|signal| !signal.late) { Colour::Red } else { worst }
}

/// Returns what is to be said against `record`, one of `kind`, whose first deadline has passed by `days_late`; `then` is the
/// record a week ago. The strongest comes first, lateness last.
pub(super) fn signals(record: &Record, kind: &Kind, then: Option<&Record>, days_late: i64) -> Vec<Signal> {
    let mut found = Vec::new();
    let state = record.state.as_deref().unwrap_or_default();
    if kind.lifecycle.is_open(state) {
        if let Some(colour) = among(state, &kind.lifecycle.red, &kind.lifecycle.amber) {
            found.push(Signal {
                colour,
                told: format!("is {}", state.replace(['-', '_'], " ")),
                late: false,
            });
        }
        for (index, field) in kind.fields.iter().enumerate() {
            found.extend(level(record, kind, then, index, field));
        }
        if let Some(After { days, promise, need }) = days_after(record, kind) {
            let told = after_words(days, promise, need);
            found.push(Signal { colour: Colour::Red, told, late: false });
        }
        let owner = record.field(kind, "owner");
        if kind.field("owner").is_some() && owner.is_none_or(|owner| owner.value == Value::Blank) {
            found.push(Signal { colour: Colour::Amber, told: "has no owner".to_owned(), late: false });
        }
        if lacks_next_step(record, kind) {
            let told = "has no next step".to_owned();
            found.push(Signal { colour: Colour::Amber, told, late: false });
        }
        found.sort_by_key(|signal| std::cmp::Reverse(signal.colour));
    }
    if days_late > 0 {
        let told = format!("is {} late", days(days_late));
        found.push(Signal { colour: Colour::Amber, told, late: true });
    }
    found
}

/// Says whether `record`, one of `kind`, has no next step where the kind asks for one.
pub(super) fn lacks_next_step(record: &Record, kind: &Kind) -> bool {
    let Some(field) = kind.field("next_step") else { return false };
    let asked = || field.required.holds(record.state.as_deref(), |name| record.in_conditions(kind, name));
    let blank = |value: &Value| match value {
        Value::Blank => true,
        Value::Text(text) => text.trim().is_empty(),
        _ => false,
    };
    record.field(kind, "next_step").is_none_or(|step| blank(&step.value)) && asked()
}

fn level(record: &Record, kind: &Kind, then: Option<&Record>, index: usize, field: &Field) -> Option<Signal> {
    if field.red.is_empty() && field.amber.is_empty() {
        return None;
    }
    let now = Level::of(record, kind, index)?;
    let colour = among(&now.name, &field.red, &field.amber)?;
    let before = then.and_then(|then| Level::of(then, kind, index));
    let told = match (before, now.number) {
        (Some(before), _) if now.is_above(&before) => format!("rose {} → {}", before.shown(), now.shown()),
        (_, Some(number)) => format!("has {} {number}", field.words()),
        (_, None) => format!("has {} {}", now.name, field.words()),
    };
    Some(Signal { colour, told, late: false })
}

fn among(name: &str, red: &[String], amber: &[String]) -> Option<Colour> {
    let is = |known: &String| known == name;
    match (red.iter().any(is), amber.iter().any(is)) {
        (true, _) => Some(Colour::Red),
        (false, true) => Some(Colour::Amber),
        (false, false) => None,
    }
}

/// A date that lies after the one it should keep to.
pub(super) struct After<'a> {
    pub(super) days: i64,
    promise: &'a Field,
    need: &'a Field,
}

/// Returns the date of `record`, one of `kind`, that lies furthest after the one it should keep to.
pub(super) fn days_after<'a>(record: &Record, kind: &'a Kind) -> Option<After<'a>> {
    let day = |name: &str| record.field(kind, name)?.value.as_date();
    let state = record.state.as_deref()?;
    let found = kind.fields.iter().filter_map(|promise| {
        let need = kind.field(promise.not_after.as_deref()?)?;
        // Where the promise itself is a deadline it counts as long as that runs, whatever a rule still says of it.
        let counts = match &promise.deadline_in[..] {
            [] => kind.lifecycle.is_open(state),
            states => states.iter().any(|known| known == state),
        };
        let days = day(&need.name)?.days_until(day(&promise.name)?);
        (counts && days > 0).then_some(After { days, promise, need })
    });
    found.max_by_key(|after| after.days)
}

/// Says that one date lies after another: `is promised 19 days after it is needed`, of `promised_for` and `needed_by`.
fn after_words(late: i64, promise: &Field, need: &Field) -> String {
    let said = |field: &Field| {
        let words = field.words();
        let (verb, rest) = words.split_once(' ')?;
        (verb.ends_with("ed") && matches!(rest, "for" | "by" | "on")).then(|| verb.to_owned())
    };
    match (said(promise), said(need)) {
        (Some(promise), Some(need)) => format!("is {promise} {} after it is {need}", days(late)),
        _ => format!("has {} {} after {}", promise.words(), days(late), need.words()),
    }
}

fn days(count: i64) -> String {
    format!("{count} day{}", if count == 1 { "" } else { "s" })
}
