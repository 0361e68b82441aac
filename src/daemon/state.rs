//! What the daemon says of itself: readiness and metrics.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use futures_util::future::BoxFuture;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::engine::Engine;
use crate::store::{deliveries, shops};
use crate::web::health::{NotReady, Readiness};

/// Gives the metrics as Prometheus reads them.
pub type MetricsText = Arc<dyn Fn() -> String + Send + Sync>;

/// Starts collecting metrics; once per process, later calls share them.
#[must_use]
pub fn install_metrics() -> Option<MetricsText> {
    static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let handle = HANDLE.get_or_init(|| {
        let buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
        let builder =
            PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &buckets);
        builder
            .and_then(PrometheusBuilder::install_recorder)
            .inspect_err(|error| {
                tracing::error!(%error, "no metrics are collected");
            })
            .ok()
    });
    let handle = handle.clone()?;
    Some(Arc::new(move || handle.render()))
}

/// Ready means: the database answers and can be written, and every network that is read was read at its last try.
pub(super) struct EngineReadiness(pub(super) Arc<Engine>);

impl Readiness for EngineReadiness {
    fn not_ready(&self) -> BoxFuture<'_, Vec<NotReady>> {
        Box::pin(async {
            let mut not_ready = Vec::new();
            let read = self
                .0
                .database
                .read(shops::all)
                .await
                .err()
                .map(|error| error.to_string());
            let written = self.0.database.hindrance().map(|hindrance| hindrance.to_string());
            not_ready.extend(read.or(written).map(|reason| NotReady {
                part: "store".to_owned(),
                reason,
            }));
            let health = self.0.health.snapshot();
            let networks: BTreeSet<_> = self.0.watched.iter().map(|(network, _)| network).collect();
            for network in networks {
                let reason = match health.get(network) {
                    Some(health) => health.error.clone(),
                    None => Some("was not read yet".to_owned()),
                };
                not_ready.extend(reason.map(|reason| NotReady {
                    part: network.to_string(),
                    reason,
                }));
            }
            not_ready
        })
    }
}

/// The figures that nothing else updates.
pub(super) async fn measure(engine: &Engine) {
    if let Err(error) = engine.measure_pools().await {
        tracing::warn!(%error, "the free addresses could not be counted");
    }
    match engine.database.read(deliveries::count_waiting).await {
        Ok(waiting) => {
            metrics::gauge!("payd_deliveries_waiting").set(u32::try_from(waiting).unwrap_or(u32::MAX))
        }
        Err(error) => tracing::warn!(%error, "waiting deliveries could not be counted"),
    }
    if let Some(market) = &engine.rates.market {
        market.measure();
    }
}
