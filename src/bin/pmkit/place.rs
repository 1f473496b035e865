//! Where a command works: the tree on disk, or a bare repository at HEAD, with what steers it.

use std::cell::OnceCell;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use pmkit::config;
use pmkit::config::CONFIG_FILE;
use pmkit::config::Config;
use pmkit::config::Settings;
use pmkit::date::Date;
use pmkit::document::Unreadable;
use pmkit::error::Error;
use pmkit::fs::Door;
use pmkit::fs::Entries;
use pmkit::fs::Recovered;
use pmkit::fs::Tree;
use pmkit::git::Git;
use pmkit::git::NoGit;
use pmkit::git::NoHistory;
use pmkit::git::Now;
use pmkit::git::Program;
use pmkit::git::Snapshot;
use pmkit::git::Source;
use pmkit::git::Staged;
use pmkit::git::Unchanged;
use pmkit::history::Oid;
use pmkit::report;
use pmkit::rules;
use pmkit::text::visible;
use pmkit::workspace::Found;

use crate::args::Common;
use crate::clock;
use crate::outcome::Failure;
use crate::steering::STEERING;
use crate::steering::at_head;
use crate::steering::bare_settings;
use crate::steering::plainly;
use crate::steering::settings_in;
use crate::then;

/// Where a command works.
pub(crate) struct Place {
    /// The tree.
    pub(crate) tree: Tree,
    /// What steers it.
    pub(crate) config: Config,
    /// The texts that was read from.
    pub(crate) settings: Settings,
    /// Why what steers it cannot be read, where that is no matter: what is built in counts then.
    pub(crate) broken: Option<Error>,
    /// The day.
    pub(crate) today: Date,
    /// Where the root lies below the repository's top, with `/` at its end.
    pub(crate) prefix: String,
    need: Need,
    git: OnceCell<Result<Git, NoGit>>,
    /// The git program, for a repository that the library cannot open; or why that cannot either.
    program: OnceCell<Result<Program, String>>,
    bare: bool,
    staged: bool,
    /// Whether what steers the tree is taken from HEAD.
    at_head: bool,
    /// The commit that the files are taken from, where they are looked at as they once were.
    then: Option<Oid>,
}

/// Which version of the files a place is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    /// The working tree; HEAD in a bare repository.
    Tree,
    /// The index.
    Index,
}

/// How much depends on what steers a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    /// Nothing can be done where it cannot be read.
    Whole,
    /// It may be broken.
    Broken,
}

/// Returns what `settings` settle; where they cannot be read and need not be, what is built in, and why.
fn loaded(settings: Result<Settings, Error>, need: Need) -> Result<(Settings, Config, Option<Error>), Error> {
    let read = settings.and_then(|settings| {
        let config = config::load(&settings, &rules::names())?;
        Ok((settings, config, None))
    });
    match (read, need) {
        (Err(why), Need::Broken) => {
            let settings = nothing_settled();
            let config = config::load(&settings, &rules::names())?;
            Ok((settings, config, Some(why)))
        }
        (read, _) => read,
    }
}

/// Returns what steers a tree in which nobody has settled anything.
pub(crate) fn nothing_settled() -> Settings {
    Settings { kinds: pmkit::kind::built_in(), ..Settings::default() }
}

impl Place {
    /// Opens the place `common` names.
    pub(crate) fn open(common: &Common) -> Result<Self, Error> {
        Self::open_at(common, Version::Tree, Need::Whole)
    }

    /// Opens the place `common` names, or its index where `staged`, to judge a change in it by what steers another commit: what
    /// steers it here may be broken.
    pub(crate) fn open_for_change(common: &Common, staged: bool) -> Result<Self, Error> {
        Self::open_at(common, if staged { Version::Index } else { Version::Tree }, Need::Broken)
    }

    /// Opens the place `common` names as the index has it: what steers it is read from there too, unless a file for that
    /// was named.
    pub(crate) fn open_staged(common: &Common) -> Result<Self, Error> {
        Self::open_at(common, Version::Index, Need::Whole)
    }

