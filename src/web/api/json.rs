//! JSON of unknown shape, checked and put into one canonical text: no spaces, keys in order, strings spelt one
//! way, numbers as they were written. Knows no field.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// How deep arrays and objects may lie in one another.
pub(super) const DEPTH_MAX: usize = 32;

/// Why a JSON text is not taken although its grammar is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Flaw {
    /// Arrays and objects lie too deep in one another.
    #[error("arrays and objects lie more than {DEPTH_MAX} levels deep")]
    TooDeep,
    /// A string that is no text: half of a surrogate pair, or a NUL character, which many readers end a text at.
    #[error("a string holds a NUL character or half of a surrogate pair")]
    BadString,
}

/// The canonical text of a value.
///
/// # Errors
/// [`Flaw`].
pub(super) fn canonical(value: &RawValue) -> Result<String, Flaw> {
    let mut text = String::with_capacity(value.get().len());
    write(value, DEPTH_MAX, &mut text)?;
    Ok(text)
}

/// Whether a value could be put into its canonical text; makes none.
///
/// # Errors
/// [`Flaw`].
pub(super) fn check(value: &RawValue) -> Result<(), Flaw> {
    let raw = value.get();
    if raw.contains('\\') {
        return canonical(value).map(drop);
    }
    // Without an escape no string holds what is no text: the grammar was checked. And each ends at the next quote.
    let (mut depth, mut is_in_string) = (0_usize, false);
    for byte in raw.bytes() {
        match byte {
            b'"' => is_in_string = !is_in_string,
            b'{' | b'[' if !is_in_string => {
                depth = depth.saturating_add(1);
                if depth > DEPTH_MAX {
                    return Err(Flaw::TooDeep);
                }
            }
            b'}' | b']' if !is_in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

fn write(value: &RawValue, depth_left: usize, text: &mut String) -> Result<(), Flaw> {
    let raw = value.get();
    match raw.bytes().next() {
        Some(b'{') => {
            let depth_left = depth_left.checked_sub(1).ok_or(Flaw::TooDeep)?;
            // The grammar was checked when the value was taken up: only a string can be wrong.
            let Entries(mut entries) = serde_json::from_str(raw).map_err(|_| Flaw::BadString)?;
            // Stable: of entries under one key, the last stays the last.
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            write_all(text, ['{', '}'], entries, |(key, value), text| {
                write_string(&key, text)?;
                text.push(':');
                write(value, depth_left, text)
            })
        }
        Some(b'[') => {
            let depth_left = depth_left.checked_sub(1).ok_or(Flaw::TooDeep)?;
            let items: Vec<&RawValue> = serde_json::from_str(raw).map_err(|_| Flaw::BadString)?;
            write_all(text, ['[', ']'], items, |item, text| {
                write(item, depth_left, text)
            })
        }
        Some(b'"') => {
            let string: String = serde_json::from_str(raw).map_err(|_| Flaw::BadString)?;
            write_string(&string, text)
        }
        Some(_) | None => {
            text.push_str(raw);
            Ok(())
        }
    }
}

fn write_all<T>(
    text: &mut String,
    [open, close]: [char; 2],
    items: Vec<T>,
    mut write_one: impl FnMut(T, &mut String) -> Result<(), Flaw>,
) -> Result<(), Flaw> {
    text.push(open);
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_one(item, text)?;
    }
    text.push(close);
    Ok(())
}

fn write_string(string: &str, text: &mut String) -> Result<(), Flaw> {
    if string.contains('\0') {
        return Err(Flaw::BadString);
    }
    text.push_str(&serde_json::to_string(string).map_err(|_| Flaw::BadString)?);
    Ok(())
}

/// The entries of a JSON object as they come, each value as text.
pub(in crate::web) struct Entries<'a>(pub Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor).map(Self)
    }
}

struct EntriesVisitor;

impl<'a> Visitor<'a> for EntriesVisitor {
    type Value = Vec<(String, &'a RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical_of(text: &str) -> Result<String, Flaw> {
        let value: &RawValue = serde_json::from_str(text).unwrap();
        let canonical = canonical(value);
        assert_eq!(check(value), canonical.clone().map(drop), "{text}");
        canonical
    }

    #[test]
    fn what_means_the_same_has_one_canonical_text() {
        let canonical = Ok(r#"{"a":[1,2.50,true,null],"b":{"é":"/"}}"#.to_owned());
        for text in [
            r#"{"a":[1,2.50,true,null],"b":{"é":"/"}}"#,
            r#" { "b" : { "\u00e9" : "\/" } , "a" : [ 1 , 2.50 , true , null ] } "#,
            "{\"b\":{\"\\u00E9\":\"\\u002f\"},\n\"\\u0061\":[1,2.50,true,null]}",
        ] {
            assert_eq!(canonical_of(text), canonical, "{text}");
        }
    }

    #[test]
    fn what_means_something_else_has_another_canonical_text() {
        let one = canonical_of(r#"{"a":[1,2],"b":"x"}"#).unwrap();
        for text in [
            r#"{"a":[2,1],"b":"x"}"#,
            r#"{"a":[1,2],"b":"x "}"#,
            r#"{"a":[1,2.0],"b":"x"}"#,
            r#"{"a":["1",2],"b":"x"}"#,
            r#"{"a":[1,2],"b":"x","c":null}"#,
        ] {
            assert_ne!(canonical_of(text).unwrap(), one, "{text}");
        }
    }

    #[test]
    fn numbers_keep_their_digits() {
        for text in [
            "1e400",
            "-0",
            "0.1000000000000000055511151231257827",
            "123456789012345678901234567890",
        ] {
            assert_eq!(canonical_of(text), Ok(text.to_owned()));
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(canonical_of(&nested(DEPTH_MAX)), Ok(nested(DEPTH_MAX)));
        assert_eq!(canonical_of(&nested(DEPTH_MAX + 1)), Err(Flaw::TooDeep));
        let objects = format!("{}1{}", "{\"a\":".repeat(20_000), "}".repeat(20_000));
        assert_eq!(canonical_of(&objects), Err(Flaw::TooDeep));
        // Brackets in a text are no depth, also behind a quote in it; and what was closed is none any more.
        for flat in [
            format!("\"{}\"", "[{".repeat(DEPTH_MAX)),
            format!(r#"["\"{}"]"#, "[{".repeat(DEPTH_MAX)),
            format!("[{}[]]", "[],".repeat(DEPTH_MAX)),
        ] {
            assert!(canonical_of(&flat).is_ok(), "{flat}");
        }
    }

    #[test]
    fn strings_that_are_no_text_are_refused() {
        for text in [
            r#"["\ud800"]"#,
            r#"{"\udc00":1}"#,
            r#""a\u0000b""#,
            r#"{"\u0000":1}"#,
        ] {
            assert_eq!(canonical_of(text), Err(Flaw::BadString), "{text}");
        }
        assert_eq!(canonical_of(r#""\ud83d\ude00""#), Ok("\"😀\"".to_owned()));
    }
}
