//! Money that waits for a block: it makes a payment confirming with no confirmations, and pending again when it is
//! replaced or spent elsewhere. Nothing is ever settled by it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::lifecycle;
use super::{Engine, EngineError};
use crate::chain::{ChainSource, Mempool, WatchSet};
use crate::domain::address::Address;
use crate::domain::ids::PaymentId;
use crate::domain::matching;
use crate::domain::network::Network;
use crate::domain::payment::Payment;
use crate::domain::shop::LatePolicy;
use crate::domain::time::UnixMillis;
use crate::domain::transfer::{BlockRef, Judgement, SeenTransfer, UnconfirmedTransfer};
use crate::domain::wallet::Way;
use crate::store::unconfirmed::{self, Waiting};
use crate::store::{Txn, payments, transfers};

/// Open payments whose addresses are looked for in the mempool.
const ADDRESSES_MAX: u32 = 2_000;
/// Looks in a row that money may be missing from before it counts as gone: one node forgets what another still has.
const MISSED_MAX: u32 = 3;
/// Rows looked through at once.
const PAGE: u32 = 500;
/// How long after a payment's window money that waits may keep it open: as long as nodes keep a transaction (two weeks,
/// `-mempoolexpiry`). What a provider makes up, and what no provider tells of any more, must end too.
const WAITS_MAX: Duration = Duration::from_secs(14 * 24 * 3600);

impl Engine {
    /// Looks into the mempool for the money of open payments. To be called before blocks are read, so that money which
    /// is mined meanwhile is found in its block. `None` when there is nothing to look for, or nowhere to look.
    ///
    /// # Errors
    /// [`EngineError`]; then nothing is known to be gone, either.
    pub(super) async fn look_at_mempool(
        &self,
        network: &Network,
        source: &dyn ChainSource,
    ) -> Result<Option<Mempool>, EngineError> {
        let id = network.id.clone();
        let open = self
            .database
            .read(move |txn| payments::open_addresses(txn, &id, ADDRESSES_MAX))
            .await?;
        let mut expected = WatchSet::default();
        for text in open {
            if let Ok(address) = Address::parse(network.family, &text) {
                expected.insert(&address);
            }
        }
        if expected.is_empty() {
            return Ok(None);
        }
        Ok(source.unconfirmed(&expected).await?)
    }

    /// Takes over what a look at the mempool found, once the blocks up to the tip have been read: what it no longer
    /// holds is then either mined or gone.
    ///
    /// # Errors
    /// [`EngineError`]; nothing was changed.
    pub(super) async fn take_over_mempool(
        &self,
        network: &Arc<Network>,
        found: Mempool,
    ) -> Result<(), EngineError> {
        let (network, now) = (Arc::clone(network), self.clock.now());
        let touched = self
            .database
            .write(move |txn| take_over(txn, &network, &found, now))
            .await?;
        self.announce(touched);
        Ok(())
    }

    /// Gives up what has waited too long, whether or not anybody still tells of it.
    ///
    /// # Errors
    /// [`EngineError`]; nothing was changed.
    pub(super) async fn give_up_overdue(&self, network: &Network) -> Result<(), EngineError> {
        let (id, now) = (network.id.clone(), self.clock.now());
        let before = now.minus(WAITS_MAX);
        let overdue = self
            .database
            .read(move |txn| unconfirmed::overdue(txn, &id, before, PAGE))
            .await?;
        if overdue.is_empty() {
            return Ok(());
        }
        let touched: Vec<PaymentId> = overdue.iter().map(|waiting| waiting.payment).collect();
        for waiting in &overdue {
            tracing::warn!(
                network = %network.id, txid = %waiting.seen.txid, position = waiting.seen.position,
                "money has waited for a block for too long: it no longer keeps its payment open, and is for a person to \
                 look at if it is mined after all"
            );
        }
        self.database
            .write(move |txn| {
                for waiting in &overdue {
                    unconfirmed::give_up(txn, waiting.id, now)?;
                    payments::mark_for_settling(txn, waiting.payment)?;
                }
                Ok::<_, EngineError>(())
            })
            .await?;
        self.announce(touched);
        Ok(())
    }
}

