//! Hermetic repositories with fixed names and a ticking clock, and what `pmkit log` says of them.

use std::process::Command;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

use serde_json::Value;

use crate::program::Program;

/// A repository in which every commit is an hour later than the one before.
pub(crate) struct Story {
    pub(crate) program: Program,
    hour: AtomicU32,
}

pub(crate) const RFC: &str = "docs/rfcs/0001-redis.md";

impl Story {
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    pub(crate) fn with(words: &[&str]) -> Self {
        let program = Program::new();
        program.git(&[&["init", "--quiet", "--initial-branch", "main"], words].concat());
        Self { program, hour: AtomicU32::new(0) }
    }

    pub(crate) fn git(&self, words: &[&str]) -> String {
        let hour = self.hour.fetch_add(1, Ordering::Relaxed);
        let date = format!("{} +0100", 1_790_000_000 + hour * 3600);
        let mut command = Command::new("git");
        command.args(words);
        self.program.apart(&mut command);
        command.env("GIT_AUTHOR_DATE", &date).env("GIT_COMMITTER_DATE", &date);
        let ended = command.output().unwrap();
        assert!(ended.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&ended.stderr));
        String::from_utf8(ended.stdout).unwrap().trim().to_owned()
    }

    pub(crate) fn commit(&self, subject: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", subject]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Writes the proposal in a state and commits it.
    pub(crate) fn state(&self, state: &str, subject: &str) -> String {
        self.program.write(RFC, text(state));
        self.commit(subject)
    }

    pub(crate) fn json(&self, words: &[&str]) -> Vec<Value> {
        let run = self.program.run(&[&["log", "--format", "json"], words].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        let document: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(document["schema"], "pmkit.log/1");
        document["events"].as_array().unwrap().clone()
    }

    /// Returns the events oldest first, each as `event old → new path`.
    pub(crate) fn told(&self) -> Vec<String> {
        let shown = |event: &Value| {
            let text = |key: &str| event[key].as_str().unwrap_or("-").to_owned();
            let name = text("path").rsplit('/').next().unwrap().to_owned();
            format!("{} {} → {} {name}", text("event"), text("old"), text("new"))
        };
        self.json(&[]).iter().rev().map(shown).collect()
    }
}

/// Returns the proposal in a state.
pub(crate) fn text(state: &str) -> String {
    let body = "We keep sessions in memory and lose them with each release.\n".repeat(8);
    format!(
        "---\nid: RFC-0001\ntitle: Redis\nstatus: {state}\nowner: maya\napprover: priya\ncreated: 2026-09-01\n---\n\n## Problem\n\n{body}"
    )
}

/// Numbers that look thrown, the same on every run (splitmix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn throw(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }

    pub(crate) fn text(&mut self) -> String {
        let words = ["status", "open", "owner", "lee", "a longer word", "x", "refunds", "é", "line\r"];
        let lines = 1 + self.throw(24);
        let line = |dice: &mut Self| -> String {
            (0..=dice.throw(9))
                .map(|_| words[usize::try_from(dice.throw(9)).unwrap()])
                .collect::<Vec<_>>()
                .join(" ")
        };
        let mut text: String = (0..lines).map(|_| line(self) + "\n").collect();
        if self.throw(3) == 0 {
            text.pop();
        }
        text
    }

    pub(crate) fn change(&mut self, text: &str) -> String {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for _ in 0..self.throw(9) {
            let at = usize::try_from(self.throw(lines.len() as u64 + 1)).unwrap();
            match self.throw(3) {
                0 if at < lines.len() => drop(lines.remove(at)),
                1 if at < lines.len() => lines[at] = "something else entirely".to_owned(),
                _ => lines.insert(at, format!("new {}", self.throw(1000))),
            }
        }
        lines.join("\n") + "\n"
    }
}
