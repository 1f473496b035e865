//! The kinds and the rules as pages: for the terminal, for the docs folder, for programs.

use std::fmt::Write as _;
use std::io;
use std::io::Write;

use serde::Serialize;

use super::Look;
use super::escape::write_json;
use super::markdown::Targets;
use super::markdown::cell;
use super::markdown::print_markdown;
use crate::config::Config;
use crate::date::Date;
use crate::kind::Birth;
use crate::kind::EVERY;
use crate::kind::Field;
use crate::kind::FieldType;
use crate::kind::Kind;
use crate::kind::Kinds;
use crate::kind::Origin;
use crate::kind::Required;
use crate::kind::SectionSpec;
use crate::kind::Sketch;
use crate::rules::Rule;
use crate::scaffold::example;
use crate::text::visible;
use crate::text::with_article;

/// The forms a catalogue can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatalogFormat {
    /// For people at a terminal.
    Text,
    /// A Markdown page.
    Markdown,
    /// One JSON document.
    Json,
}

/// Writes the kinds in force: a table, or the pages of those named by their index in `only`.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn kinds(
    format: CatalogFormat,
    config: &Config,
    only: &[usize],
    today: Date,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let all = config.kinds.all();
    if format == CatalogFormat::Json {
        let named = all.iter().enumerate().filter(|(index, _)| only.is_empty() || only.contains(index));
        let kinds = named.map(|(_, kind)| kind_entry(kind)).collect();
        return write_json(&KindsDocument { schema: "pmkit.kinds/1", kinds }, true, out);
    }
    let mut page = String::new();
    if only.is_empty() {
        page.push_str("| kind | ids | where | what it is for |\n|---|---|---|---|\n");
        for kind in all {
            let purpose = kind.purpose.as_deref().unwrap_or(&kind.title);
            let ids = kind.id_of(1);
            writeln!(page, "| `{}` | {ids} | `{}` | {} |", kind.id, kind.path.as_str(), cell(purpose))
                .expect("writing to a string cannot fail");
        }
    }
    for index in only {
        if !page.is_empty() {
            page.push('\n');
        }
        page.push_str(&kind_page(&all[*index], &config.kinds, today));
    }
    put(format, &page, look, out)
}

/// Writes a text of several lines as it is, a kind file say, but for what would act on a terminal.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn source(text: &str, out: &mut dyn Write) -> io::Result<()> {
    for line in text.lines() {
        writeln!(out, "{}", line.split('\t').map(visible).collect::<Vec<_>>().join("\t"))?;
    }
    Ok(())
}

/// Returns the page of a kind, one of `kinds`: what it is for, what it is born from and what from it, its lifecycle, fields, sections,
/// and a filled example.
#[must_use]
pub fn kind_page(kind: &Kind, kinds: &Kinds, today: Date) -> String {
    let mut page = format!("# {} (`{}`)\n\n", kind.title, kind.id);
    if let Some(purpose) = &kind.purpose {
        page.push_str(&format!("{purpose}\n\n"));
    }
    page.push_str(&format!("- written by: `pmkit new {} \"…\"`\n", kind.id));
    page.push_str(&format!("- ids: `{}`; file: `{}`\n", kind.id_of(1), kind.path.as_str()));
    if !kind.also.is_empty() {
        page.push_str(&format!("- read too: `{}`\n", kind.also.join("`, `")));
    }
    if let Some(group) = &kind.group {
        page.push_str(&format!("- group: {group}\n"));
    }
    if let Some(most) = kind.max_words {
        page.push_str(&format!("- at most {most} words\n"));
    }
    for budget in &kind.budgets {
        let sections = budget.sections.join(", ");
        page.push_str(&format!("- at most {} words in {} ({sections})\n", budget.max_words, budget.name));
    }
    if let Origin::File(path) = &kind.origin {
        page.push_str(&format!("- declared in `{path}`\n"));
    }
    births(kind, kinds, &mut page);
    lifecycle(kind, &mut page);
    page.push_str("\n## Fields\n\n| field | value | needed | what it is |\n|---|---|---|---|\n");
    for field in kind.fields.iter().filter(|field| field.name != "kind") {
        let key = if field.key == field.name { String::new() } else { format!(" (key `{}`)", field.key) };
        let (value, needed) = (value_of(field), needed(&field.required));
        page.push_str(&format!("| `{}`{key} | {value} | {needed} | {} |\n", field.name, about(kind, field)));
    }
    if !kind.sections.is_empty() {
        page.push_str("\n## Sections\n\n| section | needed | what a good answer has |\n|---|---|---|\n");
        for section in &kind.sections {
            let mut help = section.help.clone().unwrap_or_default();
            if let Some(most) = section.max_words {
                help.push_str(&format!(" At most {most} words."));
            }
            if !section.each.is_empty() {
                let labels = section.each.iter().map(|part| match part.value {
                    value if value == FieldType::Text || value.name() == part.label => part.label.clone(),
                    value => format!("{} (a {})", part.label, value.name()),
                });
                help.push_str(&format!(" Each entry states: {}.", labels.collect::<Vec<_>>().join(", ")));
            }
            if !section.answered_in.is_empty() {
                help.push_str(&format!(" Each has its answer in {}.", section.answered_in.join(", ")));
            }
            page.push_str(&format!(
                "| {} | {} | {} |\n",
                cell(&section.title),
                needed(&section.required),
                cell(&help)
            ));
        }
    }
    page.push_str(&format!("\n## Example\n\n```md\n{}```\n", example(kind, today)));
    page
}

