//! The checkout page of a payment, from a view of it: pure, so that every state can be looked at.

use askama::Template;
use axum::response::Html;
use url::Url;

use super::base_path;
use super::qr;
use super::uri::{PaymentUri, payment_uri};
use super::view::{Snapshot, Stage};
use crate::domain::money::BaseUnits;
use crate::domain::network::Mode;
use crate::domain::time::UnixMillis;
use crate::engine::gateway::{Chosen, PaymentView, Scenario};
use crate::web::assets;
use crate::web::text::{self, Language};

mod parts;

use parts::{Ask, Confirming, Detail, Outcome, Tone};

/// How a payment is to be shown.
pub(super) struct Shown<'a> {
    pub(super) language: &'static Language,
    /// The language, when the URL names it.
    pub(super) asked_language: Option<&'a str>,
    pub(super) now: UnixMillis,
    pub(super) public_url: &'a Url,
    /// What the last form came to, when it was refused.
    pub(super) notice: Option<&'a str>,
}

/// What every page has: head and foot.
pub(in crate::web) struct Frame {
    pub(in crate::web) t: &'static Language,
    pub(in crate::web) title: String,
    pub(in crate::web) style: String,
    pub(in crate::web) script: String,
    pub(in crate::web) icon: String,
    pub(in crate::web) languages: Vec<(&'static str, String)>,
    /// Seconds after which a page without JavaScript loads itself again.
    pub(in crate::web) refresh_seconds: Option<u32>,
}

impl Frame {
    /// The frame of a page below `base`.
    pub(in crate::web) fn new(language: &'static Language, base: &str, title: String) -> Self {
        let asset = |file: &str| format!("{base}{}", assets::path(file));
        Self {
            t: language,
            title,
            style: asset("checkout/checkout.css"),
            script: asset("checkout/checkout.js"),
            icon: asset("checkout/favicon.svg"),
            languages: text::languages()
                .map(|language| (language.code(), language.say("language-name")))
                .collect(),
            refresh_seconds: None,
        }
    }
}

#[derive(Template)]
#[template(path = "checkout/pay.html")]
struct PayPage<'a> {
    frame: Frame,
    t: &'static Language,
    stage: Stage,
    title: String,
    announcement: String,
    shop: &'a str,
    monogram: String,
    order: Option<String>,
    price: String,
    body: Body,
    details: Vec<Detail>,
    page_path: String,
    path: String,
    query: String,
    snapshot: String,
    now: i64,
    scenarios: Vec<(&'static str, String)>,
    notice: Option<&'a str>,
}

/// The part of the page that the stage decides.
enum Body {
    Ask(Box<Ask>),
    Confirming(Confirming),
    Outcome(Outcome),
}

/// The page of a payment.
pub(super) fn page(view: &PaymentView, shown: &Shown<'_>) -> Html<String> {
    Html(pay_page(view, shown).render().unwrap_or_default())
}

fn pay_page<'a>(view: &'a PaymentView, shown: &Shown<'a>) -> PayPage<'a> {
    let (t, payment) = (shown.language, &view.payment);
    let stage = Stage::of(view, shown.now);
    let title = parts::title(t, stage);
    let base = base_path(shown.public_url);
    let path = format!("{base}/pay/{}", payment.token.as_str());
    let query = language_query(shown.asked_language);
    let mut frame = Frame::new(t, base, format!("{title} · {}", view.shop.name));
    frame.refresh_seconds = (!stage.is_final()).then_some(REFRESH_SECONDS);
    PayPage {
        frame,
        t,
        stage,
        announcement: parts::announcement(t, view, stage, &title),
        title,
        shop: &view.shop.name,
        monogram: view
            .shop
            .name
            .chars()
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .collect(),
        order: (!payment.order.external_id.is_empty())
            .then(|| t.say_with("order", &[("id", payment.order.external_id.as_str().into())])),
        price: parts::price(t, view),
        body: body(view, shown, stage),
        details: parts::details(t, view, stage),
        page_path: format!("{path}{query}"),
        path,
        query,
        snapshot: Snapshot::of(view, shown.now).to_json(),
        now: shown.now.get(),
        scenarios: scenarios(t, payment.mode),
        notice: shown.notice,
    }
}

/// Without JavaScript the page has to be loaded again to see a change.
const REFRESH_SECONDS: u32 = 15;

fn body(view: &PaymentView, shown: &Shown<'_>, stage: Stage) -> Body {
    match stage {
        Stage::Waiting | Stage::PartPaid => match view.asked() {
            Some(asked) => Body::Ask(Box::new(parts::ask(view, asked, shown, stage))),
            None => Body::Outcome(parts::outcome(view, shown, Stage::Preparing)),
        },
        Stage::Confirming => Body::Confirming(parts::confirming(shown.language, view)),
        Stage::Preparing
        | Stage::Queued
        | Stage::Closing
        | Stage::Paid
        | Stage::Overpaid
        | Stage::Underpaid
        | Stage::Expired
        | Stage::Cancelled
        | Stage::Failed => Body::Outcome(parts::outcome(view, shown, stage)),
    }
}

/// The QR code of a payment that asks for money; `None` for others.
pub(super) fn qr(view: &PaymentView, now: UnixMillis) -> Option<String> {
    if !Stage::of(view, now).asks_for_money() {
        return None;
    }
    qr::svg(&uri(view, view.asked()?).text)
}

/// What a wallet needs to pay what is still due.
///
/// A test payment's is a plain sentence: nobody can send real money by scanning it.
fn uri(view: &PaymentView, asked: &Chosen) -> PaymentUri {
    let payment = &view.payment;
    match payment.mode {
        Mode::Live => payment_uri(
            &asked.means.network,
            &asked.means.asset,
            &asked.ask.address,
            amount_to_send(view),
        ),
        Mode::Test => PaymentUri {
            text: format!("TEST PAYMENT {}: no real money", payment.number),
            is_link: false,
        },
    }
}

/// The whole of what is due, or what is missing of it.
fn amount_to_send(view: &PaymentView) -> BaseUnits {
    view.remaining()
}

/// `?lang=..` when the URL named a language.
pub(super) fn language_query(asked: Option<&str>) -> String {
    asked.map_or_else(String::new, |code| format!("?lang={code}"))
}

fn scenarios(t: &Language, mode: Mode) -> Vec<(&'static str, String)> {
    if mode == Mode::Live {
        return Vec::new();
    }
    let label = |scenario: &Scenario| {
        t.say(match scenario {
            Scenario::Exact => "scenario-exact",
            Scenario::Under => "scenario-under",
            Scenario::Over => "scenario-over",
            Scenario::Late => "scenario-late",
            Scenario::Twice => "scenario-twice",
            Scenario::WrongToken => "scenario-wrong-token",
            Scenario::Reorg => "scenario-reorg",
        })
    };
    Scenario::ALL
        .iter()
        .map(|scenario| (scenario.word(), label(scenario)))
        .collect()
}

#[cfg(test)]
mod tests;
