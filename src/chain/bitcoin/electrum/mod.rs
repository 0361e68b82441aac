//! Electrum servers: headers, and the transactions of watched addresses, each proven by a merkle branch.
//!
//! They serve no blocks. Every watched script is subscribed to once; from then on a server tells by itself whose
//! history changed, and only those histories are fetched: what a block costs does not depend on how many addresses
//! are watched. What a server may do is withhold: another one's word is asked for where there is another.
//!
//! Knows nothing of which transfers matter: that is matched from the raw transactions.

mod book;
mod connection;
mod crosscheck;
mod history;
mod proof;
mod server;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;

use self::book::Tip;
use self::connection::Connection;
use self::history::{Entry, ScriptHash};
use self::proof::Branch;
use self::server::{News, Scripts, Server};
use super::block::read_transaction;
use super::header::{Hash, RawHeader};
use super::params::Coin;
use crate::ambient::Clock;
use crate::chain::WatchSet;
use crate::chain::jsonrpc::Call;
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::{Trouble, TroubleKind};
use crate::domain::address::Address;
use crate::domain::money::BaseUnits;
use crate::domain::transfer::BlockRef;
use crate::net::lines::Dial;

/// The Electrum servers of one network.
pub struct Electrum {
    coin: Coin,
    settle: Duration,
    dial: Arc<dyn Dial>,
    clock: Arc<dyn Clock>,
    news: Arc<News>,
    /// By URL: servers on other ports of one host are others.
    servers: Mutex<HashMap<String, Arc<Server>>>,
}

impl Electrum {
    /// Connects nowhere yet. Servers announce a block before the addresses that it concerns; it is taken for
    /// announced completely after `settle`, see [`Self::settle_for`].
    #[must_use]
    pub fn new(coin: Coin, settle: Duration, dial: Arc<dyn Dial>, clock: Arc<dyn Clock>) -> Self {
        Self {
            coin,
            settle,
            dial,
            clock,
            news: Arc::default(),
            servers: Mutex::default(),
        }
    }

    /// A time to let announcements settle that nobody notices on a chain with this time between blocks, and that no
    /// server in working order exceeds: a sixtieth of it. ElectrumX holds small messages back for up to a second.
    #[must_use]
    pub fn settle_for(block_time: Duration) -> Duration {
        const SHORTEST: Duration = Duration::from_millis(2500);
        const LONGEST: Duration = Duration::from_secs(10);
        let part = block_time.checked_div(60).unwrap_or_default();
        part.clamp(SHORTEST, LONGEST)
    }

    fn server(&self, provider: &Provider) -> Arc<Server> {
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        let server = servers
            .entry(provider.endpoint().url().to_string())
            .or_insert_with(|| {
                Arc::new(Server::new(
                    Arc::clone(&self.dial),
                    Arc::clone(&self.clock),
                    Arc::clone(&self.news),
                    self.settle,
                ))
            });
        Arc::clone(server)
    }

    /// The server's highest block of which everything was announced: its height, by the server's word, and its header,
    /// not verified.
    ///
    /// # Errors
    /// [`Trouble`] when it does not answer usefully.
    pub async fn tip(&self, provider: &Provider) -> Result<(u64, RawHeader), Trouble> {
        let Tip { height, header } = self.server(provider).tip(provider).await?;
        Ok((height, header))
    }

