//! Spans of time as people write them: `90s`, `30m`, `24h`, `7d`, `1h30m`.

use std::time::Duration;

const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// Reads a span.
///
/// # Errors
/// A text for the person who wrote it.
pub fn parse(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is not a span of time; write it like 30m, 24h, 90s or 1h30m");
    let mut rest = text;
    let mut seconds: u64 = 0;
    let mut largest = u64::MAX;
    if text.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let digits = rest
            .find(|character: char| !character.is_ascii_digit())
            .ok_or_else(wrong)?;
        let (count, tail) = rest.split_at(digits);
        let mut tail = tail.chars();
        let unit = tail.next().ok_or_else(wrong)?;
        let (_, unit_seconds) = UNITS
            .iter()
            .find(|(letter, _)| *letter == unit)
            .ok_or_else(wrong)?;
        if *unit_seconds >= largest {
            return Err(wrong());
        }
        largest = *unit_seconds;
        let count: u64 = count.parse().map_err(|_| wrong())?;
        seconds = count
            .checked_mul(*unit_seconds)
            .and_then(|more| seconds.checked_add(more))
            .ok_or_else(wrong)?;
        rest = tail.as_str();
    }
    Ok(Duration::from_secs(seconds))
}

/// Writes a span the way [`parse`] reads it; parts of a second are left out. Days are not used: `24h` says more
/// exactly what is meant.
#[must_use]
pub fn show(span: Duration) -> String {
    let mut seconds = span.as_secs();
    let mut text = String::new();
    for (letter, unit_seconds) in UNITS.into_iter().skip(1) {
        let count = seconds.checked_div(unit_seconds).unwrap_or(0);
        seconds = seconds.checked_rem(unit_seconds).unwrap_or(0);
        if count > 0 {
            text.push_str(&format!("{count}{letter}"));
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_as_written_and_are_shown_alike() {
        for (text, seconds, shown) in [
            ("90s", 90, "1m30s"),
            ("30m", 1_800, "30m"),
            ("24h", 86_400, "24h"),
            ("7d", 604_800, "168h"),
            ("1h30m", 5_400, "1h30m"),
            ("0s", 0, "0s"),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
            assert_eq!(show(Duration::from_secs(seconds)), shown);
        }
    }

    #[test]
    fn what_is_no_span_is_refused_with_an_example() {
        for text in [
            "",
            "30",
            "m",
            "30 m",
            "-5m",
            "30m1h",
            "1h1h",
            "1.5h",
            "99999999999999999999s",
            "9999999999999999d",
        ] {
            assert!(parse(text).is_err_and(|error| error.contains("30m")), "{text}");
        }
    }
}
