//! `pmkit review`: what a pull request decides, who may, what that touches, and what is missing.

use std::fs;

use serde_json::Value;

use crate::program::Run;
use crate::story::Story;

const RFC: &str = "docs/rfcs/0011-refunds.md";
const OLD: &str = "docs/rfcs/0004-batch.md";
const RISK: &str = "docs/raid/R-0012-tide.md";
const PROMISE: &str = "docs/raid/D-0003-payments.md";

/// Returns the proposal in a state, with further lines of front matter.
fn rfc(state: &str, more: &str) -> String {
    format!(
        "---\nid: RFC-0011\ntitle: Refunds by original tender\nstatus: {state}\nowner: maya\napprover: priya\nreviewers: [ana, lee]\ncomments_open: 2026-11-09\ncomments_close: 2026-11-16\ncreated: 2026-11-02\nrests_on: [A-0004]\n{more}---\n\n# RFC-0011 Refunds by original tender\n\n## Problem\n\nRefunds go to the wrong tender.\n\n## Proposal\n\nEach share goes back the way it came, not as RFC-0004 has it.\n\n## Alternatives considered\n\n- **Leave it:** rejected, as it grows.\n\n## Open questions\n\n1. Does a voucher come alive again? Yes, for 90 days.\n2. Who carries the loss?\n"
    )
}

fn risk(likelihood: u8, owner: &str) -> String {
    format!(
        "---\nid: R-0012\ntitle: Tide may miss the date\nstatus: open\nowner: {owner}\nlikelihood: {likelihood}\nimpact: 5\nnext_step: Ask Dana\ndue: 2026-12-01\nraised_by: lee\nreviewed: 2026-11-19\ncreated: 2026-11-01\n---\n\n# R-0012 Tide may miss the date\n\n## Description\n\nTide, see [the batch](../rfcs/0004-batch.md).\n"
    )
}

fn promise(day: &str) -> String {
    format!(
        "---\nid: D-0003\ntitle: Payments API v2\nstatus: on-track\nowner: maya\nneeded_by: 2026-12-11\npromised_for: {day}\nnext_step: Ask Petra\ndue: 2026-12-01\nprovider: payments\nraised_by: lee\nreviewed: 2026-11-19\ncreated: 2026-11-01\n---\n\n# D-0003 Payments API v2\n\n## Description\n\nIt.\n"
    )
}

/// Returns a repository with a proposal in review, what it replaces and rests on, and a log; on a branch of its own.
fn story() -> Story {
    let story = Story::new();
    let program = &story.program;
    program.write(
        "pmkit.toml",
        "[people]\nmaya = { name = \"Maya Chen\" }\npriya = { name = \"Priya Nair\", email = \"priya@acme.example\" }\nana = { name = \"Ana Ruiz\" }\nlee = { name = \"Lee Park\" }\n",
    );
    program.write(".github/CODEOWNERS", "* @acme/all\ndocs/rfcs/ @acme/architects @priya\n");
    program.write(RFC, rfc("review", ""));
    program.write(
        OLD,
        "---\nid: RFC-0004\ntitle: Refunds in a batch\nstatus: accepted\nowner: maya\napprover: priya\nreviewers: [ana]\ncomments_close: 2026-09-10\ncreated: 2026-09-01\n---\n\n## Problem\n\nx\n\n## Proposal\n\nx\n\n## Alternatives considered\n\n- **None:** rejected, as it is none.\n",
    );
    program.write(
        "docs/raid/A-0004-cards.md",
        "---\nid: A-0004\ntitle: Cards last\nstatus: open\nowner: lee\nvalidate_by: 2026-12-11\nraised_by: lee\nreviewed: 2026-11-19\ncreated: 2026-11-01\n---\n\n# A-0004 Cards last\n\n## Statement\n\nThey do.\n\n## How we will know\n\nWe ask.\n",
    );
    program.write(RISK, risk(2, "lee"));
    program.write(PROMISE, promise("2026-12-09"));
    story.commit("start");
    story.git(&["switch", "--quiet", "--create", "work"]);
    story
}

fn review(story: &Story, words: &[&str]) -> Run {
    story.program.run(&[&["review", "--base", "main"], words].concat())
}

/// Returns a text as it is read, wherever its lines end.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn json(story: &Story, words: &[&str]) -> Value {
    let run = review(story, &[&["--format", "json"], words].concat());
    serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}{}", run.out, run.err))
}

