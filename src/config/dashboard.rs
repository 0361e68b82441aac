//! The section `[dashboard]`: where the merchant's own pages are served, and how long somebody stays signed in.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::error::quoted;
use super::read::Section;
use super::sections::{SOCKET_FORM, base_url};

const HOUR_S: u64 = 60 * 60;
const DAY_S: u64 = 24 * HOUR_S;

/// The server for the dashboard, apart from the one that customers reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dashboard {
    /// Where to listen; `None` when switched off.
    pub listen: Option<SocketAddr>,
    /// The address under which the merchant reaches it, when one is set; no path, no trailing slash.
    pub public_url: Option<String>,
    /// How long somebody stays signed in without doing anything.
    pub session_idle: Duration,
    /// How long at most.
    pub session_max: Duration,
}

impl Dashboard {
    /// What links to it begin with when it listens on `bound`; no trailing slash.
    #[must_use]
    pub fn public_url(&self, bound: SocketAddr) -> String {
        match (&self.public_url, bound) {
            (Some(url), _) => url.clone(),
            (None, bound) if bound.ip().is_unspecified() => format!("http://127.0.0.1:{}", bound.port()),
            (None, bound) => format!("http://{bound}"),
        }
    }
}

pub(super) fn read(mut section: Section<'_>) -> Dashboard {
    let default = SocketAddr::from((Ipv4Addr::LOCALHOST, 8422));
    let field = section.text_or_variable("listen", "PAYD_DASHBOARD_LISTEN");
    let listen = match field {
        None => Some(default),
        Some(field) if matches!(&*field.value, "" | "off") => None,
        Some(field) => field.value.parse().ok().or_else(|| {
            let message = format!(
                "`{}` is {}; write {SOCKET_FORM}, or \"off\"",
                field.name,
                quoted(&field.value)
            );
            section.document.refuse(field.place, message);
            None
        }),
    };
    let public_url = section.text_or_variable("public_url", "PAYD_DASHBOARD_URL");
    let public_url = public_url.and_then(|field| match base_url(&field.value) {
        Ok(url) if url.matches('/').count() == 2 => Some(url),
        Ok(_) => {
            let message = format!(
                "`{}` must not have a path: the dashboard has a host of its own",
                field.name
            );
            section.document.refuse(field.place, message);
            None
        }
        Err(fault) => {
            let message = format!(
                "`{}` {fault}; write it like \"https://office.example.com\"",
                field.name
            );
            section.document.refuse(field.place, message);
            None
        }
    });
    let session_idle = section.seconds("session_idle_s", 60..=30 * DAY_S, Duration::from_secs(8 * HOUR_S));
    let session_max = section.seconds("session_max_s", 60..=90 * DAY_S, Duration::from_secs(7 * DAY_S));
    section.close();
    Dashboard {
        listen,
        public_url,
        session_idle,
        session_max,
    }
}
