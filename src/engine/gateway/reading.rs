//! What a shop asks of its payments as a whole: lists, balances, and what things cost.

use std::error::Error as _;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::view::tip;
use super::{Caller, Gateway, GatewayError, PaymentView};
use crate::domain::asset::{Asset, Means};
use crate::domain::money::{BaseUnits, Fiat, FiatAmount};
use crate::domain::network::Mode;
use crate::domain::pricing;
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::engine::quote::Terms;
use crate::store::listing::{self, Filter};
use crate::store::{StoreError, received};

/// Which payments are listed, and which page of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListRequest {
    /// In one of these; in any, when there are none.
    pub statuses: Vec<Status>,
    /// Of those that are paid, only those with more, or without more, than was due.
    pub is_overpaid: Option<bool>,
    /// In the asset with this code, such as `USDT_TRC20`.
    pub asset_code: Option<String>,
    /// Made at this time or later.
    pub from: Option<UnixMillis>,
    /// Made before this time.
    pub before: Option<UnixMillis>,
    /// The page, from 1 on.
    pub page: u64,
    /// Payments of a page.
    pub per_page: u32,
}

/// A page of payments.
#[derive(Debug, Clone)]
pub struct List {
    /// The payments of the page, newest first.
    pub views: Vec<PaymentView>,
    /// How many there are on all pages.
    pub total: u64,
}

/// What a shop has received of an asset.
#[derive(Debug, Clone)]
pub struct Balance {
    /// Of what.
    pub means: Means,
    /// Settled.
    pub settled: BaseUnits,
    /// Seen and not settled.
    pub pending: BaseUnits,
}

/// What an asset costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateRow {
    /// What people call the asset: `BTC`.
    pub symbol: Arc<str>,
    /// Price of one whole unit in each currency for which it is known.
    pub prices: Vec<(Fiat, Decimal)>,
}

impl Gateway {
    /// A page of the caller's payments, in the mode of its key, newest first. One whose asset is no longer configured is
    /// counted and left out: nobody knows how its amounts are written.
    ///
    /// # Errors
    /// [`GatewayError::NotAccepted`] for a code that no asset has.
    pub async fn list(&self, caller: &Caller, request: ListRequest) -> Result<List, GatewayError> {
        let asset = match &request.asset_code {
            None => None,
            Some(code) => {
                let asset = self.asset_by_code(caller.mode, code);
                let asset = asset.ok_or_else(|| GatewayError::NotAccepted {
                    known: self.codes(caller.mode).join(", "),
                })?;
                Some((asset.network.clone(), asset.currency.clone()))
            }
        };
        let filter = Filter {
            shop: caller.shop.id,
            mode: caller.mode,
            statuses: request.statuses,
            is_overpaid: request.is_overpaid,
            asset,
            from: request.from,
            before: request.before,
        };
        let per_page = request.per_page.max(1);
        let skipped = request.page.saturating_sub(1).saturating_mul(u64::from(per_page));
        let read = self.engine.database.read(move |txn| {
            let found = listing::page(txn, &filter, skipped, per_page)?;
            let mut page = Vec::new();
            for payment in found.payments {
                let tip = tip(txn, &payment)?;
                page.push((payment, tip));
            }
            Ok::<_, StoreError>((found.total, page))
        });
        let (total, page) = read.await?;
        let views = page.into_iter().filter_map(|(payment, tip)| {
            let number = payment.number.clone();
            match self.engine.assemble(payment, Arc::clone(&caller.shop), tip) {
                Ok(view) => Some(view),
                // One that cannot be shown must not hide the others.
                Err(error) => {
                    let reason = error.source().map(ToString::to_string);
                    tracing::error!(payment = %number, %error, reason, "payment left out of a list");
                    None
                }
            }
        });
        Ok(List {
            views: views.collect(),
            total,
        })
    }

