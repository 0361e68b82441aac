//! Exchange rates: what one whole unit of an asset costs. By hand where the merchant fixed them, else by the market.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::domain::asset::Asset;
use crate::domain::ids::ShopId;
use crate::domain::money::{BaseUnits, Fiat, FiatAmount};
use crate::domain::network::Mode;
use crate::domain::pricing;
use crate::rates::{Market, MarketRate, NoRate};
use crate::store::{StoreError, Txn, shops, store_rates};

/// A rate and where it came from; both are kept on the payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// Price of one whole unit.
    pub price: Decimal,
    /// Where it came from, for people: `median of kraken 60000.1, coinbase 60010; markup 50 bps`.
    pub source: String,
}

/// What a shop has set for itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Terms {
    /// The rate that it fixed for the pair in question; it goes before all others.
    pub fixed: Option<Decimal>,
    /// How much more than the price it asks for, in basis points.
    pub markup_bps: i32,
}

impl Terms {
    /// A shop's terms for payments in `asset` with a price in `fiat`, as they are now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn now(txn: &Txn<'_>, shop: ShopId, asset: &Asset, fiat: Fiat) -> Result<Self, StoreError> {
        let rules = shops::by_id(txn, shop)?.map(|shop| shop.rules);
        Ok(Self {
            fixed: store_rates::find(txn, shop, &asset.symbol, fiat)?,
            markup_bps: rules.map_or(0, |rules| rules.markup_bps),
        })
    }
}

/// Where rates come from.
#[derive(Clone, Default)]
pub struct Rates {
    /// Rates for real payments that were set by hand, by asset symbol and currency. They go before the market's.
    pub live: BTreeMap<(String, Fiat), Decimal>,
    /// Rates for test payments. The market has no part in those.
    pub test: BTreeMap<(String, Fiat), Decimal>,
    /// The market, unless it is switched off.
    pub market: Option<Arc<Market>>,
}

/// Why nothing can be quoted, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unquotable {
    /// Nothing was set, and the market is not asked.
    #[error("none is set; set one under [rates] in the configuration, or with `payd store rate set`")]
    NotSet,
    /// The market has none that can be trusted.
    #[error(
        "{0}; retry shortly, see `payd rates`, or set one with `payd store rate set` or under [rates.fixed] in the \
         configuration"
    )]
    Market(#[source] NoRate),
}

impl Rates {
    /// What one whole unit of `asset` costs in `fiat`. Asks the market only when nothing was set by hand, and may then
    /// take some seconds.
    ///
    /// # Errors
    /// [`Unquotable`]; there is no default.
    pub async fn of(&self, mode: Mode, asset: &Asset, fiat: Fiat, terms: Terms) -> Result<Rate, Unquotable> {
        let found = match (self.set_by_hand(mode, asset, fiat, terms), mode) {
            (Some(found), _) => found,
            (None, Mode::Test) => return Err(Unquotable::NotSet),
            (None, Mode::Live) => self.by_market(asset, fiat).await?,
        };
        Ok(with_markup(found, terms.markup_bps))
    }

    /// As [`Self::of`], but waits for nothing: what the market has not said yet is asked for in the background, and there
    /// is no rate until then.
    #[must_use]
    pub fn at_once(&self, mode: Mode, asset: &Asset, fiat: Fiat, terms: Terms) -> Option<Rate> {
        let by_market = || {
            let market = self.market.as_ref().filter(|_| mode == Mode::Live)?;
            market.want();
            match self.live.get(&(asset.symbol.to_string(), Fiat::Usd)) {
                None => market.known(&asset.symbol, fiat).ok().map(Rate::from),
                Some(dollars) => in_dollars(*dollars, market.known_dollar_in(fiat).ok()?),
            }
        };
        let found = self.set_by_hand(mode, asset, fiat, terms).or_else(by_market)?;
        Some(with_markup(found, terms.markup_bps))
    }

    /// What `amount` of `asset` is worth in US cents, rounded up, by what is known already: asks nobody and waits for
    /// nothing. `None` when that is not known.
    #[must_use]
    pub fn usd_value(&self, mode: Mode, asset: &Asset, amount: BaseUnits) -> Option<u64> {
        let by_hand = self.set_by_hand(mode, asset, Fiat::Usd, Terms::default());
        let price = match (by_hand, mode) {
            (Some(rate), _) => rate.price,
            (None, Mode::Test) => return None,
            (None, Mode::Live) => self.market.as_ref()?.known(&asset.symbol, Fiat::Usd).ok()?.price,
        };
        pricing::value(amount, price, Fiat::Usd, asset)
    }

    /// What a payment is worth in US cents: its price when that is in dollars, else the value of what is due.
    #[must_use]
    pub fn usd_value_of(&self, mode: Mode, price: FiatAmount, asset: &Asset, due: BaseUnits) -> Option<u64> {
        match price.currency {
            Fiat::Usd => Some(price.minor),
            _ => self.usd_value(mode, asset, due),
        }
    }

    fn set_by_hand(&self, mode: Mode, asset: &Asset, fiat: Fiat, terms: Terms) -> Option<Rate> {
        let (table, source) = match mode {
            Mode::Live => (&self.live, "fixed"),
            Mode::Test => (&self.test, "test"),
        };
        let (price, source) = match terms.fixed {
            Some(price) => (price, "fixed by the store"),
            None => (*table.get(&(asset.symbol.to_string(), fiat))?, source),
        };
        Some(Rate {
            price,
            source: source.to_owned(),
        })
    }

    /// By the market; where the merchant fixed what the asset is in dollars, only the dollar's rate is the market's.
    async fn by_market(&self, asset: &Asset, fiat: Fiat) -> Result<Rate, Unquotable> {
        let market = self.market.as_ref().ok_or(Unquotable::NotSet)?;
        match self.live.get(&(asset.symbol.to_string(), Fiat::Usd)) {
            None => {
                let rate = market.rate(&asset.symbol, fiat).await;
                rate.map(Rate::from).map_err(Unquotable::Market)
            }
            Some(dollars) => {
                let per_dollar = market.dollar_in(fiat).await.map_err(Unquotable::Market)?;
                in_dollars(*dollars, per_dollar).ok_or(Unquotable::NotSet)
            }
        }
    }
}

impl From<MarketRate> for Rate {
    fn from(MarketRate { price, source }: MarketRate) -> Self {
        Self { price, source }
    }
}

/// What is fixed at so many dollars, in another currency. `None` when it does not fit.
fn in_dollars(dollars: Decimal, per_dollar: MarketRate) -> Option<Rate> {
    Some(Rate {
        price: pricing::usable(dollars.checked_mul(per_dollar.price)?),
        source: format!("fixed {} USD; USD by {}", dollars.normalize(), per_dollar.source),
    })
}

fn with_markup(rate: Rate, markup_bps: i32) -> Rate {
    match markup_bps {
        0 => rate,
        bps => Rate {
            source: format!("{}; markup {bps} bps", rate.source),
            ..rate
        },
    }
}
