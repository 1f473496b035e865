//! The tree of files pmkit works on: where it begins, what lies in it, and reading one file of it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::fs::File;
use std::io::ErrorKind;
use std::io::Read;
use std::path::Component;
use std::path::MAIN_SEPARATOR;
use std::path::Path;
use std::path::PathBuf;

use ignore::Match;
use ignore::WalkBuilder;
use ignore::gitignore::Gitignore;

use crate::config::BASELINE_FILE;
use crate::config::BRIEFS_FOLDER;
use crate::config::CONFIG_FILE;
use crate::config::Settings;
use crate::document::MAX_BYTES;
use crate::document::Unreadable;
use crate::error::Error;
use crate::error::Result;
use crate::kind::KindFile;
use crate::kind::built_in;

/// Where a team's own kinds lie.
pub const KINDS_FOLDER: &str = ".pmkit/kinds";

/// A tree of files on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// The folder records' paths are relative to: that of `pmkit.toml`, else the repository's top, else the one asked for.
    pub root: PathBuf,
    /// The repository's top, where there is a repository.
    pub top: Option<PathBuf>,
    /// The configuration file, where there is one.
    pub config: Option<PathBuf>,
}

/// What lies in a tree.
#[derive(Debug, Default)]
pub struct Entries {
    /// Paths relative to the root, with `/`, in order.
    pub paths: Vec<String>,
    /// Those of them that are no plain files, with what they are instead.
    odd: BTreeMap<String, Odd>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Odd {
    Folder,
    Link,
    Special,
    NotUtf8,
}

impl Entries {
    /// Adds the plain files `paths`, which the walk has passed over.
    pub fn add(&mut self, paths: Vec<String>) {
        self.paths.extend(paths);
        self.paths.sort_unstable();
    }

    /// Says whether the file at `path` is a plain one: no link, folder or pipe.
    #[must_use]
    pub fn is_plain(&self, path: &str) -> bool {
        !self.odd.contains_key(path)
    }
}

impl Tree {
    /// Finds the tree that `start` lies in: upwards to the first `pmkit.toml`, never above the top of a repository.
    ///
    /// # Errors
    /// Where `start` is no folder that can be read.
    pub fn find(start: &Path) -> Result<Self> {
        let start = start.canonicalize().map_err(|error| cannot("open", start, &error))?;
        if !start.is_dir() {
            return Err(Error::new(format!("{} is not a folder", start.display())));
        }
        let (top, above) = repository_of(&start);
        let config =
            above.map(|folder| folder.join(CONFIG_FILE)).find(|file| file.symlink_metadata().is_ok());
        let home = config.as_deref().and_then(Path::parent).map(Path::to_owned);
        let root = home.or_else(|| top.clone()).unwrap_or(start);
        Ok(Self { root, top, config })
    }

    /// Returns the tree steered by the configuration file `config`, whose folder becomes the root: the repository is then the one
    /// around that.
    ///
    /// # Errors
    /// Where there is no such file.
    pub fn with_config(mut self, config: &Path) -> Result<Self> {
        let config = config.canonicalize().map_err(|error| cannot("open", config, &error))?;
        if let Some(root) = config.parent() {
            self.top = repository_of(root).0;
            self.root = root.to_owned();
        }
        self.config = Some(config);
        Ok(self)
    }

    /// Returns the git directory of this working tree, where its index is; `None` where there is no repository.
    #[must_use]
    pub fn git_folder(&self) -> Option<PathBuf> {
        let named = self.top.as_deref()?.join(".git");
        if named.is_dir() {
            return Some(named);
        }
        // A linked worktree and a submodule have a file there that says where.
        let text = fs::read_to_string(&named).ok()?;
        let folder = named.with_file_name(text.strip_prefix("gitdir:")?.trim());
        folder.is_dir().then_some(folder)
    }

    /// Returns where the root lies below the repository's top, with `/` at the end; empty where they are the same.
    #[must_use]
    pub fn prefix(&self) -> String {
        let below = self.top.as_deref().and_then(|top| self.root.strip_prefix(top).ok());
        let mut prefix = below.map(slashed).unwrap_or_default();
        if !prefix.is_empty() {
            prefix.push('/');
        }
        prefix
    }

