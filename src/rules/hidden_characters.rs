//! Characters that nobody sees and that act all the same.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::document::line_ending;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Hidden;
use crate::text::Span;
use crate::text::hidden;
use crate::text::name_of_hidden;

pub(super) const RULE: Rule = Rule {
    id: "hidden-characters",
    level: Level::Deny,
    page: include_str!("../../docs/rules/hidden-characters.md"),
    fixes: true,
    check: Check::Record(check),
};

/// The most characters of a line that are shown without what is hidden in it.
const SHOWN: usize = 100;

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    let all = hidden(&subject.document.text);
    for found in &all {
        if is_told_elsewhere(subject, found.span) {
            continue;
        }
        sink.push_about_with(subject.record, || finding(subject, *found, &all));
    }
}

/// Says whether another rule points at the same place already: as a slip of the front matter or a value that does not fit.
fn is_told_elsewhere(subject: &Subject<'_>, span: Span) -> bool {
    let document = subject.document;
    let front = span.start() < document.body;
    let on_line = |other: Span| line(&document.text, span).contains(other) || other.contains(span);
    front
        && (document.slips.iter().any(|slip| on_line(slip.span))
            || subject.record.misfits.iter().any(|misfit| misfit.span.contains(span)))
}

fn finding(subject: &Subject<'_>, found: Hidden, all: &[Hidden]) -> Finding {
    let document = subject.document;
    let (name, does) = name_of_hidden(found.first);
    let code = u32::from(found.first);
    let others = match found.count {
        1 => String::new(),
        2 => ", and one more".to_owned(),
        count => format!(", and {} more", count - 1),
    };
    let message = format!("{} holds U+{code:04X} {name}, {does}{others}", subject.name());
    let finding = Finding::at(found.span, message).label("not to be seen");
    if found.breaks {
        let text = &document.text;
        let at_end =
            text[..found.span.start()].ends_with('\n') || text[found.span.end()..].starts_with(['\r', '\n']);
        let instead = match found.span.start() < document.body {
            _ if at_end => "",
            // A line end would end the value.
            true => " ",
            false => line_ending(text),
        };
        return finding
            .help("write a line end, or nothing, in its place: `pmkit lint --fix --unsafe`")
            .likely_fix("write a line end instead", vec![(found.span, instead.to_owned())]);
    }
    let shown = shown_line(&document.text, found.span, all);
    // Formulas and fine printing have a use for these.
    let meant = matches!(found.first, '\u{200c}' | '\u{200d}' | '\u{2061}'..='\u{2064}');
    let finding = if shown.is_empty() {
        finding.help(format!("delete it: `pmkit lint --fix{}`", if meant { " --unsafe" } else { "" }))
    } else {
        finding.help(format!("delete it, so that the line reads `{shown}`"))
    };
    let edits = vec![(found.span, String::new())];
    if meant { finding.likely_fix("take it out", edits) } else { finding.fix("take it out", edits) }
}

/// Returns the line of `span` without line end.
fn line(text: &str, span: Span) -> Span {
    let start = text[..span.start()].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let end = text[span.end()..].find(['\n', '\r']).map_or(text.len(), |at| span.end() + at);
    Span::new(start, end)
}

/// Returns the line of `span` without anything hidden in it, cut where it is long.
fn shown_line(text: &str, span: Span, all: &[Hidden]) -> String {
    let line = line(text, span);
    let from = all.partition_point(|other| other.span.end() <= line.start());
    let mut shown = String::new();
    let mut at = line.start();
    for other in all[from..].iter().take_while(|other| other.span.start() < line.end()) {
        shown.push_str(text.get(at..other.span.start()).unwrap_or_default());
        at = other.span.end();
        if shown.len() > 4 * SHOWN {
            break;
        }
    }
    shown.push_str(text.get(at..line.end()).unwrap_or_default());
    match shown.trim().char_indices().nth(SHOWN) {
        Some((cut, _)) => format!("{}…", &shown.trim()[..cut]),
        None => shown.trim().to_owned(),
    }
}
