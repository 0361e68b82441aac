//! The sections `[networks.*.tokens.*]`: further tokens, another contract for a built-in one, tokens switched off.

use std::collections::BTreeSet;

use super::error::quoted;
use super::networks::{BuiltIn, BuiltInAsset};
use super::read::Section;
use super::settings::TronChain;
use crate::domain::address::Address;
use crate::domain::asset::{Asset, Currency};
use crate::domain::network::{Family, Network, NetworkId};

/// Beyond this no amount worth having fits 128 bits.
const DECIMALS_MAX: u8 = 30;
const TOKENS_MAX: usize = 64;
/// Nile's own USDT, as its faucet gives it out.
const NILE_USDT: (&str, &str) = ("usdt", "TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf");

/// A built-in network's own coin and tokens.
pub(super) fn built_in(built_in: &BuiltIn, network: &NetworkId) -> Vec<Asset> {
    let asset = |asset: &BuiltInAsset| {
        let contract = match asset.contract {
            "" => None,
            contract => Some(Address::parse(built_in.family, contract).ok()?),
        };
        Some(Asset {
            network: network.clone(),
            currency: Currency::parse(asset.currency)?,
            symbol: asset.symbol.into(),
            decimals: asset.decimals,
            quote_decimals: asset.quote_decimals,
            contract,
        })
    };
    let all = std::iter::once(&built_in.native).chain(built_in.tokens);
    all.filter_map(asset).collect()
}

/// Reads `tokens` of a network's section into `assets`; gives those that are switched off. They are assets all the
/// same: what was paid in them before must stay readable.
pub(super) fn read(
    section: &mut Section<'_>,
    network: &Network,
    assets: &mut Vec<Asset>,
) -> BTreeSet<Currency> {
    let document = section.document;
    let mut switched_off = BTreeSet::new();
    if !matches!(network.family, Family::Evm { .. } | Family::Tron) {
        if let Some(place) = section.place_of("tokens") {
            document.refuse(place, format!("{} has no tokens; remove them", network.name));
        }
        return switched_off;
    }
    let tokens = section.section("tokens").named_sections();
    if tokens.len() > TOKENS_MAX {
        let message = format!("`{}` has more than {TOKENS_MAX} tokens", section.path());
        document.refuse(section.place.clone(), message);
        return switched_off;
    }
    for (word, mut section) in tokens {
        let place = section.place.clone();
        let Some(currency) = Currency::parse(&word).filter(|currency| !currency.is_native()) else {
            let message = format!(
                "{} cannot name a token; use 1 to 16 lower-case letters and digits, not `native`",
                quoted(&word)
            );
            document.refuse(place, message);
            continue;
        };
        let known = assets.iter().position(|asset| asset.currency == currency);
        let base = known.map(|position| assets.swap_remove(position));
        if !section.flag("enabled", true) {
            switched_off.insert(currency.clone());
        }
        let Some(asset) = token(section, network, currency, base) else {
            continue;
        };
        if let Some(other) = assets.iter().find(|other| other.contract == asset.contract) {
            // Two words for one contract would credit one transfer twice.
            let message = format!(
                "`networks.{}.tokens.{word}` has the contract of `{}`; remove one",
                network.slug, other.currency
            );
            document.refuse(place, message);
        }
        assets.push(asset);
    }
    switched_off
}

/// Puts TRON's tokens where they are on `chain`: the built-in contracts (`known`) are those of the main network. A
/// token that this chain lacks is switched off.
pub(super) fn move_to(
    chain: TronChain,
    known: &[Asset],
    assets: &mut [Asset],
    switched_off: &mut BTreeSet<Currency>,
) {
    if chain == TronChain::Mainnet {
        return;
    }
    for asset in assets.iter_mut().filter(|asset| asset.contract.is_some()) {
        let is_of_mainnet = known.iter().any(|known| known.contract == asset.contract);
        match NILE_USDT {
            _ if !is_of_mainnet => {}
            (currency, contract) if chain == TronChain::Nile && asset.currency.as_str() == currency => {
                asset.contract = Address::parse(Family::Tron, contract).ok();
            }
            _ => {
                switched_off.insert(asset.currency.clone());
            }
        }
    }
}

/// What is to be said of a token itself. A built-in one that is only switched on or off stays as it is.
fn token(
    mut section: Section<'_>,
    network: &Network,
    currency: Currency,
    base: Option<Asset>,
) -> Option<Asset> {
    let document = section.document;
    let contract = section.text("contract");
    let changes = ["contract", "symbol", "decimals", "quote_decimals"]
        .iter()
        .any(|key| section.has(key));
    if base.is_some() && section.has("enabled") && !changes {
        // Asked for, so that a misspelt one is pointed to.
        for key in ["symbol", "decimals", "quote_decimals"] {
            section.place_of(key);
        }
        section.close();
        return base;
    }
    if !section.has("contract") {
        let message = format!("`{}` needs a `contract`", section.path());
        document.refuse(section.place.clone(), message);
    }
    let symbol = section.label("symbol", 16);
    let (decimals, quote_decimals) = decimals(&mut section, None, 6);
    section.close();
    let contract = contract?;
    let address = match Address::parse(network.family, &contract.value) {
        Ok(address) => address,
        Err(fault) => {
            document.refuse(contract.place, format!("`{}`: {fault}", contract.name));
            return None;
        }
    };
    let symbol = symbol
        .map(Into::into)
        .or(base.map(|base| base.symbol))
        .unwrap_or_else(|| currency.as_str().to_uppercase().into());
    Some(Asset {
        network: network.id.clone(),
        currency,
        symbol,
        decimals,
        quote_decimals,
        contract: Some(address),
    })
}

/// `decimals` and `quote_decimals`: the second at most the first, and by default at most `quote_max`.
pub(super) fn decimals(section: &mut Section<'_>, default: Option<u8>, quote_max: u8) -> (u8, u8) {
    let decimals = match default {
        Some(default) => section
            .number("decimals", 0..=DECIMALS_MAX, "digits")
            .map_or(default, |field| field.value),
        None => section
            .required_number("decimals", 0..=DECIMALS_MAX, "digits")
            .unwrap_or(DECIMALS_MAX),
    };
    let quote = section.number("quote_decimals", 0..=DECIMALS_MAX, "digits");
    if let Some(quote) = &quote
        && quote.value > decimals
    {
        let message = format!(
            "`{}` is {}; it must be at most `decimals`, which is {decimals}",
            quote.name, quote.value
        );
        section.document.refuse(quote.place.clone(), message);
    }
    (
        decimals,
        quote.map_or(quote_max.min(decimals), |field| field.value),
    )
}
