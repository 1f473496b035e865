//! Where front matter begins and ends, to the byte, also when it is not where it should be.
//!
//! Proper front matter opens with `---` on the very first line (a byte order mark may stand before it) and closes with
//! the next `---` line. Anything else that was plainly meant as front matter is read all the same, so that its fields
//! can be checked, and what is wrong with its form is said once.

use super::lines::line_spans;
use super::lines::read_lines;
use super::lines::take_apart;
use super::slips::Mend;
use super::slips::Slip;
use super::slips::explain;
use super::slips::read_map;
use super::yaml::Map;
use crate::text::Span;

/// The front matter of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontMatter {
    /// From the opening line to the end of the closing one, its line end included.
    pub span: Span,
    /// What stands between the two lines.
    pub block: Span,
    /// The keys and values, in order.
    pub map: Map,
    /// How they were read.
    pub read: Read,
    /// Whether it opens on the first line and closes, as other tools need it.
    pub proper: bool,
}

/// How front matter was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// As YAML.
    Yaml,
    /// Line by line, because it is not YAML.
    Line,
}

/// What was found at the top of a text.
pub(super) struct Found {
    pub(super) front_matter: Option<FrontMatter>,
    pub(super) slips: Vec<Slip>,
    /// Where the Markdown begins.
    pub(super) body: usize,
}

/// Where the parts stand, before the YAML is read.
struct Split {
    span: Span,
    block: Span,
    body: usize,
    proper: bool,
    slips: Vec<Slip>,
}

/// Finds and reads the front matter of `source`.
pub(super) fn find(source: &str) -> Found {
    let start = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let Some(split) = split(source, start) else {
        return Found { front_matter: None, slips: Vec::new(), body: start };
    };
    let (split, read) = match read_map(source, split.block) {
        // What should have been read may be the body: a `---` in it was taken for the closing line.
        Err(error) => match swallowed(source, &split) {
            Some(shorter) => {
                let again = read_map(source, shorter.block);
                (shorter, again)
            }
            None => (split, Err(error)),
        },
        ok => (split, ok),
    };
    let mut slips = split.slips;
    let (map, read) = match read {
        Ok(map) => (map, Read::Yaml),
        Err(error) => {
            let conflict = conflict(source, split.block);
            slips.extend(conflict.map_or_else(|| explain(source, split.block, error), |slip| vec![slip]));
            (read_lines(source, split.block), Read::Line)
        }
    };
    let front_matter = FrontMatter { span: split.span, block: split.block, map, read, proper: split.proper };
    Found { front_matter: Some(front_matter), slips, body: split.body }
}

/// Returns the first line of `source` at or after `from` as (start, end of text, start of next line).
fn line_at(source: &str, from: usize) -> Option<(usize, usize, usize)> {
    if from >= source.len() {
        return None;
    }
    let rest = &source.as_bytes()[from..];
    let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
    let next = match rest.get(end) {
        Some(b'\r') if rest.get(end + 1) == Some(&b'\n') => end + 2,
        Some(_) => end + 1,
        None => end,
    };
    Some((from, from + end, from + next))
}

/// Returns where the line after the one that holds byte `at` of `source` begins.
pub(crate) fn next_line(source: &str, at: usize) -> usize {
    line_at(source, at).map_or(source.len(), |(_, _, next)| next)
}

fn is_fence(line: &str) -> bool {
    line.trim_end() == "---"
}

fn split(source: &str, start: usize) -> Option<Split> {
    let (first, end, next) = line_at(source, start)?;
    if is_fence(&source[first..end]) {
        return Some(closed(source, first, next).unwrap_or_else(|| unclosed(source, first, end, next)));
    }
    opened_late(source, start).or_else(|| never_opened(source, start))
}

/// Splits front matter whose opening line began at `first` and whose block begins at `block`.
fn closed(source: &str, first: usize, block: usize) -> Option<Split> {
    let mut at = block;
    while let Some((start, end, next)) = line_at(source, at) {
        if is_fence(&source[start..end]) {
            return Some(Split {
                span: Span::new(first, next),
                block: Span::new(block, start),
                body: next,
                proper: true,
                slips: Vec::new(),
            });
        }
        at = next;
    }
    None
}

/// Returns where the front matter ends instead, when the closing line is missing and a line of the body, a heading with
/// prose below it behind, was taken for it.
fn swallowed(source: &str, split: &Split) -> Option<Split> {
    if !split.proper {
        return None;
    }
    let (first, opening_end, block) = line_at(source, split.span.start())?;
    let mut shorter = unclosed(source, first, opening_end, block);
    // Where fields end and text begins is a guess here.
    for mend in shorter.slips.iter_mut().filter_map(|slip| slip.mend.as_mut()) {
        mend.certain = false;
    }
    let rest = Span::new(shorter.body, split.block.end());
    if rest.is_empty() || shorter.body >= split.block.end() {
        return None;
    }
    let lines = line_spans(source, rest);
    let prose = |span: &&Span| {
        let line = take_apart(source, **span);
        let text = span.of(source);
        let plain = !text.trim().is_empty() && !text.starts_with('#');
        plain && line.key.is_none() && line.dash.is_none() && line.indent.is_empty()
    };
    let blank = |at: usize| at == 0 || lines[at - 1].of(source).trim().is_empty();
    let heading = |(at, span): (usize, &Span)| {
        let text = span.of(source);
        text.starts_with("## ") || (text.starts_with("# ") && blank(at))
    };
    (lines.iter().enumerate().any(heading) && lines.iter().any(|span| prose(&span))).then_some(shorter)
}

