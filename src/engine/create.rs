//! Makes a payment: number, address or amount, event and idempotency key in one transaction. Where the customer is to
//! choose the currency, all but the address and the amount.

use std::sync::Arc;
use std::time::Duration;

use super::Engine;
use super::gateway::{Caller, CreateRequest, Created, GatewayError, Idempotency, PayWith};
use super::lifecycle;
use super::place::{self, Place, Target};
use super::quote::{Priced, Quote, QuoteError, Terms};
use crate::ambient::{NoRandomness, random_bytes};
use crate::domain::asset::{Asset, Currency, Means};
use crate::domain::event::EventKind;
use crate::domain::ids::{PaymentCode, PaymentToken, PaymentUuid};
use crate::domain::payment::Payment;
use crate::domain::price::Price;
use crate::domain::pricing::PricingError;
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;
use crate::store::payments::{self, NewPayment};
use crate::store::settings_version::{self, SettingsVersion};
use crate::store::{Txn, donations, idempotency, used_signatures};

/// How long a repeated call returns the first call's payment.
const IDEMPOTENCY_SPAN: Duration = Duration::from_secs(24 * 60 * 60);

impl Engine {
    pub(super) async fn create(
        self: &Arc<Self>,
        caller: &Caller,
        request: CreateRequest,
    ) -> Result<Created, GatewayError> {
        let target = match self.target_of(caller, &request).await {
            Ok(target) => target,
            // A call that is repeated is answered with its payment, whatever has become of the market since.
            Err(refusal @ (GatewayError::NoRate { .. } | GatewayError::AmountTooLarge)) => {
                return self.replay(caller, &request, refusal).await;
            }
            Err(refusal) => return Err(refusal),
        };
        let now = self.clock.now();
        let names = Names::made(self, now)?;
        let making = Making {
            engine: Arc::clone(self),
            known: self.known_keys.of(caller).map(|known| known.version),
            caller: caller.clone(),
            target,
            names,
            now,
            request,
        };
        let made = self.database.try_write_shared(move |txn| making.run(txn)).await?;
        let (payment, replayed) = (made.payment, made.replayed);
        let view = if replayed {
            self.view(payment).await?
        } else {
            metrics::counter!("payd_payments_total", "status" => payment.status.word(), "mode" => payment.mode.word())
                .increment(1);
            if made.is_told {
                self.deliveries.notify_one();
            }
            self.show(payment.id);
            self.wake_scanner_of(&payment);
            // Nothing has come for it yet: how far its chain is read makes no difference.
            self.assemble(payment, Arc::clone(&caller.shop), 0)?
        };
        Ok(Created { view, replayed })
    }

    /// What the payment is to be made in; `None` where the customer is to choose.
    async fn target_of(
        &self,
        caller: &Caller,
        request: &CreateRequest,
    ) -> Result<Option<Target>, GatewayError> {
        let means = match &request.pay_with {
            PayWith::Asset { network, currency } => self.target(caller, network, currency)?,
            PayWith::Accepted => match self.accepted(caller).await?.as_slice() {
                [] => return Err(GatewayError::NothingAccepted),
                [only] => only.clone(),
                [_, _, ..] => return Ok(None),
            },
        };
        self.aim(caller, means, &request.price).await.map(Some)
    }

    /// Quotes a price in an asset that somebody watches.
    pub(super) async fn aim(
        &self,
        caller: &Caller,
        means: Means,
        price: &Price,
    ) -> Result<Target, GatewayError> {
        let (network, asset) = (&means.network, &means.asset);
        if !self
            .watched
            .contains(&(network.id.clone(), asset.currency.clone()))
        {
            return Err(GatewayError::NotWatched {
                network: network.slug.to_string(),
                currency: asset.currency.to_string(),
            });
        }
        let quote = self.quote(caller, price, asset).await?;
        self.children.derive_ahead(caller.shop.id, &network.id);
        Ok(Target { means, quote })
    }

    pub(super) fn target(&self, caller: &Caller, slug: &str, currency: &str) -> Result<Means, GatewayError> {
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
        let means = currency.and_then(|currency| self.registry.means(&network.id, &currency));
        means.ok_or_else(|| {
            let assets = self.registry.assets_of(&network.id);
            GatewayError::UnknownCurrency {
                network: network.slug.to_string(),
                known: listed(assets.map(|asset| asset.currency.as_str())),
            }
        })
    }

