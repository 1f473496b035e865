//! The table of arguments: help, completions, the man page and docs/cli.md all come from here.

use std::path::PathBuf;

use clap::Args;
use clap::Parser;
use clap::Subcommand;
use clap::ValueEnum;
use clap_complete::Shell;
use clap_complete::engine::ArgValueCompleter;

use crate::complete;

mod cadence;
mod changing;
mod checking;
mod setting_up;
mod telling;

pub(crate) use cadence::Brief;
pub(crate) use cadence::Calendar;
pub(crate) use changing::Reassign;
pub(crate) use changing::Renumber;
pub(crate) use changing::Set;
pub(crate) use changing::Supersede;
pub(crate) use changing::Writing;
pub(crate) use checking::Format;
pub(crate) use checking::Judged;
pub(crate) use checking::Lint;
pub(crate) use checking::ReportFile;
pub(crate) use checking::Review;
pub(crate) use setting_up::Init;
pub(crate) use setting_up::Owners;
pub(crate) use telling::Agenda;
pub(crate) use telling::Digest;
pub(crate) use telling::DigestFormat;
pub(crate) use telling::Initiative;
pub(crate) use telling::PaperFormat;

/// Keep decisions, proposals, battlecards and the RAID log as checked markdown in git
///
/// Records are markdown files with front matter, in the repository where the work is. pmkit writes them, checks
/// them like code, and says what to do about what it finds.
#[derive(Debug, Parser)]
#[command(name = "pmkit", bin_name = "pmkit", version, max_term_width = 100, infer_subcommands = false)]
#[command(
    after_help = "Start with: pmkit init; pmkit new risk \"The supplier may miss the date\"; pmkit lint"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// What every command understands.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Work as if started in this folder
    #[arg(short = 'C', value_name = "DIR", global = true, default_value = ".", hide_default_value = true)]
    pub(crate) folder: PathBuf,
    /// Use this configuration file; its folder becomes the root [default: the nearest pmkit.toml upwards]
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,
    /// Use colour: auto does on a terminal
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto", hide_default_value = true)]
    pub(crate) color: Color,
    /// Say less: results only
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Take this day for today, as 2026-11-20 [default: the local calendar]
    #[arg(long, value_name = "DATE", global = true)]
    pub(crate) today: Option<String>,
    /// Never ask, even on a terminal
    #[arg(long, global = true)]
    pub(crate) no_input: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(Init),
    New(New),
    Set(Set),
    Supersede(Supersede),
    Reassign(Reassign),
    Lint(Lint),
    Review(Review),
    List(List),
    Raid(Raid),
    Show(Show),
    Log(Log),
    Diff(Diff),
    Graph(Graph),
    Search(Search),
    Agenda(Agenda),
    Digest(Digest),
    Initiative(Initiative),
    Renumber(Renumber),
    Index(Index),
    Calendar(Calendar),
    Brief(Brief),
    Owners(Owners),
    Explain(Explain),
    Rules(Rules),
    Kinds(Kinds),
    Demo(Demo),
    Completions(Completions),
    Man(Man),
}

