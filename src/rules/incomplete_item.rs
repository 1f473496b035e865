//! An entry that does not state all that each entry of its section should.

use super::Check;
use super::Rule;
use super::Subject;
use crate::date::Date;
use crate::date::Period;
use crate::date::Written;
use crate::date::WrittenPeriod;
use crate::date::read_period;
use crate::date::read_written;
use crate::diagnostic::Level;
use crate::document::Document;
use crate::document::Label;
use crate::document::Piece;
use crate::document::Stated;
use crate::document::says_something;
use crate::document::stated;
use crate::kind::FieldType;
use crate::kind::Part;
use crate::kind::SectionSpec;
use crate::record::is_placeholder;
use crate::record::why_not_one_person;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    id: "incomplete-item",
    level: Level::Deny,
    page: include_str!("../../docs/rules/incomplete-item.md"),
    fixes: false,
    check: Check::Record(check),
};

/// Returns the entries of section `index` of the outline with what they state, as `spec` has it.
pub(super) fn entries(document: &Document, index: usize, spec: &SectionSpec) -> Vec<Stated> {
    let labels: Vec<Label<'_>> = spec.each.iter().map(Part::names).collect();
    stated(document, index, &labels)
}

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let outline = subject.document.outline();
    for (at, spec) in subject.kind.sections.iter().enumerate().filter(|(_, spec)| !spec.each.is_empty()) {
        // A blank section is another rule's.
        let index = subject.record.section(at).filter(|index| outline.is_filled(*index));
        let Some(index) = index.filter(|_| subject.sections_are_sure()) else { continue };
        let entries = entries(subject.document, index, spec);
        if entries.is_empty() && !is_counted(subject, index) {
            sink.push(without_entries(subject, spec, outline.sections[index].heading));
        }
        let mut head = None;
        for (at, entry) in entries.iter().enumerate() {
            let columns = entry.head.as_ref().filter(|columns| head != Some(columns.span));
            if let Some(columns) = columns {
                head = Some(columns.span);
                without_columns(subject, spec, columns.span, &columns.has, sink);
            }
            let name = called(spec, at + 1, entries.len());
            without_parts(subject, spec, &name, entry, sink);
            for (part, piece) in spec.each.iter().zip(&entry.parts) {
                let piece = piece.as_ref().filter(|piece| states(part, piece));
                if let Some(finding) = piece.and_then(|piece| misfit(subject, &name, part, piece)) {
                    sink.push(finding);
                }
            }
        }
    }
}

/// Says whether the section has fewer entries than it needs, which another rule tells.
fn is_counted(subject: &Subject<'_>, index: usize) -> bool {
    subject
        .counted_sections()
        .any(|(_, items, at, count)| at == index && items.min.is_some_and(|min| count < min))
}

/// Returns what to call an entry: by the section's role, where that says what entries are.
fn called(spec: &SectionSpec, number: usize, of: usize) -> String {
    match (&spec.role, of) {
        (Some(role), _) => format!("{} {number}", role.trim_end_matches('s').replace('-', " ")),
        (None, 1) => format!("`{}`", spec.title),
        (None, _) => format!("entry {number} of `{}`", spec.title),
    }
}

/// Says whether something stands where `part` belongs.
fn states(part: &Part, piece: &Piece) -> bool {
    says_something(&piece.text) && !(part.value == FieldType::Person && is_placeholder(&piece.text))
}

fn without_entries(subject: &Subject<'_>, spec: &SectionSpec, heading: Span) -> Finding {
    let labels: Vec<&str> = spec.each.iter().map(|part| part.label.as_str()).collect();
    let message = format!("{}: nothing in `{}` states {}", subject.name(), spec.title, listed(&labels, ""));
    with_example(subject, Finding::at(heading, message))
        .help(format!("or write a list: `{}`", lines(&spec.each)))
}

/// Tells once of a table that has no column for something.
fn without_columns(subject: &Subject<'_>, spec: &SectionSpec, head: Span, has: &[bool], sink: &mut Sink<'_>) {
    let absent = spec.each.iter().zip(has).filter(|(_, has)| !**has);
    let absent: Vec<&str> = absent.map(|(part, _)| part.label.as_str()).collect();
    if absent.is_empty() {
        return;
    }
    let labels: Vec<&str> = spec.each.iter().map(|part| part.label.as_str()).collect();
    let message = format!(
        "{}: the table of `{}` has no column for {}",
        subject.name(),
        spec.title,
        listed(&absent, "")
    );
    let said = subject.document.at(head).trim_end();
    let place = Span::new(head.start(), head.start() + said.len());
    sink.push(
        Finding::at(place, message)
            .label(format!("each row states {}", listed(&labels, "")))
            .help(format!("give it these columns: `| {} |`", labels.join(" | "))),
    );
}

