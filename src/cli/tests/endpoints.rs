//! `payd webhook` with the formats of all APIs, and with endpoints of one API key, called as the shell calls them.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::Shell;
use crate::cli::session::Session;
use crate::domain::ids::{EndpointId, PaymentNumber};
use crate::domain::shop::{Dialect, Format};
use crate::outbox::ledger::signing_secret;
use crate::store::{StoreError, Txn, endpoints, payments};
use crate::web;

const URL: &str = "http://127.0.0.1:9/h";

impl Shell {
    async fn run_line(&self, line: &str) -> Value {
        self.run(&line.split(' ').collect::<Vec<_>>()).await
    }

    async fn refused_line(&self, line: &str) -> String {
        self.refused(&line.split(' ').collect::<Vec<_>>()).await
    }

    /// A shop of an API with two test keys, numbers 1 and 2; their secrets.
    async fn with_keys(dialect: Dialect) -> (Self, [Value; 2]) {
        let shell = Self::new();
        shell
            .run(&["store", "add", "shop", "--dialect", dialect.word()])
            .await;
        let one = shell.run_line("key add --store shop --mode test").await;
        let two = shell.run_line("key add --store shop --mode test").await;
        (shell, [one["api_secret"].clone(), two["api_secret"].clone()])
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Txn<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        let session = Session::open(&self.globals()).unwrap();
        let done = session.database.write(work).await.unwrap();
        session.close().await;
        done
    }

    /// A test payment that a call with this key made; its number.
    async fn payment_of(&self, key: Option<i64>) -> String {
        let create = "payment create --store shop --amount 5 --network bsc --currency usdt";
        let made = self.run_line(create).await;
        let number = made["payment_number"].as_str().unwrap().to_owned();
        let key = key.map_or_else(|| "NULL".to_owned(), |key| key.to_string());
        let sql = format!("UPDATE payments SET key_id = {key} WHERE number = '{number}'");
        self.write(move |txn| txn.run_sql(&sql)).await;
        number
    }

    /// The endpoints that are told that a payment was cancelled.
    async fn told_of_the_end_of(&self, number: &str) -> Vec<i64> {
        self.run(&["payment", "cancel", number]).await;
        let sent = self.run(&["webhook", "deliveries", "--payment", number]).await;
        let sent = sent["deliveries"].as_array().unwrap().iter();
        sent.map(|one| one["endpoint_id"].as_i64().unwrap()).collect()
    }

    /// What posts about a payment to an endpoint are signed with; test posts, when there is none.
    async fn signs(&self, endpoint: i64, number: Option<&str>) -> String {
        let number = number.map(|number| PaymentNumber::parse(number).unwrap());
        self.write(move |txn| {
            let endpoint = endpoints::by_id(txn, EndpointId::new(endpoint))?.unwrap();
            let payment = match number {
                Some(number) => payments::by_number(txn, &number)?,
                None => None,
            };
            let secret = signing_secret(txn, &endpoint, payment.as_ref())?;
            Ok(secret.unwrap().as_str().to_owned())
        })
        .await
    }
}

#[tokio::test]
async fn an_endpoint_has_the_format_of_its_stores_api_unless_another_is_named() {
    for dialect in Dialect::ALL.iter().copied() {
        let (shell, _) = Shell::with_keys(dialect).await;
        let made = shell
            .run(&["webhook", "add", "--store", "shop", "--url", URL])
            .await;
        assert_eq!(made["format"], Format::from(dialect).word());
        let named = shell
            .run_line(&format!("webhook add --store shop --url {URL} --format standard"))
            .await;
        assert_eq!(named["format"], "standard");
    }
}