/// Splits front matter whose closing line is missing: it ends where the lines stop looking like front matter.
fn unclosed(source: &str, first: usize, opening_end: usize, block: usize) -> Split {
    let mut at = block;
    let mut end = block;
    let mut near = None;
    while let Some((start, line_end, next)) = line_at(source, at) {
        let line = &source[start..line_end];
        let indented = line.trim() == "---";
        if line == "..." || indented || (line.starts_with("---") && !line.starts_with("----")) {
            near = Some((start, line_end, next));
            end = start;
            break;
        }
        if !line.trim().is_empty() {
            let parts = take_apart(source, Span::new(start, line_end));
            let heading = line.starts_with("##") || (line.starts_with("# ") && end > block);
            let fits = parts.key.is_some()
                || (end > block && (parts.dash.is_some() || !parts.indent.is_empty()))
                || (line.starts_with('#') && !heading);
            if !fits {
                break;
            }
            end = next;
        }
        at = next;
    }
    let opening = Span::new(first, opening_end);
    let (slip, body) = match near {
        Some((start, line_end, next)) => {
            let text = &source[start..line_end];
            let whole = text == "..." || text.trim() == "---";
            let (cut, body) = if whole { (line_end, next) } else { (start + 3, start + 3) };
            let edit = if whole {
                (Span::new(start, line_end), "---".to_owned())
            } else {
                (Span::at(cut), line_ending(source).to_owned())
            };
            let slip = Slip {
                span: Span::new(if whole { start } else { cut }, line_end),
                message: "the line that closes the front matter must be `---` and nothing else".to_owned(),
                label: None,
                help: "put `---` on a line of its own".to_owned(),
                mend: Some(Mend {
                    title: "put `---` on a line of its own".to_owned(),
                    certain: true,
                    edits: vec![edit],
                }),
            };
            (slip, body)
        }
        None => {
            let before = if source[..end].ends_with(['\n', '\r']) { "" } else { line_ending(source) };
            let fence = format!("{before}---{}", line_ending(source));
            let mend = (end > block).then(|| Mend {
                title: "close the front matter".to_owned(),
                certain: true,
                edits: vec![(Span::at(end), fence)],
            });
            let slip = Slip {
                span: opening,
                message: "the front matter opened here is never closed".to_owned(),
                label: None,
                help: "put a line `---` after its last field".to_owned(),
                mend,
            };
            (slip, end)
        }
    };
    Split {
        span: Span::new(first, body),
        block: Span::new(block, end),
        body,
        proper: false,
        slips: vec![slip],
    }
}

/// Finds front matter that is closed but opens too late: after blank lines, indented, or after a heading.
fn opened_late(source: &str, start: usize) -> Option<Split> {
    let mut at = start;
    let mut heading = false;
    for _ in 0..20 {
        let (line_start, end, next) = line_at(source, at)?;
        let line = &source[line_start..end];
        if is_fence(line.trim_start()) {
            let mut split = closed(source, line_start, next)?;
            let lines = line_spans(source, split.block);
            let begins = lines.iter().find(|span| !span.of(source).trim().is_empty())?;
            take_apart(source, *begins).key?;
            split.proper = false;
            let before = Span::new(start, line_start);
            let indent = line.len() - line.trim_start().len();
            let (message, help, edits, certain) = if heading {
                let edits =
                    vec![(Span::at(start), split.span.of(source).to_owned()), (split.span, String::new())];
                ("the front matter comes after a heading", "move it to the top of the file", edits, false)
            } else if before.is_empty() {
                let edits = vec![(Span::new(line_start, line_start + indent), String::new())];
                (
                    "the line that opens the front matter is indented",
                    "begin `---` at the start of the line",
                    edits,
                    true,
                )
            } else {
                let edits = vec![(Span::new(start, line_start + indent), String::new())];
                ("there is a blank line before the front matter", "begin the file with `---`", edits, true)
            };
            split.slips.push(Slip {
                span: Span::new(line_start + indent, end),
                message: format!("{message}: other tools will not see it"),
                label: None,
                help: help.to_owned(),
                mend: Some(Mend { title: help.to_owned(), certain, edits }),
            });
            return Some(split);
        }
        if line.trim_start().starts_with('#') {
            heading = true;
        } else if !line.trim().is_empty() {
            return None;
        }
        at = next;
    }
    None
}

