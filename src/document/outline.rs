//! What a Markdown body is made of, with its places. The only file that names the Markdown parser.

use pulldown_cmark::CodeBlockKind;
use pulldown_cmark::CowStr;
use pulldown_cmark::Event;
use pulldown_cmark::Options;
use pulldown_cmark::Parser;
use pulldown_cmark::Tag;
use pulldown_cmark::TagEnd;

use super::html::read_html;
use crate::text::Excerpt;
use crate::text::Span;
use crate::text::WordCounter;

/// The structure of a body: flat lists in the order of the text, each element knowing its section.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// The sections. The first is what stands before any heading: level 0, no title.
    pub sections: Vec<Section>,
    /// List items, tasks, heads and rows of tables, quotations and fenced code.
    pub blocks: Vec<Block>,
    /// Links and images.
    pub links: Vec<Link>,
    /// HTML comments, `<!--` and `-->` included.
    pub comments: Vec<Span>,
    /// Runs of prose: text outside code, comments and addresses.
    pub prose: Vec<Span>,
}

/// A heading and what follows it up to the next heading of any level.
#[derive(Debug, Clone)]
pub struct Section {
    /// 1 to 6; 0 for what stands before the first heading.
    pub level: u8,
    /// The heading's text without markup.
    pub title: Excerpt,
    /// The heading itself, markup included.
    pub heading: Span,
    /// What follows the heading, up to the next one.
    pub body: Span,
    /// Words, headings, fenced code and comments left out.
    pub words: u32,
    /// Whether anything in it would be seen: text, code, an image, the cells of a table below its head.
    pub filled: bool,
}

/// Part of a section that rules count or look into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// The index of its section.
    pub section: u32,
    /// How deep it lies in lists, from 1; 0 outside lists.
    pub depth: u8,
    /// Its bytes.
    pub span: Span,
}

/// The kinds of block that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A list item.
    Item,
    /// A list item that is a task, and whether it is done.
    Task(bool),
    /// The head of a table, and how many columns it has.
    Head(u16),
    /// A row of a table below its head, and how many columns the head has.
    Row(u16),
    /// A quotation.
    Quote,
    /// A fenced or indented code block.
    Code,
}

/// An entry of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListedEntry {
    /// The section at this index, one level down.
    Section(usize),
    /// The list item or table row at this index of the blocks.
    Block(usize),
}

/// A link or an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it leads, as written after reference links are resolved.
    pub target: Box<str>,
    /// The whole link.
    pub span: Span,
    /// The index of its section.
    pub section: u32,
    /// Whether it is an image.
    pub image: bool,
}

impl Outline {
    /// Returns the index of the section `index` and of all that lie below it by level.
    #[must_use]
    pub fn subtree(&self, index: usize) -> std::ops::Range<usize> {
        let level = self.sections[index].level;
        let below = self.sections[index + 1..].iter().take_while(|section| section.level > level).count();
        index..index + 1 + below
    }

    /// Returns the comments that lie inside `span`, in order.
    pub fn comments_in(&self, span: Span) -> impl Iterator<Item = Span> {
        let first = self.comments.partition_point(|comment| comment.start() < span.start());
        let begun = self.comments[first..].iter().take_while(move |comment| comment.start() < span.end());
        begun.copied().filter(move |comment| span.contains(*comment))
    }

    /// Returns how many entries section `index` of the text `source` holds, as [`Outline::entry_list`] has them.
    #[must_use]
    pub fn entries(&self, index: usize, source: &str) -> u32 {
        u32::try_from(self.entry_list(index, source).len()).unwrap_or(u32::MAX)
    }

    /// Returns the entries of section `index` of the text `source` in order: the items of its lists, those inside others left
    /// out, and the rows of its tables; where nothing is listed in the section itself, its sub-headings, one level down.
    /// Items and rows without a word are none.
    #[must_use]
    pub fn entry_list(&self, index: usize, source: &str) -> Vec<ListedEntry> {
        let listed = |block: &Block| match block.kind {
            BlockKind::Item | BlockKind::Task(_) => block.depth == 1,
            BlockKind::Row(_) => true,
            BlockKind::Head(_) | BlockKind::Quote | BlockKind::Code => false,
        };
        let own = |(_, block): &(usize, &Block)| {
            block.section as usize == index && listed(block) && !self.is_blank(block, source)
        };
        let direct: Vec<ListedEntry> =
            self.blocks.iter().enumerate().filter(own).map(|(at, _)| ListedEntry::Block(at)).collect();
        if !direct.is_empty() {
            return direct;
        }
        let below = self.subtree(index).skip(1);
        let level = below.clone().map(|at| self.sections[at].level).min();
        let headings = below.filter(|at| Some(self.sections[*at].level) == level);
        headings.map(ListedEntry::Section).collect()
    }

