//! Everything a user can see, tested from outside. One binary, so that it links once.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test that cannot go on must stop, and tests start programs"
)]

mod architecture;
mod console;
mod demo;
mod edit;
mod following;
mod generated;
mod history;
mod hostile;
mod kinds;
mod laws;
mod lint;
mod list;
mod new;
mod pages;
mod program;
mod query;
mod raid;
mod safety;
mod schema;
mod show;
mod story;
mod tree;
mod walk;
