//! What a change is compared with, `--base REF`: the files of the commit where the two lines parted, and what is settled at the tip.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;
use std::path::PathBuf;

use pmkit::codeowners;
use pmkit::codeowners::CodeOwners;
use pmkit::config;
use pmkit::config::BASELINE_FILE;
use pmkit::config::CONFIG_FILE;
use pmkit::config::Config;
use pmkit::config::PEOPLE_FILES;
use pmkit::config::Settings;
use pmkit::document::decode;
use pmkit::error::Error;
use pmkit::git::NoHistory;
use pmkit::git::Now;
use pmkit::git::Snapshot;
use pmkit::git::Source;
use pmkit::git::Staged;
use pmkit::history::Oid;
use pmkit::history::numbered;
use pmkit::kind::Kind;
use pmkit::kind::KindFile;
use pmkit::kind::Kinds;
use pmkit::kind::Origin;
use pmkit::lint::Pair;
use pmkit::lint::Policy;
use pmkit::lint::Weakened;
use pmkit::lint::weakened;
use pmkit::rules;
use pmkit::text::nearest;
use pmkit::workspace::Found;

use crate::args::Common;
use crate::args::Judged;
use crate::named::plain;
use crate::outcome::Failure;
use crate::place::Files;
use crate::place::Place;
use crate::place::below;
use crate::place::nothing_settled;
use crate::steering::STEERING;
use crate::steering::settings_in;

/// What a change is compared with.
pub(crate) struct Base {
    /// What it was called.
    pub(crate) name: String,
    /// The command that asks, for messages.
    command: &'static str,
    /// The commit that is called so.
    pub(crate) tip: Oid,
    /// The commit where the lines of the tip and of HEAD parted.
    pub(crate) parted: Oid,
    /// The files of that commit.
    pub(crate) files: Snapshot,
    /// The files of the tip.
    at_tip: Snapshot,
    /// What of the change is not as it would be without it, in words.
    pub(crate) told: Vec<String>,
    /// Whose rules count.
    pub(crate) judged: Judged,
    /// What the change makes less strict of them.
    pub(crate) weakened: Vec<Weakened>,
    /// Why those of the change cannot be read.
    pub(crate) broken: Option<Error>,
    /// Whom the forge asks for which paths.
    pub(crate) code_owners: CodeOwners,
    /// Whether pmkit was in use there already.
    in_use: bool,
}

