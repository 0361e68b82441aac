//! One run of the daemon after the other, in one process: when the networks change, payd starts anew over the same
//! listeners and the same database. What is in the database is all that a run leaves to the next.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::sync::Notify;

use super::network_control::{FileControl, NetworkFiles};
use super::{Daemon, Listeners, MetricsText, Surroundings};
use crate::config::{Settings, networks_file};
use crate::engine::office::networks::NetworkControl as _;
use crate::store::{Database, audit_log};

/// How often it is looked whether a command has changed the file of networks.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// The run that is on, and all that it takes to start another.
pub struct Runs {
    /// What the first run was started with; only the networks change.
    settings: Settings,
    base: Base,
    now: Run,
}

/// What all runs stand on.
struct Base {
    files: NetworkFiles,
    database: Database,
    surroundings: Surroundings,
    metrics: Option<MetricsText>,
    listeners: Listeners,
    asked: Arc<Notify>,
}

/// A run that is on.
struct Run {
    daemon: Daemon,
    control: Arc<FileControl>,
    settings: Settings,
    /// What the file of networks says, as far as it is in force.
    text: Option<String>,
    /// What it said that could not come into force, and is not tried again.
    refused: Option<Option<String>>,
}

impl Runs {
    /// Starts the first run; `settings` are in force, made with `text` of the file of networks.
    ///
    /// # Errors
    /// When it cannot start.
    pub async fn start(
        settings: Settings,
        (files, text): (NetworkFiles, Option<String>),
        database: Database,
        surroundings: Surroundings,
        metrics: Option<MetricsText>,
    ) -> anyhow::Result<Self> {
        let base = Base {
            files,
            database,
            surroundings,
            metrics,
            listeners: Listeners::bind(&settings).await?,
            asked: Arc::new(Notify::new()),
        };
        Ok(Self {
            now: base.run(settings.clone(), text).await?,
            settings,
            base,
        })
    }

    /// The run that is on.
    #[must_use]
    pub const fn daemon(&self) -> &Daemon {
        &self.now.daemon
    }

    /// Stops in order; what was begun is finished and on disk.
    pub async fn stop(self) {
        self.now.daemon.stop().await;
    }

    /// Runs until `shutdown`, anew whenever the networks change. An unexpected end of any part stops the whole.
    ///
    /// # Errors
    /// When a part ended by itself, or neither the new networks nor the former could be started.
    pub async fn run_until(mut self, shutdown: impl Future<Output = ()>) -> anyhow::Result<()> {
        tokio::pin!(shutdown);
        loop {
            let changed = tokio::select! {
                () = &mut shutdown => {
                    self.stop().await;
                    return Ok(());
                }
                error = self.now.daemon.broken() => {
                    self.stop().await;
                    return Err(error);
                }
                () = self.base.asked.notified() => self.look(true),
                () = tokio::time::sleep(LOOK_EVERY) => self.look(false),
            };
            if let Some((text, settings)) = changed {
                self = self.anew(text, settings).await?;
            }
        }
    }

    /// What the file of networks says now and the settings it makes, when that is to come into force: it has changed, or
    /// somebody asks for it.
    fn look(&mut self, is_asked: bool) -> Option<(Option<String>, Settings)> {
        let Run {
            control,
            text: in_force,
            refused,
            ..
        } = &mut self.now;
        let read = match self.base.files.text() {
            Ok(text) if !is_asked && text == *in_force => {
                // Who had made a mistake has put it right.
                if refused.take().is_some() {
                    control.set_failure(None);
                }
                return None;
            }
            Ok(text) if !is_asked && refused.as_ref() == Some(&text) => return None,
            Ok(text) => self
                .base
                .files
                .settings(text.as_deref())
                .map_err(|error| {
                    *refused = Some(text.clone());
                    error
                })
                .map(|networks| (text, networks)),
            Err(error) => Err(error),
        };
        match read {
            Ok((text, networks)) => Some((text, self.settings.clone().with_networks_of(networks))),
            Err(error) => {
                let error = error.to_string();
                if control.failure().as_ref() != Some(&error) {
                    tracing::error!(error, "the changed networks are not in force");
                }
                control.set_failure(Some(error));
                None
            }
        }
    }

    /// Stops the run and starts another with these networks, or with the former ones when that fails.
    async fn anew(self, text: Option<String>, settings: Settings) -> anyhow::Result<Self> {
        let Self {
            settings: first,
            base,
            now: former,
        } = self;
        tracing::info!("the networks have changed: starting anew");
        former.daemon.halt().await;
        let now = match base.run(settings, text).await {
            Ok(now) => now,
            Err(error) => {
                let failure = format!("{error:#}");
                tracing::error!(error = failure, "payd goes on with the networks it had");
                let path = &base.files.path;
                networks_file::write(path, former.text.as_deref())
                    .with_context(|| format!("cannot put {} back", path.display()))?;
                let now = base.run(former.settings, former.text).await;
                let now = now.context("cannot start with the former networks")?;
                write_down(&base, failure.clone()).await;
                now.control.set_failure(Some(failure));
                now
            }
        };
        Ok(Self {
            settings: first,
            base,
            now,
        })
    }
}

impl Base {
    async fn run(&self, settings: Settings, text: Option<String>) -> anyhow::Result<Run> {
        let control = Arc::new(FileControl::new(
            self.files.clone(),
            settings.clone(),
            self.surroundings.clone(),
            Arc::clone(&self.asked),
        ));
        let daemon = Daemon::start_on(
            &self.listeners,
            &settings,
            self.database.clone(),
            self.surroundings.clone(),
            self.metrics.clone(),
            Some(Arc::clone(&control)),
        );
        Ok(Run {
            daemon: daemon.await?,
            control,
            settings,
            text,
            refused: None,
        })
    }
}

/// Writes down that a change was taken back.
async fn write_down(base: &Base, detail: String) {
    let now = base.surroundings.clock.now();
    let written = base.database.write(move |txn| {
        audit_log::record(txn, "payd", "network.rolled-back", "networks.toml", &detail, now)
    });
    if let Err(error) = written.await {
        tracing::warn!(%error, "the audit log does not say that the networks were put back");
    }
}
