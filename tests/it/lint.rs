//! `pmkit lint` from the outside: what it prints, what it exits with, what it leaves alone.

use std::fs;

use serde_json::Value;

use crate::program::Program;

const RISK: &str = "---\nid: R-0031\ntitle: Rates of refunds\nstatus: open\nowner: lee\nnext_step: Ask treasury\ndue: 2026-11-27\nraised_by: lee\ncreated: 2026-11-16\n---\n\n## Description\n\nRefunds are paid at another rate.\n";
const PATH: &str = "docs/raid/R-0031-rates.md";

fn with(text: &str) -> Program {
    let program = Program::in_repository();
    program.write(PATH, text);
    program
}

fn json(program: &Program, words: &[&str]) -> Value {
    let mut line = vec!["lint", "--format", "json"];
    line.extend(words);
    let run = program.run(&line);
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {}{}", run.out, run.err))
}

#[test]
fn a_deleted_owner_fails_with_the_caret_on_its_line() {
    let program = with(&RISK.replace("owner: lee", "owner:"));
    let run = program.run(&["lint"]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.out,
        "error[missing-field]: R-0031 has no owner
 --> docs/raid/R-0031-rates.md:5:7
  |
5 | owner:
  |       ^ one named person, not a team
  |
  = help: write `owner: lee` (`raised_by` says so)

1 record checked: 1 error
why it matters: pmkit explain missing-field
"
    );
    assert_eq!(program.run(&["lint", "--exit-zero"]).code, 0);
}

#[test]
fn json_says_where_from_one_in_scalar_values_and_from_zero_in_bytes() {
    let text = RISK.replace("title: Rates of refunds", "title: é̱ F: x").replace('\n', "\r\n");
    let program = with(&format!("\u{feff}{text}"));
    let found = json(&program, &[]);
    assert_eq!(found["schema"], "pmkit.lint/1");
    let first = &found["diagnostics"][0];
    assert_eq!(first["rule"], "malformed-front-matter");
    assert_eq!(first["level"], "deny");
    assert_eq!(first["path"], PATH);
    assert_eq!(first["record"], "R-0031");
    let start = &first["span"]["start"];
    // byte order mark 3, `---` and its end 5, the id's line 12, `title: ` 7, é 2 and its mark 2, space 1, F 1.
    assert_eq!((&start["line"], &start["column"], &start["byte"]), (&3.into(), &12.into(), &33.into()));
    let fix = &first["fix"];
    assert_eq!((&fix["safe"], &fix["edits"][0]["text"]), (&true.into(), &"\"é̱ F: x\"".into()));
    assert_eq!(
        found["summary"],
        serde_json::json!({"records": 1, "deny": 1, "warn": 0, "acknowledged": 0, "known": 0, "skipped": []})
    );
}

#[test]
fn jsonl_is_a_finding_a_line_with_the_schema() {
    let program = with(&RISK.replace("owner: lee", "owner:").replace("due: 2026-11-27", "due: 2026-11-18"));
    let run = program.run(&["lint", "--format", "jsonl"]);
    let lines: Vec<Value> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line["schema"] == "pmkit.lint/1" && line["path"] == PATH));
    assert_eq!(lines[1]["level"], "warn", "what the calendar alone can cause warns");
}

#[test]
fn a_finding_about_a_whole_file_has_no_span() {
    let program = with("");
    assert_eq!(json(&program, &[])["diagnostics"][0]["span"], Value::Null);
}

#[test]
fn paths_are_relative_to_the_repository() {
    let program = Program::in_repository();
    program.write("shop/pmkit.toml", "");
    program.write(&format!("shop/{PATH}"), RISK.replace("owner: lee", "owner:"));
    let run = program.run(&["-C", "shop/docs", "lint", "--format", "jsonl"]);
    assert!(run.out.contains("\"path\":\"shop/docs/raid/R-0031-rates.md\""), "{}", run.out);
    let run = program.run(&["-C", "shop", "lint"]);
    assert!(run.out.contains("--> shop/docs/raid/R-0031-rates.md:5:7"), "{}", run.out);
}

#[test]
fn a_selection_limits_what_is_reported_not_what_is_read() {
    let program = with(RISK);
    program
        .write("docs/raid/R-0032-other.md", RISK.replace("R-0031", "R-0032").replace("owner: lee", "owner:"));
    program.write(
        "docs/raid/R-0033-refers.md",
        RISK.replace("R-0031", "R-0033").replace("Refunds are", "As R-0032 says, refunds are"),
    );
    assert_eq!(program.run(&["lint"]).code, 1);
    for words in [&["lint", PATH][..], &["lint", "R-31"], &["lint", "docs/raid/R-0033-refers.md", "r-0031"]] {
        let run = program.run(words);
        assert_eq!(run.code, 0, "{words:?}: {}", run.out);
    }
    assert_eq!(program.run(&["lint", "docs"]).code, 1);
    assert_eq!(program.run(&["-C", "docs", "lint", "raid"]).code, 1);
    let run = program.run(&["lint", "docs/raid/R-0099-absent.md"]);
    assert!(run.code == 2 && run.err.contains("there is no file, folder or record"), "{}", run.err);
    assert_eq!(program.run(&["lint", "/"]).code, 2);
}

