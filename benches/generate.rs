//! Writes a tree of made-up records: `cargo run --release --example generate -- DIR [COUNT] [SEED] [FORM]`. The form is
//! `records`, or `adr` or `eip` for what other programs read.

use std::env;
use std::error::Error;
use std::path::PathBuf;

mod corpus;
mod forms;

use forms::Form;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let root = arguments.next().filter(|root| !root.starts_with('-'));
    let root = PathBuf::from(root.ok_or("usage: generate DIR [COUNT] [SEED] [FORM]")?);
    let count = arguments.next().map_or(Ok(10_000), |count| count.parse())?;
    let seed = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    match arguments.next().as_deref() {
        None | Some("records") => corpus::write(&root, count, seed)?,
        Some("adr") => forms::write(Form::Adr, &root, count, seed)?,
        Some("eip") => forms::write(Form::Eip, &root, count, seed)?,
        Some(other) => return Err(format!("there is no form `{other}`: records, adr, eip").into()),
    }
    Ok(())
}