    /// Reads the texts that settle everything: `pmkit.toml`, the built-in kinds, and the team's own kinds.
    ///
    /// # Errors
    /// Where one of them is there and cannot be read.
    pub fn settings(&self) -> Result<Settings> {
        let config = match &self.config {
            Some(path) => {
                let name = path.strip_prefix(&self.root).map_or_else(|_| slashed(path), slashed);
                Some((name, self.steering_text(path)?))
            }
            None => None,
        };
        let mut kinds = built_in();
        kinds.extend(self.own_kinds()?);
        let baseline = self.root.join(BASELINE_FILE);
        let there = baseline.symlink_metadata().is_ok();
        let baseline = if there { Some(self.steering_text(&baseline)?) } else { None };
        Ok(Settings { config, kinds, baseline, briefs: self.own_briefs()?, people: self.people_files() })
    }

    /// Says whether a `.gitignore` of the repository leaves the file at `path` out.
    #[must_use]
    pub fn is_ignored(&self, path: &str) -> bool {
        let top = self.top.as_deref().unwrap_or(&self.root);
        let file = self.root.join(path);
        // The nearest file that says anything decides.
        for folder in file.ancestors().skip(1).take_while(|folder| folder.starts_with(top)) {
            let rules = folder.join(".gitignore");
            if rules.is_file() {
                match Gitignore::new(&rules).0.matched_path_or_any_parents(&file, false) {
                    Match::Ignore(_) => return true,
                    Match::Whitelist(_) => return false,
                    Match::None => {}
                }
            }
        }
        false
    }

    /// Reads a file that steers pmkit. It may be part of a stranger's pull request: a link out of the tree is not
    /// followed, and nothing but a plain file is opened.
    fn steering_text(&self, path: &Path) -> Result<String> {
        let refused = |what: &str, help: &str| Error::new(format!("{} {what}", path.display())).help(help);
        let kind = path.symlink_metadata().map_err(|error| cannot("read", path, &error))?.file_type();
        if kind.is_symlink() {
            let below = path.strip_prefix(&self.root).map_or_else(|_| slashed(path), slashed);
            self.check_link(&below).map_err(|why| refused(&why.what, &why.help))?;
        } else if !kind.is_file() {
            return Err(refused("is no plain file", "replace it by a file"));
        }
        let bytes = read_bytes(path).map_err(|why| refused(&why.what, &why.help))?;
        if bytes.len() > MAX_BYTES {
            return Err(Error::new(format!("{} is larger than {} MiB", path.display(), MAX_BYTES >> 20)));
        }
        String::from_utf8(bytes).map_err(|_| refused("is not UTF-8", "save the file as UTF-8"))
    }

    /// Returns the files in `folder`, relative to the root, whose names end in `.` and `extension`, in order; none where there is no such
    /// folder.
    fn steering_files(&self, below: &str, extension: &str) -> Result<Vec<PathBuf>> {
        let folder = self.root.join(below);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(cannot("read", &folder, &error)),
        };
        let inside = self.top.as_deref().unwrap_or(&self.root);
        if !folder.canonicalize().is_ok_and(|folder| folder.starts_with(inside)) {
            return Err(Error::new(format!("{below} is a link that leads out of the tree"))
                .help("replace the link by a folder"));
        }
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| cannot("read", &folder, &error))?.path();
            if path.extension().is_some_and(|known| known == extension) {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }

    fn own_briefs(&self) -> Result<Vec<(String, String)>> {
        let files = self.steering_files(BRIEFS_FOLDER, "md")?;
        let read = |path: PathBuf| {
            let name = path.strip_prefix(&self.root).map_or_else(|_| slashed(&path), slashed);
            Ok((name, self.steering_text(&path)?))
        };
        files.into_iter().map(read).collect()
    }

    fn own_kinds(&self) -> Result<Vec<KindFile>> {
        let files = self.steering_files(KINDS_FOLDER, "toml")?;
        let read = |path: PathBuf| {
            let template = path.with_extension("md");
            let there = template.symlink_metadata().is_ok();
            let template = if there { Some(self.steering_text(&template)?.into()) } else { None };
            let name = path.strip_prefix(&self.root).map_or_else(|_| slashed(&path), slashed);
            Ok(KindFile { path: name, text: self.steering_text(&path)?.into(), template, built_in: false })
        };
        files.into_iter().map(read).collect()
    }

