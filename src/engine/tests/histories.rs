//! Whatever a chain does, and in whatever order: money is recorded once, counted once, and settled only by its depth.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::chain::Paid;
use super::rig::{CONFIRMATIONS, Rig};
use crate::domain::money::BaseUnits;
use crate::domain::payment::Progress;
use crate::domain::shop::Rules;
use crate::domain::status::Status;
use crate::domain::transfer::Judgement;
use crate::domain::wallet::Way;
use crate::engine::gateway::PaymentView;
use crate::store::StoreError;
use crate::store::figures;
use crate::store::received::{self, Received};

/// Transfers that can be made.
const MONEY: usize = 6;
/// Looks after which money that is missing from the mempool is given up.
const LOOKS: usize = 3;

/// What happens. Bits say which of the transfers.
#[derive(Debug, Clone)]
enum Step {
    /// The node's mempool holds these.
    Mempool(u8),
    MempoolFails(bool),
    Mine(u8),
    /// So many blocks are replaced by as many, or one more, that hold these.
    Reorg {
        depth: usize,
        longer: bool,
        blocks: [u8; 4],
    },
    Round,
    CatchUp,
    Restart,
    RangeMax(u64),
    Disagree(bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => any::<u8>().prop_map(Step::Mempool),
        1 => any::<bool>().prop_map(Step::MempoolFails),
        4 => prop_oneof![Just(0), any::<u8>()].prop_map(Step::Mine),
        3 => (1..4_usize, any::<bool>(), any::<[u8; 4]>())
            .prop_map(|(depth, longer, blocks)| Step::Reorg { depth, longer, blocks }),
        3 => Just(Step::Round),
        4 => Just(Step::CatchUp),
        1 => Just(Step::Restart),
        1 => prop_oneof![Just(1), Just(100)].prop_map(Step::RangeMax),
        1 => any::<bool>().prop_map(Step::Disagree),
    ]
}

/// A rig, and what is true of its chain.
struct World {
    rig: Rig,
    payments: Vec<PaymentView>,
    money: Vec<Paid>,
    blocks: Vec<BTreeSet<usize>>,
    mempool: BTreeSet<usize>,
    /// What the mempool held, latest last; looks that failed left none.
    looked: Vec<BTreeSet<usize>>,
    looks_fail: bool,
    paid: BTreeSet<usize>,
}

impl World {
    async fn new(way: Way) -> Self {
        let mut rig = match way {
            Way::Shared => Rig::shared(99, Rules::default()).await,
            Way::Pool | Way::Xpub => Rig::new(2, Rules::default()).await,
        };
        // Deep enough for any reorganisation.
        rig.mine_empty(10);
        rig.catch_up().await;
        let payments = vec![rig.create().await, rig.create().await];
        let mut money = Vec::new();
        for (payment, parts) in payments.iter().zip([2, 1]) {
            let due = payment.payment.chosen().unwrap().due.get();
            let part = if way == Way::Shared { due } else { due / parts };
            let first = rig.pay(payment, part);
            // Another output of the same transaction.
            let second = Paid {
                position: 1,
                ..first.clone()
            };
            money.extend([first, second, rig.pay(payment, due)]);
        }
        assert_eq!(money.len(), MONEY);
        let blocks = vec![BTreeSet::new(); rig.chain.height() as usize + 1];
        Self {
            rig,
            payments,
            money,
            blocks,
            mempool: BTreeSet::new(),
            looked: Vec::new(),
            looks_fail: false,
            paid: BTreeSet::new(),
        }
    }

    fn chosen(bits: u8) -> impl Iterator<Item = usize> {
        (0..MONEY).filter(move |index| bits & (1 << index) != 0)
    }

    fn mine(&mut self, bits: u8) {
        let mined: BTreeSet<usize> = self.blocks.iter().flatten().copied().collect();
        let held: BTreeSet<usize> = Self::chosen(bits)
            .filter(|index| !mined.contains(index))
            .collect();
        let paid: Vec<Paid> = held.iter().map(|index| self.money[*index].clone()).collect();
        self.rig.mine(&paid);
        self.blocks.push(held);
    }

