//! Regular expressions of kind files, built when first asked: most runs never look at the text they are for.

use std::sync::OnceLock;

use regex::Regex;
use regex::RegexBuilder;

/// A regular expression in which `^` and `$` are the ends of lines.
#[derive(Debug, Clone)]
pub struct Expression {
    text: String,
    /// `None` where the text is none, which the loader has told about.
    built: OnceLock<Option<Regex>>,
}

/// The most memory an expression may take, in bytes.
const SIZE: usize = 1 << 20;

impl Expression {
    /// Returns the expression that `text` writes, not looked at yet.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), built: OnceLock::new() }
    }

    /// Says why the text is no regular expression; `None` where it is one.
    #[must_use]
    pub fn mistake(&self) -> Option<String> {
        let why = build(&self.text).err()?.to_string();
        Some(why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned())
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the bytes of the first place in `text` that it matches.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<std::ops::Range<usize>> {
        let regex = self.built.get_or_init(|| build(&self.text).ok());
        regex.as_ref()?.find(text).map(|found| found.range())
    }
}

fn build(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text).multi_line(true).size_limit(SIZE).build()
}
