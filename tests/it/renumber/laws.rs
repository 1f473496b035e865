//! Renumbering in trees as they grow: two branches with one number, and laws that hold for every record.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use pmkit::config::Config;
use pmkit::config::Settings;
use pmkit::config::load;
use pmkit::document::Document;
use pmkit::kind::Claim;
use pmkit::kind::built_in;
use pmkit::record::Depth;
use pmkit::record::Record;
use pmkit::renumber::Renumbering;
use pmkit::renumber::Sort;
use pmkit::renumber::Text;
use pmkit::renumber::plan;
use proptest::collection::vec;
use proptest::prelude::ProptestConfig;
use proptest::prelude::any;
use proptest::prop_assert;
use proptest::prop_assert_eq;
use proptest::proptest;
use proptest::sample::select;
use proptest::test_runner::RngSeed;

use super::files;
use super::fine;
use super::refused;
use super::rfc;
use crate::program::Program;

/// A repository in which two branches took one number.
fn taken_twice() -> Program {
    let program = Program::in_repository();
    program.write("README.md", "# Notes\n");
    program.commit("start");
    let commit = |subject: &str, day: u32| {
        program.git(&["add", "--all"]);
        program.git(&[
            "commit",
            "--quiet",
            "--message",
            subject,
            &format!("--date=2026-11-{day:02}T10:00:00Z"),
        ]);
    };
    program.git(&["checkout", "--quiet", "-b", "b"]);
    program
        .write("docs/rfcs/0007-b.md", rfc(7, "B", "", "RFC-0007 is this one.\n\nSee [RFC-0007](0007-b.md)."));
    commit("b", 3);
    program.write("docs/on-b.md", "On RFC-0007 and `0007-b.md`\n");
    commit("on b", 4);
    program.git(&["checkout", "--quiet", "main"]);
    program.write("docs/rfcs/0007-a.md", rfc(7, "A", "", "x"));
    commit("a", 5);
    program.write("docs/on-a.md", "On RFC-0007\n");
    commit("on a", 6);
    program.git(&["merge", "--quiet", "--no-edit", "b"]);
    program.write("docs/after.md", "RFC-0007, [RFC-0007](rfcs/0007-b.md), [x](rfcs/0007-a.md)\n");
    commit("after", 8);
    program.write(
        "docs/after.md",
        "RFC-0007, [RFC-0007](rfcs/0007-b.md), [x](rfcs/0007-a.md)\n\nnow RFC-0007\n",
    );
    program
}

#[test]
fn where_two_files_hold_an_id_what_names_the_file_is_certain_and_the_rest_is_judged() {
    let program = taken_twice();
    refused(
        &program,
        &["RFC-0007"],
        "RFC-0007 is the id of 2 records: docs/rfcs/0007-a.md, docs/rfcs/0007-b.md",
    );
    refused(&program, &["RFC-0007"], "pmkit renumber docs/rfcs/0007-b.md");
    let run = program.run(&["renumber", "docs/rfcs/0007-b.md"]);
    assert_eq!(
        fine(&run),
        "RFC-0007 is RFC-0008 now\n\
         docs/rfcs/0007-b.md → docs/rfcs/0008-b.md\n\
         docs/rfcs/0008-b.md:2:5  RFC-0007 → RFC-0008\n\
         docs/rfcs/0008-b.md:9:3  RFC-0007 → RFC-0008\n\
         docs/rfcs/0008-b.md:15:6  RFC-0007 → RFC-0008\n\
         docs/rfcs/0008-b.md:15:16  0007-b.md → 0008-b.md\n\
         docs/after.md:1:12  RFC-0007 → RFC-0008\n\
         docs/after.md:1:22  rfcs/0007-b.md → rfcs/0008-b.md\n\
         docs/on-b.md:1:18  0007-b.md → 0008-b.md\n\
         7 places in 3 files\n\
         5 lines name RFC-0007 alone, which docs/rfcs/0007-a.md holds too: write RFC-0008 where docs/rfcs/0008-b.md is meant\n\
         docs/after.md:1:1: RFC-0007, [RFC-0007](rfcs/0007-b.md), [x](rfcs/0007-a.md)\n\
         \u{20} either: written when both were there\n\
         docs/after.md:3:5: now RFC-0007\n\
         \u{20} either: not committed yet\n\
         docs/on-a.md:1:4: On RFC-0007\n\
         \u{20} likely docs/rfcs/0007-a.md: written before the other was there\n\
         docs/on-b.md:1:4: On RFC-0007 and `0007-b.md`\n\
         \u{20} likely docs/rfcs/0008-b.md: written on its branch, before the other was merged\n\
         docs/rfcs/0008-b.md:13:1: RFC-0007 is this one.\n\
         \u{20} likely docs/rfcs/0008-b.md: written in the commit that made it\n"
    );
    assert!(program.read("docs/rfcs/0007-a.md").contains("# RFC-0007: A"));
    assert_eq!(program.run(&["lint"]).code, 0);
}

