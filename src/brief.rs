//! What a record says that others must hear: the problem, the decision, what was weighed up and put off, the numbers with the sentence
//! they stand in, who decided when, and what it rests on.
//!
//! Nothing is made up and nothing is summed up: every fact is a passage of the record, a field of it, or an event of its history. What
//! the record does not say is absent here, and told to be missing where the facts are written. Which section says what, the kind file
//! knows (`brief`).

use std::collections::HashSet;

use crate::date::Date;
use crate::document::ARROWS;
use crate::document::Asked;
use crate::document::Document;
use crate::document::asked;
use crate::document::first_of;
use crate::document::sayings;
use crate::document::unstruck;
use crate::history::Event;
use crate::history::History;
use crate::history::Timeline;
use crate::history::What;
use crate::kind::BriefPart;
use crate::kind::FieldType;
use crate::kind::Kind;
use crate::kind::Kinds;
use crate::kind::Required;
use crate::kind::SectionSpec;
use crate::record::Deadline;
use crate::record::Origin;
use crate::record::Record;
use crate::record::Target;
use crate::record::mentions;
use crate::rules::Subject;
use crate::rules::questions;
use crate::text::Span;
use crate::text::sentences;
use crate::text::without_code;
use crate::workspace::Workspace;

/// How many sentences say a problem in short.
const SHORT: usize = 2;

/// What a brief is made of.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The record, and those it rests on.
    pub workspace: &'a Workspace<'a>,
    /// Its index among them.
    pub index: usize,
    /// Its text.
    pub document: &'a Document,
    /// What has happened to it; `None` where no history can be read, or it is not committed.
    pub timeline: Option<Timeline<'a>>,
    /// The day.
    pub today: Date,
}

/// What a record says.
#[derive(Debug)]
pub struct Brief<'a> {
    /// The record.
    pub record: &'a Record,
    /// Its kind.
    pub kind: &'a Kind,
    /// What stands in its sections, in order; those with nothing in them are left out.
    pub passages: Vec<Passage<'a>>,
    /// The first sentences of the problem, without markup.
    pub in_short: Option<String>,
    /// The options that are marked as the chosen ones.
    pub chosen: Vec<String>,
    /// The questions it asks.
    pub questions: Vec<Question>,
    /// The sentences with a number in them.
    pub numbers: Vec<Number<'a>>,
    /// What it rests on.
    pub grounds: Vec<Ground<'a>>,
    /// Who is asked for comments, besides whoever decides.
    pub asked: Vec<&'a str>,
    /// Whether it is their turn now.
    pub waiting: bool,
    /// The day by which they answer.
    pub closes: Option<Date>,
    /// The name of the field that says so.
    pub due: Option<&'a str>,
    /// Whether they are to deliver something, and not to answer: in records of the kind nothing is decided.
    pub delivers: bool,
    /// What was decided, and changed after that, the oldest first.
    pub decisions: Vec<Decision<'a>>,
    /// Whether it is put off: nobody is asked now, and it is neither decided nor at its end.
    pub put_off: bool,
    /// How it came to be put off, where that is committed.
    pub deferral: Option<Decision<'a>>,
    /// Whether the state it is in has been committed.
    pub committed: bool,
}

/// What stands in a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage<'a> {
    /// The heading.
    pub heading: &'a str,
    /// What a brief takes it for.
    pub part: Option<BriefPart>,
    /// Whether it lists questions, which are told one by one.
    pub asks: bool,
    /// The Markdown, without comments.
    pub text: String,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its words, with the answer where there is one.
    pub text: String,
    /// How it stands.
    pub standing: Standing,
}

/// How a question stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It has no answer.
    Open,
    /// Somebody has it, or another record.
    HandedOn,
    /// It has an answer.
    Answered,
}

/// A sentence with a number in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number<'a> {
    /// The heading it stands under.
    pub heading: &'a str,
    /// The sentence, without markup.
    pub sentence: String,
}

