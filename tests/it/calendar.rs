//! `pmkit calendar`: which days are in it, how programs know an entry again, and that no document can write a line of its own.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::hostile::PAYLOADS;
use crate::hostile::forged;
use crate::program::Program;

type Event = BTreeMap<String, String>;

/// Reads a calendar as RFC 5545 has it, by hand: lines, folds, properties; no line may be anything else.
fn read(calendar: &str) -> Vec<Event> {
    const KNOWN: [&str; 24] = [
        "BEGIN",
        "END",
        "VERSION",
        "PRODID",
        "CALSCALE",
        "METHOD",
        "NAME",
        "X-WR-CALNAME",
        "UID",
        "SEQUENCE",
        "DTSTAMP",
        "LAST-MODIFIED",
        "DTSTART;VALUE=DATE",
        "DTEND;VALUE=DATE",
        "SUMMARY",
        "DESCRIPTION",
        "CATEGORIES",
        "STATUS",
        "TRANSP",
        "TZID",
        "DTSTART",
        "TZOFFSETFROM",
        "TZOFFSETTO",
        "TZNAME",
    ];
    let body = calendar.strip_suffix("\r\n").expect("the last line ends");
    for line in body.split("\r\n") {
        assert!(line.len() <= 75, "{line}");
        assert!(!line.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')), "{line:?}");
    }
    let mut events = Vec::new();
    let mut open: Vec<String> = Vec::new();
    for line in body.replace("\r\n ", "").split("\r\n") {
        let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("{line}"));
        assert!(KNOWN.contains(&name), "{line}");
        match name {
            "BEGIN" => {
                open.push(value.to_owned());
                if value == "VEVENT" {
                    events.push(Event::new());
                }
            }
            "END" => assert_eq!(open.pop().as_deref(), Some(value)),
            _ if open.last().is_some_and(|open| open == "VEVENT") => {
                let before = events.last_mut().unwrap().insert(name.to_owned(), value.to_owned());
                assert_eq!(before, None, "{name} twice");
            }
            _ => {}
        }
    }
    assert!(open.is_empty());
    assert!(calendar.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"));
    let names: BTreeSet<&String> = events.iter().map(|event| &event["UID"]).collect();
    assert_eq!(names.len(), events.len(), "no name twice");
    events
}

fn calendar(program: &Program, words: &[&str]) -> Vec<Event> {
    let run = program.run(&[&["calendar"], words].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    read(&run.out)
}

/// Returns the events as `day state summary`.
fn told(events: &[Event]) -> Vec<String> {
    let one = |event: &Event| {
        format!("{} {} {}", event["DTSTART;VALUE=DATE"], event["STATUS"].to_lowercase(), event["SUMMARY"])
    };
    events.iter().map(one).collect()
}

fn only(events: &[Event]) -> (&str, u32, &str, &str) {
    let [event] = events else { panic!("{events:?}") };
    (&event["UID"], event["SEQUENCE"].parse().unwrap(), &event["DTSTART;VALUE=DATE"], &event["STATUS"])
}

fn risk(number: u32, status: &str, due: &str, more: &str) -> String {
    format!(
        "---\nid: R-{number:04}\ntitle: Tide may slip\nstatus: {status}\nowner: maya\nnext_step: Ask\ndue: {due}\n{more}---\n\n\
         # R-{number:04} Tide may slip\n\n## Description\n\nBecause Tide rebuilds its service, it may be late.\n"
    )
}

const RISK: &str = "docs/raid/R-0001-tide.md";

#[test]
fn the_calendar_of_the_demo_company_has_what_runs() {
    let program = Program::new();
    program.run(&["demo", "demo", "--no-tour"]);
    let events = calendar(&program, &["-C", "demo", "--in", "checkout"]);
    assert_eq!(
        told(&events),
        [
            "20261118 confirmed R-0012 next step due: Tide may miss the single sign-on date",
            "20261119 confirmed I-0004 next step due: EU tenants see the old price",
            "20261123 confirmed R-0020 next step due: The refund notice may go out untranslated",
            "20261124 confirmed I-0003 next step due: Two mail providers drop our order mails",
            "20261125 confirmed A-0007 validate by: Wholesale buyers accept a password for four weeks",
            "20261126 confirmed R-0016 next step due: Only Tom can release the price service",
            "20261202 confirmed D-0003 needed by: Payments API v2",
            "20261211 confirmed R-0014 review by: Couriers may not reach guests without a number",
            "20261214 confirmed MEMO-0001 review by: Make the phone number optional for guests",
            "20261221 confirmed D-0003 promised for: Payments API v2",
        ]
    );
    let first = &events[0];
    assert_eq!(first["DTEND;VALUE=DATE"], "20261119");
    assert_eq!(first["CATEGORIES"], "Risk,One-page checkout");
    assert_eq!(first["TRANSP"], "TRANSPARENT");
    assert_eq!(
        first["DESCRIPTION"],
        "Risk: mitigating\\nowner: Maya Chen\\nnext step: Get a written date from Dana (Tide)\\n\
         docs/raid/R-0012-tide-may-miss-the-single-sign-on-date.md"
    );
    // A plain day of a memo, and whom it waits for.
    let memos = calendar(&program, &["-C", "demo", "memos", "--for", "Priya Nair"]);
    let of_memo: Vec<&Event> = memos.iter().filter(|event| event["UID"].starts_with("MEMO-0006")).collect();
    assert_eq!(
        of_memo[0]["SUMMARY"],
        "MEMO-0006 discuss on: Test a yearly Grove plan at the price of ten months"
    );
    assert!(of_memo[1]["DESCRIPTION"].contains("waits for: Priya Nair"));
    let run = program.run(&["-C", "demo", "calendar", "--for", "maya", "--in", "refunds"]);
    assert!(
        run.out.contains("\r\nX-WR-CALNAME:demo · Refunds shops make themselves · Maya Chen\r\n"),
        "{}",
        run.out
    );
    assert_eq!(run.err, "4 dates for maya\n");
    let named = program.run(&["-C", "demo", "calendar", "--name", "What, when", "--quiet"]);
    assert!(named.out.contains("\r\nNAME:What\\, when\r\n") && named.err.is_empty());
    let again = program.run(&["-C", "demo", "calendar", "--name", "What, when", "--quiet"]);
    assert_eq!(named.out, again.out, "same revision and day, same bytes");
}

#[test]
fn nobody_unknown_has_a_calendar() {
    let program = Program::in_repository();
    program.write("pmkit.toml", "[people]\nmaya = { name = \"Maya Chen\" }\n[initiative.checkout]\n");
    for (words, said) in [
        (&["calendar", "--for", "mayo"][..], "did you mean `maya`?"),
        (&["calendar", "--in", "chekout"], "did you mean `checkout`?"),
        (&["calendar", "riskk"], "did you mean `risk`?"),
    ] {
        let run = program.run(words);
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        assert!(run.err.contains(said), "{}", run.err);
    }
}

/// What a program does that takes calendars in, by RFC 5545 and 5546: known by its name, the greater sequence wins, of equal
/// ones the later stamp.
#[derive(Default)]
struct Store(BTreeMap<String, Event>);

impl Store {
    fn take(&mut self, events: Vec<Event>) {
        for event in events {
            let rank = |event: &Event| (event["SEQUENCE"].parse::<u32>().unwrap(), event["DTSTAMP"].clone());
            let known = self.0.get(&event["UID"]);
            if known.is_none_or(|known| rank(known) <= rank(&event)) {
                self.0.insert(event["UID"].clone(), event);
            }
        }
    }

    fn shown(&self) -> Vec<String> {
        let shown = self.0.values().filter(|event| event["STATUS"] == "CONFIRMED").cloned();
        told(&shown.collect::<Vec<_>>())
    }
}

#[test]
fn whoever_takes_it_in_again_sees_what_has_moved() {
    let program = Program::in_repository();
    let mut store = Store::default();
    let mut name = String::new();
    let mut last = None;
    // Committed or not, each line is taken in.
    for (status, due, commit, expected) in [
        ("open", "2026-11-24", true, "20261124 CONFIRMED"),
        ("open", "2026-12-01", false, "20261201 CONFIRMED"),
        ("open", "2026-12-01", true, "20261201 CONFIRMED"),
        ("mitigating", "2026-11-23", true, "20261123 CONFIRMED"),
        ("closed", "2026-11-23", false, "20261123 CANCELLED"),
        ("closed", "2026-11-23", true, "20261123 CANCELLED"),
        ("open", "2026-11-23", true, "20261123 CONFIRMED"),
        ("open", "", true, "20261123 CANCELLED"),
        ("open", "2026-11-26", true, "20261126 CONFIRMED"),
    ] {
        program.write(RISK, risk(1, status, due, ""));
        if commit {
            program.commit("a change");
        }
        let events = calendar(&program, &[]);
        let (uid, sequence, day, state) = only(&events);
        assert_eq!(format!("{day} {state}"), expected);
        assert!(name.is_empty() || name == uid, "{uid}");
        uid.clone_into(&mut name);
        let grown = last.is_none_or(|(last, was): (u32, String)| {
            sequence > last || (sequence == last && was == expected)
        });
        assert!(grown, "{expected}: {sequence}");
        last = Some((sequence, expected.to_owned()));
        store.take(events.clone());
        assert_eq!(store.0.len(), 1);
        let shown = store.shown();
        assert_eq!(shown.len(), usize::from(state == "CONFIRMED"), "{shown:?}");
        assert!(shown.iter().all(|shown| shown.starts_with(day)), "{shown:?}");
    }
    program.git(&["rm", "--quiet", RISK]);
    assert_eq!(calendar(&program, &[]), [], "what is not committed calls nothing off that is gone");
    program.commit("gone");
    store.take(calendar(&program, &[]));
    assert_eq!(store.shown(), [""; 0]);
    let off = calendar(&program, &[]);
    assert_eq!(off[0]["SUMMARY"], "R-0001 next step due: Tide may slip");
    assert_eq!(calendar(&program, &["--today", "2026-11-30"]).len(), 1);
    assert_eq!(calendar(&program, &["--today", "2026-12-01"]), [], "four weeks are over");
}

#[test]
fn what_is_over_or_never_was_is_not_called_off() {
    let program = Program::in_repository();
    let rfc = |status: &str, closes: &str| {
        format!(
            "---\nid: RFC-0001\ntitle: Move\nstatus: {status}\nowner: maya\ncomments_close: {closes}\n---\n# RFC-0001 Move\n"
        )
    };
    let file = "docs/rfcs/0001-move.md";
    program.write(file, rfc("draft", "2026-12-01"));
    program.commit("a draft");
    assert_eq!(calendar(&program, &[]), [], "nobody has been asked yet");
    program.write(file, rfc("review", "2026-12-01"));
    program.commit("review");
    assert_eq!(only(&calendar(&program, &[])).3, "CONFIRMED");
    // A slip of the pen ends nothing.
    for text in [rfc("reviwe", "2026-12-01"), rfc("review", "1 December"), "---\nstatus: [\n---\n".to_owned()]
    {
        program.write(file, text);
        assert_eq!(calendar(&program, &[]), []);
    }
    program.write(file, rfc("review", "2026-11-01"));
    program.commit("earlier");
    program.write(file, rfc("accepted", "2026-11-01"));
    program.commit("accepted");
    // Whoever took it in when it was December must hear of it.
    assert_eq!(only(&calendar(&program, &[])).3, "CANCELLED");
    assert_eq!(calendar(&program, &["--today", "2026-12-02"]), []);
    // Four weeks after the end nobody waits for it any more.
    program.write(file, rfc("review", "2027-12-01"));
    program.commit("again");
    program.write(file, rfc("withdrawn", "2027-12-01"));
    program.commit("withdrawn");
    assert_eq!(only(&calendar(&program, &["--today", "2026-11-30"])).3, "CANCELLED");
    assert_eq!(calendar(&program, &["--today", "2026-12-01"]), []);
}

#[test]
fn an_entry_keeps_its_name_whatever_its_record_is_called() {
    let program = Program::in_repository();
    program.write(RISK, risk(1, "open", "2026-11-24", ""));
    let fresh = calendar(&program, &[])[0]["UID"].clone();
    program.commit("a risk");
    let name = calendar(&program, &[])[0]["UID"].clone();
    assert!(fresh.starts_with("R-0001.due.") && name.starts_with("R-0001.due."));
    assert_ne!(fresh, name, "before the first commit nothing tells repositories apart");
    program.git(&["mv", RISK, "docs/raid/R-0001-another-title.md"]);
    assert_eq!(calendar(&program, &[])[0]["UID"], name, "moved, not committed");
    program.commit("another title");
    assert_eq!(calendar(&program, &[])[0]["UID"], name, "moved");
    let run = program.run(&["renumber", "R-0001", "R-0007"]);
    assert_eq!(run.code, 0, "{}", run.err);
    program.commit("another number");
    let events = calendar(&program, &[]);
    assert_eq!(
        (events[0]["UID"].as_str(), events[0]["SUMMARY"].as_str()),
        (name.as_str(), "R-0007 next step due: Tide may slip")
    );
    // The number is free again: another record gets it, and another name.
    program.write(RISK, risk(1, "open", "2026-11-25", ""));
    let names = |program: &Program| {
        calendar(program, &[]).iter().map(|event| event["UID"].clone()).collect::<Vec<_>>()
    };
    let both = names(&program);
    assert_eq!(both, [name.clone(), name.replacen("R-0001", "R-0001~2", 1)]);
    program.commit("another risk");
    assert_eq!(names(&program), both);
    // Two files with one number, and none with any.
    program.write("docs/raid/R-0001-twin.md", risk(1, "open", "2026-11-26", ""));
    assert_eq!(names(&program).len(), 3);
    program.write(".pmkit/kinds/note.toml", "id = \"note\"\ntitle = \"Note\"\nprefix = \"N\"\npath = \"notes/{slug}.md\"\n\
         [[field]]\nname = \"id\"\n[[field]]\nname = \"on\"\ntype = \"date\"\ncalendar_in = [\"x\"]\n[lifecycle]\ninitial = \"x\"\nmoves = { x = [] }\n");
    program.write("notes/a ;b.md", "---\nstatus: x\non: 2026-11-20\n---\n");
    let events = calendar(&program, &["notes"]);
    assert_eq!(events[0]["SUMMARY"], "notes/a \\;b.md on");
    assert!(events[0]["UID"].starts_with("notes/a%20\\;b.md.on."), "{events:?}");
    // Long past, it is left out; a deadline never is while it runs.
    assert_eq!(calendar(&program, &["notes", "--today", "2026-12-18"]).len(), 1);
    assert_eq!(calendar(&program, &["notes", "--today", "2026-12-19"]), []);
    assert_eq!(calendar(&program, &["risks", "--today", "2027-12-19"]).len(), 3);
}

#[test]
fn two_trees_of_one_repository_do_not_share_names() {
    let program = Program::in_repository();
    for tree in ["a", "b"] {
        program.write(&format!("{tree}/pmkit.toml"), "");
        program.write(&format!("{tree}/{RISK}"), risk(1, "open", "2026-11-24", ""));
    }
    program.commit("two trees");
    let name = |tree: &str| calendar(&program, &["-C", tree])[0]["UID"].clone();
    assert_ne!(name("a"), name("b"));
    assert!(calendar(&program, &["-C", "a"])[0]["DESCRIPTION"].ends_with("\\na/docs/raid/R-0001-tide.md"));
}

#[test]
fn without_history_the_calendar_still_comes_out_and_never_goes_back() {
    let program = Program::in_repository();
    program.write("shop/pmkit.toml", "");
    program.write(&format!("shop/{RISK}"), risk(1, "open", "2026-11-24", ""));
    program.commit("a risk");
    program.write(&format!("shop/{RISK}"), risk(1, "open", "2026-11-25", ""));
    program.commit("later");
    let whole = only(&calendar(&program, &["-C", "shop"])).1;
    assert_eq!(whole, 1);
    let from = format!("file://{}", program.root().display());
    program.git(&["clone", "--quiet", "--depth", "1", &from, "shallow"]);
    for (folder, why) in [
        ("shallow/shop", "this clone holds only the newest commits"),
        ("bare", "there is no git repository here"),
    ] {
        if folder == "bare" {
            std::fs::remove_dir_all(program.path("shallow/.git")).unwrap();
            // Outside any repository.
            let elsewhere = Program::new();
            elsewhere.write(&format!("shop/{RISK}"), program.read(&format!("shop/{RISK}")));
            check_without(&elsewhere, "shop", why);
        } else {
            check_without(&program, folder, why);
        }
    }
}

fn check_without(program: &Program, folder: &str, why: &str) {
    let run = program.run(&["-C", folder, "calendar"]);
    assert_eq!(run.code, 0);
    assert!(run.err.contains(why) && run.err.contains("other names (UID)"), "{}", run.err);
    let today = calendar(program, &["-C", folder]);
    let tomorrow = calendar(program, &["-C", folder, "--today", "2026-11-21"]);
    let ((uid, before, ..), (same, after, ..)) = (only(&today), only(&tomorrow));
    assert_eq!(uid, same);
    assert!(uid.starts_with("R-0001.due.sh"), "{uid}");
    assert!(after > before && before > 1, "{before} {after}");
    assert!(after < u32::try_from(i32::MAX).unwrap());
}

#[test]
fn nothing_to_show_is_a_calendar_too() {
    for program in [Program::new(), Program::in_repository()] {
        let run = program.run(&["calendar"]);
        assert_eq!((run.code, run.err.as_str()), (0, "no dates: the calendar is empty\n"));
        assert_eq!(read(&run.out), []);
        // RFC 5545 asks for one component at least.
        assert_eq!(run.out.matches("BEGIN:VTIMEZONE\r\n").count(), 1);
    }
}

#[test]
fn a_bare_repository_has_the_calendar_of_its_head() {
    let program = Program::in_repository();
    program.write(RISK, risk(1, "open", "2026-11-24", ""));
    program.commit("a risk");
    let whole = calendar(&program, &[]);
    program.git(&["clone", "--quiet", "--bare", ".", "shop.git"]);
    assert_eq!(calendar(&program, &["-C", "shop.git"]), whole);
    assert!(program.run(&["-C", "shop.git", "calendar"]).out.contains("\r\nNAME:shop\r\n"));
}

#[test]
fn no_document_writes_a_line_of_its_own() {
    let program = Program::in_repository();
    program.write("pmkit.toml", "[initiative.x]\ntitle = \"a\\nBEGIN:VEVENT\\r::error::forged\"\n");
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let mut texts: Vec<String> = PAYLOADS.map(str::to_owned).to_vec();
    texts.extend([
        "x\r\nEND:VEVENT\r\nBEGIN:VALARM".to_owned(),
        "x\nATTENDEE;CN=a:mailto:a@b.example".to_owned(),
        "\\n\\, ;,\\".to_owned(),
        format!("{}::error::forged", "x".repeat(40)),
        format!("{}{}::error::forged", "ü".repeat(20), " ".repeat(90)),
        format!("{}error::forged", ":".repeat(200)),
        format!("{}##[error]forged", "#".repeat(100)),
        "מכתב ‏לאורח‏ بطاقة 👩‍👩‍👧 ☕️ 東京".repeat(30),
    ]);
    // Each at every place of the line.
    for (number, text) in (1..)
        .zip(texts.iter().flat_map(|text| (0..10).map(move |fill| format!("{}{text}", "y".repeat(fill * 7)))))
    {
        let text = quoted(&text);
        program.write(
            &format!("docs/raid/R-{number:04}-x.md"),
            format!("---\nid: R-{number:04}\ntitle: {text}\nstatus: open\nowner: {text}\nnext_step: {text}\ndue: 2026-11-24\ninitiative: {text}\ndiscussion: {text}\n---\n"),
        );
    }
    program.write("docs/raid/R-9999-x.md", risk(9999, "open", "2026-11-24", "initiative: x\n"));
    program.commit("x");
    let run = program.run(&["calendar", "--name", "x\r\nBEGIN:VEVENT\n::error::forged ##[error]"]);
    assert_eq!(read(&run.out).len(), texts.len() * 10 + 1);
    assert_eq!(forged(&run.out, false), [""; 0]);
    assert_eq!(forged(&run.err, false), [""; 0]);
    let hebrew = read(&run.out).into_iter().find(|event| event["SUMMARY"].contains("מכתב")).unwrap();
    assert!(
        hebrew["SUMMARY"].contains("‏לאורח‏ بطاقة 👩‍👩‍👧 ☕️ 東京"),
        "what is needed to write stays: {hebrew:?}"
    );
}

#[test]
fn ten_thousand_on_one_day_are_ten_thousand_entries() {
    let program = Program::in_repository();
    for number in 1..=10_000 {
        program.write(&format!("docs/raid/R-{number:05}-x.md"), risk(number, "open", "2026-11-20", ""));
    }
    let run = program.run(&["calendar"]);
    assert_eq!(read(&run.out).len(), 10_000);
    assert!(run.err.ends_with("10000 dates\n"), "{}", run.err);
}

#[test]
fn days_at_the_ends_of_the_calendar_are_days() {
    let program = Program::in_repository();
    program.write(RISK, risk(1, "open", "9999-12-31", ""));
    program.write("docs/raid/R-0002-x.md", risk(2, "open", "0001-01-01", ""));
    let events = calendar(&program, &[]);
    assert_eq!(events[0]["DTSTART;VALUE=DATE"], "00010101");
    assert_eq!(events[0]["DTEND;VALUE=DATE"], "00010102");
    assert!(!events[1].contains_key("DTEND;VALUE=DATE"), "there is no day after it");
}

#[test]
fn what_is_kept_of_history_changes_nothing() {
    let program = Program::in_repository();
    for due in ["2026-11-24", "2026-11-25", "2026-11-26"] {
        program.write(RISK, risk(1, "open", due, ""));
        program.commit("moved");
    }
    let warm = calendar(&program, &[]);
    assert_eq!(calendar(&program, &[]), warm);
    // The last two commits become one, and what was kept is read back to before them.
    program.git(&["reset", "--quiet", "--soft", "HEAD~2"]);
    program.commit("moved once");
    let rolled = calendar(&program, &[]);
    std::fs::remove_dir_all(program.path(".git/pmkit")).unwrap();
    assert_eq!(calendar(&program, &[]), rolled);
    assert_eq!(rolled[0]["UID"], warm[0]["UID"]);
    assert_eq!((only(&warm).1, only(&rolled).1), (2, 1), "two moves, squashed");
}

/// A day that nobody can read keeps what was told of it; once the record is closed, gone, or says no day at all, that is called off.
#[test]
fn a_day_that_cannot_be_read_is_told_and_leaves_nothing_behind() {
    let program = Program::in_repository();
    let file = |number: u32| format!("docs/raid/R-000{number}-x.md");
    for number in 1..=4 {
        program.write(&file(number), risk(number, "open", "2026-12-05", ""));
    }
    program.commit("Four days");
    for number in 1..=3 {
        program.write(&file(number), risk(number, "open", "12/05/2026", ""));
    }
    program.commit("Written as nobody here reads them");
    let run = program.run(&["calendar"]);
    assert_eq!(read(&run.out).len(), 1, "{}", run.out);
    assert!(run.err.contains("3 records have days or states that cannot be read"), "{}", run.err);
    program.write(&file(1), risk(1, "closed", "12/05/2026", ""));
    program.git(&["rm", "--quiet", &file(2)]);
    program.write(&file(3), risk(3, "open", "", ""));
    program.commit("Closed, deleted, taken out");
    let events = calendar(&program, &["--today", "2026-11-05"]);
    let off = events.iter().filter(|event| event.get("STATUS").is_some_and(|status| status == "CANCELLED"));
    assert_eq!(off.count(), 3, "{events:#?}");
}

#[test]
fn kinds_are_named_either_way_and_no_address_leaves() {
    let program = Program::in_repository();
    program.write(
        "docs/raid/R-0001-x.md",
        risk(1, "open", "2026-12-05", "").replace("owner: ", "owner: sam@client.example #"),
    );
    program.write("docs/raid/A-0001-x.md", "---\nid: A-0001\ntitle: x\nstatus: open\nowner: <lee@client.example>\nnext_step: y\nvalidate_by: 2026-12-05\ncreated: 2026-11-01\n---\n");
    let both = program.run(&["calendar"]);
    assert_eq!(read(&both.out).len(), 2);
    assert!(!both.out.contains("client.example") && both.out.contains("owner: sam"), "{}", both.out);
    for words in
        [&["calendar", "risks"][..], &["calendar", "--kind", "risk"], &["calendar", "--kind", "risks"]]
    {
        assert_eq!(read(&program.run(words).out).len(), 1, "{words:?}");
    }
}
