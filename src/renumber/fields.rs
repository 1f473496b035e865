//! What names the record in front matter: its own id, fields of references, texts, and comments.

use super::Found;
use super::Look;
use super::body;
use crate::document::Document;
use crate::document::Entry;
use crate::document::Node;
use crate::document::Read;
use crate::kind::Field;
use crate::kind::FieldType;
use crate::record::Form;
use crate::record::Target;
use crate::record::mentions;
use crate::record::target;
use crate::record::texts;
use crate::text::Span;

/// Collects what names the record in the front matter of `document`, a record of the kind at the index `kind` or a page.
pub(super) fn collect(look: &Look<'_>, kind: Option<usize>, document: &Document, found: &mut Found) {
    let Some(front_matter) = &document.front_matter else { return };
    let text = &document.text;
    let kinds = &look.order.config.kinds;
    for entry in document.entries() {
        let known = kind.and_then(|kind| {
            let field = kinds.at(kind).field_of_key(entry.key.text.of(text))?;
            Some((kind, &kinds.at(kind).fields[field]))
        });
        match known {
            Some((_, field)) if field.name == "id" => {
                if look.own {
                    own_id(look, entry, text, found);
                } else if look.is_other() {
                    found.settled.push(entry.value.span());
                }
            }
            Some((kind, field)) => known_field(look, kind, field, entry, document, found),
            None => unknown(look, &entry.value, text, found),
        }
    }
    if front_matter.read == Read::Yaml {
        comments(look, front_matter.block, document, found);
    }
}

fn own_id(look: &Look<'_>, entry: &Entry, text: &str, found: &mut Found) {
    let span = entry.value.span();
    let written = span.of(text);
    let inner = written.trim_matches(['"', '\'']);
    let start = span.start() + (written.len() - written.trim_start_matches(['"', '\'']).len());
    look.mention(text, Span::new(start, start + inner.len()), true, found);
}

fn known_field(
    look: &Look<'_>,
    kind: usize,
    field: &Field,
    entry: &Entry,
    document: &Document,
    found: &mut Found,
) {
    let (order, text) = (look.order, &document.text);
    match field.value {
        FieldType::Ref | FieldType::Refs => {
            for (said, span) in texts(&entry.value, document, field.splits()) {
                match target(&said, field, kind, &order.config.kinds) {
                    Ok(Target::Id(id)) if id == order.old => {
                        let written = span.of(text);
                        let inner = written.trim_matches(['"', '\'']);
                        let again = target(inner, field, kind, &order.config.kinds);
                        // What is written in another way than it is read stays.
                        if again == Ok(Target::Id(id)) {
                            let before = written.len() - written.trim_start_matches(['"', '\'']).len();
                            let start = span.start() + before;
                            look.mention(text, Span::new(start, start + inner.len()), false, found);
                        }
                    }
                    Ok(Target::Path(_)) => {
                        if let Some((digits, new)) = look.named_path(span.of(text)) {
                            found.rewrite(digits.shifted(span.start()), new, span);
                        }
                    }
                    Ok(Target::Elsewhere) if field.or_text => {
                        for mention in mentions(span.of(text), &order.config.kinds) {
                            if mention.id == order.old {
                                look.mention(text, mention.span.shifted(span.start()), false, found);
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        FieldType::Text | FieldType::List => {
            let title = field.name == "title";
            for (_, span) in texts(&entry.value, document, false) {
                for mention in mentions(span.of(text), &order.config.kinds) {
                    let at = mention.span.shifted(span.start());
                    if mention.id != order.old {
                        continue;
                    }
                    if title && look.is_other() {
                        found.settled.push(at);
                    } else {
                        look.mention(text, at, title && look.own, found);
                    }
                }
                body::paths(look, text, span, found);
            }
        }
        _ => {}
    }
}

/// Collects what the value of a key names that nobody knows.
fn unknown(look: &Look<'_>, node: &Node, text: &str, found: &mut Found) {
    let mut spans = Vec::new();
    scalars(node, &mut spans);
    for span in spans {
        for mention in mentions(span.of(text), &look.order.config.kinds) {
            if mention.id == look.order.old {
                look.mention(text, mention.span.shifted(span.start()), false, found);
            }
        }
        body::paths(look, text, span, found);
    }
}

/// Collects what comments of the front matter name.
fn comments(look: &Look<'_>, block: Span, document: &Document, found: &mut Found) {
    let text = &document.text;
    if memchr::memchr(b'#', block.of(text).as_bytes()).is_none() {
        return;
    }
    let mut said = Vec::new();
    for entry in document.entries() {
        said.push(entry.key.text.span);
        scalars(&entry.value, &mut said);
    }
    let begins =
        |at: usize| block.start() + text[block.start()..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let in_comment = |at: Span| {
        let inside = said.iter().any(|span| span.start() < at.end() && at.start() < span.end());
        !inside && text[begins(at.start())..at.start()].contains('#')
    };
    for mention in mentions(block.of(text), &look.order.config.kinds) {
        let at = mention.span.shifted(block.start());
        if mention.id == look.order.old && mention.form != Form::Loose && in_comment(at) {
            look.mention(text, at, false, found);
        }
    }
    let mut named = Found::default();
    body::paths(look, text, block, &mut named);
    found.rewrites.extend(named.rewrites.into_iter().filter(|rewrite| in_comment(rewrite.span)));
}

fn scalars(node: &Node, spans: &mut Vec<Span>) {
    match node {
        Node::Scalar(scalar) => spans.push(scalar.text.span),
        Node::List(list) => list.items.iter().for_each(|item| scalars(item, spans)),
        Node::Map(map) => {
            for entry in &map.entries {
                spans.push(entry.key.text.span);
                scalars(&entry.value, spans);
            }
        }
    }
}
