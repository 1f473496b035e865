//! Who says how much a finding matters: the rule, the kind, `pmkit.toml`, the document itself, the command line.

use crate::program::Program;

const LATE: &str = "---\nid: R-0001\ntitle: Tide may miss the date\nstatus: open\nowner: maya\nnext_step: Ask Dana\ndue: 2026-11-18\ncreated: 2026-11-16\n---\n\n## Description\n\nIt may.\n";

/// A tree with one risk that is late.
fn late(more: &str) -> Program {
    let program = Program::new();
    program.write("pmkit.toml", "");
    program.write("docs/raid/R-0001-tide.md", format!("{LATE}{more}"));
    program
}

/// Runs lint and returns its exit code and the rules it names, each with its level.
fn lint(program: &Program, words: &[&str]) -> (i32, String) {
    let run = program.run(&[&["lint", "--format", "jsonl"], words].concat());
    assert!(run.code < 2, "{}", run.err);
    let found = run.out.lines().map(|line| {
        let found: serde_json::Value = serde_json::from_str(line).unwrap();
        format!("{} {}", found["rule"].as_str().unwrap(), found["level"].as_str().unwrap())
    });
    (run.code, found.collect::<Vec<_>>().join(", "))
}

fn check(program: &Program, words: &[&str], code: i32, expected: &str) {
    assert_eq!(lint(program, words), (code, expected.to_owned()), "{words:?}");
}

#[test]
fn each_level_outdoes_the_one_before() {
    let program = late("");
    check(&program, &[], 0, "overdue warn");
    let kind = program.run(&["kinds", "risk", "--format", "toml"]).out;
    let template = program.run(&["kinds", "risk", "--format", "template"]).out;
    program.write(".pmkit/kinds/risk.md", template);
    program.write(".pmkit/kinds/risk.toml", format!("{kind}\n[levels]\noverdue = \"deny\"\n"));
    check(&program, &[], 1, "overdue deny");
    program.write(
        ".pmkit/kinds/risk.toml",
        format!("{kind}\n[lifecycle.levels.open]\noverdue = \"allow\"\n[levels]\noverdue = \"deny\"\n"),
    );
    check(&program, &[], 0, "");
    program.write("pmkit.toml", "[rules]\noverdue = \"warn\"\n");
    check(&program, &[], 0, "overdue warn");
    program.write(
        "pmkit.toml",
        "[rules]\noverdue = \"warn\"\n[[override]]\npaths = [\"docs/raid/**\"]\nrules = { overdue = \"deny\" }\n",
    );
    check(&program, &[], 1, "overdue deny");
    program.write(
        "docs/raid/R-0001-tide.md",
        format!("{LATE}<!-- pmkit: allow overdue because Dana is away -->\n"),
    );
    check(&program, &[], 0, "");
    check(&program, &["--warn", "overdue"], 0, "overdue warn");
    check(&program, &["--deny", "overdue"], 1, "overdue deny");
}

#[test]
fn the_command_line_has_the_last_word() {
    let program = late("");
    check(&program, &["--deny", "warnings"], 1, "overdue deny");
    check(&program, &["--deny", "warnings", "--allow", "overdue,over-budget"], 0, "");
    for (words, said) in [
        (
            &["--deny", "overdu"][..],
            "there is no rule `overdu`, given with --deny\n  help: did you mean `overdue`?",
        ),
        (&["--deny", "overdue", "--allow", "overdue"], "`overdue` is given two levels"),
    ] {
        let run = program.run(&[&["lint"], words].concat());
        assert_eq!(run.code, 2);
        assert!(run.err.contains(said), "{}", run.err);
    }
}

#[test]
fn acknowledgements_stand_in_comments_of_either_sort() {
    for more in [
        "<!-- pmkit: allow overdue until 2026-11-20 because Dana is away -->\n",
        "<!--pmkit:allow over-budget, overdue\n  until 2027-01-31\n  because Dana is away,\n  and so is Lee -->\n",
        "Text <!-- pmkit: allow overdue because Dana is away --> goes on.\n",
    ] {
        let (code, found) = lint(&late(more), &["--allow", "unused-acknowledgement"]);
        assert_eq!((code, found.as_str()), (0, ""), "{more}");
    }
    let front = |line: &str| {
        let program = late("");
        program.write("docs/raid/R-0001-tide.md", LATE.replace("due: 2026-11-18", line));
        lint(&program, &[]).1
    };
    assert_eq!(front("due: 2026-11-18 # pmkit: allow overdue because Dana is away"), "");
    assert_eq!(front("# pmkit: allow overdue because Dana is away\r\ndue: 2026-11-18"), "");
    // Text that only looks like one, and one that is shown and not said.
    assert_eq!(front("due: 2026-11-18\ntrigger: \"a # pmkit: allow overdue because x\""), "overdue warn");
    let shown = late(
        "```\n<!-- pmkit: allow overdue because Dana is away -->\n```\n\n`<!-- pmkit: allow overdue because x -->`\n",
    );
    check(&shown, &[], 0, "overdue warn");
    // Markers of other commands are none of this.
    check(
        &late("<!-- pmkit:register raid -->\n<!-- pmkit:end -->\n<!-- pmkit is good -->\n"),
        &[],
        0,
        "overdue warn",
    );
}

