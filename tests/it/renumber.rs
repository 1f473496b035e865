//! `pmkit renumber`: one record gets another number, and everything that names it goes along.

use std::collections::BTreeMap;
use std::fs;

use crate::program::Program;
use crate::program::Run;

mod laws;

const PATH: &str = "docs/rfcs/0007-sessions.md";

fn rfc(number: u64, title: &str, more: &str, body: &str) -> String {
    format!(
        "---\nid: RFC-{number:04}\ntitle: {title}\nstatus: draft\nowner: maya\ncreated: 2026-11-16\n{more}---\n\n# RFC-{number:04}: {title}\n\n\
         ## Problem\n\n{body}\n\n## Proposal\n\nWe do it.\n"
    )
}

/// A repository with the record that is to change, and `files` beside it, all committed.
fn repository(files: &[(&str, &str)]) -> Program {
    let program = Program::in_repository();
    program.write(PATH, rfc(7, "Sessions", "", "They are lost."));
    for (path, text) in files {
        program.write(path, text);
    }
    program.commit("start");
    program
}

/// Returns every file of the working tree with its bytes.
fn files(program: &Program) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![program.root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if path.file_name().unwrap() != ".git" {
                    folders.push(path);
                }
            } else {
                let name = path.strip_prefix(program.root()).unwrap().to_str().unwrap().replace('\\', "/");
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn fine(run: &Run) -> &str {
    assert_eq!(run.code, 0, "{run:?}");
    &run.out
}

/// A page that holds `before` holds `after` once RFC-0007 is RFC-0012.
#[track_caller]
fn check_in(path: &str, before: &str, after: &str) {
    let program = repository(&[(path, before)]);
    fine(&program.run(&["renumber", "RFC-0007", "12"]));
    assert_eq!(program.read(path), after, "{before}");
    // The way back leads to the same bytes.
    fine(&program.run(&["renumber", "RFC-0012", "7"]));
    assert_eq!(program.read(path), before);
}

#[track_caller]
fn check(before: &str, after: &str) {
    check_in("docs/notes.md", before, after);
}

#[track_caller]
fn same(before: &str) {
    check(before, before);
}

#[test]
fn the_record_itself_changes() {
    let program = repository(&[]);
    let text = program.read(PATH);
    let said = program.run(&["renumber", "rfc 7", "12"]);
    assert_eq!(
        fine(&said),
        "RFC-0007 is RFC-0012 now\n\
         docs/rfcs/0007-sessions.md → docs/rfcs/0012-sessions.md\n\
         docs/rfcs/0012-sessions.md:2:5  RFC-0007 → RFC-0012\n\
         docs/rfcs/0012-sessions.md:9:3  RFC-0007 → RFC-0012\n\
         2 places in 1 file\n"
    );
    assert!(!program.path(PATH).exists());
    assert_eq!(program.read("docs/rfcs/0012-sessions.md"), text.replace("0007", "0012"));
}

#[test]
fn ids_are_rewritten_as_they_were_written() {
    check(
        "As RFC-0007 says, RFC-7, rfc-7 and RFC 7 say.\n",
        "As RFC-0012 says, RFC-12, rfc-12 and RFC 12 say.\n",
    );
    check(
        "# On RFC-0007\n\n| a |\n|---|\n| RFC-0007 |\n\n- RFC-0007's\n",
        "# On RFC-0012\n\n| a |\n|---|\n| RFC-0012 |\n\n- RFC-0012's\n",
    );
    check(
        "<!-- RFC-0007 -->\n\n*RFC-0007*, **RFC-0007**\n",
        "<!-- RFC-0012 -->\n\n*RFC-0012*, **RFC-0012**\n",
    );
    check(
        "---\nrelated: [RFC-0007, other] # RFC-0007\n---\n\nx\n",
        "---\nrelated: [RFC-0012, other] # RFC-0012\n---\n\nx\n",
    );
    // None of these means it.
    same("`RFC-0007`, RFC-00071, XRFC-0007, https://ietf.example/RFC-0007, R-0007, memo 7, RFC 2119\n");
    same("```\nRFC-0007 and docs/rfcs/0007-sessions.md\n```\n");
    same("[RFC-0007](https://ietf.example/rfc7)\n");
    same("[RFC-0007]: https://ietf.example/rfc7\n\n[RFC-0007] and [it][RFC-0007]\n");
}

#[test]
fn links_are_rewritten_in_every_form() {
    for (before, after) in [
        ("[a](rfcs/0007-sessions.md)", "[a](rfcs/0012-sessions.md)"),
        ("[a](./rfcs/0007-sessions.md#problem)", "[a](./rfcs/0012-sessions.md#problem)"),
        ("[a](/docs/rfcs/0007-sessions.md?plain=1 'RFC')", "[a](/docs/rfcs/0012-sessions.md?plain=1 'RFC')"),
        ("[RFC-0007](<../docs/rfcs/0007-sessions.md>)", "[RFC-0012](<../docs/rfcs/0012-sessions.md>)"),
        ("[a](rfcs/0007%2Dsessions.md)", "[a](rfcs/0012%2Dsessions.md)"),
        ("[a](rfcs/0007\\-sessions.md)", "[a](rfcs/0012\\-sessions.md)"),
        ("![a](rfcs/0007-sessions.md)", "![a](rfcs/0012-sessions.md)"),
        ("[a][x]\n\n[x]: rfcs/0007-sessions.md \"t\"", "[a][x]\n\n[x]: rfcs/0012-sessions.md \"t\""),
        (
            "[RFC-0007]\n\n[RFC-0007]: rfcs/0007-sessions.md",
            "[RFC-0012]\n\n[RFC-0012]: rfcs/0012-sessions.md",
        ),
        (
            "[RFC-0007][]\n\n[rfc-0007]: rfcs/0007-sessions.md",
            "[RFC-0012][]\n\n[rfc-0012]: rfcs/0012-sessions.md",
        ),
        (
            "[see it][rfc-7]\n\n[rfc-7]: rfcs/0007-sessions.md",
            "[see it][rfc-12]\n\n[rfc-12]: rfcs/0012-sessions.md",
        ),
        ("[![i](i.png) RFC-0007](rfcs/0007-sessions.md)", "[![i](i.png) RFC-0012](rfcs/0012-sessions.md)"),
        ("<a href=\"rfcs/0007-sessions.md\">x</a>", "<a href=\"rfcs/0012-sessions.md\">x</a>"),
        ("[a](rfcs/0007-sessions.md#rfc-0007-sessions)", "[a](rfcs/0012-sessions.md#rfc-0012-sessions)"),
    ] {
        check(&format!("{before}\n"), &format!("{after}\n"));
    }
    same(
        "[a](other/0007-sessions.md) [b](https://x.example/docs/rfcs/0007-sessions.md) [c](0007-sessions.md)\n",
    );
}

#[test]
fn paths_in_running_text_and_code_are_rewritten() {
    check(
        "See docs/rfcs/0007-sessions.md, `docs/rfcs/0007-sessions.md`, `0007-sessions.md`: and rfcs/0007-sessions.md.\n",
        "See docs/rfcs/0012-sessions.md, `docs/rfcs/0012-sessions.md`, `0012-sessions.md`: and rfcs/0012-sessions.md.\n",
    );
    same("`x/0007-sessions.md`, `0007-sessions.md.bak`, `10007-sessions.md`, 0007-sessions.mdx\n");
}

#[test]
fn a_name_that_two_files_have_means_neither() {
    let program = repository(&[
        ("docs/archive/0007-sessions.md", "old\n"),
        ("docs/notes.md", "`0007-sessions.md` and docs/rfcs/0007-sessions.md\n"),
    ]);
    let run = program.run(&["renumber", "RFC-0007", "12"]);
    assert_eq!(program.read("docs/notes.md"), "`0007-sessions.md` and docs/rfcs/0012-sessions.md\n");
    assert!(fine(&run).contains("also named, not changed: docs/notes.md:1:2: "), "{}", run.out);
}

#[test]
fn fields_are_rewritten_by_id_path_and_number() {
    let other = |field: &str| rfc(9, "Other", &format!("{field}\n"), "As it is.");
    for (before, after) in [
        ("supersedes: RFC-0007", "supersedes: RFC-0012"),
        ("supersedes: [7, '0007', rfc7] # RFC-0007", "supersedes: [12, '0012', rfc12] # RFC-0012"),
        ("supersedes:\n  - \"RFC-7\"\n  - RFC-0008", "supersedes:\n  - \"RFC-12\"\n  - RFC-0008"),
        ("supersedes: docs/rfcs/0007-sessions.md", "supersedes: docs/rfcs/0012-sessions.md"),
        ("supersedes: ./0007-sessions.md", "supersedes: ./0012-sessions.md"),
        ("links: [RFC-0007, see RFC 7]", "links: [RFC-0012, see RFC 12]"),
        ("own_key: {deep: [RFC-0007]}", "own_key: {deep: [RFC-0012]}"),
    ] {
        check_in("docs/rfcs/0009-other.md", &other(before), &other(after));
    }
    // The title is text, and so is what the record says of itself.
    let program = repository(&[]);
    program.write(
        PATH,
        rfc(
            7,
            "RFC-0007 Sessions",
            "",
            "This RFC-0007, [here](#problem), [0](0007-sessions.md#rfc-0007-rfc-0007-sessions).",
        ),
    );
    fine(&program.run(&["renumber", PATH, "RFC-0012"]));
    let text = program.read("docs/rfcs/0012-sessions.md");
    assert!(
        !text.contains("0007") && text.contains("](0012-sessions.md#rfc-0012-rfc-0012-sessions)"),
        "{text}"
    );
}

#[test]
fn keys_below_a_field_nobody_knows_are_rewritten() {
    check(
        "---\nwhy:\n  RFC-0007: a\n  \"RFC-7\": [{RFC-0007: b}]\n---\nRFC-0007\n",
        "---\nwhy:\n  RFC-0012: a\n  \"RFC-12\": [{RFC-0012: b}]\n---\nRFC-0012\n",
    );
    // One key would stand there twice.
    let program = repository(&[("docs/notes.md", "---\nwhy: {RFC-0007: a, RFC-0012: b}\n---\n")]);
    refused(
        &program,
        &["RFC-0007", "12"],
        "docs/notes.md:2 names the record in a way that cannot be changed",
    );
}

#[test]
fn headings_elsewhere_take_their_links_along() {
    let program = repository(&[
        ("README.md", "## RFC-0007 in short\n\n[up](#rfc-0007-in-short)\n"),
        ("docs/notes.md", "[it](../README.md#rfc-0007-in-short)\n"),
    ]);
    fine(&program.run(&["renumber", "RFC-0007", "12"]));
    assert_eq!(program.read("README.md"), "## RFC-0012 in short\n\n[up](#rfc-0012-in-short)\n");
    assert_eq!(program.read("docs/notes.md"), "[it](../README.md#rfc-0012-in-short)\n");
}

#[test]
fn bytes_around_stay_as_they_are() {
    let program = repository(&[]);
    let text =
        format!("\u{feff}{}", rfc(7, "Sessions", "tags: [ a ]   # b\u{a0}c\n", "x").replace('\n', "\r\n"));
    let text = text.replace("id: RFC-0007", "ID : 'rfc-7'  # mine").trim_end().to_owned();
    program.write(PATH, &text);
    program.write("docs/latin.md", b"RFC-0007 caf\xe9\n");
    program.write("docs/notes.txt", "RFC-0007 and RFC 7\r\n");
    program.commit("odd");
    program.write("docs/raid/R-0009-latin.md", b"---\nid: R-0009\ntitle: caf\xe9\nlinks: [RFC-0007]\n---\n");
    let run = program.run(&["renumber", PATH, "12"]);
    let told: Vec<&str> =
        fine(&run).lines().filter(|line| line.starts_with("also named, not changed")).collect();
    assert_eq!(
        told,
        [
            "also named, not changed: docs/latin.md:1:1: RFC-0007 caf\u{fffd}",
            "also named, not changed: docs/raid/R-0009-latin.md:4:9: links: [RFC-0007]",
        ]
    );
    let after = text.replace("rfc-7", "rfc-12").replace("0007", "0012");
    assert_eq!(program.read("docs/rfcs/0012-sessions.md"), after);
    assert_eq!(fs::read(program.path("docs/latin.md")).unwrap(), b"RFC-0007 caf\xe9\n");
    // Prose whose form is not known: what is written in full alone.
    assert_eq!(program.read("docs/notes.txt"), "RFC-0012 and RFC 7\r\n");
}

#[test]
fn code_and_configuration_are_told_and_not_changed() {
    let program = repository(&[
        ("src/a.rs", "fn a() {}\n// as RFC-0007 says, RFC-0007\nlet rfc_0007 = \"/RFC-0007\";\n"),
        ("mkdocs.yml", "nav:\n  - rfcs/0007-sessions.md\n"),
        ("CODEOWNERS", "/docs/rfcs/0007-sessions.md @maya\n"),
        ("data.bin", "RFC-0007\0"),
    ]);
    let before = files(&program);
    let run = program.run(&["renumber", "RFC-0007", "12"]);
    let told: Vec<&str> =
        fine(&run).lines().filter_map(|line| line.strip_prefix("also named, not changed: ")).collect();
    assert_eq!(
        told,
        [
            "CODEOWNERS:1:12: /docs/rfcs/0007-sessions.md @maya",
            "mkdocs.yml:2:10: - rfcs/0007-sessions.md",
            "src/a.rs:2:7: // as RFC-0007 says, RFC-0007",
        ]
    );
    let after = files(&program);
    for path in ["src/a.rs", "mkdocs.yml", "CODEOWNERS", "data.bin"] {
        assert_eq!(before[path], after[path]);
    }
}

#[test]
fn what_git_does_not_track_is_left_alone() {
    let program = repository(&[(".gitignore", "build/\n")]);
    program.write("build/page.md", "RFC-0007\n");
    program.write("new.md", "RFC-0007\n");
    // A record counts before it is added.
    program.write("docs/rfcs/0009-other.md", rfc(9, "Other", "", "RFC-0007"));
    fine(&program.run(&["renumber", "RFC-0007", "12"]));
    assert_eq!(program.read("build/page.md"), "RFC-0007\n");
    assert_eq!(program.read("new.md"), "RFC-0007\n");
    assert!(program.read("docs/rfcs/0009-other.md").contains("RFC-0012"));
    // Without git all that lies there counts.
    let program = Program::new();
    program.write(PATH, rfc(7, "Sessions", "", "x"));
    program.write("pmkit.toml", "");
    program.write("notes.md", "RFC-0007\n");
    let run = program.run(&["renumber", "RFC-0007", "--dry-run"]);
    assert!(fine(&run).contains("notes.md:1:1  RFC-0007 → RFC-0008\n"), "{}", run.out);
    // But there is no place for a journal.
    assert_eq!(program.run(&["renumber", "RFC-0007"]).code, 2);
    assert_eq!(program.read("notes.md"), "RFC-0007\n");
}

#[test]
fn a_tree_below_the_top_changes_nothing_above_it() {
    let program = Program::in_repository();
    program.write(&format!("team/{PATH}"), rfc(7, "Sessions", "", "[a](/team/docs/rfcs/0007-sessions.md)"));
    program.write("team/pmkit.toml", "");
    program.write("team/notes.md", "team/docs/rfcs/0007-sessions.md, docs/rfcs/0007-sessions.md\n");
    program.write("README.md", "[it](team/docs/rfcs/0007-sessions.md)\n");
    program.commit("start");
    let run = program.run(&["-C", "team", "renumber", "RFC-0007", "12"]);
    assert!(
        fine(&run).contains("team/docs/rfcs/0007-sessions.md → team/docs/rfcs/0012-sessions.md\n"),
        "{}",
        run.out
    );
    assert!(run.out.contains("also named, not changed: README.md:1:"), "{}", run.out);
    assert_eq!(program.read("README.md"), "[it](team/docs/rfcs/0007-sessions.md)\n");
    assert_eq!(
        program.read("team/notes.md"),
        "team/docs/rfcs/0012-sessions.md, docs/rfcs/0012-sessions.md\n"
    );
    assert!(program.read("team/docs/rfcs/0012-sessions.md").contains("(/team/docs/rfcs/0012-sessions.md)"));
}

#[track_caller]
fn refused(program: &Program, words: &[&str], says: &str) {
    let before = files(program);
    let run = program.run(&[&["renumber"], words].concat());
    assert!(run.code == 2 && run.err.contains(says), "{run:?}");
    assert_eq!(files(program), before);
}

#[test]
fn what_cannot_be_is_refused_and_nothing_written() {
    let program = repository(&[
        ("docs/rfcs/0008-b.md", &rfc(8, "B", "", "x")),
        ("docs/rfcs/0010-mixed.md", &rfc(11, "Mixed", "", "x")),
        ("docs/notes.md", "x\n"),
    ]);
    refused(&program, &["RFC-0099"], "there is no record `RFC-0099`");
    refused(&program, &["docs/rfcs/0099-x.md"], "there is no record");
    refused(&program, &["docs/notes.md"], "no record");
    refused(
        &program,
        &["RFC-0007", "8"],
        "RFC-0008 is taken: docs/rfcs/0008-b.md has it; nothing was written",
    );
    refused(&program, &["RFC-0007", "RFC-0011"], "RFC-0011 is taken: docs/rfcs/0010-mixed.md");
    refused(&program, &["RFC-0007", "MEMO-0012"], "an id of the kind `memo`");
    refused(&program, &["RFC-0007", "twelve"], "`twelve` is no number");
    let run = program.run(&["renumber", "RFC-0007", "0007"]);
    assert!(run.code == 0 && run.out.is_empty() && run.err.contains("is RFC-0007 already"), "{run:?}");
    // On a branch, and in the index alone.
    program.git(&["checkout", "--quiet", "-b", "side"]);
    program.write("docs/rfcs/0020-c.md", rfc(20, "C", "", "x"));
    program.commit("c");
    program.git(&["checkout", "--quiet", "main"]);
    refused(
        &program,
        &["RFC-0007", "20"],
        "RFC-0020 is taken: docs/rfcs/0020-c.md has it, on the branch side",
    );
    program.write("docs/rfcs/0021-d.md", rfc(21, "D", "", "x"));
    program.git(&["add", "."]);
    fs::remove_file(program.path("docs/rfcs/0021-d.md")).unwrap();
    refused(&program, &["RFC-0007", "21"], "in the index of git");
    let other = program.path("other");
    program.git(&["worktree", "add", "--quiet", other.to_str().unwrap(), "side"]);
    program.write("other/docs/rfcs/0022-e.md", rfc(22, "E", "", "x"));
    refused(&program, &["RFC-0007", "22"], "in the worktree");
}

#[test]
fn what_cannot_be_read_holds_its_number_all_the_same() {
    let program = repository(&[]);
    program.write("docs/rfcs/0009-latin.md", b"---\nid: RFC-0009\ntitle: caf\xe9\n---\n");
    refused(&program, &["RFC-0009"], "docs/rfcs/0009-latin.md is not UTF-8");
    refused(&program, &["docs/rfcs/0009-latin.md"], "docs/rfcs/0009-latin.md is not UTF-8");
    refused(&program, &["RFC-0007", "9"], "RFC-0009 is taken: docs/rfcs/0009-latin.md");
    program.write("docs/rfcs/0007-latin.md", b"caf\xe9\n");
    refused(
        &program,
        &["RFC-0007"],
        "RFC-0007 is the id of 2 records: docs/rfcs/0007-latin.md, docs/rfcs/0007-sessions.md",
    );
    program.write("docs/notes.md", "RFC-0007\n");
    program.git(&["add", "."]);
    let run = program.run(&["renumber", PATH]);
    assert!(fine(&run).contains("which docs/rfcs/0007-latin.md holds too"), "{}", run.out);
}

#[test]
fn a_bare_repository_is_not_written() {
    let program = repository(&[]);
    program.git(&["clone", "--quiet", "--bare", ".", "bare.git"]);
    refused(&program, &["-C", "bare.git", "RFC-0007"], "this is a bare repository");
}

#[test]
fn front_matter_that_is_no_yaml_is_changed_where_the_id_is_certain() {
    let broken = rfc(7, "Sessions", "note: [a\n", "x");
    let program = repository(&[(PATH, &broken)]);
    fine(&program.run(&["renumber", PATH, "12"]));
    assert_eq!(program.read("docs/rfcs/0012-sessions.md"), broken.replace("0007", "0012"));
    for (id, says) in [
        ("id: RFC-0007\nid: RFC-0007\nnote: [a", ""),
        ("note: [a", ""),
        ("id: RFC-0007\nid: RFC-0008", "the id stands here twice"),
        ("id: seven", "`seven` is no id of this kind"),
    ] {
        let program = repository(&[(PATH, &rfc(7, "Sessions", "", "x").replace("id: RFC-0007", id))]);
        refused(&program, &[PATH, "12"], "cannot be changed for certain; nothing was written");
        refused(&program, &[PATH, "12"], says);
        refused(&program, &[PATH, "12"], "docs/rfcs/0007-sessions.md:");
    }
    let conflict = "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n";
    let program = repository(&[(PATH, &rfc(7, "Sessions", "", conflict))]);
    refused(&program, &[PATH, "12"], "a merge has left a conflict here");
}

#[test]
fn what_would_read_otherwise_is_refused() {
    // Both labels would be one.
    let program = repository(&[(
        "docs/notes.md",
        "[RFC-0007] [RFC-0012]\n\n[RFC-0012]: x.md\n[RFC-0007]: rfcs/0007-sessions.md\n",
    )]);
    refused(
        &program,
        &["RFC-0007", "12"],
        "docs/notes.md:1 names the record in a way that cannot be changed",
    );
    // A folder that bears the number holds more than the record.
    let program = Program::in_repository();
    program.write("pmkit.toml", "[paths]\nrfc = \"rfcs/{number:04}/README.md\"\n");
    program.write("rfcs/0007/README.md", rfc(7, "Sessions", "", "x"));
    program.commit("start");
    fine(&program.run(&["renumber", "RFC-0007", "12"]));
    assert!(program.read("rfcs/0012/README.md").contains("RFC-0012"));
    program.write("rfcs/0012/a.png", "x");
    program.commit("picture");
    refused(&program, &["RFC-0012", "7"], "git mv rfcs/0012 rfcs/0007");
}

#[cfg(unix)]
#[test]
fn links_and_read_only_files_are_not_written() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::fs::symlink;
    let program = repository(&[("docs/notes.md", "RFC-0007\n"), ("real/page.md", "RFC-0007\n")]);
    symlink("../real/page.md", program.path("docs/link.md")).unwrap();
    symlink(program.path("real"), program.path("docs/folder")).unwrap();
    program.commit("links");
    fine(&program.run(&["renumber", "RFC-0007", "12"]));
    assert_eq!(program.read("real/page.md"), "RFC-0012\n");
    assert!(program.path("docs/link.md").is_symlink());
    fs::set_permissions(program.path("docs/notes.md"), fs::Permissions::from_mode(0o444)).unwrap();
    refused(&program, &["RFC-0012", "13"], "docs/notes.md is read-only");
    // A record that is a link is not written, nor is what it leads to.
    let program = repository(&[]);
    symlink("0007-sessions.md", program.path("docs/rfcs/0009-link.md")).unwrap();
    refused(&program, &["docs/rfcs/0009-link.md", "13"], "is a link");
}

