//! `--commit`: who commits, and what to say where that cannot be.

use pmkit::error::Error;
use pmkit::git::Commit;
use pmkit::git::Git;
use pmkit::git::NoGit;
use pmkit::git::Signer;
use pmkit::text::visible;

use crate::carry::Plan;
use crate::clock;
use crate::place::Place;
use crate::place::global_git_config;

/// Prepares the commit of `plan`, of which nothing is written yet.
///
/// # Errors
/// Where it cannot be made, with how to commit without us.
pub(crate) fn prepare<'p>(place: &'p Place, plan: &Plan) -> Result<Commit<'p>, Error> {
    let global = global_git_config();
    let refused = |why: Error| {
        let message = format!("--commit: {}; nothing was written", why.message);
        let error = why.help.into_iter().fold(Error::new(message), Error::help);
        error.help(format!("or leave --commit out, and commit it yourself: {}", by_hand(place, plan)))
    };
    let git = match place.git() {
        Ok(git) => git,
        Err(NoGit::NotARepository) => {
            return Err(Error::new("--commit: there is no git repository here; nothing was written")
                .help("leave --commit out, or make one: git init"));
        }
        Err(NoGit::Refused(_)) => {
            return Err(refused(Error::new("only the git program can open this repository")));
        }
    };
    if let Some(what) = git.under_way() {
        return Err(Error::new(format!("--commit: {what}; nothing was written"))
            .help("finish it first, or give it up")
            .help("or leave --commit out: the change then goes into what you commit"));
    }
    if git.signs(global.as_deref()) {
        return Err(refused(Error::new(
            "git is set to sign commits (commit.gpgsign), and pmkit does not sign",
        )));
    }
    let (author, committer) = (signer(git, "author"), signer(git, "committer"));
    let (author, committer) = (author.map_err(refused)?, committer.map_err(refused)?);
    // Texts of documents are in it, and git shows it as it is.
    let lines: Vec<_> = plan.message.lines().map(visible).collect();
    git.prepare(&plan.changes, &place.prefix, &lines.join("\n"), &author, &committer).map_err(refused)
}

/// Returns the error of a commit that could not be made once everything was written.
pub(crate) fn failed(place: &Place, plan: &Plan, why: &Error) -> Error {
    Error::new(format!("the files are written, and not committed: {}", why.message))
        .help(format!("commit them: {}", by_hand(place, plan)))
}

/// Returns the command that commits the files of `plan`.
fn by_hand(place: &Place, plan: &Plan) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    let mut paths: Vec<String> = Vec::new();
    for change in &plan.changes {
        for path in change.before().map(|(path, _)| path).into_iter().chain([change.path()]) {
            let path = place.tree.root.join(path).display().to_string();
            let path = if path.chars().all(plain) { path } else { quoted(&path) };
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
    }
    let (paths, first) = (paths.join(" "), plan.message.lines().next().unwrap_or_default());
    format!("git add -- {paths} && git commit -m {} -- {paths}", quoted(first))
}

/// Returns who stands behind the commit as its `role`, author or committer: as the environment says, else git's settings.
#[allow(clippy::disallowed_methods, reason = "the binary reads the environment")]
fn signer(git: &Git, role: &str) -> Result<Signer, Error> {
    let global = global_git_config();
    let variable = |what: &str| {
        let name = format!("GIT_{}_{what}", role.to_uppercase());
        std::env::var(&name).ok().filter(|value| !value.trim().is_empty()).map(|value| (name, value))
    };
    let setting = |key: &str| {
        let own = git.setting(&format!("{role}.{key}"), global.as_deref());
        own.or_else(|| git.setting(&format!("user.{key}"), global.as_deref()))
    };
    let mail = || std::env::var("EMAIL").ok().filter(|email| !email.trim().is_empty());
    let name = variable("NAME").map(|(_, name)| name).or_else(|| setting("name"));
    let email = variable("EMAIL").map(|(_, email)| email).or_else(|| setting("email")).or_else(mail);
    let (Some(name), Some(email)) = (name, email) else {
        return Err(Error::new("git does not know who you are")
            .help("tell it: git config user.name \"…\"; git config user.email …"));
    };
    let (seconds, offset) = match variable("DATE") {
        Some((variable, text)) => clock::moment(&text)
            .ok_or_else(|| Error::new(format!("{variable} is `{text}`, which is not read as a date here")))?,
        None => clock::now(),
    };
    Ok(Signer { name, email, seconds, offset })
}
