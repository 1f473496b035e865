//! Tables for people: as wide as the terminal, in columns whatever the script.

use std::borrow::Cow;
use std::io;
use std::io::Write;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::Look;
use super::markdown::lines;
use super::text::styled;
use crate::text::visible;
use crate::text::visible_within;

/// What stands between two columns.
const GAP: usize = 2;
/// The least that a column of prose keeps when room is short.
const LEAST_PROSE: usize = 16;
/// The least that any other column keeps.
const LEAST: usize = 6;

/// A table.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// The columns.
    pub(super) columns: Vec<Column>,
    /// The rows, each with a cell for every column.
    pub(super) rows: Vec<Row>,
}

/// A column.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// What stands over it; nothing over any column leaves the line out.
    pub(super) head: String,
    /// Whether it gives way first when room is short: titles and other prose.
    pub(super) prose: bool,
    /// Whether it stands at its right edge: numbers.
    pub(super) right: bool,
}

/// A line of a table.
#[derive(Debug)]
pub(super) enum Row {
    /// Cells.
    Cells(Vec<Cell>),
    /// A line of its own, over the whole width.
    Line(Cell),
    /// A line that continues the one above, from the column with this index on.
    Below(usize, Cell),
}

/// A piece of text, foreign or not, and its style as SGR numbers; an empty one is plain.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) style: &'static str,
}

impl Cell {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: "" }
    }

    pub(super) fn styled(text: impl Into<String>, style: &'static str) -> Self {
        Self { text: text.into(), style }
    }
}

impl Column {
    pub(super) fn new(head: impl Into<String>) -> Self {
        Self { head: head.into(), prose: false, right: false }
    }
}

impl Grid {
    /// Writes the table, no wider than `look` says; where not even the least fits, every record as lines of its own.
    pub(super) fn write(&self, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
        let Some(widths) = self.widths(look.width) else { return self.stacked(look, out) };
        if self.columns.iter().any(|column| !column.head.is_empty()) {
            let heads: Vec<Cell> =
                self.columns.iter().map(|column| Cell::styled(&column.head, "2")).collect();
            self.line(&heads, &widths, look, out)?;
        }
        for row in &self.rows {
            match row {
                Row::Cells(cells) => self.line(cells, &widths, look, out)?,
                Row::Line(cell) => writeln!(out, "{}", shown(cell, look.width, look))?,
                Row::Below(from, cell) => {
                    let before: usize = widths.iter().take(*from).map(|width| width + GAP).sum();
                    let room = look.width.saturating_sub(before).max(LEAST_PROSE);
                    writeln!(out, "{}{}", " ".repeat(before), shown(cell, room, look))?;
                }
            }
        }
        Ok(())
    }