#[test]
fn dry_run_and_diff_write_nothing() {
    let program = repository(&[("docs/notes.md", "[RFC-0007](rfcs/0007-sessions.md)\n")]);
    let before = files(&program);
    let run = program.run(&["renumber", "RFC-0007", "12", "--dry-run"]);
    assert_eq!(
        fine(&run),
        "RFC-0007 would be RFC-0012\n\
         docs/rfcs/0007-sessions.md → docs/rfcs/0012-sessions.md\n\
         docs/rfcs/0007-sessions.md:2:5  RFC-0007 → RFC-0012\n\
         docs/rfcs/0007-sessions.md:9:3  RFC-0007 → RFC-0012\n\
         docs/notes.md:1:2  RFC-0007 → RFC-0012\n\
         docs/notes.md:1:12  rfcs/0007-sessions.md → rfcs/0012-sessions.md\n\
         4 places in 2 files\n"
    );
    let run = program.run(&["renumber", "RFC-0007", "12", "--diff"]);
    assert!(
        fine(&run).starts_with("--- docs/rfcs/0007-sessions.md\n+++ docs/rfcs/0012-sessions.md\n"),
        "{}",
        run.out
    );
    assert_eq!(files(&program), before);
    // Many places are counted by file, and the dry run tells each.
    let program = repository(&[("docs/notes.md", &"RFC-0007\n\n".repeat(50))]);
    let run = program.run(&["renumber", "RFC-0007", "12", "--dry-run"]);
    assert_eq!(fine(&run).lines().count(), 55);
    let run = program.run(&["renumber", "RFC-0007", "12"]);
    assert!(fine(&run).contains("docs/notes.md: 50 places\n") && run.out.lines().count() < 10, "{}", run.out);
}

