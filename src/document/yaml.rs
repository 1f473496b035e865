//! YAML into an ordered tree that knows where everything stood. The only file that names the YAML parser.
//!
//! Every scalar stays text: ids keep their zeros, `no` stays `no`, `1.10` stays `1.10`. Repeated keys are kept.
//! What front matter has no business with is refused: anchors and aliases, tags, several documents, keys that are
//! not plain text, and anything past the limits, which are also what makes hostile input harmless.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use granit_parser::ErrorKind;
use granit_parser::Event;
use granit_parser::Parser;
use granit_parser::ScalarStyle;
use granit_parser::ScanError;

use crate::text::Excerpt;
use crate::text::Span;

mod simple;

use simple::read_simple;

/// The largest front matter that is read, in bytes.
pub const MAX_YAML_BYTES: usize = 64 * 1024;
/// The deepest nesting that is read.
pub const MAX_YAML_DEPTH: usize = 32;
/// The most scalars, lists and maps that are read.
pub const MAX_YAML_NODES: usize = 2_000;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Text.
    Scalar(Scalar),
    /// Values in order.
    List(List),
    /// Keys with their values, in order, repeated keys included.
    Map(Map),
}

/// A text value and how it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text, with the bytes it was read from (quotes included).
    pub text: Excerpt,
    /// How it was written.
    pub style: Style,
}

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Nothing at all stands where a value would.
    Empty,
    /// Without quotes.
    Plain,
    /// In single or double quotes.
    Quoted,
    /// As a block introduced by `|` or `>`.
    Block,
}

/// A list of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// From the first item or bracket to the last.
    pub span: Span,
    /// The items.
    pub items: Vec<Node>,
}

/// Keys with values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Map {
    /// From the first key or brace to the end.
    pub span: Span,
    /// The entries in the order written.
    pub entries: Vec<Entry>,
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: Scalar,
    /// The value; [`Style::Empty`] where there is none.
    pub value: Node,
}

impl Node {
    /// Returns what the value says: a scalar without quotes and comment, a list's items with commas between them; `None`
    /// where there is nothing.
    #[must_use]
    pub fn said<'t>(&'t self, source: &'t str) -> Option<Cow<'t, str>> {
        let said: Cow<'t, str> = match self {
            Self::Scalar(scalar) if scalar.is_null(source) => return None,
            Self::Scalar(scalar) => scalar.text.of(source).trim().into(),
            Self::List(list) => {
                let items = list.items.iter().filter_map(|item| item.said(source));
                items.collect::<Vec<_>>().join(", ").into()
            }
            Self::Map(map) => map.span.of(source).trim().into(),
        };
        (!said.is_empty()).then_some(said)
    }

    /// Returns the bytes the value was read from.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Scalar(scalar) => scalar.text.span,
            Self::List(list) => list.span,
            Self::Map(map) => map.span,
        }
    }

    /// Says whether there is nothing here: no value, YAML's null, blank text, or a list or map without entries.
    #[must_use]
    pub fn is_blank(&self, source: &str) -> bool {
        match self {
            Self::Scalar(scalar) => scalar.is_null(source) || scalar.text.of(source).trim().is_empty(),
            Self::List(list) => list.items.iter().all(|item| item.is_blank(source)),
            Self::Map(map) => map.entries.is_empty(),
        }
    }
}

impl Scalar {
    /// Says whether the value is absent or YAML's null (`~`, `null` in its three spellings), unquoted.
    #[must_use]
    pub fn is_null(&self, source: &str) -> bool {
        match self.style {
            Style::Empty => true,
            Style::Plain => matches!(self.text.of(source), "~" | "null" | "Null" | "NULL"),
            Style::Quoted | Style::Block => false,
        }
    }
}

/// Why a text was not read as YAML, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlError {
    /// What is wrong, in words for people.
    pub message: String,
    /// Where the reading stopped.
    pub span: Span,
    /// Whether the text is YAML that pmkit refuses, as against no YAML.
    pub refused: bool,
}