    fn open_at(common: &Common, version: Version, need: Need) -> Result<Self, Error> {
        let staged = version == Version::Index;
        let today = clock::today(common.today.as_deref())?;
        let mut tree = Tree::find(&common.folder)?;
        if let Some(file) = &common.config {
            tree = tree.with_config(&common.folder.join(file))?;
        }
        let (git, program) = (OnceCell::new(), OnceCell::new());
        let mut bare = false;
        if tree.top.is_none() && tree.config.is_none() {
            // No working tree around: this may be a bare repository.
            let opened = Git::open(&tree.root);
            let looks_bare = tree.root.join("HEAD").is_file() && tree.root.join("objects").is_dir();
            bare = match &opened {
                Ok(git) => git.is_bare(),
                Err(NoGit::Refused(why)) if looks_bare => {
                    let asked = asked(&tree.root);
                    let readable = asked.as_ref().map(|_| ()).map_err(|said| unreadable(why, said));
                    let _ = program.set(asked);
                    readable?;
                    true
                }
                Err(NoGit::NotARepository) if looks_bare => {
                    return Err(Error::new(
                        "this bare repository cannot be read: its HEAD or its configuration is broken",
                    )
                    .help("work in a clone of it, or look with git fsck"));
                }
                Err(_) => false,
            };
            let _ = git.set(opened);
        }
        let settings = match (git.get(), program.get()) {
            (Some(Ok(git)), _) if bare => bare_settings(Source::Library(git)),
            (_, Some(Ok(program))) if bare => bare_settings(Source::Program(program)),
            // What is staged steers it; that is read below, where the place is known.
            _ if staged && common.config.is_none() => Ok(nothing_settled()),
            _ => tree.settings(),
        };
        let (settings, config, broken) = loaded(settings, need)?;
        let prefix = tree.prefix();
        let mut place = Self {
            tree,
            config,
            settings,
            broken,
            need,
            today,
            prefix,
            git,
            program,
            bare,
            staged,
            at_head: false,
            then: None,
        };
        if staged {
            if bare {
                return Err(Error::new("--staged: a bare repository has no index")
                    .help("leave it out: a bare repository is read at HEAD"));
            }
            if common.config.is_none() {
                place.read_settings()?;
            }
        }
        Ok(place)
    }

    /// Returns the repository, or why there is none to work with.
    pub(crate) fn git(&self) -> Result<&Git, &NoGit> {
        let open = || Git::open(self.tree.top.as_deref().unwrap_or(&self.tree.root));
        self.git.get_or_init(open).as_ref()
    }