#[test]
fn kinds_without_a_number_in_the_name_and_places_of_old() {
    let kind = "id = \"note\"\ntitle = \"Note\"\nprefix = \"NOTE\"\npath = \"notes/{slug}.md\"\nalso = [\"old/note-*.md\"]\n\n[[field]]\nname = \"id\"\ntype = \"text\"\nrequired = true\nhelp = \"x\"\n\n[[field]]\nname = \"title\"\ntype = \"text\"\nhelp = \"x\"\n\n[[field]]\nname = \"status\"\ntype = \"enum\"\nhelp = \"x\"\n\n[lifecycle]\nfield = \"status\"\ninitial = \"open\"\nmoves = { open = [] }\n";
    let program = Program::in_repository();
    program.write("pmkit.toml", "");
    program.write(".pmkit/kinds/note.toml", kind);
    program.write("notes/a.md", "---\nid: NOTE-0003\ntitle: A\nstatus: open\n---\n\nNOTE-0003\n");
    program.write("old/note-5.md", "---\ntitle: B\nstatus: open\n---\n\nNOTE-0005 beside NOTE-0003\n");
    program.write("notes/none.md", "---\ntitle: C\nstatus: open\n---\n");
    program.commit("start");
    fine(&program.run(&["renumber", "NOTE-3", "40"]));
    assert_eq!(program.read("notes/a.md"), "---\nid: NOTE-0040\ntitle: A\nstatus: open\n---\n\nNOTE-0040\n");
    fine(&program.run(&["renumber", "NOTE-5", "41"]));
    assert!(program.read("old/note-41.md").ends_with("\nNOTE-0041 beside NOTE-0040\n"));
    refused(&program, &["notes/none.md", "42"], "has no number");
}

