//! What a store's payments have received of each asset, what that is worth now, and what its addresses were last seen to
//! hold.

use std::sync::Arc;

use super::{Office, OfficeError};
use crate::domain::asset::Asset;
use crate::domain::ids::ShopId;
use crate::domain::money::{BaseUnits, Fiat, FiatAmount};
use crate::domain::network::{Mode, Network};
use crate::domain::pricing;
use crate::engine::quote::Terms;
use crate::store::{StoreError, figures, received};

/// Addresses whose balances are added up for a page.
const ADDRESSES_MAX: u32 = 2000;

/// What a store has received of an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// The network.
    pub network: Arc<Network>,
    /// The asset on it.
    pub asset: Arc<Asset>,
    /// Settled.
    pub settled: BaseUnits,
    /// Seen, but not deep enough in the chain yet, or not mined.
    pub pending: BaseUnits,
    /// What the settled part is worth now.
    pub worth: Option<FiatAmount>,
    /// What the store's addresses held when that was last looked at, where it was.
    pub held: Option<BaseUnits>,
}

/// What a store has received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balances {
    /// The currency that the store reckons in.
    pub fiat: Fiat,
    /// Each asset, those worth the most first.
    pub all: Vec<Balance>,
}

impl Balances {
    /// What is worth something, together; `None` where nothing has a rate.
    #[must_use]
    pub fn worth(&self) -> Option<FiatAmount> {
        let known = self.all.iter().filter_map(|balance| balance.worth);
        let minor = known
            .map(|worth| worth.minor)
            .reduce(|sum, minor| sum.saturating_add(minor))?;
        Some(FiatAmount {
            currency: self.fiat,
            minor,
        })
    }
}

impl Office {
    /// What the payments of a store have received in a mode.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn balances(&self, shop: ShopId, mode: Mode) -> Result<Balances, OfficeError> {
        let read = self.engine.database.read(move |txn| {
            Ok::<_, StoreError>((
                figures::fiat_of(txn, shop)?,
                received::of_shop(txn, shop)?,
                figures::held(txn, shop, ADDRESSES_MAX)?,
            ))
        });
        let (fiat, sums, held) = read.await?;
        let held = held.unwrap_or_default();
        let mut all: Vec<Balance> = sums
            .into_iter()
            .filter_map(|sum| {
                // What is no longer configured has no name to be shown under.
                let means = self.registry().means(&sum.network, &sum.currency)?;
                let held = held
                    .iter()
                    .find(|held| held.network == sum.network && held.currency == sum.currency);
                Some(Balance {
                    worth: self.worth_in(mode, &means.asset, sum.settled, fiat),
                    network: means.network,
                    asset: means.asset,
                    settled: sum.settled,
                    pending: sum.seen.saturating_sub(sum.settled),
                    held: held.map(|held| held.amount),
                })
            })
            .filter(|balance| balance.network.mode == mode)
            .collect();
        all.sort_by_key(|balance| std::cmp::Reverse(balance.worth.map_or(0, |worth| worth.minor)));
        Ok(Balances { fiat, all })
    }

    fn worth_in(&self, mode: Mode, asset: &Asset, amount: BaseUnits, fiat: Fiat) -> Option<FiatAmount> {
        if amount.is_zero() {
            return Some(FiatAmount {
                currency: fiat,
                minor: 0,
            });
        }
        let rate = self.engine.rates.at_once(mode, asset, fiat, Terms::default())?;
        Some(FiatAmount {
            currency: fiat,
            minor: pricing::value(amount, rate.price, fiat, asset)?,
        })
    }
}
