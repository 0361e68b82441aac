//! A shop: what the command line and the five APIs call a store, a project or a merchant. (In the source,
//! `store` is the floor that keeps everything.)

use std::time::Duration;

use super::allowed::AllowedNetworks;
use super::asset::Currency;
use super::brand::Brand;
use super::event::EventKind;
use super::fiat::Fiat;
use super::ids::{EndpointId, KeyId, ShopId};
use super::network::{Mode, NetworkId};
use super::time::UnixMillis;

super::vocabulary! {
    /// One of the five public APIs that payd speaks. A shop has one as its home; its keys can call all.
    Dialect, "dialect" {
        /// PayHook.
        Payhook = "payhook",
        /// soko.
        Soko = "soko",
        /// Crypto Pay.
        CryptoPay = "crypto-pay",
        /// USDT Payments.
        UsdtPayments = "usdt-payments",
        /// CryptoPayment.
        Cryptopayment = "cryptopayment",
    }
}

super::vocabulary! {
    /// What a webhook looks like on the wire: body, headers, signature, what counts as received, retries.
    Format, "webhook format" {
        /// PayHook's headers, bodies and retry rules.
        Payhook = "payhook",
        /// The Standard Webhooks headers and signature.
        Standard = "standard",
        /// soko's.
        Soko = "soko",
        /// Crypto Pay's: only of what is paid, signed with the secret of the API key.
        CryptoPay = "crypto-pay",
        /// USDT Payments': as Crypto Pay's, which knows no test mode.
        UsdtPayments = "usdt-payments",
        /// CryptoPayment's: signed in the body.
        Cryptopayment = "cryptopayment",
    }
}

impl Dialect {
    /// Whether who calls has to show that a secret is known. PayHook's calls show the key, and no more: a key of a shop of
    /// that API is as good as a password and must not stand in a web page.
    #[must_use]
    pub const fn proves_a_secret(self) -> bool {
        match self {
            Self::Payhook => false,
            Self::Soko | Self::CryptoPay | Self::UsdtPayments | Self::Cryptopayment => true,
        }
    }
}

impl From<Dialect> for Format {
    /// The format that a shop of this API expects.
    fn from(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Payhook => Self::Payhook,
            Dialect::Soko => Self::Soko,
            Dialect::CryptoPay => Self::CryptoPay,
            Dialect::UsdtPayments => Self::UsdtPayments,
            Dialect::Cryptopayment => Self::Cryptopayment,
        }
    }
}

super::vocabulary! {
    /// What to do with money that was mined after a payment's expiry.
    LatePolicy, "late policy" {
        /// Record it, tell the merchant, leave the payment as it is.
        Flag = "flag",
        /// Count it as if it had come in time.
        Accept = "accept",
    }
}

/// A shop and its rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shop {
    /// Row number.
    pub id: ShopId,
    /// Unique name; also shown on the checkout page.
    pub name: String,
    /// The API it was made for.
    pub dialect: Dialect,
    /// The shop's web site, when one is set.
    pub website: Option<String>,
    /// The rules its payments are made with.
    pub rules: Rules,
    /// Which keys its own API takes, where that API has such a switch (Crypto Pay's "Test mode" and "Live mode").
    pub mode: Mode,
    /// Since when it takes no calls; its payments are watched all the same.
    pub disabled_at: Option<UnixMillis>,
    /// The language of its pages where the customer's own is not spoken, as a BCP 47 tag.
    pub language: Option<String>,
    /// The currency that the merchant reckons in: what the dashboard shows values in and the counter asks for.
    pub fiat: Fiat,
    /// How its pages look.
    pub brand: Brand,
    /// When it was made.
    pub created_at: UnixMillis,
}

/// Why a shop takes no call with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAdmitted {
    /// It was disabled.
    #[error("the store is disabled: `payd store set NAME --enable` opens it again")]
    Disabled,
    /// It is in test mode.
    #[error("the store is in test mode: use a test key, or switch it with `payd store set NAME --mode live`")]
    TestModeOnly,
}

impl Shop {
    /// Whether any API takes a call with a key of this mode for it. Test keys work in both modes.
    ///
    /// # Errors
    /// [`NotAdmitted`].
    pub const fn admit(&self, key: Mode) -> Result<(), NotAdmitted> {
        match (self.is_disabled(), self.mode, key) {
            (true, _, _) => Err(NotAdmitted::Disabled),
            (false, Mode::Test, Mode::Live) => Err(NotAdmitted::TestModeOnly),
            (false, Mode::Live, _) | (false, Mode::Test, Mode::Test) => Ok(()),
        }
    }

    /// Whether no API takes a call for it.
    #[must_use]
    pub const fn is_disabled(&self) -> bool {
        self.disabled_at.is_some()
    }
}

/// The rules a shop's payments are made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// How long a customer has to pay.
    pub window: Duration,
    /// How long an address rests between two payments.
    pub cool_down: Duration,
    /// How much less than due still counts as paid, in basis points (1/100 of a percent) of the amount due.
    pub tolerance_bps: u16,
    /// What to do with late money.
    pub late: LatePolicy,
    /// How much more than the price is asked for, in basis points; less, when negative.
    pub markup_bps: i32,
}

impl Rules {
    /// The markups there can be: from half the price off to twice the price.
    pub const MARKUP_BPS: std::ops::RangeInclusive<i32> = -5000..=10_000;
}

impl Default for Rules {
    /// 30 minutes to pay, 24 hours of rest, no tolerance, late money is flagged, no markup.
    fn default() -> Self {
        Self {
            window: Duration::from_secs(30 * 60),
            cool_down: Duration::from_secs(24 * 60 * 60),
            tolerance_bps: 0,
            late: LatePolicy::Flag,
            markup_bps: 0,
        }
    }
}

/// An asset that a shop accepts: the network in the APIs' word, which is the same for the real and the simulated one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The network, in the APIs' word.
    pub slug: NetworkId,
    /// The currency on it.
    pub currency: Currency,
}

/// An API key, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Row number.
    pub id: KeyId,
    /// The shop it speaks for.
    pub shop: ShopId,
    /// Test or live.
    pub mode: Mode,
    /// Whether it is for web pages, which everybody reads: good for the donation page and the widget, and for nothing else.
    pub is_public: bool,
    /// The first characters of the key, enough to recognise it by.
    pub hint: String,
    /// What its merchant calls it; empty where they call it nothing.
    pub label: String,
    /// From where it may be used.
    pub allowed: AllowedNetworks,
    /// When it was made.
    pub created_at: UnixMillis,
    /// When it stopped working, if it did.
    pub revoked_at: Option<UnixMillis>,
}

/// A webhook endpoint, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Row number.
    pub id: EndpointId,
    /// The shop whose events it gets.
    pub shop: ShopId,
    /// Where to post.
    pub url: String,
    /// How a post looks.
    pub format: Format,
    /// The API key whose payments alone it is told of; `None` for all of the shop's.
    pub key: Option<KeyId>,
    /// The events it gets.
    pub events: Vec<EventKind>,
    /// When it was made.
    pub created_at: UnixMillis,
    /// When it was switched off, if it was.
    pub disabled_at: Option<UnixMillis>,
}
