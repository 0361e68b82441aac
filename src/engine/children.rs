//! The addresses of stores' accounts, derived ahead of their use: deriving takes longer than all else that is done to
//! make a payment, and the database has only one writer.
//!
//! Decides nothing: which child is next, and whose it is, the database says.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::chain::accounts::{Account, AccountError};
use crate::domain::address::Address;
use crate::domain::ids::ShopId;
use crate::domain::network::{Family, NetworkId};
use crate::domain::wallet::Wallet;

/// Children kept ready of each account; every payment under way adds one.
const AHEAD_MIN: u32 = 4;

/// The most that are kept ready.
const AHEAD_MAX: u32 = 1024;

/// The accounts in use, with children that come next.
#[derive(Default)]
pub(super) struct Children {
    accounts: Mutex<HashMap<(ShopId, NetworkId), Arc<Ahead>>>,
}

struct Ahead {
    text: Arc<str>,
    account: Account,
    window: Mutex<Window>,
}

#[derive(Default)]
struct Window {
    ready: BTreeMap<u32, Address>,
    /// The next that the database will ask for.
    next: u32,
    /// The next that nobody derives yet.
    unclaimed: u32,
}

impl Children {
    /// Derives the next children of the account that a shop receives with on a network, if it is known to have one.
    /// Takes long: not for a transaction.
    pub(super) fn derive_ahead(&self, shop: ShopId, network: &NetworkId) {
        let known = locked(&self.accounts).get(&(shop, network.clone())).cloned();
        let Some(ahead) = known else { return };
        for index in ahead.claim() {
            // An index that cannot be derived is noticed when it is asked for.
            if let Ok(address) = ahead.account.address(index) {
                locked(&ahead.window).ready.insert(index, address);
            }
        }
    }

    /// The child of a wallet's account with this index: ready, or derived now.
    ///
    /// # Errors
    /// [`AccountError`] when the account is none, or has no such child.
    pub(super) fn address(
        &self,
        wallet: &Wallet,
        family: Family,
        index: u32,
    ) -> Result<Address, AccountError> {
        let ahead = self.ahead(wallet, family)?;
        if let Some(address) = ahead.take(index) {
            return Ok(address);
        }
        ahead.account.address(index)
    }

    fn ahead(&self, wallet: &Wallet, family: Family) -> Result<Arc<Ahead>, AccountError> {
        let key = (wallet.shop, wallet.network.clone());
        let mut accounts = locked(&self.accounts);
        if let Some(known) = accounts.get(&key).filter(|known| known.text == wallet.account) {
            return Ok(Arc::clone(known));
        }
        let ahead = Arc::new(Ahead {
            account: Account::parse(family, &wallet.account)?,
            text: Arc::clone(&wallet.account),
            window: Mutex::default(),
        });
        accounts.insert(key, Arc::clone(&ahead));
        Ok(ahead)
    }
}

impl Ahead {
    /// The children that the caller is to derive.
    fn claim(&self) -> std::ops::Range<u32> {
        let mut window = locked(&self.window);
        let first = window.unclaimed.max(window.next);
        let ready = first.saturating_sub(window.next);
        let count = AHEAD_MIN
            .saturating_sub(ready)
            .max(1)
            .min(AHEAD_MAX.saturating_sub(ready));
        window.unclaimed = first.saturating_add(count);
        first..window.unclaimed
    }

    /// The child with this index, when it is ready. It stays until a later one is asked for: the transaction may be
    /// undone.
    fn take(&self, index: u32) -> Option<Address> {
        let mut window = locked(&self.window);
        window.ready = window.ready.split_off(&index);
        window.next = index.saturating_add(1);
        window.ready.get(&index).cloned()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
