//! Holds lint against real documents whose front matter is odd: `scripts/check-messy FOLDER`.
//!
//! The folder has a `MANIFEST.json` that names, for each file, the rules of which at least one must speak (none: any
//! answer is fine). Every file is read as a record of a plain kind; none may stop the program.

use std::env;
use std::fs;
use std::io;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use serde_json::Value;

use pmkit::config::Settings;
use pmkit::config::load;
use pmkit::date::Date;
use pmkit::kind::KindFile;
use pmkit::lint::Request;
use pmkit::lint::Told;
use pmkit::lint::View;
use pmkit::lint::lint;
use pmkit::rules;
use pmkit::workspace::Inputs;

const KIND: &str = r#"
id = "proposal"
title = "Proposal"
prefix = "P"
path = "{number}__{slug}.md"
[[field]]
name = "id"
[[field]]
name = "title"
required = true
[[field]]
name = "owner"
key = "author"
aliases = ["authors"]
type = "people"
[[field]]
name = "created"
aliases = ["creation-date"]
type = "date"
[[field]]
name = "updated"
aliases = ["last-updated"]
type = "date"
[lifecycle]
"#;

fn main() -> io::Result<ExitCode> {
    let mut out = io::stdout().lock();
    let Some(folder) = env::args().nth(1) else {
        writeln!(out, "usage: check-messy FOLDER (with a MANIFEST.json)")?;
        return Ok(ExitCode::from(2));
    };
    let folder = Path::new(&folder);
    let Ok(manifest) = fs::read_to_string(folder.join("MANIFEST.json")) else {
        writeln!(out, "NOT CHECKED: there is no {}", folder.join("MANIFEST.json").display())?;
        return Ok(ExitCode::from(2));
    };
    let kind =
        KindFile { path: "proposal.toml".to_owned(), text: KIND.into(), template: None, built_in: false };
    let settings = Settings { kinds: vec![kind], ..Settings::default() };
    let config = load(&settings, &rules::names()).map_err(|error| io::Error::other(error.to_string()))?;
    let today = Date::parse("2026-11-20").ok_or_else(|| io::Error::other("no date"))?;
    let cases: Vec<Value> = serde_json::from_str(&manifest)?;
    let mut missed = 0;
    for case in &cases {
        let name = case["file"].as_str().unwrap_or_default().to_owned();
        let bytes = fs::read(folder.join(&name))?;
        let read = |_: &str| Ok(bytes.clone());
        let paths = [name.clone()];
        let found = lint(Request {
            config: &config,
            view: View::of(Inputs { paths: &paths, read: &read, around: None }),
            today,
            selected: &|_| true,
            told: &Told::default(),
            baseline: true,
            activity: None,
        });
        let found = found.map_err(|error| io::Error::other(error.to_string()))?.diagnostics;
        let expected: Vec<&str> =
            case["expect"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let spoke = expected.is_empty() || found.iter().any(|found| expected.contains(&found.rule));
        missed += usize::from(!spoke);
        writeln!(out, "{} {name}", if spoke { "ok    " } else { "MISSED" })?;
        for found in
            found.iter().filter(|found| found.rule != "unknown-field" || expected.contains(&"unknown-field"))
        {
            writeln!(out, "         {}: {}", found.rule, pmkit::text::visible(&found.message))?;
        }
    }
    writeln!(out, "{} files, {missed} missed", cases.len())?;
    Ok(if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
