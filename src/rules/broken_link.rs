//! A link in the text to a file or a heading that is not there.

use std::cell::Cell;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::collections::HashMap;
use std::collections::HashSet;

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
use crate::record::read_id;
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
    let Some(around) =
        inputs.around.filter(|_| workspace.records.iter().any(|record| !record.links.is_empty()))
    else {
        return;
    };
    let paths = inputs.paths.iter().map(String::as_str).collect();
    let place = Place { workspace, inputs, around, paths, names: OnceCell::new(), neighbours: Cell::new(0) };
    let mut found: HashMap<String, Found> = HashMap::new();
    let mut doubtful: Vec<Doubtful<'_>> = Vec::new();
    let mut to = String::new();
    for record in &workspace.records {
        for link in &record.links {
            let (path, heading) = parts(&link.target);
            if path.is_empty() {
                to = place.below_top(&record.path);
            } else if !led_to(around.prefix, &record.path, &percent_decoded(path), &mut to) {
                // What climbs above the top is a page of the forge.
                continue;
            }
            let listed = place.listed(&to).is_some();
            if heading.is_none() && listed {
                continue;
            }
            let lies = match found.get(&to) {
                _ if listed => Found::File,
                Some(lies) => *lies,
                None => *found.entry(to.clone()).or_insert_with_key(|to| (around.find)(to)),
            };
            match (lies, heading) {
                (Found::Nothing, _) => {
                    doubtful.push(Doubtful { record, link, to: to.clone(), heading: None });
                }
                (Found::File, Some(heading)) if is_read(&to, heading) => {
                    doubtful.push(Doubtful { record, link, to: to.clone(), heading: Some(heading) });
                }
                _ => {}
            }
        }
    }
    // Texts are let go early: the few pages whose headings are asked for are read again, each once.
    let pages: BTreeSet<&String> =
        doubtful.iter().filter(|link| link.heading.is_some()).map(|link| &link.to).collect();
    let pages: BTreeMap<&String, Option<BTreeMap<String, usize>>> =
        pages.into_iter().map(|path| (path, place.headings(path))).collect();
    for doubt in &doubtful {
        let there = doubt.heading.and_then(|heading| Some((heading, pages.get(&doubt.to)?.as_ref()?)));
        let finding: &dyn Fn() -> Finding = match (doubt.heading, there) {
            (None, _) => &|| missing_file(&place, doubt),
            (_, Some((heading, there))) if !answers(there, heading) => {
                &|| missing_heading(doubt, heading, there)
            }
            _ => continue,
        };
        sink.push_about_with(doubt.record, finding);
    }
}

/// For so many missing files a name that is like theirs is looked for; one that is missing ten thousand times is another
/// sort of trouble.
const MOST_NEIGHBOURS: usize = 100;

struct Place<'a> {
    workspace: &'a Workspace<'a>,
    inputs: Inputs<'a>,
    around: Around<'a>,
    paths: HashSet<&'a str>,
    /// The listed files by name in small letters, once one is asked for.
    names: OnceCell<HashMap<String, Vec<&'a str>>>,
    /// For how many missing files a name like theirs has been looked for.
    neighbours: Cell<usize>,
}

impl<'a> Place<'a> {
    fn below_top(&self, path: &str) -> String {
        format!("{}{path}", self.around.prefix)
    }

    /// Returns `path`, from the top, as the file of the tree that it is.
    fn listed<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix(self.around.prefix).filter(|path| self.paths.contains(path))
    }

    /// Returns the listed files called `name`, in small letters.
    fn called(&self, name: &str) -> &[&'a str] {
        let names = self.names.get_or_init(|| {
            let mut names: HashMap<String, Vec<&str>> = HashMap::new();
            for path in self.inputs.paths {
                names.entry(name_of(path).to_lowercase()).or_default().push(path);
            }
            names
        });
        names.get(name).map_or(&[], Vec::as_slice)
    }

    fn find(&self, path: &str) -> Found {
        if self.listed(path).is_some() { Found::File } else { (self.around.find)(path) }
    }

    /// Returns the anchors of the page at `path`; `None` where it cannot be read.
    fn headings(&self, path: &str) -> Option<BTreeMap<String, usize>> {
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
fn answers(there: &BTreeMap<String, usize>, heading: &str) -> bool {
    let wanted = anchor(&percent_decoded(heading));
    let bare = ["user-content-", "markdown-header-"].iter().find_map(|before| wanted.strip_prefix(before));
    let joined = |name: &str| name.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    let is =
        |wanted: &str| there.contains_key(wanted) || there.keys().any(|name| joined(name) == joined(wanted));
    is(&wanted) || bare.is_some_and(is)
}

fn missing_heading(doubt: &Doubtful<'_>, heading: &str, there: &BTreeMap<String, usize>) -> Finding {
    let (path, _) = parts(&doubt.link.target);
    let message = match path {
        "" => format!("no heading of this page answers to `#{heading}`"),
        path => format!("no heading of `{path}` answers to `#{heading}`"),
    };
    let wanted = anchor(&percent_decoded(heading));
    match nearest(&wanted, there.keys().map(String::as_str)) {
        Some(near) => {
            let before = &doubt.link.target[..doubt.link.target.len() - heading.len()];
            with_address(Finding::at(doubt.link.span, message), doubt.link, &format!("{before}{near}"))
        }
        None => {
            // As they stand in the page.
            let mut names: Vec<(&String, &usize)> = there.iter().collect();
            names.sort_by_key(|(_, place)| **place);
            let names: Vec<String> = names.iter().take(6).map(|(name, _)| format!("`#{name}`")).collect();
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
    let kinds = &workspace.config.kinds;
    let below = to.strip_prefix(around.prefix).unwrap_or(to);
    let stem = name_of(to).rsplit_once('.').map_or(name_of(to), |(stem, _)| stem);
    let claimed =
        || kinds.first_claim(below).and_then(|(kind, number)| Some(RecordId { kind, number: number? }));
    if let (Some(id), Some(first)) = (read_id(stem, kinds, None).or_else(claimed), workspace.records.first())
        && let Some(record) = workspace.resolve(first, &Target::Id(id))
    {
        return vec![place.below_top(&record.path)];
    }
    let page = format!("{to}.md");
    if place.find(&page) == Found::File {
        return vec![page];
    }
    place.called(&name_of(to).to_lowercase()).iter().map(|path| place.below_top(path)).collect()
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// Returns the file in the folder of `to` whose name is most like it.
fn neighbour(place: &Place<'_>, to: &str) -> Option<String> {
    place.neighbours.set(place.neighbours.get() + 1);
    if place.neighbours.get() > MOST_NEIGHBOURS {
        return None;
    }
    let (folder, name) = to.rsplit_once('/').unwrap_or(("", to));
    let below = format!("{folder}/");
    let below = below.trim_start_matches('/').strip_prefix(place.around.prefix)?;
    let names = place.inputs.paths.iter().filter_map(|path| path.strip_prefix(below));
    let near = nearest(name, names.filter(|name| !name.contains('/')))?;
    Some(place.below_top(&format!("{below}{near}")))
}
