//! The page of every rule is a test: its `bad` examples trip the rule and no other, its `good` ones none.
//!
//! All blocks under one `###` heading are one tree. A block says which file it is (`md bad file=docs/…`); a `toml` block
//! is `pmkit.toml` or a kind file; `encoding=latin-1` and `encoding=escapes` (`\u{202e}`) write what Markdown cannot show.
//! Where a rule speaks of another one's finding, `with=` names that one. A block `on=2026-10-20` is a commit of that
//! day, and the same file again is its next one (`gone`: it is deleted); what stands without was not committed; one with
//! `branch=main` is so on that branch. What has `hands=maya,lee` is a change in which they had a hand. Whatever is
//! committed Maya has committed. A block marked `before` is what a change begins with; the others of its tree are what it comes to. The
//! day is 2026-11-20.

use std::collections::BTreeMap;

use pmkit::date::Date;
use pmkit::rules::RULES;

use crate::tree::Tree;

struct Block {
    example: String,
    path: String,
    bad: bool,
    with: Option<String>,
    bytes: Vec<u8>,
    /// The day on which it was committed.
    on: Option<Date>,
    /// Whether the file was deleted then.
    gone: bool,
    /// The branch that has it so.
    branch: Option<String>,
    /// Who had a hand in it, where it is a change.
    hands: Vec<String>,
    /// Whether it is how the file was before a change.
    before: bool,
}

/// Returns the tree that the blocks of one example make: each with a day is a commit of its own.
fn tree_of(blocks: &[Block]) -> Tree {
    let mut tree = Tree::default();
    for block in blocks {
        if let Some(branch) = &block.branch {
            tree.branches.push((branch.clone(), block.path.clone(), block.bytes.clone()));
            continue;
        }
        if block.before {
            tree.before.insert(block.path.clone(), block.bytes.clone());
            continue;
        }
        if !block.hands.is_empty() {
            tree.hands.push((block.path.clone(), block.hands.clone()));
        }
        match block.gone {
            true => drop(tree.files.remove(&block.path)),
            false => drop(tree.files.insert(block.path.clone(), block.bytes.clone())),
        }
        tree.commits.extend(block.on.map(|day| (day, tree.files.clone())));
    }
    tree
}

/// Says which of `blocks` are what their files hold in the end.
fn last(blocks: &[Block]) -> impl Iterator<Item = &Block> {
    let later = |at: usize, path: &str| blocks[at + 1..].iter().any(|block| block.path == path);
    blocks
        .iter()
        .enumerate()
        .filter(move |(at, block)| {
            !later(*at, &block.path) && !block.gone && !block.before && block.branch.is_none()
        })
        .map(|(_, block)| block)
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
            Some("escapes") => unescaped(&text).into_bytes(),
            _ => text.into_bytes(),
        };
        let (bad, gone) = (words.contains(&"bad"), words.contains(&"gone"));
        let (with, on) = (named("with="), named("on=").map(|day| Date::parse(&day).unwrap()));
        found.push(Block {
            example: example.clone(),
            path,
            bad,
            with,
            bytes,
            on,
            gone,
            branch: named("branch="),
            before: words.contains(&"before"),
            hands: named("hands=")
                .map(|hands| hands.split(',').map(str::to_owned).collect())
                .unwrap_or_default(),
        });
    }
    found
}

/// Reads `\u{202e}` as the character it stands for.
fn unescaped(text: &str) -> String {
    let mut parts = text.split("\\u{");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('}').unwrap();
        out.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
        out.push_str(rest);
    }
    out
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
            let tree = tree_of(&blocks);
            let found = tree.lint(Date::parse("2026-11-20").unwrap());
            for block in last(&blocks) {
                let rules: Vec<&str> =
                    found.iter().filter(|f| f.path == block.path).map(|f| f.rule).collect();
                let other = |name: &&&str| block.with.as_deref() == Some(**name);
                let with = rules.iter().filter(other).count();
                let own = rules.iter().filter(|name| **name == rule.id).count();
                let fits = match block.bad {
                    true => own > 0 && own + with == rules.len() && (with > 0) == block.with.is_some(),
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

/// Returns the trees of a page, each with its title.
fn trees(page: &str) -> BTreeMap<String, Tree> {
    let mut examples: BTreeMap<String, Vec<Block>> = BTreeMap::new();
    for block in blocks(page) {
        examples.entry(block.example.clone()).or_default().push(block);
    }
    examples.into_iter().map(|(title, blocks)| (title, tree_of(&blocks))).collect()
}

/// Every finding comes with a fix, or with something exact to write: without exception.
#[test]
fn every_finding_says_what_to_write() {
    let today = Date::parse("2026-11-20").unwrap();
    let mut without = Vec::new();
    for rule in RULES {
        for (title, tree) in trees(rule.page) {
            for found in tree.lint(today).into_iter().filter(|found| found.rule == rule.id) {
                let exact = |help: &String| help.contains(['`', '“']) || help.contains(": pmkit ");
                if found.fix.is_none() && !found.help.iter().any(exact) {
                    without.push((rule.id, title.clone()));
                }
            }
        }
    }
    assert!(without.is_empty(), "{without:#?}");
}

#[test]
fn fixing_twice_is_fixing_once() {
    let today = Date::parse("2026-11-20").unwrap();
    for rule in RULES {
        for (title, tree) in trees(rule.page) {
            // What cannot be read as text has no fix.
            if tree.files.values().any(|bytes| std::str::from_utf8(bytes).is_err()) {
                continue;
            }
            for unsafe_too in [false, true] {
                let once = tree.fixed(unsafe_too, today);
                let twice = once.fixed(unsafe_too, today);
                assert_eq!(once.files, twice.files, "{}, “{title}”", rule.id);
            }
        }
    }
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
