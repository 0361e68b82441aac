//! What of a store a person has to look at, and how far it is set up. Each finding is cheap: none counts further than it
//! is told.

use std::time::Duration;

use super::{Office, OfficeError};
use crate::domain::ids::ShopId;
use crate::domain::network::{Mode, Network, NetworkId};
use crate::domain::shop::Shop;
use crate::domain::time::UnixMillis;
use crate::domain::wallet::Way;
use crate::engine::capacity::is_low;
use crate::engine::health::NetworkHealth;
use crate::store::addresses::{self, PoolCount};
use crate::store::{StoreError, Txn, endpoints, figures, inbox, keys, wallets};

/// The most that is counted of an inbox.
pub const INBOX_COUNTED_MAX: u32 = 100;

/// Endpoints of a store that are looked at.
const ENDPOINTS_MAX: usize = 50;

/// How old a delivery that was given up may be to be told of.
const FAILED_WITHIN: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How long a delivery may wait before that is told.
const WAITS_MAX: Duration = Duration::from_secs(15 * 60);

/// How long a network may be unread before that is told.
const UNREAD_MAX: Duration = Duration::from_secs(10 * 60);

/// Something about a store that a person has to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attention {
    /// The database cannot be written: nothing is recorded.
    NotRecording {
        /// In a word: full, read-only, failing or damaged.
        why: &'static str,
    },
    /// It takes no calls.
    Disabled,
    /// Its own API takes test keys alone.
    TestMode,
    /// No network is read: payd has no node to see real money by.
    NoNetwork,
    /// It can receive on none of the networks that are read.
    NoAddress,
    /// Money that counted for nothing; [`INBOX_COUNTED_MAX`] stands for more.
    Inbox {
        /// How many transfers.
        count: u32,
    },
    /// A pool that it receives from is running low.
    LowPool {
        /// The network's name.
        network: String,
        /// Addresses that can be given out.
        free: u32,
    },
    /// The chain of a network that it receives on is not read.
    Unread {
        /// The network's name.
        network: String,
        /// Since when; `None` since the start.
        since: Option<UnixMillis>,
    },
    /// Something about a network that a person has to look at although it is read.
    Alarm {
        /// The network's name.
        network: String,
    },
    /// An endpoint gave a webhook up, and took none since.
    WebhookFailed {
        /// Where it goes.
        url: String,
    },
    /// Webhooks have waited for an endpoint for long.
    WebhookWaits {
        /// Where they go.
        url: String,
    },
}

/// How far a store is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps {
    /// It can receive real money on some network.
    pub receives: bool,
    /// Some endpoint is told of its payments.
    pub tells: bool,
    /// A test payment was made.
    pub tested: bool,
    /// It has a key for real money.
    pub has_live_key: bool,
    /// A real payment was paid.
    pub sold: bool,
}

impl Steps {
    /// Whether nothing has to be said of first steps any more.
    #[must_use]
    pub const fn are_done(self) -> bool {
        self.sold || (self.receives && self.tells && self.tested && self.has_live_key)
    }
}

/// What there is to say of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// What a person has to look at, the gravest first.
    pub attention: Vec<Attention>,
    /// How far it is set up.
    pub steps: Steps,
}

impl Office {
    /// What there is to say of a store now.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn state(&self, shop: &Shop) -> Result<State, OfficeError> {
        let health = self.engine.health.snapshot();
        let is_watched = |network: &Network| self.engine.watched.iter().any(|(id, _)| *id == network.id);
        let look = Look {
            shop: shop.clone(),
            networks: self
                .registry()
                .networks()
                .filter(|network| network.mode == Mode::Live && is_watched(network))
                .map(|network| (Network::clone(network), health.get(&network.id).cloned()))
                .collect(),
            now: self.now(),
        };
        let mut state = self.engine.database.read(move |txn| look.state(txn)).await?;
        if let Some(hindrance) = self.engine.database.hindrance() {
            let why = hindrance.word();
            state.attention.insert(0, Attention::NotRecording { why });
        }
        Ok(state)
    }

    /// How many entries the inbox of a store has that wait for somebody: up to [`INBOX_COUNTED_MAX`].
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn inbox_count(&self, shop: ShopId) -> Result<u32, OfficeError> {
        let count = self
            .engine
            .database
            .read(move |txn| inbox::count(txn, shop, Mode::Live, INBOX_COUNTED_MAX));
        Ok(count.await?)
    }
}

