//! What the daemon says of itself: readiness and metrics.

use std::sync::{Arc, OnceLock};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::engine::Engine;
use crate::store::{deliveries, shops};
use crate::web::health::{Readiness, ReadinessCheck};

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

/// Ready means: the database answers, and every network that is read was read at its last try.
pub(super) fn readiness(engine: &Arc<Engine>) -> ReadinessCheck {
    let engine = Arc::clone(engine);
    Arc::new(move || {
        let engine = Arc::clone(&engine);
        Box::pin(async move {
            let mut faults = Vec::new();
            if let Err(error) = engine.database.read(shops::all).await {
                faults.push(("database".to_owned(), error.to_string()));
            }
            for (network, health) in engine.health.snapshot() {
                if let Some(error) = health.error {
                    faults.push((network.to_string(), error));
                }
            }
            Readiness { faults }
        })
    })
}

/// The figures that nothing else updates.
pub(super) async fn measure(engine: &Engine) {
    match engine.database.read(deliveries::count_waiting).await {
        Ok(waiting) => {
            metrics::gauge!("payd_deliveries_waiting").set(u32::try_from(waiting).unwrap_or(u32::MAX))
        }
        Err(error) => tracing::warn!(%error, "waiting deliveries could not be counted"),
    }
}
