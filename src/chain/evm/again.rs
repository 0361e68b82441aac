//! The second look at blocks that are final: read by another provider than the one that they were read from first.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{EvmSource, ReadMode, Verify, Voices};
use crate::chain::providers::{NoAnswer, Provider};
use crate::chain::{Blocks, ChainError, WatchSet};

/// Reads that are remembered.
const READS_MAX: usize = 4096;

/// Which hosts the latest blocks were read from: the last height of a read, with its first and the host.
#[derive(Default)]
pub(super) struct ReadBy(Mutex<BTreeMap<u64, (u64, String)>>);

impl ReadBy {
    /// Remembers who `heights`, which follow one another, were read from.
    pub(super) fn note(&self, heights: &[u64], host: &str) {
        let ([first, .., last] | [first @ last]) = heights else {
            return;
        };
        let mut reads = self.reads();
        reads.insert(*last, (*first, host.to_owned()));
        if reads.len() > READS_MAX {
            reads.pop_first();
        }
    }

    /// The hosts that any of `heights` were read from, as far as that is remembered.
    fn hosts(&self, heights: &RangeInclusive<u64>) -> BTreeSet<String> {
        let reads = self.reads();
        let from_there = reads.range(heights.start()..);
        from_there
            .take_while(|(_, (first, _))| first <= heights.end())
            .map(|(_, (_, host))| host.clone())
            .collect()
    }

    fn reads(&self) -> MutexGuard<'_, BTreeMap<u64, (u64, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads `heights` from a provider that they were not read from before. `None` where there is no other, and where
/// whole blocks are proven anyway: nothing can be missing from those.
pub(super) async fn read(
    source: &EvmSource,
    heights: RangeInclusive<u64>,
    watched: &WatchSet,
) -> Result<Option<Blocks>, ChainError> {
    let is_complete = source.settings.mode == ReadMode::Receipts && source.settings.verify == Verify::Full;
    if is_complete || source.pool.hosts() < 2 {
        return Ok(None);
    }
    let others = others(source, &heights);
    let (last, listed) = (
        *heights.end(),
        source.pool.listed(heights, source.settings.range_max)?,
    );
    let mut none = NoAnswer::default();
    for provider in others {
        let reading = source.read_from(provider, &listed, watched, Voices::One);
        match provider.attempt(reading).await {
            Ok(blocks) => return Ok(Some(blocks)),
            Err(trouble) => none.troubles.push((provider.host().to_owned(), trouble)),
        }
    }
    Err(source.pool.unread(last, &none))
}

/// Those that `heights` were not read from; where that is not known, all but the one that is read from first.
fn others<'a>(source: &'a EvmSource, heights: &RangeInclusive<u64>) -> Vec<&'a Provider> {
    let readers = source.read_by.hosts(heights);
    let mut others = source.pool.distinct();
    let preferred = others.first().map(|provider| provider.host().to_owned());
    if readers.is_empty() {
        others.retain(|provider| Some(provider.host()) != preferred.as_deref());
    } else if others.iter().any(|provider| !readers.contains(provider.host())) {
        others.retain(|provider| !readers.contains(provider.host()));
    }
    others
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_read_a_block_is_remembered_as_long_as_there_is_room() {
        let read_by = ReadBy::default();
        read_by.note(&[1, 2, 3], "a");
        read_by.note(&[4], "b");
        read_by.note(&[5, 6], "a");
        let hosts = |heights| read_by.hosts(&heights).into_iter().collect::<Vec<_>>();
        assert_eq!(hosts(2..=3), ["a"]);
        assert_eq!(hosts(3..=4), ["a", "b"]);
        assert_eq!(hosts(4..=4), ["b"]);
        assert_eq!(hosts(7..=9), Vec::<String>::new());
        for height in 0..=READS_MAX as u64 {
            read_by.note(&[100 + height], "c");
        }
        assert_eq!(hosts(1..=6), Vec::<String>::new());
    }
}
