//! How a store wants its customers' pages to look: its logo and its colour under paths of payd's own, its texts.
//!
//! Logo and colour are in their paths, so that a browser keeps them for ever, and the pages' strict policy lets them
//! through as files of the same origin.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::colour::Colour;
use crate::domain::shop::Shop;
use crate::engine::gateway::{Gateway, GatewayError};

/// What is under a path never changes.
const KEEP_FOR_EVER: &str = "public, max-age=31536000, immutable";

/// A picture alone in a window runs nothing and loads nothing.
const PICTURE_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox");

/// A store's looks, as its pages show them.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Look {
    /// The URL of the picture.
    pub(in crate::web) logo: Option<String>,
    /// What stands for a store without one: the first letter of its name.
    pub(in crate::web) monogram: String,
    /// The URL of the style sheet of its colour.
    pub(in crate::web) style: Option<String>,
    /// One line below its name.
    pub(in crate::web) tagline: String,
    /// What to do when something is wrong.
    pub(in crate::web) help_text: String,
    /// Where help is to be had.
    pub(in crate::web) help_url: String,
}

impl Look {
    /// Those of a store, below the path `base`.
    pub(in crate::web) fn of(shop: &Shop, base: &str) -> Self {
        let brand = &shop.brand;
        let logo = brand.logo.as_ref();
        Self {
            logo: logo.map(|logo| format!("{base}/brand/{}.{}", logo.hash, logo.kind)),
            monogram: monogram(&shop.name),
            style: Colour::parse(&brand.colour).map(|colour| format!("{base}/brand/{}.css", colour.digits())),
            tagline: brand.tagline.clone(),
            help_text: brand.help_text.clone(),
            // It was checked when it was set; a database that others have written to is no reason to send customers astray.
            help_url: match brand.help_url.starts_with("https://") {
                true => brand.help_url.clone(),
                false => String::new(),
            },
        }
    }

    /// For a page that has a colour of its own.
    pub(in crate::web) fn without_colour(self) -> Self {
        Self { style: None, ..self }
    }

    /// Whether anything is said of help.
    pub(in crate::web) fn has_help(&self) -> bool {
        !(self.help_text.is_empty() && self.help_url.is_empty())
    }
}

/// The first letter of a name.
fn monogram(shop: &str) -> String {
    let first = shop.chars().next().into_iter();
    first.flat_map(char::to_uppercase).collect()
}

/// `GET /brand/{hash}.png` and its like, and `GET /brand/{colour}.css`.
pub(in crate::web) fn router(gateway: Gateway) -> Router {
    Router::new()
        .route("/brand/{file}", get(file))
        .with_state(gateway)
}

async fn file(State(gateway): State<Gateway>, Path(file): Path<String>) -> Response {
    let found = match file.split_once('.') {
        Some((digits, "css")) => style(digits),
        Some((hash, extension)) => logo(&gateway, hash, extension).await,
        None => None,
    };
    found.unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}

fn style(digits: &str) -> Option<Response> {
    let colour = Colour::parse(digits).filter(|colour| colour.digits() == digits)?;
    let about = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, KEEP_FOR_EVER),
    ];
    Some((about, colour.checkout_style()).into_response())
}

async fn logo(gateway: &Gateway, hash: &str, extension: &str) -> Option<Response> {
    let (kind, bytes) = match gateway.logo(hash).await {
        Ok(found) => found,
        Err(GatewayError::NotFound) => return None,
        Err(error) => {
            tracing::error!(%error, "a logo could not be read");
            return Some(StatusCode::SERVICE_UNAVAILABLE.into_response());
        }
    };
    let about = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(kind.content_type()),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static(KEEP_FOR_EVER)),
        (header::CONTENT_SECURITY_POLICY, PICTURE_POLICY),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ];
    (extension == kind.word()).then(|| (about, bytes).into_response())
}
