//! What is answered: golden replies in the order of the pages' fields, and what becomes of what was sent.

use std::time::Duration;

use super::*;
use crate::domain::money::{BaseUnits, Fiat, FiatAmount};
use crate::domain::network::Mode;
use crate::domain::payment::Order;
use crate::domain::price::Price;
use crate::domain::shop::Dialect;
use crate::engine::gateway::{CreateRequest, PayWith, PaymentView, PublicName, Scenario};

/// The code that a reply calls its payment by, and the payment.
async fn kept(stage: &Stage, answer: &Answer) -> PaymentView {
    let code = answer.payment_id();
    let code = crate::domain::ids::PaymentCode::parse(&code).unwrap();
    stage
        .gateway
        .by_public_name(PublicName::Code(code))
        .await
        .unwrap()
}

#[tokio::test]
async fn the_reply_to_create_is_the_pages_field_for_field() {
    let (stage, shop, routes) = project().await;
    let address = share(&stage, &shop, None).await;
    for pay_amount in ["50.000000", "50.000100"] {
        let answer = create(&routes, &shop.live, EXAMPLE).await;
        let id = answer.payment_id();
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(
            answer.text,
            format!(
                concat!(
                    r#"{{"ok":true,"payment":{{"payment_id":{id},"order_id":"ORDER_12345","status":"pending","#,
                    r#""amount":"50.00","pay_amount":"{pay_amount}","currency":"USDT","network":"TRC20","#,
                    r#""address":"{address}","payment_url":"https://crypto-pay.one/pay/?id={id}","#,
                    r#""expires_at":"2027-01-15 08:30:00","is_test":false}}}}"#
                ),
                id = id,
                pay_amount = pay_amount,
                address = address,
            )
        );
        let view = kept(&stage, &answer).await;
        assert_eq!(
            (view.payment.mode, &view.payment.order),
            (
                Mode::Live,
                &Order {
                    external_id: "ORDER_12345".to_owned(),
                    description: "Service payment".to_owned(),
                    redirect_url: "https://merchant-site.com/success".to_owned(),
                    fail_url: "https://merchant-site.com/fail".to_owned(),
                    ..Order::default()
                }
            )
        );
        assert_eq!(status_of(&routes, &shop.live, &id).await.text, answer.text);
    }
}

