//! Table `received`: what the payments of a store have received, summed per asset. It follows the payments' own figures
//! in the same transaction, so that a balance costs the same for ten payments as for ten million.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension as _, Row, named_params, params};

use super::error::StoreError;
use super::values;
use super::{Txn, payments};
use crate::domain::asset::Currency;
use crate::domain::ids::{PaymentId, ShopId};
use crate::domain::money::BaseUnits;
use crate::domain::network::NetworkId;
use crate::domain::payment::Payment;

/// What was received of an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The network.
    pub network: NetworkId,
    /// The asset on it.
    pub currency: Currency,
    /// At any depth, or waiting for a block.
    pub seen: BaseUnits,
    /// Settled of that.
    pub settled: BaseUnits,
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Received> {
    Ok(Received {
        network: values::network(row, "network")?,
        currency: values::currency(row, "currency")?,
        seen: values::units(row, "seen")?,
        settled: values::units(row, "settled")?,
    })
}

/// What the payments of a store have received of each asset, by network and currency.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub fn of_shop(txn: &Txn<'_>, shop: ShopId) -> Result<Vec<Received>, StoreError> {
    let sql = "SELECT network, currency, seen, settled FROM received WHERE store_id = ?1 ORDER BY network, currency";
    let mut statement = txn.connection.prepare_cached(sql)?;
    let rows = statement
        .query_map([shop.get()], from_row)?
        .collect::<Result<_, _>>()?;
    Ok(rows)
}

/// Takes what a payment says it has received in place of what its row says so far.
pub(super) fn count(txn: &Txn<'_>, payment: &Payment) -> Result<(), StoreError> {
    let Some(ask) = &payment.ask else { return Ok(()) };
    let (seen, settled) = as_stored(txn, payment.id)?;
    let progress = &payment.progress;
    if (seen, settled) == (progress.seen, progress.settled) {
        return Ok(());
    }
    let key = params![payment.shop.get(), ask.network.as_str(), ask.currency.as_str()];
    let sql = "SELECT network, currency, seen, settled FROM received
               WHERE store_id = ?1 AND network = ?2 AND currency = ?3";
    let sums = txn
        .connection
        .prepare_cached(sql)?
        .query_row(key, from_row)
        .optional()?;
    let (all_seen, all_settled) = sums.map_or((BaseUnits::ZERO, BaseUnits::ZERO), |sums| {
        (sums.seen, sums.settled)
    });
    let sums = Received {
        network: ask.network.clone(),
        currency: ask.currency.clone(),
        seen: instead(all_seen, seen, progress.seen),
        settled: instead(all_settled, settled, progress.settled),
    };
    write(txn, payment.shop, &sums)
}

fn as_stored(txn: &Txn<'_>, payment: PaymentId) -> Result<(BaseUnits, BaseUnits), StoreError> {
    let sql = "SELECT seen, settled FROM payments WHERE id = ?1";
    let read = |row: &Row<'_>| Ok((values::units(row, "seen")?, values::units(row, "settled")?));
    Ok(txn
        .connection
        .prepare_cached(sql)?
        .query_row([payment.get()], read)?)
}

/// `sum` with `now` in it in the place of `before`. It is only shown: one that is too large must not hold up a payment.
fn instead(sum: BaseUnits, before: BaseUnits, now: BaseUnits) -> BaseUnits {
    let sum = sum.saturating_sub(before).checked_add(now);
    sum.unwrap_or(BaseUnits::new(u128::MAX))
}

fn write(txn: &Txn<'_>, shop: ShopId, sums: &Received) -> Result<(), StoreError> {
    let sql = "INSERT INTO received (store_id, network, currency, seen, settled)
               VALUES (:store_id, :network, :currency, :seen, :settled)
               ON CONFLICT (store_id, network, currency) DO UPDATE SET seen = :seen, settled = :settled";
    txn.connection.prepare_cached(sql)?.execute(named_params! {
        ":store_id": shop.get(),
        ":network": sums.network.as_str(),
        ":currency": sums.currency.as_str(),
        ":seen": sums.seen.to_string(),
        ":settled": sums.settled.to_string(),
    })?;
    Ok(())
}

/// Payments added up at once.
const PAGE: u32 = 1000;

/// Adds everything up anew: for a database that was made before there were sums.
///
/// # Errors
/// [`StoreError::Sqlite`].
pub(super) fn add_up(txn: &Txn<'_>) -> Result<(), StoreError> {
    let mut sums: BTreeMap<(i64, NetworkId, Currency), (BaseUnits, BaseUnits)> = BTreeMap::new();
    let mut after = PaymentId::new(0);
    loop {
        let page = payments::with_money(txn, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for payment in page {
            let Some(ask) = payment.ask else { continue };
            let key = (payment.shop.get(), ask.network, ask.currency);
            let (seen, settled) = sums.entry(key).or_default();
            *seen = instead(*seen, BaseUnits::ZERO, payment.progress.seen);
            *settled = instead(*settled, BaseUnits::ZERO, payment.progress.settled);
        }
    }
    for ((shop, network, currency), (seen, settled)) in sums {
        let sums = Received {
            network,
            currency,
            seen,
            settled,
        };
        write(txn, ShopId::new(shop), &sums)?;
    }
    Ok(())
}
