//! What the page promises of its calls.

use serde_json::{Value, json};

use super::{PAYMENTS, create, example, shop};

#[tokio::test]
async fn a_payment_is_created_retrieved_and_cancelled_as_the_page_shows() {
    let (daemon, key) = shop().await;
    let headers = [("x-api-key", key.api_key.as_str())];
    let reply = create(&daemon, &key, &example()).await;
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (201, Some("application/json"))
    );
    let payment = reply.json();
    let order = [
        "payment_number",
        "status",
        "network",
        "currency",
        "amount_usd_cents",
        "expected_crypto_amount",
        "actual_crypto_amount",
        "assigned_address",
        "tx_hash",
        "confirmations",
        "external_order_id",
        "customer_email",
        "redirect_url",
        "metadata",
        "payment_token",
        "checkout_url",
        "expires_at",
        "confirmed_at",
        "created_at",
    ];
    let places = order.map(|name| {
        reply
            .body
            .find(&format!("\"{name}\":"))
            .unwrap_or_else(|| panic!("no {name}"))
    });
    assert!(
        places.is_sorted(),
        "the fields are in another order than the page's: {}",
        reply.body
    );
    assert_eq!(payment.as_object().unwrap().len(), order.len());
    for (name, value) in example().as_object().unwrap() {
        assert_eq!(&payment[name], value, "{name} is echoed");
    }
    for (name, value) in [
        ("actual_crypto_amount", Value::Null),
        ("confirmed_at", Value::Null),
        ("tx_hash", json!("")),
    ] {
        assert_eq!(payment[name], value);
    }
    let token = payment["payment_token"].as_str().unwrap();
    assert_eq!(
        payment["checkout_url"],
        json!(daemon.url(&format!("/pay/{token}")))
    );

    let number = payment["payment_number"].as_str().unwrap();
    for path in [format!("{PAYMENTS}{number}/"), format!("{PAYMENTS}{number}")] {
        let retrieved = daemon.get(&path, &headers).await;
        assert_eq!(
            (retrieved.status, retrieved.json()),
            (200, payment.clone()),
            "{path}"
        );
    }
    let cancel = format!("{PAYMENTS}{number}/cancel/");
    let cancelled = daemon.post(&cancel, &headers, &json!({})).await;
    assert_eq!(
        (cancelled.status, &cancelled.json()["status"]),
        (200, &json!("cancelled"))
    );
    let again = daemon.post(&cancel, &headers, &json!({})).await;
    assert_eq!(
        (again.status, &again.json()["code"]),
        (409, &json!("not_cancellable"))
    );
}

#[tokio::test]
async fn a_repeated_key_gives_the_first_payment_with_its_live_status_and_never_a_second() {
    let (daemon, key) = shop().await;
    let send = async |body: &Value, idempotency: &str| {
        let headers = [
            ("x-api-key", key.api_key.as_str()),
            ("idempotency-key", idempotency),
        ];
        daemon.post(PAYMENTS, &headers, body).await
    };
    let first = send(&example(), "order-9837").await;
    assert_eq!(first.status, 201);
    // Ten at once of a new key: one is made, nine are told of it.
    let all = futures_util::future::join_all((0..10).map(|_| {
        let send = &send;
        async move { send(&example(), "at-once").await }
    }))
    .await;
    let made = all.iter().filter(|reply| reply.status == 201).count();
    assert_eq!(made, 1, "{all:?}");
    let numbers: std::collections::HashSet<String> = all
        .iter()
        .map(|reply| reply.json()["payment_number"].to_string())
        .collect();
    assert_eq!(numbers.len(), 1, "{all:?}");

    let other = send(
        &json!({ "amount_usd_cents": 5001, "network": "bsc", "currency": "usdt" }),
        "order-9837",
    )
    .await;
    assert_eq!(
        (other.status, &other.json()["code"]),
        (409, &json!("idempotency_conflict"))
    );

    let number = first.json()["payment_number"].as_str().unwrap().to_owned();
    daemon.simulate(&number, "exact");
    daemon.wait_for_status(&number, "paid").await;
    let replay = send(&example(), "order-9837").await;
    assert_eq!(
        (replay.status, replay.header("idempotent-replayed")),
        (200, Some("true"))
    );
    let replay = replay.json();
    assert_eq!(
        (&replay["payment_number"], &replay["status"]),
        (&json!(number), &json!("confirmed"))
    );
    assert_eq!(replay["actual_crypto_amount"], "50.000000");
    assert_eq!(
        replay["confirmations"].as_u64().map(|count| count >= 15),
        Some(true)
    );
    assert!(replay["confirmed_at"].is_string() && replay["tx_hash"].as_str().unwrap().starts_with("0x"));
    let all = daemon.cli_json(&["payment", "list", "--store", "shop"]);
    assert_eq!(all["payments"].as_array().unwrap().len(), 2);
}
