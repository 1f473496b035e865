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

    /// Returns the lines that belong into a file of that name which a team has already, and what they belong under.
    #[must_use]
    pub fn lines(&self) -> (&'static str, Option<&'static str>) {
        let comment = self.text.split_inclusive('\n').take_while(|line| line.starts_with('#'));
        let lines = &self.text[comment.map(str::len).sum::<usize>()..];
        match lines.strip_prefix("repos:\n") {
            Some(items) => (items, Some("repos:")),
            None => (lines, None),
        }
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
            let (lines, above) = ci.files()[0].lines();
            assert!(lines.starts_with(begin) && lines.ends_with('\n'), "{lines}");
            assert_eq!(above, under);
        }
    }
}
