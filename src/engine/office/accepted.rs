//! What a store accepts, in the order in which customers are offered it.

use std::sync::Arc;

use super::{By, Office};
use crate::domain::asset::{Asset, Registry};
use crate::domain::ids::ShopId;
use crate::domain::network::{Mode, NetworkId};
use crate::domain::shop::{Accepted, Shop};
use crate::engine::choose::receivable;
use crate::store::{StoreError, Txn, accepted, shops};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// The database refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such store.
    #[error("there is no store {0}; see `payd store list`")]
    UnknownShop(ShopId),
    /// No such currency.
    #[error("no currency has the code `{code}`; there are: {known}")]
    Unknown {
        /// As it was typed.
        code: String,
        /// All there are.
        known: String,
    },
    /// One that was named before.
    #[error("{0} is named twice")]
    Twice(String),
    /// Its network cannot be named in any API.
    #[error("network {0} has no word in the APIs")]
    Nameless(NetworkId),
}

/// A currency that a store could accept.
#[derive(Debug, Clone)]
pub struct Acceptable {
    /// Its code, such as `USDT_TRC20`.
    pub code: String,
    /// What customers know it by.
    pub symbol: String,
    /// Its network's name.
    pub network: String,
    /// Where it stands among those that are offered, from 1; `None` for one that is not named.
    pub place: Option<usize>,
    /// Whether the store has somewhere to receive it.
    pub is_receivable: bool,
    /// Whether it is looked for.
    pub is_watched: bool,
}

/// Reads codes, in their order.
///
/// # Errors
/// [`AcceptError`] but for that of the database.
pub fn assets_of(registry: &Registry, codes: &[String]) -> Result<Vec<Arc<Asset>>, AcceptError> {
    let mut assets: Vec<Arc<Asset>> = Vec::new();
    for code in codes {
        let asset = registry.asset_by_code(code.trim(), Mode::Live);
        let asset = asset.ok_or_else(|| AcceptError::Unknown {
            code: code.clone(),
            known: known(registry),
        })?;
        if assets.contains(asset) {
            return Err(AcceptError::Twice(code.clone()));
        }
        assets.push(Arc::clone(asset));
    }
    Ok(assets)
}

/// The codes of all live currencies, separated by commas.
#[must_use]
pub fn known(registry: &Registry) -> String {
    let codes: Vec<String> = live_assets(registry).map(|asset| registry.code(asset)).collect();
    codes.join(", ")
}

fn live_assets(registry: &Registry) -> impl Iterator<Item = &Arc<Asset>> {
    let live = registry.networks().filter(|network| network.mode == Mode::Live);
    live.flat_map(|network| registry.assets_of(&network.id))
}

/// The codes of what a store accepts, in its order. What the configuration no longer has is named by its words.
#[must_use]
pub fn codes_of(registry: &Registry, all: &[Accepted]) -> Vec<String> {
    let code = |accepted: &Accepted| {
        let network = registry.network_by_slug(accepted.slug.as_str(), Mode::Live);
        let asset = network.and_then(|network| registry.asset(&network.id, &accepted.currency));
        asset.map_or_else(
            || format!("{}/{} (not configured)", accepted.slug, accepted.currency),
            |asset| registry.code(asset),
        )
    };
    all.iter().map(code).collect()
}

/// Sets what a store accepts; nothing, for all that it has somewhere to receive.
///
/// # Errors
/// [`AcceptError`].
pub fn set(
    txn: &Txn<'_>,
    by: &By,
    registry: &Registry,
    shop: ShopId,
    assets: &[Arc<Asset>],
) -> Result<Shop, AcceptError> {
    let shop = shops::by_id(txn, shop)?.ok_or(AcceptError::UnknownShop(shop))?;
    let all = assets.iter().map(|asset| accepted_of(registry, asset));
    let all = all.collect::<Result<Vec<_>, _>>()?;
    accepted::set(txn, shop.id, &all)?;
    let codes = codes_of(registry, &all);
    let detail = if codes.is_empty() {
        "reset".to_owned()
    } else {
        codes.join(", ")
    };
    by.write_down(txn, "store.accept", &shop.name, &detail)?;
    Ok(shop)
}

fn accepted_of(registry: &Registry, asset: &Asset) -> Result<Accepted, AcceptError> {
    let slug = registry
        .network(&asset.network)
        .and_then(|network| NetworkId::parse(&network.slug));
    match slug {
        Some(slug) => Ok(Accepted {
            slug,
            currency: asset.currency.clone(),
        }),
        None => Err(AcceptError::Nameless(asset.network.clone())),
    }
}

impl Office {
    /// Every live currency, with where it stands at a store: those that are named first and in their order, then those that
    /// it has somewhere to receive.
    ///
    /// # Errors
    /// [`AcceptError::Store`].
    pub async fn acceptable(&self, shop: ShopId) -> Result<Vec<Acceptable>, AcceptError> {
        let registry = Arc::clone(&self.engine.registry);
        let read = self.engine.database.read(move |txn| {
            let codes = codes_of(&registry, &accepted::of_shop(txn, shop)?);
            Ok::<_, StoreError>((codes, receivable(txn, &registry, shop)?))
        });
        let (codes, receivable) = read.await?;
        let registry = &self.engine.registry;
        let mut all: Vec<Acceptable> = live_assets(registry)
            .map(|asset| {
                let code = registry.code(asset);
                let index = codes.iter().position(|named| *named == code);
                Acceptable {
                    symbol: asset.symbol.to_string(),
                    network: registry
                        .network(&asset.network)
                        .map(|network| network.name.to_string())
                        .unwrap_or_default(),
                    place: index.map(|index| index.saturating_add(1)),
                    is_receivable: receivable.contains(asset),
                    is_watched: self.is_watched(asset),
                    code,
                }
            })
            .collect();
        all.sort_by_key(|one| (one.place.unwrap_or(usize::MAX), !one.is_receivable));
        Ok(all)
    }

    fn is_watched(&self, asset: &Asset) -> bool {
        let watched = &self.engine.watched;
        watched.contains(&(asset.network.clone(), asset.currency.clone()))
    }

    /// Sets what a store accepts, by codes; none, for all that it has somewhere to receive.
    ///
    /// # Errors
    /// [`AcceptError`].
    pub async fn accept(&self, by: By, shop: ShopId, codes: &[String]) -> Result<(), AcceptError> {
        let assets = assets_of(&self.engine.registry, codes)?;
        let registry = Arc::clone(&self.engine.registry);
        let written = self
            .engine
            .database
            .write(move |txn| set(txn, &by, &registry, shop, &assets));
        written.await.map(|_| ())
    }
}
