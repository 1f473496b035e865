//! `pmkit owners`: lines for CODEOWNERS, and whether those that are there say the same.

use crate::program::Program;

const PEOPLE: &str = "[people]\nmaya = { name = \"Maya Chen\", email = \"maya@acme.example\", aliases = [\"mc\", \"@maya-chen\"] }\nlee = { name = \"Lee Park\", email = \"lee@acme.example\" }\ntom = { name = \"Tom\" }\n";

fn program() -> Program {
    let program = Program::in_repository();
    program.write("pmkit.toml", PEOPLE);
    program.write(
        "docs/raid/R-0001-tide may *be* late.md",
        "---\nid: R-0001\nstatus: open\nowner: Maya Chen\n---\n",
    );
    program.write("docs/raid/R-0002-x.md", "---\nid: R-0002\nstatus: closed\nowner: maya\n---\n");
    program.write("docs/raid/R-0003-x.md", "---\nid: R-0003\nstatus: open\nowner: tom\n---\n");
    program.write("docs/raid/R-0004-x.md", "---\nid: R-0004\nstatus: open\nowner: TBD\n---\n");
    program.write(
        "docs/rfcs/0001-x.md",
        "---\nid: RFC-0001\nstatus: accepted\nowner: maya\napprover: lee\n---\n",
    );
    program.write("docs/rfcs/0002-x.md", "---\nid: RFC-0002\nstatus: draft\nowner: maya\napprover:\n---\n");
    program
}

const LINES: &str = "/docs/raid/R-0001-tide\\ may\\ \\*be\\*\\ late.md @maya-chen\n";
const RFCS: &str = "/docs/rfcs/0001-x.md lee@acme.example\n/docs/rfcs/0002-x.md @maya-chen\n";
const TOLD: &str = "`tom` has no @alias and no address, for R-0003; give one under [people] in pmkit.toml\n1 record names nobody and is left out; see which: pmkit lint\n";

/// Runs `pmkit owners`, which must end with `code` and print `out` and `err`.
fn check(program: &Program, words: &[&str], code: i32, out: &str, err: &str) {
    let run = program.run(&[&["owners"], words].concat());
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (code, out, err), "{words:?}");
}

