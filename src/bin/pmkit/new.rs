//! `pmkit new`

use std::io;
use std::io::Read;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

use pmkit::change::Change;
use pmkit::date::Date;
use pmkit::document::decode;
use pmkit::error::Error;
use pmkit::fs::Lock;
use pmkit::git::NoGit;
use pmkit::git::Numbers;
use pmkit::git::Source;
use pmkit::kind::Claim;
use pmkit::kind::Field;
use pmkit::kind::FilledBy;
use pmkit::kind::Kind;
use pmkit::kind::Required;
use pmkit::report;
use pmkit::revise::Revised;
use pmkit::scaffold::Assignment;
use pmkit::scaffold::Born;
use pmkit::scaffold::Missing;
use pmkit::scaffold::Order;
use pmkit::scaffold::Scaffold;
use pmkit::scaffold::assign;
use pmkit::scaffold::check_title;
use pmkit::scaffold::filled_body;
use pmkit::scaffold::missing;
use pmkit::scaffold::scaffold;
use pmkit::text::visible;

use crate::args::Common;
use crate::args::New;
use crate::ask;
use crate::born::Cradle;
use crate::born::Took;
use crate::digest::Asked;
use crate::digest::with_digest;
use crate::editor;
use crate::identity::identity;
use crate::kinds::find_kind;
use crate::outcome::FINE;
use crate::outcome::Failure;
use crate::place::Place;
use crate::terminal;

pub(crate) fn run(common: &Common, options: &New) -> Result<u8, Failure> {
    let place = Place::open(common)?;
    place.writable()?;
    let index = find_kind(&options.kind, &place.config.kinds)?;
    let kind = place.config.kinds.at(index);
    let editor = if options.edit { Some(editor::find(common)?) } else { None };
    let can_ask = terminal::can_ask(common) && !options.stdin;
    let from_digest = options.from_digest.as_deref();
    let from = options.from.as_deref().map(|name| Cradle::read(&place, common, index, name));
    let from = from.transpose()?;
    let me = identity(&place);
    let mut born = from.as_ref().map(|from| from.born(kind, me.as_deref(), place.today));
    let suggested = born.as_ref().map(Born::title).transpose()?.flatten();
    let week = || format!("Week of {}", place.today.monday_of().day_and_month());
    let suggested = suggested.or_else(|| from_digest.map(|_| week()));
    let (title, mut given) =
        words(&options.words, kind, &place, can_ask && from_digest.is_none(), suggested)?;
    let title = check_title(&title)?;
    let took = born.as_ref().map(|born| Took::over(born, title, &mut given)).transpose()?.unwrap_or_default();
    if can_ask {
        ask_for_the_rest(kind, &place, &mut given)?;
        if let (Some(born), Some(from), false) = (&mut born, &from, took.questions.is_empty()) {
            // Whoever is asked what is new sees first what git has.
            let news: String = from.news().iter().map(|line| format!("{}\n", visible(line))).collect();
            let _ = io::stderr().write_all(news.as_bytes());
            for (at, question) in &took.questions {
                let answer = ask::line(question, "")?.filter(|answer| !answer.trim().is_empty());
                born.answers.extend(answer.map(|answer| (*at, answer)));
            }
        }
    }
    let body = match from_digest {
        Some(since) => Some(digest_body(common, kind, &given, since)?),
        None if options.stdin => Some(stdin_text()?),
        None => None,
    };
    if !common.quiet && matches!(place.git(), Err(NoGit::NotARepository)) {
        note(
            "no git repository: numbers are taken from this folder alone, and nothing records who wrote what",
        );
    }
    let parts = Parts {
        kind,
        title,
        given,
        body: body.as_deref(),
        me: me.as_deref(),
        born: from.as_ref().zip(born.as_ref()),
    };
    let (written, revised) = write(&place, parts)?;
    let taken = |lacks: &Missing| {
        let told = from.as_ref().map(|from| from.told(kind, &written, &took, &revised));
        let asked = from
            .as_ref()
            .zip(born.as_ref())
            .map(|(from, born)| from.asked(born, &written, &took, (&lacks.now, body.is_some())));
        let seen = can_ask && !took.questions.is_empty();
        let news = from.as_ref().filter(|_| !seen).map(Cradle::news).unwrap_or_default();
        (told.unwrap_or_default(), [asked.unwrap_or_default(), news].concat())
    };
    tell_written(common, &place, kind, &written, me.is_some(), &taken)?;
    if let Some(editor) = editor {
        editor.open(&place.tree.root.join(&written.path))?;
    }
    Ok(FINE)
}

