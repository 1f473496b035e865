//! Following documents where it is hard: many at once, back and forth, over lines that cross, with objects missing; and the
//! law that both ways of reading, from the beginning or on from what is kept, say the same.

use std::fs;

use pmkit::config::Config;
use pmkit::config::Settings;
use pmkit::config::load;
use pmkit::git::Git;
use pmkit::git::Program as GitProgram;
use pmkit::git::Source;
use pmkit::history::History;
use pmkit::kind::built_in;
use pmkit::rules;
use serde_json::Value;

use crate::story::Dice;
use crate::story::RFC;
use crate::story::Story;
use crate::story::text;

fn config() -> Config {
    load(&Settings { kinds: built_in(), ..Settings::default() }, &rules::names()).unwrap()
}

/// Returns all a history says, so that two can be compared.
fn said(history: &History) -> Vec<String> {
    let event = |event: &pmkit::history::Event| {
        let commit = &history.commits[event.commit];
        let document = &history.documents()[event.document];
        format!("{event:?} {} {} {document:?}", commit.id, commit.subject)
    };
    let mut said: Vec<String> = history.events.iter().map(event).collect();
    said.push(format!("{:?}", history.followed));
    said
}

/// Returns the path of the proposal with the number `at`.
fn rfc(at: usize) -> String {
    format!("docs/rfcs/{at:04}-proposal-{at}.md")
}

fn proposal(at: usize, state: &str) -> String {
    let body = format!("Proposal {at} says what only proposal {at} says, number {}.\n", at * 7919).repeat(6);
    format!(
        "---\nid: RFC-{at:04}\ntitle: Proposal {at}\nstatus: {state}\nowner: maya\n---\n\n## Problem\n\n{body}"
    )
}

/// Counts the events by what happened.
fn counts(story: &Story) -> Vec<(String, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for event in story.json(&[]) {
        *counts.entry(event["event"].as_str().unwrap().to_owned()).or_insert(0) += 1;
    }
    counts.into_iter().collect()
}

#[test]
fn a_hundred_and_forty_of_a_hundred_and_forty_nine_move_at_once() {
    let story = Story::new();
    for at in 1..=149 {
        story.program.write(&rfc(at), proposal(at, "draft"));
    }
    story.commit("all");
    for at in 1..=140 {
        let new = rfc(at).replace("proposal", "design");
        fs::rename(story.program.path(&rfc(at)), story.program.path(&new)).unwrap();
        if at % 3 == 0 {
            story.program.write(&new, proposal(at, "review"));
        }
    }
    story.commit("move most of them");
    let expected = [("changed", 46), ("created", 149), ("renamed", 94)];
    assert_eq!(counts(&story), expected.map(|(word, count)| (word.to_owned(), count)));
    assert_eq!(story.json(&["RFC-0003"])[0]["from_path"], rfc(3));
}

#[test]
fn a_merge_may_bring_a_hundred_and_fifty_documents() {
    let story = Story::new();
    story.commit("start");
    story.git(&["switch", "--quiet", "--create", "branch"]);
    for at in 1..=150 {
        story.program.write(&rfc(at), proposal(at, "draft"));
    }
    let wrote = story.commit("all");
    story.git(&["switch", "--quiet", "main"]);
    story.git(&["merge", "--quiet", "--no-ff", "--message", "merge", "branch"]);
    let events = story.json(&[]);
    assert_eq!(events.len(), 150);
    assert!(events.iter().all(|event| event["inner"] == serde_json::json!([wrote])));
    assert_eq!(events[0]["writers"][0]["name"], "Lee Park");
}

#[test]
fn ten_moves_back_and_forth_are_one_document() {
    let story = Story::new();
    story.state("draft", "start");
    let mut told = vec!["created - → draft 0001-redis.md".to_owned()];
    let (here, there) = (RFC, "docs/rfcs/0002-elsewhere.md");
    for step in 0..10 {
        let (from, to) = if step % 2 == 0 { (here, there) } else { (there, here) };
        story.git(&["mv", from, to]);
        story.commit("move");
        told.push(format!("renamed draft → draft {}", to.rsplit('/').next().unwrap()));
    }
    assert_eq!(story.told(), told);
    // Changed in letter case alone: a value, and a name.
    story.program.write(here, text("Draft"));
    story.commit("case of a value");
    story.git(&["mv", here, "docs/rfcs/0001-Redis.md"]);
    story.commit("case of a name");
    assert_eq!(
        story.told()[11..],
        ["changed draft → Draft 0001-redis.md", "renamed Draft → Draft 0001-Redis.md"]
    );
}

