//! What a kind no longer asks of its fields, sections and texts.

use super::listed;
use crate::date::Date;
use crate::date::Days;
use crate::kind::Companion;
use crate::kind::Field;
use crate::kind::FieldType;
use crate::kind::Kind;
use crate::kind::Naming;
use crate::kind::Required;
use crate::kind::SectionSpec;

/// Takes a message, and a word of the kind file that it is near to.
pub(super) type Say<'a> = &'a mut dyn FnMut(String, &str);

pub(super) fn compare(was: &Kind, is: &Kind, say: Say<'_>) {
    places(was, is, say);
    let states = was.lifecycle.states();
    for before in &was.fields {
        match is.field(&before.name) {
            Some(now) => field((was, before), (is, now), &states, say),
            None => {
                say(format!("{}: the field `{}` is gone, and what was asked of it", was.id, before.name), "");
            }
        }
    }
    for before in &was.sections {
        let now = is.sections_titled(&before.title);
        match now.first().map(|at| &is.sections[*at]) {
            Some(now) => section(&was.id, before, now, &states, say),
            None => {
                say(
                    format!("{}: the section `{}` is gone, and what was asked of it", was.id, before.title),
                    "",
                );
            }
        }
    }
    looser_limit(&was.id, "a record", (was.max_words, is.max_words), "max_words", say);
    for before in &was.budgets {
        let now = is.budgets.iter().find(|budget| budget.name == before.name);
        let now = now.map(|budget| budget.max_words);
        looser_limit(&was.id, &before.name, (Some(before.max_words), now), &before.name, say);
    }
    let same = |a: &crate::kind::Pattern, b: &crate::kind::Pattern| {
        let text = |expression: &Option<crate::kind::Expression>| {
            expression.as_ref().map(|expression| expression.as_str().to_owned())
        };
        a.section == b.section
            && text(&a.must_match) == text(&b.must_match)
            && text(&a.must_not_match) == text(&b.must_not_match)
    };
    for before in was.patterns.iter().filter(|before| !is.patterns.iter().any(|now| same(before, now))) {
        say(format!("{}: “{}” is no longer asked", was.id, before.message), "");
    }
}

/// Tells of places where records lay, and are none any more.
fn places(was: &Kind, is: &Kind, say: Say<'_>) {
    let naming = Naming { prefix: &was.prefix, number: 1, slug: "x", date: Date::at(0, 0) };
    if is.claims(&was.path.fill(naming)).is_none() {
        say(format!("{}: files at `{}` are no records any more", was.id, was.path.as_str()), "path");
    }
    let there = |glob: &String| is.also.contains(glob) || is.path.glob() == **glob;
    for glob in was.also.iter().filter(|glob| !there(glob)) {
        say(format!("{}: files at `{glob}` are no records any more", was.id), "also");
    }
    if was.group.is_some() && was.group != is.group {
        let now = is.group.as_deref().unwrap_or("none");
        say(
            format!("{}: its group is {now}, was {}", was.id, was.group.as_deref().unwrap_or_default()),
            "group",
        );
    }
}

