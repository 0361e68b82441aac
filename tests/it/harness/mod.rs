//! The rig the integration tests run on: a real EVM node, a real webhook receiver, a real browser, the real daemon,
//! and a proxy that makes a provider lie. Everything listens on loopback only and ends with the test that started it.
//!
//! Knows no rule of payd: what is right is for the tests to say.
#![allow(dead_code, reason = "the rig offers more than each test uses")]

pub mod abi;
pub mod anvil;
pub mod bitcoin_server;
pub mod browser;
pub mod contracts;
pub mod core_node;
pub mod daemon;
pub mod electrumx;
pub mod hostile;
pub mod http;
pub mod litecoin;
pub mod office;
pub mod openapi;
pub mod pages;
pub mod ports;
pub mod process;
pub mod proxy;
pub mod receiver;
pub mod recorded_bitcoin;
pub mod samples;
pub mod signature;
pub mod tron;

use std::future::Future;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What no honest wait in a test should need, also on a machine busy with other work.
pub const WAIT_MAX: Duration = Duration::from_secs(60);

/// The folder of the Node side of the rig.
pub fn node_dir() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node"))
}

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
