//! The built-in kinds say what they should, a team's own kinds are read by the same loader, and what cannot be is told.

use pmkit::date::Date;
use pmkit::kind::built_in;
use pmkit::scaffold::example;
use serde_json::Value;

use crate::program::Program;
use crate::tree::Tree;

fn today() -> Date {
    Date::parse("2026-11-20").unwrap()
}

#[test]
fn the_built_in_kinds_are_there_and_refer_only_to_kinds_there_are() {
    let config = Tree::default().config().unwrap();
    let ids: Vec<&str> = config.kinds.all().iter().map(|kind| kind.id.as_str()).collect();
    let expected = [
        "change",
        "escalation",
        "memo",
        "rfc",
        "okr",
        "battlecard",
        "insight",
        "canvas",
        "process",
        "stakeholder",
        "design-review",
        "prd",
        "assumption",
        "dependency",
        "issue",
        "risk",
        "health-check",
        "sync",
        "update",
    ];
    assert_eq!(ids, expected);
    for field in config.kinds.all().iter().flat_map(|kind| &kind.fields) {
        for to in &field.to {
            assert!(ids.contains(&to.as_str()), "`{}` points to `{to}`", field.name);
        }
        if let Some(companion) = &field.companion {
            let kind = config.kinds.all().iter().find(|kind| kind.id == companion.kind).unwrap();
            assert!(kind.field(&companion.through).unwrap().value.is_reference());
            assert!(companion.states.iter().all(|state| kind.lifecycle.states().contains(&state.as_str())));
        }
    }
}

#[test]
fn every_section_and_field_of_a_built_in_kind_says_what_it_is_for() {
    for kind in Tree::default().config().unwrap().kinds.all() {
        assert!(kind.purpose.is_some() && kind.example.is_some() && kind.template.is_some(), "{}", kind.id);
        for field in &kind.fields {
            assert!(field.help.is_some(), "{}: {}", kind.id, field.name);
        }
        let template = kind.template.as_deref().unwrap();
        for section in &kind.sections {
            let help = section.help.as_deref().unwrap_or_default();
            assert!(!help.is_empty() && !help.contains('\n'), "{}: {}", kind.id, section.title);
            assert!(
                template.contains(&format!("\n## {}\n\n<!-- {help} -->\n", section.title)),
                "{}: {}",
                kind.id,
                section.title
            );
        }
    }
}

