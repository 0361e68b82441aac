//! Puts everything together, runs it, and owns the order in which it stops: HTTP, scanners, outbox, store.

mod dashboard;
mod descriptors;
mod keeper;
mod listeners;
mod lock;
mod network_control;
mod network_probe;
mod networks;
mod notices;
mod pins;
mod posts;
mod rates;
mod retention;
mod runs;
mod state;
mod surroundings;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use url::Url;

use keeper::Keeper;
pub use listeners::Listeners;
pub use lock::Lock;
pub use network_control::{FileControl, NetworkFiles};
pub use networks::{Source, live_sources};
pub use rates::rates;
pub use runs::Runs;
pub use state::{MetricsText, install_metrics};
pub use surroundings::Surroundings;

use crate::ambient::random_bytes;
use crate::config::Settings;
use crate::domain::network::Mode;
use crate::engine::Engine;
use crate::engine::gateway::Gateway;
use crate::engine::office::Office;
use crate::engine::office::sessions::SessionLimits;
use crate::engine::scan::Scanner;
use crate::outbox::attempt::Sender;
use crate::outbox::guard::Guard;
use crate::outbox::ledger::StoredDeliveries;
use crate::outbox::notices::Notifier;
use crate::outbox::run::{Limits, Outbox};
use crate::store::{Database, StoreError, Txn, idempotency, shops, used_signatures};
use crate::web;
use crate::web::checkout::{self, CheckoutState};
use crate::web::server::{self, ServerLimits};

/// How long open requests may take to end after the stop.
const HTTP_STOP_WAIT: Duration = Duration::from_secs(5);
/// How long a round of reading may take to end after the stop.
const SCAN_STOP_WAIT: Duration = Duration::from_secs(30);
/// How often what is no longer needed is cleared away.
const TIDY_EVERY: Duration = Duration::from_secs(60);
/// How long an idempotency key is kept.
const IDEMPOTENCY_KEPT: Duration = Duration::from_secs(48 * 60 * 60);

/// Old sessions that are cleared away in one go.
const SESSIONS_AT_ONCE: u32 = 1000;

/// How long it is remembered that a signature was used: twice as long as its timestamp is good, either way.
const SIGNATURES_KEPT: Duration = Duration::from_secs(20 * 60);

/// A running payd.
pub struct Daemon {
    address: SocketAddr,
    public_url: String,
    dashboard_url: Option<String>,
    router: web::Router,
    engine: Arc<Engine>,
    database: Database,
    http: Stage,
    scanners: Stage,
    outbox: Stage,
}

/// Tasks that are stopped together.
struct Stage {
    name: &'static str,
    stop: CancellationToken,
    tasks: JoinSet<&'static str>,
}

impl Stage {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            stop: CancellationToken::new(),
            tasks: JoinSet::new(),
        }
    }

    async fn end(mut self, wait: Duration) {
        self.stop.cancel();
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(wait, ended).await.is_err() {
            tracing::warn!(stage = self.name, "did not end in time and is cut off");
            self.tasks.shutdown().await;
        }
    }
}

