//! A link in the text to a file or a heading that is not there.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::Check;
use super::Rule;
use crate::diagnostic::Level;
use crate::document::Document;
use crate::document::anchor;
use crate::document::anchors;
use crate::document::decode;
use crate::record::FileLink;
use crate::record::Record;
use crate::record::RecordId;
use crate::record::Target;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::nearest;
use crate::text::percent_decoded;
use crate::text::percent_encoded;
use crate::workspace::Around;
use crate::workspace::Found;
use crate::workspace::Inputs;
use crate::workspace::Workspace;
use crate::workspace::leading_to;
use crate::workspace::led_to;

pub(super) const RULE: Rule = Rule {
    id: "broken-link",
    level: Level::Deny,
    page: include_str!("../../docs/rules/broken-link.md"),
    fixes: true,
    check: Check::Tree(check),
};

/// A link that leads nowhere, or to a heading of a page that has to be read.
struct Doubtful<'a> {
    record: &'a Record,
    link: &'a FileLink,
    /// Where it leads, from the repository's top.
    to: String,
    /// The heading of it; `None` where the file itself is missing.
    heading: Option<&'a str>,
}

fn check(workspace: &Workspace<'_>, inputs: Inputs<'_>, sink: &mut Sink<'_>) {
    let Some(around) = inputs.around else { return };
    let place = Place { workspace, inputs, around };
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    let mut doubtful: Vec<Doubtful<'_>> = Vec::new();
    for record in &workspace.records {
        for link in &record.links {
            let (path, heading) = parts(&link.target);
            let own = place.below_top(&record.path);
            let to = if path.is_empty() { Some(own) } else { led_to(&own, &percent_decoded(path)) };
            // What climbs above the top is a page of the forge.
            let Some(to) = to else { continue };
            let lies = *found.entry(to.clone()).or_insert_with_key(|to| place.find(to));
            match (lies, heading) {
                (Found::Nothing, _) => doubtful.push(Doubtful { record, link, to, heading: None }),
                (Found::File, Some(heading)) if is_read(&to, heading) => {
                    doubtful.push(Doubtful { record, link, to, heading: Some(heading) });
                }
                _ => {}
            }
        }
    }
    // Texts are let go early: the few pages whose headings are asked for are read again, each once.
    let pages: BTreeSet<&String> =
        doubtful.iter().filter(|link| link.heading.is_some()).map(|link| &link.to).collect();
    let pages: BTreeMap<&String, Option<BTreeSet<String>>> =
        pages.into_iter().map(|path| (path, place.headings(path))).collect();
    for doubt in &doubtful {
        let finding = match (doubt.heading, pages.get(&doubt.to)) {
            (None, _) => missing_file(&place, doubt),
            (Some(heading), Some(Some(there))) if !answers(there, heading) => {
                missing_heading(doubt, heading, there)
            }
            _ => continue,
        };
        if sink.is_full(&doubt.record.path) {
            sink.count();
        } else {
            sink.push_about(doubt.record, finding);
        }
    }
}

struct Place<'a> {
    workspace: &'a Workspace<'a>,
    inputs: Inputs<'a>,
    around: Around<'a>,
}

impl Place<'_> {
    fn below_top(&self, path: &str) -> String {
        format!("{}{path}", self.around.prefix)
    }

    /// Returns `path`, from the top, as the file of the tree that it is.
    fn listed<'p>(&self, path: &'p str) -> Option<&'p str> {
        let path = path.strip_prefix(self.around.prefix)?;
        self.inputs.paths.binary_search_by(|known| known.as_str().cmp(path)).ok().map(|_| path)
    }

    fn find(&self, path: &str) -> Found {
        if self.listed(path).is_some() { Found::File } else { (self.around.find)(path) }
    }

    /// Returns the anchors of the page at `path`; `None` where it cannot be read.
    fn headings(&self, path: &str) -> Option<BTreeSet<String>> {
        let bytes = match self.listed(path) {
            Some(listed) => (self.inputs.read)(listed).ok()?,
            None => (self.around.read)(path)?,
        };
        let document = Document::read(decode(bytes).ok()?);
        Some(anchors(document.text.get(document.body..).unwrap_or_default()))
    }
}

/// Splits the address of a link into path and heading; what stands behind a `?` is for the forge.
fn parts(address: &str) -> (&str, Option<&str>) {
    let (path, heading) = match address.split_once('#') {
        Some((path, heading)) => (path, Some(heading)),
        None => (address, None),
    };
    (path.split('?').next().unwrap_or_default(), heading)
}

