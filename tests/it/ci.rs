//! The files for CI: the pages show them as they are, and what they run has been run.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::program::Program;

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

const GITHUB: [&str; 2] = ["pmkit-comment.yml", "pmkit.yml"];
const FROM: &str =
    "next:  say where pmkit comes from, in .github/workflows/pmkit.yml: PMKIT_SOURCE and PMKIT_COMMIT\n";

/// Runs `pmkit init`, which must succeed, and returns what it printed.
fn init(program: &Program, words: &[&str]) -> String {
    let run = program.run(&[&["init"], words].concat());
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{words:?}");
    run.out
}

fn template(path: &str) -> String {
    fs::read_to_string(root().join("templates/ci").join(path)).unwrap()
}

#[test]
fn init_writes_the_files_beside_what_it_writes() {
    let program = Program::in_repository();
    let out = init(
        &program,
        &["--preset", "minimal", "--ci", "gitlab,github", "--ci", "github", "--ci=pre-commit"],
    );
    let written = "wrote  pmkit.toml\nwrote  .github/workflows/pmkit.yml\nwrote  .github/workflows/pmkit-comment.yml\nwrote  .gitlab-ci.yml\nwrote  .pre-commit-config.yaml\n";
    let next = "next:  name an image that has pmkit, in .gitlab-ci.yml\nnext:  pre-commit install --hook-type pre-commit --hook-type pre-push\nnext:  pmkit new risk \"What may go wrong, in a line\"\n";
    assert_eq!(out, format!("{written}{FROM}{next}"));
    assert_eq!(program.files(".github/workflows"), GITHUB);
    assert_eq!(program.read(".github/workflows/pmkit.yml"), template("github/pmkit.yml"));
    assert_eq!(program.read(".github/workflows/pmkit-comment.yml"), template("github/pmkit-comment.yml"));
    assert_eq!(program.read(".gitlab-ci.yml"), template("gitlab/pmkit.gitlab-ci.yml"));
    assert_eq!(program.read(".pre-commit-config.yaml"), template("pre-commit/.pre-commit-config.yaml"));
    let again = init(&program, &["--ci", "github,gitlab,pre-commit"]);
    assert!(!again.contains("wrote") && again.matches("(it is there already)\n").count() == 4, "{again}");
    assert_eq!(program.git(&["status", "--short", "--", ".git"]), "");
}

#[test]
fn where_pmkit_toml_is_there_it_writes_those_alone() {
    let program = Program::in_repository();
    program.write("pmkit.toml", "");
    program.write(".github/workflows/pmkit.yml", "run: pmkit review --base x\n");
    let out = init(&program, &["--ci", "github"]);
    let kept = "kept   .github/workflows/pmkit.yml (it is there already)\nwrote  .github/workflows/pmkit-comment.yml\n";
    assert_eq!(out, format!("{kept}{FROM}"));
    assert_eq!(program.read(".github/workflows/pmkit.yml"), "run: pmkit review --base x\n");
    assert_eq!(program.files("docs"), [""; 0]);
}

#[test]
fn beside_somebody_else_s_workflow_of_that_name_nothing_is_written() {
    let program = Program::in_repository();
    program.write("pmkit.toml", "");
    program.write(".github/workflows/pmkit.yml", "run: make # pmkit review: later\n");
    let out = init(&program, &["--ci", "github"]);
    let expected = "kept   .github/workflows/pmkit.yml (it is there already, and does not run pmkit); no file for GitHub is written\nnext:  give that workflow another name, then: pmkit init --ci github\n";
    assert_eq!(out, expected);
    assert_eq!(program.files(".github/workflows"), ["pmkit.yml"]);
    let run = program.run(&["init", "--preset", "strict", "--dir", "notes", "--ci", "gitlab"]);
    let note = "note: pmkit.toml is there already and stays as it is: --preset and --dir are left aside\n";
    assert_eq!((run.code, run.err.as_str()), (0, note));
    assert_eq!(program.read("pmkit.toml"), "");
}

#[test]
fn a_team_s_own_file_is_left_and_the_lines_for_it_are_printed() {
    let program = Program::in_repository();
    program.write("pmkit.toml", "");
    program.write(".gitlab-ci.yml", "test: { script: [make] }\n");
    program.write(".pre-commit-config.yaml", "repos: []\n");
    let out = init(&program, &["--ci", "gitlab,pre-commit"]);
    let (_, job) = out.split_once("\nto .gitlab-ci.yml:\n\n").unwrap();
    let (job, hooks) = job.split_once("\nto .pre-commit-config.yaml, under `repos:`:\n\n").unwrap();
    assert!(
        template("gitlab/pmkit.gitlab-ci.yml").trim_end().ends_with(job.trim_end())
            && job.starts_with("pmkit:\n"),
        "{job}"
    );
    let hooks = hooks.split("\nnext:").next().unwrap();
    assert!(
        template("pre-commit/.pre-commit-config.yaml").trim_end().ends_with(hooks.trim_end())
            && hooks.contains("pmkit-lint"),
        "{hooks}"
    );
    assert_eq!(program.read(".gitlab-ci.yml"), "test: { script: [make] }\n");
    // What runs pmkit already needs nothing.
    program.write(".gitlab-ci.yml", format!("test: {{ script: [make] }}\n{job}"));
    let out = init(&program, &["--ci", "gitlab"]);
    assert!(out.starts_with("kept   .gitlab-ci.yml (it is there already)\nnext:"), "{out}");
}

