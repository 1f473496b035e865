//! `pmkit demo`

use std::fs;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use clap::Parser;

use pmkit::change::Change;
use pmkit::demo::PlannedHistory;
use pmkit::demo::play;
use pmkit::error::Error;
use pmkit::fs::Door;
use pmkit::fs::Tree;
use pmkit::git::build;
use pmkit::report::Look;
use pmkit::report::diff;
use pmkit::report::styled;

use crate::args::Arguments;
use crate::args::Common;
use crate::args::Demo;
use crate::clock;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::place::stdout;
use crate::run as run_command;
use crate::terminal;

pub(crate) fn run(common: &Common, options: &Demo) -> Result<u8, Failure> {
    let today = clock::today(common.today.as_deref())?;
    let history = play(today, options.seed)?;
    let folder = match &options.dir {
        Some(folder) => common.folder.join(folder),
        None => temporary_folder()?,
    };
    let tip = build(&folder, &history)?;
    let folder = folder
        .canonicalize()
        .map_err(|error| Error::new(format!("cannot open {}: {error}", folder.display())))?;
    let look = terminal::look(common, &io::stdout(), "");
    let tour = Tour { common, folder: &folder, look, today: today.to_string() };
    let people: std::collections::BTreeSet<&str> =
        history.commits.iter().map(|commit| commit.author.name.as_str()).collect();
    tour.say(&format!(
        "Acorn & Finch, a company that does not exist: {} commits by {} people, now at {}.",
        history.commits.len(),
        people.len(),
        tip.get(..7).unwrap_or(&tip)
    ))?;
    tour.say(&format!("It lies in {}", folder.display()))?;
    if !options.no_tour {
        tour.walk(&history)?;
    }
    Ok(FINE)
}

fn temporary_folder() -> Result<PathBuf, Error> {
    let made = tempfile::Builder::new().prefix("pmkit-demo-").tempdir();
    let made = made.map_err(|error| Error::new(format!("cannot make a temporary folder: {error}")))?;
    Ok(made.keep())
}

/// A walk through the repository: commands as a user types them, with what they print.
struct Tour<'a> {
    common: &'a Common,
    folder: &'a Path,
    look: Look<'a>,
    today: String,
}

impl Tour<'_> {
    fn walk(&self, history: &PlannedHistory) -> Result<(), Failure> {
        self.say("\nAnyone may add to the RAID log; a title is enough. The number is free on every branch.")?;
        self.command(&["new", "risk", "The courier may not take our new labels", "initiative=checkout"])?;
        self.say("\nBefore anything is committed, what is checked is everything. Somebody was in a hurry this morning:")?;
        self.command(&["lint"])?;
        self.say("\nWhat is certain, pmkit mends itself. This is what it would do:")?;
        self.command(&["lint", "--diff"])?;
        self.say("\nThe rest takes a person, who knows what was meant:")?;
        self.mend_by_hand(history)?;
        self.say("\nNow both:")?;
        self.command(&["lint", "--fix"])?;
        self.say(
            "\nOne error is left, and no machine mends it: what was decided has been changed since. Time alone can make a record late, so that warns and never stops a build.",
        )?;
        self.say("\nTwo branches, one number: git would merge both without a word. It is said before that:")?;
        self.command(&["lint", "R-0020"])?;
        self.say(
            "\nThe board of one initiative: why it is red, what is late first, and what has moved in a week:",
        )?;
        self.command(&["raid", "--in", "checkout"])?;
        self.say("\nWhat was decided, when, and on whose word, is read from git; what git does not know is not guessed:")?;
        self.command(&["log", "RFC-0007"])?;
        self.say("\nA text that was accepted has changed since. What was decided, and what is there now:")?;
        self.command(&["show", "RFC-0007", "--at", "accepted", "--diff"])?;
        self.say("\nMonday, half an hour: what was learnt and what stands on it, what may be the one priority, which risk weighs most and why:")?;
        self.command(&["agenda"])?;
        self.say("\nA promise that moved three times goes to one person, with what both sides can check:")?;
        self.command(&["new", "escalation", "--from", "D-0003"])?;
        self.say(
            "\nAnd what everybody else reads, of the week behind, in two hundred words nobody had to write:",
        )?;
        self.command(&["digest"])?;
        self.say(&format!("\nLook around yourself: cd {}", self.folder.display()))?;
        self.say("Then: pmkit raid --walk; pmkit show R-0012; pmkit log --fields --since 14d; pmkit review --base HEAD~12; pmkit kinds risk; pmkit explain missing-field; pmkit new rfc \"…\"")
    }

    fn say(&self, text: &str) -> Result<(), Failure> {
        let mut out = stdout(self.look);
        writeln!(out, "{}", styled(text, "1", self.look))?;
        Ok(out.flush()?)
    }

    /// Runs a command as if it had been typed in the folder.
    fn command(&self, words: &[&str]) -> Result<(), Failure> {
        let quoted = words
            .iter()
            .map(|word| if word.contains(' ') { format!("\"{word}\"") } else { (*word).to_owned() });
        let typed = quoted.collect::<Vec<_>>().join(" ");
        let mut out = stdout(self.look);
        writeln!(out, "\n{}", styled(&format!("$ pmkit {typed}"), "36", self.look))?;
        out.flush()?;
        drop(out);
        let folder = self.folder.as_os_str();
        let color = if self.look.color { "always" } else { "never" };
        let mut line: Vec<&std::ffi::OsStr> =
            vec!["pmkit".as_ref(), "-C".as_ref(), folder, "--no-input".as_ref()];
        line.extend([
            "--today".as_ref(),
            self.today.as_ref(),
            "--color".as_ref(),
            std::ffi::OsStr::new(color),
        ]);
        line.extend(words.iter().map(|word| std::ffi::OsStr::new(*word)));
        if self.common.quiet {
            line.push("--quiet".as_ref());
        }
        let arguments = Arguments::try_parse_from(line).map_err(|error| Error::new(error.to_string()))?;
        run_command(&arguments).map(|_| ())
    }

    /// Makes the changes nobody but a person can make, and shows them.
    fn mend_by_hand(&self, history: &PlannedHistory) -> Result<(), Failure> {
        let mut out = stdout(self.look);
        for (path, old, new) in &history.by_hand {
            let read = fs::read_to_string(self.folder.join(path));
            let before = read.map_err(|error| Error::new(format!("cannot read {path}: {error}")))?;
            let after = before.replacen(old.as_str(), new, 1);
            diff(path, &before, &after, self.look, &mut out)?;
            let door = Door::open(&Tree::find(self.folder)?)?;
            door.carry_out("demo", &[Change::Edit { path: path.clone(), before, after }])?;
        }
        Ok(out.flush()?)
    }
}