#[tokio::test]
async fn only_a_secret_that_signs_is_shown() {
    let (shell, _) = Shell::with_keys(Dialect::Payhook).await;
    for format in Format::ALL.iter().copied() {
        let line = format!("webhook add --store shop --url {URL} --format {format}");
        let output = shell.try_run(&line.split(' ').collect::<Vec<_>>()).await.unwrap();
        let id = output.json["endpoint_id"].as_i64().unwrap();
        let secret = shell
            .write(move |txn| endpoints::secret(txn, EndpointId::new(id)))
            .await;
        let (signed_with, is_shown, word) = match format {
            Format::Payhook | Format::Standard | Format::Soko => ("secret", true, "not shown again"),
            Format::Cryptopayment => ("app_key", true, "APP_KEY"),
            Format::CryptoPay | Format::UsdtPayments => ("api_secret", false, "signed with the API secret"),
        };
        assert_eq!(output.json["signed_with"], signed_with, "{format}");
        let shown = is_shown.then(|| Value::from(secret.as_str()));
        assert_eq!(output.json.get("secret"), shown.as_ref(), "{format}");
        assert_eq!(output.text.contains(secret.as_str()), is_shown, "{format}");
        assert!(output.text.contains(word), "{}", output.text);
    }
}

#[tokio::test]
async fn an_app_key_is_shown_again_and_who_asked_is_written_down() {
    let (shell, _) = Shell::with_keys(Dialect::Cryptopayment).await;
    let made = shell
        .run(&["webhook", "add", "--store", "shop", "--url", URL])
        .await;
    let app_key = made["secret"].as_str().unwrap();
    assert_eq!(STANDARD.decode(app_key).unwrap().len(), 32);
    let again = shell.try_run(&["webhook", "secret", "1"]).await.unwrap();
    assert_eq!(again.json, json!({ "endpoint_id": 1, "secret": app_key }));
    assert_eq!(again.text, format!("{app_key}\n"));
    let log = shell.run(&["audit-log"]).await;
    assert_eq!(log["entries"][0]["action"], "webhook.secret");
    assert!(!log.to_string().contains(app_key));
    let database = std::fs::read(shell.directory.path().join("data/payd.sqlite")).unwrap_or_default();
    assert!(
        !database.is_empty()
            && !database
                .windows(app_key.len())
                .any(|part| part == app_key.as_bytes())
    );

    for format in ["payhook", "standard", "soko", "crypto-pay", "usdt-payments"] {
        let line = format!("webhook add --store shop --url {URL} --format {format}");
        let id = shell.run_line(&line).await["endpoint_id"].to_string();
        let refused = shell.refused(&["webhook", "secret", &id]).await;
        assert!(refused.contains("once only"), "{refused}");
    }
    assert!(
        shell
            .refused(&["webhook", "secret", "99"])
            .await
            .contains("no endpoint 99")
    );
}

