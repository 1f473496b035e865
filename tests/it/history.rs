//! What git's history says about records, as a user sees it: `pmkit log` over hermetic repositories with a ticking clock.

use std::process::Command;

use serde_json::Value;

use crate::program::Program;
use crate::story::Dice;
use crate::story::RFC;
use crate::story::Story;
use crate::story::text;

#[test]
fn the_states_of_a_record_are_told_with_who_and_when() {
    let story = Story::new();
    story.state("draft", "RFC-0001: draft (#3)");
    story.program.write("README.md", "nothing to do with it\n");
    story.commit("elsewhere");
    let accepted = story.state(
        "accepted # at last",
        "RFC-0001: accept (#7)\n\nBody.\n\nReviewed-by: Ana <ana@acme.example>\nCo-authored-by: Priya <priya@acme.example>",
    );
    assert_eq!(story.told(), ["created - → draft 0001-redis.md", "changed draft → accepted 0001-redis.md"]);
    let events = story.json(&["rfc-1"]);
    let newest = &events[0];
    assert_eq!(newest["commit"], accepted);
    assert_eq!(newest["record"], "RFC-0001");
    assert_eq!(newest["field"], "status");
    assert_eq!(newest["pull_request"], 7);
    assert_eq!(newest["approver"], "priya");
    assert_eq!(newest["author"]["name"], "Lee Park");
    assert_eq!(newest["merge"], false);
    assert_eq!(newest["read"], "yaml");
    assert_eq!(newest["committed_at"].as_str().unwrap().get(19..), Some("+01:00"));
    let evidence: Vec<&str> =
        newest["evidence"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(
        evidence,
        [
            "merger not in git",
            "Reviewed-by: Ana <ana@acme.example>",
            "Co-authored-by: Priya <priya@acme.example>"
        ]
    );
    let shown = story.program.run(&["log", RFC]).out;
    assert!(shown.starts_with("RFC-0001  Redis  accepted · owner maya · approver priya\n"), "{shown}");
    assert!(shown.contains("2026  draft → accepted  by Lee Park  #7"), "{shown}");
    assert!(!shown.contains("decided by"), "{shown}");
}

#[test]
fn a_merge_carries_what_its_branch_brought_and_says_who_wrote_it() {
    let story = Story::new();
    story.state("draft", "draft");
    story.git(&["switch", "--quiet", "--create", "branch"]);
    story.state("review", "ask");
    let wrote = story.state("accepted", "accept");
    story.program.write(RFC, text("accepted") + "More.\n");
    story.commit("a word more");
    story.git(&["switch", "--quiet", "main"]);
    story.program.write("README.md", "x\n");
    story.commit("meanwhile");
    story.git(&[
        "merge",
        "--quiet",
        "--no-ff",
        "--message",
        "Merge pull request #9 from lee/branch",
        "branch",
    ]);
    assert_eq!(story.told(), ["created - → draft 0001-redis.md", "changed draft → accepted 0001-redis.md"]);
    let newest = &story.json(&[])[0];
    assert_eq!((newest["merge"].as_bool(), newest["pull_request"].as_u64()), (Some(true), Some(9)));
    assert_eq!(newest["inner"], serde_json::json!([wrote]));
    assert!(newest["evidence"][0].as_str().unwrap().starts_with("merged by Lee Park"));
    // An octopus, and a merge that changes what none of its branches had.
    for name in ["one", "two"] {
        story.git(&["switch", "--quiet", "--create", name, "main"]);
        story.program.write(&format!("{name}.md"), "x\n");
        story.commit(name);
    }
    story.git(&["switch", "--quiet", "main"]);
    story.git(&["merge", "--quiet", "--no-ff", "--message", "octopus", "one", "two"]);
    story.git(&["switch", "--quiet", "--create", "three"]);
    story.program.write("three.md", "x\n");
    story.commit("three");
    story.git(&["switch", "--quiet", "main"]);
    story.git(&["merge", "--quiet", "--no-ff", "--no-commit", "three"]);
    story.program.write(RFC, text("superseded"));
    story.commit("evil");
    // The merge also takes back the word more.
    assert_eq!(
        story.told()[2..],
        ["changed accepted → superseded 0001-redis.md", "rewritten - → - 0001-redis.md"]
    );
    let events = story.json(&[]);
    assert_eq!(events[1]["inner"], serde_json::json!([]));
    assert_eq!(
        (events[0]["field"].as_str(), events[0]["rewording"]["old"].as_str()),
        (Some("text"), Some("More."))
    );
}

#[test]
fn a_document_is_followed_through_its_names() {
    let story = Story::new();
    story.state("draft", "draft");
    story.git(&["mv", RFC, "docs/rfcs/0002-redis-for-sessions.md"]);
    story.commit("move");
    story
        .program
        .write("docs/rfcs/0002-redis-for-sessions.md", text("review").replace("RFC-0001", "RFC-0002"));
    story.program.write("docs/rfcs/0003-copy.md", text("review").replace("RFC-0001", "RFC-0003"));
    story.commit("ask, and copy");
    story.git(&["mv", "docs/rfcs/0002-redis-for-sessions.md", "docs/rfcs/0004-last.md"]);
    story.program.write("docs/rfcs/0004-last.md", text("accepted").replace("RFC-0001", "RFC-0004"));
    story.commit("move and accept");
    story.git(&["rm", "--quiet", "docs/rfcs/0003-copy.md"]);
    story.commit("away");
    story.program.write("docs/rfcs/0003-copy.md", text("draft").replace("RFC-0001", "RFC-0003"));
    story.commit("back");
    assert_eq!(
        story.told(),
        [
            "created - → draft 0001-redis.md",
            "renamed draft → draft 0002-redis-for-sessions.md",
            "changed draft → review 0002-redis-for-sessions.md",
            "created - → review 0003-copy.md",
            "changed review → accepted 0004-last.md",
            "deleted review → - 0003-copy.md",
            "recreated - → draft 0003-copy.md",
        ]
    );
    let of_first = story.json(&["RFC-0004"]);
    assert_eq!(of_first.len(), 4, "all its names are one record");
    assert_eq!(of_first[0]["from_path"], "docs/rfcs/0002-redis-for-sessions.md");
}

#[test]
fn values_are_what_was_typed_also_where_the_yaml_is_broken() {
    let story = Story::new();
    let plain = text("draft");
    let steps = [
        plain.replace("status: draft", "status:"),
        plain.clone(),
        plain.replace("status: draft", "Status: 'Draft'").replace('\n', "\r\n"),
        plain
            .replace("status: draft", "status: review # now")
            .replace("title: Redis", "title: Redis: sessions"),
        plain.replace("status: draft", "status: no"),
        plain.replace("status: draft\n", ""),
        "no front matter at all\n".to_owned(),
    ];
    for (at, step) in steps.iter().enumerate() {
        story.program.write(RFC, step);
        story.commit(&format!("step {at}"));
    }
    assert_eq!(
        story.told(),
        [
            "created - → - 0001-redis.md",
            "appeared - → draft 0001-redis.md",
            "changed draft → Draft 0001-redis.md",
            "changed Draft → review 0001-redis.md",
            "changed review → no 0001-redis.md",
            "cleared no → - 0001-redis.md",
        ]
    );
    assert_eq!(story.json(&[])[2]["read"], "line");
}

#[test]
fn fields_that_are_watched_are_told_and_slips_are_counted() {
    let story = Story::new();
    let risk = |due: &str, owner: &str, impact: &str| {
        format!(
            "---\nid: R-0001\ntitle: T\nstatus: open\nowner: {owner}\nnext_step: Ask\ndue: {due}\nlikelihood: 3\nimpact: {impact}\ncreated: 2026-09-01\n---\n\n## Description\n\nx\n"
        )
    };
    for (due, owner, impact) in [
        ("2026-10-01", "ana", "2"),
        ("2026-10-08", "ana", "2"),
        ("2026-10-05", "lee", "2"),
        ("2026-10-25", "lee", "5"),
    ] {
        story.program.write("docs/raid/R-0001-t.md", risk(due, owner, impact));
        story.commit("step");
    }
    assert_eq!(story.told(), ["created - → open R-0001-t.md"], "without --fields nothing but the state");
    let run = story.program.run(&["log", "--fields", "--quiet"]);
    let told: Vec<&str> = run.out.lines().map(|line| line.split("  by ").next().unwrap().trim()).collect();
    let ends = |line: &str, end: &str| assert!(line.ends_with(end), "{line} ends with {end}");
    ends(told[0], "score 6 → 15");
    ends(told[1], "due 2026-10-05 → 2026-10-25, second slip, 27 days in all");
    assert!(told.iter().any(|line| line.ends_with("owner ana → lee")), "{told:?}");
    assert!(told.iter().any(|line| line.ends_with("first slip, 7 days in all")), "{told:?}");
}

#[test]
fn where_history_is_not_there_that_is_said() {
    let outside = Program::new();
    let run = outside.run(&["log"]);
    assert!(run.code == 2 && run.err.contains("there is no git repository here"), "{}", run.err);
    let story = Story::new();
    let run = story.program.run(&["log"]);
    assert!(run.code == 0 && run.err.contains("nothing has been committed yet"), "{}", run.err);
    story.state("draft", "one");
    story.state("review", "two");
    let run = story.program.run(&["log", "RFC-0009"]);
    assert!(run.code == 2 && run.err.contains("history knows no record"), "{}", run.err);
    // Detached, from a linked worktree, from a bare clone, from a subfolder: the same events.
    let expected = story.told();
    story.git(&["switch", "--quiet", "--detach", "HEAD"]);
    assert_eq!(story.told(), expected);
    story.git(&["worktree", "add", "--quiet", "--detach", "linked"]);
    story.git(&["clone", "--quiet", "--bare", ".", "bare.git"]);
    for place in ["linked", "bare.git", "docs/rfcs"] {
        let run = story.program.run(&["-C", place, "log", "--format", "jsonl"]);
        assert_eq!((run.code, run.out.lines().count()), (0, 2), "{place}: {}", run.err);
    }
    // A shallow clone knows too little to say anything.
    let url = format!("file://{}", story.program.root().display());
    story.git(&["clone", "--quiet", "--depth", "1", &url, "shallow"]);
    let run = story.program.run(&["-C", "shallow", "log"]);
    assert!(run.code == 3 && run.err.contains("git fetch --unshallow"), "{}", run.err);
}

#[test]
fn repositories_that_only_git_can_open_tell_the_same() {
    let mut told = Vec::new();
    for words in [&[][..], &["--object-format=sha256"], &["--ref-format=reftable"]] {
        let story = Story::with(words);
        story.state("draft", "draft");
        story.git(&["mv", RFC, "docs/rfcs/0002-redis.md"]);
        story.commit("move");
        story.git(&["switch", "--quiet", "--create", "branch"]);
        story.program.write("docs/rfcs/0002-redis.md", text("accepted"));
        let wrote = story.commit("accept");
        story.git(&["switch", "--quiet", "main"]);
        story.git(&["merge", "--quiet", "--no-ff", "--message", "merge", "branch"]);
        assert_eq!(story.json(&[])[0]["inner"], serde_json::json!([wrote]), "{words:?}");
        story.git(&["clone", "--quiet", "--bare", ".", "bare.git"]);
        let run = story.program.run(&["-C", "bare.git", "log", "--format", "jsonl"]);
        assert_eq!((run.code, run.out.lines().count()), (0, 3), "{words:?}: {}", run.err);
        let run = story.program.run(&["-C", "bare.git", "lint"]);
        assert!(run.code == 1 && run.out.contains("[id-mismatch]"), "{words:?}: {}{}", run.out, run.err);
        told.push(story.told());
    }
    assert_eq!(told[0].len(), 3);
    assert!(told.iter().all(|other| *other == told[0]), "{told:?}");
}

#[cfg(unix)]
#[test]
fn a_repository_of_another_user_is_read_only_where_safe_directory_says_so() {
    use std::os::unix::fs::chown;
    use std::os::unix::fs::lchown;
    let probe = Program::new();
    probe.write("x", "x");
    if chown(probe.path("x"), Some(12_345), None).is_err() {
        // Only root can give files away; the answer of git for others' files is the same whoever asks.
        eprintln!("not run: this user cannot give a file to another one");
        return;
    }
    for (words, inside) in [
        (&[][..], "."),
        (&["--object-format=sha256"], "."),
        (&[], "bare.git"),
        (&["--object-format=sha256"], "bare.git"),
    ] {
        let story = Story::with(words);
        story.state("draft", "draft");
        story.git(&["clone", "--quiet", "--bare", ".", "bare.git"]);
        let place = story.program.path(inside);
        let mut open = vec![place.clone()];
        while let Some(path) = open.pop() {
            if path.symlink_metadata().unwrap().is_dir() {
                open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            }
            lchown(&path, Some(12_345), None).unwrap();
        }
        for command in ["log", "lint"] {
            let run = story.program.run(&["-C", inside, command]);
            // Lint of a working tree reads no repository.
            if command == "log" || inside != "." {
                assert_eq!(run.code, 2, "{words:?} {inside} {command}: {}{}", run.out, run.err);
                assert!(run.err.contains("safe.directory"), "{words:?} {inside} {command}: {}", run.err);
            }
        }
        let top = place.canonicalize().unwrap();
        story.program.write("no-home/.gitconfig", format!("[safe]\n\tdirectory = {}\n", top.display()));
        let run = story.program.run(&["-C", inside, "log", "--format", "jsonl"]);
        assert_eq!((run.code, run.out.lines().count()), (0, 1), "{words:?} {inside}: {}", run.err);
    }
}

#[test]
fn an_object_that_is_missing_is_an_event_and_not_a_shorter_list() {
    let story = Story::new();
    story.state("draft", "draft");
    story.state("review", "review");
    story.state("accepted", "accept");
    let blob = story.git(&["rev-parse", "HEAD~1:docs/rfcs/0001-redis.md"]);
    let (folder, file) = blob.split_at(2);
    std::fs::remove_file(story.program.path(&format!(".git/objects/{folder}/{file}"))).unwrap();
    let run = story.program.run(&["log", "--format", "json"]);
    let document: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(document["range"]["complete"], false);
    let words: Vec<&str> =
        document["events"].as_array().unwrap().iter().map(|e| e["event"].as_str().unwrap()).collect();
    assert_eq!(words, ["changed", "unreadable", "created"]);
}

#[test]
fn names_are_those_of_the_mailmap() {
    let story = Story::new();
    story.program.write(".mailmap", "Leah Park <leah@acme.example> <lee@acme.example>\n");
    story.state("draft", "draft");
    assert_eq!(story.json(&[])[0]["author"]["name"], "Leah Park");
}

#[test]
fn renames_are_those_that_git_finds() {
    use pmkit::history::File;
    use pmkit::history::Fingerprint;
    use std::collections::BTreeMap;
    let story = Story::new();
    let mut dice = Dice(7);
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut renamed = 0;
    for step in 0..24 {
        let before = files.clone();
        for number in 0..3 {
            files.insert(format!("f{}/{step}-{number}.md", dice.throw(3)), dice.text());
        }
        for path in before.keys() {
            if dice.throw(6) == 0 {
                let text = files.remove(path).unwrap();
                let name = path.rsplit('/').next().unwrap();
                let to = match dice.throw(3) {
                    0 => format!("g{}/{name}", dice.throw(3)),
                    _ => format!("g{}/{step}-{}.md", dice.throw(3), dice.throw(1000)),
                };
                for _ in 0..dice.throw(2) {
                    files.insert(to.replace("g", &format!("h{}", dice.throw(9))), dice.change(&text));
                }
                let text = if dice.throw(3) == 0 { text } else { dice.change(&text) };
                files.insert(to, text);
            }
        }
        for path in before.keys().filter(|path| !files.contains_key(*path)) {
            std::fs::remove_file(story.program.path(path)).unwrap();
        }
        for (path, text) in &files {
            story.program.write(path, text);
        }
        story.commit("step");
        let list = |of: &BTreeMap<String, String>, other: &BTreeMap<String, String>| -> Vec<File<usize>> {
            let only = of.keys().filter(|path| !other.contains_key(*path));
            only.map(|path| {
                // The same text has the same id, as in git.
                let all: Vec<&String> = before.values().chain(files.values()).collect();
                let id = all.iter().position(|text| **text == of[path]).unwrap();
                File { path: path.clone(), id }
            })
            .collect()
        };
        let (gone, appeared) = (list(&before, &files), list(&files, &before));
        let all: Vec<&String> = before.values().chain(files.values()).collect();
        let found = pmkit::history::renames(&gone, &appeared, |id| Some(Fingerprint::of(all[id].as_bytes())));
        let mut ours: Vec<String> = found
            .iter()
            .enumerate()
            .filter_map(|(new, old)| Some(format!("{} {}", gone[(*old)?].path, appeared[new].path)))
            .collect();
        ours.sort();
        if step == 0 {
            continue;
        }
        let raw = story.git(&[
            "-c",
            "core.quotepath=false",
            "diff-tree",
            "-r",
            "-M50%",
            "-l0",
            "--name-status",
            "--diff-filter=R",
            "HEAD~1",
            "HEAD",
        ]);
        let mut theirs: Vec<String> =
            raw.lines().map(|line| line.split('\t').skip(1).collect::<Vec<_>>().join(" ")).collect();
        theirs.sort();
        assert_eq!(ours, theirs, "step {step}");
        renamed += ours.len();
    }
    assert!(renamed > 60, "{renamed} renames were compared");
}

/// Returns the files in which the record is kept.
fn kept(story: &Story) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(story.program.path(".git/pmkit")).into_iter().flatten();
    let files = entries.map(|entry| entry.unwrap().path());
    files.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("history-")).collect()
}

