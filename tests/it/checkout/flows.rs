//! What can happen to a payment while its customer looks on.

use serde_json::json;

use super::{Shop, text_of};
use crate::harness::wait_until;

#[tokio::test]
async fn a_customer_who_pays_exactly_sees_it_confirmed_live_and_is_taken_back_to_the_shop() {
    let mut shop = Shop::open().await;
    let thanks = shop.site.url("/orders/1042/thanks");
    let payment = shop
        .visit(json!({ "external_order_id": "1042", "redirect_url": thanks, "customer_email": "jo@example.com" }))
        .await;
    shop.browser.allow(&thanks).await;

    shop.reaches("waiting").await;
    assert_eq!(shop.text(".figure").await, "50.000000");
    assert_eq!(shop.text(".price-figure").await, "$50.00");
    assert_eq!(shop.text(".order").await, "Order 1042");
    let address = shop
        .browser
        .evaluate("document.querySelector('.address').textContent")
        .await;
    assert_eq!(address, payment["assigned_address"]);
    let copied = shop
        .browser
        .attribute("[aria-label='Copy address']", "data-copy")
        .await;
    assert_eq!(copied.as_deref(), payment["assigned_address"].as_str());
    let clock = shop.text("#countdown .clock").await;
    assert!(clock.starts_with("29:") || clock == "30:00", "{clock}");
    let ticks = format!("document.querySelector('.clock').textContent !== '{clock}'");
    shop.browser.wait_for_truth(&ticks).await;
    // Each module of the code is a whole number of pixels: edges are sharp.
    let crisp = "(() => { const svg = document.querySelector('.qr svg'), box = svg.getBoundingClientRect(); \
                 return box.width % svg.viewBox.baseVal.width; })()";
    assert_eq!(shop.browser.evaluate(crisp).await, json!(0));
    shop.pictures("waiting").await;
    shop.is_sound().await;

    shop.hold_leaving().await;
    shop.simulate("exact").await;
    shop.browser.evaluate("window.sameDocument = true").await;
    shop.reaches("paid").await;
    assert_eq!(
        shop.browser.evaluate("window.sameDocument === true").await,
        json!(true),
        "the page was loaded again"
    );
    assert_eq!(shop.text(".paid-figure").await, "50.00 USDT");
    shop.pictures("paid").await;
    shop.is_sound().await;
    shop.leave().await;
    shop.browser.wait_for_url("/orders/1042/thanks").await;
    assert_eq!(shop.text("h1").await, "Thank you for your order");
    let visit = shop
        .site
        .wait_for_matching(1, |request| request.path == "/orders/1042/thanks")
        .await;
    assert_eq!(
        visit[0].header("referer"),
        None,
        "the shop's logs would hold the checkout's address"
    );
    let paid = shop.daemon.payment(text_of(&payment, "payment_number"));
    assert_eq!(
        (&paid["status"], &paid["settled"]),
        (&json!("paid"), &json!("50.000000"))
    );
}

#[tokio::test]
async fn a_customer_sees_each_confirmation_as_it_comes() {
    let mut shop = Shop::open_slow().await;
    shop.visit(json!({})).await;
    shop.simulate("exact").await;
    shop.browser.evaluate("window.sameDocument = true").await;
    shop.reaches("confirming").await;
    shop.browser
        .wait_for("[role=progressbar][aria-valuemax='7200']")
        .await;
    let first = confirmations(&mut shop).await;
    shop.pictures("confirming").await;
    shop.is_sound().await;
    let more = format!("Number(document.querySelector('[role=progressbar]').ariaValueNow) > {first}");
    shop.browser.wait_for_truth(&more).await;
    assert_eq!(
        shop.browser.evaluate("window.sameDocument === true").await,
        json!(true),
        "the page was loaded again"
    );
}

async fn confirmations(shop: &mut Shop) -> u64 {
    let now = "Number(document.querySelector('[role=progressbar]').ariaValueNow)";
    shop.browser.evaluate(now).await.as_u64().unwrap()
}

