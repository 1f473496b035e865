//! Rules about the past, over real repositories: what the pages of the rules show without git.

use crate::story::RFC;
use crate::story::Story;
use crate::story::text;

#[test]
fn what_was_rejected_and_put_back_is_told_with_commit_and_author() {
    let story = Story::new();
    story.state("review", "start");
    story.state("rejected", "no");
    let no = story.git(&["rev-parse", "HEAD"]);
    story.state("accepted", "tidy up");
    let tidy = story.git(&["rev-parse", "HEAD"]);
    let run = story.program.run(&["lint", "--today", "2026-11-20"]);
    assert_eq!(run.code, 1);
    let (no, tidy) = (&no[..8], &tidy[..8]);
    let day = "Mon 21 Sep";
    for told in [
        format!(
            "error[quiet-reinstatement]: RFC-0001 was rejected (since {day}, in {no} by Lee Park), and is accepted again\n"
        ),
        format!("since {day}, in {tidy} by Lee Park"),
        "take it back: write `status: rejected`".to_owned(),
    ] {
        assert!(run.out.contains(&told), "{told}: {}", run.out);
    }
    // What git keeps of it for the next run says the same.
    assert_eq!(story.program.run(&["lint", "--today", "2026-11-20"]).out, run.out);
    // Taken back, it is as if nothing had been.
    story.program.write(RFC, text("rejected"));
    assert!(!story.program.run(&["lint"]).out.contains("quiet-reinstatement"));
    story.commit("as it was");
    assert!(!story.program.run(&["lint"]).out.contains("quiet-reinstatement"));
}

#[test]
fn what_is_not_committed_counts_and_so_does_what_is_staged() {
    let story = Story::new();
    story.state("rejected", "start");
    story.program.write(RFC, text("accepted"));
    let run = story.program.run(&["lint"]);
    assert!(
        run.out.contains("RFC-0001 was rejected") && run.out.contains("not committed yet"),
        "{}",
        run.out
    );
    assert!(!story.program.run(&["lint", "--staged"]).out.contains("quiet-reinstatement"));
    story.git(&["add", "--all"]);
    story.program.write(RFC, text("rejected"));
    assert!(story.program.run(&["lint", "--staged"]).out.contains("quiet-reinstatement"));
    assert!(!story.program.run(&["lint"]).out.contains("quiet-reinstatement"));
}

#[test]
fn without_a_past_the_rules_are_left_out_and_that_is_said() {
    let story = Story::new();
    story.state("rejected", "start");
    story.state("accepted", "tidy up");
    let origin = format!("file://{}", story.program.root().display());
    story.git(&["clone", "--quiet", "--depth", "1", &origin, "shallow"]);
    let run = story.program.run(&["-C", "shallow", "lint"]);
    assert!(!run.out.contains("quiet-reinstatement"), "{}", run.out);
    let told =
        "left out: rules about the past: this clone holds only the newest commits; git fetch --unshallow\n";
    assert!(run.out.contains(told) || run.err.contains(told), "{} {}", run.out, run.err);
    let run = story.program.run(&["-C", "shallow", "lint", "--format", "json"]);
    assert!(run.out.contains("rules about the past"), "{}", run.out);
    // A bare repository has all of it.
    story.git(&["clone", "--quiet", "--bare", &origin, "bare"]);
    assert!(story.program.run(&["-C", "bare", "lint"]).out.contains("quiet-reinstatement"));
    // Nothing committed yet, and no repository at all: there is no past to speak of.
    let fresh = Story::new();
    fresh.program.write(RFC, text("accepted"));
    assert!(!fresh.program.run(&["lint"]).out.contains("left out"));
}

#[test]
fn a_number_repaired_is_not_a_number_used_again() {
    let story = Story::new();
    let other = "docs/rfcs/0001-other.md";
    story.state("draft", "start");
    story
        .program
        .write(other, text("draft").replace("Redis", "Something else, and quite another text than that"));
    story.commit("the same number");
    let repaired = "docs/rfcs/0002-other.md";
    story.git(&["mv", other, repaired]);
    let moved = story.program.read(repaired).replace("RFC-0001", "RFC-0002");
    story.program.write(repaired, moved);
    story.commit("renumber");
    assert!(!story.program.run(&["lint"]).out.contains("reused-id"));
    // The number that was given up for good is another matter.
    story.git(&["rm", "--quiet", repaired]);
    story.commit("not needed");
    story.program.write(
        "docs/rfcs/0002-third.md",
        text("draft").replace("RFC-0001", "RFC-0002").replace("Redis", "A third thing"),
    );
    let run = story.program.run(&["lint"]);
    assert!(run.out.contains("error[reused-id]: RFC-0002 was another record's number"), "{}", run.out);
}

