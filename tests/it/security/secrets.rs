//! Every secret that payd is told or makes is looked for wherever payd says anything: it logs all that it can, everything is
//! used and fails, and then nothing of any secret may be found, in no spelling.

use std::collections::{BTreeSet, VecDeque};
use std::path::Path;

use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use super::canaries::{Canaries, Search};
use super::guest::{Guest, links};
use crate::harness::daemon::{Daemon, Key};
use crate::harness::office::cli_with_input;
use crate::harness::receiver::{Behaviour, Receiver};
use crate::harness::signature::sign_soko;
use crate::harness::wait_until;

const PASSWORD: &str = "canary-password purple 71";
const WRONG_PASSWORD: &str = "canary-wrong-password green 72";
const NODE_KEY: &str = "canarynodekey0a1b2c3d4e5f60718293";
const NODE_HEADER: &str = "canary-node-header-5e6f708192a3";
const NODE_PASSWORD: &str = "canarynodepassword66778899";
const SMTP_PASSWORD: &str = "canary smtp+password/=?81";
const TELEGRAM_TOKEN: &str = "123456:canary-telegram-token_9";
const NTFY_TOKEN: &str = "tk_canaryntfytoken55443322";
const HOOK_KEY: &str = "canary-hook-query-1029384756";
const NOTICE_SECRET: &str = "whsec_Y2FuYXJ5LW5vdGljZS1zZWNyZXQtOTk4ODc3NjY=";
const NOTICE_HOOK_KEY: &str = "canary-notice-query-5647382910";

/// Pages that are looked at, at most: what is linked grows with every payment.
const PAGES_MAX: usize = 400;

fn code(secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).build_noncompliant();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    totp.generate(now.unwrap().as_secs()).to_string()
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}

/// A node that answers every call with an error and says the key over again.
fn echoing() -> Behaviour {
    let error = json!({ "code": -32000, "message": format!("key {NODE_KEY} at http://n/{NODE_KEY} with {NODE_HEADER} is no good") });
    Behaviour::Page(
        "application/json",
        json!({ "jsonrpc": "2.0", "id": 1, "error": error }).to_string(),
    )
}

struct House {
    daemon: Daemon,
    canaries: Canaries,
    receiver: Receiver,
    node: Receiver,
    keys: Vec<(&'static str, Key)>,
    /// What the commands said that show no secret.
    said: Vec<(String, Vec<u8>)>,
}

impl House {
    async fn new() -> Self {
        let node = Receiver::start().await;
        node.always(echoing());
        let at = node.url("").replace("http://", "");
        let config = format!(
            "[log]\nlevel = \"trace\"\n[rates]\nenabled = false\n[networks.bsc]\nmode = \"logs\"\nverify = \"none\"\n\
             [[networks.bsc.providers]]\nurl = \"http://u:{NODE_PASSWORD}@{at}/v3/{NODE_KEY}?apikey={NODE_KEY}\"\n\
             headers = {{ x-key = \"{NODE_HEADER}\" }}\n"
        );
        let mut daemon = Daemon::prepare(&config);
        let mut canaries = Canaries::default();
        for (what, secret) in [
            ("node key", NODE_KEY),
            ("node header", NODE_HEADER),
            ("node password", NODE_PASSWORD),
            ("password", PASSWORD),
            ("wrong password", WRONG_PASSWORD),
            ("SMTP password", SMTP_PASSWORD),
            ("Telegram token", TELEGRAM_TOKEN),
            ("ntfy token", NTFY_TOKEN),
            ("secret of notices", NOTICE_SECRET),
        ] {
            canaries.keep(what, secret);
        }
        daemon.restart_until("/healthz").await;
        let key_file = std::fs::read_to_string(daemon.data_dir().join("payd.key")).unwrap();
        canaries.keep("key file", key_file.trim());
        Self {
            daemon,
            canaries,
            receiver: Receiver::start().await,
            node,
            keys: Vec::new(),
            said: Vec::new(),
        }
    }

