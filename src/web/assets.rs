//! Files that pages are made of, embedded in the binary and served under a path that carries their hash, so that
//! a browser keeps them for ever and still never sees an old one. Knows nothing of the pages.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;

/// Everything under `assets/`. In a debug build the files are read from the source tree.
#[derive(RustEmbed)]
#[folder = "assets/"]
struct Embedded;

/// The paths are unique by content: what is under one never changes.
const KEEP_FOR_EVER: &str = "public, max-age=31536000, immutable";

/// A path with another hash is a page from before or after an upgrade: it gets the file there is.
const ASK_AGAIN: &str = "no-cache";

/// Digits of the content's hash in a path.
const HASH_BYTES: usize = 8;

/// Serves `GET /assets/{hash}/{file}`.
pub fn router() -> Router {
    Router::new().route("/assets/{hash}/{*file}", get(serve))
}

/// The path of an embedded file such as `checkout/checkout.css`, below the root of the site:
/// `/assets/<hash>/checkout/checkout.css`.
#[must_use]
pub fn path(file: &str) -> String {
    format!("/assets/{}/{file}", hash_of(file).unwrap_or_default())
}

/// The text of every embedded file below `folder`, with the file names; files that are not UTF-8 are left out.
pub(super) fn texts(folder: &str) -> Vec<(String, String)> {
    Embedded::iter()
        .filter_map(|path| {
            let name = path.strip_prefix(folder)?.to_owned();
            let data = Embedded::get(&path)?.data;
            Some((name, String::from_utf8(data.into_owned()).ok()?))
        })
        .collect()
}

/// The names of the embedded files below `folder`.
pub(super) fn names(folder: &str) -> Vec<String> {
    let name = |path: &str| Some(path.strip_prefix(folder)?.to_owned());
    Embedded::iter().filter_map(|path| name(&path)).collect()
}

fn hash_of(file: &str) -> Option<String> {
    let hash = Embedded::get(file)?.metadata.sha256_hash();
    hash.get(..HASH_BYTES).map(hex::encode)
}

/// What browsers may fetch. Templates and catalogues are embedded too and are nobody's business.
fn content_type(file: &str) -> Option<&'static str> {
    let (_, extension) = file.rsplit_once('.')?;
    match extension {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        "png" => Some("image/png"),
        "woff2" => Some("font/woff2"),
        _ => None,
    }
}

async fn serve(Path((hash, file)): Path<(String, String)>) -> Response {
    let Some((content_type, embedded)) = content_type(&file).zip(Embedded::get(&file)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let is_current = hash_of(&file).is_some_and(|current| current == hash);
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (
            header::CACHE_CONTROL,
            if is_current { KEEP_FOR_EVER } else { ASK_AGAIN },
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, embedded.data.into_owned()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt;

    async fn fetch(path: &str) -> Response {
        let request = Request::get(path).body(Body::empty()).unwrap();
        router().oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn a_file_under_its_hash_is_kept_for_ever() {
        let reply = fetch(&path("checkout/checkout.css")).await;
        assert_eq!(reply.status(), StatusCode::OK);
        assert_eq!(reply.headers()[header::CONTENT_TYPE], "text/css; charset=utf-8");
        assert_eq!(reply.headers()[header::CACHE_CONTROL], KEEP_FOR_EVER);
        assert_eq!(reply.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }

    #[tokio::test]
    async fn a_file_under_another_hash_is_not_kept() {
        let reply = fetch("/assets/0000000000000000/checkout/checkout.css").await;
        assert_eq!(reply.status(), StatusCode::OK);
        assert_eq!(reply.headers()[header::CACHE_CONTROL], ASK_AGAIN);
    }

    #[tokio::test]
    async fn templates_catalogues_and_paths_out_of_the_folder_are_not_served() {
        for file in [
            "checkout/pay.html",
            "i18n/en/pages.ftl",
            "../Cargo.toml",
            "%2e%2e/askama.toml",
            "../src/../assets/checkout/none.css",
            "none",
        ] {
            let reply = fetch(&format!("/assets/0000000000000000/{file}")).await;
            assert_eq!(reply.status(), StatusCode::NOT_FOUND, "{file}");
        }
    }
}
