//! Which files a lint reports on: paths and ids, as the command line gives them.

use std::io;
use std::io::Write;
use std::path::Path;

use pmkit::error::Error;
use pmkit::record::read_id;
use pmkit::text::visible;

use crate::args::Common;
use crate::args::Lint;
use crate::named::as_paths;
use crate::outcome::Failure;
use crate::place::Place;
use crate::place::below;

/// What a lint reports on.
pub(crate) struct Selection {
    /// Paths from the root, of files and of folders; `None` for everything.
    wanted: Option<Vec<String>>,
}

impl Selection {
    /// Reports on everything.
    pub(crate) const ALL: Self = Self { wanted: None };

    /// Reads the paths and ids that were given. Files that were named and not listed (ignored by git, say) are added to
    /// `paths`.
    pub(crate) fn new(
        place: &Place,
        common: &Common,
        options: &Lint,
        paths: &mut Vec<String>,
    ) -> Result<Self, Failure> {
        if options.paths.is_empty() {
            return Ok(Self { wanted: None });
        }
        let mut wanted = Vec::new();
        for given in &options.paths {
            if let Some(found) = Self::by_id(place, given, paths)? {
                wanted.push(found);
                continue;
            }
            let (path, is_file) = Self::by_path(place, common, given, paths)?;
            if is_file && place.config.kinds.claim(&path)?.is_none() && !common.quiet {
                let text = format!("{path} is no record: no kind claims it");
                let _ = writeln!(io::stderr(), "{}; see where they lie: pmkit kinds", visible(&text));
            }
            if is_file && !paths.contains(&path) {
                paths.push(path.clone());
                paths.sort_unstable();
            }
            wanted.push(path);
        }
        Ok(Self { wanted: Some(wanted) })
    }

    /// Returns the path of the record that `given` names by its id, when its file name says so.
    fn by_id(place: &Place, given: &Path, paths: &[String]) -> Result<Option<String>, Error> {
        let Some(id) = given.to_str().and_then(|text| read_id(text, &place.config.kinds, None)) else {
            return Ok(None);
        };
        for path in paths {
            if let Some(claim) = place.config.kinds.claim(path)?
                && claim.kind == id.kind
                && claim.number == Some(id.number)
            {
                return Ok(Some(path.clone()));
            }
        }
        Ok(None)
    }

    fn by_path(
        place: &Place,
        common: &Common,
        given: &Path,
        paths: &[String],
    ) -> Result<(String, bool), Error> {
        let shown = given.display();
        if place.is_kept() {
            let name = given.to_string_lossy();
            let meant = as_paths(place, common, name.trim_end_matches('/'));
            let is_file = |path: &&String| paths.contains(path);
            let is_folder = |path: &&String| paths.iter().any(|known| known.starts_with(&format!("{path}/")));
            let whole = meant.iter().any(|path| matches!(path.as_str(), "" | "."));
            return match (meant.iter().find(is_file), meant.iter().find(is_folder)) {
                (Some(path), _) => Ok((path.clone(), true)),
                (None, Some(path)) => Ok((path.clone(), false)),
                _ if whole => Ok((String::new(), false)),
                _ if place.is_bare() => Err(Error::new(format!("there is no {shown} at HEAD"))),
                // A hook names every file of a commit, deleted ones and others that are no records too.
                _ => Ok((meant.into_iter().next().unwrap_or_default(), false)),
            };
        }
        let full = common.folder.join(given);
        let absent = |_| Error::new(format!("there is no file, folder or record `{shown}`"));
        // The folder is made canonical, the file name kept: a link is looked at as what it is.
        let full = match (full.parent(), full.file_name()) {
            (Some(folder), Some(name))
                if full.symlink_metadata().is_ok_and(|metadata| !metadata.is_dir()) =>
            {
                folder.canonicalize().map(|folder| folder.join(name))
            }
            _ => full.canonicalize(),
        };
        let full = full.map_err(absent)?;
        let path = below(&place.tree.root, &full).ok_or_else(|| {
            Error::new(format!("{shown} lies outside the tree {}", place.tree.root.display()))
        })?;
        Ok((path, full.symlink_metadata().is_ok_and(|metadata| !metadata.is_dir())))
    }

    pub(crate) fn holds(&self, path: &str) -> bool {
        self.wanted.as_ref().is_none_or(|wanted| {
            wanted.iter().any(|given| {
                given.is_empty()
                    || path
                        .strip_prefix(given.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        })
    }
}
