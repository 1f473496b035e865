//! The tree of made-up records in the forms other programs read, so that both can be measured on the same files.

use std::fs;
use std::io;
use std::path::Path;

use super::corpus::prose::Numbers;
use super::corpus::prose::PEOPLE;
use super::corpus::prose::WORDS;
use super::corpus::section;

/// What a tree is made for.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    /// Architecture decisions as `adrs` keeps them.
    Adr,
    /// Improvement proposals as `eipw` checks them.
    Eip,
}

/// Writes `count` documents of the form below `root`, some 3 KB each, with the kind file by which pmkit reads them.
///
/// # Errors
/// Where a file cannot be written.
pub(crate) fn write(form: Form, root: &Path, count: usize, seed: u64) -> io::Result<()> {
    let mut numbers = Numbers(seed);
    let (folder, name, kind) = match form {
        Form::Adr => ("doc/adr", "adr", include_str!("forms/adr.toml")),
        Form::Eip => ("EIPS", "eip", include_str!("forms/eip.toml")),
    };
    fs::create_dir_all(root.join(folder))?;
    fs::create_dir_all(root.join(".pmkit/kinds"))?;
    fs::write(root.join(format!(".pmkit/kinds/{name}.toml")), kind)?;
    fs::write(root.join("pmkit.toml"), "# A tree to measure on.\n")?;
    // What each proposal links to.
    fs::write(root.join("LICENSE.md"), "# CC0\n")?;
    if matches!(form, Form::Adr) {
        fs::write(root.join("adrs.toml"), "adr_dir = \"doc/adr\"\nmode = \"ng\"\nno_edit = true\n")?;
    }
    for number in 1..=count {
        let (file, text) = match form {
            Form::Adr => adr(&mut numbers, number),
            Form::Eip => eip(&mut numbers, number),
        };
        fs::write(root.join(folder).join(file), text)?;
    }
    Ok(())
}

fn adr(numbers: &mut Numbers, number: usize) -> (String, String) {
    let title = format!("move {} to {}", numbers.pick(&WORDS), numbers.pick(&WORDS));
    let mut text = format!(
        "---\nnumber: {number}\ntitle: {title}\ndate: 2026-10-12\nstatus: accepted\n---\n\n# {number}. {title}\n\nDate: 2026-10-12\n\n## Status\n\nAccepted\n"
    );
    for (title, words) in [("Context", 220), ("Decision", 160), ("Consequences", 100)] {
        section(numbers, &mut text, title, words, None);
    }
    (format!("{number:04}-{}.md", title.replace(' ', "-")), text)
}

fn eip(numbers: &mut Numbers, number: usize) -> (String, String) {
    let title = format!("Move {} to {}", numbers.pick(&WORDS), numbers.pick(&WORDS));
    let author = numbers.pick(&PEOPLE);
    let mut text = format!(
        "---\neip: {number}\ntitle: {title}\ndescription: Moves what was said about {} and {}\nauthor: {author} (@{author})\ndiscussions-to: https://ethereum-magicians.org/t/hello/{number}\nstatus: Draft\ntype: Standards Track\ncategory: Core\ncreated: 2026-10-12\n---\n",
        numbers.pick(&WORDS),
        numbers.pick(&WORDS),
    );
    for (title, words) in [
        ("Abstract", 60),
        ("Motivation", 120),
        ("Specification", 160),
        ("Rationale", 80),
        ("Backwards Compatibility", 20),
        ("Security Considerations", 40),
    ] {
        section(numbers, &mut text, title, words, None);
    }
    text.push_str("\n## Copyright\n\nCopyright and related rights waived via [CC0](../LICENSE.md).\n");
    (format!("eip-{number}.md"), text)
}
