//! Questions, asked only on a terminal. The only file that names the prompting crate.

use inquire::InquireError;
use inquire::Select;
use inquire::Text;
use inquire::validator::Validation;

use pmkit::config::Config;
use pmkit::date::Date;
use pmkit::error::Error;
use pmkit::kind::Field;
use pmkit::kind::Kind;
use pmkit::scaffold::Assignment;
use pmkit::scaffold::assign;
use pmkit::scaffold::check_title;
use pmkit::text::needs_care;
use pmkit::text::visible;

use crate::new::note;

/// Asks for the title of a new record; `there` stands there to begin with.
pub(crate) fn title(kind: &Kind, there: &str) -> Result<String, Error> {
    let question = format!("What is the {} about?", kind.title.to_lowercase());
    let check = |text: &str| match check_title(text) {
        Ok(_) => Ok(Validation::Valid),
        Err(error) => Ok(Validation::Invalid(error.message.into())),
    };
    let mut text = Text::new(&question).with_validator(check);
    // What a terminal could not show is not offered.
    if !needs_care(there) {
        text = text.with_initial_value(there);
    }
    text.prompt().map_err(|error| given_up(&error))
}

/// Asks for the value of a field; nothing where it is skipped with Esc or left empty.
pub(crate) fn field(
    kind: &Kind,
    field: &Field,
    config: &Config,
    today: Date,
) -> Result<Option<Assignment>, Error> {
    let question = format!("{}?", field.name.replace('_', " "));
    let help = field.help.clone().unwrap_or_default();
    if !field.values.is_empty() {
        let choices: Vec<&str> = field.values.iter().map(String::as_str).collect();
        let select = Select::new(&question, choices).with_help_message(&help);
        let answer = select.prompt_skippable().map_err(|error| given_up(&error))?;
        return answer
            .map(|value| assign(&format!("{}={value}", field.name), kind, config, today))
            .transpose();
    }
    loop {
        let text = Text::new(&question).with_help_message(&help);
        let answer = text.prompt_skippable().map_err(|error| given_up(&error))?;
        let Some(answer) = answer.filter(|answer| !answer.trim().is_empty()) else { return Ok(None) };
        match assign(&format!("{}={answer}", field.name), kind, config, today) {
            Ok(assignment) => return Ok(Some(assignment)),
            Err(error) => {
                note(&error.message);
                error.help.iter().for_each(|help| note(help));
            }
        }
    }
}

/// Asks for a line, in which `there` stands to begin with; nothing where it is skipped with Esc.
pub(crate) fn line(question: &str, there: &str) -> Result<Option<String>, Error> {
    let shown = visible(question);
    let mut text = Text::new(&shown);
    if !there.is_empty() {
        text = text.with_initial_value(there);
    }
    text.prompt_skippable().map_err(|error| given_up(&error))
}

fn given_up(error: &InquireError) -> Error {
    match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => {
            Error::new("given up; nothing was written")
        }
        other => Error::new(format!("cannot ask: {other}"))
            .help("give everything on the command line, with --no-input"),
    }
}
