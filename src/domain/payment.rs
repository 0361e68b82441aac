//! A payment: what a shop asks for and what has come of it.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::asset::Currency;
use super::ids::{PaymentId, PaymentNumber, PaymentToken, ShopId};
use super::money::{BaseUnits, FiatAmount};
use super::network::{Mode, NetworkId};
use super::status::Status;
use super::time::UnixMillis;
use super::wallet::Way;

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
    /// Test or live: the mode of the key that made it.
    pub mode: Mode,
    /// Where it stands.
    pub status: Status,
    /// What the customer is asked to do.
    pub ask: Ask,
    /// What the merchant sent along.
    pub order: Order,
    /// What has been received so far.
    pub progress: Progress,
    /// When it was made.
    pub created_at: UnixMillis,
    /// When the customer was told what to send where: later than it was made when it had to wait for its turn, `None`
    /// until then. What [`Self::ask`] says before is a proposal; nobody may be shown it, and no money can match it.
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
            Some(_) => Some(&self.ask),
            None => None,
        }
    }
}

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
    /// The amount to send.
    pub due: BaseUnits,
    /// What completes the payment: `due` less the shop's tolerance.
    pub required: BaseUnits,
    /// Confirmations before it counts as settled.
    pub confirmations: u32,
    /// The price it was quoted from.
    pub price: FiatAmount,
    /// Price of one whole unit of the asset in the price's currency.
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
    /// Where the checkout page sends the customer afterwards; empty when none was given.
    pub redirect_url: String,
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
