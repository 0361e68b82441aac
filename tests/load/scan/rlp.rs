//! RLP, keccak and the ordered trie, as far as blocks have to be made: written apart from what payd checks them with.

use serde_json::Value;

pub(crate) fn keccak(bytes: &[u8]) -> [u8; 32] {
    ethers_core::utils::keccak256(bytes)
}

pub(crate) fn hex0x(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

/// The bytes of a `0x` text.
pub(crate) fn data(value: &Value) -> Vec<u8> {
    let digits = value.as_str().unwrap().strip_prefix("0x").unwrap();
    if digits.len() % 2 == 1 {
        return hex::decode(format!("0{digits}")).unwrap();
    }
    hex::decode(digits).unwrap()
}

/// The bytes of a number, without leading zeros.
pub(crate) fn number(value: &Value) -> Vec<u8> {
    data(value).into_iter().skip_while(|byte| *byte == 0).collect()
}

fn head(out: &mut Vec<u8>, base: u8, length: usize) {
    if length < 56 {
        out.push(base + length as u8);
        return;
    }
    let digits: Vec<u8> = length
        .to_be_bytes()
        .into_iter()
        .skip_while(|byte| *byte == 0)
        .collect();
    out.push(base + 55 + digits.len() as u8);
    out.extend(digits);
}

pub(crate) fn text(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 9);
    if bytes.len() != 1 || bytes[0] >= 0x80 {
        head(&mut out, 0x80, bytes.len());
    }
    out.extend_from_slice(bytes);
    out
}

pub(crate) fn list(items: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    head(&mut out, 0xc0, items.iter().map(Vec::len).sum());
    out.extend(items.concat());
    out
}

/// The root over `values` by their index, and every input of a hash on the way.
pub(crate) fn ordered_root(values: &[Vec<u8>]) -> ([u8; 32], Vec<Vec<u8>>) {
    let mut entries: Vec<(Vec<u8>, &[u8])> = (0_usize..)
        .zip(values)
        .map(|(index, value)| {
            let digits: Vec<u8> = index
                .to_be_bytes()
                .into_iter()
                .skip_while(|byte| *byte == 0)
                .collect();
            let nibbles = text(&digits)
                .iter()
                .flat_map(|byte| [byte >> 4, byte & 15])
                .collect();
            (nibbles, value.as_slice())
        })
        .collect();
    entries.sort();
    let mut hashed = Vec::new();
    let top = node(&entries, 0, &mut hashed);
    let root = keccak(&top);
    hashed.push(top);
    (root, hashed)
}

fn node(entries: &[(Vec<u8>, &[u8])], depth: usize, hashed: &mut Vec<Vec<u8>>) -> Vec<u8> {
    match entries {
        [] => return vec![0x80],
        [(key, value)] => return list(&[text(&path(&key[depth..], 2)), text(value)]),
        _ => {}
    }
    let (low, high) = (&entries[0].0[depth..], &entries[entries.len() - 1].0[depth..]);
    let shared = low
        .iter()
        .zip(high)
        .take_while(|(one, other)| one == other)
        .count();
    if shared > 0 {
        let below = child(entries, depth + shared, hashed);
        return list(&[text(&path(&low[..shared], 0)), below]);
    }
    let mut items: Vec<Vec<u8>> = (0..16)
        .map(|nibble| {
            let of: Vec<_> = entries
                .iter()
                .filter(|(key, _)| key[depth] == nibble)
                .cloned()
                .collect();
            if of.is_empty() {
                vec![0x80]
            } else {
                child(&of, depth + 1, hashed)
            }
        })
        .collect();
    items.push(vec![0x80]);
    list(&items)
}

fn child(entries: &[(Vec<u8>, &[u8])], depth: usize, hashed: &mut Vec<Vec<u8>>) -> Vec<u8> {
    let inner = node(entries, depth, hashed);
    if inner.len() < 32 {
        return inner;
    }
    let hash = text(&keccak(&inner));
    hashed.push(inner);
    hash
}

fn path(nibbles: &[u8], flag: u8) -> Vec<u8> {
    let mut padded = if nibbles.len() % 2 == 1 {
        vec![flag | 1]
    } else {
        vec![flag, 0]
    };
    padded.extend_from_slice(nibbles);
    padded.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
