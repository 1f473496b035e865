//! `pmkit list`: selections, order, columns, forms, and what it says where there is nothing to show.

use serde_json::Value;

use crate::program::Program;

fn shop() -> Program {
    let program = Program::in_repository();
    program.git(&["config", "user.name", "Lee Park"]);
    program.git(&["config", "user.email", "lee@acme.example"]);
    program.write(
        "pmkit.toml",
        "[people]\nlee = { email = \"lee@acme.example\" }\nana = {}\n[initiative.phones]\n",
    );
    let risk = |number: u32, title: &str, rest: &str| {
        program.write(
            &format!("docs/raid/R-{number:04}-x.md"),
            format!("---\nid: R-{number:04}\ntitle: {title}\ncreated: 2026-11-01\n{rest}\n---\n\n## Description\n\nSee R-0002.\n"),
        );
    };
    risk(
        1,
        "\"=cmd()|'x'!A0, a | b\"",
        "status: open\nowner: lee\ndue: 2026-11-25\nlikelihood: 2\nimpact: 5\ninitiative: phones",
    );
    risk(2, "Ärger mit 東京", "status: mitigating\nowner: ana\ndue: 2026-11-18\nreviewed: 2026-11-19");
    risk(3, "Over", "status: closed\nowner: lee\ndue: 2026-11-01");
    program
}

