//! What accounts hold at the tip. Nodes keep no older balances.

use futures_util::stream::{StreamExt as _, TryStreamExt as _};

use super::{TronSource, client};
use crate::chain::ChainError;
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::Trouble;
use crate::domain::address::Address;
use crate::domain::asset::Currency;
use crate::domain::money::BaseUnits;
use crate::domain::transfer::BlockRef;

/// The balances of `asked`, while `at` is the tip; `None` when it no longer is, or something was asked for that is not
/// configured.
///
/// # Errors
/// [`ChainError`] when nobody answers.
pub(super) async fn at_tip(
    source: &TronSource,
    at: &BlockRef,
    asked: &[(Address, Currency)],
) -> Result<Option<Vec<BaseUnits>>, ChainError> {
    source
        .pool
        .providers
        .first(|provider| Box::pin(from(source, provider, at, asked)))
        .await
        .map_err(|none| source.pool.unread(at.height, &none))
}

async fn from(
    source: &TronSource,
    provider: &Provider,
    at: &BlockRef,
    asked: &[(Address, Currency)],
) -> Result<Option<Vec<BaseUnits>>, Trouble> {
    if source.latest_from(provider).await?.hash != at.hash {
        return Ok(None);
    }
    let calls: Vec<_> = asked
        .iter()
        .map(|(address, currency)| of(source, provider, address, currency))
        .collect();
    let balances: Vec<Option<BaseUnits>> = futures_util::stream::iter(calls)
        .buffered(provider.limits().concurrent_max.max(1))
        .try_collect()
        .await?;
    // Each was the balance of its moment: they belong together only if no block came meanwhile.
    if client::latest(provider).await?.header.block.hash != at.hash {
        return Ok(None);
    }
    Ok(balances.into_iter().collect())
}

async fn of(
    source: &TronSource,
    provider: &Provider,
    address: &Address,
    currency: &Currency,
) -> Result<Option<BaseUnits>, Trouble> {
    let Ok(account) = <[u8; 20]>::try_from(address.payload()) else {
        return Ok(None);
    };
    if currency.is_native() {
        let sun = client::balance(provider, &account).await?;
        return Ok(Some(BaseUnits::new(u128::from(sun))));
    }
    let tokens = &source.assets.tokens;
    let Some((contract, asset)) = tokens.iter().find(|(_, asset)| asset.currency == *currency) else {
        return Ok(None);
    };
    let parameter = format!("{:0>64}", hex::encode(account));
    let word = client::constant(provider, contract, "balanceOf(address)", &parameter).await?;
    let units = word.and_then(number);
    let units = units.ok_or_else(|| Trouble::down(format!("says no balance of {}", asset.currency)))?;
    Ok(Some(BaseUnits::new(units)))
}

/// The number in a contract's answer; `None` when it is out of range.
pub(super) fn number(word: [u8; 32]) -> Option<u128> {
    let (high, low) = word.split_at(16);
    let low = <[u8; 16]>::try_from(low).ok()?;
    high.iter()
        .all(|byte| *byte == 0)
        .then(|| u128::from_be_bytes(low))
}
