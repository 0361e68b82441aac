//! Hexadecimal digits to bytes, at the speed at which blocks come: a block of two megabytes is four million digits.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// The bytes that `text` stands for, two digits for each in either case; `None` for anything else, also behind `0x`.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0; text.len() / 2];
    decode_into(text, &mut bytes)?;
    Some(bytes)
}

/// Fills `bytes` with what `text` stands for; `None` unless these are just as many.
pub(super) fn decode_into(text: &str, bytes: &mut [u8]) -> Option<()> {
    let digits = text.as_bytes();
    // The decoder passes over a `0x`.
    let is_whole = bytes.len().checked_mul(2) == Some(digits.len()) && !digits.starts_with(b"0x");
    is_whole.then(|| const_hex::decode_to_slice(digits, bytes).ok())?
}

/// The number that `text` stands for, of one to 64 digits, behind `0x` or not: its 32 bytes, the most significant first,
/// and how many zeros they begin with.
pub(super) fn number(text: &str) -> Option<([u8; 32], usize)> {
    let digits = text.strip_prefix("0x").unwrap_or(text).as_bytes();
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    let (leading, significant) = digits.split_at_checked(zeros)?;
    if leading.is_empty() && significant.is_empty() {
        return None;
    }
    let mut padded = [b'0'; 64];
    let place = 64_usize
        .checked_sub(digits.len())
        .map(|free| free.saturating_add(zeros))?;
    padded.get_mut(place..)?.copy_from_slice(significant);
    let (mut bytes, begin) = ([0; 32], place / 2);
    const_hex::decode_to_slice(padded.get(begin.checked_mul(2)?..)?, bytes.get_mut(begin..)?).ok()?;
    Some((bytes, begin))
}

/// A text of a reply, where it stands there.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
pub(super) struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// Bytes that are written in hexadecimal, with or without `0x` before them. Decoded from the reply itself: no text is
/// made of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct HexBytes(pub(super) Vec<u8>);

impl fmt::Debug for HexBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for HexBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;
        impl Visitor<'_> for Digits {
            type Value = HexBytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("hexadecimal digits")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<HexBytes, E> {
                let digits = text.strip_prefix("0x").unwrap_or(text);
                let bytes = decode(digits).ok_or_else(|| E::custom("not hexadecimal digits"))?;
                Ok(HexBytes(bytes))
            }
        }
        deserializer.deserialize_str(Digits)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_digits_in_pairs_are_bytes() {
        for text in ["0", "0g", "0x", "0x00", "0x0", " 00", "00 ", "+1", "é"] {
            assert_eq!(decode(text), None, "{text}");
        }
        assert_eq!(decode(""), Some(Vec::new()));
        assert_eq!(decode("00fFAb"), Some(vec![0, 0xff, 0xab]));
        assert_eq!(decode_into("00", &mut [0; 2]), None);
        assert_eq!(decode_into("000000", &mut [0; 2]), None);
    }

    #[test]
    fn a_reply_may_write_bytes_with_a_prefix() {
        for text in [r#""0xab""#, r#""ab""#, r#""\u0061b""#] {
            let read: HexBytes = serde_json::from_str(text).unwrap();
            assert_eq!(read.0, [0xab]);
        }
        for text in [r#""0x0xab""#, r#""0xabc""#, "171", "null"] {
            assert!(serde_json::from_str::<HexBytes>(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn bytes_of_any_length_are_read_as_another_decoder_reads_them(bytes: Vec<u8>) {
            prop_assert_eq!(decode(&hex::encode(&bytes)), Some(bytes));
        }

        #[test]
        fn any_text_is_read_as_another_decoder_reads_it(text in "[0-9a-fA-F]{0,70}|.{0,40}") {
            prop_assert_eq!(decode(&text), hex::decode(&text).ok());
        }
    }
}
