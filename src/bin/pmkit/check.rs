//! Running the rules over a place: what its past, its other branches and its people have to say, gathered once.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::collections::HashSet;
use std::hash::BuildHasher;
use std::hash::RandomState;
use std::sync::Mutex;
use std::sync::PoisonError;

use pmkit::error::Error;
use pmkit::history::Timelines;
use pmkit::lint;
use pmkit::lint::Overlay;
use pmkit::lint::Pair;
use pmkit::lint::Request;
use pmkit::lint::Told;
use pmkit::lint::View;
use pmkit::record::Record;
use pmkit::rules::Activity;
use pmkit::rules::Decided;
use pmkit::rules::Elsewhere;
use pmkit::workspace::Around;
use pmkit::workspace::Inputs;

use crate::args::Judged;
use crate::base::Base;
use crate::doings::Doings;
use crate::outcome::Failure;
use crate::past::Past;
use crate::past::decided;
use crate::past::decided_by_end;
use crate::past::elsewhere;
use crate::place::Files;
use crate::place::Place;
use crate::selection::Selection;

/// What is to be checked.
#[derive(Clone, Copy)]
pub(crate) struct Check<'a> {
    /// Where.
    pub(crate) place: &'a Place,
    /// What a change is compared with, if that is what is checked.
    pub(crate) base: Option<&'a Base>,
    /// The files, and their paths.
    pub(crate) files: &'a Files<'a>,
    pub(crate) paths: &'a [String],
    /// Those that are told about.
    pub(crate) selection: &'a Selection,
    /// The levels of the command line.
    pub(crate) told: &'a Told,
    /// Whether the baseline counts.
    pub(crate) baseline: bool,
}

/// What is known besides the files.
pub(crate) struct Known<'a> {
    check: Check<'a>,
    /// The records that a change makes differ.
    pub(crate) pairs: &'a [Pair],
    /// The other files that are gone with it.
    beside: Vec<String>,
    /// What has happened to the records, the change included.
    pub(crate) timelines: Option<&'a Timelines<'a>>,
    /// What had happened to them before.
    before: Option<&'a Timelines<'a>>,
    /// How those were that have been decided and changed since.
    decided: BTreeMap<String, Decided>,
    decided_before: BTreeMap<String, Decided>,
    /// What there is on other branches.
    pub(crate) elsewhere: Elsewhere,
    doings: Doings<'a>,
    /// What could not be seen, each with the reason.
    unseen: Vec<String>,
}

impl Check<'_> {
    /// Gathers what the rules are to know, and hands it to `use_it`.
    pub(crate) fn with<R>(self, use_it: impl FnOnce(&Known<'_>) -> Result<R, Failure>) -> Result<R, Failure> {
        let Self { place, base, files, paths, .. } = self;
        let (pairs, beside) = match base {
            Some(base) => base.differing(place, files, paths)?,
            None => (Vec::new(), Vec::new()),
        };
        let past = match base {
            Some(base) => Past::of_change(place, base, files, &pairs)?,
            None => Past::read(place),
        };
        let followed = past
            .history
            .as_ref()
            .map(|history| Timelines::new(history).followed_to(paths, &place.config.kinds));
        let timelines = followed.as_ref();
        let before = past.before.as_ref().map(Timelines::new);
        let (decided, unread) = match base {
            Some(_) => decided_by_end(place, timelines, &past.texts),
            None => decided(place, files, paths, timelines),
        };
        let (decided_before, _) = decided_by_end(place, before.as_ref(), &past.texts);
        let elsewhere =
            elsewhere(place, paths, timelines, before.as_ref(), base.map(|base| (base, &pairs[..])))?;
        let doings = Doings::new(place, files, timelines, base.is_some());
        let unseen = past.unseen.iter().chain(&unread).cloned().collect();
        let before = before.as_ref();
        use_it(&Known {
            check: self,
            pairs: &pairs,
            beside,
            timelines,
            before,
            decided,
            decided_before,
            elsewhere,
            doings,
            unseen,
        })
    }
}

