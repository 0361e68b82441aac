//! The handlers: parse, one or two calls, render.

use std::collections::HashMap;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::DonateState;
use super::call::{Denied, make, view_of};
use super::gift::{Sent, SentAmount, typed_digits};
use super::look::Look;
use super::page::{self, Field, Mistake, OWN, Problem, Rendered, Shown, Typed};
use super::wire::{self, CreateBody, Data, Reply};
use crate::engine::gateway::{DonationView, GatewayError};
use crate::web::answer;
use crate::web::api::body::{self, BodyError};
use crate::web::limits::ClientAddress;
use crate::web::text::Language;

/// Room for the longest message, of which each character can take twelve bytes in a form.
const BODY_BYTES_MAX: usize = 32 * 1024;

/// `GET /donate/{api_key}`
pub(super) async fn page(
    State(state): State<DonateState>,
    client: ClientAddress,
    Path(api_key): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let visit = Visit {
        look: Look::of_query(uri.query()),
        accepts: accept_language(&headers),
        typed: Typed::default(),
        api_key,
        client,
        state,
    };
    match visit.view().await {
        Ok(view) => visit.form(&view, StatusCode::OK, None),
        Err(denied) => visit.problem(&denied),
    }
}

/// `POST /donate/create`: JSON is answered in JSON, the page's form with a page.
///
/// Which of the two it is, the first byte says, whatever the kind that the browser or program names: a form cannot begin
/// with a brace. No credentials are involved, so that another site can do no more here than any visitor.
pub(super) async fn create(
    State(state): State<DonateState>,
    client: ClientAddress,
    request: Request<Body>,
) -> Response {
    let (head, body) = request.into_parts();
    let is_form = is_form(&head.headers);
    let bytes = match body::read(body, BODY_BYTES_MAX).await {
        Ok(bytes) => bytes,
        Err(error) if is_form => return Visit::of_form(state, client, &[], &head.headers).not_read(error),
        Err(error) => return not_read(error),
    };
    if is_form && !wire::is_object(&bytes) {
        Visit::of_form(state, client, &bytes, &head.headers).give().await
    } else {
        give(&state, client, &bytes).await
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| {
        kind.to_ascii_lowercase()
            .starts_with("application/x-www-form-urlencoded")
    })
}

fn accept_language(headers: &HeaderMap) -> Option<String> {
    let header = headers.get(header::ACCEPT_LANGUAGE)?;
    header.to_str().ok().map(str::to_owned)
}

// --- For programs

async fn give(state: &DonateState, client: ClientAddress, bytes: &[u8]) -> Response {
    let body = match CreateBody::read(bytes) {
        Ok(body) => body,
        Err(error) => return answer::json(StatusCode::BAD_REQUEST, &Reply::refused(error)),
    };
    let (api_key, sent) = body.into_sent();
    let view = match view_of(state, client, &api_key).await {
        Ok(view) => view,
        Err(denied) => return refused(&denied),
    };
    let gift = match sent.read(&view.accepted) {
        Ok(gift) => gift,
        Err(refusal) => return answer::json(StatusCode::BAD_REQUEST, &Reply::refused(refusal.to_string())),
    };
    let made = match make(state, client, &api_key, &view, gift).await {
        Ok(made) => made,
        Err(denied) => return refused(&denied),
    };
    match Data::of(&made, &view.accepted, &state.public_url) {
        Ok(data) => answer::json(StatusCode::OK, &Reply::Made { success: true, data }),
        Err(error) => {
            tracing::error!(%error, "a donation could not be written as JSON");
            answer::json(
                StatusCode::INTERNAL_SERVER_ERROR,
                &Reply::refused("internal error"),
            )
        }
    }
}

fn refused(denied: &Denied) -> Response {
    let status = match denied {
        Denied::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        Denied::Gateway(GatewayError::Unauthorized) => StatusCode::UNAUTHORIZED,
        Denied::Gateway(GatewayError::NotOpen(_) | GatewayError::Disabled) => StatusCode::FORBIDDEN,
        Denied::Gateway(GatewayError::NotFound) => StatusCode::NOT_FOUND,
        Denied::Gateway(GatewayError::Internal(_)) => {
            log(denied);
            StatusCode::INTERNAL_SERVER_ERROR
        }
        denied if denied.is_passing() => StatusCode::SERVICE_UNAVAILABLE,
        Denied::Gateway(_) => StatusCode::BAD_REQUEST,
    };
    let text = match denied {
        Denied::Gateway(GatewayError::Unauthorized) => "api_key is missing or invalid".to_owned(),
        denied => denied.to_string(),
    };
    denied.tell_when(answer::json(status, &Reply::refused(text)))
}

fn log(denied: &Denied) {
    tracing::error!(
        error = denied as &dyn std::error::Error,
        "a donation could not be made"
    );
}

fn not_read(error: BodyError) -> Response {
    answer::json(status_of(error), &Reply::refused(error.to_string()))
}

const fn status_of(error: BodyError) -> StatusCode {
    match error {
        BodyError::TooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        BodyError::Broken => StatusCode::BAD_REQUEST,
    }
}

// --- For people

