//! `CODEOWNERS`, the file in which forges look up who must agree to a change of a path.
//!
//! Of the lines that match a path the last one counts. Read as GitHub reads it; by GitLab's grammar where the file has sections or lies in
//! GitLab's own place: the last line of each section counts, `!` takes a path out of its section, a relative pattern holds at any depth and
//! a folder ends in `/`. What a forge would pass over is passed over here, so that the line found is the one in force.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::OnceLock;

use ignore::Match;
use ignore::gitignore::Gitignore;
use ignore::gitignore::GitignoreBuilder;
use ignore::gitignore::Glob;

use crate::text::acts;

/// Where forges look, and which file counts where there are several: the order of GitHub, and last the place that GitLab alone knows.
pub const FILES: [&str; 4] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// A `CODEOWNERS` file.
#[derive(Debug, Clone, Default)]
pub struct CodeOwners {
    /// A file of GitHub has one. Sections of one name are one section.
    sections: Vec<Section>,
    grammar: Grammar,
    /// The name of the section that a line at the end would belong to.
    last: String,
    /// Every owner, as often as written.
    named: Vec<String>,
}

/// The line that is in force for a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covering<'a> {
    /// The number of the line, from 1.
    pub line: usize,
    /// The pattern as written.
    pub pattern: &'a str,
    /// The owners as written, or those of the section's heading; empty where the line takes a path from everybody.
    pub owners: Vec<&'a str>,
}

/// Whose file it is: the two agree on little more than the last line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Grammar {
    #[default]
    GitHub,
    GitLab,
}

/// The section of GitLab that the lines of `pmkit owners` go to where a file has sections.
pub const SECTION: &str = "pmkit";

#[derive(Debug, Clone, Default)]
struct Section {
    /// Whether nobody of it must agree.
    optional: bool,
    lines: Vec<Line>,
    /// Made when the first path is asked for: most who read the file only want to know whom it names.
    matchers: OnceLock<Vec<Matcher>>,
    /// Of the lines that take out.
    excluding: OnceLock<Vec<Matcher>>,
}

#[derive(Debug, Clone)]
struct Line {
    number: usize,
    pattern: String,
    /// Whether it takes paths out of its section.
    excludes: bool,
    /// Shared by all that inherit them.
    owners: Arc<[String]>,
}

/// Some lines of a section, ready to match.
#[derive(Debug, Clone)]
struct Matcher {
    /// All of them, for a path itself.
    files: Gitignore,
    /// Those that cover whatever lies below a folder, for the folders above a path.
    folders: Gitignore,
}

