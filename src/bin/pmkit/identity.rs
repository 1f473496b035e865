//! Who runs the command.

use pmkit::git::own_identity;

use crate::place::Place;
use crate::place::global_git_config;

/// Returns who runs the command: the handle the team knows them by, else name and address as git has them.
#[allow(clippy::disallowed_methods, reason = "the binary reads the environment")]
pub(crate) fn identity(place: &Place) -> Option<String> {
    let (name, email) = match place.git() {
        Ok(git) => git.identity(global_git_config().as_deref()),
        Err(_) => own_identity(global_git_config().as_deref()),
    };
    let name = std::env::var("GIT_AUTHOR_NAME").ok().filter(|name| !name.trim().is_empty()).or(name);
    let email = std::env::var("GIT_AUTHOR_EMAIL").ok().filter(|email| !email.trim().is_empty()).or(email);
    let people = &place.config.people;
    let known = email.as_deref().and_then(|email| people.handle_of(email));
    let known = known.or_else(|| name.as_deref().and_then(|name| people.handle_of(name)));
    if let Some(handle) = known {
        return Some(handle.to_owned());
    }
    let clean = |text: String| text.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned();
    match (name.map(clean), email.map(clean)) {
        (Some(name), Some(email)) => Some(format!("{name} <{email}>")),
        (Some(name), None) => Some(name),
        (None, Some(email)) => Some(email),
        (None, None) => None,
    }
}
