//! Create, status and balance: what the page prints, to the byte.

use serde_json::json;

use super::*;
use crate::domain::money::{BaseUnits, Fiat, FiatAmount};
use crate::domain::payment::Origin;
use crate::domain::price::Price;
use crate::domain::status::Status;

const NUMBERS: &str = r#"{"amount":"100.14","order_id":"ORDER-123","metadata":{"user_id":42}}"#;

#[tokio::test]
async fn one_currency_is_answered_with_the_pages_direct_form() {
    let rig = Rig::shared(99).await;
    let reply = rig.create(NUMBERS).await;
    let data = reply.data();
    let (id, address) = (
        data["payment_id"].as_str().unwrap(),
        data["pay_address"].as_str().unwrap(),
    );
    assert_eq!(
        reply.text,
        format!(
            concat!(
                r#"{{"success":true,"data":{{"payment_id":"{id}","amount":"100.14","currency":"USDT_TRC20","#,
                r#""pay_address":"{address}","status":"pending","expires_at":"2027-01-15T08:30:00Z","#,
                r#""payment_url":"https://pay.example/pay/{id}"}}}}"#,
            ),
            id = id,
            address = address
        )
    );
    let view = rig.view(id).await;
    assert_eq!(
        (view.payment.origin, view.payment.key),
        (Origin::Api, Some(rig.shop.test.id))
    );
    assert_eq!(view.payment.order.external_id, "ORDER-123");
    // The next one at this price differs by a cent.
    assert_eq!(rig.create(NUMBERS).await.data()["amount"], "100.15");
}

