//! Lists the built-in kinds, the templates of briefs and the files of the demo, so that adding one means adding files and nothing else.

use std::collections::BTreeSet;
use std::env;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;

#[allow(clippy::disallowed_methods, reason = "build scripts are told everything through the environment")]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=src/demo/files");
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).to_owned();
    let out = Path::new(&env::var("OUT_DIR")?).to_owned();
    fs::write(out.join("built_in_kinds.rs"), built_in_kinds(&root.join("templates"))?)?;
    fs::write(out.join("built_in_briefs.rs"), built_in_briefs(&root.join("templates/briefs"))?)?;
    fs::write(out.join("demo_files.rs"), demo_files(&root.join("src/demo/files"))?)?;
    Ok(())
}

/// Returns the list of kinds: path, kind file, template.
fn built_in_kinds(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut ids = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
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
    Ok(list)
}

/// Returns the list of the templates of briefs: path, text.
fn built_in_briefs(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().into_string().map_err(|_| "a template's name is not UTF-8")?;
        names.insert(name);
    }
    let mut list = String::from("&[\n");
    for name in names {
        writeln!(
            list,
            "    ({:?}, include_str!({:?})),",
            format!("templates/briefs/{name}"),
            folder.join(&name)
        )?;
    }
    list.push_str("]\n");
    Ok(list)
}

/// Returns the list of the files below `folder`: path in the demo's tree, text.
fn demo_files(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut paths = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let below = path.strip_prefix(folder)?.to_str().ok_or("a demo file's name is not UTF-8")?;
                paths.insert(below.replace('\\', "/"));
            }
        }
    }
    let mut list = String::from("&[\n");
    for path in paths {
        writeln!(list, "    ({path:?}, include_str!({:?})),", folder.join(&path))?;
    }
    list.push_str("]\n");
    Ok(list)
}
