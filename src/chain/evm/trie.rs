//! The root of a list in a Merkle-Patricia trie: the form in which a header commits to its transactions and
//! receipts (Ethereum yellow paper, appendix D; the keys are RLP-encoded indices).

use ethers_core::types::H256;
use ethers_core::utils::keccak256;

use super::rlp::Rlp;

/// The root over `values`, each under its index.
pub(super) fn ordered_root<V: AsRef<[u8]>>(values: &[V]) -> H256 {
    let mut entries: Vec<Entry<'_>> = values
        .iter()
        .enumerate()
        .map(|(index, value)| Entry {
            key: key(index),
            value: value.as_ref(),
        })
        .collect();
    entries.sort_unstable_by(|one, other| one.key.cmp(&other.key));
    let mut nodes = Rlp::default();
    node(&mut nodes, &entries, 0);
    H256(keccak256(nodes.since(0)))
}

struct Entry<'a> {
    key: Vec<u8>,
    value: &'a [u8],
}

impl Entry<'_> {
    /// The nibbles of the key below `depth`.
    fn rest(&self, depth: usize) -> &[u8] {
        self.key.get(depth..).unwrap_or_default()
    }
}

fn key(index: usize) -> Vec<u8> {
    let mut encoded = Rlp::default();
    encoded.number(index);
    let nibbles = encoded.since(0).iter();
    nibbles.flat_map(|byte| [byte >> 4, byte & 0x0f]).collect()
}

/// Writes the node over `entries`, which are sorted and agree in their first `depth` nibbles. No key is a prefix of
/// another: RLP is prefix-free. So no branch has a value of its own.
fn node(nodes: &mut Rlp, entries: &[Entry<'_>], depth: usize) {
    let (first, last) = match entries {
        [] => {
            nodes.bytes(&[]);
            return;
        }
        [only] => {
            return nodes.list(|leaf| {
                leaf.bytes(&hex_prefix(only.rest(depth), true)).bytes(only.value);
            });
        }
        [first, .., last] => (first, last),
    };
    let (low, high) = (first.rest(depth), last.rest(depth));
    let shared = low
        .iter()
        .zip(high)
        .take_while(|(one, other)| one == other)
        .count();
    if shared > 0 {
        let below = depth.saturating_add(shared);
        return nodes.list(|extension| {
            extension.bytes(&hex_prefix(low.get(..shared).unwrap_or_default(), false));
            child(extension, entries, below);
        });
    }
    nodes.list(|branch| {
        let mut left = entries;
        for nibble in 0..16 {
            let here = left
                .iter()
                .take_while(|entry| entry.rest(depth).first() == Some(&nibble))
                .count();
            let (children, others) = left.split_at(here);
            left = others;
            if children.is_empty() {
                branch.bytes(&[]);
            } else {
                child(branch, children, depth.saturating_add(1));
            }
        }
        branch.bytes(&[]);
    });
}

/// Writes the node over `entries` into its parent; by its hash, unless it is shorter than one.
fn child(parent: &mut Rlp, entries: &[Entry<'_>], depth: usize) {
    let start = parent.len();
    node(parent, entries, depth);
    let encoded = parent.since(start);
    if encoded.len() >= 32 {
        let hash = keccak256(encoded);
        parent.take_back(start);
        parent.bytes(&hash);
    }
}

/// Yellow paper, appendix C.
fn hex_prefix(path: &[u8], is_leaf: bool) -> Vec<u8> {
    let flag = if is_leaf { 2 } else { 0 };
    let mut padded = Vec::with_capacity(path.len().saturating_add(2));
    if path.len() % 2 == 1 {
        padded.push(flag | 1);
    } else {
        padded.extend([flag, 0]);
    }
    padded.extend_from_slice(path);
    padded
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |byte, nibble| (byte << 4) | nibble))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_of_nothing_is_the_well_known_one() {
        let root = format!("{:x}", ordered_root::<&[u8]>(&[]));
        assert_eq!(
            root,
            "56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"
        );
    }

    /// Computed with another implementation; values this short make nodes that stand in their parents.
    #[test]
    fn roots_agree_with_another_implementation() {
        for (count, root) in [
            (
                1,
                "ac92bc8d02906a87a573c32c72bb427036f0e43d7a7375c5c491ebba064add15",
            ),
            (
                2,
                "08693bf7194a9e5481f518cc27be677512d038ddfb72263e13f0663e299ce2d8",
            ),
            (
                20,
                "84d0b1e90b089fa3dcbc0d09a61c6118317cb5f07fdfccd57f82abd216cfd8c4",
            ),
            (
                200,
                "0bebf67ae7d6b9852d80feabd273b8a7b49b06ce31c5ad880ef115618d47fefa",
            ),
        ] {
            let values: Vec<Vec<u8>> = (0..count).map(|n: u8| vec![1 + n]).collect();
            assert_eq!(format!("{:x}", ordered_root(&values)), root, "{count}");
        }
    }

    #[test]
    fn the_root_depends_on_every_value_and_on_their_order() {
        for count in [1, 2, 16, 17, 127, 128, 129, 255, 256, 300] {
            let values: Vec<Vec<u8>> = (0..count)
                .map(|n: usize| vec![(n % 251) as u8; 1 + n % 70])
                .collect();
            let root = ordered_root(&values);
            for changed in [0, count / 2, count - 1] {
                let mut others = values.clone();
                others[changed].push(1);
                assert_ne!(ordered_root(&others), root, "{changed} of {count}");
            }
            assert_ne!(ordered_root(&values[1..]), root);
            assert_ne!(ordered_root(&values[..count - 1]), root);
            if count > 1 {
                let mut others = values.clone();
                others.swap(0, 1);
                assert_ne!(ordered_root(&others), root);
            }
        }
    }
}
