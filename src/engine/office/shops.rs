//! The stores that somebody sees.

use super::Office;
use crate::domain::ids::ShopId;
use crate::domain::shop::Shop;
use crate::domain::user::User;
use crate::store::{StoreError, shops};

impl Office {
    /// The stores that a user sees, by age.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn shops_of(&self, user: &User) -> Result<Vec<Shop>, StoreError> {
        let mut all = self.engine.database.read(shops::all).await?;
        all.retain(|shop| user.shops.has(shop.id));
        Ok(all)
    }

    /// A store, if there is one and the user sees it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn shop_of(&self, user: &User, id: ShopId) -> Result<Option<Shop>, StoreError> {
        if !user.shops.has(id) {
            return Ok(None);
        }
        self.engine.database.read(move |txn| shops::by_id(txn, id)).await
    }
}
