//! The agenda, the digest and the page of an initiative: what they tell, what they leave out, and what they do where something is
//! missing.

use std::process::Command;

use serde_json::Value;

use crate::program::Program;
use crate::program::Run;

/// Commits everything there is on `day`.
fn commit_on(program: &Program, day: &str, subject: &str) {
    for words in [&["add", "--all"][..], &["commit", "--quiet", "--allow-empty", "--message", subject][..]] {
        let mut command = Command::new("git");
        program.apart(&mut command);
        command.args(words);
        let time = format!("{day}T10:00:00Z");
        command.env("GIT_AUTHOR_DATE", &time).env("GIT_COMMITTER_DATE", &time);
        assert!(command.status().unwrap().success(), "{words:?}");
    }
}

fn record(id: &str, title: &str, fields: &str) -> String {
    format!(
        "---\nid: {id}\ntitle: {title}\nowner: lee\ncreated: 2026-10-01\n{fields}---\n\n# {id}\n\n## Description\n\nIt may.\n"
    )
}

fn risk(id: &str, title: &str, fields: &str) -> String {
    record(id, title, &format!("status: open\nnext_step: Ask\n{fields}"))
}

fn fine(run: &Run) -> &str {
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    &run.out
}

/// Returns the lines of the part of `text` that begins with `heading`.
fn part<'t>(text: &'t str, heading: &str) -> Vec<&'t str> {
    let lines = text.lines().skip_while(|line| !line.starts_with(heading)).skip(1);
    lines.take_while(|line| !line.is_empty()).map(str::trim).collect()
}

/// A team's fortnight: what was there, and what became of it.
fn team() -> Program {
    let program = Program::in_repository();
    program.write("pmkit.toml", "[people]\nana = { name = \"Ana Ruiz\", role = \"product\" }\nlee = {}\npriya = {}\n[initiative.checkout]\ntitle = \"One page\"\nkeeper = \"ana\"\n[initiative.refunds]\n");
    program.write(
        "docs/raid/R-0001-a.md",
        risk(
            "R-0001",
            "The date may slip",
            "due: 2026-11-12\nlikelihood: 3\nimpact: 3\ninitiative: checkout\n",
        ),
    );
    program.write(
        "docs/raid/R-0002-b.md",
        risk("R-0002", "Gone by then", "due: 2026-12-12\nlikelihood: 1\nimpact: 1\n"),
    );
    program.write(
        "docs/raid/A-0001-a.md",
        record(
            "A-0001",
            "Guests give a number",
            "status: open\nnext_step: Ask\nvalidate_by: 2026-11-30\ninitiative: checkout\n",
        ),
    );
    program.write("docs/rfcs/0001-a.md", record("RFC-0001", "Call guests", "status: review\napprover: priya\nreviewers: [ana]\ncomments_open: 2026-11-02\ncomments_close: 2026-11-25\nrests_on: [A-0001]\ninitiative: checkout\n").replace("## Description\n\nIt may.\n", "## Open questions\n\n1. Who pays?\n"));
    program.write(
        "docs/memos/0001-a.md",
        record(
            "MEMO-0001",
            "Refund at once",
            "status: proposed\napprover: priya\ndecide_by: 2026-11-18\ninitiative: refunds\n",
        ),
    );
    commit_on(&program, "2026-11-05", "As it was");
    program.write(
        "docs/raid/R-0001-a.md",
        risk(
            "R-0001",
            "The date may slip",
            "due: 2026-11-19\nlikelihood: 5\nimpact: 4\ninitiative: checkout\n",
        ),
    );
    program.write(
        "docs/raid/R-0002-b.md",
        risk("R-0002", "Gone by then", "due: 2026-12-12\nlikelihood: 1\nimpact: 1\n")
            .replace("status: open", "status: closed"),
    );
    program.write("docs/raid/R-0003-c.md", risk("R-0003", "Nobody has looked", "due: 2026-11-24\n"));
    program.write(
        "docs/raid/A-0001-a.md",
        record("A-0001", "Guests give a number", "status: invalidated\ninitiative: checkout\n"),
    );
    program.write(
        "docs/memos/0001-a.md",
        record(
            "MEMO-0001",
            "Refund at once",
            "status: accepted\napprover: priya\ndecide_by: 2026-11-18\ninitiative: refunds\n",
        ),
    );
    program.write(
        "docs/stakeholders/0001-noor.md",
        record(
            "S-0001",
            "Noor Haddad",
            "status: published\nrole: Support\ncircle: partner-team\ninterested_in: [refunds, R-3]\n",
        ),
    );
    commit_on(&program, "2026-11-16", "A week on");
    program
}

