//! Registers in files for readers: tables of records kept between two comments. What lies outside the comments is nobody's but
//! the writer's, to the byte.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::config::Config;
use crate::config::Register;
use crate::date::Date;
use crate::document::Document;
use crate::document::line_ending;
use crate::error::Error;
use crate::error::Mistake;
use crate::error::Result;
use crate::history::Timeline;
use crate::query::Property;
use crate::query::Scope;
use crate::register::kinds_named;
use crate::register::properties;
use crate::register::usual_columns;
use crate::text::Span;

/// A file that may hold registers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The path, relative to the root, with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// A place for a register in a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// What stands between the two comments.
    pub between: Range<usize>,
    /// The words behind `pmkit:register`.
    pub names: Vec<String>,
    /// The comment it begins with.
    pub marker: Span,
}

/// A register as it is to be written.
#[derive(Debug)]
pub struct Planned {
    /// What stands between its two comments.
    pub between: Range<usize>,
    /// The indices of its kinds.
    pub kinds: Vec<usize>,
    /// Its columns.
    pub columns: Vec<Column>,
}

/// A column of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// What the record says.
    Says(Property),
    /// The day it was decided, which only history knows.
    Decided,
    /// Whom it named as approver when it was decided; before that, whom it names.
    Approver(Property),
}

/// How a record was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The day.
    pub day: Date,
    /// Whom the record named as approver in that commit.
    pub approver: Option<String>,
}

impl Column {
    /// Returns what stands over it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Says(property) | Self::Approver(property) => property.name(),
            Self::Decided => DECIDED,
        }
    }

    /// Says whether history has a part in it.
    #[must_use]
    pub fn is_of_history(&self) -> bool {
        matches!(self, Self::Decided | Self::Approver(_))
    }
}

const DECIDED: &str = "decided";
/// The field that history follows beside the state.
const APPROVER: &str = "approver";

/// Returns the paths of the pages where registers are looked for: those `[[register]]` names, and the README.md of every folder
/// that holds records, or holds such a folder.
#[must_use]
pub fn pages(config: &Config) -> Vec<String> {
    let mut paths: BTreeSet<String> = BTreeSet::from(["README.md".to_owned()]);
    for folder in config.kinds.folders() {
        let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]);
        let above = ends.filter(|end| *end > 0).map(|end| format!("{}/README.md", &folder[..end]));
        paths.extend(above);
    }
    paths.extend(config.registers.iter().map(|register| register.file.clone()));
    paths.into_iter().collect()
}

/// Finds the places for registers in `page`. A comment in code is none.
///
/// # Errors
/// Every marker that has no partner, or does not stand at the beginning of a line.
pub fn slots(page: &Page) -> Result<Vec<Slot>, Vec<Mistake>> {
    if memchr::memmem::find(page.text.as_bytes(), b"pmkit:").is_none() {
        return Ok(Vec::new());
    }
    let document = Document::read(page.text.clone());
    let text = document.text.as_str();
    let mistake = |span: Span, message: &str, help: &str| Mistake {
        path: page.path.clone(),
        source: Arc::from(text),
        span,
        message: message.to_owned(),
        help: vec![help.to_owned()],
    };
    let mut mistakes = Vec::new();
    let mut slots = Vec::new();
    let mut open: Option<(Span, Vec<String>)> = None;
    for comment in &document.outline().comments {
        let inside = comment.of(text).trim_start_matches("<!--");
        let Some(inside) = inside.strip_suffix("-->") else {
            if inside.trim_start().starts_with("pmkit:") {
                mistakes.push(mistake(*comment, "a comment begins and never ends", "close it: -->"));
            }
            continue;
        };
        let mut words = inside.split_whitespace();
        match words.next() {
            Some("pmkit:register") => {
                if open.is_some() {
                    let help = "end that one first: <!-- pmkit:end -->";
                    mistakes.push(mistake(*comment, "a register begins inside another one", help));
                    continue;
                }
                if !text[..comment.start()].is_empty()
                    && !text[..comment.start()].ends_with(['\n', '\r', '\u{feff}'])
                {
                    let help = "move it to a line of its own, at the line's beginning";
                    mistakes.push(mistake(*comment, "a register cannot begin inside a line", help));
                }
                open = Some((*comment, words.map(str::to_owned).collect()));
            }
            Some("pmkit:end") => match open.take() {
                Some((marker, names)) => {
                    slots.push(Slot { between: marker.end()..comment.start(), names, marker });
                }
                None => {
                    let help = "write <!-- pmkit:register KIND --> above it, or delete it";
                    mistakes.push(mistake(*comment, "a register ends that never began", help));
                }
            },
            _ => {}
        }
    }
    if let Some((marker, _)) = open {
        let help = "write below where it ends: <!-- pmkit:end -->";
        mistakes.push(mistake(marker, "a register begins and never ends", help));
    }
    if mistakes.is_empty() { Ok(slots) } else { Err(mistakes) }
}