#[test]
fn each_record_gets_the_person_it_waits_for() {
    let head = "# Records, each with whoever must agree to its changes: pmkit owners\n";
    let comment = "# docs/raid/R-0003-x.md: tom has no @alias and no address\n";
    for words in [&[][..], &["--codeowners"]] {
        check(&program(), words, 0, &format!("{head}{LINES}{comment}{RFCS}"), TOLD);
    }
    let run = program().run(&["owners", "--quiet"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
}

#[test]
fn people_nobody_has_listed_are_called_what_the_record_says() {
    let program = Program::in_repository();
    for (number, owner, expected) in [
        (1, "\"@lee-p\"", Some("@lee-p")),
        (2, "Lee Park <lee@acme.example>", Some("lee@acme.example")),
        (3, "lee@acme.example", Some("lee@acme.example")),
        (4, "\"@acme/pay\"", Some("@acme/pay")),
        (5, "lee", None),
        (6, "\"@lee # @ana\"", None),
        (7, "\"@lee @ana\"", None),
        (8, "Lee <lee@acme.example> @ana", None),
    ] {
        let path = format!("docs/raid/R-{number:04}-x.md");
        program.write(&path, format!("---\nstatus: open\nowner: {owner}\n---\n"));
        let line = program.run(&["owners"]).out.lines().find(|line| line.contains(&path)).unwrap().to_owned();
        match expected {
            Some(name) => assert_eq!(line, format!("/{path} {name}")),
            None => assert!(line.starts_with("# "), "{line}"),
        }
    }
}

#[test]
fn what_codeowners_lacks_is_printed_ready_to_be_added() {
    let program = program();
    let none = "there is no CODEOWNERS; write one: pmkit owners --quiet > CODEOWNERS\n";
    check(&program, &["--check"], 1, &format!("{LINES}{RFCS}"), &format!("{none}{TOLD}"));
    program.write("docs/CODEOWNERS", "* @nobody\n");
    program.write("CODEOWNERS", "*.md @Maya-Chen\n/docs/rfcs/ @acme/board lee # who decides\n/docs/raid/");
    let err = "R-0001 waits for `Maya Chen`, and line 3 of CODEOWNERS says nobody
RFC-0001 waits for `lee`, and line 1 of CODEOWNERS says `@Maya-Chen`
2 lines are missing at the end of CODEOWNERS; add what is printed here: pmkit owners --check --quiet >> CODEOWNERS\n";
    let rfc = RFCS.lines().next().unwrap();
    check(&program, &["--check"], 1, &format!("\n{LINES}{rfc}\n"), &format!("{err}{TOLD}"));
    let added = program.run(&["owners", "--check", "--quiet"]);
    assert_eq!((added.code, added.err.as_str()), (1, ""));
    program.write("CODEOWNERS", program.read("CODEOWNERS") + &added.out);
    check(&program, &["--check"], 0, "", TOLD);
    check(&program, &["--check", "--quiet"], 0, "", "");
    // GitHub takes the first of its places; the lines at the top count for nothing then.
    program.write(".github/CODEOWNERS", "/docs/raid/ maya@acme.example\n* @maya-chen\n* @lee\n");
    let run = program.run(&["owners", "--check"]);
    assert!(run.code == 1 && run.err.contains("line 3 of .github/CODEOWNERS says `@lee`"), "{}", run.err);
    // Each name that a forge knows will do, and no other.
    program.write(".github/CODEOWNERS", "* maya@acme.example LEE@acme.example\n");
    check(&program, &["--check"], 0, "", TOLD);
    program.write(".github/CODEOWNERS", "* @maya @mc @lee\n");
    let run = program.run(&["owners", "--check", "--quiet"]);
    assert_eq!((run.code, run.out), (1, format!("{LINES}{RFCS}")));
}

/// Adds what `--check` prints to the file at `path`, after which nothing may be missing; returns what was printed.
fn mended(program: &Program, path: &str) -> String {
    let run = program.run(&["owners", "--check", "--quiet"]);
    assert_eq!(run.code, 1, "{}", run.err);
    program.write(path, program.read(path) + &run.out);
    let again = program.run(&["owners", "--check", "--quiet"]);
    assert_eq!((again.code, again.out.as_str()), (0, ""), "{}", program.read(path));
    run.out
}

#[test]
fn in_a_file_of_gitlab_lines_get_a_section_of_their_own() {
    for (text, heading) in [
        ("* @all\n", ""),
        ("docs @maya-chen lee@acme.example\n", ""),
        ("* @maya-chen lee@acme.example\n!docs/\n", "[pmkit]\n"),
        ("^[Records] @maya-chen lee@acme.example\n*.md\n", "[pmkit]\n"),
        ("[Docs]\n*.md @all\n", "[pmkit]\n"),
        ("[Docs]\n*.md @all\n[pmkit]\n", ""),
    ] {
        let program = program();
        program.write(".gitlab/CODEOWNERS", text);
        assert_eq!(mended(&program, ".gitlab/CODEOWNERS"), format!("{heading}{LINES}{RFCS}"), "{text}");
    }
}

#[test]
fn what_no_line_can_hold_is_named_and_left_out() {
    let program = Program::in_repository();
    program.write("pmkit.toml", PEOPLE);
    let record = "---\nid: R-0001\nstatus: open\nowner: maya\n---\n";
    program.write("docs/raid/R-0001-a\u{3000}b.md", record);
    program.write("CODEOWNERS", "* @all\n");
    let err =
        "docs/raid/R-0001-a\u{3000}b.md: no line can hold such a name, so it is left out; rename the file\n";
    check(&program, &["--check"], 0, "", err);
    program.write("CODEOWNERS", "* @maya-chen\n");
    check(&program, &["--check"], 0, "", "");
    program.write("CODEOWNERS", format!("{}\n* @maya-chen\n", "#".repeat(3_000_000)));
    let err =
        "CODEOWNERS has 3 MB or more, and GitHub loads none that large: name folders in place of files\n";
    check(&program, &["--check"], 1, "", err);
}

#[test]
fn lines_begin_at_the_top_of_the_repository() {
    let program = Program::in_repository();
    program.write("shop/pmkit.toml", PEOPLE);
    program.write("shop/docs/raid/R-0001-x.md", "---\nstatus: open\nowner: maya\n---\n");
    program.write("CODEOWNERS", "/docs/ @maya-chen\n");
    let line = "/shop/docs/raid/R-0001-x.md @maya-chen\n";
    let run = program.run(&["-C", "shop", "owners", "--check"]);
    assert_eq!((run.code, run.out.as_str()), (1, line));
    assert!(
        run.err.starts_with("R-0001 waits for `maya`, and no line of CODEOWNERS covers it\n"),
        "{}",
        run.err
    );
}

#[test]
fn a_bare_repository_has_both_at_head() {
    let program = program();
    program.write("CODEOWNERS", "/docs/rfcs/ @maya-chen\n");
    program.commit("all");
    program.git(&["clone", "--quiet", "--bare", ".", "bare.git"]);
    let run = program.run(&["-C", "bare.git", "owners", "--check", "--quiet"]);
    let rfc = RFCS.lines().next().unwrap();
    assert_eq!((run.code, run.out, run.err.as_str()), (1, format!("{LINES}{rfc}\n"), ""));
}

#[test]
fn what_cannot_be_read_ends_it_and_is_not_taken_for_nothing() {
    let program = program();
    program.write(".github/CODEOWNERS", b"* @ana\xff\n");
    let run = program.run(&["owners", "--check"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains(".github/CODEOWNERS cannot be read as text"), "{}", run.err);
    assert_eq!(program.run(&["owners"]).code, 0);
    let empty = Program::in_repository();
    std::fs::create_dir(empty.path(".github")).unwrap();
    for words in [&[][..], &["--check"]] {
        check(&empty, words, 0, "", "no record needs an owner here\n");
    }
}
