//! RLP, one item behind the other in one buffer (Ethereum yellow paper, appendix B): nothing is copied to be put into a
//! list, and no item has a buffer of its own.

use ethers_core::types::U256;

use crate::chain::digits;

/// Encoded items.
#[derive(Debug, Default)]
pub(super) struct Rlp {
    out: Vec<u8>,
}

/// A text that is no bytes or no number in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not hexadecimal digits")]
pub(super) struct NotDigits;

/// What the first byte of an item is above.
const TEXT: u8 = 0x80;
const LIST: u8 = 0xc0;
/// The longest item whose length fits into its first byte.
const SHORT_MAX: usize = 55;

impl Rlp {
    /// Room for so many bytes.
    pub(super) fn with_capacity(length: usize) -> Self {
        Self {
            out: Vec::with_capacity(length),
        }
    }

    /// Writes bytes as they are, which are an item already or stand before one.
    pub(super) fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.out.extend_from_slice(bytes);
        self
    }

    /// Writes a byte string.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        match bytes {
            [single] if *single < TEXT => self.out.push(*single),
            short if short.len() <= SHORT_MAX => {
                // No more than 55.
                let length = u8::try_from(short.len()).unwrap_or_default();
                self.out.push(TEXT.saturating_add(length));
                self.out.extend_from_slice(short);
            }
            _ => {
                let (head, length) = head(TEXT, bytes.len());
                self.raw(head.get(..length).unwrap_or_default()).raw(bytes);
            }
        }
        self
    }

    /// Writes a number: its bytes without leading zeros.
    pub(super) fn number(&mut self, number: impl Into<U256>) -> &mut Self {
        let mut digits = [0; 32];
        number.into().to_big_endian(&mut digits);
        let zeros = digits.iter().take_while(|byte| **byte == 0).count();
        self.bytes(digits.get(zeros..).unwrap_or_default())
    }

    /// Writes the byte string that `text` stands for, two digits for each byte.
    ///
    /// # Errors
    /// [`NotDigits`] when it stands for none.
    pub(super) fn digits(&mut self, text: &str) -> Result<&mut Self, NotDigits> {
        let digits = text.strip_prefix("0x").unwrap_or(text);
        let length = digits.len() / 2;
        if length == 1 {
            let mut single = [0];
            digits::decode_into(digits, &mut single).ok_or(NotDigits)?;
            return Ok(self.bytes(&single));
        }
        let (head, head_length) = head(TEXT, length);
        self.raw(head.get(..head_length).unwrap_or_default());
        let start = self.out.len();
        self.out.resize(start.saturating_add(length), 0);
        let place = self.out.get_mut(start..).unwrap_or_default();
        digits::decode_into(digits, place).ok_or(NotDigits)?;
        Ok(self)
    }

    /// Writes the number that `text` stands for, of at most 64 digits.
    ///
    /// # Errors
    /// [`NotDigits`] when it stands for none.
    pub(super) fn quantity(&mut self, text: &str) -> Result<&mut Self, NotDigits> {
        let (number, zeros) = digits::number(text).ok_or(NotDigits)?;
        Ok(self.bytes(number.get(zeros..).unwrap_or_default()))
    }

    /// Everything that was written.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// Writes a list of what `items` writes.
    pub(super) fn list<T>(&mut self, items: impl FnOnce(&mut Self) -> T) -> T {
        /// What stands before a list of 256 bytes to 64 KiB, as most long ones are: those are not moved again.
        const LIKELY: usize = 3;
        let start = self.out.len();
        let begin = start.saturating_add(LIKELY);
        self.out.resize(begin, 0);
        let written = items(self);
        let end = self.out.len();
        let (head, length) = head(LIST, end.saturating_sub(begin));
        let after_head = start.saturating_add(length);
        if length > LIKELY {
            self.out
                .resize(end.saturating_add(length.saturating_sub(LIKELY)), 0);
        }
        if length != LIKELY {
            self.out.copy_within(begin..end, after_head);
            self.out
                .truncate(after_head.saturating_add(end.saturating_sub(begin)));
        }
        if let Some(place) = self.out.get_mut(start..after_head) {
            place.copy_from_slice(head.get(..length).unwrap_or_default());
        }
        written
    }

    /// How much was written.
    pub(super) fn len(&self) -> usize {
        self.out.len()
    }

    /// What was written from `start` on.
    pub(super) fn since(&self, start: usize) -> &[u8] {
        self.out.get(start..).unwrap_or_default()
    }

    /// Everything, in pieces that end at `ends`.
    pub(super) fn pieces(&self, ends: &[usize]) -> Vec<&[u8]> {
        let starts = std::iter::once(0).chain(ends.iter().copied());
        starts
            .zip(ends)
            .map(|(start, end)| self.out.get(start..*end).unwrap_or_default())
            .collect()
    }
}

