//! What is shown of a payment wherever one is shown: amounts with their symbols, the status in words and in a colour.

use crate::domain::asset::Registry;
use crate::domain::money::BaseUnits;
use crate::domain::network::Mode;
use crate::domain::payment::{Ask, Payment};
use crate::domain::price::Price;
use crate::domain::status::Status;
use crate::web::text::Language;

/// The colour of a status, as a class of the style sheet.
pub(in crate::web::dashboard) const fn tone(status: Status) -> &'static str {
    match status {
        Status::Paid => "good",
        Status::Confirming => "busy",
        Status::Underpaid => "warn",
        Status::Failed => "bad",
        Status::Selecting | Status::Queued | Status::Pending | Status::Expired | Status::Cancelled => "",
    }
}

/// An amount of what a payment is paid with: `12.5 USDT`; base units where the asset is no longer configured.
pub(in crate::web::dashboard) fn amount(registry: &Registry, ask: &Ask, units: BaseUnits) -> String {
    match registry.asset(&ask.network, &ask.currency) {
        Some(asset) => format!("{} {}", asset.show(units), asset.symbol),
        None => format!("{units} {}", ask.currency),
    }
}

/// What a payment costs.
pub(in crate::web::dashboard) fn price(t: &Language, registry: &Registry, price: &Price) -> String {
    match price {
        Price::Fiat(price) => t.price(*price),
        Price::Asset {
            network,
            currency,
            amount,
        } => match registry.asset(network, currency) {
            Some(asset) => format!("{} {}", asset.show(*amount), asset.symbol),
            None => format!("{amount} {currency}"),
        },
    }
}

/// A point in time as ISO 8601 has it, for `<time datetime>`.
/// A payment in a list.
pub(in crate::web::dashboard) struct Row {
    pub(in crate::web::dashboard) number: String,
    pub(in crate::web::dashboard) href: String,
    pub(in crate::web::dashboard) status: &'static str,
    pub(in crate::web::dashboard) status_label: String,
    pub(in crate::web::dashboard) tone: &'static str,
    pub(in crate::web::dashboard) is_test: bool,
    pub(in crate::web::dashboard) is_overpaid: bool,
    pub(in crate::web::dashboard) order: String,
    pub(in crate::web::dashboard) about: String,
    pub(in crate::web::dashboard) price: String,
    /// What is asked for; empty before that.
    pub(in crate::web::dashboard) due: String,
    /// What has come, where it is not what was asked for.
    pub(in crate::web::dashboard) received: String,
    pub(in crate::web::dashboard) network: String,
    pub(in crate::web::dashboard) when: String,
    pub(in crate::web::dashboard) iso: String,
}

impl Row {
    /// A row of the list of the store whose pages begin with `base`.
    pub(in crate::web::dashboard) fn new(
        t: &Language,
        registry: &Registry,
        base: &str,
        payment: &Payment,
    ) -> Self {
        let (asked, order) = (payment.asked(), &payment.order);
        let seen = payment.progress.seen;
        let differs = |ask: &&Ask| !seen.is_zero() && seen != ask.due;
        let shown = |ask: &Ask, units| amount(registry, ask, units);
        let network = asked.and_then(|ask| registry.network(&ask.network));
        let about = if order.customer_email.is_empty() {
            &order.description
        } else {
            &order.customer_email
        };
        Self {
            number: payment.number.to_string(),
            href: format!("{base}/payments/{}", payment.number),
            status: payment.status.word(),
            status_label: t.say(&format!("status-{}", payment.status)),
            tone: tone(payment.status),
            is_test: payment.mode == Mode::Test,
            is_overpaid: payment.status == Status::Paid && asked.is_some_and(|ask| seen > ask.due),
            order: order.external_id.clone(),
            about: about.clone(),
            price: price(t, registry, &payment.price),
            due: asked.map(|ask| shown(ask, ask.due)).unwrap_or_default(),
            received: asked
                .filter(differs)
                .map(|ask| shown(ask, seen))
                .unwrap_or_default(),
            network: network
                .map(|network| network.name.to_string())
                .unwrap_or_default(),
            when: t.moment(payment.created_at),
            iso: payment.created_at.rfc3339(),
        }
    }
}
