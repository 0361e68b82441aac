//! Waiting for other processes.

use std::future::Future;
use std::time::{Duration, Instant};

/// What no honest wait should need, also on a machine busy with other work.
pub const WAIT_MAX: Duration = Duration::from_secs(60);

/// Asks `probe` again and again until it gives a value.
///
/// # Panics
/// When [`WAIT_MAX`] has passed, naming `what` was waited for.
pub async fn wait_until<T, F>(what: &str, mut probe: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let started = Instant::now();
    loop {
        if let Some(value) = probe().await {
            return value;
        }
        assert!(
            started.elapsed() < WAIT_MAX,
            "waited {WAIT_MAX:?} in vain for {what}"
        );
        // Another process is being waited for, which tells nobody when it is done: all there is, is to ask again. The
        // pause decides how often is asked, never what the answer is.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
