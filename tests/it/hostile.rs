//! Foreign text never acts: no control byte, no command of a CI runner, whatever carries it and whatever form it leaves in.

use crate::program::Program;

/// Texts that mean something to a terminal or a runner.
pub(crate) const PAYLOADS: [&str; 11] = [
    "x\n::error file=a::forged",
    "x\r::error::forged",
    "::error::forged",
    "x ##[error]forged",
    "###[add-mask]forged",
    "x ##vso[task.setvariable variable=a]forged",
    "x\u{1b}[31mred\u{1b}]0;title\u{7}",
    "x\u{9b}31m\u{85}::error::forged",
    "x\u{202e}gnp.exe\u{2066}",
    "x\u{2028}::warning::forged\u{2029}##[x]",
    "x\u{b}::error::forged\u{c}##[x]",
];

/// Reads a log as a runner does, and returns the commands in it that pmkit did not mean to give.
///
/// As `ActionCommand.cs` of github.com/actions/runner has it: lines end at LF, CR and CRLF; a line that begins with `::`, spaces before it
/// left aside, is a command where another `::` follows, and what stands between them up to a space is its name; `##[name]` is one
/// anywhere. There a name counts only if some command has it; here every word does.
pub(crate) fn forged(log: &str, annotations: bool) -> Vec<String> {
    let mut found = Vec::new();
    for line in log.split(['\n', '\r']) {
        let own = annotations
            && ["::error file=", "::warning file="].iter().any(|mark| {
                line.strip_prefix(mark).is_some_and(|rest| {
                    ["docs/", "n/", "pmkit.toml", ".pmkit/"].iter().any(|path| rest.starts_with(path))
                })
            });
        let name = || {
            let (info, _) = line.trim_start().strip_prefix("::")?.split_once("::")?;
            let name = info.split(' ').next().unwrap_or_default();
            Some(name.chars().any(char::is_alphanumeric))
        };
        if (!own && name() == Some(true)) || line.contains("##[") || line.contains("##vso[") {
            found.push(line.to_owned());
        }
    }
    found
}

#[test]
fn commands_are_read_as_a_runner_reads_them() {
    for bad in [
        "::error::x",
        "  ::add-mask::x",
        "a\r::error file=x::y",
        "a\n::set-env name=a::b",
        "x ##[error]y",
        "x ##vso[a]y",
    ] {
        assert_eq!(forged(bad, false).len(), 1, "{bad:?}");
    }
    for good in ["x ::error::y", "  ::: docs/a.md", ":::", "::", "::error", "#[error]", "## [x]"] {
        assert_eq!(forged(good, false), [""; 0], "{good:?}");
    }
    assert_eq!(forged("::error file=docs/raid/x.md::y", true), [""; 0]);
    assert_eq!(forged("::error file=docs/raid/x.md::y", false).len(), 1);
    assert_eq!(forged("::error file=forged::y", true).len(), 1);
}

pub(crate) fn acting(log: &str) -> Option<char> {
    let shown = |c: &char| {
        // A tab acts no more than a space, and a difference with tabs can only be applied with them.
        matches!(c, '\n' | '\t')
            || !(c.is_control()
                || matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e01ef}'))
    };
    log.chars().find(|c| !shown(c))
}

fn check(program: &Program, words: &[&str], what: &str) {
    let run = program.run(words);
    for (log, stream) in [(&run.out, "stdout"), (&run.err, "stderr")] {
        let annotations = words.contains(&"github");
        assert_eq!(forged(log, annotations), [] as [String; 0], "{what}, {words:?}, {stream}");
        assert_eq!(acting(log), None, "{what}, {words:?}, {stream}: {log:?}");
    }
    assert!(!run.out.is_empty() || !run.err.is_empty(), "{what}, {words:?} says something");
}

/// Quotes a payload as YAML can carry it.
pub(crate) fn yaml(payload: &str) -> String {
    let escaped: String = payload
        .chars()
        .map(|c| {
            if c.is_control() || c == '"' || c == '\\' {
                format!("\\u{:04x}", u32::from(c))
            } else {
                c.to_string()
            }
        })
        .collect();
    format!("\"{escaped}\"")
}

const OUTPUTS: [&[&str]; 18] = [
    &["lint", "--format", "gitlab"],
    &["lint", "--format", "sarif"],
    &["lint", "--format", "junit"],
    &["lint", "--format", "rdjson"],
    &["lint", "--format", "markdown"],
    &["lint"],
    &["lint", "--color", "never"],
    &["lint", "--format", "json"],
    &["lint", "--format", "jsonl"],
    &["lint", "--format", "github"],
    &["lint", "--diff", "--unsafe"],
    &["show", "R-1"],
    &["show", "R-1", "--format", "json"],
    &["show", "R-1", "--format", "jsonl"],
    &["show", "R-1", "--format", "csv"],
    &["show", "R-1", "--format", "markdown"],
    &["owners"],
    &["owners", "--check"],
];

