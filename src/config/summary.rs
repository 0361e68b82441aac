//! What is in force, and what of it a person should think about, for `payd check`. Shows no secret.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use ipnet::IpNet;

use super::networks::BUILT_IN;
use super::settings::{LiveNetwork, MarketRates, Provider, Rates, Reading, Settings, Trust, Verify};
use crate::domain::confirmations::Tiers;
use crate::domain::network::{Bip, Family, Mode};
use crate::domain::pricing;

impl Settings {
    /// What is in force: names and values, in the order of the file.
    #[must_use]
    pub fn summary(&self) -> Vec<(String, String)> {
        let mut rows: Vec<(String, String)> = Vec::new();
        let mut row = |name: &str, value: String| rows.push((name.to_owned(), value));
        row("server.listen", self.server.listen.to_string());
        row("server.public_url", self.server.public_url(self.server.listen));
        row("server.body_max_bytes", self.server.body_bytes_max.to_string());
        row(
            "server.header_timeout_s",
            self.server.header_timeout.as_secs().to_string(),
        );
        row("server.trusted_proxies", proxies(&self.server.trusted_proxies));
        row("limits.enabled", self.limits.enabled.to_string());
        let metrics = self.metrics.listen.as_ref().map(SocketAddr::to_string);
        row("metrics.listen", metrics.unwrap_or_else(|| "off".to_owned()));
        let dashboard = self.dashboard.listen.as_ref().map(SocketAddr::to_string);
        row("dashboard.listen", dashboard.unwrap_or_else(|| "off".to_owned()));
        if let Some(listen) = self.dashboard.listen {
            row("dashboard.public_url", self.dashboard.public_url(listen));
        }
        row(
            "dashboard.session_idle_s",
            self.dashboard.session_idle.as_secs().to_string(),
        );
        row(
            "dashboard.session_max_s",
            self.dashboard.session_max.as_secs().to_string(),
        );
        row("log.format", self.log.format.to_string());
        row("log.level", self.log.level.to_string());
        row("store.durability", self.store.durability.to_string());
        row("store.readers", self.store.readers.to_string());
        row("store.queue", self.store.queue.to_string());
        if let Some(key_file) = &self.store.key_file {
            row("store.key_file", key_file.display().to_string());
        }
        row("defaults.window_s", self.defaults.window.as_secs().to_string());
        row(
            "defaults.cool_down_s",
            self.defaults.cool_down.as_secs().to_string(),
        );
        row("defaults.tolerance_bps", self.defaults.tolerance_bps.to_string());
        row("defaults.late_policy", self.defaults.late.to_string());
        row("webhooks.concurrency", self.webhooks.concurrency.to_string());
        row(
            "webhooks.per_endpoint_concurrency",
            self.webhooks.per_endpoint_concurrency.to_string(),
        );
        row("webhooks.allow_private", self.webhooks.allow_private.to_string());
        for (name, kept) in [
            ("attempts", self.retention.attempts),
            ("deliveries", self.retention.deliveries),
            ("events", self.retention.events),
        ] {
            let days = kept.map_or(0, |kept| kept.as_secs() / (24 * 60 * 60));
            row(&format!("retention.{name}_days"), days.to_string());
        }
        row(
            "trust.one_provider_max_usd",
            self.trust.one_provider_max_usd.to_string(),
        );
        row("simulated.enabled", self.simulated.enabled.to_string());
        row("rates.sources", market(&self.rates.market));
        for ((symbol, fiat), rate) in &self.rates.live {
            row(
                &format!("rates.fixed.{}.{symbol}", fiat.to_lowercase()),
                rate.to_string(),
            );
        }
        for network in self
            .registry
            .networks()
            .filter(|network| network.mode == Mode::Live)
        {
            let live = self.networks.iter().find(|live| live.network.id == network.id);
            let value = live.map_or_else(|| "known, not scanned".to_owned(), scanned);
            row(&format!("networks.{}", network.id), value);
            for asset in self.registry.assets_of(&network.id) {
                let off = |live: &LiveNetwork| !asset.currency.is_native() && !live.tokens.contains(asset);
                if live.is_some_and(off) {
                    let name = format!("networks.{}.tokens.{}", network.id, asset.currency);
                    row(&name, "known, not watched".to_owned());
                }
            }
        }
        rows
    }

