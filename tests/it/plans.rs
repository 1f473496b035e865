//! What plans are made of: periods, objectives and what they hang on, days for which something must stand ready.

use pmkit::date::Date;

use crate::program::Program;
use crate::tree::Tree;

/// Returns what is found in the tree, each with its file's number or name, its rule and its level.
fn found(tree: &Tree) -> Vec<String> {
    let today = Date::parse("2026-11-20").unwrap();
    let told = tree.lint(today).into_iter().map(|found| {
        let name = found.record.clone().unwrap_or(found.path);
        format!("{:?} {}: {}", found.level, found.rule, found.message.replacen(&format!("{name}: "), "", 1))
    });
    told.collect()
}

fn okr(program: &Program, number: u32, period: &str) {
    program.write(
        &format!("docs/okrs/{number:04}-x.md"),
        format!("---\nid: OKR-{number:04}\ntitle: Objective {number}\nstatus: draft\nowner: maya\nperiod: {period}\ncreated: 2026-11-02\n---\n\n## Objective\n\nGood.\n\n## Key results\n\n| metric | baseline | target | date |\n|---|---|---|---|\n| Calls | 61 | 25 | 2027-03-31 |\n"),
    );
}

#[test]
fn a_period_is_checked_before_it_is_written() {
    let program = Program::in_repository();
    for (typed, said) in [
        (
            "period=Q4 2026",
            "`Q4 2026` is not how a period is written\n  help: did you mean `period=2026-Q4`?",
        ),
        ("period=2026Q4", "did you mean `period=2026-Q4`?"),
        ("period=KW 47", "`KW 47` does not say in which year\n  help: did you mean `period=2026-W47`?"),
        ("period=2026-Q5", "there is no period `2026-Q5`"),
        ("period=soon", "`soon` is no period\n  help: write a year, a half"),
    ] {
        let run = program.run(&["new", "okr", "Better refunds", typed]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{typed}: {}", run.err);
        assert!(run.err.contains(said), "{typed}: {}", run.err);
    }
    let run = program.run(&["new", "okr", "Better refunds", "period=2026"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(program.read("docs/okrs/0001-better-refunds.md").contains("\nperiod: 2026\n"));
    let run = program.run(&["set", "OKR-1", "period=2027-Q1"]);
    assert_eq!((run.code, run.out.as_str()), (0, "OKR-0001  period  2026 → 2027-Q1\n"), "{}", run.err);
    let run = program.run(&["set", "OKR-1", "period=november 2026"]);
    assert!(run.code == 2 && run.err.contains("did you mean `period=2026-11`?"), "{}", run.err);
    assert!(program.read("docs/okrs/0001-better-refunds.md").contains("\nperiod: 2027-Q1\n"));
}

#[test]
fn periods_are_looked_for_and_put_in_order_as_text() {
    let program = Program::in_repository();
    for (number, period) in [(1, "2027-Q1"), (2, "2026-Q4"), (3, "2026-W47")] {
        okr(&program, number, period);
    }
    let ids = |words: &[&str]| {
        let run = program.run(&[&["list", "okr", "--columns", "id", "--format", "csv"], words].concat());
        assert_eq!(run.code, 0, "{words:?}: {}", run.err);
        run.out.lines().skip(1).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(ids(&["--where", "period=2026-q4"]), "OKR-0002");
    assert_eq!(ids(&["--where", "period='Q4 2026'"]), "OKR-0002");
    assert_eq!(ids(&["--where", "period~2026"]), "OKR-0002 OKR-0003");
    assert_eq!(ids(&["--sort", "period"]), "OKR-0002 OKR-0003 OKR-0001");
}

#[test]
fn a_period_written_another_way_is_mended_where_there_is_one_way_to_read_it() {
    let program = Program::in_repository();
    for (number, period) in [(1, "Q4 2026"), (2, "KW 47"), (3, "2026-4"), (4, "2026-Q4")] {
        okr(&program, number, period);
    }
    let run = program.run(&["lint", "--fix", "--today", "2026-11-20"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(program.read("docs/okrs/0001-x.md").contains("\nperiod: 2026-Q4\n"));
    for said in [
        "`KW 47` does not say in which year",
        "write the year in front, as in `period: 2026-W47`",
        "did you mean `2026-04`?",
    ] {
        assert!(run.out.contains(said), "{said}: {}", run.out);
    }
}

/// Returns an objective in `state` with `results` under its key results.
fn objective(state: &str, results: &str) -> Tree {
    Tree::default().with(
        "docs/okrs/0004-x.md",
        format!("---\nid: OKR-0004\ntitle: Refunds\nstatus: {state}\nowner: maya\nperiod: 2027-Q1\ncreated: 2026-11-02\n---\n\n## Objective\n\nGood.\n\n## Key results\n\n{results}\n"),
    )
}

#[test]
fn a_draft_may_lack_what_an_entry_states_and_is_told_so() {
    let half = "- Calls: fewer. Target: 25";
    assert_eq!(
        found(&objective("draft", half)),
        ["Warn incomplete-item: key result 1 states no baseline and no date"]
    );
    assert_eq!(
        found(&objective("active", half)),
        ["Deny incomplete-item: key result 1 states no baseline and no date"]
    );
    assert_eq!(
        found(&objective("draft", "We will see.")),
        ["Warn incomplete-item: nothing in `Key results` states metric, baseline, target and date"]
    );
    let help = objective("active", "We will see.").lint(Date::parse("2026-11-20").unwrap())[0].help.concat();
    assert!(
        help.ends_with("as in `| Refunds turned round by hand, a day | 6 | under 1 | 2027-02-26 |`"),
        "{help}"
    );
    // Where the kind counts entries, that there is none is told once.
    assert_eq!(
        found(&objective("active", "We will see.")),
        ["Deny too-few-items: `Key results` has no entry, and active it needs 1"]
    );
}

#[test]
fn entries_are_counted_as_they_are_read() {
    let one = |metric: &str| format!("- Metric: {metric}\n- Baseline: 1\n- Target: 2\n- Date: 2027-03-31\n");
    assert_eq!(found(&objective("active", &one("a"))), [""; 0]);
    let five: String = ["a", "b", "c", "d", "e"].map(one).concat();
    assert_eq!(found(&objective("active", &five)), [""; 0]);
    let six = format!("{five}{}", one("f"));
    let told = found(&objective("active", &six));
    assert!(told.len() == 1 && told[0].starts_with("Warn too-many-items"), "{told:?}");
}

#[test]
fn what_still_stands_as_in_the_template_is_told_once() {
    let kind = "id = 'note'\ntitle = 'Note'\nprefix = 'N'\npath = 'notes/{number}.md'\n[[section]]\ntitle = 'Talk'\nrequired = true\n[[section.each]]\nlabel = 'question'\n[[section.each]]\nlabel = 'owner'\ntype = 'person'\n";
    let template = "---\nid: {{ id }}\ntitle: {{ title }}\nstatus: {{ status }}\nowner: {{ owner }}\ncreated: {{ created }}\n---\n\n# {{ id }} {{ title }}\n\n## Talk\n\n- **Question:**\n- **Owner:**\n";
    let note = |talk: &str| {
        Tree::default().with_kind("note", kind).with(".pmkit/kinds/note.md", template).with(
            "notes/7.md",
            format!("---\nid: N-0007\ntitle: A\nstatus: x\nowner: maya\ncreated: 2026-11-02\n---\n\n# N-0007 A\n\n## Talk\n\n{talk}\n"),
        )
    };
    let left = "Deny template-left-over: N-0007 still holds a line of the template";
    assert_eq!(found(&note("- **Question:**\n- **Owner:**")), [left, left]);
    assert_eq!(found(&note("- **Question:** Who goes first?\n- **Owner:**")), [left]);
    assert_eq!(
        found(&note("- **Question:** Who goes first?")),
        ["Deny incomplete-item: `Talk` states no owner"]
    );
    assert_eq!(
        found(&note("- **Question:** Who goes first?\n- **Owner:** nobody")),
        ["Deny incomplete-item: `Talk` states no owner"]
    );
    for owner in ["lee", "Lee Park <lee@acme.example>", "lee, by 4 December", "Lee (until the trial ends)."] {
        assert_eq!(found(&note(&format!("- **Question:** Who?\n- **Owner:** {owner}"))), [""; 0], "{owner}");
    }
    for owner in ["lee and ana", "the sales team", "all", "lee, ana"] {
        let told = found(&note(&format!("- **Question:** Who?\n- **Owner:** {owner}")));
        assert!(told.len() == 1 && told[0].contains("`Talk`: owner `"), "{owner}: {told:?}");
    }
}

#[test]
fn a_day_may_be_written_in_any_way_that_can_be_read() {
    for (written, expected) in [
        ("2027-03-31", None),
        ("by 2027-03-31 at the latest", None),
        ("31 March 2027", None),
        ("31 March 2027 (Sam counts)", None),
        ("2027/03/31", None),
        ("Q1 2027", Some("date `Q1 2027` is no day")),
        ("2027-02-30", Some("date `2027-02-30` is no day")),
        ("next spring", Some("date `next spring` is no day")),
        ("TBD", Some("states no date")),
    ] {
        let told = found(&objective("active", &format!("- A. Baseline: 1; target: 2; date: {written}")));
        match expected {
            None => assert_eq!(told, [""; 0], "{written}"),
            Some(said) => assert!(told.len() == 1 && told[0].contains(said), "{written}: {told:?}"),
        }
    }
}

/// Returns two objectives: 4, whose fields go on as in `rest`, and 1.
fn pair(rest: &str, other: &str) -> Tree {
    let one = |number: u32, rest: &str| {
        format!(
            "---\nid: OKR-{number:04}\ntitle: Refunds\nowner: maya\ncreated: 2026-11-02\n{rest}\n---\n\n## Objective\n\nGood.\n\n## Key results\n\n| metric | baseline | target | date |\n|---|---|---|---|\n| Calls | 61 | 25 | 2027-03-31 |\n"
        )
    };
    Tree::default().with("docs/okrs/0004-x.md", one(4, rest)).with("docs/okrs/0001-y.md", one(1, other))
}

#[test]
fn a_parent_is_there_is_an_objective_and_is_for_the_time() {
    let year = "status: active\nperiod: 2026";
    for (rest, said) in [
        ("status: active\nperiod: 2026-Q4\nparent: OKR-0001", None),
        ("status: active\nperiod: 2026-Q4\nparent: 1", None),
        (
            "status: draft\nperiod: 2027-Q1\nparent: OKR-0001",
            Some("Deny outside-period: OKR-0004 is for 2027-Q1, and OKR-0001, its `parent`, for 2026"),
        ),
        ("status: dropped\nperiod: 2027-Q1\nparent: OKR-0001", None),
        ("status: done\nperiod: 2027-Q1\nparent: OKR-0001", None),
        (
            "status: active\nperiod: 2026-Q4\nparent: OKR-0009",
            Some("Deny dangling-reference: there is no okr OKR-0009"),
        ),
        (
            "status: active\nperiod: 2026-Q4\nparent: R-0001",
            Some("Deny wrong-target: R-0001 is a risk, and an okr is asked for"),
        ),
    ] {
        let told = found(&pair(rest, year));
        assert_eq!(told, said.into_iter().collect::<Vec<_>>(), "{rest}");
    }
    // What is no period is told as such, and nothing about where it lies.
    let told = found(&pair("status: active\nperiod: next\nparent: OKR-0001", year));
    assert_eq!(told, ["Deny invalid-value: `next` is no period"]);
}

#[test]
fn a_parent_that_gets_another_period_is_told_with_the_change() {
    let before = pair("status: active\nperiod: 2026-Q4\nparent: OKR-0001", "status: active\nperiod: 2026");
    let after = pair("status: active\nperiod: 2026-Q4\nparent: OKR-0001", "status: active\nperiod: 2027");
    let told: Vec<String> = after
        .lint_against(&before, Date::parse("2026-11-20").unwrap())
        .into_iter()
        .map(|found| format!("{}: {}", found.path, found.rule))
        .collect();
    assert_eq!(told, ["docs/okrs/0004-x.md: outside-period"]);
}

const BOTH: (&str, &str) = (
    "status: active\nperiod: 2026\ndepends_on: [OKR-0001]",
    "status: active\nperiod: 2026\ndepends_on: [OKR-0004]",
);

#[test]
fn what_depends_on_each_other_says_so_at_both_ends() {
    assert_eq!(found(&pair(BOTH.0, BOTH.1)), [""; 0]);
    let alone = "status: active\nperiod: 2026";
    let told = pair(BOTH.0, alone).lint(Date::parse("2026-11-20").unwrap());
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        (told[0].rule, told[0].help[0].as_str()),
        ("one-sided-link", "write `depends_on: [OKR-0004]` in docs/okrs/0001-y.md")
    );
    for (rest, other, said) in [
        // A draft only means to.
        ("status: draft\nperiod: 2026\ndepends_on: [OKR-0001]", alone, None),
        ("status: dropped\nperiod: 2026\ndepends_on: [OKR-0001]", alone, None),
        (
            BOTH.0,
            "status: dropped\nperiod: 2026",
            Some(
                "Warn retired-reference: OKR-0004 names OKR-0001 under `depends_on`, and OKR-0001 is dropped",
            ),
        ),
        (
            BOTH.0,
            "status: dropped\nperiod: 2026\ndepends_on: [OKR-0004]",
            Some(
                "Warn retired-reference: OKR-0004 names OKR-0001 under `depends_on`, and OKR-0001 is dropped",
            ),
        ),
        (alone, "status: dropped\nperiod: 2026\ndepends_on: [OKR-0004]", None),
        // Itself it need not name twice.
        ("status: active\nperiod: 2026\ndepends_on: [OKR-0004]", alone, None),
    ] {
        assert_eq!(found(&pair(rest, other)), said.into_iter().collect::<Vec<_>>(), "{rest} / {other}");
    }
}

fn on_disk(tree: &Tree) -> Program {
    let program = Program::in_repository();
    for (path, bytes) in &tree.files {
        program.write(path, bytes);
    }
    program
}

#[test]
fn what_depends_on_each_other_is_drawn_once_and_without_a_direction() {
    let program = on_disk(&pair(BOTH.0, BOTH.1));
    let out = |words: &[&str]| program.run(words).out;
    assert_eq!(out(&["graph"]), "OKR-0001  Refunds (active)\n  ↔ depends on  OKR-0004  Refunds (active)\n");
    assert_eq!(
        out(&["graph", "OKR-4"]),
        "OKR-0004  Refunds (active)\n└─ ↔ depends on  OKR-0001  Refunds (active)\n"
    );
    assert!(out(&["graph", "--mermaid"]).contains("\n  OKR_0001 ---|\"depends on\"| OKR_0004\n"));
    assert!(
        out(&["graph", "--dot"])
            .contains("\n  \"OKR-0001\" -> \"OKR-0004\" [label=\"depends on\" dir=none];\n")
    );
    let json: serde_json::Value = serde_json::from_str(&out(&["graph", "--json"])).unwrap();
    assert_eq!(
        json["edges"],
        serde_json::json!([{"from": "OKR-0001", "to": "OKR-0004", "rel": "depends_on", "mutual": true}])
    );
    let shown = out(&["show", "OKR-1"]);
    assert!(shown.contains("Links to") && !shown.contains("Linked from"), "{shown}");
}

#[test]
fn what_depends_on_each_other_is_renumbered_at_both_ends() {
    let program = on_disk(&pair(BOTH.0, BOTH.1));
    let run = program.run(&["renumber", "OKR-4", "9"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(program.read("docs/okrs/0001-y.md").contains("\ndepends_on: [OKR-0009]\n"));
    assert!(program.read("docs/okrs/0009-x.md").contains("\ndepends_on: [OKR-0001]\n"));
    let run = program.run(&["supersede", "OKR-1", "--by", "OKR-9"]);
    assert!(
        run.code == 2 && run.err.contains("has no state in which another one has taken its place"),
        "{}",
        run.err
    );
    let lint = program.run(&["lint", "--today", "2026-11-20"]);
    assert_eq!((lint.code, lint.out.as_str()), (0, "2 records checked: nothing to mend\n"), "{}", lint.err);
}

/// Returns a battlecard whose launch is `launch`, in `state`.
fn card(number: u32, state: &str, launch: &str) -> String {
    format!(
        "---\nid: BC-{number:04}\ntitle: Refunds against Ledgerly\nstatus: {state}\nowner: ana\nlaunch: {launch}\nlast_verified: 2026-11-02\ncreated: 2026-11-02\n---\n\n## Target customer\n\nShops.\n\n## Pain point\n\nRefunds.\n\n## Key benefit\n\n> It is done.\n>\n> — clerk, call on 2 November\n\n## Objections\n\n- **\"We have it.\"** Not this.\n"
    )
}

fn requirements(number: u32, rest: &str) -> String {
    format!(
        "---\nid: PRD-{number:04}\ntitle: Refunds\nowner: maya\ncreated: 2026-11-02\n{rest}\n---\n\n## Problem\n\nA.\n\n## Users\n\nB.\n\n## Goals and non-goals\n\nC.\n\n## Requirements\n\nD.\n\n## Metrics\n\nE.\n"
    )
}

#[test]
fn a_launch_is_a_record_or_words() {
    let tree = |launch: &str| {
        Tree::default()
            .with("docs/battlecards/0003-x.md", card(3, "current", launch))
            .with("docs/prds/0002-y.md", requirements(2, "status: published"))
    };
    for launch in [
        "PRD-0002",
        "prd-2",
        "2",
        "Refunds / vouchers, January",
        "\"Refunds, see PRD-0002\"",
        "January 2027",
        "Phase 2",
    ] {
        assert_eq!(found(&tree(launch)), [""; 0], "{launch}");
    }
    for (launch, said) in [
        ("PRD-0009", "Deny dangling-reference: there is no prd PRD-0009"),
        ("Refunds (PRD-0009)", "Deny dangling-reference: there is no prd PRD-0009"),
        ("PDR-0002", "Deny invalid-value: `PDR` begins no id: did you mean `PRD-0002`?"),
        ("BC-0003", "Deny wrong-target: BC-0003 is a battlecard, and a prd is asked for"),
    ] {
        assert_eq!(found(&tree(launch)), [said], "{launch}");
    }
    let program = on_disk(
        &tree("\"Refunds, see PRD-0002\"").with("docs/battlecards/0004-z.md", card(4, "current", "PRD-0002")),
    );
    assert_eq!(program.run(&["renumber", "PRD-2", "7"]).code, 0);
    assert!(program.read("docs/battlecards/0003-x.md").contains("\nlaunch: \"Refunds, see PRD-0007\"\n"));
    assert!(program.read("docs/battlecards/0004-z.md").contains("\nlaunch: PRD-0007\n"));
    let run = program.run(&["set", "BC-3", "launch=Refunds, in January"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(program.read("docs/battlecards/0003-x.md").contains("\nlaunch: \"Refunds, in January\"\n"));
    let shown = program.run(&["show", "BC-3"]).out;
    assert!(shown.contains("Refunds, in January") && !shown.contains("Links to"), "{shown}");
    let run = program.run(&["list", "--where", "launch=PRD-7", "--columns", "id,launch", "--format", "csv"]);
    assert_eq!(run.out, "id,launch\nBC-0004,PRD-0007\n", "{}", run.err);
}

/// Returns what is said on `today` of a major launch on 1 December, with the further records `cards`.
fn launched(today: &str, rest: &str, cards: &[(u32, &str)]) -> Vec<String> {
    let mut tree = Tree::default().with("docs/prds/0002-y.md", requirements(2, rest));
    for (number, state) in cards {
        tree = tree.with(&format!("docs/battlecards/{number:04}-x.md"), card(*number, state, "PRD-0002"));
    }
    let told = tree
        .lint(Date::parse(today).unwrap())
        .into_iter()
        .filter(|found| found.path.starts_with("docs/prds"));
    told.map(|found| format!("{:?} {}: {} | {}", found.level, found.rule, found.message, found.help[0]))
        .collect()
}

#[test]
fn a_major_launch_wants_a_current_battlecard_while_it_is_near() {
    const MAJOR: &str = "status: published\nlaunch: major\ntarget_date: 2026-12-01";
    let said = |distance: &str, help: &str| {
        vec![format!(
            "Warn missing-companion: PRD-0002: target date Tue 1 Dec 2026, {distance}, and no battlecard that names it is current | {help}"
        )]
    };
    let write = "write one: `pmkit new battlecard \"…\" launch=PRD-0002`";
    for (today, distance) in [
        ("2026-11-17", "in 14 days"),
        ("2026-11-30", "tomorrow"),
        ("2026-12-01", "today"),
        ("2026-12-15", "14 days ago"),
    ] {
        assert_eq!(launched(today, MAJOR, &[]), said(distance, write), "{today}");
        assert_eq!(launched(today, MAJOR, &[(3, "draft"), (4, "current")]), [""; 0], "{today}");
    }
    for today in ["2026-11-16", "2026-12-16", "2028-01-01"] {
        assert_eq!(launched(today, MAJOR, &[]), [""; 0], "{today}");
    }
    let finish = "finish BC-0003: `pmkit set BC-0003 status=current`";
    assert_eq!(launched("2026-11-20", MAJOR, &[(3, "draft")]), said("in 11 days", finish));
    assert_eq!(launched("2026-11-20", &MAJOR.replace("published", "draft"), &[]), said("in 11 days", write));
    for other in [
        "status: published\nlaunch: minor\ntarget_date: 2026-12-01",
        "status: published\ntarget_date: 2026-12-01",
        "status: published\nlaunch: major",
    ] {
        assert_eq!(launched("2026-11-20", other, &[]), [""; 0], "{other}");
    }
}

#[test]
fn a_team_that_has_other_battlecards_is_not_asked_for_them() {
    let kind = "id = 'battlecard'\ntitle = 'Card'\nprefix = 'BC'\npath = 'cards/{number}.md'\n";
    let tree = Tree::default().with_kind("battlecard", kind).with(
        "docs/prds/0002-y.md",
        requirements(2, "status: published\nlaunch: major\ntarget_date: 2026-12-01"),
    );
    assert_eq!(found(&tree), [""; 0]);
}

#[test]
fn whoever_takes_the_battlecard_away_is_told() {
    let launch = requirements(2, "status: published\nlaunch: major\ntarget_date: 2026-12-01");
    let tree = |state: &str| {
        Tree::default()
            .with("docs/prds/0002-y.md", &launch)
            .with("docs/battlecards/0003-x.md", card(3, state, "PRD-0002"))
    };
    let told = tree("retired").lint_against(&tree("current"), Date::parse("2026-11-20").unwrap());
    assert_eq!(
        told.iter().map(|found| (found.rule, found.path.as_str())).collect::<Vec<_>>(),
        [("missing-companion", "docs/prds/0002-y.md")]
    );
    let told = tree("draft").lint_against(&tree("draft"), Date::parse("2026-11-20").unwrap());
    assert_eq!(told.len(), 0);
}

#[test]
fn a_memo_is_proposed_before_its_planning_talk() {
    let memo = |state: &str, day: &str| {
        Tree::default().with(
            "docs/memos/0006-x.md",
            format!("---\nid: MEMO-0006\ntitle: Phone\nstatus: {state}\nowner: ana\napprover: priya\ndecide_by: 2026-12-18\ndiscuss_on: {day}\nsuperseded_by:\ncreated: 2026-11-02\n---\n\n## Problem\n\nA.\n\n## User impact\n\nB.\n\n## Business goal\n\nC.\n\n## Proposed solution\n\nD.\n\n## Trade-offs\n\n- **It:** e\n- **Do nothing:** f\n"),
        )
    };
    let unready = |state: &str, day: &str| {
        let mut told = found(&memo(state, day));
        told.retain(|told| told.contains("unready"));
        told
    };
    // It is a Friday.
    for (day, distance) in [
        ("Mon 23 Nov 2026", Some("2026-11-23, in 3 days")),
        ("Fri 20 Nov 2026", Some("2026-11-20, today")),
        ("Wed 18 Nov 2026", Some("2026-11-18, 2 days ago")),
        ("Tue 24 Nov 2026", None),
    ] {
        let date = match distance {
            Some(distance) => distance.split(',').next().unwrap(),
            None => "2026-11-24",
        };
        let distance = distance.and_then(|distance| distance.split_once(", ")).map(|(_, distance)| distance);
        let said = distance.map(|distance| {
            format!("Warn unready: MEMO-0006 is not ready: discuss on {day}, {distance}, and it is still draft (ana)")
        });
        assert_eq!(unready("draft", date), said.into_iter().collect::<Vec<_>>(), "{day}");
        for state in ["proposed", "accepted", "rejected", "deferred", "withdrawn", "superseded"] {
            assert_eq!(unready(state, date), [""; 0], "{state} {day}");
        }
    }
    let told = memo("draft", "2026-11-23").lint(Date::parse("2026-11-20").unwrap());
    assert_eq!(
        told[0].help,
        [
            "finish it: `pmkit set MEMO-0006 status=proposed`",
            "or set a day that holds, as in `discuss_on: 2026-11-26`"
        ]
    );
}

#[test]
fn a_document_that_goes_on_and_on_is_read_in_a_moment() {
    let long = [
        "*".repeat(200_000),
        "- a\n".repeat(8_000),
        "Date: 1. ".repeat(8_000),
        format!("| metric | date |\n|---|---|\n{}", "| a | b |\n".repeat(8_000)),
        "- a <!-- b -->\n".repeat(6_000),
        "### Metric\n\n".repeat(6_000),
        "- ".repeat(3_000),
        "(".repeat(200_000),
    ];
    for results in long {
        let begin = std::time::Instant::now();
        let told = found(&objective("active", &results));
        let took = begin.elapsed().as_secs();
        assert!(took < 10, "{}: {took} s", &results[..20]);
        assert!(told.len() <= 102, "{}", told.len());
    }
}
