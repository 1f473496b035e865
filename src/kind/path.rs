//! Where records of a kind lie: a file name pattern that is written forwards by `new` and read backwards by everything.

use std::fmt::Write;

use crate::date::Date;

/// A path with placeholders, relative to the root: `docs/rfcs/{number:04}-{slug}.md`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPattern {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    /// The number, padded to this many digits when written.
    Number(usize),
    Id,
    Slug,
    Date,
    Year,
}

/// What a path pattern is filled with.
#[derive(Debug, Clone, Copy)]
pub struct Naming<'a> {
    /// The prefix of the kind.
    pub prefix: &'a str,
    /// The record's number.
    pub number: u64,
    /// The title as part of a file name.
    pub slug: &'a str,
    /// The day it is created.
    pub date: Date,
}

impl PathPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Says what is wrong with it, in words that follow "`path` ".
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("is empty".to_owned());
        }
        let odd = |c: char| {
            c.is_control() || matches!(c, '\\' | '*' | '?' | '[' | ']' | ':' | '"' | '<' | '>' | '|' | '#')
        };
        let mut parts = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let open = rest.find('{').unwrap_or(rest.len());
            let literal = &rest[..open];
            if let Some(c) = literal.chars().find(|c| odd(*c) || *c == '}') {
                return Err(format!("holds `{c}`, which does not belong in a file name"));
            }
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            }
            rest = &rest[open..];
            if let Some(inside) = rest.strip_prefix('{') {
                let close = inside.find('}').ok_or("has a `{` that is never closed")?;
                parts.push(placeholder(&inside[..close])?);
                rest = &inside[close + 1..];
            }
        }
        let component = |part: &str| part.is_empty() || part == "." || part == ".." || part == ".git";
        if text.split('/').any(component) {
            return Err(
                "must be a path inside the tree: no empty part, no `.`, no `..`, no `.git`".to_owned()
            );
        }
        if !parts.iter().any(|part| !matches!(part, Part::Literal(_) | Part::Year)) {
            return Err("needs `{number}`, `{id}`, `{slug}` or `{date}`, so that records differ".to_owned());
        }
        Ok(Self { text: text.to_owned(), parts })
    }

    /// Returns the pattern as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the folder every path of this pattern lies in: the literal parts before the first placeholder, up to
    /// the last `/`. Empty for the root.
    #[must_use]
    pub fn folder(&self) -> &str {
        match self.parts.first() {
            Some(Part::Literal(literal)) => literal.rfind('/').map_or("", |slash| &literal[..slash]),
            _ => "",
        }
    }

    /// Returns a glob that every path of this pattern matches.
    #[must_use]
    pub fn glob(&self) -> String {
        let part = |part: &Part| match part {
            Part::Literal(literal) => literal.clone(),
            _ => "*".to_owned(),
        };
        self.parts.iter().map(part).collect()
    }

    /// Says whether a path gives the record its number.
    #[must_use]
    pub fn is_numbered(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Number(_) | Part::Id))
    }

    /// Says whether numbers have four digits, as in ids: not where files are called `snip-12.md`.
    #[must_use]
    pub fn pads(&self) -> bool {
        !self.parts.iter().any(|part| matches!(part, Part::Number(width) if *width < 4))
    }

    /// Returns how many digits a number in a path has at least; 1 where paths hold none.
    #[must_use]
    pub fn width(&self) -> usize {
        let width = |part: &Part| match part {
            Part::Number(width) => Some(*width),
            Part::Id => Some(4),
            _ => None,
        };
        self.parts.iter().find_map(width).unwrap_or(1)
    }

    /// Returns the path of a record.
    #[must_use]
    pub fn fill(&self, naming: Naming<'_>) -> String {
        let mut path = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(literal) => path.push_str(literal),
                Part::Number(width) => {
                    write!(path, "{:0width$}", naming.number).expect("writing to a string cannot fail");
                }
                Part::Id => {
                    write!(path, "{}-{:04}", naming.prefix, naming.number)
                        .expect("writing to a string cannot fail");
                }
                Part::Slug => path.push_str(naming.slug),
                Part::Date => path.push_str(&naming.date.to_string()),
                Part::Year => path.push_str(&naming.date.to_string()[..4]),
            }
        }
        path
    }

    /// Reads `path` backwards. `None` where it does not match; else the number it gives, if it gives one.
    #[must_use]
    pub fn read(&self, path: &str, prefix: &str) -> Option<Option<u64>> {
        let mut number = None;
        read_parts(&self.parts, path, prefix, &mut number).then_some(number)
    }
}

