//! What `new` fills in for a field nobody gave: text with placeholders for what is known.

use crate::date::Date;
use crate::date::Days;

/// A default as read from a kind file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultValue {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// The first of these that is known.
    FirstOf(Vec<Placeholder>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Placeholder {
    Me,
    Title,
    Keeper,
    Week,
    Today(Option<Days>),
}

/// What is known when a record is written.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Who runs the command.
    pub me: Option<&'a str>,
    /// Who keeps the initiative the record belongs to.
    pub keeper: Option<&'a str>,
    /// The record's title.
    pub title: &'a str,
    /// The day.
    pub today: Date,
}

impl DefaultValue {
    /// Reads a default.
    ///
    /// # Errors
    /// Names the placeholder that is not one.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            if open > 0 {
                pieces.push(Piece::Text(rest[..open].to_owned()));
            }
            let close = rest[open..].find('}').ok_or("has a `{` that is never closed")? + open;
            let names = rest[open + 1..close].split('|');
            pieces.push(Piece::FirstOf(names.map(placeholder).collect::<Result<_, _>>()?));
            rest = &rest[close + 1..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self { pieces })
    }

    /// Returns the text when it has no placeholders.
    #[must_use]
    pub fn fixed(&self) -> Option<&str> {
        match &self.pieces[..] {
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Fills the placeholders in; `None` where something it needs is not known.
    #[must_use]
    pub fn fill(&self, known: Known<'_>) -> Option<String> {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::FirstOf(names) => {
                    out.push_str(&names.iter().find_map(|name| name.value(known))?);
                }
            }
        }
        Some(out)
    }
}

impl Placeholder {
    fn value(self, known: Known<'_>) -> Option<String> {
        match self {
            Self::Me => known.me.map(str::to_owned),
            Self::Keeper => known.keeper.map(str::to_owned),
            Self::Title => Some(known.title.to_owned()),
            Self::Week => Some(known.today.week()),
            Self::Today(None) => Some(known.today.to_string()),
            Self::Today(Some(days)) => Some(days.after(known.today).to_string()),
        }
    }
}

fn placeholder(name: &str) -> Result<Placeholder, String> {
    match name.trim() {
        "me" => Ok(Placeholder::Me),
        "title" => Ok(Placeholder::Title),
        "initiative.keeper" => Ok(Placeholder::Keeper),
        "today" => Ok(Placeholder::Today(None)),
        "week" => Ok(Placeholder::Week),
        other => match other.strip_prefix("today+").and_then(Days::parse) {
            Some(days) => Ok(Placeholder::Today(Some(days))),
            None => Err(format!(
                "has `{{{other}}}`: the placeholders are {{me}}, {{title}}, {{today}}, {{today+2bd}}, {{week}}, {{initiative.keeper|me}}"
            )),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_with_what_is_known() {
        let mut known = Known {
            me: Some("lee"),
            keeper: None,
            title: "T",
            today: Date::parse("2026-11-20").expect("a day"),
        };
        let fill = |text: &str, known| DefaultValue::parse(text).expect("a default").fill(known);
        assert_eq!(fill("{initiative.keeper|me}", known).as_deref(), Some("lee"));
        assert_eq!(fill("by {today+2bd}: {title}", known).as_deref(), Some("by 2026-11-24: T"));
        assert_eq!(fill("{week}", known).as_deref(), Some("2026-W47"));
        known.me = None;
        assert_eq!(fill("{initiative.keeper|me}", known), None);
        assert_eq!(DefaultValue::parse("plain").expect("a default").fixed(), Some("plain"));
        assert!(DefaultValue::parse("{you}").unwrap_err().contains("{me}"));
        assert!(DefaultValue::parse("{me").is_err());
    }
}
