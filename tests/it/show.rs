//! `pmkit show`: a record as it is, as it was, and what lies between.

use serde_json::Value;

use crate::program::Program;
use crate::program::Run;
use crate::story::RFC;
use crate::story::Story;
use crate::story::text;

/// The proposal of the story with a deadline and two links.
fn linked(state: &str, close: &str, body: &str) -> String {
    text(state).replace("created:", &format!("comments_close: {close}\nrests_on: [A-0001]\ncreated:")) + body
}

const ASSUMPTION: &str = "---\nid: A-0001\ntitle: Two nodes are enough\nstatus: open\nowner: tom\n---\n\n## Assumption\n\nRFC-0001 stands on it, and [the page](../rfcs/0001-redis.md).\n";

fn story() -> Story {
    let story = Story::new();
    story.program.write("docs/raid/A-0001-nodes.md", ASSUMPTION);
    story.program.write(RFC, linked("draft", "2026-09-24", ""));
    story.commit("draft");
    story.program.write(RFC, linked("review", "2026-09-28", "\nSee https://x.example, R-0007.\n"));
    story.commit("ask (#4)");
    story.git(&["tag", "v1.2"]);
    story.git(&["mv", RFC, "docs/rfcs/0001-sessions.md"]);
    story.program.write("docs/rfcs/0001-sessions.md", linked("accepted", "2026-09-28", ""));
    story.commit("accept");
    story
        .program
        .write("docs/raid/A-0001-nodes.md", ASSUMPTION.replace("status: open", "status: invalidated"));
    story.program.write(
        "docs/rfcs/0001-sessions.md",
        linked("accepted", "2026-09-28", "\nMore.\n").replace("owner: maya", "owner: tom"),
    );
    story.commit("later");
    story
}

fn json(run: &Run) -> Value {
    assert_eq!(run.code, 0, "{}", run.err);
    serde_json::from_str(&run.out).unwrap()
}

#[test]
fn a_record_is_shown_with_all_around_it() {
    let story = story();
    let shown = story.program.run(&["show", "rfc-1"]);
    assert_eq!((shown.code, shown.err.as_str()), (0, ""));
    let mut lines = shown.out.lines();
    assert_eq!(lines.next(), Some("RFC-0001  Redis  accepted · owner tom · approver priya"));
    assert_eq!(lines.next(), Some("docs/rfcs/0001-sessions.md"));
    for line in [
        "  comments close  Mon 28 Sep 2026 · moved later once, 4 days in all",
        "  → A-0001  rests on  Two nodes are enough (invalidated)",
        "  ← A-0001  mentions  Two nodes are enough (invalidated)",
        "## Problem",
        "as it was decided: pmkit show RFC-0001 --at accepted; then and now: --diff",
    ] {
        assert!(shown.out.lines().any(|other| other == line), "{line}\n{}", shown.out);
    }
    for words in ["TEXT CHANGED after the decision: Problem: “More.” put in", "owner maya → tom", "#4"]
    {
        assert!(shown.out.contains(words), "{words}\n{}", shown.out);
    }
    let document = json(&story.program.run(&["show", "docs/rfcs/0001-sessions.md", "--format", "json"]));
    assert_eq!(document["schema"], "pmkit.records/1");
    let record = &document["records"][0];
    assert_eq!(record["fields"]["comments_close"], "2026-09-28");
    assert_eq!(record["fields"]["rests_on"], serde_json::json!(["A-0001"]));
    assert_eq!(record["links"], serde_json::json!([{"rel": "rests_on", "target": "A-0001"}]));
    assert_eq!(record["linked_by"], serde_json::json!([{"rel": "mentions", "source": "A-0001"}]));
    assert_eq!(record["deadlines"][0]["days_slipped"], 4);
    assert_eq!(record["events"].as_array().unwrap().len(), 6);
    assert!(record["text"].as_str().unwrap().ends_with("More.\n"), "{record}");
    let table = story.program.run(&["show", "A-1", "RFC-1", "--format", "csv"]).out;
    assert_eq!(table.lines().count(), 3);
    assert!(table.starts_with("id,kind,title,status,owner,path,words,links_to,linked_from,"), "{table}");
    let page = story.program.run(&["show", "A-1", "--format", "markdown"]).out;
    assert!(page.contains("| `owner` | `tom` |"), "{page}");
    assert_eq!(story.program.run(&["show", "A-1", "RFC-1", "--format", "jsonl"]).out.lines().count(), 2);
}

