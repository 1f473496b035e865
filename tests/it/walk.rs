//! `pmkit raid --walk`, driven as a person does: keys and lines in, screens and changes out.

use pmkit::board;
use pmkit::board::board;
use pmkit::change::Change;
use pmkit::date::Date;
use pmkit::fs::Door;
use pmkit::fs::Tree as Disk;
use pmkit::record::Depth;
use pmkit::walk::Input;
use pmkit::walk::Walk;
use pmkit::walk::Wants;
use pmkit::workspace::Inputs;
use pmkit::workspace::read_records;

use crate::program::Program;
use crate::tree::Tree;

/// What somebody does: a word is typed as a line where one is wanted, and else key by key; `<` is Esc, and `=` before a line
/// says that it stands there already.
fn walk(tree: &Tree, doing: &[&str]) -> (String, Result<Vec<Change>, String>) {
    let config = tree.config().unwrap();
    let today = Date::parse("2026-11-20").unwrap();
    let paths: Vec<String> = tree.files.keys().cloned().collect();
    let read = |path: &str| Ok(tree.files[path].clone());
    let inputs = Inputs { paths: &paths, read: &read, around: None };
    let now = read_records(&config, inputs, Depth::FrontMatter, &|_| true, &|_| false).unwrap();
    let made = board(board::Sources {
        workspace: &now.workspace,
        wanted: &|_| true,
        earlier: None,
        timelines: None,
        today,
    });
    let text = |path: &str| String::from_utf8(tree.files[path].clone()).unwrap();
    let items = made.items.iter().map(|item| (item, text(&item.record.path))).collect();
    let mut walk = Walk::new(&config, today, items);
    let mut seen = String::new();
    let mut show = |walk: &Walk<'_>| {
        for line in walk.screen() {
            seen.push_str(&line.text);
            seen.push('\n');
        }
    };
    show(&walk);
    for done in doing {
        match walk.wants() {
            Wants::Line(question, there) => {
                assert!(!question.is_empty() && !there.contains('\n'));
                let done = match done.strip_prefix('=') {
                    Some(expected) => {
                        assert_eq!(there, expected, "{question}");
                        expected
                    }
                    None => done,
                };
                walk.answer(if done == "<" { Input::Escape } else { Input::Line(done) });
                show(&walk);
            }
            Wants::Key | Wants::Over(_) => {
                for key in done.chars() {
                    walk.answer(if key == '<' { Input::Escape } else { Input::Key(key) });
                    show(&walk);
                }
            }
        }
    }
    let changes = match walk.wants() {
        Wants::Over(true) => walk.changes(&mut |_| Ok(21), Some("lee")).map_err(|error| error.message),
        Wants::Over(false) => Ok(Vec::new()),
        other => panic!("the walk goes on, and wants {other:?}:\n{seen}"),
    };
    (seen, changes)
}

const RISK: &str = "---\nid: R-0001\ntitle: Tide may slip\nstatus: open # since May\nowner: 'tom'\ndue: 2026-11-18\n\
                    next_step: Ring Dana\nlikelihood:\nimpact: # 1 to 5\ncreated: 2026-10-01\n---\n\n## Description\n\nx\n";
const ISSUE: &str = "---\nid: I-0004\ntitle: Old price\nstatus: open\nowner: ana\nseverity: low\ndue: 2026-11-19\n\
                     next_step: Roll back\nreviewed: 2026-11-20\ncreated: 2026-11-01\n---\n\n## Description\n\ny\n";

fn log() -> Tree {
    Tree::default()
        .with("pmkit.toml", "[people]\ntom = {}\nana = {}\nlee = {}\n")
        .with("docs/raid/R-0001-x.md", RISK)
        .with("docs/raid/I-0004-x.md", ISSUE)
}

/// Returns the text that the changes give a file.
fn after<'c>(changes: &'c [Change], path: &str) -> &'c str {
    let change = changes.iter().find(|change| change.path() == path);
    change.map(Change::after).unwrap_or_else(|| panic!("{path} does not change: {changes:?}"))
}

#[test]
fn every_key_does_what_it_says_and_nothing_else_changes() {
    let doing = ["d", "+5bd", "s", "4", "5", "o", "ana", "n", "Ask for a date: today", "k", "k", "y"];
    let (seen, changes) = walk(&log(), &doing);
    let changes = changes.unwrap();
    let expected = RISK
        .replace("owner: 'tom'", "owner: 'ana'")
        .replace("due: 2026-11-18", "due: 2026-11-27")
        .replace("next_step: Ring Dana", "next_step: \"Ask for a date: today\"")
        .replace("likelihood:", "likelihood: 4")
        .replace("impact: # 1 to 5\n", "impact: 5 # 1 to 5\nreviewed: 2026-11-20\n");
    assert_eq!(after(&changes, "docs/raid/R-0001-x.md"), expected);
    // The other one was looked at today already: there is nothing to write.
    assert_eq!(changes.len(), 1);
    assert!(seen.contains("1 of 2 · late · R-0001 · risk, open\nTide may slip\n"), "{seen}");
    assert!(
        seen.contains("owner tom · no score yet · due Wed 18 Nov, 2 days ago · never looked at\n"),
        "{seen}"
    );
    assert!(seen.contains("+ due Wed 18 Nov → Fri 27 Nov\n"), "{seen}");
    assert!(
        seen.contains("R-0001  due Wed 18 Nov → Fri 27 Nov, likelihood 4, impact 5, owner tom → ana,"),
        "{seen}"
    );
    assert!(seen.contains("2 of 2 looked at\nWrite this to 1 file?\n"), "{seen}");
}

