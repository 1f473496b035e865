//! SARIF 2.1.0, as code scanning services read it (OASIS, sarif-v2.1.0).

use std::io;
use std::io::Write;

use serde::Serialize;

use super::CurrentSource;
use super::Look;
use super::Sources;
use super::escape::write_json;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Level;
use crate::lint::Lint;
use crate::lint::fingerprints;
use crate::rules;
use crate::rules::RULES;
use crate::text::Lines;
use crate::text::Span;
use crate::text::percent_encoded;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// More results than these GitHub refuses; FIELD: it keeps the first 5,000 of 25,000.
const MOST_RESULTS: usize = 25_000;

/// How many of them GitHub's code scanning shows. FIELD: the top 5,000 of 25,000.
const MOST_SHOWN: usize = 5_000;

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    column_kind: &'static str,
    invocations: [Invocation; 1],
    results: Vec<Result<'a>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Text<'static>,
    full_description: Text<'static>,
    help: Help,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Help {
    text: &'static str,
    markdown: &'static str,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Text<'static>,
}

#[derive(Serialize)]
struct Text<'a> {
    text: std::borrow::Cow<'a, str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Result<'a> {
    rule_id: &'a str,
    rule_index: usize,
    level: &'static str,
    message: Text<'a>,
    locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix<'a>>,
}

#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "pmkit/v1")]
    own: String,
    /// The one that GitHub's code scanning looks at; it takes any text. Without it GitHub makes its own of the line's words.
    #[serde(rename = "primaryLocationLineHash")]
    of_github: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    physical_location: Place,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix<'a> {
    description: Text<'a>,
    artifact_changes: Vec<ArtifactChange<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'a> {
    artifact_location: Artifact,
    replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region,
    inserted_content: Text<'a>,
}

pub(super) fn lint(lint: &Lint, sources: Sources<'_>, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut source = CurrentSource::new(sources);
    let names = fingerprints(&lint.diagnostics);
    let mut named: Vec<(&Diagnostic, String)> = lint.diagnostics.iter().zip(names).collect();
    let mut notifications: Vec<Notification> =
        lint.summary.skipped.iter().map(|skipped| note(format!("left out: {skipped}"))).collect();
    notifications.extend(lint.summary.notes.iter().cloned().map(note));
    if named.len() > MOST_SHOWN {
        notifications.push(note(format!(
            "{} findings are in here, of which code scanning shows {MOST_SHOWN}: errors go first; see all: pmkit lint",
            named.len().min(MOST_RESULTS)
        )));
        // What fails a build goes first, else in order.
        named.sort_by_key(|(found, _)| found.level != Level::Deny);
    }
    if named.len() > MOST_RESULTS {
        notifications.push(note(format!(
            "{} findings are not in here: no more than {MOST_RESULTS} are taken; see them: pmkit lint",
            named.len() - MOST_RESULTS
        )));
        named.truncate(MOST_RESULTS);
    }
    let results = named.into_iter().map(|(found, name)| result(found, name, &mut source, look));
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "pmkit",
                    version: env!("CARGO_PKG_VERSION"),
                    rules: RULES.iter().map(rule).collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            results: results.collect(),
            invocations: [Invocation {
                execution_successful: true,
                tool_execution_notifications: notifications,
            }],
        }],
    };
    write_json(&log, true, out)
}

fn note(text: String) -> Notification {
    Notification { level: "note", message: Text { text: text.into() } }
}

fn rule(rule: &rules::Rule) -> Rule {
    Rule {
        id: rule.id,
        short_description: Text { text: rule.summary().into() },
        full_description: Text { text: rule.why().into() },
        help: Help { text: rule.page, markdown: rule.page },
        default_configuration: Configuration { level: level(rule.level) },
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Allow => "none",
        Level::Warn => "warning",
        Level::Deny => "error",
    }
}

fn result<'a>(
    found: &'a Diagnostic,
    name: String,
    source: &mut CurrentSource<'_>,
    look: Look<'_>,
) -> Result<'a> {
    let message = match &found.help[..] {
        [] => std::borrow::Cow::Borrowed(found.message.as_str()),
        help => format!("{}\n\n{}", found.message, help.join("\n")).into(),
    };
    let related = found.related.iter().map(|related| Location {
        physical_location: place(&related.path, related.span, source, look),
        message: Some(Text { text: related.message.as_str().into() }),
    });
    let related_locations = related.collect();
    let fixes = found.fix.iter().map(|fix| {
        let replacements = fix.edits.iter().map(|edit| (&edit.path, edit));
        let mut changes: Vec<ArtifactChange<'_>> = Vec::new();
        for (path, edit) in replacements {
            let artifact_location = artifact(path, look);
            let Some(deleted_region) = region(Some(edit.span), source.of(path)) else { continue };
            let replacement =
                Replacement { deleted_region, inserted_content: Text { text: edit.text.as_str().into() } };
            match changes.iter_mut().find(|change| change.artifact_location.uri == artifact_location.uri) {
                Some(change) => change.replacements.push(replacement),
                None => {
                    changes.push(ArtifactChange { artifact_location, replacements: vec![replacement] });
                }
            }
        }
        Fix { description: Text { text: fix.title.as_str().into() }, artifact_changes: changes }
    });
    let fixes: Vec<Fix<'_>> = fixes.filter(|fix| !fix.artifact_changes.is_empty()).collect();
    Result {
        rule_id: found.rule,
        rule_index: rules::index(found.rule).unwrap_or(0),
        level: level(found.level),
        message: Text { text: message },
        locations: [Location {
            physical_location: place(&found.path, found.span, source, look),
            message: None,
        }],
        related_locations,
        partial_fingerprints: Fingerprints { of_github: format!("{name}:1"), own: name },
        fixes,
    }
}

fn place(path: &str, span: Option<Span>, source: &mut CurrentSource<'_>, look: Look<'_>) -> Place {
    Place { artifact_location: artifact(path, look), region: region(span, source.of(path)) }
}

fn artifact(path: &str, look: Look<'_>) -> Artifact {
    Artifact { uri: percent_encoded(&format!("{}{path}", look.prefix)), uri_base_id: "%SRCROOT%" }
}

fn region(span: Option<Span>, lines: Option<Lines<'_>>) -> Option<Region> {
    let (span, lines) = (span?, lines?);
    let (start, end) = (lines.position(span.start()), lines.position(span.end()));
    Some(Region {
        start_line: start.line,
        start_column: start.column,
        end_line: end.line,
        end_column: end.column,
    })
}
