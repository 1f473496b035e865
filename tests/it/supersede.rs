//! `pmkit supersede`: both sides, the state, and nothing where it cannot be.

use crate::program::Program;
use crate::program::Run;

fn rfc(number: u32, status: &str, more: &str) -> String {
    format!(
        "---\nid: RFC-{number:04}\ntitle: Plan {number}\nstatus: {status}\nowner: maya\ncreated: 2026-10-12\napprover: priya\nreviewers: [ana]\ncomments_close: 2026-11-10\n{more}---\n\n# RFC-{number:04} Plan {number}\n\n## Problem\n\nIt hurts.\n\n## Proposal\n\nMend it.\n\n## Alternatives considered\n\n- **Nothing:** it would go on hurting.\n"
    )
}

fn shop() -> Program {
    let program = Program::in_repository();
    for (number, status) in
        [(4, "accepted"), (5, "rejected"), (6, "draft"), (7, "accepted"), (8, "withdrawn"), (9, "accepted")]
    {
        program.write(&format!("docs/rfcs/{number:04}-plan.md"), rfc(number, status, ""));
    }
    program
}

fn supersede(program: &Program, old: &str, new: &str, more: &[&str]) -> Run {
    program.run(&[&["supersede", old, "--by", new], more].concat())
}

fn text(program: &Program, number: u32) -> String {
    program.read(&format!("docs/rfcs/{number:04}-plan.md"))
}

fn refused(program: &Program, old: &str, new: &str, said: &[&str]) {
    let all = || (4..=9).map(|number| text(program, number)).collect::<Vec<_>>();
    let before = all();
    let run = supersede(program, old, new, &[]);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{old} {new}: {}", run.err);
    for part in said {
        assert!(run.err.contains(part), "{old} {new}: {part}: {}", run.err);
    }
    assert_eq!(before, all());
}