/// Returns the text of a record of `kind`, which has been `given` fields, as the digest fills it.
fn digest_body(common: &Common, kind: &Kind, given: &[Assignment], since: &str) -> Result<String, Failure> {
    if kind.filled_by != Some(FilledBy::Digest) {
        let error = Error::new(format!("--from-digest: records of the kind `{}` keep no digest", kind.id));
        return Err(error.help("a kind file says so: filled_by = \"digest\"").into());
    }
    let initiative = kind.fields.iter().position(|field| field.name == "initiative");
    let initiative = given.iter().find(|given| Some(given.field) == initiative);
    let asked = Asked {
        since,
        audience: None,
        initiative: initiative.and_then(|given| given.texts.first()).map(String::as_str),
        words: Some(pmkit::rhythm::DIGEST_WORDS),
    };
    // What is told is what is committed, and steered by that; the record is written as the tree is now.
    let mut at_head = Place::open(common)?;
    with_digest(&mut at_head, asked, &|digest, scene, _| {
        Ok(filled_body(kind, &report::digest_parts(digest, scene)))
    })
}

/// Prints the path of the record that was `written`, and says what it still lacks; `known` is whether git knows who wrote it.
///
/// `taken` returns what is to be told of a record it was made from.
pub(crate) fn tell_written(
    common: &Common,
    place: &Place,
    kind: &Kind,
    written: &Scaffold,
    known: bool,
    taken: &dyn Fn(&Missing) -> Told,
) -> Result<(), Failure> {
    let path = from_here(common, place, &written.path);
    writeln!(io::stdout(), "{path}")?;
    let own = place.config.kinds.index_of(&kind.id).map(|kind| Claim { kind, number: None });
    let claim = place.config.kinds.claim(&written.path)?.or(own);
    if let (false, Some(claim)) = (common.quiet, claim) {
        let lacks = missing(&place.config, &written.path, claim, &written.text, place.today);
        let text = talk(kind, written, &lacks, known, taken(&lacks), &path);
        // Talk that cannot be heard is no failure: the record is written.
        let _ = io::stderr().write_all(text.as_bytes());
    }
    if let Some(why) = place.hides(&written.path) {
        note(&format!("{why}: pmkit lint will not see this record"));
    }
    Ok(())
}

/// What is told of a record another one was made from: what was taken over, and what is asked.
pub(crate) type Told = (Vec<String>, Vec<String>);

/// What a record is made from.
pub(crate) struct Parts<'a> {
    pub(crate) kind: &'a Kind,
    pub(crate) title: &'a str,
    pub(crate) given: Vec<Assignment>,
    pub(crate) body: Option<&'a str>,
    pub(crate) me: Option<&'a str>,
    pub(crate) born: Option<(&'a Cradle<'a>, &'a Born<'a>)>,
}

