//! What a server has announced, and what was read of it: per script hash the status it has now, and the history that
//! was fetched with a status.
//!
//! Asks nobody anything. What was fetched outlives a connection; what was announced does not.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::history::{Entry, ScriptHash, Status};
use crate::chain::bitcoin::header::{Hash, RawHeader};
use crate::domain::time::UnixMillis;

/// Transactions remembered per script hash, the newest. A longer history is fetched again where older ones matter.
const REMEMBERED_MAX: usize = 256;

/// Bytes of mempool transactions that are remembered; more are fetched again.
const WAITING_BYTES_MAX: usize = 4 << 20;

/// A server's highest block, by its word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Tip {
    pub(super) height: u64,
    pub(super) header: RawHeader,
}

/// A tip that was announced so lately that the statuses it changes may still be on their way.
#[derive(Clone, Copy)]
struct Fresh {
    tip: Tip,
    at: UnixMillis,
    /// Whether it is the next block on the tip before.
    extends: bool,
}

/// What is known of one server.
#[derive(Default)]
pub(super) struct Book {
    /// Announcements of other connections than this one are of the past.
    epoch: u64,
    settled: Option<Tip>,
    fresh: VecDeque<Fresh>,
    of: HashMap<ScriptHash, Known>,
    /// Transactions in the mempool, as they were fetched.
    waiting: HashMap<Hash, Arc<[u8]>>,
}

#[derive(Default)]
struct Known {
    announced: Announced,
    fetched: Option<Box<Fetched>>,
}

/// What the server says of a script hash on this connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Announced {
    /// Nothing yet, or nothing that can be relied on.
    #[default]
    Nothing,
    /// It has no history.
    Empty,
    /// The status of its history.
    Status(Status),
}

/// A history as it was with a status.
struct Fetched {
    status: Status,
    /// The server's tip when it was fetched, at least.
    tip: u64,
    /// From this height on `entries` are complete.
    from: u64,
    /// In the order of the server.
    entries: Arc<[Entry]>,
}

/// What is to be done about a script hash before its history is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Need {
    /// Nothing: this is what is known of it, complete from the height that was asked for.
    Nothing(Arc<[Entry]>),
    /// Its status has to be asked for.
    Status,
    /// Its history has to be fetched; it has this status now.
    History(Status),
}

impl Book {
    /// Begins a connection: forgets what was announced on the last one.
    pub(super) fn begin(&mut self) -> u64 {
        self.epoch = self.epoch.saturating_add(1);
        self.settled = None;
        self.fresh.clear();
        for known in self.of.values_mut() {
            known.announced = Announced::Nothing;
        }
        self.epoch
    }

    /// The tip of a connection that has just begun: every status will be asked for after it.
    pub(super) fn set_tip(&mut self, epoch: u64, tip: Tip) {
        if epoch == self.epoch {
            self.settled = Some(tip);
            self.fresh.clear();
        }
    }

    /// The server announced a tip.
    pub(super) fn announce_tip(&mut self, epoch: u64, tip: Tip, now: UnixMillis) {
        if epoch != self.epoch {
            return;
        }
        let last = self.fresh.back().map(|fresh| fresh.tip).or(self.settled);
        if last == Some(tip) {
            return;
        }
        let extends = last.is_some_and(|last| {
            last.height.checked_add(1) == Some(tip.height) && tip.header.parent() == last.header.hash()
        });
        let fresh = Fresh {
            tip,
            at: now,
            extends,
        };
        if !extends {
            // Whatever waited to settle may be off the chain.
            self.fresh.clear();
        }
        self.fresh.push_back(fresh);
    }

    /// The highest tip whose statuses have had `settle` to arrive.
    pub(super) fn settled(&mut self, now: UnixMillis, settle: Duration) -> Option<Tip> {
        while let Some(fresh) = self.fresh.front() {
            // A clock that was set back settles nothing early.
            if now < fresh.at || now.since(fresh.at) < settle {
                break;
            }
            self.settled = Some(fresh.tip);
            self.fresh.pop_front();
        }
        self.settled
    }

    /// Whether the server's chain has changed below its tip so lately that nothing should be read.
    pub(super) fn is_reorganising(&self) -> bool {
        self.fresh.iter().any(|fresh| !fresh.extends)
    }

    /// When the tip was announced that is the next to settle.
    pub(super) fn next_fresh(&self) -> Option<UnixMillis> {
        self.fresh.front().map(|fresh| fresh.at)
    }

    /// Whether a tip was announced that has yet to settle.
    pub(super) fn is_settling(&self) -> bool {
        !self.fresh.is_empty()
    }

