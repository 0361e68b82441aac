//! The customer chooses the currency, and where the shop wants those who pay and those who do not.

use payd::domain::payment::{Order, Origin};
use serde_json::{Value, json};

use super::{DESKTOP, PHONE, Shop};
use crate::harness::browser::{Browser, Options, Scheme};

/// An order of which the shop says what it is.
fn coffee() -> Order {
    Order {
        description: "Two bags of Ethiopia Guji, whole beans".to_owned(),
        ..Order::default()
    }
}

fn button(code: &str) -> String {
    format!("button[name=code][value={code}]")
}

#[tokio::test]
async fn a_customer_chooses_a_currency_pays_and_is_taken_back_to_the_shop() {
    let mut shop = Shop::open().await;
    let thanks = shop.site.url("/thanks");
    let order = Order {
        redirect_url: thanks.clone(),
        fail_url: shop.site.url("/again"),
        ..coffee()
    };
    let view = shop.open_payment(Origin::Api, order).await;
    let opened = shop.browser.open(&shop.page_of(&view)).await;
    assert_eq!(opened["status"], json!(200));
    assert!(shop.browser.url().await.contains("/pay/select?token="));
    shop.browser.allow(&thanks).await;
    assert_eq!(shop.browser.count(".choice").await, 7);
    assert_eq!(
        shop.text(".description").await,
        "Two bags of Ethiopia Guji, whole beans"
    );
    let amount = shop
        .text(&format!("{} .choice-amount", button("USDT_TRC20")))
        .await;
    assert_eq!(amount, "50.00 USDT");
    let clock = shop.text("#countdown .clock").await;
    assert!(clock.starts_with("29:") || clock == "30:00", "{clock}");
    shop.pictures("select").await;
    shop.is_sound().await;

    // What has the focus keeps it when the amounts are taken over from a newer page.
    shop.browser
        .evaluate("document.querySelector('[value=BTC]').focus()")
        .await;
    let stale = "document.querySelector('[data-region=amount-BTC]').textContent = '1.00 BTC'";
    shop.browser.evaluate(stale).await;
    shop.browser
        .evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
        .await;
    let fresh = "document.querySelector('[data-region=amount-BTC]').textContent.trim() !== '1.00 BTC'";
    shop.browser.wait_for_truth(fresh).await;
    let focused = shop.browser.evaluate("document.activeElement.value").await;
    assert_eq!(focused, json!("BTC"));

    shop.browser.press(&button("USDT_BEP20"), "Enter").await;
    shop.reaches("waiting").await;
    assert_eq!(shop.browser.url().await, shop.page_of(&view));
    assert_eq!(shop.text(".figure").await, "50.000000");
    shop.hold_leaving().await;
    shop.simulate("exact").await;
    shop.reaches("paid").await;
    shop.is_sound().await;
    shop.leave().await;
    shop.browser.wait_for_url("/thanks").await;
}

#[tokio::test]
async fn of_two_windows_the_first_choice_wins_and_both_show_it() {
    let mut shop = Shop::open().await;
    let view = shop.open_payment(Origin::Api, coffee()).await;
    let page = shop.page_of(&view);
    let mut other = Browser::start().await;
    for browser in [&mut shop.browser, &mut other] {
        assert_eq!(browser.open(&page).await["status"], json!(200));
    }
    // The second hears of it by itself, and one without a word of it is led to the same page.
    shop.browser.click(&button("BTC")).await;
    shop.reaches("waiting").await;
    other.wait_for("[data-region=pay][data-stage=waiting]").await;
    assert_eq!(other.url().await, page);
    let symbol = shop.text(".symbol").await;
    assert_eq!(
        (symbol.as_str(), other.text(".symbol").await),
        ("BTC", "BTC".to_owned())
    );
    let form = format!("token={}&code=ETH", view.payment.token.as_str());
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    // The client follows the way to the page.
    let late = shop.daemon.send("POST", "/pay/select", &kind, form).await;
    assert!(late.status == 303 || late.body.contains("BTC"), "{late:?}");
    shop.is_quiet().await;
}

