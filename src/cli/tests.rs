//! The commands on a real database in a temporary directory, called as the shell calls them.

use std::ffi::OsString;

use clap::{CommandFactory as _, Parser as _};
use serde_json::Value;

use super::args::{Cli, Command, Globals};
use super::output::Output;
use super::session::{Session, remember_address};
use super::{address, address_file, key, payment, store, webhook};

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
            Command::Webhook(command) => webhook::run(&session, command).await,
            Command::Payment(command) => payment::run(&session, command).await,
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
    assert_eq!(refused.refusals[0].entry.place, address_file::Place::Line(3));
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
async fn an_endpoint_gets_its_formats_events_and_a_secret_that_is_shown_once() {
    let shell = Shell::with_store().await;
    let add = [
        "webhook",
        "add",
        "--store",
        "shop",
        "--url",
        "http://127.0.0.1:9/h",
        "--format",
        "payhook",
    ];
    let made = shell.run(&add).await;
    assert_eq!(made["endpoint_id"], 1);
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(made["events"][0], "payment.confirmed");
    let standard = [
        "webhook",
        "add",
        "--store",
        "shop",
        "--url",
        "https://shop.example/h",
        "--format",
        "standard",
    ];
    let standard = shell.run(&standard).await;
    assert!(standard["secret"].as_str().unwrap().starts_with("whsec_"));
    let list = shell.run(&["webhook", "list"]).await;
    assert_eq!(list["endpoints"].as_array().unwrap().len(), 2);
    assert!(!list.to_string().contains(secret));
}

#[tokio::test]
async fn an_endpoint_that_must_not_be_posted_to_is_refused_without_repeating_its_password() {
    let shell = Shell::with_store().await;
    for url in [
        "http://169.254.169.254/",
        "ftp://shop.example/",
        "http://u:hunter2@shop.example/",
        "shop.example",
    ] {
        let error = shell
            .try_run(&["webhook", "add", "--store", "shop", "--url", url])
            .await
            .unwrap_err();
        assert!(!format!("{error:#}").contains("hunter2"));
    }
    assert_eq!(
        shell.run(&["webhook", "list"]).await["endpoints"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
}

#[tokio::test]
async fn a_test_payment_can_be_made_at_once_on_every_simulated_network_and_is_shown_and_cancelled() {
    let shell = Shell::with_store().await;
    for network in ["bitcoin", "litecoin", "ethereum", "bsc", "tron"] {
        let create = [
            "payment",
            "create",
            "--store",
            "shop",
            "--amount",
            "50.00",
            "--network",
            network,
        ];
        let made = shell
            .run(&[&create[..], &["--currency", "native"]].concat())
            .await;
        assert_eq!(made["status"], "pending", "{network}");
        assert_eq!(made["mode"], "test");
        assert_eq!(made["events"][0]["event"], "payment.created");
    }
    let list = shell.run(&["payment", "list", "--limit", "2"]).await;
    assert_eq!(list["is_more"], true);
    let last = list["payments"][1]["payment_number"].as_str().unwrap();
    let rest = shell.run(&["payment", "list", "--before", last]).await;
    assert_eq!(rest["payments"].as_array().unwrap().len(), 3);

    let token = list["payments"][0]["payment_token"].as_str().unwrap();
    let shown = shell.run(&["payment", "show", token]).await;
    assert_eq!(shown["payment_number"], list["payments"][0]["payment_number"]);
    let number = shown["payment_number"].as_str().unwrap().to_lowercase();
    assert_eq!(
        shell.run(&["payment", "cancel", &number]).await["status"],
        "cancelled"
    );
    assert!(
        shell
            .refused(&["payment", "cancel", &number])
            .await
            .contains("no longer be cancelled")
    );
    assert_eq!(
        shell.run(&["payment", "list", "--status", "cancelled"]).await["payments"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_live_payment_on_a_network_nobody_watches_is_refused() {
    let shell = Shell::with_store().await;
    shell
        .run(&["address", "add", "--store", "shop", "--network", "bsc", ONE])
        .await;
    let create = "payment create --store shop --amount 5 --network bsc --currency usdt --mode live";
    let refused = shell.refused(&create.split(' ').collect::<Vec<_>>()).await;
    assert!(refused.contains("not watched"), "{refused}");
}

#[tokio::test]
async fn a_replay_is_a_new_delivery_of_the_same_event() {
    let shell = Shell::with_store().await;
    let add = "webhook add --store shop --url http://127.0.0.1:9/h --events payment.cancelled";
    shell.run(&add.split(' ').collect::<Vec<_>>()).await;
    let create = "payment create --store shop --amount 5 --network bsc --currency usdt";
    let made = shell.run(&create.split(' ').collect::<Vec<_>>()).await;
    let number = made["payment_number"].as_str().unwrap();
    assert!(
        shell
            .refused(&["webhook", "replay", "--payment", number])
            .await
            .contains("no deliveries")
    );
    shell.run(&["payment", "cancel", number]).await;
    let replayed = shell.run(&["webhook", "replay", "--payment", number]).await;
    assert_eq!(replayed["deliveries"][0]["replay_of"], 1);
    shell.run(&["webhook", "replay", "2"]).await;
    let list = shell.run(&["webhook", "deliveries", "--payment", number]).await;
    let list = list["deliveries"].as_array().unwrap();
    assert_eq!(list.len(), 3);
    assert!(
        list.iter()
            .all(|delivery| delivery["event"] == "payment.cancelled" && delivery["state"] == "pending")
    );
    // Only what was sent because of the event is repeated, not its repetitions.
    let again = shell.run(&["webhook", "replay", "--payment", number]).await;
    assert_eq!(again["deliveries"].as_array().unwrap().len(), 1);
    shell.run(&["webhook", "remove", "1"]).await;
    assert!(
        shell
            .refused(&["webhook", "replay", "1"])
            .await
            .contains("switched off")
    );
}

#[tokio::test]
async fn checkout_urls_lead_to_where_the_daemon_listened_last() {
    let shell = Shell::with_store().await;
    remember_address(
        &shell.directory.path().join("data"),
        "127.0.0.1:18420".parse().unwrap(),
    )
    .unwrap();
    let create = "payment create --store shop --amount 5 --network bsc --currency usdt";
    let made = shell.run(&create.split(' ').collect::<Vec<_>>()).await;
    let token = made["payment_token"].as_str().unwrap();
    assert_eq!(
        made["checkout_url"],
        format!("http://127.0.0.1:18420/pay/{token}")
    );
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
