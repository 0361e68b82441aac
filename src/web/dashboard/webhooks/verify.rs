//! Programs that check an endpoint's webhooks, in six languages, to be copied. They are the documentation's own.

use crate::web::dashboard::html::html;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;

use super::endpoint_of;
use super::words::{format_name, host};
use crate::domain::shop::Format;
use crate::web::assets;
use crate::web::dashboard::{Dashboard, Frame, InShop, Room};

/// Names of languages, which are the same in every language, and the ends of their files.
const LANGUAGES: [(&str, &str); 6] = [
    ("PHP", "php"),
    ("Python", "py"),
    ("Node.js", "mjs"),
    ("Go", "go"),
    ("Rust", "rs"),
    ("curl + OpenSSL", "sh"),
];

pub(super) fn router() -> Router<Dashboard> {
    Router::new().route("/stores/{store}/webhooks/{endpoint}/verify", get(page))
}

struct Program {
    id: String,
    language: &'static str,
    text: String,
}

fn programs(format: Format) -> Vec<Program> {
    let folder = match format {
        // What Crypto Pay's receivers check is all that those of USDT Payments have.
        Format::CryptoPay | Format::UsdtPayments => Format::CryptoPay,
        Format::Payhook | Format::Standard | Format::Soko | Format::Cryptopayment => format,
    };
    let file = |end: &str| assets::text(&format!("docs/programs/{folder}/webhook.{end}"));
    let known = LANGUAGES.iter();
    known
        .filter_map(|(language, end)| {
            Some(Program {
                id: format!("program-{end}"),
                language,
                text: file(end)?,
            })
        })
        .collect()
}

#[derive(Template)]
#[template(path = "dashboard/webhooks/verify.html")]
struct VerifyPage {
    frame: Frame,
    back: String,
    host: String,
    format: &'static str,
    programs: Vec<Program>,
}

async fn page(State(d): State<Dashboard>, place: InShop, Path((_, id)): Path<(String, String)>) -> Response {
    let endpoint = match endpoint_of(&d, &place, &id).await {
        Ok(shown) => shown.endpoint,
        Err(failed) => return failed,
    };
    html(&VerifyPage {
        frame: place
            .visit
            .frame(place.visit.t.say("hooks-verify-title"), Room::Webhooks),
        back: place.path(&format!("webhooks/{}", endpoint.id)),
        host: host(&endpoint.url),
        format: format_name(endpoint.format),
        programs: programs(endpoint.format),
    })
}
