//! Electrum servers: headers, and the transactions of watched addresses, each proven by a merkle branch.

use crate::chain::WatchSet;
use crate::chain::bitcoin::header::RawHeader;
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::Trouble;
use crate::domain::address::Address;
use crate::domain::money::BaseUnits;
use crate::domain::transfer::BlockRef;

/// What is known of the Electrum servers of one network.
#[derive(Default)]
pub struct Electrum {}

impl Electrum {
    /// The server's highest block: its height, by the server's word, and its header, not verified.
    ///
    /// # Errors
    /// [`Trouble`] when it does not answer usefully.
    pub async fn tip(&self, _provider: &Provider) -> Result<(u64, RawHeader), Trouble> {
        Err(not_built_in())
    }

    /// The headers at `heights`, in order, not verified.
    ///
    /// # Errors
    /// [`Trouble`] when it does not answer usefully, of kind `Lag` where it has no such block.
    pub async fn headers(&self, _provider: &Provider, _heights: &[u64]) -> Result<Vec<RawHeader>, Trouble> {
        Err(not_built_in())
    }

    /// The raw transactions in the blocks of `headers` that pay a `watched` address, each with its block's height,
    /// in chain order; proven to be in that block by a merkle branch, not proven to be all.
    ///
    /// # Errors
    /// [`Trouble`] when it does not answer usefully; of kind `Lie` when a branch does not lead to the header.
    pub async fn transactions(
        &self,
        _provider: &Provider,
        _headers: &[(u64, RawHeader)],
        _watched: &WatchSet,
    ) -> Result<Vec<(u64, Vec<u8>)>, Trouble> {
        Err(not_built_in())
    }

    /// The raw transactions in the server's mempool that pay one of `expected`, each hashing to the id asked for.
    ///
    /// # Errors
    /// [`Trouble`] when it does not answer usefully.
    pub async fn unconfirmed(
        &self,
        _provider: &Provider,
        _expected: &WatchSet,
    ) -> Result<Vec<Vec<u8>>, Trouble> {
        Err(not_built_in())
    }

    /// The confirmed balance of each of `asked` right after the block `at`; `None` when `at` is not the server's tip.
    ///
    /// # Errors
    /// [`Trouble`] when it does not answer usefully.
    pub async fn balances(
        &self,
        _provider: &Provider,
        _at: &BlockRef,
        _asked: &[&Address],
    ) -> Result<Option<Vec<BaseUnits>>, Trouble> {
        Err(not_built_in())
    }

    /// Returns when a server has announced something new.
    pub async fn hint(&self) {
        std::future::pending::<()>().await;
    }

    /// What a person should know of the server, for `payd doctor`.
    ///
    /// # Errors
    /// [`Trouble`] when it does not answer usefully.
    pub async fn remarks(&self, _provider: &Provider) -> Result<Vec<String>, Trouble> {
        Err(not_built_in())
    }
}

fn not_built_in() -> Trouble {
    Trouble::down("not built in yet")
}
