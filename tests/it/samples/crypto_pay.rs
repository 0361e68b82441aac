//! The pages of Crypto Pay and of USDT Payments: a web page in PHP that makes a payment and leads the customer to it.
//! Neither shows a webhook handler; both say how one verifies.

use serde_json::{Value, json};

use super::usdt_trc20::{assert_asks_for_usdt_trc20, decimal};
use super::{
    accepted, assert_opens, assert_refuses_changed, made_since, pay, payments_of, wait_for_deliveries,
};
use crate::harness::daemon::{Daemon, Key};
use crate::harness::pages;
use crate::harness::samples::{Language, Place, Sample};

/// One of the two gateways.
struct Gateway {
    dialect: &'static str,
    create: fn(&str, &Key) -> Sample,
    /// What `is_test` says of a test payment, where the gateway knows of any.
    is_test: Value,
}

impl Gateway {
    fn crypto_pay() -> Self {
        Self {
            dialect: "crypto-pay",
            create: pages::crypto_pay_create,
            is_test: json!(true),
        }
    }

    fn usdt_payments() -> Self {
        Self {
            dialect: "usdt-payments",
            create: pages::usdt_payments_create,
            is_test: Value::Null,
        }
    }

    /// A store whose website is the one that the page's program leads back to.
    async fn shop(&self) -> (Daemon, Key) {
        let daemon = Daemon::start("").await;
        let website = ["--website", "https://merchant-site.com"];
        let add = ["store", "add", "shop", "--dialect", self.dialect];
        daemon.cli(&[&add[..], &website[..]].concat());
        let key = daemon.add_key("shop", "test");
        (daemon, key)
    }

    /// The page leads to a payment that is there; gives it with its public id.
    async fn assert_leads_to_a_payment(&self, daemon: &Daemon, key: &Key) -> (Value, String) {
        let page = (self.create)(&daemon.url(""), key).serve().await;
        let (status, location, text) = page.open().await;
        let location = location.unwrap_or_else(|| panic!("{status} leads nowhere: {text}"));
        assert_eq!(status, 302, "{location}");
        let payment = made_since(daemon, "shop", 0);
        assert_asks_for_usdt_trc20(&payment, 50);
        assert_eq!(payment["order_id"], "ORDER_12345");
        assert_opens(daemon, &location, &payment).await;
        let id = location.strip_prefix(&daemon.url("/pay/?id="));
        let id = id.unwrap_or_else(|| panic!("{location} has another form than the page's"));
        (payment, id.to_owned())
    }

    async fn assert_webhooks_are_verified(&self) {
        let (daemon, key) = self.shop().await;
        let mut handlers = Vec::new();
        for language in [Language::Node, Language::Python] {
            let place = Place::free();
            let url = place.url();
            let add = ["webhook", "add", "--store", "shop", "--url", &url];
            daemon.cli(&[&add[..], &["--format", self.dialect]].concat());
            // By the page: the secret of the key that made the payment, not one of the endpoint.
            handlers.push(language.serve_on(place, self.dialect, &key.api_secret).await);
        }
        let (payment, id) = self.assert_leads_to_a_payment(&daemon, &key).await;
        pay(&daemon, &payment).await;
        for handler in &handlers {
            let told = accepted(handler, "status", "paid").await;
            let body = told.json();
            assert_eq!(body["payment_id"].to_string(), id);
            assert_eq!(
                (&body["order_id"], &body["amount"]),
                (&json!("ORDER_12345"), &json!("50.00"))
            );
            assert_eq!(decimal(&body["pay_amount"]), decimal(&payment["due"]));
            assert_eq!(body["is_test"], self.is_test);
            assert_refuses_changed(handler, &told, "x-signature", 401).await;
        }
        wait_for_deliveries(&daemon, &payment, handlers.len()).await;
    }

    /// What the page's program shows when it is run like this.
    async fn error_shown(&self, daemon: &Daemon, key: &Key) -> String {
        let page = (self.create)(&daemon.url(""), key).serve().await;
        let (_, location, text) = page.open().await;
        assert_eq!(location, None);
        assert_eq!(payments_of(daemon, "shop"), Vec::<Value>::new());
        text
    }

    async fn assert_wrong_credentials_are_named(&self) {
        let (daemon, key) = self.shop().await;
        let wrong_secret = Key {
            api_secret: format!("{}0", key.api_secret),
            ..key.clone()
        };
        assert_eq!(
            self.error_shown(&daemon, &wrong_secret).await,
            "API error: Invalid signature"
        );
        let wrong_key = Key {
            api_key: format!("{}0", key.api_key),
            ..key
        };
        assert_eq!(
            self.error_shown(&daemon, &wrong_key).await,
            "API error: Invalid API key"
        );
    }
}

#[tokio::test]
async fn crypto_pays_program_leads_the_customer_to_a_payment() {
    let gateway = Gateway::crypto_pay();
    let (daemon, key) = gateway.shop().await;
    gateway.assert_leads_to_a_payment(&daemon, &key).await;
}

#[tokio::test]
async fn usdt_payments_program_leads_the_customer_to_a_payment() {
    let gateway = Gateway::usdt_payments();
    let (daemon, key) = gateway.shop().await;
    gateway.assert_leads_to_a_payment(&daemon, &key).await;
}

#[tokio::test]
async fn crypto_pays_webhooks_are_verified_in_node_and_in_python() {
    Gateway::crypto_pay().assert_webhooks_are_verified().await;
}

#[tokio::test]
async fn usdt_payments_webhooks_are_verified_in_node_and_in_python() {
    Gateway::usdt_payments().assert_webhooks_are_verified().await;
}

#[tokio::test]
async fn crypto_pays_program_shows_what_is_wrong_with_its_credentials() {
    Gateway::crypto_pay().assert_wrong_credentials_are_named().await;
}

#[tokio::test]
async fn usdt_payments_program_shows_what_is_wrong_with_its_credentials() {
    Gateway::usdt_payments()
        .assert_wrong_credentials_are_named()
        .await;
}

#[tokio::test]
async fn crypto_pays_program_shows_that_the_project_has_no_website() {
    let daemon = Daemon::start("").await;
    daemon.add_store("shop", "crypto-pay");
    let key = daemon.add_key("shop", "test");
    assert_eq!(
        Gateway::crypto_pay().error_shown(&daemon, &key).await,
        "API error: Project website is not configured."
    );
}
