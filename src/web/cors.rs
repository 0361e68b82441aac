//! Which routes pages of other sites may call from a browser, and how they are told. Every other route stays closed
//! to them, as browsers do without being told anything.

use std::time::Duration;

use axum::http::{HeaderName, Method, header};
use axum::routing::MethodRouter;
use tower_http::cors::{Any, CorsLayer};

use super::answer;

/// What such a page may send along: its body's kind.
const HEADERS: [HeaderName; 1] = [header::CONTENT_TYPE];

/// How long a browser need not ask again.
const PREFLIGHT_KEPT: Duration = Duration::from_secs(60 * 60);

/// Opens public routes to the pages of every site: donations and rates, which take no key that is a secret. Cookies
/// and other credentials are never taken along. Answers the browser's question before the call (preflight).
///
/// To be put around routes with their own state or none, last.
pub fn open_to_all_sites<S>(routes: MethodRouter<S>) -> MethodRouter<S>
where
    S: Clone + Send + Sync + 'static,
{
    // A fallback of their own keeps the router's, which would be put outside the layer, from answering OPTIONS.
    routes.fallback(answer::method_not_allowed).layer(public_cors())
}

fn public_cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(HEADERS)
        .expose_headers([header::RETRY_AFTER])
        .max_age(PREFLIGHT_KEPT)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::http::{Request, Response, StatusCode};
    use axum::routing::{get, post};
    use tower::ServiceExt;

    use super::*;

    /// As the whole router is built: a fallback for methods is added around all routes.
    async fn call(method: &str, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
        let routes = Router::new()
            .route("/open", open_to_all_sites(post(async || "made")))
            .route("/closed", get(async || "page"))
            .method_not_allowed_fallback(answer::method_not_allowed);
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        routes
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap()
    }

    const ORIGIN: (&str, &str) = ("origin", "https://blog.example.org");

    #[tokio::test]
    async fn the_pages_of_every_site_may_call_an_open_route_without_credentials() {
        let made = call("POST", "/open", &[ORIGIN, ("cookie", "a=b")]).await;
        assert_eq!(made.status(), StatusCode::OK);
        assert_eq!(made.headers()["access-control-allow-origin"], "*");
        assert!(!made.headers().contains_key("access-control-allow-credentials"));
    }

    #[tokio::test]
    async fn the_question_before_a_call_is_answered() {
        let wants = [
            ORIGIN,
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "content-type"),
        ];
        let allowed = call("OPTIONS", "/open", &wants).await;
        assert_eq!(allowed.status(), StatusCode::OK);
        let headers = allowed.headers();
        assert_eq!(headers["access-control-allow-origin"], "*");
        assert_eq!(headers["access-control-allow-methods"], "GET,POST");
        assert_eq!(headers["access-control-allow-headers"], "content-type");
        assert!(!headers.contains_key("access-control-allow-credentials"));
    }

    #[tokio::test]
    async fn a_method_that_an_open_route_does_not_take_is_refused_as_elsewhere() {
        let refused = call("DELETE", "/open", &[ORIGIN]).await;
        assert_eq!(refused.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(refused.headers()[header::ALLOW], "POST");
    }

    #[tokio::test]
    async fn no_other_route_is_open() {
        for method in ["GET", "OPTIONS"] {
            let closed = call(
                method,
                "/closed",
                &[ORIGIN, ("access-control-request-method", "GET")],
            )
            .await;
            assert!(
                !closed.headers().contains_key("access-control-allow-origin"),
                "{method}"
            );
        }
    }
}
