//! The proof of work: whether a header is worth what its chain asks for.
//!
//! What a provider that lies can do on a main chain, and what it costs:
//! - withhold blocks: nothing; the tips of two are compared, and the longer branch is read from whoever has it;
//! - make up a block on top of one that is known: as much as mining one, because the target is inherited from the
//!   parent, and eases fourfold at most every 2016 blocks;
//! - make up a chain for a payd that knows no block yet, or a lone header when it walks back through a
//!   reorganisation: a proof of work at the chain's floor for each block, on Bitcoin some 5e21 hashes (most of a year
//!   for one machine of 200 TH/s), on Litecoin some 4e15 (days for one of 16 GH/s). A second provider does not have
//!   that chain: nothing of it becomes paid, because the quorum does not agree;
//! - name a real block by a wrong height: nothing; the block's coinbase tells the height when it is read, and so does
//!   that of a tip that does not stand on a known block. An Electrum server is asked for the coinbase and its branch
//!   where its blocks do not stand on known ones; a header of the newest blocks is taken only from the branch of the
//!   highest tip.
//!
//! On test chains proofs of work are cheap, and prove little.

use super::header::{Hash, RawHeader};
use super::params::{ChainRules, RETARGET_INTERVAL};
use crate::chain::providers::trouble::Trouble;

/// A target: 256 bits, most significant byte first.
type Target = [u8; 32];

/// Checks `header`, said to be at `height`, by itself: its hash meets its own target, and the target is one that the
/// chain can have there.
///
/// # Errors
/// [`Trouble`] of a lie.
pub fn check(rules: ChainRules, height: u64, header: &RawHeader) -> Result<(), Trouble> {
    let unproven = |finding: &str| Trouble::lie(format!("block {height} {finding}"));
    let target = target(header.bits()).ok_or_else(|| unproven("has no valid target of its proof of work"))?;
    let floor = rules.floor().filter(|(from, _)| height >= *from);
    let easiest = floor.map_or(rules.easiest_bits(), |(_, bits)| bits);
    // Both are constants of the chain; the shortest target, if ever they were not valid, refuses everything.
    if target > self::target(easiest).unwrap_or_default() {
        return Err(unproven("has an easier proof of work than the chain ever had"));
    }
    if rules.work_hash(header).reversed() > target {
        return Err(unproven("has no proof of work"));
    }
    Ok(())
}

/// Checks that the target of `header` at `height` is one that may follow its parent's.
///
/// # Errors
/// [`Trouble`] of a lie.
pub fn check_step(
    rules: ChainRules,
    height: u64,
    header: &RawHeader,
    parent_bits: u32,
) -> Result<(), Trouble> {
    if !rules.is_retargeted() || header.bits() == parent_bits {
        return Ok(());
    }
    let unearned = || {
        Trouble::lie(format!(
            "block {height} has a difficulty that cannot follow its parent's"
        ))
    };
    if height.checked_rem(RETARGET_INTERVAL) != Some(0) {
        return Err(unearned());
    }
    let (target, parent) = target(header.bits())
        .zip(target(parent_bits))
        .ok_or_else(unearned)?;
    // Harder is the liar's own loss; easier is limited to a factor of four.
    if target > quadruple(&parent) {
        return Err(unearned());
    }
    Ok(())
}

/// The target that `bits` stand for: one byte of length, three of digits. `None` where they stand for none.
fn target(bits: u32) -> Option<Target> {
    let [length, digits @ ..] = bits.to_be_bytes();
    let is_negative = digits.first()? & 0x80 != 0;
    if is_negative || digits == [0; 3] {
        return None;
    }
    let mut target = [0; 32];
    let end = 32_usize.checked_sub(usize::from(length));
    for (place, digit) in digits.into_iter().enumerate() {
        // The first digit is the most significant one of a number of `length` bytes.
        let at = match end {
            Some(end) => end.checked_add(place),
            None => place.checked_sub(usize::from(length).checked_sub(32)?),
        };
        match at.and_then(|at| target.get_mut(at)) {
            Some(byte) => *byte = digit,
            // Above the number's range nothing may be lost; below it, what is lost is less than one.
            None if end.is_none() && digit != 0 => return None,
            None => {}
        }
    }
    (target != [0; 32]).then_some(target)
}

/// Four times `target`, at most the largest there is.
fn quadruple(target: &Target) -> Target {
    let mut product = [0; 32];
    let mut carry = 0_u16;
    for (byte, quarter) in product.iter_mut().zip(target).rev() {
        let [high, low] = u16::from(*quarter)
            .saturating_mul(4)
            .saturating_add(carry)
            .to_be_bytes();
        *byte = low;
        carry = u16::from(high);
    }
    if carry == 0 { product } else { [u8::MAX; 32] }
}

/// What is remembered of blocks that were verified: the height that their children follow, and the difficulty that
/// they inherit.
#[derive(Debug, Default)]
pub struct Lineage {
    known: std::collections::VecDeque<(Hash, Ancestor)>,
}

/// A block that was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ancestor {
    /// Its height, proven by its coinbase or its ancestors.
    pub height: u64,
    /// Its target in the short form.
    pub bits: u32,
    /// The block below it.
    pub parent: Hash,
}

impl Lineage {
    const BLOCKS_MAX: usize = 64;

    /// Remembers a verified header.
    pub fn remember(&mut self, height: u64, header: &RawHeader) {
        let hash = header.hash();
        if self.of(&hash).is_some() {
            return;
        }
        if self.known.len() >= Self::BLOCKS_MAX {
            self.known.pop_front();
        }
        let (bits, parent) = (header.bits(), header.parent());
        self.known.push_back((hash, Ancestor { height, bits, parent }));
    }

    /// The block `hash`, when it is remembered.
    #[must_use]
    pub fn of(&self, hash: &Hash) -> Option<Ancestor> {
        let mut known = self.known.iter();
        known
            .find(|(known, _)| known == hash)
            .map(|(_, ancestor)| *ancestor)
    }
}