#[tokio::test]
async fn several_currencies_are_answered_with_the_pages_selecting_form() {
    let rig = Rig::new().await;
    rig.stage.accept(&rig.shop, &["USDT_TRC20", "BTC", "ETH"]).await;
    for (body, amount) in [
        (r#"{"amount":"100.00"}"#, "100"),
        (r#"{"amount":100.140}"#, "100.14"),
        (r#"{"fiat_amount":"50.50","fiat_currency":"USD"}"#, "50.5"),
        (r#"{"fiat_amount":5000,"fiat_currency":"jpy"}"#, "5000"),
    ] {
        let reply = rig.create(body).await;
        let url = reply.data()["payment_url"].as_str().unwrap().to_owned();
        assert_eq!(
            reply.text,
            format!(
                concat!(
                    r#"{{"success":true,"data":{{"payment_id":null,"status":"selecting","amount":{amount},"#,
                    r#""currencies":["USDT_TRC20","BTC","ETH"],"payment_url":"{url}"}}}}"#
                ),
                amount = amount,
                url = url
            )
        );
        let token = url.strip_prefix("https://pay.example/pay/select?token=").unwrap();
        let token = crate::domain::ids::PaymentToken::parse(token).unwrap();
        let view = rig.stage.gateway.by_public_name(&token).await.unwrap();
        assert_eq!(view.payment.status, Status::Selecting);
    }
}

#[tokio::test]
async fn an_amount_is_one_of_the_first_accepted_currency_unless_the_call_says_of_which() {
    let rig = Rig::new().await;
    rig.stage.accept(&rig.shop, &["BTC", "USDT_TRC20"]).await;
    let url = rig.create(r#"{"amount":"0.005"}"#).await.data()["payment_url"].clone();
    let token = url.as_str().unwrap().rsplit_once('=').unwrap().1.to_owned();
    let token = crate::domain::ids::PaymentToken::parse(&token).unwrap();
    let view = rig.stage.gateway.by_public_name(&token).await.unwrap();
    match &view.payment.price {
        Price::Asset { network, amount, .. } => {
            assert_eq!(
                (network.as_str(), *amount),
                ("test-bitcoin", BaseUnits::new(500_000))
            );
        }
        other => panic!("{other:?}"),
    }
    // Converted for the other one by what both cost.
    let chosen = rig.stage.gateway.choose(&token, "USDT_TRC20").await.unwrap();
    let ask = chosen.payment.ask.unwrap();
    // The rate has so many digits; what is cut of it asks for more, never for less.
    assert_eq!(ask.quoted, BaseUnits::new(487_500_013));

    for (body, amount, currency) in [
        (r#"{"amount":"0.005","currency":"BTC"}"#, "0.00500000", "BTC"),
        (r#"{"amount":0.005,"currency":"btc"}"#, "0.00500000", "BTC"),
        (r#"{"amount":"7","currency":"USDT_TRC20"}"#, "7.00", "USDT_TRC20"),
        (
            r#"{"fiat_amount":"9750","fiat_currency":"USD","currency":"BTC"}"#,
            "0.10000000",
            "BTC",
        ),
        // A float of JavaScript: 3250 * 3 * 1.1.
        (
            r#"{"fiat_amount":10725.000000000002,"fiat_currency":"USD","currency":"BTC"}"#,
            "0.11000000",
            "BTC",
        ),
    ] {
        let data = rig.create(body).await.data();
        assert_eq!(
            (&data["amount"], &data["currency"], &data["status"]),
            (&json!(amount), &json!(currency), &json!("pending")),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_fiat_amount_overrides_the_amount_whatever_that_is() {
    let rig = Rig::new().await;
    rig.stage.accept(&rig.shop, &["ETH"]).await;
    for amount in ["\"1\"", "0", "-5", "\"soon\"", "[]", "null", "\"\""] {
        let body = format!(r#"{{"amount":{amount},"fiat_amount":"32.00","fiat_currency":"usd"}}"#);
        let view = rig.made(&body).await;
        let price = FiatAmount {
            currency: Fiat::Usd,
            minor: 3200,
        };
        assert_eq!(view.payment.price, Price::Fiat(price), "{amount}");
        assert_eq!(
            view.payment.ask.unwrap().due,
            BaseUnits::new(10_000_000_000_000_000)
        );
    }
}

#[tokio::test]
async fn what_was_not_given_is_empty_and_what_is_not_known_is_ignored() {
    let rig = Rig::new().await;
    let body = r#"{"amount":"1","order_id":null,"metadata":null,"currency":"","fiat_amount":null,"fiat_currency":"","x":[1e400]}"#;
    let view = rig.made(body).await;
    assert_eq!(
        (&*view.payment.order.external_id, &*view.payment.order.metadata),
        ("", "{}")
    );
    assert_eq!(rig.status_of(&view).await.data()["order_id"], json!(null));
    for (sent, kept) in [
        ("[]", "{}"),
        ("[ ]", "{}"),
        ("{}", "{}"),
        (r#"{ "b":1.10, "a":[ ] }"#, r#"{ "b":1.10, "a":[ ] }"#),
    ] {
        let view = rig.made(&format!(r#"{{"amount":"1","metadata":{sent}}}"#)).await;
        assert_eq!(view.payment.order.metadata, kept, "byte for byte");
    }
    for (sent, kept) in [
        ("\"A-1\"", "A-1"),
        ("123", "123"),
        ("12345678901234567890123", "12345678901234567890123"),
    ] {
        let view = rig.made(&format!(r#"{{"amount":"1","order_id":{sent}}}"#)).await;
        assert_eq!(view.payment.order.external_id, kept);
        assert_eq!(rig.status_of(&view).await.data()["order_id"], kept);
    }
}

#[tokio::test]
async fn a_payment_without_a_free_amount_is_queued_and_asked_for_by_itself_when_one_frees() {
    let mut rig = Rig::shared(1).await;
    let first = rig.made(r#"{"amount":"100"}"#).await;
    let reply = rig.create(r#"{"amount":"100"}"#).await;
    let id = reply.data()["payment_id"].as_str().unwrap().to_owned();
    assert_eq!(
        reply.text,
        format!(
            concat!(
                r#"{{"success":true,"data":{{"payment_id":"{id}","amount":"100.00","currency":"USDT_TRC20","#,
                r#""pay_address":null,"status":"queued","expires_at":"2027-01-15T08:30:00Z","#,
                r#""payment_url":"https://pay.example/pay/{id}"}}}}"#,
            ),
            id = id
        )
    );
    let queued = rig.view(&id).await;
    let shown = rig.status_of(&queued).await.data();
    assert_eq!(
        (&shown["status"], &shown["pay_address"]),
        (&json!("queued"), &json!(null))
    );
    assert_eq!(
        (&shown["amount_requested"], &shown["amount_with_cents"]),
        (&json!(100.0), &json!(null))
    );

    rig.stage
        .change(&rig.shop, |shop| shop.rules.cool_down = Duration::ZERO)
        .await;
    rig.play(&first, Scenario::Exact).await;
    for _ in 0..120 {
        rig.stage.pass(Duration::from_secs(5)).await;
    }
    let shown = rig.status_of(&queued).await.data();
    assert_eq!(shown["status"], "pending", "{shown}");
    assert_eq!(shown["amount_with_cents"], json!(100.0));
    assert!(shown["pay_address"].is_string());
}

#[tokio::test]
async fn a_completed_payment_is_told_as_the_page_tells_it() {
    let mut rig = Rig::shared(99).await;
    let view = rig.made(NUMBERS).await;
    rig.play(&view, Scenario::Exact).await;
    let reply = rig.status_of(&view).await;
    let data = reply.data();
    let text = |name: &str| data[name].as_str().unwrap().to_owned();
    let expected = format!(
        concat!(
            r#"{{"success":true,"data":{{"payment_id":"{id}","order_id":"ORDER-123","status":"completed","#,
            r#""amount_requested":100.14,"amount_with_cents":100.14,"amount_received":100.14,"#,
            r#""currency":"USDT_TRC20","pay_address":"{address}","tx_hash":"{hash}","confirmations":{n},"#,
            r#""confirmed_at":"{confirmed_at}","expires_at":"2027-01-15T08:30:00Z","#,
            r#""created_at":"2027-01-15T08:00:00Z"}}}}"#,
        ),
        id = view.payment.uuid.as_str(),
        address = text("pay_address"),
        hash = text("tx_hash"),
        n = data["confirmations"],
        confirmed_at = text("confirmed_at"),
    );
    assert_eq!(reply.text, expected);
    assert!(data["confirmations"].as_u64().unwrap() >= 3);
    assert!(text("confirmed_at").starts_with("2027-01-15T08:00:1"));
}

#[tokio::test]
async fn every_status_is_told_in_the_pages_word() {
    let mut rig = Rig::new().await;
    for (scenario, word, received) in [
        (Scenario::Exact, "completed", "100.00"),
        (Scenario::Over, "overpaid", "110.00"),
    ] {
        let view = rig.made(r#"{"amount":"100"}"#).await;
        rig.play(&view, scenario).await;
        let reply = rig.status_of(&view).await;
        assert_eq!(reply.data()["status"], word);
        assert!(
            reply.text.contains(&format!(r#""amount_received":{received},"#)),
            "{reply:?}"
        );
    }
    let view = rig.made(r#"{"amount":"100"}"#).await;
    rig.stage
        .play(&view, Scenario::Exact, Duration::from_secs(2))
        .await;
    let reply = rig.status_of(&view).await;
    assert_eq!(reply.data()["status"], "confirming", "{reply:?}");
    assert_eq!(reply.data()["confirmed_at"], json!(null));

    let (under, nothing) = (
        rig.made(r#"{"amount":"100"}"#).await,
        rig.made(r#"{"amount":"100"}"#).await,
    );
    let cancelled = rig.made(r#"{"amount":"100"}"#).await;
    rig.stage
        .gateway
        .cancel(&rig.caller().await, &cancelled.payment.number)
        .await
        .unwrap();
    rig.play(&under, Scenario::Under).await;
    rig.stage.pass(Duration::from_secs(2000)).await;
    rig.stage.pass(Duration::from_secs(60)).await;
    for (view, word) in [(under, "underpaid"), (nothing, "expired"), (cancelled, "expired")] {
        assert_eq!(rig.status_of(&view).await.data()["status"], word);
    }
}

#[test]
fn each_of_payds_statuses_has_one_of_the_pages_words() {
    use super::super::wire::{STATUS_WORDS, status_word, statuses};
    for (status, is_overpaid, word) in [
        (Status::Selecting, false, "selecting"),
        (Status::Queued, false, "queued"),
        (Status::Pending, false, "pending"),
        (Status::Confirming, false, "confirming"),
        // More than was due has come, and waits like the rest.
        (Status::Confirming, true, "confirming"),
        (Status::Paid, false, "completed"),
        (Status::Paid, true, "overpaid"),
        (Status::Underpaid, false, "underpaid"),
        (Status::Expired, false, "expired"),
        (Status::Cancelled, false, "expired"),
        (Status::Failed, false, "expired"),
    ] {
        assert_eq!(status_word(status, is_overpaid), word, "{status}");
        assert!(STATUS_WORDS.contains(&word));
        let (found, over) = statuses(word).unwrap();
        assert!(found.contains(&status), "{word}");
        assert_eq!(over, (status == Status::Paid).then_some(is_overpaid), "{word}");
    }
    assert_eq!(
        STATUS_WORDS
            .iter()
            .filter(|word| statuses(word).is_none())
            .count(),
        0
    );
    for word in ["", "paid", "Completed", "completed ", "cancelled", "failed"] {
        assert_eq!(statuses(word), None, "{word}");
    }
}

#[tokio::test]
async fn a_payment_is_its_stores_and_its_modes_alone() {
    let rig = Rig::new().await;
    let other = rig.stage.shop(Dialect::Payhook).await;
    let view = rig.made(r#"{"amount":"100"}"#).await;
    let path = format!("/api/v1/payment/{}", view.payment.uuid.as_str());
    assert_eq!(rig.get(&path).await.status, StatusCode::OK);
    assert_eq!(
        rig.get(&path.to_uppercase().replace("/API/V1/PAYMENT", "/api/v1/payment"))
            .await
            .status,
        200
    );
    for key in [&rig.shop.live, &other.test] {
        let reply = rig.send(rig.signed(key, "GET", &path, "")).await;
        assert_eq!(reply.error(), (404, "payment not found".to_owned()));
    }
    for name in [
        "ffffffff-ffff-4fff-bfff-ffffffffffff",
        view.payment.number.as_str(),
        view.payment.token.as_str(),
        &view.payment.code.to_string(),
        "create",
        "..",
    ] {
        let reply = rig.get(&format!("/api/v1/payment/{name}")).await;
        assert_eq!(
            reply.error().0,
            if name == "create" { 405 } else { 404 },
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_balance_is_what_came_to_the_merchants_own_addresses() {
    let mut rig = Rig::new().await;
    rig.stage.accept(&rig.shop, &["USDT_TRC20", "BTC"]).await;
    let id = rig.shop.id;
    rig.stage
        .write(move |txn| {
            txn.run_sql(&format!(
                "INSERT INTO received (store_id, network, currency, seen, settled) VALUES
                 ({id}, 'tron', 'usdt', '1350500000', '1250500000'),
                 ({id}, 'ethereum', 'native', '1', '1')"
            ))
        })
        .await;
    let zero = r#""total_withdrawn":0.00000000,"total_commission":0.00000000}"#;
    let expected = format!(
        concat!(
            r#"{{"success":true,"data":{{"USDT_TRC20":{{"available":1250.50,"pending":100.00,"#,
            r#""total_received":1250.50,"total_withdrawn":0.00,"total_commission":0.00}},"#,
            r#""BTC":{{"available":0.00000000,"pending":0.00000000,"total_received":0.00000000,{zero},"#,
            r#""ETH":{{"available":0.000000000000000001,"pending":0.00000000,"#,
            r#""total_received":0.000000000000000001,{zero}}}}}"#
        ),
        zero = zero
    );
    let live = rig.send(rig.signed(&rig.shop.live, "GET", BALANCE, "")).await;
    assert_eq!(live.text, expected);
    // Test payments count in none.
    let view = rig.made(r#"{"amount":"100","currency":"USDT_TRC20"}"#).await;
    rig.play(&view, Scenario::Exact).await;
    let test = rig.get(BALANCE).await.data();
    assert_eq!(test["USDT_TRC20"]["total_received"], json!(0.0));
    let live = rig.send(rig.signed(&rig.shop.live, "GET", BALANCE, "")).await;
    assert_eq!(live.text, expected);
}
