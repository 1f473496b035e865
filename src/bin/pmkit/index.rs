//! `pmkit index`

use std::collections::BTreeSet;
use std::io;
use std::io::BufWriter;
use std::io::Write;

use pmkit::change::Change;
use pmkit::config::Config;
use pmkit::document::Unreadable;
use pmkit::document::decode;
use pmkit::error::Error;
use pmkit::git::NoHistory;
use pmkit::history::History;
use pmkit::history::Timelines;
use pmkit::index;
use pmkit::index::Column;
use pmkit::index::Page;
use pmkit::index::Planned;
use pmkit::query::Scope;
use pmkit::record::Depth;
use pmkit::record::Record;
use pmkit::register::Listing;
use pmkit::report;
use pmkit::report::Shown;
use pmkit::text::visible;
use pmkit::workspace::Found;
use pmkit::workspace::Inputs;
use pmkit::workspace::Reading;
use pmkit::workspace::read_records;

use crate::args::Common;
use crate::args::Index as Options;
use crate::outcome::FINDINGS;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::outcome::tell_unreadable;
use crate::place::Files;
use crate::place::Place;
use crate::place::stdout;
use crate::terminal;

pub(crate) fn run(common: &Common, options: &Options) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    let config = &place.config;
    // Who only asks reads a bare repository too, at HEAD.
    let door = if options.check { None } else { Some(place.door()?) };
    let files = place.files()?;
    let pages = pages(&place, &files)?;
    let all = config.kinds.indices();
    let scope = Scope { config, kinds: &all, today: place.today, me: None };
    let planned = index::plan(&pages, scope)?;
    let count: usize = planned.iter().map(Vec::len).sum();
    if count == 0 && config.index.is_none() {
        if !common.quiet {
            let _ = writeln!(
                io::stderr(),
                "nothing to write: no README.md here has a line <!-- pmkit:register raid --> and below it <!-- pmkit:end -->"
            );
        }
        return Ok(FINE);
    }
    let history = history(&place, &planned, options.check)?;
    let records = Records::read(&place, &files, &planned)?;
    let timelines = records.timelines(history.as_ref(), config);
    let mut changes = Vec::new();
    for (page, registers) in pages.iter().zip(&planned) {
        changes.extend(change_of(page, registers, &records, timelines.as_ref(), config, options)?);
    }
    let look = terminal::look(common, &io::stdout(), &place.prefix);
    changes.extend(file_for_programs(&place, &files, &records, look)?);
    let mut out = BufWriter::new(stdout(look));
    if options.check {
        for change in &changes {
            report::stale(change.path(), look, &mut out)?;
        }
    } else {
        let written = door.as_ref().map(|door| door.carry_out("index", &changes)).transpose()?;
        for path in written.unwrap_or_default() {
            writeln!(out, "wrote  {}", visible(&format!("{}{path}", place.prefix)))?;
        }
    }
    out.flush()?;
    if changes.is_empty() && !common.quiet {
        // Talk goes to stderr; where that is gone there is nobody to tell.
        let _ = match count {
            0 => writeln!(io::stderr(), "nothing to change"),
            1 => writeln!(io::stderr(), "nothing to change: 1 register is current"),
            many => writeln!(io::stderr(), "nothing to change: {many} registers are current"),
        };
    }
    if !common.quiet {
        tell_unreadable(records.reading.unreadable);
    }
    Ok(if options.check && !changes.is_empty() { FINDINGS } else { FINE })
}

/// Reads the file at `path`, which need not be there: as it lies on disk, or as git keeps it.
fn read(place: &Place, files: &Files<'_>, path: &str) -> Result<Option<Vec<u8>>, Unreadable> {
    if !place.is_bare() {
        return place.tree.read_page(path);
    }
    let told = |what: &str, help: &str| Unreadable { what: what.to_owned(), help: help.to_owned() };
    match (files.read_beside(path), files.find_beside(path)) {
        (Some(bytes), _) => Ok(Some(bytes)),
        (None, Found::Nothing) => Ok(None),
        (None, Found::File) => Err(told("cannot be read from the repository", "look with git fsck")),
        (None, Found::Folder | Found::Unknown) => {
            Err(told("is no plain file", "name another one, or replace it by a file"))
        }
    }
}

