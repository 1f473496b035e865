//! How alike two texts are, and which deleted file a new one was: git's own measure and git's own pairing, so that a
//! rename here is what `git log -M50% -l0` calls one.
//!
//! Source: `diffcore-delta.c` and `diffcore-rename.c` of git 2.47. Both backends read trees and know nothing of renames;
//! they are found here, whichever read the bytes.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::VecDeque;

/// The score of two texts that are the same.
const MAX_SCORE: u64 = 60_000;
/// The least score of a rename: 50 %.
const MIN_SCORE: u64 = 30_000;
/// The least score of a rename found by file name alone: half way from the least to the best.
const MIN_NAME_SCORE: u64 = 45_000;
/// How many sources git remembers for each new file.
const CANDIDATES: usize = 4;
const HASH_BASE: u32 = 107_927;

/// A text cut into its lines (of at most 64 bytes), as hashes with the bytes each covers, in order of hash.
#[derive(Debug, Default)]
pub struct Fingerprint {
    size: u64,
    chunks: Vec<(u32, u32)>,
}

impl Fingerprint {
    /// Takes the fingerprint of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        // git looks for a zero byte in the first 8,000.
        let is_text = !bytes[..bytes.len().min(8_000)].contains(&0);
        let mut chunks = Vec::with_capacity(bytes.len() / 32 + 1);
        let (mut low, mut high, mut length) = (0_u32, 0_u32, 0_u32);
        for (at, byte) in bytes.iter().enumerate() {
            if is_text && *byte == b'\r' && bytes.get(at + 1) == Some(&b'\n') {
                continue;
            }
            let before = low;
            low = ((low << 7) ^ (high >> 25)).wrapping_add(u32::from(*byte));
            high = (high << 7) ^ (before >> 25);
            length += 1;
            if length < 64 && *byte != b'\n' {
                continue;
            }
            chunks.push((hash(low, high), length));
            (low, high, length) = (0, 0, 0);
        }
        if length > 0 {
            chunks.push((hash(low, high), length));
        }
        chunks.sort_unstable();
        chunks.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        Self { size: bytes.len() as u64, chunks }
    }

    /// Returns how many bytes of `self` stand in `other` too.
    fn copied_into(&self, other: &Self) -> u64 {
        let mut copied = 0;
        let mut theirs = other.chunks.iter().peekable();
        for (hash, bytes) in &self.chunks {
            while theirs.next_if(|(other, _)| other < hash).is_some() {}
            if let Some((_, found)) = theirs.next_if(|(other, _)| other == hash) {
                copied += u64::from(*bytes.min(found));
            }
        }
        copied
    }
}

fn hash(low: u32, high: u32) -> u32 {
    low.wrapping_add(high.wrapping_mul(0x61)) % HASH_BASE
}

/// Returns the score of `new` as a rename of `old`; 0 where their sizes alone rule out `least`.
fn score(old: &Fingerprint, new: &Fingerprint, least: u64) -> u64 {
    let (most, fewest) = (old.size.max(new.size), old.size.min(new.size));
    if new.size == 0 || most * (MAX_SCORE - least) < (most - fewest) * MAX_SCORE {
        return 0;
    }
    old.copied_into(new) * MAX_SCORE / most
}

/// A file that appeared or went away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File<I> {
    /// Its path.
    pub path: String,
    /// Its content's id.
    pub id: I,
}

/// Pairs files that went away with files that appeared. Both come in order of their paths, as git lists them. Returns,
/// for each file that appeared, the index of the one it was before. `fingerprint` reads a content; `None` where it
/// cannot be read.
pub fn renames<I: Copy + Eq + std::hash::Hash>(
    gone: &[File<I>],
    appeared: &[File<I>],
    mut fingerprint: impl FnMut(I) -> Option<Fingerprint>,
) -> Vec<Option<usize>> {
    let mut pairs = Pairs { from: vec![None; appeared.len()], used: vec![false; gone.len()] };
    if gone.is_empty() || appeared.is_empty() {
        return pairs.from;
    }
    pairs.exact(gone, appeared);
    let mut read: HashMap<I, Option<Fingerprint>> = HashMap::new();
    let left: Vec<usize> = (0..gone.len()).filter(|at| !pairs.used[*at]).collect();
    let wanted: Vec<usize> = (0..appeared.len()).filter(|at| pairs.from[*at].is_none()).collect();
    if left.is_empty() || wanted.is_empty() {
        return pairs.from;
    }
    for id in left.iter().map(|at| gone[*at].id).chain(wanted.iter().map(|at| appeared[*at].id)) {
        read.entry(id).or_insert_with(|| fingerprint(id));
    }
    let score = |old: usize, new: usize, least: u64| {
        let of = |id: &I| read.get(id).and_then(Option::as_ref);
        match (of(&gone[old].id), of(&appeared[new].id)) {
            (Some(old), Some(new)) => score(old, new, least),
            _ => 0,
        }
    };
    pairs.by_name(gone, appeared, &left, &score);
    pairs.by_content(gone, appeared, &score);
    pairs.from
}

