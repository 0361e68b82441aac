//! Tables `donation_pages`, `donations` and `donated`.

use rusqlite::{OptionalExtension as _, Row, named_params, params};

use super::error::StoreError;
use super::values::{self, bad};
use super::{Txn, payments};
use crate::domain::donation::{Donation, DonationPage, Donor, Given};
use crate::domain::ids::{PaymentId, ShopId};
use crate::domain::network::Mode;
use crate::domain::payment::{Origin, Payment};
use crate::domain::status::Status;

fn page_from_row(row: &Row<'_>) -> rusqlite::Result<DonationPage> {
    let presets: String = row.get("presets")?;
    let presets = presets
        .split_whitespace()
        .map(|minor| minor.parse().map_err(|_| bad("presets", minor)));
    Ok(DonationPage {
        is_enabled: row.get("is_enabled")?,
        title: row.get("title")?,
        text: row.get("text")?,
        fiat: values::parsed(row, "fiat")?,
        presets: presets.collect::<Result<_, _>>()?,
        colour: row.get("colour")?,
        goal_minor: values::optional_unsigned(row, "goal_minor")?,
        sends_webhooks: row.get("sends_webhooks")?,
    })
}

/// How a store's donation page is set up; `None` when it never was.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn page_of(txn: &Txn<'_>, shop: ShopId) -> Result<Option<DonationPage>, StoreError> {
    let sql = "SELECT is_enabled, title, text, fiat, presets, colour, goal_minor, sends_webhooks
               FROM donation_pages WHERE store_id = ?1";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .query_row([shop.get()], page_from_row)
        .optional()?)
}

/// Whether a store's donations send webhooks, as its orders do.
pub(super) fn sends_webhooks(txn: &Txn<'_>, shop: ShopId) -> Result<bool, StoreError> {
    let sql = "SELECT sends_webhooks FROM donation_pages WHERE store_id = ?1";
    let found: Option<bool> = txn
        .connection
        .prepare_cached(sql)?
        .query_row([shop.get()], |row| row.get(0))
        .optional()?;
    Ok(found.unwrap_or(false))
}

/// Sets up a store's donation page.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn set_page(txn: &Txn<'_>, shop: ShopId, page: &DonationPage) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO donation_pages (store_id, is_enabled, title, text, fiat, presets, colour,
                   goal_minor, sends_webhooks)
               VALUES (:store_id, :is_enabled, :title, :text, :fiat, :presets, :colour, :goal_minor, :sends_webhooks)";
    let presets: Vec<String> = page.presets.iter().map(u64::to_string).collect();
    txn.connection.prepare_cached(sql)?.execute(named_params! {
        ":store_id": shop.get(),
        ":is_enabled": page.is_enabled,
        ":title": page.title,
        ":text": page.text,
        ":fiat": page.fiat.word(),
        ":presets": presets.join(" "),
        ":colour": page.colour,
        ":goal_minor": page.goal_minor.map(values::height),
        ":sends_webhooks": page.sends_webhooks,
    })?;
    Ok(())
}

/// Keeps what the donor of a payment says.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn insert(txn: &Txn<'_>, payment: &Payment, donor: &Donor) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO donations (payment_id, store_id, donor_name, donor_message) VALUES (?1, ?2, ?3, ?4)";
    txn.connection.prepare_cached(sql)?.execute(params![
        payment.id.get(),
        payment.shop.get(),
        donor.name,
        donor.message
    ])?;
    Ok(())
}

/// Counts a donation that was just paid, if it is one and its money is real.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn count_paid(txn: &Txn<'_>, payment: &Payment) -> Result<(), StoreError> {
    let counts =
        payment.origin == Origin::Donation && payment.mode == Mode::Live && payment.status == Status::Paid;
    if !counts {
        return Ok(());
    }
    let sql = "INSERT INTO donated (store_id, usd_cents, count) VALUES (?1, ?2, 1)
               ON CONFLICT (store_id) DO UPDATE SET usd_cents = usd_cents + ?2, count = count + 1";
    let usd_cents = values::height(payment.usd_cents.unwrap_or(0));
    txn.connection
        .prepare_cached(sql)?
        .execute(params![payment.shop.get(), usd_cents])?;
    Ok(())
}

/// What was given to a store so far.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn given(txn: &Txn<'_>, shop: ShopId) -> Result<Given, StoreError> {
    let sql = "SELECT usd_cents, count FROM donated WHERE store_id = ?1";
    let read = |row: &Row<'_>| {
        Ok(Given {
            usd_cents: values::unsigned(row, "usd_cents")?,
            count: values::unsigned(row, "count")?,
        })
    };
    let found = txn
        .connection
        .prepare_cached(sql)?
        .query_row([shop.get()], read)
        .optional()?;
    Ok(found.unwrap_or_default())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Donation> {
    Ok(Donation {
        payment: PaymentId::new(row.get("payment_id")?),
        donor: Donor {
            name: row.get("donor_name")?,
            message: row.get("donor_message")?,
        },
    })
}

/// What the donor of a payment said; `None` when it is no donation.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_payment(txn: &Txn<'_>, payment: PaymentId) -> Result<Option<Donation>, StoreError> {
    let sql = "SELECT payment_id, donor_name, donor_message FROM donations WHERE payment_id = ?1";
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .query_row([payment.get()], from_row)
        .optional()?)
}

/// Donations before `before`, newest first, of one store or all, with their payments. At most `limit`.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn page(
    txn: &Txn<'_>,
    shop: Option<ShopId>,
    before: PaymentId,
    limit: u32,
) -> Result<Vec<(Donation, Payment)>, StoreError> {
    let condition = match shop {
        Some(_) => "store_id = ?1 AND payment_id < ?2",
        None => "?1 IS NULL AND payment_id < ?2",
    };
    let sql = format!(
        "SELECT payment_id, donor_name, donor_message FROM donations WHERE {condition}
         ORDER BY payment_id DESC LIMIT ?3"
    );
    let mut statement = txn.connection.prepare_cached(&sql)?;
    let rows: Vec<Donation> = statement
        .query_map(params![shop.map(ShopId::get), before.get(), limit], from_row)?
        .collect::<Result<_, _>>()?;
    let mut donations = Vec::with_capacity(rows.len());
    for donation in rows {
        if let Some(payment) = payments::by_id(txn, donation.payment)? {
            donations.push((donation, payment));
        }
    }
    Ok(donations)
}
