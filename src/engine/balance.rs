//! Finds money that no block shows: coins that a contract sends are in no transaction's value and in no log. From time to
//! time the balances of all watched addresses are held against what is recorded; where one rose by more, the block in
//! which it rose is searched for, and the excess is recorded like any other transfer of that block.
//!
//! What an address received and spent again within one block, or between two looks, shows only as the difference.

mod keep;
mod search;

use std::sync::Arc;
use std::time::Duration;

use self::keep::Explained;
use self::search::{Ending, Held, Search};
use super::{Engine, EngineError};
use crate::chain::{ChainError, ChainSource};
use crate::domain::address::Address;
use crate::domain::asset::Currency;
use crate::domain::ids::AddressId;
use crate::domain::matching::Overflow;
use crate::domain::money::{self, BaseUnits};
use crate::domain::network::{Family, Mode, Network};
use crate::domain::time::UnixMillis;
use crate::domain::transfer::BlockRef;
use crate::store::balances::{self, Received, Snapshot};
use crate::store::{StoreError, addresses, blocks, payments};

/// Time between two passes.
const EVERY: Duration = Duration::from_secs(300);
/// Time until a failed look is tried again; doubles up to [`EVERY`], as it holds up reading.
const RETRY_AFTER: Duration = Duration::from_secs(30);
/// The least time between two passes, however many payments are over: each asks for all addresses.
const NOT_WITHIN: Duration = Duration::from_secs(60);
/// The longest that one round may hold up reading and settling.
const ROUND_MAX: Duration = Duration::from_secs(60);
/// How long payments in the network's own coin are kept open for passes that fail. Money that is found later still
/// counts by the time of its block.
const GRACE: Duration = Duration::from_secs(600);
/// Addresses looked at in one call of the source.
const PAGE: u32 = 2_000;
/// Pages of one round, so that reading goes on between them.
const PAGES_PER_ROUND: usize = 4;
/// New addresses looked at in one round.
const NEW_MAX: u32 = 1_000;
/// Balances at single blocks that the searches of one page may ask for; the rest is searched for in the next round.
const LOOKUPS_MAX: u32 = 60;
/// How many of them one address may take: whoever sends one dust in every block must not hide what others receive.
const LOOKUPS_EACH_MAX: u32 = 24;
/// Rounds spent on one page, before what is left on it waits for the next pass.
const SEARCHES_MAX: u32 = 10;
/// Payments that are over, looked at to find one that a pass has to come before.
const OVER_MAX: u32 = 256;

/// The passes over the balances of one network.
#[derive(Debug, Default)]
pub(super) struct Pass {
    /// How many addresses were watched when all of them had been seen.
    sighted: usize,
    under_way: Option<UnderWay>,
    /// The time of the last block that all balances were explained at.
    passed_to: Option<UnixMillis>,
    next_at: Option<UnixMillis>,
    /// No pass begins before, however many payments are over.
    not_before: Option<UnixMillis>,
    failing_since: Option<UnixMillis>,
    failures: u32,
    /// The providers cannot say what balances were.
    is_mute: bool,
}

/// A pass that is not through all addresses yet.
#[derive(Debug)]
struct UnderWay {
    began_at: BlockRef,
    after: AddressId,
    /// Rounds spent on the page under way.
    searches: u32,
    /// Something was left unexplained.
    is_short: bool,
}

/// What became of a page.
enum Page {
    Done(AddressId),
    DoneInPart(AddressId),
    /// There is more to search for on it; it ends here.
    Again(AddressId),
    Last,
    Mute,
}

impl Pass {
    /// Up to when it is known what contracts sent; `None` where nobody looks, or nobody could for long.
    pub(super) fn known_to(&self, engine: &Engine, network: &Network) -> Option<UnixMillis> {
        let now = engine.clock.now();
        let is_given_up = self.is_mute || self.failing_since.is_some_and(|since| now.since(since) > GRACE);
        if is_given_up || !applies(engine, network) {
            return None;
        }
        Some(self.passed_to.unwrap_or(UnixMillis::new(0)))
    }

