//! How deep a store's money has to be buried, by what a payment is worth.

use std::sync::Arc;

use super::{By, Office};
use crate::domain::confirmations::Tiers;
use crate::domain::ids::ShopId;
use crate::domain::network::{Mode, Network};
use crate::domain::shop::Shop;
use crate::store::{StoreError, Txn, confirmation_tiers, shops};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmationsError {
    /// The database refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such store.
    #[error("there is no store {0}; see `payd store list`")]
    UnknownShop(ShopId),
    /// No such live network.
    #[error("unknown network `{0}`")]
    UnknownNetwork(String),
    /// A reorganisation so deep would not be noticed.
    #[error(
        "{asked} confirmations are more than {network} is followed through reorganisations: raise `final_depth` \
         ({final_depth}) under [networks.{network}] first"
    )]
    TooMany {
        /// The most that the steps ask for.
        asked: u32,
        /// The network, in the APIs' word.
        network: String,
        /// How deep it is followed.
        final_depth: u32,
    },
}

/// A network, with the steps that a store has of its own on it.
pub type OfNetwork = (Arc<Network>, Option<Tiers>);

/// Sets the steps of a network for a store; none, for those of the configuration.
///
/// # Errors
/// [`ConfirmationsError`].
pub fn set(
    txn: &Txn<'_>,
    by: &By,
    shop: ShopId,
    network: &Network,
    steps: Option<&Tiers>,
) -> Result<Shop, ConfirmationsError> {
    let shop = shops::by_id(txn, shop)?.ok_or(ConfirmationsError::UnknownShop(shop))?;
    if let Some(steps) = steps
        && steps.highest() >= network.final_depth
    {
        return Err(ConfirmationsError::TooMany {
            asked: steps.highest(),
            network: network.slug.to_string(),
            final_depth: network.final_depth,
        });
    }
    confirmation_tiers::set(txn, shop.id, &network.id, steps)?;
    let what = steps.map_or_else(|| "as configured".to_owned(), ToString::to_string);
    let detail = format!("{}: {what}", network.id);
    by.write_down(txn, "store.confirmations", &shop.name, &detail)?;
    Ok(shop)
}

/// The live networks with the steps that a store has of its own.
///
/// # Errors
/// [`StoreError`].
pub fn of_shop(
    txn: &Txn<'_>,
    networks: Vec<Arc<Network>>,
    shop: ShopId,
) -> Result<Vec<OfNetwork>, StoreError> {
    let with_own = networks.into_iter().map(|network| {
        let own = confirmation_tiers::of(txn, shop, &network.id)?;
        Ok((network, own))
    });
    with_own.collect()
}

impl Office {
    /// The live networks.
    #[must_use]
    pub fn live_networks(&self) -> Vec<Arc<Network>> {
        let networks = self.engine.registry.networks();
        networks
            .filter(|network| network.mode == Mode::Live)
            .cloned()
            .collect()
    }

    /// The live networks with the steps that a store has of its own.
    ///
    /// # Errors
    /// [`ConfirmationsError::Store`].
    pub async fn confirmations(&self, shop: ShopId) -> Result<Vec<OfNetwork>, ConfirmationsError> {
        let networks = self.live_networks();
        let read = self.engine.database.read(move |txn| of_shop(txn, networks, shop));
        Ok(read.await?)
    }

    /// Sets the steps of a live network, by its word in the APIs; none, for those of the configuration.
    ///
    /// # Errors
    /// [`ConfirmationsError`].
    pub async fn set_confirmations(
        &self,
        by: By,
        shop: ShopId,
        network: &str,
        steps: Option<Tiers>,
    ) -> Result<(), ConfirmationsError> {
        let found = self.engine.registry.network_by_slug(network, Mode::Live);
        let unknown = || ConfirmationsError::UnknownNetwork(network.to_owned());
        let network = Arc::clone(found.ok_or_else(unknown)?);
        let written = self
            .engine
            .database
            .write(move |txn| set(txn, &by, shop, &network, steps.as_ref()));
        written.await.map(|_| ())
    }
}
