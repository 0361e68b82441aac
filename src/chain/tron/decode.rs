//! From blocks and what their transactions did to transfers: which of them are money that came to a watched address.

use std::collections::HashMap;
use std::sync::Arc;

use super::TronSettings;
use super::block::{Block, SUCCESS, Tx};
use super::wire::{WireInfo, WireInternal, WireLog, account, hash};
use crate::chain::WatchSet;
use crate::chain::providers::trouble::Trouble;
use crate::domain::asset::{Asset, Currency};
use crate::domain::money::BaseUnits;
use crate::domain::transfer::{POSITION_INTERNAL, POSITION_NATIVE, SeenTransfer};

/// `Transfer(address,address,uint256)` of TRC-20, the same as of ERC-20.
const TRANSFER_TOPIC: [u8; 32] = [
    0xdd, 0xf2, 0x52, 0xad, 0x1b, 0xe2, 0xc8, 0x9b, 0x69, 0xc2, 0xb0, 0x68, 0xfc, 0x37, 0x8d, 0xaa, 0x95,
    0x2b, 0xa7, 0xf1, 0x63, 0xc4, 0xa1, 0x16, 0x28, 0xf5, 0x5a, 0x4d, 0xf5, 0x23, 0xb3, 0xef,
];

/// The notes, in hexadecimal, of internal transactions that move TRX: `call` and `suicide`. Others carry a value as
/// well: what was staked, or lent as energy (`delegateResourceOfEnergy`), and moves nothing to anyone.
const MOVING_NOTES: &[&str] = &["63616c6c", "73756963696465"];

/// The assets to look for, by what the chain calls them.
#[derive(Debug, Clone)]
pub(super) struct Assets {
    /// Token contracts; nothing but these is a token.
    pub(super) tokens: Vec<([u8; 20], Arc<Asset>)>,
    /// TRX, if it is taken.
    pub(super) native: Option<Arc<Asset>>,
}

impl Assets {
    /// The tokens and the coin of `settings`. Each token has a contract of 20 bytes: that was checked before.
    pub(super) fn new(settings: &TronSettings) -> Self {
        let token = |asset: &Arc<Asset>| {
            let contract = <[u8; 20]>::try_from(asset.contract.as_ref()?.payload()).ok()?;
            Some((contract, Arc::clone(asset)))
        };
        Self {
            tokens: settings.tokens.iter().filter_map(token).collect(),
            native: settings.native.clone(),
        }
    }

    fn token(&self, contract: [u8; 20]) -> Option<&Asset> {
        let found = self.tokens.iter().find(|(token, _)| *token == contract)?;
        Some(&found.1)
    }
}

/// What a block holds for watched addresses, by one provider's word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Held {
    /// TRX that transactions send, and tokens, in chain order.
    pub(super) plain: Vec<SeenTransfer>,
    /// TRX that contracts sent. Apart, because many nodes do not keep it.
    pub(super) internal: Vec<SeenTransfer>,
}

/// What to look for.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) assets: &'a Assets,
    pub(super) watched: &'a WatchSet,
}

/// What `block` holds, whose transactions did what `infos` say: one for each transaction, in whatever order.
///
/// # Errors
/// [`Trouble`] when the infos are not those of the block.
pub(super) fn held(wanted: Wanted<'_>, block: &Block, infos: &[WireInfo<'_>]) -> Result<Held, Trouble> {
    let by_id = infos_of(block, infos)?;
    let mut held = Held::default();
    for tx in &block.txs {
        // Nothing at all is also what a node answers that has the block, and not yet what it did.
        let info = by_id.get(&tx.id).ok_or_else(|| {
            Trouble::lag(format!(
                "has not what every transaction of block {} did: {} of {}",
                block.height(),
                infos.len(),
                block.txs.len()
            ))
        })?;
        let found = Finder { wanted, block, tx };
        held.plain.extend(found.native());
        if !did_succeed(tx, info, block)? {
            continue;
        }
        for (index, log) in (0_u32..).zip(&info.log) {
            held.plain.extend(found.token(log, index)?);
        }
        held.internal.extend(found.internal(&info.internal_transactions));
    }
    Ok(held)
}

/// The infos by transaction id, all of which must be of this block.
fn infos_of<'a, 'b>(
    block: &Block,
    infos: &'a [WireInfo<'b>],
) -> Result<HashMap<[u8; 32], &'a WireInfo<'b>>, Trouble> {
    let height = block.height();
    let foreign = infos
        .iter()
        .any(|info| info.block_number != height || info.block_timestamp != block.timestamp_ms);
    if foreign {
        return Err(Trouble::lag(format!(
            "says what another block in the place of {height} did: a reorganisation is under way"
        )));
    }
    if infos.len() > block.txs.len() {
        return Err(Trouble::lie(format!(
            "says of more transactions what they did than block {height} holds"
        )));
    }
    let by_id = infos.iter().filter_map(|info| Some((hash(&info.id)?, info)));
    Ok(by_id.collect())
}

