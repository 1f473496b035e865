//! The user's editor: VISUAL, EDITOR, or what the user's own git configuration says. Nothing a repository names is run.

use std::io;
use std::io::IsTerminal;
use std::path::Path;
use std::process::Command;

use pmkit::error::Error;
use pmkit::git::own_editor;

use crate::args::Common;
use crate::place::global_git_config;

/// An editor that was found.
pub(crate) struct Editor(String);

/// Finds the editor.
///
/// # Errors
/// Where there is none, or no terminal to open it on.
#[allow(clippy::disallowed_methods, reason = "the binary reads the environment")]
pub(crate) fn find(common: &Common) -> Result<Editor, Error> {
    if common.no_input
        || !io::stdin().is_terminal()
        || !io::stdout().is_terminal() && !io::stderr().is_terminal()
    {
        return Err(Error::new("--edit needs a terminal")
            .help("leave it out, and edit the file whose path is printed"));
    }
    let named = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let of_git = || own_editor(global_git_config().as_deref());
    let command = named("GIT_EDITOR").or_else(|| named("VISUAL")).or_else(|| named("EDITOR")).or_else(of_git);
    command.map(Editor).ok_or_else(|| {
        Error::new("no editor is set")
            .help("set one: export EDITOR=nano, or git config --global core.editor nano")
    })
}

impl Editor {
    /// Opens `file` and waits for the editor to end.
    ///
    /// # Errors
    /// Where it cannot be started, or ends with a failure. The file is written in either case.
    pub(crate) fn open(&self, file: &Path) -> Result<(), Error> {
        let ended = self.command(file).status();
        match ended {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => {
                Err(Error::new(format!("the editor `{}` ended with {status}; the record is written", self.0)))
            }
            Err(error) => Err(Error::new(format!(
                "cannot start the editor `{}`: {error}; the record is written",
                self.0
            ))),
        }
    }

    /// The value may carry arguments (`code --wait`), so a shell takes it apart, as git does.
    #[cfg(unix)]
    #[allow(clippy::disallowed_methods, reason = "the user's own editor, asked for with --edit")]
    fn command(&self, file: &Path) -> Command {
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("{} \"$@\"", self.0)).arg(&self.0).arg(file);
        command
    }

    #[cfg(not(unix))]
    #[allow(clippy::disallowed_methods, reason = "the user's own editor, asked for with --edit")]
    fn command(&self, file: &Path) -> Command {
        let (program, arguments) = take_apart(&self.0);
        let mut command = Command::new(program);
        command.args(arguments).arg(file);
        command
    }
}

/// Takes a command line apart where no shell does: quotes hold words together, and so do the blanks of a path that is
/// there as it stands (`C:\Program Files\…`).
#[cfg(any(not(unix), test))]
fn take_apart(command: &str) -> (String, Vec<String>) {
    let command = command.trim();
    if Path::new(command).is_file() {
        return (command.to_owned(), Vec::new());
    }
    let mut words: Vec<String> = Vec::new();
    let mut open = None;
    let mut inside = false;
    for c in command.chars() {
        match open {
            Some(quote) if c == quote => open = None,
            None if c == '"' || c == '\'' => {
                open = Some(c);
                if !inside {
                    words.push(String::new());
                    inside = true;
                }
            }
            None if c.is_whitespace() => inside = false,
            _ => {
                if !inside {
                    words.push(String::new());
                    inside = true;
                }
                if let Some(word) = words.last_mut() {
                    word.push(c);
                }
            }
        }
    }
    let mut words = words.into_iter();
    (words.next().unwrap_or_else(|| "notepad".to_owned()), words.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_words_together() {
        let (program, arguments) = take_apart("\"C:\\Program Files\\Edit\\e.exe\" --wait 'a b'");
        assert_eq!(program, "C:\\Program Files\\Edit\\e.exe");
        assert_eq!(arguments, ["--wait", "a b"]);
        assert_eq!(take_apart("code --wait"), ("code".to_owned(), vec!["--wait".to_owned()]));
    }
}
