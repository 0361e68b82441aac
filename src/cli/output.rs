//! What a command says: a text for people, one JSON value for programs. Commands build it, [`Output::print`] writes
//! the one that was asked for.

use std::fmt::Write as _;
use std::io::Write as _;

use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use serde_json::Value;

use super::plain::{is_reordering, lines_spelled_out};
use crate::domain::time::UnixMillis;

/// The result of a command.
#[derive(Debug, Clone, Default)]
pub struct Output {
    /// For people; ends with a line break unless it is empty.
    pub text: String,
    /// For programs.
    pub json: Value,
    /// What a person should know besides; goes to the error output.
    pub warnings: Vec<String>,
    /// Whether the command ran well but found something bad (`doctor`): exit code 1.
    pub is_bad_news: bool,
}

impl Output {
    /// A result without warnings.
    #[must_use]
    pub fn new(text: impl Into<String>, json: Value) -> Self {
        let mut text = text.into();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        Self {
            text,
            json,
            ..Self::default()
        }
    }

    /// The same with a warning more.
    #[must_use]
    pub fn warn(mut self, warning: impl Into<String>) -> Self {
        self.warnings.push(warning.into());
        self
    }

    /// Writes the result. A reader that has gone away (`| head`) is no error.
    pub fn print(&self, as_json: bool) {
        for warning in &self.warnings {
            let line = if as_json {
                serde_json::json!({ "warning": warning }).to_string()
            } else {
                format!("warning: {warning}")
            };
            let _ = writeln!(std::io::stderr(), "{}", lines_spelled_out(&line));
        }
        if self.text.is_empty() && self.json.is_null() {
            return;
        }
        let mut out = std::io::stdout().lock();
        let text = if as_json {
            format!("{:#}\n", self.json)
        } else {
            self.text.clone()
        };
        let _ = out.write_all(lines_spelled_out(&text).as_bytes());
        let _ = out.flush();
    }
}

/// Writes why a command failed.
pub fn print_error(error: &anyhow::Error, as_json: bool) {
    let line = if as_json {
        match error.downcast_ref::<super::address_file::Refused>() {
            Some(refused) => refused.to_json().to_string(),
            None => serde_json::json!({ "error": chain(error) }).to_string(),
        }
    } else {
        format!("error: {}", chain(error))
    };
    let _ = writeln!(std::io::stderr(), "{}", lines_spelled_out(&line));
}

/// An error with its causes on one line. A cause that the message above it quotes already is not said twice.
fn chain(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        if !text.contains(&cause) {
            let separator = if text.is_empty() { "" } else { ": " };
            let _ = write!(text, "{separator}{cause}");
        }
    }
    text
}

/// A bar for work that takes long, on the error output where that is a terminal.
#[must_use]
pub fn progress(what: &'static str, steps: usize) -> indicatif::ProgressBar {
    let bar = indicatif::ProgressBar::new(u64::try_from(steps).unwrap_or(u64::MAX));
    let style = indicatif::ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.with_message(what)
}

/// Rows under headings: columns two spaces apart, no lines, nothing wrapped, so that every value can be copied.
pub struct Rows(Table);

impl Rows {
    /// An empty table with these headings.
    #[must_use]
    pub fn new(headings: &[&str]) -> Self {
        let mut table = Table::new();
        table
            .load_style(NOTHING)
            .set_content_arrangement(ContentArrangement::Disabled)
            .set_header(headings.iter().map(|heading| heading.to_uppercase()));
        Self(table)
    }

    /// Adds a row.
    pub fn push<const N: usize>(&mut self, cells: [String; N]) {
        self.0.add_row(cells.iter().map(|cell| printable(cell)));
    }

    /// The table as text, or `otherwise` when it has no rows.
    #[must_use]
    pub fn or(mut self, otherwise: &str) -> String {
        if self.0.row_iter().next().is_none() {
            return format!("{otherwise}\n");
        }
        for column in self.0.column_iter_mut() {
            column.set_padding((0, 2));
        }
        trimmed(&self.0.to_string())
    }
}

/// Names and values, one pair a line; pairs without a value are left out.
#[must_use]
pub fn pairs(pairs: &[(&str, String)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name:width$}  {}\n", printable(value)))
        .collect()
}

fn trimmed(text: &str) -> String {
    text.lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

/// A foreign text without control characters: nothing that was stored can steer a terminal, nor make what stands beside
/// it be read in another order.
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_control() || is_reordering(character) {
                '\u{fffd}'
            } else {
                character
            }
        })
        .collect()
}

/// A time as people read it: `2026-05-24 12:05:00Z`.
#[must_use]
pub fn time(at: UnixMillis) -> String {
    at.utc().map_or_else(
        || format!("{} ms", at.get()),
        |at| {
            let (date, time) = (at.date(), at.time());
            let (hour, minute, second) = time.as_hms();
            format!("{date} {hour:02}:{minute:02}:{second:02}Z")
        },
    )
}

/// A time as programs read it (RFC 3339): `2026-05-24T12:05:00Z`.
#[must_use]
pub fn json_time(at: UnixMillis) -> Value {
    Value::String(time(at).replacen(' ', "T", 1))
}

/// As [`json_time`], `null` when there is none.
#[must_use]
pub fn json_time_or_null(at: Option<UnixMillis>) -> Value {
    at.map_or(Value::Null, json_time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_in_utc_to_the_second() {
        let at = UnixMillis::new(1_779_624_300_999);
        assert_eq!(time(at), "2026-05-24 12:05:00Z");
        assert_eq!(json_time(at), "2026-05-24T12:05:00Z");
    }

    #[test]
    fn a_table_has_no_lines_no_trailing_spaces_and_no_control_characters() {
        let mut rows = Rows::new(&["id", "name"]);
        rows.push(["1".to_owned(), "a\u{1b}[31mb".to_owned()]);
        rows.push(["22".to_owned(), "c".to_owned()]);
        assert_eq!(rows.or("none"), "ID  NAME\n1   a\u{fffd}[31mb\n22  c\n");
        assert_eq!(Rows::new(&["id"]).or("nothing here"), "nothing here\n");
    }

    #[test]
    fn a_text_cannot_change_the_order_in_which_its_line_is_read() {
        assert_eq!(
            printable("a\u{202e}b\u{2066}c\u{2028}"),
            "a\u{fffd}b\u{fffd}c\u{fffd}"
        );
        assert_eq!(printable("שלום مرحبا"), "שלום مرحبا");
    }

    #[test]
    fn a_cause_is_told_once() {
        let error = anyhow::anyhow!("disk full")
            .context("x.sqlite: disk full")
            .context("cannot back up");
        assert_eq!(chain(&error), "cannot back up: x.sqlite: disk full");
    }
}
