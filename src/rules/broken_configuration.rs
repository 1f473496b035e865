//! A change that leaves what steers the tree so that pmkit cannot read it.

use super::Check;
use super::Rule;
use crate::diagnostic::Level;

pub(super) const RULE: Rule = Rule {
    id: "broken-configuration",
    level: Level::Deny,
    page: include_str!("../../docs/rules/broken-configuration.md"),
    fixes: false,
    check: Check::Steering,
};
