//! Reads what has become final a second time, from another provider: what one left out, another has.
//!
//! What was missed is recorded like any transfer, late as it is; what cannot be confirmed any more is told to a person
//! and stays recorded. Nobody's word alone adds or takes anything. Reading never waits for it.

use std::sync::Arc;
use std::time::Duration;

use super::intake;
use super::scan::Progress;
use super::{Engine, EngineError};
use crate::chain::{Assurance, ChainSource, WatchSet};
use crate::domain::ids::PaymentId;
use crate::domain::network::{Mode, Network};
use crate::domain::time::UnixMillis;
use crate::domain::transfer::SeenTransfer;
use crate::store::{StoreError, addresses, balances, blocks, second_looks};

/// How long blocks are gathered that a look is at.
const EVERY: Duration = Duration::from_secs(60);
/// Time until a failed look is tried again.
const RETRY_AFTER: Duration = Duration::from_secs(30);
/// Looks of one round.
const LOOKS_MAX: usize = 4;
/// How often a stretch is tried that cannot be decided, before it is left to a person.
const TRIES_MAX: u32 = 5;
/// How long a stretch is tried that cannot be read, before it is passed over where newer blocks can: not every provider
/// serves what is old.
const UNREAD_FOR_MAX: Duration = Duration::from_secs(3600);

/// The second look at one network.
#[derive(Debug, Default)]
pub(super) struct SecondLook {
    next_at: Option<UnixMillis>,
    tries: u32,
    unread_since: Option<UnixMillis>,
    /// Stretches passed over in a row.
    passed_over: u32,
}

/// In what two readings differ.
#[derive(Debug, Default)]
struct Differences {
    missed: Vec<SeenTransfer>,
    unconfirmed: Vec<SeenTransfer>,
}

/// What became of a transfer that was missed at first.
enum Taken {
    Recorded(Option<PaymentId>),
    /// A balance has told of it.
    Known,
    /// It may be recorded already, in another guise.
    Doubtful,
}

impl SecondLook {
    /// Looks at what has become final, a bounded part of it. Failures are logged and tried again later.
    pub(super) async fn round(
        &mut self,
        engine: &Engine,
        network: &Arc<Network>,
        source: &dyn ChainSource,
        watched: &WatchSet,
        progress: Progress,
    ) {
        let now = engine.clock.now();
        if network.mode != Mode::Live || self.next_at.is_some_and(|at| now < at) {
            return;
        }
        let again = Again {
            engine,
            network,
            source,
            watched,
        };
        if let Err(error) = self.look(&again, progress, now).await {
            self.next_at = Some(now.plus(RETRY_AFTER));
            metrics::counter!("payd_second_look_failures_total", "network" => network.id.to_string())
                .increment(1);
            tracing::warn!(network = %network.id, %error, "final blocks could not be read again; will retry");
            let since = *self.unread_since.get_or_insert(now);
            if now.since(since) >= UNREAD_FOR_MAX && matches!(error, EngineError::Chain(_)) {
                match again.pass_over(self.passed_over).await {
                    Ok(true) => self.passed_over = self.passed_over.saturating_add(1),
                    Ok(false) => {}
                    Err(error) => {
                        tracing::debug!(network = %network.id, %error, "newer blocks cannot be read again either");
                    }
                }
            }
        }
    }

    async fn look(
        &mut self,
        again: &Again<'_>,
        progress: Progress,
        now: UnixMillis,
    ) -> Result<(), EngineError> {
        for _ in 0..LOOKS_MAX {
            let Some((first, last)) = again.stretch().await? else {
                break;
            };
            if progress == Progress::Behind {
                // Catching up goes first; where the look begins is remembered.
                return Ok(());
            }
            if again.look(first, last, self.tries >= TRIES_MAX).await? {
                self.tries = 0;
                (self.unread_since, self.passed_over) = (None, 0);
            } else {
                self.unread_since = None;
                self.tries = self.tries.saturating_add(1);
                self.next_at = Some(now.plus(RETRY_AFTER));
                return Ok(());
            }
        }
        self.next_at = Some(now.plus(EVERY));
        Ok(())
    }
}

/// What a look works with.
struct Again<'a> {
    engine: &'a Engine,
    network: &'a Arc<Network>,
    source: &'a dyn ChainSource,
    watched: &'a WatchSet,
}

