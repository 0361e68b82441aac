//! CryptoPayment's API through its router, before a real engine.

mod refusals;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use serde_json::Value;
use tower::ServiceExt;

use crate::domain::ids::PaymentUuid;
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::shop::Dialect;
use crate::engine::gateway::{CreateRequest, PayWith, PaymentView, PublicName, Scenario};
use crate::engine::stage::{Key, Stage, StagedShop};
use crate::web::limits::Limits;

const PUBLIC_URL: &str = "https://pay.example.com";
const BODY_BYTES_MAX: usize = 64 * 1024;
const INVOICES: &str = "/api/v1/invoices";

/// The page's example request.
const EXAMPLE_REQUEST: &str = r#"{
"network": "trc20",
"amount_usd": 50.00,
"order_id": "ORD-12345",
"metadata": { "customer_id": "usr_001" }
}"#;

/// An answer as it came.
struct Answer {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        assert_eq!(self.headers["content-type"], "application/json");
        serde_json::from_str(&self.text).unwrap()
    }
}

fn bearer(key: &Key) -> String {
    format!("Bearer {}:{}", key.key, key.secret)
}

async fn send(stage: &Stage, request: Request<Body>) -> Answer {
    send_under(stage, Arc::new(Limits::none()), request).await
}

async fn send_under(stage: &Stage, limits: Arc<Limits>, request: Request<Body>) -> Answer {
    let url = format!("{PUBLIC_URL}/");
    let routes = super::router(stage.gateway.clone(), limits, &url, BODY_BYTES_MAX);
    let response = routes.oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: head.status.as_u16(),
        headers: head.headers,
        text: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

async fn post(stage: &Stage, key: &Key, body: impl Into<Body>) -> Answer {
    let request = Request::post(INVOICES).header("authorization", bearer(key));
    send(stage, request.body(body.into()).unwrap()).await
}

async fn get(stage: &Stage, key: &Key, path: &str) -> Answer {
    let request = Request::get(path).header("Authorization", bearer(key));
    send(stage, request.body(Body::empty()).unwrap()).await
}

async fn stage() -> (Stage, StagedShop) {
    let stage = Stage::new();
    let shop = stage.shop(Dialect::Cryptopayment).await;
    (stage, shop)
}

async fn create(stage: &Stage, key: &Key, network: &str, amount: &str) -> Value {
    let body = format!(r#"{{"network":"{network}","amount_usd":{amount}}}"#);
    let answer = post(stage, key, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()["invoice"].clone()
}

async fn view_of(stage: &Stage, id: &str) -> PaymentView {
    let name = PublicName::Uuid(PaymentUuid::parse(id).unwrap());
    stage.gateway.by_public_name(name).await.unwrap()
}

#[tokio::test]
async fn the_pages_example_request_gives_the_pages_example_answer_to_the_byte() {
    let (stage, shop) = stage().await;
    let answer = post(&stage, &shop.test, EXAMPLE_REQUEST).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let invoice = &answer.json()["invoice"];
    let (id, address) = (
        invoice["id"].as_str().unwrap(),
        invoice["address"].as_str().unwrap(),
    );
    assert!(address.starts_with('T'));
    let expected = concat!(
        r#"{"success":true,"invoice":{"id":"ID","order_id":"ORD-12345","status":"pending","network":"trc20","#,
        r#""network_label":"USDT (TRC20)","coin":"USDT","amount_usd":50.00,"amount_crypto":50.00,"#,
        r#""address":"ADDRESS","paid_amount":0,"txid":null,"confirmations":{"received":0,"required":3},"#,
        r#""expires_at":"2027-01-15T08:30:00+00:00","created_at":"2027-01-15T08:00:00+00:00"},"#,
        r#""checkout_url":"https://pay.example.com/pay/ID"}"#,
    );
    assert_eq!(
        answer.text,
        expected.replace("ID", id).replace("ADDRESS", address)
    );
    let kept = view_of(&stage, id).await.payment.order.metadata;
    assert_eq!(kept, r#"{ "customer_id": "usr_001" }"#);

    let again = get(&stage, &shop.test, &format!("{INVOICES}/{id}")).await;
    let invoice = expected.split_once(r#","checkout_url""#).unwrap().0;
    let expected = format!("{invoice}}}")
        .replace("ID", id)
        .replace("ADDRESS", address);
    assert_eq!((again.status, again.text), (200, expected));
}

#[tokio::test]
async fn every_network_has_the_pages_words_and_exact_amounts() {
    let (stage, shop) = stage().await;
    for (asked, network, label, coin, amount) in [
        ("btc", "btc", "Bitcoin (BTC)", "BTC", "0.00102708"),
        ("ltc", "ltc", "Litecoin (LTC)", "LTC", "1.0014"),
        ("eth", "eth", "Ethereum (ETH)", "ETH", "0.03129375"),
        ("trc20", "trc20", "USDT (TRC20)", "USDT", "100.14"),
        ("TRC20", "trc20", "USDT (TRC20)", "USDT", "100.14"),
        ("bep20", "bep20", "USDT (BEP20)", "USDT", "100.14"),
        ("erc20", "erc20", "USDT (ERC20)", "USDT", "100.14"),
        ("USDT_TRC20", "trc20", "USDT (TRC20)", "USDT", "100.14"),
        ("USDC-BEP20", "usdc_bep20", "USDC (BEP20)", "USDC", "100.14"),
        ("bnb", "bnb", "BNB Smart Chain (BNB)", "BNB", "0.1669"),
    ] {
        let body = format!(r#"{{"network":"{asked}","amount_usd":100.14}}"#);
        let answer = post(&stage, &shop.test, body).await;
        let expected = format!(
            r#""order_id":null,"status":"pending","network":"{network}","network_label":"{label}","coin":"{coin}","amount_usd":100.14,"amount_crypto":{amount},"#
        );
        assert!(answer.text.contains(&expected), "{asked}: {}", answer.text);
    }
}

#[tokio::test]
async fn an_invoice_is_confirming_and_then_confirmed_with_what_was_paid() {
    let (mut stage, shop) = stage().await;
    let invoice = create(&stage, &shop.test, "trc20", "50.00").await;
    let path = format!("{INVOICES}/{}", invoice["id"].as_str().unwrap());
    let view = view_of(&stage, invoice["id"].as_str().unwrap()).await;
    let told = async |stage: &Stage| {
        let invoice = get(stage, &shop.test, &path).await;
        let (_, tail) = invoice.text.split_once(r#""paid_amount":"#).unwrap();
        let (paid, _) = tail.split_once(',').unwrap();
        let json = invoice.json()["invoice"].clone();
        (
            json["status"].clone(),
            paid.to_owned(),
            json["confirmations"]["received"].clone(),
            json["txid"].clone(),
        )
    };
    stage.play(&view, Scenario::Exact, Duration::from_secs(2)).await;
    let (status, paid, received, txid) = told(&stage).await;
    assert_eq!((status, &*paid), ("confirming".into(), "50.00"));
    assert!(
        (1..3).contains(&received.as_u64().unwrap()) && txid.is_string(),
        "{received} {txid}"
    );
    stage.pass(Duration::from_secs(60)).await;
    let (status, paid, received, after) = told(&stage).await;
    assert_eq!((status, &*paid, after), ("confirmed".into(), "50.00", txid));
    assert!(received.as_u64() >= Some(3));
}

#[tokio::test]
async fn half_the_money_is_an_expired_invoice_that_tells_what_came() {
    let (mut stage, shop) = stage().await;
    let invoice = create(&stage, &shop.test, "bep20", "50.00").await;
    let id = invoice["id"].as_str().unwrap();
    let view = view_of(&stage, id).await;
    stage.play(&view, Scenario::Under, Duration::from_secs(5)).await;
    stage.pass(Duration::from_secs(2 * 60 * 60)).await;
    let answer = get(&stage, &shop.test, &format!("{INVOICES}/{id}")).await;
    assert!(answer.text.contains(r#""status":"expired""#), "{}", answer.text);
    assert!(answer.text.contains(r#""paid_amount":25.00,"#), "{}", answer.text);
}

#[tokio::test]
async fn invoices_are_listed_newest_first_twenty_to_a_page_and_only_the_callers() {
    let (stage, shop) = stage().await;
    let other = stage.shop(Dialect::Soko).await;
    create(&stage, &other.test, "trc20", "7").await;
    create(&stage, &shop.live, "trc20", "8").await;
    let mut ids = Vec::new();
    for cents in 100..121 {
        let made = create(
            &stage,
            &shop.test,
            "btc",
            &format!("{}.{:02}", cents / 100, cents % 100),
        )
        .await;
        ids.insert(0, made["id"].clone());
    }
    let mut seen = Vec::new();
    for (query, page, count) in [
        ("", 1, 20),
        ("?page=1", 1, 20),
        ("?page=2", 2, 1),
        ("?page=3", 3, 0),
    ] {
        let answer = get(&stage, &shop.test, &format!("{INVOICES}{query}")).await;
        let meta = format!(r#","meta":{{"current_page":{page},"last_page":2,"per_page":20,"total":21}}}}"#);
        assert!(answer.text.ends_with(&meta), "{}", answer.text);
        assert!(answer.text.starts_with(r#"{"success":true,"invoices":["#));
        let invoices = answer.json()["invoices"].as_array().unwrap().clone();
        assert_eq!(invoices.len(), count, "{query}");
        if !query.is_empty() {
            seen.extend(invoices.iter().map(|invoice| invoice["id"].clone()));
        }
    }
    assert_eq!(seen, ids);
    let none = stage.shop(Dialect::Payhook).await;
    assert_eq!(
        get(&stage, &none.live, INVOICES).await.text,
        r#"{"success":true,"invoices":[],"meta":{"current_page":1,"last_page":1,"per_page":20,"total":0}}"#
    );
}

#[tokio::test]
async fn balances_are_those_of_the_page_to_the_byte() {
    let (stage, shop) = stage().await;
    stage.accept(&shop, &["USDT_TRC20", "BTC"]).await;
    let id = shop.id;
    stage
        .write(move |txn| {
            txn.run_sql(&format!(
                "INSERT INTO received (store_id, network, currency, seen, settled) VALUES
                 ({id}, 'tron', 'usdt', '450000000', '450000000'), ({id}, 'bitcoin', 'native', '2500000', '2500000')"
            ))
        })
        .await;
    let path = "/api/v1/balances";
    assert_eq!(
        get(&stage, &shop.live, path).await.text,
        concat!(
            r#"{"success":true,"balances":{"USDT-TRC20":{"available":450.00,"pending":0},"#,
            r#""BTC":{"available":0.025,"pending":0}}}"#
        )
    );
    assert_eq!(
        get(&stage, &shop.test, path).await.text,
        concat!(
            r#"{"success":true,"balances":{"USDT-TRC20":{"available":0,"pending":0},"#,
            r#""BTC":{"available":0,"pending":0}}}"#
        ),
        "a test key is shown no real money"
    );
    stage
        .write(|txn| txn.run_sql("UPDATE received SET seen = '450100000' WHERE currency = 'usdt'"))
        .await;
    let pending = get(&stage, &shop.live, path).await.text;
    assert!(
        pending.contains(r#"{"available":450.00,"pending":0.10}"#),
        "{pending}"
    );
}

#[tokio::test]
async fn a_payment_of_another_api_reads_right_and_tells_nothing_that_the_customer_is_not_told() {
    let (stage, shop) = stage().await;
    stage.accept(&shop, &["USDT_TRC20", "BTC"]).await;
    let caller = stage.gateway.authenticate(&shop.test.key, None).await.unwrap();
    let price = FiatAmount {
        currency: Fiat::Usd,
        minor: 1999,
    };
    let made = stage
        .gateway
        .create(&caller, CreateRequest::new(price, PayWith::Accepted))
        .await;
    let payment = made.unwrap().view.payment;
    let id = payment.uuid.as_str();
    let answer = get(&stage, &shop.test, &format!("{INVOICES}/{}", id.to_uppercase())).await;
    let expected = concat!(
        r#"{"success":true,"invoice":{"id":"ID","order_id":null,"status":"pending","network":null,"#,
        r#""network_label":null,"coin":null,"amount_usd":19.99,"amount_crypto":null,"address":null,"#,
        r#""paid_amount":0,"txid":null,"confirmations":{"received":0,"required":null},"#,
        r#""expires_at":"2027-01-15T08:30:00+00:00","created_at":"2027-01-15T08:00:00+00:00"}}"#,
    );
    assert_eq!(answer.text, expected.replace("ID", id));
}

#[tokio::test]
async fn an_invoice_always_has_its_address_and_what_waits_for_its_turn_tells_none() {
    let (mut stage, shop) = stage().await;
    stage.share(&shop, "tron", 1).await;
    stage
        .change(&shop, |shop| shop.rules.cool_down = Duration::ZERO)
        .await;
    let first = create(&stage, &shop.test, "trc20", "50.00").await;
    let body = r#"{"network":"trc20","amount_usd":50.00}"#;
    let refused = post(&stage, &shop.test, body).await;
    assert_eq!(refused.status, 503, "{}", refused.text);
    assert!(refused.headers.contains_key("retry-after"));

    // Another API's payment may wait.
    let caller = stage.gateway.authenticate(&shop.test.key, None).await.unwrap();
    let price = crate::domain::money::FiatAmount {
        currency: crate::domain::money::Fiat::Usd,
        minor: 5000,
    };
    let request = CreateRequest::new(price, PayWith::asset("tron", "usdt"));
    let waiting = stage.gateway.create(&caller, request).await.unwrap().view;
    let path = format!("{INVOICES}/{}", waiting.payment.uuid.as_str());
    let invoice = get(&stage, &shop.test, &path).await.json()["invoice"].clone();
    assert_eq!(
        (&invoice["status"], &invoice["network"]),
        (&"pending".into(), &"trc20".into())
    );
    for field in ["address", "amount_crypto"] {
        assert!(!first[field].is_null() && invoice[field].is_null(), "{invoice}");
    }
    let view = view_of(&stage, first["id"].as_str().unwrap()).await;
    stage.play(&view, Scenario::Exact, Duration::from_secs(60)).await;
    stage.pass(Duration::from_secs(60)).await;
    let asked = get(&stage, &shop.test, &path).await.json()["invoice"].clone();
    assert_eq!(asked["address"], first["address"], "{asked}");
}

#[tokio::test]
async fn a_price_whose_worth_in_dollars_nobody_knew_is_null_and_not_invented() {
    let (stage, shop) = stage().await;
    let invoice = create(&stage, &shop.test, "trc20", "50.00").await;
    let mut view = view_of(&stage, invoice["id"].as_str().unwrap()).await;
    view.payment.usd_cents = None;
    let told = serde_json::to_value(super::wire::Invoice::of(&view).unwrap()).unwrap();
    assert_eq!(told["amount_usd"], Value::Null);
}
