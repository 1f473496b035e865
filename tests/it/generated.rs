//! Files that are made from the program itself. `UPDATE=1 cargo test` makes them anew, plain `cargo test` holds them
//! against what would be made.

use std::fs;
use std::path::Path;

use pmkit::config::CONFIG;
use pmkit::kind::KIND;

use crate::program::Program;
use crate::schema;

const NOTICE: &str = "<!-- Generated: UPDATE=1 cargo test makes this file anew. -->\n\n";

/// Compares `made` with the file at `path`, or writes it where `UPDATE` is set.
fn check(path: &str, made: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, made).unwrap();
        return;
    }
    let there = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        there == made,
        "{path} is not what would be made now; run UPDATE=1 cargo test, and read the difference"
    );
}

fn output(words: &[&str]) -> String {
    let run = Program::new().run(words);
    assert_eq!(run.code, 0, "{words:?}: {}", run.err);
    run.out
}

#[test]
fn the_command_reference_is_current() {
    let mut page = format!("{NOTICE}# Commands\n\nWhat `pmkit COMMAND --help` prints.\n");
    let whole = output(&["--help"]);
    page.push_str(&format!("\n## pmkit\n\n```text\n{whole}```\n"));
    let listed =
        whole.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // A line that goes on begins further in.
    let names = listed.filter(|line| !line.starts_with("   "));
    for name in names.filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next()) {
        if name != "help" {
            page.push_str(&format!("\n## pmkit {name}\n\n```text\n{}```\n", output(&[name, "--help"])));
        }
    }
    let page: String = page.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    check("docs/cli.md", &page);
}

#[test]
fn the_pages_of_kinds_are_current() {
    let mut list =
        String::from("# Kinds\n\nWhat `pmkit kinds` prints; `pmkit kinds KIND` says all about one.\n\n");
    list.push_str(&output(&["kinds", "--format", "markdown"]));
    for file in pmkit::kind::built_in() {
        let id = file.path.trim_start_matches("templates/").trim_end_matches(".toml").to_owned();
        check(
            &format!("docs/kinds/{id}.md"),
            &format!("{NOTICE}{}", output(&["kinds", &id, "--format", "markdown"])),
        );
        list = list.replace(&format!("| `{id}` |"), &format!("| [`{id}`]({id}.md) |"));
    }
    check("docs/kinds/README.md", &format!("{NOTICE}{list}"));
}

#[test]
fn the_list_of_rules_is_current() {
    let list = output(&["rules", "--format", "markdown"]);
    let text = "# Rules\n\nEach has a page, which is also its test; `pmkit explain RULE` prints it.\n\n";
    check("docs/rules/README.md", &format!("{NOTICE}{text}{list}"));
}

#[test]
fn the_schemas_are_current() {
    check("docs/schema/kind.json", &schema::of(&KIND, "A kind file of pmkit"));
    check("docs/schema/pmkit.json", &schema::of(&CONFIG, "pmkit.toml"));
}

#[test]
fn the_reference_of_kind_files_is_current() {
    check("docs/kind-files-reference.md", &format!("{NOTICE}{}", schema::reference(&KIND)));
}
