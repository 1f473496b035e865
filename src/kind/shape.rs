//! The keys of kind files. CONTRACT: teams write these, so adding is free and changing is not.

use crate::shape::Key;
use crate::shape::Shape;
use crate::shape::Value;
use crate::shape::key;
use crate::shape::required;

const TYPES: Value = Value::Choice(&[
    "text", "integer", "number", "boolean", "date", "duration", "period", "person", "people", "enum",
    "enums", "ref", "refs", "url", "list",
]);

const ROLES: Value =
    Value::Choice(&["questions", "objections", "options", "quotation", "key-results", "tasks"]);

const BRIEF: Value = Value::Choice(&["problem", "effect", "decision", "trade-off", "put-off", "outcome"]);

const FILLED_BY: Value = Value::Choice(&["agenda", "digest"]);

const PARTS: Value = Value::Choice(&[
    "insights",
    "priority",
    "biggest-risk",
    "actions",
    "decided",
    "risks",
    "slipped",
    "needs",
    "next",
]);

const LEVEL: Value = Value::Choice(&["allow", "warn", "deny"]);
const LEVELS: Value = Value::Map(&LEVEL);

const REQUIRED: Key = key("required", Value::Boolean, "whether it must be there in every state");
const REQUIRED_IN: Key = key("required_in", Value::Texts, "the states in which it must be there");
const REQUIRED_IF: Key = key(
    "required_if",
    Value::Table(&CONDITION),
    "another field and the values of it that make this one required",
);

const CONDITION: Shape = Shape {
    what: "a condition",
    keys: &[
        required("field", Value::Text, "the other field"),
        required("is", Value::Texts, "the values of it for which this holds"),
    ],
};

/// A kind file as a whole.
pub const KIND: Shape = Shape {
    what: "a kind file",
    keys: &[
        required("id", Value::Text, "the name on the command line, also the file's name"),
        required("title", Value::Text, "the name for people"),
        required("prefix", Value::Text, "what ids begin with: capitals and digits, as in `RFC`"),
        key("group", Value::Text, "what registers and boards collect by; the four RAID kinds say `raid`"),
        key("purpose", Value::Text, "what such a record is for, in a sentence"),
        key("example", Value::Text, "a good title, for the filled example of `pmkit kinds`"),
        required(
            "path",
            Value::Text,
            "where `new` writes a record, with {number:04}, {id}, {slug}, {date}, {year}",
        ),
        key("also", Value::Texts, "further globs of the same kind; `*` stops at `/`, `**` does not"),
        key(
            "filled_by",
            FILLED_BY,
            "the command whose result such a record keeps: `pmkit agenda --new`, `pmkit new … --from-digest`",
        ),
        key("max_words", Value::Integer(1), "the most words the record should have"),
        key("budget", Value::Tables(&BUDGET), "the most words some sections should have together"),
        key("field", Value::Tables(&FIELD), "a field of the front matter"),
        key("section", Value::Tables(&SECTION), "a section of the body, in order"),
        key("pattern", Value::Tables(&PATTERN), "text that must or must not be there"),
        key("born_from", Value::Tables(&BORN_FROM), "how such a record comes from another one"),
        key("lifecycle", Value::Table(&LIFECYCLE), "the states and the moves between them"),
        key("levels", LEVELS, "levels of rules for this kind; `[lifecycle.levels]` has them by state"),
    ],
};

/// `[[budget]]`.
const BUDGET: Shape = Shape {
    what: "a budget",
    keys: &[
        required("name", Value::Text, "what the sections are together, for messages"),
        required("sections", Value::Texts, "their titles"),
        required("max_words", Value::Integer(1), "the most words"),
    ],
};

