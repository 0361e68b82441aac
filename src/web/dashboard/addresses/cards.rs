//! All networks of a store, a card each: how it receives there, and how much room that leaves.

use crate::web::dashboard::html::html;
use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::path;
use crate::domain::network::{Mode, Network};
use crate::domain::wallet::{Wallet, Way};
use crate::engine::office::capacity::{self, sustained_at_least};
use crate::engine::office::receiving::Change;
use crate::web::dashboard::moment::Moment;
use crate::web::dashboard::{Dashboard, Frame, InShop, Room, problem};
use crate::web::text::Language;

/// How many places of a kind there are and what they do, as it is shown.
pub(super) struct Load {
    /// Of a shared address, the currency; else empty.
    pub(super) currency: String,
    pub(super) free: u32,
    pub(super) held: u32,
    pub(super) resting: u32,
    pub(super) queued: u32,
    pub(super) retired: u32,
    pub(super) total: u32,
    /// Parts in a thousand, held and resting, and where the second begins.
    pub(super) held_part: u64,
    pub(super) rest_part: u64,
    /// Payments an hour that there is room for.
    pub(super) per_hour: String,
    pub(super) is_low: bool,
    pub(super) is_pool: bool,
}

impl Load {
    pub(super) fn of(t: &Language, room: &capacity::Room) -> Self {
        let total = room.places();
        let part = |count: u32| {
            let parts = u64::from(count).saturating_mul(1000);
            parts.checked_div(u64::from(total)).unwrap_or(0)
        };
        let rate = sustained_at_least(room).unwrap_or_default();
        Self {
            currency: room.currency.to_uppercase(),
            free: room.free,
            held: room.held,
            resting: room.resting,
            queued: room.queued,
            retired: room.retired,
            total,
            held_part: part(room.held),
            rest_part: part(room.resting),
            per_hour: t.number(&rate.to_string()),
            is_low: room.is_low,
            is_pool: room.way == Way::Pool,
        }
    }
}

struct Card {
    name: String,
    href: String,
    /// The key of the way's name, and of a word on it.
    way: String,
    is_authentic: bool,
    loads: Vec<Load>,
    next_index: Option<u32>,
    accepted: String,
    is_watched: bool,
    is_empty: bool,
    changed: Option<(Moment, String)>,
}

struct Simulated {
    name: String,
    href: String,
    way: String,
}

#[derive(Template)]
#[template(path = "dashboard/addresses/cards.html")]
struct CardsPage {
    frame: Frame,
    is_owner: bool,
    cards: Vec<Card>,
    /// Networks that nobody watches, and where the store has nothing.
    others: Vec<Card>,
    simulated: Vec<Simulated>,
}

/// Who changed where a store receives last, and when.
pub(super) fn last_change(t: &Language, changes: &[Change], network: &Network) -> Option<(Moment, String)> {
    let change = changes.iter().find(|change| change.network == network.id)?;
    Some((Moment::new(t, change.at), change.actor.clone()))
}

pub(super) async fn page(State(d): State<Dashboard>, place: InShop) -> Response {
    let (visit, shop) = (&place.visit, &place.shop);
    let t = visit.t;
    let read = async {
        let wallets = d.office.wallets(shop.id).await?;
        let rooms = d.office.capacity(shop.clone()).await?;
        let changes = d.office.receiving_changes(shop.id).await?;
        Ok::<_, crate::engine::office::OfficeError>((wallets, rooms, changes))
    };
    let (wallets, rooms, changes) = match read.await {
        Ok(read) => read,
        Err(error) => return problem::failed(t, &error),
    };
    let accepted = match d.office.accepted(shop, Mode::Live).await {
        Ok(accepted) => accepted,
        Err(error) => return problem::failed(t, &error),
    };
    let way_of = |network: &Network| -> (Option<&Wallet>, Way) {
        let wallet = wallets.iter().find(|wallet| wallet.network == network.id);
        (wallet, wallet.map_or(Way::Pool, |wallet| wallet.way))
    };
    let card = |network: &Network| {
        let (wallet, way) = way_of(network);
        let loads: Vec<Load> = rooms
            .iter()
            .filter(|room| room.network == network.id && room.way != Way::Xpub)
            .map(|room| Load::of(t, room))
            .collect();
        let assets = accepted.iter().filter(|means| means.network.id == network.id);
        let assets: Vec<&str> = assets.map(|means| &*means.asset.symbol).collect();
        Card {
            name: network.name.to_string(),
            href: path(&place, network, ""),
            way: t.say(&format!("way-{way}")),
            is_authentic: wallet.is_none_or(|wallet| wallet.is_authentic),
            is_empty: way == Way::Pool && loads.iter().all(|load| load.total == 0),
            loads,
            next_index: wallet
                .filter(|wallet| wallet.way == Way::Xpub)
                .map(|wallet| wallet.next_index),
            accepted: assets.join(", "),
            is_watched: d.office.watches(&network.id),
            changed: last_change(t, &changes, network),
        }
    };
    let networks = |mode: Mode| {
        let networks = d.office.registry().networks();
        networks.filter(move |network| network.mode == mode)
    };
    let (cards, others) = networks(Mode::Live)
        .map(|network| card(network))
        .partition(|card| card.is_watched || !card.is_empty);
    let page = CardsPage {
        frame: visit.frame(t.say("nav-addresses"), Room::Addresses),
        is_owner: visit.is_owner(),
        cards,
        others,
        simulated: networks(Mode::Test)
            .map(|network| Simulated {
                name: network.name.to_string(),
                href: path(&place, network, ""),
                way: t.say(&format!("way-{}", way_of(network).1)),
            })
            .collect(),
    };
    html(&page)
}
