//! What a visitor can do, and what becomes of it.

use serde_json::{Value, json};

use super::{STORE, Shelter};
use crate::harness::browser::Options;
use crate::harness::receiver::{Behaviour, Receiver};

#[tokio::test]
async fn a_visitor_gives_a_preset_is_thanked_and_the_merchant_reads_what_they_said() {
    let mut shelter = Shelter::open(&["--title", "Help us through the winter"]).await;
    let receiver = Receiver::start().await;
    shelter
        .daemon
        .add_webhook(STORE, &receiver.url("/hook"), "standard");
    shelter.visit("?lang=en").await;
    assert_eq!(shelter.browser.text("h1").await, "Help us through the winter");
    assert_eq!(
        shelter.browser.count("[name=currency]").await,
        0,
        "there is no choice"
    );
    shelter.choose("preset", "25.00").await;
    shelter.browser.fill("#donor-name", "Ann Östlund").await;
    shelter
        .browser
        .fill("#donor-message", "Keep going 🐾\nFor Rex")
        .await;
    shelter.is_sound().await;
    shelter.give().await;
    shelter.reaches("waiting").await;
    assert!(shelter.browser.url().await.ends_with("?lang=en"));
    assert_eq!(shelter.browser.text(".price-figure").await, "$25.00");
    shelter.pay().await;
    assert!(shelter.browser.text(".lead").await.contains(STORE));
    shelter.is_quiet().await;

    let donations = shelter.donations();
    assert_eq!(donations.len(), 1);
    for (field, value) in [
        ("donor_name", "Ann Östlund"),
        ("donor_message", "Keep going 🐾\nFor Rex"),
        ("status", "paid"),
        ("mode", "test"),
        ("price", "25.00 USD"),
        ("origin", "donation"),
    ] {
        assert_eq!(donations[0][field], json!(value), "{field}");
    }
    let text = shelter.daemon.cli(&["donation", "list"]);
    assert!(
        text.contains("paid (test)") && text.contains("Keep going 🐾 / For Rex"),
        "{text}"
    );
    let shown = shelter.daemon.cli_json(&["donation", "show", STORE]);
    assert_eq!(shown["given_usd"], json!("0.00"), "test money counts for nothing");
    // An order after it tells: what was to be sent of the donation would have been sent before.
    let order = shelter.daemon.create_payment(STORE, "5", "bsc", "usdt");
    let number = order["payment_number"].as_str().unwrap().to_owned();
    shelter.daemon.simulate(&number, "exact");
    shelter.daemon.wait_for_status(&number, "paid").await;
    let told = receiver
        .wait_for_matching(1, |request| {
            String::from_utf8_lossy(&request.body).contains(&number)
        })
        .await;
    assert!(!told.is_empty());
    let of_donation = donations[0]["payment_number"].as_str().unwrap();
    let deliveries = shelter
        .daemon
        .cli_json(&["webhook", "deliveries", "--payment", of_donation]);
    assert_eq!(deliveries["deliveries"], json!([]));
}

#[tokio::test]
async fn a_visitor_gives_an_amount_of_their_own_in_a_coin_of_their_choice() {
    let mut shelter = Shelter::open(&[]).await;
    shelter.accept(&[("tron", "usdt"), ("bitcoin", "native")]).await;
    shelter.visit("").await;
    assert!(
        !shelter.browser.is_visible("#own").await,
        "it is in the way before it is asked for"
    );
    shelter.choose("preset", "own").await;
    let focused = shelter.browser.evaluate("document.activeElement.id").await;
    assert_eq!(focused, json!("own"));
    shelter.give().await;
    shelter
        .browser
        .wait_for_text("Choose an amount, or write your own.")
        .await;
    shelter.browser.fill("#own", "1,000").await;
    shelter.choose("currency", "BTC").await;
    shelter.browser.fill("#donor-name", "Jo").await;
    shelter.give().await;
    shelter
        .browser
        .wait_for_text("Write the amount like 12.00.")
        .await;
    // The browser itself logs that the page's status was 422.
    shelter.browser.console_errors().await;
    shelter.is_sound().await;
    for (field, kept) in [("#own", "1,000"), ("#donor-name", "Jo")] {
        assert_eq!(
            shelter.browser.attribute(field, "value").await.as_deref(),
            Some(kept)
        );
    }
    shelter.pictures("mistake").await;
    shelter.browser.fill("#own", "7,50").await;
    shelter.give().await;
    shelter.reaches("waiting").await;
    assert_eq!(shelter.browser.text(".price-figure").await, "$7.50");
    assert!(shelter.browser.text(".network").await.contains("Bitcoin"));
    shelter.pay().await;
    assert_eq!(shelter.donations()[0]["price"], json!("7.50 USD"));
}

#[tokio::test]
async fn without_javascript_it_works_all_the_same() {
    let options = Options {
        javascript: false,
        ..Options::default()
    };
    let mut shelter = Shelter::open_with(options, &["--color", "#e11d48"]).await;
    shelter.visit("").await;
    shelter.choose("preset", "own").await;
    shelter.browser.fill("#own", "3").await;
    shelter.browser.fill("#donor-message", &"x".repeat(501)).await;
    shelter.give().await;
    shelter
        .browser
        .wait_for_text("Your message can have at most 500 characters.")
        .await;
    shelter.browser.fill("#donor-message", &"x".repeat(500)).await;
    shelter.pictures("no-script").await;
    shelter.give().await;
    shelter.browser.wait_for(".qr svg").await;
    shelter.browser.click("button[name=scenario][value=exact]").await;
    shelter.browser.wait_for("[data-stage=paid]").await;
    let donation = &shelter.donations()[0];
    assert_eq!(donation["price"], json!("3.00 USD"));
    assert_eq!(donation["donor_message"], json!("x".repeat(500)));
}

