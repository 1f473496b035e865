//! `k=v` as typed: the field that is meant, and its value, checked.

use crate::config::Config;
use crate::date::Date;
use crate::date::relative;
use crate::document::ARROWS;
use crate::error::Error;
use crate::error::Result;
use crate::kind::Field;
use crate::kind::FieldType;
use crate::kind::Kind;
use crate::kind::plain_name;
use crate::record::Repair;
use crate::record::Target;
use crate::record::Value;
use crate::record::fits_count;
use crate::record::may_name;
use crate::record::read_text_value;
use crate::record::target;
use crate::record::why_not_one_person;
use crate::record::wrong_kind;
use crate::text::nearest;
use crate::text::with_article;

/// The longest title, in characters.
const TITLE_LIMIT: usize = 200;

/// A field with the value it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The index of the field in its kind.
    pub field: usize,
    /// Its texts: one, or several for a list; none to leave it blank.
    pub texts: Vec<String>,
}

/// Reads `typed`, which has the form `k=v`, for a record of `kind`. The field's name may be shortened while no other
/// begins the same; days may be given as `today`, `+7d`, `+5bd`.
///
/// # Errors
/// Says what is wrong with the name or the value, and what would be right.
pub fn assign(typed: &str, kind: &Kind, config: &Config, today: Date) -> Result<Assignment> {
    let Some((name, value)) = typed.split_once('=') else {
        return Err(Error::new(format!("`{typed}` is no `field=value`")));
    };
    let index = settable(name.trim(), kind)?;
    let field = &kind.fields[index];
    let value = value.trim();
    must_be_one_line(&format!("the value of `{}`", field.name), value)?;
    let parts = match (value.is_empty(), field.value.is_many()) {
        (true, _) => Vec::new(),
        (false, true) => items(field, value),
        (false, false) => vec![value],
    };
    assign_texts(index, &parts, kind, config, today)
}

/// Reads `texts` as the value of the field of `kind` at `index`: one text, or several for a list; none to leave it blank.
///
/// # Errors
/// Says what is wrong with one of them, and what would be right.
pub(super) fn assign_texts(
    index: usize,
    texts: &[&str],
    kind: &Kind,
    config: &Config,
    today: Date,
) -> Result<Assignment> {
    let field = &kind.fields[index];
    if let ("initiative", Some(name)) = (field.name.as_str(), texts.first()) {
        config.known_initiative(name)?;
    }
    let texts: Vec<String> =
        texts.iter().map(|text| checked(text, field, kind, config, today)).collect::<Result<_>>()?;
    if field.value.is_many() {
        fits_count(field, texts.len()).map_err(|(message, help)| Error::new(message).help(help))?;
    }
    Ok(Assignment { field: index, texts })
}

/// Returns the parts of `value`, typed as the items of the list `field`: what stands between commas, in brackets or not. A
/// correction, `old → new`, is one item with all its commas.
#[must_use]
pub fn items<'v>(field: &Field, value: &'v str) -> Vec<&'v str> {
    let value = value.trim();
    if field.value == FieldType::List && ARROWS.iter().any(|arrow| value.contains(arrow)) {
        return vec![value];
    }
    let items = value.strip_prefix('[').and_then(|value| value.strip_suffix(']')).unwrap_or(value);
    items.split(',').map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// Returns the index of the field of `kind` that `name` names or begins, where a value can be given for it.
///
/// # Errors
/// Where there is no such field, or its value comes from elsewhere.
pub fn settable(name: &str, kind: &Kind) -> Result<usize> {
    let index = field_named(name, kind)?;
    let field = &kind.fields[index];
    if field.name == "id" || field.name == "kind" {
        return Err(Error::new(format!(
            "`{}` cannot be given: the file's place and number say it",
            field.name
        )));
    }
    if !field.product.is_empty() {
        let parts = field.product.join(" and ");
        return Err(Error::new(format!("`{}` is computed", field.name)).help(format!("give {parts} instead")));
    }
    Ok(index)
}

/// Returns the index of the field that `name` names or begins.
fn field_named(name: &str, kind: &Kind) -> Result<usize> {
    let wanted = plain_name(name);
    if let Some(index) = kind.fields.iter().position(|field| field.is_called(&wanted)) {
        return Ok(index);
    }
    let begins: Vec<usize> = (0..kind.fields.len())
        .filter(|index| !wanted.is_empty() && plain_name(&kind.fields[*index].name).starts_with(&wanted))
        .collect();
    match begins[..] {
        [only] => Ok(only),
        [] => {
            let names = kind.fields.iter().map(|field| field.name.as_str());
            let error = Error::new(format!("`{name}` is not a field of {}", with_article(&kind.id)));
            Err(match nearest(name, names) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help(format!("see the fields there are: pmkit kinds {}", kind.id)),
            })
        }
        _ => {
            let names: Vec<&str> = begins.iter().map(|index| kind.fields[*index].name.as_str()).collect();
            Err(Error::new(format!("`{name}` may mean {}", names.join(" or ")))
                .help("write a little more of the name"))
        }
    }
}

