//! Calendars as calendar programs read them: iCalendar, RFC 5545, published as RFC 5546 has it.
//!
//! What stands in a document cannot become a line, a property or a parameter of its own: each foreign text passes [`tame`] and
//! [`escaped`]. Nobody is invited to anything: a published entry has no attendees, and an organizer would need an address. People are
//! named in the description, without theirs.

use std::io;
use std::io::Write;

use super::phrase::person;
use crate::calendar::Entry;
use crate::config::Config;
use crate::date::timestamp;
use crate::kind::Field;
use crate::text::acts;
use crate::text::opens_command;

/// The most bytes of a line, its end left aside.
const LINE: usize = 75;

/// The most characters of a title or a next step; calendars show a few words of it.
const LONGEST: usize = 300;

/// The most colons in a row. No text needs more, and a line must be able to begin behind them.
const MOST_COLONS: usize = 8;

/// What a calendar is called, and where its records come from.
#[derive(Debug, Clone, Copy)]
pub struct Published<'a> {
    /// What calendar programs call it.
    pub name: &'a str,
    /// What the team has settled.
    pub config: &'a Config,
    /// The tree's folder below the repository's top, with a `/` at its end; empty where they are the same.
    pub prefix: &'a str,
}

/// Writes `entries` as a calendar.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn icalendar(entries: &[Entry<'_>], published: Published<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = Lines { out };
    for (name, value) in [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//pmkit//calendar//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
    ] {
        lines.write(name, value)?;
    }
    for name in ["NAME", "X-WR-CALNAME"] {
        lines.write(name, &text(published.name))?;
    }
    if entries.is_empty() {
        lines.clock()?;
    }
    for entry in entries {
        lines.entry(entry, published)?;
    }
    lines.write("END", "VCALENDAR")
}

/// The lines of a calendar.
struct Lines<'a> {
    out: &'a mut dyn Write,
}

impl Lines<'_> {
    fn entry(&mut self, entry: &Entry<'_>, published: Published<'_>) -> io::Result<()> {
        self.write("BEGIN", "VEVENT")?;
        self.write("UID", &escaped(&entry.name))?;
        self.write("SEQUENCE", &entry.sequence.to_string())?;
        self.write("DTSTAMP", &moment(entry.stamp))?;
        if let Some(modified) = entry.modified {
            self.write("LAST-MODIFIED", &moment(modified))?;
        }
        self.write("DTSTART;VALUE=DATE", &compact(&entry.day.to_string()))?;
        let next = entry.day.plus_days(1);
        // The calendar ends with the year 9999.
        if next > entry.day {
            self.write("DTEND;VALUE=DATE", &compact(&next.to_string()))?;
        }
        self.write("SUMMARY", &text(&summary(entry, published.config)))?;
        let said: Vec<String> = description(entry, published).iter().map(|line| text(line)).collect();
        self.write("DESCRIPTION", &said.join("\\n"))?;
        let categories: Vec<String> =
            categories(entry, published.config).iter().map(|line| text(line)).collect();
        self.write("CATEGORIES", &categories.join(","))?;
        self.write("STATUS", if entry.called_off { "CANCELLED" } else { "CONFIRMED" })?;
        self.write("TRANSP", "TRANSPARENT")?;
        self.write("END", "VEVENT")
    }

    /// Writes what a calendar without entries holds, as it must hold something: the time zone that no entry is in.
    fn clock(&mut self) -> io::Result<()> {
        for (name, value) in [
            ("BEGIN", "VTIMEZONE"),
            ("TZID", "Etc/UTC"),
            ("BEGIN", "STANDARD"),
            ("DTSTART", "19700101T000000"),
            ("TZOFFSETFROM", "+0000"),
            ("TZOFFSETTO", "+0000"),
            ("TZNAME", "UTC"),
            ("END", "STANDARD"),
            ("END", "VTIMEZONE"),
        ] {
            self.write(name, value)?;
        }
        Ok(())
    }

    /// Writes a property, in as many lines as it takes.
    fn write(&mut self, name: &str, value: &str) -> io::Result<()> {
        let line = format!("{name}:{value}");
        let (mut rest, mut room) = (line.as_str(), LINE);
        loop {
            let (piece, next) = rest.split_at(end_of_piece(rest, room));
            write!(self.out, "{piece}\r\n")?;
            if next.is_empty() {
                return Ok(());
            }
            self.out.write_all(b" ")?;
            (rest, room) = (next, LINE - 1);
        }
    }
}

