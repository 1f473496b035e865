//! File names that some machines cannot have, or cannot tell apart.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

use super::Check;
use super::Rule;
use crate::diagnostic::Level;
use crate::record::Record;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::folded;
use crate::text::for_shell;
use crate::text::slug;
use crate::workspace::Workspace;

pub(super) const RULE: Rule = Rule {
    id: "name-collision",
    level: Level::Deny,
    page: include_str!("../../docs/rules/name-collision.md"),
    fixes: false,
    check: Check::Workspace(check),
};

/// The names met so far, by how machines compare them that know no difference.
struct Names<'a> {
    workspace: &'a Workspace<'a>,
    files: HashMap<Cow<'a, str>, &'a str>,
    folders: HashMap<Cow<'a, str>, &'a str>,
    /// The names proposed so far, so that no two files are to have one.
    proposed: RefCell<HashSet<String>>,
}

fn check(workspace: &Workspace<'_>, sink: &mut Sink<'_>) {
    let files = HashMap::with_capacity(workspace.records.len());
    let mut names = Names { workspace, files, folders: HashMap::new(), proposed: RefCell::default() };
    let mut last = "";
    for record in &workspace.records {
        let path = record.path.as_str();
        let folder = around(path);
        if folder != last {
            last = folder;
            for (at, _) in folder.match_indices('/').chain([(folder.len(), "")]) {
                let outer = &folder[..at];
                match names.folders.insert(folded(outer), outer) {
                    // Where the folders around them differ, those have been told.
                    Some(before) if before != outer && around(before) == around(outer) => {
                        tell_folder(workspace, record, before, outer, sink);
                    }
                    None => tell_name(&names, record, outer, sink),
                    Some(_) => {}
                }
            }
        }
        if !is_plain(&path[folder.len()..]) {
            tell_name(&names, record, path, sink);
        }
        let before = names.files.insert(folded(path), path);
        if let Some(before) = before.filter(|before| around(before) == folder) {
            let name = path[folder.len()..].trim_start_matches('/');
            let new = free(&names, path, &renamed(name, Some(record), workspace));
            let message = format!("`{before}` and `{path}` are {}", one_where(before, path));
            let finding = Finding::whole(message).help(format!("rename one: `{}`", git_mv(path, &new)));
            sink.push_about(record, finding.related(before, None, "the other one"));
        }
    }
}

/// Returns the folder that the file or folder at `path` lies in.
fn around(path: &str) -> &str {
    path.rfind('/').map_or("", |slash| &path[..slash])
}

/// Says for which machines two paths that are folded alike are one.
fn one_where(a: &str, b: &str) -> &'static str {
    if a.nfc().eq(b.nfc()) {
        "one name on macOS: they differ in how the same letters are put together"
    } else {
        "one name on Windows and macOS"
    }
}

fn tell_folder(workspace: &Workspace<'_>, record: &Record, before: &str, folder: &str, sink: &mut Sink<'_>) {
    // Records come in order of path, and `0` follows `/`.
    let below = |folder: &str| {
        let first = |end: &str| {
            let bound = format!("{folder}{end}");
            workspace.records.partition_point(|record| record.path < bound)
        };
        first("/")..first("0")
    };
    // The one with fewer records moves.
    let (from, to) =
        if below(folder).len() > below(before).len() { (before, folder) } else { (folder, before) };
    let message = format!("the folders `{before}` and `{folder}` are {}", one_where(before, folder));
    let other = workspace.records.get(below(before).start);
    let mut finding = Finding::whole(message).help(format!(
        "move what is in one into the other: `git mv {}/* {}/`",
        for_shell(from),
        for_shell(to)
    ));
    if let Some(other) = other {
        finding = finding.related(&other.path, None, "in the other one");
    }
    sink.push_about(record, finding);
}

/// Tells of the last part of `path`, a file's or a folder's, where Windows cannot have such a name.
fn tell_name(names: &Names<'_>, record: &Record, path: &str, sink: &mut Sink<'_>) {
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some(why) = why_not(name) else { return };
    let own = (record.path == path).then_some(record);
    let new = free(names, path, &renamed(name, own, names.workspace));
    let what = if own.is_some() { "file" } else { "folder" };
    let message = format!("no {what} can be called `{name}` on Windows: {why}");
    sink.push_about(record, Finding::whole(message).help(format!("rename it: `{}`", git_mv(path, &new))));
}

/// Says at a glance that nothing can be wrong with the name of a file.
fn is_plain(name: &str) -> bool {
    let odd =
        |byte: u8| byte < b' ' || matches!(byte, b'<' | b'>' | b':' | b'"' | b'|' | b'?' | b'*' | b'\\');
    let stem = name.trim_start_matches('/').find(['.', ' ']).unwrap_or(name.len());
    // Names of devices have three or four letters, the last of two bytes in `COM¹`.
    stem > 5 && !name.ends_with(['.', ' ']) && !name.bytes().any(odd)
}

