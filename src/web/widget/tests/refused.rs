//! What nobody gets, whatever the page says.

use super::*;

#[tokio::test]
async fn where_amounts_are_off_what_a_customer_changes_buys_nothing_for_less() {
    let site = Site::open(false).await;
    let (forbidden, wrong) = (StatusCode::FORBIDDEN, StatusCode::UNPROCESSABLE_ENTITY);
    let cases: &[(Fields<'_>, StatusCode, &str)] = &[
        (&[("amount", "0.01")], forbidden, "amount_not_allowed"),
        (
            &[("price", ""), ("amount", "0.01")],
            forbidden,
            "amount_not_allowed",
        ),
        (
            &[("fiat_amount", "0.01"), ("fiat_currency", "USD")],
            forbidden,
            "amount_not_allowed",
        ),
        (
            &[("price", "course"), ("amount", "0.01")],
            wrong,
            "invalid_request",
        ),
        (
            &[
                ("price", "course"),
                ("fiat_amount", "0.01"),
                ("fiat_currency", "USD"),
            ],
            wrong,
            "invalid_request",
        ),
        (&[("price", "Course")], wrong, "unknown_price"),
        (&[("price", "course ")], wrong, "unknown_price"),
        (&[("price", "nothing")], wrong, "unknown_price"),
        (&[("price", "course\u{0}")], wrong, "unknown_price"),
        (&[("price", "' OR 1=1 --")], wrong, "unknown_price"),
        (&[], wrong, "invalid_request"),
        (
            &[("price", "course"), ("order_id", "a\nb")],
            wrong,
            "invalid_request",
        ),
    ];
    for (fields, status, code) in cases {
        site.refuses(fields, *status, code).await;
    }
    let long = "x".repeat(256);
    site.refuses(
        &[("price", "course"), ("order_id", &long)],
        wrong,
        "invalid_request",
    )
    .await;
}

#[tokio::test]
async fn a_form_with_a_field_twice_is_not_understood() {
    let site = Site::open(true).await;
    let form = format!("{}&price=ebook", written(&site.fields(&[("price", "course")])));
    let reply = site.post(form, &[]).await;
    assert_eq!(reply.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let long = format!(
        "{}&x={}",
        written(&site.fields(&[("price", "course")])),
        "x".repeat(9000)
    );
    assert_eq!(
        site.post(long, &[]).await.status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(site.count().await, 0);
}

#[tokio::test]
async fn pages_that_may_not_start_payments_start_none() {
    let site = Site::open(true).await;
    let other = site.stage.shop(Dialect::CryptoPay).await;
    let price = ("price", "course");
    for origin in [
        "",
        "null",
        "https://evil.example",
        "https://shop.example/",
        "https://shop.example.evil.example",
        "http://shop.example",
        "https://SHOP.example",
        "*",
    ] {
        site.refuses(
            &[price, ("origin", origin)],
            StatusCode::FORBIDDEN,
            "origin_not_allowed",
        )
        .await;
    }
    for key in ["", "pk_00", &site.shop.test.secret] {
        site.refuses(&[price, ("key", key)], StatusCode::UNAUTHORIZED, "invalid_key")
            .await;
    }
    // Another store's pages are not open, and its key does not sell what this one does.
    site.refuses(
        &[price, ("key", &other.test.key)],
        StatusCode::FORBIDDEN,
        "not_open",
    )
    .await;
    site.set(false, true).await;
    site.refuses(&[price], StatusCode::FORBIDDEN, "not_open").await;
    site.set(true, true).await;
    let now = site.stage.now();
    site.stage
        .change(&site.shop, move |shop| shop.disabled_at = Some(now))
        .await;
    for reply in [site.frame(&[price]).await, site.create(&[price]).await] {
        assert_eq!(reply.status(), StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_form_that_another_sites_page_sends_makes_no_payment() {
    let site = Site::open(true).await;
    for from in ["cross-site", "same-site", "none"] {
        let form = written(&site.fields(&[("price", "course")]));
        let reply = site.post(form, &[("sec-fetch-site", from)]).await;
        assert_eq!(reply.status(), StatusCode::FORBIDDEN, "{from}");
    }
    assert_eq!(site.count().await, 0);
}

#[tokio::test]
async fn an_amount_that_is_none_is_refused() {
    let site = Site::open(true).await;
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    for amount in [
        "0",
        "0.00",
        "-1",
        "1e3",
        "NaN",
        "1,5",
        " 1",
        "0.001",
        "99999999999999999999999",
    ] {
        let fields = [("fiat_amount", amount), ("fiat_currency", "USD")];
        site.refuses(&fields, wrong, "invalid_amount").await;
    }
    for amount in ["0", "0.0000001", "-1", "Infinity", "1e-3"] {
        site.refuses(&[("amount", amount)], wrong, "invalid_amount").await;
    }
    for currency in ["", "XXX", "BTC", "US"] {
        let fields = [("fiat_amount", "5"), ("fiat_currency", currency)];
        site.refuses(&fields, wrong, "invalid_currency").await;
    }
}

#[tokio::test]
async fn who_starts_too_many_payments_or_guesses_keys_has_to_wait() {
    let mut site = Site::open(true).await;
    site.limits = Arc::new(Limits::new(site.stage.clock.clone()));
    let mut made = 0;
    let refused = loop {
        let reply = site.create(&[("price", "ebook")]).await;
        if reply.status() != StatusCode::SEE_OTHER {
            break reply;
        }
        made += 1;
        assert!(made < 1000, "nothing limits it");
    };
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers().contains_key(header::RETRY_AFTER));
    assert_eq!(site.count().await, made);

    site.limits = Arc::new(Limits::new(site.stage.clock.clone()));
    let mut wrong = 0;
    while site.frame(&[("price", "ebook"), ("key", "pk_00")]).await.status() == StatusCode::UNAUTHORIZED {
        wrong += 1;
        assert!(wrong < 1000, "nothing limits it");
    }
    let right = site.frame(&[("price", "ebook")]).await;
    assert_eq!(right.status(), StatusCode::TOO_MANY_REQUESTS);
}