impl Known<'_> {
    /// Runs the rules over the files with `overlay` on top, and remembers what was read in `seen`, if that is to be mended.
    pub(crate) fn look(&self, overlay: &Overlay, seen: Option<&Seen>) -> Result<lint::Lint, Error> {
        self.run(overlay, seen, None)
    }

    /// Runs the rules over the files, and returns the records as well: see [`lint::lint_for_review`].
    pub(crate) fn review(&self) -> Result<(lint::Lint, Vec<Record>), Error> {
        let mut records = Vec::new();
        let found = self.run(&Overlay::new(), None, Some(&mut records))?;
        Ok((found, records))
    }

    fn run(
        &self,
        overlay: &Overlay,
        seen: Option<&Seen>,
        records: Option<&mut Vec<Record>>,
    ) -> Result<lint::Lint, Error> {
        let Check { place, base, files, selection, .. } = self.check;
        let mut found = self.check(overlay, seen, records)?;
        if let Files::Kept(_, conflicts) = files {
            let open = conflicts.iter().filter(|path| place.config.kinds.first_claim(path).is_some());
            let said = open.map(|path| format!("{}{path}: a merge has left it in conflict", place.prefix));
            found.summary.skipped.extend(said);
        }
        found.summary.skipped.extend(self.unseen.iter().cloned());
        if let Some(base) = base {
            found.summary.notes.extend(base.told.iter().cloned());
            found.summary.base = Some((base.name.clone(), base.parted.to_string()));
        }
        // What cannot be written to is not offered to be mended: another record's file behind a link, a bare repository; nor
        // is what nobody asked for.
        for diagnostic in &mut found.diagnostics {
            let refused = |path: &str| !files.is_own(path) || !selection.holds(path);
            diagnostic.fix.take_if(|fix| fix.edits.iter().any(|edit| refused(&edit.path)));
        }
        Ok(found)
    }

    fn check(
        &self,
        overlay: &Overlay,
        seen: Option<&Seen>,
        records: Option<&mut Vec<Record>>,
    ) -> Result<lint::Lint, Error> {
        let Check { place, base, files, paths, selection, told, baseline } = self.check;
        let selected = |path: &str| selection.holds(path);
        let read = |path: &str| match overlay.get(path) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => files.read(path).inspect(|bytes| seen.iter().for_each(|seen| seen.remember(path, bytes))),
        };
        let (find, read_beside) =
            (|path: &str| files.find_beside(path), |path: &str| files.read_beside(path));
        let around = Around { prefix: &place.prefix, find: &find, read: &read_beside };
        let inputs = Inputs { paths, read: &read, around: Some(around) };
        let (touched, last_seen) =
            (|path: &str| self.doings.touched(path), |who: &str| self.doings.last_seen(who));
        let activity = Activity { today: place.today, touched: &touched, last_seen: &last_seen };
        let (decided, elsewhere) = (&self.decided, &self.elsewhere);
        let request = Request {
            config: &place.config,
            view: View { inputs, past: self.timelines, decided, elsewhere },
            today: place.today,
            selected: &selected,
            told,
            baseline,
            activity: self.doings.are_known().then_some(activity),
        };
        let Some(base) = base else { return lint::lint(request) };
        let old: HashSet<&str> = self.pairs.iter().filter_map(|(old, _)| old.as_deref()).collect();
        // A record that has not changed is read where it is read anyhow.
        let kinds = &place.config.kinds;
        let is_same = |path: &str| !old.contains(path) && kinds.first_claim(path).is_some();
        let read = |path: &str| if is_same(path) { read(path) } else { base.files.read(path) };
        let (find, read_beside) =
            (|path: &str| base.files.find_beside(path), |path: &str| base.files.read_beside(path));
        let around = Around { prefix: &place.prefix, find: &find, read: &read_beside };
        let paths = base.files.paths();
        let inputs = Inputs { paths: &paths, read: &read, around: Some(around) };
        let view = View { past: self.before, decided: &self.decided_before, ..View::of(inputs) };
        let granted = |path: &str| base.text_at_tip(path, kinds);
        let (pairs, beside) = (self.pairs, &self.beside[..]);
        let base = lint::Base {
            name: &base.name,
            view,
            pairs,
            beside,
            granted: (base.judged == Judged::Base).then_some(&granted),
            weakened: &base.weakened,
            broken: base.broken.as_ref(),
        };
        match records {
            None => lint::lint_against(request, base),
            Some(records) => {
                let (found, read) = lint::lint_for_review(request, base)?;
                *records = read;
                Ok(found)
            }
        }
    }
}

/// What was read of the files that findings are about. What mends them must begin with the very same: whoever saves one meanwhile
/// keeps what was saved.
#[derive(Default)]
pub(crate) struct Seen {
    hasher: RandomState,
    hashes: Mutex<HashMap<String, u64>>,
    texts: Mutex<HashMap<String, Option<String>>>,
}

impl Seen {
    fn remember(&self, path: &str, bytes: &[u8]) {
        let mut hashes = self.hashes.lock().unwrap_or_else(PoisonError::into_inner);
        hashes.entry(path.to_owned()).or_insert_with(|| self.hasher.hash_one(bytes));
    }

    /// Returns the text of the file at `path` as it was first read; `None` where it is another one by now.
    pub(crate) fn text(&self, files: &Files<'_>, path: &str) -> Option<String> {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let read = || {
            let text = String::from_utf8(files.read(path).ok()?).ok()?;
            let hashes = self.hashes.lock().unwrap_or_else(PoisonError::into_inner);
            (hashes.get(path) == Some(&self.hasher.hash_one(text.as_bytes()))).then_some(text)
        };
        texts.entry(path.to_owned()).or_insert_with(read).clone()
    }
}

/// Returns the text of the file at `path` as it is with `overlay` on top; what git keeps beside the records, what steers them, is
/// looked up from the repository's top, below `prefix`.
pub(crate) fn text_of(files: &Files<'_>, prefix: &str, overlay: &Overlay, path: &str) -> Option<String> {
    let beside = || files.read_beside(&format!("{prefix}{path}"));
    match overlay.get(path) {
        Some(text) => Some(text.clone()),
        None => String::from_utf8(files.read(path).ok().or_else(beside)?).ok(),
    }
}
