//! The only door for the web: authenticate, create, look up, cancel, simulate.

use std::sync::Arc;

use tokio::sync::broadcast;

use super::{Engine, EngineError, lifecycle};
use crate::domain::asset::Asset;
use crate::domain::ids::{PaymentId, PaymentNumber, PaymentToken};
use crate::domain::money::{BaseUnits, FiatAmount};
use crate::domain::network::{Mode, Network};
use crate::domain::payment::{Order, Payment};
use crate::domain::shop::Shop;
use crate::domain::status::{self, Fact};
use crate::domain::time::UnixMillis;
use crate::store::{StoreError, Txn, blocks, keys, payments, shops};

/// Whose key a call came with.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The shop.
    pub shop: Arc<Shop>,
    /// The mode of the key: decides between real and simulated chains.
    pub mode: Mode,
}

/// What a shop asks for.
#[derive(Debug, Clone)]
pub struct CreateRequest {
    /// The price.
    pub price: FiatAmount,
    /// The network, in the APIs' word.
    pub network: String,
    /// The currency, in the APIs' word.
    pub currency: String,
    /// What to keep along with the payment.
    pub order: Order,
    /// Makes a repeated call return the first call's payment.
    pub idempotency: Option<Idempotency>,
}

/// What makes two calls the same call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// The merchant's key: 1 to 255 visible ASCII characters.
    pub key: String,
    /// SHA-256 of the request, to tell a retry from a mistake.
    pub body_hash: [u8; 32],
}

/// A payment with all that is needed to show it.
#[derive(Debug, Clone)]
pub struct PaymentView {
    /// The payment.
    pub payment: Payment,
    /// The shop's name.
    pub shop_name: String,
    /// The network to pay on.
    pub network: Arc<Network>,
    /// The asset to pay with.
    pub asset: Arc<Asset>,
    /// Confirmations of the latest transfer that counts; 0 when there is none.
    pub confirmations: u32,
}

impl PaymentView {
    /// What is still to be sent; zero once the full amount was seen, and before the customer is asked to pay.
    #[must_use]
    pub fn remaining(&self) -> BaseUnits {
        let is_asked = self.payment.asked().is_some();
        if !is_asked || self.payment.progress.seen >= self.payment.ask.required {
            return BaseUnits::ZERO;
        }
        self.payment.ask.due.saturating_sub(self.payment.progress.seen)
    }
}

crate::domain::vocabulary! {
    /// What the simulated chain can be told to do with a test payment.
    Scenario, "scenario" {
        /// Pays what is due.
        Exact = "exact",
        /// Pays half.
        Under = "under",
        /// Pays a tenth more.
        Over = "over",
        /// Pays what is due in a block after the expiry.
        Late = "late",
        /// Pays what is due twice.
        Twice = "twice",
        /// Pays in another asset of the network.
        WrongToken = "wrong-token",
        /// Takes back the block that holds the payment's money.
        Reorg = "reorg",
    }
}