fn placeholder(inside: &str) -> Result<Part, String> {
    let (name, width) = match inside.split_once(':') {
        Some((name, width)) => (name, Some(width)),
        None => (inside, None),
    };
    let part = match name {
        "number" => {
            let digits = width.map(|width| {
                width
                    .strip_prefix('0')
                    .and_then(|digits| digits.parse().ok())
                    .filter(|digits| (1..=9).contains(digits))
            });
            match digits {
                None => Part::Number(1),
                Some(Some(digits)) => Part::Number(digits),
                Some(None) => return Err(format!("has `{{{inside}}}`: a width is `:01` to `:09`")),
            }
        }
        "id" => Part::Id,
        "slug" => Part::Slug,
        "date" => Part::Date,
        "year" => Part::Year,
        _ => {
            return Err(format!(
                "has `{{{inside}}}`: the placeholders are {{number}}, {{number:04}}, {{id}}, {{slug}}, {{date}}, {{year}}"
            ));
        }
    };
    if width.is_some() && !matches!(part, Part::Number(_)) {
        return Err(format!("has `{{{inside}}}`: only {{number}} takes a width"));
    }
    Ok(part)
}

fn read_parts(parts: &[Part], path: &str, prefix: &str, number: &mut Option<u64>) -> bool {
    let Some((part, rest)) = parts.split_first() else { return path.is_empty() };
    match part {
        Part::Literal(literal) => {
            path.strip_prefix(literal.as_str()).is_some_and(|path| read_parts(rest, path, prefix, number))
        }
        Part::Number(_) => read_number(rest, path, prefix, number),
        Part::Id => path
            .strip_prefix(prefix)
            .and_then(|path| path.strip_prefix('-'))
            .is_some_and(|path| read_number(rest, path, prefix, number)),
        Part::Slug => match rest {
            // As nearly every pattern ends: no need to try each length.
            [Part::Literal(literal)] => path
                .strip_suffix(literal.as_str())
                .is_some_and(|slug| !slug.is_empty() && !slug.contains('/')),
            _ => {
                let end = path.find('/').unwrap_or(path.len());
                // The longest slug first: `{slug}.md` must not stop at a dot inside.
                let ends = path[..end].char_indices().map(|(at, c)| at + c.len_utf8()).rev();
                ends.into_iter().any(|end| read_parts(rest, &path[end..], prefix, number))
            }
        },
        Part::Date => {
            path.get(..10).is_some_and(|day| Date::parse(day).is_some())
                && read_parts(rest, &path[10..], prefix, number)
        }
        Part::Year => {
            path.get(..4).is_some_and(|year| year.bytes().all(|byte| byte.is_ascii_digit()))
                && read_parts(rest, &path[4..], prefix, number)
        }
    }
}

/// Returns the digits of `number`, written as the digits `written` are, where `width` is how many there are at least: as wide
/// where zeros stand before them, and as short where none do.
#[must_use]
pub fn digits_like(written: &str, width: usize, number: u64) -> String {
    let width = match written.len() {
        long if written.starts_with('0') => long,
        long if long >= width => width,
        _ => 1,
    };
    format!("{number:0width$}")
}

/// Reads the number of a record: at most fifteen digits, so that there is always a next one.
#[must_use]
pub fn record_number(digits: &str) -> Option<u64> {
    digits.parse().ok().filter(|_| digits.len() <= 15)
}

