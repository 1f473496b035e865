//! What rules about the links between records say and mend, on disk and in a bare repository.

use crate::program::Program;

const RISK: &str = "---\nid: R-0001\ntitle: Load\nstatus: open\nowner: tom\nnext_step: Test\ndue: 2026-11-27\ncreated: 2026-10-26\n---\n\n## Description\n\n";
const RFC: &str = "---\nid: RFC-0007\ntitle: Redis\nstatus: draft\nowner: maya\ncreated: 2026-10-12\n---\n\n# RFC 7: Redis\n\n## Problem\n\nSlow.\n\n## Proposal\n\nRedis.\n\n## Alternatives considered\n\n- **None:** slow.\n";

/// Returns a repository with an RFC and a risk that says `text`.
fn with(text: &str) -> Program {
    let program = Program::in_repository();
    program.write("docs/rfcs/0007-redis.md", RFC);
    program.write("docs/raid/R-0001-load.md", format!("{RISK}{text}\n"));
    program
}

/// Checks that `text` becomes `fixed`, by certain fixes or by `--unsafe` too, and that a second time changes nothing.
fn fixes(text: &str, unsafe_too: bool, fixed: &str) {
    let program = with(text);
    let words: &[&str] = if unsafe_too { &["lint", "--fix", "--unsafe"] } else { &["lint", "--fix"] };
    program.run(words);
    let once = program.read("docs/raid/R-0001-load.md");
    assert_eq!(once, format!("{RISK}{fixed}\n"), "{text}");
    program.run(words);
    assert_eq!(program.read("docs/raid/R-0001-load.md"), once, "{text}");
}

#[test]
fn mentions_are_written_in_full() {
    fixes("See RFC-7, rfc-7 and RFC 7.", false, "See RFC-0007, rfc-7 and RFC 7.");
    fixes("See RFC-7, rfc-7 and RFC 7.", true, "See RFC-0007, RFC-0007 and RFC-0007.");
    fixes(
        "On RFC-7-draft, RFC 8, `RFC-7`, <!-- RFC 7 -->",
        true,
        "On RFC-7-draft, RFC 8, `RFC-7`, <!-- RFC 7 -->",
    );
    fixes(
        "[RFC-7] and [rfc 7]\n\n[rfc-7]: ../rfcs/0007-redis.md",
        true,
        "[RFC-7] and [RFC-0007]\n\n[rfc-7]: ../rfcs/0007-redis.md",
    );
}

#[test]
fn links_are_mended_where_one_file_can_be_meant() {
    for (text, fixed) in [
        ("[a](../rfcs/0007-old.md#proposal)", "[a](../rfcs/0007-redis.md#proposal)"),
        ("[a](../rfcs/0007-redis.md#propsal \"why\")", "[a](../rfcs/0007-redis.md#proposal \"why\")"),
        ("[a](</docs/rfc/0007-redis.md>)", "[a](</docs/rfcs/0007-redis.md>)"),
        ("[a](../rfcs/0007-redis)", "[a](../rfcs/0007-redis.md)"),
        ("[a][x]\n\n[x]: 0007-redis.md", "[a][x]\n\n[x]: 0007-redis.md"),
        ("[a](nowhere.md)", "[a](nowhere.md)"),
        ("[a](#descripton)", "[a](#description)"),
    ] {
        fixes(text, true, fixed);
        fixes(text, false, text);
    }
}

