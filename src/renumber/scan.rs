//! Whether a text may name a record at all: bytes, looked at before anything is understood. Of ten thousand texts a handful
//! gets any further.

use memchr::memmem::Finder;

use crate::config::Config;
use crate::kind::FieldType;
use crate::kind::Kind;
use crate::record::RecordId;

/// How far into a text front matter may reach.
const FRONT_MATTER: usize = crate::document::MAX_YAML_BYTES;

/// What is looked for.
pub struct Needle {
    prefix: String,
    number: Finder<'static>,
    digits: usize,
    /// The names of its files: the number, and what stands behind it as far as it is plain.
    names: Vec<(Finder<'static>, Vec<u8>)>,
}

impl Needle {
    /// Returns what to look for in texts that may name `id`, or one of the files at `paths`, which may hold it.
    #[must_use]
    pub fn new(config: &Config, id: RecordId, paths: &[String]) -> Self {
        let kind = config.kinds.at(id.kind);
        let number = id.number.to_string();
        let name = |path: &String| {
            let named = kind.claims(path).flatten()?;
            let (_, digits) = kind.renumbered(path, named, id.number)?;
            let plain = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            let after = path.as_bytes()[digits.end..].iter().take_while(plain).take(6).count();
            let behind = path.as_bytes()[digits.end..digits.end + after].to_vec();
            Some((Finder::new(&path.as_bytes()[digits]).into_owned(), behind))
        };
        Self {
            prefix: kind.prefix.clone(),
            digits: number.len(),
            number: Finder::new(number.as_bytes()).into_owned(),
            names: paths.iter().filter_map(name).collect(),
        }
    }

    /// Says whether `bytes`, the text of a record of `kind` or of no record, may name the record.
    #[must_use]
    pub fn may_stand_in(&self, bytes: &[u8], kind: Option<&Kind>) -> bool {
        if self.names.iter().any(|(digits, behind)| is_named(bytes, digits, behind)) {
            return true;
        }
        let mut from = 0;
        while let Some(found) = self.number.find(&bytes[from..]) {
            let at = from + found;
            from = at + 1;
            if bytes.get(at + self.digits).is_some_and(u8::is_ascii_digit) {
                continue;
            }
            let zeros = bytes[..at].iter().rev().take_while(|byte| **byte == b'0').count();
            let begin = at - zeros;
            if self.is_id(bytes, begin) || kind.is_some_and(|kind| is_bare(bytes, begin, kind)) {
                return true;
            }
        }
        false
    }

    /// Says whether the prefix stands before the number at `begin`.
    fn is_id(&self, bytes: &[u8], begin: usize) -> bool {
        let before = &bytes[..begin];
        let joint = before.iter().rev().take_while(|byte| matches!(byte, b'-' | b'_' | b' ' | b'#')).count();
        let before = &before[..before.len() - joint];
        let Some(at) = before.len().checked_sub(self.prefix.len()) else { return false };
        before[at..].eq_ignore_ascii_case(self.prefix.as_bytes())
    }
}

/// Says whether a name stands in `bytes` that begins with `digits` and goes on with `behind`, or as addresses write signs.
fn is_named(bytes: &[u8], digits: &Finder<'_>, behind: &[u8]) -> bool {
    let goes_on = |at: usize| {
        let rest = &bytes[at + digits.needle().len()..];
        rest.starts_with(behind) || matches!(rest.first(), Some(b'%' | b'\\'))
    };
    digits.find_iter(bytes).any(goes_on)
}

/// Says whether the number at `begin` may stand alone in a field of `kind` that takes such.
fn is_bare(bytes: &[u8], begin: usize, kind: &Kind) -> bool {
    if begin > FRONT_MATTER
        || !matches!(bytes[..begin].last(), Some(b' ' | b'\t' | b'[' | b',' | b'"' | b'\'' | b'#'))
    {
        return false;
    }
    let line = memchr::memrchr2(b'\n', b'\r', &bytes[..begin]).map_or(0, |end| end + 1);
    let Ok(line) = std::str::from_utf8(&bytes[line..begin]) else { return false };
    let field = match line.split_once(':') {
        // A list's items stand on lines of their own.
        None => return true,
        Some((key, _)) => {
            kind.field_of_key(key.trim_start_matches(['-', ' ', '\t', '{', '"']).trim_end_matches('"'))
        }
    };
    field.is_some_and(|field| {
        let field = &kind.fields[field];
        field.name == "id" || matches!(field.value, FieldType::Ref | FieldType::Refs)
    })
}
