//! The chains of test mode: blocks follow from the clock, their content from a ledger of what was told to happen.
//!
//! Read through the same interface as real chains, so that test payments take the same way through the engine.
//! Keeps no state: the same clock and ledger give the same chain after a restart.

pub mod address;

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sha2::{Digest, Sha256};

use super::{Assurance, Blocks, ChainError, ChainSource, Header, ProviderReport, WatchSet};
use crate::ambient::Clock;
use crate::domain::address::Address;
use crate::domain::asset::Currency;
use crate::domain::money::BaseUnits;
use crate::domain::network::Network;
use crate::domain::time::UnixMillis;
use crate::domain::transfer::{BlockRef, SeenTransfer};

/// The block at height 0 was made at 2025-01-01T00:00:00Z.
const GENESIS: UnixMillis = UnixMillis::from_seconds(1_735_689_600);

/// Heights read at once.
const RANGE_MAX: u64 = 20_000;

/// The heights of a simulated chain over time.
#[derive(Debug, Clone, Copy)]
pub struct Timetable {
    block_time: Duration,
}

impl Timetable {
    /// The timetable of a simulated network.
    #[must_use]
    pub fn of(network: &Network) -> Self {
        Self {
            block_time: network.block_time.max(Duration::from_millis(1)),
        }
    }

    /// The highest block at `now`.
    #[must_use]
    pub fn height_at(self, now: UnixMillis) -> u64 {
        let blocks = now
            .since(GENESIS)
            .as_millis()
            .checked_div(self.block_time.as_millis());
        u64::try_from(blocks.unwrap_or(0)).unwrap_or(u64::MAX)
    }

    /// When the block at `height` was made.
    #[must_use]
    pub fn time_of(self, height: u64) -> UnixMillis {
        let millis = u64::try_from(self.block_time.as_millis())
            .unwrap_or(u64::MAX)
            .saturating_mul(height);
        GENESIS.plus(Duration::from_millis(millis))
    }
}

/// What a simulated chain was told to hold.
pub trait Ledger: Send + Sync + 'static {
    /// The transfers in a range of heights, in chain order.
    fn transfers(
        &self,
        heights: RangeInclusive<u64>,
    ) -> BoxFuture<'_, Result<Vec<LedgerTransfer>, LedgerError>>;

    /// The heights from which blocks were replaced, in the order it happened.
    fn reorgs(&self) -> BoxFuture<'_, Result<Vec<u64>, LedgerError>>;
}

/// A transfer in the ledger.
#[derive(Debug, Clone)]
pub struct LedgerTransfer {
    /// The height of its block.
    pub height: u64,
    /// Its transaction.
    pub txid: Arc<str>,
    /// What moves.
    pub currency: Currency,
    /// Where to, in canonical text.
    pub address: Arc<str>,
    /// How much.
    pub amount: BaseUnits,
}

/// The ledger could not be read.
#[derive(Debug, thiserror::Error)]
#[error("the ledger of the simulated chain could not be read")]
pub struct LedgerError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// A simulated chain.
pub struct SimulatedSource {
    network: Arc<Network>,
    timetable: Timetable,
    clock: Arc<dyn Clock>,
    ledger: Box<dyn Ledger>,
}

impl SimulatedSource {
    /// The simulated chain of `network` over `ledger`.
    #[must_use]
    pub fn new(network: Arc<Network>, clock: Arc<dyn Clock>, ledger: Box<dyn Ledger>) -> Self {
        Self {
            timetable: Timetable::of(&network),
            network,
            clock,
            ledger,
        }
    }

    async fn reorgs(&self) -> Result<Vec<u64>, ChainError> {
        self.ledger
            .reorgs()
            .await
            .map_err(|error| self.unavailable(&error))
    }

    fn unavailable(&self, error: &LedgerError) -> ChainError {
        ChainError::Unavailable {
            network: self.network.id.to_string(),
            reasons: error.to_string(),
        }
    }

    fn block(&self, height: u64, reorgs: &[u64]) -> BlockRef {
        BlockRef {
            height,
            hash: self.hash(height, reorgs),
            time: self.timetable.time_of(height),
        }
    }

    /// A hash that every replacement of this height changes.
    fn hash(&self, height: u64, reorgs: &[u64]) -> Arc<str> {
        let branch = reorgs
            .iter()
            .rposition(|from| *from <= height)
            .map_or(0, |last| last.saturating_add(1));
        let mut hasher = Sha256::new();
        hasher.update(self.network.id.as_str());
        hasher.update(height.to_be_bytes());
        hasher.update(u64::try_from(branch).unwrap_or(u64::MAX).to_be_bytes());
        hex::encode(hasher.finalize()).into()
    }

    fn header_of(&self, height: u64, reorgs: &[u64]) -> Header {
        Header {
            block: self.block(height, reorgs),
            parent_hash: self.hash(height.saturating_sub(1), reorgs),
        }
    }

    fn not_there(&self, height: u64) -> ChainError {
        ChainError::NotThere {
            network: self.network.id.to_string(),
            height,
        }
    }

    fn seen(&self, transfer: LedgerTransfer, watched: &WatchSet, reorgs: &[u64]) -> Option<SeenTransfer> {
        let address = Address::parse(self.network.family, &transfer.address).ok()?;
        Some(SeenTransfer {
            txid: transfer.txid,
            position: 0,
            currency: transfer.currency,
            address: watched.get(address.payload())?,
            amount: transfer.amount,
            block: self.block(transfer.height, reorgs),
        })
    }
}

impl ChainSource for SimulatedSource {
    fn tip(&self) -> BoxFuture<'_, Result<BlockRef, ChainError>> {
        Box::pin(async { Ok(self.block(self.timetable.height_at(self.clock.now()), &self.reorgs().await?)) })
    }

    fn header(&self, height: u64) -> BoxFuture<'_, Result<Header, ChainError>> {
        Box::pin(async move {
            if height > self.timetable.height_at(self.clock.now()) {
                return Err(self.not_there(height));
            }
            Ok(self.header_of(height, &self.reorgs().await?))
        })
    }

    fn read<'a>(
        &'a self,
        heights: RangeInclusive<u64>,
        watched: &'a WatchSet,
    ) -> BoxFuture<'a, Result<Blocks, ChainError>> {
        Box::pin(async move {
            if *heights.end() > self.timetable.height_at(self.clock.now()) {
                return Err(self.not_there(*heights.end()));
            }
            let reorgs = self.reorgs().await?;
            let transfers = self.ledger.transfers(heights.clone()).await;
            let transfers = transfers.map_err(|error| self.unavailable(&error))?;
            let transfers = transfers.into_iter();
            Ok(Blocks {
                headers: heights.map(|height| self.header_of(height, &reorgs)).collect(),
                transfers: transfers
                    .filter_map(|transfer| self.seen(transfer, watched, &reorgs))
                    .collect(),
            })
        })
    }

    fn range_max(&self) -> u64 {
        RANGE_MAX
    }

    fn agrees<'a>(&'a self, height: u64, hash: &'a str) -> BoxFuture<'a, Result<bool, ChainError>> {
        Box::pin(async move { Ok(&*self.header(height).await?.block.hash == hash) })
    }

    fn assurance(&self) -> Assurance {
        Assurance::Proven
    }

    fn probe(&self) -> BoxFuture<'_, Vec<ProviderReport>> {
        Box::pin(async { Vec::new() })
    }
}
