//! Counts the money of payments again, and carries out what follows.

use std::collections::{BTreeMap, BTreeSet};

use super::lifecycle::{self, BlockName, Standing};
use super::{Engine, EngineError};
use crate::chain::{Assurance, ChainError, ChainSource};
use crate::domain::event::EventKind;
use crate::domain::ids::PaymentId;
use crate::domain::matching;
use crate::domain::network::Network;
use crate::domain::payment::Payment;
use crate::domain::status::{self, Fact, Status};
use crate::domain::time::UnixMillis;
use crate::store::{Txn, inbox, payments};

/// Payments counted at once.
const PAGE: u32 = 256;

/// Blocks that a quorum of providers has on its chain.
type AgreedBlocks = BTreeSet<BlockName>;

impl Engine {
    /// Counts every payment of a network whose transfers or confirmations may have changed. Where the providers
    /// cannot be asked whether they agree, nothing becomes paid; all else goes on.
    ///
    /// # Errors
    /// [`EngineError`] when the store cannot be read, or takes nothing; what was settled before it stays settled.
    pub async fn settle(&self, network: &Network, source: &dyn ChainSource) -> Result<(), EngineError> {
        let mut quorum = Quorum::new(source, network.final_depth);
        let mut after = PaymentId::new(0);
        loop {
            let id = network.id.clone();
            let page = self
                .database
                .read(move |txn| payments::to_settle(txn, &id, after, PAGE))
                .await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            for payment in page {
                let number = payment.number.clone();
                // One payment that cannot be settled must not hold up the others.
                if let Err(error) = self.settle_one(payment, &mut quorum).await {
                    // Nothing can be recorded of the others either: it is said once, not of each.
                    if self.database.hindrance().is_some() {
                        return Err(error);
                    }
                    tracing::error!(payment = %number, %error, "payment not settled; will retry");
                }
            }
        }
        if let Some(height) = quorum.waits_for {
            self.health.alarm(
                &network.id,
                format!(
                    "money in block {height} has far more confirmations than it needs, and its payment waits: the \
                     providers do not agree on the block, or do not call it final; look at the providers"
                ),
            );
        }
        if let Some(error) = quorum.failure {
            tracing::warn!(network = %network.id, %error, "the providers could not be asked whether they agree");
        }
        Ok(())
    }

    async fn settle_one(&self, payment: Payment, quorum: &mut Quorum<'_>) -> Result<(), EngineError> {
        let id = payment.id;
        let standing = self
            .database
            .read(move |txn| lifecycle::standing(txn, payment))
            .await?;
        let Some(standing) = standing else { return Ok(()) };
        if is_only_waiting(&standing)? {
            // Its confirmations moved on, which an open checkout page shows.
            self.show(id);
            return Ok(());
        }
        let mut assurance = quorum.source.assurance();
        if standing.rests_on_balances {
            assurance = assurance.min(quorum.source.balances_assurance());
        }
        let agreed = if self.may_be_paid_on(assurance, &standing.payment) {
            quorum.agreed_blocks(&standing).await
        } else {
            AgreedBlocks::new()
        };
        let now = self.clock.now();
        self.database
            .write(move |txn| apply(txn, id, &agreed, now))
            .await?;
        self.announce([id]);
        Ok(())
    }
}

impl Engine {
    /// Whether a payment may become paid by transfers of which one knows so much.
    fn may_be_paid_on(&self, assurance: Assurance, payment: &Payment) -> bool {
        // Where nobody knows what it is worth, it may be worth anything.
        let cents = || {
            let ask = payment.ask.as_ref()?;
            let asset = self.registry.asset(&ask.network, &ask.currency)?;
            let known = self
                .rates
                .usd_value_of(payment.mode, &payment.price, asset, ask.due);
            if let (None, Some(market)) = (known, &self.rates.market) {
                market.want();
            }
            known
        };
        let may = assurance > Assurance::OneProvider
            || cents().is_some_and(|cents| cents <= self.one_provider_max_cents);
        if !may {
            metrics::counter!("payd_unconfirmed_by_second_provider_total").increment(1);
            tracing::warn!(
                payment = %payment.number, network = payment.ask.as_ref().map(|ask| ask.network.as_str()),
                "its money rests on one provider's word, and it is worth too much for that: add a second provider of the \
                 network, or raise trust.one_provider_max_usd"
            );
        }
        may
    }
}

/// Asks the providers whether they agree on blocks: each block once, and none any more after a failure.
struct Quorum<'a> {
    source: &'a dyn ChainSource,
    answers: BTreeMap<BlockName, bool>,
    finals: BTreeMap<BlockName, bool>,
    failure: Option<ChainError>,
    /// From how many confirmations on a block should long have been agreed on.
    final_depth: u32,
    /// A block that should long have been agreed on, and is not.
    waits_for: Option<u64>,
}

