//! The selection, through the real router and a real engine.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};

use super::*;
use crate::domain::payment::Origin;
use crate::domain::status::Status;
use crate::engine::gateway::{CreateRequest, PayWith, Scenario};
use crate::web::checkout::staged::{StagedSite, page_of};

/// The time to pay or to choose, and a little more.
const OVER: Duration = Duration::from_secs(30 * 60 + 1);

/// The button of a currency, from its tag to its end.
fn button<'a>(page: &'a str, code: &str) -> &'a str {
    let start = page.find(&format!("name=\"code\" value=\"{code}\"")).unwrap();
    let (button, _) = page[start..].split_once("</button>").unwrap();
    button
}

#[tokio::test]
async fn every_accepted_currency_is_offered_with_its_network_and_amount() {
    let site = StagedSite::open().await;
    let view = site.selecting().await;
    let reply = site.look(&view).await;
    assert_eq!(reply.status, StatusCode::OK);
    for (code, parts) in [
        ("USDT_TRC20", ["USDT", "TRON", "50.00 USDT"]),
        ("BTC", ["BTC", "Bitcoin", "0.00051283 BTC"]),
        ("ETH", ["ETH", "Ethereum", "0.015625 ETH"]),
        ("USDT_BEP20", ["USDT", "BNB Smart Chain", "50.00 USDT"]),
    ] {
        let button = button(&reply.body, code);
        for part in parts {
            assert!(button.contains(part), "{part} is missing in {button}");
        }
        assert!(!button.contains("disabled"), "{button}");
    }
    for part in [
        "Order 1042",
        "Two bags of coffee",
        "$50.00",
        "30:00",
        "Soko shop",
        "data-refresh=\"30\"",
    ] {
        assert!(
            reply.body.to_lowercase().contains(&part.to_lowercase()),
            "{part} is missing in {}",
            reply.body
        );
    }
    let order = ["USDT_TRC20", "BTC", "ETH", "USDT_BEP20", "TRX"];
    let places = order.map(|code| reply.body.find(&format!("value=\"{code}\"")).unwrap());
    assert!(places.is_sorted(), "{places:?}");
}

#[tokio::test]
async fn a_currency_without_a_rate_is_shown_and_cannot_be_chosen() {
    let site = StagedSite::open().await;
    let view = site.selecting().await;
    let reply = site.look(&view).await;
    let button = button(&reply.body, "TRX");
    assert!(
        button.contains(" disabled") && button.contains("No rate just now"),
        "{button}"
    );
    let refused = site.choose(&view, "TRX").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(
        refused.body.contains("There is no rate for TRX on TRON just now"),
        "{}",
        refused.body
    );
    assert!(
        refused.body.contains("value=\"BTC\""),
        "the others are not offered"
    );
    assert_eq!(site.now(&view).await.payment.status, Status::Selecting);
}

#[tokio::test]
async fn a_choice_leads_to_the_page_that_asks_for_it() {
    let site = StagedSite::open().await;
    let view = site.selecting().await;
    assert_eq!(
        site.get(&page_of(&view)["/crypto".len()..]).await.location(),
        format!("/crypto/pay/select?token={}", view.payment.token.as_str())
    );
    assert_eq!(site.choose(&view, "BTC").await.location(), page_of(&view));
    assert_eq!(site.look(&view).await.location(), page_of(&view));
    let page = site.get(&page_of(&view)["/crypto".len()..]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("data-copy=\"0.00051283\""), "{}", page.body);
    assert!(page.body.contains("data-stage=\"waiting\""));
}

#[tokio::test]
async fn of_two_who_choose_at_once_the_first_wins_and_both_see_it() {
    let site = StagedSite::open().await;
    let view = site.selecting().await;
    let (one, other) = tokio::join!(site.choose(&view, "BTC"), site.choose(&view, "ETH"));
    assert_eq!(one.location(), other.location());
    let now = site.now(&view).await;
    let chosen = now.asked().unwrap().means.code.clone();
    assert!(chosen == "BTC" || chosen == "ETH", "{chosen}");
    assert_eq!(site.choose(&view, "USDT_TRC20").await.location(), page_of(&view));
    assert_eq!(site.now(&view).await.asked().unwrap().means.code, chosen);
}

