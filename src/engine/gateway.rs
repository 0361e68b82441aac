//! The only door for the web: authenticate, create, look up, cancel, simulate.

use std::sync::Arc;

use tokio::sync::broadcast;

use crate::domain::asset::Asset;
use crate::domain::ids::{PaymentId, PaymentNumber, PaymentToken};
use crate::domain::money::{BaseUnits, FiatAmount};
use crate::domain::network::{Mode, Network};
use crate::domain::payment::{Order, Payment};
use crate::domain::shop::Shop;

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

/// What became of a create call.
#[derive(Debug, Clone)]
pub struct Created {
    /// The payment, as it stands now.
    pub view: PaymentView,
    /// Whether an earlier call with the same idempotency key had made it.
    pub replayed: bool,
}

impl PaymentView {
    /// What is still to be sent; zero once the full amount was seen.
    #[must_use]
    pub fn remaining(&self) -> BaseUnits {
        if self.payment.progress.seen >= self.payment.ask.required {
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
    /// No rate is known for the asset.
    #[error("no exchange rate for {symbol} in {fiat}; set one under [rates] in the configuration")]
    NoRate {
        /// What the rate is of.
        symbol: String,
        /// What it should be in.
        fiat: String,
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

/// The engine, as the web sees it. Cheap to clone.
#[derive(Clone)]
pub struct Gateway {
    changes: broadcast::Sender<PaymentId>,
}

impl Gateway {
    /// Who an API key speaks for.
    ///
    /// # Errors
    /// [`GatewayError::Unauthorized`].
    pub async fn authenticate(&self, _api_key: &str) -> Result<Caller, GatewayError> {
        Err(GatewayError::Unauthorized)
    }

    /// Whether the words of an API call name an asset that payments in the caller's mode can be made in. Asks
    /// nothing of the store: for reporting every bad field of a request at once.
    ///
    /// # Errors
    /// [`GatewayError::UnknownNetwork`], [`GatewayError::UnknownCurrency`].
    pub fn check_asset(&self, _caller: &Caller, _network: &str, _currency: &str) -> Result<(), GatewayError> {
        Ok(())
    }

    /// Makes a payment, or returns the one that the same call made before.
    ///
    /// # Errors
    /// All but `NotFound`, `NotCancellable` and those about simulation.
    pub async fn create(&self, _caller: &Caller, _request: CreateRequest) -> Result<Created, GatewayError> {
        Err(GatewayError::Busy)
    }

    /// A payment of the caller's shop.
    ///
    /// # Errors
    /// [`GatewayError::NotFound`], also for another shop's payment.
    pub async fn payment(
        &self,
        _caller: &Caller,
        _number: &PaymentNumber,
    ) -> Result<PaymentView, GatewayError> {
        Err(GatewayError::NotFound)
    }

    /// Cancels a payment that has received nothing.
    ///
    /// # Errors
    /// [`GatewayError::NotFound`], [`GatewayError::NotCancellable`].
    pub async fn cancel(
        &self,
        _caller: &Caller,
        _number: &PaymentNumber,
    ) -> Result<PaymentView, GatewayError> {
        Err(GatewayError::NotFound)
    }

    /// The payment behind a checkout URL.
    ///
    /// # Errors
    /// [`GatewayError::NotFound`].
    pub async fn by_token(&self, _token: &PaymentToken) -> Result<PaymentView, GatewayError> {
        Err(GatewayError::NotFound)
    }

    /// Has the simulated chain act on a test payment.
    ///
    /// # Errors
    /// [`GatewayError::NotFound`], [`GatewayError::NotATestPayment`], [`GatewayError::NotNow`].
    pub async fn simulate(&self, _token: &PaymentToken, _scenario: Scenario) -> Result<(), GatewayError> {
        Err(GatewayError::NotFound)
    }

    /// Says which payments may have changed, after each commit that changed them. A receiver that lagged has to
    /// look again.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<PaymentId> {
        self.changes.subscribe()
    }
}