    /// Lists what lies in `folders`, relative to the root; `.gitignore` files of the repository count, nothing personal
    /// does. A folder is listed too where `wanted` says that a record belongs in its place.
    ///
    /// # Errors
    /// Where a folder cannot be looked into: what lies there would be missing and nobody know.
    pub fn list(&self, folders: &[String], wanted: &dyn Fn(&str) -> bool) -> Result<Entries> {
        let mut entries = Entries::default();
        // The walk begins at the root, so that a rule of its `.gitignore` can leave a whole folder out, and goes only where
        // records may lie.
        let wanted_folders = folders.to_vec();
        let root = self.root.clone();
        let mut builder = WalkBuilder::new(&self.root);
        builder
            .hidden(false)
            .ignore(false)
            .git_global(false)
            .git_exclude(false)
            .git_ignore(true)
            .parents(true);
        builder.filter_entry(move |entry| {
            let Ok(below) = entry.path().strip_prefix(&root) else { return false };
            let below = below.to_string_lossy();
            let inside = |outer: &str, inner: &str| {
                outer.is_empty()
                    || inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            let on_the_way = entry.file_type().is_some_and(|kind| kind.is_dir());
            let below = if MAIN_SEPARATOR == '/' { below } else { below.replace(MAIN_SEPARATOR, "/").into() };
            entry.file_name() != ".git"
                && wanted_folders
                    .iter()
                    .any(|folder| inside(folder, &below) || (on_the_way && inside(&below, folder)))
        });
        for entry in builder.build() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) if is_gone(&error) => continue,
                Err(error) => return Err(unseen(&error)),
            };
            let Some(path) = self.below(entry.path()) else { continue };
            let kind = entry.file_type();
            let odd = match kind {
                Some(kind) if kind.is_file() => entry.path().to_str().is_none().then_some(Odd::NotUtf8),
                Some(kind) if kind.is_dir() => {
                    if !wanted(&path) {
                        continue;
                    }
                    Some(Odd::Folder)
                }
                Some(kind) if kind.is_symlink() => Some(Odd::Link),
                _ => Some(Odd::Special),
            };
            if let Some(odd) = odd {
                entries.odd.insert(path.clone(), odd);
            }
            entries.paths.push(path);
        }
        entries.paths.sort_unstable();
        Ok(entries)
    }

    /// Lists the paths of what lies right in `folder`, relative to the root, as far as `wanted` says so, in order; nothing where it
    /// cannot be read. Ignored files are among them.
    #[must_use]
    pub fn right_in(&self, folder: &str, wanted: &dyn Fn(&str) -> bool) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.root.join(folder)) else { return Vec::new() };
        let inside = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let path = |name: OsString| Some(format!("{inside}{}", name.to_str()?));
        let names = entries.flatten().filter_map(|entry| path(entry.file_name()));
        let mut paths: Vec<String> = names.filter(|path| wanted(path)).collect();
        paths.sort_unstable();
        paths
    }

    /// Returns `path`, which lies below the root, relative to it and with `/`.
    fn below(&self, path: &Path) -> Option<String> {
        // Ten thousand times over: the plain case takes the text as it is.
        if let (Some(root), Some(path)) = (self.root.to_str(), path.to_str())
            && MAIN_SEPARATOR == '/'
            && let Some(below) = path.strip_prefix(root).and_then(|rest| rest.strip_prefix('/'))
        {
            return Some(below.to_owned());
        }
        path.strip_prefix(&self.root).ok().map(slashed)
    }

    /// Reads the file at `path`, which `entries` lists.
    ///
    /// # Errors
    /// Says what it is instead of a document.
    pub fn read(&self, entries: &Entries, path: &str) -> Result<Vec<u8>, Unreadable> {
        let unreadable = |what: &str, help: &str| Unreadable { what: what.to_owned(), help: help.to_owned() };
        match entries.odd.get(path) {
            None => {}
            Some(Odd::Folder) => {
                return Err(unreadable(
                    "is a folder",
                    "move the text into a file of this name, or rename the folder",
                ));
            }
            Some(Odd::Special) => {
                return Err(unreadable("is a pipe, a socket or a device", "replace it by a file"));
            }
            Some(Odd::NotUtf8) => {
                return Err(unreadable("has a name that is not UTF-8", "rename the file"));
            }
            Some(Odd::Link) => self.check_link(path)?,
        }
        read_bytes(&self.root.join(path))
    }

    /// Reads the plain file at `path`, which need not be there: then there is `None`. A link is refused wherever it leads, since
    /// what is read so is written back.
    ///
    /// # Errors
    /// Says what is there instead, or that the path leads out of the tree.
    pub fn read_page(&self, path: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        let unreadable = |what: &str, help: &str| Unreadable { what: what.to_owned(), help: help.to_owned() };
        let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        if !inside || path.contains('\\') {
            return Err(unreadable(
                "does not lie in the tree",
                "write a path from the folder of pmkit.toml, with /",
            ));
        }
        let place = self.root.join(path);
        let kind = match place.symlink_metadata() {
            Ok(metadata) => metadata.file_type(),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(error) => {
                return Err(unreadable(
                    &format!("cannot be read: {}", plain(&error)),
                    "look at its permissions",
                ));
            }
        };
        if kind.is_symlink() {
            return Err(unreadable("is a link", "replace the link by a file"));
        }
        if !kind.is_file() {
            return Err(unreadable("is no plain file", "name another one, or replace it by a file"));
        }
        let root = self.root.canonicalize().unwrap_or_else(|_| self.root.clone());
        if !place.canonicalize().is_ok_and(|place| place.starts_with(root)) {
            return Err(unreadable(
                "lies behind a link that leads out of the tree",
                "replace the link by a folder",
            ));
        }
        read_bytes(&place).map(Some)
    }

    /// Says whether the link at `path` leads to a file inside the tree.
    fn check_link(&self, path: &str) -> Result<(), Unreadable> {
        let inside = self.top.as_deref().unwrap_or(&self.root);
        let (what, help) = match self.root.join(path).canonicalize() {
            Ok(target) if !target.starts_with(inside) => {
                ("is a link that leads out of the tree", "replace the link by a file")
            }
            Ok(target) if !target.is_file() => {
                ("is a link to something that is no file", "replace the link by a file")
            }
            Ok(_) => return Ok(()),
            Err(_) => ("is a link that leads nowhere", "mend or delete the link"),
        };
        Err(Unreadable { what: what.to_owned(), help: help.to_owned() })
    }
}

