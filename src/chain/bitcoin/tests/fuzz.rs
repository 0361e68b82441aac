//! Damaged blocks and replies of nodes and Esplora servers: no panic, and no transfer read that the chain does not hold.

use serde_json::Value;

use super::block::{check, read_block, read_transaction};
use super::header::{HEADER_BYTES, RawHeader};
use super::*;
use crate::mutation::{Mutator, bounded, run, shown};
use crate::net::foul::FoulFetch;

/// Recorded blocks of one coin by height, and transactions.
struct Recorded {
    rules: ChainRules,
    blocks: Vec<(u64, Vec<u8>)>,
    transactions: Vec<Vec<u8>>,
}

fn recorded() -> [Recorded; 2] {
    let bytes = |value: &Value| hex::decode(value.as_str().unwrap()).unwrap();
    let chain = RecordedBitcoin::at(FINAL);
    let litecoin = blocks::litecoin();
    let of_litecoin = |block: &Value| (block["height"].as_u64().unwrap(), bytes(&block["raw"]));
    let mined = (110..=123).flat_map(|height| {
        let raw = RecordedBitcoin::raw(chain.hash_at(height).unwrap());
        bitcoin::consensus::deserialize::<bitcoin::Block>(&raw)
            .unwrap()
            .txdata
    });
    let of_bitcoin = mined
        .map(|transaction| bitcoin::consensus::serialize(&transaction))
        .collect();
    let mut in_mempool = Vec::new();
    collect_raw(&litecoin["transactions"], &mut in_mempool);
    collect_raw(&litecoin["mempool"], &mut in_mempool);
    [
        Recorded {
            rules: ChainRules {
                coin: Coin::Bitcoin,
                bip: Bip::Regtest,
            },
            blocks: (110..=130)
                .map(|height| (height, RecordedBitcoin::raw(chain.hash_at(height).unwrap())))
                .collect(),
            transactions: of_bitcoin,
        },
        Recorded {
            rules: ChainRules {
                coin: Coin::Litecoin,
                bip: Bip::Regtest,
            },
            blocks: litecoin["blocks"]
                .as_array()
                .unwrap()
                .iter()
                .map(of_litecoin)
                .collect(),
            transactions: in_mempool,
        },
    ]
}

