//! `pmkit new` and `pmkit init`: numbers nobody else has, fields filled truthfully, nothing overwritten, nothing half done.

use std::fs;
use std::thread;

use crate::program::Program;

/// The path `new` prints.
fn made(program: &Program, words: &[&str]) -> String {
    let mut line = vec!["new"];
    line.extend(words);
    let run = program.run(&line);
    assert_eq!(run.code, 0, "{words:?}: {}", run.err);
    assert_eq!(run.out.lines().count(), 1, "stdout is the path and nothing else: {}", run.out);
    run.out.trim_end().to_owned()
}

fn refused(program: &Program, words: &[&str], said: &str) {
    let mut line = vec!["new"];
    line.extend(words);
    let run = program.run(&line);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{words:?}: {}", run.err);
    assert!(run.err.contains(said), "{words:?}: {}", run.err);
}

#[test]
fn a_fresh_raid_item_passes_lint_and_tells_its_next_step() {
    let program = Program::in_repository();
    for kind in ["risk", "assumption", "issue", "dependency"] {
        let path = made(&program, &[kind, "Tide may miss the date"]);
        let text = program.read(&path);
        assert!(text.contains("owner: Lee Park <lee@acme.example>"), "{text}");
        assert!(text.contains("next_step: \"Triage: "), "{text}");
        assert!(text.contains("2026-11-24"), "two business days on: {text}");
        assert!(text.contains("Tide may miss the date."), "the title as a sentence: {text}");
    }
    let lint = program.run(&["lint"]);
    assert_eq!((lint.code, lint.out.as_str()), (0, "4 records checked: nothing to mend\n"));
}

#[test]
fn a_fresh_draft_warns_where_it_is_still_template() {
    let program = Program::in_repository();
    for (kind, sections) in [("memo", 3), ("rfc", 2), ("battlecard", 3)] {
        let path = made(&program, &[kind, "A title"]);
        let lint = program.run(&["lint", &path]);
        assert_eq!(lint.code, 0, "{}", lint.out);
        assert_eq!(lint.out.matches("warning[template-left-over]").count(), sections, "{}", lint.out);
        // The same text is refused once the record moves on.
        let text = program.read(&path).replacen("status: draft", "status: review", 1);
        let text = text.replacen(
            "status: review",
            if kind == "rfc" { "status: review" } else { "status: accepted" },
            1,
        );
        let text =
            if kind == "battlecard" { text.replacen("status: accepted", "status: current", 1) } else { text };
        program.write(&path, text);
        let lint = program.run(&["lint", &path]);
        assert_eq!(lint.code, 1);
        assert!(lint.out.contains("error[template-left-over]"), "{}", lint.out);
    }
}

#[test]
fn people_are_written_as_the_team_knows_them() {
    let program = Program::in_repository();
    program.write(
        "pmkit.toml",
        "[people]\nlee = { name = 'Lee Park', email = 'lee@acme.example' }\nana = { name = 'Ana Ruiz', email = 'ana@acme.example' }\n[initiative.checkout]\nkeeper = 'ana'\n",
    );
    let own = program.read(&made(&program, &["risk", "One"]));
    assert!(own.contains("owner: lee\n") && own.contains("raised_by: lee\n"), "{own}");
    let kept = program.read(&made(&program, &["risk", "Two", "initiative=checkout"]));
    assert!(
        kept.contains("owner: ana\n")
            && kept.contains("raised_by: lee\n")
            && kept.contains("initiative: checkout\n"),
        "{kept}"
    );
    let given = program.read(&made(&program, &["risk", "Three", "owner=Ana Ruiz"]));
    assert!(given.contains("owner: ana\n"), "{given}");
    refused(&program, &["risk", "Four", "owner=anna"], "did you mean `ana`?");
}

