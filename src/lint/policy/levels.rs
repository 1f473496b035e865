//! Rules that matter less than they did.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::Policy;
use super::Told;
use super::config_file;
use super::file_of;
use super::listed;
use crate::config::Config;
use crate::diagnostic::Level;
use crate::kind::Kind;
use crate::lint::levels::Source;
use crate::lint::levels::settled;
use crate::rules;
use crate::rules::RULES;

/// A rule, the level it has got, and the file that gives it that.
type Lowered = (&'static str, Level, String);

/// Where a rule was lowered: kinds, each with states, and the level it had.
#[derive(Default)]
struct Where<'a> {
    was: Option<Level>,
    kinds: BTreeMap<&'a str, Vec<&'a str>>,
}

pub(super) fn compare(then: Policy<'_>, here: Policy<'_>, told: &mut Told<'_>) {
    let mut lowered: BTreeMap<Lowered, Where<'_>> = BTreeMap::new();
    let (mut kinds, mut states_of) = (0, BTreeMap::new());
    for was in then.config.kinds.all() {
        let Some(is) = here.config.kinds.all().iter().find(|kind| kind.id == was.id) else { continue };
        let states = was.lifecycle.states();
        kinds += 1;
        states_of.insert(was.id.as_str(), states.len().max(1));
        for rule in RULES {
            let every: Vec<Option<&str>> = if states.is_empty() {
                vec![None]
            } else {
                states.iter().map(|state| Some(*state)).collect()
            };
            for state in every {
                let (before, by) = settled(then.config, rule, was, state);
                let (now, source) = settled(here.config, rule, is, state);
                if now >= before {
                    continue;
                }
                // Where nobody says any more what somebody said, that is where it stood.
                let source = if source == Source::Rule { by } else { source };
                let place = lowered.entry((rule.id, now, file(here, is, &source))).or_default();
                place.was = place.was.max(Some(before));
                place.kinds.entry(&was.id).or_default().extend(state);
            }
        }
    }
    for ((rule, now, file), place) in lowered {
        let whole = |(kind, states): (&&str, &Vec<&str>)| states.len().max(1) == states_of[*kind];
        let everywhere = place.kinds.len() == kinds && place.kinds.iter().all(whole);
        let one = |(kind, states): (&&str, &Vec<&str>)| match whole((kind, states)) {
            true => (*kind).to_owned(),
            false => format!("{kind} in {}", listed(states)),
        };
        let places: Vec<String> = place.kinds.iter().map(one).collect();
        let places = if everywhere { String::new() } else { format!(" for {}", places.join("; ")) };
        let was = place.was.map_or("", Level::name);
        told.say(&file, rule, format!("`{rule}` is lowered from {was} to {}{places}", now.name()));
    }
    overrides(then.config, here, told);
}

/// Returns the file in which `source` is said.
fn file(here: Policy<'_>, kind: &Kind, source: &Source) -> String {
    let own = match source {
        Source::Kind { .. } => file_of(kind),
        _ => None,
    };
    own.unwrap_or_else(|| config_file(here))
}

/// What is settled for some paths: the paths, as written, and the level.
type ForPaths = (String, Level);

/// Tells what is lower for some paths than it was, and where later ones no longer win over the same.
fn overrides(then: &Config, here: Policy<'_>, told: &mut Told<'_>) {
    let (before, after) = (by_rule(then), by_rule(here.config));
    let names: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    let none = Vec::new();
    for name in names {
        let (was, is) = (before.get(name).unwrap_or(&none), after.get(name).unwrap_or(&none));
        if was == is {
            continue;
        }
        let of = |config: &Config| -> (Level, Level) {
            let rule = rules::find(name);
            let levels =
                config.kinds.all().iter().filter_map(|kind| Some(settled(config, rule?, kind, None).0));
            let all: Vec<Level> = levels.collect();
            let (least, most) = (all.iter().min(), all.iter().max());
            (least.copied().unwrap_or(Level::Allow), most.copied().unwrap_or(Level::Allow))
        };
        let (lowest_now, highest_then) = (of(here.config).0, of(then).1);
        let at = |list: &[ForPaths], paths: &str| {
            list.iter().rev().find(|(known, _)| known == paths).map(|(_, level)| *level)
        };
        let mut said = false;
        for (paths, now) in is {
            let before = at(was, paths).unwrap_or(highest_then);
            if *now < before {
                let (now, before) = (now.name(), before.name());
                told.say(
                    &config_file(here),
                    name,
                    format!("`{name}` is lowered from {before} to {now} for {paths}"),
                );
                said = true;
            }
        }
        for (paths, before) in was.iter().filter(|(paths, _)| at(is, paths).is_none()) {
            if *before > lowest_now {
                let (now, before) = (lowest_now.name(), before.name());
                told.say(
                    &config_file(here),
                    name,
                    format!("`{name}` is lowered from {before} to {now} for {paths}"),
                );
                said = true;
            }
        }
        let kept: Vec<&ForPaths> = is.iter().filter(|one| was.contains(one)).collect();
        let stayed: Vec<&ForPaths> = was.iter().filter(|one| is.contains(one)).collect();
        if !said && kept != stayed {
            told.say(
                &config_file(here),
                name,
                format!("overrides of `{name}` stand in another order, and later ones win"),
            );
        }
    }
}

/// Returns the overrides of each rule, in order.
fn by_rule(config: &Config) -> BTreeMap<&str, Vec<ForPaths>> {
    let mut found: BTreeMap<&str, Vec<ForPaths>> = BTreeMap::new();
    for entry in &config.overrides {
        for (rule, level) in &entry.rules {
            found.entry(rule).or_default().push((entry.globs.join(", "), *level));
        }
    }
    found
}
