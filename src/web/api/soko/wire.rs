//! What soko's API answers with: field names, their order and the words for a status, as its page shows them. Knows no
//! request and no rule.
//!
//! What the page leaves open: what is not known yet is `null`; a payment that waits for its turn shows no address, and the
//! amount that was quoted instead of the one to send.

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use crate::domain::asset::{Asset, Means};
use crate::domain::money::BaseUnits;
use crate::domain::price::Price;
use crate::domain::status::Status;
use crate::engine::gateway::{Balance, Chosen, List, PaymentView};
use crate::outbox::format::PostError;
use crate::web::api::number::Number;
use crate::web::api::signing::{TIME_Z, write_time};

/// Every answer that is no refusal.
#[derive(Serialize)]
pub(super) struct Success<T> {
    success: bool,
    data: T,
}

impl<T> Success<T> {
    pub(super) const fn new(data: T) -> Self {
        Self { success: true, data }
    }
}

/// The page's words for a status, in its order.
pub(super) const STATUS_WORDS: [&str; 8] = [
    "selecting",
    "pending",
    "queued",
    "confirming",
    "completed",
    "expired",
    "overpaid",
    "underpaid",
];

/// The page's word for a status.
pub(super) const fn status_word(status: Status, is_overpaid: bool) -> &'static str {
    match status {
        Status::Selecting => "selecting",
        Status::Queued => "queued",
        Status::Pending => "pending",
        Status::Confirming => "confirming",
        Status::Paid if is_overpaid => "overpaid",
        Status::Paid => "completed",
        Status::Underpaid => "underpaid",
        // The page has one word for all that came to nothing.
        Status::Expired | Status::Cancelled | Status::Failed => "expired",
    }
}

/// The statuses that a word stands for, and which of the paid ones; `None` when it is none of the page's.
pub(super) fn statuses(word: &str) -> Option<(Vec<Status>, Option<bool>)> {
    let has_word = |status: &Status, is_overpaid| status_word(*status, is_overpaid) == word;
    let of = |is_overpaid: bool| -> Vec<Status> {
        let all = Status::ALL.iter().copied();
        all.filter(|status| has_word(status, is_overpaid)).collect()
    };
    match (of(false), of(true)) {
        (exact, over) if exact == over => (!exact.is_empty()).then_some((exact, None)),
        (exact, over) if over.is_empty() => Some((exact, Some(false))),
        (_, over) => Some((over, Some(true))),
    }
}

/// The answer to create.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum CreatedBody<'a> {
    /// "Single currency (direct payment)".
    Direct {
        payment_id: &'a str,
        amount: String,
        currency: &'a str,
        pay_address: Option<&'a str>,
        status: &'static str,
        expires_at: String,
        payment_url: String,
    },
    /// "Multiple currencies (selection required)".
    Selecting {
        /// Always `null`: the page has no payment before the choice.
        payment_id: Option<&'a str>,
        status: &'static str,
        amount: Number,
        currencies: Vec<&'a str>,
        payment_url: String,
    },
}

/// The answer to create. `accepted` is what the customer may choose from; `public_url` has no closing slash.
///
/// # Errors
/// [`PostError::Body`] for a time outside the years that can be written.
pub(super) fn created<'a>(
    view: &'a PaymentView,
    accepted: &'a [Means],
    public_url: &str,
) -> Result<CreatedBody<'a>, PostError> {
    let payment = &view.payment;
    let status = word_of(view);
    let Some(chosen) = &view.chosen else {
        return Ok(CreatedBody::Selecting {
            payment_id: None,
            status,
            amount: price_number(&payment.price, view.price_asset.as_deref()),
            currencies: accepted.iter().map(|means| &*means.code).collect(),
            payment_url: format!("{public_url}/pay/select?token={}", payment.token.as_str()),
        });
    };
    let asked = view.asked();
    let amount = asked.map_or(chosen.ask.quoted, |asked| asked.ask.due);
    Ok(CreatedBody::Direct {
        payment_id: payment.uuid.as_str(),
        amount: Number::of_asset(amount, &chosen.means.asset).as_str().to_owned(),
        currency: &chosen.means.code,
        pay_address: asked.map(|asked| &*asked.ask.address),
        status,
        expires_at: write_time(payment.expires_at, TIME_Z)?,
        payment_url: format!("{public_url}/pay/{}", payment.uuid.as_str()),
    })
}

/// A payment, as "Payment Status" shows it.
#[derive(Serialize)]
pub(super) struct PaymentBody<'a> {
    payment_id: &'a str,
    order_id: Option<&'a str>,
    status: &'static str,
    amount_requested: Number,
    amount_with_cents: Option<Number>,
    amount_received: Number,
    currency: Option<&'a str>,
    pay_address: Option<&'a str>,
    tx_hash: Option<&'a str>,
    confirmations: u32,
    confirmed_at: Option<String>,
    expires_at: String,
    created_at: String,
}