#[test]
fn a_duplicate_is_told_whichever_of_the_two_is_asked_about() {
    let program = with(RISK);
    program.write("docs/raid/R-0031-second.md", RISK);
    for path in [PATH, "docs/raid/R-0031-second.md"] {
        let run = program.run(&["lint", path]);
        assert!(run.code == 1 && run.out.contains("error[duplicate-id]"), "{path}: {}", run.out);
        assert!(
            run.out.contains("the other record with this id") && run.out.contains("R-0032"),
            "{}",
            run.out
        );
    }
}

#[test]
fn nothing_checked_is_never_silent() {
    let program = Program::in_repository();
    let run = program.run(&["lint"]);
    assert_eq!((run.code, run.out.as_str()), (0, "0 records checked\n"));
    assert!(
        run.err.contains("no records: no file matches") && run.err.contains("pmkit new risk"),
        "{}",
        run.err
    );
    program.write("docs/notes.md", "x");
    let run = program.run(&["lint", "docs/notes.md"]);
    assert_eq!(run.code, 0);
    assert!(run.err.contains("docs/notes.md is no record"), "{}", run.err);
}

#[test]
fn fixing_mends_what_is_certain_and_leaves_every_other_byte() {
    let broken = RISK
        .replace("title: Rates of refunds", "Title: Rates: of  refunds   # keep me")
        .replace("next_step: Ask treasury", "next-step:  'Ask treasury'")
        .replace("status: open", "status: Open")
        .replace("due: 2026-11-27", "due: 2026/11/27")
        .replace('\n', "\r\n");
    let broken = format!("\u{feff}{}", broken.trim_end());
    let program = with(&broken);
    let looked = program.run(&["lint", "--diff"]);
    assert_eq!(looked.code, 1, "there is something to mend");
    assert!(looked.out.contains("-status: Open") && looked.out.contains("+status: open"), "{}", looked.out);
    assert_eq!(program.read(PATH), broken, "--diff changes nothing");
    let fixed = program.run(&["lint", "--fix"]);
    assert_eq!((fixed.code, fixed.err.as_str()), (0, "4 findings mended\n"), "{}", fixed.out);
    let expected = broken
        .replace("Rates: of  refunds", "\"Rates: of  refunds\"")
        .replace("next-step", "next_step")
        .replace("status: Open", "status: open")
        .replace("2026/11/27", "2026-11-27");
    assert_eq!(program.read(PATH), expected);
    let again = program.run(&["lint", "--fix"]);
    assert_eq!((again.code, program.read(PATH)), (0, expected), "fixing twice is fixing once");
}