#[test]
fn what_was_kept_says_the_same_as_reading_again() {
    let story = Story::new();
    let cold = |story: &Story| {
        kept(story).iter().for_each(|file| std::fs::remove_file(file).unwrap());
        story.program.run(&["log", "--fields", "--format", "json"]).out
    };
    let warm = |story: &Story| story.program.run(&["log", "--fields", "--format", "json"]).out;
    story.state("draft", "draft");
    let first = warm(&story);
    assert_eq!(kept(&story).len(), 1);
    assert_eq!(warm(&story), first);
    // On from there, through a rename, a deletion, a return and a merge.
    story.git(&["mv", RFC, "docs/rfcs/0002-redis.md"]);
    story.commit("move");
    assert_eq!(warm(&story), cold(&story));
    story.git(&["rm", "--quiet", "docs/rfcs/0002-redis.md"]);
    story.commit("away");
    warm(&story);
    story.program.write("docs/rfcs/0002-redis.md", text("review"));
    story.commit("back");
    assert_eq!(warm(&story), cold(&story));
    story.git(&["switch", "--quiet", "--create", "branch"]);
    story.program.write("docs/rfcs/0002-redis.md", text("accepted"));
    story.commit("accept");
    story.git(&["switch", "--quiet", "main"]);
    story.git(&["merge", "--quiet", "--no-ff", "--message", "merge", "branch"]);
    assert_eq!(warm(&story), cold(&story));
    // History that was written anew, and a branch that went back.
    warm(&story);
    story.git(&["commit", "--quiet", "--amend", "--message", "another merge"]);
    assert_eq!(warm(&story), cold(&story));
    story.git(&["reset", "--quiet", "--hard", "HEAD~2"]);
    assert_eq!(warm(&story), cold(&story));
    // Broken in any way, it is as if it were not there.
    let right = warm(&story);
    let file = kept(&story).remove(0);
    let bytes = std::fs::read(&file).unwrap();
    let turned: Vec<u8> = bytes.iter().map(|byte| byte ^ 1).collect();
    for broken in [&bytes[..bytes.len() / 2], &[], b"x", &turned] {
        std::fs::write(&file, broken).unwrap();
        assert_eq!(warm(&story), right);
    }
    // Other kinds are another record.
    story.program.write("pmkit.toml", "[paths]\nrfc = \"elsewhere/{number:04}-{slug}.md\"\n");
    let run = story.program.run(&["log"]);
    assert!(run.err.contains("no commit has touched a record"), "{} {}", run.out, run.err);
    assert_eq!(kept(&story).len(), 2);
    // And those of long ago go.
    for at in 0..9 {
        let paths = format!("[paths]\nrfc = \"elsewhere-{at}/{{number:04}}-{{slug}}.md\"\n");
        story.program.write("pmkit.toml", paths);
        story.program.run(&["log"]);
    }
    assert_eq!(kept(&story).len(), 6);
}

