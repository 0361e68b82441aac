//! What must hold of a provider before it is believed: the right chain, and tokens with the decimals that are
//! configured; and what a person should know of it.

use super::balances::number;
use super::block::Block;
use super::{Finality, TronSource, client};
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::{Trouble, TroubleKind};
use crate::chain::{ProviderReport, wrong_decimals};
use crate::domain::address::Address;

/// How many blocks below the tip are looked at for what contracts sent.
const LOOKED_AT: u64 = 5;

/// Where the provider and the configuration contradict each other, each with what to do.
///
/// # Errors
/// [`Trouble`] when the provider does not answer.
pub(super) async fn contradictions(source: &TronSource, provider: &Provider) -> Result<Vec<String>, Trouble> {
    let served = client::genesis(provider).await?.to_lowercase();
    if super::wire::hash(&served).is_none() {
        return Err(Trouble::down("wallet/getblockbynum: the first block has no id"));
    }
    let wanted = source.genesis_wanted(&served);
    if served != wanted {
        return Ok(vec![format!(
            "it serves another chain: its first block is {served}, not {wanted}; correct the provider's URL, or which \
             chain of TRON is configured"
        )]);
    }
    let mut findings = Vec::new();
    for (contract, asset) in &source.assets.tokens {
        let answer = client::constant(provider, contract, "decimals()", "").await?;
        let on_chain = answer.and_then(number);
        if on_chain == Some(u128::from(asset.decimals)) {
            continue;
        }
        let on_chain = on_chain
            .as_ref()
            .map(|decimals| decimals as &dyn std::fmt::Display);
        findings.push(wrong_decimals(
            asset,
            Address::from_tron_account(*contract).text(),
            on_chain,
        ));
    }
    Ok(findings)
}

/// Everything worth knowing of one provider; also of one that is left alone at the moment.
pub(super) async fn report(source: &TronSource, provider: &Provider) -> ProviderReport {
    let mut report = ProviderReport::of(provider.host());
    if let Err(trouble) = examine(source, provider, &mut report).await {
        // What is not there yet is another moment's matter.
        let findings = match trouble.kind {
            TroubleKind::Lag | TroubleKind::OverBudget => &mut report.remarks,
            TroubleKind::Size { .. }
            | TroubleKind::Throttled { .. }
            | TroubleKind::NeverHere
            | TroubleKind::Unsupported
            | TroubleKind::Down
            | TroubleKind::Lie
            | TroubleKind::WrongChain
            | TroubleKind::Undecided => &mut report.faults,
        };
        findings.push(trouble.to_string());
    }
    report
}

async fn examine(
    source: &TronSource,
    provider: &Provider,
    report: &mut ProviderReport,
) -> Result<(), Trouble> {
    let asked_at = source.clock.now();
    let tip = client::latest(provider).await?;
    report.latency = Some(source.clock.now().since(asked_at));
    report.height = Some(tip.height());
    report.block_time = Some(tip.header.block.time);
    report.chain = Some(client::genesis(provider).await?);
    report.faults.extend(contradictions(source, provider).await?);
    let age = source.clock.now().since(tip.header.block.time);
    if age > source.pool.stale_after() {
        report.remarks.push(format!(
            "its highest block is {} s old: it lags, or the chain stands still; compare with a block explorer",
            age.as_secs()
        ));
    }
    if !tip.are_txs_proven {
        report.faults.push(
            "the transactions of its highest block are not those that the block's header commits to"
                .to_owned(),
        );
    }
    examine_solid(source, provider, tip.height(), report).await?;
    if let Ok(version) = client::version(provider).await
        && !version.is_empty()
    {
        report
            .features
            .push(("version", provider.endpoint().scrub(&version)));
    }
    examine_infos(provider, &tip, report).await
}

/// Whether the provider can say what is solid, and how far behind its tip that is.
async fn examine_solid(
    source: &TronSource,
    provider: &Provider,
    tip: u64,
    report: &mut ProviderReport,
) -> Result<(), Trouble> {
    let solid = match client::solid(provider).await {
        Err(trouble) if trouble.kind == TroubleKind::Unsupported => {
            if source.settings.finality == Finality::Solid {
                report.faults.push(format!(
                    "it cannot say which blocks are solid ({trouble}): no payment becomes paid by its word; use \
                     another provider"
                ));
            }
            return Ok(());
        }
        solid => solid?,
    };
    let behind = tip.saturating_sub(solid.height());
    report
        .features
        .push(("solid", format!("{}, {behind} behind", solid.height())));
    Ok(())
}

/// Whether the provider says what transactions did, and keeps what contracts sent.
async fn examine_infos(provider: &Provider, tip: &Block, report: &mut ProviderReport) -> Result<(), Trouble> {
    let heights: Vec<u64> = (tip.height().saturating_sub(LOOKED_AT).max(1)..tip.height()).collect();
    let blocks = client::blocks(provider, &heights).await?;
    let blocks: Vec<&Block> = blocks.iter().collect();
    let told = client::infos(provider, &blocks, |_, infos| {
        let keeps = infos.iter().any(|info| !info.internal_transactions.is_empty());
        Ok((infos.len(), keeps))
    });
    let told = told.await?;
    let short = blocks
        .iter()
        .zip(&told)
        .find(|(block, (count, _))| block.txs.len() != *count);
    if let Some((block, (count, _))) = short {
        report.faults.push(format!(
            "it says of {} of the {} transactions of block {} what they did: tokens cannot be read from it",
            count,
            block.txs.len(),
            block.height()
        ));
    }
    let keeps = told.iter().any(|(_, keeps)| *keeps);
    // Whether a node keeps it is its own choice, and nothing but an example tells.
    let keeps = if keeps { "kept" } else { "not known: none lately" };
    report.features.push(("internal TRX", keeps.to_owned()));
    Ok(())
}
