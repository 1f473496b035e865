//! Writes made-up history for `git fast-import`: `cargo run --release --example generate-history -- COMMITS DOCUMENTS
//! [FOLDERS [MERGED]] | git fast-import`. Documents lie flat in `docs/rfcs`, or spread over that many folders below it. Of
//! the commits on the line one in MERGED merges a branch of one commit; 0, as where it is left out, merges none.

use std::env;
use std::error::Error;
use std::io;
use std::io::BufWriter;
use std::io::Write;

mod prose;

use prose::Numbers;

/// The most paragraphs that edits leave behind.
const PARAGRAPHS: usize = 8;
const STATES: [&str; 5] = ["draft", "review", "accepted", "rejected", "superseded"];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let mut number = |default: usize| arguments.next().map_or(Ok(default), |text| text.parse());
    let (commits, documents, folders, merged) = (number(7_800)?, number(950)?, number(1)?, number(0)?);
    let mut out = BufWriter::new(io::stdout().lock());
    let mut numbers = Numbers(1);
    let mut states = vec![0_usize; documents];
    let bodies: Vec<String> = (0..documents).map(|_| numbers.prose(900)).collect();
    // The newest paragraphs of each document: texts that grow for ever would hide how time grows with commits.
    let mut edits: Vec<Vec<String>> = vec![Vec::new(); documents];
    for commit in 0..commits {
        let date = 1_500_000_000 + commit * 3_600;
        let who = numbers.pick(&prose::PEOPLE);
        let message = format!("Change {commit} (#{commit})");
        let merge = merged > 0 && commit > 0 && commit % merged == 0;
        let branch = if merge { "refs/heads/branch" } else { "refs/heads/main" };
        if merge {
            writeln!(out, "reset {branch}\nfrom :{commit}\n")?;
        }
        // The commit on the line is marked with its number, counted from 1; one on a branch needs no mark.
        let mark = format!("mark :{}\n", commit + 1);
        let head = |branch: &str, mark: &str, message: &str| {
            let length = message.len();
            format!(
                "commit {branch}\n{mark}author {who} <{who}@acme.example> {date} +0000\ncommitter GitHub <noreply@github.com> {date} +0000\ndata {length}\n{message}"
            )
        };
        writeln!(out, "{}", head(branch, if merge { "" } else { &mark }, &message))?;
        // A new document while there are some to come, spread over the first half; else a change to one there is.
        let born = |at: usize| (at + 1) * commits / (documents * 2).max(1);
        let there = (0..documents).take_while(|at| born(*at) <= commit).count();
        let at = if there > 0 && born(there - 1) == commit { there - 1 } else { numbers.below(there.max(1)) };
        if commit > born(at) {
            if numbers.below(4) == 0 {
                states[at] = (states[at] + 1) % STATES.len();
            } else {
                edits[at].push(format!("\n{}\n", numbers.prose(30)));
                if edits[at].len() > PARAGRAPHS {
                    edits[at].remove(0);
                }
            }
        }
        let text = format!(
            "---\nid: RFC-{at:04}\ntitle: Proposal {at}\nstatus: {}\nowner: {who}\ncreated: 2026-01-01\n---\n\n## Problem\n\n{}\n{}",
            STATES[states[at]],
            bodies[at],
            edits[at].concat()
        );
        let folder = if folders > 1 { format!("{:03}/", at % folders) } else { String::new() };
        let change =
            format!("M 100644 inline docs/rfcs/{folder}{at:04}-proposal.md\ndata {}\n{text}", text.len());
        writeln!(out, "{change}")?;
        if merge {
            writeln!(
                out,
                "{}",
                head("refs/heads/main", &mark, &format!("Merge pull request #{commit} from {who}/branch"))
            )?;
            writeln!(out, "merge {branch}\n{change}")?;
        }
    }
    Ok(())
}
