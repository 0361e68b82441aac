//! `payd store accept`, called as the shell calls it.

use serde_json::json;

use super::Shell;

#[tokio::test]
async fn a_store_says_what_it_accepts_in_its_own_order_and_forgets_it_again() {
    let shell = Shell::with_store().await;
    let shown = async || shell.run(&["store", "accept", "shop"]).await["accepts"].clone();
    assert_eq!(shown().await, json!([]));
    let set = shell
        .run(&["store", "accept", "shop", "usdt_trc20", "BTC", "ETH"])
        .await;
    assert_eq!(
        set,
        json!({ "store": "shop", "accepts": ["USDT_TRC20", "BTC", "ETH"] })
    );
    assert_eq!(shown().await, set["accepts"]);
    let listed = shell.run(&["store", "list"]).await;
    assert_eq!(listed["stores"][0]["accepts"], set["accepts"]);
    shell.run(&["store", "accept", "shop", "BTC"]).await;
    assert_eq!(shown().await, json!(["BTC"]));
    shell.run(&["store", "accept", "shop", "--reset"]).await;
    assert_eq!(shown().await, json!([]));
    let log = shell.run(&["audit-log"]).await.to_string();
    for entry in ["store.accept", "USDT_TRC20, BTC, ETH", "reset"] {
        assert!(log.contains(entry), "{entry}: {log}");
    }
}

#[tokio::test]
async fn a_code_that_nothing_has_is_refused_with_those_there_are() {
    let shell = Shell::with_store().await;
    for code in ["DOGE", "USDT", "", "USDT_TRC20,BTC"] {
        let refused = shell.refused(&["store", "accept", "shop", "BTC", code]).await;
        assert!(
            refused.starts_with(&format!("no currency has the code `{code}`; there are: ")),
            "{refused}"
        );
        for known in ["BTC", "USDT_TRC20", "USDT_BEP20", "ETH"] {
            assert!(refused.contains(known), "{refused}");
        }
    }
    let twice = shell
        .refused(&["store", "accept", "shop", "BTC", "ETH", "btc"])
        .await;
    assert_eq!(twice, "btc is named twice");
    assert!(
        shell
            .refused(&["store", "accept", "nobody", "BTC"])
            .await
            .contains("nobody")
    );
    assert!(
        shell
            .try_run(&["store", "accept", "shop", "BTC", "--reset"])
            .await
            .is_err()
    );
    let kept = shell.run(&["store", "accept", "shop"]).await;
    assert_eq!(kept["accepts"], json!([]));
}

#[tokio::test]
async fn what_nobody_watches_is_accepted_with_a_warning() {
    let shell = Shell::with_store().await;
    let output = shell.try_run(&["store", "accept", "shop", "BTC"]).await.unwrap();
    assert!(
        output.warnings[0].contains("BTC is not offered with live keys yet"),
        "{:?}",
        output.warnings
    );
}
