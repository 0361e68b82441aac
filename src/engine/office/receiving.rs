//! When and by whom it was changed last where a store receives: the one thing that nobody may do unseen.

use super::{By, Office, OfficeError};
use crate::domain::ids::ShopId;
use crate::domain::network::NetworkId;
use crate::domain::shop::Shop;
pub use crate::store::receiving_changes::Change;
use crate::store::{StoreError, Txn, receiving_changes};

/// Writes a change down: in the audit log, and as the last on its network.
pub(super) fn write_down(
    txn: &Txn<'_>,
    by: &By,
    shop: &Shop,
    network: &NetworkId,
    action: &str,
    detail: &str,
) -> Result<(), StoreError> {
    by.write_down(txn, action, &shop.name, detail)?;
    receiving_changes::set(txn, shop.id, network, &by.actor, by.at)
}

impl Office {
    /// The last changes of where a store receives, by network.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn receiving_changes(&self, shop: ShopId) -> Result<Vec<Change>, OfficeError> {
        let read = self
            .engine
            .database
            .read(move |txn| receiving_changes::of_shop(txn, shop));
        Ok(read.await?)
    }
}
