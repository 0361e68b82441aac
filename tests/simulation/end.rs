//! What must hold once everything is well again and time has passed.

use std::collections::HashMap;

use crate::chains::Chains;
use crate::ledger::{Around, Ledger, Reader, Violation, int};
use crate::world::{Network, Transfer, bare};

/// The sums are those of what is recorded, every due amount is asked for in full, and money counts that came in time, or
/// was seen to wait in time.
fn sums(reader: &Reader, chains: &Chains) -> Result<(), Violation> {
    let mut sums: HashMap<String, u128> = HashMap::new();
    let sql =
        "SELECT t.payment_id, t.amount, t.txid, t.block_ms > p.expires_ms AND p.store_id <> 2, p.expires_ms, p.network,
                   EXISTS (SELECT 1 FROM unconfirmed u WHERE u.network = t.network AND u.txid = t.txid
                       AND u.position = t.position AND u.first_seen_ms <= p.expires_ms)
               FROM transfers t JOIN payments p ON p.id = t.payment_id
               WHERE t.orphaned = 0 AND t.judgement = 'counted'";
    for row in reader.rows(sql, &[]) {
        *sums.entry(row[0].clone()).or_default() += row[1].parse::<u128>().unwrap();
        // It may have moved to a later block since.
        let was_in_time = || {
            let blocks = &chains.world(Network::of_slug(&row[5])).blocks;
            let mut blocks = blocks
                .iter()
                .filter(|block| block.time_s * 1000 <= int(&row[4]) as u64);
            blocks.any(|block| block.transfers.iter().any(|transfer| transfer.txid == row[2]))
        };
        if row[3] == "1" && row[6] == "0" && !was_in_time() {
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
                       ('payment.confirmed', 'payment.expired', 'payment.underpaid', 'payment.cancelled')),
                   p.network
               FROM payments p WHERE p.way = 'pool' ORDER BY p.address, p.id";
    let mut before: Option<Vec<String>> = None;
    for row in reader.rows(sql, &[]) {
        let one = before.replace(row.clone());
        let Some(one) = one.filter(|one| one[0] == row[0] && one[4] == "1") else {
            continue;
        };
        if int(&row[2]) < int(&one[3]) + Network::of_slug(&one[5]).rest_ms() {
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
        for network in Network::ALL {
            let (slug, tip) = (network.slug(), &around.chains.world(network).tip().hash);
            let cursor = reader.rows(&format!("SELECT hash FROM cursors WHERE network = '{slug}'"), &[]);
            if cursor.first().is_none_or(|row| row[0] != *tip) {
                return Err(format!("{slug} was not read to its tip: {cursor:?}, not {tip:?}"));
            }
        }
        for (index, order) in around.book.orders.iter().enumerate() {
            // One that was to be sent when the process died was never asked for.
            let is_asked = order.sends > 0 && order.key.is_some();
            if order.number.is_none() && is_asked && !order.is_refused {
                return Err(format!("order {index} was never answered"));
            }
        }
        sums(reader, around.chains)?;
        rests(reader)?;
        let mut by_address: HashMap<(Network, &str), Vec<(&Transfer, i64)>> = HashMap::new();
        for network in Network::ALL {
            let world = around.chains.world(network);
            // What was late in one block stays so in another that tells of an earlier time.
            let mut latest_s: HashMap<&str, u64> = HashMap::new();
            for block in &world.blocks {
                for transfer in &block.transfers {
                    let known = latest_s.entry(&transfer.txid).or_default();
                    *known = block.time_s.max(*known);
                }
            }
            for transfer in world.all_transfers().into_values() {
                let time_ms = latest_s[&*transfer.txid] as i64 * 1000;
                let of_address = by_address.entry((network, &transfer.to)).or_default();
                of_address.push((transfer, time_ms));
            }
        }
        // Money that was seen to wait for one payment is not the next one's, whenever it is mined.
        let noted = reader.rows("SELECT txid, position, payment_id FROM unconfirmed", &[]);
        let noted: HashMap<(&str, u32), &str> = noted
            .iter()
            .map(|row| ((&*row[0], int(&row[1]) as u32), &*row[2]))
            .collect();
        // Nor is what was told of before the payment was made, whatever the clock showed when it was.
        let told = reader.rows("SELECT txid, min(id) FROM events GROUP BY txid", &[]);
        let told: HashMap<&str, i64> = told.iter().map(|row| (&*row[0], int(&row[1]))).collect();
        let sql =
            "SELECT id, status, currency, address, way, required, due, asked_ms, expires_ms, seen, network,
                       (SELECT min(e.id) FROM events e WHERE e.payment_id = p.id)
                   FROM payments p";
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
                .get(&(Network::of_slug(&row[10]), &*bare(&row[3])))
                .into_iter()
                .flatten()
                .filter(|(transfer, time)| {
                    // Money between the windows of two payments is judged by rules of its own.
                    let of = noted.get(&(&*transfer.txid, transfer.position));
                    let told = told.get(&*transfer.txid);
                    of.is_none_or(|of| of == id)
                        && told.is_none_or(|told| *told > int(&row[11]))
                        && transfer.coin.word() == row[2]
                        && (from..=to).contains(time)
                        && (row[4] != "shared" || transfer.amount == due)
                })
                .map(|(transfer, _)| transfer.amount)
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