/// Write a record from its kind's template
///
/// Takes the next free number over the working tree, the index, every branch and every worktree, fills in what is
/// known, and prints the path of the file on stdout, nothing else. What is still missing is said on stderr.
///
/// Fields are given as field=value; names may be shortened (like=4) and days counted (due=+5bd). With --from the record is born
/// from another one: what that says is taken over, both name each other, and both files are written or neither. What is given
/// counts for more than what is taken over. Which kind is born from which: pmkit kinds KIND.
///
/// Example: pmkit new risk "Tide may miss the date" likelihood=4 impact=5 owner=maya
#[derive(Debug, Args)]
pub(crate) struct New {
    /// The kind of record, as listed by pmkit kinds
    #[arg(value_name = "KIND", add = ArgValueCompleter::new(complete::kinds))]
    pub(crate) kind: String,
    /// The title in a line, then fields as field=value
    #[arg(value_name = "TITLE] [FIELD=VALUE", allow_hyphen_values = false, add = ArgValueCompleter::new(complete::assignments))]
    pub(crate) words: Vec<String>,
    /// Make it from this record: what a kind takes over, and what it writes back, its kind file says
    #[arg(long, value_name = "ID", add = ArgValueCompleter::new(complete::parents))]
    pub(crate) from: Option<String>,
    /// Open the new record in your editor (VISUAL, EDITOR, or git's)
    #[arg(long)]
    pub(crate) edit: bool,
    /// Take the Markdown below the front matter, with its headings, from standard input
    #[arg(long)]
    pub(crate) stdin: bool,
    /// Fill the sections with what pmkit digest tells since then, of its initiative where one is given [default: 7d]
    #[arg(long, value_name = "WHEN", num_args = 0..=1, require_equals = true, default_missing_value = "7d")]
    #[arg(conflicts_with = "stdin")]
    pub(crate) from_digest: Option<String>,
}

/// List records as a table: which, in what order, and what of each
///
/// Kinds and groups may be written in the plural: risks, raid, decisions. Where standard output is no terminal nothing is
/// cut. What --where understands: status=open, owner~chen, score>=10, due<today+7d, tag=pricing, rests_on=A-0009, and, or,
/// not, brackets; open, decided, final, overdue, stale; a field's name alone asks whether it says anything.
///
/// Example: pmkit list risks --where 'open and score>=10' --sort -score
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) filter: Filter,
    /// Put in order by these fields, as in -score,owner (`-` begins with the greatest) [default: the id, or the deadline]
    #[arg(long, value_name = "FIELDS", allow_hyphen_values = true, add = ArgValueCompleter::new(complete::fields))]
    pub(crate) sort: Option<String>,
    /// Tell these fields of each; also kind, group, path, deadline, waiting [default: what matters to the kinds listed]
    #[arg(long, value_name = "FIELDS", add = ArgValueCompleter::new(complete::fields))]
    pub(crate) columns: Option<String>,
    /// Collect by this field
    #[arg(long, value_name = "FIELD", add = ArgValueCompleter::new(complete::fields))]
    pub(crate) group: Option<String>,
    /// As of then: 2026-09-01, 7d before today, or a commit as in v1.2
    #[arg(long, value_name = "WHEN")]
    pub(crate) at: Option<String>,
    /// The form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_default_value = true)]
    pub(crate) format: TableFormat,
}

/// Which records are meant.
#[derive(Debug, Args)]
pub(crate) struct Filter {
    /// Kinds or groups [default: all]
    #[arg(value_name = "KIND", add = ArgValueCompleter::new(complete::kinds_and_groups))]
    pub(crate) kinds: Vec<String>,
    #[command(flatten)]
    pub(crate) conditions: Conditions,
}

/// What must hold for a record to be meant; all of it where several are given.
#[derive(Debug, Args)]
pub(crate) struct Conditions {
    /// Only those for which this holds, as in 'open and due<today'
    #[arg(long = "where", value_name = "EXPR", add = ArgValueCompleter::new(complete::expression))]
    pub(crate) conditions: Vec<String>,
    /// Only those of this initiative
    #[arg(long = "in", value_name = "INITIATIVE", add = ArgValueCompleter::new(complete::initiatives))]
    pub(crate) initiative: Option<String>,
    /// Only open ones that are mine
    #[arg(long)]
    pub(crate) mine: bool,
    /// Only those with a deadline that has passed
    #[arg(long)]
    pub(crate) overdue: bool,
    /// Only those that wait for this person: as owner while open, as approver or reviewer while it is their turn
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::people))]
    pub(crate) waiting_for: Option<String>,
    /// Only those nobody has looked at for too long
    #[arg(long)]
    pub(crate) stale: bool,
}

