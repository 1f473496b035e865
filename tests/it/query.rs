//! The language of `--where`: what it understands, what it holds of records, and how it says that something makes no sense.

use pmkit::date::Date;
use pmkit::document::Document;
use pmkit::query::Query;
use pmkit::query::Scope;
use pmkit::record::Depth;
use pmkit::record::Record;

use crate::tree::Tree;

fn tree() -> Tree {
    let risk =
        |id: &str, rest: &str| format!("---\nid: {id}\ntitle: A \"risk\" of money\n{rest}\n---\n\nText.\n");
    Tree::default()
        .with(
            "pmkit.toml",
            "[people]\nmaya = { name = \"Maya Chen\", email = \"maya@acme.example\", aliases = [\"@mch\"] }\n",
        )
        .with(
            "docs/raid/R-0001-a.md",
            risk("R-0001", "status: open\nowner: Maya Chen\nlikelihood: 4\nimpact: 5\ndue: 2026-11-18\ntags: [pricing, EU]\ncreated: 2026-11-01"),
        )
        .with(
            "docs/raid/R-0002-b.md",
            risk("R-0002", "status: closed\nowner: tom\nlikelihood: 1\nimpact: 5\ndue: 2026-11-25\ncreated: 2026-11-19\nrests_on: [a-9]"),
        )
        .with(
            "docs/raid/I-0003-c.md",
            risk("I-0003", "status: in-progress\nowner: \"@mch\"\nseverity: high\ndue: 2026-11-20\ncreated: 2026-11-19"),
        )
        .with(
            "docs/rfcs/0004-d.md",
            risk("RFC-0004", "status: review\nowner: tom\napprover: maya\nreviewers: [ana]\ncomments_close: 2026-11-30\ncreated: 2026-11-19"),
        )
}

/// Returns the numbers of the records for which `expression` holds, or what is wrong with it and the text that is pointed at.
fn ask(expression: &str) -> Result<String, String> {
    let tree = tree();
    let config = tree.config().unwrap();
    let today = Date::parse("2026-11-20").unwrap();
    let kinds: Vec<usize> = (0..config.kinds.all().len()).collect();
    let scope = Scope { config: &config, kinds: &kinds, today, me: Some("maya") };
    let query = Query::parse(expression, scope).map_err(|error| {
        let mistake = &error.mistakes[0];
        let at = mistake.span.of(&mistake.source);
        format!("{at}: {} ({})", mistake.message, mistake.help.join("; "))
    })?;
    let mut found = Vec::new();
    for (path, bytes) in &tree.files {
        let Some(claim) = config.kinds.claim(path).unwrap() else { continue };
        let document = Document::read(String::from_utf8(bytes.clone()).unwrap());
        let record = Record::read(path, claim, &document, &config, Depth::FrontMatter);
        if query.holds(&record, &config, today) {
            found.push(record.id().unwrap().number.to_string());
        }
    }
    found.sort();
    Ok(found.join(" "))
}

#[test]
fn expressions_hold_of_the_records_they_describe() {
    for (expression, expected) in [
        ("status=open", "1"),
        ("Status = OPEN", "1"),
        ("status=open,closed", "1 2"),
        ("status!=open", "2 3 4"),
        ("open", "1 3 4"),
        ("not open", "2"),
        ("final", "2"),
        ("overdue", "1"),
        ("stale", "1"),
        ("score>=10", "1"),
        ("score=20", "1"),
        ("score=critical", "1"),
        ("score>=medium", "1 2"),
        ("score>medium", "1"),
        ("score<=medium", "2"),
        ("score<high", "2"),
        ("severity>=medium", "3"),
        ("severity>high", ""),
        ("due<today", "1"),
        ("due<=today", "1 3"),
        ("due<today+7d", "1 2 3"),
        ("due=+3bd", "2"),
        ("due>2026-11-24", "2"),
        ("deadline>today", "4"),
        ("owner=maya", "1 3"),
        ("owner=@mch", "1 3"),
        ("owner=me", "1 3"),
        ("owner=\"me\"", ""),
        ("owner~chen", "1 3"),
        ("owner!~chen", "2 4"),
        ("waiting=maya", "1 3 4"),
        ("waiting=ana", "4"),
        ("tag=pricing", "1"),
        ("tags=eu", "1"),
        ("tags~pri", "1"),
        ("not tags", "2 3 4"),
        ("tags=\"\"", "2 3 4"),
        ("likelihood", "1 2"),
        ("like=4", "1"),
        ("rests_on=A-0009", "2"),
        ("rests-on=A-9", "2"),
        ("id=r-1", "1"),
        ("id=I-3,RFC-4", "3 4"),
        ("kind=rfc", "4"),
        ("group=raid and not kind=issue", "1 2"),
        ("path~rfcs", "4"),
        ("title~'\"risk\"'", "1 2 3 4"),
        ("title~\"\\\"risk\\\"\"", "1 2 3 4"),
        ("status=open or status=closed and owner=tom", "1 2"),
        ("(status=open or status=closed) and owner=tom", "2"),
        ("NOT (open OR final)", ""),
        ("driver=tom", "2 4"),
    ] {
        assert_eq!(ask(expression).as_deref(), Ok(expected), "{expression}");
    }
}

