//! What is asked of providers beside blocks: what waits in their mempools, and balances.

use super::header::Hash;
use super::{BitcoinSource, ProviderKind, ProviderState, block, esplora, guard, mempool};
use crate::chain::providers::trouble::{Trouble, TroubleKind};
use crate::chain::providers::{NoAnswer, Provider};
use crate::chain::{ChainError, Mempool, WatchSet};
use crate::domain::address::Address;
use crate::domain::asset::Currency;
use crate::domain::money::BaseUnits;
use crate::domain::transfer::BlockRef;

/// How long a provider that does not tell of its mempool is not asked for it again.
const REFUSED_FOR: std::time::Duration = std::time::Duration::from_secs(3600);

fn is_refusal(trouble: &Trouble) -> bool {
    matches!(
        trouble.kind,
        TroubleKind::Unsupported | TroubleKind::NeverHere | TroubleKind::Size { .. }
    )
}

impl BitcoinSource {
    /// The mempools of those that can be asked, the first that answers.
    pub(super) async fn look_into_mempools(
        &self,
        expected: &WatchSet,
    ) -> Result<Option<Mempool>, ChainError> {
        if expected.is_empty() {
            return Ok(Some(Mempool::default()));
        }
        let mut none = NoAnswer::default();
        for provider in self.pool.providers.by_health() {
            let Some(state) = self.state(provider).filter(|state| !self.is_refused(state)) else {
                continue;
            };
            let look = async {
                self.check(provider).await?;
                match self.look_into_mempool(provider, state.kind, expected).await {
                    // Others have it, and this one is as good as before for all else.
                    Err(trouble) if is_refusal(&trouble) => Ok(Err(trouble)),
                    look => look.map(Ok),
                }
            };
            match provider.attempt(look).await {
                Ok(Ok(found)) => return Ok(Some(found)),
                Ok(Err(trouble)) => {
                    tracing::info!(provider = provider.host(), reason = %trouble, "does not tell of its mempool");
                    *guard(&state.mempool_refused_until) = Some(self.clock.now().plus(REFUSED_FOR));
                }
                Err(trouble) => none.troubles.push((provider.host().to_owned(), trouble)),
            }
        }
        if none.troubles.is_empty() {
            return Ok(None);
        }
        Err(self.pool.unread(self.pool.tip_seen(), &none))
    }

    async fn look_into_mempool(
        &self,
        provider: &Provider,
        kind: ProviderKind,
        expected: &WatchSet,
    ) -> Result<Mempool, Trouble> {
        let (coin, currency) = (self.rules.coin, self.currency());
        match kind {
            ProviderKind::Node => {
                let mut mempool = self.node_mempool.lock().await;
                mempool.look(provider, coin, currency, expected).await
            }
            ProviderKind::Esplora => {
                let mut mempool = self.esplora_mempool.lock().await;
                mempool.look(provider, currency, expected).await
            }
            ProviderKind::Electrum => {
                let mut found = Mempool {
                    transfers: Vec::new(),
                    looked_at: expected.texts().collect(),
                };
                for raw in self.electrum.unconfirmed(provider, expected).await? {
                    let transaction = block::read_transaction(coin, &raw)
                        .map_err(|malformed| Trouble::down(format!("a transaction {malformed}")))?;
                    let outputs = transaction.outputs();
                    found
                        .transfers
                        .extend(mempool::found(outputs, &transaction.txid, currency, expected));
                }
                Ok(found)
            }
        }
    }

    fn is_refused(&self, state: &ProviderState) -> bool {
        let until = *guard(&state.mempool_refused_until);
        until.is_some_and(|until| until > self.clock.now())
    }

    /// Balances right after `at`, from whoever has just that block as its highest. A node could only tell by walking
    /// through all coins there are (`scantxoutset`): it is not asked.
    pub(super) async fn look_up_balances(
        &self,
        at: &BlockRef,
        asked: &[(Address, Currency)],
    ) -> Result<Option<Vec<BaseUnits>>, ChainError> {
        let is_ours = asked.iter().all(|(_, currency)| currency == self.currency());
        let addresses: Vec<&Address> = asked.iter().map(|(address, _)| address).collect();
        if !is_ours {
            return Ok(None);
        }
        let mut none = NoAnswer::default();
        for provider in self.pool.providers.by_health() {
            let look = async {
                self.check(provider).await?;
                match self.kind(provider) {
                    ProviderKind::Node => Ok(None),
                    ProviderKind::Esplora => esplora_balances(provider, at, &addresses).await,
                    ProviderKind::Electrum => self.electrum.balances(provider, at, &addresses).await,
                }
            };
            match provider.attempt(look).await {
                Ok(Some(balances)) => return Ok(Some(balances)),
                Ok(None) => {}
                Err(trouble) => none.troubles.push((provider.host().to_owned(), trouble)),
            }
        }
        if none.troubles.is_empty() {
            return Ok(None);
        }
        Err(self.pool.unread(at.height, &none))
    }
}

/// Balances at the server's highest block, when that is `at` before and after.
async fn esplora_balances(
    provider: &Provider,
    at: &BlockRef,
    addresses: &[&Address],
) -> Result<Option<Vec<BaseUnits>>, Trouble> {
    let is_there = |hash: Hash| hash.to_string() == *at.hash;
    if !is_there(esplora::best(provider).await?) {
        return Ok(None);
    }
    let mut balances = Vec::with_capacity(addresses.len());
    for address in addresses {
        let balance = esplora::balance(provider, address).await?;
        balances.push(BaseUnits::new(u128::from(balance)));
    }
    Ok(is_there(esplora::best(provider).await?).then_some(balances))
}
