//! Which files are records, and of which kind.

use std::ops::Range;

use super::path::digits_like;
use super::path::record_number;
use globset::GlobBuilder;
use globset::GlobMatcher;

use super::Kind;
use super::Naming;
use crate::date::Date;
use crate::error::Error;
use crate::error::Result;

/// All the kinds in force, with what decides which file belongs to which.
#[derive(Debug)]
pub struct Kinds {
    list: Vec<Kind>,
}

/// That a file is a record of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The index of the kind, for [`Kinds::at`].
    pub kind: usize,
    /// The number its name gives it.
    pub number: Option<u64>,
}

impl Kind {
    /// Says whether the file at `path` may be a record of this kind, and what number its name gives it.
    #[must_use]
    pub fn claims(&self, path: &str) -> Option<Option<u64>> {
        self.path.read(path, &self.prefix).or_else(|| {
            let matched = self.also_globs.iter().any(|glob| glob.is_match(path));
            matched.then(|| number_in_name(path))
        })
    }

    /// Returns the path of the record at `path`, whose name says `old`, with the number `new` in it, and where in `path` the
    /// number stands. The folder and everything else in the name stay. `None` where the name has no such number.
    #[must_use]
    pub fn renumbered(&self, path: &str, old: u64, new: u64) -> Option<(String, Range<usize>)> {
        if self.claims(path) != Some(Some(old)) {
            return None;
        }
        // The number is where another one makes the path say that one; what stands nearest to the end goes first.
        let mut end = path.len();
        while let Some(last) = path[..end].rfind(|c: char| c.is_ascii_digit()) {
            let begin = path[..=last].trim_end_matches(|c: char| c.is_ascii_digit()).len();
            let written = &path[begin..=last];
            if record_number(written) == Some(old) {
                let digits = digits_like(written, self.path.width(), new);
                let made = format!("{}{digits}{}", &path[..begin], &path[last + 1..]);
                if self.claims(&made) == Some(Some(new)) {
                    return Some((made, begin..last + 1));
                }
            }
            end = begin;
        }
        None
    }

    /// Says whether records of both kinds would be called the same.
    #[must_use]
    pub fn shares_path_with(&self, other: &Self) -> bool {
        let of = |kind: &Self| {
            let naming = Naming {
                prefix: &kind.prefix,
                number: 1,
                slug: "x",
                date: Date::parse("2000-01-01").expect("a day there was"),
            };
            kind.path.fill(naming)
        };
        of(self) == of(other)
    }

    /// Returns the folders that hold every file of this kind; `""` is the root.
    #[must_use]
    pub fn folders(&self) -> Vec<String> {
        let also = self.also.iter().map(|glob| glob_folder(glob).to_owned());
        outermost(std::iter::once(self.path.folder().to_owned()).chain(also).collect())
    }
}

impl Kinds {
    /// Puts `kinds` in force together, in order of group and id as given.
    ///
    /// # Errors
    /// Where two kinds share an id or a prefix.
    pub fn new(kinds: Vec<Kind>) -> Result<Self> {
        for (index, kind) in kinds.iter().enumerate() {
            for other in &kinds[..index] {
                if kind.id == other.id {
                    return Err(Error::new(format!("two kinds are called `{}`", kind.id)));
                }
                if kind.prefix == other.prefix {
                    return Err(Error::new(format!(
                        "the kinds `{}` and `{}` share the prefix `{}`",
                        other.id, kind.id, kind.prefix
                    ))
                    .help("give each kind a prefix of its own, or give one of them the other's `id` to replace it"));
                }
                if kind.shares_path_with(other) {
                    return Err(Error::new(format!(
                        "the kinds `{}` and `{}` both claim `{}`",
                        other.id,
                        kind.id,
                        kind.path.as_str()
                    ))
                    .help("give one of them another path, in its kind file or under [paths] in pmkit.toml"));
                }
            }
        }
        Ok(Self { list: kinds })
    }

