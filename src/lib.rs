//! Decisions, proposals, battlecards and a RAID log kept as checked markdown in git.
//!
//! This library is everything pmkit knows; the program under `src/bin/pmkit/` holds arguments, prompts and exit codes.
//! It prints nothing, exits nothing, and reads neither the clock nor the environment. Modules name only those before
//! them in this list; ARCHITECTURE.md has the map.

pub mod config;
pub mod date;
pub mod diagnostic;
pub mod document;
pub mod error;
pub mod kind;
pub mod lint;
pub mod record;
pub mod report;
pub mod rules;
pub mod shape;
pub mod text;
pub mod workspace;
pub mod change;
pub mod fs;
pub mod git;