#[test]
fn a_digest_tells_what_was_decided_moved_and_put_off_and_who_is_asked() {
    let program = team();
    let told = program.run(&["digest"]);
    let told = fine(&told);
    assert!(told.starts_with("Digest · Fri 13 Nov to Fri 20 Nov 2026\n"), "{told}");
    assert_eq!(part(told, "Decided"), ["MEMO-0001 Refund at once: accepted Mon 16 Nov, approver priya"]);
    assert_eq!(
        part(told, "New and moved risks"),
        [
            "A-0001 Guests give a number: invalidated; RFC-0001 rests on it",
            "R-0001 The date may slip: 9 → 20 (lee)",
            "R-0003 Nobody has looked: new, to triage (lee)",
            "closed: R-0002",
        ]
    );
    assert_eq!(part(told, "Slipped"), ["R-0001 The date may slip: due Thu 12 Nov → Thu 19 Nov, 7 days"]);
    assert_eq!(
        part(told, "Needs you"),
        [
            "lee: R-0001 The date may slip (1 day late)",
            "priya: RFC-0001 Call guests (approver, comments close Wed 25 Nov)",
            "ana: RFC-0001 Call guests (reviewer, comments close Wed 25 Nov)",
        ]
    );
    assert_eq!(part(told, "Coming up"), ["Tue 24 Nov R-0003 Nobody has looked (due, lee)"]);
    // After that commit nothing has happened.
    let since = program.run(&["digest", "--since", "HEAD"]);
    let since = fine(&since);
    assert!(part(since, "Decided").is_empty() && part(since, "New and").is_empty(), "{since}");
    let since = program.run(&["digest", "--since", "HEAD~1"]);
    assert_eq!(part(fine(&since), "Decided"), part(told, "Decided"));
    // Of one piece of work, and for one person.
    let within = program.run(&["digest", "--in", "refunds"]);
    assert_eq!(fine(&within).matches("R-0001").count(), 0, "{}", within.out);
    assert!(within.out.contains("MEMO-0001"));
    let noor = program.run(&["digest", "--for", "noor haddad"]);
    let noor = fine(&noor);
    assert!(noor.contains("MEMO-0001") && noor.contains("R-0003") && !noor.contains("R-0001"), "{noor}");
    let priya = program.run(&["digest", "--for", "priya"]);
    assert_eq!(part(fine(&priya), "Needs you").len(), 1, "{}", priya.out);
    let nobody = program.run(&["digest", "--for", "pria"]);
    assert_eq!((nobody.code, nobody.out.as_str()), (2, ""));
    assert!(nobody.err.contains("did you mean `priya`?"), "{}", nobody.err);
}

/// What is not committed, pmkit.toml included, is no part of it.
#[test]
fn the_same_commit_and_day_give_the_same_bytes() {
    let program = team();
    let forms = ["text", "markdown", "html", "slack"];
    let all = || forms.map(|form| fine(&program.run(&["digest", "--format", form])).to_owned());
    let before = all();
    program.write("docs/raid/R-0009-x.md", risk("R-0009", "Not committed", "due: 2026-11-19\n"));
    program.write("docs/memos/0001-a.md", "broken");
    program.write("pmkit.toml", "[people]\n");
    assert_eq!(all(), before);
    // In a bare clone too.
    program.git(&["clone", "--quiet", "--bare", ".", "bare.git"]);
    let bare =
        forms.map(|form| fine(&program.run(&["-C", "bare.git", "digest", "--format", form])).to_owned());
    assert_eq!(bare, before);
}

