//! The test contracts, compiled by the pinned compiler when their source is newer than what lies there.

use std::process::Command;
use std::sync::Mutex;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::node_dir;

/// A contract of `tests/node/contracts`.
#[derive(Debug, Clone, Copy)]
pub enum Contract {
    /// An ERC-20 token of any symbol and decimals.
    TestToken,
    /// Two transfers in one transaction; internal transfers.
    Batcher,
    /// Transfers that are undone.
    Reverter,
    /// Many questions in one call.
    Multicall3,
}

impl Contract {
    /// Its creation code in hex with `0x`, without constructor arguments.
    pub fn bytecode(self) -> String {
        // One compiler run serves all tests of this process.
        static COMPILER: Mutex<()> = Mutex::new(());
        let _one_at_a_time = COMPILER.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.compiled().unwrap_or_else(|| {
            compile();
            self.compiled().expect("the compiler wrote the contract")
        })
    }

    fn compiled(self) -> Option<String> {
        let source = node_dir().join(format!("contracts/{self:?}.sol"));
        let source = std::fs::read(&source).expect("the contract's source");
        let artifact = std::fs::read(node_dir().join(format!("artifacts/{self:?}.json"))).ok()?;
        let artifact: Value = serde_json::from_slice(&artifact).ok()?;
        let is_current = artifact["sourceSha256"].as_str()? == hex::encode(Sha256::digest(&source));
        is_current.then(|| artifact["bytecode"].as_str().map(str::to_owned))?
    }
}

fn compile() {
    let done = Command::new("node")
        .arg(node_dir().join("compile.mjs"))
        .output()
        .expect("node");
    assert!(
        done.status.success(),
        "the contracts do not compile; `tests/run` installs the compiler: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}
