//! Markdown as a terminal shows it: headings stand out, text and tables fit the width, code keeps its shape, comments are
//! not seen. For pages of our own and for records; it never fails.

use std::borrow::Cow;
use std::io;
use std::io::Write;

use comfy_table::ColumnConstraint;
use comfy_table::ContentArrangement;
use comfy_table::Table;
use pulldown_cmark::CodeBlockKind;
use pulldown_cmark::Event;
use pulldown_cmark::Options;
use pulldown_cmark::Parser;
use pulldown_cmark::Tag;
use pulldown_cmark::TagEnd;
use textwrap::WordSeparator;
use textwrap::WordSplitter;
use textwrap::core::Word;

use super::Look;
use super::text::styled;
use crate::text::needs_care;
use crate::text::visible;
use crate::text::visible_with_offsets;

/// Which links say where they lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Targets {
    /// All: the reader can follow each.
    All,
    /// Those into the web: the others lead between pages of ours.
    Web,
}

/// The most columns a line of text has.
const WIDEST: usize = 100;

/// Writes `page`.
///
/// # Errors
/// Where `out` cannot be written to.
pub(super) fn print_markdown(
    page: &str,
    targets: Targets,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES;
    let mut painter = Painter {
        look,
        out,
        targets,
        inside: Vec::new(),
        lists: Vec::new(),
        line: Inline::default(),
        styles: Vec::new(),
        links: Vec::new(),
        apart: false,
        code: None,
        html: None,
        table: None,
    };
    for event in Parser::new_ext(page, options) {
        painter.take(event)?;
    }
    painter.flush()
}

/// Text that is still to be broken into lines.
#[derive(Default)]
struct Inline {
    text: String,
    /// Where each run of one style ends, with its style; none at all for plain text.
    runs: Vec<(usize, String)>,
}

/// Something that stands before every line inside it: an item, a quotation.
struct Container {
    /// Before the first line.
    first: String,
    /// Before the others.
    rest: String,
    begun: bool,
}

struct Painter<'a, 'o> {
    look: Look<'a>,
    out: &'o mut dyn Write,
    targets: Targets,
    inside: Vec<Container>,
    /// The number of the next item of each list around; `None` for bullets.
    lists: Vec<Option<u64>>,
    line: Inline,
    styles: Vec<&'static str>,
    links: Vec<(String, usize)>,
    /// Whether an empty line is due before what comes next.
    apart: bool,
    code: Option<String>,
    html: Option<String>,
    table: Option<Vec<Vec<String>>>,
}

impl Painter<'_, '_> {
    fn take(&mut self, event: Event<'_>) -> io::Result<()> {
        match event {
            Event::Start(tag) => self.start(&tag)?,
            Event::End(tag) => self.end(tag)?,
            Event::Text(text) => match (&mut self.code, &mut self.html) {
                (Some(code), _) => code.push_str(&text),
                (_, Some(html)) => html.push_str(&text),
                _ => self.put(&text, None),
            },
            Event::Code(text) if self.look.color && self.table.is_none() => self.put(&text, Some("36")),
            Event::Code(text) if self.table.is_some() => self.put(&text, None),
            Event::Code(text) => self.put(&format!("`{text}`"), None),
            Event::Html(text) => self.html.get_or_insert_default().push_str(&text),
            Event::InlineHtml(text) if text.starts_with("<!--") => {}
            Event::InlineHtml(text) if text.starts_with("<br") => self.flush()?,
            Event::InlineHtml(text) => self.put(&text, None),
            Event::SoftBreak => self.put(" ", None),
            Event::HardBreak => self.flush()?,
            Event::Rule => {
                self.stand_apart()?;
                self.write(&styled(&"─".repeat(self.width().min(40)), "2", self.look))?;
                self.apart = true;
            }
            Event::TaskListMarker(done) => self.put(if done { "[x] " } else { "[ ] " }, None),
            Event::FootnoteReference(name) => self.put(&format!("[^{name}]"), None),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.put(&text, None),
        }
        Ok(())
    }

