//! What chains say: one interface, a module per family of networks.
//!
//! Never imports the store: a source reports what it read, the engine decides what to keep.

pub mod accounts;
pub mod bitcoin;
mod digits;
pub mod evm;
#[cfg(test)]
mod fuzz;
pub mod jsonrpc;
pub mod ownership;
pub mod pool;
pub mod providers;
pub mod simulated;
pub mod tron;
mod watched;

use std::collections::HashSet;
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;

use self::providers::ProviderHealth;
pub use self::watched::WatchSet;
use crate::domain::address::Address;
use crate::domain::asset::{Asset, Currency};
use crate::domain::money::BaseUnits;
use crate::domain::time::UnixMillis;
use crate::domain::transfer::{BlockRef, SeenTransfer, UnconfirmedTransfer};

/// A chain, read through whatever providers it is configured with.
///
/// Costs a constant number of calls per block, however many addresses are watched.
pub trait ChainSource: Send + Sync + 'static {
    /// The highest block that may be read.
    fn tip(&self) -> BoxFuture<'_, Result<BlockRef, ChainError>>;

    /// The header at `height` on the chain as it is now; for walking back to a common ancestor.
    fn header(&self, height: u64) -> BoxFuture<'_, Result<Header, ChainError>>;

    /// Every block of `heights`, read completely, with the transfers in it to `watched` addresses.
    ///
    /// An answer has one header per height, in order, each linked to the one before by its parent hash; what
    /// the source is set to prove from the headers has been. Anything less is an error, never a shorter answer; but
    /// where transfers are not proven, one that every node that was asked leaves out is not noticed.
    fn read<'a>(
        &'a self,
        heights: RangeInclusive<u64>,
        watched: &'a WatchSet,
    ) -> BoxFuture<'a, Result<Blocks, ChainError>>;

    /// The most heights one [`Self::read`] should ask for; shrinks as providers' limits are learnt.
    fn range_max(&self) -> u64;

    /// Whether the configured quorum of providers has `hash` at `height` on its chain.
    fn agrees<'a>(&'a self, height: u64, hash: &'a str) -> BoxFuture<'a, Result<bool, ChainError>>;

    /// Whether the configured quorum of providers says that `hash` at `height` can no longer leave the chain; asked of
    /// the blocks that hold money, besides [`Self::agrees`]. Always so where a chain does not tell.
    fn is_final<'a>(&'a self, _height: u64, _hash: &'a str) -> BoxFuture<'a, Result<bool, ChainError>> {
        Box::pin(async { Ok(true) })
    }

    /// What waits in the mempool for a block and pays one of `expected`, the addresses of payments that are open; as
    /// many of them as one look takes, others the next time. `None` where this chain, or none of its providers, can be
    /// asked.
    ///
    /// What is missing from an answer is not proven to be gone: a node keeps or drops what it likes.
    fn unconfirmed<'a>(
        &'a self,
        _expected: &'a WatchSet,
    ) -> BoxFuture<'a, Result<Option<Mempool>, ChainError>> {
        Box::pin(async { Ok(None) })
    }

    /// Reads blocks as [`Self::read`] does, by another provider than the one that is read from first; for the second
    /// look at what is final. `None` where there is no other.
    fn read_again<'a>(
        &'a self,
        _heights: RangeInclusive<u64>,
        _watched: &'a WatchSet,
    ) -> BoxFuture<'a, Result<Option<Blocks>, ChainError>> {
        Box::pin(async { Ok(None) })
    }

    /// The balance of each of `asked` (an address and a currency) right after the block `at`, in the order asked;
    /// `None` where this chain's providers cannot say, or no longer for so old a block.
    fn balances<'a>(
        &'a self,
        _at: &'a BlockRef,
        _asked: &'a [(Address, Currency)],
    ) -> BoxFuture<'a, Result<Option<Vec<BaseUnits>>, ChainError>> {
        Box::pin(async { Ok(None) })
    }

    /// On whose word it rests what [`Self::balances`] gives; nothing proves a balance.
    fn balances_assurance(&self) -> Assurance {
        Assurance::OneProvider
    }

    /// On whose word it rests that what [`Self::read`] gives was made.
    fn assurance(&self) -> Assurance;

    /// Returns when a provider has said by itself that there is something new. Only ever a reason to look sooner:
    /// nothing depends on it, and it need never come.
    fn hint(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::pending())
    }

    /// How each provider does, in the order of preference; nothing where there are none.
    fn providers(&self) -> Vec<ProviderHealth> {
        Vec::new()
    }

    /// Checks what must hold before a chain is trusted with money: the chain id, the tokens' decimals, the calls
    /// that will be needed. One finding per provider.
    fn probe(&self) -> BoxFuture<'_, Vec<ProviderReport>>;
}

