//! What goes around every request: an id, who asks, a log line and a count, a time limit, a net under panics, the headers
//! that browsers are told to be careful by, and gzip for pages. Knows no route.

use std::any::Any;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::HttpBody as _;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use futures_util::FutureExt;
use ipnet::IpNet;
use metrics::{Counter, Histogram};
use tower_http::compression::CompressionLayer;
use tracing::Instrument;

use super::limits::client_address;
use super::{WebSettings, answer};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Below this, gzip costs more than it saves.
const GZIP_BYTES_MIN: u64 = 1024;

/// For what brings no policy of its own: nothing may be loaded, nothing may frame it.
const CLOSED_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// Has the pages among these routes sent as gzip to who takes it. APIs do without: what they answer is small.
pub(super) fn compressed(pages: Router) -> Router {
    pages.layer(CompressionLayer::new().compress_when(is_worth_gzip))
}

struct Guard {
    counts: Counts,
    timeout: Duration,
    body_bytes_max: u64,
    run: u32,
    trusted_proxies: Vec<IpNet>,
    requests: AtomicU64,
}

/// Puts the layers around the routes.
pub(super) fn around(routes: Router, settings: &WebSettings) -> Router {
    let guard = Arc::new(Guard {
        counts: Counts::default(),
        timeout: settings.request_timeout,
        body_bytes_max: u64::try_from(settings.body_bytes_max).unwrap_or(u64::MAX),
        run: settings.run,
        trusted_proxies: settings.trusted_proxies.clone(),
        requests: AtomicU64::new(0),
    });
    routes.layer(from_fn_with_state(guard, guarded))
}

async fn guarded(State(guard): State<Arc<Guard>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = format!(
        "{:08x}-{}",
        guard.run,
        guard.requests.fetch_add(1, Ordering::Relaxed)
    );
    let path = request.uri().path().to_owned();
    let method = request.method().clone();
    let verb = known(&method);
    // The pattern, not the path: a checkout path carries its credential, a query may carry anything.
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("none", MatchedPath::as_str);
    let span = tracing::info_span!("request", id, method = verb, route);
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map(|ConnectInfo(peer)| peer.ip());
    let client = client_address(request.headers(), peer, &guard.trusted_proxies);
    request.extensions_mut().insert(client);
    let is_overlong = request.body().size_hint().lower() > guard.body_bytes_max;

    let mut response = bounded(guard.timeout, &path, next.run(request))
        .instrument(span.clone())
        .await;
    let (status, took) = (response.status(), started.elapsed());
    span.in_scope(|| tell(&method, status, took));
    guard.counts.count(route, status, took);
    harden(&path, response.headers_mut());
    if is_overlong || response.status() == StatusCode::PAYLOAD_TOO_LARGE {
        // What was not read of the body ends the connection: who would send the next request on it is told.
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// The method's name for the log; one that nobody uses can have as many letters as a head, and has none there.
fn known(method: &Method) -> &'static str {
    const KNOWN: [Method; 9] = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::TRACE,
        Method::CONNECT,
    ];
    const NAMES: [&str; 9] = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
    ];
    let place = KNOWN.iter().position(|known| known == method);
    place
        .and_then(|place| NAMES.get(place))
        .copied()
        .unwrap_or("other")
}

/// The answer, or what is said when there is none in time or the code that should give it fell over.
async fn bounded(timeout: Duration, path: &str, answer: impl Future<Output = Response>) -> Response {
    let caught = AssertUnwindSafe(answer).catch_unwind();
    match tokio::time::timeout(timeout, caught).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => {
            tracing::error!(panic = panic_text(&*panic), "a request handler panicked");
            let error = "payd could not do this because of an internal error";
            answer::refusal(path, StatusCode::INTERNAL_SERVER_ERROR, "internal_error", error)
        }
        Err(_) => {
            let error = "payd could not answer in time; retry shortly";
            let mut response = answer::refusal(path, StatusCode::SERVICE_UNAVAILABLE, "timeout", error);
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            response
        }
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no text")
}

fn tell(method: &Method, status: StatusCode, took: Duration) {
    let latency_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if *method == Method::GET || *method == Method::HEAD {
        tracing::debug!(status = status.as_u16(), latency_ms, "answered");
    } else {
        tracing::info!(status = status.as_u16(), latency_ms, "answered");
    }
}

/// What is counted of the answers, by route: a handle is kept, because to look one up by its labels takes longer than to count.
#[derive(Default)]
struct Counts(RwLock<HashMap<String, OfRoute>>);

/// There are as many as routes, each with the few statuses that it answers with.
struct OfRoute {
    seconds: Histogram,
    by_status: Vec<(StatusCode, Counter)>,
}

impl Counts {
    fn count(&self, route: &str, status: StatusCode, took: Duration) {
        let is_known = {
            let routes = self.0.read().unwrap_or_else(PoisonError::into_inner);
            routes.get(route).is_some_and(|of| of.count(status, took))
        };
        if !is_known {
            let mut routes = self.0.write().unwrap_or_else(PoisonError::into_inner);
            let of = routes.entry(route.to_owned()).or_insert_with(|| OfRoute {
                seconds: metrics::histogram!("payd_http_request_seconds", "route" => route.to_owned()),
                by_status: Vec::new(),
            });
            of.learn(route, status);
            of.count(status, took);
        }
    }
}

impl OfRoute {
    /// False where the status is not known yet; then nothing was counted.
    fn count(&self, status: StatusCode, took: Duration) -> bool {
        let known = self.by_status.iter().find(|(known, _)| *known == status);
        if let Some((_, answers)) = known {
            answers.increment(1);
            self.seconds.record(took);
        }
        known.is_some()
    }

    fn learn(&mut self, route: &str, status: StatusCode) {
        if self.by_status.iter().all(|(known, _)| *known != status) {
            let (route, word) = (route.to_owned(), status.as_str().to_owned());
            let answers = metrics::counter!("payd_http_requests_total", "route" => route, "status" => word);
            self.by_status.push((status, answers));
        }
    }
}

/// Headers for every answer; what a page has set itself stays.
fn harden(path: &str, headers: &mut HeaderMap) {
    let no_sniffing = (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    // A checkout URL is a credential: no other site is told where the customer came from.
    let no_referrer = (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let closed = (header::CONTENT_SECURITY_POLICY, CLOSED_POLICY);
    for (name, value) in [no_sniffing, no_referrer, closed] {
        headers.entry(name).or_insert(value);
    }
    if answer::is_api(path) {
        let unstored = HeaderValue::from_static("no-store");
        headers.entry(header::CACHE_CONTROL).or_insert(unstored);
    }
}

/// Pages and what they are made of. An API's answers are small, and an event stream must not wait for a block of
/// gzip to fill.
fn is_worth_gzip(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let is_page = kind.is_some_and(|kind| {
        ["text/html", "text/css", "text/javascript", "image/svg+xml"]
            .iter()
            .any(|page| kind.starts_with(page))
    });
    let length = headers.get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    is_page && length.is_none_or(|bytes| bytes >= GZIP_BYTES_MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_written_into_the_log_by_a_name_that_payd_has_for_it() {
        for name in ["GET", "POST", "DELETE", "CONNECT"] {
            assert_eq!(known(&name.parse().unwrap()), name);
        }
        for name in ["A".repeat(4096), "get".to_owned(), "PROPFIND".to_owned()] {
            assert_eq!(known(&name.parse().unwrap()), "other");
        }
    }
}
