//! One address: what it does, whether it is proved, and whether it may be given out.

use crate::web::dashboard::html::html_with;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::network::received;
use super::words;
use super::{network_of, path};
use crate::domain::ids::AddressId;
use crate::domain::network::{Family, Network};
use crate::engine::office::OfficeError;
use crate::engine::office::addresses::{AddressView, RetireError, State as Doing};
use crate::engine::office::ownership::ProveError;
use crate::web::dashboard::again::Again;
use crate::web::dashboard::flash::Flash;
use crate::web::dashboard::moment::Moment;
use crate::web::dashboard::{Dashboard, Form, Frame, InShop, Mistakes, Room, problem};

/// What leads to an address: the store, the network, the row.
type Place = Path<(String, String, String)>;

#[derive(Template)]
#[template(path = "dashboard/addresses/address.html")]
struct AddressPage {
    frame: Frame,
    is_owner: bool,
    here: String,
    back: String,
    name: String,
    address: Arc<str>,
    state: String,
    look: &'static str,
    is_altered: bool,
    /// The number of the payment that has it, and where to see it.
    payment: Option<(String, String)>,
    way: String,
    child_index: Option<u32>,
    created: Moment,
    used: Option<Moment>,
    retired: Option<Moment>,
    received: Vec<String>,
    is_all_received: bool,
    /// The kind of proof and its time.
    proved: Option<(String, Moment)>,
    challenge: String,
    how: String,
    can_retire: bool,
    is_held: bool,
    can_restore: bool,
    typed: String,
    mistakes: Mistakes,
}

struct Found {
    network: Arc<Network>,
    view: AddressView,
}

/// The address of the path. One of another store or another network is not there.
async fn find(d: &Dashboard, place: &InShop, word: &str, id: &str) -> Result<Found, Box<Response>> {
    let network = network_of(d, place, word)?;
    let not_there = || Box::new(problem::not_found(&place.visit));
    let id: i64 = id.parse().map_err(|_| not_there())?;
    match d.office.address(place.shop.id, AddressId::new(id)).await {
        Ok(view) if view.network == network.id => Ok(Found { network, view }),
        Ok(_) | Err(OfficeError::NotFound) => Err(not_there()),
        Err(error) => Err(Box::new(problem::failed(place.visit.t, &error))),
    }
}

async fn render(
    d: &Dashboard,
    place: &InShop,
    found: &Found,
    status: StatusCode,
    typed: &str,
    mistakes: Mistakes,
) -> Response {
    let (visit, t) = (&place.visit, place.visit.t);
    let Found { network, view } = found;
    let is_altered = view.state == Doing::Altered;
    let challenge = match d.office.challenge(&place.shop, view.id).await {
        Ok(challenge) => challenge.text,
        // The row holds no address any more.
        Err(OfficeError::NotFound) if is_altered => String::new(),
        Err(error) => return problem::failed(t, &error),
    };
    let (state, look, payment) = words::state(t, &view.state);
    let page = AddressPage {
        frame: visit.frame(t.say("addresses-one-title"), Room::Addresses),
        is_owner: visit.is_owner(),
        here: path(place, network, &format!("/{}", view.id)),
        back: path(place, network, ""),
        name: network.name.to_string(),
        address: Arc::clone(&view.address),
        state,
        look,
        is_altered,
        payment: payment.map(|number| {
            let href = place.path(&format!("payments/{number}"));
            (number, href)
        }),
        way: t.say(&format!("way-{}", view.way)),
        child_index: view.child_index,
        created: Moment::new(t, view.created_at),
        used: view.used_at.map(|at| Moment::new(t, at)),
        retired: view.retired_at.map(|at| Moment::new(t, at)),
        received: received(t, view),
        is_all_received: view.is_all_received,
        proved: view
            .proved
            .map(|(proof, at)| (proof.to_string().to_uppercase(), Moment::new(t, at))),
        challenge,
        how: t.say(match network.family {
            Family::Bitcoin(_) | Family::Litecoin(_) => "addresses-sign-with-bitcoin",
            Family::Evm { .. } => "addresses-sign-with-evm",
            Family::Tron => "addresses-sign-with-tron",
        }),
        can_retire: view.can_retire(),
        is_held: matches!(view.state, Doing::Held(_)),
        can_restore: view.can_restore(),
        typed: typed.to_owned(),
        mistakes,
    };
    html_with(status, &page)
}

