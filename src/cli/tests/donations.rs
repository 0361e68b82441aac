//! `payd donation`.

use serde_json::{Value, json};

use super::Shell;
use crate::cli::session::Session;
use crate::cli::wiring;
use crate::domain::donation::Donor;
use crate::domain::money::{Fiat, FiatAmount};
use crate::domain::network::Mode;
use crate::domain::payment::Origin;
use crate::engine::gateway::{Caller, CreateRequest, PayWith};

async fn shown(shell: &Shell) -> Value {
    shell.run(&["donation", "show", "shop"]).await
}

#[tokio::test]
async fn a_page_begins_closed_with_the_usual_amounts() {
    let shell = Shell::with_store().await;
    let page = shown(&shell).await;
    assert_eq!(page["is_enabled"], false);
    assert_eq!(page["amounts"], json!(["5.00", "10.00", "25.00", "50.00"]));
    assert_eq!((&page["goal"], &page["color"]), (&Value::Null, &Value::Null));
    assert_eq!(page["sends_webhooks"], false);
    assert_eq!(
        (&page["given_usd"], &page["given_count"]),
        (&json!("0.00"), &json!(0))
    );
    let url = page["url"].as_str().unwrap();
    assert!(
        url.starts_with("http") && url.ends_with("/donate/YOUR_API_KEY"),
        "{url}"
    );
}

#[tokio::test]
async fn everything_of_a_page_can_be_set_and_is_written_down() {
    let shell = Shell::with_store().await;
    let set = shell
        .run(&[
            "donation",
            "set",
            "shop",
            "--on",
            "--title",
            " Help us ",
            "--text",
            "one\r\ntwo",
            "--fiat",
            "eur",
            "--amounts",
            "5, 10.50,25,5",
            "--color",
            "#E11D48",
            "--goal",
            "1000",
            "--webhooks",
            "on",
        ])
        .await;
    let expected = json!({
        "is_enabled": true, "title": "Help us", "text": "one\ntwo", "fiat": "EUR", "amounts": ["5.00", "10.50", "25.00"],
        "color": "#e11d48", "goal": "1000.00", "sends_webhooks": true, "store": "shop", "url": set["url"],
        "given_usd": "0.00", "given_count": 0, "snippet": set["snippet"],
    });
    assert_eq!(set, expected);
    assert_eq!(shown(&shell).await, expected);
    let log = shell.run(&["audit-log"]).await;
    assert_eq!(
        (&log["entries"][0]["action"], &log["entries"][0]["subject"]),
        (&json!("donation.set"), &json!("shop"))
    );
    assert!(log["entries"][0]["detail"].as_str().unwrap().contains("#e11d48"));

    let set = shell
        .run(&[
            "donation",
            "set",
            "shop",
            "--off",
            "--title",
            "",
            "--amounts",
            "",
            "--color",
            "none",
            "--goal",
            "none",
            "--webhooks",
            "off",
        ])
        .await;
    for (field, value) in [
        ("is_enabled", json!(false)),
        ("title", json!("")),
        ("text", json!("one\ntwo")),
        ("amounts", json!([])),
        ("color", Value::Null),
        ("goal", Value::Null),
        ("sends_webhooks", json!(false)),
    ] {
        assert_eq!(set[field], value, "{field}");
    }
}

#[tokio::test]
async fn what_a_page_cannot_have_is_refused_and_changes_nothing() {
    let shell = Shell::with_store().await;
    let long_title = "x".repeat(101);
    let long_text = "x".repeat(1001);
    let before = shown(&shell).await;
    for (arguments, part) in [
        (vec![], "nothing to set"),
        (vec!["--title", &long_title], "at most 100 characters"),
        (vec!["--text", &long_text], "at most 1000 characters"),
        (vec!["--title", "a\u{1b}b"], "control characters"),
        (vec!["--amounts", "5,x"], "`x` is not a price in USD"),
        (vec!["--amounts", "0"], "greater than zero"),
        (vec!["--amounts", "1.001"], "not a price"),
        (vec!["--amounts", "1000000001"], "more than can be given"),
        (vec!["--amounts", "1,2,3,4,5,6,7,8,9,10,11"], "at most 10 amounts"),
        (vec!["--color", "red"], "'#e11d48'"),
        (vec!["--color", "#fff"], "'#e11d48'"),
        (vec!["--color", ""], "'#e11d48'"),
        (vec!["--goal", "0"], "the goal is not right"),
        (vec!["--goal", "much"], "the goal is not right"),
    ] {
        let error = shell
            .refused(&[&["donation", "set", "shop"], arguments.as_slice()].concat())
            .await;
        assert!(error.contains(part), "{arguments:?}: {error}");
    }
    assert_eq!(shown(&shell).await, before);
    for wrong in [
        vec!["--on", "--off"],
        vec!["--webhooks", "maybe"],
        vec!["--fiat", "btc"],
    ] {
        let line = [&["payd", "donation", "set", "shop"], wrong.as_slice()].concat();
        assert!(
            <crate::cli::args::Cli as clap::Parser>::try_parse_from(line).is_err(),
            "{wrong:?}"
        );
    }
}

