//! What a change makes of what steers the tree it is judged by.

use std::fs;

use pmkit::config;
use pmkit::config::Settings;
use pmkit::kind::KindFile;
use pmkit::kind::built_in;
use pmkit::lint::Policy;
use pmkit::lint::Weakened;
use pmkit::lint::weakened;
use pmkit::rules;

use crate::story::Story;

const KIND: &str = r#"
id = "note"
title = "Note"
prefix = "NOTE"
group = "papers"
path = "docs/notes/{number:04}-{slug}.md"
also = ["notes/*.md"]
max_words = 100

[levels]
over-budget = "deny"

[[field]]
name = "source"
type = "url"
required_in = ["review", "accepted"]
frozen = true

[[field]]
name = "close"
type = "date"
deadline_in = ["review"]
min_window = "3bd"
window_from = "created"

[[field]]
name = "weight"
type = "integer"
min = 1
max = 5

[[field]]
name = "answers"
type = "refs"
to = ["risk"]

[[field]]
name = "judge"
type = "person"
waits_in = ["review"]

[[field]]
name = "time"
type = "period"

[[field]]
name = "whole"
type = "ref"
to = ["note"]
within = "time"

[[section]]
title = "Claim"
required = true
max_words = 50
items = { min = 2 }

[[field]]
name = "opened"
type = "date"
ready_in = ["review"]
ready_ahead = "2bd"
companion = { kind = "change", through = "amends", in = ["approved"], ahead = "14d", when = { field = "weight", is = ["4", "5"] } }

[[section]]
title = "Evidence"
required = true

[[section]]
title = "Results"

[[section.each]]
label = "metric"

[[section.each]]
label = "date"
aliases = ["by"]
type = "date"

[[pattern]]
section = "Claim"
must_match = "^> "
message = "quote somebody"

[lifecycle]
field = "status"
initial = "draft"
moves = { draft = ["review"], review = ["accepted", "rejected"], accepted = [], rejected = [] }
open = ["draft", "review"]
decided = ["accepted", "rejected"]
frozen = true
mutable_sections = []
"#;

const CONFIG: &str = r#"
[rules]
# missing-field is what matters
missing-field = "deny"
[[override]]
paths = ["docs/core/**"]
rules = { overdue = "deny" }
[people]
maya = { name = "Maya Chen" }
"#;

fn settings(kind: &str, config: &str) -> Settings {
    let mut kinds = built_in();
    let path = ".pmkit/kinds/note.toml".to_owned();
    kinds.push(KindFile { path, text: kind.to_owned().into(), template: None, built_in: false });
    let config = Some(("pmkit.toml".to_owned(), config.to_owned()));
    Settings { config, kinds, ..Settings::default() }
}

fn found(then: &Settings, here: &Settings) -> Vec<Weakened> {
    let load = |settings| config::load(settings, &rules::names()).unwrap_or_else(|error| panic!("{error}"));
    let (was, is) = (load(then), load(here));
    weakened(Policy { config: &was, settings: then }, Policy { config: &is, settings: here })
}

/// Replaces a part of the kind file and of the configuration, and returns what is told.
fn told(file: &str, from: &str, to: &str) -> Vec<String> {
    let (kind, config) = match file {
        "kind" => (KIND.replace(from, to), CONFIG.to_owned()),
        _ => (KIND.to_owned(), CONFIG.replace(from, to)),
    };
    assert!(kind != KIND || config != CONFIG, "{from} is not there");
    let found = found(&settings(KIND, CONFIG), &settings(&kind, &config));
    found.into_iter().map(|one| one.message).collect()
}

