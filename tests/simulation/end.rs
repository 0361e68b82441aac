//! What must hold once everything is well again and time has passed.

use std::collections::HashMap;

use crate::ledger::{Around, Ledger, Reader, Violation, bare, int};
use crate::world::{Coin, World};

/// The sums are those of what is recorded, every due amount is asked for in full, and money counts that came in time.
fn sums(reader: &Reader, world: &World) -> Result<(), Violation> {
    let mut sums: HashMap<String, u128> = HashMap::new();
    let sql =
        "SELECT t.payment_id, t.amount, t.txid, t.block_ms > p.expires_ms AND p.store_id <> 2, p.expires_ms
               FROM transfers t JOIN payments p ON p.id = t.payment_id
               WHERE t.orphaned = 0 AND t.judgement = 'counted'";
    for row in reader.rows(sql, &[]) {
        *sums.entry(row[0].clone()).or_default() += row[1].parse::<u128>().unwrap();
        // It may have moved to a later block since.
        let was_in_time = || {
            let mut blocks = world
                .blocks
                .iter()
                .filter(|block| block.time_s * 1000 <= int(&row[4]) as u64);
            blocks.any(|block| block.txs.iter().any(|tx| tx.hash == row[2]))
        };
        if row[3] == "1" && !was_in_time() {
            return Err(format!("payment {} counts {}, which came late", row[0], row[2]));
        }
    }
    let sql = "SELECT id, seen, required, due, status,
                   (SELECT count(*) FROM events e WHERE e.payment_id = p.id AND e.kind = 'payment.reorged')
               FROM payments p";
    for row in reader.rows(sql, &[]) {
        let sum = sums.get(&row[0]).copied().unwrap_or(0);
        if row[1].parse() != Ok(sum) {
            return Err(format!("payment {} has seen {}, and {sum} count", row[0], row[1]));
        }
        if row[2] != row[3] {
            return Err(format!("payment {} takes {} for {}", row[0], row[2], row[3]));
        }
        let (is_enough, status) = (sum >= row[2].parse().unwrap(), row[4].as_str());
        if is_enough && !matches!(status, "paid" | "cancelled") {
            return Err(format!(
                "payment {} has {sum} of {} and is {status}",
                row[0], row[2]
            ));
        }
        if !is_enough && status == "paid" && row[5] == "0" {
            return Err(format!(
                "payment {} is paid, has {sum} of {}, and nobody was told that money left the chain",
                row[0], row[2]
            ));
        }
    }
    Ok(())
}

/// An address of a pool rests between two payments: twice what the times of blocks may be off.
fn rests(reader: &Reader) -> Result<(), Violation> {
    let sql = "SELECT p.address, p.id, p.asked_ms,
                   (SELECT max(e.at_ms) FROM events e WHERE e.payment_id = p.id AND e.kind IN
                       ('payment.confirmed', 'payment.expired', 'payment.underpaid', 'payment.cancelled')),
                   (SELECT count(*) FROM events e WHERE e.payment_id = p.id AND e.kind IN
                       ('payment.confirmed', 'payment.expired', 'payment.underpaid', 'payment.cancelled'))
               FROM payments p WHERE p.way = 'pool' ORDER BY p.address, p.id";
    let mut before: Option<Vec<String>> = None;
    for row in reader.rows(sql, &[]) {
        let one = before.replace(row.clone());
        let Some(one) = one.filter(|one| one[0] == row[0] && one[4] == "1") else {
            continue;
        };
        if int(&row[2]) < int(&one[3]) + 120_000 {
            return Err(format!(
                "the address of payment {} went to {} without a rest",
                one[1], row[1]
            ));
        }
    }
    Ok(())
}

impl Ledger {
    /// What must hold once everything is well again and time has passed.
    ///
    /// # Errors
    /// The first [`Violation`].
    pub fn check_end(&mut self, reader: &Reader, around: &mut Around<'_>) -> Result<(), Violation> {
        self.check_all(reader, around, true)?;
        if let Some(delivery) = self.deliveries.iter().next() {
            let row = reader.rows(
                "SELECT attempts, next_ms FROM deliveries WHERE id = ?1",
                &[*delivery],
            );
            return Err(format!("delivery {delivery} is still not delivered: {row:?}"));
        }
        let world = around.world;
        let cursor = reader.rows("SELECT hash FROM cursors WHERE network = 'sim'", &[]);
        let tip = world.chain.last().map(|tip| world.blocks[*tip].hash.clone());
        if cursor.first().map(|row| row[0].clone()) != tip {
            return Err(format!(
                "the chain was not read to its tip: {cursor:?}, not {tip:?}"
            ));
        }
        for (index, order) in around.book.orders.iter().enumerate() {
            // One that was to be sent when the process died was never asked for.
            let is_asked = order.sends > 0 && order.key.is_some();
            if order.number.is_none() && is_asked && !order.is_refused {
                return Err(format!("order {index} was never answered"));
            }
        }
        sums(reader, world)?;
        rests(reader)?;
        let all = world.all_transfers(|_| true);
        let mut by_address: HashMap<String, Vec<(Coin, u128, i64)>> = HashMap::new();
        for (transfer, block) in all.into_values() {
            let time_ms = world.blocks[block].time_s as i64 * 1000;
            let of_address = by_address.entry(transfer.to).or_default();
            of_address.push((transfer.coin, transfer.amount, time_ms));
        }
        let sql = "SELECT id, status, currency, address, way, required, due, asked_ms, expires_ms, seen FROM payments";
        for row in reader.rows(sql, &[]) {
            let (id, status) = (&row[0], row[1].as_str());
            if matches!(status, "queued" | "pending" | "confirming" | "selecting") {
                return Err(format!("payment {id} is still {status}: {row:?}"));
            }
            if row[7].is_empty() {
                continue;
            }
            let (required, due): (u128, u128) = (row[5].parse().unwrap(), row[6].parse().unwrap());
            let (from, to) = (int(&row[7]), int(&row[8]));
            let received: u128 = by_address
                .get(&bare(&row[3]))
                .into_iter()
                .flatten()
                .filter(|(coin, amount, time)| {
                    // Money between the windows of two payments is judged by rules of its own.
                    coin.word() == row[2]
                        && (from..=to).contains(time)
                        && (row[4] != "shared" || *amount == due)
                })
                .map(|(_, amount, _)| amount)
                .sum();
            if received >= required && !matches!(status, "paid" | "cancelled") {
                return Err(format!(
                    "payment {id} got {received} of {required} in time and is {status}: {row:?}"
                ));
            }
        }
        Ok(())
    }
}
