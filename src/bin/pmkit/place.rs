//! Where a command works: the tree on disk, or a bare repository at HEAD, with what steers it.

use std::cell::OnceCell;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use pmkit::config;
use pmkit::config::Config;
use pmkit::config::Settings;
use pmkit::date::Date;
use pmkit::document::Unreadable;
use pmkit::error::Error;
use pmkit::fs::Entries;
use pmkit::fs::Tree;
use pmkit::git::Git;
use pmkit::git::NoGit;
use pmkit::git::NoHistory;
use pmkit::git::Program;
use pmkit::git::Source;
use pmkit::history::History;
use pmkit::rules;

use crate::args::Common;
use crate::clock;
use crate::outcome::Failure;

/// Where a command works.
pub(crate) struct Place {
    /// The tree.
    pub(crate) tree: Tree,
    /// What steers it.
    pub(crate) config: Config,
    /// The day.
    pub(crate) today: Date,
    /// Where the root lies below the repository's top, with `/` at its end.
    pub(crate) prefix: String,
    git: OnceCell<Result<Git, NoGit>>,
    bare: bool,
}

impl Place {
    /// Opens the place `common` names.
    pub(crate) fn open(common: &Common) -> Result<Self, Error> {
        let today = clock::today(common.today.as_deref())?;
        let mut tree = Tree::find(&common.folder)?;
        if let Some(file) = &common.config {
            tree = tree.with_config(&common.folder.join(file))?;
        }
        let git = OnceCell::new();
        let mut bare = false;
        if tree.top.is_none() && tree.config.is_none() {
            // No working tree around: this may be a bare repository.
            let opened = Git::open(&tree.root);
            let looks_bare = tree.root.join("HEAD").is_file() && tree.root.join("objects").is_dir();
            if let (true, Err(why)) = (looks_bare, &opened) {
                let why = match why {
                    NoGit::Refused(why) => why.as_str(),
                    NoGit::NotARepository => "its HEAD or its configuration is broken",
                };
                return Err(Error::new(format!("this bare repository cannot be read: {why}"))
                    .help("work in a clone of it, or look with git fsck"));
            }
            bare = opened.as_ref().is_ok_and(Git::is_bare);
            let _ = git.set(opened);
        }
        let settings = match git.get() {
            Some(Ok(git)) if bare => bare_settings(git)?,
            _ => tree.settings()?,
        };
        let config = config::load(&settings, &rules::names())?;
        let prefix = tree.prefix();
        Ok(Self { tree, config, today, prefix, git, bare })
    }

    /// Returns the repository, or why there is none to work with.
    pub(crate) fn git(&self) -> Result<&Git, &NoGit> {
        let open = || Git::open(self.tree.top.as_deref().unwrap_or(&self.tree.root));
        self.git.get_or_init(open).as_ref()
    }

    /// Reads the history of `revision`; `inner` as [`Source::history`] has it.
    pub(crate) fn history(&self, revision: &str, inner: bool) -> Result<History, Failure> {
        let top = self.tree.top.as_deref().unwrap_or(&self.tree.root);
        let read = match self.git() {
            Ok(git) => Source::Library(git).history(&self.config, &self.prefix, revision, inner),
            Err(NoGit::NotARepository) => {
                return Err(Error::new("there is no git repository here, and without one no history")
                    .help("go into one, or name it: pmkit -C DIR log")
                    .into());
            }
            Err(NoGit::Refused(refused)) => {
                // What the library cannot open git itself often can.
                let program = Program::new(top);
                program.check().map_err(|why| {
                    Error::new(format!("the repository cannot be read: {refused}"))
                        .help(format!("git itself says: {why}"))
                })?;
                Source::Program(&program).history(&self.config, &self.prefix, revision, inner)
            }
        };
        read.map_err(|why| match why {
            NoHistory::Shallow => Failure::NoHistory(
                Error::new(
                    "this clone holds only the newest commits, so that its history says nothing certain",
                )
                .help("fetch the rest: git fetch --unshallow"),
            ),
            NoHistory::NoRevision(name) => Error::new(format!("git knows no revision `{name}`")).into(),
            NoHistory::Failed(error) => error.into(),
        })
    }

