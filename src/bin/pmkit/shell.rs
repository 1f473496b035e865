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
    let mut script = String::from_utf8_lossy(&script).into_owned();
    if name == "bash" {
        script = script.replacen(BASH_WORDS, BASH_WORDS_JOINED, 1).replacen(BASH_ANSWER, BASH_ANSWER_CUT, 1);
    }
    io::stdout().write_all(script.as_bytes())?;
    Ok(FINE)
}

/// How the script for bash takes the words of the line.
const BASH_WORDS: &str = r#"    local words=("${COMP_WORDS[@]}")
    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
        words[COMP_CWORD]="$2"
    fi
"#;

/// How it has to: bash takes `owner=ana` for three words, which are put together again.
const BASH_WORDS_JOINED: &str = r#"    local words=("${COMP_WORDS[0]}") at=0 i
    for ((i = 1; i < ${#COMP_WORDS[@]}; i++)); do
        if [[ $at -gt 0 && (${COMP_WORDS[i]} == = || ${COMP_WORDS[i-1]} == =) ]]; then
            words[at]+="${COMP_WORDS[i]}"
        else
            ((at++))
            words[at]="${COMP_WORDS[i]}"
        fi
        if [[ $i -eq $COMP_CWORD ]]; then
            _CLAP_COMPLETE_INDEX=$at
            break
        fi
    done
    local before="${words[_CLAP_COMPLETE_INDEX]}"
    if [[ $before == *=* && $COMP_WORDBREAKS == *=* ]]; then before="${before%=*}="; else before=""; fi
"#;

/// How it takes the answer.
const BASH_ANSWER: &str = r#"    if [[ $? != 0 ]]; then
        unset COMPREPLY
    elif"#;

/// How it has to: of `owner=ana` bash replaces only what follows the sign.
const BASH_ANSWER_CUT: &str = r#"    if [[ $? != 0 ]]; then
        unset COMPREPLY
    else
        COMPREPLY=("${COMPREPLY[@]#"$before"}")
    fi
    if [[ -z "${COMPREPLY-}" ]]; then
        :
    elif"#;

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
