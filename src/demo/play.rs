//! From the story to commits: files as they were at each step, times of day, merges and squashes.

use std::collections::BTreeMap;

use super::PlannedCommit;
use super::PlannedHistory;
use super::Signature;
use super::story::Edit;
use super::story::How;
use super::story::Step;
use super::story::Story;
use super::story::read;
use super::with_days;
use super::working_day;
use crate::date::Date;
use crate::document::Document;
use crate::document::yaml_value;
use crate::error::Error;
use crate::error::Result;

/// The files of the story as they are today: path in the tree and text. Listed by `build.rs`.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/demo_files.rs"));
const STORY: &str = include_str!("story.toml");

/// Plans the whole history as it looks on `today`. `seed` decides the times of day and the first number of a pull
/// request.
///
/// # Errors
/// Where the story contradicts itself: a file changed before it exists, a text to replace that is not there. A test
/// plays it, so that only its writers see this.
pub fn play(today: Date, seed: u64) -> Result<PlannedHistory> {
    let story = read(STORY).map_err(Error::from_mistakes)?;
    let mut player = Player {
        today,
        random: seed,
        people: people(&story),
        files: BTreeMap::new(),
        commits: Vec::new(),
        head: None,
        clock: i64::MIN,
        branches: Vec::new(),
        pull_requests: 100 + i64::try_from(seed % 300).unwrap_or(0),
    };
    for step in &story.steps {
        player.step(step)?;
    }
    player.finish(&story)
}

fn people(story: &Story) -> BTreeMap<String, Signature> {
    let person = |(handle, name, email): &(String, String, String)| {
        (handle.clone(), Signature { name: name.clone(), email: email.clone() })
    };
    story.people.iter().map(person).collect()
}

struct Player {
    today: Date,
    random: u64,
    people: BTreeMap<String, Signature>,
    files: BTreeMap<String, String>,
    commits: Vec<PlannedCommit>,
    head: Option<usize>,
    clock: i64,
    branches: Vec<(String, usize)>,
    pull_requests: i64,
}

impl Player {
    fn step(&mut self, step: &Step) -> Result<()> {
        let author = self.person(&step.who)?;
        let number = step.pull_request.map(|number| number + self.pull_requests);
        match step.how {
            How::Commit => {
                self.apply(&step.edits, &step.subject)?;
                let parents = self.head.into_iter().collect();
                let at = self.commit(
                    step.day,
                    parents,
                    author.clone(),
                    author,
                    message(&step.subject, step.body.as_deref()),
                );
                self.head = Some(at);
            }
            How::Squash => {
                self.apply(&step.edits, &step.subject)?;
                let forge =
                    Signature { name: "GitHub".to_owned(), email: "noreply@github.example".to_owned() };
                let subject = match number {
                    Some(number) => format!("{} (#{number})", step.subject),
                    None => step.subject.clone(),
                };
                let parents = self.head.into_iter().collect();
                let at =
                    self.commit(step.day, parents, author, forge, message(&subject, step.body.as_deref()));
                self.head = Some(at);
            }
            How::Merge => {
                let base = self.head;
                let mut tip = base;
                for commit in &step.commits {
                    let author = self.person(&commit.who)?;
                    self.apply(&commit.edits, &commit.subject)?;
                    let text = message(&commit.subject, commit.body.as_deref());
                    tip = Some(self.commit(
                        commit.day,
                        tip.into_iter().collect(),
                        author.clone(),
                        author,
                        text,
                    ));
                }
                let merger = self.person(step.by.as_deref().unwrap_or(&step.who))?;
                let branch = format!("{}/{}", step.who, crate::text::slug(&step.subject));
                let subject = format!("Merge pull request #{} from {branch}", number.unwrap_or(0));
                let parents = base.into_iter().chain(tip).collect();
                let body = Some(step.subject.as_str());
                let at = self.commit(step.day, parents, merger.clone(), merger, message(&subject, body));
                self.head = Some(at);
            }
            How::Branch => {
                let before = self.files.clone();
                self.apply(&step.edits, &step.subject)?;
                let parents = self.head.into_iter().collect();
                let text = message(&step.subject, step.body.as_deref());
                let at = self.commit(step.day, parents, author.clone(), author, text);
                self.branches.push((format!("{}/{}", step.who, crate::text::slug(&step.subject)), at));
                self.files = before;
            }
        }
        Ok(())
    }

    fn person(&self, handle: &str) -> Result<Signature> {
        self.people
            .get(handle)
            .cloned()
            .ok_or_else(|| Error::new(format!("nobody in the story is called `{handle}`")))
    }

    fn apply(&mut self, edits: &[Edit], step: &str) -> Result<()> {
        for edit in edits {
            apply(&mut self.files, edit, self.today)
                .map_err(|why| Error::new(format!("step “{step}”: {why}")))?;
        }
        Ok(())
    }