#[test]
fn every_way_of_asking_less_is_told_in_words() {
    for (file, from, to, said) in [
        (
            "config",
            "missing-field = \"deny\"",
            "missing-field = \"warn\"",
            "`missing-field` is lowered from deny to warn",
        ),
        (
            "config",
            "missing-field = \"deny\"\n",
            "broken-link = \"allow\"\n",
            "`broken-link` is lowered from deny to allow",
        ),
        (
            "config",
            "overdue = \"deny\"",
            "overdue = \"allow\"",
            "`overdue` is lowered from deny to allow for docs/core/**",
        ),
        (
            "config",
            "[[override]]\npaths = [\"docs/core/**\"]\nrules = { overdue = \"deny\" }\n",
            "",
            "`overdue` is lowered from deny to warn for docs/core/**",
        ),
        (
            "config",
            "maya = { name = \"Maya Chen\" }",
            "",
            "nobody is named in [people] any more, so that anybody may own anything",
        ),
        (
            "config",
            "[people]",
            "[paths]\nnote = \"n/{id}.md\"\n[people]",
            "note: files at `docs/notes/{number:04}-{slug}.md` are no records any more",
        ),
        (
            "kind",
            "[levels]\nover-budget = \"deny\"\n",
            "",
            "`over-budget` is lowered from deny to warn for note",
        ),
        ("kind", "also = [\"notes/*.md\"]", "", "note: files at `notes/*.md` are no records any more"),
        ("kind", "max_words = 100", "max_words = 300", "note: a record may have 300 words, was 100"),
        ("kind", "max_words = 100", "", "note: a record may have any number of words, was 100"),
        ("kind", "max_words = 50", "", "note: the section `Claim` may have any number of words, was 50"),
        (
            "kind",
            "required_in = [\"review\", \"accepted\"]",
            "required_in = [\"accepted\"]",
            "note: `source` is no longer required in review",
        ),
        ("kind", "required_in = [\"review\", \"accepted\"]", "", "note: `source` is no longer required"),
        (
            "kind",
            "required_in = [\"review\", \"accepted\"]",
            "required_if = { field = \"weight\", is = [\"5\"] }",
            "note: `source` is no longer required but where `weight` is 5",
        ),
        ("kind", "type = \"url\"", "type = \"text\"", "note: `source` is text, was url"),
        ("kind", "frozen = true\n\n", "\n", "note: `source` may change once decided"),
        ("kind", "deadline_in = [\"review\"]\n", "", "note: `close` is no longer a deadline in review"),
        (
            "kind",
            "min_window = \"3bd\"",
            "min_window = \"2d\"",
            "note: the least time before `close` is 2 days, was 3 business days",
        ),
        ("kind", "max = 5", "max = 9", "note: `weight` may be more than before"),
        ("kind", "min = 1\n", "", "note: `weight` may be any number from below"),
        ("kind", "to = [\"risk\"]", "to = [\"risk\", \"issue\"]", "note: `answers` may also point to issue"),
        ("kind", "required = true", "required = false", "note: the section `Claim` is no longer required"),
        (
            "kind",
            "items = { min = 2 }",
            "items = { min = 1 }",
            "note: the section `Claim` may have fewer entries than before",
        ),
        (
            "kind",
            "[[pattern]]\nsection = \"Claim\"\nmust_match = \"^> \"\nmessage = \"quote somebody\"\n",
            "",
            "note: “quote somebody” is no longer asked",
        ),
        (
            "kind",
            "accepted = []",
            "accepted = [\"review\"]",
            "note: from accepted a record may go to review and rejected",
        ),
        (
            "kind",
            "decided = [\"accepted\", \"rejected\"]",
            "decided = [\"accepted\"]",
            "note: nothing has been decided any more in rejected",
        ),
        (
            "kind",
            "open = [\"draft\", \"review\"]",
            "open = [\"draft\"]",
            "note: deadlines no longer run in review",
        ),
        (
            "kind",
            "mutable_sections = []",
            "mutable_sections = [\"Claim\"]",
            "note: these sections of a decided text may change: Claim",
        ),
        (
            "kind",
            "decided = [\"accepted\", \"rejected\"]\nfrozen = true",
            "decided = [\"accepted\", \"rejected\"]",
            "note: a decided text may change",
        ),
        (
            "kind",
            "rejected = []",
            "rejected = [\"limbo\"], limbo = [\"accepted\"]",
            "note: from rejected a record may go to limbo and accepted",
        ),
        (
            "kind",
            "window_from = \"created\"",
            "window_from = \"opened\"",
            "note: `close` has time counted from opened, was created",
        ),
        (
            "kind",
            "name = \"source\"\ntype = \"url\"",
            "name = \"origin\"\ntype = \"url\"",
            "note: the field `source` is gone, and what was asked of it",
        ),
        (
            "kind",
            "title = \"Claim\"\nrequired",
            "title = \"Claim\"\naliases = [\"Anything\"]\nrequired",
            "note: the section `Claim` may also be called Anything",
        ),
        ("kind", "type = \"integer\"", "type = \"number\"", "note: `weight` is number, was integer"),
        ("kind", "group = \"papers\"", "group = \"misc\"", "note: its group is misc, was papers"),
        (
            "kind",
            "to = [\"risk\"]",
            "to = [\"risk\"]\nor_text = true",
            "note: `answers` may hold words that name no record",
        ),
        (
            "kind",
            "waits_in = [\"review\"]",
            "waits_in = [\"review\"]\nwaits_if = { field = \"weight\", is = [\"5\"] }",
            "note: `judge` makes nobody wait in some records",
        ),
        (
            "kind",
            "waits_in = [\"review\"]",
            "waits_in = [\"draft\"]",
            "note: `judge` makes nobody wait any more in review",
        ),
        (
            "kind",
            "ready_in = [\"review\"]\nready_ahead = \"2bd\"\n",
            "",
            "note: `opened` is no day to be ready for any more",
        ),
        (
            "kind",
            "ready_ahead = \"2bd\"\n",
            "",
            "note: a record is to be ready 0 days before `opened`, was 2 business days",
        ),
        (
            "kind",
            "ready_in = [\"review\"]",
            "ready_in = [\"draft\", \"review\"]",
            "note: `opened` takes a record for ready in draft",
        ),
        (
            "kind",
            "companion = {",
            "# companion = {",
            "note: `opened` no longer asks for a change that stands ready",
        ),
        (
            "kind",
            "kind = \"change\", through = \"amends\", in = [\"approved\"]",
            "kind = \"dependency\", through = \"blocks\", in = [\"met\"]",
            "note: `opened` no longer asks for a change that stands ready",
        ),
        (
            "kind",
            "ahead = \"14d\"",
            "ahead = \"1w\"",
            "note: `opened` asks for a change 7 days before, was 14 days",
        ),
        (
            "kind",
            "in = [\"approved\"]",
            "in = [\"approved\", \"proposed\"]",
            "note: to `opened` a change is ready that is proposed, too",
        ),
        (
            "kind",
            "is = [\"4\", \"5\"]",
            "is = [\"5\"]",
            "note: `opened` no longer asks for a change where `weight` is 4",
        ),
        ("kind", "within = \"time\"", "", "note: `whole` bounds nothing, was time"),
        (
            "kind",
            "[[section.each]]\nlabel = \"metric\"\n",
            "",
            "note: an entry of `Results` need no longer state its metric",
        ),
        (
            "kind",
            "aliases = [\"by\"]\ntype = \"date\"",
            "aliases = [\"by\"]",
            "note: `date` in an entry of `Results` is text, was date",
        ),
        (
            "kind",
            "aliases = [\"by\"]",
            "aliases = [\"by\", \"note\"]",
            "note: `date` in an entry of `Results` may also be called note",
        ),
        (
            "config",
            "maya = { name = \"Maya Chen\" }",
            "tom = { aliases = [\"maya\"] }",
            "`maya` is tom from now on, was maya",
        ),
        (
            "config",
            "maya = { name = \"Maya Chen\" }",
            "maya = { name = \"Maya Chen\", email = \"x@evil.example\" }",
            "`x@evil.example` is maya from now on, was nobody",
        ),
        (
            "config",
            "maya = { name = \"Maya Chen\" }",
            "lee = { name = \"Lee\" }",
            "`Maya Chen` is nobody in [people] from now on, was maya",
        ),
    ] {
        let told = told(file, from, to);
        assert!(told.iter().any(|message| message == said), "{from} → {to}: {told:#?}");
    }
}

