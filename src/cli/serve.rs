//! What `payd serve` prepares and says: a demo store on a fresh machine, and what to open and to try.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use crate::ambient::{Random, random_bytes};
use crate::cli::session::Place;
use crate::cli::store::quoted_path;
use crate::domain::network::Mode;
use crate::domain::shop::{Dialect, Rules};
use crate::domain::time::UnixMillis;
use crate::engine::office::keys::texts;
use crate::store::{Database, StoreError, keys, shops};

/// The name of the store that is made on a fresh machine.
pub const DEMO_STORE: &str = "demo";

/// What was made on the first start. The only time that the key is known: the database keeps its hash.
#[derive(Clone)]
pub struct FirstRun {
    /// The store.
    pub store: String,
    /// A test key for it.
    pub api_key: String,
    /// The secret that belongs to it.
    pub api_secret: String,
}

/// Makes a demo store with a test key when there is no store at all; exactly once, in one transaction.
///
/// # Errors
/// [`StoreError`].
pub async fn first_run(
    database: &Database,
    rules: &Rules,
    random: Arc<dyn Random>,
    now: UnixMillis,
) -> Result<Option<FirstRun>, StoreError> {
    let key_hex = hex::encode(random_bytes::<32>(random.as_ref())?);
    let secret_hex = hex::encode(random_bytes::<32>(random.as_ref())?);
    let (api_key, api_secret) = texts(Dialect::Payhook, Mode::Test, &key_hex, &secret_hex);
    let rules = rules.clone();
    let made = database.write(move |txn| {
        if !shops::all(txn)?.is_empty() {
            return Ok(None);
        }
        let shop = shops::insert(txn, DEMO_STORE, Dialect::Payhook, None, &rules, now)?;
        keys::insert(txn, shop, Mode::Test, &api_key, &api_secret, now, random.as_ref())?;
        Ok(Some(FirstRun {
            store: DEMO_STORE.to_owned(),
            api_key,
            api_secret,
        }))
    });
    made.await
}

/// The first second of 2026, before which nobody ran this payd.
const CLOCK_MIN: UnixMillis = UnixMillis::from_seconds(1_767_225_600);

/// Refuses a clock that cannot be right, such as that of a machine which has not asked for the time yet: a payment's window
/// would end when the clock is set.
///
/// # Errors
/// What to do.
pub fn check_clock(now: UnixMillis) -> anyhow::Result<()> {
    anyhow::ensure!(
        now >= CLOCK_MIN,
        "the clock of this machine says a time before 2026, which cannot be: set it, or start payd once the time is known \
         (with systemd, after time-sync.target)"
    );
    Ok(())
}

/// Where the dashboard is, and on a fresh machine the token of the link that sets it up.
pub struct DashboardLink<'a> {
    /// Its URL.
    pub url: &'a str,
    /// The token, while there is no owner.
    pub setup_token: Option<&'a str>,
}