#[test]
fn what_has_expired_warns_again_unless_the_team_says_otherwise() {
    let program = late("<!-- pmkit: allow overdue until 2026-11-19 because Dana is away -->\n");
    program.write("pmkit.toml", "[rules]\noverdue = \"deny\"\n");
    check(&program, &[], 0, "overdue warn, expired-acknowledgement warn");
    program.write("pmkit.toml", "[rules]\noverdue = \"deny\"\nexpired-acknowledgement = \"deny\"\n");
    check(&program, &[], 1, "overdue deny, expired-acknowledgement deny");
    program.write("pmkit.toml", "[rules]\noverdue = \"deny\"\nexpired-acknowledgement = \"allow\"\n");
    check(&program, &[], 0, "overdue warn");
}

#[test]
fn findings_about_several_files_can_be_acknowledged_in_the_one_they_stand_in() {
    let program = Program::new();
    program.write("pmkit.toml", "");
    let risk = |number: u32, more: &str| {
        let text = LATE.replace("0001", &format!("{number:04}")).replace("-18", "-28");
        program.write(&format!("docs/raid/R-{number:04}-x.md"), format!("{text}{more}"));
    };
    risk(1, "See R-0009.\n");
    risk(2, "");
    check(&program, &[], 1, "dangling-reference deny");
    risk(1, "See R-0009. <!-- pmkit: allow dangling-reference because it is in the other repository -->\n");
    check(&program, &[], 0, "");
    check(&program, &["R-0001"], 0, "");
    check(&program, &["R-0002"], 0, "");
    let run = program.run(&["lint"]);
    assert!(run.out.contains("2 records checked: nothing to mend (1 acknowledged)"), "{}", run.out);
}

#[test]
fn an_unused_one_is_taken_out_and_nothing_else() {
    for (with, without) in [
        ("\n<!-- pmkit: allow over-budget because x y -->\nMore.\n", "\nMore.\n"),
        ("One <!-- pmkit: allow over-budget because x y --> two.\n", "One two.\n"),
        ("\r\n<!-- pmkit: allow over-budget because x y -->\r\n\r\nMore.", "\r\n\r\nMore."),
    ] {
        let program = late(with);
        assert_eq!(program.run(&["lint", "--fix"]).code, 0);
        assert_eq!(program.read("docs/raid/R-0001-tide.md"), format!("{LATE}{without}"));
    }
    let program = late("");
    let said = LATE.replace(
        "owner: maya\n",
        "owner: maya # pmkit: allow over-budget because x y\n# pmkit: allow over-budget because z\n",
    );
    program.write("docs/raid/R-0001-tide.md", said);
    program.run(&["lint", "--fix"]);
    assert_eq!(program.read("docs/raid/R-0001-tide.md"), LATE);
    // Of several only the others hold: that is for people to mend.
    let several = late("<!-- pmkit: allow overdue, over-budget because Dana is away -->\n");
    check(&several, &[], 0, "unused-acknowledgement warn");
    assert!(several.run(&["lint"]).out.contains("take `over-budget` out of the list"));
}

#[test]
fn what_holds_for_nothing_is_told_with_its_place() {
    let said = |more: &str| late(more).run(&["lint"]).out;
    for (more, expected) in [
        ("<!-- pmkit: allow overdue -->\n", "this acknowledgement gives no reason"),
        ("<!-- pmkit: allow overdue because -->\n", "this acknowledgement gives no reason"),
        ("<!-- pmkit: allow because Dana is away -->\n", "this acknowledgement names no rule"),
        ("<!-- pmkit: allow overdu because Dana is away -->\n", "did you mean `overdue`?"),
        (
            "<!-- pmkit: allow overdue until soon because x y -->\n",
            "`soon` is no day until which anything could hold",
        ),
        ("<!-- pmkit: Allow overdue because x y -->\n", "`Allow` acknowledges nothing"),
        ("<!-- pmkit allow overdue because x y -->\n", "this acknowledgement lacks its colon"),
        (
            "<!-- pmkit: allow overdue because Dana is away until 2027-01-31 -->\n",
            "the day stands behind the reason",
        ),
        ("<!-- pmkit: mute overdue because x y -->\n", "`mute` acknowledges nothing"),
        (
            "<!-- pmkit: allow unused-acknowledgement because x y -->\n",
            "`unused-acknowledgement` cannot be acknowledged",
        ),
    ] {
        let out = said(more);
        assert!(
            out.contains(expected) || (expected.starts_with("error") && out.contains("nothing to mend")),
            "{more}: {out}"
        );
    }
}

