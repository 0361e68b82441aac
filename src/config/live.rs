//! The sections `[networks.*]`: built-in networks adjusted, EVM chains added, providers named.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::error::{hint, quoted};
use super::networks::{BUILT_IN, BuiltIn, CUSTOM_SCAN, ScanDefaults, TIMESTAMP_SLACK};
use super::providers;
use super::read::{Field, Section};
use super::settings::{
    BitcoinChain, ChainKind, LiveNetwork, Provider, ReadMode, Reading, Source, TronChain, Verify,
};
use super::{switched_on, tokens};
use crate::domain::asset::{Asset, Currency, Registry};
use crate::domain::confirmations::Tiers;
use crate::domain::network::{Bip, Family, Mode, Network, NetworkId};

const CONFIRMATIONS_MAX: u32 = 10_000;
const FINAL_DEPTH_MAX: u32 = 100_000;
/// The largest that TOML can write.
const CHAIN_ID_MAX: u64 = i64::MAX.unsigned_abs();
pub(super) const PROVIDERS_MAX: usize = 16;
/// Long enough for any name, short enough that `test-` fits before it.
const SLUG_LENGTH_MAX: usize = 27;
/// What a built-in network is, and no setting can change.
const FIXED_KEYS: &[&str] = &["kind", "chain_id", "name", "symbol", "decimals", "quote_decimals"];

/// A network as it was read, before its assets are shared.
pub(super) struct Draft {
    pub(super) network: Network,
    pub(super) assets: Vec<Asset>,
    /// Tokens that are not watched.
    pub(super) switched_off: BTreeSet<Currency>,
    pub(super) scan: Scan,
    pub(super) source: Option<Source>,
}

pub(super) struct Scan {
    pub(super) is_enabled: bool,
    reading: Reading,
    pub(super) providers: Vec<Provider>,
    /// As it was set; as many as there are, at most two, without.
    pub(super) quorum: Option<usize>,
    poll: Duration,
    idle_poll: Duration,
    start_height: Option<u64>,
}

/// Reads all networks: the built-in ones, with what is said about them, then the merchant's own; and what the dashboard
/// says of those that the operator's file leaves open.
pub(super) fn networks(section: Section<'_>, dashboard: Option<Section<'_>>) -> Vec<Draft> {
    let document = section.document;
    let absent = BUILT_IN.iter().map(|built_in| section.absent(built_in.slug));
    let absent: Vec<Section<'_>> = absent.collect();
    let mut said = section.named_sections();
    let mut drafts = Vec::new();
    for (built_in, absent) in BUILT_IN.iter().zip(absent) {
        let position = said.iter().position(|(name, _)| name == built_in.slug);
        let section = position.map_or(absent, |position| said.swap_remove(position).1);
        drafts.extend(adjusted(built_in, section));
    }
    for (slug, section) in said {
        let place = section.place.clone();
        let Some(draft) = custom(&slug, section) else {
            continue;
        };
        let taken = drafts
            .iter()
            .find(|other| other.network.family == draft.network.family);
        if let Some(other) = taken {
            // Two names for one chain would credit one transfer twice.
            let message = format!(
                "`networks.{slug}.chain_id` is that of network `{}`; put these settings under [networks.{0}]",
                other.network.id
            );
            document.refuse(place, message);
            continue;
        }
        drafts.push(draft);
    }
    if let Some(dashboard) = dashboard {
        switched_on::read(dashboard, &mut drafts);
    }
    drafts
}

