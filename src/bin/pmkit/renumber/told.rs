//! What a renumbering comes to, in lines for people.

use std::collections::BTreeMap;

use pmkit::change::Change;
use pmkit::config::BASELINE_FILE;
use pmkit::git::Asked;
use pmkit::git::Source;
use pmkit::index::Page;
use pmkit::index::slots;
use pmkit::renumber::Left;
use pmkit::renumber::Outcome;
use pmkit::renumber::Place as Spot;
use pmkit::renumber::Renumbering;
use pmkit::renumber::Text;
use pmkit::renumber::Written;

use super::shown;
use crate::place::Place;

/// With more places than these they are counted by file.
const MOST_LINES: usize = 40;

/// What was found out about a renumbering.
pub(super) struct Telling<'a> {
    pub(super) place: &'a Place,
    pub(super) source: Option<Source<'a>>,
    pub(super) order: &'a Renumbering<'a>,
    pub(super) outcome: &'a Outcome,
    pub(super) changes: &'a [Change],
    /// The paths of the files whose registers were made anew.
    pub(super) renewed: &'a [String],
    /// The texts that were looked at.
    pub(super) texts: &'a [Text],
    /// Whether nothing is written: then places are told as they stand now.
    pub(super) dry: bool,
}

impl Telling<'_> {
    /// Returns the lines: what the record becomes, each place that changes, and what is left to a person.
    pub(super) fn lines(&self) -> Vec<String> {
        let Self { place, order, outcome, dry, .. } = *self;
        let (old, new) = (order.old_id(), order.new_id());
        let mut told = vec![match dry {
            true => format!("{old} would be {new}"),
            false => format!("{old} is {new} now"),
        }];
        if order.from != order.to {
            told.push(format!("{} → {}", shown(place, &order.from), shown(place, &order.to)));
        }
        let spots: Vec<(&Written, Vec<Spot>)> = outcome
            .written
            .iter()
            .map(|written| (written, outside_registers(written, self.renewed, written.places(!dry))))
            .collect();
        let count: usize = spots.iter().map(|(_, spots)| spots.len()).sum();
        let briefly = count > MOST_LINES && !dry;
        for (written, spots) in spots.iter().filter(|(_, spots)| !spots.is_empty()) {
            if briefly {
                told.push(format!("{}: {}", shown(place, &written.to), counted(spots.len(), "place")));
                continue;
            }
            for spot in spots {
                let at = format!("{}:{}:{}", shown(place, &spot.path), spot.line, spot.column);
                told.push(format!("{at}  {} → {}", spot.old, spot.new));
            }
        }
        told.extend(self.renewed.iter().map(|path| format!("{}: made anew", shown(place, path))));
        if self.changes.iter().any(|change| change.path() == BASELINE_FILE) {
            told.push(format!("{}: the findings known of the file go with it", shown(place, BASELINE_FILE)));
        }
        told.push(format!("{} in {}", counted(count, "place"), counted(self.changes.len(), "file")));
        if briefly {
            told.push("see each: git diff, or --dry-run the next time".to_owned());
        }
        let (doubtful, named): (Vec<&Left>, Vec<&Left>) = outcome.left.iter().partition(|left| left.doubtful);
        self.judge(&doubtful, &mut told);
        let most = if dry { usize::MAX } else { MOST_LINES };
        told.extend(
            named.iter().take(most).map(|left| format!("also named, not changed: {}", self.line(left))),
        );
        if named.len() > most {
            told.push(format!("also named, not changed: {} more", counted(named.len() - most, "line")));
        }
        told
    }

    /// Returns a line that is left as it is, with its place. What is moved is named by the path it has when this is read.
    fn line(&self, left: &Left) -> String {
        let moved = !self.dry && left.path == shown(self.place, &self.order.from);
        let path = if moved { shown(self.place, &self.order.to) } else { left.path.clone() };
        format!("{path}:{}:{}: {}", left.line, left.column, clipped(&left.text))
    }

    /// Tells what names the id alone, each with the record that is likely meant.
    fn judge(&self, doubtful: &[&Left], told: &mut Vec<String>) {
        if doubtful.is_empty() {
            return;
        }
        let Self { place, order, .. } = *self;
        let others: Vec<String> = order.others.iter().map(|other| shown(place, other)).collect();
        let own = shown(place, if self.dry { &order.from } else { &order.to });
        told.push(format!(
            "{} {} alone, which {} too: write {} where {own} is meant",
            match doubtful.len() {
                1 => "1 line names".to_owned(),
                many => format!("{many} lines name"),
            },
            order.old_id(),
            match &others[..] {
                [only] => format!("{only} holds"),
                many => format!("{} hold", many.join(", ")),
            },
            order.new_id(),
        ));
        let top = |text: &Text| if text.outside { text.path.clone() } else { shown(place, &text.path) };
        let texts: BTreeMap<String, &str> =
            self.texts.iter().map(|text| (top(text), text.text.as_str())).collect();
        let asked: Vec<Asked<'_>> = doubtful
            .iter()
            .map(|left| Asked {
                path: &left.path,
                text: texts.get(&left.path).copied().unwrap_or_default(),
                line: left.line,
            })
            .collect();
        // Git knows the record by the path it has now.
        let mut holders = vec![shown(place, &order.from)];
        holders.extend(others);
        let likely = match self.source {
            Some(source) => source.likely(&holders, &asked),
            None => Err("there is no repository".to_owned()),
        };
        if let Err(why) = &likely {
            told.push(format!("git cannot say which is meant: {why}"));
        }
        for (at, left) in doubtful.iter().enumerate() {
            told.push(self.line(left));
            let Some(said) = likely.as_ref().ok().and_then(|likely| likely.get(at)) else { continue };
            told.push(match said.holder {
                Some(0) => format!("  likely {own}: {}", said.reason),
                Some(holder) => format!("  likely {}: {}", holders[holder], said.reason),
                None => format!("  either: {}", said.reason),
            });
        }
    }

    /// Returns what a commit says of it.
    pub(super) fn message(&self) -> String {
        let Self { order, outcome, .. } = *self;
        let first = format!("{} is {} now", order.old_id(), order.new_id());
        let body = match (order.from == order.to, outcome.written.len()) {
            (true, 0 | 1) => return first,
            (true, many) => format!("Changed with it: {} that name it.", counted(many - 1, "file")),
            (false, 0 | 1) => format!("{} becomes {}.", order.from, order.to),
            (false, many) => {
                let others = counted(many - 1, "other file");
                format!("{} becomes {}; changed with it: {others}.", order.from, order.to)
            }
        };
        format!("{first}\n\n{body}")
    }
}

/// Returns those of `spots` that no register holds which was made anew.
fn outside_registers(written: &Written, renewed: &[String], spots: Vec<Spot>) -> Vec<Spot> {
    if !renewed.contains(&written.path) {
        return spots;
    }
    let page = Page { path: written.path.clone(), text: written.before.clone() };
    let slots = slots(&page).unwrap_or_default();
    let inside = |byte: usize| slots.iter().any(|slot| slot.between.contains(&byte));
    // One spot may be several rewrites; those of one spot begin the same.
    let mut begins: Vec<usize> = written.rewrites.iter().map(|rewrite| rewrite.shown.start()).collect();
    begins.dedup();
    spots.into_iter().zip(begins).filter(|(_, begin)| !inside(*begin)).map(|(spot, _)| spot).collect()
}

/// Returns a line of a text, short enough to be read in a list.
fn clipped(text: &str) -> String {
    const MOST: usize = 100;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
