//! `--commit`: the files of the change and no others, or nothing at all.

use std::fs;

use crate::program::Program;
use crate::program::Run;

const RISK: &str = "---\nid: R-0001\ntitle: FX loss\nstatus: open\nowner: lee\nnext_step: Ask\ndue: 2026-12-01\ncreated: 2026-11-01\n---\n\n# R-0001 FX loss\n\n## Description\n\nThe rate moves.\n";

fn shop() -> Program {
    let program = Program::in_repository();
    for number in 1..=3 {
        program.write(
            &format!("docs/raid/R-000{number}-x.md"),
            RISK.replace("R-0001", &format!("R-000{number}")),
        );
    }
    program.write("other.txt", "one\n");
    program.commit("start");
    program
}

fn commit(program: &Program, words: &[&str]) -> Run {
    program.run(&[&["set"], words, &["--commit"]].concat())
}

/// Nothing is written and nothing committed, and `said` says why.
fn refused(program: &Program, words: &[&str], said: &str) {
    let state = || {
        (
            program.read("docs/raid/R-0001-x.md"),
            program.git(&["status", "--porcelain"]),
            program.git(&["log", "--format=%H", "--all"]),
        )
    };
    let before = state();
    let run = commit(program, words);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{words:?}: {}", run.err);
    assert!(run.err.contains(said) && run.err.contains("nothing was written"), "{words:?}: {}", run.err);
    assert_eq!(before, state(), "{words:?}");
}

#[test]
fn only_the_files_of_the_change_are_committed() {
    let program = shop();
    program.write("other.txt", "two\n");
    program.write("staged.txt", "new\n");
    program.git(&["add", "staged.txt"]);
    program.write("loose.txt", "new\n");
    program.write("docs/raid/R-0003-x.md", RISK.replace("R-0001", "R-0003").replace("lee", "tom"));
    let run = commit(&program, &["R-0001", "status=mitigating"]);
    assert_eq!((run.code, run.out.as_str()), (0, "R-0001  status  open → mitigating\n"), "{}", run.err);
    let short = program.git(&["rev-parse", "--short=7", "HEAD"]);
    assert!(run.err.contains(&format!("committed {short}")), "{}", run.err);
    let shown = program.git(&["log", "-1", "--format=%s%n%b%an <%ae> %aI %cI", "--name-status"]);
    assert_eq!(
        shown,
        "R-0001: status open → mitigating\nLee Park <lee@acme.example> 2026-11-02T10:00:00Z 2026-11-02T10:00:00Z\n\nM\tdocs/raid/R-0001-x.md\n"
    );
    assert_eq!(
        program.git(&["status", "--porcelain"]),
        " M docs/raid/R-0003-x.md\n M other.txt\nA  staged.txt\n?? loose.txt\n"
    );
    program.git(&["fsck", "--strict"]);
    let reflog = program.git(&["reflog", "-1", "--format=%gs"]);
    assert_eq!(reflog, "commit: R-0001: status open → mitigating\n");
}

