//! `pmkit new --from`: what is taken over, what is written back, both or neither; and what is known of the past, or said not to be.

use std::process::Command;

use crate::hostile::PAYLOADS;
use crate::hostile::acting;
use crate::hostile::forged;
use crate::hostile::yaml;
use crate::program::Program;
use crate::program::Run;

const STEERING: &str = "[people]\nlee = { name = 'Lee Park', email = 'lee@acme.example' }\nmaya = {}\npriya = {}\nana = {}\ntom = { email = 'tom@acme.example' }\n[initiative.checkout]\nkeeper = 'ana'\n";

const RISK: &str = "---
id: R-0012
title: Tide may miss the date
status: mitigating # since May
owner: maya
next_step: Ring Dana
due: 2026-11-18
raised_by: lee
likelihood: 4
impact: 5
category: external
response: treat
tags: [sign-on, tide]
reviewed: 2026-11-18
created: 2026-10-01
initiative: checkout
---

# R-0012 Tide may miss the date

## Description

<!-- Cause, event, effect: because …, it may happen that …, which would … -->

Tide may be late, see [the way back](../rfcs/0007-redis.md).

## Mitigation

Maya rings Dana.

## Contingency

Start with passwords.
";

fn rfc(state: &str, hours: u32, more: &str) -> String {
    format!(
        "---
id: RFC-0007
title: Keep sessions in Redis
status: {state}
owner: maya
approver: priya
reviewers: [ana, lee]
comments_close: 2026-10-23
created: 2026-09-03
initiative: checkout
rests_on: [A-0009]
{more}---

# RFC-0007 Keep sessions in Redis

## Problem

Each deploy signs out 2,000 people.

## Proposal

A session lives {hours} h.

More of it.

## Alternatives considered

- **Sticky deploys:** a dying server signs people out.
"
    )
}

fn assumption(state: &str) -> String {
    format!(
        "---\nid: A-0009\ntitle: Shoppers return within a day\nstatus: {state}\nowner: ana\nnext_step: Count\nvalidate_by: 2026-12-01\nreviewed: 2026-11-18\ncreated: 2026-10-01\n---\n\n## Assumption\n\nThey do.\n\n## How we will know\n\nWe count.\n"
    )
}

fn dependency(promised: &str, status: &str) -> String {
    format!(
        "---\nid: D-0003\ntitle: Payments API v2\nstatus: {status}\nowner: maya\ndirection: inbound\nparty: payments\ncounterpart: Ines <ines@payments.example>\nneeded_by: 2026-12-03\npromised_for: {promised}\nnext_step: Ask Ines\nraised_by: maya\nreviewed: 2026-11-18\ncreated: 2026-07-31\ninitiative: checkout\n---\n\n## Description\n\nAll of it.\n\n## What happens if it slips\n\nWe open without it.\n"
    )
}

/// Commits everything there is, as somebody on a day.
fn commit(program: &Program, day: &str, who: &str, subject: &str) {
    for words in [&["add", "--all"][..], &["commit", "--quiet", "--allow-empty", "--message", subject]] {
        let mut command = Command::new("git");
        command.args(words);
        program.apart(&mut command);
        let date = format!("{day}T10:00:00Z");
        command.env("GIT_AUTHOR_DATE", &date).env("GIT_COMMITTER_DATE", &date);
        command.env("GIT_AUTHOR_NAME", who).env("GIT_AUTHOR_EMAIL", format!("{who}@acme.example"));
        assert!(command.status().unwrap().success());
    }
}

const RFC: &str = "docs/rfcs/0007-redis.md";
const D: &str = "docs/raid/D-0003-payments.md";
const R: &str = "docs/raid/R-0012-tide.md";

/// Returns a repository with a risk, a dependency that slipped three times, and a decision that was changed and rests on what was
/// found false.
fn shop() -> Program {
    let program = Program::in_repository();
    program.write("pmkit.toml", STEERING);
    program.write(RFC, rfc("review", 24, ""));
    program.write("docs/raid/A-0009-day.md", assumption("open"));
    program.write(R, RISK);
    program.write(D, dependency("2026-10-30", "on-track"));
    commit(&program, "2026-08-07", "maya", "start (#101)");
    program.write(D, dependency("2026-11-18", "on-track"));
    commit(&program, "2026-09-04", "maya", "D-0003 moves (#130)");
    program.write(RFC, rfc("accepted", 24, ""));
    program.write(D, dependency("2026-12-01", "on-track"));
    commit(&program, "2026-10-27", "tom", "Decide (#150)");
    program.write(RFC, rfc("accepted", 72, ""));
    program.write(D, dependency("2026-12-22", "at-risk"));
    commit(&program, "2026-11-13", "tom", "Clean up (#157)");
    program.write("docs/raid/A-0009-day.md", assumption("invalidated"));
    commit(&program, "2026-11-18", "ana", "A-0009: one in three comes later");
    program
}

fn new(program: &Program, words: &[&str]) -> Run {
    program.run(&[&["new"], words].concat())
}

