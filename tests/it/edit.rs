//! Changing a field in place: the bytes of its value, and no others.

use pmkit::document::Document;
use pmkit::document::Node;
use pmkit::edit::set_field;
use pmkit::kind::Kind;
use proptest::prelude::*;

use crate::laws::config;
use crate::laws::document;
use crate::tree::Tree;

/// Sets `field` of a risk whose front matter is `front`, and returns the front matter, or why not.
fn set(front: &str, field: &str, texts: &[&str]) -> String {
    let config = Tree::default().config().unwrap();
    let kind = config.kinds.all().iter().find(|kind| kind.prefix == "R").unwrap();
    let whole = format!("---\n{front}---\nbody: x\n");
    match set_field(&whole, kind, index(kind, field), &owned(texts)) {
        Ok(text) => {
            let inner = text.strip_prefix("---\n").and_then(|text| text.strip_suffix("---\nbody: x\n"));
            inner.unwrap_or_else(|| panic!("{text}")).to_owned()
        }
        Err(error) => error.message,
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn index(kind: &Kind, field: &str) -> usize {
    kind.fields.iter().position(|known| known.name == field).unwrap()
}

fn check(front: &str, field: &str, texts: &[&str], expected: &str) {
    assert_eq!(set(front, field, texts), expected, "{front:?} {field} {texts:?}");
}

#[test]
fn a_value_changes_and_what_stands_beside_it_stays() {
    check("due: 2026-11-18 # asked twice\n", "due", &["2026-11-25"], "due: 2026-11-25 # asked twice\n");
    check("DUE:   '2026-11-18'\n", "due", &["2026-11-25"], "DUE:   '2026-11-25'\n");
    check("owner: \"tom\" # x\n", "owner", &["a: b"], "owner: \"a: b\" # x\n");
    check("owner: 'tom'\n", "owner", &["O'Neill"], "owner: 'O''Neill'\n");
    check("driver: tom\n", "owner", &["ana"], "driver: ana\n");
    check("response: # avoid, accept\n", "response", &["avoid"], "response: avoid # avoid, accept\n");
    check("due:\nid: R-1\n", "due", &["2026-11-25"], "due: 2026-11-25\nid: R-1\n");
    check("next_step: a\n  b # c\nid: R-1\n", "next_step", &["x: y"], "next_step: \"x: y\" # c\nid: R-1\n");
    check("next_step: |\n  a\n  b\n\n# c\nid: R-1\n", "next_step", &["z"], "next_step: z\n\n# c\nid: R-1\n");
    check("owner: tom\r\ndue: 2026-11-18\r\n", "due", &["2026-11-25"], "owner: tom\r\ndue: 2026-11-25\r\n");
    check("due : 2026-11-18\n", "due", &["2026-11-25"], "due : 2026-11-25\n");
    check("owner: tom\n", "owner", &["yes"], "owner: \"yes\"\n");
}

#[test]
fn nothing_is_a_value_too() {
    check("due: 2026-11-18 # x\nid: R-1\n", "due", &[], "due: # x\nid: R-1\n");
    check("due: '2026-11-18'\n", "due", &[], "due:\n");
    check("next_step: >\n  a\n  b\nid: R-1\n", "next_step", &[], "next_step:\nid: R-1\n");
    check("id: R-1\n", "due", &[], "id: R-1\n");
    check("tags: [a, b] # x\n", "tags", &[], "tags: [] # x\n");
    check("tags:\n  - a\n  - b\nid: R-1\n", "tags", &[], "tags: []\nid: R-1\n");
}

#[test]
fn a_field_that_is_missing_gets_a_line_where_the_kind_puts_it() {
    check(
        "id: R-1\ncreated: 2026-11-01\n",
        "due",
        &["2026-11-25"],
        "id: R-1\ncreated: 2026-11-01\ndue: 2026-11-25\n",
    );
    check("score: 4\n", "due", &["2026-11-25"], "due: 2026-11-25\nscore: 4\n");
    check("", "due", &["2026-11-25"], "due: 2026-11-25\n");
    check("x: 1\n", "due", &["2026-11-25"], "x: 1\ndue: 2026-11-25\n");
    check("  id: R-1\n  x: 1\n", "due", &["2026-11-25"], "  id: R-1\n  due: 2026-11-25\n  x: 1\n");
    check(
        "status: >\n  open\n# c\nscore: 4\n",
        "due",
        &["2026-11-25"],
        "status: >\n  open\ndue: 2026-11-25\n# c\nscore: 4\n",
    );
    check("id: R-1\r\n", "tags", &["a", "b"], "id: R-1\r\ntags: [a, b]\n");
}

#[test]
fn lists_stay_as_they_are_written() {
    check("tags: [a, b] # x\n", "tags", &["a", "c, d"], "tags: [a, \"c, d\"] # x\n");
    check("tags: [a,\n  b]\nid: R-1\n", "tags", &["b"], "tags: [b]\nid: R-1\n");
    check("tags: a\n", "tags", &["a", "b"], "tags: [a, b]\n");
    check(
        "tags:\n  - a # why\n  - b\nid: R-1\n",
        "tags",
        &["a", "c"],
        "tags:\n  - a # why\n  - c\nid: R-1\n",
    );
    check("tags:\n- a\n- b\n", "tags", &["b", "a", "yes"], "tags:\n- b\n- a\n- \"yes\"\n");
    check("owner:\n  - tom\nid: R-1\n", "owner", &["ana"], "owner: ana\nid: R-1\n");
    // Items keep their quotes, their comments and what stands between them.
    check("tags: ['a', \"b\"] # x\n", "tags", &["a", "b", "c"], "tags: ['a', \"b\", c] # x\n");
    check("tags: ['a', \"b\", c]\n", "tags", &["a", "c"], "tags: ['a', c]\n");
    check("tags: ['a', \"b\"]\n", "tags", &["x", "b"], "tags: ['x', \"b\"]\n");
    check("tags: [a, # x\n  b]\n", "tags", &["a", "b", "c"], "tags: [a, # x\n  b, c]\n");
    check("tags: [a, b,]\n", "tags", &["a", "b", "c"], "tags: [a, b, c,]\n");
    check("tags: [b]\n", "tags", &["a", "b"], "tags: [a, b]\n");
    check("tags: []\n", "tags", &["a"], "tags: [a]\n");
    check(
        "tags:\n  - a\n\n  # why\n  - b\n",
        "tags",
        &["a", "b", "c"],
        "tags:\n  - a\n\n  # why\n  - b\n  - c\n",
    );
    check("tags:\n  - a # x\n  - 'b'\n", "tags", &["z", "b"], "tags:\n  - z # x\n  - 'b'\n");
    check("tags: # c -\n  - a\n", "tags", &["a", "b"], "tags: # c -\n  - a\n  - b\n");
    check("tags:\n  - a\n  # x\n  - b\n", "tags", &["a"], "tags:\n  - a\n  # x\n");
}

#[test]
fn front_matter_that_is_no_yaml_changes_where_the_line_is_plain() {
    check("title: a: b\nowner: tom\n", "owner", &["ana"], "title: a: b\nowner: ana\n");
    check("title: a: b\nowner: tom # x\n", "owner", &["a: b"], "title: a: b\nowner: \"a: b\" # x\n");
    check("title: a: b\nowner:\n", "owner", &["ana"], "title: a: b\nowner: ana\n");
    check("title: a: b\nowner: tom\n", "owner", &[], "title: a: b\nowner:\n");
    for front in [
        "owner: a: b\n",
        "title: a: b\nowner: 'tom'\n",
        "title: a: b\nowner: tom\nowner: ana\n",
        "title: a: b\nowner: tom\n  and ana\n",
        "title: a: b\nowner: tom\n- ana\n",
        "title: a: b\n  owner: tom\n",
        "<<<<<<< a\nowner: tom\n=======\n>>>>>>> b\n",
        "title: a: b\n",
    ] {
        let said = set(front, "owner", &["ana"]);
        assert_eq!(said, "`owner` cannot be changed in place: the front matter is malformed", "{front:?}");
    }
}

#[test]
fn what_could_go_wrong_is_refused() {
    for (front, field, why) in [
        ("due: 1\ndue: 2\n", "due", "it stands there more than once"),
        ("owner: a\ndriver: b\n", "owner", "it stands there more than once"),
        ("due: { a: b }\n", "due", "its value is a table"),
        ("{ id: R-1, due: x }\n", "due", "the front matter is written in braces"),
        ("due: a: b\n", "due", "the front matter is malformed"),
        ("due:\n  - a # x\n", "due", "comments stand inside the list"),
        ("due: [a, # x\n b]\n", "due", "comments stand inside the list"),
        ("tags:\n  - a\n  # x\n  - b\n", "tags", "something else stands between the items of its list"),
    ] {
        let said = set(front, field, &["2026-11-25"]);
        assert_eq!(said, format!("`{field}` cannot be changed in place: {why}"), "{front:?}");
    }
    let config = Tree::default().config().unwrap();
    let kind = &config.kinds.all()[0];
    assert!(set_field("# No front matter\n", kind, 0, &owned(&["x"])).is_err());
}

/// Returns what a field says, as texts.
fn read(document: &Document, kind: &Kind, field: usize) -> Option<Vec<String>> {
    let mut entries = document.entries().iter();
    let entry = entries.find(|entry| kind.field_of_key(entry.key.text.of(&document.text)) == Some(field))?;
    let text = |node: &Node| match node {
        Node::Scalar(scalar) => scalar.text.of(&document.text).to_owned(),
        _ => String::new(),
    };
    match &entry.value {
        Node::List(list) => Some(list.items.iter().map(text).collect()),
        node if node.is_blank(&document.text) => Some(Vec::new()),
        node => Some(vec![text(node)]),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn everything_outside_the_field_stays_to_the_byte(
        text in document(),
        field in prop::sample::select(&["title", "owner", "due", "tags", "next_step", "status"][..]),
        texts in prop::collection::vec("[^\\p{Cc}\\u{2028}\\u{2029}\\u{feff}\\u{fffe}\\u{ffff}]{1,20}", 0..3),
    ) {
        let config = Tree::default().config().unwrap();
        let kind = config.kinds.all().iter().find(|kind| kind.prefix == "R").unwrap();
        let at = index(kind, field);
        let texts: Vec<String> = if kind.fields[at].value.is_many() {
            texts
        } else {
            texts.into_iter().take(1).collect()
        };
        // White space alone says nothing.
        prop_assume!(texts.iter().all(|text| !text.trim().is_empty()));
        let Ok(after) = set_field(&text, kind, at, &texts) else { return Ok(()) };
        let before = Document::read(text.clone());
        let own = before.entries().iter().find(|entry| {
            kind.field_of_key(entry.key.text.of(&text)) == Some(at)
        });
        let read = read(&Document::read(after.clone()), kind, at);
        match own {
            None if texts.is_empty() => prop_assert_eq!(&after, &text),
            _ => prop_assert_eq!(read, Some(texts)),
        }
        let prefix = text.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
        let suffix = text.bytes().rev().zip(after.bytes().rev()).take_while(|(a, b)| a == b).count();
        match own {
            Some(entry) => {
                prop_assert!(prefix >= entry.key.text.span.end(), "{text:?} {after:?}");
                // A list of lines ends with its last line.
                let end = entry.value.span().end();
                let line = text[end..].find('\n').map_or(text.len(), |line| end + line + 1);
                prop_assert!(suffix >= text.len() - line, "{text:?} {after:?}");
            }
            None => prop_assert!(prefix + suffix >= text.len(), "{text:?} {after:?}"),
        }
    }
}
