//! Turning fixes into new texts: the findings' own edits, never two on the same bytes.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Edit;

/// What fixing did to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The file, relative to the root.
    pub path: String,
    /// The text as it is now to be.
    pub text: String,
    /// How many findings were mended.
    pub count: usize,
}

/// Applies the fixes of `diagnostics` to the texts `read` gives: the safe ones, and the others too where `unsafe_too`.
/// A fix whose bytes another one has taken waits for the next round.
#[must_use]
pub fn plan_fixes(
    diagnostics: &[Diagnostic],
    unsafe_too: bool,
    read: impl Fn(&str) -> Option<String>,
) -> Vec<Fixed> {
    let mut by_file: BTreeMap<&str, (Vec<&Edit>, usize)> = BTreeMap::new();
    for diagnostic in diagnostics {
        let Some(fix) = diagnostic.fix.as_ref().filter(|fix| fix.safe || unsafe_too) else { continue };
        let (taken, count) = by_file.entry(&diagnostic.path).or_default();
        // A fix is taken whole or not at all.
        if fix.edits.iter().all(|edit| !taken.iter().any(|other| overlap(edit, other))) {
            taken.extend(&fix.edits);
            *count += 1;
        }
    }
    let planned = by_file.into_iter().filter_map(|(path, (edits, count))| {
        let text = apply(&read(path)?, &edits)?;
        (count > 0).then(|| Fixed { path: path.to_owned(), text, count })
    });
    planned.collect()
}

/// Says whether two edits touch the same bytes. Two insertions at one place do too: their order would be a guess.
fn overlap(a: &Edit, b: &Edit) -> bool {
    if a.span == b.span {
        return true;
    }
    a.span.start < b.span.end && b.span.start < a.span.end
}

/// Returns `text` with `edits` made; `None` where one does not fit it.
#[must_use]
pub fn apply(text: &str, edits: &[&Edit]) -> Option<String> {
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
        assert_eq!(apply("é\r\nab", &edits.iter().collect::<Vec<_>>()).unwrap(), ">é\r\nZb");
        assert_eq!(apply("é", &[&edit(1, 1, "x")]), None);
    }

    #[test]
    fn edits_on_the_same_bytes_wait() {
        assert!(overlap(&edit(0, 3, ""), &edit(2, 4, "")));
        assert!(overlap(&edit(2, 2, "a"), &edit(2, 2, "b")));
        assert!(!overlap(&edit(0, 2, ""), &edit(2, 4, "")));
        assert!(overlap(&edit(0, 4, ""), &edit(2, 2, "a")));
    }
}