    /// Does what is due, a bounded part of it. Failures are logged and tried again later.
    pub(super) async fn round(
        &mut self,
        engine: &Engine,
        network: &Arc<Network>,
        source: &dyn ChainSource,
        watched: usize,
    ) {
        let now = engine.clock.now();
        let rests = self.failing_since.is_some() && self.next_at.is_some_and(|at| now < at);
        if rests || !applies(engine, network) {
            return;
        }
        let Some(native) = Currency::parse(Currency::NATIVE) else {
            return;
        };
        let look = Look {
            engine,
            network,
            source,
            native,
        };
        let too_slow = || ChainError::Unavailable {
            network: network.id.to_string(),
            reasons: format!("it took longer than {} s", ROUND_MAX.as_secs()),
        };
        // What is written is written whole, so that it can be broken off anywhere.
        let looked = tokio::select! {
            biased;
            looked = self.look(&look, watched, now) => looked,
            () = engine.clock.sleep(ROUND_MAX) => Err(too_slow().into()),
        };
        match looked {
            Ok(()) => {}
            Err(error) => {
                self.fail(now);
                metrics::counter!("payd_balance_failures_total", "network" => network.id.to_string())
                    .increment(1);
                tracing::warn!(network = %network.id, %error, "balances could not be looked through; will retry");
            }
        }
    }

    async fn look(&mut self, look: &Look<'_>, watched: usize, now: UnixMillis) -> Result<(), EngineError> {
        let Some((cursor, deep)) = look.blocks().await? else {
            return Ok(());
        };
        if watched != self.sighted && (!self.is_mute || self.is_due(now)) {
            match look.sight(&cursor).await? {
                Some(true) => self.sighted = watched,
                // A pass would take down the others as they are at a later block.
                Some(false) => return Ok(()),
                None => return self.mute(look, now),
            }
        }
        let Some(deep) = deep else { return Ok(()) };
        let is_wanted = self.under_way.is_some()
            || self.is_due(now)
            || (!self.is_mute
                && self.not_before.is_none_or(|at| at <= now)
                && look.any_over(self.passed_to, &deep).await?);
        if !is_wanted {
            return Ok(());
        }
        for _ in 0..PAGES_PER_ROUND {
            let under_way = self.under_way.get_or_insert_with(|| UnderWay {
                began_at: deep.clone(),
                after: AddressId::new(0),
                searches: 0,
                is_short: false,
            });
            let (after, is_short) = match look.page(under_way.after, &deep, cursor.height).await? {
                Page::Done(after) => (after, false),
                Page::DoneInPart(after) => (after, true),
                Page::Again(_) if under_way.searches < SEARCHES_MAX => {
                    under_way.searches = under_way.searches.saturating_add(1);
                    break;
                }
                Page::Again(after) => (after, true),
                Page::Last => return self.end(look, now).await,
                Page::Mute => return self.mute(look, now),
            };
            (under_way.after, under_way.searches) = (after, 0);
            under_way.is_short |= is_short;
        }
        Ok(())
    }

    fn fail(&mut self, now: UnixMillis) {
        self.failing_since.get_or_insert(now);
        let pause = RETRY_AFTER.saturating_mul(1 << self.failures.min(4)).min(EVERY);
        self.failures = self.failures.saturating_add(1);
        self.next_at = Some(now.plus(pause));
    }

    fn is_due(&self, now: UnixMillis) -> bool {
        self.next_at.is_none_or(|at| at <= now)
    }

    fn mute(&mut self, look: &Look<'_>, now: UnixMillis) -> Result<(), EngineError> {
        if !self.is_mute {
            tracing::warn!(
                network = %look.network.id,
                "its providers cannot say what addresses hold: coins that contracts send are not found until they can"
            );
        }
        (self.is_mute, self.under_way) = (true, None);
        self.next_at = Some(now.plus(EVERY));
        Ok(())
    }

