//! From logs and values to transfers: which of them are money that came to a watched address.

use std::sync::Arc;

use ethers_core::types::{Address, H256, U256};

use super::EvmSettings;
use super::wire::{WireLog, WireTx, text};
use crate::chain::WatchSet;
use crate::domain::asset::{Asset, Currency};
use crate::domain::money::BaseUnits;
use crate::domain::transfer::{BlockRef, POSITION_BALANCE, POSITION_NATIVE, SeenTransfer};

/// `Transfer(address,address,uint256)` of ERC-20.
pub(super) const TRANSFER_TOPIC: H256 = H256([
    0xdd, 0xf2, 0x52, 0xad, 0x1b, 0xe2, 0xc8, 0x9b, 0x69, 0xc2, 0xb0, 0x68, 0xfc, 0x37, 0x8d, 0xaa, 0x95,
    0x2b, 0xa7, 0xf1, 0x63, 0xc4, 0xa1, 0x16, 0x28, 0xf5, 0x5a, 0x4d, 0xf5, 0x23, 0xb3, 0xef,
]);

/// The assets to look for, by what the chain calls them.
#[derive(Debug, Clone)]
pub(super) struct Assets {
    /// Token contracts; nothing but these is a token.
    pub(super) tokens: Vec<(Address, Arc<Asset>)>,
    /// The chain's own coin, if it is taken.
    pub(super) native: Option<Arc<Asset>>,
}

impl Assets {
    /// The tokens and the coin of `settings`. Each token has a contract of 20 bytes: that was checked before.
    pub(super) fn new(settings: &EvmSettings) -> Self {
        let token = |asset: &Arc<Asset>| {
            let account = <[u8; 20]>::try_from(asset.contract.as_ref()?.payload()).ok()?;
            Some((Address::from(account), Arc::clone(asset)))
        };
        Self {
            tokens: settings.tokens.iter().filter_map(token).collect(),
            native: settings.native.clone(),
        }
    }

    fn token(&self, contract: Address) -> Option<&Asset> {
        let found = self.tokens.iter().find(|(token, _)| *token == contract)?;
        Some(&found.1)
    }
}

/// A transfer and the index of its transaction: what its place on the chain is told from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed {
    /// Index of the transaction in its block.
    pub(super) tx_index: u64,
    /// The transfer.
    pub(super) seen: SeenTransfer,
}

/// Puts transfers into chain order; a transaction's own value comes after its logs.
pub(super) fn in_chain_order(mut placed: Vec<Placed>) -> Vec<SeenTransfer> {
    placed.sort_by_key(|placed| (placed.seen.block.height, placed.tx_index, placed.seen.position));
    placed.into_iter().map(|placed| placed.seen).collect()
}

/// The transfer that `log` is, if it is one to a watched address. The log must be in `block` and must not be of
/// a failed transaction.
pub(super) fn token_transfer(
    assets: &Assets,
    watched: &WatchSet,
    block: &BlockRef,
    log: &WireLog,
) -> Option<Placed> {
    if log.removed {
        return None;
    }
    let asset = assets.token(log.address)?;
    let (&[topic, _, recipient], Ok(amount)) = (log.topics.as_slice(), <[u8; 32]>::try_from(&log.data.0[..]))
    else {
        return None;
    };
    if topic != TRANSFER_TOPIC {
        return None;
    }
    let (padding, account) = recipient.as_bytes().split_at_checked(12)?;
    if padding.iter().any(|byte| *byte != 0) {
        return None;
    }
    let address = watched.get(account)?;
    let position = u32::try_from(log.log_index.as_u64())
        .ok()
        .filter(|position| *position < POSITION_BALANCE)?;
    placed(
        Found {
            currency: &asset.currency,
            address,
            amount: U256::from_big_endian(&amount),
            txid: log.transaction_hash,
            position,
            tx_index: log.transaction_index.as_u64(),
        },
        block,
    )
}

/// Whether `tx` moves the native coin to a watched address, if it succeeded.
pub(super) fn may_pay(assets: &Assets, watched: &WatchSet, tx: &WireTx) -> bool {
    let to_watched = tx.to.is_some_and(|to| watched.contains(to.as_bytes()));
    assets.native.is_some() && to_watched && !tx.value.is_zero()
}

/// The transfer that the value of `tx` is, if it goes to a watched address. The transaction must be the one at
/// `tx_index` of `block`, and must have succeeded.
pub(super) fn native_transfer(
    assets: &Assets,
    watched: &WatchSet,
    block: &BlockRef,
    tx: &WireTx,
    tx_index: u64,
) -> Option<Placed> {
    let asset = assets.native.as_ref()?;
    let to = tx.to?;
    let address = watched.get(to.as_bytes())?;
    placed(
        Found {
            currency: &asset.currency,
            address,
            amount: tx.value,
            txid: tx.hash,
            position: POSITION_NATIVE,
            tx_index,
        },
        block,
    )
}

