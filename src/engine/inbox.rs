//! The inbox: what becomes of money that counted for nothing. The merchant attaches a transfer to a payment, or
//! dismisses it; both are written down with who did it and why.

use super::gateway::Gateway;
use super::{EngineError, lifecycle};
use crate::domain::event::EventKind;
use crate::domain::ids::{AuditId, PaymentId, PaymentNumber, TransferId};
use crate::domain::matching;
use crate::domain::network::Network;
use crate::domain::payment::Payment;
use crate::domain::status::{self, Fact, Status};
use crate::domain::time::UnixMillis;
use crate::domain::transfer::Judgement;
pub use crate::store::audit_log::AuditEntry;
pub use crate::store::inbox::{Entry, Filter};
use crate::store::{StoreError, Txn, audit_log, events, inbox, payments};

/// Characters of a reason.
const REASON_MAX: usize = 500;

/// Why nothing was done about a transfer. Each says what the merchant can do.
#[derive(Debug, thiserror::Error)]
pub enum InboxError {
    /// No such transfer.
    #[error("there is no transfer {id}; see `payd inbox list`")]
    NotFound {
        /// The number that was given.
        id: TransferId,
    },
    /// No such payment.
    #[error("there is no payment {number}")]
    NoPayment {
        /// The number that was given.
        number: PaymentNumber,
    },
    /// No such payment in the store that the money came to.
    #[error("this store has no payment of that number, and none for that order")]
    NoSuchPayment,
    /// Without a reason nobody will know later why.
    #[error("give a reason, of at most 500 characters: it is kept in the audit log")]
    Reason,
    /// It counts for a payment already.
    #[error("this transfer counts for {number} already, so that nothing else can be done with it")]
    Counts {
        /// The payment.
        number: PaymentNumber,
    },
    /// A reorganisation took its block away.
    #[error(
        "the block of this transfer has left the chain, and its money with it; when it is mined again it comes back by \
         itself"
    )]
    Gone,
    /// It came to another store's address.
    #[error("{number} is a payment of another store than the one whose address the money came to")]
    OtherStore {
        /// The payment.
        number: PaymentNumber,
    },
    /// It came on another chain.
    #[error(
        "the money came on {found}, and {number} is to be paid on {wanted}, so that it cannot count. Make a payment on \
         {found} for the order and attach it to that, or send the money back and dismiss it here"
    )]
    OtherNetwork {
        /// The payment.
        number: PaymentNumber,
        /// The network of the money.
        found: String,
        /// The network of the payment.
        wanted: String,
    },
    /// It is of another asset.
    #[error(
        "the money is {found}, and {number} is to be paid in {wanted}, so that it cannot count: nobody knows what it is \
         worth there. Make a payment in {found} for the order and attach it to that, or send the money back and dismiss \
         it here"
    )]
    OtherCurrency {
        /// The payment.
        number: PaymentNumber,
        /// The currency of the money.
        found: String,
        /// The currency of the payment.
        wanted: String,
    },
    /// The payment takes no money any more, or not yet.
    #[error("{number} is {status}: {advice}")]
    TakesNone {
        /// The payment.
        number: PaymentNumber,
        /// Its status.
        status: Status,
        /// What can be done instead.
        advice: &'static str,
    },
    /// Its address has gone to the next customer, who must not be confused with it.
    #[error(
        "another payment waits for money at the address of {number}, so that {number} cannot wait for confirmations \
         there; attach the transfer once it has {confirmations} confirmations"
    )]
    PlaceTaken {
        /// The payment.
        number: PaymentNumber,
        /// How many it needs.
        confirmations: u32,
    },
    /// Something inside payd failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl From<StoreError> for InboxError {
    fn from(error: StoreError) -> Self {
        Self::Engine(error.into())
    }
}

impl Gateway {
    /// A page of the inbox before entry `before`, the latest first.
    ///
    /// # Errors
    /// [`InboxError::Engine`].
    pub async fn inbox(
        &self,
        filter: Filter,
        before: TransferId,
        limit: u32,
    ) -> Result<Vec<Entry>, InboxError> {
        let page = self
            .engine
            .database
            .read(move |txn| inbox::page(txn, filter, before, limit));
        Ok(page.await?)
    }

