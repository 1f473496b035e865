//! A law of `lint --base`: it tells what a lint of all there is tells now and did not tell before, whatever has changed.

use std::collections::BTreeMap;

use pmkit::date::Date;
use pmkit::diagnostic::Diagnostic;

use crate::story::Dice;
use crate::tree::Tree;

const STATES: [&str; 4] = ["draft", "accepted", "superseded", "review"];

/// Says something about other files in every way there is.
fn sentence(dice: &mut Dice) -> String {
    let (rfc, risk) = (1 + dice.throw(5), 1 + dice.throw(5));
    let forms = [
        format!("See RFC-{rfc:04}."),
        format!("As RFC-{rfc} says, and rfc {rfc} said."),
        format!("It rests on R-{risk:04}, says rfc-{rfc}."),
        format!("The [proposal](../rfcs/{rfc:04}-it.md) says so."),
        format!("The [problem](../rfcs/{rfc:04}-it.md#problem) is [known](../raid/R-{risk:04}-it.md)."),
        "![A picture](../pictures/a%20b.png) of [it](../pictures/)".to_owned(),
        "Nothing in particular.".to_owned(),
        "[Read](../README.md#first-steps) this [too][x].\n\n[x]: ../raid/R-0001-it.md".to_owned(),
    ];
    forms[usize::try_from(dice.throw(8)).unwrap()].clone()
}

fn rfc(dice: &mut Dice, number: u64) -> String {
    let state = STATES[usize::try_from(dice.throw(4)).unwrap()];
    let heading = if dice.throw(3) == 0 { "Trouble" } else { "Problem" };
    let supersedes = match dice.throw(4) {
        0 => format!("supersedes: [RFC-{:04}]\n", 1 + dice.throw(5)),
        _ => String::new(),
    };
    format!(
        "---\nid: RFC-{number:04}\ntitle: It\nstatus: {state}\nowner: lee\n{supersedes}created: 2026-10-01\n---\n\n## {heading}\n\n{}\n\n{}\n",
        sentence(dice),
        sentence(dice)
    )
}

fn risk(dice: &mut Dice, number: u64) -> String {
    let owner = ["lee", "", "ana"][usize::try_from(dice.throw(3)).unwrap()];
    let allow = if dice.throw(5) == 0 { "<!-- pmkit: allow missing-field because so -->\n\n" } else { "" };
    format!(
        "---\nid: R-{number:04}\ntitle: It\nstatus: open\nowner: {owner}\nnext_step: Ask\ndue: 2026-11-{:02}\ncreated: 2026-11-10\n---\n\n## Description\n\n{allow}{}\n",
        10 + dice.throw(19),
        sentence(dice)
    )
}

/// Changes a file or two, or more.
fn change(dice: &mut Dice, tree: &mut Tree) {
    for _ in 0..=dice.throw(4) {
        let number = 1 + dice.throw(5);
        let (an_rfc, a_risk) =
            (format!("docs/rfcs/{number:04}-it.md"), format!("docs/raid/R-{number:04}-it.md"));
        match dice.throw(9) {
            0..3 => drop(tree.files.insert(an_rfc, rfc(dice, number).into_bytes())),
            3..5 => drop(tree.files.insert(a_risk, risk(dice, number).into_bytes())),
            5 => drop(tree.files.remove(&an_rfc)),
            6 => drop(tree.files.remove(&a_risk)),
            7 => match tree.files.remove("docs/pictures/a b.png") {
                Some(_) => {}
                None => drop(tree.files.insert("docs/pictures/a b.png".to_owned(), vec![1])),
            },
            _ => {
                let heading = if dice.throw(2) == 0 { "First steps" } else { "Last steps" };
                tree.files.insert("docs/README.md".to_owned(), format!("# {heading}\n").into_bytes());
            }
        }
    }
}

/// Counts findings by what makes them the same.
fn counted(found: &[Diagnostic]) -> BTreeMap<(String, &str, String, &str), i64> {
    let mut counted = BTreeMap::new();
    for one in found {
        let key = (one.path.clone(), one.rule, one.message.clone(), one.level.name());
        *counted.entry(key).or_insert(0) += 1;
    }
    counted
}

/// Returns the words of a message that are no figures and no days, without whose it is.
fn words(message: &str) -> Vec<&str> {
    let message = message.rsplit_once(" (").map_or(message, |(rest, _)| rest);
    let day = |word: &str| word.len() == 3 && word.starts_with(|c: char| c.is_ascii_uppercase());
    let time = |word: &str| ["days", "day", "ago", "in", "yesterday,", "yesterday", "today"].contains(&word);
    let figure = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit() || byte == b',');
    message.split(' ').filter(|word| !figure(word) && !day(word) && !time(word)).collect()
}

#[test]
fn what_a_change_brings_is_what_all_there_is_tells_that_was_not_told() {
    let today = Date::parse("2026-11-20").unwrap();
    let mut dice = Dice(7);
    let mut told = 0;
    let rounds = if std::env::var_os("PMKIT_SLOW_TESTS").is_some() { 2_000 } else { 100 };
    for round in 0..rounds {
        let mut base = Tree::default();
        for _ in 0..8 {
            change(&mut dice, &mut base);
        }
        let mut now = Tree { files: base.files.clone(), ..Tree::default() };
        change(&mut dice, &mut now);
        let (before, after) = (base.lint(today), now.lint(today));
        let brought = now.lint_against(&base, today);
        told += brought.len();
        let (before, after, brought) = (counted(&before), counted(&after), counted(&brought));
        for (key, count) in &after {
            let new = count - before.get(key).copied().unwrap_or(0);
            let told = brought.get(key).copied().unwrap_or(0);
            // A finding that was there with another figure, or graver, is no new one.
            let (path, rule, message, _) = key;
            let alike =
                before.keys().any(|(a, b, said, _)| (a, b) == (path, rule) && words(said) == words(message));
            // What a change allows counts later.
            let allowed = rule == &"missing-field";
            assert!(
                told == new.max(0) || (alike && told <= new.max(0)) || allowed,
                "{round}: {key:?}: {told}, not {new}"
            );
        }
        // That a decision is gone is told of a file that is not there.
        let gone = |rule: &str| rule == "changed-after-decision";
        let more = brought
            .keys()
            .filter(|key| !after.contains_key(*key) && key.1 != "missing-field" && !gone(key.1))
            // What steers is looked at where a change is.
            .filter(|key| key.1 != "policy-weakened");
        assert_eq!(more.count(), 0, "{round}");
    }
    assert!(told > rounds, "{told}");
}
