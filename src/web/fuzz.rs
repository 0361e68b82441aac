//! Damaged requests to every public route, over a real engine: an answer of the API's or the page's own, never a 500; and
//! no payment whose price was not sent.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Request, StatusCode, Uri, header};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use url::Url;

use super::api::signing;
use super::health::{NotReady, Readiness};
use super::limits::Limits;
use super::{WebSettings, WebState, checkout, router};
use crate::domain::donation::DonationPage;
use crate::domain::shop::Dialect;
use crate::engine::gateway::Gateway;
use crate::engine::stage::{Key, START, Stage, StagedShop};
use crate::mutation::{Mutator, bounded, run, shown};

/// The answers to what is asked here are small; the scripts and pictures of the pages are not.
const ANSWER_BYTES_MAX: usize = 4 << 20;

struct Ready;

impl Readiness for Ready {
    fn not_ready(&self) -> BoxFuture<'_, Vec<NotReady>> {
        std::future::ready(Vec::new()).boxed()
    }
}

/// All routes of the public port.
struct Site {
    stage: Stage,
    shop: StagedShop,
    /// The checkout token of a payment that is there.
    token: String,
    number: String,
    routes: Router,
}

impl Site {
    async fn open() -> Self {
        let stage = Stage::new();
        let shop = stage.shop(Dialect::Soko).await;
        stage.accept(&shop, &["USDT_TRC20", "BTC", "USDT_BEP20"]).await;
        let gateway: Gateway = stage.gateway.clone();
        let limits = Arc::new(Limits::none());
        let state = WebState {
            payments: Arc::new(gateway.clone()),
            gateway: gateway.clone(),
            clock: stage.clock.clone(),
            readiness: Arc::new(Ready),
            limits: Arc::clone(&limits),
        };
        let url = "https://pay.example.com";
        let pages = checkout::CheckoutState::new(
            gateway,
            stage.clock.clone(),
            Url::parse(url).unwrap(),
            CancellationToken::new(),
        );
        let mut settings = WebSettings::new(url, 1);
        settings.request_timeout = Duration::from_secs(60);
        settings.trusted_proxies = vec!["0.0.0.0/0".parse().unwrap()];
        let routes = router(state, &settings, checkout::router(pages.limited_by(limits)));
        let mut site = Self {
            stage,
            shop,
            token: String::new(),
            number: String::new(),
            routes,
        };
        let order = br#"{"amount_usd_cents":5000,"network":"bsc","currency":"usdt"}"#;
        let call = Call::new("POST", "/api/v1/payments/", order);
        let (status, body) = site.answer(call.signed(&site.shop.test)).await;
        assert_eq!(status, StatusCode::CREATED, "{}", shown(&body));
        let made: Value = serde_json::from_slice(&body).unwrap();
        site.number = made["id"]
            .as_str()
            .or(made["number"].as_str())
            .unwrap_or("PAY-2027-000001")
            .to_owned();
        let url = made["checkout_url"].as_str().unwrap();
        site.token = url
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        site
    }

    async fn answer(&self, request: Request<Body>) -> (StatusCode, Vec<u8>) {
        let reply = self.routes.clone().oneshot(request).await.unwrap();
        let status = reply.status();
        let is_stream = reply
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind == "text/event-stream");
        if is_stream {
            return (status, Vec::new());
        }
        let body = axum::body::to_bytes(reply.into_body(), ANSWER_BYTES_MAX)
            .await
            .unwrap();
        (status, body.to_vec())
    }
}

