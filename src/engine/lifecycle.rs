//! One change of a payment's status with all that belongs to it: the row, its event and deliveries, its address.
//! The only place that writes a status.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::domain::event::EventKind;
use crate::domain::matching;
use crate::domain::network::Network;
use crate::domain::payment::{Ask, Payment, Progress};
use crate::domain::shop::LatePolicy;
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::domain::transfer::{POSITION_BALANCE, SeenTransfer, Transfer};
use crate::domain::wallet::Way;
use crate::store::{
    StoreError, Txn, addresses, blocks, donations, events, payments, shops, slots, transfers, unconfirmed,
};

use super::EngineError;

/// A payment as it stands inside a transaction, with its money counted anew.
pub(super) struct Standing {
    pub(super) payment: Payment,
    pub(super) progress: Progress,
    /// The blocks that have to be the chain's for the settled money to be settled: those that hold it, and those at
    /// whose depth it settled.
    pub(super) evidence: BTreeSet<BlockName>,
    /// Whether any of its money was only told of by a balance.
    pub(super) rests_on_balances: bool,
    /// Those among them that hold it.
    pub(super) holding: BTreeSet<BlockName>,
    /// The last block read of the payment's network.
    pub(super) tip: u64,
    /// That block's own time.
    pub(super) scanned_to: UnixMillis,
}

/// A block by height and hash.
pub(super) type BlockName = (u64, Arc<str>);

/// Reads a payment and counts its money up to the cursor of its network. `None` when the network was never read.
pub(super) fn standing(txn: &Txn<'_>, payment: Payment) -> Result<Option<Standing>, EngineError> {
    let Some(ask) = &payment.ask else { return Ok(None) };
    let Some(cursor) = blocks::cursor(txn, &ask.network)? else {
        return Ok(None);
    };
    let transfers = transfers::of_payment(txn, payment.id)?;
    let mined: HashSet<(&str, u32)> = transfers
        .iter()
        .filter(|transfer| !transfer.orphaned)
        .map(|transfer| (&*transfer.seen.txid, transfer.seen.position))
        .collect();
    let mut waiting: Vec<_> = unconfirmed::of_payment(txn, payment.id)?
        .into_iter()
        .map(|waiting| waiting.seen)
        .collect();
    if !payment.status.takes_money() {
        // Nobody looks for it any more, and it must not stand in for money that a reorganisation took back.
        waiting.clear();
    }
    // Seen in the mempool first and in a block by now: one transfer, not two.
    waiting.retain(|waiting| !mined.contains(&(&*waiting.txid, waiting.position)));
    let progress = matching::progress(&transfers, &waiting, ask.confirmations, cursor.height)?;
    drop(mined);
    let (holding, depths) = evidence(txn, ask, &transfers, cursor.height)?;
    let rests_on_balances = transfers
        .iter()
        .any(|transfer| matching::counts(transfer) && transfer.seen.position == POSITION_BALANCE);
    Ok(Some(Standing {
        payment,
        progress,
        evidence: holding.union(&depths).cloned().collect(),
        rests_on_balances,
        holding,
        tip: cursor.height,
        scanned_to: cursor.time,
    }))
}

/// The blocks that hold settled money, and those at whose depth it settled.
fn evidence(
    txn: &Txn<'_>,
    ask: &Ask,
    transfers: &[Transfer],
    tip: u64,
) -> Result<(BTreeSet<BlockName>, BTreeSet<BlockName>), StoreError> {
    let depth = ask.confirmations;
    let (mut holding, mut depths) = (BTreeSet::new(), BTreeSet::new());
    for transfer in transfers.iter().filter(|transfer| matching::counts(transfer)) {
        let block = &transfer.seen.block;
        if Network::confirmations_at(block.height, tip) < depth {
            continue;
        }
        holding.insert((block.height, Arc::clone(&block.hash)));
        let settled_at = block.height.saturating_add(u64::from(depth.saturating_sub(1)));
        // Headers that are long final are no longer kept.
        if let Some(hash) = blocks::hash_at(txn, &ask.network, settled_at)? {
            depths.insert((settled_at, hash.into()));
        }
    }
    Ok((holding, depths))
}

/// Payments that ever had one address, or one amount of it, looked at to find a transfer's owner.
const OWNERS_MAX: u32 = 32;

/// The payment that a transfer belongs to, and what its shop does with late money: the one for which it was seen to wait
/// for its block, whoever has its address or amount by now; otherwise the one that its block's time speaks for.
pub(super) fn owner(
    txn: &Txn<'_>,
    network: &Network,
    seen: &SeenTransfer,
) -> Result<Option<(Payment, LatePolicy)>, StoreError> {
    let candidates = candidates(txn, network, seen)?;
    let noted = match unconfirmed::noted(txn, &network.id, &seen.as_unconfirmed())? {
        Some((payment, _)) => payments::by_id(txn, payment)?,
        None => None,
    };
    let by_time = || matching::owner(network, seen, &candidates).cloned();
    let Some(payment) = noted.or_else(by_time) else {
        return Ok(None);
    };
    let is_newest = candidates.first().is_some_and(|newest| newest.id == payment.id);
    let shop = shops::by_id(txn, payment.shop)?.filter(|_| is_newest);
    // Once the address or amount has gone to the next customer, late money is for a person to look at.
    let late = shop.map_or(LatePolicy::Flag, |shop| shop.rules.late);
    Ok(Some((payment, late)))
}

