//! Whom files know that were written for other programs: `CODEOWNERS` and `.mailmap`. What they say is a guess, for neither
//! lists everybody.

use std::collections::BTreeSet;

use super::people::split_address;
use crate::codeowners::CodeOwners;

/// Where such files lie, from the repository's top.
pub const PEOPLE_FILES: [&str; 5] =
    ["CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS", ".mailmap"];

/// The largest such file that is read.
pub const MAX_PEOPLE_BYTES: usize = 1 << 20;

/// The people that other programs' files name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hearsay {
    /// The files that name somebody.
    pub files: Vec<String>,
    /// What each person may be called by, in small letters.
    names: BTreeSet<String>,
}

impl Hearsay {
    /// Reads the files in `texts`, each with its path. Lines that cannot be read name nobody.
    #[must_use]
    pub fn read(texts: &[(String, String)]) -> Self {
        let mut heard = Self::default();
        for (path, text) in texts.iter().filter(|(_, text)| text.len() <= MAX_PEOPLE_BYTES) {
            let before = heard.names.len();
            if path.ends_with(".mailmap") {
                text.lines().map(without_comment).for_each(|line| heard.mapped(line));
            } else {
                CodeOwners::read(text).named().for_each(|owner| heard.owner(owner));
            }
            if heard.names.len() > before {
                heard.files.push(path.clone());
            }
        }
        heard
    }

    /// Says whether nobody is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Returns everything people are called by, in small letters and in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Says whether `written` names somebody: by a handle, a full name, an address, or what stands before its `@`.
    #[must_use]
    pub fn knows(&self, written: &str) -> bool {
        let (name, address) = split_address(written);
        let known = |text: &str| self.names.contains(&text.trim_start_matches('@').to_lowercase());
        known(name) || address.is_some_and(known)
    }

    /// Takes an owner of `CODEOWNERS`: a person's handle or address, but no team and no role.
    fn owner(&mut self, owner: &str) {
        match owner.strip_prefix('@') {
            Some(handle) if handle.contains('/') || handle.starts_with('@') => {}
            Some(handle) => self.add(handle),
            None => self.address(owner),
        }
    }

    /// Takes a line of `.mailmap`: names, each with an address in `<…>`.
    fn mapped(&mut self, line: &str) {
        for part in line.split('>') {
            if let Some((name, address)) = part.split_once('<') {
                self.add(name);
                self.address(address);
            }
        }
    }

    fn address(&mut self, address: &str) {
        if let Some((user, host)) =
            address.split_once('@').filter(|(user, host)| !user.is_empty() && host.contains('.'))
        {
            self.add(address);
            self.add(user);
            // As forges write addresses that hide the real one: `123+ana@users.noreply.…`.
            if let Some((_, handle)) = user.split_once('+').filter(|_| host.contains("noreply")) {
                self.add(handle);
            }
        }
    }

    fn add(&mut self, name: &str) {
        let name = name.trim();
        if !name.is_empty() {
            self.names.insert(name.to_lowercase());
        }
    }
}

fn without_comment(line: &str) -> &str {
    let line = line.trim();
    if line.starts_with('#') { "" } else { line.split_once(" #").map_or(line, |(line, _)| line) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(path: &str, text: &str) -> Vec<String> {
        let heard = Hearsay::read(&[(path.to_owned(), text.to_owned())]);
        heard.names().map(str::to_owned).collect()
    }

    #[test]
    fn people_are_told_from_teams_and_patterns() {
        let text = "# who owns what @nobody\n*  @ana @acme/pay  # @none\n/docs/ lee@acme.example\n[Pay][2] @Tom\n^[Web] @@maintainer\nonly-a-pattern\n@types/\n";
        assert_eq!(heard(".github/CODEOWNERS", text), ["ana", "lee", "lee@acme.example", "tom"]);
        assert_eq!(heard("CODEOWNERS", "* @acme/pay\n"), [""; 0]);
        let text = "Maya Chen <maya@acme.example> <1+mc@users.noreply.forge.example>\n<x> >< <\n";
        let expected =
            ["1+mc", "1+mc@users.noreply.forge.example", "maya", "maya chen", "maya@acme.example", "mc"];
        assert_eq!(heard(".mailmap", text), expected);
        let heard = Hearsay::read(&[(".mailmap".to_owned(), text.to_owned())]);
        assert!(heard.knows("@Maya") && heard.knows("M. C. <maya@acme.example>") && !heard.knows("lee"));
    }
}
