//! What counts as the answer to a question or an objection, form by form.

use pmkit::date::Date;

use crate::tree::Tree;

/// Returns what is said of the entries in `body`, without the words every finding begins with.
fn told(path: &str, head: &str, body: &str, rule: &str) -> Vec<String> {
    let found =
        Tree::default().with(path, format!("{head}{body}\n")).lint(Date::parse("2026-11-20").unwrap());
    let told = found.into_iter().filter(|found| found.rule == rule);
    told.map(|found| found.message.split_once(" and ").unwrap().1.to_owned()).collect()
}

fn questions(body: &str) -> Vec<String> {
    let head = "---\nid: RFC-0007\ntitle: Sessions\nstatus: accepted\nowner: maya\napprover: priya\nreviewers: [ana, Sam Osei <sam@a.example>]\ncreated: 2026-11-12\n---\n\n## Open questions\n\n";
    told("docs/rfcs/0007-x.md", head, body, "unanswered-question")
}

#[test]
fn a_question_is_answered_in_many_ways() {
    for body in [
        "- How long? 24 h.",
        "- **How long?** 24 h.",
        "- How long?\n\n  A day.",
        "- How long?\n  > A day.",
        "- How long?\n  A day.",
        "1. [x] How long?",
        "- ~~How long?~~",
        "- ~~How long?~~ 24 h",
        "- None",
        "- n/a",
        "-",
        "None so far.",
        "- How long? → ana, 2026-12-04",
        "- How long? → ana, Friday 4 December",
        "- How long? -> R-0021",
        "- How long? => a day",
        "- How long? See https://a.example/?q=1",
        "- The length. Answer: a day",
        "- Q: How long? A: a day",
        "- How long? And why? Because of the cache.",
        "### How long?\n\nA day.",
        "| question | answer |\n|---|---|\n| How long? | a day |",
        "| question | who | day |\n|---|---|---|\n| How long? | ana | 2026-12-04 |",
        "Why is the sky blue?",
        "- 多久？一天。",
        "- どのくらいですか？一日です。",
        "- How long? A day.\n\n### Notes\n\n- What?",
        "| question | owner | answer |\n|---|---|---|\n| How long? | ana | a day |\n| a \\| b? | | one |",
        "| question | answer |\n|---|---|\n| | |",
    ] {
        assert_eq!(questions(body), Vec::<String>::new(), "{body}");
    }
}

#[test]
fn a_question_without_an_answer_is_told_with_its_number() {
    let open = |number| format!("question {number} has no answer and no taker");
    for (body, expected) in [
        ("- How long?", vec![open(1)]),
        ("- The length of sessions", vec![open(1)]),
        ("- How long? Yes.\n- **How many?**", vec![open(2)]),
        ("- None\n- [ ] How many?", vec![open(2)]),
        ("- How long? And how many?", vec![open(1)]),
        ("- How long? TBD", vec![open(1)]),
        ("- How long? →", vec![open(1)]),
        ("- How long? <!-- a day? -->", vec![open(1)]),
        ("- Does a -> b hold?", vec![open(1)]),
        ("- What does https://a.example/?q=1 mean", vec![open(1)]),
        (
            "### How long?\n\n<!-- help -->\n\n### How many? \n\n→ ana",
            vec![open(1), "question 2 is handed to ana without a day".into()],
        ),
        ("- 多久？还要多少？", vec![open(1)]),
        ("- How long?\n\n### Notes\n\nNone.", vec![open(1)]),
        (
            "- How long?\n\n| question | answer |\n|---|---|\n| How many? | five |\n| Who? | |",
            vec![open(1), open(3)],
        ),
        ("-\n- <!-- help -->\n- How long?", vec![open(1)]),
        (
            "| question | owner | answer |\n|---|---|---|\n| How long? | ana | |\n| How many? | ana | TBD |\n| Who? | ana",
            vec![open(1), open(2), open(3)],
        ),
        ("| question | answer |\n|---|---|\n| How long? | |\n| How many? | ? |", vec![open(1), open(2)]),
        ("- How long? → ana", vec!["question 1 is handed to ana without a day".into()]),
        (
            "- How long? -> **Sam Osei** by Friday",
            vec!["question 1 is handed to Sam Osei without a day".into()],
        ),
        ("- How long?\n  - → @lee", vec!["question 1 is handed to @lee without a day".into()]),
        (
            "| question | who |\n|---|---|\n| How long? | ana |",
            vec!["question 1 is handed to ana without a day".into()],
        ),
    ] {
        assert_eq!(questions(body), expected, "{body}");
    }
}

