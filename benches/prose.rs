//! Prose of ordinary length from made-up words, the same for the same seed.

/// Words that make prose of ordinary length.
pub(crate) const WORDS: [&str; 48] = [
    "guests", "orders", "refunds", "the", "payment", "a", "service", "of", "session", "in", "server", "to",
    "customer", "number", "and", "courier", "week", "is", "price", "page", "for", "launch", "team", "with",
    "queue", "on", "report", "not", "invoice", "by", "support", "that", "change", "from", "limit", "when",
    "test", "before", "after", "token", "cache", "deploy", "we", "field", "error", "budget", "they",
    "quarter",
];
pub(crate) const PEOPLE: [&str; 6] = ["ana", "lee", "maya", "priya", "sam", "tom"];

/// A small generator of numbers (splitmix64), so that the same seed gives the same bytes everywhere.
pub(crate) struct Numbers(pub u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % most as u64).unwrap_or(0)
    }

    pub(crate) fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    pub(crate) fn prose(&mut self, words: usize) -> String {
        let mut text = String::new();
        for at in 0..words {
            let word = self.pick(&WORDS);
            if at % 14 == 0 {
                let mut letters = word.chars();
                text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
                text.push_str(letters.as_str());
            } else {
                text.push_str(word);
            }
            text.push_str(if at % 14 == 13 || at + 1 == words { ". " } else { " " });
        }
        let text = text.trim_end();
        let mut wrapped = String::new();
        let mut column = 0;
        for word in text.split(' ') {
            if column + word.len() > 90 {
                wrapped.push('\n');
                column = 0;
            } else if column > 0 {
                wrapped.push(' ');
                column += 1;
            }
            wrapped.push_str(word);
            column += word.len();
        }
        wrapped
    }
}
