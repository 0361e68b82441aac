//! A payment whose currency the customer chooses: what there is to choose from, each with its amount at this moment, and
//! the choice.

use std::sync::Arc;

use super::gateway::{Caller, GatewayError, PaymentView};
use super::place::{self, Place, Target};
use super::quote::{Priced, Terms};
use super::{Engine, known, lifecycle};
use crate::domain::asset::{Asset, Means, Registry};
use crate::domain::ids::{PaymentId, ShopId};
use crate::domain::money::{BaseUnits, Fiat};
use crate::domain::network::Mode;
use crate::domain::payment::Payment;
use crate::domain::price::Price;
use crate::domain::shop::Accepted;
use crate::domain::status::{self, Fact, Status};
use crate::domain::time::UnixMillis;
use crate::store::{StoreError, Txn, addresses, payments, wallets};

/// Something to pay with.
#[derive(Debug, Clone)]
pub struct Choice {
    /// With what.
    pub means: Means,
    /// What the price comes to at this moment; `None` while nobody knows.
    pub amount: Option<BaseUnits>,
}

/// What a store accepts with a test key as long as nothing else is set: what all of the APIs know.
const TEST_CODE: &str = "USDT_TRC20";

impl Engine {
    /// What a store accepts, in the order in which customers are offered it: what was set, else what it has somewhere to
    /// receive. Only what somebody watches.
    pub(super) async fn accepted(&self, caller: &Caller) -> Result<Vec<Means>, GatewayError> {
        if let Some(known) = self.known_keys.of(caller) {
            return Ok(known.accepted.clone());
        }
        let (shop, mode) = (caller.shop.id, caller.mode);
        let registry = Arc::clone(&self.registry);
        let (set, receivable) = self
            .database
            .read(move |txn| known::accepted_rows(txn, &registry, shop, mode))
            .await?;
        Ok(self.accepted_of(&set, receivable, mode))
    }

    /// As [`Self::accepted`], of what was read.
    pub(super) fn accepted_of(
        &self,
        set: &[Accepted],
        receivable: Vec<Arc<Asset>>,
        mode: Mode,
    ) -> Vec<Means> {
        let set = set.iter().filter_map(|accepted| self.resolve(accepted, mode));
        let mut all: Vec<Arc<Asset>> = set.chain(receivable).collect();
        all.retain(|asset| {
            self.watched
                .contains(&(asset.network.clone(), asset.currency.clone()))
        });
        if all.is_empty() && mode == Mode::Test {
            all.extend(self.registry.asset_by_code(TEST_CODE, mode).cloned());
        }
        let means = |asset: Arc<Asset>| self.registry.means(&asset.network, &asset.currency);
        all.into_iter().filter_map(means).collect()
    }

    fn resolve(&self, accepted: &Accepted, mode: Mode) -> Option<Arc<Asset>> {
        let network = self.registry.network_by_slug(accepted.slug.as_str(), mode)?;
        self.registry.asset(&network.id, &accepted.currency).cloned()
    }

    /// What a price of a payment that is still to be made in some asset is worth in US cents, by what is known already.
    pub(super) fn usd_cents_of(&self, mode: Mode, price: &Price) -> Option<u64> {
        match Priced::of(&self.registry, price)? {
            Priced::Fiat(price) => (price.currency == Fiat::Usd).then_some(price.minor),
            Priced::Asset(asset, amount) => self.rates.usd_value(mode, &asset, amount),
        }
    }

