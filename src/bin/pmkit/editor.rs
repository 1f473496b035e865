//! The user's editor: VISUAL, EDITOR, or what the user's own git configuration says. Nothing a repository names is run.

use std::io;
use std::io::IsTerminal;
use std::path::Path;
use std::process::Command;

use pmkit::error::Error;
use pmkit::git::own_editor;

use crate::args::Common;

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
    let command = named("VISUAL").or_else(|| named("EDITOR")).or_else(own_editor);
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
        let mut words = self.0.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or("notepad"));
        command.args(words).arg(file);
        command
    }
}
