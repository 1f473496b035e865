//! Leaving out what the baseline knows.

use std::collections::BTreeMap;

use super::Levels;
use super::Selection;
use crate::config::BASELINE_FILE;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Level;
use crate::rules;
use crate::rules::STALE_BASELINE;
use crate::sink::Finding;
use crate::sink::Sink;

/// Takes the findings that the baseline knows out of `found`: those of a rule in a file, unless there are more of them than
/// it knows. Adds what is to be said of the baseline itself. Returns how many were taken out.
pub(super) fn leave_out(
    config: &Config,
    levels: &Levels<'_>,
    selected: Selection<'_>,
    found: &mut Vec<Diagnostic>,
) -> usize {
    let baseline = &config.baseline;
    let mut now: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for diagnostic in found.iter() {
        *now.entry((diagnostic.rule, diagnostic.path.as_str())).or_default() += 1 + diagnostic.more;
    }
    let mut more: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut stale = Vec::new();
    for (rule, path, known, span) in baseline.entries() {
        let there = now.get(&(rule, path)).copied().unwrap_or(0);
        if there > known {
            let said = format!("the baseline knows {known} of the {there} findings of `{rule}` in this file");
            more.insert((rule.to_owned(), path.to_owned()), said);
        } else if there < known && selected(path) && !levels.is_off(rule) {
            let left = match there {
                0 => "none is left".to_owned(),
                1 => "1 is left".to_owned(),
                many => format!("{many} are left"),
            };
            let noun = if known == 1 { "finding" } else { "findings" };
            let message = format!("the baseline knows {known} {noun} of `{rule}` in {path}, and {left}");
            stale.push(
                Finding::at(span, message).help("take out what is mended: `pmkit lint --write-baseline`"),
            );
        }
    }
    let mut taken = 0;
    found.retain_mut(|diagnostic| {
        if baseline.known(diagnostic.rule, &diagnostic.path) == 0 {
            return true;
        }
        match more.get(&(diagnostic.rule.to_owned(), diagnostic.path.clone())) {
            Some(said) => {
                diagnostic.help.push(said.clone());
                true
            }
            None => {
                taken += 1 + diagnostic.more;
                false
            }
        }
    });
    let level =
        rules::index(STALE_BASELINE).map_or(Level::Warn, |index| levels.of(index, 0, None, BASELINE_FILE));
    if level > Level::Allow {
        let mut sink = Sink::new(STALE_BASELINE, BASELINE_FILE, None, &config.kinds);
        stale.into_iter().for_each(|finding| sink.push(finding));
        found.extend(sink.into_found().into_iter().map(|found| Diagnostic { level, ..found }));
    }
    taken
}
