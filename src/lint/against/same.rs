//! Which findings are the same before and after a change.

use std::collections::BTreeMap;
use std::collections::HashMap;

use super::Pair;
use crate::diagnostic::Diagnostic;
use crate::kind::Kinds;
use crate::record::RecordId;
use crate::record::canonical;
use crate::record::canonical_as;
use crate::rules::CHANGED;
use crate::rules::SLIPPING;

/// What one side says about the place of a finding: its line.
pub(super) type LineOf<'a> = &'a dyn Fn(&Diagnostic) -> Option<String>;

/// Under which other names records and their files were known.
pub(super) struct Names<'a> {
    kinds: &'a Kinds,
    /// The path now, by the path before.
    paths: HashMap<&'a str, &'a str>,
    /// What records are called now, by what they were called.
    ids: HashMap<RecordId, RecordId>,
}

impl<'a> Names<'a> {
    /// Returns the names of the records in `pairs`; `id` returns what the record with a path, before or after, is called.
    pub(super) fn new(
        pairs: &'a [Pair],
        id: &dyn Fn(&str, bool) -> Option<RecordId>,
        kinds: &'a Kinds,
    ) -> Self {
        let both = pairs.iter().filter_map(|(old, new)| Some((old.as_deref()?, new.as_deref()?)));
        let both: Vec<(&str, &str)> = both.collect();
        let ids = both.iter().filter_map(|(old, new)| Some((id(old, false)?, id(new, true)?)));
        Self {
            kinds,
            ids: ids.filter(|(old, new)| old != new).collect(),
            paths: both.iter().copied().filter(|(old, new)| old != new).collect(),
        }
    }

    /// Returns the path that the file has now which was at `path`.
    pub(super) fn now_at<'p>(&self, path: &'p str) -> &'p str
    where
        'a: 'p,
    {
        self.paths.get(path).copied().unwrap_or(path)
    }

    /// Returns what a finding of before would say now.
    fn then(&self, found: &Diagnostic) -> String {
        let mut message = found.message.clone();
        if let Some(new) = self.paths.get(found.path.as_str()) {
            message = message.replace(&found.path, new);
        }
        if self.ids.is_empty() {
            return message;
        }
        canonical_as(&message, self.kinds, &|id| *self.ids.get(&id).unwrap_or(&id))
    }

    /// Returns what a finding of now says, so that it can be compared with that.
    fn now(&self, found: &Diagnostic) -> String {
        if self.ids.is_empty() { found.message.clone() } else { canonical(&found.message, self.kinds) }
    }
}

/// A finding of one side while it is looked for on the other.
struct Side<'a> {
    found: &'a Diagnostic,
    message: String,
    /// Whether it has been found there.
    matched: bool,
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
    let mut now: Vec<Side<'_>> =
        found.iter().map(|found| Side { found, message: names.now(found), matched: false }).collect();
    let mut then: Vec<Side<'_>> =
        before.iter().map(|found| Side { found, message: names.then(found), matched: false }).collect();
    let words = |_: &str, message: &str| message.to_owned();
    // Only where there are more of them now do lines tell which.
    for (new, old) in together(&now, &then, names, &words) {
        let more = new.len() > old.len() && !old.is_empty();
        let lines = |at: &[usize], of: &[Side<'_>], line: LineOf<'_>| -> Vec<Option<String>> {
            at.iter().map(|at| line(of[*at].found).filter(|_| more)).collect()
        };
        let (new_lines, old_lines) = (lines(&new, &now, line), lines(&old, &then, line_before));
        for (at, line) in new.iter().zip(&new_lines).filter(|(_, line)| line.is_some()) {
            let same = old.iter().zip(&old_lines).filter(|(_, other)| *other == line).map(|(at, _)| *at);
            pair(&mut now[*at], &mut then, same);
        }
        for at in new {
            pair(&mut now[at], &mut then, old.iter().copied());
        }
    }
    for (new, old) in together(&now, &then, names, &key) {
        for at in new {
            pair(&mut now[at], &mut then, old.iter().copied());
        }
    }
    let gone: Vec<bool> = now.iter().map(|side| side.matched).collect();
    let mut at = 0;
    found.retain(|_| {
        at += 1;
        !gone[at - 1]
    });
    gone.iter().filter(|gone| **gone).count()
}

