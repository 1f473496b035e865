//! What has happened to a record, as git tells it, for the records that are born from it: every change of what is followed, each
//! slip, what was decided, and what is new since.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::compare::rewording;
use crate::config::Config;
use crate::date::Date;
use crate::document::Document;
use crate::document::Entry;
use crate::history::Event;
use crate::history::History;
use crate::history::Timeline;
use crate::history::Timelines;
use crate::history::Watch;
use crate::history::What;
use crate::history::body;
use crate::kind::Kind;
use crate::record::Origin;
use crate::record::Record;
use crate::rules::Decided;
use crate::template::Data;
use crate::text::one_line;
use crate::workspace::Workspace;

/// What has happened to a record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Past {
    /// Why it is not known; `None` where it is.
    pub unknown: Option<String>,
    /// What happened, oldest first; last what no commit has yet.
    pub events: Vec<Happened>,
    /// That it was decided; `None` where it is in no state in which anything is.
    pub decided: Option<Happened>,
    /// Whom it named as approver then.
    pub approver: Option<String>,
    /// The first of the words that are others now than they were then, and in how many places words are; `None` where none are, or
    /// somebody has decided that since.
    pub reworded: Option<(Happened, usize)>,
    /// What is new since, oldest first.
    pub since: Vec<Fact>,
}

/// One thing that happened to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// The day; `None` where no commit has it yet.
    pub day: Option<Date>,
    /// The name of the field; `text` for words of a decided text.
    pub field: String,
    /// What to call it in a sentence.
    pub words: String,
    /// The value before; blank where there was none.
    pub old: String,
    /// The value after; blank where there is none.
    pub new: String,
    /// By how many days a day moved later; less than none where it moved earlier.
    pub days: Option<i64>,
    /// Whether a deadline slipped.
    pub slip: bool,
    /// Who wrote that; blank where no commit has it yet.
    pub by: String,
    /// The number of the pull request it came by.
    pub pull_request: Option<u64>,
}

/// Something that is new since a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The day; `None` where no commit has it yet.
    pub day: Option<Date>,
    /// What is new.
    pub told: String,
}

impl Past {
    /// Returns that nothing is known of the past, for the reason `why`.
    #[must_use]
    pub fn unknown(why: impl Into<String>) -> Self {
        Self { unknown: Some(why.into()), ..Self::default() }
    }

    /// Reads what has happened to the record at the index `at` of `workspace` out of `timelines`, of which the events of that
    /// record are known in detail; `document` is its text, and `then` how it was when it was decided, where it is not the same now.
    #[must_use]
    pub fn of(
        workspace: &Workspace<'_>,
        at: usize,
        (document, then): (&Document, Option<&Decided>),
        timelines: &Timelines<'_>,
    ) -> Self {
        let record = &workspace.records[at];
        let (config, kind) = (workspace.config, workspace.config.kinds.at(record.kind));
        let history = timelines.history();
        let Some(lineage) = timelines.document_at(&record.path) else { return Self::default() };
        let timeline = timelines.of(lineage);
        let slips = timelines.slips(&config.kinds);
        let teller = Teller { config, history, kind };
        let mut past = Self::default();
        let watched = Watch::of(kind);
        let same = timeline.events().all(|event| event.kind == record.kind);
        let last = history.followed.last[lineage].as_ref();
        for index in timeline.indices {
            let event = &history.events[*index];
            let known = event.kind == record.kind;
            past.events.extend(teller.happened(event, slips.contains_key(index)).filter(|_| known));
            if event.what == What::Created && same {
                let first = |field: usize| {
                    let mut changes = timeline.events().filter(|event| event.what == What::Field);
                    match changes.find(|event| event.field == field) {
                        Some(event) => event.old.clone(),
                        None => last.and_then(|last| last.facts.value(field).cloned()),
                    }
                };
                let given = watched.fields.iter().filter_map(|index| Some((*index, first(*index)?)));
                past.events.extend(given.map(|(index, value)| Happened {
                    new: value.to_string(),
                    ..teller.about(Some(event), index)
                }));
            }
        }
        let mut uncommitted: Vec<Happened> = Vec::new();
        for index in last.iter().flat_map(|_| watched.fields.iter().chain([&watched.state])) {
            let facts = last.and_then(|last| last.facts.value(*index));
            let old = facts.map(ToString::to_string).unwrap_or_default();
            let new = said(record, document, kind, *index);
            if old != new {
                let happened = Happened { old, new, ..teller.about(None, *index) };
                uncommitted.push(happened.with_days(kind, *index));
            }
        }
        let names: Vec<String> = uncommitted.iter().map(|happened| happened.field.clone()).collect();
        for happened in &mut uncommitted {
            let of = kind.field(&happened.field).and_then(|field| field.deadline_of.as_ref());
            // Where something else is to be done by then, it is another deadline.
            happened.slip &= !of.is_some_and(|of| names.contains(of));
        }
        past.events.extend(uncommitted);
        past.decide(workspace, at, timelines, teller);
        past.reworded = then.and_then(|then| teller.reworded(document, then, timeline));
        past
    }

