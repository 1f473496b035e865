//! A graph of records: as a tree for people, for Mermaid and Graphviz, and as `pmkit.graph/1`.

use std::collections::HashMap;
use std::collections::HashSet;
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io;
use std::io::Write;

use serde::Serialize;

use super::Look;
use super::escape::write_json;
use super::markdown::columns;
use super::narrow::ending;
use super::narrow::fitted;
use super::text::styled;
use crate::graph::Edge;
use crate::graph::Graph;
use crate::kind::Kind;
use crate::record::Record;
use crate::record::RecordId;
use crate::text::one_line;
use crate::text::visible;
use crate::workspace::Workspace;

/// The forms a graph can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphFormat {
    /// For people.
    Text,
    /// A Mermaid flowchart.
    Mermaid,
    /// A graph for Graphviz.
    Dot,
    /// One JSON document.
    Json,
}

/// Writes `graph`, whose indices are those of the records of `workspace`; for people as seen from the records `starts`, or, where
/// there are none, record by record.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn graph(
    format: GraphFormat,
    graph: &Graph,
    starts: &[usize],
    workspace: &Workspace<'_>,
    look: Look<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let drawing = Drawing::new(graph, workspace, look);
    match format {
        GraphFormat::Text if starts.is_empty() => drawing.list(out),
        GraphFormat::Text => drawing.trees(starts, out),
        GraphFormat::Mermaid => drawing.mermaid(out),
        GraphFormat::Dot => drawing.dot(out),
        GraphFormat::Json => drawing.json(out),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    nodes: Vec<Node<'a>>,
    edges: Vec<Joint<'a>>,
}

#[derive(Serialize)]
struct Node<'a> {
    id: Option<String>,
    kind: &'a str,
    title: Option<&'a str>,
    status: Option<&'a str>,
    path: String,
}

#[derive(Serialize)]
struct Joint<'a> {
    from: String,
    to: String,
    rel: &'a str,
    /// Said only where it holds both ways alike.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    mutual: bool,
}

/// The least width that text is broken for.
const LEAST: usize = 16;

/// The least room for a record beside what leads to it.
const BESIDE: usize = 24;

struct Drawing<'a> {
    graph: &'a Graph,
    workspace: &'a Workspace<'a>,
    look: Look<'a>,
    /// Ids that several records have.
    taken_twice: HashSet<RecordId>,
}

impl<'a> Drawing<'a> {
    fn new(graph: &'a Graph, workspace: &'a Workspace<'a>, look: Look<'a>) -> Self {
        let twice = workspace.ids().filter(|(_, records)| records.len() > 1).map(|(id, _)| id);
        Self { graph, workspace, look, taken_twice: twice.collect() }
    }