fn field((was, before): (&Kind, &Field), (is, now): (&Kind, &Field), states: &[&str], say: Say<'_>) {
    let name = &before.name;
    let id = &was.id;
    if let Some(less) = less_required(&before.required, &now.required, states) {
        say(format!("{id}: `{name}` is no longer required{less}"), name);
    }
    let any = |kind: FieldType| matches!(kind, FieldType::Text | FieldType::List);
    if before.value != now.value && !any(before.value) && before.name != is.lifecycle.field {
        say(format!("{id}: `{name}` is {}, was {}", now.value.name(), before.value.name()), name);
    }
    let known = |values: &[(String, String)]| values.iter().map(|(word, _)| word.clone()).collect::<Vec<_>>();
    let wider = [
        ("may also be", lost_of(&now.values, &before.values), !before.values.is_empty()),
        ("may also be written", lost_of(&known(&now.value_aliases), &known(&before.value_aliases)), true),
        ("may also be called", lost_of(&now.aliases, &before.aliases), true),
    ];
    for (what, more, _) in wider.iter().filter(|(_, more, counts)| *counts && !more.is_empty()) {
        let more: Vec<&str> = more.iter().map(String::as_str).collect();
        // The states are the lifecycle's.
        if before.name != is.lifecycle.field || *what != "may also be" {
            say(format!("{id}: `{name}` {what} {}", listed(&more)), name);
        }
    }
    for (what, before, now) in [
        ("is read from the key", Some(&before.key), Some(&now.key)),
        ("has time counted from", before.window_from.as_ref(), now.window_from.as_ref()),
        ("keeps to", before.not_after.as_ref(), now.not_after.as_ref()),
        ("is what is left of", before.residual_of.as_ref(), now.residual_of.as_ref()),
        ("is answered by", before.inverse.as_ref(), now.inverse.as_ref()),
        ("bounds", before.within.as_ref(), now.within.as_ref()),
        ("is a deadline for", now.deadline_of.as_ref(), before.deadline_of.as_ref()),
    ] {
        if let Some(before) = before
            && Some(before) != now
        {
            let no = "nothing".to_owned();
            let now = now.unwrap_or(&no);
            let (was, is) = if what == "is a deadline for" { (now, before) } else { (before, now) };
            say(format!("{id}: `{name}` {what} {is}, was {was}"), name);
        }
    }
    if !before.bands.is_empty() && before.bands != now.bands {
        say(format!("{id}: `{name}` has other bands than before"), name);
    }
    let mut gone = |what: &str, before: &[String], now: &[String]| {
        let lost: Vec<&str> = lost(before, now);
        if !lost.is_empty() {
            say(format!("{id}: `{name}` {what} {}", listed(&lost)), name);
        }
    };
    gone("is no longer a deadline in", &before.deadline_in, &now.deadline_in);
    gone("makes nobody wait any more in", &before.waits_in, &now.waits_in);
    gone("is no longer red on a board for", &before.red, &now.red);
    gone("is no longer amber on a board for", &before.amber, &now.amber);
    gone("need no longer have passed in", &before.passed_in, &now.passed_in);
    gone("is no longer the product of", &before.product, &now.product);
    if !before.ready_in.is_empty() {
        gone("takes a record for ready in", &now.ready_in, &before.ready_in);
    }
    gone("settles changes to what was decided in", &now.settles_in, &before.settles_in);
    if !before.to.is_empty() {
        let more = lost(&now.to, &before.to);
        if now.to.is_empty() {
            say(format!("{id}: `{name}` may point to any kind"), name);
        } else if !more.is_empty() {
            say(format!("{id}: `{name}` may also point to {}", listed(&more)), name);
        }
    }
    let mut dropped = |what: &str, before: bool, now: bool| {
        if before && !now {
            say(format!("{id}: `{name}` {what}"), name);
        }
    };
    dropped("may change once decided", before.frozen, now.frozen);
    dropped("is no longer followed through history", before.tracked, now.tracked);
    dropped("may hold words that name no record", !before.or_text, !now.or_text);
    dropped("is no longer what a record stands on", before.ground, now.ground);
    dropped("no longer says how much a record matters", before.ranks, now.ranks);
    let fewer_waits = now.waits_if != Required::Always && now.waits_if != before.waits_if;
    dropped("makes nobody wait in some records", !before.waits_in.is_empty() && fewer_waits, false);
    let [any_below, any_above, less, more] = match before.value.is_many() {
        true => [
            "may hold as few items as one likes",
            "may hold as many items as one likes",
            "may hold fewer items than before",
            "may hold more items than before",
        ],
        false => [
            "may be any number from below",
            "may be any number from above",
            "may be less than before",
            "may be more than before",
        ],
    };
    dropped(any_below, before.min.is_some(), now.min.is_some());
    dropped(any_above, before.max.is_some(), now.max.is_some());
    let (least, most) = (before.min.zip(now.min), before.max.zip(now.max));
    dropped(less, least.is_some_and(|(was, is)| is < was), false);
    dropped(more, most.is_some_and(|(was, is)| is > was), false);
    let fewer = match (before.not_after_in.is_empty(), now.not_after_in.is_empty()) {
        (_, true) => Vec::new(),
        (true, false) => vec!["other states"],
        (false, false) => lost(&before.not_after_in, &now.not_after_in),
    };
    if before.not_after.is_some() && !fewer.is_empty() {
        say(format!("{id}: `{name}` may be later than it should in {}", listed(&fewer)), name);
    }
    if !before.ready_in.is_empty() {
        let zero = Days::Calendar(0);
        let (was, is) = (before.ready_ahead.unwrap_or(zero), now.ready_ahead.unwrap_or(zero));
        if now.ready_in.is_empty() {
            say(format!("{id}: `{name}` is no day to be ready for any more"), name);
        } else if is.is_shorter_than(was) {
            say(format!("{id}: a record is to be ready {is} before `{name}`, was {was}"), name);
        }
    }
    if let Some(before) = &before.companion {
        companion(id, name, (before, now.companion.as_ref()), say);
    }
    if let Some(window) = before.min_window
        && now.min_window.is_none_or(|now| now.is_shorter_than(window))
    {
        let now = now.min_window.map_or_else(|| "nothing".to_owned(), |now| now.to_string());
        say(format!("{id}: the least time before `{name}` is {now}, was {window}"), name);
    }
    if let Some(stale) = before.stale_after
        && now.stale_after.is_none_or(|now| stale.is_shorter_than(now))
    {
        let now = now.stale_after.map_or_else(|| "never".to_owned(), |now| format!("after {now}"));
        say(format!("{id}: a record is stale {now}, was after {stale} (`{name}`)"), name);
    }
}

