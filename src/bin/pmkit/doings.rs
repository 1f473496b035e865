//! What people have done of late, found out when a rule asks for the first time.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use pmkit::date::Date;
use pmkit::git::Seen;
use pmkit::git::Source;
use pmkit::git::name_of;
use pmkit::history::Timelines;

use crate::place::Files;
use crate::place::Place;

/// What people have done of late.
pub(crate) struct Doings<'a> {
    place: &'a Place,
    files: &'a Files<'a>,
    timelines: Option<&'a Timelines<'a>>,
    /// Whether everything that differs from a base was done just now.
    is_change: bool,
    touched: OnceCell<BTreeMap<String, Date>>,
    seen: OnceCell<Seen>,
}

impl<'a> Doings<'a> {
    /// Returns what was done to `files`; `timelines` is what has happened to them.
    pub(crate) fn new(
        place: &'a Place,
        files: &'a Files<'a>,
        timelines: Option<&'a Timelines<'a>>,
        is_change: bool,
    ) -> Self {
        Self { place, files, timelines, is_change, touched: OnceCell::new(), seen: OnceCell::new() }
    }

    /// Says whether anything can be said: not where there is a repository whose history is not here.
    pub(crate) fn are_known(&self) -> bool {
        self.timelines.is_some() || matches!(self.place.source(), Ok(None))
    }

    /// Returns the last day on which the record at `path` changed, where that is not longer ago than any kind asks. What no commit
    /// has was changed today.
    pub(crate) fn touched(&self, path: &str) -> Option<Date> {
        let (timelines, source) = (self.timelines?, self.source()?);
        if self.is_change {
            return Some(self.place.today);
        }
        let known = timelines.document_at(path).and_then(|at| timelines.history().followed.last[at].as_ref());
        let now = self.files.read(path).ok()?;
        let committed = known.is_some_and(|known| {
            let plain = || String::from_utf8_lossy(&now).replace("\r\n", "\n");
            // Git may keep other line ends than the tree has.
            name_of(&now) == Some(known.content) || name_of(plain().as_bytes()) == Some(known.content)
        });
        if !committed {
            return Some(self.place.today);
        }
        let touched = self.touched.get_or_init(|| {
            let kinds = self.place.config.kinds.all().iter();
            let windows = kinds.flat_map(|kind| &kind.fields).filter_map(|field| field.stale_after);
            let since = windows.map(|days| days.before(self.place.today)).min();
            let since = since.unwrap_or(self.place.today);
            source.touched(&self.place.config, &self.place.prefix, since).unwrap_or_default()
        });
        touched.get(path).copied()
    }

    /// Returns the last day on which the person written so did anything in the repository.
    pub(crate) fn last_seen(&self, who: &str) -> Option<Date> {
        let source = self.source()?;
        self.seen.get_or_init(|| source.seen().unwrap_or_default()).last(who)
    }

    fn source(&self) -> Option<Source<'_>> {
        self.place.source().ok().flatten()
    }
}