/// Whether a contract ran to its end. The block says so too, and is proven.
fn did_succeed(tx: &Tx, info: &WireInfo<'_>, block: &Block) -> Result<bool, Trouble> {
    let is_success = info.receipt.result.as_deref() == Some(SUCCESS);
    let height = block.height();
    if is_success && !tx.succeeded {
        return Err(Trouble::lie(format!(
            "says of a transaction of block {height} that it succeeded, and the block that it did not"
        )));
    }
    // What calls no contract has no result of its own, and does nothing that needs one.
    let says_more =
        info.receipt.result.is_some() || !info.log.is_empty() || !info.internal_transactions.is_empty();
    if tx.succeeded && !is_success && says_more {
        return Err(Trouble::lie(format!(
            "says of a transaction of block {height} that it failed, and the block that it did not"
        )));
    }
    Ok(is_success)
}

/// Looks for transfers in one transaction.
struct Finder<'a> {
    wanted: Wanted<'a>,
    block: &'a Block,
    tx: &'a Tx,
}

impl Finder<'_> {
    fn native(&self) -> Option<SeenTransfer> {
        let asset = self.wanted.assets.native.as_ref()?;
        let payment = self.tx.payment.filter(|_| self.tx.succeeded)?;
        let amount = BaseUnits::new(u128::from(payment.amount));
        self.seen(&asset.currency, &payment.to, amount, POSITION_NATIVE)
    }

    /// The transfer that `log`, the one at `index` of its transaction, is.
    fn token(&self, log: &WireLog<'_>, index: u32) -> Result<Option<SeenTransfer>, Trouble> {
        let Some((asset, account, amount)) = self.read(log) else {
            return Ok(None);
        };
        if !self.wanted.watched.contains(&account) {
            return Ok(None);
        }
        let refused = |what: &str| {
            let (contract, height) = (&*log.address, self.block.height());
            Trouble::lie(format!("a log of token {contract} in block {height} {what}"))
        };
        let (high, low) = amount.split_at(16);
        let low = <[u8; 16]>::try_from(low).map_err(|_| refused("has no amount"))?;
        // More than all the tokens there can be.
        if high.iter().any(|byte| *byte != 0) {
            return Err(refused("has an amount out of range"));
        }
        if index >= POSITION_INTERNAL {
            return Err(refused("has too many before it"));
        }
        let amount = BaseUnits::new(u128::from_be_bytes(low));
        Ok(self.seen(&asset.currency, &account, amount, index))
    }

    /// The token, receiver and amount of a `Transfer` log of a configured contract.
    fn read(&self, log: &WireLog<'_>) -> Option<(&Asset, [u8; 20], [u8; 32])> {
        let asset = self.wanted.assets.token(account(&log.address)?)?;
        let [topic, _, recipient] = log.topics.as_slice() else {
            return None;
        };
        if hash(topic)? != TRANSFER_TOPIC {
            return None;
        }
        let recipient = hash(recipient)?;
        let (padding, account) = recipient.split_at(12);
        // The chain's own contracts pad an address with zeros, or write its prefix in the last place.
        let is_padded = padding
            .split_last()
            .is_some_and(|(prefix, zeros)| matches!(prefix, 0 | 0x41) && zeros.iter().all(|byte| *byte == 0));
        if !is_padded {
            return None;
        }
        Some((asset, <[u8; 20]>::try_from(account).ok()?, hash(&log.data)?))
    }

    fn internal(&self, internal: &[WireInternal<'_>]) -> Vec<SeenTransfer> {
        let Some(asset) = &self.wanted.assets.native else {
            return Vec::new();
        };
        let values = internal.iter().flat_map(|internal| {
            internal
                .call_value_info
                .iter()
                .map(move |value| (internal, value))
        });
        let mut found = Vec::new();
        // Every value has a number, also those that are not taken: it is the same for whoever reads.
        for (position, (internal, value)) in (POSITION_INTERNAL..POSITION_NATIVE).zip(values) {
            let is_trx = value.token_id.as_deref().is_none_or(str::is_empty);
            let moves = MOVING_NOTES.contains(&&*internal.note)
                && internal.caller_address != internal.transfer_to_address;
            let (Ok(amount), Some(to)) = (
                u128::try_from(value.call_value),
                account(&internal.transfer_to_address),
            ) else {
                continue;
            };
            if is_trx && moves && !internal.rejected {
                found.extend(self.seen(&asset.currency, &to, BaseUnits::new(amount), position));
            }
        }
        found
    }

    fn seen(
        &self,
        currency: &Currency,
        account: &[u8; 20],
        amount: BaseUnits,
        position: u32,
    ) -> Option<SeenTransfer> {
        let address = self.wanted.watched.get(account)?;
        if amount.is_zero() {
            return None;
        }
        Some(SeenTransfer {
            txid: hex::encode(self.tx.id).into(),
            position,
            currency: currency.clone(),
            address,
            amount,
            block: self.block.header.block.clone(),
        })
    }
}