#[test]
fn rules_says_which_level_holds_and_who_says_so() {
    let program = late("");
    program.write(
        "pmkit.toml",
        "[rules]\nover-budget = \"deny\"\n[[override]]\npaths = [\"docs/raid/**\"]\nrules = { overdue = \"deny\" }\n",
    );
    program.write("docs/rfcs/0001-x.md", "---\nid: RFC-0001\nstatus: draft\n---\n");
    let of = |words: &[&str], rule: &str| {
        let run = program.run(&[&["rules", "--format", "json"], words].concat());
        let all: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        let found =
            all["rules"].as_array().unwrap().iter().find(|entry| entry["id"] == rule).unwrap().clone();
        format!("{} {} {}", found["level"], found["from"], found["elsewhere"]).replace('"', "")
    };
    assert_eq!(of(&[], "over-budget"), "deny pmkit.toml []");
    assert_eq!(of(&[], "overdue"), "warn rule [{from:pmkit.toml,level:deny,where:in docs/raid/**}]");
    assert!(of(&[], "missing-field").contains("{from:kind files,level:warn,where:in draft of "));
    assert_eq!(of(&["R-1"], "overdue"), "deny pmkit.toml, docs/raid/** []");
    assert_eq!(of(&["RFC-1"], "missing-field"), "warn kind rfc, draft []");
    assert_eq!(of(&["docs/rfcs/0001-x.md"], "overdue"), "warn rule []");
    assert_eq!(program.run(&["rules", "RFC-9"]).code, 2);
}

#[test]
fn of_two_acknowledgements_the_one_that_still_runs_holds() {
    let two = "<!-- pmkit: allow overdue until 2026-11-01 because a b -->\n<!-- pmkit: allow overdue until 2027-11-01 because c d -->\n";
    let program = late(two);
    check(&program, &[], 0, "unused-acknowledgement warn");
    program.run(&["lint", "--fix"]);
    assert!(
        program
            .read("docs/raid/R-0001-tide.md")
            .ends_with("<!-- pmkit: allow overdue until 2027-11-01 because c d -->\n")
    );
    check(&program, &[], 0, "");
    let run = program.run(&["rules", "R-1", "--format", "json"]);
    assert!(run.out.contains("\"from\": \"the document itself\""), "{}", run.out);
}

#[test]
fn a_comment_that_covers_nothing_at_all_goes_whole() {
    let program = late("<!-- pmkit: allow over-budget, section-order because x y -->\n");
    program.run(&["lint", "--fix"]);
    assert_eq!(program.read("docs/raid/R-0001-tide.md"), LATE);
}

#[test]
fn only_what_was_asked_for_is_mended() {
    let program = late("");
    program
        .write("docs/raid/R-0002-x.md", LATE.replace("0001", "0002").replace("status: open", "status: Open"));
    program.run(&["lint", "R-0001", "--fix"]);
    assert!(program.read("docs/raid/R-0002-x.md").contains("status: Open"));
    program.run(&["lint", "R-0002", "--fix"]);
    assert!(program.read("docs/raid/R-0002-x.md").contains("status: open"));
}

#[test]
fn findings_past_the_hundredth_count_everywhere() {
    let program = late(&"x\u{7}y\n".repeat(150));
    assert!(program.run(&["lint", "--deny", "warnings"]).out.contains("152 errors"));
    program.run(&["lint", "--write-baseline"]);
    assert!(
        program.read("pmkit-baseline.toml").contains("\"hidden-characters docs/raid/R-0001-tide.md\" = 150")
    );
    program.write("docs/raid/R-0001-tide.md", format!("{LATE}{}", "x\u{7}y\n".repeat(151)));
    assert_eq!(program.run(&["lint"]).code, 1);
    assert_eq!(program.run(&["lint", "--no-baseline", "--fix"]).code, 0);
    assert!(!program.read("docs/raid/R-0001-tide.md").contains('\u{7}'));
    // What is not looked for is not missed.
    check(&late(""), &["--allow", "overdue"], 0, "");
}

#[test]
fn an_override_that_can_hold_nowhere_is_a_mistake() {
    let program = late("");
    for (paths, said) in [
        ("[]", "an override for no paths holds nowhere"),
        ("[\"docs/raid\"]", "for all below a folder write `docs/raid/**`"),
        ("[\"docs/raid/\"]", "for all below a folder write `docs/raid/**`"),
        ("[\"!docs/**\"]", "name what it holds for"),
        ("['docs\\raid\\*']", "write `/` between folders"),
    ] {
        program.write(
            "pmkit.toml",
            format!("[[override]]\npaths = {paths}\nrules = {{ overdue = \"allow\" }}\n"),
        );
        let run = program.run(&["lint"]);
        assert!(run.code == 2 && run.err.contains(said), "{paths}: {}", run.err);
    }
    program.write(
        "pmkit.toml",
        "[[override]]\npaths = [\"docs/raid/R-0001-tide.md\"]\nrules = { overdue = \"allow\" }\n",
    );
    check(&program, &[], 0, "");
}
