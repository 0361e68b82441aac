//! The browser and its driver.

use serde_json::{Value, json};

use crate::harness::browser::{Browser, Options, Scheme};
use crate::harness::receiver::{Behaviour, Receiver};

const PAGE: &str = r##"<!doctype html><html lang="en"><head><title>Rig</title><meta name="viewport" content="width=device-width">
<style>body{background:#fff;color:#000}@media(prefers-color-scheme:dark){body{background:#000;color:#fff}}</style></head>
<body><main><h1>A page</h1><label>Name <input id="name"></label><button id="go">Go</button><p id="out"></p></main>
<script>document.querySelector("#go").addEventListener("click", () => {
  document.querySelector("#out").textContent = "hello " + document.querySelector("#name").value;
});</script></body></html>"##;

#[tokio::test]
async fn the_browser_works_a_page_and_takes_its_picture() {
    let receiver = Receiver::start().await;
    receiver.always(Behaviour::Page("text/html; charset=utf-8", PAGE.to_owned()));
    let mut browser = Browser::start().await;
    assert_eq!(browser.open(&receiver.url("/page")).await["status"], json!(200));
    browser.fill("#name", "world").await;
    browser.click("#go").await;
    browser.wait_for_text("hello world").await;
    assert_eq!(browser.text("#out").await, "hello world");
    assert_eq!(browser.evaluate("1 + 1").await, json!(2));
    assert_eq!(browser.axe().await, Vec::<Value>::new());

    browser.view(360, 640, Scheme::Dark).await;
    assert_eq!(
        browser
            .evaluate("getComputedStyle(document.body).backgroundColor")
            .await,
        json!("rgb(0, 0, 0)")
    );
    let shot = std::fs::read(browser.screenshot("rig", false).await).unwrap();
    let size = |at: usize| u32::from_be_bytes(shot[at..at + 4].try_into().unwrap());
    assert_eq!((&shot[1..4], size(16), size(20)), (b"PNG".as_slice(), 360, 640));
    assert_eq!(browser.foreign_requests().await, Vec::<Value>::new());
    assert_eq!(browser.console_errors().await, Vec::<Value>::new());
}

#[tokio::test]
async fn the_browser_sees_what_is_wrong_with_a_page() {
    let receiver = Receiver::start().await;
    let page = r#"<!doctype html><html><head><title>x</title></head><body><img src="http://127.0.0.2:9/x.png">
        <script>throw new Error("broken script")</script></body></html>"#;
    receiver.always(Behaviour::Page("text/html", page.to_owned()));
    let mut browser = Browser::start().await;
    browser.open(&receiver.url("/")).await;
    assert_eq!(
        browser.foreign_requests().await,
        [json!("http://127.0.0.2:9/x.png")]
    );
    let errors = browser.console_errors().await;
    assert!(
        errors
            .iter()
            .any(|error| error.as_str().unwrap().contains("broken script")),
        "{errors:?}"
    );
    let broken = browser.axe().await;
    assert!(
        broken.iter().any(|rule| rule["id"] == "html-has-lang"),
        "{broken:?}"
    );
    assert!(browser.try_order(json!({ "do": "nothing" })).await.is_err());
}

#[tokio::test]
async fn the_browser_can_be_without_scripts_and_of_another_language() {
    let receiver = Receiver::start().await;
    let page = "<!doctype html><noscript><p id=without>no scripts</p></noscript>";
    receiver.always(Behaviour::Page("text/html", page.to_owned()));
    let mut browser = Browser::start_with(Options {
        javascript: false,
        locale: "de-DE",
        ..Options::default()
    })
    .await;
    browser.open(&receiver.url("/")).await;
    assert!(browser.is_visible("#without").await);
    let asked = receiver.wait_for_matching(1, |request| request.path == "/").await;
    assert!(
        asked[0].header("accept-language").unwrap().starts_with("de-DE"),
        "{asked:?}"
    );
}