    /// The headers at `heights`, in order, not verified.
    ///
    /// # Errors
    /// [`Trouble`] when it does not answer usefully, of kind `Lag` where it has no such block.
    pub async fn headers(&self, provider: &Provider, heights: &[u64]) -> Result<Vec<RawHeader>, Trouble> {
        /// What servers give at most in one answer.
        const AT_ONCE_MAX: usize = 2016;
        let server = self.server(provider);
        let mut headers = Vec::with_capacity(heights.len());
        let follows = |below: &u64, above: &u64| below.checked_add(1) == Some(*above);
        for run in heights.chunk_by(follows).flat_map(|run| run.chunks(AT_ONCE_MAX)) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else {
                continue;
            };
            headers.extend(server.headers(provider, *first..=*last).await?);
        }
        Ok(headers)
    }

    /// The first transaction of the block of `header` at `height`, proven to be that. `None` where the server cannot say.
    ///
    /// # Errors
    /// [`Trouble`] when it does not answer usefully, of kind `Lag` when it has another block there.
    pub async fn first_transaction(
        &self,
        provider: &Provider,
        height: u64,
        header: &RawHeader,
    ) -> Result<Option<Vec<u8>>, Trouble> {
        #[derive(serde::Deserialize)]
        struct First {
            tx_hash: Hash,
            merkle: Vec<Hash>,
        }
        let session = self.server(provider).session(provider).await?;
        let call = Call::new("blockchain.transaction.id_from_pos", json!([height, 0, true]));
        let First { tx_hash, merkle } = match session.connection.call(&call).await {
            Err(trouble) if trouble.kind == TroubleKind::Unsupported => return Ok(None),
            first => first?,
        };
        let branch = Branch {
            block_height: height,
            merkle,
            pos: 0,
        };
        if !branch.leads(tx_hash, header.merkle_root()) {
            return Err(Trouble::lag(format!(
                "has another block at {height} than it gives"
            )));
        }
        let raw: String = session.connection.call(&get(tx_hash)).await?;
        hex::decode(raw)
            .map(Some)
            .map_err(|_| Trouble::down("blockchain.transaction.get: the reply is no transaction"))
    }

    /// The raw transactions in the blocks of `headers` (without gaps, verified) that pay or spend from a `watched`
    /// address, each with its block's height, in chain order; proven to be in that block by a merkle branch, not
    /// proven to be all.
    ///
    /// # Errors
    /// [`Trouble`] when it does not answer usefully; of kind `Lie` when a branch does not lead to the header.
    pub async fn transactions(
        &self,
        provider: &Provider,
        headers: &[(u64, RawHeader)],
        watched: &WatchSet,
    ) -> Result<Vec<(u64, Vec<u8>)>, Trouble> {
        self.beyond(provider, headers, watched, &BTreeSet::new()).await
    }

    /// As [`Self::transactions`], without those that are `known` from another server: what this one has and that one
    /// left out. Each is proven: there is nothing to be decided between the two.
    ///
    /// # Errors
    /// As [`Self::transactions`].
    pub async fn beyond(
        &self,
        provider: &Provider,
        headers: &[(u64, RawHeader)],
        watched: &WatchSet,
        known: &BTreeSet<Hash>,
    ) -> Result<Vec<(u64, Vec<u8>)>, Trouble> {
        let (Some((first, _)), Some((last, top))) = (headers.first(), headers.last()) else {
            return Ok(Vec::new());
        };
        let server = self.server(provider);
        server.session(provider).await?;
        server.check_settled(*last)?;
        let histories = server
            .histories(provider, &scripts(watched), *first, *last)
            .await?;
        let mut wanted: BTreeMap<Hash, u64> = BTreeMap::new();
        for entry in histories.iter().flat_map(|history| history.iter()) {
            let height = entry
                .height
                .height()
                .filter(|height| (*first..=*last).contains(height));
            if let Some(height) = height.filter(|_| !known.contains(&entry.txid))
                && wanted
                    .insert(entry.txid, height)
                    .is_some_and(|other| other != height)
            {
                return Err(Trouble::lag("says that one transaction is in two blocks"));
            }
        }
        let roots: BTreeMap<u64, Hash> = headers
            .iter()
            .map(|(height, header)| (*height, header.merkle_root()))
            .collect();
        let proving = Proving {
            electrum: self,
            server: &server,
            provider,
            roots: &roots,
        };
        let mut found = proving.all(&wanted).await?;
        found.sort_by_key(|(height, pos, _)| (*height, *pos));
        // What was read belongs to these blocks only if they are still the chain's.
        if server.headers(provider, *last..=*last).await?.first() != Some(top) {
            return Err(Trouble::lag("its chain changed while it was read"));
        }
        Ok(found.into_iter().map(|(height, _, raw)| (height, raw)).collect())
    }

    /// The raw transactions in the server's mempool that pay or spend from one of `expected`, each hashing to the id
    /// asked for.
    ///
    /// # Errors
    /// [`Trouble`] when it does not answer usefully.
    pub async fn unconfirmed(
        &self,
        provider: &Provider,
        expected: &WatchSet,
    ) -> Result<Vec<Vec<u8>>, Trouble> {
        let server = self.server(provider);
        let tip = server.tip(provider).await?;
        let histories = server
            .histories(provider, &scripts(expected), tip.height, tip.height)
            .await?;
        // A block that has yet to settle cannot be read: what it holds still counts as waiting.
        let is_waiting = |entry: &&Entry| entry.height.height().is_none_or(|height| height > tip.height);
        let waiting: BTreeSet<Hash> = histories
            .iter()
            .flat_map(|history| history.iter().filter(is_waiting))
            .map(|entry| entry.txid)
            .collect();
        let (kept, missing): (Vec<_>, Vec<_>) = {
            let book = server.book();
            waiting
                .iter()
                .map(|txid| (*txid, book.waiting(txid)))
                .partition(|(_, raw)| raw.is_some())
        };
        let mut found: HashMap<Hash, Arc<[u8]>> = kept
            .into_iter()
            .filter_map(|(txid, raw)| Some((txid, raw?)))
            .collect();
        let missing: Vec<Hash> = missing.into_iter().map(|(txid, _)| txid).collect();
        let session = server.session(provider).await?;
        let fetched = futures_util::future::try_join_all(
            missing
                .iter()
                .map(|txid| fetch_waiting(&session.connection, self.coin, *txid)),
        );
        for (txid, raw) in missing.iter().zip(fetched.await?) {
            found.extend(raw.map(|raw| (*txid, Arc::from(raw))));
        }
        let raws = found.values().map(|raw| raw.to_vec()).collect();
        server.book().set_waiting(found);
        Ok(raws)
    }

    /// The confirmed balance of each of `asked` right after the block `at`; `None` when `at` is not the server's tip.
    ///
    /// # Errors
    /// [`Trouble`] when it does not answer usefully.
    pub async fn balances(
        &self,
        provider: &Provider,
        at: &BlockRef,
        asked: &[&Address],
    ) -> Result<Option<Vec<BaseUnits>>, Trouble> {
        #[derive(serde::Deserialize)]
        struct Balance {
            confirmed: u64,
        }
        let server = self.server(provider);
        let is_tip = async || {
            let tip = server.tip(provider).await?;
            let is_settled = server.check_settled(at.height).is_ok() && !server.book().is_settling();
            Ok::<_, Trouble>(
                is_settled && tip.height == at.height && tip.header.hash().to_string() == *at.hash,
            )
        };
        if !is_tip().await? {
            return Ok(None);
        }
        let calls: Vec<Call> = asked
            .iter()
            .map(|address| {
                let script_hash = ScriptHash::of(address.payload()).to_string();
                Call::new("blockchain.scripthash.get_balance", json!([script_hash]))
            })
            .collect();
        let session = server.session(provider).await?;
        let balances: Vec<Balance> = session.connection.calls(&calls).await?;
        // A block that came meanwhile may be in some of them.
        let is_still_tip = is_tip().await?;
        let balances = balances
            .iter()
            .map(|balance| BaseUnits::new(u128::from(balance.confirmed)));
        Ok(is_still_tip.then(|| balances.collect()))
    }

    /// Returns when a server has announced something new that can be read.
    pub async fn hint(&self) {
        loop {
            let settles = async {
                match self.settles_in() {
                    Some(span) => self.clock.sleep(span).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = self.news.status.notified() => return,
                // It has to settle; how long that takes is looked up again.
                () = self.news.tip.notified() => {}
                () = settles => {
                    for server in self.all() {
                        // Each is a reason to look once.
                        server.book().settled(self.clock.now(), self.settle);
                    }
                    return;
                }
            }
        }
    }

    /// How long until the next announced block has settled.
    fn settles_in(&self) -> Option<Duration> {
        let now = self.clock.now();
        let announced = self
            .all()
            .into_iter()
            .filter_map(|server| server.book().next_fresh());
        announced
            .map(|at| self.settle.saturating_sub(now.since(at)))
            .min()
    }

    fn all(&self) -> Vec<Arc<Server>> {
        let servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        servers.values().map(Arc::clone).collect()
    }

    /// What the server calls itself and the protocol's version that was agreed on, for `payd doctor`.
    ///
    /// # Errors
    /// [`Trouble`] when it does not answer usefully.
    pub async fn software(&self, provider: &Provider) -> Result<String, Trouble> {
        let session = self.server(provider).session(provider).await?;
        Ok(session.software.clone())
    }
}

