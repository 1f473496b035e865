//! Which of several records with one id a line was likely written about: who wrote it when, and which of them was there then.

use std::collections::BTreeMap;
use std::collections::HashSet;
use std::path::Path;

use git2::Commit;
use git2::Oid;
use git2::Repository;
use git2::Sort;

use super::Source;

/// A line that names the id.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The file, from the repository's top.
    pub path: &'a str,
    /// The text of the file as it lies in the tree.
    pub text: &'a str,
    /// The line, from 1.
    pub line: usize,
}

/// What git says about a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likely {
    /// The record meant, by its place among those that hold the id; `None` where it may be any.
    pub holder: Option<usize>,
    /// Why.
    pub reason: String,
}

impl Source<'_> {
    /// Says of each of `lines` which of the files `holders`, from the repository's top, it is likely about.
    ///
    /// # Errors
    /// Says why git cannot tell.
    pub fn likely(&self, holders: &[String], lines: &[Asked<'_>]) -> Result<Vec<Likely>, String> {
        let Self::Library(git) = self else {
            return Err("only the git program can read this repository".to_owned());
        };
        if git.repository.is_shallow() {
            return Err("this clone holds only the newest commits: git fetch --unshallow".to_owned());
        }
        let history = History::read(&git.repository, holders)
            .map_err(|error| error.message().trim_end_matches('.').to_owned())?;
        let Some(history) = history else { return Err("there is no commit yet".to_owned()) };
        let mut written: BTreeMap<&str, Vec<Option<Oid>>> = BTreeMap::new();
        let mut said = Vec::with_capacity(lines.len());
        for asked in lines {
            let commits =
                written.entry(asked.path).or_insert_with(|| history.authors(asked.path, asked.text));
            said.push(match commits.get(asked.line - 1).copied().flatten() {
                Some(commit) => history.judge(commit, holders),
                None => Likely { holder: None, reason: "not committed yet".to_owned() },
            });
        }
        Ok(said)
    }
}

/// What of the history is looked at.
struct History<'r> {
    repository: &'r Repository,
    /// The commit that made each holder; `None` where it is not committed yet.
    made: Vec<Option<Oid>>,
    /// The first-parent line of HEAD, oldest first.
    line: Vec<Oid>,
    on_line: HashSet<Oid>,
}

impl<'r> History<'r> {
    fn read(repository: &'r Repository, holders: &[String]) -> Result<Option<Self>, git2::Error> {
        let Ok(head) = repository.head().and_then(|head| head.peel_to_commit()) else { return Ok(None) };
        let mut made = vec![None; holders.len()];
        let mut walk = repository.revwalk()?;
        walk.push(head.id())?;
        walk.set_sorting(Sort::TOPOLOGICAL | Sort::REVERSE)?;
        for id in walk {
            let commit = repository.find_commit(id?)?;
            let holds = |commit: &Commit<'_>, path: &str| {
                commit.tree().is_ok_and(|tree| tree.get_path(Path::new(path)).is_ok())
            };
            for (made, path) in made.iter_mut().zip(holders) {
                let new = || holds(&commit, path) && !commit.parents().any(|parent| holds(&parent, path));
                if made.is_none() && new() {
                    *made = Some(commit.id());
                }
            }
            if made.iter().all(Option::is_some) {
                break;
            }
        }
        let mut line = vec![head.id()];
        let mut at = head;
        while let Ok(parent) = at.parent(0) {
            line.push(parent.id());
            at = parent;
        }
        line.reverse();
        let on_line = line.iter().copied().collect();
        Ok(Some(Self { repository, made, line, on_line }))
    }

    /// Returns the commit that wrote each line of `text`, which the file at `path` holds now; `None` for one that no commit has.
    fn authors(&self, path: &str, text: &str) -> Vec<Option<Oid>> {
        let count = text.lines().count() + 1;
        let Ok(blame) = self.repository.blame_file(Path::new(path), None) else { return vec![None; count] };
        let kept = self
            .repository
            .head()
            .and_then(|head| head.peel_to_tree())
            .and_then(|tree| tree.get_path(Path::new(path)))
            .and_then(|entry| self.repository.find_blob(entry.id()));
        let plain = kept.is_ok_and(|blob| !blob.content().contains(&b'\r'));
        // Git may keep other line ends than the tree has.
        let text = if plain { text.replace("\r\n", "\n") } else { text.to_owned() };
        let Ok(blame) = blame.blame_buffer(text.as_bytes()) else { return vec![None; count] };
        (1..=count)
            .map(|line| {
                let commit = blame.get_line(line)?.final_commit_id();
                (!commit.is_zero()).then_some(commit)
            })
            .collect()
    }

    /// Says whether `commit` is `other` or comes after it.
    fn sees(&self, commit: Oid, other: Oid) -> bool {
        commit == other || self.repository.graph_descendant_of(commit, other).unwrap_or(false)
    }

    /// Returns the commit of the first-parent line that brought `commit` there.
    fn brought(&self, commit: Oid) -> Option<Oid> {
        let at = self.line.partition_point(|known| !self.sees(*known, commit));
        self.line.get(at).copied()
    }

    /// Returns when `commit` was written.
    fn time(&self, commit: Oid) -> i64 {
        self.repository.find_commit(commit).map_or(0, |commit| commit.author().when().seconds())
    }

    fn judge(&self, commit: Oid, holders: &[String]) -> Likely {
        let likely = |holder: usize, reason: &str| Likely { holder: Some(holder), reason: reason.to_owned() };
        let either = |reason: &str| Likely { holder: None, reason: reason.to_owned() };
        let made: Vec<(usize, Oid)> =
            self.made.iter().enumerate().filter_map(|(at, made)| Some((at, (*made)?))).collect();
        let here: Vec<usize> = made.iter().filter(|(_, made)| *made == commit).map(|(at, _)| *at).collect();
        match here[..] {
            [only] => return likely(only, "written in the commit that made it"),
            [_, ..] => return either("one commit made them all"),
            [] => {}
        }
        let seen: Vec<(usize, Oid)> =
            made.iter().copied().filter(|(_, made)| self.sees(commit, *made)).collect();
        let beside = !self.on_line.contains(&commit);
        match seen[..] {
            [(only, _)] if made.len() < holders.len() => {
                return likely(only, "written when the other was not committed");
            }
            [(only, made)] => {
                let branch = beside && self.brought(commit) == self.brought(made);
                return likely(
                    only,
                    match branch {
                        true => "written on its branch, before the other was merged",
                        false => "written before the other was there",
                    },
                );
            }
            _ => {}
        }
        let brought = |(_, made): &&(usize, Oid)| beside && self.brought(*made) == self.brought(commit);
        let branch: Vec<usize> = seen.iter().filter(brought).map(|(at, _)| *at).collect();
        if let [only] = branch[..] {
            return likely(only, "written on the branch that brought it");
        }
        let time = self.time(commit);
        let before: Vec<usize> =
            made.iter().filter(|(_, made)| self.time(*made) <= time).map(|(at, _)| *at).collect();
        match before[..] {
            [] => either("written before any of them was there"),
            [only] if made.len() > 1 => likely(only, "dated before the other was made"),
            _ => either("written when both were there"),
        }
    }
}
