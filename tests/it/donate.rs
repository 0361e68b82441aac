//! The donation page in a real browser: from the first look to the thanks, and what is left of it for the merchant.

mod flows;
mod languages;
mod looks;

use payd::ambient::SystemRandom;
use payd::domain::asset::Currency;
use payd::domain::ids::PaymentId;
use payd::domain::network::{Mode, NetworkId};
use payd::domain::shop::Accepted;
use payd::domain::status::Status;
use payd::store::{Database, Options as StoreOptions, accepted, donations, shops};
use serde_json::{Value, json};

use crate::harness::browser::{Browser, Options, Scheme};
use crate::harness::daemon::{Daemon, Key};

const PHONE: (u32, u32) = (390, 844);
const DESKTOP: (u32, u32) = (1280, 900);
const STORE: &str = "North Wind Shelter";

/// A store that takes donations, and a visitor's browser.
struct Shelter {
    daemon: Daemon,
    key: Key,
    browser: Browser,
}

impl Shelter {
    /// Opens the page, set up like this.
    async fn open(set: &[&str]) -> Self {
        Self::open_with(Options::default(), set).await
    }

    async fn open_with(options: Options<'_>, set: &[&str]) -> Self {
        let daemon = Daemon::start("").await;
        daemon.add_store(STORE, "soko");
        let key = daemon.add_key(STORE, "test");
        let shelter = Self {
            daemon,
            key,
            browser: Browser::start_with(options).await,
        };
        shelter.set(&[&["--on"], set].concat());
        shelter
    }

    /// Changes the page.
    fn set(&self, options: &[&str]) {
        self.daemon.cli(&[&["donation", "set", STORE], options].concat());
    }

    /// Sets what the store accepts.
    async fn accept(&self, all: &[(&str, &str)]) {
        let database = Database::open(
            &StoreOptions::in_directory(&self.daemon.data_dir()),
            &SystemRandom,
        )
        .unwrap();
        let all: Vec<Accepted> = all
            .iter()
            .map(|(network, currency)| Accepted {
                slug: NetworkId::parse(network).unwrap(),
                currency: Currency::parse(currency).unwrap(),
            })
            .collect();
        let set = database.write(move |txn| {
            let shop = shops::by_name(txn, STORE)?.unwrap();
            accepted::set(txn, shop.id, &all)
        });
        set.await.unwrap();
        database.close().await;
    }

    /// Has so much been given: a test donation is counted as if it were real and paid.
    async fn was_given(&self, usd_cents: u64) {
        let options = StoreOptions::in_directory(&self.daemon.data_dir());
        let database = Database::open(&options, &SystemRandom).unwrap();
        let counted = database.write(move |txn| {
            let all = donations::page(txn, None, PaymentId::new(i64::MAX), 1)?;
            let (_, mut payment) = all.into_iter().next().unwrap();
            payment.mode = Mode::Live;
            payment.status = Status::Paid;
            payment.usd_cents = Some(usd_cents);
            donations::count_paid(txn, &payment)
        });
        counted.await.unwrap();
        database.close().await;
    }

    /// The page's URL with this query.
    fn url(&self, query: &str) -> String {
        self.daemon.url(&format!("/donate/{}{query}", self.key.api_key))
    }

    /// Looks at the page.
    async fn visit(&mut self, query: &str) {
        let url = self.url(query);
        let opened = self.browser.open(&url).await;
        assert_eq!(opened["status"], json!(200));
    }

    /// Chooses what a person sees under this value.
    async fn choose(&mut self, name: &str, value: &str) {
        let button = format!("label:has(> input[name={name}][value='{value}'])");
        self.browser.click(&button).await;
    }

    async fn give(&mut self) {
        self.browser.click(".give").await;
    }

    /// Waits until the payment's page shows this stage.
    async fn reaches(&mut self, stage: &str) {
        let region = format!("[data-region=pay][data-stage={stage}]");
        self.browser.wait_for(&region).await;
    }

    /// Pays what is asked for, and waits until it is settled.
    async fn pay(&mut self) {
        self.browser.click("button[name=scenario][value=exact]").await;
        self.reaches("paid").await;
    }

    /// The donations that the merchant sees, newest first.
    fn donations(&self) -> Vec<Value> {
        let list = self.daemon.cli_json(&["donation", "list", "--store", STORE]);
        list["donations"].as_array().unwrap().clone()
    }

    /// Takes the page's picture on a phone and on a desktop, light and dark; nothing is wider than the screen.
    async fn pictures(&mut self, state: &str) {
        for (device, (width, height)) in [("phone", PHONE), ("desktop", DESKTOP)] {
            for (word, scheme) in [("light", Scheme::Light), ("dark", Scheme::Dark)] {
                self.browser.view(width, height, scheme).await;
                let name = format!("donate-{state}-{device}-{word}");
                self.browser.screenshot(&name, true).await;
                let wide = self
                    .browser
                    .evaluate("document.documentElement.scrollWidth")
                    .await;
                assert_eq!(wide, json!(width), "{state} is wider than the {device}");
            }
        }
    }

    /// The page keeps to its own origin, complains of nothing, and people can use it with whatever they use.
    async fn is_sound(&mut self) {
        for scheme in [Scheme::Light, Scheme::Dark] {
            self.browser.view(PHONE.0, PHONE.1, scheme).await;
            assert_eq!(self.browser.axe().await, Vec::<Value>::new(), "{scheme:?}");
        }
        self.is_quiet().await;
    }

    async fn is_quiet(&mut self) {
        assert_eq!(self.browser.console_errors().await, Vec::<Value>::new());
        assert_eq!(self.browser.foreign_requests().await, Vec::<Value>::new());
    }
}

impl Drop for Shelter {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let log = self.daemon.log();
            assert!(!log.contains("panic") && !log.contains("ERROR"), "{log}");
            assert!(!log.contains(&self.key.api_key), "a key is in the log");
        }
    }
}