#[tokio::test]
async fn a_customer_who_pays_half_is_told_what_is_missing_and_can_send_the_rest() {
    let mut shop = Shop::open().await;
    shop.visit(json!({ "external_order_id": "1043" })).await;
    shop.simulate("under").await;
    shop.reaches("part-paid").await;
    shop.browser
        .wait_for_text("We received 25.00 USDT. Send 25.00 USDT more.")
        .await;
    assert_eq!(shop.text(".figure").await, "25.000000");
    shop.pictures("part-paid").await;
    shop.is_sound().await;
    shop.simulate("exact").await;
    shop.reaches("paid").await;
    assert_eq!(shop.text(".paid-figure").await, "50.00 USDT");
    shop.is_sound().await;
}

#[tokio::test]
async fn a_customer_who_pays_too_much_is_told_how_much_and_whom_to_ask() {
    let mut shop = Shop::open().await;
    shop.visit(json!({ "redirect_url": shop.site.url("/thanks") }))
        .await;
    shop.simulate("over").await;
    shop.reaches("overpaid").await;
    let remark = shop.text(".remark").await;
    assert_eq!(
        remark,
        "You sent 5.00 USDT more than was due. Contact North Wind Coffee to have it returned."
    );
    shop.pictures("overpaid").await;
    shop.is_sound().await;
}

#[tokio::test]
async fn a_customer_who_is_late_is_told_not_to_pay_and_what_to_do() {
    let mut shop = Shop::open().await;
    shop.visit(json!({ "redirect_url": shop.site.url("/cart") }))
        .await;
    shop.simulate("late").await;
    shop.reaches("expired").await;
    assert_eq!(
        shop.browser.count(".address, .qr").await,
        0,
        "an expired payment still shows where to pay"
    );
    assert!(shop.text(".lead").await.contains("do not send anything"));
    assert!(shop.text(".remark").await.contains("North Wind Coffee"));
    shop.pictures("expired").await;
    shop.is_sound().await;
}

#[tokio::test]
async fn money_in_another_coin_does_not_count_and_the_page_still_asks() {
    let mut shop = Shop::open().await;
    let payment = shop.visit(json!({})).await;
    let number = text_of(&payment, "payment_number");
    shop.simulate("wrong-token").await;
    wait_until("the other coin to be recorded", || async {
        let transfers = shop.daemon.payment(number)["transfers"].clone();
        transfers
            .as_array()
            .is_some_and(|all| !all.is_empty())
            .then_some(())
    })
    .await;
    shop.browser.reload().await;
    shop.reaches("waiting").await;
    assert_eq!(shop.text(".figure").await, "50.000000");
    assert_eq!(shop.daemon.payment(number)["received"], json!("0.000000"));
}

#[tokio::test]
async fn a_payment_whose_block_is_undone_is_asked_for_again() {
    let mut shop = Shop::open_slow().await;
    let payment = shop.visit(json!({})).await;
    shop.simulate("exact").await;
    shop.reaches("confirming").await;
    shop.simulate("reorg").await;
    shop.reaches("waiting").await;
    assert_eq!(shop.text(".figure").await, "50.000000");
    let shown = shop.daemon.payment(text_of(&payment, "payment_number"));
    assert_eq!(shown["received"], json!("0.000000"), "{shown}");
    shop.is_sound().await;
}

#[tokio::test]
async fn a_payment_that_the_shop_cancels_stops_asking_at_once() {
    let mut shop = Shop::open().await;
    let payment = shop
        .visit(json!({ "redirect_url": shop.site.url("/cart") }))
        .await;
    shop.reaches("waiting").await;
    let path = format!("/api/v1/payments/{}/cancel/", text_of(&payment, "payment_number"));
    let headers = [("x-api-key", shop.key.api_key.as_str())];
    assert_eq!(shop.daemon.post(&path, &headers, &json!({})).await.status, 200);
    shop.reaches("cancelled").await;
    assert_eq!(shop.browser.count(".address, .qr").await, 0);
    shop.pictures("cancelled").await;
    shop.is_sound().await;
}