#[test]
fn what_asks_more_or_the_same_is_not_told() {
    for (file, from, to) in [
        ("config", "missing-field = \"deny\"", "missing-field = \"deny\"\nover-budget = \"deny\""),
        (
            "config",
            "[people]",
            "[initiative.tide]\ntitle = \"Tide\"\n[people]\nlee = { name = \"Lee Park\" }",
        ),
        ("kind", "max_words = 100", "max_words = 80"),
        ("kind", "required_in = [\"review\", \"accepted\"]", "required = true"),
        ("kind", "min_window = \"3bd\"", "min_window = \"5bd\""),
        ("kind", "max = 5", "max = 4"),
        // Records that lie where they lay are found there still.
        (
            "kind",
            "path = \"docs/notes/{number:04}-{slug}.md\"\nalso = [\"notes/*.md\"]",
            "path = \"papers/{number:04}-{slug}.md\"\nalso = [\"notes/*.md\", \"docs/notes/*.md\"]",
        ),
        ("kind", "title = \"Evidence\"\n", "title = \"Proof\"\naliases = [\"Evidence\"]\n"),
        ("kind", "[[pattern]]", "[[section]]\ntitle = \"More\"\n[[pattern]]"),
        ("kind", ", when = { field = \"weight\", is = [\"4\", \"5\"] } }", " }"),
        ("kind", "ahead = \"14d\"", "ahead = \"15d\""),
        ("kind", "ready_ahead = \"2bd\"", "ready_ahead = \"1w\""),
        ("kind", "label = \"metric\"", "label = \"measure\"\naliases = [\"metric\"]"),
    ] {
        assert_eq!(told(file, from, to), [""; 0], "{from} → {to}");
    }
    assert_eq!(found(&settings(KIND, CONFIG), &settings(KIND, CONFIG)), []);
}

