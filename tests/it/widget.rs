//! The payment widget and the donation button on the pages of another site, in a real browser.

mod attacks;
mod donations;
mod flows;
mod languages;
mod pictures;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes};
use axum::http::{Request, Response};
use serde_json::{Value, json};

use crate::harness::browser::{Browser, Options, Scheme};
use crate::harness::daemon::{Daemon, Key};
use crate::harness::http::Server;
use crate::harness::wait_until;

const PHONE: (u32, u32) = (390, 844);
const DESKTOP: (u32, u32) = (1280, 900);

/// The overlay's frame.
const FRAME: &str = "dialog iframe";

/// Where the customer sees what to pay, inside the frame.
const ASKING: &str = "[data-region=pay][data-stage=waiting]";

/// Another site than payd's: pages by path, each with its headers.
struct ShopSite {
    server: Server,
    pages: Arc<Mutex<BTreeMap<String, Page>>>,
}

#[derive(Clone)]
struct Page {
    kind: &'static str,
    policy: Option<String>,
    body: String,
}

impl ShopSite {
    async fn start() -> Self {
        let pages: Arc<Mutex<BTreeMap<String, Page>>> = Arc::default();
        let server = Server::start({
            let pages = Arc::clone(&pages);
            move |request: Request<Bytes>| {
                let page = pages.lock().unwrap().get(request.uri().path()).cloned();
                async move {
                    let Some(page) = page else {
                        return Ok(Response::builder().status(404).body(Body::empty()).unwrap());
                    };
                    let mut response = Response::builder().header("content-type", page.kind);
                    if let Some(policy) = page.policy {
                        response = response.header("content-security-policy", policy);
                    }
                    Ok(response.body(page.body.into()).unwrap())
                }
            }
        })
        .await;
        Self { server, pages }
    }

    /// A URL of the site: by name, so that to a browser it is another site than payd's, which is at an IP address.
    fn url(&self, path: &str) -> String {
        self.server.url(path).replace("127.0.0.1", "localhost")
    }

    fn origin(&self) -> String {
        self.url("").trim_end_matches('/').to_owned()
    }

    /// Puts an HTML page there.
    fn page(&self, path: &str, body: &str) {
        let html = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
             content=\"width=device-width, initial-scale=1\">\n<title>North Wind Coffee</title>\n\
             <link rel=\"icon\" href=\"data:,\">\n</head>\n<body>\n{body}\n</body>\n</html>\n"
        );
        self.put(path, "text/html; charset=utf-8", None, html);
    }

    fn put(&self, path: &str, kind: &'static str, policy: Option<String>, body: String) {
        let page = Page { kind, policy, body };
        self.pages.lock().unwrap().insert(path.to_owned(), page);
    }
}

/// A shop whose own page has the widget in it: payd, the shop's site, and a customer's browser.
struct Shop {
    daemon: Daemon,
    key: Key,
    site: ShopSite,
    browser: Browser,
}

impl Shop {
    /// Its pages sell a course for 100.00 dollars and, when `takes_amounts`, whatever they name.
    async fn open(takes_amounts: bool) -> Self {
        Self::open_with(takes_amounts, Options::default()).await
    }

    async fn open_with(takes_amounts: bool, options: Options<'_>) -> Self {
        let daemon = Daemon::start("").await;
        daemon.add_store("North Wind Coffee", "soko");
        let key = daemon.add_key("North Wind Coffee", "test");
        let site = ShopSite::start().await;
        let shop = Self {
            daemon,
            key,
            site,
            browser: Browser::start_with(options).await,
        };
        let amounts = if takes_amounts { "on" } else { "off" };
        let origin = shop.site.origin();
        shop.widget(&[
            "set",
            "North Wind Coffee",
            "--on",
            "--origin",
            &origin,
            "--amounts",
            amounts,
        ]);
        shop.daemon.cli(&[
            "donation",
            "set",
            "North Wind Coffee",
            "--on",
            "--title",
            "Keep the wind library open",
        ]);
        shop.widget(&[
            "price",
            "add",
            "North Wind Coffee",
            "course",
            "100.00",
            "--label",
            "Barista course",
        ]);
        shop
    }