#[tokio::test]
async fn a_currency_whose_addresses_are_all_held_is_refused_kindly() {
    let site = StagedSite::open().await;
    // The stage gives a shop three live addresses on each network.
    for _ in 0..3 {
        let caller = site
            .stage
            .gateway
            .authenticate(&site.shop.live.key, None)
            .await
            .unwrap();
        let price = crate::domain::money::FiatAmount {
            currency: crate::domain::money::Fiat::Usd,
            minor: 100,
        };
        let request = CreateRequest::new(price, PayWith::asset("ethereum", "native"));
        site.stage.gateway.create(&caller, request).await.unwrap();
    }
    let view = site.payment(Origin::Api, &site.shop.live.key).await;
    let refused = site.choose(&view, "eth").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(
        refused
            .body
            .contains("Too many customers are paying with ETH on Ethereum just now"),
        "{}",
        refused.body
    );
    assert!(refused.body.contains("role=\"alert\""));
    // What is loaded next is the selection itself, not the answer to a form.
    let refresh = format!(
        "content=\"30; url=/crypto/pay/select?token={}\"",
        view.payment.token.as_str()
    );
    assert!(refused.body.contains(&refresh), "{}", refused.body);
    assert_eq!(site.choose(&view, "USDT_TRC20").await.location(), page_of(&view));
}

