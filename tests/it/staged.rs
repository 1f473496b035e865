//! `lint --staged`: the index is read, not the working tree, by whichever way the repository can be read.

use crate::program::Program;

const GOOD: &str = "---\nid: R-0001\ntitle: Tide may miss the date\nstatus: open\nowner: maya\nnext_step: Ask Dana\ndue: 2026-11-25\ncreated: 2026-11-16\n---\n\n## Description\n\nIt may.\n";
const PATH: &str = "docs/raid/R-0001-tide.md";

fn no_owner() -> String {
    GOOD.replace("owner: maya", "owner:")
}

fn lint(program: &Program, words: &[&str]) -> (i32, String) {
    let run = program.run(&[&["lint"], words].concat());
    (run.code, format!("{}{}", run.out, run.err))
}

#[test]
fn the_index_is_read_and_not_the_tree() {
    let program = Program::in_repository();
    program.write(PATH, no_owner());
    program.git(&["add", "."]);
    program.write(PATH, GOOD);
    assert_eq!(lint(&program, &[]).0, 0);
    let (code, said) = lint(&program, &["--staged"]);
    assert_eq!(code, 1, "{said}");
    // The lines that are shown are those that are staged.
    assert!(said.contains("5 | owner:\n"), "{said}");
    program.git(&["add", "."]);
    program.write(PATH, no_owner());
    assert_eq!(lint(&program, &["--staged"]).0, 0);
    // Deleted in the tree, still staged; and the other way round.
    std::fs::remove_file(program.path(PATH)).unwrap();
    assert!(lint(&program, &["--staged"]).1.contains("1 record checked"));
    assert!(lint(&program, &["--staged", PATH]).1.contains("1 record checked"));
    program.git(&["rm", "--quiet", "--cached", PATH]);
    program.write(PATH, no_owner());
    assert_eq!(lint(&program, &["--staged"]).0, 0);
    // A hook hands on whatever a commit touches.
    assert_eq!(lint(&program, &["--staged", PATH, "gone.txt"]).0, 0);
    // Announced and not added.
    program.git(&["add", "--intent-to-add", PATH]);
    assert!(lint(&program, &["--staged"]).1.contains("no records"));
}

#[test]
fn what_steers_it_is_read_from_the_index_too() {
    let program = Program::in_repository();
    program.write(PATH, no_owner());
    program.write("pmkit.toml", "[rules]\nmissing-field = \"warn\"\n");
    program.git(&["add", "."]);
    program.write("pmkit.toml", "this is not TOML");
    assert_eq!(lint(&program, &[]).0, 2);
    assert_eq!(lint(&program, &["--staged"]).0, 0);
    program.git(&["rm", "--quiet", "--cached", "--force", "pmkit.toml"]);
    assert_eq!(lint(&program, &["--staged"]).0, 1);
    program.write("other.toml", "[rules]\nmissing-field = \"allow\"\n");
    assert_eq!(lint(&program, &["--staged", "--config", "other.toml"]).0, 0);
}

#[test]
fn below_the_top_and_where_only_git_can_read() {
    let program = Program::in_repository();
    program.write(&format!("team/{PATH}"), no_owner());
    program.write("team/pmkit.toml", "");
    program.git(&["add", "."]);
    let (code, said) = lint(&program, &["-C", "team", "--staged"]);
    assert_eq!((code, said.contains("--> team/docs/raid/R-0001-tide.md:5:7")), (1, true), "{said}");
    let sha256 = Program::new();
    sha256.git(&["init", "--quiet", "--object-format", "sha256"]);
    sha256.write(PATH, no_owner());
    sha256.git(&["add", "."]);
    sha256.write(PATH, GOOD);
    assert_eq!(lint(&sha256, &["--staged"]).0, 1);
    // An index in two parts is one that libgit2 does not read.
    let split = Program::in_repository();
    split.write(PATH, no_owner());
    split.git(&["add", "."]);
    split.git(&["update-index", "--split-index"]);
    split.write(PATH, GOOD);
    assert_eq!(lint(&split, &["--staged"]).0, 1, "{}", lint(&split, &["--staged"]).1);
}

#[test]
fn a_conflict_is_left_out_and_said() {
    let program = Program::in_repository();
    program.write(PATH, GOOD);
    program.commit("one");
    program.git(&["checkout", "--quiet", "-b", "other"]);
    program.write(PATH, GOOD.replace("maya", "tom"));
    program.commit("two");
    program.git(&["checkout", "--quiet", "main"]);
    program.write(PATH, GOOD.replace("maya", "ana"));
    program.commit("three");
    program.shell("git merge other", program.root());
    let (code, said) = lint(&program, &["--staged"]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("left out: docs/raid/R-0001-tide.md: a merge has left it in conflict"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_hook_sees_the_index_git_names_to_it() {
    use std::os::unix::fs::PermissionsExt;
    let program = Program::in_repository();
    program.write(PATH, GOOD);
    program.commit("one");
    let hook = program.path(".git/hooks/pre-commit");
    program.write(
        ".git/hooks/pre-commit",
        format!("#!/bin/sh\nexec '{}' lint --staged\n", env!("CARGO_BIN_EXE_pmkit")),
    );
    std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).unwrap();
    program.write(PATH, no_owner());
    // `git commit FILE` has an index of its own.
    let said = program.shell("git commit -q -m two docs 2>&1; git log --oneline | wc -l", program.root());
    assert!(said.contains("R-0001 has no owner") && said.trim_end().ends_with('1'), "{said}");
    program.write(PATH, GOOD.replace("maya", "tom"));
    let said = program.shell("git commit -q -m two docs 2>&1; git log --oneline | wc -l", program.root());
    assert!(said.trim_end().ends_with('2'), "{said}");
}

#[test]
fn what_cannot_be_is_refused() {
    let program = Program::new();
    assert_eq!(lint(&program, &["--staged"]).0, 2);
    assert_eq!(lint(&program, &["--staged", "--fix"]).0, 2);
    program.git(&["init", "--quiet", "--bare"]);
    let (code, said) = lint(&program, &["--staged"]);
    assert_eq!(code, 2);
    assert!(said.contains("a bare repository has no index"), "{said}");
}
