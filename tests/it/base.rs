//! `pmkit lint --base`: what a change brings, and nothing that was there.

use std::fs;

use serde_json::Value;

use crate::program::Program;
use crate::program::Run;
use crate::story::RFC;
use crate::story::Story;
use crate::story::text;

/// Returns a repository with a decided proposal and a risk on `main`, on a branch of its own.
fn story() -> Story {
    beginning_with("accepted")
}

fn beginning_with(state: &str) -> Story {
    let story = Story::new();
    story.program.write("pmkit.toml", "");
    story.program.write(RISK, risk("lee", "As [decided](../rfcs/0001-redis.md), and see RFC-0001."));
    story.state(state, "start");
    story.git(&["switch", "--quiet", "--create", "work"]);
    story
}

const RISK: &str = "docs/raid/R-0001-tide.md";

fn risk(owner: &str, words: &str) -> String {
    format!(
        "---\nid: R-0001\ntitle: Tide may miss the date\nstatus: open\nowner: {owner}\nnext_step: Ask Dana\ndue: 2026-12-01\nraised_by: lee\nreviewed: 2026-11-19\ncreated: 2026-11-01\n---\n\n# Tide may miss the date\n\n## Description\n\n{words}\n"
    )
}

fn lint(story: &Story, words: &[&str]) -> Run {
    story.program.run(&[&["lint", "--base", "main"], words].concat())
}

/// Returns rule and path of what is found.
fn found(story: &Story, words: &[&str]) -> Vec<(String, String)> {
    let run = lint(story, &[&["--format", "json"], words].concat());
    let document: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}{}", run.out, run.err));
    let all = document["diagnostics"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    all.iter().map(|one| (text(&one["rule"]), text(&one["path"]))).collect()
}

fn rules(story: &Story) -> Vec<String> {
    found(story, &[]).into_iter().map(|(rule, _)| rule).collect()
}

#[test]
fn what_was_there_is_not_told_and_what_is_new_is() {
    let story = story();
    story.program.write(RISK, risk("", "Tide."));
    story.commit("on main too");
    story.git(&["branch", "--force", "main"]);
    assert_eq!(rules(&story), [""; 0]);
    let second = risk("", "Tide.").replace("R-0001", "R-0002").replace("Tide may", "Couriers may");
    story.program.write("docs/raid/R-0002-couriers.md", second);
    let run = lint(&story, &[]);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("R-0002 has no owner") && !run.out.contains("R-0001 has"), "{}", run.out);
    let main = story.git(&["rev-parse", "main"]);
    let told = format!("1 changed record checked against main ({}): 1 error", &main[..8]);
    assert!(run.out.contains(&told), "{}", run.out);
    // Committed or not makes no difference, nor does a change of what was wrong before.
    story.commit("work");
    story.program.write(RISK, risk("", "Tide, once more."));
    assert_eq!(found(&story, &[]).len(), 1);
    assert!(lint(&story, &[]).out.contains("1 there before"), "{}", lint(&story, &[]).out);
    assert_eq!(found(&story, &[RISK]).len(), 0);
}

#[test]
fn what_the_change_causes_in_other_files_is_told() {
    let story = beginning_with("draft");
    story.git(&["mv", RFC, "docs/rfcs/0001-memory.md"]);
    assert_eq!(found(&story, &[]), [("broken-link".to_owned(), RISK.to_owned())]);
    story.commit("move");
    assert_eq!(found(&story, &[]), [("broken-link".to_owned(), RISK.to_owned())]);
    // The number goes too: what only mentions it dangles.
    story.git(&["rm", "--quiet", "docs/rfcs/0001-memory.md"]);
    let both =
        [("broken-link".to_owned(), RISK.to_owned()), ("dangling-reference".to_owned(), RISK.to_owned())];
    assert_eq!(found(&story, &[]), both);
}

#[test]
fn a_picture_that_went_breaks_what_shows_it() {
    let story = story();
    story.program.write("docs/a picture.png", "x");
    story.program.write(RISK, risk("lee", "![it](../a%20picture.png)"));
    story.commit("a picture");
    story.git(&["branch", "--force", "main"]);
    fs::remove_file(story.program.path("docs/a picture.png")).unwrap();
    assert_eq!(rules(&story), ["broken-link"]);
    story.commit("gone");
    assert_eq!(rules(&story), ["broken-link"]);
    assert_eq!(found(&story, &["--staged"]).len(), 1);
}