/// Tells of a record that need no longer stand ready, or later, or in fewer cases.
fn companion(id: &str, name: &str, (before, now): (&Companion, Option<&Companion>), say: Say<'_>) {
    let kind = &before.kind;
    let now = now.filter(|now| now.kind == *kind && now.through == before.through);
    let Some(now) = now else {
        say(format!("{id}: `{name}` no longer asks for a {kind} that stands ready"), name);
        return;
    };
    if now.ahead.is_shorter_than(before.ahead) {
        say(format!("{id}: `{name}` asks for a {kind} {} before, was {}", now.ahead, before.ahead), name);
    }
    let more = lost(&now.states, &before.states);
    if !more.is_empty() {
        say(format!("{id}: to `{name}` a {kind} is ready that is {}, too", listed(&more)), name);
    }
    if let Some(less) = less_required(&before.when, &now.when, &[]) {
        say(format!("{id}: `{name}` no longer asks for a {kind}{less}"), name);
    }
}

fn section(id: &str, before: &SectionSpec, now: &SectionSpec, states: &[&str], say: Say<'_>) {
    let title = &before.title;
    if let Some(less) = less_required(&before.required, &now.required, states) {
        say(format!("{id}: the section `{title}` is no longer required{less}"), title);
    }
    let called = lost(&now.aliases, &before.aliases);
    if !called.is_empty() && title == &now.title {
        say(format!("{id}: the section `{title}` may also be called {}", listed(&called)), title);
    }
    let unanswered = lost(&before.answered_in, &now.answered_in);
    if !unanswered.is_empty() {
        say(format!("{id}: `{title}` needs no answers any more in {}", listed(&unanswered)), title);
    }
    parts(id, before, now, say);
    if before.role.is_some() && before.role != now.role {
        say(format!("{id}: the section `{title}` is no longer looked at as what it is"), title);
    }
    looser_limit(id, &format!("the section `{title}`"), (before.max_words, now.max_words), title, say);
    let Some(items) = &before.items else { return };
    let counted = now.items.as_ref();
    let fewer = items.min > counted.and_then(|now| now.min);
    let more = items.max.is_some_and(|max| counted.and_then(|now| now.max).is_none_or(|now| now > max));
    let states =
        counted.map_or_else(Vec::new, |now| match (items.states.is_empty(), now.states.is_empty()) {
            (_, true) => Vec::new(),
            (true, false) => vec!["other states"],
            (false, false) => lost(&items.states, &now.states),
        });
    if fewer {
        say(format!("{id}: the section `{title}` may have fewer entries than before"), title);
    }
    if more {
        say(format!("{id}: the section `{title}` may have more entries than before"), title);
    }
    if !states.is_empty() {
        say(format!("{id}: the entries of `{title}` are not counted any more in {}", listed(&states)), title);
    }
}

