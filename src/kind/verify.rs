//! What a kind file says that cannot be, beyond the types of its values: states that do not exist, fields that name
//! fields that are not there, two ways to write the same key.

use std::collections::BTreeMap;

use super::Field;
use super::FieldType;
use super::Kind;
use crate::error::Mistake;
use crate::shape::Table;
use crate::shape::Toml;
use crate::shape::Written;
use crate::text::nearest;

mod births;

/// Adds everything in the kind file that contradicts itself to `mistakes`.
pub(super) fn verify(
    toml: &Toml<'_>,
    table: Table<'_>,
    kind: &Kind,
    rules: &[&str],
    mistakes: &mut Vec<Mistake>,
) {
    let mut verifier = Verifier { toml, kind, states: kind.lifecycle.states(), mistakes };
    verifier.names(table);
    verifier.fields(table);
    verifier.sections(table);
    verifier.lifecycle(table, rules);
    verifier.births(table, rules);
}

struct Verifier<'a, 'b> {
    toml: &'a Toml<'a>,
    kind: &'a Kind,
    states: Vec<&'a str>,
    mistakes: &'b mut Vec<Mistake>,
}

impl Verifier<'_, '_> {
    fn mistake(&mut self, at: Written<&str>, message: String, help: Option<&str>) {
        let help: Vec<String> = help.into_iter().map(str::to_owned).collect();
        self.mistakes.push(self.toml.mistake(at.span, message, &help));
    }

    /// Adds a mistake where `at` is not among `known`.
    fn one_of(&mut self, at: Written<&str>, known: &[&str], what: &str) {
        if known.contains(&at.value) {
            return;
        }
        let help = match nearest(at.value, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("use one of: {}", known.join(", ")),
        };
        self.mistake(at, format!("`{}` is not {what}", at.value), Some(&help));
    }

    fn state(&mut self, at: Written<&str>) {
        if !self.states.is_empty() {
            let states = self.states.clone();
            self.one_of(at, &states, "a state: `moves` does not name it");
        }
    }

    fn names(&mut self, table: Table<'_>) {
        if let Some(id) = table.text("id") {
            let fits = id.value.starts_with(|c: char| c.is_ascii_lowercase())
                && id.value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            if !fits {
                let help = "use small letters, digits and `-`, as in `design-review`".to_owned();
                self.mistake(
                    id,
                    format!("`{}` cannot be typed as the name of a kind", id.value),
                    Some(&help),
                );
            }
            let stem = self.toml.path.rsplit('/').next().and_then(|name| name.strip_suffix(".toml"));
            if stem != Some(id.value) {
                let help = format!("name the file {}.toml", id.value);
                self.mistake(
                    id,
                    format!("the file of the kind `{}` has another name", id.value),
                    Some(&help),
                );
            }
        }
        if let Some(prefix) = table.text("prefix") {
            let fits = prefix.value.len() <= 12
                && prefix.value.starts_with(|c: char| c.is_ascii_uppercase())
                && prefix.value.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
            if !fits {
                let help = "use capitals and digits, as in `RFC`".to_owned();
                self.mistake(prefix, format!("`{}` cannot begin an id", prefix.value), Some(&help));
            }
        }
        for budget in table.tables("budget") {
            for title in budget.texts("sections") {
                self.section_title(title);
            }
        }
        for pattern in table.tables("pattern") {
            if let Some(title) = pattern.text("section") {
                self.section_title(title);
            }
            if pattern.text("must_match").is_none() && pattern.text("must_not_match").is_none() {
                let at =
                    pattern.text("message").unwrap_or(Written { value: "", span: crate::text::Span::at(0) });
                self.mistake(at, "a pattern needs `must_match` or `must_not_match`".to_owned(), None);
            }
        }
    }

    fn section_title(&mut self, at: Written<&str>) {
        let kind = self.kind;
        let titles: Vec<_> = kind.sections.iter().map(|section| section.title.as_str()).collect();
        self.one_of(at, &titles, "the title of a section of this kind");
    }

