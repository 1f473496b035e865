//! Words of titles and ids that are nearly what was looked for.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use strsim::damerau_levenshtein;

use super::fold::fold;
use super::term::Term;
use crate::config::Config;
use crate::document::Document;
use crate::error::Result;
use crate::record::Depth;
use crate::record::Record;
use crate::text::nearest;
use crate::workspace::Inputs;
use crate::workspace::read_each;

/// The words of all titles and ids, folded, each as it is written first and with how often it occurs.
#[derive(Debug)]
pub struct Near {
    words: BTreeMap<String, (String, usize)>,
}

impl Near {
    /// Collects the words of the records `kinds` names.
    ///
    /// # Errors
    /// Where two kinds claim one file.
    pub fn read(config: &Config, inputs: Inputs<'_>, kinds: &(dyn Fn(usize) -> bool + Sync)) -> Result<Self> {
        let look = |record: Record, _: Document| {
            let title = record.text(config.kinds.at(record.kind), "title").unwrap_or_default();
            let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            Some(words.map(str::to_owned).chain(record.id_text(&config.kinds)).collect::<Vec<String>>())
        };
        let mut near = Self { words: BTreeMap::new() };
        for (_, words) in read_each(config, inputs, Depth::FrontMatter, kinds, &look)? {
            for word in words.into_iter().flatten() {
                near.words.entry(fold(&word)).or_insert((word, 0)).1 += 1;
            }
        }
        Ok(near)
    }

    /// Returns the term that `term` was probably meant to be: one slip away from four letters on, two from eight. Of several
    /// words as near, the one that occurs most. A number is never taken for another one.
    #[must_use]
    pub fn meant(&self, term: &Term, config: &Config) -> Option<Term> {
        let wanted = &*plain(term.folded());
        let slips = match wanted.chars().count() {
            0..4 => return None,
            4..8 => 1,
            _ => 2,
        };
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let length = |text: &str| text.chars().count();
        let close =
            |word: &str| length(word).abs_diff(length(wanted)) <= slips && digits(word) == digits(wanted);
        let words = self.words.iter().map(|(word, counted)| (plain(word), counted));
        let counted = words
            .filter(|(word, _)| close(word))
            .map(|(word, (written, count))| (damerau_levenshtein(&word, wanted), Reverse(*count), written))
            .filter(|(distance, ..)| (1..=slips).contains(distance));
        counted.min().map(|(.., word)| Term::new(word, &config.kinds))
    }

    /// Returns a word that is somewhat like `term`, for a hint.
    #[must_use]
    pub fn alike(&self, term: &Term) -> Option<&str> {
        nearest(term.folded(), self.words.values().map(|(written, _)| written.as_str()))
    }
}

/// Returns an id without the zeros that fill its number up, and any other word as it is.
fn plain(word: &str) -> Cow<'_, str> {
    match word.split_once('-') {
        Some((prefix, number))
            if number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            format!("{prefix}-{}", number.trim_start_matches('0')).into()
        }
        _ => word.into(),
    }
}
