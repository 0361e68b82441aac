//! Rates that a store fixes for itself.

use super::{By, Office};
use crate::domain::asset::Registry;
use crate::domain::fiat::Fiat;
use crate::domain::ids::ShopId;
use crate::domain::pricing;
use crate::domain::shop::Shop;
use crate::store::store_rates::{self, StoreRate};
use crate::store::{StoreError, Txn, shops};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RateError {
    /// The database refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such store.
    #[error("there is no store {0}; see `payd store list`")]
    UnknownShop(ShopId),
    /// No asset has such a symbol.
    #[error("no asset is called `{0}`")]
    Symbol(String),
    /// Not a rate.
    #[error(
        "write the price of one {symbol} in {fiat}, above 0 and with at most 12 digits on either side of the point"
    )]
    Form {
        /// What is priced.
        symbol: String,
        /// In what.
        fiat: Fiat,
    },
    /// Nothing was fixed.
    #[error("store `{store}` has no rate of {symbol} in {fiat}; see `payd store rate list`")]
    NotFixed {
        /// The store's name.
        store: String,
        /// What would be priced.
        symbol: String,
        /// In what.
        fiat: Fiat,
    },
}

/// The symbols that assets have, each once.
#[must_use]
pub fn symbols(registry: &Registry) -> Vec<&str> {
    let networks = registry.networks();
    let assets = networks.flat_map(|network| registry.assets_of(&network.id));
    let mut known: Vec<&str> = assets.map(|asset| &*asset.symbol).collect();
    known.sort_unstable();
    known.dedup();
    known
}

/// A symbol that some asset has, however it is capitalised.
///
/// # Errors
/// [`RateError::Symbol`].
pub fn known_symbol(registry: &Registry, word: &str) -> Result<String, RateError> {
    let word = word.trim();
    let found = symbols(registry)
        .into_iter()
        .find(|symbol| symbol.eq_ignore_ascii_case(word));
    found
        .map(str::to_owned)
        .ok_or_else(|| RateError::Symbol(word.to_owned()))
}

/// Fixes what one `symbol` costs, for payments from now on.
///
/// # Errors
/// [`RateError`].
pub fn set(
    txn: &Txn<'_>,
    by: &By,
    shop: ShopId,
    symbol: &str,
    fiat: Fiat,
    rate: &str,
) -> Result<(Shop, StoreRate), RateError> {
    let shop = shops::by_id(txn, shop)?.ok_or(RateError::UnknownShop(shop))?;
    let malformed = || RateError::Form {
        symbol: symbol.to_owned(),
        fiat,
    };
    let rate = StoreRate {
        shop: shop.id,
        symbol: symbol.to_owned(),
        fiat,
        rate: pricing::rate_by_hand(rate.trim()).ok_or_else(malformed)?,
    };
    store_rates::set(txn, &rate)?;
    let detail = format!("one {symbol} is {} {fiat}", rate.rate);
    by.write_down(txn, "store.rate.set", &shop.name, &detail)?;
    Ok((shop, rate))
}

/// Lets a rate follow the market again.
///
/// # Errors
/// [`RateError`].
pub fn remove(txn: &Txn<'_>, by: &By, shop: ShopId, symbol: &str, fiat: Fiat) -> Result<Shop, RateError> {
    let shop = shops::by_id(txn, shop)?.ok_or(RateError::UnknownShop(shop))?;
    if !store_rates::remove(txn, shop.id, symbol, fiat)? {
        return Err(RateError::NotFixed {
            store: shop.name,
            symbol: symbol.to_owned(),
            fiat,
        });
    }
    by.write_down(
        txn,
        "store.rate.remove",
        &shop.name,
        &format!("{symbol} in {fiat}"),
    )?;
    Ok(shop)
}

impl Office {
    /// The rates that a store has fixed: symbol, currency, price of one.
    ///
    /// # Errors
    /// [`RateError::Store`].
    pub async fn fixed_rates(&self, shop: ShopId) -> Result<Vec<(String, Fiat, String)>, RateError> {
        let rates = self
            .engine
            .database
            .read(move |txn| store_rates::of_shop(txn, shop))
            .await?;
        let row = |rate: StoreRate| (rate.symbol, rate.fiat, rate.rate.to_string());
        Ok(rates.into_iter().map(row).collect())
    }

    /// Fixes a rate.
    ///
    /// # Errors
    /// [`RateError`].
    pub async fn fix_rate(
        &self,
        by: By,
        shop: ShopId,
        symbol: &str,
        fiat: Fiat,
        rate: &str,
    ) -> Result<(), RateError> {
        let symbol = known_symbol(&self.engine.registry, symbol)?;
        let rate = rate.to_owned();
        let written = self
            .engine
            .database
            .write(move |txn| set(txn, &by, shop, &symbol, fiat, &rate));
        written.await.map(|_| ())
    }

    /// Lets a rate follow the market again.
    ///
    /// # Errors
    /// [`RateError`].
    pub async fn unfix_rate(&self, by: By, shop: ShopId, symbol: &str, fiat: Fiat) -> Result<(), RateError> {
        let symbol = symbol.to_owned();
        let written = self
            .engine
            .database
            .write(move |txn| remove(txn, &by, shop, &symbol, fiat));
        written.await.map(|_| ())
    }
}
