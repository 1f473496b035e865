//! The files for CI: the pages show them as they are, and what they run has been run.

use std::fs;
use std::path::Path;
use std::process::Command;

const PAGES: [&str; 3] = ["docs/ci/github.md", "docs/ci/gitlab.md", "docs/ci/shell.md"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns `page` with every block below `<!-- file: PATH -->` as the file has it, and those files.
fn shown(page: &str) -> (String, Vec<String>) {
    let (mut out, mut files) = (String::new(), Vec::new());
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        out.push_str(&format!("{line}\n"));
        let Some(file) = line.strip_prefix("<!-- file: ").and_then(|rest| rest.strip_suffix(" -->")) else {
            continue;
        };
        assert_eq!(lines.next(), Some("```yaml"), "{file}");
        assert!(lines.by_ref().any(|line| line == "```"), "{file}");
        out.push_str(&format!("```yaml\n{}```\n", fs::read_to_string(root().join(file)).unwrap()));
        files.push(file.to_owned());
    }
    (out, files)
}

#[test]
fn pages_show_the_files_as_they_are() {
    let mut files = Vec::new();
    for path in PAGES {
        let file = root().join(path);
        let there = fs::read_to_string(&file).unwrap();
        let (made, named) = shown(&there);
        files.extend(named);
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&file, made).unwrap();
        } else {
            assert!(there == made, "{path} shows another file than there is; run UPDATE=1 cargo test");
        }
    }
    assert_eq!(files.len(), 4, "each is shown once: {files:?}");
}

#[test]
fn scripts_reach_no_text_that_others_write() {
    for path in ["action.yml", "templates/ci/github/pmkit.yml", "templates/ci/github/pmkit-comment.yml"] {
        let text = fs::read_to_string(root().join(path)).unwrap();
        let mut deep = None;
        for line in text.lines() {
            let depth = line.len() - line.trim_start().len();
            deep = deep.filter(|run| line.is_empty() || depth > *run);
            assert!(deep.is_none() || !line.contains("${{"), "{path}: {line}");
            if line.trim_start().trim_start_matches("- ").starts_with("run:") {
                assert!(!line.contains("${{"), "{path}: {line}");
                deep = Some(depth);
            }
        }
        assert!(!text.contains("pull_request_target") && !text.contains("secrets."), "{path}");
        for used in text.lines().filter_map(|line| line.split_once("uses: ")) {
            let pinned = used.1.split_once('@').is_some_and(|(_, commit)| {
                let (commit, version) = commit.split_once(" # v").unwrap_or_default();
                commit.len() == 40
                    && commit.bytes().all(|byte| byte.is_ascii_hexdigit())
                    && !version.is_empty()
            });
            assert!(pinned, "{path}: {}", used.1);
        }
    }
    let comment = fs::read_to_string(root().join("templates/ci/github/pmkit-comment.yml")).unwrap();
    assert!(
        !comment.contains("checkout") && !comment.contains("contents:"),
        "it takes nothing of the pull request"
    );
}

/// `scripts/check-ci` does so with GitHub's own Markdown at hand, too.
#[test]
fn the_scripts_inside_do_what_they_say() {
    // A packed crate has no scripts.
    let script = root().join("scripts/check-ci-files");
    let python = Command::new("python3").arg("--version").output();
    if !script.exists() || !python.is_ok_and(|found| found.status.success()) || cfg!(windows) {
        eprintln!(
            "NOT CHECKED: the scripts inside the files for CI need python3, and a system with files as Unix has them"
        );
        return;
    }
    let ended = Command::new("python3").arg(script).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stdout).into_owned() + &String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{said}");
    said.lines().filter(|line| line.starts_with("NOT CHECKED")).for_each(|line| eprintln!("{line}"));
}
