//! API keys. A key and its secret are known once, when they are made.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::{By, Office};
use crate::ambient::{NoRandomness, Random, random_bytes};
use crate::domain::allowed::{AllowedError, AllowedNetworks};
use crate::domain::brand;
use crate::domain::ids::{KeyId, ShopId};
use crate::domain::network::Mode;
use crate::domain::shop::{ApiKey, Dialect, Shop};
use crate::domain::time::UnixMillis;
use crate::store::{StoreError, Txn, keys, shops};

/// Characters of what a key is called.
pub const LABEL_LENGTH_MAX: usize = 60;

/// Why nothing was made or changed.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The database refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The machine has no randomness to give.
    #[error(transparent)]
    Chance(#[from] NoRandomness),
    /// There is no such store.
    #[error("there is no store {0}; see `payd store list`")]
    UnknownShop(ShopId),
    /// There is no such key, or it is another store's.
    #[error("there is no key {0}; see `payd key list`")]
    Unknown(KeyId),
    /// It works no more.
    #[error("key {id} was revoked already")]
    Revoked {
        /// Which.
        id: KeyId,
        /// Since when.
        at: UnixMillis,
    },
    /// Too long, or on more than one line.
    #[error("a key's label is one line of at most {LABEL_LENGTH_MAX} characters")]
    Label,
    /// Not a list of addresses.
    #[error(transparent)]
    Allowed(#[from] AllowedError),
    /// Everybody's browser uses it.
    #[error(
        "a key for web pages is used by your customers' browsers, from everywhere: it cannot be kept to some addresses"
    )]
    PublicAndKept,
}

/// A key to be made.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Test or live.
    pub mode: Mode,
    /// Whether it is for web pages.
    pub is_public: bool,
    /// What its merchant calls it.
    pub label: String,
    /// From where it may be used.
    pub allowed: AllowedNetworks,
}

/// What is to be changed of a key; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct KeyChange {
    /// What its merchant calls it.
    pub label: Option<String>,
    /// From where it may be used.
    pub allowed: Option<AllowedNetworks>,
}

/// A key that was just made; the only time that its texts are known.
pub struct Made {
    /// Whose.
    pub shop: Shop,
    /// The key as it is kept.
    pub key: ApiKey,
    /// Its text.
    pub text: Zeroizing<String>,
    /// None of a key for web pages: it opens nothing more.
    pub secret: Option<Zeroizing<String>>,
}

/// Chance for a key, drawn before the transaction that makes it.
pub struct Draft {
    key_hex: Zeroizing<String>,
    secret_hex: Zeroizing<String>,
    random: Arc<dyn Random>,
}

impl Draft {
    /// Draws it.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn new(random: Arc<dyn Random>) -> Result<Self, NoRandomness> {
        let hex = || Ok(Zeroizing::new(hex::encode(random_bytes::<32>(random.as_ref())?)));
        Ok(Self {
            key_hex: hex()?,
            secret_hex: hex()?,
            random: Arc::clone(&random),
        })
    }

    fn insert(&self, txn: &Txn<'_>, shop: Shop, new: &NewKey, by: &By) -> Result<Made, KeyError> {
        let label = brand::line(&new.label, LABEL_LENGTH_MAX).ok_or(KeyError::Label)?;
        if new.is_public && !new.allowed.is_everywhere() {
            return Err(KeyError::PublicAndKept);
        }
        let (text, secret) = if new.is_public {
            (format!("pk_web_{}", &*self.key_hex), self.secret_hex.to_string())
        } else {
            texts(shop.dialect, new.mode, &self.key_hex, &self.secret_hex)
        };
        let id = keys::insert(
            txn,
            shop.id,
            new.mode,
            &text,
            &secret,
            by.at,
            self.random.as_ref(),
        )?;
        if new.is_public {
            keys::publish(txn, id)?;
        }
        keys::describe(txn, id, &label, &new.allowed)?;
        Ok(Made {
            shop,
            key: keys::by_id(txn, id)?.ok_or(KeyError::Unknown(id))?,
            text: text.into(),
            secret: (!new.is_public).then(|| secret.into()),
        })
    }
}

