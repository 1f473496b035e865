//! `pmkit search`: what is found, in what order, and how it is told.

use pmkit::report;
use pmkit::report::Look;
use pmkit::report::TableFormat;
use pmkit::search;
use pmkit::workspace::Inputs;
use serde_json::Value;
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use crate::program::Program;
use crate::tree::Tree;

fn program() -> Program {
    let program = Program::in_repository();
    let write = |path: &str, fields: &str, body: &str| {
        program.write(path, format!("---\n{fields}\n---\n\n{body}\n"));
    };
    write(
        "docs/rfcs/0001-a.md",
        "title: Refunds by card\nstatus: draft\nowner: maya",
        "## Problem\n\nNothing.",
    );
    write("docs/rfcs/0002-b.md", "title: Sessions\nstatus: accepted", "## Refunds\n\nKept.");
    write(
        "docs/rfcs/0003-c.md",
        "id: RFC-0003\ntitle: Labels\nstatus: draft\ncreated: 2026-01-01",
        "# RFC-0003 Labels\n\n<!-- say refunds -->\n\n## Problem\n\nA payments\nAPI for refunds. Müller asked.",
    );
    write(
        "docs/raid/R-0001-x.md",
        "title: Prerefunds\nstatus: open",
        "## Description\n\nSee RFC-1 and RFC-0003.",
    );
    program
}

fn check(program: &Program, words: &[&str], expected: &str) {
    let run = program.run(words);
    assert_eq!((run.code, run.out.as_str()), (0, expected), "{words:?}: {}", run.err);
}

/// Returns the ids that a search finds, in order, and what it says.
fn ids(program: &Program, words: &[&str]) -> (Vec<String>, String) {
    let run = program.run(&[&["search", "--format", "csv"], words].concat());
    assert_eq!(run.code, 0, "{words:?}: {}", run.err);
    let mut ids: Vec<String> =
        run.out.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect();
    ids.dedup();
    (ids, run.err)
}

fn check_ids(words: &[&str], expected: &[&str]) {
    let (ids, err) = ids(&program(), words);
    assert_eq!(ids, expected, "{words:?}");
    assert_eq!(err, "", "{words:?}");
}

#[test]
fn the_title_goes_first_then_headings_then_text_and_parts_of_words_last() {
    check(
        &program(),
        &["search", "refunds"],
        "\
RFC-0001  draft  Refunds by card
  docs/rfcs/0001-a.md

RFC-0002  accepted  Sessions
  docs/rfcs/0002-b.md:6:4  ## Refunds

RFC-0003  draft  Labels
  docs/rfcs/0003-c.md:15:9  API for refunds. Müller asked.

R-0001  open  Prerefunds
  docs/raid/R-0001-x.md
",
    );
}

#[test]
fn all_words_must_occur_and_phrases_stay_together() {
    check_ids(&["refunds", "KEPT"], &["RFC-0002"]);
    check_ids(&["payments api", "refunds"], &["RFC-0003"]);
    check_ids(&["\"payments api\" refunds"], &["RFC-0003"]);
    check_ids(&["maya"], &["RFC-0001"]);
    check_ids(&["muller"], &["RFC-0003"]);
    check_ids(&["MÜLLER"], &["RFC-0003"]);
    let (found, err) = ids(&program(), &["api payments", "refunds"]);
    assert_eq!((found.len(), err.as_str()), (0, "nothing found: no record holds `api payments`\n"));
}

#[test]
fn an_id_is_found_however_it_is_written_its_record_first() {
    check_ids(&["rfc-3"], &["RFC-0003", "R-0001"]);
    check_ids(&["RFC-0001"], &["RFC-0001"]);
    check_ids(&["RFC-1"], &["RFC-0001", "R-0001"]);
}

#[test]
fn comments_keys_and_fences_of_front_matter_are_no_text() {
    for word in ["say", "created", "title"] {
        let (found, err) = ids(&program(), &[word]);
        assert!(found.is_empty(), "{word}: {found:?}");
        assert!(err.starts_with("nothing found"), "{err}");
    }
}