/// Reads a plain file, at most a byte more than a document may have.
pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>, Unreadable> {
    let failed = |error: &std::io::Error| Unreadable {
        what: format!("cannot be read: {}", plain(error)),
        help: "look at its permissions".to_owned(),
    };
    let mut file = File::open(path).map_err(|error| failed(&error))?;
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    if size > MAX_BYTES as u64 {
        // The size alone says that this is no document: none of it need be read.
        return Ok(vec![0; MAX_BYTES + 1]);
    }
    // The size is most often right, and then one read is enough.
    let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
    let mut filled = 0;
    while filled < bytes.len() {
        match file.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(&error)),
        }
    }
    bytes.truncate(filled);
    if size == 0 {
        // Some file systems do not say: read to the end, but not for ever.
        file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    }
    Ok(bytes)
}

/// Says whether a walk met something that has gone meanwhile, or a folder to walk that is not there.
fn is_gone(error: &ignore::Error) -> bool {
    error
        .io_error()
        .is_some_and(|error| matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory))
}

/// Returns the error of a folder that cannot be looked into.
fn unseen(error: &ignore::Error) -> Error {
    let mut inner = error;
    let mut place = None;
    while let ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } = inner {
        if let ignore::Error::WithPath { path, .. } = inner {
            place = Some(path);
        }
        inner = err;
    }
    let why = inner.io_error().map_or_else(|| inner.to_string(), plain);
    let place = place.map(|place| place.display().to_string()).unwrap_or_default();
    Error::new(format!("cannot look into {place}: {why}"))
        .help("look at its permissions; what lies there is not to be missing without a word")
}

/// Returns the top of the repository around `start`, and the folders from `start` up to it; up to the file system's where there
/// is none.
fn repository_of(start: &Path) -> (Option<PathBuf>, impl Iterator<Item = &Path>) {
    // A bare repository may lie inside another one's working tree, and has none itself.
    let above = || start.ancestors().take_while(|folder| !is_bare(folder));
    let top = above().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
    let count =
        top.as_deref().map_or(usize::MAX, |top| start.ancestors().take_while(|it| *it != top).count() + 1);
    (top, above().take(count))
}

/// Says whether `folder` looks like a bare repository.
fn is_bare(folder: &Path) -> bool {
    folder.join("HEAD").is_file() && folder.join("objects").is_dir() && folder.join("refs").is_dir()
}

/// Returns the error that `path` could not be worked on.
pub(super) fn cannot(verb: &str, path: &Path, error: &std::io::Error) -> Error {
    Error::new(format!("cannot {verb} {}: {}", path.display(), plain(error)))
}

/// Returns the system's reason without its number.
pub(super) fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map(char::to_lowercase).into_iter().flatten().chain(chars).collect()
}

/// Returns a relative path with `/` between its parts; what is not UTF-8 becomes U+FFFD.
fn slashed(path: &Path) -> String {
    let parts = path.components().filter_map(|component| match component {
        Component::Normal(part) => Some(part.to_string_lossy()),
        _ => None,
    });
    parts.collect::<Vec<_>>().join("/")
}
