//! Table `brandings`: how stores' pages look. What of it a page needs is read with the store, by [`super::shops`].

use rusqlite::{OptionalExtension as _, Row, named_params};

use super::error::StoreError;
use super::{Txn, values};
use crate::domain::brand::{Brand, Logo};
use crate::domain::ids::ShopId;
use crate::domain::picture::PictureKind;

/// What is read beside a store's own columns; nothing of a store that has no row.
pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Brand> {
    let Some(colour) = row.get::<_, Option<String>>("colour")? else {
        return Ok(Brand::default());
    };
    let hash: String = row.get("logo_hash")?;
    Ok(Brand {
        colour,
        logo: match hash.is_empty() {
            true => None,
            false => Some(Logo {
                kind: values::parsed(row, "logo_type")?,
                hash,
            }),
        },
        tagline: row.get("tagline")?,
        help_text: row.get("help_text")?,
        help_url: row.get("help_url")?,
    })
}

/// Sets how a store's pages look. `picture` are the bytes of a new logo; those of the logo that is there stay otherwise, as
/// long as the brand has one.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn set(txn: &Txn<'_>, shop: ShopId, brand: &Brand, picture: Option<&[u8]>) -> Result<(), StoreError> {
    let sql = "INSERT INTO brandings (store_id, colour, logo, logo_type, logo_hash, tagline, help_text, help_url)
               VALUES (:store_id, :colour, COALESCE(:logo, x''), :logo_type, :logo_hash, :tagline, :help_text, :help_url)
               ON CONFLICT (store_id) DO UPDATE SET colour = excluded.colour,
                   logo = CASE WHEN :logo IS NOT NULL OR :logo_hash = '' THEN excluded.logo ELSE logo END,
                   logo_type = excluded.logo_type, logo_hash = excluded.logo_hash, tagline = excluded.tagline,
                   help_text = excluded.help_text, help_url = excluded.help_url";
    let logo = brand.logo.as_ref();
    txn.connection.prepare_cached(sql)?.execute(named_params! {
        ":store_id": shop.get(),
        ":colour": brand.colour,
        ":logo": picture,
        ":logo_type": logo.map_or("", |logo| logo.kind.word()),
        ":logo_hash": logo.map_or("", |logo| logo.hash.as_str()),
        ":tagline": brand.tagline,
        ":help_text": brand.help_text,
        ":help_url": brand.help_url,
    })?;
    Ok(())
}

/// The logo under this hash.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn logo(txn: &Txn<'_>, hash: &str) -> Result<Option<(PictureKind, Vec<u8>)>, StoreError> {
    let sql = "SELECT logo_type, logo FROM brandings WHERE logo_hash = ?1 AND logo_hash <> '' LIMIT 1";
    let found = txn.connection.prepare_cached(sql)?.query_row([hash], |row| {
        Ok((values::parsed(row, "logo_type")?, row.get("logo")?))
    });
    Ok(found.optional()?)
}