/// The texts of a new key and its secret, in the form its API's page shows: Crypto Pay tells test keys apart.
#[must_use]
pub fn texts(dialect: Dialect, mode: Mode, key_hex: &str, secret_hex: &str) -> (String, String) {
    let infix = match (dialect, mode) {
        (Dialect::CryptoPay, Mode::Test) => "test_",
        (Dialect::CryptoPay, Mode::Live)
        | (Dialect::Payhook | Dialect::Soko | Dialect::UsdtPayments | Dialect::Cryptopayment, _) => "",
    };
    (format!("pk_{infix}{key_hex}"), format!("sk_{infix}{secret_hex}"))
}

/// Makes a key.
///
/// # Errors
/// [`KeyError`].
pub fn add(txn: &Txn<'_>, by: &By, draft: &Draft, shop: ShopId, new: &NewKey) -> Result<Made, KeyError> {
    let shop = shops::by_id(txn, shop)?.ok_or(KeyError::UnknownShop(shop))?;
    let made = draft.insert(txn, shop, new, by)?;
    let kind = if new.is_public { "public " } else { "" };
    let detail = format!("{kind}{} key {}{}", new.mode, made.key.id, kept_to(&new.allowed));
    by.write_down(txn, "key.add", &made.shop.name, &detail)?;
    Ok(made)
}

fn kept_to(allowed: &AllowedNetworks) -> String {
    if allowed.is_everywhere() {
        String::new()
    } else {
        format!(", from {allowed}")
    }
}

/// Makes a key of the same kind, called and kept to the same, and ends the old one at once. With `shop`, only where it is
/// this store's.
///
/// # Errors
/// [`KeyError`].
pub fn rotate(
    txn: &Txn<'_>,
    by: &By,
    draft: &Draft,
    shop: Option<ShopId>,
    old: KeyId,
) -> Result<Made, KeyError> {
    let key = working(txn, shop, old)?;
    let shop = shops::by_id(txn, key.shop)?.ok_or(KeyError::UnknownShop(key.shop))?;
    keys::revoke(txn, old, by.at)?;
    let new = NewKey {
        mode: key.mode,
        is_public: key.is_public,
        label: key.label,
        allowed: key.allowed,
    };
    let made = draft.insert(txn, shop, &new, by)?;
    keys::succeed(txn, old, made.key.id)?;
    let detail = format!("{} key {old} became {}", key.mode, made.key.id);
    by.write_down(txn, "key.rotate", &made.shop.name, &detail)?;
    Ok(made)
}

/// Ends a key at once. With `shop`, only where it is this store's.
///
/// # Errors
/// [`KeyError`].
pub fn revoke(txn: &Txn<'_>, by: &By, shop: Option<ShopId>, id: KeyId) -> Result<ApiKey, KeyError> {
    let key = working(txn, shop, id)?;
    keys::revoke(txn, id, by.at)?;
    let shop = shops::by_id(txn, key.shop)?.map(|shop| shop.name);
    let detail = format!("{} key {id}", key.mode);
    by.write_down(txn, "key.revoke", &shop.unwrap_or_default(), &detail)?;
    Ok(ApiKey {
        revoked_at: Some(by.at),
        ..key
    })
}