    /// A store of each API with keys and an endpoint that refuses.
    fn shops(&mut self) {
        for api in ["payhook", "soko", "crypto-pay", "usdt-payments", "cryptopayment"] {
            let website = ["--website", &*format!("https://{api}.example")];
            self.daemon
                .cli(&[&["store", "add", api, "--dialect", api][..], &website].concat());
            for mode in ["test", "live"] {
                let key = self.daemon.add_key(api, mode);
                self.canaries
                    .keep(&format!("{api} {mode} secret"), &key.api_secret);
                if mode == "test" {
                    self.keys.push((api, key));
                }
            }
            let url = self.receiver.url(&format!("/hook/{api}?key={HOOK_KEY}"));
            let add = ["webhook", "add", "--store", api, "--url", &url, "--format", api];
            // Those of two formats sign with the key's secret.
            if let Some(secret) = self.daemon.cli_json(&add)["secret"].as_str() {
                self.canaries.keep(&format!("{api} webhook secret"), secret);
            }
        }
        // Of PayHook's API the key alone lets in.
        let key = self.keys[0].1.api_key.clone();
        self.canaries.keep("payhook key", key);
        self.daemon.cli(&["donation", "set", "soko", "--on"]);
    }

    /// Calls of every API, right and wrong.
    async fn calls(&self) {
        let daemon = &self.daemon;
        for (api, key) in &self.keys {
            let (id, secret) = (&*key.api_key, &*key.api_secret);
            let wrong = secret.replace('a', "b");
            let body = json!({ "amount": "5.00", "order_id": "1", "amount_usd": 5, "amount_usd_cents": 500,
                "network": if *api == "payhook" { "bsc" } else { "trc20" }, "currency": if *api == "payhook" { "usdt" } else { "" } });
            let body = body.to_string();
            let path = match *api {
                "payhook" => "/api/v1/payments/",
                "soko" => "/api/v1/payment/create",
                "cryptopayment" => "/api/v1/invoices",
                _ => "/api/create-payment.php",
            };
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            let now = now.unwrap().as_secs();
            for (secret, is_right) in [(secret, true), (&*wrong, false)] {
                let bearer = format!("Bearer {id}:{secret}");
                let headers: Vec<(&str, String)> = match *api {
                    "payhook" if is_right => vec![("x-api-key", id.to_owned())],
                    "payhook" => vec![("x-api-key", format!("{id}0"))],
                    "soko" => vec![
                        ("x-api-key", id.to_owned()),
                        ("x-timestamp", now.to_string()),
                        ("x-signature", sign_soko(secret, now, "POST", path, &body)),
                    ],
                    "cryptopayment" => vec![("authorization", bearer.clone())],
                    _ => vec![
                        ("x-api-key", id.to_owned()),
                        (
                            "x-signature",
                            sign_soko(secret, 0, "", "", &body).replace('0', "1"),
                        ),
                    ],
                };
                let headers: Vec<(&str, &str)> =
                    headers.iter().map(|(name, value)| (*name, &**value)).collect();
                let reply = daemon.send("POST", path, &headers, body.clone()).await;
                assert!(reply.status < 500, "{api}: {reply:?}");
                // Secrets where they do not belong: in the path, the query, the user agent, the body.
                for wrong in [
                    format!("{path}?api_secret={secret}"),
                    format!("/api/v1/payments/{secret}/"),
                    format!("/pay/{secret}"),
                    format!("/{secret}"),
                ] {
                    daemon
                        .get(&wrong, &[("user-agent", secret), ("x-forwarded-for", secret)])
                        .await;
                    daemon
                        .send("POST", &wrong, &headers, format!("{{\"secret\":\"{secret}\""))
                        .await;
                }
            }
        }
    }

    /// Payments that are paid, whose webhooks are refused, redirected and answered badly.
    async fn webhooks(&mut self) {
        self.receiver.always(Behaviour::Status(500));
        self.receiver.next([
            Behaviour::Redirect(format!("http://127.0.0.1:1/{HOOK_KEY}")),
            Behaviour::Close,
            Behaviour::Status(410),
        ]);
        for (at, (api, _)) in self.keys.clone().into_iter().enumerate() {
            let made = self.daemon.create_payment(api, "5.00", "bsc", "usdt");
            let number = text(&made["payment_number"]);
            self.daemon.simulate(&number, "exact");
            self.daemon.wait_for_status(&number, "paid").await;
            self.receiver.wait_for(at + 1).await;
            let deliveries = ["webhook", "deliveries", "--payment", &number];
            self.say(&deliveries);
            self.say(&["payment", "show", &number]);
        }
        self.receiver.wait_for(5).await;
    }

