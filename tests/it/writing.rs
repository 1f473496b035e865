//! The door to the disk: all or nothing, one at a time, and what is left behind is put right.

use std::fs;
use std::fs::File;
use std::path::PathBuf;

use pmkit::change::Change;
use pmkit::fs::Door;
use pmkit::fs::Recovered;
use pmkit::fs::Tree;
use serde_json::Value;
use serde_json::json;

use crate::program::Program;

fn door(program: &Program) -> Door {
    Door::open(&Tree::find(program.root()).unwrap()).unwrap()
}

fn create(path: &str, text: &str) -> Change {
    Change::Create { path: path.to_owned(), text: text.to_owned() }
}

fn edit(path: &str, before: &str, after: &str) -> Change {
    Change::Edit { path: path.to_owned(), before: before.to_owned(), after: after.to_owned() }
}

fn rename(from: &str, to: &str, before: &str, after: &str) -> Change {
    let [from, to, before, after] = [from, to, before, after].map(str::to_owned);
    Change::Move { from, to, before, after }
}

/// Three changes that are one step, on a tree that has what they change.
fn three(program: &Program) -> [Change; 3] {
    program.write("a.md", "old a\n");
    program.write("b.md", "old b\n");
    [
        edit("a.md", "old a\n", "new a\n"),
        create("deep/er/c.md", "new c\n"),
        rename("b.md", "d.md", "old b\n", "new b\n"),
    ]
}