/// Says what a record of the kind is born from, and what may be born from one.
fn births(kind: &Kind, kinds: &Kinds, page: &mut String) {
    let born = |other: &&Kind| other.births.iter().any(|birth| birth.may_be_from(kind));
    let others = kinds.all().iter().filter(born);
    let others: Vec<String> = others.map(|other| format!("`{}`", other.id)).collect();
    if !others.is_empty() {
        page.push_str(&format!("- from it may be born: {}\n", others.join(", ")));
    }
    if kind.births.is_empty() {
        return;
    }
    page.push_str(
        "\n## Born from\n\n| from | if | takes over | asks about | writes back | command |\n|---|---|---|---|---|---|\n",
    );
    for birth in &kind.births {
        let example = kinds.all().iter().rfind(|from| birth.may_be_from(from));
        let command = example.map(|from| format!("`{}`", kind.command_from(&from.id_of(7))));
        let fields = birth.fields.iter().map(|(index, _)| format!("`{}`", kind.fields[*index].name));
        let titles = |found: &[(usize, Sketch)]| -> Vec<String> {
            found.iter().map(|(index, _)| kind.sections[*index].title.clone()).collect()
        };
        let takes: Vec<String> = fields.chain(titles(&birth.sections)).collect();
        let back: Vec<String> = birth.back.iter().map(|(name, _)| format!("`{name}`")).collect();
        let cells = [
            cell(&parents(birth)),
            cell(birth.when.as_deref().unwrap_or_default()),
            cell(&takes.join(", ")),
            cell(&titles(&birth.asks).join(", ")),
            cell(&back.join(", ")),
            command.unwrap_or_default(),
        ];
        page.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
}

/// Says from which records a birth is one: `risk that is open or mitigating`.
fn parents(birth: &Birth) -> String {
    let every = birth.kinds.iter().any(|id| id == EVERY);
    let kinds = if every { "any kind".to_owned() } else { birth.kinds.join(" or ") };
    let states = match &birth.states[..] {
        [] => String::new(),
        states => format!(" that is {}", states.join(" or ")),
    };
    let decided = if birth.decided { ", decided and holding" } else { "" };
    format!("{kinds}{states}{decided}")
}

/// Draws the lifecycle: the main line of states, and a table of the moves.
fn lifecycle(kind: &Kind, page: &mut String) {
    let lifecycle = &kind.lifecycle;
    let states = lifecycle.states();
    let Some(initial) = lifecycle.initial.as_deref().filter(|_| !states.is_empty()) else { return };
    page.push_str("\n## Lifecycle\n\n```text\n");
    let line = main_line(kind, initial);
    page.push_str(&line.join(" ──▶ "));
    page.push('\n');
    for state in &states {
        let others: Vec<&str> =
            lifecycle.next(state).into_iter().filter(|next| !follows(&line, state, next)).collect();
        if !others.is_empty() {
            page.push_str(&format!("  {state} ─▶ {}\n", others.join(" · ")));
        }
    }
    page.push_str("```\n\n| state | what it means |\n|---|---|\n");
    let has = |list: &[String], state: &str| list.iter().any(|known| known == state);
    for state in &states {
        let mut means = Vec::new();
        if *state == initial {
            means.push("where a new record begins");
        }
        if has(&lifecycle.open, state) {
            means.push("open: deadlines run");
        }
        if has(&lifecycle.decided, state) {
            means.push(if lifecycle.frozen { "decided: the text no longer changes" } else { "decided" });
        }
        if has(&lifecycle.ended, state) {
            means.push("ends the record");
        }
        if lifecycle.superseded.as_deref() == Some(state) {
            means.push("another record has taken its place");
        }
        if has(&lifecycle.retired, state) {
            means.push("nothing new should build on it");
        }
        if has(&lifecycle.refuted, state) {
            means.push("what rests on it is in question");
        }
        if has(&lifecycle.confirmed, state) {
            means.push("shown to be so");
        }
        page.push_str(&format!("| {state} | {} |\n", means.join("; ")));
    }
}

/// Returns the states one after another that the first move of each leads through.
fn main_line<'a>(kind: &'a Kind, initial: &'a str) -> Vec<&'a str> {
    let mut line = vec![initial];
    while let Some(last) = line.last() {
        match kind.lifecycle.next(last).into_iter().find(|next| !line.contains(next)) {
            Some(next) => line.push(next),
            None => break,
        }
    }
    line
}

fn follows(line: &[&str], state: &str, next: &str) -> bool {
    line.windows(2).any(|pair| pair == [state, next])
}

fn value_of(field: &Field) -> String {
    let mut text = if field.values.is_empty() {
        field.value.name().to_owned()
    } else {
        field.values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
    };
    match (field.min, field.max) {
        (Some(min), Some(max)) if field.value.is_many() => {
            text.push_str(&format!(", {min} to {max} of them"));
        }
        (Some(min), None) if field.value.is_many() => text.push_str(&format!(", at least {min}")),
        (None, Some(max)) if field.value.is_many() => text.push_str(&format!(", at most {max}")),
        (Some(min), Some(max)) => text.push_str(&format!(" {min} to {max}")),
        (Some(min), None) => text.push_str(&format!(" from {min}")),
        (None, Some(max)) => text.push_str(&format!(" up to {max}")),
        (None, None) => {}
    }
    if !field.to.is_empty() {
        text.push_str(&format!(" to {}", field.to.join(" or ")));
    }
    if field.or_text {
        text.push_str(", or text");
    }
    text
}

fn needed(required: &Required) -> String {
    match required {
        Required::Never => String::new(),
        Required::Always => "always".to_owned(),
        Required::In(states) => states.join(", "),
        Required::If { field, is } => format!("if {field} is {}", is.join(" or ")),
    }
}

/// Says in one cell what a field is for and what follows from it.
fn about(kind: &Kind, field: &Field) -> String {
    let mut parts = vec![field.help.clone().unwrap_or_default()];
    if !field.aliases.is_empty() {
        parts.push(format!("also read: {}", field.aliases.join(", ")));
    }
    if !field.value_aliases.is_empty() {
        let aliases = field.value_aliases.iter().map(|(alias, value)| format!("{alias} for {value}"));
        parts.push(format!("also read: {}", aliases.collect::<Vec<_>>().join(", ")));
    }
    if !field.deadline_in.is_empty() {
        parts.push(format!("a deadline while {}", field.deadline_in.join(" or ")));
    }
    if !field.calendar_in.is_empty() {
        parts.push(format!("in the calendar while {}", field.calendar_in.join(" or ")));
    }
    if let (Some(window), Some(from)) = (field.min_window, &field.window_from) {
        parts.push(format!("at least {window} after {from}"));
    }
    if !field.passed_in.is_empty() {
        parts.push(format!("past once {}", field.passed_in.join(" or ")));
    }
    if field.frozen && kind.lifecycle.frozen {
        parts.push("stays once decided".to_owned());
    }
    if let Some(other) = &field.not_after {
        let states = match &field.not_after_in[..] {
            [] => String::new(),
            states => format!(" while {}", states.join(" or ")),
        };
        parts.push(format!("not after {other}{states}"));
    }
    if !field.product.is_empty() {
        parts.push(format!("computed: {}", field.product.join(" × ")));
    }
    if let Some(inherent) = &field.residual_of {
        parts.push(format!("at most {inherent}"));
    }
    if !field.bands.is_empty() {
        let bands = field.bands.iter().map(|(name, from)| format!("{name} from {from}"));
        parts.push(bands.collect::<Vec<_>>().join(", "));
    }
    if let Some(days) = field.stale_after {
        parts.push(format!("stale after {days}"));
    }
    if !field.ready_in.is_empty() {
        let ahead = field.ready_ahead.map_or_else(|| "by then".to_owned(), |ahead| format!("{ahead} before"));
        parts.push(format!("{ahead}, it is {}", field.ready_in.join(" or ")));
    }
    if let Some(companion) = &field.companion {
        let when = match &companion.when {
            Required::If { field, is } => format!(", where {field} is {}", is.join(" or ")),
            _ => String::new(),
        };
        let (other, states) = (with_article(&companion.kind), companion.states.join(" or "));
        parts.push(format!("from {} before, {other} that names it is {states}{when}", companion.ahead));
    }
    if field.ground {
        parts.push("a warning when one is found false".to_owned());
    }
    if let Some(period) = &field.within {
        parts.push(format!("its {period} holds this one's"));
    }
    if let Some(inverse) = &field.inverse {
        parts.push(format!("answered by {inverse}"));
    }
    if let Some(follower) = &field.follower {
        parts.push(format!("followed by {follower}"));
    }
    cell(&parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; "))
}

/// Writes the page of a rule.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn rule_page(rule: &Rule, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    print_markdown(rule.page, Targets::Web, look, out)
}

pub(super) fn put(format: CatalogFormat, page: &str, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    match format {
        CatalogFormat::Markdown => source(page, out),
        _ => print_markdown(page, Targets::Web, look, out),
    }
}

#[derive(Serialize)]
struct KindsDocument<'a> {
    schema: &'static str,
    kinds: Vec<KindEntry<'a>>,
}