    async fn end(&mut self, look: &Look<'_>, now: UnixMillis) -> Result<(), EngineError> {
        let Some(ended) = self.under_way.take() else {
            return Ok(());
        };
        self.is_mute = false;
        self.not_before = Some(now.plus(NOT_WITHIN));
        if ended.is_short {
            self.fail(now);
            return Ok(());
        }
        (self.failing_since, self.failures) = (None, 0);
        self.next_at = Some(now.plus(EVERY));
        if look.set_passed(&ended.began_at).await? {
            self.passed_to = Some(ended.began_at.time);
        }
        Ok(())
    }
}

/// Whether a network's own coin can be sent by contracts, and is looked for.
fn applies(engine: &Engine, network: &Network) -> bool {
    let is_native = |(id, currency): &(_, Currency)| *id == network.id && currency.is_native();
    network.mode == Mode::Live
        && matches!(network.family, Family::Evm { .. })
        && engine.watched.iter().any(is_native)
}

/// What a pass works with.
struct Look<'a> {
    engine: &'a Engine,
    network: &'a Arc<Network>,
    source: &'a dyn ChainSource,
    native: Currency,
}

/// What is known of an address before its balance is asked for.
struct Known {
    address: Address,
    snapshot: Option<Snapshot>,
    /// Recorded since the snapshot.
    received: Received,
}

