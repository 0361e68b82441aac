//! The scripts and the frame through the real router, over a real engine: what a customer who changes what the page sends
//! can buy, and what not.

mod refused;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::Response;
use tower::ServiceExt;
use url::form_urlencoded::{Serializer, parse};

use super::router;
use crate::domain::ids::PaymentToken;
use crate::domain::money::{BaseUnits, Fiat, FiatAmount};
use crate::domain::payment::Origin;
use crate::domain::price::Price;
use crate::domain::shop::Dialect;
use crate::domain::status::Status;
use crate::domain::widget::{ListedPrice, Widget};
use crate::engine::gateway::{ListRequest, PaymentView};
use crate::engine::stage::{Stage, StagedShop};
use crate::web::limits::Limits;

const SHOP: &str = "https://shop.example";

type Fields<'a> = &'a [(&'a str, &'a str)];

struct Site {
    stage: Stage,
    shop: StagedShop,
    limits: Arc<Limits>,
}

impl Site {
    /// A shop whose pages sell an e-book for 5.00 and a course for 100.00, and whatever they name when `takes_amounts`.
    async fn open(takes_amounts: bool) -> Self {
        let stage = Stage::new();
        let shop = stage.shop(Dialect::Soko).await;
        let limits = Arc::new(Limits::none());
        let site = Self { stage, shop, limits };
        site.set(true, takes_amounts).await;
        site
    }

    async fn set(&self, is_enabled: bool, takes_amounts: bool) {
        let widget = Widget {
            is_enabled,
            origins: vec![SHOP.to_owned(), "http://localhost:3000".to_owned()],
            takes_amounts,
        };
        let price = |name: &str, minor| ListedPrice {
            name: name.to_owned(),
            label: format!("The {name}"),
            price: FiatAmount {
                currency: Fiat::Usd,
                minor,
            },
        };
        let prices = vec![price("ebook", 500), price("course", 10_000)];
        self.stage.set_widget(&self.shop, widget, prices).await;
    }

    async fn send(&self, request: Request<Body>) -> Response {
        let (gateway, limits) = (self.stage.gateway.clone(), Arc::clone(&self.limits));
        let router = router(gateway, limits, "https://pay.example/base/");
        router.oneshot(request).await.unwrap()
    }

    /// What the shop's page sends, with these fields in place of its own.
    fn fields<'a>(&'a self, fields: Fields<'a>) -> Vec<(&'a str, &'a str)> {
        let mut all = vec![("key", self.shop.test.key.as_str()), ("origin", SHOP)];
        all.retain(|(name, _)| !fields.iter().any(|(changed, _)| changed == name));
        all.extend(fields);
        all
    }

    async fn frame(&self, fields: Fields<'_>) -> Response {
        let query = written(&self.fields(fields));
        let request = Request::get(format!("/widget/frame?{query}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn create(&self, fields: Fields<'_>) -> Response {
        self.post(
            written(&self.fields(fields)),
            &[("sec-fetch-site", "same-origin")],
        )
        .await
    }

    async fn post(&self, form: String, headers: &[(&str, &str)]) -> Response {
        let mut request =
            Request::post("/widget/create").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(form)).unwrap()).await
    }

    /// The payment that a reply leads to.
    async fn made(&self, reply: &Response) -> PaymentView {
        assert_eq!(reply.status(), StatusCode::SEE_OTHER);
        let (path, query) = location(reply);
        let token = match path.strip_prefix("/base/pay/").unwrap() {
            "select" => query.iter().find(|(name, _)| name == "token").unwrap().1.clone(),
            token => token.to_owned(),
        };
        let token = PaymentToken::parse(&token).unwrap();
        self.stage.gateway.by_public_name(&token).await.unwrap()
    }

    async fn count(&self) -> u64 {
        let caller = self
            .stage
            .gateway
            .authenticate(&self.shop.test.key, None)
            .await
            .unwrap();
        let request = ListRequest {
            page: 1,
            per_page: 1,
            ..ListRequest::default()
        };
        self.stage.gateway.list(&caller, request).await.unwrap().total
    }

    /// Is refused with this word, before and after the form, and nothing is made.
    async fn refuses(&self, fields: Fields<'_>, status: StatusCode, code: &str) {
        for reply in [self.frame(fields).await, self.create(fields).await] {
            assert_eq!(reply.status(), status, "{fields:?}");
            let page = text(reply).await;
            let said = format!("&quot;code&quot;:&quot;{code}&quot;");
            let said_so = page.contains(&said) || page.contains(&said.replace("&quot;", "&#34;"));
            assert!(said_so, "{fields:?}: {page}");
            assert!(!page.contains("<form"), "{fields:?}");
        }
        assert_eq!(self.count().await, 0, "{fields:?}");
    }
}