    fn widget(&self, arguments: &[&str]) -> Value {
        self.daemon.cli_json(&[&["widget"], arguments].concat())
    }

    /// A snippet of soko's page, with nothing changed but host and key.
    fn snippet(&self, name: &str) -> String {
        let file = format!(
            "{}/tests/fixtures/samples/soko/{name}",
            env!("CARGO_MANIFEST_DIR")
        );
        std::fs::read_to_string(file)
            .unwrap()
            .replace("https://soko.ai", self.daemon.url("").trim_end_matches('/'))
            .replace("YOUR_STORE_API_KEY", &self.key.api_key)
    }

    /// A page with a button that calls `CryptoMerchant.pay` with these fields, and keeps what it is told in `told`.
    fn selling(&self, fields: &str) -> String {
        format!(
            "<main><h1>North Wind Coffee</h1>\n<p>Beans, brews and courses.</p>\n<a href=\"#elsewhere\" id=\"link\">Elsewhere</a>\n\
             <button id=\"pay-btn\">Pay with Crypto</button>\n<div style=\"height: 3000px\"></div></main>\n\
             <script src=\"{}\"></script>\n<script>\nvar told = [];\nvar fields = {fields};\n\
             CryptoMerchant.init({{ apiKey: '{}' }});\n\
             fields.onSuccess = function (payment) {{ told.push(['success', payment]); }};\n\
             fields.onClose = function () {{ told.push(['close']); }};\n\
             fields.onError = function (error) {{ told.push(['error', error.code, error.message]); }};\n\
             document.getElementById('pay-btn').addEventListener('click', function () {{ CryptoMerchant.pay(fields); }});\n\
             </script>",
            self.daemon.url("/widget.js"),
            self.key.api_key
        )
    }

    /// Opens a page of the shop's site with this body.
    async fn visit(&mut self, body: &str) {
        self.site.page("/", body);
        self.open_page("/").await;
    }

    async fn open_page(&mut self, path: &str) {
        let opened = self.browser.open(&self.site.url(path)).await;
        assert_eq!(opened["status"], json!(200));
        self.browser.allow(&self.daemon.url("/")).await;
        // What the page asked of payd before the browser was told of it was refused.
        self.browser.reload().await;
        self.browser.foreign_requests().await;
        self.browser.console_errors().await;
        self.browser.console_log().await;
    }

    /// What the callbacks were told.
    async fn told(&mut self) -> Vec<Value> {
        self.browser
            .evaluate("window.told")
            .await
            .as_array()
            .unwrap()
            .clone()
    }

    /// Waits until a callback was told so many things.
    async fn is_told(&mut self, count: usize) -> Vec<Value> {
        self.browser
            .wait_for_truth(&format!("window.told.length >= {count}"))
            .await;
        self.told().await
    }

    /// Presses a button of the test panel inside the overlay.
    async fn simulate(&mut self, scenario: &str) {
        let button = format!("button[name=scenario][value={scenario}]");
        self.browser.click_in_frame(FRAME, &button).await;
    }

    fn payments(&self) -> Vec<Value> {
        self.daemon.cli_json(&["payment", "list"])["payments"]
            .as_array()
            .unwrap()
            .clone()
    }

    /// Whether the overlay is open.
    async fn is_open(&mut self) -> bool {
        self.browser.count("dialog[open]").await == 1
    }

    /// Takes pictures on a phone and a desktop, light and dark.
    async fn pictures(&mut self, name: &str) {
        for (device, (width, height)) in [("phone", PHONE), ("desktop", DESKTOP)] {
            for (word, scheme) in [("light", Scheme::Light), ("dark", Scheme::Dark)] {
                self.browser.view(width, height, scheme).await;
                let name = format!("widget-{name}-{device}-{word}");
                self.browser.screenshot(&name, false).await;
            }
        }
    }

    /// Nothing on the console but what was expected, and nobody else was asked for anything.
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