/// Says what is to be written into each of `pages`, in their order: the registers of one page in the order they stand there.
///
/// # Errors
/// Every marker that is wrong, every kind and column that there is not, and every `[[register]]` whose file has no place for it.
pub fn plan(pages: &[Page], scope: Scope<'_>) -> Result<Vec<Vec<Planned>>> {
    let mut mistakes = Vec::new();
    let mut found: Vec<Vec<Planned>> = Vec::new();
    let mut answered: Vec<bool> = vec![false; scope.config.registers.len()];
    for page in pages {
        let slots = slots(page).unwrap_or_else(|wrong| {
            mistakes.extend(wrong);
            Vec::new()
        });
        let mut planned = Vec::new();
        for slot in &slots {
            match fill_in(slot, &slots, page, scope, &mut answered) {
                Ok(register) => planned.push(register),
                Err(error) => mistakes.push(Mistake {
                    path: page.path.clone(),
                    source: Arc::from(page.text.as_str()),
                    span: slot.marker,
                    message: error.message,
                    help: error.help,
                }),
            }
        }
        found.push(planned);
    }
    if !mistakes.is_empty() {
        return Err(Error::from_mistakes(mistakes));
    }
    let homeless = scope.config.registers.iter().zip(&answered).find(|(_, answered)| !**answered);
    if let Some((register, _)) = homeless {
        let kinds = register.kinds.join(" ");
        return Err(Error::new(format!("{} has no place for its register of {kinds}", register.file)).help(
            format!(
                "put two lines where it is to stand: <!-- pmkit:register {kinds} --> and <!-- pmkit:end -->"
            ),
        ));
    }
    Ok(found)
}

/// Returns the register that belongs into `slot`, one of those of `page`: as `[[register]]` says, else as its words say.
fn fill_in(
    slot: &Slot,
    slots: &[Slot],
    page: &Page,
    scope: Scope<'_>,
    answered: &mut [bool],
) -> Result<Planned> {
    let config = scope.config;
    let named = if slot.names.is_empty() { Vec::new() } else { kinds_named(&slot.names, config)? };
    let fits = |register: &Register| {
        let kinds = kinds_named(&register.kinds, config).unwrap_or_default();
        // What has a place of exactly its kinds does not take a wider one too.
        let placed = || {
            let exact = |slot: &Slot| kinds_named(&slot.names, config).is_ok_and(|named| named == kinds);
            slots.iter().any(|slot| !slot.names.is_empty() && exact(slot))
        };
        let within = |named: &[usize]| kinds.iter().all(|kind| named.contains(kind));
        register.file == page.path && (named.is_empty() || kinds == named || (within(&named) && !placed()))
    };
    let fitting: Vec<usize> = (0..config.registers.len()).filter(|at| fits(&config.registers[*at])).collect();
    // Where several fit the one that has all of the kinds is meant.
    let whole = fitting
        .iter()
        .find(|at| kinds_named(&config.registers[**at].kinds, config).is_ok_and(|kinds| kinds == named));
    let settled = match (&fitting[..], whole) {
        ([only], _) | (_, Some(only)) => Some(*only),
        ([], None) => None,
        _ => {
            return Err(Error::new(format!("several registers of pmkit.toml belong into {}", page.path))
                .help("name the kinds of one of them: <!-- pmkit:register risk issue -->"));
        }
    };
    let Some(settled) = settled else {
        if named.is_empty() {
            return Err(Error::new("the register says no kind")
                .help("name kinds or a group: <!-- pmkit:register raid -->"));
        }
        let scope = Scope { kinds: &named, ..scope };
        let columns = usual_columns(scope).into_iter().map(Column::Says).collect();
        return Ok(Planned { between: slot.between.clone(), kinds: named, columns });
    };
    answered[settled] = true;
    let register = &config.registers[settled];
    let kinds = kinds_named(&register.kinds, config)?;
    let scope = Scope { kinds: &kinds, ..scope };
    let columns = if register.columns.is_empty() {
        usual_columns(scope).into_iter().map(Column::Says).collect()
    } else {
        columns(&register.columns, scope)?
    };
    Ok(Planned { between: slot.between.clone(), kinds, columns })
}

