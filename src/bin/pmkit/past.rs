//! What the rules about the past are told, and what to say where it cannot be read.

use std::collections::BTreeMap;
use std::collections::HashMap;

use pmkit::document::Document;
use pmkit::document::decode;
use pmkit::git::AskedDecided;
use pmkit::git::NoHistory;
use pmkit::git::Source;
use pmkit::git::Texts;
use pmkit::git::name_of;
use pmkit::history::Event;
use pmkit::history::History;
use pmkit::history::Timelines;
use pmkit::history::What;
use pmkit::lint::Pair;
use pmkit::record::Depth;
use pmkit::record::Origin;
use pmkit::record::Record;
use pmkit::record::RecordId;
use pmkit::record::Target;
use pmkit::rules::Decided;
use pmkit::rules::Elsewhere;

use crate::base::Base;
use crate::outcome::Failure;
use crate::place::Files;
use crate::place::Place;

/// What has happened to the records.
#[derive(Default)]
pub(crate) struct Past {
    /// To those there are; `None` where that cannot be said.
    pub(crate) history: Option<History>,
    /// To those there were before a change.
    pub(crate) before: Option<History>,
    /// What the change made of them.
    pub(crate) texts: Texts,
    /// Why something cannot be said.
    pub(crate) unseen: Option<String>,
}

impl Past {
    /// Reads what has happened to the records, or says why the rules that need it are left out.
    pub(crate) fn read(place: &Place) -> Self {
        match place.source() {
            Ok(Some(source)) => match of(place, source, "HEAD") {
                Ok(history) => Self { history: Some(history), ..Self::default() },
                Err(why) => Self::unseen(&why),
            },
            // Without a repository there is no past.
            Ok(None) => Self::default(),
            Err(why) => Self::unseen(&why.to_string()),
        }
    }

    /// Reads what had happened before a change, and what there would be were the change a commit: `pairs` are the records that differ.
    pub(crate) fn of_change(
        place: &Place,
        base: &Base,
        files: &Files<'_>,
        pairs: &[Pair],
    ) -> Result<Self, Failure> {
        let source = place.needed_source("lint --base")?;
        let before = match of(place, source, &base.parted.to_string()) {
            Ok(before) => before,
            Err(why) => return Ok(Self::unseen(&why)),
        };
        let branch = branch(source, base).unwrap_or_else(|| "HEAD".to_owned());
        let branch = source.history(&place.config, &place.prefix, &branch).ok();
        let read = |path: &str| files.read(path);
        let (history, texts) =
            Source::with_change(&place.config, before.clone(), &base.files, pairs, &read, branch.as_ref());
        Ok(Self { history: Some(history), before: Some(before), texts, unseen: None })
    }

    fn unseen(why: &str) -> Self {
        Self { unseen: Some(format!("rules about the past: {why}")), ..Self::default() }
    }
}

/// Returns the tip of the branch that HEAD merges into what the base has: that is how a forge has a pull request checked, and nobody
/// knows its merge.
fn branch(source: Source<'_>, base: &Base) -> Option<String> {
    let head = source.commit(source.resolve("HEAD").ok()??).ok()?;
    let [first, tip] = head.parents[..] else { return None };
    let into_base = source.parted(first, base.tip).ok()? == Some(first);
    into_base.then(|| tip.to_string())
}

/// Reads the history of `revision`, or says why there is none.
fn of(place: &Place, source: Source<'_>, revision: &str) -> Result<History, String> {
    match source.history(&place.config, &place.prefix, revision) {
        Ok(history) if history.is_complete() => Ok(history),
        Ok(_) => Err("objects of some commit are missing; fetch them".to_owned()),
        Err(NoHistory::Shallow) => {
            Err("this clone holds only the newest commits; git fetch --unshallow".to_owned())
        }
        Err(NoHistory::NoRevision(_)) => Err("HEAD names no commit".to_owned()),
        Err(NoHistory::Failed(why)) => Err(why.to_string()),
    }
}

/// How records were when they were decided, by path; or why that is left out.
pub(crate) type WhenDecided = (BTreeMap<String, Decided>, Option<String>);

/// Reads how records were when they were decided that are among `files`, which have the paths `paths`.
pub(crate) fn decided(
    place: &Place,
    files: &Files<'_>,
    paths: &[String],
    timelines: Option<&Timelines<'_>>,
) -> WhenDecided {
    let (Some(timelines), Ok(Some(source))) = (timelines, place.source()) else {
        return WhenDecided::default();
    };
    let (texts, approved) = (Texts::new(), approved(place, files, paths, timelines));
    let asked =
        AskedDecided { now: Some(files.now()), texts: &texts, approved: &approved, wanted: &|_| true };
    read(source.decided(&place.config, &place.prefix, timelines, asked))
}