    /// What the caller's shop has received of every asset that it accepts or ever received, real money only: a test key
    /// is shown nothing but zeros.
    ///
    /// # Errors
    /// [`GatewayError::Busy`], [`GatewayError::Internal`].
    pub async fn balances(&self, caller: &Caller) -> Result<Vec<Balance>, GatewayError> {
        let accepted = self.engine.accepted(caller).await?;
        let shop = caller.shop.id;
        let sums = match caller.mode {
            Mode::Live => {
                self.engine
                    .database
                    .read(move |txn| received::of_shop(txn, shop))
                    .await?
            }
            Mode::Test => Vec::new(),
        };
        let registry = &self.engine.registry;
        let mut balances: Vec<Balance> = accepted
            .into_iter()
            .map(|means| Balance {
                means,
                settled: BaseUnits::ZERO,
                pending: BaseUnits::ZERO,
            })
            .collect();
        for sum in sums {
            let means = registry.means(&sum.network, &sum.currency);
            let Some(means) = means.filter(|means| means.network.mode == Mode::Live) else {
                continue;
            };
            let balance = Balance {
                means,
                settled: sum.settled,
                pending: sum.seen.saturating_sub(sum.settled),
            };
            match balances
                .iter_mut()
                .find(|known| known.means.code == balance.means.code)
            {
                Some(known) => *known = balance,
                None => balances.push(balance),
            }
        }
        Ok(balances)
    }

    /// What the caller's shop accepts, in the order in which customers are offered it.
    ///
    /// # Errors
    /// [`GatewayError::Busy`], [`GatewayError::Internal`].
    pub async fn accepted(&self, caller: &Caller) -> Result<Vec<Means>, GatewayError> {
        self.engine.accepted(caller).await
    }

    /// The asset with a code, in the mode of a key.
    #[must_use]
    pub fn asset_by_code(&self, mode: Mode, code: &str) -> Option<Arc<Asset>> {
        self.engine.registry.asset_by_code(code, mode).cloned()
    }

    /// What the asset with a code is paid with, in the mode of a key: [`Self::asset_by_code`] with its network.
    #[must_use]
    pub fn means_by_code(&self, mode: Mode, code: &str) -> Option<Means> {
        let registry = &self.engine.registry;
        let asset = registry.asset_by_code(code, mode)?;
        registry.means(&asset.network, &asset.currency)
    }

    fn codes(&self, mode: Mode) -> Vec<String> {
        let registry = &self.engine.registry;
        let networks = registry.networks().filter(|network| network.mode == mode);
        networks
            .flat_map(|network| registry.assets_of(&network.id))
            .map(|asset| registry.code(asset))
            .collect()
    }

    /// What each asset that is watched costs in these currencies, by what is known already: asks nobody and waits for
    /// nothing.
    #[must_use]
    pub fn rates(&self, fiats: &[Fiat]) -> Vec<RateRow> {
        let mut rows: Vec<RateRow> = Vec::new();
        for (network, currency) in &self.engine.watched {
            let registry = &self.engine.registry;
            let is_live = registry
                .network(network)
                .is_some_and(|network| network.mode == Mode::Live);
            let Some(asset) = registry.asset(network, currency).filter(|_| is_live) else {
                continue;
            };
            if rows.iter().any(|row| row.symbol == asset.symbol) {
                continue;
            }
            let price = |fiat: &Fiat| {
                let rate = self
                    .engine
                    .rates
                    .at_once(Mode::Live, asset, *fiat, Terms::default())?;
                Some((*fiat, rate.price))
            };
            rows.push(RateRow {
                symbol: Arc::clone(&asset.symbol),
                prices: fiats.iter().filter_map(price).collect(),
            });
        }
        rows
    }

    /// What a price comes to in an asset, rounded up to the digits of a quote; `None` while there is no rate.
    #[must_use]
    pub fn convert(&self, price: FiatAmount, asset: &Asset) -> Option<BaseUnits> {
        let rates = &self.engine.rates;
        let rate = rates.at_once(Mode::Live, asset, price.currency, Terms::default())?;
        pricing::quote(price, rate.price, 0, asset).ok()
    }
}
