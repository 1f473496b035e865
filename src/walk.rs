//! The weekly walk over a board: one record at a time, a key for what is to happen with it, and nothing written before the
//! end.
//!
//! A machine: keys and lines go in, screens come out, and in the end the changes. It neither reads nor prints.

use crate::board::Item;
use crate::config::Config;
use crate::date::Date;
use crate::error::Error;
use crate::kind::Field;
use crate::kind::FieldType;
use crate::kind::Kind;
use crate::kind::Required;
use crate::record::Value;
use crate::scaffold::Assignment;
use crate::scaffold::assign;
use crate::scaffold::check_title;
use crate::text::needs_care;

mod plan;
mod screen;

pub use screen::Line;
pub use screen::Look;

/// The most choices that a key each can stand for.
const MOST_KEYS: usize = 9;

/// A walk over the items of a board.
#[derive(Debug)]
pub struct Walk<'a> {
    config: &'a Config,
    today: Date,
    stops: Vec<Stop<'a>>,
    at: usize,
    state: State,
    /// What is to be said of the last input.
    told: Vec<String>,
}

/// A record on the way.
#[derive(Debug)]
struct Stop<'a> {
    item: &'a Item<'a>,
    /// The text of its file, as it was when the walk began.
    text: String,
    /// The fields that get another value, by their index, with its texts.
    sets: Vec<(usize, Vec<String>)>,
    /// The record it turned into.
    became: Option<Became>,
    /// Whether somebody has looked at it.
    seen: bool,
}

/// A record that is to be made of another one.
#[derive(Debug, Clone)]
struct Became {
    /// The field that names it.
    field: usize,
    /// The index of its kind.
    kind: usize,
    title: String,
}

/// What the walk waits for.
#[derive(Debug)]
enum State {
    /// A key that says what is to happen with the record.
    Choosing,
    /// The values of some fields.
    Asking(Task),
    /// The number of a state to close it with.
    Closing(Vec<String>),
    /// The title of the record it became, for the field at this index, which moves it to the state.
    Naming(usize, String),
    /// Whether all is to be written.
    Agreeing,
    /// Nothing more.
    Over(bool),
}

/// Some fields that are asked for, one after the other.
#[derive(Debug)]
struct Task {
    /// The indices of the fields, the first last.
    left: Vec<usize>,
    sets: Vec<(usize, Vec<String>)>,
    /// The state that the record is in afterwards, where it moves.
    state: Option<String>,
}

/// What somebody did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input<'t> {
    /// Pressed a key.
    Key(char),
    /// Typed a line.
    Line(&'t str),
    /// Went back from where they were asked.
    Escape,
}

/// What the walk wants next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wants {
    /// A key.
    Key,
    /// A line, in answer to a question; with what stands there to begin with.
    Line(String, String),
    /// Nothing: it is over, and what was decided is to be written or not.
    Over(bool),
}

impl<'a> Walk<'a> {
    /// Begins a walk over `items`, each with the text of its file.
    #[must_use]
    pub fn new(config: &'a Config, today: Date, items: Vec<(&'a Item<'a>, String)>) -> Self {
        let stop = |(item, text)| Stop { item, text, sets: Vec::new(), became: None, seen: false };
        let stops: Vec<Stop<'a>> = items.into_iter().map(stop).collect();
        let state = if stops.is_empty() { State::Over(false) } else { State::Choosing };
        Self { config, today, stops, at: 0, state, told: Vec::new() }
    }

    /// Returns what is wanted next.
    #[must_use]
    pub fn wants(&self) -> Wants {
        match &self.state {
            State::Choosing | State::Closing(_) | State::Agreeing => Wants::Key,
            State::Over(write) => Wants::Over(*write),
            State::Naming(..) => {
                let item = self.stops[self.at].item;
                let title = item.record.text(item.kind, "title").unwrap_or_default();
                // What a terminal could not show is not offered.
                let title = if needs_care(title) || check_title(title).is_err() { "" } else { title };
                Wants::Line("what is it about?".to_owned(), title.to_owned())
            }
            State::Asking(task) => {
                let stop = &self.stops[self.at];
                match task.left.last().map(|index| &stop.item.kind.fields[*index]) {
                    Some(field) if choices(field).is_empty() => {
                        let help = field.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
                        Wants::Line(format!("{}{help}:", field.words()), stop.there(field))
                    }
                    _ => Wants::Key,
                }
            }
        }
    }

