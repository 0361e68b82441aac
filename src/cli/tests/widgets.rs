//! What a store's own pages may do, set by hand.

use serde_json::json;

use super::Shell;

#[tokio::test]
async fn a_stores_pages_may_do_nothing_until_they_are_allowed_to() {
    let shell = Shell::with_store().await;
    let shown = shell.run(&["widget", "show", "shop"]).await;
    assert_eq!(
        (&shown["is_enabled"], &shown["takes_amounts"], &shown["origins"]),
        (&json!(false), &json!(false), &json!([]))
    );
}

#[tokio::test]
async fn sites_are_kept_in_one_form_and_added_to_those_there_are() {
    let shell = Shell::with_store().await;
    let set = [
        "widget",
        "set",
        "shop",
        "--on",
        "--origin",
        "HTTPS://Shop.Example:443/",
    ];
    shell.run(&set).await;
    let more = [
        "--origin",
        "https://shop.example",
        "--origin",
        "http://localhost:3000",
    ];
    let shown = shell.run(&[&["widget", "set", "shop"][..], &more].concat()).await;
    assert_eq!(
        shown["origins"],
        json!(["https://shop.example", "http://localhost:3000"])
    );
    assert_eq!(shown["is_enabled"], json!(true), "it was switched off unasked");
    let shown = shell
        .run(&[
            "widget",
            "set",
            "shop",
            "--no-origins",
            "--origin",
            "https://new.example",
        ])
        .await;
    assert_eq!(shown["origins"], json!(["https://new.example"]));
    let shown = shell.run(&["widget", "set", "shop", "--off"]).await;
    assert_eq!(shown["is_enabled"], json!(false));
    let wrong = ["widget", "set", "shop", "--origin", "https://shop.example/buy"];
    assert!(shell.refused(&wrong).await.contains("names a page"));
}

#[tokio::test]
async fn who_lets_pages_name_amounts_or_uses_plain_http_is_told_what_that_means() {
    let shell = Shell::with_store().await;
    let set = [
        "widget",
        "set",
        "shop",
        "--on",
        "--origin",
        "http://shop.example",
        "--amounts",
        "on",
    ];
    let output = shell.try_run(&set).await.unwrap();
    assert!(
        output.text.contains("your backend has to compare"),
        "{}",
        output.text
    );
    assert!(output.text.contains("fiat_amount: 19.90"), "{}", output.text);
    assert!(
        output
            .warnings
            .iter()
            .any(|warning| warning.contains("plain HTTP"))
    );
    assert!(
        output
            .warnings
            .iter()
            .any(|warning| warning.contains("payd key add --store shop --mode live --public"))
    );
    let shown = shell.run(&["widget", "set", "shop", "--amounts", "off"]).await;
    assert_eq!(shown["takes_amounts"], json!(false));
}

#[tokio::test]
async fn prices_are_set_replaced_listed_and_removed() {
    let shell = Shell::with_store().await;
    let add = [
        "widget", "price", "add", "shop", "ebook", "19.90", "--label", "The book",
    ];
    let added = shell.run(&add).await;
    let expected = json!({ "name": "ebook", "label": "The book", "amount": "19.90", "fiat": "USD" });
    assert_eq!(added, expected);
    shell
        .run(&["widget", "price", "add", "shop", "ebook", "25", "--fiat", "eur"])
        .await;
    let listed = shell.run(&["widget", "price", "list", "shop"]).await;
    let expected = json!({ "prices": [{ "name": "ebook", "label": "", "amount": "25.00", "fiat": "EUR" }] });
    assert_eq!(listed, expected);
    let shown = shell.run(&["widget", "show", "shop"]).await;
    assert!(shown["snippet"].as_str().unwrap().contains("price: 'ebook'"));
    let refused = shell
        .refused(&["widget", "price", "remove", "shop", "ebok"])
        .await;
    assert!(refused.contains("did you mean `ebook`?"), "{refused}");
    shell.run(&["widget", "price", "remove", "shop", "ebook"]).await;
    assert_eq!(
        shell.run(&["widget", "price", "list", "shop"]).await,
        json!({ "prices": [] })
    );
    let log = shell.run(&["audit-log"]).await.to_string();
    for action in ["widget.price.add", "widget.price.remove"] {
        assert!(log.contains(action), "{log}");
    }
}

#[tokio::test]
async fn a_price_that_is_none_is_refused() {
    let shell = Shell::with_store().await;
    for (name, amount) in [
        ("ebook", "0"),
        ("ebook", "0.00"),
        ("ebook", "19.999"),
        ("ebook", "1e3"),
        ("ebook", "-5"),
        ("ebook", "99999999999999999999"),
        ("e book", "5"),
        ("", "5"),
        ("é", "5"),
    ] {
        let add = [
            "widget", "price", "add", "shop", "--fiat", "usd", "--", name, amount,
        ];
        let refused = shell.try_run(&add).await;
        assert!(refused.is_err(), "{name} {amount}");
    }
}