#[test]
fn a_heading_that_went_breaks_what_leads_to_it() {
    let story = story();
    for page in ["GUIDE.md", "docs/guide.md", "docs/raid/README.md"] {
        story.program.write(page, "# First steps\n");
    }
    let words = "[a](/GUIDE.md#first-steps), [b](../guide.md#first-steps), [c](README.md#first-steps)";
    story.program.write(RISK, risk("lee", words));
    story.commit("pages");
    story.git(&["branch", "--force", "main"]);
    assert_eq!(rules(&story), [""; 0]);
    for page in ["GUIDE.md", "docs/guide.md", "docs/raid/README.md"] {
        story.program.write(page, "# Last steps\n");
    }
    assert_eq!(rules(&story), ["broken-link"; 3]);
    story.commit("other headings");
    assert_eq!(rules(&story), ["broken-link"; 3]);
    story.git(&["switch", "--quiet", "--detach", "main"]);
    assert_eq!(found(&story, &[]), []);
}

#[test]
fn a_state_that_asks_for_more_makes_old_warnings_new() {
    let story = Story::new();
    let draft = text("draft").replace("## Problem", "## Troubles");
    story.program.write(RFC, &draft);
    story.commit("start");
    let before = story.program.run(&["lint"]).out;
    assert!(before.contains("warning[missing-section]"), "{before}");
    story.git(&["switch", "--quiet", "--create", "work"]);
    story.program.write(RFC, draft.replace("status: draft", "status: review"));
    assert!(rules(&story).contains(&"missing-section".to_owned()));
}

#[test]
fn a_record_that_got_another_name_brings_nothing_it_had() {
    let story = story();
    story.program.write(RISK, risk("", "Tide."));
    story.commit("no owner");
    story.git(&["branch", "--force", "main"]);
    // Renamed, given another number and edited at once.
    story.git(&["mv", RISK, "docs/raid/R-0009-couriers.md"]);
    let text = risk("", "Tide, or somebody else.").replace("R-0001", "R-0009");
    story.program.write("docs/raid/R-0009-couriers.md", text);
    assert_eq!(rules(&story), [""; 0]);
    story.commit("renamed");
    assert_eq!(rules(&story), [""; 0]);
}

#[test]
fn a_change_is_seen_as_it_will_land() {
    let story = beginning_with("draft");
    // A slip on the branch, put right: nobody else will ever see it.
    story.state("review", "review");
    story.state("rejected", "a slip");
    story.state("accepted", "as it was meant");
    let plain = story.program.run(&["lint"]).out;
    assert!(plain.contains("quiet-reinstatement"), "{plain}");
    assert!(!rules(&story).contains(&"quiet-reinstatement".to_owned()));
    // The text goes on being written while the decision is under review.
    story.program.write(RFC, text("accepted").replace("memory", "the memory of each server"));
    story.commit("wording");
    assert!(!rules(&story).contains(&"changed-after-decision".to_owned()));
}

#[test]
fn a_decision_that_is_put_back_or_changed_is_told_with_its_commit() {
    let story = beginning_with("rejected");
    let commit = story.state("accepted", "tidy up");
    let run = lint(&story, &[]);
    assert!(run.out.contains("RFC-0001 was rejected") && run.out.contains(&commit[..8]), "{}", run.out);
    story.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    story.program.write(RFC, text("rejected").replace("memory", "oblivion"));
    let run = lint(&story, &[]);
    assert!(
        run.out.contains("error[changed-after-decision]") && run.out.contains("in this change"),
        "{}",
        run.out
    );
    let commit = story.commit("words");
    let run = lint(&story, &[]);
    assert!(
        run.out.contains("error[changed-after-decision]") && run.out.contains(&commit[..8]),
        "{}",
        run.out
    );
}