    /// Returns these kinds as they are, but that each claims besides what `others` has the kind of the same id claim: by the path
    /// that one gives it, and by its globs.
    ///
    /// # Errors
    /// Where two of them then share a path.
    pub fn claiming_also(mut self, others: &Self) -> Result<Self> {
        for kind in &mut self.list {
            let Some(other) = others.list.iter().find(|other| other.id == kind.id) else { continue };
            let mut also = other.also.clone();
            if kind.path != other.path {
                also.push(kind.path.glob());
                kind.path = other.path.clone();
            }
            also.retain(|glob| !kind.also.contains(glob));
            kind.also_globs.extend(also.iter().filter_map(|glob| compile(glob).ok()));
            kind.also.extend(also);
        }
        Self::new(self.list)
    }

    /// Lets the kinds that `new` names claim only what no other one claims, and settle nothing.
    pub fn give_way(&mut self, new: &dyn Fn(&Kind) -> bool) {
        for at in 0..self.list.len() {
            if new(&self.list[at]) {
                self.list[at].gives_way = true;
                self.list[at].fields.iter_mut().for_each(|field| field.settles_in.clear());
            }
        }
    }

    /// Returns the kind at `index`, which a [`Claim`] or a record gave.
    #[must_use]
    pub fn at(&self, index: usize) -> &Kind {
        &self.list[index]
    }

    /// Returns all kinds in order.
    #[must_use]
    pub fn all(&self) -> &[Kind] {
        &self.list
    }

    /// Returns the indices of all kinds, in order.
    #[must_use]
    pub fn indices(&self) -> Vec<usize> {
        (0..self.list.len()).collect()
    }

    /// Returns the index of the kind called `id`.
    #[must_use]
    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.list.iter().position(|kind| kind.id == id)
    }

    /// Returns the index of the kind whose ids begin with `prefix`, compared exactly.
    #[must_use]
    pub fn index_of_prefix(&self, prefix: &str) -> Option<usize> {
        self.list.iter().position(|kind| kind.prefix == prefix)
    }

    /// Returns the first kind that claims the file at `path`, and the number its name gives; `path` patterns go before
    /// `also` globs.
    #[must_use]
    pub fn first_claim(&self, path: &str) -> Option<(usize, Option<u64>)> {
        let first = |late: bool| {
            let all = || self.list.iter().enumerate().filter(|(_, kind)| kind.gives_way == late);
            let named = all().find_map(|(index, kind)| Some((index, kind.path.read(path, &kind.prefix)?)));
            named.or_else(|| all().find_map(|(index, kind)| Some((index, kind.claims(path)?))))
        };
        first(false).or_else(|| first(true))
    }

    /// Says which kind the file at `path` belongs to; `path` patterns go before `also` globs.
    ///
    /// # Errors
    /// Where two kinds claim it with the same right.
    pub fn claim(&self, path: &str) -> Result<Option<Claim>> {
        match self.claim_among(path, false)? {
            Some(claim) => Ok(Some(claim)),
            None => self.claim_among(path, true),
        }
    }

    /// Says which of the kinds that give way, or of the others, the file at `path` belongs to.
    fn claim_among(&self, path: &str, late: bool) -> Result<Option<Claim>> {
        let by_path = |(kind, number)| Claim { kind, number };
        let all = || self.list.iter().enumerate().filter(|(_, kind)| kind.gives_way == late);
        let named = all().filter_map(|(index, kind)| {
            kind.path.read(path, &kind.prefix).map(|number| by_path((index, number)))
        });
        if let Some(claim) = self.only(path, named, "path")? {
            return Ok(Some(claim));
        }
        let matched = all().filter_map(|(index, kind)| {
            let matches = kind.also_globs.iter().any(|glob| glob.is_match(path));
            matches.then(|| Claim { kind: index, number: number_in_name(path) })
        });
        self.only(path, matched, "also")
    }

    fn only(&self, path: &str, mut claims: impl Iterator<Item = Claim>, key: &str) -> Result<Option<Claim>> {
        let Some(first) = claims.next() else { return Ok(None) };
        match claims.next() {
            None => Ok(Some(first)),
            Some(second) => {
                let (first, second) = (&self.list[first.kind].id, &self.list[second.kind].id);
                let message =
                    format!("the kinds `{first}` and `{second}` both claim {path} by their `{key}`");
                Err(Error::new(message).help("make one of them narrower, in the kind file or under [paths]"))
            }
        }
    }

    /// Returns the folders that hold every file a kind can claim, none inside another; `""` is the root.
    #[must_use]
    pub fn folders(&self) -> Vec<String> {
        outermost(self.list.iter().flat_map(Kind::folders).collect())
    }

    /// Returns the folders that hold every file the kinds at the indices `kinds` can claim, none inside another.
    #[must_use]
    pub fn folders_of(&self, kinds: &[usize]) -> Vec<String> {
        outermost(kinds.iter().flat_map(|index| self.at(*index).folders()).collect())
    }
}