#[test]
fn a_record_named_otherwise_than_it_says_is_put_right() {
    let program = repository(&[
        ("docs/rfcs/0009-other.md", &rfc(8, "Other", "", "x")),
        ("n.md", "RFC-0008, [a](docs/rfcs/0009-other.md)\n"),
    ]);
    fine(&program.run(&["renumber", "docs/rfcs/0009-other.md", "9"]));
    assert!(program.read("docs/rfcs/0009-other.md").contains("id: RFC-0009"));
    assert_eq!(program.read("n.md"), "RFC-0009, [a](docs/rfcs/0009-other.md)\n");
}

#[test]
fn registers_and_the_file_for_programs_go_along() {
    let page = "# RFCs\n\n<!-- pmkit:register rfc -->\n<!-- pmkit:end -->\n\nSee RFC-0007.\n";
    let program = repository(&[
        ("docs/rfcs/README.md", page),
        ("docs/rfcs/0009-other.md", &rfc(9, "Other", "", "x")),
        ("pmkit.toml", "[index]\njson = \"docs/index.json\"\n"),
        (
            "README.md",
            "<!-- pmkit:register rfc -->\n\n[RFC-0007](docs/rfcs/0007-sessions.md) is stale\n<!-- pmkit:end -->\n",
        ),
    ]);
    program.write("README.md", "x\n");
    fine(&program.run(&["index"]));
    program.git(&["checkout", "README.md"]);
    program.commit("registers");
    let before = files(&program);
    let run = program.run(&["renumber", "RFC-0007", "12"]);
    assert!(
        fine(&run).contains("docs/rfcs/README.md: made anew\ndocs/index.json: made anew\n"),
        "{}",
        run.out
    );
    assert!(run.err.contains("README.md were stale before"), "{}", run.err);
    let page = program.read("docs/rfcs/README.md");
    let (other, ours) = (page.find("RFC-0009").unwrap(), page.find("[RFC-0012](0012-sessions.md)").unwrap());
    assert!(other < ours && page.ends_with("See RFC-0012.\n"), "{page}");
    assert!(program.read("README.md").contains("[RFC-0012](docs/rfcs/0012-sessions.md) is stale"));
    assert!(program.read("docs/index.json").contains("docs/rfcs/0012-sessions.md"));
    fine(&program.run(&["renumber", "RFC-0012", "7"]));
    assert_eq!(files(&program), before);
}

