//! What the API answers with, and what its webhooks tell: field names, their order and the words for a status, as the
//! pages show them. Knows no request and no rule.

use serde::Serialize;

use crate::domain::asset::{Asset, Means};
use crate::domain::network::Mode;
use crate::domain::payment::{Ask, Payment};
use crate::domain::price::Price;
use crate::domain::shop::Dialect;
use crate::domain::status::Status;
use crate::engine::gateway::PaymentView;
use crate::outbox::format::PostError;
use crate::web::api::signing::{TIME_PLAIN, write_time};

/// Digits after the point of an amount that is a price, at least.
const PRICE_DIGITS_MIN: u8 = 2;

/// The answer to create and to status.
#[derive(Serialize)]
pub(super) struct Reply<'a> {
    ok: bool,
    payment: PaymentBody<'a>,
}

/// A payment, in the order of the page's fields; what the page does not show of one that is paid is named as in its
/// webhook.
#[derive(Serialize)]
struct PaymentBody<'a> {
    payment_id: u64,
    order_id: &'a str,
    status: StatusWord,
    #[serde(flatten)]
    figures: Figures,
    address: &'a str,
    payment_url: String,
    expires_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    txid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_test: Option<bool>,
}

/// The answer for a payment. `public_url` is where customers find payd, without the closing slash.
///
/// # Errors
/// [`PostError::Body`] when a stored time cannot be written.
pub(super) fn reply<'a>(view: &'a PaymentView, public_url: &str) -> Result<Reply<'a>, PostError> {
    let payment = &view.payment;
    let asked = view.asked();
    let is_paid = payment.status == Status::Paid;
    let latest = payment.progress.latest.as_ref().filter(|_| is_paid);
    let paid_at = payment.confirmed_at.filter(|_| is_paid);
    Ok(Reply {
        ok: true,
        payment: PaymentBody {
            payment_id: payment.code.get(),
            order_id: &payment.order.external_id,
            status: payment.status.into(),
            figures: Figures::of(
                payment,
                view.price_asset.as_deref(),
                asked.map(|asked| (&asked.ask, &asked.means)),
            ),
            address: asked.map_or("", |asked| &asked.ask.address),
            payment_url: format!("{public_url}/pay/?id={}", payment.code),
            expires_at: write_time(payment.expires_at, TIME_PLAIN)?,
            txid: latest.map(|latest| &*latest.txid),
            paid_at: paid_at.map(|at| write_time(at, TIME_PLAIN)).transpose()?,
            is_test: is_test(payment, view.shop.dialect),
        },
    })
}

/// Whether a payment is a test, where the API has a word for it.
fn is_test(payment: &Payment, dialect: Dialect) -> Option<bool> {
    match dialect {
        Dialect::UsdtPayments => None,
        Dialect::CryptoPay | Dialect::Payhook | Dialect::Soko | Dialect::Cryptopayment => {
            Some(payment.mode == Mode::Test)
        }
    }
}

/// What is to be paid, in the order of the page's fields. Amounts are decimal text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Figures {
    /// The price in `currency`, without what tells payments apart.
    amount: String,
    /// What the customer is asked to send; empty until asked.
    pay_amount: String,
    currency: String,
    /// What tokens on the network are called after; empty until the customer is asked to pay on one.
    network: String,
}

impl Figures {
    /// The figures of a payment. `asked` is what the customer was told, if anything; before that there is only the price,
    /// which another API can have set in money.
    pub(super) fn of(payment: &Payment, price_asset: Option<&Asset>, asked: Option<(&Ask, &Means)>) -> Self {
        match (asked, &payment.price, price_asset) {
            (Some((ask, means)), price, price_asset) => Self {
                amount: match (price, price_asset) {
                    // The price as the shop set it: what was quoted has been rounded up to the digits of a quote.
                    (Price::Asset { amount, .. }, Some(of)) if of.symbol == means.asset.symbol => {
                        amount.to_decimal(of.decimals, PRICE_DIGITS_MIN)
                    }
                    (Price::Asset { .. } | Price::Fiat(_), _) => {
                        ask.quoted.to_decimal(means.asset.decimals, PRICE_DIGITS_MIN)
                    }
                },
                pay_amount: means.asset.show(ask.due),
                currency: means.asset.symbol.to_uppercase(),
                network: network_label(means),
            },
            (None, Price::Asset { amount, .. }, Some(of)) => Self::unasked(
                amount.to_decimal(of.decimals, PRICE_DIGITS_MIN),
                of.symbol.to_uppercase(),
            ),
            (None, Price::Asset { amount, currency, .. }, None) => {
                Self::unasked(amount.to_string(), currency.to_string())
            }
            (None, Price::Fiat(price), _) => Self::unasked(price.amount(), price.currency.to_string()),
        }
    }

    const fn unasked(amount: String, currency: String) -> Self {
        Self {
            amount,
            pay_amount: String::new(),
            currency,
            network: String::new(),
        }
    }
}

/// `TRC20`; where there is no token standard, the network's name in the APIs.
fn network_label(means: &Means) -> String {
    match means
        .network
        .token_standard()
        .filter(|_| means.asset.contract.is_some())
    {
        Some(standard) => standard.to_owned(),
        None => means.network.slug.to_uppercase(),
    }
}

/// The pages' words for a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum StatusWord {
    /// Waiting for the customer, or for confirmations.
    Pending,
    /// Paid.
    Paid,
    /// The window ended with nothing received.
    Expired,
    /// It cannot be completed.
    Failed,
}

impl From<Status> for StatusWord {
    fn from(status: Status) -> Self {
        match status {
            Status::Selecting | Status::Queued | Status::Pending | Status::Confirming => Self::Pending,
            Status::Paid => Self::Paid,
            Status::Expired => Self::Expired,
            Status::Underpaid | Status::Cancelled | Status::Failed => Self::Failed,
        }
    }
}
