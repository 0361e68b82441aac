//! The page with less than a modern browser offers, and with more than a shop should be able to put into it.

use serde_json::json;

use super::{Shop, text_of};
use crate::harness::browser::Options;

#[tokio::test]
async fn without_javascript_a_form_and_a_refresh_lead_to_the_receipt() {
    let options = Options {
        javascript: false,
        ..Options::default()
    };
    let mut shop = Shop::open_with(options, "North Wind Coffee").await;
    shop.visit(json!({ "redirect_url": shop.site.url("/thanks") }))
        .await;
    shop.browser.wait_for(".qr svg").await;
    assert!(
        !shop.browser.is_visible(".copy").await,
        "a button that cannot work is shown"
    );
    shop.pictures("no-script-waiting").await;
    shop.simulate("exact").await;
    // The page loads itself again until there is nothing left to wait for.
    shop.browser.wait_for("[data-stage=paid] #shop-link").await;
    shop.pictures("no-script-paid").await;
    shop.browser.allow(&shop.site.url("/")).await;
    shop.browser.click("#shop-link").await;
    shop.browser.wait_for_url("/thanks").await;
    shop.is_quiet().await;
}

#[tokio::test]
async fn what_a_shop_or_an_order_is_called_is_text_and_foreign_scripts_do_not_run() {
    let name = "<img src=x onerror=pwned=1>";
    let mut shop = Shop::open_with(Options::default(), name).await;
    let order = "\"><script>window.pwned=1</script><img src=http://127.0.0.2:9/x onerror=pwned=1>";
    let payment = shop
        .payment(json!({ "external_order_id": order, "customer_email": "a+'b@example.com", "metadata": { "a": "</script>" } }))
        .await;
    let opened = shop.browser.open(text_of(&payment, "checkout_url")).await;
    let policy = text_of(&opened["headers"], "content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert_eq!(shop.text(".shop-name").await, name);
    assert_eq!(shop.text(".order").await, format!("Order {order}"));
    shop.pictures("hostile").await;
    shop.is_sound().await;
    shop.simulate("exact").await;
    shop.reaches("paid").await;
    shop.is_quiet().await;

    // Even a script that found its way into the page is not run, and no other site is reached.
    let inject = "(() => { const add = (tag, attributes) => document.body.append(Object.assign(document.createElement(tag), \
        attributes)); add('script', { textContent: 'window.pwned = 1' }); add('img', { src: 'http://127.0.0.2:9/x' }); \
        add('iframe', { src: 'http://127.0.0.2:9/' }); const div = document.createElement('div'); \
        div.innerHTML = '<a onclick=\"window.pwned=1\">x</a>'; document.body.append(div); div.firstChild.click(); })()";
    shop.browser.evaluate(inject).await;
    assert_eq!(
        shop.browser.evaluate("typeof window.pwned").await,
        json!("undefined")
    );
    assert_eq!(
        shop.browser.foreign_requests().await,
        Vec::<serde_json::Value>::new()
    );
    let refused = shop.browser.console_errors().await;
    assert!(
        refused
            .iter()
            .all(|error| error.as_str().unwrap().contains("Content Security Policy")),
        "{refused:?}"
    );
    assert!(refused.len() >= 3, "{refused:?}");
}

#[tokio::test]
async fn a_wrong_link_a_used_up_button_and_a_long_order_are_all_answered_with_a_page() {
    let mut shop = Shop::open().await;
    let nobody = shop
        .daemon
        .url("/pay/00000000000000000000000000000000000000000000000000000000deadbeef");
    assert_eq!(shop.browser.open(&nobody).await["status"], json!(404));
    shop.browser.wait_for_text("No such payment").await;
    shop.pictures("not-found").await;
    // The browser itself logs that the page's status was 404.
    shop.browser.console_errors().await;
    assert_eq!(shop.browser.axe().await, Vec::<serde_json::Value>::new());

    let long = "ORDER-".to_owned() + &"0123456789".repeat(24);
    let payment = shop
        .payment_of(
            10_000_000_000,
            "ethereum",
            "native",
            json!({ "external_order_id": long }),
        )
        .await;
    shop.look(&payment).await;
    shop.pictures("long").await;
    shop.is_sound().await;
    shop.simulate("reorg").await;
    shop.browser.wait_for("[role=alert]").await;
    shop.pictures("notice").await;
    shop.reaches("waiting").await;
}
