//! `pmkit completions` and `pmkit man`, both made from the table of arguments.

use std::io;
use std::io::Write;

use clap::CommandFactory;
use clap_complete::env::Shells;

use pmkit::error::Error;
use pmkit::text::nearest;

use crate::args::Arguments;
use crate::args::Completions;
use crate::args::Man;
use crate::complete::VARIABLE;
use crate::outcome::FINE;
use crate::outcome::Failure;

pub(crate) fn completions(options: &Completions) -> Result<u8, Failure> {
    let shells = Shells::builtins();
    let name = options.shell.to_string();
    let shell = shells.completer(&name).ok_or_else(|| {
        Error::new(format!("there are no completions for {name}"))
            .help(format!("use one of: {}", shells.names().collect::<Vec<_>>().join(", ")))
    })?;
    let mut script = Vec::new();
    shell.write_registration(VARIABLE, "pmkit", "pmkit", "pmkit", &mut script)?;
    io::stdout().write_all(&script)?;
    Ok(FINE)
}

pub(crate) fn man(options: &Man) -> Result<u8, Failure> {
    let program = Arguments::command();
    let command = match &options.command {
        None => program,
        Some(name) => {
            let names = program.get_subcommands().map(clap::Command::get_name);
            let near = nearest(name, names.collect::<Vec<_>>());
            let Some(command) = program.find_subcommand(name) else {
                let error = Error::new(format!("there is no command `{name}`"));
                return Err(near
                    .map_or(error.clone(), |near| error.help(format!("did you mean `{near}`?")))
                    .into());
            };
            command.clone().name(format!("pmkit-{name}"))
        }
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    io::stdout().write_all(&page)?;
    Ok(FINE)
}
