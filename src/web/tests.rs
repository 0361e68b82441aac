//! What holds for every path, through the whole router.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, StatusCode, header};
use axum::routing::get;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::api::fake::{Does, FakeEngine, KEY, NUMBER};
use crate::ambient::SystemClock;

use super::health::{NotReady, Readiness};
use super::limits::Limits;
use super::{WebSettings, WebState, router};
use crate::engine::gateway::Gateway;
use crate::engine::stage::Stage;

struct Parts(&'static [&'static str]);

impl Readiness for Parts {
    fn not_ready(&self) -> BoxFuture<'_, Vec<NotReady>> {
        let not_ready = self.0.iter().map(|part| NotReady {
            part: (*part).to_owned(),
            reason: "no block yet".to_owned(),
        });
        std::future::ready(not_ready.collect()).boxed()
    }
}

/// A door that no test here goes through.
fn gateway() -> Gateway {
    Stage::new().gateway
}

fn limits() -> Arc<Limits> {
    Arc::new(Limits::new(Arc::new(SystemClock)))
}

fn routes(does: Does, not_ready: &'static [&'static str]) -> Router {
    let state = WebState {
        payments: FakeEngine::new(does),
        gateway: gateway(),
        clock: Arc::new(SystemClock),
        readiness: Arc::new(Parts(not_ready)),
        limits: limits(),
    };
    let mut settings = WebSettings::new("https://pay.example.com", 0xbeef);
    settings.request_timeout = Duration::from_secs(20);
    let pages = Router::new().route("/page", get(async || "page"));
    router(state, &settings, pages)
}

async fn call(method: &str, path: &str) -> Response<Body> {
    let request = Request::builder().method(method).uri(path);
    let request = request.body(Body::empty()).unwrap();
    routes(Does::Answers { replayed: false }, &[])
        .oneshot(request)
        .await
        .unwrap()
}

async fn json_of(response: Response<Body>) -> Value {
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
    serde_json::from_str(&text_of(response).await).unwrap()
}

async fn text_of(response: Response<Body>) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
        .await
        .unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn nothing_is_found_in_json_below_api_and_on_a_page_elsewhere() {
    for path in [
        "/api",
        "/api/",
        "/api/v1/",
        "/api/v1/payments/a/b/c",
        "/api/v2/payments/",
    ] {
        let response = call("GET", path).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(json_of(response).await, json!({"detail": "Not found."}));
    }
    for path in ["/apis", "/nothing", "/docs/payhook/nothing.js", "/<script>"] {
        let response = call("GET", &path.replace('<', "%3C").replace('>', "%3E")).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        if !path.starts_with("/docs") {
            assert!(text_of(response).await.starts_with("<!doctype html>"));
        }
    }
}

