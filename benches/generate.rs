//! Writes a tree of made-up records: `cargo run --release --example generate -- DIR [COUNT] [SEED]`.

use std::env;
use std::error::Error;
use std::path::PathBuf;

#[path = "corpus.rs"]
mod corpus;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let root = PathBuf::from(arguments.next().ok_or("usage: generate DIR [COUNT] [SEED]")?);
    let count = arguments.next().map_or(Ok(10_000), |count| count.parse())?;
    let seed = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    corpus::write(&root, count, seed)?;
    Ok(())
}
