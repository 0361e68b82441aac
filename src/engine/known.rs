//! What is known of API keys from earlier calls: who they speak for, their secrets, and what their stores have set. So a call
//! with a key need not read the same rows again that the call before has read.
//!
//! The truth stays in the database: with each call its version of the settings is asked for, and what was read of another one
//! is read anew. A key that is revoked, by whatever program, is refused from its next call on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zeroize::Zeroizing;

use super::Engine;
use super::choose::receivable;
use super::gateway::{Caller, GatewayError};
use crate::domain::asset::{Asset, Means, Registry};
use crate::domain::ids::{KeyId, ShopId};
use crate::domain::network::Mode;
use crate::domain::shop::{Accepted, ApiKey, Shop};
use crate::store::settings_version::{self, SettingsVersion};
use crate::store::store_rates::{self, StoreRate};
use crate::store::{StoreError, Txn, accepted, donations, keys, shops, widgets};

/// Keys that are remembered; with one more, all are forgotten. Those in use come back with their next call.
const KEYS_MAX: usize = 1024;

/// A key that works, with what belongs to it, as of one version of the settings.
pub(super) struct KnownKey {
    /// The key.
    pub(super) key: ApiKey,
    /// Who it speaks for.
    pub(super) caller: Caller,
    /// Its secret; `None` where that was altered in the database.
    pub(super) secret: Option<Zeroizing<Vec<u8>>>,
    /// What its store accepts, as [`Engine::accepted`] tells it.
    pub(super) accepted: Vec<Means>,
    /// The rates that its store fixed.
    pub(super) rates: Vec<StoreRate>,
    /// Whether pages of its store show a key to everybody.
    pub(super) has_open_page: bool,
    /// Of the settings that all of this is from.
    pub(super) version: SettingsVersion,
}

/// The keys that are known.
#[derive(Default)]
pub(super) struct KnownKeys(Mutex<Keys>);

#[derive(Default)]
struct Keys {
    by_hash: HashMap<[u8; 32], Arc<KnownKey>>,
    by_id: HashMap<KeyId, Arc<KnownKey>>,
}

impl KnownKeys {
    fn lock(&self) -> MutexGuard<'_, Keys> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn by_hash(&self, hash: &[u8; 32]) -> Option<Arc<KnownKey>> {
        self.lock().by_hash.get(hash).cloned()
    }

    /// What is known of the key that a caller came with, as of when it was shown: for the length of one call.
    pub(super) fn of(&self, caller: &Caller) -> Option<Arc<KnownKey>> {
        let known = self.lock().by_id.get(&caller.key?).cloned()?;
        // The very shop that was read with all the rest, not another reading of it.
        Arc::ptr_eq(&known.caller.shop, &caller.shop).then_some(known)
    }

    fn remember(&self, hash: [u8; 32], known: &Arc<KnownKey>) {
        let mut keys = self.lock();
        if keys.by_hash.len() >= KEYS_MAX && !keys.by_hash.contains_key(&hash) {
            *keys = Keys::default();
        }
        keys.by_hash.insert(hash, Arc::clone(known));
        keys.by_id.insert(known.key.id, Arc::clone(known));
    }
}

impl Engine {
    /// The key with this text, as it is now; `None` when there is none that works.
    pub(super) async fn known_key(&self, api_key: &str) -> Result<Option<Arc<KnownKey>>, GatewayError> {
        let hash = keys::hash(api_key);
        if let Some(known) = self.known_keys.by_hash(&hash)
            // Where that cannot be told at once, it is read at leisure.
            && self.database.glance(settings_version::current).ok() == Some(known.version)
        {
            return Ok(Some(known));
        }
        let (api_key, registry) = (api_key.to_owned(), Arc::clone(&self.registry));
        let read = self
            .database
            .read(move |txn| Rows::read(txn, &api_key, &registry));
        let Some(rows) = read.await? else { return Ok(None) };
        let known = Arc::new(KnownKey {
            accepted: self.accepted_of(&rows.set, rows.receivable, rows.key.mode),
            caller: Caller {
                shop: Arc::new(rows.shop),
                mode: rows.key.mode,
                key: Some(rows.key.id),
            },
            key: rows.key,
            secret: rows.secret,
            rates: rows.rates,
            has_open_page: rows.has_open_page,
            version: rows.version,
        });
        self.known_keys.remember(hash, &known);
        Ok(Some(known))
    }
}

/// What is read of a key.
struct Rows {
    key: ApiKey,
    shop: Shop,
    secret: Option<Zeroizing<Vec<u8>>>,
    set: Vec<Accepted>,
    receivable: Vec<Arc<Asset>>,
    rates: Vec<StoreRate>,
    has_open_page: bool,
    version: SettingsVersion,
}

impl Rows {
    fn read(txn: &Txn<'_>, api_key: &str, registry: &Registry) -> Result<Option<Self>, StoreError> {
        let Some(key) = keys::find_active(txn, api_key)? else {
            return Ok(None);
        };
        let Some(shop) = shops::by_id(txn, key.shop)? else {
            return Ok(None);
        };
        let (set, receivable) = accepted_rows(txn, registry, shop.id, key.mode)?;
        let has_page = donations::page_of(txn, shop.id)?.is_some_and(|page| page.is_enabled);
        Ok(Some(Self {
            secret: match keys::secret(txn, key.id) {
                Ok(secret) => Some(secret),
                Err(StoreError::Unsealable { .. }) => None,
                Err(error) => return Err(error),
            },
            set,
            receivable,
            rates: store_rates::of_shop(txn, shop.id)?,
            has_open_page: has_page || widgets::of_shop(txn, shop.id)?.is_enabled,
            version: settings_version::current(txn)?,
            key,
            shop,
        }))
    }
}

/// What a store said that it accepts, and where it said nothing, what it has somewhere to receive.
pub(super) fn accepted_rows(
    txn: &Txn<'_>,
    registry: &Registry,
    shop: ShopId,
    mode: Mode,
) -> Result<(Vec<Accepted>, Vec<Arc<Asset>>), StoreError> {
    let set = accepted::of_shop(txn, shop)?;
    // Simulated addresses are made as they are needed: those there are say nothing of what is accepted.
    let receivable = if set.is_empty() && mode == Mode::Live {
        receivable(txn, registry, shop)?
    } else {
        Vec::new()
    };
    Ok((set, receivable))
}
