//! What plans are made of: periods, objectives and what they hang on, days for which something must stand ready.

use crate::program::Program;

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
        ("period=Q4 2026", "`Q4 2026` is not how a period is written\n  help: did you mean `period=2026-Q4`?"),
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
