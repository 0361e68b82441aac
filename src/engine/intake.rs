//! Takes a transfer over into the store: the payment it belongs to, what it means for it, what follows at once.
//!
//! Every transfer goes through here, however it was found: by reading blocks, by a second look, by a balance.

use super::{EngineError, lifecycle};
use crate::domain::event::EventKind;
use crate::domain::ids::PaymentId;
use crate::domain::matching;
use crate::domain::network::{Network, NetworkId};
use crate::domain::payment::Payment;
use crate::domain::shop::LatePolicy;
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::domain::transfer::{Judgement, SeenTransfer};
use crate::domain::wallet::Way;
use crate::store::transfers::Revived;
use crate::store::{StoreError, Txn, addresses, events, payments, transfers, unconfirmed, wallets};

/// Records a transfer with the payment it belongs to. Gives back that payment when the transfer is new.
pub(super) fn take_over(
    txn: &Txn<'_>,
    network: &Network,
    seen: &SeenTransfer,
    tip: u64,
    now: UnixMillis,
) -> Result<Option<PaymentId>, EngineError> {
    if let Some(revived) = transfers::revive(txn, &network.id, seen)? {
        take_back(txn, seen, revived, tip, now)?;
        return Ok(Some(revived.payment));
    }
    let owner = lifecycle::owner(txn, network, seen)?;
    let judgement = match &owner {
        Some((payment, late)) => {
            let has_money = lifecycle::has_money(txn, payment)?;
            matching::judge(
                payment,
                &as_early_as_seen(txn, &network.id, seen)?,
                *late,
                has_money,
            )
        }
        None => Judgement::Unmatched,
    };
    let owner = owner.map(|(payment, _)| payment);
    if !transfers::record(
        txn,
        &network.id,
        seen,
        owner.as_ref().map(|payment| payment.id),
        judgement,
        now,
    )? {
        return Ok(None);
    }
    note_paid_child(txn, network, seen)?;
    metrics::counter!("payd_transfers_total", "network" => network.id.to_string(), "judgement" => judgement.word())
        .increment(1);
    tracing::info!(
        network = %network.id, txid = %seen.txid, position = seen.position, height = seen.block.height,
        currency = %seen.currency, amount = %seen.amount, address = %seen.address, %judgement,
        payment = owner.as_ref().map(|payment| payment.number.as_str()), "transfer recorded"
    );
    let Some(payment) = owner else { return Ok(None) };
    match judgement {
        Judgement::Counted => payments::mark_for_settling(txn, payment.id)?,
        Judgement::Late | Judgement::WrongAsset | Judgement::AfterEnd => {
            let confirmations = Network::confirmations_at(seen.block.height, tip);
            events::record(txn, &payment, EventKind::Late, &seen.txid, confirmations, now)?;
        }
        Judgement::Unmatched => {}
    }
    Ok(Some(payment.id))
}

/// Keeps that a child of an account has received money, if the address is one.
fn note_paid_child(txn: &Txn<'_>, network: &Network, seen: &SeenTransfer) -> Result<(), StoreError> {
    let known = addresses::by_text(txn, &network.id, &seen.address)?;
    match known.and_then(|known| known.wallet.zip(known.child_index)) {
        Some((wallet, index)) => wallets::note_paid(txn, wallet, index),
        None => Ok(()),
    }
}

/// A transfer with the time at which it is judged: that of its block, or the earlier one at which it was seen to wait
/// for it.
fn as_early_as_seen(
    txn: &Txn<'_>,
    network: &NetworkId,
    seen: &SeenTransfer,
) -> Result<SeenTransfer, StoreError> {
    let noted = unconfirmed::noted(txn, network, &seen.as_unconfirmed())?;
    let mut seen = seen.clone();
    seen.block.time = noted.map_or(seen.block.time, |(_, from)| from.min(seen.block.time));
    Ok(seen)
}

/// Money that only moved to another block is what it was: in time, and this payment's; unless the merchant cancelled
/// the payment while the money was gone.
fn take_back(
    txn: &Txn<'_>,
    seen: &SeenTransfer,
    revived: Revived,
    tip: u64,
    now: UnixMillis,
) -> Result<(), EngineError> {
    // What did not count because other money did is looked at, too: that may not come back.
    payments::mark_for_settling(txn, revived.payment)?;
    if revived.judgement != Judgement::Counted {
        return Ok(());
    }
    let Some(payment) = payments::by_id(txn, revived.payment)? else {
        return Ok(());
    };
    let is_over = !payment.status.takes_money() && payment.status != Status::Paid;
    // While it was gone, the same amount may have come to a shared address once more. What was attached by hand may be
    // one of several parts.
    let has_other = payment.chosen()?.way == Way::Shared
        && !revived.is_attached
        && transfers::any_counts(txn, payment.id, Some(revived.id))?;
    if is_over || has_other {
        transfers::rejudge(txn, revived.id, Judgement::AfterEnd)?;
        let confirmations = Network::confirmations_at(seen.block.height, tip);
        events::record(txn, &payment, EventKind::Late, &seen.txid, confirmations, now)?;
    }
    Ok(())
}

/// At a shared address the same amount once more counts for nobody while the first does. Where that has left the chain, what
/// else came in time takes its place, unless the merchant has seen to it.
pub(super) fn step_in(txn: &Txn<'_>, payment: &Payment) -> Result<(), EngineError> {
    let is_shared = payment.ask.as_ref().is_some_and(|ask| ask.way == Way::Shared);
    if !is_shared || !payment.status.takes_money() || lifecycle::has_money(txn, payment)? {
        return Ok(());
    }
    for beside in transfers::beside(txn, payment.id)? {
        let seen = as_early_as_seen(txn, &beside.network, &beside.seen)?;
        // Late money stays what it is: by now the amount may be the next customer's.
        if matching::judge(payment, &seen, LatePolicy::Flag, false) == Judgement::Counted {
            tracing::info!(payment = %payment.number, txid = %seen.txid, "other money takes the place of what left the chain");
            return Ok(transfers::rejudge(txn, beside.id, Judgement::Counted)?);
        }
    }
    Ok(())
}
