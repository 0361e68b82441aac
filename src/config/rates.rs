//! The section `[rates]`: whom to ask for exchange rates, what to believe of it, and rates that are set by hand.
//!
//! No message here shows the URL or a header of an own source: both may hold keys.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use rust_decimal::Decimal;

use super::error::{hint, quoted};
use super::networks::{TEST_FIATS, TEST_RATES_USD};
use super::providers::{expand, read_headers, url_of};
use super::read::{Field, Section};
use super::settings::{MarketRates, OwnRates, Rates};
use crate::domain::asset::Registry;
use crate::domain::money::Fiat;
use crate::domain::network::Mode;
use crate::domain::pricing::{self, RateSource};

const DAY_S: u64 = 24 * 60 * 60;
const OWN_MAX: usize = 8;
const POINTER_LENGTH_MAX: usize = 256;
/// Pairs that one own source may have: each can be a request.
const PAIRS_MAX: usize = 64;

/// Reads the section; `registry` says which symbols there are.
pub(super) fn read(mut section: Section<'_>, registry: &Registry) -> Rates {
    let mut rates = Rates {
        market: market(&mut section),
        live: BTreeMap::new(),
        test: test_defaults(),
    };
    let fixed = section.section("fixed");
    rates.live.extend(rate_table(fixed, registry, Mode::Live));
    let test = section.section("test");
    rates.test.extend(rate_table(test, registry, Mode::Test));
    section.close();
    rates
}

fn market(section: &mut Section<'_>) -> MarketRates {
    let enabled = section.flag("enabled", true);
    let sources = section.words("sources", RateSource::ALL);
    let own = own(section.list("own", OWN_MAX), &sources);
    let outlier_bps = section.number("outlier_bps", 10..=1000, "basis points");
    MarketRates {
        enabled,
        sources,
        crypto_age_max: section.seconds("crypto_age_max_s", 30..=3600, Duration::from_secs(120)),
        fiat_age_max: section.seconds(
            "fiat_age_max_s",
            3600..=14 * DAY_S,
            Duration::from_secs(4 * DAY_S),
        ),
        outlier_bps: outlier_bps.map_or(200, |field| field.value),
        refresh: section.seconds("refresh_s", 10..=1800, Duration::from_secs(45)),
        idle_after: section.seconds("idle_after_s", 60..=DAY_S, Duration::from_secs(900)),
        own,
    }
}

fn own(sections: Vec<Section<'_>>, built_in: &[RateSource]) -> Vec<OwnRates> {
    let mut taken = BTreeSet::new();
    let mut all = Vec::new();
    for section in sections {
        let (document, place) = (section.document, section.place.clone());
        let Some(own) = own_source(section) else { continue };
        let host = own.host();
        let is_new_name = taken.insert(own.name.clone()) && own.name.parse::<RateSource>().is_err();
        if !is_new_name {
            let message = format!(
                "`rates.own` has another source called {}; rename one",
                quoted(&own.name)
            );
            document.refuse(place, message);
        } else if !taken.insert(host.clone()) {
            let message = format!(
                "`rates.own` names {host} twice; one host's agreement with itself proves nothing, so remove one"
            );
            document.refuse(place, message);
        } else if let Some(same) = built_in.iter().find(|source| source.has_host(own.host_name())) {
            let message = format!(
                "`rates.own` asks {host}, and so does the built-in source `{same}`: its agreement with itself proves \
                 nothing. Remove one of them; `rates.sources` lists the built-in ones to ask"
            );
            document.refuse(place, message);
        }
        all.push(own);
    }
    all
}

