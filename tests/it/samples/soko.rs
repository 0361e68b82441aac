//! soko's page: programs in four languages that make a payment, and the verification of webhooks in PHP.

use serde_json::{Value, json};

use super::usdt_trc20::{assert_asks_for_usdt_trc20, decimal};
use super::{
    accepted, assert_opens, assert_refuses_changed, made_since, pay, payments_of, wait_for_deliveries,
};
use crate::harness::daemon::{Daemon, Key};
use crate::harness::pages;
use crate::harness::samples::{Language, Place};

async fn shop() -> (Daemon, Key) {
    let daemon = Daemon::start("").await;
    daemon.add_store("shop", "soko");
    let key = daemon.add_key("shop", "test");
    (daemon, key)
}

#[tokio::test]
async fn sokos_programs_make_a_payment_each_and_print_where_to_pay_it() {
    let (daemon, key) = shop().await;
    for (before, program) in pages::SOKO_CREATE.into_iter().enumerate() {
        let ran = pages::soko_create(program, &daemon.url(""), &key).run().await;
        let payment = made_since(&daemon, "shop", before);
        assert_asks_for_usdt_trc20(&payment, 100);
        assert!(
            payment["order_id"].as_str().unwrap().starts_with("ORDER-"),
            "{program}: {payment}"
        );
        let url = match program {
            "create.sh" => url_of_answer(ran.printed(), &payment),
            _ => ran.printed().to_owned(),
        };
        assert_opens(&daemon, &url, &payment).await;
    }
}

/// The program for the shell prints the whole answer.
fn url_of_answer(printed: &str, payment: &Value) -> String {
    let answer: Value = serde_json::from_str(printed).unwrap();
    assert_eq!(answer["success"], json!(true), "{answer}");
    let data = &answer["data"];
    assert_eq!(
        (&data["status"], &data["currency"]),
        (&json!("pending"), &json!("USDT_TRC20"))
    );
    assert_eq!(data["pay_address"], payment["address"]);
    assert_eq!(decimal(&data["amount"]), decimal(&payment["due"]));
    data["payment_url"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn sokos_program_leads_to_the_choice_where_the_store_takes_several_currencies() {
    let (daemon, key) = shop().await;
    daemon.cli(&["store", "accept", "shop", "USDT_TRC20", "BTC"]);
    let ran = pages::soko_create("create.php", &daemon.url(""), &key)
        .run()
        .await;
    let path = ran.printed().strip_prefix(&daemon.url("")).unwrap();
    assert!(path.starts_with("/pay/select?token="), "{path}");
    assert_eq!(daemon.get(path, &[]).await.status, 200);
}

#[tokio::test]
async fn sokos_program_with_another_secret_makes_nothing() {
    let (daemon, key) = shop().await;
    let wrong = Key {
        api_secret: format!("{}0", key.api_secret),
        ..key
    };
    let ran = pages::soko_create("create.sh", &daemon.url(""), &wrong)
        .run()
        .await;
    let answer: Value = serde_json::from_str(ran.printed()).unwrap();
    assert_eq!(answer["success"], json!(false), "{answer}");
    assert!(answer["error"].is_string(), "{answer}");
    assert_eq!(payments_of(&daemon, "shop"), Vec::<Value>::new());
}

#[tokio::test]
async fn sokos_webhooks_are_verified_by_the_pages_php_and_in_node_and_in_python() {
    let (daemon, key) = shop().await;
    let mut handlers = Vec::new();
    for language in [None, Some(Language::Node), Some(Language::Python)] {
        let place = Place::free();
        let secret = daemon.add_webhook("shop", &place.url(), "soko").secret;
        handlers.push(match language {
            None => pages::soko_webhook(&secret).serve_on(place).await,
            Some(language) => language.serve_on(place, "soko", &secret).await,
        });
    }
    pages::soko_create("create.php", &daemon.url(""), &key)
        .run()
        .await
        .printed();
    let payment = made_since(&daemon, "shop", 0);
    pay(&daemon, &payment).await;
    for handler in &handlers {
        let told = accepted(handler, "event", "payment.completed").await;
        let body = told.json();
        assert_eq!(body["order_id"], payment["order_id"]);
        assert_eq!(body["status"], "completed");
        assert_eq!(decimal(&body["amount_received"]), decimal(&payment["due"]));
        assert_refuses_changed(handler, &told, "x-signature", 401).await;
        assert_refuses_changed(handler, &told, "x-timestamp", 401).await;
    }
    wait_for_deliveries(&daemon, &payment, handlers.len()).await;
}
