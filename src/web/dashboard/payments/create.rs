//! A payment that somebody in the shop asks for: a link to send, an invoice to print.

use crate::web::dashboard::html::html_with;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use sha2::{Digest as _, Sha256};

use super::filter::{decimal, money};
use crate::domain::money::{BaseUnits, Fiat};
use crate::domain::network::Mode;
use crate::domain::payment::Order;
use crate::domain::price::Price;
use crate::engine::gateway::{Caller, CreateRequest, Created, GatewayError, Idempotency, PayWith};
use crate::web::dashboard::{Dashboard, Form, Frame, InShop, Mistakes, Room, problem};
use crate::web::text::Language;

/// Characters of what is kept along with a payment.
const TEXT_MAX: usize = 255;

/// Something to pay with.
pub(in crate::web::dashboard) struct Choice {
    pub(in crate::web::dashboard) code: String,
    pub(in crate::web::dashboard) label: String,
    pub(in crate::web::dashboard) is_chosen: bool,
}

#[derive(Template)]
#[template(path = "dashboard/payments/new.html")]
struct NewPage {
    frame: Frame,
    path: String,
    /// What makes a form that is sent twice one payment.
    once: String,
    amount: String,
    currencies: Vec<Choice>,
    choices: Vec<Choice>,
    modes: Vec<Choice>,
    description: String,
    order_id: String,
    email: String,
    mistakes: Mistakes,
}

/// What a store accepts, of real money and of simulated chains, in the order in which customers are offered it.
pub(in crate::web::dashboard) async fn choices(
    dashboard: &Dashboard,
    place: &InShop,
    chosen: &str,
) -> Result<Vec<Choice>, GatewayError> {
    let mut all: Vec<Choice> = Vec::new();
    for mode in [Mode::Live, Mode::Test] {
        for means in dashboard.gateway.accepted(&caller(place, mode)).await? {
            if all.iter().all(|known| known.code != means.code) {
                all.push(Choice {
                    label: format!("{} · {}", means.asset.symbol, means.network.name),
                    is_chosen: means.code == chosen,
                    code: means.code,
                });
            }
        }
    }
    Ok(all)
}

fn caller(place: &InShop, mode: Mode) -> Caller {
    Caller {
        shop: Arc::new(place.shop.clone()),
        mode,
        key: None,
    }
}

pub(super) async fn page(State(dashboard): State<Dashboard>, place: InShop) -> Response {
    render(&dashboard, &place, &Form::default(), Mistakes::default()).await
}

async fn render(dashboard: &Dashboard, place: &InShop, form: &Form, mistakes: Mistakes) -> Response {
    let t = place.visit.t;
    let choices = match choices(dashboard, place, form.get("pay_with")).await {
        Ok(choices) => choices,
        Err(error) => return problem::failed(t, &error),
    };
    let status = mistakes.status();
    let typed = form.get("currency");
    let currencies = currencies(&choices, place.shop.fiat, typed);
    let mode = form.get("mode").parse().unwrap_or(place.shop.mode);
    let page = NewPage {
        frame: place.visit.frame(t.say("payments-new-title"), Room::Payments),
        path: place.path("payments/new"),
        once: once(dashboard, place, form),
        amount: form.get("amount").to_owned(),
        currencies,
        modes: Mode::ALL
            .iter()
            .filter(|mode| place.shop.admit(**mode).is_ok())
            .map(|word| Choice {
                code: word.to_string(),
                label: t.say(&format!("payments-mode-{word}")),
                is_chosen: *word == mode,
            })
            .collect(),
        choices,
        description: form.get("description").to_owned(),
        order_id: form.get("order_id").to_owned(),
        email: form.get("email").to_owned(),
        mistakes,
    };
    html_with(status, &page)
}

/// The store's own currency, the other ones, and what the store accepts.
fn currencies(accepted: &[Choice], own: Fiat, chosen: &str) -> Vec<Choice> {
    let others = Fiat::ALL.iter().filter(|fiat| **fiat != own);
    let fiats = std::iter::once(&own).chain(others);
    let fiats = fiats.map(|fiat| (fiat.word().to_owned(), format!("{fiat} · {}", fiat.name())));
    let assets = accepted
        .iter()
        .map(|choice| (choice.code.clone(), choice.label.clone()));
    fiats
        .chain(assets)
        .map(|(code, label)| Choice {
            is_chosen: code == chosen,
            code,
            label,
        })
        .collect()
}

fn once(dashboard: &Dashboard, place: &InShop, form: &Form) -> String {
    let kept = form.get("once");
    if !kept.is_empty() && kept.len() <= 100 && kept.bytes().all(|byte| byte.is_ascii_graphic()) {
        return kept.to_owned();
    }
    let (session, now) = (place.visit.session.id, dashboard.office.now().get());
    format!("form-{session}-{now}")
}

/// What a form asks for.
pub(in crate::web::dashboard) struct Asked {
    pub(in crate::web::dashboard) mode: Mode,
    pub(in crate::web::dashboard) request: CreateRequest,
}

