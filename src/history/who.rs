//! Who did what git tells of, by the names the team has for them.

use super::Event;
use super::History;
use super::Signature;
use crate::config::Config;

/// Returns what the team calls a person: the handle, where they have one, else the name.
#[must_use]
pub fn called<'a>(person: &'a Signature, config: &'a Config) -> &'a str {
    let known = config.people.handle_of(&person.email);
    let known = known.or_else(|| config.people.handle_of(&person.name));
    known.unwrap_or(if person.name.is_empty() { &person.email } else { &person.name })
}

impl History {
    /// Returns who wrote what `event` tells of, each once: for a merge those whose commits on its branch did. Nobody where that is
    /// not known, and only who merged it is.
    #[must_use]
    pub fn writers<'a>(&'a self, event: &'a Event, config: &'a Config) -> Vec<&'a str> {
        let commit = &self.commits[event.commit];
        if commit.parents.len() < 2 {
            return vec![called(&commit.author, config)];
        }
        let mut writers: Vec<&str> = Vec::new();
        for wrote in event.inner().unwrap_or_default() {
            let writer = called(&wrote.author, config);
            if !writers.contains(&writer) {
                writers.push(writer);
            }
        }
        writers
    }

    /// Says who wrote what `event` tells of, and, where that was another, who merged it: `lee, merged by tom`.
    #[must_use]
    pub fn written_by(&self, event: &Event, config: &Config) -> String {
        let commit = &self.commits[event.commit];
        let writers = self.writers(event, config).join(", ");
        let merged = || format!("merged by {}", called(&commit.author, config));
        match (commit.parents.len() < 2, writers.is_empty()) {
            (true, _) => writers,
            (false, true) => merged(),
            (false, false) => format!("{writers}, {}", merged()),
        }
    }
}
