//! What an order costs: an amount of money, or an amount of an asset.

use super::asset::Currency;
use super::money::{BaseUnits, FiatAmount};
use super::network::NetworkId;

/// What an order costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Price {
    /// So much money. What it comes to in an asset is up to the rate.
    Fiat(FiatAmount),
    /// So much of an asset, whatever it is worth.
    Asset {
        /// The network that the asset is on.
        network: NetworkId,
        /// The asset.
        currency: Currency,
        /// The amount, in its base units.
        amount: BaseUnits,
    },
}

impl Price {
    /// The price in money, where it is one.
    #[must_use]
    pub const fn fiat(&self) -> Option<FiatAmount> {
        match self {
            Self::Fiat(price) => Some(*price),
            Self::Asset { .. } => None,
        }
    }
}

impl From<FiatAmount> for Price {
    fn from(price: FiatAmount) -> Self {
        Self::Fiat(price)
    }
}
