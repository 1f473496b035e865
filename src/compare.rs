//! What changed in meaning between two versions of one record.

mod rewording;

pub use rewording::Rewording;
pub use rewording::rewording;
pub use rewording::says_the_same;
