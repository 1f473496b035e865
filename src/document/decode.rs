//! Bytes to text, or the reason why they are no document.

/// The largest file that is read as a document, in bytes.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

/// Why something at a record's path is not a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// What it is instead, as the end of a sentence: "is a folder".
    pub what: String,
    /// What to do about it.
    pub help: String,
}

/// Returns `bytes` as text.
///
/// # Errors
/// Where they are UTF-16, not UTF-8 at all, or more than [`MAX_BYTES`].
pub fn decode(bytes: Vec<u8>) -> Result<String, Unreadable> {
    if bytes.len() > MAX_BYTES {
        return Err(Unreadable {
            what: format!("is larger than {} MiB", MAX_BYTES / (1024 * 1024)),
            help: "keep data and pictures in files of their own and link to them".to_owned(),
        });
    }
    let wide = match bytes[..bytes.len().min(4)] {
        [0xff, 0xfe, ..] => Some("UTF-16LE"),
        [0xfe, 0xff, ..] => Some("UTF-16BE"),
        // Without a mark: every other byte of ASCII is zero.
        [0, first, 0, second] if first != 0 && second != 0 => Some("UTF-16BE"),
        [first, 0, second, 0] if first != 0 && second != 0 => Some("UTF-16LE"),
        _ => None,
    };
    if let Some(encoding) = wide {
        return Err(Unreadable {
            what: format!("is {encoding} text, not UTF-8"),
            help: format!("save it as UTF-8: iconv -f {encoding} -t UTF-8"),
        });
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let before = &bytes[..at];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
        let byte = bytes.get(at).copied().unwrap_or_default();
        Unreadable {
            what: format!("is not UTF-8: byte 0x{byte:02x} on line {line}, column {column}"),
            help: format!(
                "save it as UTF-8; if it is Latin-1 (then that byte is `{}`): iconv -f ISO-8859-1 -t UTF-8",
                char::from(byte)
            ),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], words: &str) {
        let unreadable = decode(bytes.to_vec()).unwrap_err();
        assert!(unreadable.what.contains(words), "{unreadable:?}");
    }

    #[test]
    fn what_is_not_utf_8_is_named() {
        check(b"\xff\xfe-\0-\0", "UTF-16LE");
        check(b"\0-\0-", "UTF-16BE");
        check(b"---\ntitle: caf\xe9\n", "byte 0xe9 on line 2, column 11");
        check(&vec![b'x'; MAX_BYTES + 1], "larger than 4 MiB");
        assert_eq!(decode(b"\xef\xbb\xbfok".to_vec()).expect("UTF-8"), "\u{feff}ok");
    }
}
