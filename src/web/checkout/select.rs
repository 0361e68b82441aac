//! Where a customer chooses the currency to pay in: each with what the price comes to at this moment.

use askama::Template;
use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::{Html, Response};
use fluent_bundle::FluentValue;
use serde::Deserialize;

use super::base_path;
use super::figure::of_asset;
use super::frame::{Frame, Head, Refresh};
use super::framing::Told;
use super::handlers::token;
use super::page::{Countdown, Shown};
use super::problem::Problem;
use super::view::{Snapshot, Stage};
use super::visit::{Found, Visit};
use crate::domain::network::Mode;
use crate::engine::gateway::{Choice, GatewayError, PaymentView};
use crate::web::text::Language;

/// How long the amounts of a page stand.
const REFRESH_SECONDS: u32 = 30;

/// The form that chooses.
#[derive(Debug, Deserialize)]
pub(super) struct Choosing {
    token: String,
    code: String,
}

/// `GET /pay/select?token=..`
pub(super) async fn page(visit: Visit) -> Response {
    match visit.find().await {
        Ok(found) if is_open(&visit, &found.view) => offer(&visit, &found, None).await,
        Ok(found) => visit.to_page(&found),
        Err(refusal) => refusal,
    }
}

/// `POST /pay/select`. Who comes too late, or second, is shown what has become of the payment.
pub(super) async fn choose(mut visit: Visit, form: Result<Form<Choosing>, FormRejection>) -> Response {
    let Ok(Form(form)) = form else {
        return visit.problem(Problem::NotUnderstood);
    };
    let found = match visit.find_token(form.token).await {
        Ok(found) => found,
        Err(refusal) => return refusal,
    };
    if let Err(error) = visit.may_choose() {
        return found.framed(visit.problem(error.into()));
    }
    match visit.state.payments.choose(&token(&found), &form.code).await {
        Ok(_) => visit.to_page(&found),
        Err(error) => refused(&visit, &found, &form.code, &error).await,
    }
}

/// Whether there is still something to choose.
fn is_open(visit: &Visit, view: &PaymentView) -> bool {
    Stage::of(view, visit.state.clock.now()) == Stage::Selecting
}

/// Says why a choice came to nothing, and offers the others.
async fn refused(visit: &Visit, found: &Found, code: &str, error: &GatewayError) -> Response {
    let (status, key) = match error {
        GatewayError::AllAddressesHeld => (StatusCode::CONFLICT, "select-held"),
        GatewayError::NoRate { .. } => (StatusCode::CONFLICT, "select-rate-missing"),
        GatewayError::NotAccepted { .. }
        | GatewayError::NotWatched { .. }
        | GatewayError::NotReadYet { .. }
        | GatewayError::NoAddress { .. }
        | GatewayError::AmountTooLarge => (StatusCode::CONFLICT, "select-not-offered"),
        GatewayError::Busy => (StatusCode::SERVICE_UNAVAILABLE, "select-busy"),
        error => return found.framed(visit.problem(Problem::of(error))),
    };
    offer(visit, found, Some(Refusal { status, key, code })).await
}

/// A choice that came to nothing.
struct Refusal<'a> {
    status: StatusCode,
    key: &'static str,
    code: &'a str,
}

async fn offer(visit: &Visit, found: &Found, refusal: Option<Refusal<'_>>) -> Response {
    let choices = match visit.state.payments.choices(&found.view).await {
        Ok(choices) => choices,
        Err(GatewayError::NothingAccepted) => Vec::new(),
        Err(error) => return found.framed(visit.problem(Problem::of(&error))),
    };
    let notice = refusal
        .as_ref()
        .map(|refusal| why(found.language, &choices, refusal));
    let status = refusal.map_or(StatusCode::OK, |refusal| refusal.status);
    let shown = visit.shown(found, notice.as_deref());
    found.framed((status, Html(select_page(&found.view, &choices, &shown))))
}

fn why(t: &Language, choices: &[Choice], refusal: &Refusal<'_>) -> String {
    let is_meant = |choice: &&Choice| choice.means.code.eq_ignore_ascii_case(refusal.code);
    let Some(choice) = choices.iter().find(is_meant) else {
        return t.say("select-unknown");
    };
    let arguments = [
        ("symbol", FluentValue::from(&*choice.means.asset.symbol)),
        ("network", FluentValue::from(&*choice.means.network.name)),
    ];
    t.say_with(refusal.key, &arguments)
}

