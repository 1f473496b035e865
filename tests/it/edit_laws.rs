//! Laws of edits, with a second reader of YAML as witness: only the value that was to change changes, for every other
//! program too. `PMKIT_SLOW_TESTS=1` makes ten thousand edits of it; `PMKIT_CORPUS=DIR` takes the documents of a folder too.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::LazyLock;

use pmkit::config::Config;
use pmkit::date::Date;
use pmkit::document::Document;
use pmkit::edit::set_field;
use pmkit::kind::FieldType;
use pmkit::kind::Kind;
use pmkit::revise::Given;
use pmkit::revise::Order;
use pmkit::revise::Original;
use pmkit::revise::set;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_norway::Value;

use crate::laws;
use crate::tree::Tree;

/// Lines of front matter as people write them, each with the key it is about.
const LINES: [(&str, &str); 40] = [
    ("id", "id: R-0001\n"),
    ("id", "id: \"R-0001\"\n"),
    ("title", "title: Tide may miss the date\n"),
    ("title", "title: 'It''s late: again'   # for now\n"),
    ("title", "Title: \"caf\\u00e9 \\\"x\\\"\"\n"),
    ("title", "title: >-\n  folded\n  text\n"),
    ("title", "title: Tide\n  may miss it\n"),
    ("title", "title:\n"),
    ("status", "status: open # c\n"),
    ("status", "status : 'open'\n"),
    ("owner", "owner: ana\n"),
    ("owner", "driver: \"ana\" # x\n"),
    ("owner", "owner: Ana\u{a0}Ruiz <ana@acme.example>\n"),
    ("owner", "owner:\n  - ana\n"),
    ("owner", "owner: [ana]\n"),
    ("owner", "owner: # nobody yet\n"),
    ("due", "due: 2026-11-18\n"),
    ("due", "due:   '2026-11-18'\n"),
    ("due", "due: ~\n"),
    ("likelihood", "likelihood: 4\n"),
    ("likelihood", "likelihood: !!int 4\n"),
    ("tags", "tags: [a, 'b', \"c, d\"] # e\n"),
    ("tags", "tags: [\n  a, # x\n  b,\n]\n"),
    ("tags", "tags:\n- a\n- 'b' # x\n\n# y -\n- c\n"),
    ("tags", "tags: # z -\n    - a\n    - \"b: c\"\n"),
    ("tags", "tags: a, b\n"),
    ("tags", "tags: []\n"),
    ("tags", "tags:\n  -\n    a\n  - b\n"),
    ("tags", "tags:\n  - |\n    x\n  - b\n"),
    ("next_step", "next_step: |\n  a\n\n  b\n"),
    ("next_step", "next_step: ask, again # and again\n"),
    ("next_step", "next_step: {}\n"),
    ("x", "x: { a: 1, b: [c, d] }\n"),
    ("y", "y:\n  deep:\n    - 1\n    - {b: c}\n"),
    ("z", "\"z\": !tag v\n"),
    ("w", "w: &anchor v\n"),
    ("", "# a comment\n"),
    ("", "\n"),
    ("", "  # another\n"),
    ("bad", "bad: a: b\n"),
];

static CONFIG: LazyLock<Config> = LazyLock::new(|| Tree::default().config().unwrap());

/// Returns whole documents: some of the lines, no key twice, with ends of lines and all else as they happen to be.
fn document() -> impl Strategy<Value = String> {
    let lines = prop::collection::vec(prop::sample::select(&LINES[..]), 0..12);
    (lines, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(lines, mark, crlf, ends)| {
        let mut text = String::from("---\n");
        let mut seen: Vec<&str> = Vec::new();
        for (key, line) in lines {
            if key.is_empty() || !seen.contains(&key) {
                seen.push(key);
                text.push_str(line);
            }
        }
        text.push_str("---\n");
        if ends {
            text.push_str("\n# R-0001 Tide\n\nowner: not this one\n");
        }
        text.truncate(text.trim_end().len() + usize::from(ends));
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        if mark { format!("\u{feff}{text}") } else { text }
    })
}

