//! The pages in a frame of another site, and what that site is told.

use payd::domain::payment::{Order, Origin};
use payd::engine::gateway::PaymentView;
use serde_json::{Value, json};

use super::{PHONE, Shop};
use crate::harness::browser::Scheme;
use crate::harness::receiver::Behaviour;

/// A page of the shop's with the payment in a frame. It keeps what it hears.
fn page_around(frame: &str) -> String {
    format!(
        "<!doctype html><html lang=en><title>Shop</title><style>body{{margin:0}}iframe{{border:0;width:100%;height:800px}}\
         </style><script>window.heard=[];addEventListener('message',(e)=>heard.push({{origin:e.origin,data:e.data}}))\
         </script><iframe id=pay title=Payment src='{frame}'></iframe>"
    )
}

impl Shop {
    /// Opens a page of the shop's with a payment in a frame, which says that it is of `origin`.
    async fn frame(&mut self, view: &PaymentView, origin: &str) {
        let origin: String = url::form_urlencoded::byte_serialize(origin.as_bytes()).collect();
        let frame = format!("{}?embed=1&origin={origin}&lang=en", self.page_of(view));
        let page = page_around(&frame);
        self.site
            .always(Behaviour::Page("text/html; charset=utf-8", page));
        self.browser.open(&self.site.url("/cart")).await;
    }

    fn origin(&self) -> String {
        self.site.url("").trim_end_matches('/').to_owned()
    }

    /// Everything that the page around has heard.
    async fn heard(&mut self) -> Vec<Value> {
        let heard = self.browser.evaluate("window.heard").await;
        heard.as_array().unwrap().clone()
    }

    async fn hears(&mut self, kind: &str, status: &str) {
        let heard =
            format!("heard.some(({{data}}) => data.type === '{kind}' && data.payment.status === '{status}')");
        self.browser.wait_for_truth(&heard).await;
    }
}

#[tokio::test]
async fn the_shops_page_is_told_what_becomes_of_the_payment_in_its_frame() {
    let mut shop = Shop::open().await;
    let view = shop.open_payment(Origin::Widget, Order::default()).await;
    let payd = shop.daemon.url("");
    shop.browser.keep_allowed(&[&payd]).await;
    let origin = shop.origin();
    shop.frame(&view, &origin).await;
    shop.hears("status", "selecting").await;
    shop.browser.view(PHONE.0, PHONE.1, Scheme::Light).await;
    shop.browser.screenshot("frame-select", false).await;
    shop.browser
        .click_in_frame("#pay", "button[value=USDT_BEP20]")
        .await;
    shop.hears("status", "pending").await;
    shop.browser.screenshot("frame-waiting", false).await;
    let number = view.payment.number.as_str();
    shop.daemon.simulate(number, "exact");
    shop.hears("success", "completed").await;
    shop.browser.screenshot("frame-paid", false).await;
    shop.browser.click_in_frame("#pay", "h1").await;
    shop.browser.key("Escape").await;
    shop.hears("close", "completed").await;

    let heard = shop.heard().await;
    assert!(
        heard
            .iter()
            .all(|message| message["origin"] == json!(payd.trim_end_matches('/')))
    );
    assert!(heard.iter().all(|message| message["data"]["source"] == "payd"));
    let of = |kind: &str| {
        heard
            .iter()
            .filter(|message| message["data"]["type"] == kind)
            .count()
    };
    assert_eq!((of("success"), of("close")), (1, 1), "{heard:#?}");
    let first = &heard[0]["data"]["payment"];
    let unasked = json!({ "payment_id": view.payment.uuid.as_str(), "order_id": "1042", "status": "selecting",
        "tx_hash": null, "amount": null, "currency": null });
    assert_eq!(*first, unasked);
    let last = &heard[heard.len() - 1]["data"]["payment"];
    assert_eq!(
        (&last["amount"], &last["currency"]),
        (&json!("50.00"), &json!("USDT_BEP20"))
    );
    assert!(last["tx_hash"].is_string(), "{last}");
}