/// Accepts the proposal in the place of the old one.
fn accept(story: &Story) {
    story.program.write(RFC, rfc("accepted", "supersedes: [RFC-0004]\n"));
    let old =
        story.program.read(OLD).replace("status: accepted", "status: superseded\nsuperseded_by: RFC-0011");
    story.program.write(OLD, old);
}

#[test]
fn a_decision_is_told_with_who_may_and_what_it_touches() {
    let story = story();
    accept(&story);
    story.commit("accept");
    let answer = json(&story, &[]);
    assert_eq!(answer["schema"], "pmkit.review/1");
    // Whoever decided the one that is replaced is asked as well.
    let ended = &answer["decisions"][0];
    assert_eq!((&ended["record"], &ended["retires"]), (&Value::from("RFC-0004"), &Value::from(true)));
    assert_eq!(ended["approvals"], serde_json::json!([{"approver": "priya", "given": false}]));
    let decision = &answer["decisions"][1];
    assert_eq!((&decision["record"], &decision["decides"]), (&Value::from("RFC-0011"), &Value::from(true)));
    assert_eq!((&decision["from"], &decision["to"]), (&Value::from("review"), &Value::from("accepted")));
    assert_eq!(decision["approvals"], serde_json::json!([{"approver": "priya", "given": false}]));
    assert_eq!(decision["reviewers"], serde_json::json!(["ana", "lee"]));
    let owners =
        serde_json::json!({"line": 2, "pattern": "docs/rfcs/", "owners": ["@acme/architects", "@priya"]});
    assert_eq!(decision["code_owners"], owners);
    let comments = serde_json::json!({"opened": "2026-11-09", "closes": "2026-11-16", "working_days": 5, "over": true, "before": null});
    assert_eq!(decision["comments"], comments);
    assert_eq!(decision["questions"], serde_json::json!({"asked": 2, "unanswered": [2], "dropped": 0}));
    // What only links to it in its text counts too.
    let replaces = serde_json::json!([{"record": "RFC-0004", "was": "accepted", "cited_by": ["R-0012"]}]);
    assert_eq!(decision["replaces"], replaces);
    assert_eq!(decision["rests_on"][0]["record"], "A-0004");
    assert_eq!(decision["rests_on"][0]["due"], "2026-12-11");
    assert_eq!(answer["verdict"]["standing"], "blocked");
    let run = review(&story, &[]);
    assert_eq!(run.code, 1);
    assert!(
        run.out.starts_with("review     not yet: 1 thing is missing before this decides RFC-0011"),
        "{}",
        run.out
    );
    assert!(flat(&run.out).contains("Approver priya has not approved in these commits"), "{}", run.out);
    assert!(
        run.out.contains("Comments   closed Mon 16 Nov after 5 working days; asked: ana, lee"),
        "{}",
        run.out
    );
    assert!(run.out.contains("Questions  1 of 2 answered or handed on; open: 2"), "{}", run.out);
    assert!(run.out.contains("Replaces   RFC-0004 (accepted), still cited by R-0012"), "{}", run.out);
    assert!(run.out.contains("Rests on   A-0004, still open, validate by Fri 11 Dec"), "{}", run.out);
    assert!(
        run.out.contains("Owners     @acme/architects, @priya by line 2 of CODEOWNERS, docs/rfcs/"),
        "{}",
        run.out
    );
    assert!(run.out.contains("error[unanswered-question]"), "{}", run.out);
}

