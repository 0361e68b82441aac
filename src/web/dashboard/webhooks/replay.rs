//! Sending many deliveries once more: first how many, then, once confirmed, all of them.

use crate::web::dashboard::html::{html, html_with};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde::Deserialize;
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, PrimitiveDateTime};

use super::words::host;
use super::{delivery_refused, endpoint_of};
use crate::domain::ids::DeliveryId;
use crate::domain::shop::Endpoint;
use crate::domain::time::UnixMillis;
use crate::engine::office::deliveries::{DeliveryError, Proposal, Which};
use crate::engine::office::endpoints::EndpointError;
use crate::web::dashboard::flash::Flash;
use crate::web::dashboard::{Dashboard, Form, Frame, InShop, Mistakes, Room, problem};

pub(super) fn router() -> Router<Dashboard> {
    Router::new().route(
        "/stores/{store}/webhooks/{endpoint}/replay",
        get(propose).post(replay),
    )
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    which: String,
    from: String,
    to: String,
}

#[derive(Template)]
#[template(path = "dashboard/webhooks/replay.html")]
struct ReplayPage {
    frame: Frame,
    back: String,
    path: String,
    host: String,
    asked: Asked,
    mistakes: Mistakes,
    /// What is to be confirmed, once something was asked.
    proposal: Option<(String, Proposal, bool)>,
}

/// A time as `<input type="datetime-local">` sends it, in UTC.
fn typed_time(text: &str) -> Option<UnixMillis> {
    let with_seconds = match text.matches(':').count() {
        1 => format!("{text}:00Z"),
        _ => format!("{text}Z"),
    };
    let at: PrimitiveDateTime = PrimitiveDateTime::parse(&with_seconds, &Rfc3339).ok()?;
    let at: OffsetDateTime = at.assume_utc();
    Some(UnixMillis::from_seconds(at.unix_timestamp()))
}

fn which(asked: &Asked) -> Option<Result<Which, &'static str>> {
    match asked.which.as_str() {
        "failed" => Some(Ok(Which::Failed)),
        "between" => Some(match (typed_time(&asked.from), typed_time(&asked.to)) {
            (Some(from), Some(to)) if from < to => Ok(Which::Between(from, to)),
            (Some(_), Some(_)) => Err("to"),
            (None, _) => Err("from"),
            (_, None) => Err("to"),
        }),
        _ => None,
    }
}

fn page(place: &InShop, endpoint: &Endpoint, asked: Asked) -> ReplayPage {
    let back = place.path(&format!("webhooks/{}", endpoint.id));
    ReplayPage {
        frame: place
            .visit
            .frame(place.visit.t.say("hooks-replay-title"), Room::Webhooks),
        path: format!("{back}/replay"),
        back,
        host: host(&endpoint.url),
        asked,
        mistakes: Mistakes::default(),
        proposal: None,
    }
}

async fn propose(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    let endpoint = match endpoint_of(&d, &place, &id).await {
        Ok(shown) => shown.endpoint,
        Err(failed) => return failed,
    };
    let t = place.visit.t;
    let chosen = which(&asked);
    let empty = page(&place, &endpoint, asked);
    let which = match chosen {
        None => return html(&empty),
        Some(Err(field)) => {
            let mistakes = Mistakes::one(field, t.say("hooks-replay-time"));
            return html_with(
                StatusCode::UNPROCESSABLE_ENTITY,
                &ReplayPage { mistakes, ..empty },
            );
        }
        Some(Ok(which)) => which,
    };
    let proposed = d.office.propose_replay(place.shop.id, endpoint.id, which).await;
    let mistake = match proposed {
        Ok(proposal) => {
            let arguments = [
                ("count", proposal.count.into()),
                ("host", empty.host.clone().into()),
            ];
            let text = t.say_with("hooks-replay-confirm", &arguments);
            let proposal = Some((text, proposal, which == Which::Failed));
            return html(&ReplayPage { proposal, ..empty });
        }
        Err(DeliveryError::None) => t.say("hooks-replay-none"),
        Err(DeliveryError::TooMany) => t.say("hooks-replay-too-many"),
        Err(DeliveryError::Endpoint(EndpointError::Off(_))) => t.say("hooks-is-off"),
        Err(error) => return delivery_refused(&place, error),
    };
    let mistakes = Mistakes::one("which", mistake);
    html_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &ReplayPage { mistakes, ..empty },
    )
}

async fn replay(
    State(d): State<Dashboard>,
    place: InShop,
    Path((_, id)): Path<(String, String)>,
    form: Form,
) -> Response {
    let endpoint = match endpoint_of(&d, &place, &id).await {
        Ok(shown) => shown.endpoint,
        Err(failed) => return failed,
    };
    let number = |name: &str| form.get(name).parse().ok().map(DeliveryId::new);
    let (Some(first), Some(last)) = (number("first"), number("last")) else {
        return problem::foreign_form(place.visit.t);
    };
    let proposal = Proposal {
        token: form.get("token").to_owned(),
        first,
        last,
        count: 0,
    };
    let by = place.visit.by(&d.office);
    let done = d
        .office
        .replay_all(by, place.shop.id, endpoint.id, form.has("only_failed"), proposal)
        .await;
    let path = place.path(&format!("webhooks/{}", endpoint.id));
    match done {
        Ok(_) => Flash::new("hooks-replayed-all", path).into_response(),
        Err(DeliveryError::Endpoint(EndpointError::Off(_))) => {
            Flash::new("hooks-is-off", path).into_response()
        }
        Err(DeliveryError::ForeignToken | DeliveryError::TooMany) => problem::foreign_form(place.visit.t),
        Err(error) => delivery_refused(&place, error),
    }
}
