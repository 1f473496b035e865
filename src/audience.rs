//! What concerns a person: records that name them, and what their own record says they follow.
//!
//! Nothing knows a kind by name: a field with `follower` in its kind file lists what the person named there follows.

use std::borrow::Cow;

use crate::config::Config;
use crate::error::Error;
use crate::error::Result;
use crate::kind::FieldType;
use crate::kind::Kind;
use crate::record::Record;
use crate::record::RecordId;
use crate::record::Value;
use crate::record::read_id;
use crate::register::kinds_named;
use crate::text::nearest;
use crate::workspace::Workspace;

/// A person with what concerns them.
#[derive(Debug)]
pub struct Audience<'a> {
    /// The handle the team knows them by, else as written.
    pub name: String,
    config: &'a Config,
    followed: Vec<Followed>,
}

/// Something a person follows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Followed {
    Record(RecordId),
    /// The index of the kind.
    Kind(usize),
    /// An initiative, or a tag.
    Word(String),
}

impl<'a> Audience<'a> {
    /// Returns the person `written` names, with what the records of `workspace` say they follow.
    ///
    /// # Errors
    /// Where the team has named its people, and neither knows them nor keeps a record on what they follow.
    pub fn named(written: &str, workspace: &Workspace<'a>) -> Result<Self> {
        let config = workspace.config;
        let written = written.trim();
        let mut followed = Vec::new();
        let mut is_known = false;
        for record in &workspace.records {
            let kind = config.kinds.at(record.kind);
            for (index, field) in kind.fields.iter().enumerate() {
                let Some(follower) = &field.follower else { continue };
                if !is_follower(record, kind, follower, written, config) {
                    continue;
                }
                is_known = true;
                let listed = record.fields.iter().filter(|value| value.field == index);
                let listed = listed.flat_map(|value| value.value.texts());
                listed.for_each(|text| add(text, config, &mut followed));
            }
        }
        let handle = config.people.handle_of(written);
        if handle.is_none() && !is_known && !config.people.is_empty() && !written.contains('<') {
            let error = Error::new(format!("`{written}` is nobody in [people] of pmkit.toml"));
            return Err(match nearest(written, config.people.handles()) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help("use a handle, a full name or an address that stands there"),
            });
        }
        let name = handle.map_or_else(|| written.to_owned(), str::to_owned);
        Ok(Self { name, config, followed })
    }

    /// Says whether `record` concerns them: a field of people names them, or they follow it.
    #[must_use]
    pub fn concerns(&self, record: &Record) -> bool {
        let kind = self.config.kinds.at(record.kind);
        self.is_named_in(record, kind) || self.follows(record, kind)
    }

    /// Says whether `written` names them.
    #[must_use]
    pub fn is(&self, written: &str) -> bool {
        self.config.people.is_one(&self.name, written)
    }

    fn is_named_in(&self, record: &Record, kind: &Kind) -> bool {
        let of_people =
            |index: usize| matches!(kind.fields[index].value, FieldType::Person | FieldType::People);
        let mut people = record.fields.iter().filter(|value| of_people(value.field));
        people.any(|value| value.value.texts().any(|name| self.is(name)))
    }

    fn follows(&self, record: &Record, kind: &Kind) -> bool {
        let words: Vec<&str> = ["initiative", "tags"]
            .iter()
            .filter_map(|name| record.field(kind, name))
            .flat_map(|value| value.value.texts())
            .collect();
        self.followed.iter().any(|followed| match followed {
            Followed::Record(id) => record.id() == Some(*id),
            Followed::Kind(index) => record.kind == *index,
            Followed::Word(word) => words.iter().any(|known| known.eq_ignore_ascii_case(word)),
        })
    }
}

/// Says whether `record`, one of `kind`, is about what `person` follows: its field `follower` names them, or, where that is blank,
/// its title.
fn is_follower(record: &Record, kind: &Kind, follower: &str, person: &str, config: &Config) -> bool {
    let named = record.field(kind, follower).filter(|field| field.value != Value::Blank);
    let named: Option<Cow<'_, str>> = match named {
        Some(field) => field.value.as_text().map(Cow::Borrowed),
        None => record.text(kind, "title").map(Cow::Borrowed),
    };
    named.is_some_and(|named| config.people.is_one(person, &named))
}

/// Adds what `text`, one thing in a list of what somebody follows, stands for.
fn add(text: &str, config: &Config, followed: &mut Vec<Followed>) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    if let Some(id) = read_id(text, &config.kinds, None) {
        followed.push(Followed::Record(id));
        return;
    }
    match kinds_named(&[text.to_owned()], config) {
        Ok(kinds) if !config.initiatives.contains_key(text) => {
            followed.extend(kinds.into_iter().map(Followed::Kind));
        }
        _ => followed.push(Followed::Word(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::config::load;
    use crate::document::Document;
    use crate::kind::built_in;
    use crate::record::Depth;

    fn config(text: &str) -> Config {
        let config = Some(("pmkit.toml".to_owned(), text.to_owned()));
        let settings = Settings { config, kinds: built_in(), ..Settings::default() };
        load(&settings, &crate::rules::names()).expect("the configuration is one")
    }

    fn workspace<'a>(config: &'a Config, files: &[(&str, &str)]) -> Workspace<'a> {
        let read = |(path, text): &(&str, &str)| {
            let claim = config.kinds.claim(path).expect("one kind").expect("a kind");
            let document = Document::read(format!("---\n{text}---\n"));
            Record::read(path, claim, &document, config, Depth::FrontMatter)
        };
        Workspace::new(config, files.iter().map(read).collect())
    }

    #[test]
    fn who_is_named_or_follows_is_concerned() {
        let config = config("[people]\nana = { name = \"Ana Ruiz\" }\nlee = {}\n[initiative.checkout]\n");
        let workspace = workspace(
            &config,
            &[
                ("docs/memos/0001-a.md", "owner: lee\napprover: Ana Ruiz\n"),
                ("docs/raid/R-0001-a.md", "owner: lee\ninitiative: checkout\n"),
                ("docs/raid/R-0002-a.md", "owner: lee\ntags: [pricing]\n"),
                ("docs/rfcs/0001-a.md", "owner: lee\n"),
                (
                    "docs/stakeholders/0001-a.md",
                    "title: Noor Haddad\nowner: lee\ninterested_in: [checkout, Pricing, rfcs]\n",
                ),
                ("docs/stakeholders/0002-a.md", "title: x\nperson: ana\nowner: lee\ninterested_in: [R-1]\n"),
            ],
        );
        let concerned = |name: &str| {
            let audience = Audience::named(name, &workspace).expect("somebody");
            let concerns = |record: &&Record| audience.concerns(record);
            let paths = workspace.records.iter().filter(concerns).map(|record| record.path.as_str());
            paths.map(|path| &path[5..path.len() - 5]).collect::<Vec<_>>()
        };
        assert_eq!(concerned("ana"), ["memos/0001", "raid/R-0001", "stakeholders/0002"]);
        assert_eq!(concerned("Noor Haddad"), ["raid/R-0001", "raid/R-0002", "rfcs/0001"]);
        assert!(Audience::named("anna", &workspace).unwrap_err().help[0].contains("`ana`"));
        assert!(Audience::named("Jo <jo@b.example>", &workspace).is_ok());
    }
}
