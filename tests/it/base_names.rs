//! `pmkit lint --base` where records, numbers and people go by other names than they did: nothing old is told as new, and nothing new
//! passes as old.

use std::fs;

use serde_json::Value;

use crate::program::Run;
use crate::story::RFC;
use crate::story::Story;
use crate::story::text;

const RISK: &str = "docs/raid/R-0001-tide.md";

fn risk(number: u32, words: &str) -> String {
    format!(
        "---\nid: R-{number:04}\ntitle: {words} may fail\nstatus: open\nowner: lee\nnext_step: Ask Dana\ndue: 2026-12-01\nraised_by: lee\nreviewed: 2026-11-19\ncreated: 2026-11-01\n---\n\n# {words} may fail\n\n## Description\n\nBecause {words} is rebuilt, our launch may move.\n"
    )
}

fn story() -> Story {
    let story = Story::new();
    story.program.write("pmkit.toml", "");
    story.program.write(RISK, risk(1, "Tide"));
    story
}

/// Commits, and goes on on a branch of its own.
fn begin(story: &Story) {
    story.commit("start");
    story.git(&["switch", "--quiet", "--create", "work"]);
}

fn lint(story: &Story) -> Run {
    story.program.run(&["lint", "--base", "main"])
}

fn rules(story: &Story) -> Vec<String> {
    let run = story.program.run(&["lint", "--base", "main", "--format", "json"]);
    let document: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}{}", run.out, run.err));
    let all = document["diagnostics"].as_array().unwrap();
    all.iter().map(|one| one["rule"].as_str().unwrap().to_owned()).collect()
}

fn on_main(story: &Story, change: impl Fn()) {
    story.git(&["switch", "--quiet", "main"]);
    change();
    story.commit("meanwhile");
    story.git(&["switch", "--quiet", "work"]);
}

