//! One network of a store: how it receives there, the room that leaves, and its addresses.

use crate::web::dashboard::html::html;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;

use super::cards::{Load, last_change};
use super::words;
use super::{network_of, path};
use crate::domain::ids::AddressId;
use crate::domain::network::{Mode, Network};
use crate::domain::wallet::{GAP_LIMIT, Way};
use crate::engine::office::OfficeError;
use crate::engine::office::addresses::AddressView;
use crate::engine::office::capacity::{self, Plan};
use crate::engine::office::receiving::Change;
use crate::engine::office::wallets::WalletView;
use crate::web::dashboard::moment::Moment;
use crate::web::dashboard::{Dashboard, Frame, InShop, Room, problem};
use crate::web::text::Language;

/// Addresses on a page.
const PAGE: u32 = 50;

/// The most payments an hour that are planned for here.
const PER_HOUR_MAX: u32 = 1000;

struct Row {
    address: Arc<str>,
    href: String,
    state: String,
    look: &'static str,
    used: Option<Moment>,
    received: Vec<String>,
    is_all_received: bool,
    is_proved: bool,
    child_index: Option<u32>,
}

/// What so many payments an hour would take.
struct Wanted {
    per_hour: String,
    answer: String,
}

#[derive(Template)]
#[template(path = "dashboard/addresses/network.html")]
struct NetworkPage {
    frame: Frame,
    is_owner: bool,
    is_live: bool,
    is_watched: bool,
    /// The path of this page.
    here: String,
    all: String,
    name: String,
    way: Way,
    way_name: String,
    is_authentic: bool,
    loads: Vec<Load>,
    next: Vec<(u32, String)>,
    next_index: u32,
    unpaid: u32,
    gap: u32,
    is_gap_wide: bool,
    gap_limit: u32,
    shared: String,
    changed: Option<(Moment, String)>,
    wanted: Option<Wanted>,
    rows: Vec<Row>,
    earlier: Option<String>,
    is_first: bool,
}

/// What came to an address, by asset.
pub(super) fn received(t: &Language, view: &AddressView) -> Vec<String> {
    let sums = view.received.iter();
    sums.map(|(asset, sum)| {
        let amount = t.number(&asset.show(*sum));
        format!("{amount} {}", asset.symbol)
    })
    .collect()
}

/// A number in the query.
fn asked(uri: &Uri, name: &str) -> Option<i64> {
    let query = uri.query().unwrap_or_default().as_bytes();
    let mut pairs = url::form_urlencoded::parse(query);
    let (_, value) = pairs.find(|(known, _)| known == name)?;
    value.trim().parse().ok()
}

struct Found {
    wallet: WalletView,
    rooms: Vec<capacity::Room>,
    changes: Vec<Change>,
    addresses: Vec<AddressView>,
}

async fn find(
    d: &Dashboard,
    place: &InShop,
    network: &Arc<Network>,
    before: AddressId,
) -> Result<Found, OfficeError> {
    let (office, shop) = (&d.office, &place.shop);
    let mut rooms = office.capacity(shop.clone()).await?;
    rooms.retain(|room| room.network == network.id && room.way != Way::Xpub);
    Ok(Found {
        wallet: office.wallet(shop.id, network).await?,
        rooms,
        changes: office.receiving_changes(shop.id).await?,
        addresses: office
            .addresses(shop.id, &network.id, before, PAGE.saturating_add(1))
            .await?,
    })
}

fn wanted(t: &Language, uri: &Uri, rooms: &[capacity::Room]) -> Option<Wanted> {
    let asked = asked(uri, "per_hour")?;
    let per_hour = u32::try_from(asked.clamp(1, i64::from(PER_HOUR_MAX))).ok()?;
    let room = rooms.first()?;
    let missing = Plan::of(room, per_hour)?.missing;
    let answer = match missing {
        Some(0) => t.say("addresses-plan-enough"),
        Some(missing) => t.say_with("addresses-plan-missing", &[("count", missing.into())]),
        None => t.say("addresses-plan-too-many"),
    };
    Some(Wanted {
        per_hour: per_hour.to_string(),
        answer,
    })
}

pub(super) async fn page(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, word)): Path<(String, String)>,
    uri: Uri,
) -> Response {
    let network = match network_of(&d, &place, &word) {
        Ok(network) => network,
        Err(response) => return *response,
    };
    let (visit, t) = (&place.visit, place.visit.t);
    let before = asked(&uri, "before").filter(|before| *before > 0);
    let cut = AddressId::new(before.unwrap_or(i64::MAX));
    let found = match find(&d, &place, &network, cut).await {
        Ok(found) => found,
        Err(error) => return problem::failed(t, &error),
    };
    let here = path(&place, &network, "");
    let mut addresses = found.addresses;
    let is_more = addresses.len() > PAGE as usize;
    addresses.truncate(PAGE as usize);
    let earlier = addresses.last().filter(|_| is_more);
    let earlier = earlier.map(|last| format!("{here}?before={}", last.id));
    let (view, way) = (&found.wallet, found.wallet.way());
    let wallet = view.wallet.as_ref();
    let page = NetworkPage {
        frame: visit.frame(network.name.to_string(), Room::Addresses),
        is_owner: visit.is_owner(),
        is_live: network.mode == Mode::Live,
        is_watched: d.office.watches(&network.id),
        all: place.path("addresses"),
        name: network.name.to_string(),
        way,
        way_name: t.say(&format!("way-{way}")),
        is_authentic: view.is_authentic(),
        loads: found.rooms.iter().map(|room| Load::of(t, room)).collect(),
        next_index: wallet.map_or(0, |wallet| wallet.next_index),
        unpaid: wallet.map_or(0, |wallet| wallet.unpaid_in_a_row()),
        gap: view.gap,
        is_gap_wide: view.gap > GAP_LIMIT,
        gap_limit: view.gap.saturating_add(GAP_LIMIT),
        shared: match wallet {
            Some(wallet) if way == Way::Shared => wallet.account.to_string(),
            Some(_) | None => String::new(),
        },
        changed: last_change(t, &found.changes, &network),
        wanted: wanted(t, &uri, &found.rooms),
        rows: addresses.iter().map(|address| row(t, &here, address)).collect(),
        next: found.wallet.next,
        here,
        earlier,
        is_first: before.is_none(),
    };
    html(&page)
}

fn row(t: &Language, here: &str, view: &AddressView) -> Row {
    let (state, look, _) = words::state(t, &view.state);
    Row {
        address: Arc::clone(&view.address),
        href: format!("{here}/{}", view.id),
        state,
        look,
        used: view.used_at.map(|at| Moment::new(t, at)),
        received: received(t, view),
        is_all_received: view.is_all_received,
        is_proved: view.proved.is_some(),
        child_index: view.child_index,
    }
}