/// Show the RAID board: why we are red, what is late, what has moved
///
/// Nobody types a colour: it is worked out from the open records of every kind of the group raid, and told with its reason.
/// What has moved is told against the records a week ago, as git has them. How it is worked out: docs/raid-board.md.
///
/// Example: pmkit raid --in checkout
#[derive(Debug, Args)]
pub(crate) struct Raid {
    /// Only what is late
    #[arg(long)]
    pub(crate) overdue: bool,
    /// Collect by this, one by one
    #[arg(long, value_name = "WHAT")]
    pub(crate) by: Option<By>,
    /// Show one by one what is otherwise counted: all that is neither late nor near nor new
    #[arg(long)]
    pub(crate) all: bool,
    /// Go through them one by one, a key each, and write what was decided in the end; on a terminal only
    #[arg(long, conflicts_with_all = ["by", "format"])]
    pub(crate) walk: bool,
    /// Only those of this initiative
    #[arg(long = "in", value_name = "INITIATIVE", add = ArgValueCompleter::new(complete::initiatives))]
    pub(crate) initiative: Option<String>,
    /// The board as of then: 2026-09-01, 7d before today, or a commit as in v1.2
    #[arg(long, value_name = "WHEN", conflicts_with = "walk")]
    pub(crate) at: Option<String>,
    /// Tell what has moved since then: a day, or a time before as in 2w [default: 7d]
    #[arg(long, value_name = "WHEN")]
    pub(crate) since: Option<String>,
    /// The form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_default_value = true)]
    pub(crate) format: TableFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum By {
    Owner,
    Band,
    Due,
    Kind,
}

/// Show a record: fields, text, links to and from it, and its history
///
/// With --at as it was: at the end of a day, in a revision, or in the commit in which it first reached a state. What it
/// links to, what links to it and how far its deadlines were off is then told as of that day too.
///
/// Example: pmkit show RFC-0007 --at accepted --diff
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Ids or paths of records
    #[arg(value_name = "ID", required = true, add = ArgValueCompleter::new(complete::records))]
    pub(crate) records: Vec<String>,
    /// As of then: 2026-09-01, 7d before today, a state as in accepted, or a commit as in v1.2
    #[arg(long, value_name = "WHEN")]
    pub(crate) at: Option<String>,
    /// With --at: what has changed from then to now
    #[arg(long, requires = "at")]
    pub(crate) diff: bool,
    /// The form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_default_value = true)]
    pub(crate) format: TableFormat,
}

/// Show the decision record: who moved what where, and when, as git knows it
///
/// Read from the first-parent line of HEAD, newest first. What git cannot know is not guessed: a squashed pull request has
/// an author and no decider; the approver is whom the record named, trailers are claims.
///
/// Example: pmkit log RFC-0007
#[derive(Debug, Args)]
pub(crate) struct Log {
    /// Ids or paths of records [default: all]
    #[arg(value_name = "ID", add = ArgValueCompleter::new(complete::records))]
    pub(crate) records: Vec<String>,
    /// From this day on (2026-09-01, or 7d or 2w before today), or after this revision
    #[arg(long, value_name = "WHEN")]
    pub(crate) since: Option<String>,
    /// Only records that belong to this initiative now
    #[arg(long = "in", value_name = "INITIATIVE", add = ArgValueCompleter::new(complete::initiatives))]
    pub(crate) initiative: Option<String>,
    /// Show other fields too: owner, deadlines with their slips, scores, what the kind marks as tracked, and changes of what was
    /// decided
    #[arg(long)]
    pub(crate) fields: bool,
    /// The form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_default_value = true)]
    pub(crate) format: TableFormat,
}

