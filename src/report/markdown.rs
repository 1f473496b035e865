//! Markdown as a terminal shows it: headings stand out, tables fit the width, code keeps its shape.
//!
//! For pages of our own and for records; it looks at lines and never fails.

use std::io;
use std::io::Write;

use comfy_table::ColumnConstraint;
use comfy_table::ContentArrangement;
use comfy_table::Table;

use super::Look;
use super::text::styled;
use crate::text::visible;

/// Writes `page`.
///
/// # Errors
/// Where `out` cannot be written to.
pub(super) fn print_markdown(page: &str, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = page.lines().peekable();
    let mut paragraph: Vec<&str> = Vec::new();
    while let Some(line) = lines.next() {
        let starts = line.trim_start();
        let special = line.trim().is_empty()
            || starts.starts_with(['#', '|', '>'])
            || starts.starts_with("- ")
            || starts.starts_with("```");
        if special || line.starts_with("    ") {
            flush(&mut paragraph, "", look, out)?;
        }
        if let Some(fence) = starts.strip_prefix("```") {
            caption(fence, look, out)?;
            for code in lines.by_ref().take_while(|code| !code.trim_start().starts_with("```")) {
                writeln!(out, "    {}", styled(&visible(code), "2", look))?;
            }
        } else if starts.starts_with('|') {
            let mut rows = vec![line];
            while let Some(row) = lines.next_if(|row| row.trim_start().starts_with('|')) {
                rows.push(row);
            }
            table(&rows, look, out)?;
        } else if let Some(heading) = starts.strip_prefix('#') {
            let style = if heading.starts_with(' ') { "1;4" } else { "1" };
            let text = heading.trim_start_matches('#').trim();
            writeln!(out, "{}", styled(&inline(text, look), style, look))?;
        } else if let Some(item) = starts.strip_prefix("- ") {
            let mut item = vec![item];
            while let Some(more) =
                lines.next_if(|more| more.starts_with("  ") && !more.trim_start().starts_with("- "))
            {
                item.push(more.trim());
            }
            flush(&mut item, "- ", look, out)?;
        } else if line.starts_with("    ") {
            writeln!(out, "{}", styled(&visible(line), "2", look))?;
        } else if line.trim().is_empty() {
            writeln!(out)?;
        } else {
            paragraph.push(line.trim());
        }
    }
    flush(&mut paragraph, "", look, out)
}

/// Says above an example which file it is, where its fence says so.
fn caption(fence: &str, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let file = fence.split_whitespace().find_map(|word| word.strip_prefix("file="));
    let Some(file) = file else { return Ok(()) };
    let words: Vec<&str> = fence.split_whitespace().collect();
    let verdict = match (words.contains(&"bad"), words.contains(&"good")) {
        (true, _) => "wrong: ",
        (_, true) => "right: ",
        _ => "",
    };
    writeln!(out, "  {}", styled(&format!("{verdict}{}", visible(file)), "3", look))
}

/// Writes the words of a paragraph or item, wrapped to the width, the first line behind `mark`.
fn flush(words: &mut Vec<&str>, mark: &str, look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    let text = words.join(" ");
    words.clear();
    let width = look.width.clamp(20, 100);
    let mut line = String::from(mark);
    let mut used = mark.len();
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if used > mark.len() && used + 1 + length > width {
            writeln!(out, "{}", inline(&line, look))?;
            line = " ".repeat(mark.len());
            used = mark.len();
        }
        if used > mark.len() {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += length;
    }
    writeln!(out, "{}", inline(&line, look))
}

/// Makes foreign text safe and, in colour, sets code apart.
fn inline(text: &str, look: Look<'_>) -> String {
    let text = visible(text);
    if !look.color || text.matches('`').count() % 2 == 1 {
        return text.into_owned();
    }
    let mut out = String::new();
    for (at, part) in text.split('`').enumerate() {
        if at % 2 == 1 {
            out.push_str(&styled(part, "36", look));
        } else {
            out.push_str(part);
        }
    }
    out
}

/// The columns a terminal must have before parts of a table may insist on their width.
const ROOMY: usize = 80;

/// Keeps columns of single words (names, paths) from being broken inside a word.
fn keep_words_whole(table: &mut Table) {
    let rows: Vec<_> = table.row_iter().collect();
    let columns = rows.iter().map(|row| row.cell_count()).max().unwrap_or(0);
    let single = |at: usize| {
        let mut cells = rows.iter().filter_map(|row| row.cell_iter().nth(at));
        cells.all(|cell| !cell.content().trim().contains(' '))
    };
    let whole: Vec<usize> = (0..columns).filter(|at| single(*at)).collect();
    drop(rows);
    for at in whole {
        if let Some(column) = table.column_mut(at) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
}

fn table(rows: &[&str], look: Look<'_>, out: &mut dyn Write) -> io::Result<()> {
    let cells = |row: &str| -> Vec<String> {
        let row = row.trim().trim_start_matches('|');
        let row = row.strip_suffix('|').unwrap_or(row);
        let row = row.replace("\\|", "\u{1}");
        row.split('|')
            .map(|cell| visible(&cell.trim().replace('\u{1}', "|").replace('`', "")).into_owned())
            .collect()
    };
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(look.width.clamp(40, 140)).unwrap_or(80));
    let mut rows = rows.iter();
    if let Some(head) = rows.next() {
        table.set_header(cells(head));
    }
    let ruler = |row: &&&str| !row.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '));
    for row in rows.filter(ruler) {
        table.add_row(cells(row));
    }
    if look.width >= ROOMY {
        keep_words_whole(&mut table);
    }
    for (at, line) in table.to_string().lines().enumerate() {
        let line = line.trim_end();
        // A cell may have been broken inside a word: what opens a line now did not when it was made visible.
        let line = visible(line.strip_prefix(' ').unwrap_or(line));
        writeln!(out, "{}", if at == 0 { styled(&line, "4", look) } else { line.into_owned() })?;
    }
    Ok(())
}

/// Returns `text` as one cell of a Markdown table.
pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}