impl Look<'_> {
    /// The last block read, and the last that is as deep as money has to be to be settled.
    async fn blocks(&self) -> Result<Option<(BlockRef, Option<BlockRef>)>, EngineError> {
        let network = Arc::clone(self.network);
        let found = self.engine.database.read(move |txn| {
            let Some(cursor) = blocks::cursor(txn, &network.id)? else {
                return Ok(None);
            };
            let below = u64::from(network.confirmations.highest().saturating_sub(1));
            let deep = match cursor.height.checked_sub(below) {
                Some(height) => balances::block_at(txn, &network.id, height)?,
                None => None,
            };
            Ok::<_, StoreError>(Some((cursor, deep)))
        });
        Ok(found.await?)
    }

    /// Whether a payment in the network's own coin is over by `deep`, and no pass has been made past its end.
    async fn any_over(&self, passed_to: Option<UnixMillis>, deep: &BlockRef) -> Result<bool, EngineError> {
        let (id, time) = (self.network.id.clone(), deep.time);
        let over = self
            .engine
            .database
            .read(move |txn| payments::window_over(txn, &id, time, time, OVER_MAX))
            .await?;
        Ok(over.iter().any(|payment| {
            payment.ask.as_ref().is_some_and(|ask| ask.currency.is_native())
                && passed_to.is_none_or(|passed| passed <= payment.expires_at)
        }))
    }

    /// Takes down what new addresses hold before anybody can have been told to pay to them. Whether none is left;
    /// `None` when the providers cannot say.
    async fn sight(&self, cursor: &BlockRef) -> Result<Option<bool>, EngineError> {
        let (id, native) = (self.network.id.clone(), self.native.clone());
        let read = self.engine.database.read(move |txn| {
            let new = balances::unseen(txn, &id, &native, NEW_MAX)?;
            let Some(oldest) = new.iter().map(|(_, created_at)| *created_at).min() else {
                return Ok((new, None));
            };
            let before = balances::block_before(txn, &id, oldest)?;
            // What lies below the last pass is not looked at again.
            let passed = balances::passed(txn, &id)?.unwrap_or(0);
            let before = match before.filter(|block| block.height >= passed) {
                Some(before) => Some(before),
                None => balances::block_at(txn, &id, passed)?,
            };
            Ok::<_, StoreError>((new, before))
        });
        let (new, before) = read.await?;
        let family = self.network.family;
        let parsed = new
            .iter()
            .filter_map(|(text, _)| Address::parse(family, text).ok());
        let asked: Vec<(Address, Currency)> = parsed.map(|address| (address, self.native.clone())).collect();
        if asked.is_empty() {
            return Ok(Some(true));
        }
        let mut at = before.unwrap_or_else(|| cursor.clone());
        let mut said = self.source.balances(&at, &asked).await?;
        if said.is_none() {
            at = cursor.clone();
            said = self.source.balances(&at, &asked).await?;
        }
        let Some(said) = said else { return Ok(None) };
        let held = asked.into_iter().zip(said);
        let held = held.map(|((address, _), amount)| (Arc::clone(address.text()), None, amount));
        let explained = Explained {
            held: held.collect(),
            ..Explained::default()
        };
        self.keep(&at, explained, cursor.height).await?;
        Ok(Some(new.len() < NEW_MAX as usize))
    }

    /// Looks at the addresses after `after`, at the block `deep`.
    async fn page(&self, after: AddressId, deep: &BlockRef, tip: u64) -> Result<Page, EngineError> {
        let (id, native, height) = (self.network.id.clone(), self.native.clone(), deep.height);
        let family = self.network.family;
        let read = self.engine.database.read(move |txn| {
            let rows = addresses::of_network(txn, &id, after, PAGE)?;
            let last = rows.last().map(|(row, _)| *row);
            let mut known = Vec::with_capacity(rows.len());
            for (_, text) in rows {
                let Ok(address) = Address::parse(family, &text) else {
                    continue;
                };
                let snapshot = balances::of_address(txn, &id, &native, &text)?;
                let since = snapshot.map_or(height, |snapshot| snapshot.height);
                let received = balances::received(txn, &id, &native, &text, since, height)?;
                known.push(Known {
                    address,
                    snapshot,
                    received,
                });
            }
            Ok::<_, StoreError>((last, known, balances::passed(txn, &id)?))
        });
        let (last, mut known, passed) = read.await?;
        let Some(last) = last else { return Ok(Page::Last) };
        // Those that were seen at a later block wait for the next pass.
        known.retain(|known| known.snapshot.is_none_or(|snapshot| snapshot.height < height));
        let asked: Vec<_> = known
            .iter()
            .map(|known| (known.address.clone(), self.native.clone()))
            .collect();
        if asked.is_empty() {
            return Ok(Page::Done(last));
        }
        let Some(said) = self.source.balances(deep, &asked).await? else {
            return Ok(Page::Mute);
        };
        let mut explained = Explained::default();
        let mut lookups = LOOKUPS_MAX;
        for (known, held) in known.iter().zip(said) {
            self.explain(known, (deep, held), passed, &mut lookups, &mut explained)
                .await?;
        }
        let is_out = explained.endings.contains(&Ending::OutOfLookups);
        let is_whole = explained.endings.is_empty();
        self.keep(deep, explained, tip).await?;
        Ok(match (is_out, is_whole) {
            (true, _) => Page::Again(last),
            (false, true) => Page::Done(last),
            (false, false) => Page::DoneInPart(last),
        })
    }

    /// Holds one balance against what is recorded.
    async fn explain(
        &self,
        known: &Known,
        (deep, held): (&BlockRef, BaseUnits),
        passed: Option<u64>,
        lookups: &mut u32,
        explained: &mut Explained,
    ) -> Result<(), EngineError> {
        let text = known.address.text();
        let settled = (Arc::clone(text), known.snapshot, held);
        let Some(snapshot) = known.snapshot else {
            explained.held.push(settled);
            return Ok(());
        };
        let received = money::sum(known.received.iter().map(|(_, amount)| *amount)).ok_or(Overflow)?;
        let expected = snapshot.amount.checked_add(received).ok_or(Overflow)?;
        if held <= expected {
            // Less is what was spent.
            if held < expected || !known.received.is_empty() {
                explained.held.push(settled);
            }
            return Ok(());
        }
        let search = Search {
            source: self.source,
            address: &known.address,
            currency: &self.native,
            received: &known.received,
        };
        let passed = passed.filter(|passed| *passed < deep.height).unwrap_or(0);
        let from = Held {
            height: snapshot.height.max(passed),
            snapshot,
        };
        let mut own = (*lookups).min(LOOKUPS_EACH_MAX);
        let others = lookups.saturating_sub(own);
        let (found, ending) = search.rises(from, (deep, held), &mut own).await?;
        *lookups = others.saturating_add(own);
        let found = found.into_iter().map(|seen| (known.snapshot, seen));
        explained.found.extend(found);
        match ending {
            Ending::Whole => explained.held.push(settled),
            Ending::OutOfLookups | Ending::NotAgreed => explained.endings.push(ending),
        }
        Ok(())
    }
}
