//! A tree of files in memory, linted as the program lints one on disk.

use std::collections::BTreeSet;

use pmkit::config;
use pmkit::config::BASELINE_FILE;
use pmkit::config::Config;
use pmkit::config::PEOPLE_FILES;
use pmkit::config::Settings;
use pmkit::date::Date;
use pmkit::diagnostic::Diagnostic;
use pmkit::history::Timelines;
use pmkit::kind::KindFile;
use pmkit::kind::built_in;
use pmkit::lint::Base;
use pmkit::lint::Lint;
use pmkit::lint::Overlay;
use pmkit::lint::Pair;
use pmkit::lint::Policy;
use pmkit::lint::Request;
use pmkit::lint::Told;
use pmkit::lint::View;
use pmkit::lint::lint;
use pmkit::lint::lint_against;
use pmkit::lint::mend;
use pmkit::lint::weakened;
use pmkit::rules;
use pmkit::rules::Activity;
use pmkit::rules::Elsewhere;
use pmkit::rules::Moved;
use pmkit::workspace::Around;
use pmkit::workspace::Found;
use pmkit::workspace::Inputs;

use crate::past::Files;
use crate::past::decided;
use crate::past::history;
use crate::past::last_seen;
use crate::past::taken;
use crate::past::touched;
use crate::past::unlanded;

/// Files by path.
#[derive(Default)]
pub(crate) struct Tree {
    pub(crate) files: Files,
    /// What was committed, oldest first.
    pub(crate) commits: Vec<(Date, Files)>,
    /// What is on branches: branch, path and content.
    pub(crate) branches: Vec<(String, String, Vec<u8>)>,
    /// Who had a hand in a change, by path.
    pub(crate) hands: Vec<(String, Vec<String>)>,
    /// What was there before, where it is a change; what steers the tree is as it was then, while anything does.
    pub(crate) before: Files,
}

impl Tree {
    /// Returns the tree with one more file.
    pub(crate) fn with(mut self, path: &str, text: impl AsRef<[u8]>) -> Self {
        self.files.insert(path.to_owned(), text.as_ref().to_vec());
        self
    }

    /// Returns the tree with a kind of the team's own.
    pub(crate) fn with_kind(self, id: &str, text: &str) -> Self {
        self.with(&format!(".pmkit/kinds/{id}.toml"), text)
    }

    fn text(&self, path: &str) -> Option<String> {
        self.files.get(path).map(|bytes| String::from_utf8(bytes.clone()).unwrap())
    }

    /// Reads what steers the tree.
    pub(crate) fn config(&self) -> pmkit::error::Result<Config> {
        config::load(&self.settings(), &rules::names())
    }

    fn settings(&self) -> Settings {
        let mut kinds = built_in();
        for path in
            self.files.keys().filter(|path| path.starts_with(".pmkit/kinds/") && path.ends_with(".toml"))
        {
            let template = self.text(&path.replace(".toml", ".md")).map(Into::into);
            let text = self.text(path).unwrap().into();
            kinds.push(KindFile { path: path.clone(), text, template, built_in: false });
        }
        let config = self.text("pmkit.toml").map(|text| ("pmkit.toml".to_owned(), text));
        let baseline = self.text(BASELINE_FILE);
        let people = PEOPLE_FILES.iter().filter_map(|path| Some(((*path).to_owned(), self.text(path)?)));
        Settings { config, kinds, baseline, people: people.collect(), ..Settings::default() }
    }