/// The payments that may be meant by money of this kind, newest first: at a shared address, those that asked for
/// exactly this amount of this currency; at others, all that ever had the address.
fn candidates(txn: &Txn<'_>, network: &Network, seen: &SeenTransfer) -> Result<Vec<Payment>, StoreError> {
    let (id, address) = (&network.id, &seen.address);
    let known = addresses::by_text(txn, id, address)?;
    match known.map_or(Way::Pool, |known| known.way) {
        Way::Shared => payments::of_amount(txn, id, address, &seen.currency, seen.amount, OWNERS_MAX),
        Way::Pool | Way::Xpub => payments::of_address(txn, id, address, OWNERS_MAX),
    }
}

/// Whether money in a block counts for a payment already, where that makes a difference.
pub(super) fn has_money(txn: &Txn<'_>, payment: &Payment) -> Result<bool, StoreError> {
    match payment.chosen()?.way {
        Way::Shared => transfers::any_counts(txn, payment.id, None),
        // Parts add up: a flood of dust must not be looked through once for each of it.
        Way::Pool | Way::Xpub => Ok(false),
    }
}

/// Takes a payment from its status to `then`: row, event with deliveries, and address move together.
pub(super) fn change(
    txn: &Txn<'_>,
    payment: &mut Payment,
    then: Status,
    confirmations: u32,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let was_live = payment.status.is_live();
    let was = std::mem::replace(&mut payment.status, then);
    if then == Status::Paid {
        payment.confirmed_at = Some(now);
    }
    payments::update(txn, payment)?;
    donations::count_paid(txn, payment)?;
    if let Some(kind) = event_kind(was, then) {
        record(txn, payment, kind, confirmations, now)?;
    }
    if was_live && !then.is_live() {
        release(txn, payment, now)?;
    } else if !was_live && then.is_live() {
        hold_again(txn, payment)?;
    }
    metrics::counter!("payd_payments_total", "status" => then.word(), "mode" => payment.mode.word())
        .increment(1);
    tracing::info!(payment = %payment.number, %was, status = %then, "payment changed");
    Ok(())
}

/// Records an event about the payment as it stands. Whether any endpoint is to be told of it.
pub(super) fn record(
    txn: &Txn<'_>,
    payment: &Payment,
    kind: EventKind,
    confirmations: u32,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let txid = payment.progress.latest.as_ref().map_or("", |latest| &latest.txid);
    events::record(txn, payment, kind, txid, confirmations, now).map(|event| event.is_told)
}

/// Confirmations of the payment's latest transfer.
pub(super) fn confirmations(progress: &Progress, tip: u64) -> u32 {
    progress
        .latest
        .as_ref()
        .and_then(|latest| latest.height)
        .map_or(0, |height| Network::confirmations_at(height, tip))
}

const fn event_kind(was: Status, then: Status) -> Option<EventKind> {
    Some(match then {
        // From confirming, a reorganisation took money back; from elsewhere the payment's turn has come.
        Status::Pending if matches!(was, Status::Confirming) => EventKind::Reverted,
        Status::Pending => EventKind::Pending,
        // It was made before, and there is still nothing to pay.
        Status::Selecting | Status::Queued => return None,
        Status::Confirming => EventKind::Confirming,
        Status::Underpaid => EventKind::Underpaid,
        Status::Paid => EventKind::Confirmed,
        Status::Expired => EventKind::Expired,
        Status::Cancelled | Status::Failed => EventKind::Cancelled,
    })
}

fn release(txn: &Txn<'_>, payment: &Payment, now: UnixMillis) -> Result<(), StoreError> {
    let Some(ask) = &payment.ask else { return Ok(()) };
    let cool_down =
        shops::by_id(txn, payment.shop)?.map_or_else(Default::default, |shop| shop.rules.cool_down);
    // A clock that was set back since the customer was asked: what is told from other money by the time of asking must
    // not be asked for earlier than that by the next.
    let since = payment.asked_at.map_or(now, |asked_at| asked_at.max(now));
    let available_at = since.plus(cool_down);
    match ask.way {
        Way::Shared => slots::release(txn, payment, available_at),
        Way::Pool | Way::Xpub => {
            addresses::release(txn, &ask.network, &ask.address, payment.id, available_at)
        }
    }
}

/// Gives a payment back what it had, unless another has it by now.
fn hold_again(txn: &Txn<'_>, payment: &Payment) -> Result<(), StoreError> {
    let Some(ask) = &payment.ask else { return Ok(()) };
    match ask.way {
        Way::Shared => slots::hold(txn, payment).map(|_| ()),
        Way::Pool | Way::Xpub => addresses::hold_again(txn, &ask.network, &ask.address, payment.id),
    }
}
