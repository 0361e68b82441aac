//! The public APIs, one folder each. Only here are a gateway's words spoken; the folders know nothing of each
//! other. What they share, and what is no gateway's word, is in this file and in `body`.

pub mod body;
pub mod crypto_pay;
pub mod cryptopayment;
pub mod description;
#[cfg(test)]
pub(crate) mod fake;
pub(in crate::web) mod header;
pub(in crate::web) mod json;
pub mod number;
pub mod payhook;
mod refusal;
pub mod signing;
pub mod soko;
pub mod standard;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::engine::gateway::{Caller, CreateRequest, Created, Gateway, GatewayError, PaymentView, ShopName};
use crate::outbox::format::Formats;

/// All webhook formats; their checkout URLs begin with `public_url`.
#[must_use]
pub fn formats(public_url: &str) -> Formats {
    Formats {
        payhook: Arc::new(payhook::notify::PayhookNotify::new(public_url)),
        standard: Arc::new(standard::StandardWebhooks),
        soko: Arc::new(soko::notify::SokoNotify),
        crypto_pay: Arc::new(crypto_pay::notify::CryptoPayNotify::CRYPTO_PAY),
        usdt_payments: Arc::new(crypto_pay::notify::CryptoPayNotify::USDT_PAYMENTS),
        cryptopayment: Arc::new(cryptopayment::notify::CryptopaymentNotify),
    }
}

/// What the APIs ask of the engine.
pub trait Payments: Send + Sync + 'static {
    /// As [`Gateway::authenticate_by_key_alone`].
    fn authenticate<'a>(
        &'a self,
        api_key: &'a str,
        from: Option<IpAddr>,
    ) -> BoxFuture<'a, Result<Caller, GatewayError>>;

    /// As [`Gateway::check_asset`].
    ///
    /// # Errors
    /// As there.
    fn check_asset(&self, caller: &Caller, network: &str, currency: &str) -> Result<(), GatewayError>;

    /// As [`Gateway::create`].
    fn create<'a>(
        &'a self,
        caller: &'a Caller,
        request: CreateRequest,
    ) -> BoxFuture<'a, Result<Created, GatewayError>>;

    /// As [`Gateway::payment`].
    fn payment<'a>(
        &'a self,
        caller: &'a Caller,
        name: &'a ShopName,
    ) -> BoxFuture<'a, Result<PaymentView, GatewayError>>;

    /// As [`Gateway::cancel`].
    fn cancel<'a>(
        &'a self,
        caller: &'a Caller,
        name: &'a ShopName,
    ) -> BoxFuture<'a, Result<PaymentView, GatewayError>>;
}

impl Payments for Gateway {
    fn authenticate<'a>(
        &'a self,
        api_key: &'a str,
        from: Option<IpAddr>,
    ) -> BoxFuture<'a, Result<Caller, GatewayError>> {
        Box::pin(self.authenticate_by_key_alone(api_key, from))
    }

    fn check_asset(&self, caller: &Caller, network: &str, currency: &str) -> Result<(), GatewayError> {
        Self::check_asset(self, caller, network, currency)
    }

    fn create<'a>(
        &'a self,
        caller: &'a Caller,
        request: CreateRequest,
    ) -> BoxFuture<'a, Result<Created, GatewayError>> {
        Box::pin(Self::create(self, caller, request))
    }

    fn payment<'a>(
        &'a self,
        caller: &'a Caller,
        name: &'a ShopName,
    ) -> BoxFuture<'a, Result<PaymentView, GatewayError>> {
        Box::pin(Self::payment(self, caller, name.clone()))
    }

    fn cancel<'a>(
        &'a self,
        caller: &'a Caller,
        name: &'a ShopName,
    ) -> BoxFuture<'a, Result<PaymentView, GatewayError>> {
        Box::pin(Self::cancel(self, caller, name.clone()))
    }
}
