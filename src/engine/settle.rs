//! Counts the money of payments again, and carries out what follows.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::FutureExt as _;
use futures_util::stream::{self, StreamExt as _};

use super::lifecycle::{self, BlockName, Standing};
use super::{Engine, EngineError, intake};
use crate::chain::{Assurance, ChainError, ChainSource};
use crate::domain::event::EventKind;
use crate::domain::ids::{PaymentId, PaymentNumber};
use crate::domain::matching;
use crate::domain::network::Network;
use crate::domain::payment::Payment;
use crate::domain::status::{self, Fact, Status};
use crate::domain::time::UnixMillis;
use crate::store::{Txn, inbox, payments};

/// Payments counted at once.
const PAGE: u32 = 256;

/// Payments handed to the writer at once: so many share a commit, and webhooks of the first go out while the next are written.
const WRITES_AT_ONCE: usize = 64;

/// Blocks that are asked about at once.
const ASKED_AT_ONCE: usize = 4;

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
                .read(move |txn| {
                    let page = payments::to_settle(txn, &id, after, PAGE)?;
                    Ok::<_, EngineError>(
                        page.into_iter()
                            .map(|payment| counted(txn, payment))
                            .collect::<Vec<_>>(),
                    )
                })
                .await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            self.settle_page(page, &mut quorum).await?;
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

    /// Settles payments that were counted together. Where one cannot be settled, that does not hold up the others.
    ///
    /// # Errors
    /// [`EngineError`] when nothing can be recorded: it is said once, not of each payment.
    async fn settle_page(&self, page: Vec<Counted>, quorum: &mut Quorum<'_>) -> Result<(), EngineError> {
        let mut moving = Vec::with_capacity(page.len());
        for Counted { id, number, standing } in page {
            match standing.and_then(|standing| self.to_be_moved(id, standing, quorum)) {
                Ok(Some(standing)) => moving.push((id, number, standing)),
                Ok(None) => {}
                Err(error) => tracing::error!(payment = %number, %error, "payment not settled; will retry"),
            }
        }
        quorum.ask_about(moving.iter().map(|(.., moving)| moving)).await;
        let mut writing = stream::iter(moving)
            .map(|(id, number, moving)| {
                let agreed = quorum.agreed_blocks(&moving);
                async move { (number, self.move_on(id, agreed).await) }
            })
            .buffer_unordered(WRITES_AT_ONCE);
        while let Some((number, written)) = writing.next().await {
            if let Err(error) = written {
                if self.database.hindrance().is_some() {
                    return Err(error);
                }
                tracing::error!(payment = %number, %error, "payment not settled; will retry");
            }
        }
        Ok(())
    }

    /// What a payment stands on, unless it has only come closer to being settled.
    fn to_be_moved(
        &self,
        id: PaymentId,
        standing: Option<Standing>,
        quorum: &Quorum<'_>,
    ) -> Result<Option<Moving>, EngineError> {
        let Some(standing) = standing else { return Ok(None) };
        if is_only_waiting(&standing)? {
            // Its confirmations moved on, which an open checkout page shows.
            self.show(id);
            return Ok(None);
        }
        let mut assurance = quorum.source.assurance();
        if standing.rests_on_balances {
            assurance = assurance.min(quorum.source.balances_assurance());
        }
        let may_be_paid = self.may_be_paid_on(assurance, &standing.payment);
        Ok(Some(Moving {
            standing,
            may_be_paid,
        }))
    }

    async fn move_on(&self, id: PaymentId, agreed: AgreedBlocks) -> Result<(), EngineError> {
        let now = self.clock.now();
        self.database
            .write(move |txn| apply(txn, id, &agreed, now))
            .await?;
        self.announce([id]);
        Ok(())
    }
}

/// A payment whose money was counted, or why it could not be.
struct Counted {
    id: PaymentId,
    number: PaymentNumber,
    standing: Result<Option<Standing>, EngineError>,
}

fn counted(txn: &Txn<'_>, payment: Payment) -> Counted {
    Counted {
        id: payment.id,
        number: payment.number.clone(),
        standing: lifecycle::standing(txn, payment),
    }
}

/// A payment that something follows for.
struct Moving {
    standing: Standing,
    /// Whether its providers' word may make it paid at all.
    may_be_paid: bool,
}