/// Makes a record, of which standard output has the path and nothing else, and returns its text and what was said.
fn made(program: &Program, words: &[&str]) -> (String, String, String) {
    let run = new(program, words);
    assert_eq!((run.code, run.out.lines().count()), (0, 1), "{words:?}: {}{}", run.out, run.err);
    let path = run.out.trim_end().to_owned();
    (program.read(&path), run.err, path)
}

fn refused(program: &Program, words: &[&str], said: &[&str]) {
    let before = program.git(&["status", "--porcelain", "--untracked-files=all"]);
    let run = new(program, words);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{words:?}: {}", run.err);
    for part in said {
        assert!(run.err.contains(part), "{words:?}: {part}\n{}", run.err);
    }
    assert_eq!(program.git(&["status", "--porcelain", "--untracked-files=all"]), before, "{words:?}");
    assert!(!program.path(".git/pmkit/journal.json").exists());
}

fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn a_risk_becomes_an_issue_and_both_say_so() {
    let shop = shop();
    let (issue, said, path) = made(&shop, &["issue", "--from", "r-12"]);
    assert_eq!(path, "docs/raid/I-0001-tide-may-miss-the-date.md");
    holds(
        &issue,
        &[
            "\nraised_from: R-0012\n",
            "\nowner: maya\n",
            "\nraised_by: lee\n",
            "\nseverity: critical\n",
            "\ncategory: external\n",
            "\ntags: [sign-on, tide]\n",
            "\ninitiative: checkout\n",
            "\ndue: 2026-11-24\n",
            "\nnext_step: \"Begin with what R-0012 has foreseen: see Resolution\"\n",
            "<!-- What happened, since when, seen by whom. -->\n\nWhat R-0012 warned of has happened. It said:\n\nTide may be late, see [the way back](../rfcs/0007-redis.md).\n\n## Impact\n",
            "Foreseen in R-0012:\n\nStart with passwords.\n",
        ],
    );
    assert!(!issue.contains("Cause, event"), "the help of the other kind stays behind: {issue}");
    let risk = RISK
        .replace("status: mitigating # since May", "status: occurred # since May")
        .replace("response: treat\n", "response: treat\nbecame: I-0001\n");
    assert_eq!(shop.read(R), risk);
    holds(
        &said,
        &[
            "taken over from R-0012: owner, severity, next step, raised from, category, initiative, tags; Description, Resolution\n",
            "R-0012  status  mitigating → occurred\nR-0012  became  (blank) → I-0001\n",
            "check it: pmkit lint docs/raid/I-0001",
        ],
    );
    let lint = shop.run(&["lint", "R-0012", "I-0001"]);
    assert!(lint.code == 0 && lint.out.contains("nothing to mend"), "{}", lint.out);
    // A second time it says which.
    refused(
        &shop,
        &["issue", "--from", "R-0012"],
        &["R-0012 says `became: I-0001` already", "pmkit show I-0001", "pmkit set R-0012 became="],
    );
    // So it does where only the new one says it.
    shop.write(R, RISK);
    refused(
        &shop,
        &["issue", "--from", "R-0012"],
        &["I-0001 names R-0012 under `raised_from` already", "pmkit set R-0012 became=I-0001"],
    );
}

#[test]
fn a_risk_becomes_an_issue_from_wherever_a_move_leads_there() {
    for (state, more) in [("open", ""), ("accepted", "review_by: 2026-12-01\n"), ("occurred", "")] {
        let shop = shop();
        let risk = RISK.replace("status: mitigating # since May", &format!("status: {state}"));
        shop.write(R, risk.replace("created: 2026-10-01\n", &format!("created: 2026-10-01\n{more}")));
        shop.commit(state);
        made(&shop, &["issue", "--from", "R-0012"]);
        holds(&shop.read(R), &["status: occurred\n", "became: I-0001\n"]);
        let lint = shop.run(&["lint", "R-0012", "I-0001"]);
        assert_eq!(lint.code, 0, "{state}: {}", lint.out);
    }
    let shop = shop();
    shop.write(R, RISK.replace("status: mitigating # since May", "status: closed"));
    shop.commit("closed");
    refused(
        &shop,
        &["issue", "--from", "R-0012"],
        &[
            "R-0012 is closed, and an issue is born from a risk that is open, mitigating, accepted or occurred",
            "pmkit set R-0012 status=open",
        ],
    );
    // What has no score has no severity, and what foresaw nothing says what to do next as any issue does.
    let plain = RISK.replace("likelihood: 4\n", "").replace("Start with passwords.\n", "");
    shop.write(R, plain);
    let (issue, said, _) = made(&shop, &["issue", "It came late", "--from", "R-0012"]);
    holds(
        &issue,
        &["title: It came late\n", "\nseverity: # low", "\nnext_step: \"Triage: owner, severity, remedy\"\n"],
    );
    assert!(issue.ends_with("<!-- What ended it, and what keeps it from coming back. -->\n"), "{issue}");
    holds(&said, &["taken over from R-0012: owner, raised from, category, initiative, tags; Description\n"]);
}

