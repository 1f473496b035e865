//! Which moves are legal: chains of listed ones that do not pass through a decided or final state.

use pmkit::kind::Lifecycle;

use crate::tree::Tree;

/// Holds `lifecycle` against `table`: each state, and all that a record in it may get to.
fn check(name: &str, lifecycle: &Lifecycle, table: &[(&str, &str)]) {
    let words = |text: &str| {
        let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        words.sort();
        words
    };
    let mut states = lifecycle.states();
    states.sort_unstable();
    let named: Vec<&str> = table.iter().map(|(from, _)| *from).collect();
    assert_eq!(states, words(&named.join(" ")), "{name}");
    for (from, expected) in table {
        let expected = words(expected);
        assert_eq!(words(&lifecycle.legal(from).join(" ")), expected, "{name}: from {from}");
        for to in &states {
            let may = from == to || expected.iter().any(|known| known == to);
            assert_eq!(lifecycle.reaches(from, to), may, "{name}: {from} → {to}");
        }
    }
}

#[test]
fn the_moves_of_the_built_in_kinds() {
    let config = Tree::default().config().unwrap();
    let rfc = "review accepted rejected deferred withdrawn";
    let owed = "on-track at-risk blocked met declined dropped open";
    let but =
        |all: &str, state: &str| all.split(' ').filter(|word| *word != state).collect::<Vec<_>>().join(" ");
    for (name, table) in [
        (
            "memo",
            &[
                ("draft", "proposed accepted rejected deferred withdrawn".to_owned()),
                ("proposed", "draft accepted rejected deferred withdrawn".to_owned()),
                ("deferred", "draft proposed accepted rejected withdrawn".to_owned()),
                ("accepted", "superseded".to_owned()),
                ("rejected", String::new()),
                ("withdrawn", String::new()),
                ("superseded", String::new()),
            ][..],
        ),
        (
            "rfc",
            &[
                ("draft", rfc.to_owned()),
                ("review", format!("draft {}", but(rfc, "review"))),
                ("deferred", format!("draft {}", but(rfc, "deferred"))),
                ("accepted", "superseded deprecated".to_owned()),
                ("rejected", String::new()),
                ("withdrawn", String::new()),
                ("superseded", String::new()),
                ("deprecated", String::new()),
            ],
        ),
        (
            "battlecard",
            &[
                ("draft", "current retired".to_owned()),
                ("current", "draft retired".to_owned()),
                ("retired", "draft current".to_owned()),
            ],
        ),
        (
            "risk",
            &[
                ("open", "mitigating accepted occurred closed".to_owned()),
                ("mitigating", "open accepted occurred closed".to_owned()),
                ("accepted", "open mitigating occurred closed".to_owned()),
                ("occurred", "closed".to_owned()),
                ("closed", "open mitigating accepted occurred".to_owned()),
            ],
        ),
        (
            "assumption",
            &[
                ("open", "validated invalidated dropped".to_owned()),
                ("validated", "open invalidated dropped".to_owned()),
                ("invalidated", "open validated dropped".to_owned()),
                ("dropped", "open validated invalidated".to_owned()),
            ],
        ),
        (
            "issue",
            &[
                ("open", "in-progress resolved closed".to_owned()),
                ("in-progress", "open resolved closed".to_owned()),
                ("resolved", "open in-progress closed".to_owned()),
                ("closed", "open in-progress resolved".to_owned()),
            ],
        ),
        (
            "dependency",
            &[
                ("open", but(owed, "open")),
                ("on-track", but(owed, "on-track")),
                ("at-risk", but(owed, "at-risk")),
                ("blocked", but(owed, "blocked")),
                ("met", but(owed, "met")),
                ("declined", but(owed, "declined")),
                ("dropped", but(owed, "dropped")),
            ],
        ),
        (
            "okr",
            &[
                ("draft", "active done dropped".to_owned()),
                ("active", "done dropped".to_owned()),
                ("done", String::new()),
                ("dropped", String::new()),
            ],
        ),
        (
            "process",
            &[
                ("draft", "pilot adopted retired".to_owned()),
                ("pilot", "draft adopted retired".to_owned()),
                ("adopted", "retired".to_owned()),
                ("retired", String::new()),
            ],
        ),
        ("prd", &[("draft", "published".to_owned()), ("published", String::new())]),
        ("design-review", &[("draft", "published".to_owned()), ("published", String::new())]),
        ("health-check", &[("draft", "published".to_owned()), ("published", String::new())]),
        ("canvas", &[("draft", "published".to_owned()), ("published", String::new())]),
    ] {
        let kind = config.kinds.at(config.kinds.index_of(name).unwrap());
        let table: Vec<(&str, &str)> = table.iter().map(|(from, to)| (*from, to.as_str())).collect();
        check(name, &kind.lifecycle, &table);
    }
}

/// Returns the lifecycle with the moves `moves`, `a > b c; …`.
fn lifecycle(moves: &str, decided: &[&str], ended: &[&str]) -> Lifecycle {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let moves = moves.split("; ").map(|line| {
        let (from, to) = line.split_once(" >").unwrap();
        (from.to_owned(), to.split_whitespace().map(str::to_owned).collect())
    });
    Lifecycle { moves: moves.collect(), decided: owned(decided), ended: owned(ended), ..Lifecycle::default() }
}

#[test]
fn the_moves_of_kinds_a_team_may_have() {
    let change = lifecycle(
        "proposed > approved rejected withdrawn; approved >; rejected >; withdrawn >",
        &["approved", "rejected"],
        &["withdrawn"],
    );
    check(
        "change",
        &change,
        &[("proposed", "approved rejected withdrawn"), ("approved", ""), ("rejected", ""), ("withdrawn", "")],
    );
    let escalation = lifecycle(
        "preparing > escalated settled; escalated > decided settled preparing; decided >; settled >",
        &["decided"],
        &["settled"],
    );
    check(
        "escalation",
        &escalation,
        &[
            ("preparing", "escalated settled decided"),
            ("escalated", "decided settled preparing"),
            ("decided", ""),
            ("settled", ""),
        ],
    );
    let okr =
        lifecycle("draft > active; active > done dropped; done >; dropped >", &[], &["done", "dropped"]);
    check(
        "okr",
        &okr,
        &[("draft", "active done dropped"), ("active", "done dropped"), ("done", ""), ("dropped", "")],
    );
}

#[test]
fn without_moves_and_from_a_state_nobody_knows_anything_is_legal() {
    let none = Lifecycle::default();
    assert!(none.reaches("a", "b"));
    let some = lifecycle("a > b; b >", &["b"], &[]);
    assert!(some.reaches("x", "b") && !some.reaches("b", "a"));
}