impl YamlError {
    fn refused(message: impl Into<String>, span: Span) -> Self {
        Self { message: message.into(), span, refused: true }
    }
}

/// Reads the bytes `block` of `source` as one YAML document. Spans count from the start of `source`.
///
/// An empty document gives an empty map's place as an empty scalar.
///
/// # Errors
/// Where the text is not YAML, or is YAML that front matter refuses (see the module's words).
pub fn read_yaml(source: &str, block: Span) -> Result<Node, YamlError> {
    if block.len() > MAX_YAML_BYTES {
        let message =
            format!("the front matter is {} bytes long; at most {MAX_YAML_BYTES} are read", block.len());
        return Err(YamlError::refused(message, Span::at(block.start())));
    }
    if let Some(simple) = read_simple(source, block) {
        debug_assert_eq!(Ok(&simple), read_with(source, block, true).as_ref(), "two readers of one text");
        return Ok(simple);
    }
    let strict = read_with(source, block, true);
    // `]` or `}` at the start of a line closes what a key opened in countless files and in every formatter's output; the
    // letter of YAML wants it indented, and no reader in use insists.
    let closes = |error: &YamlError| matches!(source.as_bytes().get(error.span.start()), Some(b']' | b'}'));
    match strict {
        Err(error) if !error.refused && closes(&error) => read_with(source, block, false).map_err(|_| error),
        other => other,
    }
}

/// Returns what the keys at the top of `block` say, in order, also where [`read_yaml`] refuses the text: anchors, tags, any
/// length, any number of values. `None` where it is not YAML, or no map. What stands deeper is looked at only for the text of
/// a list's items.
#[must_use]
pub fn read_top(block: &str) -> Option<Vec<(String, Option<String>)>> {
    let options = granit_parser::options! {
        flow_nesting_limit: DEEPEST,
        block_nesting_limit: DEEPEST,
        strict_indentation: true,
    };
    let mut top = Top::default();
    for next in Parser::new_from_str_with_options(block, options) {
        let (event, span) = next.ok()?;
        if !top.take(event, span.byte_range(), block)? {
            break;
        }
    }
    top.is_map.then_some(top.entries)
}

/// The deepest nesting that is passed over.
const DEEPEST: usize = 512;

/// What has been found at the top of a document.
#[derive(Default)]
struct Top {
    is_map: bool,
    depth: usize,
    entries: Vec<(String, Option<String>)>,
    key: Option<String>,
    /// The texts of the value that is being read.
    texts: Vec<String>,
    /// Where a map begins that is a value, which says what is written.
    map: Option<usize>,
    anchors: HashMap<usize, String>,
    ended: bool,
}

impl Top {
    /// Takes an event; says whether more are to come. `None` where the top is no map of plain keys.
    fn take(&mut self, event: Event<'_>, at: Option<Range<usize>>, block: &str) -> Option<bool> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let null =
                    style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                if anchor != 0 {
                    self.anchors.insert(anchor, text.to_string());
                }
                self.scalar(text.trim().to_owned(), null)?;
            }
            Event::Alias(anchor) => {
                let text = self.anchors.get(&anchor).cloned().unwrap_or_default();
                self.scalar(text.trim().to_owned(), false)?;
            }
            Event::MappingStart(..) if self.depth == 0 => {
                self.is_map = true;
                self.depth = 1;
            }
            Event::SequenceStart(..) if self.depth == 0 => return None,
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                // A key that is no text.
                self.key.as_ref()?;
                if self.depth == 1 && matches!(event, Event::MappingStart(..)) {
                    self.map = at.map(|at| at.start);
                }
                self.depth += 1;
            }
            Event::MappingEnd | Event::SequenceEnd => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 1 {
                    let texts = std::mem::take(&mut self.texts);
                    let said = match (self.map.take(), at) {
                        (Some(start), Some(at)) => {
                            block.get(start..at.start).unwrap_or_default().trim().to_owned()
                        }
                        _ => texts.join(", "),
                    };
                    self.put(said);
                }
            }
            Event::DocumentEnd => self.ended = true,
            Event::DocumentStart(..) if self.ended => return Some(false),
            _ => {}
        }
        Some(true)
    }

    fn scalar(&mut self, text: String, null: bool) -> Option<()> {
        match (self.depth, &self.key) {
            (0, _) => return None,
            (1, None) => self.key = Some(text),
            (1, Some(_)) => self.put(if null { String::new() } else { text }),
            _ if !text.is_empty() && !null => self.texts.push(text),
            _ => {}
        }
        Some(())
    }

    fn put(&mut self, said: String) {
        if let Some(key) = self.key.take() {
            self.entries.push((key, (!said.is_empty()).then_some(said)));
        }
    }
}

