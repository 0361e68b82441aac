//! What other sites and other windows try, and a shop's page that is careful itself.

use super::*;

#[tokio::test]
async fn a_site_that_is_not_allowed_can_neither_start_a_payment_nor_frame_one() {
    let mut shop = Shop::open(true).await;
    let thief = ShopSite::start().await;
    let page = shop.selling("{ price: 'course' }");
    thief.page("/", &page);
    shop.browser.open(&thief.url("/")).await;
    shop.browser.allow(&shop.daemon.url("/")).await;
    shop.browser.reload().await;
    shop.browser.click("#pay-btn").await;
    let told = shop.is_told(1).await;
    assert_eq!(told[0][1], json!("origin_not_allowed"));
    let advice = told[0][2].as_str().unwrap();
    assert!(
        advice.contains(&format!("--origin {}", thief.origin())),
        "{advice}"
    );

    // It claims to be the shop: the page is made, and the browser does not show it.
    let url = shop.daemon.url(&format!(
        "/widget/frame?key={}&price=course&origin={}",
        shop.key.api_key,
        shop.site.origin()
    ));
    thief.page("/lie", &format!("<iframe src=\"{url}\"></iframe>"));
    shop.browser.open(&thief.url("/lie")).await;
    shop.browser.allow(&shop.daemon.url("/")).await;
    shop.browser.console_errors().await;
    shop.browser.reload().await;
    let errors = format!("{:?}", shop.browser.console_errors().await);
    assert!(errors.contains("frame-ancestors"), "{errors}");
    assert_eq!(shop.payments(), Vec::<Value>::new());

    // Nor does a form that it sends by itself make one, from a frame or from a whole page.
    let form = format!(
        "<form id=f method=post action=\"{}\"><input name=key value=\"{}\"><input name=price value=course>\
         <input name=origin value=\"{}\"></form><script>document.getElementById('f').submit()</script>",
        shop.daemon.url("/widget/create"),
        shop.key.api_key,
        shop.site.origin()
    );
    thief.page("/form", &form);
    shop.browser.open(&thief.url("/")).await;
    shop.browser.allow(&shop.daemon.url("/")).await;
    shop.browser.evaluate("void (location.href = '/form')").await;
    shop.browser.wait_for_url("/widget/create").await;
    assert_eq!(shop.browser.text("h1").await, "This payment cannot be started");
    assert_eq!(shop.payments(), Vec::<Value>::new());
}

#[tokio::test]
async fn messages_that_are_not_from_payds_own_frame_are_not_believed() {
    let mut shop = Shop::open(false).await;
    let forged = "{ source: 'payd', type: 'success', payment: { tx_hash: 'forged' } }";
    let close = "{ source: 'payd', type: 'close' }";
    shop.site.page(
        "/other",
        &format!("<script>parent.postMessage({forged}, '*'); parent.postMessage({close}, '*')</script>"),
    );
    let page = shop.selling("{ price: 'course' }");
    shop.visit(&page).await;
    shop.browser.click("#pay-btn").await;
    shop.browser.frame_wait_for(FRAME, ASKING).await;
    // The page itself, a frame of the page, and a frame on payd's own origin that is not the overlay's.
    shop.browser
        .evaluate(&format!("postMessage({forged}, '*'); postMessage({close}, '*')"))
        .await;
    let url = shop.daemon.url(&format!(
        "/widget/frame?key={}&price=none&origin={}",
        shop.key.api_key,
        shop.site.origin()
    ));
    shop.browser
        .evaluate(&format!(
            "for (const [id, src] of [['own', '/other'], ['payds', '{url}']]) {{\n\
               const frame = document.createElement('iframe');\n\
               frame.id = id; frame.src = src; frame.onload = () => {{ frame.dataset.loaded = 1; }};\n\
               document.body.append(frame);\n\
             }}"
        ))
        .await;
    shop.browser
        .wait_for_truth("document.querySelectorAll('iframe[data-loaded]').length === 2")
        .await;
    shop.browser
        .frame_evaluate(
            "#payds",
            &format!("parent.postMessage({forged}, '*'); parent.postMessage({close}, '*')"),
        )
        .await;
    // Messages come in the order in which they were sent: what the real frame says now comes after all of them.
    shop.simulate("exact").await;
    let told = shop.is_told(1).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0][0], json!("success"));
    assert_ne!(told[0][1]["tx_hash"], json!("forged"));
    assert!(shop.is_open().await);
}

#[tokio::test]
async fn a_shop_with_a_strict_content_policy_sees_the_overlay_as_it_is_meant() {
    let mut shop = Shop::open(false).await;
    let payd = shop.daemon.url("").trim_end_matches('/').to_owned();
    let body = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Strict</title><link rel=icon href=\"data:,\">\
         <body><button id=\"pay-btn\">Pay</button>\
         <script src=\"{payd}/widget.js\"></script><script src=\"/shop.js\"></script>\
         <script src=\"{payd}/donate-widget.js\" data-store-key=\"{key}\" data-mode=\"topbar\" data-color=\"#e11d48\"></script>",
        key = shop.key.api_key
    );
    let script = format!(
        "var told = []; CryptoMerchant.init({{ apiKey: '{}' }});\n\
         document.getElementById('pay-btn').onclick = () => CryptoMerchant.pay({{ price: 'course', \
         onError: (error) => told.push(error.code) }});",
        shop.key.api_key
    );
    let policy = format!(
        "default-src 'none'; script-src 'self' {payd}; style-src 'self'; img-src data:; frame-src {payd}; \
         base-uri 'none'; form-action 'none'"
    );
    shop.site.put("/strict", "text/html", Some(policy), body);
    shop.site.put("/shop.js", "text/javascript", None, script);
    shop.open_page("/strict").await;
    shop.browser.click("#pay-btn").await;
    shop.browser.frame_wait_for(FRAME, ASKING).await;
    let looks = "(() => { const dialog = document.querySelector('body > div:last-of-type').shadowRoot.querySelector('dialog'); \
                 const style = getComputedStyle(dialog); return [style.position, style.display, style.borderTopWidth]; })()";
    assert_eq!(
        shop.browser.evaluate(looks).await,
        json!(["fixed", "flex", "0px"])
    );
    shop.browser.key("Escape").await;
    let bar = "(() => { const host = document.body.firstElementChild; const style = getComputedStyle(\
               host.shadowRoot.querySelector('.donate')); return style.backgroundColor; })()";
    assert_eq!(shop.browser.evaluate(bar).await, json!("rgb(225, 29, 72)"));
    assert_eq!(shop.browser.evaluate("told").await, json!([]));
    shop.is_quiet().await;
}