#[test]
fn values_are_checked_before_anything_is_written() {
    let program = Program::in_repository();
    for (words, said) in [
        (&["risk", "T", "like=9"][..], "not a whole number from 1 to 5"),
        (&["risk", "T", "due=2026-02-30"], "there is no day"),
        (&["risk", "T", "due=soon"], "count from today"),
        (&["risk", "T", "response=mitigte"], "did you mean `response=mitigate`?"),
        (&["risk", "T", "re=x"], "may mean"),
        (&["risk", "T", "nonsense=1"], "not a field of a risk"),
        (&["risk", "T", "score=20"], "computed"),
        (&["risk", "T", "id=R-0009"], "cannot be given"),
        (&["risk", "T", "like=1", "likelihood=2"], "given twice"),
        (&["risk", "T", "owner=a\nb"], "line break"),
        (&["risk"], "needs a title"),
        (&["risk", ""], "needs a title"),
        (&["risk", "two\nlines"], "line break"),
        (&["risk", "bell\u{7}"], "U+0007"),
        (&["risk", &"x".repeat(10_000)], "at most 200 characters"),
        (&["rsik", "T"], "did you mean `risk`?"),
        (&["risk", "T", "--edit"], "needs a terminal"),
    ] {
        refused(&program, words, said);
    }
    assert_eq!(program.files("docs"), [] as [&str; 0]);
}

#[test]
fn values_are_written_so_that_they_read_back() {
    let program = Program::in_repository();
    let path = made(
        &program,
        &["risk", "Azure: one network #2", "next_step=@sam: ask", "resp=treat", "due=+5bd", "tags=a b,no"],
    );
    let text = program.read(&path);
    for line in [
        "title: \"Azure: one network #2\"",
        "next_step: \"@sam: ask\"",
        "response: mitigate",
        "due: 2026-11-27",
        "tags: [a b, \"no\"]",
    ] {
        assert!(text.contains(&format!("\n{line}\n")), "{line}\n{text}");
    }
    assert_eq!(program.run(&["lint"]).code, 0);
}

#[test]
fn titles_become_file_names_of_any_sort() {
    let program = Program::in_repository();
    for (title, path) in [
        ("a/b\\c ../../etc/passwd", "docs/raid/R-0001-a-b-c-etc-passwd.md"),
        ("🚀🎉", "docs/raid/R-0002-untitled.md"),
        ("Straße nach Łódź", "docs/raid/R-0003-strasse-nach-lodz.md"),
        ("<!-- oops", "docs/raid/R-0004-oops.md"),
        ("1. first --- not a list", "docs/raid/R-0005-1-first-not-a-list.md"),
        ("{{ title }} {% raw %}", "docs/raid/R-0006-title-raw.md"),
    ] {
        assert_eq!(made(&program, &["risk", title]), path);
    }
    let lint = program.run(&["lint"]);
    assert_eq!(lint.code, 0, "{}", lint.out);
}

#[test]
fn numbers_taken_anywhere_are_not_given_again() {
    let program = Program::in_repository();
    program.write("README.md", "x\n");
    program.commit("start");
    // On a branch that is not checked out.
    program.git(&["switch", "--quiet", "--create", "other"]);
    program.write("docs/raid/R-0004-other.md", "x\n");
    program.commit("other");
    program.git(&["switch", "--quiet", "main"]);
    assert_eq!(made(&program, &["risk", "a"]), "docs/raid/R-0005-a.md");
    // In the index alone.
    program.write("docs/raid/R-0009-staged.md", "x\n");
    program.git(&["add", "docs/raid/R-0009-staged.md"]);
    fs::remove_file(program.path("docs/raid/R-0009-staged.md")).unwrap();
    assert_eq!(made(&program, &["risk", "b"]), "docs/raid/R-0010-b.md");
    // On a remote-tracking branch.
    program.git(&["update-ref", "refs/remotes/origin/feature", "other"]);
    program.git(&["branch", "--quiet", "--delete", "--force", "other"]);
    fs::remove_file(program.path("docs/raid/R-0005-a.md")).unwrap();
    fs::remove_file(program.path("docs/raid/R-0010-b.md")).unwrap();
    program.git(&["rm", "--quiet", "--cached", "docs/raid/R-0009-staged.md"]);
    assert_eq!(made(&program, &["risk", "c"]), "docs/raid/R-0005-c.md");
    // In the working tree of another worktree, not even staged there.
    program.git(&["worktree", "add", "--quiet", "--detach", "linked"]);
    program.write("linked/docs/raid/R-0020-linked.md", "x\n");
    assert_eq!(made(&program, &["risk", "d"]), "docs/raid/R-0021-d.md");
    // And seen from there: what the main worktree has and nobody committed.
    let run = program.run(&["-C", "linked", "new", "risk", "e"]);
    assert_eq!((run.code, run.out.as_str()), (0, "docs/raid/R-0022-e.md\n"), "{}", run.err);
}