/// Returns texts for a value: words, and what YAML takes for something else.
fn value() -> impl Strategy<Value = String> {
    let odd = [
        "yes",
        "No",
        "null",
        "~",
        "1.10",
        "0x1F",
        "12e3",
        "2026-11-20",
        "1:30",
        "@lee",
        "`x`",
        "a: b",
        "a #b",
        "#c",
        "- a",
        "? a",
        "[a]",
        "{a}",
        "a, b",
        "'",
        "\"",
        "it's",
        "say \"hi\"",
        "\\n",
        "%x",
        "!x",
        "&x",
        "*x",
        "|",
        ">",
        "=",
        "<<",
        ".inf",
        "café",
        "e\u{301}",
        "北京",
        "a\u{a0}b",
        "→ 72 h",
        "...",
        "---",
        "a:",
        ":a",
        "-",
        "0o17",
        "012",
        "+1",
        "1_000",
        "\u{200b}x",
        "a\u{202e}b",
        "x\ty",
    ];
    prop_oneof![
        prop::sample::select(odd.to_vec()).prop_map(str::to_owned),
        "[a-zA-Z0-9 _.:,#'\"@!&*?|>%\\[\\]{}-]{1,24}"
            .prop_filter("says something", |text| !text.trim().is_empty()),
    ]
}

fn config() -> ProptestConfig {
    let cases = if std::env::var_os("PMKIT_SLOW_TESTS").is_some() { 10_000 } else { 200 };
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(7),
        ..ProptestConfig::default()
    }
}

/// Returns what another reader makes of the front matter.
fn witnessed(text: &str) -> Option<Vec<(String, Value)>> {
    let document = Document::read(text.to_owned());
    let block = document.front_matter.as_ref()?.block.of(text);
    match serde_norway::from_str(block).ok()? {
        Value::Mapping(map) => {
            map.into_iter().map(|(key, value)| Some((key.as_str()?.to_owned(), value))).collect()
        }
        Value::Null => Some(Vec::new()),
        _ => None,
    }
}

/// Says whether another reader finds `texts` in `value`.
fn means(value: &Value, texts: &[String], spec: FieldType) -> bool {
    let typed = matches!(spec, FieldType::Integer | FieldType::Date);
    let is = |value: &Value, text: &String| match value {
        Value::String(said) => said == text,
        Value::Number(number) => typed && number.to_string() == *text,
        _ => false,
    };
    match value {
        Value::Sequence(items) => {
            (spec.is_many() || texts.is_empty())
                && items.len() == texts.len()
                && items.iter().zip(texts).all(|(item, text)| is(item, text))
        }
        Value::Null => texts.is_empty(),
        value => matches!(texts, [only] if is(value, only)),
    }
}

/// Makes the edit, where it is not refused, and holds it against the laws. Returns whether it was made.
fn hold(text: &str, kind: &Kind, field: usize, texts: &[String]) -> bool {
    let Ok(after) = set_field(text, kind, field, texts) else { return false };
    let spec = &kind.fields[field];
    let (old, new) = (Document::read(text.to_owned()), Document::read(after.clone()));
    let told = || format!("{text:?} → {after:?}, {} = {texts:?}", spec.key);
    // Outside the value, or the line that is new, not a byte.
    let own = |document: &Document| {
        let mut entries = document.entries().iter();
        let entry =
            entries.find(|entry| kind.field_of_key(entry.key.text.of(&document.text)) == Some(field))?;
        Some((entry.key.text.span, entry.value.span()))
    };
    let common = |a: &mut dyn Iterator<Item = u8>, b: &mut dyn Iterator<Item = u8>| {
        a.zip(b).take_while(|(a, b)| a == b).count()
    };
    let before = common(&mut text.bytes(), &mut after.bytes());
    let behind = common(&mut text.bytes().rev(), &mut after.bytes().rev());
    match own(&old) {
        Some((key, value)) => {
            let end = value.end().max(key.end());
            let line = text[end..].find('\n').map_or(text.len(), |line| end + line + 1);
            assert!(before >= key.end() && behind >= text.len() - line, "{}", told());
        }
        None => assert!(before + behind >= text.len(), "{}", told()),
    }
    assert_eq!(text[old.body..], after[new.body..], "{}", told());
    // And for the other reader it says this, and all else as before.
    let Some(witnessed_before) = witnessed(text) else { return true };
    let witnessed_after = witnessed(&after).unwrap_or_else(|| panic!("no YAML any more: {}", told()));
    let others = |all: &[(String, Value)]| -> Vec<(String, Value)> {
        all.iter().filter(|(key, _)| kind.field_of_key(key) != Some(field)).cloned().collect()
    };
    assert_eq!(others(&witnessed_before), others(&witnessed_after), "{}", told());
    match witnessed_after.iter().find(|(key, _)| kind.field_of_key(key) == Some(field)) {
        Some((_, value)) => assert!(means(value, texts, spec.value), "{value:?}: {}", told()),
        None => assert!(texts.is_empty(), "{}", told()),
    }
    true
}