    fn fields(&mut self, table: Table<'_>) {
        let kind = self.kind;
        let names: Vec<_> = kind.fields.iter().map(|field| field.name.as_str()).collect();
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for own in table.tables("field") {
            let Some(name) = own.text("name") else { continue };
            let keys = own.text("key").or(Some(name)).into_iter().chain(own.texts("aliases"));
            for key in keys {
                match seen.insert(key.value.to_lowercase(), name.value.to_owned()) {
                    Some(other) => {
                        let message =
                            format!("the key `{}` belongs to the field `{other}` already", key.value);
                        self.mistake(key, message, None);
                    }
                    None => self.taken_by_every(key, name.value),
                }
            }
            if let Some(field) = kind.field(name.value) {
                self.field(own, name, field, &names);
            }
        }
    }

    /// Adds a mistake where `key` of the kind's own field `name` already means a field every kind has.
    fn taken_by_every(&mut self, key: Written<&str>, name: &str) {
        let kind = self.kind;
        let means = |field: &&Field| {
            field.name != name
                && (field.key.eq_ignore_ascii_case(key.value)
                    || field.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(key.value)))
        };
        if let Some(other) = kind.fields.iter().find(means) {
            let help = format!("name the field `{}` to say something else about it", other.name);
            let message = format!("the key `{}` already means the field `{}`", key.value, other.name);
            self.mistake(key, message, Some(&help));
        }
    }

    fn field(&mut self, table: Table<'_>, name: Written<&str>, field: &Field, names: &[&str]) {
        let state_field = field.name == self.kind.lifecycle.field;
        let listed = matches!(field.value, FieldType::Enum | FieldType::Enums);
        if listed && field.values.is_empty() {
            let help = "add `values = [\"…\"]`, or make it `type = \"text\"`".to_owned();
            self.mistake(name, format!("the field `{}` allows no value", field.name), Some(&help));
        }
        let values = table.texts("values");
        if !listed && !values.is_empty() && !state_field {
            let message =
                format!("`values` belongs to an `enum` or `enums` field, and `{}` is none", field.name);
            self.mistake(values[0], message, Some("add `type = \"enum\"`"));
        }
        for (at, value) in values.iter().enumerate() {
            if values[..at].iter().any(|other| other.value == value.value) {
                self.mistake(*value, format!("`{}` is listed twice", value.value), None);
            }
        }
        if name.value.trim().is_empty() {
            self.mistake(name, "a field needs a name".to_owned(), None);
        }
        if let (Some(min), Some(max), Some(span)) = (field.min, field.max, table.value_place("max"))
            && min > max
        {
            let message = format!("`max` is less than `min`, {min}");
            self.mistakes.push(self.toml.mistake(span, message, &[]));
        }
        for factor in table.texts("product") {
            let numeric = |field: &&Field| matches!(field.value, FieldType::Integer | FieldType::Number);
            let found = self.kind.field(factor.value);
            if found.is_some() && found.as_ref().filter(|field| numeric(field)).is_none() {
                let message = format!("`{}` is no number, and cannot be multiplied", factor.value);
                self.mistake(factor, message, None);
            }
        }
        if state_field && !table.texts("values").is_empty() {
            let help = "leave `values` out: the states of `[lifecycle]` are its values".to_owned();
            self.mistake(
                name,
                format!("the field `{}` carries the lifecycle's state", field.name),
                Some(&help),
            );
        }
        if let Some(aliases) = table.table("value_aliases") {
            let values: Vec<_> = field.values.iter().map(String::as_str).collect();
            for alias in aliases.keys() {
                if let Some(value) = aliases.text(alias.value) {
                    self.one_of(value, &values, "one of the `values`");
                }
            }
        }
        if let Some(default) = table.text("default") {
            let fixed = field.default.as_ref().and_then(|default| default.fixed());
            if let (true, Some(fixed)) = (listed, fixed) {
                let values: Vec<_> = field.values.iter().map(String::as_str).collect();
                self.one_of(Written { value: fixed, span: default.span }, &values, "one of the `values`");
            }
        }
        for key in
            ["required_in", "deadline_in", "calendar_in", "waits_in", "not_after_in", "passed_in", "ready_in"]
        {
            for state in table.texts(key) {
                self.state(state);
            }
        }
        if let (true, Some(span)) = (state_field && field.frozen, table.value_place("frozen")) {
            let help = "leave `frozen` out: `moves` says what may follow".to_owned();
            self.mistakes.push(self.toml.mistake(
                span,
                "the state itself cannot be frozen".to_owned(),
                &[help],
            ));
        }
        self.only_for(table, "to", field.value.is_reference(), "a `ref` or `refs`");
        self.only_for(table, "or_text", field.value.is_reference(), "a `ref` or `refs`");
        self.only_for(table, "inverse", field.value.is_reference(), "a `ref` or `refs`");
        self.only_for(table, "within", field.value.is_reference(), "a `ref` or `refs`");
        self.only_for(table, "ground", field.value.is_reference(), "a `ref` or `refs`");
        for key in [
            "deadline_in",
            "calendar_in",
            "deadline_of",
            "min_window",
            "window_from",
            "not_after",
            "not_after_in",
            "passed_in",
            "stale_after",
            "companion",
            "ready_in",
            "ready_ahead",
        ] {
            self.only_for(table, key, field.value == FieldType::Date, "a `date`");
        }
        let people = matches!(field.value, FieldType::Person | FieldType::People);
        self.only_for(table, "waits_in", people, "a `person` or `people`");
        self.only_for(table, "waits_if", people, "a `person` or `people`");
        self.condition(table.table("waits_if"), names);
        let whole = matches!(field.value, FieldType::Integer | FieldType::Number);
        for key in ["bands", "product", "residual_of"] {
            self.only_for(table, key, whole, "an `integer` or `number`");
        }
        for key in ["min", "max"] {
            self.only_for(table, key, whole || field.value.is_many(), "an `integer`, `number` or list");
        }
        if table.text("min_window").is_some() && table.text("window_from").is_none() {
            self.mistake(
                name,
                "`min_window` needs `window_from`, the date it is counted from".to_owned(),
                None,
            );
        }
        if let (None, Some(span)) = (table.text("not_after"), table.value_place("not_after_in")) {
            let message = "`not_after_in` needs `not_after`, the date that comes first".to_owned();
            self.mistakes.push(self.toml.mistake(span, message, &[]));
        }
        let listed = matches!(field.value, FieldType::List | FieldType::Refs);
        self.only_for(table, "follower", listed, "a `list` or `refs`");
        self.other(table, field, "follower", "no person and no text", &[FieldType::Person, FieldType::Text]);
        if let (true, Some(span)) = (table.texts("ready_in").is_empty(), table.value_place("ready_ahead")) {
            let message =
                "`ready_ahead` needs `ready_in`, the states in which the record is ready".to_owned();
            self.mistakes.push(self.toml.mistake(span, message, &[]));
        }
        let named = ["window_from", "deadline_of"].into_iter().filter_map(|key| table.text(key));
        for from in named.chain(table.texts("product")) {
            self.one_of(from, names, "a field of this kind");
        }
        self.rank(table, field);
        self.other(table, field, "not_after", "no date", &[FieldType::Date]);
        self.other(table, field, "within", "no period", &[FieldType::Period]);
        self.other(table, field, "residual_of", "no number", &[FieldType::Integer, FieldType::Number]);
        self.condition(table.table("required_if"), names);
        self.condition(table.table("companion").and_then(|companion| companion.table("when")), names);
        self.needed_once(table);
    }

    /// Makes sure that what a board shows of a field is something the field can say.
    fn rank(&mut self, table: Table<'_>, field: &Field) {
        let bands: Vec<&str> = field.bands.iter().map(|(name, _)| name.as_str()).collect();
        let choice = field.value == FieldType::Enum;
        for key in ["ranks", "red", "amber"] {
            self.only_for(table, key, choice || !bands.is_empty(), "an `enum` or banded");
        }
        let values: Vec<&str> = field.values.iter().map(String::as_str).collect();
        let (known, what) = match choice {
            true => (values, "one of the `values`"),
            false => (bands, "one of the `bands`"),
        };
        let red = table.texts("red");
        for value in red.iter().chain(&table.texts("amber")).filter(|_| !known.is_empty()) {
            self.one_of(*value, &known, what);
        }
        for value in table.texts("amber") {
            if red.iter().any(|red| red.value == value.value) {
                self.mistake(value, format!("`{}` cannot be red and amber at once", value.value), None);
            }
        }
        let first = self.kind.fields.iter().find(|field| field.ranks);
        if let (true, Some(first), Some(span)) = (field.ranks, first, table.value_place("ranks"))
            && first.name != field.name
        {
            let message = format!("`{}` says already how much a record matters", first.name);
            self.mistakes.push(self.toml.mistake(span, message, &["keep one of the two".to_owned()]));
        }
    }

    /// Makes sure that `key` names another field of this kind, of one of `types`; `what` says what it is otherwise.
    fn other(&mut self, table: Table<'_>, field: &Field, key: &str, what: &str, types: &[FieldType]) {
        let Some(other) = table.text(key) else { return };
        let kind = self.kind;
        match kind.field(other.value) {
            Some(found) if found.name == field.name => {
                self.mistake(other, format!("`{key}` names the field itself"), None);
            }
            Some(found) if !types.contains(&found.value) => {
                self.mistake(other, format!("`{}` is {what}", other.value), None);
            }
            Some(_) => {}
            None => {
                let names: Vec<_> = kind.fields.iter().map(|field| field.name.as_str()).collect();
                self.one_of(other, &names, "a field of this kind");
            }
        }
    }

    /// Makes sure that a field or section says in one way when it is needed.
    fn needed_once(&mut self, table: Table<'_>) {
        let ways = ["required", "required_in", "required_if"];
        let written: Vec<&str> = ways.into_iter().filter(|key| table.value_place(key).is_some()).collect();
        if let [first, .., last] = written[..]
            && let Some(span) = table.value_place(last)
        {
            let message = format!("`{first}` has said already when it is needed");
            self.mistakes.push(self.toml.mistake(span, message, &["keep one of the two".to_owned()]));
        }
    }

    fn condition(&mut self, condition: Option<Table<'_>>, names: &[&str]) {
        let Some(condition) = condition else { return };
        let Some(other) = condition.text("field") else { return };
        self.one_of(other, names, "a field of this kind");
        let kind = self.kind;
        let values = kind.field(other.value).map(|field| &field.values[..]).unwrap_or_default();
        let values: Vec<_> = values.iter().map(String::as_str).collect();
        if !values.is_empty() {
            for value in condition.texts("is") {
                self.one_of(value, &values, &format!("a value of `{}`", other.value));
            }
        }
    }

    fn only_for(&mut self, table: Table<'_>, key: &str, fits: bool, types: &str) {
        if let (false, Some(span)) = (fits, table.value_place(key)) {
            let message = format!("`{key}` belongs to {types} field");
            self.mistakes.push(self.toml.mistake(span, message, &[]));
        }
    }

    fn sections(&mut self, table: Table<'_>) {
        let kind = self.kind;
        let names: Vec<_> = kind.fields.iter().map(|field| field.name.as_str()).collect();
        let mut seen: Vec<String> = Vec::new();
        for section in table.tables("section") {
            for title in section.text("title").into_iter().chain(section.texts("aliases")) {
                let plain = title.value.to_lowercase();
                if seen.contains(&plain) {
                    self.mistake(title, format!("two sections are titled `{}`", title.value), None);
                }
                seen.push(plain);
            }
            for state in section.texts("required_in") {
                self.state(state);
            }
            for state in section.texts("answered_in") {
                self.state(state);
            }
            let asks =
                section.text("role").is_some_and(|role| ["questions", "objections"].contains(&role.value));
            if let (false, Some(span)) = (asks, section.value_place("answered_in")) {
                let help = "add `role = \"questions\"` or `role = \"objections\"`".to_owned();
                let message = "`answered_in` belongs to a section of questions or objections".to_owned();
                self.mistakes.push(self.toml.mistake(span, message, &[help]));
            }
            self.parts(section);
            if let Some(items) = section.table("items") {
                for state in items.texts("in") {
                    self.state(state);
                }
                let number = |key| items.integer(key).map(|written| written.value);
                if let (Some(min), Some(max), Some(span)) =
                    (number("min"), number("max"), items.value_place("max"))
                    && min > max
                {
                    let message = format!("`max` is less than `min`, {min}");
                    self.mistakes.push(self.toml.mistake(span, message, &[]));
                }
            }
            if let (None, Some(span)) = (kind.filled_by, section.value_place("takes")) {
                let help = "add `filled_by = \"agenda\"` or `filled_by = \"digest\"` at the top".to_owned();
                let message =
                    "nothing fills records of this kind, so that no section takes a part".to_owned();
                self.mistakes.push(self.toml.mistake(span, message, &[help]));
            }
            self.condition(section.table("required_if"), &names);
            self.needed_once(section);
        }
    }

    /// Makes sure that the labels of what each entry states can be told apart, and from the text beside them.
    fn parts(&mut self, section: Table<'_>) {
        let mut seen: Vec<String> = Vec::new();
        for part in section.tables("each") {
            for label in part.text("label").into_iter().chain(part.texts("aliases")) {
                let plain = label.value.to_lowercase();
                let fits = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '/' | '\'' | '’');
                let begins = label.value.starts_with(char::is_alphanumeric);
                if !begins || !label.value.ends_with(char::is_alphanumeric) || !label.value.chars().all(fits)
                {
                    let help = "write a word or a few, as in `baseline`; the colon behind it is the text's";
                    self.mistake(label, format!("`{}` cannot be a label", label.value), Some(help));
                }
                if seen.contains(&plain) {
                    self.mistake(label, format!("`{}` is the label of another part", label.value), None);
                }
                seen.push(plain);
            }
        }
    }

    fn lifecycle(&mut self, table: Table<'_>, rules: &[&str]) {
        for rule in table.table("levels").into_iter().flat_map(Table::keys) {
            self.one_of(rule, rules, "a rule");
        }
        let Some(lifecycle) = table.table("lifecycle") else { return };
        let initial = lifecycle.text("initial");
        let has_moves = lifecycle.table("moves").is_some();
        for state in initial.into_iter().chain(lifecycle.text("superseded")) {
            self.state(state);
        }
        if has_moves && initial.is_none() {
            let at = Written { value: "", span: table.place("lifecycle") };
            self.mistake(
                at,
                "a lifecycle with `moves` needs `initial`, the state `new` writes".to_owned(),
                None,
            );
        }
        for key in ["open", "decided", "final", "retired", "refuted", "confirmed"] {
            for state in lifecycle.texts(key) {
                self.state(state);
            }
        }
        let open = lifecycle.texts("open");
        for state in lifecycle.texts("final") {
            if open.iter().any(|open| open.value == state.value) {
                self.mistake(state, format!("`{}` cannot be open and final at once", state.value), None);
            }
        }
        for key in ["red", "amber"] {
            for state in lifecycle.texts(key) {
                self.state(state);
                if !open.iter().any(|open| open.value == state.value) {
                    let message =
                        format!("`{}` is not open, and only what is open is on a board", state.value);
                    self.mistake(state, message, None);
                } else if key == "amber" && lifecycle.texts("red").iter().any(|red| red.value == state.value)
                {
                    self.mistake(state, format!("`{}` cannot be red and amber at once", state.value), None);
                }
            }
        }
        for title in lifecycle.texts("mutable_sections") {
            self.section_title(title);
        }
        if let Some(levels) = lifecycle.table("levels") {
            for state in levels.keys() {
                self.state(state);
                for rule in levels.table(state.value).into_iter().flat_map(Table::keys) {
                    self.one_of(rule, rules, "a rule");
                }
            }
        }
    }
}
