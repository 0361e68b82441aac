//! Damage to text: what stands where numbers, words and separators stand.

use super::Mutator;

/// What a number is replaced by.
pub(super) const NUMBERS: &[&str] = &[
    "0",
    "-0",
    "1",
    "-1",
    "2",
    "9",
    "10",
    "00",
    "007",
    "0.1",
    "-0.1",
    ".5",
    "5.",
    "1e3",
    "1E+3",
    "1e-7",
    "1e999",
    "-1e999",
    "1e-999",
    "NaN",
    "Infinity",
    "-Infinity",
    "0x10",
    "255",
    "256",
    "65535",
    "65536",
    "2147483647",
    "2147483648",
    "-2147483649",
    "4294967295",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "340282366920938463463374607431768211455",
    "340282366920938463463374607431768211456",
    "99999999999999999999999999999999999999999999999999999999999999999999999999",
    "0.000000000000000000000000000000000000000000000000000000000000000000000000001",
    "1,5",
    "1 000",
    "1_000",
    "１２",
    "٣",
    "+1",
    "1.2.3",
    "1e1e1",
    "--1",
];

/// What is put in between.
pub(super) const WORDS: &[&str] = &[
    "",
    " ",
    "\0",
    "\n",
    "\r\n",
    "\t",
    "\u{feff}",
    "\u{202e}",
    "\u{200b}",
    "é",
    "🦀",
    "ß",
    "İ",
    "\u{1f468}\u{200d}\u{1f469}",
    "%00",
    "%2F",
    "%2e%2e%2f",
    "%",
    "%z",
    "%u0000",
    "../",
    "..\\",
    "\\",
    "\"",
    "'",
    "`",
    "<script>",
    "&",
    "=",
    "&&",
    "==",
    ";",
    "#",
    "?",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "[[",
    "a[]=",
    "null",
    "true",
    "undefined",
    "0x",
    "://",
    "@",
    "javascript:",
    "//",
    "+",
    "-",
    "*",
    "/*",
    "'/0'",
    "h",
    "<0;1>",
    "${HOME}",
    "{{7*7}}",
    "--",
    ",",
    ",,",
    ".",
    "..",
    ":",
    "::1",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "\u{ffff}",
    "\u{10ffff}",
    "A",
    "z",
    "~",
];

pub(super) fn damage(from: &mut Mutator, input: &mut Vec<u8>, other: &[u8]) {
    match from.below(9) {
        0 | 1 => number(from, input),
        2 => {
            let word = from.pick(WORDS);
            let at = from.range(input.len(), 3);
            input.splice(at, word.bytes());
        }
        3 => {
            // What is there, so many times.
            let copied = from.range(input.len(), 24);
            let at = copied.end;
            let copied = input[copied].repeat(1 + from.below(8) * from.below(60));
            input.splice(at..at, copied);
        }
        4 => drop(input.drain(from.range(input.len(), 24))),
        5 => {
            let at = from.range(input.len(), 16);
            if from.once_in(2) {
                input[at].make_ascii_uppercase();
            } else {
                input[at].make_ascii_lowercase();
            }
        }
        6 => line(from, input, other),
        7 => {
            // A part escaped, as in URLs.
            let at = from.range(input.len(), 4);
            let escaped: String = input[at.clone()]
                .iter()
                .map(|byte| format!("%{byte:02x}"))
                .collect();
            input.splice(at, escaped.into_bytes());
        }
        _ => {
            let word = from.pick(WORDS).repeat(1 + from.below(3) * from.below(400));
            let at = from.below(input.len() + 1);
            input.splice(at..at, word.into_bytes());
        }
    }
}

/// Puts another number in the place of a run of digits.
fn number(from: &mut Mutator, input: &mut Vec<u8>) {
    let start = from.below(input.len());
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let Some(found) = input[start..].iter().position(is_digit) else {
        return;
    };
    let start = start + found;
    let length = input[start..].iter().position(|byte| !is_digit(byte));
    let end = length.map_or(input.len(), |length| start + length);
    let number = from.pick(NUMBERS);
    input.splice(start..end, number.bytes());
}

/// Doubles, drops, moves or takes over a whole line or field.
fn line(from: &mut Mutator, input: &mut Vec<u8>, other: &[u8]) {
    let separator = from.pick(&[&b'\n', &b'&', &b',', &b';', &b' ', &b'/']);
    let mut parts: Vec<Vec<u8>> = input
        .split(|byte| byte == separator)
        .map(<[u8]>::to_vec)
        .collect();
    let others: Vec<&[u8]> = other.split(|byte| byte == separator).collect();
    let (one, two) = (from.below(parts.len()), from.below(parts.len()));
    match from.below(4) {
        0 => {
            let copied = parts[one].clone();
            parts.insert(two, copied);
        }
        1 => drop(parts.remove(one)),
        2 => parts.swap(one, two),
        _ => parts[one] = others[from.below(others.len())].to_vec(),
    }
    *input = parts.join(separator);
}
