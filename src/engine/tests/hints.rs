//! A source that says by itself that there is something new.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use super::chain::ScriptedChain;
use super::rig::{Rig, scanner};
use crate::chain::{Assurance, Blocks, ChainError, ChainSource, Header, ProviderReport, WatchSet};
use crate::domain::network::{Mode, NetworkId};
use crate::domain::shop::Rules;
use crate::domain::transfer::BlockRef;
use crate::store::{Txn, payments};

/// A chain that gives hints, and counts how often it is looked at and waited for.
struct Hinting {
    chain: ScriptedChain,
    hint: Notify,
    waits: AtomicUsize,
    looks: watch::Sender<usize>,
}

impl ChainSource for Hinting {
    fn tip(&self) -> BoxFuture<'_, Result<BlockRef, ChainError>> {
        self.looks.send_modify(|looks| *looks += 1);
        self.chain.tip()
    }

    fn header(&self, height: u64) -> BoxFuture<'_, Result<Header, ChainError>> {
        self.chain.header(height)
    }

    fn read<'a>(
        &'a self,
        heights: RangeInclusive<u64>,
        watched: &'a WatchSet,
    ) -> BoxFuture<'a, Result<Blocks, ChainError>> {
        self.chain.read(heights, watched)
    }

    fn range_max(&self) -> u64 {
        self.chain.range_max()
    }

    fn agrees<'a>(&'a self, height: u64, hash: &'a str) -> BoxFuture<'a, Result<bool, ChainError>> {
        self.chain.agrees(height, hash)
    }

    fn assurance(&self) -> Assurance {
        Assurance::TwoProviders
    }

    fn hint(&self) -> BoxFuture<'_, ()> {
        self.waits.fetch_add(1, Ordering::SeqCst);
        Box::pin(self.hint.notified())
    }

    fn probe(&self) -> BoxFuture<'_, Vec<ProviderReport>> {
        self.chain.probe()
    }
}

struct Running {
    rig: Rig,
    source: Arc<Hinting>,
    looks: watch::Receiver<usize>,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

/// A scanner that runs over a chain that is `down`, or not.
async fn running(down: bool) -> Running {
    let rig = Rig::new(1, Rules::default()).await;
    rig.create().await;
    rig.chain.set_down(down);
    let (send, looks) = watch::channel(0);
    let source = Arc::new(Hinting {
        chain: rig.chain.clone(),
        hint: Notify::new(),
        waits: AtomicUsize::new(0),
        looks: send,
    });
    let stop = CancellationToken::new();
    let scanner = scanner(&rig.engine, Mode::Live, source.clone());
    let task = tokio::spawn(scanner.run(stop.clone()));
    Running {
        rig,
        source,
        looks,
        stop,
        task,
    }
}

impl Running {
    fn waits(&self) -> usize {
        self.source.waits.load(Ordering::SeqCst)
    }

    /// Waits until the chain was looked at so often.
    async fn looked(&mut self, times: usize) {
        let limit = Duration::from_secs(60);
        let looked = self.looks.wait_for(|looks| *looks >= times);
        tokio::time::timeout(limit, looked).await.unwrap().unwrap();
    }

    async fn end(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }
}

#[tokio::test]
async fn a_hint_ends_the_pause_but_one_after_another_not_before_its_floor() {
    let mut running = running(false).await;
    running.looked(1).await;
    // After a look by the clock, the first is followed at once.
    running.source.hint.notify_one();
    running.looked(2).await;
    let waits = running.waits();
    running.source.hint.notify_one();
    for _ in 0..50 {
        let network = NetworkId::parse("bsc").unwrap();
        let asked = move |txn: &Txn<'_>| payments::any_open(txn, &network);
        assert!(running.rig.engine.database.read(asked).await.unwrap());
    }
    assert_eq!(*running.looks.borrow(), 2);
    assert_eq!(running.waits(), waits, "time has not passed");
    for _ in 0..10_000 {
        if running.waits() > waits {
            break;
        }
        running.rig.clock.advance(Duration::from_millis(50));
        tokio::task::yield_now().await;
    }
    assert_eq!(running.waits(), waits + 1);
    // And no more time passes.
    running.looked(3).await;
    running.end().await;
}

#[tokio::test]
async fn a_hint_does_not_get_round_the_back_off() {
    let mut running = running(true).await;
    running.source.hint.notify_one();
    for failures in 1..6 {
        running.looked(failures).await;
        while *running.looks.borrow() == failures {
            running.rig.clock.advance(Duration::from_millis(50));
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(running.waits(), 0);
    running.end().await;
}

#[tokio::test]
async fn a_payment_wakes_scanners_only_while_that_of_its_network_rests() {
    let rig = Rig::new(3, Rules::default()).await;
    let scanning = Arc::clone(&rig.engine.scanning);
    let mut woken = std::pin::pin!(scanning.notified());
    rig.gateway.create(&rig.caller, rig.request()).await.unwrap();
    assert!(futures_util::poll!(woken.as_mut()).is_pending());
    rig.engine.resting().insert(NetworkId::parse("bsc").unwrap());
    rig.gateway.create(&rig.caller, rig.request()).await.unwrap();
    assert!(futures_util::poll!(woken.as_mut()).is_ready());
}
