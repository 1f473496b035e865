//! `pmkit graph`: what joins records, as a tree, for Mermaid and Graphviz, and as JSON.

use pmkit::graph::Graph;
use pmkit::record::Depth;
use pmkit::report;
use pmkit::report::GraphFormat;
use pmkit::report::Look;
use pmkit::workspace::Inputs;
use pmkit::workspace::read_records;
use serde_json::Value;
use serde_json::json;
use unicode_width::UnicodeWidthStr;

use crate::program::Program;
use crate::tree::Tree;

fn program() -> Program {
    let program = Program::in_repository();
    let write = |path: &str, fields: &str, body: &str| {
        program.write(path, format!("---\n{fields}\n---\n\n## Description\n\n{body}\n"));
    };
    write("docs/rfcs/0001-a.md", "title: Sessions\nstatus: superseded\nsuperseded_by: [RFC-0002]", "");
    write(
        "docs/rfcs/0002-b.md",
        "title: Sessions, again\nstatus: accepted\nsupersedes: [RFC-0001]\nrests_on: [A-0001, A-0099]",
        "See RFC-0001 and R-0002, and [it](../raid/R-0002-y.md).",
    );
    write("docs/raid/A-0001-n.md", "title: Two nodes are enough\nstatus: open", "");
    write("docs/raid/D-0001-d.md", "title: Machines\nstatus: open\nblocks: [A-0001]", "");
    write("docs/raid/R-0001-x.md", "title: Alone\nstatus: open", "");
    write("docs/raid/R-0002-y.md", "title: Twice\nstatus: occurred\nbecame: I-0001", "");
    write("docs/raid/I-0001-i.md", "title: It was\nstatus: open\nraised_from: R-0002", "");
    program
}

fn check(program: &Program, words: &[&str], expected: &str) {
    let run = program.run(words);
    assert_eq!((run.code, run.out.as_str()), (0, expected), "{words:?}: {}", run.err);
}

#[test]
fn all_records_that_fields_join_are_listed() {
    let program = program();
    check(
        &program,
        &["graph"],
        "\
D-0001  Machines (open)
  → blocks       A-0001    Two nodes are enough (open)

I-0001  It was (open)
  → raised from  R-0002    Twice (occurred)

RFC-0002  Sessions, again (accepted)
  → supersedes   RFC-0001  Sessions (superseded)
  → rests on     A-0001    Two nodes are enough (open)
",
    );
    assert_eq!(
        program.run(&["graph"]).err,
        "1 record left out that no field joins to another; what texts say counts with --mentions\n"
    );
    assert_eq!(program.run(&["graph", "--quiet"]).err, "");
}

#[test]
fn around_a_record_each_edge_is_told_once_whichever_way_it_points() {
    let program = program();
    check(
        &program,
        &["graph", "rfc-2"],
        "\
RFC-0002  Sessions, again (accepted)
├─ → supersedes  RFC-0001  Sessions (superseded)
└─ → rests on  A-0001  Two nodes are enough (open)
   └─ ← blocks  D-0001  Machines (open)
",
    );
    check(
        &program,
        &["graph", "docs/raid/D-0001-d.md", "RFC-1", "--depth", "1"],
        "\
D-0001  Machines (open)
└─ → blocks  A-0001  Two nodes are enough (open)

RFC-0001  Sessions (superseded)
└─ ← supersedes  RFC-0002  Sessions, again (accepted)
",
    );
    check(&program, &["graph", "RFC-1", "--depth", "0"], "RFC-0001  Sessions (superseded)\n");
    let alone = program.run(&["graph", "R-1"]);
    assert_eq!((alone.out.as_str(), alone.code), ("R-0001  Alone (open)\n", 0));
    assert_eq!(
        alone.err,
        "no field joins a record to another there; what texts say counts with --mentions\n"
    );
}

#[test]
fn what_texts_say_counts_when_asked_for_and_where_no_field_says_it() {
    check(
        &program(),
        &["graph", "RFC-2", "--depth", "1", "--mentions"],
        "\
RFC-0002  Sessions, again (accepted)
├─ → supersedes  RFC-0001  Sessions (superseded)
├─ → rests on  A-0001  Two nodes are enough (open)
└─ → mentions  R-0002  Twice (occurred)
",
    );
}

#[test]
fn an_initiative_is_drawn_with_what_it_is_joined_to() {
    let program = program();
    program.write(
        "docs/raid/D-0001-d.md",
        "---\ntitle: Machines\ninitiative: checkout\nblocks: [A-0001]\n---\n",
    );
    check(
        &program,
        &["graph", "--in", "checkout"],
        "D-0001  Machines\n  → blocks  A-0001  Two nodes are enough (open)\n",
    );
    program.write("pmkit.toml", "[initiative.checkout]\n");
    let run = program.run(&["graph", "--in", "chekout"]);
    assert_eq!(
        run.err,
        "error: `chekout` is no initiative of pmkit.toml\n  help: did you mean `checkout`?\n"
    );
}

