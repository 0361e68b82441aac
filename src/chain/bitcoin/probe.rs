//! What `payd doctor` and the start-up probe find out about one provider.

use super::{BitcoinSource, ProviderKind, node};
use crate::chain::ProviderReport;
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::Trouble;

/// Everything worth knowing of one provider; also of one that is left alone at the moment.
pub(super) async fn report(source: &BitcoinSource, provider: &Provider) -> ProviderReport {
    let mut report = ProviderReport::of(provider.host());
    if let Err(trouble) = examine(source, provider, &mut report).await {
        report.faults.push(trouble.to_string());
    }
    report
}

async fn examine(
    source: &BitcoinSource,
    provider: &Provider,
    report: &mut ProviderReport,
) -> Result<(), Trouble> {
    let asked_at = source.clock.now();
    source.genesis(provider).await?;
    report.latency = Some(source.clock.now().since(asked_at));
    source.check(provider).await?;
    let block = source.latest_from(provider).await?;
    report.height = Some(block.height);
    report.block_time = Some(block.time);
    let age = source.clock.now().since(block.time);
    if age > source.pool.stale_after() {
        report.remarks.push(format!(
            "its highest block is {} s old: it lags, or the chain stands still",
            age.as_secs()
        ));
    }
    match source.kind(provider) {
        ProviderKind::Node => examine_node(provider, report).await,
        ProviderKind::Esplora => {
            report
                .remarks
                .push("Esplora: raw blocks, the mempool of up to 25 addresses a look, balances".to_owned());
            Ok(())
        }
        ProviderKind::Electrum => {
            report.remarks.extend(source.electrum.remarks(provider).await?);
            Ok(())
        }
    }
}

/// What a node tells of itself. Public ones hide some of it: that is a remark, no fault.
async fn examine_node(provider: &Provider, report: &mut ProviderReport) -> Result<(), Trouble> {
    let mut features = Vec::new();
    match node::chain_info(provider).await {
        Ok(info) => {
            features.push(format!("chain {}", info.chain));
            if info.is_catching_up {
                let missing = info.headers.saturating_sub(report.height.unwrap_or_default());
                report
                    .faults
                    .push(format!("it is still catching up: {missing} blocks to go"));
            }
            if info.pruned {
                features.push("pruned: older blocks cannot be read from it".to_owned());
            }
        }
        Err(trouble) => features.push(format!("does not tell of its chain ({trouble})")),
    }
    match node::mempool(provider).await {
        Ok(mempool) => features.push(format!("mempool of {}", mempool.len())),
        Err(trouble) => features.push(format!("does not tell of its mempool ({trouble})")),
    }
    // Older nodes do not know the question; nothing depends on the answer.
    if let Ok(true) = node::has_txindex(provider).await {
        features.push("txindex".to_owned());
    }
    report.remarks.push(format!("node: {}", features.join(", ")));
    Ok(())
}
