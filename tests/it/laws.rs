//! Laws that hold for every document, looked for in documents no author would write.

use pmkit::date::Date;
use pmkit::diagnostic::Diagnostic;
use pmkit::document::Document;
use pmkit::document::stated;
use pmkit::document::yaml_list;
use pmkit::document::yaml_value;
use pmkit::lint::Lint;
use pmkit::lint::Overlay;
use pmkit::lint::Summary;
use pmkit::lint::mend;
use pmkit::text::Lines;
use pmkit::text::needs_care;
use pmkit::text::visible;
use pmkit::text::visible_with_offsets;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::tree::Tree;

/// Pieces that mean something at the top of a document.
const TOP: [&str; 44] = [
    "---\n",
    "---\r\n",
    "--- \n",
    "----\n",
    "...\n",
    "\u{feff}",
    "\n",
    "\r",
    "  ---\n",
    "+++\n",
    "id: R-0001\n",
    "id: R-1\n",
    "id: RFC-0001\n",
    "title: a: b\n",
    "title: \"x\" y\n",
    "title: `x`\n",
    "title: [x](y) z\n",
    "title: {x | y}\n",
    "title: |\n  x\n  y\n",
    "Title: x\n",
    "title:x\n",
    "status: open\n",
    "status: Open\n",
    "status: [a, b]\n",
    "status: { a: b }\n",
    "owner: @lee\n",
    "owner:\n",
    "owner: [ana, lee]\n",
    "owner: platform team\n",
    "due: 2026-13-40\n",
    "due: 2026/11/27 # c\n",
    "due: 'x\n",
    "tags:\n  - a\n - b\n",
    "tags: [a,\nb]\n",
    "\tx: y\n",
    "x: &a 1\ny: *a\n",
    "x: !!str y\n",
    "? [a]\n: b\n",
    "<!-- x -->\n",
    "# c\n",
    "next_step: R-0001 → R-9999 é\u{301}\n",
    "<<<<<<< a\n",
    "=======\n",
    ">>>>>>> b\n",
];

/// Pieces that mean something in the Markdown.
pub(crate) const BODY: [&str; 32] = [
    "# A\n",
    "## Description\n",
    "## 1. Description:\n",
    "Description\n---\n",
    "\n",
    "\r\n",
    "text ",
    "R-0001 R-9999 RFC-0007 ",
    "`R-0002` ",
    "[R-0003](x.md) ",
    "[a]: http://x\n",
    "<!-- ",
    "-->",
    "```\n",
    "~~~\n",
    "- item\n",
    "- [ ] task\n",
    "  - deep\n",
    "> quote\n",
    "| a | b |\n|---|---|\n| c | d |\n",
    "<div>\n",
    "</div>\n",
    "![i](p.png) ",
    "\u{0}",
    "\u{1b}[31m",
    "\u{202e}",
    "北京 ",
    "\u{e9}\u{301}",
    "***",
    "<<<<<<< x\n=======\n>>>>>>> y\n",
    "## Appendix\n",
    "&amp;\\* ",
];

/// Pieces that mean something where entries state what stands under labels.
const ENTRIES: [&str; 34] = [
    "Metric: ",
    "**Baseline:** ",
    "**Target** ",
    "_date_: ",
    "Date:",
    "by ",
    "baseline：",
    "; target: ",
    ". Date: ",
    "2027-03-31 ",
    "2027-Q1 ",
    "2027-02-30 ",
    "ana, lee ",
    "TBD",
    "Größe ",
    "DATE\u{130}: ",
    "北京：",
    "é\u{301}",
    "\n",
    "\n\n",
    "\r\n",
    "\n- ",
    "\n  - ",
    "\n1. ",
    "\n### ",
    "\n#### Baseline\n",
    "\n> ",
    "\n```\n",
    "<!-- ",
    "-->",
    "\n\n| metric | Baseline (x) | by |\n|---|---|---|\n",
    "| a | b \\| c |",
    "| Target |  |\n",
    "|",
];

pub(crate) fn document() -> impl Strategy<Value = String> {
    let top = prop::collection::vec(prop::sample::select(&TOP[..]), 0..14);
    let body = prop::collection::vec(prop::sample::select(&BODY[..]), 0..24);
    let closed = any::<bool>();
    (top, body, closed).prop_map(|(top, body, closed)| {
        let frame = if closed { ("---\n", "---\n") } else { ("", "") };
        format!("{}{}{}{}", frame.0, top.concat(), frame.1, body.concat())
    })
}

fn lint(text: &str) -> Vec<Diagnostic> {
    let tree = Tree::default().with("docs/raid/R-0001-x.md", text).with("docs/rfcs/0001-x.md", text);
    tree.lint(Date::parse("2026-11-20").unwrap())
}

/// Fixes a document until nothing is left to fix, and returns it with what is left that a fix claims to mend.
fn fixed(text: &str, unsafe_too: bool) -> (String, usize) {
    let check = |overlay: &Overlay| {
        let text = overlay.get("docs/raid/R-0001-x.md").map_or(text, String::as_str);
        let tree = Tree::default().with("docs/raid/R-0001-x.md", text);
        let diagnostics = tree.try_lint(Date::parse("2026-11-20").unwrap())?;
        Ok(Lint { diagnostics, summary: Summary::default() })
    };
    let mended = mend(unsafe_too, check, |_| Some(text.to_owned())).unwrap();
    let fixes = mended.lint.diagnostics.iter().filter_map(|found| found.fix.as_ref());
    let left = fixes.filter(|fix| fix.safe || unsafe_too).count();
    (mended.overlay.into_values().next().unwrap_or_else(|| text.to_owned()), left)
}

