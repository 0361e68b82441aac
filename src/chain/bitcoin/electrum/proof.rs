//! That a transaction is in a block: the branch of the merkle tree from its id to the root in the block's header.

use serde::Deserialize;

use crate::chain::bitcoin::header::Hash;

/// More levels than the tree of any block has.
const LEVELS_MAX: usize = 24;

/// A branch as servers give it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Branch {
    /// The height of the block.
    pub(super) block_height: u64,
    /// The nodes beside the way up, lowest first.
    pub(super) merkle: Vec<Hash>,
    /// The transaction's place in the block.
    pub(super) pos: u64,
}

impl Branch {
    /// Whether the branch leads from `txid` to `root`.
    ///
    /// An inner node of the tree has 64 bytes: a transaction of that size could be one passed off as a transaction, and
    /// is not to be asked about.
    pub(super) fn leads(&self, txid: Hash, root: Hash) -> bool {
        if self.merkle.len() > LEVELS_MAX || self.pos.checked_shr(levels(self.merkle.len())) != Some(0) {
            return false;
        }
        let mut node = txid;
        let mut pos = self.pos;
        for beside in &self.merkle {
            node = match pos & 1 {
                0 => Hash::of(&[&node.0, &beside.0]),
                // A node is its own neighbour only at the right edge, where it is the left one of the pair.
                _ if *beside == node => return false,
                _ => Hash::of(&[&beside.0, &node.0]),
            };
            pos >>= 1;
        }
        node == root
    }
}

fn levels(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(number: u8) -> Hash {
        Hash([number; 32])
    }

    fn node(left: Hash, right: Hash) -> Hash {
        Hash::of(&[&left.0, &right.0])
    }

    #[test]
    fn a_branch_leads_from_its_own_place_to_the_root_and_from_no_other() {
        let [a, b, c] = [hash(1), hash(2), hash(3)];
        let (left, right) = (node(a, b), node(c, c));
        let root = node(left, right);
        let branch = |merkle: &[Hash], pos| Branch {
            block_height: 7,
            merkle: merkle.to_vec(),
            pos,
        };
        assert!(branch(&[b, right], 0).leads(a, root));
        assert!(branch(&[a, right], 1).leads(b, root));
        assert!(branch(&[c, left], 2).leads(c, root));
        assert!(branch(&[], 0).leads(a, a));
        // Its own copy is not a second transaction.
        assert!(!branch(&[c, left], 3).leads(c, root));
        assert!(!branch(&[b, right], 1).leads(a, root));
        assert!(!branch(&[b, right], 4).leads(a, root));
        assert!(!branch(&[b, right], u64::MAX).leads(a, root));
        assert!(!branch(&[], 0).leads(a, root));
        assert!(!branch(&[b], 0).leads(a, root));
        assert!(!branch(&vec![b; 25], 0).leads(a, root));
        assert!(!branch(&vec![b; 70], 0).leads(a, root));
    }
}