#[test]
fn a_record_written_anew_under_another_name_keeps_its_number() {
    let story = Story::new();
    story.state("draft", "start");
    story.git(&["rm", "--quiet", RFC]);
    let anew =
        text("draft").replace("memory", "a store that every server asks").replace("We keep", "Nobody holds");
    story.program.write("docs/rfcs/0001-stores.md", anew.replace("lose them with each release", "x"));
    story.commit("another name, and all words new");
    assert!(!story.program.run(&["lint"]).out.contains("reused-id"));
}

#[test]
fn a_decided_text_may_not_change_quietly() {
    let story = Story::new();
    let decided = story.state("accepted", "decide");
    let (told, lint) =
        ("error[changed-after-decision]", || story.program.run(&["lint", "--today", "2026-11-20"]).out);
    assert!(!lint().contains(told));
    let changed = text("accepted").replacen("in memory", "on disk", 1);
    story.program.write(RFC, &changed);
    let message = "RFC-0001 was changed after it was accepted: Problem: “in memory” became “on disk”";
    assert!(
        lint().contains(&format!("{told}: {message}\n")) && lint().contains("not committed yet"),
        "{}",
        lint()
    );
    assert!(!story.program.run(&["lint", "--staged"]).out.contains(told));
    story.git(&["add", "--all"]);
    assert!(story.program.run(&["lint", "--staged"]).out.contains(told));
    let commit = story.commit("tidy up");
    assert!(lint().contains(&format!("since Mon 21 Sep, in {} by Lee Park", &commit[..8])), "{}", lint());
    // Nobody is judge in their own case.
    let excused = changed.replace(
        "## Problem",
        "<!-- pmkit: allow changed-after-decision because it reads better -->\n\n## Problem",
    );
    story.program.write(RFC, &excused);
    assert!(
        lint().contains(told) && lint().contains("cannot be acknowledged where the text was changed"),
        "{}",
        lint()
    );
    // A slip that is owned up to, to the word.
    let settled = |line: &str| changed.replace("created:", &format!("corrections: [\"{line}\"]\ncreated:"));
    story.program.write(RFC, settled("in memory → on disk"));
    assert!(!lint().contains(told), "{}", lint());
    story.program.write(RFC, settled("in memory → on tape"));
    assert!(lint().contains(told), "{}", lint());
    // As it was decided.
    story.git(&["checkout", "--quiet", &decided, "--", RFC]);
    story.commit("as it was");
    assert!(!lint().contains(told), "{}", lint());
    story.git(&["clone", "--quiet", "--bare", ".", "bare.git"]);
    assert!(!story.program.run(&["-C", "bare.git", "lint"]).out.contains(told));
}

#[test]
fn another_number_in_a_decided_text_is_no_change_where_the_record_got_it() {
    let story = Story::new();
    let other = "docs/rfcs/0002-other.md";
    let second = text("draft").replace("RFC-0001", "RFC-0002").replace("Redis", "Stores");
    story.program.write(other, &second);
    let decided = text("accepted")
        .replace("## Problem", "## Problem\n\nAs RFC-0002 and [RFC-0002](0002-other.md) say.");
    story.program.write(RFC, &decided);
    story.commit("start");
    story.git(&["mv", other, "docs/rfcs/0005-other.md"]);
    story.program.write("docs/rfcs/0005-other.md", second.replace("RFC-0002", "RFC-0005"));
    story.program.write(RFC, decided.replace("RFC-0002", "RFC-0005").replace("0002-other", "0005-other"));
    let lint = || story.program.run(&["lint"]).out;
    assert!(!lint().contains("changed-after-decision"), "{}", lint());
    story.commit("renumber");
    assert!(!lint().contains("changed-after-decision"), "{}", lint());
    // Who numbers a record anew has not changed what it says.
    story.program.write(RFC, story.program.read(RFC) + "\nNot in winter.\n");
    let changed = story.commit("change");
    assert!(lint().contains(&changed[..8]), "{}", lint());
    for name in ["RFC-0005", "RFC-0001"] {
        assert_eq!(story.program.run(&["renumber", name]).code, 0);
        story.commit("renumber");
        assert!(lint().contains(&changed[..8]) && lint().contains("Not in winter"), "{}", lint());
    }
    story.git(&["reset", "--quiet", "--hard", "HEAD~3"]);
    // Any other record is another one.
    story.program.write(RFC, decided.replace("RFC-0002", "RFC-0001").replace("0002-other", "0005-other"));
    assert!(lint().contains("changed-after-decision"), "{}", lint());
}

