//! Searches for the blocks in which a balance rose by more than what is recorded.

use std::sync::Arc;

use super::EngineError;
use crate::chain::ChainSource;
use crate::domain::address::Address;
use crate::domain::asset::Currency;
use crate::domain::matching::Overflow;
use crate::domain::money::{self, BaseUnits};
use crate::domain::transfer::{BlockRef, POSITION_BALANCE, SeenTransfer, balance_txid};
use crate::store::balances::Snapshot;

/// Where a search begins: all is explained up to a height, by what was held at a snapshot at or below it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    pub(super) height: u64,
    pub(super) snapshot: Snapshot,
}

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// Everything is explained.
    Whole,
    /// There is more to find.
    OutOfLookups,
    /// The providers do not agree on a block that money was found in.
    NotAgreed,
}

/// The search for what one address received.
pub(super) struct Search<'a> {
    pub(super) source: &'a dyn ChainSource,
    pub(super) address: &'a Address,
    pub(super) currency: &'a Currency,
    /// What is recorded since the snapshot, with the heights.
    pub(super) received: &'a [(u64, BaseUnits)],
}

/// A balance at a block, less what is recorded up to it: constant unless something unrecorded moves.
#[derive(Debug, Clone)]
struct Point {
    height: u64,
    /// `None` where the chain begins to be searched.
    block: Option<BlockRef>,
    excess: i128,
}

impl Search<'_> {
    /// The rises between `from` and a block with the balance after it, each as a transfer of its block.
    ///
    /// Where the state of a block is no longer to be had, the rise is taken to be later: the first block of which
    /// one knows that the money was there.
    pub(super) async fn rises(
        &self,
        from: Held,
        (last, held): (&BlockRef, BaseUnits),
        lookups: &mut u32,
    ) -> Result<(Vec<SeenTransfer>, Ending), EngineError> {
        let mut found = Vec::new();
        let Some(start) = self.start(from, lookups).await? else {
            return Ok((found, Ending::OutOfLookups));
        };
        let end = self.point(last.clone(), held)?;
        let mut stretches = vec![(start, end)];
        while let Some((mut left, mut right)) = stretches.pop() {
            if right.excess <= left.excess {
                continue;
            }
            while right.height.saturating_sub(left.height) > 1 {
                let middle = left.height.midpoint(right.height);
                if *lookups == 0 {
                    return Ok((found, Ending::OutOfLookups));
                }
                match self.look(middle, lookups).await? {
                    None => left.height = middle,
                    Some(point) if point.excess > left.excess => {
                        stretches.push((point.clone(), right));
                        right = point;
                    }
                    Some(point) => left = point,
                }
            }
            let Some(block) = right.block else { continue };
            if !self.source.agrees(block.height, &block.hash).await? {
                return Ok((found, Ending::NotAgreed));
            }
            let rise = right.excess.checked_sub(left.excess).ok_or(Overflow)?;
            found.push(self.transfer(block, rise)?);
        }
        Ok((found, Ending::Whole))
    }

    /// Where the search begins: by the chain's own word, if it can still be had, else by what was explained there.
    async fn start(&self, from: Held, lookups: &mut u32) -> Result<Option<Point>, EngineError> {
        if *lookups == 0 {
            return Ok(None);
        }
        if let Some(point) = self.look(from.height, lookups).await? {
            return Ok(Some(point));
        }
        Ok(Some(Point {
            height: from.height,
            block: None,
            excess: signed(from.snapshot.amount)?,
        }))
    }

    async fn look(&self, height: u64, lookups: &mut u32) -> Result<Option<Point>, EngineError> {
        *lookups = lookups.saturating_sub(1);
        let block = self.source.header(height).await?.block;
        let asked = [(self.address.clone(), self.currency.clone())];
        let said = self.source.balances(&block, &asked).await?;
        match said.as_deref() {
            Some([held]) => Ok(Some(self.point(block, *held)?)),
            Some(_) | None => Ok(None),
        }
    }

    fn point(&self, block: BlockRef, held: BaseUnits) -> Result<Point, EngineError> {
        let received = self.received.iter().filter(|(height, _)| *height <= block.height);
        let received = money::sum(received.map(|(_, amount)| *amount)).ok_or(Overflow)?;
        let excess = signed(held)?.checked_sub(signed(received)?).ok_or(Overflow)?;
        Ok(Point {
            height: block.height,
            block: Some(block),
            excess,
        })
    }

    fn transfer(&self, block: BlockRef, rise: i128) -> Result<SeenTransfer, EngineError> {
        let address = Arc::clone(self.address.text());
        Ok(SeenTransfer {
            txid: balance_txid(&block.hash, &address),
            position: POSITION_BALANCE,
            currency: self.currency.clone(),
            address,
            amount: BaseUnits::new(u128::try_from(rise).map_err(|_| Overflow)?),
            block,
        })
    }
}

fn signed(amount: BaseUnits) -> Result<i128, Overflow> {
    i128::try_from(amount.get()).map_err(|_| Overflow)
}
