//! PayHook's page.

use serde_json::Value;

use super::{
    accepted, assert_opens, assert_refuses_changed, made_since, number_of, pay, wait_for_deliveries,
};
use crate::harness::daemon::Daemon;
use crate::harness::pages;
use crate::harness::samples::{Language, Place};

#[tokio::test]
async fn payhooks_quickstart_makes_a_payment_each_time() {
    let daemon = Daemon::start("").await;
    daemon.add_store("shop", "payhook");
    let key = daemon.add_key("shop", "test");
    let quickstart = pages::payhook_create(&daemon.url(""), &key);
    // The page has it make a new idempotency key for each run.
    for before in [0, 1] {
        let printed: Value = serde_json::from_str(quickstart.run().await.printed()).unwrap();
        let payment = made_since(&daemon, "shop", before);
        assert_eq!(printed["payment_number"], number_of(&payment));
        assert_eq!(printed["external_order_id"], "order-123");
        assert_eq!(printed["status"], "pending");
        assert_eq!(printed["expected_crypto_amount"], "50.000000");
        assert_opens(&daemon, printed["checkout_url"].as_str().unwrap(), &payment).await;
    }
}

/// The handler in Node runs the verifier that the page prints.
#[tokio::test]
async fn payhooks_webhooks_are_verified_in_node_and_in_python() {
    let daemon = Daemon::start("").await;
    daemon.add_store("shop", "payhook");
    let key = daemon.add_key("shop", "test");
    let mut handlers = Vec::new();
    for language in [Language::Node, Language::Python] {
        let place = Place::free();
        let endpoint = daemon.add_webhook("shop", &place.url(), "payhook");
        handlers.push(language.serve_on(place, "payhook", &endpoint.secret).await);
    }
    pages::payhook_create(&daemon.url(""), &key).run().await.printed();
    let payment = made_since(&daemon, "shop", 0);
    pay(&daemon, &payment).await;
    for handler in &handlers {
        let told = accepted(handler, "event", "payment.confirmed").await;
        assert_eq!(told.json()["payment_id"], number_of(&payment));
        assert_refuses_changed(handler, &told, "x-payhook-signature", 401).await;
    }
    wait_for_deliveries(&daemon, &payment, handlers.len()).await;
}
