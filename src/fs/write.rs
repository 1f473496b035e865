//! Writing, so that a file is there whole or not at all, and old text is never lost.
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
use crate::change::Change;
use crate::error::Error;
use crate::error::Result;

/// Carries `changes` out below `root`, each whole or not at all, and returns the paths written.
///
/// # Errors
/// Where a file cannot be written, has changed since the change was planned, or lies behind a link that leads out of the
/// tree. What was carried out before is named in the error and stays.
pub fn carry_out(root: &Path, changes: &[Change]) -> Result<Vec<String>> {
    // What can be known beforehand stops everything, not the rest.
    for change in changes {
        let place = root.join(change.path());
        match change {
            Change::Create { path, .. } if place.symlink_metadata().is_ok() => {
                return Err(there_already(path));
            }
            Change::Move { to, .. } if place.symlink_metadata().is_ok() => return Err(there_already(to)),
            Change::Create { .. } => {}
            Change::Edit { path, before, .. } | Change::Move { from: path, before, .. } => {
                let place = root.join(path);
                if fs::metadata(&place).is_ok_and(|metadata| metadata.permissions().readonly()) {
                    return Err(Error::new(format!("{path} is read-only; nothing was changed")));
                }
                if fs::read(&place).map_err(|error| cannot("read", &place, &error))? != before.as_bytes() {
                    return Err(changed_meanwhile(path));
                }
            }
        }
    }
    let mut written = Vec::new();
    for change in changes {
        let done = match change {
            Change::Create { path, text } => write_new(root, path, text),
            Change::Edit { path, before, after } => replace(root, path, before, after),
            Change::Move { from, to, after, .. } => write_new(root, to, after).and_then(|()| {
                let place = root.join(from);
                fs::remove_file(&place).map_err(|error| cannot("remove", &place, &error))
            }),
        };
        if let Err(error) = done {
            return Err(match written.len() {
                0 => error,
                _ => error.help(format!("written before that: {}", written.join(", "))),
            });
        }
        written.push(change.path().to_owned());
    }
    Ok(written)
}

/// Writes a file that must not be there yet, with the folders it needs.
///
/// # Errors
/// Where something is there already, or it cannot be written.
pub fn write_new(root: &Path, path: &str, text: &str) -> Result<()> {
    let place = root.join(path);
    let folder = folder_of(root, &place)?;
    let failed = |error: &io::Error| cannot("write", &place, error);
    let mut builder = Builder::new();
    let permissions = new_file_permissions();
    if let Some(permissions) = permissions {
        builder.permissions(permissions);
    }
    let mut file = builder.prefix(".pmkit-").tempfile_in(&folder).map_err(|error| explain(&error, &place))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.as_file().sync_all())
        .map_err(|error| failed(&error))?;
    match file.persist_noclobber(&place) {
        Ok(_) => {
            sync_folder(&folder);
            Ok(())
        }
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Err(there_already(path)),
        Err(error) => Err(failed(&error.error)),
    }
}

fn replace(root: &Path, path: &str, before: &str, after: &str) -> Result<()> {
    let place = root.join(path);
    let place = place.canonicalize().map_err(|error| cannot("open", &place, &error))?;
    let folder = folder_of(root, &place)?;
    let failed = |error: &io::Error| cannot("write", &place, error);
    let metadata = fs::metadata(&place).map_err(|error| cannot("open", &place, &error))?;
    let mut file: NamedTempFile =
        Builder::new().prefix(".pmkit-").tempfile_in(&folder).map_err(|error| explain(&error, &place))?;
    file.write_all(after.as_bytes()).map_err(|error| failed(&error))?;
    file.as_file().set_permissions(metadata.permissions()).map_err(|error| failed(&error))?;
    file.as_file().sync_all().map_err(|error| failed(&error))?;
    // As late as can be: whoever saved the file meanwhile keeps what was saved.
    if fs::read(&place).map_err(|error| cannot("read", &place, &error))? != before.as_bytes() {
        return Err(changed_meanwhile(path));
    }
    file.persist(&place).map_err(|error| failed(&error.error))?;
    sync_folder(&folder);
    Ok(())
}

fn there_already(path: &str) -> Error {
    Error::new(format!("{path} is there already; nothing was overwritten"))
        .help("choose another title, or edit the file that is there")
}

fn changed_meanwhile(path: &str) -> Error {
    Error::new(format!("{path} was changed by someone else meanwhile; nothing was written"))
        .help("run the command again")
}

/// Returns the folder `place` lies in, made where it is not there yet, and sure to lie inside the tree.
fn folder_of(root: &Path, place: &Path) -> Result<PathBuf> {
    let folder = place.parent().unwrap_or(root);
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

/// Brings the renaming itself to the disk, where the system can. The file is there in any case, so that a folder which
/// cannot be synced is no failure.
#[cfg(unix)]
fn sync_folder(folder: &Path) {
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
}

/// Folders cannot be opened for this elsewhere; there the rename is durable with the file system's own journal.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) {}
