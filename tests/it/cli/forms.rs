//! The forms that scripts rely on, beside a running daemon and without one.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::harness::daemon::Daemon;
use crate::harness::wait_until;

#[test]
fn every_form_works_without_a_daemon() {
    every_form(&Daemon::prepare(""));
}

#[tokio::test]
async fn every_form_works_beside_a_running_daemon() {
    let daemon = Daemon::start("").await;
    every_form(&daemon);
    let log = daemon.log();
    assert!(!log.contains("panic") && !log.contains("ERROR"), "{log}");
}

/// Each form once, as text and as JSON.
fn every_form(daemon: &Daemon) {
    let both = |arguments: &[&str]| -> Value {
        let text = daemon.cli(arguments);
        assert!(
            text.ends_with('\n') && !text.trim_start().starts_with('{'),
            "{arguments:?}: {text}"
        );
        daemon.cli_json(arguments)
    };
    let store = daemon.cli_json(&[
        "store",
        "add",
        "Tea & Co",
        "--website",
        "https://tea.example",
        "--window",
        "15m",
    ]);
    assert_eq!(
        (&store["name"], &store["window_s"]),
        (&json!("Tea & Co"), &json!(900))
    );
    daemon.cli(&["store", "add", "second", "--dialect", "soko"]);
    both(&[
        "store",
        "set",
        "second",
        "--tolerance-bps",
        "50",
        "--late-policy",
        "accept",
    ]);
    let stores = both(&["store", "list"]);
    assert!(stores["stores"].as_array().unwrap().len() >= 2);

    let key = both(&["key", "add", "--store", "Tea & Co", "--mode", "test"]);
    assert!(key["api_key"].as_str().unwrap().starts_with("pk_") && key["api_secret"].is_string());
    let rotated = daemon.cli_json(&["key", "rotate", &key["key_id"].to_string()]);
    daemon.cli_json(&["key", "revoke", &rotated["key_id"].to_string()]);
    let keys = both(&["key", "list", "--store", "Tea & Co"]);
    assert_eq!(keys["keys"].as_array().unwrap().len(), 3);
    for secret in [&key["api_key"], &key["api_secret"], &rotated["api_secret"]] {
        assert!(
            !keys.to_string().contains(secret.as_str().unwrap()),
            "a secret is shown twice"
        );
    }

    let addresses = [
        "0x742d35Cc6634C0532925a3b844Bc454e4438f44e",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    ];
    assert_eq!(
        daemon.add_addresses("Tea & Co", "bsc", &addresses)["added"],
        json!(2)
    );
    let listed = both(&["address", "list", "--store", "Tea & Co", "--network", "bsc"]);
    assert_eq!(listed["addresses"].as_array().unwrap().len(), 2);
    daemon.cli_json(&[
        "address",
        "remove",
        "--store",
        "Tea & Co",
        "--network",
        "bsc",
        addresses[0],
    ]);

    let url = "http://127.0.0.1:9/hook";
    let endpoint = both(&[
        "webhook",
        "add",
        "--store",
        "Tea & Co",
        "--url",
        url,
        "--format",
        "standard",
        "--events",
        "payment.confirmed",
    ]);
    assert!(endpoint["secret"].as_str().unwrap().starts_with("whsec_"));
    let id = endpoint["endpoint_id"].to_string();
    let listed = both(&["webhook", "list"]);
    assert!(
        !listed.to_string().contains(endpoint["secret"].as_str().unwrap()),
        "a secret is shown twice"
    );
    let tried = daemon.try_cli(&["webhook", "test", &id, "--json"]);
    assert_eq!(tried.status.code(), Some(1), "nobody listens there");
    assert!(
        serde_json::from_slice::<Value>(&tried.stdout).is_ok(),
        "{tried:?}"
    );
    daemon.cli_json(&["webhook", "remove", &id]);

    let create = [
        "payment",
        "create",
        "--store",
        "Tea & Co",
        "--amount",
        "49.90",
        "--network",
        "bsc",
        "--currency",
        "usdt",
    ];
    let payment = both(&[&create[..], &["--order-id", "7", "--mode", "test"]].concat());
    assert_eq!(
        (&payment["due"], &payment["order_id"]),
        (&json!("49.900000"), &json!("7"))
    );
    let page = payment["checkout_url"].as_str().unwrap();
    assert!(page.starts_with(&daemon.url("/pay/")), "{page}");
    let number = payment["payment_number"].as_str().unwrap();
    let token = payment["payment_token"].as_str().unwrap();
    assert_eq!(
        both(&["payment", "show", number])["payment_number"],
        both(&["payment", "show", token])["payment_number"]
    );
    both(&[
        "payment", "list", "--store", "Tea & Co", "--status", "pending", "--limit", "1",
    ]);
    both(&["webhook", "deliveries", "--payment", number]);
    assert_eq!(
        daemon.cli_json(&["payment", "cancel", number])["status"],
        json!("cancelled")
    );

    let checked = both(&["check"]);
    assert!(checked["settings"].is_object());
    assert_eq!(both(&["doctor"])["is_well"], json!(true));
    let unit = both(&["systemd"]);
    assert!(
        unit["unit"]
            .as_str()
            .unwrap()
            .contains(&format!("ExecStart={} serve", env!("CARGO_BIN_EXE_payd")))
    );
    let copies = tempfile::tempdir().unwrap();
    daemon.cli(&["backup", copies.path().join("a").to_str().unwrap()]);
    let copied = daemon.cli_json(&["backup", copies.path().join("b").to_str().unwrap()]);
    assert_eq!(copied["copies"].as_array().unwrap().len(), 2);
}

