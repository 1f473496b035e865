//! Which records a command is about, as its options say.

use pmkit::error::Error;
use pmkit::query::Query;
use pmkit::query::Scope;

use crate::args::Conditions;

/// Returns the conditions that `options` stand for.
///
/// # Errors
/// Where an expression makes no sense, or an initiative is none that the team has.
pub(crate) fn conditions(options: &Conditions, scope: Scope<'_>) -> Result<Vec<Query>, Error> {
    let mut conditions = Vec::new();
    for text in &options.conditions {
        conditions.push(Query::parse(text, scope)?);
    }
    if let Some(initiative) = &options.initiative {
        conditions.push(of_initiative(initiative, scope)?);
    }
    if options.mine {
        let me = scope.me.ok_or_else(|| {
            Error::new("--mine: nobody knows who you are").help("tell git: git config user.name \"…\"")
        })?;
        conditions.push(Query::parse("open", scope)?);
        conditions.push(Query::is("owner", me, scope)?);
    }
    if options.overdue {
        conditions.push(Query::parse("overdue", scope)?);
    }
    if let Some(name) = &options.waiting_for {
        conditions.push(Query::is("waiting", name, scope)?);
    }
    if options.stale {
        conditions.push(Query::parse("stale", scope)?);
    }
    Ok(conditions)
}

/// Says whether `options` ask for what is pressing, so that what is late should come first.
pub(crate) fn is_pressing(options: &Conditions) -> bool {
    options.mine || options.overdue || options.stale || options.waiting_for.is_some()
}

/// Returns the condition that a record belongs to the initiative `name`.
///
/// # Errors
/// Where that is none that the team has.
pub(crate) fn of_initiative(name: &str, scope: Scope<'_>) -> Result<Query, Error> {
    scope.config.known_initiative(name)?;
    Query::is("initiative", name, scope)
}
