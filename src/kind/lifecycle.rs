//! The states of a record and the moves between them.

/// The lifecycle of a kind.
#[derive(Debug, Clone, Default)]
pub struct Lifecycle {
    /// The name of the field that carries the state.
    pub field: String,
    /// The state `new` writes.
    pub initial: Option<String>,
    /// Each state with the states one move away, in the order written. Empty: any value and any move is legal.
    pub moves: Vec<(String, Vec<String>)>,
    /// Moves that every state allows.
    pub from_any: Vec<String>,
    /// States in which deadlines run.
    pub open: Vec<String>,
    /// States in which something has been decided.
    pub decided: Vec<String>,
    /// States that end the record.
    pub ended: Vec<String>,
    /// Open states that make a record red on a board.
    pub red: Vec<String>,
    /// Open states that make it amber.
    pub amber: Vec<String>,
    /// States in which nothing new should build on the record.
    pub retired: Vec<String>,
    /// States in which what the record holds true has been found false.
    pub refuted: Vec<String>,
    /// States in which what the record holds true has been shown to be so.
    pub confirmed: Vec<String>,
    /// Whether the text may not change once decided.
    pub frozen: bool,
    /// Sections that may change all the same.
    pub mutable_sections: Vec<String>,
    /// The state of a record that another one replaced.
    pub superseded: Option<String>,
    /// Levels of rules by state.
    pub levels: Vec<(String, Vec<(String, crate::diagnostic::Level)>)>,
}

impl Lifecycle {
    /// Returns every state in order of first mention; empty where any value is legal.
    #[must_use]
    pub fn states(&self) -> Vec<&str> {
        let mut states: Vec<&str> = Vec::new();
        let mut add = |state| {
            if !states.contains(&state) {
                states.push(state);
            }
        };
        self.moves.iter().for_each(|(from, _)| add(from));
        self.moves.iter().flat_map(|(_, to)| to).chain(&self.from_any).for_each(|to| add(to));
        states
    }

    /// Returns the states one move away from `state`, in order.
    #[must_use]
    pub fn next(&self, state: &str) -> Vec<&str> {
        let listed =
            self.moves.iter().find(|(from, _)| from == state).map(|(_, to)| &to[..]).unwrap_or_default();
        let mut next: Vec<&str> = listed.iter().map(String::as_str).collect();
        for any in &self.from_any {
            if any != state && !next.contains(&any.as_str()) {
                next.push(any);
            }
        }
        next
    }

    /// Returns the states a record in `state` may get to, in order of the moves it takes: chains of moves that do not pass
    /// through a state in which something has been decided, or that ends the record. Pull requests are squashed, so that what
    /// took two moves is often seen as one.
    #[must_use]
    pub fn legal<'a>(&'a self, state: &'a str) -> Vec<&'a str> {
        let mut met = vec![state];
        let mut at = 0;
        while at < met.len() {
            let stops = at > 0 && (self.is_decided(met[at]) || self.is_ended(met[at]));
            if !stops {
                for next in self.next(met[at]) {
                    if !met.contains(&next) {
                        met.push(next);
                    }
                }
            }
            at += 1;
        }
        met.remove(0);
        met
    }

    /// Says whether a record may go from the state `from` to the state `to`: see [`Lifecycle::legal`]. Where a kind lists no
    /// moves, or `from` is none of its states, anything may be.
    #[must_use]
    pub fn reaches(&self, from: &str, to: &str) -> bool {
        self.moves.is_empty()
            || from == to
            || !self.states().contains(&from)
            || self.legal(from).contains(&to)
    }

    /// Says whether something has been decided in `state`.
    #[must_use]
    pub fn is_decided(&self, state: &str) -> bool {
        self.decided.iter().any(|known| known == state)
    }

    /// Says whether what was decided in `state` still counts: nothing has taken its place, and it was not decided against.
    #[must_use]
    pub fn holds(&self, state: Option<&str>) -> bool {
        state.is_some_and(|state| self.is_decided(state) && !self.retired.iter().any(|known| known == state))
    }

    /// Says whether `state` ends the record.
    #[must_use]
    pub fn is_ended(&self, state: &str) -> bool {
        self.ended.iter().any(|known| known == state)
    }

    /// Says whether the text of a record in `state` may no longer change: it has been decided, or a decision was followed
    /// by this end.
    #[must_use]
    pub fn is_frozen(&self, state: &str) -> bool {
        let after_decision =
            || self.is_ended(state) && self.decided.iter().any(|from| self.next(from).contains(&state));
        self.frozen && (self.is_decided(state) || after_decision())
    }

    /// Says whether a record in `state` may still be changed, so that telling its writer is of use: it is neither at its end
    /// nor frozen.
    #[must_use]
    pub fn is_live(&self, state: &str) -> bool {
        !self.is_ended(state) && !self.is_frozen(state)
    }

    /// Says whether deadlines run in `state`.
    #[must_use]
    pub fn is_open(&self, state: &str) -> bool {
        self.open.iter().any(|open| open == state)
    }
}
