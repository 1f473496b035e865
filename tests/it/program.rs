//! Running the program as a user does, away from the developer's own configuration.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

use tempfile::TempDir;

/// A folder to run in, outside any repository.
pub(crate) struct Program {
    folder: TempDir,
}

/// What a run gave.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Program {
    /// Returns a program in an empty folder of its own.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Returns a program in a fresh repository.
    pub(crate) fn in_repository() -> Self {
        let program = Self::new();
        program.git(&["init", "--quiet", "--initial-branch", "main"]);
        program
    }

    /// Returns the folder.
    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the path of a file in the folder.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.root().join(below)
    }

    /// Writes a file in the folder.
    pub(crate) fn write(&self, below: &str, text: impl AsRef<[u8]>) {
        let path = self.path(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Reads a file in the folder.
    pub(crate) fn read(&self, below: &str) -> String {
        fs::read_to_string(self.path(below)).unwrap()
    }

    /// Lists the files below a folder, in order.
    pub(crate) fn files(&self, below: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path(below)) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Returns the program ready to start with `words`.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pmkit"));
        command.args(words);
        self.apart(&mut command);
        command
    }

    /// Runs the program.
    pub(crate) fn run(&self, words: &[&str]) -> Run {
        finish(&mut self.command(words), "")
    }

    /// Runs the program with `input` on its standard input.
    pub(crate) fn run_with(&self, words: &[&str], input: &str) -> Run {
        finish(&mut self.command(words), input)
    }

    /// Types a command into a shell that stands in `at`, and returns what it printed.
    #[cfg(unix)]
    pub(crate) fn shell(&self, command: &str, at: &Path) -> String {
        let mut shell = Command::new("sh");
        shell.args(["-c", command]);
        self.apart(&mut shell);
        finish(shell.current_dir(at), "").out
    }

    /// Runs git in the folder, which must succeed, and returns what it printed.
    pub(crate) fn git(&self, words: &[&str]) -> String {
        let mut command = Command::new("git");
        command.args(words);
        self.apart(&mut command);
        let run = finish(&mut command, "");
        assert_eq!(run.code, 0, "git {words:?}: {}", run.err);
        run.out
    }

    /// Commits everything there is.
    pub(crate) fn commit(&self, subject: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", subject]);
    }

    /// Keeps a command away from the developer's configuration, clock and terminal.
    pub(crate) fn apart(&self, command: &mut Command) {
        command.current_dir(self.root()).env_clear();
        for name in ["PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "LLVM_PROFILE_FILE"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.env("HOME", self.root().join("no-home")).env("GIT_CONFIG_NOSYSTEM", "1");
        command.env("GIT_AUTHOR_NAME", "Lee Park").env("GIT_AUTHOR_EMAIL", "lee@acme.example");
        command.env("GIT_COMMITTER_NAME", "Lee Park").env("GIT_COMMITTER_EMAIL", "lee@acme.example");
        command
            .env("GIT_AUTHOR_DATE", "2026-11-02T10:00:00Z")
            .env("GIT_COMMITTER_DATE", "2026-11-02T10:00:00Z");
        command.env("PMKIT_TODAY", "2026-11-20").env("TZ", "UTC");
    }
}

fn finish(command: &mut Command, input: &str) -> Run {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that does not read its input has ended before this; that is no failure.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let ended = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: ended.status.code().unwrap_or(-1), out: text(ended.stdout), err: text(ended.stderr) }
}