    async fn round(&mut self) {
        if !self.looks_fail {
            self.looked.push(self.mempool.clone());
        }
        self.rig.round().await.unwrap();
        self.check_paid().await;
    }

    async fn catch_up(&mut self) {
        // The longest branch is read block by block.
        for _ in 0..20 {
            self.round().await;
        }
        self.check().await;
    }

    async fn take(&mut self, step: Step) {
        match step {
            Step::Mempool(bits) => {
                self.mempool = Self::chosen(bits).collect();
                let held: Vec<Paid> = self
                    .mempool
                    .iter()
                    .map(|index| self.money[*index].clone())
                    .collect();
                self.rig.chain.set_mempool(&held);
            }
            Step::MempoolFails(fails) => {
                self.looks_fail = fails;
                self.rig.chain.set_mempool_failing(fails);
            }
            Step::Mine(bits) => self.mine(bits),
            Step::Reorg {
                depth,
                longer,
                blocks,
            } => {
                self.rig.chain.roll_back(depth);
                self.blocks.truncate(self.blocks.len() - depth);
                for bits in blocks.into_iter().take(depth + usize::from(longer)) {
                    self.mine(bits);
                }
            }
            Step::Round => self.round().await,
            Step::CatchUp => self.catch_up().await,
            Step::Restart => self.rig.restart().await,
            Step::RangeMax(range_max) => self.rig.chain.set_range_max(range_max),
            Step::Disagree(disagrees) => self.rig.chain.set_disagreeing(disagrees),
        }
    }

    fn sum_to(&self, payment: usize, of: impl IntoIterator<Item = usize>) -> u128 {
        let of: BTreeSet<usize> = of.into_iter().collect();
        let half = MONEY / 2;
        let own = of.into_iter().filter(|index| index / half == payment);
        own.map(|index| self.money[index].amount).sum()
    }

    fn deep(&self) -> impl Iterator<Item = usize> {
        let count = (self.blocks.len() + 1).saturating_sub(CONFIRMATIONS as usize);
        self.blocks[..count].iter().flatten().copied()
    }

    /// Who has just become paid has what it needs, deep enough.
    async fn check_paid(&mut self) {
        for index in 0..self.payments.len() {
            let now = self.rig.now(&self.payments[index]).await.payment;
            if now.status == Status::Paid && self.paid.insert(index) {
                assert!(self.sum_to(index, self.deep()) >= now.chosen().unwrap().required.get());
            }
        }
    }

