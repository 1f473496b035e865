//! Laws of records that are born from others: whatever stands in the one, the other has the sections its kind gives it and says what
//! it was given.

use std::sync::OnceLock;

use pmkit::config::Config;
use pmkit::date::Date;
use pmkit::document::Document;
use pmkit::kind::Claim;
use pmkit::record::Depth;
use pmkit::record::Record;
use pmkit::scaffold::Born;
use pmkit::scaffold::Order;
use pmkit::scaffold::Parent;
use pmkit::scaffold::Past;
use pmkit::scaffold::scaffold;
use proptest::prelude::*;

use crate::laws::BODY;
use crate::laws::config;
use crate::laws::document;
use crate::tree::Tree;

/// Pieces that could break what stands around them.
const MORE: [&str; 10] = [
    "### Resolution\n",
    "#### 2. Impact:\n",
    "Impact\n===\n",
    "<pre>\n",
    "<script>\n",
    "    code\n",
    "\n\n\n",
    "- ```\n",
    "[a][1] [1]: x.md\n",
    "> ~~~\n",
];

fn body() -> impl Strategy<Value = String> {
    let pieces: Vec<&str> = BODY.iter().chain(&MORE).copied().collect();
    prop::collection::vec(prop::sample::select(pieces), 0..20).prop_map(|pieces| pieces.concat())
}

/// Returns what is built in.
fn settled() -> &'static Config {
    static CONFIG: OnceLock<Config> = OnceLock::new();
    CONFIG.get_or_init(|| Tree::default().config().unwrap())
}

/// Makes the issue that a risk with the text `text` becomes; `None` where none can be born from it.
fn born(text: &str) -> Option<Result<String, String>> {
    let config = settled();
    let today = Date::parse("2026-11-20").unwrap();
    let (from, to) = (config.kinds.index_of("risk").unwrap(), config.kinds.index_of("issue").unwrap());
    let claim = Claim { kind: from, number: Some(12) };
    let parent = Parent::read(config, "docs/raid/R-0012-x.md", claim, text.to_owned()).ok()?;
    let kind = config.kinds.at(to);
    let birth = kind.birth_from(config.kinds.at(from), parent.state()).or(kind.births.first())?;
    let past = Past::default();
    let born =
        Born { kind, parent: &parent, birth, past: &past, me: Some("lee"), today, answers: Vec::new() };
    let title = born.title().unwrap().unwrap_or_else(|| "T".to_owned());
    let given = born.fields(&title, &[]).unwrap().given;
    let order = Order {
        kind,
        number: 1,
        title: &title,
        given,
        body: None,
        born: Some(&born),
        me: Some("lee"),
        today,
    };
    Some(scaffold(&order, config).map(|made| made.text).map_err(|error| error.message))
}

/// Returns the headings of the whole record, and which of them answers each section of the kind.
fn structure(text: &str) -> (Vec<String>, Vec<Option<String>>) {
    let config = settled();
    let document = Document::read(text.to_owned());
    let claim = Claim { kind: config.kinds.index_of("issue").unwrap(), number: Some(1) };
    let record = Record::read("docs/raid/I-0001-x.md", claim, &document, config, Depth::Whole);
    let outline = document.outline();
    let title = |at: usize| outline.sections[at].title.of(&document.text).to_owned();
    let high = (1..outline.sections.len()).filter(|at| outline.sections[*at].level <= 2);
    let answers = record.sections.iter().map(|section| section.map(title));
    (high.map(title).skip(1).collect(), answers.collect())
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let Some(made) = born(text) else { return Ok(()) };
    let made = made.map_err(TestCaseError::fail)?;
    let (headings, answers) = structure(&made);
    prop_assert_eq!(&headings, &["Description", "Impact", "Resolution"], "{}", made);
    let expected = ["Description", "Impact", "Resolution"].map(|title| Some(title.to_owned()));
    prop_assert_eq!(answers, expected.to_vec(), "{}", made);
    prop_assert!(Document::read(made.clone()).slips.is_empty(), "{}", made);
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_text_that_is_taken_over_changes_nothing_around_it(first in body(), last in body()) {
        let front = "---\nid: R-0012\ntitle: T\nstatus: open\nowner: maya\ncreated: 2026-10-01\n---\n";
        check(&format!("{front}\n## Description\n\n{first}\n\n## Contingency\n\n{last}"))?;
        check(&format!("{front}\n# Description\n\n{first}\n\n# Contingency\n\n{last}"))?;
    }

    #[test]
    fn any_document_at_all_can_be_born_from(text in document()) {
        check(&text)?;
    }
}