/// Why the engine refused. Each says what the caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// No such key, or one that was revoked.
    #[error("the API key is missing or invalid")]
    Unauthorized,
    /// No such payment in this shop.
    #[error("payment not found")]
    NotFound,
    /// The network is not one of this payd's.
    #[error("unknown network; use one of: {known}")]
    UnknownNetwork {
        /// The words there are.
        known: String,
    },
    /// It is known, but nobody looks for it here: its money would not be seen.
    #[error(
        "{currency} on {network} is not watched here: add providers under [networks.{network}] in the configuration, \
         and see that the currency is not switched off there"
    )]
    NotWatched {
        /// The network, in the APIs' word.
        network: String,
        /// The currency, in the APIs' word.
        currency: String,
    },
    /// The network was never read, so nobody knows yet from where on its money is seen.
    #[error(
        "{network} has not been read yet: its providers have not answered; retry shortly, and see `payd doctor`"
    )]
    NotReadYet {
        /// The network, in the APIs' word.
        network: String,
    },
    /// The currency is not one of the network's.
    #[error("unknown currency on {network}; use one of: {known}")]
    UnknownCurrency {
        /// The network, in the APIs' word.
        network: String,
        /// The words there are.
        known: String,
    },
    /// The shop has no address on this network.
    #[error(
        "no receive address for {network}/{currency}: add one under Addresses or with `payd address add`"
    )]
    NoAddress {
        /// The network, in the APIs' word.
        network: String,
        /// The currency, in the APIs' word.
        currency: String,
    },
    /// Every address is in use or resting.
    #[error("every receive address is held by another payment; retry shortly or add more addresses")]
    AllAddressesHeld,
    /// The idempotency key was used for a different request.
    #[error("this Idempotency-Key was already used with a different request body")]
    IdempotencyConflict,
    /// No rate is known for the asset that can be trusted.
    #[error("no exchange rate for {symbol} in {fiat}: {reason}")]
    NoRate {
        /// What the rate is of.
        symbol: String,
        /// What it should be in.
        fiat: String,
        /// Why, and what to do.
        reason: String,
    },
    /// The price is beyond what can be quoted.
    #[error("the amount is too large")]
    AmountTooLarge,
    /// The payment has ended, or money has already come in.
    #[error("a payment that is {status} can no longer be cancelled")]
    NotCancellable {
        /// Its status in payd's words, or `partly paid`.
        status: String,
    },
    /// Only test payments can be simulated.
    #[error("only test payments can be simulated; use a test key")]
    NotATestPayment,
    /// The scenario makes no sense for the payment as it stands.
    #[error("{0}")]
    NotNow(String),
    /// Too much to do at once; nothing was done.
    #[error("payd is busy; retry shortly")]
    Busy,
    /// Something inside payd failed; it was logged where it happened.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl GatewayError {
    pub(super) fn internal(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl From<StoreError> for GatewayError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Busy,
            error => Self::internal(error),
        }
    }
}

impl From<EngineError> for GatewayError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Store(error) => error.into(),
            EngineError::AmountTooLarge => Self::AmountTooLarge,
            error => Self::internal(error),
        }
    }
}

/// A payment and whether it is new.
#[derive(Debug, Clone)]
pub struct Created {
    /// The payment as it stands now.
    pub view: PaymentView,
    /// Whether an earlier call with the same idempotency key had made it.
    pub replayed: bool,
}

/// The engine, as the web sees it. Cheap to clone.
#[derive(Clone)]
pub struct Gateway {
    pub(super) engine: Arc<Engine>,
}

impl Gateway {
    /// The door to `engine`.
    #[must_use]
    pub const fn new(engine: Arc<Engine>) -> Self {
        Self { engine }
    }

    /// Who an API key speaks for.
    ///
    /// # Errors
    /// [`GatewayError::Unauthorized`].
    pub async fn authenticate(&self, api_key: &str) -> Result<Caller, GatewayError> {
        let api_key = api_key.to_owned();
        let found = self.engine.database.read(move |txn| {
            let Some(key) = keys::find_active(txn, &api_key)? else {
                return Ok::<_, StoreError>(None);
            };
            Ok(shops::by_id(txn, key.shop)?.map(|shop| Caller {
                shop: Arc::new(shop),
                mode: key.mode,
            }))
        });
        found.await?.ok_or(GatewayError::Unauthorized)
    }

    /// Whether there is such a currency on such a network, for a caller that wants to name all mistakes at once.
    ///
    /// # Errors
    /// [`GatewayError::UnknownNetwork`], [`GatewayError::UnknownCurrency`].
    pub fn check_asset(&self, caller: &Caller, network: &str, currency: &str) -> Result<(), GatewayError> {
        self.engine.target(caller, network, currency).map(|_| ())
    }

    /// Makes a payment, or returns the one that the same call made before.
    ///
    /// # Errors
    /// All but `NotFound`, `NotCancellable` and those about simulation.
    pub async fn create(&self, caller: &Caller, request: CreateRequest) -> Result<Created, GatewayError> {
        self.engine.create(caller, request).await
    }

    /// A payment of the caller's shop, in the mode of its key.
    ///
    /// # Errors
    /// [`GatewayError::NotFound`], also for another shop's payment, and for a live one asked for with a test key.
    pub async fn payment(
        &self,
        caller: &Caller,
        number: &PaymentNumber,
    ) -> Result<PaymentView, GatewayError> {
        let (shop, mode, number) = (caller.shop.id, caller.mode, number.clone());
        let is_callers = move |payment: &Payment| payment.shop == shop && payment.mode == mode;
        self.engine
            .view_of(move |txn| Ok(payments::by_number(txn, &number)?.filter(is_callers)))
            .await
    }

