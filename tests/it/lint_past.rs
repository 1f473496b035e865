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
    story.commit("redis");
    assert!(lint().contains(told) && lint().contains("pmkit renumber docs/rfcs/0001-redis.md"), "{}", lint());
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
