//! Holds what the chain says that addresses hold against what is recorded, for a person who asks. Records no money.

use std::sync::Arc;

use super::{Engine, EngineError};
use crate::chain::ChainSource;
use crate::domain::address::Address;
use crate::domain::asset::Currency;
use crate::domain::ids::AddressId;
use crate::domain::matching::Overflow;
use crate::domain::money::{self, BaseUnits};
use crate::domain::network::Network;
use crate::domain::transfer::BlockRef;
use crate::store::balances::{self, Snapshot};
use crate::store::{StoreError, addresses, blocks};

/// Addresses looked at in one step.
const PAGE: u32 = 500;

/// What an audit of one network came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audit {
    /// The network was never read, or not deep enough yet.
    NotRead,
    /// Its providers cannot say balances.
    Unsaid,
    /// All balances were looked at.
    Done(Findings),
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    /// The block after which balances were looked at.
    pub at: BlockRef,
    /// Balances that were compared.
    pub compared: u64,
    /// Balances that were taken down for the first time: nothing was there to compare with.
    pub first_seen: u64,
    /// Balances that are lower than what was recorded: spent, as a rule.
    pub lower: u64,
    /// Balances that are higher than what is recorded explains.
    pub unexplained: Vec<Unexplained>,
}

/// Money that an address holds and no record explains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unexplained {
    /// The address.
    pub address: Arc<str>,
    /// What it holds.
    pub currency: Currency,
    /// How much of it is unexplained.
    pub amount: BaseUnits,
    /// The block after which the balance was explained last.
    pub above: u64,
}

/// What an audit does with what it cannot explain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknowns {
    /// Leaves it, so that the next audit finds it again.
    Keep,
    /// Takes it as explained, because a person has looked.
    Accept,
}

impl Engine {
    /// Compares the balances of all watched addresses of a network with what is recorded since each was explained last.
    /// `progress` is told how many addresses were looked at.
    ///
    /// # Errors
    /// [`EngineError`] when the chain or the store cannot be read.
    pub async fn audit(
        &self,
        network: &Arc<Network>,
        source: &dyn ChainSource,
        unknowns: Unknowns,
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<Audit, EngineError> {
        let Some(at) = self.deep_block(network).await? else {
            return Ok(Audit::NotRead);
        };
        let watched = self.watched.iter().filter(|(id, _)| *id == network.id);
        let currencies: Vec<Currency> = watched.map(|(_, currency)| currency.clone()).collect();
        let mut findings = Findings {
            at: at.clone(),
            compared: 0,
            first_seen: 0,
            lower: 0,
            unexplained: Vec::new(),
        };
        let (mut after, mut looked_at) = (AddressId::new(0), 0_u64);
        loop {
            let (id, family) = (network.id.clone(), network.family);
            let rows = self
                .database
                .read(move |txn| addresses::of_network(txn, &id, after, PAGE))
                .await?;
            let Some((last, _)) = rows.last() else {
                return Ok(Audit::Done(findings));
            };
            after = *last;
            looked_at = looked_at.saturating_add(u64::try_from(rows.len()).unwrap_or(u64::MAX));
            let parsed = rows
                .iter()
                .filter_map(|(_, text)| Address::parse(family, text).ok());
            let asked: Vec<(Address, Currency)> = parsed
                .flat_map(|address| {
                    currencies
                        .iter()
                        .map(move |currency| (address.clone(), currency.clone()))
                })
                .collect();
            let Some(said) = source.balances(&at, &asked).await? else {
                return Ok(Audit::Unsaid);
            };
            let held = asked.into_iter().zip(said).collect();
            self.compare(network, &at, held, unknowns, &mut findings).await?;
            progress(looked_at);
        }
    }

    /// The last block that is as deep as money has to be to be settled.
    async fn deep_block(&self, network: &Arc<Network>) -> Result<Option<BlockRef>, EngineError> {
        let network = Arc::clone(network);
        let found = self.database.read(move |txn| {
            let below = u64::from(network.confirmations.highest().saturating_sub(1));
            let cursor = blocks::cursor(txn, &network.id)?;
            match cursor.and_then(|cursor| cursor.height.checked_sub(below)) {
                Some(height) => balances::block_at(txn, &network.id, height),
                None => Ok::<_, StoreError>(None),
            }
        });
        Ok(found.await?)
    }

    /// Compares a page, and keeps what is explained.
    async fn compare(
        &self,
        network: &Arc<Network>,
        at: &BlockRef,
        held: Vec<((Address, Currency), BaseUnits)>,
        unknowns: Unknowns,
        findings: &mut Findings,
    ) -> Result<(), EngineError> {
        let (id, at, height) = (network.id.clone(), at.clone(), at.height);
        let mut page = Findings {
            unexplained: Vec::new(),
            ..findings.clone()
        };
        let compared = self.database.write(move |txn| {
            let kept = blocks::hash_at(txn, &id, height)?;
            if kept.is_some_and(|hash| *hash != *at.hash) {
                return Err(EngineError::Inconsistent {
                    network: id.clone(),
                    finding: "a reorganisation is under way: audit again".to_owned(),
                });
            }
            for ((address, currency), amount) in held {
                let text = address.text();
                let Some(before) = balances::of_address(txn, &id, &currency, text)? else {
                    page.first_seen = page.first_seen.saturating_add(1);
                    balances::set(txn, &id, &currency, text, Snapshot { height, amount })?;
                    continue;
                };
                if before.height > height {
                    continue;
                }
                page.compared = page.compared.saturating_add(1);
                let received = balances::received(txn, &id, &currency, text, before.height, height)?;
                let received = money::sum(received.into_iter().map(|(_, amount)| amount)).ok_or(Overflow)?;
                let expected = before.amount.checked_add(received).ok_or(Overflow)?;
                if amount > expected {
                    page.unexplained.push(Unexplained {
                        address: Arc::clone(text),
                        currency: currency.clone(),
                        amount: amount.saturating_sub(expected),
                        above: before.height,
                    });
                    if unknowns == Unknowns::Keep {
                        continue;
                    }
                } else if amount < expected {
                    page.lower = page.lower.saturating_add(1);
                }
                balances::set(txn, &id, &currency, text, Snapshot { height, amount })?;
            }
            Ok::<_, EngineError>(page)
        });
        let mut page = compared.await?;
        let mut unexplained = std::mem::take(&mut findings.unexplained);
        unexplained.append(&mut page.unexplained);
        *findings = Findings { unexplained, ..page };
        Ok(())
    }
}
