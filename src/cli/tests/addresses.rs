//! `payd address`, called as the shell calls it.

use super::{ONE, Shell, TWO};
use crate::chain::ownership::signing;
use crate::cli::address_file;
use serde_json::Value;

#[tokio::test]
async fn addresses_are_added_all_or_not_at_all() {
    let shell = Shell::with_store().await;
    let file = shell.directory.path().join("addresses.txt");
    std::fs::write(&file, format!("# tills\n{ONE}\n{TWO}x\n")).unwrap();
    let file = file.to_str().unwrap();
    let add = [
        "address",
        "add",
        "--store",
        "shop",
        "--network",
        "bsc",
        "--file",
        file,
    ];
    let error = shell.try_run(&add).await.unwrap_err();
    let refused = error.downcast_ref::<address_file::Refused>().unwrap();
    assert_eq!(refused.0.refusals[0].entry.place, address_file::Place::Line(3));
    let none = shell.run(&["address", "list", "--store", "shop"]).await;
    assert_eq!(none["addresses"].as_array().unwrap().len(), 0);

    std::fs::write(file, format!("{ONE}\n{TWO}\n")).unwrap();
    assert_eq!(shell.run(&add).await["added"], 2);
    let output = shell
        .try_run(&["address", "add", "--store", "shop", "--network", "ethereum", ONE])
        .await
        .unwrap();
    assert!(
        output.warnings[0].contains("nobody watches ethereum"),
        "{:?}",
        output.warnings
    );
}