    fn record(&self, node: usize) -> &'a Record {
        &self.workspace.records[node]
    }

    fn kind(&self, node: usize) -> &'a Kind {
        self.workspace.config.kinds.at(self.record(node).kind)
    }

    fn title(&self, node: usize) -> Option<&'a str> {
        self.record(node).text(self.kind(node), "title")
    }

    /// Returns the id, where no other record has it.
    fn own_id(&self, node: usize) -> Option<String> {
        let id = self.record(node).id().filter(|id| !self.taken_twice.contains(id))?;
        Some(id.text(&self.workspace.config.kinds))
    }

    fn path(&self, node: usize) -> String {
        format!("{}{}", self.look.prefix, self.record(node).path)
    }

    /// Returns what only this record is called: its id, else its path.
    fn name(&self, node: usize) -> String {
        self.own_id(node).unwrap_or_else(|| self.path(node))
    }

    fn has_ended(&self, node: usize) -> bool {
        let ended = &self.kind(node).lifecycle.ended;
        self.record(node).state.as_ref().is_some_and(|state| ended.contains(state))
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        let node = |node: &usize| Node {
            id: self.record(*node).id_text(&self.workspace.config.kinds),
            kind: &self.kind(*node).id,
            title: self.title(*node),
            status: self.record(*node).state.as_deref(),
            path: self.path(*node),
        };
        let edge = |edge: &'a Edge| Joint {
            from: self.name(edge.from),
            to: self.name(edge.to),
            rel: &edge.rel,
            mutual: edge.mutual,
        };
        let document = Document {
            schema: "pmkit.graph/1",
            nodes: self.graph.nodes.iter().map(node).collect(),
            edges: self.graph.edges.iter().map(edge).collect(),
        };
        write_json(&document, true, out)
    }

    /// Returns what to say of a record in one line.
    fn said(&self, node: usize) -> String {
        let title = self.title(node).map_or_else(|| "no title".to_owned(), one_line);
        match &self.record(node).state {
            Some(state) => format!("{title} ({state})"),
            None => title,
        }
    }

    /// Writes each record that points to others, with those.
    fn list(&self, out: &mut dyn Write) -> io::Result<()> {
        let all = || self.graph.edges.iter();
        let names = all().map(|edge| columns(&visible(&self.name(edge.to)))).max().unwrap_or(0).min(30);
        let rels = all().map(|edge| columns(&words(edge))).max().unwrap_or(0).min(20);
        for (at, of_record) in self.graph.edges.chunk_by(|a, b| a.from == b.from).enumerate() {
            if at > 0 {
                writeln!(out)?;
            }
            self.line("", "", of_record[0].from, 0, out)?;
            for edge in of_record {
                let rel = words(edge);
                let name = columns(&visible(&self.name(edge.to)));
                let arrow = if edge.mutual { '↔' } else { '→' };
                let start = format!("{arrow} {rel}{}  ", " ".repeat(rels.saturating_sub(columns(&rel))));
                self.line("  ", &start, edge.to, names.saturating_sub(name), out)?;
            }
        }
        Ok(())
    }

    /// Writes a tree for each of `starts`. Every edge is told once, and what is known of a record stands where the fewest edges
    /// lead.
    fn trees(&self, starts: &[usize], out: &mut dyn Write) -> io::Result<()> {
        let neighbours = self.graph.neighbours();
        let mut met: HashSet<usize> = starts.iter().copied().collect();
        let mut told: HashSet<usize> = HashSet::new();
        let mut below: HashMap<usize, Vec<Branch>> = HashMap::new();
        let mut queue: VecDeque<usize> = VecDeque::new();
        for start in starts.iter().filter(|start| !queue.contains(start)).collect::<Vec<_>>() {
            queue.push_back(*start);
        }
        let roots: Vec<usize> = queue.iter().copied().collect();
        while let Some(node) = queue.pop_front() {
            for edge in neighbours.get(&node).into_iter().flatten().copied() {
                if told.insert(edge) {
                    let to = self.graph.edges[edge].other(node);
                    let first = met.insert(to);
                    below.entry(node).or_default().push(Branch { edge, to, first });
                    if first {
                        queue.push_back(to);
                    }
                }
            }
        }
        let mut done: HashSet<usize> = HashSet::new();
        for root in roots {
            if !done.insert(root) {
                continue;
            }
            if done.len() > 1 {
                writeln!(out)?;
            }
            self.line("", "", root, 0, out)?;
            // What is still to be told, the next last: a chain of records may be longer than the stack is deep.
            let mut stack: Vec<(String, usize, &Branch, bool)> = Vec::new();
            push(&mut stack, "", root, &below);
            while let Some((rail, from, branch, last)) = stack.pop() {
                let edge = &self.graph.edges[branch.edge];
                let arrow = match edge.from == from {
                    _ if edge.mutual => '↔',
                    true => '→',
                    false => '←',
                };
                let start = format!("{} {arrow} {}  ", if last { "└─" } else { "├─" }, words(edge));
                let more = neighbours.get(&branch.to).is_some_and(|edges| edges.len() > 1);
                self.branch(&rail, &start, last, branch, more && !branch.first, out)?;
                if branch.first {
                    let rail = format!("{rail}{}", if last { "   " } else { "│  " });
                    push(&mut stack, &rail, branch.to, &below);
                }
            }
        }
        Ok(())
    }

    fn branch(
        &self,
        rail: &str,
        start: &str,
        last: bool,
        branch: &Branch,
        again: bool,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let below = if last { "   " } else { "│  " };
        let said = if again { format!("{} …", self.said(branch.to)) } else { self.said(branch.to) };
        let rest = format!("{rail}{below}");
        self.write(Start { rail, start, below, rest: &rest }, branch.to, 0, &said, out)
    }

    fn line(&self, rail: &str, start: &str, node: usize, pad: usize, out: &mut dyn Write) -> io::Result<()> {
        let rest = " ".repeat(columns(rail) + columns(start) + 2);
        let below = if start.is_empty() { "" } else { "  " };
        self.write(Start { rail, start, below, rest: &rest }, node, pad, &self.said(node), out)
    }

    /// Writes what `node` is called and what is `said` of it behind `start`, in lines that fit. Where there is no room beside
    /// it they stand below.
    fn write(
        &self,
        start: Start<'_>,
        node: usize,
        pad: usize,
        said: &str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let Start { rail, start, below, rest } = start;
        let width = self.look.width.clamp(LEAST, 120);
        let name = visible(&self.name(node)).into_owned();
        let room = |rail: &str, rest: &str| {
            width.saturating_sub((columns(rail) + columns(start)).max(columns(rest)))
        };
        let is_roomy = |room: usize| room >= BESIDE && columns(&name) <= room;
        let roomy = is_roomy(room(rail, rest));
        let cut = ending(rail, width / 3);
        let below = format!("{cut}{below}");
        let (mut opening, rest, room) = if roomy {
            (format!("{rail}{start}"), rest.to_owned(), room(rail, rest))
        } else if is_roomy(room(&cut, &below)) {
            // What stands deep in a tree has lost sight of its beginning.
            (format!("{cut}{start}"), below.clone(), room(&cut, &below))
        } else {
            if !start.is_empty() {
                for part in fitted(start.trim_end(), width - columns(&cut)) {
                    writeln!(out, "{cut}{part}")?;
                }
            }
            (below.clone(), below.clone(), width - columns(&below))
        };
        let mut told = visible(said).into_owned();
        let short = ending(&name, room);
        if short == name {
            let pad = if roomy { " ".repeat(pad) } else { String::new() };
            told = visible(&format!("{name}{pad}  {said}")).into_owned();
        } else {
            writeln!(out, "{opening}{}", styled(&short, "1", self.look))?;
            opening.clone_from(&rest);
        }
        for (at, part) in fitted(&told, room).iter().enumerate() {
            // What opens a line now did not when the text was made visible.
            let part = visible(part);
            let start = if at == 0 { &opening } else { &rest };
            match part.strip_prefix(&name).filter(|_| at == 0 && short == name) {
                Some(after) => writeln!(out, "{start}{}{after}", styled(&name, "1", self.look))?,
                None => writeln!(out, "{start}{part}")?,
            }
        }
        Ok(())
    }

    fn mermaid(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "flowchart LR")?;
        for node in &self.graph.nodes {
            let state = self.record(*node).state.as_deref().unwrap_or("no state");
            let title = self.title(*node).map(one_line).unwrap_or_default();
            let label = format!("{} {title}", self.name(*node));
            let ended = if self.has_ended(*node) { ":::ended" } else { "" };
            writeln!(
                out,
                "  {}[\"{}<br/>{}\"]{ended}",
                self.word(*node),
                mermaid_text(label.trim()),
                mermaid_text(state)
            )?;
        }
        for edge in &self.graph.edges {
            let (from, to) = (self.word(edge.from), self.word(edge.to));
            let line = if edge.mutual { "---" } else { "-->" };
            writeln!(out, "  {from} {line}|\"{}\"| {to}", mermaid_text(&words(edge)))?;
        }
        if self.graph.nodes.iter().any(|node| self.has_ended(*node)) {
            writeln!(out, "  classDef ended opacity:0.6,stroke-dasharray:4 3")?;
        }
        Ok(())
    }

    /// Returns the name of a record as a word of letters, digits and `_`, unlike that of any other: an id begins with a capital
    /// letter, a path with `_`.
    fn word(&self, node: usize) -> String {
        if let Some(id) = self.own_id(node) {
            return id.replace('-', "_");
        }
        self.path(node).bytes().fold("_".to_owned(), |mut word, byte| {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => word.push(char::from(byte)),
                _ => {
                    let _ = write!(word, "_{byte:02x}");
                }
            }
            word
        })
    }

    fn dot(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "digraph records {{\n  rankdir=LR;\n  node [shape=box];")?;
        for node in &self.graph.nodes {
            let state = self.record(*node).state.as_deref().unwrap_or("no state");
            let title = self.title(*node).map(one_line).unwrap_or_default();
            let label = format!("{} {title}", self.name(*node));
            let ended = if self.has_ended(*node) { " style=dashed fontcolor=gray40" } else { "" };
            writeln!(
                out,
                "  {} [label=\"{}\\n{}\"{ended}];",
                self.quoted(*node),
                dot_text(label.trim()),
                dot_text(state)
            )?;
        }
        for edge in &self.graph.edges {
            let (from, to) = (self.quoted(edge.from), self.quoted(edge.to));
            let both = if edge.mutual { " dir=none" } else { "" };
            writeln!(out, "  {from} -> {to} [label=\"{}\"{both}];", dot_text(&words(edge)))?;
        }
        writeln!(out, "}}")
    }

    /// Returns the name of a record in quotes: an id as it is, a path with what no id begins with.
    fn quoted(&self, node: usize) -> String {
        match self.own_id(node) {
            Some(id) => format!("\"{id}\""),
            None => format!("\"./{}\"", dot_text(&self.path(node))),
        }
    }
}