    /// Takes what somebody did.
    pub fn answer(&mut self, input: Input<'_>) {
        self.told.clear();
        match (std::mem::replace(&mut self.state, State::Choosing), input) {
            (State::Over(write), _) => self.state = State::Over(write),
            (State::Choosing, Input::Key(key)) => self.choose(key),
            (State::Choosing, _) => {}
            (
                State::Asking(_) | State::Closing(_) | State::Naming(..),
                Input::Escape | Input::Key('\u{1b}'),
            ) => {}
            (State::Asking(task), Input::Key(key)) => self.pick(task, key),
            (State::Asking(_), Input::Line(line)) if line.trim().is_empty() => {}
            (State::Asking(task), Input::Line(line)) => self.value(task, line),
            (State::Closing(states), Input::Key(key)) => match number(key).and_then(|at| states.get(at)) {
                Some(state) => self.move_to(&state.clone()),
                None => self.state = State::Closing(states),
            },
            (State::Closing(_), Input::Line(_)) => {}
            (State::Naming(field, state), Input::Line(line)) => self.name(field, state, line),
            (State::Naming(field, state), Input::Key(_)) => self.state = State::Naming(field, state),
            (State::Agreeing, Input::Key('y' | 'Y')) => self.state = State::Over(true),
            (State::Agreeing, Input::Key('n' | 'N' | 'q')) => self.state = State::Over(false),
            // Back to where it stopped.
            (State::Agreeing, Input::Key('u') | Input::Escape) => self.at = self.at.min(self.stops.len() - 1),
            (State::Agreeing, _) => self.state = State::Agreeing,
        }
    }

    /// Does what a key stands for, at a record.
    fn choose(&mut self, key: char) {
        let item = self.stops[self.at].item;
        let (kind, state) = (item.kind, item.record.state.as_deref().unwrap_or_default());
        match key.to_ascii_lowercase() {
            'k' | '\n' | ' ' => {
                self.stops[self.at].seen = true;
                self.next();
            }
            'd' => {
                let runs = item.record.next_deadline(kind).map(|deadline| deadline.written.field);
                let runs = runs.or_else(|| {
                    let counts = |field: &Field| field.deadline_in.iter().any(|known| known == state);
                    kind.fields.iter().position(counts)
                });
                self.ask(runs.into_iter().collect(), "no date runs out here");
            }
            's' => {
                let ranks = kind.fields.iter().position(|field| field.ranks);
                let asked = ranks.map_or(Vec::new(), |index| match &kind.fields[index].product[..] {
                    [] => vec![index],
                    factors => factors.iter().filter_map(|factor| index_of(kind, factor)).collect(),
                });
                self.ask(asked, "nothing says here how much it matters");
            }
            'o' => self.ask(index_of(kind, "owner").into_iter().collect(), "nobody owns such a record"),
            'n' => self.ask(index_of(kind, "next_step").into_iter().collect(), "it has no next step"),
            'b' => match turning(kind, state, self.config) {
                Some((field, state)) => self.state = State::Naming(field, state),
                None => self.told.push("it cannot become anything: no state asks what it became".to_owned()),
            },
            'c' => match &closing(kind, state)[..] {
                [] => self.told.push("there is no state to close it with from here".to_owned()),
                [only] => self.move_to(only),
                several => self.state = State::Closing(several.iter().take(MOST_KEYS).cloned().collect()),
            },
            'u' => self.undo(),
            'q' => self.finish(),
            '?' => self.told.extend(screen::HELP.iter().map(|line| (*line).to_owned())),
            _ => self.told.push("press one of k d s o n b c u q, or ? for what they do".to_owned()),
        }
    }

    /// Asks for the fields at `indices`; says `why_not` where there are none.
    fn ask(&mut self, mut indices: Vec<usize>, why_not: &str) {
        if indices.is_empty() {
            self.told.push(why_not.to_owned());
            return;
        }
        indices.reverse();
        self.state = State::Asking(Task { left: indices, sets: Vec::new(), state: None });
    }

    /// Takes a key for one of the values of a field.
    fn pick(&mut self, task: Task, key: char) {
        let kind = self.stops[self.at].item.kind;
        let field = task.left.last().map(|index| &kind.fields[*index]);
        let choice = field.and_then(|field| {
            choices(field).into_iter().find(|(known, _)| *known == key).map(|(_, value)| value)
        });
        match choice {
            Some(value) => self.value(task, &value),
            None => self.state = State::Asking(task),
        }
    }

