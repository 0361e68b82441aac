//! The Node side of the rig.

use std::path::PathBuf;

/// Its folder.
pub fn node_dir() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/node"))
}
