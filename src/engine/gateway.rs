//! The only door for the web: authenticate, create, look up, cancel, simulate.

use std::sync::Arc;

use tokio::sync::broadcast;

pub use self::callers::{Caller, Credentials};
pub use self::pages::{DonationView, WidgetView};
pub use self::reading::{Balance, List, ListRequest, RateRow};
pub use self::view::{Chosen, PaymentView};
pub use super::choose::Choice;
use super::office::By;
use super::{Engine, EngineError, lifecycle};
use crate::domain::donation::Donor;
use crate::domain::ids::{PaymentCode, PaymentId, PaymentNumber, PaymentToken, PaymentUuid};
use crate::domain::payment::{NotChosen, Order, Origin, Payment};
use crate::domain::price::Price;
use crate::domain::shop::NotAdmitted;
use crate::domain::status::{self, Fact};
use crate::domain::time::UnixMillis;
use crate::store::{StoreError, Txn, payments};

mod callers;
mod pages;
mod reading;
mod view;

/// What a payment is paid with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayWith {
    /// This asset.
    Asset {
        /// The network, in the APIs' word.
        network: String,
        /// The currency, in the APIs' word.
        currency: String,
    },
    /// What the store accepts; where that is more than one, the customer chooses.
    Accepted,
}

impl PayWith {
    /// This asset, in the APIs' words.
    #[must_use]
    pub fn asset(network: impl Into<String>, currency: impl Into<String>) -> Self {
        Self::Asset {
            network: network.into(),
            currency: currency.into(),
        }
    }
}

/// What a shop asks for.
#[derive(Debug, Clone)]
pub struct CreateRequest {
    /// The price.
    pub price: Price,
    /// What it is paid with.
    pub pay_with: PayWith,
    /// Who asks for it.
    pub origin: Origin,
    /// What to keep along with the payment.
    pub order: Order,
    /// What the donor says, where it is a donation.
    pub donor: Option<Donor>,
    /// Makes a repeated call return the first call's payment.
    pub idempotency: Option<Idempotency>,
    /// The signature of a request that must not be taken twice (the bytes of the MAC).
    pub signature: Option<[u8; 32]>,
    /// Who makes it by hand, for the audit log; `None` where a shop's program or a customer asks.
    pub by: Option<By>,
    /// Whether the payment may wait for its turn when every amount at a shared address is taken; refused otherwise.
    pub may_wait: bool,
}

impl CreateRequest {
    /// A request by the shop itself, with nothing more to it.
    #[must_use]
    pub fn new(price: impl Into<Price>, pay_with: PayWith) -> Self {
        Self {
            price: price.into(),
            pay_with,
            origin: Origin::Api,
            order: Order::default(),
            donor: None,
            idempotency: None,
            signature: None,
            by: None,
            may_wait: true,
        }
    }
}

/// What a payment is called by somebody who has no key: each is as good as a credential for its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicName {
    /// By the token of its checkout URL.
    Token(PaymentToken),
    /// By its UUID.
    Uuid(PaymentUuid),
    /// By its whole number.
    Code(PaymentCode),
}

/// What a payment is called by its shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShopName {
    /// By its number.
    Number(PaymentNumber),
    /// By its UUID.
    Uuid(PaymentUuid),
    /// By its whole number.
    Code(PaymentCode),
}

impl From<&PaymentToken> for PublicName {
    fn from(token: &PaymentToken) -> Self {
        Self::Token(token.clone())
    }
}

impl From<&PaymentNumber> for ShopName {
    fn from(number: &PaymentNumber) -> Self {
        Self::Number(number.clone())
    }
}

/// What makes two calls the same call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// The merchant's key: 1 to 255 visible ASCII characters.
    pub key: String,
    /// SHA-256 of the request, to tell a retry from a mistake.
    pub body_hash: [u8; 32],
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
    /// The shop accepts nothing, so that there is nothing to choose from.
    #[error(
        "the store accepts no currency yet: add an address with `payd address add` or a wallet with `payd wallet set`, or \
         name what it accepts with `payd store accept`"
    )]
    NothingAccepted,
    /// The shop does not accept this.
    #[error("the store does not accept this currency; use one of: {known}")]
    NotAccepted {
        /// The codes there are.
        known: String,
    },
    /// The very same signed request was taken before.
    #[error("this signature was used already: sign every request anew, with the time of sending")]
    SignatureUsed,
    /// The shop has not opened this to the public.
    #[error("{0}")]
    NotOpen(String),
    /// The shop is switched off: nobody is asked for money in its name any more.
    #[error("{}", NotAdmitted::Disabled)]
    Disabled,
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
    /// The database takes no writes: the operator has to see to it. Nothing was done.
    #[error(
        "payd cannot record anything right now, and nothing was done; its operator has to see to it; retry later"
    )]
    NotRecorded,
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
            // The log and /readyz tell the operator why; it is not told to everybody who calls.
            StoreError::Hindered(_) => Self::NotRecorded,
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

impl From<NotChosen> for GatewayError {
    fn from(error: NotChosen) -> Self {
        Self::internal(error)
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
    /// All but `NotFound`, `NotCancellable` and those about simulation; [`GatewayError::Disabled`] for a new payment only.
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
        name: impl Into<ShopName>,
    ) -> Result<PaymentView, GatewayError> {
        let (shop, mode, name) = (caller.shop.id, caller.mode, name.into());
        let is_callers = move |payment: &Payment| payment.shop == shop && payment.mode == mode;
        let find = move |txn: &Txn<'_>| {
            let found = match name {
                ShopName::Number(number) => payments::by_number(txn, &number)?,
                ShopName::Uuid(uuid) => payments::by_uuid(txn, &uuid)?,
                ShopName::Code(code) => payments::by_code(txn, code)?,
            };
            Ok(found.filter(is_callers))
        };
        self.engine.view_of(find).await
    }

    /// Cancels a payment that has received nothing.
    ///
    /// # Errors
    /// [`GatewayError::NotFound`], [`GatewayError::NotCancellable`].
    pub async fn cancel(
        &self,
        caller: &Caller,
        name: impl Into<ShopName>,
    ) -> Result<PaymentView, GatewayError> {
        let name = name.into();
        let view = self.payment(caller, name.clone()).await?;
        let (id, now) = (view.payment.id, self.engine.clock.now());
        self.engine
            .database
            .write(move |txn| cancel(txn, id, now))
            .await?;
        self.engine.announce([id]);
        self.payment(caller, name).await
    }

    /// The payment behind a checkout URL.
    ///
    /// # Errors
    /// [`GatewayError::NotFound`].
    pub async fn by_public_name(&self, name: impl Into<PublicName>) -> Result<PaymentView, GatewayError> {
        let name = name.into();
        let find = move |txn: &Txn<'_>| match name {
            PublicName::Token(token) => payments::by_token(txn, &token),
            PublicName::Uuid(uuid) => payments::by_uuid(txn, &uuid),
            PublicName::Code(code) => payments::by_code(txn, code),
        };
        self.engine.view_of(find).await
    }

    /// Has the simulated chain act on a test payment.
    ///
    /// # Errors
    /// [`GatewayError::NotFound`], [`GatewayError::NotATestPayment`], [`GatewayError::NotNow`].
    pub async fn simulate(
        &self,
        name: impl Into<PublicName>,
        scenario: Scenario,
    ) -> Result<(), GatewayError> {
        let view = self.by_public_name(name).await?;
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
pub(in crate::engine) fn cancel(txn: &Txn<'_>, id: PaymentId, now: UnixMillis) -> Result<(), GatewayError> {
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