#[test]
fn where_there_is_nothing_it_is_said_and_nothing_breaks() {
    let program = Program::in_repository();
    let run = program.run(&["digest"]);
    assert!(fine(&run).contains("Nothing to tell of this time"), "{}", run.out);
    assert!(run.err.contains("nothing has been committed yet"), "{}", run.err);
    let run = program.run(&["digest", "--since", "HEAD"]);
    assert_eq!(run.code, 2, "{}{}", run.out, run.err);
    let run = program.run(&["agenda"]);
    for said in [
        "Mon 23 Nov 2026",
        "no sync has been written down yet",
        "Nothing new was written down",
        "Nothing is open",
    ] {
        assert!(fine(&run).contains(said), "{said}: {}", run.out);
    }
    let run = program.run(&["initiative", "checkout"]);
    assert!(
        fine(&run).contains("nobody keeps it") && run.err.contains("no record says"),
        "{}{}",
        run.out,
        run.err
    );
    let run = program.run(&["initiative"]);
    assert_eq!(run.code, 2);
    for form in ["markdown", "html"] {
        fine(&program.run(&["agenda", "--format", form]));
        fine(&program.run(&["initiative", "x", "--format", form]));
    }
}

#[test]
fn without_history_the_digest_ends_and_the_agenda_goes_on() {
    let team = team();
    let outside = Program::new();
    outside.write("docs/raid/R-0001-a.md", team.read("docs/raid/R-0001-a.md"));
    let run = outside.run(&["digest"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
    let run = outside.run(&["agenda"]);
    assert!(
        fine(&run).contains("R-0001 The date may slip · 20") && run.err.contains("no git repository"),
        "{}",
        run.err
    );
    let url = format!("file://{}", team.root().display());
    outside.git(&["clone", "--quiet", "--depth", "1", &url, "shallow"]);
    let run = outside.run(&["-C", "shallow", "digest"]);
    assert_eq!(run.code, 3, "{}{}", run.out, run.err);
    assert!(run.err.contains("git fetch --unshallow"), "{}", run.err);
    let run = outside.run(&["-C", "shallow", "agenda"]);
    assert!(fine(&run).contains("R-0001") && run.err.contains("shown without what has moved"), "{}", run.err);
    // What has nothing to do with HEAD has nothing to tell of it.
    team.git(&["checkout", "--quiet", "--orphan", "other"]);
    commit_on(&team, "2026-11-01", "Another beginning");
    team.git(&["checkout", "--quiet", "main"]);
    let run = team.run(&["digest", "--since", "other"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("no commit in common"), "{}", run.err);
    let run = team.run(&["digest", "--since", "2026-12-01"]);
    assert!(run.code == 2 && run.err.contains("still to come"), "{}", run.err);
}

/// Writes `count` risks that are due on `day`.
fn many(count: usize, day: &str) -> Program {
    let program = Program::in_repository();
    for number in 1..=count {
        let title = format!("Something may happen to the thing that is numbered {number}, and nobody knows");
        program.write(
            &format!("docs/raid/R-{number:04}-x.md"),
            risk(&format!("R-{number:04}"), &title, &format!("due: {day}\nlikelihood: 5\nimpact: 5\n")),
        );
    }
    commit_on(&program, "2026-11-19", "All at once");
    program
}

#[test]
fn a_digest_has_two_hundred_words_and_says_what_it_leaves_out() {
    let program = many(400, "2026-11-23");
    let run = program.run(&["digest"]);
    let words = fine(&run).split_whitespace().count();
    assert!((150..=200).contains(&words), "{words}: {}", run.out);
    for heading in ["New and moved risks", "Coming up"] {
        let part = part(&run.out, heading);
        let last = part.last().unwrap();
        let left: usize = last.split(' ').next().unwrap().parse().unwrap();
        assert_eq!(left + part.len() - 1, 400, "{last}");
        assert!(last.contains("pmkit "), "{last}");
    }
    let all = program.run(&["digest", "--words", "0"]);
    assert_eq!(part(fine(&all), "Coming up").len(), 400);
    let few = program.run(&["digest", "--words", "40"]);
    assert!(fine(&few).split_whitespace().count() <= 40, "{}", few.out);
    fine(&program.run(&["agenda"]));
    fine(&program.run(&["agenda", "--format", "html"]));
}

/// Returns every text of a message, blocks inside blocks too.
fn texts<'m>(value: &'m Value, found: &mut Vec<&'m str>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match (key.as_str(), value) {
                    ("text", Value::String(text)) => found.push(text),
                    _ => texts(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        _ => {}
    }
}

/// Makes sure that `line` is a message that Slack takes, and returns its texts.
fn message(line: &str) -> Vec<String> {
    let message: Value = serde_json::from_str(line).unwrap();
    let blocks = message["blocks"].as_array().unwrap();
    assert!((1..=50).contains(&blocks.len()), "{} blocks", blocks.len());
    let mut all = Vec::new();
    texts(&message, &mut all);
    assert!(all.iter().all(|text| !text.is_empty()), "an element without text");
    assert!(all.iter().map(|text| text.chars().count()).sum::<usize>() <= 13_000);
    let fallback = message["text"].as_str().unwrap();
    let markup = fallback.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "");
    assert!(!markup.contains(['<', '>', '&']), "{fallback}");
    for block in blocks {
        let mut of_block = Vec::new();
        texts(block, &mut of_block);
        let length: usize = of_block.iter().map(|text| text.chars().count()).sum();
        match block["type"].as_str().unwrap() {
            "header" => assert!(length <= 150, "{block}"),
            "rich_text" => assert!(length <= 3000, "{length}"),
            other => panic!("{other}"),
        }
    }
    all.into_iter().map(str::to_owned).collect()
}

#[test]
fn messages_for_slack_stay_within_every_limit_and_are_split_where_they_must_be() {
    let program = many(600, "2026-11-20");
    let run = program.run(&["digest", "--format", "slack"]);
    assert_eq!(fine(&run).lines().count(), 1);
    message(run.out.trim_end());
    let run = program.run(&["digest", "--format", "slack", "--words", "0"]);
    let messages: Vec<String> = fine(&run).lines().flat_map(message).collect();
    assert!(run.out.lines().count() > 5, "{}", run.out.lines().count());
    let named = messages.iter().filter(|text| text.starts_with("R-")).count();
    assert_eq!(named, 1200, "each is new, and each is due");
}

#[test]
fn titles_of_others_act_in_no_form() {
    let titles = [
        "<!channel> <https://evil.example|ok> & *b*",
        "</p><script>alert(1)</script>",
        "\u{202e}gnp.exe \u{1f9e8}\u{200f}עברית",
        "![x](https://evil.example/x.png) `a` [b](c) # d | e",
        "a\\r\\n::error::forged ##[add-mask]x",
        "{{ 7 * 7 }} {% raw %}",
    ];
    let program = Program::in_repository();
    for (at, title) in titles.iter().enumerate() {
        let id = format!("R-{:04}", at + 1);
        let quoted = format!(
            "\"{}\"",
            title.replace('\\', "\\\\").replace('"', "\\\"").replace("\\\\r\\\\n", "\\r\\n")
        );
        program.write(
            &format!("docs/raid/{id}-x.md"),
            risk(&id, &quoted, "due: 2026-11-18\nlikelihood: 5\nimpact: 5\n"),
        );
        let insight = format!("docs/insights/000{}-x.md", at + 1);
        let id = format!("INS-{:04}", at + 1);
        program.write(
            &insight,
            record(&id, &quoted, &format!("status: published\nsource: {quoted}\nobserved: 2026-11-19\n")),
        );
    }
    commit_on(&program, "2026-11-19", "Hostile");
    for words in [["digest", "--words=0"], ["agenda", "--no-input"]] {
        for form in ["text", "markdown", "html"] {
            let run = program.run(&[&words[..], &["--format", form]].concat());
            let out = fine(&run);
            assert_eq!(crate::hostile::forged(out, false), Vec::<String>::new(), "{out}");
            assert_eq!(crate::hostile::acting(out), None, "{out}");
            match form {
                "html" => {
                    assert!(
                        !out.contains("<script") && !out.contains("<img") && out.contains("&lt;script&gt;"),
                        "{out}"
                    );
                    assert!(out.contains("{{ 7 * 7 }}"), "{out}");
                    let closed = |name: &str| {
                        out.matches(&format!("<{name}")).count() == out.matches(&format!("</{name}>")).count()
                    };
                    assert!(
                        ["ul", "li", "bdi", "strong", "section", "p", "h2"].iter().all(|name| closed(name)),
                        "{out}"
                    );
                }
                "markdown" => {
                    let active = pulldown_cmark::Parser::new(out).filter(|event| {
                        use pulldown_cmark::Event;
                        use pulldown_cmark::Tag;
                        matches!(
                            event,
                            Event::Html(_)
                                | Event::InlineHtml(_)
                                | Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::Emphasis)
                        )
                    });
                    assert_eq!(active.count(), 0, "{out}");
                }
                _ => {}
            }
        }
    }
    let slack = program.run(&["digest", "--format", "slack"]);
    fine(&slack).lines().for_each(|line| drop(message(line)));
    // As records they lint, and say what they said.
    for words in [&["agenda", "--new"][..], &["new", "update", "--from-digest"][..]] {
        let path = fine(&program.run(words)).trim().to_owned();
        let text = program.read(&path);
        let body = text.split("\n# ").nth(1).unwrap();
        let active = pulldown_cmark::Parser::new(body).filter(|event| {
            use pulldown_cmark::Event;
            use pulldown_cmark::Tag;
            let is_help = |html: &str| html.starts_with("<!-- ") || html.trim().is_empty();
            match event {
                Event::Html(html) | Event::InlineHtml(html) => !is_help(html),
                Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::Emphasis) => true,
                _ => false,
            }
        });
        assert_eq!(active.count(), 0, "{text}");
        let lint = program.run(&["lint", "--quiet", &path]);
        assert_eq!(lint.code, 0, "{}", lint.out);
    }
}

