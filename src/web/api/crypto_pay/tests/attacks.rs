//! Signatures that are not those of the body, and addresses that only look like the project's.

use std::net::Ipv4Addr;
use std::time::Duration;

use super::*;

#[tokio::test]
async fn a_signature_is_of_these_bytes_under_the_secret_of_this_key_or_it_is_refused() {
    let (stage, shop, routes) = project().await;
    let other = stage.shop(Dialect::UsdtPayments).await;
    let good = signature(&shop.live.secret, EXAMPLE.as_bytes());
    let changed = EXAMPLE.replace("50.00", "5.000");
    let of = |secret: &str| signature(secret, EXAMPLE.as_bytes());
    for (what, key, signature, body) in [
        ("the body changed", &shop.live.key, good.clone(), &*changed),
        (
            "a space added",
            &shop.live.key,
            good.clone(),
            &format!("{EXAMPLE} "),
        ),
        ("the body gone", &shop.live.key, good.clone(), ""),
        (
            "a live key, the test secret",
            &shop.live.key,
            of(&shop.test.secret),
            EXAMPLE,
        ),
        (
            "a test key, the live secret",
            &shop.test.key,
            good.clone(),
            EXAMPLE,
        ),
        (
            "another shop's secret",
            &shop.live.key,
            of(&other.live.secret),
            EXAMPLE,
        ),
        ("another shop's key", &other.live.key, good.clone(), EXAMPLE),
        ("no secret", &shop.live.key, of(""), EXAMPLE),
        (
            "the key for a secret",
            &shop.live.key,
            of(&shop.live.key),
            EXAMPLE,
        ),
        ("truncated", &shop.live.key, good[..62].to_owned(), EXAMPLE),
        (
            "half a byte short",
            &shop.live.key,
            good[..63].to_owned(),
            EXAMPLE,
        ),
        ("longer", &shop.live.key, format!("{good}00"), EXAMPLE),
        ("prefixed", &shop.live.key, format!("sha256={good}"), EXAMPLE),
        (
            "spaced",
            &shop.live.key,
            format!("{} {}", &good[..32], &good[32..]),
            EXAMPLE,
        ),
        ("not hex", &shop.live.key, "z".repeat(64), EXAMPLE),
        ("zeros", &shop.live.key, "0".repeat(64), EXAMPLE),
        ("empty", &shop.live.key, String::new(), EXAMPLE),
        (
            "of nothing",
            &shop.live.key,
            super::signature(&shop.live.secret, b""),
            EXAMPLE,
        ),
    ] {
        let refused = post(&routes, key, &signature, body).await.refused();
        assert_eq!(refused, (401, "Invalid signature".to_owned()), "{what}");
    }
    for signature in [good.clone(), good.to_uppercase()] {
        let answer = post(&routes, &shop.live.key, &signature, EXAMPLE).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    }
}

#[tokio::test]
async fn a_missing_or_doubled_header_is_no_header() {
    let (_stage, shop, routes) = project().await;
    let good = signature(&shop.live.secret, EXAMPLE.as_bytes());
    let (key, signed) = (("x-api-key", &*shop.live.key), ("x-signature", &*good));
    for (headers, error) in [
        (vec![], "Invalid API key"),
        (vec![signed], "Invalid API key"),
        (vec![key, key, signed], "Invalid API key"),
        (vec![("x-api-key", ""), signed], "Invalid API key"),
        (vec![key], "Invalid signature"),
        (vec![key, signed, signed], "Invalid signature"),
    ] {
        let mut request = Request::post(CREATE);
        for (name, value) in &headers {
            request = request.header(*name, *value);
        }
        let answer = send(&routes, request.body(Body::from(EXAMPLE)).unwrap()).await;
        assert_eq!(answer.refused(), (401, error.to_owned()), "{headers:?}");
        assert!(answer.headers.contains_key(header::WWW_AUTHENTICATE));
    }
}

#[tokio::test]
async fn a_status_call_is_signed_too() {
    let (_stage, shop, routes) = project().await;
    let id = create(&routes, &shop.test, EXAMPLE).await.payment_id();
    for (secret, signed, status) in [
        (&shop.test.secret, "", 200),
        (&shop.live.secret, "", 401),
        (&shop.test.secret, &*format!("payment_id={id}"), 401),
    ] {
        let request = Request::get(format!("{STATUS}?payment_id={id}"))
            .header("X-API-Key", &shop.test.key)
            .header("X-Signature", signature(secret, signed.as_bytes()));
        let answer = send(&routes, request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, status, "{signed}");
    }
}

#[tokio::test]
async fn customers_are_sent_to_the_projects_own_domain_and_nowhere_else() {
    let (_stage, shop, routes) = project().await;
    for url in [
        "https://merchant-site.com.evil.com/success",
        "https://merchant-site.com@evil.com/",
        "https://merchant-site.com:443@evil.com/",
        "https://evil.com\\@merchant-site.com/",
        "https://evil.com#@merchant-site.com/",
        "https://user@merchant-site.com/",
        "https://pay.merchant-site.com/",
        "https://merchant-site.com./",
        "https:\\\\merchant-site.com/",
        "https:///merchant-site.com/",
        "//merchant-site.com/",
        "javascript://merchant-site.com/%0aalert(1)",
        "javascript:alert(1)",
        "https://merch\u{430}nt-site.com/",
        " https://merchant-site.com/",
        "https://merchant-site.com/\r\nSet-Cookie: a=b",
    ] {
        for (field, error) in [
            (
                "success_url",
                "Success URL domain does not match project website.",
            ),
            ("fail_url", "Fail URL domain does not match project website."),
        ] {
            let answer = create(&routes, &shop.test, &example_with(&json!({ field: url }))).await;
            assert_eq!(answer.refused(), (422, error.to_owned()), "{url}");
        }
    }
}

#[tokio::test]
async fn who_tries_keys_or_signatures_is_told_to_wait() {
    let (stage, shop, routes) = project().await;
    let (guesser, merchant) = (Ipv4Addr::new(203, 0, 113, 1), Ipv4Addr::new(203, 0, 113, 2));
    let good = signature(&shop.live.secret, EXAMPLE.as_bytes());
    let call = async |client: Ipv4Addr, key: &str, signature: &str| {
        let request = Request::post(CREATE)
            .header("x-api-key", key)
            .header("x-signature", signature);
        let request = request.body(Body::from(EXAMPLE)).unwrap();
        send_from(&routes, client, request).await
    };
    for attempt in 0..20 {
        let key = if attempt % 2 == 0 {
            "pk_nobody"
        } else {
            &shop.live.key
        };
        assert_eq!(call(guesser, key, &"0".repeat(64)).await.refused().0, 401);
    }
    for key in ["pk_nobody", &shop.live.key] {
        let answer = call(guesser, key, &good).await;
        assert_eq!(answer.refused().0, 429);
        assert_eq!(answer.headers[header::RETRY_AFTER], "3");
    }
    assert_eq!(call(merchant, &shop.live.key, &good).await.status, StatusCode::OK);
    stage.clock.advance(Duration::from_secs(3));
    assert_eq!(call(guesser, &shop.live.key, &good).await.status, StatusCode::OK);
}
