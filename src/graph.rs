//! Records as a graph: who supersedes, blocks, rests on and mentions whom. What an edge says is the name of the field it
//! stands in; no field is known by name.

use std::collections::HashMap;
use std::collections::HashSet;
use std::collections::VecDeque;

use crate::kind::Kinds;
use crate::record::Origin;
use crate::record::RecordId;
use crate::record::Target;
use crate::workspace::Workspace;

/// Records and what joins them, as indices into the records of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    /// The records, in order of their paths.
    pub nodes: Vec<usize>,
    /// What joins them, in order of the record an edge begins at, then as written there.
    pub edges: Vec<Edge>,
}

/// That one record points to another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Edge {
    /// The record that points.
    pub from: usize,
    /// The record it points to.
    pub to: usize,
    /// The name of the field; `mentions` and `links` for what the text says.
    pub rel: String,
    /// Whether it holds both ways alike: then neither end comes first, and the one with the lower index is `from`.
    pub mutual: bool,
}

impl Graph {
    /// Returns what joins the records of `workspace`, and the records so joined. With `mentions` what running text and its links
    /// say counts too, as far as the records were read whole; between two records that a field joins the text need not
    /// say it again. What two fields say from both ends is one edge, and what leads to no record is none.
    #[must_use]
    pub fn of(workspace: &Workspace<'_>, mentions: bool) -> Self {
        let mut edges: Vec<Edge> = Vec::new();
        let mut seen: HashSet<Edge> = HashSet::new();
        let mut joined: HashSet<(usize, usize)> = HashSet::new();
        let pair = |a: usize, b: usize| (a.min(b), a.max(b));
        let passes: &[fn(Origin) -> bool] = &[
            |origin| matches!(origin, Origin::Field(_)),
            |origin| origin == Origin::Prose,
            |origin| origin == Origin::Link,
        ];
        let mut inverses = Inverses::default();
        for (at, pass) in passes[..if mentions { 3 } else { 1 }].iter().enumerate() {
            let of_pass = edges.len();
            for (from, record) in workspace.records.iter().enumerate() {
                for reference in record.references.iter().filter(|reference| pass(reference.origin)) {
                    let Some(to) = workspace.index_of(record, &reference.target) else { continue };
                    let in_field = at == 0;
                    if !in_field && (from == to || joined.contains(&pair(from, to))) {
                        continue;
                    }
                    let edge = match reference.origin {
                        Origin::Field(field) => inverses.edge(workspace, from, to, field),
                        Origin::Prose => Edge { from, to, rel: "mentions".to_owned(), mutual: false },
                        Origin::Link => Edge { from, to, rel: "links".to_owned(), mutual: false },
                    };
                    if seen.insert(edge.clone()) {
                        edges.push(edge);
                    }
                }
            }
            joined.extend(edges[of_pass..].iter().map(|edge| pair(edge.from, edge.to)));
        }
        // Each in the order written, since sorting keeps what is equal as it was.
        edges.sort_by_key(|edge| edge.from);
        Self::with(edges)
    }

    /// Returns the ids that lead along some edge though several records have them: with the index of the record it was taken
    /// for, the first in order of path, and how many there are.
    #[must_use]
    pub fn ambiguous(&self, workspace: &Workspace<'_>) -> Vec<(RecordId, usize, usize)> {
        let names = |node: usize, id: RecordId| {
            let mut references = workspace.records[node].references.iter();
            references.any(|reference| matches!(&reference.target, Target::Id(known) if *known == id))
        };
        let several = workspace.ids().filter(|(_, records)| records.len() > 1);
        let taken = several.map(|(id, records)| (id, records[0].1, records.len()));
        let leads = |id: RecordId, first: usize| {
            let at = |edge: &&Edge| edge.from == first || edge.to == first;
            self.edges.iter().filter(at).any(|edge| names(edge.other(first), id))
        };
        taken.filter(|(id, first, _)| leads(*id, *first)).collect()
    }

    /// Returns the part of the graph whose edges have an end for which `wanted` holds.
    #[must_use]
    pub fn touching(self, wanted: &dyn Fn(usize) -> bool) -> Self {
        let edges = self.edges.into_iter().filter(|edge| wanted(edge.from) || wanted(edge.to)).collect();
        Self::with(edges)
    }

