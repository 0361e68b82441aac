//! One payment with all that is known of it.

use crate::web::dashboard::html::html;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::shown::{Row, amount, price};
use super::timeline::{Entry, timeline};
use crate::domain::ids::PaymentNumber;
use crate::domain::network::Mode;
use crate::domain::payment::{Mark, Payment};
use crate::domain::status::Status;
use crate::domain::user::Role;
use crate::engine::gateway::Scenario;
use crate::engine::office::OfficeError;
use crate::engine::office::payments::Story;
use crate::web::checkout::{qr, uri};
use crate::web::dashboard::{Dashboard, Frame, InShop, Mistakes, Room, problem};
use crate::web::text::Language;

/// A name and a value.
struct Pair {
    label: String,
    value: String,
    /// Whether it is long and technical.
    is_code: bool,
    /// Of a time, as ISO 8601 has it.
    iso: String,
}

#[derive(Template)]
#[template(path = "dashboard/payments/story.html")]
struct StoryPage {
    frame: Frame,
    base: String,
    /// The path of this page.
    path: String,
    row: Row,
    figures: Vec<Pair>,
    customer: Vec<Pair>,
    metadata: String,
    address: String,
    qr: String,
    checkout: String,
    entries: Vec<Entry>,
    /// What is no longer kept.
    gone: Vec<String>,
    may_act: bool,
    may_cancel: bool,
    marks: Vec<(&'static str, String)>,
    scenarios: Vec<(&'static str, String)>,
    mistakes: Mistakes,
    /// What was typed into the form that was refused.
    typed: String,
}

/// The payment of a path, if it is the store's.
pub(in crate::web::dashboard) async fn find(
    dashboard: &Dashboard,
    place: &InShop,
    number: &str,
) -> Result<Story, Box<Response>> {
    let Some(number) = PaymentNumber::parse(number) else {
        return Err(Box::new(problem::not_found(&place.visit)));
    };
    let found = dashboard.office.payment_story(place.shop.id, &number).await;
    found.map_err(|error| match error {
        OfficeError::NotFound => Box::new(problem::not_found(&place.visit)),
        error => Box::new(problem::failed(place.visit.t, &error)),
    })
}

pub(super) async fn page(
    State(dashboard): State<Dashboard>,
    place: InShop,
    Path((_, number)): Path<(String, String)>,
) -> Response {
    match find(&dashboard, &place, &number).await {
        Ok(story) => render(&dashboard, &place, story, Mistakes::default(), "").into_response(),
        Err(refusal) => *refusal,
    }
}

/// The page again, with what was wrong with a form on it.
pub(super) async fn refused(
    dashboard: &Dashboard,
    place: &InShop,
    number: &str,
    mistakes: Mistakes,
    typed: &str,
) -> Response {
    match find(dashboard, place, number).await {
        Ok(story) => {
            let page = render(dashboard, place, story, mistakes, typed);
            (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
        }
        Err(refusal) => *refusal,
    }
}

/// The address of the page on which a customer pays.
pub(in crate::web::dashboard) fn checkout_url(dashboard: &Dashboard, payment: &Payment) -> String {
    let base = dashboard.settings.public_url.as_str().trim_end_matches('/');
    format!("{base}/pay/{}", payment.token.as_str())
}

fn render(dashboard: &Dashboard, place: &InShop, story: Story, mistakes: Mistakes, typed: &str) -> Response {
    let t = place.visit.t;
    let registry = dashboard.office.registry();
    let base = format!("/stores/{}", place.shop.id);
    let payment = &story.payment;
    let asked = payment.asked();
    let is_open = matches!(payment.status, Status::Pending | Status::Underpaid);
    let code = match (asked.filter(|_| is_open), &story.means) {
        (Some(ask), Some(means)) => {
            let due = ask.due.saturating_sub(payment.progress.seen);
            let uri = uri::payment_uri(&means.network, &means.asset, &ask.address, due);
            qr::svg(&uri.text).unwrap_or_default()
        }
        _ => String::new(),
    };
    let scenarios = (payment.mode == Mode::Test && asked.is_some()).then_some(Scenario::ALL);
    let may_act = place.visit.may(Role::Staff);
    let page = StoryPage {
        path: format!("{base}/payments/{}", payment.number),
        row: Row::new(t, registry, &base, payment),
        figures: figures(dashboard, place, &story),
        customer: customer(place, payment),
        metadata: match payment.order.metadata.as_str() {
            "{}" => String::new(),
            text => text.to_owned(),
        },
        address: asked.map(|ask| ask.address.to_string()).unwrap_or_default(),
        qr: code,
        checkout: checkout_url(dashboard, payment),
        entries: timeline(t, &dashboard.office, &base, &story),
        gone: gone(t, &story),
        may_act,
        may_cancel: may_act && payment.status.is_live() && payment.progress.seen.is_zero(),
        marks: Mark::ALL
            .iter()
            .map(|mark| (mark.word(), t.say(&format!("mark-{mark}"))))
            .collect(),
        scenarios: scenarios
            .unwrap_or_default()
            .iter()
            .map(|scenario| (scenario.word(), t.say(&format!("scenario-{scenario}"))))
            .collect(),
        frame: place.visit.frame(payment.number.to_string(), Room::Payments),
        base,
        mistakes,
        typed: typed.to_owned(),
    };
    html(&page)
}

/// What is no longer kept of a payment, in words.
fn gone(t: &Language, story: &Story) -> Vec<String> {
    let kinds = [
        ("payments-gone-events", story.gone.events),
        ("payments-gone-deliveries", story.gone.deliveries),
        ("payments-gone-attempts", story.gone.attempts),
    ];
    let said = kinds.into_iter().filter_map(|(key, before)| {
        let before = t.moment(before?);
        Some(t.say_with(key, &[("before", before.into())]))
    });
    said.collect()
}

fn figures(dashboard: &Dashboard, place: &InShop, story: &Story) -> Vec<Pair> {
    let (t, registry, payment) = (place.visit.t, dashboard.office.registry(), &story.payment);
    let mut pairs = Pairs { t, pairs: Vec::new() };
    pairs.add("payments-price", price(t, registry, &payment.price));
    if let Some(minor) = payment.usd_cents {
        let usd = crate::domain::money::FiatAmount {
            currency: crate::domain::money::Fiat::Usd,
            minor,
        };
        if payment.price.fiat() != Some(usd) {
            pairs.add("payments-value", t.price(usd));
        }
    }
    if let Some(ask) = payment.asked() {
        let network = registry.network(&ask.network);
        pairs.add("payments-due", amount(registry, ask, ask.due));
        if ask.required < ask.due {
            pairs.add("payments-required", amount(registry, ask, ask.required));
        }
        pairs.add("payments-received", amount(registry, ask, payment.progress.seen));
        pairs.add(
            "payments-settled",
            amount(registry, ask, payment.progress.settled),
        );
        pairs.add(
            "payments-network",
            network.map_or_else(|| ask.network.to_string(), |network| network.name.to_string()),
        );
        pairs.add("payments-rate", rate(story));
        pairs.add("payments-confirmations", ask.confirmations.to_string());
    }
    pairs.add(
        "payments-origin",
        t.say(&format!("payments-origin-{}", payment.origin)),
    );
    for (key, at) in [
        ("payments-made", Some(payment.created_at)),
        ("payments-expires", Some(payment.expires_at)),
        ("payments-paid-at", payment.confirmed_at),
    ] {
        if let Some(at) = at {
            pairs.pairs.push(Pair {
                label: t.say(key),
                value: t.moment(at),
                is_code: false,
                iso: at.rfc3339(),
            });
        }
    }
    pairs.code("payments-uuid", payment.uuid.as_str());
    pairs.code("payments-code", &payment.code.get().to_string());
    pairs.pairs
}

/// What one unit cost, and who said so.
fn rate(story: &Story) -> String {
    let Some(ask) = &story.payment.ask else {
        return String::new();
    };
    let unit = match (&story.payment.price.fiat(), &story.price_asset) {
        (Some(price), _) => price.currency.to_string(),
        (None, Some(asset)) => asset.symbol.to_string(),
        (None, None) => String::new(),
    };
    let symbol = story.means.as_ref().map_or_else(
        || ask.currency.to_string(),
        |means| means.asset.symbol.to_string(),
    );
    format!(
        "1 {symbol} = {} {unit} ({})",
        ask.rate.normalize(),
        ask.rate_source
    )
}

fn customer(place: &InShop, payment: &Payment) -> Vec<Pair> {
    let mut pairs = Pairs {
        t: place.visit.t,
        pairs: Vec::new(),
    };
    let order = &payment.order;
    pairs.add("payments-order", order.external_id.clone());
    pairs.add("payments-description", order.description.clone());
    pairs.add("payments-email", order.customer_email.clone());
    pairs.code("payments-redirect", &order.redirect_url);
    pairs.code("payments-fail-url", &order.fail_url);
    pairs.pairs
}

struct Pairs {
    t: &'static crate::web::text::Language,
    pairs: Vec<Pair>,
}

impl Pairs {
    /// Adds what there is.
    fn add(&mut self, key: &str, value: String) {
        self.push(key, value, false);
    }

    fn code(&mut self, key: &str, value: &str) {
        self.push(key, value.to_owned(), true);
    }

    fn push(&mut self, key: &str, value: String, is_code: bool) {
        if !value.is_empty() {
            self.pairs.push(Pair {
                label: self.t.say(key),
                value,
                is_code,
                iso: String::new(),
            });
        }
    }
}
