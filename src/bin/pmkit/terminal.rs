//! What the terminal can do: colour, width, whether somebody sits before it.

use std::io;
use std::io::IsTerminal;

use anstream::ColorChoice;
use anstream::stream::RawStream;

use pmkit::report::Look;

use crate::args::Color;
use crate::args::Common;

/// Returns how a result on `stream` is to look.
pub(crate) fn look<'a>(common: &Common, stream: &impl RawStream, prefix: &'a str) -> Look<'a> {
    let color = match common.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => anstream::AutoStream::choice(stream) != ColorChoice::Never,
    };
    let width = terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0));
    Look { color, width, prefix, terse: common.quiet }
}

/// Returns the choice that makes a stream pass on what `look` allows.
pub(crate) fn choice(look: Look<'_>) -> ColorChoice {
    if look.color { ColorChoice::Always } else { ColorChoice::Never }
}

/// Says whether somebody can be asked: both ends are a terminal, and `--no-input` was not given.
pub(crate) fn can_ask(common: &Common) -> bool {
    !common.no_input && io::stdin().is_terminal() && io::stderr().is_terminal()
}