/// What stands before a record.
#[derive(Clone, Copy)]
struct Start<'a> {
    /// The lines of the tree that go on beside it.
    rail: &'a str,
    /// What joins it to the record it hangs from.
    start: &'a str,
    /// What stands before its further lines, behind the rail, where they begin as far to the left as they can.
    below: &'a str,
    /// What stands before them where there is room.
    rest: &'a str,
}

/// What stands below a record in a tree.
struct Branch {
    edge: usize,
    to: usize,
    /// Whether this is where the record is told with what lies beyond it.
    first: bool,
}

/// Puts what stands below `node` on the stack, the first on top.
fn push<'b>(
    stack: &mut Vec<(String, usize, &'b Branch, bool)>,
    rail: &str,
    node: usize,
    below: &'b HashMap<usize, Vec<Branch>>,
) {
    let branches = below.get(&node).map(Vec::as_slice).unwrap_or_default();
    for (at, branch) in branches.iter().enumerate().rev() {
        stack.push((rail.to_owned(), node, branch, at + 1 == branches.len()));
    }
}

/// Returns what an edge says in words.
fn words(edge: &Edge) -> String {
    visible(&edge.rel.replace('_', " ")).into_owned()
}

/// Returns foreign text as Mermaid takes it inside quotes: whatever may mean something to it or to the HTML it makes is
/// written as a number. `:` is among that for `style … : …#`, where Mermaid takes away what closes a number; what opens a line, for lists.
fn mermaid_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in visible(text).chars().enumerate() {
        let plain = match c {
            ' ' | ',' | '-' | '.' | '/' | '\'' | '?' | '!' => at > 0,
            '0'..='9' => at > 0,
            c if c.is_ascii() => c.is_ascii_alphabetic(),
            // Mermaid marks its own numbers with these.
            c => !matches!(c, 'ﬂ' | '°' | '¶' | 'ß'),
        };
        if plain {
            out.push(c);
        } else {
            let _ = write!(out, "#{};", u32::from(c));
        }
    }
    out
}

