//! A customer pays, closes, or cannot: what is seen, and what the shop's page is told.

use super::*;

#[tokio::test]
async fn sokos_snippet_takes_a_payment_with_nothing_changed_but_host_and_key() {
    let mut shop = Shop::open(true).await;
    let button = "<button id=\"pay-btn\">Pay with Crypto</button>\n";
    let page = format!("{button}{}", shop.snippet("widget.html"));
    shop.visit(&page).await;
    shop.browser.click("#pay-btn").await;
    shop.browser.wait_in_frame(FRAME, ASKING).await;
    shop.simulate("exact").await;
    let dialogs = Mutex::new(Vec::new());
    let browser = tokio::sync::Mutex::new(&mut shop.browser);
    wait_until("the alert", || async {
        let new = browser.lock().await.dialogs().await;
        let mut all = dialogs.lock().unwrap();
        all.extend(new);
        (!all.is_empty()).then_some(())
    })
    .await;
    let payment = &shop.payments()[0];
    let shown = shop.daemon.payment(payment["payment_number"].as_str().unwrap());
    let txid = shown["transfers"][0]["txid"].as_str().unwrap().to_owned();
    assert_eq!(shown["status"], json!("paid"));
    assert_eq!(
        dialogs.lock().unwrap().as_slice(),
        [json!(format!("Payment confirmed! TX: {txid}"))]
    );
    assert_eq!(shown["order_id"], json!("ORDER-123"));
    shop.browser.click("dialog .close").await;
    let log = shop.browser.console_log().await;
    assert!(log.contains(&json!("log: Widget closed")), "{log:?}");
    shop.is_quiet().await;
}

#[tokio::test]
async fn a_price_of_the_list_is_paid_and_the_page_is_told_once() {
    let mut shop = Shop::open(false).await;
    let page = shop.selling("{ price: 'course', order_id: '1042' }");
    shop.visit(&page).await;
    shop.browser.click("#pay-btn").await;
    shop.browser.wait_in_frame(FRAME, ASKING).await;
    assert_eq!(
        shop.browser.text_in_frame(FRAME, ".price-figure").await,
        "$100.00"
    );
    shop.pictures("pay").await;
    assert_eq!(shop.browser.axe().await, Vec::<Value>::new());
    shop.simulate("exact").await;
    let told = shop.is_told(1).await;
    assert_eq!(told[0][0], json!("success"));
    let payment = &told[0][1];
    assert_eq!(payment["order_id"], json!("1042"));
    assert_eq!(payment["status"], json!("completed"));
    assert!(payment["tx_hash"].as_str().unwrap().len() > 10, "{payment}");
    shop.pictures("paid").await;
    // The page of a payment that is paid says so again whenever it is loaded.
    shop.browser
        .evaluate_in_frame(FRAME, "document.body.classList.add('old'); location.reload()")
        .await;
    shop.browser
        .wait_in_frame(FRAME, "body:not(.old) [data-region=pay][data-stage=paid]")
        .await;
    // Its scripts have run when it is complete: from then on it hears the key.
    let is_complete = "document.readyState === 'complete'";
    let browser = tokio::sync::Mutex::new(&mut shop.browser);
    wait_until("the page in the frame", || async {
        let is_there = browser.lock().await.evaluate_in_frame(FRAME, is_complete).await;
        (is_there == json!(true)).then_some(())
    })
    .await;
    shop.browser.key("Escape").await;
    let told = shop.is_told(2).await;
    assert_eq!(told[1..], [json!(["close"])]);
    shop.is_quiet().await;
}

#[tokio::test]
async fn an_amount_that_javascript_counted_is_the_one_that_was_meant() {
    let mut shop = Shop::open(true).await;
    let page = shop.selling("{ fiat_amount: 0.1 + 0.2 + 0.4, fiat_currency: 'USD' }");
    shop.visit(&page).await;
    shop.browser.click("#pay-btn").await;
    shop.browser.wait_in_frame(FRAME, ASKING).await;
    assert_eq!(shop.browser.text_in_frame(FRAME, ".price-figure").await, "$0.70");
}