    /// A transaction of the mempool that was fetched before.
    pub(super) fn waiting(&self, txid: &Hash) -> Option<Arc<[u8]>> {
        self.waiting.get(txid).map(Arc::clone)
    }

    /// Remembers transactions of the mempool, and no others.
    pub(super) fn set_waiting(&mut self, waiting: HashMap<Hash, Arc<[u8]>>) {
        let mut bytes = 0_usize;
        self.waiting = waiting;
        self.waiting.retain(|_, raw| {
            bytes = bytes.saturating_add(raw.len());
            bytes <= WAITING_BYTES_MAX
        });
    }

    /// The server said what a script hash has now.
    pub(super) fn announce(&mut self, epoch: u64, script_hash: ScriptHash, announced: Announced) {
        if epoch == self.epoch {
            self.of.entry(script_hash).or_default().announced = announced;
        }
    }

    /// Whether the server was ever asked for a script hash: what it tells of others unasked is not kept.
    pub(super) fn knows(&self, script_hash: &ScriptHash) -> bool {
        self.of.contains_key(script_hash)
    }

    /// What was announced of a script hash.
    pub(super) fn announced(&self, script_hash: &ScriptHash) -> Announced {
        let known = self.of.get(script_hash);
        known.map_or(Announced::Nothing, |known| known.announced)
    }

    /// What it takes to know the history of a script hash from the height `from` on, as of the tip `tip`.
    pub(super) fn need(&self, script_hash: &ScriptHash, from: u64, tip: u64) -> Need {
        let Some(known) = self.of.get(script_hash) else {
            return Need::Status;
        };
        let status = match known.announced {
            Announced::Nothing => return Need::Status,
            Announced::Empty => return Need::Nothing(Arc::default()),
            Announced::Status(status) => status,
        };
        let fetched = known
            .fetched
            .as_ref()
            .filter(|fetched| fetched.status == status && fetched.from <= from);
        match fetched {
            // What waited for a block is asked about once more when there is one: its notification may be late.
            Some(fetched)
                if fetched.tip >= tip
                    || fetched
                        .entries
                        .iter()
                        .all(|entry| entry.height.height().is_some()) =>
            {
                Need::Nothing(Arc::clone(&fetched.entries))
            }
            Some(_) | None => Need::History(status),
        }
    }

    /// Forgets whatever says that `txid` is in a block, because it could not be proven: it is asked for again.
    pub(super) fn doubt(&mut self, txid: Hash) {
        for known in self.of.values_mut() {
            let says_so = |fetched: &Fetched| fetched.entries.iter().any(|entry| entry.txid == txid);
            if known.fetched.as_deref().is_some_and(says_so) {
                *known = Known::default();
            }
        }
    }

