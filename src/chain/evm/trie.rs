//! The root of a list in a Merkle-Patricia trie: the form in which a header commits to its transactions and
//! receipts (Ethereum yellow paper, appendix D; the keys are RLP-encoded indices).

use ethers_core::types::H256;

use super::keccak;
use super::rlp::Rlp;

/// The root over `values`, each under its index.
pub(super) fn ordered_root<V: AsRef<[u8]>>(values: &[V]) -> H256 {
    let mut entries: Vec<(Key, &[u8])> = values
        .iter()
        .enumerate()
        .map(|(index, value)| (Key::of(index), value.as_ref()))
        .collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    // All leaves are hashed at once: none waits for another.
    let keys: Vec<Key> = entries.iter().map(|(key, _)| *key).collect();
    let values_bytes = entries.iter().map(|(_, value)| value.len()).sum::<usize>();
    let mut leaves = Nodes::with_capacity(entries.len(), values_bytes);
    for ((key, value), depth) in entries.iter().zip(leaf_depths(&keys)) {
        leaves.add(|out| {
            out.bytes(&hex_prefix(key.below(depth), true)).bytes(value);
        });
    }
    let leaves: Vec<Leaf> = keys.into_iter().zip(leaves.references()).collect();
    match leaves.as_slice() {
        [] => keccak::hash(&[0x80]),
        [(_, Reference::Hash(hash))] => *hash,
        [(_, Reference::Inline(node))] => keccak::hash(node),
        leaves => {
            let mut top = Nodes::default();
            add_node(&mut top, leaves, 0);
            keccak::hash(top.encoded.since(0))
        }
    }
}

/// The nibbles of an RLP-encoded index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    nibbles: [u8; Self::NIBBLES_MAX],
    count: usize,
}

impl Key {
    /// An index of eight bytes, and what stands before it.
    const NIBBLES_MAX: usize = 18;

    fn of(index: usize) -> Self {
        let mut encoded = Rlp::default();
        encoded.number(index);
        let mut key = Self {
            nibbles: [0; Self::NIBBLES_MAX],
            count: encoded.len().saturating_mul(2),
        };
        let nibbles = encoded.since(0).iter().flat_map(|byte| [byte >> 4, byte & 0x0f]);
        for (place, nibble) in key.nibbles.iter_mut().zip(nibbles) {
            *place = nibble;
        }
        key
    }

    /// The nibbles below `depth`.
    fn below(&self, depth: usize) -> &[u8] {
        self.nibbles.get(depth..self.count).unwrap_or_default()
    }

    /// How many nibbles both begin with.
    fn shared(&self, other: &Self) -> usize {
        let pairs = self.below(0).iter().zip(other.below(0));
        pairs.take_while(|(one, other)| one == other).count()
    }
}

/// For each of `keys`, which are sorted, how many of its nibbles lead to its leaf: one more than it shares with any
/// other. No key is a prefix of another: RLP is prefix-free. So no branch has a value of its own.
fn leaf_depths(keys: &[Key]) -> impl Iterator<Item = usize> {
    let shared = |pair: &[Key]| match pair {
        [one, next] => one.shared(next).saturating_add(1),
        _ => 0,
    };
    let with_next = keys.windows(2).map(shared).chain([0]);
    let with_last = [0].into_iter().chain(keys.windows(2).map(shared));
    with_next.zip(with_last).map(|(next, last)| next.max(last))
}

/// How a node stands in its parent: by its hash, unless it is shorter than one.
#[derive(Clone)]
enum Reference {
    Hash(H256),
    Inline(Box<[u8]>),
}

impl Reference {
    fn write(&self, parent: &mut Rlp) {
        match self {
            Self::Hash(hash) => parent.bytes(&hash.0),
            Self::Inline(node) => parent.raw(node),
        };
    }
}

/// A leaf's key, and how it stands in its parent.
type Leaf = (Key, Reference);

/// Nodes that do not hold one another.
#[derive(Default)]
struct Nodes {
    encoded: Rlp,
    ends: Vec<usize>,
}

impl Nodes {
    /// Room for so many leaves, of which all values together take so many bytes.
    fn with_capacity(count: usize, values_bytes: usize) -> Self {
        /// What a leaf takes besides its value: its path and two lengths.
        const BESIDE_BYTES: usize = 16;
        Self {
            encoded: Rlp::with_capacity(count.saturating_mul(BESIDE_BYTES).saturating_add(values_bytes)),
            ends: Vec::with_capacity(count),
        }
    }

    /// Adds a node of the items that `items` writes.
    fn add(&mut self, items: impl FnOnce(&mut Rlp)) {
        self.encoded.list(items);
        self.ends.push(self.encoded.len());
    }

    /// How each stands in its parent.
    fn references(&self) -> Vec<Reference> {
        let nodes = self.encoded.pieces(&self.ends);
        let long: Vec<&[u8]> = nodes.iter().copied().filter(|node| node.len() >= 32).collect();
        let mut hashes = keccak::hashes(&long).into_iter();
        nodes
            .into_iter()
            .map(|node| match node.len() {
                32.. => Reference::Hash(hashes.next().unwrap_or_default()),
                _ => Reference::Inline(node.into()),
            })
            .collect()
    }
}

/// Adds the node over `leaves`, of which there are two at least, and which agree in their first `depth` nibbles.
fn add_node(nodes: &mut Nodes, leaves: &[Leaf], depth: usize) {
    let [(low, _), .., (high, _)] = leaves else {
        return;
    };
    let split = low.shared(high);
    let shared = split
        .checked_sub(depth)
        .and_then(|count| low.below(depth).get(..count));
    let Some(shared) = shared.filter(|shared| !shared.is_empty()) else {
        return add_branch(nodes, leaves, depth);
    };
    let mut branch = Nodes::default();
    add_branch(&mut branch, leaves, split);
    nodes.add(|extension| {
        extension.bytes(&hex_prefix(shared, false));
        branch
            .references()
            .iter()
            .for_each(|branch| branch.write(extension));
    });
}

/// Adds the branch at which `leaves`, which agree in their first `depth` nibbles and in no more, part.
fn add_branch(nodes: &mut Nodes, leaves: &[Leaf], depth: usize) {
    let nibble = |leaf: &Leaf| leaf.0.below(depth).first().copied();
    let children = || leaves.chunk_by(|one, next| nibble(one) == nibble(next));
    let mut deeper = Nodes::default();
    for child in children().filter(|child| child.len() > 1) {
        add_node(&mut deeper, child, depth.saturating_add(1));
    }
    let (deeper, mut children) = (deeper.references(), children().peekable());
    let mut deeper = deeper.iter();
    nodes.add(|branch| {
        for place in 0..16 {
            let here = children.next_if(|child| child.first().and_then(nibble) == Some(place));
            let child = match here {
                None => None,
                Some([(_, leaf)]) => Some(leaf),
                Some(_) => deeper.next(),
            };
            match child {
                Some(child) => child.write(branch),
                None => _ = branch.bytes(&[]),
            }
        }
        branch.bytes(&[]);
    });
}

/// Yellow paper, appendix C.
fn hex_prefix(path: &[u8], is_leaf: bool) -> Vec<u8> {
    let flag = if is_leaf { 2 } else { 0 };
    let mut packed = Vec::with_capacity(path.len().saturating_add(2) / 2);
    let (odd, even) = path.split_at(path.len() % 2);
    packed.push(match odd {
        [nibble] => (flag | 1) << 4 | nibble,
        _ => flag << 4,
    });
    let (pairs, _) = even.as_chunks::<2>();
    packed.extend(pairs.iter().map(|[high, low]| high << 4 | low));
    packed
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
