//! The pages through the real router, over payments made up for the purpose.

mod streams;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::Response;
use futures_util::future::BoxFuture;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use url::Url;

use super::sample;
use super::{CheckoutState, Payments, router};
use crate::ambient::SimulatedClock;
use crate::domain::ids::PaymentId;
use crate::domain::status::Status;
use crate::engine::gateway::{Choice, GatewayError, PaymentView, PublicName, Scenario};

/// Why the engine says no.
type Refusal = fn() -> GatewayError;

/// One payment, that the test changes under the pages.
#[derive(Clone)]
struct OnePayment {
    view: Arc<Mutex<PaymentView>>,
    changes: broadcast::Sender<PaymentId>,
    simulated: Arc<Mutex<Vec<Scenario>>>,
    refusal: Arc<Mutex<Option<Refusal>>>,
}

impl Payments for OnePayment {
    fn by_public_name<'a>(
        &'a self,
        name: &'a PublicName,
    ) -> BoxFuture<'a, Result<PaymentView, GatewayError>> {
        let known = *name == PublicName::Token(sample::token());
        let refusal = self.refusal.lock().unwrap().map(|refusal| refusal());
        let found = match refusal {
            Some(error) => Err(error),
            None if known => Ok(self.view.lock().unwrap().clone()),
            None => Err(GatewayError::NotFound),
        };
        Box::pin(async { found })
    }

    fn choices<'a>(&'a self, _: &'a PaymentView) -> BoxFuture<'a, Result<Vec<Choice>, GatewayError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn choose<'a>(
        &'a self,
        name: &'a PublicName,
        _: &'a str,
    ) -> BoxFuture<'a, Result<PaymentView, GatewayError>> {
        self.by_public_name(name)
    }

    fn frame_origins<'a>(&'a self, _: &'a PaymentView) -> BoxFuture<'a, Result<Vec<String>, GatewayError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn simulate<'a>(
        &'a self,
        name: &'a PublicName,
        scenario: Scenario,
    ) -> BoxFuture<'a, Result<(), GatewayError>> {
        let done = match scenario {
            _ if *name != PublicName::Token(sample::token()) => Err(GatewayError::NotFound),
            Scenario::Reorg => Err(GatewayError::NotNow("nothing to take <back>".to_owned())),
            played => {
                self.simulated.lock().unwrap().push(played);
                Ok(())
            }
        };
        Box::pin(async { done })
    }

    fn changes(&self) -> broadcast::Receiver<PaymentId> {
        self.changes.subscribe()
    }
}

struct Site {
    payments: OnePayment,
    clock: Arc<SimulatedClock>,
    stop: CancellationToken,
    router: Router,
}

impl Site {
    fn showing(view: PaymentView) -> Self {
        Self::showing_at(view, "https://pay.example")
    }

    fn showing_at(view: PaymentView, public_url: &str) -> Self {
        let payments = OnePayment {
            view: Arc::new(Mutex::new(view)),
            changes: broadcast::Sender::new(4),
            simulated: Arc::default(),
            refusal: Arc::default(),
        };
        let clock = Arc::new(SimulatedClock::starting_at(sample::early()));
        let stop = CancellationToken::new();
        let url = Url::parse(public_url).unwrap();
        let state = CheckoutState::new(payments.clone(), clock.clone(), url, stop.clone());
        Self {
            payments,
            clock,
            stop,
            router: router(state),
        }
    }

    fn change(&self, change: impl FnOnce(&mut PaymentView)) {
        let id = {
            let mut view = self.payments.view.lock().unwrap();
            change(&mut view);
            view.payment.id
        };
        self.payments.changes.send(id).unwrap();
    }

    async fn send(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn get(&self, below: &str) -> Response {
        let path = format!("/pay/{}{below}", sample::token().as_str());
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn text(&self, below: &str) -> String {
        text(self.get(below).await).await
    }

    async fn simulate(&self, form: &'static str) -> Response {
        let path = format!("/pay/{}/simulate", sample::token().as_str());
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form));
        self.send(request.unwrap()).await
    }
}