#[tokio::test]
async fn a_method_that_a_path_does_not_take_is_refused_with_those_it_takes() {
    for (method, path, allow) in [
        ("GET", "/api/v1/payments/", "POST"),
        ("PUT", "/api/v1/payments", "POST,GET,HEAD"),
        ("DELETE", "/api/v1/payments/PAY-2026-000123/", "GET,HEAD"),
        ("GET", "/api/v1/payments/PAY-2026-000123/cancel/", "POST"),
        ("POST", "/api/v1/schema/", "GET,HEAD"),
    ] {
        let response = call(method, path).await;
        assert_eq!(
            response.status(),
            StatusCode::METHOD_NOT_ALLOWED,
            "{method} {path}"
        );
        assert_eq!(response.headers()[header::ALLOW], allow);
        let detail = format!("Method \"{method}\" not allowed.");
        assert_eq!(json_of(response).await, json!({ "detail": detail }));
    }
    let page = call("POST", "/").await;
    assert_eq!(page.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert!(text_of(page).await.starts_with("<!doctype html>"));
}

#[tokio::test]
async fn every_answer_has_a_request_id_of_its_own_and_careful_headers() {
    let routes = routes(Does::Answers { replayed: false }, &[]);
    let mut ids = Vec::new();
    for path in [
        "/",
        "/healthz",
        "/api/v1/schema/",
        "/nothing",
        "/page",
        "/docs/payhook/",
    ] {
        let request = Request::get(path)
            .header("x-request-id", "mine")
            .body(Body::empty());
        let response = routes.clone().oneshot(request.unwrap()).await.unwrap();
        let headers = response.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert_eq!(
            headers.contains_key("cache-control"),
            path.starts_with("/api/"),
            "{path}"
        );
        ids.push(headers["x-request-id"].to_str().unwrap().to_owned());
    }
    assert_eq!(ids[0], "0000beef-0");
    assert_eq!(ids[5], "0000beef-5");
}

#[tokio::test]
async fn the_clients_of_a_trusted_proxy_are_told_apart_and_others_cannot_pass_for_them() {
    let state = WebState {
        payments: FakeEngine::new(Does::Answers { replayed: false }),
        gateway: gateway(),
        clock: Arc::new(SystemClock),
        readiness: Arc::new(Parts(&[])),
        limits: limits(),
    };
    let mut settings = WebSettings::new("https://pay.example.com", 1);
    settings.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    let routes = router(state, &settings, Router::new());
    let ask = async |key: &str, peer: [u8; 4], forwarded_for: &str| {
        let request = Request::get(format!("/api/v1/payments/{NUMBER}/"))
            .header("x-api-key", key)
            .header("x-forwarded-for", forwarded_for)
            .extension(ConnectInfo(SocketAddr::from((peer, 1))));
        let request = request.body(Body::empty()).unwrap();
        routes.clone().oneshot(request).await.unwrap().status().as_u16()
    };
    let (proxy, guesser) = ([127, 0, 0, 1], [203, 0, 113, 9]);
    for _ in 0..20 {
        assert_eq!(ask("pk_wrong", proxy, "198.51.100.1, 203.0.113.7").await, 401);
    }
    assert_eq!(ask("pk_wrong", proxy, "203.0.113.7").await, 429);
    assert_eq!(ask(KEY, proxy, "203.0.113.7, 203.0.113.8").await, 200);
    for attempt in 0..20 {
        let invented = format!("198.51.100.{attempt}");
        assert_eq!(ask("pk_wrong", guesser, &invented).await, 401);
    }
    assert_eq!(ask("pk_wrong", guesser, "198.51.100.20").await, 429);
}

#[tokio::test]
async fn a_handler_that_panics_is_a_500_in_the_pages_shape() {
    let request = Request::get(format!("/api/v1/payments/{NUMBER}/")).header("x-api-key", KEY);
    let request = request.body(Body::empty()).unwrap();
    let response = routes(Does::Panics, &[]).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(response.headers().contains_key("x-request-id"));
    let body = json_of(response).await;
    assert_eq!(body["code"], "internal_error");
    assert!(!body.to_string().contains("told to"));
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_a_503_in_the_pages_shape() {
    let state = WebState {
        payments: FakeEngine::new(Does::Hangs),
        gateway: gateway(),
        clock: Arc::new(SystemClock),
        readiness: Arc::new(Parts(&[])),
        limits: limits(),
    };
    let mut settings = WebSettings::new("https://pay.example.com", 1);
    settings.request_timeout = Duration::ZERO;
    let request = Request::get(format!("/api/v1/payments/{NUMBER}/")).header("x-api-key", KEY);
    let request = request.body(Body::empty()).unwrap();
    let response = router(state, &settings, Router::new())
        .oneshot(request)
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.headers()[header::RETRY_AFTER], "1");
    assert_eq!(json_of(response).await["code"], "timeout");
}

#[tokio::test]
async fn health_tells_life_from_readiness() {
    let ask = |path: &'static str, not_ready| async move {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let routes = routes(Does::Answers { replayed: false }, not_ready);
        let response = routes.oneshot(request).await.unwrap();
        (response.status().as_u16(), json_of(response).await)
    };
    assert_eq!(ask("/healthz", &["bsc"]).await, (200, json!({"status": "ok"})));
    assert_eq!(
        ask("/readyz", &[]).await,
        (200, json!({"ready": true, "not_ready": []}))
    );
    let bsc = json!({"part": "bsc", "reason": "no block yet"});
    assert_eq!(
        ask("/readyz", &["bsc"]).await,
        (503, json!({"ready": false, "not_ready": [bsc]}))
    );
}

#[tokio::test]
async fn metrics_are_on_their_own_router_only() {
    assert_eq!(call("GET", "/metrics").await.status(), StatusCode::NOT_FOUND);
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let response = super::metrics::router(|| "payd_up 1\n".to_owned())
        .oneshot(request)
        .await
        .unwrap();
    assert_eq!(
        response.headers()[header::CONTENT_TYPE],
        "text/plain; version=0.0.4; charset=utf-8"
    );
    assert_eq!(text_of(response).await, "payd_up 1\n");
}

#[tokio::test]
async fn pages_are_compressed_and_what_apis_answer_is_not() {
    for (path, gzip) in [("/", true), ("/docs/payhook/", true), ("/api/v1/schema/", false)] {
        let request = Request::get(path)
            .header("accept-encoding", "gzip")
            .body(Body::empty());
        let routes = routes(Does::Answers { replayed: false }, &[]);
        let response = routes.oneshot(request.unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(
            response.headers().contains_key("content-encoding"),
            gzip,
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_pages_name_no_other_host() {
    for path in ["/", "/nothing"] {
        let text = text_of(call("GET", path).await).await;
        assert!(!text.contains("//"), "{path}");
        assert!(!text.contains("http"), "{path}");
    }
    let page = call("GET", "/docs/payhook").await;
    assert_eq!(page.headers()[header::LOCATION], "payhook/");
}