/// Returns `folders` in order without those that lie inside others.
fn outermost(mut folders: Vec<String>) -> Vec<String> {
    folders.sort();
    folders.dedup();
    let within = |inner: &str, outer: &str| {
        outer.is_empty() || inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
    };
    let all = folders.clone();
    folders.retain(|folder| !all.iter().any(|outer| outer != folder && within(folder, outer)));
    folders
}

/// Compiles an `also` glob.
///
/// # Errors
/// Says what is wrong with it, in words that follow "`also` ".
pub fn compile(glob: &str) -> Result<GlobMatcher, String> {
    if glob.is_empty() || glob.starts_with('/') || glob.split('/').any(|part| part == ".." || part == ".") {
        return Err(format!("has `{glob}`: a glob stays inside the tree"));
    }
    let built = GlobBuilder::new(glob).literal_separator(true).backslash_escape(true).build();
    built.map(|glob| glob.compile_matcher()).map_err(|error| format!("has `{glob}`: {}", error.kind()))
}

/// Returns the folder every match of `glob` lies in.
fn glob_folder(glob: &str) -> &str {
    let literal = glob.find(['*', '?', '[', '{', '\\']).unwrap_or(glob.len());
    glob[..literal].rfind('/').map_or("", |slash| &glob[..slash])
}

/// Returns the number a file name gives a record where no pattern says which part is the number: the first digits of
/// the name, letters and a separator before them allowed (`0007-x.md`, `eip-1.md`, `SNIP_107.md`), but no date. Where
/// the name has none, the folder's is taken (`keps/1234-x/README.md`).
fn number_in_name(path: &str) -> Option<u64> {
    let mut parts = path.rsplit('/');
    let name = parts.next()?;
    let stem = name.rfind('.').map_or(name, |dot| &name[..dot]);
    number_of(stem).or_else(|| number_of(parts.next()?))
}

fn number_of(stem: &str) -> Option<u64> {
    let rest = stem.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let rest = if rest.len() < stem.len() { rest.trim_start_matches(['-', '_', ' ']) } else { rest };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (number, after) = rest.split_at(digits);
    let ends = after.is_empty() || after.starts_with(['-', '_', ' ', '.']);
    let date =
        digits == 4 && after.get(1..3).is_some_and(|month| month.bytes().all(|byte| byte.is_ascii_digit()));
    if ends && !date { record_number(number) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_in_names() {
        for (path, number) in [
            ("text/0007-x.md", Some(7)),
            ("EIPS/eip-1.md", Some(1)),
            ("SNIP_107.md", Some(107)),
            ("keps/sig/1234-x/README.md", Some(1234)),
            ("log/2026-11-20-x.md", None),
            ("text/template.md", None),
            ("text/3d-maps.md", None),
        ] {
            assert_eq!(number_in_name(path), number, "{path}");
        }
    }

    #[test]
    fn globs_stay_inside_and_know_their_folder() {
        assert!(compile("../x/*.md").is_err());
        assert!(compile("/x/*.md").is_err());
        assert!(compile("text/[.md").is_err());
        let glob = compile("text/*.md").expect("a glob");
        assert!(glob.is_match("text/a.md") && !glob.is_match("text/a/b.md") && !glob.is_match("Text/a.md"));
        assert!(compile("text/**/*.md").expect("a glob").is_match("text/a/b.md"));
        assert_eq!(glob_folder("text/**/*.md"), "text");
        assert_eq!(glob_folder("*.md"), "");
    }
}