#[test]
fn files_around_the_records_are_found_wherever_they_are_read_from() {
    let program = with(
        "[a](../../README.md#Why-not), [b](/src/a%20b.rs#L3), [c](../../src), [d](../../lib/x.md), [e](../../../issues/1),\n[f](../../CHANGES.md), [g](../../README.md#what)",
    );
    program.write("README.md", "# Title\n\n## Why *not*?\n");
    program.write("src/a b.rs", "");
    std::fs::create_dir(program.path("lib")).unwrap();
    program.commit("all");
    program.git(&["clone", "--quiet", "--bare", ".", "bare.git"]);
    for place in [".", "bare.git"] {
        let out = program.run(&["-C", place, "lint", "--format", "jsonl"]).out;
        let broken: Vec<&str> = out.lines().filter(|line| line.contains("\"broken-link\"")).collect();
        let absent = if place == "." { 2 } else { 3 };
        assert_eq!(broken.len(), absent, "{place}: {out}");
        assert!(out.contains("`../../CHANGES.md`") && out.contains("`#what`"), "{out}");
    }
    // A tree that begins below the repository's top.
    program.write("team/pmkit.toml", "");
    program.write(
        "team/docs/raid/R-0001-x.md",
        format!("{RISK}[a](/README.md), [b](../../../README.md), [c](/docs/raid/x.md)\n"),
    );
    let out = program.run(&["-C", "team", "lint", "--format", "jsonl"]).out;
    assert_eq!(out.matches("\"broken-link\"").count(), 1, "{out}");
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_tree_is_not_followed() {
    let program = with("[a](out/x.md#nothing) and [b](out/y.md)");
    let elsewhere = Program::new();
    elsewhere.write("x.md", "# Other\n");
    std::os::unix::fs::symlink(elsewhere.root(), program.path("docs/raid/out")).unwrap();
    let out = program.run(&["lint", "--format", "jsonl"]).out;
    assert!(!out.contains("\"broken-link\""), "nothing is said of what lies outside: {out}");
}

#[test]
fn what_was_replaced_is_named_by_what_replaced_it() {
    let program = Program::in_repository();
    let decided = |id: &str, more: &str| {
        format!(
            "---\nid: {id}\ntitle: Redis\nowner: maya\napprover: priya\nreviewers: [ana]\ncomments_close: 2026-10-28\ncreated: 2026-10-12\n{more}\n---\n\n## Problem\n\nSlow.\n\n## Proposal\n\nRedis.\n\n## Alternatives considered\n\n- **None:** slow.\n"
        )
    };
    program.write("docs/rfcs/0001-a.md", decided("RFC-0001", "status: superseded\nsuperseded_by: RFC-0002"));
    program.write(
        "docs/rfcs/0002-b.md",
        decided("RFC-0002", "status: superseded\nsupersedes: [RFC-0001]\nsuperseded_by: RFC-0003"),
    );
    program.write("docs/rfcs/0003-c.md", decided("RFC-0003", "status: accepted\nsupersedes: [RFC-0002]"));
    let waits = |blocks: &str| {
        format!(
            "---\nid: D-0001\ntitle: Nodes\nstatus: open\ndirection: inbound\nparty: ops\nneeded_by: 2026-12-04\nblocks: {blocks}\nowner: maya\nnext_step: Ask\ncreated: 2026-11-02\n---\n\n## Description\n\nTwo nodes.\n"
        )
    };
    for (blocks, fixed) in [
        ("[RFC-1]", "[RFC-0003]"),
        ("\"RFC-0001\"", "\"RFC-0003\""),
        ("[RFC-0002, RFC-0003]", "[RFC-0002, RFC-0003]"),
        ("\"RFC\\x2d0001, RFC-0002\"", "\"RFC\\x2d0001, RFC-0002\""),
    ] {
        program.write("docs/raid/D-0001-nodes.md", waits(blocks));
        assert!(program.run(&["lint"]).out.contains("warning[retired-reference]"));
        for _ in 0..2 {
            program.run(&["lint", "--fix", "--unsafe"]);
            assert_eq!(program.read("docs/raid/D-0001-nodes.md"), waits(fixed));
        }
    }
}

#[test]
fn people_are_those_the_team_has_named_and_a_guess_never_stops_a_build() {
    let program = with("Slow.");
    let path = "docs/raid/R-0001-load.md";
    let found = |program: &Program, at: &str| {
        let out = program.run(&["-C", at, "lint", "--format", "jsonl"]).out;
        out.lines().filter(|line| line.contains("unknown-owner")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(found(&program, "."), [""; 0], "nobody says who there is");
    program.write(".mailmap", "Tim Weller <tim@acme.example>\n");
    program.write("pmkit.toml", "[rules]\nunknown-owner = \"deny\"\n");
    program.commit("all");
    program.git(&["clone", "--quiet", "--bare", ".", "bare.git"]);
    for place in [".", "bare.git"] {
        let found = found(&program, place);
        let said =
            |line: &String| line.contains("\"warn\"") && line.contains(".mailmap") && line.contains("`tim`");
        assert!(found.len() == 2 && found.iter().any(said), "{place}: {found:?}");
    }
    program.write("pmkit.toml", "[people]\ntomas = { name = \"Tomas Vega\" }\nmaya = {}\n");
    let run = program.run(&["lint"]);
    assert!(
        run.out.contains("error[unknown-owner]") && run.out.contains("did you mean `tomas`?"),
        "{}",
        run.out
    );
    for _ in 0..2 {
        program.run(&["lint", "--fix", "--unsafe"]);
        assert!(program.read(path).contains("\nowner: tomas\n"));
    }
    program.write("pmkit.toml", "[people]\nmaya = {}\n");
    assert!(program.run(&["lint"]).out.contains("`tomas = { name = \"…\" }`"));
}

/// Returns the help and the places told of RFC-0007, which has `more`, beside RFC-0003 with `beside`.
fn replacing(more: &str, beside: &str, words: &[&str]) -> String {
    let program = Program::in_repository();
    let decided = |id: &str, more: &str| {
        format!(
            "---\nid: {id}\ntitle: Redis\nowner: maya\napprover: priya\nreviewers: [ana]\ncomments_close: 2026-10-28\ncreated: 2026-10-12\n{more}\n---\n\n## Problem\n\nSlow.\n\n## Proposal\n\nRedis.\n\n## Alternatives considered\n\n- **None:** slow.\n"
        )
    };
    program.write("docs/rfcs/0001-a.md", decided("RFC-0001", "status: accepted"));
    program.write("docs/rfcs/0003-c.md", decided("RFC-0003", beside));
    program.write("docs/rfcs/0007-d.md", decided("RFC-0007", more));
    program.run(words).out
}

#[test]
fn an_answer_is_asked_for_as_it_can_be_written() {
    for (more, beside, line) in [
        ("status: accepted\nsupersedes: RFC-0003", "status: accepted", "write `superseded_by: RFC-0007` in"),
        ("status: accepted\nsupersedes: RFC-0003", "status: accepted", "and `status: superseded` there"),
        (
            "status: accepted\nsupersedes: RFC-0003",
            "status: accepted\nsuperseded_by:",
            "write `superseded_by: RFC-0007` in",
        ),
        (
            "status: accepted\nsupersedes: RFC-0003",
            "status: superseded\nsuperseded_by: RFC-0001",
            "RFC-0003 has `superseded_by: RFC-0001`, and there is room for one",
        ),
        (
            "status: superseded\nsuperseded_by: RFC-0003",
            "status: accepted\nsupersedes: [RFC-0001]",
            "make it `supersedes: [RFC-0001, RFC-0007]` in docs/rfcs/0003-c.md",
        ),
        (
            "status: superseded\nsuperseded_by: RFC-0003",
            "status: accepted",
            "write `supersedes: [RFC-0007]` in",
        ),
    ] {
        // Whichever of the two is asked about.
        for words in [&["lint"][..], &["lint", "docs/rfcs/0003-c.md"], &["lint", "docs/rfcs/0007-d.md"]] {
            let out = replacing(more, beside, words);
            assert!(out.contains("[one-sided-link]") && out.contains(line), "{words:?}: {out}");
        }
    }
}

#[test]
fn only_what_has_held_replaces_another() {
    let answered = "status: superseded\nsuperseded_by: RFC-0003";
    for (state, told) in [
        ("accepted", false),
        ("deprecated", false),
        ("draft", true),
        ("review", true),
        ("rejected", true),
        ("withdrawn", true),
    ] {
        let out = replacing(answered, &format!("status: {state}\nsupersedes: [RFC-0007]"), &["lint"]);
        assert_eq!(out.contains(&format!("RFC-0003 is {state}: it replaces nothing")), told, "{out}");
        assert_eq!(out.contains("[one-sided-link]"), told, "{out}");
    }
    let out = replacing("status: rejected\nsupersedes: RFC-0003", "status: accepted", &["lint"]);
    assert!(!out.contains("[one-sided-link]"), "{out}");
}

#[test]
fn a_circle_is_told_to_each_of_its_members() {
    let (all, none) =
        ("status: superseded\nsupersedes: RFC-0003\nsuperseded_by: RFC-0003", "status: superseded");
    for path in ["docs/rfcs/0003-c.md", "docs/rfcs/0007-d.md"] {
        let out = replacing(all, none, &["lint", path]);
        assert!(out.contains("[supersession-cycle]"), "{path}: {out}");
    }
}
