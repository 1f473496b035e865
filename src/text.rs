//! Text and places in it: the ground every other module stands on.
//!
//! Nothing here knows what a record is. Offsets are bytes into UTF-8 text; lines and columns count from 1,
//! columns in Unicode scalar values, and `\n`, `\r\n` and a lone `\r` each end a line.

mod address;
mod article;
mod folded;
mod hidden;
mod lines;
mod nearest;
mod sentence;
mod shell;
mod slug;
mod span;
mod visible;
mod words;

pub use address::percent_decoded;
pub use address::percent_encoded;
pub use article::with_article;
pub use folded::folded;
pub use folded::same_name;
pub use hidden::Hidden;
pub use hidden::hidden;
pub use hidden::name_of_hidden;
pub use lines::Lines;
pub use lines::Position;
pub use lines::longest_run;
pub use lines::one_line;
pub use nearest::nearest;
pub use sentence::sentences;
pub use sentence::without_code;
pub use shell::for_shell;
pub use slug::SLUG_LIMIT;
pub use slug::slug;
pub use span::Excerpt;
pub use span::Span;
pub use visible::acts;
pub use visible::needs_care;
pub use visible::opens_command;
pub use visible::visible;
pub use visible::visible_with_offsets;
pub use visible::visible_within;
pub use words::WordCounter;
