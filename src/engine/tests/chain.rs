//! A chain that does what a test says: blocks, transfers, reorganisations, lag, failure.

use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::ambient::SimulatedClock;
use crate::chain::{Assurance, Blocks, ChainError, ChainSource, Header, Mempool, ProviderReport, WatchSet};
use crate::domain::address::Address;
use crate::domain::asset::Currency;
use crate::domain::money::BaseUnits;
use crate::domain::network::Family;
use crate::domain::time::UnixMillis;
use crate::domain::transfer::{BlockRef, SeenTransfer, UnconfirmedTransfer};

/// What happens once, just before a call is answered.
pub type Deed = Box<dyn FnOnce() -> BoxFuture<'static, ()> + Send>;

#[derive(Default)]
struct Chain {
    blocks: Vec<(Header, Vec<SeenTransfer>)>,
    branch: u32,
    is_down: bool,
    disagrees: bool,
    agreed_up_to: Option<u64>,
    range_max: u64,
    rests_on_one: bool,
    mempool: Vec<Paid>,
    mempool_fails: bool,
    mempool_looks_at: Option<Vec<Arc<str>>>,
    /// What no reading shows: native coin that came to an address (or left it), by height.
    unseen: Vec<(u64, Arc<str>, i128)>,
    says_balances: bool,
    balances_rest_on_one: bool,
    state_from: u64,
    balance_calls: u64,
    /// A balance takes for ever, and this is the clock by which it does.
    balances_hang: Option<Arc<SimulatedClock>>,
    /// Transactions that the first reading leaves out.
    left_out: Vec<String>,
    /// Transactions that the second reading leaves out, and transfers that it makes up.
    left_out_again: Vec<String>,
    made_up_again: Vec<SeenTransfer>,
    has_second: bool,
    second_reads_from: u64,
    proves: bool,
    looked_again: Vec<u64>,
    /// Nobody can be asked whether the providers agree.
    is_disunited: bool,
    /// The heights that were asked about, whether the providers agree on them.
    voted_on: Vec<u64>,
    before_tip: Option<Deed>,
    before_read: Option<Deed>,
}

/// A scripted chain; clones share it.
#[derive(Clone)]
pub struct ScriptedChain(Arc<Mutex<Chain>>);

/// A transfer to put into a block.
#[derive(Clone)]
pub struct Paid {
    pub txid: String,
    pub position: u32,
    pub currency: &'static str,
    pub address: Arc<str>,
    pub amount: u128,
}

impl ScriptedChain {
    pub fn new(genesis: UnixMillis) -> Self {
        let chain = Self(Arc::new(Mutex::new(Chain {
            range_max: 100,
            ..Chain::default()
        })));
        chain.mine(genesis, &[]);
        chain
    }

    /// Adds a block made at `time`.
    pub fn mine(&self, time: UnixMillis, paid: &[Paid]) {
        let mut chain = self.0.lock().unwrap();
        let height = chain.blocks.len() as u64;
        let parent_hash = chain
            .blocks
            .last()
            .map_or("none".into(), |(header, _)| header.block.hash.clone());
        let block = BlockRef {
            height,
            hash: format!("{height}/{}", chain.branch).into(),
            time,
        };
        let transfers = paid.iter().map(|paid| SeenTransfer {
            txid: paid.txid.as_str().into(),
            position: paid.position,
            currency: Currency::parse(paid.currency).unwrap(),
            address: paid.address.clone(),
            amount: BaseUnits::new(paid.amount),
            block: block.clone(),
        });
        let transfers = transfers.collect();
        chain.blocks.push((Header { block, parent_hash }, transfers));
    }

    /// Takes the last `depth` blocks off; what is mined next is another branch.
    pub fn roll_back(&self, depth: usize) {
        let mut chain = self.0.lock().unwrap();
        let kept = chain.blocks.len() - depth;
        chain.blocks.truncate(kept);
        chain.unseen.retain(|(height, ..)| (*height as usize) < kept);
        chain.branch += 1;
    }