    /// Says whether an item or a row holds nothing but marks and comments.
    fn is_blank(&self, block: &Block, source: &str) -> bool {
        let mark = |c: char| c.is_whitespace() || matches!(c, '-' | '*' | '+' | '|' | '[' | ']');
        let text = block.span.of(source);
        let first = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let numbered = first.strip_prefix(['.', ')']).filter(|_| first.len() < text.len());
        let rest = numbered.unwrap_or(text);
        let rest = rest.trim_start_matches(mark);
        // `[x]` is a box, and a box alone says nothing.
        let rest = rest.strip_prefix(['x', 'X']).filter(|rest| rest.starts_with(']')).unwrap_or(rest);
        let start = block.span.end() - rest.len();
        let left = rest.trim_matches(mark);
        if !left.starts_with("<!--") {
            return left.is_empty();
        }
        let mut at = start;
        for comment in self.comments_in(block.span) {
            if comment.start() >= at && !source[at..comment.start()].trim_matches(mark).is_empty() {
                return false;
            }
            at = at.max(comment.end());
        }
        source[at.min(block.span.end())..block.span.end()].trim_matches(mark).is_empty()
    }

    /// Says whether section `index` or one below it holds anything that would be seen.
    #[must_use]
    pub fn is_filled(&self, index: usize) -> bool {
        let subtree = self.subtree(index);
        // A sub-heading is content: its writer has begun to answer.
        subtree.len() > 1 || self.sections[subtree].iter().any(|section| section.filled)
    }

    /// Returns the words of section `index` and all below it, an appendix left out.
    #[must_use]
    pub fn words(&self, index: usize, source: &str) -> u32 {
        self.count(self.subtree(index), source)
    }

    /// Returns the words of the whole body, an appendix left out.
    #[must_use]
    pub fn all_words(&self, source: &str) -> u32 {
        self.count(0..self.sections.len(), source)
    }

    fn count(&self, range: std::ops::Range<usize>, source: &str) -> u32 {
        let mut sum = 0;
        let mut index = range.start;
        while index < range.end {
            let section = &self.sections[index];
            if section.level > 0 && is_appendix(section.title.of(source)) {
                index = self.subtree(index).end;
            } else {
                sum += section.words;
                index += 1;
            }
        }
        sum
    }
}

fn is_appendix(title: &str) -> bool {
    title.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("appendix"))
        && !title[8..].starts_with(char::is_alphabetic)
}

/// Reads the Markdown of `source` from byte `body` on. Never fails: Markdown has no syntax errors.
#[must_use]
pub fn read_outline(source: &str, body: usize) -> Outline {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES;
    let text = source.get(body..).unwrap_or_default();
    let mut reader = Reader::new(source, body);
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        reader.take(&event, Span::new(body + range.start, body + range.end));
    }
    reader.finish()
}

struct Reader<'a> {
    source: &'a str,
    outline: Outline,
    words: WordCounter,
    heading: Option<Heading>,
    /// Block quotes, items and footnotes around the current place; a heading inside one begins no section.
    inside: usize,
    lists: u8,
    /// How many columns the table has that is being read.
    columns: u16,
    /// Whether the head of a table is being read, which is nothing to read by itself.
    head: bool,
    code: bool,
    html: bool,
}

