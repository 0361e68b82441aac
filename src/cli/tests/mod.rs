//! The commands on a real database in a temporary directory, called as the shell calls them.

mod accept;
mod addresses;
mod donations;
mod endpoints;
mod inbox_and_log;
mod networks;
mod payments;
mod prune;
mod rates;
mod stores;
mod wallets;
mod widgets;

use std::ffi::OsString;

use clap::{CommandFactory as _, Parser as _};
use serde_json::Value;

use super::args::{Cli, Command, Globals};
use super::output::Output;
use super::session::Session;
use super::{
    address, capacity, donation, inbox, key, payment, prune as prune_command, store, wallet, webhook, widget,
};

const ONE: &str = "0x52908400098527886E0F7030069857D2E4169EE7";
const TWO: &str = "0x8617E340B3D01FA5F11F306F4090FD50E238070D";

struct Shell {
    directory: tempfile::TempDir,
}

impl Shell {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
        }
    }

    fn globals(&self) -> Globals {
        let config = self.directory.path().join("config.toml");
        if !config.exists() {
            std::fs::write(&config, "").unwrap();
        }
        Globals {
            data_dir: Some(self.directory.path().join("data")),
            config: Some(config),
            json: true,
        }
    }

    async fn try_run(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        let cli = Cli::try_parse_from([&["payd"], arguments].concat())?;
        let session = Session::open(&self.globals())?;
        let output = match cli.command {
            Command::Store(command) => store::run(&session, command).await,
            Command::Key(command) => key::run(&session, command).await,
            Command::Address(command) => address::run(&session, command).await,
            Command::Wallet(command) => wallet::run(&session, command).await,
            Command::Capacity(options) => capacity::run(&session, options).await,
            Command::Webhook(command) => webhook::run(&session, command).await,
            Command::Widget(command) => widget::run(&session, command).await,
            Command::Payment(command) => payment::run(&session, command).await,
            Command::Donation(command) => donation::run(&session, command).await,
            Command::Prune(options) => prune_command::run(&session, &options).await,
            Command::Inbox(command) => inbox::run(&session, command).await,
            Command::AuditLog(options) => inbox::audit_log(&session, options).await,
            other => panic!("not a command of these tests: {other:?}"),
        };
        session.close().await;
        output
    }

    async fn run(&self, arguments: &[&str]) -> Value {
        self.try_run(arguments).await.unwrap().json
    }

    async fn refused(&self, arguments: &[&str]) -> String {
        self.try_run(arguments).await.unwrap_err().to_string()
    }

    async fn with_store() -> Self {
        let shell = Self::new();
        shell.run(&["store", "add", "shop"]).await;
        shell
    }
}

#[test]
fn the_grammar_of_the_command_line_holds_together() {
    Cli::command().debug_assert();
}

#[test]
fn the_forms_of_the_contract_are_understood() {
    for line in [
        "payd serve --data-dir D --listen 127.0.0.1:8420",
        "payd store add NAME --dialect payhook --json",
        "payd store add NAME --dialect soko --website https://shop.example --json",
        "payd store add NAME --dialect crypto-pay --json",
        "payd store add NAME --dialect usdt-payments --json",
        "payd store add NAME --dialect cryptopayment --json",
        "payd key add --store NAME --mode test --json",
        "payd key add --store NAME --mode live --json",
        "payd webhook add --store NAME --url http://127.0.0.1:1/x --format payhook --json",
        "payd payment simulate PAY-2026-000001 exact",
        "payd payment simulate PAY-2026-000001 under",
        "payd payment simulate PAY-2026-000001 over",
        "payd payment simulate PAY-2026-000001 late",
        "payd payment simulate PAY-2026-000001 twice",
        "payd payment simulate PAY-2026-000001 wrong-token",
        "payd payment simulate PAY-2026-000001 reorg",
        "payd address add --store NAME --network bsc --file -",
        "payd check --config C",
        "payd rates --symbol BTC --fiat eur --json",
        "payd store accept NAME",
        "payd store accept NAME USDT_TRC20 BTC",
        "payd store accept NAME --reset",
        "payd store set NAME --markup-bps 50",
        "payd store set NAME --markup-bps -50",
        "payd store rate set --store NAME USDT EUR 0.92",
        "payd widget set NAME --on --origin https://shop.example --origin https://www.shop.example --amounts off",
        "payd widget set NAME --off --no-origins",
        "payd widget price add NAME ebook 19.90 --fiat EUR --label Book",
    ] {
        let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        assert!(Cli::try_parse_from(arguments).is_ok(), "{line}");
    }
}

#[test]
fn wrong_usage_is_told_apart_from_failure() {
    for line in [
        "payd",
        "payd store add X --dialect other",
        "payd address add --store X --network bsc",
        "payd webhook replay",
        "payd webhook replay 1 --payment PAY-2026-000001",
    ] {
        let error = Cli::try_parse_from(line.split(' ')).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{line}");
    }
}