    /// Remembers a history that has the status `status`, fetched when the server's tip was `tip` or higher.
    pub(super) fn remember(&mut self, script_hash: ScriptHash, status: Status, tip: u64, history: &[Entry]) {
        let dropped = history.len().saturating_sub(REMEMBERED_MAX);
        let (old, kept) = history.split_at_checked(dropped).unwrap_or((&[], history));
        // Blocks that were dropped in part are not complete.
        let highest_dropped = old.iter().filter_map(|entry| entry.height.height()).max();
        self.of.entry(script_hash).or_default().fetched = Some(Box::new(Fetched {
            status,
            tip,
            from: highest_dropped.map_or(0, |height| height.saturating_add(1)),
            entries: kept.into(),
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::bitcoin::electrum::history::Place;

    const SETTLE: Duration = Duration::from_secs(5);

    fn at(seconds: i64) -> UnixMillis {
        UnixMillis::from_seconds(seconds)
    }

    fn tip(height: u64, parent: Option<Tip>, nonce: u32) -> Tip {
        let parent = parent.map_or(Hash::ZERO, |parent| parent.header.hash());
        Tip {
            height,
            header: RawHeader::from_fields(1, parent, Hash::ZERO, 0, 0, nonce),
        }
    }

    fn entry(height: Place, number: u8) -> Entry {
        Entry {
            txid: Hash([number; 32]),
            height,
        }
    }

    #[test]
    fn a_block_is_not_read_before_the_statuses_it_changes_had_time_to_arrive() {
        let mut book = Book::default();
        let epoch = book.begin();
        let first = tip(10, None, 0);
        book.set_tip(epoch, first);
        assert_eq!(book.settled(at(0), SETTLE), Some(first));
        let second = tip(11, Some(first), 0);
        book.announce_tip(epoch, second, at(100));
        assert_eq!(book.settled(at(104), SETTLE), Some(first));
        assert_eq!(book.settled(at(50), SETTLE), Some(first));
        assert!(!book.is_reorganising());
        assert_eq!(book.settled(at(105), SETTLE), Some(second));
        // Each block settles by itself: a fast chain is not held up for ever.
        let third = tip(12, Some(second), 0);
        let fourth = tip(13, Some(third), 0);
        book.announce_tip(epoch, third, at(110));
        book.announce_tip(epoch, fourth, at(113));
        assert_eq!(book.settled(at(115), SETTLE), Some(third));
        assert_eq!(book.settled(at(118), SETTLE), Some(fourth));
    }

    #[test]
    fn nothing_is_read_while_a_reorganisation_settles() {
        let mut book = Book::default();
        let epoch = book.begin();
        let first = tip(10, None, 0);
        book.set_tip(epoch, first);
        let other = tip(11, None, 1);
        book.announce_tip(epoch, tip(11, Some(first), 0), at(100));
        book.announce_tip(epoch, other, at(101));
        assert_eq!(book.settled(at(105), SETTLE), Some(first));
        assert!(book.is_reorganising());
        assert_eq!(book.settled(at(106), SETTLE), Some(other));
        assert!(!book.is_reorganising());
    }

    #[test]
    fn a_history_is_fetched_once_per_status() {
        let mut book = Book::default();
        let epoch = book.begin();
        let script_hash = ScriptHash::of(b"script");
        assert_eq!(book.need(&script_hash, 0, 10), Need::Status);
        book.announce(epoch, script_hash, Announced::Empty);
        assert_eq!(book.need(&script_hash, 0, 10), Need::Nothing(Arc::default()));
        let history = [entry(Place::Block(7), 1)];
        let status = Status::of(&history).unwrap();
        book.announce(epoch, script_hash, Announced::Status(status));
        assert_eq!(book.need(&script_hash, 0, 10), Need::History(status));
        book.remember(script_hash, status, 10, &history);
        // Also for blocks above and below, and after a reconnection that finds the same status.
        let epoch = book.begin();
        assert_eq!(book.need(&script_hash, 0, 10), Need::Status);
        book.announce(epoch, script_hash, Announced::Status(status));
        for (from, tip) in [(0, 10), (11, 11), (3, 500)] {
            assert_eq!(
                book.need(&script_hash, from, tip),
                Need::Nothing(history.as_slice().into())
            );
        }
        let more = [history[0], entry(Place::Block(11), 2)];
        let changed = Status::of(&more).unwrap();
        book.announce(epoch, script_hash, Announced::Status(changed));
        assert_eq!(book.need(&script_hash, 11, 11), Need::History(changed));
    }

    #[test]
    fn what_a_past_connection_announces_counts_for_nothing() {
        let mut book = Book::default();
        let past = book.begin();
        let epoch = book.begin();
        let script_hash = ScriptHash::of(b"script");
        book.announce(past, script_hash, Announced::Empty);
        assert_eq!(book.need(&script_hash, 0, 0), Need::Status);
        book.set_tip(past, tip(1, None, 0));
        assert_eq!(book.settled(at(0), SETTLE), None);
        book.announce(epoch, script_hash, Announced::Empty);
        assert_eq!(book.need(&script_hash, 0, 0), Need::Nothing(Arc::default()));
    }

    #[test]
    fn what_waits_for_a_block_is_asked_about_again_when_there_is_one() {
        let mut book = Book::default();
        let epoch = book.begin();
        let script_hash = ScriptHash::of(b"script");
        let history = [entry(Place::Mempool, 1)];
        let status = Status::of(&history).unwrap();
        book.announce(epoch, script_hash, Announced::Status(status));
        book.remember(script_hash, status, 10, &history);
        assert_eq!(
            book.need(&script_hash, 10, 10),
            Need::Nothing(history.as_slice().into())
        );
        assert_eq!(book.need(&script_hash, 11, 11), Need::History(status));
    }

    #[test]
    fn of_a_long_history_only_the_newest_is_remembered_and_never_part_of_a_block() {
        let mut book = Book::default();
        let epoch = book.begin();
        let script_hash = ScriptHash::of(b"script");
        let history: Vec<Entry> = (0..1000_u64).map(|n| entry(Place::Block(n / 3), 1)).collect();
        let status = Status::of(&history).unwrap();
        book.announce(epoch, script_hash, Announced::Status(status));
        book.remember(script_hash, status, 400, &history);
        // 744 were dropped; the last of them is in block 247, of which one more was kept.
        assert_eq!(book.need(&script_hash, 247, 400), Need::History(status));
        match book.need(&script_hash, 248, 400) {
            Need::Nothing(kept) => assert_eq!(kept.len(), REMEMBERED_MAX),
            other => panic!("{other:?}"),
        }
    }
}