    /// Takes a value for the field that is asked for.
    fn value(&mut self, mut task: Task, text: &str) {
        let kind = self.stops[self.at].item.kind;
        let Some(index) = task.left.last().copied() else { return };
        match assign(&format!("{}={text}", kind.fields[index].name), kind, self.config, self.today) {
            Ok(assignment) if self.has_passed(&task, &assignment) => {
                let day = assignment.texts.first().map(String::as_str).unwrap_or_default();
                self.told.push(format!("{day} has passed: a new date lies ahead"));
                self.told.push("write one from today on, or press Esc to leave it as it is".to_owned());
                self.state = State::Asking(task);
            }
            Ok(assignment) => {
                task.left.pop();
                task.sets.push((assignment.field, assignment.texts));
                if task.left.is_empty() {
                    self.done(task);
                } else {
                    self.state = State::Asking(task);
                }
            }
            Err(error) => {
                self.told.push(error.message);
                self.told.extend(error.help);
                self.state = State::Asking(task);
            }
        }
    }

    /// Says whether `assignment` sets a deadline that the record would have missed already, in the state `task` leads to.
    fn has_passed(&self, task: &Task, assignment: &Assignment) -> bool {
        let item = self.stops[self.at].item;
        let field = &item.kind.fields[assignment.field];
        let state = task.state.as_deref().or(item.record.state.as_deref());
        let runs = field.deadline_in.iter().any(|known| Some(known.as_str()) == state);
        let day = assignment.texts.first().and_then(|text| Date::parse(text));
        runs && day.is_some_and(|day| day < self.today)
    }

    /// Keeps what was asked for, and goes on where the record has moved.
    fn done(&mut self, task: Task) {
        let stop = &mut self.stops[self.at];
        stop.seen = true;
        for (field, texts) in task.sets {
            stop.set(field, texts);
        }
        if let Some(state) = task.state {
            stop.move_to(state);
            self.next();
        }
    }

    /// Moves the record to `state`, once what that asks for is there.
    fn move_to(&mut self, state: &str) {
        let stop = &self.stops[self.at];
        let (record, kind) = (&stop.item.record, stop.item.kind);
        let lacks = |index: &usize| {
            let field = &kind.fields[*index];
            let given = record.fields.iter().any(|written| {
                written.field == *index
                    && written.value != Value::Blank
                    && written.value != Value::Texts(Vec::new())
            });
            let set = stop.sets.iter().any(|(known, texts)| known == index && !texts.is_empty());
            let needed = field.required.holds(Some(state), |name| record.in_conditions(kind, name));
            needed
                && !given
                && !set
                && field.product.is_empty()
                && !matches!(field.name.as_str(), "id" | "title")
        };
        let left: Vec<usize> = (0..kind.fields.len()).rev().filter(lacks).collect();
        let task = Task { left, sets: Vec::new(), state: Some(state.to_owned()) };
        if task.left.is_empty() { self.done(task) } else { self.state = State::Asking(task) }
    }

    /// Takes the title of what the record became.
    fn name(&mut self, field: usize, state: String, title: &str) {
        let stop = &mut self.stops[self.at];
        let kind = stop.item.kind.fields[field].to.iter().find_map(|id| self.config.kinds.index_of(id));
        match (check_title(title), kind) {
            (Ok(title), Some(kind)) => {
                stop.became = Some(Became { field, kind, title: title.to_owned() });
                stop.seen = true;
                stop.move_to(state);
                self.next();
            }
            (Err(error), _) => {
                self.told.push(error.message);
                self.told.extend(error.help);
                self.state = State::Naming(field, state);
            }
            (Ok(_), None) => {}
        }
    }

    /// Takes back what was decided of this record; where that is nothing, goes back to the one before.
    fn undo(&mut self) {
        let stop = &mut self.stops[self.at];
        if !stop.sets.is_empty() || stop.became.is_some() {
            stop.sets.clear();
            stop.became = None;
            stop.seen = false;
        } else if self.at > 0 {
            stop.seen = false;
            self.at -= 1;
        } else {
            self.told.push("this is the first one".to_owned());
        }
    }

    fn next(&mut self) {
        if self.at + 1 < self.stops.len() {
            self.at += 1;
        } else {
            self.finish();
        }
    }

    /// Asks whether all is to be written, where there is anything.
    fn finish(&mut self) {
        let anything =
            self.stops.iter().any(|stop| !stop.changes(self.today).is_empty() || stop.became.is_some());
        self.state = if anything { State::Agreeing } else { State::Over(false) };
    }
}

