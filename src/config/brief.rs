//! The templates of briefs, one for each audience: those that come with pmkit, and a team's own in their place or beside them.

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::Mistake;
use crate::template::Wrong;
use crate::template::check;
use crate::text::Span;

/// Where a team's own templates of briefs lie.
pub const BRIEFS_FOLDER: &str = ".pmkit/briefs";

/// What a template of a brief may name.
pub const BRIEF_NAMES: [&str; 31] = [
    "approver",
    "asked",
    "chosen",
    "closes",
    "decided",
    "decision",
    "delivers",
    "discussion",
    "due",
    "effect",
    "facts",
    "fields",
    "id",
    "initiative",
    "kind",
    "late",
    "missing",
    "name",
    "numbers",
    "owner",
    "path",
    "problem",
    "problem_in_short",
    "put_off",
    "questions",
    "rest",
    "rests_on",
    "status",
    "title",
    "trade_offs",
    "waiting",
];

/// The templates that come with pmkit: path and text.
const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/built_in_briefs.rs"));

/// The template of a brief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BriefTemplate {
    /// Whom it is for.
    pub name: String,
    /// The file, relative to the root.
    pub path: String,
    /// Its text.
    pub text: Cow<'static, str>,
    /// Whether it comes with pmkit.
    pub built_in: bool,
}

impl BriefTemplate {
    /// Returns why it cannot be used, with the place.
    #[must_use]
    pub fn mistake(&self, broken: &Wrong) -> Mistake {
        let lines = || self.text.split_inclusive('\n');
        let line = broken.line.unwrap_or(1).clamp(1, lines().count().max(1)) - 1;
        let start: usize = lines().take(line).map(str::len).sum();
        let end = start + lines().nth(line).map_or(0, |line| line.trim_end().len());
        Mistake {
            path: self.path.clone(),
            source: Arc::from(&*self.text),
            span: Span::new(start, end),
            message: format!("not a template of a brief: {}", broken.why),
            help: broken.help.iter().cloned().collect(),
        }
    }
}

/// Reads the templates among `own`, each a path and a text, and adds those that come with pmkit and are not replaced.
pub(super) fn briefs(own: &[(String, String)], mistakes: &mut Vec<Mistake>) -> Vec<BriefTemplate> {
    let template = |path: &str, text: Cow<'static, str>, built_in: bool| {
        let name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".md").to_owned();
        BriefTemplate { name, path: path.to_owned(), text, built_in }
    };
    let mut found: Vec<BriefTemplate> = Vec::new();
    for (path, text) in own {
        let brief = template(path, text.clone().into(), false);
        let fits = brief.name.starts_with(|c: char| c.is_ascii_lowercase())
            && brief.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !fits {
            let why = format!("`{}` cannot be typed as whom it is for", brief.name);
            let help =
                Some("name the file in small letters, digits and `-`, as in `support-desk.md`".to_owned());
            mistakes.push(brief.mistake(&Wrong { line: None, why, help }));
        } else if let Err(broken) = check(text, &BRIEF_NAMES) {
            mistakes.push(brief.mistake(&broken));
        } else {
            found.push(brief);
        }
    }
    for (path, text) in BUILT_IN {
        let brief = template(path, Cow::Borrowed(text), true);
        if !found.iter().any(|own| own.name == brief.name) {
            found.push(brief);
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_with_pmkit_can_be_used() {
        let mut mistakes = Vec::new();
        let found = briefs(&[], &mut mistakes);
        assert_eq!(
            found.iter().map(|brief| brief.name.as_str()).collect::<Vec<_>>(),
            ["engineering", "leadership", "reviewers", "sales"]
        );
        for brief in found {
            assert_eq!(check(&brief.text, &BRIEF_NAMES), Ok(()), "{}", brief.path);
        }
    }
}
