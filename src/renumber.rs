//! Giving a record another number: what is written where, from texts to changes.
//!
//! A number stands in the name of the file, in the front matter, in headings, and wherever somebody names the record: by its
//! id or by its path. Every edit replaces digits and nothing else, so that quotes, padding and spelling stay; every new text
//! is read again and must say the same but for what was to change. Where two files hold the id, what names the file is
//! certain, and what names the id alone is left to a person.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::change::Change;
use crate::config::Config;
use crate::document::Document;
use crate::document::Read;
use crate::document::anchors;
use crate::error::Error;
use crate::error::Mistake;
use crate::error::Result;
use crate::kind::Claim;
use crate::record::Depth;
use crate::record::Record;
use crate::record::RecordId;
use crate::text::Lines;
use crate::text::Span;

mod address;
mod body;
mod fields;
mod left;
mod proof;
mod scan;

pub use scan::Needle;

/// Which record gets which number.
pub struct Renumbering<'a> {
    /// What the team has settled.
    pub config: &'a Config,
    /// Where the root lies below the repository's top, with `/` at its end; empty where they are the same.
    pub prefix: &'a str,
    /// The path of the record, relative to the root.
    pub from: String,
    /// The path it gets; the same where its name holds no number.
    pub to: String,
    /// The number it has, with its kind.
    pub old: RecordId,
    /// The number it gets.
    pub new: u64,
    /// The other files that hold the id: where there are any, the id alone names nobody for certain.
    pub others: Vec<String>,
    /// Whether no other file has the same name, in whatever folder, so that the name alone means this one.
    pub named_alone: bool,
    /// Where the number stands in `from`.
    digits: Option<Range<usize>>,
}

/// A text that may name the record.
#[derive(Debug)]
pub struct Text {
    /// The path, relative to the root; from the repository's top where it lies outside the root.
    pub path: String,
    /// The text.
    pub text: String,
    /// How it is read.
    pub sort: Sort,
    /// Whether it may be written: not where it is a link, or lies outside the root.
    pub writable: bool,
    /// Whether it lies in the repository, but outside the root.
    pub outside: bool,
}

/// How a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// As a record.
    Record(Claim),
    /// As a page of Markdown.
    Page,
    /// As prose without a form that is known here: ids in full and whole paths are mentions.
    Prose,
    /// As something a program reads: it is never changed.
    Other,
}

impl Sort {
    /// Returns how the file at `path`, which is no record, is read: by the ending of its name.
    #[must_use]
    pub fn of(path: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        match ending.as_deref() {
            Some("md" | "markdown" | "mdx") => Self::Page,
            Some("txt" | "rst" | "adoc" | "org") => Self::Prose,
            _ => Self::Other,
        }
    }
}

/// What happens to a text.
#[derive(Debug)]
pub struct Written {
    /// The path it has, relative to the root.
    pub path: String,
    /// The path it gets.
    pub to: String,
    /// The text it has.
    pub before: String,
    /// The text it gets.
    pub after: String,
    /// What is changed in it, in order.
    pub rewrites: Vec<Rewrite>,
}

/// Digits, or the name of a heading in an address, that others take the place of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rewrite {
    /// The bytes that go.
    pub span: Span,
    /// What comes in their place.
    pub text: String,
    /// What they are part of, as people see it: the id, the address.
    pub shown: Span,
}

/// A place that names the record, or may, and is left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The path, from the repository's top.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// The text of the line, without the space around it.
    pub text: String,
    /// Whether it names the id alone while two files hold that: somebody has to judge which is meant.
    pub doubtful: bool,
}

/// A place that is changed, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The path, relative to the root.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What stood there.
    pub old: String,
    /// What stands there then.
    pub new: String,
}

/// What a renumbering comes to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The texts that change, the record first, then in order of path.
    pub written: Vec<Written>,
    /// What is left to a person, in order of path.
    pub left: Vec<Left>,
}

/// The names of headings that change, by page from the repository's top: old and new.
type Anchors = BTreeMap<String, BTreeMap<String, String>>;