#[test]
fn a_change_waits_for_whoever_decides_and_is_ready_when_they_agree() {
    let story = story();
    accept(&story);
    let answered = story.program.read(RFC).replace("carries the loss?", "carries the loss? We do.");
    story.program.write(RFC, answered);
    story.program.write(RISK, risk(2, "lee").replace(", see [the batch](../rfcs/0004-batch.md)", ""));
    let run = review(&story, &["--format", "markdown"]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(run.out.contains("Approver `priya` has not approved: nothing is committed yet."), "{}", run.out);
    story.commit("accept");
    let run = review(&story, &["--format", "markdown"]);
    let says =
        "### pmkit · waits for `priya`: decides `RFC-0011`, ends `RFC-0004`, and nothing else is missing";
    assert!(run.out.contains(says), "{}", run.out);
    story.git(&[
        "commit",
        "--quiet",
        "--amend",
        "--no-edit",
        "--trailer",
        "Approved-by: Priya Nair <priya@acme.example>",
    ]);
    let run = review(&story, &["--format", "markdown"]);
    assert!(run.out.contains("### pmkit · ready: decides `RFC-0011`, ends `RFC-0004`\n"), "{}", run.out);
    assert!(run.out.contains("Approver `priya` had a hand in these commits."), "{}", run.out);
    assert!(!run.out.contains("#### To mend"), "{}", run.out);
}

#[test]
fn what_becomes_of_the_log_is_told() {
    let story = story();
    story.program.write(RISK, risk(4, "maya"));
    story.program.write(PROMISE, promise("2026-12-30"));
    story.program.write(
        "docs/raid/R-0013-fx.md",
        risk(3, "")
            .replace("R-0012", "R-0013")
            .replace("Tide may miss the date", "FX may cost us")
            .replace("2026-12-01", "2026-11-18"),
    );
    story.program.write(
        "docs/raid/A-0004-cards.md",
        story.program.read("docs/raid/A-0004-cards.md").replace("status: open", "status: validated"),
    );
    let run = review(&story, &[]);
    for said in [
        "R-0012 Tide may miss the date: rises 10 → 20, owner lee → maya",
        "R-0013 FX may cost us: new, 15, 2 days late",
        "D-0003 Payments API v2: promised for Wed 9 Dec → Wed 30 Dec, 21 days later, promised 19 days after it is needed",
        "A-0004 Cards last: closed: validated",
    ] {
        assert!(flat(&run.out).contains(said), "{said}: {}", run.out);
    }
    let answer = json(&story, &[]);
    let steps = |record: &str| {
        let all = answer["log"].as_array().unwrap();
        all.iter().find(|one| one["record"] == record).unwrap()["steps"].clone()
    };
    let rescored = serde_json::json!([{"step": "rescored", "from": "10", "to": "20"}, {"step": "reowned", "from": "lee", "to": "maya"}]);
    assert_eq!(steps("R-0012"), rescored);
    assert_eq!(steps("R-0013")[0], serde_json::json!({"step": "added", "to": "15"}));
    fs::remove_file(story.program.path(PROMISE)).unwrap();
    assert!(flat(&review(&story, &[]).out).contains("its file is deleted while it is open"));
}

#[test]
fn two_branches_with_one_number_fail_before_they_are_merged() {
    let story = story();
    let new = |name: &str| risk(3, "lee").replace("R-0012", "R-0020").replace("Tide may miss the date", name);
    story.program.write("docs/raid/R-0020-one.md", new("One may fail"));
    story.commit("mine");
    story.git(&["switch", "--quiet", "main"]);
    story.program.write("docs/raid/R-0020-two.md", new("Two may fail"));
    story.commit("theirs");
    story.git(&["switch", "--quiet", "work"]);
    let answer = json(&story, &["--merge"]);
    let rules: Vec<&Value> =
        answer["lint"]["diagnostics"].as_array().unwrap().iter().map(|one| &one["rule"]).collect();
    assert!(rules.iter().any(|rule| *rule == "duplicate-id" || *rule == "taken-id"), "{rules:?}");
    assert_eq!(answer["head"], story.git(&["rev-parse", "HEAD"]));
    assert_eq!(answer["base"], story.git(&["rev-parse", "main"]));
    // Whose number it was keeps it, whatever the order of the files is.
    for name in ["m-one", "a-one", "z-one"] {
        story.git(&["mv", "docs/raid/R-0020-one.md", "docs/raid/R-0020-x.md"]);
        story.git(&["mv", "docs/raid/R-0020-x.md", &format!("docs/raid/R-0020-{name}.md")]);
        story.commit(name);
        let run = review(&story, &["--merge", "--format", "markdown"]);
        let told = format!(
            "| ✗ | `docs/raid/R-0020-{name}.md:2` | R-0020 is taken: docs/raid/R-0020-two.md has it too"
        );
        assert!(run.out.contains(&told), "{}", run.out);
        story.git(&["mv", &format!("docs/raid/R-0020-{name}.md"), "docs/raid/R-0020-one.md"]);
        story.commit("back");
    }
    let answer = json(&story, &["--merge"]);
    // What main has alone is nobody's change.
    let changes = answer["diff"]["changes"].as_array().unwrap();
    assert!(changes.iter().all(|change| change["path"] != "docs/raid/R-0020-two.md"), "{changes:?}");
    assert_eq!(review(&story, &["--merge"]).code, 1);
    // Nothing is written to say so.
    let objects = story.git(&["count-objects"]);
    assert_eq!(review(&story, &["--merge"]).code, 1);
    assert_eq!(story.git(&["count-objects"]), objects);
    assert_eq!(story.git(&["status", "--short"]), "");
}

#[test]
fn a_decision_made_on_main_since_counts_in_the_merge() {
    let story = story();
    // Here its text is edited, which a proposal in review allows; on main it has been accepted meanwhile.
    let edited = rfc("review", "")
        .replace("the way it came", "by voucher alone")
        .replace("carries the loss?", "carries the loss? Us.");
    story.program.write(RFC, &edited);
    story.commit("edit");
    story.git(&["switch", "--quiet", "main"]);
    story.program.write(RFC, rfc("accepted", "").replace("carries the loss?", "carries the loss? Us."));
    story.commit("accept");
    story.git(&["switch", "--quiet", "work"]);
    assert_eq!(review(&story, &[]).code, 0, "{}", review(&story, &[]).out);
    let run = review(&story, &["--merge"]);
    assert!(run.code == 1 && run.out.contains("error[changed-after-decision]"), "{}", run.out);
}

#[test]
fn what_cannot_be_merged_is_said() {
    let story = story();
    story.program.write(RISK, risk(3, "lee"));
    story.commit("three");
    story.git(&["switch", "--quiet", "main"]);
    story.program.write(RISK, risk(4, "lee"));
    story.commit("four");
    story.git(&["switch", "--quiet", "work"]);
    let run = review(&story, &["--merge"]);
    assert_eq!(run.code, 1);
    assert!(run.out.starts_with("review     cannot be merged: 1 file in conflict"), "{}", run.out);
    assert!(run.out.contains(RISK), "{}", run.out);
    assert_eq!(json(&story, &["--merge"])["conflicts"], serde_json::json!([RISK]));
    let run = review(&story, &["--merge", "--format", "markdown"]);
    assert!(run.out.contains(&format!("In conflict: `{RISK}`")), "{}", run.out);
}

#[test]
fn a_head_behind_its_base_brings_nothing() {
    let story = story();
    story.git(&["switch", "--quiet", "main"]);
    story.program.write(RISK, risk(4, "maya"));
    story.commit("main goes on");
    story.git(&["switch", "--quiet", "work"]);
    for words in [&[][..], &["--merge"]] {
        let run = review(&story, words);
        assert_eq!(run.code, 0);
        assert!(run.out.starts_with("review     no record is changed"), "{words:?}: {}", run.out);
    }
}

#[test]
fn a_change_without_decisions_is_short() {
    let story = story();
    story.program.write(RISK, risk(2, "lee").replace("Tide,", "Tide once more,"));
    let run = review(&story, &["--format", "markdown"]);
    let expected = "<!-- pmkit:review local pmkit -->\n### pmkit · ready: 1 record is changed, nothing is decided\n\n<details><summary>1 record changed · compared with <code>";
    assert!(run.out.starts_with(expected), "{}", run.out);
    assert!(run.out.ends_with("\n</details>\n"), "{}", run.out);
}

#[test]
fn a_comment_is_bound_to_repository_and_check() {
    let story = story();
    let marker = |repository: &str, check: &str| {
        let mut command =
            story.program.command(&["review", "--base", "main", "--format", "markdown", "--check-id", check]);
        command.env("GITHUB_REPOSITORY", repository);
        let out = String::from_utf8(command.output().unwrap().stdout).unwrap();
        out.lines().next().unwrap().to_owned()
    };
    assert_eq!(marker("acme/shop", "records"), "<!-- pmkit:review acme/shop records -->");
    // No name ends the comment, or looks like another one.
    assert_eq!(marker("acme/shop --><b>", "a b\n--"), "<!-- pmkit:review acme/shop-b a-b -->");
    assert_eq!(marker("", "***"), "<!-- pmkit:review local local -->");
}

#[test]
fn several_forms_are_written_in_one_run() {
    let story = story();
    accept(&story);
    let run = review(
        &story,
        &["--report", "markdown=comment.md", "--report", "sarif=out.sarif", "--report", "json=out.json"],
    );
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.out.starts_with("review     not yet"), "{}", run.out);
    assert!(story.program.read("comment.md").starts_with("<!-- pmkit:review"));
    let sarif: Value = serde_json::from_str(&story.program.read("out.sarif")).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    assert!(story.program.read("out.json").contains("pmkit.review/1"));
    let run = review(&story, &["--report", "markdown=no/such/folder.md"]);
    assert!(run.code == 2 && run.err.contains("cannot write the report to no/such/folder.md"), "{}", run.err);
    for wrong in ["markdown", "markdown=", "pdf=x"] {
        assert_eq!(review(&story, &["--report", wrong]).code, 2, "{wrong}");
    }
    let run = story.program.run(&["lint", "--report", "gitlab=quality.json", "--quiet"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(story.program.read("quality.json").starts_with('['));
}

#[test]
fn every_other_form_is_that_of_the_findings() {
    let story = story();
    accept(&story);
    for format in ["github", "gitlab", "sarif", "junit", "rdjson"] {
        let (of_review, of_lint) = (
            review(&story, &["--format", format]).out,
            story.program.run(&["lint", "--base", "main", "--format", format]).out,
        );
        assert_eq!(of_review, of_lint, "{format}");
    }
    let lines = review(&story, &["--format", "jsonl"]).out;
    let schemas: Vec<String> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["schema"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(schemas[0], "pmkit.review/1");
    assert!(schemas.iter().any(|schema| schema == "pmkit.diff/1"), "{schemas:?}");
    assert_eq!(schemas.last().unwrap(), "pmkit.lint/1");
}

#[test]
fn in_github_actions_all_that_people_expect_is_there() {
    let story = story();
    accept(&story);
    let mut command = story.program.command(&["review", "--base", "main"]);
    command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", story.program.path("summary.md"));
    let out = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert!(
        out.contains("review     not yet") && out.contains("\n::error file=docs/rfcs/0011-refunds.md,"),
        "{out}"
    );
    assert!(story.program.read("summary.md").contains("### pmkit · not yet"));
}

#[test]
fn five_thousand_findings_fit_into_a_comment() {
    let story = story();
    for at in 0..1_000 {
        let text =
            "---\nid: R-0012\ntitle: \nstatus: nonsense\nowner:\nlikelihood: 99\nimpact: banana\n---\n";
        story.program.write(
            &format!("docs/raid/R-{:04}-x.md", at + 1_000),
            text.replace("R-0012", &format!("R-{:04}", at + 1_000)),
        );
    }
    let run = review(&story, &["--format", "markdown"]);
    assert!(run.out.chars().count() < 60_000, "{}", run.out.chars().count());
    assert!(run.out.contains("\nLeft out here: "), "{}", &run.out[run.out.len() - 400..]);
    let answer = json(&story, &[]);
    assert!(answer["lint"]["summary"]["deny"].as_u64().unwrap() >= 5_000, "{}", answer["lint"]["summary"]);
    assert_eq!(run.out.matches("<details>").count(), run.out.matches("</details>").count());
    assert_eq!(run.code, 1);
    assert_eq!(review(&story, &["--exit-zero"]).code, 0);
}

#[test]
fn a_tree_that_begins_with_pmkit_is_reviewed_by_what_it_brings() {
    let story = Story::new();
    story.program.write("README.md", "Hello.\n");
    story.commit("start");
    story.git(&["switch", "--quiet", "--create", "work"]);
    story.program.write("pmkit.toml", "");
    story.program.write(RISK, risk(2, "lee").replace(", see [the batch](../rfcs/0004-batch.md)", ""));
    let run = review(&story, &["--format", "markdown"]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(run.out.contains("pmkit.toml is new, and counts: main has none"), "{}", run.out);
    assert!(run.out.contains("- `R-0012` `Tide may miss the date`: new, `10`"), "{}", run.out);
}

#[test]
fn where_history_is_missing_nothing_is_answered() {
    let story = story();
    let away = story.program.path("shallow");
    let from = format!("file://{}", story.program.root().display());
    story.git(&["clone", "--quiet", "--depth", "1", "--no-single-branch", &from, away.to_str().unwrap()]);
    let run = story.program.run(&["-C", away.to_str().unwrap(), "review", "--base", "origin/main~1"]);
    assert_eq!(run.code, 3, "{}{}", run.out, run.err);
    let run = review(&story, &["--policy", "head"]);
    assert!(run.err.contains("says nothing about whether it may be merged"), "{}", run.err);
    assert!(run.out.contains("note: judged by the rules of the change itself"), "{}", run.out);
    assert_eq!(story.program.run(&["review"]).code, 2);
    let run = story.program.run(&["review", "--base", "mian"]);
    assert!(run.code == 2 && run.err.contains("did you mean `main`?"), "{}", run.err);
}
