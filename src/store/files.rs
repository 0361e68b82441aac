//! Files that are made whole or not at all: written beside their place under a name of their own, and put there with one
//! step. What a kill leaves of such a file is cleared away by the next start.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::error::StoreError;

/// What stands in the name of a file that is being made, before the number of the process.
const PART: &str = ".part-";

/// The error of a file.
pub(super) fn failed(path: &Path) -> impl Fn(io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::File {
        path: path.clone(),
        source,
    }
}

/// The name under which this process makes the file of `path`; nothing is there.
pub(super) fn part_of(path: &Path) -> PathBuf {
    let mut part = path.as_os_str().to_owned();
    part.push(format!("{PART}{}", std::process::id()));
    let part = PathBuf::from(part);
    remove(&part);
    part
}

/// Puts a finished part in its place, and keeps its name through a power failure.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] when something is there already, which stays as it is; what the system says otherwise. The
/// part is gone then.
pub(super) fn put_in_place(part: &Path, path: &Path) -> io::Result<()> {
    let put = File::open(part).and_then(|file| file.sync_all()).and_then(|()| {
        match fs::hard_link(part, path) {
            // Not every file system has links.
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !path.exists() => {
                fs::rename(part, path)
            }
            linked => linked,
        }
    });
    remove(part);
    put.and_then(|()| sync_directory(path))
}

/// Keeps the names in the directory of `path` through a power failure.
pub(super) fn sync_directory(path: &Path) -> io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}

/// Takes a part away with what SQLite keeps beside it. Best effort: what stays is cleared away by the next start.
pub(super) fn remove(part: &Path) {
    for beside in ["", "-journal", "-wal", "-shm"] {
        let mut name = part.as_os_str().to_owned();
        name.push(beside);
        let _ = fs::remove_file(PathBuf::from(name));
    }
}

/// Takes away what former processes left of files that they did not finish. For who has just taken the directory for himself
/// and has begun nothing yet; what a command that runs beside is about to finish stays.
pub fn clear_leftovers(directory: &Path) {
    let Ok(entries) = fs::read_dir(directory) else {
        return;
    };
    for entry in entries.flatten() {
        if is_leftover(&entry.file_name()) {
            tracing::info!(file = %entry.path().display(), "cleared away what was left of a file that was not finished");
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_leftover(name: &OsStr) -> bool {
    let Some((before, number)) = name.to_str().and_then(|name| name.split_once(PART)) else {
        return false;
    };
    let number = number.split('-').next().unwrap_or_default();
    let is_process = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
    // In a container every payd has the same number.
    let is_own = number == std::process::id().to_string();
    before.starts_with("payd.") && is_process && (is_own || !Path::new("/proc").join(number).exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_takes_no_place_that_is_taken_and_leaves_nothing_behind() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("payd.key");
        for (text, expected) in [("first", true), ("second", false)] {
            let part = part_of(&path);
            fs::write(&part, text).unwrap();
            assert_eq!(put_in_place(&part, &path).is_ok(), expected);
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn only_what_others_left_unfinished_is_cleared_away() {
        let directory = tempfile::tempdir().unwrap();
        let own = format!("payd.sqlite.part-{}", std::process::id());
        // Beyond the largest number of a process.
        let left = [
            "payd.sqlite.part-5000000",
            "payd.sqlite.part-5000000-journal",
            "payd.before-schema-4.sqlite.part-5000001",
            &own,
        ];
        let kept = [
            "payd.sqlite",
            "payd.key",
            "payd.before-schema-4.sqlite",
            "notes.part-5000000",
            "payd.sqlite.part-x",
            // The first process lives.
            "payd.sqlite.part-1",
        ];
        for name in left.iter().chain(&kept) {
            fs::write(directory.path().join(name), "").unwrap();
        }
        clear_leftovers(directory.path());
        for name in left {
            assert!(!directory.path().join(name).exists(), "{name}");
        }
        for name in kept {
            assert!(directory.path().join(name).exists(), "{name}");
        }
    }
}
