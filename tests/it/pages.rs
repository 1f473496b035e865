//! The page of every rule is a test: its `bad` examples trip the rule and no other, its `good` ones none.
//!
//! All blocks under one `###` heading are one tree. A block says which file it is (`md bad file=docs/…`); a `toml` block
//! is `pmkit.toml` or a kind file. The day is 2026-11-20.

use std::collections::BTreeMap;

use pmkit::date::Date;
use pmkit::rules::RULES;

use crate::tree::Tree;

struct Block {
    example: String,
    path: String,
    bad: bool,
    bytes: Vec<u8>,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut example = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("### ") {
            title.clone_into(&mut example);
        }
        let Some(info) = line.strip_prefix("```") else { continue };
        let text: String =
            lines.by_ref().take_while(|line| *line != "```").flat_map(|line| [line, "\n"]).collect();
        let words: Vec<&str> = info.split_whitespace().collect();
        let named = |key: &str| words.iter().find_map(|word| word.strip_prefix(key)).map(str::to_owned);
        let Some(path) = named("file=") else { continue };
        let bytes = match named("encoding=").as_deref() {
            Some("latin-1") => text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect(),
            _ => text.into_bytes(),
        };
        found.push(Block { example: example.clone(), path, bad: words.contains(&"bad"), bytes });
    }
    found
}

#[test]
fn every_page_is_true() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let mut examples: BTreeMap<String, Vec<Block>> = BTreeMap::new();
        for block in blocks(rule.page) {
            examples.entry(block.example.clone()).or_default().push(block);
        }
        assert!(
            examples.values().flatten().any(|block| block.bad),
            "{} shows nothing that is wrong",
            rule.id
        );
        assert!(
            examples.values().flatten().any(|block| !block.bad),
            "{} shows nothing that is right",
            rule.id
        );
        for (title, blocks) in examples {
            let mut tree = Tree::default();
            for block in &blocks {
                tree.files.insert(block.path.clone(), block.bytes.clone());
            }
            let found = tree.lint(Date::parse("2026-11-20").unwrap());
            for block in &blocks {
                let rules: Vec<&str> =
                    found.iter().filter(|f| f.path == block.path).map(|f| f.rule).collect();
                let fits = match block.bad {
                    true => !rules.is_empty() && rules.iter().all(|name| *name == rule.id),
                    false => rules.is_empty(),
                };
                if !fits {
                    wrong.push(format!("{}, “{title}”, {}: {rules:?}", rule.id, block.path));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_page_has_its_parts() {
    for rule in RULES {
        let page = rule.page;
        assert!(page.starts_with(&format!("# {}\n\n", rule.id)), "{} begins with its name", rule.id);
        assert!(rule.summary().ends_with('.'), "{}: {}", rule.id, rule.summary());
        for part in ["Why", "Examples", "Fix", "Configuration", "See also"] {
            assert!(page.contains(&format!("\n## {part}\n")), "{} has a part {part}", rule.id);
        }
        // Links in examples lead nowhere on purpose.
        let (_, see_also) = page.rsplit_once("\n## See also\n").unwrap();
        let links = see_also.split("](").skip(1).filter_map(|rest| rest.split_once(".md)"));
        for (name, _) in links {
            assert!(pmkit::rules::find(name).is_some(), "{} points to {name}", rule.id);
        }
    }
}