/// `[[field]]`.
const FIELD: Shape = Shape {
    what: "a field",
    keys: &[
        required("name", Value::Text, "the name rules, commands and JSON use"),
        key("key", Value::Text, "the key in the front matter, if it differs; compared without letter case"),
        key("aliases", Value::Texts, "further keys that mean the same"),
        key("type", TYPES, "what the value is; `text` where absent"),
        key("values", Value::Texts, "the allowed values of an `enum` or `enums`"),
        key(
            "value_aliases",
            Value::Map(&Value::Text),
            "other words for allowed values, each with the value it means",
        ),
        REQUIRED,
        REQUIRED_IN,
        REQUIRED_IF,
        key(
            "default",
            Value::Text,
            "what `new` fills in: text with {me}, {today}, {today+2bd}, {week}, {title}, {initiative.keeper|me}",
        ),
        key("help", Value::Text, "what it is for, in a few words; shown beside the caret"),
        key("example", Value::Text, "a good value, for the filled example of `pmkit kinds`"),
        key("to", Value::Texts, "the ids of the kinds a reference may point to"),
        key("or_text", Value::Boolean, "whether words may stand there that name no record"),
        key("inverse", Value::Text, "the other record's field that must answer"),
        key(
            "follower",
            Value::Text,
            "the field that names who follows the records, initiatives, kinds and tags listed here; the title, where that is blank",
        ),
        key(
            "within",
            Value::Text,
            "the `period` field of this record that must lie inside the field of the same name of the record named",
        ),
        key("ground", Value::Boolean, "whether the records it names are what this one stands on"),
        key(
            "settles_in",
            Value::Texts,
            "the states in which it settles that the decided records it names were changed",
        ),
        key("deadline_in", Value::Texts, "the states in which a date in the past is overdue"),
        key(
            "calendar_in",
            Value::Texts,
            "the states in which the day stands in the calendar, though nothing is overdue once it has passed",
        ),
        key("waits_in", Value::Texts, "the states in which the record waits for the person named here"),
        key(
            "waits_if",
            Value::Table(&CONDITION),
            "another field and the values of it for which it does; always where absent",
        ),
        key("min_window", Value::Text, "the least time after `window_from`, as `3bd` or `14d`"),
        key("window_from", Value::Text, "the date field the window begins with"),
        key("not_after", Value::Text, "the date field this date must not be later than"),
        key("not_after_in", Value::Texts, "the states in which that is asked; every state where absent"),
        key("passed_in", Value::Texts, "the states in which the day must have passed"),
        key("product", Value::Texts, "the integer fields whose product the value is"),
        key(
            "residual_of",
            Value::Text,
            "the number field of which this is what is left once something has been done about it",
        ),
        key("bands", Value::Map(&Value::Integer(0)), "names of ranges, each with the number it begins at"),
        key("min", Value::Integer(i64::MIN), "the least number allowed; of a list, the fewest items"),
        key("max", Value::Integer(i64::MIN), "the greatest number allowed; of a list, the most items"),
        key(
            "ranks",
            Value::Boolean,
            "whether it says how much a record matters; boards put records in order by it",
        ),
        key("red", Value::Texts, "the bands or values that make an open record red on a board"),
        key("amber", Value::Texts, "the bands or values that make an open record amber on a board"),
        key("stale_after", Value::Text, "how long after this date the record counts as stale, as `90d`"),
        key(
            "deadline_of",
            Value::Text,
            "the field that says what is to be done by this date; where both change it is another deadline, and has not slipped",
        ),
        key("ready_in", Value::Texts, "the states in which the record is ready for this day"),
        key(
            "ready_ahead",
            Value::Text,
            "how long before the day it should be, as `1bd`; on the day where absent",
        ),
        key(
            "companion",
            Value::Table(&COMPANION),
            "the record that should stand ready as this day comes near",
        ),
        key(
            "tracked",
            Value::Boolean,
            "whether the decision record says when it changed; owner, deadlines, other days of the calendar and products are without asking",
        ),
        key(
            "frozen",
            Value::Boolean,
            "whether it is part of what is decided: once the record is frozen `set` leaves it alone, and lint tells a change",
        ),
    ],
};

const COMPANION: Shape = Shape {
    what: "a companion",
    keys: &[
        required("kind", Value::Text, "the id of its kind"),
        required("through", Value::Text, "its field of references that names this record"),
        required("in", Value::Texts, "the states in which it is ready"),
        required("ahead", Value::Text, "how long before the day it should be, as `14d` or `5bd`"),
        key("when", Value::Table(&CONDITION), "where it is asked for; everywhere where absent"),
    ],
};

