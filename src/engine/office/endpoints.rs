//! Webhook endpoints: where a store's backend is told, of what, and what signs for it.

mod office;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

pub use self::office::{EndpointOrder, MadeEndpoint, Shown, WAITING_MAX};
use super::By;
use super::posts::PostsError;
use crate::ambient::{NoRandomness, Random, random_bytes};
use crate::domain::event::EventKind;
use crate::domain::ids::{EndpointId, KeyId, ShopId};
use crate::domain::shop::{Endpoint, Format, Shop};
use crate::domain::time::UnixMillis;
use crate::store::endpoints::NewEndpoint;
use crate::store::{StoreError, Txn, endpoints, keys, shops};

/// Why an endpoint was not added or changed. Nothing was.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No randomness.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// It is not there, or another store's.
    #[error("there is no endpoint {0}; see `payd webhook list`")]
    Unknown(EndpointId),
    /// Nothing may be posted there; the text says why and does not repeat the URL.
    #[error("the URL was refused: {0}")]
    Url(String),
    /// The store has no such key.
    #[error("store `{shop}` has no key {key}; see `payd key list --store {shop}`")]
    NoKey {
        /// The store's name.
        shop: String,
        /// The key.
        key: KeyId,
    },
    /// The key makes no payments any more.
    #[error(
        "key {key} was revoked, so no payments are made with it any more; see `payd key list --store {shop}`"
    )]
    KeyRevoked {
        /// The store's name.
        shop: String,
        /// The key.
        key: KeyId,
        /// When.
        at: UnixMillis,
    },
    /// Nothing is sent to it.
    #[error("endpoint {0} is switched off, so nothing is sent to it")]
    Off(EndpointId),
    /// It was switched off before.
    #[error("endpoint {id} was switched off already")]
    OffAlready {
        /// The endpoint.
        id: EndpointId,
        /// When.
        at: UnixMillis,
    },
    /// Its secret is shown once only.
    #[error(
        "the secret of a {0} endpoint is shown once only, when it is added: add another endpoint with `payd webhook add` and \
         remove this one"
    )]
    ShownOnce(Format),
    /// It is no secret of the endpoint's that signs.
    #[error(
        "posts of a {0} endpoint are signed with the API secret of the key that made the payment, which is shown once only, \
         when the key is made"
    )]
    SignedByKey(Format),
    /// Of nothing, that is.
    #[error("an endpoint is told of one event at least; switch it off instead")]
    NoEvents,
    /// No post could be made or sent at all.
    #[error(transparent)]
    Posts(#[from] PostsError),
}

/// What a post of a format is signed with, as the merchant knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signs {
    /// The endpoint's secret, shown once.
    Secret,
    /// The endpoint's secret, which its page calls the APP_KEY and has the dashboard show.
    AppKey,
    /// The secret of the API key that made the payment.
    ApiSecret,
}

impl From<Format> for Signs {
    fn from(format: Format) -> Self {
        match format {
            Format::Payhook | Format::Standard | Format::Soko => Self::Secret,
            Format::Cryptopayment => Self::AppKey,
            Format::CryptoPay | Format::UsdtPayments => Self::ApiSecret,
        }
    }
}

impl Signs {
    /// Its word, as programs read it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::AppKey => "app_key",
            Self::ApiSecret => "api_secret",
        }
    }
}

/// A new secret in the form its page shows.
///
/// # Errors
/// [`NoRandomness`].
pub fn new_secret(random: &dyn Random, format: Format) -> Result<Zeroizing<String>, NoRandomness> {
    let bytes = Zeroizing::new(random_bytes::<32>(random)?);
    Ok(Zeroizing::new(match format {
        // Crypto Pay's are signed with the secrets of API keys; the endpoint's own is there to be, and never shown.
        Format::Payhook | Format::Soko | Format::CryptoPay | Format::UsdtPayments => hex::encode(*bytes),
        // What its page calls the APP_KEY.
        Format::Cryptopayment => STANDARD.encode(*bytes),
        Format::Standard => format!("whsec_{}", STANDARD.encode(*bytes)),
    }))
}

/// An endpoint to be, whose URL was checked.
#[derive(Clone)]
pub struct Wanted {
    /// Where to post.
    pub url: String,
    /// How a post looks.
    pub format: Format,
    /// The API key whose payments alone it is told of.
    pub key: Option<KeyId>,
    /// What it is told of, at least one.
    pub events: Vec<EventKind>,
    /// What signs for it.
    pub secret: Zeroizing<String>,
}

/// Adds an endpoint whose URL was checked.
///
/// # Errors
/// [`EndpointError`].
pub fn add(
    txn: &Txn<'_>,
    by: &By,
    shop: &Shop,
    wanted: &Wanted,
    random: &dyn Random,
) -> Result<Endpoint, EndpointError> {
    if let Some(key) = wanted.key {
        check_key(txn, shop, key)?;
    }
    let mut events = wanted.events.clone();
    events.sort_unstable();
    events.dedup();
    if events.is_empty() {
        return Err(EndpointError::NoEvents);
    }
    let new = NewEndpoint {
        shop: shop.id,
        url: &wanted.url,
        format: wanted.format,
        key: wanted.key,
        events: &events,
        secret: &wanted.secret,
    };
    let id = endpoints::insert(txn, &new, by.at, random)?;
    let endpoint = known(txn, id)?;
    let detail = match wanted.key {
        Some(key) => format!("endpoint {id} for key {key}"),
        None => format!("endpoint {id}"),
    };
    by.write_down(txn, "webhook.add", &shop.name, &detail)?;
    Ok(endpoint)
}