#[tokio::test]
async fn an_endpoint_is_bound_to_a_working_key_of_its_own_store_only() {
    let (shell, _) = Shell::with_keys(Dialect::Cryptopayment).await;
    shell.run(&["store", "add", "other"]).await;
    shell.run_line("key add --store other --mode test").await;
    let add = |key: i64| format!("webhook add --store shop --url {URL} --key {key}");
    assert_eq!(shell.run_line(&add(1)).await["key_id"], 1);
    for unknown in [3, 99] {
        let refused = shell.refused_line(&add(unknown)).await;
        assert!(refused.contains("`shop` has no key"), "{refused}");
    }
    shell.run(&["key", "revoke", "2"]).await;
    assert!(shell.refused_line(&add(2)).await.contains("revoked"));
    shell
        .run(&["webhook", "add", "--store", "shop", "--url", URL])
        .await;
    let list = shell.try_run(&["webhook", "list"]).await.unwrap();
    let keys: Vec<&Value> = list.json["endpoints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|endpoint| &endpoint["key_id"])
        .collect();
    assert_eq!(keys, [&json!(1), &Value::Null]);
    assert!(
        list.text.starts_with("ID  STORE  FORMAT         KEY"),
        "{}",
        list.text
    );
}

#[tokio::test]
async fn the_endpoint_of_a_key_is_told_of_its_payments_alone_and_goes_on_with_the_key_that_takes_its_place() {
    let (shell, _) = Shell::with_keys(Dialect::Cryptopayment).await;
    for key in ["--key 1 ", "--key 2 ", ""] {
        let line = format!("webhook add --store shop --url {URL} {key}--events payment.cancelled");
        shell.run_line(&line).await;
    }
    let before = shell.payment_of(Some(1)).await;
    assert_eq!(shell.told_of_the_end_of(&before).await, [1, 3]);
    let underway = shell.payment_of(Some(1)).await;
    shell.run(&["key", "rotate", "1"]).await;
    shell.run(&["key", "rotate", "3"]).await;
    assert_eq!(
        shell.told_of_the_end_of(&underway).await,
        [1, 3],
        "a payment that was under way when the key was changed is told nobody of"
    );
    for (key, told) in [
        (Some(3), &[1, 3][..]),
        (Some(4), &[1, 3]),
        (Some(2), &[2, 3]),
        (None, &[3]),
    ] {
        let payment = shell.payment_of(key).await;
        assert_eq!(shell.told_of_the_end_of(&payment).await, told, "{key:?}");
    }
    let list = shell.run(&["webhook", "list"]).await;
    assert_eq!(list["endpoints"][0]["key_id"], 4);
}

#[tokio::test]
async fn what_is_signed_with_a_keys_secret_is_signed_with_that_of_the_key_that_took_its_place() {
    for dialect in [Dialect::CryptoPay, Dialect::UsdtPayments] {
        let (shell, [first, second]) = Shell::with_keys(dialect).await;
        for key in ["", " --key 1"] {
            shell
                .run_line(&format!("webhook add --store shop --url {URL}{key}"))
                .await;
        }
        let payment = shell.payment_of(Some(1)).await;
        let others = shell.payment_of(Some(2)).await;
        assert_eq!(shell.signs(1, Some(&payment)).await, first);
        assert_eq!(shell.signs(1, Some(&others)).await, second);
        assert_eq!(shell.signs(2, None).await, first);
        assert_eq!(
            shell.signs(1, None).await,
            second,
            "the newest, where any will do"
        );

        // Key 1 becomes 3, then 2 becomes 4, which is the newest of all and nothing to payments of 1.
        let third = shell.run(&["key", "rotate", "1"]).await["api_secret"].clone();
        let fourth = shell.run(&["key", "rotate", "2"]).await["api_secret"].clone();
        assert_eq!(shell.signs(1, Some(&payment)).await, third);
        assert_eq!(shell.signs(2, Some(&payment)).await, third);
        assert_eq!(shell.signs(2, None).await, third);
        assert_eq!(shell.signs(1, Some(&others)).await, fourth);

        // One that was ended for good has no successor: the shop checks by what it has left.
        shell.run(&["key", "revoke", "3"]).await;
        assert_eq!(shell.signs(1, Some(&payment)).await, fourth);
    }
}

/// Answers every request with 200 and gives the first of them.
async fn one_request(listener: TcpListener) -> String {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut text = String::new();
    let mut part = [0; 4096];
    loop {
        let count = stream.read(&mut part).await.unwrap();
        text.push_str(std::str::from_utf8(&part[..count]).unwrap());
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse::<usize>().unwrap())
        });
        if body.len() >= length.unwrap() {
            break;
        }
    }
    let reply = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    stream.write_all(reply).await.unwrap();
    text
}

#[tokio::test]
async fn a_test_post_of_every_format_is_received_and_names_no_payment() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (shell, _) = Shell::with_keys(Dialect::Payhook).await;
    let formats = web::api::formats("https://pay.example.com");
    let mut received = BTreeMap::new();
    for format in Format::ALL.iter().copied() {
        if formats.get(format).format() != format {
            continue;
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let line = format!("webhook add --store shop --url {url} --format {format}");
        let id = shell.run_line(&line).await["endpoint_id"].to_string();
        let request = tokio::spawn(one_request(listener));
        let report = shell.run(&["webhook", "test", &id]).await;
        assert_eq!(report["is_received"], true, "{format}: {report}");
        received.insert(format.word(), request.await.unwrap());
    }
    for (format, request) in &received {
        assert!(request.contains("webhook.test"), "{format}: {request}");
        assert!(!request.contains("PAY-"), "{format}: {request}");
    }
    assert!(received["cryptopayment"].contains(r#""invoice_id":"","test":true"#));
}
