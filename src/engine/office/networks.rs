//! The live networks and whom payd asks about them, switched on and off by hand.
//!
//! Knows neither files nor providers: what is in force, and how to change it, is told by a [`NetworkControl`] that the
//! floor above hands over. URLs and headers of providers may hold keys: they go in here and never come out again.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::future::BoxFuture;

use super::{By, Office};
use crate::domain::asset::{Asset, Currency};
use crate::domain::network::Network;
use crate::domain::time::UnixMillis;
use crate::store::StoreError;

/// What is in force, and how it is changed. Made by the floor that knows the configuration.
pub trait NetworkControl: Send + Sync {
    /// Every live network there is, by name.
    fn networks(&self) -> Vec<NetworkState>;

    /// Asks each of the providers once, all at the same time and no longer than half a minute; a report each, in the
    /// order given.
    ///
    /// # Errors
    /// [`NetworkError`] when nobody could be asked at all; what is wrong with one provider is in its report.
    fn probe<'a>(
        &'a self,
        network: &'a str,
        providers: &'a [ProviderChoice],
    ) -> BoxFuture<'a, Result<Vec<ProviderProbe>, NetworkError>>;

    /// Checks the changes against what is written down now. Writes nothing.
    ///
    /// # Errors
    /// [`NetworkError`].
    fn plan(&self, changes: &[NetworkChange]) -> Result<NetworkPlan, NetworkError>;

    /// Writes what is to be in force, all of it or nothing.
    ///
    /// # Errors
    /// [`NetworkError::Unwritten`].
    fn write(&self, former: &Settings, settings: &Settings) -> Result<(), NetworkError>;

    /// Has what is written come into force soon: payd starts anew in process.
    fn apply(&self);

    /// What tells this run of payd from the one before and the one after.
    fn run(&self) -> i64;

    /// Why the latest change did not come into force, if it did not.
    fn failure(&self) -> Option<String>;
}

/// The text of the settings that the dashboard owns. A secret: it holds providers' keys.
#[derive(Clone, PartialEq, Eq)]
pub struct Settings(pub Option<String>);

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Settings(..)")
    }
}

/// Changes that were found good.
#[derive(Debug, Clone)]
pub struct NetworkPlan {
    /// What was written before.
    pub former: Settings,
    /// What is to be written.
    pub settings: Settings,
    /// For the audit log: what is done, to which network, and what else there is to know. No secrets.
    pub notes: Vec<(&'static str, String, String)>,
}

crate::domain::vocabulary! {
    /// Where it is set whether and how a network is read.
    NetworkSource, "source" {
        /// In the operator's configuration file, which goes before all else: the dashboard cannot change it.
        File = "file",
        /// In the dashboard, or with `payd network`.
        Dashboard = "dashboard",
        /// Nowhere.
        Off = "off",
    }
}

/// A live network.
#[derive(Debug, Clone)]
pub struct NetworkState {
    /// Its name in configuration and APIs, what it is called, how addresses look.
    pub network: Arc<Network>,
    /// Whether it is read in this run of payd.
    pub is_live: bool,
    /// Where that is set.
    pub source: NetworkSource,
    /// Whom payd asks.
    pub providers: Vec<ProviderName>,
    /// Providers that must have a payment's block.
    pub quorum: usize,
    /// Its coin and its tokens.
    pub assets: Vec<NetworkAsset>,
    /// Public providers that can be asked without a key.
    pub proposal: Vec<Proposal>,
    /// What providers can speak, for those who choose one of their own; the first is meant when nothing is said.
    pub kinds: Vec<&'static str>,
}

/// A coin or token of a network.
#[derive(Debug, Clone)]
pub struct NetworkAsset {
    /// The coin or token.
    pub asset: Arc<Asset>,
    /// Whether payd looks for it while the network is read.
    pub is_watched: bool,
}

/// A provider, as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderName {
    /// Its host, and its port where that is not the scheme's own; tells the providers of a network apart.
    pub host: String,
    /// What it speaks.
    pub kind: &'static str,
    /// How often it may be asked a second, where that is set.
    pub requests_per_second: Option<u32>,
}

/// A public provider that payd knows of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Who runs it.
    pub operator: &'static str,
    /// Its host.
    pub host: String,
    /// Where it is; holds no key.
    pub url: &'static str,
    /// What it speaks.
    pub kind: &'static str,
    /// Whether a fresh choice begins with it ticked.
    pub is_recommended: bool,
}

