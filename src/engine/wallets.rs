//! Sets how a store receives on a network. What it received with before is kept and watched for ever.

use crate::chain::accounts::Account;
use crate::domain::address::Address;
use crate::domain::asset::Asset;
use crate::domain::network::Network;
use crate::domain::shop::Shop;
use crate::domain::time::UnixMillis;
use crate::domain::wallet::{Slots, Wallet, Way};
use crate::store::addresses::{self, Origin};
use crate::store::wallets::{self, NewWallet};
use crate::store::{StoreError, Txn, shops};

/// How a store is to receive.
#[derive(Clone)]
pub enum Choice {
    /// From its pool of addresses.
    Pool,
    /// At the children of an account.
    Xpub {
        /// The account.
        account: Account,
        /// The child to go on with; after the last that was given out when `None`.
        next_index: Option<u32>,
    },
    /// At one address.
    Shared {
        /// The address.
        address: Address,
        /// How amounts of a stablecoin are told apart; as usual for the store's API when `None`.
        slots: Option<Slots>,
    },
}

/// Why a wallet was not set. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum WalletError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Two stores with one account would take each other's children.
    #[error("store `{store}` receives with this account: give each store an account of its own")]
    AccountOfStore {
        /// The other store.
        store: String,
    },
    /// Who was given such a child could pay to it again.
    #[error("children up to {last} of this account were given out already: the next must be {next} or higher", last = .next.saturating_sub(1))]
    GivenOut {
        /// The first that was not.
        next: u32,
    },
    /// An address belongs to one store.
    #[error("store `{store}` has this address: an address belongs to one store")]
    AddressOfStore {
        /// The other store.
        store: String,
    },
    /// Money for payments that had the address to themselves could not be told from others.
    #[error(
        "this store has given the address to payments that had it to themselves ({way}): money for them could not be \
         told from others'; take an address that payd does not know yet"
    )]
    OfAnotherWay {
        /// How it was used.
        way: Way,
    },
    /// The row of the address was changed in the database.
    #[error("the row of this address in the database was altered from outside; do not use it")]
    AddressAltered,
    /// Not a number of amounts.
    #[error("there can be 1 to {max} amounts beside each other", max = Slots::COUNT_MAX)]
    SlotCount,
    /// The currency has no such digit.
    #[error("{symbol} has {decimals} digits after the point, so amounts cannot differ by less")]
    SlotDigits {
        /// The currency.
        symbol: String,
        /// Its digits.
        decimals: u8,
    },
}

/// Has a store receive on a network as chosen from now on. False when it does so already.
///
/// # Errors
/// [`WalletError`].
pub fn set<'a>(
    txn: &Txn<'_>,
    shop: &Shop,
    network: &Network,
    assets: impl Iterator<Item = &'a Asset>,
    choice: &Choice,
    now: UnixMillis,
) -> Result<bool, WalletError> {
    let current = wallets::in_use(txn, shop.id, &network.id)?;
    let new = |way, account, first_index, slots| NewWallet {
        shop: shop.id,
        network: &network.id,
        way,
        account,
        first_index,
        slots,
    };
    let new = match choice {
        Choice::Pool => new(Way::Pool, "", 0, None),
        Choice::Xpub { account, next_index } => {
            let text = account.canonical();
            let first = next_child(txn, shop, network, account, *next_index)?;
            if next_index.is_none() && is_same(current.as_ref(), &new(Way::Xpub, text, first, None)) {
                return Ok(false);
            }
            new(Way::Xpub, text, first, None)
        }
        Choice::Shared { address, slots } => {
            if let Some(slots) = slots {
                check_slots(*slots, assets)?;
            }
            let slots = slots.or_else(|| Slots::usual(shop.dialect, network.family));
            new(Way::Shared, address.text(), 0, slots)
        }
    };
    if new.way != Way::Xpub && is_same(current.as_ref(), &new) {
        return Ok(false);
    }
    if current.is_none() && new.way == Way::Pool {
        return Ok(false);
    }
    let wallet = wallets::replace(txn, &new, now)?;
    if let Choice::Shared { address, .. } = choice {
        let origin = Origin::Shared { wallet };
        match shared_row(txn, shop, network, address)? {
            Some(row) => addresses::set_wallet(txn, row, wallet)?,
            None => addresses::insert_of(txn, shop.id, &network.id, address, origin, now).map(|_| ())?,
        }
    }
    Ok(true)
}

fn is_same(current: Option<&Wallet>, new: &NewWallet<'_>) -> bool {
    current.is_some_and(|current| {
        current.is_authentic
            && (current.way, &*current.account, current.slots) == (new.way, new.account, new.slots)
    })
}

/// The child to go on with. None is given out twice, whichever wallet had the account before.
fn next_child(
    txn: &Txn<'_>,
    shop: &Shop,
    network: &Network,
    account: &Account,
    wanted: Option<u32>,
) -> Result<u32, WalletError> {
    let mut known = wallets::with_accounts(txn, &network.id)?;
    known.retain(|wallet| is_of_account(wallet, network, account));
    let others = known
        .iter()
        .find(|wallet| wallet.shop != shop.id && wallet.retired_at.is_none());
    if let Some(other) = others {
        return Err(WalletError::AccountOfStore {
            store: name_of(txn, other.shop)?,
        });
    }
    let next = known.iter().map(|wallet| wallet.next_index).max().unwrap_or(0);
    match wanted {
        Some(wanted) if wanted < next => Err(WalletError::GivenOut { next }),
        Some(wanted) => Ok(wanted),
        None => Ok(next),
    }
}

/// Whether a wallet receives at the children of `account`, however its text is written: with or without the key's
/// origin, as a descriptor or as an extended key.
fn is_of_account(wallet: &Wallet, network: &Network, account: &Account) -> bool {
    if &*wallet.account == account.canonical() {
        return true;
    }
    let known = Account::parse(network.family, &wallet.account).and_then(|known| known.address(0));
    matches!((known, account.address(0)), (Ok(known), Ok(wanted)) if known == wanted)
}

/// The row of an address that was shared by this store before; `None` when it is new.
fn shared_row(
    txn: &Txn<'_>,
    shop: &Shop,
    network: &Network,
    address: &Address,
) -> Result<Option<crate::domain::ids::AddressId>, WalletError> {
    let Some(there) = addresses::by_text(txn, &network.id, address.text())? else {
        return Ok(None);
    };
    if there.shop != shop.id {
        return Err(WalletError::AddressOfStore {
            store: name_of(txn, there.shop)?,
        });
    }
    if there.way != Way::Shared {
        return Err(WalletError::OfAnotherWay { way: there.way });
    }
    if !there.is_authentic {
        return Err(WalletError::AddressAltered);
    }
    Ok(Some(there.id))
}

fn name_of(txn: &Txn<'_>, shop: crate::domain::ids::ShopId) -> Result<String, StoreError> {
    Ok(shops::by_id(txn, shop)?.map(|shop| shop.name).unwrap_or_default())
}

fn check_slots<'a>(slots: Slots, assets: impl Iterator<Item = &'a Asset>) -> Result<(), WalletError> {
    if !(1..=Slots::COUNT_MAX).contains(&slots.count) {
        return Err(WalletError::SlotCount);
    }
    let mut in_cents = assets.filter(|asset| Slots::counts_in_cents(asset));
    match in_cents.find(|asset| asset.decimals < slots.digits) {
        Some(asset) => Err(WalletError::SlotDigits {
            symbol: asset.symbol.to_string(),
            decimals: asset.decimals,
        }),
        None => Ok(()),
    }
}
