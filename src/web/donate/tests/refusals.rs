//! Where nothing is to be had: closed pages, unknown keys, too many calls; and who may call from where.

use super::*;

#[tokio::test]
async fn where_there_is_no_page_it_is_said_to_people_and_to_programs() {
    let house = House::with(DonationPage::default()).await;
    let key = house.shop.test.key.clone();
    let closed = house.get(&format!("/donate/{key}")).await;
    assert_eq!(closed.status, StatusCode::NOT_FOUND);
    assert!(closed.body.contains("No donations at the moment") && !closed.body.contains("payd donation set"));
    let closed = house.post(json!({ "fiat_amount": 1 })).await;
    assert_eq!(closed.status, StatusCode::FORBIDDEN);
    assert!(closed.error().contains("takes no donations"));

    for key in ["pk_unknown", "x", &"x".repeat(300), "%00", "%22%3E%3Cscript%3E"] {
        let unknown = house.get(&format!("/donate/{key}")).await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND, "{key}");
        assert!(
            unknown.body.contains("No such page")
                && !unknown.body.contains("%22")
                && !unknown.body.contains("\"><script")
        );
    }
}

#[tokio::test]
async fn a_store_that_is_switched_off_takes_no_donations() {
    let house = House::open().await;
    let now = house.stage.now();
    house
        .stage
        .change(&house.shop, move |shop| shop.disabled_at = Some(now))
        .await;
    assert_eq!(
        house.post(json!({ "fiat_amount": 1 })).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn what_cannot_be_paid_just_now_is_said_with_a_time_to_come_back() {
    let house = House::open().await;
    house.stage.accept(&house.shop, &["USDT_TRC20"]).await;
    // A live shop of the stage has three addresses.
    for _ in 0..3 {
        let body = json!({ "api_key": house.shop.live.key, "fiat_amount": 1 });
        let made = house.post(body).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    }
    let body = json!({ "api_key": house.shop.live.key, "fiat_amount": 1 });
    let reply = house.post(body).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE, "{}", reply.body);
    assert_eq!(reply.header("retry-after"), "5");
    let form = format!("api_key={}&preset=5.00&donor_name=Ann", house.shop.live.key);
    let reply = house.post_as("application/x-www-form-urlencoded", form).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(reply.body.contains("Please try again in a minute") && reply.body.contains("value=\"Ann\""));
}

#[tokio::test]
async fn who_gives_too_often_or_guesses_keys_is_told_to_wait() {
    let mut house = House::open().await;
    house.limits = Arc::new(Limits::new(house.stage.clock.clone()));
    let gift = json!({ "fiat_amount": 1, "currency": "BTC" });
    let mut made = 0;
    let refused = loop {
        let reply = house.post(gift.clone()).await;
        if reply.status != StatusCode::OK {
            break reply;
        }
        made += 1;
    };
    assert_eq!((refused.status, made), (StatusCode::TOO_MANY_REQUESTS, 10));
    assert!(refused.error().contains("too many requests"));
    assert!(refused.header("retry-after").parse::<u32>().unwrap() > 0);
    let form = house
        .post_form(&[("preset", "5.00"), ("currency", "BTC"), ("donor_name", "Ann")])
        .await;
    assert_eq!(form.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(form.body.contains("value=\"Ann\"") && form.body.contains("Please wait a moment"));
    assert_eq!(house.donations().await.len(), made);
    house.stage.clock.advance(Duration::from_secs(60));
    assert_eq!(house.post(gift).await.status, StatusCode::OK);

    let mut guesses = 0;
    while house.get("/donate/pk_guess").await.status == StatusCode::NOT_FOUND {
        guesses += 1;
    }
    assert_eq!(guesses, 30);
    let page = house.get(&format!("/donate/{}", house.shop.test.key)).await;
    assert_eq!(
        page.status,
        StatusCode::TOO_MANY_REQUESTS,
        "a right guess is not told from a wrong one"
    );
    assert!(!page.header("retry-after").is_empty());
}

#[tokio::test]
async fn pages_of_other_sites_may_make_a_donation_and_do_nothing_else() {
    let house = House::open().await;
    let origin = |request: axum::http::request::Builder| request.header("origin", "https://blog.example");
    let body = json!({ "api_key": house.shop.test.key, "fiat_amount": 1, "currency": "BTC" }).to_string();
    let made = house
        .send(origin(Request::post("/donate/create")).body(body.into()).unwrap())
        .await;
    assert_eq!(
        (made.status, made.header("access-control-allow-origin")),
        (StatusCode::OK, "*")
    );
    let asks = origin(Request::options("/donate/create"))
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type");
    let asked = house.send(asks.body(Body::empty()).unwrap()).await;
    assert_eq!(asked.header("access-control-allow-headers"), "content-type");
    let page = origin(Request::get(format!("/donate/{}", house.shop.test.key)));
    let page = house.send(page.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (page.status, page.header("access-control-allow-origin")),
        (StatusCode::OK, "")
    );
}