/// A block header, as far as payd keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The block.
    pub block: BlockRef,
    /// The hash of the block below it.
    pub parent_hash: Arc<str>,
}

/// What was read of a range of heights.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Blocks {
    /// One per height, in order.
    pub headers: Vec<Header>,
    /// Transfers to watched addresses, in chain order; never of zero value.
    pub transfers: Vec<SeenTransfer>,
}

/// What one look at the mempool found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mempool {
    /// Money that waits for a block.
    pub transfers: Vec<UnconfirmedTransfer>,
    /// The addresses that were looked for, in their canonical text: a look may be at some of them only.
    pub looked_at: HashSet<Arc<str>>,
}

/// On whose word it rests that a transfer that was read was made. (That none was left out is a matter of its own: where
/// that cannot be proven, a second provider is asked where there is one.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assurance {
    /// One provider's word: it could make up a transfer.
    OneProvider,
    /// Two providers of different operators said the same.
    TwoProviders,
    /// Recomputed from the header of a block that two providers have, or that took work: whoever served it, nothing can
    /// be made up.
    Proven,
}

/// What `payd doctor` and the start-up probe learnt of one provider.
#[derive(Debug, Clone)]
pub struct ProviderReport {
    /// The provider's host, without any key that its URL may hold.
    pub host: String,
    /// Which chain it serves, by that chain's own name for itself: an EIP-155 id, a genesis hash.
    pub chain: Option<String>,
    /// Its highest block, when it answered.
    pub height: Option<u64>,
    /// When that block was made, by its own timestamp.
    pub block_time: Option<UnixMillis>,
    /// How long it took to answer.
    pub latency: Option<Duration>,
    /// What it can do, as name and value in a few words: `batches`, `yes`. In the order to show.
    pub features: Vec<(&'static str, String)>,
    /// Findings that keep it from being used, each with what to do about it.
    pub faults: Vec<String>,
    /// Findings that a person should know, such as a missing feature.
    pub remarks: Vec<String>,
}

impl ProviderReport {
    /// A report of the provider at `host` in which nothing is known yet.
    #[must_use]
    pub fn of(host: &str) -> Self {
        Self {
            host: host.to_owned(),
            chain: None,
            height: None,
            block_time: None,
            latency: None,
            features: Vec::new(),
            faults: Vec::new(),
            remarks: Vec::new(),
        }
    }
}

/// What to tell of a token whose contract does not have the decimals that are configured; `on_chain` is `None` where
/// nothing answers as a token does.
fn wrong_decimals(asset: &Asset, contract: &str, on_chain: Option<&dyn fmt::Display>) -> String {
    let says = on_chain.map_or_else(
        || "is no token".to_owned(),
        |decimals| format!("has {decimals} decimals"),
    );
    format!(
        "the contract {contract} of {0} {says}, configured are {1} decimals: correct `contract` or `decimals`, or switch \
         the token off with `[networks.{2}.tokens.{0}] enabled = false`",
        asset.currency, asset.decimals, asset.network
    )
}

/// Why a chain could not be read. The cursor stays where it is.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ChainError {
    /// No provider answered usefully; the reasons, without keys.
    #[error("no provider of {network} could be used: {reasons}")]
    Unavailable {
        /// The network.
        network: String,
        /// One reason per provider.
        reasons: String,
    },
    /// The block is not there yet, or no longer: a lagging node or a reorganisation under way.
    #[error("block {height} of {network} is not there yet")]
    NotThere {
        /// The network.
        network: String,
        /// The height asked for.
        height: u64,
    },
    /// The range must be smaller; [`ChainSource::range_max`] has learnt it.
    #[error("the range of blocks is too large for the providers of {network}")]
    RangeTooLarge {
        /// The network.
        network: String,
    },
    /// Configuration and chain contradict each other: wrong chain id, wrong decimals.
    #[error("{network} is not what the configuration says: {finding}")]
    WrongChain {
        /// The network.
        network: String,
        /// What differs, and what to do.
        finding: String,
    },
}