/// Tells of what an entry does not state, but for what its table has no column for, and what still stands as the template has it.
fn without_parts(subject: &Subject<'_>, spec: &SectionSpec, name: &str, entry: &Stated, sink: &mut Sink<'_>) {
    let absent = spec.each.iter().zip(&entry.parts).enumerate().filter(|(at, (part, piece))| {
        let column = entry.head.as_ref().is_none_or(|head| head.has[*at]);
        let left = piece.as_ref().is_some_and(|piece| is_template(subject, piece.span));
        column && !left && !piece.as_ref().is_some_and(|piece| states(part, piece))
    });
    let absent: Vec<(&Part, Option<&Piece>)> =
        absent.map(|(_, (part, piece))| (part, piece.as_ref())).collect();
    let labels: Vec<&str> = absent.iter().map(|(part, _)| part.label.as_str()).collect();
    let place = match absent[..] {
        [] => return,
        [(_, Some(piece))] => piece.span,
        _ => entry.place,
    };
    let all: Vec<&str> = spec.each.iter().map(|part| part.label.as_str()).collect();
    let message = format!("{}: {name} states no {}", subject.name(), listed(&labels, "no "));
    let finding = Finding::at(place, message).label(format!("what belongs here: {}", listed(&all, "")));
    let parts: Vec<Part> = absent.iter().map(|(part, _)| (*part).clone()).collect();
    sink.push(match entry.head {
        Some(_) => with_example(subject, finding.help(format!("fill in what is under {}", quoted(&labels)))),
        None => with_example(subject, finding.help(format!("add `{}`", lines(&parts)))),
    });
}

/// Returns the finding where what stands there is not what belongs there.
fn misfit(subject: &Subject<'_>, name: &str, part: &Part, piece: &Piece) -> Option<Finding> {
    let line = piece.text.lines().next().unwrap_or_default().trim_end();
    let place = Span::new(piece.span.start(), piece.span.start() + line.len());
    let (own, label) = (subject.name(), &part.label);
    match part.value {
        FieldType::Date if !names_day(&piece.text) => {
            let finding = Finding::at(place, format!("{own}: {name}: {label} `{line}` is no day"));
            let period = Period::parse(line).or_else(|| match read_period(line, subject.today.year()) {
                WrittenPeriod::Otherwise(period) => Some(period),
                _ => None,
            });
            Some(match period {
                Some(period) => finding.help(format!("write its last day: `{}`", period.last())),
                None => finding.help("write the day as `YYYY-MM-DD`"),
            })
        }
        FieldType::Person => {
            let why = why_not_one_person(without_when(line), &subject.config.people)?;
            let owner = subject.record.text(subject.kind, "owner").unwrap_or("maya");
            let finding = Finding::at(place, format!("{own}: {name}: {label} {why}"));
            Some(finding.help(format!("name one person, as in `{}: {owner}`", capital(label))))
        }
        _ => None,
    }
}

/// Says whether a day stands in `text`, as people write them.
fn names_day(text: &str) -> bool {
    let parts = text.split(|c: char| !(c.is_ascii_digit() || c == '-'));
    let plain = text.split('(').next().unwrap_or_default().trim_matches(|c: char| !c.is_alphanumeric());
    parts.into_iter().any(|part| Date::parse(part).is_some())
        || matches!(read_written(plain), Written::Otherwise(_) | Written::Timestamp(_) | Written::WithText(_))
}

/// Returns a name without the day that stands behind it: `lee, by 4 December`.
fn without_when(text: &str) -> &str {
    let words = ["by ", "until ", "from ", "before ", "in "];
    let begins = |rest: &str| {
        let rest = rest.trim_start();
        rest.starts_with(|c: char| c.is_ascii_digit()) || words.iter().any(|word| rest.starts_with(word))
    };
    let end = text.match_indices([',', ';', ' ']).find(|(at, mark)| begins(&text[at + mark.len()..]));
    text[..end.map_or(text.len(), |(at, _)| at)].trim().trim_end_matches('.')
}

/// Says whether the line at `span` stands in the template, too: of that another rule tells.
fn is_template(subject: &Subject<'_>, span: Span) -> bool {
    /// No line of a template that is left to fill in is as long.
    const LONGEST: usize = 400;
    let template = subject.kind.template_text();
    let text = &subject.document.text;
    if !template.has_lines() {
        return false;
    }
    let before = &text.as_bytes()[span.start().saturating_sub(LONGEST)..span.start()];
    let start = before.iter().rposition(|byte| *byte == b'\n').map(|at| span.start() - before.len() + at + 1);
    let line = start.and_then(|start| text[start..].split('\n').next());
    line.is_some_and(|line| line.len() <= LONGEST && template.has_line(line))
}

/// Adds where a filled example is, for kinds that have one.
fn with_example(subject: &Subject<'_>, finding: Finding) -> Finding {
    finding.help(format!("see a filled example: pmkit kinds {}", subject.kind.id))
}

/// Returns lines in which `parts` would be stated.
fn lines(parts: &[Part]) -> String {
    let line = |part: &Part| {
        let there = match part.value {
            FieldType::Date => "YYYY-MM-DD",
            FieldType::Person => "NAME",
            _ => "…",
        };
        format!("{}: {there}", capital(&part.label))
    };
    parts.iter().map(line).collect::<Vec<_>>().join("`, `")
}

fn capital(label: &str) -> String {
    let mut chars = label.chars();
    chars.next().map(char::to_uppercase).into_iter().flatten().chain(chars).collect()
}

fn quoted(labels: &[&str]) -> String {
    labels.iter().map(|label| format!("`{label}`")).collect::<Vec<_>>().join(" and ")
}

/// Returns `labels` in words, `each` before all but the first: `baseline, no target and no date`.
fn listed(labels: &[&str], each: &str) -> String {
    match labels {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [rest @ .., end] => format!("{} and {each}{end}", rest.join(&format!(", {each}"))),
    }
}
