//! The door to the disk: finding the tree, reading files, and the only place that writes them.

mod around;
mod door;
mod tree;
mod write;

pub use door::Door;
pub use tree::Entries;
pub use tree::Tree;
pub use write::carry_out;
pub use write::write_new;