    /// One transfer, as the inbox shows it.
    ///
    /// # Errors
    /// [`InboxError::NotFound`].
    pub async fn inbox_entry(&self, id: TransferId) -> Result<Entry, InboxError> {
        let found = self.engine.database.read(move |txn| inbox::by_id(txn, id));
        found.await?.ok_or(InboxError::NotFound { id })
    }

    /// Has a transfer of the inbox count for a payment, which is then settled as if it had counted from the start:
    /// with its confirmations, and the agreement of the providers. False when it counts for that payment already.
    ///
    /// # Errors
    /// [`InboxError`].
    pub async fn attach(
        &self,
        actor: &str,
        id: TransferId,
        number: &PaymentNumber,
        reason: &str,
    ) -> Result<bool, InboxError> {
        let (number, act) = (number.clone(), self.act(actor, id, reason)?);
        let attached = self
            .engine
            .database
            .write(move |txn| act.attach(txn, &number))
            .await?;
        if let Some(payment) = attached {
            self.engine.announce([payment]);
            self.engine.scanning.notify_waiters();
        }
        Ok(attached.is_some())
    }

    /// Leaves a transfer of the inbox as it is. False when that was done before.
    ///
    /// # Errors
    /// [`InboxError`].
    pub async fn dismiss(&self, actor: &str, id: TransferId, reason: &str) -> Result<bool, InboxError> {
        let act = self.act(actor, id, reason)?;
        self.engine.database.write(move |txn| act.dismiss(txn)).await
    }

    /// What was done by hand before entry `before`, the latest first.
    ///
    /// # Errors
    /// [`InboxError::Engine`].
    pub async fn audit_log(&self, before: AuditId, limit: u32) -> Result<Vec<AuditEntry>, InboxError> {
        let page = self
            .engine
            .database
            .read(move |txn| audit_log::page(txn, before, limit));
        Ok(page.await?)
    }

    fn act(&self, actor: &str, id: TransferId, reason: &str) -> Result<Act, InboxError> {
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > REASON_MAX {
            return Err(InboxError::Reason);
        }
        Ok(Act {
            id,
            actor: actor.to_owned(),
            reason: reason.to_owned(),
            now: self.engine.clock.now(),
        })
    }
}

/// Something that somebody does about a transfer.
struct Act {
    id: TransferId,
    actor: String,
    reason: String,
    now: UnixMillis,
}

impl Act {
    /// The payment that was changed; `None` when nothing had to be.
    fn attach(&self, txn: &Txn<'_>, number: &PaymentNumber) -> Result<Option<PaymentId>, InboxError> {
        let id = self.id;
        let entry = inbox::by_id(txn, id)?.ok_or(InboxError::NotFound { id })?;
        let payment = payments::by_number(txn, number)?.ok_or_else(|| InboxError::NoPayment {
            number: number.clone(),
        })?;
        if entry.transfer.judgement == Judgement::Counted && entry.transfer.payment == Some(payment.id) {
            return Ok(None);
        }
        check(&entry, &payment)?;
        inbox::attach(txn, id, payment.id, self.now)?;
        let payment = self.count(txn, payment, &entry)?;
        payments::mark_for_settling(txn, payment)?;
        self.write_down(txn, "inbox.attach", &entry, Some(number))?;
        Ok(Some(payment))
    }

    /// Counts the payment's money with the transfer, for the event; the settling that follows does it again with the
    /// providers' word.
    fn count(&self, txn: &Txn<'_>, payment: Payment, entry: &Entry) -> Result<PaymentId, InboxError> {
        let seen = &entry.transfer.seen;
        let id = payment.id;
        let Some(standing) = lifecycle::standing(txn, payment)? else {
            return Ok(id);
        };
        let lifecycle::Standing {
            mut payment,
            progress,
            tip,
            ..
        } = standing;
        let funds = matching::funds(&payment, &progress);
        let then = status::next(payment.status, Fact::Counted(funds)).map_err(EngineError::from)?;
        if !payment.status.is_live() && then.is_live() && inbox::is_place_taken(txn, &payment)? {
            return Err(InboxError::PlaceTaken {
                confirmations: payment.chosen().map_err(EngineError::from)?.confirmations,
                number: payment.number,
            });
        }
        payment.progress = progress;
        let confirmations = Network::confirmations_at(seen.block.height, tip);
        events::record(
            txn,
            &payment,
            EventKind::Attached,
            &seen.txid,
            confirmations,
            self.now,
        )?;
        Ok(id)
    }

