//! Who calls: by an API key, from an address that the key may be used from. Every way in goes through [`caller`].

use std::net::IpAddr;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::{Gateway, GatewayError};
use crate::domain::ids::KeyId;
use crate::domain::network::Mode;
use crate::domain::shop::{ApiKey, Shop};
use crate::engine::known::KnownKey;
use crate::store::{StoreError, Txn, keys, shops};

/// Whose key a call came with.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The shop.
    pub shop: Arc<Shop>,
    /// The mode of the key: decides between real and simulated chains.
    pub mode: Mode,
    /// The key; `None` for somebody at the command line.
    pub key: Option<KeyId>,
}

/// Whose key a call came with, and the secret that its signature has to be made with.
#[derive(Clone)]
pub struct Credentials {
    /// Who calls, if the signature is right.
    pub caller: Caller,
    /// The key's secret.
    pub secret: Zeroizing<Vec<u8>>,
}

impl Gateway {
    /// Who an API key speaks for; nobody, when it is for web pages only. `from` is who calls, as far as that is known.
    ///
    /// # Errors
    /// [`GatewayError::Unauthorized`], also for a key that may not be used from there.
    pub async fn authenticate(&self, api_key: &str, from: Option<IpAddr>) -> Result<Caller, GatewayError> {
        Ok(self.admitted(api_key, from).await?.caller.clone())
    }

    /// As [`Self::authenticate`], with all that is known of the key.
    pub(super) async fn admitted(
        &self,
        api_key: &str,
        from: Option<IpAddr>,
    ) -> Result<Arc<KnownKey>, GatewayError> {
        let known = self.engine.known_key(api_key).await?;
        let admitted = known.filter(|known| admits(&known.key, from) && !known.key.is_public);
        admitted.ok_or(GatewayError::Unauthorized)
    }

    /// Who an API key speaks for once its secret is shown to be known, and that secret. `from` is who calls, as far as that
    /// is known.
    ///
    /// # Errors
    /// [`GatewayError::Unauthorized`], also for a key that may not be used from there.
    pub async fn credentials(
        &self,
        api_key: &str,
        from: Option<IpAddr>,
    ) -> Result<Credentials, GatewayError> {
        let known = self.admitted(api_key, from).await?;
        let secret = match &known.secret {
            Some(secret) => secret.clone(),
            None => {
                let key = known.key.id;
                let opened = self.engine.database.read(move |txn| keys::secret(txn, key));
                opened.await.map_err(GatewayError::from)?
            }
        };
        Ok(Credentials {
            caller: known.caller.clone(),
            secret,
        })
    }
}

/// Whether a key may be used by who calls.
fn admits(key: &ApiKey, from: Option<IpAddr>) -> bool {
    let is_admitted = key.allowed.admits(from);
    if !is_admitted {
        let from = from.map(tracing::field::display);
        tracing::warn!(key = %key.id, from, "a key was refused: it may not be used from there");
    }
    is_admitted
}

/// Who a key speaks for, and whether it is for web pages only.
pub(super) fn caller(
    txn: &Txn<'_>,
    api_key: &str,
    from: Option<IpAddr>,
) -> Result<Option<(Caller, bool)>, StoreError> {
    let Some(key) = keys::find_active(txn, api_key)? else {
        return Ok(None);
    };
    if !admits(&key, from) {
        return Ok(None);
    }
    Ok(shops::by_id(txn, key.shop)?.map(|shop| {
        let caller = Caller {
            shop: Arc::new(shop),
            mode: key.mode,
            key: Some(key.id),
        };
        (caller, key.is_public)
    }))
}
