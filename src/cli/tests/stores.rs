//! The switches of a store, and what Crypto Pay's page asks of a project.

use serde_json::Value;

use super::Shell;

const TRON: &str = "TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf";
const TRON_TOO: &str = "TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE";

#[tokio::test]
async fn a_crypto_pay_store_starts_in_test_mode_and_can_be_switched() {
    let shell = Shell::new();
    let made = shell
        .try_run(&["store", "add", "p", "--dialect", "crypto-pay"])
        .await
        .unwrap();
    assert_eq!(made.json["mode"], "test");
    assert!(made.text.contains("starts in test mode"), "{}", made.text);
    let live = shell
        .try_run(&["store", "set", "p", "--mode", "live"])
        .await
        .unwrap();
    assert_eq!(live.json["mode"], "live");
    assert!(live.warnings.join(" ").contains("no live key") && live.warnings.join(" ").contains("web site"));
    let list = shell.try_run(&["store", "list"]).await.unwrap();
    assert_eq!(list.json["stores"][0]["mode"], "live");
    assert!(list.text.contains("live"), "{}", list.text);
    assert_eq!(
        shell.run(&["store", "set", "p", "--mode", "test"]).await["mode"],
        "test"
    );
    let log = shell.run(&["audit-log"]).await.to_string();
    assert_eq!(log.matches("store.set").count(), 2, "{log}");
    assert!(log.contains(r#"\"mode\":\"live\""#), "{log}");
}

#[tokio::test]
async fn only_crypto_pay_stores_have_a_mode() {
    for dialect in ["payhook", "soko", "usdt-payments", "cryptopayment"] {
        let shell = Shell::new();
        let made = shell.run(&["store", "add", "s", "--dialect", dialect]).await;
        assert_eq!(made["mode"], "live", "{dialect}");
        let refused = shell.refused(&["store", "set", "s", "--mode", "test"]).await;
        assert!(refused.contains("only crypto-pay stores"), "{refused}");
    }
}

#[tokio::test]
async fn a_store_can_be_disabled_and_enabled_again() {
    let shell = Shell::with_store().await;
    let disabled = shell.run(&["store", "set", "shop", "--disable"]).await;
    assert_ne!(disabled["disabled_at"], Value::Null);
    let list = shell.try_run(&["store", "list"]).await.unwrap();
    assert!(list.text.contains("disabled"), "{}", list.text);
    let again = shell.run(&["store", "set", "shop", "--disable"]).await;
    assert_eq!(
        again["disabled_at"], disabled["disabled_at"],
        "it says since when"
    );
    let enabled = shell.run(&["store", "set", "shop", "--enable"]).await;
    assert_eq!(enabled["disabled_at"], Value::Null);
    assert!(
        shell
            .try_run(&["store", "set", "shop", "--enable", "--disable"])
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_stores_language_is_one_of_those_there_are() {
    let shell = Shell::with_store().await;
    for code in ["en", "ru", "zh", "es", "de", "fr", "pt", "ja"] {
        assert_eq!(
            shell.run(&["store", "set", "shop", "--language", code]).await["language"],
            code
        );
    }
    for code in ["it", "EN", "de-AT", ""] {
        let tried = shell.try_run(&["store", "set", "shop", "--language", code]).await;
        assert!(tried.is_err(), "{code}");
    }
    let none = shell.run(&["store", "set", "shop", "--language", "none"]).await;
    assert_eq!(none["language"], Value::Null);
}

#[tokio::test]
async fn a_project_has_its_domain_to_itself_whichever_store_was_first() {
    let shell = Shell::new();
    shell
        .run(&["store", "add", "a", "--website", "https://shop.example/de"])
        .await;
    shell
        .run(&["store", "add", "b", "--website", "https://shop.example/fr"])
        .await;
    let project = [
        "store",
        "add",
        "c",
        "--dialect",
        "crypto-pay",
        "--website",
        "https://www.shop.example",
    ];
    assert!(shell.refused(&project).await.contains("belongs to store `a`"));
    shell.run(&["store", "add", "c", "--dialect", "crypto-pay"]).await;
    let set = ["store", "set", "c", "--website", "shop.example"];
    assert!(shell.refused(&set).await.contains("belongs to store `a`"));
}

#[tokio::test]
async fn amounts_at_a_shared_tron_address_look_as_the_stores_api_shows_them() {
    let shell = Shell::new();
    for (name, dialect, address, count, step) in [
        ("one", "crypto-pay", TRON, Some(9_999), "0.0001"),
        ("two", "usdt-payments", TRON_TOO, Some(9_999), "0.0001"),
        ("three", "soko", "TLyqzVGLV1srkB7dToTAEqgDSfPtXRJZYH", None, ""),
    ] {
        shell.run(&["store", "add", name, "--dialect", dialect]).await;
        let set = ["wallet", "set", name, "tron", "shared", address];
        let made = shell.run(&set).await;
        let slots = &made["wallet"]["slots"];
        match count {
            Some(count) => assert_eq!(
                (&slots["count"], &slots["step"]),
                (&count.into(), &step.into()),
                "{made}"
            ),
            None => assert_eq!(slots, &Value::Null),
        }
        assert_eq!(shell.run(&set).await["is_new"], false, "nothing was changed");
    }
    let of = async |more: &[&str]| {
        let made = shell
            .run(&[&["wallet", "set", "one", "tron", "shared", TRON], more].concat())
            .await;
        (
            made["wallet"]["slots"]["count"].clone(),
            made["wallet"]["slots"]["step"].clone(),
        )
    };
    assert_eq!(of(&["--slots", "50"]).await, (50.into(), "0.0001".into()));
    // By cents, thousands of amounts would ask for dollars more than the price.
    assert_eq!(of(&["--step", "0.01"]).await, (99.into(), "0.01".into()));
    let on_bsc = shell
        .run(&["wallet", "set", "one", "bsc", "shared", super::ONE])
        .await;
    assert_eq!(on_bsc["wallet"]["slots"], Value::Null);
}

#[tokio::test]
async fn a_key_for_web_pages_is_made_listed_and_replaced_as_one() {
    let shell = Shell::with_store().await;
    let add = ["key", "add", "--store", "shop", "--mode", "live", "--public"];
    let made = shell.try_run(&add).await.unwrap();
    assert!(made.text.contains("for your web pages"), "{}", made.text);
    assert!(
        !made.text.contains("secret"),
        "it opens nothing more: {}",
        made.text
    );
    assert_eq!(
        (&made.json["is_public"], &made.json["api_secret"]),
        (&true.into(), &Value::Null)
    );
    let id = made.json["key_id"].to_string();
    let replaced = shell.run(&["key", "rotate", &id]).await;
    assert_eq!(replaced["is_public"], true);
    assert!(replaced["api_key"].as_str().unwrap().starts_with("pk_web_"));
    let list = shell.try_run(&["key", "list"]).await.unwrap();
    assert!(list.text.contains("live, for web pages"), "{}", list.text);
    let log = shell.run(&["audit-log"]).await.to_string();
    assert!(log.contains("public live key"), "{log}");
}

#[tokio::test]
async fn a_store_reckons_in_dollars_until_another_currency_is_set() {
    let shell = Shell::with_store().await;
    let made = ["store", "add", "berlin", "--currency", "eur"];
    assert_eq!(shell.run(&made).await["currency"], "EUR");
    let list = shell.run(&["store", "list"]).await;
    assert_eq!(list["stores"][0]["currency"], "USD");
    assert_eq!(list["stores"][1]["currency"], "EUR");
    let set = ["store", "set", "shop", "--currency", "JPY"];
    assert_eq!(shell.run(&set).await["currency"], "JPY");
    let wrong = ["store", "set", "shop", "--currency", "XYZ"];
    assert!(shell.try_run(&wrong).await.is_err());
}

#[tokio::test]
async fn a_key_is_called_something_and_kept_to_addresses_and_so_is_the_one_in_its_place() {
    let shell = Shell::with_store().await;
    let add = [
        "key",
        "add",
        "--store",
        "shop",
        "--mode",
        "test",
        "--label",
        "web shop",
        "--allow",
        "10.0.0.1, 192.168.0.0/16",
    ];
    let made = shell.run(&add).await;
    assert_eq!(made["label"], "web shop");
    assert_eq!(made["allowed"], "10.0.0.1 192.168.0.0/16");
    let id = made["key_id"].to_string();
    let rotated = shell.run(&["key", "rotate", &id]).await;
    assert_eq!(rotated["allowed"], made["allowed"]);
    assert_eq!(rotated["label"], made["label"]);
    let id = rotated["key_id"].to_string();
    let set = shell.run(&["key", "set", &id, "--allow", ""]).await;
    assert_eq!((&set["allowed"], &set["label"]), (&"".into(), &"web shop".into()));
    let log = shell.run(&["audit-log"]).await.to_string();
    assert!(
        log.contains("key.set") && log.contains("from 10.0.0.1 192.168.0.0/16"),
        "{log}"
    );
    let wrong = shell.try_run(&["key", "set", &id, "--allow", "localhost"]).await;
    assert!(wrong.is_err());
    let public = [
        "key", "add", "--store", "shop", "--mode", "test", "--public", "--allow", "10.0.0.1",
    ];
    assert!(shell.refused(&public).await.contains("your customers' browsers"));
    assert!(
        shell
            .refused(&["key", "set", &id])
            .await
            .contains("nothing to set")
    );
}
