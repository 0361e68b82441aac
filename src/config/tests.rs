//! Whole configurations: what is refused and where, what the environment changes, what the example says.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::*;
use crate::domain::asset::Currency;
use crate::domain::money::Fiat;
use crate::domain::network::{Bip, Family, Mode, NetworkId};
use crate::domain::shop::Rules;

mod example;
mod fuzz;
mod live;
mod rates;
mod refusals;
mod switched_on;
mod tokens;

fn nothing(_: &str) -> Option<String> {
    None
}

fn read(text: &str) -> Result<Settings, ConfigError> {
    read_text("payd.toml", text, &nothing)
}

/// Every problem of `text`, one a line.
fn problems(text: &str) -> Vec<String> {
    problems_with(text, &nothing)
}

fn problems_with(text: &str, environment: Environment<'_>) -> Vec<String> {
    match read_text("payd.toml", text, environment) {
        Err(ConfigError::Invalid(problems)) => problems.iter().map(ToString::to_string).collect(),
        Err(other) => vec![other.to_string()],
        Ok(_) => Vec::new(),
    }
}

#[test]
fn without_a_file_every_setting_has_its_default() {
    let settings = load(None, nothing).unwrap();
    assert_eq!(settings.server.listen.to_string(), "127.0.0.1:8420");
    assert_eq!(settings.metrics.listen.unwrap().to_string(), "127.0.0.1:8421");
    assert_eq!(settings.defaults, Rules::default());
    assert!(settings.networks.is_empty());
    assert!(settings.warnings().is_empty());
}

#[test]
fn every_built_in_network_has_a_simulated_twin_with_the_same_assets() {
    let registry = load(None, nothing).unwrap().registry();
    assert_eq!(registry.networks().count(), 2 * networks::BUILT_IN.len());
    for built_in in networks::BUILT_IN {
        let live = registry
            .network(&NetworkId::parse(built_in.slug).unwrap())
            .unwrap();
        let twin = registry.network_by_slug(built_in.slug, Mode::Test).unwrap();
        assert_eq!(twin.id, NetworkId::simulated(built_in.slug));
        assert_eq!(
            (&twin.name, &twin.confirmations),
            (&live.name, &live.confirmations)
        );
        assert_eq!(twin.block_time.as_millis(), 500);
        assert_eq!(twin.timestamp_slack.as_secs(), 60);
        let words = |id: &NetworkId| -> Vec<(Currency, u8)> {
            let assets = registry.assets_of(id);
            assets
                .map(|asset| (asset.currency.clone(), asset.decimals))
                .collect()
        };
        assert_eq!(words(&twin.id), words(&live.id));
        assert_eq!(
            words(&twin.id).len(),
            built_in.tokens.len() + 1,
            "{}",
            built_in.slug
        );
    }
}

#[test]
fn a_simulated_bitcoin_takes_addresses_that_are_worthless_on_the_real_one() {
    let registry = load(None, nothing).unwrap().registry();
    for (slug, family) in [
        ("bitcoin", Family::Bitcoin(Bip::Regtest)),
        ("litecoin", Family::Litecoin(Bip::Regtest)),
    ] {
        assert_eq!(registry.network_by_slug(slug, Mode::Test).unwrap().family, family);
    }
}

#[test]
fn only_networks_that_somebody_watches_count_as_scanned() {
    let text = "[simulated]\nenabled = false\n[[networks.bsc.providers]]\nurl = \"http://127.0.0.1:1\"\n";
    let settings = read(text).unwrap();
    let bsc = NetworkId::parse("bsc").unwrap();
    assert!(settings.watched().iter().all(|(network, _)| *network == bsc));
    let paused = read(&format!("{text}[networks.bsc]\nenabled = false\n")).unwrap();
    assert!(paused.watched().is_empty());
    assert!(paused.registry().network(&bsc).is_some());
}

#[test]
fn a_depth_set_for_a_network_holds_for_its_twin_as_well() {
    let settings = read("[networks.bitcoin]\nconfirmations = 3\nfinal_depth = 40\n").unwrap();
    let registry = settings.registry();
    for mode in [Mode::Live, Mode::Test] {
        let network = registry.network_by_slug("bitcoin", mode).unwrap();
        assert_eq!(
            (network.confirmations.to_string(), network.final_depth),
            ("0=3".to_owned(), 40)
        );
    }
}

#[test]
fn live_payments_have_no_rate_until_one_is_set_and_test_payments_have_one() {
    let usdt: Arc<str> = "USDT".into();
    let rates = read("").unwrap().rates;
    assert_eq!(rates.rate(Mode::Live, &usdt, Fiat::Usd), None);
    assert_eq!(
        rates.rate(Mode::Test, &"BTC".into(), Fiat::Usd),
        Some(60_000.into())
    );
    let rates = read("[rates.fixed.usd]\nUSDT = \"0.9998\"\n[rates.fixed.eur]\nUSDT = \"0.85\"\n[rates.test.usd]\nBTC = \"7\"").unwrap().rates;
    assert_eq!(rates.rate(Mode::Live, &usdt, Fiat::Usd), "0.9998".parse().ok());
    assert_eq!(rates.rate(Mode::Live, &usdt, Fiat::Eur), "0.85".parse().ok());
    assert_eq!(rates.rate(Mode::Live, &usdt, Fiat::Gbp), None);
    assert_eq!(rates.rate(Mode::Test, &"BTC".into(), Fiat::Usd), Some(7.into()));
    assert_eq!(rates.rate(Mode::Test, &usdt, Fiat::Usd), Some(1.into()));
}