impl<'a> Quorum<'a> {
    const fn new(source: &'a dyn ChainSource, final_depth: u32) -> Self {
        Self {
            source,
            answers: BTreeMap::new(),
            finals: BTreeMap::new(),
            failure: None,
            final_depth,
            waits_for: None,
        }
    }

    /// The blocks of a payment's settled money that are agreed on; asked only when the payment would become paid.
    async fn agreed_blocks(&mut self, standing: &Standing) -> AgreedBlocks {
        let mut agreed = AgreedBlocks::new();
        if !matching::funds(&standing.payment, &standing.progress).is_settled() {
            return agreed;
        }
        for block in &standing.evidence {
            let holds_money = standing.holding.contains(block);
            if self.agrees(block).await && (!holds_money || self.is_final(block).await) {
                agreed.insert(block.clone());
            } else if Network::confirmations_at(block.0, standing.tip) > self.final_depth {
                self.waits_for = Some(block.0);
            }
        }
        agreed
    }

    async fn agrees(&mut self, block: &BlockName) -> bool {
        if let Some(answer) = self.answers.get(block) {
            return *answer;
        }
        if self.failure.is_some() {
            return false;
        }
        match self.source.agrees(block.0, &block.1).await {
            Ok(answer) => {
                if !answer {
                    metrics::counter!("payd_disagreements_total").increment(1);
                    tracing::warn!(
                        height = block.0, hash = %block.1,
                        "the providers disagree on this block: nothing in it becomes paid until they agree"
                    );
                }
                self.answers.insert(block.clone(), answer);
                answer
            }
            Err(error) => {
                self.failure = Some(error);
                false
            }
        }
    }
}

impl Quorum<'_> {
    /// Whether the providers say that this block stays.
    async fn is_final(&mut self, block: &BlockName) -> bool {
        if let Some(answer) = self.finals.get(block) {
            return *answer;
        }
        if self.failure.is_some() {
            return false;
        }
        match self.source.is_final(block.0, &block.1).await {
            Ok(answer) => {
                if !answer {
                    tracing::debug!(height = block.0, hash = %block.1, "this block is not final yet");
                }
                self.finals.insert(block.clone(), answer);
                answer
            }
            Err(error) => {
                self.failure = Some(error);
                false
            }
        }
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

/// Counts inside the transaction, with the rows as they are by now, and takes every step that follows.
fn apply(txn: &Txn<'_>, id: PaymentId, agreed: &AgreedBlocks, now: UnixMillis) -> Result<(), EngineError> {
    let Some(payment) = payments::by_id(txn, id)? else {
        return Ok(());
    };
    let Some(standing) = lifecycle::standing(txn, payment)? else {
        return Ok(());
    };
    let is_agreed = standing.evidence.is_subset(agreed);
    let Standing {
        mut payment,
        progress,
        tip,
        ..
    } = standing;
    let confirmations = lifecycle::confirmations(&progress, tip);
    let had_enough = payment.progress.seen >= payment.chosen()?.required;
    payment.progress = progress;
    let funds = matching::funds(&payment, &payment.progress);
    let mut waits = false;
    while payment.status.takes_money() {
        let then = status::next(payment.status, Fact::Counted(funds))?;
        let is_unagreed = then == Status::Paid && !is_agreed;
        // Its address or amount has gone to the next customer: its own money is counted until it has settled.
        let has_no_place =
            !payment.status.is_live() && then.is_live() && inbox::is_place_taken(txn, &payment)?;
        waits = is_unagreed || has_no_place;
        if then == payment.status || waits {
            break;
        }
        lifecycle::change(txn, &mut payment, then, confirmations, now)?;
    }
    if had_enough && matching::is_taken_back(&payment, &payment.progress) {
        metrics::counter!("payd_paid_then_reorged_total").increment(1);
        tracing::error!(
            payment = %payment.number, network = %payment.chosen()?.network,
            "a reorganisation took back money that had settled: the order may have been fulfilled unpaid"
        );
        lifecycle::record(txn, &payment, EventKind::Reorged, confirmations, now)?;
    }
    payments::update(txn, &payment)?;
    // Once it is paid, what still waits for a block is no longer added.
    let has_become_paid = payment.confirmed_at == Some(now) && payment.status == Status::Paid;
    if waits || (has_become_paid && payment.progress.seen > payment.progress.settled) {
        payments::mark_for_settling(txn, id)?;
    }
    Ok(())
}
