//! What a measurement from outside runs on: the rig of the integration tests, and a payd that was built to be measured.
#![allow(dead_code, reason = "the rig offers more than each measurement uses")]

#[path = "../it/harness/abi.rs"]
pub mod abi;
#[path = "../it/harness/anvil.rs"]
pub mod anvil;
#[path = "../it/harness/contracts.rs"]
pub mod contracts;
#[path = "../it/harness/http.rs"]
pub mod http;
#[path = "../it/harness/node.rs"]
pub mod node;
#[path = "../it/harness/ports.rs"]
pub mod ports;
#[path = "../it/harness/process.rs"]
pub mod process;
#[path = "../it/harness/receiver.rs"]
pub mod receiver;
#[path = "../it/harness/signature.rs"]
pub mod signature;
#[path = "../it/harness/wait.rs"]
pub mod wait;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use serde_json::Value;

pub use node::node_dir;
pub use wait::{WAIT_MAX, wait_until};

/// A payd over a data directory of its own.
pub struct Payd {
    program: PathBuf,
    data: PathBuf,
    port: u16,
    process: Option<process::Process>,
}

impl Payd {
    /// One that does not run yet, with `rest` in its configuration beside its ports.
    pub fn prepare(program: &Path, data: &Path, rest: &str) -> Self {
        std::fs::create_dir_all(data).expect("a data directory");
        let [port, metrics, dashboard] = [(); 3].map(|()| ports::free_port());
        let config = format!(
            "[server]\nlisten = \"127.0.0.1:{port}\"\n[metrics]\nlisten = \"127.0.0.1:{metrics}\"\n\
             [dashboard]\nlisten = \"127.0.0.1:{dashboard}\"\n[limits]\nenabled = false\n{rest}"
        );
        std::fs::write(data.join("load.toml"), config).expect("a configuration");
        Self {
            program: program.to_owned(),
            data: data.to_owned(),
            port,
            process: None,
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--config").arg(self.data.join("load.toml"));
        command.arg("--data-dir").arg(&self.data).args(arguments);
        command
    }

    /// What a command says with `--json`.
    pub fn cli(&self, arguments: &[&str]) -> Value {
        let output = self.command(&[arguments, &["--json"]].concat()).output();
        let output = output.expect("payd");
        let stdout = String::from_utf8_lossy(&output.stdout);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "payd {arguments:?}: {stdout}{stderr}");
        serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{error} in {stdout}"))
    }

    /// The URL of `path`.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Starts it and waits for nothing.
    pub fn launch(&mut self) {
        self.process = Some(process::Process::start(
            "payd",
            self.command(&["serve"]),
            &self.data,
        ));
    }

    /// Starts it and waits until it is ready.
    pub async fn start(&mut self) {
        self.launch();
        let (http, ready) = (http::client(), self.url("/readyz"));
        let process = self.process.as_mut().expect("it was launched");
        wait_until("a payd that is ready", || {
            assert!(process.ended().is_none(), "payd ended: {}", process.stderr());
            let asked = http.get(&ready).send();
            async { asked.await.is_ok_and(|reply| reply.status() == 200).then_some(()) }
        })
        .await;
    }

    /// Stops it as a service manager does.
    pub async fn stop(&mut self) {
        self.process.take().expect("it runs").terminate().await;
    }
}

/// The value below which `percent` of these lie; they need not be in order.
pub fn percentile(values: &[f64], percent: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (sorted.len() as f64 * percent / 100.0).ceil() as usize;
    sorted[place.clamp(1, sorted.len()) - 1]
}

/// Milliseconds from one moment to another, below zero where the second was first.
pub fn ms_between(from: Instant, to: Instant) -> f64 {
    match to.checked_duration_since(from) {
        Some(span) => span.as_secs_f64() * 1000.0,
        None => from.duration_since(to).as_secs_f64() * -1000.0,
    }
}
