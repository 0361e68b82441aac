//! The pages in a real browser.

use serde_json::Value;

use super::shop;
use crate::harness::browser::{Browser, Options, Scheme};

const PHONE: (u32, u32) = (360, 740);
const DESKTOP: (u32, u32) = (1280, 900);

#[tokio::test]
async fn the_pages_can_be_read_by_everybody_on_every_screen() {
    let (daemon, _) = shop("payhook").await;
    let mut browser = Browser::start().await;
    for (path, name) in [
        ("/docs/", "docs-overview"),
        ("/docs/payhook", "docs-payhook"),
        ("/docs/soko/?code=node#createPayment", "docs-soko"),
        ("/docs/crypto-pay/?code=python&lang=ru", "docs-crypto-pay"),
        ("/docs/usdt-payments/?code=curl#quick-start", "docs-usdt-payments"),
        ("/docs/cryptopayment/?code=rust#webhooks", "docs-cryptopayment"),
        ("/", "front"),
    ] {
        let opened = browser.open(&daemon.url(path)).await;
        assert_eq!(opened["status"], 200, "{path}");
        for ((width, height), scheme, end) in [
            (PHONE, Scheme::Dark, "phone-dark"),
            (PHONE, Scheme::Light, "phone-light"),
            (DESKTOP, Scheme::Dark, "desktop-dark"),
            (DESKTOP, Scheme::Light, "desktop-light"),
        ] {
            browser.view(width, height, scheme).await;
            assert_eq!(browser.axe().await, Vec::<Value>::new(), "{path} {end}");
            // Programs scroll within their own boxes, the page does not.
            let is_wider = "document.documentElement.scrollWidth > innerWidth";
            assert_eq!(browser.evaluate(is_wider).await, false, "{path} {end}");

            browser.screenshot(&format!("{name}-{end}"), false).await;
        }
    }
    assert_eq!(browser.console_errors().await, Vec::<Value>::new());
    assert_eq!(browser.foreign_requests().await, Vec::<Value>::new());
}

#[tokio::test]
async fn the_programs_language_is_chosen_without_scripts_and_kept() {
    let (daemon, _) = shop("payhook").await;
    let options = Options {
        javascript: false,
        ..Options::default()
    };
    let mut browser = Browser::start_with(options).await;
    browser.open(&daemon.url("/docs/payhook/")).await;
    assert!(browser.text("[data-program]").await.contains("<?php"));
    browser.click(".tabs a:nth-child(2)").await;
    browser.wait_for_url("code=python").await;
    assert!(browser.text("[data-program]").await.contains("import json"));
    browser.click(".pages a:nth-child(3)").await;
    browser.wait_for_url("/docs/soko/?code=python").await;
    assert!(browser.text("[data-program]").await.contains("X-Timestamp"));
    assert_eq!(browser.count(".copy").await, 0);
}

#[tokio::test]
async fn a_program_is_copied_whole() {
    let (daemon, _) = shop("payhook").await;
    let mut browser = Browser::start().await;
    browser.open(&daemon.url("/docs/payhook/?code=python")).await;
    browser
        .evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
        .await;
    browser.click(".program .copy").await;
    browser.wait_for_text("Copied").await;
    let copied = browser.evaluate("window.copied").await;
    let copied = copied.as_str().unwrap();
    assert!(
        copied.starts_with("\"\"\"Makes a payment") && !copied.contains("Copy"),
        "{copied}"
    );
}