fn take_over(
    txn: &Txn<'_>,
    network: &Network,
    found: &Mempool,
    now: UnixMillis,
) -> Result<Vec<PaymentId>, EngineError> {
    let held: HashMap<(&str, u32), &UnconfirmedTransfer> = found
        .transfers
        .iter()
        .map(|seen| ((&*seen.txid, seen.position), seen))
        .collect();
    let (mut touched, mut missing) = (Vec::new(), Vec::new());
    let mut after = 0;
    loop {
        let page = unconfirmed::of_network(txn, &network.id, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for waiting in page {
            // Something else of the same output is no word for what was seen.
            let is_held = held.get(&(&*waiting.seen.txid, waiting.seen.position)) == Some(&&waiting.seen);
            if transfers::is_mined(txn, &network.id, &waiting.seen.txid, waiting.seen.position)? {
                unconfirmed::give_up(txn, waiting.id, now)?;
                touched.push(waiting.payment);
            } else if is_held && waiting.missed > 0 {
                unconfirmed::set_missed(txn, waiting.id, 0)?;
            } else if !is_held && found.looked_at.contains(&waiting.seen.address) {
                missing.push(waiting);
            }
        }
    }
    for seen in &found.transfers {
        touched.extend(note(txn, network, seen, &missing, now)?);
    }
    for waiting in missing {
        touched.extend(miss(txn, network, &waiting, now)?);
    }
    for payment in &touched {
        payments::mark_for_settling(txn, *payment)?;
    }
    Ok(touched)
}

/// Records money that waits, if it counts for a payment. What does not count yet is judged when it is mined.
fn note(
    txn: &Txn<'_>,
    network: &Network,
    seen: &UnconfirmedTransfer,
    missing: &[Waiting],
    now: UnixMillis,
) -> Result<Option<PaymentId>, EngineError> {
    if seen.amount.is_zero() || transfers::is_mined(txn, &network.id, &seen.txid, seen.position)? {
        return Ok(None);
    }
    let as_mined_now = SeenTransfer {
        txid: Arc::clone(&seen.txid),
        position: seen.position,
        currency: seen.currency.clone(),
        address: Arc::clone(&seen.address),
        amount: seen.amount,
        block: BlockRef {
            height: 0,
            hash: "".into(),
            time: now,
        },
    };
    let owner = match transfers::orphaned(txn, &network.id, seen)? {
        // Once it is mined again, it is what it was.
        Some(orphaned) if orphaned.judgement != Judgement::Counted => return Ok(None),
        Some(orphaned) => {
            payments::by_id(txn, orphaned.payment)?.map(|payment| (payment, LatePolicy::Accept))
        }
        None => lifecycle::owner(txn, network, &as_mined_now)?,
    };
    let Some((payment, late)) = owner.filter(|(payment, _)| now <= payment.expires_at.plus(WAITS_MAX)) else {
        return Ok(None);
    };
    // A transaction that takes the place of another with a higher fee is as early as the one it replaces.
    let replaced = missing
        .iter()
        .filter(|waiting| waiting.payment == payment.id)
        .map(|waiting| waiting.first_seen_at)
        .min();
    let first_seen_at = replaced.unwrap_or(now);
    let judged = SeenTransfer {
        block: BlockRef {
            time: first_seen_at,
            ..as_mined_now.block.clone()
        },
        ..as_mined_now
    };
    let has_money = has_other_money(txn, &payment, seen, missing)?;
    if matching::judge(&payment, &judged, late, has_money) != Judgement::Counted {
        return Ok(None);
    }
    let is_new = unconfirmed::record(txn, &network.id, seen, payment.id, first_seen_at)?;
    if is_new {
        tracing::info!(
            network = %network.id, txid = %seen.txid, position = seen.position, amount = %seen.amount,
            payment = %payment.number, "money waits for a block"
        );
    }
    Ok(is_new.then_some(payment.id))
}

/// Whether other money than `seen` counts for a payment, in a block or waiting for one and not about to be given up.
fn has_other_money(
    txn: &Txn<'_>,
    payment: &Payment,
    seen: &UnconfirmedTransfer,
    missing: &[Waiting],
) -> Result<bool, EngineError> {
    let is_other = |waiting: &Waiting| {
        (&waiting.seen.txid, waiting.seen.position) != (&seen.txid, seen.position)
            && missing.iter().all(|missing| missing.id != waiting.id)
    };
    if payment.chosen()?.way != Way::Shared {
        return Ok(false);
    }
    let waits = unconfirmed::of_payment(txn, payment.id)?.iter().any(is_other);
    Ok(waits || lifecycle::has_money(txn, payment)?)
}

/// Counts that money was missing from a look, and gives it up when it was missing too often.
fn miss(
    txn: &Txn<'_>,
    network: &Network,
    waiting: &Waiting,
    now: UnixMillis,
) -> Result<Option<PaymentId>, EngineError> {
    let missed = waiting.missed.saturating_add(1);
    if missed < MISSED_MAX {
        unconfirmed::set_missed(txn, waiting.id, missed)?;
        return Ok(None);
    }
    unconfirmed::give_up(txn, waiting.id, now)?;
    tracing::warn!(
        network = %network.id, txid = %waiting.seen.txid, position = waiting.seen.position,
        "money that waited for a block is gone: replaced, spent elsewhere or forgotten"
    );
    Ok(Some(waiting.payment))
}
