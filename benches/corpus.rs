//! A tree of made-up records of a given size, the same for the same seed: what benchmarks run on.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

#[path = "prose.rs"]
pub(crate) mod prose;

use prose::Numbers;
use prose::PEOPLE;
use prose::WORDS;

/// Writes `count` records below `root`: half RAID items, the rest memos and proposals, some 3 KB each, pointing to one
/// another.
///
/// # Errors
/// Where a file cannot be written.
pub(crate) fn write(root: &Path, count: usize, seed: u64) -> io::Result<()> {
    let mut numbers = Numbers(seed);
    for folder in ["docs/raid", "docs/memos", "docs/rfcs"] {
        fs::create_dir_all(root.join(folder))?;
    }
    fs::write(root.join("pmkit.toml"), "# A tree to measure on.\n[rules]\nover-budget = \"allow\"\n")?;
    for at in 0..count {
        let number = at / 4 + 1;
        let (path, text) = match at % 4 {
            0 => risk(&mut numbers, number),
            1 => issue(&mut numbers, number),
            2 => memo(&mut numbers, number),
            _ => rfc(&mut numbers, number),
        };
        fs::write(root.join(path), text)?;
    }
    Ok(())
}

fn risk(numbers: &mut Numbers, number: usize) -> (String, String) {
    let title = risk_title(number);
    let (likelihood, impact) = (1 + numbers.below(5), 1 + numbers.below(5));
    let mut text = format!(
        "---\nid: R-{number:04}\ntitle: {title}\nstatus: open\nowner: {}\nnext_step: Ask {} for a date\ndue: 2027-01-15\nraised_by: {}\nlikelihood: {likelihood} # 1 to 5\nimpact: {impact}\ncategory: schedule\nresponse: mitigate\ntags: [pricing, launch]\nreviewed: 2026-11-16\ncreated: 2026-10-12\n---\n\n# R-{number:04} {title}\n",
        numbers.pick(&PEOPLE),
        numbers.pick(&PEOPLE),
        numbers.pick(&PEOPLE),
    );
    section(numbers, &mut text, "Description", 220, Some(number));
    section(numbers, &mut text, "Mitigation", 160, Some(number));
    section(numbers, &mut text, "Contingency", 100, Some(number));
    (format!("docs/raid/R-{number:04}-{}.md", title.replace(' ', "-")), text)
}

/// Returns the title of a risk, which its number gives, so that others can link to its file.
fn risk_title(number: usize) -> String {
    format!("{} may miss {}", WORDS[number % WORDS.len()], WORDS[number / WORDS.len() % WORDS.len()])
}

fn issue(numbers: &mut Numbers, number: usize) -> (String, String) {
    let title = format!("{} breaks {}", numbers.pick(&WORDS), numbers.pick(&WORDS));
    let mut text = format!(
        "---\nid: I-{number:04}\ntitle: {title}\nstatus: open\nowner: {}\nseverity: high\nnext_step: Roll back the flag\ndue: 2027-01-15\nraised_by: {}\nraised_from: R-{number:04}\ncategory: quality\nreviewed: 2026-11-16\ncreated: 2026-10-12\n---\n\n# I-{number:04} {title}\n",
        numbers.pick(&PEOPLE),
        numbers.pick(&PEOPLE),
    );
    section(numbers, &mut text, "Description", 240, Some(number));
    section(numbers, &mut text, "Impact", 200, Some(number));
    (format!("docs/raid/I-{number:04}-{}.md", title.replace(' ', "-")), text)
}

fn memo(numbers: &mut Numbers, number: usize) -> (String, String) {
    let title = format!("make {} part of {}", numbers.pick(&WORDS), numbers.pick(&WORDS));
    let mut text = format!(
        "---\nid: MEMO-{number:04}\ntitle: {title}\nstatus: accepted\nowner: {}\napprover: priya\ndecide_by: 2026-11-27\ncontributors: [lee, sam]\nreversibility: two-way\ncreated: 2026-10-12\n---\n\n# MEMO-{number:04} {title}\n",
        numbers.pick(&PEOPLE),
    );
    for title in ["Problem", "User impact", "Business goal", "Proposed solution"] {
        section(numbers, &mut text, title, 90, Some(number));
    }
    text.push_str("\n## Trade-offs\n\n| option | gains | costs |\n|---|---|---|\n");
    for option in ["this one", "do nothing", "later"] {
        writeln!(text, "| {option} | {} | {} |", numbers.prose(8), numbers.prose(8))
            .expect("a string takes all");
    }
    (format!("docs/memos/{number:04}-{}.md", title.replace(' ', "-")), text)
}

fn rfc(numbers: &mut Numbers, number: usize) -> (String, String) {
    let title = format!("move {} to {}", numbers.pick(&WORDS), numbers.pick(&WORDS));
    let mut text = format!(
        "---\nid: RFC-{number:04}\ntitle: {title}\nstatus: review\nowner: {}\napprover: priya\nreviewers:\n  - ana\n  - lee\n  - \"@sam\"\ncomments_open: 2027-01-04\ncomments_close: 2027-01-15\ncreated: 2026-10-12\n---\n\n# RFC-{number:04} {title}\n",
        numbers.pick(&PEOPLE),
    );
    section(numbers, &mut text, "Problem", 180, Some(number));
    section(numbers, &mut text, "Proposal", 240, Some(number));
    text.push_str("\n```rust\nfn main() {\n    let answer = 42;\n}\n```\n");
    text.push_str("\n## Alternatives considered\n\n");
    for _ in 0..3 {
        writeln!(text, "- **{}:** {}", numbers.pick(&WORDS), numbers.prose(20)).expect("a string takes all");
    }
    text.push_str("\n## Open questions\n\n");
    for at in 1..4 {
        writeln!(text, "{at}. {} → sam, 2027-01-08", numbers.prose(12)).expect("a string takes all");
    }
    (format!("docs/rfcs/{number:04}-{}.md", title.replace(' ', "-")), text)
}

/// Writes a section of some `words`; with a number, also mentions of records up to it.
pub(crate) fn section(
    numbers: &mut Numbers,
    text: &mut String,
    title: &str,
    words: usize,
    number: Option<usize>,
) {
    let (first, rest) = (numbers.prose(words / 2), numbers.prose(words / 2));
    let target = number.map(|number| 1 + numbers.below(number));
    let (help, mention) = target.map_or_else(Default::default, |target| {
        let file = format!("R-{target:04}-{}.md", risk_title(target).replace(' ', "-"));
        let mention = format!("See RFC-{target:04} and [the *risk*](../raid/{file}), `code` too.\n\n");
        ("<!-- what a good answer has -->\n\n", mention)
    });
    writeln!(text, "\n## {title}\n\n{help}{first}\n\n{mention}{rest}").expect("a string takes all");
}