#[test]
fn a_register_keeps_what_history_says_of_a_record_that_moves() {
    let page = "<!-- pmkit:register rfc -->\n<!-- pmkit:end -->\n";
    let program = repository(&[
        (
            "pmkit.toml",
            "[[register]]\nfile = \"all.md\"\nkinds = [\"rfc\"]\ncolumns = [\"id\", \"decided\", \"approver\"]\n",
        ),
        ("all.md", page),
        (PATH, &rfc(7, "Sessions", "approver: ana\n", "x").replace("draft", "accepted")),
    ]);
    fine(&program.run(&["index"]));
    program.commit("register");
    assert!(program.read("all.md").contains("| 2026-11-02 | ana |"), "{}", program.read("all.md"));
    let before = program.read("all.md");
    // One row stays where it is.
    fine(&program.run(&["renumber", "RFC-0007", "12"]));
    assert_eq!(program.read("all.md"), before.replace("0007", "0012"));
    // It is known by its new id before that is committed, too.
    for name in ["RFC-0012", "docs/rfcs/0012-sessions.md", "RFC-0007"] {
        assert!(fine(&program.run(&["log", name])).contains("accepted"), "{name}");
        assert!(fine(&program.run(&["show", name, "--at", "accepted"])).contains("RFC-0007"), "{name}");
    }
    fine(&program.run(&["index", "--check"]));
    program.commit("renumber");
    fine(&program.run(&["index", "--check"]));
}

#[test]
fn the_next_number_is_one_that_nobody_says_he_has() {
    let program = repository(&[("docs/rfcs/0009-mixed.md", &rfc(10, "Mixed", "", "x"))]);
    assert!(fine(&program.run(&["renumber", "RFC-0007"])).starts_with("RFC-0007 is RFC-0011 now"));
}

#[test]
fn the_baseline_goes_along() {
    let program = repository(&[
        ("pmkit.toml", ""),
        (PATH, &rfc(7, "Sessions", "", "").replace("owner: maya", "owner:")),
    ]);
    let run = program.run(&["lint", "--write-baseline"]);
    assert_eq!(run.code, 0, "{run:?}");
    let before = program.read("pmkit-baseline.toml");
    assert!(before.contains(PATH), "{before}");
    fine(&program.run(&["renumber", "RFC-0007", "12"]));
    assert_eq!(program.read("pmkit-baseline.toml"), before.replace("0007-", "0012-"));
    assert_eq!(program.run(&["lint"]).code, 0);
}
