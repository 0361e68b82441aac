//! How a store receives on a network: from a pool of addresses, at children of an account key, or at one address by
//! unique amounts.

use std::sync::Arc;

use super::ids::{ShopId, WalletId};
use super::money::BaseUnits;
use super::network::NetworkId;
use super::time::UnixMillis;

super::vocabulary! {
    /// How payments are told apart.
    Way, "way to receive" {
        /// Each open payment has an address of the pool to itself; addresses are used again after a rest.
        Pool = "pool",
        /// Each payment has a child address of an account key to itself, for ever.
        Xpub = "xpub",
        /// All payments go to one address; the exact amount tells them apart.
        Shared = "shared",
    }
}

/// How a store receives on a network, when it is not from the pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wallet {
    /// Row number.
    pub id: WalletId,
    /// The store.
    pub shop: ShopId,
    /// The network.
    pub network: NetworkId,
    /// How payments are told apart.
    pub way: Way,
    /// `xpub`: the account's descriptor or extended public key. `shared`: the address, in its canonical text.
    pub account: Arc<str>,
    /// `xpub`: the child that the next payment gets.
    pub next_index: u32,
    /// `shared`: how many amounts lie beside each other.
    pub slots: u32,
    /// `shared`: how far apart they are, in base units.
    pub slot_step: BaseUnits,
    /// When it was set up.
    pub created_at: UnixMillis,
    /// When it stopped being used for new payments, if it did.
    pub retired_at: Option<UnixMillis>,
    /// Whether payd wrote the row: one that was changed in the database is not paid to.
    pub is_authentic: bool,
}