fn ids(program: &Program, words: &[&str]) -> String {
    let run = program.run(&[&["list", "--columns", "id", "--format", "csv"], words].concat());
    assert_eq!(run.code, 0, "{words:?}: {}", run.err);
    run.out.lines().skip(1).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_is_pressing_is_a_word_away() {
    let shop = shop();
    assert_eq!(ids(&shop, &[]), "R-0001 R-0002 R-0003");
    assert_eq!(ids(&shop, &["--mine"]), "R-0001");
    assert_eq!(ids(&shop, &["--overdue"]), "R-0002");
    assert_eq!(ids(&shop, &["--stale"]), "R-0001");
    assert_eq!(ids(&shop, &["--waiting-for", "ana"]), "R-0002");
    assert_eq!(ids(&shop, &["--in", "phones"]), "R-0001");
    assert_eq!(ids(&shop, &["raid", "--where", "open", "--where", "owner=ana"]), "R-0002");
    assert_eq!(ids(&shop, &["--where", "open", "--sort", "due"]), "R-0002 R-0001");
    assert_eq!(ids(&shop, &["--sort", "-score"]), "R-0001 R-0002 R-0003");
    assert_eq!(ids(&shop, &["--sort", "title:desc"]), "R-0002 R-0003 R-0001");
}

#[test]
fn mistakes_are_told_with_what_would_be_right() {
    let shop = shop();
    for (words, said) in [
        (&["list", "rsk"][..], "there is no kind or group `rsk`\n  help: did you mean `risk`?"),
        (
            &["list", "--columns", "id,ownr"],
            "--columns: no record here has a field `ownr`\n  help: did you mean `owner`?",
        ),
        (&["list", "--sort", "dew"], "--sort: no record here has a field `dew`"),
        (
            &["list", "--in", "phone"],
            "`phone` is no initiative of pmkit.toml\n  help: did you mean `phones`?",
        ),
        (&["list", "--where", "owner=("], "--where:1:7"),
    ] {
        let run = shop.run(words);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{words:?}");
        assert!(run.err.contains(said), "{words:?}: {}", run.err);
    }
}

#[test]
fn nothing_to_show_is_said_and_no_failure() {
    let run = shop().run(&["list", "rfcs"]);
    assert_eq!(
        (run.code, run.out.as_str(), run.err.contains("no records (looked in ")),
        (0, "", true),
        "{}",
        run.err
    );
    let run = shop().run(&["list", "--where", "owner=nobody"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", "none of 3 records fits\n"));
    let run = Program::new().run(&["list", "--quiet"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", ""));
    let shop = shop();
    shop.write("docs/raid/R-0009-x.md", b"---\nid: R-0009 \xff\n---\n");
    assert!(shop.run(&["list"]).err.contains("1 file could not be read and is left out"));
}

#[test]
fn other_programs_get_what_they_can_read() {
    let shop = shop();
    let csv = shop.run(&["list", "--format", "csv", "--columns", "id,title,score,due"]);
    assert!(
        csv.out.starts_with("id,title,score,due\nR-0001,\"'=cmd()|'x'!A0, a | b\",10,2026-11-25\n"),
        "{}",
        csv.out
    );
    let markdown = shop.run(&["list", "--format", "markdown", "--columns", "id,title,likelihood"]);
    assert!(markdown.out.contains("| R-0001 | `=cmd()\\|'x'!A0, a \\| b` | 2 |\n"), "{}", markdown.out);
    let json: Value = serde_json::from_str(&shop.run(&["list", "--format", "json"]).out).unwrap();
    assert_eq!(json["schema"], "pmkit.records/1");
    let first = &json["records"][0];
    let keys: Vec<&String> = first.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["fields", "id", "kind", "links", "owner", "path", "status", "title", "words"]);
    assert_eq!((&first["fields"]["score"], &first["words"]), (&Value::from(10), &Value::from(2)));
    assert_eq!(first["links"], serde_json::json!([{"rel": "mentions", "target": "R-0002"}]));
    let lines = shop.run(&["list", "--format", "jsonl", "--where", "not open"]);
    let line: Value = serde_json::from_str(lines.out.trim_end()).unwrap();
    assert_eq!((&line["schema"], &line["id"]), (&Value::from("pmkit.records/1"), &Value::from("R-0003")));
}

#[test]
fn below_the_top_paths_are_the_repositorys() {
    let shop = Program::in_repository();
    shop.write("team/pmkit.toml", "");
    shop.write("team/docs/raid/R-0001-x.md", "---\nid: R-0001\ntitle: X\n---\n");
    assert_eq!(
        shop.run(&["-C", "team", "list", "--columns", "path", "--format", "csv"]).out,
        "path\nteam/docs/raid/R-0001-x.md\n"
    );
}

#[test]
fn any_order_is_one_and_groups_are_whole() {
    let demo = Program::new();
    assert_eq!(demo.run(&["demo", "acorn", "--no-tour"]).code, 0);
    for field in
        ["status", "category", "owner", "severity", "score", "due", "tags", "kind", "deadline", "waiting"]
    {
        let run = demo.run(&["-C", "acorn", "list", "--sort", field, "--columns", "id"]);
        assert_eq!(run.code, 0, "{field}: {}", run.err);
        let run = demo.run(&["-C", "acorn", "list", "--group", field, "--columns", "id"]);
        assert_eq!(run.code, 0, "{field}: {}", run.err);
        let mut heads: Vec<&str> = run.out.lines().filter(|line| line.ends_with(')')).collect();
        let all = heads.len();
        heads.sort_unstable();
        let names = |line: &str| line.rsplit_once(" (").unwrap().0.to_owned();
        let mut different: Vec<String> = heads.into_iter().map(names).collect();
        different.dedup();
        assert_eq!(different.len(), all, "{field}: {}", run.out);
    }
}

#[test]
fn one_person_is_one_group_however_written() {
    let program = Program::new();
    program.write(
        "pmkit.toml",
        "[people]\nmaya = { name = \"Maya Chen\", email = \"maya@x.example\", aliases = [\"@maya-chen\"] }\n",
    );
    for (number, owner) in ["maya", "\"@maya-chen\"", "Maya Chen <maya@x.example>", "MAYA"].iter().enumerate()
    {
        program.write(
            &format!("docs/raid/R-000{number}-x.md"),
            format!("---\nid: R-000{number}\nowner: {owner}\n---\n"),
        );
    }
    let run = program.run(&["list", "--group", "owner", "--columns", "id"]);
    assert!(run.out.contains("maya (4)\n"), "{}", run.out);
}

#[test]
fn strange_options_are_taken_as_they_are_or_refused() {
    let shop = shop();
    for (words, said) in [
        (&["list", "--columns", ""][..], "--columns names no field"),
        (&["list", "--sort", ","], "--sort names no field"),
        (&["list", "--group", "owner,status"], "--group takes one field"),
        (
            &["list", "--waiting-for", "anna"],
            "nobody in [people] is called `anna`\n  help: did you mean `ana`?",
        ),
    ] {
        let run = shop.run(words);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{words:?}");
        assert!(run.err.contains(said), "{words:?}: {}", run.err);
    }
    assert_eq!(ids(&shop, &["--waiting-for", "me"]), "R-0001");
    assert_eq!(ids(&shop, &["--waiting-for", "a'\"b"]), "");
    let run = shop.run(&["list", "--group", "owner", "--format", "csv"]);
    assert!(run.out.starts_with("id,title,status,score,owner,deadline\n"), "{}", run.out);
}

#[test]
fn what_acts_at_the_start_of_a_line_acts_nowhere_else() {
    let program = Program::new();
    program.write("docs/raid/R-0001-x.md", "---\nid: R-0001\ntitle: \"::error::x\"\nowner: \"::a\"\n---\n");
    let csv = program.run(&["list", "--columns", "title,owner", "--format", "csv"]).out;
    assert_eq!(csv, "title,owner\n:\\u{3a}error::x,::a\n");
    let text = program.run(&["list", "--columns", "title,owner"]).out;
    assert_eq!(text, "title            owner\n:\\u{3a}error::x  ::a\n");
    let markdown = program.run(&["list", "--columns", "title,owner", "--format", "markdown"]).out;
    assert!(markdown.contains("| `::error::x` | `::a` |"), "{markdown}");
}
