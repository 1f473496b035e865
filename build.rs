//! Lists the built-in kinds, so that adding one means adding two files under `templates/` and nothing else.

use std::collections::BTreeSet;
use std::env;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;

#[allow(clippy::disallowed_methods, reason = "build scripts are told everything through the environment")]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=templates");
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("templates");
    let mut ids = BTreeSet::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let id =
                path.file_stem().and_then(|stem| stem.to_str()).ok_or("a template's name is not UTF-8")?;
            ids.insert(id.to_owned());
        }
    }
    let mut list = String::from("&[\n");
    for id in ids {
        let file = |extension: &str| folder.join(format!("{id}.{extension}"));
        let (toml, markdown) = (file("toml"), file("md"));
        let template =
            if markdown.exists() { format!("Some(include_str!({markdown:?}))") } else { "None".to_owned() };
        writeln!(list, "    ({:?}, include_str!({toml:?}), {template}),", format!("templates/{id}.toml"))?;
    }
    list.push_str("]\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("built_in_kinds.rs"), list)?;
    Ok(())
}
