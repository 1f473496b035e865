//! Putting one file in its place, so that it is there whole or not at all, and old text is never lost.
//!
//! New text goes into a temporary file beside its place, is brought to the disk, and takes its place by one rename.

use std::fs;
use std::fs::Permissions;
use std::io;
use std::io::ErrorKind;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use tempfile::Builder;
use tempfile::NamedTempFile;

use super::tree::cannot;
use super::tree::plain;
use crate::error::Error;
use crate::error::Result;

/// What the names of temporary files begin with.
pub(super) const TEMPORARY: &str = ".pmkit-";

/// Where a file goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    /// The folder, which is there and lies inside the tree.
    pub(super) folder: PathBuf,
    /// The file's place in it.
    pub(super) place: PathBuf,
}

impl Spot {
    /// Returns the spot of the file at `path`, which is there: where a link at it leads.
    pub(super) fn of(root: &Path, path: &str) -> Result<Self> {
        let place = root.join(path);
        let place = place.canonicalize().map_err(|error| cannot("open", &place, &error))?;
        Self::at(root, &place, path)
    }

    /// Returns the spot for a file at `path`, with the folders it needs.
    pub(super) fn for_new(root: &Path, path: &str) -> Result<Self> {
        Self::at(root, &root.join(path), path)
    }

    fn at(root: &Path, place: &Path, path: &str) -> Result<Self> {
        let folder = folder_of(root, place.parent().unwrap_or(root))?;
        let name = place.file_name().ok_or_else(|| Error::new(format!("{path} is no name of a file")))?;
        Ok(Self { place: folder.join(name), folder })
    }

    /// Brings the renaming itself to the disk, where the system can. The file is there in any case, so that a folder which
    /// cannot be synced is no failure.
    pub(super) fn settle(&self) {
        sync(&self.folder);
    }
}

/// Brings to the disk which files lie in `folder`.
#[cfg(unix)]
fn sync(folder: &Path) {
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
}

/// Folders cannot be opened for this elsewhere; there the rename is durable with the file system's own journal.
#[cfg(not(unix))]
fn sync(_folder: &Path) {}

/// Writes `text` to a temporary file called `name` beside `spot`, on the disk when this returns. It is like the file that is there,
/// if one is, in its mode and whom it belongs to.
pub(super) fn stage(spot: &Spot, name: &str, text: &str, like: Option<&Path>) -> Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(name).rand_bytes(0);
    if let Some(permissions) = new_file_permissions() {
        builder.permissions(permissions);
    }
    let mut file = builder.tempfile_in(&spot.folder).map_err(|error| explain(&error, &spot.place))?;
    let failed = |error: &io::Error| cannot("write", &spot.place, error);
    file.write_all(text.as_bytes()).map_err(|error| failed(&error))?;
    if let Some(like) = like {
        let metadata = fs::metadata(like).map_err(|error| cannot("open", like, &error))?;
        give_to_owner(&file, &metadata);
        file.as_file().set_permissions(metadata.permissions()).map_err(|error| failed(&error))?;
    }
    file.as_file().sync_all().map_err(|error| failed(&error))?;
    Ok(file)
}

/// Puts a staged file in a place where nothing may lie.
pub(super) fn put_new(file: NamedTempFile, spot: &Spot, path: &str) -> Result<()> {
    match file.persist_noclobber(&spot.place) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Err(there_already(path)),
        Err(error) => Err(cannot("write", &spot.place, &error.error)),
    }
}

/// Puts a staged file in the place of the one that is there, if that still holds `before`.
pub(super) fn put_over(file: NamedTempFile, spot: &Spot, path: &str, before: &str) -> Result<()> {
    // As late as can be: whoever saved the file meanwhile keeps what was saved.
    unchanged(&spot.place, path, before)?;
    file.persist(&spot.place).map(|_| ()).map_err(|error| cannot("write", &spot.place, &error.error))
}

