//! `pmkit init`

use std::io;
use std::io::Write;
use std::path::Component;
use std::path::Path;

use pmkit::change::Change;
use pmkit::error::Error;
use pmkit::fs::Tree;
use pmkit::git::own_identity;
use pmkit::scaffold::Ci;
use pmkit::scaffold::CiFile;
use pmkit::scaffold::PRESETS;
use pmkit::scaffold::Start;
use pmkit::scaffold::start;
use pmkit::text::nearest;
use pmkit::text::slug;
use pmkit::text::visible;

use crate::args::Common;
use crate::args::Init;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::place::Place;
use crate::place::global_git_config;

pub(crate) fn run(common: &Common, options: &Init) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    let tree = place.writable()?;
    let preset = options.preset.as_deref().unwrap_or("team");
    if !PRESETS.iter().any(|(name, _)| *name == preset) {
        let names = PRESETS.map(|(name, _)| name);
        let error = Error::new(format!("there is no preset `{preset}`"));
        return Err(match nearest(preset, names) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => {
                PRESETS.iter().fold(error, |error, (name, what)| error.help(format!("use {name}: {what}")))
            }
        }
        .into());
    }
    let systems = systems(&place, options)?;
    let docs = docs_folder(options.dir.as_deref(), &tree.root)?;
    let global = global_git_config();
    let (name, email) = match place.git() {
        Ok(git) => git.identity(global.as_deref()),
        Err(_) => own_identity(global.as_deref()),
    };
    let clean = |text: &String| !text.contains(['"', '\\']) && !text.chars().any(char::is_control);
    let me = name.filter(clean).zip(email.filter(clean));
    let handle = me.as_ref().map(|(name, _)| slug(name.split_whitespace().next().unwrap_or(name)));
    let me = me
        .as_ref()
        .zip(handle.as_ref())
        .map(|((name, email), handle)| (handle.as_str(), name.as_str(), email.as_str()));
    let mut out = io::stdout().lock();
    // Who only adds to what is there has begun long ago.
    let begun = tree.config.is_some() && !systems.is_empty();
    let asked = Start { preset, docs: &docs, me };
    let mut planned = if begun { Vec::new() } else { start(asked, &place.config) };
    // Beside somebody else's workflow of that name ours would wait for a report in vain.
    let strange = systems.contains(&Ci::Github) && {
        let file = &Ci::Github.files()[0];
        text_of(tree, file).is_some_and(|there| !file.is_in(&there))
    };
    let wanted = |system: &&Ci| !(strange && **system == Ci::Github);
    let files = || systems.iter().filter(wanted).flat_map(|system| system.files());
    planned.extend(files().map(CiFile::change));
    // What stands in the way of one file keeps all of them from being written.
    let folders = planned.iter().flat_map(|change| Path::new(change.path()).ancestors().skip(1));
    let mut folders = folders.filter(|folder| !folder.as_os_str().is_empty());
    let in_the_way = |folder: &&Path| tree.root.join(folder).symlink_metadata().is_ok_and(|it| it.is_file());
    if let Some(file) = folders.find(in_the_way) {
        let file = file.to_string_lossy();
        let error = format!("{} is a file where a folder is needed; nothing was written", visible(&file));
        return Err(match docs.starts_with(&*file) {
            true => Error::new(error).help("name another folder: pmkit init --dir documents"),
            false => Error::new(error).help("move or rename it"),
        }
        .into());
    }
    let door = place.door()?;
    let is_there = |change: &Change| tree.root.join(change.path()).symlink_metadata().is_ok();
    let paths: Vec<String> = planned.iter().map(|change| change.path().to_owned()).collect();
    let new: Vec<Change> = planned.into_iter().filter(|change| !is_there(change)).collect();
    let written = match tree.top {
        Some(_) => door.carry_out("init", &new)?,
        // Without a repository there is nothing to keep a journal in. The files do not hang on each other, and none is
        // written over: what is there after a failure stays when it is run again.
        None => new.chunks(1).try_fold(Vec::new(), |mut written, one| {
            written.extend(door.carry_out("init", one)?);
            Ok::<_, Error>(written)
        })?,
    };
    let mut to_add: Vec<&CiFile> = Vec::new();
    for path in &paths {
        let shown = format!("{}{path}", place.prefix);
        let shown = visible(&shown);
        if written.contains(path) {
            writeln!(out, "wrote  {shown}")?;
        } else if let Some(file) = files().find(|file| {
            file.path == path && file.shared && !text_of(tree, file).is_some_and(|there| file.is_in(&there))
        }) {
            writeln!(out, "kept   {shown} (it is there already); add the lines below")?;
            to_add.push(file);
        } else {
            writeln!(out, "kept   {shown} (it is there already)")?;
        }
    }
    if strange {
        let file = Ci::Github.files()[0].path;
        writeln!(
            out,
            "kept   {file} (it is there already, and does not run pmkit); no file for GitHub is written"
        )?;
    }
    for file in &to_add {
        let (lines, under) = file.lines_for(&text_of(tree, file).unwrap_or_default());
        let under = under.map(|under| format!(", under `{under}`")).unwrap_or_default();
        write!(out, "\nto {}{under}:\n\n{lines}\n", file.path)?;
    }
    if tree.config.is_some() && !common.quiet {
        let left = match (&options.preset, &options.dir) {
            (Some(_), Some(_)) => Some("--preset and --dir are"),
            (Some(_), None) => Some("--preset is"),
            (None, Some(_)) => Some("--dir is"),
            (None, None) => None,
        };
        if let Some(left) = left {
            let _ = writeln!(
                io::stderr(),
                "note: pmkit.toml is there already and stays as it is: {left} left aside"
            );
        }
    }
    if tree.top.is_none() && !common.quiet {
        let _ = writeln!(
            io::stderr(),
            "note: no git repository here yet: git init, so that it is known who decided what"
        );
    }
    let fresh = |file: &CiFile| written.iter().any(|path| path == file.path) || to_add.contains(&file);
    let to_do: Vec<&Ci> = systems.iter().filter(|system| system.files().iter().any(fresh)).collect();
    if strange {
        writeln!(out, "next:  give that workflow another name, then: pmkit init --ci github")?;
    }
    for system in &to_do {
        writeln!(out, "next:  {}", system.next())?;
    }
    if !begun && !written.is_empty() {
        writeln!(out, "next:  pmkit new risk \"What may go wrong, in a line\"")?;
    } else if to_do.is_empty() && !strange {
        writeln!(out, "next:  pmkit lint")?;
    }
    Ok(FINE)
}

