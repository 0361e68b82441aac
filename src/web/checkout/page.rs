//! The checkout page of a payment, from a view of it: pure, so that every state can be looked at.

use askama::Template;
use axum::response::Html;
use url::Url;

use super::base_path;
use super::framing::{Framing, Told};
use super::manner::Manner;
use super::qr;
use super::uri::{PaymentUri, payment_uri};
use super::view::{Snapshot, Stage};
use crate::domain::money::BaseUnits;
use crate::domain::network::Mode;
use crate::domain::time::UnixMillis;
use crate::engine::gateway::{Chosen, PaymentView, Scenario};
use crate::web::assets;
use crate::web::text::{self, Language};

mod outcome;
mod parts;

use outcome::{Outcome, Tone};
pub(super) use parts::Countdown;
use parts::{Ask, Confirming, Detail};

/// How a payment is to be shown.
pub(super) struct Shown<'a> {
    pub(super) language: &'static Language,
    /// How the URL wants it shown.
    pub(super) manner: &'a Manner,
    /// Who may show it in a frame.
    pub(super) framing: &'a Framing,
    pub(super) now: UnixMillis,
    pub(super) public_url: &'a Url,
    /// What the last form came to, when it was refused.
    pub(super) notice: Option<&'a str>,
}

impl Shown<'_> {
    /// Whether it stands in a frame of another page, which keeps it from leading its customer elsewhere by itself.
    pub(super) fn is_embedded(&self) -> bool {
        self.manner.is_embedded && *self.framing != Framing::Nobody
    }
}

/// What every page has: head and foot.
pub(super) struct Frame {
    pub(super) t: &'static Language,
    pub(super) title: String,
    pub(super) style: String,
    pub(super) script: String,
    pub(super) icon: String,
    /// Each by its code, its own name and a URL of the same page in it.
    pub(super) languages: Vec<(&'static str, String, String)>,
    /// What a page without JavaScript loads after a while.
    pub(super) refresh: Option<Refresh>,
    /// Whether the page stands in a frame of another.
    pub(super) is_embedded: bool,
    /// The page around that is told what becomes of the payment.
    pub(super) parent: Option<Parent>,
}

/// What is loaded after a while.
pub(super) struct Refresh {
    pub(super) seconds: u32,
    pub(super) url: String,
}

/// The page around.
pub(super) struct Parent {
    pub(super) origin: String,
    /// The script that speaks with it.
    pub(super) script: String,
}

impl Frame {
    /// The frame of a page below `base`, of which `link` gives the URL in another language.
    pub(super) fn new(
        language: &'static Language,
        base: &str,
        title: String,
        link: impl Fn(&'static str) -> String,
    ) -> Self {
        Self {
            t: language,
            title,
            style: asset(base, "checkout/checkout.css"),
            script: asset(base, "checkout/checkout.js"),
            icon: asset(base, "checkout/favicon.svg"),
            languages: text::languages()
                .map(|language| {
                    (
                        language.code(),
                        language.say("language-name"),
                        link(language.code()),
                    )
                })
                .collect(),
            refresh: None,
            is_embedded: false,
            parent: None,
        }
    }

    /// The frame of a payment's page, of which `link` gives the URL in a manner.
    pub(super) fn of_payment(shown: &Shown<'_>, title: String, link: impl Fn(&Manner) -> String) -> Self {
        let base = base_path(shown.public_url);
        let in_language = |code| link(&shown.manner.in_language(code));
        let may_be_told = |origin: &&String| shown.framing.allows(origin);
        Self {
            is_embedded: shown.is_embedded(),
            parent: shown
                .manner
                .parent
                .as_ref()
                .filter(may_be_told)
                .map(|origin| Parent {
                    origin: origin.clone(),
                    script: asset(base, "checkout/embed.js"),
                }),
            ..Self::new(shown.language, base, title, in_language)
        }
    }
}

fn asset(base: &str, file: &str) -> String {
    format!("{base}{}", assets::path(file))
}

/// Whose payment it is, and for what.
pub(super) struct Head {
    pub(super) shop: String,
    pub(super) monogram: String,
    pub(super) order: Option<String>,
    pub(super) description: Option<String>,
    pub(super) price_label: String,
    pub(super) price: String,
}

impl Head {
    /// The head of a payment's page.
    pub(super) fn of(t: &Language, view: &PaymentView) -> Self {
        let (shop, order) = (&view.shop.name, &view.payment.order);
        let has = |text: &str| !text.is_empty();
        Self {
            monogram: shop
                .chars()
                .next()
                .into_iter()
                .flat_map(char::to_uppercase)
                .collect(),
            order: has(&order.external_id)
                .then(|| t.say_with("order", &[("id", order.external_id.as_str().into())])),
            description: has(&order.description).then(|| order.description.clone()),
            price_label: t.say("price-label"),
            price: parts::price(t, view),
            shop: shop.clone(),
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
    head: Head,
    body: Body,
    details: Vec<Detail>,
    page_path: String,
    path: String,
    query: String,
    snapshot: String,
    /// What the page around is told.
    told: Option<String>,
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
    let query = shown.manner.query(&[]);
    let page_path = format!("{path}{query}");
    let mut frame = Frame::of_payment(shown, format!("{title} · {}", view.shop.name), |manner| {
        format!("{path}{}", manner.query(&[]))
    });
    let snapshot = Snapshot::of(view, shown.now);
    frame.refresh = (!snapshot.is_final).then(|| Refresh {
        seconds: REFRESH_SECONDS,
        url: page_path.clone(),
    });
    PayPage {
        told: frame.parent.is_some().then(|| Told::of(view).to_json()),
        frame,
        t,
        stage,
        announcement: parts::announcement(t, view, stage, &title),
        title,
        head: Head::of(t, view),
        body: body(view, shown, stage),
        details: parts::details(t, view, stage),
        page_path,
        path,
        query,
        snapshot: snapshot.to_json(),
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
            None => Body::Outcome(outcome::outcome(view, shown, Stage::Preparing)),
        },
        Stage::Confirming => Body::Confirming(parts::confirming(shown.language, view)),
        Stage::Selecting
        | Stage::Preparing
        | Stage::Queued
        | Stage::Closing
        | Stage::Paid
        | Stage::Overpaid
        | Stage::Underpaid
        | Stage::Expired
        | Stage::Cancelled
        | Stage::Failed => Body::Outcome(outcome::outcome(view, shown, stage)),
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
