//! What must not happen whatever lies in a repository: nothing read outside it, nothing lost by a fix, no number twice, no
//! quiet success.

use std::fs;

use crate::program::Program;

const RISK: &str = "---\nid: R-0001\ntitle: T\nstatus: open\nowner: lee\nnext_step: Ask\ndue: 2026-11-27\ncreated: 2026-11-16\n---\n\n## Description\n\nx\n";
const PATH: &str = "docs/raid/R-0001-t.md";

#[test]
fn deleting_a_repeated_key_stops_at_every_kind_of_line_end() {
    for text in [
        RISK.replace("title: T\n", "title: T\ntitle: T\n").replace('\n', "\r"),
        RISK.replace("next_step: Ask\n", "next_step: Ask\rdue: 2026-11-27\r"),
        RISK.replace("title: T\n", "title: T\ntitle: T\n").replace('\n', "\r\n"),
    ] {
        let program = Program::in_repository();
        program.write(PATH, &text);
        program.run(&["lint", "--fix"]);
        let fixed = program.read(PATH);
        for kept in ["id: R-0001", "title: T", "next_step: Ask", "due: 2026-11-27", "## Description"] {
            assert!(fixed.contains(kept), "{text:?} became {fixed:?}");
        }
        assert!(fixed.len() < text.len(), "{text:?} became {fixed:?}");
    }
}

#[cfg(unix)]
#[test]
fn steering_files_are_plain_files_inside_the_tree() {
    use std::os::unix::fs::symlink;
    let outside = Program::new();
    outside.write("secret", "s3cret = 1\n");
    let places = [".pmkit/kinds/x.toml", ".pmkit/kinds/x.md", "pmkit.toml", ".pmkit/kinds", ".pmkit"];
    for place in places {
        let program = Program::in_repository();
        program.write(
            ".pmkit/kinds/x.toml",
            "id = 'x'\ntitle = 'X'\nprefix = 'X'\npath = 'x/{number}.md'\n[lifecycle]\n",
        );
        let path = program.path(place);
        let _ = fs::remove_file(&path);
        let _ = fs::remove_dir_all(&path);
        let target = if place.contains('.') && !place.ends_with('t') && !place.ends_with('s') {
            outside.path("secret")
        } else {
            outside.root().to_owned()
        };
        symlink(target, &path).unwrap();
        let run = program.run(&["lint"]);
        let gone = place == ".pmkit";
        assert!(run.code == 2 || gone, "{place}: {} {}", run.out, run.err);
        assert!(!run.err.contains("s3cret"), "{place}: {}", run.err);
    }
    for place in ["pmkit.toml", ".pmkit/kinds/x.toml"] {
        let program = Program::in_repository();
        fs::create_dir_all(program.path(".pmkit/kinds")).unwrap();
        let made = std::process::Command::new("mkfifo").arg(program.path(place)).status().unwrap();
        assert!(made.success());
        let run = program.run(&["lint"]);
        assert!(run.code == 2 && run.err.contains("is no plain file"), "{place}: {}", run.err);
    }
    let program = Program::in_repository();
    symlink("nowhere", program.path("pmkit.toml")).unwrap();
    assert_eq!(program.run(&["lint"]).code, 2, "a link that leads nowhere is no absence of policy");
}

#[test]
fn large_documents_full_of_findings_are_told_in_bounds() {
    let program = Program::in_repository();
    let one_line = format!("{RISK}\n{}\n", "RFC-9999 ".repeat(20_000));
    let many_lines = RISK.replace("x\n", &"See RFC-9999.\n".repeat(8_000)).replace("R-0001", "R-0002");
    let linked =
        RISK.replace("x\n", &"[R-0009](http://x.example) ".repeat(8_000)).replace("R-0001", "R-0003");
    let markers = RISK.replace("x\n", &"<<<<<<< a\n".repeat(30_000)).replace("R-0001", "R-0004");
    let keys: String = (0..30_000).map(|at| format!("k{at}: v\n")).collect();
    let wide = RISK.replace("created:", &format!("{keys}created:")).replace("R-0001", "R-0005");
    for (name, text) in [
        ("R-0001", one_line),
        ("R-0002", many_lines),
        ("R-0003", linked),
        ("R-0004", markers),
        ("R-0005", wide),
    ] {
        program.write(&format!("docs/raid/{name}-x.md"), text);
    }
    let counted = "more of these in this file are not shown";
    for (format, more) in [
        ("text", counted),
        ("json", counted),
        ("jsonl", counted),
        ("github", "more errors"),
        ("sarif", counted),
        ("junit", counted),
        ("rdjson", counted),
        ("gitlab", "\"fingerprint\""),
        ("markdown", "\n| ✗ | "),
    ] {
        let run = program.run(&["lint", "--format", format]);
        assert_eq!(run.code, 1, "{}", run.err);
        assert!(run.out.contains(more), "{format}");
        assert!(run.out.len() < 1_000_000, "{format}: {} bytes", run.out.len());
    }
}