/// Reads how those records were when they were decided that `wanted` names, as the history of `timelines` ends; `texts` are those
/// that no commit has.
pub(crate) fn decided_by_end(
    place: &Place,
    timelines: Option<&Timelines<'_>>,
    texts: &Texts,
    wanted: &dyn Fn(&str) -> bool,
) -> WhenDecided {
    let (Some(timelines), Ok(Some(source))) = (timelines, place.source()) else {
        return WhenDecided::default();
    };
    let asked = AskedDecided { now: None, texts, approved: &[], wanted };
    read(source.decided(&place.config, &place.prefix, timelines, asked))
}

/// Returns the records to which a change has been approved by one that no commit has so.
fn approved(place: &Place, files: &Files<'_>, paths: &[String], timelines: &Timelines<'_>) -> Vec<RecordId> {
    let kinds = &place.config.kinds;
    let settles = |kind: usize| kinds.at(kind).fields.iter().any(|field| !field.settles_in.is_empty());
    let mut approved = Vec::new();
    for path in paths {
        let Some(claim) = kinds.claim(path).ok().flatten().filter(|claim| settles(claim.kind)) else {
            continue;
        };
        let Ok(bytes) = files.read(path) else { continue };
        let known = timelines.document_at(path).and_then(|at| timelines.history().followed.last[at].as_ref());
        if known.is_some_and(|known| name_of(&bytes) == Some(known.content)) {
            continue;
        }
        let Ok(text) = decode(bytes) else { continue };
        let document = Document::read(text);
        let record = Record::read(path, claim, &document, &place.config, Depth::FrontMatter);
        let state = record.state.as_deref().unwrap_or_default();
        for reference in &record.references {
            let Origin::Field(index) = reference.origin else { continue };
            let settled = kinds.at(record.kind).fields[index].settles_in.iter().any(|known| known == state);
            if let Target::Id(id) = &reference.target
                && settled
                && record.id() != Some(*id)
            {
                approved.push(*id);
            }
        }
    }
    approved
}

fn read(decided: Result<BTreeMap<String, Decided>, NoHistory>) -> WhenDecided {
    match decided {
        Ok(decided) => (decided, None),
        Err(_) => (BTreeMap::new(), Some("what was decided: its text is missing; fetch it".to_owned())),
    }
}

/// Finds what there is on other branches that matters here; where a change is looked at, who made its decisions.
pub(crate) fn elsewhere(
    place: &Place,
    paths: &[String],
    timelines: Option<&Timelines<'_>>,
    base: Option<(&Base, &[Pair])>,
) -> Result<Elsewhere, Failure> {
    let (Some(timelines), Ok(Some(source))) = (timelines, place.source()) else {
        return Ok(Elsewhere::default());
    };
    let (config, prefix) = (&place.config, &place.prefix);
    let named = base.map(|(base, _)| (base.name.as_str(), base.tip));
    let taken = source.taken_elsewhere(config, prefix, timelines, paths, named)?;
    let Some((base, pairs)) = base else {
        let unlanded = source.unlanded(config, prefix, timelines)?;
        return Ok(Elsewhere { taken, unlanded, ..Elsewhere::NOTHING });
    };
    let moved = source.hands(config, prefix, base.tip, &moved(timelines.history(), pairs))?;
    Ok(Elsewhere { taken, moved, ..Elsewhere::NOTHING })
}

/// Returns the paths of the records that a change, the last commit of `history`, gave another state, where that is committed: the one
/// before, too, each with the one there is now.
fn moved<'a>(history: &'a History, pairs: &'a [Pair]) -> HashMap<&'a str, &'a str> {
    let last = history.commits.len().saturating_sub(1);
    let is_move = |event: &&Event| {
        let committed = event.detail.as_deref().is_some_and(|detail| detail.written_in.is_some());
        event.commit == last && event.is_of_state() && event.what != What::Renamed && committed
    };
    let mut paths: HashMap<&str, &str> = HashMap::new();
    for now in history.events.iter().filter(is_move).map(|event| &*event.path) {
        let before = pairs.iter().find(|(_, new)| new.as_deref() == Some(now));
        paths.extend(before.and_then(|(old, _)| old.as_deref()).map(|old| (old, now)));
        paths.insert(now, now);
    }
    paths
}
