//! `pmkit raid --walk`

use std::collections::HashMap;
use std::io;
use std::io::Write;

use pmkit::board::Board;
use pmkit::board::Item;
use pmkit::board::Label;
use pmkit::document::decode;
use pmkit::error::Error;
use pmkit::report;
use pmkit::text::visible;
use pmkit::walk::Input;
use pmkit::walk::Walk;
use pmkit::walk::Wants;

use crate::args::Common;
use crate::args::Raid;
use crate::ask;
use crate::identity::identity;
use crate::keys;
use crate::keys::Key;
use crate::new::lock;
use crate::new::next_number;
use crate::new::source;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::place::Files;
use crate::place::Place;
use crate::terminal;

/// Goes through the items of `board` one by one, and writes what was decided.
pub(crate) fn walk(
    place: &Place,
    common: &Common,
    options: &Raid,
    board: &Board<'_>,
    files: &Files<'_>,
) -> Result<u8, Failure> {
    let look = terminal::look(common, &io::stderr(), "");
    let mut err = anstream::AutoStream::new(io::stderr(), terminal::choice(look));
    let mut items: Vec<(&Item<'_>, String)> = Vec::new();
    for item in board.items.iter().filter(|item| !options.overdue || item.label == Label::Late) {
        let path = &item.record.path;
        if !files.is_own(path) {
            writeln!(err, "{} leads to another file, and is left out", visible(path))?;
            continue;
        }
        let text = files.read(path).and_then(decode);
        items.push((item, text.map_err(|why| Error::new(format!("{path} {}", why.what)).help(why.help))?));
    }
    if items.is_empty() {
        writeln!(err, "nothing is open here")?;
        return Ok(FINE);
    }
    let mut walk = Walk::new(&place.config, place.today, items);
    let write = loop {
        report::screen(&walk.screen(), look, &mut err)?;
        err.flush()?;
        match walk.wants() {
            Wants::Over(write) => break write,
            Wants::Key => match keys::key()? {
                Key::Char(key) => walk.answer(Input::Key(key)),
                Key::Escape => walk.answer(Input::Escape),
                Key::Interrupt => return Err(Error::new("given up; nothing was written").into()),
            },
            Wants::Line(question, there) => match ask::line(&question, &there)? {
                Some(line) => walk.answer(Input::Line(&line)),
                None => walk.answer(Input::Escape),
            },
        }
    };
    if !write {
        writeln!(err, "nothing was written")?;
        return Ok(FINE);
    }
    let written = carry(place, &walk)?;
    let count = written.len();
    writeln!(
        err,
        "wrote {count} file{}; look: git diff; check: pmkit lint",
        if count == 1 { "" } else { "s" }
    )?;
    Ok(FINE)
}

/// Writes what was decided. The numbers of new records are taken while nobody else can take any.
fn carry(place: &Place, walk: &Walk<'_>) -> Result<Vec<String>, Error> {
    let door = place.door()?;
    let new = walk.new_kinds();
    let source = if new.is_empty() { None } else { source(place) };
    let held = if new.is_empty() { None } else { lock(source)? };
    let mut numbers: HashMap<usize, u64> = HashMap::new();
    let mut number = |kind: usize| -> Result<u64, Error> {
        let next = match numbers.get(&kind) {
            Some(last) => last + 1,
            None => next_number(place, source, place.config.kinds.at(kind))?,
        };
        numbers.insert(kind, next);
        Ok(next)
    };
    let me = if new.is_empty() { None } else { identity(place) };
    let changes = walk.changes(&mut number, me.as_deref())?;
    let written = door.carry_out("raid --walk", &changes);
    drop(held);
    written
}