#[test]
fn a_record_is_shown_as_it_was() {
    let story = story();
    let at = |when: &str| {
        let document = json(&story.program.run(&["show", "RFC-1", "--at", when, "--format", "json"]));
        let record = document["records"][0].clone();
        let text = |key: &str| record[key].as_str().unwrap().to_owned();
        let count = record["events"].as_array().unwrap().len();
        format!("{} {} {} {count}", text("status"), text("path"), record["at"]["subject"].as_str().unwrap())
    };
    // A tag, a state that was first reached in a commit, a revision, and a day: each commit is an hour after the other.
    assert_eq!(at("v1.2"), "review docs/rfcs/0001-redis.md ask (#4) 3");
    assert_eq!(at("review"), "review docs/rfcs/0001-redis.md ask (#4) 3");
    assert_eq!(at("Accepted"), "accepted docs/rfcs/0001-sessions.md accept 4");
    assert_eq!(at("HEAD~3"), "draft docs/rfcs/0001-redis.md draft 1");
    assert_eq!(at("2026-09-21"), "review docs/rfcs/0001-redis.md ask (#4) 3");
    assert_eq!(at("2026-11-01"), "accepted docs/rfcs/0001-sessions.md later 6");
    // What was around it is as it was too.
    let then = story.program.run(&["show", "RFC-1", "--at", "accepted"]).out;
    assert!(then.contains("→ A-0001  rests on  Two nodes are enough (open)"), "{then}");
    assert!(then.contains("as it was on Tue 22 Sep 2026, in "), "{then}");
    assert!(!then.contains("More."), "{then}");
    // Then and now.
    let between = story.program.run(&["show", "RFC-1", "--at", "draft", "--diff"]).out;
    for line in [
        "  path: docs/rfcs/0001-redis.md → docs/rfcs/0001-sessions.md",
        "  status: draft → accepted",
        "  comments close: 2026-09-24 → 2026-09-28",
        "  owner: maya → tom",
        "+More.",
    ] {
        assert!(between.lines().any(|other| other == line), "{line}\n{between}");
    }
    let document =
        json(&story.program.run(&["show", "RFC-1", "--at", "draft", "--diff", "--format", "json"]));
    assert_eq!(document["schema"], "pmkit.diff/1");
    let words: Vec<&str> =
        document["changes"].as_array().unwrap().iter().map(|it| it["change"].as_str().unwrap()).collect();
    assert_eq!(words, ["renamed", "status", "field", "field", "section"]);
    let same = story.program.run(&["show", "RFC-1", "--at", "HEAD", "--diff"]).out;
    assert!(same.ends_with("nothing has changed since\n"), "{same}");
    // By a name it no longer has.
    story.git(&["mv", "docs/rfcs/0001-sessions.md", "docs/rfcs/0005-sessions.md"]);
    story.program.write(
        "docs/rfcs/0005-sessions.md",
        linked("accepted", "2026-09-28", "\nMore.\n").replace("RFC-0001", "RFC-0005"),
    );
    story.commit("another number");
    let run = story.program.run(&["show", "RFC-1"]);
    assert!(run.out.starts_with("RFC-0005  Redis"), "{}", run.out);
    assert_eq!(run.err, "RFC-1 is docs/rfcs/0005-sessions.md today\n");
    story.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    // On a branch that was left, by the document and not by the path.
    story.git(&["switch", "--quiet", "--create", "aside", "v1.2"]);
    story.git(&["mv", RFC, "docs/rfcs/0001-aside.md"]);
    story.commit("aside");
    story.git(&["switch", "--quiet", "main"]);
    assert_eq!(at("aside"), "review docs/rfcs/0001-aside.md aside 4");
}

