//! `pmkit set`: the bytes of a value and no others, moves that are legal, decisions that stay, all or nothing.

use crate::program::Program;
use crate::program::Run;
use crate::story::RFC as RFC_0001;
use crate::story::Story;
use crate::story::text;

const RFC: &str = "---\nid: RFC-0007\ntitle: Move sessions to Redis\nstatus: draft # for now\nowner: 'maya'\ncreated: 2026-10-12\napprover: priya\nreviewers: [ana, 'lee']\ncomments_close: 2026-11-18\n---\n\n# RFC-0007 Move sessions to Redis\n\n## Problem\n\nSessions live in memory.\n\n## Proposal\n\nKeep them in Redis.\n\n## Alternatives considered\n\n- **Sticky deploys:** a server that dies still signs people out.\n";

const RISK: &str = "---\nid: R-0021\ntitle: FX loss on refunds\nstatus: open\nowner: lee\nnext_step: Ask the bank\ndue: 2026-12-01\nlikelihood: 4\nimpact: 2\nraised_by: tom\ncreated: 2026-11-01\ntags:\n  - money # why\n  - refunds\n---\n\n# R-0021 FX loss on refunds\n\n## Description\n\nThe rate moves between payment and refund.\n";

fn shop() -> Program {
    let program = Program::in_repository();
    program.write(
        "pmkit.toml",
        "[people]\nana = { name = 'Ana Ruiz', aliases = ['@ana-r'] }\nlee = {}\nmaya = {}\npriya = {}\ntom = {}\n",
    );
    program.write("docs/rfcs/0007-sessions.md", RFC);
    program.write("docs/raid/R-0021-fx.md", RISK);
    program
}

fn set(program: &Program, words: &[&str]) -> Run {
    program.run(&[&["set"], words].concat())
}

/// Sets `words` of the risk, which changes `old` to `new` in its file and nothing else, and says `told`.
fn check(words: &[&str], old: &str, new: &str, told: &str) {
    let program = shop();
    let run = set(&program, &[&["R-0021"], words].concat());
    assert_eq!((run.code, run.out.as_str()), (0, told), "{words:?}: {}", run.err);
    assert_eq!(program.read("docs/raid/R-0021-fx.md"), RISK.replacen(old, new, 1), "{words:?}");
}

fn refused(program: &Program, words: &[&str], said: &str) {
    let before = (program.read("docs/raid/R-0021-fx.md"), program.read("docs/rfcs/0007-sessions.md"));
    let run = set(program, words);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{words:?}: {}", run.err);
    assert!(run.err.contains(said), "{words:?}: {}", run.err);
    let after = (program.read("docs/raid/R-0021-fx.md"), program.read("docs/rfcs/0007-sessions.md"));
    assert_eq!(before, after, "{words:?}");
}

#[test]
fn a_value_changes_in_place() {
    check(&["owner=ana"], "owner: lee", "owner: ana", "R-0021  owner  lee → ana\n");
    check(&["own=Ana Ruiz"], "owner: lee", "owner: ana", "R-0021  owner  lee → ana\n");
    check(&["like=5"], "likelihood: 4", "likelihood: 5", "R-0021  likelihood  4 → 5\n");
    check(&["due=+5bd"], "2026-12-01", "2026-11-27", "R-0021  due  2026-12-01 → 2026-11-27\n");
    check(
        &["next_step=call: now"],
        "Ask the bank",
        "\"call: now\"",
        "R-0021  next_step  Ask the bank → call: now\n",
    );
    check(&["due="], "due: 2026-12-01", "due:", "R-0021  due  2026-12-01 → (blank)\n");
    check(
        &["trigger=EUR below 1.05"],
        "impact: 2\n",
        "impact: 2\ntrigger: EUR below 1.05\n",
        "R-0021  trigger  (blank) → EUR below 1.05\n",
    );
    check(
        &["status=mitigating", "owner=ana"],
        "status: open\nowner: lee",
        "status: mitigating\nowner: ana",
        "R-0021  status  open → mitigating\nR-0021  owner   lee → ana\n",
    );
}

