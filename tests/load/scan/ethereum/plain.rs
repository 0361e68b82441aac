//! What has to be read of a block's texts to find transfers, and nothing else.

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "what is measured is that they are read")]
pub(super) struct PlainBlock<'a> {
    hash: &'a str,
    parent_hash: &'a str,
    number: &'a str,
    timestamp: &'a str,
    #[serde(borrow)]
    pub(super) transactions: Vec<PlainTx<'a>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "what is measured is that they are read")]
pub(super) struct PlainTx<'a> {
    hash: &'a str,
    to: Option<&'a str>,
    value: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "what is measured is that they are read")]
pub(super) struct PlainReceipt<'a> {
    transaction_hash: &'a str,
    status: &'a str,
    #[serde(borrow)]
    logs: Vec<PlainLog<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "what is measured is that they are read")]
pub(super) struct PlainLog<'a> {
    address: &'a str,
    #[serde(borrow)]
    topics: Vec<&'a str>,
    data: &'a str,
    log_index: &'a str,
}
