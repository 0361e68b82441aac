//! The way in which a store receives on a network: chosen, looked at before it is kept, and kept.

use crate::web::dashboard::html::html_with;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::words;
use super::{network_of, path};
use crate::domain::network::{Mode, Network};
use crate::domain::wallet::Way;
use crate::engine::office::receivers::{AccountView, Receiver};
use crate::engine::office::wallets::WalletChoice;
use crate::web::dashboard::again::Again;
use crate::web::dashboard::flash::Flash;
use crate::web::dashboard::{Dashboard, Form, Frame, InShop, Mistakes, Room, problem};
use crate::web::text::Language;

/// The digits after the point in which amounts of a shared address may differ.
const DIGITS_MAX: u8 = 6;

/// What was typed, field by field.
#[derive(Default, Clone)]
struct Typed {
    way: String,
    account: String,
    next_index: String,
    address: String,
    slots: String,
    digits: String,
}

impl Typed {
    fn of(form: &Form) -> Self {
        let field = |name| form.get(name).to_owned();
        Self {
            way: field("way"),
            account: field("account"),
            next_index: field("next_index"),
            address: field("address"),
            slots: field("slots"),
            digits: field("digits"),
        }
    }
}

/// A step between two amounts, to be chosen.
struct Step {
    digits: String,
    text: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "dashboard/addresses/way.html")]
struct WayPage {
    frame: Frame,
    here: String,
    back: String,
    is_live: bool,
    name: String,
    way: Way,
    way_name: String,
    is_authentic: bool,
    account: String,
    earlier: Vec<String>,
    typed: Typed,
    steps: Vec<Step>,
    is_secret: bool,
    mistakes: Mistakes,
}

#[derive(Template)]
#[template(path = "dashboard/addresses/sure.html")]
struct SurePage {
    frame: Frame,
    here: String,
    way_name: String,
    before: String,
    account: Option<AccountView>,
    typed: Typed,
    mistakes: Mistakes,
}

fn steps(typed: &str) -> Vec<Step> {
    (0..=DIGITS_MAX)
        .map(|digits| Step {
            text: match usize::from(digits).checked_sub(1) {
                None => "1".to_owned(),
                Some(zeros) => format!("0.{}1", "0".repeat(zeros)),
            },
            digits: digits.to_string(),
            is_chosen: digits.to_string() == typed,
        })
        .collect()
}

async fn render(
    d: &Dashboard,
    place: &InShop,
    network: &Arc<Network>,
    status: StatusCode,
    (typed, is_secret): (Typed, bool),
    mistakes: Mistakes,
) -> Response {
    let t = place.visit.t;
    let view = match d.office.wallet(place.shop.id, network).await {
        Ok(view) => view,
        Err(error) => return problem::failed(t, &error),
    };
    let name = network.name.to_string();
    let way_name = |way: Way| t.say(&format!("way-{way}"));
    let title = t.say_with("addresses-way-title", &[("network", name.as_str().into())]);
    let page = WayPage {
        frame: place.visit.frame(title, Room::Addresses),
        here: path(place, network, "/way"),
        back: path(place, network, ""),
        is_live: network.mode == Mode::Live,
        name,
        way: view.way(),
        way_name: way_name(view.way()),
        is_authentic: view.is_authentic(),
        account: view
            .wallet
            .map_or_else(String::new, |wallet| wallet.account.to_string()),
        earlier: view
            .earlier
            .iter()
            .rev()
            .map(|wallet| format!("{}: {}", way_name(wallet.way), wallet.account))
            .collect(),
        steps: steps(&typed.digits),
        typed,
        is_secret,
        mistakes,
    };
    html_with(status, &page)
}

pub(super) async fn page(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, word)): Path<(String, String)>,
) -> Response {
    let network = match network_of(&d, &place, &word) {
        Ok(network) => network,
        Err(response) => return *response,
    };
    let typed = (Typed::default(), false);
    render(&d, &place, &network, StatusCode::OK, typed, Mistakes::default()).await
}