#[test]
fn a_branch_that_saw_both_is_known_by_what_it_brought() {
    let program = taken_twice();
    program.git(&["checkout", "--quiet", "."]);
    program.git(&["reset", "--quiet", "--hard", "HEAD~2"]);
    program.git(&["checkout", "--quiet", "b"]);
    program.git(&["merge", "--quiet", "--no-edit", "main"]);
    program.write("docs/late.md", "On RFC-0007\n");
    program.commit("late on b");
    program.git(&["checkout", "--quiet", "main"]);
    program.git(&["merge", "--quiet", "--no-ff", "--no-edit", "b"]);
    let run = program.run(&["renumber", "docs/rfcs/0007-a.md", "--dry-run"]);
    let late = "docs/late.md:1:4: On RFC-0007\n  likely docs/rfcs/0007-b.md: written on the branch that brought it\n";
    assert!(fine(&run).contains(late), "{}", run.out);
}

#[test]
fn where_git_cannot_say_it_says_so() {
    let program = taken_twice();
    fs::remove_dir_all(program.path(".git")).unwrap();
    program.write("pmkit.toml", "");
    let run = program.run(&["renumber", "docs/rfcs/0007-b.md"]);
    assert!(
        run.code == 2 && run.err.contains("there is no git directory to keep a journal in"),
        "{}",
        run.err
    );
    let run = program.run(&["renumber", "docs/rfcs/0007-b.md", "--dry-run"]);
    assert!(fine(&run).contains("git cannot say which is meant: there is no repository\n"), "{}", run.out);
    assert!(run.out.contains("docs/on-b.md:1:4: On RFC-0007"), "{}", run.out);
    let program = taken_twice();
    program.commit("all");
    let clone = Program::new();
    let url = format!("file://{}", program.root().display());
    clone.git(&["clone", "--quiet", "--depth", "1", &url, "."]);
    let run = clone.run(&["renumber", "docs/rfcs/0007-b.md", "--dry-run"]);
    assert!(
        fine(&run).contains("git cannot say which is meant: this clone holds only the newest commits"),
        "{}",
        run.out
    );
}

/// Returns what lint finds, without what a number changes: the figures, the advice which other number is near, and that a branch has
/// it too.
fn findings(program: &Program) -> Vec<String> {
    let run = program.run(&["lint", "--format", "jsonl"]);
    let said = |line: &str| line.split(",\"help\":").next().unwrap_or_default().to_owned();
    let plain = |line: &str| said(line).chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let lines = run.out.lines().filter(|line| !line.contains("\"rule\":\"taken-id\""));
    let mut lines: Vec<String> = lines.map(plain).collect();
    lines.sort();
    lines
}

/// Renumbers every record of a tree once, far away and back: nothing new is found, and the way back leads to the same bytes.
fn there_and_back(program: &Program, every: usize) {
    let (before, found) = (files(program), findings(program));
    let records: Vec<(String, String)> = before
        .iter()
        .filter_map(|(path, bytes)| {
            let text = std::str::from_utf8(bytes).ok()?;
            let id = text.lines().find_map(|line| line.strip_prefix("id: "))?.trim_matches('"');
            Some((path.clone(), id.to_owned()))
        })
        .collect();
    assert!(records.len() > 20);
    // A number that a branch has too cannot be had back.
    for (path, id) in records.iter().step_by(every).filter(|(_, id)| id != "R-0020") {
        let (prefix, number) = id.rsplit_once('-').unwrap();
        let far = format!("{prefix}-0987");
        fine(&program.run(&["renumber", path, &far]));
        assert_eq!(findings(program), found, "{path}");
        let left: Vec<String> = files(program)
            .iter()
            .filter(|(path, bytes)| {
                path.contains(&id[..]) || String::from_utf8_lossy(bytes).contains(&format!("{id} "))
            })
            .map(|(path, _)| path.clone())
            .collect();
        assert!(left.is_empty(), "{id} is left in {left:?}");
        fine(&program.run(&["renumber", &far, number]));
        assert_eq!(files(program), before, "{path}");
    }
}

#[test]
fn nothing_new_is_found_in_the_demo_and_the_way_back_is_the_same() {
    let program = Program::new();
    let run = program.run(&["demo", ".", "--no-tour"]);
    assert_eq!(run.code, 0, "{run:?}");
    there_and_back(&program, if slow() { 1 } else { 4 });
}

fn slow() -> bool {
    std::env::var_os("PMKIT_SLOW_TESTS").is_some()
}

#[test]
fn nothing_new_is_found_in_a_generated_tree() {
    let program = Program::in_repository();
    generate(program.root());
    program.commit("start");
    there_and_back(&program, if slow() { 1 } else { 5 });
}

