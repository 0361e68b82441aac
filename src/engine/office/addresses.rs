//! The addresses of a store: added, looked at, taken out of its pool and put back. None is ever deleted: money may still
//! come.

use std::sync::Arc;

use super::address_list::{Checked, Reason, Refusal, Refused};
use super::{By, Office, OfficeError, receiving};
use crate::domain::asset::{Asset, Means};
use crate::domain::ids::{AddressId, ShopId};
use crate::domain::money::BaseUnits;
use crate::domain::network::{Mode, Network, NetworkId};
use crate::domain::proof::Proof;
use crate::domain::shop::Shop;
use crate::domain::time::UnixMillis;
use crate::domain::wallet::Way;
use crate::engine::gateway::{Caller, GatewayError};
use crate::store::addresses::{self, PoolAddress};
use crate::store::{StoreError, Txn, payments, shops, wallets};

/// Transfers that are added up for one row of a list.
const TRANSFERS_IN_LIST_MAX: u32 = 200;

/// Transfers that are added up for the page of one address.
const TRANSFERS_MAX: u32 = 10_000;

/// How many were new, how many had been removed before and were put back, and how many of both came with a proof.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Added {
    /// New.
    pub new: usize,
    /// Put back.
    pub put_back: usize,
    /// With a proof.
    pub proved: usize,
}

impl Added {
    /// How many may be given out now that could not be before.
    #[must_use]
    pub const fn total(self) -> usize {
        self.new.saturating_add(self.put_back)
    }
}

/// Why addresses were not added. None was.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Some are no good.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// No such network, or one that makes its own addresses.
    #[error("there is no such network to add addresses to")]
    NoNetwork,
    /// More than are added at once.
    #[error("more than {max} addresses at once; add them in several files", max = super::address_list::ADDRESSES_MAX)]
    TooMany,
    /// None was given.
    #[error("no addresses given: the file has none")]
    None,
}

impl From<OfficeError> for AddError {
    fn from(error: OfficeError) -> Self {
        match error {
            OfficeError::Store(error) => error.into(),
            OfficeError::NotFound => Self::NoNetwork,
        }
    }
}

/// Adds addresses to the pool of a store: all, or none. `each` is told of every one that is done.
///
/// # Errors
/// [`AddError`].
pub fn add(
    txn: &Txn<'_>,
    by: &By,
    shop: &Shop,
    network: &NetworkId,
    checked: Vec<Checked>,
    each: impl Fn(),
) -> Result<Added, AddError> {
    let given = checked.len();
    let mut refusals = Vec::new();
    let mut added = Added::default();
    for Checked {
        entry,
        address,
        proof,
    } in checked
    {
        each();
        match addresses::insert(txn, shop.id, network, &address, by.at) {
            Ok(_) => added.new = added.new.saturating_add(1),
            Err(StoreError::Duplicate { .. }) => match fault_of_known(txn, shop, network, address.text())? {
                Some(reason) => refusals.push(Refusal { entry, reason }),
                None => {
                    addresses::retire(txn, shop.id, network, address.text(), None)?;
                    added.put_back = added.put_back.saturating_add(1);
                }
            },
            Err(error) => return Err(error.into()),
        }
        if let Some(proof) = proof {
            addresses::prove(txn, shop.id, network, address.text(), proof, by.at)?;
            added.proved = added.proved.saturating_add(1);
        }
    }
    if !refusals.is_empty() {
        return Err(Refused { given, refusals }.into());
    }
    let detail = format!("{} on {network}", count(added.total()));
    receiving::write_down(txn, by, shop, network, "address.add", &detail)?;
    Ok(added)
}

/// `1 address`, `2 addresses`.
#[must_use]
pub fn count(addresses: usize) -> String {
    if addresses == 1 {
        "1 address".to_owned()
    } else {
        format!("{addresses} addresses")
    }
}

/// Why an address cannot be added, when payd knows it already; `None` when it is new, or can be put back.
///
/// # Errors
/// [`StoreError`].
pub(super) fn fault_of_known(
    txn: &Txn<'_>,
    shop: &Shop,
    network: &NetworkId,
    text: &str,
) -> Result<Option<Reason>, StoreError> {
    let Some(there) = addresses::by_text(txn, network, text)? else {
        return Ok(None);
    };
    if there.shop != shop.id {
        let owner = shops::by_id(txn, there.shop)?
            .map(|owner| owner.name)
            .unwrap_or_default();
        return Ok(Some(Reason::OfStore(owner)));
    }
    if there.way != Way::Pool {
        return Ok(Some(Reason::OfAnotherWay(there.way)));
    }
    if there.retired_at.is_none() {
        return Ok(Some(Reason::Known));
    }
    Ok((!there.is_authentic).then_some(Reason::Altered))
}