#[test]
fn a_subfolder_with_its_own_configuration_counts_its_own_numbers() {
    let program = Program::in_repository();
    program.write("docs/raid/R-0007-top.md", "x\n");
    program.write("shop/pmkit.toml", "");
    program.write("shop/docs/raid/R-0002-shop.md", "x\n");
    program.commit("start");
    fs::remove_file(program.path("shop/docs/raid/R-0002-shop.md")).unwrap();
    let run = program.run(&["-C", "shop", "new", "risk", "a"]);
    assert_eq!(run.out, "docs/raid/R-0003-a.md\n", "{}", run.err);
    // And the other way: a folder of the same name further down is not the top's.
    program.write("shop/docs/raid/R-0050-far.md", "x\n");
    program
        .write("docs/raid/R-0009-with a name so long that its place in the index is another one.md", "x\n");
    program.git(&["add", "--all"]);
    // An entry with extended flags makes the index one of version 3.
    program.git(&["update-index", "--skip-worktree", "shop/docs/raid/R-0050-far.md"]);
    assert_eq!(made(&program, &["risk", "b"]), "docs/raid/R-0010-b.md");
}

/// Sixteen writers once; with `PMKIT_SLOW_TESTS`, sixty-four in twenty rounds.
#[test]
fn many_writers_at_once_never_share_a_number() {
    let slow = std::env::var_os("PMKIT_SLOW_TESTS").is_some();
    let (writers, rounds) = if slow { (64, 20) } else { (16, 1) };
    let program = Program::in_repository();
    program.write("README.md", "x\n");
    program.commit("start");
    program.git(&["worktree", "add", "--quiet", "--detach", "linked"]);
    for round in 1..=rounds {
        thread::scope(|scope| {
            for writer in 0..writers {
                let program = &program;
                scope.spawn(move || {
                    let folder = if writer % 2 == 0 { "." } else { "linked" };
                    let run = program.run(&["-C", folder, "new", "risk", &format!("storm {writer}")]);
                    assert_eq!(run.code, 0, "{}", run.err);
                });
            }
        });
        let mut names: Vec<String> = program.files("docs/raid");
        names.extend(program.files("linked/docs/raid"));
        let mut numbers: Vec<&str> = names.iter().map(|name| &name[..6]).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!((names.len(), numbers.len()), (writers * round, writers * round), "{numbers:?}");
    }
}

#[test]
fn the_body_may_come_from_standard_input() {
    let program = Program::in_repository();
    let run =
        program.run_with(&["new", "rfc", "From elsewhere", "--stdin"], "## Problem\r\n\r\nIt hurts.\r\n");
    assert_eq!(run.code, 0, "{}", run.err);
    let text = program.read(run.out.trim_end());
    assert!(
        text.ends_with("---\n\n# RFC-0001 From elsewhere\n\n## Problem\r\n\r\nIt hurts.\r\n"),
        "{text:?}"
    );
    let run = program.run_with(&["new", "rfc", "With fields", "--stdin"], "---\ntitle: x\n---\n");
    assert_eq!(run.code, 2);
    assert!(run.err.contains("begins with front matter"), "{}", run.err);
    let mut child = program.command(&["new", "rfc", "Latin", "--stdin"]);
    child
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let mut child = child.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"caf\xe9").unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(2));
    assert_eq!(program.files("docs/rfcs").len(), 1);
}

