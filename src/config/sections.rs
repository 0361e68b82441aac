//! The sections that are not about networks: which keys there are, their bounds and their defaults.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

use super::error::quoted;
use super::read::{Field, Section};
use super::settings::{
    Durability, Limits, Log, LogFormat, LogLevel, Metrics, Retention, Server, Simulated, Store, Trust,
    Webhooks,
};
use crate::domain::shop::Rules;

const DAY_S: u64 = 24 * 60 * 60;
/// How long attempts are kept unless it is set.
const ATTEMPTS_DAYS: u64 = 90;
/// Whoever looks into why something did not arrive does so in the first days.
const KEPT_DAYS_MIN: u64 = 7;
pub(super) const SOCKET_FORM: &str = "an IP address and a port like \"127.0.0.1:8420\"";

pub(super) fn server(mut section: Section<'_>) -> Server {
    let listen = section.parsed("listen", Some("PAYD_LISTEN"), SOCKET_FORM);
    let public_url = section.text_or_variable("public_url", "PAYD_PUBLIC_URL");
    let public_url = public_url.and_then(|field| match base_url(&field.value) {
        Ok(url) => Some(url),
        Err(fault) => {
            let message = format!(
                "`{}` {fault}; write it like \"https://pay.example.com\"",
                field.name
            );
            section.document.refuse(field.place, message);
            None
        }
    });
    let body_bytes_max = section.number("body_max_bytes", 1024..=16 << 20, "bytes");
    let header_timeout = section.seconds("header_timeout_s", 1..=300, Duration::from_secs(10));
    let trusted_proxies = trusted_proxies(&mut section);
    section.close();
    Server {
        listen: listen.unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, 8420))),
        public_url,
        body_bytes_max: body_bytes_max.map_or(64 << 10, |field| field.value),
        header_timeout,
        trusted_proxies,
    }
}

/// Addresses and networks; without any, this machine.
fn trusted_proxies(section: &mut Section<'_>) -> Vec<IpNet> {
    let is_set = section.has("trusted_proxies");
    let fields = section.texts("trusted_proxies");
    if !is_set {
        return loopback();
    }
    let mut networks = Vec::new();
    for field in fields {
        let address = || field.value.parse::<IpAddr>().map(|ip| ip.to_canonical().into());
        match field.value.parse::<IpNet>().or_else(|_| address()) {
            Ok(network) => networks.push(network.trunc()),
            Err(_) => {
                let message = format!(
                    "`{}` has {}; write an IP address, or a network like \"10.0.0.0/8\"",
                    field.name,
                    quoted(field.value)
                );
                section.document.refuse(field.place, message);
            }
        }
    }
    networks
}

fn loopback() -> Vec<IpNet> {
    let v4 = IpNet::new(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), 8);
    let v6 = IpNet::from(IpAddr::V6(Ipv6Addr::LOCALHOST));
    v4.into_iter().chain([v6]).collect()
}

pub(super) fn limits(mut section: Section<'_>) -> Limits {
    let limits = Limits {
        enabled: section.flag("enabled", true),
    };
    section.close();
    limits
}

/// Reads what checkout URLs begin with; no trailing slash.
pub(super) fn base_url(text: &str) -> Result<String, &'static str> {
    let url = Url::parse(text).map_err(|_| "is not a URL")?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err("must begin with http:// or https://");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must not have a query or fragment");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not have a user name or password");
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

pub(super) fn metrics(mut section: Section<'_>) -> Metrics {
    let default = SocketAddr::from((Ipv4Addr::LOCALHOST, 8421));
    let field = section.text_or_variable("listen", "PAYD_METRICS_LISTEN");
    let listen = match field {
        None => Some(default),
        Some(field) if matches!(&*field.value, "" | "off") => None,
        Some(field) => match field.value.parse() {
            Ok(listen) => Some(listen),
            Err(_) => {
                let message = format!(
                    "`{}` is {}; write {SOCKET_FORM}, or \"off\"",
                    field.name,
                    quoted(&field.value)
                );
                section.document.refuse(field.place, message);
                None
            }
        },
    };
    section.close();
    Metrics { listen }
}