#[test]
fn two_runs_at_once_both_say_what_is_right() {
    let story = Story::new();
    story.state("draft", "draft");
    story.state("review", "ask");
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..8).map(|_| scope.spawn(|| story.told().len())).collect();
        assert!(runs.into_iter().all(|run| run.join().unwrap() == 2));
    });
    assert_eq!(kept(&story).len(), 1, "and leave nothing half written");
}

#[test]
fn the_line_decides_the_order_and_not_the_clocks() {
    let story = Story::new();
    let mut day = 20;
    for state in ["draft", "review", "accepted"] {
        story.program.write(RFC, text(state));
        story.git(&["add", "--all"]);
        let mut command = Command::new("git");
        command.args(["commit", "--quiet", "--message", state]);
        story.program.apart(&mut command);
        let date = format!("2026-10-{day}T10:00:00Z");
        day -= 7;
        assert!(
            command
                .env("GIT_AUTHOR_DATE", &date)
                .env("GIT_COMMITTER_DATE", &date)
                .status()
                .unwrap()
                .success()
        );
    }
    assert_eq!(
        story.told(),
        [
            "created - → draft 0001-redis.md",
            "changed draft → review 0001-redis.md",
            "changed review → accepted 0001-redis.md",
        ]
    );
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_not_utf8_is_told_all_the_same() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let story = Story::new();
    std::fs::create_dir_all(story.program.path("docs/rfcs")).unwrap();
    let name = OsStr::from_bytes(b"docs/rfcs/0007-caf\xe9.md");
    std::fs::write(story.program.root().join(name), text("draft").replace("RFC-0001", "RFC-0007")).unwrap();
    story.git(&["add", "--all"]);
    let mut command = Command::new("git");
    command.args(["commit", "--quiet", "--message", "odd"]);
    story.program.apart(&mut command);
    command.env("GIT_AUTHOR_NAME", OsStr::from_bytes(b"Ren\xe9"));
    assert!(command.status().unwrap().success());
    let events = story.json(&["RFC-0007"]);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["path"], "docs/rfcs/0007-caf\\xE9.md");
    assert!(events[0]["author"]["name"].as_str().unwrap().starts_with("Ren"), "{}", events[0]["author"]);
}

