//! Who must agree to a change of which record: what `CODEOWNERS` ought to say of it.

use crate::codeowners::Covering;
use crate::codeowners::is_owner;
use crate::config::Config;
use crate::config::People;
use crate::config::Person;
use crate::record::Record;
use crate::record::is_placeholder;

/// A record that is still of use to somebody, and who answers for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned<'a> {
    /// What to call the record.
    pub record: String,
    /// Its file, relative to the root.
    pub path: &'a str,
    /// The person as the record writes it; absent where it names nobody.
    pub person: Option<&'a str>,
    /// What forges call that person; absent where nothing says.
    pub called: Option<String>,
}

/// Returns who answers for each of `records`, in the order given: the approver that it names, else its owner. Those that have come to
/// their end are left out.
#[must_use]
pub fn owned<'a>(records: &'a [Record], config: &Config) -> Vec<Owned<'a>> {
    let one = |record: &'a Record| {
        let kind = config.kinds.at(record.kind);
        if record.state.as_deref().is_some_and(|state| kind.lifecycle.is_ended(state)) {
            return None;
        }
        let said = |field: &str| record.text(kind, field).filter(|text| !is_placeholder(text));
        let person = said("approver").or_else(|| said("owner"));
        let called = person.and_then(|person| called(person, &config.people));
        Some(Owned { record: record.name(&config.kinds), path: &record.path, person, called })
    };
    records.iter().filter_map(one).collect()
}

/// Returns what forges call the person that `written` names: the first alias with an `@`, else the address, of somebody the team
/// knows; of others the handle or the address that is written there.
fn called(written: &str, people: &People) -> Option<String> {
    let name = match people.person(written) {
        Some(Person { aliases, email, .. }) => {
            let handle = aliases.iter().find(|alias| alias.starts_with('@') && is_owner(alias));
            handle.or(email.as_ref()).map(String::as_str)
        }
        None => {
            let address =
                written.split_once('<').map(|(_, rest)| rest.trim_end().trim_end_matches('>').trim());
            Some(address.unwrap_or(written.trim()))
        }
    };
    name.filter(|name| is_owner(name)).map(str::to_owned)
}

impl Owned<'_> {
    /// Says whether a line of `CODEOWNERS` names the person, by any name that a forge knows: an alias with an `@`, or an address. That `[people]`
    /// calls somebody `maya` does not make `@maya` an account of hers.
    #[must_use]
    pub fn is_named_by(&self, covering: &Covering<'_>, people: &People) -> bool {
        let known = self.person.and_then(|person| people.person(person));
        let names = |name: &str, owner: &str| name.eq_ignore_ascii_case(owner);
        covering.owners.iter().any(|owner| {
            let listed = known.is_some_and(|Person { aliases, email, .. }| {
                let all = aliases.iter().chain(email).filter(|name| is_owner(name));
                all.map(String::as_str).any(|name| names(name, owner))
            });
            listed || self.called.as_deref().is_some_and(|called| names(called, owner))
        })
    }
}
