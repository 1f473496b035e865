//! An acknowledgement that holds for nothing as it is written.

use super::Check;
use super::Rule;
use crate::diagnostic::Level;

pub(super) const RULE: Rule = Rule {
    id: "invalid-acknowledgement",
    level: Level::Deny,
    page: include_str!("../../docs/rules/invalid-acknowledgement.md"),
    fixes: true,
    check: Check::Acknowledgements,
};
