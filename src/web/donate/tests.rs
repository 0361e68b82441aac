//! The routes over a real engine.

mod form;
mod refusals;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::router;
use crate::domain::donation::{Donation, DonationPage};
use crate::domain::payment::{Origin, Payment};
use crate::domain::price::Price;
use crate::domain::shop::Dialect;
use crate::engine::stage::{Stage, StagedShop};
use crate::web::limits::Limits;

struct House {
    limits: Arc<Limits>,
    stage: Stage,
    shop: StagedShop,
}

struct Reply {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    body: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn error(&self) -> String {
        let json = self.json();
        assert_eq!(json["success"], json!(false));
        json["error"].as_str().unwrap().to_owned()
    }
}

impl House {
    async fn open() -> Self {
        Self::with(DonationPage {
            is_enabled: true,
            ..DonationPage::default()
        })
        .await
    }

    async fn with(page: DonationPage) -> Self {
        let stage = Stage::new();
        let shop = stage.shop(Dialect::Soko).await;
        stage.accept(&shop, &["USDT_TRC20", "BTC"]).await;
        stage.donations(&shop, page).await;
        Self {
            limits: Arc::new(Limits::none()),
            stage,
            shop,
        }
    }

    async fn send(&self, request: Request<Body>) -> Reply {
        let routes = router(
            self.stage.gateway.clone(),
            Arc::clone(&self.limits),
            "https://pay.example/payd/",
        );
        let response = routes.oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap();
        Reply {
            status,
            headers,
            body: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    async fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn post_as(&self, kind: &str, body: impl Into<Body>) -> Reply {
        let request = Request::post("/donate/create").header("content-type", kind);
        self.send(request.body(body.into()).unwrap()).await
    }

    async fn post(&self, more: Value) -> Reply {
        let mut body = json!({ "api_key": self.shop.test.key });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        self.post_as("application/json", body.to_string()).await
    }

    async fn post_form(&self, fields: &[(&str, &str)]) -> Reply {
        let key = [("api_key", self.shop.test.key.as_str())];
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(key.iter().chain(fields))
            .finish();
        self.post_as("application/x-www-form-urlencoded", form).await
    }

    /// Every donation there is, newest first.
    async fn donations(&self) -> Vec<(Donation, Payment)> {
        self.stage.all_donations().await
    }

    async fn only(&self) -> (Donation, Payment) {
        let mut all = self.donations().await;
        assert_eq!(all.len(), 1);
        all.remove(0)
    }
}

#[tokio::test]
async fn a_program_makes_a_donation_of_money_in_what_it_names() {
    let house = House::open().await;
    let reply = house
        .post(json!({ "fiat_amount": 10, "currency": "USDT_TRC20", "donor_name": "Ann", "donor_message": "Hi\r\nthere" }))
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    let (donation, payment) = house.only().await;
    let uuid = payment.uuid.as_str();
    let asked = payment.asked().unwrap();
    let expected = format!(
        r#"{{"success":true,"data":{{"payment_id":"{uuid}","amount":"10.00","currency":"USDT_TRC20","pay_address":"{}","status":"pending","expires_at":"2027-01-15T08:30:00Z","payment_url":"https://pay.example/payd/pay/{uuid}"}}}}"#,
        asked.address
    );
    assert_eq!(reply.body, expected);
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(payment.origin, Origin::Donation);
    assert_eq!(payment.key, Some(house.shop.test.id));
    assert_eq!(donation.donor.name, "Ann");
    assert_eq!(donation.donor.message, "Hi\nthere");
}

#[tokio::test]
async fn a_program_makes_a_donation_of_so_much_of_a_coin() {
    let house = House::open().await;
    let reply = house.post(json!({ "amount": "0.005", "currency": "btc" })).await;
    let data = &reply.json()["data"];
    assert_eq!(
        (&data["amount"], &data["currency"]),
        (&json!("0.00500000"), &json!("BTC"))
    );
    let (_, payment) = house.only().await;
    assert!(matches!(payment.price, Price::Asset { amount, .. } if amount.get() == 500_000));
}

#[tokio::test]
async fn without_a_currency_the_donor_is_to_choose_where_there_is_a_choice() {
    let house = House::open().await;
    let reply = house.post(json!({ "fiat_amount": "12.50" })).await;
    let (_, payment) = house.only().await;
    let expected = format!(
        r#"{{"success":true,"data":{{"payment_id":null,"status":"selecting","amount":12.5,"currencies":["USDT_TRC20","BTC"],"payment_url":"https://pay.example/payd/pay/select?token={}"}}}}"#,
        payment.token.as_str()
    );
    assert_eq!(reply.body, expected);
    house.stage.accept(&house.shop, &["BTC"]).await;
    let reply = house.post(json!({ "fiat_amount": "12.50" })).await;
    assert_eq!(reply.json()["data"]["currency"], json!("BTC"));
}

#[tokio::test]
async fn what_a_program_got_wrong_is_said_and_nothing_is_made() {
    let house = House::open().await;
    let key = &house.shop.test.key;
    for (body, status, part) in [
        (json!({}), 401, "api_key"),
        (
            json!({ "api_key": "pk_unknown", "fiat_amount": 1 }),
            401,
            "api_key",
        ),
        (
            json!({ "api_key": "x".repeat(300), "fiat_amount": 1 }),
            401,
            "api_key",
        ),
        (json!({ "api_key": key }), 400, "fiat_amount is required"),
        (
            json!({ "api_key": key, "fiat_amount": "", "amount": null }),
            400,
            "fiat_amount is required",
        ),
        (
            json!({ "api_key": key, "fiat_amount": 0 }),
            400,
            "greater than zero",
        ),
        (
            json!({ "api_key": key, "fiat_amount": -1 }),
            400,
            "decimal amount",
        ),
        (
            json!({ "api_key": key, "fiat_amount": 1e30 }),
            400,
            "decimal amount",
        ),
        (
            json!({ "api_key": key, "fiat_amount": true }),
            400,
            "decimal amount",
        ),
        (
            json!({ "api_key": key, "fiat_amount": "10.001" }),
            400,
            "too many digits",
        ),
        (
            json!({ "api_key": key, "fiat_amount": "2000000000" }),
            400,
            "too large",
        ),
        (
            json!({ "api_key": key, "fiat_amount": 1, "fiat_currency": "XXX" }),
            400,
            "fiat_currency",
        ),
        (
            json!({ "api_key": key, "fiat_amount": 1, "currency": "DOGE" }),
            400,
            "USDT_TRC20, BTC",
        ),
        (
            json!({ "api_key": key, "fiat_amount": 1, "currency": "ETH" }),
            400,
            "USDT_TRC20, BTC",
        ),
        (
            json!({ "api_key": key, "amount": 1 }),
            400,
            "currency is required",
        ),
        (
            json!({ "api_key": key, "fiat_amount": 1, "donor_name": "x".repeat(101) }),
            400,
            "donor_name",
        ),
        (
            json!({ "api_key": key, "fiat_amount": 1, "donor_message": "x".repeat(501) }),
            400,
            "donor_message",
        ),
        (
            json!({ "api_key": key, "fiat_amount": 1, "donor_name": 5 }),
            400,
            "JSON object",
        ),
    ] {
        let reply = house.post_as("application/json", body.to_string()).await;
        assert_eq!(reply.status.as_u16(), status, "{body}: {}", reply.body);
        assert!(reply.error().contains(part), "{body}: {}", reply.body);
    }
    for body in [
        "",
        "{",
        "[]",
        "null",
        "\"x\"",
        "{\"api_key\":1}",
        "{\"fiat_amount\":1,\"fiat_amount\":2}",
        "\u{0}",
    ] {
        let reply = house.post_as("application/json", body).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}");
        assert!(reply.error().contains("JSON object"), "{body}");
    }
    let reply = house.post_as("application/json", vec![b'{'; 33 * 1024]).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(reply.error().contains("longer than"));
    assert!(house.donations().await.is_empty());
}

#[tokio::test]
async fn json_is_json_whatever_it_is_sent_as() {
    let house = House::open().await;
    let body = json!({ "api_key": house.shop.test.key, "fiat_amount": "1", "currency": "BTC" }).to_string();
    for kind in [
        "application/json",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "",
    ] {
        let reply = house.post_as(kind, format!(" \n{body}")).await;
        assert_eq!(reply.json()["success"], json!(true), "{kind}");
    }
}

#[tokio::test]
async fn a_donation_to_a_test_key_is_paid_and_counts_for_nothing() {
    let mut house = House::open().await;
    house
        .post(json!({ "fiat_amount": "10", "currency": "BTC" }))
        .await;
    let (_, payment) = house.only().await;
    let view = house.stage.gateway.by_public_name(&payment.token).await.unwrap();
    house
        .stage
        .play(
            &view,
            crate::engine::gateway::Scenario::Exact,
            Duration::from_secs(20),
        )
        .await;
    assert_eq!(house.only().await.1.status.word(), "paid");
    let page = house
        .stage
        .gateway
        .donation_page(&house.shop.test.key, None)
        .await
        .unwrap();
    assert_eq!((page.count, page.given.unwrap().minor), (0, 0));
}
