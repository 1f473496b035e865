//! Turning fixes into new texts: the findings' own edits, never two on the same bytes.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::Lint;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Edit;
use crate::diagnostic::Fix;
use crate::error::Result;
use crate::text::Span;

/// The most rounds of fixing: mending one finding may uncover the next.
const MOST_ROUNDS: usize = 200;

/// Texts that fixes have changed and nothing has written yet, by path.
pub type Overlay = BTreeMap<String, String>;

/// What fixing came to.
#[derive(Debug)]
pub struct Mended {
    /// The new texts.
    pub overlay: Overlay,
    /// What is found in them.
    pub lint: Lint,
    /// How many findings were mended.
    pub count: usize,
}

/// Fixes what `check` finds until nothing is left to fix: what is certain, and what is likely too where `unsafe_too`.
/// `check` runs the rules over the tree with an overlay on top; `read` gives the text of a file as it is there.
///
/// A round after which a finding it fixed is still found is taken back, and that fix is not tried again.
///
/// # Errors
/// Where `check` fails.
pub fn mend(
    unsafe_too: bool,
    check: impl Fn(&Overlay) -> Result<Lint>,
    read: impl Fn(&str) -> Option<String>,
) -> Result<Mended> {
    let mut mended = Mended { lint: check(&Overlay::new())?, overlay: Overlay::new(), count: 0 };
    let mut given_up: BTreeSet<Finding> = BTreeSet::new();
    for _ in 0..MOST_ROUNDS {
        let text = |path: &str| mended.overlay.get(path).cloned().or_else(|| read(path));
        let chosen = choose(&mended.lint.diagnostics, unsafe_too, &given_up);
        let mut overlay = mended.overlay.clone();
        // What was tried, and where it would stand now if it were still found.
        let mut tried: Vec<(Finding, Option<usize>)> = Vec::new();
        for (path, chosen) in chosen {
            let edits: Vec<&Edit> = chosen.iter().flat_map(|(_, fix)| &fix.edits).collect();
            if let Some(fixed) = text(path).and_then(|text| apply(&text, &edits)) {
                overlay.insert(path.to_owned(), fixed);
                let place = |found: &Diagnostic| found.span.map(|span| moved(span.start(), &edits));
                tried.extend(chosen.iter().map(|(found, _)| (key(found), place(found))));
            }
        }
        if tried.is_empty() {
            break;
        }
        let lint = check(&overlay)?;
        let (before, after) = (places(&mended.lint), places(&lint));
        let stayed = |(found, place): &(Finding, Option<usize>)| {
            let (before, after) = (before.get(found).map_or(0, Vec::len), after.get(found));
            after.is_some_and(|after| after.len() >= before && after.contains(place))
        };
        let stayed: Vec<Finding> =
            tried.iter().filter(|tried| stayed(tried)).map(|(found, _)| found.clone()).collect();
        if stayed.is_empty() {
            mended = Mended { overlay, lint, count: mended.count + tried.len() };
        } else {
            given_up.extend(stayed);
        }
    }
    Ok(mended)
}

/// What makes two findings the same one before and after a change: file, rule, message.
type Finding = (String, &'static str, String);

fn key(found: &Diagnostic) -> Finding {
    (found.path.clone(), found.rule, found.message.clone())
}

/// Returns where each finding begins; several may read the same.
fn places(lint: &Lint) -> BTreeMap<Finding, Vec<Option<usize>>> {
    let mut places: BTreeMap<Finding, Vec<Option<usize>>> = BTreeMap::new();
    for found in &lint.diagnostics {
        places.entry(key(found)).or_default().push(found.span.map(Span::start));
    }
    places
}

/// Returns where the byte at `place` stands after `edits`; where an edit replaces it, where that edit's text begins.
fn moved(place: usize, edits: &[&Edit]) -> usize {
    let mut now = place;
    for edit in edits {
        let span = edit.span;
        if span.end() <= place {
            now = (now + edit.text.len()).saturating_sub(span.end() - span.start());
        } else if span.start() < place {
            now = now.saturating_sub(place - span.start());
        }
    }
    now
}

/// Chooses the fixes to make at once, by file: none whose bytes another one touches.
fn choose<'a>(
    diagnostics: &'a [Diagnostic],
    unsafe_too: bool,
    given_up: &BTreeSet<Finding>,
) -> BTreeMap<&'a str, Vec<(&'a Diagnostic, &'a Fix)>> {
    let mut by_file: BTreeMap<&str, Vec<(&Diagnostic, &Fix)>> = BTreeMap::new();
    for diagnostic in diagnostics {
        let Some(fix) = diagnostic.fix.as_ref().filter(|fix| fix.safe || unsafe_too) else { continue };
        let chosen = by_file.entry(&diagnostic.path).or_default();
        // A fix is taken whole or not at all.
        let taken =
            |edit: &Edit| chosen.iter().flat_map(|(_, fix)| &fix.edits).any(|other| overlap(edit, other));
        if !fix.edits.iter().any(taken) && !given_up.contains(&key(diagnostic)) {
            chosen.push((diagnostic, fix));
        }
    }
    by_file
}

/// Says whether two edits touch the same bytes. Two insertions at one place do too: their order would be a guess.
fn overlap(a: &Edit, b: &Edit) -> bool {
    if a.span == b.span {
        return true;
    }
    a.span.start < b.span.end && b.span.start < a.span.end
}

/// Returns `text` with `edits` made; `None` where one does not fit it.
fn apply(text: &str, edits: &[&Edit]) -> Option<String> {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| edit.span);
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for edit in edits {
        out.push_str(text.get(at..edit.span.start())?);
        out.push_str(&edit.text);
        at = edit.span.end();
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit { path: "a.md".to_owned(), span: Span::new(start, end), text: text.to_owned() }
    }

    #[test]
    fn edits_change_only_their_bytes() {
        let edits = [edit(4, 5, "Z"), edit(0, 0, ">")];
        assert_eq!(apply("é\r\nab", &edits.iter().collect::<Vec<_>>()).expect("edits apply"), ">é\r\nZb");
        assert_eq!(apply("é", &[&edit(1, 1, "x")]), None);
    }

    #[test]
    fn a_place_moves_with_the_edits_before_it() {
        let edits = [edit(0, 0, ">>"), edit(4, 8, "x"), edit(20, 21, "")];
        let edits: Vec<&Edit> = edits.iter().collect();
        assert_eq!([2, 4, 6, 8, 12, 21].map(|place| moved(place, &edits)), [4, 6, 6, 7, 11, 19]);
    }

    #[test]
    fn edits_on_the_same_bytes_wait() {
        assert!(overlap(&edit(0, 3, ""), &edit(2, 4, "")));
        assert!(overlap(&edit(2, 2, "a"), &edit(2, 2, "b")));
        assert!(!overlap(&edit(0, 2, ""), &edit(2, 4, "")));
        assert!(overlap(&edit(0, 4, ""), &edit(2, 2, "a")));
    }
}