    /// Returns the part of the graph that lies at most `depth` edges away from `starts`, whichever way they point. The records
    /// it starts from are part of it, also where nothing joins them.
    #[must_use]
    pub fn around(&self, starts: &[usize], depth: usize) -> Self {
        let mut distance: HashMap<usize, usize> = HashMap::new();
        let neighbours = self.neighbours();
        let mut queue: VecDeque<usize> = VecDeque::new();
        for start in starts {
            if distance.insert(*start, 0).is_none() {
                queue.push_back(*start);
            }
        }
        while let Some(node) = queue.pop_front() {
            let next = distance[&node] + 1;
            if next > depth {
                continue;
            }
            for edge in neighbours.get(&node).into_iter().flatten() {
                let other = self.edges[*edge].other(node);
                distance.entry(other).or_insert_with(|| {
                    queue.push_back(other);
                    next
                });
            }
        }
        // With a depth of 2 a record two steps away is shown, and not what joins it to another such.
        let inside = |node: usize| distance.get(&node).is_some_and(|far| *far < depth);
        let edges = self.edges.iter().filter(|edge| inside(edge.from) || inside(edge.to)).cloned().collect();
        let mut graph = Self::with(edges);
        graph.nodes.extend(starts);
        graph.nodes.sort_unstable();
        graph.nodes.dedup();
        graph
    }

    /// Returns for each record the edges at it, by their index: first those that begin there, then those that end there.
    #[must_use]
    pub fn neighbours(&self) -> HashMap<usize, Vec<usize>> {
        let mut neighbours: HashMap<usize, Vec<usize>> = HashMap::new();
        for (at, edge) in self.edges.iter().enumerate() {
            neighbours.entry(edge.from).or_default().push(at);
        }
        for (at, edge) in self.edges.iter().enumerate().filter(|(_, edge)| edge.from != edge.to) {
            neighbours.entry(edge.to).or_default().push(at);
        }
        neighbours
    }

    /// Returns the graph of `edges` and the records at their ends.
    fn with(edges: Vec<Edge>) -> Self {
        let mut nodes: Vec<usize> = edges.iter().flat_map(|edge| [edge.from, edge.to]).collect();
        nodes.sort_unstable();
        nodes.dedup();
        Self { nodes, edges }
    }
}

impl Edge {
    /// Returns the end that is not `node`; `node` itself where it points to itself.
    #[must_use]
    pub fn other(&self, node: usize) -> usize {
        if self.from == node { self.to } else { self.from }
    }
}

/// Fields that say the same from the other end, by the index of the kind and of the field, and of the other record's kind:
/// the name the edge goes by, where that is the other's.
#[derive(Default)]
struct Inverses {
    known: HashMap<(usize, usize, usize), Option<String>>,
}

impl Inverses {
    /// Returns the edge that the field at index `field` of the record `from` stands for. Of two fields that answer each other
    /// the one declared first names it.
    fn edge(&mut self, workspace: &Workspace<'_>, from: usize, to: usize, field: usize) -> Edge {
        let kinds = &workspace.config.kinds;
        let (own, other) = (workspace.records[from].kind, workspace.records[to].kind);
        let turned =
            self.known.entry((own, field, other)).or_insert_with(|| turned(kinds, own, field, other));
        let name = &kinds.at(own).fields[field].name;
        match turned {
            // A field that answers itself says the same of both ends.
            Some(same) if same == name => {
                Edge { from: from.min(to), to: from.max(to), rel: name.clone(), mutual: true }
            }
            Some(inverse) => Edge { from: to, to: from, rel: inverse.clone(), mutual: false },
            None => Edge { from, to, rel: name.clone(), mutual: false },
        }
    }
}

/// Returns the name of the field of the kind `other` that the field of the kind `own` answers, where it is that one which
/// names the edge.
fn turned(kinds: &Kinds, own: usize, field: usize, other: usize) -> Option<String> {
    let field = &kinds.at(own).fields[field];
    let says = |inverse: &&String| kinds.at(other).field(inverse).is_some();
    let inverse = field.inverse.as_ref().filter(says).or_else(|| {
        let answers = |there: &&crate::kind::Field| {
            let to_own = there.to.is_empty() || there.to.contains(&kinds.at(own).id);
            there.inverse.as_ref() == Some(&field.name) && to_own
        };
        kinds.at(other).fields.iter().find(answers).map(|there| &there.name)
    })?;
    // The order of all kinds decides, so that an edge has one name whichever kinds are at its ends.
    let mut declared = kinds.all().iter().flat_map(|kind| &kind.fields).map(|field| &field.name);
    let first = declared.find(|name| *name == &field.name || *name == inverse)?;
    (first == inverse).then(|| inverse.clone())
}