/// A built-in network with the settings of its section.
fn adjusted(built_in: &BuiltIn, mut section: Section<'_>) -> Option<Draft> {
    let id = NetworkId::parse(built_in.slug)?;
    let mut network = Network {
        slug: built_in.slug.into(),
        name: built_in.name.into(),
        mode: Mode::Live,
        family: built_in.family,
        confirmations: Tiers::new(built_in.confirmations.to_vec()).ok()?,
        final_depth: built_in.final_depth,
        block_time: Duration::from_millis(built_in.block_time_ms),
        timestamp_slack: Duration::from_secs(built_in.timestamp_slack_s),
        id,
    };
    let mut assets = tokens::built_in(built_in, &network.id);
    for key in FIXED_KEYS {
        if let Some(place) = section.place_of(key) {
            let message = format!(
                "`{}.{key}` is built in and cannot be changed; remove it, or give your chain a name of its own",
                section.path()
            );
            section.document.refuse(place, message);
        }
    }
    depths(&mut section, &mut network);
    let reading = match network.family {
        Family::Evm { chain_id } => evm_reading(&mut section, chain_id, built_in.scan),
        Family::Bitcoin(_) => {
            network.family = Family::Bitcoin(bip(&mut section));
            Reading::BitcoinLike
        }
        Family::Litecoin(_) => {
            network.family = Family::Litecoin(bip(&mut section));
            Reading::BitcoinLike
        }
        Family::Tron => Reading::Tron {
            chain: section.word("chain", None, TronChain::Mainnet),
        },
    };
    let known = assets.clone();
    let mut switched_off = tokens::read(&mut section, &network, &mut assets);
    if let Reading::Tron { chain } = reading {
        tokens::move_to(chain, &known, &mut assets, &mut switched_off);
    }
    Some(draft(
        section,
        network,
        assets,
        switched_off,
        (reading, built_in.scan),
    ))
}

/// A network of the operator's file. It is theirs when they name providers, or say that it is not to be read.
fn draft(
    mut section: Section<'_>,
    network: Network,
    assets: Vec<Asset>,
    switched_off: BTreeSet<Currency>,
    (reading, defaults): (Reading, ScanDefaults),
) -> Draft {
    let scan = scan(&mut section, network.family, reading, defaults);
    let is_theirs = section.has("providers") || !scan.is_enabled;
    section.close();
    Draft {
        network,
        assets,
        switched_off,
        scan,
        source: is_theirs.then_some(Source::File),
    }
}

fn bip(section: &mut Section<'_>) -> Bip {
    match section.word("chain", None, BitcoinChain::Mainnet) {
        BitcoinChain::Mainnet => Bip::Mainnet,
        BitcoinChain::Testnet => Bip::Testnet,
        BitcoinChain::Regtest => Bip::Regtest,
    }
}

/// The name for a chain of the merchant's own, unless it is a misspelt one of a built-in network.
fn own_name(slug: &str, section: &Section<'_>) -> Option<NetworkId> {
    let id = NetworkId::parse(slug).filter(|_| slug.len() <= SLUG_LENGTH_MAX && !slug.starts_with("test-"));
    let message = if id.is_none() {
        format!(
            "{} cannot name a network; use at most {SLUG_LENGTH_MAX} lower-case letters, digits and `-`, not beginning \
             with `test-`",
            quoted(slug)
        )
    } else if !section.has("kind") {
        let known: Vec<&str> = BUILT_IN.iter().map(|built_in| built_in.slug).collect();
        format!(
            "unknown network `{slug}`; {} (to add an EVM chain, set its `kind = \"evm\"` and `chain_id`)",
            hint(slug, &known)
        )
    } else {
        return id;
    };
    section.document.refuse(section.place.clone(), message);
    None
}

