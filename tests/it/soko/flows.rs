//! What happens to a payment, from the call that makes it to the last webhook.

use serde_json::json;

use super::{LIST, Shop, text};
use crate::harness::wait_until;

const SHARED: &str = "TJRyWwFs9wTFGZg3JbrVriFbNfCug5tDeC";

#[tokio::test]
async fn a_direct_payment_is_asked_for_paid_and_told_with_the_merchants_metadata() {
    let shop = Shop::open().await;
    let made = shop
        .create(r#"{"amount":"100.14","order_id":"ORDER-123","metadata":{ "user_id": 42, "é":1.10 }}"#)
        .await;
    let id = text(&made, "payment_id");
    for (name, value) in [
        ("amount", "100.14"),
        ("currency", "USDT_TRC20"),
        ("status", "pending"),
    ] {
        assert_eq!(text(&made, name), value);
    }
    let page = shop.daemon.url(&format!("/pay/{id}"));
    assert_eq!(text(&made, "payment_url"), page);
    let page = shop.daemon.get(&format!("/pay/{id}"), &[]).await;
    assert!(
        page.status == 200 && page.body.contains(text(&made, "pay_address")),
        "{page:?}"
    );

    shop.simulate(id, "exact").await;
    let confirming = shop.told(id, "payment.confirming").await;
    assert_eq!(confirming.json()["confirmed_at"], json!(null));
    let completed = shop.told(id, "payment.completed").await;
    let status = shop.wait_for_status(id, "completed").await;
    let expected = format!(
        concat!(
            r#"{{"event":"payment.completed","payment_id":"{id}","order_id":"ORDER-123","amount":100.14,"#,
            r#""amount_received":100.14,"currency":"USDT_TRC20","tx_hash":"{hash}","confirmed_at":"{at}","#,
            r#""status":"completed","metadata":{{ "user_id": 42, "é":1.10 }}}}"#,
        ),
        id = id,
        hash = text(&status, "tx_hash"),
        at = text(&status, "confirmed_at"),
    );
    assert_eq!(String::from_utf8_lossy(&completed.body), expected);

    let listed = shop
        .call("GET", &format!("{LIST}?status=completed&currency=USDT_TRC20"), "")
        .await;
    assert!(listed.body.contains(r#""amount_received":100.14,"#), "{listed:?}");
    let listed = listed.json()["data"].clone();
    assert_eq!(listed["payments"], json!([status]));
    assert_eq!(
        listed["pagination"],
        json!({"page": 1, "per_page": 20, "total": 1, "pages": 1})
    );
    assert!(!shop.daemon.log().contains("ERROR"), "{}", shop.daemon.log());
}

#[tokio::test]
async fn too_much_too_little_and_nothing_are_told_in_the_pages_words() {
    let shop = Shop::open().await;
    let mut ids = Vec::new();
    for order in ["over", "late", "cancelled"] {
        let made = shop
            .create(&format!(r#"{{"amount":"100","order_id":"{order}"}}"#))
            .await;
        ids.push(text(&made, "payment_id").to_owned());
    }
    let [over, late, cancelled] = <[String; 3]>::try_from(ids).unwrap();
    shop.simulate(&over, "over").await;
    let told = shop.told(&over, "payment.completed").await;
    assert_eq!(told.json()["status"], "overpaid");
    let body = String::from_utf8_lossy(&told.body).into_owned();
    assert!(
        body.contains(r#""amount":100.00,"amount_received":110.00,"#),
        "{body}"
    );
    shop.simulate(&late, "late").await;
    shop.daemon.cli(&["payment", "cancel", &shop.number("cancelled")]);
    for id in [&late, &cancelled] {
        let told = shop.told(id, "payment.expired").await.json();
        assert_eq!(
            (&told["status"], &told["amount_received"]),
            (&json!("expired"), &json!(0.0))
        );
        assert_eq!(
            (&told["tx_hash"], &told["confirmed_at"]),
            (&json!(null), &json!(null))
        );
        assert_eq!(shop.status(id).await["status"], "expired");
    }
}

#[tokio::test]
async fn a_payment_that_waits_for_its_turn_becomes_pending_by_itself_and_is_paid() {
    let shop = Shop::open().await;
    shop.daemon.cli(&[
        "wallet",
        "set",
        "shop",
        "test-tron",
        "shared",
        SHARED,
        "--slots",
        "1",
    ]);
    let first = shop.create(r#"{"amount":"50.00","order_id":"1"}"#).await;
    assert_eq!(
        (text(&first, "pay_address"), text(&first, "amount")),
        (SHARED, "50.00")
    );
    let second = shop.create(r#"{"amount":"50.00","order_id":"2"}"#).await;
    let id = text(&second, "payment_id");
    assert_eq!(
        (&second["status"], &second["pay_address"]),
        (&json!("queued"), &json!(null))
    );
    let queued = shop.status(id).await;
    assert_eq!(
        (&queued["status"], &queued["amount_with_cents"]),
        (&json!("queued"), &json!(null))
    );
    let listed = shop.data("GET", &format!("{LIST}?status=queued"), "").await;
    assert_eq!(listed["payments"], json!([queued]));

    shop.simulate(text(&first, "payment_id"), "exact").await;
    shop.told(text(&first, "payment_id"), "payment.completed").await;
    let asked = shop.wait_for_status(id, "pending").await;
    assert_eq!(
        (text(&asked, "pay_address"), &asked["amount_with_cents"]),
        (SHARED, &json!(50.0))
    );
    shop.simulate(id, "exact").await;
    let told = shop.told(id, "payment.completed").await.json();
    assert_eq!(
        (&told["order_id"], &told["amount_received"]),
        (&json!("2"), &json!(50.0))
    );
    assert!(!shop.daemon.log().contains("ERROR"), "{}", shop.daemon.log());
}

#[tokio::test]
async fn a_customer_chooses_the_currency_and_the_payment_is_made_then() {
    let shop = Shop::open().await;
    shop.daemon
        .cli(&["store", "accept", "shop", "USDT_TRC20", "ETH", "BTC"]);
    let made = shop
        .create(r#"{"amount":"100.00","order_id":"7","metadata":{"a":1}}"#)
        .await;
    assert_eq!(
        (&made["payment_id"], &made["status"]),
        (&json!(null), &json!("selecting"))
    );
    assert_eq!(made["currencies"], json!(["USDT_TRC20", "ETH", "BTC"]));
    let url = text(&made, "payment_url")
        .strip_prefix(&shop.daemon.url(""))
        .unwrap()
        .to_owned();
    let token = url.strip_prefix("/pay/select?token=").unwrap();
    let listed = shop.data("GET", &format!("{LIST}?status=selecting"), "").await;
    let id = text(&listed["payments"][0], "payment_id").to_owned();

    let page = shop.daemon.get(&url, &[]).await;
    assert_eq!(page.status, 200, "{page:?}");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let chosen = shop
        .daemon
        .send(
            "POST",
            "/pay/select",
            &form,
            format!("token={token}&code=USDT_TRC20"),
        )
        .await;
    assert!(chosen.status < 400, "{chosen:?}");
    let asked = shop.wait_for_status(&id, "pending").await;
    assert_eq!(
        (text(&asked, "currency"), &asked["amount_with_cents"]),
        ("USDT_TRC20", &json!(100.0))
    );
    shop.simulate(&id, "exact").await;
    let told = shop.told(&id, "payment.completed").await.json();
    assert_eq!(
        (&told["order_id"], &told["metadata"]),
        (&json!("7"), &json!({"a": 1}))
    );
}

#[tokio::test]
async fn a_failed_delivery_is_sent_again_with_the_same_bytes() {
    use crate::harness::receiver::Behaviour;
    let shop = Shop::open().await;
    shop.receiver.next([Behaviour::Status(500)]);
    let made = shop
        .create(r#"{"amount":"5","order_id":"1","metadata":{"n":1.10}}"#)
        .await;
    let id = text(&made, "payment_id");
    shop.simulate(id, "exact").await;
    let first = shop.told(id, "payment.confirming").await;
    // The schedule's first wait is a minute: the operator does not wait for it.
    let number = shop.number("1");
    let refused = wait_until("the refused delivery to be noted", || async {
        let deliveries = shop.daemon.payment(&number)["deliveries"].clone();
        let all = deliveries.as_array()?.iter();
        all.into_iter()
            .find(|one| one["state"] == "pending" && one["attempts"] == 1)
            .cloned()
    })
    .await;
    shop.daemon
        .cli(&["webhook", "replay", &refused["delivery_id"].to_string()]);
    let is_it =
        |request: &crate::harness::receiver::Received| request.json()["event"] == "payment.confirming";
    let both = shop.receiver.wait_for_matching(2, is_it).await;
    assert_eq!(both[1].body, first.body);
}

#[tokio::test]
async fn a_payment_of_this_api_reads_right_in_payhooks_and_the_other_way_round() {
    let shop = Shop::open().await;
    let made = shop
        .create(r#"{"fiat_amount":"50.00","fiat_currency":"USD","order_id":"A","metadata":{"k":"v"}}"#)
        .await;
    let number = shop.number("A");
    let seen = shop.daemon.payhook_payment(&shop.key, &number).await;
    for (name, value) in [
        ("status", json!("pending")),
        ("amount_usd_cents", json!(5000)),
        ("external_order_id", json!("A")),
        ("assigned_address", made["pay_address"].clone()),
        ("metadata", json!({"k": "v"})),
    ] {
        assert_eq!(seen[name], value, "{name}");
    }
    let body =
        json!({"amount_usd_cents": 7500, "network": "bsc", "currency": "usdt", "external_order_id": "B"});
    let other = shop
        .daemon
        .post("/api/v1/payments/", &[("x-api-key", &shop.key.api_key)], &body)
        .await
        .json();
    let listed = shop.data("GET", &format!("{LIST}?currency=USDT_BEP20"), "").await;
    let listed = &listed["payments"][0];
    assert_eq!(
        (&listed["order_id"], &listed["amount_requested"]),
        (&json!("B"), &json!(75.0))
    );
    assert_eq!(listed["pay_address"], other["assigned_address"]);
    shop.simulate(text(listed, "payment_id"), "exact").await;
    shop.told(text(listed, "payment_id"), "payment.completed").await;
}