#[test]
fn links_and_submodules_are_no_documents() {
    let story = Story::new();
    let commit = story.state("draft", "draft");
    story.git(&[
        "update-index",
        "--add",
        "--cacheinfo",
        &format!("160000,{commit},docs/rfcs/0002-module.md"),
    ]);
    let blob = story.git(&["rev-parse", "HEAD:docs/rfcs/0001-redis.md"]);
    story.git(&["update-index", "--add", "--cacheinfo", &format!("120000,{blob},docs/rfcs/0003-link.md")]);
    story.git(&["commit", "--quiet", "--message", "odd entries"]);
    assert_eq!(story.told(), ["created - → draft 0001-redis.md"]);
}

#[test]
fn of_two_documents_deleted_at_one_path_the_later_comes_back() {
    let story = Story::new();
    let other = "docs/rfcs/0002-other.md";
    let body =
        |id: &str, words: &str| text("draft").replace("RFC-0001", id).replace("sessions in memory", words);
    story.state("draft", "the first, which will move");
    story
        .program
        .write(other, body("RFC-0002", "something else entirely in another place, of which nobody speaks"));
    story.commit("the second");
    story.git(&["rm", "--quiet", other]);
    story.commit("the second goes");
    story.git(&["mv", RFC, other]);
    story.commit("the first takes its place");
    story.git(&["rm", "--quiet", other]);
    story.commit("and goes");
    let warm = story.json(&[]);
    story.program.write(other, text("review"));
    story.commit("back");
    let warm = (warm.len(), story.json(&["--fields"]));
    kept(&story).iter().for_each(|file| std::fs::remove_file(file).unwrap());
    assert_eq!((5, story.json(&["--fields"])), warm);
}

#[test]
fn what_a_run_that_died_was_keeping_goes_with_time() {
    let story = Story::new();
    story.state("draft", "start");
    let (old, new) = (".git/pmkit/.history-old", ".git/pmkit/.history-new");
    story.program.write(old, "x");
    story.program.write(new, "x");
    let yesterday = std::time::SystemTime::now() - std::time::Duration::from_secs(86_400);
    std::fs::File::options()
        .write(true)
        .open(story.program.path(old))
        .unwrap()
        .set_modified(yesterday)
        .unwrap();
    story.json(&[]);
    assert!(!story.program.path(old).exists() && story.program.path(new).exists());
}