#[test]
fn what_stands_in_the_way_is_told_and_nothing_is_written() {
    let program = Program::in_repository();
    program.write(".github", "a file\n");
    let run = program.run(&["init", "--ci", "github"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
    assert_eq!(program.files("."), [".git", ".github"]);
    let run = program.run(&["init", "--ci", "githbu"]);
    assert!(run.code == 2 && run.err.contains("github"), "{}", run.err);
    program.write("shop/pmkit.toml", "");
    let run = program.run(&["-C", "shop", "init", "--ci", "gitlab"]);
    assert!(run.code == 2 && run.err.contains("repository's top"), "{}", run.err);
    assert_eq!(program.files("shop"), ["pmkit.toml"]);
}

/// Returns what a job runs, as one script: the items of the list between two lines.
#[cfg(unix)]
fn script_of(file: &str, from: &str, to: &str) -> String {
    let text = template(file);
    let (_, rest) = text.split_once(from).unwrap();
    let plain = |line: &str| {
        let line = line.trim_start();
        format!("{}\n", line.strip_prefix("- ").unwrap_or(line).trim_start_matches('|'))
    };
    format!("set -eu\n{}", rest.split(to).next().unwrap().lines().map(plain).collect::<String>())
}

/// A project `up.git`, whose branch `bad` brings a risk without an owner. Its tags, and the main branch of the fork, allow that.
#[cfg(unix)]
const FORKED: &str = r#"
git init --quiet --initial-branch main shop && cd shop
echo '[rules]' > pmkit.toml && git add --all && git commit --quiet --message begun
git switch --quiet --create weak
printf '[rules]\nmissing-field = "allow"\npolicy-weakened = "allow"\n' > pmkit.toml && git commit --quiet --all --message weaker
git switch --quiet --create bad main
mkdir -p docs/raid && printf -- '---\nid: R-0001\nstatus: open\nowner:\n---\n' > docs/raid/R-0001-x.md && ln -s /tmp pmkit-reports
git add --all && git commit --quiet --message "no owner" && cd ..
for name in up fork; do
    git clone --quiet --bare shop $name.git
    git -C shop push --quiet ../$name.git weak:refs/tags/main weak:refs/tags/origin/main
done
git -C fork.git update-ref refs/heads/main refs/heads/weak
for name in up fork; do git clone --quiet --branch bad $name.git of-$name; done
mkdir temp
"#;

/// Runs a job's script in `folder`, with our program on the path and `variables`; returns whether it went well, and what it printed.
#[cfg(unix)]
fn job(program: &Program, script: &str, folder: &str, variables: &[(&str, &str)]) -> (bool, String) {
    let mut command = Command::new("sh");
    program.apart(command.arg("-c").arg(script));
    let own = Path::new(env!("CARGO_BIN_EXE_pmkit")).parent().unwrap();
    let path = format!("{}:{}", own.display(), std::env::var("PATH").unwrap());
    let ended = command
        .current_dir(program.path(folder))
        .env("PATH", path)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ended.stdout).into_owned() + &String::from_utf8_lossy(&ended.stderr);
    (ended.status.success(), said)
}

#[cfg(unix)]
#[test]
fn no_fork_and_no_tag_chooses_the_base() {
    let program = Program::new();
    program.shell(FORKED, program.root());
    let script = script_of("gitlab/pmkit.gitlab-ci.yml", "  script:\n", "  artifacts:\n");
    let up = program.path("up");
    for (folder, id) in [("of-up", "1"), ("of-fork", "2")] {
        let variables = [
            ("CI_MERGE_REQUEST_PROJECT_ID", "1"),
            ("CI_PROJECT_ID", id),
            ("CI_MERGE_REQUEST_PROJECT_URL", up.to_str().unwrap()),
            ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
        ];
        let (well, said) = job(&program, &script, folder, &variables);
        assert!(!well && said.contains("error[missing-field]"), "{folder}: {said}");
        let quality = program.read(&format!("{folder}/pmkit-reports/gl-code-quality-report.json"));
        assert!(quality.contains("missing-field"), "{quality}");
        let review = program.read(&format!("{folder}/pmkit-reports/pmkit-review.md"));
        assert!(review.contains("R-0001 has no owner"), "{review}");
    }
    let script = script_of("github/pmkit.yml", "          pmkit review", "      - name: Keep");
    let script = script.replacen("set -eu\n", "set -eu\npmkit review ", 1);
    let temp = program.path("temp");
    let variables = [("GITHUB_BASE_REF", "main"), ("RUNNER_TEMP", temp.to_str().unwrap())];
    let (well, said) = job(&program, &script, "of-up", &variables);
    assert!(!well && said.contains("error[missing-field]"), "{said}");
    assert!(program.read("temp/pmkit-review.md").contains("R-0001 has no owner"));
}
