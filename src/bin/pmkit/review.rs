//! `pmkit review`

use std::io;
use std::io::Write;

use pmkit::lint::Overlay;
use pmkit::lint::Pair;
use pmkit::lint::Told;
use pmkit::record::Depth;
use pmkit::report;
use pmkit::report::Altered;
use pmkit::report::Range;
use pmkit::review;
use pmkit::review::Changed;
use pmkit::review::Sources;
use pmkit::workspace::Workspace;

use crate::args::Common;
use crate::args::Judged;
use crate::args::Review;
use crate::base::Base;
use crate::check::Check;
use crate::check::Known;
use crate::check::text_of;
use crate::diff::Slips;
use crate::diff::altered;
use crate::diff::version;
use crate::forms;
use crate::outcome::FINDINGS;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::place::Files;
use crate::place::Place;
use crate::selection::Selection;
use crate::terminal;

pub(crate) fn run(common: &Common, options: &Review) -> Result<u8, Failure> {
    let mut place = Place::open_for_change(common, false)?;
    if options.merge {
        place.steer_by_head()?;
    }
    let mut base = Base::open(&mut place, common, &options.base, options.policy, "review --base")?;
    let (files, conflicts) = match options.merge {
        true => {
            let (merged, conflicts) = base.merge(&place)?;
            let snapshot = match place.is_bare() {
                true => merged.snapshot,
                false => merged.snapshot.alike(&place.tree.root),
            };
            (Files::Kept(snapshot, merged.conflicts), conflicts)
        }
        false => (place.files()?, Vec::new()),
    };
    let paths = files.paths();
    let told = Told::default();
    let check = Check {
        place: &place,
        base: Some(&base),
        files: &files,
        paths: &paths,
        selection: &Selection::ALL,
        told: &told,
        baseline: true,
    };
    check.with(|known| finish(common, options, &check, &conflicts, known))
}

/// Runs the rules, puts together what a reviewer asks, and writes it.
fn finish(
    common: &Common,
    options: &Review,
    check: &Check<'_>,
    conflicts: &[String],
    known: &Known<'_>,
) -> Result<u8, Failure> {
    let Check { place, base: Some(base), files, paths, .. } = *check else { return Ok(FINE) };
    let (mut lint, records) = known.review()?;
    let (changed, unreadable) = changed(place, base, files, known.pairs);
    if unreadable > 0 {
        let noun = if unreadable == 1 { "1 record" } else { "records" };
        lint.summary.skipped.push(format!("what changed in {noun} that cannot be read"));
    }
    let workspace = Workspace::new(&place.config, records);
    let answer = review::review(Sources {
        workspace: &workspace,
        changed: &changed,
        timelines: known.timelines,
        elsewhere: &known.elsewhere,
        code_owners: &base.code_owners,
        lint: &lint,
        conflicts,
        prefix: &place.prefix,
        today: place.today,
    });
    let slips = known.timelines.map(|timelines| timelines.slips(&place.config.kinds)).unwrap_or_default();
    let slips = Slips { timelines: known.timelines, slips };
    let differing: Vec<Altered<'_>> =
        changed.iter().filter_map(|(old, new)| altered(place, old.as_ref(), new.as_ref(), &slips)).collect();
    let head = match options.merge || place.is_bare() {
        true => place.head()?.map_or_else(|| "worktree".to_owned(), |head| head.to_string()),
        false => "worktree".to_owned(),
    };
    let range = Range { base: base.parted.to_string(), head };
    let repository = repository();
    let told = report::Told {
        review: &answer,
        lint: &lint,
        altered: &differing,
        range: &range,
        conflicts,
        by_head: base.judged == Judged::Head,
        base: &base.name,
        marker: (repository.as_deref().unwrap_or_default(), &options.check_id),
        config: &place.config,
        today: place.today,
    };
    let overlay = Overlay::new();
    let sources = |path: &str| text_of(files, &place.prefix, &overlay, path);
    let look = terminal::look(common, &io::stdout(), &place.prefix);
    forms::write(options.format, &options.reports, common, look, &|form, look, out| {
        report::review(form, told, &sources, look, out)
    })?;
    let is_record = |path: &String| place.config.kinds.first_claim(path).is_some();
    if !paths.iter().any(is_record) && known.pairs.is_empty() && !common.quiet {
        // Talk goes to stderr; where that is gone there is nobody to tell.
        let _ = writeln!(
            io::stderr(),
            "no records: no file matches a kind's path; see where they lie: pmkit kinds"
        );
    }
    if base.judged == Judged::Head && !common.quiet {
        // Talk goes to stderr; where that is gone there is nobody to tell.
        let _ = writeln!(
            io::stderr(),
            "note: judged by the change's own rules (--policy head): this says nothing about whether it may be merged"
        );
    }
    let fails = lint.summary.deny > 0 || !conflicts.is_empty();
    Ok(if fails && !options.exit_zero { FINDINGS } else { FINE })
}

/// Reads the records in `pairs` as they were and as they are; with how many cannot be read.
fn changed(place: &Place, base: &Base, files: &Files<'_>, pairs: &[Pair]) -> (Vec<Changed>, usize) {
    let (mut found, mut unreadable) = (Vec::new(), 0);
    for (old, new) in pairs {
        let old =
            old.as_deref().map(|path| version(place, path, base.files.read(path), Depth::Whole)).transpose();
        let new = new.as_deref().map(|path| version(place, path, files.read(path), Depth::Whole)).transpose();
        match (old, new) {
            (Ok(old), Ok(new)) => found.push((old, new)),
            _ => unreadable += 1,
        }
    }
    (found, unreadable)
}

/// Returns what the forge that runs this calls the repository.
#[allow(clippy::disallowed_methods, reason = "the binary reads the environment")]
fn repository() -> Option<String> {
    let named = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    named("GITHUB_REPOSITORY").or_else(|| named("CI_PROJECT_PATH"))
}