#[test]
fn what_cannot_be_shown_says_why() {
    let story = story();
    let refuse = |words: &[&str], expected: &str| {
        let run = story.program.run(&[&["show"], words].concat());
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{words:?}: {}", run.err);
        assert!(run.err.contains(expected), "{words:?}: {}", run.err);
    };
    refuse(&["RFC-9"], "there is no record `RFC-9`");
    refuse(&["README.md"], "there is no record `README.md`");
    refuse(&["RFC-1", "--at", "nonsense"], "is no day, no state RFC-1 has been in, and no commit");
    refuse(&["RFC-1", "--at", "acepted"], "did you mean `accepted`?");
    refuse(&["RFC-1", "--at", "rejected"], "RFC-1 has never been rejected");
    refuse(&["RFC-1", "--at", "rejected"], "it has been draft, review, accepted");
    refuse(&["RFC-1", "--at", "2020-01-01"], "nothing had been committed by Wed 1 Jan 2020");
    refuse(&["RFC-1", "--diff"], "--at");
    story.program.write("pmkit.txt", "x");
    refuse(&["pmkit.txt"], "pmkit.txt is no record: no kind claims it");
    story.program.write("docs/raid/R-0001-new.md", ASSUMPTION.replace("A-0001", "R-0001"));
    refuse(&["R-1", "--at", "HEAD"], "is not committed yet");
    assert!(story.program.run(&["show", "R-1"]).out.contains("R-0001"), "and is shown all the same");
    story.commit("risk");
    refuse(&["R-1", "--at", "v1.2"], "R-1 was not there at v1.2");
    story.program.write("docs/raid/R-0001-again.md", ASSUMPTION.replace("A-0001", "R-0001"));
    refuse(&["R-1"], "R-0001 is the id of 2 records");
    story.commit("again");
    story.git(&["rm", "--quiet", "docs/raid/A-0001-nodes.md"]);
    story.commit("away");
    refuse(&["A-1"], "docs/raid/A-0001-nodes.md was deleted on");
    let help = story.program.run(&["show", "A-1"]).err;
    let words = help.split("pmkit ").nth(1).unwrap().trim();
    let again = story.program.run(&words.split(' ').collect::<Vec<_>>());
    assert!(again.out.contains("A-0001  Two nodes are enough  invalidated"), "{words}: {}", again.err);
    refuse(&["A-1", "--at", "open", "--diff"], "was deleted on");
}