    /// With the chain read to its end.
    async fn check(&self) {
        let recorded = self.rig.engine.database.read(|txn| {
            let sql =
                "SELECT txid, position, height, COUNT(*) FROM transfers WHERE orphaned = 0 GROUP BY 1, 2";
            let mut statement = txn.raw().prepare(sql)?;
            let rows = statement.query_map([], |row| {
                Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?)))
            })?;
            Ok::<_, StoreError>(rows.collect::<Result<BTreeMap<(String, u32), (u32, u32)>, _>>()?)
        });
        let mined = self.blocks.iter().enumerate();
        let mined = mined.flat_map(|(height, held)| held.iter().map(move |index| (height, *index)));
        let mined: BTreeMap<(String, u32), (u32, u32)> = mined
            .map(|(height, index)| {
                let paid = &self.money[index];
                ((paid.txid.clone(), paid.position), (height as u32, 1))
            })
            .collect();
        assert_eq!(recorded.await.unwrap(), mined, "each that is on the chain, once");
        self.check_sums().await;
        let all_mined: BTreeSet<usize> = self.blocks.iter().flatten().copied().collect();
        let lately: BTreeSet<usize> = self.looked.iter().rev().take(LOOKS).flatten().copied().collect();
        for (index, payment) in self.payments.iter().enumerate() {
            let transfers = self.rig.transfers(payment).await;
            let counted = transfers
                .iter()
                .filter(|transfer| !transfer.orphaned && transfer.judgement == Judgement::Counted);
            let counted: u128 = counted.map(|transfer| transfer.seen.amount.get()).sum();
            let now = self.rig.now(payment).await.payment;
            let seen = now.progress.seen.get();
            assert!(
                counted <= seen,
                "{seen} of {counted} counted are seen by {:?}",
                now.status
            );
            let known = all_mined.iter().chain(&lately).copied();
            assert!(
                seen <= self.sum_to(index, known),
                "{seen} are seen by {:?}",
                now.status
            );
            assert!(
                now.progress.settled <= BaseUnits::new(self.sum_to(index, self.deep())),
                "{:?}",
                now.status
            );
            if now.chosen().unwrap().way == Way::Shared {
                assert!(
                    counted <= now.chosen().unwrap().due.get(),
                    "one transfer pays one payment"
                );
            }
        }
    }

    /// The sums are those of what the payments have received, and of nothing else.
    async fn check_sums(&self) {
        let mut progress = Vec::new();
        for payment in &self.payments {
            progress.push(self.rig.now(payment).await.payment.progress);
        }
        let shop = self.rig.caller.shop.id;
        let sums = self.rig.engine.database.read(move |txn| {
            figures::tests::are_right(txn);
            received::of_shop(txn, shop)
        });
        let sums = sums.await.unwrap();
        let sum = |of: fn(&Received) -> BaseUnits| sums.iter().map(|sum| of(sum).get()).sum::<u128>();
        let all = |of: fn(&Progress) -> BaseUnits| progress.iter().map(|one| of(one).get()).sum::<u128>();
        assert_eq!(sum(|sum| sum.seen), all(|one| one.seen));
        assert_eq!(sum(|sum| sum.settled), all(|one| one.settled));
    }

    /// Once all is quiet, what counts is what the chain holds.
    async fn settle_down(mut self) {
        for step in [
            Step::Mempool(0),
            Step::MempoolFails(false),
            Step::Disagree(false),
            Step::CatchUp,
        ] {
            self.take(step).await;
        }
        for _ in 0..CONFIRMATIONS {
            self.mine(0);
        }
        self.catch_up().await;
        let all_mined: Vec<usize> = self.blocks.iter().flatten().copied().collect();
        for (index, payment) in self.payments.iter().enumerate() {
            let now = self.rig.now(payment).await.payment;
            let has_enough =
                self.sum_to(index, all_mined.iter().copied()) >= now.chosen().unwrap().required.get();
            let transfers = self.rig.transfers(payment).await;
            let counted = transfers
                .iter()
                .filter(|transfer| !transfer.orphaned && transfer.judgement == Judgement::Counted)
                .map(|transfer| transfer.seen.amount.get());
            assert_eq!(counted.sum::<u128>(), now.progress.seen.get());
            // The same amount again at a shared address stays a person's to judge, also when the first is gone.
            let is_owed = has_enough && now.chosen().unwrap().way != Way::Shared;
            assert!(!is_owed || now.status == Status::Paid, "{:?}", now.status);
            assert!(now.status == Status::Paid || now.progress.seen < now.chosen().unwrap().required);
        }
    }
}

fn live_through(way: Way, steps: Vec<Step>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(async {
        let mut world = World::new(way).await;
        for step in steps {
            world.take(step).await;
        }
        world.settle_down().await;
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn money_is_recorded_and_counted_once_at_an_address_of_its_own(steps in prop::collection::vec(step(), 1..16)) {
        live_through(Way::Pool, steps);
    }

    #[test]
    fn money_is_recorded_and_counted_once_at_a_shared_address(steps in prop::collection::vec(step(), 1..16)) {
        live_through(Way::Shared, steps);
    }
}
