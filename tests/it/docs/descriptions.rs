//! Each description against the daemon: every call is there, and real replies are as it says.

use std::collections::BTreeSet;
use std::time::SystemTime;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{APIS, shop};
use crate::harness::daemon::{Daemon, Key, Reply};
use crate::harness::openapi::{check, faults};
use crate::harness::receiver::Receiver;
use crate::harness::signature::sign_soko;

async fn description(daemon: &Daemon, api: &str) -> Value {
    let reply = daemon.get(&format!("/docs/{api}/openapi.json"), &[]).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    let document = reply.json();
    assert_eq!(document["servers"][0]["url"], json!(daemon.url("")));
    document
}

/// A caller of one API: signs as its description says.
struct Caller<'a> {
    daemon: &'a Daemon,
    document: Value,
    api: &'a str,
    key: Key,
    /// The answers that have been seen: method, path of the description, status.
    seen: BTreeSet<(String, String, u16)>,
}

impl<'a> Caller<'a> {
    async fn new(daemon: &'a Daemon, api: &'a str, key: &Key) -> Self {
        Self {
            daemon,
            document: description(daemon, api).await,
            api,
            key: key.clone(),
            seen: BTreeSet::new(),
        }
    }

    fn headers(&self, method: &str, path: &str, body: &str) -> Vec<(&'static str, String)> {
        let mac = |signed: &str| {
            let mut mac = Hmac::<Sha256>::new_from_slice(self.key.api_secret.as_bytes()).unwrap();
            mac.update(signed.as_bytes());
            hex::encode(mac.finalize().into_bytes())
        };
        let (key, secret) = (&self.key.api_key, &self.key.api_secret);
        match self.api {
            "payhook" => vec![("x-api-key", key.clone())],
            "soko" => {
                let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
                let now = now.as_secs();
                let path = path.split('?').next().unwrap();
                let signature = sign_soko(secret, now, method, path, body);
                vec![
                    ("x-api-key", key.clone()),
                    ("x-timestamp", now.to_string()),
                    ("x-signature", signature),
                ]
            }
            "cryptopayment" => vec![("authorization", format!("Bearer {key}:{secret}"))],
            _ => vec![("x-api-key", key.clone()), ("x-signature", mac(body))],
        }
    }

    /// Calls, and holds the answer against the description of `template`.
    async fn call(&mut self, method: &str, template: &str, path: &str, body: &str, status: u16) -> Value {
        let headers = self.headers(method, path, body);
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let reply = self.daemon.send(method, path, &headers, body.to_owned()).await;
        self.holds(method, template, &reply, status)
    }

    fn holds(&mut self, method: &str, template: &str, reply: &Reply, status: u16) -> Value {
        assert_eq!(reply.status, status, "{method} {template}: {reply:?}");
        let method = method.to_ascii_lowercase();
        check(&self.document, &method, template, reply);
        self.seen.insert((method, template.to_owned(), status));
        reply.json()
    }

    /// An example of the body that the description gives for a call is taken.
    fn takes(&self, method: &str, template: &str, body: &Value) {
        let content = &self.document["paths"][template][method]["requestBody"]["content"];
        let schema = &content["application/json"]["schema"];
        assert_eq!(
            faults(&self.document, schema, body, "request"),
            Vec::<String>::new()
        );
    }
}

#[tokio::test]
async fn every_call_that_is_described_is_there_and_asks_for_credentials_where_it_says_so() {
    let (daemon, _) = shop("payhook").await;
    for api in APIS {
        let document = description(&daemon, api).await;
        assert!(document["openapi"].as_str().unwrap().starts_with("3.0."));
        for (template, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let path = template.replace("{payment_number}", "PAY-2026-000001");
                let path = path.replace("{payment_id}", "00000000-0000-4000-8000-000000000000");
                let path = path.replace("{id}", "00000000-0000-4000-8000-000000000000");
                let reply = daemon.send(&method.to_ascii_uppercase(), &path, &[], "{}").await;
                let is_public = operation["security"] == json!([]);
                match (is_public, reply.status) {
                    (false, 401) | (true, 200 | 400 | 401) => check(&document, method, template, &reply),
                    _ => panic!("{api} {method} {path}: {reply:?}"),
                }
            }
        }
    }
}