#[derive(Clone)]
struct Call {
    method: &'static str,
    path: String,
    body: Vec<u8>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Call {
    fn new(method: &'static str, path: &str, body: &[u8]) -> Self {
        Self {
            method,
            path: path.to_owned(),
            body: body.to_vec(),
            headers: Vec::new(),
        }
    }

    /// With all that any API asks of a caller.
    fn signed(&self, key: &Key) -> Request<Body> {
        let timestamp = START.seconds().to_string();
        let whole = [
            timestamp.as_bytes(),
            self.method.as_bytes(),
            self.path.as_bytes(),
            &self.body,
        ];
        let parts = if self.path.contains(".php") {
            &whole[3..]
        } else {
            &whole[..]
        };
        let mac = hex::encode(signing::mac(key.secret.as_bytes(), parts).unwrap());
        let mut request = Request::builder()
            .method(self.method)
            .uri(self.path.as_str())
            .header("x-api-key", &key.key)
            .header("x-timestamp", &timestamp)
            .header("x-signature", mac)
            .header("authorization", format!("Bearer {}:{}", key.key, key.secret))
            .body(Body::from(self.body.clone()))
            .unwrap();
        for (name, value) in &self.headers {
            request.headers_mut().insert(name, value.clone());
        }
        request
    }
}

const ORDERS: &[&str] = &[
    r#"{"amount_usd_cents":5000,"network":"bsc","currency":"usdt","external_order_id":"order-9","customer_email":"jo@example.com","redirect_url":"https://m.example/thanks","metadata":{"sku":"GOLD","n":[1,2.50]}}"#,
    r#"{"amount":"50.00","order_id":"1","description":"a","success_url":"https://shop.example/ok","fail_url":"https://shop.example/no"}"#,
    r#"{"amount":100.14,"fiat_currency":"USD","fiat_amount":59.97,"currency":"USDT_BEP20","order_id":"A-1","metadata":{"a":1}}"#,
    r#"{"price_amount":12.5,"price_currency":"usd","pay_currency":"USDT","network":"bsc","amount":"12.50","currency":"USD","order_id":"7","callback_url":"https://shop.example/hook","expires_in":3600}"#,
];

/// Every kind of call of the APIs.
fn api_calls(site: &Site) -> Vec<Call> {
    let mut calls = Vec::new();
    for order in ORDERS {
        for path in [
            "/api/v1/payments/",
            "/api/create-payment.php",
            "/api/v1/payment/create",
            "/api/v1/invoices",
            "/api/v1/payments",
        ] {
            calls.push(Call::new("POST", path, order.as_bytes()));
        }
    }
    let number = &site.number;
    for path in [
        format!("/api/v1/payments/{number}/"),
        "/api/payment-status.php?payment_id=1".to_owned(),
        "/api/v1/payment/status?payment_id=1".to_owned(),
        "/api/v1/schema/".to_owned(),
        "/api/v1/withdrawals/1".to_owned(),
        "/api/v1/payments?page=1&per_page=20&status=paid&currency=USDT_BEP20&from=2027-01-15&to=2027-01-16T12:30:00%2B02:00".to_owned(),
        "/api/v1/merchant/balance".to_owned(),
        "/api/v1/invoices?limit=10&offset=0&status=pending&cursor=abc".to_owned(),
        "/api/v1/invoices/1".to_owned(),
        "/api/v1/balances".to_owned(),
        "/api/v1/rates?currency=USDT_BEP20&fiat=USD".to_owned(),
    ] {
        calls.push(Call::new("GET", &path, b""));
    }
    calls.push(Call::new(
        "POST",
        &format!("/api/v1/payments/{number}/cancel/"),
        b"{}",
    ));
    calls
}

const HEADERS: &[(&str, &str)] = &[
    ("x-api-key", "pk_00112233445566778899aabbccddeeff"),
    ("x-timestamp", "1800000000"),
    (
        "x-signature",
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
    ),
    ("authorization", "Bearer pk_0011:sk_2233"),
    ("idempotency-key", "9b2f7a10-3f1e-4a55-8f57-000000000001"),
    ("content-type", "application/json; charset=utf-8"),
    ("accept-language", "de-CH, de;q=0.9, en;q=0.8, *;q=0.5"),
    ("x-forwarded-for", "203.0.113.7, [2001:db8::1]:443, 10.0.0.1"),
    ("cookie", "payd_language=de; session=abc; a=\"b\""),
    ("accept-encoding", "gzip;q=1.0, *;q=0"),
    ("origin", "https://shop.example"),
    ("if-none-match", "\"abc\", W/\"def\""),
    ("range", "bytes=0-10"),
    ("accept", "text/html, application/json;q=0.5"),
    ("host", "pay.example.com:443"),
];

/// Damages one part of a call: its path and query, a header, or its body.
fn spoil(from: &mut Mutator, call: &mut Call, bodies: &[&str]) {
    match from.below(6) {
        0 | 1 => {
            let path = from.foul_text(&[&call.path]);
            // What is no URI does not come through the server.
            if path.starts_with('/') && path.parse::<Uri>().is_ok() {
                call.path = path;
            }
        }
        2 | 3 => {
            let (name, value) = HEADERS[from.below(HEADERS.len())];
            if let Ok(value) = HeaderValue::from_bytes(&from.foul(&[value])) {
                call.headers.push((HeaderName::from_static(name), value));
            }
        }
        _ => {
            let own = String::from_utf8_lossy(&call.body).into_owned();
            call.body = if own.is_empty() {
                from.foul(bodies)
            } else {
                {
                    let other = from.pick(bodies);
                    from.foul(&[own.as_str(), own.as_str(), other])
                }
            };
        }
    }
}

#[test]
fn a_damaged_call_of_an_api_is_answered_in_its_words_and_buys_nothing_else() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let site = runtime.block_on(Site::open());
    let calls = api_calls(&site);
    run("web::api", 500, |from| {
        let mut call = calls[from.below(calls.len())].clone();
        for _ in 0..=from.below(2) {
            spoil(from, &mut call, ORDERS);
        }
        let key = if from.once_in(8) {
            &site.shop.live
        } else {
            &site.shop.test
        };
        let (status, body) = runtime.block_on(site.answer(call.signed(key)));
        let told = || {
            format!(
                "{} {} {} -> {status} {}",
                call.method,
                call.path,
                shown(&call.body),
                shown(&body)
            )
        };
        assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "{}", told());
        if call.path.starts_with("/api/") && !body.is_empty() {
            let answer: Result<Value, _> = serde_json::from_slice(&body);
            assert!(answer.is_ok(), "{}", told());
            if let (Ok(answer), "POST", true) = (answer, call.method, status.is_success())
                && !call.path.contains("/cancel")
            {
                assert!(is_of(&call.body, &answer), "{}", told());
            }
        }
    });
}

