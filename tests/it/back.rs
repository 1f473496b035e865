//! Lists and boards as they once were.

use crate::story::RFC;
use crate::story::Story;
use crate::story::text;

const RISK: &str = "---\nid: R-0001\ntitle: Late\nstatus: open\nowner: maya\nlikelihood: 4\nimpact: 5\ndue: 2026-09-25\nnext_step: Ask\ncreated: 2026-09-20\n---\n";

fn story() -> Story {
    let story = Story::new();
    // The first commits are of 21 September 2026, each an hour later.
    story.program.write("docs/raid/R-0001-late.md", RISK);
    story.state("draft", "start");
    story.state("review", "ask");
    story.git(&["tag", "asked"]);
    // A day goes by: each call is an hour later.
    for _ in 0..24 {
        story.git(&["rev-parse", "HEAD"]);
    }
    story.program.write("docs/raid/R-0001-late.md", RISK.replace("open", "closed"));
    story.state("accepted", "decide");
    story
}

#[test]
fn a_list_is_told_as_of_a_day_or_a_commit() {
    let story = story();
    let list = |words: &[&str]| {
        let run = story
            .program
            .run(&[&["list", "--columns", "id,status", "--today", "2026-11-20"], words].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        run.out
            .lines()
            .skip(1)
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
    };
    assert_eq!(list(&[]), ["RFC-0001 accepted", "R-0001 closed"]);
    assert_eq!(list(&["--at", "asked"]), ["RFC-0001 review", "R-0001 open"]);
    assert_eq!(list(&["--at", "2026-09-21"]), ["RFC-0001 review", "R-0001 open"]);
    assert_eq!(list(&["--at", "HEAD~2"]), ["RFC-0001 draft", "R-0001 open"]);
    assert_eq!(list(&["--at", "4w"]), ["RFC-0001 accepted", "R-0001 closed"]);
    // The day is that of then: nothing was late yet.
    assert_eq!(list(&["--at", "2026-09-21", "--overdue"]), [""; 0]);
    // What is not committed does not count, nor does what was deleted since.
    std::fs::remove_file(story.program.path(RFC)).unwrap();
    story.program.write("docs/rfcs/0002-x.md", text("draft"));
    assert_eq!(list(&["--at", "HEAD"]), ["RFC-0001 accepted", "R-0001 closed"]);
    let wrong = |words: &[&str]| story.program.run(words).err;
    assert!(wrong(&["list", "--at", "nothing"]).starts_with("error: `nothing` is no day and no revision\n"));
    assert_eq!(
        wrong(&["list", "--at", "2020-01-01"]),
        "error: nothing had been committed by Wed 1 Jan 2020\n"
    );
    story.git(&["clone", "--quiet", "--bare", ".", "bare.git"]);
    assert_eq!(list(&["-C", "bare.git", "--at", "asked"]), ["RFC-0001 review", "R-0001 open"]);
}

#[test]
fn a_board_is_told_as_of_a_day_and_since_another() {
    let story = story();
    let raid = |words: &[&str]| {
        let run = story.program.run(&[&["raid", "--all"], words].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        run.out
    };
    assert!(raid(&["--today", "2026-11-20"]).contains("nothing is open"));
    let then = raid(&["--at", "2026-09-21", "--today", "2026-11-20"]);
    assert!(then.starts_with("Mon 21 Sep 2026 · ") && then.contains("R-0001"), "{then}");
    let late = raid(&["--at", "asked", "--today", "2026-11-20"]);
    assert!(late.contains("R-0001"), "{late}");
    let since = raid(&["--since", "2026-09-21", "--today", "2026-11-20"]);
    assert!(since.contains("since 21 Sep: 1 closed"), "{since}");
    assert!(!raid(&["--since", "2w", "--today", "2026-11-20"]).contains("1 closed"));
    let run = story.program.run(&["raid", "--since", "2030-01-01", "--today", "2026-11-20"]);
    assert_eq!(run.err.lines().next(), Some("error: `2030-01-01` is no day before Fri 20 Nov 2026"));
    let run = story.program.run(&["raid", "--at", "asked", "--walk"]);
    assert_eq!(run.code, 2);
}

#[test]
fn a_day_is_spelled_alike_wherever_one_is_asked_for() {
    let story = story();
    let out = |words: &[&str]| {
        let run = story.program.run(&[words, &["--today", "2026-11-20"]].concat());
        assert_eq!(run.code, 0, "{words:?}: {}", run.err);
        run.out
    };
    for day in ["60d", "60d ago", "-60d"] {
        for (words, option) in [
            (["list", "--columns=id,status"].as_slice(), "--at"),
            (&["show", "RFC-0001"], "--at"),
            (&["raid", "--all"], "--at"),
            (&["raid", "--all"], "--since"),
            (&["log", "--format=json"], "--since"),
        ] {
            let (told, counted) = (format!("{option}=2026-09-21"), format!("{option}={day}"));
            let told = out(&[words, &[&told]].concat());
            assert!(
                told.contains("R-0001") || told.contains("RFC-0001") || told.contains("since 21 Sep"),
                "{told}"
            );
            let told = told.replace("2026-09-21", day);
            assert_eq!(
                out(&[words, &[&counted]].concat()).replace("2026-09-21", day),
                told,
                "{words:?} {counted}"
            );
        }
    }
}