struct Heading {
    level: u8,
    span: Span,
    pieces: Vec<(Span, Option<String>)>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a str, body: usize) -> Self {
        let mut outline = Outline {
            sections: Vec::with_capacity(12),
            blocks: Vec::with_capacity(12),
            links: Vec::with_capacity(4),
            comments: Vec::with_capacity(8),
            prose: Vec::with_capacity(48),
        };
        outline.sections.push(section(0, Excerpt::verbatim(Span::at(body)), Span::at(body), body));
        let words = WordCounter::default();
        Self {
            source,
            outline,
            words,
            heading: None,
            inside: 0,
            lists: 0,
            columns: 0,
            head: false,
            code: false,
            html: false,
        }
    }

    fn take(&mut self, event: &Event<'_>, span: Span) {
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.code && !text.trim().is_empty() => {
                self.fill();
            }
            Event::Text(text) => {
                // Borrowed text is the very bytes of the source, unless something was cut from it.
                let verbatim = matches!(text, CowStr::Borrowed(_)) && text.len() == span.len();
                self.text(text, span, verbatim, true);
            }
            Event::Code(text) => self.text(text, span, false, false),
            Event::InlineHtml(_) => self.inline_html(span),
            Event::FootnoteReference(_) => self.fill(),
            Event::TaskListMarker(done) => {
                if let Some(block) = self.outline.blocks.iter_mut().rev().find(|b| b.kind == BlockKind::Item)
                {
                    block.kind = BlockKind::Task(*done);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                self.words.stop();
                // Lines of one paragraph are one run.
                if let Some(last) = self.outline.prose.last_mut().filter(|last| last.end == span.start) {
                    last.end = span.end;
                }
                if let Some(heading) = &mut self.heading {
                    heading.pieces.push((span, Some(" ".to_owned())));
                }
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, span: Span) {
        match tag {
            Tag::Heading { level, .. } if self.inside == 0 => {
                self.close_section(span.start());
                self.heading = Some(Heading {
                    level: *level as u8,
                    span: trimmed(self.source, span),
                    pieces: Vec::new(),
                });
            }
            Tag::BlockQuote(_) => {
                self.inside += 1;
                self.block(BlockKind::Quote, span);
            }
            Tag::FootnoteDefinition(_) => self.inside += 1,
            Tag::List(_) => self.lists = self.lists.saturating_add(1),
            Tag::Item => {
                self.inside += 1;
                self.words.stop();
                self.block(BlockKind::Item, span);
            }
            Tag::Table(columns) => self.columns = u16::try_from(columns.len()).unwrap_or(u16::MAX),
            Tag::TableHead => {
                self.head = true;
                self.block(BlockKind::Head(self.columns), span);
            }
            Tag::TableRow => self.block(BlockKind::Row(self.columns), span),
            Tag::Paragraph | Tag::TableCell => self.words.stop(),
            Tag::CodeBlock(kind) => {
                self.code = true;
                let named = matches!(kind, CodeBlockKind::Fenced(language) if !language.is_empty());
                self.block(BlockKind::Code, span);
                if named && self.source.get(span.range()).is_some_and(|text| text.lines().count() > 2) {
                    self.fill();
                }
            }
            Tag::HtmlBlock => {
                self.html = true;
                self.html(span);
            }
            Tag::Link { dest_url, .. } => self.link(dest_url, span, false),
            Tag::Image { dest_url, .. } => {
                self.fill();
                self.link(dest_url, span, true);
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: &TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                if let Some(heading) = self.heading.take() {
                    self.open_section(&heading);
                }
            }
            TagEnd::BlockQuote(_) | TagEnd::FootnoteDefinition | TagEnd::Item => {
                self.inside = self.inside.saturating_sub(1);
                self.words.stop();
            }
            TagEnd::List(_) => self.lists = self.lists.saturating_sub(1),
            TagEnd::CodeBlock => self.code = false,
            TagEnd::TableHead => self.head = false,
            TagEnd::HtmlBlock => self.html = false,
            TagEnd::Paragraph | TagEnd::TableCell => self.words.stop(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, span: Span, verbatim: bool, prose: bool) {
        if self.html {
            return;
        }
        if prose && verbatim {
            match self.outline.prose.last_mut() {
                Some(last) if last.end == span.start => last.end = span.end,
                _ => self.outline.prose.push(span),
            }
        }
        if let Some(heading) = &mut self.heading {
            heading.pieces.push((span, (!verbatim).then(|| text.to_owned())));
            return;
        }
        if !self.current().filled && !self.head && text.chars().any(|c| !c.is_whitespace() && c != '\u{200b}')
        {
            self.fill();
        }
        self.words.add(self.source, span.start(), text);
    }

    fn inline_html(&mut self, span: Span) {
        if span.of(self.source).starts_with("<!--") {
            self.outline.comments.push(span);
        }
    }

    /// Reads a block of HTML: its comments, and whether anything else in it would be seen.
    fn html(&mut self, span: Span) {
        let read = read_html(span.of(self.source));
        self.outline.comments.extend(read.comments.iter().map(|comment| comment.shifted(span.start())));
        for text in read.text {
            self.fill();
            let text = text.shifted(span.start());
            self.words.stop();
            self.words.add(self.source, text.start(), text.of(self.source));
        }
        if read.media {
            self.fill();
        }
    }

    fn block(&mut self, kind: BlockKind, span: Span) {
        let section = u32::try_from(self.outline.sections.len() - 1).unwrap_or(u32::MAX);
        self.outline.blocks.push(Block { kind, section, depth: self.lists, span });
    }

    fn link(&mut self, target: &str, span: Span, image: bool) {
        let section = u32::try_from(self.outline.sections.len() - 1).unwrap_or(u32::MAX);
        self.outline.links.push(Link { target: target.into(), span, section, image });
    }

    fn current(&mut self) -> &mut Section {
        self.outline.sections.last_mut().expect("the section before any heading is always there")
    }

    fn fill(&mut self) {
        if self.heading.is_none() {
            self.current().filled = true;
        }
    }

    fn close_section(&mut self, end: usize) {
        let words = std::mem::take(&mut self.words).total();
        let current = self.current();
        current.words = words;
        current.body = Span::new(current.body.start(), end);
    }

    fn open_section(&mut self, heading: &Heading) {
        let title = match &heading.pieces[..] {
            [(span, None)] => Excerpt::verbatim(trimmed(self.source, *span)),
            pieces => {
                let span = match (pieces.first(), pieces.last()) {
                    (Some(first), Some(last)) => Span::new(first.0.start(), last.0.end()),
                    _ => Span::at(heading.span.end()),
                };
                let words: String = pieces
                    .iter()
                    .map(|(span, text)| text.as_deref().unwrap_or(span.of(self.source)))
                    .collect();
                Excerpt::decoded(span, words.trim(), self.source)
            }
        };
        let body = heading.span.end();
        self.outline.sections.push(section(heading.level, title, heading.span, body));
    }

    fn finish(mut self) -> Outline {
        self.close_section(self.source.len());
        self.outline
    }
}

fn section(level: u8, title: Excerpt, heading: Span, body: usize) -> Section {
    Section { level, title, heading, body: Span::at(body), words: 0, filled: false }
}

fn trimmed(source: &str, span: Span) -> Span {
    Span::new(span.start(), span.start() + span.of(source).trim_end().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sections(source: &str) -> Vec<String> {
        let outline = read_outline(source, 0);
        let shown = |section: &Section| {
            let mark = if section.filled { "" } else { " empty" };
            format!("{} {} {}{mark}", section.level, section.title.of(source), section.words)
        };
        outline.sections.iter().skip(1).map(shown).collect()
    }

    #[test]
    fn sections_carry_level_title_and_words() {
        let source = "# One *two*\n\nText here.\n\n## `Code` &amp; more\n\nSetext\n======\n\n- a b\n- c\n";
        assert_eq!(sections(source), ["1 One two 2", "2 Code & more 0 empty", "1 Setext 3"]);
    }

    #[test]
    fn comments_fences_and_empty_items_are_no_words() {
        let source = "## A\n<!-- help\n\nmore -->\n\n- \n- [ ] \n\n## B\n\n```rust\nlet x = 1;\n```\n\n## C <!-- no -->\n\nx <!-- y --> z\n";
        assert_eq!(sections(source), ["2 A 0 empty", "2 B 0", "2 C 2"]);
        assert_eq!(read_outline(source, 0).comments.len(), 3);
    }

    #[test]
    fn the_head_of_a_table_alone_is_nothing_to_read() {
        assert_eq!(sections("## A\n\n| b | c |\n|---|---|\n"), ["2 A 2 empty"]);
        assert_eq!(sections("## A\n\n| b | c |\n|---|---|\n| 1 | |\n"), ["2 A 3"]);
    }

    #[test]
    fn headings_inside_quotes_and_items_begin_no_section() {
        assert_eq!(sections("# A\n\n> # B\n\n- # C\n"), ["1 A 2"]);
    }

    #[test]
    fn an_appendix_is_not_counted() {
        let source =
            "one\n\n# A\n\ntwo three\n\n# Appendix: data\n\nfour\n\n## Below\n\nfive\n\n# B\n\nsix\n";
        assert_eq!(read_outline(source, 0).all_words(source), 4);
    }

    #[test]
    fn blocks_and_links_know_their_section() {
        let source = "# A\n\n- [x] done [l](u)\n\n> quote\n\n| h |\n|---|\n| r |\n\n# B\n\n![i](p.png)\n";
        let outline = read_outline(source, 0);
        let kinds: Vec<_> = outline.blocks.iter().map(|block| (block.kind, block.section)).collect();
        let table = [(BlockKind::Head(1), 1), (BlockKind::Row(1), 1)];
        assert_eq!(kinds, [&[(BlockKind::Task(true), 1), (BlockKind::Quote, 1)], &table[..]].concat());
        let links: Vec<_> =
            outline.links.iter().map(|link| (&*link.target, link.section, link.image)).collect();
        assert_eq!(links, [("u", 1, false), ("p.png", 2, true)]);
    }

    #[test]
    fn prose_leaves_code_and_addresses_out() {
        let source = "See R-0001 and `R-0002`, [R-0003](R-0004).\n\n    R-0005\n";
        let outline = read_outline(source, 0);
        let prose: String = outline.prose.iter().map(|span| span.of(source)).collect();
        assert_eq!(prose, "See R-0001 and , R-0003.");
    }
}
