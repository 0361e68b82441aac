//! Keccak-256 of many messages at once: a block is proven by well over a thousand hashes, and none of most of them waits
//! for another. Several are computed side by side, one in each part of the processor's widest registers (AVX2, AVX-512);
//! where it has none, one after the other.
//!
//! <https://keccak.team/files/Keccak-reference-3.0.pdf>; padded as Ethereum does, with 0x01.

use ethers_core::types::H256;
use ethers_core::utils::keccak256;

/// The bytes that one permutation takes in, for a hash of 256 bits.
const RATE: usize = 136;

/// The hash of `message`.
pub(super) fn hash(message: &[u8]) -> H256 {
    H256(keccak256(message))
}

/// The hashes of `messages`, in their order.
pub(super) fn hashes(messages: &[&[u8]]) -> Vec<H256> {
    #[cfg(target_arch = "x86_64")]
    if messages.len() > 1 {
        if let Some(wide) = pulp::x86::V4::try_new() {
            return side_by_side(messages, |states| x86::permute_eight(wide, states));
        }
        if let Some(wide) = pulp::x86::V3::try_new() {
            return side_by_side(messages, |states| x86::permute_four(wide, states));
        }
    }
    messages.iter().map(|message| hash(message)).collect()
}

/// The states of so many hashes: of each word of the state, that of each hash.
type States<const LANES: usize> = [[u64; LANES]; 25];

/// A hash under way.
#[derive(Clone, Copy)]
struct Lane<'a> {
    /// Whose hash it is.
    place: usize,
    /// What is still to be taken in.
    left: &'a [u8],
    is_padded: bool,
}

