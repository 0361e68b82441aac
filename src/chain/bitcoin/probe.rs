//! What `payd doctor` and the start-up probe find out about one provider.

use super::{BitcoinSource, ProviderKind, mempool, node};
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
    let genesis = source.genesis(provider).await?;
    report.latency = Some(source.clock.now().since(asked_at));
    report.chain = Some(genesis.to_string());
    source.check(provider).await?;
    let block = source.latest_from(provider).await?;
    report.height = Some(block.height);
    report.block_time = Some(block.time);
    let age = source.clock.now().since(block.time);
    if age > source.pool.stale_after() {
        report.remarks.push(format!(
            "its highest block is {} s old: it lags, or the chain stands still; compare with a block explorer",
            age.as_secs()
        ));
    }
    let kind = source.kind(provider);
    report.features.push(("kind", kind.word().to_owned()));
    match kind {
        ProviderKind::Node => examine_node(provider, report).await,
        ProviderKind::Esplora => {
            let mempool = format!("{} addresses a look", mempool::ADDRESSES_PER_LOOK);
            report.features.push(("mempool", mempool));
            report.features.push(("balances", "yes".to_owned()));
        }
        ProviderKind::Electrum => {
            let software = source.electrum.software(provider).await?;
            report.features.push(("software", software));
            report.features.push(("mempool", "yes".to_owned()));
            report.features.push(("balances", "yes".to_owned()));
            if provider.endpoint().url().scheme() == "tcp" {
                report
                    .remarks
                    .push("it is not encrypted: for your own network only, else use ssl://".to_owned());
            }
        }
    }
    Ok(())
}

/// What a node tells of itself. Public ones hide some of it: that is no fault.
async fn examine_node(provider: &Provider, report: &mut ProviderReport) {
    let blocks = match node::chain_info(provider).await {
        Ok(info) => {
            let chain = provider.endpoint().scrub(&info.chain);
            report.features.push(("chain", chain));
            if info.is_catching_up {
                let missing = info.headers.saturating_sub(report.height.unwrap_or_default());
                report
                    .faults
                    .push(format!("it is still catching up: {missing} blocks to go"));
            }
            if info.pruned {
                report.remarks.push(
                    "it is pruned: after a long outage another provider has to have the older blocks"
                        .to_owned(),
                );
                "the latest only"
            } else {
                "all"
            }
        }
        Err(_) => "not told",
    };
    report.features.push(("blocks", blocks.to_owned()));
    let mempool = match node::mempool(provider).await {
        Ok(mempool) if mempool.len() == 1 => "1 transaction".to_owned(),
        Ok(mempool) => format!("{} transactions", mempool.len()),
        Err(_) => "not told: payments show once they are in a block".to_owned(),
    };
    report.features.push(("mempool", mempool));
    // Older nodes do not know the question; nothing depends on the answer.
    if let Ok(has_txindex) = node::has_txindex(provider).await {
        let txindex = if has_txindex { "yes" } else { "no" };
        report.features.push(("txindex", txindex.to_owned()));
    }
    report.features.push(("balances", "no".to_owned()));
}
