//! Networks that are changed in memory, for the tests of the floors above. Ethereum is set in the operator's file; URLs on
//! `wrong.example` serve another network, those on `down.example` nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use futures_util::future::BoxFuture;
use url::Url;

use super::networks::{
    NetworkAsset, NetworkChange, NetworkControl, NetworkError, NetworkPlan, NetworkSource, NetworkState,
    Proposal, ProviderChoice, ProviderName, ProviderProbe, Settings,
};
use crate::domain::asset::Registry;
use crate::domain::network::{Family, Mode};

/// The control of a test.
pub struct StagedNetworks {
    registry: Arc<Registry>,
    /// What was written: providers' hosts by network.
    on: Mutex<BTreeMap<String, Vec<String>>>,
    planned: Mutex<BTreeMap<String, Vec<String>>>,
    /// What was asked for.
    changes: Mutex<Vec<NetworkChange>>,
    run: Mutex<i64>,
    failure: Mutex<Option<String>>,
}

impl StagedNetworks {
    /// All networks of `registry` are off, but for ethereum.
    #[must_use]
    pub fn new(registry: Arc<Registry>) -> Self {
        Self {
            registry,
            on: Mutex::default(),
            planned: Mutex::default(),
            changes: Mutex::default(),
            run: Mutex::new(1),
            failure: Mutex::default(),
        }
    }

    /// What was changed so far.
    #[must_use]
    pub fn changes(&self) -> Vec<NetworkChange> {
        self.changes.lock().unwrap().clone()
    }

    /// The next run begins, with what came of the change.
    pub fn start_anew(&self, failure: Option<&str>) {
        *self.run.lock().unwrap() += 1;
        *self.failure.lock().unwrap() = failure.map(str::to_owned);
    }
}

fn host(choice: &ProviderChoice) -> Result<String, String> {
    match choice {
        ProviderChoice::Kept(host) => Ok(host.clone()),
        ProviderChoice::New(entry) => {
            let url = Url::parse(&entry.url).map_err(|_| "is not a URL".to_owned())?;
            Ok(url.host_str().unwrap_or_default().to_owned())
        }
    }
}

impl NetworkControl for StagedNetworks {
    fn networks(&self) -> Vec<NetworkState> {
        let on = self.on.lock().unwrap();
        let live = self
            .registry
            .networks()
            .filter(|network| network.mode == Mode::Live);
        let state = |network: &Arc<_>| {
            let network: &Arc<crate::domain::network::Network> = network;
            let own = vec!["own.example".to_owned()];
            let is_file = &*network.slug == "ethereum";
            let hosts = on.get(&*network.slug).or(is_file.then_some(&own));
            let assets = self.registry.assets_of(&network.id).map(|asset| NetworkAsset {
                asset: Arc::clone(asset),
                is_watched: true,
            });
            NetworkState {
                network: Arc::clone(network),
                is_live: hosts.is_some(),
                source: match hosts {
                    _ if is_file => NetworkSource::File,
                    Some(_) => NetworkSource::Dashboard,
                    None => NetworkSource::Off,
                },
                providers: hosts
                    .into_iter()
                    .flatten()
                    .map(|host| ProviderName {
                        host: host.clone(),
                        kind: "node",
                        requests_per_second: Some(5),
                    })
                    .collect(),
                quorum: 1,
                assets: assets.collect(),
                proposal: vec![Proposal {
                    operator: "Example",
                    host: "public.example".to_owned(),
                    url: "https://public.example/rpc",
                    kind: "node",
                    is_recommended: true,
                }],
                kinds: match network.family {
                    Family::Bitcoin(_) | Family::Litecoin(_) => vec!["node", "esplora", "electrum"],
                    Family::Evm { .. } | Family::Tron => vec!["node"],
                },
            }
        };
        live.map(state).collect()
    }

    fn probe<'a>(
        &'a self,
        _: &'a str,
        providers: &'a [ProviderChoice],
    ) -> BoxFuture<'a, Result<Vec<ProviderProbe>, NetworkError>> {
        let probe = |choice: &ProviderChoice| {
            let (host, mut faults) = match host(choice) {
                Ok(host) => (host, Vec::new()),
                Err(reason) => (String::new(), vec![reason]),
            };
            let is_wrong = host == "wrong.example";
            if is_wrong {
                faults.push("it serves chain id 1".to_owned());
            }
            if host == "down.example" {
                faults.push("nothing answers".to_owned());
            }
            ProviderProbe {
                height: faults.is_empty().then_some(42),
                block_time: None,
                latency: None,
                other_network: is_wrong.then(|| "Ethereum".to_owned()),
                remarks: Vec::new(),
                faults,
                host,
            }
        };
        let probes = providers.iter().map(probe).collect();
        Box::pin(async { Ok(probes) })
    }

    fn plan(&self, changes: &[NetworkChange]) -> Result<NetworkPlan, NetworkError> {
        let mut on = self.on.lock().unwrap().clone();
        let mut notes = Vec::new();
        for change in changes {
            let slug = change.network().to_owned();
            if slug == "ethereum" {
                return Err(NetworkError::SetInFile(slug));
            }
            match change {
                NetworkChange::Off { .. } => {
                    on.remove(&slug);
                    notes.push(("network.off", slug, String::new()));
                }
                NetworkChange::On { providers, .. } => {
                    let hosts: Result<Vec<_>, _> = providers.iter().map(host).collect();
                    let hosts = hosts.map_err(|reason| NetworkError::Provider { number: 1, reason })?;
                    notes.push(("network.on", slug.clone(), hosts.join(", ")));
                    on.insert(slug, hosts);
                }
            }
        }
        *self.planned.lock().unwrap() = on;
        self.changes.lock().unwrap().extend(changes.iter().cloned());
        Ok(NetworkPlan {
            former: Settings(None),
            settings: Settings(None),
            notes,
        })
    }

    fn write(&self, _: &Settings, _: &Settings) -> Result<(), NetworkError> {
        *self.on.lock().unwrap() = self.planned.lock().unwrap().clone();
        Ok(())
    }

    fn apply(&self) {}

    fn run(&self) -> i64 {
        *self.run.lock().unwrap()
    }

    fn failure(&self) -> Option<String> {
        self.failure.lock().unwrap().clone()
    }
}
