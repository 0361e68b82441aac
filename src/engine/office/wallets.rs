//! How a store receives on a network: chosen, and looked at.

use std::sync::Arc;

use super::address_list::{self, Reason};
use super::receivers::SHOWN;
use super::{By, Office, OfficeError, receiving};
use crate::chain::accounts::{Account, AccountError};
use crate::domain::asset::Asset;
use crate::domain::ids::ShopId;
use crate::domain::network::Network;
use crate::domain::shop::{Dialect, Shop};
use crate::domain::wallet::{Slots, Wallet, Way};
pub use crate::engine::wallets::WalletError;
use crate::engine::wallets::{self as rules, Choice};
use crate::store::addresses::{self, Child};
use crate::store::slots::{self, SlotCount};
use crate::store::{StoreError, Txn, wallets};

/// Rows read at once.
const PAGE: u32 = 1000;

/// Children that are looked at for the longest row without money, on a page.
const CHILDREN_MAX: usize = 5000;

/// How a store is to receive, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WalletChoice {
    /// From its pool of addresses.
    Pool,
    /// At the children of an account.
    Xpub {
        /// The account's public key or descriptor.
        account: String,
        /// The child to go on with; after the last that was given out when `None`.
        next_index: Option<u32>,
    },
    /// At one address.
    Shared {
        /// The address.
        address: String,
        /// How many amounts lie beside each other.
        slots: Option<u32>,
        /// The digit after the point in which they differ.
        digits: Option<u8>,
    },
}

/// Why a wallet was not set. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum SetWalletError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It would mix up payments.
    #[error(transparent)]
    Wallet(#[from] WalletError),
    /// No account that can be received with.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// No address.
    #[error(transparent)]
    Address(#[from] Reason),
    /// There is no such network.
    #[error("there is no such network")]
    NoNetwork,
}

impl From<OfficeError> for SetWalletError {
    fn from(error: OfficeError) -> Self {
        match error {
            OfficeError::Store(error) => error.into(),
            OfficeError::NotFound => Self::NoNetwork,
        }
    }
}

/// Reads a choice, with what was assumed to make it.
///
/// # Errors
/// [`SetWalletError`].
pub fn read_choice(
    network: &Network,
    dialect: Dialect,
    choice: &WalletChoice,
) -> Result<(Choice, Vec<String>), SetWalletError> {
    Ok(match choice {
        WalletChoice::Pool => (Choice::Pool, Vec::new()),
        WalletChoice::Xpub { account, next_index } => {
            let account = Account::parse(network.family, account.trim())?;
            let remarks = account.remarks().to_vec();
            let next_index = *next_index;
            (Choice::Xpub { account, next_index }, remarks)
        }
        WalletChoice::Shared {
            address,
            slots,
            digits,
        } => {
            let address = address_list::read_one(network.family, address)?;
            let usual = Slots::usual(dialect, network.family).unwrap_or(Slots::CENTS);
            let slots = chosen_slots(*slots, *digits, usual);
            (Choice::Shared { address, slots }, Vec::new())
        }
    })
}

/// What was set of how amounts are told apart; `usual` fills in the half of it that was not.
fn chosen_slots(count: Option<u32>, digits: Option<u8>, usual: Slots) -> Option<Slots> {
    if count.is_none() && digits.is_none() {
        return None;
    }
    let digits = digits.unwrap_or(usual.digits);
    // Thousands of amounts are for small steps: by cents they would ask for dollars more than the price.
    let usual = if digits == usual.digits {
        usual
    } else {
        Slots::CENTS
    };
    Some(Slots {
        count: count.unwrap_or(usual.count),
        digits,
    })
}

/// What came of a choice.
#[derive(Debug, Clone)]
pub struct WalletSet {
    /// How the store receives now; from its pool when `None`.
    pub wallet: Option<Wallet>,
    /// Whether that is new.
    pub is_new: bool,
    /// Whether its pool has no address.
    pub is_pool_empty: bool,
    /// What was assumed that the text does not say.
    pub remarks: Vec<String>,
}

/// Has a store receive as chosen from now on. What it received with before stays watched.
///
/// # Errors
/// [`SetWalletError`].
pub fn set<'a>(
    txn: &Txn<'_>,
    by: &By,
    shop: &Shop,
    network: &Network,
    assets: impl Iterator<Item = &'a Asset>,
    choice: &Choice,
) -> Result<WalletSet, SetWalletError> {
    let before = wallets::in_use(txn, shop.id, &network.id)?;
    let is_new = rules::set(txn, shop, network, assets, choice, by.at)?;
    let wallet = wallets::in_use(txn, shop.id, &network.id)?;
    if let (true, Some(wallet)) = (is_new, &wallet) {
        let before = before.as_ref().map_or_else(|| "pool".to_owned(), in_short);
        let detail = format!("on {}: {} (before: {before})", network.id, in_short(wallet));
        receiving::write_down(txn, by, shop, &network.id, "wallet.set", &detail)?;
    }
    Ok(WalletSet {
        wallet,
        is_new,
        is_pool_empty: !addresses::has_any(txn, shop.id, &network.id)?,
        remarks: Vec::new(),
    })
}

/// A wallet in one line, for the audit log.
fn in_short(wallet: &Wallet) -> String {
    match (wallet.way, wallet.slots) {
        (Way::Pool, _) => "pool".to_owned(),
        (Way::Xpub, _) => format!("xpub {} from child {}", wallet.account, wallet.next_index),
        (Way::Shared, None) => format!("shared {}", wallet.account),
        (Way::Shared, Some(slots)) => format!(
            "shared {}, {} amounts by digit {}",
            wallet.account, slots.count, slots.digits
        ),
    }
}