#[tokio::test]
async fn without_javascript_a_form_chooses() {
    let options = Options {
        javascript: false,
        ..Options::default()
    };
    let mut shop = Shop::open_with(options, "North Wind Coffee").await;
    let view = shop.open_payment(Origin::Api, coffee()).await;
    shop.browser.open(&shop.page_of(&view)).await;
    assert!(shop.browser.html().await.contains("http-equiv=\"refresh\""));
    shop.pictures("no-script-select").await;
    shop.browser.click(&button("USDT_TRC20")).await;
    shop.reaches("waiting").await;
    assert_eq!(shop.browser.url().await, shop.page_of(&view));
    shop.is_quiet().await;
}

#[tokio::test]
async fn a_customer_whose_payment_is_cancelled_before_the_choice_is_taken_to_the_shops_page_for_that() {
    let mut shop = Shop::open().await;
    let again = shop.site.url("/again");
    let order = Order {
        fail_url: again.clone(),
        ..coffee()
    };
    let view = shop.open_payment(Origin::Api, order).await;
    shop.browser.open(&shop.page_of(&view)).await;
    shop.browser.allow(&again).await;
    shop.daemon
        .cli(&["payment", "cancel", view.payment.number.as_str()]);
    shop.reaches("cancelled").await;
    assert_eq!(shop.browser.url().await, shop.page_of(&view));
    assert!(shop.text(".lead").await.contains("There is nothing to pay"));
    shop.pictures("cancelled-unchosen").await;
    shop.is_sound().await;
    shop.browser.wait_for_url("/again").await;
}

#[tokio::test]
async fn a_customer_who_was_told_where_to_pay_can_stay_when_the_time_is_up() {
    let mut shop = Shop::open().await;
    let order = Order {
        redirect_url: shop.site.url("/thanks"),
        fail_url: shop.site.url("/again"),
        ..coffee()
    };
    let view = shop.open_payment(Origin::Api, order).await;
    shop.browser.open(&shop.page_of(&view)).await;
    shop.browser.allow(&shop.site.url("/")).await;
    shop.browser.click(&button("USDT_TRC20")).await;
    shop.reaches("waiting").await;
    shop.hold_leaving().await;
    shop.simulate("late").await;
    shop.reaches("expired").await;
    assert!(
        shop.text("#leaving")
            .await
            .contains("If you have sent money, stay on this page")
    );
    let link = shop.browser.attribute("#shop-link", "href").await;
    assert_eq!(link, Some(shop.site.url("/again")));
    shop.pictures("expired-leaving").await;
    shop.is_sound().await;
    shop.browser.click("[data-stay]").await;
    assert!(!shop.browser.is_visible("#leaving").await);
    assert_eq!(shop.browser.url().await, shop.page_of(&view));
    shop.is_quiet().await;
}

#[tokio::test]
async fn the_selection_is_fit_for_a_frame() {
    let mut shop = Shop::open().await;
    let view = shop.open_payment(Origin::Donation, coffee()).await;
    let query = "?embed=1&origin=https%3A%2F%2Fblog.example";
    shop.browser
        .open(&format!("{}{query}", shop.page_of(&view)))
        .await;
    for (device, (width, height)) in [("phone", PHONE), ("desktop", DESKTOP)] {
        shop.browser.view(width, height, Scheme::Light).await;
        shop.browser
            .screenshot(&format!("select-embedded-{device}"), true)
            .await;
    }
    assert_eq!(shop.browser.axe().await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_customer_whose_late_money_is_taken_is_not_led_to_the_page_for_those_who_did_not_pay() {
    let mut shop = Shop::open().await;
    shop.daemon
        .cli(&["store", "set", "North Wind Coffee", "--late-policy", "accept"]);
    let order = Order {
        redirect_url: shop.site.url("/thanks"),
        fail_url: shop.site.url("/again"),
        ..coffee()
    };
    let view = shop.open_payment(Origin::Api, order).await;
    shop.browser.open(&shop.page_of(&view)).await;
    shop.browser.allow(&shop.site.url("/")).await;
    shop.browser.click(&button("USDT_TRC20")).await;
    shop.reaches("waiting").await;
    shop.simulate("late").await;
    shop.reaches("paid").await;
    shop.browser.wait_for_url("/thanks").await;
}