#[test]
fn completions_are_scripts_that_their_shell_reads() {
    let daemon = Daemon::prepare("");
    for (shell, word) in [
        ("bash", "_payd"),
        ("zsh", "#compdef payd"),
        ("fish", "complete -c payd"),
    ] {
        let script = daemon.cli(&["completions", shell]);
        assert!(script.contains(word) && script.contains("simulate"), "{shell}");
        if shell == "bash" {
            let mut check = Command::new("bash")
                .arg("-n")
                .stdin(Stdio::piped())
                .spawn()
                .unwrap();
            check.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
            assert!(check.wait().unwrap().success());
        }
    }
}

#[tokio::test]
async fn every_scenario_ends_as_its_name_says() {
    // On Ethereum money confirms for an hour, so that its block can be undone meanwhile.
    let daemon = Daemon::start("[networks.ethereum]\nconfirmations = 7200\nfinal_depth = 8000\n").await;
    daemon.add_store("shop", "payhook");
    let make_on = |network| {
        daemon.create_payment("shop", "50.00", network, "usdt")["payment_number"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let make = || make_on("bsc");
    let scenarios = ["exact", "under", "over", "twice", "late", "wrong-token"];
    let payments: Vec<String> = scenarios
        .iter()
        .map(|scenario| {
            let number = make();
            daemon.simulate(&number, scenario);
            number
        })
        .collect();
    for (scenario, number) in scenarios.iter().zip(&payments) {
        let (status, received, is_overpaid, judged) = match *scenario {
            "exact" => ("paid", "50.000000", false, "counted"),
            "under" => ("pending", "25.000000", false, "counted"),
            "over" => ("paid", "55.000000", true, "counted"),
            "twice" => ("paid", "100.000000", true, "counted"),
            "late" => ("expired", "0.000000", false, "late"),
            _ => ("pending", "0.000000", false, "wrong"),
        };
        let payment = wait_until(&format!("{scenario} to end"), || async {
            let payment = daemon.payment(number);
            let is_seen = payment["transfers"].as_array().is_some_and(|all| !all.is_empty());
            let is_there = payment["status"] == status && payment["received"] == received && is_seen;
            is_there.then_some(payment)
        })
        .await;
        assert_eq!(
            payment["is_overpaid"],
            json!(is_overpaid),
            "{scenario}: {payment}"
        );
        let transfers = payment["transfers"].to_string();
        assert!(transfers.contains(judged), "{scenario}: {transfers}");
    }

    let number = make_on("ethereum");
    let nothing = daemon.try_cli(&["payment", "simulate", &number, "reorg"]);
    assert_eq!(nothing.status.code(), Some(1));
    daemon.simulate(&number, "exact");
    daemon.wait_for_status(&number, "confirming").await;
    daemon.simulate(&number, "reorg");
    let payment = wait_until("the reorganisation", || async {
        let payment = daemon.payment(&number);
        (payment["received"] == "0.000000").then_some(payment)
    })
    .await;
    assert_eq!(payment["status"], json!("pending"), "{payment}");
}
