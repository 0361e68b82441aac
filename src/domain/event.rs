//! Events: what happened to a payment, in the words all webhook formats choose from.

use super::ids::{EventId, PaymentId};
use super::money::BaseUnits;
use super::status::Status;
use super::time::UnixMillis;

super::vocabulary! {
    /// What happened.
    EventKind, "event" {
        /// The payment was made.
        Created = "payment.created",
        /// It had to wait for its turn: now the customer is told what to pay.
        Pending = "payment.pending",
        /// The full amount was seen; it waits for confirmations.
        Confirming = "payment.confirming",
        /// The full amount has settled.
        Confirmed = "payment.confirmed",
        /// The window closed with less than the amount due.
        Underpaid = "payment.underpaid",
        /// The window closed with nothing received.
        Expired = "payment.expired",
        /// The merchant cancelled.
        Cancelled = "payment.cancelled",
        /// Money was taken back by a reorganisation before it had settled.
        Reverted = "payment.reverted",
        /// Money arrived that does not count: late, of another asset, or after the end.
        Late = "payment.late",
        /// The merchant attached money to it that had counted for nothing.
        Attached = "payment.attached",
        /// A reorganisation took settled money away: a person has to look.
        Reorged = "payment.reorged",
    }
}

/// One recorded change, with the figures as they were at that moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Row number; grows with time.
    pub id: EventId,
    /// The payment it happened to.
    pub payment: PaymentId,
    /// What happened.
    pub kind: EventKind,
    /// When payd recorded it.
    pub at: UnixMillis,
    /// The payment's status after it.
    pub status: Status,
    /// Received so far, settled or not.
    pub received: BaseUnits,
    /// The transaction it is about; empty when none is.
    pub txid: String,
    /// Confirmations of that transaction at that moment.
    pub confirmations: u32,
}
