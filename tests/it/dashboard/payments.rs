//! Payments and the point of sale: made by a form, seen live, paid, looked into, exported, charged over the counter.

use serde_json::json;

use crate::harness::daemon::Daemon;
use crate::harness::office::{Desk, PASSWORD};
use crate::harness::receiver::{Behaviour, Receiver};

const EVIL: &str = "<img src=x onerror=alert(1)>";

#[tokio::test]
async fn a_payment_is_made_by_hand_seen_live_paid_and_exported_and_the_counter_shows_its_tick() {
    let daemon = Daemon::start("").await;
    daemon.add_store("North Wind", "payhook");
    daemon.cli(&["store", "accept", "North Wind", "USDT_BEP20", "USDT_TRC20"]);
    let receiver = Receiver::start().await;
    receiver.always(Behaviour::Page("text/html", EVIL.to_owned()));
    daemon.add_webhook("North Wind", &receiver.url("/hook"), "payhook");
    let mut list = Desk::of_owner(&daemon).await;
    list.visit("/stores/2/payments").await;
    list.is_sound("payments-none").await;
    let mut desk = Desk::open(&daemon).await;
    desk.sign_in("ann", PASSWORD).await;

    let number = made_by_form(&mut desk).await;
    list.browser
        .wait_for(&format!("tr#{number} .status-pending"))
        .await;
    daemon.simulate(&number, "exact");
    list.browser.wait_for(&format!("tr#{number} .status-paid")).await;
    list.is_sound("payments-list").await;
    list.visit("/stores/2/payments?status=paid&mode=test&from=2020-01-01")
        .await;
    list.is_sound("payments-filtered").await;
    list.browser.fill("#q", "1042").await;
    list.browser.press("#q", "Enter").await;
    list.browser.wait_for_url("q=1042").await;
    list.browser.wait_for(&format!("tr#{number}")).await;

    looked_into(&mut desk, &number).await;
    exported(&mut desk, &number).await;
    charged(&mut desk).await;
    desk.browser.console_errors().await;
    list.is_quiet("payments").await;
}

/// Makes a payment by the form, and gives its number.
async fn made_by_form(desk: &mut Desk) -> String {
    desk.visit("/stores/2/payments/new").await;
    desk.is_sound("payments-new").await;
    desk.browser.fill("#amount", "0").await;
    desk.browser.click("main form .button").await;
    desk.browser.wait_for("#amount-mistake").await;
    desk.forget_console().await;
    desk.browser.fill("#amount", "49.90").await;
    desk.browser.select("#pay_with", "USDT_BEP20").await;
    desk.browser.fill("#description", EVIL).await;
    desk.browser.fill("#order_id", "1042").await;
    desk.browser.fill("#email", "ann@example.com").await;
    desk.browser.click("input[name=mode][value=test]").await;
    desk.browser.click("main form .button").await;
    desk.browser.wait_for_url("/link").await;
    desk.is_sound("payments-link").await;
    let path = desk.path().await;
    let number = path.split('/').find(|part| part.starts_with("PAY-"));
    number.expect("a number").to_owned()
}

/// The page of a payment that is paid, and what is done there.
async fn looked_into(desk: &mut Desk, number: &str) {
    desk.visit(&format!("/stores/2/payments/{number}")).await;
    desk.browser.wait_for(".entry-transfer.good").await;
    desk.browser.wait_for(".entry-delivery.good").await;
    assert_eq!(
        desk.browser.count("main img").await,
        0,
        "what was written is text"
    );
    desk.browser.select("#mark", "refunded").await;
    desk.browser.fill("#note", EVIL).await;
    desk.browser.click("form[action$='/note'] .button").await;
    desk.browser.wait_for(".flash").await;
    desk.browser.wait_for(".entry-note").await;
    desk.is_sound("payments-story").await;
    let deliveries = desk.browser.count(".entry-delivery").await;
    desk.browser.click(".entry-delivery details.act summary").await;
    desk.browser.click(".entry-delivery details.act .button").await;
    desk.browser.wait_for(".flash").await;
    let more = format!(
        "document.querySelectorAll('.entry-delivery').length === {}",
        deliveries + 1
    );
    desk.browser.wait_for_truth(&more).await;
}

/// What the link of the export gives, as the browser reads it.
async fn exported(desk: &mut Desk, number: &str) {
    desk.visit("/stores/2/payments?status=paid").await;
    let read = "(async () => (await fetch(document.querySelector('a[download]').href)).text())()";
    let file = desk.browser.evaluate(read).await;
    let file = file.as_str().expect("a file");
    let (head, rows) = file.split_once("\r\n").expect("a head");
    assert!(head.starts_with("number,order_id,status,mode,"), "{head}");
    assert_eq!(rows.lines().count(), 1, "{file}");
    for part in [
        number,
        "1042",
        "paid",
        "49.90,USD,49.90,USDT",
        "ann@example.com",
        EVIL,
    ] {
        assert!(rows.contains(part), "{part}: {rows}");
    }
}

/// The counter, from an item to the tick.
async fn charged(desk: &mut Desk) {
    desk.visit("/stores/2/counter-items").await;
    for (label, amount) in [("Coffee", "3.20"), ("Cake", "4.30")] {
        desk.browser.fill("#label", label).await;
        desk.browser.fill("#amount", amount).await;
        desk.browser.click("main > form .button").await;
        desk.browser.wait_for_text(label).await;
    }
    desk.is_sound("counter-items").await;
    desk.visit("/stores/2/counter").await;
    for item in [1, 2, 1] {
        desk.browser.click(&format!(".item[value='{item}']")).await;
    }
    assert_eq!(desk.browser.evaluate("amount.value").await, json!("10.70"));
    desk.is_sound("counter").await;
    desk.browser.click("[data-clear]").await;
    for key in ["1", "2", ".", "5"] {
        desk.browser.click(&format!("[data-key='{key}']")).await;
    }
    desk.browser.click(".coin input[value=USDT_TRC20]").await;
    desk.browser.click("input[name=mode]").await;
    desk.browser.click(".charge").await;
    desk.browser.wait_for(".stage-ask .qr").await;
    desk.browser.wait_for_text("$12.50").await;
    desk.is_sound("counter-ask").await;
    desk.browser.click("[data-quietly] .button").await;
    desk.browser.wait_for(".stage-paid .tick").await;
    desk.is_sound("counter-paid").await;
    desk.browser.click(".pay-ways a.button").await;
    desk.browser.wait_for("[data-till]").await;
}
