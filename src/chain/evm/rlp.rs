//! RLP, one item behind the other in one buffer (Ethereum yellow paper, appendix B): nothing is copied to be put into a
//! list, and no item has a buffer of its own.

use ethers_core::types::U256;

/// Encoded items.
#[derive(Debug, Default)]
pub(super) struct Rlp {
    out: Vec<u8>,
}

/// What the first byte of an item is above.
const TEXT: u8 = 0x80;
const LIST: u8 = 0xc0;
/// The longest item whose length fits into its first byte.
const SHORT_MAX: usize = 55;

impl Rlp {
    /// Writes bytes as they are, which are an item already or stand before one.
    pub(super) fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.out.extend_from_slice(bytes);
        self
    }

    /// Writes a byte string.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        match bytes {
            [single] if *single < TEXT => self.out.push(*single),
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

    /// Writes a list of what `items` writes.
    pub(super) fn list<T>(&mut self, items: impl FnOnce(&mut Self) -> T) -> T {
        let start = self.out.len();
        let written = items(self);
        let (head, length) = head(LIST, self.out.len().saturating_sub(start));
        self.raw(head.get(..length).unwrap_or_default());
        // To the front of what it is the head of.
        if let Some(list) = self.out.get_mut(start..) {
            list.rotate_right(length);
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

    /// Takes back what was written from `start` on.
    pub(super) fn take_back(&mut self, start: usize) {
        self.out.truncate(start);
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

    #[test]
    fn what_was_taken_back_leaves_no_trace() {
        let mut own = Rlp::default();
        own.bytes(&[1]);
        let start = own.len();
        own.bytes(&[2, 3]);
        assert_eq!(own.since(start), [0x82, 2, 3]);
        own.take_back(start);
        own.number(0).raw(&[9]);
        assert_eq!(own.pieces(&[1, 3]), [&[1][..], &[0x80, 9]]);
    }
}
