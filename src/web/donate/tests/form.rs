//! The page and its form.

use std::sync::Arc;

use axum::http::StatusCode;

use super::House;
use crate::web::limits::Limits;

#[tokio::test]
async fn the_form_leads_to_the_payment_and_keeps_language_and_frame() {
    let house = House::open().await;
    let fields = [
        ("preset", "25.00"),
        ("own", "7"),
        ("currency", "BTC"),
        ("donor_name", ""),
        ("donor_message", ""),
        ("embed", "1"),
        ("origin", "https://blog.example"),
        ("lang", "en"),
        ("amounts", "25"),
    ];
    let reply = house.post_form(&fields).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
    let (_, payment) = house.only().await;
    assert_eq!(
        reply.header("location"),
        format!(
            "/payd/pay/{}?lang=en&embed=1&origin=https%3A%2F%2Fblog.example",
            payment.token.as_str()
        )
    );
    assert_eq!(payment.price.fiat().unwrap().minor, 2500);
    assert_eq!(payment.order.description, "soko shop");
}

#[tokio::test]
async fn an_amount_of_ones_own_counts_when_it_was_chosen() {
    let house = House::open().await;
    for (preset, own, minor) in [("own", "7,5", 750), ("", " 3 ", 300), ("5.00", "7", 500)] {
        let fields = [("preset", preset), ("own", own), ("currency", "BTC")];
        let reply = house.post_form(&fields).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER);
        assert_eq!(house.donations().await[0].1.price.fiat().unwrap().minor, minor);
    }
}

#[tokio::test]
async fn a_form_with_a_mistake_comes_back_with_what_was_typed() {
    let house = House::open().await;
    let long = "x".repeat(501);
    for (fields, part) in [
        (
            vec![("preset", "own"), ("own", "")],
            "Choose an amount, or write your own.",
        ),
        (
            vec![("preset", "own"), ("own", "abc")],
            "Write the amount like 12.00.",
        ),
        (
            vec![("preset", "own"), ("own", "1,000")],
            "Write the amount like 12.00.",
        ),
        (
            vec![("preset", "own"), ("own", "0")],
            "The amount must be more than zero.",
        ),
        (
            vec![("preset", "5.00"), ("currency", "ETH")],
            "Choose what to pay with.",
        ),
        (
            vec![("preset", "5.00"), ("donor_message", &long)],
            "at most 500 characters",
        ),
    ] {
        let mut all = vec![("donor_name", "Ann \"B\""), ("text", "Help us"), ("embed", "1")];
        all.extend(&fields);
        let reply = house.post_form(&all).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(reply.body.contains(part), "{fields:?}");
        assert!(reply.body.contains("value=\"Ann &#34;B&#34;\"") && reply.body.contains("Help us"));
        assert!(reply.body.contains("embedded"));
        assert!(
            reply
                .header("content-security-policy")
                .contains("frame-ancestors https: http:")
        );
    }
    assert!(house.donations().await.is_empty());
}

#[tokio::test]
async fn a_page_is_shown_to_whoever_has_its_key_and_may_be_framed_by_any_site() {
    let house = House::open().await;
    for key in [&house.shop.test.key, &house.shop.live.key] {
        let reply = house.get(&format!("/donate/{key}")).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(
            reply.body.contains("no real money"),
            *key == house.shop.test.key,
            "the mode is the key's"
        );
        assert!(
            reply
                .header("content-security-policy")
                .contains("frame-ancestors https: http:")
        );
        assert!(!reply.headers.contains_key("x-frame-options"));
        assert_eq!(reply.header("cache-control"), "no-store");
        assert_eq!(reply.header("referrer-policy"), "no-referrer");
    }
}

#[tokio::test]
async fn the_stores_language_is_spoken_where_the_visitors_is_not() {
    let house = House::open().await;
    house
        .stage
        .change(&house.shop, |shop| shop.language = Some("de".to_owned()))
        .await;
    for (query, spoken) in [("?lang=tlh", "de"), ("?lang=ru", "ru"), ("", "de")] {
        let reply = house
            .get(&format!("/donate/{}{query}", house.shop.test.key))
            .await;
        assert!(
            reply.body.contains(&format!("<html lang=\"{spoken}\">")),
            "{query}"
        );
    }
}

#[tokio::test]
async fn a_form_that_is_answered_with_a_problem_leads_back_to_the_page_and_not_to_where_it_was_sent() {
    let mut house = House::open().await;
    house.limits = Arc::new(Limits::new(house.stage.clock.clone()));
    let fields = [("preset", "none"), ("embed", "1"), ("color", "#e11d48")];
    let mut reply = house.post_form(&fields).await;
    while reply.status == StatusCode::UNPROCESSABLE_ENTITY {
        reply = house.post_form(&fields).await;
    }
    assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
    let page = format!("/payd/donate/{}", house.shop.test.key);
    for link in [
        format!("href=\"{page}?color=%23e11d48&#38;embed=1\""),
        format!("href=\"{page}?lang=de&#38;color=%23e11d48&#38;embed=1\""),
        "class=\"embedded\"".to_owned(),
    ] {
        assert!(reply.body.contains(&link), "{link} is missing in {}", reply.body);
    }
    assert!(!reply.body.contains("href=\"\""), "{}", reply.body);
}