#[test]
fn what_several_records_say_is_told_below_the_first_line() {
    let program = shop();
    let run = commit(
        &program,
        &["R-0001", "R-0002", "owner=ana", "next_step=Talk to the bank about a fixed rate for a week"],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(
        program.git(&["log", "-1", "--format=%B"]).trim_end(),
        "2 records: next_step, owner\n\nR-0001  owner      lee → ana\nR-0001  next_step  Ask → Talk to the bank about a fixed rate for a week\nR-0002  owner      lee → ana\nR-0002  next_step  Ask → Talk to the bank about a fixed rate for a week"
    );
    let run = commit(&program, &["R-0001", "R-0002", "status=closed"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(program.git(&["log", "-1", "--format=%s"]), "2 records: status open → closed\n");
    // Nothing to change is nothing to commit.
    let head = program.git(&["rev-parse", "HEAD"]);
    assert_eq!(
        commit(&program, &["R-0001", "status=closed"]).err,
        "R-0001: status is closed already\nnothing to change\n"
    );
    assert_eq!(program.git(&["rev-parse", "HEAD"]), head);
}

#[test]
fn another_repository_inside_and_a_reader_that_goes_away_change_nothing() {
    let program = shop();
    program.git(&["init", "--quiet", "inner"]);
    program.git(&["-C", "inner", "commit", "--quiet", "--allow-empty", "--message", "x"]);
    program.git(&["-c", "advice.addEmbeddedRepo=false", "add", "inner"]);
    program.git(&["commit", "--quiet", "--message", "inner"]);
    let mut command = program.command(&["set", "R-0001", "owner=ana", "--commit"]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    assert!(command.stdout(writer).status().unwrap().success());
    assert_eq!(program.git(&["log", "-1", "--format=%s"]), "R-0001: owner lee → ana\n");
    assert_eq!(program.git(&["status", "--porcelain"]), "");
    program.git(&["fsck", "--strict"]);
}

#[test]
fn a_detached_head_and_a_worktree_are_fine() {
    let program = shop();
    program.git(&["checkout", "--quiet", "--detach"]);
    assert_eq!(commit(&program, &["R-0001", "owner=ana"]).code, 0);
    assert_eq!(program.git(&["rev-list", "--count", "HEAD"]), "2\n");
    assert_eq!(program.git(&["rev-list", "--count", "main"]), "1\n");
    program.git(&["worktree", "add", "--quiet", "side", "main"]);
    let run = program.run(&["-C", "side", "set", "R-0002", "owner=ana", "--commit"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(program.git(&["-C", "side", "rev-list", "--count", "HEAD"]), "2\n");
    assert_eq!(program.git(&["-C", "side", "status", "--porcelain"]), "");
}

#[test]
fn a_tree_below_the_top_is_committed_where_it_lies() {
    let program = shop();
    fs::create_dir(program.path("team")).unwrap();
    program.write("team/pmkit.toml", "");
    program.write("team/docs/raid/R-0009-x.md", RISK.replace("R-0001", "R-0009"));
    program.commit("team");
    let run = program.run(&["-C", "team", "set", "R-0009", "owner=ana", "--commit"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(program.git(&["show", "--name-only", "--format="]), "team/docs/raid/R-0009-x.md\n");
    assert_eq!(program.git(&["status", "--porcelain"]), "");
}

#[test]
fn line_ends_are_committed_as_git_keeps_them() {
    let program = shop();
    program.git(&["config", "core.autocrlf", "true"]);
    fs::remove_file(program.path("docs/raid/R-0001-x.md")).unwrap();
    program.git(&["checkout", "--quiet", "--", "docs/raid/R-0001-x.md"]);
    assert!(program.read("docs/raid/R-0001-x.md").contains("\r\n"));
    let run = commit(&program, &["R-0001", "owner=ana"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(program.read("docs/raid/R-0001-x.md").contains("owner: ana\r\n"));
    assert_eq!(program.git(&["show", "HEAD:docs/raid/R-0001-x.md"]), RISK.replace("lee", "ana"));
    assert_eq!(program.git(&["status", "--porcelain"]), "");
}

#[cfg(unix)]
#[test]
fn a_file_keeps_its_mode_and_no_hook_runs() {
    use std::os::unix::fs::PermissionsExt;
    let program = shop();
    program.git(&["update-index", "--chmod=+x", "docs/raid/R-0001-x.md"]);
    fs::set_permissions(program.path("docs/raid/R-0001-x.md"), fs::Permissions::from_mode(0o755)).unwrap();
    program.git(&["commit", "--quiet", "--message", "mode"]);
    program.write(".git/hooks/pre-commit", "#!/bin/sh\ntouch ran\nexit 1\n");
    fs::set_permissions(program.path(".git/hooks/pre-commit"), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(commit(&program, &["R-0001", "owner=ana"]).code, 0);
    assert!(program.git(&["ls-tree", "HEAD", "docs/raid/R-0001-x.md"]).starts_with("100755"));
    assert!(!program.path("ran").exists());
}

#[test]
fn what_stands_in_the_way_is_told_before_anything_is_written() {
    let program = shop();
    program.write("docs/raid/R-0001-x.md", RISK.replace("Ask", "Call"));
    refused(&program, &["R-0001", "owner=ana"], "R-0001-x.md has changes that are not committed yet");
    program.git(&["add", "docs/raid/R-0001-x.md"]);
    refused(&program, &["R-0001", "owner=ana"], "git commit -m 'R-0001: owner lee → ana' -- ");
    program.git(&["checkout", "--quiet", "HEAD", "--", "docs"]);
    program.write("docs/raid/R-0004-x.md", RISK.replace("R-0001", "R-0004"));
    refused(&program, &["R-0001", "R-0004", "owner=ana"], "R-0004-x.md is not committed yet");
    fs::remove_file(program.path("docs/raid/R-0004-x.md")).unwrap();
    fs::write(program.path(".git/config"), format!("{}[commit]\n\tgpgsign\n", program.read(".git/config")))
        .unwrap();
    refused(&program, &["R-0001", "owner=ana"], "commit.gpgsign");
    program.git(&["config", "commit.gpgsign", "false"]);
    program.write(".gitattributes", "*.md filter=lfs\n");
    refused(
        &program,
        &["R-0001", "owner=ana"],
        "git has a program or a conversion for docs/raid/R-0001-x.md",
    );
    program.write(".gitattributes", "*.md -filter\n");
    assert_eq!(commit(&program, &["R-0002", "owner=ana"]).code, 0, "that says there is none");
    fs::remove_file(program.path(".gitattributes")).unwrap();
    program.git(&["branch", "side"]);
    program.write("other.txt", "main\n");
    program.commit("main");
    program.git(&["checkout", "--quiet", "side"]);
    program.write("other.txt", "side\n");
    program.commit("side");
    let mut merge = std::process::Command::new("git");
    merge.args(["merge", "main"]);
    program.apart(&mut merge);
    assert!(!merge.output().unwrap().status.success());
    refused(&program, &["R-0001", "owner=ana"], "a merge is under way");
    // Git commits no single files then either.
    assert!(!commit(&program, &["R-0001", "owner=ana"]).err.contains("git commit"));
    program.git(&["merge", "--abort"]);
    assert_eq!(commit(&program, &["R-0001", "owner=ana"]).code, 0);
}

#[test]
fn without_a_repository_or_a_name_there_is_no_commit() {
    let program = Program::new();
    program.write("docs/raid/R-0001-x.md", RISK);
    let run = commit(&program, &["R-0001", "owner=ana"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("there is no git repository here; nothing was written"), "{}", run.err);
    assert_eq!(program.read("docs/raid/R-0001-x.md"), RISK);
    let program = shop();
    for name in ["GIT_AUTHOR_NAME", "GIT_COMMITTER_EMAIL"] {
        let mut command = program.command(&["set", "R-0001", "owner=ana", "--commit"]);
        let ended = command.env_remove(name).output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(said.contains("git does not know who you are; nothing was written"), "{said}");
    }
    let mut command = program.command(&["set", "R-0001", "owner=ana", "--commit"]);
    let ended = command.env("GIT_AUTHOR_DATE", "soon").output().unwrap();
    assert!(String::from_utf8(ended.stderr).unwrap().contains("GIT_AUTHOR_DATE is `soon`"));
    assert_eq!(program.read("docs/raid/R-0001-x.md"), RISK);
}

#[test]
fn a_commit_that_fails_in_the_end_leaves_the_files_written_and_says_so() {
    let program = shop();
    program.write(".git/index.lock", "");
    refused(&program, &["R-0001", "owner=ana"], "another git program is at work");
    fs::remove_file(program.path(".git/index.lock")).unwrap();
    program.write(".git/refs/heads/main.lock", "");
    let run = commit(&program, &["R-0001", "owner=ana"]);
    assert_eq!((run.code, run.out.as_str()), (2, "R-0001  owner  lee → ana\n"));
    assert!(run.err.contains("the files are written, and not committed"), "{}", run.err);
    assert!(program.read("docs/raid/R-0001-x.md").contains("owner: ana"));
    assert_eq!(program.git(&["rev-list", "--count", "HEAD"]), "1\n");
    // The command it gives does the rest.
    fs::remove_file(program.path(".git/refs/heads/main.lock")).unwrap();
    let told = run.err.split("commit them: ").nth(1).unwrap().lines().next().unwrap();
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", told]);
    program.apart(&mut shell);
    assert!(shell.output().unwrap().status.success(), "{told}");
    assert_eq!(program.git(&["log", "-1", "--format=%s"]), "R-0001: owner lee → ana\n");
    assert_eq!(program.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_repository_that_only_git_can_open_is_left_to_git() {
    let program = Program::new();
    program.git(&["init", "--quiet", "--object-format=sha256"]);
    program.write("docs/raid/R-0001-x.md", RISK);
    program.commit("start");
    refused(&program, &["R-0001", "owner=ana"], "only the git program can open this repository");
}

#[test]
fn before_the_first_commit_there_is_nothing_to_build_on() {
    let program = Program::in_repository();
    program.write("docs/raid/R-0001-x.md", RISK);
    let run = commit(&program, &["R-0001", "owner=ana"]);
    assert!(run.code == 2 && run.err.contains("is not committed yet: all of it would go in"), "{}", run.err);
}