impl<'a> Renumbering<'a> {
    /// Returns the plan to give `record` the number `new`. `others` are the paths of the other files that hold its id.
    ///
    /// # Errors
    /// Where the record has no number.
    pub fn new(
        config: &'a Config,
        prefix: &'a str,
        record: &Record,
        new: u64,
        others: Vec<String>,
    ) -> Result<Self> {
        let kind = config.kinds.at(record.kind);
        let old = record.id().ok_or_else(|| {
            Error::new(format!(
                "{} has no number: neither its name nor its front matter says one",
                record.path
            ))
            .help(format!("write it into the front matter: id: {}", kind.id_of(new)))
        })?;
        let from = record.path.clone();
        let (to, digits) = match record.named {
            Some(named) => {
                let moved = kind.renumbered(&from, named, new).ok_or_else(|| {
                    Error::new(format!(
                        "{from} would be no record of its kind with the number {new} in its name"
                    ))
                    .help(format!("move it to where its kind has its records, {}", kind.path.as_str()))
                })?;
                (moved.0, Some(moved.1))
            }
            None => (from.clone(), None),
        };
        Ok(Self { config, prefix, from, to, old, new, others, named_alone: true, digits })
    }

    /// Returns the id the record has.
    #[must_use]
    pub fn old_id(&self) -> String {
        self.old.text(&self.config.kinds)
    }

    /// Returns the id it gets.
    #[must_use]
    pub fn new_id(&self) -> String {
        self.config.kinds.at(self.old.kind).id_of(self.new)
    }

    /// Says whether the id names this record for certain.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.others.is_empty()
    }

    /// Says whether the number is the name of a folder, so that the file would leave what lies beside it.
    #[must_use]
    pub fn moves_folder(&self) -> bool {
        self.digits.as_ref().is_some_and(|digits| self.from[digits.end..].contains('/'))
    }

    /// Returns the digits that take the place of `written`.
    fn digits_for(&self, written: &str) -> String {
        let kind = self.config.kinds.at(self.old.kind);
        let width = if kind.path.pads() { 4 } else { kind.path.width() };
        crate::kind::digits_like(written, width, self.new)
    }

    fn top(&self, text: &Text) -> String {
        if text.outside { text.path.clone() } else { format!("{}{}", self.prefix, text.path) }
    }
}

/// Works out what becomes of `texts`, among which the record itself must be.
///
/// # Errors
/// Where the record is not among them, its id cannot be changed for certain, or a text would read otherwise than was meant.
pub fn plan(order: &Renumbering<'_>, texts: &[Text]) -> Result<Outcome> {
    if !texts.iter().any(|text| !text.outside && text.path == order.from) {
        return Err(Error::new(format!("{} cannot be read any more; nothing was written", order.from))
            .help("run the command again"));
    }
    let none = Anchors::new();
    let documents: Vec<Option<Document>> = texts.iter().map(document).collect();
    let found = |anchors: &Anchors| -> Result<Vec<Found>> {
        let each = texts.iter().zip(&documents);
        each.map(|(text, document)| search(order, text, document.as_ref(), anchors)).collect()
    };
    let first = found(&none)?;
    let anchors = changed_anchors(order, texts, &documents, &first);
    let found = if anchors.is_empty() { first } else { found(&anchors)? };
    let mut outcome = Outcome::default();
    for ((text, document), found) in texts.iter().zip(&documents).zip(found) {
        left::collect(order, text, &found, &mut outcome.left);
        let own = !text.outside && text.path == order.from;
        let moved = own && order.from != order.to;
        if !text.writable || (found.rewrites.is_empty() && !moved) {
            continue;
        }
        let after = applied(&text.text, &found.rewrites);
        if let Some(document) = document
            && !proof::holds(order, &anchors, text, document, &after, &found.rewrites)
        {
            return Err(unclear(text, &found.rewrites));
        }
        outcome.written.push(Written {
            path: text.path.clone(),
            to: if own { order.to.clone() } else { text.path.clone() },
            before: text.text.clone(),
            after,
            rewrites: found.rewrites,
        });
    }
    outcome.written.sort_by(|a, b| (a.path != order.from, &a.path).cmp(&(b.path != order.from, &b.path)));
    outcome.left.sort_by(|a, b| (&a.path, a.line, a.column).cmp(&(&b.path, b.line, b.column)));
    Ok(outcome)
}

/// What was found in a text.
#[derive(Debug, Default)]
struct Found {
    /// What is rewritten.
    rewrites: Vec<Rewrite>,
    /// What names the id alone, where that is not enough.
    doubtful: Vec<Span>,
    /// What names nobody else although it names the id: what another holder of the id says of itself.
    settled: Vec<Span>,
}

impl Found {
    /// Adds digits at `span` that are part of `shown`.
    fn rewrite(&mut self, span: Span, text: String, shown: Span) {
        self.rewrites.push(Rewrite { span, text, shown });
    }
}

fn document(text: &Text) -> Option<Document> {
    matches!(text.sort, Sort::Record(_) | Sort::Page).then(|| Document::read(text.text.clone()))
}

