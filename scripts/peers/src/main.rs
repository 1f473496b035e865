//! Makes the figures of docs/decisions again: what the crates we did not take do with the same inputs.
//!
//! `scripts/peers/run yaml FILE` holds YAML readers against the YAML test suite (a case a line, as JSON).
//! `scripts/peers/run nesting` times them on deep nesting. `scripts/peers/run front-matter` shows what a round trip through
//! gray_matter loses. `scripts/peers/run walk DIR` counts files with and without `.gitignore`.

use std::env;
use std::error::Error;
use std::fs;
use std::process::ExitCode;
use std::time::Duration;
use std::time::Instant;

use gray_matter::Matter;
use gray_matter::engine::YAML;
use serde_json::Value;

type Outcome = Result<(), Box<dyn Error>>;

/// Says whether a reader takes a text as YAML.
type Accepts = fn(&str) -> bool;

const READERS: [(&str, Accepts); 3] = [
    ("granit-parser", |text| granit_parser::Parser::new_from_str(text).all(|event| event.is_ok())),
    ("saphyr-parser", |text| saphyr_parser::Parser::new_from_str(text).all(|event| event.is_ok())),
    ("serde_yaml", |text| {
        use serde::Deserialize;
        serde_yaml::Deserializer::from_str(text).all(|document| serde_yaml::Value::deserialize(document).is_ok())
    }),
];

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words[..] {
        ["yaml", file] => yaml(file),
        ["nesting"] => nesting(),
        ["front-matter"] => front_matter(),
        ["walk", folder] => walk(folder),
        _ => Err("usage: peers yaml FILE | nesting | front-matter | walk DIR".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn yaml(file: &str) -> Outcome {
    let cases = fs::read_to_string(file)?;
    let cases = cases.lines().map(serde_json::from_str).collect::<Result<Vec<Value>, _>>()?;
    let valid = cases.iter().filter(|case| case["valid"] == true).count();
    println!("{:14} {:>14} {:>16}", "reader", "accepts valid", "rejects invalid");
    for (name, accepts) in READERS {
        let right = |valid: bool| {
            let cases = cases.iter().filter(|case| (case["valid"] == true) == valid);
            cases.filter(|case| accepts(case["yaml"].as_str().unwrap_or_default()) == valid).count()
        };
        println!("{name:14} {:>8}/{valid:<5} {:>10}/{:<5}", right(true), right(false), cases.len() - valid);
    }
    Ok(())
}

fn nesting() -> Outcome {
    for depth in [4_000, 16_000, 64_000] {
        for (name, accepts) in READERS {
            let text = format!("a: {}", "[".repeat(depth));
            let start = Instant::now();
            let accepted = accepts(&text);
            let took = start.elapsed();
            println!("{depth:6} brackets, {name:14} {took:>12.1?} {}", if accepted { "accepted" } else { "rejected" });
            if took > Duration::from_secs(20) {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn front_matter() -> Outcome {
    let plain = "---\r\nid: 0007\r\nversion: 1.10\r\nno: no # a comment\r\n---\r\nBody\r\n";
    for text in [plain.to_owned(), format!("\u{feff}{plain}")] {
        let parsed = Matter::<YAML>::new().parse::<serde_json::Value>(&text)?;
        println!("text     {text:?}");
        println!("data     {}", parsed.data.unwrap_or_default());
        println!("matter   {:?}", parsed.matter);
        println!("content  {:?}\n", parsed.content);
    }
    Ok(())
}

fn walk(folder: &str) -> Outcome {
    let markdown = |path: &std::path::Path| path.extension().is_some_and(|extension| extension == "md");
    let all = walkdir::WalkDir::new(folder).into_iter().flatten().filter(|entry| markdown(entry.path())).count();
    let kept = ignore::Walk::new(folder).flatten().filter(|entry| markdown(entry.path())).count();
    println!("walkdir {all} markdown files, ignore {kept}: {} of them ignored by the repository", all - kept);
    Ok(())
}
