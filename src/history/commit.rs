//! What a commit says of itself: who wrote and committed it, when, and what its message claims.

use serde::Deserialize;
use serde::Serialize;

use super::Oid;
use super::Shared;
use crate::date::Date;
use crate::date::day_number;

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub id: Oid,
    /// Its parents, the first being the line it continues.
    pub parents: Vec<Oid>,
    /// Who wrote it, and when.
    pub author: Signature,
    /// Who made the commit of it, and when.
    pub committer: Signature,
    /// Whether it carries a signature, which is not checked.
    pub signed: bool,
    /// The first paragraph of its message in one line, as git shows it. What is not UTF-8, here and below, is shown by
    /// replacement characters.
    pub subject: Shared,
    /// The trailers that name people, in order: every `…-by: …` of the last paragraph.
    pub trailers: Vec<Trailer>,
    /// The number of the pull request it came by, where its message names one: `(#12)` at the subject's end, as squashes
    /// have it, `Merge pull request #12 …` and the like, as merges have it, or GitLab's `See merge request a/b!12`.
    pub pull_request: Option<u64>,
}

/// A person at a point in time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signature {
    /// The name.
    pub name: Shared,
    /// The address.
    pub email: Shared,
    /// Seconds since 1970, UTC.
    pub seconds: i64,
    /// Minutes east of UTC.
    pub offset: i32,
}

/// A line at the end of a message that names somebody: what was claimed, not what was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trailer {
    /// What it says they did: `Reviewed-by`.
    pub key: String,
    /// Who, as written.
    pub who: String,
}

impl Commit {
    /// Returns the day on which it was made, as its committer's clock had it.
    #[must_use]
    pub fn day(&self) -> Date {
        Date::at(self.committer.seconds, self.committer.offset)
    }

    /// Says whether it was made on `day` or later, as its committer's clock had it.
    #[must_use]
    pub fn is_from(&self, day: Date) -> bool {
        // A clock that was wrong by more than a calendar holds is later than all days, or earlier.
        day_number(self.committer.seconds, self.committer.offset) >= day.days_since_epoch()
    }

    /// Reads the object `raw` with the id `id`; `None` where it is no commit.
    #[must_use]
    pub fn read(id: Oid, raw: &[u8]) -> Option<Self> {
        let end = memchr::memmem::find(raw, b"\n\n").unwrap_or(raw.len());
        let (head, message) = (&raw[..end], raw.get(end + 2..).unwrap_or_default());
        let (mut parents, mut signed, mut latin) = (Vec::new(), false, false);
        let (mut wrote, mut made): (&[u8], &[u8]) = (&[], &[]);
        for line in head.split(|byte| *byte == b'\n') {
            let Some(at) = line.iter().position(|byte| *byte == b' ') else { continue };
            let (key, value) = (&line[..at], &line[at + 1..]);
            match key {
                b"parent" => parents.extend(std::str::from_utf8(value).ok().and_then(Oid::from_hex)),
                b"author" => wrote = value,
                b"committer" => made = value,
                b"gpgsig" | b"gpgsig-sha256" => signed = true,
                b"encoding" => latin = LATIN.iter().any(|name| value.eq_ignore_ascii_case(name.as_bytes())),
                _ => {}
            }
        }
        let (author, committer) =
            (Signature::read(&decoded(wrote, latin)), Signature::read(&decoded(made, latin)));
        if !head.starts_with(b"tree ") {
            return None;
        }
        let message = decoded(message, latin).replace("\r\n", "\n");
        let subject = Shared::from(&*subject(&message));
        let pull_request = number_in(&subject).or_else(|| merge_request(&message));
        let trailers = trailers(&message);
        Some(Self { id, parents, author, committer, signed, subject, trailers, pull_request })
    }

    /// Returns the commit that a change would be, were it one: whoever made it, and when, is not known.
    #[must_use]
    pub fn of_change() -> Self {
        Self {
            id: Oid::NONE,
            parents: Vec::new(),
            author: Signature::default(),
            committer: Signature::default(),
            signed: false,
            subject: Shared::from(""),
            trailers: Vec::new(),
            pull_request: None,
        }
    }

    /// Says whether it is no commit, but what a change would be.
    #[must_use]
    pub fn is_of_change(&self) -> bool {
        self.id == Oid::NONE
    }

    /// Reads no more than tree and first parent of the object `raw`; `None` where it is no commit.
    #[must_use]
    pub fn tree_and_parent(raw: &[u8]) -> Option<(Oid, Option<Oid>)> {
        let mut lines = raw.split(|byte| *byte == b'\n');
        let oid = |line: &[u8], key: &[u8]| {
            std::str::from_utf8(line.strip_prefix(key)?).ok().and_then(Oid::from_hex)
        };
        let tree = oid(lines.next()?, b"tree ")?;
        Some((tree, lines.next().and_then(|line| oid(line, b"parent "))))
    }
}

