//! The webhooks, checked by the pages' recipe.

use serde_json::{Value, json};

use super::{EXAMPLE, create, newest, project, signature};
use crate::harness::daemon::Daemon;
use crate::harness::receiver::{Received, Receiver};

fn add_webhook(daemon: &Daemon, receiver: &Receiver, format: &str) {
    let url = receiver.url("/webhook.php");
    daemon.cli(&[
        "webhook", "add", "--store", "shop", "--url", &url, "--format", format,
    ]);
}

/// The row of the store, which the pages call the app.
fn shop_id(daemon: &Daemon) -> Value {
    let list = daemon.cli_json(&["store", "list"]);
    let all = list["stores"].as_array().unwrap();
    all.iter().find(|store| store["name"] == "shop").unwrap()["store_id"].clone()
}

fn assert_signed(posted: &Received, secret: &str) {
    assert_eq!(posted.header("content-type"), Some("application/json"));
    assert_eq!(
        posted.header("x-signature"),
        Some(&*signature(secret, &posted.body))
    );
}

#[tokio::test]
async fn a_paid_payment_is_posted_as_the_page_says_and_nothing_else_is() {
    for (dialect, is_test) in [("crypto-pay", r#","is_test":true"#), ("usdt-payments", "")] {
        let (daemon, key) = project(dialect).await;
        let receiver = Receiver::start().await;
        add_webhook(&daemon, &receiver, dialect);
        // Neither the end of one nor the money that came late for another is told.
        create(&daemon, &key, EXAMPLE).await;
        let dropped = newest(&daemon);
        daemon.cli(&["payment", "cancel", &dropped]);
        create(&daemon, &key, EXAMPLE).await;
        let late = newest(&daemon);
        daemon.simulate(&late, "late");
        daemon.wait_for_status(&late, "expired").await;

        let made = create(&daemon, &key, EXAMPLE).await.json()["payment"].clone();
        let number = newest(&daemon);
        daemon.simulate(&number, "exact");
        let posted = receiver.wait_for(1).await.remove(0);
        assert_eq!(
            (posted.method.as_str(), posted.path.as_str()),
            ("POST", "/webhook.php")
        );
        assert_signed(&posted, &key.api_secret);
        let told = posted.json();
        let (txid, paid_at) = (told["txid"].as_str().unwrap(), told["paid_at"].as_str().unwrap());
        assert_eq!(
            String::from_utf8(posted.body.to_vec()).unwrap(),
            format!(
                concat!(
                    r#"{{"payment_id":{id},"app_id":{app_id},"order_id":"ORDER_12345","status":"paid","amount":"50.00","#,
                    r#""pay_amount":"50.000000","currency":"USDT","network":"TRC20","txid":"{txid}","#,
                    r#""paid_at":"{paid_at}"{is_test}}}"#
                ),
                id = made["payment_id"],
                app_id = shop_id(&daemon),
                txid = txid,
                paid_at = paid_at,
                is_test = is_test,
            )
        );
        // What is asked back says the same.
        let asked = super::status(&daemon, &key, &made["payment_id"]).await.json()["payment"].clone();
        assert_eq!(
            (&asked["status"], &asked["txid"], &asked["paid_at"]),
            (&json!("paid"), &told["txid"], &told["paid_at"])
        );

        daemon.cli(&["webhook", "replay", "--payment", &number]);
        let both = receiver.wait_for(2).await;
        assert_eq!(both[1].body, posted.body);
        assert_signed(&both[1], &key.api_secret);
        assert!(both.iter().all(|post| post.body == posted.body), "{both:?}");
    }
}

// The command and the receiver have to run at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_test_post_is_signed_with_an_api_secret_and_is_no_payment() {
    let (daemon, key) = project("crypto-pay").await;
    let receiver = Receiver::start().await;
    add_webhook(&daemon, &receiver, "crypto-pay");
    daemon.cli(&["webhook", "test", "1"]);
    let posted = receiver.wait_for(1).await.remove(0);
    assert_signed(&posted, &key.api_secret);
    assert!(posted.json().get("payment_id").is_none(), "{posted:?}");
}
