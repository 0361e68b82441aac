//! Makes a payment: number, address or amount, event and idempotency key in one transaction.

use std::sync::Arc;
use std::time::Duration;

use super::allocate::{Allocation, Wanted};
use super::gateway::{Caller, CreateRequest, Created, GatewayError, Idempotency};
use super::lifecycle;
use super::quote::{Rate, Terms};
use super::{Engine, EngineError};
use crate::ambient::random_bytes;
use crate::domain::asset::{Asset, Currency};
use crate::domain::event::EventKind;
use crate::domain::ids::{AddressId, PaymentToken};
use crate::domain::money::BaseUnits;
use crate::domain::network::{Mode, Network, NetworkId};
use crate::domain::payment::{Ask, Payment};
use crate::domain::pricing::PricingError;
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::domain::wallet::Way;
use crate::domain::{matching, pricing};
use crate::store::addresses;
use crate::store::payments::{self, NewPayment};
use crate::store::{Txn, blocks, confirmation_tiers, idempotency, slots};

/// How long a repeated call returns the first call's payment.
const IDEMPOTENCY_SPAN: Duration = Duration::from_secs(24 * 60 * 60);

impl Engine {
    pub(super) async fn create(
        self: &Arc<Self>,
        caller: &Caller,
        request: CreateRequest,
    ) -> Result<Created, GatewayError> {
        let (network, asset) = self.target(caller, &request.network, &request.currency)?;
        if !self
            .watched
            .contains(&(network.id.clone(), asset.currency.clone()))
        {
            return Err(GatewayError::NotWatched {
                network: network.slug.to_string(),
                currency: asset.currency.to_string(),
            });
        }
        let (rate, due) = match self.quote(caller, &request, &asset).await {
            Ok(quoted) => quoted,
            // A call that is repeated is answered with its payment, whatever has become of the market since.
            Err(refusal) => return self.replay(caller, &request, refusal).await,
        };
        self.children.derive_ahead(caller.shop.id, &network.id);
        let token = PaymentToken::from_random(random_bytes(&*self.random).map_err(GatewayError::internal)?);
        let making = Making {
            engine: Arc::clone(self),
            caller: caller.clone(),
            due,
            token,
            rate,
            now: self.clock.now(),
            network: Arc::clone(&network),
            asset: Arc::clone(&asset),
            request,
        };
        let (payment, replayed) = self.database.try_write(move |txn| making.run(txn)).await?;
        if !replayed {
            metrics::counter!("payd_payments_total", "status" => payment.status.word(), "mode" => payment.mode.word())
                .increment(1);
            self.announce([payment.id]);
            self.scanning.notify_waiters();
        }
        Ok(Created {
            view: self.view(payment).await?,
            replayed,
        })
    }

    pub(super) fn target(
        &self,
        caller: &Caller,
        slug: &str,
        currency: &str,
    ) -> Result<(Arc<Network>, Arc<Asset>), GatewayError> {
        let network = self.registry.network_by_slug(slug, caller.mode).ok_or_else(|| {
            let networks = self
                .registry
                .networks()
                .filter(|network| network.mode == caller.mode);
            GatewayError::UnknownNetwork {
                known: listed(networks.map(|network| &*network.slug)),
            }
        })?;
        let currency = Currency::parse(currency);
        let asset = currency
            .and_then(|currency| self.registry.asset(&network.id, &currency))
            .ok_or_else(|| {
                let assets = self.registry.assets_of(&network.id);
                GatewayError::UnknownCurrency {
                    network: network.slug.to_string(),
                    known: listed(assets.map(|asset| asset.currency.as_str())),
                }
            })?;
        Ok((Arc::clone(network), Arc::clone(asset)))
    }

    /// The rate, and what the price comes to by it.
    async fn quote(
        &self,
        caller: &Caller,
        request: &CreateRequest,
        asset: &Asset,
    ) -> Result<(Rate, BaseUnits), GatewayError> {
        let fiat = request.price.currency;
        let (shop, of) = (caller.shop.id, asset.clone());
        let terms = self
            .database
            .read(move |txn| Terms::now(txn, shop, &of, fiat))
            .await?;
        let no_rate = |reason: String| GatewayError::NoRate {
            symbol: asset.symbol.to_string(),
            fiat: fiat.to_string(),
            reason,
        };
        let rate = self.rates.of(caller.mode, asset, fiat, terms).await;
        let rate = rate.map_err(|unquotable| no_rate(unquotable.to_string()))?;
        match pricing::quote(request.price, rate.price, terms.markup_bps, asset) {
            Ok(due) => Ok((rate, due)),
            Err(PricingError::TooLarge) => Err(GatewayError::AmountTooLarge),
            Err(error @ (PricingError::NotARate(_) | PricingError::NotAMarkup(_))) => {
                Err(no_rate(error.to_string()))
            }
        }
    }

    /// The payment that the same call made earlier, or `refusal` when there is none.
    async fn replay(
        &self,
        caller: &Caller,
        request: &CreateRequest,
        refusal: GatewayError,
    ) -> Result<Created, GatewayError> {
        let Some(idempotency) = request.idempotency.clone() else {
            return Err(refusal);
        };
        let (caller, now) = (caller.clone(), self.clock.now());
        let earlier = self
            .database
            .read(move |txn| earlier(txn, &caller, &idempotency, now));
        match earlier.await? {
            Some(payment) => Ok(Created {
                view: self.view(payment).await?,
                replayed: true,
            }),
            None => Err(refusal),
        }
    }
}

