//! A second provider's word on what contracts did, which no header commits to: what one leaves out or makes up, another
//! does not.
//!
//! TRX that transactions send is proven by the block, whoever served it. About tokens two providers of different hosts
//! must say the same; where two contradict each other, a third voice decides, else the blocks are not read. TRX that
//! contracts send is kept by some nodes only: it counts when two say so, and what only one says is left to a person,
//! because refusing the block would let anyone stop the scan with one such transfer.

use std::collections::BTreeSet;

use super::block::Block;
use super::decode::{self, Held, Wanted};
use super::{TronSource, client};
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::{Trouble, TroubleKind};
use crate::domain::transfer::SeenTransfer;

/// What several providers said about the same blocks.
struct Hearing<'a> {
    source: &'a TronSource,
    reader: &'a Provider,
    wanted: Wanted<'a>,
    blocks: &'a [Block],
    /// The reader's word, one for each block.
    held: Vec<Held>,
    /// Those who say the same of tokens, each with its own word on what contracts sent.
    agreeing: Vec<Vec<Held>>,
    /// Those who say otherwise of tokens, and of which block.
    dissents: Vec<(&'a Provider, u64)>,
    /// Why others could not be asked.
    reasons: Vec<String>,
    /// The trouble of one that will be able to answer before long.
    not_yet: Option<Trouble>,
}

/// What `blocks` hold, of which `reader` says `held`, once others have been heard.
///
/// # Errors
/// [`Trouble`] with the reader when it was wrong, or when nobody confirms what it said.
pub(super) async fn settled(
    source: &TronSource,
    reader: &Provider,
    wanted: Wanted<'_>,
    blocks: &[Block],
    held: Vec<Held>,
) -> Result<Vec<Held>, Trouble> {
    if !source.is_cross_checked() {
        return match blocks.iter().find(|block| !block.are_txs_proven) {
            Some(block) => Err(unproven(block)),
            None => Ok(held),
        };
    }
    let mut hearing = Hearing {
        source,
        reader,
        wanted,
        blocks,
        held,
        agreeing: Vec::new(),
        dissents: Vec::new(),
        reasons: Vec::new(),
        not_yet: None,
    };
    hearing.hear().await?;
    hearing.close().await
}

/// Nobody but the reader can be asked, and the block does not prove what it says.
fn unproven(block: &Block) -> Trouble {
    Trouble::new(
        TroubleKind::Undecided,
        format!(
            "the transactions it gives for block {} are not those that the block's header commits to, or of a form that \
             is not known: a second provider would decide",
            block.height()
        ),
    )
}

impl<'a> Hearing<'a> {
    /// Asks other hosts until one says the same of everything, or all were asked.
    async fn hear(&mut self) -> Result<(), Trouble> {
        let mut hosts = BTreeSet::from([self.reader.host()]);
        for witness in self.source.pool.providers.by_health() {
            if !hosts.insert(witness.host()) {
                continue;
            }
            let said = match witness.attempt(self.ask(witness)).await {
                Ok(said) => said,
                Err(trouble) => {
                    self.note(witness, trouble);
                    continue;
                }
            };
            self.weigh(witness, said)?;
            if self.agreeing.contains(&self.held) {
                break;
            }
        }
        Ok(())
    }

    fn note(&mut self, witness: &Provider, trouble: Trouble) {
        self.reasons.push(format!("{}: {trouble}", witness.host()));
        if matches!(
            trouble.kind,
            TroubleKind::Lag | TroubleKind::Throttled { .. } | TroubleKind::OverBudget
        ) {
            self.not_yet.get_or_insert(trouble);
        }
    }

    /// What `witness` says of the blocks: what their transactions did, and, of a block whose transactions are not
    /// proven, which they are.
    async fn ask(&self, witness: &Provider) -> Result<Vec<(Held, Option<Block>)>, Trouble> {
        self.source.check(witness).await?;
        let some_empty = self.blocks.iter().any(|block| block.txs.is_empty());
        let mut own = Vec::with_capacity(self.blocks.len());
        for (block, left) in self.blocks.iter().zip((0..self.blocks.len()).rev()) {
            // What an empty block's transactions did says nothing of it. The blocks are linked: who has the last one
            // has all.
            let is_needed = !block.are_txs_proven || (some_empty && left == 0);
            own.push(if is_needed {
                Some(self.own(witness, block).await?)
            } else {
                None
            });
        }
        let seen: Vec<&Block> = self
            .blocks
            .iter()
            .zip(&own)
            .map(|(block, own)| own.as_ref().unwrap_or(block))
            .collect();
        let said = client::infos(witness, &seen, |block, infos| {
            decode::held(self.wanted, block, infos)
        });
        Ok(said.await?.into_iter().zip(own).collect())
    }

