//! The page that shows the description of PayHook's API: Swagger UI, whose files come compressed with its crate and
//! go to browsers as they are.

use std::io::Read as _;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use flate2::read::GzDecoder;
use utoipa_swagger_ui::Config;

/// The page is made of files of payd's own; it styles its elements inline and draws icons from `data:` URLs.
const CONTENT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
);

/// The frame of the page. Links are relative: payd may be mounted below a path.
const PAGE: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>PayHook API · payd</title>
<link rel="stylesheet" href="./swagger-ui.css">
<link rel="stylesheet" href="./index.css">
<link rel="icon" type="image/png" href="./favicon-32x32.png" sizes="32x32">
</head>
<body>
<div id="swagger-ui"></div>
<noscript><p>The description of this API is at <a href="../../api/v1/schema/">/api/v1/schema/</a>.</p></noscript>
<script src="./swagger-ui-bundle.js"></script>
<script src="./docs.js"></script>
</body>
</html>
"#;

/// Starts Swagger UI.
const SCRIPT: &str = include_str!("docs.js");

/// The files of Swagger UI that the page loads; the others in its crate are nobody's business.
const FILES: [&str; 4] = [
    "swagger-ui-bundle.js",
    "swagger-ui.css",
    "index.css",
    "favicon-32x32.png",
];

/// Swagger UI's own way to be configured, of which nothing is used.
static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| Arc::new(Config::default()));

/// The page at `/docs/payhook/`.
pub(super) fn router() -> Router {
    Router::new()
        .route("/docs/payhook", get(async || Redirect::permanent("payhook/")))
        .route("/docs/payhook/", get(page))
        .route("/docs/payhook/docs.js", get(script))
        .route("/docs/payhook/{file}", get(file))
}

async fn page() -> Response {
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
    ];
    (headers, PAGE).into_response()
}

async fn script() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT).into_response()
}

async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    if !FILES.contains(&name.as_str()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let file = match utoipa_swagger_ui::serve(&name, Arc::clone(&CONFIG)) {
        Ok(Some(file)) => file,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => return broken(&name, &*error),
    };
    let (kind, bytes) = (file.content_type, file.bytes.into_owned());
    let kind = [
        (header::CONTENT_TYPE, kind.as_str()),
        (header::VARY, "accept-encoding"),
    ];
    if !file.gzpipped {
        return (kind, bytes).into_response();
    }
    if takes_gzip(&headers) {
        return (kind, [(header::CONTENT_ENCODING, "gzip")], bytes).into_response();
    }
    let mut plain = Vec::new();
    match GzDecoder::new(bytes.as_slice()).read_to_end(&mut plain) {
        Ok(_) => (kind, plain).into_response(),
        Err(error) => broken(&name, &error),
    }
}

fn broken(name: &str, error: &dyn std::error::Error) -> Response {
    tracing::error!(%error, name, "a file of the API page could not be made");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// Whether `Accept-Encoding` has gzip without giving it no weight at all (RFC 9110, section 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter();
    let mut codings = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','));
    codings.any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = weight
            .trim()
            .strip_prefix("q=")
            .is_some_and(|weight| weight.trim_matches(['0', '.']).is_empty());
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, Bytes};
    use axum::http::Request;
    use tower::ServiceExt;

    use super::*;

    async fn fetch(file: &str, accept: Option<&str>) -> (Option<HeaderValue>, Bytes) {
        let mut request = Request::get(format!("/docs/payhook/{file}"));
        if let Some(accept) = accept {
            request = request.header(header::ACCEPT_ENCODING, accept);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = router().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{file}");
        let encoding = response.headers().get(header::CONTENT_ENCODING).cloned();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await;
        (encoding, bytes.unwrap())
    }

    #[tokio::test]
    async fn files_go_out_as_they_lie_in_the_binary_or_plain_to_who_takes_no_gzip() {
        for file in FILES {
            let (encoding, plain) = fetch(file, None).await;
            assert_eq!(encoding, None, "{file}");
            let (encoding, packed) = fetch(file, Some("br;q=1.0, GZIP;q=0.8")).await;
            assert_eq!(encoding.unwrap(), "gzip", "{file}");
            let mut unpacked = Vec::new();
            GzDecoder::new(&*packed).read_to_end(&mut unpacked).unwrap();
            assert_eq!(unpacked, plain, "{file}");
        }
        let (_, bundle) = fetch(FILES[0], Some("gzip")).await;
        assert!(bundle.len() < 600_000, "{}", bundle.len());
    }

    #[test]
    fn gzip_is_taken_by_who_says_so() {
        for (line, takes) in [
            ("gzip", true),
            ("deflate, gzip;q=0.5", true),
            ("gzip;q=1", true),
            ("gzip ; q=0.001", true),
            ("gzip;q=0", false),
            ("gzip; q=0.000", false),
            ("identity", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, line.parse().unwrap());
            assert_eq!(takes_gzip(&headers), takes, "{line}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[tokio::test]
    async fn what_the_page_does_not_load_is_not_served() {
        for file in [
            "swagger-ui.js",
            "swagger-initializer.js",
            "oauth2-redirect.html",
            "docs.rs",
        ] {
            let request = Request::get(format!("/docs/payhook/{file}")).body(Body::empty());
            let response = router().oneshot(request.unwrap()).await.unwrap();
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{file}");
        }
    }
}