#[tokio::test]
async fn sokos_replies_are_as_described() {
    let (daemon, key) = shop("soko").await;
    let mut caller = Caller::new(&daemon, "soko", &key).await;
    let create = "/api/v1/payment/create";
    let body = json!({ "amount": "100.00", "order_id": "ORDER-123", "currency": "USDT_TRC20",
        "metadata": { "user_id": 42 } });
    caller.takes("post", create, &body);
    let made = caller.call("POST", create, create, &body.to_string(), 200).await;
    let id = made["data"]["payment_id"].as_str().unwrap().to_owned();
    let (one, path) = ("/api/v1/payment/{payment_id}", format!("/api/v1/payment/{id}"));
    let fresh = caller.call("GET", one, &path, "", 200).await;
    assert_eq!(fresh["data"]["status"], "pending");
    let number =
        daemon.cli_json(&["payment", "list", "--store", "shop"])["payments"][0]["payment_number"].clone();
    daemon.simulate(number.as_str().unwrap(), "exact");
    daemon.wait_for_status(number.as_str().unwrap(), "paid").await;
    let paid = caller.call("GET", one, &path, "", 200).await;
    assert_eq!(paid["data"]["status"], "completed");

    daemon.cli(&["store", "accept", "shop", "USDT_TRC20", "BTC"]);
    let asked = json!({ "fiat_amount": 12, "fiat_currency": "USD" });
    caller.takes("post", create, &asked);
    let choice = caller.call("POST", create, create, &asked.to_string(), 200).await;
    assert_eq!(choice["data"]["status"], "selecting");

    let list = "/api/v1/payments";
    caller
        .call(
            "GET",
            list,
            "/api/v1/payments?per_page=1&from=2020-01-01",
            "",
            200,
        )
        .await;
    caller
        .call("GET", list, "/api/v1/payments?status=none", "", 400)
        .await;
    caller
        .call(
            "GET",
            "/api/v1/merchant/balance",
            "/api/v1/merchant/balance",
            "",
            200,
        )
        .await;
    caller.call("POST", create, create, "{}", 400).await;
    caller
        .call("POST", create, create, &"x".repeat(70_000), 413)
        .await;
    let nobody = "/api/v1/payment/00000000-0000-4000-8000-000000000000";
    caller.call("GET", one, nobody, "", 404).await;
    let rates = "/api/v1/rates";
    let reply = daemon.get(rates, &[]).await;
    caller.holds("GET", rates, &reply, 200);
    let reply = daemon.get("/api/v1/rates?amount=5", &[]).await;
    caller.holds("GET", rates, &reply, 400);

    daemon.cli(&["donation", "set", "shop", "--on"]);
    let donate = "/donate/create";
    let gift =
        json!({ "api_key": key.api_key, "fiat_amount": "10", "currency": "USDT_TRC20", "donor_name": "Jo" });
    caller.takes("post", donate, &gift);
    let reply = daemon.post(donate, &[], &gift).await;
    caller.holds("POST", donate, &reply, 200);
    let reply = daemon.post(donate, &[], &json!({ "api_key": key.api_key })).await;
    caller.holds("POST", donate, &reply, 400);

    caller.key.api_secret.push('0');
    caller.call("GET", one, &path, "", 403).await;
    caller.call("POST", create, create, &body.to_string(), 403).await;
    caller.key.api_key.push('0');
    caller.call("GET", list, list, "", 401).await;
}

