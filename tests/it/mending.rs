//! What fixes make of a file: whole pieces, their bytes, and nothing else.

use pmkit::date::Date;

use crate::program::Program;
use crate::tree::Tree;

const PATH: &str = "docs/rfcs/0007-sessions.md";
const HEAD: &str =
    "---\nid: RFC-0007\ntitle: Sessions\nstatus: draft\nowner: maya\ncreated: 2026-11-12\n---\n\n";

fn today() -> Date {
    Date::parse("2026-11-20").unwrap()
}

/// Fixes `body` below a draft's front matter with everything there is, and returns the body.
fn mended(body: &str) -> String {
    let head = if body.contains('\r') { HEAD.replace('\n', "\r\n") } else { HEAD.to_owned() };
    let fixed = Tree::default().with(PATH, format!("{head}{body}")).fixed(true, today());
    let text = String::from_utf8(fixed.files[PATH].clone()).unwrap();
    text.strip_prefix(&head).unwrap().to_owned()
}

#[test]
fn sections_move_as_whole_pieces() {
    for (body, expected) in [
        ("## Proposal\n\nB.\n\n## Problem\n\nA.\n", "## Problem\n\nA.\n\n## Proposal\n\nB.\n"),
        // No line end at the last one, other line ends, headings with a line below.
        ("## Proposal\n\nB.\n\n## Problem\n\nA.", "## Problem\n\nA.\n\n## Proposal\n\nB."),
        (
            "## Proposal\r\n\r\nB.\r\n\r\n## Problem\r\n\r\nA.",
            "## Problem\r\n\r\nA.\r\n\r\n## Proposal\r\n\r\nB.",
        ),
        ("Proposal\n---\n\nB.\n\nProblem\n---\nA.\n", "Problem\n---\nA.\n\nProposal\n---\n\nB.\n"),
        // What stands before, in between and behind.
        (
            "Hello.\n\n## Proposal\n\nB [x].\n\n### More\n\nC.\n\n## Notes\n\n## Problem\n\nA.\n\n[x]: https://x.example\n\n## Appendix\n\nD.\n",
            "Hello.\n\n## Problem\n\nA.\n\n[x]: https://x.example\n\n## Proposal\n\nB [x].\n\n### More\n\nC.\n\n## Notes\n\n## Appendix\n\nD.\n",
        ),
    ] {
        assert_eq!(mended(body), expected);
    }
}

#[test]
fn sections_that_would_read_otherwise_elsewhere_stay() {
    for body in [
        // A code block that never closes would swallow what comes behind it.
        "## Proposal\n\nB.\n\n## Problem\n\n```text\nA.\n",
        "## Proposal\n\nB.\n\n## Problem\n\nA.\n\n<!--\n",
        // A box would be torn, or swallow another section.
        "## Proposal\n\n<details>\n\nB.\n\n## Problem\n\nA.\n\n</details>\n",
        "<details>\n\n## Proposal\n\nB.\n\n</details>\n\n## Problem\n\nA.\n",
        // The first of two definitions counts.
        "## Proposal\n\nB [x].\n\n[x]: https://b.example\n\n## Problem\n\nA.\n\n[x]: https://a.example\n",
        "## 2. Proposal\n\nB.\n\n## 1. Problem\n\nA.\n",
        // Headings of several levels.
        "## Proposal\n\nB.\n\n### Problem\n\nA.\n\n## Open questions\n\n## Alternatives considered\n\n- C.\n",
        "# Sessions\n\n## Proposal\n\nB.\n\n# Two\n\n## Problem\n\nA.\n",
    ] {
        assert_eq!(mended(body), body);
    }
}

#[test]
fn a_heading_becomes_the_title_as_the_kind_is_written() {
    let kind = "id = \"note\"\nprefix = \"NOTE\"\ntitle = \"Note\"\npath = \"notes/note-{number}.md\"\n";
    let note = |heading: &str| {
        let head =
            "---\nid: NOTE-26\ntitle: Zoë's plan\nstatus: open\nowner: maya\ncreated: 2026-11-12\n---\n\n";
        let tree =
            Tree::default().with_kind("note", kind).with("notes/note-26.md", format!("{head}{heading}\n"));
        let text = String::from_utf8(tree.fixed(true, today()).files["notes/note-26.md"].clone()).unwrap();
        text.strip_prefix(head).unwrap().to_owned()
    };
    for (heading, expected) in [
        ("# Old plan", "# NOTE-26 Zoë's plan\n"),
        ("# Old plan {#top}", "# NOTE-26 Zoë's plan {#top}\n"),
        ("# ZOE\u{308}'S PLAN", "# ZOE\u{308}'S PLAN\n"),
        ("# Abstract\n\nA.\n\n# Motivation", "# Abstract\n\nA.\n\n# Motivation\n"),
    ] {
        assert_eq!(note(heading), expected);
    }
}

/// Has a system call of `lint --fix` fail: what cannot be read any more is not told to be mended.
#[test]
#[cfg(target_os = "linux")]
fn what_cannot_be_read_again_is_not_told_to_be_mended() {
    let program = Program::in_repository();
    let text = |state: &str| {
        format!(
            "---\nid: R-0001\ntitle: T\nstatus: {state}\nowner: lee\nnext_step: Ask\ndue: 2026-11-27\ncreated: 2026-11-16\n---\n\n## Description\n\nx\n"
        )
    };
    let path = "docs/raid/R-0001-t.md";
    for at in 1..4 {
        program.write(path, text("Open"));
        let mut command = std::process::Command::new("strace");
        let fault = format!("inject=openat:error=EIO:when={at}");
        command.args(["-f", "-o", "/dev/null", "-e", "trace=openat", "-P", path, "-e", &fault]);
        command.arg(env!("CARGO_BIN_EXE_pmkit")).args(["lint", "--fix"]);
        program.apart(&mut command);
        let Ok(ended) = command.output() else {
            eprintln!("not checked: there is no strace");
            return;
        };
        let said = String::from_utf8_lossy(&ended.stderr);
        let mended = program.read(path) == text("open");
        assert!(mended || !said.contains("1 finding mended"), "{at}: {said}");
    }
}
