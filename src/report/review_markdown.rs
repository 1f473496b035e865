//! A review as a comment on a pull request: short where all is well, the rest folded away, every foreign word in a code span.

use std::io;
use std::io::Write;

use super::Look;
use super::Sources;
use super::changes::rows;
use super::lint_markdown;
use super::review::Told;
use super::review_words::counted;
use super::review_words::decision;
use super::review_words::item;
use super::review_words::verdict;
use super::table::code;
use super::table::guarded;
use crate::report::Altered;
use crate::rules::WEAKENED;

/// What is kept free for saying what was left out, in bytes.
const ROOM: usize = 1_500;

/// The most lines about the log, and about decisions.
const MOST_LINES: usize = 60;

pub(super) fn comment(
    told: Told<'_>,
    sources: Sources<'_>,
    look: Look<'_>,
    most: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let review = told.review;
    let (repository, check) = told.marker;
    let mut page = Page { text: String::new(), most: most - ROOM, left_out: Vec::new() };
    page.text.push_str(&format!("<!-- pmkit:review {} {} -->\n", plain(repository), plain(check)));
    page.text.push_str(&format!("### pmkit · {}\n", verdict(&review.verdict).markdown()));
    for (at, one) in review.decisions.iter().enumerate() {
        let said = decision(one, told.today);
        // A line break of Markdown, not a paragraph.
        let lines: Vec<String> =
            said.iter().map(|(label, said)| format!("**{label}** {}", said.markdown())).collect();
        let left = review.decisions.len() - at;
        if at >= MOST_LINES || !page.put(&format!("\n{}\n", lines.join("<br>\n"))) {
            page.left_out.push(counted(left, "decision"));
            break;
        }
    }
    if !told.conflicts.is_empty() {
        let files: Vec<String> = told.conflicts.iter().take(20).map(|path| code(path)).collect();
        let more = told.conflicts.len().saturating_sub(20);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        page.put(&format!("\nIn conflict: {}{more}\n", files.join(", ")));
    }
    let mut put_all = |title: &str, noun: &str, rows: &[String], begins: &str| {
        if rows.is_empty() {
            return;
        }
        if !page.put(&format!("\n#### {title}\n\n{begins}")) {
            page.left_out.push(counted(rows.len(), noun));
            return;
        }
        let fit = rows.iter().take_while(|row| page.put(row)).count();
        if fit < rows.len() {
            page.left_out.push(format!("{} under “{title}”", counted(rows.len() - fit, noun)));
        }
    };
    let log: Vec<String> =
        review.log.iter().map(|one| format!("- {}\n", item(one, told.today).markdown())).collect();
    let shown = log.len().min(MOST_LINES);
    put_all("Log", "record", &log[..shown], "");
    let found = lint_markdown::rows(told.lint, sources, look);
    put_all("To mend", "finding", &found, "| | where | what | do |\n|---|---|---|---|\n");
    if log.len() > shown {
        page.left_out.push(counted(log.len() - shown, "log record"));
    }
    let stood_for: usize = told.lint.diagnostics.iter().map(|found| found.more).sum();
    if stood_for > 0 {
        page.left_out.push(counted(stood_for, "finding like those shown"));
    }
    page.fold(told, look);
    if !page.left_out.is_empty() {
        let base = code(&format!("pmkit review --base {}", told.base));
        page.text.push_str(&format!("\nLeft out here: {}; see all: {base}\n", page.left_out.join(", ")));
    }
    // The mark is the first line's alone, also for who looks for it anywhere.
    let (mark, rest) = page.text.split_once('\n').unwrap_or((&page.text, ""));
    writeln!(out, "{mark}")?;
    out.write_all(rest.replace("<!-- pmkit", "<! -- pmkit").as_bytes())
}

/// A comment while it is written.
struct Page {
    text: String,
    /// The most bytes.
    most: usize,
    /// What there was no room for.
    left_out: Vec<String>,
}

impl Page {
    /// Adds `text` if there is room, and says whether there was.
    fn put(&mut self, text: &str) -> bool {
        let fits = self.text.len() + text.len() <= self.most;
        if fits {
            self.text.push_str(text);
        }
        fits
    }

    /// Adds what is looked at only by who wants to, folded away under a line that says what it is.
    fn fold(&mut self, told: Told<'_>, look: Look<'_>) {
        let rows = rows(told.altered, told.config, look);
        let end = "\n</details>\n";
        if !self.put(&format!("\n<details><summary>{}</summary>\n", summary(told))) {
            self.left_out.push(counted(rows.len(), "difference"));
            return;
        }
        let most = self.most;
        self.most -= end.len();
        if !rows.is_empty() {
            self.put("\n| record | change | what | then | now |\n|---|---|---|---|---|\n");
            let fit = rows.iter().take_while(|row| self.put(row)).count();
            if fit < rows.len() {
                self.left_out.push(counted(rows.len() - fit, "difference"));
            }
        }
        let skipped = told.lint.summary.skipped.iter().map(|skipped| ("Left out", skipped));
        let notes = told.lint.summary.notes.iter().map(|note| ("Note", note));
        let said: Vec<(&str, &String)> = skipped.chain(notes).collect();
        let fit = said
            .iter()
            .take_while(|(what, said)| self.put(&format!("\n{what}: {}\n", guarded(said))))
            .count();
        if fit < said.len() {
            self.left_out.push(counted(said.len() - fit, "note"));
        }
        self.most = most;
        self.put(end);
    }
}

/// Returns the line that stands for what is folded away.
fn summary(told: Told<'_>) -> String {
    let mut parts = Vec::new();
    let of = |altered: &&Altered<'_>| altered.old.is_none();
    let gone = |altered: &&Altered<'_>| altered.new.is_none();
    let (new, gone) = (told.altered.iter().filter(of).count(), told.altered.iter().filter(gone).count());
    let changed = told.altered.len() - new - gone;
    for (count, how) in [(new, "new"), (changed, "changed"), (gone, "gone")] {
        if count > 0 {
            parts.push(format!("{} {how}", counted(count, "record")));
        }
    }
    if parts.is_empty() {
        parts.push("no record changed".to_owned());
    }
    let weakened: usize =
        told.lint.diagnostics.iter().filter(|found| found.rule == WEAKENED).map(|found| 1 + found.more).sum();
    let commit = told.range.base.get(..8).unwrap_or(&told.range.base);
    let weakened = match weakened {
        0 => "none weakened".to_owned(),
        many => format!("{many} weakened by this change"),
    };
    parts.push(match told.by_head {
        true => "judged by the rules of the change itself, for a trial".to_owned(),
        false => {
            format!("compared with {}, rules read from {}, {weakened}", tagged(commit), tagged(told.base))
        }
    });
    parts.join(" · ")
}

/// Returns foreign text as code inside HTML, where Markdown is none.
fn tagged(text: &str) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let text: String = text.chars().take(80).map(|c| if harmless(c) { c } else { '_' }).collect();
    format!("<code>{text}</code>")
}

/// Returns the name of a repository or a check as it can stand in a comment of HTML.
fn plain(name: &str) -> String {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "._/".contains(c);
    let mut out = String::new();
    for c in name.chars().take(200) {
        let c = if harmless(c) { c } else { '-' };
        // Two of them could end the comment.
        if c != '-' || !out.ends_with('-') {
            out.push(c);
        }
    }
    let out = out.trim_matches('-');
    if out.is_empty() { "local".to_owned() } else { out.to_owned() }
}
