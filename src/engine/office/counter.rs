//! What a store sells over the counter.

use super::{By, Office, OfficeError};
use crate::domain::ids::{CounterItemId, ShopId};
use crate::domain::money::FiatAmount;
pub use crate::store::counter_items::{CounterItem, ITEMS_MAX};
use crate::store::{StoreError, counter_items};

/// Characters of an item's name.
pub const LABEL_MAX: usize = 60;

/// Why an item was not kept.
#[derive(Debug, thiserror::Error)]
pub enum ItemError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is not there, or another store's.
    #[error("there is no such item")]
    NotFound,
    /// No name, or too long a one.
    #[error("an item's name has 1 to {LABEL_MAX} characters")]
    Label,
    /// It would be given away.
    #[error("the price must be greater than zero")]
    Price,
    /// There are enough.
    #[error("a store has at most {ITEMS_MAX} items")]
    TooMany,
}

fn checked(label: &str, price: FiatAmount) -> Result<String, ItemError> {
    let label = label.trim();
    if label.is_empty() || label.chars().count() > LABEL_MAX || label.chars().any(char::is_control) {
        return Err(ItemError::Label);
    }
    if price.minor == 0 {
        return Err(ItemError::Price);
    }
    Ok(label.to_owned())
}

impl Office {
    /// A store's items, in the order in which they are shown.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn counter_items(&self, shop: ShopId) -> Result<Vec<CounterItem>, OfficeError> {
        let read = self
            .engine
            .database
            .read(move |txn| counter_items::of_shop(txn, shop));
        Ok(read.await?)
    }

    /// Adds an item behind the others.
    ///
    /// # Errors
    /// [`ItemError`].
    pub async fn add_counter_item(
        &self,
        by: By,
        shop: ShopId,
        label: &str,
        price: FiatAmount,
    ) -> Result<(), ItemError> {
        let label = checked(label, price)?;
        let added = self.engine.database.write(move |txn| {
            let there = counter_items::of_shop(txn, shop)?.len();
            if there >= usize::try_from(ITEMS_MAX).unwrap_or(usize::MAX) {
                return Err(ItemError::TooMany);
            }
            counter_items::insert(txn, shop, &label, price)?;
            Ok(by.write_down(
                txn,
                "counter.add",
                &format!("store {shop}"),
                &format!("{label}: {price}"),
            )?)
        });
        added.await
    }

    /// Changes an item.
    ///
    /// # Errors
    /// [`ItemError`].
    pub async fn change_counter_item(
        &self,
        by: By,
        shop: ShopId,
        id: CounterItemId,
        label: &str,
        price: FiatAmount,
    ) -> Result<(), ItemError> {
        let label = checked(label, price)?;
        let changed = self.engine.database.write(move |txn| {
            let detail = format!("item {id}, {label}: {price}");
            if !counter_items::update(txn, shop, &CounterItem { id, label, price })? {
                return Err(ItemError::NotFound);
            }
            Ok(by.write_down(txn, "counter.set", &format!("store {shop}"), &detail)?)
        });
        changed.await
    }

    /// Takes an item away.
    ///
    /// # Errors
    /// [`ItemError::NotFound`].
    pub async fn remove_counter_item(
        &self,
        by: By,
        shop: ShopId,
        id: CounterItemId,
    ) -> Result<(), ItemError> {
        let removed = self.engine.database.write(move |txn| {
            if !counter_items::delete(txn, shop, id)? {
                return Err(ItemError::NotFound);
            }
            Ok(by.write_down(
                txn,
                "counter.remove",
                &format!("store {shop}"),
                &format!("item {id}"),
            )?)
        });
        removed.await
    }
}
