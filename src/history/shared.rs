//! Texts that many events share: a piece of a larger text that all of them hold on to.

use std::borrow::Borrow;
use std::fmt;
use std::hash::Hash;
use std::hash::Hasher;
use std::ops::Deref;
use std::sync::Arc;

/// A text that costs nothing to copy.
#[derive(Clone)]
pub struct Shared {
    whole: Arc<str>,
    // Invariant: both are boundaries of characters in `whole`, and in order.
    start: u32,
    end: u32,
}

impl Shared {
    /// Returns the piece of `whole` from byte `start` to byte `end`; `None` where there is no such piece.
    #[must_use]
    pub fn piece(whole: &Arc<str>, start: u32, end: u32) -> Option<Self> {
        whole.get(start as usize..end as usize)?;
        Some(Self { whole: Arc::clone(whole), start, end })
    }
}

impl From<&str> for Shared {
    fn from(text: &str) -> Self {
        // What is longer than a document can be is cut.
        let mut end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        while !text.is_char_boundary(end as usize) {
            end -= 1;
        }
        Self { whole: text.into(), start: 0, end }
    }
}

impl Default for Shared {
    fn default() -> Self {
        Self::from("")
    }
}

impl Deref for Shared {
    type Target = str;

    fn deref(&self) -> &str {
        &self.whole[self.start as usize..self.end as usize]
    }
}

impl Borrow<str> for Shared {
    fn borrow(&self) -> &str {
        self
    }
}

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Shared {}

impl PartialOrd for Shared {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Shared {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (**self).cmp(&**other)
    }
}

impl Hash for Shared {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