/// What a record rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground<'a> {
    /// Its name, or the reference as written where it leads nowhere.
    pub name: String,
    /// Its title.
    pub title: Option<&'a str>,
    /// The state it is in; `None` where there is no such record, or it says none.
    pub state: Option<&'a str>,
    /// Whether that means that it was found false.
    pub refuted: bool,
    /// Whether that means that it was shown to be so.
    pub confirmed: bool,
}

/// That a record came to a state that decides or ends it, or that its text changed after that.
#[derive(Debug, Clone)]
pub struct Decision<'a> {
    /// The state; `None` for a change of the text.
    pub state: Option<&'a str>,
    /// The event.
    pub event: &'a Event,
    /// When that was committed.
    pub day: Date,
}

/// Returns what the record of `sources` says.
#[must_use]
pub fn brief(sources: Sources<'_>) -> Brief<'_> {
    let Sources { workspace, index, document, timeline, today } = sources;
    let config = workspace.config;
    let record = &workspace.records[index];
    let kind = config.kinds.at(record.kind);
    let subject = Subject { record, document, kind, config, today };
    let passages = passages(record, kind, document);
    let problem = passages.iter().find(|passage| passage.part == Some(BriefPart::Problem));
    let in_short = problem.and_then(|passage| in_short(&passage.text));
    let state = record.state.as_deref();
    let decisions = decisions(kind, timeline);
    let last = timeline.and_then(|timeline| timeline.events().rfind(|event| event.is_of_state()));
    let last_event = last;
    let last = last.and_then(|event| event.new.as_deref());
    let put_off = state.is_some_and(|state| is_put_off(kind, state));
    let deferral = timeline.filter(|_| put_off && last == state).and_then(|timeline| {
        // What came after the move, a rename, is no move.
        let moved = timeline.events().rfind(|event| event.is_of_state() && event.new != event.old);
        let event = moved.filter(|event| event.new.as_deref() == state).or(last_event)?;
        Some(Decision { state: event.new.as_deref(), event, day: day_of(timeline.history, event) })
    });
    let deadline = closes(record, kind);
    Brief {
        record,
        kind,
        in_short,
        chosen: chosen(record, kind, document),
        questions: questions_of(&subject),
        numbers: numbers(&passages, &config.kinds),
        passages,
        grounds: grounds(workspace, record, kind, document),
        asked: asked_of(record, kind),
        waiting: state
            .is_some_and(|state| kind.fields.iter().any(|field| record.waits_by(kind, field, state))),
        put_off,
        deferral,
        closes: deadline.map(|deadline| deadline.date),
        delivers: kind.lifecycle.decided.is_empty(),
        due: deadline.map(|deadline| kind.fields[deadline.written.field].name.as_str()),
        decisions,
        committed: last == state,
    }
}

/// Returns what stands in the sections, each with what a brief takes it for.
fn passages<'a>(record: &Record, kind: &'a Kind, document: &'a Document) -> Vec<Passage<'a>> {
    let outline = document.outline();
    let specs = |index: usize| {
        let answers = move |(at, _): &(usize, &SectionSpec)| record.section(*at) == Some(index);
        kind.sections.iter().enumerate().filter(answers).map(|(_, spec)| spec)
    };
    let marked = kind.sections.iter().any(|spec| spec.brief.is_some());
    let first = kind.sections.iter().position(|spec| spec.required == Required::Always).unwrap_or(0);
    // What no kind file says: what is needed first says what it is about.
    let guessed = |spec: &SectionSpec| {
        let is_first = kind.sections.get(first).is_some_and(|known| known.title == spec.title);
        (!marked && is_first).then_some(BriefPart::Problem)
    };
    let by_role =
        |spec: &SectionSpec| (spec.role.as_deref() == Some("options")).then_some(BriefPart::TradeOff);
    let mut found: Vec<Passage<'a>> = Vec::new();
    // The section of the kind that what follows belongs to, by its level.
    let mut inside: Option<u8> = None;
    for (index, section) in outline.sections.iter().enumerate() {
        let text = uncommented(document, section.body);
        let of_kind = specs(index).next().is_some();
        if !of_kind && inside.is_some_and(|level| section.level > level) {
            if let (Some(passage), true) = (found.last_mut(), section.filled) {
                let title = section.title.of(&document.text);
                passage.text.push_str(&format!("\n\n### {title}\n\n{text}"));
            }
            continue;
        }
        inside = of_kind.then_some(section.level);
        found.push(Passage {
            heading: section.title.of(&document.text),
            part: specs(index)
                .find_map(|spec| spec.brief.or_else(|| by_role(spec)).or_else(|| guessed(spec))),
            asks: specs(index).any(|spec| spec.role.as_deref() == Some("questions")),
            text,
        });
    }
    let template = kind.template_text();
    found.retain_mut(|passage| {
        let text = unstruck(&passage.text);
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        let is_own = |line: &str| !template.has_line(line);
        let says = lines.iter().any(|line| is_own(line) && line.chars().any(char::is_alphanumeric));
        // Without its head a table says nothing.
        let is_head = |at: usize| lines.get(at + 1).is_some_and(|below| is_delimiter_row(below));
        let kept = lines.iter().enumerate().filter(|(at, line)| is_own(line) || is_head(*at));
        let kept: Vec<&str> = kept.map(|(_, line)| *line).collect();
        passage.text = kept.join("\n").trim_matches('\n').to_owned();
        says
    });
    found
}

/// Says whether `line` is what stands between the head of a table and its rows.
fn is_delimiter_row(line: &str) -> bool {
    let marks = |c: char| matches!(c, '|' | '-' | ':' | ' ');
    line.contains('|') && line.contains('-') && line.chars().all(marks)
}

/// Returns the text under `span` without comments.
fn uncommented(document: &Document, span: Span) -> String {
    let mut text = String::new();
    let mut from = span.start();
    for comment in document.outline().comments_in(span) {
        text.push_str(document.text.get(from..comment.start()).unwrap_or_default());
        from = from.max(comment.end());
    }
    text.push_str(document.text.get(from..span.end()).unwrap_or_default());
    text
}

/// Returns the first sentences of `text`.
fn in_short(text: &str) -> Option<String> {
    let said = sayings(text);
    // What a list follows says enough by itself: of the list no item is told alone.
    let colon = said.iter().position(|one| one.ends_with(':')).map_or(said.len(), |at| at + 1);
    let sentences: Vec<&str> = said[..colon].iter().flat_map(|one| sentences(one)).take(SHORT).collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// Returns the options that say of themselves that they are the chosen ones: `**Optional number (chosen):** …`.
fn chosen(record: &Record, kind: &Kind, document: &Document) -> Vec<String> {
    let options = kind.sections.iter().enumerate().filter(|(_, spec)| {
        spec.role.as_deref() == Some("options") || spec.brief == Some(BriefPart::TradeOff)
    });
    let entries = options.filter_map(|(at, _)| record.section(at)).flat_map(|index| asked(document, index));
    let is_chosen = |said: &str| {
        said.to_lowercase().match_indices("chosen").any(|(at, _)| {
            let before = said.get(..at).unwrap_or_default();
            before.is_empty() || before.ends_with(['(', '[', '*', '_'])
        })
    };
    entries
        .filter(|entry| is_chosen(&entry.said))
        .flat_map(|entry| sayings(&entry.said).into_iter().take(1))
        .collect()
}

fn questions_of(subject: &Subject<'_>) -> Vec<Question> {
    let sections = subject.kind.sections.iter().enumerate();
    let asking = sections.filter(|(_, spec)| spec.role.as_deref() == Some("questions"));
    let entries: Vec<_> = asking
        .filter_map(|(at, _)| subject.record.section(at))
        .flat_map(|index| asked(subject.document, index))
        .collect();
    let judged = questions(subject);
    let question = |(at, entry): (usize, &Asked)| {
        let text = sayings(&format!("{}\n\n{}", entry.said, entry.below)).join(" ");
        let is_settled = judged.get(at).is_some_and(|judged| judged.settled);
        let handed = || first_of(&entry.said, &ARROWS).or_else(|| first_of(&entry.below, &ARROWS)).is_some();
        let standing = match () {
            () if !is_settled => Standing::Open,
            () if handed() => Standing::HandedOn,
            () => Standing::Answered,
        };
        Question { text, standing }
    };
    let template = subject.kind.template_text();
    let own = |question: &Question| !question.text.is_empty() && !template.has_line(&question.text);
    entries.iter().enumerate().map(question).filter(own).collect()
}

/// Returns the sentences that have a number in them, each once.
fn numbers<'a>(passages: &[Passage<'a>], kinds: &Kinds) -> Vec<Number<'a>> {
    let mut found: Vec<Number<'a>> = Vec::new();
    let mut known: HashSet<String> = HashSet::new();
    for passage in passages {
        for saying in sayings(&passage.text) {
            for sentence in sentences(&saying) {
                if has_number(sentence, kinds) && known.insert(sentence.to_owned()) {
                    found.push(Number { heading: passage.heading, sentence: sentence.to_owned() });
                }
            }
        }
    }
    found
}