    /// Returns how wide each column is; `None` where even the least is too wide.
    fn widths(&self, room: usize) -> Option<Vec<usize>> {
        let mut widths: Vec<usize> = self.columns.iter().map(|column| columns(&column.head)).collect();
        for row in &self.rows {
            let Row::Cells(cells) = row else { continue };
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = (*width).max(columns(&visible(&cell.text)));
            }
        }
        let gaps = GAP * widths.len().saturating_sub(1);
        let over = |widths: &[usize]| (widths.iter().sum::<usize>() + gaps).saturating_sub(room);
        for (prose, least) in [(true, LEAST_PROSE), (false, LEAST)] {
            // The widest gives way first, down to the next one.
            while over(&widths) > 0 {
                let able =
                    (0..widths.len()).filter(|at| self.columns[*at].prose == prose && widths[*at] > least);
                let Some(widest) = able.clone().max_by_key(|at| widths[*at]) else { break };
                let next = able.filter(|at| *at != widest).map(|at| widths[at]).max().unwrap_or(least);
                let step = (widths[widest] - next.min(widths[widest])).clamp(1, over(&widths));
                widths[widest] -= step.min(widths[widest] - least);
            }
        }
        (over(&widths) == 0).then_some(widths)
    }

    fn line(&self, cells: &[Cell], widths: &[usize], look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut line = String::with_capacity(128);
        let mut spaces = 0;
        for ((cell, width), column) in cells.iter().zip(widths).zip(&self.columns) {
            let text = if line.is_empty() { visible(&cell.text) } else { visible_within(&cell.text) };
            let text = cut(&text, *width);
            if text.is_empty() {
                spaces += width + GAP;
                continue;
            }
            let free = width.saturating_sub(columns(&text));
            let (before, after) = if column.right { (free, 0) } else { (0, free) };
            line.extend(std::iter::repeat_n(' ', spaces + before));
            match look.color && !cell.style.is_empty() {
                true => line.push_str(&styled(&text, cell.style, look)),
                false => line.push_str(&text),
            }
            spaces = after + GAP;
        }
        line.push('\n');
        out.write_all(line.as_bytes())
    }

    /// Writes every row as lines of its own: the first two cells, then the others with what stands over them.
    fn stacked(&self, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut first = true;
        for row in &self.rows {
            match row {
                Row::Cells(cells) => {
                    if !first {
                        writeln!(out)?;
                    }
                    first = false;
                    for (cell, column) in
                        cells.iter().zip(&self.columns).filter(|(cell, _)| !cell.text.is_empty())
                    {
                        let label = if column.prose || column.head.is_empty() || column.head == "id" {
                            String::new()
                        } else {
                            format!("{}: ", column.head)
                        };
                        let text = format!("{label}{}", cell.text);
                        for part in lines(&visible(&text), look.width.max(LEAST)) {
                            writeln!(out, "{}", painted(&visible(&part), cell.style, look))?;
                        }
                    }
                }
                Row::Line(cell) | Row::Below(_, cell) => {
                    for part in lines(&visible(&cell.text), look.width.max(LEAST)) {
                        writeln!(out, "{}", painted(&visible(&part), cell.style, look))?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn shown(cell: &Cell, width: usize, look: Look<'_>) -> String {
    let text = visible(&cell.text);
    painted(&cut(&text, width), cell.style, look)
}

fn painted(text: &str, style: &str, look: Look<'_>) -> String {
    if style.is_empty() { text.to_owned() } else { styled(text, style, look) }
}

/// Returns how many columns `text` takes; an emoji joined from several counts as one.
fn columns(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

/// Returns as much of `text` as fits `width` columns, with `…` where something was cut.
fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if columns(text) <= width {
        return Cow::Borrowed(text);
    }
    let mut end = 0;
    let mut used = 0;
    for (at, letter) in text.grapheme_indices(true) {
        used += columns(letter);
        if used > width.saturating_sub(1) {
            break;
        }
        end = at + letter.len();
    }
    Cow::Owned(format!("{}…", text[..end].trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(width: usize, rows: &[[&str; 3]]) -> String {
        let columns = vec![
            Column::new("id"),
            Column { prose: true, ..Column::new("title") },
            Column { right: true, ..Column::new("score") },
        ];
        let cells = |row: &[&str; 3]| Row::Cells(row.iter().map(|text| Cell::new(*text)).collect());
        let grid = Grid { columns, rows: rows.iter().map(cells).collect() };
        let mut out = Vec::new();
        grid.write(Look { color: false, width, prefix: "", terse: false }, &mut out)
            .expect("memory takes all");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn columns_stand_under_each_other_in_any_script() {
        let rows = [["R-0001", "東京のリスク", "9"], ["R-0002", "Ärger", "12"], ["R-0003", "👩‍👩‍👧 family", ""]];
        assert_eq!(
            drawn(80, &rows),
            "id      title         score\nR-0001  東京のリスク      9\nR-0002  Ärger            12\nR-0003  👩‍👩‍👧 family\n"
        );
    }

    #[test]
    fn prose_gives_way_and_nothing_is_cut_through_a_letter() {
        let rows = [["R-0001", "A long title that does not fit at all", "9"]];
        assert_eq!(
            drawn(40, &rows),
            "id      title                      score\nR-0001  A long title that does n…      9\n"
        );
        assert_eq!(cut("ae\u{301}\u{301}bcd", 3), "ae\u{301}\u{301}…");
        assert_eq!(cut("東京都", 4), "東…");
    }

    #[test]
    fn where_nothing_fits_every_record_has_lines_of_its_own() {
        let rows = [["R-0001", "A long title that does not fit", "9"], ["R-0002", "B", ""]];
        assert_eq!(drawn(20, &rows), "R-0001\nA long title that\ndoes not fit\nscore: 9\n\nR-0002\nB\n");
    }
}
