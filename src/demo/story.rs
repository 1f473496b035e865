//! The story as written: who is in it, and what happened, step by step.

use crate::error::Mistake;
use crate::shape::Shape;
use crate::shape::Table;
use crate::shape::Toml;
use crate::shape::Value;
use crate::shape::check;
use crate::shape::key;
use crate::shape::required;
use crate::text::Span;

/// The whole story.
#[derive(Debug)]
pub(super) struct Story {
    pub(super) people: Vec<(String, String, String)>,
    pub(super) steps: Vec<Step>,
    pub(super) unfinished: Vec<Edit>,
    pub(super) by_hand: Vec<Edit>,
}

/// Something that reached the main branch, or another branch.
#[derive(Debug)]
pub(super) struct Step {
    /// Days before today, as a negative number.
    pub(super) day: i32,
    pub(super) how: How,
    pub(super) who: String,
    /// Who merged.
    pub(super) by: Option<String>,
    pub(super) pull_request: Option<i64>,
    pub(super) subject: String,
    pub(super) body: Option<String>,
    pub(super) edits: Vec<Edit>,
    /// The commits of a branch.
    pub(super) commits: Vec<Step>,
}

/// How a step reached its branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// Committed directly.
    Commit,
    /// Merged with a merge commit.
    Merge,
    /// Squashed by the forge.
    Squash,
    /// On a branch of its own that nobody has merged.
    Branch,
}

/// A change to one file.
#[derive(Debug, Clone)]
pub(super) struct Edit {
    /// The file: its path, or what its path begins with below `docs/`, as in `raid/R-0012`.
    pub(super) file: String,
    /// What it holds, where it is none of the files there are today.
    pub(super) text: Option<String>,
    /// Whether the file comes into being.
    pub(super) add: bool,
    /// Front-matter values by key; an empty text leaves the key without value.
    pub(super) set: Vec<(String, String)>,
    /// Text to find and what to put in its place.
    pub(super) replace: Vec<(String, String)>,
}

const EDIT: Shape = Shape {
    what: "an edit",
    keys: &[
        required("file", Value::Text, "the record"),
        key("add", Value::Boolean, "whether it comes into being"),
        key("text", Value::Text, "what it holds, if it is on a branch only"),
        key("set", Value::Map(&Value::Text), "front-matter values"),
        key("replace", Value::Map(&Value::Text), "text to find, with what takes its place"),
    ],
};

const COMMIT: Shape = Shape {
    what: "a commit",
    keys: &[
        required("day", Value::Integer(-1000), "days from today"),
        required("who", Value::Text, "who wrote it"),
        required("subject", Value::Text, "the first line of the message"),
        key("body", Value::Text, "the rest of the message"),
        key("edit", Value::Tables(&EDIT), "what changes"),
    ],
};

const STEP: Shape = Shape {
    what: "a step",
    keys: &[
        required("day", Value::Integer(-1000), "days from today"),
        required("who", Value::Text, "who wrote it"),
        required("subject", Value::Text, "the first line of the message"),
        key("how", Value::Choice(&["commit", "merge", "squash", "branch"]), "how it reached its branch"),
        key("by", Value::Text, "who merged it"),
        key("pull_request", Value::Integer(1), "the number of the pull request"),
        key("body", Value::Text, "the rest of the message"),
        key("edit", Value::Tables(&EDIT), "what changes"),
        key("commit", Value::Tables(&COMMIT), "the commits of the branch that is merged"),
    ],
};

const PERSON: Shape = Shape {
    what: "a person",
    keys: &[required("name", Value::Text, "the name"), required("email", Value::Text, "the address")],
};

const STORY: Shape = Shape {
    what: "the story",
    keys: &[
        required("people", Value::Map(&Value::Table(&PERSON)), "who is in it"),
        required("step", Value::Tables(&STEP), "what happened, in order"),
        key("unfinished", Value::Tables(&EDIT), "what somebody has changed and not committed"),
        key("by_hand", Value::Tables(&EDIT), "what only a person can mend of that"),
    ],
};

/// Reads the story.
pub(super) fn read(text: &str) -> Result<Story, Vec<Mistake>> {
    let toml = Toml::new("src/demo/story.toml", text);
    toml.with(|table| {
        let mistakes = check(&toml, table, &STORY, Span::at(0));
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let people = table.table("people");
        let person = |handle: &str| {
            let table = people?.table(handle)?;
            Some((handle.to_owned(), table.string("name")?, table.string("email")?))
        };
        let handles: Vec<String> =
            people.map(|people| people.keys().map(|key| key.value.to_owned()).collect()).unwrap_or_default();
        Ok(Story {
            people: handles.iter().filter_map(|handle| person(handle)).collect(),
            steps: table.tables("step").into_iter().map(step).collect(),
            unfinished: table.tables("unfinished").into_iter().map(edit).collect(),
            by_hand: table.tables("by_hand").into_iter().map(edit).collect(),
        })
    })
}

fn step(table: Table<'_>) -> Step {
    Step {
        day: table.integer("day").and_then(|day| i32::try_from(day.value).ok()).unwrap_or(0),
        how: match table.text("how").map(|how| how.value) {
            Some("merge") => How::Merge,
            Some("squash") => How::Squash,
            Some("branch") => How::Branch,
            _ => How::Commit,
        },
        who: table.string("who").unwrap_or_default(),
        by: table.string("by"),
        pull_request: table.integer("pull_request").map(|number| number.value),
        subject: table.string("subject").unwrap_or_default(),
        body: table.string("body"),
        edits: table.tables("edit").into_iter().map(edit).collect(),
        commits: table.tables("commit").into_iter().map(step).collect(),
    }
}

fn edit(table: Table<'_>) -> Edit {
    let pairs = |key: &str| {
        let Some(pairs) = table.table(key) else { return Vec::new() };
        pairs.keys().filter_map(|key| Some((key.value.to_owned(), pairs.string(key.value)?))).collect()
    };
    Edit {
        file: table.string("file").unwrap_or_default(),
        text: table.string("text"),
        add: table.flag("add"),
        set: pairs("set"),
        replace: pairs("replace"),
    }
}
