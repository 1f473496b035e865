//! `pmkit.review/1`: the promise to programs that read reviews.

use std::io;
use std::io::Write;

use serde::Serialize;

use super::CurrentSource;
use super::Look;
use super::Sources;
use super::changes;
use super::compare;
use super::escape::write_json;
use super::json;
use super::review::Told;
use super::review_words::verdict;
use crate::review::Decision;
use crate::review::LogItem;
use crate::review::Step;
use crate::rules::WEAKENED;

const SCHEMA: &str = "pmkit.review/1";

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    answer: Answer<'a>,
    diff: compare::Document<'a>,
    lint: json::Document<'a>,
}

/// What a review says itself: all of it but the difference and the findings.
#[derive(Serialize)]
struct Answer<'a> {
    schema: &'static str,
    base: &'a str,
    head: &'a str,
    verdict: Verdict<'a>,
    decisions: Vec<OfDecision<'a>>,
    log: Vec<OfLog<'a>>,
    conflicts: &'a [String],
    policy: Policy<'a>,
}

#[derive(Serialize)]
struct Verdict<'a> {
    standing: &'static str,
    text: String,
    decides: &'a [String],
    retires: &'a [String],
    waits_for: &'a [String],
}

#[derive(Serialize)]
struct OfDecision<'a> {
    record: &'a str,
    path: String,
    title: Option<&'a str>,
    from: Option<&'a str>,
    to: Option<&'a str>,
    decides: bool,
    retires: bool,
    approvals: Vec<Approval<'a>>,
    reviewers: &'a [String],
    code_owners: Option<Owned<'a>>,
    comments: Option<Comments>,
    questions: Questions<'a>,
    replaces: Vec<Replaced<'a>>,
    rests_on: Vec<Ground<'a>>,
}

#[derive(Serialize)]
struct Approval<'a> {
    approver: &'a str,
    given: Option<bool>,
}

#[derive(Serialize)]
struct Owned<'a> {
    line: usize,
    pattern: &'a str,
    owners: &'a [String],
}

#[derive(Serialize)]
struct Comments {
    opened: String,
    closes: String,
    working_days: u32,
    over: bool,
    before: Option<[String; 2]>,
}

#[derive(Serialize)]
struct Questions<'a> {
    asked: usize,
    unanswered: &'a [usize],
    dropped: usize,
}

#[derive(Serialize)]
struct Replaced<'a> {
    record: &'a str,
    was: Option<&'a str>,
    cited_by: &'a [String],
}

#[derive(Serialize)]
struct Ground<'a> {
    record: &'a str,
    state: Option<&'a str>,
    refuted: bool,
    open: bool,
    due: Option<String>,
}

#[derive(Serialize)]
struct OfLog<'a> {
    record: &'a str,
    path: String,
    title: Option<&'a str>,
    steps: Vec<OfStep<'a>>,
}

#[derive(Serialize, Default)]
struct OfStep<'a> {
    step: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slips: Option<usize>,
}

#[derive(Serialize)]
struct Policy<'a> {
    source: &'static str,
    weakened: Vec<json::Finding<'a>>,
}

pub(super) fn document(
    told: Told<'_>,
    sources: Sources<'_>,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut source = CurrentSource::new(sources);
    let document = Document {
        answer: answer(told, &mut source, look),
        diff: changes::document(told.altered, told.range, told.config, look),
        lint: json::document(told.lint, &mut source, look),
    };
    write_json(&document, true, out)
}

/// Writes the answer in a line, then what changed and what was found, a line each.
pub(super) fn lines(
    told: Told<'_>,
    sources: Sources<'_>,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write_json(&answer(told, &mut CurrentSource::new(sources), look), false, out)?;
    changes::changes(super::TableFormat::Jsonl, told.altered, told.range, told.config, look, out)?;
    json::lint_lines(told.lint, sources, look, out)
}