#[test]
fn what_takes_the_place_of_another_is_told_as_git_does() {
    let story = Story::new();
    story.program.write(&rfc(1), proposal(1, "draft"));
    story.program.write(&rfc(2), proposal(2, "review"));
    story.commit("two");
    story.git(&["mv", &rfc(1), "docs/rfcs/0003-x.md"]);
    story.git(&["mv", &rfc(2), "docs/rfcs/0004-y.md"]);
    story.commit("aside");
    story.git(&["mv", "docs/rfcs/0003-x.md", "docs/rfcs/0005-z.md"]);
    story.git(&["mv", "docs/rfcs/0004-y.md", "docs/rfcs/0003-x.md"]);
    story.commit("into each other's place");
    // A path that is there before and after is no candidate: `git diff -M` says the same.
    assert_eq!(
        story.told()[4..],
        ["deleted review → - 0004-y.md", "changed draft → review 0003-x.md", "created - → draft 0005-z.md"]
    );
}

#[test]
fn lines_that_cross_are_told_along_the_first_parents() {
    let story = Story::new();
    story.state("draft", "start");
    story.git(&["switch", "--quiet", "--create", "other"]);
    story.program.write(&rfc(2), proposal(2, "draft"));
    let two = story.commit("two");
    story.git(&["switch", "--quiet", "main"]);
    let review = story.state("review", "ask");
    // Each merges what the other had before: a criss-cross.
    story.git(&["merge", "--quiet", "--no-ff", "--message", "from other", &two]);
    story.git(&["switch", "--quiet", "other"]);
    story.git(&["merge", "--quiet", "--no-ff", "--message", "from main", &review]);
    story.program.write(&rfc(2), proposal(2, "review"));
    story.commit("ask for two");
    story.git(&["switch", "--quiet", "main"]);
    story.git(&["merge", "--quiet", "--no-ff", "--message", "again", "other"]);
    assert_eq!(
        story.told(),
        [
            "created - → draft 0001-redis.md",
            "changed draft → review 0001-redis.md",
            "created - → draft 0002-proposal-2.md",
            "changed draft → review 0002-proposal-2.md",
        ]
    );
}

#[test]
fn a_submodule_has_a_record_of_its_own() {
    let (outer, inner) = (Story::new(), Story::new());
    inner.state("draft", "inside");
    outer.state("review", "outside");
    let url = inner.program.root().to_str().unwrap().to_owned();
    outer.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &url, "docs/rfcs/inner"]);
    outer.commit("submodule");
    assert_eq!(outer.told(), ["created - → review 0001-redis.md"]);
    let run = outer.program.run(&["-C", "docs/rfcs/inner", "log", "--format", "jsonl"]);
    let event: Value = serde_json::from_str(run.out.trim()).unwrap();
    assert_eq!((event["new"].as_str(), event["path"].as_str()), (Some("draft"), Some(RFC)));
}

