//! Putting text into a section of a record so that every other section stays what it was.

use crate::document::Document;
use crate::document::read_outline;
use crate::error::Error;
use crate::error::Result;
use crate::kind::Kind;
use crate::record::answered;
use crate::template::quote;

/// Returns `text`, a record of `kind`, with `content` in the section at the index `section` in place of what the template has
/// there but for its comments. A section that is not there yet is added where it belongs.
///
/// # Errors
/// Where that cannot be without another section becoming another one.
pub(super) fn put(kind: &Kind, text: &str, section: usize, content: &str) -> Result<String> {
    let (document, index) = with_section(kind, text, section);
    let own = &document.outline().sections[index];
    let help = document.outline().comments.iter().filter(|comment| own.body.contains(**comment));
    let help: String = help.map(|comment| format!("{}\n\n", document.at(*comment))).collect();
    let before = document.text[..own.body.start()].trim_end_matches([' ', '\t', '\n']);
    let after = document.text[own.body.end()..].trim_start_matches('\n');
    let between = if after.is_empty() { "\n" } else { "\n\n" };
    for content in [below(kind, content, own.level), quote(content)] {
        let new = Document::read(format!("{before}\n\n{help}{content}{between}{after}"));
        if stays(kind, &document, &new, index) {
            return Ok(new.text);
        }
    }
    let title = &kind.sections[section].title;
    Err(Error::new(format!("the text for `{title}` would change what stands around it; nothing was written"))
        .help("write the record without --from, and take over by hand what belongs into it"))
}

/// Says whether the section of `kind` at the index `section` says something in `text`.
pub(super) fn is_filled(kind: &Kind, text: &str, section: usize) -> bool {
    let document = Document::read(text.to_owned());
    answered(kind, &document)[section].is_some_and(|index| document.outline().is_filled(index))
}

/// Returns the document of `text` with the section of `kind` at the index `section` in it, and the index of that among its sections.
fn with_section(kind: &Kind, text: &str, section: usize) -> (Document, usize) {
    let document = Document::read(text.to_owned());
    let found = answered(kind, &document);
    if let Some(index) = found[section] {
        return (document, index);
    }
    // Before the next one there is, else at the end.
    let sections = &document.outline().sections;
    let next = found[section..].iter().flatten().min().map(|next| &sections[*next]);
    let place = next.map_or(text.len(), |next| next.heading.start());
    let level = found.iter().flatten().map(|index| sections[*index].level).min().unwrap_or(2);
    let (before, after) = (text[..place].trim_end_matches('\n'), &text[place..]);
    let heading = format!("{} {}", "#".repeat(usize::from(level)), kind.sections[section].title);
    let gap = if after.is_empty() { "" } else { "\n" };
    let document = Document::read(format!("{before}\n\n{heading}\n{gap}{after}"));
    let at = before.len() + 2;
    let sections = &document.outline().sections;
    let index = sections.iter().position(|section| section.level > 0 && section.heading.start() == at);
    (document, index.unwrap_or(0))
}

/// Returns `content` with its headings below `level`; one that would answer a section of `kind` is a line in bold.
fn below(kind: &Kind, content: &str, level: u8) -> String {
    let outline = read_outline(content, 0);
    let headings = &outline.sections[1..];
    let Some(highest) = headings.iter().map(|heading| heading.level).min() else {
        return content.to_owned();
    };
    let down = (level + 1).saturating_sub(highest);
    let mut out = content.to_owned();
    for heading in headings.iter().rev() {
        let title = written(heading.heading.of(content));
        let level = heading.level + down;
        let answers = !kind.sections_titled(heading.title.of(content)).is_empty();
        let line = match answers || level > 6 {
            true => format!("**{title}**\n"),
            false => format!("{} {title}", "#".repeat(usize::from(level))),
        };
        out.replace_range(heading.heading.range(), &line);
    }
    out
}

/// Returns what a heading says, as it is written.
fn written(heading: &str) -> String {
    let marks = heading.trim_start().trim_start_matches('#');
    if marks.len() < heading.trim_start().len() {
        return marks.trim().trim_end_matches('#').trim_end().to_owned();
    }
    // The last line only underlines the others.
    let lines: Vec<&str> = heading.lines().map(str::trim).collect();
    lines[..lines.len().saturating_sub(1)].join(" ")
}

/// Says whether `new` has the sections of `old`, each as it was, and besides only some below the one at `index` that answer none of
/// `kind`.
fn stays(kind: &Kind, old: &Document, new: &Document, index: usize) -> bool {
    let of = |document: &Document| -> Vec<(u8, String)> {
        let sections = document.outline().sections.iter();
        sections.map(|section| (section.level, section.title.of(&document.text).to_owned())).collect()
    };
    let (old, new) = (of(old), of(new));
    let Some(more) = new.len().checked_sub(old.len()) else { return false };
    let (before, rest) = old.split_at(index + 1);
    let inside = &new[before.len()..before.len() + more];
    let is_below =
        |(level, title): &(u8, String)| *level > before[index].0 && kind.sections_titled(title).is_empty();
    index > 0 && new.starts_with(before) && new.ends_with(rest) && inside.iter().all(is_below)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::built_in;
    use crate::kind::load;

    fn put_in(record: &str, section: &str, content: &str) -> String {
        let file =
            built_in().into_iter().find(|file| file.path.ends_with("issue.toml")).expect("a built-in kind");
        let kind = load(&file, &crate::rules::names()).expect("the kinds load");
        put(&kind, record, kind.section(section).expect("a section of it"), content).expect("fits")
    }

    const RECORD: &str = "---\nid: I-0001\n---\n\n# I-0001 T\n\n## Description\n\n<!-- help -->\n\nOld.\n\n## Impact\n\n<!-- who -->\n";

    #[test]
    fn text_takes_the_place_of_the_templates_and_leaves_the_help() {
        let after = put_in(RECORD, "Description", "New.\n\n- a");
        assert_eq!(after, RECORD.replace("Old.", "New.\n\n- a"));
        let after = put_in(RECORD, "Impact", "Much.");
        assert!(after.ends_with("## Impact\n\n<!-- who -->\n\nMuch.\n"), "{after}");
        // What is not there is added where it belongs.
        let after = put_in(RECORD, "Resolution", "Done.");
        assert!(after.ends_with("<!-- who -->\n\n## Resolution\n\nDone.\n"), "{after}");
        let less = RECORD.replace("## Description\n\n<!-- help -->\n\nOld.\n\n", "");
        let after = put_in(&less, "Description", "New.");
        assert!(after.contains("# I-0001 T\n\n## Description\n\nNew.\n\n## Impact\n"), "{after}");
    }

    #[test]
    fn nothing_in_the_text_becomes_another_section() {
        for (content, expected) in [
            ("# Cause\n\nx\n\n## More", "### Cause\n\nx\n\n#### More"),
            ("Impact\n===\n\nx", "**Impact**\n\n\nx"),
            ("##### Deep", "##### Deep"),
            ("```\n## no heading\n```", "```\n## no heading\n```"),
            ("```\nopen", "> ```\n> open"),
            ("<!-- open", "> <!-- open"),
        ] {
            let after = put_in(RECORD, "Description", content);
            assert_eq!(after, RECORD.replace("Old.", expected), "{content}");
        }
    }
}
