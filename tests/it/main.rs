//! Everything a user can see, tested from outside. One binary, so that it links once.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test that cannot go on must stop, and tests start programs"
)]

mod answers;
mod architecture;
mod back;
mod base;
mod base_laws;
mod base_names;
mod baseline;
mod born;
mod born_laws;
mod brief;
mod calendar;
mod ci;
mod commit;
mod completions;
mod console;
mod demo;
mod diff;
mod edit;
mod edit_laws;
mod following;
mod formats;
mod generated;
mod graph;
mod history;
mod hostile;
mod hostile_review;
mod index;
mod kinds;
mod laws;
mod levels;
mod lifecycle;
mod lint;
mod lint_past;
mod list;
mod mending;
mod linked;
mod new;
mod pages;
mod plans;
mod owners;
mod past;
mod policy;
mod program;
mod query;
mod raid;
mod renumber;
mod reassign;
mod review;
mod review_strict;
mod rhythm;
mod safety;
mod schema;
mod search;
mod set;
mod show;
mod staged;
mod storm;
mod story;
mod supersede;
mod tree;
mod walk;
mod writing;