#[test]
fn the_path_is_printed_as_seen_from_where_one_is() {
    let program = Program::in_repository();
    program.write("src/deep/x.txt", "x");
    let run = program.run(&["-C", "src/deep", "new", "risk", "a"]);
    assert_eq!(run.out, "../../docs/raid/R-0001-a.md\n");
}

#[test]
fn a_team_kind_is_written_from_its_template_or_without_one() {
    let program = Program::in_repository();
    let kind = "id = 'adr'\ntitle = 'Decision'\nprefix = 'ADR'\npath = 'adr/{number:03}-{slug}.md'\n[[field]]\nname = 'id'\nkey = 'adr'\n[[field]]\nname = 'area'\n[[section]]\ntitle = 'Context'\nhelp = 'Why now.'\n[lifecycle]\ninitial = 'proposed'\nmoves = { proposed = ['accepted'], accepted = [] }\n";
    program.write(".pmkit/kinds/adr.toml", kind);
    let plain = program.read(&made(&program, &["adr", "Use: boring tools", "area=core"]));
    assert_eq!(
        plain,
        "---\nadr: ADR-0001\ntitle: \"Use: boring tools\"\nstatus: proposed\nowner: Lee Park <lee@acme.example>\ncreated: 2026-11-20\narea: core\n---\n\n# ADR-0001 Use: boring tools\n\n## Context\n\n<!-- Why now. -->\n"
    );
    program.write(".pmkit/kinds/adr.md", "---\nadr: {{ number }}\ntitle: {{ title }}\nstatus: {{ status }}\nowner: {{ owner }}\ncreated: {{ today }}\n---\n{% if area %}Area: {{ area }}\n{% endif %}\n## Context\n");
    let own = program.read(&made(&program, &["adr", "Two", "area=core"]));
    assert!(
        own.starts_with("---\nadr: 2\ntitle: Two\n") && own.contains("area: core\n---\nArea: core\n"),
        "{own}"
    );
    // An id and a title that the kind does not ask for may be left to the file's name and the heading; hints show in lists.
    program.write(".pmkit/kinds/log.toml", "id = 'log'\ntitle = 'L'\nprefix = 'L'\npath = 'log/{number:03}.md'\n[[field]]\nname = 'id'\n[[field]]\nname = 'title'\n[[field]]\nname = 'seen_by'\ntype = 'people'\n[lifecycle]\ninitial = 'new'\nmoves = { new = [] }\n");
    program.write(".pmkit/kinds/log.md", "---\nstatus: {{ status }}\nseen_by: {{ seen_by or '# whom' }}\nowner: {{ owner }}\ncreated: {{ created }}\n---\n\n# {{ title }}\n");
    let log = program.read(&made(&program, &["log", "Day one", "owner=lee"]));
    assert_eq!(log, "---\nstatus: new\nseen_by: # whom\nowner: lee\ncreated: 2026-11-20\n---\n\n# Day one\n");
    // A template that would write something else than it was given is refused, and so is one that is none.
    program.write(".pmkit/kinds/adr.md", "---\nadr: {{ id }}\ntitle: \"{{ title }}\"\nstatus: {{ status }}\nowner: x\ncreated: {{ today }}\n---\n");
    refused(&program, &["adr", "It's \"odd\": yes"], "leave quotes around");
    program.write(".pmkit/kinds/adr.md", "---\nadr: {{ id }}\ntitle: {{ titel }}\n---\n");
    refused(&program, &["adr", "Three"], "cannot be rendered on line 3");
    program.write(
        ".pmkit/kinds/adr.md",
        "{% for a in range(9000) %}{% for b in range(9000) %}x{% endfor %}{% endfor %}",
    );
    refused(&program, &["adr", "Four"], "cannot be rendered");
    assert_eq!(program.files("adr").len(), 2);
}