/// Returns `text` as it should be written as a value, or one item, of `field`.
fn checked(text: &str, field: &Field, kind: &Kind, config: &Config, today: Date) -> Result<String> {
    match field.value {
        FieldType::Date => {
            if let Some(date) = relative(text, today) {
                return Ok(date.to_string());
            }
        }
        FieldType::Person => return one_person(text, &field.name, config),
        FieldType::People => return known_person(text, &field.name, config),
        FieldType::Ref | FieldType::Refs => {
            let own = config.kinds.index_of(&kind.id).unwrap_or(0);
            let named = |why: String| Error::new(why).help(format!("given as `{}`", field.name));
            return match target(text, field, own, &config.kinds) {
                Ok(Target::Id(id)) if !may_name(id.kind, &field.to, &config.kinds) => {
                    let name = id.text(&config.kinds);
                    Err(named(wrong_kind(&name, id.kind, &field.to, &config.kinds)))
                }
                Ok(Target::Id(id)) => Ok(id.text(&config.kinds)),
                Ok(_) => Ok(text.to_owned()),
                Err(why) => Err(named(why)),
            };
        }
        FieldType::List => return Ok(text.to_owned()),
        _ => {}
    }
    let single = Field { value: singular(field.value), ..field.clone() };
    match read_text_value(&single, text) {
        Ok(Value::Text(canonical)) => Ok(canonical.into()),
        Ok(_) => Ok(text.to_owned()),
        Err((message, repair)) => {
            let error = Error::new(message);
            let error = match repair {
                Repair::Certain(right) | Repair::Likely(right) => {
                    error.help(format!("did you mean `{}={right}`?", field.name))
                }
                Repair::InYear(part) => {
                    error.help(format!("did you mean `{}={:04}{part}`?", field.name, today.year()))
                }
                Repair::ByHand(help) => error.help(help),
                Repair::None => error,
            };
            Err(match field.value {
                FieldType::Enum | FieldType::Enums => {
                    error.help(format!("use one of: {}", field.values.join(", ")))
                }
                FieldType::Integer | FieldType::Number => match &field.help {
                    Some(help) => error.help(format!("choose: {help}")),
                    None => error,
                },
                FieldType::Date => error.help("or count from today: `today`, `+7d`, `+5bd` (business days)"),
                _ => error,
            })
        }
    }
}

fn singular(value: FieldType) -> FieldType {
    match value {
        FieldType::Enums => FieldType::Enum,
        other => other,
    }
}

/// Returns the one person whom `text`, given as `what`, names: a handle where the team has named its people, else as written.
///
/// # Errors
/// Where it names a group, or nobody the team knows.
pub fn one_person(text: &str, what: &str, config: &Config) -> Result<String> {
    if let Some(why) = why_not_one_person(text, &config.people) {
        return Err(
            Error::new(format!("{what}: {why}")).help("name one person: what everybody owns, nobody does")
        );
    }
    known_person(text, what, config)
}

/// Returns whom `text` names: a handle where the team has named its people, else as written.
fn known_person(text: &str, what: &str, config: &Config) -> Result<String> {
    if let Some(handle) = config.people.handle_of(text) {
        return Ok(handle.to_owned());
    }
    let elsewhere = text.contains('<');
    if config.people.is_empty() || elsewhere {
        return Ok(text.to_owned());
    }
    let error = Error::new(format!("`{text}`, given as {what}, is not in [people]"));
    Err(match nearest(text, config.people.handles()) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => {
            error.help("write `Name <address>` for somebody of another company, or add them to pmkit.toml")
        }
    })
}

/// Checks a title: one line that says something, not too long to be one.
///
/// # Errors
/// Says what is wrong with it.
pub fn check_title(title: &str) -> Result<&str> {
    let title = title.trim();
    if title.is_empty() {
        return Err(Error::new("a record needs a title").help("say in a line what it is about"));
    }
    must_be_one_line("a title", title)?;
    let length = title.chars().count();
    if length > TITLE_LIMIT {
        return Err(Error::new(format!(
            "a title has at most {TITLE_LIMIT} characters; this one has {length}"
        ))
        .help("say it shorter and put the rest in the text"));
    }
    Ok(title)
}

fn must_be_one_line(what: &str, text: &str) -> Result<()> {
    match text.chars().find(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        None => Ok(()),
        Some('\n' | '\r' | '\u{2028}' | '\u{2029}') => {
            Err(Error::new(format!("{what} is one line, and this has a line break"))
                .help("put the rest in the text"))
        }
        Some(c) => Err(Error::new(format!("{what} holds the control character U+{:04X}", u32::from(c)))
            .help("leave it out")),
    }
}
