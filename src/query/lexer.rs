//! The words and marks of an expression, with their places.

use super::Wrong;
use crate::text::Span;

/// A part of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) what: What,
    pub(super) span: Span,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// A name, a value, or one of `and`, `or`, `not`.
    Word(String),
    /// A text in quotes, without them.
    Quoted(String),
    /// A comparison.
    Operator(Operator),
    /// `(`
    Opens,
    /// `)`
    Closes,
    /// `,`
    Comma,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    /// `=`
    Is,
    /// `!=`
    IsNot,
    /// `~`
    Holds,
    /// `!~`
    HoldsNot,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

impl Operator {
    /// Every operator as it is written, longer ones first.
    pub(super) const ALL: [(&'static str, Self); 9] = [
        ("==", Self::Is),
        ("!=", Self::IsNot),
        ("!~", Self::HoldsNot),
        ("<=", Self::AtMost),
        (">=", Self::AtLeast),
        ("=", Self::Is),
        ("~", Self::Holds),
        ("<", Self::Less),
        (">", Self::More),
    ];
}

/// Splits `text` into its parts.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Wrong> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let (what, length) = match c {
            c if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '(' => (What::Opens, 1),
            ')' => (What::Closes, 1),
            ',' => (What::Comma, 1),
            '"' | '\'' => quoted(rest, at, c)?,
            _ => match Operator::ALL.iter().find(|(mark, _)| rest.starts_with(mark)) {
                Some((mark, operator)) => (What::Operator(*operator), mark.len()),
                None => word(rest, at)?,
            },
        };
        found.push(Token { what, span: Span::new(at, at + length) });
        at += length;
    }
    Ok(found)
}

/// Reads a text in quotes; a backslash before a quote or another backslash makes it part of the text.
fn quoted(rest: &str, at: usize, quote: char) -> Result<(What, usize), Wrong> {
    let mut text = String::new();
    let mut letters = rest.char_indices().skip(1).peekable();
    while let Some((place, c)) = letters.next() {
        match c {
            '\\' if letters.peek().is_some_and(|(_, next)| matches!(next, '\\' | '"' | '\'')) => {
                text.extend(letters.next().map(|(_, c)| c));
            }
            c if c == quote => return Ok((What::Quoted(text), place + 1)),
            c => text.push(c),
        }
    }
    let help = format!("end it with {quote}");
    Err(Wrong::new(Span::new(at, at + rest.len()), "this text in quotes does not end", help))
}

fn word(rest: &str, at: usize) -> Result<(What, usize), Wrong> {
    let ends = |c: char| {
        c.is_whitespace()
            || matches!(c, '(' | ')' | ',' | '"' | '\'' | '=' | '~' | '<' | '>' | '!' | '&' | '|')
    };
    let length = rest.find(ends).unwrap_or(rest.len());
    if length > 0 {
        return Ok((What::Word(rest[..length].to_owned()), length));
    }
    let doubled = ["&&", "||"].into_iter().find(|mark| rest.starts_with(mark));
    let span = |length: usize| Span::new(at, at + length);
    Err(match (doubled, rest.as_bytes().first()) {
        (Some("&&"), _) | (None, Some(b'&')) => {
            Wrong::new(span(doubled.map_or(1, str::len)), "`and` is written as a word here", "write `and`")
        }
        (Some(_), _) | (None, Some(b'|')) => {
            Wrong::new(span(doubled.map_or(1, str::len)), "`or` is written as a word here", "write `or`")
        }
        _ => Wrong::new(span(1), "`not` is written as a word here", "write `not`"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_marks_and_quotes_are_told_apart() {
        let found = tokens("not (due<=today+7d or tag = 'a b', c)").expect("a query");
        let spans: Vec<(usize, usize)> = found.iter().map(|t| (t.span.start(), t.span.end())).collect();
        assert_eq!(found[2].what, What::Word("due".to_owned()));
        assert_eq!(found[3].what, What::Operator(Operator::AtMost));
        assert_eq!(found[4].what, What::Word("today+7d".to_owned()));
        assert_eq!(found[8].what, What::Quoted("a b".to_owned()));
        assert_eq!(spans[8], (28, 33));
        assert!(tokens("title ~ \"open").is_err());
        assert!(tokens("a && b").is_err());
    }
}