pub(super) async fn page(State(d): State<Dashboard>, place: InShop, Path((_, word, id)): Place) -> Response {
    match find(&d, &place, &word, &id).await {
        Ok(found) => render(&d, &place, &found, StatusCode::OK, "", Mistakes::default()).await,
        Err(response) => *response,
    }
}

pub(super) async fn retire(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, word, id)): Place,
) -> Response {
    let found = match find(&d, &place, &word, &id).await {
        Ok(found) => found,
        Err(response) => return *response,
    };
    let by = place.visit.by(&d.office);
    let retired = d
        .office
        .retire_address(by, place.shop.clone(), found.view.id)
        .await;
    match retired {
        Ok(retired) => {
            let key = if retired.holder.is_some() {
                "addresses-retired-held"
            } else {
                "addresses-retired"
            };
            let here = path(&place, &found.network, &format!("/{}", found.view.id));
            Flash::new(key, here).into_response()
        }
        Err(error) => not_done(&place, &error),
    }
}

pub(super) async fn restore(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, word, id)): Place,
    again: Again,
    form: Form,
) -> Response {
    let found = match find(&d, &place, &word, &id).await {
        Ok(found) => found,
        Err(response) => return *response,
    };
    if let Err(refused) = again.check(&d, &place.visit, &form).await {
        let mistakes = Mistakes::one("again", refused.text);
        return render(&d, &place, &found, refused.status, "", mistakes).await;
    }
    let by = place.visit.by(&d.office);
    let restored = d
        .office
        .restore_address(by, place.shop.clone(), found.view.id)
        .await;
    match restored {
        Ok(_) => {
            let here = path(&place, &found.network, &format!("/{}", found.view.id));
            Flash::new("addresses-restored", here).into_response()
        }
        Err(error) => not_done(&place, &error),
    }
}

fn not_done(place: &InShop, error: &RetireError) -> Response {
    match error {
        RetireError::Store(error) => problem::failed(place.visit.t, error),
        // No button leads here.
        RetireError::NotFound
        | RetireError::Unknown { .. }
        | RetireError::NotOfPool { .. }
        | RetireError::Altered { .. } => problem::not_found(&place.visit),
    }
}

pub(super) async fn prove(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, word, id)): Place,
    form: Form,
) -> Response {
    let found = match find(&d, &place, &word, &id).await {
        Ok(found) => found,
        Err(response) => return *response,
    };
    let (t, by, typed) = (place.visit.t, place.visit.by(&d.office), form.get("signature"));
    let proved = d
        .office
        .prove_address(by, place.shop.clone(), found.view.id, typed)
        .await;
    match proved {
        Ok(_) => {
            let here = path(&place, &found.network, &format!("/{}", found.view.id));
            Flash::new("addresses-proved", here).into_response()
        }
        Err(ProveError::Signature(error)) => {
            // What was typed may be anything, a private key too.
            let is_secret = d.office.is_secret(typed);
            let (typed, text) = if is_secret {
                ("", t.say("addresses-secret"))
            } else {
                (typed, words::signature_error(t, &error))
            };
            let mistakes = Mistakes::one("signature", text);
            render(
                &d,
                &place,
                &found,
                StatusCode::UNPROCESSABLE_ENTITY,
                typed,
                mistakes,
            )
            .await
        }
        Err(ProveError::NotFound | ProveError::Unknown { .. }) => problem::not_found(&place.visit),
        Err(ProveError::Store(error)) => problem::failed(t, &error),
    }
}