/// Says what keeps Windows from having a file or folder called `name`; `None` where nothing does.
fn why_not(name: &str) -> Option<String> {
    let odd = |c: &char| c.is_control() || matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\\');
    if let Some(c) = name.chars().find(odd) {
        return Some(match c {
            c if c.is_control() => "it holds a control character".to_owned(),
            c => format!("it holds `{c}`"),
        });
    }
    if name.ends_with(['.', ' ']) {
        return Some("it ends in a dot or a space".to_owned());
    }
    let stem = name.split('.').next().unwrap_or_default().trim_end_matches(' ');
    let numbered =
        stem.get(..3).is_some_and(|start| ["com", "lpt"].iter().any(|it| start.eq_ignore_ascii_case(it)));
    let device = ["con", "prn", "aux", "nul"].iter().any(|known| stem.eq_ignore_ascii_case(known));
    let device = device
        || (numbered
            && matches!(&stem[3..], "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"));
    device.then(|| format!("`{stem}` is a device there"))
}

/// Returns a name like `name` that every machine can have. Of a device's name too little is left: a record's title says more.
fn renamed(name: &str, record: Option<&Record>, workspace: &Workspace<'_>) -> String {
    let fits = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' };
    let (stem, end) = name.rfind('.').filter(|dot| *dot > 0).map_or((name, ""), |dot| name.split_at(dot));
    let mut plain: String = stem.nfc().map(fits).collect();
    while plain.contains("--") {
        plain = plain.replace("--", "-");
    }
    let plain = plain.trim_matches(['-', '.']);
    let end: String = end.chars().map(fits).collect();
    let end = end.trim_end_matches(['.', '-']);
    if !plain.is_empty() && why_not(plain).is_none() {
        return format!("{plain}{end}");
    }
    let title = record.and_then(|record| record.text(workspace.config.kinds.at(record.kind), "title"));
    format!("{}{end}", title.map_or_else(|| format!("{plain}-1"), slug))
}

/// Returns the path of a file or folder called `name` beside `path` that is not taken, however names are compared.
fn free(names: &Names<'_>, path: &str, name: &str) -> String {
    let folder = path.rfind('/').map_or("", |slash| &path[..=slash]);
    let (stem, end) = name.rfind('.').map_or((name, ""), |dot| name.split_at(dot));
    let numbered = |number: usize| match number {
        1 => format!("{folder}{name}"),
        number => format!("{folder}{stem}-{number}{end}"),
    };
    let taken = |path: &String| {
        let known = folded(path);
        let met = names.files.contains_key(&known) || names.folders.contains_key(&known);
        met || names.workspace.at(path).is_some() || names.proposed.borrow().contains(&*known)
    };
    let free = (1..100).map(numbered).find(|path| !taken(path)).unwrap_or_else(|| numbered(100));
    names.proposed.borrow_mut().insert(folded(&free).into_owned());
    free
}

fn git_mv(from: &str, to: &str) -> String {
    format!("git mv {} {}", for_shell(from), for_shell(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_windows_cannot_have_are_told() {
        for name in [
            "con.md",
            "AUX",
            "com1.tar.md",
            "nul .md",
            "a:b.md",
            "a\\b.md",
            "a?.md",
            "a.",
            "a ",
            "x\u{1}y",
            "COM¹.md",
            "lpt³",
        ] {
            assert!(why_not(name).is_some() && !is_plain(name), "{name:?}");
        }
        for name in
            ["console.md", "com10.md", "com⁴.md", "com.md", "a b.md", "R-0001-x.md", "überblick.md", ".con-x"]
        {
            assert!(why_not(name).is_none(), "{name:?}");
        }
    }

    #[test]
    fn paths_are_compared_as_other_machines_do() {
        for (a, b) in [("docs/Über.md", "docs/u\u{308}ber.md"), ("A/b.md", "a/B.md"), ("é", "E\u{301}")] {
            assert_eq!(folded(a), folded(b));
        }
        assert_ne!(folded("a-b.md"), folded("a_b.md"));
    }

    #[test]
    fn a_path_is_one_word_for_a_shell() {
        for (path, word) in [
            ("docs/raid/R-0001-x.md", "docs/raid/R-0001-x.md"),
            ("a b.md", "'a b.md'"),
            ("it's.md", "'it'\\''s.md'"),
            ("-x.md", "'./-x.md'"),
            ("a\tb", "$'a\\u0009b'"),
        ] {
            assert_eq!(for_shell(path), word);
        }
    }
}