/// An EVM chain of the merchant's own.
fn custom(slug: &str, mut section: Section<'_>) -> Option<Draft> {
    let id = own_name(slug, &section)?;
    section.word("kind", None, ChainKind::Evm);
    let chain_id = section.required_number("chain_id", 1..=CHAIN_ID_MAX, "(the EIP-155 chain id)");
    let name = section.required_label("name", 64);
    let symbol = section.required_label("symbol", 16);
    let confirmations = section.required_confirmations("confirmations", 1..=CONFIRMATIONS_MAX);
    let block_time_ms = section.required_number("block_time_ms", 50..=3_600_000, "milliseconds");
    let (decimals, quote_decimals) = tokens::decimals(&mut section, Some(18), 8);
    let family = Family::Evm {
        chain_id: chain_id.unwrap_or_default(),
    };
    let confirmations = confirmations.unwrap_or_else(|| Tiers::flat(1));
    let mut network = Network {
        slug: slug.into(),
        name: name.unwrap_or_default().into(),
        mode: Mode::Live,
        family,
        final_depth: confirmations.highest().saturating_mul(8).max(64),
        confirmations,
        block_time: Duration::from_millis(block_time_ms.unwrap_or_default()),
        timestamp_slack: TIMESTAMP_SLACK,
        id,
    };
    depths(&mut section, &mut network);
    let mut assets = vec![Asset {
        network: network.id.clone(),
        currency: Currency::parse(Currency::NATIVE)?,
        symbol: symbol.unwrap_or_default().into(),
        decimals,
        quote_decimals,
        contract: None,
    }];
    let switched_off = tokens::read(&mut section, &network, &mut assets);
    let reading = evm_reading(&mut section, chain_id.unwrap_or_default(), CUSTOM_SCAN);
    let draft = draft(section, network, assets, switched_off, (reading, CUSTOM_SCAN));
    // Without its id a chain cannot be told from another, and that it is missing was said.
    chain_id?;
    Some(draft)
}

/// Confirmations, final depth, block time: for every network, and so for its simulated twin.
fn depths(section: &mut Section<'_>, network: &mut Network) {
    let final_depth = section.number("final_depth", 2..=FINAL_DEPTH_MAX, "blocks");
    network.block_time = section.millis("block_time_ms", 50..=3_600_000, network.block_time);
    confirmations(section, network, final_depth);
}

/// Confirmations, beside a final depth that the section sets, or the network's own.
pub(super) fn confirmations(
    section: &mut Section<'_>,
    network: &mut Network,
    final_depth: Option<Field<u32>>,
) {
    let confirmations = section.confirmations("confirmations", 1..=CONFIRMATIONS_MAX);
    let place = final_depth
        .as_ref()
        .map(|field| &field.place)
        .or(confirmations.as_ref().map(|field| &field.place))
        .unwrap_or(&section.place)
        .clone();
    if let Some(confirmations) = confirmations {
        network.confirmations = confirmations.value;
    }
    network.final_depth = final_depth.map_or(network.final_depth, |field| field.value);
    let highest = network.confirmations.highest();
    if network.final_depth <= highest {
        // A payment must settle while its block can still be followed through a reorganisation.
        let message = format!(
            "`{0}.final_depth` ({1}) must be above `{0}.confirmations` ({2}); raise `final_depth` as well",
            section.path(),
            network.final_depth,
            highest
        );
        section.document.refuse(place, message);
    }
}

/// How the blocks of an EVM chain are read.
fn evm_reading(section: &mut Section<'_>, chain_id: u64, defaults: ScanDefaults) -> Reading {
    let mode = section.word("mode", None, defaults.mode);
    // By receipts everything is proven. By logs only the blocks that hold money are, which a chain that is read so by
    // default is known to allow.
    let verify_default = match (mode, defaults.mode) {
        (ReadMode::Receipts, _) => Verify::Full,
        (ReadMode::Logs, ReadMode::Logs) => defaults.verify,
        (ReadMode::Logs, ReadMode::Receipts) => Verify::Header,
    };
    let verify = section.word("verify", None, verify_default);
    if mode == ReadMode::Receipts && verify != Verify::Full {
        let message = format!(
            "`{}.verify` must be \"full\" with mode = \"receipts\", where nobody is asked a second time; use mode = \"logs\", \
             which asks two providers",
            section.path()
        );
        section.document.refuse(
            section.place_of("verify").unwrap_or(section.place.clone()),
            message,
        );
    }
    Reading::Evm {
        chain_id,
        mode,
        verify,
        finality: section.word("finality", None, defaults.finality),
    }
}