/// A payment, as "Payment Status" shows it.
///
/// # Errors
/// [`PostError::Body`] for a time outside the years that can be written.
pub(super) fn payment(view: &PaymentView) -> Result<PaymentBody<'_>, PostError> {
    let payment = &view.payment;
    let asked = view.asked();
    let chosen = view.chosen.as_ref();
    let in_asset = |amount: BaseUnits, Chosen { means, .. }: &Chosen| Number::of_asset(amount, &means.asset);
    Ok(PaymentBody {
        payment_id: payment.uuid.as_str(),
        order_id: given(&payment.order.external_id),
        status: word_of(view),
        amount_requested: chosen.map_or_else(
            || price_number(&payment.price, view.price_asset.as_deref()),
            |chosen| in_asset(chosen.ask.quoted, chosen),
        ),
        amount_with_cents: asked.map(|asked| in_asset(asked.ask.due, asked)),
        amount_received: chosen.map_or_else(nothing, |chosen| in_asset(payment.progress.seen, chosen)),
        currency: chosen.map(|chosen| &*chosen.means.code),
        pay_address: asked.map(|asked| &*asked.ask.address),
        tx_hash: payment.progress.latest.as_ref().map(|latest| &*latest.txid),
        confirmations: view.confirmations,
        confirmed_at: payment
            .confirmed_at
            .map(|at| write_time(at, TIME_Z))
            .transpose()?,
        expires_at: write_time(payment.expires_at, TIME_Z)?,
        created_at: write_time(payment.created_at, TIME_Z)?,
    })
}

fn word_of(view: &PaymentView) -> &'static str {
    status_word(view.payment.status, view.is_overpaid())
}

/// What was given; `None` for what is empty.
pub(super) fn given(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// Nothing of nothing in particular.
pub(super) fn nothing() -> Number {
    Number::of_digits("0")
}

/// A price as it was stated, without the zeros that say nothing: `100`.
pub(super) fn price_number(price: &Price, asset: Option<&Asset>) -> Number {
    Number::of_digits(match (price, asset) {
        (Price::Fiat(price), _) => BaseUnits::new(price.minor.into()).to_decimal(price.currency.digits(), 0),
        (Price::Asset { amount, .. }, Some(asset)) => amount.to_decimal(asset.decimals, 0),
        (Price::Asset { amount, .. }, None) => amount.to_string(),
    })
}

/// A page of payments.
#[derive(Serialize)]
pub(super) struct ListBody<'a> {
    payments: Vec<PaymentBody<'a>>,
    pagination: Pagination,
}

#[derive(Serialize)]
struct Pagination {
    page: u64,
    per_page: u32,
    total: u64,
    pages: u64,
}

/// A page of payments: the page's number and how many a page has.
///
/// # Errors
/// As [`payment`].
pub(super) fn list(list: &List, page: u64, per_page: u32) -> Result<ListBody<'_>, PostError> {
    Ok(ListBody {
        payments: list.views.iter().map(payment).collect::<Result<_, _>>()?,
        pagination: Pagination {
            page,
            per_page,
            total: list.total,
            pages: list.total.div_ceil(u64::from(per_page.max(1))),
        },
    })
}

/// What was received, by the code of the currency.
pub(super) struct BalanceBody<'a>(pub &'a [Balance]);

#[derive(Serialize)]
struct BalanceRow {
    available: Number,
    pending: Number,
    total_received: Number,
    total_withdrawn: Number,
    total_commission: Number,
}

impl From<&Balance> for BalanceRow {
    /// The money is in the merchant's own wallets: payd takes nothing out and no share.
    fn from(balance: &Balance) -> Self {
        let number = |amount| Number::of_asset(amount, &balance.means.asset);
        Self {
            available: number(balance.settled),
            pending: number(balance.pending),
            total_received: number(balance.settled),
            total_withdrawn: number(BaseUnits::ZERO),
            total_commission: number(BaseUnits::ZERO),
        }
    }
}

impl Serialize for BalanceBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rows = self.0.iter();
        serializer.collect_map(rows.map(|balance| (&*balance.means.code, BalanceRow::from(balance))))
    }
}

/// What assets cost, by their symbols, and what a price comes to where that was asked.
#[derive(Serialize)]
pub(super) struct RatesBody<'a> {
    pub rates: &'a RateTable,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub converted: Option<Number>,
}

/// What assets cost: symbols with what each costs in which currency, both in small letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RateTable(pub Vec<(String, Vec<(String, Number)>)>);

impl Serialize for RateTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (symbol, prices) in &self.0 {
            map.serialize_entry(symbol, &RateRowBody(prices))?;
        }
        map.end()
    }
}

struct RateRowBody<'a>(&'a [(String, Number)]);

impl Serialize for RateRowBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(fiat, price)| (fiat, price)))
    }
}