/// Returns the first paragraph of a message in one line.
fn subject(message: &str) -> String {
    let lines = message.lines().map(str::trim).skip_while(|line| line.is_empty());
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Names of the encoding in which every byte is the character of that number.
const LATIN: [&str; 4] = ["iso-8859-1", "iso8859-1", "latin1", "latin-1"];

fn decoded(bytes: &[u8], latin: bool) -> String {
    if latin {
        return bytes.iter().map(|byte| char::from(*byte)).collect();
    }
    String::from_utf8_lossy(bytes).into_owned()
}

/// Reads the trailers of a message that name people. What counts as trailers is git's rule: the last paragraph, where all of
/// it are some, or a quarter of it and one that git itself writes.
fn trailers(message: &str) -> Vec<Trailer> {
    // The subject's own paragraph holds none.
    let Some((_, last)) = message.trim_end().rsplit_once("\n\n") else { return Vec::new() };
    let (mut found, mut others, mut by_git): (Vec<(String, String)>, usize, bool) = (Vec::new(), 0, false);
    for line in last.lines() {
        let folded = line.starts_with([' ', '\t']);
        let token =
            |key: &str| !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if let (true, Some((_, value))) = (folded, found.last_mut()) {
            value.push(' ');
            value.push_str(line.trim());
        } else if line.starts_with("(cherry picked from commit ") {
            by_git = true;
        } else if let Some((key, value)) = line.split_once(':').filter(|(key, _)| token(key.trim_end())) {
            by_git |= line.starts_with("Signed-off-by: ");
            found.push((key.trim_end().to_owned(), value.trim().to_owned()));
        } else {
            others += 1;
        }
    }
    if others > 0 && !(by_git && found.len() * 3 >= others) {
        return Vec::new();
    }
    let names = |(key, who): (String, String)| {
        let says_who = key.len() > 3
            && key.is_char_boundary(key.len() - 3)
            && key[key.len() - 3..].eq_ignore_ascii_case("-by");
        (says_who && !who.is_empty()).then_some(Trailer { key, who })
    };
    found.into_iter().filter_map(names).collect()
}

/// Returns the number of the pull request that a subject names.
fn number_in(subject: &str) -> Option<u64> {
    let number = |text: &str| {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        text[..digits].parse::<u64>().ok()
    };
    for opening in ["Merge pull request #", "Merge PR #", "Merged PR ", "Merged in PR #"] {
        if let Some(found) = subject.strip_prefix(opening).and_then(number) {
            return Some(found);
        }
    }
    // The last one counts: a revert quotes the first.
    let tail = subject.trim_end().strip_suffix(')')?;
    let (_, inside) = tail.rsplit_once('(')?;
    let digits = inside
        .strip_prefix(['#', '!'])
        .or_else(|| inside.strip_prefix("pull request #").or_else(|| inside.strip_prefix("PR #")))?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// Returns the merge request that the body names, as GitLab writes it: `See merge request group/project!12`.
fn merge_request(message: &str) -> Option<u64> {
    let line = message.lines().rev().find(|line| line.trim().starts_with("See merge request "))?;
    line.trim().rsplit_once('!')?.1.parse().ok()
}

impl Signature {
    /// Returns name and address as one text.
    #[must_use]
    pub fn who(&self) -> String {
        match (self.name.is_empty(), self.email.is_empty()) {
            (false, false) => format!("{} <{}>", self.name, self.email),
            (false, true) => self.name.to_string(),
            (true, _) => self.email.to_string(),
        }
    }

    /// Reads `Name <address> seconds +0100`, forgiving what git forgives.
    fn read(text: &str) -> Self {
        let Some((who, when)) = text.rsplit_once('>') else {
            return Self { name: text.trim().into(), ..Self::default() };
        };
        let (name, email) = who.split_once('<').unwrap_or((who, ""));
        let mut parts = when.split_whitespace();
        let seconds = parts.next().and_then(|text| text.parse().ok()).unwrap_or(0);
        let zone: i32 = parts.next().and_then(|text| text.parse().ok()).unwrap_or(0);
        // Hours and minutes; nonsense beyond a day counts as UTC.
        let offset = if zone.abs() < 2400 { zone / 100 * 60 + zone % 100 } else { 0 };
        Self { name: name.trim().into(), email: email.trim().into(), seconds, offset }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(message: &str) -> Commit {
        let raw = format!(
            "tree {0}\nparent {0}\nparent {0}\nauthor Ana Ruiz <ana@a.example> 1600000000 -0730\ncommitter GitHub <noreply@github.com> 1600000100 +0000\ngpgsig -----BEGIN\n x\n\n{message}",
            "1".repeat(40)
        );
        Commit::read(Oid::from_hex(&"2".repeat(40)).expect("an id"), raw.as_bytes()).expect("a commit")
    }

    #[test]
    fn a_commit_is_taken_apart() {
        let commit = commit("Fix it\nfor good\n\nBody\n\nReviewed-by: Lee <lee@a.example>\nFixes: #3\n");
        assert_eq!((commit.parents.len(), commit.signed), (2, true));
        assert_eq!((commit.author.seconds, commit.author.offset), (1_600_000_000, -450));
        assert_eq!(&*commit.committer.name, "GitHub");
        assert_eq!(&*commit.subject, "Fix it for good");
        assert_eq!(
            commit.trailers,
            [Trailer { key: "Reviewed-by".into(), who: "Lee <lee@a.example>".into() }]
        );
    }

    #[test]
    fn pull_requests_are_read_from_subjects() {
        for (subject, expected) in [
            ("Accept RFC-0007 (#412)", Some(412)),
            ("Revert \"Accept (#412)\" (#413)", Some(413)),
            ("Merge pull request #12 from lee/x", Some(12)),
            ("Merged PR 77: Accept", Some(77)),
            ("Merge branch 'x' into 'main' (!9)", Some(9)),
            ("Accept (see #412)", None),
            ("Fix #12", None),
            ("A (b)", None),
            ("", None),
        ] {
            assert_eq!(commit(subject).pull_request, expected, "{subject}");
        }
        assert_eq!(commit("Merge branch\n\nSee merge request a/b!31\n").pull_request, Some(31));
    }
}