#[test]
fn no_number_is_so_great_that_there_is_no_next() {
    let program = Program::in_repository();
    program.write("docs/raid/R-18446744073709551615-x.md", RISK);
    program.write("docs/raid/R-999999999999999-y.md", RISK);
    program.commit("start");
    let run = program.run(&["new", "risk", "a"]);
    assert!(run.code == 2 && run.err.contains("no next one"), "{}", run.err);
    program.git(&["rm", "--quiet", "docs/raid/R-999999999999999-y.md"]);
    program.commit("without it");
    assert_eq!(program.run(&["new", "risk", "b"]).out, "docs/raid/R-0001-b.md\n");
}

#[test]
fn a_bare_repository_that_cannot_be_read_is_no_empty_one() {
    let program = Program::in_repository();
    program.write(PATH, RISK.replace("owner: lee", "owner:"));
    program.commit("start");
    program.git(&["clone", "--quiet", "--bare", ".", "bare.git"]);
    assert_eq!(program.run(&["-C", "bare.git", "lint"]).code, 1);
    let tree = program.git(&["rev-parse", "HEAD^{tree}"]);
    let (folder, file) = tree.trim().split_at(2);
    for part in ["bare.git/objects", ".git/objects"] {
        let _ = fs::remove_file(program.path(&format!("{part}/{folder}/{file}")));
    }
    let run = program.run(&["-C", "bare.git", "lint"]);
    assert_eq!(run.code, 2, "{} {}", run.out, run.err);
    program.write("bare.git/HEAD", "garbage\n");
    let run = program.run(&["-C", "bare.git", "lint"]);
    assert!(run.code == 2 && run.err.contains("cannot read HEAD"), "{} {}", run.out, run.err);
}

#[test]
fn branches_whose_objects_are_missing_are_told_of() {
    let program = Program::in_repository();
    program.write("README.md", "x\n");
    program.commit("start");
    program.git(&["switch", "--quiet", "--create", "other"]);
    program.write("docs/raid/R-0004-other.md", "x\n");
    program.commit("other");
    let tree = program.git(&["rev-parse", "HEAD:docs"]);
    program.git(&["switch", "--quiet", "main"]);
    let (folder, file) = tree.trim().split_at(2);
    fs::remove_file(program.path(&format!(".git/objects/{folder}/{file}"))).unwrap();
    let run = program.run(&["new", "risk", "a"]);
    assert!(run.code == 0 && run.err.contains("objects of some branch are missing"), "{}", run.err);
}

#[cfg(unix)]
#[test]
fn a_fix_never_goes_through_a_link() {
    let program = Program::in_repository();
    program.write("docs/raid/R-0002-in.md", RISK.replace("R-0001", "R-0002"));
    std::os::unix::fs::symlink("R-0002-in.md", program.path("docs/raid/R-0001-old.md")).unwrap();
    let before = program.read("docs/raid/R-0002-in.md");
    for _ in 0..2 {
        let run = program.run(&["lint", "--fix", "--unsafe"]);
        assert_eq!(run.code, 1, "{}", run.out);
        assert_eq!(program.read("docs/raid/R-0002-in.md"), before);
    }
    assert!(!program.run(&["lint"]).out.contains("mended by"));
}