/// Computes the hashes with so many under way; `permute` is Keccak-f\[1600\] of each.
#[expect(
    clippy::indexing_slicing,
    reason = "lanes are counted up to their number, and places are those of the messages"
)]
fn side_by_side<const LANES: usize>(messages: &[&[u8]], permute: impl Fn(&mut States<LANES>)) -> Vec<H256> {
    let mut hashes = vec![H256::zero(); messages.len()];
    let mut waiting = messages.iter().enumerate();
    let mut states = [[0; LANES]; 25];
    let mut lanes: [Option<Lane<'_>>; LANES] = [None; LANES];
    loop {
        for number in 0..LANES {
            if lanes[number].is_none() {
                lanes[number] = waiting.next().map(|(place, message)| Lane {
                    place,
                    left: message,
                    is_padded: false,
                });
                states.iter_mut().for_each(|words| words[number] = 0);
            }
            if let Some(lane) = &mut lanes[number] {
                let mut last = [0; RATE];
                let (words, _) = lane.next_block(&mut last).as_chunks::<8>();
                for (mixed, word) in states.iter_mut().zip(words) {
                    mixed[number] ^= u64::from_le_bytes(*word);
                }
            }
        }
        if lanes.iter().all(Option::is_none) {
            return hashes;
        }
        permute(&mut states);
        for number in 0..LANES {
            if let Some(done) = lanes[number].take_if(|lane| lane.is_padded) {
                let (words, _) = hashes[done.place].0.as_chunks_mut::<8>();
                for (word, mixed) in words.iter_mut().zip(&states) {
                    *word = mixed[number].to_le_bytes();
                }
            }
        }
    }
}

impl<'a> Lane<'a> {
    /// What the next permutation takes in; the last of it is put together in `last`, which is all zeros.
    fn next_block<'b>(&mut self, last: &'b mut [u8; RATE]) -> &'b [u8; RATE]
    where
        'a: 'b,
    {
        if let Some((block, left)) = self.left.split_first_chunk::<RATE>() {
            self.left = left;
            return block;
        }
        self.is_padded = true;
        // Less than a block is left, so there is room for what follows it.
        for (to, from) in last.iter_mut().zip(self.left.iter().chain(&[0x01])) {
            *to = *from;
        }
        let [.., end] = last;
        *end |= 0x80;
        last
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    //! The permutation, in registers of several words.

    use std::arch::x86_64::{__m256i, __m512i};

    use pulp::NullaryFnOnce;
    use pulp::x86::{V3, V4};

    use super::States;

    /// What is added in each round.
    const ROUNDS: [u64; 24] = [
        0x0000_0000_0000_0001,
        0x0000_0000_0000_8082,
        0x8000_0000_0000_808a,
        0x8000_0000_8000_8000,
        0x0000_0000_0000_808b,
        0x0000_0000_8000_0001,
        0x8000_0000_8000_8081,
        0x8000_0000_0000_8009,
        0x0000_0000_0000_008a,
        0x0000_0000_0000_0088,
        0x0000_0000_8000_8009,
        0x0000_0000_8000_000a,
        0x0000_0000_8000_808b,
        0x8000_0000_0000_008b,
        0x8000_0000_0000_8089,
        0x8000_0000_0000_8003,
        0x8000_0000_0000_8002,
        0x8000_0000_0000_0080,
        0x0000_0000_0000_800a,
        0x8000_0000_8000_000a,
        0x8000_0000_8000_8081,
        0x8000_0000_0000_8080,
        0x0000_0000_8000_0001,
        0x8000_0000_8000_8008,
    ];

    /// What a processor does with several words at once.
    trait Wide: Copy {
        type Words: Copy;
        fn of(self, word: u64) -> Self::Words;
        fn xor(self, a: Self::Words, b: Self::Words) -> Self::Words;
        /// Rotated by `LEFT`, which with `RIGHT` makes 64.
        fn rotated<const LEFT: i32, const RIGHT: i32>(self, a: Self::Words) -> Self::Words;
        /// `a ^ (!b & c)`.
        fn chi(self, a: Self::Words, b: Self::Words, c: Self::Words) -> Self::Words;
    }

    impl Wide for V3 {
        type Words = __m256i;

        #[inline(always)]
        fn of(self, word: u64) -> __m256i {
            pulp::cast([word; 4])
        }

        #[inline(always)]
        fn xor(self, a: __m256i, b: __m256i) -> __m256i {
            self.avx2._mm256_xor_si256(a, b)
        }

        #[inline(always)]
        fn rotated<const LEFT: i32, const RIGHT: i32>(self, a: __m256i) -> __m256i {
            let left = self.avx2._mm256_slli_epi64::<LEFT>(a);
            self.avx2
                ._mm256_or_si256(left, self.avx2._mm256_srli_epi64::<RIGHT>(a))
        }

        #[inline(always)]
        fn chi(self, a: __m256i, b: __m256i, c: __m256i) -> __m256i {
            self.xor(a, self.avx2._mm256_andnot_si256(b, c))
        }
    }

    impl Wide for V4 {
        type Words = __m512i;

        #[inline(always)]
        fn of(self, word: u64) -> __m512i {
            pulp::cast([word; 8])
        }

        #[inline(always)]
        fn xor(self, a: __m512i, b: __m512i) -> __m512i {
            self.avx512f._mm512_xor_epi64(a, b)
        }

        #[inline(always)]
        fn rotated<const LEFT: i32, const RIGHT: i32>(self, a: __m512i) -> __m512i {
            self.avx512f._mm512_rol_epi64::<LEFT>(a)
        }

        #[inline(always)]
        fn chi(self, a: __m512i, b: __m512i, c: __m512i) -> __m512i {
            self.xor(a, self.xor(c, self.avx512f._mm512_and_epi64(b, c)))
        }
    }

    pub(super) fn permute_four(wide: V3, states: &mut States<4>) {
        let mut words = states.map(pulp::cast);
        wide.vectorize(Permutation(wide, &mut words));
        *states = words.map(pulp::cast);
    }

    pub(super) fn permute_eight(wide: V4, states: &mut States<8>) {
        let mut words = states.map(pulp::cast);
        wide.vectorize(Permutation(wide, &mut words));
        *states = words.map(pulp::cast);
    }

    struct Permutation<'a, W: Wide>(W, &'a mut [W::Words; 25]);

    impl<W: Wide> NullaryFnOnce for Permutation<'_, W> {
        type Output = ();

        #[inline(always)]
        fn call(self) {
            let Self(wide, states) = self;
            let mut state = *states;
            for constant in ROUNDS {
                state = round(wide, &state, constant);
            }
            *states = state;
        }
    }

    /// One round; theta, rho and pi, chi, iota. Word `x + 5 y` is that of column `x` and row `y`.
    #[inline(always)]
    fn round<W: Wide>(wide: W, a: &[W::Words; 25], constant: u64) -> [W::Words; 25] {
        macro_rules! column {
            ($x:literal) => {
                wide.xor(
                    wide.xor(wide.xor(a[$x], a[$x + 5]), wide.xor(a[$x + 10], a[$x + 15])),
                    a[$x + 20],
                )
            };
        }
        let c = [column!(0), column!(1), column!(2), column!(3), column!(4)];
        macro_rules! beside {
            ($before:literal, $after:literal) => {
                wide.xor(c[$before], wide.rotated::<1, 63>(c[$after]))
            };
        }
        let d = [
            beside!(4, 1),
            beside!(0, 2),
            beside!(1, 3),
            beside!(2, 4),
            beside!(3, 0),
        ];
        macro_rules! moved {
            ($from:literal, $by:literal) => {
                wide.rotated::<$by, { 64 - $by }>(wide.xor(a[$from], d[$from % 5]))
            };
        }
        // Closures would not be compiled for the wide registers.
        macro_rules! row {
            ($v:expr, $w:expr, $x:expr, $y:expr, $z:expr) => {{
                let (v, w, x, y, z) = ($v, $w, $x, $y, $z);
                [
                    wide.chi(v, w, x),
                    wide.chi(w, x, y),
                    wide.chi(x, y, z),
                    wide.chi(y, z, v),
                    wide.chi(z, v, w),
                ]
            }};
        }
        let unmoved = wide.xor(a[0], d[0]);
        let [p0, p1, p2, p3, p4] = row!(
            unmoved,
            moved!(6, 44),
            moved!(12, 43),
            moved!(18, 21),
            moved!(24, 14)
        );
        let [q0, q1, q2, q3, q4] = row!(
            moved!(3, 28),
            moved!(9, 20),
            moved!(10, 3),
            moved!(16, 45),
            moved!(22, 61)
        );
        let [r0, r1, r2, r3, r4] = row!(
            moved!(1, 1),
            moved!(7, 6),
            moved!(13, 25),
            moved!(19, 8),
            moved!(20, 18)
        );
        let [s0, s1, s2, s3, s4] = row!(
            moved!(4, 27),
            moved!(5, 36),
            moved!(11, 10),
            moved!(17, 15),
            moved!(23, 56)
        );
        let [t0, t1, t2, t3, t4] = row!(
            moved!(2, 62),
            moved!(8, 55),
            moved!(14, 39),
            moved!(15, 41),
            moved!(21, 2)
        );
        let first = wide.xor(p0, wide.of(constant));
        [
            first, p1, p2, p3, p4, q0, q1, q2, q3, q4, r0, r1, r2, r3, r4, s0, s1, s2, s3, s4, t0, t1, t2,
            t3, t4,
        ]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one_by_one(messages: &[&[u8]]) -> Vec<H256> {
        messages.iter().map(|message| hash(message)).collect()
    }

    #[test]
    fn the_hash_of_nothing_is_the_well_known_one() {
        let nothing = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";
        for hash in hashes(&[&[][..]; 20]).into_iter().chain([hash(&[])]) {
            assert_eq!(format!("{hash:x}"), nothing);
        }
    }

    #[test]
    fn messages_of_every_length_about_what_a_permutation_takes_are_hashed_as_if_alone() {
        let bytes: Vec<u8> = (0..600_u32).map(|number| (number % 251) as u8).collect();
        let messages: Vec<&[u8]> = (0..600).map(|length| &bytes[..length]).collect();
        assert_eq!(hashes(&messages), one_by_one(&messages));
    }

    proptest! {
        #[test]
        fn messages_of_any_lengths_are_hashed_as_if_alone(
            messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..900), 0..30)
        ) {
            let messages: Vec<&[u8]> = messages.iter().map(Vec::as_slice).collect();
            prop_assert_eq!(hashes(&messages), one_by_one(&messages));
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn a_processor_of_either_width_hashes_as_any_other() {
        let bytes = [7; 500];
        let messages: Vec<&[u8]> = (0..40).map(|number| &bytes[..(number * 97) % 500]).collect();
        if let Some(wide) = pulp::x86::V3::try_new() {
            let four = side_by_side(&messages, |states| x86::permute_four(wide, states));
            assert_eq!(four, one_by_one(&messages));
        }
        if let Some(wide) = pulp::x86::V4::try_new() {
            let eight = side_by_side(&messages, |states| x86::permute_eight(wide, states));
            assert_eq!(eight, one_by_one(&messages));
        }
    }
}
