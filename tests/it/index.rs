//! `pmkit index`: registers between markers, all other bytes as they were, and one file for programs.

use pmkit::index::Page;
use pmkit::index::Planned;
use pmkit::index::filled;
use pmkit::index::slots;
use proptest::prelude::*;
use serde_json::Value;
use serde_json::json;

use crate::program::Program;
use crate::story::Story;

fn program() -> Program {
    let program = Program::in_repository();
    program.write("docs/raid/R-0002-b.md", "---\ntitle: \"Ask @maya | #2\"\nstatus: open\nowner: tom\nlikelihood: 4\nimpact: 5\ndue: 2026-11-30\n---\n");
    program.write("docs/raid/I-0001-i.md", "---\ntitle: Labels print twice\nstatus: open\nowner: ana\n---\n");
    program.write("docs/raid/R-0001-ä b.md", "---\ntitle: Late\nstatus: closed\n---\n");
    program.write("docs/rfcs/0001-a.md", "---\ntitle: Sessions\nstatus: accepted\nowner: maya\n---\n");
    program
}

const EMPTY: &str = "<!-- pmkit:register risk -->\n<!-- pmkit:end -->\n";

const RISKS: &str = "<!-- pmkit:register risk -->

| id | title | status | score | owner | deadline |
| --- | --- | --- | --- | --- | --- |
| [R-0001](raid/R-0001-%C3%A4%20b.md) | Late | closed | | | |
| [R-0002](raid/R-0002-b.md) | `Ask @maya \\| #2` | open | 20 | tom | 2026-11-30 |

<!-- pmkit:end -->
";

/// Runs `pmkit index`, which must write or find `out`.
fn check(program: &Program, words: &[&str], code: i32, out: &str, err: &str) {
    let run = program.run(&[&["index"], words].concat());
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (code, out, err), "{words:?}");
}

