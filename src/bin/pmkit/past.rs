//! What the rules about the past are told, and what to say where it cannot be read.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::collections::HashSet;

use pmkit::document::Document;
use pmkit::document::decode;
use pmkit::error::Error;
use pmkit::git::AskedDecided;
use pmkit::git::NoHistory;
use pmkit::git::Source;
use pmkit::git::Texts;
use pmkit::git::name_of;
use pmkit::git::with_change;
use pmkit::history::Event;
use pmkit::history::History;
use pmkit::history::Oid;
use pmkit::history::Timelines;
use pmkit::history::What;
use pmkit::history::numbered;
use pmkit::lint::Pair;
use pmkit::record::Depth;
use pmkit::record::Origin;
use pmkit::record::Record;
use pmkit::record::RecordId;
use pmkit::record::Target;
use pmkit::rules::Decided;
use pmkit::rules::Elsewhere;
use pmkit::rules::Place as At;
use pmkit::rules::TakenElsewhere;

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
        let source = base.source(place)?;
        let before = match of(place, source, &base.parted.to_string()) {
            Ok(before) => before,
            Err(why) => {
                return Err(Failure::NoHistory(
                    Error::new(format!("what has happened to the records cannot be read: {why}"))
                        .help("without it nothing can be said for certain of a change"),
                ));
            }
        };
        let branch = branch(source, base).unwrap_or_else(|| "HEAD".to_owned());
        let branch = source.history(&place.config, &place.prefix, &branch).ok();
        let read = |path: &str| files.read(path);
        let (history, texts) =
            with_change(&place.config, before.clone(), &base.files, pairs, &read, branch.as_ref());
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
    let asked = AskedDecided { now: Some(files.now()), texts: &texts, approved: &approved };
    read(source.decided(&place.config, &place.prefix, timelines, asked))
}