/// What stands before an item of `length` bytes, and how many bytes of it count.
fn head(kind: u8, length: usize) -> ([u8; 9], usize) {
    let mut head = [0; 9];
    let [first, digits @ ..] = &mut head;
    if let Some(short) = u8::try_from(length).ok().filter(|_| length <= SHORT_MAX) {
        *first = kind.saturating_add(short);
        return (head, 1);
    }
    let whole = length.to_be_bytes();
    let zeros = whole.iter().take_while(|byte| **byte == 0).count();
    let counted = whole.get(zeros..).unwrap_or_default();
    // One to eight.
    let count = u8::try_from(counted.len()).unwrap_or_default();
    *first = kind.saturating_add(55).saturating_add(count);
    for (to, digit) in digits.iter_mut().zip(counted) {
        *to = *digit;
    }
    (head, counted.len().saturating_add(1))
}

#[cfg(test)]
mod tests {
    use ethers_core::utils::rlp::RlpStream;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn items_are_written_as_another_encoder_writes_them(
            texts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..5),
            long in prop::sample::select(vec![0_usize, 1, 54, 55, 56, 57, 255, 256, 70_000]),
            number: [u64; 4],
            bits in 0_usize..256,
        ) {
            let number = U256(number) >> bits;
            let long = vec![7; long];
            let mut own = Rlp::default();
            own.list(|list| {
                list.number(number).bytes(&long);
                list.list(|inner| texts.iter().for_each(|text| { inner.bytes(text); }));
            });
            let mut others = RlpStream::new_list(3);
            others.append(&number).append(&long);
            others.begin_list(texts.len());
            texts.iter().for_each(|text| { others.append(text); });
            prop_assert_eq!(own.since(0), &others.out()[..]);
        }
    }

    proptest! {
        #[test]
        fn a_text_is_written_as_the_bytes_it_stands_for(bytes: Vec<u8>, prefixed: bool) {
            let text = format!("{}{}", if prefixed { "0x" } else { "" }, hex::encode(&bytes));
            let (mut own, mut others) = (Rlp::default(), Rlp::default());
            own.digits(&text).unwrap();
            others.bytes(&bytes);
            prop_assert_eq!(own.since(0), others.since(0));
        }

        #[test]
        fn a_text_is_written_as_the_number_it_stands_for(number: [u64; 4], bits in 0_usize..257, zeros in 0_usize..3) {
            let number = U256(number) >> bits;
            let digits = format!("{}{number:x}", "0".repeat(zeros));
            let mut own = Rlp::default();
            let written = own.quantity(&format!("0x{digits}")).map(|_| ());
            if digits.len() > 64 {
                prop_assert_eq!(written, Err(NotDigits));
            } else {
                let mut others = Rlp::default();
                others.number(number);
                prop_assert_eq!(own.since(0), others.since(0));
            }
        }
    }

    #[test]
    fn a_text_of_anything_else_is_neither_bytes_nor_a_number() {
        for text in ["0x0", "0xg0", "0x0x", "0x 0", "0x+1", "0x000g"] {
            assert_eq!(Rlp::default().digits(text).map(|_| ()), Err(NotDigits), "{text}");
        }
        for text in ["", "0x", "0xg", "0x0x1", "0x 1", "0x+1", "0x-1"] {
            assert_eq!(
                Rlp::default().quantity(text).map(|_| ()),
                Err(NotDigits),
                "{text}"
            );
        }
    }

    #[test]
    fn what_was_written_is_given_back_in_pieces() {
        let mut own = Rlp::default();
        own.bytes(&[1]);
        own.number(0).raw(&[9]);
        assert_eq!(own.pieces(&[1, 3]), [&[1][..], &[0x80, 9]]);
    }
}