/// Findings of both sides that say the same, by their index.
type Both = (Vec<usize>, Vec<usize>);

/// Puts together what is left of both sides, by rule, file and what `key` makes of the message; where there is some on both.
fn together(
    now: &[Side<'_>],
    then: &[Side<'_>],
    names: &Names<'_>,
    key: &dyn Fn(&str, &str) -> String,
) -> Vec<Both> {
    let mut groups: BTreeMap<(&str, &str, String), Both> = BTreeMap::new();
    let left =
        |sides: &[Side<'_>]| -> Vec<usize> { (0..sides.len()).filter(|at| !sides[*at].matched).collect() };
    for at in left(now) {
        let Side { found, message, .. } = &now[at];
        groups.entry((found.rule, &found.path, key(found.rule, message))).or_default().0.push(at);
    }
    for at in left(then) {
        let Side { found, message, .. } = &then[at];
        let place = (found.rule, names.now_at(&found.path), key(found.rule, message));
        if let Some(group) = groups.get_mut(&place) {
            group.1.push(at);
        }
    }
    groups.into_values().filter(|(_, old)| !old.is_empty()).collect()
}

/// Takes `new` for the first of those at the indices `old` that nothing was taken for and that is no less grave.
fn pair(new: &mut Side<'_>, then: &mut [Side<'_>], mut old: impl Iterator<Item = usize>) {
    let fits = |at: &usize| !then[*at].matched && then[*at].found.level >= new.found.level;
    if let Some(at) = old.find(fits).filter(|_| !new.matched) {
        then[at].matched = true;
        new.matched = true;
    }
}

/// Words for days: a date that moved is told as another one.
const DAYS: [&str; 22] = [
    "Mon",
    "Tue",
    "Wed",
    "Thu",
    "Fri",
    "Sat",
    "Sun",
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
    "yesterday",
    "today",
    "tomorrow",
];

/// Returns what of a message stays the same while figures change. Where it is figures that a rule is about, all of it: how often a
/// deadline has moved, and what became of a decided text.
pub(in crate::lint) fn key(rule: &str, message: &str) -> String {
    if [CHANGED, SLIPPING].contains(&rule) { message.to_owned() } else { without_figures(message) }
}

/// Returns a message without the words that are figures or days, and without whose it is, in brackets at its end. What is quoted is
/// somebody's words.
fn without_figures(message: &str) -> String {
    let message = match message.rsplit_once(" (") {
        Some((rest, whose)) if whose.ends_with(')') => rest,
        _ => message,
    };
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
        let free = !was_quoted && !quoted && !word.contains('`');
        if free && (figure || DAYS.contains(&bare)) { "#" } else { word }
    });
    let mut words: Vec<&str> = words.collect();
    // Yesterday is as many figures as two days ago.
    words.retain(|word| !matches!(*word, "days" | "ago" | "in"));
    words.dedup_by(|a, b| a == b && *a == "#");
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Level;

    #[test]
    fn figures_are_told_from_names() {
        for (message, without) in [
            ("1,203 words of 1,000", "# words of #"),
            ("RFC-0007 is due Wed 18 Nov, 2 days ago (maya)", "RFC-0007 is due #"),
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
            fresh: false,
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
            let kinds = Kinds::new(Vec::new()).expect("no kinds at all");
            let names = Names::new(&[], &|_, _| None, &kinds);
            leave_out(&mut now, &before, &names, (&|_| None, &|_| None));
            assert_eq!(now.len(), left, "{now:?}");
        }
    }
}