/// The script hashes of what is watched.
fn scripts(watched: &WatchSet) -> Scripts {
    watched.payloads().map(ScriptHash::of).collect()
}

/// Fetches transactions and the proofs that they are in their blocks.
struct Proving<'a> {
    electrum: &'a Electrum,
    server: &'a Server,
    provider: &'a Provider,
    roots: &'a BTreeMap<u64, Hash>,
}

impl Proving<'_> {
    /// Each with its height and its place in the block.
    async fn all(&self, wanted: &BTreeMap<Hash, u64>) -> Result<Vec<(u64, u64, Vec<u8>)>, Trouble> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let session = self.server.session(self.provider).await?;
        let raws: Vec<Call> = wanted.keys().map(|txid| get(*txid)).collect();
        let branches: Vec<Call> = wanted
            .iter()
            .map(|(txid, height)| {
                let params = json!([txid.to_string(), height]);
                Call::new("blockchain.transaction.get_merkle", params)
            })
            .collect();
        let both = futures_util::future::try_join(
            session.connection.calls::<Branch>(&branches),
            session.connection.calls::<String>(&raws),
        );
        let (branches, raws) = both
            .await
            .inspect_err(|_| wanted.keys().for_each(|txid| self.server.book().doubt(*txid)))?;
        let mut found = Vec::with_capacity(wanted.len());
        for (((txid, height), branch), raw) in wanted.iter().zip(branches).zip(raws) {
            let Some(raw) = read_raw(self.electrum.coin, *txid, &raw)? else {
                continue;
            };
            let root = self.roots.get(height).copied().unwrap_or(Hash::ZERO);
            if branch.block_height != *height || !branch.leads(*txid, root) {
                self.server.book().doubt(*txid);
                return Err(self.unproven(*txid, *height).await);
            }
            found.push((*height, branch.pos, raw));
        }
        Ok(found)
    }

    /// A branch that does not lead to the header that was verified: a lie, unless the chain has changed meanwhile.
    async fn unproven(&self, txid: Hash, height: u64) -> Trouble {
        match self.server.headers(self.provider, height..=height).await {
            Ok(now) if now.first().map(RawHeader::merkle_root) == self.roots.get(&height).copied() => {
                Trouble::lie(format!(
                    "cannot prove that transaction {txid} is in block {height}"
                ))
            }
            Ok(_) => Trouble::lag("its chain changed while it was read"),
            Err(trouble) => trouble,
        }
    }
}

