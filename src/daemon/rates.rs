//! From settings to exchange rates.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Context as _;

use super::Surroundings;
use crate::config::Settings;
use crate::config::settings::OwnRates;
use crate::domain::money::Fiat;
use crate::domain::network::Mode;
use crate::engine::quote::Rates;
use crate::rates::{Market, MarketSettings, OwnSource};

/// The exchange rates of the settings, for all assets there are.
///
/// # Errors
/// When a source of the merchant's own has no address.
pub fn rates(settings: &Settings, surroundings: &Surroundings) -> anyhow::Result<Rates> {
    let registry = settings.registry();
    let assets = registry.networks().flat_map(|network| {
        registry
            .assets_of(&network.id)
            .map(move |asset| (network.mode, Arc::clone(&asset.symbol)))
    });
    let (mut live, mut test) = (BTreeMap::new(), BTreeMap::new());
    for (mode, symbol) in assets {
        let table = match mode {
            Mode::Live => &mut live,
            Mode::Test => &mut test,
        };
        for fiat in Fiat::ALL {
            if let Some(rate) = settings.rates.rate(mode, &symbol, *fiat) {
                table.insert((symbol.to_string(), *fiat), rate);
            }
        }
    }
    let market = market(settings, surroundings)?;
    Ok(Rates {
        live,
        test,
        market: market.map(Arc::new),
    })
}

/// The market, for what real payments can be made in; none when it is switched off.
fn market(settings: &Settings, surroundings: &Surroundings) -> anyhow::Result<Option<Market>> {
    let market = &settings.rates.market;
    if !market.enabled {
        return Ok(None);
    }
    let registry = settings.registry();
    let live = registry.networks().filter(|network| network.mode == Mode::Live);
    let symbols: BTreeSet<Arc<str>> = live
        .flat_map(|network| registry.assets_of(&network.id))
        .map(|asset| Arc::clone(&asset.symbol))
        .collect();
    let market = Market::new(
        MarketSettings {
            sources: market.sources.clone(),
            own: market.own.iter().map(own).collect(),
            symbols: symbols.into_iter().collect(),
            crypto_age_max: market.crypto_age_max,
            fiat_age_max: market.fiat_age_max,
            outlier_bps: market.outlier_bps,
            refresh: market.refresh,
            idle_after: market.idle_after,
        },
        Arc::clone(&surroundings.rates),
        Arc::clone(&surroundings.clock),
        Arc::clone(&surroundings.random),
    );
    Ok(Some(market.context("a source under [[rates.own]]")?))
}

fn own(own: &OwnRates) -> OwnSource {
    OwnSource {
        name: own.name.clone(),
        url: own.url().to_owned(),
        headers: own.headers().to_vec(),
        pointer: own.pointer.clone(),
        symbols: own.symbols.clone(),
        fiats: own.fiats.iter().map(ToString::to_string).collect(),
    }
}
