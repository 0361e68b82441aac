//! A store's donations: a list, sums, a table to download.

use crate::web::dashboard::html::html;
use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use futures_util::stream;
use serde::Deserialize;

use crate::domain::donation::Donation;
use crate::domain::ids::{PaymentId, PaymentNumber, ShopId};
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::network::Mode;
use crate::domain::payment::Payment;
use crate::domain::price::Price;
use crate::domain::status::Status;
use crate::engine::office::csv;
use crate::engine::office::{Office, OfficeError};
use crate::web::dashboard::{Dashboard, Frame, InShop, Room, problem};
use crate::web::text::Language;

/// Donations of a page.
const PAGE: u32 = 50;

/// Donations that are read at a time for the table.
const BATCH: u32 = 500;

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/stores/{store}/donations", get(list))
        .route("/stores/{store}/donations.csv", get(table))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    before: String,
}

struct Row {
    donor: String,
    message: String,
    amount: String,
    class: &'static str,
    state: String,
    is_test: bool,
    iso: String,
    at: String,
    payment: String,
    payment_path: String,
}

fn price(office: &Office, t: &Language, price: &Price) -> String {
    match price {
        Price::Fiat(price) => t.price(*price),
        Price::Asset {
            network,
            currency,
            amount,
        } => match office.registry().asset(network, currency) {
            Some(asset) => format!("{} {}", asset.show(*amount), asset.symbol),
            None => amount.to_string(),
        },
    }
}

fn row(d: &Dashboard, place: &InShop, donation: Donation, payment: &Payment) -> Row {
    let t = place.visit.t;
    let (class, state) = match payment.status {
        Status::Paid => ("good", "gifts-given"),
        Status::Selecting | Status::Queued | Status::Pending | Status::Confirming | Status::Underpaid => {
            ("busy", "gifts-on-the-way")
        }
        Status::Expired | Status::Cancelled | Status::Failed => ("", "gifts-not-given"),
    };
    Row {
        donor: donation.donor.name,
        message: donation.donor.message,
        amount: price(&d.office, t, &payment.price),
        class,
        state: t.say(state),
        is_test: payment.mode == Mode::Test,
        iso: payment.created_at.rfc3339(),
        at: t.moment(payment.created_at),
        payment: payment.number.to_string(),
        payment_path: place.path(&format!("payments/{}", payment.number)),
    }
}

#[derive(Template)]
#[template(path = "dashboard/donations/list.html")]
struct ListPage {
    frame: Frame,
    is_owner: bool,
    is_open: bool,
    path: String,
    table: String,
    given: String,
    count: String,
    rows: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
}

async fn list(State(d): State<Dashboard>, place: InShop, Query(asked): Query<Asked>) -> Response {
    match make(&d, &place, &asked.before).await {
        Ok(page) => html(&page),
        Err(failed) => failed,
    }
}

async fn make(d: &Dashboard, place: &InShop, before: &str) -> Result<ListPage, Response> {
    let (t, shop) = (place.visit.t, place.shop.id);
    let failed = |error: OfficeError| problem::failed(t, &error);
    let before = match PaymentNumber::parse(before) {
        Some(number) => d.office.donation_numbered(shop, number).await.map_err(failed)?,
        None => None,
    };
    let (page, given) = d.office.donation_page(shop).await.map_err(failed)?;
    let from = before.unwrap_or(PaymentId::new(i64::MAX));
    let found = d.office.donations(shop, from, PAGE.saturating_add(1));
    let mut found = found.await.map_err(failed)?;
    let is_more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let path = place.path("donations");
    let last = found.last().map(|(_, payment)| payment.number.clone());
    Ok(ListPage {
        frame: place.visit.frame(t.say("nav-donations"), Room::Donations),
        is_owner: place.visit.is_owner(),
        is_open: page.is_enabled,
        table: format!("{path}.csv"),
        given: t.price(FiatAmount {
            currency: Fiat::Usd,
            minor: given.usd_cents,
        }),
        count: t.number(&given.count.to_string()),
        rows: found
            .into_iter()
            .map(|(donation, payment)| row(d, place, donation, &payment))
            .collect(),
        first: before.map(|_| path.clone()),
        next: last
            .filter(|_| is_more)
            .map(|last| format!("{path}?before={last}")),
        path,
    })
}

/// Sent part by part: it is as long as the store is loved.
async fn table(State(d): State<Dashboard>, place: InShop) -> Response {
    let office = d.office.clone();
    let begin = Some(PaymentId::new(i64::MAX));
    let shop = place.shop.id;
    let parts = stream::unfold((office, begin), move |(office, before)| async move {
        let before = before?;
        let part = lines(&office, shop, before).await;
        Some(match part {
            Ok((text, next)) => (Ok(text), (office, next)),
            // What was sent cannot be taken back: the browser sees that it ended early.
            Err(error) => {
                tracing::error!(%error, "a table of donations could not be finished");
                (Err(std::io::Error::other(error)), (office, None))
            }
        })
    });
    let about = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"donations.csv\""),
    ];
    (about, Body::from_stream(parts)).into_response()
}

/// Some lines of the table, and where the next ones begin.
async fn lines(
    office: &Office,
    shop: ShopId,
    before: PaymentId,
) -> Result<(String, Option<PaymentId>), OfficeError> {
    let found = office.donations(shop, before, BATCH).await?;
    let mut text = String::new();
    if before == PaymentId::new(i64::MAX) {
        let heads = [
            "payment", "made", "mode", "status", "amount", "currency", "donor", "message",
        ];
        text.push_str(&csv::line(heads.map(str::to_owned)));
    }
    for (donation, payment) in &found {
        let (amount, currency) = plain_price(office, &payment.price);
        let cells = [
            payment.number.as_str(),
            &payment.created_at.rfc3339(),
            payment.mode.word(),
            payment.status.word(),
            &amount,
            &currency,
            &donation.donor.name,
            &donation.donor.message,
        ];
        text.push_str(&csv::line(cells.map(csv::defused)));
    }
    let is_more = found.len() >= BATCH as usize;
    let last = found.last().map(|(donation, _)| donation.payment);
    Ok((text, last.filter(|_| is_more)))
}

fn plain_price(office: &Office, price: &Price) -> (String, String) {
    match price {
        Price::Fiat(price) => (price.amount(), price.currency.to_string()),
        Price::Asset {
            network,
            currency,
            amount,
        } => match office.registry().asset(network, currency) {
            Some(asset) => (asset.show(*amount), asset.symbol.to_string()),
            None => (amount.to_string(), currency.to_string()),
        },
    }
}
