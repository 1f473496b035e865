//! Which texts may be about something that changed. Most of what did not change is told apart without being parsed.

use std::collections::BTreeSet;
use std::collections::HashMap;
use std::collections::HashSet;

use aho_corasick::AhoCorasick;

use super::Pair;
use crate::kind::Kinds;
use crate::kind::record_number;
use crate::record::Record;
use crate::record::RecordId;

/// How links to a heading of another page end; any page may have lost one.
const HEADINGS: [&str; 6] = [".md#", ".MD#", ".md?", ".markdown#", ".markdown?", ".Markdown#"];

/// From this many names on everything is read: looking for them would take as long.
const MOST: usize = 1_000;

/// The words by which texts speak of what changed.
pub(super) struct Words {
    /// Names of files, as links have them. `None` where there are too many, or one that cannot be looked for.
    names: Option<AhoCorasick>,
    /// What ids of a kind begin with, in the forms people write, and for each of them the kind.
    prefixes: Option<(AhoCorasick, Vec<usize>)>,
    numbers: HashSet<RecordId>,
}

impl Words {
    /// Returns the words about the records that differ in `pairs`, and about the files `beside` them. `old` and `new` are the records
    /// before and after, by path.
    pub(super) fn about(
        pairs: &[Pair],
        beside: &[String],
        old: &HashMap<&str, Record>,
        new: &HashMap<&str, Record>,
        kinds: &Kinds,
    ) -> Self {
        let mut numbers = HashSet::new();
        for (was, is) in pairs {
            let was = was.as_deref().and_then(|path| old.get(path));
            let is = is.as_deref().and_then(|path| new.get(path));
            // What has the same id, in the same state, answers as before.
            let answers = |record: &Record| (record.id(), record.kind, record.state.clone());
            if was.map(answers) != is.map(answers) {
                numbers.extend([was, is].into_iter().flatten().filter_map(Record::id));
            }
        }
        let paths = pairs.iter().filter_map(|(was, _)| was.as_ref()).chain(beside);
        let names: Option<BTreeSet<&str>> = paths.map(|path| plain_part(path)).collect();
        let names = names.map(|names| names.into_iter().chain(HEADINGS).collect::<BTreeSet<_>>());
        let names = names.filter(|names| names.len() <= MOST && numbers.len() <= MOST);
        Self {
            names: names.and_then(|names| AhoCorasick::new(names).ok()),
            prefixes: prefixes(&numbers, kinds),
            numbers,
        }
    }

    /// Says whether `text` may be about any of it.
    pub(super) fn are_in(&self, text: &str) -> bool {
        let Some(names) = &self.names else { return true };
        names.is_match(text) || self.has_id(text)
    }

    fn has_id(&self, text: &str) -> bool {
        let Some((prefixes, kinds)) = &self.prefixes else { return false };
        prefixes.find_iter(text).any(|found| {
            let digits = text[found.end()..].split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
            let number = record_number(digits);
            let kind = kinds[found.pattern().as_usize()];
            number.is_some_and(|number| self.numbers.contains(&RecordId { kind, number }))
        })
    }
}

/// Returns what finds the beginnings of ids of the kinds of `numbers`.
fn prefixes(numbers: &HashSet<RecordId>, kinds: &Kinds) -> Option<(AhoCorasick, Vec<usize>)> {
    let mut forms: HashMap<String, usize> = HashMap::new();
    for kind in numbers.iter().map(|id| id.kind).collect::<BTreeSet<_>>() {
        let prefix = &kinds.at(kind).prefix;
        for written in [prefix.clone(), prefix.to_lowercase(), prefix.to_uppercase()] {
            forms.insert(format!("{written}-"), kind);
            forms.insert(format!("{written} "), kind);
        }
    }
    let (forms, kinds): (Vec<String>, Vec<usize>) = forms.into_iter().unzip();
    if forms.is_empty() { None } else { Some((AhoCorasick::new(forms).ok()?, kinds)) }
}

/// Returns the longest part of a file's name that links write as it is; `None` where that is next to nothing.
fn plain_part(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next().unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let parts = name.split(|c: char| !plain(c));
    parts.max_by_key(|part| part.len()).filter(|part| part.len() > 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_looked_for_as_links_write_them() {
        for (path, part) in [
            ("docs/rfcs/0007-x.md", Some("0007-x.md")),
            ("docs/a picture.png", Some("picture.png")),
            ("docs/größe.png", Some("e.png")),
            ("docs/ü", None),
        ] {
            assert_eq!(plain_part(path), part, "{path}");
        }
    }
}