/// Returns foreign text as Graphviz takes it inside quotes.
fn dot_text(text: &str) -> String {
    visible(text).replace('&', "&amp;").replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_text_to_mermaid_whatever_they_hold() {
        for (title, expected) in [
            ("Move sessions, again", "Move sessions, again"),
            ("1. a", "#49;. a"),
            ("say \"no\" #quot; `x`", "say #34;no#34; #35;quot#59; #96;x#96;"),
            (
                "<b>x</b> & [y](z) %%{init}%%",
                "#60;b#62;x#60;/b#62; #38; #91;y#93;#40;z#41; #37;#37;#123;init#125;#37;#37;",
            ),
            ("a\nend\\n", "a#92;u#123;a#125;end#92;n"),
            ("style x:y", "style x#58;y"),
            ("Grüße $$x$$ | 東京", "Grü#223;e #36;#36;x#36;#36; #124; 東京"),
        ] {
            assert_eq!(mermaid_text(title), expected);
        }
    }

    #[test]
    fn titles_are_text_to_graphviz_whatever_they_hold() {
        for (title, expected) in [
            ("say \"no\"", "say \\\"no\\\""),
            ("a\\", "a\\\\"),
            ("a\nb \\N", "a\\\\u{a}b \\\\N"),
            ("&lt;b>", "&amp;lt;b>"),
        ] {
            assert_eq!(dot_text(title), expected);
        }
    }
}
