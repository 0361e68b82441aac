//! The webhooks as the page describes them, checked with the page's own code.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::{create, example, shop};
use crate::harness::receiver::{Received, Receiver};
use crate::harness::signature::{check_payhook, check_standard};
use crate::harness::wait_until;

#[tokio::test]
async fn a_confirmed_payment_is_posted_as_the_page_says_and_the_pages_own_verifier_accepts_it() {
    let (daemon, key) = shop().await;
    let receiver = Receiver::start().await;
    let payhook = daemon.add_webhook("shop", &receiver.url("/payhook"), "payhook");
    let standard = daemon.add_webhook("shop", &receiver.url("/standard"), "standard");
    let mut body = example();
    body["metadata"] = json!({ "name": "Zoë ☕", "n": 1 });
    let payment = create(&daemon, &key, &body).await.json();
    let number = payment["payment_number"].as_str().unwrap();
    daemon.simulate(number, "exact");
    let event = "payment.confirmed";
    let is_payhook = |request: &Received| request.header("x-payhook-event") == Some(event);
    let posted = receiver.wait_for_matching(1, is_payhook).await.remove(0);

    assert_eq!(
        (posted.method.as_str(), posted.path.as_str()),
        ("POST", "/payhook")
    );
    assert_eq!(posted.header("content-type"), Some("application/json"));
    let delivery: u64 = posted.header("x-payhook-delivery-id").unwrap().parse().unwrap();
    check_payhook(&posted, &payhook.secret, posted.at_unix_s()).unwrap();
    let told = posted.json();
    for (name, value) in [
        ("event", json!(event)),
        ("payment_id", json!(number)),
        ("external_order_id", json!("order-9837")),
        ("amount", json!("50.000000")),
        ("currency", json!("USDT")),
        ("chain", json!("BNB Smart Chain")),
        ("metadata", body["metadata"].clone()),
        ("status", json!("confirmed")),
    ] {
        assert_eq!(told[name], value, "{name} in {told}");
    }
    assert!(told["tx_hash"].as_str().unwrap().starts_with("0x"));
    assert!(
        told["confirmed_at"].as_str().unwrap().ends_with("+00:00"),
        "{told}"
    );

    let header = posted.header("x-payhook-signature").unwrap();
    assert!(
        page_accepts(&posted.body, header, &payhook.secret),
        "the page's verifier refuses {posted:?}"
    );
    for at in [0, posted.body.len() / 2, posted.body.len() - 1] {
        let mut changed = posted.body.to_vec();
        changed[at] ^= 1;
        assert!(
            !page_accepts(&changed, header, &payhook.secret),
            "a changed byte {at} is accepted"
        );
    }
    assert!(
        !page_accepts(&posted.body, header, &standard.secret),
        "another endpoint's secret is accepted"
    );

    let is_standard = |request: &Received| request.path == "/standard" && request.json()["type"] == event;
    let other = receiver.wait_for_matching(1, is_standard).await.remove(0);
    check_standard(&other, &standard.secret, other.at_unix_s()).unwrap();

    // The shop asks back, as the page advises, and finds what the webhook said.
    let asked = daemon.payhook_payment(&key, number).await;
    assert_eq!(
        (&asked["status"], &asked["tx_hash"]),
        (&json!("confirmed"), &told["tx_hash"])
    );

    // A replay is the same body under a new delivery id.
    daemon.cli(&["webhook", "replay", &delivery.to_string()]);
    let both = receiver.wait_for_matching(2, is_payhook).await;
    assert_eq!(both[1].body, posted.body);
    assert_ne!(
        both[1].header("x-payhook-delivery-id"),
        posted.header("x-payhook-delivery-id")
    );
    check_payhook(&both[1], &payhook.secret, both[1].at_unix_s()).unwrap();
    wait_until("all deliveries to be acknowledged", || async {
        let deliveries = daemon.payment(number)["deliveries"].clone();
        let all = deliveries.as_array()?;
        all.iter().all(|one| one["state"] == "delivered").then_some(())
    })
    .await;
}

/// Runs the verifier of PayHook's page under Node.
fn page_accepts(body: &[u8], header: &str, secret: &str) -> bool {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("body");
    std::fs::write(&file, body).unwrap();
    let sample = include_str!("../../fixtures/payhook/verify.js");
    let call = "console.log(verifyPayhookSignature(require('fs').readFileSync(process.argv[1]), process.argv[2], process.argv[3]))";
    let output = Command::new("node")
        .args([Path::new("-e"), Path::new(&format!("{sample}\n{call}")), &file])
        .args([header, secret])
        .output()
        .expect("node");
    match output.stdout.as_slice() {
        b"true\n" => true,
        b"false\n" => false,
        _ => panic!("{output:?}"),
    }
}

#[tokio::test]
async fn expired_and_cancelled_payments_are_told_too() {
    let (daemon, key) = shop().await;
    let receiver = Receiver::start().await;
    let endpoint = daemon.add_webhook("shop", &receiver.url("/hook"), "payhook");
    let late = create(&daemon, &key, &example()).await.json();
    let dropped = create(&daemon, &key, &example()).await.json();
    daemon.simulate(late["payment_number"].as_str().unwrap(), "late");
    daemon.cli(&["payment", "cancel", dropped["payment_number"].as_str().unwrap()]);
    for (event, payment, status) in [
        ("payment.expired", &late, "expired"),
        ("payment.cancelled", &dropped, "cancelled"),
    ] {
        let told = receiver
            .wait_for_matching(1, |request| request.header("x-payhook-event") == Some(event))
            .await;
        check_payhook(&told[0], &endpoint.secret, told[0].at_unix_s()).unwrap();
        let body = told[0].json();
        assert_eq!(
            (&body["payment_id"], &body["status"]),
            (&payment["payment_number"], &json!(status))
        );
        assert_eq!(body["confirmed_at"], json!(null));
    }
}
