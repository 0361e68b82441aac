//! What somebody does about a payment by hand. All of it is written down with who did it and why.

use std::sync::Arc;

use super::{Note, Office, inbox, notes, payments, shops};
use crate::domain::ids::{PaymentNumber, ShopId, TransferId};
use crate::domain::payment::{Mark, Payment};
use crate::domain::shop::Shop;
use crate::engine::gateway::{Caller, CreateRequest, Created, GatewayError, Scenario, cancel};
use crate::engine::inbox::InboxError;
use crate::engine::office::By;
use crate::store::{StoreError, Txn};

/// Characters of a reason.
pub const REASON_MAX: usize = 500;

/// Why nothing was done about a payment. Each says what can be done instead.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine refused.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// The money cannot count.
    #[error(transparent)]
    Inbox(#[from] InboxError),
    /// It is not there, or another store's.
    #[error("there is no such thing")]
    NotFound,
    /// Without a reason nobody will know later why.
    #[error("give a reason, of at most 500 characters: it is kept in the audit log")]
    Reason,
}

/// A reason as it is kept.
fn reason(text: &str) -> Result<String, ActError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > REASON_MAX {
        return Err(ActError::Reason);
    }
    Ok(text.to_owned())
}

fn of_shop(txn: &Txn<'_>, shop: ShopId, number: &PaymentNumber) -> Result<Payment, ActError> {
    let found = payments::by_number(txn, number)?.filter(|payment| payment.shop == shop);
    found.ok_or(ActError::NotFound)
}

/// Writes a note at a payment of a store.
///
/// # Errors
/// [`ActError::NotFound`], [`ActError::Reason`].
pub fn note(
    txn: &Txn<'_>,
    by: &By,
    shop: ShopId,
    number: &PaymentNumber,
    mark: Mark,
    why: &str,
) -> Result<(), ActError> {
    let why = reason(why)?;
    let payment = of_shop(txn, shop, number)?;
    by.write_down(txn, "payment.note", number.as_str(), &format!("{mark}: {why}"))?;
    let note = Note {
        at: by.at,
        actor: by.actor.clone(),
        mark,
        reason: why,
    };
    Ok(notes::insert(txn, payment.id, &note)?)
}

impl Office {
    /// Makes a payment for somebody in the shop, without a key.
    ///
    /// # Errors
    /// Those of [`crate::engine::gateway::Gateway::create`].
    pub async fn create_payment(
        &self,
        by: By,
        caller: &Caller,
        request: CreateRequest,
    ) -> Result<Created, GatewayError> {
        let request = CreateRequest {
            by: Some(by),
            ..request
        };
        self.gateway().create(caller, request).await
    }

    /// Cancels a payment of a store that has received nothing. The reason may be left out.
    ///
    /// # Errors
    /// [`ActError::NotFound`], [`ActError::Reason`], [`GatewayError::NotCancellable`].
    pub async fn cancel_payment(
        &self,
        by: By,
        shop: ShopId,
        number: &PaymentNumber,
        why: &str,
    ) -> Result<(), ActError> {
        let (number, why) = (number.clone(), why.trim().to_owned());
        if why.chars().count() > REASON_MAX {
            return Err(ActError::Reason);
        }
        let cancelled = self.engine.database.write(move |txn| {
            let payment = of_shop(txn, shop, &number)?;
            cancel(txn, payment.id, by.at)?;
            by.write_down(txn, "payment.cancel", number.as_str(), &why)?;
            Ok::<_, ActError>(payment.id)
        });
        let id = cancelled.await?;
        self.engine.announce([id]);
        Ok(())
    }

    /// Has a transfer that came to a payment of a store, and counted for nothing, count for it.
    ///
    /// # Errors
    /// [`ActError::NotFound`], [`ActError::Inbox`].
    pub async fn accept_late(
        &self,
        by: By,
        shop: ShopId,
        number: &PaymentNumber,
        transfer: TransferId,
        why: &str,
    ) -> Result<(), ActError> {
        let of = number.clone();
        let found = self.engine.database.read(move |txn| {
            let payment = of_shop(txn, shop, &of)?;
            let entry = inbox::by_id(txn, transfer)?;
            let own = entry.filter(|entry| entry.transfer.payment == Some(payment.id));
            own.map(|_| ()).ok_or(ActError::NotFound)
        });
        found.await?;
        self.gateway().attach(&by.actor, transfer, number, why).await?;
        Ok(())
    }

    /// Writes a note at a payment of a store.
    ///
    /// # Errors
    /// [`ActError::NotFound`], [`ActError::Reason`].
    pub async fn note_payment(
        &self,
        by: By,
        shop: ShopId,
        number: &PaymentNumber,
        mark: Mark,
        why: &str,
    ) -> Result<(), ActError> {
        let (number, why) = (number.clone(), why.to_owned());
        let of = number.clone();
        self.engine
            .database
            .write(move |txn| note(txn, &by, shop, &number, mark, &why))
            .await?;
        if let Ok(payment) = self.payment(shop, &of).await {
            self.engine.show(payment.id);
        }
        Ok(())
    }

    /// Has the simulated chain act on a test payment of a store.
    ///
    /// # Errors
    /// [`ActError::NotFound`], and those of [`crate::engine::gateway::Gateway::simulate`].
    pub async fn simulate(
        &self,
        shop: ShopId,
        number: &PaymentNumber,
        scenario: Scenario,
    ) -> Result<(), ActError> {
        let number = number.clone();
        let found = self
            .engine
            .database
            .read(move |txn| of_shop(txn, shop, &number))
            .await?;
        self.gateway().simulate(&found.token, scenario).await?;
        Ok(())
    }

    /// A store by its row, for who acts without a visit.
    ///
    /// # Errors
    /// [`ActError::NotFound`].
    pub async fn shop_row(&self, id: ShopId) -> Result<Arc<Shop>, ActError> {
        let found = self
            .engine
            .database
            .read(move |txn| shops::by_id(txn, id))
            .await?;
        found.map(Arc::new).ok_or(ActError::NotFound)
    }
}
