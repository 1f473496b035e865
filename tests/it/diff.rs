//! What changed in meaning between two points in time.

use serde_json::Value;
use serde_json::json;

use crate::story::RFC;
use crate::story::Story;
use crate::story::text;

fn changes(story: &Story, words: &[&str]) -> Vec<Value> {
    let run = story.program.run(&[&["diff", "--format", "json"], words].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    let document: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(document["schema"], "pmkit.diff/1");
    document["changes"].as_array().unwrap().clone()
}

/// Returns what each change is about.
fn told(story: &Story, words: &[&str]) -> Vec<String> {
    let one = |change: &Value| {
        let text = |key: &str| change[key].as_str().unwrap_or("-").to_owned();
        let what = if change["section"].is_null() { text("field") } else { text("section") };
        format!("{} {} {what}: {} → {}", text("record"), text("change"), text("old"), text("new"))
    };
    changes(story, words).iter().map(one).collect()
}

#[test]
fn every_sort_of_change_is_told() {
    let story = Story::new();
    let base = story.state("accepted", "start");
    let other = "docs/rfcs/0002-other.md";
    let second =
        text("draft").replace("RFC-0001", "RFC-0002").replace("Redis", "Stores").replace("maya", "lee");
    story.program.write(other, &second);
    let gone = "docs/rfcs/0003-gone.md";
    story
        .program
        .write(gone, text("draft").replace("RFC-0001", "RFC-0003").replace("We keep", "Nobody keeps"));
    story.commit("two more");
    assert_eq!(told(&story, &[]), [""; 0]);
    assert_eq!(story.program.run(&["diff"]).err, "no record says anything else than in HEAD\n");
    let superseded = text("superseded").replace("created:", "superseded_by: RFC-0005\ncreated:");
    story.program.write(RFC, superseded.replacen("in memory", "on disk", 1));
    story.git(&["mv", other, "docs/rfcs/0005-other.md"]);
    story.program.write(
        "docs/rfcs/0005-other.md",
        second.replace("RFC-0002", "RFC-0005").replace("created:", "comments_close: 2026-12-01\ncreated:"),
    );
    std::fs::remove_file(story.program.path(gone)).unwrap();
    story.program.write("docs/raid/R-0001-x.md", "---\ntitle: New\nstatus: open\n---\n");
    let expected = |at: &str| {
        let path = "docs/rfcs/0002-other.md → docs/rfcs/0005-other.md";
        let found = told(&story, &[at]);
        assert_eq!(found[0], "R-0001 added -: - → New");
        let state = found.iter().position(|told| told == "RFC-0001 superseded status: accepted → superseded");
        assert!(state.is_some(), "{found:#?}");
        assert!(found.contains(&"RFC-0001 field superseded_by: - → RFC-0005".to_owned()), "{found:#?}");
        assert!(
            found.iter().any(|told| told.starts_with("RFC-0001 section Problem: We keep sessions in memory"))
        );
        assert!(found.contains(&format!("RFC-0005 renamed -: {path}")), "{found:#?}");
        assert!(found.contains(&"RFC-0005 renumbered id: RFC-0002 → RFC-0005".to_owned()), "{found:#?}");
        assert!(found.contains(&"RFC-0005 field comments_close: - → 2026-12-01".to_owned()), "{found:#?}");
        assert!(found.contains(&"RFC-0003 removed -: Redis → -".to_owned()), "{found:#?}");
    };
    expected("HEAD");
    story.commit("all of it");
    assert_eq!(told(&story, &[]), [""; 0]);
    expected("HEAD~1..HEAD");
    expected("HEAD~1");
    // From the first commit on two records are simply new.
    let found = told(&story, &[&format!("{base}..")]);
    assert!(found.contains(&"RFC-0005 added -: - → Stores".to_owned()), "{found:#?}");
    // A bare repository is compared at HEAD.
    story.git(&["clone", "--quiet", "--bare", ".", "bare.git"]);
    assert_eq!(told(&story, &["-C", "bare.git", "HEAD~1"]).len(), told(&story, &["HEAD~1..HEAD"]).len());
}

#[test]
fn another_way_to_write_the_same_is_no_change() {
    let story = Story::new();
    story.state("draft", "start");
    let written = text("draft")
        .replace("title: Redis", "title: \"Redis\"  # as it was")
        .replace("We keep", "We **keep**")
        .replace('\n', "\r\n");
    story.program.write(RFC, written);
    assert_eq!(told(&story, &[]), [""; 0]);
}

#[test]
fn slips_are_counted_and_days_told() {
    let story = Story::new();
    for day in ["2026-10-01", "2026-10-08", "2026-10-20"] {
        story
            .program
            .write(RFC, text("review").replace("created:", &format!("comments_close: {day}\ncreated:")));
        story.commit(day);
    }
    let run = story.program.run(&["diff", "HEAD~1"]);
    assert_eq!(
        run.out,
        "RFC-0001  Redis\n  comments close: 2026-10-08 → 2026-10-20 (12 days later, moved later 2 times in all)\n"
    );
    // Seen from then, later slips have not happened.
    let run = story.program.run(&["diff", "HEAD~2..HEAD~1"]);
    assert_eq!(run.out, "RFC-0001  Redis\n  comments close: 2026-10-01 → 2026-10-08 (7 days later)\n");
}

#[test]
fn where_two_lines_parted_counts_with_three_dots() {
    let story = Story::new();
    story.state("draft", "start");
    story.git(&["switch", "--quiet", "--create", "branch"]);
    story.state("review", "ours");
    story.git(&["switch", "--quiet", "main"]);
    story.program.write("docs/raid/R-0001-x.md", "---\ntitle: Theirs\nstatus: open\n---\n");
    story.commit("theirs");
    assert_eq!(told(&story, &["main...branch"]), ["RFC-0001 status status: draft → review"]);
    assert_eq!(told(&story, &["main..branch"]).len(), 2);
    story.git(&["switch", "--quiet", "--orphan", "pages"]);
    story.commit("pages");
    let run = story.program.run(&["diff", "main...pages"]);
    assert_eq!((run.code, run.err.contains("the two have no commit in common")), (2, true), "{}", run.err);
}

#[test]
fn what_is_not_there_is_told() {
    let story = Story::new();
    let run = story.program.run(&["diff"]);
    assert_eq!((run.code, run.err.as_str()), (2, "error: nothing has been committed yet\n"));
    story.state("draft", "start");
    story.state("review", "more");
    let run = story.program.run(&["diff", "nothing"]);
    assert!(run.code == 2 && run.err.starts_with("error: git knows no revision `nothing`\n"), "{}", run.err);
    let origin = format!("file://{}", story.program.root().display());
    story.git(&["clone", "--quiet", &origin, "clone"]);
    story.git(&["-C", "clone", "switch", "--quiet", "--create", "work"]);
    story.git(&["-C", "clone", "branch", "--quiet", "-D", "main"]);
    let run = story.program.run(&["-C", "clone", "diff", "main"]);
    // Git itself finds it as a remote's.
    assert!(run.code == 0 || run.err.contains("did you mean `origin/main`?"), "{}", run.err);
    // In a shallow clone what is not here may be there.
    story.git(&["clone", "--quiet", "--depth", "1", &origin, "shallow"]);
    assert_eq!(story.program.run(&["-C", "shallow", "diff", "HEAD~1"]).code, 3);
    assert_eq!(story.program.run(&["-C", "shallow", "diff"]).code, 0);
    let outside = crate::program::Program::new();
    assert_eq!(outside.run(&["diff"]).code, 2);
}

#[test]
fn the_forms_say_the_same() {
    let story = Story::new();
    story.state("draft", "start");
    story.program.write(RFC, text("review"));
    let of = |format: &str| story.program.run(&["diff", "--format", format]).out;
    let lines: Vec<Value> = of("jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut expected = changes(&story, &[]);
    for change in &mut expected {
        change["schema"] = json!("pmkit.diff/1");
    }
    assert_eq!(lines, expected);
    assert_eq!(
        of("csv"),
        "record,kind,path,change,field,section,old,new\nRFC-0001,rfc,docs/rfcs/0001-redis.md,status,status,,draft,review\n"
    );
    assert_eq!(
        of("markdown"),
        "| record | change | what | then | now |\n|---|---|---|---|---|\n| `RFC-0001` | status | `status` | `draft` | `review` |\n"
    );
}
