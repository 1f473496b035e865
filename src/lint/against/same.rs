//! Which findings are the same before and after a change.

use std::collections::HashMap;

use super::Pair;
use crate::diagnostic::Diagnostic;

/// What one side says about the place of a finding: its line.
pub(super) type LineOf<'a> = &'a dyn Fn(&Diagnostic) -> Option<String>;

/// Under which other names a record or its file was known.
pub(super) struct Names<'a> {
    /// The path now, by the path before.
    paths: HashMap<&'a str, &'a str>,
    /// What a record was called, and what it is called now, by the path before.
    ids: HashMap<&'a str, (String, String)>,
}

impl<'a> Names<'a> {
    /// Returns the names of the records in `pairs`; `id` returns what the record with a path, before or after, is called.
    pub(super) fn new(pairs: &'a [Pair], id: &dyn Fn(&str, bool) -> Option<String>) -> Self {
        let moved = pairs.iter().filter_map(|(old, new)| Some((old.as_deref()?, new.as_deref()?)));
        let moved: Vec<(&str, &str)> = moved.filter(|(old, new)| old != new).collect();
        let names = |(old, new): &(&'a str, &str)| Some((*old, (id(old, false)?, id(new, true)?)));
        Self { ids: moved.iter().filter_map(names).collect(), paths: moved.into_iter().collect() }
    }

    /// Returns the path that the file has now which was at `path`.
    pub(super) fn now_at<'p>(&self, path: &'p str) -> &'p str
    where
        'a: 'p,
    {
        self.paths.get(path).copied().unwrap_or(path)
    }

    /// Returns what a finding of before would say now.
    fn message(&self, found: &Diagnostic) -> String {
        let mut message = found.message.clone();
        if let Some(new) = self.paths.get(found.path.as_str()) {
            message = message.replace(&found.path, new);
        }
        if let Some((old, new)) = self.ids.get(found.path.as_str()) {
            message = message.replace(old, new);
        }
        message
    }
}

/// Takes those findings out of `found` that were there `before`, no less grave. Returns how many.
///
/// Of several that say the same those go first that stand on a line that was there; then those that say the same but for a
/// figure: a text that was over its budget before is none that this change has brought over it.
pub(super) fn leave_out(
    found: &mut Vec<Diagnostic>,
    before: &[Diagnostic],
    names: &Names<'_>,
    (line, line_before): (LineOf<'_>, LineOf<'_>),
) -> usize {
    let mut known: HashMap<(&str, &str), Vec<Known<'_>>> = HashMap::new();
    for old in before {
        let (message, line) = (names.message(old), None);
        let place = (old.rule, names.now_at(&old.path));
        known.entry(place).or_default().push(Known { old, message, line, free: true });
    }
    let mut gone = vec![false; found.len()];
    for sameness in [Sameness::Line, Sameness::Words, Sameness::ButFigures] {
        for (at, new) in found.iter().enumerate() {
            let Some(known) = known.get_mut(&(new.rule, new.path.as_str())).filter(|_| !gone[at]) else {
                continue;
            };
            let mut lines = (None, line, line_before);
            for known in known.iter_mut().filter(|known| known.free && known.old.level >= new.level) {
                if sameness.holds(new, known, &mut lines) {
                    known.free = false;
                    gone[at] = true;
                    break;
                }
            }
        }
    }
    let mut at = 0;
    found.retain(|_| {
        at += 1;
        !gone[at - 1]
    });
    gone.iter().filter(|gone| **gone).count()
}

/// A finding of before.
struct Known<'a> {
    old: &'a Diagnostic,
    /// What it would say now.
    message: String,
    /// Its line, once somebody has asked.
    line: Option<Option<String>>,
    /// Whether none of now has been found to be the same.
    free: bool,
}

/// How much alike two findings of one rule in one file are.
#[derive(Clone, Copy)]
enum Sameness {
    Line,
    Words,
    ButFigures,
}

impl Sameness {
    fn holds(
        self,
        new: &Diagnostic,
        known: &mut Known<'_>,
        (line, ask, ask_before): &mut (Option<Option<String>>, LineOf<'_>, LineOf<'_>),
    ) -> bool {
        match self {
            Self::Line => {
                new.message == known.message
                    && line.get_or_insert_with(|| ask(new))
                        == known.line.get_or_insert_with(|| ask_before(known.old))
            }
            Self::Words => new.message == known.message,
            Self::ButFigures => without_figures(&new.message) == without_figures(&known.message),
        }
    }
}

/// Returns a message without the words that are figures or days. What is quoted is somebody's words.
pub(in crate::lint) fn without_figures(message: &str) -> String {
    let mut quoted = false;
    let words = message.split(' ').map(|word| {
        let was_quoted = quoted;
        for c in word.chars() {
            quoted = match c {
                '`' => !quoted,
                '“' => true,
                '”' => false,
                _ => quoted,
            };
        }
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let figure = bare.starts_with(|c: char| c.is_ascii_digit())
            && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '-'));
        if figure && !was_quoted && !quoted && !word.contains('`') { "#" } else { word }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Level;

    #[test]
    fn figures_are_told_from_names() {
        for (message, without) in [
            ("1,203 words of 1,000", "# words of #"),
            ("RFC-0007 is due Wed 18 Nov, 2 days ago", "RFC-0007 is due Wed # Nov, # days ago"),
            ("`9` is not 1 to 5", "`9` is not # to #"),
            ("“24 h” became “72 h”", "“24 h” became “72 h”"),
            ("docs/rfcs/0001-a2.md is 3", "docs/rfcs/0001-a2.md is #"),
        ] {
            assert_eq!(without_figures(message), without);
        }
    }

    fn finding(message: &str, level: Level) -> Diagnostic {
        Diagnostic {
            rule: "over-budget",
            level,
            path: "a.md".to_owned(),
            record: None,
            message: message.to_owned(),
            label: None,
            help: Vec::new(),
            span: None,
            related: Vec::new(),
            fix: None,
            more: 0,
        }
    }

    #[test]
    fn what_was_there_is_left_out_once_and_not_where_it_has_become_graver() {
        use Level::Deny;
        use Level::Warn;
        type Case<'a> = (&'a [(&'a str, Level)], &'a [(&'a str, Level)], usize);
        let cases: [Case<'_>; 5] = [
            (&[("a", Warn)], &[("a", Warn)], 0),
            (&[("a", Warn), ("a", Warn)], &[("a", Warn)], 1),
            (&[("a", Deny)], &[("a", Warn)], 1),
            (&[("a", Warn)], &[("a", Deny)], 0),
            (&[("12 words", Warn), ("b", Warn)], &[("11 words", Warn)], 1),
        ];
        for (now, before, left) in cases {
            let all = |side: &[(&str, Level)]| -> Vec<Diagnostic> {
                side.iter().map(|(message, level)| finding(message, *level)).collect()
            };
            let (mut now, before) = (all(now), all(before));
            let names = Names::new(&[], &|_, _| None);
            leave_out(&mut now, &before, &names, (&|_| None, &|_| None));
            assert_eq!(now.len(), left, "{now:?}");
        }
    }
}