fn written(fields: Fields<'_>) -> String {
    Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn location(reply: &Response) -> (String, Vec<(String, String)>) {
    let location = reply.headers()[header::LOCATION].to_str().unwrap();
    let (path, query) = location.split_once('?').unwrap();
    (path.to_owned(), parse(query.as_bytes()).into_owned().collect())
}

async fn text(reply: Response) -> String {
    String::from_utf8(to_bytes(reply.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
}

fn policy(headers: &HeaderMap) -> &str {
    headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap()
}

const fn usd(minor: u64) -> Price {
    Price::Fiat(FiatAmount {
        currency: Fiat::Usd,
        minor,
    })
}

impl Site {
    async fn refuses_rate(&self, fields: Fields<'_>) {
        let reply = self.create(fields).await;
        assert_eq!(reply.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}

#[tokio::test]
async fn a_price_of_the_list_becomes_a_payment_of_that_price_and_the_webhook_says_which_it_was() {
    let site = Site::open(false).await;
    let fields = [("price", "course"), ("order_id", "ORDER-123"), ("lang", "en")];
    let reply = site.create(&fields).await;
    let (path, query) = location(&reply);
    let view = site.made(&reply).await;
    assert_eq!(path, format!("/base/pay/{}", view.payment.token.as_str()));
    let expected = [("embed", "1"), ("origin", SHOP), ("lang", "en")];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(query, expected);
    let payment = view.payment;
    assert_eq!((payment.price, payment.origin), (usd(10_000), Origin::Widget));
    assert_eq!(payment.key, Some(site.shop.test.id));
    assert_eq!(payment.order.external_id, "ORDER-123");
    assert_eq!(payment.order.description, "The course");
    assert_eq!(payment.order.metadata, r#"{"price":"course","source":"widget"}"#);
}

#[tokio::test]
async fn what_a_customer_adds_to_the_price_and_the_order_changes_nothing() {
    let site = Site::open(false).await;
    for extra in [
        ("label", "Free"),
        ("minor", "1"),
        ("usd_cents", "1"),
        ("mode", "live"),
        ("fiat_currency", "VND"),
    ] {
        let reply = site.create(&[("price", "course"), extra]).await;
        assert_eq!(site.made(&reply).await.payment.price, usd(10_000), "{extra:?}");
    }
}

#[tokio::test]
async fn amounts_are_taken_where_they_were_switched_on() {
    let site = Site::open(true).await;
    site.stage.accept(&site.shop, &["USDT_TRC20"]).await;
    for (fields, expected) in [
        (
            &[("fiat_amount", "50"), ("fiat_currency", "eur")][..],
            "50.00 EUR",
        ),
        (&[("fiat_amount", "0.01"), ("fiat_currency", "USD")], "0.01 USD"),
        (
            &[("fiat_amount", "5"), ("fiat_currency", "USD"), ("amount", "7")],
            "5.00 USD",
        ),
        (
            &[("fiat_amount", "100.140"), ("fiat_currency", "USD")],
            "100.14 USD",
        ),
    ] {
        if expected.ends_with("EUR") {
            // The stage knows no rate of the euro: the price was understood, and nothing was made up.
            site.refuses_rate(fields).await;
            continue;
        }
        let reply = site.create(fields).await;
        let view = site.made(&reply).await;
        assert_eq!(view.payment.price.fiat().unwrap().to_string(), expected);
        assert_eq!(view.payment.order.metadata, r#"{"source":"widget"}"#);
    }
    let reply = site.create(&[("amount", "100.14")]).await;
    let view = site.made(&reply).await;
    let Price::Asset {
        network,
        currency,
        amount,
    } = &view.payment.price
    else {
        panic!("{:?}", view.payment.price)
    };
    assert_eq!((network.as_str(), currency.as_str()), ("test-tron", "usdt"));
    assert_eq!(*amount, BaseUnits::new(100_140_000));
}

#[tokio::test]
async fn with_several_currencies_the_customer_goes_on_to_choose_one() {
    let site = Site::open(true).await;
    site.stage.accept(&site.shop, &["BTC", "USDT_TRC20"]).await;
    let reply = site.create(&[("price", "course")]).await;
    let (path, query) = location(&reply);
    assert_eq!(path, "/base/pay/select");
    let names: Vec<&str> = query.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["token", "embed", "origin"]);
    assert_eq!(site.made(&reply).await.payment.status, Status::Selecting);
    // A plain amount is one of the first of them, as in soko's API.
    let reply = site.create(&[("amount", "0.005")]).await;
    let view = site.made(&reply).await;
    assert!(
        matches!(&view.payment.price, Price::Asset { amount, .. } if amount.get() == 500_000),
        "{:?}",
        view.payment.price
    );
}

#[tokio::test]
async fn a_form_that_is_sent_twice_makes_one_payment() {
    let site = Site::open(true).await;
    let once = ("once", "0123456789abcdef0123456789abcdef");
    let first = site.create(&[("price", "course"), once]).await;
    let again = site.create(&[("price", "course"), once]).await;
    assert_eq!(
        first.headers()[header::LOCATION],
        again.headers()[header::LOCATION]
    );
    let other = site.create(&[("price", "ebook"), once]).await;
    assert_eq!(other.status(), StatusCode::CONFLICT);
    assert_eq!(site.count().await, 1);
    // Too short to be nobody else's.
    for _ in 0..2 {
        let reply = site.create(&[("price", "course"), ("once", "1")]).await;
        assert_eq!(reply.status(), StatusCode::SEE_OTHER);
    }
    assert_eq!(site.count().await, 3);
}

#[tokio::test]
async fn the_frame_is_for_the_shops_own_pages_and_runs_nothing_but_payds_own_script() {
    let site = Site::open(false).await;
    let reply = site.frame(&[("price", "course"), ("order_id", "<b>\"1\"")]).await;
    assert_eq!(reply.status(), StatusCode::OK);
    assert_eq!(reply.headers()[header::CACHE_CONTROL], "no-store");
    let policy = policy(reply.headers()).to_owned();
    assert!(
        policy.ends_with("; frame-ancestors https://shop.example http://localhost:3000"),
        "{policy}"
    );
    assert!(
        policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"),
        "{policy}"
    );
    let page = text(reply).await;
    assert!(page.contains("action=\"/base/widget/create\""), "{page}");
    assert!(page.contains("src=\"/base/assets/"), "{page}");
    assert!(!page.contains("<b>\"1\""), "{page}");
    assert_eq!(site.count().await, 0, "looking makes no payment");
}

#[tokio::test]
async fn a_refusal_says_what_to_set_and_sends_its_word_only_to_an_origin() {
    let site = Site::open(false).await;
    let page = text(
        site.frame(&[("price", "course"), ("origin", "https://new.example")])
            .await,
    )
    .await;
    assert!(page.contains("payd widget set"), "{page}");
    assert!(page.contains("--origin https://new.example"), "{page}");
    assert!(page.contains("data-origin=\"https://new.example\""), "{page}");
    for origin in [
        "*",
        "https://new.example/x",
        "https://a.example;rm",
        "javascript:alert(1)",
    ] {
        let page = text(site.frame(&[("price", "course"), ("origin", origin)]).await).await;
        assert!(page.contains("data-origin=\"\""), "{page}");
        assert!(origin == "*" || !page.contains(origin), "{page}");
    }
}

#[tokio::test]
async fn the_scripts_are_served_to_every_site_in_the_readers_language_for_an_hour() {
    let site = Site::open(false).await;
    for (path, own) in [
        ("/widget.js", "CryptoMerchant"),
        ("/donate-widget.js", "data-store-key"),
    ] {
        let request = Request::get(path).header(header::ACCEPT_LANGUAGE, "en-GB");
        let reply = site.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(reply.status(), StatusCode::OK);
        for (name, value) in [
            ("content-type", "text/javascript; charset=utf-8"),
            ("cache-control", "public, max-age=3600"),
            ("vary", "Accept-Language"),
            ("cross-origin-resource-policy", "cross-origin"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(reply.headers()[name], value);
        }
        let script = text(reply).await;
        assert!(
            script.contains(own) && script.contains("\"close\":\"Close\""),
            "{script}"
        );
        for word in ["eval(", "innerHTML", "document.write", "Function(", ".cssText"] {
            assert!(!script.contains(word), "{path}: {word}");
        }
    }
}

#[tokio::test]
async fn a_key_that_stands_in_web_pages_opens_no_api_that_asks_for_nothing_but_the_key() {
    let site = Site::open(false).await;
    let (gateway, key) = (&site.stage.gateway, &site.shop.test.key);
    assert!(gateway.authenticate_by_key_alone(key, None).await.is_err());
    assert!(
        gateway.credentials(key, None).await.is_ok(),
        "a signature proves what the key does not"
    );
    site.set(false, false).await;
    assert!(gateway.authenticate_by_key_alone(key, None).await.is_ok());
}