#[test]
fn a_record_needs_no_history_to_be_shown() {
    let outside = Program::new();
    outside.write(RFC, text("draft"));
    let run = outside.run(&["show", "RFC-1"]);
    assert!(run.code == 0 && run.err.is_empty() && run.out.contains("RFC-0001  Redis  draft"), "{}", run.err);
    let run = outside.run(&["show", "RFC-1", "--at", "draft"]);
    assert!(run.code == 2 && run.err.contains("there is no git repository here"), "{}", run.err);
    let story = story();
    let url = format!("file://{}", story.program.root().display());
    story.git(&["clone", "--quiet", "--depth", "1", &url, "shallow"]);
    let run = story.program.run(&["-C", "shallow", "show", "RFC-1"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("shown without its history") && run.err.contains("git fetch --unshallow"));
    let run = story.program.run(&["-C", "shallow", "show", "RFC-1", "--at", "draft"]);
    assert!(run.code == 3 && run.err.contains("git fetch --unshallow"), "{}", run.err);
    // From a subfolder by the path as one sees it there; from a bare clone at HEAD.
    let run = story.program.run(&["-C", "docs/raid", "show", "../rfcs/0001-sessions.md"]);
    assert!(run.out.contains("docs/rfcs/0001-sessions.md"), "{}", run.err);
    story.git(&["clone", "--quiet", "--bare", ".", "bare.git"]);
    let run = story.program.run(&["-C", "bare.git", "show", "RFC-1", "--at", "review", "--diff"]);
    assert!(run.out.contains("status: review → accepted"), "{}", run.err);
}

#[test]
fn log_begins_where_it_is_told() {
    let story = story();
    let count = |since: &str| {
        let run = story.program.run(&["log", "--since", since, "--format", "jsonl"]);
        assert_eq!(run.code, 0, "{}", run.err);
        run.out.lines().count()
    };
    assert_eq!(
        (count("v1.2"), count("HEAD"), count("2026-09-21"), count("2026-09-22"), count("7d")),
        (3, 0, 6, 3, 0)
    );
    let run = story.program.run(&["log", "--since", "nonsense"]);
    assert!(run.code == 2 && run.err.contains("`nonsense` is no day and no revision"), "{}", run.err);
}

#[test]
fn a_point_in_the_past_is_told_as_of_that_day_and_of_states_alone() {
    let story = Story::new();
    story.program.write(RFC, linked("draft", "2026-09-24", ""));
    story.commit("draft");
    // Another field may say the same word.
    story.program.write(RFC, linked("draft", "2026-09-24", "").replace("owner: maya", "owner: review"));
    story.commit("another owner");
    story.program.write(RFC, linked("review", "2026-09-24", ""));
    story.commit("ask");
    let shown = |when: &str| story.program.run(&["show", "RFC-1", "--at", when]).out;
    assert!(shown("review").contains("Redis  review · owner maya"), "{}", shown("review"));
    for (when, expected) in [
        ("2026-09-23", "Thu 24 Sep 2026 · tomorrow"),
        ("2026-09-24", "Thu 24 Sep 2026 · today"),
        ("2026-09-29", "Thu 24 Sep 2026 · 5 days ago: late"),
        ("50d ago", "Thu 24 Sep 2026 · 7 days ago: late"),
        ("today", "Thu 24 Sep 2026 · 57 days ago: late"),
    ] {
        assert!(shown(when).contains(expected), "{when}: {}", shown(when));
    }
}

#[test]
fn what_is_long_or_odd_keeps_its_place() {
    let story = Story::new();
    let words = "aaaa ".repeat(16);
    let body = format!(
        "# Why not Redis\n\nSee [the risk](../raid/R-0001-x.md) and `R-0001`.\n\n{words}::error::x\n"
    );
    let record = text("draft")
        .replace("created:", &format!("next: {words}::error::by wrap\n\"a\u{ad}key\": v\ncreated:"));
    let record = record.split("\n## ").next().unwrap().to_owned() + "\n" + &body;
    story.program.write(RFC, record);
    let risk = "---\nid: R-0001\ntitle: |\n  Two\n  lines\nstatus: open\n---\n";
    story.program.write("docs/raid/R-0001-x.md", risk);
    story.commit("start");
    let run = story.program.run(&["show", "RFC-1"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.contains("# Why not Redis"),
        "a heading that only ends with the title stays: {}",
        run.out
    );
    assert!(run.out.contains("  → R-0001  links  Two lines (open)"), "{}", run.out);
    assert!(run.out.lines().all(|line| !line.trim_start().starts_with("::")), "{}", run.out);
    let run = story.program.run(&["show", "R-1"]);
    assert!(run.out.contains("← RFC-0001  links  Redis (draft)"), "{}", run.out);
    // Many ids, and many files: each is looked at once.
    let ids: String = (1..4_000).map(|at| format!("RFC-{at:04} ")).collect();
    story.program.write("docs/rfcs/0002-index.md", text("draft").replace("RFC-0001", "RFC-0002") + &ids);
    assert_eq!(story.program.run(&["show", "RFC-2"]).code, 0);
}

#[test]
fn a_comparison_shows_where_two_texts_differ() {
    let story = Story::new();
    let long = "These words stay as they are, all of them, for quite a while. ".repeat(6);
    let write = |end: &str, tags: &str| {
        let record = text("draft").replace("created:", &format!("tags: {tags}\ncreated:"));
        story.program.write(RFC, format!("{record}\n{long}{end}\n"));
    };
    write("At the end 24.", "[a, b]");
    story.commit("one");
    write("At the end 72.", "[\"a, b\"]");
    let compare = |format: &str| {
        story.program.run(&["show", "RFC-1", "--at", "HEAD", "--diff", "--format", format]).out
    };
    assert!(compare("markdown").contains("At the end 24.` | `… "), "{}", compare("markdown"));
    assert!(compare("text").contains("tags: a, b → \"a, b\""), "{}", compare("text"));
    story.commit("two");
    // What changes nothing that is said is shown all the same.
    story.program.write(RFC, format!("{}\n[same](https://a.example)\n", text("draft")));
    story.commit("three");
    story.program.write(RFC, format!("{}\n[same](https://b.example)\n", text("draft")));
    let shown = compare("text");
    assert!(shown.contains("its text says the same, and is written in another way"), "{shown}");
    assert!(shown.contains("+[same](https://b.example)"), "{shown}");
    // A key written twice, and a list that becomes one text: both are told.
    story.program.write(RFC, text("draft").replace("owner: maya", "owner: maya\nowner: lee\ntags: [a, b]"));
    story.commit("four");
    story.program.write(RFC, text("draft").replace("owner: maya", "owner: maya\nowner: tom\ntags: \"a, b\""));
    let shown = compare("text");
    assert!(shown.contains("owner: maya; lee → maya; tom"), "{shown}");
    assert!(shown.contains("tags: a, b → \"a, b\""), "{shown}");
    // A comment changes nothing, and is shown.
    story.commit("five");
    let commented =
        std::fs::read_to_string(story.program.path(RFC)).unwrap().replace("tags:", "# why\ntags:");
    story.program.write(RFC, commented);
    let shown = compare("text");
    assert!(shown.contains("nothing has changed since but how it is written"), "{shown}");
    assert!(shown.contains("+# why"), "{shown}");
    // Moved and not committed yet, it is still the same record, also by the id its front matter alone gives it.
    story.git(&["mv", RFC, "docs/rfcs/0002-moved.md"]);
    assert!(compare("text").contains("→ docs/rfcs/0002-moved.md"), "{}", compare("text"));
    story.git(&["mv", "docs/rfcs/0002-moved.md", RFC]);
    story.git(&["mv", RFC, "docs/rfcs/0001-moved.md"]);
    let shown = compare("text");
    assert!(shown.contains("path: docs/rfcs/0001-redis.md → docs/rfcs/0001-moved.md"), "{shown}");
}

#[test]
fn below_a_folder_paths_begin_at_the_top_of_the_repository() {
    let story = Story::new();
    story.program.write("team/pmkit.toml", "");
    story.program.write(&format!("team/{RFC}"), text("draft"));
    story.commit("start");
    story.git(&["mv", &format!("team/{RFC}"), "team/docs/rfcs/0002-b.md"]);
    story.commit("move");
    let run =
        story.program.run(&["-C", "team", "show", "RFC-1", "--at", "HEAD~1", "--diff", "--format", "json"]);
    let document = json(&run);
    assert_eq!(document["changes"][0]["old"], format!("team/{RFC}"));
    assert_eq!(document["changes"][0]["new"], "team/docs/rfcs/0002-b.md");
    assert!(story.program.run(&["-C", "team", "log"]).out.contains(&format!("moved from team/{RFC}")));
}
