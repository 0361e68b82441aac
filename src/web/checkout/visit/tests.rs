//! The names under which a payment is found, and who may show it in a frame.

use axum::http::header::{CONTENT_LENGTH, X_FRAME_OPTIONS};
use axum::http::{HeaderMap, StatusCode};

use crate::domain::ids::PaymentCode;
use crate::domain::payment::Origin;
use crate::web::checkout::staged::{Reply, StagedSite, page_of};

/// What must be the same for all that is not found. The date is not set here.
fn shape(reply: &Reply) -> (StatusCode, HeaderMap, String) {
    (reply.status, reply.headers.clone(), reply.body.clone())
}

#[tokio::test]
async fn a_payment_is_found_under_each_of_its_public_names() {
    let site = StagedSite::open().await;
    let view = site.selecting().await;
    site.choose(&view, "USDT_TRC20").await;
    let (token, uuid, code) = (
        view.payment.token.as_str(),
        view.payment.uuid.as_str(),
        view.payment.code,
    );
    let by_token = site.get(&format!("/pay/{token}")).await;
    assert_eq!(by_token.status, StatusCode::OK);
    for path in [
        format!("/pay/{uuid}"),
        format!("/pay/{}", uuid.to_uppercase()),
        format!("/pay/?id={code}"),
        format!("/pay?id={code}"),
        format!("/pay/?lang=xx&id={code}"),
    ] {
        assert_eq!(shape(&site.get(&path).await), shape(&by_token), "{path}");
    }
    let by_uuid = site
        .post(&format!("/pay/{uuid}/simulate"), "scenario=exact")
        .await;
    assert_eq!(by_uuid.location(), page_of(&view));
    assert_eq!(
        site.get(&format!("/pay/{uuid}/status")).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn what_names_nothing_and_what_names_nobody_are_answered_alike() {
    let site = StagedSite::open().await;
    let view = site.selecting().await;
    let unknown = site.get(&format!("/pay/{}", "0".repeat(64))).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(unknown.body.contains("No such payment"));
    let nobody = PaymentCode::new(view.payment.code.get() ^ 1).unwrap();
    for path in [
        "/pay/x".to_owned(),
        "/pay/00000000-0000-4000-8000-000000000000".to_owned(),
        "/pay/".to_owned(),
        "/pay".to_owned(),
        "/pay/select".to_owned(),
        format!("/pay/{}", view.payment.code),
        format!("/pay/{}", view.payment.number),
    ] {
        assert_eq!(shape(&site.get(&path).await), shape(&unknown), "{path}");
    }
    // Enough to be forgiven for what was asked so far.
    site.stage.clock.advance(std::time::Duration::from_secs(60));
    // What the URL says of itself is kept in the links to other languages, and nothing else differs.
    for query in [
        format!("id={nobody}"),
        "id=".to_owned(),
        "id=-1".to_owned(),
        "id=1e3".to_owned(),
        "id=9007199254740992".to_owned(),
        "token=x".to_owned(),
        format!("token={}", "0".repeat(64)),
        format!("token={}", view.payment.uuid.as_str()),
        format!("id={}", view.payment.token.as_str()),
    ] {
        for path in ["/pay/", "/pay/select"] {
            let reply = site.get(&format!("{path}?{query}")).await;
            let mut headers = reply.headers.clone();
            headers.insert(CONTENT_LENGTH, unknown.headers[CONTENT_LENGTH].clone());
            assert_eq!(
                (reply.status, &headers),
                (unknown.status, &unknown.headers),
                "{path}?{query}"
            );
            assert_eq!(
                reply.body.replace(&format!("?{query}&#38;lang"), "?lang"),
                unknown.body,
                "{path}?{query}"
            );
        }
    }
    for path in [
        "/pay/x/status",
        "/pay/00000000-0000-4000-8000-000000000000/events",
    ] {
        assert_eq!(site.get(path).await.body, r#"{"error":"not_found"}"#, "{path}");
    }
    assert_eq!(
        site.post("/pay/x/simulate", "scenario=exact").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_payment_may_be_framed_by_whom_its_origin_allows_on_every_page_of_the_flow() {
    let site = StagedSite::open().await;
    for (origin, ancestors) in [
        (Origin::Api, "'none'"),
        (Origin::Widget, "https://shop.example http://localhost:3000"),
        (Origin::Donation, "https: http:"),
    ] {
        let view = site.payment(origin, &site.shop.test.key).await;
        let path = format!("/pay/{}", view.payment.token.as_str());
        let replies = [
            site.get(&path).await,
            site.look(&view).await,
            site.choose(&view, "TRX").await,
            site.choose(&view, "BTC").await,
            site.get(&path).await,
            site.post(&format!("{path}/simulate"), "scenario=reorg").await,
            site.post(&format!("{path}/simulate"), "scenario=none").await,
            site.post(&format!("{path}/simulate"), "scenario=exact").await,
        ];
        for reply in replies {
            assert_eq!(reply.ancestors(), ancestors, "{origin} {}", reply.status);
            assert_eq!(
                reply.headers.contains_key(X_FRAME_OPTIONS),
                origin == Origin::Api,
                "{origin}"
            );
            assert!(
                !reply.headers["content-security-policy"]
                    .to_str()
                    .unwrap()
                    .contains("unsafe")
            );
        }
    }
}

#[tokio::test]
async fn a_shop_whose_widget_is_switched_off_is_framed_by_nobody() {
    let site = StagedSite::open().await;
    let view = site.payment(Origin::Widget, &site.shop.test.key).await;
    site.stage
        .set_widget(&site.shop, crate::domain::widget::Widget::default(), Vec::new())
        .await;
    let reply = site.look(&view).await;
    assert_eq!(reply.ancestors(), "'none'");
    assert_eq!(reply.headers[X_FRAME_OPTIONS], "DENY");
}

#[tokio::test]
async fn only_an_origin_that_may_frame_a_payment_is_spoken_to() {
    let site = StagedSite::open().await;
    for (origin, parent, is_told) in [
        (Origin::Widget, "https%3A%2F%2Fshop.example", true),
        (Origin::Widget, "https%3A%2F%2Fevil.example", false),
        (Origin::Widget, "*", false),
        (Origin::Donation, "https%3A%2F%2Fblog.example", true),
        (Origin::Donation, "*", false),
        (Origin::Api, "https%3A%2F%2Fshop.example", false),
    ] {
        let view = site.payment(origin, &site.shop.test.key).await;
        let token = view.payment.token.as_str();
        let path = format!("/pay/select?token={token}&embed=1&origin={parent}");
        let page = site.get(&path).await.body;
        for part in ["data-parent=\"", "data-payment=\"", "checkout/embed.js"] {
            assert_eq!(page.contains(part), is_told, "{origin} {parent} {part}");
        }
        assert_eq!(
            page.contains("class=\"embedded\""),
            origin != Origin::Api,
            "{origin}"
        );
        // Without embed=1 there is nobody to speak to.
        let page = site.get(&path.replace("embed=1", "embed=0")).await.body;
        assert!(!page.contains("data-parent"), "{origin} {parent}");
    }
}

#[tokio::test]
async fn who_guesses_is_told_to_wait_and_who_knows_is_let_in() {
    let site = StagedSite::open().await;
    let view = site.selecting().await;
    site.choose(&view, "BTC").await;
    for _ in 0..30 {
        assert_eq!(site.get("/pay/?id=1").await.status, StatusCode::NOT_FOUND);
    }
    for path in [
        format!("/pay/?id={}", view.payment.code),
        "/pay/?id=1".to_owned(),
        "/pay/x".to_owned(),
    ] {
        let refused = site.get(&path).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        assert_eq!(refused.headers["retry-after"], "2");
        assert!(refused.body.contains("Please wait a moment"), "{}", refused.body);
    }
    for name in [view.payment.token.as_str(), view.payment.uuid.as_str()] {
        assert_eq!(site.get(&format!("/pay/{name}")).await.status, StatusCode::OK);
    }
    site.stage.clock.advance(std::time::Duration::from_secs(2));
    let path = format!("/pay/?id={}", view.payment.code);
    assert_eq!(site.get(&path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_chooses_too_often_is_told_to_wait() {
    let site = StagedSite::open().await;
    let view = site.selecting().await;
    for _ in 0..10 {
        assert_eq!(site.choose(&view, "TRX").await.status, StatusCode::CONFLICT);
    }
    assert_eq!(
        site.choose(&view, "BTC").await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    assert!(site.now(&view).await.asked().is_none());
    site.stage.clock.advance(std::time::Duration::from_secs(6));
    assert_eq!(site.choose(&view, "BTC").await.location(), page_of(&view));
}
