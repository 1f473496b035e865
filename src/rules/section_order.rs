//! Sections in another order than the kind has them.

use super::Check;
use super::Rule;
use super::Subject;
use crate::diagnostic::Level;
use crate::document::Document;
use crate::document::Outline;
use crate::document::Section;
use crate::document::closes_elements;
use crate::sink::Finding;
use crate::sink::Sink;
use crate::text::Span;

pub(super) const RULE: Rule = Rule {
    id: "section-order",
    level: Level::Warn,
    page: include_str!("../../docs/rules/section-order.md"),
    fixes: true,
    check: Check::Record(check),
};

/// A section of the kind where it stands in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    /// The index of its heading in the outline.
    index: usize,
    /// Its index in the kind.
    rank: usize,
}

fn check(subject: &Subject<'_>, sink: &mut Sink<'_>) {
    // Nearly every record is in order.
    if subject.record.sections.iter().flatten().is_sorted() || !subject.sections_are_sure() {
        return;
    }
    let places = places(subject);
    let in_order = |places: &[Place]| places.is_sorted_by_key(|place| place.rank);
    let outline = subject.document.outline();
    let mut mended = false;
    // A section inside another one has its place there, so only those in the same one are compared.
    for inside in std::iter::once(None).chain(places.iter().map(|place| Some(place.index))) {
        let group: Vec<Place> =
            places.iter().copied().filter(|place| holder(outline, &places, *place) == inside).collect();
        if in_order(&group) {
            continue;
        }
        let kept = longest_in_order(&group);
        for place in group.iter().filter(|place| !kept.contains(place)) {
            let mut finding = finding(subject, *place, &kept);
            let whole = group.len() == places.len() && !mended;
            if let Some(edit) = whole.then(|| reordered(subject, &group)).flatten() {
                finding = finding.likely_fix("put the sections in order", vec![edit]);
                mended = true;
            }
            sink.push(finding);
        }
    }
}

/// Returns the sections of the kind that the document has, in the order of the text. A heading that belongs to two stands
/// for the first of them.
fn places(subject: &Subject<'_>) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::with_capacity(subject.kind.sections.len());
    for rank in 0..subject.kind.sections.len() {
        if let Some(index) = subject.record.section(rank)
            && !places.iter().any(|place| place.index == index)
        {
            places.push(Place { index, rank });
        }
    }
    places.sort_by_key(|place| place.index);
    places
}

/// Returns the heading of the innermost section of the kind that `place` lies in.
fn holder(outline: &Outline, places: &[Place], place: Place) -> Option<usize> {
    let holds =
        |other: &&Place| other.index < place.index && outline.subtree(other.index).contains(&place.index);
    places.iter().rev().find(holds).map(|other| other.index)
}

/// Returns the most places that stand in order already: the others are the ones to move.
fn longest_in_order(group: &[Place]) -> Vec<Place> {
    let mut runs: Vec<Vec<Place>> = Vec::new();
    for place in group {
        let before = runs.iter().filter(|run| run.last().is_some_and(|last| last.rank < place.rank));
        let mut run = before.fold(
            Vec::new(),
            |best: Vec<Place>, run| {
                if run.len() > best.len() { run.clone() } else { best }
            },
        );
        run.push(*place);
        runs.push(run);
    }
    runs.into_iter().fold(Vec::new(), |best, run| if run.len() > best.len() { run } else { best })
}

fn finding(subject: &Subject<'_>, place: Place, kept: &[Place]) -> Finding {
    let document = subject.document;
    let section = |place: Place| &document.outline().sections[place.index];
    let title = |place: Place| section(place).title.of(&document.text);
    let next = kept.iter().copied().find(|other| other.rank > place.rank && other.index < place.index);
    let last = kept.iter().copied().rev().find(|other| other.rank < place.rank);
    let (late, side, other) = match (next, last) {
        (Some(next), _) => ("late", "before", next),
        (None, Some(last)) => ("early", "after", last),
        // It would be among those in order.
        (None, None) => ("late", "before", place),
    };
    let message = format!(
        "{}: `{}` stands too {late}: it belongs {side} `{}`",
        subject.name(),
        title(place),
        title(other)
    );
    let line = |place: Place| format!("{} {}", "#".repeat(usize::from(section(place).level)), title(place));
    Finding::at(section(place).heading, message)
        .related(&subject.record.path, Some(section(other).heading), format!("{side} this one"))
        .help(format!("move `{}` and all that stands below it {side} `{}`", line(place), line(other)))
}