#[test]
fn a_partial_clone_says_what_it_lacks_and_fetches_nothing() {
    let story = Story::new();
    story.program.write("large.bin", "x".repeat(100_000));
    story.state("draft", "draft");
    story.state("review", "ask");
    story.state("accepted", "accept");
    story.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", story.program.root().display());
    story.git(&["clone", "--quiet", "--filter=blob:none", "--no-checkout", &url, "partial"]);
    let there = || story.git(&["-C", "partial", "rev-list", "--objects", "--all", "--missing=print"]);
    let before = there();
    assert!(before.contains('?'), "{before}");
    let run = story.program.run(&["-C", "partial", "log", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let document: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(document["range"]["complete"], false);
    let words: Vec<&str> =
        document["events"].as_array().unwrap().iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(words, ["unreadable"; 3]);
    assert_eq!(there(), before, "nothing was fetched");
    // With the records there, and only the large file missing, nothing is missing from the record.
    story.git(&["-C", "partial", "config", "remote.origin.promisor", "true"]);
    for revision in ["HEAD", "HEAD~1", "HEAD~2"] {
        story.git(&["-C", "partial", "cat-file", "-p", &format!("{revision}:{RFC}")]);
    }
    let run = story.program.run(&["-C", "partial", "log", "--format", "json"]);
    let document: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(document["range"]["complete"], true, "{}", run.out);
    assert_eq!(document["events"].as_array().unwrap().len(), 3);
    assert!(there().contains('?'), "the large file is still missing");
}

#[test]
fn a_decided_text_that_changes_is_an_event_with_the_words() {
    let story = Story::new();
    let write = |state: &str, body: &str| story.program.write(RFC, text(state) + body);
    write("review", "\nSessions live for 24 h, see RFC-1.\n");
    story.commit("ask");
    // With the decision itself the text may still change; so may its form afterwards.
    write("accepted", "\nSessions live for 48 h, see RFC-1.\n");
    story.commit("accept");
    write("accepted", "\n\nSessions live for **48 h**,\nsee [RFC-0001](x.md). <!-- no -->\n");
    story.commit("form");
    write("accepted", "\nSessions live for 72 h, see RFC-1.\n");
    let changed = story.commit("a small thing");
    write("superseded", "\nSessions live for 72 h.\n");
    story.commit("superseded");
    assert_eq!(
        story.told(),
        [
            "created - → review 0001-redis.md",
            "changed review → accepted 0001-redis.md",
            "rewritten - → - 0001-redis.md",
            "changed accepted → superseded 0001-redis.md",
            "rewritten - → - 0001-redis.md",
        ]
    );
    let event = &story.json(&[])[2];
    assert_eq!((event["commit"].as_str(), event["field"].as_str()), (Some(&*changed), Some("text")));
    assert_eq!(
        event["rewording"],
        serde_json::json!({"section": "Problem", "old": "48", "new": "72", "places": 1})
    );
    let shown = story.program.run(&["log"]).out;
    assert!(shown.contains("TEXT CHANGED after the decision: Problem: “48” → “72”  by Lee Park"), "{shown}");
    // A record that may change says nothing of the sort.
    let risk = "---\nid: R-0001\ntitle: T\nstatus: closed\n---\n\n## Description\n\nx\n";
    story.program.write("docs/raid/R-0001-t.md", risk);
    story.commit("risk");
    story.program.write("docs/raid/R-0001-t.md", format!("{risk}y\n"));
    story.commit("more");
    assert_eq!(story.told().len(), 6);
}

/// Does something to a repository that histories are made of.
fn step(story: &Story, dice: &mut Dice, at: usize) {
    let pick = |dice: &mut Dice| usize::try_from(dice.throw(6)).unwrap() + 1;
    let states = ["draft", "review", "accepted", "rejected", "superseded", "", "Accepted"];
    let state = states[usize::try_from(dice.throw(7)).unwrap()];
    let one = pick(dice);
    let path = rfc(one);
    let there = story.program.path(&path).exists();
    match dice.throw(12) {
        0 if there => drop(story.git(&["rm", "--quiet", &path])),
        1 if there => {
            let to = rfc(usize::try_from(dice.throw(9)).unwrap() + 1);
            if !story.program.path(&to).exists() {
                story.git(&["mv", &path, &to]);
            }
        }
        2 if there => {
            let old = fs::read_to_string(story.program.path(&path)).unwrap();
            story.program.write(&path, format!("{old}\nOne more line, {at}.\n"));
        }
        3 => story.program.write(&path, proposal(one, state).replace("title:", "title: a: b\nx:")),
        4 => story.program.write(&path, "nothing\n"),
        5 => {
            story.git(&["switch", "--quiet", "--create", &format!("branch-{at}")]);
            story.program.write(&path, proposal(one, state));
            story.commit("on a branch");
            story.git(&["switch", "--quiet", "main"]);
            story.git(&["merge", "--quiet", "--no-ff", "--message", "merge", &format!("branch-{at}")]);
            return;
        }
        6 if at > 6 => {
            // The newest commits are written anew, or a branch goes its own way from before them.
            story.git(&["reset", "--quiet", "--hard", &format!("HEAD~{}", 1 + dice.throw(3))]);
            story.program.write(&path, proposal(one, state));
        }
        7 if at > 6 => {
            story.git(&["switch", "--quiet", "--detach", &format!("HEAD~{}", dice.throw(5))]);
            story.git(&["branch", "--force", "main"]);
            story.git(&["switch", "--quiet", "main"]);
            return;
        }
        _ => story.program.write(&path, proposal(one, state)),
    }
    story.commit(&format!("step {at}"));
}

#[test]
fn every_way_of_reading_says_the_same() {
    let config = config();
    let slow = std::env::var_os("PMKIT_SLOW_TESTS").is_some();
    for seed in 0..if slow { 40 } else { 3 } {
        let story = Story::new();
        story.commit("start");
        let mut dice = Dice(seed * 1_000 + 7);
        for at in 0..45 {
            step(&story, &mut dice, at);
            let git = Git::open(story.program.root()).unwrap();
            let program = GitProgram::new(story.program.root());
            let (library, program) = (Source::Library(&git), Source::Program(&program));
            let afresh = said(&library.history_afresh(&config, "", "HEAD").unwrap());
            let on = if at % 2 == 0 { library } else { program };
            assert_eq!(
                said(&on.history(&config, "", "HEAD").unwrap()),
                afresh,
                "seed {seed}, step {at}: kept"
            );
            if at % 5 == 0 {
                let other = said(&program.history_afresh(&config, "", "HEAD").unwrap());
                assert_eq!(other, afresh, "seed {seed}, step {at}: the git program");
            }
        }
    }
}

#[test]
fn who_wrote_on_a_branch_is_found_through_its_names() {
    let story = Story::new();
    let wrote = |story: &Story| story.json(&[])[0]["inner"].clone();
    story.state("draft", "start");
    story.git(&["switch", "--quiet", "--create", "branch"]);
    story.git(&["mv", RFC, "docs/rfcs/0001-b.md"]);
    story.commit("aside");
    story.program.write("docs/rfcs/0001-b.md", text("accepted"));
    let accepted = story.commit("accept");
    story.git(&["mv", "docs/rfcs/0001-b.md", "docs/rfcs/0001-c.md"]);
    story.commit("aside again");
    story.git(&["switch", "--quiet", "main"]);
    story.git(&["merge", "--quiet", "--no-ff", "--message", "merge", "branch"]);
    assert_eq!(wrote(&story), serde_json::json!([accepted]));
    // A deletion, and a state that is taken out, are somebody's too.
    story.git(&["switch", "--quiet", "--create", "second"]);
    story.program.write("docs/rfcs/0001-c.md", text(""));
    let cleared = story.commit("clear");
    story.git(&["switch", "--quiet", "main"]);
    story.git(&["merge", "--quiet", "--no-ff", "--message", "merge", "second"]);
    assert_eq!(wrote(&story), serde_json::json!([cleared]));
    story.git(&["switch", "--quiet", "--create", "third"]);
    story.git(&["rm", "--quiet", "docs/rfcs/0001-c.md"]);
    let deleted = story.commit("delete");
    story.git(&["switch", "--quiet", "main"]);
    story.git(&["merge", "--quiet", "--no-ff", "--message", "merge", "third"]);
    assert_eq!(wrote(&story), serde_json::json!([deleted]));
}

#[test]
fn a_merge_inside_a_branch_wrote_what_neither_side_had() {
    let story = Story::new();
    story.state("draft", "start");
    story.git(&["switch", "--quiet", "--create", "branch"]);
    story.program.write("x.md", "x");
    story.commit("x");
    story.git(&["switch", "--quiet", "main"]);
    story.state("review", "ask, on main");
    story.git(&["switch", "--quiet", "branch"]);
    // Only takes over what main had: nothing that main does not have already.
    story.git(&["merge", "--quiet", "--no-ff", "--message", "from main", "main"]);
    story.git(&["merge", "--quiet", "--no-ff", "--no-commit", "--strategy", "ours", "main"]);
    story.program.write(RFC, text("accepted"));
    let wrote = story.commit("accept on top");
    story.git(&["switch", "--quiet", "main"]);
    story.git(&["merge", "--quiet", "--no-ff", "--message", "merge", "branch"]);
    assert_eq!(story.json(&[])[0]["inner"], serde_json::json!([wrote]));
}

#[test]
fn what_a_branch_wrote_is_not_guessed_where_a_version_is_missing() {
    let story = Story::new();
    story.state("draft", "start");
    story.git(&["switch", "--quiet", "--create", "branch"]);
    story.state("accepted", "accept");
    let blob = story.git(&["rev-parse", &format!("HEAD:{RFC}")]);
    story.program.write(RFC, text("accepted") + "\nA typo less.\n");
    story.commit("a typo");
    story.git(&["switch", "--quiet", "main"]);
    story.git(&["merge", "--quiet", "--no-ff", "--message", "merge", "branch"]);
    let (folder, file) = blob.split_at(2);
    fs::remove_file(story.program.path(&format!(".git/objects/{folder}/{file}"))).unwrap();
    let run = story.program.run(&["log", "--format", "json"]);
    let document: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(document["events"][0]["inner"], serde_json::json!([]));
    assert_eq!(document["range"]["complete"], false);
    // Without a whole tree of the branch the line itself is still told.
    let tree = story.git(&["rev-parse", "branch~1^{tree}"]);
    let (folder, file) = tree.split_at(2);
    fs::remove_file(story.program.path(&format!(".git/objects/{folder}/{file}"))).unwrap();
    let run = story.program.run(&["log", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let document: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(
        (document["events"][0]["new"].as_str(), &document["range"]["complete"]),
        (Some("accepted"), &Value::Bool(false))
    );
}

#[test]
fn yaml_that_lint_refuses_is_yaml_to_history() {
    let story = Story::new();
    let many: String = (0..2_100).map(|at| format!("  - item {at}\n")).collect();
    let steps = [
        ("status: &s review", "review"),
        ("status: !!str accepted", "accepted"),
        ("x: &s draft\nstatus: *s", "draft"),
        ("meta: &m\n  status: inner\nstatus: review", "review"),
        (&format!("meta:\n  status: inner\nlist:\n{many}status: accepted"), "accepted"),
    ];
    for (front, _) in &steps {
        story.program.write(RFC, format!("---\nid: RFC-0001\n{front}\n---\n\nText that stays.\n"));
        story.commit("step");
    }
    let events = story.json(&[]);
    for ((front, expected), event) in steps.iter().zip(events.iter().rev()) {
        let said = (event["new"].as_str(), event["read"].as_str());
        assert_eq!(said, (Some(*expected), Some("yaml")), "{}", &front[..front.len().min(60)]);
    }
}

#[test]
fn what_git_keeps_apart_stays_apart() {
    let story = Story::new();
    // A link in the place of a file is no move: git says the type changed.
    story.state("draft", "start");
    story.git(&["mv", RFC, "docs/rfcs/0002-moved.md"]);
    #[cfg(unix)]
    std::os::unix::fs::symlink("0002-moved.md", story.program.path(RFC)).unwrap();
    story.commit("a link stays behind");
    #[cfg(unix)]
    assert_eq!(story.told()[1..], ["deleted draft → - 0001-redis.md", "created - → draft 0002-moved.md"]);
    // A state that is no text cannot be read; a byte elsewhere hides nothing.
    let garbled = |state: &[u8], owner: &[u8]| {
        [b"---\nid: RFC-0007\nstatus: ", state, b"\nowner: ", owner, b"\n---\n\nx\n"].concat()
    };
    for (state, owner) in [(&b"draft"[..], &b"Ren\xe9"[..]), (b"acc\xe9pted", b"lee")] {
        story.program.write("docs/rfcs/0007-x.md", garbled(state, owner));
        story.commit("bytes");
    }
    let told = story.told();
    assert_eq!(told[told.len() - 2..], ["created - → draft 0007-x.md", "unreadable - → - 0007-x.md"]);
}

#[test]
fn folders_may_be_nested_deeper_than_a_stack() {
    let story = Story::new();
    story.state("draft", "start");
    let blob = story.git(&["hash-object", "-w", RFC]);
    // Made from the inside out, as git's own index refuses it.
    let tree = |line: String| {
        let file = story.program.path("tree");
        fs::write(&file, line).unwrap();
        story
            .program
            .shell(&format!("git mktree < {}", file.display()), story.program.root())
            .trim()
            .to_owned()
    };
    let mut inner = tree(format!("100644 blob {blob}\t0009-deep.md\n"));
    let script = "i=0; while [ $i -lt 2500 ]; do t=$(printf '040000 tree %s\\td\\n' $t | git mktree --missing); i=$((i + 1)); done; echo $t";
    inner = story.program.shell(&format!("t={inner}; {script}"), story.program.root()).trim().to_owned();
    let rfcs = tree(format!("100644 blob {blob}\t0001-redis.md\n040000 tree {inner}\td\n"));
    let docs = tree(format!("040000 tree {rfcs}\trfcs\n"));
    let top = tree(format!("040000 tree {docs}\tdocs\n"));
    let head = story.git(&["commit-tree", "-p", "HEAD", "-m", "deep", &top]);
    story.git(&["update-ref", "HEAD", &head]);
    assert_eq!(story.told().len(), 1);
}

#[test]
fn names_and_numbers_are_those_of_today_after_all() {
    let story = Story::new();
    story.state("draft", "start");
    story.git(&["switch", "--quiet", "--create", "branch"]);
    story.state("accepted", "accept");
    story.git(&["switch", "--quiet", "main"]);
    story.git(&["merge", "--quiet", "--no-ff", "--message", "merge", "branch"]);
    story.program.write(&rfc(2), proposal(2, "draft"));
    story.commit("two");
    // What is kept never bears the names of a .mailmap, whatever asked for it.
    story.program.write(".mailmap", "Leah Park <lee@acme.example>\n");
    assert!(story.program.run(&["show", "RFC-1", "RFC-2"]).out.contains("by Leah Park"));
    fs::remove_file(story.program.path(".mailmap")).unwrap();
    assert_eq!(story.json(&[])[1]["author"]["name"], "Lee Park");
    assert_eq!(story.json(&[])[1]["writers"][0]["name"], "Lee Park");
    // A record that came back under another number, and then did not.
    story.git(&["rm", "--quiet", &rfc(2)]);
    story.commit("away");
    story.git(&["tag", "base"]);
    story.program.write(&rfc(2), proposal(2, "draft").replace("RFC-0002", "RFC-0009"));
    story.commit("back as another");
    assert_eq!(story.json(&["RFC-9"]).len(), 3);
    story.git(&["reset", "--quiet", "--hard", "base"]);
    assert_eq!(story.json(&["RFC-2"]).len(), 2);
}

#[test]
fn a_branch_may_know_a_record_by_a_name_the_line_has_left() {
    let story = Story::new();
    story.state("draft", "start");
    story.git(&["switch", "--quiet", "--create", "branch"]);
    let accepted = story.state("accepted", "accept");
    story.git(&["switch", "--quiet", "main"]);
    story.git(&["mv", RFC, "docs/rfcs/0001-b.md"]);
    story.commit("move, on main");
    story.git(&["merge", "--quiet", "--no-ff", "--message", "merge", "branch"]);
    assert_eq!(story.told()[2..], ["changed draft → accepted 0001-b.md"]);
    assert_eq!(story.json(&[])[0]["inner"], serde_json::json!([accepted]));
}

#[test]
fn a_merge_inside_a_branch_wrote_nothing_that_one_side_had_under_another_name() {
    for into_f in [true, false] {
        let story = Story::new();
        story.program.write("README.md", "x\n");
        story.commit("start");
        story.git(&["switch", "--quiet", "--create", "f"]);
        story.state("draft", "draft");
        story.git(&["branch", "s"]);
        story.git(&["mv", RFC, "docs/rfcs/0001-b.md"]);
        story.commit("move, on f");
        story.git(&["switch", "--quiet", "s"]);
        let accepted = story.state("accepted", "accept, on s");
        let (here, there) = if into_f { ("f", "s") } else { ("s", "f") };
        story.git(&["switch", "--quiet", here]);
        story.git(&["merge", "--quiet", "--no-ff", "--message", "inside", there]);
        story.git(&["switch", "--quiet", "main"]);
        story.git(&["merge", "--quiet", "--no-ff", "--message", "merge", here]);
        let event = &story.json(&[])[0];
        assert_eq!(
            (event["new"].as_str(), &event["inner"]),
            (Some("accepted"), &serde_json::json!([accepted]))
        );
    }
}
