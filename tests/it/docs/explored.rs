//! Each description against the daemon once more, by schemathesis: calls are made up of it, right and wrong ones, and
//! whatever is answered has to be as it says. The same calls each time. More of them with `PAYD_EXPLORED=2000`.
//!
//! What is left out and why says `tests/python/schemathesis.toml`.

use std::path::Path;
use std::process::Command;

use super::shop;
use crate::harness::samples::bare_environment;

const PYTHON_DIR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python");

/// Calls made up for each of an API's calls, in each of the ways to make them up.
const EXAMPLES_MAX: &str = "12";

async fn is_as_described(api: &str) {
    let (mut daemon, key) = shop(api).await;
    // Most of what is made here is wrong, which is answered with 429 otherwise; and nobody out there is asked.
    daemon.configure("[limits]\nenabled = false\n[rates]\nenabled = false\n");
    daemon.restart().await;
    if api == "soko" {
        daemon.cli(&["donation", "set", "shop", "--on"]);
    }
    let python = Path::new(PYTHON_DIR);
    let room = tempfile::tempdir().unwrap();
    let mut command = Command::new(python.join(".venv/bin/schemathesis"));
    bare_environment(&mut command, room.path());
    let examples = std::env::var("PAYD_EXPLORED").unwrap_or_else(|_| EXAMPLES_MAX.to_owned());
    command
        .current_dir(room.path())
        .env("API", api)
        .env("KEY", &key.api_key)
        .env("SECRET", &key.api_secret)
        .env("PYTHONPATH", python)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SCHEMATHESIS_HOOKS", "sign_calls")
        .arg("--config-file")
        .arg(python.join("schemathesis.toml"))
        .arg("run")
        .arg(daemon.url(&format!("/docs/{api}/openapi.json")))
        .args([
            "--no-color",
            "--generation-deterministic",
            "--continue-on-failure",
        ])
        .args(["--max-examples", &examples]);
    let explored = tokio::task::spawn_blocking(move || command.output()).await;
    let explored = explored.unwrap().expect("`tests/run` installs schemathesis");
    let said = String::from_utf8_lossy(&explored.stdout);
    assert!(explored.status.success(), "{api}: {said}");
    assert!(said.contains("generated") && said.contains("passed"), "{said}");
    let log = daemon.log();
    assert!(!log.contains("panicked"), "{log}");
}

#[tokio::test]
async fn whatever_is_asked_of_payhooks_api_is_answered_as_described() {
    is_as_described("payhook").await;
}

#[tokio::test]
async fn whatever_is_asked_of_sokos_api_is_answered_as_described() {
    is_as_described("soko").await;
}

#[tokio::test]
async fn whatever_is_asked_of_crypto_pays_api_is_answered_as_described() {
    is_as_described("crypto-pay").await;
}

#[tokio::test]
async fn whatever_is_asked_of_usdt_payments_api_is_answered_as_described() {
    is_as_described("usdt-payments").await;
}

#[tokio::test]
async fn whatever_is_asked_of_cryptopayments_api_is_answered_as_described() {
    is_as_described("cryptopayment").await;
}