    /// Runs a command that shows no secret, in text and JSON, and keeps what it says; it may fail.
    fn say(&mut self, arguments: &[&str]) {
        for json in [&[][..], &["--json"]] {
            let arguments = [arguments, json].concat();
            let output = self.daemon.try_cli(&arguments);
            let all = [output.stdout, output.stderr].concat();
            self.said.push((format!("payd {}", arguments.join(" ")), all));
        }
    }
}

/// Signs up by the link of the first start, and sets up all that keeps a secret.
async fn office(house: &mut House) -> Guest {
    let link = house.daemon.cli_json(&["setup-link"]);
    let link = link["url"].as_str().unwrap_or_else(|| panic!("{link}"));
    let path = link.get(link.find("/setup/").unwrap()..).unwrap().to_owned();
    house
        .canaries
        .keep("setup link", path.trim_start_matches("/setup/"));
    let mut ann = Guest::stranger(&house.daemon);
    ann.get(&path).await;
    let made = ann
        .post(
            &path,
            &[("name", "ann"), ("password", PASSWORD), ("again", PASSWORD)],
        )
        .await;
    assert_eq!(made.status, 303, "{}", made.text);
    keep_session(house, &ann, "first");

    let page = ann.get("/account/second-factor").await;
    let secret = page.between("name=\"secret\" value=\"", "\"").to_owned();
    house.canaries.keep("second factor", &*secret);
    let code = code(&secret);
    let fields = [("secret", &*secret), ("code", &code), ("own", PASSWORD)];
    let page = ann.post("/account/second-factor", &fields).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let codes = page.between("class=\"recovery\"", "</ol>").to_owned();
    let codes: Vec<String> = codes
        .split("<code>")
        .skip(1)
        .map(|code| code.split('<').next().unwrap().to_owned())
        .collect();
    for (at, code) in codes.iter().enumerate().skip(1) {
        house.canaries.keep(&format!("recovery code {at}"), code);
    }

    for name in ["ann", "nobody", WRONG_PASSWORD] {
        Guest::stranger(&house.daemon).sign_in(name, WRONG_PASSWORD).await;
    }
    let mut again = Guest::stranger(&house.daemon);
    assert_eq!(again.sign_in("ann", PASSWORD).await.status, 303);
    again.get("/second-factor").await;
    let shown = again.post("/second-factor", &[("code", &codes[0])]).await;
    assert_eq!(shown.status, 303, "{}", shown.text);
    keep_session(house, &again, "second");
    channels(house, &mut ann).await;
    ann
}

fn keep_session(house: &mut House, guest: &Guest, which: &str) {
    let session = guest.cookies["payd_session"].clone();
    house.canaries.keep(&format!("{which} session"), session);
}

/// A channel of each kind that cannot be reached, or says no.
async fn channels(house: &mut House, ann: &mut Guest) {
    let service = house.receiver.url("");
    let hook = house.receiver.url(&format!("/notice?key={NOTICE_HOOK_KEY}"));
    let topics = [("topic-choice", "paid"), ("topic-choice", "late")];
    let forms: [(&str, &[(&str, &str)]); 4] = [
        (
            "email",
            &[
                ("host", "127.0.0.1"),
                ("port", "9"),
                ("security", "plain"),
                ("user", "me"),
                ("password", SMTP_PASSWORD),
                ("from", "a@example.com"),
                ("to", "b@example.com"),
            ],
        ),
        (
            "telegram",
            &[("server", &service), ("token", TELEGRAM_TOKEN), ("chat", "7")],
        ),
        (
            "ntfy",
            &[("server", &service), ("topic", "mine"), ("token", NTFY_TOKEN)],
        ),
        ("webhook", &[("url", &hook), ("secret", NOTICE_SECRET)]),
    ];
    for (at, (kind, fields)) in forms.iter().enumerate() {
        let fields = [&[("name", *kind), ("utc-offset", "0")][..], &topics, fields].concat();
        let form = format!("/notices/new/{kind}");
        ann.get(&form).await;
        let added = ann.post(&form, &fields).await;
        assert!(matches!(added.status, 200 | 303), "{kind}: {}", added.text);
        let tested = ann.post(&format!("/notices/{}/test", at + 1), &[]).await;
        assert!(tested.status < 500, "{kind}: {}", tested.text);
    }
}

/// Follows every link from the first page on.
async fn crawl(guest: &mut Guest, search: &mut Search) {
    let mut waiting = VecDeque::from(["/".to_owned(), "/docs/".to_owned()]);
    let mut seen = BTreeSet::from(["/".to_owned()]);
    let mut count = 0;
    while let Some(path) = waiting.pop_front() {
        // The one is what carries everything away, the other has a stream without an end.
        if path.contains("sign-out") || path.starts_with("/backup/") || path.ends_with("/live") {
            continue;
        }
        let page = guest.get(&path).await;
        assert!(page.status < 500, "{path}: {}", page.text);
        let headers: String = page
            .headers
            .iter()
            .filter(|(name, _)| name != "set-cookie")
            .map(|(name, value)| format!("{name}: {value}\n"))
            .collect();
        let what = format!("the page {path}");
        search.look(&what, page.text.as_bytes());
        search.look(&what, headers.as_bytes());
        count += 1;
        for link in links(&page.text) {
            if count + waiting.len() < PAGES_MAX && seen.insert(link.clone()) {
                waiting.push_back(link);
            }
        }
    }
    assert!(count > 60, "only {count} pages");
}

fn look_at_files(search: &mut Search, directory: &Path) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_file() && name != "payd.key" {
            search.look(&format!("the file {name}"), &std::fs::read(&path).unwrap());
        }
    }
}