#[test]
fn the_environment_goes_before_the_file() {
    let environment = |name: &str| {
        let value = match name {
            "PAYD_LISTEN" => "0.0.0.0:1",
            "PAYD_PUBLIC_URL" => "https://pay.example.com/shop/",
            "PAYD_METRICS_LISTEN" => "off",
            "PAYD_LOG_FORMAT" => "json",
            "PAYD_LOG_LEVEL" => "debug",
            "PAYD_KEY_FILE" => "/run/secrets/payd.key",
            _ => return None,
        };
        Some(value.to_owned())
    };
    let text = "[server]\nlisten = \"127.0.0.1:2\"\n[log]\nlevel = \"warn\"\n";
    let settings = read_text("payd.toml", text, &environment).unwrap();
    assert_eq!(settings.server.listen.to_string(), "0.0.0.0:1");
    assert_eq!(
        settings.server.public_url.as_deref(),
        Some("https://pay.example.com/shop")
    );
    assert_eq!(settings.metrics.listen, None);
    assert_eq!(settings.log.format.word(), "json");
    assert_eq!(settings.log.level.word(), "debug");
    assert_eq!(
        settings.store.key_file.unwrap(),
        Path::new("/run/secrets/payd.key")
    );
    let empty = read_text("payd.toml", text, &|_| Some(String::new())).unwrap();
    assert_eq!(empty.server.listen.to_string(), "127.0.0.1:2");
}

#[test]
fn a_wrong_variable_is_named_instead_of_a_line() {
    let environment = |name: &str| (name == "PAYD_LISTEN").then(|| "8420".to_owned());
    assert_eq!(
        problems_with("", &environment),
        [
            "environment variable PAYD_LISTEN: `server.listen` is `8420`; write an IP address and a port like \"127.0.0.1:8420\""
        ]
    );
}

#[test]
fn proxies_are_addresses_and_networks_and_by_default_this_machine() {
    let shown = |text: &str| {
        let proxies = read(text).unwrap().server.trusted_proxies;
        proxies.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(shown(""), ["127.0.0.0/8", "::1/128"]);
    assert!(shown("[server]\ntrusted_proxies = []").is_empty());
    assert_eq!(
        shown(
            "[server]\ntrusted_proxies = [\"10.1.2.3/8\", \"192.0.2.7\", \"2001:db8::/32\", \"::1\", \"::ffff:192.0.2.8\"]"
        ),
        [
            "10.0.0.0/8",
            "192.0.2.7/32",
            "2001:db8::/32",
            "::1/128",
            "192.0.2.8/32"
        ]
    );
}

#[test]
fn limits_that_are_off_and_proxies_that_are_everyone_are_warned_of() {
    for (text, warned) in [
        ("[limits]\nenabled = false", "limits.enabled"),
        ("[server]\ntrusted_proxies = [\"0.0.0.0/0\"]", "believes everyone"),
        ("[server]\ntrusted_proxies = [\"::/0\"]", "believes everyone"),
    ] {
        let warnings = read(text).unwrap().warnings();
        assert_eq!(warnings.len(), 1, "{text}");
        assert!(warnings[0].contains(warned), "{warnings:?}");
    }
}

#[test]
fn checkout_links_begin_with_an_address_that_can_be_called() {
    let server = read("").unwrap().server;
    for (bound, url) in [
        ("127.0.0.1:8420", "http://127.0.0.1:8420"),
        ("0.0.0.0:9", "http://127.0.0.1:9"),
        ("[::]:9", "http://127.0.0.1:9"),
        ("[::1]:9", "http://[::1]:9"),
    ] {
        assert_eq!(server.public_url(bound.parse().unwrap()), url);
    }
}

#[test]
fn a_file_that_cannot_be_one_is_refused_before_it_is_read() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("config.toml");
    assert!(matches!(
        load(Some(&path), nothing),
        Err(ConfigError::Unreadable { .. })
    ));
    std::fs::write(&path, [0xff, 0xfe]).unwrap();
    let refused = load(Some(&path), nothing).unwrap_err().to_string();
    assert!(refused.contains("not UTF-8"), "{refused}");
    std::fs::write(&path, " ".repeat((1 << 20) + 1)).unwrap();
    let refused = load(Some(&path), nothing).unwrap_err().to_string();
    assert!(refused.contains("larger than"), "{refused}");
    std::fs::write(&path, " ".repeat(1 << 20)).unwrap();
    assert!(load(Some(&path), nothing).is_ok());
}
