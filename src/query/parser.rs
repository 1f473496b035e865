//! From words to an expression: `or` binds least, then `and`, then `not`.

use super::Expression;
use super::Scope;
use super::Standing;
use super::Wrong;
use super::lexer::Operator;
use super::lexer::Token;
use super::lexer::What;
use super::lexer::tokens;
use super::operand::Comparison;
use super::operand::Given;
use super::property::Property;
use crate::text::Span;

/// How deep brackets and `not` may lie in each other.
const DEEPEST: usize = 64;

/// The words that join conditions.
const JOINTS: [&str; 3] = ["and", "or", "not"];

/// Reads `text`.
pub(super) fn parse(text: &str, scope: Scope<'_>) -> Result<Expression, Wrong> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens, at: 0, end: text.len(), depth: 0, scope };
    let whole = parser.any()?;
    match parser.peek() {
        None => Ok(whole),
        Some(Token { what: What::Closes, span }) => {
            Err(Wrong::new(*span, "nothing was opened that this could close", "take the bracket out"))
        }
        Some(token) => Err(Wrong::new(
            token.span,
            "two conditions stand side by side",
            "join them with `and` or `or`; a value of several words goes in quotes",
        )),
    }
}

struct Parser<'a, 's> {
    tokens: &'a [Token],
    at: usize,
    end: usize,
    depth: usize,
    scope: Scope<'s>,
}

impl<'a> Parser<'a, '_> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<&'a Token> {
        let token = self.tokens.get(self.at);
        self.at += usize::from(token.is_some());
        token
    }

    /// Takes the next token where it is the word `joint`.
    fn takes(&mut self, joint: &str) -> bool {
        let is = matches!(self.peek(), Some(Token { what: What::Word(word), .. }) if word.eq_ignore_ascii_case(joint));
        self.at += usize::from(is);
        is
    }

    fn any(&mut self) -> Result<Expression, Wrong> {
        let mut parts = vec![self.all()?];
        while self.takes("or") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::Any(parts) })
    }

    fn all(&mut self) -> Result<Expression, Wrong> {
        let mut parts = vec![self.one()?];
        while self.takes("and") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::All(parts) })
    }

    fn one(&mut self) -> Result<Expression, Wrong> {
        let start = self.peek().map_or(Span::at(self.end), |token| token.span);
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Wrong::new(start, "this lies too deep in brackets", "say it flatter"));
        }
        let found = self.condition();
        self.depth -= 1;
        found
    }

    fn condition(&mut self) -> Result<Expression, Wrong> {
        if self.takes("not") {
            return Ok(Expression::Not(Box::new(self.one()?)));
        }
        let Some(token) = self.next() else {
            return Err(Wrong::new(
                Span::at(self.end),
                "a condition is missing here",
                "write one, as in `status=open` or `due<today`",
            ));
        };
        match &token.what {
            What::Opens => {
                let inside = self.any()?;
                match self.next() {
                    Some(Token { what: What::Closes, .. }) => Ok(inside),
                    Some(other) => Err(Wrong::new(
                        other.span,
                        "two conditions stand side by side",
                        "join them with `and` or `or`; a value of several words goes in quotes",
                    )),
                    None => Err(Wrong::new(token.span, "this bracket is not closed", "close it with `)`")),
                }
            }
            What::Word(name) if JOINTS.iter().any(|joint| name.eq_ignore_ascii_case(joint)) => {
                Err(Wrong::new(
                    token.span,
                    format!("`{name}` joins conditions, and there is none before it"),
                    "write a condition first, as in `status=open`",
                ))
            }
            What::Word(name) => self.comparison(name, token.span),
            What::Quoted(text) => Err(Wrong::new(
                token.span,
                "a condition begins with the name of a field",
                format!(
                    "to look for words in texts: pmkit search \"{text}\"; in titles: `title ~ \"{text}\"`"
                ),
            )),
            _ => Err(Wrong::new(
                token.span,
                "a condition begins with the name of a field",
                "write one, as in `status=open` or `due<today`",
            )),
        }
    }

    /// Reads what follows a name: an operator and values, or nothing.
    fn comparison(&mut self, name: &str, span: Span) -> Result<Expression, Wrong> {
        let operator = match self.peek() {
            Some(Token { what: What::Operator(operator), .. }) => Some(*operator),
            _ => None,
        };
        let standing = Standing::ALL.iter().find(|(known, _)| name.eq_ignore_ascii_case(known));
        let Some(operator) = operator else {
            // `status is open`, `due before today`, `status:open`.
            if let Some((before, after)) = name.split_once(':') {
                return Err(Wrong::new(
                    span,
                    "a field and its value are joined by a sign of comparison",
                    format!("write `{before}={after}`"),
                ));
            }
            return match (standing, Property::named(name, self.scope)) {
                (_, Ok(property)) if property.is_field_called(name) => Ok(Expression::Has(property)),
                (Some((_, standing)), _) => Ok(Expression::Is(*standing)),
                (None, Ok(property)) => Ok(Expression::Has(property)),
                (None, Err(unknown)) => {
                    let words = Standing::ALL.iter().map(|(word, _)| *word);
                    Err(unknown.wrong(name, span, words))
                }
            };
        };
        let property = Property::named(name, self.scope).map_err(|unknown| match standing {
            Some((word, _)) => Wrong::new(
                span,
                format!("`{word}` is no field, and stands alone"),
                format!("write `{word}`, or `not {word}`"),
            ),
            None => unknown.wrong(name, span, std::iter::empty()),
        })?;
        let sign = self.next().map_or(span, |token| token.span);
        let values = self.values(operator, sign)?;
        Comparison::new(property, operator, sign, &values, self.scope).map(Expression::Compares)
    }

    /// Reads the values after an operator: one, or several with commas between them.
    fn values(&mut self, operator: Operator, sign: Span) -> Result<Vec<Given>, Wrong> {
        let mut values = Vec::new();
        loop {
            match self.peek() {
                Some(Token { what: What::Word(text) | What::Quoted(text), span }) => {
                    let quoted = matches!(self.next(), Some(Token { what: What::Quoted(_), .. }));
                    values.push(Given { text: text.clone(), quoted, span: *span });
                }
                other => {
                    let after = if values.is_empty() { sign } else { Span::at(self.end) };
                    let span = other.map_or(after, |token| token.span);
                    let help = match operator {
                        Operator::Less | Operator::AtMost | Operator::More | Operator::AtLeast => {
                            "write one, as in `due<today` or `score>=10`"
                        }
                        _ => "write one, as in `status=open`; `\"\"` stands for nothing",
                    };
                    return Err(Wrong::new(span, "a value is missing here", help));
                }
            }
            match self.peek() {
                Some(Token { what: What::Comma, .. }) => self.at += 1,
                _ => return Ok(values),
            }
        }
    }
}
