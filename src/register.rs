//! Lists of records: which ones, in what order, under which columns.

use std::borrow::Cow;
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
use crate::record::RecordId;
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
    parts(names, given)?.map(|name| property(name, given, scope)).collect()
}

/// Returns the one property that `name` names; `given` is the option it came with.
///
/// # Errors
/// Where it means nothing, or there are several.
pub fn one_property(name: &str, given: &str, scope: Scope<'_>) -> Result<Property> {
    if name.contains(',') {
        return Err(Error::new(format!("{given} takes one field, and there are several in `{name}`"))
            .help("keep one; the others may go into --sort"));
    }
    property(parts(name, given)?.next().unwrap_or_default(), given, scope)
}

/// Returns the names between commas.
fn parts<'n>(names: &'n str, given: &str) -> Result<impl Iterator<Item = &'n str>> {
    let parts = || names.split(',').map(str::trim).filter(|name| !name.is_empty());
    if parts().next().is_none() {
        return Err(Error::new(format!("{given} names no field")).help("name one, as in `owner`"));
    }
    Ok(parts())
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
    let names = parts(names, "--sort")?;
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
        let group = self.group.iter().map(|property| (property, false));
        let order = group.chain(self.order.iter().map(|order| (&order.property, order.descending)));
        let order: Vec<Sorting<'_>> =
            order.map(|(property, descending)| Sorting::new(property, descending, config)).collect();
        let meant = records.iter().enumerate().filter(|(_, record)| self.holds(record, config, today));
        let keyed = meant.map(|(index, record)| {
            let keys: Vec<Key> = order.iter().map(|sorting| sorting.key(record, config)).collect();
            (keys, index)
        });
        let mut rows: Vec<(Vec<Key>, usize)> = keyed.collect();
        rows.sort_by(|(a, left), (b, right)| {
            let pairs = a.iter().zip(b).zip(&order);
            let mut by_key = pairs.map(|((a, b), sorting)| a.compare(b, sorting.descending));
            by_key.find(|ordering| ordering.is_ne()).unwrap_or_else(|| {
                let (left, right) = (&records[*left], &records[*right]);
                let last = |record: &Record| (record.id().is_none(), record.id());
                last(left).cmp(&last(right)).then_with(|| left.path.cmp(&right.path))
            })
        });
        rows.into_iter().map(|(_, index)| index).collect()
    }
}

/// What a record counts as where records are put in order. The sorts of value come one after the other, so that any two
/// can be compared, and what says nothing comes last.
#[derive(Debug, Clone, PartialEq)]
enum Key {
    Id(Option<RecordId>),
    Number(f64),
    Date(Date),
    Truth(bool),
    /// The place of a value among all that some kind allows.
    Choice(usize),
    /// In small letters, then as written.
    Text(String, String),
    Blank,
}

impl Key {
    fn compare(&self, other: &Self, descending: bool) -> Ordering {
        let ordering = match (self, other) {
            (Self::Blank, Self::Blank) => return Ordering::Equal,
            (Self::Blank, _) => return Ordering::Greater,
            (_, Self::Blank) => return Ordering::Less,
            (Self::Id(a), Self::Id(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Date(a), Self::Date(b)) => a.cmp(b),
            (Self::Truth(a), Self::Truth(b)) => a.cmp(b),
            (Self::Choice(a), Self::Choice(b)) => a.cmp(b),
            (Self::Text(a, first), Self::Text(b, second)) => a.cmp(b).then_with(|| first.cmp(second)),
            _ => self.sort().cmp(&other.sort()),
        };
        if descending { ordering.reverse() } else { ordering }
    }

    fn sort(&self) -> u8 {
        match self {
            Self::Id(_) => 0,
            Self::Number(_) => 1,
            Self::Date(_) => 2,
            Self::Truth(_) => 3,
            Self::Choice(_) => 4,
            Self::Text(..) => 5,
            Self::Blank => 6,
        }
    }
}

/// A property by which records are put in order.
struct Sorting<'a> {
    property: &'a Property,
    descending: bool,
    /// Every value that some kind allows, in order of first mention.
    choices: Vec<&'a str>,
}

impl<'a> Sorting<'a> {
    fn new(property: &'a Property, descending: bool, config: &'a Config) -> Self {
        let mut choices: Vec<&str> = Vec::new();
        let fields = (0..config.kinds.all().len()).filter_map(|kind| property.of_kind(kind, config));
        for value in fields.filter(|field| field.value == FieldType::Enum).flat_map(|field| &field.values) {
            if !choices.contains(&value.as_str()) {
                choices.push(value);
            }
        }
        Self { property, descending, choices }
    }

    fn key(&self, record: &Record, config: &Config) -> Key {
        if *self.property == Property::Id {
            return Key::Id(record.id());
        }
        match self.property.fact(record, config) {
            fact if fact.is_blank() => Key::Blank,
            Fact::Number(number) => Key::Number(number),
            Fact::Date(date) => Key::Date(date),
            Fact::Truth(truth) => Key::Truth(truth),
            _ => {
                let said = label(self.property, record, config);
                match self.choices.iter().position(|choice| **choice == *said) {
                    Some(place) => Key::Choice(place),
                    None => Key::Text(said.to_lowercase(), said.into_owned()),
                }
            }
        }
    }
}

/// Returns what `record` says of a property, as text; people by their handles, so that all ways of naming somebody are one.
#[must_use]
pub fn label<'r>(property: &Property, record: &'r Record, config: &'r Config) -> Cow<'r, str> {
    let people = match property.of_kind(record.kind, config) {
        Some(field) => matches!(field.value, FieldType::Person | FieldType::People),
        None => *property == Property::Waiting,
    };
    let handle = |name: &'r str| config.people.handle_of(name).unwrap_or(name);
    match property.fact(record, config) {
        Fact::Text(Cow::Borrowed(name)) if people => Cow::Borrowed(handle(name)),
        Fact::Texts(names) if people => {
            Cow::Owned(names.into_iter().map(handle).collect::<Vec<_>>().join(", "))
        }
        Fact::Text(text) => text,
        other => Cow::Owned(other.text().into_owned()),
    }
}