#[tokio::test]
async fn an_address_that_any_store_has_is_refused_by_name_and_nothing_beside_it_is_kept() {
    let shell = Shell::with_store().await;
    shell.run(&["store", "add", "other"]).await;
    shell
        .run(&["address", "add", "--store", "shop", "--network", "bsc", ONE])
        .await;
    for (store, reason) in [
        ("shop", "this store has it already"),
        ("other", "store `shop` has it already"),
    ] {
        let lower = ONE.to_lowercase();
        let refused = shell
            .refused(&[
                "address",
                "add",
                "--store",
                store,
                "--network",
                "bsc",
                TWO,
                &lower,
            ])
            .await;
        assert!(
            refused.contains("address 2") && refused.contains(reason),
            "{refused}"
        );
    }
    let list = shell.run(&["address", "list", "--store", "other"]).await;
    assert_eq!(list["addresses"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn a_removed_address_can_be_put_back_by_its_own_store_only() {
    let shell = Shell::with_store().await;
    shell.run(&["store", "add", "other"]).await;
    shell
        .run(&["address", "add", "--store", "shop", "--network", "bsc", ONE])
        .await;
    shell
        .run(&["address", "remove", "--store", "shop", "--network", "bsc", ONE])
        .await;
    let state = |list: Value| list["addresses"][0]["state"].clone();
    assert_eq!(
        state(shell.run(&["address", "list", "--store", "shop"]).await),
        "removed"
    );
    let refused = shell
        .refused(&["address", "add", "--store", "other", "--network", "bsc", ONE])
        .await;
    assert!(refused.contains("store `shop` has it"));
    let back = shell
        .run(&["address", "add", "--store", "shop", "--network", "bsc", ONE])
        .await;
    assert_eq!((&back["added"], &back["put_back"]), (&0.into(), &1.into()));
    assert_eq!(
        state(
            shell
                .run(&["address", "list", "--store", "shop", "--network", "bsc"])
                .await
        ),
        "free"
    );
}

#[tokio::test]
async fn removing_an_address_that_is_not_there_removes_nothing() {
    let shell = Shell::with_store().await;
    shell
        .run(&["address", "add", "--store", "shop", "--network", "bsc", ONE])
        .await;
    let refused = shell
        .refused(&[
            "address",
            "remove",
            "--store",
            "shop",
            "--network",
            "bsc",
            ONE,
            TWO,
        ])
        .await;
    assert!(refused.contains("does not have"), "{refused}");
    let list = shell.run(&["address", "list", "--store", "shop"]).await;
    assert_eq!(list["addresses"][0]["state"], "free");
}

#[tokio::test]
async fn addresses_are_for_live_networks_that_are_known() {
    let shell = Shell::with_store().await;
    let add = |network: &'static str| ["address", "add", "--store", "shop", "--network", network, ONE];
    assert!(shell.refused(&add("bcs")).await.contains("did you mean `bsc`"));
    assert!(shell.refused(&add("test-bsc")).await.contains("simulated"));
    assert!(shell.refused(&add("tron")).await.contains("not to TRON"));
}

#[tokio::test]
async fn an_address_is_verified_by_its_wallets_signature_of_the_text_that_was_shown() {
    let shell = Shell::with_store().await;
    let (mine, _) = signing::sign(7, "");
    let mine = mine.to_string();
    let prove = |more: &[&str]| {
        let line = [
            &[
                "address",
                "prove",
                "--store",
                "shop",
                "--network",
                "bsc",
                mine.as_str(),
            ],
            more,
        ];
        line.concat().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let shown = shell.run(&as_strs(&prove(&[]))).await;
    let text = shown["to_sign"][0]["text"].as_str().unwrap().to_owned();
    let (_, signature) = signing::sign(7, &text);
    let with_signature = prove(&["--signature", &signature]);
    let refused = shell.refused(&as_strs(&with_signature)).await;
    assert!(refused.contains("add it with `payd address add`"), "{refused}");

    shell
        .run(&["address", "add", "--store", "shop", "--network", "bsc", &mine])
        .await;
    let (_, of_another) = signing::sign(8, &text);
    let refused = shell
        .refused(&as_strs(&prove(&["--signature", &of_another])))
        .await;
    assert!(refused.contains("not made with the key"), "{refused}");
    let list = shell.run(&["address", "list", "--store", "shop"]).await;
    assert!(list["addresses"][0]["proof"].is_null());

    shell.run(&as_strs(&with_signature)).await;
    let list = shell.run(&["address", "list", "--store", "shop"]).await;
    assert_eq!(list["addresses"][0]["proof"], "eip191");
    assert!(list["addresses"][0]["proved_at"].is_string());
}

#[tokio::test]
async fn a_file_with_signatures_is_taken_only_when_each_proves_its_address() {
    let shell = Shell::with_store().await;
    let (first, _) = signing::sign(1, "");
    let (second, _) = signing::sign(2, "");
    let (first, second) = (first.to_string(), second.to_string());
    let shown = shell
        .run(&[
            "address",
            "prove",
            "--store",
            "shop",
            "--network",
            "bsc",
            &first,
            &second,
        ])
        .await;
    let signed = |byte: u8, index: usize| {
        let text = shown["to_sign"][index]["text"].as_str().unwrap();
        signing::sign(byte, text).1
    };
    let file = shell.directory.path().join("addresses.csv");
    let add = [
        "address",
        "add",
        "--store",
        "shop",
        "--network",
        "bsc",
        "--file",
        file.to_str().unwrap(),
    ];
    // The second line has the signature of the first.
    let wrong = format!("{first},{}\n{second},{}\n{ONE}\n", signed(1, 0), signed(1, 0));
    std::fs::write(&file, wrong).unwrap();
    let refused = shell.refused(&add).await;
    assert!(
        refused.contains("line 2") && !refused.contains("line 1:"),
        "{refused}"
    );

    let right = format!("{first},{}\n{second},{}\n{ONE}\n", signed(1, 0), signed(2, 1));
    std::fs::write(&file, right).unwrap();
    let added = shell.run(&add).await;
    assert_eq!((&added["added"], &added["verified"]), (&3.into(), &2.into()));
    let list = shell.run(&["address", "list", "--store", "shop"]).await;
    let proofs: Vec<&Value> = list["addresses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["proof"])
        .collect();
    assert_eq!(
        proofs,
        [&Value::from("eip191"), &Value::from("eip191"), &Value::Null]
    );
}

fn as_strs(line: &[String]) -> Vec<&str> {
    line.iter().map(String::as_str).collect()
}
