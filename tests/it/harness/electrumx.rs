//! A real Electrum server over a real node.

use std::path::PathBuf;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tempfile::TempDir;

use super::litecoin::Litecoin;
use super::ports::free_port;
use super::process::Process;
use super::wait_until;

/// Against observers of the wire, the server holds small messages back for up to a second, to send them in packets of
/// one size. Here nobody observes, and every test would wait for it dozens of times.
const RUN: &str = "import runpy, sys, electrumx.server.transport as transport\n\
                   transport.PaddedRSTransport.WAIT_FOR_BUFFER_GROWTH_SECONDS = 0.05\n\
                   runpy.run_path(sys.argv[1], run_name='__main__')";

/// A running server that listens plainly and by TLS, with a certificate that it signed itself.
pub struct ElectrumX {
    plain_port: u16,
    tls_port: u16,
    _process: Process,
    _dir: TempDir,
}

impl ElectrumX {
    /// Starts a server over `node` and waits until it takes connections: it has read the whole chain then.
    pub async fn start(node: &Litecoin) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let database = dir.path().join("db");
        std::fs::create_dir(&database).expect("a folder");
        let (plain_port, tls_port, rpc_port) = (free_port(), free_port(), free_port());
        let bin = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/.venv/bin"));
        let mut command = Command::new(bin.join("python"));
        command.args(["-c", RUN]).arg(bin.join("electrumx_server"));
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", dir.path())
            .env("COIN", "Litecoin")
            .env("NET", "regtest")
            .env("DAEMON_URL", node.url())
            .env("DB_DIRECTORY", &database)
            .env("DB_ENGINE", "leveldb")
            .env(
                "SERVICES",
                format!("tcp://127.0.0.1:{plain_port},ssl://127.0.0.1:{tls_port},rpc://127.0.0.1:{rpc_port}"),
            )
            .env(
                "SSL_CERTFILE",
                pem(dir.path().join("certificate.pem"), "CERTIFICATE", CERTIFICATE),
            )
            .env("SSL_KEYFILE", pem(dir.path().join("key.pem"), "PRIVATE KEY", KEY))
            .env("ALLOW_ROOT", "true")
            .env("PEER_DISCOVERY", "off")
            .env("PEER_ANNOUNCE", "")
            .env("COST_SOFT_LIMIT", "0")
            .env("COST_HARD_LIMIT", "0")
            // Milliseconds between looks at the node; five seconds otherwise.
            .env("DAEMON_POLL_INTERVAL_BLOCKS", "100")
            .env("DAEMON_POLL_INTERVAL_MEMPOOL", "100");
        let mut process = Process::start("electrumx", command, dir.path());
        // It opens one after the other.
        for port in [plain_port, tls_port] {
            wait_until("electrumx", || {
                assert!(process.ended().is_none(), "electrumx ended: {}", process.stderr());
                let connected = tokio::net::TcpStream::connect(("127.0.0.1", port));
                async { connected.await.ok() }
            })
            .await;
        }
        Self {
            plain_port,
            tls_port,
            _process: process,
            _dir: dir,
        }
    }

    /// Where it listens without TLS.
    pub fn plain_url(&self) -> String {
        format!("tcp://127.0.0.1:{}", self.plain_port)
    }

    /// Where it listens with TLS.
    pub fn tls_url(&self) -> String {
        format!("ssl://127.0.0.1:{}", self.tls_port)
    }
}

const CERTIFICATE: &[u8] = include_bytes!("../../fixtures/electrum/first.certificate.der");
const KEY: &[u8] = include_bytes!("../../fixtures/electrum/first.key.der");

fn pem(path: PathBuf, label: &str, der: &[u8]) -> PathBuf {
    let digits = STANDARD.encode(der);
    let lines: Vec<&str> = digits
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).expect("ASCII"))
        .collect();
    let text = format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    );
    std::fs::write(&path, text).expect("a file");
    path
}
