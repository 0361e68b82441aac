//! Proof that a merchant holds the key of a receive address: a text that payd sets, signed by a wallet.
//!
//! Knows nothing of what follows from a proof. It asks no node, so that what only a contract could answer for
//! (EIP-1271) cannot be proved.

mod account;
mod bip322;
mod recovered;
#[cfg(test)]
pub(crate) mod signing;
#[cfg(test)]
pub(super) mod tests;

use crate::domain::address::Address;
use crate::domain::network::Family;
use crate::domain::proof::Proof;
use crate::domain::time::UnixMillis;

/// Signatures of wallets with several keys are the longest.
const SIGNATURE_BYTES_MAX: usize = 16 * 1024;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// For so many days after it was shown, a text is taken.
const DAYS: i64 = 30;

/// Why a signature proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OwnershipError {
    /// No signature in any form that the network's wallets write.
    #[error("this is no signature as {wanted}; copy what your wallet shows, whole")]
    Malformed {
        /// What would be one.
        wanted: &'static str,
    },
    /// A signature, of something else.
    #[error(
        "this signature was not made with the key of {address} over exactly this text. Copy the text as it is shown, \
         and sign with the address itself; {advice}"
    )]
    Mismatch {
        /// The address.
        address: String,
        /// What else it can be.
        advice: &'static str,
    },
    /// A signature that anybody could have made from another one (EIP-2).
    #[error("the second half of this signature is too high (EIP-2), which no wallet writes; sign again")]
    HighS,
    /// TRON's first way of signing, which signs the text as if it were a transaction's hash.
    #[error(
        "this was signed in TRON's old way (signMessage); sign it with signMessageV2, which wallets call \"sign \
         message\""
    )]
    OldTron,
    /// Scripts that no signature of one message can speak for.
    #[error(
        "for an address of this kind payd reads BIP-322 signatures only; sign with a wallet that writes them, or leave \
         the address unproved"
    )]
    Unsupported,
}

/// The text to sign: it names the store, the address and the day, so that a signature serves nobody else and no
/// other purpose.
#[must_use]
pub fn challenge(store_name: &str, address: &Address, at: UnixMillis) -> String {
    let store: String = store_name
        .chars()
        .map(|char| if char.is_control() { ' ' } else { char })
        .collect();
    format!(
        "payd: the store \"{store}\" receives payments at {address} ({}). This moves no money.",
        day(at)
    )
}

fn day(at: UnixMillis) -> String {
    at.utc()
        .map_or_else(|| at.get().to_string(), |at| at.date().to_string())
}

/// Checks the signature of a [`challenge`] that was shown on one of the last 30 days.
///
/// # Errors
/// As [`verify`].
pub fn verify_challenge(
    family: Family,
    store_name: &str,
    address: &Address,
    now: UnixMillis,
    signature: &str,
) -> Result<Proof, OwnershipError> {
    // Tomorrow too: days begin at different times around the world.
    let days_ago = std::iter::once(0).chain([-1]).chain(1..=DAYS);
    let mut outcome = Err(malformed(false));
    for days in days_ago {
        let shown_at = UnixMillis::new(now.get().saturating_sub(days.saturating_mul(DAY_MS)));
        outcome = verify(
            family,
            address,
            &challenge(store_name, address, shown_at),
            signature,
        );
        if !matches!(outcome, Err(OwnershipError::Mismatch { .. })) {
            break;
        }
    }
    outcome
}

/// Checks that `signature` was made over `message` with the key of `address`.
///
/// Bitcoin-like networks: BIP-137 signed messages in base64, whatever kind of address their first byte names as long
/// as the key is the address's; BIP-322, simple and full. EVM chains: EIP-191 `personal_sign` in hexadecimal. TRON:
/// `signMessageV2` in hexadecimal.
///
/// # Errors
/// [`OwnershipError`], each with what to do.
pub fn verify(
    family: Family,
    address: &Address,
    message: &str,
    signature: &str,
) -> Result<Proof, OwnershipError> {
    let signature = signature.trim();
    let is_bitcoin_like = matches!(family, Family::Bitcoin(_) | Family::Litecoin(_));
    if signature.len() > SIGNATURE_BYTES_MAX {
        return Err(malformed(is_bitcoin_like));
    }
    match family {
        Family::Bitcoin(_) => by_script("Bitcoin Signed Message:\n", address, message, signature),
        Family::Litecoin(_) => by_script("Litecoin Signed Message:\n", address, message, signature),
        Family::Evm { .. } => account::verify_evm(address, message, signature),
        Family::Tron => account::verify_tron(address, message, signature),
    }
}

fn by_script(
    title: &str,
    address: &Address,
    message: &str,
    signature: &str,
) -> Result<Proof, OwnershipError> {
    use base64::Engine as _;
    let text = bip322::without_prefix(signature);
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(text)
        .map_err(|_| malformed(true))?;
    match <&[u8; 65]>::try_from(bytes.as_slice()) {
        Ok(compact) if recovered::is_header(compact) => recovered::verify(title, address, message, compact),
        _ => bip322::verify(address, message, &bytes),
    }
}

const fn malformed(is_bitcoin_like: bool) -> OwnershipError {
    OwnershipError::Malformed {
        wanted: if is_bitcoin_like {
            "wallets write them for this network (base64)"
        } else {
            "wallets write them for this network (0x and 130 hexadecimal digits)"
        },
    }
}

fn mismatch(address: &Address, advice: &'static str) -> OwnershipError {
    OwnershipError::Mismatch {
        address: address.to_string(),
        advice,
    }
}
