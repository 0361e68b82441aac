//! The merchant's own pages, made from the settings.

use std::sync::Arc;

use anyhow::Context as _;
use url::Url;

use super::posts::OutboxPosts;
use super::{FileControl, Site, sender, session_limits};
use crate::config::Settings;
use crate::engine::office::Office;
use crate::web;
use crate::web::dashboard::{Dashboard, DashboardSettings, Running};

/// What the merchant reaches.
pub(super) fn router(
    site: &Site<'_>,
    own_url: &str,
    control: Option<Arc<FileControl>>,
) -> anyhow::Result<web::Router> {
    let settings = DashboardSettings {
        own_url: Url::parse(own_url).context("the dashboard's URL is none")?,
        public_url: Url::parse(site.public_url).context("the public URL is none")?,
        sessions: session_limits(site.settings),
        running: Running {
            started_at: site.surroundings.clock.now(),
            listens: listens(site.settings),
        },
        shop_rules: site.settings.defaults.clone(),
    };
    let posts = OutboxPosts {
        sender: sender(site.settings, site.surroundings, site.public_url),
        database: site.engine.database.clone(),
        registry: Arc::clone(&site.engine.registry),
    };
    let mut office = Office::new(Arc::clone(site.engine)).posting_by(Arc::new(posts));
    if let Some(control) = control {
        office = office.with_networks(control);
    }
    let dashboard = Dashboard::new(office, Arc::clone(&site.calls), settings, site.stop.clone());
    let mut web_settings = site.web_settings()?;
    // Forms are bounded by their guard: files of addresses and pictures are longer than orders.
    web_settings.body_bytes_max = web::dashboard::FORM_BYTES_MAX;
    Ok(web::dashboard::router(dashboard, &web_settings))
}

/// Where the daemon listens, as configured: what for, and the address.
fn listens(settings: &Settings) -> Vec<(&'static str, String)> {
    let all = [
        ("about-listens-customers", Some(settings.server.listen)),
        ("about-listens-dashboard", settings.dashboard.listen),
        ("about-listens-metrics", settings.metrics.listen),
    ];
    let used = all.into_iter();
    used.filter_map(|(what, at)| Some((what, at?.to_string())))
        .collect()
}
