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

    /// What the file of networks says now and the settings it makes, when that is to come into force: it has changed. What
    /// was refused is tried again when somebody asks.
    fn look(&mut self, is_asked: bool) -> Option<(Option<String>, Settings)> {
        let Run {
            control,
            text: in_force,
            refused,
            ..
        } = &mut self.now;
        let read = match self.base.files.text() {
            Ok(text) if text == *in_force => {
                // Who had made a mistake has put it right.
                if refused.take().is_some() {
                    control.set_failure(None);
                }
                if is_asked {
                    control.has_nothing_to_do();
                }
                return None;
            }
            Ok(text) if !is_asked && refused.as_ref() == Some(&text) => return None,
            Ok(text) => self
                .base
                .files
                .settings(text.as_deref())
                .inspect_err(|_| *refused = Some(text.clone()))
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
        let now = match base.run(settings, text.clone()).await {
            Ok(now) => now,
            Err(error) => {
                let failure = format!("{error:#}");
                tracing::error!(error = failure, "payd goes on with the networks it had");
                let path = &base.files.path;
                // What somebody wrote meanwhile stays, and is looked at next.
                networks_file::replace(path, text.as_deref(), former.text.as_deref())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient::SystemRandom;
    use crate::config::FileText;
    use crate::domain::ids::AuditId;
    use crate::store::Options;

    const BSC: &str = "[[networks.bsc.providers]]\nurl = \"http://127.0.0.1:9/s3cret\"\n";

    async fn runs(directory: &tempfile::TempDir) -> Runs {
        let files = NetworkFiles {
            operators: FileText {
                name: "payd.toml".to_owned(),
                text: "[server]\nlisten = \"127.0.0.1:0\"\n[metrics]\nlisten = \"off\"\n[dashboard]\nlisten = \"off\"\n\
                       [rates]\nenabled = false\n"
                    .to_owned(),
            },
            path: directory.path().join("networks.toml"),
        };
        let settings = files.settings(None).unwrap();
        let database = Database::open(&Options::in_directory(directory.path()), &SystemRandom).unwrap();
        let surroundings = Surroundings::real(&settings, None).unwrap();
        Runs::start(settings, (files, None), database, surroundings, None)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn what_cannot_start_is_put_back_and_said_and_written_down() {
        let directory = tempfile::tempdir().unwrap();
        let runs = runs(&directory).await;
        let (database, address) = (runs.base.database.clone(), runs.daemon().address());
        let path = runs.base.files.path.clone();
        networks_file::write(&path, Some(BSC)).unwrap();
        let mut settings = runs.base.files.settings(Some(BSC)).unwrap();
        settings.networks[0].providers.clear();
        let runs = runs.anew(Some(BSC.to_owned()), settings).await.unwrap();
        assert!(!path.exists());
        assert!(runs.now.control.failure().is_some());
        assert!(runs.now.settings.networks.is_empty());
        assert_eq!(runs.daemon().address(), address);
        let log = |txn: &crate::store::Txn<'_>| audit_log::page(txn, AuditId::new(i64::MAX), 9);
        let log = database.read(log).await.unwrap();
        assert_eq!(log[0].action, "network.rolled-back");
        runs.stop().await;
    }

    #[tokio::test]
    async fn what_was_written_while_a_change_was_taken_back_stays_and_comes_into_force() {
        let directory = tempfile::tempdir().unwrap();
        let runs = runs(&directory).await;
        let path = runs.base.files.path.clone();
        let mut settings = runs.base.files.settings(Some(BSC)).unwrap();
        settings.networks[0].providers.clear();
        // Between the look and the failure somebody has written another.
        let newer = BSC.replace("bsc", "ethereum");
        networks_file::write(&path, Some(&newer)).unwrap();
        let mut runs = runs.anew(Some(BSC.to_owned()), settings).await.unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), newer);
        let (text, settings) = runs.look(false).unwrap();
        assert_eq!((text.as_deref(), settings.networks.len()), (Some(&*newer), 1));
        runs.stop().await;
    }

    #[tokio::test]
    async fn a_change_comes_into_force_once_and_a_wrong_one_not_at_all() {
        let directory = tempfile::tempdir().unwrap();
        let mut runs = runs(&directory).await;
        let (path, address) = (runs.base.files.path.clone(), runs.daemon().address());
        assert!(runs.look(false).is_none());
        networks_file::write(&path, Some(BSC)).unwrap();
        let (text, settings) = runs.look(false).unwrap();
        let before = runs.now.control.run();
        let mut runs = runs.anew(text, settings).await.unwrap();
        assert_eq!(runs.daemon().address(), address);
        assert_eq!(runs.now.settings.networks.len(), 1);
        assert_ne!(runs.now.control.run(), before);
        assert!(runs.look(false).is_none());
        // Who asks once more for what is in force does not wait in vain.
        let before = runs.now.control.run();
        assert!(runs.look(true).is_none());
        assert_ne!(runs.now.control.run(), before);

        networks_file::write(&path, Some("[networks.bsc]\n")).unwrap();
        assert!(runs.look(false).is_none());
        let failure = runs.now.control.failure().unwrap();
        assert!(
            failure.contains("names no providers") && !failure.contains("s3cret"),
            "{failure}"
        );
        networks_file::write(&path, Some(BSC)).unwrap();
        assert!(runs.look(false).is_none());
        assert_eq!(runs.now.control.failure(), None);
        runs.stop().await;
    }
}