/// Returns the edit that puts the sections of `group`, which are all there are, in order; `None` where moving them could
/// change what they say or belong to.
fn reordered(subject: &Subject<'_>, group: &[Place]) -> Option<(Span, String)> {
    let document = subject.document;
    let (text, outline) = (&document.text, document.outline());
    let sections = &outline.sections;
    let level = sections[group.first()?.index].level;
    let last = group.last()?.index;
    // What follows the last one on its own level, an appendix say, stays at the end.
    let tail = outline.subtree(last).end;
    let range = group.first()?.index..tail;
    let alike = group.iter().all(|place| sections[place.index].level == level)
        && sections[range.clone()].iter().all(|section| section.level >= level);
    // Numbers in headings would no longer count up.
    let numbered =
        |place: &Place| sections[place.index].title.of(text).starts_with(|c: char| c.is_ascii_digit());
    // Of two headings for one section it is not known which is meant.
    let known = |section: &&Section| !subject.kind.sections_titled(section.title.of(text)).is_empty();
    if !alike || group.iter().any(numbered) || sections.iter().skip(1).filter(known).count() != group.len() {
        return None;
    }
    let ends: Vec<usize> = group.iter().skip(1).map(|place| place.index).chain([tail]).collect();
    let start_of = |index: usize| sections.get(index).map_or(text.len(), |section| section.heading.start());
    let pieces: Vec<(Place, usize)> = group.iter().copied().zip(ends).collect();
    let spans = pieces.iter().map(|(place, end)| Span::new(start_of(place.index), start_of(*end)));
    // Part of an element of HTML, `<details>` say, would move out of it, or take others in.
    if spans.clone().any(|span| !closes_elements(document.at(span))) {
        return None;
    }
    // The white space between two sections stays where it is: the last one may have none.
    let cut = |span: Span| {
        let whole = document.at(span);
        let words = whole.trim_end_matches([' ', '\t', '\r', '\n']).len();
        let line = whole[words..].find(['\r', '\n']).map_or(whole.len(), |end| words + end);
        whole.split_at(line)
    };
    let parts: Vec<(&str, &str)> = spans.map(cut).collect();
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    order.sort_by_key(|at| pieces[*at].0.rank);
    let moved: String =
        order.iter().zip(&parts).flat_map(|(from, (_, gap))| [parts[*from].0, *gap]).collect();
    let span = Span::new(start_of(range.start), start_of(tail));
    // An open code block or a definition that stands twice would read otherwise in another place.
    let mut expected: Vec<usize> = (0..range.start).collect();
    expected.extend(order.iter().flat_map(|from| pieces[*from].0.index..pieces[*from].1));
    expected.extend(tail..sections.len());
    let after = Document::read(format!("{}{moved}{}", &text[..span.start()], &text[span.end()..]));
    let expected = expected.into_iter().map(|index| &sections[index]);
    let same = after.body == document.body
        && expected.map(|section| said(section, text)).eq(after
            .outline()
            .sections
            .iter()
            .map(|section| said(section, &after.text)))
        && targets(outline) == targets(after.outline());
    same.then_some((span, moved))
}

fn said<'a>(section: &'a Section, text: &'a str) -> (u8, &'a str, u32, bool) {
    (section.level, section.title.of(text), section.words, section.filled)
}

/// Returns where the links lead, in an order of its own.
fn targets(outline: &Outline) -> Vec<&str> {
    let mut targets: Vec<&str> = outline.links.iter().map(|link| &*link.target).collect();
    targets.sort_unstable();
    targets
}