impl Again<'_> {
    /// The next heights that are final and were not looked at.
    async fn stretch(&self) -> Result<Option<(u64, u64)>, EngineError> {
        let id = self.network.id.clone();
        let read = self.engine.database.read(move |txn| {
            let oldest = balances::block_before(txn, &id, UnixMillis::new(i64::MIN))?;
            Ok::<_, StoreError>((blocks::cursor(txn, &id)?, second_looks::height(txn, &id)?, oldest))
        });
        let (Some(cursor), looked_to, oldest) = read.await? else {
            return Ok(None);
        };
        let last = cursor.height.saturating_sub(u64::from(self.network.final_depth));
        let looked_to = match looked_to {
            Some(looked_to) => looked_to,
            None => {
                // Where reading began, nothing was recorded.
                let begin = oldest.map_or(last, |block| block.height.min(last));
                self.set_looked_to(begin).await?;
                begin
            }
        };
        let first = looked_to.saturating_add(1);
        let span = self.source.range_max().max(1).saturating_sub(1);
        Ok((first <= last).then(|| (first, last.min(first.saturating_add(span)))))
    }

    /// Looks at `first..=last`. False when it could not be decided who is right and the stretch is to be tried again.
    async fn look(&self, first: u64, last: u64, is_last_try: bool) -> Result<bool, EngineError> {
        let heights = first..=last;
        if let Some(read) = self.source.read_again(heights.clone(), self.watched).await? {
            let id = self.network.id.clone();
            let recorded = self
                .engine
                .database
                .read(move |txn| second_looks::recorded(txn, &id, &heights))
                .await?;
            let missed = read.transfers.iter().filter(|seen| !recorded.contains(seen));
            let unconfirmed = recorded.iter().filter(|seen| !read.transfers.contains(seen));
            let differences = Differences {
                missed: missed.cloned().collect(),
                unconfirmed: unconfirmed.cloned().collect(),
            };
            if !self.decide(differences, is_last_try).await? {
                return Ok(false);
            }
        }
        self.set_looked_to(last).await?;
        Ok(true)
    }

    /// Gives up stretches that cannot be read, each time twice as many, where the newest final block can be. Whether it
    /// did.
    async fn pass_over(&self, passed_over: u32) -> Result<bool, EngineError> {
        let Some((first, end)) = self.stretch().await? else {
            return Ok(false);
        };
        let id = self.network.id.clone();
        let cursor = self
            .engine
            .database
            .read(move |txn| blocks::cursor(txn, &id))
            .await?;
        let newest = cursor.map_or(0, |cursor| {
            cursor.height.saturating_sub(u64::from(self.network.final_depth))
        });
        if newest <= end {
            return Ok(false);
        }
        self.source.read_again(newest..=newest, self.watched).await?;
        let span = end.saturating_sub(first).saturating_add(1);
        let last = first
            .saturating_add(span.saturating_mul(1 << passed_over.min(32)))
            .min(newest);
        let last = last.saturating_sub(1);
        self.set_looked_to(last).await?;
        metrics::counter!("payd_second_look_alarms_total", "network" => self.network.id.to_string())
            .increment(1);
        tracing::error!(network = %self.network.id, first, last, "no other provider serves these blocks: not looked at again");
        let alarm = format!(
            "blocks {first} to {last} could not be read a second time: no other provider serves them"
        );
        self.engine.health.alarm(&self.network.id, alarm);
        Ok(true)
    }

    async fn set_looked_to(&self, height: u64) -> Result<(), EngineError> {
        let id = self.network.id.clone();
        let written = self
            .engine
            .database
            .write(move |txn| second_looks::set_height(txn, &id, height));
        Ok(written.await?)
    }

    async fn decide(&self, differences: Differences, is_last_try: bool) -> Result<bool, EngineError> {
        let Differences { missed, unconfirmed } = differences;
        for seen in &missed {
            if !self.is_of_watched_time(seen).await? {
                continue;
            }
            match self.is_there(seen, true).await {
                Some(true) => self.record(seen).await?,
                Some(false) => self.tell_contradiction(seen, "a provider has a transfer that no other has"),
                None if is_last_try => self.alarm(
                    seen,
                    "a provider has a transfer that was not recorded, and nobody can say whether it was made",
                ),
                None => return Ok(false),
            }
        }
        for seen in &unconfirmed {
            match self.is_there(seen, false).await {
                Some(true) => self.tell_contradiction(seen, "a provider lacks a transfer that others have"),
                Some(false) => self.alarm(seen, "a recorded transfer is no longer confirmed by any provider"),
                None if is_last_try => self.alarm(
                    seen,
                    "a provider lacks a recorded transfer, and nobody can say whether it was made",
                ),
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Whether the transfer was made: by proof, or by what two providers say together. `was_read` is whether the second
    /// reading had it. `None` where nobody can say.
    async fn is_there(&self, seen: &SeenTransfer, was_read: bool) -> Option<bool> {
        let (height, hash) = (seen.block.height, &*seen.block.hash);
        let said = match self.source.assurance() {
            // Both readings prove what they have of a block, one of them left something out. That the block is the
            // chain's is another matter.
            Assurance::Proven => match self.source.agrees(height, hash).await {
                Ok(true) => Ok(true),
                Ok(false) => return None,
                Err(error) => Err(error),
            },
            Assurance::OneProvider => return None,
            Assurance::TwoProviders => {
                let read = self.source.read(height..=height, self.watched).await;
                read.map(|read| read.transfers.contains(seen))
            }
        };
        match said {
            Ok(is_there) => Some(is_there),
            Err(error) => {
                tracing::warn!(network = %self.network.id, height, was_read, %error, "could not be decided");
                None
            }
        }
    }

    /// Whether the address was watched when the block was made; what it received before is no concern.
    async fn is_of_watched_time(&self, seen: &SeenTransfer) -> Result<bool, EngineError> {
        let (id, address) = (self.network.id.clone(), Arc::clone(&seen.address));
        let row = self
            .engine
            .database
            .read(move |txn| addresses::by_text(txn, &id, &address))
            .await?;
        let until = seen.block.time.plus(self.network.timestamp_slack);
        Ok(row.is_some_and(|row| row.created_at <= until))
    }

    async fn record(&self, seen: &SeenTransfer) -> Result<(), EngineError> {
        let (network, now, missed) = (Arc::clone(self.network), self.engine.clock.now(), seen.clone());
        let taken = self.engine.database.write(move |txn| {
            let height = missed.block.height;
            if second_looks::is_contradicted(txn, &network.id, &missed)? {
                return Ok::<_, EngineError>(Taken::Doubtful);
            }
            if missed.currency.is_native() {
                match second_looks::told_by_balance(txn, &network.id, &missed)? {
                    Some(at) if at == height => return Ok(Taken::Known),
                    // Where old states are not kept, a rise is found in a later block than its own.
                    Some(_) => return Ok(Taken::Doubtful),
                    None => {}
                }
            }
            let tip = blocks::cursor(txn, &network.id)?.map_or(height, |cursor| cursor.height);
            Ok(Taken::Recorded(intake::take_over(
                txn, &network, &missed, tip, now,
            )?))
        });
        match taken.await? {
            Taken::Recorded(touched) => self.engine.announce(touched),
            Taken::Known => {
                self.tell_contradiction(
                    seen,
                    "a transfer was missed at first, and a balance has told of it",
                );
                return Ok(());
            }
            Taken::Doubtful => {
                self.alarm(
                    seen,
                    "a transfer was missed at first that may be recorded already, in another block: not recorded",
                );
                return Ok(());
            }
        }
        metrics::counter!("payd_second_look_missed_total", "network" => self.network.id.to_string())
            .increment(1);
        self.alarm(
            seen,
            "a transfer was missed at first and is recorded late; look at the providers",
        );
        Ok(())
    }

    fn tell_contradiction(&self, seen: &SeenTransfer, what: &'static str) {
        metrics::counter!("payd_second_look_contradictions_total", "network" => self.network.id.to_string())
            .increment(1);
        tracing::warn!(
            network = %self.network.id, txid = %seen.txid, position = seen.position, height = seen.block.height, what
        );
    }

    /// Tells a person.
    fn alarm(&self, seen: &SeenTransfer, what: &'static str) {
        metrics::counter!("payd_second_look_alarms_total", "network" => self.network.id.to_string())
            .increment(1);
        tracing::error!(
            network = %self.network.id, txid = %seen.txid, position = seen.position, height = seen.block.height,
            currency = %seen.currency, amount = %seen.amount, address = %seen.address, what
        );
        let alarm = format!("{what}: {} in block {}", seen.txid, seen.block.height);
        self.engine.health.alarm(&self.network.id, alarm);
    }
}
