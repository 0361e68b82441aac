//! Transfers: money that a chain says has moved to an address payd knows.

use std::sync::Arc;

use super::asset::Currency;
use super::ids::{PaymentId, TransferId};
use super::money::BaseUnits;
use super::network::NetworkId;
use super::time::UnixMillis;

/// What a chain source reports of one output or one log to a watched address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenTransfer {
    /// Transaction id as the chain's explorers write it (lower-case hex, `0x` on EVM chains).
    pub txid: Arc<str>,
    /// Which transfer of the transaction: output index, log index, [`POSITION_INTERNAL`] and above, or
    /// [`POSITION_NATIVE`].
    pub position: u32,
    /// What moved.
    pub currency: Currency,
    /// The receiving address, in its canonical text.
    pub address: Arc<str>,
    /// How much; never zero.
    pub amount: BaseUnits,
    /// The block that holds it.
    pub block: BlockRef,
}

impl SeenTransfer {
    /// The same, as it waited for its block.
    #[must_use]
    pub fn as_unconfirmed(&self) -> UnconfirmedTransfer {
        UnconfirmedTransfer {
            txid: Arc::clone(&self.txid),
            position: self.position,
            currency: self.currency.clone(),
            address: Arc::clone(&self.address),
            amount: self.amount,
        }
    }
}

/// The position of an EVM transaction's own value, which has no log index. Log indices stay below it.
pub const POSITION_NATIVE: u32 = u32::MAX;

/// Where the positions begin of what contracts of TRON paid out inside a transaction, counted over all values that
/// its internal transactions carry. Log indices stay below it.
pub const POSITION_INTERNAL: u32 = 0x8000_0000;
/// The position of money that was found by a balance that rose: coins sent by a contract, in no transaction's value and
/// in no log. Its txid is [`balance_txid`], that of no transaction. Log indices stay below it.
pub const POSITION_BALANCE: u32 = u32::MAX - 1;

/// What stands for the transaction of money that was found by a balance that rose.
#[must_use]
pub fn balance_txid(block_hash: &str, address: &str) -> Arc<str> {
    format!("balance:{block_hash}:{address}").into()
}

/// Money that waits for a block: it may still be replaced, spent elsewhere, or forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnconfirmedTransfer {
    /// Transaction id, as in [`SeenTransfer::txid`].
    pub txid: Arc<str>,
    /// Which transfer of the transaction: the output index.
    pub position: u32,
    /// What moves.
    pub currency: Currency,
    /// The receiving address, in its canonical text.
    pub address: Arc<str>,
    /// How much; never zero.
    pub amount: BaseUnits,
}

/// A block, as far as money is judged by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockRef {
    /// Height (block number).
    pub height: u64,
    /// Hash as the chain's explorers write it.
    pub hash: Arc<str>,
    /// The block's own timestamp.
    pub time: UnixMillis,
}

super::vocabulary! {
    /// What a recorded transfer means for the payment it was matched with, decided once when it is recorded
    /// and again only by the merchant.
    Judgement, "judgement" {
        /// Counts towards the amount due.
        Counted = "counted",
        /// Mined after the payment's expiry.
        Late = "late",
        /// Another asset than the payment's.
        WrongAsset = "wrong_asset",
        /// Came after the payment was paid or cancelled.
        AfterEnd = "after_end",
        /// No payment had the address at that time.
        Unmatched = "unmatched",
    }
}

super::vocabulary! {
    /// What the merchant did about a transfer that counted for nothing.
    Handled, "handling" {
        /// It counts for a payment that the merchant named.
        Attached = "attached",
        /// It is left as it is.
        Dismissed = "dismissed",
    }
}

/// A transfer as the store keeps it. Never deleted: a reorganisation marks it orphaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Row number.
    pub id: TransferId,
    /// The network it was made on.
    pub network: NetworkId,
    /// What the chain said.
    pub seen: SeenTransfer,
    /// The payment it was matched with.
    pub payment: Option<PaymentId>,
    /// What it means for that payment.
    pub judgement: Judgement,
    /// Whether its block has left the chain.
    pub orphaned: bool,
}