fn fitting(kind: &Kind, field: usize, mut texts: Vec<String>) -> Vec<String> {
    match kind.fields[field].value {
        FieldType::Date => texts.iter_mut().for_each(|text| "2026-12-24".clone_into(text)),
        FieldType::Integer => texts.iter_mut().for_each(|text| "5".clone_into(text)),
        _ => texts.iter_mut().for_each(|text| *text = text.trim().to_owned()),
    }
    if !kind.fields[field].value.is_many() {
        texts.truncate(1);
    }
    texts
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn only_the_intended_value_changes_for_every_reader(
        text in document(),
        name in prop::sample::select(&["title", "status", "owner", "due", "likelihood", "tags", "next_step"][..]),
        texts in prop::collection::vec(value(), 0..4),
    ) {
        let kind = CONFIG.kinds.all().iter().find(|kind| kind.prefix == "R").unwrap();
        let field = kind.fields.iter().position(|field| field.name == name).unwrap();
        hold(&text, kind, field, &fitting(kind, field, texts));
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_is_set_in_whatever_document_nothing_breaks(
        text in prop_oneof![document(), laws::document()],
        word in prop::sample::select(&[
            "title=Something <else>", "title=x", "status=closed", "status=open", "tags+=a", "tags-=a", "tags-=b,c",
            "owner=", "owner=ana", "due=today", "rests_on+=A-1", "rests_on-=A-0001", "corrections+=a, b → c",
        ][..]),
    ) {
        let path = "docs/raid/R-0001-x.md";
        let claim = CONFIG.kinds.claim(path).unwrap().unwrap();
        let original = Original { path: path.to_owned(), claim, text };
        let given = [Given::read(word).unwrap()];
        let order = Order { config: &CONFIG, given: &given, conditions: &[], today: Date::parse("2026-11-20").unwrap(), committed: &|_| None };
        let Ok(revised) = set(std::slice::from_ref(&original), order) else { return Ok(()) };
        prop_assert_eq!(revised.changes.is_empty(), revised.lines.is_empty());
        for change in &revised.changes {
            // Said again it is so already.
            let again = Original { text: change.after().to_owned(), ..original.clone() };
            let again = set(&[again], order).unwrap();
            prop_assert!(again.changes.is_empty(), "{:?} → {:?}", original.text, again.changes);
        }
    }
}

/// Adds the paths of the Markdown files below `folder` to `found`.
fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() && !path.ends_with(".git") {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found.sort();
}

#[test]
fn edits_of_real_documents_hold_the_same_laws() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in ["examples", "docs/decisions", "docs/raid", "docs/rules"] {
        collect(&top.join(folder), &mut paths);
    }
    if let Some(folder) = std::env::var_os("PMKIT_CORPUS") {
        collect(Path::new(&folder), &mut paths);
    }
    let kind = CONFIG.kinds.all().iter().find(|kind| kind.prefix == "RFC").unwrap();
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let mut made = 0;
    for path in paths {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for (name, texts) in [
            ("title", owned(&["It's: \"new\" #1"])),
            ("status", owned(&["accepted"])),
            ("owner", owned(&["@lee"])),
            ("owner", owned(&[])),
            ("tags", owned(&["a", "b, c", "yes"])),
            ("reviewers", owned(&["ana", "@lee"])),
            ("comments_close", owned(&["2026-12-24"])),
        ] {
            let field = kind.fields.iter().position(|field| field.name == name).unwrap();
            made += usize::from(hold(&text, kind, field, &texts));
        }
    }
    assert!(made > 100, "{made} edits were made");
}
