//! Closes the windows of payments that were not paid in time: only once their chain has been read past the end of
//! the window, so that money mined in time and seen late still counts. Who waited for an amount in vain was never told to
//! pay, nor was who chose no currency: no money can be on its way, so the clock alone decides.

use super::lifecycle::{self, Standing};
use super::{Engine, EngineError};
use crate::domain::ids::PaymentId;
use crate::domain::matching;
use crate::domain::network::Network;
use crate::domain::payment::Payment;
use crate::domain::status::{self, Fact, Status};
use crate::domain::time::UnixMillis;
use crate::store::{Txn, blocks, payments, unconfirmed};

/// Payments closed at once.
const PAGE: u32 = 256;

impl Engine {
    /// Closes what is over on a network; payments in its own coin only up to `internal_to`, the time up to which it is
    /// known what contracts sent (`None` where nobody looks for that).
    ///
    /// # Errors
    /// [`EngineError`]; what was closed before it stays closed.
    pub async fn expire(
        &self,
        network: &Network,
        internal_to: Option<UnixMillis>,
    ) -> Result<(), EngineError> {
        let (id, now) = (network.id.clone(), self.clock.now());
        let over = self
            .database
            .read(move |txn| match blocks::cursor(txn, &id)? {
                Some(cursor) => {
                    let to = cursor.time.min(now);
                    // Those that have to be kept open are not read: they must not hold up the others.
                    let native = internal_to.unwrap_or(to);
                    Ok::<_, EngineError>(payments::window_over(txn, &id, to, native, PAGE)?)
                }
                None => Ok(Vec::new()),
            })
            .await?;
        let id = network.id.clone();
        let waited = self
            .database
            .read(move |txn| {
                let mut waited = payments::queued_too_long(txn, &id, now, PAGE)?;
                // Of no network yet: whichever is read next closes them.
                waited.extend(payments::selecting_too_long(txn, now, PAGE)?);
                Ok::<_, EngineError>(waited)
            })
            .await?;
        for payment in over.into_iter().chain(waited) {
            let id = payment.id;
            // One payment that cannot be closed must not hold up the others.
            match self.database.write(move |txn| close(txn, id, now)).await {
                Ok(()) => self.announce([id]),
                // Nothing can be recorded of the others either: it is said once, not of each.
                Err(error) if self.database.hindrance().is_some() => return Err(error),
                Err(error) => {
                    tracing::error!(payment = %payment.number, %error, "window not closed; will retry")
                }
            }
        }
        Ok(())
    }
}

/// Closes a payment's window, with its rows as they are inside the transaction.
fn close(txn: &Txn<'_>, id: PaymentId, now: UnixMillis) -> Result<(), EngineError> {
    let Some(mut payment) = payments::by_id(txn, id)? else {
        return Ok(());
    };
    if matches!(payment.status, Status::Queued | Status::Selecting) {
        return close_unasked(txn, &mut payment, now);
    }
    let Some(Standing {
        mut payment,
        progress,
        tip,
        scanned_to,
        ..
    }) = lifecycle::standing(txn, payment)?
    else {
        return Ok(());
    };
    if payment.status != Status::Pending || scanned_to <= payment.expires_at {
        return Ok(());
    }
    if !unconfirmed::of_payment(txn, id)?.is_empty() && !matching::funds(&payment, &progress).is_seen() {
        // A part came in time and waits for its block; with it, the rest may yet.
        return Ok(());
    }
    let then = status::next(
        payment.status,
        Fact::WindowClosed(matching::funds(&payment, &progress)),
    )?;
    let confirmations = lifecycle::confirmations(&progress, tip);
    payment.progress = progress;
    lifecycle::change(txn, &mut payment, then, confirmations, now)?;
    if then == Status::Confirming {
        // It was completed meanwhile; the next settling takes it further.
        payments::mark_for_settling(txn, id)?;
    }
    Ok(())
}

/// Ends a payment that waited in vain for its turn, or for its customer to choose.
fn close_unasked(txn: &Txn<'_>, payment: &mut Payment, now: UnixMillis) -> Result<(), EngineError> {
    if now <= payment.expires_at {
        return Ok(());
    }
    let funds = matching::funds(payment, &payment.progress);
    let then = status::next(payment.status, Fact::WindowClosed(funds))?;
    lifecycle::change(txn, payment, then, 0, now)?;
    Ok(())
}
