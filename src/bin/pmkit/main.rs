//! The program: arguments in, one library call, results and an exit code out.

use std::io;
use std::io::ErrorKind;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use pmkit::error::Error;
use pmkit::report;
use pmkit::text::acts;
use pmkit::text::needs_care;

mod agenda;
mod args;
mod ask;
mod base;
mod born;
mod brief;
mod calendar;
mod carry;
mod check;
mod clock;
mod commit;
mod complete;
mod demo;
mod diff;
mod digest;
mod doings;
mod editor;
mod explain;
mod filter;
mod forms;
mod graph;
mod identity;
mod index;
mod init;
mod initiative;
mod keys;
mod kinds;
mod lately;
mod lint;
mod list;
mod log;
mod named;
mod new;
mod originals;
mod outcome;
mod owners;
mod past;
mod place;
mod point;
mod raid;
mod renew;
mod renumber;
mod reassign;
mod review;
mod rules;
mod search;
mod selection;
mod set;
mod shell;
mod show;
mod supersede;
mod steering;
mod terminal;
mod then;
mod walk;
mod write_baseline;

use args::Arguments;
use args::Command;
use outcome::Failure;

fn main() -> ExitCode {
    if complete::answer() {
        return ExitCode::SUCCESS;
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    match run(&arguments) {
        Ok(code) => ExitCode::from(code),
        Err(Failure::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Output(error)) => {
            complain(&arguments, &Error::new(format!("cannot write the result: {error}")))
        }
        Err(Failure::Tool(error)) => complain(&arguments, &error),
        Err(Failure::NoHistory(error)) => {
            complain(&arguments, &error);
            ExitCode::from(3)
        }
    }
}

/// Runs a command and returns its exit code.
pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let common = &arguments.common;
    match &arguments.command {
        Command::Init(options) => init::run(common, options),
        Command::New(options) => new::run(common, options),
        Command::Set(options) => set::run(common, options),
        Command::Supersede(options) => supersede::run(common, options),
        Command::Reassign(options) => reassign::run(common, options),
        Command::Lint(options) => lint::run(common, options),
        Command::Review(options) => review::run(common, options),
        Command::List(options) => list::run(common, options),
        Command::Raid(options) => raid::run(common, options),
        Command::Show(options) => show::run(common, options),
        Command::Log(options) => log::run(common, options),
        Command::Diff(options) => diff::run(common, options),
        Command::Graph(options) => graph::run(common, options),
        Command::Search(options) => search::run(common, options),
        Command::Agenda(options) => agenda::run(common, options),
        Command::Digest(options) => digest::run(common, options),
        Command::Initiative(options) => initiative::run(common, options),
        Command::Renumber(options) => renumber::run(common, options),
        Command::Index(options) => index::run(common, options),
        Command::Brief(options) => brief::run(common, options),
        Command::Calendar(options) => calendar::run(common, options),
        Command::Owners(options) => owners::run(common, options),
        Command::Explain(options) => explain::run(common, options),
        Command::Rules(options) => rules::run(common, options),
        Command::Kinds(options) => kinds::run(common, options),
        Command::Demo(options) => demo::run(common, options),
        Command::Completions(options) => shell::completions(options),
        Command::Man(options) => shell::man(options),
    }
}

/// Prints what clap says: help on stdout, mistakes on stderr with exit code 2.
fn usage(error: &clap::Error) -> ExitCode {
    // Where even that cannot be printed there is nobody to tell.
    let foreign = std::env::args_os().any(|argument| {
        let argument = argument.to_string_lossy();
        argument.split_whitespace().any(needs_care) || argument.chars().any(acts)
    });
    let _ = if error.use_stderr() && foreign {
        report::source(&error.render().to_string(), &mut io::stderr().lock())
    } else {
        error.print()
    };
    if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

fn complain(arguments: &Arguments, error: &Error) -> ExitCode {
    let look = terminal::look(&arguments.common, &io::stderr(), "");
    let mut out = anstream::AutoStream::new(io::stderr().lock(), terminal::choice(look));
    let _ = report::error(error, look, &mut out).and_then(|()| out.flush());
    ExitCode::from(2)
}
