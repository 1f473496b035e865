//! Many writers of every sort at once, over one tree and a linked worktree of it.

use std::collections::BTreeSet;
use std::path::Path;
use std::thread;

use crate::program::Program;

/// What the writers do, in turn.
const KINDS: usize = 6;

fn rfc(number: usize, state: &str) -> String {
    format!(
        "---\nid: RFC-{number:04}\ntitle: Proposal {number}\nstatus: {state}\nowner: ana\napprover: priya\nreviewers: [lee, sam]\ncomments_open: 2026-10-05\ncomments_close: 2026-10-20\ncreated: 2026-10-01\n---\n\n## Problem\n\nIt hurts.\n\n## Proposal\n\nMend it.\n\n## Alternatives considered\n\n- **Do nothing:** rejected, because it hurts.\n"
    )
}

fn risk(number: usize, title: &str, state: &str) -> String {
    format!(
        "---\nid: R-{number:04}\ntitle: {title}\nstatus: {state}\nowner: lee\nlikelihood: 2\nimpact: 2\nnext_step: Ask\ndue: 2026-12-01\ncreated: 2026-11-01\nreviewed: 2026-11-18\n---\n\n## Description\n\nAs R-0001 says.\n"
    )
}

/// The number and the rest of the name of each risk in `folder`.
fn risks(program: &Program, folder: &str) -> Vec<(String, String)> {
    let names = program.files(&format!("{folder}/docs/raid"));
    names.iter().map(|name| (name[2..6].to_owned(), name[7..].to_owned())).collect()
}

/// Sixteen writers once; with `PMKIT_SLOW_TESTS`, sixty-four in ten rounds.
#[test]
fn a_storm_of_writers_loses_nothing() {
    let slow = std::env::var_os("PMKIT_SLOW_TESTS").is_some();
    let (writers, rounds) = if slow { (64, 10) } else { (16, 1) };
    for round in 0..rounds {
        storm(writers, round);
    }
}

fn storm(writers: usize, round: usize) {
    let program = Program::in_repository();
    program.write("pmkit.toml", "");
    program.write(
        "docs/README.md",
        "# Risks\n\nSee R-0001.\n\n<!-- pmkit:register raid -->\n<!-- pmkit:end -->\n",
    );
    program.write("docs/raid/R-0001-all.md", risk(1, "Everybody writes here", "open"));
    for writer in 0..writers {
        program.write(
            &format!("docs/raid/R-{:04}-mover-{writer}.md", 100 + writer),
            risk(100 + writer, "Mover", "open"),
        );
        program.write(
            &format!("docs/raid/R-{:04}-typo-{writer}.md", 300 + writer),
            risk(300 + writer, "Typo", "Open"),
        );
        for number in [2 * writer + 1, 2 * writer + 2] {
            program.write(&format!("docs/rfcs/{number:04}-x.md"), rfc(number, "accepted"));
        }
    }
    program.commit("start");
    program.git(&["worktree", "add", "--quiet", "--detach", "linked"]);
    let folder = |writer: usize| if (writer / KINDS + round).is_multiple_of(2) { "." } else { "linked" };
    thread::scope(|scope| {
        for writer in 0..writers {
            let program = &program;
            scope.spawn(move || {
                let mover = format!("R-{:04}", 100 + writer);
                let (title, tag) = (format!("storm {writer}"), format!("tags+=w{writer}"));
                let (old, by) = (format!("RFC-{}", 2 * writer + 1), format!("RFC-{}", 2 * writer + 2));
                let words: &[&str] = match writer % KINDS {
                    0 => &["new", "risk", &title],
                    1 => &["set", "R-0001", &tag],
                    2 => &["renumber", &mover],
                    3 => &["supersede", &old, "--by", &by],
                    4 => &["lint", "--fix"],
                    _ => &["index"],
                };
                let run = program.run(&[&["-C", folder(writer)], words].concat());
                // Whoever mends may see what others have not mended yet.
                assert!(
                    run.code == 0 || words[0] == "lint" && run.code == 1,
                    "{words:?}: {} {}",
                    run.out,
                    run.err
                );
                assert!(!run.err.contains("earlier"), "{words:?}: {}", run.err);
            });
        }
    });
    let mut taken = Vec::new();
    for tree in [".", "linked"] {
        let did = |kind: usize| {
            (0..writers).filter(move |writer| writer % KINDS == kind && folder(*writer) == tree)
        };
        let found = risks(&program, tree);
        let numbers: BTreeSet<&String> = found.iter().map(|(number, _)| number).collect();
        assert_eq!(numbers.len(), found.len(), "two with one number: {found:?}");
        assert_eq!(found.len(), 1 + 2 * writers + did(0).count(), "{found:?}");
        taken.extend(
            found.iter().filter(|(_, name)| name.starts_with("storm")).map(|(number, _)| number.clone()),
        );
        let all = program.read(&format!("{tree}/docs/raid/R-0001-all.md"));
        for writer in did(1) {
            assert!(all.contains(&format!("w{writer}")), "{writer} is lost: {all}");
        }
        for writer in did(2) {
            let moved = found.iter().find(|(_, name)| *name == format!("mover-{writer}.md"));
            let (number, name) = moved.unwrap_or_else(|| panic!("{writer} is lost: {found:?}"));
            assert_ne!(*number, format!("{:04}", 100 + writer), "{writer} was not moved");
            let text = program.read(&format!("{tree}/docs/raid/R-{number}-{name}"));
            assert!(text.starts_with(&format!("---\nid: R-{number}\n")), "{text}");
            taken.push(number.clone());
        }
        for writer in did(3) {
            let (old, by) = (2 * writer + 1, 2 * writer + 2);
            let read = |number: usize| program.read(&format!("{tree}/docs/rfcs/{number:04}-x.md"));
            let (was, is) = (read(old), read(by));
            assert!(
                was.contains("status: superseded") && was.contains(&format!("superseded_by: RFC-{by:04}")),
                "{was}"
            );
            assert!(is.contains(&format!("supersedes: [RFC-{old:04}]")), "{is}");
        }
        left_over(&program, tree);
        assert_eq!(program.run(&["-C", tree, "lint", "--fix"]).code, 0);
        assert_eq!(program.run(&["-C", tree, "index"]).code, 0);
        let run = program.run(&["-C", tree, "lint"]);
        assert!(run.code == 0 && !run.out.contains("error["), "{}", run.out);
    }
    // A number that one of the trees took is nobody else's in the other.
    let distinct: BTreeSet<&String> = taken.iter().collect();
    assert_eq!(distinct.len(), taken.len(), "{taken:?}");
    assert!(taken.iter().all(|number| number.as_str() > "0299"), "{taken:?}");
}

/// Makes sure that there is no journal, note or temporary file.
fn left_over(program: &Program, tree: &str) {
    let git = program.git(&["-C", tree, "rev-parse", "--absolute-git-dir"]);
    let state = Path::new(git.trim()).join("pmkit");
    for name in ["journal.json", "journal.new", "writing"] {
        assert!(!state.join(name).exists(), "{name} is left over");
    }
    for folder in ["", "docs", "docs/raid", "docs/rfcs"] {
        let names = program.files(&format!("{tree}/{folder}"));
        assert!(names.iter().all(|name| !name.starts_with(".pmkit-")), "{names:?}");
    }
}