/// A provider that somebody typed. Shows nothing of itself.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ProviderEntry {
    /// Its URL, which may hold a key.
    pub url: String,
    /// What it speaks; told by the URL, or by the network, when empty.
    pub kind: String,
    /// Headers to send along, such as an API key.
    pub headers: Vec<(String, String)>,
}

impl fmt::Debug for ProviderEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProviderEntry(..)")
    }
}

/// A provider of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderChoice {
    /// One that the network has already, by its host: its URL and keys stay as they are.
    Kept(String),
    /// Another one.
    New(ProviderEntry),
}

/// What is to become of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetworkChange {
    /// It is read, from now on so.
    On {
        /// Its name in configuration and APIs.
        network: String,
        /// Whom to ask, the preferred first.
        providers: Vec<ProviderChoice>,
        /// Blocks before money counts, as a number or in steps (`0=1,100=2`); what the network has without it when empty.
        confirmations: String,
        /// Tokens that payd does not look for.
        tokens_off: Vec<Currency>,
    },
    /// It is read no more. What was recorded of it stays.
    Off {
        /// Its name in configuration and APIs.
        network: String,
    },
}

impl NetworkChange {
    /// The network's name in configuration and APIs.
    #[must_use]
    pub fn network(&self) -> &str {
        match self {
            Self::On { network, .. } | Self::Off { network } => network,
        }
    }
}

/// What was learnt of one provider by asking it. Holds no URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderProbe {
    /// Its host; empty where what was typed is no URL.
    pub host: String,
    /// Its highest block.
    pub height: Option<u64>,
    /// When that block was made.
    pub block_time: Option<UnixMillis>,
    /// How long it took to answer.
    pub latency: Option<Duration>,
    /// The network that it serves, where that is another one that payd knows.
    pub other_network: Option<String>,
    /// What keeps it from being used.
    pub faults: Vec<String>,
    /// What a person should know.
    pub remarks: Vec<String>,
}

impl ProviderProbe {
    /// Whether it can be used.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.faults.is_empty()
    }
}

/// Why networks were not changed. Nothing was.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such network.
    #[error("unknown network `{0}`")]
    Unknown(String),
    /// The operator's file goes before.
    #[error("{0} is set in the configuration file: change it there, under [networks.{0}]")]
    SetInFile(String),
    /// Nobody to ask.
    #[error("{0} needs at least one provider; two of different operators are better")]
    NoProviders(String),
    /// A provider cannot be one.
    #[error("provider {}: {reason}", .number)]
    Provider {
        /// Which of those that were named, counted from 1.
        number: usize,
        /// What is wrong, without its URL.
        reason: String,
    },
    /// The confirmations cannot be.
    #[error("confirmations: {0}")]
    Confirmations(String),
    /// A token cannot be switched.
    #[error("{network} has no token `{currency}`")]
    Token {
        /// The network.
        network: String,
        /// The word that was given.
        currency: String,
    },
    /// What would be in force is wrong otherwise.
    #[error("{0}")]
    Refused(String),
    /// It could not be written down.
    #[error("the networks could not be written down: {0}")]
    Unwritten(String),
    /// Somebody else wrote at the same time.
    #[error("the networks were changed by somebody else just now: look at them and try again")]
    Overtaken,
    /// Nothing here can change networks.
    #[error("networks cannot be changed here")]
    Unavailable,
}

impl Office {
    /// The door, with a way to change networks.
    #[must_use]
    pub fn with_networks(mut self, control: Arc<dyn NetworkControl>) -> Self {
        self.networks = Some(control);
        self
    }

    fn control(&self) -> Result<&Arc<dyn NetworkControl>, NetworkError> {
        self.networks.as_ref().ok_or(NetworkError::Unavailable)
    }

    /// Every live network there is, by name; none where nothing tells.
    #[must_use]
    pub fn networks(&self) -> Vec<NetworkState> {
        self.networks
            .as_ref()
            .map(|control| control.networks())
            .unwrap_or_default()
    }

    /// The live network of this name.
    #[must_use]
    pub fn network_state(&self, slug: &str) -> Option<NetworkState> {
        let mut all = self.networks().into_iter();
        all.find(|state| &*state.network.slug == slug)
    }