impl Moving {
    /// The blocks that have to be agreed on for it to become paid; none where it would not.
    fn evidence(&self) -> impl Iterator<Item = &BlockName> {
        let is_settled = || matching::funds(&self.standing.payment, &self.standing.progress).is_settled();
        let asked = (self.may_be_paid && is_settled()).then_some(&self.standing.evidence);
        asked.into_iter().flatten()
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

    /// Asks about all that these payments stand on, several blocks at a time.
    async fn ask_about<'m>(&mut self, moving: impl Iterator<Item = &'m Moving>) {
        // Whether the block holds money: only then has it to be final too.
        let mut wanted: BTreeMap<BlockName, bool> = BTreeMap::new();
        for of in moving {
            for block in of.evidence() {
                let holds_money = of.standing.holding.contains(block);
                let (agreed, is_final) = (self.answers.get(block), self.finals.get(block));
                let is_known =
                    agreed == Some(&false) || (agreed.is_some() && (!holds_money || is_final.is_some()));
                if !is_known {
                    *wanted.entry(block.clone()).or_default() |= holds_money;
                }
            }
        }
        if self.failure.is_some() {
            return;
        }
        let (source, known) = (self.source, self.answers.clone());
        let mut asking = stream::iter(wanted)
            .map(|(block, holds_money)| {
                let known = known.get(&block).copied();
                async move {
                    let answer = ask(source, &block, known, holds_money).await;
                    (block, answer)
                }
                .boxed()
            })
            .buffer_unordered(ASKED_AT_ONCE);
        while let Some((block, answer)) = asking.next().await {
            match answer {
                Ok(Answer { is_agreed, is_final }) => {
                    self.finals
                        .extend(is_final.map(|is_final| (block.clone(), is_final)));
                    self.answers.insert(block, is_agreed);
                }
                Err(error) => {
                    self.failure = Some(error);
                    return;
                }
            }
        }
    }

    /// The blocks of a payment's settled money that are agreed on, by what was answered.
    fn agreed_blocks(&mut self, moving: &Moving) -> AgreedBlocks {
        let mut agreed = AgreedBlocks::new();
        for block in moving.evidence() {
            let holds_money = moving.standing.holding.contains(block);
            let is_final = !holds_money || self.finals.get(block) == Some(&true);
            if self.answers.get(block) == Some(&true) && is_final {
                agreed.insert(block.clone());
            } else if Network::confirmations_at(block.0, moving.standing.tip) > self.final_depth {
                self.waits_for = Some(block.0);
            }
        }
        agreed
    }
}

/// What the providers say of a block.
struct Answer {
    is_agreed: bool,
    /// Whether they say that it stays, where that was asked.
    is_final: Option<bool>,
}

/// Asks whether the providers agree on a block, unless that is `known`, and whether it is final where it holds money.
async fn ask(
    source: &dyn ChainSource,
    block: &BlockName,
    known: Option<bool>,
    holds_money: bool,
) -> Result<Answer, ChainError> {
    let (height, hash) = (block.0, &*block.1);
    let is_agreed = match known {
        Some(known) => known,
        None => source.agrees(height, hash).await?,
    };
    if !is_agreed {
        metrics::counter!("payd_disagreements_total").increment(1);
        tracing::warn!(
            height, %hash,
            "the providers disagree on this block: nothing in it becomes paid until they agree"
        );
    }
    let is_final = match is_agreed && holds_money {
        true => Some(source.is_final(height, hash).await?),
        false => None,
    };
    if is_final == Some(false) {
        tracing::debug!(height, %hash, "this block is not final yet");
    }
    Ok(Answer { is_agreed, is_final })
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
    intake::step_in(txn, &payment)?;
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
    let (mut waits, mut is_written) = (false, false);
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
        is_written = true;
    }
    if had_enough && matching::is_taken_back(&payment, &payment.progress) {
        metrics::counter!("payd_paid_then_reorged_total").increment(1);
        tracing::error!(
            payment = %payment.number, network = %payment.chosen()?.network,
            "a reorganisation took back money that had settled: the order may have been fulfilled unpaid"
        );
        lifecycle::record(txn, &payment, EventKind::Reorged, confirmations, now)?;
    }
    if !is_written {
        payments::update(txn, &payment)?;
    }
    // Once it is paid, what still waits for a block is no longer added.
    let has_become_paid = payment.confirmed_at == Some(now) && payment.status == Status::Paid;
    if waits || (has_become_paid && payment.progress.seen > payment.progress.settled) {
        payments::mark_for_settling(txn, id)?;
    }
    Ok(())
}
