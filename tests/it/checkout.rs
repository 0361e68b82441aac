//! The checkout page in a real browser: test payments on the simulated chain, from first look to receipt.

mod choosing;
mod desk;
mod flows;
mod frames;
mod languages;
mod limits;
mod pictures;

use serde_json::{Value, json};

use crate::harness::browser::{Browser, Options, Scheme};
use crate::harness::daemon::{Daemon, Key};
use crate::harness::receiver::{Behaviour, Receiver};

const PHONE: (u32, u32) = (390, 844);
const DESKTOP: (u32, u32) = (1280, 900);

/// Test payments on BNB Smart Chain need an hour of blocks: what confirms does so for as long as a test looks at it.
const CONFIRMS_FOR_AN_HOUR: &str = "[networks.bsc]\nconfirmations = 7200\nfinal_depth = 8000\n";

/// A shop that has a customer: the daemon, the shop's own pages, and the customer's browser.
struct Shop {
    daemon: Daemon,
    name: String,
    key: Key,
    site: Receiver,
    browser: Browser,
}

impl Shop {
    async fn open() -> Self {
        Self::open_with(Options::default(), "North Wind Coffee").await
    }

    async fn open_with(options: Options<'_>, name: &str) -> Self {
        Self::open_at(Daemon::start("").await, options, name).await
    }

    /// A shop whose customers see their money confirming, and do not see the end of it.
    async fn open_slow() -> Self {
        let daemon = Daemon::start(CONFIRMS_FOR_AN_HOUR).await;
        Self::open_at(daemon, Options::default(), "North Wind Coffee").await
    }

    async fn open_at(daemon: Daemon, options: Options<'_>, name: &str) -> Self {
        daemon.add_store(name, "payhook");
        let key = daemon.add_key(name, "test");
        let site = Receiver::start().await;
        let thanks = "<!doctype html><html lang=en><title>Thanks</title><h1>Thank you for your order</h1>";
        site.always(Behaviour::Page("text/html; charset=utf-8", thanks.to_owned()));
        Self {
            daemon,
            name: name.to_owned(),
            key,
            site,
            browser: Browser::start_with(options).await,
        }
    }

    /// Makes a payment of $50.00 in USDT on BNB Smart Chain with these further fields.
    async fn payment(&self, more: Value) -> Value {
        self.payment_of(5000, "bsc", "usdt", more).await
    }

    async fn payment_of(&self, cents: u64, network: &str, currency: &str, more: Value) -> Value {
        let mut body = json!({ "amount_usd_cents": cents, "network": network, "currency": currency });
        let fields = body.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        let headers = [("x-api-key", self.key.api_key.as_str())];
        let reply = self.daemon.post("/api/v1/payments/", &headers, &body).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        reply.json()
    }

    /// Makes a payment and opens its page.
    async fn visit(&mut self, more: Value) -> Value {
        let payment = self.payment(more).await;
        self.look(&payment).await;
        payment
    }

    async fn look(&mut self, payment: &Value) {
        let opened = self.browser.open(payment["checkout_url"].as_str().unwrap()).await;
        assert_eq!(opened["status"], json!(200));
    }

    /// Presses a button of the test panel.
    async fn simulate(&mut self, scenario: &str) {
        let button = format!("button[name=scenario][value={scenario}]");
        self.browser.click(&button).await;
    }

    /// Waits until the page shows this stage.
    async fn reaches(&mut self, stage: &str) {
        self.browser
            .wait_for(&format!("[data-region=pay][data-stage={stage}]"))
            .await;
    }

    /// Has pages that are loaded from now on stay where they are when they say that they lead back to the shop, until
    /// [`Self::leave`].
    async fn hold_leaving(&mut self) {
        let hold = "const later = window.setTimeout; window.setTimeout = (work, millis, ...more) => { \
                    if (!String(work).includes('location.assign')) return later(work, millis, ...more); \
                    window.leave = () => later(work, 0); return 0; };";
        self.browser.at_every_load(hold).await;
    }

    /// Lets the page lead back to the shop, once it has said that it will.
    async fn leave(&mut self) {
        self.browser
            .wait_for_truth("typeof window.leave === 'function'")
            .await;
        self.browser.evaluate("void window.leave()").await;
    }

    /// What is in the element, whether or not it can be seen.
    async fn text(&mut self, selector: &str) -> String {
        self.browser.text(selector).await
    }

    /// Takes the page's picture on a phone and on a desktop, light and dark.
    async fn pictures(&mut self, state: &str) {
        for (device, (width, height)) in [("phone", PHONE), ("desktop", DESKTOP)] {
            for (word, scheme) in [("light", Scheme::Light), ("dark", Scheme::Dark)] {
                self.browser.view(width, height, scheme).await;
                self.browser
                    .screenshot(&format!("{state}-{device}-{word}"), true)
                    .await;
                assert_eq!(
                    self.browser
                        .evaluate("document.documentElement.scrollWidth")
                        .await,
                    json!(width),
                    "{state} is wider than the {device}"
                );
            }
        }
    }

    /// The page keeps to its own origin, complains of nothing, and people can use it with whatever they use.
    async fn is_sound(&mut self) {
        for (width, height) in [DESKTOP, PHONE] {
            for scheme in [Scheme::Light, Scheme::Dark] {
                self.browser.view(width, height, scheme).await;
                let faults = self.browser.axe().await;
                assert_eq!(faults, Vec::<Value>::new(), "{width} {scheme:?}");
            }
        }
        self.is_quiet().await;
    }

    async fn is_quiet(&mut self) {
        assert_eq!(self.browser.console_errors().await, Vec::<Value>::new());
        assert_eq!(self.browser.foreign_requests().await, Vec::<Value>::new());
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let log = self.daemon.log();
            assert!(!log.contains("panic") && !log.contains("ERROR"), "{log}");
        }
    }
}

fn text_of<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field]
        .as_str()
        .unwrap_or_else(|| panic!("no {field} in {value}"))
}
