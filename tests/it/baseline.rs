//! `lint --write-baseline`: what is known is told no more, and counts only ever go down.

use crate::program::Program;

const FILE: &str = "pmkit-baseline.toml";

fn risk(program: &Program, number: u32, lacks: &[&str]) {
    let mut text = format!(
        "---\nid: R-{number:04}\ntitle: Tide may miss the date\nstatus: open\nowner: maya\nnext_step: Ask Dana\ndue: 2026-11-25\ncreated: 2026-11-16\n---\n\n## Description\n\nIt may.\n"
    );
    for field in lacks {
        let start = text.find(&format!("\n{field}: ")).unwrap() + 1;
        let end = start + text[start..].find('\n').unwrap() + 1;
        text.replace_range(start..end, "");
    }
    program.write(&format!("docs/raid/R-{number:04}-x.md"), text);
}

fn lint(program: &Program, words: &[&str]) -> (i32, String, String) {
    let run = program.run(&[&["lint"], words].concat());
    (run.code, run.out, run.err)
}

#[test]
fn what_is_written_down_is_told_no_more_and_what_is_new_is() {
    let program = Program::new();
    risk(&program, 1, &["owner", "due"]);
    risk(&program, 2, &["owner"]);
    let (code, _, said) = lint(&program, &["--write-baseline"]);
    assert_eq!(
        (code, said.as_str()),
        (0, "3 findings written down in pmkit-baseline.toml; what is new from now on is told\n")
    );
    let text = program.read(FILE);
    assert!(
        text.ends_with("\n[findings]\n\"missing-field docs/raid/R-0001-x.md\" = 2\n\"missing-field docs/raid/R-0002-x.md\" = 1\n"),
        "{text}"
    );
    let (code, out, _) = lint(&program, &[]);
    assert_eq!((code, out.as_str()), (0, "2 records checked: nothing to mend (3 in the baseline)\n"));
    assert_eq!(lint(&program, &["--no-baseline"]).0, 1);
    // One more of the same kind in the same file: nobody can say which is new, so all are told.
    risk(&program, 2, &["owner", "next_step"]);
    let (code, out, _) = lint(&program, &[]);
    assert_eq!(code, 1);
    assert!(out.contains("the baseline knows 1 of the 2 findings of `missing-field` in this file"), "{out}");
    // It is not taken in.
    let (code, _, said) = lint(&program, &["--write-baseline"]);
    assert_eq!(
        (code, said.as_str()),
        (
            0,
            "pmkit-baseline.toml is as it should be: 3 findings\n1 finding is not in it, and not taken in; see them: pmkit lint\n"
        )
    );
    assert_eq!(program.read(FILE), text);
}

#[test]
fn what_is_mended_is_said_and_taken_out() {
    let program = Program::new();
    risk(&program, 1, &["owner", "due"]);
    risk(&program, 2, &["owner"]);
    lint(&program, &["--write-baseline"]);
    risk(&program, 1, &["owner"]);
    risk(&program, 2, &[]);
    let (code, out, _) = lint(&program, &[]);
    assert_eq!(code, 0);
    for said in [
        "the baseline knows 2 findings of `missing-field` in docs/raid/R-0001-x.md, and 1 is left",
        "the baseline knows 1 finding of `missing-field` in docs/raid/R-0002-x.md, and none is left",
        " --> pmkit-baseline.toml:5:1",
    ] {
        assert!(out.contains(said), "{said}: {out}");
    }
    // Only what was asked for is looked at.
    assert!(!lint(&program, &["R-0001"]).1.contains("R-0002"));
    assert_eq!(lint(&program, &["--deny", "stale-baseline"]).0, 1);
    let (_, _, said) = lint(&program, &["--write-baseline"]);
    assert_eq!(said, "2 findings taken out of pmkit-baseline.toml, 1 left\n");
    assert_eq!(lint(&program, &[]).1, "2 records checked: nothing to mend (1 in the baseline)\n");
    risk(&program, 1, &[]);
    assert!(lint(&program, &["--write-baseline"]).2.ends_with("nothing is left in it: delete it\n"));
    assert_eq!(
        lint(&program, &["--write-baseline"]).2,
        "pmkit-baseline.toml is as it should be: 0 findings\n"
    );
}

#[test]
fn a_baseline_that_is_wrong_is_told_with_its_place() {
    let program = Program::new();
    risk(&program, 1, &[]);
    for (text, said) in [
        ("[findings]\n\"missing-feild a.md\" = 1\n", "did you mean `missing-field`?"),
        ("[findings]\n\"missing-field\" = 1\n", "`missing-field` is not a rule and a path"),
        ("[findings]\n\"missing-field a.md\" = 0\n", "a whole number from 1"),
        ("<<<<<<< ours\n", "not TOML"),
    ] {
        program.write(FILE, text);
        let (code, _, err) = lint(&program, &[]);
        assert_eq!(code, 2);
        assert!(err.contains(said) && err.contains("pmkit-baseline.toml:"), "{err}");
    }
    assert_eq!(lint(&program, &["--write-baseline"]).0, 2);
    assert_eq!(program.read(FILE), "<<<<<<< ours\n");
}

#[test]
fn a_path_with_quotes_survives() {
    let program = Program::new();
    risk(&program, 1, &["owner"]);
    let strange = "docs/raid/R-0001 \"a\\b\" ü.md";
    std::fs::rename(program.path("docs/raid/R-0001-x.md"), program.path(strange)).unwrap();
    let first = lint(&program, &["--write-baseline"]);
    assert_eq!(first.0, 0, "{}", first.2);
    let (code, out, err) = lint(&program, &[]);
    assert_eq!(code, 0, "{out}{err}");
}
