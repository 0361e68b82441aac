//! Exchange rates: what one whole unit of an asset costs. By hand where the merchant fixed them, else by the market.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::domain::asset::{Asset, Registry};
use crate::domain::ids::ShopId;
use crate::domain::money::{BaseUnits, Fiat, FiatAmount};
use crate::domain::network::Mode;
use crate::domain::price::Price;
use crate::domain::pricing::{self, PricingError};
use crate::domain::shop::Shop;
use crate::rates::{Market, MarketRate, NoRate};
use crate::store::store_rates::{self, StoreRate};
use crate::store::{StoreError, Txn, shops};

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
    /// For a price in an asset, what it fixed that one at, in dollars.
    pub price_fixed: Option<Decimal>,
    /// How much more than the price it asks for, in basis points.
    pub markup_bps: i32,
}

impl Terms {
    /// A shop's terms for payments in `asset` of such a price, as they are now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn now(txn: &Txn<'_>, shop: ShopId, asset: &Asset, price: &Priced) -> Result<Self, StoreError> {
        // Two assets are compared by what they cost in dollars.
        let (fiat, price_fixed) = match price {
            Priced::Fiat(price) => (price.currency, None),
            Priced::Asset(of, _) => (Fiat::Usd, store_rates::find(txn, shop, &of.symbol, Fiat::Usd)?),
        };
        let rules = shops::by_id(txn, shop)?.map(|shop| shop.rules);
        Ok(Self {
            fixed: store_rates::find(txn, shop, &asset.symbol, fiat)?,
            price_fixed,
            markup_bps: rules.map_or(0, |rules| rules.markup_bps),
        })
    }

    /// As [`Self::now`], by what is known of the shop already: its rules, and `rates`, which are all that it fixed.
    #[must_use]
    pub fn known(shop: &Shop, rates: &[StoreRate], asset: &Asset, price: &Priced) -> Self {
        let fixed = |symbol: &str, fiat| {
            let mut rates = rates.iter();
            rates
                .find(|rate| rate.symbol == symbol && rate.fiat == fiat)
                .map(|rate| rate.rate)
        };
        let (fiat, price_fixed) = match price {
            Priced::Fiat(price) => (price.currency, None),
            Priced::Asset(of, _) => (Fiat::Usd, fixed(&of.symbol, Fiat::Usd)),
        };
        Self {
            fixed: fixed(&asset.symbol, fiat),
            price_fixed,
            markup_bps: shop.rules.markup_bps,
        }
    }

    /// The terms for what the price itself is worth: nobody is asked for more than the price by it.
    const fn of_price(self) -> Self {
        Self {
            fixed: self.price_fixed,
            price_fixed: None,
            markup_bps: 0,
        }
    }
}

/// What a price comes to in an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The amount, rounded up to the digits of a quote.
    pub due: BaseUnits,
    /// The rate it was reckoned with: what one whole unit of the asset costs, in whole units of what the price is in.
    pub rate: Rate,
}

/// A price with what it takes to reckon with it.
#[derive(Debug, Clone)]
pub enum Priced {
    /// In money.
    Fiat(FiatAmount),
    /// In an asset.
    Asset(Arc<Asset>, BaseUnits),
}

impl Priced {
    /// `None` when the price's asset is no longer configured.
    #[must_use]
    pub fn of(registry: &Registry, price: &Price) -> Option<Self> {
        Some(match price {
            Price::Fiat(price) => Self::Fiat(*price),
            Price::Asset {
                network,
                currency,
                amount,
            } => Self::Asset(Arc::clone(registry.asset(network, currency)?), *amount),
        })
    }

    /// What it is in, for people.
    #[must_use]
    pub fn unit(&self) -> String {
        match self {
            Self::Fiat(price) => price.currency.to_string(),
            Self::Asset(asset, _) => asset.symbol.to_string(),
        }
    }

