//! The programs of the gateways' pages, run as a shop would run them: each is taken from its file as the page prints
//! it, only the host and the keys are replaced, and PHP, Python, Node or bash runs it in a folder of its own.
//!
//! What a page shows as a part of a program gets the least around it that makes it one; a web page of PHP runs under
//! PHP's own server.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::ports::free_port;
use super::process::Process;
use super::{http, wait_until};

const TESTS_DIR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");

/// Whatever a machine's own settings say: what PHP warns of goes to standard error and never into the page.
const PHP_SETTINGS: [&str; 6] = [
    "-d",
    "display_errors=0",
    "-d",
    "log_errors=1",
    "-d",
    "error_reporting=E_ALL",
];

/// A program of a page, on its way to be run.
#[derive(Debug, Clone)]
pub struct Sample {
    name: String,
    text: String,
}

/// What became of a program that has ended.
#[derive(Debug)]
pub struct Ran {
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// What it printed, without white space at its ends.
    pub stdout: String,
    /// What it and its interpreter wrote to standard error.
    pub stderr: String,
}

impl Ran {
    /// What it printed, where it ended well and PHP had nothing to warn of.
    ///
    /// # Panics
    /// When it did not, or PHP had.
    pub fn printed(&self) -> &str {
        assert!(
            self.code == Some(0) && complaints(&self.stderr).is_empty(),
            "{self:?}"
        );
        &self.stdout
    }
}

impl Sample {
    /// The program in `tests/fixtures/NAME`, its language told by the name's end.
    pub fn read(name: &str) -> Self {
        let file = Path::new(TESTS_DIR).join("fixtures").join(name);
        let text =
            std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        Self {
            name: file_name(&file),
            text,
        }
    }

    /// A program that was read elsewhere, its language told by the name's end.
    pub fn of(name: &str, text: String) -> Self {
        Self {
            name: name.to_owned(),
            text,
        }
    }

    /// What it says.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Puts the reader's own value where the page shows a stand-in for it.
    ///
    /// # Panics
    /// When the page does not.
    #[must_use]
    pub fn with(mut self, shown: &str, own: &str) -> Self {
        assert!(self.text.contains(shown), "no {shown} in {self:?}");
        self.text = self.text.replace(shown, own);
        self
    }

    /// Puts something in front of what the page shows.
    #[must_use]
    pub fn preceded_by(mut self, text: &str) -> Self {
        self.text.insert_str(0, text);
        self
    }

    /// Puts something behind what the page shows.
    #[must_use]
    pub fn followed_by(mut self, text: &str) -> Self {
        self.text.push_str(text);
        self
    }

    /// Runs it to its end.
    ///
    /// # Panics
    /// When it does not end within the rig's limit, or its interpreter is missing.
    pub async fn run(&self) -> Ran {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let file = self.write_to(dir.path());
        let mut command = match file.extension().and_then(|extension| extension.to_str()) {
            Some("php") => {
                let mut php = Command::new("php");
                php.args(PHP_SETTINGS);
                php
            }
            Some("py") => python(),
            Some("js" | "mjs") => Command::new("node"),
            Some("sh") => Command::new("bash"),
            _ => panic!("nothing is known to run {}", self.name),
        };
        command.arg(&file);
        // For machines without the `uuidgen` that one page calls; where there is one, it is found first.
        stand_in_for_uuidgen(dir.path());
        bare_environment(&mut command, dir.path());
        let mut process = Process::start("sample", command, dir.path());
        let code = process.wait().await.code();
        Ran {
            code,
            stdout: process.stdout().trim().to_owned(),
            stderr: process.stderr(),
        }
    }

    /// Serves it as a page of PHP's own server, on a port that was reserved for it.
    pub async fn serve_on(&self, place: Place) -> Served {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let site = dir.path().join("site");
        std::fs::create_dir(&site).expect("a folder");
        // What answers every path that names no other file.
        std::fs::write(site.join("index.php"), &self.text).expect("a program's file");
        let mut command = Command::new("php");
        command.args(PHP_SETTINGS).arg("-d");
        command.arg(format!("auto_prepend_file={TESTS_DIR}/php/record.php"));
        command.arg("-S").arg(place.authority()).arg("-t").arg(&site);
        bare_environment(&mut command, dir.path());
        Served::start(command, place, dir).await
    }

    /// Serves it as a page of PHP's own server.
    pub async fn serve(&self) -> Served {
        self.serve_on(Place::free()).await
    }

    fn write_to(&self, dir: &Path) -> PathBuf {
        let file = dir.join(&self.name);
        std::fs::write(&file, &self.text).expect("a program's file");
        file
    }
}

/// Where a handler will listen: an endpoint has to be added, and its secret shown, before its handler can start.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    port: u16,
}

impl Place {
    /// A place that nothing else gets.
    pub fn free() -> Self {
        Self { port: free_port() }
    }

    /// Its URL.
    pub fn url(self) -> String {
        format!("http://{}/webhook", self.authority())
    }

    /// Its port.
    pub fn port(self) -> u16 {
        self.port
    }