    /// What is allowed but may not be meant, each with what to do about it.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.server.public_url.is_none() && !self.networks.is_empty() {
            warnings.push(format!(
                "server.public_url is not set: customers would be sent to {}; set the address they reach payd under",
                self.server.public_url(self.server.listen)
            ));
        }
        if self
            .server
            .trusted_proxies
            .iter()
            .any(|network| network.prefix_len() == 0)
        {
            warnings.push(
                "server.trusted_proxies believes everyone: any client can pass for any other; name your proxies only"
                    .to_owned(),
            );
        }
        if !self.limits.enabled {
            warnings.push("limits.enabled is false: nothing slows down who tries keys".to_owned());
        }
        if self
            .metrics
            .listen
            .is_some_and(|listen| !listen.ip().is_loopback())
        {
            warnings.push(
                "metrics.listen is not on this machine only: anyone who reaches it reads the metrics"
                    .to_owned(),
            );
        }
        let is_plain = |url: &Option<String>| url.as_ref().is_none_or(|url| url.starts_with("http://"));
        if is_plain(&self.dashboard.public_url)
            && self
                .dashboard
                .listen
                .is_some_and(|listen| !listen.ip().is_loopback())
        {
            warnings.push(
                "dashboard.listen is not on this machine only, and without TLS passwords can be read on the way: put a web \
                 server with TLS before it, or use an SSH tunnel"
                    .to_owned(),
            );
        }
        if self.defaults.cool_down.is_zero() {
            warnings.push(
                "defaults.cool_down_s is 0: money that comes late can count for the next customer's payment"
                    .to_owned(),
            );
        }
        let market = &self.rates.market;
        if market.enabled && asked(market).len() < 2 {
            warnings.push(
                "rates: fewer than two sources, and two have to agree; add one to rates.sources, or set rates.enabled = \
                 false"
                    .to_owned(),
            );
        }
        for live in &self.networks {
            warnings.extend(of_network(live, self.trust));
            warnings.extend(of_rates(live, &self.rates));
        }
        warnings
    }
}

fn proxies(networks: &[IpNet]) -> String {
    if networks.is_empty() {
        return "none".to_owned();
    }
    let networks: Vec<String> = networks.iter().map(ToString::to_string).collect();
    networks.join(", ")
}

fn scanned(live: &LiveNetwork) -> String {
    let hosts: Vec<String> = live.providers.iter().map(Provider::host).collect();
    let reading = match live.reading {
        Reading::Evm {
            chain_id,
            mode,
            verify,
            finality,
        } => format!("chain {chain_id}, mode {mode}, verify {verify}, counts by {finality}"),
        Reading::BitcoinLike => {
            let chain = match live.network.family {
                Family::Bitcoin(Bip::Testnet) | Family::Litecoin(Bip::Testnet) => "testnet",
                Family::Bitcoin(Bip::Regtest) | Family::Litecoin(Bip::Regtest) => "regtest",
                _ => "mainnet",
            };
            format!("chain {chain}")
        }
        Reading::Tron { chain } => format!("chain {chain}"),
    };
    format!(
        "{reading}, {} confirmations, final at {}, quorum {} of {}",
        confirmations(&live.network.confirmations),
        live.network.final_depth,
        live.quorum,
        hosts.join(", ")
    )
}

/// `15`, or `1 to 6` where it goes by what a payment is worth.
fn confirmations(tiers: &Tiers) -> String {
    match (tiers.lowest(), tiers.highest()) {
        (lowest, highest) if lowest == highest => highest.to_string(),
        (lowest, highest) => format!("{lowest} to {highest}"),
    }
}

/// Who is asked for the market's rates.
fn asked(market: &MarketRates) -> Vec<String> {
    let built_in = market.sources.iter().map(ToString::to_string);
    let own = market
        .own
        .iter()
        .map(|own| format!("{} ({})", own.name, own.host()));
    built_in.chain(own).collect()
}