/// Everything in the tree but the git directory, by path.
fn files(program: &Program) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(program.root().join(&folder)).unwrap() {
            let below = folder.join(entry.unwrap().file_name());
            if below.ends_with(".git") {
                continue;
            }
            let full = program.root().join(&below);
            if full.is_dir() {
                folders.push(below);
            } else {
                found.push((below.to_str().unwrap().to_owned(), fs::read_to_string(full).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn owned(files: &[(&str, &str)]) -> Vec<(String, String)> {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

const OLD: [(&str, &str); 2] = [("a.md", "old a\n"), ("b.md", "old b\n")];
const NEW: [(&str, &str); 3] = [("a.md", "new a\n"), ("d.md", "new b\n"), ("deep/er/c.md", "new c\n")];

fn journal_of(program: &Program) -> PathBuf {
    program.root().join(".git/pmkit/journal.json")
}

/// Writes the journal of the three changes as a program that died has left it, and returns it.
fn left_behind(program: &Program) -> Value {
    let journal = json!({
        "schema": "pmkit.journal/1",
        "command": "renumber RFC-0007",
        "prefix": "",
        "steps": [
            {"from": ["a.md", "old a\n"], "to": "a.md", "text": "new a\n", "temporary": ".pmkit-x-0"},
            {"from": null, "to": "deep/er/c.md", "text": "new c\n", "temporary": ".pmkit-x-1"},
            {"from": ["b.md", "old b\n"], "to": "d.md", "text": "new b\n", "temporary": ".pmkit-x-2"},
        ],
    });
    program.write(".git/pmkit/journal.json", journal.to_string());
    journal
}

#[test]
fn several_files_are_one_step() {
    let program = Program::in_repository();
    let changes = three(&program);
    assert_eq!(door(&program).carry_out("test", &changes).unwrap(), ["a.md", "deep/er/c.md", "d.md"]);
    assert_eq!(files(&program), owned(&NEW));
    assert!(!journal_of(&program).exists());
}

#[test]
fn what_cannot_be_written_keeps_all_from_being_written() {
    let program = Program::in_repository();
    let good = three(&program);
    let before = files(&program);
    for (bad, why) in [
        (create("a.md", "x"), "a.md is there already; nothing was overwritten"),
        (create("a.md/x.md", "x"), "is a file where a folder is needed"),
        (
            edit("b.md", "another text\n", "x"),
            "b.md was changed by someone else meanwhile; nothing was written",
        ),
        (edit("gone.md", "x\n", "y"), "gone.md: no such file or directory"),
        (edit("a.md", "old a\n", "x"), "a.md would be changed twice at once; nothing was written"),
        (rename("b.md", "a.md", "old b\n", "x"), "a.md is there already"),
    ] {
        let mut changes = good.to_vec();
        changes.retain(|change| change.path() != "d.md");
        changes.push(bad);
        let error = door(&program).carry_out("test", &changes).unwrap_err();
        assert!(error.message.contains(why), "{}", error.message);
        assert_eq!(files(&program), before, "{why}");
        assert!(!journal_of(&program).exists(), "{why}");
    }
}

#[test]
fn the_mode_stays() {
    use std::os::unix::fs::PermissionsExt;
    let program = Program::in_repository();
    let changes = three(&program);
    let mode = |path: &str| fs::metadata(program.root().join(path)).unwrap().permissions().mode() & 0o777;
    let set = |path: &str, mode: u32| {
        fs::set_permissions(program.root().join(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    set("a.md", 0o755);
    set("b.md", 0o640);
    door(&program).carry_out("test", &changes).unwrap();
    assert_eq!((mode("a.md"), mode("d.md")), (0o755, 0o640));
    set("a.md", 0o444);
    let error = door(&program).carry_out("test", &[edit("a.md", "new a\n", "x")]).unwrap_err();
    assert_eq!(error.message, "a.md is read-only; nothing was changed");
    assert_eq!(mode("a.md"), 0o444);
}

#[test]
fn what_was_stopped_halfway_is_finished_wherever_it_stopped() {
    // How much of each of the three was done: nothing, laid out, half (both names are there), all.
    for stop in 0..7 {
        let program = Program::in_repository();
        three(&program);
        left_behind(&program);
        if stop >= 1 {
            program.write(".pmkit-x-0", "new a\n");
            program.write("deep/er/.pmkit-x-1", "new");
            program.write(".pmkit-x-2", "");
        }
        if stop >= 2 {
            program.write("a.md", "new a\n");
        }
        if stop >= 3 {
            program.write("deep/er/c.md", "new c\n");
        }
        if stop >= 4 {
            program.write("d.md", "new b\n");
        }
        if stop >= 5 {
            fs::remove_file(program.root().join("b.md")).unwrap();
        }
        if stop == 6 {
            fs::remove_file(program.root().join(".pmkit-x-0")).unwrap();
        }
        let run = program.run(&["list"]);
        if stop < 2 {
            assert!(
                run.err.starts_with("note: an earlier `renumber RFC-0007` was stopped before it wrote anything; nothing of it is left\n"),
                "{}",
                run.err
            );
            assert_eq!(files(&program), owned(&OLD), "{stop}");
        } else {
            assert!(
                run.err.starts_with("note: an earlier `renumber RFC-0007` was stopped halfway; its 3 files are all written now\n"),
                "{}",
                run.err
            );
            assert_eq!(files(&program), owned(&NEW), "{stop}");
        }
        assert!(!journal_of(&program).exists());
        assert!(!program.run(&["list"]).err.contains("earlier"));
    }
}

#[test]
fn what_was_changed_since_is_left_to_a_person() {
    let program = Program::in_repository();
    three(&program);
    left_behind(&program);
    program.write("a.md", "new a\n");
    program.write("b.md", "somebody's words\n");
    let before = files(&program);
    let told = "`renumber RFC-0007` was stopped halfway, and since then somebody has changed d.md\n  help: written already: a.md\n  help: not written yet: deep/er/c.md\n  help: to have it finished, bring back the old text of d.md, and run any pmkit command\n  help: to keep all files as they are now, delete ";
    // Who reads is told, and reads; who writes is kept from it.
    let run = program.run(&["list"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains(told), "{}", run.err);
    let run = program.run(&["new", "risk", "x", "owner=ana"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains(told), "{}", run.err);
    assert_eq!(files(&program), before);
    // The way it says.
    program.write("b.md", "old b\n");
    program.run(&["list"]);
    assert_eq!(files(&program), owned(&NEW));
}

#[test]
fn what_nobody_began_is_dropped_whatever_has_changed() {
    let program = Program::in_repository();
    three(&program);
    left_behind(&program);
    program.write("b.md", "somebody's words\n");
    let before = files(&program);
    assert!(program.run(&["list"]).err.contains("before it wrote anything"));
    assert_eq!(files(&program), before);
    assert!(!journal_of(&program).exists());
}

#[test]
fn journals_that_cannot_be_read_are_left_alone() {
    for (text, why) in [
        (
            r#"{"schema": "pmkit.journal/2", "steps": "another form"}"#,
            "a newer pmkit stopped halfway and left its journal",
        ),
        ("{\"schema\": \"pmkit.jou", "is no journal that can be read"),
        ("", "is no journal that can be read"),
    ] {
        let program = Program::in_repository();
        program.write(".git/pmkit/journal.json", text);
        let run = program.run(&["new", "risk", "x", "owner=ana"]);
        assert_eq!(run.code, 2);
        assert!(run.err.contains(why) && run.err.contains("delete"), "{}", run.err);
        assert_eq!(program.run(&["list"]).code, 0);
        assert_eq!(fs::read_to_string(journal_of(&program)).unwrap(), text);
    }
}

#[test]
fn a_journal_leads_nowhere_else() {
    let program = Program::in_repository();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join(".pmkit-x"), "keep").unwrap();
    let place = outside.path().to_str().unwrap();
    let step = json!({"from": null, "to": format!("{place}/c.md"), "text": "c", "temporary": "../.pmkit-x"});
    let done = json!({"from": ["a.md", "old\n"], "to": "a.md", "text": "new\n", "temporary": ".pmkit-y"});
    let journal = json!({"schema": "pmkit.journal/1", "command": "x", "prefix": "", "steps": [done, step]});
    program.write("a.md", "new\n");
    program.write(".git/pmkit/journal.json", journal.to_string());
    let run = program.run(&["list"]);
    assert!(run.err.contains("leads out of the tree; nothing was written"), "{}", run.err);
    assert!(!outside.path().join("c.md").exists());
    assert!(outside.path().join(".pmkit-x").exists());
}

#[test]
fn a_temporary_file_left_over_is_taken_away_by_the_next_writer() {
    let program = Program::in_repository();
    program.write("docs/raid/.pmkit-1-0", "half of");
    program.write(".git/pmkit/writing", "docs/raid/R-0001-x.md\n.pmkit-1-0\n");
    assert_eq!(program.run(&["new", "risk", "x", "owner=ana", "likelihood=2", "impact=2"]).code, 0);
    let found = files(&program);
    assert!(found.iter().all(|(path, _)| !path.contains(".pmkit-")), "{found:?}");
    assert!(!program.root().join(".git/pmkit/writing").exists());
}

#[test]
fn without_a_git_directory_files_are_written_one_at_a_time() {
    let program = Program::new();
    let changes = three(&program);
    let error = door(&program).carry_out("test", &changes).unwrap_err();
    assert_eq!(
        error.message,
        "there is no git directory to keep a journal in; several files are written as one step, or not at all"
    );
    assert_eq!(files(&program), owned(&OLD));
    door(&program).carry_out("test", &changes[..1]).unwrap();
    assert_eq!(program.read("a.md"), "new a\n");
}

#[test]
fn a_second_writer_waits_and_a_reader_does_not() {
    let program = Program::in_repository();
    program.write(".git/pmkit/write.lock", "");
    let held = File::open(program.root().join(".git/pmkit/write.lock")).unwrap();
    held.lock().unwrap();
    // Somebody is writing at this moment: what is half written is left to them, and who reads goes on.
    three(&program);
    left_behind(&program);
    let run = program.run(&["list"]);
    assert_eq!((run.code, run.err.contains("earlier")), (0, false), "{}", run.err);
    assert!(journal_of(&program).exists());
    let waiting = std::thread::scope(|scope| {
        let writer = scope.spawn(|| door(&program).recovered);
        std::thread::sleep(std::time::Duration::from_millis(50));
        assert!(journal_of(&program).exists());
        drop(held);
        writer.join().unwrap()
    });
    assert_eq!(waiting, Some(Recovered::Dropped("renumber RFC-0007".to_owned())));
}

#[test]
fn a_linked_worktree_has_a_door_of_its_own() {
    let program = Program::in_repository();
    program.write("a.md", "old a\n");
    program.commit("start");
    program.git(&["worktree", "add", "-q", "other"]);
    let tree = Tree::find(&program.root().join("other")).unwrap();
    let state = tree.git_folder().unwrap();
    assert!(state.ends_with(".git/worktrees/other"), "{}", state.display());
    let _held = door(&program);
    // Nobody waits for somebody in another worktree.
    let other = Door::open(&tree).unwrap();
    other.carry_out("test", &[edit("a.md", "old a\n", "new a\n"), create("b.md", "b")]).unwrap();
    assert_eq!(program.read("other/a.md"), "new a\n");
    assert_eq!(program.read("a.md"), "old a\n");
}

#[test]
#[cfg(unix)]
fn a_folder_nobody_can_look_into_is_not_passed_over() {
    use std::os::unix::fs::PermissionsExt;
    let program = Program::in_repository();
    program.write("docs/raid/R-0001-x.md", "---\ntitle: x\n---\n");
    let folder = program.path("docs/raid");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(&folder).is_ok() {
        eprintln!("not checked: whoever runs this may look into every folder");
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        return;
    }
    let run = program.run(&["lint"]);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(run.code, 2);
    assert!(run.err.contains("docs/raid: permission denied"), "{}", run.err);
}

#[test]
fn a_git_directory_that_cannot_be_written_to_keeps_no_journal() {
    let program = Program::in_repository();
    let changes = three(&program);
    // What holds for everybody, root too: there is a file where pmkit's folder would be.
    program.write(".git/pmkit", "in the way");
    let error = door(&program).carry_out("test", &changes).unwrap_err();
    assert_eq!(
        error.message,
        "the git directory cannot be written to, and the journal is kept there; several files are written as one step, or not at all"
    );
    assert_eq!(files(&program), owned(&OLD));
    assert_eq!(program.run(&["new", "risk", "x", "owner=ana"]).code, 0);
}

#[test]
#[cfg(unix)]
fn links_are_followed_inside_the_tree_and_not_moved() {
    let program = Program::in_repository();
    three(&program);
    std::os::unix::fs::symlink("a.md", program.path("link.md")).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", program.path("out.md")).unwrap();
    let change = rename("link.md", "other.md", "old a\n", "x");
    let error = door(&program).carry_out("test", &[change]).unwrap_err();
    assert_eq!(error.message, "link.md is a link; nothing was written");
    let text = fs::read_to_string("/etc/hostname").unwrap_or_default();
    let error = door(&program).carry_out("test", &[edit("out.md", &text, "x")]).unwrap_err();
    assert!(error.message.contains("leads out of the tree"), "{}", error.message);
    door(&program).carry_out("test", &[edit("link.md", "old a\n", "new a\n")]).unwrap();
    assert_eq!(program.read("a.md"), "new a\n");
    assert!(program.path("link.md").is_symlink());
}

/// What strace tells of the calls of a program that does the three changes; `None` where there is no strace.
#[test]
#[cfg(target_os = "linux")]
fn a_name_is_on_the_disk_before_the_old_one_goes_and_so_is_a_new_folder() {
    let program = Program::in_repository();
    program.write("pmkit.toml", "[paths]\nrisk = \"a/{number:04}-{slug}.md\"\n");
    program.write("docs/raid/R-0001-x.md", "");
    program.run(&["new", "risk", "x", "owner=ana", "likelihood=1", "impact=1"]);
    let trace = program.path("trace");
    let words =
        ["-f", "-y", "-o", trace.to_str().unwrap(), "-e", "trace=rename,renameat2,unlink,fsync,mkdir"];
    let mut command = std::process::Command::new("strace");
    command.args(words).arg(env!("CARGO_BIN_EXE_pmkit")).args(["renumber", "R-0001", "R-0002"]);
    program.apart(&mut command);
    let Ok(ended) = command.output() else {
        eprintln!("not checked: there is no strace");
        return;
    };
    let told = program.read("trace");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let at =
        |what: &str, from: usize| from + told[from..].find(what).unwrap_or_else(|| panic!("{what}: {told}"));
    let renamed = at("a/0002-x.md", 0);
    let gone = at("unlink(", renamed);
    assert!(told[renamed..gone].contains("fsync("), "{told}");
}
