//! `pmkit explain`

use std::io;

use pmkit::error::Error;
use pmkit::report;
use pmkit::rules;
use pmkit::text::nearest;

use crate::args::Common;
use crate::args::Explain;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::place::stdout;
use crate::terminal;

pub(crate) fn run(common: &Common, options: &Explain) -> Result<u8, Failure> {
    let name =
        options.rule.trim().trim_start_matches("error[").trim_start_matches("warning[").trim_end_matches(']');
    let Some(rule) = rules::find(name) else {
        let error = Error::new(format!("there is no rule `{}`", options.rule));
        let near = nearest(name, rules::names());
        return Err(match near {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help("see the rules there are: pmkit rules"),
        }
        .into());
    };
    let look = terminal::look(common, &io::stdout(), "");
    report::rule_page(rule, look, &mut stdout(look))?;
    Ok(FINE)
}
