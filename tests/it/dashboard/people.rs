//! People and safety: a second step with an app, users, the audit log, the backup, about.

use base64::Engine as _;
use serde_json::json;
use totp_rs::{Builder, Secret};

use crate::harness::daemon::Daemon;
use crate::harness::office::{Desk, PASSWORD, add_user};

/// What an app that holds this secret shows, some steps from now.
fn code(secret: &str, steps: i64) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).build_noncompliant();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = i64::try_from(now.unwrap().as_secs()).unwrap() + steps * 30;
    totp.generate(seconds.try_into().unwrap()).to_string()
}

#[tokio::test]
async fn an_owner_keeps_the_house_and_leaves_no_secret_in_the_log() {
    let daemon = Daemon::start("").await;
    daemon.add_store("North Wind", "payhook");
    add_user(&daemon, "bob", "staff", &["North Wind"]);
    let mut desk = Desk::of_owner(&daemon).await;
    let mut secrets = vec![PASSWORD.to_owned()];

    desk.visit("/account").await;
    desk.is_sound("people-account").await;
    desk.browser.click("a[href='/account/second-factor']").await;
    desk.browser.wait_for(".qr svg").await;
    let secret = desk
        .browser
        .attribute("input[name=secret]", "value")
        .await
        .unwrap();
    desk.browser.fill("#code", "000000").await;
    desk.browser.fill("#own", PASSWORD).await;
    desk.browser.click("form.sheet button.button").await;
    desk.browser.wait_for("#code-mistake").await;
    desk.forget_console().await;
    desk.is_sound("people-second-factor").await;
    desk.browser.fill("#code", &code(&secret, -1)).await;
    desk.browser.fill("#own", PASSWORD).await;
    desk.browser.click("form.sheet button.button").await;
    desk.browser.wait_for(".recovery").await;
    desk.is_sound("people-recovery-codes").await;
    let recovery = desk.browser.text(".recovery li:first-child code").await;
    secrets.extend([secret.clone(), recovery.clone()]);

    desk.sign_out().await;
    desk.type_in("ann", PASSWORD).await;
    desk.browser.wait_for("#code").await;
    desk.is_sound("people-second-step").await;
    let now = code(&secret, 0);
    desk.browser.fill("#code", &now).await;
    desk.browser.click("form.sheet button.button").await;
    desk.browser.wait_for("nav.ways").await;
    desk.sign_out().await;
    desk.type_in("ann", PASSWORD).await;
    desk.browser.wait_for("#code").await;
    desk.browser.fill("#code", &now).await;
    desk.browser.click("form.sheet button.button").await;
    desk.browser.wait_for("#code-mistake").await;
    desk.browser.fill("#code", &recovery).await;
    desk.browser.click("form.sheet button.button").await;
    desk.browser.wait_for("nav.ways").await;
    desk.forget_console().await;
    desk.visit("/account/second-factor").await;
    desk.is_sound("people-second-factor-off").await;

    desk.visit("/users").await;
    desk.is_sound("people-users").await;
    desk.browser.click("a[href='/users/new']").await;
    desk.browser.wait_for("#name").await;
    desk.is_sound("people-user-new").await;
    desk.browser.fill("#name", "cara").await;
    desk.browser.click("input[value='read-only']").await;
    desk.browser.click("form.sheet button.button").await;
    desk.browser.wait_for("#made").await;
    desk.is_sound("people-user-made").await;
    let made = desk.browser.text("#made").await;
    secrets.push(made.clone());
    desk.visit("/users/1").await;
    desk.is_sound("people-user").await;

    desk.visit("/audit-log").await;
    desk.is_sound("people-audit-log").await;
    let table = desk
        .browser
        .evaluate("fetch('/audit-log/export').then((reply) => reply.text())")
        .await;
    let table = table.as_str().unwrap();
    assert!(table.contains(",user.second-factor,ann,on\r\n"), "{table}");
    assert!(table.contains("recovery code used"), "{table}");
    desk.visit("/about").await;
    desk.is_sound("people-about").await;

    desk.visit("/backup").await;
    desk.is_sound("people-backup").await;
    let tar = download(&mut desk).await;
    assert!(tar.len() > 100_000 && tar.len() % 512 == 0, "{}", tar.len());
    let restored = Daemon::prepare("");
    tar::Archive::new(&*tar).unpack(restored.data_dir()).unwrap();
    let well = restored.cli_json(&["doctor"]);
    assert_eq!(well["is_well"], json!(true), "{well}");
    let users = restored.cli_json(&["user", "list"]);
    assert_eq!(users["users"][1]["name"], json!("ann"), "{users}");

    // Whoever may only look is refused by form and by URL.
    desk.sign_out().await;
    desk.sign_in("cara", &made).await;
    for path in ["/users", "/users/1", "/audit-log", "/backup"] {
        assert_eq!(desk.status_of(path).await, 403, "{path}");
    }
    desk.visit("/account").await;
    let csrf = desk.browser.attribute("input[name=csrf]", "value").await.unwrap();
    for path in [
        "/users",
        "/users/1",
        "/users/1/password",
        "/users/1/disable",
        "/backup",
    ] {
        let body = format!("csrf={csrf}&name=eve&role=owner&scope=all&own={PASSWORD}");
        let posted = format!(
            "fetch({}, {{ method: 'POST', body: new URLSearchParams({}) }}).then((reply) => reply.status)",
            json!(path),
            json!(body)
        );
        assert_eq!(desk.browser.evaluate(&posted).await, json!(403), "{path}");
    }
    desk.forget_console().await;
    desk.is_quiet("people").await;

    // The way back in for who forgot everything.
    daemon.cli(&["user", "second-factor", "ann", "--off"]);
    let anew = daemon.cli_json(&["user", "password", "ann"]);
    let anew = anew["password"].as_str().unwrap().to_owned();
    desk.sign_out().await;
    desk.sign_in("ann", &anew).await;
    secrets.push(anew);
    daemon.cli(&["user", "sign-out", "ann"]);
    assert_eq!(desk.status_of("/account").await, 200);
    assert!(desk.path().await.starts_with("/sign-in"));
    daemon.cli(&["user", "set", "cara", "--role", "staff", "--disable"]);
    let users = daemon.cli_json(&["user", "list"]);
    let cara = &users["users"][2];
    assert_eq!((&cara["name"], &cara["role"]), (&json!("cara"), &json!("staff")));
    assert!(cara["disabled_at"].is_string(), "{users}");
    let refused = daemon.try_cli(&["user", "set", "ann", "--disable"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("the last owner"));
    let link = daemon.try_cli(&["setup-link"]);
    assert!(String::from_utf8_lossy(&link.stderr).contains("there is a user already"));
    let log = daemon.log();
    for secret in secrets {
        assert!(!log.contains(&secret), "a secret is in the log: {log}");
    }
    assert!(!log.contains("payd_session") && !log.contains("ERROR"), "{log}");
}

/// What the form of the page gives to take away.
async fn download(desk: &mut Desk) -> Vec<u8> {
    let script = format!(
        "(async () => {{
            const body = new URLSearchParams(new FormData(document.querySelector(\"form[action='/backup']\")));
            body.set('own', {});
            const reply = await fetch('/backup', {{ method: 'POST', body }});
            const bytes = new Uint8Array(await reply.arrayBuffer());
            let text = '';
            for (const byte of bytes) text += String.fromCharCode(byte);
            return btoa(text);
        }})()",
        json!(PASSWORD)
    );
    let text = desk.browser.evaluate(&script).await;
    let decoder = base64::engine::general_purpose::STANDARD;
    decoder.decode(text.as_str().unwrap()).unwrap()
}
