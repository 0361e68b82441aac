//! The few corners of the Solidity ABI that the rig's calls need: a selector and 32-byte words.

use sha3::{Digest, Keccak256};

/// One ABI word.
pub type Word = [u8; 32];

/// An amount or another unsigned number.
pub fn number(value: u128) -> Word {
    let mut word = [0; 32];
    word[16..].copy_from_slice(&value.to_be_bytes());
    word
}

/// A 20-byte address from its hex form.
pub fn address(text: &str) -> Word {
    let bytes = hex::decode(text.trim_start_matches("0x")).expect("an address in hex");
    let mut word = [0; 32];
    word[12..].copy_from_slice(&bytes);
    word
}

/// The call data of `signature`, such as `transfer(address,uint256)`.
pub fn call(signature: &str, arguments: &[Word]) -> String {
    let selector = &Keccak256::digest(signature.as_bytes())[..4];
    format!("0x{}{}", hex::encode(selector), hex::encode(arguments.concat()))
}

/// The arguments `(string, uint8)`, as the token's constructor takes them.
///
/// # Panics
/// For a text of more than one word.
pub fn text_and_number(text: &str, value: u8) -> String {
    assert!(text.len() <= 32, "{text} is longer than a word");
    let mut padded = [0; 32];
    padded[..text.len()].copy_from_slice(text.as_bytes());
    // The text lies behind the two head words, its length first.
    let words = [
        number(64),
        number(u128::from(value)),
        number(text.len() as u128),
        padded,
    ];
    hex::encode(words.concat())
}

/// A number from a JSON-RPC quantity or data word.
pub fn parse_number(text: &str) -> u128 {
    let digits = text.trim_start_matches("0x").trim_start_matches('0');
    if digits.is_empty() {
        0
    } else {
        u128::from_str_radix(digits, 16).expect("a hex number of at most 128 bits")
    }
}