    /// Adds when the record was decided, and what is new since.
    fn decide(
        &mut self,
        workspace: &Workspace<'_>,
        at: usize,
        timelines: &Timelines<'_>,
        teller: Teller<'_>,
    ) {
        let record = &workspace.records[at];
        let state = record.state.as_deref();
        let decided = state.is_some_and(|state| teller.kind.lifecycle.is_decided(state));
        let timeline = timelines.at(&record.path);
        let reached = timeline.filter(|_| decided).and_then(|timeline| {
            let mut states = timeline.events().filter(|event| event.is_of_state() && event.old != event.new);
            states.rfind(|event| event.new.as_deref() == state)
        });
        let (Some(timeline), Some(reached)) = (timeline, reached) else { return };
        self.decided = teller.happened(reached, false);
        self.approver = reached.approver.as_ref().map(ToString::to_string);
        let later = |event: &&Event| event.commit > reached.commit;
        let mut found: Vec<(usize, Fact)> = Vec::new();
        for event in timeline.events().filter(later) {
            let frozen = event.what == What::Field && teller.kind.fields[event.field].frozen;
            if event.what == What::Rewritten || frozen {
                found.push((event.commit, teller.changed(event)));
            }
        }
        for (other, told) in around(workspace, at) {
            let other = &workspace.records[other];
            let moved = timelines.at(&other.path).and_then(|timeline| {
                let mut states =
                    timeline.events().filter(|event| event.is_of_state() && event.old != event.new);
                states.rfind(|event| event.new.as_deref() == other.state.as_deref())
            });
            match moved {
                Some(event) if event.commit <= reached.commit => {}
                Some(event) => found.push((event.commit, Fact { day: Some(teller.day(event)), told })),
                None => found.push((usize::MAX, Fact { day: None, told })),
            }
        }
        found.sort_by_key(|(commit, _)| *commit);
        self.since = found.into_iter().map(|(_, fact)| fact).collect();
    }

    /// Returns it as templates name it; `shown` makes foreign text fit for where it is to stand.
    pub(super) fn data(&self, shown: &dyn Fn(&str) -> String) -> Data {
        let happened = |happened: &Happened| happened.data(shown);
        let slips: Vec<&Happened> = self.events.iter().filter(|event| event.slip).collect();
        let mut slipped: BTreeMap<String, Data> = BTreeMap::new();
        for slip in &slips {
            let of: Vec<&&Happened> = slips.iter().filter(|other| other.field == slip.field).collect();
            let all: Vec<&Happened> = self.events.iter().filter(|event| event.field == slip.field).collect();
            let first = all.iter().find(|event| !event.new.is_empty());
            let data = Data::map([
                ("count", count(of.len())),
                ("days", Data::Number(of.iter().filter_map(|slip| slip.days).sum())),
                ("first", Data::text(first.map(|first| shown(&first.new)).unwrap_or_default())),
                ("first_day", day(first.and_then(|first| first.day))),
                ("last", Data::text(all.last().map(|last| shown(&last.new)).unwrap_or_default())),
            ]);
            slipped.insert(slip.field.clone(), data);
        }
        let decided = self.decided.as_ref().map(|decided| {
            Data::map([
                ("approver", Data::text(shown(self.approver.as_deref().unwrap_or_default()))),
                ("by", Data::text(shown(&decided.by))),
                ("day", day(decided.day)),
                ("pull_request", number(decided.pull_request)),
                ("state", Data::text(shown(&decided.new))),
            ])
        });
        let reworded = self.reworded.as_ref().map(|(happened, places)| {
            let mut data = happened.named(shown);
            data.insert("places".to_owned(), count(*places));
            Data::Map(data)
        });
        let since = self
            .since
            .iter()
            .map(|fact| Data::map([("day", day(fact.day)), ("told", Data::text(shown(&fact.told)))]));
        Data::map([
            ("known", Data::Truth(self.unknown.is_none())),
            ("why", Data::text(shown(self.unknown.as_deref().unwrap_or_default()))),
            ("events", Data::List(self.events.iter().map(happened).collect())),
            ("count", count(slips.len())),
            ("days", Data::Number(slips.iter().filter_map(|slip| slip.days).sum())),
            ("slips", Data::List(slips.into_iter().map(happened).collect())),
            ("slipped", Data::Map(slipped)),
            ("decided", decided.unwrap_or_else(|| Data::Map(BTreeMap::new()))),
            ("reworded", reworded.unwrap_or_else(|| Data::Map(BTreeMap::new()))),
            ("since", Data::List(since.collect())),
        ])
    }
}

