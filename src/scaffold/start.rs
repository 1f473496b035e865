//! What a team needs to start: a configuration, and a page that says where things lie.

use crate::board::GROUP;
use crate::change::Change;
use crate::config::Config;
use crate::kind::Kind;
use crate::text::visible;

/// The presets of `init`, each with what it is for.
pub const PRESETS: [(&str, &str); 3] = [
    (
        "team",
        "a commented pmkit.toml and a page in the docs folder that says where records lie (the default)",
    ),
    ("minimal", "a pmkit.toml of a few lines and nothing else"),
    ("strict", "as team, and late or overlong records fail the build too"),
];

/// What `init` is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Start<'a> {
    /// One of [`PRESETS`].
    pub preset: &'a str,
    /// The docs folder, relative to the root, without `/` at its end.
    pub docs: &'a str,
    /// Handle, name and address of whoever runs it, as far as known.
    pub me: Option<(&'a str, &'a str, &'a str)>,
}

/// Plans the files a team starts with; `config` has the built-in kinds.
#[must_use]
pub fn start(asked: Start<'_>, config: &Config) -> Vec<Change> {
    let mut changes = vec![Change::Create { path: "pmkit.toml".to_owned(), text: steering(asked, config) }];
    if asked.preset != "minimal" {
        let path = format!("{}/README.md", asked.docs);
        changes.push(Change::Create { path, text: readme(asked, config) });
    }
    changes
}

fn steering(asked: Start<'_>, config: &Config) -> String {
    let mut text = String::from("# How pmkit works in this repository. Every key is optional.\n");
    if asked.preset != "minimal" {
        text.push_str("# The rules and their levels: pmkit rules. The kinds of record: pmkit kinds.\n");
    }
    match asked.preset {
        "strict" => text.push_str(
            "\n[rules]\noverdue = \"deny\"        # a deadline that passes turns the build red, without a commit\nover-budget = \"deny\"\nunknown-field = \"deny\"\n",
        ),
        "team" => text.push_str("\n[rules]\n# over-budget = \"deny\"           # allow, warn or deny\n"),
        _ => {}
    }
    if asked.docs != "docs" {
        text.push_str("\n[paths]\n");
        for kind in config.kinds.all() {
            if let Some(rest) = kind.path.as_str().strip_prefix("docs/") {
                text.push_str(&format!("{} = \"{}/{rest}\"\n", kind.id, asked.docs));
            }
        }
    }
    if asked.preset != "minimal" {
        text.push_str("\n# Who there is. With this table, `pmkit new` takes these names alone, and `Name <address>` for others.\n");
        match asked.me {
            Some((handle, name, email)) => text.push_str(&format!(
                "# [people]\n# {handle} = {{ name = \"{name}\", email = \"{email}\" }}\n"
            )),
            None => text
                .push_str("# [people]\n# maya = { name = \"Maya Chen\", email = \"maya@acme.example\" }\n"),
        }
        text.push_str(
            "\n# Pieces of work that records belong to. The keeper owns what nobody else does yet.\n# [initiative.checkout]\n# title = \"Checkout redesign\"\n# keeper = \"maya\"\n",
        );
    }
    text
}

fn readme(asked: Start<'_>, config: &Config) -> String {
    let mut text = String::from(
        "# Decisions, proposals and the RAID log\n\nWhat we decided, what we propose and what could go wrong is kept here, one markdown file a record, and checked by\npmkit on every change. Git remembers who wrote what and when.\n\n| record | where | what it is for |\n|---|---|---|\n",
    );
    // What a team begins with: what it decides, and what is on the board. The others come when they are needed.
    let decides = |kind: &Kind| !kind.lifecycle.decided.is_empty();
    let begins = |kind: &&Kind| decides(kind) || kind.group.as_deref() == Some(GROUP);
    for kind in config.kinds.all().iter().filter(begins) {
        let place = kind.path.as_str();
        let place =
            place.strip_prefix("docs/").map_or(place.to_owned(), |rest| format!("{}/{rest}", asked.docs));
        let folder = place.rfind('/').map_or("", |slash| &place[..slash]);
        let purpose = visible(kind.purpose.as_deref().unwrap_or(&kind.title));
        text.push_str(&format!("| {} | `{folder}/` | {purpose} |\n", visible(&kind.title)));
    }
    let others: Vec<&str> =
        config.kinds.all().iter().filter(|kind| !begins(kind)).map(|kind| kind.id.as_str()).collect();
    if !others.is_empty() {
        text.push_str(&format!(
            "\nThere are more, for when they are needed: {}. `pmkit kinds KIND` shows each.\n",
            others.join(", ")
        ));
    }
    text.push_str("\n## What there is\n\n`pmkit index` writes it anew between the comments.\n");
    let mut groups: Vec<&str> =
        config.kinds.all().iter().filter(begins).filter_map(|kind| kind.group.as_deref()).collect();
    groups.dedup();
    for group in groups {
        let title: String =
            group.chars().take(1).flat_map(char::to_uppercase).chain(group.chars().skip(1)).collect();
        text.push_str(&format!(
            "\n### {}\n\n<!-- pmkit:register {group} -->\n<!-- pmkit:end -->\n",
            visible(&title)
        ));
    }
    text.push_str("\n## What to do\n");
    text.push_str(
        "\nAnyone may add one:\n\n    pmkit new risk \"The supplier may miss the date\"\n\nand see whether all is well:\n\n    pmkit lint\n",
    );
    text
}
