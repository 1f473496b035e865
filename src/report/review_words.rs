//! What is said of a change in a review, sentence by sentence.

use super::phrase::Phrase;
use crate::date::Date;
use crate::review::Decision;
use crate::review::Ground;
use crate::review::LogItem;
use crate::review::Replaced;
use crate::review::Standing;
use crate::review::Step;
use crate::review::Verdict;

/// Returns how the change stands.
pub(super) fn verdict(verdict: &Verdict) -> Phrase {
    let warnings = match verdict.warn {
        0 => String::new(),
        1 => " · 1 warning".to_owned(),
        many => format!(" · {many} warnings"),
    };
    let phrase = match verdict.standing {
        Standing::Conflict => {
            let files = counted(verdict.conflicts, "file");
            Phrase::own(&format!("cannot be merged: {files} in conflict"))
        }
        Standing::Blocked => {
            let (things, are) =
                (counted(verdict.deny, "thing"), if verdict.deny == 1 { "is" } else { "are" });
            match verdict.decides.is_empty() {
                true => Phrase::own(&format!("not yet: {things} to mend")),
                false => Phrase::own(&format!("not yet: {things} {are} missing before this decides "))
                    .names(&verdict.decides),
            }
        }
        Standing::Waiting => Phrase::own("waits for ")
            .names(&verdict.waits_for)
            .and(": ")
            .then(does(verdict))
            .and(", and nothing else is missing"),
        Standing::Ready if verdict.decides.is_empty() && verdict.retires.is_empty() => {
            let are = if verdict.changed == 1 { "is" } else { "are" };
            Phrase::own(&format!(
                "ready: {} {are} changed, nothing is decided",
                counted(verdict.changed, "record")
            ))
        }
        Standing::Ready => Phrase::own("ready: ").then(does(verdict)),
        Standing::Nothing => Phrase::own("no record is changed"),
    };
    phrase.and(&warnings)
}

/// Returns what is decided, and what ends.
fn does(verdict: &Verdict) -> Phrase {
    let decides = match verdict.decides.is_empty() {
        true => Phrase::default(),
        false => Phrase::own("decides ").names(&verdict.decides),
    };
    match (verdict.decides.is_empty(), verdict.retires.is_empty()) {
        (_, true) => decides,
        (true, false) => Phrase::own("ends ").names(&verdict.retires),
        (false, false) => decides.and(", ends ").names(&verdict.retires),
    }
}

/// Returns what is said of a decision: each sentence with what it is about.
pub(super) fn decision(decision: &Decision, today: Date) -> Vec<(&'static str, Phrase)> {
    let mut said = vec![moved(decision)];
    if let Some(comments) = &decision.comments {
        let days = format!("{} working {}", comments.days, if comments.days == 1 { "day" } else { "days" });
        let when = comments.closes.said(today);
        let phrase = match comments.over {
            true => Phrase::own(&format!("closed {when} after {days}")),
            false => Phrase::own(&format!("are taken until {when}, {days} in all")),
        };
        let phrase = match comments.was {
            Some((opened, closes)) => phrase.and(&format!(
                "; before this change from {} to {}",
                opened.said(today),
                closes.said(today)
            )),
            None => phrase,
        };
        said.push(("Comments", asked(phrase, &decision.reviewers)));
    } else if !decision.reviewers.is_empty() {
        said.push(("Comments", asked(Phrase::own("no day is named"), &decision.reviewers)));
    }
    if decision.questions + decision.dropped > 0 {
        said.push(("Questions", questions(decision)));
    }
    if !decision.replaces.is_empty() {
        said.push(("Replaces", joined(decision.replaces.iter().map(replaced))));
    }
    if !decision.rests_on.is_empty() {
        said.push(("Rests on", joined(decision.rests_on.iter().map(|ground| stands(ground, today)))));
    }
    if let Some(owned) = &decision.owned {
        let line = format!(" by line {} of CODEOWNERS, ", owned.line);
        let phrase = match owned.owners.is_empty() {
            true => Phrase::own("nobody"),
            false => Phrase::default().names(&owned.owners),
        };
        said.push(("Owners", phrase.and(&line).foreign(&owned.pattern)));
    }
    said
}

fn moved(decision: &Decision) -> (&'static str, Phrase) {
    let named = Phrase::default().foreign(&decision.record);
    let named = match &decision.title {
        Some(title) => named.and(" ").foreign(title),
        None => named,
    };
    let label = match (&decision.to, decision.decides) {
        (_, true) => "Decides",
        (None, _) => "Removes",
        (Some(_), false) if decision.retires => "Ends",
        (Some(_), false) => "Moves",
    };
    let phrase = match (&decision.from, &decision.to) {
        (Some(from), Some(to)) => named.and(": ").foreign(from).and(" → ").strong(to),
        (None, Some(to)) => named.and(": new, ").strong(to),
        (Some(from), None) => named.and(", which is ").strong(from),
        (None, None) => named,
    };
    (
        label,
        decision.approvals.iter().fold(phrase.and("."), |phrase, approval| {
            let phrase = phrase.and(" Approver ").foreign(&approval.approver);
            phrase.and(match (approval.given, decision.decides || decision.retires) {
                (Some(true), _) => " had a hand in these commits.",
                (Some(false), true) => " has not approved in these commits.",
                (None, true) => " has not approved: nothing is committed yet.",
                (_, false) => " is to decide.",
            })
        }),
    )
}