#[test]
fn what_is_settled_is_settled_by_the_base() {
    let story = story();
    story.program.write(RISK, risk("", "Tide."));
    story.program.write("pmkit.toml", "[rules]\nmissing-field = \"allow\"\n");
    story.commit("no owner, and nobody minds");
    let run = lint(&story, &[]);
    assert!(run.out.contains("R-0001 has no owner"), "{}", run.out);
    assert!(run.out.contains("note: pmkit.toml is changed, and counts as main has it"), "{}", run.out);
    let run = lint(&story, &["--format", "json"]);
    let found: Value = serde_json::from_str(&run.out).unwrap();
    let notes = &found["summary"]["notes"];
    assert_eq!(notes[0], "pmkit.toml is changed, and counts as main has it", "{notes}");
    assert_eq!((notes.as_array().unwrap().len(), &found["summary"]["deleted"]), (1, &Value::from(0)));
    // Nor does a document acknowledge what it brings; what is acknowledged on main counts.
    let allowed = "<!-- pmkit: allow missing-field because nobody is free -->\n\nTide.";
    story.program.write("pmkit.toml", "");
    story.program.write(RISK, risk("", allowed));
    let run = lint(&story, &[]);
    assert!(run.out.contains("R-0001 has no owner"), "{}", run.out);
    assert!(run.out.contains("what allows this is part of the change"), "{}", run.out);
    story.git(&["reset", "--quiet", "--hard"]);
    story.git(&["switch", "--quiet", "--create", "other", "main"]);
    story.program.write(RISK, risk("lee", allowed));
    story.commit("allowed");
    story.git(&["branch", "--force", "main"]);
    story.program.write(RISK, risk("", allowed));
    assert_eq!(rules(&story), [""; 0]);
}

#[test]
fn a_kind_of_its_own_comes_with_its_first_record_and_does_not_replace_another() {
    let story = story();
    let kind = "id = \"note\"\ntitle = \"Note\"\nprefix = \"NOTE\"\npath = \"docs/notes/{number:04}-{slug}.md\"\n[[field]]\nname = \"source\"\ntype = \"text\"\nrequired = true\n[lifecycle]\nfield = \"status\"\ninitial = \"draft\"\nmoves = { draft = [\"published\"], published = [] }\n";
    story.program.write(".pmkit/kinds/note.toml", kind);
    story.program.write(
        "docs/notes/0001-x.md",
        "---\nid: NOTE-0001\ntitle: X\nstatus: draft\nowner: lee\ncreated: 2026-11-01\n---\n",
    );
    let run = lint(&story, &[]);
    assert!(run.out.contains("NOTE-0001 has no source"), "{}", run.out);
    assert!(run.out.contains(".pmkit/kinds/note.toml is new, and counts: main has none"), "{}", run.out);
    // So does its template, which is told as well.
    story.program.write(".pmkit/kinds/note.md", "---\nid: {{ id }}\n---\n");
    let run = lint(&story, &[]);
    assert!(run.out.contains(".pmkit/kinds/note.md is new, and counts: main has none"), "{}", run.out);
    // One that replaces a kind there is counts only once it is there.
    let built_in = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/risk.toml")).unwrap();
    story.program.write(".pmkit/kinds/risk.toml", built_in.replace("required = true", "required = false"));
    story.program.write(RISK, risk("", "Tide."));
    let run = lint(&story, &[]);
    assert!(run.out.contains("R-0001 has no owner"), "{}", run.out);
    assert!(run.out.contains("risk.toml is new, and counts once main has it"), "{}", run.out);
}

#[test]
fn records_that_move_to_another_folder_are_still_looked_at() {
    let story = story();
    story.program.write("pmkit.toml", "[paths]\nrisk = \"log/{id}-{slug}.md\"\n");
    fs::create_dir_all(story.program.path("log")).unwrap();
    story.git(&["mv", RISK, "log/R-0001-tide.md"]);
    story.program.write("log/R-0001-tide.md", risk("", "Tide, RFC-0001."));
    story.commit("move");
    let weakened = ("policy-weakened".to_owned(), "pmkit.toml".to_owned());
    assert_eq!(found(&story, &[]), [("missing-field".to_owned(), "log/R-0001-tide.md".to_owned()), weakened]);
}

