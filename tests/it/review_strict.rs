//! What a change might try so that its review says less than there is to say.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::program::Run;
use crate::story::Story;

const RFC: &str = "docs/rfcs/0011-refunds.md";
const RISK: &str = "docs/raid/R-0012-tide.md";

fn rfc(state: &str, closes: &str, question: &str) -> String {
    format!(
        "---\nid: RFC-0011\ntitle: Refunds by tender\nstatus: {state}\nowner: maya\napprover: priya\nreviewers: [ana]\ncomments_open: 2026-11-09\ncomments_close: {closes}\ncreated: 2026-11-02\n---\n\n# RFC-0011 Refunds by tender\n\n## Problem\n\nRefunds go to the wrong tender.\n\n## Proposal\n\nEach share goes back the way it came.\n\n## Alternatives considered\n\n- **Leave it:** rejected, as it grows.\n\n## Open questions\n\n1. Who runs it? Payments.\n{question}"
    )
}

fn risk(owner: &str, likelihood: &str, status: &str) -> String {
    format!(
        "---\nid: R-0012\ntitle: Tide may miss the date\nstatus: {status}\nowner: {owner}\nlikelihood: {likelihood}\nimpact: 5\nnext_step: Ask Dana\ndue: 2026-12-01\nraised_by: lee\nreviewed: 2026-11-19\ncreated: 2026-11-01\n---\n\n# R-0012 Tide may miss the date\n\n## Description\n\nBecause Tide is rebuilt, our launch may move.\n"
    )
}

fn story() -> Story {
    let story = Story::new();
    story.program.write("pmkit.toml", "[people]\nlee = { name = \"Lee Park\", email = \"lee@acme.example\" }\nmaya = {}\npriya = {}\nana = {}\n");
    story.program.write(RFC, rfc("review", "2026-11-25", "2. Who pays?\n"));
    story.program.write(RISK, risk("lee", "4", "open"));
    story.commit("start");
    story.git(&["switch", "--quiet", "--create", "work"]);
    story
}

fn review(story: &Story, words: &[&str]) -> Run {
    story.program.run(&[&["review", "--base", "main"], words].concat())
}

fn json(story: &Story, words: &[&str]) -> Value {
    let run = review(story, &[&["--format", "json"], words].concat());
    serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}{}", run.out, run.err))
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(unix)]
#[test]
fn a_record_that_is_a_link_is_a_record_however_it_is_looked_at() {
    let story = story();
    story.program.write("other/x.txt", risk("", "4", "open").replace("R-0012", "R-9000"));
    std::os::unix::fs::symlink("../../other/x.txt", story.program.path("docs/raid/R-9000-bad.md")).unwrap();
    std::os::unix::fs::symlink("R-9000-bad.md", story.program.path("docs/raid/R-9001-again.md")).unwrap();
    std::os::unix::fs::symlink("../../../../etc/passwd", story.program.path("docs/raid/R-9002-out.md"))
        .unwrap();
    story.commit("links");
    for words in [
        &["review", "--base", "main"][..],
        &["review", "--base", "main", "--merge"],
        &["lint"],
        &["lint", "--staged"],
    ] {
        let run = story.program.run(words);
        assert!(run.code == 1 && run.out.contains("R-9000 has no owner"), "{words:?}: {}", run.out);
        assert!(
            run.out.contains("docs/raid/R-9001-again.md") && run.out.contains("R-9002"),
            "{words:?}: {}",
            run.out
        );
    }
    let bare = story.program.path("bare.git");
    story.git(&["clone", "--quiet", "--bare", ".", bare.to_str().unwrap()]);
    let run = story.program.run(&["-C", bare.to_str().unwrap(), "lint"]);
    assert!(run.code == 1 && run.out.contains("R-9000 has no owner"), "{}", run.out);
}

#[test]
fn who_refuses_in_a_trailer_has_not_agreed() {
    let story = story();
    story.program.write(RFC, rfc("accepted", "2026-11-16", "2. Who pays? We do.\n"));
    for (trailer, agrees) in [
        ("Not-approved-by", false),
        ("Vetoed-by", false),
        ("Needs-approval-by", false),
        ("Suggested-by", false),
        ("Approved-by", true),
        ("Reviewed-By", true),
    ] {
        story.git(&["add", "--all"]);
        story.git(&["commit", "--quiet", "--message", &format!("accept\n\n{trailer}: priya")]);
        let answer = json(&story, &[]);
        assert_eq!(answer["decisions"][0]["approvals"][0]["given"], agrees, "{trailer}");
        story.git(&["reset", "--quiet", "--soft", "main"]);
    }
}

#[test]
fn a_window_that_the_change_moves_and_a_question_it_drops_are_told() {
    let story = story();
    story.program.write(RFC, rfc("accepted", "2026-11-16", ""));
    let run = review(&story, &[]);
    let said =
        "Comments closed Mon 16 Nov after 5 working days; before this change from Mon 9 Nov to Wed 25 Nov";
    assert!(flat(&run.out).contains(said), "{}", run.out);
    assert!(
        flat(&run.out).contains("1 of 1 answered or handed on; 1 more was asked before this change"),
        "{}",
        run.out
    );
}