#[test]
fn lists_grow_and_shrink() {
    check(&["tags+=pricing"], "  - refunds\n", "  - refunds\n  - pricing\n", "R-0021  tags  + pricing\n");
    check(&["tags-=refunds"], "  - refunds\n", "", "R-0021  tags  - refunds\n");
    check(
        &["tags+=a", "tags+=b", "tags-=refunds"],
        "  - refunds\n",
        "  - a\n  - b\n",
        "R-0021  tags  money, refunds → money, a, b\n",
    );
    let program = shop();
    let run = set(&program, &["R-21", "tags+=money", "tags-=gold"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""));
    assert_eq!(
        run.err,
        "R-0021: tags has money already\nR-0021: tags does not have gold\nnothing to change\n"
    );
    assert_eq!(program.read("docs/raid/R-0021-fx.md"), RISK);
    // Who a person is, and which record is meant, and not how they are written.
    let run = set(&program, &["RFC-7", "reviewers+=@ana-r"]);
    assert!(run.err.contains("reviewers has ana already"), "{}", run.err);
    assert_eq!(set(&program, &["RFC-7", "reviewers-=Ana Ruiz", "rests_on+=a-4"]).code, 0);
    let run = set(&program, &["RFC-7", "rests_on+=A-0004"]);
    assert!(run.err.contains("rests_on has A-0004 already"), "{}", run.err);
    let text = program.read("docs/rfcs/0007-sessions.md");
    assert!(text.contains("reviewers: ['lee']\n") && text.contains("rests_on: [A-0004]\n"), "{text}");
    refused(&program, &["R-0021", "owner+=ana"], "`owner` holds one value, and `+=` is for lists");
}

#[test]
fn records_are_named_as_anywhere() {
    let program = shop();
    for name in ["R-0021", "r-21", "r21", "docs/raid/R-0021-fx.md", "./docs/raid/R-0021-fx.md"] {
        let owner = format!("next_step=by {name}");
        assert_eq!(set(&program, &[name, &owner]).code, 0, "{name}");
    }
    refused(&program, &["R-0099", "owner=ana"], "there is no record `R-0099`");
    refused(&program, &["docs/raid/R-0021-fy.md", "owner=ana"], "did you mean docs/raid/R-0021-fx.md?");
    refused(&program, &["R-0021-fx.md", "owner=ana"], "did you mean docs/raid/R-0021-fx.md?");
    refused(&program, &["owner=ana"], "no record is named");
    refused(&program, &["R-0021"], "nothing is set");
    refused(&program, &["pmkit.toml", "owner=ana"], "pmkit.toml is no record");
    program.write("docs/raid/R-0021-other.md", RISK);
    refused(&program, &["R-0021", "owner=ana"], "R-0021 is the id of 2 records");
    assert_eq!(set(&program, &["docs/raid/R-0021-other.md", "owner=ana"]).code, 0);
}