    /// Returns the repository by whichever way it can be read: what the library cannot open git itself often can.
    /// `Ok(None)` where there is none.
    pub(crate) fn source(&self) -> Result<Option<Source<'_>>, Error> {
        match self.git() {
            Ok(git) => Ok(Some(Source::Library(git))),
            Err(NoGit::NotARepository) => Ok(None),
            Err(NoGit::Refused(refused)) => {
                let top = self.tree.top.as_deref().unwrap_or(&self.tree.root);
                let program = self.program.get_or_init(|| asked(top)).as_ref();
                program.map(|program| Some(Source::Program(program))).map_err(|why| unreadable(refused, why))
            }
        }
    }

    /// Returns the repository, where the command named `command` can do nothing without one.
    pub(crate) fn needed_source(&self, command: &str) -> Result<Source<'_>, Error> {
        self.source()?.ok_or_else(|| {
            Error::new("there is no git repository here, and without one no history")
                .help(format!("go into one, or name it: pmkit -C DIR {command}"))
        })
    }

    /// Says why a walk over the tree would not come to the file at `path`; `None` where it does.
    pub(crate) fn hides(&self, path: &str) -> Option<String> {
        if let Some(link) = self.link_above(path) {
            return Some(format!("{} is a link, and links to folders are not followed", link.display()));
        }
        self.tree.is_ignored(path).then(|| format!("a .gitignore leaves {path} out"))
    }

    /// Returns the folder above `path` that is a link: what lies behind it is another tree's.
    fn link_above<'p>(&self, path: &'p str) -> Option<&'p Path> {
        let mut folders = Path::new(path).ancestors().skip(1);
        folders.find(|folder| !folder.as_os_str().is_empty() && self.tree.root.join(folder).is_symlink())
    }

    /// Says whether what steers the place is its own, and no file that was named.
    pub(crate) fn settings_are_own(&self) -> bool {
        self.settings.config.as_ref().is_none_or(|(path, _)| path == CONFIG_FILE)
    }

    /// Goes back to `when`, a day, a time before today or a revision: files are those of then, and so is the day. What steers the tree
    /// stays what it is now.
    ///
    /// # Errors
    /// Where there is no such time, or nothing had been committed by then.
    pub(crate) fn go_back(&mut self, when: &str, command: &str) -> Result<(), Failure> {
        let source = self.needed_source(command)?;
        let (commit, day) = match then::day(when, self.today) {
            Some(day) => {
                let head = source.resolve("HEAD")?.ok_or_else(|| then::nothing_by(day))?;
                let found = then::last_of(source, head, day)?.ok_or_else(|| then::nothing_by(day))?;
                (found.id, day)
            }
            None => {
                let found = then::revision(source, when)?;
                let id = found.ok_or_else(|| Error::new("nothing has been committed yet"))?;
                let commit = source.commit(id)?;
                (id, commit.day())
            }
        };
        self.then = Some(commit);
        self.today = day;
        Ok(())
    }

    /// Takes files, and what steers them, as HEAD has them, and the day as it is: what is not committed is no part of what is told.
    /// Returns the commit; `None` where nothing has been committed.
    ///
    /// # Errors
    /// Where there is no repository, or what steers the tree there cannot be read.
    pub(crate) fn stand_at_head(&mut self, command: &str) -> Result<Option<Oid>, Failure> {
        let source = self.needed_source(command)?;
        let mut head = source.resolve("HEAD")?;
        // Of a day that has been, what had been committed by then. Clocks and time zones differ by a day at most.
        if let Some(newest) = head {
            let made = source.commit(newest)?.committer;
            if Date::at(made.seconds, made.offset) > self.today.plus_days(1) {
                head = then::last_of(source, newest, self.today)?.map(|commit| commit.id);
            }
        }
        if head.is_some() {
            self.steer_by_head().map_err(|why| why.help("so HEAD has it: commit what mends it"))?;
        }
        self.then = head;
        Ok(head)
    }

    /// Returns the commit that counts: HEAD, or the one that was gone back to. `None` where nothing has been committed.
    pub(crate) fn head(&self) -> Result<Option<Oid>, Failure> {
        match (self.then, self.source()?) {
            (Some(then), _) => Ok(Some(then)),
            (None, Some(source)) => Ok(source.resolve("HEAD")?),
            (None, None) => Ok(None),
        }
    }

    /// Says whether the files are taken as they once were.
    pub(crate) fn is_back(&self) -> bool {
        self.then.is_some()
    }

    /// Says whether the place is a bare repository, which is read at HEAD and never written.
    pub(crate) fn is_bare(&self) -> bool {
        self.bare
    }

    /// Says whether files are taken as git keeps them, and not from disk.
    pub(crate) fn is_kept(&self) -> bool {
        self.bare || self.staged || self.then.is_some()
    }

    /// Returns what is staged in `folders`.
    fn index(&self, folders: &[String]) -> Result<Staged, Error> {
        let source = self.needed_source("lint")?;
        source.staged(index_file(&self.tree).as_deref(), &self.prefix, folders)
    }

    /// Reads what steers the tree from the index.
    fn staged_settings(&self) -> Result<Settings, Error> {
        plainly(settings_in(&self.index(&STEERING.map(str::to_owned))?.snapshot))
    }

    /// Returns the error of a command that writes, in a place that is only read.
    pub(crate) fn writable(&self) -> Result<&Tree, Error> {
        if self.bare {
            return Err(Error::new("this is a bare repository: there is no working tree to write to")
                .help("clone it, or use a worktree: git worktree add ../work"));
        }
        Ok(&self.tree)
    }

    /// Opens the door to the tree: from then on nobody else writes there. Take it before reading what is to be changed.
    pub(crate) fn door(&self) -> Result<Door, Error> {
        let door = Door::open(self.writable()?)?;
        door.recovered.as_ref().inspect(|recovered| tell(recovered));
        Ok(door)
    }

    /// Lists the files records may be among.
    pub(crate) fn files(&self) -> Result<Files<'_>, Error> {
        if !self.is_kept() {
            // What an earlier command left half written is written to the end, so that nobody reads half of it.
            match Door::recover(&self.tree) {
                Ok(recovered) => recovered.iter().for_each(tell),
                Err(why) => {
                    let look = report::Look { color: false, width: 100, prefix: "", terse: false };
                    let _ = report::error(&why, look, &mut io::stderr());
                }
            }
        }
        self.files_as_they_are()
    }

    /// Lists the files records may be among, and leaves alone what an earlier command may have left half written.
    pub(crate) fn files_as_they_are(&self) -> Result<Files<'_>, Error> {
        let kinds = &self.config.kinds;
        if let (Some(then), Some(source)) = (self.then, self.source()?) {
            let prefix = if self.bare { "" } else { &self.prefix };
            let snapshot = source.snapshot(Some(then), prefix, &kinds.folders());
            let snapshot = snapshot.map_err(|why| cannot_read(then, why))?;
            let snapshot = match self.bare {
                true => snapshot,
                false => snapshot.alike(&self.tree.root).knowing(source.unchanged(&self.prefix)),
            };
            return Ok(Files::Kept(snapshot, Vec::new()));
        }
        if self.staged {
            let Staged { snapshot, conflicts } = self.index(&kinds.folders())?;
            return Ok(Files::Kept(snapshot.alike(&self.tree.root), conflicts));
        }
        if let (true, Some(source)) = (self.bare, self.source()?) {
            return Ok(Files::Kept(at_head(source, &kinds.folders())?, Vec::new()));
        }
        let wanted = |path: &str| matches!(kinds.claim(path), Ok(Some(_)));
        let mut entries = self.tree.list(&kinds.folders(), &wanted)?;
        entries.add(self.hidden(&entries.paths));
        Ok(Files::Disk(&self.tree, entries))
    }

    /// Returns the records that git keeps and that are not among `paths`, which a walk has found: what is kept no `.gitignore` leaves
    /// out, as little as git does.
    fn hidden(&self, paths: &[String]) -> Vec<String> {
        let kinds = &self.config.kinds;
        let Ok(Some(tracked)) = self.source().map(|source| source.and_then(|source| source.tracked().ok()))
        else {
            return Vec::new();
        };
        let folders: Vec<String> =
            kinds.folders().iter().map(|folder| format!("{}{folder}", self.prefix)).collect();
        let below = |path: &String| folders.iter().any(|folder| path.starts_with(folder.as_str()));
        let own = tracked
            .into_iter()
            .filter(below)
            .filter_map(|path| path.strip_prefix(&self.prefix).map(str::to_owned));
        let hidden =
            own.filter(|path| paths.binary_search(path).is_err() && kinds.first_claim(path).is_some());
        let is_file = |path: &String| {
            let found = self.tree.root.join(path).symlink_metadata();
            found.is_ok_and(|found| found.is_file()) && self.link_above(path).is_none()
        };
        hidden.filter(is_file).collect()
    }

    /// Takes `root`, a folder of the working tree, for the one that records' paths are relative to, with what steers it.
    ///
    /// # Errors
    /// Where that cannot be read.
    pub(crate) fn move_root(&mut self, root: PathBuf) -> Result<(), Error> {
        let file = root.join(CONFIG_FILE);
        self.tree.config = file.symlink_metadata().is_ok().then_some(file);
        self.tree.root = root;
        self.prefix = self.tree.prefix();
        self.read_settings()
    }

    /// Takes what steers the tree from HEAD: what is not committed is no part of what is looked at.
    ///
    /// # Errors
    /// Where that cannot be read.
    pub(crate) fn steer_by_head(&mut self) -> Result<(), Error> {
        self.at_head = !self.bare && self.settings_are_own();
        if self.at_head { self.read_settings() } else { Ok(()) }
    }

    fn settings_at_head(&self) -> Result<Settings, Error> {
        let source = self.needed_source("review --base")?;
        let read = || -> Result<Settings, Failure> {
            let head = source.resolve("HEAD")?;
            settings_in(&source.snapshot(head, &self.prefix, &STEERING.map(str::to_owned))?)
        };
        plainly(read())
    }

    /// Reads what steers the tree anew.
    fn read_settings(&mut self) -> Result<(), Error> {
        let settings = match (self.at_head, self.staged) {
            (true, _) => self.settings_at_head(),
            (false, true) => self.staged_settings(),
            (false, false) => self.tree.settings(),
        };
        (self.settings, self.config, self.broken) = loaded(settings, self.need)?;
        Ok(())
    }
}