    fn start(&mut self, tag: &Tag<'_>) -> io::Result<()> {
        match tag {
            Tag::Paragraph => self.stand_apart()?,
            Tag::Heading { level, .. } => {
                self.flush()?;
                self.stand_apart()?;
                self.styles.push(if *level as u8 == 1 { "1;4" } else { "1" });
                // Where nothing can stand out a heading keeps its mark.
                if !self.look.color && self.targets == Targets::All {
                    self.put(&format!("{} ", "#".repeat(*level as usize)), None);
                }
            }
            Tag::BlockQuote(_) => {
                self.stand_apart()?;
                self.inside.push(Container { first: "│ ".into(), rest: "│ ".into(), begun: false });
            }
            Tag::FootnoteDefinition(name) => {
                self.stand_apart()?;
                let first = format!("[^{}] ", visible(name));
                self.inside.push(Container { first, rest: "    ".into(), begun: false });
            }
            Tag::CodeBlock(kind) => {
                self.flush()?;
                self.stand_apart()?;
                if let CodeBlockKind::Fenced(words) = kind {
                    self.caption(words)?;
                }
                self.code = Some(String::new());
            }
            Tag::List(start) => {
                self.flush()?;
                if self.lists.is_empty() {
                    self.stand_apart()?;
                }
                self.lists.push(*start);
            }
            Tag::Item => {
                self.flush()?;
                let first = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                let rest = " ".repeat(first.len());
                self.inside.push(Container { first, rest, begun: false });
            }
            Tag::Table(_) => {
                self.flush()?;
                self.stand_apart()?;
                self.table = Some(Vec::new());
            }
            Tag::TableHead | Tag::TableRow => self.table.get_or_insert_default().push(Vec::new()),
            Tag::Emphasis => self.styles.push("3"),
            Tag::Strong => self.styles.push("1"),
            Tag::Strikethrough => self.styles.push("9"),
            Tag::Link { dest_url, .. } => self.links.push((dest_url.to_string(), self.line.text.len())),
            Tag::Image { dest_url, .. } => {
                self.links.push((dest_url.to_string(), self.line.text.len()));
                self.put("image: ", None);
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, tag: TagEnd) -> io::Result<()> {
        match tag {
            TagEnd::Paragraph => {
                self.flush()?;
                self.apart = true;
            }
            TagEnd::Heading(_) => {
                self.flush()?;
                self.styles.pop();
                self.apart = true;
            }
            TagEnd::BlockQuote(_) | TagEnd::FootnoteDefinition => {
                self.flush()?;
                self.inside.pop();
                self.apart = true;
            }
            TagEnd::Item => {
                self.flush()?;
                // An empty item is seen too.
                if self.inside.last().is_some_and(|container| !container.begun) {
                    self.write("")?;
                }
                self.inside.pop();
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.apart |= self.lists.is_empty();
            }
            TagEnd::CodeBlock => {
                for line in self.code.take().unwrap_or_default().lines() {
                    let line = visible(&line.replace('\t', "    ")).into_owned();
                    self.write(&format!("    {}", styled(&line, "2", self.look)))?;
                }
                self.apart = true;
            }
            TagEnd::HtmlBlock => self.html_block()?,
            TagEnd::TableCell => {
                let Inline { text, .. } = std::mem::take(&mut self.line);
                if let Some(row) = self.table.as_mut().and_then(|rows| rows.last_mut()) {
                    row.push(visible(text.trim()).into_owned());
                }
            }
            TagEnd::Table => {
                let rows = self.table.take().unwrap_or_default();
                for (at, line) in table(rows, self.width(), self.look).iter().enumerate() {
                    self.write(&if at == 0 { styled(line, "4", self.look) } else { line.clone() })?;
                }
                self.apart = true;
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                self.styles.pop();
            }
            TagEnd::Link | TagEnd::Image => self.target(),
            _ => {}
        }
        Ok(())
    }

    /// Says where the link that ends here leads, where its words do not say so themselves.
    fn target(&mut self) {
        let Some((target, from)) = self.links.pop() else { return };
        let shown = target.contains("://") || self.targets == Targets::All;
        let words = self.line.text.get(from..).unwrap_or_default();
        let mail = target.strip_prefix("mailto:").unwrap_or(&target);
        if shown && !target.is_empty() && words != target && words != mail {
            self.put(&format!(" ({target})"), Some("2"));
        }
    }

    /// Writes what of a block of HTML is seen: all but its comments.
    fn html_block(&mut self) -> io::Result<()> {
        let html = self.html.take().unwrap_or_default();
        let mut rest = html.as_str();
        let mut shown = String::new();
        while let Some((before, comment)) = rest.split_once("<!--") {
            shown.push_str(before);
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
        }
        shown.push_str(rest);
        for line in shown.lines().filter(|line| !line.trim().is_empty()) {
            self.stand_apart()?;
            let line = visible(&line.replace('\t', "    ")).into_owned();
            self.write(&styled(&line, "2", self.look))?;
        }
        self.apart |= !shown.trim().is_empty();
        Ok(())
    }

    /// Says above an example which file it is, where its fence says so.
    fn caption(&mut self, fence: &str) -> io::Result<()> {
        let words: Vec<&str> = fence.split_whitespace().collect();
        let Some(file) = words.iter().find_map(|word| word.strip_prefix("file=")) else { return Ok(()) };
        let verdict = match (words.contains(&"bad"), words.contains(&"good")) {
            (true, _) => "wrong: ",
            (_, true) => "right: ",
            _ => "",
        };
        let line = format!("  {}", styled(&format!("{verdict}{}", visible(file)), "3", self.look));
        self.write(&line)
    }

    /// Adds text in the style that holds here, and in `more`.
    fn put(&mut self, text: &str, more: Option<&str>) {
        self.line.text.extend(text.chars().map(|c| if c == '\t' { ' ' } else { c }));
        let styles: Vec<&str> = self.styles.iter().copied().chain(more).collect();
        self.line.runs.push((self.line.text.len(), styles.join(";")));
    }

    /// Writes the text there is, in lines that fit.
    fn flush(&mut self) -> io::Result<()> {
        let Inline { text, runs } = std::mem::take(&mut self.line);
        if text.trim().is_empty() {
            return Ok(());
        }
        let (text, offsets) = visible_with_offsets(&text);
        let runs: Vec<(usize, String)> = runs.into_iter().map(|(end, style)| (offsets[end], style)).collect();
        let mut from = 0;
        // The runs before the line have been painted.
        let mut done = 0;
        for line in lines(&text, self.width()) {
            let start = text[from..].find(&*line).map_or(from, |at| from + at);
            let end = start + line.len();
            from = end;
            done += runs[done..].iter().take_while(|(until, _)| *until <= start).count();
            // What opens a line now did not when the text was made visible.
            let painted = if needs_care(&text[start..end]) {
                visible(&text[start..end]).into_owned()
            } else {
                paint(&text, &runs[done..], start, end, self.look)
            };
            self.write(&painted)?;
        }
        Ok(())
    }

    /// Writes an empty line where one is due.
    fn stand_apart(&mut self) -> io::Result<()> {
        self.flush()?;
        // The first block of an item stands on the item's own line.
        let opens = self.inside.last().is_some_and(|container| !container.begun);
        if std::mem::take(&mut self.apart) && !(opens && !self.lists.is_empty() && self.inside.len() > 1) {
            let prefix: String =
                self.inside.iter().filter(|it| it.begun).map(|it| it.rest.as_str()).collect();
            writeln!(self.out, "{}", prefix.trim_end())?;
        }
        Ok(())
    }

    /// Writes a line inside whatever is around it.
    fn write(&mut self, line: &str) -> io::Result<()> {
        let mut whole = String::new();
        for container in &mut self.inside {
            whole.push_str(if container.begun { &container.rest } else { &container.first });
            container.begun = true;
        }
        whole.push_str(line);
        writeln!(self.out, "{}", whole.trim_end())
    }

    fn width(&self) -> usize {
        let around: usize = self.inside.iter().map(|container| container.rest.chars().count()).sum();
        self.look.width.clamp(20, WIDEST).saturating_sub(around).max(16)
    }
}

/// Breaks `text` into lines of at most `width` columns; no word is broken.
pub(super) fn lines(text: &str, width: usize) -> Vec<Cow<'_, str>> {
    let options = textwrap::Options::new(width)
        .word_separator(WordSeparator::Custom(words))
        .word_splitter(WordSplitter::NoHyphenation)
        .break_words(false);
    textwrap::wrap(text, options)
}

/// Returns how many columns `text` takes.
pub(super) fn columns(text: &str) -> usize {
    textwrap::core::display_width(text)
}

/// Finds where a line may be broken: at spaces, and beside the wide characters of scripts that have none between words.
fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let mut ends: Vec<usize> = Vec::new();
    let mut chars = line.char_indices().peekable();
    while let Some((_, c)) = chars.next() {
        let Some((next, following)) = chars.peek().copied() else { break };
        let space = c == ' ' && following != ' ';
        let wide =
            |c: char| c.is_alphanumeric() && c >= '\u{1100}' && columns(c.encode_utf8(&mut [0; 4])) == 2;
        if space || (wide(c) && following != ' ') || (wide(following) && c != ' ') {
            ends.push(next);
        }
    }
    ends.push(line.len());
    let mut from = 0;
    Box::new(ends.into_iter().map(move |end| {
        let word = Word::from(&line[from..end]);
        from = end;
        word
    }))
}