/// `[[section]]`.
const SECTION: Shape = Shape {
    what: "a section",
    keys: &[
        required("title", Value::Text, "the heading"),
        key("aliases", Value::Texts, "other headings that mean the same"),
        REQUIRED,
        REQUIRED_IN,
        REQUIRED_IF,
        key("role", ROLES, "what generic rules look at"),
        key(
            "brief",
            BRIEF,
            "what a brief takes it for: what goes wrong, whom it helps and how much, what is done, what was weighed up, what comes later, what came of it",
        ),
        key(
            "takes",
            PARTS,
            "the part of the agenda or the digest that is written here, for a kind with `filled_by`",
        ),
        key("items", Value::Table(&ITEMS), "how many sub-headings, list items or table rows it holds"),
        key(
            "answered_in",
            Value::Texts,
            "the states in which each question or objection in it has its answer",
        ),
        key("each", Value::Tables(&PART), "what each entry of it states"),
        key("max_words", Value::Integer(1), "the most words it should have"),
        key("help", Value::Text, "what a good answer has, in one line"),
        key("example", Value::Text, "a good answer, for the filled example of `pmkit kinds`"),
    ],
};

const ITEMS: Shape = Shape {
    what: "a count of items",
    keys: &[
        key("min", Value::Integer(0), "at least this many"),
        key("max", Value::Integer(1), "at most this many"),
        key("in", Value::Texts, "the states in which that is asked; every state where absent"),
    ],
};

const PART: Shape = Shape {
    what: "a part of an entry",
    keys: &[
        required("label", Value::Text, "what it stands under: the head of a column, or words with a colon"),
        key("aliases", Value::Texts, "other labels that mean the same"),
        key(
            "type",
            Value::Choice(&["text", "date", "person"]),
            "what stands there: words, a day, or one named person; `text` where absent",
        ),
    ],
};

/// `[[pattern]]`.
const PATTERN: Shape = Shape {
    what: "a pattern",
    keys: &[
        key("section", Value::Text, "the section it is looked for in; the whole body where absent"),
        key("must_match", Value::Text, "a regular expression that must match; `^` and `$` match at lines"),
        key("must_not_match", Value::Text, "a regular expression that must not match"),
        required("message", Value::Text, "what to tell the author"),
    ],
};

/// `[[born_from]]`.
const BORN_FROM: Shape = Shape {
    what: "a way to be born",
    keys: &[
        required(
            "kinds",
            Value::Texts,
            "the ids of the kinds from whose records it is born; `\"*\"` stands for every kind",
        ),
        key("in", Value::Texts, "the states that record may be in; every state where absent"),
        key("decided", Value::Boolean, "whether only from what was decided and still holds"),
        key("once", Value::Boolean, "whether a second one must wait until the first is at its end"),
        key("when", Value::Text, "when that is called for, to go on with behind `if`: `it has happened`"),
        key("suggested_by", Value::Texts, "the rules whose findings about that record suggest it"),
        key("title", Value::Text, "its title where none is given; a template"),
        key(
            "fields",
            Value::Map(&Value::Text),
            "its fields, each with a template of its value; in a list, one item a line",
        ),
        key(
            "sections",
            Value::Map(&Value::Text),
            "its sections by their titles, each with a template of its text",
        ),
        key(
            "ask",
            Value::Map(&Value::Text),
            "its sections that a person is asked about, each with a template of the question",
        ),
        key(
            "back",
            Value::Map(&Value::Text),
            "fields of the record it is born from, each with a template of what is written there; to a list it is added",
        ),
    ],
};

/// `[lifecycle]`.
const LIFECYCLE: Shape = Shape {
    what: "a lifecycle",
    keys: &[
        key("field", Value::Text, "the field that carries the state; `status` where absent"),
        key("initial", Value::Text, "the state `new` writes"),
        key(
            "moves",
            Value::Map(&Value::Texts),
            "each state with the states one move away; `\"*\"` stands for every state",
        ),
        key("open", Value::Texts, "states in which deadlines run"),
        key("decided", Value::Texts, "states in which something has been decided"),
        key("final", Value::Texts, "states that end the record"),
        key("red", Value::Texts, "open states that make a record red on a board"),
        key("amber", Value::Texts, "open states that make a record amber on a board"),
        key("retired", Value::Texts, "states in which nothing new should build on the record"),
        key("refuted", Value::Texts, "states in which what the record holds true has been found false"),
        key("confirmed", Value::Texts, "states in which what the record holds true has been shown to be so"),
        key("frozen", Value::Boolean, "whether the text may not change once decided"),
        key("mutable_sections", Value::Texts, "sections that may change all the same"),
        key("superseded", Value::Text, "the state of a record that another one replaced"),
        key("levels", Value::Map(&LEVELS), "levels of rules by state"),
    ],
};