/// Says whether `sentence` has a number in digits: ids of records, versions, addresses, code and days as programs write them are none.
fn has_number(sentence: &str, kinds: &Kinds) -> bool {
    let mut plain = without_code(sentence);
    for mention in mentions(&plain, kinds).iter().rev() {
        plain.replace_range(mention.span.range(), " ");
    }
    plain.split_whitespace().any(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '#');
        let is_path = bare.contains('/') && bare.contains('.') && bare.starts_with(char::is_alphabetic);
        if bare.contains("://") || is_path || bare.starts_with('#') || Date::parse(bare).is_some() {
            return false;
        }
        bare.split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | ',' | '-' | '_' | '$'))
            .map(|part| part.trim_start_matches(['.', ',', '-', '_']))
            .any(|part| {
                let part = part.strip_prefix('$').unwrap_or(part);
                part.starts_with(char::is_numeric) || spelled_amount(part)
            })
    })
}

/// Says whether `word` is an amount behind the sign of a currency: `EUR3`, `R$5` begin with letters.
fn spelled_amount(word: &str) -> bool {
    let digits = word.trim_start_matches(|c: char| c.is_ascii_uppercase() || c == '$');
    let sign = &word[..word.len() - digits.len()];
    (sign.len() == 3 || sign.ends_with('$')) && digits.starts_with(|c: char| c.is_ascii_digit())
}

