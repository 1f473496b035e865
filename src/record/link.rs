//! Links of a text that lead to files of the same repository.

use super::Form;
use super::Origin;
use super::Reference;
use super::Target;
use crate::document::Document;
use crate::document::Link;
use crate::text::Span;
use crate::text::percent_decoded;

/// A link or an image that leads to a file beside the record, or to a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLink {
    /// Where it leads, as written.
    pub target: Box<str>,
    /// The bytes of the target, where they stand in the link itself; else the whole link.
    pub span: Span,
    /// Whether `span` is the target alone.
    pub exact: bool,
    /// Whether it is an image.
    pub image: bool,
}

/// Returns `link` where it leads to a file of the same repository: not to another system, and not where only a program that
/// makes a site of the text knows.
pub(super) fn file_link(link: &Link, document: &Document) -> Option<FileLink> {
    let target = &*link.target;
    let source = document.at(link.span);
    let made = ["{{", "{%", "${"].iter().any(|begin| target.contains(begin));
    // `<ana@acme.example>` is an address of mail.
    if target.is_empty() || target.starts_with("//") || has_scheme(target) || made || source.starts_with('<')
    {
        return None;
    }
    let place = source.rfind(target).filter(|at| {
        let (before, after) = (&source[..*at], &source[at + target.len()..]);
        let begins = before.trim_end_matches(['<', ' ', '\n']).ends_with("](");
        begins && after.starts_with([')', ' ', '>', '\n', '\t'])
    });
    let span = place.map(|at| Span::new(at, at + target.len()).shifted(link.span.start()));
    let image = link.image;
    Some(FileLink { target: target.into(), span: span.unwrap_or(link.span), exact: span.is_some(), image })
}

/// Returns the page that a link leads to, as a reference.
pub(super) fn page(link: &FileLink, whole: Span) -> Option<Reference> {
    let path = link.target.split(['#', '?']).next().unwrap_or_default();
    let page = path.rsplit_once('.').is_some_and(|(_, end)| matches!(end, "md" | "markdown" | "mdx"));
    if !page || link.image {
        return None;
    }
    let path = percent_decoded(path.trim_start_matches('/'));
    let target = Target::Path(path.as_ref().into());
    Some(Reference { target, span: whole, origin: Origin::Link, form: Form::Full })
}

/// Says whether an address begins with the name of a way to get there: `https:`, `mailto:`.
fn has_scheme(address: &str) -> bool {
    let scheme = address.split_once(':').map(|(scheme, _)| scheme).unwrap_or_default();
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}
