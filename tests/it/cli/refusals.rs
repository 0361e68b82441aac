//! What is wrong is named by its place, and nothing is half done.

use std::process::Output;

use serde_json::{Value, json};

use crate::harness::daemon::Daemon;

const GOOD: &str = "0x742d35Cc6634C0532925a3b844Bc454e4438f44e";

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn one_bad_address_in_a_file_keeps_all_of_it_out_and_each_is_named_with_its_line() {
    let daemon = Daemon::prepare("");
    daemon.add_store("shop", "payhook");
    let file = daemon.data_dir().join("addresses.txt");
    let lines = [
        "# the pool of the shop",
        GOOD,
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0x742d35cc6634c0532925a3b844bc454e4438f44e",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
        "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
        "0x0000",
    ];
    std::fs::write(&file, lines.join("\n")).unwrap();
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
    let output = daemon.try_cli(&add);
    let error = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("nothing was added"), "{error}");
    for (line, text) in lines.iter().enumerate().skip(3) {
        let place = format!("line {}: {text}", line + 1);
        assert!(error.contains(&place), "{place} is not in {error}");
    }
    for good in [2, 3] {
        assert!(!error.contains(&format!("line {good}:")), "{error}");
    }
    let output = daemon.try_cli(&[&add[..], &["--json"]].concat());
    let refused: Value = serde_json::from_str(stderr(&output).trim()).expect("JSON on the error output");
    assert_eq!(
        refused["refused"]
            .as_array()
            .or(refused["refused"]["refused"].as_array())
            .map(Vec::len),
        Some(4),
        "{refused}"
    );
    let list = daemon.cli_json(&["address", "list", "--store", "shop"]);
    assert_eq!(list["addresses"], json!([]));

    std::fs::write(&file, lines[..3].join("\r\n")).unwrap();
    assert_eq!(
        daemon.cli_json(&add)["added"],
        json!(2),
        "comments and Windows line ends are fine"
    );
    let again = daemon.try_cli(&add);
    assert!(
        stderr(&again).contains("this store has it already"),
        "{}",
        stderr(&again)
    );
}

#[test]
fn a_bad_setting_is_named_by_file_and_line_with_the_name_that_was_meant() {
    let daemon = Daemon::prepare("[server]\nlisten = \"127.0.0.1:1\"\n\n[store]\ndurabilty = \"full\"\n");
    let file = daemon.config_file().display().to_string();
    for command in [&["check"][..], &["serve"], &["store", "list"]] {
        let output = daemon.try_cli(command);
        let error = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{command:?}: {error}");
        assert!(
            error.contains(&file) && error.contains("durabilty") && error.contains("`durability`"),
            "{error}"
        );
        assert!(error.contains(":5") || error.contains("line 5"), "{error}");
    }
    daemon.configure("[defaults]\nwindow_s = \"half an hour\"\n");
    assert!(stderr(&daemon.try_cli(&["check"])).contains("window_s"));
    daemon.configure("[defaults\n");
    assert_eq!(daemon.try_cli(&["check"]).status.code(), Some(1));
}

#[test]
fn commands_that_cannot_be_carried_out_say_why_and_what_to_do() {
    let daemon = Daemon::prepare("");
    daemon.add_store("shop", "payhook");
    for (command, part) in [
        (&["store", "add", "shop"][..], "already"),
        (&["key", "add", "--store", "shpo", "--mode", "test"], "shop"),
        (
            &["address", "add", "--store", "shop", "--network", "bcs", GOOD],
            "bsc",
        ),
        (&["webhook", "add", "--store", "shop", "--url", "ftp://x"], "http"),
        (
            &[
                "webhook",
                "add",
                "--store",
                "shop",
                "--url",
                "http://169.254.169.254/x",
            ],
            "link-local",
        ),
        (&["payment", "show", "PAY-2026-000001"], "no such payment"),
        (
            &["payment", "simulate", "PAY-2026-000001", "exact"],
            "no such payment",
        ),
        (
            &[
                "payment",
                "create",
                "--store",
                "shop",
                "--amount",
                "0.001",
                "--network",
                "bsc",
                "--currency",
                "usdt",
            ],
            "0.001",
        ),
        (
            &[
                "payment",
                "create",
                "--store",
                "shop",
                "--amount",
                "5",
                "--network",
                "bsc",
                "--currency",
                "usd",
            ],
            "usdt",
        ),
        (
            &[
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
                "--mode",
                "live",
            ],
            "providers",
        ),
        (&["key", "revoke", "99"], "payd key list"),
    ] {
        let output = daemon.try_cli(command);
        let error = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{command:?}: {error}");
        assert!(
            error.starts_with("error: ") && error.contains(part),
            "{command:?}: {error}"
        );
        assert!(output.stdout.is_empty());
        let output = daemon.try_cli(&[command, &["--json"]].concat());
        let error: Value =
            serde_json::from_str(stderr(&output).trim()).unwrap_or_else(|no| panic!("{no}: {output:?}"));
        assert!(error["error"].is_string(), "{command:?}: {error}");
    }
    let unknown = daemon.try_cli(&["paymnet"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("'payment'"), "{}", stderr(&unknown));
}
