//! `pmkit agenda`

use std::collections::HashMap;
use std::io;
use std::io::BufWriter;
use std::io::Write;

use pmkit::board;
use pmkit::board::WEEK;
use pmkit::board::board;
use pmkit::date::Date;
use pmkit::date::relative;
use pmkit::document::Document;
use pmkit::document::decode;
use pmkit::error::Error;
use pmkit::kind::Claim;
use pmkit::kind::FilledBy;
use pmkit::kind::Kind;
use pmkit::query::Query;
use pmkit::query::Scope;
use pmkit::record::Depth;
use pmkit::record::Record;
use pmkit::record::RecordId;
use pmkit::record::Target;
use pmkit::record::read_id;
use pmkit::report;
use pmkit::report::AgendaScene;
use pmkit::report::PageFormat;
use pmkit::rhythm;
use pmkit::rhythm::Candidate;
use pmkit::rhythm::Plan;
use pmkit::rhythm::SyncRecord;
use pmkit::rhythm::Unmerged;
use pmkit::rules::Subject;
use pmkit::rules::questions;
use pmkit::scaffold::Assignment;
use pmkit::scaffold::filled_body;
use pmkit::text::Span;
use pmkit::text::visible;
use pmkit::workspace::Inputs;
use pmkit::workspace::Workspace;
use pmkit::workspace::read_records;

use crate::args::Agenda;
use crate::args::Common;
use crate::args::PaperFormat;
use crate::filter::of_initiative;
use crate::identity::identity;
use crate::lately::Lately;
use crate::lately::Since;
use crate::list::wide;
use crate::new;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::outcome::tell_unreadable;
use crate::place::Files;
use crate::place::Place;
use crate::place::stdout;
use crate::terminal;

/// The most syncs that are looked back to for what was carried over.
const MOST_SYNCS: usize = 26;

pub(crate) fn run(common: &Common, options: &Agenda) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    if options.new {
        place.writable()?;
    }
    let config = &place.config;
    let kinds = config.kinds.indices();
    let scope = Scope { config, kinds: &kinds, today: place.today, me: None };
    let condition: Option<Query> =
        options.initiative.as_deref().map(|name| of_initiative(name, scope)).transpose()?;
    let asked = options.on.as_deref().map(|text| day(text, place.today)).transpose()?;
    let files = place.files()?;
    let sync_kind = rhythm::kind_filled_by(FilledBy::Agenda, config);
    let paths = files.paths();
    let inputs = Inputs { paths: &paths, read: &|path| files.read(path), around: None };
    let of_syncs =
        read_records(config, inputs, Depth::FrontMatter, &|kind| sync_kind == Some(kind), &|_| false)?;
    let undated = of_syncs.workspace.records.iter().filter(|record| {
        let date = record.field(config.kinds.at(record.kind), "date");
        date.is_none_or(|date| date.value.as_date().is_none())
    });
    let undated: Vec<String> = undated.map(|record| record.name(&config.kinds)).collect();
    if !undated.is_empty() && !common.quiet {
        // Talk goes to stderr; where that is gone there is nobody to tell.
        let said =
            format!("left out, for no day of them can be read: {}; see why: pmkit lint", undated.join(", "));
        let _ = writeln!(io::stderr(), "{}", visible(&said));
    }
    let all = rhythm::syncs(&of_syncs.workspace, options.initiative.as_deref());
    let day = asked.unwrap_or_else(|| rhythm::next_day(&all, place.today));
    let is_ours = |record: &Record| {
        let known = record.text(config.kinds.at(record.kind), "initiative");
        known.map(str::to_lowercase) == options.initiative.as_deref().map(str::to_lowercase)
    };
    let planned =
        all.iter().find(|(known, record)| *known == day && is_ours(record)).map(|(_, record)| *record);
    if let (true, Some(planned)) = (options.new, planned) {
        return Err(Error::new(format!("{} is about {} already", planned.name(&config.kinds), day.spoken()))
            .help(format!("write on in {}, or name another day: pmkit agenda --new --on DATE", planned.path))
            .into());
    }
    let before: Vec<&(Date, &Record)> =
        all.iter().filter(|(known, _)| *known < day).take(MOST_SYNCS).collect();
    let last_day = before.first().map(|(day, _)| *day);
    let since = Since::Day(last_day.unwrap_or_else(|| place.today.plus_days(-WEEK)).plus_days(-1));
    let without = "shown without what has moved or was learnt";
    let mut lately = Lately::noted(&place, common, &kinds, since, without);
    // A record may be begun days before its sync: what has come since is told, too.
    if let Some((_, last)) = before.first() {
        lately.look_back_to_begin(&place, &kinds, &last.path)?;
    }
    let (now, earlier) = lately.records(&place, &files, &kinds)?;
    let earlier = lately.known(earlier);
    let workspace = &now.workspace;
    let (syncs, known) = read_syncs(&place, &files, &before);
    let last = before.first().and_then(|(_, record)| workspace.at(&record.path));
    let unmerged = unmerged(&place, &lately, workspace);
    let risk = options.risk.as_deref().map(|text| named(text, &place, workspace)).transpose()?;
    let wanted =
        |record: &Record| condition.as_ref().is_none_or(|query| query.holds(record, config, place.today));
    let timelines = lately.timelines(config, &files);
    let made = board(board::Sources {
        workspace,
        wanted: &wanted,
        earlier: earlier.as_ref(),
        timelines: timelines.as_ref(),
        today: place.today,
    });
    if let (Some(id), Some(text)) = (risk, &options.risk) {
        let open = |item: &board::Item<'_>| item.open && item.record.id() == Some(id);
        if !made.items.iter().any(open) {
            let error = Error::new(format!("--risk: `{text}` is no open item of the board"));
            return Err(error.help("see what is: pmkit raid --all").into());
        }
    }
    let agenda = rhythm::agenda(
        rhythm::Sources {
            workspace,
            wanted: &wanted,
            board: &made,
            earlier: earlier.as_ref(),
            timelines: timelines.as_ref(),
            today: place.today,
        },
        Plan {
            day,
            last: last.map(|at| &workspace.records[at]),
            syncs: &syncs,
            known: &known,
            unmerged: &unmerged.records,
            risk,
        },
    );
    let unanswered = |candidate: &Candidate<'_>| unanswered(&place, &files, &unmerged, candidate);
    let scene = AgendaScene {
        config,
        today: place.today,
        sync: sync_kind.map_or("Sync", |kind| config.kinds.at(kind).title.as_str()),
        initiative: options.initiative.as_deref(),
        unanswered: &unanswered,
        kept: sync_kind.is_some() && !place.is_bare() && planned.is_none(),
    };
    if options.new {
        let kind = sync_kind.ok_or_else(|| {
            Error::new("no kind here keeps an agenda").help("say so in a kind file: filled_by = \"agenda\"")
        })?;
        return keep(common, options, &place, kind, &agenda, scene);
    }
    let look = wide(terminal::look(common, &io::stdout(), &place.prefix));
    let mut out = BufWriter::new(stdout(look));
    report::agenda(options.format.into(), &agenda, scene, look, &mut out)?;
    out.flush()?;
    if !common.quiet {
        tell_unreadable(now.unreadable);
    }
    // The process ends here: handing back every piece of memory would only take time.
    std::mem::forget(lately);
    Ok(FINE)
}