#[tokio::test]
async fn what_a_donor_or_a_store_says_is_text_everywhere() {
    let hostile = "<script>window.pwned=1</script><img src=x onerror=pwned=1>";
    let set = ["--title", hostile, "--text", hostile, "--color", "#e11d48"];
    let mut shelter = Shelter::open(&set).await;
    shelter.visit("").await;
    assert_eq!(shelter.browser.text("h1").await, hostile);
    let message = format!("{hostile} \u{202e}gnp.evil \u{2067}مرحبا\u{2069}");
    shelter.browser.fill("#donor-name", "\u{202e}nnA").await;
    shelter.browser.fill("#donor-message", &message).await;
    // A server that refuses shows the texts again.
    shelter.choose("preset", "own").await;
    shelter.browser.fill("#own", "x").await;
    shelter.give().await;
    shelter.browser.wait_for("[role=alert]").await;
    let kept = shelter
        .browser
        .evaluate("document.getElementById('donor-message').value")
        .await;
    assert_eq!(kept, json!(message));
    shelter.browser.fill("#own", "5").await;
    shelter.give().await;
    shelter.reaches("waiting").await;
    assert_eq!(
        shelter.browser.evaluate("typeof window.pwned").await,
        json!("undefined")
    );
    assert_eq!(shelter.browser.foreign_requests().await, Vec::<Value>::new());

    assert_eq!(shelter.donations()[0]["donor_message"], json!(message));
    let text = shelter.daemon.cli(&["donation", "list"]);
    assert!(!text.contains('\u{202e}') && !text.contains('\u{2067}'), "{text}");
    assert!(text.contains("مرحبا") && text.contains(hostile), "{text}");
}

#[tokio::test]
async fn a_message_that_is_too_long_is_not_sent_and_one_that_is_not_is_counted_by_characters() {
    let mut shelter = Shelter::open(&[]).await;
    shelter.visit("").await;
    shelter.browser.fill("#donor-message", &"🐾".repeat(501)).await;
    assert!(shelter.browser.text("#count-left").await.contains("501 / 500"));
    shelter.pictures("too-long").await;
    let is_valid = "document.getElementById('gift-form').checkValidity()";
    assert_eq!(shelter.browser.evaluate(is_valid).await, json!(false));
    shelter.browser.fill("#donor-message", &"🐾".repeat(500)).await;
    assert_eq!(shelter.browser.evaluate(is_valid).await, json!(true));
    shelter.give().await;
    shelter.reaches("waiting").await;
    assert_eq!(shelter.donations()[0]["donor_message"], json!("🐾".repeat(500)));
}

#[tokio::test]
async fn a_frame_tells_the_page_around_it_and_nobody_else_that_it_is_to_be_closed() {
    let mut shelter = Shelter::open(&[]).await;
    let blog = Receiver::start().await;
    let origin = blog.url("");
    let frame = shelter.url(&format!("?embed=1&origin={origin}&amounts=3,4"));
    let html = format!(
        "<!doctype html><html lang=en><title>Blog</title><h1>Blog</h1><iframe title=Donate src=\"{frame}\" width=400 height=700></iframe>\
         <script>window.told = []; addEventListener('message', event => told.push([event.origin, event.data]))</script>"
    );
    blog.always(Behaviour::Page("text/html; charset=utf-8", html));
    let payd = shelter.daemon.url("");
    shelter.browser.open(&blog.url("/post")).await;
    // The driver lets a page have its own origin alone until it is told of another.
    shelter.browser.foreign_requests().await;
    shelter.browser.console_errors().await;
    shelter.browser.allow(&payd).await;
    shelter.browser.reload().await;
    let asks = format!("frames[0].postMessage({{ source: 'payd', type: 'close' }}, '{payd}')");
    let told = format!(
        "(() => {{ {asks}; return told.length > 0 && told.every(([origin, data]) => origin === '{payd}' && data.source === 'payd' && data.type === 'close') }})()"
    );
    shelter.browser.wait_for_truth(&told).await;
    assert_eq!(shelter.browser.foreign_requests().await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_program_on_another_site_makes_a_donation() {
    let shelter = Shelter::open(&[]).await;
    let body = json!({ "api_key": shelter.key.api_key, "fiat_amount": 10, "currency": "USDT_TRC20", "donor_name": "Bot" });
    let reply = shelter.daemon.post("/donate/create", &[], &body).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let data = reply.json()["data"].clone();
    assert_eq!(
        (&data["amount"], &data["status"]),
        (&json!("10.00"), &json!("pending"))
    );
    let uuid = data["payment_id"].as_str().unwrap();
    assert_eq!(
        data["payment_url"],
        json!(shelter.daemon.url(&format!("/pay/{uuid}")))
    );
    let page = shelter.daemon.get(&format!("/pay/{uuid}"), &[]).await;
    assert!(page.status == 200 && page.body.contains(data["pay_address"].as_str().unwrap()));
    assert_eq!(shelter.donations()[0]["donor_name"], json!("Bot"));
}
