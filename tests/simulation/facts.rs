//! What an event says of a payment, held against what is true: that it was sent the money, that it is paid, that it is over.

use crate::chains::Chains;
use crate::ledger::{Reader, Violation, int};
use crate::world::{Block, Network, Transfer, bare};

/// A payment that confirms was sent as much as it asks for, be it in blocks that are gone or in transactions that never
/// come. Of two that spend the same, both are added up: payd does not look at what is spent, and takes what was replaced
/// for money that waits until nodes have not told of it for a while.
pub fn is_really_sent(reader: &Reader, chains: &Chains, payment: i64) -> Result<(), Violation> {
    let sql = "SELECT required, due, currency, address, network, way FROM payments WHERE id = ?1";
    let row = &reader.rows(sql, &[payment])[0];
    let [required, due, coin, address, network, way] = &row[..] else {
        unreachable!()
    };
    let world = chains.world(Network::of_slug(network));
    let sent = world.sent.get(&bare(address)).into_iter().flatten();
    let sent =
        sent.filter(|sent| sent.coin.word() == coin && (way != "shared" || sent.amount.to_string() == *due));
    let sum: u128 = sent.map(|sent| sent.amount).sum();
    match sum >= required.parse::<u128>().unwrap() {
        true => Ok(()),
        false => Err(format!(
            "payment {payment} confirms with {required}, and {sum} were ever sent"
        )),
    }
}

/// Counts again what pays a payment: blocks that two providers at least showed deep enough, and what is really in them.
pub fn is_really_paid(reader: &Reader, chains: &Chains, payment: i64) -> Result<(), Violation> {
    let ask = reader.rows(
        "SELECT required, currency, address, network, confirmations FROM payments WHERE id = ?1",
        &[payment],
    );
    let [required, coin, address, network, confirmations] = &ask[0][..] else {
        unreachable!()
    };
    let world = chains.world(Network::of_slug(network));
    let address = bare(address);
    let sql = "SELECT txid, position, block_hash FROM transfers
               WHERE payment_id = ?1 AND judgement = 'counted'";
    let depth = int(confirmations) as u64;
    let mut sum = 0;
    for row in reader.rows(sql, &[payment]) {
        let is_it = |transfer: &&Transfer| {
            transfer.txid == row[0]
                && i64::from(transfer.position) == int(&row[1])
                && transfer.coin.word() == coin
                && transfer.to == address
        };
        let deep_in = |block: &Block| {
            let found = block.transfers.iter().find(is_it);
            found
                .filter(|_| block.shown_by(depth) >= 2)
                .map(|found| found.amount)
        };
        let here = world.by_hash.get(&row[2]);
        let here = here.and_then(|index| deep_in(&world.blocks[*index]));
        // It may have moved to another block since it was paid, all in one step.
        let deep = here.or_else(|| world.blocks.iter().find_map(deep_in));
        sum += deep.unwrap_or(0);
    }
    if sum >= required.parse::<u128>().unwrap() {
        return Ok(());
    }
    Err(format!(
        "payment {payment} is paid, and {sum} of {required} lie {confirmations} deep where two providers say so"
    ))
}

/// A window is closed only once the chain has gone past it; of who was told to pay.
pub fn is_really_over(reader: &Reader, chains: &Chains, payment: i64) -> Result<(), Violation> {
    let sql = "SELECT expires_ms, network FROM payments WHERE id = ?1 AND asked_ms IS NOT NULL";
    let Some(row) = reader.rows(sql, &[payment]).pop() else {
        return Ok(());
    };
    let world = chains.world(Network::of_slug(&row[1]));
    match world.latest_s * 1000 > int(&row[0]) as u64 {
        true => Ok(()),
        false => Err(format!(
            "payment {payment} is over, and the chain has not come so far"
        )),
    }
}