#[test]
fn a_value_that_makes_no_sense_is_asked_for_again() {
    let (seen, changes) =
        walk(&log(), &["d", "soon", "tomorrow", "o", "platform team", "tome", "<", "s", "9", "<", "q", "y"]);
    assert!(seen.contains("`soon` is not a date\n"), "{seen}");
    assert!(seen.contains("owner: `platform team` is a group\n"), "{seen}");
    assert!(seen.contains("did you mean `tom`?\n"), "{seen}");
    let text = changes.unwrap();
    let text = after(&text, "docs/raid/R-0001-x.md");
    assert!(
        text.contains("due: 2026-11-21\n")
            && text.contains("owner: 'tom'\n")
            && text.contains("likelihood:\n")
    );
}

#[test]
fn what_happened_becomes_a_record_that_knows_where_it_came_from() {
    let (_, changes) = walk(&log(), &["b", "Tide slipped", "q", "y"]);
    let changes = changes.unwrap();
    assert!(matches!(&changes[0], Change::Create { path, .. } if path == "docs/raid/I-0021-tide-slipped.md"));
    let made = after(&changes, "docs/raid/I-0021-tide-slipped.md");
    for line in ["title: Tide slipped\n", "raised_from: R-0001\n", "owner: tom\n", "raised_by: lee\n"] {
        assert!(made.contains(line), "{made}");
    }
    let risk = after(&changes, "docs/raid/R-0001-x.md");
    assert!(risk.contains("status: occurred # since May\n") && risk.contains("became: I-0021\n"), "{risk}");
    // Both pass the check.
    let tree =
        changes.iter().fold(log(), |tree, change| tree.with(change.path(), after(&changes, change.path())));
    let found: Vec<String> = tree
        .lint(Date::parse("2026-11-20").unwrap())
        .into_iter()
        .filter(|found| found.rule != "overdue" && found.rule != "malformed-front-matter")
        .map(|found| format!("{}: {}", found.path, found.message))
        .collect();
    assert_eq!(found, [] as [String; 0]);
    let (seen, changes) = walk(&log(), &["k", "b", "q", "n"]);
    assert!(seen.contains("it cannot become anything"), "{seen}");
    assert_eq!(changes, Ok(Vec::new()));
}

#[test]
fn what_it_became_takes_over_as_much_as_on_the_command_line() {
    let scored =
        RISK.replace("likelihood:\nimpact: # 1 to 5", "likelihood: 2\nimpact: 5\ncategory: external");
    let tree = log().with("docs/raid/R-0001-x.md", scored + "\n## Contingency\n\nRing Kai.\n");
    let (_, changes) = walk(&tree, &["b", "Tide slipped", "q", "y"]);
    let changes = changes.unwrap();
    let made = after(&changes, "docs/raid/I-0021-tide-slipped.md");
    for part in [
        "severity: high\n",
        "category: external\n",
        "What R-0001 warned of has happened. It said:\n\nx\n",
        "Foreseen in R-0001:\n\nRing Kai.\n",
    ] {
        assert!(made.contains(part), "{part}: {made}");
    }
}

#[test]
fn what_it_became_takes_what_was_decided_on_the_way() {
    let (_, changes) = walk(&log(), &["o", "ana", "b", "Tide slipped", "q", "y"]);
    let made = changes.unwrap();
    let made = after(&made, "docs/raid/I-0021-tide-slipped.md");
    assert!(made.contains("owner: ana\n"), "{made}");
}

#[test]
fn a_new_deadline_that_has_passed_is_asked_for_again() {
    let (seen, changes) = walk(&log(), &["d", "2026-11-01", "-1d", "2026-11-20", "q", "y"]);
    assert!(seen.contains("2026-11-01 has passed: a new date lies ahead\nwrite one from today on"), "{seen}");
    let changes = changes.unwrap();
    assert!(after(&changes, "docs/raid/R-0001-x.md").contains("due: 2026-11-20\n"), "{changes:?}");
}

#[test]
fn dates_and_sentences_stand_there_to_be_changed() {
    let (seen, changes) = walk(&log(), &["n", "=Ring Dana", "d", "=2026-11-18", "<", "o", "=", "q", "y"]);
    assert!(seen.contains("2026-11-18 has passed"), "{seen}");
    let changes = changes.unwrap();
    let expected = RISK.replace("impact: # 1 to 5\n", "impact: # 1 to 5\nreviewed: 2026-11-20\n");
    assert_eq!(after(&changes, "docs/raid/R-0001-x.md"), expected);
    // What was written a moment ago is what stands there.
    let doing = ["n", "Ring Lee", "n", "=Ring Lee", "d", "+5bd", "d", "=2026-11-27", "q", "n"];
    assert_eq!(walk(&log(), &doing).1, Ok(Vec::new()));
}