    /// The same block by the witness's word.
    async fn own(&self, witness: &Provider, block: &Block) -> Result<Block, Trouble> {
        let own = client::block(witness, block.height()).await?;
        if own.header != block.header {
            return Err(Trouble::lag(
                "has another block there: it lags, or a reorganisation is under way",
            ));
        }
        Ok(own)
    }

    /// Takes a witness's word.
    ///
    /// # Errors
    /// [`Trouble`] when it proves the reader wrong.
    fn weigh(&mut self, witness: &'a Provider, said: Vec<(Held, Option<Block>)>) -> Result<(), Trouble> {
        for (block, (_, own)) in self.blocks.iter().zip(&said) {
            if own
                .as_ref()
                .is_some_and(|own| own.are_txs_proven && own.txs != block.txs)
            {
                return Err(Trouble::lie(format!(
                    "its transactions of block {} are not those that the block holds",
                    block.height()
                )));
            }
        }
        let said: Vec<Held> = said.into_iter().map(|(held, _)| held).collect();
        let each = self.blocks.iter().zip(self.held.iter().zip(&said));
        let differing = each.filter(|(_, (held, said))| held.plain != said.plain);
        match differing.map(|(block, _)| block.height()).next() {
            Some(height) => self.dissents.push((witness, height)),
            None => self.agreeing.push(said),
        }
        Ok(())
    }

    /// What counts in the end.
    async fn close(mut self) -> Result<Vec<Held>, Trouble> {
        if self.agreeing.is_empty() {
            return Err(self.unconfirmed());
        }
        // Two say otherwise: who dissents is wrong.
        for (dissenter, height) in &self.dissents {
            let lie = Trouble::lie(format!("two others contradict it about block {height}"));
            put_aside(dissenter, lie).await;
        }
        if self.agreeing.contains(&self.held) {
            return Ok(self.held);
        }
        // Somebody who may know more of what contracts sent will answer before long.
        if let Some(trouble) = self.not_yet.take() {
            return Err(Trouble::new(
                TroubleKind::Undecided,
                format!("providers differ in what contracts sent, and one is yet to be heard: {trouble}"),
            ));
        }
        Ok(self.with_internal_of_two())
    }

    /// What contracts sent as far as two say so.
    fn with_internal_of_two(mut self) -> Vec<Held> {
        for (index, held) in self.held.iter_mut().enumerate() {
            let others = self.agreeing.iter().filter_map(|said| said.get(index));
            let mut words: Vec<Vec<SeenTransfer>> = others.map(|said| said.internal.clone()).collect();
            words.push(held.internal.clone());
            let mut claimed: Vec<SeenTransfer> = words.concat();
            claimed.sort_by(|one, other| (&one.txid, one.position).cmp(&(&other.txid, other.position)));
            claimed.dedup();
            let (shared, single): (Vec<_>, Vec<_>) = claimed
                .into_iter()
                .partition(|claim| words.iter().filter(|word| word.contains(claim)).count() >= 2);
            for seen in single {
                tracing::error!(
                    network = %self.source.settings.network.id,
                    txid = %seen.txid,
                    address = %seen.address,
                    amount = %seen.amount,
                    "TRX that a contract sent is not counted: only one provider says so, and others may not keep it; \
                     look the transaction up"
                );
            }
            held.internal = shared;
        }
        self.held
    }

    fn unconfirmed(self) -> Trouble {
        if let Some((dissenter, height)) = self.dissents.first() {
            return Trouble::new(
                TroubleKind::Undecided,
                format!(
                    "{} says otherwise what block {height} holds, and neither can be proven right: nothing is read \
                     until they agree; a third provider would decide",
                    dissenter.host()
                ),
            );
        }
        let reasons = self.reasons.join("; ");
        match self.not_yet {
            Some(trouble) if trouble.kind == TroubleKind::Lag => Trouble::lag(reasons),
            // Nothing in a block shows that a log was left out, and what the cursor passed is never looked at again.
            Some(_) | None => Trouble::new(
                TroubleKind::Undecided,
                format!("no second provider can be asked whether it is right: {reasons}"),
            ),
        }
    }
}

async fn put_aside(provider: &Provider, lie: Trouble) {
    // The attempt that was made before has remembered a success.
    let outcome = provider.attempt(async { Err::<(), _>(lie) }).await;
    if let Err(trouble) = outcome {
        tracing::debug!(provider = provider.host(), %trouble, "put aside");
    }
}