/// Splits what was typed into the title and the fields.
fn words(
    typed: &[String],
    kind: &Kind,
    place: &Place,
    can_ask: bool,
    suggested: Option<String>,
) -> Result<(String, Vec<Assignment>), Error> {
    let mut title = Vec::new();
    let mut given: Vec<Assignment> = Vec::new();
    for word in typed {
        let name = word.split_once('=').map(|(name, _)| name);
        let is_field = name.is_some_and(|name| {
            !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
        });
        if !is_field {
            title.push(word.as_str());
            continue;
        }
        let assignment = assign(word, kind, &place.config, place.today)?;
        if given.iter().any(|other| other.field == assignment.field) {
            let name = &kind.fields[assignment.field].name;
            return Err(Error::new(format!("`{name}` is given twice")));
        }
        given.push(assignment);
    }
    let named = kind.fields.iter().position(|field| field.name == "title");
    if let Some(at) = given.iter().position(|assignment| Some(assignment.field) == named) {
        let assignment = given.remove(at);
        let text = assignment.texts.first().cloned().unwrap_or_default();
        return Ok((text, given));
    }
    if title.is_empty() {
        let suggested = suggested.unwrap_or_default();
        let title = if can_ask { ask::title(kind, &suggested)? } else { suggested };
        return Ok((title, given));
    }
    Ok((title.join(" "), given))
}

/// Asks for the fields a new record needs that nobody gave and that have no default.
fn ask_for_the_rest(kind: &Kind, place: &Place, given: &mut Vec<Assignment>) -> Result<(), Error> {
    for (index, field) in kind.fields.iter().enumerate() {
        let settled = matches!(field.name.as_str(), "id" | "title") || field.name == kind.lifecycle.field;
        let needed = match &field.required {
            Required::Always => true,
            Required::In(states) => {
                kind.lifecycle.initial.as_ref().is_some_and(|state| states.contains(state))
            }
            _ => false,
        };
        if settled || !needed || field.default.is_some() || given.iter().any(|known| known.field == index) {
            continue;
        }
        given.extend(ask::field(kind, field, &place.config, place.today)?);
    }
    Ok(())
}

fn stdin_text() -> Result<String, Error> {
    let mut bytes = Vec::new();
    let most = pmkit::document::MAX_BYTES as u64 + 1;
    io::stdin()
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(|error| Error::new(format!("cannot read standard input: {error}")))?;
    let text = decode(bytes).map_err(|unreadable| {
        Error::new(format!("standard input {}", unreadable.what)).help(unreadable.help)
    })?;
    if text.trim().is_empty() {
        return Err(Error::new("nothing came on standard input")
            .help("give the Markdown below the front matter, or leave --stdin out for the template"));
    }
    if text.trim_start_matches('\u{feff}').starts_with("---\n") {
        return Err(Error::new("standard input begins with front matter")
            .help("give the fields as field=value, and only the text below them on standard input"));
    }
    Ok(text)
}

/// Takes the next number and writes the record, one writer at a time; with what changes in the one it is born from.
pub(crate) fn write(place: &Place, parts: Parts<'_>) -> Result<(Scaffold, Revised), Error> {
    let Parts { kind, title, given, body, me, born } = parts;
    let door = place.door()?;
    let source = source(place);
    let lock = lock(source)?;
    let number = next_number(place, source, kind)?;
    let order =
        Order { kind, number, title, given, body, born: born.map(|(_, born)| born), me, today: place.today };
    let scaffold = scaffold(&order, &place.config)?;
    // A path that two kinds claim would stop every command from then on.
    place.config.kinds.claim(&scaffold.path)?;
    let revised = match born {
        Some((from, born)) => from.write_back(place, born, &scaffold, number, title)?,
        None => Revised::default(),
    };
    let mut changes = vec![Change::Create { path: scaffold.path.clone(), text: scaffold.text.clone() }];
    changes.extend(revised.changes.iter().cloned());
    door.carry_out(&format!("new {}", kind.id), &changes)?;
    drop(lock);
    Ok((scaffold, revised))
}

/// Returns the repository whose numbers count, where it can be read; says so where it cannot.
pub(crate) fn source(place: &Place) -> Option<Source<'_>> {
    place.source().unwrap_or_else(|why| {
        note(&format!("{why}: numbers are taken from this folder alone"));
        None
    })
}

