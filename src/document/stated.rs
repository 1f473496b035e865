//! Entries that state several things under labels: `Baseline: 61 %`, the cell under `baseline`, a sub-heading `Baseline`.
//!
//! An entry is a row of a table, a list item, a sub-heading, or a run of these of which each says one thing only. Which labels
//! there are, and what is missing, is for a rule to say; here the text is taken apart.

use super::Block;
use super::BlockKind;
use super::Document;
use super::ListedEntry;
use super::asked::cells;
use super::asked::uncommented;
use super::asked::without_marker;
use crate::text::Span;

/// The names of one thing that entries state, the first of which is what messages call it.
pub type Label<'a> = Vec<&'a str>;

/// One entry of a section.
#[derive(Debug)]
pub struct Stated {
    /// Where its first words stand.
    pub place: Span,
    /// For each label what stands there; `None` where it is not there at all.
    pub parts: Vec<Option<Piece>>,
    /// For a row, the head of its table.
    pub head: Option<Head>,
}

/// What stands behind a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The text, comments taken out.
    pub text: String,
    /// Where it stands; where nothing does, the place for it.
    pub span: Span,
}

/// The head of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Where it stands.
    pub span: Span,
    /// For each label whether there is a column for it.
    pub has: Vec<bool>,
}

/// Part of a section, before it is known whether it is an entry by itself.
struct Unit {
    place: Span,
    /// The label that its own words stand for, where it has words before any label.
    own: Option<Piece>,
    parts: Vec<(usize, Piece)>,
    head: Option<Head>,
}