    pub fn set_down(&self, is_down: bool) {
        self.0.lock().unwrap().is_down = is_down;
    }

    pub fn set_disagreeing(&self, disagrees: bool) {
        self.0.lock().unwrap().disagrees = disagrees;
    }

    /// Has the providers fail where they are asked whether they agree.
    pub fn set_disunited(&self, is_disunited: bool) {
        self.0.lock().unwrap().is_disunited = is_disunited;
    }

    /// The heights about which it was asked whether the providers agree.
    pub fn voted_on(&self) -> Vec<u64> {
        self.0.lock().unwrap().voted_on.clone()
    }

    /// Has something happen while the tip is asked for, once.
    pub fn before_tip(&self, deed: Deed) {
        self.0.lock().unwrap().before_tip = Some(deed);
    }

    /// Has something happen just before blocks are read, once.
    pub fn before_read(&self, deed: Deed) {
        self.0.lock().unwrap().before_read = Some(deed);
    }

    /// The other providers know nothing above this height.
    pub fn set_agreed_up_to(&self, height: Option<u64>) {
        self.0.lock().unwrap().agreed_up_to = height;
    }

    pub fn height(&self) -> u64 {
        self.0.lock().unwrap().blocks.len() as u64 - 1
    }

    /// Has its providers say balances, of blocks from `state_from` on.
    pub fn set_saying_balances(&self, says: bool, state_from: u64) {
        let mut chain = self.0.lock().unwrap();
        (chain.says_balances, chain.state_from) = (says, state_from);
    }

    /// One provider says balances, not two.
    pub fn set_balances_resting_on_one(&self, rest_on_one: bool) {
        self.0.lock().unwrap().balances_rest_on_one = rest_on_one;
    }

    /// Native coin that comes to an address in the next block, or leaves it, without any reading to show it.
    pub fn move_unseen(&self, address: &Arc<str>, units: i128) {
        let mut chain = self.0.lock().unwrap();
        let height = chain.blocks.len() as u64;
        chain.unseen.push((height, Arc::clone(address), units));
    }

    /// Balances take for ever, or no longer.
    pub fn set_balances_hanging(&self, by_clock: Option<Arc<SimulatedClock>>) {
        self.0.lock().unwrap().balances_hang = by_clock;
    }

    /// How often balances were asked for.
    pub fn balance_calls(&self) -> u64 {
        self.0.lock().unwrap().balance_calls
    }

    /// Has the first reading leave a transaction out, or no longer.
    pub fn leave_out(&self, txids: &[&str]) {
        self.0.lock().unwrap().left_out = txids.iter().map(|txid| (*txid).to_owned()).collect();
    }

    /// There is a second provider, who leaves these transactions out and makes up those transfers.
    pub fn set_second(&self, leaves_out: &[&str], makes_up: &[SeenTransfer]) {
        let mut chain = self.0.lock().unwrap();
        chain.has_second = true;
        chain.left_out_again = leaves_out.iter().map(|txid| (*txid).to_owned()).collect();
        chain.made_up_again = makes_up.to_vec();
    }

    /// The second provider serves nothing below this height.
    pub fn set_second_reading_from(&self, height: u64) {
        self.0.lock().unwrap().second_reads_from = height;
    }

    /// What it says of a block is proven from that block's header.
    pub fn set_proving(&self, proves: bool) {
        self.0.lock().unwrap().proves = proves;
    }

    /// The heights that were read a second time.
    pub fn looked_again(&self) -> Vec<u64> {
        self.0.lock().unwrap().looked_again.clone()
    }

    /// A block as it is now.
    pub fn block(&self, height: u64) -> BlockRef {
        self.0.lock().unwrap().blocks[height as usize].0.block.clone()
    }

    /// What it says rests on one provider's word.
    pub fn set_resting_on_one(&self, rests_on_one: bool) {
        self.0.lock().unwrap().rests_on_one = rests_on_one;
    }

