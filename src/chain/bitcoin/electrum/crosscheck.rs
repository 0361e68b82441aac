//! A second Electrum server's word on what blocks hold, where nobody serves blocks: what one withholds, another has.
//!
//! Every transaction that a server shows is proven to be in its block. So there is never anything to decide between
//! two of them: what either shows counts.

use std::collections::BTreeSet;

use crate::chain::WatchSet;
use crate::chain::bitcoin::block::read_transaction;
use crate::chain::bitcoin::header::{Hash, RawHeader};
use crate::chain::bitcoin::{BitcoinSource, ProviderKind};
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::{Trouble, TroubleKind};

impl BitcoinSource {
    /// Whether what an Electrum server says blocks hold is asked of a second one.
    pub(in crate::chain::bitcoin) fn is_cross_checked(&self) -> bool {
        self.settings.quorum >= 2
            && self.pool.hosts() >= 2
            && !self.has(|kind| matches!(kind, ProviderKind::Node | ProviderKind::Esplora))
    }

    /// The transactions in the blocks of `headers` that concern a `watched` address, by the word of `provider`, and of
    /// another server where there are only Electrum servers; each with its height, in chain order of each.
    ///
    /// # Errors
    /// [`Trouble`] with `provider`, or when no second server can be asked.
    pub(in crate::chain::bitcoin) async fn electrum_transactions(
        &self,
        provider: &Provider,
        headers: &[(u64, RawHeader)],
        watched: &WatchSet,
    ) -> Result<Vec<(u64, Vec<u8>)>, Trouble> {
        let mut found = self.electrum.transactions(provider, headers, watched).await?;
        if !self.is_cross_checked() || watched.is_empty() {
            return Ok(found);
        }
        let known: BTreeSet<Hash> = found
            .iter()
            .filter_map(|(_, raw)| Some(read_transaction(self.rules.coin, raw).ok()?.txid))
            .collect();
        let (mut lag, mut reasons) = (None, Vec::new());
        let mut hosts = BTreeSet::from([provider.host()]);
        for witness in self.pool.providers.by_health() {
            if !hosts.insert(witness.host()) {
                continue;
            }
            let asked = async {
                self.check(witness).await?;
                self.electrum.beyond(witness, headers, watched, &known).await
            };
            match witness.attempt(asked).await {
                Ok(more) => {
                    if !more.is_empty() {
                        tracing::warn!(
                            provider = provider.host(),
                            witness = witness.host(),
                            transactions = more.len(),
                            "an Electrum server left out what another one has, with proof"
                        );
                    }
                    found.extend(more);
                    found.sort_by_key(|(height, _)| *height);
                    return Ok(found);
                }
                Err(trouble) => {
                    if trouble.kind == TroubleKind::Lag {
                        lag = Some(Trouble::lag(format!("{}: {trouble}", witness.host())));
                    }
                    reasons.push(format!("{}: {trouble}", witness.host()));
                }
            }
        }
        // Nothing shows that a transaction was left out, and what the cursor passed is not looked for again for long.
        Err(lag.unwrap_or_else(|| {
            Trouble::new(
                TroubleKind::Undecided,
                format!(
                    "no second Electrum server can be asked whether it left something out: {}",
                    reasons.join("; ")
                ),
            )
        }))
    }
}
