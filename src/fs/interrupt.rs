//! Being told to end while files are being written: first they are written to the end.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use signal_hook::consts::SIGINT;
use signal_hook::consts::SIGTERM;
use signal_hook::flag::register_conditional_default;
use signal_hook::flag::register_usize;
use signal_hook::low_level::emulate_default_handler;

/// While one is there Ctrl-C and the wish to terminate are kept waiting; when the last is gone they do what they always do.
/// There is one at a time.
#[derive(Debug)]
pub(super) struct Shield(());

struct Signals {
    /// Whether a signal ends the program at once.
    at_once: Arc<AtomicBool>,
    /// The signal that waits; 0 where none does.
    waiting: Arc<AtomicUsize>,
}

static SIGNALS: OnceLock<Signals> = OnceLock::new();

impl Shield {
    /// Keeps signals waiting from now on.
    pub(super) fn raise() -> Self {
        SIGNALS.get_or_init(register).at_once.store(false, Ordering::SeqCst);
        Self(())
    }
}

impl Drop for Shield {
    fn drop(&mut self) {
        let Some(signals) = SIGNALS.get() else { return };
        signals.at_once.store(true, Ordering::SeqCst);
        let waiting = signals.waiting.swap(0, Ordering::SeqCst);
        for signal in [SIGINT, SIGTERM] {
            if usize::try_from(signal) == Ok(waiting) {
                // It ends the program, as it would have done.
                let _ = emulate_default_handler(signal);
            }
        }
    }
}

fn register() -> Signals {
    let signals = Signals { at_once: Arc::default(), waiting: Arc::default() };
    for signal in [SIGINT, SIGTERM] {
        // Where the system does not let us a signal ends the program at once, and the journal is there for that.
        let number = usize::try_from(signal).unwrap_or(0);
        let _ = register_conditional_default(signal, Arc::clone(&signals.at_once))
            .and_then(|_| register_usize(signal, Arc::clone(&signals.waiting), number));
    }
    signals
}
