//! Assets: what payments are made in. A token is its contract, never its symbol.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::address::Address;
use super::money::BaseUnits;
use super::network::{Family, Mode, Network, NetworkId};

/// The word an API uses for a currency on a network: `usdt`, `usdc`, `busd`, `native`, or a configured token.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency(Arc<str>);

impl Currency {
    /// The word for a network's own coin.
    pub const NATIVE: &'static str = "native";

    /// Reads a currency word: 1 to 16 lower-case letters and digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=16).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        fits.then(|| Self(text.into()))
    }

    /// The word as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the network's own coin.
    #[must_use]
    pub fn is_native(&self) -> bool {
        &*self.0 == Self::NATIVE
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One asset on one network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// The network it lives on.
    pub network: NetworkId,
    /// The API's word for it.
    pub currency: Currency,
    /// What people call it: `USDT`, `BNB`.
    pub symbol: Arc<str>,
    /// Digits after the point on the chain; checked against the contract at start.
    pub decimals: u8,
    /// Digits after the point that a quote uses: a customer may have to type the amount.
    pub quote_decimals: u8,
    /// The token contract; `None` for the network's own coin.
    pub contract: Option<Address>,
}

impl Asset {
    /// Writes an amount of this asset exactly, with at least the digits of a quote.
    #[must_use]
    pub fn show(&self, amount: BaseUnits) -> String {
        amount.to_decimal(self.decimals, self.quote_decimals)
    }
}

/// An asset as something to pay with: with its network, and one word for both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Means {
    /// The network to pay on.
    pub network: Arc<Network>,
    /// The asset to pay with.
    pub asset: Arc<Asset>,
    /// One word for both: `USDT_TRC20`.
    pub code: String,
}

/// Two networks, or two assets of one network, under one name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// The network name is taken.
    #[error("network `{0}` is defined twice")]
    NetworkTwice(NetworkId),
    /// The currency word is taken on this network.
    #[error("currency `{1}` is defined twice on network `{0}`")]
    AssetTwice(NetworkId, Currency),
    /// The asset's network is not there.
    #[error("currency `{1}` names network `{0}`, which is not defined")]
    NoSuchNetwork(NetworkId, Currency),
}

/// All networks and assets this payd knows: one table, built once from built-ins and configuration.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    networks: BTreeMap<NetworkId, Arc<Network>>,
    assets: BTreeMap<NetworkId, BTreeMap<Currency, Arc<Asset>>>,
}

impl Registry {
    /// Builds the table.
    ///
    /// # Errors
    /// [`RegistryError`] when a name is taken twice or an asset's network is missing.
    pub fn new(networks: Vec<Network>, assets: Vec<Asset>) -> Result<Self, RegistryError> {
        let mut registry = Self::default();
        for network in networks {
            let id = network.id.clone();
            if registry.networks.insert(id.clone(), Arc::new(network)).is_some() {
                return Err(RegistryError::NetworkTwice(id));
            }
            registry.assets.insert(id, BTreeMap::new());
        }
        for asset in assets {
            let (network, currency) = (asset.network.clone(), asset.currency.clone());
            let Some(of_network) = registry.assets.get_mut(&network) else {
                return Err(RegistryError::NoSuchNetwork(network, currency));
            };
            if of_network.insert(currency.clone(), Arc::new(asset)).is_some() {
                return Err(RegistryError::AssetTwice(network, currency));
            }
        }
        Ok(registry)
    }

    /// The network of this name.
    #[must_use]
    pub fn network(&self, id: &NetworkId) -> Option<&Arc<Network>> {
        self.networks.get(id)
    }

    /// The network an API call means by `slug`, in the mode of its key.
    #[must_use]
    pub fn network_by_slug(&self, slug: &str, mode: Mode) -> Option<&Arc<Network>> {
        self.networks
            .values()
            .find(|network| network.mode == mode && &*network.slug == slug)
    }

    /// An asset's code, one word for it and its network: `BTC`, `USDT_TRC20`.
    ///
    /// A token's has the token standard of its network, the coin of a network that payd does not bring along its name.
    #[must_use]
    pub fn code(&self, asset: &Asset) -> String {
        let symbol = asset.symbol.to_uppercase();
        let Some(network) = self.networks.get(&asset.network) else {
            return symbol;
        };
        match (asset.contract.is_some(), network.token_standard()) {
            (false, Some(_)) => symbol,
            (true, Some(standard)) => format!("{symbol}_{standard}"),
            (_, None) if matches!(network.family, Family::Bitcoin(_) | Family::Litecoin(_)) => symbol,
            (_, None) => format!("{symbol}_{}", network.slug.to_uppercase()),
        }
    }

    /// One asset, as something to pay with.
    #[must_use]
    pub fn means(&self, network: &NetworkId, currency: &Currency) -> Option<Means> {
        let asset = self.asset(network, currency)?;
        Some(Means {
            network: Arc::clone(self.network(network)?),
            asset: Arc::clone(asset),
            code: self.code(asset),
        })
    }

    /// The asset with this code, in small or capital letters, in the mode of a key.
    #[must_use]
    pub fn asset_by_code(&self, code: &str, mode: Mode) -> Option<&Arc<Asset>> {
        self.networks
            .values()
            .filter(|network| network.mode == mode)
            .flat_map(|network| self.assets_of(&network.id))
            .find(|asset| self.code(asset).eq_ignore_ascii_case(code))
    }

    /// All networks, by name.
    pub fn networks(&self) -> impl Iterator<Item = &Arc<Network>> {
        self.networks.values()
    }

    /// One asset.
    #[must_use]
    pub fn asset(&self, network: &NetworkId, currency: &Currency) -> Option<&Arc<Asset>> {
        self.assets.get(network)?.get(currency)
    }

    /// The assets of a network, by currency word.
    pub fn assets_of(&self, network: &NetworkId) -> impl Iterator<Item = &Arc<Asset>> {
        self.assets.get(network).into_iter().flat_map(BTreeMap::values)
    }
}