#[test]
fn an_approved_change_born_from_a_decision_settles_what_was_changed() {
    let shop = shop();
    let lint = shop.run(&["lint", "RFC-0007"]);
    assert!(lint.code == 1 && lint.out.contains("error[changed-after-decision]"), "{}", lint.out);
    holds(
        &lint.out,
        &[
            "what is more than a slip is asked for: pmkit new change --from RFC-0007; or decided anew: pmkit new rfc --from RFC-0007",
            "help: if what was decided is to change: pmkit new change --from RFC-0007",
        ],
    );
    let (change, said, path) = made(&shop, &["change", "--from", "RFC-0007"]);
    assert_eq!(path, "docs/changes/0001-change-rfc-0007-keep-sessions-in-redis.md");
    holds(
        &change,
        &[
            "\namends: [RFC-0007]\n",
            "\napprover: priya\n",
            "\nrequested_by: lee\n",
            "\ninitiative: checkout\n",
            "\nowner: ana\n",
            "In RFC-0007, Proposal, “24” became “72”, after it was accepted (2026-11-13, tom, #157).\n",
            "<!-- Since it was accepted on 2026-10-27, as git has it:\n2026-11-13: its text was changed: Proposal, “24” → “72” (by tom, #157)\n2026-11-18: A-0009 (Shoppers return within a day), on which it rests, is found false: invalidated\n-->\n\n## Impact\n",
        ],
    );
    holds(
        &said,
        &[
            "taken over from RFC-0007: amends, approver, initiative; What changes\n",
            "still to write: Why now, Impact\n",
            "Why now: What is new since it was accepted on Tue 27 Oct 2026?\n",
            "since Tue 27 Oct 2026, as git has it:\n  Fri 13 Nov 2026  its text was changed: Proposal, “24” → “72” (by tom, #157)\n  Wed 18 Nov 2026  A-0009 (Shoppers return within a day), on which it rests, is found false: invalidated\n",
        ],
    );
    assert_eq!(shop.read(RFC), rfc("accepted", 72, ""), "what is decided is not written into");
    // What is only asked for settles nothing; once it is approved it does, committed or not.
    let written = change
        .replace("-->\n\n## Impact", "-->\n\nA-0009 was found false on 18 November.\n\n## Impact")
        .replace("promised something. -->\n", "promised something. -->\n\nNone.\n");
    shop.write(&path, written);
    let lint = shop.run(&["lint"]);
    assert!(lint.out.contains("error[changed-after-decision]"), "{}", lint.out);
    assert!(!lint.out.contains("CR-0001"), "{}", lint.out);
    assert_eq!(shop.run(&["set", "CR-0001", "status=approved"]).code, 0);
    commit(&shop, "2026-11-20", "priya", "CR-0001: approved");
    let lint = shop.run(&["lint"]);
    assert!(!lint.out.contains("changed-after-decision"), "{}", lint.out);
    // What was asked for is among what is new.
    let (_, said, _) = made(&shop, &["memo", "--from", "RFC-0007"]);
    holds(
        &said,
        &["CR-0001 (Change RFC-0007, Keep sessions in Redis), which asks to change it, is approved\n"],
    );
    // A change to a change names it.
    let (again, _, _) = made(&shop, &["change", "--from", "CR-0001"]);
    holds(&again, &["amends: [CR-0001]\n", "CR-0001 says:\n\n> In RFC-0007, Proposal, “24” became “72”"]);
}

#[test]
fn a_change_begins_with_the_words_that_were_decided() {
    let shop = shop();
    shop.write(RFC, rfc("accepted", 24, ""));
    shop.write("docs/raid/A-0009-day.md", assumption("validated"));
    let (change, said, _) =
        made(&shop, &["change", "Keep them longer", "--from", RFC, "approver=tom", "init="]);
    holds(
        &change,
        &[
            "title: Keep them longer\n",
            "approver: tom\n",
            "RFC-0007 says:\n\n> A session lives 24 h.\n\n<!--",
        ],
    );
    assert!(!change.contains("initiative: checkout") && !change.contains("More of it"), "{change}");
    holds(&said, &["taken over from RFC-0007: amends; What changes\n"]);
    holds(
        &said,
        &["  not committed  A-0009 (Shoppers return within a day), on which it rests, is validated\n"],
    );
    refused(
        &shop,
        &["change", "--from", "D-0003"],
        &[
            "D-0003 is at-risk, and a change is born only from what was decided and holds",
            "or make of it what can be made: pmkit new escalation --from D-0003",
        ],
    );
    shop.write(RFC, rfc("rejected", 24, ""));
    refused(
        &shop,
        &["change", "--from", "RFC-0007"],
        &["RFC-0007 is rejected, and a change is born from an rfc that is accepted"],
    );
}