    /// Asks providers whether they could be a network's: a report each, in the order given. Takes up to half a minute.
    ///
    /// # Errors
    /// [`NetworkError`] when nobody could be asked at all.
    pub async fn probe_providers(
        &self,
        network: &str,
        providers: &[ProviderChoice],
    ) -> Result<Vec<ProviderProbe>, NetworkError> {
        self.control()?.probe(network, providers).await
    }

    /// Switches networks on and off, or changes how they are read; written down in the audit log. It comes into force
    /// when payd starts anew, which it does by itself within seconds.
    ///
    /// # Errors
    /// [`NetworkError`].
    pub async fn set_networks(&self, by: By, changes: Vec<NetworkChange>) -> Result<(), NetworkError> {
        let control = Arc::clone(self.control()?);
        let (writing, planned) = (Arc::clone(&control), Arc::new(OnceLock::new()));
        let written = Arc::clone(&planned);
        // In the transaction: of two who change something at the same time, the second builds on what the first wrote.
        let done = self.engine.database.write(move |txn| {
            let plan = writing.plan(&changes)?;
            for (action, subject, detail) in &plan.notes {
                by.write_down(txn, action, subject, detail)?;
            }
            writing.write(&plan.former, &plan.settings)?;
            let _ = written.set(plan);
            Ok::<_, NetworkError>(())
        });
        if let Err(error) = done.await {
            // What is not in the audit log did not happen.
            return match planned
                .get()
                .map(|plan| control.write(&plan.settings, &plan.former))
            {
                // Somebody has changed it since: that stays.
                None | Some(Ok(()) | Err(NetworkError::Overtaken)) => Err(error),
                Some(Err(unwritten)) => Err(unwritten),
            };
        }
        control.apply();
        Ok(())
    }

    /// What tells this run of payd from the one before and the one after.
    #[must_use]
    pub fn run(&self) -> i64 {
        self.networks.as_ref().map_or(0, |control| control.run())
    }

    /// Why the latest change of networks did not come into force, if it did not.
    #[must_use]
    pub fn networks_failure(&self) -> Option<String> {
        self.networks.as_ref()?.failure()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::AuditId;
    use crate::engine::office::staged::StagedNetworks;
    use crate::engine::stage::Stage;
    use crate::store::audit_log;

    fn on(network: &str, url: &str) -> NetworkChange {
        NetworkChange::On {
            network: network.to_owned(),
            providers: vec![ProviderChoice::New(ProviderEntry {
                url: url.to_owned(),
                ..ProviderEntry::default()
            })],
            confirmations: String::new(),
            tokens_off: Vec::new(),
        }
    }

    #[tokio::test]
    async fn what_is_switched_stands_in_the_audit_log_without_keys_and_what_was_refused_does_not() {
        let stage = Stage::new();
        let control = Arc::new(StagedNetworks::new(Arc::clone(&stage.engine.registry)));
        let office = Office::new(Arc::clone(&stage.engine)).with_networks(control);
        let by = || office.by("user:ann");
        let good = vec![on("bsc", "https://a.example/v2/s3cret")];
        assert!(!format!("{good:?}").contains("s3cret"));
        office.set_networks(by(), good).await.unwrap();
        let mixed = vec![
            on("tron", "https://b.example/"),
            on("ethereum", "https://b.example/"),
        ];
        let refused = office.set_networks(by(), mixed).await;
        assert!(matches!(refused, Err(NetworkError::SetInFile(_))), "{refused:?}");
        assert!(office.network_state("bsc").unwrap().is_live);
        assert!(!office.network_state("tron").unwrap().is_live);
        let read = |txn: &crate::store::Txn<'_>| audit_log::page(txn, AuditId::new(i64::MAX), 10);
        let log = stage.engine.database.read(read).await.unwrap();
        let [entry] = &log[..] else { panic!("{log:?}") };
        assert_eq!(
            (&*entry.actor, &*entry.action, &*entry.subject, &*entry.detail),
            ("user:ann", "network.on", "bsc", "a.example")
        );
    }

    #[tokio::test]
    async fn an_office_without_control_knows_no_networks_and_changes_none() {
        let stage = Stage::new();
        let office = Office::new(Arc::clone(&stage.engine));
        assert!(office.networks().is_empty());
        let refused = office.set_networks(office.by("user:ann"), Vec::new()).await;
        assert!(matches!(refused, Err(NetworkError::Unavailable)));
    }
}