/// Returns where the next line of `text` ends, of which at most `room` bytes fit. No character is taken apart, no line begins with a
/// command of a CI runner, and none holds one: folding tells readers nothing, and a log is no place for it.
fn end_of_piece(text: &str, room: usize) -> usize {
    let marks = memchr::memchr_iter(b'#', &text.as_bytes()[..text.len().min(room)]);
    let mark = marks.map(|at| at + 1).find(|at| text[*at..].strip_prefix('#').is_some_and(opens_command));
    let room = mark.unwrap_or(room);
    if text.len() <= room {
        return text.len();
    }
    let fits = |end: &usize| text.is_char_boundary(*end) && !text[*end..].trim_start().starts_with("::");
    let boundary = || (1..=room).rev().find(|end| text.is_char_boundary(*end));
    (1..=room).rev().find(fits).or_else(boundary).unwrap_or(text.len())
}

/// Returns a foreign text as the value of a property.
fn text(foreign: &str) -> String {
    escaped(&tame(foreign))
}

/// Returns `text` on one line, without anything that acts, and no longer than it need be. Marks that say which way letters run stay:
/// Hebrew and Arabic are written with them. What turns whole passages round goes.
fn tame(text: &str) -> String {
    let mut tamed = String::with_capacity(text.len());
    let (mut colons, mut left) = (0, LONGEST);
    for c in text.chars() {
        let c = if c.is_control() || c.is_whitespace() { ' ' } else { c };
        colons = if c == ':' { colons + 1 } else { 0 };
        let mark = matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}');
        if (acts(c) && !mark) || colons > MOST_COLONS || (c == ' ' && tamed.ends_with(' ')) {
            continue;
        }
        if left == 0 {
            tamed.push('…');
            break;
        }
        left -= 1;
        tamed.push(c);
    }
    tamed.trim().to_owned()
}

/// Returns `text` with what would end a value of text, or part it, written as RFC 5545 has it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if matches!(c, '\\' | ';' | ',') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Returns what an entry is called: `RFC-0011 comments close: Refunds by original tender`.
fn summary(entry: &Entry<'_>, config: &Config) -> String {
    let what = what(entry.field);
    let name = entry.record.name(&config.kinds);
    let name = if what.is_empty() { name } else { format!("{name} {what}") };
    match entry.record.text(entry.kind, "title") {
        Some(title) => format!("{name}: {title}"),
        None => name,
    }
}

/// Says in words what a day is for: `comments close`, `next step due`; nothing where a field is called `date`, as every entry has one.
fn what(field: &Field) -> String {
    let words = match &field.deadline_of {
        Some(of) => format!("{} {}", of.replace(['_', '-'], " "), field.words()),
        None => field.words(),
    };
    if words == "date" { String::new() } else { words }
}

/// Returns what is told besides, a line each.
fn description(entry: &Entry<'_>, published: Published<'_>) -> Vec<String> {
    let Entry { record, kind, .. } = entry;
    let people = &published.config.people;
    let state = record.state.as_deref().unwrap_or_default();
    let mut lines = vec![format!("{}: {state}", kind.title)];
    let owner = record.text(kind, "owner").filter(|owner| !owner.trim().is_empty());
    lines.extend(owner.map(|owner| format!("owner: {}", person(owner, people))));
    let mut waits = if entry.called_off { Vec::new() } else { record.waits_for(kind) };
    waits.retain(|name| Some(*name) != owner);
    if !waits.is_empty() {
        let names: Vec<&str> = waits.iter().map(|name| person(name, people)).collect();
        lines.push(format!("waits for: {}", names.join(", ")));
    }
    for name in ["next_step", "discussion"] {
        let said = record.text(kind, name).filter(|said| !said.trim().is_empty());
        lines.extend(said.map(|said| format!("{}: {said}", name.replace('_', " "))));
    }
    lines.push(format!("{}{}", published.prefix, record.path));
    lines
}

