//! An acknowledgement of something that is not found.

use super::Check;
use super::Rule;
use crate::diagnostic::Level;

pub(super) const RULE: Rule = Rule {
    id: "unused-acknowledgement",
    level: Level::Warn,
    page: include_str!("../../docs/rules/unused-acknowledgement.md"),
    fixes: true,
    check: Check::Acknowledgements,
};
