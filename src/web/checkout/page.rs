//! The checkout page of a payment, from a view of it: pure, so that every state can be looked at.

use askama::Template;
use axum::response::Html;
use url::Url;

use super::base_path;
pub(in crate::web) use super::frame::Frame;
use super::frame::{Head, Refresh};
use super::framing::{Framing, Told};
use super::manner::Manner;
use super::qr;
use super::uri::{PaymentUri, payment_uri};
use super::view::{Snapshot, Stage};
use crate::domain::money::BaseUnits;
use crate::domain::network::Mode;
use crate::domain::time::UnixMillis;
use crate::engine::gateway::{Chosen, PaymentView, Scenario};
use crate::web::text::Language;

mod outcome;
mod parts;

use outcome::{Outcome, Tone};
use parts::{Ask, Confirming, Detail};
pub(super) use parts::{Countdown, price};

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
    is_test: bool,
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

/// As [`page`], with the frame around it changed.
pub(super) fn pay_page_of(view: &PaymentView, shown: &Shown<'_>, change: impl FnOnce(&mut Frame)) -> String {
    let mut page = pay_page(view, shown);
    change(&mut page.frame);
    page.render().unwrap_or_default()
}

fn pay_page<'a>(view: &'a PaymentView, shown: &Shown<'a>) -> PayPage<'a> {
    let (t, payment) = (shown.language, &view.payment);
    let stage = Stage::of(view, shown.now);
    let title = parts::title(t, stage);
    let base = base_path(shown.public_url);
    let path = format!("{base}/pay/{}", payment.token.as_str());
    let query = shown.manner.query(&[]);
    let page_path = format!("{path}{query}");
    let mut frame = Frame::of_payment(view, shown, format!("{title} · {}", view.shop.name), |manner| {
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
        is_test: payment.mode == Mode::Test,
        scenarios: scenarios(t, view),
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

/// What a customer of a test payment can try; nothing before there is anything to pay.
fn scenarios(t: &Language, view: &PaymentView) -> Vec<(&'static str, String)> {
    if view.payment.mode == Mode::Live || view.asked().is_none() {
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
