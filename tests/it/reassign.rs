//! `pmkit reassign`: what somebody still has to do goes to somebody else, and what they did stays theirs.

use crate::program::Program;
use crate::program::Run;

fn risk(number: u32, status: &str, owner: &str, more: &str) -> String {
    format!(
        "---\nid: R-{number:04}\ntitle: Risk {number}\nstatus: {status}\nowner: {owner} # keeps it\nnext_step: Ask\ndue: 2026-12-01\nraised_by: lee\ncreated: 2026-11-01\n{more}---\n\n# R-{number:04} Risk {number}\n\n## Description\n\nIt may.\n"
    )
}

fn rfc(number: u32, status: &str) -> String {
    format!(
        "---\nid: RFC-{number:04}\ntitle: Plan {number}\nstatus: {status}\nowner: maya\ncreated: 2026-10-12\napprover: Lee Park\nreviewers: [ana, 'lee', tom]\ninformed: [lee]\ncomments_close: 2026-11-10\n---\n\n# RFC-{number:04} Plan {number}\n"
    )
}

fn shop() -> Program {
    let program = Program::in_repository();
    program.write(
        "pmkit.toml",
        "[people]\nana = {}\nlee = { name = 'Lee Park', aliases = ['@lee-p'] }\nmaya = {}\ntom = {}\nsam = {}\n[initiative.checkout]\n",
    );
    program.write("docs/raid/R-0001-x.md", risk(1, "open", "lee", "initiative: checkout\n"));
    program.write("docs/raid/R-0002-x.md", risk(2, "closed", "lee", ""));
    program.write("docs/raid/R-0003-x.md", risk(3, "mitigating", "'@lee-p'", ""));
    program.write("docs/raid/R-0004-x.md", risk(4, "open", "tom", ""));
    program.write("docs/rfcs/0001-x.md", rfc(1, "review"));
    program.write("docs/rfcs/0002-x.md", rfc(2, "accepted"));
    program
}

fn reassign(program: &Program, words: &[&str]) -> Run {
    program.run(&[&["reassign"], words].concat())
}

#[test]
fn what_is_still_to_be_done_goes_over() {
    let program = shop();
    let run = reassign(&program, &["lee", "sam"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(
        run.out,
        "R-0001    owner      lee → sam\nR-0003    owner      @lee-p → sam\nRFC-0001  approver   Lee Park → sam\nRFC-0001  reviewers  ana, lee, tom → ana, sam, tom\n"
    );
    assert_eq!(program.read("docs/raid/R-0001-x.md"), risk(1, "open", "sam", "initiative: checkout\n"));
    assert_eq!(program.read("docs/raid/R-0003-x.md"), risk(3, "mitigating", "'sam'", ""));
    assert_eq!(program.read("docs/raid/R-0002-x.md"), risk(2, "closed", "lee", ""));
    let expected =
        rfc(1, "review").replace("approver: Lee Park", "approver: sam").replace("'lee', tom", "'sam', tom");
    assert_eq!(program.read("docs/rfcs/0001-x.md"), expected);
    assert_eq!(program.read("docs/rfcs/0002-x.md"), rfc(2, "accepted"));
    let again = reassign(&program, &["lee", "sam"]);
    assert_eq!((again.code, again.out.as_str()), (0, ""));
    assert_eq!(again.err, "nobody hands over anything: no record here waits for lee\n");
}

#[test]
fn whoever_is_there_already_is_not_named_twice() {
    let program = shop();
    assert_eq!(reassign(&program, &["@lee-p", "ana", "rfcs"]).code, 0);
    assert!(program.read("docs/rfcs/0001-x.md").contains("reviewers: [ana, tom]\n"));
    assert_eq!(program.read("docs/raid/R-0001-x.md"), risk(1, "open", "lee", "initiative: checkout\n"));
}

#[test]
fn only_what_is_asked_for_goes_over() {
    for (words, expected) in [
        (&["--in", "checkout"][..], "R-0001  owner  lee → sam\n"),
        (&["--where", "status=mitigating"], "R-0003  owner  @lee-p → sam\n"),
        (&["raid", "--dry-run"], "R-0001  owner  lee → sam\nR-0003  owner  @lee-p → sam\n"),
    ] {
        let run = reassign(&shop(), &[&["lee", "sam"], words].concat());
        assert_eq!((run.code, run.out.as_str()), (0, expected), "{words:?}: {}", run.err);
    }
}

#[test]
fn a_draft_will_wait_for_its_approver_too() {
    let program = shop();
    program.write("docs/rfcs/0001-x.md", rfc(1, "draft"));
    let run = reassign(&program, &["lee", "sam", "rfc"]);
    assert!(run.out.contains("RFC-0001  approver"), "{}", run.out);
}

#[test]
fn who_takes_over_is_one_person_who_is_known() {
    let program = shop();
    for (words, said) in [
        (&["lee", "zoe"][..], "`zoe`, given as who takes over, is not in [people]"),
        (&["lee", "platform team"], "is a group"),
        (&["lee", "Lee Park"], "are one person"),
        (&["lee", ""], "two people are needed"),
        (&["lee", "ana", "memoes"], "memo"),
        (&["lee", "ana", "--in", "chekout"], "`chekout` is no initiative"),
        (&["lee", "ana", "--where", "x=1"], "no record here has a field `x`"),
    ] {
        let run = reassign(&program, words);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{words:?}");
        assert!(run.err.contains(said), "{words:?}: {}", run.err);
    }
    let run = reassign(&program, &["leee", "ana"]);
    assert_eq!(run.code, 0);
    assert!(run.err.contains("did you mean lee?"), "{}", run.err);
}

#[test]
fn it_is_one_commit() {
    let program = shop();
    program.commit("start");
    let run = reassign(&program, &["lee", "sam", "--commit"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(program.git(&["log", "-1", "--format=%s"]), "Hand over from lee to sam: 3 records\n");
    assert_eq!(program.git(&["status", "--porcelain"]), "");
}
