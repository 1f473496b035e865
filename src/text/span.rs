//! A half-open range of bytes, and a piece of text that remembers where it stood.

use std::ops::Range;

/// A half-open range of byte offsets into one text.
///
/// Offsets are 32 bits wide: no document, configuration or kind file larger than
/// [`crate::document::MAX_BYTES`] is read, and records by the hundred thousand are kept in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Returns the span from `start` to `end`; an `end` before `start` gives an empty span at `start`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: narrow(start), end: narrow(end.max(start)) }
    }

    /// Returns the empty span at `offset`.
    #[must_use]
    pub fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// Returns the span moved right by `by` bytes.
    #[must_use]
    pub fn shifted(self, by: usize) -> Self {
        Self::new(self.start() + by, self.end() + by)
    }

    /// Returns the first byte as an index.
    #[must_use]
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// Returns one past the last byte as an index.
    #[must_use]
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// Returns the length in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        self.end() - self.start()
    }

    /// Says whether the span covers nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns the span as a range of indices.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    /// Says whether `other` lies inside this span.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns the text the span covers, or `""` where it does not fit `text` (a file that changed since).
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }
}

/// A piece of a text as a reader understands it: most often exactly the bytes under `span`, sometimes decoded
/// from them (a quoted YAML value, a heading with emphasis in it). The plain case costs no allocation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Excerpt {
    /// The bytes it was read from, quotes and markup included.
    pub span: Span,
    decoded: Option<Box<str>>,
}

impl Excerpt {
    /// Returns the excerpt that is exactly the bytes under `span`.
    #[must_use]
    pub fn verbatim(span: Span) -> Self {
        Self { span, decoded: None }
    }

    /// Returns an excerpt read as `decoded` from the bytes under `span` of `text`.
    #[must_use]
    pub fn decoded(span: Span, decoded: &str, text: &str) -> Self {
        let same = span.of(text) == decoded;
        Self { span, decoded: (!same).then(|| decoded.into()) }
    }

    /// Returns an excerpt read as `decoded`, which is something else than the bytes under `span`.
    #[must_use]
    pub fn other(span: Span, decoded: &str) -> Self {
        Self { span, decoded: Some(decoded.into()) }
    }

    /// Returns the words, given the text this was taken from.
    #[must_use]
    pub fn of<'a>(&'a self, text: &'a str) -> &'a str {
        match &self.decoded {
            Some(decoded) => decoded,
            None => self.span.of(text),
        }
    }
}