/// Says what became of what an earlier program left unfinished.
fn tell(recovered: &Recovered) {
    let text = match recovered {
        Recovered::Dropped(command) => {
            format!("an earlier `{command}` was stopped before it wrote anything; nothing of it is left")
        }
        Recovered::Finished(command, 1) => {
            format!("an earlier `{command}` was stopped halfway; its one file is finished now")
        }
        Recovered::Finished(command, count) => {
            format!("an earlier `{command}` was stopped halfway; its {count} files are all written now")
        }
    };
    // Where nobody can be told, it is put right all the same.
    let _ = writeln!(io::stderr(), "note: {}", visible(&text));
}

/// The files of a place.
pub(crate) enum Files<'a> {
    Disk(&'a Tree, Entries),
    /// As git keeps them, and the paths of those that a merge has left in conflict.
    Kept(Snapshot, Vec<String>),
}

impl Files<'_> {
    /// Returns their paths in order.
    pub(crate) fn paths(&self) -> Vec<String> {
        match self {
            Self::Disk(_, entries) => entries.paths.clone(),
            Self::Kept(snapshot, _) => snapshot.paths(),
        }
    }

    /// Says where they are read from.
    pub(crate) fn now(&self) -> Now<'_> {
        match self {
            Self::Disk(tree, _) => Now::Disk(&tree.root),
            Self::Kept(snapshot, _) => Now::Kept(snapshot),
        }
    }

    /// Reads one of them.
    pub(crate) fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        match self {
            Self::Disk(tree, entries) => tree.read(entries, path),
            Self::Kept(snapshot, _) => snapshot.read(path),
        }
    }

    /// Says whether `snapshot` has the file at `path` too, with the same content, which is `bytes`; `unchanged` knows what some hold.
    pub(crate) fn is_in(
        &self,
        snapshot: &Snapshot,
        unchanged: Option<&Unchanged>,
        path: &str,
        bytes: &[u8],
    ) -> bool {
        match self {
            Self::Disk(tree, _) => {
                let known = unchanged.and_then(|unchanged| unchanged.content(path, &tree.root.join(path)));
                match known {
                    Some(content) => snapshot.id_of(path) == Some(content),
                    None => snapshot.holds(path, bytes),
                }
            }
            Self::Kept(own, _) => own.id_of(path).is_some_and(|id| snapshot.id_of(path) == Some(id)),
        }
    }

    /// Says what lies at `path`, from the repository's top.
    pub(crate) fn find_beside(&self, path: &str) -> Found {
        match self {
            Self::Disk(tree, _) => tree.find_beside(path),
            Self::Kept(snapshot, _) => snapshot.find_beside(path),
        }
    }

    /// Reads any plain file, by its path from the repository's top.
    pub(crate) fn read_beside(&self, path: &str) -> Option<Vec<u8>> {
        match self {
            Self::Disk(tree, _) => tree.read_beside(path),
            Self::Kept(snapshot, _) => snapshot.read_beside(path),
        }
    }

    /// Says whether the file at `path` can be written to, as against one that only leads to another.
    pub(crate) fn is_own(&self, path: &str) -> bool {
        match self {
            Self::Disk(_, entries) => entries.is_plain(path),
            Self::Kept(..) => false,
        }
    }
}

