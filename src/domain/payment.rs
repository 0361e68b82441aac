//! A payment: what a shop asks for and what has come of it.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::asset::Currency;
use super::ids::{KeyId, PaymentCode, PaymentId, PaymentNumber, PaymentToken, PaymentUuid, ShopId};
use super::money::BaseUnits;
use super::network::{Mode, NetworkId};
use super::price::Price;
use super::status::Status;
use super::time::UnixMillis;
use super::wallet::Way;

super::vocabulary! {
    /// Who asked for a payment.
    Origin, "origin" {
        /// The shop, through an API or the command line.
        Api = "api",
        /// Somebody on the donation page.
        Donation = "donation",
        /// A customer, through the payment widget on the shop's pages.
        Widget = "widget",
    }
}

super::vocabulary! {
    /// What the merchant says of a payment by hand. A label: it changes nothing about the money or the status.
    Mark, "mark" {
        /// Something to remember.
        Note = "note",
        /// The money went back to the customer.
        Refunded = "refunded",
        /// The customer objects.
        Disputed = "disputed",
        /// It was paid another way, such as in cash.
        SettledElsewhere = "settled-elsewhere",
    }
}

impl Origin {
    /// Whether such a payment may wait for its turn where every amount is taken. A gift does not stand in the way of those
    /// who pay for something.
    #[must_use]
    pub const fn may_wait(self) -> bool {
        !matches!(self, Self::Donation)
    }
}

/// A payment as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Row number, never shown.
    pub id: PaymentId,
    /// The shop that asked for it.
    pub shop: ShopId,
    /// The public number.
    pub number: PaymentNumber,
    /// The credential of its checkout page.
    pub token: PaymentToken,
    /// Its name in the APIs that speak of UUIDs; as hard to guess as the token.
    pub uuid: PaymentUuid,
    /// Its name in the APIs that speak of whole numbers; random.
    pub code: PaymentCode,
    /// Test or live: the mode of the key that made it.
    pub mode: Mode,
    /// Where it stands.
    pub status: Status,
    /// Who asked for it.
    pub origin: Origin,
    /// The API key it was made with; `None` when it was made without one.
    pub key: Option<KeyId>,
    /// What it costs.
    pub price: Price,
    /// What that was worth in US cents when it was made, rounded up; `None` when nobody knew.
    pub usd_cents: Option<u64>,
    /// What the customer is asked to do; `None` until the customer has chosen a currency.
    pub ask: Option<Ask>,
    /// What the merchant sent along.
    pub order: Order,
    /// What has been received so far.
    pub progress: Progress,
    /// When it was made.
    pub created_at: UnixMillis,
    /// When the customer was told what to send where: later than it was made when the customer had to choose or to wait
    /// for a turn, `None` until then. What [`Self::ask`] says before is a proposal; nobody may be shown it, and no money
    /// can match it.
    pub asked_at: Option<UnixMillis>,
    /// The last moment at which a block's money still counts.
    pub expires_at: UnixMillis,
    /// When it became paid.
    pub confirmed_at: Option<UnixMillis>,
}

impl Payment {
    /// What the customer was told to do; `None` for one who waits for a turn, or has waited in vain.
    #[must_use]
    pub const fn asked(&self) -> Option<&Ask> {
        match self.asked_at {
            Some(_) => self.ask.as_ref(),
            None => None,
        }
    }

    /// What the customer chose, and is asked to do or waits to be asked.
    ///
    /// # Errors
    /// [`NotChosen`] before that.
    pub fn chosen(&self) -> Result<&Ask, NotChosen> {
        self.ask.as_ref().ok_or_else(|| NotChosen(self.number.clone()))
    }
}

#[cfg(test)]
impl Payment {
    /// What it asks for, to be changed by a test.
    pub fn ask_mut(&mut self) -> &mut Ask {
        self.ask.as_mut().unwrap()
    }
}

/// A payment whose currency was not chosen was met where only others can be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the currency of payment {0} was not chosen")]
pub struct NotChosen(PaymentNumber);

/// What the customer is asked to do: send `due` of `currency` on `network` to `address`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The network.
    pub network: NetworkId,
    /// The currency on it.
    pub currency: Currency,
    /// The shop's own receive address, in its canonical text.
    pub address: Arc<str>,
    /// How money to that address is known to be for this payment.
    pub way: Way,
    /// What the price came to.
    pub quoted: BaseUnits,
    /// The amount to send: what was quoted, and at a shared address a little more, which tells payments apart.
    pub due: BaseUnits,
    /// What completes the payment: `due` less the shop's tolerance.
    pub required: BaseUnits,
    /// Confirmations before it counts as settled.
    pub confirmations: u32,
    /// Price of one whole unit of the asset, in whole units of what the price is in.
    pub rate: Decimal,
    /// Where the rate came from.
    pub rate_source: String,
}

/// What the merchant sent along; kept and given back as it came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Order {
    /// The merchant's own order number; empty when none was given.
    pub external_id: String,
    /// The customer's e-mail address; empty when none was given.
    pub customer_email: String,
    /// What is paid for, in a few words; empty when none was given.
    pub description: String,
    /// Where the checkout page sends the customer afterwards; empty when none was given.
    pub redirect_url: String,
    /// Where it sends a customer whose payment came to nothing; empty when none was given.
    pub fail_url: String,
    /// A JSON object, as text, byte for byte as the merchant sent it.
    pub metadata: String,
}

/// What has been received for a payment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// In blocks of the chain at any depth, or waiting for a block.
    pub seen: BaseUnits,
    /// At or below the required depth.
    pub settled: BaseUnits,
    /// The latest transfer that counts; `None` before the first.
    pub latest: Option<LatestTransfer>,
}

/// The transfer a payment shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatestTransfer {
    /// Its transaction.
    pub txid: Arc<str>,
    /// The height of its block; `None` while it waits for one.
    pub height: Option<u64>,
}
