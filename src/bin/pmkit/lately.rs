//! What git knows of the time behind us: the history, and the records as they were at the end of a day.

use std::collections::HashSet;
use std::io;
use std::sync::Mutex;
use std::sync::PoisonError;

use pmkit::board::Earlier;
use pmkit::config::Config;
use pmkit::date::Date;
use pmkit::error::Error;
use pmkit::git::Snapshot;
use pmkit::git::Source;
use pmkit::history::Commit;
use pmkit::history::History;
use pmkit::history::Oid;
use pmkit::history::Timelines;
use pmkit::record::Depth;
use pmkit::record::Record;
use pmkit::report;
use pmkit::workspace::Inputs;
use pmkit::workspace::Reading;
use pmkit::workspace::read_records;

use crate::args::Common;
use crate::outcome::Failure;
use crate::place::Files;
use crate::place::Place;
use crate::terminal;
use crate::then;

/// What git knows, as far as it can be read.
pub(crate) struct Lately<'a> {
    pub(crate) source: Option<Source<'a>>,
    pub(crate) head: Option<Oid>,
    pub(crate) history: Option<History>,
    /// The files at the end of the day that is compared with.
    then: Option<Snapshot>,
    /// That day.
    since: Date,
    /// Whether nothing had been committed by then.
    began: bool,
}

/// The point in the past that is compared with.
#[derive(Clone, Copy)]
pub(crate) enum Since {
    /// The end of this day, by the newest commit made by then.
    Day(Date),
    /// This commit, made on this day.
    Commit(Oid, Date),
}

impl Since {
    /// Returns the day of it.
    pub(crate) fn day(self) -> Date {
        match self {
            Self::Day(day) | Self::Commit(_, day) => day,
        }
    }
}

impl<'a> Lately<'a> {
    /// Reads what can be read of the records of `kinds`, and says what cannot: the result is `without` something then.
    pub(crate) fn noted(
        place: &'a Place,
        common: &Common,
        kinds: &[usize],
        since: Since,
        without: &str,
    ) -> Self {
        let mut lately =
            Self { source: None, head: None, history: None, then: None, since: since.day(), began: false };
        let read = lately.fill(place, kinds, since);
        if let (Err(Failure::Tool(why) | Failure::NoHistory(why)), false) = (read, common.quiet) {
            let look = terminal::look(common, &io::stderr(), "");
            let _ = report::note(&why, without, look, &mut io::stderr());
        }
        lately
    }

    /// Reads all of it.
    ///
    /// # Errors
    /// Where something cannot be read.
    pub(crate) fn whole(place: &'a Place, kinds: &[usize], since: Since) -> Result<Self, Failure> {
        let mut lately =
            Self { source: None, head: None, history: None, then: None, since: since.day(), began: false };
        lately.fill(place, kinds, since)?;
        Ok(lately)
    }

    fn fill(&mut self, place: &'a Place, kinds: &[usize], since: Since) -> Result<(), Failure> {
        let Some(source) = place.source()? else {
            return Err(Error::new("there is no git repository here").into());
        };
        self.source = Some(source);
        self.head = place.head()?;
        let Some(head) = self.head else { return Ok(()) };
        let commit = match since {
            Since::Day(day) => then::last_of(source, head, day)?.map(|commit| commit.id),
            Since::Commit(commit, _) => Some(commit),
        };
        self.began = commit.is_none();
        if let Some(commit) = commit {
            let folders = place.config.kinds.folders_of(kinds);
            self.then = Some(source.snapshot(Some(commit), &place.prefix, &folders)?);
        }
        self.history = Some(source.history(&place.config, &place.prefix, &head.to_string())?);
        Ok(())
    }

    /// Goes back to the commit with which the file at `path` came to be (to HEAD, where it has not been committed), if that was by
    /// the day that is compared with already: what is compared with is what there was then. Where there is no history nothing changes.
    ///
    /// # Errors
    /// Where that commit cannot be read.
    pub(crate) fn look_back_to_begin(
        &mut self,
        place: &Place,
        kinds: &[usize],
        path: &str,
    ) -> Result<(), Failure> {
        let (Some(source), Some(head), Some(history)) = (self.source, self.head, &self.history) else {
            return Ok(());
        };
        let documents = history.documents();
        let document = documents.iter().position(|document| document.alive && *document.path == *path);
        let first = history.events.iter().find(|event| Some(event.document) == document);
        let first = first.map(|event| &history.commits[event.commit]);
        let day = first.map_or(place.today, Commit::day);
        if day > self.since {
            return Ok(());
        }
        let commit = first.map_or(head, |commit| commit.id);
        let folders = place.config.kinds.folders_of(kinds);
        self.then = Some(source.snapshot(Some(commit), &place.prefix, &folders)?);
        self.began = false;
        Ok(())
    }

    /// Returns the records of then, which `earlier` has where there were any: none at all where git knows that nothing had been
    /// committed yet.
    pub(crate) fn known(&self, earlier: Option<Earlier>) -> Option<Earlier> {
        let none = || self.began.then(|| Earlier { day: self.since, records: Vec::new() });
        earlier.or_else(none)
    }

    /// Returns the history by its documents, those included that have been moved to other of the `files` and not committed since;
    /// `None` where there is none.
    pub(crate) fn timelines(&self, config: &Config, files: &Files<'_>) -> Option<Timelines<'_>> {
        Some(Timelines::new(self.history.as_ref()?).followed_to(&files.paths(), &config.kinds))
    }

    /// Reads the records of `kinds` among `files`, front matter alone, and, where that is known, those of then: what is as it was is
    /// not read twice.
    pub(crate) fn records<'c>(
        &self,
        place: &'c Place,
        files: &Files<'_>,
        kinds: &[usize],
    ) -> Result<(Reading<'c>, Option<Earlier>), Error> {
        let then = self.then.as_ref();
        let paths = files.paths();
        let known = match (files, self.source) {
            (Files::Disk(..), Some(source)) if then.is_some() => source.unchanged(&place.prefix),
            _ => None,
        };
        let same: Mutex<HashSet<String>> = Mutex::new(HashSet::new());
        let read = |path: &str| {
            let bytes = files.read(path)?;
            if then.is_some_and(|then| files.is_in(then, known.as_ref(), path, &bytes)) {
                same.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned());
            }
            Ok(bytes)
        };
        let wanted = |kind: usize| kinds.contains(&kind);
        let inputs = Inputs { paths: &paths, read: &read, around: None };
        let now = read_records(&place.config, inputs, Depth::FrontMatter, &wanted, &|_| false)?;
        let same = same.into_inner().unwrap_or_else(PoisonError::into_inner);
        let Some(then) = then else { return Ok((now, None)) };
        let paths: Vec<String> = then.paths().into_iter().filter(|path| !same.contains(path)).collect();
        let inputs = Inputs { paths: &paths, read: &|path| then.read(path), around: None };
        let earlier = read_records(&place.config, inputs, Depth::FrontMatter, &wanted, &|_| false)?;
        let mut records: Vec<Record> = earlier.workspace.records;
        records.extend(now.workspace.records.iter().filter(|record| same.contains(&record.path)).cloned());
        Ok((now, Some(Earlier { day: self.since, records })))
    }
}