/// Returns the systems that are to run pmkit, each once. They look for their files at the repository's top alone.
fn systems(place: &Place, options: &Init) -> Result<Vec<Ci>, Error> {
    let mut systems: Vec<Ci> = options.ci.iter().map(|ci| Ci::from(*ci)).collect();
    systems.sort_unstable();
    systems.dedup();
    if !systems.is_empty() && !place.prefix.is_empty() {
        let folder = place.prefix.trim_end_matches('/');
        let (message, help) = (
            format!(
                "files for CI lie at the repository's top, and pmkit.toml in {folder}; nothing was written"
            ),
            format!(
                "make them in an empty folder, move them to the top, and write `pmkit -C {folder}` in them"
            ),
        );
        return Err(Error::new(message).help(help));
    }
    Ok(systems)
}

/// Returns the text of the file of that name, where there is one.
fn text_of(tree: &Tree, file: &CiFile) -> Option<String> {
    let there = tree.read_page(file.path).ok().flatten()?;
    Some(String::from_utf8_lossy(&there).into_owned())
}

/// Returns the folder for records: the one asked for, else the docs folder that is there, else `docs`.
fn docs_folder(asked: Option<&str>, root: &Path) -> Result<String, Error> {
    if let Some(asked) = asked {
        let trimmed = asked.trim_end_matches(['/', '\\']).trim_start_matches("./");
        let inside = Path::new(trimmed).components().all(|part| matches!(part, Component::Normal(_)));
        let plain = trimmed.split('/').all(|part| !part.is_empty() && part != ".git")
            && trimmed.chars().all(|c| c.is_alphanumeric() || "-_./ ".contains(c));
        if !inside || !plain {
            return Err(Error::new(format!("`{asked}` cannot hold records"))
                .help("name a folder below the root, in letters, digits, `-`, `_`, `.` and `/`"));
        }
        return Ok(trimmed.to_owned());
    }
    let there =
        ["docs", "doc", "documentation", "Documentation"].into_iter().find(|name| root.join(name).is_dir());
    Ok(there.unwrap_or("docs").to_owned())
}