/// Show what changed in meaning between two points in time: records, fields, sections
///
/// Not lines but what they say: which records are new or gone, which were moved on, handed over, given another day (and how often
/// that has happened), another number or another record in their place, and which words of which section changed. What is
/// only written in another way is no change.
///
/// Example: pmkit diff origin/main...HEAD
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// BASE, compared with the working tree; BASE..HEAD; or BASE...HEAD, from where the two parted [default: HEAD]
    #[arg(value_name = "BASE[..HEAD]", add = ArgValueCompleter::new(complete::revisions))]
    pub(crate) range: Option<String>,
    /// Only records of this initiative
    #[arg(long = "in", value_name = "INITIATIVE", add = ArgValueCompleter::new(complete::initiatives))]
    pub(crate) initiative: Option<String>,
    /// The form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_default_value = true)]
    pub(crate) format: TableFormat,
}

/// Show which records stand on, block, replace and answer which
///
/// With ids: what lies around them, whichever way it points. An edge goes by the name of the field it stands in; what two
/// fields say from both ends is one edge. References that lead nowhere are left to pmkit lint.
///
/// Example: pmkit graph RFC-0007 --depth 3 --mermaid
#[derive(Debug, Args)]
pub(crate) struct Graph {
    /// Ids or paths of records to start from [default: all records]
    #[arg(value_name = "ID", add = ArgValueCompleter::new(complete::records))]
    pub(crate) records: Vec<String>,
    /// With ids: how many steps away from them to go [default: 2]
    #[arg(long, value_name = "NUMBER", default_value_t = 2, hide_default_value = true, requires = "records")]
    #[arg(value_parser = clap::value_parser!(u8).range(0..=99))]
    pub(crate) depth: u8,
    /// Only what the records of this initiative are joined to
    #[arg(long = "in", value_name = "INITIATIVE", add = ArgValueCompleter::new(complete::initiatives))]
    pub(crate) initiative: Option<String>,
    /// Take what texts say too: mentions of ids, and links to files of records
    #[arg(long)]
    pub(crate) mentions: bool,
    /// The form of the result: text, mermaid, dot (for Graphviz), or json
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_default_value = true)]
    format: GraphFormat,
    /// Short for --format mermaid
    #[arg(long, conflicts_with_all = ["format", "dot", "json"])]
    mermaid: bool,
    /// Short for --format dot
    #[arg(long, conflicts_with_all = ["format", "json"])]
    dot: bool,
    /// Short for --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum GraphFormat {
    Text,
    Mermaid,
    Dot,
    Json,
}

impl Graph {
    /// Returns the form that was asked for, whichever way.
    pub(crate) fn format(&self) -> pmkit::report::GraphFormat {
        match (self.mermaid, self.dot, self.json, self.format) {
            (true, ..) | (.., GraphFormat::Mermaid) => pmkit::report::GraphFormat::Mermaid,
            (_, true, ..) | (.., GraphFormat::Dot) => pmkit::report::GraphFormat::Dot,
            (_, _, true, _) | (.., GraphFormat::Json) => pmkit::report::GraphFormat::Json,
            (.., GraphFormat::Text) => pmkit::report::GraphFormat::Text,
        }
    }
}

/// Find records by the words in them, the best first
///
/// All words must occur, in any order: in the title, the id, a heading, a field or the text. Letter case and accents do not
/// matter, whole words go before parts of words, and a phrase goes in quotes. Where no record holds a word, a slip in it is
/// forgiven if a title or an id has the right one, and said.
///
/// Example: pmkit search refund "payments api" --in checkout
#[derive(Debug, Args)]
pub(crate) struct Search {
    /// Words and phrases; a phrase is an argument with spaces in it, or stands in double quotes inside one
    #[arg(value_name = "WORDS", required = true)]
    pub(crate) words: Vec<String>,
    /// Only records of this kind or group; may be given several times
    #[arg(long = "kind", value_name = "KIND", add = ArgValueCompleter::new(complete::kinds_and_groups))]
    pub(crate) kinds: Vec<String>,
    #[command(flatten)]
    pub(crate) conditions: Conditions,
    /// Show at most so many records, 0 for all [default: 20 as text and markdown, else all]
    #[arg(short = 'n', long, value_name = "NUMBER")]
    pub(crate) limit: Option<usize>,
    /// Show every line that holds something, not only the three that tell most
    #[arg(long)]
    pub(crate) all: bool,
    /// The form of the result
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_default_value = true)]
    pub(crate) format: TableFormat,
}

