//! Pages for what went wrong. They say what the customer can do, never what happened inside.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::frame::{Frame, languages};
use crate::engine::gateway::GatewayError;
use crate::web::text::Language;

/// Seconds after which a busy payd should be asked again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// What a customer is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    /// There is no such payment.
    NotFound,
    /// The form was not one of ours.
    NotUnderstood,
    /// It may work in a moment.
    Unavailable,
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
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::NotUnderstood => "not_understood",
            Self::Unavailable => "unavailable",
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
}

/// A problem in the design of the checkout page.
///
/// `link` gives the URL of what was asked for in another language.
pub(super) fn page(
    problem: Problem,
    language: &'static Language,
    base: &str,
    link: impl Fn(&'static str) -> String,
) -> Response {
    let (title, text) = match problem {
        Problem::NotFound => ("not-found-title", "not-found-text"),
        Problem::NotUnderstood => ("not-understood-title", "not-understood-text"),
        Problem::Unavailable => ("unavailable-title", "unavailable-text"),
    };
    let title = language.say(title);
    let page = ProblemPage {
        frame: Frame {
            languages: languages(link),
            ..Frame::new(language, base, title.clone())
        },
        text: language.say(text),
        can_retry: problem == Problem::Unavailable,
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
    if problem == Problem::Unavailable {
        reply.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
    }
    reply
}
