//! What the rules about the past are told, and what to say where it cannot be read.

use std::collections::BTreeMap;

use pmkit::git::NoHistory;
use pmkit::git::Now;
use pmkit::history::History;
use pmkit::history::Timelines;
use pmkit::rules::Decided;
use pmkit::rules::TakenElsewhere;

use crate::outcome::Failure;
use crate::place::Files;
use crate::place::Place;

/// Reads what has happened to the records, or says why the rules that need it are left out.
pub(crate) fn past(place: &Place) -> (Option<History>, Option<String>) {
    let left_out = |why: &str| (None, Some(format!("rules about the past: {why}")));
    let source = match place.source() {
        Ok(Some(source)) => source,
        // Without a repository there is no past.
        Ok(None) => return (None, None),
        Err(why) => return left_out(&why.to_string()),
    };
    match source.history(&place.config, &place.prefix, "HEAD") {
        Ok(history) if history.is_complete() => (Some(history), None),
        Ok(_) => left_out("objects of some commit are missing; fetch them"),
        Err(NoHistory::Shallow) => {
            left_out("this clone holds only the newest commits; git fetch --unshallow")
        }
        Err(NoHistory::NoRevision(_)) => left_out("HEAD names no commit"),
        Err(NoHistory::Failed(why)) => left_out(&why.to_string()),
    }
}

/// Reads how records were when they were decided, or says why that is left out.
pub(crate) fn decided(
    place: &Place,
    files: &Files<'_>,
    timelines: Option<&Timelines<'_>>,
) -> (BTreeMap<String, Decided>, Option<String>) {
    let (Some(timelines), Ok(Some(source))) = (timelines, place.source()) else {
        return (BTreeMap::new(), None);
    };
    let now = match files {
        Files::Disk(tree, _) => Now::Disk(&tree.root),
        Files::Kept(snapshot, _) => Now::Kept(snapshot),
    };
    match source.decided(&place.config, &place.prefix, timelines, now) {
        Ok(decided) => (decided, None),
        Err(_) => (BTreeMap::new(), Some("what was decided: its text is missing; fetch it".to_owned())),
    }
}

/// Finds the numbers that branches have given too.
pub(crate) fn taken(
    place: &Place,
    paths: &[String],
    timelines: Option<&Timelines<'_>>,
) -> Result<Vec<TakenElsewhere>, Failure> {
    match (timelines, place.source()) {
        (Some(timelines), Ok(Some(source))) => {
            Ok(source.taken_elsewhere(&place.config, &place.prefix, timelines, paths)?)
        }
        _ => Ok(Vec::new()),
    }
}