#[test]
fn what_is_only_likely_waits_for_unsafe() {
    let program = with(&RISK.replace("owner: lee", "ownr: lee").replace("2026-11-16", "2026-16-11"));
    assert_eq!(program.run(&["lint", "--fix"]).code, 1);
    assert!(program.read(PATH).contains("ownr: lee"));
    let run = program.run(&["lint", "--fix", "--unsafe"]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert_eq!(program.read(PATH), RISK);
}

#[cfg(unix)]
#[test]
fn a_fix_keeps_the_mode_and_refuses_read_only_files() {
    use std::os::unix::fs::PermissionsExt;
    let program = with(&RISK.replace("status: open", "status: Open"));
    let path = program.path(PATH);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(program.run(&["lint", "--fix"]).code, 0);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    program.write(PATH, RISK.replace("status: open", "status: Open"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).unwrap();
    let run = program.run(&["lint", "--fix"]);
    assert!(run.code == 2 && run.err.contains("is read-only; nothing was changed"), "{}", run.err);
    assert!(program.read(PATH).contains("status: Open"));
    assert_eq!(program.files("docs/raid").len(), 1, "no temporary file is left");
}

#[test]
fn levels_come_from_the_kind_the_tree_and_the_path() {
    let program = with(&RISK.replace("owner: lee", "owner:"));
    let level = |steering: &str| {
        program.write("pmkit.toml", steering);
        let found = json(&program, &[]);
        found["diagnostics"][0]["level"].as_str().map(str::to_owned)
    };
    assert_eq!(level("").as_deref(), Some("deny"));
    assert_eq!(level("[rules]\nmissing-field = 'warn'\n").as_deref(), Some("warn"));
    assert_eq!(level("[rules]\nmissing-field = 'allow'\n"), None);
    assert_eq!(
        level("[rules]\nmissing-field = 'allow'\n[[override]]\npaths = ['docs/raid/**']\nrules = { missing-field = 'warn' }\n").as_deref(),
        Some("warn")
    );
    assert_eq!(
        level("[[override]]\npaths = ['docs/rfcs/**']\nrules = { missing-field = 'warn' }\n").as_deref(),
        Some("deny")
    );
}

#[test]
fn what_git_ignores_is_left_out_and_what_a_user_ignores_is_not() {
    let program = with(&RISK.replace("owner: lee", "owner:"));
    program.write("no-home/.config/git/ignore", "*.md\n");
    assert_eq!(program.run(&["lint"]).code, 1, "a user's own excludes do not count");
    program.write(".gitignore", "docs/raid/\n");
    let run = program.run(&["lint"]);
    assert_eq!((run.code, run.out.as_str()), (0, "0 records checked\n"));
    assert_eq!(program.run(&["lint", PATH]).code, 1, "what is named is checked all the same");
}

#[test]
fn a_bare_repository_is_read_at_head() {
    let program = with(&RISK.replace("owner: lee", "owner:"));
    program
        .write("pmkit.toml", "[[override]]\npaths = ['docs/raid/*']\nrules = { missing-field = 'warn' }\n");
    program.write("docs/notes/N-0001-x.md", "---\nid: N-0001\n---\n");
    program.write(
        ".pmkit/kinds/note.toml",
        "id = 'note'\ntitle = 'N'\nprefix = 'N'\npath = 'docs/notes/{id}-{slug}.md'\n",
    );
    program.commit("start");
    let bare = Program::new();
    bare.git(&["clone", "--quiet", "--bare", program.root().to_str().unwrap(), "bare.git"]);
    let program = bare;
    let run = program.run(&["-C", "bare.git", "lint"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.out.contains("warning[missing-field]: R-0031 has no owner"), "{}", run.out);
    assert!(run.out.contains("error[missing-field]: N-0001 has no title"), "{}", run.out);
    let run = program.run(&["-C", "bare.git", "new", "risk", "T"]);
    assert!(run.code == 2 && run.err.contains("bare repository"), "{}", run.err);
    assert_eq!(
        program.run(&["-C", "bare.git", "lint", "--fix"]).code,
        1,
        "there is nothing to fix for certain"
    );
}

#[cfg(unix)]
#[test]
fn what_is_no_document_is_told_and_harms_nobody() {
    let program = Program::in_repository();
    program.write("docs/raid/R-0007-utf16.md", b"\xff\xfe-\0-\0-\0");
    program.write("docs/raid/R-0006-latin.md", b"---\nid: R-0006\ntitle: caf\xe9\n---\n");
    fs::create_dir_all(program.path("docs/raid/R-0001-folder.md")).unwrap();
    let outside = Program::new();
    outside.write("there", "x\n");
    std::os::unix::fs::symlink(outside.path("there"), program.path("docs/raid/R-0003-out.md")).unwrap();
    std::os::unix::fs::symlink("nowhere", program.path("docs/raid/R-0004-dead.md")).unwrap();
    fs::File::create(program.path("docs/raid/R-0005-huge.md")).unwrap().set_len(1 << 30).unwrap();
    assert!(
        std::process::Command::new("mkfifo")
            .arg(program.path("docs/raid/R-0002-pipe.md"))
            .status()
            .unwrap()
            .success()
    );
    let found = json(&program, &[]);
    let told: Vec<&str> = found["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| found["message"].as_str().unwrap())
        .collect();
    for (told, words) in told.iter().zip([
        "is a folder",
        "is a pipe",
        "leads out of the tree",
        "leads nowhere",
        "larger than 4 MiB",
        "byte 0xe9 on line 3, column 11",
        "UTF-16LE",
    ]) {
        assert!(told.contains(words), "{told}");
    }
    assert_eq!((told.len(), &found["summary"]["records"]), (7, &7.into()));
}

#[test]
fn broken_steering_stops_everything_with_its_place() {
    for (text, words) in [
        ("[rules]\nmissing-feild = 'warn'\n", "did you mean `missing-field`?"),
        ("[rules]\nover-budget = 'denny'\n", "did you mean `deny`?"),
        ("[[override]]\npath = ['x']\nrules = {}\n", "did you mean `paths`?"),
        ("[paths]\nrcf = 'x/{number}.md'\n", "did you mean `rfc`?"),
        ("[paths]\nrfc = '../{number}.md'\n", "inside the tree"),
        ("[people]\nana = {}\n[initiative.x]\nkeeper = 'anna'\n", "did you mean `ana`?"),
        ("[links]\n'(' = 'x'\n", "not a regular expression"),
        ("[[register]]\nfile = 'x'\nkinds = ['rsik']\n", "did you mean `risk`?"),
        ("a = = b\n", "not TOML"),
    ] {
        let program = with(RISK);
        program.write("pmkit.toml", text);
        for command in ["lint", "rules", "kinds"] {
            let run = program.run(&[command]);
            assert_eq!((run.code, run.out.as_str()), (2, ""), "{text}");
            assert!(run.err.contains(words) && run.err.contains("--> pmkit.toml:"), "{text}: {}", run.err);
        }
    }
}

#[test]
fn inside_github_actions_annotations_are_added_to_the_text() {
    let program = with(&RISK.replace("owner: lee", "owner:"));
    let mut command = program.command(&["lint"]);
    let ended = command.env("GITHUB_ACTIONS", "true").output().unwrap();
    let out = String::from_utf8(ended.stdout).unwrap();
    assert!(out.starts_with("error[missing-field]: R-0031 has no owner\n"), "{out}");
    assert!(
        out.contains("\n::error file=docs/raid/R-0031-rates.md,line=5,endLine=5,col=7,endColumn=7,title=pmkit missing-field::R-0031 has no owner%0Ahelp: "),
        "{out}"
    );
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let program = with(RISK);
    for number in 100..400 {
        program.write(&format!("docs/raid/R-0{number}-x.md"), "---\n---\n");
    }
    let mut command = program.command(&["lint"]);
    let mut child =
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), String::from_utf8(ended.stderr).unwrap().as_str()), (Some(0), ""));
}

#[test]
fn the_same_tree_gives_the_same_bytes() {
    let program = Program::in_repository();
    for number in 0..300 {
        let text = RISK.replace("R-0031", &format!("R-{:04}", number / 2)).replace("owner: lee", "ownr: TBD");
        program.write(&format!("docs/raid/R-{number:04}-x.md"), text);
    }
    let first = program.run(&["lint", "--format", "json"]);
    for _ in 0..3 {
        assert_eq!(program.run(&["lint", "--format", "json"]).out, first.out);
    }
}

// Windows cannot have such files.
#[cfg(unix)]
#[test]
fn no_two_files_are_to_have_one_name() {
    let program = with(RISK);
    for name in ["a:b", "a?b", "a|b"] {
        program.write(&format!("docs/raid/R-0041-{name}.md"), RISK.replace("R-0031", "R-0041"));
    }
    let out = program.run(&["lint"]).out;
    for name in ["R-0041-a-b.md`", "R-0041-a-b-2.md`", "R-0041-a-b-3.md`"] {
        assert_eq!(out.matches(name).count(), 1, "{name}: {out}");
    }
}

#[test]
fn what_a_stamp_says_stands_under_the_stamp() {
    let program = with(&RISK.replace("created: 2026-1", "created: 2025-1"));
    let stale = |program: &Program| {
        let out = program.run(&["lint", "--format", "jsonl"]).out;
        let line = out.lines().find(|line| line.contains("\"untouched\"")).unwrap_or_default().to_owned();
        serde_json::from_str::<Value>(&line).unwrap()
    };
    program.write(
        PATH,
        program
            .read(PATH)
            .lines()
            .filter(|line| !line.starts_with("reviewed:"))
            .collect::<Vec<_>>()
            .join("\n"),
    );
    program.commit("18 days ago");
    assert!(stale(&program)["label"].is_null());
}

#[test]
fn a_comment_period_without_a_beginning_runs_from_the_first_day() {
    let program = Program::new();
    let rfc = |status: &str, created: &str, close: &str| {
        format!(
            "---\nid: RFC-0007\ntitle: Redis\nstatus: {status}\nowner: maya\napprover: priya\nreviewers: [ana]\ncomments_close: {close}\ncreated: {created}\n---\n\n## Problem\n\nSlow.\n\n## Proposal\n\nRedis.\n\n## Alternatives considered\n\n- **None:** slow.\n"
        )
    };
    let path = "docs/rfcs/0007-redis.md";
    program.write(path, rfc("review", "2026-11-19", "2026-11-20"));
    let out = program.run(&["lint"]).out;
    assert!(
        out.contains("[short-comment-period]") && out.contains("write `comments_close: 2026-11-24`"),
        "{out}"
    );
    // A day that would be too early is not proposed.
    for (created, proposed) in [("2026-11-18", false), ("2026-11-02", true)] {
        program.write(path, rfc("accepted", created, "2026-11-25"));
        let out = program.run(&["lint"]).out;
        assert!(out.contains("[decided-before-close]"), "{out}");
        assert_eq!(out.contains("comments_close: 2026-11-19"), proposed, "{out}");
    }
}