    /// What a payment can be paid with, each with its amount at this moment.
    pub(super) async fn choices(&self, caller: &Caller, price: &Price) -> Result<Vec<Choice>, GatewayError> {
        let priced = Priced::of(&self.registry, price).ok_or(GatewayError::NothingAccepted)?;
        let (shop, accepted, of) = (caller.shop.id, self.accepted(caller).await?, priced.clone());
        let read = self.database.read(move |txn| {
            let with_terms = |means: Means| Ok((Terms::now(txn, shop, &means.asset, &of)?, means));
            accepted
                .into_iter()
                .map(with_terms)
                .collect::<Result<Vec<_>, StoreError>>()
        });
        let choice = |(terms, means): (Terms, Means)| {
            let quote = self
                .rates
                .quote_at_once(caller.mode, &priced, &means.asset, terms);
            Choice {
                amount: quote.map(|quote| quote.due),
                means,
            }
        };
        Ok(read.await?.into_iter().map(choice).collect())
    }

    /// Makes the choice. Who chooses again, or twice at once, is shown what was chosen first.
    pub(super) async fn choose(
        self: &Arc<Self>,
        caller: &Caller,
        payment: Payment,
        code: &str,
    ) -> Result<PaymentView, GatewayError> {
        if payment.status != Status::Selecting {
            return self.view(payment).await;
        }
        let accepted = self.accepted(caller).await?;
        let means = accepted
            .iter()
            .find(|means| means.code.eq_ignore_ascii_case(code));
        let Some(means) = means else {
            let known: Vec<&str> = accepted.iter().map(|means| means.code.as_str()).collect();
            return Err(GatewayError::NotAccepted {
                known: known.join(", "),
            });
        };
        let target = self.aim(caller, means.clone(), &payment.price).await?;
        let choosing = Choosing {
            engine: Arc::clone(self),
            caller: caller.clone(),
            target,
            id: payment.id,
            now: self.clock.now(),
        };
        let payment = self.database.try_write(move |txn| choosing.run(txn)).await?;
        self.announce([payment.id]);
        self.wake_scanner_of(&payment);
        self.view(payment).await
    }
}

/// What a store has somewhere to receive, where nothing was said of what it accepts.
pub(super) fn receivable(
    txn: &Txn<'_>,
    registry: &Registry,
    shop: ShopId,
) -> Result<Vec<Arc<Asset>>, StoreError> {
    let mut assets = Vec::new();
    let live = registry.networks().filter(|network| network.mode == Mode::Live);
    for network in live {
        let has_place =
            wallets::in_use(txn, shop, &network.id)?.is_some() || addresses::has_any(txn, shop, &network.id)?;
        if has_place {
            assets.extend(registry.assets_of(&network.id).cloned());
        }
    }
    Ok(assets)
}

/// All that is needed to make the choice inside a transaction.
struct Choosing {
    engine: Arc<Engine>,
    caller: Caller,
    target: Target,
    id: PaymentId,
    now: UnixMillis,
}

impl Choosing {
    /// The payment as it is then, whoever chose.
    fn run(self, txn: &Txn<'_>) -> Result<Payment, GatewayError> {
        let mut payment = payments::by_id(txn, self.id)?.ok_or(GatewayError::NotFound)?;
        // Time that is up is up, also before anybody has looked.
        if payment.status != Status::Selecting || self.now > payment.expires_at {
            return Ok(payment);
        }
        let shop = &self.caller.shop;
        place::refuse_disabled(txn, shop.id)?;
        let place = Place::pick(txn, &self.engine, shop, &payment.price, &self.target, self.now)?;
        let (row, has_turn) = (place.row(), place.status == Status::Pending);
        if !has_turn && !payment.origin.may_wait() {
            return Err(GatewayError::AllAddressesHeld);
        }
        payment.ask = Some(place.ask);
        payment.usd_cents = place.usd_cents;
        payment.asked_at = has_turn.then_some(self.now);
        payment.expires_at = self.now.plus(shop.rules.window);
        payments::set_ask(txn, &payment)?;
        let then = status::next(payment.status, Fact::CurrencyChosen { has_turn });
        let then = then.map_err(GatewayError::internal)?;
        lifecycle::change(txn, &mut payment, then, 0, self.now)?;
        place::hold(txn, row, &payment)?;
        Ok(payment)
    }
}