    /// What waits for a block.
    pub fn set_mempool(&self, paid: &[Paid]) {
        self.0.lock().unwrap().mempool = paid.to_vec();
    }

    pub fn set_mempool_failing(&self, fails: bool) {
        self.0.lock().unwrap().mempool_fails = fails;
    }

    /// Looks at the mempool are at these addresses only, or at all.
    pub fn set_mempool_looks_at(&self, addresses: Option<Vec<Arc<str>>>) {
        self.0.lock().unwrap().mempool_looks_at = addresses;
    }

    pub fn set_range_max(&self, range_max: u64) {
        self.0.lock().unwrap().range_max = range_max;
    }

    async fn let_happen(&self, deed: impl FnOnce(&mut Chain) -> Option<Deed>) {
        let deed = deed(&mut self.0.lock().unwrap());
        if let Some(deed) = deed {
            deed().await;
        }
    }

    fn with<T>(&self, look: impl FnOnce(&Chain) -> Option<T>) -> Result<T, ChainError> {
        let chain = self.0.lock().unwrap();
        if chain.is_down {
            return Err(unavailable("down"));
        }
        look(&chain).ok_or(ChainError::NotThere {
            network: "bsc".to_owned(),
            height: 0,
        })
    }
}

fn unavailable(reason: &str) -> ChainError {
    ChainError::Unavailable {
        network: "bsc".to_owned(),
        reasons: reason.to_owned(),
    }
}

