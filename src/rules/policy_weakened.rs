//! A change that makes what steers the tree less strict.

use super::Check;
use super::Rule;
use crate::diagnostic::Level;

pub(super) const RULE: Rule = Rule {
    id: "policy-weakened",
    // It may be what the team wants; nobody is to overlook it.
    level: Level::Warn,
    page: include_str!("../../docs/rules/policy-weakened.md"),
    fixes: false,
    check: Check::Steering,
};