impl CodeOwners {
    /// Reads the file, by GitLab's grammar where it has sections. A line that GitHub cannot read covers nothing: a pattern with `!` before it,
    /// an owner without `@`.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let plain = |line: &&str| !line.is_empty() && !line.starts_with('#');
        let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(plain);
        let sections = lines.any(|line| heading(line).is_some());
        Self::read_by(if sections { Grammar::GitLab } else { Grammar::GitHub }, text)
    }

    /// Reads the file at `path`: in GitLab's own place by its grammar, whether there are sections or not.
    #[must_use]
    pub fn read_at(path: &str, text: &str) -> Self {
        if path.starts_with(".gitlab/") { Self::read_by(Grammar::GitLab, text) } else { Self::read(text) }
    }

    fn read_by(grammar: Grammar, text: &str) -> Self {
        let mut read = Self { grammar, ..Self::default() };
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let mut section = String::new();
        let mut inherited: Arc<[String]> = Arc::new([]);
        for (at, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some((name, owners)) = heading(line) {
                section = name.to_lowercase();
                let place = read.place_of(&section, &mut places);
                read.sections[place].optional |= line.starts_with('^');
                inherited = words(owners).into();
                read.named.extend(inherited.iter().cloned());
                continue;
            }
            let (pattern, rest) = split(line);
            let mut written = words(rest);
            read.named.extend(written.iter().cloned());
            let excludes = pattern.starts_with('!');
            let names = |owner: &String| owner.contains('@');
            if grammar == Grammar::GitHub && (excludes || !written.iter().all(names)) {
                continue;
            }
            let pattern = pattern.strip_prefix('!').unwrap_or(pattern).to_owned();
            let owners = if written.is_empty() {
                Arc::clone(&inherited)
            } else {
                written.retain(names);
                written.into()
            };
            let place = read.place_of(&section, &mut places);
            read.sections[place].lines.push(Line { number: at + 1, pattern, excludes, owners });
        }
        read.last = section;
        read
    }

    /// Returns the place of the section of that name, which is made where there is none.
    fn place_of(&mut self, name: &str, places: &mut BTreeMap<String, usize>) -> usize {
        let place = *places.entry(name.to_owned()).or_insert(self.sections.len());
        if place == self.sections.len() {
            self.sections.push(Section::default());
        }
        place
    }

    /// Says whether lines at the end need a section of their own: where they would fall into one of the team's, take effect on its
    /// lines, and count for nothing if it is optional; or where a path that was taken out cannot come back.
    #[must_use]
    pub fn needs_section(&self) -> bool {
        let taken_out = || self.sections.iter().any(|section| section.lines.iter().any(|line| line.excludes));
        self.grammar == Grammar::GitLab
            && self.last != SECTION
            && (!self.last.is_empty() || self.sections.len() > 1 || taken_out())
    }

    /// Says whether the file is one of GitLab's.
    #[must_use]
    pub fn is_of_gitlab(&self) -> bool {
        self.grammar == Grammar::GitLab
    }

    /// Returns every owner that is named anywhere, as written and as often.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        self.named.iter().map(String::as_str)
    }

    /// Returns the line in force for the file at `path`, from the repository's top and with `/`. Where several sections cover it, it is
    /// the line of the last one, with the owners of all.
    #[must_use]
    pub fn covering(&self, path: &str) -> Option<Covering<'_>> {
        let mut each = self.by_section(path);
        let mut last = each.pop()?;
        let mut seen = BTreeSet::new();
        let all = each.iter().flat_map(|covering| &covering.owners).chain(&last.owners).copied();
        last.owners = all.filter(|owner| seen.insert(*owner)).collect();
        Some(last)
    }

    /// Returns the line in force for the file at `path` in each section that covers it and is not optional, in the order of the sections.
    #[must_use]
    pub fn by_section(&self, path: &str) -> Vec<Covering<'_>> {
        let required = self.sections.iter().filter(|section| !section.optional);
        required.filter_map(|section| section.covering(path, self.grammar)).collect()
    }
}

impl Section {
    fn covering(&self, path: &str, grammar: Grammar) -> Option<Covering<'_>> {
        let only = |excludes: bool| {
            let wanted = self.lines.iter().enumerate().filter(|(_, line)| line.excludes == excludes);
            let wanted: Vec<(usize, &Line)> = wanted.collect();
            matchers(&wanted, grammar)
        };
        let path = Path::new(path);
        // What is taken out of a section cannot come back in it.
        if self.excluding.get_or_init(|| only(true)).iter().any(|matcher| matcher.last(path).is_some()) {
            return None;
        }
        let matchers = self.matchers.get_or_init(|| only(false));
        let line = &self.lines[matchers.iter().rev().find_map(|matcher| matcher.last(path))?];
        let owners = line.owners.iter().map(String::as_str).collect();
        Some(Covering { line: line.number, pattern: &line.pattern, owners })
    }
}

impl Matcher {
    /// Returns the last line that covers `path`, whether it names the file or a folder above it.
    fn last(&self, path: &Path) -> Option<usize> {
        let above = path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
        let above = above.filter_map(|folder| place(&self.folders.matched(folder, true)));
        above.chain(place(&self.files.matched(path, false))).max()
    }
}

/// Returns which line was matched: a glob remembers where it is from, and is told its line for that.
fn place(found: &Match<&Glob>) -> Option<usize> {
    match found {
        Match::Ignore(glob) => glob.from()?.to_str()?.parse().ok(),
        Match::None | Match::Whitelist(_) => None,
    }
}

/// Returns matchers for `lines`, each with its place; more than one where together they are too much for one.
fn matchers(lines: &[(usize, &Line)], grammar: Grammar) -> Vec<Matcher> {
    let mut files = GitignoreBuilder::new("");
    let mut folders = GitignoreBuilder::new("");
    for (at, line) in lines {
        let from = || Some(Path::new(&at.to_string()).to_owned());
        let glob = match grammar {
            Grammar::GitHub => literal(&line.pattern, "[]{}"),
            Grammar::GitLab => of_gitlab(&line.pattern),
        };
        // What is no pattern covers nothing, as with forges.
        let good = files.add_line(from(), &glob).is_ok();
        // `docs/*` is what lies right in the folder, and not what lies deeper.
        if grammar == Grammar::GitHub && good && glob != "*" && !glob.ends_with("/*") {
            let _ = folders.add_line(from(), &glob);
        }
    }
    match (files.build(), folders.build()) {
        (Ok(files), Ok(folders)) => vec![Matcher { files, folders }],
        _ if lines.len() < 2 => Vec::new(),
        _ => {
            let (before, after) = lines.split_at(lines.len() / 2);
            let mut all = matchers(before, grammar);
            all.extend(matchers(after, grammar));
            all
        }
    }
}

