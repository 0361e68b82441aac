//! Overview, balances and inbox of a merchant of two years.

use payd::ambient::{Clock as _, SystemClock, SystemRandom};
use payd::store::Options;
use payd::store::seed::{Plan, seed};
use serde_json::json;

use crate::harness::daemon::Daemon;
use crate::harness::office::Desk;

#[tokio::test]
async fn a_merchant_looks_at_the_day_and_attaches_money_that_came_late() {
    let mut daemon = Daemon::prepare("");
    let plan = Plan {
        payments: 4000,
        events: 4000,
        until: SystemClock.now(),
    };
    let options = Options::in_directory(&daemon.data_dir());
    seed(&options, &plan, &SystemRandom)
        .await
        .expect("a seeded database");
    daemon.restart().await;
    let mut desk = Desk::of_owner(&daemon).await;

    desk.visit("/stores/1/overview").await;
    desk.is_sound("overview").await;
    let bars = desk
        .browser
        .evaluate("document.querySelectorAll('.chart-bar').length")
        .await;
    assert_eq!(bars, json!(30));
    // The table says what the chart shows.
    desk.browser.click("details summary.hint").await;
    let rows = desk
        .browser
        .evaluate("document.querySelectorAll('details[open] tbody tr').length")
        .await;
    assert_eq!(rows, json!(30));
    desk.browser.click(".modes a:not([aria-current])").await;
    desk.browser.wait_for_url("mode=test").await;
    desk.is_sound("overview-test").await;

    desk.visit("/stores/1/balances").await;
    desk.is_sound("balances").await;

    desk.visit("/stores/1/inbox").await;
    desk.is_sound("inbox").await;
    let waiting = desk
        .browser
        .evaluate("document.querySelector('.ways .count').textContent")
        .await;
    let late =
        "[...document.querySelectorAll('tbody tr')].find((row) => row.textContent.includes('time was over'))
        .querySelector('a').getAttribute('href')";
    let late = desk.browser.evaluate(late).await;
    desk.visit(late.as_str().expect("a transfer that came late"))
        .await;
    desk.browser.wait_for("form[action$='/attach']").await;
    desk.is_sound("inbox-letter").await;
    desk.browser.fill("#payment", "no such order").await;
    desk.browser.click("input[name=payment][value='']").await;
    desk.browser.fill("#reason", "the customer called").await;
    desk.browser.click("form[action$='/attach'] .button").await;
    desk.browser.wait_for("#payment-mistake").await;
    desk.forget_console().await;
    desk.is_sound("inbox-mistake").await;
    desk.browser.click("input[name=payment]:not([value=''])").await;
    desk.browser.click("form[action$='/attach'] .button").await;
    desk.browser.wait_for(".flash").await;
    let left = desk
        .browser
        .evaluate("document.querySelector('.ways .count').textContent")
        .await;
    assert_ne!(left, waiting);
    desk.is_quiet("figures").await;
}

#[tokio::test]
async fn a_new_store_begins_with_its_first_steps() {
    let daemon = Daemon::start("").await;
    daemon.add_store("North Wind", "payhook");
    let mut desk = Desk::of_owner(&daemon).await;
    desk.visit("/stores/1/overview").await;
    desk.is_sound("overview-new").await;
    desk.visit("/stores/1/inbox").await;
    desk.is_sound("inbox-none").await;
}
