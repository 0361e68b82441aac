//! Counts the money of payments again, and carries out what follows.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::lifecycle::{self, Standing};
use super::{Engine, EngineError};
use crate::chain::ChainSource;
use crate::domain::event::EventKind;
use crate::domain::ids::PaymentId;
use crate::domain::matching;
use crate::domain::network::Network;
use crate::domain::status::{self, Fact, Status};
use crate::domain::time::UnixMillis;
use crate::store::{Txn, payments};

/// Payments counted at once.
const PAGE: u32 = 256;

/// Blocks that a quorum of providers has on its chain.
type AgreedBlocks = BTreeSet<(u64, Arc<str>)>;

impl Engine {
    /// Counts every payment of a network whose transfers or confirmations may have changed.
    ///
    /// # Errors
    /// [`EngineError`] when chain or store cannot be read; what was settled before it stays settled.
    pub async fn settle(&self, network: &Network, source: &dyn ChainSource) -> Result<(), EngineError> {
        let mut after = PaymentId::new(0);
        loop {
            let id = network.id.clone();
            let page: Vec<Standing> = self
                .database
                .read(move |txn| {
                    let page = payments::to_settle(txn, &id, after, PAGE)?;
                    let standings = page.into_iter().map(|payment| lifecycle::standing(txn, payment));
                    Ok::<_, EngineError>(
                        standings
                            .collect::<Result<Vec<_>, _>>()?
                            .into_iter()
                            .flatten()
                            .collect(),
                    )
                })
                .await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.payment.id;
            for standing in page {
                let number = standing.payment.number.clone();
                match self.settle_one(standing, source).await {
                    Ok(()) => {}
                    Err(error @ EngineError::Chain(_)) => return Err(error),
                    // One payment that cannot be settled must not hold up the others.
                    Err(error) => {
                        tracing::error!(payment = %number, %error, "payment not settled; will retry")
                    }
                }
            }
        }
    }

    async fn settle_one(&self, standing: Standing, source: &dyn ChainSource) -> Result<(), EngineError> {
        let id = standing.payment.id;
        if is_only_waiting(&standing)? {
            // Its confirmations moved on, which an open checkout page shows.
            self.announce([id]);
            return Ok(());
        }
        let agreed = agreed_blocks(&standing, source).await?;
        let now = self.clock.now();
        self.database
            .write(move |txn| apply(txn, id, &agreed, now))
            .await?;
        self.announce([id]);
        Ok(())
    }
}

/// Whether a confirming payment has only come closer to being settled.
fn is_only_waiting(standing: &Standing) -> Result<bool, EngineError> {
    let Standing {
        payment, progress, ..
    } = standing;
    let funds = matching::funds(payment, progress);
    Ok(payment.status == Status::Confirming
        && payment.progress == *progress
        && status::next(payment.status, Fact::Counted(funds))? == payment.status)
}

/// The blocks of a payment's money that the quorum agrees on; asked only when the payment would become paid.
async fn agreed_blocks(standing: &Standing, source: &dyn ChainSource) -> Result<AgreedBlocks, EngineError> {
    let mut agreed = AgreedBlocks::new();
    if !matching::funds(&standing.payment, &standing.progress).is_settled() {
        return Ok(agreed);
    }
    for seen in &standing.counted {
        let block = (seen.block.height, Arc::clone(&seen.block.hash));
        if !agreed.contains(&block) && source.agrees(block.0, &block.1).await? {
            agreed.insert(block);
        }
    }
    Ok(agreed)
}

/// Counts inside the transaction, with the rows as they are by now, and takes every step that follows.
fn apply(txn: &Txn<'_>, id: PaymentId, agreed: &AgreedBlocks, now: UnixMillis) -> Result<(), EngineError> {
    let Some(payment) = payments::by_id(txn, id)? else {
        return Ok(());
    };
    let Some(Standing {
        mut payment,
        progress,
        counted,
        tip,
        ..
    }) = lifecycle::standing(txn, payment)?
    else {
        return Ok(());
    };
    let confirmations = lifecycle::confirmations(&progress, tip);
    let had_enough = payment.progress.seen >= payment.ask.required;
    payment.progress = progress;
    let funds = matching::funds(&payment, &payment.progress);
    let is_agreed = counted
        .iter()
        .all(|seen| agreed.contains(&(seen.block.height, Arc::clone(&seen.block.hash))));
    let mut waits_for_agreement = false;
    while payment.status.takes_money() {
        let then = status::next(payment.status, Fact::Counted(funds))?;
        waits_for_agreement = then == Status::Paid && !is_agreed;
        if then == payment.status || waits_for_agreement {
            break;
        }
        lifecycle::change(txn, &mut payment, then, confirmations, now)?;
    }
    if had_enough && matching::is_taken_back(&payment, &payment.progress) {
        metrics::counter!("payd_paid_then_reorged_total").increment(1);
        tracing::error!(
            payment = %payment.number, network = %payment.ask.network,
            "a reorganisation took back money that had settled: the order may have been fulfilled unpaid"
        );
        lifecycle::record(txn, &payment, EventKind::Reorged, confirmations, now)?;
    }
    payments::update(txn, &payment)?;
    if waits_for_agreement {
        payments::mark_for_settling(txn, id)?;
    }
    Ok(())
}