/// Whether the price in an answer is one that stands in what was sent, as far as both tell of it in cents.
fn is_of(sent: &[u8], answer: &Value) -> bool {
    /// Not all of it: what else stands there may lie deeper than a [`Value`] goes.
    #[derive(serde::Deserialize)]
    struct Sent {
        #[serde(default)]
        amount_usd_cents: Value,
    }
    let Ok(sent) = serde_json::from_slice::<Sent>(sent) else {
        return false;
    };
    match (sent.amount_usd_cents, &answer["amount_usd_cents"]) {
        (_, Value::Null) => true,
        (sent, told) => sent == *told,
    }
}

#[test]
fn a_damaged_visit_to_a_public_page_is_answered_by_a_page() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let site = runtime.block_on(Site::open());
    let open = DonationPage {
        is_enabled: true,
        ..DonationPage::default()
    };
    // Only now: the key of a page is public, and takes no more calls of that kind.
    runtime.block_on(site.stage.donations(&site.shop, open));
    let key = &runtime.block_on(site.stage.page_key(&site.shop));
    let token = &site.token;
    let forms = [
        format!("api_key={key}&amount=5.00&currency=USD&name=Jo&message=Thanks%21&code=BTC"),
        format!("key={key}&price=course&order_id=1&fiat_amount=1&fiat_currency=USD"),
        "scenario=exact".to_owned(),
        "currency=USDT_TRC20&code=BTC".to_owned(),
        format!(r#"{{"api_key":"{key}","amount":5.00,"currency":"USD","donor_name":"Jo","message":"hi"}}"#),
    ];
    let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
    let mut calls = Vec::new();
    for path in [
        format!("/pay/{token}"),
        format!("/pay/{token}/"),
        format!("/pay/{token}/status"),
        format!("/pay/{token}/events"),
        format!("/pay/{token}/qr.svg"),
        "/pay/?id=1234567890".to_owned(),
        format!("/pay/select?token={token}"),
        format!("/donate/{key}?amount=5&theme=dark&lang=de"),
        "/widget.js".to_owned(),
        "/donate-widget.js?key=1".to_owned(),
        format!("/widget/frame?key={key}&price=course&origin=https%3A%2F%2Fshop.example"),
        "/".to_owned(),
        "/docs/payhook/".to_owned(),
        "/assets/checkout.css".to_owned(),
        "/brand/00112233.png".to_owned(),
        "/healthz".to_owned(),
        "/readyz".to_owned(),
    ] {
        calls.push(Call::new("GET", &path, b""));
    }
    for path in [
        format!("/pay/{token}/simulate"),
        format!("/pay/select?token={token}"),
        "/donate/create".to_owned(),
        "/widget/create".to_owned(),
    ] {
        for form in &forms {
            let mut call = Call::new("POST", &path, form.as_bytes());
            let kind = if form.starts_with('{') {
                "application/json"
            } else {
                "application/x-www-form-urlencoded"
            };
            call.headers
                .push((header::CONTENT_TYPE, HeaderValue::from_static(kind)));
            calls.push(call);
        }
    }
    run("web::pages", 500, |from| {
        let mut call = calls[from.below(calls.len())].clone();
        for _ in 0..=from.below(2) {
            spoil(from, &mut call, &forms);
        }
        let (status, body) = runtime.block_on(site.answer(call.signed(&site.shop.test)));
        assert_ne!(
            status,
            StatusCode::INTERNAL_SERVER_ERROR,
            "{} {} {} -> {}",
            call.method,
            call.path,
            shown(&call.body),
            shown(&body)
        );
    });
    drop(site.stage);
}