/// Reads the pages where registers may stand; one that pmkit.toml names must be there.
pub(crate) fn pages(place: &Place, files: &Files<'_>) -> Result<Vec<Page>, Error> {
    let config = &place.config;
    let mut pages: Vec<Page> = Vec::new();
    let mut links: Vec<(String, Vec<u8>)> = Vec::new();
    let told = |path: &str, what: &str, help: &str| {
        Error::new(format!("{path} {what}; nothing was written")).help(help)
    };
    for path in index::pages(config) {
        let register = config.registers.iter().find(|register| register.file == path);
        let bytes = match read(place, files, &path) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => match register {
                Some(register) => {
                    let lines = format!(
                        "<!-- pmkit:register {} --> and <!-- pmkit:end -->",
                        register.kinds.join(" ")
                    );
                    let help = format!("write it, with two lines in it: {lines}");
                    return Err(told(&path, "is not there", &help));
                }
                None => continue,
            },
            // What nobody asked for and nobody can use holds no register.
            Err(_) if register.is_none() => {
                let leads_to = files.read_beside(&format!("{}{path}", place.prefix));
                links.extend(leads_to.filter(|bytes| speaks_to_us(bytes)).map(|bytes| (path, bytes)));
                continue;
            }
            Err(why) => return Err(told(&path, &why.what, &why.help)),
        };
        let wanted = register.is_some() || speaks_to_us(&bytes);
        match decode(bytes) {
            Ok(text) => pages.push(Page { path, text }),
            Err(_) if !wanted => {}
            Err(why) => return Err(told(&path, &why.what, &why.help)),
        }
    }
    // What a link leads to may be a page itself, and is then kept current as that.
    let kept = |bytes: &[u8]| pages.iter().any(|page| page.text.as_bytes() == bytes);
    if let Some((path, _)) = links.iter().find(|(_, bytes)| !kept(bytes)) {
        let what = "is a link and not followed, and there is a register where it leads";
        let help =
            "replace the link by a file, or name the file it leads to under [[register]] in pmkit.toml";
        return Err(told(path, what, help));
    }
    Ok(pages)
}

/// Says whether a page speaks to us.
fn speaks_to_us(bytes: &[u8]) -> bool {
    bytes.windows(6).any(|window| window == b"pmkit:")
}

/// Reads the history, where some register tells of it. Where it is not here, writing would lose what is known.
pub(crate) fn history(
    place: &Place,
    planned: &[Vec<Planned>],
    check: bool,
) -> Result<Option<History>, Failure> {
    let tells = |register: &Planned| register.columns.iter().any(Column::is_of_history);
    if !planned.iter().flatten().any(tells) {
        return Ok(None);
    }
    let Some(source) = place.source()? else { return Ok(None) };
    match source.history(&place.config, &place.prefix, "HEAD") {
        Ok(history) => Ok(Some(history)),
        Err(NoHistory::Shallow) if check => Ok(None),
        Err(why) => Err(why.into()),
    }
}

/// The records that are told of.
pub(crate) struct Records<'a> {
    pub(crate) reading: Reading<'a>,
    /// The files there are, in order.
    pub(crate) paths: Vec<String>,
    /// Their indices, in order of id.
    rows: Vec<usize>,
}

impl<'a> Records<'a> {
    /// Reads those that `planned` and the file for programs tell of.
    pub(crate) fn read(place: &'a Place, files: &Files<'_>, planned: &[Vec<Planned>]) -> Result<Self, Error> {
        let config = &place.config;
        let paths = files.paths();
        let inputs = Inputs { paths: &paths, read: &|path| files.read(path), around: None };
        let told: BTreeSet<usize> =
            planned.iter().flatten().flat_map(|register| register.kinds.iter().copied()).collect();
        let whole = config.index.is_some();
        let wanted = |kind: usize| whole || told.contains(&kind);
        let reading = read_records(config, inputs, Depth::FrontMatter, &wanted, &|_| whole)?;
        Ok(Self::of(place, reading, paths))
    }