impl Happened {
    /// Returns it with by how many days the field of `kind` at `index` moved, where it holds a day.
    fn with_days(self, kind: &Kind, index: usize) -> Self {
        let days = Date::parse(&self.old).zip(Date::parse(&self.new)).map(|(old, new)| old.days_until(new));
        let slip = days.is_some_and(|days| days > 0) && !kind.fields[index].deadline_in.is_empty();
        Self { days, slip, ..self }
    }

    fn data(&self, shown: &dyn Fn(&str) -> String) -> Data {
        Data::Map(self.named(shown))
    }

    fn named(&self, shown: &dyn Fn(&str) -> String) -> BTreeMap<String, Data> {
        let named = [
            ("by", Data::text(shown(&self.by))),
            ("committed", Data::Truth(self.day.is_some())),
            ("day", day(self.day)),
            ("days", self.days.map_or_else(|| Data::text(""), Data::Number)),
            ("field", Data::text(&self.field)),
            ("new", Data::text(shown(&self.new))),
            ("old", Data::text(shown(&self.old))),
            ("pull_request", number(self.pull_request)),
            ("slip", Data::Truth(self.slip)),
            ("words", Data::text(shown(&self.words))),
        ];
        named.into_iter().map(|(name, data)| (name.to_owned(), data)).collect()
    }
}

fn day(day: Option<Date>) -> Data {
    Data::text(day.map(|day| day.to_string()).unwrap_or_default())
}

fn number(number: Option<u64>) -> Data {
    Data::text(number.map(|number| number.to_string()).unwrap_or_default())
}

fn count(count: usize) -> Data {
    Data::Number(i64::try_from(count).unwrap_or(i64::MAX))
}

/// What is needed to tell of events.
#[derive(Clone, Copy)]
struct Teller<'a> {
    config: &'a Config,
    history: &'a History,
    kind: &'a Kind,
}