#[test]
fn a_circle_ends_and_says_so() {
    let program = Program::in_repository();
    for (from, to) in [(1, 2), (2, 3), (3, 1), (4, 4)] {
        program.write(
            &format!("docs/raid/D-000{from}-x.md"),
            format!("---\ntitle: t{from}\nblocks: [D-000{to}]\n---\n"),
        );
    }
    check(
        &program,
        &["graph", "D-1", "D-4", "--depth", "9"],
        "\
D-0001  t1
├─ → blocks  D-0002  t2
│  └─ → blocks  D-0003  t3 …
└─ ← blocks  D-0003  t3

D-0004  t4
└─ → blocks  D-0004  t4
",
    );
}

#[test]
fn a_long_chain_is_no_trouble() {
    let program = Program::in_repository();
    for at in 1..=400 {
        program.write(
            &format!("docs/raid/D-{at:04}-x.md"),
            format!("---\ntitle: t\nblocks: [D-{:04}]\n---\n", at + 1),
        );
    }
    let run = program.run(&["graph", "D-1", "--depth", "99"]);
    assert_eq!((run.code, run.out.lines().count()), (0, 100), "{}", run.err);
    assert_eq!(program.run(&["graph", "D-1", "--depth", "100"]).code, 2);
}

/// Titles that mean something to Mermaid, Graphviz or HTML. What is expected of them below was read by mermaid 11 and
/// graphviz, and came out as the titles are.
const TITLES: [&str; 6] = [
    r#"say "no" `x` #quot; [a](b) {c} | d"#,
    r"back\slash \N \n end",
    "%%{init: {'theme':'x'}}%% <b>bold</b> & &lt;",
    "style x:y#z; classDef a:b#c;",
    "1. one $$x$$ --> B",
    "a\nend\nB",
];

fn hostile() -> Program {
    let program = Program::in_repository();
    for (at, title) in TITLES.iter().enumerate() {
        let title = serde_json::to_string(title).unwrap();
        program.write(
            &format!("docs/raid/D-000{}-x.md", at + 1),
            format!("---\ntitle: {title}\nstatus: met\nblocks: [D-0001, docs/raid/end.md, docs/raid/twice.md]\n---\n"),
        );
    }
    program.write("docs/raid/twice.md", "---\nid: D-0006\ntitle: t\n---\n");
    program.write(
        ".pmkit/kinds/dependency.toml",
        program
            .run(&["kinds", "dependency", "--format", "toml"])
            .out
            .replace("\npath =", "\nalso = [\"docs/raid/end.md\", \"docs/raid/twice.md\"]\npath ="),
    );
    program.write("docs/raid/end.md", "---\ntitle: t\n---\n");
    program
}

