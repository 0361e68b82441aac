//! How the office changes the networks: by the dashboard's file of them, which the next run of payd reads.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use tokio::sync::Notify;

use super::network_probe::{self, Asked};
use super::{Surroundings, live_sources};
use crate::config::error::{ConfigError, Problem};
use crate::config::networks_file::{self, Chosen, Edit};
use crate::config::settings::{LiveNetwork, Provider, ProviderKind, Source};
use crate::config::{self, FileText, Settings, proposals};
use crate::domain::confirmations::Tiers;
use crate::domain::network::{Family, Mode, Network};
use crate::engine::office::networks::{
    self as office, NetworkAsset, NetworkChange, NetworkControl, NetworkError, NetworkPlan, NetworkSource,
    NetworkState, Proposal, ProviderChoice, ProviderEntry, ProviderName, ProviderProbe,
};

/// The files of one data directory.
#[derive(Debug, Clone)]
pub struct NetworkFiles {
    /// What the operator's own file says.
    pub operators: FileText,
    /// Where the dashboard's is.
    pub path: PathBuf,
}

impl NetworkFiles {
    /// The settings that the two make together, where the second says `text`.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn settings(&self, text: Option<&str>) -> Result<Settings, ConfigError> {
        let file = text.map(|text| FileText {
            name: self.path.display().to_string(),
            text: text.to_owned(),
        });
        let environment = |name: &str| std::env::var(name).ok();
        config::settings(&self.operators, file.as_ref(), environment)
    }

    /// What the dashboard's file says now.
    ///
    /// # Errors
    /// [`ConfigError`] when it cannot be read.
    pub fn text(&self) -> Result<Option<String>, ConfigError> {
        Ok(networks_file::read(&self.path)?.map(|file| file.text))
    }
}

/// The control of one run, or of a command.
pub struct FileControl {
    files: NetworkFiles,
    /// What is in force in this run.
    settings: Settings,
    surroundings: Surroundings,
    run: AtomicI64,
    failure: Mutex<Option<String>>,
    asked: Arc<Notify>,
}

impl FileControl {
    /// The control where `settings` are in force. What is changed comes into force by whoever waits for `asked`.
    #[must_use]
    pub fn new(
        files: NetworkFiles,
        settings: Settings,
        surroundings: Surroundings,
        asked: Arc<Notify>,
    ) -> Self {
        Self {
            files,
            settings,
            run: AtomicI64::new(surroundings.clock.now().get()),
            surroundings,
            failure: Mutex::default(),
            asked,
        }
    }

    /// Notes that what is written down is in force already: whoever waits for another run need not wait for longer.
    pub fn has_nothing_to_do(&self) {
        self.run.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes why what is written down did not come into force; `None` once it has.
    pub fn set_failure(&self, failure: Option<String>) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = failure;
    }

    fn live_networks(&self) -> Vec<Arc<Network>> {
        let registry = self.settings.registry();
        let live = registry.networks().filter(|network| network.mode == Mode::Live);
        live.cloned().collect()
    }

    fn network(&self, slug: &str) -> Result<Arc<Network>, NetworkError> {
        let found = self
            .live_networks()
            .into_iter()
            .find(|network| &*network.slug == slug);
        found.ok_or_else(|| NetworkError::Unknown(slug.to_owned()))
    }

    fn live(&self, network: &Network) -> Option<&LiveNetwork> {
        let mut all = self.settings.networks.iter();
        all.find(|live| live.network.id == network.id)
    }

    fn state(&self, network: Arc<Network>) -> NetworkState {
        let live = self.live(&network);
        let is_watched = |currency: &_| match live {
            Some(live) => live.tokens.iter().any(|token| token.currency == *currency),
            None => true,
        };
        let assets = self.settings.registry();
        let assets = assets.assets_of(&network.id).map(|asset| NetworkAsset {
            is_watched: asset.currency.is_native() || is_watched(&asset.currency),
            asset: Arc::clone(asset),
        });
        NetworkState {
            is_live: live.is_some(),
            source: match self.settings.source(&network.id) {
                Some(Source::File) => NetworkSource::File,
                Some(Source::Dashboard) => NetworkSource::Dashboard,
                None => NetworkSource::Off,
            },
            providers: live
                .map(|live| live.providers.iter().map(name).collect())
                .unwrap_or_default(),
            quorum: live.map_or(0, |live| live.quorum),
            assets: assets.collect(),
            proposal: proposal(&network),
            kinds: kinds(&network),
            network,
        }
    }

    /// What is written down now, to be changed.
    fn edit(&self) -> Result<(Option<String>, Edit), NetworkError> {
        let file = networks_file::read(&self.files.path).map_err(|error| refused(&error))?;
        let edit = Edit::of(file.as_ref()).ok_or_else(|| {
            NetworkError::Refused(format!(
                "{} is no TOML: mend it, or delete it",
                self.files.path.display()
            ))
        })?;
        Ok((file.map(|file| file.text), edit))
    }