#[test]
fn a_missing_closing_line_is_named_though_the_body_has_a_rule() {
    let text = RISK.replacen(
        "---\n\n## Description\n\nx\n",
        "\n# R-0001 T\n\n## Description\n\nBecause of this, that may happen.\n\n---\n\nMore.\n",
        1,
    );
    let program = Program::in_repository();
    program.write(PATH, &text);
    let run = program.run(&["lint"]);
    assert!(run.out.contains("the front matter opened here is never closed"), "{}", run.out);
    let fixed = program.run(&["lint", "--fix", "--unsafe"]);
    assert_eq!(fixed.code, 0, "{}", fixed.out);
    assert!(program.read(PATH).contains("Because of this, that may happen."));
    // Without a last line end, and with a closing line that is indented.
    let body = "\n## Description\n\nx\n";
    for text in [
        RISK.replace("---\n\n## Description\n\nx\n", "").trim_end().to_owned(),
        RISK.replace("\n---\n\n##", "\n --- \n\n##"),
    ] {
        program.write(PATH, &text);
        let run = program.run(&["lint", "--fix"]);
        assert!(run.err.contains("1 finding mended"), "{text:?}: {} {}", run.out, run.err);
        let fixed = program.read(PATH);
        assert!(fixed.contains("created: 2026-11-16\n---\n"), "{fixed:?}");
        assert!(fixed.ends_with("---\n") || fixed.ends_with(body), "{fixed:?}");
    }
}

#[test]
fn a_handle_in_a_list_is_named_as_what_it_is() {
    let program = Program::in_repository();
    program.write(PATH, RISK.replace("created:", "tags: [@ana, b, @lee]\ncreated:"));
    let run = program.run(&["lint"]);
    assert!(run.out.contains("an item cannot begin with `@`"), "{}", run.out);
    assert_eq!(program.run(&["lint", "--fix"]).code, 0);
    assert!(program.read(PATH).contains("tags: [\"@ana\", b, \"@lee\"]\n"));
}

#[test]
fn two_kinds_of_one_place_are_refused_before_anything_is_written() {
    let program = Program::in_repository();
    program.write(
        "pmkit.toml",
        "[paths]\nissue = \"docs/x/{number:04}-{slug}.md\"\nmemo = \"docs/x/{number:04}-{slug}.md\"\n",
    );
    assert_eq!(program.run(&["lint"]).code, 2);
    assert_eq!(program.run(&["new", "memo", "M"]).code, 2);
    assert_eq!(program.files("docs/x"), [] as [&str; 0]);
}

#[test]
fn what_lint_will_not_see_is_said_when_it_is_written() {
    let program = Program::in_repository();
    program.write(".gitignore", "docs/\n");
    let run = program.run(&["new", "risk", "a"]);
    assert!(run.code == 0 && run.err.contains("will not see this record"), "{}", run.err);
}

#[test]
fn references_are_of_a_kind_the_field_takes() {
    let program = Program::in_repository();
    program.write(PATH, RISK);
    for (words, why) in [
        (["new", "issue", "x", "raised_from=banana"], "names no record"),
        (["new", "issue", "x", "raised_from=I-0001"], "I-0001 is an issue, and a risk is asked for"),
        (["new", "risk", "x", "rests_on=R-0001"], "an assumption is asked for"),
        (["new", "risk", "x", "owner=Platform Team"], "is a group"),
    ] {
        let run = program.run(&words);
        assert!(run.code == 2 && run.err.contains(why), "{words:?}: {}", run.err);
    }
    program.write(PATH, RISK.replace("created:", "rests_on: R-0001\ncreated:"));
    assert!(program.run(&["lint"]).out.contains("an assumption is asked for"));
}

#[test]
fn numbers_are_found_where_only_git_can_look() {
    for words in [&["--object-format=sha256"][..], &["--ref-format=reftable"]] {
        let program = Program::new();
        program.git(&[&["init", "--quiet", "--initial-branch", "main"], words].concat());
        program.write("README.md", "x\n");
        program.commit("start");
        program.git(&["switch", "--quiet", "--create", "other"]);
        program.write("docs/raid/R-0004-other.md", "x\n");
        program.commit("other");
        program.git(&["switch", "--quiet", "main"]);
        let run = program.run(&["new", "risk", "a"]);
        assert_eq!((run.code, run.out.as_str()), (0, "docs/raid/R-0005-a.md\n"), "{words:?}: {}", run.err);
        assert!(!run.err.contains("note:"), "{words:?}: {}", run.err);
        // In the index alone.
        program.write("docs/raid/R-0009-staged.md", "x\n");
        program.git(&["add", "docs/raid/R-0009-staged.md"]);
        fs::remove_file(program.path("docs/raid/R-0009-staged.md")).unwrap();
        assert_eq!(program.run(&["new", "risk", "b"]).out, "docs/raid/R-0010-b.md\n", "{words:?}");
    }
}