/// Writes the agenda as a record and prints its path.
fn keep(
    common: &Common,
    options: &Agenda,
    place: &Place,
    kind: usize,
    agenda: &rhythm::Agenda<'_>,
    scene: AgendaScene<'_>,
) -> Result<u8, Failure> {
    let kind = place.config.kinds.at(kind);
    let body = filled_body(kind, &report::agenda_parts(agenda, scene));
    let mut given = Vec::new();
    let mut give = |name: &str, texts: Vec<String>| {
        let field = kind.fields.iter().position(|field| field.name == name);
        given.extend(field.filter(|_| !texts.is_empty()).map(|field| Assignment { field, texts }));
    };
    give("date", vec![agenda.day.to_string()]);
    give("attendees", agenda.attendees.iter().map(|(name, _)| name.clone()).collect());
    give("initiative", options.initiative.iter().cloned().collect());
    let title = format!("Week of {}", agenda.day.monday_of().day_and_month());
    let me = identity(place);
    let parts = new::Parts { kind, title: &title, given, body: Some(&body), me: me.as_deref(), born: None };
    let (written, _) = new::write(place, parts)?;
    new::tell_written(common, place, kind, &written, me.is_some(), &|_| new::Told::default())?;
    Ok(FINE)
}

/// Reads a day, as people write it or counted from today.
fn day(text: &str, today: Date) -> Result<Date, Error> {
    let day = relative(text, today).ok_or_else(|| {
        Error::new(format!("--on: `{text}` is no day"))
            .help("write 2026-11-23, today, or a time ahead as in +3d")
    })?;
    if day < today {
        return Err(Error::new(format!("--on: {} is over", day.spoken()))
            .help("an agenda is for a day to come; what was said on that day its record has"));
    }
    Ok(day)
}

/// Reads the record that `text` names.
fn named(text: &str, place: &Place, workspace: &Workspace<'_>) -> Result<RecordId, Error> {
    let kinds = &place.config.kinds;
    let by_path = || workspace.at(text.trim_start_matches("./")).and_then(|at| workspace.records[at].id());
    read_id(text, kinds, None).or_else(by_path).ok_or_else(|| {
        Error::new(format!("--risk: `{text}` is no id of a record")).help("write it as in R-0012")
    })
}