fn talk(id: &str, day: &str, actions: &str) -> String {
    format!(
        "---\nid: {id}\ntitle: A talk\nstatus: published\nowner: ana\ndate: {day}\nattendees: [ana, lee]\ncreated: {day}\n---\n\n# {id}\n\n## Insights (5 min)\n\nA-0002 was wrong.\n\n## Top priority (10 min)\n\nOne.\n\n## Biggest risk (15 min)\n\nOne.\n\n## Actions\n\n{actions}\n"
    )
}

#[test]
fn an_agenda_tells_what_was_learnt_asked_and_left_to_do() {
    let program = team();
    program.write(
        "docs/raid/A-0002-b.md",
        record("A-0002", "Talked about", "status: open\nnext_step: Ask\nvalidate_by: 2026-11-30\n"),
    );
    program.write(
        "docs/syncs/0001-a.md",
        talk("SYNC-0001", "2026-11-02", "- [ ] lee: copy deck\n- [x] ana: call"),
    );
    program.write(
        "docs/syncs/0002-b.md",
        talk("SYNC-0002", "2026-11-09", "- [ ] Lee: copy deck.\n- [ ] ana: numbers\n- no task"),
    );
    commit_on(&program, "2026-11-17", "Talks");
    program.write("docs/raid/A-0002-b.md", record("A-0002", "Talked about", "status: validated\n"));
    program.write(
        "docs/insights/0001-a.md",
        record(
            "INS-0001",
            "Nobody wants calls",
            "status: published\nsource: six guests\nobserved: 2026-11-18\nbears_on: [A-0001]\n",
        ),
    );
    let run = program.run(&["agenda"]);
    let told = fine(&run);
    assert!(
        told.starts_with("Strategic sync · Mon 23 Nov 2026 · 30 min\nana (product), lee · since SYNC-0002\n"),
        "{told}"
    );
    assert_eq!(
        part(told, "Insights"),
        [
            "A-0001 Guests give a number: invalidated",
            "→ RFC-0001 rests on it",
            "INS-0001 Nobody wants calls (six guests, lee)",
            "→ says something about A-0001",
            "A-0002 Talked about: validated",
            "Also learnt: ____________________",
        ],
        "what the last sync names, and what has changed since, is told"
    );
    assert_eq!(
        part(told, "Top priority")[1..],
        [
            "a) RFC-0001 Call guests: comments close Wed 25 Nov; question 1 has no answer; waits for priya (approver), ana (reviewer)"
        ]
    );
    let risk = part(told, "Biggest risk");
    assert!(risk[0].starts_with("R-0001 The date may slip · 20 · lee · 50 days open"), "{risk:?}");
    assert!(risk[1].contains("nothing weighs more (20), 1 day late, rose 9 → 20, slipped 1×"), "{risk:?}");
    assert_eq!(
        part(told, "Carried over · 2"),
        ["[ ] Lee: copy deck. (since Mon 2 Nov, carried twice)", "[ ] ana: numbers (from Mon 9 Nov)"]
    );
    // Another one is named, and it is said what for.
    let named = program.run(&["agenda", "--risk", "r-3"]);
    let risk = part(fine(&named), "Biggest risk");
    assert!(risk[0].starts_with("R-0003") && risk[1].contains("named by hand"), "{risk:?}");
    assert!(risk.iter().any(|line| line.contains("runners-up: R-0001")), "{risk:?}");
    for (word, said) in
        [("R-0002", "no open item"), ("R-0077", "no open item"), ("what", "no id of a record")]
    {
        let run = program.run(&["agenda", "--risk", word]);
        assert!(run.code == 2 && run.err.contains(said), "{word}: {}", run.err);
    }
}