/// How a live chain is scanned, once somebody is there to be asked.
fn scan(section: &mut Section<'_>, family: Family, reading: Reading, defaults: ScanDefaults) -> Scan {
    let is_enabled = section.flag("enabled", true);
    let poll = section.millis("poll_ms", 100..=600_000, Duration::from_millis(defaults.poll_ms));
    let idle_default = Duration::from_millis(defaults.idle_poll_ms).max(poll);
    let idle_poll = section.millis("idle_poll_ms", 100..=3_600_000, idle_default);
    let start_height = section.number("start_height", 0..=u64::from(u32::MAX), "(a block height)");
    let quorum = section.number("quorum", 1..=PROVIDERS_MAX, "providers");
    let list = section.list("providers", PROVIDERS_MAX);
    let count = list.len();
    let providers = providers::read(list, family);
    if let Some(field) = &quorum
        && count > 0
        && field.value > count
    {
        let message = format!(
            "`{}` is {}, but there are {count} providers; add providers or lower it",
            field.name, field.value
        );
        section.document.refuse(field.place.clone(), message);
    }
    Scan {
        is_enabled,
        reading,
        quorum: quorum.map(|field| field.value),
        providers,
        poll,
        idle_poll,
        start_height: start_height.map(|field| field.value),
    }
}

/// All networks and assets with their simulated twins.
pub(super) fn registry(drafts: &[Draft]) -> Result<Registry, crate::domain::asset::RegistryError> {
    let mut networks = Vec::new();
    let mut assets = Vec::new();
    for draft in drafts {
        networks.push(draft.network.clone());
        assets.extend(draft.assets.iter().cloned());
        let twin = twin(&draft.network);
        assets.extend(draft.assets.iter().map(|asset| Asset {
            network: twin.id.clone(),
            ..asset.clone()
        }));
        networks.push(twin);
    }
    Registry::new(networks, assets)
}

/// Short, so that a test payment confirms while one watches. Not a setting: the heights of a simulated chain follow
/// from it, and another value would put a chain that was read before out of step.
const SIMULATED_BLOCK_TIME: Duration = Duration::from_millis(500);

/// The simulated network that stands for `network` in test mode.
fn twin(network: &Network) -> Network {
    Network {
        id: NetworkId::simulated(&network.slug),
        mode: Mode::Test,
        family: match network.family {
            // Addresses that are worthless on the real chain.
            Family::Bitcoin(_) => Family::Bitcoin(Bip::Regtest),
            Family::Litecoin(_) => Family::Litecoin(Bip::Regtest),
            family @ (Family::Evm { .. } | Family::Tron) => family,
        },
        block_time: SIMULATED_BLOCK_TIME,
        timestamp_slack: TIMESTAMP_SLACK,
        ..network.clone()
    }
}

/// Where it is set whether and how each of them is read.
pub(super) fn sources(drafts: &[Draft]) -> BTreeMap<NetworkId, Source> {
    let set = drafts
        .iter()
        .filter_map(|draft| Some((draft.network.id.clone(), draft.source?)));
    set.collect()
}

/// The networks to scan, sharing the registry's values.
pub(super) fn live(drafts: Vec<Draft>, registry: &Registry) -> Vec<LiveNetwork> {
    let live = |draft: Draft| {
        let scan = draft.scan;
        if !scan.is_enabled || scan.providers.is_empty() {
            return None;
        }
        let id = &draft.network.id;
        let (native, tokens): (Vec<_>, Vec<_>) = registry
            .assets_of(id)
            .filter(|asset| !draft.switched_off.contains(&asset.currency))
            .cloned()
            .partition(|asset| asset.currency.is_native());
        Some(LiveNetwork {
            network: registry.network(id)?.clone(),
            reading: scan.reading,
            quorum: scan.quorum.unwrap_or(2.min(scan.providers.len())),
            providers: scan.providers,
            poll: scan.poll,
            idle_poll: scan.idle_poll,
            start_height: scan.start_height,
            native: native.into_iter().next()?,
            tokens,
        })
    };
    drafts.into_iter().filter_map(live).collect()
}
