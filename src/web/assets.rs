//! Files that pages are made of, served under a path that carries their hash, so that a browser keeps them for ever
//! and still never sees an old one. Knows nothing of the pages.
//!
//! They are in the binary as `build.rs` has compressed them, and go to browsers as they are.

use std::io::Read as _;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use flate2::read::GzDecoder;
use rust_embed::RustEmbed;

/// What `build.rs` has packed of `assets/`, each file under its own path.
#[derive(RustEmbed)]
#[folder = "$OUT_DIR/packed"]
struct Packed;

/// What the files of a folder that are packed as one are called: they are read and never served. Path below `assets/` and
/// content of each, each with a zero after it.
const BUNDLE: &str = "bundle";

/// Digits of the content's hash in a path.
const HASH_BYTES: usize = 8;

/// The paths are unique by content: what is under one never changes.
const KEEP_FOR_EVER: &str = "public, max-age=31536000, immutable";

/// A path with another hash is a page from before or after an upgrade: it gets the file there is.
const ASK_AGAIN: &str = "no-cache";

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

/// The same content is packed into the same bytes.
fn hash_of(file: &str) -> Option<String> {
    let hash = Packed::get(file)?.metadata.sha256_hash();
    hash.get(..HASH_BYTES).map(hex::encode)
}

/// The text of an embedded file; `None` when there is no such file, or it is not UTF-8.
pub(super) fn text(name: &str) -> Option<String> {
    if let Some(file) = Packed::get(name) {
        return String::from_utf8(inflated(&file.data)).ok();
    }
    let (folder, _) = name.rsplit_once('/')?;
    let folders = folder.rmatch_indices('/').map(|(end, _)| folder.get(..end));
    let mut bundles = std::iter::once(Some(folder)).chain(folders).flatten();
    let bundle = bundles.find_map(|folder| Packed::get(&format!("{folder}/{BUNDLE}")))?;
    let mut texts = unbundled(&bundle.data).into_iter();
    texts.find_map(|(own, text)| (own == name).then_some(text))
}

/// The text of every embedded file below `folder` (with its closing slash), with the file names; files that are not
/// UTF-8 are left out.
pub(super) fn texts(folder: &str) -> Vec<(String, String)> {
    let inside = Packed::iter().filter(|name| name.starts_with(folder));
    let texts = inside.flat_map(|name| {
        let Some(file) = Packed::get(&name) else {
            return Vec::new();
        };
        if name.ends_with(BUNDLE) {
            return unbundled(&file.data);
        }
        let text = String::from_utf8(inflated(&file.data)).ok();
        text.map(|text| (name.into_owned(), text)).into_iter().collect()
    });
    texts
        .filter_map(|(name, text)| Some((name.strip_prefix(folder)?.to_owned(), text)))
        .collect()
}

/// The folders below `folder` (with its closing slash) whose files are packed as one.
pub(super) fn bundles(folder: &str) -> Vec<String> {
    let inside = Packed::iter().filter_map(|name| {
        let below = name.strip_prefix(folder)?.strip_suffix(BUNDLE)?;
        Some(below.strip_suffix('/')?.to_owned())
    });
    inside.collect()
}

/// Each file of a bundle with its path.
fn unbundled(gzip: &[u8]) -> Vec<(String, String)> {
    let Ok(content) = String::from_utf8(inflated(gzip)) else {
        return Vec::new();
    };
    let mut parts = content.split('\0');
    let next = || Some((parts.next()?.to_owned(), parts.next()?.to_owned()));
    std::iter::from_fn(next).collect()
}

/// What was packed.
fn inflated(gzip: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    // What this binary brings is whole: were it not, what can be read of it is all there is.
    if let Err(error) = GzDecoder::new(gzip).read_to_end(&mut plain) {
        tracing::error!(%error, "an embedded file is broken");
    }
    plain
}

/// What browsers may fetch. Catalogues and descriptions are embedded too and are nobody's business.
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

async fn serve(Path((hash, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some((content_type, file)) = content_type(&name).zip(Packed::get(&name)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kept = if hash_of(&name).is_some_and(|current| current == hash) {
        KEEP_FOR_EVER
    } else {
        ASK_AGAIN
    };
    let about = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, kept),
        (header::VARY, "accept-encoding"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    if takes_gzip(&headers) {
        return (
            about,
            [(header::CONTENT_ENCODING, "gzip")],
            file.data.into_owned(),
        )
            .into_response();
    }
    (about, inflated(&file.data)).into_response()
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
    use super::*;
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt;

    async fn fetch(path: &str) -> Response {
        fetch_as(path, "identity").await
    }

    async fn fetch_as(path: &str, accept: &str) -> Response {
        let request = Request::get(path).header(header::ACCEPT_ENCODING, accept);
        let request = request.body(Body::empty()).unwrap();
        router().oneshot(request).await.unwrap()
    }

    async fn bytes_of(reply: Response) -> Vec<u8> {
        let bytes = axum::body::to_bytes(reply.into_body(), usize::MAX).await;
        bytes.unwrap().to_vec()
    }

    #[tokio::test]
    async fn every_file_goes_out_as_it_lies_in_the_binary_or_plain_to_who_takes_no_gzip() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
        let served = Packed::iter().filter(|name| content_type(name).is_some());
        let mut count = 0;
        for name in served {
            let source = std::fs::read(folder.join(&*name)).unwrap();
            let packed = fetch_as(&path(&name), "br;q=1.0, GZIP;q=0.8").await;
            assert_eq!(packed.headers()[header::CONTENT_ENCODING], "gzip");
            assert_eq!(packed.headers()[header::VARY], "accept-encoding");
            assert_eq!(
                bytes_of(packed).await,
                *Packed::get(&name).unwrap().data,
                "{name}"
            );
            let plain = fetch(&path(&name)).await;
            assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
            assert_eq!(plain.headers()[header::VARY], "accept-encoding");
            assert_eq!(plain.headers()[header::CACHE_CONTROL], KEEP_FOR_EVER);
            assert_eq!(bytes_of(plain).await, source, "{name}");
            count += 1;
        }
        assert!(count > 5, "{count}");
    }

    #[tokio::test]
    async fn what_is_compressed_is_not_compressed_again() {
        let layered = router().layer(tower_http::compression::CompressionLayer::new());
        let request = Request::get(path("checkout/checkout.css")).header(header::ACCEPT_ENCODING, "gzip");
        let reply = layered
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        let headers = reply.headers();
        assert_eq!(headers.get_all(header::CONTENT_ENCODING).iter().count(), 1);
        assert_eq!(headers.get_all(header::VARY).iter().count(), 1);
        let packed = Packed::get("checkout/checkout.css").unwrap();
        assert_eq!(bytes_of(reply).await, *packed.data);
    }

    #[test]
    fn what_is_packed_as_one_is_read_file_by_file() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
        let mut count = 0;
        for bundle in Packed::iter().filter(|name| name.ends_with(BUNDLE)) {
            let within = bundle.strip_suffix(BUNDLE).unwrap();
            for (below, own) in texts(within) {
                let name = format!("{within}{below}");
                let source = std::fs::read_to_string(folder.join(&name)).unwrap();
                assert_eq!((text(&name).unwrap(), own), (source.clone(), source), "{name}");
                assert!(Packed::get(&name).is_none());
                count += 1;
            }
        }
        assert!(count > 50, "{count}");
        assert_eq!(text("docs/openapi/none.json"), None);
        assert!(text("docs/docs.css").unwrap().contains("--ground"));
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