    fn authority(self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

/// The languages that the rig has a webhook handler of its own in, for the gateways whose page shows none.
#[derive(Debug, Clone, Copy)]
pub enum Language {
    /// `tests/node/handle.mjs`
    Node,
    /// `tests/python/handle.py`
    Python,
}

impl Language {
    /// Starts the handler, which checks signatures by the rule of `dialect`'s page.
    pub async fn serve_on(self, place: Place, dialect: &str, secret: &str) -> Served {
        let mut command = match self {
            Self::Node => {
                let mut node = Command::new("node");
                node.arg(super::node_dir().join("handle.mjs"));
                node
            }
            Self::Python => {
                let mut python = python();
                python.arg(Path::new(TESTS_DIR).join("python/handle.py"));
                python
            }
        };
        let dir = tempfile::tempdir().expect("a temporary folder");
        bare_environment(&mut command, dir.path());
        command
            .env("DIALECT", dialect)
            .env("SECRET", secret)
            .env("PORT", place.port.to_string());
        Served::start(command, place, dir).await
    }
}

/// A request that came to a [`Served`], with what it answered.
#[derive(Debug, Clone)]
pub struct Handled {
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte.
    pub body: Vec<u8>,
    /// The status it answered.
    pub status: u16,
}

impl Handled {
    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }
}

/// A page or a webhook handler that listens; it ends when dropped.
pub struct Served {
    place: Place,
    http: reqwest::Client,
    process: Process,
    dir: TempDir,
}

impl Served {
    async fn start(mut command: Command, place: Place, dir: TempDir) -> Self {
        command.env("RECORD", dir.path().join("record"));
        let mut process = Process::start("served", command, dir.path());
        wait_until("a sample that listens", || {
            assert!(process.ended().is_none(), "it ended: {}", process.stderr());
            let tried = tokio::net::TcpStream::connect(place.authority());
            async { tried.await.ok().map(drop) }
        })
        .await;
        Self {
            place,
            http: http::client(),
            process,
            dir,
        }
    }

    /// Opens the page as a browser does that has yet to follow a redirect: the status, the `Location` and the text.
    pub async fn open(&self) -> (u16, Option<String>, String) {
        let reply = self.http.get(self.place.url()).send().await;
        let reply = reply.unwrap_or_else(|error| panic!("{error}: {}", self.process.stderr()));
        let status = reply.status().as_u16();
        let location = reply.headers().get("location");
        let location = location.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        (status, location, reply.text().await.expect("a complete reply"))
    }

    /// Sends what came in once more, its headers and its body put through `change`, and gives the status answered.
    pub async fn send_again(
        &self,
        handled: &Handled,
        change: impl FnOnce(&mut Vec<(String, String)>, &mut Vec<u8>),
    ) -> u16 {
        let (mut headers, mut body) = (handled.headers.clone(), handled.body.clone());
        change(&mut headers, &mut body);
        let mut request = self.http.post(self.place.url());
        for (name, value) in headers {
            // These belong to the connection.
            if !["host", "content-length", "connection"].contains(&name.as_str()) {
                request = request.header(name, value);
            }
        }
        let reply = request.body(body).send().await;
        reply
            .unwrap_or_else(|error| panic!("{error}: {}", self.process.stderr()))
            .status()
            .as_u16()
    }

    /// What has been handled so far, oldest first.
    pub fn handled(&self) -> Vec<Handled> {
        let record = std::fs::read_to_string(self.dir.path().join("record")).unwrap_or_default();
        // A line that has no end yet is being written.
        let whole = record
            .split_inclusive('\n')
            .filter_map(|line| line.strip_suffix('\n'));
        whole.map(read_line).collect()
    }

    /// Waits for a request that `wanted` picks, and gives the first.
    ///
    /// # Panics
    /// When none came within the rig's limit.
    pub async fn wait_for(&self, what: &str, wanted: impl Fn(&Handled) -> bool) -> Handled {
        wait_until(what, || async { self.handled().into_iter().find(&wanted) }).await
    }

    /// What it has written to standard error so far.
    pub fn stderr(&self) -> String {
        self.process.stderr()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let stderr = self.process.stderr();
        if !std::thread::panicking() {
            assert!(complaints(&stderr).is_empty(), "{stderr}");
        }
    }
}

/// What PHP found wrong with a program.
fn complaints(stderr: &str) -> Vec<&str> {
    let kinds = ["Warning", "Notice", "Deprecated", "Fatal error", "Parse error"];
    let is_complaint = |line: &&str| kinds.iter().any(|kind| line.contains(&format!("PHP {kind}:")));
    stderr.lines().filter(is_complaint).collect()
}

fn read_line(line: &str) -> Handled {
    use base64::Engine as _;
    let line: serde_json::Value =
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"));
    let headers = line["headers"].as_object().expect("headers").iter();
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    Handled {
        headers: headers
            .map(|(name, value)| (name.to_ascii_lowercase(), text(value)))
            .collect(),
        body: base64::engine::general_purpose::STANDARD
            .decode(text(&line["body"]))
            .expect("base64"),
        status: line["status"]
            .as_u64()
            .and_then(|status| u16::try_from(status).ok())
            .expect("a status"),
    }
}

/// The Python that the tests have the packages for.
pub fn python() -> Command {
    Command::new(Path::new(TESTS_DIR).join("python/.venv/bin/python"))
}

/// The tester's own settings, such as a proxy, must not reach a sample.
pub fn bare_environment(command: &mut Command, home: &Path) {
    let mut path = std::env::var_os("PATH").unwrap_or_default();
    path.push(":");
    path.push(home);
    command
        .env_clear()
        .env("PATH", path)
        .env("HOME", home)
        .env("TZ", "UTC");
}

fn stand_in_for_uuidgen(dir: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let file = dir.join("uuidgen");
    std::fs::write(&file, "#!/bin/sh\ncat /proc/sys/kernel/random/uuid\n").expect("a program's file");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).expect("an executable file");
}

fn file_name(file: &Path) -> String {
    file.file_name()
        .and_then(|name| name.to_str())
        .expect("a file's name")
        .to_owned()
}