#[test]
fn a_slip_is_forgiven_where_nothing_has_the_word_and_that_is_said() {
    let program = program();
    let check = |words: &[&str], expected: &[&str], said: &str| {
        let (found, err) = ids(&program, words);
        assert_eq!(
            (found, err.as_str()),
            (expected.iter().map(ToString::to_string).collect(), said),
            "{words:?}"
        );
    };
    check(&["sesions"], &["RFC-0002"], "no record holds `sesions`: looked for `Sessions`\n");
    check(&["prerefnuds"], &["R-0001"], "no record holds `prerefnuds`: looked for `Prerefunds`\n");
    check(&["RCF-0002"], &["RFC-0002"], "no record holds `RCF-0002`: looked for `RFC-0002`\n");
    // Another number is another record.
    check(&["RFC-0009"], &[], "nothing found: no record holds `RFC-0009`; did you mean `RFC-0001`?\n");
    check(
        &["sesions", "kept", "nothing"],
        &[],
        "nothing found: no record holds all; `Sessions` is in 1, `kept` is in 1, `nothing` is in 1\nno record holds `sesions`: looked for `Sessions`\n",
    );
    let run = program.run(&["search", "sesions", "--format", "json", "--quiet"]);
    let found: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(found["taken"], json!([{"word": "sesions", "taken_for": "Sessions"}]));
    assert_eq!(run.err, "");
}

#[test]
fn filters_are_those_of_list() {
    let program = program();
    let found = |words: &[&str]| ids(&program, words).0;
    assert_eq!(found(&["refunds", "--kind", "risks"]), ["R-0001"]);
    assert_eq!(
        found(&["refunds", "--kind", "raid", "--kind", "rfc", "--where", "open and status!=draft"]),
        ["R-0001"]
    );
    assert_eq!(found(&["refunds", "--where", "status=accepted"]), ["RFC-0002"]);
    let (none, err) = ids(&program, &["refunds", "--where", "status=rejected"]);
    assert!(none.is_empty());
    assert_eq!(err, "nothing found among the records that are meant\n");
    assert_eq!(program.run(&["search", "x", "--kind", "riks"]).code, 2);
    assert_eq!(program.run(&["search", "x", "--where", "staus=open"]).code, 2);
    let run = program.run(&["search", " "]);
    assert_eq!((run.code, run.err.lines().next()), (2, Some("error: there is no word to look for")));
}

#[test]
fn the_best_are_shown_and_how_to_see_more() {
    let program = Program::in_repository();
    for at in 1..=30 {
        let title = if at == 7 { "Wheel" } else { "t" };
        program.write(&format!("docs/rfcs/{at:04}-x.md"), format!("---\ntitle: {title}\n---\n\na wheel\n"));
    }
    let run = program.run(&["search", "wheel", "-n", "2"]);
    assert_eq!(
        run.out,
        "RFC-0007  no state  Wheel\n  docs/rfcs/0007-x.md:5:3  a wheel\n\nRFC-0030  no state  t\n  docs/rfcs/0030-x.md:5:3  a wheel\n"
    );
    assert_eq!(run.err, "these are the best 2; more: -n 10, or -n 0 for all\n");
    assert_eq!(program.run(&["search", "wheel"]).out.matches("0030-x").count(), 1);
    assert_eq!(program.run(&["search", "wheel"]).out.matches(" t\n").count(), 19);
    assert_eq!(program.run(&["search", "wheel", "-n", "0"]).out.matches(" t\n").count(), 29);
    assert_eq!(program.run(&["search", "wheel", "--format", "jsonl"]).out.lines().count(), 30);
}

#[test]
fn at_most_three_lines_unless_all_are_wanted() {
    let program = Program::in_repository();
    program.write("docs/rfcs/0001-x.md", "---\ntitle: t\n---\n\none\none\none\none two\n");
    check(
        &program,
        &["search", "one", "two"],
        "RFC-0001  no state  t\n  docs/rfcs/0001-x.md:5:1  one\n  docs/rfcs/0001-x.md:6:1  one\n  docs/rfcs/0001-x.md:8:1  one two\n  1 line more\n",
    );
    assert_eq!(program.run(&["search", "one", "--all"]).out.lines().count(), 5);
    let colored = program.run(&["search", "two", "--color", "always"]);
    assert!(colored.out.contains("  one \u{1b}[1;31mtwo\u{1b}[0m\n"), "{:?}", colored.out);
}

#[test]
fn json_csv_and_markdown() {
    let program = program();
    let run = program.run(&["search", "müller", "--format", "json"]);
    let expected = json!({
        "schema": "pmkit.search/1",
        "taken": [],
        "records": [{
            "id": "RFC-0003", "kind": "rfc", "title": "Labels", "status": "draft", "path": "docs/rfcs/0003-c.md", "score": 4,
            "matches": [{"line": 15, "column": 18, "text": "API for refunds. Müller asked."}],
        }],
    });
    assert_eq!(serde_json::from_str::<Value>(&run.out).unwrap(), expected);
    check(
        &program,
        &["search", "sessions", "--format", "csv"],
        "id,kind,title,status,path,score,line,column,text\nRFC-0002,rfc,Sessions,accepted,docs/rfcs/0002-b.md,40,2,8,title: Sessions\n",
    );
    check(
        &program,
        &["search", "kept", "--format", "markdown"],
        "| record | status | title | where | text |\n|---|---|---|---|---|\n| `RFC-0002` | `accepted` | `Sessions` | `docs/rfcs/0002-b.md:8:1` | `Kept.` |\n",
    );
}