async fn crypto_pays_replies_are_as_described(api: &str) {
    let (daemon, key) = shop(api).await;
    let mut caller = Caller::new(&daemon, api, &key).await;
    let create = "/api/create-payment.php";
    let body = json!({ "order_id": "ORDER_12345", "amount": "50.00", "description": "Service payment",
        "success_url": "https://shop.example.com/success", "fail_url": "https://shop.example.com/fail" });
    caller.takes("post", create, &body);
    let made = caller.call("POST", create, create, &body.to_string(), 200).await;
    let status = "/api/payment-status.php";
    let path = format!("{status}?payment_id={}", made["payment"]["payment_id"]);
    caller.call("GET", status, &path, "", 200).await;
    let number =
        daemon.cli_json(&["payment", "list", "--store", "shop"])["payments"][0]["payment_number"].clone();
    daemon.simulate(number.as_str().unwrap(), "exact");
    daemon.wait_for_status(number.as_str().unwrap(), "paid").await;
    let paid = caller.call("GET", status, &path, "", 200).await;
    assert_eq!(paid["payment"]["status"], "paid");
    assert!(paid["payment"]["txid"].is_string(), "{paid}");
    assert_eq!(paid["payment"].get("is_test").is_some(), api == "crypto-pay");
    caller.call("GET", status, status, "", 422).await;
    caller
        .call("GET", status, "/api/payment-status.php?payment_id=1", "", 404)
        .await;
    caller
        .call("POST", create, create, r#"{"order_id":"1","amount":"0"}"#, 422)
        .await;
    caller
        .call("POST", create, create, &"x".repeat(70_000), 413)
        .await;
    daemon.cli(&["store", "set", "shop", "--disable"]);
    caller.call("GET", status, &path, "", 403).await;
    caller.key.api_secret.push('0');
    let refused = caller.call("POST", create, create, &body.to_string(), 401).await;
    assert_eq!(refused["error"], "Invalid signature");
    caller.key.api_key.push('0');
    let refused = caller.call("GET", status, &path, "", 401).await;
    assert_eq!(refused["error"], "Invalid API key");
}

#[tokio::test]
async fn crypto_pays_own_replies_are_as_described() {
    crypto_pays_replies_are_as_described("crypto-pay").await;
}

#[tokio::test]
async fn usdt_payments_replies_are_as_described() {
    crypto_pays_replies_are_as_described("usdt-payments").await;
}

#[tokio::test]
async fn cryptopayments_replies_are_as_described() {
    let (daemon, key) = shop("cryptopayment").await;
    let mut caller = Caller::new(&daemon, "cryptopayment", &key).await;
    let all = "/api/v1/invoices";
    let body = json!({ "network": "trc20", "amount_usd": 50.25, "order_id": "ORD-12345",
        "metadata": { "customer_id": "usr_001" } });
    caller.takes("post", all, &body);
    let made = caller.call("POST", all, all, &body.to_string(), 201).await;
    let (one, id) = ("/api/v1/invoices/{id}", made["invoice"]["id"].as_str().unwrap());
    let path = format!("{all}/{id}");
    caller.call("GET", one, &path, "", 200).await;
    let number =
        daemon.cli_json(&["payment", "list", "--store", "shop"])["payments"][0]["payment_number"].clone();
    daemon.simulate(number.as_str().unwrap(), "exact");
    daemon.wait_for_status(number.as_str().unwrap(), "paid").await;
    let paid = caller.call("GET", one, &path, "", 200).await;
    assert_eq!(paid["invoice"]["status"], "confirmed");
    let listed = caller.call("GET", all, "/api/v1/invoices?page=1", "", 200).await;
    assert_eq!(listed["invoices"].as_array().unwrap().len(), 1);
    caller.call("GET", all, "/api/v1/invoices?page=0", "", 422).await;
    caller
        .call("GET", "/api/v1/balances", "/api/v1/balances", "", 200)
        .await;
    let fields = caller
        .call("POST", all, all, r#"{"network":"none","amount_usd":0.5}"#, 422)
        .await;
    assert_eq!(fields["errors"].as_object().unwrap().len(), 2);
    caller.call("POST", all, all, &"x".repeat(70_000), 413).await;
    caller
        .call(
            "GET",
            one,
            "/api/v1/invoices/00000000-0000-4000-8000-000000000000",
            "",
            404,
        )
        .await;
    let withdrawal = json!({ "coin": "USDT-TRC20", "amount": 100, "address": "T" });
    let withdrawals = "/api/v1/withdrawals";
    caller.takes("post", withdrawals, &withdrawal);
    caller
        .call("POST", withdrawals, withdrawals, &withdrawal.to_string(), 501)
        .await;
    caller.call("GET", withdrawals, withdrawals, "", 501).await;
    caller
        .call(
            "GET",
            "/api/v1/withdrawals/{id}",
            "/api/v1/withdrawals/1",
            "",
            501,
        )
        .await;
    daemon.cli(&["store", "set", "shop", "--disable"]);
    caller.call("GET", one, &path, "", 403).await;
    caller.key.api_secret.push('0');
    caller.call("GET", one, &path, "", 401).await;
}

#[tokio::test]
async fn webhooks_are_as_described() {
    for api in APIS {
        let (daemon, key) = shop(api).await;
        let document = description(&daemon, api).await;
        let receiver = Receiver::start().await;
        let added = super::programs::add_webhook(&daemon, api, &key, &receiver.url("/hook"));
        assert!(!added.is_empty());
        let made = super::programs::make(&daemon, api, &key).await;
        daemon.simulate(&made, "exact");
        daemon.wait_for_status(&made, "paid").await;
        let webhooks = &document["x-webhooks"];
        let last = |received: &crate::harness::receiver::Received| {
            let body = received.json();
            let event = body["event"].as_str().unwrap_or("paid").to_owned();
            event.ends_with("confirmed") || event.ends_with("completed") || event == "paid"
        };
        receiver.wait_for_matching(1, last).await;
        for received in receiver.received() {
            let body = received.json();
            assert_eq!(
                faults(&document, &webhooks["body"], &body, api),
                Vec::<String>::new(),
                "{body}"
            );
            for header in webhooks["headers"].as_array().unwrap() {
                let name = header[0].as_str().unwrap().to_ascii_lowercase();
                assert!(received.header(&name).is_some(), "{api} sends no {name}");
            }
            let event = body["event"].as_str().unwrap_or("paid");
            let told = webhooks["events"].as_array().unwrap();
            assert!(
                told.iter().any(|known| known[0] == event),
                "{api} does not tell of {event}"
            );
        }
    }
}