fn market(market: &MarketRates) -> String {
    if !market.enabled {
        return "off: fixed rates only".to_owned();
    }
    format!(
        "{}; {} s old at most, between currencies {} h; asked every {} s until {} s after the last payment; left out \
         beyond {} basis points",
        asked(market).join(", "),
        market.crypto_age_max.as_secs(),
        market.fiat_age_max.as_secs().div_euclid(3600),
        market.refresh.as_secs(),
        market.idle_after.as_secs(),
        market.outlier_bps
    )
}

fn of_rates(live: &LiveNetwork, rates: &Rates) -> Vec<String> {
    let fixed = |symbol: &Arc<str>| rates.live.keys().any(|(rated, _)| rated == symbol);
    let market = &rates.market;
    let by_market = |symbol: &str| {
        let own = market
            .own
            .iter()
            .any(|own| own.symbols.iter().any(|known| known == symbol));
        market.enabled && (own || pricing::MARKET_SYMBOLS.contains(&symbol))
    };
    let priced = |symbol: &Arc<str>| fixed(symbol) || by_market(symbol);
    let id = &live.network.id;
    let mut warnings = Vec::new();
    let unpriced: Vec<&str> = std::iter::once(&live.native)
        .chain(&live.tokens)
        .filter(|asset| !priced(&asset.symbol))
        .map(|asset| &*asset.symbol)
        .collect();
    if !unpriced.is_empty() {
        warnings.push(format!(
            "networks.{id}: no rate for {}; live payments in it are refused until one is set under [rates.fixed.usd] or by the store",
            unpriced.join(", ")
        ));
    }
    if fixed(&live.native.symbol) {
        warnings.push(format!(
            "rates.fixed: the rate of {} does not follow the market; customers will pay too much or too little",
            live.native.symbol
        ));
    }
    warnings
}

fn of_network(live: &LiveNetwork, trust: Trust) -> Vec<String> {
    let id = &live.network.id;
    let mut warnings = Vec::new();
    if live.quorum < 2 {
        // What blocks of these hold is proven by the work that went into them.
        let limit = match live.reading {
            Reading::BitcoinLike => String::new(),
            Reading::Evm { .. } | Reading::Tron { .. } => format!(
                ", and those worth more than {} US dollars do not become paid (trust.one_provider_max_usd)",
                trust.one_provider_max_usd
            ),
        };
        warnings.push(format!(
            "networks.{id}: payments count on one provider's word alone{limit}; add a second provider and leave quorum at 2"
        ));
    }
    let recomputes_nothing =
        |reading| matches!(reading, Reading::Evm { verify, .. } if verify == Verify::None);
    if recomputes_nothing(live.reading) {
        warnings.push(format!(
            "networks.{id}: nothing of what providers say is recomputed (verify = \"none\")"
        ));
    }
    for provider in &live.providers {
        if matches!(provider.url().scheme(), "http" | "tcp") && !is_near(provider.url()) {
            warnings.push(format!(
                "networks.{id}: {} is asked without encryption, so its answers can be altered on the way; use https, or ssl",
                provider.host()
            ));
        }
    }
    for token in &live.tokens {
        let built_in = BUILT_IN
            .iter()
            .filter(|built_in| built_in.slug == id.as_str())
            .flat_map(|built_in| built_in.tokens)
            .find(|built_in| built_in.currency == token.currency.as_str());
        let contract = token.contract.as_ref().map(|contract| &**contract.text());
        if built_in.is_some_and(|built_in| contract != Some(built_in.contract)) {
            warnings.push(format!(
                "networks.{id}.tokens.{}: not the contract that payd knows; make sure that it is the one you mean",
                token.currency
            ));
        }
    }
    warnings
}

/// Whether a node is on this machine or a private network.
fn is_near(url: &url::Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    // Of a scheme that is none of the web's, an address stands there as a name.
    match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_private(),
        Ok(IpAddr::V6(ip)) => ip.is_loopback() || ip.is_unique_local(),
        Err(_) => !host.contains('.'),
    }
}