    fn commit(
        &mut self,
        day: i32,
        parents: Vec<usize>,
        author: Signature,
        committer: Signature,
        message: String,
    ) -> usize {
        let seconds = self.time_of(day);
        let files = self.files.clone();
        self.commits.push(PlannedCommit { parents, files, author, committer, seconds, message });
        self.commits.len() - 1
    }

    /// Returns a moment within working hours of the day, later than every commit before it.
    fn time_of(&mut self, day: i32) -> i64 {
        const MINUTE: i64 = 60;
        let midnight = working_day(self.today, day).days_since_epoch() * 24 * 60 * MINUTE;
        let morning = midnight + (8 * 60 + i64::try_from(self.below(420)).unwrap_or(0)) * MINUTE;
        let later = self.clock.saturating_add((4 + i64::try_from(self.below(20)).unwrap_or(0)) * MINUTE);
        self.clock = morning.max(later);
        self.clock
    }

    /// Returns a number below `most` (splitmix64).
    fn below(&mut self, most: u64) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % most
    }

    fn finish(mut self, story: &Story) -> Result<PlannedHistory> {
        let head = self.head.ok_or_else(|| Error::new("the story has no commits"))?;
        // What happened must lead to what there is.
        for (path, text) in FILES {
            if self.files.get(*path) != Some(&with_days(text, self.today)) {
                return Err(Error::new(format!("the story does not lead to {path} as it is today")));
            }
        }
        let mut changed = self.files.clone();
        for edit in &story.unfinished {
            apply(&mut changed, edit, self.today).map_err(|why| Error::new(format!("unfinished: {why}")))?;
        }
        let unfinished = changed.iter().filter(|(path, text)| self.files.get(*path) != Some(*text));
        let unfinished = unfinished.map(|(path, text)| (path.clone(), text.clone())).collect();
        let by_hand = story.by_hand.iter().flat_map(|edit| {
            let path = find(&edit.file).map_or_else(String::new, |(path, _)| path.to_owned());
            edit.replace.iter().map(move |(old, new)| (path.clone(), old.clone(), new.clone()))
        });
        let by_hand = by_hand.collect();
        let mut branches = vec![("main".to_owned(), head)];
        branches.append(&mut self.branches);
        let user = story.people.first().map(|(handle, ..)| handle.clone()).unwrap_or_default();
        let user = self.person(&user)?;
        Ok(PlannedHistory { commits: self.commits, branches, user, unfinished, by_hand })
    }
}

fn message(subject: &str, body: Option<&str>) -> String {
    match body {
        Some(body) => format!("{subject}\n\n{}\n", body.trim_end()),
        None => format!("{subject}\n"),
    }
}

/// Returns the file of the story whose path is `name`, or begins with `docs/`, `name` and `-`.
fn find(name: &str) -> Option<(&'static str, &'static str)> {
    let begins = format!("docs/{name}-");
    FILES.iter().find(|(path, _)| *path == name || path.starts_with(&begins)).copied()
}

fn apply(files: &mut BTreeMap<String, String>, edit: &Edit, today: Date) -> Result<(), String> {
    let known = || find(&edit.file).ok_or_else(|| format!("there is no file `{}`", edit.file));
    let (path, text) = match &edit.text {
        Some(text) => (edit.file.as_str(), text.as_str()),
        None => known()?,
    };
    if edit.add {
        if files.contains_key(path) {
            return Err(format!("{path} is there already"));
        }
        files.insert(path.to_owned(), with_days(text, today));
    }
    let text = files.get_mut(path).ok_or_else(|| format!("{path} is not there yet"))?;
    for (key, value) in &edit.set {
        *text =
            set(text, key, &with_days(value, today)).ok_or_else(|| format!("{path} has no key `{key}`"))?;
    }
    for (old, new) in &edit.replace {
        let (old, new) = (with_days(old, today), with_days(new, today));
        if !text.contains(&old) {
            return Err(format!("{path} does not hold `{old}`"));
        }
        *text = text.replacen(&old, &new, 1);
    }
    Ok(())
}

/// Returns `text` with the value of a front-matter key replaced.
fn set(text: &str, key: &str, value: &str) -> Option<String> {
    let document = Document::read(text.to_owned());
    let span = document.entry(key)?.value.span();
    let value =
        if value.starts_with('[') || value.is_empty() { value.to_owned() } else { yaml_value(value, true) };
    let space = if span.is_empty() && !value.is_empty() { " " } else { "" };
    let before =
        if value.is_empty() { text[..span.start()].trim_end_matches(' ') } else { &text[..span.start()] };
    Some(format!("{before}{space}{value}{}", &text[span.end()..]))
}
