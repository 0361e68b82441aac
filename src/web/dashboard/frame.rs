//! What stands around every page: the name of the store, the ways to the other pages, what was just done.

use super::Visit;
use crate::domain::user::Role;
use crate::engine::office::attention::INBOX_COUNTED_MAX;
use crate::web::assets;
use crate::web::text::{self, Language};

crate::domain::vocabulary! {
    /// A room of the dashboard: what its way in the navigation leads to. The word is the path's, and the end of the key of its
    /// name (`nav-overview`).
    Room, "room" {
        /// A store's figures.
        Overview = "overview",
        /// A store's payments.
        Payments = "payments",
        /// The till: payments made on a tablet over the counter.
        Counter = "counter",
        /// Money that counted for nothing.
        Inbox = "inbox",
        /// What a store has received.
        Balances = "balances",
        /// Donations, and the page for them.
        Donations = "donations",
        /// Where a store receives.
        Addresses = "addresses",
        /// Where a store's backend is told, and what it was told.
        Webhooks = "webhooks",
        /// API keys.
        Keys = "keys",
        /// Payments from a store's own web pages.
        Widget = "widget",
        /// A store's rules and looks.
        Settings = "settings",
        /// All stores.
        Stores = "stores",
        /// How the nodes are doing.
        Nodes = "nodes",
        /// What the merchant is told, and where.
        Notices = "notices",
        /// People.
        Users = "users",
        /// Who did what.
        AuditLog = "audit-log",
        /// A copy of everything.
        Backup = "backup",
        /// Version and licences.
        About = "about",
        /// One's own password, second factor, language and sessions.
        Account = "account",
        /// How to speak to payd.
        Docs = "docs",
    }
}

/// The rooms of a store, in the order of the navigation, with the role that sees them there.
const IN_SHOP: &[(Room, Role)] = &[
    (Room::Overview, Role::ReadOnly),
    (Room::Payments, Role::ReadOnly),
    (Room::Counter, Role::Staff),
    (Room::Inbox, Role::ReadOnly),
    (Room::Balances, Role::ReadOnly),
    (Room::Donations, Role::ReadOnly),
    (Room::Addresses, Role::ReadOnly),
    (Room::Webhooks, Role::ReadOnly),
    (Room::Keys, Role::Owner),
    (Room::Widget, Role::Owner),
    (Room::Settings, Role::Owner),
];

/// The rooms of all of payd.
const IN_PAYD: &[(Room, Role)] = &[
    (Room::Stores, Role::ReadOnly),
    (Room::Nodes, Role::ReadOnly),
    (Room::Notices, Role::Owner),
    (Room::Users, Role::Owner),
    (Room::AuditLog, Role::Owner),
    (Room::Backup, Role::Owner),
    (Room::Docs, Role::ReadOnly),
    (Room::About, Role::ReadOnly),
];

/// A way to another room.
pub(super) struct Way {
    pub(super) label: String,
    /// How much waits there for somebody; `99+` for more.
    pub(super) waiting: Option<String>,
    pub(super) href: String,
    pub(super) is_here: bool,
}

/// A store in the list to switch between them.
pub(super) struct Switch {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) is_here: bool,
}

/// The frame of a page for somebody signed in.
pub(super) struct Frame {
    pub(super) t: &'static Language,
    pub(super) title: String,
    pub(super) style: String,
    pub(super) script: String,
    pub(super) icon: String,
    pub(super) csrf: String,
    pub(super) user: String,
    pub(super) shop: Option<String>,
    pub(super) shops: Vec<Switch>,
    pub(super) ways: Vec<Way>,
    pub(super) ways_in_payd: Vec<Way>,
    pub(super) flash: Option<String>,
}

impl Frame {
    pub(super) fn new(visit: &Visit, title: String, room: Room) -> Self {
        let here = visit.shop.as_ref().or_else(|| visit.shops.first());
        let shown = |rooms: &[(Room, Role)], base: &str| -> Vec<Way> {
            let seen = rooms.iter().filter(|(_, role)| visit.may(*role));
            seen.map(|(way, _)| Way {
                label: visit.t.say(&format!("nav-{way}")),
                waiting: (*way == Room::Inbox).then(|| told(visit.waiting)).flatten(),
                href: format!("{base}/{way}"),
                is_here: *way == room,
            })
            .collect()
        };
        let ways = here.map(|shop| shown(IN_SHOP, &format!("/stores/{}", shop.id)));
        Self {
            t: visit.t,
            title,
            style: assets::path("dashboard/dashboard.css"),
            script: assets::path("dashboard/dashboard.js"),
            icon: assets::path("checkout/favicon.svg"),
            csrf: visit.csrf.clone(),
            user: visit.user.name.clone(),
            shop: here.map(|shop| shop.name.clone()),
            shops: visit
                .shops
                .iter()
                .map(|shop| Switch {
                    name: shop.name.clone(),
                    href: format!("/stores/{}/overview", shop.id),
                    is_here: here.is_some_and(|here| here.id == shop.id),
                })
                .collect(),
            ways: ways.unwrap_or_default(),
            ways_in_payd: shown(IN_PAYD, ""),
            flash: visit.flash.as_ref().map(|key| visit.t.say(key)),
        }
    }

    /// The URL of a file below `assets/dashboard/`.
    pub(super) fn asset(&self, file: &str) -> String {
        assets::path(&format!("dashboard/{file}"))
    }
}

/// A count for the navigation; none of nothing.
fn told(count: u32) -> Option<String> {
    match count {
        0 => None,
        1..INBOX_COUNTED_MAX => Some(count.to_string()),
        _ => Some("99+".to_owned()),
    }
}

/// The frame of a page for somebody who is not signed in.
pub(super) struct Door {
    pub(super) t: &'static Language,
    pub(super) title: String,
    pub(super) style: String,
    pub(super) script: String,
    pub(super) icon: String,
    /// Each by its code, its own name and a link to the same page in it.
    pub(super) languages: Vec<(&'static str, String, String)>,
}

impl Door {
    pub(super) fn new(t: &'static Language, title: String) -> Self {
        let entry = |language: &'static Language| {
            let code = language.code();
            (code, language.say("language-name"), format!("?lang={code}"))
        };
        Self {
            t,
            title,
            style: assets::path("dashboard/dashboard.css"),
            script: assets::path("dashboard/dashboard.js"),
            icon: assets::path("checkout/favicon.svg"),
            languages: text::languages().map(entry).collect(),
        }
    }
}