pub(super) fn log(mut section: Section<'_>) -> Log {
    let log = Log {
        format: section.word("format", Some("PAYD_LOG_FORMAT"), LogFormat::Text),
        level: section.word("level", Some("PAYD_LOG_LEVEL"), LogLevel::Info),
    };
    section.close();
    log
}

pub(super) fn store(mut section: Section<'_>) -> Store {
    let durability = section.word("durability", None, Durability::Full);
    let readers = section.number("readers", 1..=64, "connections");
    let queue = section.number("queue", 16..=65_536, "writes");
    let key_file = section.text_or_variable("key_file", "PAYD_KEY_FILE");
    let key_file = key_file.and_then(|field| absolute(&section, field));
    section.close();
    Store {
        durability,
        readers: readers.map_or(4, |field| field.value),
        queue: queue.map_or(1024, |field| field.value),
        key_file,
    }
}

/// A path that means the same from wherever payd is started.
fn absolute(section: &Section<'_>, field: Field<Cow<'_, str>>) -> Option<PathBuf> {
    let path = PathBuf::from(field.value.as_ref());
    if path.is_absolute() {
        return Some(path);
    }
    let message = format!("`{}` must be a whole path that begins with /", field.name);
    section.document.refuse(field.place, message);
    None
}

pub(super) fn defaults(mut section: Section<'_>) -> Rules {
    let built_in = Rules::default();
    let tolerance = section.number("tolerance_bps", 0..=1000, "basis points");
    let rules = Rules {
        window: section.seconds("window_s", 60..=7 * DAY_S, built_in.window),
        cool_down: section.seconds("cool_down_s", 0..=365 * DAY_S, built_in.cool_down),
        tolerance_bps: tolerance.map_or(built_in.tolerance_bps, |field| field.value),
        late: section.word("late_policy", None, built_in.late),
        ..built_in
    };
    section.close();
    rules
}

pub(super) fn webhooks(mut section: Section<'_>) -> Webhooks {
    let concurrency = section.number("concurrency", 1..=1024, "deliveries");
    let per_endpoint = section.number("per_endpoint_concurrency", 1..=64, "deliveries");
    let allow_private = section.flag("allow_private", true);
    section.close();
    Webhooks {
        concurrency: concurrency.map_or(64, |field| field.value),
        per_endpoint_concurrency: per_endpoint.map_or(16, |field| field.value),
        allow_private,
    }
}

pub(super) fn retention(mut section: Section<'_>) -> Retention {
    let retention = Retention {
        attempts: kept(&mut section, "attempts_days", ATTEMPTS_DAYS),
        deliveries: kept(&mut section, "deliveries_days", 0),
        events: kept(&mut section, "events_days", 0),
    };
    section.close();
    retention
}

/// The days for which something is kept; for ever where they are none.
fn kept(section: &mut Section<'_>, key: &'static str, default: u64) -> Option<Duration> {
    let field = section.number(key, 0..=36_500_u64, "days");
    if let Some(field) = &field
        && (1..KEPT_DAYS_MIN).contains(&field.value)
    {
        let message = format!(
            "`{}` is {}; keep it {KEPT_DAYS_MIN} days or longer, or 0 for ever",
            field.name, field.value
        );
        section.document.refuse(field.place.clone(), message);
    }
    let days = field.map_or(default, |field| field.value);
    (days > 0).then(|| Duration::from_secs(days.saturating_mul(DAY_S)))
}

pub(super) fn trust(mut section: Section<'_>) -> Trust {
    // Up to the largest whole number of dollars whose cents fit.
    let one_provider_max_usd = section.number("one_provider_max_usd", 0..=1_000_000_000_u64, "US dollars");
    section.close();
    Trust {
        one_provider_max_usd: one_provider_max_usd.map_or(1000, |field| field.value),
    }
}

pub(super) fn simulated(mut section: Section<'_>) -> Simulated {
    let simulated = Simulated {
        enabled: section.flag("enabled", true),
    };
    section.close();
    simulated
}