/// What an address is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Its row is not as payd wrote it: never given out.
    Altered,
    /// A payment has it, by number.
    Held(String),
    /// Taken out of the pool; a payment has it until it ends.
    RetiredHeld(String),
    /// All payments go to it.
    Shared,
    /// All payments went to it once.
    WasShared,
    /// A child that was given to one payment, for ever.
    Used,
    /// Taken out of the pool.
    Retired,
    /// Rests between two payments, until then.
    Resting(UnixMillis),
    /// Can be given out.
    Free,
}

/// What an address is doing.
///
/// # Errors
/// [`StoreError`].
pub fn state(txn: &Txn<'_>, address: &PoolAddress, now: UnixMillis) -> Result<State, StoreError> {
    if !address.is_authentic {
        return Ok(State::Altered);
    }
    Ok(match (holder(txn, address)?, address.retired_at) {
        (Some(number), None) => State::Held(number),
        (Some(number), Some(_)) => State::RetiredHeld(number),
        (None, _) if address.way == Way::Shared => {
            let wallet = wallets::in_use(txn, address.shop, &address.network)?;
            if wallet.map(|wallet| wallet.id) == address.wallet {
                State::Shared
            } else {
                State::WasShared
            }
        }
        (None, _) if address.way == Way::Xpub => State::Used,
        (None, Some(_)) => State::Retired,
        (None, None) if address.available_at > now => State::Resting(address.available_at),
        (None, None) => State::Free,
    })
}

fn holder(txn: &Txn<'_>, address: &PoolAddress) -> Result<Option<String>, StoreError> {
    let Some(payment) = address.held_by else {
        return Ok(None);
    };
    let payment = payments::by_id(txn, payment)?;
    Ok(payment.map(|payment| payment.number.to_string()))
}

/// Why an address was not taken out or put back. Nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum RetireError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store has no address of this row.
    #[error("there is no such address")]
    NotFound,
    /// The store has no such address.
    #[error("store `{store}` does not have {address} on {network}; nothing was {done}")]
    Unknown {
        /// The store.
        store: String,
        /// The address.
        address: String,
        /// The network.
        network: NetworkId,
        /// `removed` or `put back`.
        done: &'static str,
    },
    /// It is of an account, or shared.
    #[error("{address} is not of the pool: see `payd wallet set --help`; nothing was {done}")]
    NotOfPool {
        /// The address.
        address: String,
        /// `removed` or `put back`.
        done: &'static str,
    },
    /// Who changed the row may have put in an address of their own.
    #[error(
        "the row of {address} in the database was altered from outside; do not use it; nothing was put back"
    )]
    Altered {
        /// The address.
        address: String,
    },
}

impl From<OfficeError> for RetireError {
    fn from(error: OfficeError) -> Self {
        match error {
            OfficeError::Store(error) => Self::Store(error),
            OfficeError::NotFound => Self::NotFound,
        }
    }
}

/// An address that was taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retired {
    /// The address.
    pub address: Arc<str>,
    /// The number of the payment that has it until it ends.
    pub holder: Option<String>,
}

fn of_pool(
    txn: &Txn<'_>,
    shop: &Shop,
    network: &NetworkId,
    address: &str,
    done: &'static str,
) -> Result<PoolAddress, RetireError> {
    let there = addresses::by_text(txn, network, address)?.filter(|there| there.shop == shop.id);
    let Some(there) = there else {
        return Err(RetireError::Unknown {
            store: shop.name.clone(),
            address: address.to_owned(),
            network: network.clone(),
            done,
        });
    };
    if there.way != Way::Pool {
        return Err(RetireError::NotOfPool {
            address: address.to_owned(),
            done,
        });
    }
    Ok(there)
}

/// Takes an address out of the pool: no new payment gets it, and it stays watched. One that a payment has stays with it
/// until it ends.
///
/// # Errors
/// [`RetireError`].
pub fn retire(
    txn: &Txn<'_>,
    by: &By,
    shop: &Shop,
    network: &NetworkId,
    address: &str,
) -> Result<Retired, RetireError> {
    let there = of_pool(txn, shop, network, address, "removed")?;
    if there.retired_at.is_none() {
        addresses::retire(txn, shop.id, network, address, Some(by.at))?;
    }
    let detail = format!("{address} on {network}");
    receiving::write_down(txn, by, shop, network, "address.remove", &detail)?;
    Ok(Retired {
        holder: holder(txn, &there)?,
        address: there.address,
    })
}

/// Puts an address that was taken out back into the pool. False when it is there.
///
/// # Errors
/// [`RetireError`].
pub fn restore(
    txn: &Txn<'_>,
    by: &By,
    shop: &Shop,
    network: &NetworkId,
    address: &str,
) -> Result<bool, RetireError> {
    let there = of_pool(txn, shop, network, address, "put back")?;
    if !there.is_authentic {
        return Err(RetireError::Altered {
            address: address.to_owned(),
        });
    }
    if there.retired_at.is_none() {
        return Ok(false);
    }
    addresses::retire(txn, shop.id, network, address, None)?;
    let detail = format!("{address} on {network}");
    receiving::write_down(txn, by, shop, network, "address.restore", &detail)?;
    Ok(true)
}

