//! Who exists, and who is meant by a handle, a name or an address.

use std::collections::BTreeMap;

use crate::text::same_name;

/// The people a team has named, by handle.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People(BTreeMap<String, Person>);

/// A person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The full name.
    pub name: Option<String>,
    /// The address git knows.
    pub email: Option<String>,
    /// Other handles.
    pub aliases: Vec<String>,
    /// What they answer for: `design`.
    pub role: Option<String>,
}

impl People {
    /// Returns the people in `by_handle`.
    #[must_use]
    pub fn new(by_handle: BTreeMap<String, Person>) -> Self {
        Self(by_handle)
    }

    /// Says whether nobody has been named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Says whether `handle` is one, exactly as written.
    #[must_use]
    pub fn has(&self, handle: &str) -> bool {
        self.0.contains_key(handle)
    }

    /// Returns the full names in the order of the handles.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.values().filter_map(|person| person.name.as_deref())
    }

    /// Returns whatever anybody may be called by: handles, full names, addresses and aliases.
    pub fn all_names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|(handle, person)| {
            let own = person.name.iter().chain(&person.email).chain(&person.aliases);
            std::iter::once(handle).chain(own).map(String::as_str)
        })
    }

    /// Returns the handles in order.
    pub fn handles(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Returns the person that `written` names in any of the ways of [`People::handle_of`].
    #[must_use]
    pub fn person(&self, written: &str) -> Option<&Person> {
        self.0.get(self.handle_of(written)?)
    }

    /// Returns the handle of whoever `written` names: a handle or alias (with or without `@`), a full name, an address,
    /// or `Name <address>`. Neither letter case nor how accents are put on letters matters.
    #[must_use]
    pub fn handle_of(&self, written: &str) -> Option<&str> {
        let (name, address) = split_address(written);
        let plain = name.trim_start_matches('@');
        let same = |known: &str, said: &str| !said.is_empty() && same_name(known, said);
        let is = |(handle, person): &(&String, &Person)| {
            same(handle, plain)
                || person.aliases.iter().any(|alias| same(alias.trim_start_matches('@'), plain))
                || person.name.as_deref().is_some_and(|known| same(known, name))
                || person.email.as_deref().is_some_and(|known| same(known, address.unwrap_or(name)))
        };
        self.0.iter().find(is).map(|(handle, _)| handle.as_str())
    }

    /// Says whether two texts name one person: somebody the team knows, in any of the ways of [`People::handle_of`]; of others
    /// the same address, or, where not both have one, the same name.
    #[must_use]
    pub fn is_one(&self, a: &str, b: &str) -> bool {
        match (self.handle_of(a), self.handle_of(b)) {
            (Some(a), Some(b)) => return a == b,
            (None, None) => {}
            _ => return false,
        }
        let same = |a: &str, b: &str| !a.is_empty() && same_name(a, b);
        match (split_address(a), split_address(b)) {
            ((_, Some(a)), (_, Some(b))) => same(a, b),
            ((a, None), (b, None)) => same(a.trim_start_matches('@'), b.trim_start_matches('@')),
            ((name, Some(address)), (other, None)) | ((other, None), (name, Some(address))) => {
                same(name, other) || same(address, other)
            }
        }
    }
}

/// Splits `Name <address>` into its parts; without brackets the address is absent.
#[must_use]
pub(super) fn split_address(written: &str) -> (&str, Option<&str>) {
    let written = written.trim();
    match written.split_once('<') {
        Some((name, rest)) => (name.trim(), Some(rest.trim_end_matches('>').trim())),
        None => (written, None),
    }
}

/// Says whether `written` may be the person git knows as `known`, `Name <address>`: the same address, name, or what stands before the
/// `@` of the address. Where a forge hides that, it is the handle: `1234+lee@users.noreply.example`.
#[must_use]
pub fn is_called(known: &str, written: &str) -> bool {
    let ((name, address), (said, said_address)) = (split_address(known), split_address(written));
    let same = |a: &str, b: &str| !a.is_empty() && same_name(a, b);
    let said = said.trim_start_matches('@');
    let address = address.unwrap_or(name);
    let user = address.split_once('@').map_or("", |(user, _)| user);
    let handle = user.split_once('+').map_or(user, |(_, handle)| handle);
    same(address, said_address.unwrap_or(said)) || [name, user, handle].iter().any(|known| same(known, said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_git_knows_is_called_so() {
        let known = "Maya Chen <17+maya-c@users.noreply.example>";
        for written in ["Maya Chen", "@maya-c", "maya chen", "Maya Chen <maya@acme.example>"] {
            assert!(is_called(known, written), "{written}");
        }
        for written in ["maya", "", "Lee <lee@acme.example>", "<>"] {
            assert!(!is_called(known, written), "{written}");
        }
        assert!(is_called("Lee Park <lee@acme.example>", "lee") && is_called("lee@acme.example", "lee"));
    }

    #[test]
    fn people_are_known_by_all_their_names() {
        let maya = Person {
            name: Some("Maya Chen".to_owned()),
            email: Some("maya@acme.example".to_owned()),
            aliases: vec!["@maya-chen".to_owned()],
            role: None,
        };
        let people = People::new(BTreeMap::from([("maya".to_owned(), maya)]));
        for written in
            ["maya", "@Maya", "maya-chen", "Maya Chen", "maya@acme.example", "M. <maya@acme.example>"]
        {
            assert_eq!(people.handle_of(written), Some("maya"), "{written}");
        }
        let jose = Person { name: Some("José Núñez".to_owned()), ..Person::default() };
        let others = People::new(BTreeMap::from([("jose".to_owned(), jose)]));
        for written in ["JOSÉ NÚÑEZ", "Jose\u{301} Nu\u{301}n\u{303}ez"] {
            assert_eq!(others.handle_of(written), Some("jose"), "{written}");
        }
        let nobody = People::default();
        for (a, b, expected) in [
            ("Lee Park <lee@a.example>", "Lee Park", true),
            ("lee@a.example", "Lee Park <lee@a.example>", true),
            ("Lee Park <lee@a.example>", "Lee Park <lee@b.example>", false),
            ("@lee", "Lee", true),
            ("lee", "lea", false),
            ("", "", false),
        ] {
            assert_eq!(nobody.is_one(a, b), expected, "{a} {b}");
        }
        assert!(people.is_one("Maya Chen", "@maya") && !people.is_one("maya", "lee"));
        assert_eq!(people.handle_of("lee"), None);
        assert_eq!(people.handle_of(""), None);
    }
}
