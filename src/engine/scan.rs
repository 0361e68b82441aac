//! Reads a chain, block by block, into the store: transfers and cursor in one transaction.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::balance::Pass;
use super::health::Health;
use super::second_look::SecondLook;
use super::vote::Vote;
use super::watch::Watch;
use super::{Engine, EngineError, intake, reorg};
use crate::chain::{Blocks, ChainError, ChainSource, Header, Mempool};
use crate::domain::network::Network;
use crate::domain::time::UnixMillis;
use crate::domain::transfer::BlockRef;
use crate::store::{StoreError, Txn, blocks, payments};

/// How often a network is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// While a payment on it waits for money or confirmations.
    pub active: Duration,
    /// Otherwise. Never zero work: late money counts.
    pub idle: Duration,
}

/// Reads one network and settles its payments.
pub struct Scanner {
    engine: Arc<Engine>,
    network: Arc<Network>,
    source: Arc<dyn ChainSource>,
    pace: Pace,
    /// Where to begin when the network was never read; at its tip when `None`.
    start_height: Option<u64>,
    watch: Watch,
    vote: Vote,
    second_look: SecondLook,
    balances: Pass,
}

/// What a round of reading came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The tip was reached.
    CaughtUp,
    /// There is more to read.
    Behind,
}

impl Scanner {
    /// A scanner of `network` through `source`.
    #[must_use]
    pub fn new(
        engine: Arc<Engine>,
        network: Arc<Network>,
        source: Arc<dyn ChainSource>,
        pace: Pace,
        start_height: Option<u64>,
    ) -> Self {
        engine.health.read_through(&network.id, Arc::clone(&source));
        Self {
            engine,
            network,
            source,
            pace,
            start_height,
            watch: Watch::new(),
            vote: Vote::default(),
            second_look: SecondLook::default(),
            balances: Pass::default(),
        }
    }