/// The payment that the same call made earlier.
fn earlier(
    txn: &Txn<'_>,
    caller: &Caller,
    idempotency: &Idempotency,
    now: UnixMillis,
) -> Result<Option<Payment>, GatewayError> {
    let Some(earlier) = idempotency::find(txn, caller.shop.id, caller.mode, &idempotency.key)? else {
        return Ok(None);
    };
    if now.since(earlier.at) >= IDEMPOTENCY_SPAN {
        return Ok(None);
    }
    if earlier.body_hash != idempotency.body_hash {
        return Err(GatewayError::IdempotencyConflict);
    }
    Ok(payments::by_id(txn, earlier.payment)?)
}

fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

/// All that is needed to make a payment inside a transaction.
struct Making {
    engine: Arc<Engine>,
    caller: Caller,
    request: CreateRequest,
    network: Arc<Network>,
    asset: Arc<Asset>,
    due: BaseUnits,
    rate: Rate,
    token: PaymentToken,
    now: UnixMillis,
}

/// Where a payment's money is to go, and how it is told apart there.
struct Place {
    address: Arc<str>,
    way: Way,
    /// The row of an address that nobody else has.
    row: Option<AddressId>,
    due: BaseUnits,
    status: Status,
}

impl Place {
    const fn shared(address: Arc<str>, due: BaseUnits, status: Status) -> Self {
        Self {
            address,
            way: Way::Shared,
            row: None,
            due,
            status,
        }
    }
}

impl Making {
    /// The new payment, or the earlier one and `true`.
    fn run(self, txn: &Txn<'_>) -> Result<(Payment, bool), GatewayError> {
        if let Some(idempotency) = &self.request.idempotency
            && let Some(payment) = earlier(txn, &self.caller, idempotency, self.now)?
        {
            return Ok((payment, true));
        }
        let wanted = Wanted {
            shop: &self.caller.shop,
            network: &self.network,
            asset: &self.asset,
            quoted: self.due,
            now: self.now,
        };
        let allocation = wanted.pick(txn, &*self.engine.random, &self.engine.children)?;
        let place = match allocation {
            Allocation::Address { id, address, way } => Place {
                address,
                way,
                row: Some(id),
                due: self.due,
                status: Status::Pending,
            },
            Allocation::Slot { address, due } => Place::shared(address, due, Status::Pending),
            Allocation::Queue { address, due } => Place::shared(address, due, Status::Queued),
            Allocation::AllHeld => return Err(GatewayError::AllAddressesHeld),
            Allocation::NoneConfigured => {
                return Err(GatewayError::NoAddress {
                    network: self.request.network,
                    currency: self.request.currency,
                });
            }
        };
        // A chain is read from where it was first seen: money sent before that would not be found. Simulated chains
        // are read from the beginning of the first shop.
        if self.caller.mode == Mode::Live && blocks::cursor(txn, &self.network.id)?.is_none() {
            return Err(GatewayError::NotReadYet {
                network: self.network.slug.to_string(),
            });
        }
        let idempotency = self.request.idempotency.clone();
        let (shop, mode, now) = (self.caller.shop.id, self.caller.mode, self.now);
        let row = place.row;
        let confirmations = self.confirmations(txn)?;
        let payment = payments::insert(txn, self.new_payment(place, confirmations))?;
        if let Some(row) = row {
            addresses::hold(txn, row, payment.id)?;
        } else if payment.status == Status::Pending && !slots::hold(txn, &payment)? {
            return Err(EngineError::AmountTaken.into());
        }
        lifecycle::record(txn, &payment, EventKind::Created, 0, now)?;
        if let Some(Idempotency { key, body_hash }) = idempotency {
            idempotency::remember(txn, shop, mode, &key, &body_hash, payment.id, now)?;
        }
        Ok((payment, false))
    }

    /// What the payment needs by what it is worth: by the store's own steps on the network, else by the network's.
    fn confirmations(&self, txn: &Txn<'_>) -> Result<u32, GatewayError> {
        // A store's steps hold for the simulated network too, which has the real one's slug.
        let own = match NetworkId::parse(&self.network.slug) {
            Some(network) => confirmation_tiers::of(txn, self.caller.shop.id, &network)?,
            None => None,
        };
        // By what is known already; where that says nothing, the payment needs the most.
        let rates = &self.engine.rates;
        let usd_cents = rates.usd_value_of(self.caller.mode, self.request.price, &self.asset, self.due);
        Ok(own.as_ref().unwrap_or(&self.network.confirmations).of(usd_cents))
    }

    fn new_payment(self, place: Place, confirmations: u32) -> NewPayment {
        let rules = &self.caller.shop.rules;
        NewPayment {
            shop: self.caller.shop.id,
            token: self.token,
            mode: self.caller.mode,
            status: place.status,
            expires_at: self.now.plus(rules.window),
            created_at: self.now,
            ask: Ask {
                network: self.network.id.clone(),
                currency: self.asset.currency.clone(),
                required: match place.way {
                    // The amount is all that tells payments apart: a little less is somebody else's.
                    Way::Shared => matching::required(place.due, 0),
                    Way::Pool | Way::Xpub => matching::required(place.due, rules.tolerance_bps),
                },
                address: place.address,
                way: place.way,
                due: place.due,
                confirmations,
                price: self.request.price,
                rate: self.rate.price,
                rate_source: self.rate.source,
            },
            order: self.request.order,
        }
    }
}
