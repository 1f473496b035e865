//! Changing a list: items that stay keep their bytes, with their quotes and comments.

use super::Edit;
use super::quoted;
use super::yaml_of;
use crate::document::List;
use crate::document::Node;
use crate::document::Scalar;
use crate::document::Style;
use crate::document::line_ending;
use crate::document::next_line;
use crate::document::yaml_list;
use crate::kind::Field;
use crate::text::Span;

/// What stays at both ends of a list, and what lies between.
struct Middle<'a> {
    /// How many items stay at its beginning.
    before: usize,
    /// The items that change.
    old: &'a [Scalar],
    /// The texts they become.
    new: &'a [String],
}

impl<'a> Middle<'a> {
    fn of(source: &str, items: &'a [Scalar], texts: &'a [String]) -> Self {
        let same = |(item, text): &(&Scalar, &String)| item.text.of(source) == text.as_str();
        let before = items.iter().zip(texts).take_while(same).count();
        let (items, texts) = (&items[before..], &texts[before..]);
        let after = items.iter().rev().zip(texts.iter().rev()).take_while(same).count();
        Self { before, old: &items[..items.len() - after], new: &texts[..texts.len() - after] }
    }

    /// Says whether each item becomes another text, and none of them only another place.
    fn is_in_place(&self, source: &str) -> bool {
        let stays = |item: &Scalar| self.new.iter().any(|text| text == item.text.of(source));
        self.old.len() == self.new.len() && !self.old.iter().any(stays)
    }

    /// Plans other texts for the items where they stand.
    fn in_place(&self, source: &str) -> Option<Edit> {
        let (first, last) = (self.old.first()?.text.span, self.old.last()?.text.span);
        let mut out = String::new();
        let mut at = first.start();
        for (item, text) in self.old.iter().zip(self.new) {
            let span = item.text.span;
            out.push_str(&source[at..span.start()]);
            let quotes = item.style == Style::Quoted;
            out.push_str(&if quotes { quoted(span.of(source), text) } else { written(text) });
            at = span.end();
        }
        Some((Span::new(first.start(), last.end()), out))
    }

    /// Returns each new text with the item that says it already, each of those once.
    fn kept(&self, source: &str) -> Vec<(&'a str, Option<&'a Scalar>)> {
        let mut used = vec![false; self.old.len()];
        let find = |text: &'a String| {
            let at = (0..self.old.len()).find(|at| !used[*at] && self.old[*at].text.of(source) == text);
            at.inspect(|at| used[*at] = true).map(|at| &self.old[at])
        };
        let mut find = find;
        self.new.iter().map(|text| (text.as_str(), find(text))).collect()
    }
}

/// Returns `text` as an item of a list.
fn written(text: &str) -> String {
    let one = yaml_list([text]);
    one.strip_prefix('[').and_then(|one| one.strip_suffix(']')).unwrap_or(&one).to_owned()
}

fn scalars(list: &List) -> Result<Vec<Scalar>, &'static str> {
    let scalar = |item: &Node| match item {
        Node::Scalar(scalar) => Ok(scalar.clone()),
        Node::List(_) | Node::Map(_) => Err("its list holds more than texts"),
    };
    list.items.iter().map(scalar).collect()
}

fn has_comment(text: &str) -> bool {
    text.contains('#') && text.contains(['\n', '\r'])
}