impl ChainSource for ScriptedChain {
    fn tip(&self) -> BoxFuture<'_, Result<BlockRef, ChainError>> {
        Box::pin(async {
            self.let_happen(|chain| chain.before_tip.take()).await;
            self.with(|chain| Some(chain.blocks.last()?.0.block.clone()))
        })
    }

    fn header(&self, height: u64) -> BoxFuture<'_, Result<Header, ChainError>> {
        Box::pin(async move { self.with(|chain| Some(chain.blocks.get(height as usize)?.0.clone())) })
    }

    fn read<'a>(
        &'a self,
        heights: RangeInclusive<u64>,
        watched: &'a WatchSet,
    ) -> BoxFuture<'a, Result<Blocks, ChainError>> {
        Box::pin(async move {
            self.let_happen(|chain| chain.before_read.take()).await;
            self.with(|chain| {
                let blocks = chain
                    .blocks
                    .get(*heights.start() as usize..=*heights.end() as usize)?;
                let is_watched = |seen: &&SeenTransfer| {
                    let address = Address::parse(Family::Evm { chain_id: 56 }, &seen.address).unwrap();
                    watched.get(address.payload()).is_some()
                };
                Some(Blocks {
                    headers: blocks.iter().map(|(header, _)| header.clone()).collect(),
                    transfers: blocks
                        .iter()
                        .flat_map(|(_, seen)| seen)
                        .filter(is_watched)
                        .filter(|seen| !chain.left_out.iter().any(|txid| **txid == *seen.txid))
                        .cloned()
                        .collect(),
                })
            })
        })
    }

    fn read_again<'a>(
        &'a self,
        heights: RangeInclusive<u64>,
        watched: &'a WatchSet,
    ) -> BoxFuture<'a, Result<Option<Blocks>, ChainError>> {
        Box::pin(async move {
            let (has_second, first_leaves_out) = {
                let mut chain = self.0.lock().unwrap();
                if *heights.start() < chain.second_reads_from {
                    return Err(unavailable("too old"));
                }
                if chain.has_second {
                    chain.looked_again.extend(heights.clone());
                }
                (chain.has_second, std::mem::take(&mut chain.left_out))
            };
            let read = self.read(heights.clone(), watched).await;
            let mut chain = self.0.lock().unwrap();
            chain.left_out = first_leaves_out;
            let mut read = read?;
            read.transfers
                .retain(|seen| !chain.left_out_again.iter().any(|txid| **txid == *seen.txid));
            let made_up = chain.made_up_again.iter();
            read.transfers.extend(
                made_up
                    .filter(|seen| heights.contains(&seen.block.height))
                    .cloned(),
            );
            Ok(has_second.then_some(read))
        })
    }

    fn balances<'a>(
        &'a self,
        at: &'a BlockRef,
        asked: &'a [(Address, Currency)],
    ) -> BoxFuture<'a, Result<Option<Vec<BaseUnits>>, ChainError>> {
        Box::pin(async move {
            let hangs = {
                let mut chain = self.0.lock().unwrap();
                chain.balance_calls += 1;
                chain.balances_hang.clone()
            };
            if let Some(clock) = hangs {
                clock.advance(Duration::from_secs(3600));
                return std::future::pending().await;
            }
            self.with(|chain| {
                if !chain.says_balances || at.height < chain.state_from {
                    return Some(None);
                }
                let is_there = |(header, _): &&(Header, _)| header.block == *at;
                chain.blocks.get(at.height as usize).filter(is_there)?;
                let held = asked.iter().map(|(address, currency)| {
                    let blocks = chain.blocks[..=at.height as usize].iter();
                    let seen = blocks
                        .flat_map(|(_, seen)| seen)
                        .filter(|seen| seen.address == *address.text() && seen.currency == *currency)
                        .map(|seen| seen.amount.get() as i128);
                    let unseen = chain.unseen.iter().filter(|(height, to, _)| {
                        *height <= at.height && to == address.text() && currency.is_native()
                    });
                    let sum: i128 = seen.chain(unseen.map(|(.., units)| *units)).sum();
                    BaseUnits::new(sum.try_into().unwrap())
                });
                Some(Some(held.collect()))
            })
        })
    }

    fn balances_assurance(&self) -> Assurance {
        match self.0.lock().unwrap().balances_rest_on_one {
            true => Assurance::OneProvider,
            false => Assurance::TwoProviders,
        }
    }

    fn range_max(&self) -> u64 {
        self.0.lock().unwrap().range_max
    }

    fn agrees<'a>(&'a self, height: u64, hash: &'a str) -> BoxFuture<'a, Result<bool, ChainError>> {
        Box::pin(async move {
            self.0.lock().unwrap().voted_on.push(height);
            if self.0.lock().unwrap().is_disunited {
                return Err(unavailable("the second provider is throttled"));
            }
            self.with(|chain| {
                Some(
                    !chain.disagrees
                        && chain.agreed_up_to.is_none_or(|max| height <= max)
                        && &*chain.blocks.get(height as usize)?.0.block.hash == hash,
                )
            })
        })
    }

    fn unconfirmed<'a>(
        &'a self,
        expected: &'a WatchSet,
    ) -> BoxFuture<'a, Result<Option<Mempool>, ChainError>> {
        Box::pin(async move {
            self.with(|chain| {
                let is_looked_at = |address: &Arc<str>| match &chain.mempool_looks_at {
                    Some(only) => only.contains(address),
                    None => true,
                };
                let looked_at = expected.texts().filter(|text| is_looked_at(text)).collect();
                let transfers = chain.mempool.iter().filter(|paid| is_looked_at(&paid.address));
                let transfers = transfers.map(|paid| UnconfirmedTransfer {
                    txid: paid.txid.as_str().into(),
                    position: paid.position,
                    currency: Currency::parse(paid.currency).unwrap(),
                    address: Arc::clone(&paid.address),
                    amount: BaseUnits::new(paid.amount),
                });
                (!chain.mempool_fails).then(|| {
                    Some(Mempool {
                        transfers: transfers.collect(),
                        looked_at,
                    })
                })
            })
        })
    }

    fn assurance(&self) -> Assurance {
        let chain = self.0.lock().unwrap();
        match (chain.proves, chain.rests_on_one) {
            (true, _) => Assurance::Proven,
            (false, true) => Assurance::OneProvider,
            (false, false) => Assurance::TwoProviders,
        }
    }

    fn probe(&self) -> BoxFuture<'_, Vec<ProviderReport>> {
        Box::pin(async { Vec::new() })
    }
}
