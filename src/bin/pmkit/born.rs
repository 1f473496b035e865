//! `pmkit new --from`: what a record is born from, with what git knows of it, and what came of it.

use std::collections::BTreeMap;

use pmkit::date::Date;
use pmkit::error::Error;
use pmkit::git::AskedDecided;
use pmkit::git::NoHistory;
use pmkit::git::Source;
use pmkit::git::Texts;
use pmkit::history::History;
use pmkit::history::Timelines;
use pmkit::kind::Birth;
use pmkit::kind::Kind;
use pmkit::record::Depth;
use pmkit::revise::Given;
use pmkit::revise::How;
use pmkit::revise::Order;
use pmkit::revise::Original;
use pmkit::revise::Revised;
use pmkit::revise::set;
use pmkit::scaffold::Assignment;
use pmkit::scaffold::Born;
use pmkit::scaffold::Fact;
use pmkit::scaffold::Parent;
use pmkit::scaffold::Past;
use pmkit::scaffold::Place as Lies;
use pmkit::scaffold::Scaffold;
use pmkit::workspace::Inputs;
use pmkit::workspace::Workspace;
use pmkit::workspace::read_records;

use crate::args::Common;
use crate::originals::original;
use crate::originals::originals;
use crate::place::Files;
use crate::place::Place;
use crate::set::committed;

/// What a record is born from.
pub(crate) struct Cradle<'p> {
    pub(crate) parent: Parent<'p>,
    pub(crate) birth: &'p Birth,
    pub(crate) past: Past,
    /// The command with which what is not known of the past can be had.
    mend: Option<&'static str>,
    original: Original,
}

/// What was taken over, and what was not.
#[derive(Default)]
pub(crate) struct Took {
    /// The fields that were, by their index.
    pub(crate) fields: Vec<usize>,
    /// Those that were not, by their key, with the reason.
    pub(crate) left: Vec<(String, String)>,
    /// What a person is asked about sections, by their index.
    pub(crate) questions: Vec<(usize, String)>,
}

impl<'p> Cradle<'p> {
    /// Reads the record that `name` means, and finds the way in which one of the kind at the index `kind` is born from it.
    pub(crate) fn read(place: &'p Place, common: &Common, kind: usize, name: &str) -> Result<Self, Error> {
        let original = originals(place, common, &[name])?;
        let original = original.into_iter().next().unwrap_or_else(|| unreachable!("a name means a record"));
        let Original { path, claim, text } = original.clone();
        let parent = Parent::read(&place.config, &path, claim, text)?;
        let files = place.files()?;
        let paths = files.paths();
        let inputs = Inputs { paths: &paths, read: &|path| files.read(path), around: None };
        let reading = read_records(&place.config, inputs, Depth::FrontMatter, &|_| true, &|_| false)?;
        let birth = parent.way(kind, &reading.workspace)?;
        let (past, mend) = match birth.looks_back() {
            true => past(place, &files, &reading.workspace, &parent),
            false => (Past::default(), None),
        };
        Ok(Self { parent, birth, past, mend, original })
    }

