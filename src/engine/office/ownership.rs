//! Proof that the key of an address is in the merchant's hands.

use super::{By, Office, OfficeError};
use crate::chain::ownership;
pub use crate::chain::ownership::OwnershipError;
use crate::domain::address::Address;
use crate::domain::ids::{AddressId, ShopId};
use crate::domain::network::{Family, Network, NetworkId};
use crate::domain::proof::Proof;
use crate::domain::shop::Shop;
use crate::store::{StoreError, Txn, addresses};

/// Why an address is not proved. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The signature proves nothing.
    #[error(transparent)]
    Signature(#[from] OwnershipError),
    /// The signature is good, but of an address that the store does not have.
    #[error(
        "the signature is good, but store `{store}` does not have {address} on {network}: add it with `payd address add` \
         first"
    )]
    Unknown {
        /// The store.
        store: String,
        /// The address.
        address: String,
        /// The network.
        network: NetworkId,
    },
    /// There is no such row.
    #[error("there is no such address")]
    NotFound,
}

impl From<OfficeError> for ProveError {
    fn from(error: OfficeError) -> Self {
        match error {
            OfficeError::Store(error) => error.into(),
            OfficeError::NotFound => Self::NotFound,
        }
    }
}

/// What a wallet is to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The text.
    pub text: String,
    /// What kind of wallet signs it, and how.
    pub family: Family,
}

/// Keeps that an address was proved.
///
/// # Errors
/// [`ProveError`].
pub fn keep(
    txn: &Txn<'_>,
    by: &By,
    shop: &Shop,
    network: &NetworkId,
    address: &str,
    proof: Proof,
) -> Result<(), ProveError> {
    if !addresses::prove(txn, shop.id, network, address, proof, by.at)? {
        return Err(ProveError::Unknown {
            store: shop.name.clone(),
            address: address.to_owned(),
            network: network.clone(),
        });
    }
    by.write_down(
        txn,
        "address.prove",
        &shop.name,
        &format!("{address} on {network} by {proof}"),
    )?;
    Ok(())
}

impl Office {
    /// What is to be signed to prove an address of a store.
    ///
    /// # Errors
    /// [`OfficeError::NotFound`] when there is none, or it is another store's.
    pub async fn challenge(&self, shop: &Shop, id: AddressId) -> Result<Challenge, OfficeError> {
        let (address, network) = self.known_address(shop.id, id).await?;
        Ok(Challenge {
            text: ownership::challenge(&shop.name, &address, self.now()),
            family: network.family,
        })
    }

    /// Takes the signature of a challenge that was shown on one of the last 30 days.
    ///
    /// # Errors
    /// [`ProveError`].
    pub async fn prove_address(
        &self,
        by: By,
        shop: Shop,
        id: AddressId,
        signature: &str,
    ) -> Result<Proof, ProveError> {
        let (address, network) = self.known_address(shop.id, id).await?;
        let proof = ownership::verify_challenge(network.family, &shop.name, &address, by.at, signature)?;
        let kept = self.engine.database.write(move |txn| {
            keep(txn, &by, &shop, &network.id, address.text(), proof)?;
            Ok::<_, ProveError>(proof)
        });
        kept.await
    }

    async fn known_address(
        &self,
        shop: ShopId,
        id: AddressId,
    ) -> Result<(Address, std::sync::Arc<Network>), OfficeError> {
        let row = self
            .engine
            .database
            .read(move |txn| addresses::by_id(txn, shop, id))
            .await?;
        // One that was altered proves nothing.
        let row = row.filter(|row| row.is_authentic).ok_or(OfficeError::NotFound)?;
        let network = self.engine.registry.network(&row.network);
        let network = network.ok_or(OfficeError::NotFound)?;
        let address = Address::parse(network.family, &row.address).map_err(|_| OfficeError::NotFound)?;
        Ok((address, std::sync::Arc::clone(network)))
    }
}