/// Says whether the page at `path` is read to look for `heading`: Markdown, and no line number, highlight or top of page.
fn is_read(path: &str, heading: &str) -> bool {
    let page = path
        .rsplit_once('.')
        .is_some_and(|(_, end)| ["md", "markdown"].iter().any(|known| end.eq_ignore_ascii_case(known)));
    let line =
        heading.strip_prefix(['L', 'l']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let top = heading.is_empty() || heading.eq_ignore_ascii_case("top");
    page && !line && !top && !heading.starts_with(":~:")
}

/// Says whether one of the headings `there` is called `heading`. Forges differ in what they make of several spaces and signs
/// in a row, and in what they put before a name.
fn answers(there: &BTreeSet<String>, heading: &str) -> bool {
    let wanted = anchor(&percent_decoded(heading));
    let bare = ["user-content-", "markdown-header-"].iter().find_map(|before| wanted.strip_prefix(before));
    let joined = |name: &str| name.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    let is = |wanted: &str| there.contains(wanted) || there.iter().any(|name| joined(name) == joined(wanted));
    is(&wanted) || bare.is_some_and(is)
}

fn missing_heading(doubt: &Doubtful<'_>, heading: &str, there: &BTreeSet<String>) -> Finding {
    let (path, _) = parts(&doubt.link.target);
    let message = match path {
        "" => format!("no heading of this page answers to `#{heading}`"),
        path => format!("no heading of `{path}` answers to `#{heading}`"),
    };
    let wanted = anchor(&percent_decoded(heading));
    match nearest(&wanted, there.iter().map(String::as_str)) {
        Some(near) => {
            let before = &doubt.link.target[..doubt.link.target.len() - heading.len()];
            with_address(Finding::at(doubt.link.span, message), doubt.link, &format!("{before}{near}"))
        }
        None => {
            let names: Vec<String> = there.iter().take(6).map(|name| format!("`#{name}`")).collect();
            let help = match (&names[..], there.len() > 6) {
                ([], _) => "link to the page itself: it has no heading".to_owned(),
                (_, true) => format!("write one there is, such as {}", names.join(", ")),
                (_, false) => format!("write one there is: {}", names.join(", ")),
            };
            Finding::at(doubt.link.span, message).help(help)
        }
    }
}

fn missing_file(place: &Place<'_>, doubt: &Doubtful<'_>) -> Finding {
    let Doubtful { record, link, to, .. } = doubt;
    let (path, _) = parts(&link.target);
    let message = match link.image {
        true => format!("there is no image `{path}`"),
        false => format!("the link leads to `{path}`, and nothing is there"),
    };
    let finding = Finding::at(link.span, message);
    let own = place.below_top(&record.path);
    let address = |to: &str| {
        let path_there = if path.starts_with('/') { format!("/{to}") } else { leading_to(&own, to) };
        format!("{}{}", percent_encoded(&path_there), &link.target[path.len()..])
    };
    let meant = meant(place, to);
    match &meant[..] {
        [only] => with_address(finding, link, &address(only)),
        [_, .., _] if meant.len() <= 4 => {
            let each: Vec<String> = meant.iter().map(|to| format!("`{}`", address(to))).collect();
            finding.help(format!("write {}", each.join(" or ")))
        }
        _ => match neighbour(place, to) {
            Some(near) => finding.help(format!("did you mean `{}`?", address(&near))),
            None => finding.help(format!(
                "write where it lies now: `../a.md` counts from the folder of this file, `/docs/a.md` from the top; or keep `{path}` as plain text"
            )),
        },
    }
}

/// Adds that `address` is to be written, and writes it where it has bytes of its own.
fn with_address(finding: Finding, link: &FileLink, address: &str) -> Finding {
    let title = format!("write `{address}`");
    let finding = finding.help(title.clone());
    if link.exact { finding.likely_fix(title, vec![(link.span, address.to_owned())]) } else { finding }
}

/// Returns the files that may be meant by `to`, where nothing is: the record of that number, the same name with its ending,
/// or a file of the same name elsewhere.
fn meant(place: &Place<'_>, to: &str) -> Vec<String> {
    let Place { workspace, around, .. } = place;
    if let Some(below) = to.strip_prefix(around.prefix)
        && let Some((kind, Some(number))) = workspace.config.kinds.first_claim(below)
        && let Some(first) = workspace.records.first()
        && let Some(record) = workspace.resolve(first, &Target::Id(RecordId { kind, number }))
    {
        return vec![place.below_top(&record.path)];
    }
    let page = format!("{to}.md");
    if place.find(&page) == Found::File {
        return vec![page];
    }
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let wanted = name(to);
    let same = place.inputs.paths.iter().filter(|path| name(path) == wanted);
    same.map(|path| place.below_top(path)).collect()
}

/// Returns the file in the folder of `to` whose name is most like it.
fn neighbour(place: &Place<'_>, to: &str) -> Option<String> {
    let (folder, name) = to.rsplit_once('/').unwrap_or(("", to));
    let below = format!("{folder}/");
    let below = below.trim_start_matches('/').strip_prefix(place.around.prefix)?;
    let names = place.inputs.paths.iter().filter_map(|path| path.strip_prefix(below));
    let near = nearest(name, names.filter(|name| !name.contains('/')))?;
    Some(place.below_top(&format!("{below}{near}")))
}