#[tokio::test]
async fn usdt_payments_knows_no_test_mode_and_no_web_site() {
    let stage = Stage::new();
    let shop = stage.shop(Dialect::UsdtPayments).await;
    let routes = routes(&stage);
    let answer = create(&routes, &shop.live, EXAMPLE).await;
    let body = answer.json();
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert!(body["payment"].get("is_test").is_none(), "{body}");
    assert!(
        answer.text.ends_with(r#""expires_at":"2027-01-15 08:30:00"}}"#),
        "{answer:?}"
    );
    // Elsewhere is fine; what is no web page is not.
    for (url, status) in [
        ("https://elsewhere.example/x", 200),
        ("http://localhost:3000/x", 200),
        ("javascript:alert(1)", 422),
        ("https://shop.example@evil.example/", 422),
    ] {
        let answer = create(&routes, &shop.live, &example_with(&json!({ "fail_url": url }))).await;
        assert_eq!(answer.status, status, "{url}: {answer:?}");
    }
}

#[tokio::test]
async fn a_test_payment_says_so_and_once_it_is_paid_what_its_webhook_says() {
    let (mut stage, shop, routes) = project().await;
    let answer = create(&routes, &shop.test, EXAMPLE).await;
    let created = answer.json()["payment"].clone();
    assert_eq!(created["is_test"], true);
    let view = kept(&stage, &answer).await;
    stage.play(&view, Scenario::Exact, Duration::from_secs(30)).await;
    let id = answer.payment_id();
    let paid = status_of(&routes, &shop.test, &id).await;
    let view = kept(&stage, &answer).await;
    let txid = &view.payment.progress.latest.as_ref().unwrap().txid;
    let expected = answer.text.replace("pending", "paid").replace(
        r#","is_test":true"#,
        &format!(r#","txid":"{txid}","paid_at":"2027-01-15 08:00:30","is_test":true"#),
    );
    assert_eq!(paid.text, expected);
}

#[tokio::test]
async fn amounts_are_kept_to_the_digit_whatever_they_were_written_as() {
    let (_stage, shop, routes) = project().await;
    for (sent, amount, pay_amount) in [
        (r#""50.00""#, "50.00", "50.000000"),
        ("50", "50.00", "50.000000"),
        ("100.14", "100.14", "100.140000"),
        (r#""0.000001""#, "0.000001", "0.000001"),
        ("50.5000", "50.50", "50.500000"),
        (r#"" 7.123456 ""#, "7.123456", "7.123456"),
        (r#""1.50000000""#, "1.50", "1.500000"),
        ("100000000", "100000000.00", "100000000.000000"),
        // A float of PHP: 59.97.
        ("59.969999999999999", "59.97", "59.970000"),
    ] {
        let body = format!(r#"{{"order_id":"1","amount":{sent}}}"#);
        let answer = create(&routes, &shop.test, &body).await;
        let payment = answer.json()["payment"].clone();
        assert_eq!(
            (&payment["amount"], &payment["pay_amount"]),
            (&json!(amount), &json!(pay_amount)),
            "{sent}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn what_the_page_leaves_open_of_the_body_is_read_generously() {
    let (_stage, shop, routes) = project().await;
    for (body, order_id) in [
        (r#"{"order_id":12345,"amount":1}"#, "12345"),
        (
            r#" {"amount":"1","order_id":"Заказ № 7","extra":{"a":[1e400]}} "#,
            "Заказ № 7",
        ),
        (
            r#"{"order_id":"x","amount":"1","description":null,"success_url":"","fail_url":null}"#,
            "x",
        ),
        (
            r#"{"order_id":"\u00e9","amount":"1","success_url":"https:\/\/merchant-site.com\/ok"}"#,
            "é",
        ),
        (
            r#"{"order_id":"www","amount":"1","success_url":"https://www.merchant-site.com/"}"#,
            "www",
        ),
    ] {
        let answer = create(&routes, &shop.test, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        assert_eq!(answer.json()["payment"]["order_id"], order_id);
    }
}

#[tokio::test]
async fn every_status_has_the_pages_word() {
    use super::super::wire::StatusWord;
    use crate::domain::status::Status;
    for (status, word) in [
        (Status::Selecting, "pending"),
        (Status::Queued, "pending"),
        (Status::Pending, "pending"),
        (Status::Confirming, "pending"),
        (Status::Paid, "paid"),
        (Status::Expired, "expired"),
        (Status::Underpaid, "failed"),
        (Status::Cancelled, "failed"),
        (Status::Failed, "failed"),
    ] {
        assert_eq!(json!(StatusWord::from(status)), word, "{status}");
    }
}

#[tokio::test]
async fn a_payment_made_through_another_api_reads_as_what_it_is() {
    let (stage, shop, routes) = project().await;
    stage.accept(&shop, &["BTC", "USDT_TRC20"]).await;
    let caller = stage.gateway.authenticate(&shop.test.key, None).await.unwrap();
    let dollars = |minor| FiatAmount {
        currency: Fiat::Usd,
        minor,
    };
    let pay_with = |network: &str, currency: &str| PayWith::Asset {
        network: network.to_owned(),
        currency: currency.to_owned(),
    };
    let usdt = stage.gateway.asset_by_code(Mode::Test, "USDT_TRC20").unwrap();
    let in_usdt = Price::Asset {
        network: usdt.network.clone(),
        currency: usdt.currency.clone(),
        amount: BaseUnits::new(97_500_000_000),
    };
    for (request, amount, pay_amount, currency, network) in [
        (
            CreateRequest::new(dollars(9_750_000), pay_with("bitcoin", "native")),
            "1.00",
            "1.00000000",
            "BTC",
            "BITCOIN",
        ),
        (
            CreateRequest::new(dollars(5000), pay_with("bsc", "usdt")),
            "50.00",
            "50.000000",
            "USDT",
            "BEP20",
        ),
        (
            CreateRequest::new(in_usdt.clone(), pay_with("bitcoin", "native")),
            "1.00",
            "1.00000000",
            "BTC",
            "BITCOIN",
        ),
        // Nobody has been told yet what to pay with.
        (
            CreateRequest::new(dollars(5000), PayWith::Accepted),
            "50.00",
            "",
            "USD",
            "",
        ),
        (
            CreateRequest::new(in_usdt, PayWith::Accepted),
            "97500.00",
            "",
            "USDT",
            "",
        ),
    ] {
        let made = stage.gateway.create(&caller, request).await.unwrap().view;
        let body = status_of(&routes, &shop.test, &made.payment.code.to_string())
            .await
            .json();
        let payment = &body["payment"];
        assert_eq!(
            [
                &payment["amount"],
                &payment["pay_amount"],
                &payment["currency"],
                &payment["network"]
            ],
            [amount, pay_amount, currency, network],
            "{body}"
        );
        assert_eq!(payment["status"], "pending");
        assert_eq!(payment["address"] == "", pay_amount.is_empty());
    }
}

#[tokio::test]
async fn a_store_of_another_api_can_call_too() {
    let stage = Stage::new();
    let shop = stage.shop(Dialect::Soko).await;
    let answer = create(&routes(&stage), &shop.live, EXAMPLE).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(answer.json()["payment"]["is_test"], false);
}