fn own_source(mut section: Section<'_>) -> Option<OwnRates> {
    let (document, place) = (section.document, section.place.clone());
    let name = section.required_label("name", 24);
    let url = section.required_label("url", 2048);
    let pointer = section.required_label("pointer", POINTER_LENGTH_MAX);
    let symbols = section.texts("symbols");
    let fiats = section.words("fiats", &[Fiat::Usd]);
    let headers = read_headers(section.section("headers"));
    section.close();
    let refuse = |message: &str| document.refuse(place.clone(), message);
    let (name, url, pointer) = (name?, url?, pointer?);
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !name.bytes().all(is_plain) {
        refuse("`rates.own.name` is made of small letters, digits and -");
    }
    if !pointer.starts_with('/') {
        refuse("`rates.own.pointer` begins with /, like \"/data/price\"");
    }
    let symbols: Vec<String> = symbols.into_iter().filter_map(symbol).collect();
    let pairs = symbols.len().saturating_mul(fiats.len());
    if !(1..=PAIRS_MAX).contains(&pairs) {
        refuse("`rates.own` needs `symbols` that it has prices of, and at most 64 pairs with its `fiats`");
    }
    let read = expand(&url, document).and_then(|url| {
        let sample = pricing::filled(&url, "BTC", Fiat::Usd.word());
        if sample.contains(['{', '}']) {
            return Err(
                "has a placeholder that is none; there are {symbol}, {fiat}, {symbol_lower} and {fiat_lower}"
                    .to_owned(),
            );
        }
        let sample = url_of(&sample, &["https", "http"])?;
        Ok((url, sample))
    });
    match read {
        Ok((url, sample)) => Some(OwnRates {
            name,
            url,
            sample,
            headers,
            pointer,
            symbols,
            fiats,
        }),
        Err(fault) => {
            refuse(&format!("`rates.own.url` {fault}"));
            None
        }
    }
}

fn symbol(field: Field<&str>) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let fits = (1..=16).contains(&field.value.len()) && field.value.bytes().all(is_plain);
    fits.then(|| field.value.to_owned())
}

/// The rates of test payments, so that one can be made in the commonest currencies out of the box.
fn test_defaults() -> BTreeMap<(Arc<str>, &'static str), Decimal> {
    let mut rates = BTreeMap::new();
    for (symbol, dollars) in TEST_RATES_USD {
        for (fiat, per_dollar) in TEST_FIATS {
            let rate = dollars.parse::<Decimal>().ok().zip(per_dollar.parse().ok());
            if let Some(rate) = rate.and_then(|(dollars, per_dollar)| dollars.checked_mul(per_dollar)) {
                rates.insert(((*symbol).into(), fiat.word()), rate.normalize());
            }
        }
    }
    rates
}

fn rate_table(
    section: Section<'_>,
    registry: &Registry,
    mode: Mode,
) -> BTreeMap<(Arc<str>, &'static str), Decimal> {
    let document = section.document;
    let symbols: Vec<Arc<str>> = registry
        .networks()
        .filter(|network| network.mode == mode || mode == Mode::Test)
        .flat_map(|network| registry.assets_of(&network.id))
        .map(|asset| Arc::clone(&asset.symbol))
        .collect();
    let fiats: Vec<String> = Fiat::ALL.iter().map(|fiat| fiat.word().to_lowercase()).collect();
    let mut rates = BTreeMap::new();
    for (name, currency) in section.named_sections() {
        let Some(fiat) = Fiat::ALL.iter().find(|fiat| fiat.word().to_lowercase() == name) else {
            let message = format!("unknown currency {}; {}", quoted(&name), hint(&name, &fiats));
            document.refuse(currency.place.clone(), message);
            continue;
        };
        for (symbol, rate) in currency.named_texts("a decimal in quotes like \"0.9998\"") {
            let Some(known) = symbols.iter().find(|known| ***known == *symbol.value) else {
                let hint = hint(&symbol.value, &symbols);
                let message = format!("no asset is called {}; {hint}", quoted(&symbol.value));
                document.refuse(symbol.place, message);
                continue;
            };
            match pricing::rate_by_hand(rate.value) {
                Some(price) => {
                    rates.insert((Arc::clone(known), fiat.word()), price);
                }
                None => document.refuse(
                    rate.place,
                    format!(
                        "`{}` is {}; write the price of one {known} in {fiat}, above 0 and with at most 12 digits on \
                         either side of the point, like \"0.9998\"",
                        rate.name,
                        quoted(rate.value)
                    ),
                ),
            }
        }
    }
    rates
}