#[test]
fn it_is_told_on_its_line() {
    let config = CONFIG.replace("missing-field = \"deny\"", "missing-field = \"allow\"");
    let found = found(&settings(KIND, CONFIG), &settings(KIND, &config));
    assert_eq!(found[0].path, "pmkit.toml");
    let span = found[0].span.unwrap();
    // Not in the comment above it.
    assert!(config[..span.start()].ends_with("matters\n"), "{}", &config[..span.start()]);
}

fn story() -> Story {
    let story = Story::new();
    story.program.write("pmkit.toml", CONFIG);
    story.program.write("docs/raid/R-0001-tide.md", RISK);
    story.commit("start");
    story.git(&["switch", "--quiet", "--create", "work"]);
    story
}

const RISK: &str = "---\nid: R-0001\ntitle: Tide may miss the date\nstatus: open\nowner: maya\nnext_step: Ask Dana\ndue: 2026-12-01\nraised_by: maya\nreviewed: 2026-11-19\ncreated: 2026-11-01\n---\n\n# Tide may miss the date\n\n## Description\n\nTide.\n";

fn lint(story: &Story, words: &[&str]) -> crate::program::Run {
    story.program.run(&[&["lint", "--base", "main"], words].concat())
}

#[test]
fn a_change_that_weakens_is_told_and_does_not_profit() {
    let story = story();
    story
        .program
        .write("pmkit.toml", CONFIG.replace("missing-field = \"deny\"", "missing-field = \"allow\""));
    story.program.write("docs/raid/R-0001-tide.md", RISK.replace("owner: maya", "owner:"));
    let run = lint(&story, &[]);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("error[missing-field]: R-0001 has no owner"), "{}", run.out);
    let place =
        "warning[policy-weakened]: `missing-field` is lowered from deny to allow\n --> pmkit.toml:4:1";
    assert!(run.out.contains(place), "{}", run.out);
    // To try them, its own rules may be asked; loudly.
    let run = lint(&story, &["--policy", "head"]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(!run.out.contains("missing-field]"), "{}", run.out);
    assert!(run.out.contains("note: judged by the rules of the change itself"), "{}", run.out);
    assert!(run.out.contains("policy-weakened"), "{}", run.out);
    // A team may have it stop the build.
    story.git(&["stash", "--quiet"]);
    story.git(&["switch", "--quiet", "main"]);
    story.program.write("pmkit.toml", CONFIG.replace("[rules]", "[rules]\npolicy-weakened = \"deny\""));
    story.commit("strict");
    story.git(&["switch", "--quiet", "work"]);
    story.git(&["stash", "pop", "--quiet"]);
    story.program.write("docs/raid/R-0001-tide.md", RISK);
    let run = lint(&story, &[]);
    assert!(run.code == 1 && run.out.contains("error[policy-weakened]"), "{}", run.out);
}