fn answer<'a>(told: Told<'a>, source: &mut CurrentSource<'_>, look: Look<'_>) -> Answer<'a> {
    let review = told.review;
    Answer {
        schema: SCHEMA,
        base: &told.range.base,
        head: &told.range.head,
        verdict: Verdict {
            standing: review.verdict.standing.word(),
            text: verdict(&review.verdict).text(),
            decides: &review.verdict.decides,
            retires: &review.verdict.retires,
            waits_for: &review.verdict.waits_for,
        },
        decisions: review.decisions.iter().map(|one| of_decision(one, look)).collect(),
        log: review.log.iter().map(|one| of_log(one, look)).collect(),
        conflicts: told.conflicts,
        policy: policy(told, source, look),
    }
}

fn policy<'a>(told: Told<'a>, source: &mut CurrentSource<'_>, look: Look<'_>) -> Policy<'a> {
    let weakened = told.lint.diagnostics.iter().filter(|found| found.rule == WEAKENED);
    Policy {
        source: if told.by_head { "head" } else { "base" },
        weakened: weakened.map(|found| json::finding(found, source, look)).collect(),
    }
}

fn of_decision<'a>(decision: &'a Decision, look: Look<'_>) -> OfDecision<'a> {
    let comments = decision.comments.as_ref().map(|comments| Comments {
        opened: comments.opened.to_string(),
        closes: comments.closes.to_string(),
        working_days: comments.days,
        over: comments.over,
        before: comments.was.map(|(opened, closes)| [opened.to_string(), closes.to_string()]),
    });
    let approval = |approval: &'a crate::rules::Approval| Approval {
        approver: &approval.approver,
        given: approval.given,
    };
    let replaced = |replaced: &'a crate::review::Replaced| Replaced {
        record: &replaced.record,
        was: replaced.was.as_deref(),
        cited_by: &replaced.cited_by,
    };
    let ground = |ground: &'a crate::review::Ground| Ground {
        record: &ground.record,
        state: ground.state.as_deref(),
        refuted: ground.refuted,
        open: ground.open,
        due: ground.due.as_ref().map(|(_, day)| day.to_string()),
    };
    OfDecision {
        record: &decision.record,
        path: format!("{}{}", look.prefix, decision.path),
        title: decision.title.as_deref(),
        from: decision.from.as_deref(),
        to: decision.to.as_deref(),
        decides: decision.decides,
        retires: decision.retires,
        approvals: decision.approvals.iter().map(approval).collect(),
        reviewers: &decision.reviewers,
        code_owners: decision.owned.as_ref().map(|owned| Owned {
            line: owned.line,
            pattern: &owned.pattern,
            owners: &owned.owners,
        }),
        comments,
        questions: Questions {
            asked: decision.questions,
            unanswered: &decision.unanswered,
            dropped: decision.dropped,
        },
        replaces: decision.replaces.iter().map(replaced).collect(),
        rests_on: decision.rests_on.iter().map(ground).collect(),
    }
}

fn of_log<'a>(item: &'a LogItem, look: Look<'_>) -> OfLog<'a> {
    OfLog {
        record: &item.record,
        path: format!("{}{}", look.prefix, item.path),
        title: item.title.as_deref(),
        steps: item.steps.iter().map(of_step).collect(),
    }
}

fn of_step(step: &Step) -> OfStep<'_> {
    let none = OfStep::default();
    match step {
        Step::Added(weight) => OfStep { step: "added", to: weight.clone(), ..none },
        Step::Reopened => OfStep { step: "reopened", ..none },
        Step::Closed(state) => OfStep { step: "closed", to: Some(state.clone()), ..none },
        Step::Lost => OfStep { step: "lost", ..none },
        Step::Unscored(from) => OfStep { step: "rescored", from: Some(from.clone()), ..none },
        Step::Removed => OfStep { step: "removed", ..none },
        Step::Rescored { from, to, .. } => {
            OfStep { step: "rescored", from: Some(from.clone()), to: Some(to.clone()), ..none }
        }
        Step::Reowned { from, to } => OfStep { step: "reowned", from: from.clone(), to: to.clone(), ..none },
        Step::Moved { field, from, to, slips } => OfStep {
            step: "moved",
            field: Some(field),
            from: Some(from.to_string()),
            to: Some(to.to_string()),
            slips: Some(*slips),
            days: Some(from.days_until(*to)),
        },
        Step::After(days) => OfStep { step: "promised-late", days: Some(*days), ..none },
        Step::Late(days) => OfStep { step: "late", days: Some(*days), ..none },
    }
}