#[derive(Serialize)]
struct KindEntry<'a> {
    id: &'a str,
    title: &'a str,
    prefix: &'a str,
    group: Option<&'a str>,
    purpose: Option<&'a str>,
    path: &'a str,
    also: &'a [String],
    max_words: Option<u32>,
    states: Vec<&'a str>,
    initial: Option<&'a str>,
    fields: Vec<FieldEntry<'a>>,
    sections: Vec<SectionEntry<'a>>,
    born_from: Vec<BirthEntry<'a>>,
}

#[derive(Serialize)]
struct BirthEntry<'a> {
    kinds: &'a [String],
    r#in: &'a [String],
    decided: bool,
    once: bool,
    when: Option<&'a str>,
    fields: Vec<&'a str>,
    sections: Vec<&'a str>,
    ask: Vec<&'a str>,
    back: Vec<&'a str>,
}

#[derive(Serialize)]
struct FieldEntry<'a> {
    name: &'a str,
    key: &'a str,
    r#type: &'a str,
    values: &'a [String],
    required: bool,
    required_in: &'a [String],
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct SectionEntry<'a> {
    title: &'a str,
    required: bool,
    required_in: &'a [String],
    help: Option<&'a str>,
}

fn kind_entry(kind: &Kind) -> KindEntry<'_> {
    KindEntry {
        id: &kind.id,
        title: &kind.title,
        prefix: &kind.prefix,
        group: kind.group.as_deref(),
        purpose: kind.purpose.as_deref(),
        path: kind.path.as_str(),
        also: &kind.also,
        max_words: kind.max_words,
        states: kind.lifecycle.states(),
        initial: kind.lifecycle.initial.as_deref(),
        fields: kind.fields.iter().map(field_entry).collect(),
        sections: kind.sections.iter().map(section_entry).collect(),
        born_from: kind.births.iter().map(|birth| birth_entry(kind, birth)).collect(),
    }
}

