//! The house keeps its order: modules name only those before them, each foreign crate is named in one place, and no code
//! asks which kind of record it has before it.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// Crates whose types stay in one file or folder, and where.
const PLACES: [(&str, &[&str]); 27] = [
    ("aho_corasick", &["lint/against/words.rs"]),
    ("annotate_snippets", &["report/snippet.rs"]),
    ("any_ascii", &["text/slug.rs"]),
    ("comfy_table", &["report/markdown.rs"]),
    ("crossterm", &["bin/pmkit/keys.rs"]),
    ("csv", &["report/table.rs"]),
    ("git2", &["git.rs", "git/"]),
    ("globset", &["kind.rs", "kind/claim.rs", "config.rs", "config/"]),
    ("granit_parser", &["document/yaml.rs"]),
    ("ignore", &["codeowners.rs", "fs/tree.rs"]),
    ("inquire", &["bin/pmkit/ask.rs"]),
    ("jiff", &["date.rs", "bin/pmkit/clock.rs"]),
    ("minijinja", &["template.rs"]),
    ("percent_encoding", &["text/address.rs"]),
    ("postcard", &["git/cache.rs"]),
    (
        "pulldown_cmark",
        &[
            "document/anchors.rs",
            "document/fragments.rs",
            "document/outline.rs",
            "document/wording.rs",
            "report/markdown.rs",
        ],
    ),
    ("rayon", &["git/versions.rs", "workspace/read.rs"]),
    ("regex", &["kind/expression.rs", "config.rs", "config/load.rs"]),
    (
        "serde",
        &["compare/rewording.rs", "fs/journal.rs", "git/activity.rs", "git/cache.rs", "history/", "report/"],
    ),
    ("similar", &["compare/rewording.rs", "report/diff.rs"]),
    ("textwrap", &["report/markdown.rs"]),
    ("unicode_normalization", &["rules/name_collision.rs", "search/", "text/folded.rs"]),
    ("unicode_segmentation", &["report/grid.rs"]),
    ("unicode_width", &["report/grid.rs"]),
    ("signal_hook", &["fs/interrupt.rs"]),
    ("tempfile", &["fs/", "git/cache.rs", "bin/pmkit/demo.rs"]),
    ("toml", &["shape/"]),
];

/// Files that may read or write the disk.
const DOORS: [&str; 4] = ["fs.rs", "fs/", "git.rs", "git/"];

struct Source {
    /// Relative to `src`, with `/`.
    path: String,
    text: String,
}

impl Source {
    /// Returns the lines that are part of the program: comments and tests left out, each with its number.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let program = self.text.split("\n#[cfg(test)]\nmod tests").next().unwrap();
        program
            .lines()
            .enumerate()
            .map(|(at, line)| (at + 1, line))
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    fn module(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap()
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let below = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                found.push(Source { path: below, text: fs::read_to_string(&path).unwrap() });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.len() > 50, "the sources are where they should be");
    found
}

fn modules(sources: &[Source]) -> Vec<String> {
    let lib = sources.iter().find(|source| source.path == "lib.rs").unwrap();
    let names = lib.text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    names.map(str::to_owned).collect()
}

fn fail(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn modules_name_only_those_before_them() {
    let sources = sources();
    let order = modules(&sources);
    let rank = |name: &str| order.iter().position(|known| known == name);
    let mut wrong = Vec::new();
    for source in sources.iter().filter(|source| !source.path.starts_with("bin/") && source.path != "lib.rs")
    {
        let own = rank(source.module()).unwrap_or_else(|| panic!("{} is in no module", source.path));
        for (line, code) in source.code() {
            for named in code.split("crate::").skip(1) {
                let name: String = named.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if rank(&name).is_some_and(|named| named > own) {
                    wrong.push(format!("src/{}:{line} names `{name}`, which comes later", source.path));
                }
            }
        }
    }
    fail(&wrong);
}

#[test]
fn uses_are_one_a_line() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (line, code) in source.code() {
            let used = code.trim_start().strip_prefix("pub ").unwrap_or(code.trim_start());
            let braces = used.starts_with("use ") && (used.contains('{') || used.contains('*'));
            if braces || code.contains("super::super") {
                wrong.push(format!("src/{}:{line}: {code}", source.path));
            }
        }
    }
    fail(&wrong);
}