#[tokio::test]
async fn the_overlay_is_closed_by_its_button_and_by_escape_and_leaves_the_page_as_it_was() {
    let mut shop = Shop::open(false).await;
    let page = shop.selling("{ price: 'course' }");
    shop.visit(&page).await;
    let state = "JSON.stringify([document.documentElement.getAttribute('style'), document.body.getAttribute('style'), \
                 scrollY, document.activeElement.id, document.body.children.length])";
    shop.browser
        .evaluate("document.getElementById('pay-btn').focus()")
        .await;
    let before = shop.browser.evaluate(state).await;
    for (round, how) in ["button", "escape", "escape in the frame", "program"]
        .into_iter()
        .enumerate()
    {
        shop.browser.click("#pay-btn").await;
        shop.browser.wait_in_frame(FRAME, ASKING).await;
        assert!(shop.is_open().await);
        match how {
            "button" => shop.browser.click("dialog .close").await,
            "escape" => shop.browser.key("Escape").await,
            "program" => drop(shop.browser.evaluate("CryptoMerchant.close()").await),
            _ => {
                shop.browser.click_in_frame(FRAME, ".price-figure").await;
                shop.browser.key("Escape").await;
            }
        }
        let told = shop.is_told(round + 1).await;
        assert_eq!(told[round], json!(["close"]), "{how}");
        shop.browser
            .wait_for_truth("!document.querySelector('body > div:last-of-type')?.shadowRoot")
            .await;
        let after = shop
            .browser
            .evaluate(state)
            .await
            .as_str()
            .unwrap()
            .replace("\"\"", "null");
        assert_eq!(json!(after), before, "{how}");
    }
    assert_eq!(shop.told().await.len(), 4);
    shop.is_quiet().await;
}

#[tokio::test]
async fn while_the_overlay_is_open_the_page_behind_is_out_of_reach() {
    let mut shop = Shop::open(false).await;
    let page = shop.selling("{ price: 'course' }");
    shop.visit(&page).await;
    shop.browser.click("#pay-btn").await;
    shop.browser.wait_in_frame(FRAME, ASKING).await;
    let close = "document.activeElement.shadowRoot?.activeElement?.className";
    assert_eq!(
        shop.browser.evaluate(close).await,
        json!("close"),
        "the focus moved in"
    );
    for key in ["Tab", "Tab", "Shift+Tab", "Shift+Tab", "Shift+Tab"]
        .into_iter()
        .chain(["Tab"; 30])
    {
        shop.browser.key(key).await;
        let at = shop.browser.evaluate("document.activeElement.id").await;
        assert!(
            at != json!("link") && at != json!("pay-btn"),
            "{key} went to {at}"
        );
    }
    shop.browser
        .evaluate("document.getElementById('link').focus()")
        .await;
    assert_ne!(
        shop.browser.evaluate("document.activeElement.id").await,
        json!("link")
    );
    for (attribute, value) in [("role", "dialog"), ("aria-modal", "true")] {
        assert_eq!(
            shop.browser.attribute("dialog", attribute).await.as_deref(),
            Some(value)
        );
    }
    let named = "(() => { const dialog = document.querySelector('body > div:last-of-type').shadowRoot.querySelector('dialog'); \
                 return dialog.getRootNode().getElementById(dialog.getAttribute('aria-labelledby')).textContent; })()";
    assert_eq!(shop.browser.evaluate(named).await, json!("Pay with crypto"));
    assert_eq!(
        shop.browser
            .evaluate("getComputedStyle(document.documentElement).overflowY")
            .await,
        json!("hidden")
    );
    // A second call while one is open changes nothing.
    shop.browser.evaluate("CryptoMerchant.pay(fields)").await;
    assert_eq!(shop.told().await[0][1], json!("invalid_request"));
    assert_eq!(shop.browser.count("dialog").await, 1);
}

#[tokio::test]
async fn a_page_that_asks_for_what_is_not_sold_is_told_why() {
    let mut shop = Shop::open(false).await;
    for (fields, code) in [
        ("{ price: 'nothing' }", "unknown_price"),
        ("{ amount: 0.01 }", "amount_not_allowed"),
        (
            "{ fiat_amount: 0.01, fiat_currency: 'USD', order_id: '1' }",
            "amount_not_allowed",
        ),
        ("{ price: 'course', amount: 0.01 }", "invalid_request"),
        ("{}", "invalid_request"),
    ] {
        let page = shop.selling(fields);
        shop.visit(&page).await;
        shop.browser.click("#pay-btn").await;
        let told = shop.is_told(1).await;
        assert_eq!(
            (&told[0][0], &told[0][1]),
            (&json!("error"), &json!(code)),
            "{fields}"
        );
        let title = shop.browser.text_in_frame(FRAME, "h1").await;
        assert_eq!(title, "This payment cannot be started");
    }
    shop.pictures("refused").await;
    assert_eq!(shop.payments(), Vec::<Value>::new());
}

#[tokio::test]
async fn a_payd_that_does_not_answer_is_said_to_the_customer_and_to_the_page() {
    let mut shop = Shop::open(false).await;
    let page = shop.selling("{ price: 'course' }");
    shop.visit(&page).await;
    // The browser has the script, and payd is gone.
    shop.daemon.stop().await;
    shop.browser.click("#pay-btn").await;
    let told = shop.is_told(1).await;
    assert_eq!(told[0][1], json!("unreachable"));
    shop.browser.wait_for_text("This could not be loaded").await;
    shop.pictures("unreachable").await;
    shop.browser.click("dialog .close").await;
    shop.is_told(2).await;
}