#[test]
fn an_agenda_is_kept_once_and_the_next_one_goes_on_from_it() {
    let program = team();
    program.write("docs/syncs/0001-a.md", talk("SYNC-0001", "2026-11-16", "- [ ] lee: copy deck"));
    let run = program.run(&["agenda", "--new", "--in", "checkout"]);
    assert_eq!(fine(&run), "docs/syncs/0002-week-of-23-november.md\n");
    let text = program.read("docs/syncs/0002-week-of-23-november.md");
    for said in [
        "date: 2026-11-23\n",
        "attendees: [ana, lee]\n",
        "initiative: checkout\n",
        "- [ ] lee: copy deck\n",
        "title: Week of 23 November\n",
        "R-0001 The date may slip",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let lint = program.run(&["lint", "--quiet", "docs/syncs/0002-week-of-23-november.md"]);
    assert_eq!(lint.code, 0, "{}", lint.out);
    let again = program.run(&["agenda", "--new", "--in", "checkout"]);
    assert_eq!((again.code, again.out.as_str()), (2, ""));
    assert!(again.err.contains("SYNC-0002 is about Mon 23 Nov 2026 already"), "{}", again.err);
    let next = program.run(&["--today", "2026-11-24", "agenda", "--in", "checkout"]);
    assert!(fine(&next).starts_with("Strategic sync · Mon 30 Nov 2026"), "{}", next.out);
    assert!(next.out.contains("lee: copy deck (since Mon 16 Nov, carried twice)"), "{}", next.out);
    let on = program.run(&["agenda", "--on", "2026-12-01"]);
    assert!(fine(&on).starts_with("Strategic sync · Tue 1 Dec 2026"), "{}", on.out);
    let wrong = program.run(&["agenda", "--on", "someday"]);
    assert!(wrong.code == 2 && wrong.err.contains("`someday` is no day"), "{}", wrong.err);
}

#[test]
fn deadlines_on_branches_of_remotes_are_told_as_they_are_there() {
    let program = team();
    program.git(&["checkout", "--quiet", "-b", "side"]);
    program.write("docs/rfcs/0002-b.md", record("RFC-0002", "Pay later", "status: review\napprover: priya\nreviewers: [lee]\ncomments_open: 2026-11-12\ncomments_close: 2026-11-24\n"));
    program.write(
        "docs/rfcs/0001-a.md",
        program.read("docs/rfcs/0001-a.md").replace("2026-11-25", "2026-11-27"),
    );
    commit_on(&program, "2026-11-17", "On a branch");
    program.git(&["update-ref", "refs/remotes/origin/side", "side"]);
    program.git(&["checkout", "--quiet", "main"]);
    program.git(&["branch", "--quiet", "-D", "side"]);
    let run = program.run(&["agenda"]);
    assert_eq!(
        part(fine(&run), "Top priority")[1..],
        [
            "a) RFC-0002 Pay later: comments close Tue 24 Nov; waits for priya (approver), lee (reviewer)",
            "→ not merged: as it is on origin/side",
            "b) RFC-0001 Call guests: comments close Wed 25 Nov; question 1 has no answer; waits for priya (approver), ana (reviewer)",
            "→ not merged, on origin/side: review, comments close Fri 27 Nov",
        ]
    );
    // What is merged, whichever way, is not told twice.
    program.git(&["merge", "--quiet", "--squash", "refs/remotes/origin/side"]);
    commit_on(&program, "2026-11-18", "Squashed");
    let run = program.run(&["agenda"]);
    assert!(!fine(&run).contains("not merged"), "{}", run.out);
}

#[test]
fn an_initiative_has_one_page() {
    let program = team();
    let run = program.run(&["initiative", "checkout"]);
    let told = fine(&run);
    assert!(told.starts_with("One page · Fri 20 Nov 2026"), "{told}");
    assert!(told.contains("\nRED: R-0001 ") && told.contains("\nkept by ana\n"), "{told}");
    assert_eq!(
        part(told, "Waiting"),
        ["RFC-0001 Call guests: review; comments close Wed 25 Nov; waits for priya, ana"]
    );
    assert_eq!(
        part(told, "People"),
        ["lee: owns 2 open (1 late)", "ana: 1 waits for them", "priya: 1 waits for them"]
    );
    let run = program.run(&["initiative", "refunds"]);
    let told = fine(&run);
    assert!(
        told.contains("nobody keeps it")
            && told.contains("MEMO-0001 Refund at once: accepted Mon 16 Nov, approver priya"),
        "{told}"
    );
    assert!(told.contains("Noor Haddad: follows it: Support"), "{told}");
    let run = program.run(&["initiative"]);
    assert!(run.code == 2 && run.err.contains("name one: checkout, refunds"), "{}", run.err);
    let run = program.run(&["initiative", "chekout"]);
    assert!(run.code == 2 && run.err.contains("did you mean `checkout`?"), "{}", run.err);
    // What lists takes the name too.
    let log = program.run(&["log", "--in", "refunds"]);
    assert!(fine(&log).contains("MEMO-0001") && !log.out.contains("R-0001"), "{}", log.out);
}

#[test]
fn an_update_begins_with_the_digest() {
    let program = team();
    let run = program.run(&["new", "update", "--from-digest=2026-11-10", "initiative=checkout"]);
    assert_eq!(fine(&run), "docs/updates/0001-week-of-16-november.md\n");
    let text = program.read("docs/updates/0001-week-of-16-november.md");
    assert!(
        text.contains("period: 2026-W47\n") && text.contains("- R-0001 The date may slip: 9 → 20 (lee)\n"),
        "{text}"
    );
    assert!(!text.contains("MEMO-0001"), "of the initiative alone: {text}");
    let lint = program.run(&["lint", "--quiet", "docs/updates/0001-week-of-16-november.md"]);
    assert_eq!((lint.code, lint.out.contains("error")), (0, false), "{}", lint.out);
    let wrong = program.run(&["new", "risk", "x", "--from-digest"]);
    assert!(wrong.code == 2 && wrong.err.contains("keep no digest"), "{}", wrong.err);
}

/// What was so by the day of a sync, and stands under its insights, is not told again; what came after its record was begun is.
#[test]
fn what_the_last_sync_has_spoken_of_is_left_out_and_nothing_else() {
    let program = Program::in_repository();
    let assumption = |id: &str, state: &str| {
        record(id, "Held true", &format!("status: {state}\nnext_step: Ask\nvalidate_by: 2026-12-30\n"))
    };
    for id in ["A-0001", "A-0002", "A-0003", "A-0004"] {
        program.write(&format!("docs/raid/{id}-x.md"), assumption(id, "open"));
    }
    commit_on(&program, "2026-11-02", "All open");
    let told = "A-0001 and A-0002 were wrong.";
    let sync =
        talk("SYNC-0001", "2026-11-16", "- [ ] ana: look at A-0004").replace("A-0002 was wrong.", told);
    program.write("docs/syncs/0001-x.md", &sync);
    commit_on(&program, "2026-11-13", "Begun on Friday");
    program.write("docs/raid/A-0001-x.md", assumption("A-0001", "invalidated"));
    program.write("docs/raid/A-0003-x.md", assumption("A-0003", "validated"));
    commit_on(&program, "2026-11-15", "Over the weekend");
    program.write("docs/raid/A-0002-x.md", assumption("A-0002", "invalidated"));
    program.write("docs/raid/A-0004-x.md", assumption("A-0004", "invalidated"));
    commit_on(&program, "2026-11-17", "After the sync");
    let run = program.run(&["agenda"]);
    let told: Vec<&str> =
        part(fine(&run), "Insights").into_iter().filter(|line| line.starts_with("A-")).collect();
    assert_eq!(
        told,
        ["A-0002 Held true: invalidated", "A-0004 Held true: invalidated", "A-0003 Held true: validated"],
        "{}",
        run.out
    );
}

#[test]
fn tasks_are_carried_over_one_by_one_however_they_are_listed() {
    let program = Program::in_repository();
    let list = "- [x] tom: parent\n  - [ ] lee: child\n  - [x] ana: ticked\n- [ ] ana: two\n  lines of it\n\n1. [ ] sam: numbered\n2. [ ] Sam: numbered.\n\n- no task\n";
    program.write("docs/syncs/0001-x.md", talk("SYNC-0001", "2026-11-09", "- [ ] lee: child"));
    program.write("docs/syncs/0002-x.md", talk("SYNC-0002", "2026-11-16", list));
    program.write(
        "docs/syncs/0003-x.md",
        talk("SYNC-0003", "2026-11-16", "- [ ] lee: child\n- [x] ana: two lines of it"),
    );
    commit_on(&program, "2026-11-16", "Two on one day");
    let run = program.run(&["agenda"]);
    assert_eq!(
        part(fine(&run), "Carried over · 2"),
        ["[ ] lee: child (since Mon 9 Nov, carried twice)", "[ ] sam: numbered (from Mon 16 Nov)"],
        "{}",
        run.out
    );
    let past = program.run(&["agenda", "--on", "2026-11-01"]);
    assert!(past.code == 2 && past.err.contains("is over"), "{}", past.err);
}

/// A day that was pulled in again has not slipped; a new number makes nothing new; what is gone is told; what we owe waits for us.
#[test]
fn a_digest_says_nothing_that_is_not_so() {
    let program = Program::in_repository();
    let due =
        |day: &str| risk("R-0001", "Back and forth", &format!("due: {day}\nlikelihood: 1\nimpact: 1\n"));
    program.write("docs/raid/R-0001-x.md", due("2026-12-01"));
    program.write(
        "docs/raid/R-0002-x.md",
        risk("R-0002", "Another number soon", "due: 2026-12-20\nlikelihood: 2\nimpact: 2\n"),
    );
    program.write(
        "docs/raid/R-0003-x.md",
        risk("R-0003", "Deleted soon", "due: 2026-12-20\nlikelihood: 2\nimpact: 2\n"),
    );
    let owed = "status: on-track\ndirection: outbound\nparty: finance\ncounterpart: Ines <ines@f.example>\nneeded_by: 2026-11-18\npromised_for: 2026-11-18\nnext_step: Ask\n";
    program.write("docs/raid/D-0001-x.md", record("D-0001", "Owed by us", owed));
    program.write(
        "docs/memos/0001-x.md",
        record("MEMO-0001", "Undone", "status: accepted\napprover: priya\ndecide_by: 2026-11-01\n"),
    );
    commit_on(&program, "2026-11-02", "As it was");
    for day in ["2026-12-20", "2026-12-30", "2026-12-01"] {
        program.write("docs/raid/R-0001-x.md", due(day));
        commit_on(&program, "2026-11-16", day);
    }
    assert_eq!(program.run(&["renumber", "R-0002", "R-0022"]).code, 0);
    program.git(&["rm", "--quiet", "docs/raid/R-0003-x.md"]);
    program.write(
        "docs/memos/0001-x.md",
        record("MEMO-0001", "Undone", "status: draft\napprover: priya\ndecide_by: 2026-11-01\n"),
    );
    commit_on(&program, "2026-11-17", "Renumbered, deleted, undone");
    let run = program.run(&["digest"]);
    let told = fine(&run);
    assert!(part(told, "Slipped").is_empty(), "{told}");
    assert_eq!(part(told, "New and moved risks"), ["deleted: R-0003"], "{told}");
    assert_eq!(part(told, "Decided"), ["MEMO-0001 Undone: accepted → draft Tue 17 Nov"], "{told}");
    assert!(!told.contains("Ines"), "{told}");
    // The same of a day that has been, as it was then.
    let then = program.run(&["--today", "2026-11-10", "digest"]);
    assert!(fine(&then).contains("Mon 2 Nov") || !then.out.contains("R-0022"), "{}", then.out);
    assert!(!then.out.contains("17 Nov") && !then.out.contains("deleted"), "{}", then.out);
    let nobody = program.run(&["digest", "--for", "zzz"]);
    assert!(nobody.code == 0 && nobody.err.contains("no record has to do with zzz"), "{}", nobody.err);
}
