//! What somebody does about a payment: a form each, on its page.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::story::{find, refused};
use crate::domain::ids::{DeliveryId, PaymentNumber, TransferId};
use crate::domain::payment::Mark;
use crate::engine::gateway::{GatewayError, Scenario};
use crate::engine::inbox::InboxError;
use crate::engine::office::deliveries::DeliveryError;
use crate::engine::office::payments::ActError;
use crate::web::dashboard::flash::Flash;
use crate::web::dashboard::{Dashboard, Form, InShop, Mistakes, problem};

/// A form of a payment's page, on its way in.
struct Act {
    dashboard: Dashboard,
    place: InShop,
    /// As it stands in the path.
    text: String,
    number: PaymentNumber,
    form: Form,
}

type Parts = (State<Dashboard>, InShop, Path<(String, String)>, Form);

impl Act {
    fn read((State(dashboard), place, Path((_, text)), form): Parts) -> Result<Self, Box<Response>> {
        match PaymentNumber::parse(&text) {
            Some(number) => Ok(Self {
                dashboard,
                place,
                text,
                number,
                form,
            }),
            None => Err(Box::new(problem::not_found(&place.visit))),
        }
    }

    /// Back to the page, which says what was done; or the page with what was wrong beside the form.
    async fn answer(self, done: Result<(), ActError>, key: &'static str, field: &'static str) -> Response {
        let t = self.place.visit.t;
        let error = match done {
            Ok(()) => {
                let path = self.place.path(&format!("payments/{}", self.number));
                return Flash::new(key, path).into_response();
            }
            Err(error) => error,
        };
        let text = match error {
            ActError::NotFound | ActError::Inbox(InboxError::NotFound { .. }) => {
                return problem::not_found(&self.place.visit);
            }
            ActError::Gateway(GatewayError::NotFound) => return problem::not_found(&self.place.visit),
            ActError::Store(_)
            | ActError::Inbox(InboxError::Engine(_))
            | ActError::Gateway(GatewayError::Internal(_)) => return problem::failed(t, &error),
            ActError::Reason | ActError::Inbox(InboxError::Reason) => t.say("payments-reason-missing"),
            ActError::Gateway(GatewayError::NotCancellable { .. }) => t.say("payments-not-cancellable"),
            ActError::Gateway(error) => error.to_string(),
            ActError::Inbox(error) => error.to_string(),
        };
        let mistakes = Mistakes::one(field, text);
        let typed = self.form.get("reason").to_owned();
        refused(&self.dashboard, &self.place, &self.text, mistakes, &typed).await
    }
}

macro_rules! read {
    ($parts:expr) => {
        match Act::read($parts) {
            Ok(act) => act,
            Err(refusal) => return *refusal,
        }
    };
}

pub(super) async fn cancel(
    dashboard: State<Dashboard>,
    place: InShop,
    path: Path<(String, String)>,
    form: Form,
) -> Response {
    let act = read!((dashboard, place, path, form));
    let office = &act.dashboard.office;
    let (by, shop, why) = (
        act.place.visit.by(office),
        act.place.shop.id,
        act.form.get("reason"),
    );
    // By hand in a browser, a reason is always asked for.
    let done = if why.is_empty() {
        Err(ActError::Reason)
    } else {
        office.cancel_payment(by, shop, &act.number, why).await
    };
    act.answer(done, "payments-done-cancelled", "cancel").await
}

pub(super) async fn accept(
    dashboard: State<Dashboard>,
    place: InShop,
    path: Path<(String, String)>,
    form: Form,
) -> Response {
    let act = read!((dashboard, place, path, form));
    let office = &act.dashboard.office;
    let (by, shop, why) = (
        act.place.visit.by(office),
        act.place.shop.id,
        act.form.get("reason"),
    );
    let done = match act.form.get("transfer").parse().map(TransferId::new) {
        Ok(transfer) => office.accept_late(by, shop, &act.number, transfer, why).await,
        Err(_) => Err(ActError::NotFound),
    };
    act.answer(done, "payments-done-accepted", "accept").await
}

pub(super) async fn note(
    dashboard: State<Dashboard>,
    place: InShop,
    path: Path<(String, String)>,
    form: Form,
) -> Response {
    let act = read!((dashboard, place, path, form));
    let office = &act.dashboard.office;
    let (by, shop, why) = (
        act.place.visit.by(office),
        act.place.shop.id,
        act.form.get("reason"),
    );
    let done = match act.form.get("mark").parse::<Mark>() {
        Ok(mark) => office.note_payment(by, shop, &act.number, mark, why).await,
        Err(_) => Err(ActError::Reason),
    };
    act.answer(done, "payments-done-noted", "note").await
}

pub(super) async fn replay(
    dashboard: State<Dashboard>,
    place: InShop,
    path: Path<(String, String)>,
    form: Form,
) -> Response {
    let act = read!((dashboard, place, path, form));
    let story = match find(&act.dashboard, &act.place, &act.text).await {
        Ok(story) => story,
        Err(refusal) => return *refusal,
    };
    let id = act.form.get("delivery").parse().map(DeliveryId::new);
    // What was told of another payment is not this page's to repeat.
    let own = story.sent.iter().find(|sent| Ok(sent.delivery.id) == id);
    let Some(delivery) = own.map(|sent| &sent.delivery) else {
        return problem::not_found(&act.place.visit);
    };
    let (t, office) = (act.place.visit.t, &act.dashboard.office);
    let (by, shop, token) = (
        act.place.visit.by(office),
        act.place.shop.id,
        act.form.get("token"),
    );
    match office
        .replay(by, shop, delivery.endpoint, delivery.id, token)
        .await
    {
        Ok(_) => Flash::new(
            "payments-done-replayed",
            act.place.path(&format!("payments/{}", act.number)),
        )
        .into_response(),
        Err(error @ (DeliveryError::Store(_) | DeliveryError::NoRandomness(_))) => problem::failed(t, &error),
        Err(_) => {
            let mistakes = Mistakes::one("replay", t.say("payments-endpoint-off"));
            refused(&act.dashboard, &act.place, &act.text, mistakes, "").await
        }
    }
}

pub(super) async fn simulate(
    dashboard: State<Dashboard>,
    place: InShop,
    path: Path<(String, String)>,
    form: Form,
) -> Response {
    let act = read!((dashboard, place, path, form));
    let office = &act.dashboard.office;
    let done = match act.form.get("scenario").parse::<Scenario>() {
        Ok(scenario) => office.simulate(act.place.shop.id, &act.number, scenario).await,
        Err(_) => Err(ActError::NotFound),
    };
    act.answer(done, "payments-done-simulated", "simulate").await
}
