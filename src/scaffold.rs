//! Making a record: its fields filled truthfully, its text from the kind's template, checked before anything is written.

use crate::config::Config;
use crate::date::Date;
use crate::document::Document;
use crate::document::Node;
use crate::edit::yaml_of;
use crate::error::Error;
use crate::error::Result;
use crate::kind::Kind;
use crate::kind::Known;
use crate::kind::Naming;
use crate::kind::Required;
use crate::text::slug;

mod assign;
mod ci;
mod example;
mod filled;
mod fit;
mod inherit;
mod missing;
mod parent;
mod past;
mod render;
mod start;
mod taken;

pub use assign::Assignment;
pub use assign::assign;
pub use assign::check_title;
pub use assign::items;
pub use assign::one_person;
pub use assign::settable;
pub use ci::Ci;
pub use ci::CiFile;
pub use example::example;
pub use filled::filled_body;
pub use inherit::Born;
pub use inherit::Inheritance;
pub use inherit::Place;
pub use missing::Missing;
pub use missing::lacking;
pub use missing::missing;
pub use missing::other_findings;
pub use parent::Parent;
pub use past::Fact;
pub use past::Happened;
pub use past::Past;
pub use start::PRESETS;
pub use start::Start;
pub use start::start;

/// What a record is made from.
#[derive(Debug)]
pub struct Order<'a> {
    /// Its kind.
    pub kind: &'a Kind,
    /// Its number.
    pub number: u64,
    /// Its title, already checked.
    pub title: &'a str,
    /// The fields that were given.
    pub given: Vec<Assignment>,
    /// The Markdown to put in place of the template's sections.
    pub body: Option<&'a str>,
    /// What it is born from, where it is.
    pub born: Option<&'a Born<'a>>,
    /// Who makes it.
    pub me: Option<&'a str>,
    /// The day.
    pub today: Date,
}

/// A record ready to be written.
#[derive(Debug, PartialEq, Eq)]
pub struct Scaffold {
    /// The path, relative to the root.
    pub path: String,
    /// The id.
    pub id: String,
    /// The text.
    pub text: String,
    /// The fields nobody gave that were filled in, with their values.
    pub filled: Vec<(String, String)>,
    /// The sections that were filled from what it is born from.
    pub taken: Vec<String>,
}

/// The value of a field on its way into a document.
#[derive(Debug, Clone)]
pub(crate) struct Filled {
    /// The index of the field.
    pub(crate) field: usize,
    /// Its texts: one, or several for a list; none for a blank.
    pub(crate) texts: Vec<String>,
}

impl Filled {
    /// Says whether a template may leave the value out: a tree of another tool keeps id and title in file name and heading.
    fn may_be_left_out(&self, kind: &Kind) -> bool {
        let field = &kind.fields[self.field];
        field.required == Required::Never && matches!(field.name.as_str(), "id" | "title")
    }

    /// Returns the value as YAML writes it.
    fn yaml(&self, kind: &Kind) -> String {
        yaml_of(&kind.fields[self.field], &self.texts)
    }

    /// Returns the value as prose writes it.
    fn prose(&self) -> String {
        self.texts.join(", ")
    }
}

/// Makes the record of `order`, to be written and not written yet.
///
/// # Errors
/// Where the kind's template cannot be rendered, or writes something else than it was given.
pub fn scaffold(order: &Order<'_>, config: &Config) -> Result<Scaffold> {
    let kind = order.kind;
    let id = kind.id_of(order.number);
    let (values, filled) = fill(order, &id, config);
    let text = render::render(kind, &id, order, &values)?;
    let slug = slug(order.title);
    let naming = Naming { prefix: &kind.prefix, number: order.number, slug: &slug, date: order.today };
    let path = kind.path.fill(naming);
    let place = Place { id: &id, number: order.number, title: order.title, path: &path };
    let (text, taken) = match order.born {
        Some(born) => born.sections(&text, order.body.is_some(), place)?,
        None => (text, Vec::new()),
    };
    verify(kind, &text, &values)?;
    let shown = |value: &&Filled| (kind.fields[value.field].name.clone(), value.prose());
    let filled = filled
        .iter()
        .filter_map(|field| values.iter().find(|value| value.field == *field))
        .map(|v| shown(&v));
    let filled = filled.collect();
    Ok(Scaffold { path, id, text, filled, taken })
}

/// Returns a value for every field of the kind that has one, and which of them are defaults.
fn fill(order: &Order<'_>, id: &str, config: &Config) -> (Vec<Filled>, Vec<usize>) {
    let kind = order.kind;
    let given = |name: &str| {
        let index = kind.fields.iter().position(|field| field.name == name)?;
        order.given.iter().find(|assignment| assignment.field == index)?.texts.first()
    };
    let initiative = given("initiative").and_then(|name| config.initiatives.get(name));
    let known = Known {
        me: order.me,
        keeper: initiative.and_then(|initiative| initiative.keeper.as_deref()),
        title: order.title,
        today: order.today,
    };
    let mut values = Vec::new();
    let mut defaults = Vec::new();
    for (index, field) in kind.fields.iter().enumerate() {
        if let Some(assignment) = order.given.iter().find(|assignment| assignment.field == index) {
            values.push(Filled { field: index, texts: assignment.texts.clone() });
            continue;
        }
        let text = match field.name.as_str() {
            "id" => Some(id.to_owned()),
            "title" => Some(order.title.to_owned()),
            _ => {
                let default = field.default.as_ref().and_then(|default| default.fill(known));
                if default.is_some() && field.name != kind.lifecycle.field {
                    defaults.push(index);
                }
                default
            }
        };
        values.extend(text.map(|text| Filled { field: index, texts: vec![text] }));
    }
    (values, defaults)
}

/// Makes sure that the text says what was asked for: a template can be wrong, and a value must not be.
fn verify(kind: &Kind, text: &str, values: &[Filled]) -> Result<()> {
    let document = Document::read(text.to_owned());
    let wrong = |what: String| {
        Error::new(format!("the template of `{}` {what}; nothing was written", kind.id))
            .help("leave quotes around `{{ … }}` off: values are quoted where YAML needs it")
    };
    if let Some(slip) = document.slips.first() {
        return Err(wrong(format!("gives front matter that is malformed: {}", slip.message)));
    }
    for value in values {
        let field = &kind.fields[value.field];
        let read = match document.entry(&field.key).map(|entry| &entry.value) {
            None if value.may_be_left_out(kind) => continue,
            Some(Node::Scalar(scalar)) => vec![scalar.text.of(&document.text).to_owned()],
            Some(Node::List(list)) => {
                let item = |node: &Node| match node {
                    Node::Scalar(scalar) => scalar.text.of(&document.text).to_owned(),
                    _ => String::new(),
                };
                list.items.iter().map(item).collect()
            }
            _ => Vec::new(),
        };
        let blank = value.texts.iter().all(String::is_empty) && read.iter().all(String::is_empty);
        // A tree of another tool may write the number alone.
        let same_id = field.name == "id" && read.first().is_some_and(|text| is_number_of(text, &value.texts));
        if read != value.texts && !blank && !same_id {
            return Err(wrong(format!(
                "writes `{}` as `{}`, not `{}`",
                field.key,
                read.join(", "),
                value.prose()
            )));
        }
    }
    Ok(())
}

/// Says whether `text` is the number of the id in `texts`.
fn is_number_of(text: &str, texts: &[String]) -> bool {
    let number = |text: &str| text.trim_start_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().ok();
    texts.first().and_then(|id| number(id)).is_some_and(|expected| number(text) == Some(expected))
}