#[tokio::test]
async fn no_secret_is_in_any_log_error_metric_page_command_or_file_in_any_spelling() {
    let mut house = House::new().await;
    house.shops();
    let mut ann = office(&mut house).await;
    house.calls().await;
    house.webhooks().await;
    wait_until("a node that was asked", || async {
        (house.node.received().len() > 3).then_some(())
    })
    .await;
    for arguments in [
        &["check"][..],
        &["doctor"],
        &["store", "list"],
        &["key", "list", "--store", "soko"],
        &["webhook", "list", "--store", "soko"],
        &["network", "list"],
        &["audit-log"],
        &["user", "list"],
        &["payment", "list", "--store", "soko"],
        &["network", "probe", "bsc"],
    ] {
        house.say(arguments);
    }
    // A configuration with a mistake in it is told of by its place, not by what stands there.
    let broken = format!(
        "[networks.bsc]\n[[networks.bsc.providers]]\nurl = \"htp://{NODE_KEY}\"\nheaders = \"{NODE_HEADER}\"\n"
    );
    let as_it_is = std::fs::read_to_string(house.daemon.config_file()).unwrap();
    house.daemon.configure(&broken);
    house.say(&["check"]);
    house.daemon.configure(&as_it_is);
    let typed = format!("{WRONG_PASSWORD}\n");
    cli_with_input(
        &house.daemon,
        &["user", "add", "bob", "--role", "staff", "--password-stdin"],
        &typed,
    );

    let mut search = Search::of(&house.canaries);
    crawl(&mut ann, &mut search).await;
    let metrics = house.daemon.metrics_url("/metrics");
    let metrics = crate::harness::http::client().get(metrics).send().await.unwrap();
    let metrics = metrics.text().await.unwrap();
    assert!(metrics.contains("payd_http_requests_total"), "{metrics}");
    search.look("the metrics", metrics.as_bytes());
    let copies = tempfile::tempdir().unwrap();
    let target = copies.path().join("copy");
    house.daemon.cli(&["backup", target.to_str().unwrap()]);
    look_at_files(&mut search, &house.daemon.data_dir());
    look_at_files(&mut search, &target);
    assert!(house.daemon.stop().await.success());
    look_at_files(&mut search, &house.daemon.data_dir());
    let log = house.daemon.log();
    assert!(
        log.contains("webhook failed") && log.contains("scan failed"),
        "{log}"
    );
    search.look("the log", log.as_bytes());
    for (what, said) in &house.said {
        search.look(what, said);
    }
    assert!(search.bytes > 500_000, "{} bytes", search.bytes);
    assert_eq!(search.found, BTreeSet::new());
}
