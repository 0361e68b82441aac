//! `[rates]`: the sources, and those of the merchant's own.

use super::*;
use crate::domain::pricing::RateSource;

const OWN: &str = "[[rates.own]]\nname = \"desk\"\nurl = \"https://rates.example.com/${RATES_KEY}/{symbol}?in={fiat_lower}\"\n\
                   pointer = \"/data/{symbol}\"\nsymbols = [\"BTC\", \"MINE\"]\n";
const KEY: &str = "0123456789abcdef";

fn key(name: &str) -> Option<String> {
    (name == "RATES_KEY").then(|| KEY.to_owned())
}

#[test]
fn test_payments_have_rates_in_the_commonest_currencies() {
    let rates = read("[rates.test.eur]\nBTC = \"7\"").unwrap().rates;
    for (symbol, fiat, rate) in [
        ("BTC", Fiat::Eur, "7"),
        ("ETH", Fiat::Eur, "2700"),
        ("BTC", Fiat::Jpy, "9000000"),
        ("TRX", Fiat::Gbp, "0.096"),
        ("USDT", Fiat::Rub, "90"),
        ("USDC", Fiat::Cny, "7"),
        ("LTC", Fiat::Brl, "400"),
    ] {
        assert_eq!(
            rates.rate(Mode::Test, &symbol.into(), fiat),
            rate.parse().ok(),
            "{symbol} {fiat}"
        );
        assert_eq!(rates.rate(Mode::Live, &symbol.into(), fiat), None);
    }
}

#[test]
fn all_sources_are_asked_until_some_are_named() {
    let market = read("").unwrap().rates.market;
    assert!(market.enabled && market.own.is_empty());
    assert_eq!(market.sources, RateSource::ALL);
    let market = read("[rates]\nenabled = false\nsources = [\"ecb\", \"kraken\"]\nrefresh_s = 60")
        .unwrap()
        .rates
        .market;
    assert_eq!(market.sources, [RateSource::Ecb, RateSource::Kraken]);
    assert_eq!((market.enabled, market.refresh.as_secs()), (false, 60));
}

#[test]
fn an_own_source_is_read_and_its_keys_are_shown_nowhere() {
    let settings = read_text("payd.toml", OWN, &key).unwrap();
    let own = &settings.rates.market.own[0];
    assert_eq!(
        own.url(),
        format!("https://rates.example.com/{KEY}/{{symbol}}?in={{fiat_lower}}")
    );
    assert_eq!(
        (own.host().as_str(), own.fiats.as_slice()),
        ("rates.example.com", &[Fiat::Usd][..])
    );
    let shown = format!("{settings:?} {:?}", settings.summary());
    assert!(
        shown.contains("desk (rates.example.com)") && !shown.contains(KEY),
        "{shown}"
    );
}

#[test]
fn what_is_wrong_with_sources_is_said() {
    let own = |from: &str, to: &str| OWN.replace(from, to);
    for (text, part) in [
        (
            "[rates]\nsources = [\"krakn\"]".to_owned(),
            "payd.toml:2:12: `rates.sources` has `krakn`; use some of: coingecko",
        ),
        (
            "[rates]\nsources = [\"ecb\", \"ecb\"]".to_owned(),
            "`rates.sources` has `ecb` twice",
        ),
        (
            "[rates]\nsources = \"ecb\"".to_owned(),
            "`rates.sources` must be a list of texts like",
        ),
        (
            "[rates]\nsources = [1]".to_owned(),
            "`rates.sources` must be a list of texts like",
        ),
        (
            "[rates]\noutlier_bps = 5000".to_owned(),
            "`rates.outlier_bps` is 5000; it must be 10 to 1000 basis points",
        ),
        (
            "[rates]\ncrypto_age_max_s = 0".to_owned(),
            "it must be 30 to 3600 seconds",
        ),
        (own("name = \"desk\"\n", ""), "`rates.own.name` is missing"),
        (own("desk", "Desk 1"), "made of small letters"),
        (own("desk", "kraken"), "has another source called `kraken`"),
        (own("{symbol}?", "{coin}?"), "has a placeholder that is none"),
        (
            own("https:", "ftp:"),
            "`rates.own.url` must begin with https:// or http://",
        ),
        (own("/data/", "data/"), "begins with /"),
        (own("[\"BTC\", \"MINE\"]", "[]"), "needs `symbols`"),
        (own("[\"BTC\", \"MINE\"]", "[\"b t c\"]"), "needs `symbols`"),
        (
            own("RATES_KEY", "NO_KEY"),
            "needs the environment variable NO_KEY",
        ),
        (format!("{OWN}{OWN}"), "has another source called `desk`"),
        (
            format!("{OWN}{}", own("desk", "desk-2")),
            "names rates.example.com twice",
        ),
        (
            own("rates.example.com", "api.kraken.com"),
            "asks api.kraken.com, and so does the built-in source `kraken`",
        ),
        (
            own("rates.example.com", "API.Binance.com:8443"),
            "and so does the built-in source `binance`",
        ),
        (
            own("pointer", "headers = { host = \"x\" }\npointer"),
            "cannot name a header",
        ),
    ] {
        let found = problems_with(&text, &key);
        assert!(
            found.iter().any(|problem| problem.contains(part)),
            "{part}: {found:?}"
        );
        assert!(!found.iter().any(|problem| problem.contains(KEY)), "{found:?}");
    }
}
