//! The stores that somebody sees.

use super::{Office, OfficeError};
use crate::domain::ids::ShopId;
use crate::domain::shop::Shop;
use crate::domain::user::User;
use crate::store::shops;

impl Office {
    /// The stores that a user sees, by age.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn shops_of(&self, user: &User) -> Result<Vec<Shop>, OfficeError> {
        let mut all = self.engine.database.read(shops::all).await?;
        all.retain(|shop| user.shops.has(shop.id));
        Ok(all)
    }

    /// A store, if there is one and the user sees it.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn shop_of(&self, user: &User, id: ShopId) -> Result<Option<Shop>, OfficeError> {
        if !user.shops.has(id) {
            return Ok(None);
        }
        Ok(self
            .engine
            .database
            .read(move |txn| shops::by_id(txn, id))
            .await?)
    }
}
