//! What a payment looks like to its customer at a moment: the stage that is shown, and the snapshot that tells a
//! page it is out of date. Pure.

use serde::Serialize;

use crate::domain::money::BaseUnits;
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::domain::wallet::Way;
use crate::engine::gateway::PaymentView;

/// What the page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The currency is to be chosen.
    Selecting,
    /// Nothing to pay yet.
    Preparing,
    /// Waiting for a turn to pay.
    Queued,
    /// Waiting for the money.
    Waiting,
    /// Part of the money has come; waiting for the rest.
    PartPaid,
    /// The time is up, and the chain has yet to be read to the end of it.
    Closing,
    /// All of the money has come and waits for confirmations.
    Confirming,
    /// Paid.
    Paid,
    /// Paid, and more than was due.
    Overpaid,
    /// The time ran out on part of the money.
    Underpaid,
    /// The time ran out on nothing.
    Expired,
    /// The shop cancelled.
    Cancelled,
    /// Given up.
    Failed,
}

impl Stage {
    /// The word for scripts and style sheets.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Selecting => "selecting",
            Self::Preparing => "preparing",
            Self::Queued => "queued",
            Self::Waiting => "waiting",
            Self::PartPaid => "part-paid",
            Self::Closing => "closing",
            Self::Confirming => "confirming",
            Self::Paid => "paid",
            Self::Overpaid => "overpaid",
            Self::Underpaid => "underpaid",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }

    /// The stage of a payment at `now`.
    #[must_use]
    pub fn of(view: &PaymentView, now: UnixMillis) -> Self {
        let payment = &view.payment;
        match payment.status {
            // Nothing was asked for, so nothing can be on its way: the clock alone decides.
            Status::Selecting if now > payment.expires_at => Self::Expired,
            Status::Selecting => Self::Selecting,
            Status::Queued => Self::Queued,
            Status::Pending if now > payment.expires_at => Self::Closing,
            Status::Pending if payment.progress.seen.is_zero() => Self::Waiting,
            // The rest would be an amount that may be somebody else's.
            Status::Pending if payment.asked().is_some_and(|ask| ask.way == Way::Shared) => Self::Preparing,
            Status::Pending => Self::PartPaid,
            Status::Confirming => Self::Confirming,
            Status::Paid if view.is_overpaid() => Self::Overpaid,
            Status::Paid => Self::Paid,
            Status::Underpaid => Self::Underpaid,
            Status::Expired => Self::Expired,
            Status::Cancelled => Self::Cancelled,
            Status::Failed => Self::Failed,
        }
    }

    /// Whether the page asks the customer to send money. Only then may it show how.
    #[must_use]
    pub const fn asks_for_money(self) -> bool {
        matches!(self, Self::Waiting | Self::PartPaid)
    }

    /// Whether nothing will change any more. Money found late can still complete an expired payment, unless its customer
    /// was never told where to send any: [`Snapshot::is_final`] knows.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Paid | Self::Overpaid | Self::Cancelled | Self::Failed)
    }
}

/// The part of a payment that changes, and nothing that its page does not show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    /// The payment's status.
    pub status: &'static str,
    /// What the page shows.
    pub stage: &'static str,
    /// Received so far, as a decimal number of the asset.
    pub received: String,
    /// What is still to be sent, as a decimal number of the asset.
    pub remaining: String,
    /// Confirmations of the latest transfer, at most as many as are required.
    pub confirmations: u32,
    /// Confirmations that are required.
    pub confirmations_required: u32,
    /// The latest transaction; `null` before the first.
    pub txid: Option<String>,
    /// Milliseconds since the epoch.
    pub expires_at: i64,
    /// Whether nothing will change any more.
    pub is_final: bool,
}

impl Snapshot {
    /// The snapshot at `now`.
    #[must_use]
    pub fn of(view: &PaymentView, now: UnixMillis) -> Self {
        let payment = &view.payment;
        let stage = Stage::of(view, now);
        let chosen = view.chosen.as_ref();
        let required = chosen.map_or(0, |chosen| chosen.ask.confirmations);
        let shown = |amount: BaseUnits| {
            chosen.map_or_else(|| "0".to_owned(), |chosen| chosen.means.asset.show(amount))
        };
        Self {
            status: payment.status.word(),
            stage: stage.word(),
            received: shown(payment.progress.seen),
            remaining: shown(view.remaining()),
            confirmations: view.confirmations.min(required),
            confirmations_required: required,
            txid: payment
                .progress
                .latest
                .as_ref()
                .map(|latest| latest.txid.to_string()),
            expires_at: payment.expires_at.get(),
            is_final: stage.is_final() || (stage == Stage::Expired && payment.asked().is_none()),
        }
    }

    /// The JSON text. Equal snapshots have equal texts.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
