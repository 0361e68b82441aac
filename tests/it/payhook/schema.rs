//! The description of the API, held against what the API says.

use serde_json::json;

use super::{PAYMENTS, create, example, shop};
use crate::harness::openapi::{check, faults};

#[tokio::test]
async fn the_description_is_openapi_3_0_and_real_replies_are_as_it_says() {
    let (daemon, key) = shop().await;
    let document = daemon.get("/api/v1/schema/", &[]).await.json();
    assert!(
        document["openapi"].as_str().unwrap().starts_with("3.0."),
        "{}",
        document["openapi"]
    );
    assert_eq!(document["servers"][0]["url"], json!(daemon.url("")));
    let headers = [("x-api-key", key.api_key.as_str())];

    let made = create(&daemon, &key, &example()).await;
    let number = made.json()["payment_number"].as_str().unwrap().to_owned();
    let paid = create(
        &daemon,
        &key,
        &json!({ "amount_usd_cents": 1, "network": "tron", "currency": "usdt" }),
    )
    .await
    .json();
    let paid = paid["payment_number"].as_str().unwrap();
    daemon.simulate(paid, "exact");
    daemon.wait_for_status(paid, "paid").await;

    let (retrieve, cancel) = (
        format!("{PAYMENTS}{{payment_number}}/"),
        format!("{PAYMENTS}{{payment_number}}/cancel/"),
    );
    let at = |path: &str, number: &str| path.replace("{payment_number}", number);
    let nobody = [("x-api-key", "pk_00")];
    let replies = [
        ("post", PAYMENTS, made),
        (
            "post",
            PAYMENTS,
            create(&daemon, &key, &json!({ "network": 5 })).await,
        ),
        ("post", PAYMENTS, daemon.post(PAYMENTS, &nobody, &example()).await),
        (
            "post",
            PAYMENTS,
            daemon.send("POST", PAYMENTS, &headers, "x".repeat(70_000)).await,
        ),
        ("get", &retrieve, daemon.get(&at(&retrieve, paid), &headers).await),
        (
            "get",
            &retrieve,
            daemon.get(&at(&retrieve, "PAY-2026-999999"), &headers).await,
        ),
        (
            "get",
            &retrieve,
            daemon.get(&at(&retrieve, &number), &nobody).await,
        ),
        (
            "post",
            &cancel,
            daemon.post(&at(&cancel, &number), &headers, &json!({})).await,
        ),
        (
            "post",
            &cancel,
            daemon.post(&at(&cancel, &number), &headers, &json!({})).await,
        ),
        (
            "post",
            &cancel,
            daemon.post(&at(&cancel, paid), &nobody, &json!({})).await,
        ),
    ];
    for (method, path, reply) in &replies {
        check(&document, method, path, reply);
    }
    let request =
        &document["paths"][PAYMENTS]["post"]["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(
        faults(&document, request, &example(), "request"),
        Vec::<String>::new()
    );
}