/// The children of a wallet from `index` on that come next, with their addresses; none of one that was altered.
#[must_use]
pub fn next_children(wallet: &Wallet, network: &Network, count: u32) -> Vec<(u32, String)> {
    if wallet.way != Way::Xpub || !wallet.is_authentic {
        return Vec::new();
    }
    let Ok(account) = Account::parse(network.family, &wallet.account) else {
        return Vec::new();
    };
    (0..count)
        .filter_map(|offset| {
            let index = wallet.next_index.checked_add(offset)?;
            Some((index, account.address(index).ok()?.text().to_string()))
        })
        .collect()
}

/// The most children in a row without money, those at the end counted too; of the last `children_max`.
///
/// # Errors
/// [`StoreError`].
pub fn largest_gap(txn: &Txn<'_>, wallet: &Wallet, children_max: usize) -> Result<u32, StoreError> {
    let mut largest = 0;
    let mut gap: u32 = 0;
    let span = u32::try_from(children_max).unwrap_or(u32::MAX);
    let from = wallet.first_index.max(wallet.next_index.saturating_sub(span));
    each_child(txn, wallet, from, |child| {
        gap = if child.is_paid { 0 } else { gap.saturating_add(1) };
        largest = gap.max(largest);
        Ok::<_, StoreError>(())
    })?;
    Ok(largest)
}

/// Looks at the children of a wallet from `index_min` on, in order.
///
/// # Errors
/// Those of `look` and of the store.
pub fn each_child<E: From<StoreError>>(
    txn: &Txn<'_>,
    wallet: &Wallet,
    index_min: u32,
    mut look: impl FnMut(&Child) -> Result<(), E>,
) -> Result<(), E> {
    let mut from = index_min;
    loop {
        let page = addresses::children(txn, wallet.id, from, PAGE)?;
        page.iter().try_for_each(&mut look)?;
        match page.last() {
            Some(last) if page.len() >= PAGE as usize => from = last.index.saturating_add(1),
            Some(_) | None => return Ok(()),
        }
    }
}

/// How a store receives on a network, as it is shown.
#[derive(Debug, Clone)]
pub struct WalletView {
    /// The wallet; from the pool when `None`.
    pub wallet: Option<Wallet>,
    /// `xpub`: the children that come next.
    pub next: Vec<(u32, String)>,
    /// `xpub`: the most children in a row without money.
    pub gap: u32,
    /// `shared`: the amounts of each currency.
    pub amounts: Vec<SlotCount>,
    /// Those that it received with before, by age.
    pub earlier: Vec<Wallet>,
}

impl WalletView {
    /// How payments are told apart.
    #[must_use]
    pub fn way(&self) -> Way {
        self.wallet.as_ref().map_or(Way::Pool, |wallet| wallet.way)
    }

    /// Whether the row is as payd wrote it.
    #[must_use]
    pub fn is_authentic(&self) -> bool {
        self.wallet.as_ref().is_none_or(|wallet| wallet.is_authentic)
    }
}

impl Office {
    /// How a store receives on a network.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn wallet(&self, shop: ShopId, network: &Arc<Network>) -> Result<WalletView, OfficeError> {
        let (network, now) = (Arc::clone(network), self.now());
        let read = self.engine.database.read(move |txn| {
            let mut earlier = wallets::of_shop(txn, shop)?;
            earlier.retain(|wallet| wallet.network == network.id && wallet.retired_at.is_some());
            let wallet = wallets::in_use(txn, shop, &network.id)?;
            let mut view = WalletView {
                wallet: None,
                next: Vec::new(),
                gap: 0,
                amounts: Vec::new(),
                earlier,
            };
            if let Some(wallet) = &wallet {
                view.next = next_children(wallet, &network, SHOWN);
                match wallet.way {
                    Way::Xpub => view.gap = largest_gap(txn, wallet, CHILDREN_MAX)?,
                    Way::Shared => view.amounts = slots::counts(txn, &network.id, &wallet.account, now)?,
                    Way::Pool => {}
                }
            }
            view.wallet = wallet;
            Ok::<_, StoreError>(view)
        });
        Ok(read.await?)
    }

    /// How a store receives on every network where it was ever set: where it is not there, from its pool.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn wallets(&self, shop: ShopId) -> Result<Vec<Wallet>, OfficeError> {
        let read = self.engine.database.read(move |txn| wallets::of_shop(txn, shop));
        let mut all = read.await?;
        all.retain(|wallet| wallet.retired_at.is_none());
        Ok(all)
    }

    /// Has a store receive as chosen on the network of this slug from now on.
    ///
    /// # Errors
    /// [`SetWalletError`].
    pub async fn set_wallet(
        &self,
        by: By,
        shop: Shop,
        network: &str,
        choice: &WalletChoice,
    ) -> Result<WalletSet, SetWalletError> {
        let network = Arc::clone(self.network_named(network).ok_or(SetWalletError::NoNetwork)?);
        let (choice, remarks) = read_choice(&network, shop.dialect, choice)?;
        let registry = Arc::clone(&self.engine.registry);
        let set = self.engine.database.write(move |txn| {
            let assets = registry.assets_of(&network.id).map(AsRef::as_ref);
            set(txn, &by, &shop, &network, assets, &choice)
        });
        Ok(WalletSet {
            remarks,
            ..set.await?
        })
    }
}