    /// The settings of one provider, as the configuration reads it.
    fn read_entry(&self, network: &Network, entry: &ProviderEntry) -> Result<LiveNetwork, String> {
        let mut edit = Edit::of(None).ok_or_else(String::new)?;
        edit.switch_on(&network.slug, &[chosen_entry(entry)], "", &[]);
        let read = self.files.settings(edit.text().as_deref());
        let settings = read.map_err(|error| plain(&error))?;
        let mut all = settings.networks.into_iter();
        let found = all.find(|live| live.network.id == network.id);
        found.ok_or_else(|| "is not taken".to_owned())
    }

    /// One that the network has, as it is read in this run or written down now.
    fn kept(&self, network: &Network, host: &str) -> Option<LiveNetwork> {
        let written = self.files.text().ok().flatten();
        let written = written.and_then(|text| self.files.settings(Some(&text)).ok());
        let written = written.map(|settings| settings.networks).unwrap_or_default();
        let mut all = written.iter().chain(&self.settings.networks);
        all.find_map(|live| {
            let provider = live.providers.iter().find(|provider| provider.host() == host)?;
            (live.network.id == network.id).then(|| alone(live, provider))
        })
    }

    fn asked(&self, network: &Network, choice: &ProviderChoice) -> Asked {
        match choice {
            ProviderChoice::Kept(host) => match self.kept(network, host) {
                Some(live) => Asked::Live(Box::new(live)),
                None => Asked::Refused(format!("{host} is no provider of {} now", network.name)),
            },
            ProviderChoice::New(entry) => match self.read_entry(network, entry) {
                Ok(live) => Asked::Live(Box::new(live)),
                Err(reason) => Asked::Refused(reason),
            },
        }
    }

    fn change(
        &self,
        edit: &mut Edit,
        change: &NetworkChange,
    ) -> Result<(&'static str, String, String), NetworkError> {
        let network = self.network(change.network())?;
        let slug = network.slug.to_string();
        if self.settings.source(&network.id) == Some(Source::File) {
            return Err(NetworkError::SetInFile(slug));
        }
        match change {
            NetworkChange::Off { .. } => {
                edit.switch_off(&slug);
                Ok(("network.off", slug, String::new()))
            }
            NetworkChange::On {
                providers,
                confirmations,
                tokens_off,
                ..
            } => {
                let hosts = self.check_providers(edit, &network, providers)?;
                check_confirmations(&network, confirmations)?;
                let registry = self.settings.registry();
                for currency in tokens_off {
                    let mut assets = registry.assets_of(&network.id);
                    if !assets.any(|asset| asset.currency == *currency && !currency.is_native()) {
                        return Err(NetworkError::Token {
                            network: network.name.to_string(),
                            currency: currency.to_string(),
                        });
                    }
                }
                let chosen: Vec<Chosen> = providers.iter().map(chosen).collect();
                edit.switch_on(&slug, &chosen, confirmations, tokens_off);
                let mut detail = format!("providers: {}", hosts.join(", "));
                if !confirmations.is_empty() {
                    detail.push_str(&format!("; confirmations: {confirmations}"));
                }
                let off: Vec<&str> = tokens_off.iter().map(|currency| currency.as_str()).collect();
                if !off.is_empty() {
                    detail.push_str(&format!("; without: {}", off.join(", ")));
                }
                Ok(("network.on", slug, detail))
            }
        }
    }

    /// The hosts of the chosen providers, each of which has to be good by itself.
    fn check_providers(
        &self,
        edit: &Edit,
        network: &Network,
        providers: &[ProviderChoice],
    ) -> Result<Vec<String>, NetworkError> {
        if providers.is_empty() {
            return Err(NetworkError::NoProviders(network.name.to_string()));
        }
        let known = edit.hosts(&network.slug);
        let mut hosts: Vec<String> = Vec::new();
        for (number, choice) in (1..).zip(providers) {
            let refuse = |reason: String| NetworkError::Provider { number, reason };
            let host = match choice {
                ProviderChoice::Kept(host) if known.contains(host) => host.clone(),
                ProviderChoice::Kept(host) => {
                    return Err(refuse(format!("{host} is no provider of {} now", network.name)));
                }
                ProviderChoice::New(entry) => {
                    let live = self.read_entry(network, entry).map_err(refuse)?;
                    live.providers.first().map(Provider::host).unwrap_or_default()
                }
            };
            if hosts.contains(&host) {
                let reason = format!("{host} is named twice: its agreement with itself proves nothing");
                return Err(refuse(reason));
            }
            hosts.push(host);
        }
        Ok(hosts)
    }
}

impl NetworkControl for FileControl {
    fn networks(&self) -> Vec<NetworkState> {
        let mut all: Vec<_> = self
            .live_networks()
            .into_iter()
            .map(|network| self.state(network))
            .collect();
        all.sort_by(|a, b| a.network.name.cmp(&b.network.name));
        all
    }