    /// Puts those of `reading` in order.
    pub(crate) fn of(place: &Place, reading: Reading<'a>, paths: Vec<String>) -> Self {
        let listing = Listing { conditions: Vec::new(), order: Vec::new(), group: None, columns: Vec::new() };
        let rows = listing.rows(&reading.workspace.records, &place.config, place.today);
        Self { reading, paths, rows }
    }

    /// Returns what has happened to them, followed to where they are now.
    pub(crate) fn timelines<'h>(
        &self,
        history: Option<&'h History>,
        config: &Config,
    ) -> Option<Timelines<'h>> {
        Some(Timelines::new(history?).followed_to(&self.paths, &config.kinds))
    }

    /// Returns the tables of `registers`, which stand in the page at `page`.
    pub(crate) fn tables(
        &self,
        page: &str,
        registers: &[Planned],
        timelines: Option<&Timelines<'_>>,
        config: &Config,
    ) -> Vec<String> {
        let decided = |record: &Record| {
            let timeline = timelines?.at(&record.path)?;
            index::decision(timeline, record.state.as_deref(), config)
        };
        let table = |register: &Planned| {
            let all = self.rows.iter().map(|row| &self.reading.workspace.records[*row]);
            let told: Vec<&Record> = all.filter(|record| register.kinds.contains(&record.kind)).collect();
            report::register_table(&told, &register.columns, page, &decided, config)
        };
        registers.iter().map(table).collect()
    }

    /// Returns the text of the file for programs.
    pub(crate) fn for_programs(&self, place: &Place, look: report::Look<'_>) -> Result<String, Failure> {
        let shown: Vec<Shown<'_>> = self
            .rows
            .iter()
            .filter_map(|row| {
                let document = self.reading.documents[*row].as_ref()?;
                let workspace = &self.reading.workspace;
                Some(Shown { workspace, index: *row, document, timeline: None, at: None, today: place.today })
            })
            .collect();
        Ok(report::records_file(&shown, look)?)
    }
}

/// Returns what has to change in `page` for its registers to be current.
fn change_of(
    page: &Page,
    registers: &[Planned],
    records: &Records<'_>,
    timelines: Option<&Timelines<'_>>,
    config: &Config,
    options: &Options,
) -> Result<Option<Change>, Error> {
    let tables = records.tables(&page.path, registers, timelines, config);
    let mut pairs = registers.iter().zip(&tables);
    if options.check
        && pairs.all(|(register, table)| index::is_current(page, register, table, timelines.is_some()))
    {
        return Ok(None);
    }
    let after = index::filled(page, registers, &tables)?;
    Ok((after != page.text).then(|| Change::Edit {
        path: page.path.clone(),
        before: page.text.clone(),
        after,
    }))
}

/// Returns what has to change in the file of all records, where there is to be one.
fn file_for_programs(
    place: &Place,
    files: &Files<'_>,
    records: &Records<'_>,
    look: report::Look<'_>,
) -> Result<Option<Change>, Failure> {
    let Some(path) = &place.config.index else { return Ok(None) };
    let told = |what: &str, help: &str| Error::new(format!("{path} {what}; nothing was written")).help(help);
    let after = records.for_programs(place, look)?;
    let path = path.clone();
    let before = read(place, files, &path).map_err(|why| told(&why.what, &why.help))?;
    let Some(before) = before else { return Ok(Some(Change::Create { path, text: after })) };
    let before =
        String::from_utf8(before).map_err(|_| told("is not UTF-8", "choose another file under [index]"))?;
    if !before.trim_start().starts_with("{\n  \"schema\": \"pmkit.records/") && !before.trim().is_empty() {
        return Err(
            told("holds something else", "choose another file under [index], or delete this one").into()
        );
    }
    Ok((before != after).then_some(Change::Edit { path, before, after }))
}