/// Finds fields at the top of the file that a `---` line ends but none begins.
fn never_opened(source: &str, start: usize) -> Option<Split> {
    let mut at = start;
    let mut keys = 0;
    loop {
        let (line_start, end, next) = line_at(source, at)?;
        let line = &source[line_start..end];
        if is_fence(line) {
            if keys < 2 {
                return None;
            }
            let fence = format!("---{}", line_ending(source));
            let slip = Slip {
                span: Span::new(start, line_at(source, start)?.1),
                message: "the `---` line that opens the front matter is missing".to_owned(),
                label: None,
                help: "begin the file with a line `---`".to_owned(),
                mend: Some(Mend {
                    title: "open the front matter".to_owned(),
                    certain: true,
                    edits: vec![(Span::at(start), fence)],
                }),
            };
            let block = Span::new(start, line_start);
            return Some(Split {
                span: Span::new(start, next),
                block,
                body: next,
                proper: false,
                slips: vec![slip],
            });
        }
        let parts = take_apart(source, Span::new(line_start, end));
        if parts.key.is_some() && parts.indent.is_empty() {
            keys += 1;
        } else if keys == 0 || (parts.dash.is_none() && parts.indent.is_empty()) {
            return None;
        }
        at = next;
    }
}

/// Returns the slip of an unresolved merge in `block`.
fn conflict(source: &str, block: Span) -> Option<Slip> {
    let span = line_spans(source, block).into_iter().find(|span| span.of(source).starts_with("<<<<<<< "))?;
    Some(Slip {
        span,
        message: "an unresolved merge conflict".to_owned(),
        label: None,
        help: "keep one side and delete the lines `<<<<<<<`, `=======` and `>>>>>>>`".to_owned(),
        mend: None,
    })
}

/// Returns the line end the text uses first.
pub(crate) fn line_ending(source: &str) -> &'static str {
    match source.find(['\n', '\r']) {
        Some(at) if source[at..].starts_with("\r\n") => "\r\n",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, block: &str, body: &str, message: Option<&str>) {
        let found = find(source);
        let front_matter = found.front_matter.unwrap_or_else(|| panic!("no front matter in {source:?}"));
        assert_eq!(front_matter.block.of(source), block, "block of {source:?}");
        assert_eq!(&source[found.body..], body, "body of {source:?}");
        assert_eq!(front_matter.proper, message.is_none(), "{source:?}");
        match message {
            Some(words) => assert!(found.slips[0].message.contains(words), "{:?}", found.slips),
            None => assert_eq!(found.slips, [], "{source:?}"),
        }
    }

    #[test]
    fn proper_front_matter_is_split_to_the_byte() {
        check("---\na: b\n---\nbody", "a: b\n", "body", None);
        check("\u{feff}---\r\na: b\r\n---\r\nbody\r\n", "a: b\r\n", "body\r\n", None);
        check("---  \na: b\r---", "a: b\r", "", None);
        check("---\n---\n", "", "", None);
        check("---\na: |\n  x\n  ---\n---\n", "a: |\n  x\n  ---\n", "", None);
    }

    #[test]
    fn misplaced_front_matter_is_read_and_told() {
        check("\n\n---\na: b\n---\nx", "a: b\n", "x", Some("blank line"));
        check("  ---\na: b\n---\nx", "a: b\n", "x", Some("indented"));
        check("# T\n\n---\na: b\n---\nx", "a: b\n", "x", Some("after a heading"));
        check("a: b\nc: d\n---\nx", "a: b\nc: d\n", "x", Some("opens the front matter is missing"));
    }

    #[test]
    fn a_missing_closing_line_does_not_swallow_the_body() {
        check(
            "---\na: b\nl:\n  - x\n\n# T\n\ntext\n",
            "a: b\nl:\n  - x\n",
            "\n# T\n\ntext\n",
            Some("never closed"),
        );
        check("---\n\na: b\n---<!-- x -->\ny\n", "\na: b\n", "<!-- x -->\ny\n", Some("nothing else"));
        check("---\na: b\n...\ny\n", "a: b\n", "y\n", Some("nothing else"));
        check("---\n\n## **snip:** 35\n", "", "\n## **snip:** 35\n", Some("never closed"));
    }

    #[test]
    fn ordinary_markdown_has_none() {
        for source in
            ["", "# T\n", "text\n\n---\n\nmore\n", "Title\n---\ntext\n", "a: b\n---\n", "| a |\n|---|\n"]
        {
            assert!(find(source).front_matter.is_none(), "{source:?}");
        }
    }

    #[test]
    fn every_certain_mend_of_the_form_gives_proper_front_matter() {
        for source in [
            "\n---\na: b\n---\n",
            "  ---\na: b\n---\n",
            "a: b\nc: d\n---\n",
            "---\na: b\n\ntext\n",
            "---\na: b\n---x\n",
        ] {
            let mut mended = source.to_owned();
            let slips = find(source).slips;
            let mend = slips[0].mend.clone().expect("can be mended");
            for (span, text) in mend.edits.iter().rev() {
                mended.replace_range(span.range(), text);
            }
            let found = find(&mended);
            assert!(found.slips.is_empty(), "{source:?} → {mended:?}: {:?}", found.slips);
        }
    }
}
