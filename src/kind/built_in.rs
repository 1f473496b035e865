//! The kinds that come with pmkit: the files under `templates/`, listed by `build.rs`.

use std::borrow::Cow;

use super::load::KindFile;

/// Path, kind file and template of each built-in kind, in order of name.
const FILES: &[(&str, &str, Option<&str>)] = include!(concat!(env!("OUT_DIR"), "/built_in_kinds.rs"));

/// Returns the built-in kind files.
#[must_use]
pub fn built_in() -> Vec<KindFile> {
    let file = |(path, text, template): &(&'static str, &'static str, Option<&'static str>)| KindFile {
        path: (*path).to_owned(),
        text: Cow::Borrowed(text),
        template: template.map(Cow::Borrowed),
        built_in: true,
    };
    FILES.iter().map(file).collect()
}
