//! Which payment a transfer belongs to and what it means for it.
//!
//! The sender is never looked at. Time is judged by the block, not by when payd came to see it.

use std::time::Duration;

use super::money::{self, BaseUnits};
use super::network::{Mode, Network};
use super::payment::{LatestTransfer, Payment, Progress};
use super::shop::LatePolicy;
use super::status::{Funds, Status};
use super::transfer::{Judgement, SeenTransfer, Transfer, UnconfirmedTransfer};
use super::wallet::Way;

/// How far the time of a block may lie before the moment that it was really made.
#[must_use]
pub fn slack(network: &Network) -> Duration {
    match network.mode {
        Mode::Live => network.timestamp_slack,
        // Simulated chains go by the same clock as payd.
        Mode::Test => Duration::ZERO,
    }
}

/// How long an address or an amount rests at least between two payments, however short the store's cool-down: money
/// that was mined before it was given back, and is read only now, must still be told from the next payment's.
#[must_use]
pub fn rest_min(network: &Network) -> Duration {
    slack(network).saturating_mul(2)
}

/// Picks the payment that `seen` belongs to out of those that ever asked for such money, newest first: the newest
/// whose customer had been told to pay when the block was made.
///
/// Of an address that has one payment at a time, those are all that ever had it; of a shared one, only those that
/// asked for exactly this amount of this currency.
pub fn owner<'a>(
    network: &Network,
    seen: &SeenTransfer,
    newest_first: impl IntoIterator<Item = &'a Payment>,
) -> Option<&'a Payment> {
    let block_time_max = seen.block.time.plus(slack(network));
    newest_first.into_iter().find(|payment| {
        payment
            .asked_at
            .is_some_and(|asked_at| asked_at <= block_time_max)
    })
}

/// What a transfer means for the payment that [`owner`] picked; `has_money` when another transfer counts for it
/// already.
///
/// At a shared address one transfer pays one payment: the same amount again is for a person to look at.
#[must_use]
pub fn judge(payment: &Payment, seen: &SeenTransfer, late: LatePolicy, has_money: bool) -> Judgement {
    let Some(ask) = &payment.ask else {
        return Judgement::AfterEnd;
    };
    if ask.way == Way::Shared && has_money {
        return Judgement::AfterEnd;
    }
    if seen.currency != ask.currency {
        return Judgement::WrongAsset;
    }
    if !payment.status.takes_money() {
        return Judgement::AfterEnd;
    }
    if seen.block.time > payment.expires_at && late == LatePolicy::Flag {
        return Judgement::Late;
    }
    Judgement::Counted
}

/// Whether a recorded transfer counts towards its payment: judged so, and its block still on the chain.
#[must_use]
pub fn counts(transfer: &Transfer) -> bool {
    transfer.judgement == Judgement::Counted && !transfer.orphaned
}

/// The amounts a chain's transfers add up to are beyond what an amount can hold; such a chain is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the transfers of one payment add up to more than 2^128 base units")]
pub struct Overflow;

/// Adds up the transfers of a payment that count and those that wait for a block, with `tip` as the highest block.
///
/// # Errors
/// [`Overflow`] when the sum does not fit.
pub fn progress<'a>(
    transfers: impl IntoIterator<Item = &'a Transfer>,
    waiting: &[UnconfirmedTransfer],
    confirmations: u32,
    tip: u64,
) -> Result<Progress, Overflow> {
    let counted: Vec<&SeenTransfer> = transfers
        .into_iter()
        .filter(|transfer| counts(transfer))
        .map(|transfer| &transfer.seen)
        .collect();
    let deep = |seen: &&&SeenTransfer| Network::confirmations_at(seen.block.height, tip) >= confirmations;
    let mined = counted
        .iter()
        .max_by_key(|seen| (seen.block.height, seen.position))
        .map(|seen| LatestTransfer {
            txid: seen.txid.clone(),
            height: Some(seen.block.height),
        });
    let latest = waiting.last().map(|waiting| LatestTransfer {
        txid: waiting.txid.clone(),
        height: None,
    });
    let amounts = counted.iter().map(|seen| seen.amount);
    Ok(Progress {
        seen: money::sum(amounts.chain(waiting.iter().map(|waiting| waiting.amount))).ok_or(Overflow)?,
        settled: money::sum(counted.iter().filter(deep).map(|seen| seen.amount)).ok_or(Overflow)?,
        latest: latest.or(mined),
    })
}

/// What a payment needs, next to what it has. What asks for nothing yet is never complete.
#[must_use]
pub fn funds(payment: &Payment, progress: &Progress) -> Funds {
    Funds {
        seen: progress.seen,
        settled: progress.settled,
        required: required_of(payment),
    }
}

fn required_of(payment: &Payment) -> BaseUnits {
    payment
        .ask
        .as_ref()
        .map_or(BaseUnits::new(u128::MAX), |ask| ask.required)
}

/// What completes a payment: the amount due less the tolerance, rounded up, and never nothing.
#[must_use]
pub fn required(due: BaseUnits, tolerance_bps: u16) -> BaseUnits {
    let tolerance_bps = u128::from(tolerance_bps);
    // Divided first so that no amount can overflow; the remainder is added back by parts.
    let (whole, rest) = (due.get() / 10_000, due.get() % 10_000);
    let forgiven = whole
        .saturating_mul(tolerance_bps)
        .saturating_add(rest.saturating_mul(tolerance_bps) / 10_000);
    due.saturating_sub(BaseUnits::new(forgiven))
        .max(BaseUnits::new(1))
}

/// Whether money of a paid payment has left the chain again, below the depth at which it had settled.
#[must_use]
pub fn is_taken_back(payment: &Payment, progress: &Progress) -> bool {
    payment.status == Status::Paid && progress.seen < required_of(payment)
}
