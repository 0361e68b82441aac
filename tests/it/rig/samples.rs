//! The pages' programs and the handlers, against peers that do as the pages say.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use time::OffsetDateTime;

use crate::harness::daemon::Key;
use crate::harness::pages;
use crate::harness::receiver::{Behaviour, Received, Receiver};
use crate::harness::samples::{Handled, Language, Place, Sample, Served};

const SECRET: &str = "sk_test_of_this_test";
const APP_KEY: &str = "AAH/bm90IHRleHQAgA==";

fn key() -> Key {
    Key {
        api_key: "pk_test_of_this_test".to_owned(),
        api_secret: SECRET.to_owned(),
    }
}

fn hmac_hex(key: &[u8], signed: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(signed);
    hex::encode(mac.finalize().into_bytes())
}

/// A gateway that answers every request like this.
async fn gateway(reply: &Value) -> Receiver {
    let gateway = Receiver::start().await;
    gateway.always(Behaviour::Page("application/json", reply.to_string()));
    gateway
}

async fn only_request(gateway: &Receiver) -> Received {
    let mut all = gateway.wait_for(1).await;
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

#[tokio::test]
async fn sokos_programs_sign_as_the_page_says_and_print_where_to_pay() {
    let reply = json!({ "success": true, "data": { "payment_url": "https://shop.example/pay/1" } });
    for program in pages::SOKO_CREATE {
        let gateway = gateway(&reply).await;
        let ran = pages::soko_create(program, &gateway.url(""), &key()).run().await;
        let printed = ran.printed();
        match program {
            "create.sh" => assert_eq!(serde_json::from_str::<Value>(printed).unwrap(), reply),
            _ => assert_eq!(printed, "https://shop.example/pay/1", "{program}"),
        }
        let asked = only_request(&gateway).await;
        assert_eq!(
            (asked.method.as_str(), asked.path.as_str()),
            ("POST", "/api/v1/payment/create"),
            "{program}"
        );
        assert_eq!(
            asked.header("x-api-key"),
            Some("pk_test_of_this_test"),
            "{program}"
        );
        let time = asked.header("x-timestamp").unwrap();
        let signed = [time.as_bytes(), b"POST/api/v1/payment/create", &asked.body].concat();
        let expected = hmac_hex(SECRET.as_bytes(), &signed);
        assert_eq!(asked.header("x-signature"), Some(&*expected), "{program}");
        assert_eq!(asked.json()["amount"], "100.00", "{program}");
    }
}

#[tokio::test]
async fn the_php_pages_sign_the_body_and_lead_the_customer_on_or_show_the_error() {
    for create in [pages::crypto_pay_create, pages::usdt_payments_create] {
        let url = "https://shop.example/pay/?id=123";
        let gateway = gateway(&json!({ "ok": true, "payment": { "payment_url": url } })).await;
        let page = create(&gateway.url(""), &key()).serve().await;
        let (status, location, _) = page.open().await;
        assert_eq!((status, location.as_deref()), (302, Some(url)));
        let asked = only_request(&gateway).await;
        assert_eq!(
            (asked.method.as_str(), asked.path.as_str()),
            ("POST", "/api/create-payment.php")
        );
        assert_eq!(asked.header("x-api-key"), Some("pk_test_of_this_test"));
        let expected = hmac_hex(SECRET.as_bytes(), &asked.body);
        assert_eq!(asked.header("x-signature"), Some(&*expected));
        assert_eq!(asked.json()["order_id"], "ORDER_12345");

        gateway.always(Behaviour::Page(
            "application/json",
            json!({ "ok": false, "error": "Invalid signature" }).to_string(),
        ));
        let (_, location, text) = page.open().await;
        assert_eq!((location, text.as_str()), (None, "API error: Invalid signature"));
    }
}

#[tokio::test]
async fn cryptopayments_programs_bear_the_key_and_lead_to_the_checkout() {
    let url = "https://shop.example/pay/550e8400";
    for program in pages::CRYPTOPAYMENT_CREATE {
        let gateway = gateway(&json!({ "success": true, "checkout_url": url })).await;
        let sample = pages::cryptopayment_create(program, &gateway.url(""), &key());
        let led_to = match program {
            "create.php" => sample.serve().await.open().await.1.unwrap(),
            _ => sample.run().await.printed().to_owned(),
        };
        assert_eq!(led_to, url, "{program}");
        let asked = only_request(&gateway).await;
        assert_eq!(
            (asked.method.as_str(), asked.path.as_str()),
            ("POST", "/api/v1/invoices"),
            "{program}"
        );
        let bearer = format!("Bearer pk_test_of_this_test:{SECRET}");
        assert_eq!(asked.header("authorization"), Some(&*bearer), "{program}");
        let body = asked.json();
        assert_eq!(
            (&body["network"], body["amount_usd"].as_f64()),
            (&json!("trc20"), Some(50.0)),
            "{program}"
        );
    }
}

#[tokio::test]
async fn a_program_that_fails_is_not_taken_for_one_that_ran() {
    let gateway = gateway(&json!({ "success": false, "error": "no" })).await;
    for program in ["create.php", "create.py", "create.js"] {
        let ran = pages::soko_create(program, &gateway.url(""), &key()).run().await;
        let printed = std::panic::catch_unwind(|| ran.printed().to_owned());
        assert!(printed.is_err(), "{program} printed {printed:?}");
    }
}

/// A webhook as the page of `dialect` describes it, signed at `at`.
fn webhook(dialect: &str, at: i64, secret: &[u8]) -> Handled {
    let mut told = json!({ "event": "payment.confirmed", "invoice_id": "550e8400", "status": "confirmed" });
    told["order_id"] = json!("ORD-1");
    told["amount_usd"] = json!(50);
    told["signature"] = json!(hmac_hex(secret, b"550e8400.payment.confirmed"));
    let body = told.to_string().into_bytes();
    let time = at.to_string();
    let signed = |between: &str| hmac_hex(secret, &[time.as_bytes(), between.as_bytes(), &body].concat());
    let header = |name: &str, value: String| (name.to_owned(), value);
    let headers = match dialect {
        "payhook" => vec![header(
            "x-payhook-signature",
            format!("t={at},v1={}", signed(".")),
        )],
        "soko" => vec![
            header("x-timestamp", time.clone()),
            header("x-signature", signed("")),
        ],
        "crypto-pay" | "usdt-payments" => vec![header("x-signature", hmac_hex(secret, &body))],
        "cryptopayment" => Vec::new(),
        _ => panic!("no such dialect: {dialect}"),
    };
    Handled {
        headers,
        body,
        status: 0,
    }
}

/// The handler takes what is signed with the secret and nothing else.
async fn assert_judges(handler: &Served, dialect: &str, secret: &[u8], refused: u16) {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let genuine = webhook(dialect, now, secret);
    assert_eq!(
        handler.send_again(&genuine, |_, _| ()).await,
        200,
        "{dialect}: {}",
        handler.stderr()
    );
    let changed = handler.send_again(&genuine, |_, body| {
        let at = body.windows(4).position(|four| four == b"550e").unwrap();
        body[at] = b'6';
    });
    assert_eq!(changed.await, refused, "{dialect}: a changed body");
    let foreign = webhook(dialect, now, b"another secret");
    assert_eq!(
        handler.send_again(&foreign, |_, _| ()).await,
        refused,
        "{dialect}: another secret"
    );
    let handled = handler.handled();
    let statuses: Vec<u16> = handled.iter().map(|one| one.status).collect();
    assert_eq!(statuses, [200, refused, refused], "{dialect}");
    assert_eq!(handled[0].body, genuine.body, "{dialect}");
    for header in &genuine.headers {
        assert!(handled[0].headers.contains(header), "{dialect}: {handled:?}");
    }
}

#[tokio::test]
async fn the_pages_handlers_judge_a_signature_by_their_pages_rule() {
    let soko = pages::soko_webhook(SECRET).serve().await;
    assert_judges(&soko, "soko", SECRET.as_bytes(), 401).await;
    let cryptopayment = pages::cryptopayment_webhook(APP_KEY).serve().await;
    let secret = STANDARD.decode(APP_KEY).unwrap();
    assert_judges(&cryptopayment, "cryptopayment", &secret, 400).await;
}

#[tokio::test]
async fn the_rigs_own_handlers_judge_a_signature_by_each_pages_rule() {
    for language in [Language::Node, Language::Python] {
        for dialect in ["payhook", "soko", "crypto-pay", "usdt-payments", "cryptopayment"] {
            let (shown, secret) = match dialect {
                "cryptopayment" => (APP_KEY, STANDARD.decode(APP_KEY).unwrap()),
                _ => (SECRET, SECRET.as_bytes().to_vec()),
            };
            let handler = language.serve_on(Place::free(), dialect, shown).await;
            assert_judges(&handler, dialect, &secret, 401).await;
            if ["payhook", "soko"].contains(&dialect) {
                let old = OffsetDateTime::now_utc().unix_timestamp() - 400;
                let old = webhook(dialect, old, &secret);
                assert_eq!(
                    handler.send_again(&old, |_, _| ()).await,
                    401,
                    "{dialect}: an old one"
                );
            }
        }
    }
}

#[test]
#[should_panic(expected = "no https://soko.example")]
fn a_stand_in_that_the_page_does_not_show_is_not_replaced_silently() {
    let _ = Sample::read("samples/soko/create.php").with("https://soko.example", "http://127.0.0.1:1");
}
