//! `payd store rate`, markups and `payd rates`, called as the shell calls them.

use super::Shell;
use crate::cli::args::RatesOptions;
use crate::cli::rates;
use crate::domain::money::Fiat;

#[tokio::test]
async fn a_store_fixes_rates_and_lets_them_go_again() {
    let shell = Shell::with_store().await;
    let set = async |rate: &str| {
        let line = ["store", "rate", "set", "--store", "shop", "usdt", "eur", rate];
        shell.try_run(&line).await.map(|output| output.json)
    };
    assert_eq!(set("0.92").await.unwrap()["rate"], "0.92");
    assert_eq!(set("0.930").await.unwrap()["rate"], "0.93");
    for wrong in ["0", "1e3", "0.0000000000001", "x"] {
        let refused = format!("{:#}", set(wrong).await.unwrap_err());
        assert!(
            refused.contains("write the price of one USDT in EUR"),
            "{wrong}: {refused}"
        );
    }
    let list = ["store", "rate", "list", "--store", "shop"];
    let listed = shell.run(&list).await;
    assert_eq!(
        listed["rates"],
        serde_json::json!([{ "symbol": "USDT", "fiat": "EUR", "rate": "0.93" }])
    );
    let unknown = ["store", "rate", "set", "--store", "shop", "USTD", "EUR", "1"];
    assert_eq!(
        shell.refused(&unknown).await,
        "no asset is called `USTD`; did you mean `USDT`?"
    );
    let remove = ["store", "rate", "remove", "--store", "shop", "USDT", "EUR"];
    shell.run(&remove).await;
    assert!(
        shell
            .refused(&remove)
            .await
            .contains("has no rate of USDT in EUR")
    );
    assert!(shell.run(&list).await["rates"].as_array().unwrap().is_empty());
    let log = shell.run(&["audit-log"]).await.to_string();
    for entry in ["store.rate.set", "one USDT is 0.93 EUR", "store.rate.remove"] {
        assert!(log.contains(entry), "{entry}: {log}");
    }
}

#[tokio::test]
async fn a_markup_and_a_fixed_rate_make_a_payments_amount_and_are_shown_with_it() {
    let shell = Shell::with_store().await;
    let set = ["store", "set", "shop", "--markup-bps", "-150"];
    assert_eq!(shell.run(&set).await["markup_bps"], -150);
    shell
        .run(&["store", "rate", "set", "--store", "shop", "USDT", "JPY", "160"])
        .await;
    let create = [
        "payment",
        "create",
        "--store",
        "shop",
        "--amount",
        "16000",
        "--fiat",
        "jpy",
        "--network",
        "bsc",
        "--currency",
        "usdt",
    ];
    let made = shell.run(&create).await;
    assert_eq!(made["due"], "98.500000", "{made}");
    let number = made["payment_number"].as_str().unwrap().to_owned();
    let shown = shell.try_run(&["payment", "show", &number]).await.unwrap();
    assert!(
        shown
            .text
            .contains("160 JPY (fixed by the store; markup -150 bps)"),
        "{}",
        shown.text
    );
    assert!(shown.text.contains("16000 JPY"), "{}", shown.text);
    for wrong in ["-5001", "10001", "x"] {
        assert!(
            shell
                .try_run(&["store", "set", "shop", "--markup-bps", wrong])
                .await
                .is_err()
        );
    }
}

#[tokio::test]
async fn test_payments_can_be_made_in_the_commonest_currencies_out_of_the_box() {
    let shell = Shell::with_store().await;
    for (fiat, amount, due) in [
        ("EUR", "45.00", "50.000000"),
        ("RUB", "4500.00", "50.000000"),
        ("CNY", "350.00", "50.000000"),
        ("GBP", "40.00", "50.000000"),
        ("JPY", "7500", "50.000000"),
        ("BRL", "250.00", "50.000000"),
    ] {
        let create = [
            "payment",
            "create",
            "--store",
            "shop",
            "--amount",
            amount,
            "--fiat",
            fiat,
            "--network",
            "bsc",
            "--currency",
            "usdt",
        ];
        assert_eq!(shell.run(&create).await["due"], due, "{fiat}");
    }
}

#[tokio::test]
async fn without_a_market_the_fixed_rates_are_shown_and_the_rest_is_said_not_to_be_quoted() {
    let shell = Shell::new();
    let config = "[rates]\nenabled = false\n[rates.fixed.usd]\nUSDT = \"0.9998\"\n";
    std::fs::write(shell.directory.path().join("config.toml"), config).unwrap();
    let run = async |symbol: &str| {
        let options = RatesOptions {
            symbol: Some(symbol.to_owned()),
            fiat: Fiat::Usd,
        };
        rates::run(&shell.globals(), &options).await.unwrap()
    };
    let shown = run("usdt").await;
    assert_eq!(shown.json["rates"][0]["rate"], "0.9998");
    assert!(!shown.is_bad_news);
    let shown = run("BTC").await;
    assert!(
        shown.is_bad_news && shown.text.contains("not quoted: none is fixed"),
        "{}",
        shown.text
    );
}