/// An address as it is shown.
#[derive(Debug, Clone)]
pub struct AddressView {
    /// Row number.
    pub id: AddressId,
    /// The network.
    pub network: NetworkId,
    /// The address.
    pub address: Arc<str>,
    /// What it is doing.
    pub state: State,
    /// How payments to it are told apart.
    pub way: Way,
    /// Which child of an account it is.
    pub child_index: Option<u32>,
    /// How and when it was proved to be the merchant's.
    pub proved: Option<(Proof, UnixMillis)>,
    /// When it was added, or given out first.
    pub created_at: UnixMillis,
    /// When it was taken out of the pool.
    pub retired_at: Option<UnixMillis>,
    /// When a payment was given it last.
    pub used_at: Option<UnixMillis>,
    /// What came to it, by asset.
    pub received: Vec<(Arc<Asset>, BaseUnits)>,
    /// Whether that is all, or there were too many transfers to add up.
    pub is_all_received: bool,
}

impl AddressView {
    /// Whether it is of the pool, and may be taken out of it.
    #[must_use]
    pub fn can_retire(&self) -> bool {
        self.way == Way::Pool && self.retired_at.is_none()
    }

    /// Whether it may be put back.
    #[must_use]
    pub fn can_restore(&self) -> bool {
        self.way == Way::Pool && self.retired_at.is_some() && self.state != State::Altered
    }
}

impl Office {
    /// The live network that is meant by a slug such as `bsc`, or a simulated one by its full name (`test-bsc`).
    #[must_use]
    pub fn network_named(&self, word: &str) -> Option<&Arc<Network>> {
        let registry = &self.engine.registry;
        registry.network_by_slug(word, Mode::Live).or_else(|| {
            let mut networks = registry.networks();
            networks.find(|network| network.mode == Mode::Test && network.id.as_str() == word)
        })
    }

    /// Whether anybody watches a network: on one that is not watched, no payment is made.
    #[must_use]
    pub fn watches(&self, network: &NetworkId) -> bool {
        self.engine.watched.iter().any(|(watched, _)| watched == network)
    }

    /// What a store accepts, in the order in which customers are offered it.
    ///
    /// # Errors
    /// [`GatewayError::Store`] and the like.
    pub async fn accepted(&self, shop: &Shop, mode: Mode) -> Result<Vec<Means>, GatewayError> {
        let caller = Caller {
            shop: Arc::new(shop.clone()),
            mode,
            key: None,
        };
        self.engine.accepted(&caller).await
    }

    fn view(
        &self,
        txn: &Txn<'_>,
        row: PoolAddress,
        now: UnixMillis,
        transfers_max: u32,
    ) -> Result<AddressView, StoreError> {
        let (sums, is_all) = addresses::received_at(txn, &row.network, &row.address, transfers_max)?;
        let received = sums.into_iter().filter_map(|(currency, sum)| {
            let asset = self.engine.registry.asset(&row.network, &currency)?;
            Some((Arc::clone(asset), sum))
        });
        Ok(AddressView {
            state: state(txn, &row, now)?,
            used_at: addresses::used_at(txn, &row.network, &row.address)?,
            received: received.collect(),
            is_all_received: is_all,
            id: row.id,
            network: row.network,
            address: row.address,
            way: row.way,
            child_index: row.child_index,
            proved: row.proved,
            created_at: row.created_at,
            retired_at: row.retired_at,
        })
    }

    /// A store's addresses on a network before a row, the latest first.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub async fn addresses(
        &self,
        shop: ShopId,
        network: &NetworkId,
        before: AddressId,
        limit: u32,
    ) -> Result<Vec<AddressView>, OfficeError> {
        let (office, network, now) = (self.clone(), network.clone(), self.now());
        let read = self.engine.database.read(move |txn| {
            let rows = addresses::page(txn, shop, &network, before, limit)?.into_iter();
            rows.map(|row| office.view(txn, row, now, TRANSFERS_IN_LIST_MAX))
                .collect::<Result<_, StoreError>>()
        });
        Ok(read.await?)
    }

    /// One address of a store.
    ///
    /// # Errors
    /// [`OfficeError::NotFound`] when there is none, or it is another store's.
    pub async fn address(&self, shop: ShopId, id: AddressId) -> Result<AddressView, OfficeError> {
        let (office, now) = (self.clone(), self.now());
        let read = self.engine.database.read(move |txn| {
            let row = addresses::by_id(txn, shop, id)?;
            row.map(|row| office.view(txn, row, now, TRANSFERS_MAX))
                .transpose()
        });
        read.await?.ok_or(OfficeError::NotFound)
    }
}
