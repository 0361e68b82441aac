//! `payd inbox` and `payd audit-log`, called as the shell calls them.

use super::{ONE, Shell};
use crate::cli::session::Session;
use crate::domain::address::Address;
use crate::domain::asset::Currency;
use crate::domain::money::BaseUnits;
use crate::domain::network::{Family, NetworkId};
use crate::domain::time::UnixMillis;
use crate::domain::transfer::{BlockRef, Judgement, SeenTransfer};
use crate::store::{StoreError, transfers};

impl Shell {
    /// Money that came to an address for which no payment had been made.
    async fn stray(&self, amount: u128, network: &'static str) {
        let session = Session::open(&self.globals()).unwrap();
        let address = Address::parse(Family::Evm { chain_id: 56 }, ONE).unwrap();
        let seen = SeenTransfer {
            txid: format!("0x{amount}").into(),
            position: 0,
            currency: Currency::parse("usdt").unwrap(),
            address: address.text().clone(),
            amount: BaseUnits::new(amount),
            block: BlockRef {
                height: 7,
                hash: "h".into(),
                time: UnixMillis::new(1_000),
            },
        };
        let now = session.now();
        session
            .database
            .write(move |txn| {
                let network = NetworkId::parse(network).unwrap();
                transfers::record(txn, &network, &seen, None, Judgement::Unmatched, now)
            })
            .await
            .map_err(|error: StoreError| error)
            .unwrap();
        session.close().await;
    }
}

