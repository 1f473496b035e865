//! The files that have a forge or a hook run pmkit, as they lie under `templates/ci/`.

use crate::change::Change;

/// What can run pmkit on every change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ci {
    /// GitHub Actions.
    Github,
    /// GitLab's pipelines.
    Gitlab,
    /// The program pre-commit.
    PreCommit,
}

/// A file for CI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CiFile {
    /// Where it lies, from the repository's top.
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
    /// Whether a team has but one such file, for everything it runs.
    pub shared: bool,
}

impl Ci {
    /// Returns its files.
    #[must_use]
    pub fn files(self) -> &'static [CiFile] {
        match self {
            Self::Github => &[
                CiFile {
                    path: ".github/workflows/pmkit.yml",
                    text: include_str!("../../templates/ci/github/pmkit.yml"),
                    shared: false,
                },
                CiFile {
                    path: ".github/workflows/pmkit-comment.yml",
                    text: include_str!("../../templates/ci/github/pmkit-comment.yml"),
                    shared: false,
                },
            ],
            Self::Gitlab => &[CiFile {
                path: ".gitlab-ci.yml",
                text: include_str!("../../templates/ci/gitlab/pmkit.gitlab-ci.yml"),
                shared: true,
            }],
            Self::PreCommit => &[CiFile {
                path: ".pre-commit-config.yaml",
                text: include_str!("../../templates/ci/pre-commit/.pre-commit-config.yaml"),
                shared: true,
            }],
        }
    }

    /// Returns what is left to do once the files are there.
    #[must_use]
    pub fn next(self) -> &'static str {
        match self {
            Self::Github => {
                "say where pmkit comes from, in .github/workflows/pmkit.yml: PMKIT_SOURCE and PMKIT_COMMIT"
            }
            Self::Gitlab => "name an image that has pmkit, in .gitlab-ci.yml",
            Self::PreCommit => "pre-commit install --hook-type pre-commit --hook-type pre-push",
        }
    }
}

impl CiFile {
    /// Plans the file.
    #[must_use]
    pub fn change(&self) -> Change {
        Change::Create { path: self.path.to_owned(), text: self.text.to_owned() }
    }

    /// Returns the lines that belong into the file of that name which a team has already, and what they belong under: indented as `there`
    /// has what stands there.
    #[must_use]
    pub fn lines_for(&self, there: &str) -> (String, Option<&'static str>) {
        let comment = self.text.split_inclusive('\n').take_while(|line| line.starts_with('#'));
        let lines = &self.text[comment.map(str::len).sum::<usize>()..];
        let Some(items) = lines.strip_prefix("repos:\n") else { return (lines.to_owned(), None) };
        let below = there.lines().skip_while(|line| !line.starts_with("repos:")).skip(1);
        let first = below.map(|line| (line, line.trim_start())).find(|(_, plain)| plain.starts_with("- "));
        let indent = first.map_or("  ", |(line, plain)| &line[..line.len() - plain.len()]);
        let moved = |line: &str| format!("{indent}{}", line.strip_prefix("  ").unwrap_or(line));
        (items.split_inclusive('\n').map(moved).collect(), Some("repos:"))
    }

    /// Says whether `there`, a file of that name, runs pmkit: not where only a comment names it.
    #[must_use]
    pub fn is_in(&self, there: &str) -> bool {
        let without_comment = |line: &str| {
            let at = line
                .match_indices('#')
                .find(|(at, _)| line[..*at].chars().next_back().is_none_or(char::is_whitespace));
            line[..at.map_or(line.len(), |(at, _)| at)].to_owned()
        };
        let said: String = there.lines().map(|line| without_comment(line) + "\n").collect();
        ["pmkit review", "pmkit-review", "pmkit lint", "pmkit-lint", "pmkit-check", "/pmkit@"]
            .iter()
            .any(|word| said.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_s_own_file_gets_what_it_lacks() {
        for (ci, begin, under) in
            [(Ci::Gitlab, "pmkit:\n  #", None), (Ci::PreCommit, "  - repo: local\n", Some("repos:"))]
        {
            let (lines, above) = ci.files()[0].lines_for("");
            assert!(lines.starts_with(begin) && lines.ends_with('\n'), "{lines}");
            assert_eq!(above, under);
        }
    }

    #[test]
    fn lines_are_indented_as_the_file_has_them() {
        let file = Ci::PreCommit.files()[0];
        for (there, indent) in [
            ("repos:\n-   repo: x\n    hooks:\n    -   id: a\n", ""),
            ("a:\n    - b\nrepos:\n\n  # x\n  - repo: x\n", "  "),
            ("repos:\n      - repo: x\n", "      "),
            ("repos: []\n", "  "),
        ] {
            let (lines, _) = file.lines_for(there);
            assert!(
                lines.starts_with(&format!(
                    "{indent}- repo: local\n{indent}  hooks:\n{indent}    - id: pmkit-lint"
                )),
                "{lines}"
            );
        }
    }

    #[test]
    fn a_comment_runs_nothing() {
        let file = Ci::PreCommit.files()[0];
        for (there, is) in [
            ("# pmkit lint: later\n", false),
            ("repos: # pmkit-lint\n", false),
            ("- repo: https://git.example/pmkit\n", false),
            ("      - id: pmkit-lint\n", true),
            ("    entry: a#b pmkit lint --staged # x\n", true),
        ] {
            assert_eq!(file.is_in(there), is, "{there}");
        }
        for ci in [Ci::Github, Ci::Gitlab, Ci::PreCommit] {
            assert!(ci.files()[0].is_in(ci.files()[0].text));
        }
    }
}