    /// Cancels a payment that has received nothing.
    ///
    /// # Errors
    /// [`GatewayError::NotFound`], [`GatewayError::NotCancellable`].
    pub async fn cancel(&self, caller: &Caller, number: &PaymentNumber) -> Result<PaymentView, GatewayError> {
        let view = self.payment(caller, number).await?;
        let (id, now) = (view.payment.id, self.engine.clock.now());
        self.engine
            .database
            .write(move |txn| cancel(txn, id, now))
            .await?;
        self.engine.announce([id]);
        self.payment(caller, number).await
    }

    /// The payment behind a checkout URL.
    ///
    /// # Errors
    /// [`GatewayError::NotFound`].
    pub async fn by_token(&self, token: &PaymentToken) -> Result<PaymentView, GatewayError> {
        let token = token.clone();
        self.engine
            .view_of(move |txn| payments::by_token(txn, &token))
            .await
    }

    /// Has the simulated chain act on a test payment.
    ///
    /// # Errors
    /// [`GatewayError::NotFound`], [`GatewayError::NotATestPayment`], [`GatewayError::NotNow`].
    pub async fn simulate(&self, token: &PaymentToken, scenario: Scenario) -> Result<(), GatewayError> {
        let view = self.by_token(token).await?;
        self.engine.simulate(view.payment.id, scenario).await
    }

    /// Says which payments may have changed, after each commit that changed them. A receiver that lagged has to
    /// look again.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<PaymentId> {
        self.engine.changes.subscribe()
    }
}

/// Cancels inside a transaction, where no money can come in between.
fn cancel(txn: &Txn<'_>, id: PaymentId, now: UnixMillis) -> Result<(), GatewayError> {
    let mut payment = payments::by_id(txn, id)?.ok_or(GatewayError::NotFound)?;
    if let Some(standing) = lifecycle::standing(txn, payment.clone())? {
        payment.progress = standing.progress;
    }
    if !payment.progress.seen.is_zero() && payment.status.is_live() {
        return Err(GatewayError::NotCancellable {
            status: "partly paid".to_owned(),
        });
    }
    let Ok(then) = status::next(payment.status, Fact::Cancelled) else {
        return Err(GatewayError::NotCancellable {
            status: payment.status.to_string(),
        });
    };
    lifecycle::change(txn, &mut payment, then, 0, now)?;
    Ok(())
}

impl Engine {
    async fn view_of(
        &self,
        find: impl FnOnce(&Txn<'_>) -> Result<Option<Payment>, StoreError> + Send + 'static,
    ) -> Result<PaymentView, GatewayError> {
        let found = self.database.read(move |txn| match find(txn)? {
            Some(payment) => shown(txn, payment).map(Some),
            None => Ok(None),
        });
        let (payment, shop_name, tip) = found.await?.ok_or(GatewayError::NotFound)?;
        self.assemble(payment, shop_name, tip)
    }

    pub(super) async fn view(&self, payment: Payment) -> Result<PaymentView, GatewayError> {
        let (payment, shop_name, tip) = self.database.read(move |txn| shown(txn, payment)).await?;
        self.assemble(payment, shop_name, tip)
    }

    fn assemble(&self, payment: Payment, shop_name: String, tip: u64) -> Result<PaymentView, GatewayError> {
        let missing = || {
            let what = format!("{} on {}", payment.ask.currency, payment.ask.network);
            GatewayError::internal(EngineError::NotConfigured { what })
        };
        let network = self.registry.network(&payment.ask.network).ok_or_else(missing)?;
        let asset = self
            .registry
            .asset(&payment.ask.network, &payment.ask.currency)
            .ok_or_else(missing)?;
        Ok(PaymentView {
            network: Arc::clone(network),
            asset: Arc::clone(asset),
            confirmations: lifecycle::confirmations(&payment.progress, tip),
            payment,
            shop_name,
        })
    }
}

/// What a view needs besides the payment: the shop's name and the height of its chain.
fn shown(txn: &Txn<'_>, payment: Payment) -> Result<(Payment, String, u64), StoreError> {
    let shop_name = shops::by_id(txn, payment.shop)?.map_or_else(String::new, |shop| shop.name);
    let tip = blocks::cursor(txn, &payment.ask.network)?.map_or(0, |cursor| cursor.height);
    Ok((payment, shop_name, tip))
}
