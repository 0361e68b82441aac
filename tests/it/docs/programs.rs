//! The programs, taken from the pages as they are shown, only the keys filled in.

use std::process::Command;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use tempfile::TempDir;

use super::{APIS, shop};
use crate::harness::daemon::{Daemon, Key};
use crate::harness::process::Process;
use crate::harness::receiver::{Received, Receiver};
use crate::harness::samples::{Place, Sample, bare_environment, python};
use crate::harness::{http, wait_until};

/// The languages whose programs are run.
const CODES: [(&str, &str); 4] = [("php", "php"), ("python", "py"), ("node", "mjs"), ("curl", "sh")];

/// A program as the page of an API shows it, with the reader's keys.
async fn program(
    daemon: &Daemon,
    api: &str,
    code: &str,
    name: &str,
    key: &Key,
    webhook_secret: &str,
) -> Sample {
    let page = daemon.get(&format!("/docs/{api}/?code={code}"), &[]).await;
    assert_eq!(page.status, 200);
    let start = format!("data-program=\"{name}\"><code>");
    let (_, rest) = page
        .body
        .split_once(&start)
        .unwrap_or_else(|| panic!("{api} shows no {name}"));
    let (shown, _) = rest.split_once("</code></pre>").unwrap();
    let mut text = shown.replace("<i>", "").replace("</i>", "");
    assert!(!text.contains('<'), "{text}");
    for (escaped, sign) in [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
    ] {
        text = text.replace(escaped, sign);
    }
    assert!(!text.contains("pay.example.com"), "{text}");
    for (stand_in, own) in [
        ("pk_your_key", key.api_key.as_str()),
        ("sk_your_secret", &key.api_secret),
        ("your_webhook_secret", webhook_secret),
    ] {
        text = text.replace(stand_in, own);
    }
    Sample::of(name, text.trim_start().to_owned())
}

/// Adds an endpoint and gives what its webhooks are signed with.
pub fn add_webhook(daemon: &Daemon, api: &str, key: &Key, url: &str) -> String {
    let add = ["webhook", "add", "--store", "shop", "--url", url, "--format", api];
    match api {
        "crypto-pay" | "usdt-payments" => {
            daemon.cli(&add);
            key.api_secret.clone()
        }
        "cryptopayment" => {
            let keys = daemon.cli_json(&["key", "list", "--store", "shop"]);
            let id = keys["keys"][0]["key_id"].to_string();
            let added = daemon.cli_json(&[&add[..], &["--key", &id]].concat());
            added["secret"].as_str().unwrap().to_owned()
        }
        _ => daemon.add_webhook("shop", url, api).secret,
    }
}

/// Has the API's PHP program make a payment, and gives its number.
pub async fn make(daemon: &Daemon, api: &str, key: &Key) -> String {
    let ran = program(daemon, api, "php", "payment.php", key, "")
        .await
        .run()
        .await;
    ran.printed();
    newest(daemon)["payment_number"].as_str().unwrap().to_owned()
}

fn newest(daemon: &Daemon) -> Value {
    daemon.cli_json(&["payment", "list", "--store", "shop"])["payments"][0].clone()
}

fn count(daemon: &Daemon) -> usize {
    let listed = daemon.cli_json(&["payment", "list", "--store", "shop"]);
    listed["payments"].as_array().unwrap().len()
}

#[tokio::test]
async fn every_program_makes_a_payment_and_prints_where_to_pay_it_and_how_it_stands() {
    for api in APIS {
        let (daemon, key) = shop(api).await;
        for (before, (code, extension)) in CODES.into_iter().enumerate() {
            let name = format!("payment.{extension}");
            let ran = program(&daemon, api, code, &name, &key, "").await.run().await;
            let printed = ran.printed();
            assert_eq!(count(&daemon), before + 1, "{api} {code}: {ran:?}");
            let (url, status) = printed
                .split_once('\n')
                .unwrap_or_else(|| panic!("{api} {code}: {ran:?}"));
            assert_eq!(status.trim(), "pending", "{api} {code}");
            let path = url
                .strip_prefix(&daemon.url(""))
                .unwrap_or_else(|| panic!("{api} {code}: {url}"));
            let page = daemon.get(path, &[]).await;
            let payment = newest(&daemon);
            assert_eq!(page.status, 200, "{api} {code}: {url}");
            assert!(
                page.body.contains(payment["address"].as_str().unwrap()),
                "{api} {code}"
            );
            assert!(
                payment["order_id"].as_str().unwrap().starts_with("order-"),
                "{api} {code}: {payment}"
            );
        }
    }
}