#[derive(Template)]
#[template(path = "checkout/select.html")]
struct SelectPage<'a> {
    frame: Frame,
    t: &'static Language,
    head: Head,
    title: String,
    stage: Stage,
    countdown: Countdown,
    choices: Vec<Offered>,
    token: &'a str,
    action: String,
    page_path: String,
    path: String,
    snapshot: String,
    told: Option<String>,
    now: i64,
    refresh_seconds: u32,
    number: &'a str,
    created: String,
    /// Said where there is nothing to choose from.
    nothing: String,
    is_test: bool,
    notice: Option<&'a str>,
}

/// Something to choose.
struct Offered {
    code: String,
    symbol: String,
    network: String,
    /// What stands for it, for those who know it by its sign.
    coin: Coin,
    /// `None` while nobody knows the rate.
    amount: Option<String>,
}

/// What a currency is known by at a glance: a sign drawn for it, or the first letter of its symbol.
enum Coin {
    Bitcoin,
    Litecoin,
    Ether,
    Tether,
    Dollar,
    Bnb,
    Tron,
    Other(String),
}

impl Coin {
    fn of(symbol: &str) -> Self {
        match symbol {
            "BTC" => Self::Bitcoin,
            "LTC" => Self::Litecoin,
            "ETH" => Self::Ether,
            "USDT" => Self::Tether,
            "USDC" => Self::Dollar,
            "BNB" => Self::Bnb,
            "TRX" => Self::Tron,
            other => Self::Other(other.chars().take(1).flat_map(char::to_uppercase).collect()),
        }
    }

    /// The word for style sheets.
    const fn word(&self) -> &'static str {
        match self {
            Self::Bitcoin => "bitcoin",
            Self::Litecoin => "litecoin",
            Self::Ether => "ether",
            Self::Tether => "tether",
            Self::Dollar => "dollar",
            Self::Bnb => "bnb",
            Self::Tron => "tron",
            Self::Other(_) => "other",
        }
    }
}

impl Offered {
    fn of(choice: &Choice) -> Self {
        let (asset, network) = (&choice.means.asset, &choice.means.network);
        Self {
            code: choice.means.code.clone(),
            symbol: asset.symbol.to_string(),
            network: network.name.to_string(),
            coin: Coin::of(&asset.symbol),
            amount: choice.amount.map(|amount| of_asset(asset, amount)),
        }
    }
}

/// The page of a payment whose currency is to be chosen.
pub(super) fn select_page(view: &PaymentView, choices: &[Choice], shown: &Shown<'_>) -> String {
    let (t, payment) = (shown.language, &view.payment);
    let (base, token) = (base_path(shown.public_url), payment.token.as_str());
    let title = t.say("select-title");
    let page_path = format!("{base}/pay/select{}", shown.manner.query(&[("token", token)]));
    let mut frame = Frame::of_payment(view, shown, format!("{title} · {}", view.shop.name), |manner| {
        format!("{base}/pay/select{}", manner.query(&[("token", token)]))
    });
    // A page that answers a form is not sent again: it goes on where it could have come from.
    frame.refresh = Some(Refresh {
        seconds: REFRESH_SECONDS,
        url: page_path.clone(),
    });
    let page = SelectPage {
        told: frame.parent.is_some().then(|| Told::of(view).to_json()),
        frame,
        t,
        head: Head::of(t, view),
        title,
        stage: Stage::Selecting,
        countdown: Countdown::of(payment.created_at, payment.expires_at, shown.now),
        choices: choices.iter().map(Offered::of).collect(),
        token,
        action: format!("{base}/pay/select{}", shown.manner.query(&[])),
        page_path,
        path: format!("{base}/pay/{token}"),
        snapshot: Snapshot::of(view, shown.now).to_json(),
        now: shown.now.get(),
        refresh_seconds: REFRESH_SECONDS,
        number: payment.number.as_str(),
        created: t.moment(payment.created_at),
        nothing: t.say_with("select-none", &[("shop", view.shop.name.as_str().into())]),
        is_test: payment.mode == Mode::Test,
        notice: shown.notice,
    };
    page.render().unwrap_or_default()
}

#[cfg(test)]
mod tests;