impl Asked {
    /// Reads a form.
    pub(in crate::web::dashboard) fn read(
        dashboard: &Dashboard,
        place: &InShop,
        form: &Form,
    ) -> Result<Self, Mistakes> {
        let t = place.visit.t;
        let mut mistakes = Mistakes::default();
        let mode = form.get("mode").parse().unwrap_or(place.shop.mode);
        let price = read_price(dashboard, mode, form.get("amount"), form.get("currency"));
        let pay_with = match form.get("pay_with") {
            "" => PayWith::Accepted,
            code => match dashboard.gateway.means_by_code(mode, code) {
                Some(means) => PayWith::asset(&*means.network.slug, means.asset.currency.as_str()),
                None => {
                    mistakes.add("pay_with", t.say("payments-coin-unknown"));
                    PayWith::Accepted
                }
            },
        };
        let email = form.get("email");
        if !email.is_empty() && !email.contains('@') {
            mistakes.add("email", t.say("payments-email-wrong"));
        }
        for field in ["description", "order_id", "email"] {
            let text = form.get(field);
            if text.chars().count() > TEXT_MAX || text.chars().any(char::is_control) {
                mistakes.add(field, t.say("payments-text-wrong"));
            }
        }
        let price = price.unwrap_or_else(|| {
            mistakes.add("amount", t.say("payments-amount-wrong"));
            crate::domain::money::FiatAmount {
                currency: Fiat::Usd,
                minor: 0,
            }
            .into()
        });
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let request = CreateRequest {
            order: Order {
                external_id: form.get("order_id").to_owned(),
                customer_email: email.to_owned(),
                description: form.get("description").to_owned(),
                metadata: "{}".to_owned(),
                ..Order::default()
            },
            idempotency: idempotency(form),
            ..CreateRequest::new(price, pay_with)
        };
        Ok(Self { mode, request })
    }

    /// Makes the payment.
    pub(in crate::web::dashboard) async fn make(
        self,
        dashboard: &Dashboard,
        place: &InShop,
    ) -> Result<Created, GatewayError> {
        let office = &dashboard.office;
        let by = place.visit.by(office);
        office
            .create_payment(by, &caller(place, self.mode), self.request)
            .await
    }
}

fn read_price(dashboard: &Dashboard, mode: Mode, amount: &str, currency: &str) -> Option<Price> {
    if let Ok(fiat) = currency.parse::<Fiat>() {
        let price = money(amount, fiat).filter(|price| price.minor > 0)?;
        return Some(price.into());
    }
    let means = dashboard.gateway.means_by_code(mode, currency)?;
    let amount = BaseUnits::from_decimal(&decimal(amount)?, means.asset.decimals).ok()?;
    (!amount.is_zero()).then(|| Price::Asset {
        network: means.network.id.clone(),
        currency: means.asset.currency.clone(),
        amount,
    })
}

/// A form that is sent twice makes one payment; one that was changed meanwhile is refused. What a shop's own calls are kept
/// under holds no blank, so that none of them can be taken for a form.
fn idempotency(form: &Form) -> Option<Idempotency> {
    let key = form.get("once");
    let is_key = (1..=100).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    let fields = [
        "mode",
        "amount",
        "currency",
        "pay_with",
        "description",
        "order_id",
        "email",
    ];
    let mut hash = Sha256::new();
    for field in fields {
        hash.update(form.get(field).as_bytes());
        hash.update([0]);
    }
    is_key.then(|| Idempotency {
        key: format!("form {key}"),
        body_hash: hash.finalize().into(),
    })
}

/// What a refusal says, where it is not payd's own fault.
pub(in crate::web::dashboard) fn refusal(t: &Language, error: GatewayError) -> Result<String, GatewayError> {
    match error {
        GatewayError::Internal(_) => Err(error),
        GatewayError::AllAddressesHeld => Ok(t.say("payments-no-address-free")),
        GatewayError::NoRate { .. } => Ok(t.say("payments-no-rate")),
        GatewayError::AmountTooLarge => Ok(t.say("payments-amount-wrong")),
        error => Ok(error.to_string()),
    }
}

pub(super) async fn create(State(dashboard): State<Dashboard>, place: InShop, form: Form) -> Response {
    let t = place.visit.t;
    let asked = match Asked::read(&dashboard, &place, &form) {
        Ok(asked) => asked,
        Err(mistakes) => return render(&dashboard, &place, &form, mistakes).await,
    };
    match asked.make(&dashboard, &place).await {
        Ok(created) => {
            let path = place.path(&format!("payments/{}/link", created.view.payment.number));
            Redirect::to(&path).into_response()
        }
        Err(error) => match refusal(t, error) {
            Ok(text) => render(&dashboard, &place, &form, Mistakes::one("amount", text)).await,
            Err(error) => problem::failed(t, &error),
        },
    }
}
