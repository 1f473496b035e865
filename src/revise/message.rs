//! What a change says of itself: to whoever asked for it, and in a commit.

use super::Line;
use super::Revised;
use crate::text::one_line;

/// The longest first line of a commit's message, in characters.
const LONGEST: usize = 72;

impl Revised {
    /// Returns a line for each field that changes, in columns: `R-0021  owner  lee → ana`.
    #[must_use]
    pub fn told(&self) -> Vec<String> {
        let width = |of: fn(&Line) -> &str| {
            self.lines.iter().map(|line| of(line).chars().count()).max().unwrap_or_default()
        };
        let (records, fields) = (width(|line| &line.record), width(|line| &line.field));
        let told = |line: &Line| {
            format!("{:records$}  {:fields$}  {}", line.record, line.field, one_line(&line.said))
        };
        self.lines.iter().map(told).collect()
    }

    /// Returns the message of the commit that holds the change: all in the first line where that is short enough, else a
    /// first line that counts, and a line for each field.
    #[must_use]
    pub fn message(&self) -> String {
        let mut records: Vec<&str> = Vec::new();
        let mut fields: Vec<String> = Vec::new();
        for line in &self.lines {
            if !records.contains(&line.record.as_str()) {
                records.push(&line.record);
            }
            let said = format!("{} {}", line.field, one_line(&line.said));
            if !fields.contains(&said) {
                fields.push(said);
            }
        }
        let who = match records[..] {
            [only] => only.to_owned(),
            ref several => format!("{} records", several.len()),
        };
        let whole = format!("{who}: {}", fields.join(", "));
        let alone = self.lines.len() == fields.len() && records.len() == 1;
        if alone && whole.chars().count() <= LONGEST {
            return whole;
        }
        let mut names: Vec<&str> = self.lines.iter().map(|line| line.field.as_str()).collect();
        names.dedup();
        names.sort_unstable();
        names.dedup();
        let first = match fields.len() {
            1 if whole.chars().count() <= LONGEST => whole,
            _ => format!("{who}: {}", names.join(", ")),
        };
        self.message_below(&first)
    }

    /// Returns the message whose first line is `first`, with a line for each field below it.
    #[must_use]
    pub fn message_below(&self, first: &str) -> String {
        let first = match first.chars().count() > LONGEST {
            true => format!("{}…", first.chars().take(LONGEST - 1).collect::<String>()),
            false => first.to_owned(),
        };
        let mut message = format!("{first}\n\n");
        for line in self.told() {
            message.push_str(line.trim_end());
            message.push('\n');
        }
        message
    }
}
