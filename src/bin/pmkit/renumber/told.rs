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

use super::Options;
use super::shown;
use crate::place::Place;

/// With more places than these they are counted by file.
const MOST_LINES: usize = 40;

/// Returns the lines: what the record becomes, each place that changes, and what is left to a person.
#[allow(clippy::too_many_arguments, reason = "all that is known is told here, once")]
pub(super) fn told(
    place: &Place,
    source: Option<Source<'_>>,
    order: &Renumbering<'_>,
    outcome: &Outcome,
    changes: &[Change],
    renewed: &[String],
    texts: &[Text],
    options: &Options,
) -> Vec<String> {
    let dry = options.writing.dry_run;
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
        .map(|written| (written, outside_registers(written, renewed, written.places(!dry))))
        .collect();
    let count: usize = spots.iter().map(|(_, spots)| spots.len()).sum();
    for (written, spots) in &spots {
        if count > MOST_LINES && !dry {
            let path = if dry { &written.path } else { &written.to };
            if !spots.is_empty() {
                told.push(format!("{}: {}", shown(place, path), counted(spots.len(), "place")));
            }
            continue;
        }
        for spot in spots {
            let at = format!("{}:{}:{}", shown(place, &spot.path), spot.line, spot.column);
            told.push(format!("{at}  {} → {}", spot.old, spot.new));
        }
    }
    told.extend(renewed.iter().map(|path| format!("{}: made anew", shown(place, path))));
    if changes.iter().any(|change| change.path() == BASELINE_FILE) {
        told.push(format!("{}: the findings known of the file go with it", shown(place, BASELINE_FILE)));
    }
    told.push(format!("{} in {}", counted(count, "place"), counted(changes.len(), "file")));
    if count > MOST_LINES && !dry {
        told.push("see each: git diff, or --dry-run the next time".to_owned());
    }
    let (doubtful, named): (Vec<&Left>, Vec<&Left>) = outcome.left.iter().partition(|left| left.doubtful);
    // What is moved is named by the path it has when the line is read.
    let path = |left: &Left| match left.path == shown(place, &order.from) && !dry {
        true => shown(place, &order.to),
        false => left.path.clone(),
    };
    judge(place, source, order, &doubtful, &path, texts, &mut told);
    let most = if dry { usize::MAX } else { MOST_LINES };
    for left in named.iter().take(most) {
        told.push(format!(
            "also named, not changed: {}:{}:{}: {}",
            path(left),
            left.line,
            left.column,
            clipped(&left.text)
        ));
    }
    if named.len() > most {
        told.push(format!("also named, not changed: {} more", counted(named.len() - most, "line")));
    }
    told
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

/// Tells what names the id alone, each with the record that is likely meant.
fn judge(
    place: &Place,
    source: Option<Source<'_>>,
    order: &Renumbering<'_>,
    doubtful: &[&Left],
    path: &dyn Fn(&Left) -> String,
    texts: &[Text],
    told: &mut Vec<String>,
) {
    if doubtful.is_empty() {
        return;
    }
    let (old, new) = (order.old_id(), order.new_id());
    let others: Vec<String> = order.others.iter().map(|other| shown(place, other)).collect();
    let own = shown(place, &order.from);
    told.push(format!(
        "{} {old} alone, which {} too: write {new} where {} is meant",
        match doubtful.len() {
            1 => "1 line names".to_owned(),
            many => format!("{many} lines name"),
        },
        match &others[..] {
            [only] => format!("{only} holds"),
            many => format!("{} hold", many.join(", ")),
        },
        shown(place, &order.to)
    ));
    let mut holders = vec![own];
    holders.extend(others);
    let by_path: BTreeMap<String, &str> = texts
        .iter()
        .map(|text| {
            (if text.outside { text.path.clone() } else { shown(place, &text.path) }, text.text.as_str())
        })
        .collect();
    let text = |left: &Left| by_path.get(&left.path).copied().unwrap_or_default();
    let asked: Vec<Asked<'_>> =
        doubtful.iter().map(|left| Asked { path: &left.path, text: text(left), line: left.line }).collect();
    let likely = match source {
        Some(source) => source.likely(&holders, &asked),
        None => Err("there is no repository".to_owned()),
    };
    if let Err(why) = &likely {
        told.push(format!("git cannot say which is meant: {why}"));
    }
    for (at, left) in doubtful.iter().enumerate() {
        told.push(format!("{}:{}:{}: {}", path(left), left.line, left.column, clipped(&left.text)));
        let Some(said) = likely.as_ref().ok().and_then(|likely| likely.get(at)) else { continue };
        told.push(match said.holder {
            Some(0) => format!("  likely {}: {}", shown(place, &order.to), said.reason),
            Some(holder) => format!("  likely {}: {}", holders[holder], said.reason),
            None => format!("  either: {}", said.reason),
        });
    }
}

/// Returns what a commit says of it.
pub(super) fn message(order: &Renumbering<'_>, outcome: &Outcome) -> String {
    let mut message = format!("{} is {} now", order.old_id(), order.new_id());
    let body = match (order.from == order.to, outcome.written.len()) {
        (true, 0 | 1) => String::new(),
        (true, many) => format!("Changed with it: {} that name it.", counted(many - 1, "file")),
        (false, 0 | 1) => format!("{} becomes {}.", order.from, order.to),
        (false, many) => {
            let others = counted(many - 1, "other file");
            format!("{} becomes {}; {others} that name it change with it.", order.from, order.to)
        }
    };
    if !body.is_empty() {
        message.push_str("\n\n");
        message.push_str(&body);
    }
    message
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
