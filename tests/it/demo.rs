//! `pmkit demo`: the same company to the last bit, and a story worth walking through.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use pmkit::date::Date;
use pmkit::demo::play;
use pmkit::diagnostic::Level;

use crate::program::Program;
use crate::tree::Tree;

/// Days that are odd in some way: a Friday, a weekend, both ends of a year, a leap day.
const DAYS: &[&str] = &["2026-11-20", "2026-11-21", "2026-11-22", "2026-12-31", "2027-01-01", "2028-02-29"];

fn head(words: &[&str]) -> String {
    let program = Program::new();
    let run = program.run(&[&["demo", "made", "--no-tour"], words].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    program.git(&["-C", "made", "rev-parse", "--branches"])
}

#[test]
fn the_same_seed_and_day_give_the_same_commits() {
    let once = head(&["--seed", "7", "--today", "2026-11-20"]);
    assert_eq!(once.lines().count(), 3, "two branches besides main");
    assert_eq!(head(&["--seed", "7", "--today", "2026-11-20"]), once);
    assert_ne!(head(&["--seed", "8", "--today", "2026-11-20"]), once);
    assert_ne!(head(&["--seed", "7", "--today", "2026-11-23"]), once);
}

#[test]
fn it_is_a_company_with_a_history() {
    let history = play(Date::parse("2026-11-20").unwrap(), 0).unwrap();
    let tip = &history.commits[history.branches[0].1];
    let of_kind = |place: &str| {
        tip.files
            .keys()
            .filter(|path| path.starts_with(&format!("docs/{place}")) && !path.ends_with("README.md"))
            .count()
    };
    for place in ["memos/", "rfcs/", "battlecards/", "raid/R-", "raid/A-", "raid/I-", "raid/D-"] {
        assert!(of_kind(place) >= 3, "{place}");
    }
    assert!(of_kind("") >= 40);
    let authors: BTreeSet<&str> = history.commits.iter().map(|commit| commit.author.name.as_str()).collect();
    assert!(authors.len() >= 5);
    assert!(history.commits.iter().any(|commit| commit.parents.len() == 2), "a merge");
    assert!(history.commits.iter().any(|commit| commit.author != commit.committer), "a squash");
    let days = history.commits.last().unwrap().seconds - history.commits[0].seconds;
    assert!(days / 86_400 >= 120, "months of it");
}

/// Every day there are the same findings; once mended as the tour does it, none of them stops a build.
#[test]
fn whatever_the_day_the_tour_ends_without_errors() {
    let expected = BTreeMap::from([
        ("dangling-reference", 1),
        ("invalid-value", 1),
        ("malformed-front-matter", 1),
        ("missing-field", 2),
        ("overdue", 2),
        ("shaken-ground", 1),
        ("unknown-field", 1),
    ]);
    for day in DAYS {
        let today = Date::parse(day).unwrap();
        let history = play(today, 0).unwrap();
        let mut files = history.commits[history.branches[0].1].files.clone();
        files.extend(history.unfinished.clone());
        let tree = |files: &BTreeMap<String, String>| {
            files.iter().fold(Tree::default(), |tree, (path, text)| tree.with(path, text))
        };
        let mut found = BTreeMap::new();
        for finding in tree(&files).lint(today) {
            *found.entry(finding.rule).or_insert(0) += 1;
        }
        assert_eq!(found, expected, "on {day}");

        for (path, old, new) in &history.by_hand {
            let text = files.get_mut(path).unwrap();
            assert_eq!(text.matches(old.as_str()).count(), 1, "{path}: `{old}`");
            *text = text.replacen(old.as_str(), new, 1);
        }
        let program = Program::in_repository();
        for (path, text) in &files {
            program.write(path, text);
        }
        let run = program.run(&["lint", "--fix", "--today", day]);
        assert_eq!(run.code, 0, "on {day}: {}", run.out);
        assert!(!run.out.contains("error["), "on {day}: {}", run.out);
    }
}

/// What is committed is what a careful team commits: nothing but what the calendar did to it, and an assumption that fell
/// after the decision on it.
#[test]
fn what_is_committed_is_in_order() {
    for day in DAYS {
        let today = Date::parse(day).unwrap();
        let history = play(today, 0).unwrap();
        let files = &history.commits[history.branches[0].1].files;
        let tree = files.iter().fold(Tree::default(), |tree, (path, text)| tree.with(path, text));
        let findings = tree.lint(today);
        assert!(
            findings.iter().all(|finding| finding.level == Level::Warn
                && ["overdue", "shaken-ground"].contains(&finding.rule)),
            "{findings:#?}"
        );
    }
}

#[test]
fn the_tour_runs_what_it_shows() {
    let program = Program::new();
    let run = program.run(&["demo", "made"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let typed: Vec<&str> = run.out.lines().filter(|line| line.starts_with("$ ")).collect();
    assert_eq!(
        typed,
        [
            "$ pmkit new risk \"The courier may not take our new labels\" initiative=checkout",
            "$ pmkit lint",
            "$ pmkit lint --diff",
            "$ pmkit lint --fix",
            "$ pmkit lint R-0020",
            "$ pmkit raid --in checkout",
            "$ pmkit log RFC-0007",
            "$ pmkit show RFC-0007 --at accepted --diff",
            "$ pmkit agenda",
            "$ pmkit new escalation --from D-0003",
            "$ pmkit digest",
        ]
    );
    assert!(run.out.contains("error[missing-field]: R-0019 has no owner"), "{}", run.out);
    assert!(run.out.contains("\n52 records checked: 6 errors, 7 warnings\n"), "{}", run.out);
    assert!(run.out.contains("\n52 records checked: 1 error, 6 warnings\n"), "{}", run.out);
    let changed = program.git(&["-C", "made", "status", "--short"]);
    assert_eq!(changed.lines().count(), 3, "two new records, and one title in quotes: {changed}");
}

#[test]
fn it_takes_no_folder_that_holds_something() {
    let program = Program::new();
    program.write("made/mine.txt", "mine");
    let run = program.run(&["demo", "made"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("made"), "{}", run.err);
    assert_eq!(program.files("made"), ["mine.txt"]);
}
