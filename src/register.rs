//! Lists of records: which ones, in what order, under which columns.

use std::cmp::Ordering;

use crate::config::Config;
use crate::date::Date;
use crate::error::Error;
use crate::error::Result;
use crate::kind::FieldType;
use crate::kind::Kind;
use crate::query::Fact;
use crate::query::Property;
use crate::query::Query;
use crate::query::Scope;
use crate::record::Record;
use crate::text::nearest;

/// Which records are meant, and how they are to stand.
#[derive(Debug)]
pub struct Listing {
    /// The conditions, all of which must hold.
    pub conditions: Vec<Query>,
    /// What they are put in order by; their ids come last.
    pub order: Vec<Order>,
    /// What they are collected by.
    pub group: Option<Property>,
    /// What is told of each.
    pub columns: Vec<Property>,
}

/// A property records are put in order by.
#[derive(Debug, Clone)]
pub struct Order {
    /// The property.
    pub property: Property,
    /// Whether the greatest comes first. Records that say nothing come last either way.
    pub descending: bool,
}

/// Returns the indices of the kinds that `names` mean: ids of kinds, or groups; in the plural too. All where there are none.
///
/// # Errors
/// Where a name means no kind.
pub fn kinds_named(names: &[String], config: &Config) -> Result<Vec<usize>> {
    let all = config.kinds.all();
    let mut found: Vec<usize> = Vec::new();
    for name in names {
        let fits = |kind: &Kind| {
            let is =
                |known: &str| known.eq_ignore_ascii_case(name) || plural(known).eq_ignore_ascii_case(name);
            is(&kind.id) || kind.group.as_deref().is_some_and(is)
        };
        let named: Vec<usize> = (0..all.len()).filter(|index| fits(&all[*index])).collect();
        if named.is_empty() {
            let known = all.iter().flat_map(|kind| [Some(kind.id.as_str()), kind.group.as_deref()]).flatten();
            let error = Error::new(format!("there is no kind or group `{name}`"));
            return Err(match nearest(name, known) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help("see the kinds there are: pmkit kinds"),
            });
        }
        found.extend(named);
    }
    if names.is_empty() {
        found.extend(0..all.len());
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

fn plural(word: &str) -> String {
    match word.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{word}s"),
    }
}

/// Returns the properties that `names` name, with commas between them; `given` is the option they came with.
///
/// # Errors
/// Where a name means nothing, or several things.
pub fn properties(names: &str, given: &str, scope: Scope<'_>) -> Result<Vec<Property>> {
    let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(|name| property(name, given, scope)).collect()
}

fn property(name: &str, given: &str, scope: Scope<'_>) -> Result<Property> {
    Property::named(name, scope).map_err(|unknown| {
        let (message, help) = unknown.told(name, std::iter::empty());
        Error::new(format!("{given}: {message}")).help(help)
    })
}

/// Returns the order that `names` describe, with commas between them: `-due` and `due:desc` begin with the latest.
///
/// # Errors
/// Where a name means nothing, or several things.
pub fn order(names: &str, scope: Scope<'_>) -> Result<Vec<Order>> {
    let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
    let one = |name: &str| {
        let (bare, descending) = match (name.strip_prefix('-'), name.rsplit_once(':')) {
            (Some(bare), _) => (bare, true),
            (None, Some((bare, "desc"))) => (bare, true),
            (None, Some((bare, "asc"))) => (bare, false),
            _ => (name, false),
        };
        property(bare, "--sort", scope).map(|property| Order { property, descending })
    };
    names.map(one).collect()
}

/// Returns the columns a list of these kinds has where nobody says otherwise.
#[must_use]
pub fn usual_columns(scope: Scope<'_>) -> Vec<Property> {
    let kinds = || scope.kinds.iter().map(|index| scope.config.kinds.at(*index));
    let named = |name: &str| Property::named(name, scope).ok();
    let mut columns = vec![Property::Id];
    columns.extend(named("title"));
    columns.push(Property::Status);
    let product = kinds().flat_map(|kind| &kind.fields).find(|field| !field.product.is_empty());
    columns.extend(product.and_then(|field| named(&field.name)));
    columns.extend(named("owner"));
    if kinds().flat_map(|kind| &kind.fields).any(|field| !field.deadline_in.is_empty()) {
        columns.push(Property::Deadline);
    }
    columns
}

impl Listing {
    /// Says whether `record` is meant.
    #[must_use]
    pub fn holds(&self, record: &Record, config: &Config, today: Date) -> bool {
        self.conditions.iter().all(|condition| condition.holds(record, config, today))
    }

    /// Returns the indices of those of `records` that are meant, in order.
    #[must_use]
    pub fn rows(&self, records: &[Record], config: &Config, today: Date) -> Vec<usize> {
        let mut rows: Vec<usize> =
            (0..records.len()).filter(|index| self.holds(&records[*index], config, today)).collect();
        let group = self.group.iter().map(|property| (property, false));
        let order: Vec<(&Property, bool)> =
            group.chain(self.order.iter().map(|order| (&order.property, order.descending))).collect();
        let compare = |a: &usize, b: &usize| {
            let (a, b) = (&records[*a], &records[*b]);
            let by_order =
                order.iter().map(|(property, descending)| compare(property, a, b, *descending, config));
            let first = by_order.into_iter().find(|ordering| ordering.is_ne());
            first.unwrap_or_else(|| {
                (a.id().is_none(), a.id(), &a.path).cmp(&(b.id().is_none(), b.id(), &b.path))
            })
        };
        rows.sort_by(compare);
        rows
    }
}

/// Compares two records by a property. Those that say nothing come last.
fn compare(property: &Property, a: &Record, b: &Record, descending: bool, config: &Config) -> Ordering {
    if *property == Property::Id {
        let ordering = a.id().cmp(&b.id());
        return if descending { ordering.reverse() } else { ordering };
    }
    let (left, right) = (property.fact(a, config), property.fact(b, config));
    match (left.is_blank(), right.is_blank()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let ordering = match (&left, &right) {
        (Fact::Number(left), Fact::Number(right)) => left.total_cmp(right),
        (Fact::Date(left), Fact::Date(right)) => left.cmp(right),
        (Fact::Truth(left), Fact::Truth(right)) => left.cmp(right),
        _ => {
            let place = |record: &Record, fact: &Fact<'_>| {
                let field = property.of_kind(record.kind, config)?;
                let choice = field.value == FieldType::Enum;
                field.values.iter().position(|value| choice && **value == *fact.text())
            };
            match (place(a, &left), place(b, &right)) {
                (Some(left), Some(right)) if a.kind == b.kind => left.cmp(&right),
                _ => {
                    let small = |fact: &Fact<'_>| fact.text().to_lowercase();
                    small(&left).cmp(&small(&right))
                }
            }
        }
    };
    if descending { ordering.reverse() } else { ordering }
}
