//! `/widget/frame` and `/widget/create`: what the overlay shows first. Parse, ask, render.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use url::form_urlencoded::Serializer;

use super::order::{Asked, Sale};
use super::refusal::Refusal;
use super::{WidgetState, page};
use crate::domain::status::Status;
use crate::engine::gateway::{GatewayError, PaymentView, WidgetView};
use crate::web::limits::{ClientAddress, Kind};
use crate::web::text::{self, Language};

/// `GET /widget/frame`: checks what is asked for, and goes on by a form of payd's own. Makes nothing.
pub(super) async fn frame(
    State(state): State<WidgetState>,
    client: ClientAddress,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let Ok(Query(asked)) = Query::<Asked>::try_from_uri(&uri) else {
        return not_understood(&state, &headers);
    };
    let looked = match state.limits.check(Kind::Read, client, None) {
        Ok(()) => checked(&state, client, &asked).await,
        Err(too_many) => Err(too_many.into()),
    };
    match looked {
        Ok((view, _)) => {
            let t = language(&asked, &headers, view.caller.shop.language.as_deref());
            page::start(&asked, t, &state.base, &view.widget.origins)
        }
        Err(refusal) => refused(&state, &asked, &headers, &refusal),
    }
}

/// `POST /widget/create`: checks it all again, since nothing says that the form came from the page above, and makes the
/// payment.
pub(super) async fn create(
    State(state): State<WidgetState>,
    client: ClientAddress,
    headers: HeaderMap,
    form: Result<Form<Asked>, FormRejection>,
) -> Response {
    let Ok(Form(asked)) = form else {
        return not_understood(&state, &headers);
    };
    if !is_own_form(&headers) {
        return refused(&state, &asked, &headers, &Refusal::Foreign);
    }
    match made(&state, client, &asked).await {
        Ok(view) => Redirect::to(&next(&state, &asked, &view)).into_response(),
        Err(refusal) => refused(&state, &asked, &headers, &refusal),
    }
}

/// Whether the store's owner allows this page to sell this, and what that is.
async fn checked(
    state: &WidgetState,
    client: ClientAddress,
    asked: &Asked,
) -> Result<(WidgetView, Sale), Refusal> {
    state.limits.check(Kind::LookUp, client, None)?;
    let view = state.gateway.widget(&asked.key, client.ip()).await;
    if matches!(view, Err(GatewayError::Unauthorized)) {
        state.limits.failed(Kind::LookUp, client);
    }
    let view = view?;
    if !view.widget.allows(&asked.origin) {
        return Err(Refusal::Origin {
            origin: shown_origin(&asked.origin),
            store: view.caller.shop.name.clone(),
        });
    }
    let accepted = state.gateway.accepted(&view.caller).await?;
    let sale = Sale::of(asked, &view, accepted.first())?;
    Ok((view, sale))
}

async fn made(state: &WidgetState, client: ClientAddress, asked: &Asked) -> Result<PaymentView, Refusal> {
    state.limits.check(Kind::Creation, client, Some(&asked.key))?;
    let (view, sale) = checked(state, client, asked).await?;
    let created = state.gateway.create(&view.caller, sale.into_request()).await?;
    Ok(created.view)
}

/// Where the customer goes on: to the payment, or to the choice of its currency.
fn next(state: &WidgetState, asked: &Asked, view: &PaymentView) -> String {
    let (base, token) = (&state.base, view.payment.token.as_str());
    let mut query = Serializer::new(String::new());
    let path = match view.payment.status {
        Status::Selecting => {
            query.append_pair("token", token);
            format!("{base}/pay/select")
        }
        _ => format!("{base}/pay/{token}"),
    };
    query
        .append_pair("embed", "1")
        .append_pair("origin", &asked.origin);
    if !asked.lang.is_empty() {
        query.append_pair("lang", &asked.lang);
    }
    format!("{path}?{}", query.finish())
}

/// Whether a browser says that another site's page sent the form. Those that say nothing are let through: they are
/// older than the header, or no browsers, whom no header would keep from anything.
fn is_own_form(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site");
    site.is_none_or(|site| site == "same-origin")
}

/// The language that is asked for, else the browser's, else the shop's.
fn language(asked: &Asked, headers: &HeaderMap, of_shop: Option<&str>) -> &'static Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE);
    let asked = (!asked.lang.is_empty()).then_some(asked.lang.as_str());
    text::choose(asked, accepted.and_then(|value| value.to_str().ok()), of_shop)
}

fn refused(state: &WidgetState, asked: &Asked, headers: &HeaderMap, refusal: &Refusal) -> Response {
    if let Refusal::Engine(GatewayError::Internal(error)) = refusal {
        tracing::error!(%error, "a payment could not be started by the widget");
    }
    let origin = if is_origin(&asked.origin) {
        &asked.origin
    } else {
        ""
    };
    let t = language(asked, headers, None);
    page::refused(refusal, origin, t, &state.base)
}

fn not_understood(state: &WidgetState, headers: &HeaderMap) -> Response {
    refused(state, &Asked::default(), headers, &Refusal::NotUnderstood)
}

/// Whether a text is an origin as browsers write it: what a script may address a message to, and what may stand in a
/// command that somebody pastes.
fn is_origin(text: &str) -> bool {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'/' | b'.' | b'-' | b'[' | b']');
    let parsed = url::Url::parse(text).ok();
    text.bytes().all(is_plain)
        && parsed.is_some_and(|url| {
            matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text
        })
}

/// An origin for the text of a refusal.
fn shown_origin(text: &str) -> String {
    let shown = if is_origin(text) {
        text
    } else {
        "https://your-shop.example"
    };
    shown.to_owned()
}