fn read_with(source: &str, block: Span, strict: bool) -> Result<Node, YamlError> {
    let mut builder = Builder { source, base: block.start(), open: Vec::new(), root: None, nodes: 0 };
    let options = granit_parser::options! {
        flow_nesting_limit: MAX_YAML_DEPTH,
        block_nesting_limit: MAX_YAML_DEPTH,
        strict_indentation: strict,
    };
    for next in Parser::new_from_str_with_options(block.of(source), options) {
        match next {
            Ok((event, span)) => {
                let span = span.byte_range().map_or(Span::at(block.end()), |range| {
                    Span::new(block.start() + range.start, block.start() + range.end)
                });
                builder.take(event, span)?;
            }
            Err(error) => return Err(told(&error, block)),
        }
    }
    Ok(builder.root.unwrap_or(Node::Scalar(empty_at(block.start()))))
}

/// Says in our words what the parser found.
fn told(error: &ScanError, block: Span) -> YamlError {
    let at = error.marker().byte_offset().unwrap_or(block.len()).min(block.len());
    let span = Span::at(block.start() + at);
    let message = match error.kind() {
        ErrorKind::RecursionLimitExceeded => {
            return YamlError::refused(format!("values are nested more than {MAX_YAML_DEPTH} deep"), span);
        }
        ErrorKind::UnknownAnchor => {
            "`*` at the start of a value refers to an anchor, and there is none of that name".to_owned()
        }
        _ => plain_words(&error.info()),
    };
    YamlError { message, span, refused: false }
}

/// Drops the position a parser's message carries; the caret shows it.
fn plain_words(info: &str) -> String {
    let cut = info.rfind(" at char ").unwrap_or(info.len());
    info[..cut].replace("`\\u{", "U+").replace('\'', "`")
}

fn empty_at(offset: usize) -> Scalar {
    Scalar { text: Excerpt::verbatim(Span::at(offset)), style: Style::Empty }
}

/// Puts events together into a tree without recursion.
struct Builder<'a> {
    source: &'a str,
    base: usize,
    open: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
}