/// Pieces of which pages are put together, likely and unlikely ones.
const PIECES: &[&str] = &[
    "RFC-0007",
    "RFC-7",
    "rfc-7",
    "RFC 7",
    "rfcs/0007-sessions.md",
    "0007-sessions.md",
    "%2F",
    "%2D",
    "%e9",
    "\\",
    "[",
    "]",
    "](",
    ")",
    "[]",
    "]:",
    "(",
    "<",
    ">",
    "`",
    "```\n",
    "\n",
    "\n\n",
    "# ",
    "- ",
    "    ",
    "---\n",
    "id: ",
    "é",
    "#rfc-0007",
    "|",
    "*",
    "<!--",
    "-->",
    "\"",
    "'",
    "7",
    "http://x/",
    " ",
    " ",
    "a",
    "\r\n",
    "\u{feff}",
    "&amp;",
    "docs/",
    "./",
    "../",
    "?",
    "=",
];

static CONFIG: LazyLock<Config> = LazyLock::new(|| {
    let settings = Settings { kinds: built_in(), ..Settings::default() };
    load(&settings, &pmkit::rules::names()).unwrap()
});

proptest! {
    #![proptest_config(ProptestConfig { cases: if slow() { 20_000 } else { 400 }, failure_persistence: None,
        rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

    #[test]
    fn any_page_is_changed_in_digits_alone_or_not_at_all(pieces in vec(select(PIECES), 0..40), front in any::<bool>(), sort in 0..3) {
        let body = pieces.concat();
        let page = if front { format!("---\nsupersedes: {}\n---\n{body}", body.replace(['\n', '\r'], " ")) } else { body };
        let kind = CONFIG.kinds.index_of("rfc").unwrap();
        let (page_path, sort) = match sort {
            0 => ("docs/page.md", Sort::Page),
            1 => ("docs/page.txt", Sort::Prose),
            _ => ("docs/rfcs/0009-x.md", Sort::Record(Claim { kind, number: Some(9) })),
        };
        let there = |own: &str, number: u64, new: u64, page: &str, shared: bool| {
            let text = rfc(number, "Sessions", "", "x");
            let claim = Claim { kind, number: Some(number) };
            let others = if shared { vec!["docs/rfcs/0007-a.md".to_owned()] } else { Vec::new() };
            let document = Document::read(text.clone());
            let record = Record::read(own, claim, &document, &CONFIG, Depth::FrontMatter);
            let order = Renumbering::new(&CONFIG, "", &record, new, others).unwrap();
            let text = |path: &str, text: &str, sort| Text { path: path.to_owned(), text: text.to_owned(), sort, writable: true, outside: false };
            let texts = [text(own, &document.text, Sort::Record(claim)), text(page_path, page, sort)];
            let outcome = plan(&order, &texts).ok()?;
            let written = outcome.written.iter().find(|written| written.path == page_path);
            Some(written.map_or_else(|| page.to_owned(), |written| written.after.clone()))
        };
        // Where another file holds the id too, no more is changed.
        let _ = there("docs/rfcs/0007-sessions.md", 7, 8, &page, true);
        if let Some(after) = there("docs/rfcs/0007-sessions.md", 7, 8, &page, false) {
            prop_assert_eq!(after.len(), page.len());
            prop_assert!(after.bytes().zip(page.bytes()).all(|(new, old)| new == old || (new == b'8' && old == b'7')));
            let back = there("docs/rfcs/0008-sessions.md", 8, 7, &after, false);
            prop_assert_eq!(back, Some(page));
        }
    }
}

/// Writes records that name each other in many ways, chosen by a row of numbers that is always the same.
fn generate(root: &Path) {
    let mut state = 7_u64;
    let mut below = |count: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % count
    };
    let write = |path: String, text: String| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    for number in 1..=30_u64 {
        let mut mention = || {
            let other = below(30) + 1;
            match below(12) {
                0 => format!("RFC-{other:04}"),
                1 => format!("RFC-{other}"),
                2 => format!("rfc-{other}"),
                3 => format!("RFC {other}"),
                4 => format!("[RFC-{other:04}]({other:04}-t{other}.md)"),
                5 => format!("[text](./{other:04}-t{other}.md#rfc-{other:04}-t{other})"),
                6 => format!("[text](/docs/rfcs/{other:04}-t{other}.md#problem)"),
                7 => format!("`docs/rfcs/{other:04}-t{other}.md`"),
                8 => format!("**RFC-{other:04}**"),
                9 => format!("<!-- RFC-{other:04}: {other:04}-t{other}.md -->"),
                10 => format!("`RFC-{other}`"),
                _ => format!("[RFC-{other:04}](https://x.example/{other:04}-t{other}.md)"),
            }
        };
        let body: Vec<String> = (0..8).map(|_| format!("- Word {} word\n", mention())).collect();
        let ending = if number % 3 == 0 { "\r\n" } else { "\n" };
        let more = if number % 4 == 0 { format!("links: [{}]\n", below(30) + 1) } else { String::new() };
        let text = rfc(number, &format!("T{number}"), &more, &body.concat()).replace('\n', ending);
        write(format!("docs/rfcs/{number:04}-t{number}.md"), text);
    }
    let lines: String =
        (1..=30).map(|n| format!("- [RFC-{n:04}](docs/rfcs/{n:04}-t{n}.md), RFC {n}\n")).collect();
    write("README.md".to_owned(), format!("# All\n\n{lines}"));
}