#[test]
fn a_broken_file_is_a_finding_here_and_an_error_at_the_base() {
    let story = story();
    story.program.write("docs/raid/R-0001-tide.md", RISK.replace("owner: maya", "owner:"));
    for (text, said) in [
        ("[rules]\nmissing-field = \"yes\"\n", " --> pmkit.toml:2:17"),
        ("[rules\n", " --> pmkit.toml:1"),
        ("[rulez]\n", "did you mean `rules`?"),
    ] {
        story.program.write("pmkit.toml", text);
        for words in [&[][..], &["--staged"]] {
            story.git(&["add", "--all"]);
            let run = lint(&story, words);
            assert_eq!(run.code, 1, "{text}: {}{}", run.out, run.err);
            assert!(run.out.contains("error[broken-configuration]") && run.out.contains(said), "{}", run.out);
            assert!(run.out.contains("R-0001 has no owner"), "{}", run.out);
        }
        assert_eq!(lint(&story, &["--policy", "head"]).code, 2);
    }
    fs::write(story.program.path("pmkit.toml"), [0xff, 0xfe]).unwrap();
    let run = lint(&story, &[]);
    assert!(run.code == 1 && run.out.contains("is not UTF-8"), "{}{}", run.out, run.err);
    // Without a base there is nothing else to judge by.
    assert_eq!(story.program.run(&["lint"]).code, 2);
    // At the base it stops everything, and says so.
    story.program.write("pmkit.toml", "[rules\n");
    story.commit("broken");
    story.git(&["branch", "--force", "main"]);
    story.program.write("pmkit.toml", CONFIG);
    let run = lint(&story, &[]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("this is how it is at main"), "{}", run.err);
    assert_eq!(lint(&story, &["--policy", "head"]).code, 0, "{}", lint(&story, &["--policy", "head"]).err);
}

#[test]
fn what_steers_may_go_and_still_counts() {
    let story = story();
    fs::remove_file(story.program.path("pmkit.toml")).unwrap();
    story.program.write("docs/raid/R-0001-tide.md", RISK.replace("owner: maya", "owner: nobody-known"));
    let run = lint(&story, &[]);
    assert!(run.out.contains("unknown-owner"), "{}", run.out);
    assert!(run.out.contains("note: pmkit.toml is gone, and counts as main has it"), "{}", run.out);
    assert!(run.out.contains("`overdue` is lowered from deny to warn for docs/core/**"), "{}", run.out);
    assert!(run.out.contains("nobody is named in [people] any more"), "{}", run.out);
}

#[test]
fn who_begins_with_pmkit_weakens_nothing() {
    let story = Story::new();
    story.program.write("README.md", "Hello.\n");
    story.commit("start");
    story.git(&["switch", "--quiet", "--create", "work"]);
    story.program.write("pmkit.toml", "[rules]\nmissing-field = \"warn\"\n");
    story.program.write("docs/raid/R-0001-tide.md", RISK);
    let run = lint(&story, &[]);
    assert!(!run.out.contains("policy-weakened"), "{}", run.out);
    assert!(run.out.contains("note: pmkit.toml is new, and counts: main has none"), "{}", run.out);
    // What is built in is there to judge by.
    story.program.write("pmkit.toml", "[rules\n");
    let run = lint(&story, &[]);
    assert!(run.code == 1 && run.out.contains("error[broken-configuration]"), "{}{}", run.out, run.err);
}
