//! The git program, for repositories libgit2 cannot open: SHA-256 objects, reftable, partial clones. Only verbs that read
//! are run, and nothing that the repository names: no hook, monitor, filter, diff driver, pager or prompt; no lazy fetch.

use std::ffi::OsString;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::ChildStdin;
use std::process::ChildStdout;
use std::process::Command;
use std::process::Stdio;

use super::objects::ObjectKind;
use crate::error::Error;
use crate::error::Result;
use crate::history::Oid;

/// A repository read through the git program.
#[derive(Debug, Clone)]
pub struct Program {
    top: PathBuf,
    bare: bool,
}

impl Program {
    /// Returns the program reading the repository whose top is `top`, or that lies bare there.
    #[must_use]
    pub fn new(top: &Path) -> Self {
        Self { top: top.to_owned(), bare: !top.join(".git").exists() }
    }

    /// Returns the top of the working tree; `None` where there is none.
    pub(super) fn working_tree(&self) -> Option<PathBuf> {
        (!self.bare).then(|| self.top.clone())
    }

    /// Returns the git directory that all worktrees share.
    #[must_use]
    pub fn common_folder(&self) -> Option<PathBuf> {
        let told = self.ask(&["rev-parse", "--git-common-dir"]).ok().flatten()?;
        Some(self.top.join(told))
    }

    /// Returns git ready to run `words` in an environment that runs nothing the repository names.
    fn command(&self, words: &[&str]) -> Command {
        let mut command = self.plain();
        if self.bare {
            command.arg("--git-dir").arg(&self.top);
        }
        command.args(words);
        command
    }

    /// Returns git without a command, ready to look for the repository by itself.
    #[allow(clippy::disallowed_methods, reason = "git itself, with verbs that read")]
    fn plain(&self) -> Command {
        let mut command = Command::new("git");
        for (name, _) in environment() {
            if name.as_encoded_bytes().to_ascii_uppercase().starts_with(b"GIT_") {
                command.env_remove(name);
            }
        }
        for setting in [
            "core.fsmonitor=false",
            "core.hooksPath=/dev/null",
            "safe.bareRepository=explicit",
            "core.pager=cat",
            "protocol.allow=never",
        ] {
            command.args(["-c", setting]);
        }
        command.arg("--no-pager").arg("--no-replace-objects").arg("--literal-pathspecs");
        command.current_dir(&self.top);
        command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0");
        command.env("GIT_CEILING_DIRECTORIES", self.top.parent().unwrap_or(&self.top)).env("LC_ALL", "C");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs git and returns what it printed; `None` where it says no.
    pub(super) fn ask(&self, words: &[&str]) -> Result<Option<String>> {
        let ended = self.command(words).output().map_err(|error| cannot_run(&error))?;
        Ok(ended.status.success().then(|| String::from_utf8_lossy(&ended.stdout).trim_end().to_owned()))
    }

    /// Lists the index in `file`, or the repository's own: every entry ends with a zero byte.
    pub(super) fn list_index(&self, file: Option<&Path>) -> Result<Vec<u8>> {
        let mut command = self.command(&["ls-files", "--stage", "--full-name", "-z"]);
        if let Some(file) = file {
            command.env("GIT_INDEX_FILE", file);
        }
        let ended = command.output().map_err(|error| cannot_run(&error))?;
        if ended.status.success() {
            return Ok(ended.stdout);
        }
        let said = String::from_utf8_lossy(&ended.stderr);
        let said = said.lines().next().unwrap_or("git says no").trim_start_matches("fatal: ").to_owned();
        Err(Error::new(format!("cannot read the index: {said}")))
    }

    /// Says whether HEAD names a branch that has no commit yet.
    pub(super) fn is_unborn(&self) -> Result<bool> {
        let named = self.ask(&["symbolic-ref", "--quiet", "HEAD"])?;
        Ok(match named {
            Some(branch) => self.ask(&["show-ref", "--verify", "--quiet", &branch])?.is_none(),
            None => false,
        })
    }

    /// Makes sure that git can read the repository, and would: one of another user it only reads where `safe.directory`
    /// says so, which it does not look at where it is told the git directory.
    ///
    /// # Errors
    /// Says why it cannot.
    pub fn check(&self) -> std::result::Result<(), String> {
        let mut command = self.plain();
        if self.bare {
            command.args(["-c", "safe.bareRepository=all"]);
        }
        match command.args(["rev-parse", "--git-dir"]).output() {
            Ok(ended) if ended.status.success() => Ok(()),
            Ok(ended) => {
                let text = String::from_utf8_lossy(&ended.stderr);
                if text.contains("safe.directory") {
                    return Err(super::not_ours(&self.top));
                }
                let line = text.lines().next().unwrap_or("it says no");
                Err(line.trim_start_matches("fatal: ").to_owned())
            }
            Err(error) => Err(cannot_run(&error).to_string()),
        }
    }

    /// Starts reading objects.
    pub(super) fn batch(&self) -> Result<Batch> {
        let mut child = self
            .command(&["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| cannot_run(&error))?;
        let pipes = (child.stdin.take(), child.stdout.take());
        match pipes {
            (Some(requests), Some(answers)) => Ok(Batch {
                child,
                requests: Some(requests),
                answers: BufReader::with_capacity(1 << 16, answers),
            }),
            _ => Err(Error::new("cannot talk to git cat-file")),
        }
    }
}

/// `git cat-file --batch`, running.
pub(super) struct Batch {
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Batch {
    /// Reads an object into `out`; `None` where it is not there.
    pub(super) fn read(&mut self, id: &Oid, out: &mut Vec<u8>) -> Result<Option<ObjectKind>> {
        let broken = |error: std::io::Error| Error::new(format!("cannot talk to git cat-file: {error}"));
        let requests = self.requests.as_mut().ok_or_else(|| Error::new("git cat-file has ended"))?;
        requests.write_all(format!("{id}\n").as_bytes()).and_then(|()| requests.flush()).map_err(broken)?;
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(broken)?;
        let mut words = line.split_whitespace().skip(1);
        let kind = match words.next() {
            Some("commit") => ObjectKind::Commit,
            Some("tree") => ObjectKind::Tree,
            Some("blob") => ObjectKind::Blob,
            Some("tag") => ObjectKind::Tag,
            Some("missing") => return Ok(None),
            _ => return Err(Error::new(format!("git cat-file ended before it answered for {id}"))),
        };
        let size = words.next().and_then(|text| text.parse().ok());
        let size = size.ok_or_else(|| Error::new("git cat-file answers in a way that is not understood"))?;
        out.resize(size, 0);
        self.answers.read_exact(out).map_err(broken)?;
        let mut end = [0];
        self.answers.read_exact(&mut end).map_err(broken)?;
        Ok(Some(kind))
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        // Without requests it ends by itself.
        self.requests = None;
        let _ = self.child.wait();
    }
}

fn cannot_run(error: &std::io::Error) -> Error {
    Error::new(format!("cannot run git: {error}"))
        .help("this repository can only be read through the git program: install it")
}

/// Returns the environment. The door to git is the one place of the library that hands it on.
#[allow(clippy::disallowed_methods, reason = "what git must not see is taken out of the environment it gets")]
fn environment() -> Vec<(OsString, OsString)> {
    std::env::vars_os().collect()
}