#[tokio::test]
async fn a_program_with_a_wrong_key_says_so_and_makes_nothing() {
    for api in APIS {
        let (daemon, mut key) = shop(api).await;
        key.api_key.push('0');
        for (code, extension) in CODES {
            let name = format!("payment.{extension}");
            let ran = program(&daemon, api, code, &name, &key, "").await.run().await;
            assert!(!ran.stdout.contains("/pay/"), "{api} {code}: {ran:?}");
            assert!(ran.code != Some(0) || code == "curl", "{api} {code}: {ran:?}");
            assert!(
                format!("{}{}", ran.stdout, ran.stderr).contains("401"),
                "{api} {code}: {ran:?}"
            );
        }
        assert_eq!(count(&daemon), 0);
    }
}

/// A program that takes webhooks, listening.
pub(super) struct Listening {
    place: Place,
    process: Process,
    _dir: TempDir,
}

impl Listening {
    pub(super) async fn start(program: &Sample, code: &str, place: Place) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("webhook");
        std::fs::write(&file, program.text()).unwrap();
        let mut command = match code {
            "php" => {
                let mut php = Command::new("php");
                php.args([
                    "-d",
                    "display_errors=0",
                    "-S",
                    &format!("127.0.0.1:{}", place.port()),
                ]);
                php
            }
            "python" => python(),
            _ => Command::new("node"),
        };
        let file = if code == "node" {
            let module = dir.path().join("webhook.mjs");
            std::fs::rename(&file, &module).unwrap();
            module
        } else {
            file
        };
        command.arg(file);
        bare_environment(&mut command, dir.path());
        command.env("PORT", place.port().to_string());
        let mut process = Process::start("webhooks", command, dir.path());
        wait_until("a program that listens", || {
            assert!(process.ended().is_none(), "it ended: {}", process.stderr());
            let tried = tokio::net::TcpStream::connect(("127.0.0.1", place.port()));
            async { tried.await.ok().map(drop) }
        })
        .await;
        Self {
            place,
            process,
            _dir: dir,
        }
    }

    /// Everything it has said.
    pub(super) fn said(&self) -> String {
        format!("{}{}", self.process.stdout(), self.process.stderr())
    }

    /// What it answers to a body with these headers.
    async fn answer(&self, headers: &[(&str, String)], body: &str) -> u16 {
        let mut request = http::client().post(self.place.url()).body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        request.send().await.unwrap().status().as_u16()
    }
}

