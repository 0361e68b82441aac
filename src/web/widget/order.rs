//! What a page asks for, and what of it the store sells: the one place that decides what a payment of the widget costs.

use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::refusal::Refusal;
use crate::domain::asset::Means;
use crate::domain::money::{BaseUnits, Fiat, FiatAmount};
use crate::domain::payment::{Order, Origin};
use crate::domain::price::Price;
use crate::domain::widget::ListedPrice;
use crate::engine::gateway::{CreateRequest, Idempotency, PayWith, WidgetView};

/// Characters that an order id may have, as in the APIs.
const ORDER_ID_CHARS_MAX: usize = 255;

/// Characters that tell one opening of the widget from all others.
const ONCE_CHARS: std::ops::RangeInclusive<usize> = 16..=64;

/// What a page sent: every field as text, empty where there is none. Nothing of it is believed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// The store's key.
    pub(super) key: String,
    /// The origin of the page.
    pub(super) origin: String,
    /// The name of a price on the store's list.
    pub(super) price: String,
    /// An amount of the first asset that the store accepts.
    pub(super) amount: String,
    /// An amount of money; goes before `amount`, as in soko's API.
    pub(super) fiat_amount: String,
    /// Its currency.
    pub(super) fiat_currency: String,
    /// The shop's own order number.
    pub(super) order_id: String,
    /// The language of the pages.
    pub(super) lang: String,
    /// Random, made by the script for each opening: a form that is sent twice makes one payment.
    pub(super) once: String,
}

/// The payment to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sale {
    price: Price,
    description: String,
    metadata: String,
    order_id: String,
    idempotency: Option<Idempotency>,
}

impl Sale {
    /// What the store sells of what was asked for. `first` is the first asset that it accepts.
    ///
    /// # Errors
    /// [`Refusal`].
    pub(super) fn of(asked: &Asked, view: &WidgetView, first: Option<&Means>) -> Result<Self, Refusal> {
        let listed = match asked.price.as_str() {
            "" => None,
            name => Some(listed(view, name)?),
        };
        let price = match (listed, sent(&asked.fiat_amount), sent(&asked.amount)) {
            (Some(listed), None, None) => Price::Fiat(listed.price),
            (Some(_), _, _) => return Err(Refusal::PriceAndAmount),
            (None, None, None) => return Err(Refusal::NothingAsked),
            (None, _, _) if !view.widget.takes_amounts => {
                return Err(Refusal::AmountsOff {
                    store: view.caller.shop.name.clone(),
                });
            }
            (None, Some(amount), _) => Price::Fiat(money(amount, &asked.fiat_currency)?),
            (None, None, Some(amount)) => crypto(amount, first.ok_or(Refusal::NothingAccepted)?)?,
        };
        if asked.order_id.chars().count() > ORDER_ID_CHARS_MAX || asked.order_id.chars().any(char::is_control)
        {
            return Err(Refusal::OrderId);
        }
        // The shop's backend cannot tell from an order id what a customer bought: it is the customer who sent it.
        let metadata = match listed {
            Some(listed) => json!({ "source": "widget", "price": listed.name }),
            None => json!({ "source": "widget" }),
        };
        Ok(Self {
            price,
            description: listed.map(|listed| listed.label.clone()).unwrap_or_default(),
            metadata: metadata.to_string(),
            order_id: asked.order_id.clone(),
            idempotency: idempotency(asked),
        })
    }

    /// The call that makes the payment.
    pub(super) fn into_request(self) -> CreateRequest {
        CreateRequest {
            origin: Origin::Widget,
            order: Order {
                external_id: self.order_id,
                description: self.description,
                metadata: self.metadata,
                ..Order::default()
            },
            idempotency: self.idempotency,
            ..CreateRequest::new(self.price, PayWith::Accepted)
        }
    }
}

/// A field, where there is something in it.
fn sent(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn listed<'a>(view: &'a WidgetView, name: &str) -> Result<&'a ListedPrice, Refusal> {
    let found = view.prices.iter().find(|listed| listed.name == name);
    found.ok_or_else(|| Refusal::UnknownPrice {
        store: view.caller.shop.name.clone(),
    })
}

fn money(amount: &str, currency: &str) -> Result<FiatAmount, Refusal> {
    let currency: Fiat = currency
        .to_ascii_uppercase()
        .parse()
        .map_err(|_| Refusal::FiatCurrency)?;
    let minor = BaseUnits::from_decimal(amount, currency.digits()).map_err(Refusal::Amount)?;
    // The store counts money in 63 bits.
    match i64::try_from(minor.get()).map(i64::unsigned_abs) {
        Ok(0) => Err(Refusal::Nothing),
        Ok(minor) => Ok(FiatAmount { currency, minor }),
        Err(_) => Err(Refusal::TooMuch),
    }
}

fn crypto(amount: &str, means: &Means) -> Result<Price, Refusal> {
    let asset = &means.asset;
    let amount = BaseUnits::from_decimal(amount, asset.decimals).map_err(Refusal::Amount)?;
    if amount.is_zero() {
        return Err(Refusal::Nothing);
    }
    Ok(Price::Asset {
        network: asset.network.clone(),
        currency: asset.currency.clone(),
        amount,
    })
}

/// Makes one payment of a form that is sent twice, be it by going back in the browser's history.
///
/// The key is a hash under a name of its own: what a page sends can never be a key that the shop's backend used.
fn idempotency(asked: &Asked) -> Option<Idempotency> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if !ONCE_CHARS.contains(&asked.once.len()) || !asked.once.bytes().all(is_plain) {
        return None;
    }
    let mut body = Sha256::new();
    for field in [
        &asked.price,
        &asked.amount,
        &asked.fiat_amount,
        &asked.fiat_currency,
        &asked.order_id,
    ] {
        body.update(field.len().to_be_bytes());
        body.update(field);
    }
    Some(Idempotency {
        key: format!("widget {}", hex::encode(Sha256::digest(&asked.once))),
        body_hash: body.finalize().into(),
    })
}