enum Open {
    List(List),
    Map(Map, Option<Scalar>),
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), YamlError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.plain(anchor, tag.is_some(), span)?;
                let empty = style == ScalarStyle::Plain && span.is_empty();
                let style = match style {
                    ScalarStyle::Plain if empty => Style::Empty,
                    ScalarStyle::Plain => Style::Plain,
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
                    ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
                };
                let text =
                    if empty { Excerpt::verbatim(span) } else { Excerpt::decoded(span, &text, self.source) };
                self.add(Node::Scalar(Scalar { text, style }))
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.plain(anchor, tag.is_some(), span)?;
                self.open.push(Open::List(List { span, items: Vec::new() }));
                Ok(())
            }
            Event::MappingStart(_, anchor, tag) => {
                self.plain(anchor, tag.is_some(), span)?;
                self.open.push(Open::Map(Map { span, entries: Vec::with_capacity(16) }, None));
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let end = span.end();
                match self.open.pop() {
                    Some(Open::List(mut list)) => {
                        list.span = list_span(list.span, list.items.last().map(Node::span), end, self.source);
                        self.add(Node::List(list))
                    }
                    Some(Open::Map(mut map, _)) => {
                        let last =
                            map.entries.last().map_or(map.span.end(), |entry| entry.value.span().end());
                        let flow = !map.span.is_empty();
                        map.span = Span::new(map.span.start(), if flow { end } else { last });
                        self.add(Node::Map(map))
                    }
                    None => Ok(()),
                }
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                Err(YamlError::refused("aliases (`*name`) are not read in front matter", span))
            }
            Event::DocumentStart(..) if self.root.is_some() => {
                Err(YamlError::refused("a second YAML document begins here; front matter holds one", span))
            }
            _ => Ok(()),
        }
    }

    /// Refuses anchors and tags, and counts the node.
    fn plain(&mut self, anchor: usize, tagged: bool, span: Span) -> Result<(), YamlError> {
        self.nodes += 1;
        let start = Span::at(span.start());
        if self.nodes > MAX_YAML_NODES {
            return Err(YamlError::refused(format!("there are more than {MAX_YAML_NODES} values"), start));
        }
        if anchor != 0 {
            return Err(YamlError::refused("anchors (`&name`) are not read in front matter", start));
        }
        if tagged {
            return Err(YamlError::refused("tags (`!name`) are not read in front matter", start));
        }
        Ok(())
    }

    fn add(&mut self, node: Node) -> Result<(), YamlError> {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List(list)) => list.items.push(node),
            Some(Open::Map(map, key)) => match key.take() {
                Some(key) => {
                    let value = match node {
                        Node::Scalar(scalar) if scalar.style == Style::Empty => {
                            Node::Scalar(empty_at(after_colon(self.source, &key, scalar.text.span)))
                        }
                        node => node,
                    };
                    map.entries.push(Entry { key, value });
                }
                None => match node {
                    Node::Scalar(scalar) => *key = Some(scalar),
                    other => {
                        let span = Span::at(other.span().start().max(self.base));
                        return Err(YamlError::refused("a key must be plain text", span));
                    }
                },
            },
        }
        Ok(())
    }
}

/// Returns the span of a list reported to begin at `start`: a flow list ends at its bracket; a block list begins at
/// its first dash and ends where its last item does (the parser reports the first item, and the end of the blank
/// lines that follow).
fn list_span(start: Span, last: Option<Span>, end: usize, source: &str) -> Span {
    if !start.is_empty() {
        return Span::new(start.start(), end);
    }
    let first = match last {
        Some(_) => first_dash(source, start.start()).unwrap_or(start.start()),
        None => start.start(),
    };
    Span::new(first, last.map_or(start.end(), Span::end))
}

/// Returns the place of the dash before the item that begins at byte `item`: on its line, or above it, where comments and blank
/// lines may stand between.
fn first_dash(source: &str, item: usize) -> Option<usize> {
    let before = source.get(..item)?;
    let mut end = before.len();
    loop {
        let start = before[..end].rfind(['\n', '\r']).map_or(0, |line| line + 1);
        let line = &before[start..end];
        // Behind the dash a comment may stand, with dashes of its own.
        let part = &line[..line.len() - line.trim_start_matches([' ', '\t', '-']).len()];
        match part.trim_end().strip_suffix('-') {
            Some(dash) => return Some(start + dash.len()),
            None if start == 0 || !matches!(line.trim_start().chars().next(), None | Some('#')) => {
                return None;
            }
            None => end = start - 1,
        }
    }
}