/// Runs `pmkit index`, which must refuse and write nothing.
fn refuse(program: &Program, message: &str) {
    let before = program.read("docs/README.md");
    let run = program.run(&["index"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{message}");
    assert!(run.err.contains(message), "{message}\n{}", run.err);
    assert_eq!(program.read("docs/README.md"), before);
}

#[test]
fn a_register_is_written_between_its_markers_and_then_current() {
    let program = program();
    program.write("docs/README.md", format!("# Log\n\nBefore.\n\n{EMPTY}\nAfter."));
    check(&program, &["--check"], 1, "stale  docs/README.md; write it: pmkit index\n", "");
    assert_eq!(program.read("docs/README.md"), format!("# Log\n\nBefore.\n\n{EMPTY}\nAfter."));
    check(&program, &[], 0, "wrote  docs/README.md\n", "");
    assert_eq!(program.read("docs/README.md"), format!("# Log\n\nBefore.\n\n{RISKS}\nAfter."));
    for words in [&[][..], &["--check"]] {
        check(&program, words, 0, "", "nothing to change: 1 register is current\n");
    }
    program.write("docs/raid/R-0003-c.md", "---\ntitle: New\n---\n");
    check(&program, &["--check", "--quiet"], 1, "stale  docs/README.md; write it: pmkit index\n", "");
}

#[test]
fn line_ends_byte_order_mark_and_a_missing_last_line_end_stay() {
    let program = program();
    program.write("README.md", format!("\u{feff}{}x", EMPTY.replace('\n', "\r\n")));
    check(&program, &[], 0, "wrote  README.md\n", "");
    let expected = RISKS.replace("](raid", "](docs/raid").replace('\n', "\r\n");
    assert_eq!(program.read("README.md"), format!("\u{feff}{expected}x"));
    check(&program, &["--check"], 0, "", "nothing to change: 1 register is current\n");
    program.write("README.md", format!("x\r\r{}x", EMPTY.replace('\n', "\r")));
    check(&program, &[], 0, "wrote  README.md\n", "");
    assert_eq!(program.read("README.md"), format!("x\r\r{}x", expected.replace("\r\n", "\r")));
    check(&program, &["--check"], 0, "", "nothing to change: 1 register is current\n");
    program.write("README.md", "<!-- pmkit:register rfc --><!-- pmkit:end -->");
    program.run(&["index"]);
    assert_eq!(
        program.read("README.md"),
        "<!-- pmkit:register rfc -->\n\n| id | title | status | owner | deadline |\n| --- | --- | --- | --- | --- |\n| [RFC-0001](docs/rfcs/0001-a.md) | Sessions | accepted | maya | |\n\n<!-- pmkit:end -->"
    );
}

#[test]
fn pmkit_toml_says_which_file_which_kinds_and_which_columns() {
    let program = program();
    program.write(
        "pmkit.toml",
        "[[register]]\nfile = \"LOG.md\"\nkinds = [\"risk\", \"issue\"]\ncolumns = [\"owner\", \"title\"]\n\n[[register]]\nfile = \"LOG.md\"\nkinds = [\"rfc\"]\n",
    );
    program.write("LOG.md", "<!-- pmkit:register raid -->\n<!-- pmkit:end -->\n\n<!-- pmkit:register rfc -->\n<!-- pmkit:end -->\n");
    check(&program, &[], 0, "wrote  LOG.md\n", "");
    let log = program.read("LOG.md");
    assert!(
        log.contains(
            "\n| owner | title |\n| --- | --- |\n| ana | [Labels print twice](docs/raid/I-0001-i.md) |\n"
        ),
        "{log}"
    );
    assert!(log.contains("\n| [RFC-0001](docs/rfcs/0001-a.md) | Sessions |"), "{log}");
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_nothing_is_written() {
    let program = program();
    for (page, message) in [
        (
            "a <!-- pmkit:register risk -->\n<!-- pmkit:end -->\n",
            "a register cannot begin inside a line\n --> docs/README.md:3:3",
        ),
        ("<!-- pmkit:register risk -->\n", "a register begins and never ends\n --> docs/README.md:3:1"),
        ("<!-- pmkit:end -->\n", "a register ends that never began\n --> docs/README.md:3:1"),
        (
            "<!-- pmkit:register risk -->\n<!-- pmkit:register rfc -->\n<!-- pmkit:end -->\n",
            "a register begins inside another one\n --> docs/README.md:4:1",
        ),
        (
            "<!-- pmkit:register riks -->\n<!-- pmkit:end -->\n",
            "there is no kind or group `riks`\n --> docs/README.md:3:1",
        ),
        ("<!-- pmkit:register riks -->\n<!-- pmkit:end -->\n", "help: did you mean `risk`?"),
        ("<!-- pmkit:register -->\n<!-- pmkit:end -->\n", "the register says no kind"),
        ("<!-- pmkit:register risk\n", "a comment begins and never ends"),
        ("- <!-- pmkit:register risk -->\n", "a register cannot begin inside a line"),
    ] {
        program.write("docs/README.md", format!("{EMPTY}{page}"));
        refuse(&program, message);
    }
    program.write("docs/README.md", b"<!-- pmkit:register risk -->\xff\n<!-- pmkit:end -->\n");
    let run = program.run(&["index"]);
    assert_eq!(run.code, 2);
    assert!(run.err.starts_with("error: docs/README.md is not UTF-8: byte 0xff on line 1"), "{}", run.err);
}

#[test]
fn a_register_of_pmkit_toml_without_a_place_is_told_which_lines_to_paste() {
    let program = program();
    program.write("docs/README.md", "");
    let told = |settings: &str, message: &str| {
        program.write("pmkit.toml", settings);
        refuse(&program, message);
    };
    let register = |file: &str, more: &str| {
        format!("[[register]]\nfile = \"{file}\"\nkinds = [\"risk\", \"issue\"]\n{more}")
    };
    let paste = "<!-- pmkit:register risk issue --> and <!-- pmkit:end -->";
    told(
        &register("docs/README.md", ""),
        &format!(
            "docs/README.md has no place for its register of risk issue\n  help: put two lines where it is to stand: {paste}"
        ),
    );
    told(
        &register("LOG.md", ""),
        &format!("LOG.md is not there; nothing was written\n  help: write it, with two lines in it: {paste}"),
    );
    told(&register("../LOG.md", ""), "../LOG.md does not lie in the tree");
    told(&register("docs", ""), "docs is no plain file");
    program.write("docs/README.md", EMPTY);
    told(&register("docs/README.md", ""), "has no place for its register of risk issue");
    program.write("docs/README.md", EMPTY.replace("risk", "raid"));
    told(
        &register("docs/README.md", "columns = [\"ownr\"]\n"),
        "columns in pmkit.toml: no record here has a field `ownr`",
    );
    let both = register("docs/README.md", "") + &register("docs/README.md", "").replace(", \"issue\"", "");
    told(&both, "several registers of pmkit.toml belong into docs/README.md");
}

#[test]
fn markers_in_code_are_none() {
    let program = program();
    let page = format!(
        "```\n{EMPTY}```\n\nWrite `<!-- pmkit:register risk -->`.\n\n    <!-- pmkit:register risk -->\n"
    );
    program.write("docs/README.md", &page);
    check(
        &program,
        &[],
        0,
        "",
        "nothing to write: no README.md here has a line <!-- pmkit:register raid --> and below it <!-- pmkit:end -->\n",
    );
    assert_eq!(program.read("docs/README.md"), page);
}

#[cfg(unix)]
#[test]
fn links_and_files_that_may_not_be_written_are_left_alone() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::fs::symlink;
    let program = program();
    program.write("pmkit.toml", "[[register]]\nfile = \"docs/README.md\"\nkinds = [\"risk\"]\n");
    program.write("elsewhere.md", EMPTY);
    symlink(program.path("elsewhere.md"), program.path("docs/README.md")).unwrap();
    refuse(&program, "docs/README.md is a link; nothing was written");
    fs::remove_file(program.path("docs/README.md")).unwrap();
    program.write("docs/README.md", EMPTY);
    fs::set_permissions(program.path("docs/README.md"), fs::Permissions::from_mode(0o444)).unwrap();
    refuse(&program, "docs/README.md is read-only; nothing was changed");
    let outside = Program::new();
    outside.write("README.md", EMPTY);
    symlink(outside.root(), program.path("out")).unwrap();
    program.write("pmkit.toml", "[[register]]\nfile = \"out/README.md\"\nkinds = [\"risk\"]\n");
    refuse(&program, "out/README.md lies behind a link that leads out of the tree");
}

#[test]
fn a_settled_register_with_a_place_of_its_own_leaves_a_wider_one_alone() {
    let program = program();
    program.write(
        "pmkit.toml",
        "[[register]]\nfile = \"docs/README.md\"\nkinds = [\"risk\"]\ncolumns = [\"id\", \"score\"]\n",
    );
    let all = EMPTY.replace("register risk", "register raid");
    program.write("docs/README.md", format!("{EMPTY}\n{all}"));
    check(&program, &[], 0, "wrote  docs/README.md\n", "");
    let page = program.read("docs/README.md");
    let (risks, all) = page.split_once("register raid").unwrap();
    assert!(risks.contains("| id | score |\n") && !risks.contains("I-0001"), "{page}");
    assert!(all.contains("| id | title | status |") && all.contains("[I-0001]"), "{page}");
    // Where it has none, it takes the wider one, as before.
    program.write("docs/README.md", EMPTY.replace("register risk", "register raid"));
    program.run(&["index"]);
    assert!(program.read("docs/README.md").contains("| id | score |\n"));
}

#[cfg(unix)]
#[test]
fn a_page_that_is_a_link_is_named_where_a_register_would_be_missed() {
    use std::os::unix::fs::symlink;
    let program = program();
    program.write("docs/notes.md", EMPTY);
    symlink("notes.md", program.path("docs/README.md")).unwrap();
    for words in [&["index", "--check"][..], &["index"]] {
        let run = program.run(words);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
        let expected = "error: docs/README.md is a link and not followed";
        assert!(run.err.starts_with(expected), "{}", run.err);
    }
    assert_eq!(program.read("docs/notes.md"), EMPTY);
    // Another page is kept as itself, and one without a register needs nothing.
    program.write("docs/notes.md", "Notes.\n");
    assert_eq!(program.run(&["index", "--check"]).code, 0);
    std::fs::remove_file(program.path("docs/README.md")).unwrap();
    program.write("README.md", EMPTY);
    symlink("../README.md", program.path("docs/README.md")).unwrap();
    check(&program, &[], 0, "wrote  README.md\n", "");
}

#[test]
fn a_bare_repository_is_checked_at_head_and_never_written() {
    let program = program();
    program.write("docs/README.md", EMPTY);
    program.commit("log");
    let bare = |expected: (i32, &str)| {
        program.git(&["clone", "--quiet", "--bare", ".", "bare.git"]);
        let run = program.run(&["-C", "bare.git", "index", "--check"]);
        assert_eq!((run.code, run.out.as_str()), expected, "{}", run.err);
        let run = program.run(&["-C", "bare.git", "index"]);
        assert_eq!(run.code, 2);
        assert!(run.err.contains("this is a bare repository"), "{}", run.err);
        std::fs::remove_dir_all(program.path("bare.git")).unwrap();
    };
    bare((1, "stale  docs/README.md; write it: pmkit index\n"));
    program.run(&["index"]);
    program.commit("index");
    bare((0, ""));
}

#[test]
fn the_day_of_decision_comes_from_history_and_is_never_made_up() {
    let story = Story::new();
    let program = &story.program;
    program.write("pmkit.toml", "[[register]]\nfile = \"docs/README.md\"\nkinds = [\"rfc\"]\ncolumns = [\"id\", \"status\", \"decided\"]\n");
    program.write("docs/README.md", "<!-- pmkit:register rfc -->\n<!-- pmkit:end -->\n");
    let write = |at: u32, status: &str| {
        program.write(
            &format!("docs/rfcs/000{at}-x.md"),
            format!("---\ntitle: Record number {at}\nstatus: {status}\n---\n"),
        );
    };
    write(1, "accepted");
    write(2, "draft");
    check(program, &[], 0, "wrote  docs/README.md\n", "");
    let row = |at: u32, rest: &str| format!("| [RFC-000{at}](rfcs/000{at}-x.md) | {rest} |\n");
    assert!(
        program.read("docs/README.md").contains(&row(1, "accepted |")),
        "{}",
        program.read("docs/README.md")
    );
    story.commit("decide");
    // The commit that decides cannot hold its own day: that is no reason to fail.
    check(program, &["--check"], 0, "", "nothing to change: 1 register is current\n");
    check(program, &[], 0, "wrote  docs/README.md\n", "");
    let told = program.read("docs/README.md");
    let day = told
        .lines()
        .find(|line| line.contains("RFC-0001"))
        .unwrap()
        .split(" | ")
        .nth(2)
        .unwrap()
        .trim_end_matches(" |");
    assert!(day.starts_with("2026-"), "{told}");
    assert!(told.contains(&row(2, "draft |")), "{told}");
    write(1, "superseded");
    write(2, "rejected");
    check(program, &["--check"], 1, "stale  docs/README.md; write it: pmkit index\n", "");
    check(program, &[], 0, "wrote  docs/README.md\n", "");
    let told = program.read("docs/README.md");
    assert!(told.contains(&format!("| superseded | {day} |\n")), "{told}");
    assert!(told.contains(&row(2, "rejected |")), "{told}");
    program.write("docs/README.md", told.replace(day, "2020-01-01"));
    check(program, &["--check"], 1, "stale  docs/README.md; write it: pmkit index\n", "");
}

#[test]
fn a_shallow_clone_keeps_the_days_it_cannot_know() {
    let story = Story::new();
    let program = &story.program;
    program.write(
        "pmkit.toml",
        "[[register]]\nfile = \"LOG.md\"\nkinds = [\"rfc\"]\ncolumns = [\"id\", \"decided\"]\n",
    );
    let log = |id: &str, day: &str| {
        let head = "<!-- pmkit:register rfc -->\n\n| id | decided |\n| --- | --- |\n";
        format!("{head}| [{id}](docs/rfcs/0001-redis.md) | {day} |\n\n<!-- pmkit:end -->\n")
    };
    program.write("LOG.md", log("RFC-0001", "2026-09-21"));
    story.state("accepted", "decide");
    story.commit("later");
    let from = format!("file://{}", program.root().display());
    program.git(&["clone", "--quiet", "--depth", "1", &from, "clone"]);
    let run = program.run(&["-C", "clone", "index"]);
    assert_eq!(run.code, 3, "{}", run.err);
    assert_eq!(program.read("clone/LOG.md"), log("RFC-0001", "2026-09-21"));
    assert_eq!(program.run(&["-C", "clone", "index", "--check"]).code, 0);
    program.write("clone/LOG.md", log("RFC-0001", "in autumn"));
    assert_eq!(program.run(&["-C", "clone", "index", "--check"]).code, 1);
    program.write("clone/LOG.md", log("RFC-0009", "2026-09-21"));
    assert_eq!(program.run(&["-C", "clone", "index", "--check"]).code, 1);
}

#[test]
fn one_file_holds_all_records_for_programs() {
    let program = program();
    program.write("pmkit.toml", "[index]\njson = \"docs/index.json\"\n");
    check(&program, &["--check"], 1, "stale  docs/index.json; write it: pmkit index\n", "");
    check(&program, &[], 0, "wrote  docs/index.json\n", "");
    check(&program, &["--check"], 0, "", "nothing to change\n");
    let index: Value = serde_json::from_str(&program.read("docs/index.json")).unwrap();
    assert_eq!(index["schema"], "pmkit.records/1");
    assert_eq!(
        index["records"][0],
        json!({"id": "RFC-0001", "kind": "rfc", "title": "Sessions", "status": "accepted", "owner": "maya", "path": "docs/rfcs/0001-a.md",
            "fields": {"title": "Sessions", "status": "accepted", "owner": "maya"}, "links": []})
    );
    program.write("docs/index.json", "{\"mine\": 1}");
    let run = program.run(&["index"]);
    assert_eq!(run.code, 2);
    assert!(
        run.err.starts_with("error: docs/index.json holds something else; nothing was written"),
        "{}",
        run.err
    );
    assert_eq!(program.read("docs/index.json"), "{\"mine\": 1}");
}

#[test]
fn what_init_writes_has_registers_that_fill_at_once() {
    let program = Program::in_repository();
    program.run(&["init"]);
    program.run(&["new", "risk", "It may rain"]);
    check(&program, &[], 0, "wrote  docs/README.md\n", "");
    let page = program.read("docs/README.md");
    assert!(page.contains("| [R-0001](raid/R-0001-it-may-rain.md) | It may rain | open |"), "{page}");
    assert_eq!(program.run(&["lint"]).code, 0);
}

proptest! {
    #[test]
    fn bytes_outside_the_markers_stay(
        before in "(?s)([a-z#>` *|-]|\n|\r\n|\u{feff}|<!--|-->|```|    |é|<div>){0,24}",
        between in "(?s)([a-z|`-]|\n|\r\n|```|<!-- x -->|<pre>){0,12}",
        after in "(?s)([a-z#>` *|-]|\n|\r\n|<!--|```|é|<!-- pmkit:register b --><!-- pmkit:end -->){0,24}",
        table in "(\\| [a-z`|\\\\<!-]{0,9} \\|\n){1,3}",
    ) {
        let text = format!("{before}\n<!-- pmkit:register a -->{between}<!-- pmkit:end -->{after}");
        let page = Page { path: "README.md".to_owned(), text };
        let Ok(found) = slots(&page) else { return Ok(()) };
        let planned = |slots: &[pmkit::index::Slot]| -> Vec<Planned> {
            slots.iter().map(|slot| Planned { between: slot.between.clone(), kinds: Vec::new(), columns: Vec::new() }).collect()
        };
        let tables = vec![table; found.len()];
        let Ok(made) = filled(&page, &planned(&found), &tables) else { return Ok(()) };
        let outside = |text: &str, registers: &[Planned]| -> Vec<String> {
            let mut from = 0;
            let mut parts = Vec::new();
            for register in registers {
                parts.push(text[from..register.between.start].to_owned());
                from = register.between.end;
            }
            parts.push(text[from..].to_owned());
            parts
        };
        let again = Page { path: page.path.clone(), text: made };
        let found_again = slots(&again);
        prop_assert!(found_again.is_ok(), "{:?}", again.text);
        let found_again = found_again.unwrap();
        prop_assert_eq!(outside(&page.text, &planned(&found)), outside(&again.text, &planned(&found_again)));
        prop_assert_eq!(filled(&again, &planned(&found_again), &tables).unwrap(), again.text.clone());
    }
}

#[test]
fn the_approver_of_a_decision_is_whom_it_named_then() {
    let story = Story::new();
    let program = &story.program;
    program.write(
        "pmkit.toml",
        "[[register]]\nfile = \"LOG.md\"\nkinds = [\"rfc\"]\ncolumns = [\"id\", \"approver\"]\n",
    );
    program.write("LOG.md", "<!-- pmkit:register rfc -->\n<!-- pmkit:end -->\n");
    let write = |at: u32, status: &str, approver: &str| {
        program.write(
            &format!("docs/rfcs/000{at}-x.md"),
            format!("---\ntitle: Record number {at}\nstatus: {status}\napprover: {approver}\n---\n"),
        );
    };
    let rows = || -> Vec<String> {
        let log = program.read("LOG.md");
        log.lines()
            .filter(|line| line.contains("RFC-"))
            .map(|line| line.rsplit("| ").next().unwrap().to_owned())
            .collect()
    };
    write(1, "review", "priya");
    write(2, "review", "priya");
    check(program, &[], 0, "wrote  LOG.md\n", "");
    story.commit("ask");
    write(1, "accepted", "ana");
    check(program, &[], 0, "wrote  LOG.md\n", "");
    story.commit("decide");
    check(program, &["--check"], 0, "", "nothing to change: 1 register is current\n");
    assert_eq!(rows(), ["ana |", "priya |"]);
    // Who is written there later did not decide it; what is open names whom it names.
    write(1, "accepted", "lee");
    write(2, "review", "lee");
    check(program, &[], 0, "wrote  LOG.md\n", "");
    assert_eq!(rows(), ["ana |", "lee |"]);
}
