//! A review says in a comment what strangers wrote: none of it is a link, a mention, markup or a command there.

use std::collections::BTreeSet;

use pulldown_cmark::Event;
use pulldown_cmark::Options;
use pulldown_cmark::Parser;
use pulldown_cmark::Tag;

use crate::hostile::PAYLOADS;
use crate::hostile::acting;
use crate::hostile::forged;
use crate::hostile::yaml;
use crate::program::Program;

/// Texts that mean something in a comment.
const MARKUP: [&str; 15] = [
    "@acme/everybody look",
    "closes #123 and acme/shop#4",
    "![x](https://evil.example/x.png)",
    "[x](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "<!-- pmkit:review acme/shop records -->",
    "</details><h1>forged</h1>",
    "` @team ` `` @team",
    "a | b | @team\\| c",
    "https://evil.example/?@team www.evil.example",
    "&commat;team &#64;team",
    "**ready** ~~x~~ _y_ $`@team`$",
    ":+1: !12 %3 GH-12 1234567890123456789012345678901234567890",
    "\\`@team\\` \\",
    "# Heading\n- item @team\n\n> quote",
];

const FORMS: [&str; 9] =
    ["text", "json", "jsonl", "github", "gitlab", "sarif", "junit", "rdjson", "markdown"];

/// Writes a change in which everything carries `payload`: records in every field, a kind of its own, what steers the tree, people,
/// authors, subjects, the file that forges ask, and names of files.
fn change(program: &Program, payload: &str) {
    let text = yaml(payload);
    let record = |id: &str, state: &str, more: &str| {
        format!(
            "---\nid: {id}\ntitle: {text}\nstatus: {state}\nowner: {text}\napprover: {text}\nreviewers: [{text}, ana]\ncomments_open: 2026-11-02\ncomments_close: 2026-11-10\ncreated: 2026-11-01\n{more}---\n\n## Problem\n\n{payload}\n\n## {payload}\n\n{payload}\n\n## Open questions\n\n1. {payload}?\n"
        )
    };
    let item = |likelihood: u8, more: &str| {
        format!(
            "---\nid: R-0001\ntitle: {text}\nstatus: open\nowner: {text}\nlikelihood: {likelihood}\nimpact: 5\nnext_step: {text}\ndue: 2026-11-{more}\ncreated: 2026-11-01\n---\n\n## Description\n\n{payload}\n\nRFC-0002 RFC-0009\n"
        )
    };
    let kind = |required: bool| {
        format!(
            "id = \"note\"\ntitle = {text}\nprefix = \"N\"\npurpose = {text}\npath = \"n/{{id}}.md\"\n[[field]]\nname = {text}\nhelp = {text}\nrequired = {required}\n[[section]]\ntitle = {text}\nrequired = {required}\n[[pattern]]\nmust_match = \"x\"\nmessage = {text}\n"
        )
    };
    program.write(".pmkit/kinds/note.toml", kind(true));
    program
        .write("pmkit.toml", format!("[[override]]\npaths = [{text}]\nrules = {{ overdue = \"deny\" }}\n"));
    let line: String = payload.chars().filter(|c| !c.is_control()).collect();
    program.write(
        "CODEOWNERS",
        format!("docs/ @x/{} \n{} @team\n", line.replace(' ', "-"), line.replace(' ', "\\ ")),
    );
    program.write("docs/rfcs/0002-old.md", record("RFC-0002", "accepted", ""));
    program.write("docs/rfcs/0003-new.md", record("RFC-0003", "review", ""));
    program.write("docs/raid/R-0001-x.md", item(2, "18"));
    // What the kind cannot be read for is left out: some payloads are no glob.
    if program.run(&["lint"]).code == 2 {
        program.write("pmkit.toml", "");
    }
    program.commit("start");
    program.git(&["switch", "--quiet", "--create", "work"]);
    program.write(".pmkit/kinds/note.toml", kind(false).replace("must_match = \"x\"", "must_match = \"y\""));
    program.write("pmkit.toml", format!("[rules]\nover-budget = {text}\n"));
    program.write(
        "docs/rfcs/0003-new.md",
        record("RFC-0003", "accepted", "supersedes: [RFC-0002]\nrests_on: [A-0007]\n"),
    );
    program.write("docs/rfcs/0004-more.md", record("RFC-0004", &text, ""));
    program.write("docs/raid/R-0001-x.md", item(4, "19"));
    program.write(
        "n/N-0001.md",
        format!("---\ntitle: {text}\nid: {text}\n{text}: {text}\n---\n\n## {payload}\n"),
    );
    if !cfg!(windows) {
        let name: String = payload.chars().filter(|c| *c != '/').take(80).collect();
        program.write(&format!("docs/raid/R-0009-{name}.md"), item(3, "20").replace("R-0001", "R-0009"));
    }
    let subject: String = payload.replace(['\0', '\n', '\r'], " ");
    let name: String = subject.chars().filter(|c| !matches!(c, '<' | '>')).collect();
    program.git(&["add", "--all"]);
    let message = format!("{subject}\n\nApproved-by: {name} <x@acme.example>");
    program.git(&[
        "commit",
        "--quiet",
        "--cleanup=verbatim",
        "--author",
        &format!("{name} <x@acme.example>"),
        "--message",
        &message,
    ]);
}