impl Stop<'_> {
    /// Sets a field; the last value given counts, and what the record says already is none.
    fn set(&mut self, field: usize, texts: Vec<String>) {
        self.sets.retain(|(known, _)| *known != field);
        if !matches!((&texts[..], self.said(field)), ([text], Some(said)) if *text == said) {
            self.sets.push((field, texts));
        }
    }

    /// Returns what the record says in a field that holds a text or a date.
    fn said(&self, field: usize) -> Option<String> {
        let written = self.item.record.fields.iter().find(|written| written.field == field)?;
        match &written.value {
            Value::Text(text) => Some(text.to_string()),
            Value::Date(date) => Some(date.to_string()),
            _ => None,
        }
    }

    /// Returns what stands in a line that asks for `field`: its value, where it is a date or a sentence that somebody may want
    /// to change a little, and a terminal can show it.
    fn there(&self, field: &Field) -> String {
        if !matches!(field.value, FieldType::Date | FieldType::Text) {
            return String::new();
        }
        let index = index_of(self.item.kind, &field.name);
        let set = self.sets.iter().find(|(known, _)| Some(*known) == index);
        let text = match set {
            Some((_, texts)) => texts.first().cloned(),
            None => index.and_then(|index| self.said(index)),
        };
        text.filter(|text| !needs_care(text) && !text.contains('\n')).unwrap_or_default()
    }

    fn move_to(&mut self, state: String) {
        if let Some(field) = index_of(self.item.kind, &self.item.kind.lifecycle.field) {
            self.set(field, vec![state]);
        }
    }

    /// Returns the fields that get another value: those decided on, and the day of looking.
    fn changes(&self, today: Date) -> Vec<(usize, Vec<String>)> {
        let mut changes = self.sets.clone();
        let kind = self.item.kind;
        let stamp = kind
            .fields
            .iter()
            .position(|field| field.stale_after.is_some() && field.value == FieldType::Date);
        if let Some(field) = stamp.filter(|_| self.seen) {
            let written = self.item.record.fields.iter().find(|written| written.field == field);
            let known = written.is_some_and(|written| written.value == Value::Date(today));
            if !known && !changes.iter().any(|(set, _)| *set == field) {
                changes.push((field, vec![today.to_string()]));
            }
        }
        changes
    }
}

fn index_of(kind: &Kind, name: &str) -> Option<usize> {
    kind.fields.iter().position(|field| field.name == name)
}

/// Returns the place that a digit names, counted from 0.
fn number(key: char) -> Option<usize> {
    key.to_digit(10).and_then(|digit| usize::try_from(digit).ok()?.checked_sub(1))
}

/// Returns the keys that stand for the values of `field`; none where it takes a line to say them.
fn choices(field: &Field) -> Vec<(char, String)> {
    let digit = |number: i64| u32::try_from(number).ok().and_then(|number| char::from_digit(number, 10));
    match (field.value, field.min, field.max) {
        (FieldType::Integer, Some(min), Some(max)) if 0 <= min && min <= max && max <= 9 => {
            (min..=max).filter_map(|number| Some((digit(number)?, number.to_string()))).collect()
        }
        (FieldType::Enum, ..) if field.values.len() <= MOST_KEYS => {
            ('1'..='9').zip(field.values.iter().cloned()).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the field of references that some state one move away from `state` asks for, answered by a field of the other
/// record, and that state.
fn turning(kind: &Kind, state: &str, config: &Config) -> Option<(usize, String)> {
    let next = kind.lifecycle.next(state);
    kind.fields.iter().enumerate().find_map(|(index, field)| {
        let Required::In(states) = &field.required else { return None };
        let known = field.to.iter().any(|id| config.kinds.index_of(id).is_some());
        if field.value != FieldType::Ref || field.inverse.is_none() || !known {
            return None;
        }
        let moves = next.iter().find(|next| states.iter().any(|known| known == *next))?;
        Some((index, (*moves).to_owned()))
    })
}

/// Returns the states that end a record of `kind`, one move away from `state`; not those that ask what it became, and not the
/// one that another record puts it in.
fn closing(kind: &Kind, state: &str) -> Vec<String> {
    let becomes = |state: &str| {
        kind.fields.iter().any(|field| match &field.required {
            Required::In(states) => {
                field.value.is_reference()
                    && field.inverse.is_some()
                    && states.iter().any(|known| known == state)
            }
            _ => false,
        })
    };
    let ends = |state: &&str| {
        let ended = kind.lifecycle.ended.iter().any(|known| known == state);
        ended && !becomes(state) && kind.lifecycle.superseded.as_deref() != Some(*state)
    };
    kind.lifecycle.next(state).into_iter().filter(ends).map(str::to_owned).collect()
}

/// Returns an error about the file at `path`.
fn about(path: &str, error: Error) -> Error {
    Error { message: format!("{path}: {}; nothing was written", error.message), ..error }
}
