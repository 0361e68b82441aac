//! How many confirmations a store's payments need, by network and worth.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::wording::{hundredths, read_hundredths};
use super::{Dashboard, Flash, Form, Frame, InShop, Tab, frame, problem, tabs};
use crate::domain::confirmations::{Tier, Tiers, TiersError};
use crate::engine::office::confirmations::{ConfirmationsError, OfNetwork};
use crate::web::dashboard::html::html_with;

/// Empty lines for more steps.
const SPARE: usize = 2;

#[derive(Template)]
#[template(path = "dashboard/stores/confirmations.html")]
struct ConfirmationsPage {
    frame: Frame,
    tabs: Vec<Tab>,
    networks: Vec<Section>,
}

/// The steps on one network.
struct Section {
    slug: String,
    name: String,
    is_own: bool,
    /// Dollars, and how many from there on.
    steps: Vec<(String, String)>,
    mistake: String,
}

/// What was posted of one network, and what was wrong with it.
struct Refused<'a> {
    slug: &'a str,
    steps: Vec<(String, String)>,
    mistake: String,
}

async fn render(
    dashboard: &Dashboard,
    place: &InShop,
    refused: Option<Refused<'_>>,
) -> Result<Response, ConfirmationsError> {
    let status = match refused {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let networks = dashboard.office.confirmations(place.shop.id).await?;
    let section = |(network, own): OfNetwork| {
        let refused = refused.as_ref().filter(|refused| *refused.slug == *network.slug);
        let in_force = own.as_ref().unwrap_or(&network.confirmations);
        let mut steps: Vec<(String, String)> = match refused {
            Some(refused) => refused.steps.clone(),
            None => in_force.iter().map(shown).collect(),
        };
        let wanted = steps.len().saturating_add(SPARE);
        steps.resize(wanted, Default::default());
        Section {
            slug: network.slug.to_string(),
            name: network.name.to_string(),
            is_own: own.is_some(),
            steps,
            mistake: refused.map(|refused| refused.mistake.clone()).unwrap_or_default(),
        }
    };
    let page = ConfirmationsPage {
        frame: frame(place),
        tabs: tabs(place, "settings/confirmations"),
        networks: networks.into_iter().map(section).collect(),
    };
    Ok(html_with(status, &page))
}

fn shown(tier: Tier) -> (String, String) {
    let from = i64::try_from(tier.from_usd_cents).unwrap_or(i64::MAX);
    (hundredths(from), tier.confirmations.to_string())
}

pub(super) async fn page(State(dashboard): State<Dashboard>, place: InShop) -> Response {
    let page = render(&dashboard, &place, None).await;
    page.unwrap_or_else(|error| problem::failed(place.visit.t, &error))
}

pub(super) async fn save(State(dashboard): State<Dashboard>, place: InShop, form: Form) -> Response {
    let t = place.visit.t;
    let typed: Vec<(String, String)> = form
        .all("from")
        .zip(form.all("confirmations"))
        .filter(|(from, count)| !from.is_empty() || !count.is_empty())
        .map(|(from, count)| (from.to_owned(), count.to_owned()))
        .collect();
    let slug = form.get("network");
    let steps = match form.has("reset") {
        true => Ok(None),
        false => read(&typed).map(Some),
    };
    let mistake = match steps {
        Ok(steps) => {
            let by = place.visit.by(&dashboard.office);
            let set = dashboard.office.set_confirmations(by, place.shop.id, slug, steps);
            match set.await {
                Ok(()) => {
                    return Flash::new("stores-saved", place.path("settings/confirmations")).into_response();
                }
                Err(ConfirmationsError::TooMany { final_depth, .. }) => {
                    t.say_with("confirmations-error-depth", &[("depth", final_depth.into())])
                }
                Err(ConfirmationsError::UnknownNetwork(_)) => return problem::not_found(&place.visit),
                Err(error) => return problem::failed(t, &error),
            }
        }
        Err(None) => t.say("confirmations-error-number"),
        Err(Some(error)) => t.say(match error {
            TiersError::Start => "confirmations-error-start",
            TiersError::Order => "confirmations-error-order",
            TiersError::Fewer => "confirmations-error-fewer",
            TiersError::TooMany => "confirmations-error-many",
            TiersError::Form { .. } | TiersError::Confirmations => "confirmations-error-number",
        }),
    };
    let refused = Refused {
        slug,
        steps: typed,
        mistake,
    };
    let page = render(&dashboard, &place, Some(refused)).await;
    page.unwrap_or_else(|error| problem::failed(t, &error))
}

/// Reads the lines of a form; the error is `None` where one is no number.
fn read(typed: &[(String, String)]) -> Result<Tiers, Option<TiersError>> {
    let tier = |(from, count): &(String, String)| {
        let from = read_hundredths(from).and_then(|cents| u64::try_from(cents).ok());
        Some(Tier {
            from_usd_cents: from?,
            confirmations: count.parse().ok()?,
        })
    };
    let tiers: Option<Vec<Tier>> = typed.iter().map(tier).collect();
    Tiers::new(tiers.ok_or(None)?).map_err(Some)
}