/// Somebody at the page.
struct Visit {
    state: DonateState,
    client: ClientAddress,
    api_key: String,
    look: Look,
    accepts: Option<String>,
    typed: Typed,
}

impl Visit {
    /// What the page's form says.
    fn of_form(state: DonateState, client: ClientAddress, bytes: &[u8], headers: &HeaderMap) -> Self {
        let mut look = Look::default();
        let mut fields: HashMap<String, String> = HashMap::new();
        for (name, value) in url::form_urlencoded::parse(bytes) {
            if !look.take(&name, &value) {
                fields
                    .entry(name.into_owned())
                    .or_insert_with(|| value.into_owned());
            }
        }
        let mut field = |name: &str| fields.remove(name).unwrap_or_default();
        Self {
            state,
            client,
            api_key: field("api_key"),
            typed: Typed {
                preset: field("preset"),
                own: field("own"),
                currency: field("currency"),
                name: field("donor_name"),
                message: field("donor_message"),
            },
            accepts: accept_language(headers),
            look,
        }
    }

    async fn view(&self) -> Result<DonationView, Denied> {
        view_of(&self.state, self.client, &self.api_key).await
    }

    fn language(&self, view: Option<&DonationView>) -> &'static Language {
        let store = view.and_then(|view| view.caller.shop.language.as_deref());
        self.look.language(self.accepts.as_deref(), store)
    }

    async fn give(self) -> Response {
        let view = match self.view().await {
            Ok(view) => view,
            Err(denied) => return self.problem(&denied),
        };
        let t = self.language(Some(&view));
        let gift = match self.sent(&view).read(&view.accepted) {
            Ok(gift) => gift,
            Err(refusal) => {
                let mistake = Mistake::of(&refusal, t, &view);
                return self.form(&view, StatusCode::UNPROCESSABLE_ENTITY, Some(&mistake));
            }
        };
        match make(&self.state, self.client, &self.api_key, &view, gift).await {
            Ok(made) => {
                let (base, token) = (&self.state.base, &made.payment.token);
                Redirect::to(&format!("{base}/pay/{}{}", token.as_str(), self.look.onward(t))).into_response()
            }
            Err(denied) => self.not_made(&view, &denied),
        }
    }

    fn sent(&self, view: &DonationView) -> Sent {
        let digits = match self.typed.preset.as_str() {
            OWN | "" => typed_digits(&self.typed.own),
            preset => preset.to_owned(),
        };
        let currency = view.page.fiat.word().to_owned();
        Sent {
            amount: if digits.is_empty() {
                SentAmount::Missing
            } else {
                SentAmount::Fiat { digits, currency }
            },
            currency: self.typed.currency.clone(),
            donor_name: self.typed.name.clone(),
            donor_message: self.typed.message.clone(),
        }
    }

    /// The page again, with what was typed.
    fn not_made(&self, view: &DonationView, denied: &Denied) -> Response {
        let t = self.language(Some(view));
        let (status, text, field) = match denied {
            Denied::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "too-many-text", Field::None),
            Denied::Gateway(GatewayError::AmountTooLarge) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "donate-error-large",
                Field::Amount,
            ),
            Denied::Gateway(GatewayError::NotAccepted { .. }) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "donate-error-currency",
                Field::Currency,
            ),
            Denied::Gateway(_) => {
                if !denied.is_passing() {
                    log(denied);
                }
                (
                    StatusCode::SERVICE_UNAVAILABLE,
                    "donate-error-unavailable",
                    Field::None,
                )
            }
        };
        let mistake = Mistake {
            text: t.say(text),
            field,
        };
        denied.tell_when(self.form(view, status, Some(&mistake)))
    }

    fn form(&self, view: &DonationView, status: StatusCode, mistake: Option<&Mistake>) -> Response {
        let shown = Shown {
            view,
            api_key: &self.api_key,
            look: &self.look,
            language: self.language(Some(view)),
            base: &self.state.base,
            typed: &self.typed,
            mistake,
        };
        respond(status, page::page(&shown))
    }

    fn problem(&self, denied: &Denied) -> Response {
        let (status, problem) = match denied {
            Denied::Gateway(GatewayError::Unauthorized | GatewayError::NotFound) => {
                (StatusCode::NOT_FOUND, Problem::NotFound)
            }
            Denied::Gateway(GatewayError::NotOpen(_) | GatewayError::Disabled) => {
                (StatusCode::NOT_FOUND, Problem::Closed)
            }
            Denied::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, Problem::TooMany),
            Denied::Gateway(_) => (StatusCode::SERVICE_UNAVAILABLE, Problem::Unavailable),
        };
        denied.tell_when(self.page_of(status, problem))
    }

    fn not_read(&self, error: BodyError) -> Response {
        self.page_of(status_of(error), Problem::NotUnderstood)
    }

    fn page_of(&self, status: StatusCode, problem: Problem) -> Response {
        respond(
            status,
            page::problem(
                problem,
                self.language(None),
                &self.state.base,
                &self.api_key,
                &self.look,
            ),
        )
    }
}

fn respond(status: StatusCode, page: Rendered) -> Response {
    let mut response = (status, Html(page.html)).into_response();
    if let Ok(policy) = HeaderValue::from_str(&page.content_policy) {
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