impl Base {
    /// Finds what HEAD is to be compared with, and puts in force at `place` what is settled at the tip: what steers a tree is not to be
    /// judged by itself. What the tip lacks, a kind with its first records, a first `pmkit.toml`, is taken as it is here.
    pub(crate) fn open(
        place: &mut Place,
        common: &Common,
        name: &str,
        judged: Judged,
        command: &'static str,
    ) -> Result<Self, Failure> {
        let tip = commit(place.needed_source(command)?, name)?;
        // A name in full is for git; people know the branch by the rest.
        let short =
            ["refs/heads/", "refs/remotes/", "refs/tags/"].iter().find_map(|all| name.strip_prefix(all));
        let name = short.unwrap_or(name);
        if judged == Judged::Base
            && let Some(root) = root_at(place, common, place.needed_source(command)?, tip)?
        {
            place.move_root(root)?;
        }
        let source = place.needed_source(command)?;
        let head = source.resolve("HEAD")?.ok_or_else(|| {
            Error::new("nothing has been committed yet, so that nothing can be compared")
                .help("check all there is: pmkit lint")
        })?;
        let parted = source.parted(tip, head)?.ok_or_else(|| {
            Error::new(format!("{name} and HEAD have no commit in common"))
                .help("name the branch that this one was begun from; to check all there is: pmkit lint")
        })?;
        // What a merge that is not done yet brings in is not what is being changed.
        let merged = source.resolve("MERGE_HEAD").ok().flatten();
        let with_it = merged.map(|merged| source.parted(tip, merged)).transpose()?.flatten();
        let parted = match with_it {
            Some(with_it) if source.parted(parted, with_it)? == Some(parted) => with_it,
            _ => parted,
        };
        let steering = STEERING.map(str::to_owned);
        let settings = |commit: Oid| -> Result<Settings, Failure> {
            settings_in(&source.snapshot(Some(commit), &place.prefix, &steering)?)
        };
        let named = |commit: Oid| named_at(place, common, source, commit);
        let (at_tip, mut then) = (settings(tip)?, if tip == parted { None } else { Some(settings(parted)?) });
        let config = match config::load(&at_tip, &rules::names()) {
            Ok(config) => config,
            Err(_) if judged == Judged::Head => config::load(&nothing_settled(), &rules::names())?,
            Err(error) => {
                return Err(error
                    .help(format!("this is how it is at {name}, and that is what counts: mend it there"))
                    .help("to see what a change that mends it comes to, add: --policy head")
                    .into());
            }
        };
        let in_use = at_tip.config.is_some()
            || at_tip.kinds.iter().any(|kind| !kind.built_in)
            || source
                .snapshot(Some(tip), &place.prefix, &config.kinds.folders())?
                .paths()
                .iter()
                .any(|path| config.kinds.first_claim(path).is_some());
        if let Some(broken) = place.broken.as_ref().filter(|_| judged == Judged::Head) {
            return Err(broken.clone().into());
        }
        if common.config.is_some() {
            then.get_or_insert_with(|| at_tip.clone()).config = named(parted)?;
        }
        let then = then.as_ref().unwrap_or(&at_tip);
        let weakened = match config::load(then, &rules::names()) {
            Ok(was) if in_use && place.broken.is_none() => weakened(
                Policy { config: &was, settings: then },
                Policy { config: &place.config, settings: &place.settings },
            ),
            _ => Vec::new(),
        };
        let (config, told) = match judged {
            Judged::Head => {
                let told = format!(
                    "judged by the rules of the change itself (--policy head), not by those of {name}: good for a trial, not for a gate"
                );
                (None, vec![told])
            }
            Judged::Base => {
                let is_named = common.config.is_some();
                let settled = settled(&at_tip, (place, is_named), in_use, &config, named(tip)?);
                // Where it cannot be read there is a finding.
                let told = match &place.broken {
                    None => told(place, then, &settled, name),
                    Some(_) => Vec::new(),
                };
                let own: BTreeSet<String> = config.kinds.all().iter().map(|kind| kind.id.clone()).collect();
                let mut config = config::load(&settled, &rules::names()).map_err(|error| {
                    error.help(format!("what is new here does not go with what {name} has: mend it here"))
                })?;
                if place.broken.is_none() {
                    config.kinds = config.kinds.claiming_also(&place.config.kinds)?;
                }
                if in_use {
                    config.kinds.give_way(&|kind| !own.contains(&kind.id));
                }
                (Some(config), told)
            }
        };
        // Of several the forge reads one.
        let people = if judged == Judged::Base { &at_tip.people } else { &place.settings.people };
        let of = |path: &&str| people.iter().find(|(known, _)| known == path);
        let code_owners =
            codeowners::FILES.iter().find_map(of).map(|(path, text)| CodeOwners::read_at(path, text));
        let folders = config.as_ref().unwrap_or(&place.config).kinds.folders();
        let files = source.snapshot(Some(parted), &place.prefix, &folders)?;
        let at_tip = source.snapshot(Some(tip), &place.prefix, &folders)?;
        if let Some(config) = config {
            place.config = config;
        }
        let code_owners = code_owners.unwrap_or_default();
        let broken = place.broken.take();
        Ok(Self {
            name: name.to_owned(),
            command,
            tip,
            parted,
            files,
            at_tip,
            told,
            judged,
            weakened,
            broken,
            code_owners,
            in_use,
        })
    }

