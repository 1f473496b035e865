//! What a shell is offered when the tab key is pressed.

use crate::program::Program;

/// Returns what is offered for the last of `words`.
fn offered(program: &Program, words: &[&str]) -> Vec<String> {
    let mut command = program.command(&[&["--", "pmkit"], words].concat());
    command.env("PMKIT_COMPLETE", "bash").env("_CLAP_IFS", "\n");
    command.env("_CLAP_COMPLETE_INDEX", words.len().to_string());
    let ended = command.output().unwrap();
    assert!(
        ended.status.success() && ended.stderr.is_empty(),
        "{words:?}: {}",
        String::from_utf8_lossy(&ended.stderr)
    );
    String::from_utf8(ended.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn shop() -> Program {
    let program = Program::new();
    program.write("pmkit.toml", "[people]\nana = { name = \"Ana\" }\nmaya = {}\n[initiative.checkout]\n");
    program.write(".pmkit/briefs/support.md", "{{ title }}");
    program.write("docs/raid/R-0007-x.md", "---\nid: R-0007\ntitle: \"Tide \u{1b}[31m\"\n---\n");
    program.write("docs/raid/R-0008-y.md", "---\nid: R-0008\n---\n");
    program.write("docs/raid/D-0001-z.md", "---\nid: D-0001\nstatus: open\n---\n");
    program.write("docs/raid/D-0002-z.md", "---\nid: D-0002\nstatus: met\n---\n");
    program
}

#[test]
fn records_fields_people_and_rules_are_offered() {
    let shop = shop();
    for (words, expected) in [
        (&["show", "R-"][..], &["R-0007", "R-0008"][..]),
        (&["show", "r-0008"], &["R-0008"]),
        (&["show", "r-8"], &["R-0008"]),
        (&["raid", "--in", ""], &["checkout"]),
        (&["log", "docs/ra"], &["docs/raid/"]),
        (&["new", "ri"], &["risk"]),
        (&["new", "risk", "Title", "resi"], &["residual_impact=", "residual_likelihood="]),
        (&["new", "risk", "Title", "response=m"], &["response=mitigate"]),
        (&["new", "risk", "Title", "response", "=", "m"], &["mitigate"]),
        (&["new", "risk", "Title", "owner=a"], &["owner=ana"]),
        (&["new", "memo", "Title", "initiative="], &["initiative=checkout"]),
        (&["new", "escalation", "--from", "D-"], &["D-0001"]),
        (&["new", "--from", "d-1"], &["D-0001"]),
        (&["set", "r-8"], &["R-0008"]),
        (&["set", "R-0007", "resi"], &["residual_impact=", "residual_likelihood="]),
        (&["set", "R-0007", "docs/raid/R-0008-y.md", "stat"], &["status="]),
        (&["set", "R-0007", "status=mi"], &["status=mitigating"]),
        (&["set", "R-0007", "owner=ana", "rests_on+=", "response=m"], &["response=mitigate"]),
        (&["set", "RFC-0001", "reviewers+=ana,m"], &["reviewers+=ana,maya"]),
        (&["reassign", "a"], &["ana"]),
        (&["reassign", "ana", "m"], &["maya"]),
        (&["supersede", "r-8"], &["R-0008"]),
        (&["list", "ra"], &["raid"]),
        (&["list", "--where", "open and likel"], &["open and likelihood"]),
        (&["list", "--where", "(overd"], &["(overdue"]),
        (&["list", "--columns", "id,wai"], &["id,waiting"]),
        (&["list", "--sort=-likel"], &["--sort=-likelihood"]),
        (&["list", "--in", ""], &["checkout"]),
        (&["list", "--waiting-for", "m"], &["maya"]),
        (&["lint", "--allow", "over-budget,overd"], &["over-budget,overdue"]),
        (&["brief", "r-8"], &["R-0008"]),
        (&["brief", "R-0008", "--for", "s"], &["sales", "support"]),
        (&["calendar", "--for", "m"], &["maya"]),
        (&["calendar", "--in", ""], &["checkout"]),
        (&["calendar", "ri"], &["risk"]),
        (&["explain", "overd"], &["overdue"]),
    ] {
        let mut found = offered(&shop, words);
        found.sort();
        assert_eq!(found, expected, "{words:?}");
    }
    // A shell that shows what a record is called is not made to act by it.
    let mut command = shop.command(&["--", "pmkit", "show", "R-"]);
    command.env("PMKIT_COMPLETE", "fish");
    let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert!(said.contains("R-0007\tTide \\u{1b}[31m"), "{said:?}");
}

#[test]
fn where_nothing_can_be_read_nothing_is_offered_and_nothing_said() {
    let shop = shop();
    shop.write("pmkit.toml", "not TOML");
    assert!(offered(&shop, &["list", "--in", ""]).is_empty());
    assert!(offered(&shop, &["show", "R-"]).is_empty());
}

#[test]
fn every_shell_has_a_script_that_asks() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = Program::new().run(&["completions", shell]);
        assert_eq!(run.code, 0, "{shell}: {}", run.err);
        assert!(run.out.contains("PMKIT_COMPLETE"), "{shell}: {}", run.out);
    }
}

#[cfg(unix)]
#[test]
fn bash_is_offered_what_follows_the_sign() {
    let shop = shop();
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_pmkit")).parent().unwrap().display().to_string();
    for (words, current, expected) in [
        ("pmkit new risk Title owner = ''", "''", "ana maya"),
        ("pmkit new risk Title owner = a", "a", "ana"),
        ("pmkit list --where owner", "owner", "owner"),
        ("pmkit list --sort = -likel", "-likel", "-likelihood"),
        ("pmkit show R-0007", "R-0007", "R-0007"),
    ] {
        let count = words.split(' ').count();
        let script = format!(
            "PATH='{folder}':$PATH; source <(pmkit completions bash); COMP_WORDS=({words}); COMP_CWORD={}; COMP_TYPE=9; COMP_WORDBREAKS=' ='; _clap_complete_pmkit pmkit {current} =; echo \"${{COMPREPLY[*]}}\"",
            count - 1
        );
        let said = shop.shell(&format!("bash -c '{}'", script.replace('\'', "'\\''")), shop.root());
        assert_eq!(said.trim(), expected, "{words}");
    }
}

#[test]
fn branches_and_tags_are_offered_where_a_revision_is_asked_for() {
    let program = Program::in_repository();
    program.write("docs/raid/R-0007-x.md", "---\nid: R-0007\n---\n");
    program.commit("start");
    program.git(&["branch", "maintenance"]);
    program.git(&["tag", "v1"]);
    assert_eq!(offered(&program, &["lint", "--base", "ma"]), ["main", "maintenance"]);
    assert_eq!(offered(&program, &["diff", "v"]), ["v1"]);
}
