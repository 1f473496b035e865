//! What changed in meaning between two versions of one record.

mod difference;
mod rewording;

pub use difference::Difference;
pub use difference::Edition;
pub use difference::Part;
pub use difference::differences;
pub use rewording::Rewording;
pub use rewording::rewording;
pub use rewording::says_the_same;