struct Found<'a> {
    currency: &'a Currency,
    address: Arc<str>,
    amount: U256,
    txid: H256,
    position: u32,
    tx_index: u64,
}

fn placed(found: Found<'_>, block: &BlockRef) -> Option<Placed> {
    if found.amount.is_zero() {
        return None;
    }
    if found.amount > U256::from(u128::MAX) {
        let (txid, address) = (text(found.txid), found.address);
        let (currency, position) = (found.currency, found.position);
        tracing::error!(txid, position, %address, %currency, "a transfer of more than 2^128 units is not credited");
        return None;
    }
    Some(Placed {
        tx_index: found.tx_index,
        seen: SeenTransfer {
            txid: text(found.txid).into(),
            position: found.position,
            currency: found.currency.clone(),
            address: found.address,
            amount: BaseUnits::new(found.amount.as_u128()),
            block: block.clone(),
        },
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::address;
    use crate::domain::network::NetworkId;
    use crate::domain::time::UnixMillis;

    const TOKEN: [u8; 20] = [0x11; 20];
    const RECEIVER: [u8; 20] = [0x22; 20];

    fn log() -> Value {
        json!({
            "address": format!("0x{}", hex::encode(TOKEN)),
            "topics": [
                format!("{TRANSFER_TOPIC:#x}"),
                format!("0x{:064x}", 1),
                format!("0x{:024}{}", 0, hex::encode(RECEIVER)),
            ],
            "data": format!("0x{:064x}", 5),
            "blockHash": format!("0x{:064x}", 2),
            "transactionHash": format!("0x{:064x}", 0xabc),
            "transactionIndex": "0x3",
            "logIndex": "0x4",
        })
    }

    fn decoded(log: Value) -> Option<Placed> {
        let asset = Asset {
            network: NetworkId::parse("bsc").unwrap(),
            currency: Currency::parse("usdt").unwrap(),
            symbol: "USDT".into(),
            decimals: 18,
            quote_decimals: 2,
            contract: Some(address::Address::from_evm_account(TOKEN)),
        };
        let assets = Assets {
            tokens: vec![(Address::from(TOKEN), Arc::new(asset))],
            native: None,
        };
        let mut watched = WatchSet::default();
        watched.insert(&address::Address::from_evm_account(RECEIVER));
        let block = BlockRef {
            height: 9,
            hash: "0x".into(),
            time: UnixMillis::new(0),
        };
        token_transfer(&assets, &watched, &block, &serde_json::from_value(log).unwrap())
    }

    #[test]
    fn a_transfer_log_of_a_listed_token_to_a_watched_address_is_money() {
        let placed = decoded(log()).unwrap();
        assert_eq!(placed.tx_index, 3);
        assert_eq!(placed.seen.position, 4);
        assert_eq!(placed.seen.amount, BaseUnits::new(5));
        assert_eq!(*placed.seen.txid, *format!("0x{:064x}", 0xabc));
        let largest = decoded(altered("data", json!(format!("0x{:064x}", u128::MAX)))).unwrap();
        assert_eq!(largest.seen.amount, BaseUnits::new(u128::MAX));
    }

    fn altered(field: &str, value: Value) -> Value {
        let mut log = log();
        log[field] = value;
        log
    }

    #[test]
    fn anything_else_is_not() {
        let topic = |place: usize, value: Value| {
            let mut log = log();
            log["topics"][place] = value;
            log
        };
        let mut indexed_amount = log();
        indexed_amount["topics"]
            .as_array_mut()
            .unwrap()
            .push(json!(format!("0x{:064x}", 5)));
        let mut no_receiver = log();
        no_receiver["topics"].as_array_mut().unwrap().pop();
        let padded = format!("0x{:023}1{}", 0, hex::encode(RECEIVER));
        for (what, log) in [
            (
                "another emitter",
                altered("address", json!(format!("0x{}fe", "ff".repeat(19)))),
            ),
            ("another event", topic(0, json!(format!("0x{:064x}", 7)))),
            ("another receiver", topic(2, json!(format!("0x{:064x}", 7)))),
            ("a receiver that is no address", topic(2, json!(padded))),
            ("an indexed amount, as of an NFT", indexed_amount),
            ("no receiver", no_receiver),
            ("nothing", altered("data", json!(format!("0x{:064x}", 0)))),
            (
                "more than 2^128",
                altered("data", json!(format!("0x{:031}1{:032}", 0, 0))),
            ),
            ("no amount", altered("data", json!("0x"))),
            ("a short amount", altered("data", json!(format!("0x{:062x}", 5)))),
            (
                "more than an amount",
                altered("data", json!(format!("0x{:0128x}", 5))),
            ),
            ("a removed log", altered("removed", json!(true))),
            (
                "the native coin's position",
                altered("logIndex", json!("0xffffffff")),
            ),
            (
                "the position of risen balances",
                altered("logIndex", json!("0xfffffffe")),
            ),
            ("an index out of range", altered("logIndex", json!("0x100000004"))),
        ] {
            assert_eq!(decoded(log), None, "{what}");
        }
    }
}