#[test]
fn no_carrier_of_any_payload_forges_anything_in_any_output() {
    type Carrier = (&'static str, fn(&Program, &str));
    let carriers: [Carrier; 9] = [
        ("title", |program, payload| {
            record(program, &format!("title: {}\nowner: \nstatus: x", yaml(payload)));
        }),
        ("status", |program, payload| record(program, &format!("title: t\nstatus: {}", yaml(payload)))),
        ("owner", |program, payload| {
            record(program, &format!("title: t\nstatus: open\nowner: {}", yaml(&format!("{payload} team"))));
        }),
        ("date", |program, payload| {
            record(program, &format!("title: t\nstatus: open\ndue: {}", yaml(payload)));
        }),
        ("key", |program, payload| record(program, &format!("{}: 1\ntitle: t", yaml(payload)))),
        ("id", |program, payload| record(program, &format!("id: {}\ntitle: t", yaml(payload)))),
        ("broken yaml", |program, payload| record(program, &format!("title: a: {payload}"))),
        ("body", |program, payload| {
            program.write("docs/raid/R-0001-x.md", format!("---\nid: R-0001\n---\n\n## {payload}\n\nSee R-9999 {payload}\n<<<<<<< {payload}\n=======\n"));
        }),
        ("file name", |program, payload| {
            let name: String = payload.chars().filter(|c| *c != '/').collect();
            program.write(&format!("docs/raid/R-0001-{name}.md"), "---\nid: R-0001\n---\n");
        }),
    ];
    let carried = |(name, carry): Carrier| {
        for payload in PAYLOADS {
            // Windows knows no such file names.
            if cfg!(windows) && name == "file name" {
                continue;
            }
            let program = Program::in_repository();
            carry(&program, payload);
            for words in OUTPUTS {
                check(&program, words, &format!("{name} carrying {payload:?}"));
            }
        }
    };
    // Thousands of runs: as many at a time as there are carriers.
    std::thread::scope(|scope| {
        for carrier in carriers {
            scope.spawn(move || carried(carrier));
        }
    });
}

#[test]
fn records_that_carry_all_payloads_side_by_side_forge_nothing() {
    let program = Program::in_repository();
    let mut at = 0;
    let mut write = |front: &str, body: &str, name: &str| {
        at += 1;
        let text =
            format!("---\nblocks: [D-0001, D-0002]\n{front}\n---\n\n## x {body}\n\nforged {body} D-0003\n");
        program.write(&format!("docs/raid/D-{at:04}-{name}.md"), text);
    };
    write("title: x", "", "x");
    for payload in PAYLOADS {
        let value = yaml(payload);
        write(&format!("title: {value}\nstatus: {value}\nowner: {value}\nneeded_by: {value}"), payload, "x");
        write(&format!("id: {value}\n{value}: x"), payload, "x");
        write(&format!("title: a: {payload}"), payload, "x");
        if cfg!(unix) {
            write("title: x", "", &payload.replace('/', ""));
        }
    }
    program.write("pmkit.toml", "[index]\njson = \"index.json\"\n[[register]]\nfile = \"README.md\"\nkinds = [\"dependency\"]\ncolumns = [\"id\", \"title\", \"path\", \"status\", \"owner\"]\n");
    program.write("README.md", "<!-- pmkit:register raid -->\n<!-- pmkit:end -->\n");
    for words in [
        &["graph", "--mentions"][..],
        &["graph", "D-1", "--mentions"],
        &["graph", "--mermaid"],
        &["graph", "--dot"],
        &["graph", "--json"],
        &["search", "forged", "--all", "--limit", "0"],
        &["search", "forged", "--all", "--color", "never"],
        &["search", "x", "--format", "json"],
        &["search", "x", "--format", "jsonl"],
        &["search", "x", "--format", "csv"],
        &["search", "x", "--format", "markdown", "--all"],
        &["search", "forgde"],
        &["index", "--check"],
        &["index"],
        &["owners"],
        &["owners", "--check"],
    ] {
        check(&program, words, "everything");
    }
    for written in ["README.md", "index.json"] {
        let text = program.read(written);
        assert!(text.contains("forged"), "{written}");
        assert_eq!(forged(&text, false), [] as [String; 0], "{written}");
        assert_eq!(acting(&text), None, "{written}: {text:?}");
    }
}

fn record(program: &Program, fields: &str) {
    program.write("docs/raid/R-0001-x.md", format!("---\n{fields}\n---\n\n## Description\n\nx\n"));
}

#[test]
fn what_a_board_tells_forges_nothing() {
    for payload in PAYLOADS {
        let program = Program::in_repository();
        let fields = ["title", "owner", "initiative", "next_step", "raised_by"];
        let fields: String = fields.iter().map(|field| format!("{field}: {}\n", yaml(payload))).collect();
        record(&program, &format!("id: R-0001\n{fields}status: open\ncreated: 2026-11-19\ndue: 2026-11-18"));
        for format in ["text", "json", "jsonl", "csv", "markdown"] {
            check(&program, &["raid", "--format", format], &format!("a board carrying {payload:?}"));
        }
        check(&program, &["raid", "--by", "owner"], "a board by owner");
        check(&program, &["raid", "--in", payload], "an initiative");
    }
}

#[test]
fn steering_files_and_arguments_forge_nothing_either() {
    for payload in PAYLOADS {
        let program = Program::in_repository();
        program.write("pmkit.toml", format!("[rules]\n{} = \"warn\"\n", yaml(payload)));
        check(&program, &["lint"], "a rule's name");
        program.write("pmkit.toml", format!("[rules]\nover-budget = \"{payload}\n"));
        check(&program, &["lint"], "broken TOML");
        let path: String = payload.chars().filter(|c| *c != '\u{0}').collect();
        program.write("pmkit.toml", format!("[[register]]\nfile = {}\nkinds = [\"risk\"]\n", yaml(&path)));
        check(&program, &["index"], "a file of a register");
        program.write("pmkit.toml", "");
        program.write("README.md", format!("<!-- pmkit:register {payload} -->\n<!-- pmkit:end -->\n"));
        check(&program, &["index"], "the words of a marker");
        program.write("README.md", "");
        program.write("pmkit.toml", "");
        let kind = format!(
            "id = \"note\"\ntitle = {0}\nprefix = \"N\"\npurpose = {0}\npath = \"n/{{id}}.md\"\n[[field]]\nname = {0}\nhelp = {0}\nrequired = true\n",
            yaml(payload)
        );
        program.write(".pmkit/kinds/note.toml", kind);
        for words in [
            &["kinds"][..],
            &["kinds", "note"],
            &["kinds", "note", "--format", "json"],
            &["kinds", "--format", "markdown"],
            &["kinds", "note", "--format", "markdown"],
            &["kinds", "note", "--format", "toml"],
        ] {
            check(&program, words, "a kind file");
        }
        program.write("n/N-0001.md", "---\ntitle: t\n---\n");
        check(&program, &["lint"], "a kind file's words");
        for words in [
            &["new", "note", payload][..],
            &["new", payload, "t"],
            &["new", "risk", "t", payload],
            &["explain", payload],
            &["search", payload],
            &["graph", payload],
            &["kinds", payload],
            &["lint", payload],
            &["init", "--preset", payload],
            &["init", "--ci", payload],
            &["lint", "--format", payload],
            &["new", "risk", &format!("--x {payload}")],
            &[&format!("--{payload}")],
        ] {
            let run = program.run(words);
            assert_eq!(forged(&run.err, false), [] as [String; 0], "{words:?}");
            assert_eq!(acting(&run.err), None, "{words:?}: {:?}", run.err);
        }
    }
}

#[test]
fn who_owns_what_forges_nothing() {
    for payload in PAYLOADS {
        let program = Program::in_repository();
        record(&program, &format!("status: open\nowner: {}", yaml("maya")));
        program.write(
            "pmkit.toml",
            format!("[people]\nmaya = {{ aliases = [{0}], email = {0} }}\n", yaml(&format!("@{payload}"))),
        );
        program.write("CODEOWNERS", format!("* @{payload} @{payload}\n{payload} @{payload}\n"));
        check(&program, &["owners"], "an alias");
        check(&program, &["owners", "--check"], "an alias, and CODEOWNERS");
        program.write("pmkit.toml", "[people]\nmaya = { aliases = [\"@maya\"] }\n");
        check(&program, &["owners", "--check"], "CODEOWNERS");
    }
}

#[test]
fn what_commits_say_forges_nothing() {
    for payload in PAYLOADS {
        let program = Program::in_repository();
        let name: String = payload.chars().filter(|c| !matches!(c, '\0' | '<' | '>')).collect();
        let message = format!("{name}\n\nReviewed-by: {name}");
        program.write(
            "docs/raid/R-0001-x.md",
            format!("---\nid: R-0001\nstatus: {}\nowner: {0}\n---\n", yaml(payload)),
        );
        program.git(&["add", "--all"]);
        let author = format!("{} <x@acme.example>", name.replace(['\n', '\r'], " "));
        program.git(&["commit", "--quiet", "--cleanup=verbatim", "--author", &author, "--message", &message]);
        program.write("docs/raid/R-0001-x.md", "---\nid: R-0001\nstatus: open\nowner: lee\n---\n");
        program.git(&["commit", "--quiet", "--all", "--cleanup=verbatim", "--message", &message]);
        for format in ["text", "json", "jsonl", "csv", "markdown"] {
            check(
                &program,
                &["log", "--fields", "--format", format],
                &format!("a commit carrying {payload:?}"),
            );
        }
        for format in ["text", "json", "jsonl", "csv", "markdown"] {
            for words in [
                &["show", "R-1", "--format", format][..],
                &["show", "R-1", "--at", "HEAD~1", "--format", format],
                &["show", "R-1", "--at", "HEAD~1", "--diff", "--format", format],
            ] {
                check(&program, words, &format!("a record, and a commit, carrying {payload:?}"));
            }
        }
        check(&program, &["show", payload], "a name of a record");
        check(&program, &["show", "R-1", "--at", payload], "a point in the past");
        check(&program, &["log", payload], "a name of a record");
        check(&program, &["log", "--since", payload], "a day");
    }
}