    /// What a price comes to, by the shop's terms.
    pub(super) async fn quote(
        &self,
        caller: &Caller,
        price: &Price,
        asset: &Arc<Asset>,
    ) -> Result<Quote, GatewayError> {
        let priced = Priced::of(&self.registry, price).ok_or(GatewayError::NothingAccepted)?;
        let terms = match self.known_keys.of(caller) {
            Some(known) => Terms::known(&caller.shop, &known.rates, asset, &priced),
            None => {
                let (shop, of, owned) = (caller.shop.id, Arc::clone(asset), priced.clone());
                let read = self.database.read(move |txn| Terms::now(txn, shop, &of, &owned));
                read.await?
            }
        };
        let no_rate = |reason: String| GatewayError::NoRate {
            symbol: asset.symbol.to_string(),
            fiat: priced.unit(),
            reason,
        };
        let quote = self.rates.quote(caller.mode, &priced, asset, terms).await;
        quote.map_err(|error| match error {
            QuoteError::NoRate(unquotable) => no_rate(unquotable.to_string()),
            QuoteError::Pricing(PricingError::TooLarge) => GatewayError::AmountTooLarge,
            QuoteError::Pricing(error @ (PricingError::NotARate(_) | PricingError::NotAMarkup(_))) => {
                no_rate(error.to_string())
            }
        })
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

/// What the APIs call a payment, besides its number.
struct Names {
    token: PaymentToken,
    uuid: PaymentUuid,
    code: PaymentCode,
}

impl Names {
    const TOKEN_BYTES: usize = 27;
    const UUID_BYTES: usize = 11;
    const CODE_BYTES: usize = 8;

    fn made(engine: &Engine, now: UnixMillis) -> Result<Self, GatewayError> {
        // All at once: to ask the system takes longer than to make the names.
        const ALL_BYTES: usize = Names::TOKEN_BYTES + Names::UUID_BYTES + Names::CODE_BYTES;
        let drawn: [u8; ALL_BYTES] = random_bytes(&*engine.random).map_err(GatewayError::internal)?;
        let mut rest = drawn.as_slice();
        Ok(Self {
            token: PaymentToken::made(now, taken::<{ Self::TOKEN_BYTES }>(&mut rest)?),
            uuid: PaymentUuid::made(now, taken::<{ Self::UUID_BYTES }>(&mut rest)?),
            code: PaymentCode::from_random(taken::<{ Self::CODE_BYTES }>(&mut rest)?),
        })
    }
}

/// The next of the random bytes that were drawn; an error rather than bytes that are not random, where too few were.
fn taken<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], GatewayError> {
    let (first, after) = rest
        .split_first_chunk()
        .ok_or_else(|| GatewayError::internal(NoRandomness))?;
    *rest = after;
    Ok(*first)
}

/// What came of it inside a transaction.
struct Made {
    payment: Payment,
    /// Whether an earlier call had made it.
    replayed: bool,
    /// Whether any endpoint is to be told of it.
    is_told: bool,
}

/// All that is needed to make a payment inside a transaction.
struct Making {
    engine: Arc<Engine>,
    caller: Caller,
    /// Of the settings that the caller's shop is from, where that is known.
    known: Option<SettingsVersion>,
    request: CreateRequest,
    target: Option<Target>,
    names: Names,
    now: UnixMillis,
}

impl Making {
    /// The new payment, or the earlier one. May be run again: what it refuses, it refuses as far as it can before
    /// it has written anything.
    fn run(&self, txn: &Txn<'_>) -> Result<Made, GatewayError> {
        if let Some(idempotency) = &self.request.idempotency
            && let Some(payment) = earlier(txn, &self.caller, idempotency, self.now)?
        {
            return Ok(Made {
                payment,
                replayed: true,
                is_told: false,
            });
        }
        self.refuse_unadmitted(txn)?;
        let signed = self.request.signature.as_ref().zip(self.caller.key);
        if let Some((signature, key)) = signed
            && used_signatures::is_used(txn, key, signature)?
        {
            return Err(GatewayError::SignatureUsed);
        }
        let (shop, price) = (&self.caller.shop, &self.request.price);
        let place = match &self.target {
            Some(target) => Some(Place::pick(txn, &self.engine, shop, price, target, self.now)?),
            None => None,
        };
        let must_wait = place.as_ref().is_some_and(|place| place.status == Status::Queued);
        if must_wait && !(self.request.may_wait && self.request.origin.may_wait()) {
            return Err(GatewayError::AllAddressesHeld);
        }
        if let Some((signature, key)) = signed
            && !used_signatures::use_once(txn, key, signature, self.now)?
        {
            return Err(GatewayError::SignatureUsed);
        }
        let (shop, mode, now) = (shop.id, self.caller.mode, self.now);
        let row = place.as_ref().and_then(Place::row);
        let payment = payments::insert(txn, self.new_payment(place))?;
        if payment.ask.is_some() {
            place::hold(txn, row, &payment)?;
        }
        if let Some(donor) = &self.request.donor {
            donations::insert(txn, &payment, donor)?;
        }
        let is_told = lifecycle::record(txn, &payment, EventKind::Created, 0, now)?;
        if let Some(by) = &self.request.by {
            by.write_down(txn, "payment.create", payment.number.as_str(), mode.word())?;
        }
        if let Some(Idempotency { key, body_hash }) = &self.request.idempotency {
            idempotency::remember(txn, shop, mode, key, body_hash, payment.id, now)?;
        }
        Ok(Made {
            payment,
            replayed: false,
            is_told,
        })
    }

    /// As [`place::refuse_unadmitted`], without looking at the shop again where nothing was set since.
    fn refuse_unadmitted(&self, txn: &Txn<'_>) -> Result<(), GatewayError> {
        match self.known {
            Some(known) if settings_version::current(txn)? == known => {
                place::admit(&self.caller.shop, self.caller.mode)
            }
            Some(_) | None => place::refuse_unadmitted(txn, &self.caller),
        }
    }

    fn new_payment(&self, place: Option<Place>) -> NewPayment {
        let usd_cents = match &place {
            Some(place) => place.usd_cents,
            None => self.engine.usd_cents_of(self.caller.mode, &self.request.price),
        };
        NewPayment {
            shop: self.caller.shop.id,
            token: self.names.token.clone(),
            uuid: self.names.uuid.clone(),
            code: self.names.code,
            mode: self.caller.mode,
            origin: self.request.origin,
            key: self.caller.key,
            status: place.as_ref().map_or(Status::Selecting, |place| place.status),
            price: self.request.price.clone(),
            usd_cents,
            ask: place.map(|place| place.ask),
            expires_at: self.now.plus(self.caller.shop.rules.window),
            created_at: self.now,
            order: self.request.order.clone(),
        }
    }
}
