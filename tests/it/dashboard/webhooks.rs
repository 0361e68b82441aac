//! A merchant who is told of payments: an endpoint is added and tried, a payment is paid, what was sent is looked at and sent
//! again; then the donation page and the payment widget.

use crate::harness::daemon::Daemon;
use crate::harness::office::Desk;
use crate::harness::receiver::{Behaviour, Receiver};

#[tokio::test]
async fn an_endpoint_is_added_tried_told_of_a_payment_and_told_again() {
    let daemon = Daemon::start("").await;
    daemon.add_store("North Wind", "payhook");
    daemon.add_key("North Wind", "test");
    let receiver = Receiver::start().await;
    let mut desk = Desk::of_owner(&daemon).await;

    desk.visit("/stores/2/webhooks").await;
    desk.is_sound("webhooks-none").await;
    desk.visit("/stores/2/webhooks/new").await;
    desk.is_sound("webhooks-new").await;
    desk.browser.fill("#url", &receiver.url("/hook")).await;
    desk.browser.select("#format", "payhook").await;
    desk.browser.click("#main form .button").await;
    desk.browser.wait_for("#secret").await;
    desk.is_sound("webhooks-secret").await;

    let page = "<script>document.title = 'taken over'</script>".to_owned();
    receiver.next([Behaviour::Page("text/html", page)]);
    desk.browser.click("#main form .button").await;
    desk.browser.wait_for("#told .notice.good").await;
    desk.is_sound("webhooks-tested").await;
    let title = desk.browser.evaluate("document.title").await;
    assert!(!title.to_string().contains("taken over"));
    let test = receiver.wait_for(1).await.remove(0);
    assert_eq!(test.json()["event"], "webhook.test");
    assert!(test.header("x-payhook-signature").is_some());

    let payment = daemon.create_payment("North Wind", "5", "bsc", "usdt");
    let number = payment["payment_number"].as_str().unwrap();
    daemon.simulate(number, "exact");
    daemon.wait_for_status(number, "paid").await;
    let told = receiver.wait_for(2).await.remove(1);
    assert_eq!(told.json()["payment_id"], number);
    desk.visit("/stores/2/webhooks/events").await;
    desk.is_sound("webhooks-events").await;
    desk.visit("/stores/2/webhooks/1?state=delivered").await;
    desk.is_sound("webhooks-endpoint").await;
    desk.browser.click("tbody th a").await;
    desk.browser.wait_for("form[action$='/replay'] button").await;
    let request = desk.browser.text("details pre").await;
    assert!(
        request.contains(told.header("x-payhook-signature").unwrap()),
        "{request}"
    );
    assert!(
        request.contains(std::str::from_utf8(&told.body).unwrap()),
        "{request}"
    );
    desk.is_sound("webhooks-delivery").await;
    desk.browser.click("form[action$='/replay'] button").await;
    let again = receiver.wait_for(3).await.remove(2);
    assert_eq!(again.body, told.body);
    assert_ne!(
        again.header("x-payhook-delivery-id"),
        told.header("x-payhook-delivery-id")
    );

    desk.visit("/stores/2/webhooks/1/replay").await;
    desk.is_sound("webhooks-replay").await;
    desk.visit("/stores/2/webhooks/1/verify").await;
    assert_eq!(desk.browser.count("#main pre").await, 6);
    desk.is_sound("webhooks-verify").await;
}

#[tokio::test]
async fn a_donation_page_and_a_widget_are_set_up() {
    let daemon = Daemon::start("").await;
    daemon.add_store("North Wind", "soko");
    let mut desk = Desk::of_owner(&daemon).await;
    desk.visit("/stores/2/donations").await;
    desk.is_sound("donations-none").await;
    desk.visit("/stores/2/donations/page").await;
    desk.browser.click("input[name=open]").await;
    desk.browser.fill("#title", "Save the whales").await;
    desk.browser.fill("#goal", "nothing").await;
    desk.browser.click("form[action$='/page'] .button").await;
    desk.browser.wait_for("#goal-mistake").await;
    desk.forget_console().await;
    desk.is_sound("donations-wrong").await;
    desk.browser.fill("#goal", "1000").await;
    desk.browser.click("form[action$='/page'] .button").await;
    desk.browser.wait_for(".flash").await;
    desk.browser.click("button[value=test]").await;
    desk.browser.wait_for("#ways svg").await;
    desk.is_sound("donations-page").await;
    let link = desk
        .browser
        .evaluate("document.getElementById('link').textContent")
        .await;
    let path = link
        .as_str()
        .unwrap()
        .strip_prefix(&daemon.url(""))
        .unwrap()
        .to_owned();
    let page = daemon.get(&path, &[]).await;
    assert!(
        page.status == 200 && page.body.contains("Save the whales"),
        "{page:?}"
    );

    desk.visit("/stores/2/widget").await;
    desk.browser.click("input[name=on]").await;
    desk.browser.fill("#origins", "https://shop.example").await;
    desk.browser.click("#main form .button").await;
    desk.browser.wait_for(".flash").await;
    desk.browser.fill("#name", "book-1").await;
    desk.browser.fill("#amount", "19.90").await;
    desk.browser.click("#price .button").await;
    desk.browser.wait_for("tbody th code").await;
    desk.browser.click("button[value=live]").await;
    desk.browser.wait_for("#paste .notice.good").await;
    desk.is_sound("widget").await;
}