fn birth_entry<'a>(kind: &'a Kind, birth: &'a Birth) -> BirthEntry<'a> {
    let titles = |found: &[(usize, Sketch)]| {
        found.iter().map(|(index, _)| kind.sections[*index].title.as_str()).collect()
    };
    BirthEntry {
        kinds: &birth.kinds,
        r#in: &birth.states,
        decided: birth.decided,
        once: birth.once,
        when: birth.when.as_deref(),
        fields: birth.fields.iter().map(|(index, _)| kind.fields[*index].name.as_str()).collect(),
        sections: titles(&birth.sections),
        ask: titles(&birth.asks),
        back: birth.back.iter().map(|(name, _)| name.as_str()).collect(),
    }
}

fn field_entry(field: &Field) -> FieldEntry<'_> {
    FieldEntry {
        name: &field.name,
        key: &field.key,
        r#type: field.value.name(),
        values: &field.values,
        required: field.required == Required::Always,
        required_in: states_of(&field.required),
        help: field.help.as_deref(),
    }
}

fn section_entry(section: &SectionSpec) -> SectionEntry<'_> {
    SectionEntry {
        title: &section.title,
        required: section.required == Required::Always,
        required_in: states_of(&section.required),
        help: section.help.as_deref(),
    }
}

fn states_of(required: &Required) -> &[String] {
    match required {
        Required::In(states) => states,
        _ => &[],
    }
}