#[test]
fn headers_and_amounts_are_read_within_their_bounds() {
    let formats = super::api::formats("https://pay.example");
    run("web::headers", 4000, |from| {
        let text = from.foul_text(&["de-CH, de;q=0.9, en;q=0.8, *;q=0.5", "zh-Hant-TW,zh;q=0.7", "pt"]);
        bounded(text.len(), 16, || {
            let _ = super::text::choose(Some(&text), Some(&text), Some(&text));
        });
        let mut headers = axum::http::HeaderMap::new();
        if let Ok(value) = HeaderValue::from_bytes(
            &from.foul(&["203.0.113.7, [2001:db8::1]:443, 10.0.0.1:80", "unknown, 1.2.3.4"]),
        ) {
            headers.append("x-forwarded-for", value);
        }
        let peer = std::net::IpAddr::from([10, 0, 0, 1]);
        let _ = super::limits::client_address(&headers, Some(peer), &["10.0.0.0/8".parse().unwrap()]);
        // One who is no trusted proxy is who it is, whatever it says.
        let own = std::net::IpAddr::from([203, 0, 113, 99]);
        let found = super::limits::client_address(&headers, Some(own), &["10.0.0.0/8".parse().unwrap()]);
        assert_eq!(found.ip(), Some(own));
        let digits = from.foul_text(&["100.14", "59.969999999999999", "0.1", "1e3", "12"]);
        if let Some(sent) = super::api::number::SentAmount::parse_number(&digits) {
            let _ = sent.units(u8::try_from(from.below(30)).unwrap());
        }
        let status = u16::try_from(from.below(1 << 16)).unwrap();
        for format in crate::domain::shop::Format::ALL {
            let format = formats.get(*format);
            let is_received = format.verdict(status) == crate::outbox::format::Verdict::Received;
            assert!(
                !is_received || (200..300).contains(&status),
                "{status} is taken for received"
            );
        }
    });
}
