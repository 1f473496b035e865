//! How much a record matters: what the field says that its kind ranks records by.

use std::borrow::Cow;

use super::Colour;
use crate::kind::Kind;
use crate::record::Record;
use crate::record::Value;

/// The greatest place a level can have.
const TOP: u32 = 1000;

/// How much a record matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Weight<'a> {
    /// Its kind does not ask.
    Unasked,
    /// Its kind asks, and the record does not say.
    Missing,
    /// So much.
    Known(Level<'a>),
}

/// A step on the scale of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level<'a> {
    /// The name of the band, or the value.
    pub name: Cow<'a, str>,
    /// The number, where it is one.
    pub number: Option<i64>,
    /// How far up the scale it is, so that kinds can be compared: 1000 is its top.
    pub place: u32,
}

impl<'a> Weight<'a> {
    /// Returns how much `record`, one of `kind`, matters.
    #[must_use]
    pub fn of(record: &Record, kind: &'a Kind) -> Self {
        match kind.fields.iter().position(|field| field.ranks) {
            Some(index) => Level::of(record, kind, index).map_or(Self::Missing, Self::Known),
            None => Self::Unasked,
        }
    }

    /// Returns the level, where it is known.
    #[must_use]
    pub fn level(&self) -> Option<&Level<'a>> {
        match self {
            Self::Known(level) => Some(level),
            Self::Unasked | Self::Missing => None,
        }
    }

    /// Returns what items are put in order by: what nobody has ranked first, then what matters most. Where a kind does not
    /// ask, the colour stands for it.
    pub(super) fn order(&self, colour: Colour) -> (u32, i64) {
        match self {
            Self::Missing => (0, 0),
            Self::Known(level) => (1 + TOP - level.place, -level.number.unwrap_or(0)),
            Self::Unasked => match colour {
                Colour::Red => (1, 0),
                Colour::Amber => (1 + TOP / 3, 0),
                Colour::Green => (1 + TOP, 0),
            },
        }
    }
}

impl<'a> Level<'a> {
    /// Returns what the field at `index` of `kind` says of `record`; `None` where that is nothing, or nothing on its scale.
    #[must_use]
    pub fn of(record: &Record, kind: &'a Kind, index: usize) -> Option<Self> {
        let field = &kind.fields[index];
        let place = |at: usize, of: usize| {
            let part = (at + 1).saturating_mul(TOP as usize) / of.max(1);
            u32::try_from(part).unwrap_or(TOP)
        };
        let written =
            record.fields.iter().find(|written| written.field == index).map(|written| &written.value);
        let number = match written {
            Some(Value::Integer(number)) => Some(*number),
            _ => record.product(kind, index),
        };
        if let Some(number) = number {
            let at = field.bands.iter().rposition(|(_, from)| *from <= number)?;
            let name = Cow::Borrowed(field.bands[at].0.as_str());
            return Some(Self { name, number: Some(number), place: place(at, field.bands.len()) });
        }
        let text = written?.as_text()?;
        let at = field.values.iter().position(|value| value == text)?;
        let name = Cow::Borrowed(field.values[at].as_str());
        Some(Self { name, number: None, place: place(at, field.values.len()) })
    }

    /// Says whether it is above `other`, of the same scale.
    #[must_use]
    pub fn is_above(&self, other: &Self) -> bool {
        (self.place, self.number) > (other.place, other.number)
    }

    /// Returns it as a board shows it: the number, else the value.
    #[must_use]
    pub fn shown(&self) -> String {
        self.number.map_or_else(|| self.name.to_string(), |number| number.to_string())
    }
}