#[tokio::test]
async fn the_shops_page_is_told_that_money_is_confirming() {
    let mut shop = Shop::open_slow().await;
    let view = shop.open_payment(Origin::Widget, Order::default()).await;
    shop.browser.keep_allowed(&[&shop.daemon.url("")]).await;
    let origin = shop.origin();
    shop.frame(&view, &origin).await;
    shop.browser
        .click_in_frame("#pay", "button[value=USDT_BEP20]")
        .await;
    shop.hears("status", "pending").await;
    shop.daemon.simulate(view.payment.number.as_str(), "exact");
    shop.hears("status", "confirming").await;
}

#[tokio::test]
async fn the_page_around_can_close_the_frame_and_nobody_else_is_listened_to() {
    let mut shop = Shop::open().await;
    let view = shop.open_payment(Origin::Donation, Order::default()).await;
    let payd = shop.daemon.url("");
    shop.browser.keep_allowed(&[&payd]).await;
    let origin = shop.origin();
    shop.frame(&view, &origin).await;
    shop.hears("status", "selecting").await;
    // Not of its form: not listened to. The last is, and what was before it has been heard by then.
    let post = format!(
        "(() => {{ const frame = document.getElementById('pay').contentWindow; for (const data of ['close', null, \
         {{ source: 'other', type: 'close' }}, {{ source: 'payd', type: 'status' }}, {{ source: 'payd', type: 'close' }}, \
         {{ source: 'payd', type: 'close' }}]) frame.postMessage(data, '{}'); }})()",
        payd.trim_end_matches('/')
    );
    shop.browser.evaluate(&post).await;
    shop.hears("close", "selecting").await;
    let kinds: Vec<Value> = shop
        .heard()
        .await
        .iter()
        .map(|message| message["data"]["type"].clone())
        .collect();
    assert_eq!(kinds, ["status", "close"]);
}

#[tokio::test]
async fn a_payment_is_not_shown_by_other_sites_and_they_are_told_nothing() {
    let mut shop = Shop::open().await;
    let payd = shop.daemon.url("");
    shop.browser.keep_allowed(&[&payd]).await;
    let origin = shop.origin();
    let of_the_api = shop.open_payment(Origin::Api, Order::default()).await;
    shop.frame(&of_the_api, &origin).await;
    shop.refuses_the_frame().await;
    // The frame says that it is of the shop, and stands on another site.
    let of_the_widget = shop.open_payment(Origin::Widget, Order::default()).await;
    let elsewhere = crate::harness::receiver::Receiver::start().await;
    let frame = format!(
        "{}?embed=1&origin={}",
        shop.page_of(&of_the_widget),
        origin.replace(':', "%3A").replace('/', "%2F")
    );
    elsewhere.always(Behaviour::Page("text/html; charset=utf-8", page_around(&frame)));
    shop.browser.open(&elsewhere.url("/")).await;
    shop.refuses_the_frame().await;
    // A donation may stand anywhere; whoever lies about the origin is told nothing.
    let gift = shop.open_payment(Origin::Donation, Order::default()).await;
    shop.frame(&gift, "https://blog.example").await;
    shop.browser.wait_in_frame("#pay", ".choice").await;
    assert_eq!(shop.heard().await, Vec::<Value>::new());
}

impl Shop {
    async fn refuses_the_frame(&mut self) {
        let mut errors = Vec::new();
        while errors.is_empty() {
            self.browser.evaluate("new Promise(requestAnimationFrame)").await;
            errors = self.browser.console_errors().await;
        }
        assert!(
            errors
                .iter()
                .any(|error| error.as_str().unwrap().contains("frame-ancestors")),
            "{errors:?}"
        );
        assert_eq!(self.heard().await, Vec::<Value>::new());
    }
}