/// Returns what an entry can be found by: its kind, and the piece of work it belongs to.
fn categories(entry: &Entry<'_>, config: &Config) -> Vec<String> {
    let mut found = vec![entry.kind.title.clone()];
    let initiative = entry.record.text(entry.kind, "initiative").filter(|name| !name.trim().is_empty());
    found.extend(initiative.map(|name| config.initiative_title(name).to_owned()));
    found
}

/// Returns a point in time in UTC: `20261120T093000Z`.
fn moment(seconds: i64) -> String {
    /// The last second of the year 9999.
    const END: i64 = 253_402_300_799;
    let text = timestamp(seconds.clamp(0, END), 0);
    format!("{}Z", compact(text.split('+').next().unwrap_or_default()))
}

/// Returns a day or a time without the marks between its parts.
fn compact(text: &str) -> String {
    text.replace(['-', ':'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &str) -> String {
        let mut out = Vec::new();
        Lines { out: &mut out }.write("X", value).expect("memory takes all");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn lines_are_folded_at_bytes_and_between_characters() {
        assert_eq!(written("short"), "X:short\r\n");
        for text in ["a".repeat(500), "é".repeat(200), "👩‍👩‍👧".repeat(40), "東 京".repeat(60)]
        {
            let folded = written(&text);
            assert!(folded.split("\r\n").all(|line| line.len() <= LINE), "{folded}");
            assert_eq!(folded.replace("\r\n ", ""), format!("X:{text}\r\n"));
        }
    }

    #[test]
    fn no_line_is_a_command() {
        for fill in 50..90 {
            for text in ["::error::x", " ##[error]x", "##vso[a]x", "#####[a]", "::::::::error::x", "  ::a::b"]
            {
                let value = format!("{}{text}", "a".repeat(fill));
                let folded = written(&value);
                assert_eq!(folded.replace("\r\n ", ""), format!("X:{value}\r\n"));
                for line in folded.split("\r\n") {
                    assert!(!line.trim_start().starts_with("::"), "{folded}");
                    assert!(!line.contains("##[") && !line.contains("##vso["), "{folded}");
                }
            }
        }
    }

    #[test]
    fn foreign_text_stays_inside_its_value() {
        for (foreign, expected) in [
            ("a, b; c\\n", "a\\, b\\; c\\\\n"),
            ("a\r\nATTENDEE:mailto:a@b.example", "a ATTENDEE:mailto:a@b.example"),
            ("a\u{b}\u{85}\u{2028}b\u{0}\u{1b}[31m", "a b [31m"),
            ("\u{202e}gnp\u{2066}.\u{200b}exe", "gnp.exe"),
            ("שלום\u{200f}!", "שלום\u{200f}!"),
            ("👩‍👩‍👧 ☕\u{fe0f}", "👩‍👩‍👧 ☕\u{fe0f}"),
            ("a:::::::::::::b", "a::::::::b"),
        ] {
            assert_eq!(text(foreign), expected, "{foreign:?}");
        }
        assert_eq!(text(&"é".repeat(400)).chars().count(), LONGEST + 1);
    }

    #[test]
    fn moments_are_in_utc_and_have_four_digits_of_year() {
        assert_eq!(moment(1_795_255_200), "20261121T100000Z");
        assert_eq!(moment(i64::MIN), "19700101T000000Z");
        assert_eq!(moment(i64::MAX), "99991231T235959Z");
    }
}
