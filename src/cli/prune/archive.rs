//! The file into which what is pruned is written first: JSON lines, gzipped. What is written in one go is a gzip member of its
//! own, and on the disk before any of it is removed: a file that was broken off reads up to there.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::engine::retention::Archive;
use crate::store::prune::Row;

/// A new file, for nobody else to read.
pub(super) struct File {
    path: PathBuf,
    file: std::fs::File,
    is_empty: bool,
}

impl File {
    /// # Errors
    /// When it is there already, or cannot be made.
    pub(super) fn create(path: &Path) -> anyhow::Result<Self> {
        let file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path);
        let file = file.with_context(|| format!("cannot make the archive {}", path.display()))?;
        // That there is such a file has to last as well.
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        std::fs::File::open(directory.unwrap_or(Path::new(".")))
            .and_then(|directory| directory.sync_all())
            .with_context(|| format!("cannot make the archive {} last", path.display()))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            is_empty: true,
        })
    }

    /// Where it is; `None`, and no file, when nothing came into it.
    ///
    /// # Errors
    /// When the empty file cannot be removed.
    pub(super) fn finish(self) -> anyhow::Result<Option<PathBuf>> {
        if !self.is_empty {
            return Ok(Some(self.path));
        }
        std::fs::remove_file(&self.path)
            .with_context(|| format!("cannot remove the empty {}", self.path.display()))?;
        Ok(None)
    }
}

impl Archive for File {
    fn keep(&mut self, rows: &[Row]) -> std::io::Result<()> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        for row in rows {
            packed.write_all(row.json.as_bytes())?;
            packed.write_all(b"\n")?;
        }
        self.file.write_all(&packed.finish()?)?;
        self.file.sync_all()?;
        self.is_empty = false;
        Ok(())
    }
}