/// Takes a file away that still holds `before`.
pub(super) fn take_away(spot: &Spot, path: &str, before: &str) -> Result<()> {
    unchanged(&spot.place, path, before)?;
    fs::remove_file(&spot.place).map_err(|error| cannot("remove", &spot.place, &error))
}

/// Makes sure that the file at `place` holds `before`.
pub(super) fn unchanged(place: &Path, path: &str, before: &str) -> Result<()> {
    match fs::read(place).map_err(|error| cannot("read", place, &error))? == before.as_bytes() {
        true => Ok(()),
        false => {
            Err(Error::new(format!("{path} was changed by someone else meanwhile; nothing was written"))
                .help("run the command again"))
        }
    }
}

/// Makes sure that the file at `place` may be written to.
pub(super) fn writable(place: &Path, path: &str) -> Result<()> {
    match fs::metadata(place).is_ok_and(|metadata| metadata.permissions().readonly()) {
        true => Err(Error::new(format!("{path} is read-only; nothing was changed"))
            .help("make it writable first, or leave it as it is")),
        false => Ok(()),
    }
}

/// Makes sure that nothing lies at `place`.
pub(super) fn free(place: &Path, path: &str) -> Result<()> {
    if place.symlink_metadata().is_ok() { Err(there_already(path)) } else { Ok(()) }
}

fn there_already(path: &str) -> Error {
    Error::new(format!("{path} is there already; nothing was overwritten"))
        .help("choose another title, or edit the file that is there")
}

/// Returns `folder`, made where it is not there yet, and sure to lie inside the tree.
fn folder_of(root: &Path, folder: &Path) -> Result<PathBuf> {
    let root = root.canonicalize().map_err(|error| cannot("open", root, &error))?;
    // The deepest part that exists must lie inside before anything is made below it.
    let existing = folder.ancestors().find(|folder| folder.exists()).unwrap_or(&root);
    let real = existing.canonicalize().map_err(|error| cannot("open", existing, &error))?;
    if !real.starts_with(&root) {
        return Err(Error::new(format!("{} leads out of the tree; nothing was written", existing.display()))
            .help("replace the link by a folder, or set another path under [paths] in pmkit.toml"));
    }
    if !real.is_dir() {
        return Err(Error::new(format!("{} is a file where a folder is needed", existing.display())));
    }
    fs::create_dir_all(folder).map_err(|error| explain(&error, folder))?;
    // A folder is on the disk once the one it lies in is; the file in it would be lost with it.
    for made in folder.ancestors().take_while(|folder| *folder != existing) {
        sync(made.parent().unwrap_or(&root));
    }
    folder.canonicalize().map_err(|error| cannot("open", folder, &error))
}

/// Returns the error of a place nothing can be made in.
fn explain(error: &io::Error, place: &Path) -> Error {
    let failed = Error::new(format!("cannot write {}: {}", place.display(), plain(error)));
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            failed.help("look at the folder's permissions, or choose another place with -C")
        }
        _ => failed,
    }
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "there is nothing to set elsewhere")]
fn new_file_permissions() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    // As any program makes files: the user's umask decides.
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn new_file_permissions() -> Option<Permissions> {
    None
}

/// Has the file belong to whom the one it replaces belongs to, where we may: root mends files of others too.
#[cfg(unix)]
fn give_to_owner(file: &NamedTempFile, like: &fs::Metadata) {
    use std::os::unix::fs::MetadataExt;
    use std::os::unix::fs::fchown;
    let own = file.as_file().metadata().map(|own| (own.uid(), own.gid()));
    if own.is_ok_and(|own| own != (like.uid(), like.gid())) {
        // Who may not give files away writes them as any editor would.
        let _ = fchown(file.as_file(), Some(like.uid()), Some(like.gid()));
    }
}

#[cfg(not(unix))]
fn give_to_owner(_file: &NamedTempFile, _like: &fs::Metadata) {}