/// Returns a pattern of GitLab as `.gitignore` writes what it means, for files alone.
fn of_gitlab(pattern: &str) -> String {
    let below = if pattern.ends_with('/') { "**" } else { "" };
    let depth = if pattern.starts_with('/') { "" } else { "**/" };
    format!("{depth}{}{below}", literal(pattern, "{}"))
}

/// Returns `pattern` with those of `signs` escaped that mean something to `.gitignore` alone: to GitHub `[a]` and `{a,b}` stand for themselves.
fn literal(pattern: &str, signs: &str) -> String {
    let mut glob = String::with_capacity(pattern.len());
    let mut escaped = false;
    for c in pattern.chars() {
        if !escaped && signs.contains(c) {
            glob.push('\\');
        }
        escaped = c == '\\' && !escaped;
        glob.push(c);
    }
    glob
}

/// Returns name and owners of a section's heading: `[Name]`, `^[Name]` where nobody must agree, `[Name][2]` where two must.
fn heading(line: &str) -> Option<(&str, &str)> {
    let (name, mut rest) = line.strip_prefix('^').unwrap_or(line).strip_prefix('[')?.split_once(']')?;
    if let Some((count, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'))
        && count.chars().all(|c| c.is_ascii_digit())
    {
        rest = after;
    }
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then_some((name.trim(), rest))
}

/// Returns the pattern that matches the file at `path`, from the repository's top, and no other; `None` where a line cannot hold it.
#[must_use]
pub fn pattern_of(path: &str) -> Option<String> {
    let mut pattern = String::from("/");
    for c in path.chars() {
        if acts(c) || (c.is_whitespace() && c != ' ') {
            return None;
        }
        if matches!(c, ' ' | '*' | '?' | '[' | ']' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    Some(pattern)
}

/// Says whether `name` is one that forges look up: `@handle`, `@group/team`, or an address.
#[must_use]
pub fn is_owner(name: &str) -> bool {
    let plain = |part: &str, signs: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || signs.contains(c))
    };
    match name.split_once('@') {
        Some(("", handle)) => handle.split('/').all(|part| plain(part, "-_.")),
        Some((user, host)) => plain(user, ".-_+") && plain(host, ".-") && host.contains('.'),
        None => false,
    }
}

/// Splits a line behind its pattern, in which spaces are escaped.
fn split(line: &str) -> (&str, &str) {
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        if c.is_whitespace() && !escaped {
            return line.split_at(at);
        }
        escaped = c == '\\' && !escaped;
    }
    (line, "")
}

/// Returns the words of `text` up to a comment.
fn words(text: &str) -> Vec<String> {
    text.split_whitespace().take_while(|word| !word.starts_with('#')).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Says which line covers `path`, as `number owners`.
    fn covering(text: &str, path: &str) -> String {
        let read = CodeOwners::read(text);
        let shown = |it: Covering<'_>| format!("{} {}", it.line, it.owners.join(" "));
        read.covering(path).map_or_else(|| "none".to_owned(), shown)
    }

    #[test]
    fn the_last_line_that_matches_counts() {
        let text = "# all\n*       @all\n*.md    @writers # who write\n/docs/  @docs\n/docs/raid/R-*.md ana@acme.example @lee\n/docs/raid/R-0009-x.md\n";
        for (path, expected) in [
            ("src/main.rs", "2 @all"),
            ("README.md", "3 @writers"),
            // A folder's line beats an earlier one that names the file itself.
            ("docs/a.md", "4 @docs"),
            ("docs/deep/er/a.md", "4 @docs"),
            ("other/docs/a.md", "3 @writers"),
            ("docs/raid/R-0001-x.md", "5 ana@acme.example @lee"),
            ("docs/raid/R-0009-x.md", "6 "),
        ] {
            assert_eq!(covering(text, path), expected, "{path}");
        }
        assert_eq!(covering("/src/ @all\n", "docs/a.md"), "none");
        assert_eq!(covering("", "docs/a.md"), "none");
    }

    #[test]
    fn patterns_mean_what_forges_take_them_for() {
        for (pattern, path, matches) in [
            ("*", "a/b/c.md", true),
            ("/*", "a.md", true),
            ("/*", "a/b.md", false),
            ("docs/*", "docs/a.md", true),
            ("docs/*", "docs/raid/a.md", false),
            ("docs/**", "docs/raid/a.md", true),
            ("docs", "docs/raid/a.md", true),
            ("docs", "x/docs/a.md", true),
            ("/docs", "x/docs/a.md", false),
            ("docs/", "docs", false),
            ("docs/", "x/docs/a.md", true),
            ("docs/raid", "x/docs/raid/a.md", false),
            ("**/raid", "docs/raid/a.md", true),
            ("docs/**/a.md", "docs/x/y/a.md", true),
            ("docs/**/a.md", "docs/a.md", true),
            ("**", "a/b", true),
            ("R-?.md", "x/R-1.md", true),
            ("*.md", "a/b.MD", false),
            ("a\\ b.md", "a b.md", true),
            ("docs/a\\ \\ b/", "docs/a  b/c.md", true),
            ("\\#1.md", "#1.md", true),
            ("a#b.md", "a#b.md", true),
            ("app/[id]/x.ts", "app/[id]/x.ts", true),
            ("app/[id]/x.ts", "app/i/x.ts", false),
            ("[id]/x.ts", "[id]/x.ts", true),
            ("{a,b}.md", "a.md", false),
            ("{a,b}.md", "{a,b}.md", true),
            ("\\[a\\].md", "[a].md", true),
            ("/docs/ärger.md", "docs/ärger.md", true),
            ("!docs/", "docs/a.md", false),
            ("a\\", "a", false),
            ("/", "a", false),
        ] {
            let found = covering(&format!("{pattern} @o\n"), path) != "none";
            assert_eq!(found, matches, "{pattern} {path}");
        }
    }

    proptest! {
        #[test]
        fn a_pattern_made_for_a_path_matches_it_alone(path in "[a-c #*?!\\[\\]{},\\\\.@äß-]{1,6}(/[a-c #*?\\\\ä-]{1,4}){0,2}", other in "[a-c]{1,4}") {
            prop_assume!(path.split('/').all(|part| part != "." && part != ".."));
            let text = format!("* @all\n{} @o\n", pattern_of(&path).expect("a path that can be written"));
            prop_assert_eq!(covering(&text, &path), "2 @o");
            prop_assume!(other != path && !other.starts_with(&format!("{path}/")));
            prop_assert_eq!(covering(&text, &other), "1 @all");
        }
    }

    #[test]
    fn what_no_line_can_hold_is_told() {
        for path in ["a\nb", "a\tb", "a\u{1b}b", "a\u{202e}b", "a\u{2028}b", "a\u{a0}b"] {
            assert_eq!(pattern_of(path), None, "{path:?}");
        }
        for name in ["@ana", "@ana-d_x", "@acme/pay", "ana@acme.example", "a.d+x@acme.example"] {
            assert!(is_owner(name), "{name}");
        }
        for name in ["", "@", "ana", "@@owner", "@a b", "@a/", "ana@", "ana@host", "@a#b", "a@b@c.d", "@a\n"]
        {
            assert!(!is_owner(name), "{name:?}");
        }
    }

    #[test]
    fn odd_lines_cover_nothing_and_harm_nothing() {
        let text =
            "\u{feff}* @all\r\n\r\n   # note\r\n!* @no\r\n*.md lee\r\n\t*.rs\t@rust\t#x\r\n*.toml#x @cfg\r\n";
        assert_eq!(covering(text, "a.md"), "1 @all");
        assert_eq!(covering(text, "a.rs"), "6 @rust");
        assert_eq!(covering(text, "a.toml"), "1 @all");
        assert_eq!(CodeOwners::read(text).covering("a.rs").expect("a line covers it").pattern, "*.rs");
        let long = format!("{} @a\n* @b\n", "*?".repeat(20_000));
        assert_eq!(covering(&long, "a.md"), "2 @b");
        for text in
            ["[", "^[", "[]", "[a", "[a][", "[a][x", "\\", "\\ ", "#", "@", "/ @a", "// @a", "\u{0} @a"]
        {
            let _ = CodeOwners::read(text).covering("a/b.md");
        }
    }

    #[test]
    fn sections_count_each_for_itself() {
        let text = "* @all\n[Docs][2] @docs-team\n/docs/\n*.md @writers\n\n^[Raid] @raid @ana\n/docs/raid/\n[DOCS]\n/docs/raid/R-1.md @docs\n";
        let read = CodeOwners::read(text);
        let lines =
            |path: &str| read.by_section(path).iter().map(|covering| covering.line).collect::<Vec<_>>();
        assert_eq!(lines("src/a.rs"), [1]);
        assert_eq!(lines("docs/a.txt"), [1, 3]);
        // The last section requires nobody.
        assert_eq!(lines("docs/raid/R-1.md"), [1, 9]);
        assert_eq!(covering(text, "docs/a.txt"), "3 @all @docs-team");
        assert_eq!(covering(text, "docs/raid/R-1.md"), "9 @all @docs");
        let named: Vec<&str> = read.named().collect();
        assert_eq!(named, ["@all", "@docs-team", "@writers", "@raid", "@ana", "@docs"]);
    }

    #[test]
    fn gitlab_s_patterns_are_its_own() {
        for (pattern, path, matches) in [
            ("*", "a/b.md", true),
            ("docs", "docs/a.md", false),
            ("docs/", "docs/raid/a.md", true),
            ("docs/", "x/docs/a.md", true),
            ("/docs/", "x/docs/a.md", false),
            ("/docs/", "docs/x/a.md", true),
            ("raid/a.md", "docs/raid/a.md", true),
            ("/raid/a.md", "docs/raid/a.md", false),
            ("docs/*", "docs/a.md", true),
            ("docs/*", "docs/raid/a.md", false),
            ("*.md", "docs/raid/a.md", true),
            ("/docs/**/a.md", "docs/a.md", true),
            ("{a,b}.md", "a.md", false),
            ("/docs/\\[a\\].md", "docs/[a].md", true),
            ("a\\ b.md", "docs/a b.md", true),
        ] {
            let text = format!("{pattern} @o\n");
            for read in
                [CodeOwners::read_at(".gitlab/CODEOWNERS", &text), CodeOwners::read(&format!("[x]\n{text}"))]
            {
                assert_eq!(read.covering(path).is_some(), matches, "{pattern} {path}");
            }
        }
        // What is taken out stays out of its section, and only of that.
        let text = "* @all\n[Docs] @docs\n*.md\n!/docs/raid/ \n/docs/raid/ @raid lee\n";
        assert_eq!(covering(text, "docs/raid/a.md"), "1 @all");
        assert_eq!(covering(text, "docs/a.md"), "3 @all @docs");
        assert_eq!(covering("[x]\n*.md @raid lee\n", "a.md"), "2 @raid");
        for (text, needs) in
            [("* @a\n", false), ("[x]\n", true), ("[x]\n[Pmkit]\n", false), ("^[x]\n* @a\n", true)]
        {
            assert_eq!(CodeOwners::read(text).needs_section(), needs, "{text}");
        }
        assert!(!CodeOwners::read_at(".gitlab/CODEOWNERS", "* @a\n").needs_section());
        assert!(CodeOwners::read_at(".gitlab/CODEOWNERS", "* @a\n!docs/\n").needs_section());
    }

    #[test]
    fn thousands_of_lines_are_no_trouble() {
        let mut text = String::from("* @all\n");
        for number in 0..9_000 {
            match number % 3 {
                0 => text.push_str(&format!("/docs/raid/R-{number:04}-x.md @o{number}\n")),
                1 => text.push_str(&format!("/docs/*/R-{number:04}-*.md @o{number}\n")),
                _ => text.push_str(&format!("x{number}/**/*.md @o{number}\n")),
            }
        }
        let read = CodeOwners::read(&text);
        for number in (0..9_000).step_by(499) {
            let path = match number % 3 {
                2 => format!("x{number}/a/b.md"),
                _ => format!("docs/raid/R-{number:04}-x.md"),
            };
            let covering = read.covering(&path).expect("a line covers it");
            assert_eq!(
                (covering.line, covering.owners),
                (number + 2, vec![&*format!("@o{number}")]),
                "{path}"
            );
        }
        assert_eq!(read.covering("y.md").expect("a line covers it").line, 1);
    }
}