/// The same few hundred documents a law on every run, so that a red build is about the change; with `PMKIT_SLOW_TESTS`
/// set, many more, and others each time.
pub(crate) fn config() -> ProptestConfig {
    let slow = std::env::var_os("PMKIT_SLOW_TESTS").is_some();
    let (cases, rng_seed) = if slow { (20_000, RngSeed::Random) } else { (256, RngSeed::Fixed(20_261_120)) };
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_place_lies_in_its_text(text in document()) {
        let lines = Lines::new(&text);
        for found in lint(&text) {
            let spans = found.span.into_iter().chain(found.related.iter().filter_map(|related| related.span));
            let spans = spans.chain(found.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.span)));
            for span in spans {
                prop_assert!(text.get(span.range()).is_some(), "{}: {span:?}", found.rule);
                prop_assert!(lines.position(span.start()).line <= lines.count());
            }
        }
    }

    #[test]
    fn what_entries_state_lies_where_it_is_said_to(pieces in prop::collection::vec(prop::sample::select(&ENTRIES[..]), 0..20)) {
        let body = pieces.concat();
        let text = format!("---\nid: OKR-0001\nstatus: active\n---\n\n## Key results\n\n{body}\n");
        let document = Document::read(text.clone());
        let labels = [vec!["metric"], vec!["baseline"], vec!["target"], vec!["date", "by"]];
        for index in 1..document.outline().sections.len() {
            for entry in stated(&document, index, &labels) {
                prop_assert!(text.get(entry.place.range()).is_some());
                for piece in entry.parts.iter().flatten() {
                    let there = text.get(piece.span.range());
                    prop_assert!(there.is_some(), "{piece:?}");
                    // Of headings the words count, and what is hidden in between is taken out.
                    let title = document.outline().sections.iter().any(|section| section.title.span == piece.span);
                    let hidden = text.contains("<!--") || text.contains("```");
                    prop_assert!(there == Some(&piece.text) || title || hidden, "{piece:?} {there:?}");
                }
            }
        }
        let tree = Tree::default().with("docs/okrs/0001-x.md", &text).with("docs/health/0001-x.md", &text);
        for found in tree.lint(Date::parse("2026-11-20").unwrap()) {
            prop_assert!(found.span.is_none_or(|span| text.get(span.range()).is_some()), "{}", found.rule);
        }
    }

    #[test]
    fn every_part_of_a_document_lies_in_it_and_in_order(text in document()) {
        let document = Document::read(text.clone());
        for entry in document.entries() {
            prop_assert!(text.get(entry.key.text.span.range()).is_some());
            prop_assert!(text.get(entry.value.span().range()).is_some());
        }
        let outline = document.outline();
        let mut last = document.body;
        for section in &outline.sections {
            prop_assert!(section.heading.start() >= last && section.body.end() >= section.heading.end());
            prop_assert!(text.get(section.title.span.range()).is_some());
            last = section.heading.start();
        }
        prop_assert_eq!(outline.sections.last().unwrap().body.end(), text.len());
    }

    #[test]
    fn fixing_comes_to_rest_and_then_changes_nothing(text in document(), unsafe_too in any::<bool>()) {
        let (once, left) = fixed(&text, unsafe_too);
        prop_assert_eq!(left, 0, "fixes that do not mend: {:?}", once);
        let (twice, _) = fixed(&once, unsafe_too);
        prop_assert_eq!(twice, once);
    }

    #[test]
    fn a_safe_fix_takes_no_field_away(text in document()) {
        // Letter case, separators and quotes are what fixes are about.
        let plain = |text: &str| -> String {
            text.chars().filter(|c| c.is_alphanumeric() || *c == ':').flat_map(char::to_lowercase).collect()
        };
        let document = Document::read(text.clone());
        let fixed = plain(&fixed(&text, false).0);
        for entry in document.entries() {
            let key = format!("{}:", plain(entry.key.text.of(&text)));
            prop_assert!(fixed.contains(&key), "{key} of {text:?} is gone from {fixed:?}");
        }
    }

    #[test]
    fn any_bytes_at_all_are_linted(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let tree = Tree::default().with("docs/raid/R-0001-x.md", &bytes);
        prop_assert!(!tree.lint(Date::parse("2026-11-20").unwrap()).is_empty());
    }

    #[test]
    fn what_is_shown_never_acts_and_offsets_keep_their_order(text in any::<String>()) {
        prop_assert!(!needs_care(&visible(&text)), "{:?}", visible(&text));
        let (shown, offsets) = visible_with_offsets(&text);
        prop_assert!(offsets.windows(2).all(|pair| pair[0] <= pair[1]));
        prop_assert_eq!(offsets.len(), text.len() + 1);
        prop_assert_eq!(*offsets.last().unwrap(), shown.len());
    }

    #[test]
    fn written_values_read_back(text in "[^\\p{Cc}\\u{2028}\\u{2029}\\u{feff}\\u{fffe}\\u{ffff}]{1,40}", typed in any::<bool>()) {
        for line in [format!("k: {}\n", yaml_value(&text, typed)), format!("k: {}\n", yaml_list([text.as_str()]))] {
            let document = Document::read(format!("---\n{line}---\n"));
            prop_assert!(document.slips.is_empty(), "{line}: {:?}", document.slips);
            let value = &document.entry("k").unwrap().value;
            let read = match value {
                pmkit::document::Node::Scalar(scalar) => scalar.text.of(&document.text),
                pmkit::document::Node::List(list) => match &list.items[..] {
                    [pmkit::document::Node::Scalar(scalar)] => scalar.text.of(&document.text),
                    other => return Err(TestCaseError::fail(format!("{line}: {other:?}"))),
                },
                pmkit::document::Node::Map(_) => return Err(TestCaseError::fail(line)),
            };
            prop_assert_eq!(read, &text);
        }
    }
}
