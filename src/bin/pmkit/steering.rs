//! What steers a tree that git keeps: `pmkit.toml`, kinds, baseline and people as they are in a commit or in the index.

use pmkit::config::BASELINE_FILE;
use pmkit::config::BRIEFS_FOLDER;
use pmkit::config::CONFIG_FILE;
use pmkit::config::PEOPLE_FILES;
use pmkit::config::Settings;
use pmkit::error::Error;
use pmkit::fs::KINDS_FOLDER;
use pmkit::git::NoHistory;
use pmkit::git::Snapshot;
use pmkit::git::Source;
use pmkit::kind::KindFile;
use pmkit::workspace::Found;

use crate::outcome::Failure;

/// What steers a tree, besides people's files: files and folders below its root.
pub(crate) const STEERING: [&str; 4] = [CONFIG_FILE, BASELINE_FILE, KINDS_FOLDER, BRIEFS_FOLDER];

/// Returns the files below `folders` at HEAD of a bare repository.
pub(crate) fn at_head(source: Source<'_>, folders: &[String]) -> Result<Snapshot, Error> {
    let head = source.resolve("HEAD");
    head.and_then(|head| source.snapshot(head, "", folders)).map_err(|why| match why {
        NoHistory::Failed(error) => error,
        NoHistory::Shallow | NoHistory::NoRevision(_) => {
            Error::new("cannot read HEAD of this bare repository: it names no commit")
                .help("look with git fsck, or work in a clone of it")
        }
    })
}

/// Reads what steers a bare repository from HEAD.
pub(crate) fn bare_settings(source: Source<'_>) -> Result<Settings, Error> {
    plainly(settings_in(&at_head(source, &STEERING.map(str::to_owned))?))
}

/// Takes whatever went wrong for an error of the tool.
pub(crate) fn plainly<T>(read: Result<T, Failure>) -> Result<T, Error> {
    read.map_err(|why| match why {
        Failure::Tool(error) | Failure::NoHistory(error) => error,
        Failure::Output(error) => Error::new(error.to_string()),
    })
}

/// Says whether `below`, the rest of a path behind the folder of briefs, is the template of one.
fn is_brief(below: &str) -> bool {
    let name = below.strip_prefix('/').unwrap_or_default();
    name.ends_with(".md") && !name.contains('/')
}

/// Reads what steers a tree that git keeps.
pub(crate) fn settings_in(snapshot: &Snapshot) -> Result<Settings, Failure> {
    // What is listed and cannot be read is not as if it were not there.
    let text = |path: &str| -> Option<Result<String, Failure>> {
        snapshot.id_of(path)?;
        let read = snapshot.read(path).map_err(|why| {
            Failure::NoHistory(
                Error::new(format!("{path} as git keeps it {}", why.what))
                    .help(format!("fetch it: git log -p --no-renames --all -- {path} > /dev/null")),
            )
        });
        Some(read.and_then(|bytes| {
            Ok(String::from_utf8(bytes).map_err(|_| Error::new(format!("{path} is not UTF-8")))?)
        }))
    };
    let mut settings = Settings { kinds: pmkit::kind::built_in(), ..Settings::default() };
    for path in PEOPLE_FILES {
        let read = snapshot.read_beside(path);
        if read.is_none() && snapshot.find_beside(path) == Found::File {
            return Err(Failure::NoHistory(
                Error::new(format!("{path} as git keeps it is missing from the repository's objects"))
                    .help(format!("fetch it: git log -p --no-renames --all -- {path} > /dev/null")),
            ));
        }
        let text = read.and_then(|bytes| String::from_utf8(bytes).ok());
        settings.people.extend(text.map(|text| (path.to_owned(), text)));
    }
    for path in snapshot.paths() {
        if path == CONFIG_FILE {
            settings.config = text(&path).transpose()?.map(|text| (path.clone(), text));
        } else if path == BASELINE_FILE {
            settings.baseline = text(&path).transpose()?;
        } else if path.strip_prefix(BRIEFS_FOLDER).is_some_and(is_brief) {
            settings.briefs.extend(text(&path).transpose()?.map(|text| (path.clone(), text)));
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
