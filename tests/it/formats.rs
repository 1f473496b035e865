//! The forms findings leave in, read as those who take them read them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::program::Program;

const RISK: &str = "docs/raid/R-0001-tide.md";

/// A risk in which much is wrong, and some of it twice.
fn risk(lines: usize) -> String {
    let more = "A line.\n\n".repeat(lines);
    format!(
        "---\nid: R-0001\ntitle: Tide may miss the date\nstatus: Open\nowner:\nnext_step: \"é: ask\"\ndue: 2026-11-10\nraised_by: lee\ncreated: 2026-11-09\n---\n\n## Description\n\n{more}See RFC-0009, and RFC-0009 again, & <b>.\n"
    )
}

fn program() -> Program {
    let program = Program::in_repository();
    program.write(RISK, risk(0));
    program.write("docs/raid/R-0002-second.md", risk(0).replace("R-0001", "R-0002").replace("Open", "open"));
    program
}

fn json(program: &Program, format: &str) -> Value {
    let run = program.run(&["lint", "--format", format]);
    assert_eq!(run.code, 1, "{}", run.err);
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{format}: {error}: {}", run.out))
}

/// Returns the findings of `pmkit.lint/1`.
fn plain(program: &Program) -> Vec<Value> {
    json(program, "json")["diagnostics"].as_array().unwrap().clone()
}

#[test]
fn sarif_says_what_json_says() {
    let program = program();
    let log = json(&program, "sarif");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), pmkit::rules::RULES.len());
    for rule in rules {
        for part in
            [&rule["shortDescription"]["text"], &rule["fullDescription"]["text"], &rule["help"]["text"]]
        {
            assert!(part.as_str().is_some_and(|text| !text.is_empty()), "{rule}");
        }
    }
    let results = run["results"].as_array().unwrap();
    let found = plain(&program);
    assert_eq!(results.len(), found.len());
    for (result, found) in results.iter().zip(&found) {
        assert_eq!(result["ruleId"], found["rule"]);
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], found["rule"]);
        assert_eq!(result["level"] == "error", found["level"] == "deny");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], found["path"]);
        for (end, line, column) in [("start", "startLine", "startColumn"), ("end", "endLine", "endColumn")] {
            assert_eq!(place["region"][line], found["span"][end]["line"], "{result}");
            assert_eq!(place["region"][column], found["span"][end]["column"], "{result}");
        }
        assert_eq!(result["fixes"].is_array(), found["fix"].is_object());
    }
}

#[test]
fn fingerprints_are_unique_and_stay_when_lines_move() {
    let program = program();
    let of = |program: &Program| -> Vec<String> {
        let issues = json(program, "gitlab");
        let issues = issues.as_array().unwrap().clone();
        issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap().to_owned()).collect()
    };
    let before = of(&program);
    assert_eq!(before.iter().collect::<BTreeSet<_>>().len(), before.len());
    program.write(RISK, risk(20));
    assert_eq!(of(&program), before);
    // Another name of the file makes no new finding of it.
    program.git(&["add", "--all"]);
    program.git(&["mv", RISK, "docs/raid/R-0001-couriers.md"]);
    assert_eq!(of(&program), before);
    let sarif = json(&program, "sarif");
    let own: Vec<&str> = sarif["runs"][0]["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| result["partialFingerprints"]["pmkit/v1"].as_str().unwrap())
        .collect();
    assert_eq!(own, before);
}

#[test]
fn gitlab_gets_what_its_report_asks_for() {
    let program = program();
    for (issue, found) in json(&program, "gitlab").as_array().unwrap().iter().zip(plain(&program)) {
        assert_eq!(issue["check_name"], found["rule"]);
        assert!(
            ["info", "minor", "major", "critical", "blocker"].contains(&issue["severity"].as_str().unwrap())
        );
        assert!(issue["description"].as_str().unwrap().starts_with(found["message"].as_str().unwrap()));
        assert_eq!(issue["location"]["path"], found["path"]);
        assert_eq!(issue["location"]["lines"]["begin"], found["span"]["start"]["line"]);
    }
}

#[test]
fn rdjson_counts_bytes() {
    let program = program();
    program.write(RISK, risk(0).replace("A line", "x").replace("See RFC-0009", "Über RFC-0009"));
    let told = json(&program, "rdjson");
    assert_eq!(told["source"]["name"], "pmkit");
    let found = plain(&program);
    let text = program.read(RISK);
    let lines: Vec<&str> = text.lines().collect();
    let mut seen = 0;
    for (told, found) in told["diagnostics"].as_array().unwrap().iter().zip(&found) {
        assert!(["ERROR", "WARNING"].contains(&told["severity"].as_str().unwrap()));
        assert_eq!(told["code"]["value"], found["rule"]);
        let start = &told["location"]["range"]["start"];
        if found["rule"] == "dangling-reference" && found["path"] == RISK {
            let line = usize::try_from(start["line"].as_u64().unwrap()).unwrap();
            let column = usize::try_from(start["column"].as_u64().unwrap()).unwrap();
            assert!(lines[line - 1][column - 1..].starts_with("RFC-0009"));
            seen += 1;
        }
    }
    assert!(seen > 0);
}