/// Returns the bytes from `start` to `end` of `text` in the styles that `runs` have there.
fn paint(text: &str, runs: &[(usize, String)], start: usize, end: usize, look: Look<'_>) -> String {
    let mut out = String::new();
    let mut at = start;
    for (until, style) in runs {
        let until = (*until).min(end);
        if at >= end {
            break;
        }
        if until <= at {
            continue;
        }
        let piece = &text[at..until];
        out.push_str(&if style.is_empty() { piece.to_owned() } else { styled(piece, style, look) });
        at = until;
    }
    out.push_str(&text[at..end]);
    out
}

/// The columns a terminal must have before parts of a table may insist on their width.
const ROOMY: usize = 80;

/// Keeps columns of single words (names, paths) from being broken inside a word, as long as they leave the others room.
fn keep_words_whole(table: &mut Table, width: usize) {
    let rows: Vec<_> = table.row_iter().collect();
    let count = rows.iter().map(|row| row.cell_count()).max().unwrap_or(0);
    let of_column = |at: usize| {
        let mut cells =
            rows.iter().filter_map(move |row| row.cell_iter().nth(at)).map(comfy_table::Cell::content);
        let widest = cells.clone().map(|content| columns(&content)).max().unwrap_or(0);
        let single = cells.all(|content| !content.trim().contains(' '));
        single.then_some((at, widest))
    };
    let single: Vec<(usize, usize)> = (0..count).filter_map(of_column).collect();
    drop(rows);
    let mut left = width / 2;
    for (at, widest) in single {
        if let Some(column) = table.column_mut(at).filter(|_| widest <= left) {
            column.set_constraint(ColumnConstraint::ContentWidth);
            left -= widest;
        }
    }
}

