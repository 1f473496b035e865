//! Foreign words in commands that are there to be pasted.

/// Returns `path` as a shell takes it for one word.
#[must_use]
pub fn for_shell(path: &str) -> String {
    let plain =
        |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | ',' | '+' | '@' | '%' | '=');
    if path.chars().any(char::is_control) {
        let shown = |c: char| match c {
            '\\' | '\'' => format!("\\{c}"),
            c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
            c => c.to_string(),
        };
        return format!("$'{}'", path.chars().map(shown).collect::<String>());
    }
    if path.chars().all(plain) && !path.starts_with('-') {
        return path.to_owned();
    }
    let dashed = if path.starts_with('-') { "./" } else { "" };
    format!("'{dashed}{}'", path.replace('\'', "'\\''"))
}
