//! The names people go by now, as `.mailmap` has them, whatever they signed with then.

use git2::Mailmap;
use git2::Time;

use crate::history::Signature;

/// The mailmap of a repository.
pub(super) struct Names(Option<Mailmap>);

impl Names {
    /// Reads the text of a `.mailmap`.
    pub(super) fn read(text: Option<&str>) -> Self {
        Self(text.and_then(|text| Mailmap::from_buffer(text).ok()))
    }

    /// Puts the name and address in that a person goes by.
    pub(super) fn apply(&self, signature: &mut Signature) {
        let Some(map) = &self.0 else { return };
        let time = Time::new(signature.seconds, signature.offset);
        let Ok(given) = git2::Signature::new(&signature.name, &signature.email, &time) else { return };
        let Ok(known) = map.resolve_signature(&given) else { return };
        if let (Ok(name), Ok(email)) = (known.name(), known.email()) {
            signature.name = name.into();
            signature.email = email.into();
        }
    }
}
