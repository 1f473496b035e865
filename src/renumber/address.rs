//! Paths that lead to the record's file, in addresses of links, in fields and in running text.

use super::Found;
use super::Look;
use super::Renumbering;
use crate::document::anchor;
use crate::text::Span;
use crate::text::percent_decoded;
use crate::text::percent_encoded;
use crate::workspace::led_to;

/// An address taken apart.
pub(super) struct Parts<'t> {
    /// Up to the `?` or `#`.
    pub(super) path: &'t str,
    /// Behind the `#`, and at which byte it begins.
    pub(super) heading: Option<(usize, &'t str)>,
}

/// Takes `address` apart.
pub(super) fn parts(address: &str) -> Parts<'_> {
    let (before, heading) = match address.find('#') {
        Some(at) => (&address[..at], Some((at + 1, &address[at + 1..]))),
        None => (address, None),
    };
    Parts { path: before.split('?').next().unwrap_or_default(), heading }
}

/// Says whether an address leads to another system, or to whom mail is sent.
pub(super) fn is_elsewhere(address: &str) -> bool {
    let scheme = address.split_once(':').map(|(scheme, _)| scheme).unwrap_or_default();
    address.starts_with("//")
        || (scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')))
}

impl Look<'_> {
    /// Returns where, from the repository's top, the address `path` leads; `None` where that is above the top. An empty one
    /// leads to the file itself.
    fn leads_to(&self, path: &str) -> Option<String> {
        if path.is_empty() {
            return Some(self.top.to_owned());
        }
        let mut to = String::new();
        led_to("", self.top, &percent_decoded(path), &mut to).then_some(to)
    }

    /// Says whether the address leads to the record's file.
    pub(super) fn leads_there(&self, address: &str) -> bool {
        let path = parts(address).path;
        !is_elsewhere(address)
            && !path.is_empty()
            && self.leads_to(path).is_some_and(|to| self.order.is_from(&to))
    }

    /// Adds what changes in the address `raw`, which begins at byte `at` of the text.
    pub(super) fn address(&self, raw: &str, at: usize, found: &mut Found) {
        if is_elsewhere(raw) {
            return;
        }
        let shown = Span::new(at, at + raw.len());
        let Parts { path, heading } = parts(raw);
        let Some(to) = self.leads_to(path) else { return };
        if !path.is_empty()
            && self.order.is_from(&to)
            && let Some((digits, text)) = self.order.in_path(path)
        {
            found.rewrite(digits.shifted(at), text, shown);
        }
        let renamed = self.anchors.get(&to);
        if let (Some(names), Some((begin, heading))) = (renamed, heading) {
            let wanted = anchor(&percent_decoded(heading));
            let bare =
                ["user-content-", "markdown-header-"].iter().find_map(|known| wanted.strip_prefix(known));
            let joined =
                |name: &str| name.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
            let name = bare.unwrap_or(&wanted);
            let like = || names.iter().find(|(old, _)| joined(old) == joined(name)).map(|(_, new)| new);
            if let Some(new) = names.get(name).or_else(like) {
                let encoded = if heading.contains('%') { percent_encoded(new) } else { new.clone() };
                let before = wanted.len() - name.len();
                let text = format!("{}{encoded}", &wanted[..before]);
                found.rewrite(Span::new(begin, begin + heading.len()).shifted(at), text, shown);
            }
        }
    }

    /// Returns what the address `target`, as it is read, is to be read as then.
    pub(super) fn expected(&self, target: &str) -> String {
        let mut found = Found::default();
        self.address(target, 0, &mut found);
        found.rewrites.sort();
        super::applied(target, &found.rewrites)
    }

    /// Returns where the digits stand in `path`, a path in a field or in running text, and what takes their place; `None`
    /// where it does not name the record's file for certain.
    pub(super) fn named_path(&self, path: &str) -> Option<(Span, String)> {
        let order = self.order;
        let plain = path.strip_prefix("./").unwrap_or(path);
        let from_root = !self.outside && plain == order.from;
        let from_top = plain.strip_prefix('/').unwrap_or(plain) == format!("{}{}", order.prefix, order.from);
        let beside = || {
            let mut to = String::new();
            path.contains('/') && led_to("", self.top, path, &mut to) && order.is_from(&to)
        };
        let (folder, name) = order.from.rsplit_once('/').unwrap_or(("", &order.from));
        let own_folder = || {
            let here = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            !self.outside && here == folder
        };
        let alone = || plain == name && (order.named_alone || own_folder());
        (from_root || from_top || beside() || alone()).then(|| order.in_path(path)).flatten()
    }
}

impl Renumbering<'_> {
    /// Says whether `path`, from the repository's top, is that of the record.
    fn is_from(&self, path: &str) -> bool {
        path.strip_prefix(self.prefix).is_some_and(|path| path == self.from)
    }

    /// Returns the name of the file from its number on: what a path that leads to it ends with.
    pub(super) fn tail(&self) -> Option<&str> {
        self.digits.as_ref().map(|digits| &self.from[digits.start..])
    }

    /// Returns where the digits of the record's file stand in `path`, which leads to it, and what takes their place.
    fn in_path(&self, path: &str) -> Option<(Span, String)> {
        let digits = self.digits.as_ref().filter(|_| self.from != self.to)?;
        let tail = self.tail()?;
        let decoded = percent_decoded(path);
        let at = decoded.strip_suffix(tail)?.len();
        // What is no UTF-8 once it is read stays as it is written.
        let written = |byte: usize| if decoded == path { byte } else { written_at(path, byte) };
        let (start, end) = (written(at), written(at + digits.len()));
        let new = &self.to[digits.start..self.to.len() - (self.from.len() - digits.end)];
        Some((Span::new(start, end), new.to_owned()))
    }
}

/// Returns the byte of `address` at which the byte `at` of what it is read as is written.
fn written_at(address: &str, at: usize) -> usize {
    let bytes = address.as_bytes();
    let mut written = 0;
    for _ in 0..at {
        let encoded = bytes.get(written) == Some(&b'%')
            && bytes.get(written + 1..written + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
        written += if encoded { 3 } else { 1 };
    }
    written.min(address.len())
}