/// How a store receives on a network.
enum Receives {
    FromPool,
    Otherwise,
}

/// A look at a store.
struct Look {
    shop: Shop,
    /// The live networks that are watched, and how they are doing.
    networks: Vec<(Network, Option<NetworkHealth>)>,
    now: UnixMillis,
}

impl Look {
    fn state(&self, txn: &Txn<'_>) -> Result<State, StoreError> {
        let shop = self.shop.id;
        let mut attention = Vec::new();
        if self.shop.is_disabled() {
            attention.push(Attention::Disabled);
        }
        let endpoints = endpoints::active_of_shop(txn, shop)?;
        let (receives, of_networks) = self.networks(txn)?;
        let steps = Steps {
            receives,
            tells: !endpoints.is_empty(),
            tested: figures::has_any(txn, shop, Mode::Test, false)?,
            has_live_key: keys::newest_active(txn, shop, Mode::Live)?.is_some(),
            sold: figures::has_any(txn, shop, Mode::Live, true)?,
        };
        if self.shop.mode == Mode::Test {
            attention.push(Attention::TestMode);
        }
        if self.networks.is_empty() {
            attention.push(Attention::NoNetwork);
        } else if !receives {
            attention.push(Attention::NoAddress);
        }
        attention.extend(of_networks);
        let count = inbox::count(txn, shop, Mode::Live, INBOX_COUNTED_MAX)?;
        if count > 0 {
            attention.push(Attention::Inbox { count });
        }
        for endpoint in endpoints.into_iter().take(ENDPOINTS_MAX) {
            let trouble = figures::endpoint_trouble(
                txn,
                endpoint.id,
                self.now.minus(FAILED_WITHIN),
                self.now.minus(WAITS_MAX),
            )?;
            if trouble.is_failing {
                attention.push(Attention::WebhookFailed { url: endpoint.url });
            } else if trouble.is_waiting {
                attention.push(Attention::WebhookWaits { url: endpoint.url });
            }
        }
        Ok(State { attention, steps })
    }

    /// Whether the store can receive at all, and what is the matter with the networks on which it does.
    fn networks(&self, txn: &Txn<'_>) -> Result<(bool, Vec<Attention>), StoreError> {
        let mut attention = Vec::new();
        let mut receives = false;
        for (network, health) in &self.networks {
            let Some(way) = self.receives_on(txn, &network.id)? else {
                continue;
            };
            receives = true;
            if let Some(health) = health {
                attention.extend(self.trouble(network, health));
            }
            if let Receives::FromPool = way {
                attention.extend(self.low_pool(txn, network)?);
            }
        }
        Ok((receives, attention))
    }

    fn receives_on(&self, txn: &Txn<'_>, network: &NetworkId) -> Result<Option<Receives>, StoreError> {
        let wallet = wallets::in_use(txn, self.shop.id, network)?;
        if wallet.is_some_and(|wallet| wallet.way != Way::Pool) {
            return Ok(Some(Receives::Otherwise));
        }
        let has_any = addresses::has_any(txn, self.shop.id, network)?;
        Ok(has_any.then_some(Receives::FromPool))
    }

    fn trouble(&self, network: &Network, health: &NetworkHealth) -> Option<Attention> {
        let name = network.name.to_string();
        let is_late = health
            .read_at
            .is_none_or(|at| self.now.since(at) > UNREAD_MAX.max(network.block_time.saturating_mul(3)));
        if health.error.is_some() && is_late {
            return Some(Attention::Unread {
                network: name,
                since: health.read_at,
            });
        }
        health
            .alarm
            .is_some()
            .then_some(Attention::Alarm { network: name })
    }

    fn low_pool(&self, txn: &Txn<'_>, network: &Network) -> Result<Option<Attention>, StoreError> {
        let left = figures::pool_left(txn, self.shop.id, &network.id, self.now)?;
        let count = PoolCount {
            shop: self.shop.id,
            network: network.id.clone(),
            free: left.free,
            held: left.held,
            resting: left.resting,
            retired: 0,
        };
        Ok(is_low(&count).then(|| Attention::LowPool {
            network: network.name.to_string(),
            free: left.free,
        }))
    }
}