/// Returns the place a missing value would take: right after the colon that follows `key`.
fn after_colon(source: &str, key: &Scalar, reported: Span) -> usize {
    let end = key.text.span.end();
    match source.get(end..).and_then(|rest| rest.find(':')) {
        Some(at) if source[end..end + at].bytes().all(|byte| byte == b' ' || byte == b'\t') => end + at + 1,
        _ => reported.start(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Result<Node, YamlError> {
        read_yaml(source, Span::new(0, source.len()))
    }

    fn entries(source: &str) -> Vec<(String, String, String)> {
        let Node::Map(map) = read(source).expect("YAML") else { unreachable!("a map") };
        let value = |node: &Node| match node {
            Node::Scalar(scalar) => scalar.text.of(source).to_owned(),
            Node::List(list) => format!("{} items", list.items.len()),
            Node::Map(map) => format!("{} entries", map.entries.len()),
        };
        let shown = |entry: &Entry| {
            let key = entry.key.text.of(source).to_owned();
            (key, value(&entry.value), entry.value.span().of(source).to_owned())
        };
        map.entries.iter().map(shown).collect()
    }

    fn check(source: &str, expected: &[(&str, &str, &str)]) {
        let found = entries(source);
        let found: Vec<_> = found.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
        assert_eq!(found, expected, "{source:?}");
    }

    #[test]
    fn scalars_stay_text() {
        check(
            "id: 0007\nv: 1.10\nb: no\nn: null\n",
            &[("id", "0007", "0007"), ("v", "1.10", "1.10"), ("b", "no", "no"), ("n", "null", "null")],
        );
    }

    #[test]
    fn order_repetition_and_spans_are_kept() {
        check(
            "b: 'it''s' # c\na: x\nb: [1, 2]\n",
            &[("b", "it's", "'it''s'"), ("a", "x", "x"), ("b", "2 items", "[1, 2]")],
        );
        check("l:\n- a\n- b\n\nz: 1\n", &[("l", "2 items", "- a\n- b"), ("z", "1", "1")]);
        check("l: # c -\n- a\n", &[("l", "1 items", "- a")]);
        check("l:\n- # c -\n  a\n", &[("l", "1 items", "- # c -\n  a")]);
        check("l:\n-  # c\n\n  # d -\n  a\n", &[("l", "1 items", "-  # c\n\n  # d -\n  a")]);
        check("l:\r\n-\r\n  a\r\n", &[("l", "1 items", "-\r\n  a")]);
    }

    #[test]
    fn a_missing_value_stands_after_its_colon() {
        let source = "owner:\ndue :  # none\n";
        let Node::Map(map) = read(source).expect("YAML") else { unreachable!("a map") };
        assert_eq!(map.entries[0].value.span(), Span::at(6));
        assert_eq!(map.entries[1].value.span(), Span::at(12));
        assert!(map.entries[1].value.is_blank(source));
    }

    #[test]
    fn what_front_matter_refuses_says_so() {
        for (source, words) in [
            ("a: &x 1\n", "anchors"),
            ("a: [&x 1, *x]\n", "anchors"),
            ("a: !!str 1\n", "tags"),
            ("[a]: b\n", "a key must be plain text"),
            ("a: 1\n---\nb: 2\n", "second YAML document"),
        ] {
            let error = read(source).unwrap_err();
            assert!(error.refused && error.message.contains(words), "{source:?}: {error:?}");
        }
    }

    #[test]
    fn limits_hold() {
        let deep = format!("a: {}{}", "[".repeat(40), "]".repeat(40));
        assert!(read(&deep).unwrap_err().message.contains("nested"));
        let many = format!("a: [{}]", "1,".repeat(2_100));
        assert!(read(&many).unwrap_err().message.contains("more than 2000 values"));
        let long = format!("a: {}", "x".repeat(MAX_YAML_BYTES));
        assert!(read(&long).unwrap_err().message.contains("bytes long"));
    }

    #[test]
    fn a_bracket_may_close_at_the_start_of_a_line() {
        check("tags: [\n  blog\n]\nz: 1\n", &[("tags", "1 items", "[\n  blog\n]"), ("z", "1", "1")]);
        assert!(read("flow: [a,\nb,\nc]\n").is_err());
    }

    #[test]
    fn what_is_no_yaml_has_a_place() {
        let error = read("title: a: b\n").unwrap_err();
        assert!(!error.refused);
        assert_eq!(error.span, Span::at(8));
    }
}
