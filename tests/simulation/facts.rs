//! What an event says of a payment, held against what is true: that it was sent the money, that it is paid, that it is over.

use std::collections::HashSet;

use crate::chains::Chains;
use crate::ledger::{Reader, Violation, int};
use crate::world::{Network, bare};

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
    let sql = "SELECT txid, position, block_hash, amount FROM transfers
               WHERE payment_id = ?1 AND judgement = 'counted'";
    let mut sum = 0;
    let mut counted = HashSet::new();
    for row in reader.rows(sql, &[payment]) {
        let Some(index) = world.by_hash.get(&row[2]) else {
            continue;
        };
        let block = &world.blocks[*index];
        let is_deep = block.shown_by(int(confirmations) as u64) >= 2;
        let real = block.transfers.iter().find(|transfer| {
            transfer.txid == row[0]
                && i64::from(transfer.position) == int(&row[1])
                && transfer.coin.word() == coin
                && transfer.to == address
        });
        if let (true, Some(transfer)) = (is_deep, real)
            && counted.insert((row[0].clone(), row[1].clone(), row[2].clone()))
        {
            sum += transfer.amount;
        }
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