    fn dismiss(&self, txn: &Txn<'_>) -> Result<bool, InboxError> {
        let id = self.id;
        let entry = inbox::by_id(txn, id)?.ok_or(InboxError::NotFound { id })?;
        if let (Judgement::Counted, Some((number, _))) = (entry.transfer.judgement, &entry.payment) {
            return Err(InboxError::Counts {
                number: number.clone(),
            });
        }
        if entry.transfer.orphaned {
            return Err(InboxError::Gone);
        }
        let is_new = inbox::dismiss(txn, id, self.now)?;
        if is_new {
            self.write_down(txn, "inbox.dismiss", &entry, None)?;
        }
        Ok(is_new)
    }

    fn write_down(
        &self,
        txn: &Txn<'_>,
        action: &str,
        entry: &Entry,
        to: Option<&PaymentNumber>,
    ) -> Result<(), StoreError> {
        let seen = &entry.transfer.seen;
        let subject = format!(
            "transfer {} ({}:{} on {})",
            self.id, seen.txid, seen.position, entry.transfer.network
        );
        let to = to.map_or_else(String::new, |number| format!("to {number}, "));
        let amount = format!("{} base units of {}", seen.amount, seen.currency);
        let detail = format!("{to}{amount}, was {}: {}", entry.transfer.judgement, self.reason);
        audit_log::record(txn, &self.actor, action, &subject, &detail, self.now)
    }
}

/// Whether a transfer can count for a payment at all.
pub(super) fn check(entry: &Entry, payment: &Payment) -> Result<(), InboxError> {
    let transfer = &entry.transfer;
    let number = payment.number.clone();
    if let (Judgement::Counted, Some((number, _))) = (transfer.judgement, &entry.payment) {
        return Err(InboxError::Counts {
            number: number.clone(),
        });
    }
    if transfer.orphaned {
        return Err(InboxError::Gone);
    }
    if entry.shop != Some(payment.shop) {
        return Err(InboxError::OtherStore { number });
    }
    let Some(ask) = &payment.ask else {
        return Err(InboxError::TakesNone {
            number,
            status: payment.status,
            advice: "nobody chose what to pay it with, so it never asked for money. Make a new payment for the order and \
                     attach the money to that, or send it back",
        });
    };
    if transfer.network != ask.network {
        return Err(InboxError::OtherNetwork {
            number,
            found: transfer.network.to_string(),
            wanted: ask.network.to_string(),
        });
    }
    if transfer.seen.currency != ask.currency {
        return Err(InboxError::OtherCurrency {
            number,
            found: transfer.seen.currency.to_string(),
            wanted: ask.currency.to_string(),
        });
    }
    if payment.asked().is_none() && payment.status == Status::Expired {
        return Err(InboxError::TakesNone {
            number,
            status: payment.status,
            advice: "it waited for its turn in vain and never asked for money. Make a new payment for the order and \
                     attach the money to that, or send it back",
        });
    }
    let advice = match payment.status {
        Status::Pending | Status::Confirming | Status::Underpaid | Status::Expired => return Ok(()),
        Status::Paid => {
            "more money changes nothing about it. Send the money back, or make a payment for what it is for and attach \
             it to that"
        }
        Status::Cancelled | Status::Failed => {
            "it stays so. Make a new payment for the order and attach the money to that, or send it back"
        }
        Status::Selecting | Status::Queued => {
            "it asks for no money yet. Wait until it does, or attach the money to another payment"
        }
    };
    Err(InboxError::TakesNone {
        number,
        status: payment.status,
        advice,
    })
}