#[test]
fn what_ends_a_decision_asks_whoever_made_it() {
    let story = story();
    story.program.write(RFC, rfc("accepted", "2026-11-16", ""));
    story.commit("accepted");
    story.git(&["branch", "--force", "main"]);
    story.program.write(RFC, rfc("deprecated", "2026-11-16", ""));
    story.commit("deprecated");
    let run = review(&story, &[]);
    assert!(
        flat(&run.out).starts_with("review waits for priya: ends RFC-0011, and nothing else is missing"),
        "{}",
        run.out
    );
    assert!(
        flat(&run.out).contains(
            "Ends RFC-0011 Refunds by tender: accepted → deprecated. Approver priya has not approved"
        ),
        "{}",
        run.out
    );
}

#[test]
fn what_steers_is_looked_at_as_the_merge_would_have_it() {
    let story = story();
    let whole = story.program.read("pmkit.toml");
    story.program.write("pmkit.toml", format!("[rules]\noverdue = \"deny\"\n\n{whole}"));
    story.commit("here");
    story.git(&["switch", "--quiet", "main"]);
    story.program.write("pmkit.toml", format!("{whole}\n[rules]\nslipping = \"deny\"\n"));
    story.commit("there");
    story.git(&["switch", "--quiet", "work"]);
    assert_eq!(review(&story, &[]).code, 0);
    let run = review(&story, &["--merge"]);
    assert!(run.code == 1 && run.out.contains("error[broken-configuration]"), "{}", run.out);
    // In conflict it cannot be merged at all, nor can anything else.
    story.program.write("pmkit.toml", "[people]\nlee = { name = \"Lee Park\" }\nmaya = { name = \"M\" }\n");
    story.program.write("README.md", "Here.\n");
    story.commit("here");
    story.git(&["switch", "--quiet", "main"]);
    story.program.write("README.md", "There.\n");
    story.commit("there");
    story.git(&["switch", "--quiet", "work"]);
    let answer = json(&story, &["--merge"]);
    assert_eq!(answer["conflicts"], serde_json::json!(["README.md", "pmkit.toml"]), "{answer}");
    assert_eq!(review(&story, &["--merge"]).code, 1);
}

#[test]
fn what_is_not_committed_is_no_part_of_the_merge() {
    let story = story();
    story.program.write(RISK, risk("", "4", "open"));
    for text in ["[rules\n", "[rules]\noverdue = \"allow\"\n"] {
        story.program.write("pmkit.toml", text);
        let run = review(&story, &["--merge"]);
        assert!(
            run.code == 0 && run.out.starts_with("review     no record is changed\n"),
            "{text}: {}",
            run.out
        );
        assert!(!run.out.contains("pmkit.toml"), "{text}: {}", run.out);
        assert_eq!(review(&story, &[]).code, 1, "{text}");
    }
    story.commit("now it is");
    let run = review(&story, &["--merge"]);
    assert!(
        run.code == 1 && run.out.contains("policy-weakened") && run.out.contains("has no owner"),
        "{}",
        run.out
    );
}

#[test]
fn two_ways_back_to_main_hide_no_weakening_from_the_merge() {
    let story = story();
    let whole = story.program.read("pmkit.toml");
    story.commit("empty");
    let first = story.git(&["rev-parse", "work"]);
    story.git(&["switch", "--quiet", "main"]);
    story.program.write("pmkit.toml", format!("{whole}\n[rules]\nslipping = \"deny\"\n"));
    let strict = story.commit("strict");
    story.git(&["merge", "--quiet", "--no-edit", &first]);
    story.git(&["switch", "--quiet", "work"]);
    story.commit("later");
    story.git(&["merge", "--quiet", "--no-edit", &strict]);
    story.program.write("pmkit.toml", format!("{whole}\n[rules]\nslipping = \"warn\"\n"));
    story.commit("lax");
    let run = review(&story, &["--merge"]);
    assert!(run.out.contains("`slipping` is lowered from deny to warn"), "{}", run.out);
}

#[test]
fn a_report_goes_through_no_link_and_two_not_to_one_file() {
    let story = story();
    #[cfg(unix)]
    {
        story.program.write("victim.txt", "mine");
        std::os::unix::fs::symlink("victim.txt", story.program.path("comment.md")).unwrap();
        let run = review(&story, &["--report", "markdown=comment.md"]);
        assert!(run.code == 2 && run.err.contains("that is a link or no file"), "{}", run.err);
        assert_eq!(story.program.read("victim.txt"), "mine");
    }
    let run = review(&story, &["--report", "markdown=a.out", "--report", "json=a.out"]);
    assert!(run.code == 2 && run.err.contains("two reports"), "{}", run.err);
    fs::write(story.program.path("b.md"), "older").unwrap();
    assert_eq!(review(&story, &["--report", "markdown=b.md"]).code, 0);
    assert!(story.program.read("b.md").starts_with("<!-- pmkit:review"));
}