fn grounds<'a>(
    workspace: &'a Workspace<'a>,
    record: &Record,
    kind: &Kind,
    document: &Document,
) -> Vec<Ground<'a>> {
    let kinds = &workspace.config.kinds;
    let is_ground = |origin| matches!(origin, Origin::Field(at) if kind.fields[at].ground);
    let mut found: Vec<Ground<'a>> = Vec::new();
    for reference in record.references.iter().filter(|reference| is_ground(reference.origin)) {
        let ground = match workspace.resolve(record, &reference.target) {
            Some(other) => {
                let theirs = kinds.at(other.kind);
                let state = other.state.as_deref();
                let among = |states: &[String]| states.iter().any(|known| Some(known.as_str()) == state);
                Ground {
                    name: other.name(kinds),
                    title: other.text(theirs, "title"),
                    state,
                    refuted: among(&theirs.lifecycle.refuted),
                    confirmed: among(&theirs.lifecycle.confirmed),
                }
            }
            None => {
                let name = match &reference.target {
                    Target::Id(id) => id.text(kinds),
                    Target::Path(_) | Target::Elsewhere => document.at(reference.span).to_owned(),
                };
                Ground { name, title: None, state: None, refuted: false, confirmed: false }
            }
        };
        if !found.contains(&ground) {
            found.push(ground);
        }
    }
    found
}

/// Returns the states in which a record of `kind` waits for somebody who is named in it for that.
fn waits(kind: &Kind) -> impl Iterator<Item = &str> {
    kind.fields.iter().flat_map(|field| &field.waits_in).map(String::as_str)
}