    /// Reads, settles and expires until it is told to stop. Failures are logged and tried again; the cursor stays
    /// where it was.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut failures: u32 = 0;
        let mut was_hinted = false;
        let scanning = Arc::clone(&self.engine.scanning);
        loop {
            let read = self.round().await;
            // Before it is asked whether anything is open: who opens something afterwards finds this one resting.
            let woken = scanning.notified();
            self.engine.resting().insert(self.network.id.clone());
            let pause = match &read {
                Ok(Progress::Behind) => Duration::ZERO,
                Ok(Progress::CaughtUp) => self.pace().await,
                // Doubles up to 32 times the usual pace.
                Err(_) => self.pace.active.saturating_mul(1 << failures.min(5)),
            };
            failures = self.report(read, failures);
            // Only out of an idle pause: many payments must not ask the providers faster than the pace.
            let rests = failures == 0 && pause > self.pace.active;
            if !rests {
                self.engine.resting().remove(&self.network.id);
            }
            // Hints follow one another no faster than the floor; after a look by the clock one is followed at once.
            let floor = if was_hinted {
                hint_floor(pause)
            } else {
                Duration::ZERO
            };
            was_hinted = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = self.engine.clock.sleep(pause) => false,
                () = woken, if rests => was_hinted,
                // Not while reading fails: a hint must not get round the back-off.
                () = self.hinted(floor), if failures == 0 => true,
            };
            self.engine.resting().remove(&self.network.id);
        }
    }

    /// Returns when a provider tells of something new, but not before `floor` has passed.
    async fn hinted(&self, floor: Duration) {
        self.engine.clock.sleep(floor).await;
        self.source.hint().await;
    }

    /// Reads once, then settles and expires what can be and gives what became free to whoever waits, also when nothing
    /// could be read.
    ///
    /// # Errors
    /// [`EngineError`] of the first of these that failed.
    pub async fn round(&mut self) -> Result<Progress, EngineError> {
        let mempool = self.mempool().await;
        let read = self.read().await;
        if let (Some(found), Ok(Progress::CaughtUp)) = (mempool, &read) {
            self.engine.take_over_mempool(&self.network, found).await?;
        }
        let id = self.network.id.clone();
        let unwound_to = self
            .engine
            .database
            .read(move |txn| blocks::unwound_to(txn, &id))
            .await?;
        // A payment could look unpaid only because its new block was not read yet.
        if unwound_to.is_none() {
            let given_up = self.engine.give_up_overdue(&self.network).await;
            // Before anything else is asked of the nodes: somebody waits for it.
            let mut settled = self.engine.settle(&self.network, &*self.source).await;
            if let Ok(progress) = read {
                let marked = self.marked().await;
                self.look_further(progress).await;
                if self.marked().await > marked {
                    settled = settled.and(self.engine.settle(&self.network, &*self.source).await);
                }
            }
            let internal_to = self.balances.known_to(&self.engine, &self.network);
            let expired = self.engine.expire(&self.network, internal_to).await;
            let served = self.engine.serve_queue(&self.network).await;
            let read = read?;
            given_up?;
            settled?;
            expired?;
            served?;
            return Ok(read);
        }
        read
    }

    /// How many payments are marked to be counted again.
    async fn marked(&self) -> u32 {
        let id = self.network.id.clone();
        let counted = self
            .engine
            .database
            .read(move |txn| payments::count_marked(txn, &id));
        let counted: Result<u32, StoreError> = counted.await;
        // The next round settles them.
        counted.unwrap_or_default()
    }

    /// What waits for a block. Blocks are read all the same where nobody can tell.
    async fn mempool(&self) -> Option<Mempool> {
        match self.engine.look_at_mempool(&self.network, &*self.source).await {
            Ok(found) => found,
            Err(error) => {
                tracing::debug!(network = %self.network.id, %error, "the mempool was not looked at");
                None
            }
        }
    }

    /// Looks at what is final a second time, and at balances. Neither keeps reading from going on.
    async fn look_further(&mut self, progress: Progress) {
        let (engine, network, source) = (&self.engine, &self.network, &*self.source);
        let watched = self.watch.set();
        self.second_look
            .round(engine, network, source, watched, progress)
            .await;
        if progress == Progress::CaughtUp {
            self.balances.round(engine, network, source, watched.len()).await;
        }
    }

    fn report(&self, read: Result<Progress, EngineError>, failures: u32) -> u32 {
        let Err(error) = read else { return 0 };
        self.engine.health.ill(&self.network.id, error.to_string());
        metrics::counter!("payd_scan_failures_total", "network" => self.network.id.to_string()).increment(1);
        match error {
            // Of that it was said when it began, and it is not the chain's.
            EngineError::Store(StoreError::Hindered(_)) => {
                tracing::debug!(network = %self.network.id, %error, failures, "scan failed; will retry");
            }
            EngineError::Chain(_) => {
                tracing::warn!(network = %self.network.id, %error, failures, "scan failed; will retry");
            }
            _ => tracing::error!(network = %self.network.id, %error, failures, "scan failed; will retry"),
        }
        failures.saturating_add(1)
    }

    async fn pace(&self) -> Duration {
        let id = self.network.id.clone();
        match self
            .engine
            .database
            .read(move |txn| payments::any_open(txn, &id))
            .await
        {
            Ok(false) => self.pace.idle,
            Ok(true) | Err(_) => self.pace.active,
        }
    }

    async fn read(&mut self) -> Result<Progress, EngineError> {
        let tip = self.source.tip().await?;
        // After the tip: what is given out from now on can only be paid in blocks above it.
        self.watch.refresh(&self.engine.database, &self.network).await?;
        let id = self.network.id.clone();
        let (cursor, unwound_to) = self
            .engine
            .database
            .read(move |txn| Ok::<_, StoreError>((blocks::cursor(txn, &id)?, blocks::unwound_to(txn, &id)?)))
            .await?;
        let Some(cursor) = cursor else {
            return self.begin(&tip).await;
        };
        let read_to = match self.next_blocks(&cursor, &tip).await? {
            Some((base, found)) => {
                let below = base.height;
                let read_to = self.commit(cursor, base, found, tip.height).await?;
                let (database, source) = (&self.engine.database, &*self.source);
                self.vote
                    .hold(database, &self.network, source, below, read_to)
                    .await?;
                read_to
            }
            None => {
                self.end_unwinding(unwound_to, tip.height).await?;
                cursor.height
            }
        };
        note_health(
            &self.engine.health,
            &self.network,
            tip.height,
            read_to,
            self.engine.clock.now(),
        );
        Ok(if read_to >= tip.height {
            Progress::CaughtUp
        } else {
            Progress::Behind
        })
    }

    /// A branch that was followed and has fallen back has been read as far as it goes.
    async fn end_unwinding(&self, unwound_to: Option<u64>, tip: u64) -> Result<(), EngineError> {
        if unwound_to.is_some_and(|height| height > tip) {
            let id = self.network.id.clone();
            self.engine
                .database
                .write(move |txn| blocks::set_unwound_to(txn, &id, None))
                .await?;
        }
        Ok(())
    }

    /// The first block: where reading begins, itself not read.
    async fn begin(&self, tip: &BlockRef) -> Result<Progress, EngineError> {
        // Not at the tip itself: a reorganisation right after the start has to find blocks to stand on.
        let below_tip = tip.height.saturating_sub(u64::from(self.network.final_depth));
        let height = self
            .start_height
            .map_or(below_tip, |start| start.saturating_sub(1).min(below_tip));
        let header = self.source.header(height).await?;
        let network = Arc::clone(&self.network);
        // One provider alone could have it begin where the chain will not be for years.
        if !self.source.agrees(height, &header.block.hash).await? {
            return Err(EngineError::Inconsistent {
                network: network.id.clone(),
                finding: format!("the providers do not agree on block {height}, where reading would begin"),
            });
        }
        tracing::info!(network = %network.id, height, "reading begins here");
        self.engine
            .database
            .write(move |txn| {
                blocks::insert_header(txn, &network.id, &header.block, &header.parent_hash)?;
                blocks::set_cursor(txn, &network.id, &header.block)?;
                Ok::<_, EngineError>(())
            })
            .await?;
        Ok(Progress::Behind)
    }

    /// The next blocks to take over and the block they stand on, which lies below the cursor after a
    /// reorganisation. `None` when there is nothing new.
    async fn next_blocks(
        &mut self,
        cursor: &BlockRef,
        tip: &BlockRef,
    ) -> Result<Option<(BlockRef, Blocks)>, EngineError> {
        if tip.height < cursor.height || (tip.height == cursor.height && tip.hash == cursor.hash) {
            // A node that lags, or nothing new. A shorter branch is followed once it has caught up.
            return Ok(None);
        }
        if tip.height > cursor.height {
            let found = self.blocks_above(cursor.height, tip).await?;
            if found
                .headers
                .first()
                .is_some_and(|first| first.parent_hash == cursor.hash)
            {
                return Ok(Some((cursor.clone(), found)));
            }
        }
        let base =
            reorg::common_ancestor(&self.engine.database, &self.network, &*self.source, cursor).await?;
        let found = self.blocks_above(base.height, tip).await?;
        Ok(Some((base, found)))
    }

    /// The blocks above a height, as they were when the tip was looked at, whose branch they have to be of: an address
    /// that was given out since can be paid in a block that took the place of one of them, and would not be looked for.
    async fn blocks_above(&mut self, height: u64, tip: &BlockRef) -> Result<Blocks, EngineError> {
        let first = height.saturating_add(1);
        let last = height
            .saturating_add(self.source.range_max().max(1))
            .min(tip.height);
        let mut end = tip.clone();
        if last < tip.height {
            end = self.source.header(last).await?.block;
            self.watch.refresh(&self.engine.database, &self.network).await?;
        }
        let found = self.source.read(first..=last, self.watch.set()).await?;
        let read_to = found.headers.last().map(|header| &header.block.hash);
        if read_to.is_some_and(|hash| *hash != end.hash) {
            return Err(ChainError::NotThere {
                network: self.network.id.to_string(),
                height: last,
            }
            .into());
        }
        Ok(found)
    }

    /// Takes blocks over: what left the chain is orphaned, what came is recorded, the cursor moves, all in one.
    /// Gives back the height read to.
    async fn commit(
        &self,
        cursor: BlockRef,
        base: BlockRef,
        found: Blocks,
        tip: u64,
    ) -> Result<u64, EngineError> {
        let last = checked(&self.network, &base, &found)?;
        metrics::counter!("payd_blocks_read_total", "network" => self.network.id.to_string())
            .increment(found.headers.len().try_into().unwrap_or(0));
        let (network, now) = (Arc::clone(&self.network), self.engine.clock.now());
        let touched = self
            .engine
            .database
            .write(move |txn| {
                if blocks::cursor(txn, &network.id)?.as_ref() != Some(&cursor) {
                    return Err(EngineError::StaleCursor {
                        network: network.id.clone(),
                    });
                }
                let mut touched = Vec::new();
                let mut unwound_to = blocks::unwound_to(txn, &network.id)?;
                if base != cursor {
                    touched = reorg::unwind(txn, &network, &base)?;
                    unwound_to = Some(tip);
                }
                keep_headers(txn, &network, &found.headers)?;
                blocks::set_unwound_to(
                    txn,
                    &network.id,
                    unwound_to.filter(|height| last < (*height).min(tip)),
                )?;
                for seen in &found.transfers {
                    touched.extend(intake::take_over(txn, &network, seen, tip, now)?);
                }
                Ok(touched)
            })
            .await?;
        self.engine.announce(touched);
        Ok(last)
    }
}

