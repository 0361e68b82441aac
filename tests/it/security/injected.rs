//! Foreign texts that would be more than texts: lines of a log, headers, formulas, scripts, steering of a terminal, links to
//! elsewhere.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::guest::Guest;
use crate::harness::daemon::{Daemon, Key};
use crate::harness::office::{PASSWORD, add_user};
use crate::harness::process::Process;
use crate::harness::receiver::{Behaviour, Receiver};
use crate::harness::wait_until;

/// A text as somebody brings it who wants to do harm: it steers, turns around, is a formula and a script.
const EVIL: &str = "=cmd|'/C calc'!A0\u{202e}<script>alert(1)</script>\"'&\u{2066}\u{feff}\u{e0001}";

/// The same with what no field takes.
const STEERING: &str = "a\r\nSet-Cookie: evil=1\r\n\r\n\u{1b}[2J\u{9b}31m\u{7}\u{0}";

/// Whether a character steers a terminal or turns the order of a line around.
fn is_steering(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

async fn api(daemon: &Daemon, key: &Key, order: &str, more: &Value) -> u16 {
    let mut body =
        json!({ "amount_usd_cents": 500, "network": "bsc", "currency": "usdt", "external_order_id": order });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    let reply = daemon
        .post("/api/v1/payments/", &[("x-api-key", &key.api_key)], &body)
        .await;
    assert!(reply.status == 201 || reply.status == 400, "{reply:?}");
    reply.status
}

/// Sends these bytes and gives what comes back until the end.
async fn raw(daemon: &Daemon, request: &[u8]) -> String {
    let address = daemon.url("").replace("http://", "");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// Brings foreign texts by every way there is.
async fn bring(daemon: &Daemon, receiver: &Receiver) -> Key {
    daemon.add_store("shop", "payhook");
    let key = daemon.add_key("shop", "test");
    daemon.add_webhook("shop", &receiver.url("/hook"), "payhook");
    let answer = format!("{EVIL}{STEERING}");
    receiver.always(Behaviour::Page("text/html", answer));
    assert_eq!(
        api(
            daemon,
            &key,
            EVIL,
            &json!({ "metadata": { "a": "b\r\n\u{1b}[2J\u{9b}31m" } })
        )
        .await,
        201
    );
    for field in ["external_order_id", "customer_email", "redirect_url", "network"] {
        assert_eq!(
            api(daemon, &key, "1", &json!({ field: STEERING })).await,
            400,
            "{field}"
        );
    }
    let long = "x".repeat(200_000);
    let esc = "a\u{1b}[2Jb";
    for (name, value) in [
        ("user-agent", EVIL),
        ("user-agent", esc),
        ("x-forwarded-for", EVIL),
        ("x-forwarded-for", "203.0.113.9, evil"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "javascript"),
        ("forwarded", "for=\"_evil\u{202e}\";host=evil.example"),
        ("idempotency-key", EVIL),
        ("idempotency-key", esc),
        ("x-request-id", EVIL),
        ("accept-language", EVIL),
        ("cookie", EVIL),
        ("x-api-key", EVIL),
    ] {
        let body = json!({ "amount_usd_cents": 500, "network": "bsc", "currency": "usdt" }).to_string();
        for path in [
            "/api/v1/payments/",
            "/pay/%0d%0aSet-Cookie:%20a=b%1b[2J",
            "/%e2%80%ae%1b%00",
        ] {
            let key = if name == "x-api-key" { "" } else { &key.api_key };
            let request = format!(
                "POST {path} HTTP/1.1\r\nhost: h\r\nconnection: close\r\nx-api-key: {key}\r\n{name}: {value}\r\n\
                 content-length: {}\r\n\r\n{body}",
                body.len()
            );
            let answer = raw(daemon, request.as_bytes()).await;
            let is_answered = answer.starts_with("HTTP/1.1 ") && !answer.starts_with("HTTP/1.1 5");
            assert!(is_answered, "{name}: {answer}");
            let (head, _) = answer.split_once("\r\n\r\n").unwrap();
            assert!(
                !head.contains("evil") && !head.to_lowercase().contains("set-cookie: a"),
                "{head}"
            );
        }
    }
    let sent = daemon
        .send("POST", "/api/v1/payments/", &[("x-api-key", &key.api_key)], long)
        .await;
    assert_eq!(sent.status, 413);
    let broken = vec![0xff, 0xfe, 0x00, 0x1b, b'['];
    for path in [
        "/api/v1/payments/",
        "/donate/create",
        "/api/create-payment.php",
        "/api/v1/invoices",
    ] {
        let reply = daemon
            .send("POST", path, &[("x-api-key", &key.api_key)], broken.clone())
            .await;
        assert!((400..500).contains(&reply.status), "{path}: {reply:?}");
    }
    key
}

/// Whatever the daemon has said is plain lines.
fn is_plain(log: &str) {
    let raw: Vec<char> = log.chars().filter(|c| *c != '\n' && is_steering(*c)).collect();
    assert_eq!(raw, Vec::<char>::new(), "{log:?}");
    assert!(!log.lines().any(|line| line.starts_with("Set-Cookie")), "{log}");
}

#[tokio::test]
async fn no_foreign_text_breaks_a_log_line_a_header_a_table_or_a_terminal() {
    for format in ["text", "json"] {
        let daemon = Daemon::start(&format!("[log]\nlevel = \"trace\"\nformat = \"{format}\"\n")).await;
        let receiver = Receiver::start().await;
        bring(&daemon, &receiver).await;
        let listed = daemon.cli_json(&["payment", "list", "--store", "shop"]);
        let payments = listed["payments"].as_array().unwrap();
        let number = payments
            .iter()
            .find(|payment| payment["external_order_id"] == EVIL || payment["order_id"] == EVIL)
            .unwrap_or_else(|| panic!("{listed}"))["payment_number"]
            .as_str()
            .unwrap()
            .to_owned();
        daemon.simulate(&number, "exact");
        daemon.wait_for_status(&number, "paid").await;
        receiver.wait_for(1).await;
        wait_until("a delivery that was noted", || async {
            let said = daemon.cli(&["webhook", "deliveries", "--payment", &number]);
            said.contains("200").then_some(())
        })
        .await;
        for arguments in [
            &["payment", "list", "--store", "shop"][..],
            &["payment", "show", &number],
            &["webhook", "deliveries", "--payment", &number],
            &["audit-log"],
            &["payment", "show", EVIL],
            &["store", "add", EVIL],
            &["user", "add", EVIL],
        ] {
            for json in [&[][..], &["--json"]] {
                let output = daemon.try_cli(&[arguments, json].concat());
                let said = [output.stdout, output.stderr].concat();
                is_plain(&String::from_utf8(said).unwrap());
            }
        }
        add_user(&daemon, "ann", "owner", &[]);
        let mut ann = Guest::stranger(&daemon);
        assert_eq!(ann.sign_in("ann", PASSWORD).await.status, 303);
        for path in ["/stores/2/payments", &format!("/stores/2/payments/{number}")] {
            let page = ann.get(path).await;
            assert_eq!(page.status, 200, "{path}: {}", page.text);
            assert!(!page.text.contains("<script>alert"), "{path}");
        }
        let table = ann.get("/stores/2/payments.csv").await;
        assert!(table.text.contains("cmd|"), "{}", table.text);
        assert!(
            !table.text.contains("\"=cmd") && !table.text.contains(",=cmd"),
            "{}",
            table.text
        );
        let log = daemon.log();
        is_plain(&log);
        for line in log
            .lines()
            .filter(|line| format == "json" && line.starts_with('{'))
        {
            serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        }
    }
}

#[tokio::test]
async fn links_name_the_configured_host_whatever_a_request_says() {
    let daemon = Daemon::start("").await;
    daemon.add_store("shop", "payhook");
    let key = daemon.add_key("shop", "test");
    for name in [
        "host",
        "x-forwarded-host",
        "forwarded",
        "x-original-url",
        "x-rewrite-url",
    ] {
        let headers = [("x-api-key", key.api_key.as_str()), (name, "evil.example")];
        let body = json!({ "amount_usd_cents": 500, "network": "bsc", "currency": "usdt" });
        let made = daemon.post("/api/v1/payments/", &headers, &body).await;
        assert_eq!(made.status, 201, "{made:?}");
        let url = made.json()["checkout_url"].as_str().unwrap().to_owned();
        assert!(url.starts_with(&daemon.url("/pay/")), "{url}");
        let path = url.strip_prefix(&daemon.url("")).unwrap();
        for path in [path, "/docs/", "/docs/payhook/openapi.json", "/"] {
            let page = daemon.get(path, &[(name, "evil.example")]).await;
            assert!(!page.body.contains("evil.example"), "{name} {path}");
            assert!(
                !page.headers.iter().any(|(_, value)| value.contains("evil")),
                "{page:?}"
            );
        }
    }
    // The dashboard is not even there under a name that is not its own.
    let mut guest = Guest::stranger(&daemon);
    let page = guest
        .send("GET", "/sign-in", &[("host", "evil.example")], String::new())
        .await;
    assert!(
        page.status >= 400 && !page.text.contains("name=\"password\""),
        "{}",
        page.text
    );
}

#[tokio::test]
async fn no_proxy_of_the_environment_stands_between_what_is_checked_and_what_is_connected_to() {
    let daemon = Daemon::prepare("");
    let (proxy, receiver) = (Receiver::start().await, Receiver::start().await);
    let mut command = daemon.command(&["serve"]);
    for name in [
        "http_proxy",
        "HTTP_PROXY",
        "https_proxy",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ] {
        command.env(name, proxy.url(""));
    }
    let logs = tempfile::tempdir().unwrap();
    let _process = Process::start("payd", command, logs.path());
    daemon.readiness().await;
    daemon.add_store("shop", "payhook");
    daemon.add_webhook("shop", &receiver.url("/hook"), "payhook");
    let made = daemon.create_payment("shop", "5.00", "bsc", "usdt");
    daemon.simulate(made["payment_number"].as_str().unwrap(), "exact");
    receiver.wait_for(1).await;
    assert!(proxy.received().is_empty());
}

#[tokio::test]
async fn nobody_is_led_elsewhere_after_signing_in() {
    let daemon = Daemon::start("").await;
    add_user(&daemon, "ann", "owner", &[]);
    for next in [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "/\t/evil.example",
        "/%09/evil.example",
        "/\r\nSet-Cookie: a=b",
        "%2f%2fevil.example",
        "evil.example",
    ] {
        let mut ann = Guest::stranger(&daemon);
        ann.get("/sign-in").await;
        let fields = [("name", "ann"), ("password", PASSWORD), ("next", next)];
        let entered = ann.post("/sign-in", &fields).await;
        assert_eq!(entered.status, 303, "{next}: {}", entered.text);
        let to = entered.header("location");
        let base: url::Url = daemon.dashboard_url("/sign-in").parse().unwrap();
        let led = base.join(to).unwrap();
        assert_eq!(led.origin(), base.origin(), "{next}: {to}");
        assert!(entered.header("set-cookie").contains("payd_session"), "{next}");
    }
}

#[tokio::test]
async fn no_url_that_is_not_of_the_web_is_taken_for_where_customers_go_back_to() {
    let daemon = Daemon::start("").await;
    let website = ["--website", "https://shop.example"];
    daemon.cli(&[&["store", "add", "shop", "--dialect", "payhook"][..], &website].concat());
    let key = daemon.add_key("shop", "test");
    for url in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "//evil.example",
        "/local",
        "https://shop.example/\r\nSet-Cookie: a=b",
        "https:///",
        "ftp://shop.example/",
        "file:///etc/passwd",
    ] {
        assert_eq!(
            api(&daemon, &key, "1", &json!({ "redirect_url": url })).await,
            400,
            "{url}"
        );
    }
}

#[tokio::test]
async fn every_page_says_what_it_may_load_who_may_frame_it_and_that_it_is_kept_nowhere() {
    let daemon = Daemon::start("").await;
    daemon.add_store("shop", "payhook");
    daemon.cli(&["donation", "set", "shop", "--on"]);
    let key = daemon.add_key("shop", "test");
    let made = daemon.create_payhook_payment(&key, 500, "bsc", "usdt").await;
    let checkout = made["checkout_url"]
        .as_str()
        .unwrap()
        .replace(&daemon.url(""), "");
    let policies = [
        (checkout.as_str(), "text/html"),
        ("/", "text/html"),
        ("/docs/", "text/html"),
        ("/docs/soko/", "text/html"),
        ("/nothing/here", "text/html"),
        ("/api/v1/payments/PAY-2026-000001/", "application/json"),
        ("/api/v1/rates", "application/json"),
        ("/healthz", ""),
    ];
    for (path, kind) in policies {
        let page = daemon.get(path, &[("accept", "text/html")]).await;
        let policy = page.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors "), "{path}: {policy}");
        for word in ["unsafe", "*", "http:", "https:", "blob:"] {
            assert!(!policy.contains(word), "{path}: {policy}");
        }
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"), "{path}");
        assert_eq!(page.header("server"), None, "{path}");
        assert!(
            page.header("content-type").unwrap_or_default().contains(kind),
            "{path}: {page:?}"
        );
        if path == checkout || path.contains("/payments/") {
            assert_eq!(page.header("cache-control"), Some("no-store"), "{path}");
        }
    }
    let office = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; \
                  connect-src 'self'; manifest-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; \
                  frame-ancestors 'self'";
    add_user(&daemon, "ann", "owner", &[]);
    let mut ann = Guest::stranger(&daemon);
    let before = ann.get("/sign-in").await;
    ann.cookies.insert("payd_session".to_owned(), "0".repeat(64));
    let entered = ann.sign_in("ann", PASSWORD).await;
    let set = entered.header("set-cookie").to_owned();
    assert!(
        set.starts_with("payd_session=") && !set.contains(&"0".repeat(64)),
        "{set}"
    );
    for word in ["; Path=/", "; HttpOnly", "; SameSite=Strict"] {
        assert!(set.contains(word) && !set.contains("Domain"), "{set}");
    }
    for page in [
        before,
        ann.get("/").await,
        ann.get("/account").await,
        ann.get("/notices").await,
    ] {
        assert_eq!(page.header("content-security-policy"), office);
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
    }
}
