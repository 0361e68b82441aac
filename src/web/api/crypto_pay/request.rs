//! The body of the create call: read without guessing.
//!
//! The rules that the page leaves open: fields it does not name are ignored; `null` and `""` in an optional field mean that
//! it was not given; a field given twice is refused, because readers disagree about which one counts; the content type is
//! not looked at. What is wrong is reported one thing at a time, in the order of the page.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::error::{AMOUNT_NOT_POSITIVE, FAIL_URL_ELSEWHERE, Refusal, SUCCESS_URL_ELSEWHERE};
use crate::domain::asset::Asset;
use crate::domain::money::{AmountError, BaseUnits};
use crate::domain::payment::Order;
use crate::domain::price::Price;
use crate::domain::website::{self, URL_BYTES_MAX};
use crate::engine::gateway::{Caller, CreateRequest, Gateway, GatewayError, PayWith};
use crate::web::api::number::SentAmount;

/// What every payment of this API is paid with: its network, its currency and its code, in payd's words.
const NETWORK: &str = "tron";
const CURRENCY: &str = "usdt";
const CODE: &str = "USDT_TRC20";

const ORDER_ID_CHARS_MAX: usize = 255;
const DESCRIPTION_CHARS_MAX: usize = 1000;

/// The most that can be asked for, in whole USDT: large enough for any order, small enough to catch a slipped unit.
const AMOUNT_MAX: u128 = 100_000_000;

/// The fields of a create call, each as JSON text.
#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow)]
    order_id: Option<&'a RawValue>,
    #[serde(borrow)]
    amount: Option<&'a RawValue>,
    #[serde(borrow)]
    description: Option<&'a RawValue>,
    #[serde(borrow)]
    success_url: Option<&'a RawValue>,
    #[serde(borrow)]
    fail_url: Option<&'a RawValue>,
}

/// What was sent for an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
struct SentPrice {
    is_negative: bool,
    /// `None` for what is no decimal number.
    digits: Option<SentAmount>,
}

/// A create call whose fields have the right kinds; where it may send customers and how much it asks for is still to be
/// checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sent {
    order_id: String,
    /// `None` when it was not given.
    amount: Option<SentPrice>,
    description: String,
    success_url: String,
    fail_url: String,
}

impl Sent {
    /// Reads the body of a create call.
    ///
    /// # Errors
    /// [`Refusal`] that says what is wrong with it.
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        let not_an_object = || Refusal::unprocessable("The body must be a JSON object in UTF-8");
        let text = std::str::from_utf8(body).map_err(|_| not_an_object())?;
        if !text.trim_start().starts_with('{') {
            return Err(not_an_object());
        }
        let fields: Fields<'_> = serde_json::from_str(text)
            .map_err(|error| Refusal::unprocessable(format!("The body is not valid JSON: {error}")))?;
        Ok(Self {
            order_id: order_id(fields.order_id)?,
            amount: sent_price(fields.amount)?,
            description: description(fields.description)?,
            success_url: text_of("success_url", fields.success_url)?,
            fail_url: text_of("fail_url", fields.fail_url)?,
        })
    }
}

/// What a create call asks of the engine.
///
/// # Errors
/// [`Refusal`]: in this order, the web site is missing, an address is elsewhere, the amount is wrong.
pub(super) fn create_request(
    sent: &Sent,
    caller: &Caller,
    gateway: &Gateway,
) -> Result<CreateRequest, Refusal> {
    let site = caller.shop.required_site()?;
    check_page(&sent.success_url, site, "success_url", SUCCESS_URL_ELSEWHERE)?;
    check_page(&sent.fail_url, site, "fail_url", FAIL_URL_ELSEWHERE)?;
    let not_there = || GatewayError::NotWatched {
        network: NETWORK.to_owned(),
        currency: CURRENCY.to_owned(),
    };
    let asset = gateway.asset_by_code(caller.mode, CODE).ok_or_else(not_there)?;
    let price = Price::Asset {
        amount: amount(sent.amount.as_ref(), &asset)?,
        network: asset.network.clone(),
        currency: asset.currency.clone(),
    };
    let pay_with = PayWith::Asset {
        network: NETWORK.to_owned(),
        currency: CURRENCY.to_owned(),
    };
    Ok(CreateRequest {
        order: Order {
            external_id: sent.order_id.clone(),
            description: sent.description.clone(),
            redirect_url: sent.success_url.clone(),
            fail_url: sent.fail_url.clone(),
            ..Order::default()
        },
        // The reply has an address and an amount, always: the page knows no payment that waits for its turn.
        may_wait: false,
        ..CreateRequest::new(price, pay_with)
    })
}