/// Fetches a transaction of the mempool; `None` when it has left it meanwhile.
async fn fetch_waiting(connection: &Connection, coin: Coin, txid: Hash) -> Result<Option<Vec<u8>>, Trouble> {
    match connection.call::<String>(&get(txid)).await {
        Ok(raw) => read_raw(coin, txid, &raw),
        Err(trouble) if trouble.kind == TroubleKind::Lag => Ok(None),
        Err(trouble) => Err(trouble),
    }
}

fn get(txid: Hash) -> Call {
    Call::new("blockchain.transaction.get", json!([txid.to_string()]))
}

/// Reads a transaction that has to be `txid`. `None` for one that could be an inner node of a merkle tree, 64 bytes that
/// somebody passes off as a transaction: with one input, they have room for a single output of four bytes, which pays no
/// kind of address.
fn read_raw(coin: Coin, txid: Hash, raw: &str) -> Result<Option<Vec<u8>>, Trouble> {
    const SCRIPT_BYTES_MAX: usize = 4;
    let lie = |what: &str| Trouble::lie(format!("what it gives as transaction {txid} {what}"));
    let raw = hex::decode(raw).map_err(|_| lie("is not hexadecimal"))?;
    let read = read_transaction(coin, &raw).map_err(|malformed| lie(&malformed.to_string()))?;
    if read.txid != txid {
        return Err(lie("is another"));
    }
    let could_be_a_node = match read.outputs.as_slice() {
        [] => true,
        [only] => only.script.len() <= SCRIPT_BYTES_MAX,
        _ => false,
    };
    Ok((!could_be_a_node).then_some(raw))
}
