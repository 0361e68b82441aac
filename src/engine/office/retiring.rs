//! Addresses that are taken out of a pool, and put back.

use super::addresses::{RetireError, Retired, restore, retire};
use super::{By, Office};
use crate::domain::ids::AddressId;
use crate::domain::shop::Shop;

impl Office {
    /// Takes an address of a store out of its pool.
    ///
    /// # Errors
    /// [`RetireError`].
    pub async fn retire_address(&self, by: By, shop: Shop, id: AddressId) -> Result<Retired, RetireError> {
        let view = self.address(shop.id, id).await?;
        let done = self
            .engine
            .database
            .write(move |txn| retire(txn, &by, &shop, &view.network, &view.address));
        done.await
    }

    /// Puts an address of a store back into its pool. False when it is there.
    ///
    /// # Errors
    /// [`RetireError`].
    pub async fn restore_address(&self, by: By, shop: Shop, id: AddressId) -> Result<bool, RetireError> {
        let view = self.address(shop.id, id).await?;
        let done = self
            .engine
            .database
            .write(move |txn| restore(txn, &by, &shop, &view.network, &view.address));
        done.await
    }
}