/// The shortest that a pause may become by one hint after the other: a quarter of it, so that idle networks stay cheap, and so much that
/// nobody can drive the scanner.
fn hint_floor(pause: Duration) -> Duration {
    const LEAST: Duration = Duration::from_millis(200);
    pause.checked_div(4).unwrap_or_default().max(LEAST)
}

/// Refuses blocks that do not stand on `base`, do not follow each other, or hold transfers of other blocks. Gives
/// back the last height.
fn checked(network: &Network, base: &BlockRef, found: &Blocks) -> Result<u64, EngineError> {
    let inconsistent = |finding: String| EngineError::Inconsistent {
        network: network.id.clone(),
        finding,
    };
    let mut below = base;
    for header in &found.headers {
        let follows =
            below.height.checked_add(1) == Some(header.block.height) && header.parent_hash == below.hash;
        if !follows {
            return Err(inconsistent(format!(
                "block {} does not follow block {}",
                header.block.height, below.height
            )));
        }
        below = &header.block;
    }
    for seen in &found.transfers {
        let is_of_range = found.headers.iter().any(|header| header.block == seen.block);
        if !is_of_range || seen.amount.is_zero() {
            return Err(inconsistent(format!(
                "transfer {}:{} is not of these blocks",
                seen.txid, seen.position
            )));
        }
    }
    Ok(below.height)
}

