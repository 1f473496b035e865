//! Holds the decision record against events worked out by other means: `scripts/check-truth REPOSITORY KIND-FILE TRUTH`.
//!
//! The truth is a JSON document with `documents`, each with the `path` it has last and its `events`: `kind`, `old`, `new`,
//! `commit`, `path`. What differs is printed, one line an event, `-` for the truth's and `+` for ours.

use std::collections::BTreeSet;
use std::env;
use std::error::Error;
use std::fs;
use std::io;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use pmkit::config::Settings;
use pmkit::config::load;
use pmkit::git::Git;
use pmkit::git::Program;
use pmkit::git::Source;
use pmkit::history::History;
use pmkit::history::What;
use pmkit::kind::KindFile;
use pmkit::rules;
use serde_json::Value;

/// Path the document has last, what happened, old and new value, commit, path then.
type Told = (String, String, Option<String>, Option<String>, String, String);

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut out = io::stdout().lock();
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [repository, kind, truth] = &arguments[..] else {
        writeln!(out, "usage: check-truth REPOSITORY KIND-FILE TRUTH")?;
        return Ok(ExitCode::from(2));
    };
    if let Some(absent) = arguments.iter().find(|path| !Path::new(path).exists()) {
        writeln!(out, "NOT CHECKED: there is no {absent}")?;
        return Ok(ExitCode::from(2));
    }
    let text = fs::read_to_string(kind)?;
    let file = KindFile { path: kind.clone(), text: text.into(), template: None, built_in: false };
    let config = load(&Settings { kinds: vec![file], ..Settings::default() }, &rules::names())
        .map_err(|error| error.to_string())?;
    let truth: Value = serde_json::from_str(&fs::read_to_string(truth)?)?;
    let expected = told(&truth);
    let top = Path::new(repository).canonicalize()?;
    let git = Git::open(&top).map_err(|why| format!("{why:?}"))?;
    let program = Program::new(&top);
    let mut failed = false;
    for (name, source) in [("libgit2", Source::Library(&git)), ("the git program", Source::Program(&program))]
    {
        let history = source.history_afresh(&config, "", "HEAD").map_err(|why| format!("{why:?}"))?;
        let found = ours(&history);
        for missing in expected.difference(&found) {
            writeln!(out, "- {missing:?}")?;
        }
        for extra in found.difference(&expected) {
            writeln!(out, "+ {extra:?}")?;
        }
        let wrong = expected.symmetric_difference(&found).count();
        writeln!(out, "{name}: {} events, {wrong} differences", expected.len())?;
        failed |= wrong > 0 || !history.is_complete();
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn told(truth: &Value) -> BTreeSet<Told> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let mut told = BTreeSet::new();
    for document in truth["documents"].as_array().into_iter().flatten() {
        let last = text(&document["path"]).unwrap_or_default();
        for event in document["events"].as_array().into_iter().flatten() {
            told.insert((
                last.clone(),
                text(&event["kind"]).unwrap_or_default(),
                text(&event["old"]),
                text(&event["new"]),
                text(&event["commit"]).unwrap_or_default(),
                text(&event["path"]).unwrap_or_default(),
            ));
        }
    }
    told
}

fn ours(history: &History) -> BTreeSet<Told> {
    let status = history
        .events
        .iter()
        .filter(|event| !matches!(event.what, What::Field | What::Renamed | What::Rewritten));
    let told = |event: &pmkit::history::Event| {
        (
            history.documents()[event.document].path.to_string(),
            event.what.word().to_owned(),
            event.old.as_deref().map(str::to_owned),
            event.new.as_deref().map(str::to_owned),
            history.commits[event.commit].id.to_string(),
            event.path.to_string(),
        )
    };
    status.map(told).collect()
}