#[test]
fn a_link_that_was_one_sided_is_not_so_anew_when_the_other_is_renumbered() {
    let story = story();
    story.program.write(RFC, text("accepted").replace("approver:", "supersedes: [RFC-0002]\napprover:"));
    story.program.write(
        "docs/rfcs/0002-disk.md",
        text("accepted").replace("RFC-0001", "RFC-0002").replace("Redis", "Disk"),
    );
    begin(&story);
    assert!(story.program.run(&["lint"]).out.contains("one-sided-link"));
    let run = story.program.run(&["renumber", "docs/rfcs/0002-disk.md", "9"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(!rules(&story).contains(&"one-sided-link".to_owned()), "{}", lint(&story).out);
    // One that the change makes is told.
    story.program.write(
        "docs/rfcs/0003-new.md",
        text("accepted")
            .replace("RFC-0001", "RFC-0003")
            .replace("approver:", "supersedes: [RFC-0009]\napprover:"),
    );
    assert!(rules(&story).contains(&"one-sided-link".to_owned()), "{}", lint(&story).out);
}

#[test]
fn an_acknowledgement_holds_as_far_as_main_has_it() {
    let allowed = |what: &str| {
        risk(1, "Tide").replace("owner: lee", "owner:").replace(
            "## Description",
            &format!("<!-- pmkit: {what} because nobody is free -->\n\n## Description"),
        )
    };
    let story = story();
    story.program.write(
        RISK,
        risk(1, "Tide").replace(
            "## Description",
            "<!-- pmkit: allow missing-field until 2026-11-25 because nobody is free -->\n\n## Description",
        ),
    );
    begin(&story);
    // As long as main lets it, and as far.
    story.program.write(RISK, allowed("allow missing-field until 2026-11-25"));
    assert_eq!(rules(&story), [""; 0], "{}", lint(&story).out);
    for more in ["allow missing-field until 2027-11-25", "allow missing-field"] {
        story.program.write(RISK, allowed(more));
        // Today it holds there; what it is to be from then on is main's to say.
        let run = story.program.run(&["lint", "--base", "main", "--today", "2026-11-26"]);
        assert!(run.out.contains("R-0001 has no owner"), "{more}: {}", run.out);
    }
    story.program.write(RISK, allowed("allow missing-field, overdue").replace("2026-12-01", "2026-11-01"));
    assert!(rules(&story).contains(&"overdue".to_owned()), "{}", lint(&story).out);
    assert!(rules(&story).contains(&"policy-weakened".to_owned()), "{}", lint(&story).out);
    // Also where main calls the file something else by now.
    story.program.write(RISK, allowed("allow missing-field until 2026-11-25"));
    story.commit("no owner");
    on_main(&story, || drop(story.git(&["mv", RISK, "docs/raid/R-0001-tide-service.md"])));
    assert_eq!(rules(&story), [""; 0], "{}", lint(&story).out);
}

#[test]
fn a_number_that_main_gave_and_gave_up_is_gone_for_good() {
    for renumbered in [false, true] {
        let story = story();
        begin(&story);
        on_main(&story, || story.program.write("docs/raid/R-0002-shops.md", risk(2, "Shops")));
        on_main(&story, || {
            if renumbered {
                story.git(&["mv", "docs/raid/R-0002-shops.md", "docs/raid/R-0007-shops.md"]);
                story.program.write("docs/raid/R-0007-shops.md", risk(7, "Shops"));
            } else {
                story.git(&["rm", "--quiet", "docs/raid/R-0002-shops.md"]);
            }
        });
        story.program.write("docs/raid/R-0002-couriers.md", risk(2, "Couriers"));
        let run = lint(&story);
        let how = if renumbered { "renumbered since" } else { "deleted since" };
        assert!(run.out.contains("error[taken-id]") && run.out.contains(how), "{}", run.out);
    }
}

#[test]
fn what_was_squashed_and_renamed_on_main_is_the_same_record() {
    let story = story();
    begin(&story);
    story.program.write("docs/raid/R-0002-couriers.md", risk(2, "Couriers"));
    story.commit("R-0002");
    on_main(&story, || drop(story.git(&["merge", "--quiet", "--squash", "work"])));
    on_main(&story, || {
        drop(story.git(&["mv", "docs/raid/R-0002-couriers.md", "docs/raid/R-0002-couriers-may-fail.md"]));
    });
    assert!(!rules(&story).contains(&"taken-id".to_owned()), "{}", lint(&story).out);
}

#[test]
fn whose_number_has_landed_is_not_asked_to_give_way() {
    let story = story();
    begin(&story);
    story.program.write("docs/raid/R-0002-couriers.md", risk(2, "Couriers"));
    story.commit("R-0002, on a branch nobody has merged");
    story.git(&["switch", "--quiet", "main"]);
    story.program.write("docs/raid/R-0002-shops.md", risk(2, "Shops"));
    story.commit("R-0002, landed");
    let run = story.program.run(&["lint"]);
    assert!(!run.out.contains("error[taken-id]"), "{}", run.out);
    assert_eq!(run.code, 0, "{}", run.out);
    story.git(&["switch", "--quiet", "work"]);
    assert!(
        lint(&story)
            .out
            .contains("error[taken-id]: R-0002 is taken: on main it is docs/raid/R-0002-shops.md"),
        "{}",
        lint(&story).out
    );
}

#[test]
fn who_decides_is_who_was_to_decide_before_the_change() {
    let story = story();
    story.program.write(RFC, text("review"));
    begin(&story);
    // Lee commits, and names himself in priya's place.
    story.program.write(RFC, text("accepted").replace("approver: priya", "approver: Lee Park"));
    story.commit("accepted");
    let run = lint(&story);
    assert!(
        run.out.contains("RFC-0001 becomes accepted, and priya, its approver, had no visible hand"),
        "{}",
        run.out
    );
    // What asks something decided to change is decided by whoever decided that.
    story.git(&["branch", "--force", "main"]);
    fs::create_dir_all(story.program.path("docs/changes")).unwrap();
    story.program.write(
        "docs/changes/0001-disk.md",
        "---\nid: CR-0001\ntitle: Sessions on disk\nstatus: approved\nowner: maya\napprover: maya\namends: [RFC-0001]\ncreated: 2026-11-01\n---\n\n## Problem\n\nx\n",
    );
    story.git(&["add", "--all"]);
    story.git(&["commit", "--quiet", "--author", "maya <maya@acme.example>", "--message", "approved"]);
    let run = lint(&story);
    assert!(!run.out.contains("decided-alone"), "Lee, who committed it, is RFC-0001's approver: {}", run.out);
    story.program.write(RFC, text("accepted"));
    story.git(&["commit", "--quiet", "--all", "--message", "priya is the approver after all"]);
    story.git(&["branch", "--force", "main", "HEAD"]);
    story.program.write(
        "docs/changes/0001-disk.md",
        story.program.read("docs/changes/0001-disk.md").replace("approved", "draft"),
    );
    story.commit("not yet");
    story.git(&["branch", "--force", "main", "HEAD"]);
    story.program.write(
        "docs/changes/0001-disk.md",
        story.program.read("docs/changes/0001-disk.md").replace("status: draft", "status: approved"),
    );
    story.commit("approved");
    let run = lint(&story);
    assert!(run.out.contains("CR-0001 becomes approved, and priya, its approver"), "{}", run.out);
}

#[test]
fn a_circle_is_the_same_wherever_one_begins_to_go_round() {
    let story = story();
    let of = |number: u32, after: u32, before: u32| {
        let fields = format!("supersedes: [RFC-{after:04}]\nsuperseded_by: RFC-{before:04}\napprover:");
        text("superseded").replace("RFC-0001", &format!("RFC-{number:04}")).replace("approver:", &fields)
    };
    story.program.write("docs/rfcs/0001-a.md", of(1, 2, 3));
    story.program.write("docs/rfcs/0002-b.md", of(2, 3, 1));
    story.program.write("docs/rfcs/0003-c.md", of(3, 1, 2));
    begin(&story);
    assert!(story.program.run(&["lint"]).out.contains("supersession-cycle"));
    // The first file on the way is another one now.
    story.git(&["mv", "docs/rfcs/0002-b.md", "docs/rfcs/0000-b.md"]);
    story.git(&["mv", "docs/rfcs/0000-b.md", "docs/rfcs/0002-a.md"]);
    let words = story.program.read("docs/rfcs/0002-a.md");
    story.program.write("docs/rfcs/0002-a.md", format!("{words}\nMore.\n"));
    assert!(!rules(&story).contains(&"supersession-cycle".to_owned()), "{}", lint(&story).out);
}
