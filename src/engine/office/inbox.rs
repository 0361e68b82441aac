//! The inbox of one store, for the dashboard: transfers of other stores are not there. What may be done about a transfer
//! is decided by [`crate::engine::inbox`].

use super::{By, Office, OfficeError};
use crate::domain::ids::{PaymentNumber, ShopId, TransferId};
use crate::domain::network::Mode;
use crate::domain::payment::Payment;
use crate::engine::inbox::{Entry, Filter, InboxError, check};
use crate::store::{StoreError, Txn, figures, inbox, payments};

/// Payments that are proposed for a transfer.
const PROPOSED_MAX: usize = 3;

/// Payments of an address, or of an order, that are looked at for one that a transfer could count for.
const LOOKED_AT_MAX: u32 = 20;

/// A transfer and what could become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The transfer.
    pub entry: Entry,
    /// Payments that it could count for, the likeliest first.
    pub proposed: Vec<Payment>,
    /// What it is worth now, in US cents; `None` when nobody knows.
    pub usd_cents: Option<u64>,
}

impl Office {
    /// A page of a store's inbox before entry `before`, the latest first.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn inbox(
        &self,
        shop: ShopId,
        mode: Mode,
        with_handled: bool,
        before: TransferId,
        limit: u32,
    ) -> Result<Vec<(Entry, Option<u64>)>, OfficeError> {
        let filter = Filter {
            shop: Some(shop),
            mode,
            with_handled,
        };
        let page = self
            .engine
            .database
            .read(move |txn| inbox::page(txn, filter, before, limit))
            .await?;
        Ok(page
            .into_iter()
            .map(|entry| {
                let worth = self.worth(&entry);
                (entry, worth)
            })
            .collect())
    }

    /// A transfer to one of a store's addresses, with the payments that it could count for.
    ///
    /// # Errors
    /// [`OfficeError::NotFound`].
    pub async fn letter(&self, shop: ShopId, id: TransferId) -> Result<Letter, OfficeError> {
        let read = self.engine.database.read(move |txn| {
            let Some(entry) = of_shop(txn, shop, id)? else {
                return Ok(None);
            };
            let proposed = proposed(txn, &entry)?;
            Ok::<_, StoreError>(Some((entry, proposed)))
        });
        let (entry, proposed) = read.await?.ok_or(OfficeError::NotFound)?;
        Ok(Letter {
            usd_cents: self.worth(&entry),
            entry,
            proposed,
        })
    }

    /// Has a transfer of a store's inbox count for a payment of it, which is named by its number or its order. False when
    /// it counts for that payment already.
    ///
    /// # Errors
    /// [`InboxError`]; a transfer or a payment of another store is not there.
    pub async fn attach(
        &self,
        by: &By,
        shop: ShopId,
        id: TransferId,
        payment: &str,
        reason: &str,
    ) -> Result<bool, InboxError> {
        let named = payment.to_owned();
        let read = self.engine.database.read(move |txn| {
            let entry = of_shop(txn, shop, id)?.ok_or(InboxError::NotFound { id })?;
            named_payment(txn, shop, &entry, &named)
        });
        let number = read.await?;
        self.gateway().attach(&by.actor, id, &number, reason).await
    }

    /// Leaves a transfer of a store's inbox as it is. False when that was done before.
    ///
    /// # Errors
    /// [`InboxError`]; a transfer of another store is not there.
    pub async fn dismiss(
        &self,
        by: &By,
        shop: ShopId,
        id: TransferId,
        reason: &str,
    ) -> Result<bool, InboxError> {
        let found = self
            .engine
            .database
            .read(move |txn| of_shop(txn, shop, id))
            .await?;
        found.ok_or(InboxError::NotFound { id })?;
        self.gateway().dismiss(&by.actor, id, reason).await
    }

    fn worth(&self, entry: &Entry) -> Option<u64> {
        let registry = self.registry();
        let asset = registry.asset(&entry.transfer.network, &entry.transfer.seen.currency)?;
        let mode = registry.network(&asset.network)?.mode;
        self.engine
            .rates
            .usd_value(mode, asset, entry.transfer.seen.amount)
    }
}

/// The transfer, if it came to an address of this shop.
fn of_shop(txn: &Txn<'_>, shop: ShopId, id: TransferId) -> Result<Option<Entry>, StoreError> {
    let found = inbox::by_id(txn, id)?;
    Ok(found.filter(|entry| entry.shop == Some(shop)))
}

/// The payments that a transfer could count for: the one that it was held against first, then those that asked for money
/// at its address, the latest first.
fn proposed(txn: &Txn<'_>, entry: &Entry) -> Result<Vec<Payment>, StoreError> {
    let transfer = &entry.transfer;
    let mut found: Vec<Payment> = Vec::new();
    if let Some(id) = transfer.payment {
        found.extend(payments::by_id(txn, id)?);
    }
    found.extend(figures::asked_at(
        txn,
        &transfer.network,
        &transfer.seen.address,
        LOOKED_AT_MAX,
    )?);
    let mut proposed: Vec<Payment> = Vec::new();
    for payment in found {
        let is_new = proposed.iter().all(|known| known.id != payment.id);
        if is_new && proposed.len() < PROPOSED_MAX && check(entry, &payment).is_ok() {
            proposed.push(payment);
        }
    }
    Ok(proposed)
}

/// The payment of a shop that somebody named by its number, or by its order: of several payments for one order, the latest
/// that the transfer could count for.
fn named_payment(
    txn: &Txn<'_>,
    shop: ShopId,
    entry: &Entry,
    named: &str,
) -> Result<PaymentNumber, InboxError> {
    let none = || InboxError::NoSuchPayment;
    if let Some(number) = PaymentNumber::parse(&named.to_ascii_uppercase()) {
        let found = payments::by_number(txn, &number)?.filter(|payment| payment.shop == shop);
        return found.map(|payment| payment.number).ok_or_else(none);
    }
    let mut found = figures::of_order(txn, shop, named, LOOKED_AT_MAX)?;
    let place = found
        .iter()
        .position(|payment| check(entry, payment).is_ok())
        .unwrap_or(0);
    if place >= found.len() {
        return Err(none());
    }
    Ok(found.swap_remove(place).number)
}