#[cfg(unix)]
#[test]
fn a_folder_behind_a_link_out_of_the_tree_is_not_written_to() {
    let program = Program::in_repository();
    let outside = Program::new();
    fs::create_dir_all(program.path("docs")).unwrap();
    std::os::unix::fs::symlink(outside.root(), program.path("docs/raid")).unwrap();
    refused(&program, &["risk", "T"], "leads out of the tree");
    assert_eq!(outside.files("."), [] as [&str; 0]);
}

#[test]
fn a_file_in_the_way_is_left_as_it_is() {
    let program = Program::in_repository();
    program.write("docs", "not a folder\n");
    refused(&program, &["risk", "T"], "is a file where a folder is needed");
    assert_eq!(program.read("docs"), "not a folder\n");
    // A kind whose paths carry no number can name a file that is there.
    let program = Program::in_repository();
    program.write(
        ".pmkit/kinds/canvas.toml",
        "id = 'canvas'\ntitle = 'C'\nprefix = 'TC'\npath = 'c/{slug}.md'\n",
    );
    program.write("c/team.md", "mine\n");
    refused(&program, &["canvas", "Team"], "is there already");
    assert_eq!(program.read("c/team.md"), "mine\n");
    // Its numbers come from the records' own ids then, on other branches too.
    program.write("c/one.md", "---\nid: TC-0041\n---\n");
    assert!(program.read(&made(&program, &["canvas", "Two"])).contains("id: TC-0042\n"));
}

#[test]
fn without_a_repository_it_works_and_says_what_is_off() {
    let program = Program::new();
    let run = program.run(&["new", "risk", "T"]);
    assert_eq!((run.code, run.out.as_str()), (0, "docs/raid/R-0001-t.md\n"));
    assert!(run.err.contains("no git repository: numbers are taken from this folder alone"), "{}", run.err);
}

#[test]
fn init_writes_a_start_and_overwrites_nothing() {
    let program = Program::in_repository();
    program.write("documentation/README.md", "mine\n");
    let run = program.run(&["init"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.starts_with("wrote  pmkit.toml\nkept   documentation/README.md"), "{}", run.out);
    assert!(run.out.ends_with("next:  pmkit new risk \"What may go wrong, in a line\"\n"), "{}", run.out);
    assert_eq!(program.read("documentation/README.md"), "mine\n");
    assert!(program.read("pmkit.toml").contains("rfc = \"documentation/rfcs/{number:04}-{slug}.md\""));
    assert_eq!(made(&program, &["rfc", "T"]), "documentation/rfcs/0001-t.md");
    let before = program.read("pmkit.toml");
    let again = program.run(&["init", "--preset", "strict"]);
    assert_eq!((again.code, again.out.contains("wrote")), (0, false), "{}", again.out);
    assert_eq!(program.read("pmkit.toml"), before);
    assert_eq!(program.git(&["log", "--all", "--oneline"]), "");
}

#[test]
fn every_preset_gives_a_tree_that_lints() {
    for preset in ["team", "minimal", "strict"] {
        let program = Program::in_repository();
        assert_eq!(program.run(&["init", "--preset", preset]).code, 0);
        let count = program.files(".").len() + program.files("docs").len() - 1;
        assert!(count <= 4 + 1, "at most four files: {count}");
        made(&program, &["risk", "T"]);
        let lint = program.run(&["lint"]);
        assert_eq!(lint.code, 0, "{preset}: {}{}", lint.out, lint.err);
    }
    let program = Program::in_repository();
    let run = program.run(&["init", "--preset", "tema"]);
    assert!(run.code == 2 && run.err.contains("did you mean `team`?"), "{}", run.err);
    let run = program.run(&["init", "--dir", "../out"]);
    assert!(run.code == 2 && run.err.contains("below the root"), "{}", run.err);
}