/// Write the registers: tables of records in files for readers
///
/// A register stands between two comments, <!-- pmkit:register raid --> and <!-- pmkit:end -->, in a README.md beside the records
/// or in a file that [[register]] in pmkit.toml names. Not a byte outside the comments is changed. [index] in pmkit.toml
/// names a file with all records for programs.
///
/// Example: pmkit index --check
#[derive(Debug, Args)]
pub(crate) struct Index {
    /// Write nothing; say which files are stale, and exit with 1 where one is
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    Text,
    Json,
    Jsonl,
    Csv,
    Markdown,
}

impl From<TableFormat> for pmkit::report::TableFormat {
    fn from(format: TableFormat) -> Self {
        match format {
            TableFormat::Text => Self::Text,
            TableFormat::Json => Self::Json,
            TableFormat::Jsonl => Self::Jsonl,
            TableFormat::Csv => Self::Csv,
            TableFormat::Markdown => Self::Markdown,
        }
    }
}

/// Print the page of a rule: what it finds, why it matters, how to mend it
///
/// Example: pmkit explain missing-field
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The rule, as named in findings and by pmkit rules
    #[arg(add = ArgValueCompleter::new(complete::rules))]
    pub(crate) rule: String,
}

/// List the rules with their levels, and who sets those
///
/// With a record: the levels that hold for it, by its kind, state and path.
///
/// Example: pmkit rules RFC-0007
#[derive(Debug, Args)]
pub(crate) struct Rules {
    /// The id or path of a record
    #[arg(value_name = "RECORD", add = ArgValueCompleter::new(complete::records))]
    pub(crate) record: Option<String>,
    /// The form of the list
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_default_value = true)]
    pub(crate) format: PageFormat,
}

/// List the kinds of record, or say all about some
///
/// With a kind: its fields, sections and lifecycle, and a filled example. To change a built-in kind, begin with a copy of
/// it in .pmkit/kinds: pmkit kinds risk --format toml > .pmkit/kinds/risk.toml, and the same with template and risk.md.
///
/// Example: pmkit kinds risk
#[derive(Debug, Args)]
pub(crate) struct Kinds {
    /// Kinds to say all about
    #[arg(value_name = "KIND", add = ArgValueCompleter::new(complete::kinds))]
    pub(crate) kinds: Vec<String>,
    /// The form of the page; toml and template give the two files of one kind as they are
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_default_value = true)]
    pub(crate) format: KindsFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum KindsFormat {
    Text,
    Markdown,
    Json,
    Toml,
    Template,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum PageFormat {
    Text,
    Markdown,
    Json,
}

/// Make a small company's repository with months of history, and walk through it
///
/// The company is fictional; its records, people and commits are the same for the same seed and day. Nothing outside the
/// folder is touched.
///
/// Example: pmkit demo acorn
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// The folder to make it in [default: a new temporary one, whose path is printed]
    #[arg(value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// Vary the times of day and the numbers of pull requests
    #[arg(long, value_name = "NUMBER", default_value_t = 1, hide_default_value = true)]
    pub(crate) seed: u64,
    /// Make the repository and leave out the walk
    #[arg(long)]
    pub(crate) no_tour: bool,
}

/// Print the completions of a shell
///
/// Ids with their titles, fields, people and rules are asked of pmkit itself when the tab key is pressed.
///
/// Example: pmkit completions bash > ~/.local/share/bash-completion/completions/pmkit
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: Shell,
}

/// Print the manual page of pmkit or of one command
///
/// Example: pmkit man lint | man -l -
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The command
    pub(crate) command: Option<String>,
}