/// Returns what of a comment is more than text, code and the tables, headings and lists that pmkit makes; and what in its plain text a
/// forge would act on.
fn harm(comment: &str) -> Vec<String> {
    let mut found = Vec::new();
    let allowed: BTreeSet<&str> =
        ["<br>", "<br>\n", "<details>", "<summary>", "</summary>", "</details>", "<code>", "</code>"].into();
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
        | Options::ENABLE_FOOTNOTES;
    for event in Parser::new_ext(comment, options) {
        match event {
            Event::Start(
                Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::Strikethrough
                | Tag::BlockQuote(_)
                | Tag::CodeBlock(_),
            ) => {
                found.push(format!("{event:?}"));
            }
            Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_) => {
                found.push(format!("{event:?}"));
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                let mut rest = html.trim();
                if rest.starts_with("<!-- pmkit:review local pmkit -->") {
                    rest = rest["<!-- pmkit:review local pmkit -->".len()..].trim();
                }
                // The line that is folded out is HTML whole: its text is our own but for two names in <code>.
                let tags = rest
                    .match_indices('<')
                    .map(|(at, _)| &rest[at..at + rest[at..].find('>').map_or(1, |end| end + 1)]);
                found.extend(tags.filter(|tag| !allowed.contains(tag)).map(|tag| format!("html {tag}")));
                found.extend(acts_in_text(rest));
            }
            Event::Text(text) => found.extend(acts_in_text(&text)),
            _ => {}
        }
    }
    found
}

/// Returns what in plain text a forge would act on.
fn acts_in_text(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, c) in text.char_indices() {
        let next = text[at + c.len_utf8()..].chars().next();
        let word = next.is_some_and(char::is_alphanumeric);
        if matches!(c, '@' | '#') && word
            || text[at..].starts_with("://")
            || text[at..].to_lowercase().starts_with("www.")
            || text[at..].starts_with("GH-")
        {
            found.push(format!("{c} in {text:?}"));
        }
    }
    found
}

#[test]
fn nothing_that_strangers_write_acts_in_a_review() {
    let all: Vec<&str> = PAYLOADS.iter().chain(&MARKUP).copied().collect();
    let check = |payload: &str| {
        let program = Program::in_repository();
        change(&program, payload);
        for policy in ["base", "head"] {
            for form in FORMS {
                let words = ["review", "--base", "main", "--merge", "--policy", policy, "--format", form];
                let run = program.run(&words);
                for (log, stream) in [(&run.out, "stdout"), (&run.err, "stderr")] {
                    assert_eq!(forged(log, form == "github"), [""; 0], "{payload:?}, {words:?}, {stream}");
                    assert_eq!(acting(log), None, "{payload:?}, {words:?}, {stream}: {log:?}");
                }
                assert!(run.code != 101 && !run.err.contains("panicked"), "{payload:?}: {}", run.err);
                if form == "markdown" && policy == "base" {
                    assert_eq!(run.code, 1, "{payload:?}: {}{}", run.out, run.err);
                    assert_eq!(harm(&run.out), [""; 0], "{payload:?}: {}", run.out);
                    assert!(
                        run.out.contains("broken-configuration") || run.out.contains("RFC-0003"),
                        "{}",
                        run.out
                    );
                }
            }
        }
        // The same of a lint's own comment.
        let run = program.run(&["lint", "--base", "main", "--format", "markdown"]);
        assert_eq!(harm(&run.out), [""; 0], "{payload:?}: {}", run.out);
    };
    let check = &check;
    std::thread::scope(|scope| {
        for some in all.chunks(all.len().div_ceil(4)) {
            scope.spawn(move || some.iter().for_each(|payload| check(payload)));
        }
    });
}

#[test]
fn what_would_act_is_seen_by_this_test() {
    for bad in [
        "see @team",
        "closes #12",
        "![x](https://a.example/x.png)",
        "[x](https://a.example)",
        "<b>x</b>",
        "<!-- pmkit:review acme/shop records -->",
        "www.evil.example",
        "GH-12",
        "> quote",
        "~~x~~",
    ] {
        assert!(!harm(bad).is_empty(), "{bad}");
    }
    for good in [
        "`@team`",
        "| a |\n|---|\n| `#12` |\n",
        "**bold**",
        "<details><summary>1 record · from <code>main</code></summary>\n\nx\n\n</details>\n",
    ] {
        assert_eq!(harm(good), [""; 0], "{good}");
    }
}
