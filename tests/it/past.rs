//! A history made of texts alone: what files held, commit by commit, followed as the program follows git's.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::Arc;

use pmkit::compare::says_the_same;
use pmkit::config::Config;
use pmkit::config::is_called;
use pmkit::date::Date;
use pmkit::history::Change;
use pmkit::history::Commit;
use pmkit::history::File;
use pmkit::history::Fingerprint;
use pmkit::history::Fixed;
use pmkit::history::Followed;
use pmkit::history::Follower;
use pmkit::history::History;
use pmkit::history::Oid;
use pmkit::history::Reader;
use pmkit::history::Signature;
use pmkit::history::Timelines;
use pmkit::history::Watch;
use pmkit::history::body;
use pmkit::history::front_matter;
use pmkit::history::numbered;
use pmkit::history::read_facts;
use pmkit::history::renames;
use pmkit::rules::Decided;
use pmkit::rules::Place;
use pmkit::rules::TakenElsewhere;
use pmkit::rules::Unlanded;

/// Files by path, as a commit left them.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Returns a name for a content, as git would: the same for the same.
fn oid(bytes: &[u8]) -> Oid {
    let mut id = [0_u8; 20];
    for (at, byte) in bytes.iter().enumerate() {
        let place = at % 20;
        id[place] = id[place].rotate_left(3).wrapping_mul(31) ^ *byte ^ u8::try_from(at % 251).unwrap();
    }
    Oid::from_bytes(&id).unwrap()
}

/// Follows the documents that the kinds of `config` claim through `commits`, oldest first, each with its day.
pub(crate) fn history(config: &Config, commits: &[(Date, Files)]) -> History {
    let watches: Vec<Watch> = config.kinds.all().iter().map(Watch::of).collect();
    let mut texts: HashMap<Oid, &[u8]> = HashMap::new();
    texts.extend(commits.iter().flat_map(|(_, files)| files.values()).map(|text| (oid(text), &text[..])));
    let facts = |(id, kind): (Oid, usize)| {
        Some(Arc::new(read_facts(config.kinds.at(kind), &watches[kind].all, front_matter(texts[&id]))))
    };
    let text = |id: Oid| String::from_utf8(body(texts[&id]).to_vec()).unwrap();
    let rewritten = |kind: usize, old: Oid, new: Oid| {
        !says_the_same(config.kinds.at(kind), &config.kinds, &text(old), &text(new))
    };
    let reader = Reader { facts: &facts, rewritten: &rewritten };
    let mut follower =
        Follower::new(&config.kinds, &watches, Followed { complete: true, ..Followed::default() });
    let mut before = Files::new();
    let mut history = History::default();
    for (at, (day, files)) in commits.iter().enumerate() {
        let mut paths: Vec<&String> = before.keys().chain(files.keys()).collect();
        paths.sort();
        paths.dedup();
        let changes =
            paths.into_iter().filter(|path| before.get(*path) != files.get(*path)).filter_map(|path| {
                let (kind, number) = config.kinds.first_claim(path)?;
                let id = |files: &Files| files.get(path).map(|text| oid(text));
                let (old, new) = (id(&before), id(files));
                Some(Change { path: path.as_str().into(), kind, number, old, new, retyped: false })
            });
        let changes: Vec<Change> = changes.collect();
        let of =
            |wanted: fn(&Change) -> bool, id: fn(&Change) -> Option<Oid>| -> (Vec<usize>, Vec<File<Oid>>) {
                let found = changes.iter().enumerate().filter(|(_, change)| wanted(change));
                found
                    .map(|(at, change)| (at, File { path: change.path.to_string(), id: id(change).unwrap() }))
                    .unzip()
            };
        let gone = of(|change| change.new.is_none(), |change| change.old);
        let appeared = of(|change| change.old.is_none(), |change| change.new);
        let mut from = vec![None; changes.len()];
        let pairs = renames(&gone.1, &appeared.1, |id| Some(Fingerprint::of(texts[&id])));
        for (at, source) in pairs.into_iter().enumerate() {
            from[appeared.0[at]] = source.map(|source| gone.0[source]);
        }
        follower.take(at, &changes, &from, reader);
        let author = Signature {
            name: "Maya Chen".into(),
            email: "maya@acme.example".into(),
            seconds: day.days_since_epoch() * 86_400 + 43_200,
            offset: 0,
        };
        history.commits.push(Commit {
            id: oid(at.to_string().as_bytes()),
            parents: Vec::new(),
            author: author.clone(),
            committer: author,
            signed: false,
            subject: "".into(),
            trailers: Vec::new(),
            pull_request: None,
        });
        before.clone_from(files);
    }
    (history.followed, history.events) = follower.finish();
    history.head = history.commits.last().map(|commit| commit.id);
    history
}