#[test]
fn a_number_that_a_branch_has_given_too_is_found_before_the_merge() {
    let story = Story::new();
    story.program.write("README.md", "ours\n");
    story.commit("start");
    story.git(&["switch", "--quiet", "--create", "other"]);
    story.program.write("docs/rfcs/0001-cache.md", text("draft").replace("Redis", "Cache"));
    story.commit("cache");
    story.git(&["switch", "--quiet", "main"]);
    let lint = || story.program.run(&["lint", "--today", "2026-11-20"]).out;
    // Here nobody has taken it yet.
    assert!(!lint().contains("taken-id"));
    story.program.write(RFC, text("draft"));
    let told = "warning[taken-id]: RFC-0001 is taken: on other it is docs/rfcs/0001-cache.md\n";
    assert!(lint().contains(told), "not committed: {}", lint());
    assert!(lint().contains("pmkit renumber docs/rfcs/0001-redis.md"), "{}", lint());
    story.commit("redis");
    // What is on main stays as it is: the other one gives way.
    assert!(lint().contains(told) && lint().contains("pmkit renumber docs/rfcs/0001-cache.md"), "{}", lint());
    // Seen from the branch, main is where the two are sure to meet.
    story.git(&["switch", "--quiet", "other"]);
    assert!(
        lint().contains("error[taken-id]: RFC-0001 is taken: on main it is docs/rfcs/0001-redis.md\n"),
        "{}",
        lint()
    );
    // As it says.
    let run = story.program.run(&["renumber", "docs/rfcs/0001-cache.md"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(!lint().contains("taken-id"), "{}", lint());
    story.commit("renumber");
    story.git(&["switch", "--quiet", "main"]);
    assert!(!lint().contains("taken-id"), "{}", lint());
    story.git(&["merge", "--quiet", "--no-edit", "other"]);
    assert!(!lint().contains("taken-id") && !lint().contains("duplicate-id"), "{}", lint());
}

#[test]
fn what_only_moved_on_a_branch_or_was_merged_long_ago_is_no_other_record() {
    let story = Story::new();
    story.state("draft", "start");
    let lint = || story.program.run(&["lint"]).out;
    // Another title there, another one here.
    story.git(&["switch", "--quiet", "--create", "title"]);
    story.git(&["mv", RFC, "docs/rfcs/0001-sessions.md"]);
    story.commit("title");
    story.git(&["switch", "--quiet", "main"]);
    assert!(!lint().contains("taken-id"), "{}", lint());
    // A branch that was squashed and left lying, and what it brought has another name since.
    story.git(&["switch", "--quiet", "--create", "left"]);
    story.program.write("docs/rfcs/0002-x.md", text("draft").replace("RFC-0001", "RFC-0002"));
    story.commit("x");
    story.git(&["switch", "--quiet", "main"]);
    story.git(&["merge", "--quiet", "--squash", "left"]);
    story.commit("x (#2)");
    story.git(&["mv", "docs/rfcs/0002-x.md", "docs/rfcs/0002-y.md"]);
    story.commit("y");
    assert!(!lint().contains("taken-id"), "{}", lint());
    // Nothing that has no commits in common counts.
    story.git(&["switch", "--quiet", "--orphan", "pages"]);
    story.program.write("docs/rfcs/0001-page.md", "x\n");
    story.commit("pages");
    story.git(&["switch", "--quiet", "main"]);
    assert!(!lint().contains("taken-id"), "{}", lint());
}

#[test]
fn a_decided_field_may_not_change_quietly() {
    let story = Story::new();
    let before = text("accepted").replace("approver: priya", "approver: priya\nreviewers: [ana, lee]");
    story.program.write(RFC, &before);
    story.commit("decide");
    let lint = || story.program.run(&["lint", "--today", "2026-11-20"]).out;
    let told = "error[changed-after-decision]: RFC-0001 was changed after it was accepted: ";
    // Another order, another form, another owner: nothing that was decided.
    let same = before.replace("[ana, lee]", "\n  - lee\n  - \"ana\"").replace("owner: maya", "owner: sam");
    story.program.write(RFC, &same);
    assert!(!lint().contains(told), "{}", lint());
    story.commit("form");
    assert!(!lint().contains(told), "{}", lint());
    let changed = same.replace("title: Redis", "title: Valkey").replace("priya", "lee");
    story.program.write(RFC, &changed);
    for found in ["title: “Redis” became “Valkey”\n", "approver: “priya” became “lee”\n"] {
        assert!(lint().contains(&format!("{told}{found}")), "{}", lint());
    }
    assert!(lint().contains("not committed yet"), "{}", lint());
    let commit = story.commit("tidy up");
    assert!(lint().contains(&format!("in {} by Lee Park", &commit[..8])), "{}", lint());
    // The text changes too: each is told with its own commit.
    story.program.write(RFC, changed.replacen("in memory", "on disk", 1));
    let last = story.commit("and the text");
    for (found, commit) in [("title: “Redis”", &commit), ("Problem: “in memory”", &last)] {
        let at = lint().find(&format!("{told}{found}")).expect(found);
        let rest = lint()[at..].split("\n\n").next().unwrap().to_owned();
        assert!(rest.contains(&commit[..8]), "{rest}");
    }
    let settle = |lines: &str| {
        story.program.write(RFC, changed.replace("created:", &format!("corrections: [{lines}]\ncreated:")));
        lint()
    };
    let out = settle("\"title: Redis → Valkey\", \"priya → lee\"");
    assert!(!out.contains(told), "{out}");
    let out = settle("\"approver: Redis → Valkey\", \"priya → sam\"");
    assert!(out.contains("title: “Redis”") && out.contains("approver: “priya”"), "{out}");
}

#[test]
fn what_had_to_be_filled_in_may_be_filled_in() {
    let story = Story::new();
    let before = text("accepted").replace("approver: priya\n", "");
    story.program.write(RFC, &before);
    story.commit("decide");
    let lint = || story.program.run(&["lint", "--today", "2026-11-20"]).out;
    assert!(lint().contains("missing-field"));
    story.program.write(RFC, text("accepted"));
    story.commit("who decided");
    assert!(!lint().contains("changed-after-decision"), "{}", lint());
    // What nobody asked for is another matter.
    story.program.write(RFC, text("accepted").replace("created:", "comments_open: 2026-09-02\ncreated:"));
    assert!(lint().contains("comments_open: “2026-09-02” came"), "{}", lint());
    let settled =
        "comments_open: 2026-09-02\ncorrections: [\"comments_open: (blank) → 2026-09-02\"]\ncreated:";
    story.program.write(RFC, text("accepted").replace("created:", settled));
    assert!(!lint().contains("changed-after-decision"), "{}", lint());
}

#[test]
fn a_decision_taken_back_for_a_while_is_still_the_same_decision() {
    type Way = fn(&Story, &str);
    let ways: [Way; 4] = [
        |story, changed| {
            story.state("review", "back");
            story.program.write(RFC, changed.replace("accepted", "review"));
            story.commit("edit");
        },
        |story, changed| {
            story.program.write(RFC, changed.replace("accepted", ""));
            story.commit("without a state");
        },
        |story, _| {
            story.git(&["rm", "--quiet", RFC]);
            story.commit("gone");
        },
        |story, changed| {
            story.program.write(RFC, changed.replace("accepted", "Accepted"));
            story.commit("another letter case");
        },
    ];
    for (at, way) in ways.into_iter().enumerate() {
        let story = Story::new();
        story.state("accepted", "decide");
        let changed = text("accepted").replacen("in memory", "on disk", 1);
        way(&story, &changed);
        story.program.write(RFC, &changed);
        story.commit("accepted again");
        let out = story.program.run(&["lint", "--today", "2026-11-20"]).out;
        assert!(
            out.contains("was changed after it was accepted: Problem: “in memory” became “on disk”"),
            "{at}: {out}"
        );
        // With its old words it is as if nothing had been.
        story.state("accepted", "as it was");
        let out = story.program.run(&["lint", "--today", "2026-11-20"]).out;
        assert!(!out.contains("changed-after-decision"), "{at}: {out}");
    }
}

#[test]
fn what_is_no_longer_decided_has_no_decided_text() {
    let story = Story::new();
    story.state("accepted", "decide");
    story.program.write(RFC, text("review").replacen("in memory", "on disk", 1));
    let out = story.program.run(&["lint", "--today", "2026-11-20"]).out;
    assert!(out.contains("quiet-reinstatement") && !out.contains("changed-after-decision"), "{out}");
    story.commit("back");
    // Decided in another way, it is another decision.
    story.program.write(RFC, text("rejected").replacen("in memory", "on disk", 1));
    story.commit("no");
    let out = story.program.run(&["lint", "--today", "2026-11-20"]).out;
    assert!(!out.contains("changed-after-decision"), "{out}");
}

#[test]
fn no_detour_hides_that_what_was_rejected_is_accepted() {
    type Way = fn(&Story);
    let ways: [Way; 2] = [
        |story| {
            story.git(&["rm", "--quiet", RFC]);
            story.commit("gone");
        },
        |story| {
            story.state("", "without a state");
        },
    ];
    for way in ways {
        let story = Story::new();
        story.state("rejected", "no");
        way(&story);
        story.state("accepted", "yes");
        let out = story.program.run(&["lint", "--today", "2026-11-20"]).out;
        assert!(out.contains("RFC-0001 was rejected") && out.contains("and is accepted again"), "{out}");
        story.state("rejected", "as it was");
        assert!(!story.program.run(&["lint"]).out.contains("quiet-reinstatement"));
    }
}

#[test]
fn words_that_stand_twice_are_corrected_where_they_changed() {
    let story = Story::new();
    let before = text("accepted") + "\n## Proposal\n\nLose 40 a day, and 40 at night.\n";
    story.program.write(RFC, &before);
    story.commit("decide");
    let changed = before.replace("40 at night", "14 at night");
    let lint = |line: &str| {
        story.program.write(RFC, changed.replace("created:", &format!("corrections: [{line}]\ncreated:")));
        story.program.run(&["lint", "--today", "2026-11-20"]).out
    };
    assert!(!lint("\"40 → 14\"").contains("changed-after-decision"));
    assert!(lint("\"40 → 15\"").contains("changed-after-decision"));
}

#[test]
fn the_past_is_that_of_the_repository_the_configuration_lies_in() {
    let here = Story::new();
    here.state("rejected", "no");
    let there = Story::new();
    there.program.write("pmkit.toml", "");
    there.state("accepted", "yes");
    let config = there.program.path("pmkit.toml");
    let config = config.to_str().unwrap();
    let run = here.program.run(&["lint", "--config", config]);
    assert!(!run.out.contains("quiet-reinstatement") && !run.out.contains("changed-after"), "{}", run.out);
    // What is written there waits for whoever writes there.
    there.program.write("docs/raid/R-0007-x.md", "---\nid: R-0007\ntitle: x\n---\n");
    there.commit("a number");
    here.program.run(&["new", "risk", "y", "--config", config]);
    assert_eq!(there.program.files("docs/raid"), ["R-0007-x.md", "R-0008-y.md"]);
    assert!(there.program.path(".git/pmkit/write.lock").exists());
    assert!(!here.program.path(".git/pmkit/write.lock").exists());
}

#[test]
fn a_heading_that_says_the_title_again_is_no_change() {
    let story = Story::new();
    story.state("accepted", "decide");
    let lint = || story.program.run(&["lint", "--today", "2026-11-20"]).out;
    let with = |heading: &str| text("accepted").replace("## Problem", &format!("{heading}\n\n## Problem"));
    for heading in ["# Redis", "# RFC-0001: Redis", "RFC-1 Redis\n==========="] {
        story.program.write(RFC, with(heading));
        assert!(!lint().contains("changed-after-decision"), "{heading}: {}", lint());
    }
    story.program.write(RFC, with("# RFC-0001: Redis, for a month"));
    assert!(lint().contains("“RFC-0001: Redis, for a month” came"), "{}", lint());
    // A title that changes in both places is told once, and settled once.
    story.program.write(RFC, with("# RFC-0001: Redis"));
    story.commit("with a heading");
    let renamed = with("# RFC-0001: Valkey").replace("title: Redis", "title: Valkey");
    story.program.write(RFC, &renamed);
    assert_eq!(lint().matches("error[changed-after-decision]").count(), 1, "{}", lint());
    story
        .program
        .write(RFC, renamed.replace("created:", "corrections: [\"title: Redis → Valkey\"]\ncreated:"));
    assert!(!lint().contains("changed-after-decision"), "{}", lint());
}

#[test]
fn what_git_makes_of_line_ends_and_where_one_stands_is_no_change() {
    let story = Story::new();
    story.state("accepted", "decide");
    let lint = |folder: &str| story.program.run(&["-C", folder, "lint", "--today", "2026-11-20"]).out;
    let quiet = |folder: &str| {
        let out = lint(folder);
        for rule in ["changed-after", "reinstatement", "illegal", "reused"] {
            assert!(!out.contains(rule), "{folder}: {out}");
        }
    };
    // The text comes out with other line ends, and has another time than the index knows.
    story.git(&["config", "core.autocrlf", "true"]);
    std::fs::remove_file(story.program.path(RFC)).unwrap();
    story.git(&["checkout", "--quiet", "--", RFC]);
    assert!(story.program.read(RFC).contains("\r\n"));
    quiet(".");
    story.program.write(RFC, story.program.read(RFC));
    quiet(".");
    // Committed with them too.
    story.git(&["config", "core.autocrlf", "false"]);
    story.commit("line ends");
    quiet(".");
    story.git(&["checkout", "--quiet", "--detach"]);
    quiet(".");
    story.git(&["worktree", "add", "--quiet", "linked"]);
    quiet("linked");
    let origin = format!("file://{}", story.program.root().display());
    story.git(&["config", "uploadpack.allowFilter", "true"]);
    story.git(&["clone", "--quiet", "--no-checkout", "--filter=blob:none", &origin, "partial"]);
    quiet("partial");
    story.git(&["checkout", "--quiet", "--orphan", "unborn"]);
    quiet(".");
    // Moved, and nothing of it committed.
    story.git(&["checkout", "--quiet", "--force", "main"]);
    story.git(&["mv", RFC, "docs/rfcs/0001-valkey.md"]);
    quiet(".");
    story.commit("another name");
    quiet(".");
}

#[test]
fn a_merge_a_squash_and_a_revert_tell_the_same_as_what_they_bring() {
    for squash in [false, true] {
        let story = Story::new();
        story.state("accepted", "decide");
        story.git(&["checkout", "--quiet", "-b", "work"]);
        story.state("review", "work in progress");
        story.program.write(RFC, text("accepted").replacen("in memory", "on disk", 1));
        story.commit("and back");
        story.git(&["checkout", "--quiet", "main"]);
        if squash {
            story.git(&["merge", "--quiet", "--squash", "work"]);
            story.commit("squashed");
        } else {
            story.git(&["merge", "--quiet", "--no-ff", "-m", "merged", "work"]);
        }
        let lint = || story.program.run(&["lint", "--today", "2026-11-20"]).out;
        assert!(lint().contains("“in memory” became “on disk”"), "{}", lint());
        assert!(!lint().contains("illegal-move") && !lint().contains("reinstatement"), "{}", lint());
        let words: &[&str] = if squash {
            &["revert", "--no-edit", "HEAD"]
        } else {
            &["revert", "--no-edit", "-m", "1", "HEAD"]
        };
        story.git(words);
        assert!(!lint().contains("changed-after-decision"), "{}", lint());
    }
}

#[test]
fn what_is_not_committed_does_not_hide_who_changed_the_rest() {
    let story = Story::new();
    story.state("accepted", "decide");
    let changed =
        text("accepted").replacen("in memory", "on disk", 1).replace("title: Redis", "title: Valkey");
    story.program.write(RFC, &changed);
    let commit = story.commit("tidy up");
    // White space, and a field nobody decided.
    story
        .program
        .write(RFC, changed.replace("## Problem\n", "## Problem\n\n").replace("owner: maya", "owner: sam"));
    let lint = || story.program.run(&["lint", "--today", "2026-11-20"]).out;
    assert_eq!(lint().matches(&commit[..8]).count(), 2, "{}", lint());
    story.program.write(RFC, changed.replace("Valkey", "Memcached"));
    let out = lint();
    assert!(out.matches(&commit[..8]).count() == 1 && out.contains("not committed yet"), "{out}");
}

#[test]
fn an_edit_is_a_look_and_so_is_a_stamp() {
    let story = Story::new();
    let risk = |words: &str| {
        format!(
            "---\nid: R-0001\ntitle: Tide may miss the date\nstatus: open\nowner: lee\nnext_step: Ask Dana\ndue: 2026-10-20\nraised_by: lee\ncreated: 2026-09-01\n---\n\n## Description\n\n{words}\n"
        )
    };
    let path = "docs/raid/R-0001-tide.md";
    story.program.write(path, risk("Tide."));
    story.commit("start");
    // The clock of these repositories begins on 21 September.
    let on = |day: &str| story.program.run(&["lint", "--today", day]).out;
    assert!(!on("2026-10-05").contains("untouched"), "{}", on("2026-10-05"));
    assert!(
        on("2026-10-06").contains("warning[untouched]: nobody has looked at R-0001 since"),
        "{}",
        on("2026-10-06")
    );
    story.program.write(path, risk("Tide, or Ebb."));
    assert!(!on("2026-11-06").contains("untouched"), "what is not committed was touched just now");
    // Other line ends are no edit.
    story.program.write(path, risk("Tide.").replace('\n', "\r\n"));
    assert!(on("2026-10-06").contains("untouched"));
    // Without git there are only stamps, and with half of it nobody knows.
    let origin = format!("file://{}", story.program.root().display());
    story.commit("line ends");
    story.git(&["clone", "--quiet", "--depth", "1", &origin, "shallow"]);
    let run = story.program.run(&["-C", "shallow", "lint", "--today", "2026-11-06"]);
    assert!(!run.out.contains("untouched"), "{}", run.out);
}

#[test]
fn whoever_left_owns_nothing() {
    let story = Story::new();
    let later = |day: &str| story.program.run(&["lint", "--today", day]).out;
    story.program.write(RFC, text("draft").replace("owner: maya", "owner: Lee Park"));
    story.commit("start");
    assert!(!later("2027-09-01").contains("owner-gone"));
    let told = later("2027-10-01");
    assert!(
        told.contains(
            "warning[owner-gone]: Lee Park owns RFC-0001, and has done nothing here since Mon 21 Sep 2026"
        ),
        "{told}"
    );
    // What was found out is kept, and says the same.
    assert_eq!(later("2027-10-01"), told);
    // Whom git never heard of has not left; a file that names them says they are there.
    story.program.write(RFC, text("draft").replace("owner: maya", "owner: somebody"));
    assert!(!later("2027-10-01").contains("owner-gone"));
    story.program.write(RFC, text("draft").replace("owner: maya", "owner: lee"));
    assert!(later("2027-10-01").contains("owner-gone"), "by what stands before the @");
    story.program.write("CODEOWNERS", "* @lee\n");
    assert!(!later("2027-10-01").contains("owner-gone"));
}

#[test]
fn a_decision_on_a_branch_is_told_until_it_lands() {
    let story = Story::new();
    story.state("review", "start");
    story.git(&["switch", "--quiet", "--create", "work"]);
    let lint = || story.program.run(&["lint"]).out;
    story.program.write(RFC, text("accepted"));
    assert!(!lint().contains("unlanded"), "what is not committed is being done");
    story.commit("decide");
    assert!(
        lint().contains("warning[unlanded]: RFC-0001 is accepted on this branch only, and review on main"),
        "{}",
        lint()
    );
    assert!(!story.program.run(&["lint", "--base", "main"]).out.contains("unlanded"));
    // Whatever it is called here.
    story.git(&["mv", RFC, "docs/rfcs/0001-memory.md"]);
    story.commit("rename");
    assert!(lint().contains("unlanded"));
    // Squashed, main has other commits and the same decision.
    story.git(&["switch", "--quiet", "main"]);
    story.git(&["merge", "--quiet", "--squash", "work"]);
    story.commit("squashed");
    assert!(!lint().contains("unlanded"));
    story.git(&["switch", "--quiet", "work"]);
    assert!(!lint().contains("unlanded"), "{}", lint());
    // On main itself it is what has not been pushed.
    story.git(&["switch", "--quiet", "main"]);
    story.git(&["update-ref", "refs/remotes/origin/main", "main~1"]);
    story.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
    assert!(lint().contains("only, and review on origin/main"), "{}", lint());
    story.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    assert!(!lint().contains("unlanded"));
}

#[test]
fn who_should_decide_should_have_a_hand_in_it() {
    let story = Story::new();
    story.state("review", "start");
    story.git(&["switch", "--quiet", "--create", "work"]);
    let lint = || story.program.run(&["lint", "--base", "main"]).out;
    story.program.write(RFC, text("accepted"));
    assert!(!lint().contains("decided-alone"), "nobody has committed anything");
    story.commit("decide");
    let told = lint();
    assert!(told.contains("warning[decided-alone]: RFC-0001 becomes accepted, and priya, its approver, had no visible hand in it"), "{told}");
    assert!(told.contains("the commits name Lee Park"), "{told}");
    assert!(!story.program.run(&["lint"]).out.contains("decided-alone"), "there is no change to look at");
    story.git(&[
        "commit",
        "--quiet",
        "--amend",
        "--message",
        "decide\n\nApproved-by: Priya Nair <priya@acme.example>",
    ]);
    assert!(!lint().contains("decided-alone"), "{}", lint());
}

#[test]
fn a_change_that_was_asked_for_and_approved_is_settled_once() {
    let story = Story::new();
    let change = "docs/changes/0001-memory.md";
    let request = |state: &str| {
        format!(
            "---\nid: CR-0001\ntitle: Another memory\nstatus: {state}\nowner: lee\namends: RFC-0001\nrequested_by: lee\napprover: priya\ncreated: 2026-09-02\n---\n\n## What changes\n\nThe memory.\n\n## Why now\n\nIt is full.\n\n## Impact\n\nNone.\n"
        )
    };
    let is_told = || story.program.run(&["lint"]).out.contains("changed-after-decision");
    story.state("accepted", "decide");
    story.program.write(RFC, text("accepted").replace("in memory", "on disk"));
    story.program.write(change, request("proposed"));
    assert!(is_told());
    // Nothing of it is committed yet: a hook must let it through.
    story.program.write(change, request("approved"));
    assert!(!is_told(), "{}", story.program.run(&["lint"]).out);
    story.git(&["add", "--all"]);
    assert!(!story.program.run(&["lint", "--staged"]).out.contains("changed-after-decision"));
    story.commit("change it");
    assert!(!is_told());
    // The next change is another one.
    story.program.write(RFC, text("accepted").replace("in memory", "on tape"));
    assert!(is_told());
    story.git(&["checkout", "--quiet", "--", RFC]);
    // Taking the approval back takes it away; approved first and made later is the same.
    story.git(&["switch", "--quiet", "--create", "other", "HEAD~1"]);
    story.program.write(change, request("approved"));
    story.commit("approve");
    story.program.write(RFC, text("accepted").replace("in memory", "on disk"));
    assert!(!is_told());
    assert!(!story.program.run(&["lint", "--base", "HEAD~1"]).out.contains("changed-after-decision"));
    story.commit("make it");
    assert!(!is_told());
    story.program.write(RFC, text("accepted").replace("in memory", "on tape"));
    story.commit("and once more");
    assert!(is_told());
    assert!(story.program.run(&["lint", "--base", "HEAD~1"]).out.contains("changed-after-decision"));
}

#[test]
fn what_was_decided_is_not_written_anew_under_its_number() {
    let story = Story::new();
    let anew = "---\nid: RFC-0001\ntitle: Round prices\nstatus: draft\nowner: tom\ncreated: 2026-09-02\n---\n\n## Problem\n\nShops in Norway have no smaller coins.\n\n## Proposal\n\nRound the sum.\n";
    for (state, told) in [("draft", false), ("rejected", true), ("withdrawn", true)] {
        story.git(&["rm", "--quiet", "-r", "--ignore-unmatch", "docs"]);
        story.git(&["update-ref", "-d", "HEAD"]);
        story.state(state, "start");
        story.git(&["rm", "--quiet", RFC]);
        story.program.write("docs/rfcs/0001-prices.md", anew);
        story.commit("another one");
        assert_eq!(story.program.run(&["lint"]).out.contains("reused-id"), told, "{state}");
        assert_eq!(
            story.program.run(&["lint", "--base", "HEAD~1"]).out.contains("reused-id"),
            told,
            "{state}"
        );
    }
}