#[tokio::test]
async fn amounts_are_not_taken_from_one_currency_to_another() {
    let shell = Shell::with_store().await;
    shell
        .run(&["donation", "set", "shop", "--amounts", "5,10", "--goal", "100"])
        .await;
    for arguments in [vec!["--fiat", "jpy"], vec!["--fiat", "jpy", "--amounts", "500"]] {
        let error = shell
            .refused(&[&["donation", "set", "shop"], arguments.as_slice()].concat())
            .await;
        assert!(
            error.contains("are in USD: give --amounts and --goal in JPY too"),
            "{error}"
        );
    }
    let set = shell
        .run(&[
            "donation",
            "set",
            "shop",
            "--fiat",
            "jpy",
            "--amounts",
            "500,1000",
            "--goal",
            "none",
        ])
        .await;
    assert_eq!(set["amounts"], json!(["500", "1000"]));
}

#[tokio::test]
async fn who_opens_a_page_of_a_store_whose_keys_are_passwords_is_told_to_make_another() {
    let shell = Shell::with_store().await;
    let opened = shell.try_run(&["donation", "set", "shop", "--on"]).await.unwrap();
    assert!(
        opened.warnings[0].contains("payd key add --store shop --mode live --public"),
        "{:?}",
        opened.warnings
    );
    let changed = shell
        .try_run(&["donation", "set", "shop", "--title", "x"])
        .await
        .unwrap();
    assert!(changed.warnings.is_empty());
}

/// Makes a test donation, and gives its number.
async fn donate(shell: &Shell, minor: u64, name: &str, message: &str) -> String {
    let session = Session::open(&shell.globals()).unwrap();
    let caller = Caller {
        shop: std::sync::Arc::new(session.shop("shop").await.unwrap()),
        mode: Mode::Test,
        key: None,
    };
    let price = FiatAmount {
        currency: Fiat::Usd,
        minor,
    };
    let request = CreateRequest {
        origin: Origin::Donation,
        donor: Some(Donor {
            name: name.to_owned(),
            message: message.to_owned(),
        }),
        ..CreateRequest::new(price, PayWith::asset("bsc", "usdt"))
    };
    let created = wiring::gateway(&session)
        .unwrap()
        .create(&caller, request)
        .await
        .unwrap();
    session.close().await;
    created.view.payment.number.to_string()
}

#[tokio::test]
async fn donations_are_listed_newest_first_a_page_at_a_time() {
    let shell = Shell::with_store().await;
    assert_eq!(shell.run(&["donation", "list"]).await["donations"], json!([]));
    let first = donate(&shell, 500, "Ann", "Keep going").await;
    let second = donate(&shell, 1000, "", "").await;
    // An order is no donation.
    let order = [
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
    ];
    shell.run(&order).await;
    let page = shell
        .run(&["donation", "list", "--store", "shop", "--limit", "1"])
        .await;
    assert_eq!(
        (
            page["is_more"].as_bool(),
            page["donations"].as_array().unwrap().len()
        ),
        (Some(true), 1)
    );
    assert_eq!(page["donations"][0]["payment_number"], json!(second));
    let rest = shell.run(&["donation", "list", "--before", &second]).await;
    assert_eq!(rest["is_more"], false);
    let donation = &rest["donations"][0];
    for (field, value) in [
        ("payment_number", first.as_str()),
        ("donor_name", "Ann"),
        ("donor_message", "Keep going"),
        ("price", "5.00 USD"),
        ("mode", "test"),
        ("status", "pending"),
        ("store", "shop"),
    ] {
        assert_eq!(donation[field], json!(value), "{field}");
    }
    let text = shell.try_run(&["donation", "list"]).await.unwrap().text;
    assert!(
        text.contains("pending (test)") && text.contains("Keep going"),
        "{text}"
    );
}

#[tokio::test]
async fn what_a_donor_says_cannot_steer_a_terminal() {
    let shell = Shell::with_store().await;
    donate(&shell, 500, "A\u{202e}nn", "one\ntwo \u{1b}[31m \u{2066}<script>").await;
    let text = shell.try_run(&["donation", "list"]).await.unwrap().text;
    assert!(
        text.contains("A\u{fffd}nn") && text.contains("one / two \u{fffd}[31m \u{fffd}<script>"),
        "{text}"
    );
    assert_eq!(text.lines().count(), 2);
}

#[tokio::test]
async fn who_opens_a_page_is_given_the_button_and_told_of_the_key_where_the_key_alone_opens_the_api() {
    let shell = Shell::with_store().await;
    shell
        .run(&["store", "add", "signed shop", "--dialect", "soko"])
        .await;
    for (store, is_told) in [("shop", true), ("signed shop", false)] {
        let set = shell.try_run(&["donation", "set", store, "--on"]).await.unwrap();
        assert!(set.text.starts_with("Store"), "{}", set.text);
        assert!(
            set.text
                .contains("/donate-widget.js\" data-store-key=\"YOUR_API_KEY\"></script>"),
            "{}",
            set.text
        );
        let told = set.warnings.iter().any(|warning| warning.contains("--public"));
        assert_eq!(told, is_told, "{store}: {:?}", set.warnings);
    }
}
