//! PayHook's API over HTTP, as its page tells it: what a shop that comes from there sends, and what it may send by
//! mistake or on purpose.

mod calls;
mod nonsense;
mod refusals;
mod schema;
mod webhooks;

use serde_json::{Value, json};

use crate::harness::daemon::{Daemon, Key, Reply};

const PAYMENTS: &str = "/api/v1/payments/";

/// A store with a test key.
async fn shop() -> (Daemon, Key) {
    let daemon = Daemon::start("").await;
    daemon.add_store("shop", "payhook");
    let key = daemon.add_key("shop", "test");
    (daemon, key)
}

/// The body of the page's example.
fn example() -> Value {
    json!({
        "amount_usd_cents": 5000,
        "network": "bsc",
        "currency": "usdt",
        "external_order_id": "order-9837",
        "customer_email": "jo@example.com",
        "redirect_url": "https://merchant.com/orders/9837/thanks",
        "metadata": { "sku": "GOLD-PLAN" }
    })
}

async fn create(daemon: &Daemon, key: &Key, body: &Value) -> Reply {
    daemon.post(PAYMENTS, &[("x-api-key", &key.api_key)], body).await
}

/// A refusal has one of the page's shapes, a status that says whose fault it is, and no word of payd's inside.
fn assert_refusal(what: &str, reply: &Reply, statuses: std::ops::RangeInclusive<u16>) {
    assert!(statuses.contains(&reply.status), "{what}: {reply:?}");
    let body = reply.json();
    let fields = body.as_object().unwrap_or_else(|| panic!("{what}: {reply:?}"));
    let names: Vec<&str> = fields.keys().map(String::as_str).collect();
    let is_text = |name: &str| fields[name].as_str().is_some_and(|text| !text.is_empty());
    let is_shaped = match names.as_slice() {
        ["detail"] => is_text("detail"),
        ["code", "error"] | ["error", "code"] => is_text("error") && is_text("code"),
        ["errors"] => fields["errors"].as_object().is_some_and(|errors| {
            let is_list = |list: &Value| {
                list.as_array()
                    .is_some_and(|all| !all.is_empty() && all.iter().all(Value::is_string))
            };
            !errors.is_empty() && errors.values().all(is_list)
        }),
        _ => false,
    };
    assert!(is_shaped, "{what}: {reply:?}");
    assert_eq!(reply.header("content-type"), Some("application/json"), "{what}");
    for inside in ["panick", "src/", "rusqlite", "serde", "sqlite"] {
        assert!(!reply.body.contains(inside), "{what}: {reply:?}");
    }
}

/// The daemon has neither panicked nor logged an error, and still takes payments.
async fn assert_unharmed(daemon: &Daemon, key: &Key) {
    let reply = create(daemon, key, &example()).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    let log = daemon.log();
    assert!(!log.contains("panic") && !log.contains("ERROR"), "{log}");
}