/// Changes what a key is called and from where it may be used. With `shop`, only where it is this store's.
///
/// # Errors
/// [`KeyError`].
pub fn change(
    txn: &Txn<'_>,
    by: &By,
    shop: Option<ShopId>,
    id: KeyId,
    what: &KeyChange,
) -> Result<ApiKey, KeyError> {
    let was = working(txn, shop, id)?;
    let mut key = was.clone();
    if let Some(label) = &what.label {
        key.label = brand::line(label, LABEL_LENGTH_MAX).ok_or(KeyError::Label)?;
    }
    if let Some(allowed) = &what.allowed {
        if key.is_public && !allowed.is_everywhere() {
            return Err(KeyError::PublicAndKept);
        }
        key.allowed = allowed.clone();
    }
    if key == was {
        return Ok(key);
    }
    keys::describe(txn, id, &key.label, &key.allowed)?;
    let from = match key.allowed.is_everywhere() {
        true => "everywhere".to_owned(),
        false => key.allowed.to_string(),
    };
    let detail = format!("{} key {id} `{}`, from {from}", key.mode, key.label);
    let shop = shops::by_id(txn, key.shop)?.map(|shop| shop.name);
    by.write_down(txn, "key.set", &shop.unwrap_or_default(), &detail)?;
    Ok(key)
}

/// A key that was not revoked, of this store where one is named.
fn working(txn: &Txn<'_>, shop: Option<ShopId>, id: KeyId) -> Result<ApiKey, KeyError> {
    let key = of_shop(txn, shop, id)?;
    match key.revoked_at {
        Some(at) => Err(KeyError::Revoked { id, at }),
        None => Ok(key),
    }
}

fn of_shop(txn: &Txn<'_>, shop: Option<ShopId>, id: KeyId) -> Result<ApiKey, KeyError> {
    let found = keys::by_id(txn, id)?.filter(|key| shop.is_none_or(|shop| shop == key.shop));
    found.ok_or(KeyError::Unknown(id))
}

impl Office {
    /// A store's keys, newest first, without what is secret.
    ///
    /// # Errors
    /// [`KeyError::Store`].
    pub async fn keys(&self, shop: ShopId) -> Result<Vec<ApiKey>, KeyError> {
        let read = self.engine.database.read(move |txn| keys::of_shop(txn, shop));
        let mut keys = read.await?;
        keys.reverse();
        Ok(keys)
    }

    /// A key of a store.
    ///
    /// # Errors
    /// [`KeyError::Unknown`], [`KeyError::Store`].
    pub async fn key(&self, shop: ShopId, id: KeyId) -> Result<ApiKey, KeyError> {
        let read = self.engine.database.read(move |txn| of_shop(txn, Some(shop), id));
        read.await
    }

    /// Makes a key.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn add_key(&self, by: By, shop: ShopId, new: NewKey) -> Result<Made, KeyError> {
        let draft = Draft::new(self.random())?;
        let written = self
            .engine
            .database
            .write(move |txn| add(txn, &by, &draft, shop, &new));
        written.await
    }

    /// Puts a new key in the place of one of a store.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn rotate_key(&self, by: By, shop: ShopId, id: KeyId) -> Result<Made, KeyError> {
        let draft = Draft::new(self.random())?;
        let written = self
            .engine
            .database
            .write(move |txn| rotate(txn, &by, &draft, Some(shop), id));
        written.await
    }

    /// Ends a key of a store.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn revoke_key(&self, by: By, shop: ShopId, id: KeyId) -> Result<(), KeyError> {
        let written = self
            .engine
            .database
            .write(move |txn| revoke(txn, &by, Some(shop), id));
        written.await.map(|_| ())
    }

    /// Changes a key of a store.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn change_key(&self, by: By, shop: ShopId, id: KeyId, what: KeyChange) -> Result<(), KeyError> {
        let written = self
            .engine
            .database
            .write(move |txn| change(txn, &by, Some(shop), id, &what));
        written.await.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_crypto_pays_test_keys_say_that_they_are() {
        for dialect in Dialect::ALL.iter().copied() {
            for mode in Mode::ALL.iter().copied() {
                let (key, secret) = texts(dialect, mode, "00", "ff");
                let is_marked = dialect == Dialect::CryptoPay && mode == Mode::Test;
                assert_eq!(key, if is_marked { "pk_test_00" } else { "pk_00" });
                assert_eq!(secret, if is_marked { "sk_test_ff" } else { "sk_ff" });
            }
        }
    }
}