#[test]
fn every_filled_example_is_clean() {
    // Together, for some name others.
    let config = Tree::default().config().unwrap();
    let mut tree = Tree::default();
    for kind in config.kinds.all() {
        let naming = pmkit::kind::Naming { prefix: &kind.prefix, number: 12, slug: "example", date: today() };
        tree.files.insert(kind.path.fill(naming), example(kind, today()).into_bytes());
    }
    let found: Vec<String> =
        tree.lint(today()).into_iter().map(|f| format!("{}: {}: {}", f.path, f.rule, f.message)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// Turns TOML into JSON, for the schema validator.
fn json(text: &str) -> Value {
    toml::from_str(text).unwrap()
}

#[test]
fn the_schema_agrees_with_the_loader() {
    let schema: Value = serde_json::from_str(include_str!("../../docs/schema/kind.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for file in built_in() {
        assert!(schema.is_valid(&json(&file.text)), "{}", file.path);
    }
    for wrong in ["id = 1", "[[field]]\nnane = 'x'", "[lifecycle]\nfrozen = 'yes'", "max_words = 0"] {
        assert!(!schema.is_valid(&json(wrong)), "{wrong}");
    }
}

/// Loads a kind file as a team would write it and returns what is wrong with it: the marked text and the words.
fn mistakes(text: &str) -> Vec<(String, String)> {
    let mut tree = Tree::default();
    tree.files.insert(".pmkit/kinds/note.toml".to_owned(), text.as_bytes().to_vec());
    let Err(error) = tree.config() else { return Vec::new() };
    let told = |mistake: pmkit::error::Mistake| {
        let words = std::iter::once(mistake.message).chain(mistake.help).collect::<Vec<_>>().join(" | ");
        (mistake.span.of(&mistake.source).to_owned(), words)
    };
    error.mistakes.into_iter().map(told).collect()
}

fn check(body: &str, marked: &str, words: &str) {
    let text = format!(
        "id = \"note\"\ntitle = \"Note\"\nprefix = \"N\"\npath = \"notes/{{number}}-{{slug}}.md\"\n{body}"
    );
    let found = mistakes(&text);
    let fits = |(span, told): &(String, String)| span == marked && told.contains(words);
    assert!(found.iter().any(fits), "{body}\n{found:#?}");
}

#[test]
fn every_mistake_in_a_kind_file_has_its_place_and_the_name_that_was_meant() {
    check("colour = 'red'", "colour", "not a key of a kind file");
    check("max_wrods = 3", "max_wrods", "did you mean `max_words`?");
    check("max_words = 'many'", "'many'", "a whole number from 1");
    check("[[field]]\nname = 'x'\ntype = 'dat'", "'dat'", "did you mean `date`?");
    check("[[field]]\nname = 'x'\ntype = 'enum'", "'x'", "allows no value");
    check("[[field]]\nname = 'x'\nto = ['risk']", "['risk']", "belongs to a `ref` or `refs` field");
    check("[[field]]\nname = 'x'\ntype = 'ref'\nto = ['rsik']", "'rsik'", "did you mean `risk`?");
    check("[[field]]\nname = 'x'\ndefault = '{you}'", "'{you}'", "placeholders are");
    check(
        "[[field]]\nname = 'x'\ntype = 'date'\nmin_window = '3 days'\nwindow_from = 'created'",
        "'3 days'",
        "write `14d`",
    );
    check("[[field]]\nname = 'x'\ntype = 'date'\nmin_window = '3d'", "'x'", "needs `window_from`");
    check(
        "[[field]]\nname = 'x'\n[[field]]\nname = 'y'\nkey = 'X'",
        "'X'",
        "belongs to the field `x` already",
    );
    check("[[field]]\nname = 'x'\nkey = 'owner'", "'owner'", "already means the field `owner`");
    check(
        "[[field]]\nname = 'x'\nrequired_if = { field = 'ownr', is = ['a'] }",
        "'ownr'",
        "did you mean `owner`?",
    );
    check("[[section]]\ntitle = 'A'\n[[section]]\ntitle = 'a'", "'a'", "two sections are titled");
    check("[[section]]\ntitle = 'A'\nrole = 'question'", "'question'", "did you mean `questions`?");
    check(
        "[[field]]\nname = 'x'\ntype = 'date'\nnot_after = 'creatd'",
        "'creatd'",
        "did you mean `created`?",
    );
    check("[[field]]\nname = 'x'\nmin = 2", "2", "belongs to an `integer`, `number` or list field");
    check("[[field]]\nname = 'x'\ntype = 'integer'\nresidual_of = 'owner'", "'owner'", "is no number");
    check("[[field]]\nname = 'x'\ntype = 'date'\nnot_after = 'owner'", "'owner'", "is no date");
    check("[[field]]\nname = 'x'\ntype = 'date'\nnot_after = 'x'", "'x'", "names the field itself");
    check("[[field]]\nname = 'x'\nnot_after = 'created'", "'created'", "belongs to a `date` field");
    check("[[field]]\nname = 'x'\ntype = 'date'\nnot_after_in = ['a']", "['a']", "needs `not_after`");
    check(
        "[[section]]\ntitle = 'A'\nanswered_in = ['x']",
        "['x']",
        "belongs to a section of questions or objections",
    );
    check(
        "[[section]]\ntitle = 'A'\nrole = 'questions'\nanswered_in = ['b']\n[lifecycle]\ninitial = 'a'\nmoves = { a = [] }",
        "'b'",
        "not a state",
    );
    check("[[section]]\ntitle = 'A'\n[[section.each]]\nlabel = 'a:'", "'a:'", "cannot be a label");
    check(
        "[[section]]\ntitle = 'A'\n[[section.each]]\nlabel = 'a'\n[[section.each]]\nlabel = 'b'\naliases = ['A']",
        "'A'",
        "the label of another part",
    );
    check("[[section]]\ntitle = 'A'\n[[section.each]]\nlabel = 'a'\ntype = 'url'", "'url'", "takes one of");
    check("[[pattern]]\nsection = 'B'\nmust_match = 'x'\nmessage = 'm'", "'B'", "not the title of a section");
    check("[[pattern]]\nmust_match = '('\nmessage = 'm'", "'('", "not a regular expression");
    check("[[pattern]]\nmessage = 'm'", "'m'", "needs `must_match`");
    check("[lifecycle]\ninitial = 'darft'\nmoves = { draft = [] }", "'darft'", "did you mean `draft`?");
    check("[lifecycle]\nmoves = { draft = [] }", "lifecycle", "needs `initial`");
    check("[lifecycle]\ninitial = 'a'\nmoves = { a = [] }\nopen = ['b']", "'b'", "not a state");
    check("[lifecycle]\ninitial = 'a'\nmoves = { a = [] }\nretired = ['b']", "'b'", "not a state");
    check("[lifecycle]\ninitial = 'a'\nmoves = { a = [] }\nrefuted = ['b']", "'b'", "not a state");
    let companion = |rest: &str| {
        format!(
            "[[field]]\nname = 'x'\ntype = 'date'\n[[field]]\nname = 'y'\ntype = 'date'\ncompanion = {{ {rest} }}"
        )
    };
    for (rest, marked, words) in [
        (
            "kind = 'battlecrad', through = 'launch', in = ['current'], ahead = '14d'",
            "'battlecrad'",
            "did you mean `battlecard`?",
        ),
        (
            "kind = 'battlecard', through = 'lunch', in = ['current'], ahead = '14d'",
            "'lunch'",
            "is not a field by which a battlecard names a note",
        ),
        (
            "kind = 'change', through = 'amend', in = ['approved'], ahead = '14d'",
            "'amend'",
            "did you mean `amends`?",
        ),
        (
            "kind = 'change', through = 'amends', in = ['aproved'], ahead = '14d'",
            "'aproved'",
            "did you mean `approved`?",
        ),
        (
            "kind = 'change', through = 'amends', in = ['approved'], ahead = 'soon'",
            "'soon'",
            "no length of time",
        ),
        (
            "kind = 'change', through = 'amends', in = ['approved'], ahead = '1w', when = { field = 'z', is = [] }",
            "'z'",
            "is not a field of this kind",
        ),
        (
            "kind = 'change', through = 'amends', in = ['approved']",
            "{ kind = 'change', through = 'amends', in = ['approved'] }",
            "needs the key `ahead`",
        ),
    ] {
        check(&companion(rest), marked, words);
    }
    check(
        "[[field]]\nname = 'x'\ncompanion = { kind = 'change', through = 'amends', in = ['approved'], ahead = '1d' }",
        "{ kind = 'change', through = 'amends', in = ['approved'], ahead = '1d' }",
        "belongs to a `date` field",
    );
    check("[[field]]\nname = 'x'\nready_in = ['a']", "['a']", "belongs to a `date` field");
    check("[[field]]\nname = 'x'\ntype = 'date'\nready_ahead = '1bd'", "'1bd'", "needs `ready_in`");
    check(
        "[[field]]\nname = 'x'\ntype = 'date'\nready_in = ['a']\nready_ahead = 'a day'",
        "'a day'",
        "no length of time",
    );
    check(
        "[[field]]\nname = 'x'\ntype = 'date'\nready_in = ['b']\n[lifecycle]\ninitial = 'a'\nmoves = { a = [] }",
        "'b'",
        "not a state",
    );
    check("[[field]]\nname = 'x'\nor_text = true", "true", "belongs to a `ref` or `refs` field");
    check("[[field]]\nname = 'x'\nwithin = 'created'", "'created'", "belongs to a `ref` or `refs` field");
    check("[[field]]\nname = 'x'\ntype = 'ref'\nwithin = 'created'", "'created'", "is no period");
    check(
        "[[field]]\nname = 'x'\ntype = 'ref'\nwithin = 'periods'",
        "'periods'",
        "is not a field of this kind",
    );
    check(
        "[[field]]\nname = 'p'\ntype = 'period'\n[[field]]\nname = 'x'\ntype = 'ref'\nto = ['risk']\nwithin = 'p'",
        "'p'",
        "no kind it points to has a period `p`",
    );
    check("[[field]]\nname = 'x'\nground = true", "true", "belongs to a `ref` or `refs` field");
    check(
        "[lifecycle]\ninitial = 'a'\nmoves = { a = [] }\nlevels = { a = { overdu = 'warn' } }",
        "overdu",
        "did you mean `overdue`?",
    );
    check("also = ['/x/*.md']", "'/x/*.md'", "stays inside the tree");
    mistakes_in_births();
    check("title = 'twice'", "title", "not TOML");
    assert_eq!(
        mistakes("id = \"note\"\ntitle = \"Note\"\nprefix = \"N\"\npath = \"notes/{number}.md\"\n"),
        []
    );
}

/// Checks what may be wrong in `[[born_from]]`, for a note that has a section, a choice and a field that is computed.
fn mistakes_in_births() {
    let own = "[[section]]\ntitle = 'Why'\n[[field]]\nname = 'size'\ntype = 'enum'\nvalues = ['small', 'large']\n\
               [[field]]\nname = 'sum'\ntype = 'integer'\nproduct = ['a']\n[[field]]\nname = 'a'\ntype = 'integer'\n\
               [lifecycle]\ninitial = 'open'\nmoves = { open = [] }\n";
    let born = |body: &str, marked: &str, words: &str| {
        check(&format!("{own}[[born_from]]\nkinds = ['risk', 'issue']\n{body}"), marked, words);
    };
    check("[[born_from]]\ntitle = 'x'", "[[born_from]]", "a way to be born needs the key `kinds`");
    check("[[born_from]]\nkinds = []", "[]", "nothing is born from no kind");
    check("[[born_from]]\nkinds = ['rsik']", "'rsik'", "did you mean `risk`?");
    born("kind = 'x'", "kind", "did you mean `kinds`?");
    born("in = ['mitigatng']", "'mitigatng'", "is not a state of risk or issue | did you mean `mitigating`?");
    born("decided = true", "true", "no state of risk or issue decides anything");
    born("suggested_by = ['overdu']", "'overdu'", "did you mean `overdue`?");
    born("title = '{{ from.title'", "'{{ from.title'", "not a template: ");
    born("title = '{{ id }}'", "id", "`id` is not something that is known here");
    born("title = '{{ form.title }}'", "form", "did you mean `from`?");
    born(
        "title = '{{ from.titel }}'",
        "from.titel",
        "`titel` is not something that `from` has | did you mean `title`?",
    );
    born(
        "title = '{{ from.title | sentense }}'",
        "'{{ from.title | sentense }}'",
        "not a template: filter sentense",
    );
    born("[born_from.fields]\nownr = 'x'", "ownr", "did you mean `owner`?");
    born("[born_from.fields]\ntitle = 'x'", "title", "write `title = …` beside `kinds`");
    born("[born_from.fields]\nid = 'x'", "id", "cannot be taken over");
    born("[born_from.fields]\nsum = '1'", "sum", "cannot be taken over");
    born("[born_from.fields]\nstatus = 'open'", "status", "begins as `initial` says");
    born("[born_from.fields]\nsize = 'smal'", "'smal'", "did you mean `small`?");
    born(
        "[born_from.fields]\nowner = '{{ from.fields.ownr }}'",
        "from.fields.ownr",
        "`ownr` is not a field of risk or issue | did you mean `owner`?",
    );
    born("[born_from.fields]\nowner = '{{ from.bands.owner }}'", "from.bands.owner", "use one of: score");
    born("[born_from.sections]\nWhi = 'x'", "Whi", "did you mean `Why`?");
    born(
        "[born_from.sections]\nWhy = '{{ from.sections[\"Contigency\"] }}'",
        "Contigency",
        "is not a section of risk or issue | did you mean `Contingency`?",
    );
    born(
        "[born_from.sections]\nWhy = '{{ from.sections.Resoluton }}'",
        "from.sections.Resoluton",
        "did you mean `Resolution`?",
    );
    born("[born_from.sections]\nWhy = '{{ history.slpis }}'", "history.slpis", "did you mean `slips`?");
    born(
        "[born_from.sections]\nWhy = '{{ history.slipped.duo.days }}'",
        "history.slipped.duo",
        "did you mean `due`?",
    );
    born(
        "[born_from.sections]\nWhy = '{{ history.slipped.due.dais }}'",
        "history.slipped.due.dais",
        "did you mean `days`?",
    );
    born("[born_from.sections]\nWhy = \"\"\"\nfirst\n  {% if %}\n\"\"\"", "{% if %}", "not a template: ");
    born("[born_from.ask]\nWhen = 'x'", "When", "is not the title of a section");
    born("[born_from.ask]\nWhy = '{{ number }}'", "number", "is not something that is known here");
    born(
        "[born_from.back]\nbecam = '{{ id }}'",
        "becam",
        "is not a field of risk or issue | did you mean `became`?",
    );
    born("[born_from.back]\nscore = '1'", "score", "`score` cannot be written back");
    born("[born_from.back]\nid = '1'", "id", "`id` cannot be written back");
    let text = format!(
        "id = \"note\"\ntitle = \"Note\"\nprefix = \"N\"\npath = \"notes/{{number}}.md\"\n{own}[[born_from]]\nkinds = ['*']\nin = ['open', 'draft']\n\
         [born_from.fields]\nsize = 'small'\n[born_from.sections]\nWhy = '{{% for e in history.events if e.slip %}}{{{{ e.day }}}} {{{{ loop.index }}}}{{% endfor %}}{{{{ range(3) }}}}'\n\
         [born_from.back]\nbecame = '{{{{ id }}}}'\n"
    );
    assert_eq!(mistakes(&text), []);
}

#[test]
fn what_the_built_in_kinds_say_of_being_born_fits() {
    let mut tree = Tree::default();
    for file in built_in() {
        let name = file.path.trim_start_matches("templates/").to_owned();
        tree.files.insert(format!(".pmkit/kinds/{name}"), file.text.as_bytes().to_vec());
    }
    // As a team's own they are held against each other.
    let config = tree.config().unwrap();
    let births = config.kinds.all().iter().map(|kind| kind.births.len()).sum::<usize>();
    assert!(births >= 7, "{births}");
}

#[test]
fn a_list_may_ask_for_so_many_items() {
    let tree = Tree::default().with_kind(
        "note",
        "id = 'note'\ntitle = 'N'\nprefix = 'N'\npath = 'n/{number}.md'\n[[field]]\nname = 'sides'\ntype = 'list'\nmin = 2\nmax = 3\nexample = 'us, them'\n",
    );
    for (sides, said) in [
        ("", None),
        ("[]", None),
        ("[us, them]", None),
        (
            "[us]",
            Some(
                "`sides` holds 1 item, and at least 2 are needed | write 2 or more, as in `sides: [us, them]`",
            ),
        ),
        (
            "us",
            Some(
                "`sides` holds 1 item, and at least 2 are needed | write 2 or more, as in `sides: [us, them]`",
            ),
        ),
        ("[a, b, c, d]", Some("`sides` holds 4 items, and may hold 3 | keep 3, as in `sides: [us, them]`")),
    ] {
        let text = format!(
            "---\nid: N-0001\ntitle: T\nstatus: open\nowner: ana\ncreated: 2026-11-20\nsides: {sides}\n---\n"
        );
        let tree = Tree { files: tree.files.clone(), ..Tree::default() }.with("n/1.md", text);
        let found: Vec<String> = tree
            .lint(today())
            .into_iter()
            .filter(|found| found.rule == "invalid-value")
            .map(|found| format!("{} | {}", found.message, found.help.join(" | ")))
            .collect();
        assert_eq!(found, said.into_iter().collect::<Vec<_>>(), "{sides}");
    }
    let program = Program::in_repository();
    let run = program.run(&["new", "escalation", "T", "about=D-0003", "sides=maya"]);
    assert!(
        run.code == 2 && run.err.contains("`sides` holds 1 item, and at least 2 are needed"),
        "{}",
        run.err
    );
}

#[test]
fn names_that_cannot_be_typed_or_told_apart_are_refused() {
    for (text, marked, words) in [
        ("id = 'Note'\ntitle = 'N'\nprefix = 'N'\npath = '{id}.md'", "'Note'", "small letters"),
        ("id = 'memo2'\ntitle = 'N'\nprefix = 'N'\npath = '{id}.md'", "'memo2'", "name the file memo2.toml"),
        ("id = 'note'\ntitle = 'N'\nprefix = 'n'\npath = '{id}.md'", "'n'", "capitals"),
        ("id = 'note'\ntitle = 'N'\nprefix = 'N'\npath = 'one.md'", "'one.md'", "so that records differ"),
    ] {
        let found = mistakes(text);
        assert!(found.iter().any(|(span, told)| span == marked && told.contains(words)), "{found:?}");
    }
    let shared =
        Tree::default().with_kind("note", "id = 'note'\ntitle = 'N'\nprefix = 'RFC'\npath = 'n/{id}.md'\n");
    assert!(
        shared.config().unwrap_err().mistakes[0].message.contains("the kind `rfc` has this prefix already")
    );
}

#[test]
fn two_kinds_that_claim_one_file_are_both_named() {
    let tree = Tree::default()
        .with_kind("note", "id = 'note'\ntitle = 'N'\nprefix = 'N'\npath = 'docs/rfcs/{number}-{slug}.md'\n")
        .with("docs/rfcs/0001-x.md", "");
    let error = tree.try_lint(today()).unwrap_err();
    assert!(error.message.contains("`note`") && error.message.contains("`rfc`"), "{error}");
}

#[test]
fn a_kind_of_the_same_id_takes_the_built_in_ones_place() {
    let tree = Tree::default()
        .with_kind("rfc", "id = 'rfc'\ntitle = 'Text'\nprefix = 'RFC'\npath = 'text/{number}-{slug}.md'\nalso = ['old/*.md']\n[[field]]\nname = 'id'\n[[field]]\nname = 'created'\n[lifecycle]\n")
        .with("text/1-a.md", "---\ntitle: A\nowner: ana\nstatus: whatever\n---\n")
        .with("old/rfc-2.md", "---\ntitle: B\nowner: ana\nstatus: x\nlinks: see RFC-1\n---\nAlso RFC-3.\n")
        .with("docs/rfcs/0001-x.md", "not a record any more");
    let found: Vec<String> =
        tree.lint(today()).into_iter().map(|f| format!("{}: {}", f.path, f.message)).collect();
    assert_eq!(found, ["old/rfc-2.md: there is no rfc RFC-0003"]);
}

/// What must not go up before its interests and its data are there: no rule knows of that, the states of the kind file say so.
#[test]
fn what_a_state_asks_for_is_there_and_holds_something() {
    let kind = "id = 'appeal'\ntitle = 'Appeal'\nprefix = 'AP'\npath = 'appeals/{number:04}.md'\n\
        [[field]]\nname = 'raised_to'\ntype = 'person'\nrequired_in = ['raised', 'settled']\n\
        [[section]]\ntitle = 'Positions'\nrequired = true\n\
        [[section]]\ntitle = 'Interests'\nrequired_in = ['raised', 'settled']\n\
        [[section]]\ntitle = 'Data'\nrequired_in = ['raised', 'settled']\n\
        [lifecycle]\ninitial = 'preparing'\nopen = ['preparing', 'raised']\ndecided = ['settled']\n\
        moves = { preparing = ['raised'], raised = ['settled', 'preparing'], settled = [] }\n";
    let template = "---\nid: {{ id }}\ntitle: {{ title }}\nstatus: {{ status }}\n---\n\n## Positions\n\n## Interests\n\n<!-- Why each side wants it. -->\n\n## Data\n\n<!-- Ours, theirs, and what both accept. -->\n";
    let found = |state: &str, rest: &str| {
        let text = format!(
            "---\nid: AP-0003\ntitle: A\nstatus: {state}\nowner: maya\nraised_to: priya\ncreated: 2026-11-02\n---\n\n## Positions\n\nTwo.\n{rest}"
        );
        let tree = Tree::default().with_kind("appeal", kind).with(".pmkit/kinds/appeal.md", template);
        let told = tree.with("appeals/0003.md", text).lint(today());
        told.iter().map(|found| format!("{} {}", found.rule, found.message)).collect::<Vec<_>>()
    };
    let filled = "\n## Interests\n\nBoth want the date.\n\n## Data\n\n| what | ours | theirs |\n|---|---|---|\n| days | 4 | 9 |\n";
    let head =
        "\n## Interests\n\nBoth want the date.\n\n## Data\n\n| what | ours | theirs |\n|---|---|---|\n";
    let help = "\n## Interests\n\n<!-- Why each side wants it. -->\n\n## Data\n\n-\n";
    for state in ["raised", "settled"] {
        assert_eq!(found(state, filled), [""; 0]);
        assert_eq!(found(state, head), ["empty-section AP-0003: `Data` is empty"]);
        assert_eq!(
            found(state, help),
            [
                "template-left-over AP-0003: `Interests` is still the template",
                "empty-section AP-0003: `Data` is empty"
            ]
        );
        let absent = found(state, "");
        assert_eq!(absent.len(), 2, "{absent:?}");
        for (told, section) in absent.iter().zip(["Interests", "Data"]) {
            assert!(told.starts_with("missing-section") && told.contains(section), "{told}");
        }
    }
    for rest in [filled, head, help, ""] {
        assert_eq!(found("preparing", rest), [""; 0], "{rest}");
    }
}

#[test]
fn a_built_in_kind_can_be_copied_and_changed() {
    let program = Program::in_repository();
    let file = program.run(&["kinds", "risk", "--format", "toml"]).out;
    let template = program.run(&["kinds", "risk", "--format", "template"]).out;
    assert_eq!(file, include_str!("../../templates/risk.toml"));
    assert_eq!(template, include_str!("../../templates/risk.md"));
    program.write(".pmkit/kinds/risk.toml", &(file + "\n[[field]]\nname = \"vendor\"\nrequired = true\n"));
    program.write(".pmkit/kinds/risk.md", &template);
    let run = program.run(&["new", "risk", "A supplier may go", "vendor=Tide"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(program.read(run.out.trim_end()).contains("\nvendor: Tide\n"));
    let two = program.run(&["kinds", "risk", "issue", "--format", "toml"]);
    assert_eq!((two.code, two.out.as_str()), (2, ""), "{}", two.err);
}

#[test]
fn the_examples_lint_clean() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir())
    {
        let path = entry.path();
        let run = Program::new().run(&["-C", path.to_str().unwrap(), "--today", "2026-11-20", "lint"]);
        assert!(run.code == 0 && run.out.ends_with("nothing to mend\n"), "{}{}", run.out, run.err);
        count += 1;
    }
    assert!(count >= 3);
}