fn asked(phrase: Phrase, reviewers: &[String]) -> Phrase {
    match reviewers.is_empty() {
        true => phrase.and("; nobody is named as asked"),
        false => phrase.and("; asked: ").names(reviewers),
    }
}

fn questions(decision: &Decision) -> Phrase {
    let open = &decision.unanswered;
    let settled = decision.questions - open.len();
    let phrase = Phrase::own(&format!("{settled} of {} answered or handed on", decision.questions));
    let phrase = match decision.dropped {
        0 => phrase,
        1 => phrase.and("; 1 more was asked before this change"),
        more => phrase.and(&format!("; {more} more were asked before this change")),
    };
    match open.is_empty() {
        true => phrase,
        false => {
            let numbers: Vec<String> = open.iter().take(12).map(ToString::to_string).collect();
            let more = if open.len() > 12 { " and more" } else { "" };
            phrase.and(&format!("; open: {}{more}", numbers.join(", ")))
        }
    }
}

fn replaced(replaced: &Replaced) -> Phrase {
    let phrase = Phrase::default().foreign(&replaced.record);
    let phrase = match &replaced.was {
        Some(was) => phrase.and(" (").foreign(was).and(")"),
        None => phrase,
    };
    match replaced.cited_by.is_empty() {
        true => phrase,
        false => phrase.and(", still cited by ").names(&replaced.cited_by),
    }
}

fn stands(ground: &Ground, today: Date) -> Phrase {
    let phrase = Phrase::default().foreign(&ground.record);
    let phrase = match (&ground.state, ground.refuted) {
        (Some(state), true) => phrase.and(", which was found false: ").strong(state),
        (Some(state), false) if ground.open => phrase.and(", still ").foreign(state),
        (Some(state), false) => phrase.and(" ").foreign(state),
        (None, _) => phrase,
    };
    match &ground.due {
        Some((what, day)) if ground.open => {
            phrase.and(", ").foreign(what).and(&format!(" {}", day.said(today)))
        }
        _ => phrase,
    }
}

/// Returns what becomes of a record of the log.
pub(super) fn item(item: &LogItem, today: Date) -> Phrase {
    let named = Phrase::default().foreign(&item.record);
    let named = match &item.title {
        Some(title) => named.and(" ").foreign(title),
        None => named,
    };
    let mut phrase = named.and(": ");
    for (at, step) in item.steps.iter().enumerate() {
        if at > 0 {
            phrase = phrase.and(", ");
        }
        phrase = phrase.then(said(step, today));
    }
    phrase
}

fn said(step: &Step, today: Date) -> Phrase {
    let who = |who: &Option<String>| match who {
        Some(who) => Phrase::default().foreign(who),
        None => Phrase::own("nobody"),
    };
    match step {
        Step::Added(None) => Phrase::own("new"),
        Step::Added(Some(weight)) => Phrase::own("new, ").foreign(weight),
        Step::Reopened => Phrase::own("reopened"),
        Step::Closed(state) => Phrase::own("closed: ").foreign(state),
        Step::Lost => Phrase::own("was open, and is in no state that its kind has"),
        Step::Unscored(from) => Phrase::own("was ").foreign(from).and(", and is not scored any more"),
        Step::Removed => Phrase::own("its file is deleted while it is open"),
        Step::Rescored { from, to, up } => {
            let way = if *up { "rises " } else { "falls " };
            Phrase::own(way).foreign(from).and(" → ").foreign(to)
        }
        Step::Reowned { from, to } => Phrase::own("owner ").then(who(from)).and(" → ").then(who(to)),
        Step::Moved { field, from, to, slips } => {
            let days = from.days_until(*to);
            let way = if days < 0 { "earlier" } else { "later" };
            let times = if *slips > 1 { format!(", put off {slips} times in all") } else { String::new() };
            let moved = format!(
                " {} → {}, {} {way}{times}",
                from.said(today),
                to.said(today),
                counted(usize::try_from(days.unsigned_abs()).unwrap_or(usize::MAX), "day")
            );
            Phrase::default().foreign(field).and(&moved)
        }
        Step::After(days) => Phrase::own(&format!("promised {} after it is needed", days_of(*days))),
        Step::Late(days) => Phrase::own(&format!("{} late", days_of(*days))),
    }
}

fn days_of(days: i64) -> String {
    counted(usize::try_from(days).unwrap_or(0), "day")
}

/// Returns how many there are of something, in words.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn joined(phrases: impl Iterator<Item = Phrase>) -> Phrase {
    phrases.enumerate().fold(Phrase::default(), |all, (at, phrase)| {
        let all = if at > 0 { all.and(" · ") } else { all };
        all.then(phrase)
    })
}
