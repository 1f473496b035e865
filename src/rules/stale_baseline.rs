//! A count of known findings that is too high by now.

use super::Check;
use super::Rule;
use crate::diagnostic::Level;

pub(super) const RULE: Rule = Rule {
    id: "stale-baseline",
    level: Level::Warn,
    page: include_str!("../../docs/rules/stale-baseline.md"),
    fixes: false,
    check: Check::Baseline,
};
