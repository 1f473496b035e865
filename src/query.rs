//! The language that says which records are meant: `status=open and (score>=10 or due<today)`.
//!
//! An expression is checked against the kinds it is asked of before any record is looked at: a name nobody has, a value
//! that cannot be, an order where there is none is told with its place. After that it can only be true or false.

use std::sync::Arc;

use crate::config::Config;
use crate::date::Date;
use crate::error::Error;
use crate::error::Mistake;
use crate::error::Result;
use crate::record::Record;
use crate::text::Span;

mod lexer;
mod operand;
mod parser;
mod property;

pub use property::Fact;
pub use property::Property;

use lexer::Operator;
use operand::Comparison;
use operand::Given;

/// What an expression is asked of, and by whom.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// What the team has settled.
    pub config: &'a Config,
    /// The indices of the kinds that are looked at.
    pub kinds: &'a [usize],
    /// The day.
    pub today: Date,
    /// Who `me` is, where that is known.
    pub me: Option<&'a str>,
}

/// An expression that has been understood.
#[derive(Debug)]
pub struct Query(Expression);

#[derive(Debug)]
enum Expression {
    Any(Vec<Expression>),
    All(Vec<Expression>),
    Not(Box<Expression>),
    Is(Standing),
    Has(Property),
    Compares(Comparison),
}

/// What one word says about where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Its state is open: deadlines run.
    Open,
    /// Something has been decided.
    Decided,
    /// Its state ends it.
    Final,
    /// A deadline that runs has passed.
    Overdue,
    /// Nobody has looked at it for too long.
    Stale,
}

impl Standing {
    const ALL: [(&'static str, Self); 5] = [
        ("open", Self::Open),
        ("decided", Self::Decided),
        ("final", Self::Final),
        ("overdue", Self::Overdue),
        ("stale", Self::Stale),
    ];

    fn holds(self, record: &Record, config: &Config, today: Date) -> bool {
        let kind = config.kinds.at(record.kind);
        let among = |states: &[String]| states.iter().any(|known| Some(known) == record.state.as_ref());
        match self {
            Self::Open => among(&kind.lifecycle.open),
            Self::Decided => among(&kind.lifecycle.decided),
            Self::Final => among(&kind.lifecycle.ended),
            Self::Overdue => record.deadlines(kind).any(|deadline| deadline.is_late(today)),
            Self::Stale => record.stale(kind, today).next().is_some(),
        }
    }
}

impl Query {
    /// Reads `text` as an expression about the records in `scope`.
    ///
    /// # Errors
    /// Says what makes no sense, and where.
    pub fn parse(text: &str, scope: Scope<'_>) -> Result<Self> {
        parser::parse(text, scope).map(Self).map_err(|wrong| {
            let mistake = Mistake {
                path: "--where".to_owned(),
                source: Arc::from(text),
                span: wrong.span,
                message: wrong.message,
                help: wrong.help,
            };
            let message = "the expression of --where makes no sense: nothing was looked at".to_owned();
            Error { message, help: Vec::new(), mistakes: vec![mistake] }
        })
    }

    /// Returns the condition that the property `name` is `value`, whatever characters that holds; of people, `me` is who asks.
    ///
    /// # Errors
    /// Where no kind in `scope` has such a property, or cannot have such a value.
    pub fn is(name: &str, value: &str, scope: Scope<'_>) -> Result<Self> {
        let at = Span::at(0);
        let wrong = |wrong: Wrong| wrong.help.into_iter().fold(Error::new(wrong.message), Error::help);
        let property = Property::named(name, scope)
            .map_err(|unknown| wrong(unknown.wrong(name, at, std::iter::empty())))?;
        let given = Given { text: value.to_owned(), quoted: false, span: at };
        let comparison = Comparison::new(property, Operator::Is, at, &[given], scope);
        comparison.map(|comparison| Self(Expression::Compares(comparison))).map_err(wrong)
    }

    /// Says whether `record` is meant. It must be of one of the kinds the expression was read for.
    #[must_use]
    pub fn holds(&self, record: &Record, config: &Config, today: Date) -> bool {
        self.0.holds(record, config, today)
    }

    /// Returns what `record` says of everything the expression asks about: names and texts, each name once, a blank text where
    /// it says nothing.
    #[must_use]
    pub fn told(&self, record: &Record, config: &Config) -> Vec<(String, String)> {
        let mut properties = Vec::new();
        self.0.properties(&mut properties);
        let told = |property: &Property| {
            (property.name().to_owned(), property.fact(record, config).text().into_owned())
        };
        properties.iter().map(told).collect()
    }
}

impl Expression {
    /// Adds what the expression asks about to `found`.
    fn properties(&self, found: &mut Vec<Property>) {
        let asked = match self {
            Self::Any(parts) | Self::All(parts) => {
                return parts.iter().for_each(|part| part.properties(found));
            }
            Self::Not(part) => return part.properties(found),
            Self::Is(Standing::Overdue | Standing::Stale) => &Property::Deadline,
            Self::Is(_) => &Property::Status,
            Self::Has(property) => property,
            Self::Compares(comparison) => comparison.property(),
        };
        if !found.contains(asked) {
            found.push(asked.clone());
        }
    }

    fn holds(&self, record: &Record, config: &Config, today: Date) -> bool {
        match self {
            Self::Any(parts) => parts.iter().any(|part| part.holds(record, config, today)),
            Self::All(parts) => parts.iter().all(|part| part.holds(record, config, today)),
            Self::Not(part) => !part.holds(record, config, today),
            Self::Is(standing) => standing.holds(record, config, today),
            Self::Has(property) => !property.fact(record, config).is_blank(),
            Self::Compares(comparison) => comparison.holds(record, config),
        }
    }
}

/// What is wrong with an expression.
#[derive(Debug)]
struct Wrong {
    span: Span,
    message: String,
    help: Vec<String>,
}

impl Wrong {
    fn new(span: Span, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: vec![help.into()] }
    }
}