/// Reads how records were when they were decided, as the history of `timelines` ends; `texts` are those that no commit has.
pub(crate) fn decided_by_end(place: &Place, timelines: Option<&Timelines<'_>>, texts: &Texts) -> WhenDecided {
    let (Some(timelines), Ok(Some(source))) = (timelines, place.source()) else {
        return WhenDecided::default();
    };
    let asked = AskedDecided { now: None, texts, approved: &[] };
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
        let kind = kinds.at(claim.kind);
        let state = kind.fields.iter().position(|field| field.name == kind.lifecycle.field);
        let was = known.zip(state).and_then(|(known, state)| known.facts.value(state));
        if known.is_some_and(|known| name_of(&bytes) == Some(known.content)) {
            continue;
        }
        let Ok(text) = decode(bytes) else { continue };
        let document = Document::read(text);
        let record = Record::read(path, claim, &document, &place.config, Depth::FrontMatter);
        let state = record.state.as_deref().unwrap_or_default();
        for reference in &record.references {
            let Origin::Field(index) = reference.origin else { continue };
            let settles = |state: &str| kind.fields[index].settles_in.iter().any(|known| known == state);
            // What was approved before has said what it is about.
            let settled = settles(state) && !was.is_some_and(|was| settles(was));
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
    before: Option<&Timelines<'_>>,
    base: Option<(&Base, &[Pair])>,
) -> Result<Elsewhere, Failure> {
    let (Some(timelines), Ok(Some(source))) = (timelines, place.source()) else {
        return Ok(Elsewhere::default());
    };
    let (config, prefix) = (&place.config, &place.prefix);
    let named = base.map(|(base, _)| (base.name.as_str(), base.tip));
    let mut taken = source.taken_elsewhere(config, prefix, timelines, paths, named)?;
    let mut histories: HashMap<String, Option<History>> = HashMap::new();
    taken.retain(|taken| {
        let (true, At::Branch(name)) = (taken.certain, &taken.place) else { return true };
        let read = || source.history(&place.config, &place.prefix, name).ok();
        let history = histories.entry(name.clone()).or_insert_with(read).as_ref();
        !history.is_some_and(|history| was_called(history, taken))
    });
    let Some((base, pairs)) = base else {
        let unlanded = source.unlanded(config, prefix, timelines)?;
        return Ok(Elsewhere { taken, unlanded, ..Elsewhere::NOTHING });
    };
    // What the change has not numbered is not its business.
    let kinds = &config.kinds;
    let is_new = |(old, new): &Pair| {
        let number = |path: &Option<String>| path.as_deref().and_then(|path| numbered(path, kinds));
        new.is_some() && number(old) != number(new)
    };
    let new: HashSet<&str> =
        pairs.iter().filter(|pair| is_new(pair)).filter_map(|(_, new)| new.as_deref()).collect();
    taken.retain(|taken| new.contains(taken.path.as_str()));
    taken.extend(given_up(place, source, base, before, &new));
    taken.sort_by(|a, b| (&a.path, !a.certain, &a.place).cmp(&(&b.path, !b.certain, &b.place)));
    let moved = source.hands(config, prefix, base.tip, &moved(timelines.history(), pairs))?;
    let approver = |(old, new): &Pair| {
        let (old, new, before) = (old.as_deref()?, new.clone()?, before?);
        Some((new, approver_of(place, before, old)?))
    };
    let approvers = pairs.iter().filter_map(approver).collect();
    Ok(Elsewhere { taken, moved, approvers, ..Elsewhere::NOTHING })
}

/// Says whether the record that has taken the number on a main branch is the same one, which went by another name when this line last
/// saw it.
fn was_called(history: &History, taken: &TakenElsewhere) -> bool {
    let mut documents = history.documents().iter();
    let of = documents.position(|document| document.alive && *document.path == *taken.by);
    history
        .events
        .iter()
        .filter(|event| Some(event.document) == of)
        .any(|event| *event.path == *taken.path || event.from_path.as_deref() == Some(taken.path.as_str()))
}

/// Returns the numbers among those of the records `new` that the base has given and given up again since the two parted: there they are
/// another record's for good.
fn given_up(
    place: &Place,
    source: Source<'_>,
    base: &Base,
    before: Option<&Timelines<'_>>,
    new: &HashSet<&str>,
) -> Vec<TakenElsewhere> {
    let (true, Some(before)) = (base.tip != base.parted && !new.is_empty(), before) else {
        return Vec::new();
    };
    let Ok(history) = source.history(&place.config, &place.prefix, &base.tip.to_string()) else {
        return Vec::new();
    };
    let kinds = &place.config.kinds;
    let known = before.paths();
    // What happened on both lines is known.
    let shared: HashSet<Oid> = before.history().commits.iter().map(|commit| commit.id).collect();
    let is_theirs = |event: &&Event| !shared.contains(&history.commits[event.commit].id);
    let mut found: Vec<TakenElsewhere> = Vec::new();
    for event in history.events.iter().filter(is_theirs) {
        let document = &history.documents()[event.document];
        let names = std::iter::once(&event.path).chain(&event.from_path);
        for was in names.map(|was| &**was).filter(|was| !known.contains(was)) {
            let Some(id) = numbered(was, kinds) else { continue };
            if document.alive && numbered(&document.path, kinds) == Some(id) {
                continue;
            }
            let by = match document.alive {
                true => format!("{}, renumbered since", document.path),
                false => format!("{was}, deleted since"),
            };
            for path in new.iter().filter(|path| numbered(path, kinds) == Some(id) && **path != was) {
                if !found.iter().any(|other| other.path == **path) {
                    let (path, place) = ((*path).to_owned(), At::Branch(base.name.clone()));
                    found.push(TakenElsewhere {
                        path,
                        id,
                        by: by.clone(),
                        place,
                        certain: true,
                        landed: false,
                    });
                }
            }
        }
    }
    found
}

/// Returns whom the record at `path` names as approver at the end of the history of `timelines`.
fn approver_of(place: &Place, timelines: &Timelines<'_>, path: &str) -> Option<String> {
    let document = timelines.document_at(path)?;
    let kind = place.config.kinds.at(timelines.documents()[document].kind);
    let field = kind.fields.iter().position(|field| field.name == "approver")?;
    let last = timelines.history().followed.last[document].as_ref()?;
    last.facts.value(field).map(ToString::to_string)
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