fn read_number(rest: &[Part], path: &str, prefix: &str, number: &mut Option<u64>) -> bool {
    let digits = path.bytes().take_while(u8::is_ascii_digit).count();
    let Some(value) = record_number(&path[..digits]) else { return false };
    if !read_parts(rest, &path[digits..], prefix, number) {
        return false;
    }
    *number = Some(value);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, path: &str, expected: Option<Option<u64>>) {
        assert_eq!(
            PathPattern::parse(pattern).expect("a pattern").read(path, "R"),
            expected,
            "{pattern} on {path}"
        );
    }

    #[test]
    fn patterns_are_read_backwards() {
        check("docs/rfcs/{number:04}-{slug}.md", "docs/rfcs/0007-move.md", Some(Some(7)));
        check("docs/rfcs/{number:04}-{slug}.md", "docs/rfcs/12345-a.b.md", Some(Some(12_345)));
        check("docs/rfcs/{number:04}-{slug}.md", "docs/rfcs/7-x.md", Some(Some(7)));
        check("docs/rfcs/{number:04}-{slug}.md", "docs/rfcs/README.md", None);
        check("docs/rfcs/{number:04}-{slug}.md", "docs/rfcs/0007-a/b.md", None);
        check("docs/raid/{id}-{slug}.md", "docs/raid/R-0012-x.md", Some(Some(12)));
        check("docs/raid/{id}-{slug}.md", "docs/raid/A-0012-x.md", None);
        check("log/{year}/{date}.md", "log/2026/2026-11-20.md", Some(None));
        check("log/{date}.md", "log/2026-13-20.md", None);
        check("{slug}/README.md", "x/README.md", Some(None));
    }

    #[test]
    fn another_number_is_written_as_the_one_before() {
        for (written, width, number, expected) in [
            ("0007", 4, 12, "0012"),
            ("7", 4, 12, "12"),
            ("1234", 4, 7, "0007"),
            ("7", 1, 12, "12"),
            ("12", 1, 7, "7"),
            ("007", 4, 12, "012"),
            ("0007", 4, 12345, "12345"),
            ("12345", 4, 7, "0007"),
        ] {
            assert_eq!(digits_like(written, width, number), expected, "{written}");
        }
    }

    #[test]
    fn patterns_are_filled() {
        let naming =
            Naming { prefix: "R", number: 7, slug: "a-b", date: Date::parse("2026-11-20").expect("a day") };
        let fill = |pattern| PathPattern::parse(pattern).expect("a pattern").fill(naming);
        assert_eq!(fill("docs/{id}-{slug}.md"), "docs/R-0007-a-b.md");
        assert_eq!(fill("{year}/{date}-{number:03}.md"), "2026/2026-11-20-007.md");
    }

    #[test]
    fn hostile_and_useless_patterns_are_refused() {
        for (pattern, words) in [
            ("/etc/{slug}", "inside the tree"),
            ("../{slug}.md", "inside the tree"),
            ("a//{slug}", "inside the tree"),
            (".git/{slug}", "inside the tree"),
            ("docs/{nubmer}.md", "placeholders are"),
            ("docs/{number:4}.md", "width"),
            ("docs/{slug", "never closed"),
            ("docs/one.md", "so that records differ"),
            ("docs\\{slug}", "does not belong"),
            ("a\n{slug}", "does not belong"),
            ("::x/{slug}", "does not belong"),
            ("", "empty"),
        ] {
            let error = PathPattern::parse(pattern).unwrap_err();
            assert!(error.contains(words), "{pattern:?}: {error}");
        }
    }

    #[test]
    fn the_folder_is_known_without_looking() {
        let folder = |pattern| PathPattern::parse(pattern).expect("a pattern").folder().to_owned();
        assert_eq!(folder("docs/rfcs/{number}-{slug}.md"), "docs/rfcs");
        assert_eq!(folder("rfc-{number}.md"), "");
        assert_eq!(folder("docs/{year}/{slug}.md"), "docs");
    }
}
