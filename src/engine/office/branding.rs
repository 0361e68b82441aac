//! How a store's pages look.

use sha2::{Digest as _, Sha256};

use super::{By, Office};
use crate::domain::brand::{Brand, BrandError, Logo};
use crate::domain::ids::ShopId;
use crate::domain::picture::{Picture, PictureError};
use crate::store::{StoreError, Txn, brandings, shops};

/// Digits of a logo's hash.
const HASH_DIGITS: usize = 32;

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum BrandingError {
    /// The database refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such store.
    #[error("there is no store {0}; see `payd store list`")]
    UnknownShop(ShopId),
    /// A text is not taken.
    #[error(transparent)]
    Brand(#[from] BrandError),
    /// The picture is not taken.
    #[error(transparent)]
    Picture(#[from] PictureError),
}

/// What becomes of the logo.
#[derive(Debug, Clone, Default)]
pub enum LogoChange {
    /// It stays.
    #[default]
    Keep,
    /// There is none any more.
    Remove,
    /// This takes its place: a file as it was sent.
    Replace(Vec<u8>),
}

/// Sets how a store's pages look. What `brand` says of a logo counts for nothing: `logo` does.
///
/// # Errors
/// [`BrandingError`].
pub fn set(
    txn: &Txn<'_>,
    by: &By,
    shop: ShopId,
    brand: Brand,
    logo: &LogoChange,
) -> Result<Brand, BrandingError> {
    let shop = shops::by_id(txn, shop)?.ok_or(BrandingError::UnknownShop(shop))?;
    let mut brand = brand.checked()?;
    let picture = match logo {
        LogoChange::Keep | LogoChange::Remove => None,
        LogoChange::Replace(file) => Some(Picture::read(file)?),
    };
    brand.logo = match (logo, &picture) {
        (LogoChange::Keep, _) => shop.brand.logo,
        (_, Some(picture)) => Some(Logo {
            hash: hash_of(&picture.bytes),
            kind: picture.kind,
        }),
        (_, None) => None,
    };
    brandings::set(
        txn,
        shop.id,
        &brand,
        picture.as_ref().map(|picture| &*picture.bytes),
    )?;
    let words: Vec<&str> = [
        (!brand.colour.is_empty(), brand.colour.as_str()),
        (brand.logo.is_some(), "logo"),
        (!brand.tagline.is_empty(), "tagline"),
        (!brand.help_text.is_empty(), "help text"),
        (!brand.help_url.is_empty(), brand.help_url.as_str()),
    ]
    .into_iter()
    .filter_map(|(has, word)| has.then_some(word))
    .collect();
    by.write_down(txn, "store.branding", &shop.name, &words.join(", "))?;
    Ok(brand)
}

fn hash_of(bytes: &[u8]) -> String {
    let digits = hex::encode(Sha256::digest(bytes));
    digits.chars().take(HASH_DIGITS).collect()
}

impl Office {
    /// Sets how a store's pages look.
    ///
    /// # Errors
    /// [`BrandingError`].
    pub async fn set_branding(
        &self,
        by: By,
        shop: ShopId,
        brand: Brand,
        logo: LogoChange,
    ) -> Result<Brand, BrandingError> {
        let written = self
            .engine
            .database
            .write(move |txn| set(txn, &by, shop, brand, &logo));
        written.await
    }
}
