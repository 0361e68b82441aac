//! What breaks around payd: disks that are full, files that are damaged, lost or another's, a second daemon. A clear refusal, or
//! all that can be read is still served; never silent loss.

mod crashes;
mod damage;
mod files;
mod full;
mod refusals;
mod words;

use std::path::PathBuf;
use std::process::Command;

use rusqlite::Connection;

use crate::harness::daemon::{Daemon, Key, Reply};

/// A daemon with a store, and a test key of it.
async fn shop() -> (Daemon, Key) {
    let daemon = Daemon::start("").await;
    daemon.add_store("shop", "payhook");
    let key = daemon.add_key("shop", "test");
    (daemon, key)
}

fn database(daemon: &Daemon) -> PathBuf {
    daemon.data_dir().join("payd.sqlite")
}

/// One number that the database says, looked up beside the daemon.
fn ask(daemon: &Daemon, sql: &str) -> i64 {
    let connection = Connection::open(database(daemon)).expect("the database");
    connection.query_row(sql, [], |row| row.get(0)).expect("a number")
}

/// Asks for a payment of 50 dollars, whatever the answer. `order` is its idempotency key, too.
async fn ask_for_payment(daemon: &Daemon, key: &Key, order: &str) -> Reply {
    let body = serde_json::json!({
        "amount_usd_cents": 5000, "network": "bsc", "currency": "usdt", "external_order_id": order,
    });
    let headers = [("x-api-key", key.api_key.as_str()), ("idempotency-key", order)];
    daemon.post("/api/v1/payments/", &headers, &body).await
}

/// Starts `payd serve` where it must not start, and gives what it said.
fn refused(daemon: &Daemon) -> String {
    refusal(&daemon.command(&["serve"]), &[])
}

/// As [`refused`], of a command that is run by another one, such as one that takes rights away.
fn refusal(command: &Command, by: &[&str]) -> String {
    // One that starts after all does not hold up the tests.
    let mut whole = Command::new("timeout");
    whole
        .arg("30")
        .args(by)
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear();
    for (name, value) in command.get_envs() {
        whole.env(name, value.unwrap_or_default());
    }
    let output = whole.output().expect("timeout of coreutils");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    said
}