/// The headers and the body of a webhook for `order` that was signed so many seconds ago.
fn signed(api: &str, secret: &str, order: &str, ago: u64) -> (Vec<(&'static str, String)>, String) {
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap()
        .as_secs()
        - ago;
    let mac = |key: &[u8], text: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(text.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    };
    let (key, mode) = (secret.as_bytes(), ("x-payd-mode", "live".to_owned()));
    match api {
        "payhook" => {
            let body =
                format!(r#"{{"event":"payment.confirmed","external_order_id":"{order}","mode":"live"}}"#);
            let signature = mac(key, &format!("{now}.{body}"));
            (
                vec![("x-payhook-signature", format!("t={now},v1={signature}"))],
                body,
            )
        }
        "soko" => {
            let body = format!(r#"{{"event":"payment.completed","order_id":"{order}"}}"#);
            let signature = mac(key, &format!("{now}{body}"));
            (
                vec![("x-timestamp", now.to_string()), ("x-signature", signature), mode],
                body,
            )
        }
        "cryptopayment" => {
            let signature = mac(&STANDARD.decode(secret).unwrap(), "id-1.payment.confirmed");
            let body = format!(
                r#"{{"event":"payment.confirmed","invoice_id":"id-1","order_id":"{order}","signature":"{signature}"}}"#
            );
            (vec![mode], body)
        }
        _ => {
            let body = format!(r#"{{"status":"paid","order_id":"{order}"}}"#);
            (vec![("x-signature", mac(key, &body)), mode], body)
        }
    }
}

#[tokio::test]
async fn payhooks_programs_take_real_webhooks_and_refuse_those_of_others() {
    takes_webhooks("payhook").await;
}

#[tokio::test]
async fn sokos_programs_take_real_webhooks_and_refuse_those_of_others() {
    takes_webhooks("soko").await;
}

#[tokio::test]
async fn crypto_pays_programs_take_real_webhooks_and_refuse_those_of_others() {
    takes_webhooks("crypto-pay").await;
}

#[tokio::test]
async fn usdt_payments_programs_take_real_webhooks_and_refuse_those_of_others() {
    takes_webhooks("usdt-payments").await;
}

#[tokio::test]
async fn cryptopayments_programs_take_real_webhooks_and_refuse_those_of_others() {
    takes_webhooks("cryptopayment").await;
}

async fn takes_webhooks(api: &str) {
    let (daemon, key) = shop(api).await;
    for (code, extension) in &CODES[..3] {
        let place = Place::free();
        let secret = add_webhook(&daemon, api, &key, &place.url());
        let name = format!("webhook.{extension}");
        let program = program(&daemon, api, code, &name, &key, &secret).await;
        let listening = Listening::start(&program, code, place).await;
        let number = make(&daemon, api, &key).await;
        daemon.simulate(&number, "exact");
        let payment = daemon.wait_for_status(&number, "paid").await;
        let order = payment["order_id"].as_str().unwrap();
        let told = format!("{order} is paid (a test: do not deliver)");
        wait_until(&format!("{api} {code}: {told}"), || async {
            listening.said().contains(&told).then_some(())
        })
        .await;
        wait_until("all deliveries to be acknowledged", || async {
            let deliveries = daemon.payment(&number)["deliveries"].clone();
            let all = deliveries.as_array()?;
            let done = |one: &Value| one["state"] == "delivered";
            (!all.is_empty() && all.iter().all(done)).then_some(())
        })
        .await;
        assert_refuses_others(&listening, api, code, &secret).await;
        // The next language has the store for itself.
        let endpoints = daemon.cli_json(&["webhook", "list", "--store", "shop"]);
        let endpoints = endpoints["endpoints"].as_array().unwrap();
        let own = endpoints.iter().find(|one| one["url"] == place.url().as_str());
        let id = own.unwrap()["endpoint_id"].to_string();
        daemon.cli(&["webhook", "remove", &id]);
    }
}

async fn assert_refuses_others(listening: &Listening, api: &str, code: &str, secret: &str) {
    let what = format!("{api} {code}");
    let (headers, body) = signed(api, secret, "mine", 0);
    assert_eq!(
        listening.answer(&headers, &body).await,
        200,
        "{what}: {}",
        listening.said()
    );
    let changed = body.replace("payment.", "Payment.").replace("paid", "Paid");
    assert_eq!(listening.answer(&headers, &changed).await, 401, "{what}: changed");
    assert_eq!(listening.answer(&[], "{}").await, 401, "{what}: unsigned");
    assert_eq!(listening.answer(&[], "no JSON").await, 401, "{what}: no JSON");
    let other = STANDARD.encode([7; 32]);
    let (headers, body) = signed(api, &other, "theirs", 0);
    assert_eq!(
        listening.answer(&headers, &body).await,
        401,
        "{what}: another secret"
    );
    if ["payhook", "soko"].contains(&api) {
        let (headers, body) = signed(api, secret, "late", 400);
        assert_eq!(listening.answer(&headers, &body).await, 401, "{what}: an old one");
    }
    let said = listening.said();
    assert!(
        said.contains("mine is paid") && !said.contains("mine is paid ("),
        "{what}: {said}"
    );
    assert!(
        !said.contains("theirs") && !said.contains("late is"),
        "{what}: {said}"
    );
}

#[tokio::test]
async fn the_program_for_the_shell_checks_a_webhook_that_was_saved() {
    for api in APIS {
        let (daemon, key) = shop(api).await;
        let receiver = Receiver::start().await;
        let secret = add_webhook(&daemon, api, &key, &receiver.url("/hook"));
        let program = program(&daemon, api, "curl", "webhook.sh", &key, &secret).await;
        let number = make(&daemon, api, &key).await;
        daemon.simulate(&number, "exact");
        let payment = daemon.wait_for_status(&number, "paid").await;
        let received = receiver.wait_for(1).await.remove(0);
        let order = payment["order_id"].as_str().unwrap();
        let (right, printed) = run_on(&program, &received, |body| body);
        assert!(
            right && printed.starts_with(&format!("{order}: ")) && printed.ends_with("(test)"),
            "{api}: {printed}"
        );
        let (right, printed) = run_on(&program, &received, |body| {
            body.replacen("payment", "Payment", 1).replace("paid\"", "Paid\"")
        });
        assert!(!right && printed.is_empty(), "{api}: {printed}");
    }
}

/// Whether the program was content with a webhook whose body was put through `change`, and what it printed.
pub(super) fn run_on(
    program: &Sample,
    received: &Received,
    change: impl FnOnce(String) -> String,
) -> (bool, String) {
    let dir = tempfile::tempdir().unwrap();
    let headers = received
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"));
    let body = String::from_utf8(received.body.to_vec()).unwrap();
    for (name, text) in [
        ("webhook.sh", program.text().to_owned()),
        ("headers.txt", headers.collect()),
        ("body.json", change(body)),
    ] {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    let mut command = Command::new("sh");
    command
        .args(["webhook.sh", "headers.txt", "body.json"])
        .current_dir(dir.path());
    let output = command.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success(), printed)
}
