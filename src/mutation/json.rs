//! Damage to JSON as text, so that it can say what no parsed value holds: keys twice, numbers that are none, depths.

use std::ops::Range;

use super::Mutator;
use super::tokens::{NUMBERS, WORDS};

/// Values that are put in the place of others.
const VALUES: &[&str] = &[
    "null",
    "true",
    "false",
    "\"\"",
    "[]",
    "{}",
    "[null]",
    "{\"\":null}",
    "\"0x\"",
    "\"0x0\"",
    "\"0x00\"",
    "\"0X1\"",
    "\"0x1\"",
    "\"0xffffffffffffffff\"",
    "\"0x10000000000000000\"",
    "\"0xg\"",
    "\"-0x1\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\u202e\"",
    "\"\\\"\"",
    "\"latest\"",
    "nul",
    "tru",
    "\"",
    "'a'",
    "undefined",
    "\"🦀\"",
    "\" 1\"",
    "\"1 \"",
    "\"NaN\"",
    "[[]]",
    "{}{}",
];

pub(super) fn is_like(input: &[u8]) -> bool {
    let first = input.iter().find(|byte| !byte.is_ascii_whitespace());
    matches!(first, Some(b'{' | b'['))
}

/// A value, and with it the key before it where it has one.
struct Found {
    value: Range<usize>,
    key: Option<Range<usize>>,
}

pub(super) fn damage(from: &mut Mutator, input: &mut Vec<u8>) {
    let found = values(input);
    if found.is_empty() {
        return;
    }
    let one = &found[from.below(found.len())];
    let two = &found[from.below(found.len())];
    let whole = one.key.as_ref().map_or(one.value.start, |key| key.start)..one.value.end;
    match from.below(12) {
        0 | 1 => replace(input, &one.value, from.pick(VALUES)),
        2 | 3 => {
            let number = from.pick(NUMBERS);
            let number = if from.once_in(2) {
                number.to_owned()
            } else {
                format!("\"{number}\"")
            };
            replace(input, &one.value, &number);
        }
        4 => {
            // Said twice, the second time something else now and then.
            let mut again = input[whole.clone()].to_vec();
            if from.once_in(2) {
                let end = one.value.start - whole.start;
                again.truncate(end);
                again.extend(from.pick(VALUES).bytes());
            }
            again.insert(0, b',');
            input.splice(whole.end..whole.end, again);
        }
        5 => {
            // Left out, with its comma.
            let end = whole.end + usize::from(input.get(whole.end) == Some(&b','));
            let has_comma = end > whole.end;
            let start =
                whole.start - usize::from(!has_comma && whole.start > 0 && input[whole.start - 1] == b',');
            input.drain(start..end);
        }
        6 | 7 => {
            // What stands in one place, in another.
            let value = input[two.value.clone()].to_vec();
            input.splice(one.value.clone(), value);
        }
        8 => {
            if let Some(key) = &one.key {
                let word = from.pick(WORDS);
                let at = key.start + 1 + from.below(key.len());
                input.splice(at..at, word.bytes());
            }
        }
        9 => {
            let depth = 1 + from.below(3) * from.below(3000);
            let (open, close) = [("[", "]"), ("{\"a\":", "}")][from.below(2)];
            let value = String::from_utf8_lossy(&input[one.value.clone()]).into_owned();
            replace(
                input,
                &one.value,
                &format!("{}{value}{}", open.repeat(depth), close.repeat(depth)),
            );
        }
        10 => {
            // Within a string.
            if input[one.value.start] == b'"' && one.value.len() > 2 {
                let mut text = input[one.value.start + 1..one.value.end - 1].to_vec();
                super::tokens::damage(from, &mut text, &[]);
                input.splice(one.value.start + 1..one.value.end - 1, text);
            }
        }
        _ => {
            // A list grows by what it has.
            let value = input[one.value.clone()].to_vec();
            let times = 1 + from.below(4) * from.below(100);
            let more: Vec<u8> = std::iter::repeat_n([b",".as_slice(), &value].concat(), times)
                .flatten()
                .collect();
            input.splice(one.value.end..one.value.end, more.into_iter().take(100_000));
        }
    }
}

fn replace(input: &mut Vec<u8>, at: &Range<usize>, with: &str) {
    input.splice(at.clone(), with.bytes());
}

/// Where values stand, as far as the text is JSON; also in what is only nearly so.
fn values(input: &[u8]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut open: Vec<(usize, Option<Range<usize>>)> = Vec::new();
    let mut key = None;
    let mut at = 0;
    while at < input.len() {
        match input[at] {
            b'{' | b'[' => {
                open.push((at, key.take()));
                at += 1;
            }
            b'}' | b']' => {
                at += 1;
                if let Some((start, key)) = open.pop() {
                    found.push(Found {
                        value: start..at,
                        key,
                    });
                }
                key = None;
            }
            b'"' => {
                let end = string_end(input, at);
                let after = input[end..].iter().position(|byte| !byte.is_ascii_whitespace());
                if after.is_some_and(|after| input[end + after] == b':') {
                    key = Some(at..end);
                } else {
                    found.push(Found {
                        value: at..end,
                        key: key.take(),
                    });
                }
                at = end;
            }
            b',' | b':' | b' ' | b'\n' | b'\t' | b'\r' => at += 1,
            _ => {
                let is_end = |byte: &u8| b",:{}[]\" \n\r\t".contains(byte);
                let length = input[at..]
                    .iter()
                    .position(is_end)
                    .unwrap_or(input.len() - at)
                    .max(1);
                found.push(Found {
                    value: at..at + length,
                    key: key.take(),
                });
                at += length;
            }
        }
    }
    found
}

fn string_end(input: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < input.len() {
        match input[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    input.len()
}