#[test]
fn what_makes_no_sense_is_told_with_its_place() {
    for (expression, expected) in [
        ("", ": a condition is missing here (write one, as in `status=open` or `due<today`)"),
        ("staus=open", "staus: no record here has a field `staus` (did you mean `status`?)"),
        ("overdu", "overdu: no record here has a field `overdu` (did you mean `overdue`?)"),
        ("status=opn", "opn: `opn` is not a value of `status` (did you mean `open`?)"),
        (
            "score>=lots",
            "lots: `lots` is not a number (write one, as in `score>=10`, or one of: low, medium, high, critical)",
        ),
        ("title<b", "<: `title` has no order (compare with `=`, `!=`, or `~` for a part of the text)"),
        (
            "due<soon",
            "soon: `soon` is not a day (write `2026-11-20`, `today`, `today+7d`, `-2w` or `+5bd` (business days))",
        ),
        ("due<today,tomorrow", "tomorrow: an order has one value (take the others out)"),
        (
            "status=open owner=tom",
            "owner: two conditions stand side by side (join them with `and` or `or`; a value of several words goes in quotes)",
        ),
        ("status=open and", ": a condition is missing here (write one, as in `status=open` or `due<today`)"),
        (
            "or open",
            "or: `or` joins conditions, and there is none before it (write a condition first, as in `status=open`)",
        ),
        ("(open", "(: this bracket is not closed (close it with `)`)"),
        ("open)", "): nothing was opened that this could close (take the bracket out)"),
        ("owner=", "=: a value is missing here (write one, as in `status=open`; `\"\"` stands for nothing)"),
        ("owner='tom", "'tom: this text in quotes does not end (end it with ')"),
        (
            "status:open",
            "status:open: a field and its value are joined by a sign of comparison (write `status=open`)",
        ),
        ("open && final", "&&: `and` is written as a word here (write `and`)"),
        ("!open", "!: `not` is written as a word here (write `not`)"),
        (
            "\"redis\"",
            "\"redis\": a condition begins with the name of a field (to look for words in texts: pmkit search \"redis\"; in titles: `title ~ \"redis\"`)",
        ),
        ("score>=hgh", "hgh: `hgh` is not a number (did you mean `high`?)"),
        ("owner=mayaa", "mayaa: nobody in [people] is called `mayaa` (did you mean `maya`?)"),
        ("open=true", "open: `open` is no field, and stands alone (write `open`, or `not open`)"),
        (
            "status=open,",
            ": a value is missing here (write one, as in `status=open`; `\"\"` stands for nothing)",
        ),
        ("kind=rsk", "rsk: there is no `rsk` (did you mean `risk`?)"),
        (
            "res=1",
            "res: `res` may mean residual_likelihood or residual_impact or response or rests_on (write a little more of the name)",
        ),
    ] {
        let said = ask(expression).unwrap_err();
        if expression == "res=1" {
            assert!(said.starts_with("res: `res` may mean "), "{said}");
        } else {
            assert_eq!(said, expected, "{expression}");
        }
    }
    let deep = format!("{}open{}", "(".repeat(10_000), ")".repeat(10_000));
    assert!(ask(&deep).unwrap_err().contains("too deep"));
}
