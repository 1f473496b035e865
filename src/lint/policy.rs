//! What a change makes less strict of what steers a tree: rules lowered, requirements dropped, findings let pass.

use crate::config::BASELINE_FILE;
use crate::config::CONFIG_FILE;
use crate::config::Config;
use crate::config::Settings;
use crate::kind::Kind;
use crate::kind::Origin;
use crate::sink::Finding;
use crate::text::Span;

mod demands;
mod levels;
mod lifecycle;

/// Something that a change makes less strict.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weakened {
    /// The file that says so, relative to the root; the one that said otherwise, where that is gone.
    pub path: String,
    /// Where in it; `None` where nothing stands there any more.
    pub span: Option<Span>,
    /// What, in one line.
    pub message: String,
}

/// What steers a tree at one time.
#[derive(Clone, Copy)]
pub struct Policy<'a> {
    /// As it was read.
    pub config: &'a Config,
    /// The texts it was read from.
    pub settings: &'a Settings,
}

/// Returns what of `then` is less strict in `here`, in order of file and place.
#[must_use]
pub fn weakened(then: Policy<'_>, here: Policy<'_>) -> Vec<Weakened> {
    let mut told = Told { here, found: Vec::new() };
    levels::compare(then, here, &mut told);
    for was in then.config.kinds.all() {
        let file = file_of(was);
        match here.config.kinds.all().iter().find(|kind| kind.id == was.id) {
            Some(is) => {
                let file = file_of(is).or(file).unwrap_or_else(|| config_file(here));
                let mut say = |message: String, near: &str| told.say(&file, near, message);
                demands::compare(was, is, &mut say);
                lifecycle::compare(was, is, &mut say);
            }
            None => {
                let message =
                    format!("the kind `{}` is gone, and with it all that it asks of records", was.id);
                told.say(&file.unwrap_or_else(|| config_file(here)), "", message);
            }
        }
    }
    if !then.config.people.is_empty() && here.config.people.is_empty() {
        let message = "nobody is named in [people] any more, so that anybody may own anything".to_owned();
        told.say(&config_file(here), "", message);
    }
    let (before, now) = (&then.config.people, &here.config.people);
    if !now.is_empty() {
        // Whoever goes by a name may approve under it.
        let mut names: Vec<&str> = before.all_names().chain(now.all_names()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let message = match (before.handle_of(name), now.handle_of(name)) {
                (Some(was), Some(is)) if was != is => format!("`{name}` is {is} from now on, was {was}"),
                (Some(was), None) => format!("`{name}` is nobody in [people] from now on, was {was}"),
                (None, Some(is)) if before.has(is) => format!("`{name}` is {is} from now on, was nobody"),
                _ => continue,
            };
            told.say(&config_file(here), name, message);
        }
    }
    for (rule, path, known, span) in here.config.baseline.entries() {
        let was = then.config.baseline.known(rule, path);
        if known > was {
            let findings = if known == 1 { "finding" } else { "findings" };
            let message =
                format!("the baseline lets {known} {findings} of `{rule}` pass in {path}, was {was}");
            told.found.push(Weakened { path: BASELINE_FILE.to_owned(), span: Some(span), message });
        }
    }
    told.found.sort();
    told.found.dedup();
    told.found
}

impl Weakened {
    /// Returns the finding that says so; `base` is what the change is compared with.
    #[must_use]
    pub fn finding(&self, base: &str) -> Finding {
        let finding = match self.span {
            Some(span) => Finding::at(span, self.message.clone()),
            None => Finding::whole(self.message.clone()),
        };
        finding.help(format!(
            "leave it as `{base}` has it, or say in the change why the team wants it so; it counts once it is there"
        ))
    }
}

/// What has been found so far.
struct Told<'a> {
    here: Policy<'a>,
    found: Vec<Weakened>,
}

impl Told<'_> {
    /// Takes `message` about the file at `path`; it is said of the place where `near` stands there.
    fn say(&mut self, path: &str, near: &str, message: String) {
        let text = text_of(self.here, path).filter(|_| !near.is_empty());
        let span = text.and_then(|text| word(text, near));
        self.found.push(Weakened { path: path.to_owned(), span, message });
    }
}

/// Returns the text of a file that steers.
fn text_of<'a>(policy: Policy<'a>, path: &str) -> Option<&'a str> {
    let config = policy.settings.config.iter().map(|(known, text)| (known, text.as_str()));
    let kinds = policy.settings.kinds.iter().filter(|kind| !kind.built_in);
    let mut all = config.chain(kinds.map(|kind| (&kind.path, &*kind.text)));
    all.find(|(known, _)| *known == path).map(|(_, text)| text)
}

/// Returns where `name` stands by itself in `text`, for the first time outside a comment.
fn word(text: &str, name: &str) -> Option<Span> {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || "-_".contains(c));
    let alone = |at: &usize| {
        let line = text[..*at].rsplit('\n').next().unwrap_or_default();
        let apart = !part(text[..*at].chars().next_back()) && !part(text[at + name.len()..].chars().next());
        apart && !line.trim_start().starts_with('#')
    };
    let at = text.match_indices(name).map(|(at, _)| at).find(alone)?;
    Some(Span::new(at, at + name.len()))
}

/// Returns the kind file of a team's own kind.
fn file_of(kind: &Kind) -> Option<String> {
    match &kind.origin {
        Origin::BuiltIn => None,
        Origin::File(path) => Some(path.clone()),
    }
}

/// Returns the file that settles everything else.
fn config_file(policy: Policy<'_>) -> String {
    policy.settings.config.as_ref().map_or_else(|| CONFIG_FILE.to_owned(), |(path, _)| path.clone())
}

/// Returns names as a list in words: `a, b and c`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}