/// Returns the entries of section `index`, with what each states under `labels`.
///
/// What an entry says before any label (the heading, the words of the item, the first cell) stands under the first one. Where
/// the section is not listed at all but has labels in its paragraphs, each repetition of a label begins another entry.
pub fn stated(document: &Document, index: usize, labels: &[Label<'_>]) -> Vec<Stated> {
    let units = units(document, index, labels);
    let mut found: Vec<Stated> = Vec::new();
    for unit in units {
        let again = |last: &Stated| unit.parts.iter().any(|(label, _)| last.parts[*label].is_some());
        let goes_on = unit.own.is_none() && unit.head.is_none();
        match found.last_mut().filter(|last| goes_on && last.head.is_none() && !again(last)) {
            Some(last) => fill(last, unit.parts),
            None => {
                let mut next = Stated { place: unit.place, parts: vec![None; labels.len()], head: unit.head };
                let own = unit.own.filter(|_| !unit.parts.iter().any(|(label, _)| *label == 0));
                fill(&mut next, unit.parts);
                if let (Some(own), Some(first)) = (own, next.parts.first_mut()) {
                    *first = Some(own);
                }
                found.push(next);
            }
        }
    }
    found
}

/// Of a label that stands twice the first counts.
fn fill(entry: &mut Stated, parts: Vec<(usize, Piece)>) {
    for (label, piece) in parts {
        entry.parts[label].get_or_insert(piece);
    }
}

fn units(document: &Document, index: usize, labels: &[Label<'_>]) -> Vec<Unit> {
    let outline = document.outline();
    let whole = Span::new(
        outline.sections[index].body.start(),
        outline.sections[outline.subtree(index).end - 1].body.end(),
    );
    let own = outline.sections[index].body;
    let paragraphs = masked(document, own, |kind| kind != BlockKind::Quote);
    if !occurrences(&paragraphs, labels, true).is_empty() {
        let text = masked(document, whole, |kind| kind == BlockKind::Code);
        let pieces = pieces(&text, whole.start(), labels).1;
        let unit = |(label, piece, place)| Unit { place, own: None, parts: vec![(label, piece)], head: None };
        return pieces.into_iter().map(unit).collect();
    }
    // Entries come in order, and so do the heads of tables.
    let (mut seen, mut columns) = (0, Columns::none(labels));
    let mut units = Vec::new();
    for entry in outline.entry_list(index, &document.text) {
        let index = match entry {
            ListedEntry::Section(index) => {
                units.push(heading(document, index, labels));
                continue;
            }
            ListedEntry::Block(index) => index,
        };
        if let BlockKind::Row(_) = outline.blocks[index].kind {
            let heads = |block: &&Block| matches!(block.kind, BlockKind::Head(_));
            if let Some(head) = outline.blocks[seen..index].iter().rev().find(heads) {
                columns = Columns::read(document, head.span, labels);
            }
            seen = index;
            units.push(row(document, outline.blocks[index].span, labels, &columns));
        } else {
            units.push(item(document, outline.blocks[index].span, labels));
        }
    }
    units
}

fn heading(document: &Document, index: usize, labels: &[Label<'_>]) -> Unit {
    let outline = document.outline();
    let section = &outline.sections[index];
    let below = Span::new(section.body.start(), outline.sections[outline.subtree(index).end - 1].body.end());
    let text = masked(document, below, |kind| kind == BlockKind::Code);
    let (before, found) = pieces(&text, below.start(), labels);
    let mut parts: Vec<(usize, Piece)> = found.into_iter().map(|(label, piece, _)| (label, piece)).collect();
    let title = section.title.of(&document.text);
    let place = section.title.span;
    // Under a heading that is a label stands what belongs there.
    if let Some(label) = labels.iter().position(|names| is_label(title, names)) {
        parts.insert(0, (label, before));
        return Unit { place, own: None, parts, head: None };
    }
    let own = Piece { text: title.to_owned(), span: place };
    Unit { place, own: Some(own), parts, head: None }
}

fn item(document: &Document, span: Span, labels: &[Label<'_>]) -> Unit {
    let text = masked(document, span, |kind| kind == BlockKind::Code);
    let said = without_marker(&text);
    let from = text.len() - said.len();
    let (before, found) = pieces(&text[from..], span.start() + from, labels);
    let line = said.lines().next().unwrap_or_default().trim_end();
    let place = Span::new(span.start() + from, span.start() + from + line.len());
    let parts = found.into_iter().map(|(label, piece, _)| (label, piece)).collect();
    let own = Some(before).filter(|before| before.text.contains(char::is_alphanumeric));
    Unit { place, own, parts, head: None }
}

/// What the head of a table says its columns are.
struct Columns {
    head: Span,
    /// For each label the column that it names.
    of: Vec<Option<usize>>,
    /// Whether none of them is named.
    sideways: bool,
}

impl Columns {
    fn none(labels: &[Label<'_>]) -> Self {
        Self { head: Span::at(0), of: vec![None; labels.len()], sideways: true }
    }

    fn read(document: &Document, head: Span, labels: &[Label<'_>]) -> Self {
        let columns = row_cells(document, head);
        let column = |names: &Label<'_>| columns.iter().position(|column| is_label(&column.text, names));
        let mut of: Vec<Option<usize>> = labels.iter().map(column).collect();
        let sideways = of.iter().all(Option::is_none);
        // What a row is about stands first, whatever the column is called.
        let taken = of.contains(&Some(0));
        if let Some(first @ None) = of.first_mut() {
            *first = (!taken && !columns.is_empty()).then_some(0);
        }
        Self { head, of, sideways }
    }
}

/// Reads the row under `span` of the table with these `columns`.
fn row(document: &Document, span: Span, labels: &[Label<'_>], columns: &Columns) -> Unit {
    let cells = row_cells(document, span);
    let said = span.of(&document.text).trim();
    let place = Span::new(span.start(), span.start() + said.len());
    let first = cells.first().map_or(place, |cell| cell.span);
    // A row that ends early has no more cells.
    let cell = |at: usize| {
        cells.get(at).cloned().unwrap_or(Piece { text: String::new(), span: Span::at(place.end()) })
    };
    // In a table that stands on its side the labels are the first cells.
    let label = cells.first().filter(|_| columns.sideways);
    let label = label.and_then(|cell| labels.iter().position(|names| is_label(&cell.text, names)));
    if let Some(label) = label {
        return Unit { place, own: None, parts: vec![(label, cell(1))], head: None };
    }
    let has = columns.of.iter().map(Option::is_some).collect();
    let named = columns.of.iter().enumerate();
    let parts = named.filter_map(|(label, column)| Some((label, cell((*column)?)))).collect();
    Unit { place: first, own: None, parts, head: Some(Head { span: columns.head, has }) }
}

fn row_cells(document: &Document, span: Span) -> Vec<Piece> {
    let text = uncommented(document, span);
    let cells = cells(&text).into_iter().map(|(from, cell)| {
        let start = span.start() + from;
        piece_of(cell, start)
    });
    cells.collect()
}

/// Returns `text`, which begins at `start`, without white space around it; where nothing is left, the place in its middle.
fn piece_of(text: &str, start: usize) -> Piece {
    let said = text.trim();
    let from = match said.is_empty() {
        true => text.len().min(1),
        false => text.len() - text.trim_start().len(),
    };
    Piece { text: said.to_owned(), span: Span::new(start + from, start + from + said.len()) }
}

/// Returns the text under `span` with a space for each byte of a comment and of the blocks that `hides` names.
fn masked(document: &Document, span: Span, hides: impl Fn(BlockKind) -> bool) -> String {
    let mut text = uncommented(document, span);
    let blocks = &document.outline().blocks;
    // They come in order, those inside others behind these.
    let first = blocks.partition_point(|block| block.span.start() < span.start());
    let mut done = span.start();
    for block in blocks[first..].iter().take_while(|block| block.span.start() < span.end()) {
        let inside = span.contains(block.span) && block.span.end() > done;
        if !inside || !hides(block.kind) {
            continue;
        }
        let (start, end) = (block.span.start() - span.start(), block.span.end() - span.start());
        let blank: String = text[start..end]
            .chars()
            .flat_map(|c| std::iter::repeat_n(if c == '\n' { c } else { ' ' }, c.len_utf8()))
            .collect();
        text.replace_range(start..end, &blank);
        done = block.span.end();
    }
    text
}

/// A label in a text, with the bytes it takes, marks included.
struct Occurrence {
    label: usize,
    start: usize,
    end: usize,
}

/// Returns what stands before the first label of `text`, which begins at `start`, and what stands behind each, with its place:
/// that of the label.
fn pieces(text: &str, start: usize, labels: &[Label<'_>]) -> (Piece, Vec<(usize, Piece, Span)>) {
    let found = occurrences(text, labels, false);
    let ends = found.iter().skip(1).map(|next| next.start).chain([text.len()]);
    let before = piece_between(text, start, 0, found.first().map_or(text.len(), |first| first.start));
    let behind = found.iter().zip(ends).map(|(it, end)| {
        let line = text[it.start..end].lines().next().unwrap_or_default().trim_end();
        let place = Span::new(start + it.start, start + it.start + line.len());
        (it.label, piece_between(text, start, it.end, end), place)
    });
    (before, behind.collect())
}

/// Returns what stands between two places of `text`, without what parts it from the next label or only marks it.
fn piece_between(text: &str, start: usize, from: usize, to: usize) -> Piece {
    let mark = |c: char| {
        c.is_whitespace()
            || matches!(c, '*' | '_' | '-' | '+' | ';' | ',' | '(' | '|' | '·' | '—' | '–' | '#')
    };
    let said = text[from..to].trim_start_matches(mark).trim_end_matches(mark);
    if said.is_empty() {
        return Piece { text: String::new(), span: Span::at(start + from) };
    }
    let from = from + (text[from..to].len() - text[from..to].trim_start_matches(mark).len());
    Piece { text: said.to_owned(), span: Span::new(start + from, start + from + said.len()) }
}

/// Finds the labels of `text`: at the beginning of a line or behind a mark that ends something, and marked as a label by a
/// colon, by bold type, or by standing alone in a heading. With `lines` only those at the beginning of a line.
fn occurrences(text: &str, labels: &[Label<'_>], lines: bool) -> Vec<Occurrence> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let mut from = 0;
        while from < line.len() {
            let rest = &line[from..];
            let lead = rest.len() - opening(rest, from == 0).len();
            let start = from + lead;
            match label_at(&line[start..], labels, from == 0) {
                Some((label, length)) => {
                    found.push(Occurrence { label, start: at + start, end: at + start + length });
                    from = start + length;
                }
                None if lines => break,
                None => {
                    // Marks in a row are one, and a label may stand behind them.
                    let rest = line[start..].trim_start_matches(['*', '_', '`']);
                    let behind = line.len() - rest.len();
                    match next_start(rest) {
                        _ if behind > start => from = behind,
                        Some(next) => from = behind + next,
                        None => break,
                    }
                }
            }
        }
        at += line.len();
    }
    found
}

/// Returns `text` without what may stand before a label: white space, and at the beginning of a line the marks of lists and
/// quotations.
fn opening(text: &str, of_line: bool) -> &str {
    let rest = text.trim_start();
    if !of_line {
        return rest;
    }
    without_marker(rest.trim_start_matches(|c: char| matches!(c, '>' | '#' | '|') || c.is_whitespace()))
}

/// Returns where, behind the first mark that ends something, the next label may begin.
fn next_start(text: &str) -> Option<usize> {
    let ends = |c: char| {
        matches!(c, '.' | ';' | ',' | '?' | '!' | '(' | '|' | '·' | '—' | '–' | ':' | '*' | '_' | '。' | '；')
    };
    let (at, mark) = text.char_indices().find(|(_, c)| ends(*c))?;
    Some(at + mark.len_utf8())
}

/// Returns the label that `text` begins with, and how many bytes it takes with the marks around it.
fn label_at(text: &str, labels: &[Label<'_>], of_line: bool) -> Option<(usize, usize)> {
    let markup = |c: char| matches!(c, '*' | '_' | '`');
    let inside = text.trim_start_matches(markup);
    let marks = text.len() - inside.len();
    let named = labels.iter().enumerate().flat_map(|(at, names)| names.iter().map(move |name| (at, *name)));
    let fits = named.filter_map(|(at, name)| Some((at, begins_with(inside, name)?)));
    let (label, length) = fits.max_by_key(|(_, length)| *length)?;
    let after = &inside[length..];
    let closed = after.trim_start_matches(markup);
    let spaced = closed.trim_start_matches([' ', '\t']);
    let end = |rest: &str| text.len() - rest.len();
    if let Some(rest) = spaced.strip_prefix([':', '：']) {
        return Some((label, end(rest.trim_start_matches(markup))));
    }
    // `**Evidence**` and `**Evidence.**` at the beginning of a line.
    let bold = after.strip_prefix(['.', '?']).unwrap_or(after);
    let is_bold = of_line && marks > 0 && bold.starts_with(markup);
    if is_bold {
        return Some((label, end(bold.trim_start_matches(markup))));
    }
    None
}

/// Returns how many bytes of `text` the word or words `name` take that it begins with, letter case aside.
fn begins_with(text: &str, name: &str) -> Option<usize> {
    let mut rest = text.char_indices();
    for wanted in name.chars() {
        let (_, c) = rest.next()?;
        if c != wanted && !c.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
    }
    let end = rest.next();
    end.is_none_or(|(_, c)| !c.is_alphanumeric()).then(|| end.map_or(text.len(), |(at, _)| at))
}

/// Says whether a heading or the head of a column is one of `names`, marks and what stands in brackets aside.
fn is_label(text: &str, names: &[&str]) -> bool {
    let plain = text.split('(').next().unwrap_or_default();
    let plain =
        plain.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '`' | ':' | '.' | '?'));
    names.iter().any(|name| begins_with(plain, name) == Some(plain.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads `body` as a section, and shows each entry with what it states.
    fn shown(body: &str) -> Vec<String> {
        let document = Document::read(format!("## Results\n\n{body}\n"));
        let labels = [vec!["metric"], vec!["baseline", "from"], vec!["target"], vec!["date", "by"]];
        let entries = stated(&document, 1, &labels);
        let piece = |piece: &Option<Piece>| match piece {
            None => "–".to_owned(),
            Some(piece) => {
                assert!(piece.text.is_empty() || document.at(piece.span) == piece.text, "{piece:?}");
                format!("[{}]", piece.text)
            }
        };
        entries.iter().map(|entry| entry.parts.iter().map(piece).collect::<Vec<_>>().join(" ")).collect()
    }

    fn check(body: &str, expected: &[&str]) {
        assert_eq!(shown(body), expected, "{body}");
    }

    #[test]
    fn rows_state_what_stands_under_their_columns() {
        check(
            "| Metric | **Baseline** (Oct) | Target: | By |\n|---|---|---|---|\n| Calls | 61 | 25 | 2027-03-31 |\n| Time | | \\| 4 |\n",
            &["[Calls] [61] [25] [2027-03-31]", "[Time] [] [\\| 4] []"],
        );
        check("| Result | Target |\n|---|---|\n| Calls | 25 |\n", &["[Calls] – [25] –"]);
        check(
            "| | |\n|---|---|\n| Metric | Calls |\n| Baseline | 61 |\n| Target | 25 |\n",
            &["[Calls] [61] [25] –"],
        );
    }

    #[test]
    fn items_and_headings_state_what_stands_behind_labels() {
        let all = &["[Calls a week] [61] [25] [2027-03-31]"];
        check("- Calls a week\n  - Baseline: 61\n  - **Target:** 25\n  - _Date_: 2027-03-31", all);
        check(
            "- **Calls a week.** Baseline: 61; target: 25, by: 2027-03-31",
            &["[Calls a week.] [61] [25] [2027-03-31]"],
        );
        check("- Metric: Calls a week\n- From: 61\n- Target: 25\n- By: 2027-03-31", all);
        check(
            "### Calls a week\n\nBaseline: 61. Target: 25\n\n- **Date** 2027-03-31",
            &["[Calls a week] [61.] [25] [2027-03-31]"],
        );
        check(
            "### Metric\n\nCalls a week\n\n### Baseline\n\n61\n\n### Target\n\n25",
            &["[Calls a week] [61] [25] –"],
        );
        check("**Metric:** Calls a week\n\n**Baseline:** 61\n**Target:** 25\n\nDate: 2027-03-31", all);
    }

    #[test]
    fn a_label_that_comes_again_begins_another_entry() {
        check("- Metric: a\n- Baseline: 1\n- Metric: b\n- Target: 2", &["[a] [1] – –", "[b] – [2] –"]);
        check("- Calls\n- Time\n  Target: 4", &["[Calls] – – –", "[Time] – [4] –"]);
        check("Metric: a\nTarget: 2\n\nMetric: b", &["[a] – [2] –", "[b] – – –"]);
    }

    #[test]
    fn words_are_no_labels_by_themselves() {
        check(
            "- Calls: what is the date: nobody knows. Targets: none",
            &["[Calls: what is the date: nobody knows. Targets: none] – – –"],
        );
        check("No list yet.", &[]);
        check("<!-- Metric: x -->", &[]);
        check("- Calls <!-- Baseline: 4 -->", &["[Calls] – – –"]);
        check("- Calls\n\n  ```\n  Baseline: 4\n  ```", &["[Calls] – – –"]);
        check("- Baseline:\n- Größe", &["– [] – –", "[Größe] – – –"]);
    }
}
