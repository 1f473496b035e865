//! The shapes of our TOML files as JSON schema, for editors, and as a page, for people.

use std::fmt::Write;

use pmkit::shape::Shape;
use pmkit::shape::Value;
use serde_json::Map;
use serde_json::json;

/// Returns the JSON schema (draft 2020-12) of `shape`.
pub(crate) fn of(shape: &Shape, title: &str) -> String {
    let mut schema = table(shape);
    let fields = schema.as_object_mut().unwrap();
    fields.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    fields.insert("$comment".to_owned(), json!("Generated: UPDATE=1 cargo test makes this file anew."));
    fields.insert("title".to_owned(), json!(title));
    format!("{}\n", serde_json::to_string_pretty(&schema).unwrap())
}

fn table(shape: &Shape) -> serde_json::Value {
    let mut properties = Map::new();
    for key in shape.keys {
        let mut schema = value(&key.value);
        schema.as_object_mut().unwrap().insert("description".to_owned(), json!(key.help));
        properties.insert(key.name.to_owned(), schema);
    }
    let required: Vec<&str> = shape.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn value(of: &Value) -> serde_json::Value {
    match of {
        Value::Text => json!({"type": "string"}),
        Value::Choice(words) => json!({"type": "string", "enum": words}),
        Value::Integer(least) if *least == i64::MIN => json!({"type": "integer"}),
        Value::Integer(least) => json!({"type": "integer", "minimum": least}),
        Value::Boolean => json!({"type": "boolean"}),
        Value::Texts => json!({"type": "array", "items": {"type": "string"}}),
        Value::Table(shape) => table(shape),
        Value::Tables(shape) => json!({"type": "array", "items": table(shape)}),
        Value::Map(inner) => json!({"type": "object", "additionalProperties": value(inner)}),
    }
}

/// Returns the page that lists every key of a kind file.
pub(crate) fn reference(shape: &Shape) -> String {
    let mut page = String::from("# Keys of a kind file\n");
    tables(shape, "", &mut page);
    page
}

fn tables(shape: &Shape, name: &str, page: &mut String) {
    let title = if name.is_empty() { "At the top".to_owned() } else { format!("`{name}`") };
    write!(page, "\n## {title}\n\n| key | takes | needed | what it is for |\n|---|---|---|---|\n").unwrap();
    for key in shape.keys {
        let needed = if key.required { "yes" } else { "" };
        let takes = key.value.describe().replace('|', "\\|");
        writeln!(page, "| `{}` | {takes} | {needed} | {} |", key.name, key.help.replace('|', "\\|")).unwrap();
    }
    for key in shape.keys {
        let below = |brackets: &str| match name {
            "" => brackets.replace('x', key.name),
            name => format!("{}.{}", name.trim_matches(['[', ']']), key.name),
        };
        match &key.value {
            Value::Table(inner) => tables(inner, &below("[x]"), page),
            Value::Tables(inner) => tables(inner, &below("[[x]]"), page),
            _ => {}
        }
    }
}
