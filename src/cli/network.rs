//! `payd network`: which live networks are read, and through whom; the same functions as the dashboard's.

use std::io::BufRead as _;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::actor::actor;
use super::args::network::{NetworkCommand, NetworkOn, NetworkProviders};
use super::output::{Output, Rows};
use super::session::Session;
use super::wiring;
use crate::config::settings::ProviderKind;
use crate::daemon::{FileControl, Surroundings};
use crate::domain::asset::Currency;
use crate::engine::office::Office;
use crate::engine::office::networks::{
    NetworkChange, NetworkSource, NetworkState, ProviderChoice, ProviderEntry, ProviderProbe,
};

/// More lines than a network has providers.
const LINES_MAX: usize = 64;

/// Runs the command.
///
/// # Errors
/// A text for the person who called it.
pub async fn run(session: &Session, command: NetworkCommand) -> anyhow::Result<Output> {
    let office = office(session)?;
    match command {
        NetworkCommand::List => Ok(list(&office.networks())),
        NetworkCommand::On(options) => on(session, &office, options).await,
        NetworkCommand::Off { network } => {
            let slug = session.live_network(&network)?.slug.to_string();
            let change = NetworkChange::Off {
                network: slug.clone(),
            };
            office.set_networks(office.by(actor()), vec![change]).await?;
            let text = format!("{slug} is switched off. A running payd takes this over within seconds.");
            Ok(Output::new(text, json!({ "network": slug, "is_on": false })))
        }
        NetworkCommand::Probe { network, providers } => {
            let state = state(session, &office, &network)?;
            let mut chosen = choices(&state, &providers, &mut std::io::stdin().lock())?;
            if chosen.is_empty() {
                chosen = usual(&state)?;
            }
            let slug = state.network.slug.to_string();
            let probes = office.probe_providers(&slug, &chosen).await?;
            Ok(probed(&state, &probes))
        }
    }
}

/// The office, with the files of this data directory.
fn office(session: &Session) -> anyhow::Result<Office> {
    let control = FileControl::new(
        session.networks.clone(),
        session.settings.clone(),
        Surroundings::real(&session.settings, None)?,
        Arc::new(Notify::new()),
    );
    let engine = Arc::new(wiring::engine(session)?);
    Ok(Office::new(engine).with_networks(Arc::new(control)))
}

fn state(session: &Session, office: &Office, word: &str) -> anyhow::Result<NetworkState> {
    let slug = session.live_network(word)?.slug.to_string();
    office
        .network_state(&slug)
        .with_context(|| format!("unknown network `{slug}`"))
}

async fn on(session: &Session, office: &Office, options: NetworkOn) -> anyhow::Result<Output> {
    let state = state(session, office, &options.network)?;
    let mut providers = choices(&state, &options.providers, &mut std::io::stdin().lock())?;
    if options.keep {
        let kept = state
            .providers
            .iter()
            .map(|name| ProviderChoice::Kept(name.host.clone()));
        providers = kept.chain(providers).collect();
    }
    if providers.is_empty() {
        providers = usual(&state)?;
    }
    let tokens_off = options.without.iter().map(|word| {
        let known = Currency::parse(&word.to_ascii_lowercase());
        known.with_context(|| format!("`{word}` cannot be a token"))
    });
    let slug = state.network.slug.to_string();
    let change = NetworkChange::On {
        network: slug.clone(),
        providers,
        confirmations: options.confirmations,
        tokens_off: tokens_off.collect::<anyhow::Result<_>>()?,
    };
    office.set_networks(office.by(actor()), vec![change]).await?;
    let text = format!(
        "{slug} is switched on. A running payd takes this over within seconds; `payd network probe {slug}` asks its providers."
    );
    Ok(Output::new(text, json!({ "network": slug, "is_on": true })))
}

/// Those that the network has, or those that are proposed where it has none.
fn usual(state: &NetworkState) -> anyhow::Result<Vec<ProviderChoice>> {
    if !state.providers.is_empty() {
        let kept = state
            .providers
            .iter()
            .map(|name| ProviderChoice::Kept(name.host.clone()));
        return Ok(kept.collect());
    }
    let proposed = state.proposal.iter().filter(|proposal| proposal.is_recommended);
    let proposed: Vec<_> = proposed
        .map(|proposal| new(proposal.kind, proposal.url))
        .collect();
    if proposed.is_empty() {
        bail!(
            "payd knows no public provider of {}: name one with --provider",
            state.network.slug
        );
    }
    Ok(proposed)
}

fn new(kind: &str, url: &str) -> ProviderChoice {
    ProviderChoice::New(ProviderEntry {
        url: url.to_owned(),
        kind: if kind == ProviderKind::Node.word() {
            String::new()
        } else {
            kind.to_owned()
        },
        headers: Vec::new(),
    })
}

