//! Why a page may not start a payment: a word for its script, a sentence for the shop's owner. The customer is shown
//! a text in the own language besides.

use axum::http::StatusCode;

use crate::domain::money::AmountError;
use crate::engine::gateway::GatewayError;
use crate::web::limits::TooMany;

/// Why there is no payment.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// The engine says no.
    #[error(transparent)]
    Engine(#[from] GatewayError),
    /// Too often by this client, or in this store's name.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// The page's origin is not on the store's list.
    #[error(
        "pages of {origin} may not start payments: `payd widget set \"{store}\" --origin {origin}` allows it"
    )]
    Origin {
        /// Where the page says it is from, when that is an origin; else a word for it.
        origin: String,
        /// The store's name.
        store: String,
    },
    /// The form was sent from another site's page.
    #[error("the form was not sent by payd's own page; open the payment with CryptoMerchant.pay()")]
    Foreign,
    /// The request could not be read.
    #[error("the request is not one of the widget's; open the payment with CryptoMerchant.pay()")]
    NotUnderstood,
    /// Neither price nor amount.
    #[error("nothing to pay: give `price`, or `fiat_amount` and `fiat_currency`, or `amount`")]
    NothingAsked,
    /// Both.
    #[error("give either `price` or an amount, not both")]
    PriceAndAmount,
    /// The name is not on the list.
    #[error("no such price: `payd widget price list \"{store}\"` lists those there are")]
    UnknownPrice {
        /// The store's name.
        store: String,
    },
    /// Amounts are for those who switched them on.
    #[error(
        "the page may not name an amount, since its visitors can change it: sell by `price` (`payd widget price add \
         \"{store}\" NAME AMOUNT`), or, where your backend checks what was paid, `payd widget set \"{store}\" --amounts on`"
    )]
    AmountsOff {
        /// The store's name.
        store: String,
    },
    /// Not an amount.
    #[error("the amount is not one: {0}")]
    Amount(#[source] AmountError),
    /// Zero.
    #[error("the amount must be above 0")]
    Nothing,
    /// More than can be counted.
    #[error("the amount is too large")]
    TooMuch,
    /// Not a currency.
    #[error("`fiat_currency` must be the code of a currency, such as USD")]
    FiatCurrency,
    /// Too long, or not text.
    #[error("`order_id` may have at most 255 characters and no control characters")]
    OrderId,
    /// There is nothing to pay with.
    #[error(
        "the store accepts no currency yet: add an address with `payd address add` or a wallet with `payd wallet set`"
    )]
    NothingAccepted,
}

impl Refusal {
    /// The word for scripts, and the HTTP status.
    pub(super) const fn kind(&self) -> (&'static str, StatusCode) {
        match self {
            Self::Engine(error) => of_engine(error),
            Self::TooMany(_) => ("too_many_requests", StatusCode::TOO_MANY_REQUESTS),
            Self::Origin { .. } => ("origin_not_allowed", StatusCode::FORBIDDEN),
            Self::Foreign => ("foreign_form", StatusCode::FORBIDDEN),
            Self::NotUnderstood | Self::NothingAsked | Self::PriceAndAmount | Self::OrderId => {
                ("invalid_request", StatusCode::UNPROCESSABLE_ENTITY)
            }
            Self::UnknownPrice { .. } => ("unknown_price", StatusCode::UNPROCESSABLE_ENTITY),
            Self::AmountsOff { .. } => ("amount_not_allowed", StatusCode::FORBIDDEN),
            Self::Amount(_) | Self::Nothing | Self::TooMuch => {
                ("invalid_amount", StatusCode::UNPROCESSABLE_ENTITY)
            }
            Self::FiatCurrency => ("invalid_currency", StatusCode::UNPROCESSABLE_ENTITY),
            Self::NothingAccepted => ("nothing_accepted", StatusCode::SERVICE_UNAVAILABLE),
        }
    }

    /// Whether the customer can try again as it is.
    pub(super) fn is_passing(&self) -> bool {
        matches!(self.kind().0, "unavailable" | "busy" | "too_many_requests")
    }
}

/// The engine's refusals in the widget's words.
const fn of_engine(error: &GatewayError) -> (&'static str, StatusCode) {
    match error {
        GatewayError::Unauthorized => ("invalid_key", StatusCode::UNAUTHORIZED),
        GatewayError::NotOpen(_) | GatewayError::Disabled => ("not_open", StatusCode::FORBIDDEN),
        GatewayError::AmountTooLarge => ("invalid_amount", StatusCode::UNPROCESSABLE_ENTITY),
        GatewayError::IdempotencyConflict => ("invalid_request", StatusCode::CONFLICT),
        GatewayError::NothingAccepted | GatewayError::NoAddress { .. } | GatewayError::NotWatched { .. } => {
            ("nothing_accepted", StatusCode::SERVICE_UNAVAILABLE)
        }
        GatewayError::AllAddressesHeld
        | GatewayError::NoRate { .. }
        | GatewayError::NotReadYet { .. }
        | GatewayError::NotRecorded
        | GatewayError::Busy => ("busy", StatusCode::SERVICE_UNAVAILABLE),
        _ => ("unavailable", StatusCode::INTERNAL_SERVER_ERROR),
    }
}