impl Teller<'_> {
    fn day(&self, event: &Event) -> Date {
        self.history.commits[event.commit].day()
    }

    /// Returns that something happened to the field at `index` in `event`, and nothing of what.
    fn about(&self, event: Option<&Event>, index: usize) -> Happened {
        let field = &self.kind.fields[index];
        Happened {
            day: event.map(|event| self.day(event)),
            field: field.name.clone(),
            words: field.words(),
            old: String::new(),
            new: String::new(),
            days: None,
            slip: false,
            by: event.map(|event| self.history.written_by(event, self.config)).unwrap_or_default(),
            pull_request: event.and_then(|event| self.history.commits[event.commit].pull_request),
        }
    }

    /// Returns what `event` tells; `None` where that is nothing of what the record says.
    fn happened(&self, event: &Event, slip: bool) -> Option<Happened> {
        let text = |value: &Option<_>| value.as_ref().map(ToString::to_string).unwrap_or_default();
        let about = self.about(Some(event), event.field);
        match event.what {
            What::Renamed | What::Unreadable => None,
            What::Rewritten => {
                let found = event.rewording();
                let of = |text: fn(&crate::compare::Rewording) -> &str| {
                    found.map(|found| one_line(text(found))).unwrap_or_default()
                };
                let (old, new) = (of(|found| &found.old), of(|found| &found.new));
                Some(Happened {
                    field: "text".to_owned(),
                    words: of(|found| &found.section),
                    old,
                    new,
                    ..about
                })
            }
            _ => {
                let (old, new) = (text(&event.old), text(&event.new));
                let happened = Happened { old, new, ..about }.with_days(self.kind, event.field);
                // That something else is to be done by then, and it is no slip, is known of the whole history.
                Some(Happened { slip, ..happened })
            }
        }
    }

    /// Returns the first words of `document` that are others than they were `then`, with who changed them.
    fn reworded(
        &self,
        document: &Document,
        then: &Decided,
        timeline: Timeline<'_>,
    ) -> Option<(Happened, usize)> {
        let apart = |new: &str| {
            let text = |text: &str| String::from_utf8_lossy(body(text.as_bytes())).into_owned();
            rewording(self.kind, &self.config.kinds, &text(&then.text), &text(new))
        };
        let found = apart(&document.text)?;
        let committed = then.committed.as_deref().is_none_or(|last| apart(last).as_ref() == Some(&found));
        let event = timeline.events().rfind(|event| event.what == What::Rewritten).filter(|_| committed);
        let happened = Happened {
            field: "text".to_owned(),
            words: one_line(&found.section),
            old: one_line(&found.old),
            new: one_line(&found.new),
            ..self.about(event, 0)
        };
        Some((happened, found.places))
    }

    /// Tells what of a decided record was changed.
    fn changed(&self, event: &Event) -> Fact {
        let by = match self.history.writers(event, self.config).is_empty() {
            true => self.history.written_by(event, self.config),
            false => format!("by {}", self.history.written_by(event, self.config)),
        };
        let number = self.history.commits[event.commit].pull_request;
        let number = number.map(|number| format!(", #{number}")).unwrap_or_default();
        let value =
            |value: &str| if value.is_empty() { "nothing".to_owned() } else { format!("“{value}”") };
        let Happened { words, old, new, .. } =
            self.happened(event, false).unwrap_or_else(|| self.about(None, 0));
        let what = match (event.what, event.rewording()) {
            (What::Rewritten, None) => "its text was changed".to_owned(),
            (What::Rewritten, Some(found)) => {
                let more = match found.places {
                    0 | 1 => String::new(),
                    places => format!(" and {} more", places - 1),
                };
                let place = if words.is_empty() { String::new() } else { format!("{words}, ") };
                format!("its text was changed: {place}{} → {}{more}", value(&old), value(&new))
            }
            _ => format!("{words} was changed: {} → {}", value(&old), value(&new)),
        };
        Fact { day: Some(self.day(event)), told: format!("{what} ({by}{number})") }
    }
}

/// Returns the records that the one at `at` stands on, and those by which a change to it was asked for and approved, with what is
/// to be said of each.
fn around(workspace: &Workspace<'_>, at: usize) -> Vec<(usize, String)> {
    let kinds = &workspace.config.kinds;
    let record = &workspace.records[at];
    let kind = kinds.at(record.kind);
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut add = |other: usize, told: String| {
        if other != at && !found.iter().any(|(known, _)| *known == other) {
            found.push((other, told));
        }
    };
    let titled = |record: &Record| {
        let title = record.text(kinds.at(record.kind), "title").map(one_line);
        let title = title.map(|title| format!(" ({title})")).unwrap_or_default();
        format!("{}{title}", record.name(kinds))
    };
    for reference in &record.references {
        let ground = matches!(reference.origin, Origin::Field(index) if kind.fields[index].ground);
        let Some(other) = workspace.index_of(record, &reference.target).filter(|_| ground) else { continue };
        let on = &workspace.records[other];
        let state = on.state.as_deref().unwrap_or_default();
        let refuted = kinds.at(on.kind).lifecycle.refuted.iter().any(|known| known == state);
        let found_false = if refuted { "found false: " } else { "" };
        add(other, format!("{}, on which it rests, is {found_false}{state}", titled(on)));
    }
    for (other, asking) in workspace.records.iter().enumerate() {
        let theirs = kinds.at(asking.kind);
        let settles = |index: usize| {
            let states = &theirs.fields[index].settles_in;
            asking.state.as_ref().is_some_and(|state| states.contains(state))
        };
        let asks = asking.references.iter().any(|reference| {
            matches!(reference.origin, Origin::Field(index) if settles(index))
                && workspace.index_of(asking, &reference.target) == Some(at)
        });
        if asks {
            let state = asking.state.as_deref().unwrap_or_default();
            add(other, format!("{}, which asks to change it, is {state}", titled(asking)));
        }
    }
    found
}

/// Returns what the field of `record`, one of `kind`, at `index` says in `document`, as history has it.
fn said(record: &Record, document: &Document, kind: &Kind, index: usize) -> String {
    let text = &document.text;
    let is_it = |entry: &&Entry| kind.field_of_key(entry.key.text.of(text)) == Some(index);
    let written = document.entries().iter().find(is_it).and_then(|entry| entry.value.said(text));
    let computed = || record.product(kind, index).map(|number| number.to_string());
    written.map(Cow::into_owned).or_else(computed).unwrap_or_default()
}
