//! A payment with all that is needed to show it.

use std::sync::Arc;

use super::GatewayError;
use crate::domain::asset::{Asset, Means};
use crate::domain::money::BaseUnits;
use crate::domain::payment::{Ask, Payment};
use crate::domain::price::Price;
use crate::domain::shop::Shop;
use crate::engine::{Engine, EngineError, lifecycle};
use crate::store::{StoreError, Txn, blocks, shops};

/// A payment with all that is needed to show it.
#[derive(Debug, Clone)]
pub struct PaymentView {
    /// The payment.
    pub payment: Payment,
    /// Whose it is.
    pub shop: Arc<Shop>,
    /// The asset that the price is in, where it is not in money.
    pub price_asset: Option<Arc<Asset>>,
    /// What it is paid with; `None` until that was chosen.
    pub chosen: Option<Chosen>,
    /// Confirmations of the latest transfer that counts; 0 when there is none.
    pub confirmations: u32,
}

/// What a payment is paid with.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// What is asked for, or will be once it is the payment's turn: only [`PaymentView::asked`] may be shown to a customer.
    pub ask: Ask,
    /// With what.
    pub means: Means,
}

impl PaymentView {
    /// What the customer was told to pay with and how; `None` for one who has yet to choose or waits for a turn, or has
    /// waited in vain.
    #[must_use]
    pub fn asked(&self) -> Option<&Chosen> {
        self.payment.asked_at.and(self.chosen.as_ref())
    }

    /// What is still to be sent; zero once the full amount was seen, and before the customer is asked to pay.
    #[must_use]
    pub fn remaining(&self) -> BaseUnits {
        let seen = self.payment.progress.seen;
        match self.asked() {
            Some(Chosen { ask, .. }) if seen < ask.required => ask.due.saturating_sub(seen),
            Some(_) | None => BaseUnits::ZERO,
        }
    }

    /// Whether more was received than was due.
    #[must_use]
    pub fn is_overpaid(&self) -> bool {
        self.asked()
            .is_some_and(|chosen| self.payment.progress.seen > chosen.ask.due)
    }
}

impl Engine {
    pub(super) async fn view_of(
        &self,
        find: impl FnOnce(&Txn<'_>) -> Result<Option<Payment>, StoreError> + Send + 'static,
    ) -> Result<PaymentView, GatewayError> {
        let found = self.database.read(move |txn| match find(txn)? {
            Some(payment) => shown(txn, payment),
            None => Ok(None),
        });
        let (payment, shop, tip) = found.await?.ok_or(GatewayError::NotFound)?;
        self.assemble(payment, Arc::new(shop), tip)
    }

    pub(in crate::engine) async fn view(&self, payment: Payment) -> Result<PaymentView, GatewayError> {
        self.view_of(move |_| Ok(Some(payment))).await
    }

    pub(in crate::engine) fn assemble(
        &self,
        payment: Payment,
        shop: Arc<Shop>,
        tip: u64,
    ) -> Result<PaymentView, GatewayError> {
        let missing = |network: &dyn std::fmt::Display, currency: &dyn std::fmt::Display| {
            let what = format!("{currency} on {network}");
            GatewayError::internal(EngineError::NotConfigured { what })
        };
        let price_asset = match &payment.price {
            Price::Fiat(_) => None,
            Price::Asset {
                network, currency, ..
            } => {
                let asset = self.registry.asset(network, currency);
                Some(Arc::clone(asset.ok_or_else(|| missing(network, currency))?))
            }
        };
        let chosen = match &payment.ask {
            None => None,
            Some(ask) => {
                let means = self.registry.means(&ask.network, &ask.currency);
                Some(Chosen {
                    means: means.ok_or_else(|| missing(&ask.network, &ask.currency))?,
                    ask: ask.clone(),
                })
            }
        };
        Ok(PaymentView {
            confirmations: lifecycle::confirmations(&payment.progress, tip),
            price_asset,
            chosen,
            payment,
            shop,
        })
    }
}

/// What a view needs besides the payment: the shop and the height of its chain.
fn shown(txn: &Txn<'_>, payment: Payment) -> Result<Option<(Payment, Shop, u64)>, StoreError> {
    let Some(shop) = shops::by_id(txn, payment.shop)? else {
        return Ok(None);
    };
    let tip = tip(txn, &payment)?;
    Ok(Some((payment, shop, tip)))
}

/// The last block read of a payment's chain; 0 where there is none.
pub(super) fn tip(txn: &Txn<'_>, payment: &Payment) -> Result<u64, StoreError> {
    let Some(ask) = &payment.ask else { return Ok(0) };
    Ok(blocks::cursor(txn, &ask.network)?.map_or(0, |cursor| cursor.height))
}
