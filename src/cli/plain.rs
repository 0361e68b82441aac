//! The last net under what goes to a terminal or a log: no foreign text, wherever it came from, breaks a line, steers a
//! terminal, or makes what stands beside it be read in another order. Knows nothing of what is said.

use std::borrow::Cow;
use std::io::{self, Write};

/// Whether a character breaks lines or turns the direction of what follows it, to the end of the line (UAX 9).
#[must_use]
pub const fn is_reordering(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_plain(character: char) -> bool {
    !character.is_control() && !is_reordering(character)
}

/// A line in which whatever is not plain is spelled out, as in JSON: `\u001b`, `\u202e`. In a line of JSON such
/// characters stand in texts only, so that it stays JSON of the same meaning.
#[must_use]
pub fn spelled_out(line: &str) -> Cow<'_, str> {
    if line.chars().all(is_plain) {
        return Cow::Borrowed(line);
    }
    let spelled = line.chars().map(|character| match character {
        '\n' => Cow::Borrowed("\\n"),
        character if is_plain(character) => Cow::Owned(character.to_string()),
        // None of them lies outside of the first 65 536.
        character => Cow::Owned(format!("\\u{:04x}", u32::from(character))),
    });
    Cow::Owned(spelled.collect())
}

/// The lines of a text, each [`spelled_out`]; tabs stay.
#[must_use]
pub fn lines_spelled_out(text: &str) -> String {
    let pieces = text.split_inclusive(['\n', '\t']).map(|piece| {
        let body = piece.trim_end_matches(['\n', '\t']);
        let end = piece.get(body.len()..).unwrap_or_default();
        format!("{}{end}", spelled_out(body))
    });
    pieces.collect()
}

/// Takes one event of the log at a time and writes it as one plain line.
pub struct OneLine<W> {
    to: W,
    /// Whether the log's own colours are let through.
    keeps_colours: bool,
}

impl<W: Write> OneLine<W> {
    /// Writes to `to`, with colours where that is a terminal.
    pub const fn new(to: W, keeps_colours: bool) -> Self {
        Self { to, keeps_colours }
    }

    fn cleaned(&self, event: &str) -> String {
        let line = event.trim_end_matches('\n');
        if !self.keeps_colours {
            return format!("{}\n", spelled_out(line));
        }
        // The subscriber itself spells out the escapes of foreign texts; of its own it makes only these.
        let mut parts = line.split("\u{1b}[");
        let mut cleaned = spelled_out(parts.next().unwrap_or_default()).into_owned();
        for part in parts {
            let digits = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
            cleaned.push_str(if digits.starts_with('m') {
                "\u{1b}["
            } else {
                "\\u001b["
            });
            cleaned.push_str(&spelled_out(part));
        }
        cleaned.push('\n');
        cleaned
    }
}

/// Whether an event is a line as most are: printable ASCII, and the end of the line.
fn is_one_plain_line(event: &[u8]) -> bool {
    let is_printable = |byte: &u8| matches!(byte, b' '..=b'~');
    event
        .split_last()
        .is_some_and(|(end, line)| *end == b'\n' && line.iter().all(is_printable))
}

impl<W: Write> Write for OneLine<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        if is_one_plain_line(event) {
            self.to.write_all(event)?;
            return Ok(event.len());
        }
        let text = String::from_utf8_lossy(event);
        self.to.write_all(self.cleaned(&text).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    const EVIL: &str = "a\r\nERROR payd: stolen\u{1b}[2J\u{9b}31m\u{0}\u{7f}\u{202e}b\u{2066}c\u{2028}";

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Kept {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    /// What a log says of a foreign text in each of the ways in which code brings one.
    fn say() {
        let error = io::Error::other(EVIL);
        tracing::error!(%error, text = EVIL, shown = ?EVIL, "said {EVIL}");
        tracing::info_span!("request", id = EVIL).in_scope(|| tracing::info!("inside"));
    }

    #[test]
    fn no_foreign_text_breaks_a_line_of_the_text_log_or_steers_a_terminal() {
        for keeps_colours in [false, true] {
            let kept = Kept::default();
            let to = kept.clone();
            let subscriber = tracing_subscriber::fmt()
                .with_ansi(keeps_colours)
                .with_writer(move || OneLine::new(to.clone(), keeps_colours))
                .finish();
            tracing::subscriber::with_default(subscriber, say);
            let text = kept.text();
            assert_eq!(text.lines().count(), 2, "{text}");
            assert!(text.ends_with('\n') && text.contains("\\u202e"), "{text}");
            let rest = text.trim_end().replace('\n', "");
            let colours = rest.matches("\u{1b}[").count();
            assert_eq!(colours > 0, keeps_colours);
            let raw: Vec<char> = rest.chars().filter(|c| !is_plain(*c)).collect();
            assert_eq!(raw, vec!['\u{1b}'; colours], "{text:?}");
            assert!(!rest.contains("\u{1b}[2J"), "{text:?}");
        }
    }

    #[test]
    fn a_line_of_the_json_log_stays_one_and_says_the_same() {
        let kept = Kept::default();
        let to = kept.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_writer(move || OneLine::new(to.clone(), false))
            .finish();
        tracing::subscriber::with_default(subscriber, say);
        let text = kept.text();
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.chars().all(|c| c == '\n' || is_plain(c)), "{text:?}");
        let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!(first["text"], EVIL);
        assert_eq!(first["message"], format!("said {EVIL}"));
    }

    #[test]
    fn a_text_of_several_lines_keeps_them_and_nothing_else_that_steers() {
        assert_eq!(
            lines_spelled_out("a\tb\n\u{1b}[31mc\r\nd"),
            "a\tb\n\\u001b[31mc\\u000d\nd"
        );
        assert_eq!(lines_spelled_out(""), "");
        assert_eq!(spelled_out("שלום مرحبا 你好 é"), "שלום مرحبا 你好 é");
    }
}