    fn quote(&self, rate: Rate, markup_bps: i32, asset: &Asset) -> Result<Quote, PricingError> {
        let due = match self {
            Self::Fiat(price) => pricing::quote(*price, rate.price, markup_bps, asset),
            Self::Asset(of, amount) => pricing::quote_asset(*amount, of, rate.price, markup_bps, asset),
        }?;
        Ok(Quote { due, rate })
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

/// Why a price could not be quoted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    /// There is no rate.
    #[error(transparent)]
    NoRate(#[from] Unquotable),
    /// There is one, and it makes no amount.
    #[error(transparent)]
    Pricing(#[from] PricingError),
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

    /// What a price comes to in `asset`. Asks the market where nothing was set by hand, and may then take some seconds.
    ///
    /// A price in an asset is asked for as it is in that asset, on whatever network; in another one by what the two
    /// cost in dollars.
    ///
    /// # Errors
    /// [`QuoteError`].
    pub async fn quote(
        &self,
        mode: Mode,
        price: &Priced,
        asset: &Asset,
        terms: Terms,
    ) -> Result<Quote, QuoteError> {
        let rate = match price {
            Priced::Fiat(price) => self.of(mode, asset, price.currency, terms).await?,
            Priced::Asset(of, _) if of.symbol == asset.symbol => return Ok(same(price, asset)?),
            Priced::Asset(of, _) => {
                let asset_in_dollars = self.of(mode, asset, Fiat::Usd, terms).await?;
                let price_in_dollars = self.of(mode, of, Fiat::Usd, terms.of_price()).await?;
                across(asset_in_dollars, &price_in_dollars).ok_or(Unquotable::NotSet)?
            }
        };
        Ok(price.quote(rate, terms.markup_bps, asset)?)
    }

    /// As [`Self::quote`], but waits for nothing.
    #[must_use]
    pub fn quote_at_once(&self, mode: Mode, price: &Priced, asset: &Asset, terms: Terms) -> Option<Quote> {
        let rate = match price {
            Priced::Fiat(price) => self.at_once(mode, asset, price.currency, terms)?,
            Priced::Asset(of, _) if of.symbol == asset.symbol => return same(price, asset).ok(),
            Priced::Asset(of, _) => {
                let price_in_dollars = self.at_once(mode, of, Fiat::Usd, terms.of_price())?;
                across(self.at_once(mode, asset, Fiat::Usd, terms)?, &price_in_dollars)?
            }
        };
        price.quote(rate, terms.markup_bps, asset).ok()
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
    pub fn usd_value_of(&self, mode: Mode, price: &Price, asset: &Asset, due: BaseUnits) -> Option<u64> {
        match price.fiat() {
            Some(price) if price.currency == Fiat::Usd => Some(price.minor),
            _ => self.usd_value(mode, asset, due),
        }
    }

    /// What so many US cents are in another currency, rounded down, by what is known already. `None` when that is not
    /// known.
    #[must_use]
    pub fn dollars_in(&self, usd_cents: u64, fiat: Fiat) -> Option<FiatAmount> {
        let minor = match fiat {
            Fiat::Usd => usd_cents,
            _ => {
                let per_dollar = self.market.as_ref()?.known_dollar_in(fiat).ok()?.price;
                let minor_units = Decimal::from(10u64.checked_pow(u32::from(fiat.digits()))?);
                let cents = Decimal::from(usd_cents)
                    .checked_mul(per_dollar)?
                    .checked_mul(minor_units)?;
                cents.checked_div(Decimal::ONE_HUNDRED)?.floor().try_into().ok()?
            }
        };
        Some(FiatAmount {
            currency: fiat,
            minor,
        })
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

/// A price in an asset, asked for in that asset: as it is.
fn same(price: &Priced, asset: &Asset) -> Result<Quote, PricingError> {
    let rate = Rate {
        price: Decimal::ONE,
        source: format!("the price is in {}", asset.symbol),
    };
    price.quote(rate, 0, asset)
}

/// What one asset costs in another, from what each costs in dollars. `None` when it does not fit.
fn across(asset: Rate, price: &Rate) -> Option<Rate> {
    Some(Rate {
        price: pricing::usable(asset.price.checked_div(price.price)?),
        source: format!("in USD {}; price in USD {}", asset.source, price.source),
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
