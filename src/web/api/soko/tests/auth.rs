//! The headers of the page's "Authentication", and who tries to get round them.

use axum::http::header;

use super::*;

const BODY: &str = r#"{"amount":"100"}"#;

/// The page's own example, reckoned with openssl.
#[test]
fn the_pages_example_has_this_signature() {
    let signed = signature("your_api_secret", 1_700_000_000, "POST", CREATE, BODY);
    assert_eq!(
        signed,
        "a0fc1e317afb07540b05a9e23b11a9d61c401be66a51f26f3a6533077d1410f7"
    );
}

#[tokio::test]
async fn a_header_that_is_missing_or_malformed_or_sent_twice_is_a_401() {
    let rig = Rig::new().await;
    let long = "a".repeat(300);
    for (name, value) in [
        ("X-Api-Key", None),
        ("X-Timestamp", None),
        ("X-Signature", None),
        ("X-Api-Key", Some("")),
        ("X-Api-Key", Some("pk_unknown")),
        ("X-Api-Key", Some(&*long)),
        ("X-Timestamp", Some("")),
        ("X-Timestamp", Some("now")),
        ("X-Timestamp", Some("-1")),
        ("X-Timestamp", Some("+1800000000")),
        ("X-Timestamp", Some("1800000000.0")),
        ("X-Timestamp", Some("18000000000000000000000")),
        // Milliseconds.
        ("X-Timestamp", Some("1800000000000")),
        ("X-Signature", Some("")),
    ] {
        let mut request = rig.signed(&rig.shop.test, "POST", CREATE, BODY);
        match value {
            Some(value) => request.headers_mut().insert(name, value.parse().unwrap()),
            None => request.headers_mut().remove(name),
        };
        let reply = rig.send(request).await;
        assert_eq!(reply.error().0, 401, "{name}: {value:?}");
        assert!(reply.headers.contains_key(header::WWW_AUTHENTICATE));
    }
    for name in ["X-Api-Key", "X-Timestamp", "X-Signature"] {
        let mut request = rig.signed(&rig.shop.test, "POST", CREATE, BODY);
        let same = request.headers()[name].clone();
        request.headers_mut().append(name, same);
        let (status, error) = rig.send(request).await.error();
        assert_eq!((status, error), (401, format!("{name} was sent more than once")));
    }
    assert_eq!(rig.create(BODY).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_timestamp_is_good_for_five_minutes_either_way_and_no_longer() {
    let rig = Rig::new().await;
    for (off, status) in [
        (0, 200),
        (-300, 200),
        (300, 200),
        (-301, 401),
        (301, 401),
        (-1_000_000, 401),
    ] {
        let at = rig.now() + off;
        let signed = signature(&rig.shop.test.secret, at, "GET", LIST, "");
        let reply = rig
            .send(request(&rig.shop.test, at, &signed, "GET", LIST, ""))
            .await;
        assert_eq!(reply.status.as_u16(), status, "{off}: {reply:?}");
    }
    let zero = signature(&rig.shop.test.secret, 0, "GET", LIST, "");
    let reply = rig.send(request(&rig.shop.test, 0, &zero, "GET", LIST, "")).await;
    assert_eq!(reply.error().0, 401);
    // Also at the very beginning of payd's time.
    clock_of(&rig).set(seconds(10));
    let reply = rig.send(request(&rig.shop.test, 0, &zero, "GET", LIST, "")).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
}

#[tokio::test]
async fn a_signature_is_of_this_request_by_this_key_and_of_nothing_else() {
    let rig = Rig::new().await;
    let other = rig.stage.shop(Dialect::Payhook).await;
    let (key, now) = (&rig.shop.test, rig.now());
    let sign = |secret: &str, timestamp, method: &str, path: &str, body: &str| {
        signature(secret, timestamp, method, path, body)
    };
    let good = sign(&key.secret, now, "POST", CREATE, BODY);
    let truncated: Vec<&str> = vec![&good[..62], &good[..63], &good[..2], &good[2..]];
    let mut wrong = vec![
        (
            "shifted timestamp",
            sign(&key.secret, now - 1, "POST", CREATE, BODY),
        ),
        ("another method", sign(&key.secret, now, "GET", CREATE, BODY)),
        ("small letters", sign(&key.secret, now, "post", CREATE, BODY)),
        ("another path", sign(&key.secret, now, "POST", LIST, BODY)),
        (
            "closing slash",
            sign(&key.secret, now, "POST", "/api/v1/payment/create/", BODY),
        ),
        (
            "another body",
            sign(&key.secret, now, "POST", CREATE, r#"{"amount":"1"}"#),
        ),
        (
            "body with a space",
            sign(&key.secret, now, "POST", CREATE, r#"{"amount": "100"}"#),
        ),
        ("no body", sign(&key.secret, now, "POST", CREATE, "")),
        (
            "the live secret",
            sign(&rig.shop.live.secret, now, "POST", CREATE, BODY),
        ),
        (
            "another store's secret",
            sign(&other.test.secret, now, "POST", CREATE, BODY),
        ),
        ("no secret", sign("", now, "POST", CREATE, BODY)),
        ("the key", sign(&key.key, now, "POST", CREATE, BODY)),
        ("more than it", format!("{good}00")),
        ("with a prefix", format!("sha256={good}")),
        ("no hex", "z".repeat(64)),
        ("zeros", "0".repeat(64)),
    ];
    wrong.extend(truncated.into_iter().map(|part| ("truncated", part.to_owned())));
    for (what, signed) in wrong {
        let reply = rig.send(request(key, now, &signed, "POST", CREATE, BODY)).await;
        let (status, error) = reply.error();
        assert_eq!(status, 403, "{what}: {error}");
        assert!(error.starts_with("invalid signature"), "{what}: {error}");
    }
    // Test key with live secret and the other way round.
    let crossed = sign(&key.secret, now, "POST", CREATE, BODY);
    let reply = rig
        .send(request(&rig.shop.live, now, &crossed, "POST", CREATE, BODY))
        .await;
    assert_eq!(reply.error().0, 403);
    // Nothing of all that was taken.
    let count = rig.get(LIST).await.data()["pagination"]["total"].clone();
    assert_eq!(count, 0);
    let reply = rig.send(request(key, now, &good, "POST", CREATE, BODY)).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
}

#[tokio::test]
async fn hex_is_taken_in_both_cases_and_the_query_may_be_signed_or_not() {
    let rig = Rig::new().await;
    let now = rig.now();
    let capital = signature(&rig.shop.test.secret, now, "POST", CREATE, BODY).to_uppercase();
    let reply = rig
        .send(request(&rig.shop.test, now, &capital, "POST", CREATE, BODY))
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    let path = "/api/v1/payments?page=1&status=pending";
    for signed_path in [LIST, path] {
        let signed = signature(&rig.shop.test.secret, now, "GET", signed_path, "");
        let reply = rig
            .send(request(&rig.shop.test, now, &signed, "GET", path, ""))
            .await;
        assert_eq!(
            reply.data()["payments"].as_array().unwrap().len(),
            1,
            "{signed_path}"
        );
    }
    let signed = signature(&rig.shop.test.secret, now, "GET", "/api/v1/payments?page=1", "");
    let reply = rig
        .send(request(&rig.shop.test, now, &signed, "GET", path, ""))
        .await;
    assert_eq!(reply.error().0, 403, "half of the query");
}

#[tokio::test]
async fn a_signed_create_is_taken_once_and_a_signed_question_as_often_as_it_is_asked() {
    let rig = Rig::new().await;
    let now = rig.now();
    let good = signature(&rig.shop.test.secret, now, "POST", CREATE, BODY);
    let again = || request(&rig.shop.test, now, &good, "POST", CREATE, BODY);
    assert_eq!(rig.send(again()).await.status, StatusCode::OK);
    for _ in 0..2 {
        let (status, error) = rig.send(again()).await.error();
        assert_eq!(status, 403);
        assert!(error.contains("used already"), "{error}");
    }
    // The same in other letters, and over another query, is the same.
    let capital = good.to_uppercase();
    for (signed, path) in [(&capital, CREATE), (&good, "/api/v1/payment/create?again")] {
        let reply = rig
            .send(request(&rig.shop.test, now, signed, "POST", path, BODY))
            .await;
        assert_eq!(reply.error().0, 403, "{reply:?}");
    }
    // As long as its time is good, and then its time is over.
    clock_of(&rig).advance(Duration::from_secs(300));
    assert_eq!(rig.send(again()).await.error().0, 403);
    clock_of(&rig).advance(Duration::from_secs(1));
    assert_eq!(rig.send(again()).await.error().0, 401);
    assert_eq!(rig.get(LIST).await.data()["pagination"]["total"], 1);
    for path in [LIST, BALANCE] {
        let ask = || rig.signed(&rig.shop.test, "GET", path, "");
        assert_eq!(rig.send(ask()).await.status, StatusCode::OK);
        assert_eq!(rig.send(ask()).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_path_is_signed_as_it_is_sent_whatever_is_in_it() {
    let rig = Rig::new().await;
    for path in [
        "/api/v1/payment/%E2%82%AC",
        "/api/v1/payment/%e2%82%ac",
        "/api/v1/payment/a%2Fb",
        "/api/v1/payment/a%20b",
        "/api/v1/payment/%FF",
        "/api/v1/payment/a+b",
    ] {
        let (status, error) = rig.get(path).await.error();
        assert_eq!((status, &*error), (404, "payment not found"), "{path}");
    }
    // What it means is not what was signed.
    for (sent, signed_path) in [
        ("/api/v1/payment/%E2%82%AC", "/api/v1/payment/€"),
        ("/api/v1/payment/%E2%82%AC", "/api/v1/payment/%e2%82%ac"),
        ("/api/v1/payment/a%20b", "/api/v1/payment/a b"),
    ] {
        let signed = signature(&rig.shop.test.secret, rig.now(), "GET", signed_path, "");
        let reply = rig
            .send(request(&rig.shop.test, rig.now(), &signed, "GET", sent, ""))
            .await;
        assert_eq!(reply.error().0, 403, "{sent}");
    }
}

#[tokio::test]
async fn a_body_of_unicode_is_signed_byte_for_byte() {
    let rig = Rig::new().await;
    let body = r#"{"amount":"5","order_id":"Заказ № 7 ☕","metadata":{"é":"\u00e9"}}"#;
    let view = rig.made(body).await;
    assert_eq!(view.payment.order.external_id, "Заказ № 7 ☕");
    let decomposed = body.replace('é', "e\u{301}");
    let signed = signature(&rig.shop.test.secret, rig.now(), "POST", CREATE, body);
    let reply = rig
        .send(request(
            &rig.shop.test,
            rig.now(),
            &signed,
            "POST",
            CREATE,
            &decomposed,
        ))
        .await;
    assert_eq!(reply.error().0, 403);
}

#[tokio::test]
async fn a_suspended_store_is_refused_but_only_who_holds_its_secret_is_told() {
    let rig = Rig::new().await;
    rig.stage
        .change(&rig.shop, |shop| shop.disabled_at = Some(seconds(1)))
        .await;
    for (method, path, body) in [("POST", CREATE, BODY), ("GET", LIST, ""), ("GET", BALANCE, "")] {
        let (status, error) = rig.call(method, path, body).await.error();
        assert_eq!(status, 403);
        assert!(error.contains("suspended"), "{error}");
        let wrong = "0".repeat(64);
        let (status, error) = rig
            .send(request(&rig.shop.test, rig.now(), &wrong, method, path, body))
            .await
            .error();
        assert_eq!(status, 403);
        assert!(error.starts_with("invalid signature"), "{error}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_long_is_not_taken() {
    let rig = Rig::new().await;
    let body = format!(r#"{{"amount":"1","x":"{}"}}"#, "a".repeat(BODY_BYTES_MAX));
    assert_eq!(rig.create(&body).await.error().0, 413);
}
