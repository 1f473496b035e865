//! `pmkit init`

use std::io;
use std::io::Write;
use std::path::Component;
use std::path::Path;

use pmkit::change::Change;
use pmkit::error::Error;
use pmkit::fs::write_new;
use pmkit::git::own_identity;
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
    if !PRESETS.iter().any(|(name, _)| *name == options.preset) {
        let names = PRESETS.map(|(name, _)| name);
        let error = Error::new(format!("there is no preset `{}`", options.preset));
        return Err(match nearest(&options.preset, names) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => {
                PRESETS.iter().fold(error, |error, (name, what)| error.help(format!("use {name}: {what}")))
            }
        }
        .into());
    }
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
    let mut written = 0;
    let planned = start(Start { preset: &options.preset, docs: &docs, me }, &place.config);
    // What stands in the way of one file keeps all of them from being written.
    if tree.root.join(&docs).symlink_metadata().is_ok_and(|found| found.is_file()) {
        return Err(Error::new(format!("{docs} is a file where a folder is needed; nothing was written"))
            .help("name another folder: pmkit init --dir documents")
            .into());
    }
    for change in planned {
        let Change::Create { path, text } = change else { continue };
        let shown = format!("{}{path}", place.prefix);
        if tree.root.join(&path).symlink_metadata().is_ok() {
            writeln!(out, "kept   {} (it is there already)", visible(&shown))?;
            continue;
        }
        write_new(&tree.root, &path, &text)?;
        written += 1;
        writeln!(out, "wrote  {}", visible(&shown))?;
    }
    if tree.top.is_none() && !common.quiet {
        let _ = writeln!(
            io::stderr(),
            "note: no git repository here yet: git init, so that it is known who decided what"
        );
    }
    if written > 0 {
        writeln!(out, "next:  pmkit new risk \"What may go wrong, in a line\"")?;
    } else {
        writeln!(out, "next:  pmkit lint")?;
    }
    Ok(FINE)
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
