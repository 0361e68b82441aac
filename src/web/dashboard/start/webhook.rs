//! The fifth step: where the shop's backend is told, tried at once; and the key that it calls with.

use crate::web::dashboard::html::html_with;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use super::{Step, StepFrame};
use crate::domain::allowed::AllowedNetworks;
use crate::domain::network::Mode;
use crate::engine::office::endpoints::{EndpointError, EndpointOrder};
use crate::engine::office::keys::NewKey;
use crate::engine::office::posts::{Answer, Fired};
use crate::web::dashboard::{Dashboard, Form, InShop, Mistakes, problem};
use crate::web::text::Language;

pub(super) fn router() -> Router<Dashboard> {
    Router::new().route("/start/{store}/webhook", get(page).post(add))
}

#[derive(Template)]
#[template(path = "dashboard/start/webhook.html")]
struct WebhookPage {
    frame: StepFrame,
    path: String,
    url: String,
    mistakes: Mistakes,
    made: Option<Made>,
}

/// What was made; the only time that secrets are shown.
struct Made {
    /// Name and value, to be copied.
    secrets: Vec<(String, String)>,
    /// Where the shop calls payd.
    base_url: String,
    /// Whether the test arrived, and what came back.
    fired: Option<(bool, String)>,
}

fn render(place: &InShop, url: &str, mistakes: Mistakes, made: Option<Made>) -> Response {
    let status = mistakes.status();
    let page = WebhookPage {
        frame: StepFrame::of(&place.visit, Step::Webhook),
        path: format!("/start/{}", place.shop.id),
        url: url.to_owned(),
        mistakes,
        made,
    };
    html_with(status, &page)
}

async fn page(place: InShop) -> Response {
    render(&place, "", Mistakes::default(), None)
}

async fn add(State(dashboard): State<Dashboard>, place: InShop, form: Form) -> Response {
    let (t, office, url) = (place.visit.t, &dashboard.office, form.get("url"));
    let mut secrets = Vec::new();
    let mut fired = None;
    if !url.is_empty() {
        let order = EndpointOrder {
            url: url.to_owned(),
            format: None,
            key: None,
            events: Vec::new(),
        };
        let made = match office
            .add_endpoint(place.visit.by(office), &place.shop, order)
            .await
        {
            Ok(made) => made,
            Err(error @ EndpointError::Store(_)) => return problem::failed(t, &error),
            Err(error) => {
                let text = t.say_with("start-webhook-refused", &[("reason", error.to_string().into())]);
                return render(&place, url, Mistakes::one("url", text), None);
            }
        };
        if let Some(secret) = made.secret {
            secrets.push((t.say("start-webhook-secret"), secret.to_string()));
        }
        let tried = office
            .test_fire(place.visit.by(office), place.shop.id, made.endpoint.id)
            .await;
        fired = Some(match tried {
            Ok(fired) => (fired.is_received, answer(t, &fired)),
            Err(error) => (false, error.to_string()),
        });
    }
    // Who goes back a page gets no second pair.
    let has_keys = match office.keys(place.shop.id).await {
        Ok(keys) => keys.iter().any(|key| key.revoked_at.is_none()),
        Err(error) => return problem::failed(t, &error),
    };
    for mode in [Mode::Test, Mode::Live].into_iter().filter(|_| !has_keys) {
        let new = NewKey {
            mode,
            is_public: false,
            label: String::new(),
            allowed: AllowedNetworks::default(),
        };
        match office.add_key(place.visit.by(office), place.shop.id, new).await {
            Ok(made) => {
                let name = |what: &str| t.say(&format!("start-{what}-{mode}"));
                secrets.push((name("key"), made.text.to_string()));
                if let Some(secret) = made.secret {
                    secrets.push((name("secret"), secret.to_string()));
                }
            }
            Err(error) => return problem::failed(t, &error),
        }
    }
    let base_url = dashboard
        .settings
        .public_url
        .as_str()
        .trim_end_matches('/')
        .to_owned();
    let made = Made {
        secrets,
        base_url,
        fired,
    };
    render(&place, url, Mistakes::default(), Some(made))
}

fn answer(t: &Language, fired: &Fired) -> String {
    match &fired.answer {
        Answer::Replied { status, .. } => {
            t.say_with("start-webhook-replied", &[("status", status.to_string().into())])
        }
        Answer::TooSlow => t.say("start-webhook-slow"),
        Answer::Failed(reason) => reason.clone(),
    }
}
