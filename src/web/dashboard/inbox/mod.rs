//! The inbox of a store: money that counted for nothing, and what becomes of it.

mod letter;
#[cfg(test)]
mod tests;
mod words;

use crate::web::dashboard::html::html;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use axum::routing::{get, post};

use super::overview::mode_of;
use super::{Dashboard, Frame, InShop, Room, problem};
use crate::domain::ids::TransferId;
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::network::Mode;
use crate::engine::inbox::Entry;
use crate::engine::office::Office;
use crate::web::text::Language;

/// Entries of a page.
const PAGE: u32 = 25;

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .route("/stores/{store}/inbox", get(list))
        .route("/stores/{store}/inbox/{transfer}", get(letter::page))
        .route("/stores/{store}/inbox/{transfer}/attach", post(letter::attach))
        .route("/stores/{store}/inbox/{transfer}/dismiss", post(letter::dismiss))
}

/// A transfer, as the pages show it.
struct Shown {
    href: String,
    amount: String,
    network: String,
    /// What it is worth now.
    worth: Option<String>,
    address: String,
    txid: String,
    /// When its block was made.
    at: String,
    at_iso: String,
    reason: String,
    /// What was done about it, and when.
    handled: Option<String>,
    /// The payment that it was held against, or counts for.
    payment: Option<(String, String)>,
}

fn shown(office: &Office, place: &InShop, entry: &Entry, usd_cents: Option<u64>) -> Shown {
    let t = place.visit.t;
    let transfer = &entry.transfer;
    let seen = &transfer.seen;
    let means = office.registry().means(&transfer.network, &seen.currency);
    let (amount, network) = match means {
        Some(means) => (
            format!("{}\u{a0}{}", means.asset.show(seen.amount), means.asset.symbol),
            means.network.name.to_string(),
        ),
        // What is no longer configured has neither a symbol nor decimals.
        None => (
            format!("{}\u{a0}{}", seen.amount, seen.currency),
            transfer.network.to_string(),
        ),
    };
    Shown {
        href: place.path(&format!("inbox/{}", transfer.id)),
        amount,
        network,
        worth: usd_cents.map(|minor| dollars(t, minor)),
        address: seen.address.to_string(),
        txid: seen.txid.to_string(),
        at: t.moment(seen.block.time),
        at_iso: seen.block.time.rfc3339(),
        reason: words::reason(t, entry),
        handled: entry.handled.map(|(handled, at)| {
            let key = format!("inbox-handled-{handled}");
            t.say_with(&key, &[("time", t.moment(at).into())])
        }),
        payment: entry.payment.as_ref().map(|(number, _)| {
            let href = place.path(&format!("payments/{number}"));
            (number.to_string(), href)
        }),
    }
}

fn dollars(t: &'static Language, minor: u64) -> String {
    t.price(FiatAmount {
        currency: Fiat::Usd,
        minor,
    })
}

/// What of the inbox is asked for.
struct Asked {
    mode: Mode,
    with_handled: bool,
    before: TransferId,
}

impl Asked {
    fn of(uri: &Uri, place: &InShop) -> Self {
        let query = uri.query().unwrap_or_default().as_bytes();
        let find = |wanted: &str| {
            url::form_urlencoded::parse(query)
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value.into_owned())
        };
        let before = find("before").and_then(|id| id.parse().ok());
        Self {
            mode: mode_of(uri, place),
            with_handled: find("all").is_some(),
            before: TransferId::new(before.unwrap_or(i64::MAX)),
        }
    }

    fn path(&self, place: &InShop, mode: Mode, with_handled: bool) -> String {
        let all = if with_handled { "&all=1" } else { "" };
        place.path(&format!("inbox?mode={mode}{all}"))
    }
}

#[derive(Template)]
#[template(path = "dashboard/inbox/list.html")]
struct ListPage {
    frame: Frame,
    is_test: bool,
    with_handled: bool,
    live_path: String,
    test_path: String,
    open_path: String,
    all_path: String,
    entries: Vec<Shown>,
    /// Where the earlier ones are.
    earlier: Option<String>,
    /// Where the latest are, on a page of earlier ones.
    latest: Option<String>,
}

async fn list(State(dashboard): State<Dashboard>, place: InShop, uri: Uri) -> Response {
    let office = &dashboard.office;
    let asked = Asked::of(&uri, &place);
    let read = office.inbox(
        place.shop.id,
        asked.mode,
        asked.with_handled,
        asked.before,
        PAGE.saturating_add(1),
    );
    let mut entries = match read.await {
        Ok(entries) => entries,
        Err(error) => return problem::failed(place.visit.t, &error),
    };
    let per_page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let is_more = entries.len() > per_page;
    entries.truncate(per_page);
    let here = asked.path(&place, asked.mode, asked.with_handled);
    let earlier = entries.last().filter(|_| is_more);
    let page = ListPage {
        frame: place.visit.frame(place.visit.t.say("nav-inbox"), Room::Inbox),
        is_test: asked.mode == Mode::Test,
        with_handled: asked.with_handled,
        live_path: asked.path(&place, Mode::Live, asked.with_handled),
        test_path: asked.path(&place, Mode::Test, asked.with_handled),
        open_path: asked.path(&place, asked.mode, false),
        all_path: asked.path(&place, asked.mode, true),
        earlier: earlier.map(|(entry, _)| format!("{here}&before={}", entry.transfer.id)),
        latest: (asked.before.get() < i64::MAX).then_some(here),
        entries: entries
            .iter()
            .map(|(entry, worth)| shown(office, &place, entry, *worth))
            .collect(),
    };
    html(&page)
}