impl Daemon {
    /// Starts everything over an open database, on listeners that may have served a run before. Returns once requests
    /// are taken.
    ///
    /// # Errors
    /// When a network's settings make no source.
    pub async fn start_on(
        listeners: &Listeners,
        settings: &Settings,
        database: Database,
        surroundings: Surroundings,
        metrics: Option<MetricsText>,
        control: Option<Arc<FileControl>>,
    ) -> anyhow::Result<Self> {
        let (listener, address) = listeners.server()?;
        let public_url = settings.server.public_url(address);
        let engine = Arc::new(engine(settings, &database, &surroundings)?);

        let first_shop_at = database
            .read(shops::all)
            .await?
            .first()
            .map(|shop| shop.created_at);
        let mut scanners = Stage::new("scanners");
        for Source {
            network,
            source,
            pace,
            start_height,
        } in networks::sources(settings, &engine, &surroundings, first_shop_at)?
        {
            if network.mode == Mode::Live {
                networks::spawn_probe(&mut scanners.tasks, &network, &source, &scanners.stop);
            }
            let scanner = Scanner::new(Arc::clone(&engine), network, source, pace, start_height);
            let stop = scanners.stop.clone();
            scanners.tasks.spawn(async move {
                scanner.run(stop).await;
                "a scanner"
            });
        }
        let keeper = Keeper::new(Arc::clone(&engine), notifier(settings, &engine, &surroundings));
        let watching = keeper.run(scanners.stop.clone());
        scanners.tasks.spawn(async move {
            watching.await;
            "the keeper of the database"
        });
        spawn_tidying(&mut scanners, &engine, session_limits(settings));
        let forgetting = retention::run(Arc::clone(&engine), settings.retention, scanners.stop.clone());
        scanners.tasks.spawn(async move {
            forgetting.await;
            "what removes what is old"
        });
        if let Some(market) = engine.rates.market.clone() {
            let stop = scanners.stop.clone();
            scanners.tasks.spawn(async move {
                market.run(stop).await;
                "the exchange rates"
            });
        }

        let mut outbox = Stage::new("outbox");
        let sending = self::outbox(settings, &engine, &surroundings, &public_url).run(outbox.stop.clone());
        outbox.tasks.spawn(async move {
            sending.await;
            "the outbox"
        });

        let telling = notices::run(
            Arc::clone(&engine),
            notifier(settings, &engine, &surroundings),
            outbox.stop.clone(),
        );
        outbox.tasks.spawn(async move {
            telling.await;
            "the notices"
        });

        let mut http = Stage::new("http");
        let connections = descriptors::share(descriptors::raise());
        let limits = |connections_max: usize| ServerLimits {
            connections_max,
            // The part of a client that is not near.
            connections_per_client_max: connections_max.div_ceil(4),
            header_read_timeout: settings.server.header_timeout,
            drain_timeout: HTTP_STOP_WAIT,
            ..ServerLimits::default()
        };
        let calls = Arc::new(call_limits(settings, &surroundings));
        let site = Site {
            settings,
            engine: &engine,
            surroundings: &surroundings,
            calls,
            public_url: &public_url,
            stop: &http.stop,
        };
        let router = site.router()?;
        let served = router.clone();
        let dashboard_url = match listeners.dashboard()? {
            Some((listener, address)) => {
                let own_url = settings.dashboard.public_url(address);
                let router = dashboard::router(&site, &own_url, control)?;
                spawn_server(&mut http, listener, router, limits(connections.others));
                Some(own_url)
            }
            None => None,
        };
        spawn_server(&mut http, listener, served, limits(connections.server));
        if let (Some((listener, _)), Some(metrics)) = (listeners.metrics()?, metrics) {
            let router = web::metrics::router(move || metrics());
            spawn_server(&mut http, listener, router, limits(connections.others));
        }
        Ok(Self {
            address,
            public_url,
            dashboard_url,
            router,
            engine,
            database,
            http,
            scanners,
            outbox,
        })
    }

    /// Where requests are taken.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What checkout URLs begin with.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// What links to the dashboard begin with; `None` when it is switched off.
    #[must_use]
    pub fn dashboard_url(&self) -> Option<&str> {
        self.dashboard_url.as_deref()
    }

    /// What requests of customers and shops are answered by, for tests that call without a socket.
    pub const fn router(&self) -> &web::Router {
        &self.router
    }

    /// The engine, for tests that look inside.
    #[must_use]
    pub const fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// Waits until a part ends by itself, which none may do, and says which.
    pub async fn broken(&mut self) -> anyhow::Error {
        let ended = tokio::select! {
            ended = self.http.tasks.join_next() => ended,
            ended = self.scanners.tasks.join_next() => ended,
            ended = self.outbox.tasks.join_next() => ended,
        };
        match ended {
            None => anyhow::anyhow!("a part of the daemon has no tasks"),
            Some(Ok(name)) => anyhow::anyhow!("{name} ended by itself; the log says why"),
            Some(Err(error)) => anyhow::Error::from(error).context("a part of the daemon broke down"),
        }
    }

    /// Stops in order; what was begun is finished and on disk.
    pub async fn stop(self) {
        tracing::info!("stopping");
        self.http.end(HTTP_STOP_WAIT.saturating_mul(2)).await;
        self.scanners.end(SCAN_STOP_WAIT).await;
        // The outbox bounds its own wait.
        self.outbox.end(SCAN_STOP_WAIT).await;
        self.database.close().await;
        tracing::info!("stopped");
    }

    /// Stops for another run to begin over the same database and listeners. Customers are served until the scanners have
    /// ended, which can take half a minute where a node is slow; who comes later waits in the listeners' queues.
    pub async fn halt(self) {
        self.scanners.end(SCAN_STOP_WAIT).await;
        self.http.end(HTTP_STOP_WAIT.saturating_mul(2)).await;
        self.outbox.end(SCAN_STOP_WAIT).await;
    }
}

fn engine(settings: &Settings, database: &Database, surroundings: &Surroundings) -> anyhow::Result<Engine> {
    let mut engine = Engine::new(
        database.clone(),
        Arc::new(settings.registry()),
        settings.watched(),
        rates(settings, surroundings)?,
        Arc::clone(&surroundings.clock),
        Arc::clone(&surroundings.random),
    );
    engine.one_provider_max_cents = settings.trust.one_provider_max_usd.saturating_mul(100);
    Ok(engine)
}

fn outbox(settings: &Settings, engine: &Engine, surroundings: &Surroundings, public_url: &str) -> Outbox {
    let rows = StoredDeliveries::new(engine.database.clone(), Arc::clone(&engine.registry));
    let sender = sender(settings, surroundings, public_url);
    let limits = Limits {
        per_endpoint: settings.webhooks.per_endpoint_concurrency,
        shared: settings.webhooks.concurrency,
    };
    Outbox::new(Arc::new(rows), sender, Arc::clone(&engine.deliveries), limits)
}