#[test]
fn a_quotation_names_its_source() {
    let head = "---\nid: BC-0002\ntitle: Refunds\nstatus: current\nowner: ana\nlaunch: January\nlast_verified: 2026-11-02\ncreated: 2026-11-12\n---\n\n## Key benefit\n\n";
    let quotes = |body: &str| {
        let text = format!("{head}{body}\n\n## Objections\n\n- It is dear: ask why.\n");
        let found =
            Tree::default().with("docs/battlecards/0002-x.md", text).lint(Date::parse("2026-11-20").unwrap());
        let told = found.into_iter().filter(|found| found.rule == "unsourced-quote");
        told.map(|found| found.message).collect::<Vec<_>>()
    };
    for body in [
        "> It works.\n> — a lead",
        "> It works.\n>\n> -- a lead",
        "> It works.\n– a lead",
        "> It works.\n\n- a lead, pilot call",
        "> It works. (a lead, pilot call)",
        "> It works. [a lead](calls.md)",
        "> It works. [a lead][call]\n\n[call]: https://a.example",
        "> It works.\n> https://a.example/call",
        "> It works.\n\nSource: pilot call",
        "> It works.\n\n(a lead, pilot call)",
        "> It works.\r\n>\r\n> — a lead\r\n",
        "> > It works.\n>\n> — a lead",
        "> It works.\n> Source: ops lead",
        "> It works.\n>\n> (运用担当)",
        "",
        "<!-- help -->",
    ] {
        assert_eq!(quotes(body), Vec::<String>::new(), "{body}");
    }
    let (none, nobody) = (
        "BC-0002: `Key benefit` holds no quotation",
        "BC-0002: the quotation in `Key benefit` has no source",
    );
    for (body, expected) in [
        ("It works.", vec![none]),
        ("\"It works.\" — a lead", vec![none]),
        ("> It works.", vec![nobody]),
        ("> It works.\n> —", vec![nobody]),
        ("> It works.\n\nAnd more.", vec![nobody]),
        ("> It works.\n> — TBD", vec![nobody]),
        ("> It works.\n\nSource: TBD", vec![nobody]),
        ("> It works (finally).", vec![nobody]),
        ("> It works.\n\n(finally)", vec![nobody]),
        ("> It works.\n\n- Fewer calls, less waiting\n- And more", vec![nobody]),
        ("> It works.\n\n- It saves two hours, each day.", vec![nobody]),
        ("> It works.\n\n- Fewer calls", vec![nobody]),
        ("> It works.\n> — a lead\n\nAnd:\n\n> It does.", vec![nobody]),
    ] {
        assert_eq!(quotes(body), expected, "{body}");
    }
}

#[test]
fn an_objection_needs_words_beside_it() {
    let head = "---\nid: BC-0002\ntitle: Refunds\nstatus: current\nowner: ana\nlaunch: January\nlast_verified: 2026-11-02\ncreated: 2026-11-12\n---\n\n## Objections\n\n";
    let objections =
        |body: &str| told("docs/battlecards/0002-x.md", head, body, "unanswered-objection").len();
    for body in [
        "- **\"Too dear.\"** Ask what a day costs.",
        "- \"Too dear.\" Ask what a day costs.",
        "- “Too dear” — ask what a day costs",
        "- Too dear? Ask what a day costs.",
        "- Too dear: ask what a day costs",
        "- Too dear. Ask what a day costs.",
        "- Too dear → ask what a day costs",
        "- 太贵了。问问停机一天的成本。",
        "- 太贵了！问问停机一天的成本",
        "- 高すぎる：一日止まるといくらかを聞く",
        "- 「高すぎる」一日止まるといくらかを聞く",
        "- ‚Too dear‘ ask what a day costs",
        "- 'It's too dear' ask what a day costs",
        "- **Too dear**\n  ask what a day costs",
        "- Too dear\n  - ask what a day costs",
        "### Too dear\n\nAsk.",
        "| a | b |\n|-|-|\n| too dear | ask |",
        "- None",
    ] {
        assert_eq!(objections(body), 0, "{body}");
    }
    for body in [
        "- **\"Too dear.\"**",
        "- \"Too dear.\"",
        "- Too dear?",
        "- Too dear.",
        "- 太贵了。",
        "- 「高すぎる」",
        "- 'It's too dear'",
        "- ‘It’s too dear.’",
        "| a | who | b |\n|-|-|-|\n| too dear | ana | |",
        "- Too dear: TBD",
        "### Too dear\n\n<!-- what? -->",
        "| a | b |\n|-|-|\n| too dear | |",
    ] {
        assert_eq!(objections(body), 1, "{body}");
    }
}