/// What is printed once the server listens on `bound`: where to look, and on the first start what to try.
#[must_use]
pub fn welcome(
    place: &Place,
    bound: SocketAddr,
    dashboard: Option<&DashboardLink<'_>>,
    first: Option<&FirstRun>,
) -> String {
    let settings = &place.settings;
    let local = local_url(bound);
    let public = settings.server.public_url(bound);
    let live: Vec<&str> = settings.networks.iter().map(|live| &*live.network.name).collect();
    let mut lines = vec![
        format!("payd {} listens on {bound}", env!("CARGO_PKG_VERSION")),
        String::new(),
        format!("  Customers     {public}/"),
        format!(
            "  Dashboard     {}",
            dashboard.map_or("off", |dashboard| dashboard.url)
        ),
        format!("  API           {public}/api/v1/"),
        format!("  API docs      {local}/docs/payhook/"),
        format!("  Data          {}", place.data_dir.path().display()),
        format!(
            "  Live networks {}",
            if live.is_empty() {
                "none yet; test payments work at once".to_owned()
            } else {
                live.join(", ")
            }
        ),
    ];
    if let Some((dashboard, token)) = dashboard.and_then(|it| it.setup_token.map(|token| (it, token))) {
        lines.extend([
            String::new(),
            "Set payd up in the browser; this link is good once:".to_owned(),
            String::new(),
            format!("  {}/setup/{token}", dashboard.url),
        ]);
    }
    if let Some(first) = first {
        lines.extend(first_steps(&local, first, place));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn first_steps(local: &str, first: &FirstRun, place: &Place) -> Vec<String> {
    let data_dir = quoted_path(place.data_dir.path());
    vec![
        String::new(),
        format!(
            "Made a store `{}` with a test key. It is shown this once:",
            first.store
        ),
        String::new(),
        format!("  API key       {}", first.api_key),
        format!("  API secret    {}", first.api_secret),
        String::new(),
        "Try it in another terminal; open the checkout_url of the answer:".to_owned(),
        String::new(),
        curl(local, &first.api_key),
        String::new(),
        "Then let the simulated chain pay it, with the payment_number of the answer:".to_owned(),
        String::new(),
        format!(
            "  {} --data-dir {data_dir} payment simulate PAY-... exact",
            program()
        ),
    ]
}

/// This program as it was called, so that what is printed can be pasted.
fn program() -> String {
    std::env::args_os()
        .next()
        .map_or_else(|| "payd".to_owned(), |name| quoted_path(Path::new(&name)))
}

/// A call that creates a test payment, ready to be pasted into a shell.
#[must_use]
pub fn curl(base: &str, api_key: &str) -> String {
    format!(
        "curl -X POST {base}/api/v1/payments/ \\\n  \
         -H 'X-API-Key: {api_key}' \\\n  \
         -H 'Content-Type: application/json' \\\n  \
         -d '{{\"amount_usd_cents\": 5000, \"network\": \"bsc\", \"currency\": \"usdt\"}}'"
    )
}

/// How this machine reaches the server itself, also when it listens on every interface.
fn local_url(bound: SocketAddr) -> String {
    match (bound.ip().is_unspecified(), bound) {
        (false, _) => format!("http://{bound}"),
        (true, SocketAddr::V4(_)) => format!("http://127.0.0.1:{}", bound.port()),
        (true, SocketAddr::V6(_)) => format!("http://[::1]:{}", bound.port()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient::SystemRandom;
    use crate::store::Options;

    const NOW: UnixMillis = UnixMillis::from_seconds(1_800_000_000);

    #[test]
    fn a_clock_that_nobody_has_set_yet_is_refused() {
        let refused = check_clock(UnixMillis::from_seconds(1_000)).unwrap_err();
        assert!(refused.to_string().contains("time-sync.target"), "{refused}");
        check_clock(NOW).unwrap();
    }

    #[tokio::test]
    async fn a_fresh_database_gets_one_demo_store_whose_test_key_works_and_never_a_second() {
        let directory = tempfile::tempdir().unwrap();
        let database = Database::open(&Options::in_directory(directory.path()), &SystemRandom).unwrap();
        let random: Arc<dyn Random> = Arc::new(SystemRandom);
        let first = first_run(&database, &Rules::default(), Arc::clone(&random), NOW)
            .await
            .unwrap()
            .unwrap();
        let again = first_run(&database, &Rules::default(), random, NOW)
            .await
            .unwrap();
        assert!(again.is_none());
        let key = first.api_key.clone();
        let found = database
            .read(move |txn| keys::find_active(txn, &key))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.mode, Mode::Test);
        let all = database.read(shops::all).await.unwrap();
        assert_eq!(all.len(), 1);
    }

    #[test]
    fn the_call_to_try_is_one_shell_command_with_valid_json() {
        let line = curl("http://127.0.0.1:8420", "pk_00");
        let body = line.rsplit_once("-d '").unwrap().1.strip_suffix('\'').unwrap();
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["amount_usd_cents"], 5000);
        assert!(line.starts_with("curl -X POST http://127.0.0.1:8420/api/v1/payments/ \\\n"));
    }

    #[test]
    fn every_interface_is_called_by_this_machines_own_address() {
        assert_eq!(
            local_url("0.0.0.0:8420".parse().unwrap()),
            "http://127.0.0.1:8420"
        );
        assert_eq!(local_url("127.0.0.1:1".parse().unwrap()), "http://127.0.0.1:1");
    }
}