/// Plans another value for a list in brackets.
pub(super) fn flow_list(
    source: &str,
    list: &List,
    field: &Field,
    texts: &[String],
) -> Result<Edit, &'static str> {
    let commented = "comments stand inside the list";
    let items = scalars(list);
    let whole = texts.is_empty() || !field.value.is_many() || list.items.is_empty() || items.is_err();
    if whole {
        let edit = (list.span, yaml_of(field, texts));
        return if has_comment(list.span.of(source)) { Err(commented) } else { Ok(edit) };
    }
    let items = items?;
    let middle = Middle::of(source, &items, texts);
    let (first, last) = (middle.before, middle.before + middle.old.len());
    let (gone, text) = match (middle.old, middle.new) {
        ([], new) => {
            let new = new.iter().map(|text| written(text)).collect::<Vec<_>>().join(", ");
            return Ok(match first.checked_sub(1) {
                Some(before) => (Span::at(items[before].text.span.end()), format!(", {new}")),
                None => (Span::at(items[0].text.span.start()), format!("{new}, ")),
            });
        }
        _ if middle.is_in_place(source) => {
            return middle.in_place(source).ok_or("its list cannot be read");
        }
        (_, []) => {
            let (start, end) = match (items.get(last), first.checked_sub(1)) {
                (Some(next), _) => (items[first].text.span.start(), next.text.span.start()),
                (None, Some(before)) => (items[before].text.span.end(), items[last - 1].text.span.end()),
                (None, None) => return Err("its list cannot be read"),
            };
            (Span::new(start, end), String::new())
        }
        _ => {
            let kept = middle.kept(source).into_iter().map(|(text, item)| match item {
                Some(item) => item.text.span.of(source).to_owned(),
                None => written(text),
            });
            let span = Span::new(items[first].text.span.start(), items[last - 1].text.span.end());
            (span, kept.collect::<Vec<_>>().join(", "))
        }
    };
    if has_comment(gone.of(source)) { Err(commented) } else { Ok((gone, text)) }
}

/// Plans another value for a list whose items stand on lines of their own; `colon` is the byte behind its key's colon.
pub(super) fn block_list(
    source: &str,
    colon: usize,
    list: &List,
    field: &Field,
    texts: &[String],
) -> Result<Edit, &'static str> {
    let items = scalars(list)?;
    let line_start = |at: usize| source[..at].rfind(['\n', '\r']).map_or(0, |line| line + 1);
    let begin = line_start(list.span.start());
    if items.is_empty() || begin <= colon {
        return Err("its list begins beside its key");
    }
    let line_end =
        |item: &Scalar| next_line(source, item.text.span.end().saturating_sub(1).max(item.text.span.start()));
    let first_line = &source[begin..next_line(source, begin)];
    let indent = &first_line[..first_line.len() - first_line.trim_start_matches(' ').len()];
    if !first_line[indent.len()..].starts_with("- ") {
        return Err("its list is not written with `- `");
    }
    if texts.is_empty() || !field.value.is_many() {
        let end = items.last().map_or(begin, line_end);
        if source[begin..end].contains(" #")
            || source[colon..end].lines().any(|line| line.trim_start().starts_with('#'))
        {
            return Err("comments stand inside the list");
        }
        let end = begin + source[begin..end].trim_end_matches(['\n', '\r']).len();
        let value = yaml_of(field, texts);
        let value = if value.is_empty() { value } else { format!(" {value}") };
        return Ok((Span::new(colon, end), value));
    }
    let middle = Middle::of(source, &items, texts);
    let newline = line_ending(source);
    let line = |text: &str| format!("{indent}- {}{newline}", written(text));
    if middle.old.is_empty() {
        let at = match middle.before.checked_sub(1) {
            Some(before) if items[before].style == Style::Block => return Err("its list holds a block"),
            Some(before) => line_end(&items[before]),
            None => begin,
        };
        return Ok((Span::at(at), middle.new.iter().map(|text| line(text)).collect()));
    }
    // Each item that changes must stand on a line of its own.
    let mut end = None;
    for item in middle.old {
        let start = line_start(item.text.span.start());
        let next = next_line(source, start);
        let dash = source[start..item.text.span.start()].trim();
        let alone = dash == "-" && item.text.span.end() <= next && item.style != Style::Block;
        if !alone || end.is_some_and(|end| end != start) {
            return Err("something else stands between the items of its list");
        }
        end = Some(next);
    }
    if middle.is_in_place(source) {
        return middle.in_place(source).ok_or("its list cannot be read");
    }
    let start = line_start(middle.old[0].text.span.start());
    let lines = middle.kept(source).into_iter().map(|(text, item)| match item {
        Some(item) => source[line_start(item.text.span.start())..line_end(item)].to_owned(),
        None => line(text),
    });
    Ok((Span::new(start, end.unwrap_or(start)), lines.collect()))
}
