//! A question that should have its answer by now, or somebody who finds it.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::document::ARROWS;
use crate::document::Asked;
use crate::document::asked;
use crate::document::first_of;
use crate::document::says_something;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::same_name;

pub(super) const RULE: Rule = Rule {
    id: "unanswered-question",
    level: Level::Deny,
    page: include_str!("../../docs/rules/unanswered-question.md"),
    fixes: false,
    check: Check::Record(check),
};

/// A question that a record asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its number among the entries of its section, from 1.
    pub number: usize,
    /// Whether it has an answer, or somebody has it until a day.
    pub settled: bool,
}

/// Returns the questions that the record of `subject` asks, in whatever state it is.
#[must_use]
pub fn questions(subject: &Subject<'_>) -> Vec<Question> {
    let sections = subject.kind.sections.iter().enumerate();
    let asking =
        sections.filter(|(_, spec)| spec.role.as_deref() == Some(ROLE) && subject.sections_are_sure());
    let found = asking.filter_map(|(at, _)| subject.record.section(at));
    let one = |question: Asked| Question {
        number: question.number,
        settled: standing(subject, &question) == Standing::Settled,
    };
    found.flat_map(|index| asked(subject.document, index)).map(one).collect()
}

/// What a section with questions is called in kind files.
const ROLE: &str = "questions";

/// How a question stands.
#[derive(Debug, PartialEq, Eq)]
enum Standing {
    /// It has an answer, or somebody has it until a day.
    Settled,
    /// Somebody has it, without a day.
    Dayless(String),
    /// Neither.
    Open,
}

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    for (_, index) in subject.answered_sections(ROLE) {
        for question in asked(subject.document, index) {
            let state = subject.record.state.as_deref().unwrap_or_default();
            let named = format!("{} is {state} and question {}", subject.name(), question.number);
            let day = subject.today.plus_business_days(10);
            match standing(subject, &question) {
                Standing::Settled => {}
                Standing::Dayless(who) => sink.push(
                    Finding::at(question.place, format!("{named} is handed to {who} without a day"))
                        .label("who finds out, and by when")
                        .help(format!("write `→ {who}, {day}`")),
                ),
                Standing::Open => {
                    let who = subject.people().next().unwrap_or("ana");
                    let record = record_to_name(subject);
                    sink.push(
                        Finding::at(question.place, format!("{named} has no answer and no taker"))
                            .label("write the answer behind it, or hand it on")
                            .help(format!("say who finds out, and by when: `→ {who}, {day}`"))
                            .help(format!("or name the record that carries it on: `→ {record}`")),
                    );
                }
            }
        }
    }
}

fn standing(subject: &Subject<'_>, question: &Asked) -> Standing {
    if question.done {
        return Standing::Settled;
    }
    let said = &question.said;
    let beside = match question_end(said) {
        Some(end) => beside(subject, &said[end..]),
        None => told(subject, said),
    };
    match (beside, question.answer_below()) {
        (Standing::Settled, _) => Standing::Settled,
        (standing, None) => standing,
        (_, Some(below)) => match ARROWS.iter().find_map(|arrow| below.strip_prefix(arrow)) {
            Some(taker) => handed(subject, taker.lines().next().unwrap_or_default()),
            None if is_person(subject, bare(below)) => Standing::Dayless(bare(below).to_owned()),
            None => Standing::Settled,
        },
    }
}

/// Judges what stands behind the question mark: a sentence that is no further question answers it.
fn beside(subject: &Subject<'_>, rest: &str) -> Standing {
    let arrow = first_of(rest, &ARROWS);
    let words = arrow.map_or(rest, |(start, _)| &rest[..start]);
    if words
        .split_inclusive(['.', '!', '?', ';', '|', '。', '！', '？', '；'])
        .any(|part| !part.ends_with(['?', '？']) && says_something(part))
    {
        return Standing::Settled;
    }
    arrow.map_or(Standing::Open, |(_, end)| handed(subject, &rest[end..]))
}

/// Judges an entry without a question mark: only what is marked as an answer is one.
fn told(subject: &Subject<'_>, said: &str) -> Standing {
    let marked = |mark: &str| {
        let (before, after) = said.split_once(mark)?;
        (!before.ends_with(char::is_alphanumeric)).then_some(after)
    };
    if ["Answer:", "answer:", "A:"].iter().filter_map(|mark| marked(mark)).any(says_something) {
        return Standing::Settled;
    }
    first_of(said, &ARROWS).map_or(Standing::Open, |(_, end)| handed(subject, &said[end..]))
}

/// Judges what stands behind an arrow: a person asks for a day; anything else answers, or names what carries it on.
fn handed(subject: &Subject<'_>, taker: &str) -> Standing {
    if !says_something(taker) {
        return Standing::Open;
    }
    let who = taker.split([',', '(', ';']).next().unwrap_or_default();
    let who = bare(who.split_once(" by ").map_or(who, |(who, _)| who));
    let day = taker.contains(|c: char| c.is_ascii_digit());
    if is_person(subject, who) && !day { Standing::Dayless(who.to_owned()) } else { Standing::Settled }
}

/// Returns `text` without white space, markup and a full stop around it.
fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '`' | '.' | ':' | '|' | '"'))
}

/// Returns where the first question ends: a `?` at the end of a word, not one in an address.
fn question_end(said: &str) -> Option<usize> {
    let closes =
        |c: char| c.is_whitespace() || !(c.is_alphanumeric() || matches!(c, '=' | '&' | '%' | '/' | '#'));
    said.match_indices(['?', '？'])
        .map(|(at, mark)| (at + mark.len(), mark))
        // No space follows where words are not set apart by any.
        .find(|(end, mark)| *mark == "？" || said[*end..].chars().next().is_none_or(closes))
        .map(|(end, _)| end)
}

/// Returns an id as it might stand behind an arrow: of the last kind whose text never freezes.
fn record_to_name(subject: &Subject<'_>) -> String {
    let living = subject.config.kinds.all().iter().rev().find(|kind| !kind.lifecycle.frozen);
    living.unwrap_or(subject.kind).id_of(21)
}

/// Says whether `name` is a person the record or the team names, or is written as a handle.
fn is_person(subject: &Subject<'_>, name: &str) -> bool {
    let name = name.trim();
    let handle = name.strip_prefix('@').unwrap_or(name);
    if handle.is_empty() {
        return false;
    }
    let called = |text: &str| {
        let plain = text.split('<').next().unwrap_or_default().trim().trim_start_matches('@');
        !plain.is_empty() && same_name(plain, handle)
    };
    name.starts_with('@') || subject.config.people.handle_of(name).is_some() || subject.people().any(called)
}