async fn text(reply: Response) -> String {
    String::from_utf8(to_bytes(reply.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
}

fn assert_hardened(headers: &HeaderMap) {
    let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    for rule in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(rule), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
}

#[tokio::test]
async fn the_page_says_what_to_send_where() {
    let site = Site::showing(sample::usdt_on_bsc());
    let reply = site.get("").await;
    assert_eq!(reply.status(), StatusCode::OK);
    assert_hardened(reply.headers());
    let page = text(reply).await;
    let wallet = format!(
        "href=\"ethereum:0x55d398326f99059fF775485246999027B3197955@56/transfer?address={}&#38;uint256=50000000000000000000\"",
        sample::RECEIVER
    );
    for part in [
        "data-copy=\"50.000000\"",
        &format!("data-copy=\"{}\"", sample::RECEIVER),
        "Send only USDT on BNB Smart Chain",
        "$50.00",
        "Order 1042",
        "Northwind Coffee",
        "ada@example.com",
        "29:41",
        "<svg xmlns",
        &wallet,
    ] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    assert!(!page.contains("metadata-secret"));
}

#[tokio::test]
async fn every_link_of_the_page_is_below_the_public_path() {
    let site = Site::showing_at(sample::usdt_on_bsc(), "https://shop.example/crypto/");
    let page = site.text("").await;
    assert!(page.contains("href=\"/crypto/assets/"), "{page}");
    assert!(page.contains("data-events=\"/crypto/pay/"), "{page}");
    assert!(page.contains("data-page=\"/crypto/pay/"), "{page}");
}

#[tokio::test]
async fn the_assets_of_the_page_are_there() {
    let site = Site::showing(sample::usdt_on_bsc());
    let page = site.text("").await;
    let assets: Vec<&str> = page
        .split('"')
        .filter(|part| part.starts_with("/assets/"))
        .collect();
    assert_eq!(assets.len(), 3, "{assets:?}");
    for asset in assets {
        let reply = site.send(Request::get(asset).body(Body::empty()).unwrap()).await;
        assert_eq!(reply.status(), StatusCode::OK, "{asset}");
        let cache = reply.headers()[header::CACHE_CONTROL].to_str().unwrap();
        assert!(cache.contains("immutable"), "{asset}: {cache}");
    }
}

#[tokio::test]
async fn an_unknown_payment_has_a_page_of_its_own() {
    let site = Site::showing(sample::usdt_on_bsc());
    for path in [
        format!("/pay/{}", "0".repeat(64)),
        "/pay/x".to_owned(),
        "/pay/%00%ff".to_owned(),
    ] {
        let reply = site.send(Request::get(&path).body(Body::empty()).unwrap()).await;
        assert_eq!(reply.status(), StatusCode::NOT_FOUND, "{path}");
        assert_hardened(reply.headers());
        assert!(text(reply).await.contains("No such payment"), "{path}");
    }
    let reply = site
        .send(Request::get("/pay/x/status").body(Body::empty()).unwrap())
        .await;
    assert_eq!(reply.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_fault_inside_is_told_without_details() {
    let site = Site::showing(sample::usdt_on_bsc());
    *site.payments.refusal.lock().unwrap() = Some(|| GatewayError::Internal("disk secret".into()));
    for below in ["", "/status", "/events", "/qr.svg"] {
        let reply = site.get(below).await;
        assert_eq!(reply.status(), StatusCode::SERVICE_UNAVAILABLE, "{below}");
        assert!(reply.headers().contains_key(header::RETRY_AFTER));
        assert!(!text(reply).await.contains("disk"), "{below}");
    }
}

#[tokio::test]
async fn what_a_shop_supplies_never_becomes_markup() {
    let hostile = "<script>alert(1)</script>\"'><img src=x>";
    let mut view = sample::usdt_on_bsc();
    Arc::make_mut(&mut view.shop).name = hostile.to_owned();
    view.payment.order.external_id = hostile.to_owned();
    view.payment.order.customer_email = hostile.to_owned();
    view.payment.order.redirect_url = format!("https://shop.example/?q={hostile}");
    for status in [Status::Pending, Status::Paid, Status::Underpaid, Status::Expired] {
        let site = Site::showing(sample::with(view.clone(), status, "50", 15));
        let page = site.text("").await;
        assert!(!page.contains("<script>alert"), "{status}: {page}");
        assert!(!page.contains("<img"), "{status}: {page}");
        assert_eq!(page.matches("<script").count(), 1, "{status}");
    }
}

#[tokio::test]
async fn the_page_has_no_inline_script_or_style_and_asks_nobody_else() {
    for view in [
        sample::usdt_on_bsc(),
        sample::as_test(sample::bitcoin()),
        sample::with(sample::usdt_on_tron(), Status::Paid, "50", 15),
    ] {
        let page = Site::showing(view).text("").await;
        for inline in [
            "<style",
            " style=",
            " onclick=",
            " onload=",
            "javascript:",
            "src=\"http",
            "src=\"//",
        ] {
            assert!(!page.contains(inline), "{inline}");
        }
    }
}

#[tokio::test]
async fn only_a_web_address_becomes_a_link_back_to_the_shop() {
    for (url, is_link) in [
        ("https://shop.example/thanks", true),
        ("http://10.0.0.5:8080/", true),
        ("javascript:alert(1)", false),
        ("javascript://shop.example/%0aalert(1)", false),
        ("ftp://shop.example/", false),
        ("https://user@shop.example/", false),
        ("data:text/html,x", false),
        ("https://user:pass@shop.example/", false),
        ("/relative", false),
        ("", false),
    ] {
        let mut view = sample::with(sample::usdt_on_bsc(), Status::Paid, "50", 15);
        view.payment.order.redirect_url = url.to_owned();
        let page = Site::showing(view).text("").await;
        assert_eq!(page.contains("id=\"shop-link\""), is_link, "{url}");
        assert_eq!(page.contains("id=\"leaving\""), is_link, "{url}");
    }
}

#[tokio::test]
async fn a_page_opened_long_after_the_payment_does_not_leave_by_itself() {
    let site = Site::showing(sample::with(sample::usdt_on_bsc(), Status::Paid, "50", 15));
    site.clock.advance(Duration::from_secs(3600));
    let page = site.text("").await;
    assert!(page.contains("id=\"shop-link\""));
    assert!(!page.contains("id=\"leaving\""));
}

#[tokio::test]
async fn a_test_payment_has_a_button_for_every_scenario_and_a_live_one_none() {
    let live = Site::showing(sample::usdt_on_bsc()).text("").await;
    assert!(!live.contains("/simulate"));
    assert!(!live.contains("Test payment"));
    let site = Site::showing(sample::as_test(sample::usdt_on_bsc()));
    let page = site.text("").await;
    assert!(page.contains("Test payment: no real money"));
    for scenario in Scenario::ALL {
        assert!(page.contains(&format!("value=\"{scenario}\"")), "{scenario}");
    }
}

#[tokio::test]
async fn nobody_can_pay_real_money_by_scanning_a_test_payment() {
    let site = Site::showing(sample::as_test(sample::usdt_on_bsc()));
    let page = site.text("").await;
    assert!(!page.contains("ethereum:"));
    assert_ne!(
        site.text("/qr.svg").await,
        Site::showing(sample::usdt_on_bsc()).text("/qr.svg").await
    );
}

#[tokio::test]
async fn a_scenario_is_played_and_leads_back_to_the_page() {
    let site = Site::showing_at(
        sample::as_test(sample::usdt_on_bsc()),
        "https://shop.example/crypto",
    );
    let reply = site.simulate("scenario=wrong-token").await;
    assert_eq!(reply.status(), StatusCode::SEE_OTHER);
    let page = format!("/crypto/pay/{}", sample::token().as_str());
    assert_eq!(reply.headers()[header::LOCATION], page.as_str());
    assert_eq!(*site.payments.simulated.lock().unwrap(), [Scenario::WrongToken]);
    assert_eq!(
        site.get("/simulate").await.headers()[header::LOCATION],
        page.as_str()
    );
}

#[tokio::test]
async fn a_scenario_that_makes_no_sense_now_is_explained_on_the_page() {
    let site = Site::showing(sample::as_test(sample::usdt_on_bsc()));
    let reply = site.simulate("scenario=reorg").await;
    assert_eq!(reply.status(), StatusCode::CONFLICT);
    let page = text(reply).await;
    assert!(page.contains("nothing to take &#60;back&#62;"), "{page}");
}

#[tokio::test]
async fn a_form_that_is_none_of_ours_plays_nothing() {
    let site = Site::showing(sample::as_test(sample::usdt_on_bsc()));
    let long: &'static str = Box::leak(format!("scenario=exact&x={}", "x".repeat(2000)).into_boxed_str());
    for form in ["", "scenario=", "scenario=EXACT", "x=exact", long] {
        let reply = site.simulate(form).await;
        assert_eq!(reply.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_hardened(reply.headers());
    }
    assert!(site.payments.simulated.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_qr_code_is_gone_when_nothing_is_to_be_paid() {
    let site = Site::showing(sample::usdt_on_bsc());
    let reply = site.get("/qr.svg").await;
    assert_eq!(reply.headers()[header::CONTENT_TYPE], "image/svg+xml");
    assert_hardened(reply.headers());
    site.clock.set(sample::after_expiry());
    assert_eq!(site.get("/qr.svg").await.status(), StatusCode::GONE);
    assert!(!site.text("").await.contains("data-copy=\"50.000000\""));
}