/// Returns the lines of a table whose first row is its head.
fn table(rows: Vec<Vec<String>>, width: usize, look: Look<'_>) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(look.width.clamp(40, 140).max(width)).unwrap_or(80));
    let mut rows = rows.into_iter();
    if let Some(head) = rows.next() {
        table.set_header(head);
    }
    for row in rows {
        table.add_row(row);
    }
    if look.width >= ROOMY {
        keep_words_whole(&mut table, look.width.min(140));
    }
    let text = table.to_string();
    let lines = text.lines().map(|line| {
        let line = line.trim_end();
        // A cell may have been broken inside a word: what opens a line now did not when it was made visible.
        visible(line.strip_prefix(' ').unwrap_or(line)).into_owned()
    });
    lines.collect()
}

/// Returns `text` as one cell of a Markdown table.
pub(super) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(markdown: &str, expected: &str) {
        let look = Look { color: false, width: 40, prefix: "", terse: false };
        let mut out = Vec::new();
        print_markdown(markdown, Targets::All, look, &mut out).expect("memory takes all");
        assert_eq!(String::from_utf8(out).expect("UTF-8"), expected, "{markdown:?}");
    }

    #[test]
    fn blocks_stand_apart_and_lines_fit() {
        check(
            "# One\nText that is *long* enough to be broken into lines.\n\n- a\n- b\n  - c\n\n1. x\n\n   y\n2. z\n",
            "# One\n\nText that is long enough to be broken\ninto lines.\n\n- a\n- b\n  - c\n\n1. x\n\n   y\n\n2. z\n",
        );
        check(
            "> a\n>\n> b\n\n```\ncode  x\n```\n---\n",
            "│ a\n│\n│ b\n\n    code  x\n\n────────────────────────────────────────\n",
        );
        check("| a | b |\n|---|---|\n| `x` | y z |\n", "a  b\nx  y z\n");
    }

    #[test]
    fn links_say_where_they_lead_and_comments_are_not_seen() {
        check("See [a](b.md), <https://x.example>.\n", "See a (b.md), https://x.example.\n");
        check("<!-- no -->\n\nA <!-- no --> b <name>\n\n<p>\n<!-- no\nnone -->\n", "A  b <name>\n\n<p>\n");
        check("- [ ] do\n- [x] done\n", "- [ ] do\n- [x] done\n");
    }

    #[test]
    fn nothing_acts() {
        check("a ##**[error]** \u{1b}[31m\n", "a #\\u{23}[error] \\u{1b}[31m\n");
        check(
            "one two three four five six seven eight\n::error::x\n",
            "one two three four five six seven eight\n:\\u{3a}error::x\n",
        );
        check("```\n::error::x\n```\n", "    :\\u{3a}error::x\n");
    }
}
