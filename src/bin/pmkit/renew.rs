//! Registers that go along with a change of records: what was current stays current, in the same step.

use pmkit::change::Change;
use pmkit::document::Document;
use pmkit::document::decode;
use pmkit::error::Error;
use pmkit::index;
use pmkit::index::Page;
use pmkit::query::Scope;
use pmkit::record::Depth;
use pmkit::record::Record;
use pmkit::report;
use pmkit::workspace::Reading;
use pmkit::workspace::Workspace;

use crate::index::Records;
use crate::index::history;
use crate::index::pages;
use crate::outcome::Failure;
use crate::place::Files;
use crate::place::Place;

/// What became of the registers.
#[derive(Default)]
pub(crate) struct Renewed {
    /// The paths of the files whose registers were made anew.
    pub(crate) made: Vec<String>,
    /// What could not be, in words.
    pub(crate) notes: Vec<String>,
}

/// Makes the registers anew that were current before `changes`, and adds that to them.
///
/// # Errors
/// Where a file of the tree cannot be read as it was before.
pub(crate) fn renew(
    place: &Place,
    files: &Files<'_>,
    look: report::Look<'_>,
    changes: &mut Vec<Change>,
) -> Result<Renewed, Failure> {
    let mut renewed = Renewed::default();
    match try_renew(place, files, look, changes, &mut renewed) {
        Ok(()) => {}
        // Whoever renumbers a record need not mend a register first.
        Err(Failure::Tool(error) | Failure::NoHistory(error)) => {
            renewed.notes.push(format!("registers were not made anew: {}; see pmkit index", error.message));
        }
        Err(failure) => return Err(failure),
    }
    Ok(renewed)
}

fn try_renew(
    place: &Place,
    files: &Files<'_>,
    look: report::Look<'_>,
    changes: &mut Vec<Change>,
    renewed: &mut Renewed,
) -> Result<(), Failure> {
    let config = &place.config;
    let pages = pages(place, files)?;
    let all = config.kinds.indices();
    let scope = Scope { config, kinds: &all, today: place.today, me: None };
    let planned = index::plan(&pages, scope)?;
    if planned.iter().all(Vec::is_empty) && config.index.is_none() {
        return Ok(());
    }
    let history = history(place, &planned, true)?;
    let before = Records::read(place, files, &planned)?;
    let timelines = before.timelines(history.as_ref(), config);
    let mut current: Vec<&Page> = Vec::new();
    for (page, registers) in pages.iter().zip(&planned).filter(|(_, registers)| !registers.is_empty()) {
        let tables = before.tables(&page.path, registers, timelines.as_ref(), config);
        let mut pairs = registers.iter().zip(&tables);
        if pairs.all(|(register, table)| index::is_current(page, register, table, timelines.is_some())) {
            current.push(page);
        } else {
            renewed.notes.push(format!(
                "the registers of {}{} were stale before and were not made anew: pmkit index",
                place.prefix, page.path
            ));
        }
    }
    let file = match &config.index {
        Some(path) => {
            let made = before.for_programs(place, look)?;
            let there = place.tree.read_page(path).ok().flatten().and_then(|bytes| decode(bytes).ok());
            match there {
                Some(there) if there == made => Some((path, there)),
                _ => {
                    let path = format!("{}{path}", place.prefix);
                    renewed.notes.push(format!("{path} was stale before and was not made anew: pmkit index"));
                    None
                }
            }
        }
        None => None,
    };
    let after = changed(place, before, changes)?;
    let timelines = after.timelines(history.as_ref(), config);
    for page in current {
        let there =
            changes.iter().position(|change| change.before().is_some_and(|(path, _)| path == page.path));
        let text = there.map_or(page.text.as_str(), |at| changes[at].after());
        let now = Page { path: page.path.clone(), text: text.to_owned() };
        let slots = index::plan(&with(&pages, &now), scope)?;
        let at = pages.iter().position(|known| known.path == page.path).unwrap_or(0);
        let tables = after.tables(&page.path, &slots[at], timelines.as_ref(), config);
        let text = index::filled(&now, &slots[at], &tables)?;
        put(changes, &page.path, &page.text, text, renewed);
    }
    if let Some((path, there)) = file {
        let text = after.for_programs(place, look)?;
        put(changes, path, &there, text, renewed);
    }
    Ok(())
}

/// Returns `pages` with `now` in the place of the page of that path.
fn with(pages: &[Page], now: &Page) -> Vec<Page> {
    pages.iter().map(|page| if page.path == now.path { now.clone() } else { page.clone() }).collect()
}

/// Has the file at `path`, which holds `before`, become `after`.
fn put(changes: &mut Vec<Change>, path: &str, before: &str, after: String, renewed: &mut Renewed) {
    let there = changes.iter_mut().find(|change| change.before().is_some_and(|(changed, _)| changed == path));
    match there {
        Some(Change::Edit { after: planned, .. } | Change::Move { after: planned, .. }) => {
            if *planned == after {
                return;
            }
            *planned = after;
        }
        _ if before == after => return,
        _ => {
            let (path, before) = (path.to_owned(), before.to_owned());
            changes.push(Change::Edit { path, before, after });
        }
    }
    renewed.made.push(path.to_owned());
}

/// Returns the records as they are after `changes`.
fn changed<'a>(place: &'a Place, before: Records<'a>, changes: &[Change]) -> Result<Records<'a>, Error> {
    let config = &place.config;
    let Records { reading: Reading { workspace, documents, unreadable }, mut paths, .. } = before;
    let mut pairs: Vec<(Record, Option<Document>)> = workspace.records.into_iter().zip(documents).collect();
    for change in changes {
        let Some((path, _)) = change.before() else { continue };
        if path != change.path()
            && let Some(known) = paths.iter_mut().find(|known| *known == path)
        {
            change.path().clone_into(known);
        }
        let Some((record, kept)) = pairs.iter_mut().find(|(record, _)| record.path == path) else { continue };
        let Some(claim) = config.kinds.claim(change.path())? else { continue };
        let document = Document::read(change.after().to_owned());
        *record = Record::read(change.path(), claim, &document, config, Depth::FrontMatter);
        if kept.is_some() {
            *kept = Some(document);
        }
    }
    paths.sort_unstable();
    pairs.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
    let (records, documents) = pairs.into_iter().unzip();
    let workspace = Workspace::new(config, records);
    Ok(Records::of(place, Reading { workspace, documents, unreadable }, paths))
}
