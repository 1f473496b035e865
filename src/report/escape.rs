//! JSON that carries foreign text through terminals and CI logs without harm.

use std::io;
use std::io::Write;

use serde::Serialize;
use serde_json::ser::CharEscape;
use serde_json::ser::Formatter;
use serde_json::ser::PrettyFormatter;
use serde_json::ser::Serializer;

use crate::text::acts;
use crate::text::opens_command;

/// Writes `value` as JSON and a line end: indented, or on one line.
///
/// Inside strings every control character is written `\u00XX`, marks that turn or hide text `\uXXXX`, and `##[`, which
/// a CI runner obeys anywhere in a line, `\u0023#[`.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write_json(value: &impl Serialize, indented: bool, out: &mut dyn Write) -> io::Result<()> {
    let formatter = Careful { pretty: indented.then(PrettyFormatter::new) };
    value.serialize(&mut Serializer::with_formatter(&mut *out, formatter)).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

struct Careful {
    pretty: Option<PrettyFormatter<'static>>,
}

/// Hands a call on to the indenting formatter, where there is one.
macro_rules! hand_on {
    ($($name:ident($($argument:ident: $kind:ty),*);)*) => {$(
        fn $name<W: ?Sized + Write>(&mut self, writer: &mut W, $($argument: $kind),*) -> io::Result<()> {
            match &mut self.pretty {
                Some(pretty) => pretty.$name(writer, $($argument),*),
                None => serde_json::ser::CompactFormatter.$name(writer, $($argument),*),
            }
        }
    )*};
}

impl Formatter for Careful {
    hand_on! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut from = 0;
        for (at, c) in fragment.char_indices() {
            let command = c == '#' && fragment[at..].strip_prefix("##").is_some_and(opens_command);
            if acts(c) || command {
                writer.write_all(&fragment.as_bytes()[from..at])?;
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
                from = at + c.len_utf8();
            }
        }
        writer.write_all(&fragment.as_bytes()[from..])
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        let code = match escape {
            CharEscape::Quote => return writer.write_all(b"\\\""),
            CharEscape::ReverseSolidus => return writer.write_all(b"\\\\"),
            CharEscape::Solidus => return writer.write_all(b"/"),
            CharEscape::Backspace => 0x08,
            CharEscape::FormFeed => 0x0c,
            CharEscape::LineFeed => 0x0a,
            CharEscape::CarriageReturn => 0x0d,
            CharEscape::Tab => 0x09,
            CharEscape::AsciiControl(byte) => byte,
        };
        write!(writer, "\\u{code:04x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let mut out = Vec::new();
        write_json(&text, false, &mut out).expect("memory takes all");
        assert_eq!(String::from_utf8(out.clone()).expect("UTF-8"), format!("{expected}\n"));
        assert_eq!(serde_json::from_slice::<String>(&out).expect("JSON"), text);
    }

    #[test]
    fn nothing_acts_and_nothing_is_lost() {
        check("a\n\r\u{1b}\t\u{7f}\u{9b}", r#""a\u000a\u000d\u001b\u0009\u007f\u009b""#);
        check("x##[error]y", r###""x\u0023#[error]y""###);
        check("x##vso[a]y", r###""x\u0023#vso[a]y""###);
        check("\u{202e}é\"\\", "\"\\u202eé\\\"\\\\\"");
    }
}
