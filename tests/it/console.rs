//! The commands in our documents print what the documents say.
//!
//! Every `console` block of a document runs, one after the other, in one empty folder; a line with `$` is typed into a
//! shell, the lines below it are what came back. A block below `<!-- in: demo -->` runs in the repository that
//! `pmkit demo` makes. `UPDATE=1` writes what came back into the document.

#![cfg(unix)]

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

use crate::program::Program;

/// Documents with commands in them.
const DOCUMENTS: &[&str] = &[
    "README.md",
    "docs/born-from.md",
    "docs/briefs.md",
    "docs/calendar.md",
    "docs/changing-records.md",
    "docs/configuration.md",
    "docs/continuous-integration.md",
    "docs/decision-record.md",
    "docs/finding-records.md",
    "docs/graph.md",
    "docs/kind-files.md",
    "docs/raid-board.md",
    "docs/registers.md",
    "docs/comparing.md",
    "docs/pull-requests.md",
    "docs/renumbering.md",
    "docs/weekly-rhythm.md",
];

#[test]
fn commands_print_what_the_documents_say() {
    for path in DOCUMENTS {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let there = fs::read_to_string(&file).unwrap();
        assert!(there.contains("\n```console\n"), "{path} has no command");
        let made = Session::new().replay(&there);
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&file, made).unwrap();
        } else {
            compare(path, &there, &made);
        }
    }
}

fn compare(path: &str, there: &str, made: &str) {
    let differing = there.lines().zip(made.lines()).enumerate().find(|(_, (old, new))| old != new);
    assert!(
        there == made,
        "{path} says something else than the program, first in {differing:?}; run UPDATE=1 cargo test, and read it"
    );
}

/// A folder commands are typed in.
struct Session {
    program: Program,
    /// Where the shell stands, below the folder.
    at: PathBuf,
}

impl Session {
    fn new() -> Self {
        Self { program: Program::new(), at: PathBuf::new() }
    }

    /// Returns the document with what its commands print now.
    fn replay(&mut self, document: &str) -> String {
        let mut out = String::with_capacity(document.len());
        let mut in_demo = false;
        let mut lines = document.lines();
        while let Some(line) = lines.next() {
            let _ = writeln!(out, "{line}");
            in_demo |= line == "<!-- in: demo -->";
            if line != "```console" {
                continue;
            }
            for typed in lines.by_ref().take_while(|line| *line != "```") {
                let Some(command) = typed.strip_prefix("$ ") else { continue };
                let _ = writeln!(out, "$ {command}");
                out.push_str(&self.type_in(command, in_demo));
            }
            out.push_str("```\n");
            in_demo = false;
        }
        out
    }

    fn type_in(&mut self, command: &str, in_demo: bool) -> String {
        if let Some(folder) = command.strip_prefix("cd ") {
            self.at.push(folder);
            return String::new();
        }
        let at = if in_demo { self.demo() } else { self.program.root().join(&self.at) };
        let programs = Path::new(env!("CARGO_BIN_EXE_pmkit")).parent().unwrap().to_str().unwrap();
        let whole = format!("PATH=\"{programs}:$PATH\"; {{ {command}; }} 2>&1");
        let said = self.program.shell(&whole, &at);
        said.lines().fold(String::new(), |mut text, line| {
            text.push_str(line.trim_end());
            text.push('\n');
            text
        })
    }

    fn demo(&self) -> PathBuf {
        let folder = self.program.path("demo");
        if !folder.exists() {
            let run = self.program.run(&["demo", "demo", "--no-tour"]);
            assert_eq!(run.code, 0, "{}", run.err);
        }
        folder
    }
}