struct Pairs {
    from: Vec<Option<usize>>,
    used: Vec<bool>,
}

impl Pairs {
    fn pair(&mut self, old: usize, new: usize) {
        self.from[new] = Some(old);
        self.used[old] = true;
    }

    /// Pairs equal contents, those with the same file name first.
    fn exact<I: Copy + Eq + std::hash::Hash>(&mut self, gone: &[File<I>], appeared: &[File<I>]) {
        let mut by_id: HashMap<I, VecDeque<usize>> = HashMap::new();
        let mut by_name: HashMap<(I, &str), VecDeque<usize>> = HashMap::new();
        for (at, file) in gone.iter().enumerate() {
            by_id.entry(file.id).or_default().push_back(at);
            by_name.entry((file.id, name(&file.path))).or_default().push_back(at);
        }
        for (new, file) in appeared.iter().enumerate() {
            let same_name =
                by_name.get_mut(&(file.id, name(&file.path))).and_then(|free| self.next_free(free));
            let old = same_name.or_else(|| by_id.get_mut(&file.id).and_then(|free| self.next_free(free)));
            if let Some(old) = old {
                self.pair(old, new);
            }
        }
    }

    /// Takes the first of `free` that nothing has used yet.
    fn next_free(&self, free: &mut VecDeque<usize>) -> Option<usize> {
        while let Some(at) = free.pop_front() {
            if !self.used[at] {
                return Some(at);
            }
        }
        None
    }

    /// Pairs files whose names are the only ones of their kind on both sides, where they are much alike.
    fn by_name<I>(
        &mut self,
        gone: &[File<I>],
        appeared: &[File<I>],
        left: &[usize],
        score: &impl Fn(usize, usize, u64) -> u64,
    ) {
        let mut sources: HashMap<&str, Option<usize>> = HashMap::new();
        for at in left {
            let only = sources.entry(name(&gone[*at].path)).or_insert(Some(*at));
            *only = only.filter(|first| first == at);
        }
        let mut targets: HashMap<&str, Option<usize>> = HashMap::new();
        for at in (0..appeared.len()).filter(|at| self.from[*at].is_none()) {
            let only = targets.entry(name(&appeared[at].path)).or_insert(Some(at));
            *only = only.filter(|first| *first == at);
        }
        for old in left {
            let key = name(&gone[*old].path);
            if let (Some(Some(_)), Some(Some(new))) = (sources.get(key), targets.get(key))
                && score(*old, *new, MIN_NAME_SCORE) >= MIN_NAME_SCORE
            {
                self.pair(*old, *new);
            }
        }
    }

    /// Pairs what is left by how alike it is, the most alike first.
    fn by_content<I>(
        &mut self,
        gone: &[File<I>],
        appeared: &[File<I>],
        score: &impl Fn(usize, usize, u64) -> u64,
    ) {
        let mut candidates: Vec<Candidate> = Vec::new();
        for new in (0..appeared.len()).filter(|at| self.from[*at].is_none()) {
            let mut best: Vec<Candidate> = Vec::with_capacity(CANDIDATES);
            for old in (0..gone.len()).filter(|at| !self.used[*at]) {
                let same_name = name(&gone[old].path) == name(&appeared[new].path);
                let candidate = Candidate { score: score(old, new, MIN_SCORE), same_name, old, new };
                remember(&mut best, candidate);
            }
            candidates.extend(best);
        }
        // The order is stable: of two that are equally good the one met first wins.
        candidates.sort_by_key(|candidate| Reverse(candidate.rank()));
        for candidate in candidates.iter().filter(|candidate| candidate.score >= MIN_SCORE) {
            if self.from[candidate.new].is_none() && !self.used[candidate.old] {
                self.pair(candidate.old, candidate.new);
            }
        }
    }
}

struct Candidate {
    score: u64,
    same_name: bool,
    old: usize,
    new: usize,
}

impl Candidate {
    fn rank(&self) -> (u64, bool) {
        (self.score, self.same_name)
    }
}

/// Keeps `candidate` where fewer than four are known, or it is better than the worst of them, whose place it takes.
fn remember(best: &mut Vec<Candidate>, candidate: Candidate) {
    if best.len() < CANDIDATES {
        best.push(candidate);
        return;
    }
    let mut worst = 0;
    for at in 1..best.len() {
        if best[at].rank() < best[worst].rank() {
            worst = at;
        }
    }
    if best[worst].rank() < candidate.rank() {
        best[worst] = candidate;
    }
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
