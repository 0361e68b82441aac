//! What CryptoPayment's API answers with: field names, their order, its words for a status and a network, as its page
//! shows them. Knows no request and no rule.

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use crate::domain::asset::{Asset, Means};
use crate::domain::money::{BaseUnits, Fiat, FiatAmount};
use crate::domain::status::Status;
use crate::domain::wallet::Slots;
use crate::engine::gateway::{Balance, List, PaymentView};
use crate::outbox::format::PostError;
use crate::web::api::number::Number;
use crate::web::api::signing::{TIME_OFFSET, write_time};

/// Invoices of a page of the list, as the page says.
pub(super) const PER_PAGE: u32 = 20;

/// The page's words for networks, and payd's codes for them. Whatever else payd knows goes by its code in small letters:
/// `usdc_trc20`.
const WORDS: [(&str, &str); 6] = [
    ("btc", "BTC"),
    ("ltc", "LTC"),
    ("eth", "ETH"),
    ("trc20", "USDT_TRC20"),
    ("bep20", "USDT_BEP20"),
    // Not on the page, but the third of its kind.
    ("erc20", "USDT_ERC20"),
];

/// The code that a request means by a network: the page's word, or payd's code as it is or as balances show it.
pub(super) fn code_of(network: &str) -> String {
    let word = network.to_ascii_lowercase();
    match WORDS.iter().find(|(known, _)| *known == word) {
        Some((_, code)) => (*code).to_owned(),
        None => word.replace('-', "_"),
    }
}

/// The words that requests may name a network by.
pub(super) fn known_networks() -> String {
    let words: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
    format!("{}, or a code such as USDC_TRC20", words.join(", "))
}

/// What a network is called in answers.
pub(super) fn network_word(means: &Means) -> String {
    match WORDS.iter().find(|(_, code)| *code == means.code) {
        Some((word, _)) => (*word).to_owned(),
        None => means.code.to_ascii_lowercase(),
    }
}

/// What people call it: `USDT (TRC20)`, `Bitcoin (BTC)`.
fn network_label(means: &Means) -> String {
    let symbol = coin(means);
    if means.asset.currency.is_native() {
        return format!("{} ({symbol})", means.network.name);
    }
    let standard = means.network.token_standard();
    format!("{symbol} ({})", standard.unwrap_or(&means.network.name))
}

/// The coin's symbol: `USDT`.
pub(super) fn coin(means: &Means) -> String {
    means.asset.symbol.to_uppercase()
}

/// The page's word for a status. It has none for a part of the money (`paid_amount` tells of it), nor for one that was
/// cancelled.
pub(super) const fn status_word(status: Status) -> &'static str {
    match status {
        Status::Selecting | Status::Queued | Status::Pending => "pending",
        Status::Confirming => "confirming",
        Status::Paid => "confirmed",
        Status::Underpaid | Status::Expired | Status::Cancelled | Status::Failed => "expired",
    }
}

/// An amount as the page shows them: exact, `50.00` of what counts in cents, `0.025` of other coins, and of nothing `0`.
pub(super) fn amount(amount: BaseUnits, asset: &Asset) -> Number {
    if amount.is_zero() {
        return nothing();
    }
    let digits_min = if Slots::counts_in_cents(asset) { 2 } else { 0 };
    Number::of_digits(amount.to_decimal(asset.decimals, digits_min))
}

/// Nothing, of whatever it is.
pub(super) fn nothing() -> Number {
    Number::of_digits("0")
}

/// A price in US dollars.
pub(super) fn usd(cents: u64) -> Number {
    let price = FiatAmount {
        currency: Fiat::Usd,
        minor: cents,
    };
    Number::of_digits(price.amount())
}

/// A text, unless it is empty.
pub(super) fn given(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// An invoice. What the customer has not chosen or is not yet asked for is null; other APIs make such payments.
#[derive(Debug, Serialize)]
pub(super) struct Invoice<'a> {
    id: &'a str,
    order_id: Option<&'a str>,
    status: &'static str,
    network: Option<String>,
    network_label: Option<String>,
    coin: Option<String>,
    /// Null where nobody knew what a price in another currency was worth.
    amount_usd: Option<Number>,
    amount_crypto: Option<Number>,
    address: Option<&'a str>,
    paid_amount: Number,
    txid: Option<&'a str>,
    confirmations: Confirmations,
    expires_at: String,
    created_at: String,
}

#[derive(Debug, Serialize)]
struct Confirmations {
    received: u32,
    required: Option<u32>,
}

