//! The door to the disk: finding the tree, reading files, and the only place that writes them.

mod around;
mod door;
mod interrupt;
mod journal;
mod lock;
mod tree;
mod write;

pub use door::Door;
pub use journal::Recovered;
pub use lock::Lock;
pub use tree::Entries;
pub use tree::KINDS_FOLDER;
pub use tree::Tree;
