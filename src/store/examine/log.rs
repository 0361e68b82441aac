//! Whether the write-ahead log is whole. SQLite takes a log to end at its first frame with a wrong checksum, and forgets what
//! comes after: right for what a power failure tore off, which nobody was answered yet, and wrong for a log that was damaged
//! in the middle. (The format: sqlite.org/fileformat2.html, "The Write-Ahead Log".)

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

const HEADER_BYTES: usize = 32;
const FRAME_HEADER_BYTES: usize = 24;
/// The magic number; its last bit says that checksums are over big-endian words.
const MAGIC: u32 = 0x377f_0682;
const PAGE_BYTES_MAX: usize = 65_536;

/// A commit is on the disk before the next begins. So of what no checksum vouches for, one may have been torn off: that of two
/// was.
const TORN_COMMITS_MAX: usize = 1;

/// The first frame, counted from 1, whose damage takes answered commits away; `None` when there is nothing of the kind.
///
/// # Errors
/// When the log cannot be read.
pub(super) fn damaged_frame(log: &Path) -> io::Result<Option<u64>> {
    match File::open(log) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        file => damaged_in(&mut io::BufReader::with_capacity(1 << 18, file?)),
    }
}

fn damaged_in(log: &mut impl Read) -> io::Result<Option<u64>> {
    let mut header = [0; HEADER_BYTES];
    if !fill(log, &mut header)? {
        return Ok(None);
    }
    let Some(mut sum) = Sum::of_header(&header) else {
        // The head is written before any frame and is not synced by itself: SQLite begins the log anew.
        return Ok(None);
    };
    let page_bytes = usize::try_from(word(&header, 8)).unwrap_or(0);
    if !(512..=PAGE_BYTES_MAX).contains(&page_bytes) {
        return Ok(None);
    }
    let mut frame = vec![0; FRAME_HEADER_BYTES.saturating_add(page_bytes)];
    let (mut number, mut wrong, mut lost_commits) = (0_u64, None, 0_usize);
    while fill(log, &mut frame)? {
        number = number.saturating_add(1);
        // What is left of the log before this one has other salts.
        let is_of_this_log = frame.get(8..16) == header.get(16..24);
        if wrong.is_none() && !(is_of_this_log && sum.takes(&frame)) {
            wrong = Some(number);
        }
        if wrong.is_some() && is_of_this_log && word(&frame, 4) != 0 {
            lost_commits = lost_commits.saturating_add(1);
        }
    }
    Ok(wrong.filter(|_| lost_commits > TORN_COMMITS_MAX))
}

/// Reads the whole of it, or says that less was left.
fn fill(log: &mut impl Read, into: &mut [u8]) -> io::Result<bool> {
    match log.read_exact(into) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        read => read.map(|()| true),
    }
}

/// The big-endian word at `at`; 0 beyond the end.
fn word(bytes: &[u8], at: usize) -> u32 {
    let found = bytes.get(at..).and_then(|rest| rest.first_chunk());
    found.map_or(0, |found| u32::from_be_bytes(*found))
}

/// The running checksum.
struct Sum {
    is_big_endian: bool,
    now: (u32, u32),
}

impl Sum {
    fn of_header(header: &[u8; HEADER_BYTES]) -> Option<Self> {
        let magic = word(header, 0);
        let mut sum = Self {
            is_big_endian: magic == MAGIC | 1,
            now: (0, 0),
        };
        sum.add(header.get(..24)?);
        let is_right = sum.now == (word(header, 24), word(header, 28));
        (magic & !1 == MAGIC && is_right).then_some(sum)
    }

    /// Adds a frame, if its checksum is the right one.
    fn takes(&mut self, frame: &[u8]) -> bool {
        let before = self.now;
        self.add(frame.get(..8).unwrap_or_default());
        self.add(frame.get(FRAME_HEADER_BYTES..).unwrap_or_default());
        let is_right = self.now == (word(frame, 16), word(frame, 20));
        if !is_right {
            self.now = before;
        }
        is_right
    }

    fn add(&mut self, bytes: &[u8]) {
        for pair in bytes.as_chunks::<8>().0 {
            let [a, b, c, d, e, f, g, h] = *pair;
            let read = |bytes| match self.is_big_endian {
                true => u32::from_be_bytes(bytes),
                false => u32::from_le_bytes(bytes),
            };
            let (first, second) = (read([a, b, c, d]), read([e, f, g, h]));
            let (mut s0, mut s1) = self.now;
            s0 = s0.wrapping_add(first).wrapping_add(s1);
            s1 = s1.wrapping_add(second).wrapping_add(s0);
            self.now = (s0, s1);
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    /// A log of eight commits, and how large a frame is.
    fn log() -> (Vec<u8>, usize) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a");
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (x); PRAGMA wal_checkpoint(TRUNCATE);")
            .unwrap();
        for number in 0..8 {
            connection.execute("INSERT INTO t VALUES (?1)", [number]).unwrap();
        }
        let bytes = std::fs::read(directory.path().join("a-wal")).unwrap();
        let frame = (bytes.len() - HEADER_BYTES) / 8;
        assert_eq!((bytes.len() - HEADER_BYTES) % frame, 0);
        (bytes, frame)
    }

    fn found(bytes: &[u8]) -> Option<u64> {
        damaged_in(&mut &*bytes).unwrap()
    }

    #[test]
    fn a_log_that_is_whole_or_torn_off_is_good_and_one_damaged_in_the_middle_is_not() {
        let (whole, frame) = log();
        assert_eq!(found(&whole), None);
        for kept in [0, 10, HEADER_BYTES, whole.len() / 2, whole.len() - 1] {
            assert_eq!(found(&whole[..kept]), None, "{kept}");
        }
        for (number, expected) in [(1, Some(1)), (4, Some(4)), (7, Some(7)), (8, None)] {
            for at in [0, 17, 24, frame - 1] {
                let mut bytes = whole.clone();
                bytes[HEADER_BYTES + (number - 1) * frame + at] ^= 1;
                assert_eq!(found(&bytes), expected, "byte {at} of frame {number}");
            }
        }
    }

    #[test]
    fn what_is_left_of_the_log_before_is_not_taken_for_lost() {
        let (mut bytes, frame) = log();
        for salt in bytes[HEADER_BYTES + 3 * frame..].chunks_exact_mut(frame) {
            salt[8] ^= 1;
        }
        assert_eq!(found(&bytes), None);
    }
}