    /// Says why a walk over the tree would not come to the file at `path`; `None` where it does.
    pub(crate) fn hides(&self, path: &str) -> Option<String> {
        let folder = Path::new(path).parent().unwrap_or(Path::new(""));
        let link = folder
            .ancestors()
            .find(|folder| !folder.as_os_str().is_empty() && self.tree.root.join(folder).is_symlink());
        if let Some(link) = link {
            return Some(format!("{} is a link, and links to folders are not followed", link.display()));
        }
        self.tree.is_ignored(path).then(|| format!("a .gitignore leaves {path} out"))
    }

    /// Says whether the place is a bare repository, which is read at HEAD and never written.
    pub(crate) fn is_bare(&self) -> bool {
        self.bare
    }

    /// Returns the error of a command that writes, in a place that is only read.
    pub(crate) fn writable(&self) -> Result<&Tree, Error> {
        if self.bare {
            return Err(Error::new("this is a bare repository: there is no working tree to write to")
                .help("clone it, or use a worktree: git worktree add ../work"));
        }
        Ok(&self.tree)
    }

    /// Lists the files records may be among.
    pub(crate) fn files(&self) -> Result<Files<'_>, Error> {
        if let (true, Ok(git)) = (self.bare, self.git()) {
            return Ok(Files::Head(git.head_snapshot()?));
        }
        let kinds = &self.config.kinds;
        let wanted = |path: &str| matches!(kinds.claim(path), Ok(Some(_)));
        let entries = self.tree.list(&kinds.folders(), &wanted);
        Ok(Files::Disk(&self.tree, entries))
    }
}

/// The files of a place.
pub(crate) enum Files<'a> {
    Disk(&'a Tree, Entries),
    Head(pmkit::git::Snapshot<'a>),
}

impl Files<'_> {
    /// Returns their paths in order.
    pub(crate) fn paths(&self) -> Vec<String> {
        match self {
            Self::Disk(_, entries) => entries.paths.clone(),
            Self::Head(snapshot) => snapshot.paths(),
        }
    }
}

impl Files<'_> {
    /// Reads one of them.
    pub(crate) fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        match self {
            Self::Disk(tree, entries) => tree.read(entries, path),
            Self::Head(snapshot) => snapshot.read(path),
        }
    }

    /// Says whether the file at `path` can be written to, as against one that only leads to another.
    pub(crate) fn is_own(&self, path: &str) -> bool {
        match self {
            Self::Disk(_, entries) => entries.is_plain(path),
            Self::Head(_) => false,
        }
    }
}

/// Reads what steers a bare repository from HEAD.
fn bare_settings(git: &Git) -> Result<Settings, Error> {
    use pmkit::kind::KindFile;
    let snapshot = git.head_snapshot()?;
    let text = |path: &str| -> Option<Result<String, Error>> {
        let bytes = snapshot.read(path).ok()?;
        Some(String::from_utf8(bytes).map_err(|_| Error::new(format!("{path} is not UTF-8"))))
    };
    let mut settings = Settings { config: None, kinds: pmkit::kind::built_in() };
    for path in snapshot.paths() {
        if path == "pmkit.toml" {
            settings.config = text(&path).transpose()?.map(|text| (path.clone(), text));
        } else if let Some(stem) =
            path.strip_prefix(".pmkit/kinds/").and_then(|name| name.strip_suffix(".toml"))
        {
            let template = text(&format!(".pmkit/kinds/{stem}.md")).transpose()?;
            if let Some(text) = text(&path).transpose()? {
                let template = template.map(Into::into);
                settings.kinds.push(KindFile {
                    path: path.clone(),
                    text: text.into(),
                    template,
                    built_in: false,
                });
            }
        }
    }
    Ok(settings)
}

/// Returns the file that stands for the user's own git configuration, where the environment names one.
#[allow(clippy::disallowed_methods, reason = "the binary reads the environment")]
pub(crate) fn global_git_config() -> Option<PathBuf> {
    std::env::var_os("GIT_CONFIG_GLOBAL").map(PathBuf::from)
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