    /// Returns how a record of `kind` is born.
    pub(crate) fn born<'a>(&'a self, kind: &'a Kind, me: Option<&'a str>, today: Date) -> Born<'a> {
        let Self { parent, birth, past, .. } = self;
        Born { kind, parent, birth, past, me, today, answers: Vec::new() }
    }

    /// Plans what is written back into the record once `made`, called `title`, is there. Whoever asks holds the door.
    pub(crate) fn write_back(
        &self,
        place: &Place,
        born: &Born<'_>,
        made: &Scaffold,
        number: u64,
        title: &str,
    ) -> Result<Revised, Error> {
        let Original { path, text, .. } = &self.original;
        if original(place, path)?.text != *text {
            return Err(Error::new(format!(
                "{path} was changed by someone else meanwhile; nothing was written"
            ))
            .help("do it again: what it says now is taken over then"));
        }
        let lies = Lies { id: &made.id, number, title, path: &made.path };
        let given = born.back(lies)?.into_iter().map(|(name, value, many)| Given {
            name,
            how: if many { How::Add } else { How::Set },
            value,
        });
        let given: Vec<Given> = given.collect();
        let committed = |path: &str| committed(place, path);
        let order = Order {
            config: &place.config,
            given: &given,
            conditions: &[],
            today: place.today,
            committed: &committed,
        };
        set(std::slice::from_ref(&self.original), order)
    }

    /// Says what was taken over, what was written back, and what is known of the past.
    pub(crate) fn told(&self, kind: &Kind, made: &Scaffold, took: &Took, revised: &Revised) -> Vec<String> {
        let Self { parent, birth, past, .. } = self;
        let mut lines = Vec::new();
        let fields = took.fields.iter().map(|index| kind.fields[*index].words());
        let parts = [fields.collect::<Vec<_>>().join(", "), made.taken.join(", ")];
        let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        if !parts.is_empty() {
            lines.push(format!("taken over from {}: {}", parent.id, parts.join("; ")));
        }
        lines.extend(took.left.iter().map(|(key, why)| format!("not taken over: {key}: {why}")));
        lines.extend(revised.told());
        lines.extend(revised.notes.iter().cloned());
        if let (true, false, Some(state)) = (parent.is_frozen(), birth.back.is_empty(), parent.state()) {
            lines.push(format!("{} is {state}: nothing is written into it", parent.id));
        }
        if let Some(why) = &past.unknown {
            lines.push(format!("what has happened to {} is not known: {why}", parent.id));
            if let Some(mend) = self.mend {
                lines.push(format!("get it: {mend}; then see it: pmkit log {} --fields", parent.id));
            }
        }
        lines
    }

    /// Says what `born` is asked yet; `lacks` are the sections it has not filled, and `own` says
    /// that its text was given.
    pub(crate) fn asked(
        &self,
        born: &Born<'_>,
        made: &Scaffold,
        took: &Took,
        (lacks, own): (&[String], bool),
    ) -> Vec<String> {
        let kind = born.kind;
        let open = took.questions.iter().filter(|(at, _)| {
            let title = &kind.sections[*at].title;
            let answered = born.answers.iter().any(|(known, _)| known == at);
            !answered && (!own || lacks.contains(title) || made.taken.contains(title))
        });
        open.map(|(at, question)| format!("{}: {question}", kind.sections[*at].title)).collect()
    }

    /// Says what is new since what it is born from was decided; nothing where it was not, or that is not known.
    pub(crate) fn news(&self) -> Vec<String> {
        let Some(decided) = &self.past.decided else { return Vec::new() };
        let since = decided.day.map_or_else(|| "then".to_owned(), Date::spoken);
        if self.past.since.is_empty() {
            return vec![format!("since {since} git has nothing new about {}", self.parent.id)];
        }
        let mut lines = vec![format!("since {since}, as git has it:")];
        lines.extend(self.past.since.iter().map(|Fact { day, told }| {
            let day = day.map_or_else(|| "not committed".to_owned(), Date::spoken);
            format!("  {day}  {told}")
        }));
        lines
    }
}

impl Took {
    /// Takes over what is not among `given`, which it joins.
    pub(crate) fn over(born: &Born<'_>, title: &str, given: &mut Vec<Assignment>) -> Result<Self, Error> {
        let taken = born.fields(title, given)?;
        let fields = taken.given.iter().map(|assignment| assignment.field).collect();
        given.extend(taken.given);
        Ok(Self { fields, left: taken.left, questions: born.questions(title)? })
    }
}

/// Reads what has happened to `parent`, one of the records of `workspace`, which `files` have; where that cannot be known, with the
/// command by which it can.
fn past(
    place: &Place,
    files: &Files<'_>,
    workspace: &Workspace<'_>,
    parent: &Parent<'_>,
) -> (Past, Option<&'static str>) {
    let unknown = |why: &str, mend| (Past::unknown(why), mend);
    let source = match place.source() {
        Ok(Some(source)) => source,
        Ok(None) => return unknown("there is no git repository here, and without one no history", None),
        Err(why) => return unknown(&why.message, None),
    };
    let mut history = match source.history(&place.config, &place.prefix, "HEAD") {
        Ok(history) => history,
        Err(NoHistory::Shallow) => {
            return unknown("this clone holds only the newest commits", Some("git fetch --unshallow"));
        }
        Err(NoHistory::NoRevision(_)) => return (Past::default(), None),
        Err(NoHistory::Failed(why)) => return unknown(&why.message, None),
    };
    let Some(at) = workspace.at(&parent.record.path) else { return (Past::default(), None) };
    let detailed = detail(place, source, files, &mut history, &parent.record.path);
    let missing =
        || unknown("objects of some commit are missing here", Some("git fetch --refetch --no-filter"));
    if detailed.is_err() || !history.is_complete() {
        return missing();
    }
    let timelines = Timelines::new(&history).followed_to(&files.paths(), &place.config.kinds);
    let (texts, path) = (Texts::new(), parent.record.path.as_str());
    let asked = AskedDecided { now: Some(files.now()), texts: &texts, approved: &[] };
    let decided = match parent.is_frozen() {
        true => source.decided(&place.config, &place.prefix, &timelines, asked),
        false => Ok(BTreeMap::new()),
    };
    let Ok(decided) = decided else { return missing() };
    (Past::of(workspace, at, (&parent.document, decided.get(path)), &timelines), None)
}

/// Finds out the rest about the events of the record at `path`.
fn detail(
    place: &Place,
    source: Source<'_>,
    files: &Files<'_>,
    history: &mut History,
    path: &str,
) -> Result<(), NoHistory> {
    let timelines = Timelines::new(history).followed_to(&files.paths(), &place.config.kinds);
    let wanted: Vec<usize> = timelines.at(path).map(|timeline| timeline.indices.to_vec()).unwrap_or_default();
    source.detail(&place.config, &place.prefix, history, &wanted)?;
    source.name(history, &wanted);
    Ok(())
}