/// Returns the git program reading the repository at `top`, or why it cannot.
fn asked(top: &Path) -> Result<Program, String> {
    let program = Program::new(top);
    program.check().map(|()| program)
}

fn unreadable(library: &str, git: &str) -> Error {
    if library == git {
        return Error::new(format!("the repository cannot be read: {git}"));
    }
    Error::new(format!("the repository cannot be read: {library}")).help(format!("git itself says: {git}"))
}

/// Returns the error of a commit whose files cannot be read.
fn cannot_read(commit: Oid, why: NoHistory) -> Error {
    match why {
        NoHistory::Failed(error) => error,
        NoHistory::Shallow | NoHistory::NoRevision(_) => {
            Error::new(format!("the commit {} cannot be read", commit.short())).help("look with git fsck")
        }
    }
}

/// Returns the file that stands for the user's own git configuration, where the environment names one.
#[allow(clippy::disallowed_methods, reason = "the binary reads the environment")]
pub(crate) fn global_git_config() -> Option<PathBuf> {
    std::env::var_os("GIT_CONFIG_GLOBAL").map(PathBuf::from)
}

/// Returns the index that git has named to the hook we are run from, where that is another one than usual.
#[allow(clippy::disallowed_methods, reason = "the binary reads the environment")]
fn index_file(tree: &Tree) -> Option<PathBuf> {
    let named = PathBuf::from(std::env::var_os("GIT_INDEX_FILE").filter(|named| !named.is_empty())?);
    // Git names it as seen from the top, where hooks are run.
    Some(tree.top.as_deref().unwrap_or(&tree.root).join(named))
}

/// Returns standard output, locked and ready for results.
pub(crate) fn stdout(look: pmkit::report::Look<'_>) -> anstream::AutoStream<io::StdoutLock<'static>> {
    anstream::AutoStream::new(io::stdout().lock(), crate::terminal::choice(look))
}

/// Returns `path`, which lies somewhere below `root`, relative to it and with `/`.
pub(crate) fn below(root: &Path, path: &Path) -> Option<String> {
    let below = path.strip_prefix(root).ok()?;
    let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}