/// Keeps the headers that a reorganisation may still change, and moves the cursor to the last.
fn keep_headers(txn: &Txn<'_>, network: &Network, headers: &[Header]) -> Result<(), EngineError> {
    let Some(last) = headers.last() else { return Ok(()) };
    let height_min = last.block.height.saturating_sub(u64::from(network.final_depth));
    for header in headers.iter().filter(|header| header.block.height >= height_min) {
        blocks::insert_header(txn, &network.id, &header.block, &header.parent_hash)?;
    }
    blocks::remove_headers_below(txn, &network.id, height_min)?;
    blocks::set_cursor(txn, &network.id, &last.block)?;
    Ok(())
}

fn note_health(health: &Health, network: &Network, tip: u64, cursor: u64, now: UnixMillis) {
    health.well(&network.id, tip, cursor, now);
    let behind = u32::try_from(tip.saturating_sub(cursor)).unwrap_or(u32::MAX);
    metrics::gauge!("payd_blocks_behind", "network" => network.id.to_string()).set(behind);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_shorten_a_pause_to_a_quarter_at_most() {
        for (pause_ms, floor_ms) in [(60_000, 15_000), (1000, 250), (450, 200), (0, 200)] {
            let floor = hint_floor(Duration::from_millis(pause_ms));
            assert_eq!(floor, Duration::from_millis(floor_ms));
        }
    }
}
