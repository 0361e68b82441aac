//! Exchange rates: what one whole unit of an asset costs.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::domain::asset::Asset;
use crate::domain::money::Fiat;
use crate::domain::network::Mode;

/// A rate and where it came from; both are kept on the payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// Price of one whole unit.
    pub price: Decimal,
    /// Where it came from.
    pub source: String,
}

/// Rates that were set by hand, by asset symbol and fiat currency. What has no rate is not quoted.
#[derive(Debug, Clone, Default)]
pub struct Rates {
    /// For real payments.
    pub live: BTreeMap<(String, Fiat), Decimal>,
    /// For test payments.
    pub test: BTreeMap<(String, Fiat), Decimal>,
}

impl Rates {
    /// What one whole unit of `asset` costs in `fiat`.
    #[must_use]
    pub fn of(&self, mode: Mode, asset: &Asset, fiat: Fiat) -> Option<Rate> {
        let (table, source) = match mode {
            Mode::Live => (&self.live, "fixed"),
            Mode::Test => (&self.test, "test"),
        };
        let price = table.get(&(asset.symbol.to_string(), fiat)).copied()?;
        Some(Rate {
            price,
            source: source.to_owned(),
        })
    }
}