#[test]
fn several_records_change_together_or_not_at_all() {
    let program = shop();
    let run = set(&program, &["R-0021", "RFC-0007", "R-21", "owner=tom"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(run.out, "R-0021    owner  lee → tom\nRFC-0007  owner  maya → tom\n");
    assert!(program.read("docs/rfcs/0007-sessions.md").contains("owner: 'tom'\n"));
    refused(
        &program,
        &["R-0021", "RFC-0007", "owner=ana", "likelihood=1"],
        "`likelihood` is not a field of an rfc",
    );
}

#[test]
fn values_are_those_of_the_kind() {
    let program = shop();
    for (word, said) in [
        ("likelihood=6", "`6` is not a whole number from 1 to 5"),
        ("due=soon", "`soon` is not a date"),
        ("owner=platform team", "is a group"),
        ("owner=zoe", "`zoe`, given as owner, is not in [people]"),
        ("response=shrug", "is not"),
        ("score=4", "`score` is computed"),
        ("id=R-0022", "`id` cannot be set"),
        ("kind=issue", "`kind` cannot be given"),
        ("title=", "a record needs a title"),
        ("title=a\nb", "is one line"),
        ("status=", "a record is in some state"),
        ("status=opne", "`opne` is not"),
        ("nonsense=1", "`nonsense` is not a field of a risk"),
        ("r=1", "`r` may mean"),
    ] {
        refused(&program, &["R-0021", word], said);
    }
    refused(&program, &["R-0021", "owner=ana", "owner=tom"], "`owner` is given twice");
}

#[test]
fn a_move_is_legal_or_says_what_would_be() {
    let program = shop();
    let run = set(&program, &["RFC-0007", "status=accepted"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "all it asks for is there");
    assert!(program.read("docs/rfcs/0007-sessions.md").contains("status: accepted # for now\n"));
    let before = program.read("docs/rfcs/0007-sessions.md");
    let run = set(&program, &["RFC-0007", "status=review"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    for part in [
        "RFC-0007 is accepted, and from there no move leads to review",
        "possible: status=superseded, which asks for superseded_by",
        "possible: status=deprecated",
        "pmkit supersede RFC-0007 --by RFC-…",
    ] {
        assert!(run.err.contains(part), "{part}: {}", run.err);
    }
    assert_eq!(program.read("docs/rfcs/0007-sessions.md"), before);
    let risk = set(&program, &["R-0021", "status=occurred"]);
    assert_eq!(risk.code, 0, "{}", risk.err);
    refused(&program, &["R-0021", "status=open"], "possible: status=closed");
}

#[test]
fn a_move_that_was_not_committed_is_taken_back() {
    let story = Story::new();
    let set = |state: &str| story.program.run(&["set", "RFC-0001", &format!("status={state}")]);
    story.state("draft", "start");
    assert_eq!(set("rejected").code, 0);
    assert_eq!(set("accepted").code, 0, "as legal from draft as the other");
    assert_eq!(set("draft").code, 0);
    assert_eq!(story.program.read(RFC_0001), text("draft"));
    assert_eq!(set("accepted").code, 0);
    story.commit("decide");
    let before = story.program.read(RFC_0001);
    assert_eq!(set("draft").code, 2, "it is committed");
    assert_eq!(set("deprecated").code, 0);
    assert_eq!(set("draft").code, 2, "neither leads there");
    assert_eq!(set("accepted").code, 0);
    assert_eq!(story.program.read(RFC_0001), before);
}

#[test]
fn what_the_new_state_asks_for_is_said_and_not_in_the_way() {
    let program = shop();
    let run = set(&program, &["R-0021", "status=mitigating"]);
    assert_eq!(run.code, 0);
    assert_eq!(run.err, "R-0021 still lacks: Mitigation\ncheck it: pmkit lint docs/raid/R-0021-fx.md\n");
    let run = set(&program, &["R-0021", "next_step="]);
    assert!(run.err.starts_with("R-0021 still lacks: next_step\n"), "{}", run.err);
    // What is not new is not told again.
    let run = set(&program, &["R-0021", "owner=ana", "--quiet"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
}

#[test]
fn a_condition_that_does_not_hold_stops_everything() {
    let program = shop();
    refused(
        &program,
        &["R-0021", "RFC-0007", "owner=ana", "--if", "status=open"],
        "RFC-0007: `status=open` does not hold (status is draft); nothing was changed",
    );
    refused(&program, &["R-0021", "owner=ana", "--if", "tag=gold and due"], "tags is money, refunds");
    refused(
        &program,
        &["R-0021", "owner=ana", "--if", "statsu=open"],
        "the expression of --if makes no sense",
    );
    assert_eq!(set(&program, &["R-0021", "owner=ana", "--if", "status=open", "--if", "owner=lee"]).code, 0);
}

#[test]
fn a_title_takes_its_heading_along() {
    let program = shop();
    let run = set(&program, &["RFC-0007", "title=Keep sessions: in <Redis>"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.err);
    let text = program.read("docs/rfcs/0007-sessions.md");
    assert!(text.contains("title: \"Keep sessions: in <Redis>\"\n"), "{text}");
    assert!(text.contains("# RFC-0007 Keep sessions: in \\<Redis>\n"), "{text}");
    // A heading that said something else before stays.
    program.write("docs/raid/R-0021-fx.md", RISK.replace("# R-0021 FX loss on refunds", "# Money"));
    let run = set(&program, &["R-0021", "title=FX"]);
    assert_eq!(run.code, 0);
    assert!(program.read("docs/raid/R-0021-fx.md").contains("\n# Money\n"));
}

#[test]
fn a_title_that_stands_in_the_heading_alone_is_changed_there() {
    let program = shop();
    program.write(
        ".pmkit/kinds/adr.toml",
        "id = 'adr'\ntitle = 'ADR'\nprefix = 'ADR'\npath = 'docs/adr/{number:04}-{slug}.md'\n[[field]]\nname = 'title'\n[[field]]\nname = 'id'\n",
    );
    program.write("docs/adr/0001-x.md", "---\nstatus: a\n---\n\n# Use Redis\n");
    refused(
        &program,
        &["ADR-1", "title=Use Valkey"],
        "ADR-0001: the title stands in the heading, `Use Redis`",
    );
}

#[test]
fn what_was_decided_stays() {
    let program = shop();
    // In the step that decides everything may change.
    let run = set(&program, &["RFC-0007", "status=accepted", "approver=tom", "title=Sessions in Redis"]);
    assert_eq!(run.code, 0, "{}", run.err);
    for word in ["approver=ana", "title=X", "reviewers+=tom", "comments_close=", "created=today"] {
        refused(&program, &["RFC-0007", word], "is part of what was decided: it stays");
    }
    let run = set(&program, &["RFC-0007", "approver=ana"]);
    for part in [
        "RFC-0007 is accepted, and `approver` is part of what was decided",
        "decide anew: pmkit new rfc",
        "pmkit set RFC-0007 corrections+='tom → ana'",
    ] {
        assert!(run.err.contains(part), "{part}: {}", run.err);
    }
    assert!(run.err.contains("pmkit new change --from RFC-0007"), "{}", run.err);
    // What is not part of the decision goes on.
    for word in
        ["owner=ana", "tags+=redis", "review_by=+90d", "corrections+=24 h, at most → 72 h", "approver=tom"]
    {
        let run = set(&program, &["RFC-0007", word]);
        assert_eq!(run.code, 0, "{word}: {}", run.err);
    }
    assert!(program.read("docs/rfcs/0007-sessions.md").contains("corrections: [\"24 h, at most → 72 h\"]\n"));
    // A team may ask with another kind.
    program.write(
        ".pmkit/kinds/cr.toml",
        "id = 'cr'\ntitle = 'Change'\nprefix = 'CHG'\npath = 'docs/cr/{number:04}-{slug}.md'\n[[field]]\nname = 'of'\ntype = 'ref'\nto = ['risk']\nsettles_in = ['done']\n",
    );
    refused(&program, &["RFC-0007", "approver=ana"], "pmkit new change --from RFC-0007");
    // One that is born from nothing is asked for with the field that names what it is about.
    program.write(
        ".pmkit/kinds/change.toml",
        "id = 'change'\ntitle = 'Change'\nprefix = 'CR'\npath = 'docs/changes/{number:04}-{slug}.md'\n[[field]]\nname = 'amends'\ntype = 'refs'\nsettles_in = ['done']\n",
    );
    refused(&program, &["RFC-0007", "approver=ana"], "pmkit new change \"…\" amends=RFC-0007");
}

#[test]
fn what_a_decision_lacks_may_be_filled_in_and_nothing_else() {
    let program = shop();
    program.write(
        "docs/rfcs/0007-sessions.md",
        RFC.replace("status: draft", "status: accepted").replace("approver: priya\n", "approver: # who?\n"),
    );
    let lint = program.run(&["lint", "RFC-0007"]);
    assert!(lint.out.contains("RFC-0007 is accepted and has no approver"), "{}", lint.out);
    let run = set(&program, &["RFC-0007", "approver=ana"]);
    assert_eq!((run.code, run.out.as_str()), (0, "RFC-0007  approver  (blank) → ana\n"), "{}", run.err);
    refused(&program, &["RFC-0007", "approver=tom"], "is part of what was decided: it stays");
    // What no rule asks for was left open when it was decided.
    refused(&program, &["RFC-0007", "comments_open=today"], "is part of what was decided: it stays");
}

#[test]
fn a_dry_run_and_a_diff_write_nothing() {
    let program = shop();
    let run = set(&program, &["R-0021", "owner=ana", "--dry-run"]);
    assert_eq!((run.code, run.out.as_str()), (0, "R-0021  owner  lee → ana\n"));
    let run = set(&program, &["R-0021", "owner=ana", "--diff"]);
    assert!(run.out.contains("-owner: lee\n+owner: ana\n"), "{}", run.out);
    assert_eq!(program.read("docs/raid/R-0021-fx.md"), RISK);
}

#[test]
fn bytes_outside_the_value_stay() {
    let program = shop();
    let odd = format!("\u{feff}{}", RISK.replace('\n', "\r\n").replace("Ask the bank", "Ask\u{a0}the bank"));
    let odd = odd.trim_end().to_owned();
    program.write("docs/raid/R-0021-fx.md", &odd);
    assert_eq!(set(&program, &["R-0021", "owner=ana", "trigger=x", "tags+=new"]).code, 0);
    let expected = odd
        .replace("owner: lee", "owner: ana")
        .replace("impact: 2\r\n", "impact: 2\r\ntrigger: x\r\n")
        .replace("  - refunds\r\n", "  - refunds\r\n  - new\r\n");
    assert_eq!(program.read("docs/raid/R-0021-fx.md"), expected);
}

#[test]
fn front_matter_that_is_no_yaml_changes_where_that_is_certain() {
    let program = shop();
    let broken = RISK.replace("title: FX loss on refunds", "title: FX: loss on refunds");
    program.write("docs/raid/R-0021-fx.md", &broken);
    assert_eq!(set(&program, &["R-0021", "owner=ana"]).code, 0);
    assert_eq!(program.read("docs/raid/R-0021-fx.md"), broken.replace("owner: lee", "owner: ana"));
    for words in [&["title=x"][..], &["tags+=x"], &["owner=tom", "due=today"], &["trigger=x"]] {
        refused(&program, &[&["R-0021"], words].concat(), "a colon inside the value");
    }
}

#[test]
fn files_that_cannot_be_written_are_refused() {
    let program = shop();
    program.write("docs/raid/R-0022-x.md", b"---\nid: R-0022\ntitle: caf\xe9\n---\n");
    refused(&program, &["R-0021", "R-0022", "owner=ana"], "is not UTF-8");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("R-0021-fx.md", program.path("docs/raid/R-0023-y.md")).unwrap();
        refused(&program, &["docs/raid/R-0023-y.md", "owner=ana"], "is a link");
    }
    let path = program.path("docs/raid/R-0021-fx.md");
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    refused(&program, &["R-0021", "RFC-0007", "owner=tom"], "read-only");
}

#[test]
fn what_documents_say_does_not_act_on_a_terminal() {
    let program = shop();
    program.write("docs/raid/R-0021-fx.md", RISK.replace("Ask the bank", "\"a\\u001b[31m\""));
    let run = set(&program, &["R-0021", "next_step=b"]);
    assert_eq!((run.code, run.out.as_str()), (0, "R-0021  next_step  a\\u{1b}[31m → b\n"));
}

#[test]
#[cfg(target_os = "linux")]
fn what_is_written_and_cannot_be_told_is_said_to_be_written() {
    let program = Program::in_repository();
    program.write("docs/raid/R-0001-x.md", "---\ntitle: x\nstatus: open\nowner: ana\n---\n");
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = program.command(&["set", "R-1", "owner=lee"]);
    let run = command.stdout(full).output().unwrap();
    assert_eq!(run.status.code(), Some(2));
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(said.starts_with("error: what was changed is written, and cannot be told: "), "{said}");
    assert!(program.read("docs/raid/R-0001-x.md").contains("owner: lee"));
}
