//! The addresses a scanner looks for, loaded as they are added.

use crate::chain::WatchSet;
use crate::domain::address::Address;
use crate::domain::ids::AddressId;
use crate::domain::network::Network;
use crate::store::{Database, StoreError, addresses};

/// Rows read at once.
const PAGE: u32 = 5_000;

/// The watched addresses of one network. Every address that a payment may have been given before a read begins is
/// in it when [`Self::refresh`] was called before that read.
#[derive(Debug)]
pub(super) struct Watch {
    set: WatchSet,
    after: AddressId,
}

impl Watch {
    pub(super) fn new() -> Self {
        Self {
            set: WatchSet::default(),
            after: AddressId::new(0),
        }
    }

    pub(super) fn set(&self) -> &WatchSet {
        &self.set
    }

    /// Adds the addresses that were added to the database since.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(super) async fn refresh(&mut self, database: &Database, network: &Network) -> Result<(), StoreError> {
        loop {
            let (id, after) = (network.id.clone(), self.after);
            let added = database
                .read(move |txn| addresses::of_network(txn, &id, after, PAGE))
                .await?;
            let is_last_page = added.len() < PAGE as usize;
            for (id, text) in added {
                match Address::parse(network.family, &text) {
                    Ok(address) => self.set.insert(&address),
                    // It is still shown in no checkout: allocation checks its authenticator.
                    Err(error) => {
                        tracing::error!(network = %network.id, row = %id, %error, "bad address in the pool")
                    }
                }
                self.after = id;
            }
            if is_last_page {
                return Ok(());
            }
        }
    }
}
