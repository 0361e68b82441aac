//! An owner sets up stores, their looks and their keys.

use serde_json::json;

use crate::harness::daemon::Daemon;
use crate::harness::office::Desk;

/// A picture of one red pixel.
const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";

#[tokio::test]
async fn an_owner_adds_a_store_gives_it_looks_and_makes_a_key() {
    let daemon = Daemon::start("").await;
    daemon.add_store("North Wind", "payhook");
    let mut desk = Desk::of_owner(&daemon).await;
    desk.visit("/stores").await;
    desk.is_sound("stores-list").await;
    desk.browser.fill("#name", "Café Süd").await;
    desk.browser.click("input[value='crypto-pay']").await;
    desk.browser.select("#currency", "EUR").await;
    desk.browser.click("main form button").await;
    desk.browser.wait_for(".tabs").await;
    let settings = desk.path().await;
    desk.is_sound("stores-general").await;
    for tab in ["payments", "coins", "confirmations", "rates"] {
        desk.visit(&format!("{settings}/{tab}")).await;
        desk.is_sound(&format!("stores-{tab}")).await;
    }
    desk.visit(&format!("{settings}/payments")).await;
    desk.browser.fill("#tolerance", "much").await;
    desk.browser.click("main form button").await;
    desk.browser.wait_for("#tolerance-mistake").await;
    desk.forget_console().await;

    desk.visit(&format!("{settings}/branding")).await;
    desk.browser.fill("#tagline", "Fresh since 1998").await;
    desk.browser.fill("#colour", "#e11d48").await;
    desk.browser.fill("#help_text", "Call us: +49 30 123").await;
    desk.browser.fill("#help_url", "https://shop.example/help").await;
    let choose = format!(
        "(() => {{ const bytes = Uint8Array.from(atob('{PIXEL}'), (c) => c.charCodeAt(0)); const input = \
         document.getElementById('logo-file'); const files = new DataTransfer(); files.items.add(new File([bytes], \
         'logo.png')); input.files = files.files; input.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()"
    );
    desk.browser.evaluate(&choose).await;
    desk.browser.wait_in_frame("#preview", "img.logo").await;
    let preview = desk.browser.text_in_frame("#preview", ".shop-lines").await;
    assert!(preview.contains("Fresh since 1998"), "{preview}");
    desk.is_sound("stores-branding").await;
    desk.browser.click("#branding > .row button").await;
    desk.browser.wait_for(".flash").await;
    assert_eq!(desk.browser.count("img.logo-now").await, 1);

    desk.visit(&settings.replace("settings", "keys")).await;
    desk.is_sound("keys-list").await;
    desk.browser.fill("#label", "web shop").await;
    desk.browser.fill("#allowed", "203.0.113.7").await;
    desk.browser.click("main form button").await;
    desk.browser.wait_for("#api-key").await;
    let key = desk
        .browser
        .evaluate("document.getElementById('api-key').value")
        .await;
    assert!(
        key.as_str().is_some_and(|key| key.starts_with("pk_test_")),
        "{key}"
    );
    assert_ne!(key, json!(null));
    desk.browser.click("main a.button").await;
    desk.browser.wait_for_text("203.0.113.7").await;
    desk.browser.click("tbody a").await;
    desk.browser.wait_for("#allowed").await;
    desk.is_sound("keys-key").await;
}