/// Returns who is named as somebody the record waits for in some state, but for whoever decides.
fn asked_of<'a>(record: &'a Record, kind: &Kind) -> Vec<&'a str> {
    let asks = |index: usize| {
        let field = &kind.fields[index];
        let people = matches!(field.value, FieldType::Person | FieldType::People);
        people
            && field.name != "approver"
            && field.waits_in.iter().any(|state| record.waits_by(kind, field, state))
    };
    let named = record.fields.iter().filter(|value| asks(value.field));
    let mut found: Vec<&str> = Vec::new();
    for name in named.flat_map(|value| value.value.texts()) {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// Returns the day by which whoever is asked answers: the first deadline of the states in which the record waits for them; where it
/// waits for nobody, the next deadline.
fn closes<'a>(record: &'a Record, kind: &'a Kind) -> Option<Deadline<'a>> {
    let waits: Vec<&str> = waits(kind).collect();
    let of_turn = record.deadlines(kind).filter(|deadline| {
        let states = &kind.fields[deadline.written.field].deadline_in;
        states.iter().any(|state| waits.contains(&state.as_str()))
    });
    let next = || record.next_deadline(kind).filter(|_| waits.is_empty());
    of_turn.min_by_key(|deadline| (!deadline.runs, deadline.date)).or_else(next)
}

/// Says whether a record of `kind` is put off in `state`: its kind has states in which somebody is asked, and it can go back to one of
/// them, but in this one nobody is asked, nothing is due, and nothing can be decided.
fn is_put_off(kind: &Kind, state: &str) -> bool {
    let lifecycle = &kind.lifecycle;
    let next = lifecycle.next(state);
    let is_due = kind.fields.iter().flat_map(|field| &field.deadline_in).any(|known| known == state);
    lifecycle.is_open(state)
        && lifecycle.initial.as_deref() != Some(state)
        && !is_due
        && !waits(kind).any(|known| known == state)
        && waits(kind).any(|known| next.contains(&known))
        && !next.iter().any(|known| lifecycle.is_decided(known))
}

fn day_of(history: &History, event: &Event) -> Date {
    let commit = &history.commits[event.commit].committer;
    Date::at(commit.seconds, commit.offset)
}

/// Returns how the record came to the states that decide or end it.
fn decisions<'a>(kind: &Kind, timeline: Option<Timeline<'a>>) -> Vec<Decision<'a>> {
    let lifecycle = &kind.lifecycle;
    let settles = |state: &str| lifecycle.is_decided(state) || lifecycle.is_ended(state);
    let Some(timeline) = timeline.filter(|_| !lifecycle.decided.is_empty()) else { return Vec::new() };
    let mut found: Vec<Decision<'a>> = Vec::new();
    for event in timeline.events() {
        let state = event.new.as_deref().filter(|_| event.is_of_state() && event.new != event.old);
        let state = state.filter(|state| settles(state));
        if state.is_some() || event.what == What::Rewritten {
            found.push(Decision { state, event, day: day_of(timeline.history, event) });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::config::load;
    use crate::kind::built_in;

    #[test]
    fn a_number_is_not_an_id_a_version_or_a_day() {
        let settings = Settings { kinds: built_in(), ..Settings::default() };
        let kinds = load(&settings, &crate::rules::names()).expect("the kinds load").kinds;
        for text in [
            "One in 9 is lost.",
            "It costs €3.5m.",
            "EUR40 a day",
            "+19 d",
            "from 61 % to 65 %",
            "a 24h lifetime",
            "12/15 shops",
            "at most €5/order",
            "(n=311)",
            "rose by 4%",
            "it is $5,000",
        ] {
            assert!(has_number(text, &kinds), "{text}");
        }
        for text in [
            "See RFC-0007.",
            "OAuth2 and v2 in Q3",
            "until 2026-11-25",
            "https://a.example/2",
            "R-0012 rose",
            "as `take(5)` does",
            "UTF-8, since #431",
            "in a.example/2",
            "Seven of nine",
        ] {
            assert!(!has_number(text, &kinds), "{text}");
        }
    }
}