fn search(
    order: &Renumbering<'_>,
    text: &Text,
    document: Option<&Document>,
    anchors: &Anchors,
) -> Result<Found> {
    let own = !text.outside && text.path == order.from;
    let mut found = Found::default();
    let top = order.top(text);
    let look = Look { order, anchors, path: &text.path, top: &top, own, outside: text.outside };
    match (text.sort, document) {
        (Sort::Record(claim), Some(document)) => {
            if own {
                own_id(order, text, claim, document)?;
            }
            fields::collect(&look, Some(claim.kind), document, &mut found);
            body::collect(&look, document, &mut found);
        }
        (Sort::Page, Some(document)) => {
            fields::collect(&look, None, document, &mut found);
            body::collect(&look, document, &mut found);
        }
        (Sort::Prose, _) => {
            let whole = Span::new(0, text.text.len());
            body::exact(&look, &text.text, whole, &mut found);
            body::paths(&look, &text.text, whole, &mut found);
        }
        _ => {}
    }
    tidy(&mut found);
    Ok(found)
}

/// What is looked for, and where.
struct Look<'a> {
    order: &'a Renumbering<'a>,
    anchors: &'a Anchors,
    /// The path of the file, relative to the root.
    path: &'a str,
    /// The same from the repository's top.
    top: &'a str,
    /// Whether it is the record itself.
    own: bool,
    outside: bool,
}

impl Look<'_> {
    /// Says whether the file is another one that holds the id.
    fn is_other(&self) -> bool {
        !self.outside && self.order.others.iter().any(|other| other == self.path)
    }

    /// Takes the mention at `span`: it is rewritten where it is `certain` whom it means, else left to a person.
    fn mention(&self, text: &str, span: Span, certain: bool, found: &mut Found) {
        let written = span.of(text);
        let digits = written.len() - written.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        if digits == 0 {
            return;
        }
        if certain || self.order.is_certain() {
            let at = Span::new(span.end() - digits, span.end());
            found.rewrite(at, self.order.digits_for(at.of(text)), span);
        } else {
            found.doubtful.push(span);
        }
    }
}

/// Makes sure that the id in the front matter of the record can be changed for certain.
fn own_id(order: &Renumbering<'_>, text: &Text, claim: Claim, document: &Document) -> Result<()> {
    let kind = order.config.kinds.at(claim.kind);
    let refused = |span: Span, message: String, help: String| {
        let source: Arc<str> = Arc::from(text.text.as_str());
        let mistake = Mistake { path: text.path.clone(), source, span, message, help: vec![help] };
        let mut error = Error::from_mistakes(vec![mistake]);
        error.message =
            format!("the number of {} cannot be changed for certain; nothing was written", text.path);
        Err(error)
    };
    if let Some(conflict) = document.conflicts.first() {
        let help = "resolve the conflict first".to_owned();
        return refused(*conflict, "a merge has left a conflict here".to_owned(), help);
    }
    let slip = |span: Span, message: &str| match document.slips.first() {
        Some(slip) => refused(slip.span, slip.message.clone(), slip.help.clone()),
        None => refused(span, message.to_owned(), "mend it first: pmkit lint".to_owned()),
    };
    let index = kind.fields.iter().position(|field| field.name == "id");
    let is_it = |entry: &&crate::document::Entry| {
        index.is_some() && kind.field_of_key(entry.key.text.of(&document.text)) == index
    };
    let ids: Vec<_> = document.entries().iter().filter(is_it).collect();
    match ids[..] {
        [] if order.digits.is_some() => match &document.front_matter {
            // Line by line an id may be hidden that YAML would show.
            Some(front_matter) if front_matter.read == Read::Line => {
                slip(front_matter.span, "the front matter is no YAML, and no line of it says the id")
            }
            _ => Ok(()),
        },
        [] => slip(Span::at(document.body), "no line says the id"),
        [entry] => {
            let span = entry.value.span();
            let record = Record::read(&text.path, claim, document, order.config, Depth::FrontMatter);
            let digits = span.of(&text.text).trim_end_matches(['"', '\'']);
            if entry.value.is_blank(&text.text) && order.digits.is_some() {
                return Ok(());
            }
            if record.written != Some(order.old) || !digits.ends_with(|c: char| c.is_ascii_digit()) {
                let said = span.of(&text.text);
                return slip(
                    span,
                    &format!("`{said}` is no id of this kind: they look like `{}`", kind.id_of(1)),
                );
            }
            Ok(())
        }
        [_, second, ..] => slip(second.key.text.span, "the id stands here twice"),
    }
}

