//! The keys of `pmkit.toml`.

use crate::shape::Shape;
use crate::shape::Value;
use crate::shape::key;
use crate::shape::required;

const LEVEL: Value = Value::Choice(&["allow", "warn", "deny"]);

/// `pmkit.toml` as a whole. Every key is optional.
pub const CONFIG: Shape = Shape {
    what: "pmkit.toml",
    keys: &[
        key("rules", Value::Map(&LEVEL), "levels of rules for the whole tree"),
        key("override", Value::Tables(&OVERRIDE), "levels of rules for some paths; later ones win"),
        key(
            "paths",
            Value::Map(&Value::Text),
            "where records of a kind lie, by kind, in place of its own `path`",
        ),
        key("people", Value::Map(&Value::Table(&PERSON)), "who exists, by handle"),
        key(
            "initiative",
            Value::Map(&Value::Table(&INITIATIVE)),
            "the pieces of work records belong to, by name",
        ),
        key(
            "links",
            Value::Map(&Value::Text),
            "regular expressions for identifiers of other systems, with their address",
        ),
        key("register", Value::Tables(&REGISTER), "a table of records kept between markers in a file"),
        key("index", Value::Table(&INDEX), "what else `pmkit index` writes"),
    ],
};

const OVERRIDE: Shape = Shape {
    what: "an override",
    keys: &[
        required("paths", Value::Texts, "globs of the files it holds for"),
        required("rules", Value::Map(&LEVEL), "the levels of rules there"),
    ],
};

const PERSON: Shape = Shape {
    what: "a person",
    keys: &[
        key("name", Value::Text, "the full name"),
        key("email", Value::Text, "the address git knows"),
        key("aliases", Value::Texts, "other handles of the same person"),
        key("role", Value::Text, "what they answer for, as the agenda shows it: `design`"),
    ],
};

const INITIATIVE: Shape = Shape {
    what: "an initiative",
    keys: &[
        key("title", Value::Text, "the name for people"),
        key("keeper", Value::Text, "who keeps its records in order, and owns what nobody else does yet"),
    ],
};

const INDEX: Shape = Shape {
    what: "the index",
    keys: &[required("json", Value::Text, "the file with all records for programs, as docs/index.json")],
};

const REGISTER: Shape = Shape {
    what: "a register",
    keys: &[
        required("file", Value::Text, "the file, between whose markers the table stands"),
        required("kinds", Value::Texts, "the kinds in it"),
        key("columns", Value::Texts, "the fields it shows"),
    ],
};

/// The file of known findings.
pub(super) const BASELINE: Shape = Shape {
    what: "a baseline",
    keys: &[required("findings", Value::Map(&Value::Integer(1)), "how many there are, by rule and path")],
};