#[tokio::test]
async fn the_data_directory_is_made_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let shell = Shell::with_store().await;
    let mode = std::fs::metadata(shell.directory.path().join("data"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[tokio::test]
async fn a_store_begins_with_the_configured_rules_and_takes_others() {
    let shell = Shell::new();
    std::fs::write(
        shell.directory.path().join("config.toml"),
        "[defaults]\nwindow_s = 600\n",
    )
    .unwrap();
    let made = shell
        .run(&["store", "add", "shop", "--late-policy", "accept"])
        .await;
    assert_eq!(made["store_id"], 1);
    assert_eq!(made["dialect"], "payhook");
    assert_eq!(made["window_s"], 600);
    assert_eq!(made["late_policy"], "accept");
    let set = shell
        .run(&[
            "store",
            "set",
            "shop",
            "--window",
            "1h30m",
            "--website",
            "shop.example",
        ])
        .await;
    assert_eq!(set["window_s"], 5400);
    assert_eq!(set["website"], "https://shop.example");
    let cleared = shell.run(&["store", "set", "shop", "--website", ""]).await;
    assert_eq!(cleared["website"], Value::Null);
    assert_eq!(cleared["window_s"], 5400);
}

#[tokio::test]
async fn a_store_that_cannot_work_is_refused() {
    let shell = Shell::with_store().await;
    assert!(shell.refused(&["store", "add", "shop"]).await.contains("already"));
    assert!(
        shell
            .refused(&["store", "add", " "])
            .await
            .contains("1 to 64 characters")
    );
    assert!(
        shell
            .refused(&["store", "add", "x", "--window", "10s"])
            .await
            .contains("1m to 30d")
    );
    assert!(
        shell
            .refused(&["store", "set", "shop"])
            .await
            .contains("nothing to set")
    );
    assert!(
        shell
            .refused(&["store", "set", "shpo", "--window", "5m"])
            .await
            .contains("did you mean `shop`")
    );
}

#[tokio::test]
async fn a_crypto_pay_web_site_is_a_real_domain_of_one_store_only() {
    let shell = Shell::new();
    let add = |name: &'static str, site: &'static str| {
        ["store", "add", name, "--dialect", "crypto-pay", "--website", site]
    };
    assert!(
        shell
            .refused(&add("a", "http://localhost"))
            .await
            .contains("real domain")
    );
    shell.run(&add("a", "https://shop.example")).await;
    for same in [
        "http://shop.example",
        "https://SHOP.example/",
        "https://www.shop.example/shop",
    ] {
        assert!(
            shell
                .refused(&add("b", same))
                .await
                .contains("belongs to store `a`"),
            "{same}"
        );
    }
    shell.run(&add("b", "https://other.example")).await;
}

#[tokio::test]
async fn a_rotated_key_ends_in_the_moment_its_successor_begins() {
    let shell = Shell::with_store().await;
    let first = shell
        .run(&["key", "add", "--store", "shop", "--mode", "live"])
        .await;
    let text = first["api_key"].as_str().unwrap();
    assert_eq!((text.len(), &text[..3]), (67, "pk_"));
    let second = shell.run(&["key", "rotate", "1"]).await;
    assert_eq!(second["mode"], "live");
    assert_ne!(second["api_key"], first["api_key"]);
    let list = shell.run(&["key", "list", "--store", "shop"]).await;
    assert_ne!(list["keys"][0]["revoked_at"], Value::Null);
    assert_eq!(list["keys"][1]["revoked_at"], Value::Null);
    assert!(!list.to_string().contains(text), "a key is shown once");
    assert!(shell.refused(&["key", "rotate", "1"]).await.contains("revoked"));
    assert_eq!(
        shell.run(&["key", "list"]).await["keys"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    shell.run(&["key", "revoke", "2"]).await;
    assert!(shell.refused(&["key", "revoke", "2"]).await.contains("already"));
}

#[tokio::test]
async fn a_backup_holds_database_and_key_and_overwrites_nothing() {
    let shell = Shell::with_store().await;
    let options = super::args::BackupOptions {
        directory: shell.directory.path().join("copy"),
    };
    let copied = super::backup::run(&shell.globals(), &options).unwrap();
    assert_eq!(copied.json["copies"].as_array().unwrap().len(), 2);
    assert!(super::backup::run(&shell.globals(), &options).is_err());
    let elsewhere = Globals {
        data_dir: Some(shell.directory.path().join("nothing")),
        ..shell.globals()
    };
    assert!(
        super::backup::run(&elsewhere, &options)
            .unwrap_err()
            .to_string()
            .contains("no database")
    );
}

#[tokio::test]
async fn the_doctor_finds_a_missing_key_file_and_makes_nothing() {
    let shell = Shell::new();
    let healthy = super::doctor::run(&shell.globals()).await.unwrap();
    assert!(!healthy.is_bad_news);
    assert!(!shell.directory.path().join("data").exists());
    shell.run(&["store", "add", "shop"]).await;
    assert!(!super::doctor::run(&shell.globals()).await.unwrap().is_bad_news);
    std::fs::remove_file(shell.directory.path().join("data/payd.key")).unwrap();
    let ill = super::doctor::run(&shell.globals()).await.unwrap();
    assert!(ill.is_bad_news);
    assert!(ill.text.contains("key file"), "{}", ill.text);
}

#[test]
fn check_tells_everything_that_is_wrong_at_once() {
    let shell = Shell::new();
    let globals = shell.globals();
    assert!(super::check::run(&globals).is_ok());
    std::fs::write(
        globals.config.as_ref().unwrap(),
        "[server]\nlisten = 1\n[nowhere]\n",
    )
    .unwrap();
    let error = super::check::run(&globals).unwrap_err().to_string();
    assert!(error.contains("listen") && error.contains("nowhere"), "{error}");
}