/// The providers that were named.
fn choices(
    state: &NetworkState,
    named: &NetworkProviders,
    input: &mut dyn std::io::BufRead,
) -> anyhow::Result<Vec<ProviderChoice>> {
    let mut urls = Vec::new();
    for url in &named.urls {
        if url == "-" {
            for line in input.lines().take(LINES_MAX) {
                let line = line.context("the standard input cannot be read")?;
                urls.extend(Some(line.trim().to_owned()).filter(|line| !line.is_empty()));
            }
        } else {
            urls.push(url.clone());
        }
    }
    let headers = named.headers.iter().map(|header| {
        let pair = header.split_once(':').context("write --header as NAME:VALUE")?;
        Ok((pair.0.trim().to_owned(), pair.1.trim().to_owned()))
    });
    let headers: Vec<(String, String)> = headers.collect::<anyhow::Result<_>>()?;
    if !headers.is_empty() && urls.len() != 1 {
        bail!("a header goes to one provider: name one with it, and add others with --keep");
    }
    let choice = |url: String| {
        let (kind, url) = match url.split_once(':') {
            Some((kind, rest)) if ProviderKind::ALL.iter().any(|known| known.word() == kind) => (kind, rest),
            _ => (proposed_kind(state, &url), url.as_str()),
        };
        match new(kind, url) {
            ProviderChoice::New(entry) => ProviderChoice::New(ProviderEntry {
                headers: headers.clone(),
                ..entry
            }),
            kept @ ProviderChoice::Kept(_) => kept,
        }
    };
    Ok(urls.into_iter().map(choice).collect())
}

fn proposed_kind(state: &NetworkState, url: &str) -> &'static str {
    let known = state
        .proposal
        .iter()
        .find(|proposal| proposal.url == url.trim_end_matches('/'));
    known.map_or("", |proposal| proposal.kind)
}

fn list(states: &[NetworkState]) -> Output {
    let mut rows = Rows::new(&["NETWORK", "STATE", "SET IN", "PROVIDERS", "WITHOUT"]);
    for state in states {
        let is_on = if state.is_live { "on" } else { "off" };
        let set_in = match state.source {
            NetworkSource::File => "configuration",
            NetworkSource::Dashboard => "networks.toml",
            NetworkSource::Off => "-",
        };
        let hosts: Vec<&str> = state.providers.iter().map(|name| name.host.as_str()).collect();
        rows.push([
            state.network.slug.to_string(),
            is_on.to_owned(),
            set_in.to_owned(),
            or_dash(hosts.join(", ")),
            or_dash(off(state).join(", ")),
        ]);
    }
    let json: Vec<Value> = states.iter().map(as_json).collect();
    Output::new(rows.or("no networks"), json!({ "networks": json }))
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "-".to_owned() } else { text }
}

fn off(state: &NetworkState) -> Vec<String> {
    let off = state.assets.iter().filter(|asset| !asset.is_watched);
    off.map(|asset| asset.asset.currency.to_string()).collect()
}

fn as_json(state: &NetworkState) -> Value {
    let providers = state.providers.iter().map(|name| {
        json!({ "host": name.host, "kind": name.kind, "requests_per_second": name.requests_per_second })
    });
    let proposal = state
        .proposal
        .iter()
        .map(|proposal| json!({ "operator": proposal.operator, "url": proposal.url, "kind": proposal.kind }));
    json!({
        "network": &*state.network.slug,
        "name": &*state.network.name,
        "is_on": state.is_live,
        "source": state.source.word(),
        "confirmations": state.network.confirmations.to_string(),
        "providers": providers.collect::<Vec<_>>(),
        "tokens_off": off(state),
        "proposal": proposal.collect::<Vec<_>>(),
    })
}

fn probed(state: &NetworkState, probes: &[ProviderProbe]) -> Output {
    let mut rows = Rows::new(&["", "PROVIDER", "HEIGHT", "ANSWER", "FINDING"]);
    for probe in probes {
        let mut findings: Vec<String> = Vec::new();
        if let Some(other) = &probe.other_network {
            findings.push(format!("it serves {other}, not {}", state.network.name));
        } else {
            findings.extend(probe.faults.iter().cloned());
        }
        findings.extend(probe.remarks.iter().cloned());
        let ms = probe.latency.map(|latency| format!("{} ms", latency.as_millis()));
        rows.push([
            if probe.is_usable() { "ok" } else { "FAIL" }.to_owned(),
            or_dash(probe.host.clone()),
            or_dash(probe.height.map(|height| height.to_string()).unwrap_or_default()),
            or_dash(ms.unwrap_or_default()),
            if findings.is_empty() {
                "good".to_owned()
            } else {
                findings.join("; ")
            },
        ]);
    }
    let json = probes.iter().map(|probe| {
        json!({
            "host": probe.host,
            "is_usable": probe.is_usable(),
            "height": probe.height,
            "latency_ms": probe.latency.map(|latency| u64::try_from(latency.as_millis()).unwrap_or(u64::MAX)),
            "other_network": probe.other_network,
            "faults": probe.faults,
            "remarks": probe.remarks,
        })
    });
    let json = json!({ "network": &*state.network.slug, "providers": json.collect::<Vec<_>>() });
    let mut output = Output::new(rows.or("nobody was asked"), json);
    output.is_bad_news = !probes.iter().any(ProviderProbe::is_usable);
    output
}