/// Puts what was found in order, each place once.
fn tidy(found: &mut Found) {
    found.rewrites.sort();
    let mut kept: Vec<Rewrite> = Vec::with_capacity(found.rewrites.len());
    for rewrite in found.rewrites.drain(..) {
        match kept.last_mut() {
            Some(last) if last.span == rewrite.span => {
                if rewrite.shown.contains(last.shown) {
                    last.shown = rewrite.shown;
                }
            }
            Some(last) if last.span.end() > rewrite.span.start() => {}
            _ => kept.push(rewrite),
        }
    }
    found.rewrites = kept;
    let covered = |span: &Span| found.rewrites.iter().any(|rewrite| touch(rewrite.span, *span));
    found.doubtful.retain(|span| !covered(span));
    found.doubtful.sort_unstable();
    found.doubtful.dedup();
}

fn touch(a: Span, b: Span) -> bool {
    a.start() < b.end() && b.start() < a.end()
}

/// Returns `text` with every rewrite in it.
fn applied(text: &str, rewrites: &[Rewrite]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut from = 0;
    for rewrite in rewrites {
        out.push_str(&text[from..rewrite.span.start()]);
        out.push_str(&rewrite.text);
        from = rewrite.span.end();
    }
    out.push_str(&text[from..]);
    out
}

/// Returns the names of headings that the rewrites change.
fn changed_anchors(
    order: &Renumbering<'_>,
    texts: &[Text],
    documents: &[Option<Document>],
    found: &[Found],
) -> Anchors {
    let mut changed = Anchors::new();
    for ((text, document), found) in texts.iter().zip(documents).zip(found) {
        let Some(document) = document.as_ref().filter(|_| text.writable && !found.rewrites.is_empty()) else {
            continue;
        };
        let body = |text: &str, body: usize| anchors(text.get(body..).unwrap_or_default());
        let before = body(&text.text, document.body);
        let after = applied(&text.text, &found.rewrites);
        let after = body(&after, Document::read(after.clone()).body);
        if before.len() != after.len() {
            continue;
        }
        let names: BTreeMap<usize, &String> = after.iter().map(|(name, place)| (*place, name)).collect();
        let pairs = before.iter().filter_map(|(old, place)| {
            let new = names.get(place)?;
            (*new != old).then(|| (old.clone(), (*new).clone()))
        });
        let pairs: BTreeMap<String, String> = pairs.collect();
        if !pairs.is_empty() {
            changed.insert(order.top(text), pairs);
        }
    }
    changed
}

/// Returns the error of a text that would read otherwise than was meant.
fn unclear(text: &Text, rewrites: &[Rewrite]) -> Error {
    let lines = Lines::new(&text.text);
    let first = rewrites.first().map_or(1, |rewrite| lines.position(rewrite.span.start()).line);
    Error::new(format!(
        "{}:{first} names the record in a way that cannot be changed without changing what else is said there; nothing \
         was written",
        text.path
    ))
    .help("change that file by hand first, then run the command again")
}

impl Written {
    /// Returns the change to the disk.
    #[must_use]
    pub fn change(&self) -> Change {
        let (before, after) = (self.before.clone(), self.after.clone());
        if self.path == self.to {
            Change::Edit { path: self.path.clone(), before, after }
        } else {
            Change::Move { from: self.path.clone(), to: self.to.clone(), before, after }
        }
    }

    /// Returns the places that change, in order: as they stand now, or, where `afterwards`, as they stand then.
    #[must_use]
    pub fn places(&self, afterwards: bool) -> Vec<Place> {
        let (path, text) = if afterwards { (&self.to, &self.after) } else { (&self.path, &self.before) };
        let lines = Lines::new(text);
        let mut places = Vec::new();
        let mut shift = 0_isize;
        let mut at = 0;
        while let Some(first) = self.rewrites.get(at) {
            let shown = first.shown;
            let count = self.rewrites[at..].iter().take_while(|rewrite| rewrite.shown == shown).count();
            let inside: Vec<Rewrite> = self.rewrites[at..at + count]
                .iter()
                .map(|rewrite| Rewrite {
                    span: Span::new(rewrite.span.start() - shown.start(), rewrite.span.end() - shown.start()),
                    ..rewrite.clone()
                })
                .collect();
            let old = shown.of(&self.before);
            let new = applied(old, &inside);
            let begin = if afterwards { shown.start().saturating_add_signed(shift) } else { shown.start() };
            let position = lines.position(begin);
            shift += new.len().cast_signed() - old.len().cast_signed();
            places.push(Place {
                path: path.clone(),
                line: position.line,
                column: position.column,
                old: old.to_owned(),
                new,
            });
            at += count;
        }
        places
    }
}