/// Takes the lock on numbers, which holds until it is let go. Without a repository whoever holds the door is alone.
pub(crate) fn lock(source: Option<Source<'_>>) -> Result<Option<Lock>, Error> {
    let Some(common) = source.and_then(|source| source.common_folder()) else { return Ok(None) };
    let lock = Lock::on_numbers(&common)?;
    if lock.is_none() {
        note(
            "the git directory cannot be written to: someone else could take the same number at this moment",
        );
    }
    Ok(lock)
}

/// Returns the next free number of `kind`. Whoever takes it holds the lock.
pub(crate) fn next_number(place: &Place, source: Option<Source<'_>>, kind: &Kind) -> Result<u64, Error> {
    all_of(Numbers::new(kind), place, source).next().ok_or_else(|| {
        Error::new("some record has so great a number that there is no next one")
            .help(format!("look for it among the files of {}", kind.path.as_str()))
    })
}

/// Returns `numbers` with all that git and the disk have; says so where something could not be looked at.
pub(crate) fn all_of<'a>(mut numbers: Numbers<'a>, place: &Place, source: Option<Source<'_>>) -> Numbers<'a> {
    let looked = match source {
        Some(Source::Library(git)) => numbers.add_git(git, &place.prefix),
        Some(Source::Program(program)) => numbers.add_program(program, &place.prefix),
        None => Ok(()),
    };
    if let Err(why) = looked {
        note(&format!("not all of git could be looked at for taken numbers ({why})"));
    }
    numbers.add_disk(&place.tree.root);
    numbers
}

pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr(), "note: {}", visible(text));
}

/// Returns the path of the record as seen from where the command was started.
fn from_here(common: &Common, place: &Place, path: &str) -> String {
    let plain = || path.to_owned();
    let Ok(here) = common.folder.canonicalize() else { return plain() };
    let full = place.tree.root.join(path);
    let Some(shared) = here.ancestors().find(|folder| full.starts_with(folder)) else { return plain() };
    let up = here.strip_prefix(shared).map_or(0, |below| below.components().count());
    let mut relative: PathBuf = std::iter::repeat_n("..", up).collect();
    relative.push(full.strip_prefix(shared).unwrap_or(Path::new(path)));
    relative.to_str().map_or_else(plain, |path| path.replace('\\', "/"))
}

/// Says what was made, what was filled in, what was `told` of where it comes from, and what it still lacks and is `asked`.
fn talk(
    kind: &Kind,
    written: &Scaffold,
    lacks: &Missing,
    known: bool,
    (told, asked): Told,
    path: &str,
) -> String {
    let mut lines = vec![written.id.clone()];
    // Who wrote it and when goes without saying.
    let owner = written.filled.iter().find(|(name, _)| name == "owner").map(|(_, value)| value.clone());
    let worth = |(name, value): &&(String, String)| {
        name != "created" && (name == "owner" || Some(value) != owner.as_ref())
    };
    let filled: Vec<_> = written.filled.iter().filter(worth).collect();
    let words = |name: &str| kind.field(name).map_or_else(|| name.to_owned(), Field::words);
    let width = filled.iter().map(|(name, _)| words(name).chars().count()).max().unwrap_or(0);
    for (name, value) in filled {
        let shown = Date::parse(value).map_or_else(|| value.clone(), Date::spoken);
        lines.push(format!("  {:width$}  {shown}", words(name)));
    }
    lines.extend(told);
    if !known {
        lines.push("git does not know who you are: set user.name and user.email, or give owner=…".to_owned());
    }
    if !lacks.now.is_empty() {
        lines.push(format!("still to write: {}", lacks.now.join(", ")));
    }
    if let Some((state, more)) = lacks.next.as_ref().filter(|(_, more)| !more.is_empty()) {
        lines.push(format!("before it is {state}: {}", more.join(", ")));
    }
    lines.extend(asked);
    lines.extend(lacks.other.iter().map(|other| format!("to mend: {other}")));
    lines.push(format!("check it: pmkit lint {path}"));
    lines.iter().map(|line| format!("{}\n", visible(line))).collect()
}