/// Returns how records were when they were decided.
pub(crate) fn decided(
    config: &Config,
    timelines: &Timelines<'_>,
    commits: &[(Date, Files)],
) -> BTreeMap<String, Decided> {
    let texts = commits.iter().flat_map(|(_, files)| files.values());
    let texts: HashMap<Oid, &Vec<u8>> = texts.map(|text| (oid(text), text)).collect();
    let renumbered = Arc::new(timelines.renumbered(&config.kinds));
    let of = |fixed: &Fixed<'_>| {
        let text = String::from_utf8(texts[&fixed.decided].clone()).unwrap();
        (fixed.path.clone(), Decided::new(fixed, timelines, text, None, Arc::clone(&renumbered)))
    };
    timelines.fixed(&config.kinds, &[]).iter().map(of).collect()
}

/// Returns the numbers of records among `paths` that other files of `branches` have too.
pub(crate) fn taken(
    config: &Config,
    branches: &[(String, String, Vec<u8>)],
    paths: &[String],
) -> Vec<TakenElsewhere> {
    let mut found = Vec::new();
    for path in paths {
        for (branch, by, _) in branches.iter().filter(|(_, by, _)| by != path) {
            let id = numbered(path, &config.kinds);
            if let Some(id) = id.filter(|id| numbered(by, &config.kinds) == Some(*id)) {
                let (path, by, branch) = (path.clone(), by.clone(), branch.clone());
                let certain = branch == "main";
                found.push(TakenElsewhere {
                    path,
                    id,
                    by,
                    place: Place::Branch(branch),
                    certain,
                    landed: false,
                });
            }
        }
    }
    found
}

/// Returns the records among `files` whose state those of `branches` do not have.
pub(crate) fn unlanded(
    config: &Config,
    branches: &[(String, String, Vec<u8>)],
    files: &Files,
) -> Vec<Unlanded> {
    let state = |path: &str, bytes: &[u8]| {
        let (kind, _) = config.kinds.first_claim(path)?;
        let watch = Watch::of(config.kinds.at(kind));
        let facts = read_facts(config.kinds.at(kind), &watch.all, front_matter(bytes));
        facts.value(watch.state).map(ToString::to_string)
    };
    let of = |(branch, path, bytes): &(String, String, Vec<u8>)| {
        let (there, here) = (state(path, bytes), state(path, files.get(path)?)?);
        let (kind, _) = config.kinds.first_claim(path)?;
        let decided = config.kinds.at(kind).lifecycle.is_decided(&here);
        let unlanded = Unlanded { path: path.clone(), state: here.clone(), branch: branch.clone(), there };
        (decided && unlanded.there != Some(here)).then_some(unlanded)
    };
    branches.iter().filter_map(of).collect()
}

/// Returns the last day on which one of `commits` changed the file at `path`; without commits nobody knows.
pub(crate) fn touched(commits: &[(Date, Files)], now: &Files, path: &str) -> Option<Date> {
    let (_, last) = commits.last()?;
    if last.get(path) != now.get(path) {
        return Date::parse("2026-11-20");
    }
    let before = |at: usize| at.checked_sub(1).and_then(|at| commits[at].1.get(path));
    let mut changes = commits.iter().enumerate().rev();
    changes.find(|(at, (_, files))| files.get(path) != before(*at)).map(|(_, (day, _))| *day)
}

/// Returns the last day on which `who` committed anything: all is Maya's.
pub(crate) fn last_seen(commits: &[(Date, Files)], who: &str) -> Option<Date> {
    commits.last().filter(|_| is_called("Maya Chen <maya@acme.example>", who)).map(|(day, _)| *day)
}