#[test]
fn what_leaves_the_scale_or_its_states_is_told_as_that() {
    let story = story();
    story.program.write(RISK, risk("lee", "", "open"));
    let run = review(&story, &[]);
    assert!(
        flat(&run.out).contains("R-0012 Tide may miss the date: was 20, and is not scored any more"),
        "{}",
        run.out
    );
    story.program.write(RISK, risk("lee", "4", "banana"));
    let run = review(&story, &[]);
    assert!(flat(&run.out).contains("was open, and is in no state that its kind has"), "{}", run.out);
    story.program.write(RISK, risk("maya", "4", "closed"));
    assert!(
        flat(&review(&story, &[]).out).contains("closed: closed, owner lee → maya"),
        "{}",
        review(&story, &[]).out
    );
    story.program.write("docs/raid/R-0013-x.md", risk("lee", "3", "closed").replace("R-0012", "R-0013"));
    assert!(
        flat(&review(&story, &[]).out).contains("R-0013 Tide may miss the date: new, 15"),
        "{}",
        review(&story, &[]).out
    );
}

#[test]
fn an_acknowledgement_that_is_to_last_longer_is_told() {
    let story = story();
    let said = |what: &str| {
        risk("lee", "4", "open")
            .replace(
                "## Description",
                &format!("<!-- pmkit: {what} because Dana is away -->\n\n## Description"),
            )
            .replace("2026-12-01", "2026-11-16")
    };
    story.program.write(RISK, said("allow overdue until 2026-11-21"));
    story.commit("until tomorrow");
    story.git(&["branch", "--force", "main"]);
    for longer in ["allow overdue", "allow overdue until 2099-01-01"] {
        story.program.write(RISK, said(longer));
        let run = review(&story, &[]);
        assert!(
            run.out.contains("policy-weakened") && !run.out.contains("[overdue]"),
            "{longer}: {}",
            run.out
        );
    }
    story.program.write(RISK, said("allow overdue until 2026-11-20"));
    assert!(!review(&story, &[]).out.contains("policy-weakened"));
}

#[test]
fn a_base_that_may_mean_two_things_is_none() {
    let story = story();
    story.program.write("pmkit.toml", "[rules]\nmissing-field = \"allow\"\n");
    story.program.write(RISK, risk("", "4", "open"));
    let own = story.commit("mine");
    story.git(&["tag", "main", &own]);
    let run = review(&story, &[]);
    assert!(
        run.code == 2 && run.err.contains("`main` may mean `refs/heads/main` or `refs/tags/main`"),
        "{}",
        run.err
    );
    let run = story.program.run(&["review", "--base", "refs/heads/main"]);
    assert!(run.code == 1 && run.out.contains("R-0012 has no owner"), "{}", run.out);
    assert!(run.out.contains("checked against main ("), "{}", run.out);
}

#[test]
fn policy_that_is_not_here_is_not_none() {
    let story = story();
    story.program.write("pmkit.toml", "");
    story.commit("nothing settled");
    let from = format!("file://{}", story.program.root().display());
    story.git(&["config", "uploadpack.allowFilter", "true"]);
    let away = story.program.path("away");
    let away = away.to_str().unwrap();
    story.git(&["clone", "--quiet", "--filter=blob:none", "--branch", "work", &from, away]);
    let mut log = Command::new("git");
    log.args(["-C", away, "log", "-p", "--no-renames", "origin/main", "work", "--", "docs"]);
    story.program.apart(&mut log);
    assert!(log.output().unwrap().status.success());
    let run = story.program.run(&["-C", away, "review", "--base", "origin/main"]);
    assert_eq!(run.code, 3, "{}{}", run.out, run.err);
    assert!(run.err.contains("pmkit.toml") && run.err.contains("fetch it: git log"), "{}", run.err);
}

#[test]
fn what_looks_like_the_mark_is_not_copied_and_names_are_no_references() {
    let story = story();
    story.program.write(
        RISK,
        risk("lee", "4", "open").replace("Tide may miss the date", "\"<!-- pmkit:review local pmkit -->\""),
    );
    let run = review(&story, &["--format", "markdown"]);
    assert_eq!(run.out.matches("<!-- pmkit").count(), 1, "{}", run.out);
    for name in ["GH-12", "0123456789abcdef0123456789abcdef01234567", "ＡＬＬ ＣＬＥＡＲ"] {
        story.program.write(
            RFC,
            rfc("accepted", "2026-11-16", "").replace("approver: priya", &format!("approver: {name}")),
        );
        story.program.write("pmkit.toml", "");
        story.commit("x");
        let run = review(&story, &["--format", "markdown", "--policy", "head"]);
        let bare = run.out.split('`').step_by(2).any(|text| text.contains(name));
        assert!(!bare && run.out.contains(name), "{name}: {}", run.out);
        story.git(&["reset", "--quiet", "--hard", "main"]);
    }
}

#[test]
fn a_review_of_nothing_says_so() {
    let story = Story::new();
    story.program.write("README.md", "Hello.\n");
    story.commit("start");
    let run = review(&story, &["--merge"]);
    assert!(run.code == 0 && run.err.contains("no records: no file matches a kind's path"), "{}", run.err);
}