#[tokio::test]
async fn a_currency_that_is_not_offered_is_refused_and_the_others_are_offered() {
    let site = StagedSite::open().await;
    let view = site.selecting().await;
    for code in ["LTC", "", "%3Cscript%3E"] {
        let refused = site.choose(&view, code).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{code}");
        assert!(refused.body.contains("not offered any more"), "{}", refused.body);
        assert!(!refused.body.contains("<script>"));
    }
    for form in ["", "token=x", "code=BTC"] {
        assert_eq!(
            site.post("/pay/select", form).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    assert_eq!(
        site.post("/pay/select", "token=x&code=BTC").await.status,
        StatusCode::NOT_FOUND
    );
    let long = format!("token={}&code={}", view.payment.token.as_str(), "B".repeat(2000));
    assert_eq!(
        site.post("/pay/select", long).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn who_chose_nothing_in_time_is_told_so_without_amounts_before_and_after_the_engine_knows() {
    let mut site = StagedSite::open().await;
    let view = site.selecting().await;
    for status in [Status::Selecting, Status::Expired] {
        if status == Status::Selecting {
            site.stage.clock.advance(OVER);
        } else {
            site.stage.pass(Duration::from_secs(1)).await;
        }
        assert_eq!(site.now(&view).await.payment.status, status);
        assert_eq!(site.look(&view).await.location(), page_of(&view));
        assert_eq!(site.choose(&view, "BTC").await.location(), page_of(&view));
        let page = site.get(&page_of(&view)["/crypto".len()..]).await.body;
        assert!(page.contains("The time to choose is over"), "{page}");
        assert!(
            !page.contains(" BTC") && !page.contains(" USDT") && !page.contains("this address"),
            "{page}"
        );
        // Nothing was asked for, so nothing can come: it is over.
        assert!(
            page.contains("&#34;is_final&#34;:true") && !page.contains("http-equiv"),
            "{page}"
        );
        assert!(
            page.contains("href=\"https://shop.example/again\"") && page.contains("data-seconds=\"8\""),
            "{page}"
        );
    }
}

#[tokio::test]
async fn a_payment_that_was_cancelled_before_the_choice_names_no_address() {
    let site = StagedSite::open().await;
    let view = site.selecting().await;
    let caller = site
        .stage
        .gateway
        .authenticate(&site.shop.test.key, None)
        .await
        .unwrap();
    site.stage
        .gateway
        .cancel(&caller, &view.payment.number)
        .await
        .unwrap();
    assert_eq!(site.choose(&view, "BTC").await.location(), page_of(&view));
    let page = site.get(&page_of(&view)["/crypto".len()..]).await.body;
    assert!(
        page.contains("There is nothing to pay") && !page.contains("this address"),
        "{page}"
    );
}

#[tokio::test]
async fn what_a_url_says_of_language_and_frame_is_kept_through_the_flow() {
    let site = StagedSite::open().await;
    let view = site.payment(Origin::Widget, &site.shop.test.key).await;
    let token = view.payment.token.as_str();
    let kept = "lang=en&embed=1&origin=https%3A%2F%2Fshop.example";
    let to_choice = site.get(&format!("/pay/{token}?{kept}")).await;
    assert_eq!(
        to_choice.location(),
        format!("/crypto/pay/select?token={token}&{kept}")
    );
    assert_eq!(
        to_choice.ancestors(),
        "https://shop.example http://localhost:3000"
    );
    let page = site.get(&format!("/pay/select?token={token}&{kept}")).await.body;
    let escaped = kept.replace('&', "&#38;");
    for part in [
        format!("action=\"/crypto/pay/select?{escaped}\""),
        format!("data-page=\"/crypto/pay/select?token={token}&#38;{escaped}\""),
        format!("<a href=\"/crypto/pay/select?token={token}&#38;{escaped}\" lang=\"en\""),
        "data-parent=\"https://shop.example\"".to_owned(),
        "&#34;status&#34;:&#34;selecting&#34;".to_owned(),
        "&#34;amount&#34;:null".to_owned(),
        "class=\"embedded\"".to_owned(),
    ] {
        assert!(
            page.contains(&part) || site_has_one_language(&part),
            "{part} is missing in {page}"
        );
    }
    let chosen = site
        .post(
            &format!("/pay/select?{kept}"),
            format!("token={token}&code=USDT_TRC20"),
        )
        .await;
    assert_eq!(chosen.location(), format!("{}?{kept}", page_of(&view)));
    let page = site.get(&format!("/pay/{token}?{kept}")).await.body;
    assert!(
        page.contains(&format!("action=\"/crypto/pay/{token}/simulate?{escaped}\"")),
        "{page}"
    );
    assert!(
        page.contains("&#34;currency&#34;:&#34;USDT_TRC20&#34;")
            && page.contains("&#34;amount&#34;:&#34;50.00&#34;"),
        "{page}"
    );
    let played = site
        .post(&format!("/pay/{token}/simulate?{kept}"), "scenario=exact")
        .await;
    assert_eq!(played.location(), format!("{}?{kept}", page_of(&view)));
}

/// The chooser of languages is shown where there are two.
fn site_has_one_language(part: &str) -> bool {
    part.starts_with("<a href") && crate::web::text::languages().count() == 1
}

#[tokio::test]
async fn the_language_is_the_customers_else_the_stores() {
    let site = StagedSite::open().await;
    site.stage
        .change(&site.shop, |shop| shop.language = Some("en".to_owned()))
        .await;
    let view = site.selecting().await;
    let path = format!("/pay/select?token={}", view.payment.token.as_str());
    let request = Request::get(path)
        .header(header::ACCEPT_LANGUAGE, "tlh")
        .body(Body::empty());
    let reply = site.send(request.unwrap()).await;
    assert!(reply.body.contains("<html lang=\"en\">"));
}

#[tokio::test]
async fn a_store_that_accepts_nothing_any_more_has_a_page_that_says_whom_to_ask() {
    let site = StagedSite::open().await;
    let view = site.selecting().await;
    let manner = crate::web::checkout::manner::Manner::default();
    let shown = Shown {
        language: crate::web::text::choose(None, None, None),
        manner: &manner,
        framing: &crate::web::checkout::framing::Framing::Nobody,
        now: site.stage.now(),
        public_url: &url::Url::parse("https://pay.example").unwrap(),
        notice: None,
    };
    let page = select_page(&view, &[], &shown);
    assert!(
        page.contains("There is nothing to choose from just now"),
        "{page}"
    );
    assert!(!page.contains("<form"), "{page}");
}

#[tokio::test]
async fn a_chosen_payment_is_paid_as_any_other() {
    let mut site = StagedSite::open().await;
    let view = site.selecting().await;
    site.choose(&view, "USDT_TRC20").await;
    site.stage
        .play(&view, Scenario::Exact, Duration::from_secs(30))
        .await;
    assert_eq!(site.now(&view).await.payment.status, Status::Paid);
    let page = site.get(&page_of(&view)["/crypto".len()..]).await.body;
    assert!(page.contains("href=\"https://shop.example/thanks\""), "{page}");
}

#[tokio::test]
async fn who_chose_too_often_tries_again_on_the_page_of_the_same_payment() {
    let site = StagedSite::open().await;
    let view = site.selecting().await;
    let token = view.payment.token.as_str();
    let form = format!("token={token}&code=TRX");
    let path = "/pay/select?embed=1&lang=de";
    let mut reply = site.post(path, form.clone()).await;
    while reply.status == StatusCode::CONFLICT {
        reply = site.post(path, form.clone()).await;
    }
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    let link = format!("?token={token}&#38;lang=de&#38;embed=1");
    assert!(reply.body.contains(&format!("href=\"{link}\"")), "{}", reply.body);
    assert!(reply.body.contains("class=\"embedded\""), "{}", reply.body);
    let back = site
        .get(&format!("/pay/select{}", link.replace("&#38;", "&")))
        .await;
    assert_eq!(back.status, StatusCode::OK);
    assert!(back.body.contains("name=\"code\""), "{}", back.body);
}
