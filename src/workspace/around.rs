//! What lies around the records: files no kind claims, and folders.

/// Answers what lies at a path of the repository. A door makes it.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// Where the root lies below the repository's top, with `/` at its end; empty where they are the same.
    pub prefix: &'a str,
    /// Says what lies at a path from the repository's top.
    pub find: &'a (dyn Fn(&str) -> Found + Sync),
    /// Reads the plain file at a path from the repository's top; `None` where there is none, or it is too large.
    pub read: &'a (dyn Fn(&str) -> Option<Vec<u8>> + Sync),
}

/// What lies at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// Nothing.
    Nothing,
    /// That cannot be said from here: it lies behind a link out of the tree, or in another repository inside this one.
    Unknown,
}

/// Returns the path from the repository's top that `written` leads to from the file at `from`; `None` where it climbs
/// above the top. With `/` at its beginning it counts from the top.
#[must_use]
pub fn led_to(from: &str, written: &str) -> Option<String> {
    let mut parts: Vec<&str> = if written.starts_with('/') { Vec::new() } else { from.split('/').collect() };
    parts.pop();
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Returns the path that leads from the file at `from` to the one at `to`, both from the top.
#[must_use]
pub fn leading_to(from: &str, to: &str) -> String {
    let (from, to): (Vec<&str>, Vec<&str>) = (from.split('/').collect(), to.split('/').collect());
    let folders = from.len() - 1;
    let same = from[..folders].iter().zip(&to[..to.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", folders - same);
    up.chain(to[same..].iter().copied()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for (from, written, to) in [
            ("docs/rfcs/1.md", "2.md", "docs/rfcs/2.md"),
            ("docs/rfcs/1.md", "../raid/R.md", "docs/raid/R.md"),
            ("docs/rfcs/1.md", "../../README.md", "README.md"),
            ("1.md", "docs/2.md", "docs/2.md"),
        ] {
            assert_eq!(led_to(from, written).as_deref(), Some(to));
            assert_eq!(leading_to(from, to), written);
        }
        assert_eq!(led_to("docs/1.md", "/a/./b.md").as_deref(), Some("a/b.md"));
        assert_eq!(led_to("docs/1.md", "../../issues/12"), None);
    }
}
