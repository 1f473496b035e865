//! An objection without its answer.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::document::ARROWS;
use crate::document::asked;
use crate::document::first_of;
use crate::document::says_something;
use crate::sink::Finding;
use crate::sink::Sink;

pub(super) const RULE: Rule = Rule {
    id: "unanswered-objection",
    level: Level::Deny,
    page: include_str!("../../docs/rules/unanswered-objection.md"),
    fixes: false,
    check: Check::Record(check),
};

/// What may stand around an objection, opening and closing.
const AROUND: [(&str, &str); 13] = [
    ("**", "**"),
    ("__", "__"),
    ("\"", "\""),
    ("“", "”"),
    ("„", "“"),
    ("«", "»"),
    ("*", "*"),
    ("_", "_"),
    ("‚", "‘"),
    ("‘", "’"),
    ("'", "'"),
    ("「", "」"),
    ("『", "』"),
];

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for (spec, index) in subject.answered_sections("objections") {
        for objection in asked(subject.document, index) {
            if objection.done || answer(&objection.said).is_some() || objection.answer_below().is_some() {
                continue;
            }
            let state = subject.record.state.as_deref().unwrap_or_default();
            let message =
                format!("{} is {state} and objection {} has no answer", subject.name(), objection.number);
            let example = spec.example.as_deref().and_then(|example| example.trim().lines().next());
            let example = example
                .filter(|line| line.starts_with(['-', '*', '1', '|']) && line.len() > 20)
                .unwrap_or("- **\"It costs too much.\"** Ask what a day without it costs them.");
            sink.push(
                Finding::at(objection.place, message)
                    .label("what to say to it")
                    .help(format!("write the answer behind it, as in `{example}`")),
            );
        }
    }
}

/// Returns what stands behind the objection itself: behind the words in bold or quotes it begins with, else behind its first
/// sentence or mark.
fn answer(said: &str) -> Option<&str> {
    let said = said.trim();
    let around = |(open, close): &(&str, &str)| {
        let inside = said.strip_prefix(open)?;
        // In `it's` the sign is an apostrophe.
        let apostrophe =
            |rest: &&str| matches!(*close, "'" | "’") && rest.starts_with(|c: char| c.is_alphanumeric());
        inside.match_indices(close).map(|(at, _)| &inside[at + close.len()..]).find(|rest| !apostrophe(rest))
    };
    let rest = match AROUND.iter().find_map(around) {
        Some(rest) => rest,
        None => {
            let mut marks = vec![
                "? ", "?\n", ": ", ":\n", " — ", "—", " – ", " - ", ". ", ".\n", "! ", "!\n", "\" ", "。",
                "！", "？", "：", "——",
            ];
            marks.extend(ARROWS);
            &said[first_of(said, &marks)?.1..]
        }
    };
    says_something(rest).then_some(rest)
}
