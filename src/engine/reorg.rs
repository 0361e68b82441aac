//! Follows reorganisations: finds the block up to which chain and store agree, and orphans what lies above.

use crate::chain::ChainSource;
use crate::domain::ids::PaymentId;
use crate::domain::network::Network;
use crate::domain::transfer::BlockRef;
use crate::store::{Database, Txn, balances, blocks, payments, transfers};

use super::EngineError;

/// The highest block below `cursor` that the chain still has.
///
/// # Errors
/// [`EngineError::ReorgTooDeep`] when there is none down to the network's final depth.
pub(super) async fn common_ancestor(
    database: &Database,
    network: &Network,
    source: &dyn ChainSource,
    cursor: &BlockRef,
) -> Result<BlockRef, EngineError> {
    let too_deep = || EngineError::ReorgTooDeep {
        network: network.id.clone(),
        depth_max: network.final_depth,
    };
    let height_min = cursor.height.saturating_sub(u64::from(network.final_depth));
    for height in (height_min..=cursor.height).rev() {
        let id = network.id.clone();
        let known = database
            .read(move |txn| blocks::hash_at(txn, &id, height))
            .await?;
        let Some(known) = known else {
            // Nothing was kept from here down: reading began here, or a person has raised the final depth to have
            // the chain read again as it is now.
            return Ok(source.header(height_min).await?.block);
        };
        let header = source.header(height).await?;
        if *header.block.hash == *known {
            return Ok(header.block);
        }
    }
    Err(too_deep())
}

/// Forgets the blocks above `base` and orphans their transfers. Gives back the payments that lost any.
pub(super) fn unwind(
    txn: &Txn<'_>,
    network: &Network,
    base: &BlockRef,
) -> Result<Vec<PaymentId>, EngineError> {
    tracing::warn!(network = %network.id, height = base.height, "reorganisation: reading again from here");
    metrics::counter!("payd_reorgs_total", "network" => network.id.to_string()).increment(1);
    blocks::remove_headers_above(txn, &network.id, base.height)?;
    balances::unwind(txn, &network.id, base.height)?;
    let touched = transfers::orphan_above(txn, &network.id, base.height)?;
    for payment in &touched {
        payments::mark_for_settling(txn, *payment)?;
    }
    Ok(touched)
}