#[test]
fn closing_asks_for_the_state_and_for_what_the_state_asks() {
    let kind = "id = \"worry\"\ntitle = \"Worry\"\nprefix = \"W\"\ngroup = \"raid\"\npath = \"w/{id}.md\"\n\
        [[field]]\nname = \"why\"\ntype = \"text\"\nrequired_in = [\"gone\"]\n\
        [[field]]\nname = \"left\"\ntype = \"integer\"\nmin = 0\nmax = 3\nrequired_in = [\"gone\"]\n\
        [lifecycle]\ninitial = \"felt\"\nopen = [\"felt\"]\nfinal = [\"gone\", \"lost\"]\n\
        [lifecycle.moves]\nfelt = [\"gone\", \"lost\"]\n";
    let text = "---\nid: W-0001\ntitle: a\nstatus: felt\nowner: lee\ncreated: 2026-11-01\n---\n";
    let tree = Tree::default().with_kind("worry", kind).with("w/W-0001.md", text);
    let (seen, changes) = walk(&tree, &["c", "1", "It rained", "2", "y"]);
    assert!(seen.contains("close as:  1 gone  2 lost  Esc back\n"), "{seen}");
    assert!(seen.contains("left:  0  1  2  3  Esc back\n"), "{seen}");
    let changes = changes.unwrap();
    let written = after(&changes, "w/W-0001.md");
    assert!(written.contains("status: gone\n") && written.contains("why: It rained\nleft: 2\n"), "{written}");
    // Esc leaves it as it was; there is nothing to write of a kind without a day of looking.
    let (_, changes) = walk(&tree, &["c", "1", "<", "k"]);
    assert_eq!(changes, Ok(Vec::new()));
}

#[test]
fn nothing_is_written_unless_somebody_says_so() {
    for doing in
        [&["q"][..], &["k", "q", "n"], &["d", "+1d", "q", "n"], &["d", "+1d", "u", "q"], &["k", "k", "n"]]
    {
        assert_eq!(walk(&log(), doing).1, Ok(Vec::new()), "{doing:?}");
    }
    // Going back takes back what was decided there.
    let (_, changes) = walk(&log(), &["d", "+1d", "k", "u", "u", "k", "q", "y"]);
    let changes = changes.unwrap();
    assert_eq!(
        after(&changes, "docs/raid/R-0001-x.md"),
        RISK.replace("impact: # 1 to 5\n", "impact: # 1 to 5\nreviewed: 2026-11-20\n")
    );
    // From the question at the end the way leads back.
    let (seen, changes) = walk(&log(), &["k", "k", "u", "s", "3", "q", "y"]);
    assert!(seen.contains("+ severity low → high\n"), "{seen}");
    assert_eq!(changes.unwrap().len(), 2);
}

#[test]
fn a_file_that_cannot_be_changed_stops_everything_and_says_why() {
    let tree = log().with("docs/raid/I-0004-x.md", ISSUE.replace("severity: low", "severity: { a: b }"));
    let (_, changes) = walk(&tree, &["d", "+1d", "k", "s", "1", "k", "y"]);
    assert_eq!(
        changes,
        Err("docs/raid/I-0004-x.md: `severity` cannot be changed in place: its value is a table; nothing was written"
            .to_owned())
    );
}

#[test]
fn a_file_that_has_changed_meanwhile_is_kept_and_nothing_else_is_written() {
    let program = Program::in_repository();
    program.write("docs/raid/I-0004-x.md", ISSUE);
    program.write("docs/raid/R-0001-x.md", RISK);
    let (_, changes) = walk(&log(), &["d", "+1d", "k", "s", "3", "k", "y"]);
    let changes = changes.unwrap();
    program.write("docs/raid/I-0004-x.md", "somebody else\n");
    let door = Door::open(&Disk::find(program.root()).unwrap()).unwrap();
    let error = door.carry_out("raid --walk", &changes).unwrap_err();
    assert_eq!(
        error.message,
        "docs/raid/I-0004-x.md was changed by someone else meanwhile; nothing was written"
    );
    assert_eq!(program.read("docs/raid/R-0001-x.md"), RISK);
    program.write("docs/raid/I-0004-x.md", ISSUE);
    assert_eq!(door.carry_out("raid --walk", &changes).unwrap().len(), 2);
}

#[test]
fn without_a_terminal_nobody_is_asked() {
    let program = Program::in_repository();
    program.write("docs/raid/R-0001-x.md", RISK);
    let run = program.run(&["raid", "--walk"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(
        run.err,
        "error: --walk asks on a terminal, and there is none here\n  help: look at the board without it: pmkit raid --all\n"
    );
}