/// Tells of what entries need no longer state, or may state in other ways.
fn parts(id: &str, before: &SectionSpec, now: &SectionSpec, say: Say<'_>) {
    let title = &before.title;
    for part in &before.each {
        let label = &part.label;
        let same = now.each.iter().find(|other| other.names().contains(&label.as_str()));
        let Some(other) = same else {
            say(format!("{id}: an entry of `{title}` need no longer state its {label}"), title);
            continue;
        };
        if part.value != other.value && part.value != FieldType::Text {
            let (was, is) = (part.value.name(), other.value.name());
            say(format!("{id}: `{label}` in an entry of `{title}` is {is}, was {was}"), label);
        }
        let more = lost(&other.aliases, &part.aliases);
        if !more.is_empty() && other.label == *label {
            say(
                format!("{id}: `{label}` in an entry of `{title}` may also be called {}", listed(&more)),
                label,
            );
        }
    }
}

/// Tells of a limit on words that is higher, or gone.
fn looser_limit(id: &str, what: &str, (was, is): (Option<u32>, Option<u32>), near: &str, say: Say<'_>) {
    match (was, is) {
        (Some(was), Some(is)) if is > was => {
            say(format!("{id}: {what} may have {is} words, was {was}"), near);
        }
        (Some(was), None) => say(format!("{id}: {what} may have any number of words, was {was}"), near),
        _ => {}
    }
}

/// Returns where something is no longer required, as it goes on behind "required"; `None` where nothing is less so.
fn less_required(was: &Required, is: &Required, states: &[&str]) -> Option<String> {
    match (was, is) {
        (Required::Never, _) | (_, Required::Always) => None,
        (Required::If { field, is: then }, now) => {
            let left: Vec<&str> = match now {
                Required::If { field: now, is } if now == field => lost(then, is),
                _ => then.iter().map(String::as_str).collect(),
            };
            (!left.is_empty()).then(|| format!(" where `{field}` is {}", listed(&left)))
        }
        (Required::Always, Required::In(now)) => {
            let left: Vec<&str> =
                states.iter().copied().filter(|state| !now.iter().any(|known| known == state)).collect();
            (!left.is_empty()).then(|| format!(" in {}", listed(&left)))
        }
        (Required::In(then), Required::In(now)) => {
            let left = lost(then, now);
            (!left.is_empty()).then(|| format!(" in {}", listed(&left)))
        }
        (Required::Always | Required::In(_), Required::If { field, is }) => {
            let is: Vec<&str> = is.iter().map(String::as_str).collect();
            Some(format!(" but where `{field}` is {}", listed(&is)))
        }
        (Required::Always | Required::In(_), Required::Never) => Some(String::new()),
    }
}

/// Returns those of `before` that are not among `now`, by themselves.
fn lost_of(before: &[String], now: &[String]) -> Vec<String> {
    lost(before, now).into_iter().map(str::to_owned).collect()
}

/// Returns those of `before` that are not among `now`.
pub(super) fn lost<'a>(before: &'a [String], now: &[String]) -> Vec<&'a str> {
    before.iter().filter(|one| !now.contains(one)).map(String::as_str).collect()
}