    /// Returns the repository.
    pub(crate) fn source<'p>(&self, place: &'p Place) -> Result<Source<'p>, Error> {
        place.needed_source(self.command)
    }

    /// Returns the files that merging HEAD into what this is called would give, with the paths in conflict from the repository's top, and
    /// takes the tip for what the change begins with. What steers the tree is looked at as it would be then.
    pub(crate) fn merge(&mut self, place: &Place) -> Result<(Staged, Vec<String>), Failure> {
        let source = self.source(place)?;
        let head = source.resolve("HEAD")?.ok_or_else(|| Error::new("nothing has been committed yet"))?;
        let mut folders = place.config.kinds.folders();
        let steering = STEERING.map(str::to_owned);
        self.parted = self.tip;
        self.files = source.snapshot(Some(self.tip), &place.prefix, &folders)?;
        folders.extend(steering.clone());
        let (merged, conflicts) = source.merged(self.tip, head, &place.prefix, &folders)?;
        // What is left in conflict is told as that.
        let settled = |path: &String| {
            let below = path.strip_prefix(&place.prefix).unwrap_or(path);
            !STEERING.iter().any(|known| Path::new(below).starts_with(known))
        };
        if place.settings_are_own() && conflicts.iter().all(settled) {
            let then = settings_in(&source.snapshot(Some(self.tip), &place.prefix, &steering)?)?;
            let here = settings_in(&merged.snapshot)?;
            let rules = rules::names();
            self.broken = None;
            match (config::load(&then, &rules), config::load(&here, &rules)) {
                (Ok(was), Ok(is)) if self.in_use => {
                    let (was, is) =
                        (Policy { config: &was, settings: &then }, Policy { config: &is, settings: &here });
                    self.weakened = weakened(was, is);
                }
                (_, Err(why)) => self.broken = Some(why),
                _ => {}
            }
        }
        Ok((merged, conflicts))
    }

    /// Returns the records that differ from `files`, the files of `place` with the paths `paths`, and the other files that are gone.
    pub(crate) fn differing(
        &self,
        place: &Place,
        files: &Files<'_>,
        paths: &[String],
    ) -> Result<(Vec<Pair>, Vec<String>), Failure> {
        let source = self.source(place)?;
        let read = |path: &str| files.read(path);
        let pairs =
            source.differing(&self.files, files.now(), &place.prefix, paths, &place.config.kinds, &read);
        let top = place.tree.top.as_deref().unwrap_or(&place.tree.root);
        let around = match files.now() {
            Now::Disk(_) => Now::Disk(top),
            now => now,
        };
        Ok((pairs, source.vanished(&self.files, around)?))
    }

    /// Returns the text that a document has at the tip, by its path before the change.
    ///
    /// Where it has been moved since, the one file of its number is meant.
    pub(crate) fn text_at_tip(&self, path: &str, kinds: &Kinds) -> Option<String> {
        if self.at_tip.id_of(path).is_some() {
            return self.at_tip.read(path).and_then(decode).ok();
        }
        let id = numbered(path, kinds)?;
        let paths = self.at_tip.paths();
        let mut same = paths.iter().filter(|path| numbered(path, kinds) == Some(id));
        let only = same.next().filter(|_| same.next().is_none())?;
        self.at_tip.read(only).and_then(decode).ok()
    }
}

/// Returns the folder of the working tree that the commit `tip` takes for the root, seen from `folder`, where that is another one than
/// that of `place`: what steers a tree is not moved by what is being judged.
fn root_at(place: &Place, common: &Common, source: Source<'_>, tip: Oid) -> Result<Option<PathBuf>, Failure> {
    let (Some(top), false) = (&place.tree.top, place.is_bare()) else { return Ok(None) };
    let Ok(folder) = common.folder.canonicalize() else { return Ok(None) };
    if common.config.is_some() {
        return Ok(None);
    }
    let at_tip = source.snapshot(Some(tip), "", &[])?;
    let other = |home: &Path| (home != place.tree.root).then(|| home.to_owned());
    for home in folder.ancestors().take_while(|home| home.starts_with(top)) {
        let Some(below) = below(top, home) else { continue };
        let file = if below.is_empty() { CONFIG_FILE.to_owned() } else { format!("{below}/{CONFIG_FILE}") };
        // A link may lead to one.
        if matches!(at_tip.find_beside(&file), Found::File | Found::Unknown) {
            return Ok(other(home));
        }
    }
    // Without any the root is the top, where there are records already.
    let settings = Settings { kinds: pmkit::kind::built_in(), ..Settings::default() };
    let kinds = config::load(&settings, &rules::names())?.kinds;
    let paths = source.snapshot(Some(tip), "", &kinds.folders())?.paths();
    let in_use = paths.iter().any(|path| kinds.first_claim(path).is_some());
    Ok(if in_use { other(top) } else { None })
}

/// Returns the configuration that was named on the command line, as the commit `tip` has it under the name that was written; `None`
/// where none was named, or it has none.
fn named_at(
    place: &Place,
    common: &Common,
    source: Source<'_>,
    tip: Oid,
) -> Result<Option<(String, String)>, Failure> {
    let (Some(named), Some(top), Some((name, _))) = (&common.config, &place.tree.top, &place.settings.config)
    else {
        return Ok(None);
    };
    let folder = common.folder.canonicalize().unwrap_or_else(|_| common.folder.clone());
    let Some(path) = below(top, &plain(&folder.join(named))) else { return Ok(None) };
    let bytes = source.snapshot(Some(tip), "", &[])?.read_beside(&path);
    Ok(bytes.and_then(|bytes| Some((name.clone(), String::from_utf8(bytes).ok()?))))
}