#[test]
fn a_memo_puts_the_question_of_a_proposal_to_one_person() {
    // One that holds is replaced once the memo is accepted.
    let shop = shop();
    let (memo, said, path) = made(&shop, &["memo", "--from", "RFC-0007", "decide_by=+5bd"]);
    holds(
        &memo,
        &[
            "title: Look again at RFC-0007, Keep sessions in Redis\n",
            "\nsupersedes: [RFC-0007]\n",
            "\napprover: priya\n",
            "\ncontributors: [ana, lee]\n",
            "\ndecide_by: 2026-11-27\n",
            "RFC-0007, accepted on 2026-10-27, is there to solve this:\n\n> Each deploy signs out 2,000 people.\n\nNew since then, as git has it:\n\n- 2026-11-13: its text was changed: Proposal, “24” → “72” (by tom, #157)\n- 2026-11-18: A-0009",
        ],
    );
    holds(&said, &["Problem: What is new since it was accepted on Tue 27 Oct 2026?\n"]);
    assert_eq!(shop.read(RFC), rfc("accepted", 72, ""));
    assert_eq!(shop.run(&["lint", "--quiet", &path]).out.matches("error").count(), 0);
    refused(
        &shop,
        &["memo", "--from", "RFC-0007"],
        &["MEMO-0001 names RFC-0007 under `supersedes` already, and is draft"],
    );
    assert_eq!(shop.run(&["supersede", "RFC-0007", "--by", "MEMO-0001"]).code, 0);
    // One that another has replaced leads to that.
    assert_eq!(shop.run(&["set", "MEMO-0001", "status=accepted"]).code, 0);
    refused(
        &shop,
        &["memo", "--from", "RFC-0007"],
        &[
            "RFC-0007 is superseded, and a memo is born from",
            "take what holds in its place: pmkit new memo --from MEMO-0001",
        ],
    );

    // One that is still talked about is put to one person, and both name each other.
    let shop = self::shop();
    shop.write(RFC, rfc("review", 24, "links: [https://talk.example/7]\n"));
    shop.commit("again");
    let (memo, said, _) = made(&shop, &["memo", "--from", "RFC-0007"]);
    holds(
        &memo,
        &[
            "title: Keep sessions in Redis\n",
            "\nlinks: [RFC-0007]\n",
            "-->\n\nEach deploy signs out 2,000 people.\n",
            "-->\n\nA session lives 24 h.\n",
            "- **Sticky deploys:**",
        ],
    );
    assert!(!memo.contains("supersedes"), "{memo}");
    assert_eq!(shop.read(RFC), rfc("review", 24, "links: [https://talk.example/7, MEMO-0001]\n"));
    holds(&said, &["RFC-0007  links  + MEMO-0001\n"]);
    refused(
        &shop,
        &["memo", "--from", "RFC-0007"],
        &["MEMO-0001 names RFC-0007 under `links` already, and is draft", "status=withdrawn"],
    );

    // One that was turned down is asked anew, and left as it is.
    let shop = self::shop();
    shop.write(RFC, rfc("rejected", 24, ""));
    shop.commit("no");
    let (memo, _, _) = made(&shop, &["memo", "--from", "RFC-0007"]);
    holds(&memo, &["\nlinks: [RFC-0007]\n", "RFC-0007, rejected on 2026-11-02, was to solve this:\n"]);
    assert_eq!(shop.read(RFC), rfc("rejected", 24, ""));
}

#[test]
fn an_escalation_has_what_git_knows_of_the_promise() {
    let shop = shop();
    let (escalation, said, path) = made(&shop, &["escalation", "--from", "D-0003"]);
    assert_eq!(path, "docs/escalations/0001-who-gives-way-over-d-0003-payments-api-v2.md");
    holds(
        &escalation,
        &[
            "\nowner: maya\n",
            "\nabout: [D-0003]\n",
            "\nsides: [maya, Ines <ines@payments.example>]\n",
            "\ninitiative: checkout\n",
            "- **maya:** needed by 2026-12-03.\n- **payments, Ines:** promised for 2026-12-22.\n",
            "| day | what | from | to | days | by |\n|---|---|---|---|---|---|\n\
             | 2026-08-07 | needed by |  | 2026-12-03 |  | maya, #101 |\n\
             | 2026-08-07 | promised for |  | 2026-10-30 |  | maya, #101 |\n\
             | 2026-09-04 | promised for | 2026-10-30 | 2026-11-18 | +19 | maya, #130 |\n\
             | 2026-10-27 | promised for | 2026-11-18 | 2026-12-01 | +13 | tom, #150 |\n\
             | 2026-11-13 | promised for | 2026-12-01 | 2026-12-22 | +21 | tom, #157 |\n",
            "The promise moved later 3 times, by 53 days in all.\nIt is now 19 days after the day of need, 2026-12-03.\n",
            "-->\n\nWe open without it.\n\n## Decision asked for\n",
        ],
    );
    holds(
        &said,
        &[
            "before it is escalated: escalated_to, decide_by, Interests behind them, Shared question, Decision asked for\n",
        ],
    );
    let lint = shop.run(&["lint", &path]);
    assert!(lint.out.contains("nothing to mend"), "{}", lint.out);
    refused(
        &shop,
        &["escalation", "--from", "D-0003"],
        &["E-0001 names D-0003 under `about` already, and is preparing", "pmkit set E-0001 status=settled"],
    );
    assert_eq!(shop.run(&["set", "E-0001", "status=settled"]).code, 0);
    // What no commit has yet is said to be so, and what moved earlier is no slip.
    shop.write(D, dependency("2026-12-24", "at-risk").replace("2026-12-03", "2026-12-01"));
    let (escalation, _, _) = made(&shop, &["escalation", "--from", "D-0003"]);
    holds(
        &escalation,
        &[
            "| not committed | needed by | 2026-12-03 | 2026-12-01 | -2 |  |\n| not committed | promised for | 2026-12-22 | 2026-12-24 | +2 |  |\n",
            "The promise moved later 4 times, by 55 days in all.\nIt is now 23 days after the day of need, 2026-12-01.\n",
        ],
    );
}

