//! Paths as addresses write them, with `%20` for a space.

use std::borrow::Cow;

use percent_encoding::AsciiSet;
use percent_encoding::CONTROLS;
use percent_encoding::percent_decode_str;
use percent_encoding::utf8_percent_encode;

/// What would end an address in Markdown or the cell of a table around it, begin another part of it, or mean something else: a
/// colon the way to get there, an ampersand an entity.
const UNSAFE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'(')
    .add(b')')
    .add(b'<')
    .add(b'>')
    .add(b'"')
    .add(b'%')
    .add(b'?')
    .add(b'#')
    .add(b'\\')
    .add(b':')
    .add(b'&')
    .add(b'|')
    .add(b'`')
    .add(b'[')
    .add(b']');

/// Returns `address` with `%20` and the like read as what they stand for; what is no UTF-8 then stays as it is.
#[must_use]
pub fn percent_decoded(address: &str) -> Cow<'_, str> {
    if !address.contains('%') {
        return Cow::Borrowed(address);
    }
    percent_decode_str(address).decode_utf8().unwrap_or(Cow::Borrowed(address))
}

/// Returns `path` as an address of a link in Markdown.
#[must_use]
pub fn percent_encoded(path: &str) -> String {
    utf8_percent_encode(path, UNSAFE).to_string()
}