#[test]
fn foreign_titles_are_text_to_mermaid() {
    let run = hostile().run(&["graph", "--mermaid"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let expected = r##"flowchart LR
  D_0001["D-0001 say #34;no#34; #96;x#96; #35;quot#59; #91;a#93;#40;b#41; #123;c#125; #124; d<br/>met"]:::ended
  D_0002["D-0002 back#92;slash #92;N #92;n end<br/>met"]:::ended
  D_0003["D-0003 #37;#37;#123;init#58; #123;'theme'#58;'x'#125;#125;#37;#37; #60;b#62;bold#60;/b#62; #38; #38;lt#59;<br/>met"]:::ended
  D_0004["D-0004 style x#58;y#35;z#59; classDef a#58;b#35;c#59;<br/>met"]:::ended
  D_0005["D-0005 1. one #36;#36;x#36;#36; --#62; B<br/>met"]:::ended
  _docs_2fraid_2fD_2d0006_2dx_2emd["docs/raid/D-0006-x.md a end B<br/>met"]:::ended
  _docs_2fraid_2fend_2emd["docs/raid/end.md t<br/>no state"]
  _docs_2fraid_2ftwice_2emd["docs/raid/twice.md t<br/>no state"]
"##;
    assert_eq!(run.out.split_inclusive('\n').take(9).collect::<String>(), expected);
    assert!(run.out.contains("\n  D_0002 -->|\"blocks\"| _docs_2fraid_2fend_2emd\n"), "{}", run.out);
    assert!(run.out.ends_with("\n  classDef ended opacity:0.6,stroke-dasharray:4 3\n"), "{}", run.out);
}

#[test]
fn foreign_titles_are_text_to_graphviz() {
    let run = hostile().run(&["graph", "--dot"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let expected = r##"digraph records {
  rankdir=LR;
  node [shape=box];
  "D-0001" [label="D-0001 say \"no\" `x` #quot; [a](b) {c} | d\nmet" style=dashed fontcolor=gray40];
  "D-0002" [label="D-0002 back\\slash \\N \\n end\nmet" style=dashed fontcolor=gray40];
  "D-0003" [label="D-0003 %%{init: {'theme':'x'}}%% <b>bold</b> &amp; &amp;lt;\nmet" style=dashed fontcolor=gray40];
  "D-0004" [label="D-0004 style x:y#z; classDef a:b#c;\nmet" style=dashed fontcolor=gray40];
  "D-0005" [label="D-0005 1. one $$x$$ --> B\nmet" style=dashed fontcolor=gray40];
  "./docs/raid/D-0006-x.md" [label="docs/raid/D-0006-x.md a end B\nmet" style=dashed fontcolor=gray40];
  "./docs/raid/end.md" [label="docs/raid/end.md t\nno state"];
  "./docs/raid/twice.md" [label="docs/raid/twice.md t\nno state"];
"##;
    assert_eq!(run.out.split_inclusive('\n').take(11).collect::<String>(), expected);
    assert!(
        run.out.contains("\n  \"D-0002\" -> \"./docs/raid/end.md\" [label=\"blocks\"];\n"),
        "{}",
        run.out
    );
}

#[test]
fn json_names_records_by_id_or_where_that_is_not_enough_by_path() {
    let run = hostile().run(&["graph", "D-2", "--depth", "1", "--json"]);
    let graph: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(graph["schema"], "pmkit.graph/1");
    let twice = json!({"id": "D-0006", "kind": "dependency", "title": "t", "status": null, "path": "docs/raid/twice.md"});
    assert!(graph["nodes"].as_array().unwrap().contains(&twice), "{graph}");
    let edges = json!([
        {"from": "D-0002", "to": "D-0001", "rel": "blocks"},
        {"from": "D-0002", "to": "docs/raid/end.md", "rel": "blocks"},
        {"from": "D-0002", "to": "docs/raid/twice.md", "rel": "blocks"},
    ]);
    assert_eq!(graph["edges"], edges);
}

#[test]
fn what_is_not_there_is_told() {
    let program = program();
    let run = program.run(&["graph", "R-99"]);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.err,
        "error: there is no record `R-99`\n  help: write an id, as in RFC-0007, or a path; see where records lie: pmkit kinds\n"
    );
    assert_eq!(program.run(&["graph", "--depth", "1"]).code, 2);
    assert_eq!(program.run(&["graph", "--json", "--dot"]).code, 2);
    program.write("docs/raid/R-0003-z.md", b"\xff\xfe");
    let run = program.run(&["graph"]);
    assert!(
        run.err.ends_with("1 file could not be read and is left out; see why: pmkit lint\n"),
        "{}",
        run.err
    );
    let empty = Program::new().run(&["graph", "--json"]);
    assert_eq!(empty.code, 0);
    assert_eq!(empty.err, "no records: see where they lie with pmkit kinds\n");
    assert_eq!(
        serde_json::from_str::<Value>(&empty.out).unwrap(),
        json!({"schema": "pmkit.graph/1", "nodes": [], "edges": []})
    );
}

#[test]
fn an_id_taken_twice_is_told_and_depth_0_says_what_it_means() {
    let program = program();
    program.write("docs/rfcs/0002-c.md", "---\ntitle: Another\nstatus: draft\n---\n");
    let run = program.run(&["graph", "RFC-0001"]);
    assert_eq!(
        run.err,
        "the id RFC-0002 is taken twice: what names it is drawn to docs/rfcs/0002-b.md; see pmkit lint\n"
    );
    assert!(run.out.contains("docs/rfcs/0002-b.md"), "{}", run.out);
    assert_eq!(program.run(&["graph", "D-0001", "--depth", "1"]).err, "");
    let run = program.run(&["graph", "D-0001", "--depth", "0"]);
    assert_eq!(run.out, "D-0001  Machines (open)\n");
    assert_eq!(
        run.err,
        "with --depth 0 only the record itself is shown; with what is joined to it: --depth 1\n"
    );
}

#[test]
fn a_graph_fits_a_terminal_of_any_width() {
    let mut tree = Tree::default();
    for at in 1..8 {
        let text = format!(
            "---\ntitle: The 東京 shop number {at} may open later than we hope\nstatus: accepted\nsupersedes: [RFC-{:04}]\n---\n",
            at + 1
        );
        tree = tree.with(&format!("docs/rfcs/{at:04}-a.md"), text);
    }
    let tree = tree.with(
        "docs/raid/a-name-as-long-as-a-sentence-of-a-record-that-has-no-number-of-its-own.md",
        "---\ntitle: Twice\nstatus: open\nkind: risk\nrests_on: [RFC-0001]\n---\n",
    );
    // Two records of one id go by their paths.
    let tree = tree
        .with("docs/rfcs/0003-with-a-name-as-long-as-a-sentence-of-many-words.md", "---\ntitle: b\n---\n");
    let config = tree.config().unwrap();
    let paths: Vec<String> = tree.files.keys().cloned().collect();
    let inputs = Inputs { paths: &paths, read: &|path| Ok(tree.files[path].clone()), around: None };
    let now = read_records(&config, inputs, Depth::FrontMatter, &|_| true, &|_| false).unwrap();
    let graph = Graph::of(&now.workspace, false);
    assert!(graph.edges.len() > 5, "{:?}", graph.edges);
    let start = now.workspace.at("docs/rfcs/0001-a.md").unwrap();
    for starts in [&[][..], &[start]] {
        for width in 20..130 {
            let mut out = Vec::new();
            let look = Look { color: false, width, prefix: "", terse: false };
            report::graph(GraphFormat::Text, &graph, starts, &now.workspace, look, &mut out).unwrap();
            for line in String::from_utf8(out).unwrap().lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }
}