/// Checks where customers are to be sent: to a web page, on the domain of `site` where there is one.
fn check_page(url: &str, site: Option<&str>, field: &str, elsewhere: &'static str) -> Result<(), Refusal> {
    if url.is_empty() {
        return Ok(());
    }
    match (website::page_host(url), site) {
        (Some(_), None) => Ok(()),
        (Some(host), Some(site)) if website::is_on_domain_of(&host, site) => Ok(()),
        (_, Some(_)) => Err(Refusal::unprocessable(elsewhere)),
        (None, None) => Err(Refusal::unprocessable(format!(
            "{field} must be a plain http:// or https:// address of at most {URL_BYTES_MAX} bytes"
        ))),
    }
}

/// The merchant's own order id: a text, or a whole number, which is kept as its digits.
fn order_id(raw: Option<&RawValue>) -> Result<String, Refusal> {
    let required = || Refusal::unprocessable("order_id is required");
    let raw = raw.ok_or_else(required)?;
    let is_whole_number = raw.get().bytes().all(|byte| byte.is_ascii_digit());
    let id = if is_whole_number {
        raw.get().to_owned()
    } else {
        text_of("order_id", Some(raw))?
    };
    if id.trim().is_empty() {
        return Err(required());
    }
    if id.chars().count() > ORDER_ID_CHARS_MAX || id.chars().any(char::is_control) {
        return Err(Refusal::unprocessable(format!(
            "order_id must have at most {ORDER_ID_CHARS_MAX} characters and no control characters"
        )));
    }
    Ok(id)
}

fn description(raw: Option<&RawValue>) -> Result<String, Refusal> {
    let text = text_of("description", raw)?;
    let is_unfit = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.chars().count() > DESCRIPTION_CHARS_MAX || text.chars().any(is_unfit) {
        return Err(Refusal::unprocessable(format!(
            "description must have at most {DESCRIPTION_CHARS_MAX} characters and no control characters"
        )));
    }
    Ok(text)
}

/// A text field; empty when it was not given.
fn text_of(field: &str, raw: Option<&RawValue>) -> Result<String, Refusal> {
    match raw {
        None => Ok(String::new()),
        Some(raw) => serde_json::from_str(raw.get())
            .map_err(|_| Refusal::unprocessable(format!("{field} must be a text"))),
    }
}

/// The amount as it was written, in a text or as a number; `None` when it was not given.
fn sent_price(raw: Option<&RawValue>) -> Result<Option<SentPrice>, Refusal> {
    let text;
    let (written, read): (&str, fn(&str) -> Option<SentAmount>) = match raw.map(RawValue::get) {
        Some(number) if number.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => {
            (number, SentAmount::parse_number)
        }
        _ => {
            text = text_of("amount", raw)?;
            (text.trim(), SentAmount::parse)
        }
    };
    let positive = written.strip_prefix('-');
    Ok((!written.is_empty()).then(|| SentPrice {
        is_negative: positive.is_some(),
        digits: read(positive.unwrap_or(written)),
    }))
}

/// The amount in base units. It never passes through a float.
fn amount(sent: Option<&SentPrice>, asset: &Asset) -> Result<BaseUnits, Refusal> {
    let sent = sent.ok_or_else(|| Refusal::unprocessable(AMOUNT_NOT_POSITIVE))?;
    let units = match &sent.digits {
        Some(digits) => digits.units(asset.decimals),
        None => Err(AmountError::Malformed),
    };
    let amount = units.map_err(|error| match error {
        AmountError::Malformed => {
            Refusal::unprocessable("Amount must be a decimal number of USDT, such as \"50.00\"")
        }
        AmountError::TooPrecise { decimals } => {
            Refusal::unprocessable(format!("Amount must have at most {decimals} decimals"))
        }
        AmountError::TooLarge => GatewayError::AmountTooLarge.into(),
    })?;
    if sent.is_negative || amount.is_zero() {
        return Err(Refusal::unprocessable(AMOUNT_NOT_POSITIVE));
    }
    let whole = 10u128.checked_pow(u32::from(asset.decimals));
    let amount_max = whole.and_then(|whole| whole.checked_mul(AMOUNT_MAX));
    if amount_max.is_none_or(|amount_max| amount.get() > amount_max) {
        return Err(GatewayError::AmountTooLarge.into());
    }
    Ok(amount)
}