/// Returns what is settled: what the tip has, read as `config`, and of what there is here kinds that it lacks. Where pmkit was not
/// `in_use` yet, everything is as it is here; so is the baseline, which says what is known of the tree, and a configuration
/// that was named on the command line.
fn settled(
    at_tip: &Settings,
    (place, is_named): (&Place, bool),
    in_use: bool,
    config: &Config,
    named: Option<(String, String)>,
) -> Settings {
    let here = &place.settings;
    if !in_use && place.broken.is_none() {
        return here.clone();
    }
    let mut settled = at_tip.clone();
    if is_named {
        settled.config = named.or_else(|| here.config.clone());
    }
    let is_new = |file: &&KindFile| {
        let of_file = |kind: &&Kind| kind.origin == Origin::File(file.path.clone());
        let kind = place.config.kinds.all().iter().find(of_file);
        let has_place = |kind: &Kind| {
            let taken = |other: &Kind| {
                other.id == kind.id || other.prefix == kind.prefix || other.shares_path_with(kind)
            };
            !config.kinds.all().iter().any(taken)
        };
        kind.is_some_and(has_place)
    };
    settled.kinds.extend(here.kinds.iter().filter(is_new).cloned());
    if place.broken.is_none() {
        settled.baseline.clone_from(&here.baseline);
    }
    settled
}

/// Says what of what steers the tree is otherwise `here` than it was `then`, before the change, and whether it counts: whether that is
/// what is `settled` by `name`.
fn told(place: &Place, then: &Settings, settled: &Settings, name: &str) -> Vec<String> {
    let texts = |settings: &Settings| -> BTreeMap<String, String> {
        let config = settings.config.iter().cloned();
        let kinds = settings.kinds.iter().filter(|kind| !kind.built_in);
        let of_kind = |kind: &KindFile| {
            let template =
                kind.template.as_ref().map(|text| (kind.path.replace(".toml", ".md"), text.to_string()));
            std::iter::once((kind.path.clone(), kind.text.to_string())).chain(template)
        };
        let kinds = kinds.flat_map(of_kind);
        config.chain(kinds).chain(settings.people.iter().cloned()).collect()
    };
    let mut told = Vec::new();
    // It is no part of what counts here, and will let more pass once it is there.
    if place.settings.baseline.is_some() && place.settings.baseline != then.baseline {
        told.push(format!("{}{BASELINE_FILE} is changed, and lets nothing pass here", place.prefix));
    }
    let (here, then, settled) = (texts(&place.settings), texts(then), texts(settled));
    let all: BTreeSet<&String> = here.keys().chain(then.keys()).collect();
    for path in all.into_iter().filter(|path| here.get(*path) != then.get(*path)) {
        // People's files lie below the repository's top, all else below the root.
        let shown = if PEOPLE_FILES.contains(&path.as_str()) {
            path.clone()
        } else {
            format!("{}{path}", place.prefix)
        };
        match (here.get(path), settled.get(path)) {
            (new, counts) if new == counts && then.contains_key(path) => {}
            (Some(new), Some(counts)) if new == counts => {
                told.push(format!("{shown} is new, and counts: {name} has none"));
            }
            (Some(_), None) => told.push(format!("{shown} is new, and counts once {name} has it")),
            (Some(_), Some(_)) => told.push(format!("{shown} is changed, and counts as {name} has it")),
            (None, _) => told.push(format!("{shown} is gone, and counts as {name} has it")),
        }
    }
    told
}

/// Returns the commit that is called `name`.
pub(crate) fn commit(source: Source<'_>, name: &str) -> Result<Oid, Failure> {
    // Whoever may push a tag must not choose what others compare with.
    let full = ["refs/heads/", "refs/remotes/", "refs/tags/"].map(|folder| format!("{folder}{name}"));
    let there: Vec<(String, Oid)> = full
        .into_iter()
        .filter_map(|full| source.resolve(&full).ok().flatten().map(|id| (full, id)))
        .collect();
    if there.iter().any(|(_, id)| *id != there[0].1) {
        let names: Vec<String> = there.iter().map(|(full, _)| format!("`{full}`")).collect();
        return Err(Error::new(format!("`{name}` may mean {}", names.join(" or ")))
            .help("name the one that is meant in full")
            .into());
    }
    match source.resolve(name) {
        Ok(Some(commit)) => Ok(commit),
        Ok(None) => Err(Error::new("nothing has been committed yet").into()),
        // What is not here may be in what was not fetched.
        Err(NoHistory::NoRevision(_)) if source.is_shallow()? => Err(NoHistory::Shallow.into()),
        Err(NoHistory::NoRevision(_)) => {
            let error = Error::new(format!("git knows no revision `{name}`"));
            let remote = format!("origin/{name}");
            let there = source.resolve(&remote).is_ok_and(|found| found.is_some());
            let known = source.revisions();
            let near = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
            Err(match near.filter(|_| !there).or(there.then_some(remote)) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => {
                    error.help("name a commit, a branch or a tag; what another repository has: git fetch")
                }
            }
            .into())
        }
        Err(why) => Err(why.into()),
    }
}