/// Only a key of the store that works can have an endpoint: nobody else's payments are told.
fn check_key(txn: &Txn<'_>, shop: &Shop, id: KeyId) -> Result<(), EndpointError> {
    let key = keys::by_id(txn, id)?.filter(|key| key.shop == shop.id);
    let shop = shop.name.clone();
    let Some(key) = key else {
        return Err(EndpointError::NoKey { shop, key: id });
    };
    match key.revoked_at {
        Some(at) => Err(EndpointError::KeyRevoked { shop, key: id, at }),
        None => Ok(()),
    }
}

/// The endpoint of this number.
///
/// # Errors
/// [`EndpointError::Unknown`].
pub fn known(txn: &Txn<'_>, id: EndpointId) -> Result<Endpoint, EndpointError> {
    endpoints::by_id(txn, id)?.ok_or(EndpointError::Unknown(id))
}

/// The endpoint of this number, if it is the store's.
///
/// # Errors
/// [`EndpointError::Unknown`].
pub fn of_shop(txn: &Txn<'_>, shop: ShopId, id: EndpointId) -> Result<Endpoint, EndpointError> {
    let endpoint = endpoints::by_id(txn, id)?.filter(|endpoint| endpoint.shop == shop);
    endpoint.ok_or(EndpointError::Unknown(id))
}

/// The endpoint, if anything is sent to it.
///
/// # Errors
/// [`EndpointError::Off`].
pub fn switched_on(endpoint: Endpoint) -> Result<Endpoint, EndpointError> {
    match endpoint.disabled_at {
        None => Ok(endpoint),
        Some(_) => Err(EndpointError::Off(endpoint.id)),
    }
}

fn name_of(txn: &Txn<'_>, shop: ShopId) -> Result<String, StoreError> {
    Ok(shops::by_id(txn, shop)?.map(|shop| shop.name).unwrap_or_default())
}

/// Switches an endpoint off: nothing more is sent to it.
///
/// # Errors
/// [`EndpointError`].
pub fn remove(txn: &Txn<'_>, by: &By, id: EndpointId) -> Result<Endpoint, EndpointError> {
    let endpoint = known(txn, id)?;
    if let Some(at) = endpoint.disabled_at {
        return Err(EndpointError::OffAlready { id, at });
    }
    endpoints::disable(txn, id, by.at)?;
    let shop = name_of(txn, endpoint.shop)?;
    by.write_down(txn, "webhook.remove", &shop, &format!("endpoint {id}"))?;
    Ok(endpoint)
}

/// Has an endpoint told of these events from now on.
///
/// # Errors
/// [`EndpointError`].
pub fn set_events(
    txn: &Txn<'_>,
    by: &By,
    id: EndpointId,
    mut events: Vec<EventKind>,
) -> Result<(), EndpointError> {
    let endpoint = switched_on(known(txn, id)?)?;
    events.sort_unstable();
    events.dedup();
    if events.is_empty() {
        return Err(EndpointError::NoEvents);
    }
    endpoints::set_events(txn, id, &events)?;
    let words: Vec<&str> = events.iter().map(|kind| kind.word()).collect();
    let detail = format!("endpoint {id}: {}", words.join(" "));
    by.write_down(txn, "webhook.events", &name_of(txn, endpoint.shop)?, &detail)?;
    Ok(())
}

/// Has posts to an endpoint signed with another secret from now on, those that wait included.
///
/// # Errors
/// [`EndpointError`].
pub fn set_secret(
    txn: &Txn<'_>,
    by: &By,
    id: EndpointId,
    secret: &str,
    random: &dyn Random,
) -> Result<(), EndpointError> {
    let endpoint = switched_on(known(txn, id)?)?;
    if Signs::from(endpoint.format) == Signs::ApiSecret {
        return Err(EndpointError::SignedByKey(endpoint.format));
    }
    endpoints::set_secret(txn, id, secret, random)?;
    let shop = name_of(txn, endpoint.shop)?;
    by.write_down(txn, "webhook.rotate", &shop, &format!("endpoint {id}"))?;
    Ok(())
}

/// An APP_KEY, which CryptoPayment's page has the dashboard show again. Who asks is written down.
///
/// # Errors
/// [`EndpointError`]; the secrets of other formats are shown once only.
pub fn show_secret(txn: &Txn<'_>, by: &By, id: EndpointId) -> Result<Zeroizing<String>, EndpointError> {
    let endpoint = known(txn, id)?;
    match Signs::from(endpoint.format) {
        Signs::AppKey => {}
        Signs::Secret => return Err(EndpointError::ShownOnce(endpoint.format)),
        Signs::ApiSecret => return Err(EndpointError::SignedByKey(endpoint.format)),
    }
    let secret = endpoints::secret(txn, id)?;
    let shop = name_of(txn, endpoint.shop)?;
    by.write_down(txn, "webhook.secret", &shop, &format!("endpoint {id}"))?;
    Ok(secret)
}