    /// Checks every record of the tree.
    pub(crate) fn lint(&self, today: Date) -> Vec<Diagnostic> {
        self.try_lint(today).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Returns the tree as `lint --fix` leaves it, with likely fixes too where `unsafe_too`.
    pub(crate) fn fixed(&self, unsafe_too: bool, today: Date) -> Self {
        let read = |path: &str| String::from_utf8(self.files[path].clone()).ok();
        let mended = mend(unsafe_too, |overlay| self.lint_with(overlay, today), read);
        let mended = mended.unwrap_or_else(|error| panic!("{error}"));
        let mut files = self.files.clone();
        files.extend(mended.overlay.into_iter().map(|(path, text)| (path, text.into_bytes())));
        let (commits, branches, hands) = (self.commits.clone(), self.branches.clone(), self.hands.clone());
        Self { files, commits, branches, hands, before: self.before.clone() }
    }

    /// Checks every record of the tree, where that can be done.
    pub(crate) fn try_lint(&self, today: Date) -> pmkit::error::Result<Vec<Diagnostic>> {
        Ok(self.lint_with(&Overlay::new(), today)?.diagnostics)
    }

    fn lint_with(&self, overlay: &Overlay, today: Date) -> pmkit::error::Result<Lint> {
        if !self.before.is_empty() {
            let mut files = self.files.clone();
            files.extend(overlay.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())));
            let base = Self { files: self.before.clone(), ..Self::default() };
            return Self { files, ..Self::default() }.change_since(&base, today);
        }
        let config = self.config()?;
        let paths: Vec<String> = self.files.keys().cloned().collect();
        let text = |path: &str| overlay.get(path).map(|text| text.clone().into_bytes());
        let read = |path: &str| Ok(text(path).unwrap_or_else(|| self.files[path].clone()));
        let (find, read_beside) = (|path: &str| self.find(path), |path: &str| self.files.get(path).cloned());
        let around = Around { prefix: "", find: &find, read: &read_beside };
        let inputs = Inputs { paths: &paths, read: &read, around: Some(around) };
        let told = Told::default();
        let history = history(&config, &self.commits);
        let timelines = (!self.commits.is_empty()).then(|| Timelines::new(&history));
        let past = timelines.as_ref();
        let decided = &past.map(|past| decided(&config, past, &self.commits)).unwrap_or_default();
        let moved =
            |(path, hands): &(String, Vec<String>)| Moved { path: path.clone(), hands: hands.clone() };
        let elsewhere = &Elsewhere {
            taken: taken(&config, &self.branches, &paths),
            unlanded: unlanded(&config, &self.branches, &self.files),
            moved: self.hands.iter().map(moved).collect(),
            ..Elsewhere::NOTHING
        };
        let (touched, last_seen) = (
            |path: &str| touched(&self.commits, &self.files, path),
            |who: &str| last_seen(&self.commits, who),
        );
        let activity = Activity { today, touched: &touched, last_seen: &last_seen };
        lint(Request {
            config: &config,
            view: View { inputs, past, decided, elsewhere },
            today,
            selected: &|_| true,
            told: &told,
            baseline: true,
            activity: Some(activity),
        })
    }

    fn find(&self, path: &str) -> Found {
        let inside = |known: &String| known.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        if self.files.contains_key(path) {
            Found::File
        } else if path.is_empty() || self.files.keys().any(inside) {
            Found::Folder
        } else {
            Found::Nothing
        }
    }

    /// Checks what has changed since `base`, of which every file is what it was or another one.
    pub(crate) fn lint_against(&self, base: &Self, today: Date) -> Vec<Diagnostic> {
        self.change_since(base, today).unwrap().diagnostics
    }

    fn change_since(&self, base: &Self, today: Date) -> pmkit::error::Result<Lint> {
        let (config, here) = (base.config()?, self.config());
        let (settings, settings_then) = (self.settings(), base.settings());
        let was = Policy { config: &config, settings: &settings_then };
        let weakened = here.as_ref().map(|here| weakened(was, Policy { config: here, settings: &settings }));
        let is_record = |path: &&String| config.kinds.first_claim(path).is_some();
        let all: BTreeSet<&String> = self.files.keys().chain(base.files.keys()).collect();
        let differ = all.into_iter().filter(|path| self.files.get(*path) != base.files.get(*path));
        let there = |tree: &Self, path: &String| tree.files.contains_key(path).then(|| path.clone());
        let pairs: Vec<Pair> =
            differ.filter(is_record).map(|path| (there(base, path), there(self, path))).collect();
        let mut beside: Vec<String> = Vec::new();
        for path in base.files.keys() {
            let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
            let gone = folders.chain([path.as_str()]).filter(|path| self.find(path) == Found::Nothing);
            beside.extend(gone.map(str::to_owned));
        }
        let (paths, paths_then): (Vec<String>, Vec<String>) =
            (self.files.keys().cloned().collect(), base.files.keys().cloned().collect());
        let (read, read_then) =
            (|path: &str| Ok(self.files[path].clone()), |path: &str| Ok(base.files[path].clone()));
        let (find, find_then) = (|path: &str| self.find(path), |path: &str| base.find(path));
        let (beside_now, beside_then) =
            (|path: &str| self.files.get(path).cloned(), |path: &str| base.files.get(path).cloned());
        let around = Around { prefix: "", find: &find, read: &beside_now };
        let around_then = Around { prefix: "", find: &find_then, read: &beside_then };
        let inputs = Inputs { paths: &paths, read: &read, around: Some(around) };
        let inputs_then = Inputs { paths: &paths_then, read: &read_then, around: Some(around_then) };
        let told = Told::default();
        let request = Request {
            config: &config,
            view: View::of(inputs),
            today,
            selected: &|_| true,
            told: &told,
            baseline: true,
            activity: None,
        };
        let granted = |path: &str| base.text(path);
        let before = Base {
            name: "main",
            view: View::of(inputs_then),
            pairs: &pairs,
            beside: &beside,
            granted: Some(&granted),
            weakened: &weakened.unwrap_or_default(),
            broken: here.as_ref().err(),
        };
        lint_against(request, before)
    }
}
