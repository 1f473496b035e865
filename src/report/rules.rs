//! The rules with their levels, and who sets those: for the terminal, for the docs folder, for programs.

use std::io;
use std::io::Write;

use serde::Serialize;

use super::CatalogFormat;
use super::Look;
use super::catalog::put;
use super::escape::write_json;
use super::markdown::cell;
use crate::config::Config;
use crate::diagnostic::Level;
use crate::lint::Source;
use crate::lint::settled;
use crate::lint::settled_at;
use crate::record::Record;
use crate::rules::RULES;
use crate::rules::Rule;

/// A level, where it holds, and who says so.
struct Told {
    level: Level,
    /// For which records; empty for all that nothing else is said of.
    here: String,
    from: String,
}

/// Writes the table of rules: with the levels that hold in the tree, or with those that hold for the one record
/// `of`, whose document allows some itself.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn rules(
    format: CatalogFormat,
    config: &Config,
    of: Option<(&Record, &[&str])>,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let levels = |rule: &Rule| match of {
        Some((_, allowed)) if allowed.contains(&rule.id) => {
            let from = "the document itself".to_owned();
            vec![Told { level: Level::Allow, here: String::new(), from }]
        }
        Some((record, _)) => vec![of_record(config, rule, record)],
        None => everywhere(config, rule),
    };
    if format == CatalogFormat::Json {
        let entry = |rule: &'static Rule| {
            let mut levels = levels(rule).into_iter();
            let first = levels.next();
            RuleEntry {
                id: rule.id,
                level: first.as_ref().map_or(rule.level, |told| told.level).name(),
                from: first.map_or_else(String::new, |told| told.from),
                elsewhere: levels
                    .map(|told| Elsewhere { level: told.level.name(), r#where: told.here, from: told.from })
                    .collect(),
                fixes: rule.fixes,
                summary: rule.summary(),
            }
        };
        let rules = RULES.iter().map(entry).collect();
        return write_json(&RulesDocument { schema: "pmkit.rules/1", rules }, true, out);
    }
    let mut page = String::from("| rule | level | fix | what it finds |\n|---|---|---|---|\n");
    for rule in RULES {
        let said = levels(rule).into_iter().map(|told| {
            let here = if told.here.is_empty() { String::new() } else { format!(" {}", told.here) };
            let from = if told.from == "rule" { String::new() } else { format!(" ({})", told.from) };
            format!("{}{here}{from}", told.level.name())
        });
        let said = said.collect::<Vec<_>>().join("; ");
        let name = match format {
            CatalogFormat::Markdown => format!("[`{}`]({}.md)", rule.id, rule.id),
            _ => rule.id.to_owned(),
        };
        let fix = if rule.fixes { "yes" } else { "" };
        page.push_str(&format!("| {name} | {} | {fix} | {} |\n", cell(&said), cell(rule.summary())));
    }
    put(format, &page, look, out)
}

fn of_record(config: &Config, rule: &Rule, record: &Record) -> Told {
    let kind = config.kinds.at(record.kind);
    let (level, source) = settled_at(config, rule, kind, record.state.as_deref(), &record.path);
    Told { level, here: String::new(), from: from(&source) }
}

/// Returns the level that holds where nothing more is said, and then every other one.
fn everywhere(config: &Config, rule: &Rule) -> Vec<Told> {
    let told = config.rules.iter().find(|(name, _)| name == rule.id);
    let base = told.map_or(rule.level, |(_, level)| *level);
    let from_base = if told.is_some() { "pmkit.toml" } else { "rule" };
    let mut found = vec![Told { level: base, here: String::new(), from: from_base.to_owned() }];
    // What kinds say, those that say the same together.
    let mut same: Vec<(Level, String, Vec<&str>)> = Vec::new();
    for kind in config.kinds.all() {
        let states = kind.lifecycle.levels.iter().map(|(state, _)| Some(state.as_str()));
        for state in std::iter::once(None).chain(states) {
            let (level, source) = settled(config, rule, kind, state);
            let own = matches!(&source, Source::Kind { state: of, .. } if of.as_deref() == state);
            if !own {
                continue;
            }
            let place = state.map(|state| format!("in {state} of ")).unwrap_or_else(|| "in ".to_owned());
            match same.iter_mut().find(|(known, at, _)| *known == level && *at == place) {
                Some((_, _, kinds)) => kinds.push(&kind.id),
                None => same.push((level, place, vec![&kind.id])),
            }
        }
    }
    for (level, place, kinds) in same {
        let from = if kinds.len() == 1 { "kind file" } else { "kind files" };
        found.push(Told { level, here: format!("{place}{}", kinds.join(", ")), from: from.to_owned() });
    }
    for entry in &config.overrides {
        if let Some((_, level)) = entry.rules.iter().find(|(name, _)| name == rule.id) {
            let here = format!("in {}", entry.globs.join(", "));
            found.push(Told { level: *level, here, from: "pmkit.toml".to_owned() });
        }
    }
    found
}

fn from(source: &Source) -> String {
    match source {
        Source::Rule => "rule".to_owned(),
        Source::Kind { kind, state: None } => format!("kind {kind}"),
        Source::Kind { kind, state: Some(state) } => format!("kind {kind}, {state}"),
        Source::Configuration => "pmkit.toml".to_owned(),
        Source::Override(paths) => format!("pmkit.toml, {}", paths.join(", ")),
    }
}

#[derive(Serialize)]
struct RulesDocument<'a> {
    schema: &'static str,
    rules: Vec<RuleEntry<'a>>,
}

#[derive(Serialize)]
struct RuleEntry<'a> {
    id: &'a str,
    level: &'a str,
    from: String,
    elsewhere: Vec<Elsewhere<'a>>,
    fixes: bool,
    summary: &'a str,
}

#[derive(Serialize)]
struct Elsewhere<'a> {
    level: &'a str,
    r#where: String,
    from: String,
}
