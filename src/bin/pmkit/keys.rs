//! Single keys from the terminal. The only file that names the terminal crate.

use std::io;

use crossterm::event::Event;
use crossterm::event::KeyCode;
use crossterm::event::KeyEventKind;
use crossterm::event::KeyModifiers;
use crossterm::event::read;
use crossterm::terminal::disable_raw_mode;
use crossterm::terminal::enable_raw_mode;

/// A key somebody pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// A letter, a digit, a sign; Enter is `\n`.
    Char(char),
    /// Esc.
    Escape,
    /// Ctrl-C or Ctrl-D.
    Interrupt,
}

/// Gives the terminal back as it was, whatever happens.
struct Raw;

impl Drop for Raw {
    fn drop(&mut self) {
        // Where that fails there is nothing more to be done.
        let _ = disable_raw_mode();
    }
}

/// Waits for a key.
pub(crate) fn key() -> io::Result<Key> {
    enable_raw_mode()?;
    let _raw = Raw;
    loop {
        let Event::Key(event) = read()? else { continue };
        if event.kind == KeyEventKind::Release {
            continue;
        }
        let control = event.modifiers.contains(KeyModifiers::CONTROL);
        match event.code {
            KeyCode::Char('c' | 'd') if control => return Ok(Key::Interrupt),
            KeyCode::Char(_) if control => {}
            KeyCode::Char(c) => return Ok(Key::Char(c)),
            KeyCode::Enter => return Ok(Key::Char('\n')),
            KeyCode::Esc => return Ok(Key::Escape),
            _ => {}
        }
    }
}