    fn probe<'a>(
        &'a self,
        network: &'a str,
        providers: &'a [ProviderChoice],
    ) -> BoxFuture<'a, Result<Vec<ProviderProbe>, NetworkError>> {
        Box::pin(async move {
            let network = self.network(network)?;
            let asked = providers
                .iter()
                .map(|choice| self.asked(&network, choice))
                .collect();
            let known = self.live_networks();
            Ok(network_probe::ask(&network, asked, &known, &self.surroundings).await)
        })
    }

    fn plan(&self, changes: &[NetworkChange]) -> Result<NetworkPlan, NetworkError> {
        let (former, mut edit) = self.edit()?;
        let mut notes = Vec::new();
        for change in changes {
            notes.push(self.change(&mut edit, change)?);
        }
        let text = edit.text();
        // What the next run does, so that it will not fail: read all of it, and make the sources.
        let settings = self
            .files
            .settings(text.as_deref())
            .map_err(|error| refused(&error))?;
        live_sources(&settings, &self.surroundings)
            .map_err(|error| NetworkError::Refused(format!("{error:#}")))?;
        Ok(NetworkPlan {
            former: office::Settings(former),
            settings: office::Settings(text),
            notes,
        })
    }

    fn write(&self, former: &office::Settings, settings: &office::Settings) -> Result<(), NetworkError> {
        let path = &self.files.path;
        match networks_file::replace(path, former.0.as_deref(), settings.0.as_deref()) {
            Ok(true) => Ok(()),
            Ok(false) => Err(NetworkError::Overtaken),
            Err(error) => Err(NetworkError::Unwritten(format!("{}: {error}", path.display()))),
        }
    }

    fn apply(&self) {
        self.asked.notify_one();
    }

    fn run(&self) -> i64 {
        self.run.load(Ordering::Relaxed)
    }

    fn failure(&self) -> Option<String> {
        self.failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

fn check_confirmations(network: &Network, text: &str) -> Result<(), NetworkError> {
    let refuse = |reason: String| Err(NetworkError::Confirmations(reason));
    let tiers = match text.parse::<u32>() {
        _ if text.is_empty() => return Ok(()),
        Ok(number) => Tiers::flat(number),
        Err(_) => match text.parse::<Tiers>() {
            Ok(tiers) => tiers,
            Err(error) => return refuse(error.to_string()),
        },
    };
    let least = tiers
        .iter()
        .map(|tier| tier.confirmations)
        .min()
        .unwrap_or_default();
    if least == 0 || tiers.highest() >= network.final_depth {
        let most = network.final_depth.saturating_sub(1);
        return refuse(format!("{} takes 1 to {most} blocks", network.name));
    }
    Ok(())
}

/// The network of one provider.
fn alone(live: &LiveNetwork, provider: &Provider) -> LiveNetwork {
    LiveNetwork {
        providers: vec![provider.clone()],
        quorum: 1,
        ..live.clone()
    }
}

fn chosen(choice: &ProviderChoice) -> Chosen {
    match choice {
        ProviderChoice::Kept(host) => Chosen::Kept(host.clone()),
        ProviderChoice::New(entry) => chosen_entry(entry),
    }
}

fn chosen_entry(entry: &ProviderEntry) -> Chosen {
    Chosen::New {
        url: entry.url.clone(),
        kind: entry.kind.clone(),
        headers: entry.headers.clone(),
    }
}

fn name(provider: &Provider) -> ProviderName {
    ProviderName {
        host: provider.host(),
        kind: provider.kind().word(),
        requests_per_second: provider.requests_per_second(),
    }
}

fn kinds(network: &Network) -> Vec<&'static str> {
    match network.family {
        Family::Bitcoin(_) | Family::Litecoin(_) => {
            ProviderKind::ALL.iter().map(|kind| kind.word()).collect()
        }
        Family::Evm { .. } | Family::Tron => vec![ProviderKind::Node.word()],
    }
}

fn proposal(network: &Network) -> Vec<Proposal> {
    let all = proposals::PROPOSALS
        .iter()
        .filter(|known| known.network == &*network.slug);
    let each = all.enumerate().map(|(place, known)| Proposal {
        operator: known.operator,
        host: known.host(),
        url: known.url,
        kind: known.kind.word(),
        is_recommended: place < 2,
    });
    each.collect()
}

/// What is wrong, for somebody who sees no file: without places and names of settings.
fn plain(error: &ConfigError) -> String {
    let ConfigError::Invalid(problems) = error else {
        return error.to_string();
    };
    let told = problems.first().map_or("", |Problem { message, .. }| message);
    // "`networks.bsc.providers.url` is not a URL"
    let told = told
        .strip_prefix('`')
        .and_then(|told| told.split_once("` "))
        .map_or(told, |(_, told)| told);
    told.to_owned()
}

fn refused(error: &ConfigError) -> NetworkError {
    NetworkError::Refused(error.to_string())
}