#[test]
fn junit_fails_for_what_is_denied_and_skips_what_warns() {
    let program = program();
    let run = program.run(&["lint", "--format", "junit"]);
    let found = plain(&program);
    let (deny, warn) = (
        found.iter().filter(|found| found["level"] == "deny").count(),
        found.iter().filter(|found| found["level"] == "warn").count(),
    );
    assert!(run.out.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "), "{}", run.out);
    assert_eq!(run.out.matches("<failure ").count(), deny);
    assert_eq!(run.out.matches("<skipped ").count(), warn);
    assert_eq!(run.out.matches("<testcase ").count(), found.len() + 1);
    assert!(run.out.contains(&format!("tests=\"{}\" failures=\"{deny}\"", found.len() + 1)));
    // Nothing at all is still a result.
    let clean = Program::in_repository();
    let run = clean.run(&["lint", "--format", "junit"]);
    assert!(run.out.contains("<testcase name=\"0 records checked, 0 warnings\""), "{}", run.out);
}

#[test]
fn markdown_is_cut_where_a_comment_ends() {
    let program = program();
    let out = program.run(&["lint", "--format", "markdown"]).out;
    assert!(out.starts_with("### pmkit: "), "{out}");
    assert!(out.contains("| ✗ | `docs/raid/R-0001-tide.md:5` | R-0001 has no owner |"), "{out}");
    for number in 3..900 {
        let text = risk(0).replace("R-0001", &format!("R-{number:04}"));
        program.write(&format!("docs/raid/R-{number:04}-x.md"), text);
    }
    let out = program.run(&["lint", "--format", "markdown"]).out;
    assert!(out.chars().count() < 60_000);
    assert!(
        out.ends_with(" more findings are not shown here; see all: `pmkit lint`\n"),
        "{}",
        &out[out.len() - 200..]
    );
}

/// Returns the annotations of a run in GitHub Actions, with its summary.
fn in_actions(program: &Program, words: &[&str]) -> (Vec<String>, String) {
    let mut command = program.command(words);
    command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", program.path("summary.md"));
    let ended = command.output().unwrap();
    let out = String::from_utf8(ended.stdout).unwrap();
    let told = out.lines().filter(|line| line.starts_with("::")).map(str::to_owned).collect();
    (told, std::fs::read_to_string(program.path("summary.md")).unwrap_or_default())
}

#[test]
fn of_more_than_ten_the_tenth_annotation_names_the_rest() {
    let program = program();
    program.git(&["add", "--all"]);
    program.git(&["commit", "--quiet", "--message", "start"]);
    let plain = risk(0).replace("Open", "open").replace("RFC-0009", "it");
    for number in 10..22 {
        let text = plain.replace("R-0001", &format!("R-00{number}"));
        program.write(&format!("docs/raid/R-00{number}-x.md"), text);
    }
    let (told, summary) = in_actions(&program, &["lint"]);
    let errors: Vec<&String> = told.iter().filter(|line| line.starts_with("::error ")).collect();
    let warnings: Vec<&String> = told.iter().filter(|line| line.starts_with("::warning ")).collect();
    assert_eq!((errors.len(), warnings.len()), (10, 10), "{told:#?}");
    assert!(errors[9].contains("title=pmkit%3A ") && errors[9].contains(" more errors"), "{}", errors[9]);
    assert!(errors[9].contains("%0Adocs/raid/R-00"), "{}", errors[9]);
    // In the summary all of them stand.
    let found = json(&program, "json")["diagnostics"].as_array().unwrap().len();
    assert_eq!(summary.lines().filter(|line| line.starts_with("| ")).count(), found + 1, "{summary}");
    // What stands on changed lines goes first.
    program.write(RISK, risk(0).replace("See RFC-0009", "See RFC-0077"));
    let (told, _) = in_actions(&program, &["lint", "--base", "HEAD"]);
    assert!(told[0].contains("RFC-0077") || told[0].contains("R-0010"), "{told:#?}");
    // A form that was asked for is all there is.
    std::fs::remove_file(program.path("summary.md")).unwrap();
    let (told, summary) = in_actions(&program, &["lint", "--format", "text"]);
    assert!(told.is_empty() && summary.is_empty());
}

#[test]
fn the_environment_may_name_the_form() {
    let program = program();
    let run = |name: &str, words: &[&str]| {
        let mut command = program.command(words);
        let ended = command.env("PMKIT_FORMAT", name).output().unwrap();
        (
            ended.status.code(),
            String::from_utf8(ended.stdout).unwrap(),
            String::from_utf8(ended.stderr).unwrap(),
        )
    };
    assert!(run("sarif", &["lint"]).1.contains("\"version\": \"2.1.0\""));
    assert!(run("sarif", &["lint", "--format", "json"]).1.contains("pmkit.lint/1"));
    let (code, _, told) = run("yaml", &["lint"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("`yaml`, as PMKIT_FORMAT says") && told.contains("sarif"), "{told}");
}

#[test]
fn sarif_says_when_there_is_more_than_is_shown() {
    let program = Program::in_repository();
    for number in 1..=1_300 {
        let text = "---\nid: R-XXXX\ntitle:\nstatus: nonsense\nowner:\ncreated:\n---\n"
            .replace("XXXX", &format!("{number:04}"));
        program.write(&format!("docs/raid/R-{number:04}-x.md"), text);
    }
    let sarif = json(&program, "sarif");
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert!(results.len() > 5_000, "{}", results.len());
    let said = run["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(said.contains("of which code scanning shows 5000"), "{said}");
    // What fails a build is among what is shown.
    let first_warning = results.iter().position(|one| one["level"] != "error").unwrap_or(results.len());
    assert!(results[first_warning..].iter().all(|one| one["level"] != "error"));
    let hash = results[0]["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap();
    assert!(hash.ends_with(":1") && hash.len() == 34, "{hash}");
}