/// What was chosen, and its account as it is shown before it is kept.
fn read(
    t: &Language,
    typed: &Typed,
    what: impl Fn(&str) -> Receiver,
) -> Result<(Way, WalletChoice, Option<AccountView>), Mistakes> {
    let way: Way = typed
        .way
        .parse()
        .map_err(|_| Mistakes::one("way", t.say("addresses-way-missing")))?;
    match way {
        Way::Pool => Ok((way, WalletChoice::Pool, None)),
        Way::Xpub => {
            let next_index = optional(&typed.next_index)
                .map_err(|()| Mistakes::one("next_index", t.say("addresses-not-a-number")))?;
            let receiver = what(&typed.account);
            if let Some(fault) = words::not_an_account(t, &receiver) {
                return Err(Mistakes::one("account", fault));
            }
            let view = match receiver {
                Receiver::Account(view) => Some(view),
                _ => None,
            };
            let account = typed.account.clone();
            Ok((way, WalletChoice::Xpub { account, next_index }, view))
        }
        Way::Shared => {
            if let Some(fault) = words::not_an_address(t, &what(&typed.address)) {
                return Err(Mistakes::one("address", fault));
            }
            let number = |field, text| {
                optional(text).map_err(|()| Mistakes::one(field, t.say("addresses-not-a-number")))
            };
            let digits = number("digits", &typed.digits)?.map(u8::try_from).transpose();
            let choice = WalletChoice::Shared {
                address: typed.address.clone(),
                slots: number("slots", &typed.slots)?,
                digits: digits.map_err(|_| Mistakes::one("digits", t.say("addresses-not-a-number")))?,
            };
            Ok((way, choice, None))
        }
    }
}

fn optional(text: &str) -> Result<Option<u32>, ()> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| ())
}

pub(super) async fn choose(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, word)): Path<(String, String)>,
    again: Again,
    form: Form,
) -> Response {
    let network = match network_of(&d, &place, &word) {
        Ok(network) => network,
        Err(response) => return *response,
    };
    let (t, mut typed) = (place.visit.t, Typed::of(&form));
    // Whatever could spend is not shown again, in whichever field it was typed.
    let is_secret = [&mut typed.account, &mut typed.address, &mut typed.next_index]
        .into_iter()
        .filter(|field| d.office.is_secret(field))
        .map(String::clear)
        .count()
        > 0;
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    if is_secret {
        let field = if typed.way == "shared" {
            "address"
        } else {
            "account"
        };
        let mistakes = Mistakes::one(field, t.say("addresses-secret"));
        return render(&d, &place, &network, unprocessable, (typed, true), mistakes).await;
    }
    let what = |text: &str| {
        let receiver = d.office.check_receiver(&word, text);
        receiver.unwrap_or(Receiver::Nonsense { wanted: "" })
    };
    let (way, choice, account) = match read(t, &typed, what) {
        Ok(read) => read,
        Err(mistakes) => {
            return render(&d, &place, &network, unprocessable, (typed, false), mistakes).await;
        }
    };
    let sure = |before: Way, status, mistakes| {
        let title = t.say_with(
            "addresses-sure-title",
            &[("network", network.name.as_ref().into())],
        );
        let page = SurePage {
            frame: place.visit.frame(title, Room::Addresses),
            here: path(&place, &network, "/way"),
            way_name: t.say(&format!("way-{way}")),
            before: t.say(&format!("way-{before}")),
            account: account.clone(),
            typed: typed.clone(),
            mistakes,
        };
        html_with(status, &page)
    };
    let before = match d.office.wallet(place.shop.id, &network).await {
        Ok(view) => view.way(),
        Err(error) => return problem::failed(t, &error),
    };
    if form.get("step") != "save" {
        return sure(before, StatusCode::OK, Mistakes::default());
    }
    if let Err(refused) = again.check(&d, &place.visit, &form).await {
        return sure(before, refused.status, Mistakes::one("again", refused.text));
    }
    let by = place.visit.by(&d.office);
    let set = d.office.set_wallet(by, place.shop.clone(), &word, &choice).await;
    match set {
        Ok(set) => {
            let key = match (set.is_new, way) {
                (false, _) => "addresses-way-same",
                (true, Way::Pool) if set.is_pool_empty && network.mode == Mode::Live => {
                    "addresses-way-set-empty"
                }
                (true, _) => "addresses-way-set",
            };
            Flash::new(key, path(&place, &network, "")).into_response()
        }
        Err(error) => match words::not_set(t, &error) {
            Some(text) => sure(before, unprocessable, Mistakes::one("choice", text)),
            None => problem::failed(t, &error),
        },
    }
}
