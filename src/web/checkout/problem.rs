//! Pages for what went wrong. They say what the customer can do, never what happened inside.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::frame::{Frame, languages};
use super::manner::Manner;
use crate::engine::gateway::GatewayError;
use crate::web::limits::TooMany;
use crate::web::text::Language;

/// Seconds after which a busy payd should be asked again.
const RETRY_AFTER_SECONDS: u16 = 5;

/// What a customer is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    /// There is no such payment.
    NotFound,
    /// The form was not one of ours.
    NotUnderstood,
    /// It may work in a moment.
    Unavailable,
    /// This client has asked for too much; it may ask again after so many seconds.
    TooMany(u16),
}

impl From<TooMany> for Problem {
    fn from(error: TooMany) -> Self {
        Self::TooMany(error.seconds())
    }
}

impl Problem {
    /// What to tell of an engine's refusal.
    pub(super) fn of(error: &GatewayError) -> Self {
        match error {
            GatewayError::NotFound | GatewayError::NotATestPayment => Self::NotFound,
            _ => Self::Unavailable,
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::NotUnderstood => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::NotUnderstood => "not_understood",
            Self::Unavailable => "unavailable",
            Self::TooMany(_) => "too_many_requests",
        }
    }

    /// Seconds after which the same may work.
    const fn retry_after_seconds(self) -> Option<u16> {
        match self {
            Self::NotFound | Self::NotUnderstood => None,
            Self::Unavailable => Some(RETRY_AFTER_SECONDS),
            Self::TooMany(seconds) => Some(seconds),
        }
    }
}

#[derive(Template)]
#[template(path = "checkout/problem.html")]
struct ProblemPage {
    frame: Frame,
    title: String,
    text: String,
    can_retry: bool,
    /// The page that was asked for, by GET.
    retry: String,
}

/// A problem in the design of the checkout page.
///
/// `manner` is how the pages are shown, and `named` what else the URL of what was asked for says: its links say it again.
pub(super) fn page(
    problem: Problem,
    language: &'static Language,
    base: &str,
    manner: &Manner,
    named: &[(&str, &str)],
) -> Response {
    let (title, text) = match problem {
        Problem::NotFound => ("not-found-title", "not-found-text"),
        Problem::NotUnderstood => ("not-understood-title", "not-understood-text"),
        Problem::Unavailable => ("unavailable-title", "unavailable-text"),
        Problem::TooMany(_) => ("too-many-title", "too-many-text"),
    };
    let title = language.say(title);
    let page = ProblemPage {
        frame: Frame {
            // Below the path that was asked for, whatever it was.
            languages: languages(|code| manner.in_language(code).query(named)),
            is_embedded: manner.is_embedded,
            ..Frame::new(language, base, title.clone())
        },
        text: language.say(text),
        can_retry: problem.retry_after_seconds().is_some(),
        retry: manner.query(named),
        title,
    };
    let body = Html(page.render().unwrap_or_default());
    retry_later(problem, (problem.status(), body).into_response())
}

/// A problem for a script.
pub(super) fn json(problem: Problem) -> Response {
    let body = format!("{{\"error\":\"{}\"}}", problem.word());
    let reply = (
        problem.status(),
        [(header::CONTENT_TYPE, "application/json")],
        body,
    );
    retry_later(problem, reply.into_response())
}

/// For a stream that there is no place for. The page polls then.
pub(super) fn no_place() -> Response {
    json(Problem::Unavailable)
}

fn retry_later(problem: Problem, mut reply: Response) -> Response {
    if let Some(seconds) = problem.retry_after_seconds() {
        let headers = reply.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    reply
}
