//! What must hold of a provider before it is believed: the right chain, tokens with the decimals that are
//! configured, the calls that will be needed, and headers that can be verified where that is asked for.

use ethers_core::types::{Address, U256};

use super::client::{self, LogSpan};
use super::wire::WireHeader;
use super::{EvmSource, Finality, ReadMode, Verify, features, header, mode_r};
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::{Trouble, TroubleKind};
use crate::chain::{ProviderReport, wrong_decimals};
use crate::net::Endpoint;
use crate::net::websocket::SocketError;

/// Where the provider and the configuration contradict each other, each with what to do.
///
/// # Errors
/// [`Trouble`] when the provider does not answer.
pub(super) async fn contradictions(source: &EvmSource, provider: &Provider) -> Result<Vec<String>, Trouble> {
    let (served, wanted) = (client::chain_id(provider).await?, source.settings.chain_id);
    if served != wanted {
        return Ok(vec![format!(
            "it serves chain id {served}, not {wanted}: correct the provider's URL, or `chain_id`"
        )]);
    }
    let contracts: Vec<Address> = source.assets.tokens.iter().map(|(token, _)| *token).collect();
    let answers = client::decimals(provider, &contracts).await?;
    let mut findings = Vec::new();
    for ((contract, asset), answer) in source.assets.tokens.iter().zip(answers) {
        let on_chain = (answer.len() == 32).then(|| U256::from_big_endian(&answer));
        if on_chain == Some(U256::from(asset.decimals)) {
            continue;
        }
        let on_chain = on_chain
            .as_ref()
            .map(|decimals| decimals as &dyn std::fmt::Display);
        findings.push(wrong_decimals(asset, &client::address(*contract), on_chain));
    }
    Ok(findings)
}

/// Everything worth knowing of one provider; also of one that is left alone at the moment.
///
/// `teller` is where it tells of new blocks by itself, if it does.
pub(super) async fn report(
    source: &EvmSource,
    provider: &Provider,
    teller: Option<&Endpoint>,
) -> ProviderReport {
    let mut report = ProviderReport::of(provider.host());
    let (examined, told) = tokio::join!(examine(source, provider, &mut report), try_out(source, teller));
    if let Err(trouble) = examined {
        report.faults.push(trouble.to_string());
    }
    match told {
        Some(Ok(())) => report.features.push(("websocket", "yes".to_owned())),
        Some(Err(error)) => report.remarks.push(format!(
            "it does not tell of new blocks ({error}), and is looked at by the clock: correct its `ws`, or leave it out"
        )),
        None => {}
    }
    report
}

/// Whether a provider tells of new blocks by itself; `None` where it is not asked to.
async fn try_out(source: &EvmSource, teller: Option<&Endpoint>) -> Option<Result<(), SocketError>> {
    Some(source.hints.as_ref()?.try_out(teller?).await)
}

async fn examine(
    source: &EvmSource,
    provider: &Provider,
    report: &mut ProviderReport,
) -> Result<(), Trouble> {
    let asked_at = source.clock.now();
    let tip = client::latest(provider, Verify::None).await?;
    report.latency = Some(source.clock.now().since(asked_at));
    let block = client::header_of(&tip)?.block;
    report.height = Some(block.height);
    report.block_time = Some(block.time);
    report.chain = Some(client::chain_id(provider).await?.to_string());
    report.faults.extend(contradictions(source, provider).await?);
    let age = source.clock.now().since(block.time);
    if age > source.pool.stale_after() {
        report.remarks.push(format!(
            "its highest block is {} s old: it lags, or the chain stands still; compare with a block explorer",
            age.as_secs()
        ));
    }
    if source.settings.finality == Finality::Finalized
        && let Err(trouble) = client::finalized(provider, Verify::None).await
    {
        report.faults.push(format!(
            "it does not say which block is final, and no payment here becomes paid without that: use another provider, \
             or set `finality` to `confirmations` ({trouble})"
        ));
    }
    let provable = header::is_genuine(&tip);
    match source.settings.verify {
        Verify::Full | Verify::HeaderOnly if !provable => report.faults.push(
            "its headers do not hash to their names: set `verify` to `none` for this chain if no provider's do"
                .to_owned(),
        ),
        Verify::None if provable => report
            .remarks
            .push("its headers can be verified: set `verify` to `header` or `full`".to_owned()),
        Verify::Full | Verify::HeaderOnly | Verify::None => {}
    }
    match source.settings.mode {
        ReadMode::Receipts => examine_receipts(source, provider, &tip, report).await?,
        ReadMode::Logs => {
            examine_logs(source, provider, &tip, report).await?;
            if source.settings.verify == Verify::Full {
                examine_receipts(source, provider, &tip, report).await?;
            }
        }
    }
    report.features = features::of(source, provider, &tip).await;
    Ok(())
}

async fn examine_receipts(
    source: &EvmSource,
    provider: &Provider,
    tip: &WireHeader,
    report: &mut ProviderReport,
) -> Result<(), Trouble> {
    let receipts = match client::receipts(provider, &[tip.hash]).await {
        Err(trouble) if trouble.kind == TroubleKind::Unsupported => {
            report.faults.push(
                "it does not serve eth_getBlockReceipts: use another provider, or read this network by logs that \
                 are not proven (`mode = \"logs\"`, `verify = \"header\"`)"
                    .to_owned(),
            );
            return Ok(());
        }
        receipts => receipts?,
    };
    if source.settings.verify != Verify::Full {
        return Ok(());
    }
    let blocks = client::full_blocks(provider, Verify::Full, &[tip.number.as_u64()]).await?;
    for (block, receipts) in blocks.iter().zip(&receipts) {
        // Between the calls another block may have taken the place of the tip.
        if block.hash == tip.hash {
            mode_r::check(block, &receipts.0, Verify::Full)?;
        }
    }
    Ok(())
}

async fn examine_logs(
    source: &EvmSource,
    provider: &Provider,
    tip: &WireHeader,
    report: &mut ProviderReport,
) -> Result<(), Trouble> {
    let contracts: Vec<Address> = source.assets.tokens.iter().map(|(token, _)| *token).collect();
    if contracts.is_empty() {
        return Ok(());
    }
    let topics = client::topics(None)?;
    let spans = [LogSpan::Block(tip.hash)];
    match client::logs(provider, &spans, &contracts, &topics).await {
        Err(trouble)
            if !matches!(
                trouble.kind,
                TroubleKind::Lag | TroubleKind::Throttled { .. } | TroubleKind::OverBudget
            ) =>
        {
            report.faults.push(format!("it refuses to give logs: {trouble}"));
            Ok(())
        }
        Ok(_) | Err(_) => Ok(()),
    }
}