/// Reads the syncs `before`, newest first: their tasks, and what the newest of them names.
fn read_syncs(
    place: &Place,
    files: &Files<'_>,
    before: &[&(Date, &Record)],
) -> (Vec<SyncRecord>, Vec<RecordId>) {
    let (mut syncs, mut known) = (Vec::new(), Vec::new());
    for (at, (day, record)) in before.iter().enumerate() {
        let Some((record, document)) = whole(place, files.read(&record.path).ok(), record) else { continue };
        let kind = place.config.kinds.at(record.kind);
        syncs.push(SyncRecord { day: *day, tasks: rhythm::tasks(&record, kind, &document) });
        if at == 0 {
            known = learnt_in(&record, kind, &document);
        }
    }
    (syncs, known)
}

/// Returns the records that `record`, a sync, names among what was learnt.
fn learnt_in(record: &Record, kind: &Kind, document: &Document) -> Vec<RecordId> {
    let outline = document.outline();
    let takes = |at: usize| kind.sections[at].takes.as_deref() == Some("insights");
    let sections = (0..kind.sections.len()).filter(|at| takes(*at)).filter_map(|at| record.section(at));
    let bodies: Vec<Span> =
        sections.flat_map(|index| outline.subtree(index)).map(|index| outline.sections[index].body).collect();
    let inside = record.references.iter().filter(|known| bodies.iter().any(|body| body.contains(known.span)));
    inside
        .filter_map(|reference| match reference.target {
            Target::Id(id) => Some(id),
            _ => None,
        })
        .collect()
}

/// Reads `bytes` as the record at the place of `record`, text and all.
fn whole(place: &Place, bytes: Option<Vec<u8>>, record: &Record) -> Option<(Record, Document)> {
    let document = Document::read(decode(bytes?).ok()?);
    let claim = Claim { kind: record.kind, number: record.named };
    Some((Record::read(&record.path, claim, &document, &place.config, Depth::Whole), document))
}

/// Records of branches that are not merged, with their texts.
struct OnBranches {
    records: Vec<Unmerged>,
    /// By branch and path.
    texts: HashMap<(String, String), Vec<u8>>,
}

/// Reads the records that branches of remotes have in another state, or with another deadline, than `workspace`.
fn unmerged(place: &Place, lately: &Lately<'_>, workspace: &Workspace<'_>) -> OnBranches {
    let mut found = OnBranches { records: Vec::new(), texts: HashMap::new() };
    let config = &place.config;
    let proposed = lately.source.map(|source| source.proposed(config, &place.prefix));
    let Some(Ok(proposed)) = proposed else { return found };
    for proposed in proposed {
        let Ok(Some(claim)) = config.kinds.claim(&proposed.path) else { continue };
        let Ok(text) = decode(proposed.bytes.clone()) else { continue };
        let document = Document::read(text);
        let record = Record::read(&proposed.path, claim, &document, config, Depth::FrontMatter);
        let kind = config.kinds.at(claim.kind);
        let days = |record: &Record| -> Vec<(usize, Date)> {
            let running = record.deadlines(kind).filter(|deadline| deadline.runs);
            running.map(|deadline| (deadline.written.field, deadline.date)).collect()
        };
        let here = workspace.at(&record.path).map(|at| &workspace.records[at]);
        let same = |here: &Record| here.state == record.state && days(here) == days(&record);
        if here.is_none_or(|here| !same(here)) {
            found.texts.insert((proposed.branch.clone(), proposed.path.clone()), proposed.bytes);
            found.records.push(Unmerged { branch: proposed.branch, record });
        }
    }
    found
}

/// Returns the numbers of the questions that `candidate` asks and that have no answer and no taker.
fn unanswered(
    place: &Place,
    files: &Files<'_>,
    unmerged: &OnBranches,
    candidate: &Candidate<'_>,
) -> Vec<usize> {
    let path = &candidate.record.path;
    let bytes = match candidate.branch {
        Some(branch) => unmerged.texts.get(&(branch.to_owned(), path.clone())).cloned(),
        None => files.read(path).ok(),
    };
    let Some((record, document)) = whole(place, bytes, candidate.record) else { return Vec::new() };
    let (kind, config) = (place.config.kinds.at(record.kind), &place.config);
    let subject = Subject { record: &record, document: &document, kind, config, today: place.today };
    questions(&subject).iter().filter(|question| !question.settled).map(|question| question.number).collect()
}

impl From<PaperFormat> for PageFormat {
    fn from(format: PaperFormat) -> Self {
        match format {
            PaperFormat::Text => Self::Text,
            PaperFormat::Markdown => Self::Markdown,
            PaperFormat::Html => Self::Html,
        }
    }
}