#[tokio::test]
async fn the_inbox_lists_pages_shows_and_dismisses_and_each_act_is_in_the_log() {
    let shell = Shell::with_store().await;
    shell
        .run(&["address", "add", "--store", "shop", "--network", "bsc", ONE])
        .await;
    for amount in [1_000_000_000_000_000_000, 2_000_000_000_000_000_000] {
        shell.stray(amount, "bsc").await;
    }
    shell.stray(3, "test-bsc").await;
    let list = shell.run(&["inbox", "list"]).await;
    assert_eq!(list["transfers"].as_array().unwrap().len(), 2);
    assert_eq!(list["transfers"][0]["amount"], "2.000000");
    assert_eq!(list["transfers"][0]["store"], "shop");
    assert_eq!(list["transfers"][0]["judgement"], "unmatched");
    let first = shell
        .run(&["inbox", "list", "--store", "shop", "--limit", "1"])
        .await;
    assert_eq!(first["is_more"], true);
    let before = first["transfers"][0]["id"].to_string();
    let second = shell.run(&["inbox", "list", "--before", &before]).await;
    assert_eq!(second["transfers"][0]["amount"], "1.000000");
    let simulated = shell.run(&["inbox", "list", "--test"]).await;
    assert_eq!(simulated["transfers"].as_array().unwrap().len(), 1);

    let shown = shell.try_run(&["inbox", "show", &before]).await.unwrap();
    assert!(
        shown.text.contains("unknown") && shown.text.contains("2.000000 USDT"),
        "{}",
        shown.text
    );
    let done = shell
        .run(&["inbox", "dismiss", &before, "--reason", "sent back"])
        .await;
    assert_eq!(done["is_new"], true);
    let again = shell
        .run(&["inbox", "dismiss", &before, "--reason", "sent back"])
        .await;
    assert_eq!(again["is_new"], false);
    let open = shell.run(&["inbox", "list"]).await;
    assert_eq!(open["transfers"].as_array().unwrap().len(), 1);
    let all = shell.run(&["inbox", "list", "--all"]).await;
    assert_eq!(all["transfers"][0]["handled"], "dismissed");
    let refused = shell.refused(&["inbox", "show", "99"]).await;
    assert!(refused.contains("no transfer 99"), "{refused}");

    let log = shell.run(&["audit-log"]).await;
    let actions: Vec<&str> = log["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["action"].as_str().unwrap())
        .collect();
    assert_eq!(actions, ["inbox.dismiss", "address.add", "store.add"]);
    assert!(log["entries"][0]["actor"].as_str().unwrap().starts_with("cli:"));
    assert!(
        log["entries"][0]["detail"]
            .as_str()
            .unwrap()
            .contains("sent back")
    );
}

#[tokio::test]
async fn a_test_payments_money_is_not_mixed_with_the_money_of_another() {
    let shell = Shell::with_store().await;
    shell
        .run(&["address", "add", "--store", "shop", "--network", "bsc", ONE])
        .await;
    shell.stray(5, "bsc").await;
    let created = shell
        .run(&[
            "payment",
            "create",
            "--store",
            "shop",
            "--amount",
            "5",
            "--network",
            "bsc",
            "--currency",
            "usdt",
        ])
        .await;
    let number = created["payment_number"].as_str().unwrap();
    let refused = shell
        .refused(&["inbox", "attach", "1", number, "--reason", "why not"])
        .await;
    assert!(refused.contains("test-bsc"), "{refused}");
}

#[tokio::test]
async fn secrets_and_their_like_are_not_in_the_log() {
    let shell = Shell::with_store().await;
    let key = shell
        .run(&["key", "add", "--store", "shop", "--mode", "test"])
        .await;
    let url = "https://hooks.example/in?token=hush";
    shell
        .run(&["webhook", "add", "--store", "shop", "--url", url])
        .await;
    shell.run(&["key", "rotate", "1"]).await;
    shell
        .run(&["store", "set", "shop", "--tolerance-bps", "50"])
        .await;
    let log = shell.run(&["audit-log"]).await;
    assert_eq!(log["entries"].as_array().unwrap().len(), 5);
    let text = log.to_string();
    assert!(!text.contains("hush"), "{text}");
    for field in ["api_key", "secret", "api_secret"] {
        if let Some(secret) = key[field].as_str() {
            assert!(!text.contains(secret), "{field}");
        }
    }
}

#[tokio::test]
async fn a_store_can_have_its_own_steps_of_confirmations_and_go_back_to_the_configured_ones() {
    let shell = Shell::with_store().await;
    let of = |shown: &serde_json::Value, network: &str| {
        let rows = shown["confirmations"].as_array().unwrap().clone();
        let row = rows.into_iter().find(|row| row["network"] == network).unwrap();
        (
            row["steps"].as_str().unwrap().to_owned(),
            row["is_own"].as_bool().unwrap(),
        )
    };
    let shown = shell.run(&["store", "confirmations", "show", "shop"]).await;
    assert_eq!(
        of(&shown, "bitcoin"),
        ("0=1,100=2,1000=3,10000=6".to_owned(), false)
    );
    assert_eq!(of(&shown, "litecoin"), ("0=3,100=6,1000=12".to_owned(), false));
    for (network, steps) in [("bsc", "0=15"), ("ethereum", "0=12"), ("tron", "0=20")] {
        assert_eq!(of(&shown, network), (steps.to_owned(), false));
    }
    let set = ["store", "confirmations", "set", "shop", "bitcoin", "0=2,50=3"];
    shell.run(&set).await;
    let shown = shell.run(&["store", "confirmations", "show", "shop"]).await;
    assert_eq!(of(&shown, "bitcoin"), ("0=2,50=3".to_owned(), true));
    // The simulated network follows, so that it can be tried.
    for (amount, confirmations) in [("49.99", 2), ("50", 3)] {
        let payment = shell
            .run(&[
                "payment",
                "create",
                "--store",
                "shop",
                "--amount",
                amount,
                "--network",
                "bitcoin",
                "--currency",
                "native",
            ])
            .await;
        assert_eq!(payment["confirmations_required"], confirmations, "{amount}");
    }
    let refused = shell
        .refused(&["store", "confirmations", "set", "shop", "bitcoin", "0=500"])
        .await;
    assert!(refused.contains("final_depth"), "{refused}");
    let wrong = shell
        .refused(&["store", "confirmations", "set", "shop", "bitcoin", "5=1"])
        .await;
    assert!(wrong.contains("begin at 0"), "{wrong}");
    shell
        .run(&["store", "confirmations", "clear", "shop", "bitcoin"])
        .await;
    let shown = shell.run(&["store", "confirmations", "show", "shop"]).await;
    assert_eq!(
        of(&shown, "bitcoin"),
        ("0=1,100=2,1000=3,10000=6".to_owned(), false)
    );
}