#[test]
fn both_sides_say_it() {
    let program = shop();
    let run = supersede(&program, "RFC-0004", "rfc-9", &[]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(
        run.out,
        "RFC-0004  status         accepted → superseded\nRFC-0004  superseded_by  (blank) → RFC-0009\nRFC-0009  supersedes     (blank) → RFC-0004\n"
    );
    assert_eq!(text(&program, 4), rfc(4, "superseded", "superseded_by: RFC-0009\n"));
    assert_eq!(text(&program, 9), rfc(9, "accepted", "supersedes: [RFC-0004]\n"));
    let lint = program.run(&["lint"]);
    assert_eq!(lint.code, 0, "{}", lint.out);
    // A second one joins the list.
    assert_eq!(supersede(&program, "docs/rfcs/0007-plan.md", "RFC-9", &[]).code, 0);
    assert!(text(&program, 9).contains("supersedes: [RFC-0004, RFC-0007]\n"));
    // Said already.
    let run = supersede(&program, "RFC-4", "RFC-9", &[]);
    assert_eq!((run.code, run.out.as_str()), (0, ""));
    assert_eq!(run.err, "RFC-0004 is superseded by RFC-0009 already\nnothing to change\n");
    // What only one side says the other one is made to say.
    program.write("docs/rfcs/0009-plan.md", rfc(9, "accepted", "supersedes: [RFC-0007]\n"));
    let run = supersede(&program, "RFC-4", "RFC-9", &[]);
    assert_eq!(run.out, "RFC-0009  supersedes  + RFC-0004\n");
}

#[test]
fn what_cannot_be_is_refused_with_what_can() {
    let program = shop();
    refused(&program, "RFC-4", "rfc-0004", &["RFC-0004 cannot take its own place"]);
    refused(
        &program,
        "RFC-6",
        "RFC-9",
        &[
            "RFC-0006 is draft: nothing has been decided yet",
            "pmkit set RFC-0006 status=withdrawn",
            "status=accepted",
        ],
    );
    refused(&program, "RFC-5", "RFC-9", &["RFC-0005 is rejected, and does not hold"]);
    refused(&program, "RFC-4", "RFC-8", &["RFC-0008 is withdrawn, and replaces nothing"]);
    refused(&program, "RFC-4", "RFC-99", &["there is no record `RFC-99`"]);
    program.write("docs/raid/R-0001-x.md", "---\nid: R-0001\ntitle: x\nstatus: open\n---\n");
    refused(&program, "R-0001", "RFC-9", &["a risk has no state in which another one has taken its place"]);
    refused(&program, "RFC-4", "R-1", &["a risk cannot take the place of an rfc"]);
    assert_eq!(supersede(&program, "RFC-4", "RFC-9", &[]).code, 0);
    refused(
        &program,
        "RFC-4",
        "RFC-7",
        &["RFC-0004 has `superseded_by: RFC-0009` already", "pmkit supersede RFC-0009 --by …"],
    );
    refused(&program, "RFC-9", "RFC-4", &["that would be a circle: RFC-0004 was replaced by RFC-0009"]);
    assert_eq!(supersede(&program, "RFC-9", "RFC-7", &[]).code, 0);
    refused(
        &program,
        "RFC-7",
        "RFC-4",
        &["that would be a circle: RFC-0004 was replaced by RFC-0009, and that by RFC-0007"],
    );
}

#[test]
fn an_id_that_two_records_have_names_neither() {
    let program = shop();
    program.write("docs/rfcs/0009-other.md", rfc(9, "accepted", ""));
    refused(
        &program,
        "RFC-4",
        "docs/rfcs/0009-plan.md",
        &["RFC-0009 is the id of 2 records", "pmkit renumber"],
    );
}

#[test]
fn a_new_one_that_is_not_decided_yet_is_noted() {
    let program = shop();
    let run = supersede(&program, "RFC-4", "RFC-6", &[]);
    assert_eq!(run.code, 0);
    assert!(
        run.err.starts_with("RFC-0006 is draft: it replaces nothing before it is decided"),
        "{}",
        run.err
    );
    assert!(text(&program, 4).contains("status: superseded\n"));
}

#[test]
fn fields_of_other_names_do_as_well() {
    let program = Program::in_repository();
    program.write(
        ".pmkit/kinds/law.toml",
        "id = 'law'\ntitle = 'Law'\nprefix = 'LAW'\npath = 'docs/laws/{number:04}-{slug}.md'\n[[field]]\nname = 'repeals'\ntype = 'ref'\ninverse = 'repealed_by'\n[[field]]\nname = 'repealed_by'\ntype = 'ref'\ninverse = 'repeals'\nrequired_in = ['void']\n[lifecycle]\nfield = 'phase'\ninitial = 'bill'\nmoves = { bill = ['law'], law = ['void'], void = [] }\ndecided = ['law']\nfinal = ['void']\nsuperseded = 'void'\n",
    );
    for number in 1..=3 {
        program.write(
            &format!("docs/laws/000{number}-x.md"),
            format!("---\nid: LAW-{number}\ntitle: x\nphase: law\n---\n"),
        );
    }
    let run = supersede(&program, "LAW-1", "LAW-2", &[]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(
        program.read("docs/laws/0001-x.md"),
        "---\nid: LAW-1\ntitle: x\nphase: void\nrepealed_by: LAW-0002\n---\n"
    );
    let run = supersede(&program, "LAW-3", "LAW-2", &[]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("LAW-0002 has `repeals: LAW-0001`, and there is room for one"), "{}", run.err);
}

#[test]
fn it_is_one_commit() {
    let program = shop();
    program.commit("start");
    let run = supersede(&program, "RFC-4", "RFC-9", &["--commit"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(program.git(&["log", "-1", "--format=%s"]), "RFC-0004: superseded by RFC-0009\n");
    assert_eq!(program.git(&["status", "--porcelain"]), "");
}