#[test]
fn what_cannot_be_known_is_said_not_to_be() {
    let shop = shop();
    let origin = format!("file://{}", shop.root().display());
    shop.git(&["clone", "--quiet", "--depth", "1", &origin, "shallow"]);
    let run = shop.run(&["-C", "shallow", "new", "escalation", "--from", "D-0003"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let text = shop.read(&format!("shallow/{}", run.out.trim_end()));
    holds(
        &text,
        &[
            "What was promised when is unknown: this clone holds only the newest commits.\n",
            "promised for 2026-12-22",
        ],
    );
    assert!(!text.contains("| day |") && !text.contains("days in all"), "{text}");
    holds(
        &run.err,
        &[
            "what has happened to D-0003 is not known: this clone holds only the newest commits\nget it: git fetch --unshallow; then see it: pmkit log D-0003 --fields\n",
        ],
    );
    let run = shop.run(&["-C", "shallow", "new", "change", "--from", "RFC-0007"]);
    assert_eq!(run.code, 0, "{}", run.err);
    holds(&run.err, &["Why now: What is new since the decision?\n", "git fetch --unshallow"]);
    assert!(!run.err.contains("nothing new"), "{}", run.err);

    // Outside a repository one file can be written, and two cannot.
    let bare = Program::new();
    bare.write(D, dependency("2026-12-22", "at-risk"));
    bare.write(R, RISK);
    let run = new(&bare, &["escalation", "--from", "D-0003"]);
    assert_eq!(run.code, 0, "{}", run.err);
    holds(
        &bare.read(run.out.trim_end()),
        &["is unknown: there is no git repository here, and without one no history.\n"],
    );
    let run = new(&bare, &["issue", "--from", "R-0012"]);
    assert!(
        run.code == 2 && run.err.contains("several files are written as one step, or not at all"),
        "{}",
        run.err
    );
    assert_eq!((bare.read(R), bare.files("docs/raid").len()), (RISK.to_owned(), 2));

    // In a repository where it is not committed nothing has happened to it yet.
    let fresh = Program::in_repository();
    fresh.write(D, dependency("2026-12-22", "at-risk"));
    let run = new(&fresh, &["escalation", "--from", "D-0003"]);
    assert_eq!(run.code, 0, "{}", run.err);
    holds(
        &fresh.read(run.out.trim_end()),
        &["What was promised when is unknown: D-0003 is in no commit yet.\n"],
    );
    assert!(!run.err.contains("not known"), "{}", run.err);
}

#[test]
fn both_files_are_written_or_neither() {
    use std::fs::Permissions;
    use std::fs::set_permissions;
    use std::os::unix::fs::PermissionsExt;
    let shop = shop();
    set_permissions(shop.path(R), Permissions::from_mode(0o444)).unwrap();
    refused(
        &shop,
        &["issue", "--from", "R-0012"],
        &["docs/raid/R-0012-tide.md is read-only; nothing was changed"],
    );
    set_permissions(shop.path(R), Permissions::from_mode(0o644)).unwrap();
    // A front matter that cannot be changed in place.
    shop.write(R, RISK.replace("tags: [sign-on, tide]\n", "became: {}\n"));
    refused(&shop, &["issue", "--from", "R-0012"], &["R-0012: `became` cannot be changed in place"]);
    // Something is in the way of the new file.
    shop.write(R, RISK);
    shop.write("docs/changes", "a file\n");
    refused(&shop, &["change", "--from", "RFC-0007"], &["is a file where a folder is needed"]);
    // A number that is taken is not given, and the risk names the one that was.
    shop.write("docs/raid/I-0041-other.md", "---\nid: I-0041\n---\n");
    made(&shop, &["issue", "--from", "R-0012"]);
    holds(&shop.read(R), &["became: I-0042\n"]);
}

#[test]
fn what_a_person_gives_counts_for_more() {
    let shop = shop();
    let words = ["new", "issue", "--from", "R-0012", "--stdin", "owner=tom", "severity=low"];
    let run = shop.run_with(&words, "## Description\n\nIt is late.\n\n## Impact\n\nMuch.\n");
    assert_eq!(run.code, 0, "{}", run.err);
    let issue = shop.read(run.out.trim_end());
    holds(
        &issue,
        &[
            "owner: tom\n",
            "severity: low\n",
            "raised_from: R-0012\n",
            "## Description\n\nIt is late.\n\n## Impact\n\nMuch.\n\n## Resolution\n\nForeseen in R-0012:\n\nStart with passwords.\n",
        ],
    );
    assert!(!issue.contains("Tide may be late"), "{issue}");
    holds(
        &run.err,
        &["taken over from R-0012: next step, raised from, category, initiative, tags; Resolution\n"],
    );
    // What does not fit here is left, and said.
    shop.write(
        R,
        RISK.replace("initiative: checkout\n", "initiative: chekout\n")
            .replace("owner: maya", "owner: the tide team"),
    );
    shop.write(run.out.trim_end(), "---\nid: I-0009\n---\n");
    let (issue, said, _) = made(&shop, &["issue", "--from", "R-0012"]);
    holds(
        &said,
        &[
            "not taken over: initiative: `chekout` is no initiative of pmkit.toml\n",
            "not taken over: owner: owner: ",
        ],
    );
    holds(&issue, &["\nowner: lee\n"]);
    let run = shop.run(&["new", "issue", "--from", "R-0012", "--quiet", "X"]);
    assert_eq!(run.code, 2, "it became one: {}", run.err);
}

#[test]
fn nothing_in_a_text_that_is_taken_over_becomes_another_section() {
    let shop = shop();
    for (description, expected) in [
        ("### Cause\n\nx\n\n#### Impact\n\ny", "### Cause\n\nx\n\n**Impact**\n\n\ny\n\n## Impact\n"),
        ("##### Cause\n\nx", "##### Cause\n\nx\n\n## Impact\n"),
        ("```\n## Impact\n```", "```\n## Impact\n```\n\n## Impact\n"),
        ("a <!-- pmkit: allow overdue: x --> b", "a  b\n\n## Impact\n"),
        ("1. one\r\n2. two", "1. one\n2. two\n\n## Impact\n"),
        (
            "See [it][1] and [that](#mitigation).\n\n[1]: ../rfcs/0007-redis.md",
            "See [it][1] and [that](R-0012-tide.md#mitigation).\n\n[1]: ../rfcs/0007-redis.md\n\n## Impact\n",
        ),
    ] {
        shop.write(
            R,
            RISK.replace("Tide may be late, see [the way back](../rfcs/0007-redis.md).", description),
        );
        let (issue, _, path) = made(&shop, &["issue", "--from", "R-0012"]);
        holds(
            &issue,
            &[expected, "## Impact\n\n<!-- Who cannot do what, in numbers. -->\n\n## Resolution\n"],
        );
        std::fs::remove_file(shop.path(&path)).unwrap();
    }
    // Headings go below the one they come to.
    let high = RISK
        .replace("\n## ", "\n# ")
        .replace("Tide may be late, see", "Resolution\n---\n\nx\n\n## Cause\n\nSee");
    shop.write(R, high);
    let (issue, _, path) = made(&shop, &["issue", "--from", "R-0012"]);
    holds(
        &issue,
        &["**Resolution**\n\n\nx\n\n### Cause\n\nSee [the way back](../rfcs/0007-redis.md).\n\n## Impact\n"],
    );
    std::fs::remove_file(shop.path(&path)).unwrap();
    // What stays open at the end of the record is closed.
    for (last, expected) in [
        ("~~~ sh\nls", "~~~ sh\nls\n~~~\n"),
        ("<!-- gone", ""),
        ("<pre>\nx\n\n## Impact", "> <pre>\n> x\n>\n> ## Impact\n"),
    ] {
        shop.write(R, RISK.replace("Start with passwords.\n", last));
        let (issue, _, path) = made(&shop, &["issue", "--from", "R-0012"]);
        assert!(issue.ends_with(expected), "{issue}");
        let lint = shop.run(&["lint", "--quiet", &path]);
        assert_eq!(lint.code, 0, "{}", lint.out);
        std::fs::remove_file(shop.path(&path)).unwrap();
    }
    // Links lead where they led, from another folder too.
    let text = "As [here](0008-x.md#y) and [there](../raid/R-0012-tide.md), it lives";
    shop.write(RFC, rfc("review", 24, "").replace("A session lives", text));
    shop.commit("review");
    let (memo, _, _) = made(&shop, &["memo", "--from", "RFC-0007"]);
    holds(&memo, &["\nAs [here](../rfcs/0008-x.md#y) and [there](../raid/R-0012-tide.md), it lives 24 h.\n"]);
}

#[test]
fn foreign_words_stay_words() {
    let shop = shop();
    let title = "\"A: b\" <!-- # | {{ id }} {% raw %}";
    shop.write(
        D,
        dependency("2026-12-22", "at-risk")
            .replace("title: Payments API v2", &format!("title: '{title}'"))
            .replace("party: payments", "party: \"pay | ments --> <b>\""),
    );
    commit(&shop, "2026-11-19", "Eve | --> <!-- `x`", "D-0003");
    shop.write(D, shop.read(D).replace("2026-12-22", "2026-12-29"));
    commit(&shop, "2026-11-20", "Eve | --> <!-- `x`", "D-0003");
    let (escalation, _, path) = made(&shop, &["escalation", "--from", "D-0003"]);
    holds(
        &escalation,
        &[
            "- **pay \\| ments --\\> \\<b>, Ines:** promised for 2026-12-29.\n",
            "| 2026-11-20 | promised for | 2026-12-22 | 2026-12-29 | +7 | Eve \\| -- !-- \\`x\\` |\n",
        ],
    );
    let lint = shop.run(&["lint", &path]);
    assert!(lint.out.contains("nothing to mend"), "{}", lint.out);
    let shown = shop.run(&["list", "escalation", "--columns", "title", "--format", "csv"]);
    assert!(shown.out.contains("{{ id }} {% raw %}"), "{}", shown.out);
}

#[test]
fn nothing_that_is_said_of_it_acts() {
    for payload in PAYLOADS {
        let shop = shop();
        let (said, text) = (yaml(payload), payload.replace(['\r', '\n'], " "));
        shop.write(
            R,
            RISK.replace("title: Tide may miss the date", &format!("title: {said}"))
                .replace("owner: maya", &format!("owner: {said}"))
                .replace("category: external", &format!("category: {said}"))
                .replace("[sign-on, tide]", &format!("[{said}]"))
                .replace("Start with passwords.", &text),
        );
        let assumption = assumption("invalidated");
        shop.write(
            "docs/raid/A-0009-day.md",
            assumption.replace("title: Shoppers return within a day", &format!("title: {said}")),
        );
        commit(&shop, "2026-11-19", "eve", &text);
        for words in [
            &["issue", "T", "--from", "R-0012"][..],
            &["issue", "--from", "R-0012"],
            &["memo", "--from", "RFC-0007"],
        ] {
            let run = new(&shop, words);
            for log in [&run.out, &run.err] {
                assert_eq!(
                    (forged(log, false), acting(log)),
                    (Vec::new(), None),
                    "{payload:?} {words:?}: {log:?}"
                );
            }
        }
    }
}

#[test]
fn what_cannot_be_born_is_said_with_what_can() {
    let shop = shop();
    for (words, said) in [
        (
            &["battlecard", "--from", "D-0003"][..],
            &[
                "D-0003 is a dependency, and a battlecard is not born from one",
                "pmkit new battlecard \"…\"",
                "pmkit new escalation --from D-0003",
            ][..],
        ),
        (
            &["issue", "--from", "D-0003"],
            &["an issue is not born from one", "name a risk: an issue is born from that"],
        ),
        (&["issue", "--from", "R-0099"], &["there is no record `R-0099`"]),
        (&["issue", "--from", "pmkit.toml"], &["pmkit.toml is no record: no kind claims it"]),
        (&["issue", "--from", "../x.md"], &["there is no record `../x.md`"]),
        (&["rsik", "--from", "D-0003"], &["did you mean `risk`?"]),
        (&["issue", "--from", "R-0012", "severity=hihg"], &["did you mean `severity=high`?"]),
        (
            &["issue", "--from", "R-0012", "raised_from=R-0099"],
            &["`raised_from=R-0099`, and the record is to be born from R-0012", "leave `raised_from` out"],
        ),
    ] {
        refused(&shop, words, said);
    }
    shop.write(R, RISK.replace("title: Tide may", "title: Tide: may"));
    refused(
        &shop,
        &["issue", "--from", "R-0012"],
        &["a colon inside the value", "mend it first: pmkit lint --fix docs/raid/R-0012-tide.md"],
    );
    shop.write(R, b"\xff\xfe\x00");
    refused(&shop, &["issue", "--from", R], &[R]);
    shop.write(R, RISK);
    shop.write("docs/raid/R-0012-twice.md", RISK);
    refused(&shop, &["issue", "--from", "R-0012"], &["R-0012 is the id of 2 records"]);
    refused(
        &shop,
        &["issue", "--from", R],
        &["R-0012 is the id of 2 records", "pmkit renumber docs/raid/R-0012-tide.md"],
    );
}

#[test]
fn a_teams_own_kind_is_born_as_its_kind_file_says() {
    let shop = shop();
    let kind = |more: &str| {
        format!(
            "id = 'note'\ntitle = 'Note'\nprefix = 'N'\npath = 'notes/{{number:04}}-{{slug}}.md'\n[[field]]\nname = 'of'\ntype = 'ref'\n[[field]]\nname = 'who'\ntype = 'people'\n[[section]]\ntitle = 'Why'\n[lifecycle]\ninitial = 'open'\nmoves = {{ open = ['done'] }}\nfinal = ['done']\n[[born_from]]\nkinds = ['risk']\n{more}"
        )
    };
    shop.write(".pmkit/kinds/note.toml", kind("title = 'On {{ from.title }}'\n[born_from.fields]\nof = '{{ from.id }}'\nwho = '''\n{{ from.fields.owner }}\n{{ from.fields.raised_by }}'''\n[born_from.sections]\nWhy = '{{ title }}, {{ id }}: {{ from.fields.tags }} ({{ from.bands.score }} {{ from.fields.score }}), [it]({{ from.link }}), {{ today | spoken }}'\n[born_from.back]\nlinks = '{{ id }}'\n"));
    let good = shop.read(".pmkit/kinds/note.toml");
    shop.write(".pmkit/kinds/note.toml", kind("[born_from.back]\nstatus = 'occured'\n"));
    refused(
        &shop,
        &["note", "--from", "R-0012"],
        &["`occured` is not a state of risk", "did you mean `occurred`?"],
    );
    shop.write(".pmkit/kinds/note.toml", good);
    let (note, said, path) = made(&shop, &["note", "--from", "R-0012"]);
    assert_eq!(path, "notes/0001-on-tide-may-miss-the-date.md");
    holds(
        &note,
        &[
            "of: R-0012\n",
            "who: [maya, lee]\n",
            "## Why\n\nOn Tide may miss the date, N-0001: sign-on, tide (critical 20), [it](../docs/raid/R-0012-tide.md), Fri 20 Nov 2026\n",
        ],
    );
    holds(&said, &["R-0012  links  (blank) → N-0001\n"]);
    // Nothing keeps a second one from being made, and a list takes both.
    made(&shop, &["note", "Again", "--from", "R-0012"]);
    holds(&shop.read(R), &["links: [N-0001, N-0002]\n"]);
    // What goes wrong only when it is filled in is told with its place.
    for (template, line, why) in [
        ("'{{ from.title.x() }}'", "'{{ from.title.x() }}'", "this cannot be filled in"),
        (
            "'''\na\n{% for a in range(9000) %}{% for b in range(9000) %}x{% endfor %}{% endfor %}'''",
            "",
            "this cannot be filled in",
        ),
    ] {
        shop.write(".pmkit/kinds/note.toml", kind(&format!("[born_from.sections]\nWhy = {template}\n")));
        refused(&shop, &["note", "T", "--from", "R-0012"], &[why, ".pmkit/kinds/note.toml", line]);
    }
    // A risk of the team's own that becomes nothing is still one that an issue is born from.
    shop.write(".pmkit/kinds/risk.toml", "id = 'risk'\ntitle = 'Risk'\nprefix = 'R'\npath = 'docs/raid/{id}-{slug}.md'\n[lifecycle]\ninitial = 'open'\nmoves = { open = ['mitigating'], mitigating = ['open'] }\n");
    std::fs::remove_file(shop.path(".pmkit/kinds/note.toml")).unwrap();
    let before = shop.read(R);
    let (issue, _, _) = made(&shop, &["issue", "--from", "R-0012"]);
    holds(&issue, &["raised_from: R-0012\n", "owner: maya\n"]);
    assert_eq!(shop.read(R), before);
}

#[test]
fn what_may_be_made_is_suggested_until_it_is_made() {
    let shop = shop();
    let escalate = "pmkit new escalation --from D-0003";
    let promote = "pmkit new issue --from R-0012";
    let change = "pmkit new change --from RFC-0007";
    let suggests = |words: &[&str], command: &str| shop.run(words).out.contains(command);
    let places: [(&[&str], &str); 7] = [
        (&["raid"], escalate),
        (&["raid"], promote),
        (&["lint", "D-0003"], escalate),
        (&["lint", "R-0012"], promote),
        (&["log", "D-0003"], escalate),
        (&["show", "RFC-0007"], change),
        (&["log", "RFC-0007"], change),
    ];
    for (words, command) in places {
        assert!(suggests(words, command), "{words:?}: {}", shop.run(words).out);
    }
    let json = shop.run(&["raid", "--format", "json"]).out;
    holds(
        &json,
        &[&format!("\"when\": \"the two sides cannot agree\",\n          \"command\": \"{escalate}\"")],
    );
    made(&shop, &["escalation", "--from", "D-0003"]);
    made(&shop, &["issue", "--from", "R-0012"]);
    for (words, command) in [
        (&["raid"][..], escalate),
        (&["raid"], promote),
        (&["log", "D-0003"], escalate),
        (&["show", "D-0003"], escalate),
    ] {
        assert!(!suggests(words, command), "{words:?}: {}", shop.run(words).out);
    }
    // Whoever moves it by hand is told what it lacks, and how to make it.
    let shop = self::shop();
    let run = shop.run(&["set", "R-0012", "status=occurred"]);
    holds(&run.err, &["R-0012 still lacks: became\nmake it: pmkit new issue --from R-0012\n"]);
    let lint = shop.run(&["lint", "R-0012"]);
    holds(
        &lint.out,
        &[
            "error[missing-field]: R-0012 is occurred and has no became",
            "help: make it: pmkit new issue --from R-0012",
        ],
    );
    // A slip that was put right is no change.
    shop.write(RFC, rfc("accepted", 72, "corrections: [24 h → 72 h]\n"));
    shop.write("docs/raid/A-0009-day.md", assumption("validated"));
    assert!(!shop.run(&["show", "RFC-0007"]).out.contains(change));
}
