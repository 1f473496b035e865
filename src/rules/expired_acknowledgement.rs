//! An acknowledgement that no longer holds.

use super::Check;
use super::Rule;
use crate::diagnostic::Level;

pub(super) const RULE: Rule = Rule {
    id: "expired-acknowledgement",
    // What the calendar alone can cause must not turn a build red overnight.
    level: Level::Warn,
    page: include_str!("../../docs/rules/expired-acknowledgement.md"),
    fixes: false,
    check: Check::Acknowledgements,
};
