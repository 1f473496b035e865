//! `pmkit raid`: the board of the demo company worked out by hand, colours and their reasons, and what has moved.

use pmkit::board::Sources;
use pmkit::board::board;
use pmkit::date::Date;
use pmkit::record::Depth;
use pmkit::report;
use pmkit::report::Arranged;
use pmkit::report::Look;
use pmkit::report::Scene;
use pmkit::report::TableFormat;
use pmkit::workspace::Inputs;
use pmkit::workspace::read_records;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::program::Program;
use crate::tree::Tree;

fn demo() -> Program {
    let program = Program::new();
    let run = program.run(&["demo", "demo", "--no-tour"]);
    assert_eq!(run.code, 0, "{}", run.err);
    program
}

fn json(program: &Program, words: &[&str]) -> Value {
    let run = program.run(&[words, &["raid", "--format", "json"]].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    serde_json::from_str(&run.out).unwrap()
}

/// Returns of each item what `keys` say, with spaces between.
fn items(board: &Value, keys: &[&str]) -> Vec<String> {
    let one = |item: &Value| {
        let said = keys.iter().map(|key| match &item[*key] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        said.collect::<Vec<_>>().join(" ")
    };
    board["items"].as_array().unwrap().iter().map(one).collect()
}

/// The files of the story, read by hand: on Friday 20 November {{-2}} is the 18th, {{+1}} the 23rd, {{+12}} the 2nd of
/// December, 19 days before {{+31}}.
#[test]
fn the_board_of_the_demo_company_is_as_worked_out_by_hand() {
    let demo = demo();
    let board = json(&demo, &["-C", "demo"]);
    assert_eq!(board["schema"], "pmkit.raid/1");
    assert_eq!((&board["day"], &board["since"]), (&"2026-11-20".into(), &"2026-11-13".into()));
    assert_eq!(
        items(&board, &["label", "id", "colour", "rank", "score", "deadline", "days_late"]),
        [
            "late R-0012 red critical 20 2026-11-18 2",
            "late I-0004 red high null 2026-11-19 1",
            "soon R-0019 amber medium 9 2026-11-23 0",
            "soon I-0003 green medium null 2026-11-24 0",
            "soon A-0007 green high null 2026-11-25 0",
            "soon R-0016 green medium 9 2026-11-26 0",
            "new R-0020 green null null 2026-11-23 0",
            "later D-0003 red null null 2026-12-02 0",
            "later D-0004 amber null null 2026-12-08 0",
            "later R-0018 green medium 8 2026-11-30 0",
            "later A-0008 green medium null 2026-11-30 0",
        ]
    );
    let said: Vec<String> = board["initiatives"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {} {}", one["name"], one["colour"], one["because"]))
        .collect();
    assert_eq!(
        said,
        [
            "\"checkout\" \"red\" [\"D-0003 is promised 19 days after it is needed\",\"R-0012 has score 20, is 2 days late\"]",
            "\"refunds\" \"amber\" [\"D-0004 has no next step\",\"R-0019 has no owner\"]",
        ]
    );
    // D-0004 has its next step under a key that is no field, `next-step`; the check says so too.
    // I-0004 and R-0020 are 4 days and 1 day old; A-0009 turned out wrong two days ago.
    assert_eq!(
        board["totals"]["moved"],
        serde_json::json!({"new": 2, "closed": 1, "worse": 0, "better": 0, "reopened": 0, "moved_in": 0, "moved_out": 0})
    );
    assert_eq!(board["totals"]["open"], 11);
    assert_eq!(board["totals"]["late"], 2);
}

fn risk(program: &Program, number: u32, rest: &str) {
    program.write(
        &format!("docs/raid/R-{number:04}-x.md"),
        format!("---\nid: R-{number:04}\ntitle: Risk {number}\n{rest}\n---\n\n## Description\n\nx\n"),
    );
}

fn issue(program: &Program, number: u32, rest: &str) {
    program.write(
        &format!("docs/raid/I-{number:04}-x.md"),
        format!("---\nid: I-{number:04}\ntitle: Issue {number}\n{rest}\n---\n\n## Description\n\nx\n"),
    );
}

fn owned(rest: &str) -> String {
    let step = if rest.contains("next_step") { "" } else { "next_step: Ask\n" };
    format!("status: open\nowner: lee\ncreated: 2026-10-01\nreviewed: 2026-11-19\n{step}{rest}")
}

/// Returns the line that says why.
fn verdict(fill: impl Fn(&Program)) -> String {
    let program = Program::in_repository();
    fill(&program);
    let run = program.run(&["raid"]);
    assert_eq!(run.code, 0, "{}", run.err);
    run.out.lines().nth(1).unwrap().to_owned()
}

#[test]
fn a_colour_says_why() {
    let due = "due: 2026-12-20";
    assert_eq!(
        verdict(|program| risk(program, 1, &owned(due))),
        "GREEN: nothing is late · next is R-0001, Sun 20 Dec"
    );
    assert_eq!(
        verdict(|program| risk(program, 1, &format!("status: open\nnext_step: Ask\n{due}"))),
        "AMBER: R-0001 has no owner"
    );
    assert_eq!(
        verdict(|program| risk(program, 1, &owned(&format!("{due}\nnext_step:")))),
        "AMBER: R-0001 has no next step"
    );
    assert_eq!(verdict(|program| risk(program, 1, &owned("due: 2026-11-19"))), "AMBER: R-0001 is 1 day late");
    assert_eq!(
        verdict(|program| risk(program, 1, &owned("due: 2026-11-20\nlikelihood: 2\nimpact: 5"))),
        "AMBER: R-0001 has score 10"
    );
    assert_eq!(
        verdict(|program| risk(program, 1, &owned("due: 2026-11-13\nlikelihood: 2\nimpact: 5"))),
        "RED: R-0001 has score 10, is 7 days late"
    );
    assert_eq!(
        verdict(|program| {
            issue(program, 1, &owned(&format!("{due}\nseverity: critical")));
            issue(program, 2, &owned("due: 2026-11-10\nseverity: high"));
            issue(program, 3, &owned("due: 2026-11-09"));
        }),
        "RED: I-0001 has critical severity · I-0002 has high severity, is 10 days late"
    );
    let dependency = |state: &str, dates: &str| {
        let fields = owned(dates).replace("status: open", &format!("status: {state}"));
        let text = format!("---\nid: D-0001\ntitle: t\n{fields}\n---\n");
        verdict(|program| program.write("docs/raid/D-0001-x.md", &text))
    };
    let dates = "needed_by: 2026-12-01\npromised_for: 2026-12-02";
    assert_eq!(dependency("on-track", dates), "RED: D-0001 is promised 1 day after it is needed");
    assert_eq!(dependency("blocked", "needed_by: 2026-12-01"), "RED: D-0001 is blocked");
    assert_eq!(dependency("at-risk", "needed_by: 2026-12-01"), "AMBER: D-0001 is at risk");
    // Nobody has promised anything yet in this state.
    assert_eq!(dependency("open", dates), "GREEN: nothing is late · next is D-0001, Tue 1 Dec");
}

#[test]
fn what_a_colour_is_owed_to_is_always_shown() {
    let program = Program::in_repository();
    for number in 1..6 {
        risk(&program, number, &owned("due: 2026-12-20\nlikelihood: 3\nimpact: 1"));
    }
    risk(&program, 6, &owned("due: 2026-12-20\nlikelihood: 3\nimpact: 4"));
    let run = program.run(&["raid"]);
    assert!(run.out.contains("AMBER: R-0006 has score 12\n"), "{}", run.out);
    assert!(run.out.contains("later  R-0006  Risk 6"), "{}", run.out);
    assert!(run.out.contains("later  5 more: 5 low   pmkit raid --all\n"), "{}", run.out);
}

#[test]
fn a_kind_of_the_teams_own_is_on_the_board_by_its_keys_alone() {
    let program = Program::in_repository();
    program.write(
        ".pmkit/kinds/worry.toml",
        "id = \"worry\"\ntitle = \"Worry\"\nprefix = \"W\"\ngroup = \"raid\"\npath = \"w/{id}.md\"\n\
         [[field]]\nname = \"depth\"\ntype = \"enum\"\nvalues = [\"flat\", \"deep\"]\nranks = true\nred = [\"deep\"]\n\
         [[field]]\nname = \"ends\"\ntype = \"date\"\nnot_after = \"needs\"\n[[field]]\nname = \"needs\"\ntype = \"date\"\n\
         [lifecycle]\ninitial = \"felt\"\nopen = [\"felt\", \"loud\"]\namber = [\"loud\"]\n\
         [lifecycle.moves]\nfelt = [\"loud\"]\nloud = [\"felt\"]\n",
    );
    program.write("w/W-0001.md", "---\nid: W-0001\ntitle: a\nstatus: loud\nowner: lee\ndepth: flat\n---\n");
    program.write("w/W-0002.md", "---\nid: W-0002\ntitle: b\nstatus: felt\nowner: lee\ndepth: deep\n---\n");
    program.write(
        "w/W-0003.md",
        "---\nid: W-0003\ntitle: c\nstatus: felt\nowner: lee\nends: 2026-12-03\nneeds: 2026-12-01\n---\n",
    );
    let board = json(&program, &[]);
    assert_eq!(
        items(&board, &["id", "rank", "colour", "because"]),
        [
            "W-0003 null red [\"has ends 2 days after needs\"]",
            "W-0002 deep red [\"has deep depth\"]",
            "W-0001 flat amber [\"is loud\"]",
        ]
    );
}

/// Commits on the 10th of November, ten days ago.
fn commit_then(program: &Program) {
    program.git(&["add", "--all"]);
    let mut command = std::process::Command::new("git");
    command.args(["commit", "--quiet", "--message", "then"]);
    program.apart(&mut command);
    command.env("GIT_COMMITTER_DATE", "2026-11-10T10:00:00Z");
    assert!(command.status().unwrap().success());
}

#[test]
fn what_has_moved_is_told_against_the_records_a_week_ago() {
    let program = Program::in_repository();
    let due = "due: 2026-12-20";
    risk(&program, 1, &owned(&format!("{due}\nlikelihood: 3\nimpact: 3")));
    risk(&program, 2, &owned(&format!("{due}\nlikelihood: 3\nimpact: 3")));
    risk(&program, 3, &owned(due));
    risk(&program, 4, &owned(due));
    issue(&program, 1, &owned(&format!("{due}\nseverity: low")));
    commit_then(&program);
    risk(&program, 1, &owned(&format!("{due}\nlikelihood: 4\nimpact: 5")));
    risk(&program, 2, &owned(&format!("{due}\nlikelihood: 1\nimpact: 3")));
    risk(&program, 3, &owned(due).replace("open", "closed"));
    // A file that is called otherwise is the same record.
    program.git(&["mv", "docs/raid/R-0004-x.md", "docs/raid/R-0004-y.md"]);
    issue(&program, 1, &owned(&format!("{due}\nseverity: high")));
    issue(&program, 2, &owned(&format!("{due}\nseverity: low")));
    let run = program.run(&["raid", "--all"]);
    assert!(run.out.contains("AMBER: R-0001 rose 9 → 20 · I-0001 rose low → high\n"), "{}", run.out);
    assert!(run.out.contains("  20 ▲11  "), "{}", run.out);
    assert!(run.out.contains("  high ▲  "), "{}", run.out);
    assert!(run.out.contains("  3 ▼6    "), "{}", run.out);
    assert!(run.out.contains("new    I-0002  Issue 2"), "{}", run.out);
    assert!(
        run.out.contains("5 open: 2 issues, 3 risks · since 13 Nov: 1 new, 1 closed, 2 worse, 1 better\n"),
        "{}",
        run.out
    );
    let board = json(&program, &[]);
    assert!(items(&board, &["id", "was"]).contains(&"R-0001 9".to_owned()));
    assert!(items(&board, &["id", "was"]).contains(&"I-0001 low".to_owned()));
}

#[test]
fn counts_and_rows_agree_on_what_came_from_where() {
    let program = Program::in_repository();
    program.write("pmkit.toml", "[initiative]\na = {}\nb = {}\n");
    let of = |name: &str| owned(&format!("due: 2026-12-20\nlikelihood: 1\nimpact: 3\ninitiative: {name}"));
    for number in 1..5 {
        risk(&program, number, &of("a"));
    }
    risk(&program, 5, &of("b").replace("status: open", "status: closed"));
    commit_then(&program);
    risk(&program, 1, &of("b"));
    risk(&program, 2, &of("b").replace("status: open", "status: closed"));
    risk(&program, 5, &of("b"));
    risk(&program, 6, &of("b"));
    for (words, told, rows) in [
        (&["raid"][..], "1 new, 1 reopened, 1 closed", &["R-0005 reopened", "R-0006 new"][..]),
        (&["raid", "--in", "a"], "1 moved out, 1 closed", &[]),
        (
            &["raid", "--in", "b"],
            "1 new, 1 reopened, 1 moved in",
            &["R-0001 moved in", "R-0005 reopened", "R-0006 new"],
        ),
    ] {
        let run = program.run(words);
        assert!(run.out.contains(&format!("since 13 Nov: {told}\n")), "{}{}", run.out, run.err);
        let marked = |line: &str| {
            let word = ["reopened", "moved in", "new"].into_iter().find(|word| line.ends_with(word))?;
            Some(format!("{} {word}", line.split_whitespace().nth(1)?))
        };
        let mut found: Vec<String> =
            run.out.lines().filter(|line| line.contains("  Risk ")).filter_map(marked).collect();
        found.sort();
        assert_eq!(found, rows, "{}", run.out);
    }
    let moved = &json(&program, &["--quiet"])["totals"]["moved"];
    assert_eq!((&moved["new"], &moved["reopened"], &moved["moved_in"]), (&1.into(), &1.into(), &0.into()));
}

#[test]
fn what_is_late_without_a_next_step_says_so() {
    let program = Program::in_repository();
    risk(&program, 1, &owned("due: 2026-11-18\nnext_step:"));
    let run = program.run(&["raid"]);
    assert!(run.out.contains("RED: R-0001 has no next step, is 2 days late\n"), "{}", run.out);
    assert!(run.out.contains("       → no next step\n"), "{}", run.out);
    let run = program.run(&["raid", "--format", "csv"]);
    assert_eq!(
        run.out.lines().map(|line| line.rsplit(',').take(3).collect::<Vec<_>>()).collect::<Vec<_>>(),
        [["days_after_need", "because", "colour"], ["", "has no next step; is 2 days late", "red"]]
    );
    let run = program.run(&["raid", "--format", "markdown"]);
    assert!(run.out.contains("`has no next step; is 2 days late`"), "{}", run.out);
}

#[test]
fn one_person_is_one_group_however_written() {
    let program = Program::in_repository();
    program.write("pmkit.toml", "[people.maya]\nname = \"Maya Chen\"\naliases = [\"maya-chen\"]\n");
    for (number, owner) in (1..).zip(["maya", "'@maya-chen'", "Maya Chen <maya@acme.example>", "MAYA", "zoe"])
    {
        risk(&program, number, &owned("due: 2026-12-20").replace("lee", owner));
    }
    let run = program.run(&["raid", "--by", "owner"]);
    let heads: Vec<&str> = run.out.lines().filter(|line| ["maya", "zoe"].contains(line)).collect();
    assert_eq!(heads, ["maya", "zoe"], "{}", run.out);
    assert!(!run.out.lines().any(|line| ["MAYA", "Maya Chen", "@maya-chen"].contains(&line)), "{}", run.out);
}

#[test]
fn letter_case_does_not_keep_a_group_off_the_board() {
    let program = Program::in_repository();
    let kind = "id = \"worry\"\ntitle = \"Worry\"\nprefix = \"W\"\ngroup = \"RAID\"\npath = \"w/{id}.md\"\n\
                [lifecycle]\ninitial = \"felt\"\nopen = [\"felt\"]\n[lifecycle.moves]\nfelt = []\n";
    program.write(".pmkit/kinds/worry.toml", kind);
    program.write("w/W-0001.md", "---\nid: W-0001\ntitle: a\nstatus: felt\nowner: lee\n---\n");
    assert_eq!(items(&json(&program, &[]), &["id"]), ["W-0001"]);
}

#[test]
fn the_board_stands_without_a_past() {
    let program = Program::new();
    risk(&program, 1, &owned("due: 2026-11-18"));
    let run = program.run(&["raid"]);
    assert_eq!(run.code, 0);
    assert!(run.out.starts_with("Fri 20 Nov 2026\nAMBER: R-0001 is 2 days late\n"), "{}", run.out);
    assert_eq!(run.err, "note: there is no git repository here: shown without what has moved\n");
    let board = json(&program, &["--quiet"]);
    assert_eq!((&board["commit"], &board["since"]), (&Value::Null, &Value::Null));

    let program = Program::in_repository();
    let run = program.run(&["raid"]);
    assert_eq!((run.code, run.out.as_str()), (0, "Fri 20 Nov 2026 · main\nnothing is open\n"));
    assert_eq!(run.err, "the log has no record yet; make one: pmkit new assumption \"…\"\n");
}

#[test]
fn a_shallow_clone_has_no_week_ago_and_says_so() {
    let program = Program::in_repository();
    risk(&program, 1, &owned("due: 2026-11-18"));
    commit_then(&program);
    risk(&program, 2, &owned("due: 2026-11-25"));
    program.commit("more");
    program.git(&[
        "clone",
        "--quiet",
        "--depth",
        "1",
        &format!("file://{}", program.root().display()),
        "few",
    ]);
    let run = program.run(&["-C", "few", "raid"]);
    assert_eq!(run.code, 0);
    assert!(run.err.starts_with("note: this clone holds only the newest commits"), "{}", run.err);
    assert!(run.out.contains("2 open: 2 risks\n"), "{}", run.out);
    let whole = program.run(&["raid"]);
    assert!(whole.out.contains("2 open: 2 risks · since 13 Nov: "), "{}", whole.out);
}

#[test]
fn what_was_accepted_comes_back_when_its_day_does() {
    let program = Program::in_repository();
    risk(&program, 1, "status: accepted\nowner: lee\nreview_by: 2026-11-19");
    risk(&program, 2, "status: accepted\nowner: lee\nreview_by: 2026-12-19");
    let run = program.run(&["raid"]);
    assert!(run.out.contains("late   R-0001"), "{}", run.out);
    assert!(!run.out.contains("R-0002"), "{}", run.out);
    assert!(run.out.contains("none open · 1 not open, with a deadline\n"), "{}", run.out);
}

#[test]
fn what_cannot_be_on_a_board_is_told_in_the_kind_file() {
    for (keys, told) in [
        ("[[field]]\nname = \"a\"\nranks = true", "`ranks` belongs to an `enum` or banded field"),
        (
            "[[field]]\nname = \"a\"\ntype = \"enum\"\nvalues = [\"x\"]\nred = [\"y\"]",
            "`y` is not one of the `values`",
        ),
        (
            "[[field]]\nname = \"a\"\ntype = \"enum\"\nvalues = [\"x\"]\nred = [\"x\"]\namber = [\"x\"]",
            "`x` cannot be red and amber at once",
        ),
        (
            "[[field]]\nname = \"a\"\ntype = \"integer\"\nbands = { low = 1 }\namber = [\"lo\"]",
            "`lo` is not one of the `bands`",
        ),
        (
            "[lifecycle]\nopen = [\"x\"]\nred = [\"y\"]",
            "`y` is not open, and only what is open is on a board",
        ),
    ] {
        let program = Program::in_repository();
        program.write(
            ".pmkit/kinds/worry.toml",
            format!("id = \"worry\"\ntitle = \"Worry\"\nprefix = \"W\"\npath = \"w/{{id}}.md\"\n{keys}\n"),
        );
        let run = program.run(&["raid"]);
        assert_eq!(run.code, 2, "{keys}");
        assert!(run.err.contains(told), "{keys}: {}", run.err);
    }
}

#[test]
fn the_board_fits_a_terminal_of_any_width() {
    let risk = |number: u32, rest: &str| {
        format!("---\nid: R-{number:04}\ntitle: The 東京 shop may open later than we all hope\n{rest}\n---\n")
    };
    let fields = "next_step: Ask the people in 東京 for a date\ninitiative: shop\nlikelihood: 4\nimpact: 4";
    let tree = Tree::default()
        .with("docs/raid/R-0001-x.md", risk(1, &owned(&format!("due: 2026-11-18\n{fields}"))))
        .with("docs/raid/R-0002-x.md", risk(2, &owned(&format!("due: 2026-11-24\n{fields}"))))
        .with("docs/raid/R-0003-x.md", risk(3, &owned(&format!("due: 2026-12-24\n{fields}"))))
        .with(
            "docs/raid/R-0004-x.md",
            risk(4, "status: open\nowner: lee\ncreated: 2026-11-19\ndue: 2026-12-24"),
        );
    let config = tree.config().unwrap();
    let today = Date::parse("2026-11-20").unwrap();
    let paths: Vec<String> = tree.files.keys().cloned().collect();
    let inputs = Inputs { paths: &paths, read: &|path| Ok(tree.files[path].clone()), around: None };
    let now = read_records(&config, inputs, Depth::FrontMatter, &|_| true, &|_| false).unwrap();
    let made = board(Sources {
        workspace: &now.workspace,
        wanted: &|_| true,
        earlier: None,
        timelines: None,
        today,
    });
    for by in [None, Some(Arranged::Owner), Some(Arranged::Band), Some(Arranged::Due), Some(Arranged::Kind)] {
        let scene = Scene {
            config: &config,
            today,
            branch: Some("main"),
            commit: None,
            initiative: None,
            overdue: false,
            all: false,
            by,
        };
        for width in 20..120 {
            let mut out = Vec::new();
            let look = Look { color: false, width, prefix: "", terse: false };
            report::raid(TableFormat::Text, &made, scene, look, &mut out).unwrap();
            for line in String::from_utf8(out).unwrap().lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }
}
