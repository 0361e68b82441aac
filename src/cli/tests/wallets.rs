//! `payd wallet` and `payd capacity`, called as the shell calls them.

use super::{ONE, Shell, TWO};

/// Test vector 1 of BIP-32, the chain m/0H/1/2H: an account by its depth.
const ACCOUNT: &str = "xpub6D4BDPcP2GT577Vvch3R8wDkScZWzQzMMUm3PWbmWvVJrZwQY4VUNgqFJPMM3No2dFDFGTsxxpG5uJh7n7epu4trkrX7x7DogT5Uv6fcLW5";

async fn create(shell: &Shell) -> serde_json::Value {
    let call = "payment create --store shop --amount 50 --network bsc --currency usdt --mode test";
    shell.run(&call.split(' ').collect::<Vec<_>>()).await
}

#[tokio::test]
async fn a_store_can_go_from_pool_to_account_to_shared_address_and_back() {
    let shell = Shell::with_store().await;
    let set = shell
        .run(&["wallet", "set", "shop", "test-bsc", "xpub", ACCOUNT])
        .await;
    assert_eq!(
        (&set["is_new"], &set["wallet"]["next_index"]),
        (&true.into(), &0.into())
    );
    let next = set["wallet"]["next"][0]["address"].clone();
    assert_eq!(create(&shell).await["address"], next);
    let again = shell
        .run(&["wallet", "set", "shop", "test-bsc", "xpub", ACCOUNT])
        .await;
    assert_eq!(
        (&again["is_new"], &again["wallet"]["next_index"]),
        (&false.into(), &1.into())
    );

    let set = shell
        .run(&["wallet", "set", "shop", "test-bsc", "shared", ONE, "--slots", "2"])
        .await;
    assert_eq!(set["wallet"]["slots"]["step"], "0.01");
    let amounts = [create(&shell).await, create(&shell).await].map(|payment| payment["due"].clone());
    assert_eq!(amounts, ["50.000000", "50.010000"]);
    assert_eq!(create(&shell).await["status"], "queued");
    let shown = shell.run(&["wallet", "show", "shop", "test-bsc"]).await;
    assert_eq!(
        (&shown["amounts"][0]["held"], &shown["amounts"][0]["queued"]),
        (&2.into(), &1.into())
    );

    shell.run(&["wallet", "set", "shop", "test-bsc", "pool"]).await;
    let from_pool = create(&shell).await["address"].clone();
    assert!(from_pool != ONE && from_pool != next);
    let back = shell
        .run(&["wallet", "set", "shop", "test-bsc", "xpub", ACCOUNT])
        .await;
    assert_eq!(back["wallet"]["next_index"], 1, "no child is given out twice");
    let list = shell.run(&["wallet", "list"]).await;
    let ways: Vec<_> = list["wallets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|wallet| wallet["way"].clone())
        .collect();
    assert_eq!(ways, ["xpub", "shared", "pool", "xpub"]);
    let log = shell.run(&["audit-log"]).await.to_string();
    assert_eq!(
        log.matches("wallet.set").count(),
        4,
        "what changed nothing is not written down: {log}"
    );
    let exported = shell.run(&["wallet", "export", "shop", "test-bsc"]).await;
    let children = exported["children"].as_array().unwrap();
    assert_eq!((children.len(), &children[0]["address"]), (1, &next));
    assert!(children[0]["payment"].as_str().unwrap().starts_with("PAY-"));
}

#[tokio::test]
async fn an_account_is_the_same_however_it_is_written() {
    let shell = Shell::with_store().await;
    shell.run(&["store", "add", "other"]).await;
    let with_origin = format!("[d34db33f/44h/60h/0h]{ACCOUNT}/0/*");
    let set = ["wallet", "set", "shop", "test-bsc", "xpub"];
    shell
        .run(&[&set[..], &[ACCOUNT, "--next-index", "300"]].concat())
        .await;
    create(&shell).await;
    let again = shell.run(&[&set[..], &[&with_origin]].concat()).await;
    assert_eq!(
        (&again["is_new"], &again["wallet"]["next_index"]),
        (&true.into(), &301.into())
    );
    let below = [&set[..], &[&with_origin, "--next-index", "300"]].concat();
    assert!(shell.refused(&below).await.contains("must be 301 or higher"));
    let others = ["wallet", "set", "other", "test-bsc", "xpub", ACCOUNT];
    assert!(
        shell
            .refused(&others)
            .await
            .contains("store `shop` receives with this account")
    );
}

#[tokio::test]
async fn what_would_mix_up_payments_is_refused() {
    let shell = Shell::with_store().await;
    shell.run(&["store", "add", "other"]).await;
    for arguments in [
        ["address", "add", "--store", "shop", "--network", "bsc", TWO].as_slice(),
        &["wallet", "set", "shop", "bsc", "shared", ONE],
        &[
            "wallet",
            "set",
            "shop",
            "ethereum",
            "xpub",
            ACCOUNT,
            "--next-index",
            "7",
        ],
    ] {
        shell.run(arguments).await;
    }
    for (arguments, reason) in [
        (
            ["wallet", "set", "other", "bsc", "shared", ONE].as_slice(),
            "store `shop` has this address",
        ),
        (
            &["wallet", "set", "shop", "bsc", "shared", TWO],
            "had it to themselves",
        ),
        (
            &["wallet", "set", "other", "ethereum", "xpub", ACCOUNT],
            "store `shop` receives with this account",
        ),
        (
            &[
                "wallet",
                "set",
                "shop",
                "ethereum",
                "xpub",
                ACCOUNT,
                "--next-index",
                "6",
            ],
            "must be 7 or higher",
        ),
        (
            &[
                "wallet",
                "set",
                "shop",
                "bsc",
                "xpub",
                ACCOUNT,
                "--next-index",
                "2147483648",
            ],
            "2147483648 is not in 0..=2147483647",
        ),
        (
            &["wallet", "set", "shop", "bsc", "shared", ONE, "--step", "0.02"],
            "no step",
        ),
        (
            &[
                "wallet",
                "set",
                "shop",
                "ethereum",
                "shared",
                ONE,
                "--step",
                "0.00000001",
            ],
            "6 digits",
        ),
        (&["wallet", "set", "shop", "bsc", "shared", "0x1"], "not"),
        (
            &["wallet", "set", "shop", "bsc", "xpub", ONE],
            "not an account key",
        ),
        (&["wallet", "set", "shop", "bsc", "xpub"], "needs the account"),
        (&["wallet", "set", "shop", "bsc", "pool", ONE], "payd address add"),
        (
            &["wallet", "set", "shop", "bsc", "pool", "--slots", "3"],
            "for shared",
        ),
        (
            &["wallet", "set", "shop", "bsc", "shared", TWO, "--next-index", "3"],
            "for xpub",
        ),
        (&["wallet", "set", "shop", "bcs", "pool"], "did you mean `bsc`"),
    ] {
        let refused = shell.refused(arguments).await;
        assert!(refused.contains(reason), "{arguments:?}: {refused}");
    }
    let list = shell.run(&["wallet", "list", "other"]).await;
    assert_eq!(list["wallets"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn an_address_that_is_not_of_the_pool_is_neither_added_to_it_nor_removed_from_it() {
    let shell = Shell::with_store().await;
    shell.run(&["wallet", "set", "shop", "bsc", "shared", ONE]).await;
    let added = shell
        .refused(&["address", "add", "--store", "shop", "--network", "bsc", ONE])
        .await;
    assert!(added.contains("in another way (shared)"), "{added}");
    let state = || async {
        let listed = shell.run(&["address", "list", "--store", "shop"]).await;
        listed["addresses"][0]["state"].clone()
    };
    assert_eq!(state().await, "shared by all payments");
    let removed = shell
        .refused(&["address", "remove", "--store", "shop", "--network", "bsc", ONE])
        .await;
    assert!(removed.contains("not of the pool"), "{removed}");
    shell.run(&["wallet", "set", "shop", "bsc", "pool"]).await;
    assert_eq!(state().await, "was shared; still watched");
}

#[tokio::test]
async fn capacity_says_what_there_is_room_for_and_what_more_would_take() {
    let shell = Shell::with_store().await;
    shell
        .run(&["address", "add", "--store", "shop", "--network", "bsc", ONE, TWO])
        .await;
    shell
        .run(&[
            "wallet",
            "set",
            "shop",
            "tron",
            "shared",
            "TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf",
        ])
        .await;
    shell
        .run(&["wallet", "set", "shop", "ethereum", "xpub", ACCOUNT])
        .await;
    let all = shell.run(&["capacity", "shop", "--per-hour", "10"]).await;
    let rooms = all["capacity"].as_array().unwrap();
    let of = |network: &str, currency: &str| {
        rooms
            .iter()
            .find(|room| room["network"] == network && room["currency"] == currency)
            .unwrap()
    };
    let pool = of("bsc", "");
    assert_eq!(
        (&pool["free"], &pool["hold_s"]),
        (&2.into(), &(86_400 + 1_800).into())
    );
    assert!(pool["places_to_add"].as_u64().unwrap() > 240, "{pool}");
    assert_eq!(of("tron", "usdt")["free"], 99);
    assert_eq!(of("tron", "native")["free"], 9_999);
    assert!(of("ethereum", "")["payments_per_hour"].is_null(), "no limit");
}
