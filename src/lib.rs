//! Decisions, proposals, battlecards and a RAID log kept as checked markdown in git.
//!
//! This library is everything pmkit knows; the program under `src/bin/pmkit/` holds arguments, prompts and exit codes.
//! It prints nothing, exits nothing, and reads neither the clock nor the environment. Modules name only those before
//! them in this list; ARCHITECTURE.md has the map.

pub mod text;
pub mod date;
pub mod error;
pub mod template;
pub mod diagnostic;
pub mod document;
pub mod shape;
pub mod kind;
pub mod codeowners;
pub mod config;
pub mod record;
pub mod compare;
pub mod history;
pub mod workspace;
pub mod owners;
pub mod query;
pub mod register;
pub mod audience;
pub mod calendar;
pub mod board;
pub mod graph;
pub mod search;
pub mod index;
pub mod sink;
pub mod rules;
pub mod lint;
pub mod review;
pub mod rhythm;
pub mod brief;
pub mod change;
pub mod edit;
pub mod scaffold;
pub mod renumber;
pub mod revise;
pub mod walk;
pub mod demo;
pub mod report;
pub mod fs;
pub mod git;
