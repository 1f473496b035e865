//! Records as `pmkit.records/1`.

use serde::Serialize;
use serde::Serializer;
use serde::ser::SerializeMap;

use super::Look;
use super::log::Entry;
use super::log::entry;
use super::show::Shown;
use super::show::Told;
use crate::date::timestamp;
use crate::record::Value;

pub(super) const SCHEMA: &str = "pmkit.records/1";

#[derive(Serialize)]
pub(super) struct Records<'a> {
    pub(super) schema: &'static str,
    pub(super) records: Vec<Entity<'a>>,
}

#[derive(Serialize)]
pub(super) struct Line<'a> {
    pub(super) schema: &'static str,
    #[serde(flatten)]
    pub(super) record: Entity<'a>,
}

/// What a list tells of a record.
#[derive(Serialize)]
pub(super) struct Brief<'a> {
    id: Option<String>,
    kind: &'a str,
    title: Option<&'a str>,
    status: Option<&'a str>,
    owner: Option<&'a str>,
    path: String,
    fields: Fields<'a>,
    links: Vec<To>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<u32>,
}

#[derive(Serialize)]
pub(super) struct Briefs<'a> {
    pub(super) schema: &'static str,
    pub(super) records: Vec<Brief<'a>>,
}

#[derive(Serialize)]
pub(super) struct BriefLine<'a> {
    pub(super) schema: &'static str,
    #[serde(flatten)]
    pub(super) record: Brief<'a>,
}

#[derive(Serialize)]
pub(super) struct Entity<'a> {
    #[serde(flatten)]
    brief: Brief<'a>,
    linked_by: Vec<From>,
    deadlines: Vec<DeadlineEntry<'a>>,
    text: &'a str,
    at: Option<At<'a>>,
    /// `None` where there is no history to read.
    events: Option<Vec<Entry<'a>>>,
}

#[derive(Serialize)]
struct To {
    rel: String,
    target: String,
}

#[derive(Serialize)]
struct From {
    rel: String,
    source: String,
}

#[derive(Serialize)]
struct DeadlineEntry<'a> {
    field: &'a str,
    date: String,
    runs: bool,
    /// `None`, as for the days, where there is no history to read.
    slips: Option<usize>,
    days_slipped: Option<i64>,
}

#[derive(Serialize)]
struct At<'a> {
    commit: String,
    committed_at: String,
    subject: &'a str,
}

/// Values by the names of their fields, in the order written.
struct Fields<'a>(Vec<Told<'a>>);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let mut seen: Vec<&str> = Vec::new();
        for Told { name, written, said, .. } in &self.0 {
            // Of a key written twice the first one counts, as everywhere.
            if seen.contains(name) {
                continue;
            }
            seen.push(name);
            match written.map(|written| &written.value) {
                Some(Value::Texts(texts)) => map.serialize_entry(name, texts)?,
                Some(Value::Integer(number)) => map.serialize_entry(name, number)?,
                Some(Value::Number(number)) => map.serialize_entry(name, number)?,
                Some(Value::Boolean(truth)) => map.serialize_entry(name, truth)?,
                Some(Value::Text(text)) => map.serialize_entry(name, text)?,
                Some(Value::Date(_) | Value::Duration(_) | Value::Unfit | Value::Blank) => {
                    map.serialize_entry(name, said)?;
                }
                // What is worked out is a number; what no kind declares is text.
                None => match said.parse::<i64>() {
                    Ok(number) => map.serialize_entry(name, &number)?,
                    Err(_) => map.serialize_entry(name, said)?,
                },
            }
        }
        map.end()
    }
}

/// Returns what a list tells of a record.
pub(super) fn brief<'a>(shown: &Shown<'a>, look: Look<'_>) -> Brief<'a> {
    Brief { words: Some(shown.words()), ..brief_without_words(shown, look) }
}

/// Returns the same without how many words there are, which only the whole text tells.
pub(super) fn brief_without_words<'a>(shown: &Shown<'a>, look: Look<'_>) -> Brief<'a> {
    let record = shown.record();
    let links = shown.links(look).into_iter().map(|link| To { rel: link.rel, target: link.name });
    Brief {
        id: shown.id(),
        kind: &shown.kind().id,
        title: shown.text("title"),
        status: record.state.as_deref(),
        owner: shown.text("owner"),
        path: format!("{}{}", look.prefix, record.path),
        fields: Fields(shown.fields()),
        links: links.collect(),
        words: None,
    }
}

/// Returns a record as it is written in JSON.
pub(super) fn record<'a>(shown: &Shown<'a>, look: Look<'_>) -> Entity<'a> {
    let (record, kind) = (shown.record(), shown.kind());
    let slips = shown.slips();
    let deadlines = record.deadlines(kind).map(|deadline| {
        let field = deadline.written.field;
        let slip = shown.timeline.and_then(|timeline| timeline.slip(field, &slips));
        let known = |value: i64| shown.timeline.map(|_| value);
        DeadlineEntry {
            field: &kind.fields[field].name,
            date: deadline.date.to_string(),
            runs: deadline.runs,
            slips: shown.timeline.map(|_| slip.map_or(0, |slip| slip.count)),
            days_slipped: known(slip.map_or(0, |slip| slip.days)),
        }
    });
    let linked_by = shown.linked_by(look).into_iter().map(|link| From { rel: link.rel, source: link.name });
    let config = shown.workspace.config;
    let events = shown.timeline.map(|timeline| {
        timeline.events().rev().map(|event| entry(timeline.history, event, config, look)).collect()
    });
    Entity {
        brief: brief(shown, look),
        linked_by: linked_by.collect(),
        deadlines: deadlines.collect(),
        text: shown.body(),
        at: shown.at.map(|commit| At {
            commit: commit.id.to_string(),
            committed_at: timestamp(commit.committer.seconds, commit.committer.offset),
            subject: &commit.subject,
        }),
        events,
    }
}