#[test]
fn what_is_no_text_is_counted() {
    let program = program();
    program.write("docs/raid/R-0002-y.md", b"refunds \xff");
    let run = program.run(&["search", "kept"]);
    assert_eq!(run.err, "1 file could not be read and is left out; see why: pmkit lint\n");
}

#[test]
fn one_line_as_long_as_a_text_may_be_is_no_trouble() {
    let program = Program::in_repository();
    program.write("docs/rfcs/0001-x.md", format!("---\ntitle: t\n---\n{}", "aé ".repeat(600_000)));
    let run = program.run(&["search", "ae"]);
    assert_eq!((run.code, run.out.lines().count()), (0, 2), "{}", run.err);
}

#[test]
fn what_people_type_is_found_however_it_is_set() {
    let program = program();
    let write = |path: &str, title: &str, body: &str| {
        program.write(path, format!("---\ntitle: {title}\nstatus: draft\n---\n\n{body}\n"));
    };
    write("docs/rfcs/0007-g.md", "Single sign-on", "They “don’t” care about the \u{fb01}le.");
    for word in ["don't", "don’t", "file", "single-sign-on", "sign on", "\"single sign on\"", "RFC 7"] {
        assert_eq!(ids(&program, &[word]), (vec!["RFC-0007".to_owned()], String::new()), "{word}");
    }
    let (found, err) = ids(&program, &["RCF-7"]);
    assert_eq!(found, ["RFC-0007"]);
    assert_eq!(err, "no record holds `RCF-7`: looked for `RFC-0007`\n");
}

#[test]
fn bytes_that_nobody_reads_are_not_held() {
    let program = program();
    let (found, err) = ids(&program, &["owner: maya"]);
    assert_eq!(found, [] as [String; 0]);
    assert_eq!(
        err,
        "nothing found: `owner: maya` stands only in keys and comments, which are not searched\n"
    );
    // A word that is only a key is taken for one near to it.
    program.write("docs/rfcs/0008-h.md", "---\ntitle: Towners\nstatus: draft\nowners: lee\n---\n");
    let (found, err) = ids(&program, &["owners"]);
    assert_eq!(found, ["RFC-0008"], "{err}");
    program.write("docs/rfcs/0008-h.md", "---\ntitle: Ownerz\nstatus: draft\nowners: lee\n---\n");
    let (found, err) = ids(&program, &["owners"]);
    assert_eq!(found, ["RFC-0008"], "{err}");
    assert_eq!(err, "no record holds `owners`: looked for `Ownerz`\n");
}

#[test]
fn what_was_found_fits_a_terminal_of_any_width() {
    let text = "---\ntitle: The 東京 shop may open later than we all hope for\nstatus: draft\n---\n\n## Problem\n\n\
                A refund of a very long kind is what this line is about, and more.\n";
    let long = "docs/rfcs/0001-a-name-as-long-as-a-sentence-for-a-file-that-says-a-lot.md";
    let tree = Tree::default().with(long, text).with("docs/rfcs/0002-b.md", text.replace("refund", "x"));
    let config = tree.config().unwrap();
    let paths: Vec<String> = tree.files.keys().cloned().collect();
    let inputs = Inputs { paths: &paths, read: &|path| Ok(tree.files[path].clone()), around: None };
    for words in ["refund", "shop", "RFC-2"] {
        let terms = search::terms(&[words.to_owned()], &config.kinds);
        let wanted = search::Search { terms: &terms, kinds: &|_| true, meant: &|_| true, limit: None };
        let found = search::search(&config, inputs, wanted).unwrap();
        assert!(!found.records.is_empty());
        for width in 20..120 {
            let mut out = Vec::new();
            let look = Look { color: false, width, prefix: "", terse: false };
            report::search(TableFormat::Text, &found.records, &[], true, &config, look, &mut out).unwrap();
            let out = String::from_utf8(out).unwrap();
            for line in out.lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
            assert!(words != "refund" || out.contains("refund"), "{width}: {out}");
        }
    }
}
