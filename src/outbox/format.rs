//! How a webhook of one format looks and is treated: what the web floor's dialects fill in, and all that they may know
//! of the outbox.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::ambient::{NoRandomness, Random, random_bytes};
use crate::domain::asset::{Asset, Means};
use crate::domain::event::{Event, EventKind};
use crate::domain::ids::DeliveryId;
use crate::domain::payment::{Ask, Payment};
use crate::domain::shop::Format;
use crate::domain::status::Status;
use crate::domain::time::UnixMillis;

/// An event with all that a webhook may tell of it.
#[derive(Debug, Clone)]
pub struct Notice {
    /// What happened, with the figures as they were then.
    pub event: Event,
    /// The payment it happened to.
    pub payment: Payment,
    /// What it is paid with; `None` when that was never chosen.
    pub means: Option<Means>,
    /// The asset that the price is in, where it is not in money.
    pub price_asset: Option<Arc<Asset>>,
}

impl Notice {
    /// What the customer had been told to pay with and how, when the event happened: an event of the time when the payment
    /// waited for its turn says the same when it is sent late.
    #[must_use]
    pub fn asked(&self) -> Option<(&Ask, &Means)> {
        let asked = self.payment.asked().zip(self.means.as_ref());
        asked.filter(|_| !matches!(self.event.status, Status::Queued | Status::Selecting))
    }
}

/// How webhooks of one format look and are treated. The rules are the format's page's, as data.
pub trait WebhookFormat: Send + Sync + 'static {
    /// The format's name.
    fn format(&self) -> Format;

    /// The events an endpoint of this format gets unless it was given others.
    fn default_events(&self) -> &'static [EventKind];

    /// The post for an event: the same event gives the same body bytes, whenever it is sent.
    ///
    /// # Errors
    /// [`PostError`]: the secret or the stored payment is unusable.
    fn post(&self, notice: &Notice, sending: &Sending<'_>) -> Result<Post, PostError>;

    /// A post about no payment, marked as a test, signed like all others. Its event is [`TEST_EVENT`].
    ///
    /// # Errors
    /// [`PostError`]: the secret is unusable.
    fn test_post(&self, sending: &Sending<'_>) -> Result<Post, PostError>;

    /// What an endpoint's reply means: unless the page says otherwise, 2xx that it is received, and all else that it is sent
    /// again.
    fn verdict(&self, status: u16) -> Verdict {
        match status {
            200..=299 => Verdict::Received,
            _ => Verdict::Retry,
        }
    }

    /// How long an endpoint may take.
    fn timeout(&self) -> Duration {
        Duration::from_secs(10)
    }

    /// The waits after the first, second, ... failed attempt. When they are used up, the delivery is given up.
    fn waits(&self) -> &'static [Duration];
}

/// One sending of a delivery.
#[derive(Clone, Copy)]
pub struct Sending<'a> {
    /// The delivery; retries keep it.
    pub delivery: DeliveryId,
    /// What it is signed with, as it was shown to the merchant: the endpoint's own secret, or that of an API key where the
    /// format signs with those.
    pub secret: &'a str,
    /// The time of sending.
    pub now: UnixMillis,
}

/// The bytes to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Header names and values, content type included.
    pub headers: Vec<(&'static str, String)>,
    /// The body; what was signed is exactly this.
    pub body: Vec<u8>,
}

/// What an endpoint's reply means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Received.
    Received,
    /// To be sent again.
    Retry,
    /// Not to be sent again.
    GiveUp,
}

/// The event of a test post. No format has it, so that no shop takes a test for money.
pub const TEST_EVENT: &str = "webhook.test";

/// Why no post could be made.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The secret does not have the format's form.
    #[error("the endpoint's secret cannot sign: {0}")]
    Secret(&'static str),
    /// What is stored of the payment does not make a body.
    #[error("the payment does not make a body")]
    Body(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Every format there is, by its name.
#[derive(Clone)]
pub struct Formats {
    /// PayHook's.
    pub payhook: Arc<dyn WebhookFormat>,
    /// Standard Webhooks.
    pub standard: Arc<dyn WebhookFormat>,
    /// soko's.
    pub soko: Arc<dyn WebhookFormat>,
    /// Crypto Pay's.
    pub crypto_pay: Arc<dyn WebhookFormat>,
    /// USDT Payments'.
    pub usdt_payments: Arc<dyn WebhookFormat>,
    /// CryptoPayment's.
    pub cryptopayment: Arc<dyn WebhookFormat>,
}

impl Formats {
    /// The format of this name.
    #[must_use]
    pub fn get(&self, format: Format) -> &dyn WebhookFormat {
        match format {
            Format::Payhook => &*self.payhook,
            Format::Standard => &*self.standard,
            Format::Soko => &*self.soko,
            Format::CryptoPay => &*self.crypto_pay,
            Format::UsdtPayments => &*self.usdt_payments,
            Format::Cryptopayment => &*self.cryptopayment,
        }
    }
}

/// What a secret made by payd begins with; Standard Webhooks asks for it, and it tells a secret from a key.
pub const SECRET_PREFIX: &str = "whsec_";

/// A new signing secret: the prefix and 32 random bytes in base64. Fits every format.
///
/// # Errors
/// [`NoRandomness`].
pub fn new_secret(random: &dyn Random) -> Result<Zeroizing<String>, NoRandomness> {
    let bytes = Zeroizing::new(random_bytes::<32>(random)?);
    Ok(Zeroizing::new(format!(
        "{SECRET_PREFIX}{}",
        STANDARD.encode(*bytes)
    )))
}
