//! The decision record: what git's history says about every document, and when. Pure: commits and old texts come in,
//! events come out; the door to git brings the one, everything else reads the other.
//!
//! The rules are those of `docs/decision-record.md`: the first-parent line, each commit compared with its first parent, a
//! document followed through renames, its state the text of one YAML scalar.

mod commit;
mod decided;
mod event;
mod facts;
mod follow;
mod oid;
mod rename;
mod roll_back;
mod shared;
mod slip;
mod timeline;
mod who;

pub use commit::Commit;
pub use commit::Signature;
pub use commit::Trailer;
pub use decided::Fixed;
pub use decided::Renumbered;
pub use event::Detail;
pub use event::Event;
pub use event::History;
pub use event::Lineage;
pub use event::What;
pub use event::Wrote;
pub use facts::Facts;
pub use facts::HowRead;
pub use facts::body;
pub use facts::front_matter;
pub use facts::is_garbled;
pub use facts::is_undecodable;
pub use facts::read_facts;
pub use follow::Change;
pub use follow::Followed;
pub use follow::Follower;
pub use follow::Known;
pub use follow::ReadVersion;
pub use follow::Reader;
pub use follow::Version;
pub use follow::Watch;
pub use oid::Oid;
pub use rename::File;
pub use rename::Fingerprint;
pub use rename::renames;
pub use shared::Shared;
pub use slip::Slip;
pub use timeline::Move;
pub use timeline::Timeline;
pub use timeline::Timelines;
pub use timeline::numbered;
pub use who::called;