/// Whatever stands under `raw` in a recording.
fn collect_raw(value: &Value, found: &mut Vec<Vec<u8>>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_raw(item, found)),
        Value::Object(map) => {
            for (key, item) in map {
                match item.as_str().and_then(|text| hex::decode(text).ok()) {
                    Some(raw) if key == "raw" => found.push(raw),
                    _ => collect_raw(item, found),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn a_block_that_passes_its_checks_holds_what_was_mined() {
    let recorded = recorded();
    run("chain::bitcoin::block", 1500, |from| {
        let of = &recorded[from.below(2)];
        let (height, honest) = &of.blocks[from.below(of.blocks.len())];
        let raw = match from.below(3) {
            0 => from.foul(&of.blocks.iter().map(|(_, raw)| raw).collect::<Vec<_>>()),
            _ => {
                let mut raw = honest.clone();
                from.damage_bytes(&mut raw, honest);
                raw
            }
        };
        let asked = RawHeader::read(&honest[..HEADER_BYTES]).unwrap().hash();
        // What is kept of a transaction is larger than the smallest one.
        bounded(raw.len(), 8, || {
            let Ok(block) = read_block(of.rules.coin, &raw) else {
                return;
            };
            if check(of.rules, &block, &asked, *height).is_ok() {
                let whole = read_block(of.rules.coin, honest).unwrap();
                assert_eq!(block.header.hash(), whole.header.hash());
                assert_eq!(block.transactions.len(), whole.transactions.len());
                for (read, mined) in block.transactions.iter().zip(&whole.transactions) {
                    assert_eq!(
                        (read.txid, &read.outputs),
                        (mined.txid, &mined.outputs),
                        "{}",
                        shown(&raw)
                    );
                }
            }
            let _ = super::super::work::check(of.rules, *height, &block.header);
        });
    });
}

#[test]
fn a_damaged_transaction_has_another_id_or_the_same_outputs() {
    let recorded = recorded();
    run("chain::bitcoin::transaction", 4000, |from| {
        let of = &recorded[from.below(2)];
        let honest = &of.transactions[from.below(of.transactions.len())];
        let mut raw = honest.clone();
        for _ in 0..=from.below(3) {
            let other = &of.transactions[from.below(of.transactions.len())];
            from.damage_bytes(&mut raw, other);
        }
        bounded(raw.len(), 8, || {
            let whole = read_transaction(of.rules.coin, honest).unwrap();
            if let Ok(read) = read_transaction(of.rules.coin, &raw)
                && read.txid == whole.txid
            {
                assert_eq!(read.outputs, whole.outputs, "{}", shown(&raw));
            }
        });
    });
}

#[test]
fn a_header_reads_back_and_a_hash_is_64_digits_or_none() {
    let headers: Vec<Vec<u8>> = recorded()
        .iter()
        .flat_map(|of| &of.blocks)
        .map(|(_, raw)| raw[..HEADER_BYTES].to_vec())
        .collect();
    let texts: Vec<String> = headers.iter().map(hex::encode).collect();
    run("chain::bitcoin::header", 3000, |from| {
        let bytes = from.foul(&headers);
        match RawHeader::read(&bytes) {
            Some(read) => assert_eq!(read.bytes().as_slice(), bytes),
            None => assert_ne!(bytes.len(), HEADER_BYTES),
        }
        let text = from.foul_text(&texts);
        if let Some(read) = RawHeader::parse(&text) {
            assert_eq!(hex::encode(read.bytes()), text.to_ascii_lowercase());
        }
        let text = from.foul_text(&["58964f6dc0821df206d1237f843e26f68de882e02b99d0bb78493883798f7b1a"]);
        if let Some(read) = Hash::parse(&text) {
            assert_eq!(read.to_string(), text.to_ascii_lowercase());
        }
    });
}

/// A source over a peer whose replies are damaged, alone or before an honest one of the other kind.
fn fouled(kind: ProviderKind, is_alone: bool, from: &mut Mutator) -> Rig {
    let other = match kind {
        ProviderKind::Node => ProviderKind::Esplora,
        _ => ProviderKind::Node,
    };
    let mut peers = vec![Peer::at(kind, FINAL)];
    if !is_alone {
        peers.push(Peer::at(other, FINAL));
    }
    rig_behind(REGTEST, peers, |net| {
        Arc::new(FoulFetch::new(net, "peer0.example", from))
    })
}

#[test]
fn nothing_false_is_read_from_damaged_replies_also_where_nobody_else_can_be_asked() {
    let honest = rig(vec![Peer::at(ProviderKind::Node, FINAL)]);
    let ranges = [112..=115, 119..=122, 124..=124, 127..=130];
    let honest: Vec<Blocks> = ranges
        .iter()
        .map(|range| honest.read(range.clone()).unwrap())
        .collect();
    run("chain::bitcoin::replies", 150, |from| {
        let kind = KINDS[from.below(2)];
        let is_alone = from.once_in(2);
        let rig = fouled(kind, is_alone, from);
        for (range, honest) in ranges.iter().zip(&honest) {
            if let Ok(read) = rig.read(range.clone()) {
                assert_eq!(&read, honest, "{kind:?}");
            }
        }
        let _ = now(rig.source.tip());
        let _ = rig.header(119);
        let _ = now(rig.source.agrees(119, rig.peers[0].chain.hash_at(119).unwrap()));
        let _ = now(rig.source.unconfirmed(&watched()));
        let _ = now(rig.source.read_again(112..=113, &watched()));
        let native = Currency::parse("native").unwrap();
        let asked: Vec<_> = RecordedBitcoin::addresses()
            .into_iter()
            .map(|(_, text)| (address(text), native.clone()))
            .collect();
        if let Ok(tip) = now(rig.source.tip()) {
            let _ = now(rig.source.balances(&tip, &asked));
        }
        let _ = now(rig.source.probe());
    });
}
