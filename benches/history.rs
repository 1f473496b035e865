//! Writes made-up history for `git fast-import`: `cargo run --release --example generate-history -- COMMITS DOCUMENTS
//! [FOLDERS] | git fast-import`. Documents lie flat in `docs/rfcs`, or spread over that many folders below it.

use std::env;
use std::error::Error;
use std::io;
use std::io::BufWriter;
use std::io::Write;

mod prose;

use prose::Numbers;

const STATES: [&str; 5] = ["draft", "review", "accepted", "rejected", "superseded"];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let mut number = |default: usize| arguments.next().map_or(Ok(default), |text| text.parse());
    let (commits, documents, folders) = (number(7_800)?, number(950)?, number(1)?);
    let mut out = BufWriter::new(io::stdout().lock());
    let mut numbers = Numbers(1);
    let mut states = vec![0_usize; documents];
    let bodies: Vec<String> = (0..documents).map(|_| numbers.prose(900)).collect();
    let mut edits: Vec<String> = vec![String::new(); documents];
    for commit in 0..commits {
        let date = 1_500_000_000 + commit * 3_600;
        let who = numbers.pick(&prose::PEOPLE);
        let message = format!("Change {commit} (#{commit})");
        writeln!(out, "commit refs/heads/main\nauthor {who} <{who}@acme.example> {date} +0000")?;
        writeln!(
            out,
            "committer GitHub <noreply@github.com> {date} +0000\ndata {}\n{message}",
            message.len()
        )?;
        // A new document while there are some to come, spread over the first half; else a change to one there is.
        let born = |at: usize| (at + 1) * commits / (documents * 2).max(1);
        let there = (0..documents).take_while(|at| born(*at) <= commit).count();
        let at = if there > 0 && born(there - 1) == commit { there - 1 } else { numbers.below(there.max(1)) };
        if commit > born(at) {
            if numbers.below(4) == 0 {
                states[at] = (states[at] + 1) % STATES.len();
            } else {
                edits[at].push_str(&format!("\n{}\n", numbers.prose(30)));
            }
        }
        let text = format!(
            "---\nid: RFC-{at:04}\ntitle: Proposal {at}\nstatus: {}\nowner: {who}\ncreated: 2026-01-01\n---\n\n## Problem\n\n{}\n{}",
            STATES[states[at]], bodies[at], edits[at]
        );
        let folder = if folders > 1 { format!("{:03}/", at % folders) } else { String::new() };
        writeln!(out, "M 100644 inline docs/rfcs/{folder}{at:04}-proposal.md\ndata {}\n{text}", text.len())?;
    }
    Ok(())
}