impl<'a> Invoice<'a> {
    /// The invoice for a payment.
    ///
    /// # Errors
    /// [`PostError::Body`] when what is stored cannot be told.
    pub(super) fn of(view: &'a PaymentView) -> Result<Self, PostError> {
        let payment = &view.payment;
        let (chosen, asked) = (view.chosen.as_ref(), view.asked());
        let latest = payment.progress.latest.as_ref();
        Ok(Self {
            id: payment.uuid.as_str(),
            order_id: given(&payment.order.external_id),
            status: status_word(payment.status),
            network: chosen.map(|chosen| network_word(&chosen.means)),
            network_label: chosen.map(|chosen| network_label(&chosen.means)),
            coin: chosen.map(|chosen| coin(&chosen.means)),
            amount_usd: payment.usd_cents.map(usd),
            amount_crypto: asked.map(|asked| amount(asked.ask.due, &asked.means.asset)),
            address: asked.map(|asked| &*asked.ask.address),
            paid_amount: chosen.map_or_else(nothing, |chosen| {
                amount(payment.progress.seen, &chosen.means.asset)
            }),
            txid: latest.map(|latest| &*latest.txid),
            confirmations: Confirmations {
                received: view.confirmations,
                required: chosen.map(|chosen| chosen.ask.confirmations),
            },
            expires_at: write_time(payment.expires_at, TIME_OFFSET)?,
            created_at: write_time(payment.created_at, TIME_OFFSET)?,
        })
    }
}

/// The answer to Create.
#[derive(Serialize)]
pub(super) struct CreatedBody<'a> {
    pub(super) success: bool,
    pub(super) invoice: Invoice<'a>,
    pub(super) checkout_url: String,
}

/// The answer to Get.
#[derive(Serialize)]
pub(super) struct InvoiceBody<'a> {
    pub(super) success: bool,
    pub(super) invoice: Invoice<'a>,
}

/// The answer to List. The page does not show it; `meta` has the names that such lists commonly have.
#[derive(Serialize)]
pub(super) struct ListBody<'a> {
    success: bool,
    invoices: Vec<Invoice<'a>>,
    meta: Meta,
}

#[derive(Serialize)]
struct Meta {
    current_page: u64,
    /// 1 also when there are none.
    last_page: u64,
    per_page: u32,
    total: u64,
}

impl<'a> ListBody<'a> {
    /// # Errors
    /// [`PostError::Body`] when what is stored cannot be told.
    pub(super) fn of(list: &'a List, page: u64) -> Result<Self, PostError> {
        let invoices = list.views.iter().map(Invoice::of);
        Ok(Self {
            success: true,
            invoices: invoices.collect::<Result<_, _>>()?,
            meta: Meta {
                current_page: page,
                last_page: list.total.div_ceil(u64::from(PER_PAGE)).max(1),
                per_page: PER_PAGE,
                total: list.total,
            },
        })
    }
}

/// The answer to Balances.
#[derive(Serialize)]
pub(super) struct BalancesBody<'a> {
    success: bool,
    balances: Balances<'a>,
}

/// By coin, in the order in which the store accepts them.
struct Balances<'a>(&'a [Balance]);

#[derive(Serialize)]
struct BalanceBody {
    available: Number,
    pending: Number,
}

impl<'a> BalancesBody<'a> {
    pub(super) const fn of(balances: &'a [Balance]) -> Self {
        Self {
            success: true,
            balances: Balances(balances),
        }
    }
}

impl Serialize for Balances<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for balance in self.0 {
            let asset = &balance.means.asset;
            let body = BalanceBody {
                available: amount(balance.settled, asset),
                pending: amount(balance.pending, asset),
            };
            map.serialize_entry(&balance.means.code.replace('_', "-"), &body)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::fakes;

    #[test]
    fn every_status_has_the_pages_word() {
        for (status, word) in [
            (Status::Selecting, "pending"),
            (Status::Queued, "pending"),
            (Status::Pending, "pending"),
            (Status::Confirming, "confirming"),
            (Status::Paid, "confirmed"),
            (Status::Underpaid, "expired"),
            (Status::Expired, "expired"),
            (Status::Cancelled, "expired"),
            (Status::Failed, "expired"),
        ] {
            assert_eq!(status_word(status), word, "{status}");
        }
    }

    #[test]
    fn amounts_have_their_own_digits_and_nothing_is_zero() {
        let usdt = fakes::notice().means.unwrap().asset;
        let coin = Asset {
            symbol: "BTC".into(),
            decimals: 8,
            ..(*usdt).clone()
        };
        for (asset, units, written) in [
            (&*usdt, 0, "0"),
            (&*usdt, 50_000_000_000_000_000_000, "50.00"),
            (&*usdt, 100_140_000_000_000_000_000, "100.14"),
            (&*usdt, 1, "0.000000000000000001"),
            (&coin, 0, "0"),
            (&coin, 2_500_000, "0.025"),
            (&coin, 300_000_000, "3"),
            (&coin, 1, "0.00000001"),
        ] {
            let number = amount(BaseUnits::new(units), asset);
            assert_eq!(serde_json::to_string(&number).unwrap(), written);
        }
        assert_eq!(serde_json::to_string(&usd(10_014)).unwrap(), "100.14");
        assert_eq!(serde_json::to_string(&usd(5)).unwrap(), "0.05");
    }

    #[test]
    fn a_network_is_named_back_by_a_word_that_requests_can_use() {
        for (word, code) in WORDS {
            assert_eq!(code_of(word), code);
        }
        let mut means = fakes::notice().means.unwrap();
        for code in ["BTC", "USDT_TRC20", "USDT_ERC20", "USDC_BEP20", "POL_POLYGON"] {
            means.code = code.to_owned();
            assert!(code_of(&network_word(&means)).eq_ignore_ascii_case(code));
        }
        assert!(code_of("USDC-BEP20").eq_ignore_ascii_case("USDC_BEP20"));
    }
}