#[test]
fn foreign_crates_stay_in_their_places() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (line, code) in source.code() {
            for (name, places) in PLACES {
                let named = code.contains(&format!("use {name}::")) || code.contains(&format!(" {name}::"));
                if named && !places.iter().any(|place| source.path.starts_with(place)) {
                    wrong.push(format!(
                        "src/{}:{line} names `{name}`, which belongs to {places:?}",
                        source.path
                    ));
                }
            }
        }
    }
    fail(&wrong);
}

#[test]
fn the_library_has_two_doors() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !source.path.starts_with("bin/")) {
        let door = DOORS.iter().any(|door| source.path.starts_with(door));
        for (line, code) in source.code() {
            let disk = ["std::fs", "std::net", "std::process", "std::env", "fs::read", "fs::write"];
            for word in disk.iter().filter(|word| code.contains(**word)) {
                // The git program is started in one file, which takes git's own settings out of the environment it gets.
                let program = source.path == "git/program.rs" && matches!(*word, "std::process" | "std::env");
                let allowed = (door && word.contains("fs")) || code.contains("crate::fs") || program;
                if !allowed {
                    wrong.push(format!("src/{}:{line} reaches for `{word}`", source.path));
                }
            }
        }
    }
    fail(&wrong);
}

#[test]
fn no_code_knows_a_kind_by_name() {
    let kinds: Vec<String> = pmkit::kind::built_in()
        .iter()
        .map(|file| file.path.trim_start_matches("templates/").trim_end_matches(".toml").to_owned())
        .collect();
    let mut wrong = Vec::new();
    for source in sources() {
        for (line, code) in source.code() {
            // The tour types commands as a user would.
            let tour = source.path == "bin/pmkit/demo.rs";
            // What a difference is, in data, is a `change`, as the kind is.
            let code = if source.path == "report/compare.rs" {
                code.replace("\"change\"", "")
            } else {
                code.to_owned()
            };
            if kinds.iter().any(|kind| code.contains(&format!("\"{kind}\""))) && !tour {
                wrong.push(format!("src/{}:{line}: {}", source.path, code.trim()));
            }
        }
    }
    fail(&wrong);
}

#[test]
fn files_say_what_they_are_and_stay_small() {
    let mut wrong = Vec::new();
    for source in sources() {
        if !source.text.starts_with("//! ") {
            wrong.push(format!("src/{} does not begin with a sentence on what lives there", source.path));
        }
        let lines = source.text.lines().count();
        if lines > 600 {
            wrong.push(format!("src/{} has {lines} lines: is there a second idea inside?", source.path));
        }
    }
    fail(&wrong);
}

#[test]
fn every_rule_has_its_two_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for rule in pmkit::rules::RULES {
        let file = format!("src/rules/{}.rs", rule.id.replace('-', "_"));
        assert!(root.join(&file).exists(), "{file}");
        assert!(root.join(format!("docs/rules/{}.md", rule.id)).exists(), "the page of {}", rule.id);
    }
    let files = fs::read_dir(root.join("src/rules")).unwrap().count();
    assert_eq!(files, pmkit::rules::RULES.len(), "a file for each rule, and nothing else");
    let pages = fs::read_dir(root.join("docs/rules")).unwrap().count() - 1;
    assert_eq!(pages, pmkit::rules::RULES.len(), "a page for each rule and a README, and nothing else");
}

#[test]
fn the_top_of_the_tree_explains_itself() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let listed =
        std::process::Command::new("git").args(["ls-tree", "--name-only", "HEAD"]).current_dir(root).output();
    // A packed crate is no repository.
    let Some(listed) = listed.ok().filter(|listed| listed.status.success()) else { return };
    let known = [
        ".ci",
        ".github",
        ".gitattributes",
        ".gitignore",
        ".pmkit",
        ".pre-commit-hooks.yaml",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "action.yml",
        "benches",
        "build.rs",
        "clippy.toml",
        "deny.toml",
        "docs",
        "examples",
        "pmkit.toml",
        "rustfmt.toml",
        "scripts",
        "src",
        "templates",
        "tests",
    ];
    let names = String::from_utf8(listed.stdout).unwrap();
    let strange: Vec<String> = names
        .lines()
        .filter(|name| !known.contains(name))
        .map(|name| format!("{name} lies at the top"))
        .collect();
    fail(&strange);
}
