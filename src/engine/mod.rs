//! The use cases. Everything that changes a payment happens here, and nowhere else.
//!
//! Knows no HTTP and no SQL: it decides, inside transactions that the store runs.

mod allocate;
pub mod audit;
mod balance;
pub mod capacity;
mod children;
pub mod choose;
mod create;
pub mod expire;
pub mod gateway;
pub mod health;
pub mod inbox;
mod intake;
mod known;
mod lifecycle;
mod mempool;
pub mod notices;
pub mod office;
mod place;
pub mod queue;
pub mod quote;
mod reorg;
pub mod retention;
pub mod scan;
mod second_look;
pub mod settle;
pub mod simulate;
#[cfg(test)]
pub mod stage;
#[cfg(test)]
mod tests;
mod vote;
pub mod wallets;
mod watch;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, broadcast};

use crate::ambient::{Clock, NoRandomness, Random};
use crate::chain::ChainError;
use crate::chain::accounts::AccountError;
use crate::domain::asset::{Currency, Registry};
use crate::domain::ids::PaymentId;
use crate::domain::matching::Overflow;
use crate::domain::network::NetworkId;
use crate::domain::payment::{NotChosen, Payment};
use crate::domain::status::IllegalTransition;
use crate::store::{Database, StoreError};

/// What every use case works with.
pub struct Engine {
    /// Where the truth is.
    pub database: Database,
    /// The networks and assets there are.
    pub registry: Arc<Registry>,
    /// What somebody watches: networks that are read, and their assets that are looked for. In nothing else may a
    /// payment be made: nobody would see its money.
    pub watched: BTreeSet<(NetworkId, Currency)>,
    /// Exchange rates.
    pub rates: quote::Rates,
    /// The most that a payment may be worth, in US cents, to become paid on one provider's word.
    pub one_provider_max_cents: u64,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for tokens.
    pub random: Arc<dyn Random>,
    /// How each network is doing.
    pub health: health::Health,
    /// Wakes the outbox: there may be something to send.
    pub deliveries: Arc<Notify>,
    /// Wakes the scanners: a payment was made, or a simulated chain was told something.
    pub scanning: Arc<Notify>,
    /// Wakes whoever sends notices.
    pub notices: Arc<Notify>,
    /// The networks whose scanners rest because there is nothing to see.
    resting: Mutex<BTreeSet<NetworkId>>,
    children: children::Children,
    known_keys: known::KnownKeys,
    low_pools: Mutex<capacity::LowPools>,
    changes: broadcast::Sender<PaymentId>,
}

/// What [`Engine::one_provider_max_cents`] is unless it is set.
const ONE_PROVIDER_MAX_CENTS: u64 = 100_000;

/// Changes that a slow listener may be behind before it has to look again by itself.
const CHANGES_MAX: usize = 1024;

impl Engine {
    /// An engine over an open database.
    #[must_use]
    pub fn new(
        database: Database,
        registry: Arc<Registry>,
        watched: impl IntoIterator<Item = (NetworkId, Currency)>,
        rates: quote::Rates,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self {
            database,
            registry,
            watched: watched.into_iter().collect(),
            rates,
            one_provider_max_cents: ONE_PROVIDER_MAX_CENTS,
            clock,
            random,
            health: health::Health::default(),
            deliveries: Arc::new(Notify::new()),
            scanning: Arc::new(Notify::new()),
            notices: Arc::new(Notify::new()),
            resting: Mutex::default(),
            children: children::Children::default(),
            known_keys: known::KnownKeys::default(),
            low_pools: Mutex::default(),
            changes: broadcast::Sender::new(CHANGES_MAX),
        }
    }

    /// Tells whoever listens that payments may have changed, and that webhooks may be due.
    fn announce(&self, payments: impl IntoIterator<Item = PaymentId>) {
        let mut payments = payments.into_iter().peekable();
        if payments.peek().is_some() {
            self.deliveries.notify_one();
        }
        payments.for_each(|payment| self.show(payment));
    }

    /// Has the network of a payment read from now on, if its scanner rests. Others are not asked again for every payment.
    fn wake_scanner_of(&self, payment: &Payment) {
        let network = payment.ask.as_ref().map(|ask| &ask.network);
        if network.is_some_and(|network| self.resting().contains(network)) {
            self.scanning.notify_waiters();
        }
    }

    fn resting(&self) -> MutexGuard<'_, BTreeSet<NetworkId>> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whoever listens that a payment looks different now; nothing was written of it.
    fn show(&self, payment: PaymentId) {
        // No listener is no error: nobody has a checkout page open.
        let _ = self.changes.send(payment);
    }
}

/// Why a use case could not be carried out. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The chain could not be read.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// A chain's transfers do not add up.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// An account has no such child.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// A wallet was changed in the database.
    #[error("the wallet on {network} was not written by payd: set it again with `payd wallet set`")]
    WalletAltered {
        /// The network.
        network: NetworkId,
    },
    /// The amount is beyond what can be asked for.
    #[error("the amount is too large")]
    AmountTooLarge,
    /// Two payments would have had the same amount at one address.
    #[error("the amount was taken by another payment meanwhile")]
    AmountTaken,
    /// A payment asks for nothing yet.
    #[error(transparent)]
    NotChosen(#[from] NotChosen),
    /// A rule was applied where it does not hold.
    #[error(transparent)]
    IllegalTransition(#[from] IllegalTransition),
    /// No randomness.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// A source's answer contradicts itself.
    #[error("the blocks read of {network} do not fit together: {finding}")]
    Inconsistent {
        /// The network.
        network: NetworkId,
        /// What does not fit.
        finding: String,
    },
    /// The chain differs from what was read, deeper than a reorganisation is followed.
    #[error(
        "{network} was reorganised below its final depth of {depth_max} blocks: nothing is read until a person has \
         looked; check the providers with `payd doctor`; if the chain really changed so deep, raise final_depth and start \
         payd again"
    )]
    ReorgTooDeep {
        /// The network.
        network: NetworkId,
        /// How deep it is followed.
        depth_max: u32,
    },
    /// Another process moved the cursor meanwhile.
    #[error("the cursor of {network} was moved by somebody else; is a second payd running?")]
    StaleCursor {
        /// The network.
        network: NetworkId,
    },
    /// A stored row names something that the configuration no longer has.
    #[error("{what} is in the database but not in the configuration: put it back")]
    NotConfigured {
        /// What is missing.
        what: String,
    },
}
