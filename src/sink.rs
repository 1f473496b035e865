//! Where rules put what they find.

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Edit;
use crate::diagnostic::Fix;
use crate::diagnostic::Level;
use crate::diagnostic::Related;
use crate::kind::Kinds;
use crate::record::Record;
use crate::text::Span;

/// Takes the findings of one rule and completes them with what the rule need not say: its name, the file, the record.
#[derive(Debug)]
pub struct Sink<'a> {
    rule: &'static str,
    path: &'a str,
    record: Option<&'a Record>,
    kinds: &'a Kinds,
    found: Vec<Diagnostic>,
    /// How many findings there are about the file of the last one, told or not.
    about_last: usize,
    /// The most that are told of one file.
    most: usize,
}

/// The most findings of one rule that are told of one file. Nobody reads the hundred-and-first; a count stands for them.
const MOST_IN_A_FILE: usize = 100;

/// What a rule says: the place, what is wrong, what to do.
#[derive(Debug, Clone)]
pub struct Finding {
    span: Option<Span>,
    message: String,
    label: Option<String>,
    help: Vec<String>,
    related: Vec<Related>,
    fix: Option<Mending>,
    guess: bool,
}

/// What mends a finding: a title, whether it is certain, and edits in the same file.
#[derive(Debug, Clone)]
struct Mending {
    title: String,
    safe: bool,
    edits: Vec<(Span, String)>,
}

impl Finding {
    /// Returns a finding about the bytes under `span`.
    #[must_use]
    pub fn at(span: Span, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            span: Some(span),
            message,
            label: None,
            help: Vec::new(),
            related: Vec::new(),
            fix: None,
            guess: false,
        }
    }

    /// Returns a finding about a file as a whole.
    #[must_use]
    pub fn whole(message: impl Into<String>) -> Self {
        Self { span: None, ..Self::at(Span::at(0), message) }
    }

    /// Says something beside the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds something to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds another place that belongs to it.
    #[must_use]
    pub fn related(mut self, path: &str, span: Option<Span>, message: impl Into<String>) -> Self {
        self.related.push(Related { path: path.to_owned(), span, message: message.into() });
        self
    }

    /// Says that the finding is a guess: it warns at most, whatever level is set.
    #[must_use]
    pub fn guess(mut self) -> Self {
        self.guess = true;
        self
    }

    /// Adds the edits in the same file that mend it for certain.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, edits: Vec<(Span, String)>) -> Self {
        self.fix = Some(Mending { title: title.into(), safe: true, edits });
        self
    }

    /// Adds the edits in the same file that probably mend it.
    #[must_use]
    pub fn likely_fix(mut self, title: impl Into<String>, edits: Vec<(Span, String)>) -> Self {
        self.fix = Some(Mending { title: title.into(), safe: false, edits });
        self
    }
}

impl<'a> Sink<'a> {
    /// Returns a sink for what `rule` says about the file `path`, or about the tree where there is none.
    #[must_use]
    pub fn new(rule: &'static str, path: &'a str, record: Option<&'a Record>, kinds: &'a Kinds) -> Self {
        Self { rule, path, record, kinds, found: Vec::new(), about_last: 0, most: MOST_IN_A_FILE }
    }

    /// Returns the sink telling everything, for who counts later: see [`capped`].
    #[must_use]
    pub fn telling_all(self) -> Self {
        Self { most: usize::MAX, ..self }
    }

    /// Says whether so much has been found in the file at `path` already that a further finding is only counted.
    fn is_full(&self, path: &str) -> bool {
        self.about_last >= self.most && self.found.last().is_some_and(|last| last.path == path)
    }

    /// Takes a finding about the file the rule was given.
    pub fn push(&mut self, finding: Finding) {
        let record = self.record.and_then(|record| record.id_text(self.kinds));
        self.add(self.path.to_owned(), record, finding);
    }

    /// Takes a finding about `record`.
    pub fn push_about(&mut self, record: &Record, finding: Finding) {
        self.add(record.path.clone(), record.id_text(self.kinds), finding);
    }

    /// Takes a finding about `record` that is dear to put together: where it is only counted, it is not made.
    pub fn push_about_with(&mut self, record: &Record, finding: impl FnOnce() -> Finding) {
        if self.is_full(&record.path) {
            self.about_last += 1;
        } else {
            self.push_about(record, finding());
        }
    }

    /// Returns everything taken, each at the highest level it may have until levels are worked out.
    #[must_use]
    pub fn into_found(mut self) -> Vec<Diagnostic> {
        self.tell_count();
        self.found
    }

    /// Says of the last file how many findings were only counted.
    fn tell_count(&mut self) {
        let more = self.about_last.saturating_sub(self.most);
        if let Some(last) = self.found.last_mut().filter(|_| more > 0) {
            count_more(last, more);
        }
        self.about_last = 0;
    }

    fn add(&mut self, path: String, record: Option<String>, finding: Finding) {
        let fix = finding.fix.map(|Mending { title, safe, edits }| {
            let edit = |(span, text)| Edit { path: path.clone(), span, text };
            let mut edits: Vec<Edit> = edits.into_iter().map(edit).collect();
            edits.sort();
            Fix { title, safe, edits }
        });
        if self.is_full(&path) {
            self.about_last += 1;
            return;
        }
        if self.found.last().is_some_and(|last| last.path != path) {
            self.tell_count();
        }
        self.about_last += 1;
        self.found.push(Diagnostic {
            rule: self.rule,
            level: if finding.guess { Level::Warn } else { Level::Deny },
            path,
            record,
            message: finding.message,
            label: finding.label,
            help: finding.help,
            span: finding.span,
            related: finding.related,
            fix,
            fresh: false,
            more: 0,
        });
    }
}

/// Lets one finding stand for those of the same rule in the same file that nobody would read.
#[must_use]
pub fn capped(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut counts: HashMap<(&'static str, String), (usize, usize)> = HashMap::new();
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(found.len());
    for one in found {
        let (count, last) = counts.entry((one.rule, one.path.clone())).or_default();
        *count += 1;
        if *count <= MOST_IN_A_FILE {
            *last = kept.len();
            kept.push(one);
        }
    }
    for (count, last) in counts.into_values().filter(|(count, _)| *count > MOST_IN_A_FILE) {
        count_more(&mut kept[last], count - MOST_IN_A_FILE);
    }
    kept
}

/// Says of a finding how many more it stands for.
fn count_more(found: &mut Diagnostic, more: usize) {
    found.help.push(format!("{more} more of these in this file are not shown"));
    found.more = more;
}
