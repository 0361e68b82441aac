//! What must hold of money that waits for a block, and of what open payments have seen.

use std::collections::HashMap;

use crate::ledger::{Around, Ledger, Reader, Violation, int};
use crate::world::bare;

impl Ledger {
    /// What is written down as waiting was told of by some node, and since when it waits is when payd came to know of it,
    /// or of what it replaces.
    pub fn waiting(&mut self, reader: &Reader, around: &mut Around<'_>) -> Result<(), Violation> {
        let sql = "SELECT id, txid, position, address, amount, first_seen_ms,
                       EXISTS (SELECT 1 FROM unconfirmed o WHERE o.payment_id = u.payment_id AND o.id <> u.id
                           AND o.first_seen_ms = u.first_seen_ms)
                   FROM unconfirmed u WHERE id > ?1 ORDER BY id";
        for row in reader.rows(sql, &[self.last_waiting]) {
            self.last_waiting = int(&row[0]);
            around.tally.count("bitcoins seen to wait");
            let told = around
                .chains
                .bitcoin
                .output(&row[1], int(&row[2]) as u32)
                .is_some_and(|output| {
                    (&output.to, output.amount.to_string()) == (&bare(&row[3]), row[4].clone())
                });
            if !told {
                return Err(format!("{row:?} waits for a block, and nobody told of it"));
            }
            let at_ms = int(&row[5]);
            let is_of_now = around.clock_ms.iter().any(|span| span.contains(&at_ms));
            if !is_of_now && row[6] == "0" {
                return Err(format!(
                    "{row:?} waits since a time at which nobody knew of it: {:?}",
                    around.clock_ms
                ));
            }
        }
        Ok(())
    }
}

/// What a payment has seen is what is recorded for it, each transaction once; unless it is still to be counted again.
pub fn sums_of_the_open(reader: &Reader) -> Result<(), Violation> {
    let mut sums: HashMap<String, u128> = HashMap::new();
    let open = "p.settle_due = 0 AND p.status IN ('pending', 'confirming', 'underpaid', 'expired')";
    let sql = format!(
        "SELECT t.payment_id, t.amount FROM payments p JOIN transfers t ON t.payment_id = p.id
             WHERE {open} AND t.orphaned = 0 AND t.judgement = 'counted'
         UNION ALL
         SELECT u.payment_id, u.amount FROM unconfirmed u JOIN payments p ON p.id = u.payment_id
             WHERE {open} AND u.gone_ms IS NULL AND NOT EXISTS (SELECT 1 FROM transfers t WHERE t.network = u.network
                 AND t.txid = u.txid AND t.position = u.position AND t.orphaned = 0)"
    );
    for row in reader.rows(&sql, &[]) {
        *sums.entry(row[0].clone()).or_default() += row[1].parse::<u128>().unwrap();
    }
    for row in reader.rows(&format!("SELECT p.id, p.seen FROM payments p WHERE {open}"), &[]) {
        let sum = sums.get(&row[0]).copied().unwrap_or(0);
        if row[1].parse() != Ok(sum) {
            return Err(format!(
                "open payment {} has seen {}, and {sum} is recorded",
                row[0], row[1]
            ));
        }
    }
    Ok(())
}