fn sender(settings: &Settings, surroundings: &Surroundings, public_url: &str) -> Sender {
    Sender {
        clock: Arc::clone(&surroundings.clock),
        random: Arc::clone(&surroundings.random),
        transport: Arc::clone(&surroundings.posts),
        formats: web::api::formats(public_url),
        guard: Guard {
            allow_private: settings.webhooks.allow_private,
        },
    }
}

fn notifier(settings: &Settings, engine: &Engine, surroundings: &Surroundings) -> Notifier {
    let listen = settings.dashboard.listen;
    Notifier {
        database: engine.database.clone(),
        clock: Arc::clone(&surroundings.clock),
        posts: Arc::clone(&surroundings.posts),
        letters: Arc::clone(&surroundings.letters),
        guard: Guard {
            allow_private: settings.webhooks.allow_private,
        },
        words: Arc::new(web::notices::NoticeWords::new(
            listen.map(|listen| settings.dashboard.public_url(listen)),
        )),
    }
}

fn call_limits(settings: &Settings, surroundings: &Surroundings) -> web::limits::Limits {
    if settings.limits.enabled {
        web::limits::Limits::new(Arc::clone(&surroundings.clock))
    } else {
        web::limits::Limits::none()
    }
}

/// What both ports are made of.
struct Site<'a> {
    settings: &'a Settings,
    engine: &'a Arc<Engine>,
    surroundings: &'a Surroundings,
    calls: Arc<web::limits::Limits>,
    public_url: &'a str,
    stop: &'a CancellationToken,
}

impl Site<'_> {
    /// What customers and shops reach.
    fn router(&self) -> anyhow::Result<web::Router> {
        let gateway = Gateway::new(Arc::clone(self.engine));
        let checkout = CheckoutState::new(
            gateway.clone(),
            Arc::clone(&self.surroundings.clock),
            Url::parse(self.public_url).context("the public URL is none")?,
            self.stop.clone(),
        )
        .limited_by(Arc::clone(&self.calls));
        let state = web::WebState {
            payments: Arc::new(gateway.clone()),
            gateway,
            clock: Arc::clone(&self.surroundings.clock),
            readiness: Arc::new(state::EngineReadiness(Arc::clone(self.engine))),
            limits: Arc::clone(&self.calls),
        };
        let web_settings = self.web_settings()?;
        Ok(web::router(state, &web_settings, checkout::router(checkout)))
    }

    fn web_settings(&self) -> anyhow::Result<web::WebSettings> {
        let run = u32::from_be_bytes(random_bytes(&*self.surroundings.random)?);
        Ok(web::WebSettings {
            body_bytes_max: self.settings.server.body_bytes_max,
            trusted_proxies: self.settings.server.trusted_proxies.clone(),
            ..web::WebSettings::new(self.public_url, run)
        })
    }
}

fn spawn_server(stage: &mut Stage, listener: TcpListener, router: web::Router, limits: ServerLimits) {
    let stop = stage.stop.clone();
    stage.tasks.spawn(async move {
        server::serve(listener, router, limits, stop).await;
        "the HTTP server"
    });
}

fn spawn_tidying(stage: &mut Stage, engine: &Arc<Engine>, sessions: SessionLimits) {
    let (engine, stop) = (Arc::clone(engine), stage.stop.clone());
    let office = Office::new(Arc::clone(&engine));
    stage.tasks.spawn(async move {
        loop {
            state::measure(&engine).await;
            if let Err(error) = forget_old_calls(&engine).await {
                tracing::warn!(%error, "old idempotency keys and signatures were not cleared away; will retry");
            }
            // What is left over goes with the next round.
            if let Err(error) = office.forget_sessions(sessions, SESSIONS_AT_ONCE).await {
                tracing::warn!(%error, "old sessions were not cleared away; will retry");
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => return "tidying",
                () = engine.clock.sleep(TIDY_EVERY) => {}
            }
        }
    });
}

/// How long somebody stays signed in to the dashboard.
fn session_limits(settings: &Settings) -> SessionLimits {
    SessionLimits {
        idle: settings.dashboard.session_idle,
        absolute: settings.dashboard.session_max,
    }
}

/// Clears away idempotency keys and signatures that nothing asks for any more, a bounded number at a time.
async fn forget_old_calls(engine: &Engine) -> Result<(), StoreError> {
    const BATCH: u32 = 1000;
    let now = engine.clock.now();
    let (kept_from, signed_from) = (now.minus(IDEMPOTENCY_KEPT), now.minus(SIGNATURES_KEPT));
    loop {
        let forget = move |txn: &Txn<'_>| {
            let keys = idempotency::forget_before(txn, kept_from, BATCH)?;
            let signatures = used_signatures::forget_before(txn, signed_from, BATCH)?;
            Ok::<_, StoreError>(keys.max(signatures))
        };
        if engine.database.write(forget).await? < BATCH as usize {
            return Ok(());
        }
    }
}
