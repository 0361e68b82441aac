//! cryptopayment's page: programs in three languages that make an invoice, and a whole webhook handler in PHP.

use serde_json::{Value, json};

use super::usdt_trc20::{assert_asks_for_usdt_trc20, decimal};
use super::{accepted, assert_opens, made_since, pay, payments_of, wait_for_deliveries};
use crate::harness::daemon::{Daemon, Key};
use crate::harness::pages;
use crate::harness::samples::{Handled, Language, Place, Served};

async fn shop() -> Daemon {
    let daemon = Daemon::start("").await;
    daemon.add_store("shop", "cryptopayment");
    daemon
}

/// Runs one of the page's programs and gives the URL that it leads to.
async fn led_to(program: &str, daemon: &Daemon, key: &Key) -> String {
    let sample = pages::cryptopayment_create(program, &daemon.url(""), key);
    if program != "create.php" {
        return sample.run().await.printed().to_owned();
    }
    let (status, location, text) = sample.serve().await.open().await;
    let location = location.unwrap_or_else(|| panic!("{status} leads nowhere: {text}"));
    assert_eq!(status, 302, "{location}");
    location
}

#[tokio::test]
async fn cryptopayments_programs_make_an_invoice_each_and_lead_to_its_checkout() {
    let daemon = shop().await;
    let key = daemon.add_key("shop", "test");
    for (before, program) in pages::CRYPTOPAYMENT_CREATE.into_iter().enumerate() {
        let url = led_to(program, &daemon, &key).await;
        let payment = made_since(&daemon, "shop", before);
        assert_asks_for_usdt_trc20(&payment, 50);
        // Its page promises an address of its own to each invoice, and so the plain amount.
        assert_eq!(decimal(&payment["due"]), 50.into(), "{program}");
        assert_eq!(payment["order_id"], "ORD-001", "{program}");
        assert_opens(&daemon, &url, &payment).await;
    }
    let all = payments_of(&daemon, "shop");
    let addresses: std::collections::HashSet<&str> =
        all.iter().map(|one| one["address"].as_str().unwrap()).collect();
    assert_eq!(
        addresses.len(),
        all.len(),
        "two invoices share an address: {all:?}"
    );
}

#[tokio::test]
async fn cryptopayments_program_with_another_secret_makes_nothing() {
    let daemon = shop().await;
    let key = daemon.add_key("shop", "test");
    let wrong = Key {
        api_secret: format!("{}0", key.api_secret),
        ..key
    };
    let page = pages::cryptopayment_create("create.php", &daemon.url(""), &wrong);
    let (_, location, _) = page.serve().await.open().await;
    assert_eq!(location, None);
    assert_eq!(payments_of(&daemon, "shop"), Vec::<Value>::new());
}

/// Every key has a URL of its own, as the page says: each of the three programs has its key, each key its handler.
#[tokio::test]
async fn cryptopayments_webhooks_are_verified_by_the_pages_php_and_in_node_and_in_python() {
    let daemon = shop().await;
    let mut told = Vec::new();
    let handlers = [None, Some(Language::Node), Some(Language::Python)];
    for (before, (program, language)) in pages::CRYPTOPAYMENT_CREATE.into_iter().zip(handlers).enumerate() {
        let (key, place) = (daemon.cli_json(&ADD_KEY), Place::free());
        let app_key = app_key_of(&daemon, &key["key_id"], place);
        let handler = match language {
            None => pages::cryptopayment_webhook(&app_key).serve_on(place).await,
            Some(language) => language.serve_on(place, "cryptopayment", &app_key).await,
        };
        let url = led_to(program, &daemon, &credentials(&key)).await;
        let payment = made_since(&daemon, "shop", before);
        pay(&daemon, &payment).await;
        let detected = accepted(&handler, "event", "payment.detected").await;
        let confirmed = accepted(&handler, "event", "payment.confirmed").await;
        let body = confirmed.json();
        assert_eq!(
            (&body["status"], &body["order_id"]),
            (&json!("confirmed"), &json!("ORD-001"))
        );
        assert_eq!(decimal(&body["paid_amount"]), decimal(&payment["due"]));
        wait_for_deliveries(&daemon, &payment, 2).await;
        told.push((handler, url, [detected, confirmed]));
    }
    for (handler, url, _) in &told {
        for handled in handler.handled() {
            let id = handled.json()["invoice_id"].as_str().unwrap().to_owned();
            assert!(
                url.ends_with(&format!("/pay/{id}")),
                "{id} was told to the key of {url}"
            );
        }
    }
    for ((handler, _, heard), refused) in told.iter().zip([400, 401, 401]) {
        for heard in heard {
            assert_refuses_other_words(handler, heard, refused).await;
        }
    }
}

const ADD_KEY: [&str; 6] = ["key", "add", "--store", "shop", "--mode", "test"];

fn credentials(key: &Value) -> Key {
    Key {
        api_key: key["api_key"].as_str().unwrap().to_owned(),
        api_secret: key["api_secret"].as_str().unwrap().to_owned(),
    }
}

/// Adds a key's endpoint and gives what its webhooks are signed with.
fn app_key_of(daemon: &Daemon, key_id: &Value, place: Place) -> String {
    let (url, key) = (place.url(), key_id.to_string());
    let add = ["webhook", "add", "--store", "shop", "--url", &url];
    let of_key = ["--format", "cryptopayment", "--key", &key];
    let added = daemon.cli_json(&[&add[..], &of_key[..]].concat());
    added["secret"].as_str().unwrap().to_owned()
}

/// The page's signature is of the invoice and the event and of nothing else: neither can be another.
async fn assert_refuses_other_words(handler: &Served, heard: &Handled, refused: u16) {
    let body = heard.json();
    assert_eq!(handler.send_again(heard, |_, _| ()).await, 200);
    let changes = [
        ("invoice_id", json!("550e8400-e29b-41d4-a716-446655440000")),
        ("event", json!("payment.expired")),
        ("signature", json!("0".repeat(64))),
    ];
    for (field, value) in changes {
        let mut other = body.clone();
        other[field] = value;
        let status = handler.send_again(heard, |_, body| *body = other.to_string().into_bytes());
        assert_eq!(status.await, refused, "another {field}");
    }
}