fn columns(names: &[String], scope: Scope<'_>) -> Result<Vec<Column>> {
    let mut columns = Vec::new();
    for name in names {
        let fields = || scope.kinds.iter().flat_map(|kind| &scope.config.kinds.at(*kind).fields);
        if name == DECIDED && !fields().any(|field| field.name == DECIDED || field.key == DECIDED) {
            columns.push(Column::Decided);
        } else {
            let named = properties(name, "columns in pmkit.toml", scope)?;
            columns.extend(named.into_iter().map(|property| match property.name() {
                APPROVER => Column::Approver(property),
                _ => Column::Says(property),
            }));
        }
    }
    Ok(columns)
}

/// Returns `page` with `tables` in its registers, one for each, their lines ending with `\n`. All other bytes stay; the lines of
/// the tables end as the page's do.
///
/// # Errors
/// Where what stood between two markers reached beyond them, as an open fence does, so that without it the page reads otherwise.
pub fn filled(page: &Page, registers: &[Planned], tables: &[String]) -> Result<String> {
    let ending = match page.text.find(['\n', '\r']) {
        Some(at) if page.text[at..].starts_with('\r') && !page.text[at..].starts_with("\r\n") => "\r",
        _ => line_ending(&page.text),
    };
    let mut out = String::with_capacity(page.text.len());
    let mut from = 0;
    for (register, table) in registers.iter().zip(tables) {
        out.push_str(&page.text[from..register.between.start]);
        // A table needs an empty line on either side, whatever stands there.
        out.push_str(&[ending, ending, &table.replace('\n', ending), ending].concat());
        from = register.between.end;
    }
    out.push_str(&page.text[from..]);
    if out == page.text {
        return Ok(out);
    }
    let after = Page { path: page.path.clone(), text: out };
    match slots(&after) {
        Ok(slots) if slots.len() == registers.len() => Ok(after.text),
        _ => Err(Error::new(format!(
            "what stands in a register of {} reaches beyond it; nothing was written",
            page.path
        ))
        .help("empty it: nothing between its two comments")),
    }
}

/// Says whether what `page` holds in `register` is as current as can be asked: it is `table`, or differs from it in days of
/// decision alone, which a commit cannot hold that makes the decision. Where there is no history to tell them, any day and any
/// approver will do.
#[must_use]
pub fn is_current(page: &Page, register: &Planned, table: &str, history: bool) -> bool {
    let held = page.text[register.between.clone()].replace("\r\n", "\n").replace('\r', "\n");
    let made = format!("\n\n{table}\n");
    if held == made {
        return true;
    }
    let same = |(held, made): (&str, &str)| {
        let (held, made) = (cells(held), cells(made));
        let mut pairs = held.iter().zip(&made).enumerate();
        held.len() == made.len()
            && pairs.all(|(at, (held, made))| {
                // The first cell stands behind the first bar.
                let may_differ = || match at.checked_sub(1).and_then(|at| register.columns.get(at)) {
                    Some(Column::Decided) => held.is_empty() || (!history && Date::parse(held).is_some()),
                    Some(Column::Approver(_)) => !history,
                    _ => false,
                };
                held == made || may_differ()
            })
    };
    register.columns.iter().any(Column::is_of_history)
        && held.lines().count() == made.lines().count()
        && held.lines().zip(made.lines()).all(same)
}

/// Returns the cells of a row of a table.
fn cells(row: &str) -> Vec<&str> {
    let mut cells = Vec::new();
    let mut from = 0;
    for (at, _) in row.match_indices('|').filter(|(at, _)| !row[..*at].ends_with('\\')) {
        cells.push(row[from..at].trim());
        from = at + 1;
    }
    cells.push(row[from..].trim());
    cells
}

/// Returns how a record was decided: when it last came into a state in which something is settled, where it still is settled
/// or has ended.
#[must_use]
pub fn decision(timeline: Timeline<'_>, state: Option<&str>, config: &Config) -> Option<Decision> {
    let is = |states: &[String], state: Option<&str>| {
        state.is_some_and(|state| states.iter().any(|known| known == state))
    };
    let mut decision = None;
    let mut before = false;
    for event in timeline.events().filter(|event| event.is_of_state()) {
        let lifecycle = &config.kinds.at(event.kind).lifecycle;
        let now = event.new.as_deref();
        let decided = is(&lifecycle.decided, now);
        if decided && !before {
            let approver = event.approver.as_ref().map(ToString::to_string);
            decision = Some(Decision { day: timeline.history.commits[event.commit].day(), approver });
        }
        if !decided && !is(&lifecycle.ended, now) {
            decision = None;
        }
        before = decided;
    }
    let kind = timeline.events().next_back()?.kind;
    let lifecycle = &config.kinds.at(kind).lifecycle;
    decision.filter(|_| is(&lifecycle.decided, state) || is(&lifecycle.ended, state))
}
