//! The real `payd`, run as an operator would run it: its own data directory, its own port, its own configuration file.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::ports::free_port;
use super::process::Process;
use super::{http, wait_until};

/// A daemon, running or stopped, over one data directory that lives as long as this does.
pub struct Daemon {
    port: u16,
    metrics_port: u16,
    dashboard_port: u16,
    http: reqwest::Client,
    process: Option<Process>,
    /// How many files it may have open at a time; as many as the tests without.
    files_max: Option<u32>,
    /// Goes last: the process tells what it logged when a test fails.
    dir: TempDir,
}

/// An answer of the daemon.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as it came.
    pub body: String,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// The first value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The same command in a shell that first limits the files it may have open.
fn limited(command: &Command, files_max: u32) -> Command {
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(format!("ulimit -n {files_max} && exec \"$0\" \"$@\""));
    shell
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear();
    let kept = command
        .get_envs()
        .filter_map(|(name, value)| Some((name, value?)));
    shell.envs(kept);
    shell
}

impl Daemon {
    /// Starts a daemon with this configuration and waits until it is ready.
    pub async fn start(config: &str) -> Self {
        let mut daemon = Self::prepare(config);
        daemon.restart().await;
        daemon
    }

    /// Everything but the start: for commands that come before it.
    pub fn prepare(config: &str) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(dir.path().join("payd.toml"), config).expect("a configuration file");
        std::fs::create_dir(dir.path().join("data")).expect("a data folder");
        Self {
            dir,
            port: free_port(),
            metrics_port: free_port(),
            dashboard_port: free_port(),
            http: http::client(),
            process: None,
            files_max: None,
        }
    }

    /// Lets it have so many files open at a time, from the next start on.
    pub fn limit_files(&mut self, files_max: u32) {
        self.files_max = Some(files_max);
    }

    /// Its data directory.
    pub fn data_dir(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Its configuration file.
    pub fn config_file(&self) -> PathBuf {
        self.dir.path().join("payd.toml")
    }

    /// Writes another configuration, which counts from the next start.
    pub fn configure(&self, config: &str) {
        std::fs::write(self.config_file(), config).expect("a configuration file");
    }

    /// The URL of `path` at this daemon.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The URL of `path` at its metrics listener.
    pub fn metrics_url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.metrics_port)
    }

    /// The URL of `path` at its dashboard.
    pub fn dashboard_url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.dashboard_port)
    }

    /// Starts it again on the same data and port, or for the first time; waits until `/readyz` answers 200.
    pub async fn restart(&mut self) {
        self.restart_until("/readyz").await;
    }

    /// As [`Self::restart`], but waits for `path` to answer 200: `/healthz`, where a network has no node to be ready by.
    pub async fn restart_until(&mut self, path: &str) {
        if let Some(mut running) = self.process.take() {
            running.terminate().await;
        }
        self.launch();
        let ready = self.url(path);
        let process = self.process.as_mut().expect("it was launched");
        wait_until("a daemon that is ready", || {
            assert!(process.ended().is_none(), "payd ended: {}", process.stderr());
            let asked = self.http.get(&ready).send();
            async { asked.await.is_ok_and(|reply| reply.status() == 200).then_some(()) }
        })
        .await;
    }

    /// Starts it and waits for nothing.
    pub fn launch(&mut self) {
        let command = self.command(&["serve"]);
        let command = match self.files_max {
            Some(files_max) => limited(&command, files_max),
            None => command,
        };
        self.process = Some(Process::start("payd", command, self.dir.path()));
    }

    /// Starts another daemon on the same data directory, on a port of its own.
    pub fn launch_beside(&self) -> Process {
        let mut command = self.command(&["serve"]);
        command
            .env("PAYD_LISTEN", "127.0.0.1:0")
            .env("PAYD_METRICS_LISTEN", "off")
            .env("PAYD_DASHBOARD_LISTEN", "off");
        Process::start("payd-beside", command, self.dir.path())
    }

    /// Asks it to end (SIGTERM), waits, and gives how it ended.
    pub async fn stop(&mut self) -> ExitStatus {
        self.process.take().expect("a running daemon").terminate().await
    }

    /// Ends it at once (SIGKILL), as a power cut would.
    pub fn kill(&mut self) {
        self.process.take().expect("a running daemon").kill();
    }

    /// Its process id while it runs.
    pub fn id(&self) -> u32 {
        self.process.as_ref().expect("a running daemon").id()
    }

    /// All it has logged since the first start, both streams.
    pub fn log(&self) -> String {
        let read = |name| std::fs::read(self.dir.path().join(name)).unwrap_or_default();
        let bytes = [read("payd.stdout"), read("payd.stderr")].concat();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// No file of the running daemon grows beyond this, or, with `unlimited`, all may again: a full disk that anybody can make.
    pub fn limit_file_bytes(&self, bytes: &str) {
        let limit = format!("--fsize={bytes}:unlimited");
        let done = Command::new("prlimit")
            .args(["--pid", &self.id().to_string(), &limit])
            .status();
        assert!(done.expect("prlimit of util-linux").success());
    }

    /// Runs another `payd` command on the same data directory.
    pub fn try_cli(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("payd")
    }

    /// A `payd` command on this data directory. The ports are settings of all commands alike, so that one that makes
    /// a payment names the checkout page that the daemon serves.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_payd"));
        command.args(arguments);
        command.arg("--data-dir").arg(self.data_dir());
        command.arg("--config").arg(self.config_file());
        bare_environment(&mut command, self.dir.path());
        command
            .env("PAYD_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("PAYD_METRICS_LISTEN", format!("127.0.0.1:{}", self.metrics_port))
            .env(
                "PAYD_DASHBOARD_LISTEN",
                format!("127.0.0.1:{}", self.dashboard_port),
            );
        command
    }

    /// Runs another `payd` command, which has to succeed, and gives what it printed.
    pub fn cli(&self, arguments: &[&str]) -> String {
        printed(arguments, &self.try_cli(arguments))
    }

    /// Runs another `payd` command with `--json` and gives what it printed.
    pub fn cli_json(&self, arguments: &[&str]) -> Value {
        json_in(&self.cli(&[arguments, &["--json"]].concat()))
    }

    /// As [`Self::cli_json`], while the test goes on.
    pub async fn cli_json_beside(&self, arguments: &[&str]) -> Value {
        let arguments = [arguments, &["--json"]].concat();
        let mut command = tokio::process::Command::from(self.command(&arguments));
        let output = command.output().await.expect("payd");
        json_in(&printed(&arguments, &output))
    }

    /// Adds a store.
    pub fn add_store(&self, name: &str, dialect: &str) -> Value {
        self.cli_json(&["store", "add", name, "--dialect", dialect])
    }

    /// Adds a key; `mode` is `test` or `live`.
    pub fn add_key(&self, store: &str, mode: &str) -> Key {
        let key = self.cli_json(&["key", "add", "--store", store, "--mode", mode]);
        Key {
            api_key: text_of(&key, "api_key"),
            api_secret: text_of(&key, "api_secret"),
        }
    }

    /// Adds a webhook endpoint and gives its secret.
    pub fn add_webhook(&self, store: &str, url: &str, format: &str) -> Endpoint {
        let added = self.cli_json(&[
            "webhook", "add", "--store", store, "--url", url, "--format", format,
        ]);
        Endpoint {
            id: added["endpoint_id"].clone(),
            secret: text_of(&added, "secret"),
        }
    }

    /// As [`Self::add_webhook`], for these events instead of the format's own choice.
    pub fn add_webhook_for(&self, store: &str, url: &str, format: &str, events: &str) -> Endpoint {
        let added = self.cli_json(&[
            "webhook", "add", "--store", store, "--url", url, "--format", format, "--events", events,
        ]);
        Endpoint {
            id: added["endpoint_id"].clone(),
            secret: text_of(&added, "secret"),
        }
    }

    /// Adds addresses to a store's pool.
    pub fn add_addresses(&self, store: &str, network: &str, addresses: &[&str]) -> Value {
        self.cli_json(
            &[
                &["address", "add", "--store", store, "--network", network],
                addresses,
            ]
            .concat(),
        )
    }

    /// Makes a test payment and gives what the command says of it.
    pub fn create_payment(&self, store: &str, amount: &str, network: &str, currency: &str) -> Value {
        let what = ["--network", network, "--currency", currency, "--mode", "test"];
        self.cli_json(
            &[
                &["payment", "create", "--store", store, "--amount", amount],
                &what[..],
            ]
            .concat(),
        )
    }

    /// A payment as it stands.
    pub fn payment(&self, number: &str) -> Value {
        self.cli_json(&["payment", "show", number])
    }

    /// Waits until a payment has this status, and gives it.
    pub async fn wait_for_status(&self, number: &str, status: &str) -> Value {
        wait_until(&format!("{number} to be {status}"), || async {
            let payment = self.payment(number);
            (payment["status"] == status).then_some(payment)
        })
        .await
    }

    /// Has the simulated chain play a scenario for a test payment.
    pub fn simulate(&self, payment: &str, scenario: &str) {
        self.cli(&["payment", "simulate", payment, scenario]);
    }

    /// What `/readyz` says, once it answers at all.
    pub async fn readiness(&self) -> (u16, Value) {
        let (http, ready) = (&self.http, self.url("/readyz"));
        wait_until("an answer of /readyz", || async {
            let reply = http.get(&ready).send().await.ok()?;
            let status = reply.status().as_u16();
            let body = reply.text().await.ok()?;
            Some((status, serde_json::from_str(&body).ok()?))
        })
        .await
    }

    /// A GET with these headers.
    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.send("GET", path, headers, String::new()).await
    }

    /// A POST of JSON with these headers.
    pub async fn post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Reply {
        let headers = [headers, &[("content-type", "application/json")]].concat();
        self.send("POST", path, &headers, body.to_string()).await
    }

    /// Any request, the body byte for byte.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Reply {
        let method = method.parse().expect("a method");
        let mut request = self.http.request(method, self.url(path)).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let reply = request
            .send()
            .await
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        let value =
            |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = reply.headers().iter();
        Reply {
            status: reply.status().as_u16(),
            headers: headers
                .map(|(name, header)| (name.to_string(), value(header)))
                .collect(),
            body: reply.text().await.expect("a complete reply"),
        }
    }

    /// Creates a payment by payhook's API, which has to succeed.
    pub async fn create_payhook_payment(
        &self,
        key: &Key,
        cents: u64,
        network: &str,
        currency: &str,
    ) -> Value {
        let body = json!({ "amount_usd_cents": cents, "network": network, "currency": currency });
        let reply = self
            .post("/api/v1/payments/", &[("x-api-key", &key.api_key)], &body)
            .await;
        assert_eq!(reply.status, 201, "{reply:?}");
        reply.json()
    }

    /// A payment as payhook's API tells of it, which has to know it.
    pub async fn payhook_payment(&self, key: &Key, number: &str) -> Value {
        let path = format!("/api/v1/payments/{number}/");
        let reply = self.get(&path, &[("x-api-key", &key.api_key)]).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()
    }
}

/// Credentials as `payd key add` shows them.
#[derive(Debug, Clone)]
pub struct Key {
    /// The public part.
    pub api_key: String,
    /// The secret part.
    pub api_secret: String,
}

/// An endpoint as `payd webhook add` shows it.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Its id.
    pub id: Value,
    /// What its deliveries are signed with.
    pub secret: String,
}

/// The tester's own settings must not reach the daemon, nor may it find a file in the tester's home.
fn bare_environment(command: &mut Command, home: &Path) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    command
        .env_clear()
        .env("PATH", path)
        .env("HOME", home)
        .env("TZ", "UTC");
}

/// What a command printed that has to succeed.
pub fn printed(arguments: &[&str], output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(
        output.status.success(),
        "payd {}: {stdout}{stderr}",
        arguments.join(" ")
    );
    stdout
}

fn json_in(stdout: &str) -> Value {
    serde_json::from_str(stdout).unwrap_or_else(|error| panic!("{error} in {stdout}"))
}

fn text_of(value: &Value, field: &str) -> String {
    value[field]
        .as_str()
        .unwrap_or_else(|| panic!("no text {field} in {value}"))
        .to_owned()
}
