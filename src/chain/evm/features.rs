//! What one provider can do beyond what must hold: told to people, never relied on.

use ethers_core::types::{Address, U256};
use serde_json::json;

use super::client::{self, LogSpan};
use super::wire::WireHeader;
use super::{EvmSource, ReadMode};
use crate::chain::jsonrpc::Call;
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::{Trouble, TroubleKind};

/// How far back a balance is asked for: what any node keeps, and what only one with history has.
const DEPTHS: [u64; 2] = [128, 10_000];

/// Each feature with what was found of it.
pub(super) async fn of(
    source: &EvmSource,
    provider: &Provider,
    tip: &WireHeader,
) -> Vec<(&'static str, String)> {
    let mut features = vec![
        ("batches", batches(provider).await),
        ("receipts", told(client::receipts(provider, &[tip.hash]).await)),
    ];
    if source.settings.mode == ReadMode::Logs && !source.assets.tokens.is_empty() {
        features.push(("logs", logs(source, provider, tip.number.as_u64()).await));
    }
    features.push(("archive", archive(provider, tip.number.as_u64()).await));
    features
}

async fn batches(provider: &Provider) -> String {
    let twice = [client::chain_id_call(), client::chain_id_call()];
    match provider.calls::<U256>(&twice).await {
        Ok(_) if provider.snapshot().takes_batches => "yes".to_owned(),
        Ok(_) => "no, it is asked one by one".to_owned(),
        Err(trouble) => unknown(&trouble),
    }
}

/// Whether it takes as many blocks at once as payd asks for.
async fn logs(source: &EvmSource, provider: &Provider, tip: u64) -> String {
    let contracts: Vec<Address> = source.assets.tokens.iter().map(|(token, _)| *token).collect();
    let count = source.settings.range_max.max(1);
    let first = tip.saturating_sub(count.saturating_sub(1));
    let asked = async {
        let topics = client::topics(None)?;
        client::logs(provider, &[LogSpan::Range(first, tip)], &contracts, &topics).await
    };
    let learnt = match asked.await {
        Ok(_) => return format!("{count} blocks at once"),
        Err(trouble) => {
            let blocks = usize::try_from(count).unwrap_or(usize::MAX);
            provider.learnt_from(trouble, blocks)
        }
    };
    match provider.blocks_max() {
        Some(blocks) if matches!(learnt.kind, TroubleKind::Size { .. }) => {
            format!("at most {blocks} blocks at once")
        }
        Some(_) | None => unknown(&learnt),
    }
}

/// How far back it knows balances.
async fn archive(provider: &Provider, tip: u64) -> String {
    let mut reached = None;
    for depth in DEPTHS {
        // A young chain has no such block.
        let Some(height) = tip.checked_sub(depth) else {
            break;
        };
        let asked = json!([client::address(Address::zero()), format!("{height:#x}")]);
        match provider.call::<U256>(&Call::new("eth_getBalance", asked)).await {
            Ok(Some(_)) => reached = Some(depth),
            Ok(None) => break,
            // So far below its tip, that it has no such block or state means that it keeps none.
            Err(trouble) if trouble.kind == TroubleKind::Lag => break,
            Err(trouble) if is_passing(&trouble) => return unknown(&trouble),
            Err(_) => break,
        }
    }
    match reached {
        Some(depth) if DEPTHS.last() == Some(&depth) => format!("{depth} blocks and more"),
        Some(depth) => format!("{depth} blocks"),
        None if DEPTHS.first().is_some_and(|least| tip < *least) => {
            "the chain is too young to tell".to_owned()
        }
        None => "none".to_owned(),
    }
}

fn told<T>(answer: Result<T, Trouble>) -> String {
    match answer {
        Ok(_) => "yes".to_owned(),
        Err(trouble) if is_passing(&trouble) => unknown(&trouble),
        Err(_) => "no".to_owned(),
    }
}

/// Whether it says nothing of what the provider can do.
fn is_passing(trouble: &Trouble) -> bool {
    matches!(
        trouble.kind,
        TroubleKind::Throttled { .. } | TroubleKind::OverBudget | TroubleKind::Lag
    )
}

fn unknown(trouble: &Trouble) -> String {
    match trouble.kind {
        TroubleKind::Throttled { .. } | TroubleKind::OverBudget => "not known: it throttles".to_owned(),
        _ => "not known".to_owned(),
    }
}