#[test]
fn a_tree_that_begins_with_pmkit_is_judged_by_what_it_begins_with() {
    let story = Story::new();
    story.program.write("README.md", "Hello.\n");
    story.commit("start");
    story.git(&["switch", "--quiet", "--create", "work"]);
    story.program.write("pmkit.toml", "[rules]\nmissing-field = \"warn\"\n");
    story.program.write(RISK, risk("", "Tide."));
    let run = lint(&story, &[]);
    assert_eq!(run.code, 0);
    assert!(run.out.contains("warning[missing-field]"), "{}", run.out);
    assert!(run.out.contains("pmkit.toml is new, and counts: main has none"), "{}", run.out);
}

#[test]
fn what_cannot_be_compared_is_said_with_what_to_do() {
    let story = story();
    for (base, code, told) in
        [("mian", 2, "did you mean `main`?"), ("v1.0", 2, "name a commit, a branch or a tag")]
    {
        let run = story.program.run(&["lint", "--base", base]);
        assert_eq!(run.code, code);
        assert!(run.err.contains(told), "{}", run.err);
    }
    story.git(&["update-ref", "refs/remotes/origin/next", "main"]);
    let run = story.program.run(&["lint", "--base", "next"]);
    assert!(run.err.contains("did you mean `origin/next`?"), "{}", run.err);
    story.git(&["checkout", "--quiet", "--orphan", "apart"]);
    story.commit("another beginning");
    let run = lint(&story, &[]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("main and HEAD have no commit in common"), "{}", run.err);
    let origin = format!("file://{}", story.program.root().display());
    story.git(&["clone", "--quiet", "--depth", "1", "--branch", "work", &origin, "shallow"]);
    let run = story.program.run(&["-C", "shallow", "lint", "--base", "origin/work"]);
    assert_eq!(run.code, 3);
    assert!(run.err.contains("git fetch --unshallow"), "{}", run.err);
    let fresh = Program::in_repository();
    let run = fresh.run(&["lint", "--base", "HEAD"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("nothing has been committed yet"), "{}", run.err);
    // A base that cannot be read as it is steered.
    let story = story_with("pmkit.toml", "nonsense = 1\n");
    let run = lint(&story, &[]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("this is how it is at main"), "{}", run.err);
}

fn story_with(path: &str, text: &str) -> Story {
    let story = story();
    story.program.write(path, text);
    story.commit("broken");
    story.git(&["branch", "--force", "main"]);
    story.program.write(path, "");
    story.commit("mended");
    story
}

#[test]
fn a_bare_repository_is_compared_at_head() {
    let story = story();
    story.program.write(RISK, risk("", "Tide."));
    story.commit("no owner");
    story.git(&["clone", "--quiet", "--bare", ".", "bare"]);
    let run = story.program.run(&["-C", "bare", "lint", "--base", "main"]);
    assert!(run.out.contains("R-0001 has no owner"), "{}{}", run.out, run.err);
}

#[test]
fn a_merge_that_is_not_done_yet_can_be_checked() {
    let story = story();
    story.program.write(RISK, risk("lee", "Tide, here."));
    story.commit("here");
    story.git(&["switch", "--quiet", "main"]);
    story.program.write(RISK, risk("lee", "Tide, there."));
    story.commit("there");
    story.git(&["switch", "--quiet", "work"]);
    let mut merge = std::process::Command::new("git");
    story.program.apart(merge.args(["merge", "--quiet", "main"]));
    assert!(!merge.output().unwrap().status.success(), "the two lines differ in one place");
    let rules = rules(&story);
    assert!(rules.contains(&"conflict-markers".to_owned()), "{rules:?}");
    let staged = lint(&story, &["--staged"]);
    assert!(staged.out.contains("a merge has left it in conflict"), "{}", staged.out);
}

#[test]
fn fixes_are_made_to_what_the_change_brings_alone() {
    let story = story();
    let open = risk("lee", "Tide.").replace("status: open", "status: Open");
    story.program.write(RISK, &open);
    story.commit("capital");
    story.git(&["branch", "--force", "main"]);
    let second = open.replace("R-0001", "R-0002").replace("Tide may", "Couriers may");
    story.program.write("docs/raid/R-0002-couriers.md", second);
    let run = lint(&story, &["--fix", "--unsafe"]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(story.program.read("docs/raid/R-0002-couriers.md").contains("status: open"));
    assert!(story.program.read(RISK).contains("status: Open"));
}

#[test]
fn a_number_that_the_base_or_a_worktree_has_taken_is_told_before_the_merge() {
    let story = story();
    let second = |words: &str| {
        let text = risk("lee", "Tide.").replace("R-0001", "R-0002");
        text.replace("Tide may", words).replace("Tide.", &format!("{words} do so."))
    };
    story.program.write("docs/raid/R-0002-couriers.md", second("Couriers may"));
    story.commit("here");
    story.git(&["switch", "--quiet", "--create", "release/9", "main"]);
    story.program.write("docs/raid/R-0002-shops.md", second("Shops may"));
    story.commit("there");
    story.git(&["switch", "--quiet", "work"]);
    let run = story.program.run(&["lint", "--base", "release/9"]);
    assert_eq!(run.code, 1);
    let told = "error[taken-id]: R-0002 is taken: on release/9 it is docs/raid/R-0002-shops.md";
    assert!(run.out.contains(told), "{}", run.out);
    assert!(run.out.contains("pmkit renumber docs/raid/R-0002-couriers.md"), "{}", run.out);
    // Against another base that branch may never be merged.
    assert!(lint(&story, &[]).out.contains("warning[taken-id]"));
    // What nobody has committed is found in the worktree where it lies.
    story.git(&["branch", "--quiet", "-D", "release/9"]);
    assert!(!lint(&story, &[]).out.contains("taken-id"));
    story.git(&["worktree", "add", "--quiet", "wt", "main", "--detach"]);
    let folder = story.program.path("wt");
    fs::write(folder.join("docs/raid/R-0002-shops.md"), second("Shops may")).unwrap();
    let run = lint(&story, &[]);
    assert!(run.out.contains("warning[taken-id]: R-0002 is taken: in the worktree"), "{}", run.out);
}

#[test]
fn a_pull_request_that_a_forge_has_merged_to_check_it_names_the_commit_of_its_branch() {
    let story = story();
    story.program.write(RFC, text("accepted").replace("memory", "oblivion"));
    let commit = story.commit("words");
    story.git(&["switch", "--quiet", "main"]);
    story.program.write("README.md", "Meanwhile.\n");
    story.commit("meanwhile");
    story.git(&["switch", "--quiet", "--detach", "main"]);
    story.git(&["merge", "--quiet", "--no-ff", "--message", "Merge work into main", "work"]);
    let run = lint(&story, &[]);
    assert!(run.out.contains("changed-after-decision") && run.out.contains(&commit[..8]), "{}", run.out);
    // A branch that has taken main in is compared with what it took in.
    story.git(&["switch", "--quiet", "work"]);
    story.git(&["merge", "--quiet", "--no-edit", "main"]);
    let run = lint(&story, &[]);
    assert!(run.out.contains("changed-after-decision") && run.out.contains(&commit[..8]), "{}", run.out);
    assert!(run.out.contains("1 changed record checked"), "{}", run.out);
}

#[test]
fn becoming_another_kind_undoes_no_decision() {
    let story = story();
    fs::create_dir_all(story.program.path("docs/memos")).unwrap();
    story.git(&["mv", RFC, "docs/memos/0001-redis.md"]);
    let memo = |state: &str| text(state).replace("RFC-0001", "MEMO-0001");
    story.program.write("docs/memos/0001-redis.md", memo("draft"));
    let run = lint(&story, &[]);
    let told = "error[quiet-reinstatement]: MEMO-0001 was accepted";
    assert!(run.out.contains(told) && run.out.contains("and is draft now, as another kind"), "{}", run.out);
    story.commit("a memo after all");
    assert!(story.program.run(&["lint"]).out.contains(told));
    // As accepted as before it may become whatever it is; but not with other words.
    story.program.write("docs/memos/0001-redis.md", memo("accepted"));
    let run = lint(&story, &[]);
    assert!(!run.out.contains("quiet-reinstatement") && !run.out.contains("changed-after"), "{}", run.out);
    story.program.write("docs/memos/0001-redis.md", memo("accepted").replacen("memory", "oblivion", 1));
    assert!(lint(&story, &[]).out.contains("error[changed-after-decision]: MEMO-0001 was changed"));
}

#[test]
fn a_decision_does_not_go_by_deleting_its_file() {
    let story = story();
    story.git(&["rm", "--quiet", RFC]);
    story.program.write(RISK, risk("lee", "Tide."));
    let run = lint(&story, &[]);
    assert_eq!(run.code, 1);
    assert!(
        run.out.contains("error[changed-after-decision]: RFC-0001 was accepted, and is not there any more"),
        "{}",
        run.out
    );
    assert!(run.out.contains("1 changed record checked against main"), "{}", run.out);
    assert!(run.out.contains(", 1 deleted: 1 error"), "{}", run.out);
    let draft = beginning_with("draft");
    draft.git(&["rm", "--quiet", RFC]);
    draft.program.write(RISK, risk("lee", "Tide."));
    assert_eq!(rules(&draft), [""; 0]);
}

#[test]
fn what_steers_the_tree_is_not_moved_by_the_change() {
    // The root below the top, and its pmkit.toml gone.
    let story = Story::new();
    story.program.write("team/pmkit.toml", "");
    story.program.write("team/docs/rfcs/0001-redis.md", text("accepted"));
    story.commit("start");
    story.git(&["switch", "--quiet", "--create", "work"]);
    story.git(&["rm", "--quiet", "team/pmkit.toml"]);
    let other = text("accepted").replacen("memory", "oblivion", 1);
    story.program.write("team/docs/rfcs/0001-redis.md", &other);
    story.commit("gone");
    for words in
        [&["-C", "team", "lint", "--base", "main"][..], &["-C", "team", "lint", "--base", "main", "--staged"]]
    {
        let run = story.program.run(words);
        assert_eq!(run.code, 1, "{}", run.out);
        assert!(run.out.contains("team/pmkit.toml is gone, and counts as main has it"), "{}", run.out);
    }
    // A nearer one that says otherwise.
    story.git(&["checkout", "--quiet", "main", "--", "team/pmkit.toml"]);
    story.program.write("team/docs/pmkit.toml", "[rules]\nchanged-after-decision = \"allow\"\n");
    story.commit("nearer");
    assert_eq!(story.program.run(&["-C", "team/docs", "lint", "--base", "main"]).code, 1);
    // One named on the command line.
    story.program.write("team/pm.toml", "");
    story.commit("named");
    story.git(&["branch", "--force", "main"]);
    story.program.write("team/pm.toml", "[rules]\nmissing-field = \"allow\"\n");
    story.program.write("team/docs/raid/R-0001-tide.md", risk("", "Tide."));
    story.commit("allow it");
    let run = story.program.run(&["lint", "--config", "team/pm.toml", "--base", "main"]);
    assert!(run.out.contains("R-0001 has no owner") && run.out.contains("pm.toml is changed"), "{}", run.out);
}

#[test]
fn what_git_keeps_is_looked_at_whatever_gitignore_says() {
    let story = story();
    story.program.write("docs/.gitignore", "*\n");
    story.program.write(RISK, risk("", "Tide."));
    story.git(&["add", "--force", "--all"]);
    story.git(&["commit", "--quiet", "--message", "ignore all"]);
    assert_eq!(rules(&story), ["missing-field"]);
    assert!(story.program.run(&["lint"]).out.contains("2 records checked"));
    // What git does not keep may be left out.
    story.program.write("docs/raid/R-0002-x.md", risk("", "Tide.").replace("R-0001", "R-0002"));
    assert!(story.program.run(&["lint"]).out.contains("2 records checked"));
}

#[test]
fn a_kind_of_the_change_settles_nothing_and_takes_nothing_over() {
    let story = story();
    let kind = |id: &str, prefix: &str, path: &str, field: &str| {
        format!(
            "id = \"{id}\"\ntitle = \"X\"\nprefix = \"{prefix}\"\npath = \"{path}\"\n{field}[lifecycle]\nfield = \"status\"\ninitial = \"draft\"\nmoves = {{ draft = [\"accepted\"], accepted = [] }}\n"
        )
    };
    let settles = "[[field]]\nname = \"amends\"\ntype = \"refs\"\nsettles_in = [\"draft\"]\n";
    story.program.write(
        ".pmkit/kinds/waiver.toml",
        kind("waiver", "WV", "docs/waivers/{number:04}-{slug}.md", settles),
    );
    story.program.write(
        "docs/waivers/0001-x.md",
        "---\nid: WV-0001\ntitle: X\nstatus: draft\nowner: lee\namends: RFC-0001\ncreated: 2026-11-01\n---\n",
    );
    story.program.write(RFC, text("accepted").replacen("memory", "oblivion", 1));
    assert_eq!(rules(&story), ["changed-after-decision"]);
    // Nor do its records take the place of others.
    let story = Story::new();
    let frozen = "also = [\"text/*.md\"]\n";
    let adr = kind("adr", "ADR", "adr/{number:04}-{slug}.md", "")
        .replace("[lifecycle]", "[lifecycle]\ndecided = [\"accepted\"]\nfrozen = true");
    story.program.write(".pmkit/kinds/adr.toml", adr.replacen("path =", &format!("{frozen}path ="), 1));
    let record = |id: &str, words: &str| {
        format!(
            "---\nid: {id}\ntitle: X\nstatus: accepted\nowner: lee\ncreated: 2026-11-01\n---\n\nSome words that were decided.\nAnd {words}.\n"
        )
    };
    story.program.write("text/0001-a.md", record("ADR-0001", "these"));
    story.commit("start");
    story.git(&["switch", "--quiet", "--create", "work"]);
    story.program.write(".pmkit/kinds/note.toml", kind("note", "N", "text/{number:04}-{slug}.md", ""));
    story.program.write("text/0001-a.md", record("N-0001", "others"));
    story.commit("a note now");
    assert!(rules(&story).contains(&"changed-after-decision".to_owned()), "{:?}", rules(&story));
}

#[test]
fn what_settled_a_change_is_missed_when_it_goes() {
    let story = story();
    let change = "docs/changes/0001-memory.md";
    let request = |amends: &str| {
        format!(
            "---\nid: CR-0001\ntitle: Another memory\nstatus: approved\nowner: lee\namends: {amends}\nrequested_by: lee\napprover: priya\ncreated: 2026-09-02\n---\n\n## What changes\n\nThe memory.\n\n## Why now\n\nIt is full.\n\n## Impact\n\nNone.\n"
        )
    };
    story.program.write(change, request("RFC-0001"));
    story.program.write(RFC, text("accepted").replacen("memory", "oblivion", 1));
    story.commit("ask, approve and change");
    story.git(&["branch", "--force", "main"]);
    story.git(&["rm", "--quiet", change]);
    let told = found(&story, &[]);
    assert!(told.contains(&("changed-after-decision".to_owned(), RFC.to_owned())), "{told:?}");
    // What it names since it was approved settles nothing.
    story.git(&["reset", "--quiet", "--hard"]);
    story.program.write(
        "docs/rfcs/0002-b.md",
        text("accepted").replace("RFC-0001", "RFC-0002").replace("memory", "files"),
    );
    story.commit("another decision");
    story.git(&["branch", "--force", "main"]);
    story.program.write(
        "docs/rfcs/0002-b.md",
        text("accepted")
            .replace("RFC-0001", "RFC-0002")
            .replace("memory", "files")
            .replacen("files", "air", 1),
    );
    let amended = request("[RFC-0001, RFC-0002]")
        .replace("created:", "corrections: [\"amends: RFC-0001 → RFC-0001, RFC-0002\"]\ncreated:");
    story.program.write(change, amended);
    let told = found(&story, &[]);
    assert_eq!(told, [("changed-after-decision".to_owned(), "docs/rfcs/0002-b.md".to_owned())]);
    story.commit("the same, committed");
    assert_eq!(found(&story, &[]), told);
}

#[test]
fn of_many_the_new_ones_are_told() {
    let story = story();
    let many: String = (100..260).map(|number| format!("RFC-9{number} is not there.\n")).collect();
    story.program.write(RISK, risk("lee", &many));
    story.commit("many");
    story.git(&["branch", "--force", "main"]);
    story.program.write(RISK, risk("lee", &format!("{many}RFC-7777 neither.\n")));
    assert_eq!(rules(&story), ["dangling-reference"]);
    assert!(lint(&story, &[]).out.contains("there is no rfc RFC-7777"));
    // And of too many new ones a hundred.
    let more: String = (1000..1300).map(|number| format!("RFC-{number} neither.\n")).collect();
    story.program.write(RISK, risk("lee", &format!("{many}{more}")));
    let run = lint(&story, &[]);
    assert!(
        run.out.contains("200 more of these in this file are not shown") && run.out.contains(": 300 errors"),
        "{}",
        &run.out[run.out.len() - 400..]
    );
}

#[test]
fn what_a_merge_brings_in_is_not_this_change() {
    let story = story();
    story.git(&["switch", "--quiet", "main"]);
    story.program.write("docs/raid/R-0009-main.md", risk("", "Tide.").replace("R-0001", "R-0009"));
    story.commit("main goes on");
    story.git(&["switch", "--quiet", "work"]);
    story.program.write("docs/raid/R-0002-work.md", risk("lee", "Tide.").replace("R-0001", "R-0002"));
    story.commit("so does work");
    story.git(&["merge", "--quiet", "--no-commit", "main"]);
    assert_eq!(found(&story, &[]).len(), 0);
    assert_eq!(found(&story, &["--staged"]).len(), 0);
}

#[test]
fn a_decision_does_not_go_by_becoming_something_that_may_change() {
    let story = story();
    let kind = "id = \"dec\"\ntitle = \"X\"\nprefix = \"DEC\"\npath = \"dec/{number:04}-{slug}.md\"\n[lifecycle]\nfield = \"status\"\ninitial = \"draft\"\nmoves = { draft = [\"accepted\"], accepted = [] }\n";
    story.program.write(".pmkit/kinds/dec.toml", kind);
    fs::create_dir_all(story.program.path("dec")).unwrap();
    story.git(&["mv", RFC, "dec/0001-redis.md"]);
    story.program.write(RISK, risk("lee", "Tide."));
    let text = text("accepted").replace("RFC-0001", "DEC-0001").replacen("memory", "oblivion", 1);
    story.program.write("dec/0001-redis.md", text);
    let run = lint(&story, &[]);
    assert!(
        run.out.contains("error[changed-after-decision]: RFC-0001 was accepted, and is not there any more"),
        "{}",
        run.out
    );
    assert!(run.out.contains("`git checkout main -- docs/rfcs/0001-redis.md`"), "{}", run.out);
}

#[test]
fn what_is_changed_once_more_is_told_once_more() {
    let story = story();
    story.program.write(RFC, text("accepted").replacen("memory", "oblivion", 3));
    story.commit("changed on main already");
    story.git(&["branch", "--force", "main"]);
    assert_eq!(rules(&story), [""; 0]);
    story.program.write(RFC, text("accepted").replacen("memory", "oblivion", 4));
    assert_eq!(rules(&story), ["changed-after-decision"]);
    story.program.write(RFC, text("accepted").replacen("memory", "nothing", 3));
    assert_eq!(rules(&story), ["changed-after-decision"]);
    // A slip on top of three.
    let risk = |due: &str| risk("lee", "Tide.").replace("due: 2026-12-01", &format!("due: {due}"));
    story.git(&["checkout", "--quiet", "--", RFC]);
    for due in ["2026-12-02", "2026-12-03", "2026-12-04"] {
        story.program.write(RISK, risk(due));
        story.commit("a day later");
    }
    story.git(&["branch", "--force", "main"]);
    story.program.write(RISK, risk("2027-12-04"));
    assert_eq!(rules(&story), ["slipping"]);
}

#[test]
fn a_name_that_a_shell_would_obey_is_quoted() {
    let story = story();
    story.git(&["branch", "x$(id)", "main"]);
    let bad = risk("lee", "Tide.").replace("status: open", "status: Open");
    story.program.write(RISK, bad);
    let run = story.program.run(&["lint", "--base", "x$(id)"]);
    assert!(run.out.contains("pmkit lint --base 'x$(id)' --fix"), "{}", run.out);
}
