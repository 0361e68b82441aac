//! Tips, headers and blocks of one provider, each verified before it is given on.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::block::{self, Malformed};
use super::header::{Hash, RawHeader};
use super::{BitcoinSource, ProviderKind, esplora, guard, header_at, node, paying, work};
use crate::chain::providers::Provider;
use crate::chain::providers::trouble::{Trouble, TroubleKind};
use crate::chain::{Blocks, ChainError, Header, WatchSet};
use crate::domain::transfer::{BlockRef, SeenTransfer};

/// How long a provider that served the right chain is trusted to go on doing so.
const CHECKED_FOR: Duration = Duration::from_secs(3600);

impl BitcoinSource {
    /// The provider's highest block. One call where it is the block of the last look, otherwise two; a third one,
    /// for the block itself, where its height does not follow from a block that is known.
    pub(super) async fn latest_from(&self, provider: &Provider) -> Result<BlockRef, Trouble> {
        self.check(provider).await?;
        let Some(state) = self.state(provider) else {
            return Err(Trouble::down("is not of this pool"));
        };
        let (height, header) = if state.kind == ProviderKind::Electrum {
            self.electrum.tip(provider).await?
        } else {
            let hash = match state.kind {
                ProviderKind::Esplora => esplora::best(provider).await?,
                ProviderKind::Node | ProviderKind::Electrum => node::best(provider).await?,
            };
            if let Some((_, block)) = guard(&state.tip).as_ref().filter(|(known, _)| *known == hash) {
                return Ok(block.clone());
            }
            let (height, header) = match state.kind {
                ProviderKind::Esplora => esplora::header_of(provider, &hash).await?,
                ProviderKind::Node | ProviderKind::Electrum => node::header_of(provider, &hash).await?,
            };
            if header.hash() != hash {
                return Err(Trouble::lie(
                    "its highest block's header does not hash to its name",
                ));
            }
            (height, header)
        };
        work::check(self.rules, height, &header)?;
        self.prove_height(provider, height, &header).await?;
        let block = header_at(height, &header).block;
        *guard(&state.tip) = Some((header.hash(), block.clone()));
        Ok(block)
    }

    /// Makes sure that `header` is at `height`: by the block below, where that is known; otherwise by the block's own
    /// first transaction. A provider that could make up heights could hide that there is nothing at them.
    async fn prove_height(
        &self,
        provider: &Provider,
        height: u64,
        header: &RawHeader,
    ) -> Result<(), Trouble> {
        let hash = header.hash();
        let (itself, parent) = {
            let lineage = guard(&self.lineage);
            (lineage.of(&hash), lineage.of(&header.parent()))
        };
        let known = itself.map(|block| block.height).or_else(|| {
            // The heights that are known are below any that overflows.
            parent.and_then(|parent| parent.height.checked_add(1))
        });
        match known {
            Some(known) if known == height => {}
            Some(known) => {
                return Err(Trouble::lie(format!("says that block {known} is block {height}")));
            }
            None if self.kind(provider) == ProviderKind::Electrum => {
                if !self.prove_by_coinbase(provider, height, header).await? {
                    return Ok(());
                }
            }
            None => {
                let raw = self.fetch_block(provider, &hash).await?;
                self.genuine(&raw, &hash, height)?;
            }
        }
        if let Some(parent) = parent {
            work::check_step(self.rules, height, header, parent.bits)?;
        }
        guard(&self.lineage).remember(height, header);
        Ok(())
    }

    /// Makes sure that the block of an Electrum server is at `height`, by its first transaction. False where the server
    /// does not say which that is, and nobody else can be asked in its place: then its word is all there is.
    async fn prove_by_coinbase(
        &self,
        provider: &Provider,
        height: u64,
        header: &RawHeader,
    ) -> Result<bool, Trouble> {
        let lie = |finding: &str| Trouble::lie(format!("block {height} {finding}"));
        let Some(raw) = self.electrum.first_transaction(provider, height, header).await? else {
            return match self.is_another_proven(provider) {
                true => Err(Trouble::lag("does not show the heights of its blocks, others do")),
                false => Ok(false),
            };
        };
        let first = block::read_transaction(self.rules.coin, &raw)
            .map_err(|malformed| Trouble::down(format!("a transaction {malformed}")))?;
        let coinbase = first
            .coinbase
            .ok_or_else(|| lie("does not begin with a coinbase"))?;
        block::check_height(self.rules, coinbase, height).map_err(lie)?;
        Ok(true)
    }

    /// Whether another provider, that does not rest, has a highest block whose height is proven.
    fn is_another_proven(&self, provider: &Provider) -> bool {
        let others = self.pool.providers.all().iter().zip(&self.states);
        let mut others = others.filter(|(other, _)| other.host() != provider.host());
        others.any(|(other, state)| {
            let tip = guard(&state.tip).as_ref().map(|(hash, _)| *hash);
            other.resting().is_none() && tip.is_some_and(|tip| guard(&self.lineage).of(&tip).is_some())
        })
    }

    /// The header at `height` on the branch of the highest block that is known, so that a provider cannot say that a
    /// block is still the chain's, or is at another height, and have the scanner look for a common ancestor for ever.
    pub(super) async fn header_of_branch(&self, provider: &Provider, height: u64) -> Result<Header, Trouble> {
        /// What lies deeper is not asked for block by block.
        const STEPS_MAX: u64 = 32;
        let highest = guard(&self.highest).clone();
        let from = highest.and_then(|tip| Some((tip.height, Hash::parse(&tip.hash)?)));
        let from = from.filter(|(tip, _)| {
            let steps = tip.checked_sub(height);
            steps.is_some_and(|steps| steps <= STEPS_MAX)
        });
        self.check(provider).await?;
        let Some((tip, mut hash)) = from else {
            let header = self.raw_header(provider, height).await?;
            self.prove_height(provider, height, &header).await?;
            return Ok(header_at(height, &header));
        };
        for at in (height..=tip).rev() {
            let known = guard(&self.lineage).of(&hash).map(|block| block.parent);
            if let Some(parent) = known.filter(|_| at > height) {
                hash = parent;
                continue;
            }
            let header = self.parent(provider, at.saturating_add(1), &hash).await?;
            work::check(self.rules, at, &header)?;
            if at == height {
                return Ok(header_at(height, &header));
            }
            hash = header.parent();
        }
        Err(Trouble::lag("has no such block"))
    }

    pub(super) async fn header_from(&self, provider: &Provider, height: u64) -> Result<Header, Trouble> {
        self.check(provider).await?;
        let header = self.raw_header(provider, height).await?;
        Ok(header_at(height, &header))
    }

    /// The header at `height` by the provider's word, with its proof of work.
    async fn raw_header(&self, provider: &Provider, height: u64) -> Result<RawHeader, Trouble> {
        let header = match self.kind(provider) {
            ProviderKind::Electrum => {
                let headers = self.electrum.headers(provider, &[height]).await?;
                *headers.first().ok_or_else(|| Trouble::lag("has no such block"))?
            }
            ProviderKind::Node => {
                let hashes = node::hashes(provider, &[height]).await?;
                let hash = hashes.first().ok_or_else(|| Trouble::lag("has no such block"))?;
                named(node::header(provider, hash).await?, hash)?
            }
            ProviderKind::Esplora => {
                let hash = esplora::hash(provider, height).await?;
                named(esplora::header(provider, &hash).await?, &hash)?
            }
        };
        work::check(self.rules, height, &header)?;
        Ok(header)
    }

    pub(super) async fn read_range(
        &self,
        heights: RangeInclusive<u64>,
        watched: &WatchSet,
    ) -> Result<Blocks, ChainError> {
        let (last, heights) = (*heights.end(), self.bounded(heights)?);
        let heights = heights.as_slice();
        self.first(last, self.in_order(), |provider| {
            Box::pin(self.read_from(provider, heights, watched))
        })
        .await
    }

    /// Where Electrum servers are read from: the same once more from whoever serves blocks. Where nobody does, from
    /// them: a server may have told too late of an address that a block concerned.
    pub(super) async fn read_range_again(
        &self,
        heights: RangeInclusive<u64>,
        watched: &WatchSet,
    ) -> Result<Option<Blocks>, ChainError> {
        let serves_blocks = |kind| matches!(kind, ProviderKind::Node | ProviderKind::Esplora);
        if !self.has(|kind| kind == ProviderKind::Electrum) {
            return Ok(None);
        }
        let is_asked = |kind| serves_blocks(kind) || !self.has(serves_blocks);
        let (last, heights) = (*heights.end(), self.bounded(heights)?);
        let heights = heights.as_slice();
        let mut providers = self.in_order();
        providers.retain(|provider| is_asked(self.kind(provider)));
        self.first(last, providers, |provider| {
            Box::pin(self.read_from(provider, heights, watched))
        })
        .await
        .map(Some)
    }

    fn bounded(&self, heights: RangeInclusive<u64>) -> Result<Vec<u64>, ChainError> {
        // Whoever is asked in place of an Electrum server reads what was meant for that.
        let kinds = self
            .states
            .iter()
            .map(|state| self.range_max_from(Some(state.kind)));
        self.pool.listed(heights, kinds.max().unwrap_or(1))
    }

    async fn read_from(
        &self,
        provider: &Provider,
        heights: &[u64],
        watched: &WatchSet,
    ) -> Result<Blocks, Trouble> {
        self.check(provider).await?;
        let blocks = match self.kind(provider) {
            ProviderKind::Electrum => self.read_electrum(provider, heights, watched).await,
            ProviderKind::Node => {
                let hashes = node::hashes(provider, heights).await?;
                self.read_blocks(provider, heights, Some(hashes), watched).await
            }
            ProviderKind::Esplora => self.read_blocks(provider, heights, None, watched).await,
        };
        // What is too large for one exchange is a single block: asking for fewer does not help.
        blocks.map_err(|trouble| match trouble.kind {
            TroubleKind::Size { .. } => provider.learnt_from(trouble, 1),
            _ => trouble,
        })
    }

    /// Blocks one by one: only one is in memory at a time.
    async fn read_blocks(
        &self,
        provider: &Provider,
        heights: &[u64],
        hashes: Option<Vec<Hash>>,
        watched: &WatchSet,
    ) -> Result<Blocks, Trouble> {
        let mut blocks = Blocks::default();
        let mut below: Option<RawHeader> = None;
        for (place, height) in heights.iter().enumerate() {
            let hash = match &hashes {
                Some(hashes) => *hashes
                    .get(place)
                    .ok_or_else(|| Trouble::lag("has no such block"))?,
                None => esplora::hash(provider, *height).await?,
            };
            let raw = self.fetch_block(provider, &hash).await?;
            let block = self.genuine(&raw, &hash, *height)?;
            self.follows(provider, *height, &block.header, below.as_ref())
                .await?;
            let header = header_at(*height, &block.header);
            for transaction in &block.transactions {
                let paid = paying(transaction.outputs(), watched);
                self.seen(&mut blocks, &transaction.txid, &header.block, paid);
            }
            below = Some(block.header);
            blocks.headers.push(header);
        }
        Ok(blocks)
    }

    async fn read_electrum(
        &self,
        provider: &Provider,
        heights: &[u64],
        watched: &WatchSet,
    ) -> Result<Blocks, Trouble> {
        let headers = self.electrum.headers(provider, heights).await?;
        if headers.len() != heights.len() {
            return Err(Trouble::lag("has not all of the blocks"));
        }
        let mut blocks = Blocks::default();
        let mut below: Option<RawHeader> = None;
        for (height, header) in heights.iter().zip(&headers) {
            work::check(self.rules, *height, header)?;
            self.follows(provider, *height, header, below.as_ref()).await?;
            below = Some(*header);
            blocks.headers.push(header_at(*height, header));
        }
        self.prove_heights(provider, heights, &headers).await?;
        let asked: Vec<(u64, RawHeader)> = heights.iter().copied().zip(headers).collect();
        for (height, raw) in self.electrum_transactions(provider, &asked, watched).await? {
            let transaction = block::read_transaction(self.rules.coin, &raw)
                .map_err(|malformed| Trouble::lie(format!("a transaction {malformed}")))?;
            let block = blocks.headers.iter().find(|header| header.block.height == height);
            let block = block.ok_or_else(|| Trouble::lie("tells of a transaction in another block"))?;
            let (block, paid) = (block.block.clone(), paying(transaction.outputs(), watched));
            self.seen(&mut blocks, &transaction.txid, &block, paid);
        }
        Ok(blocks)
    }

    /// Makes sure that `headers`, each of which stands on the one before, are at `heights`: real blocks under wrong
    /// heights would look like a reorganisation that has no end.
    async fn prove_heights(
        &self,
        provider: &Provider,
        heights: &[u64],
        headers: &[RawHeader],
    ) -> Result<(), Trouble> {
        if let (Some(height), Some(last)) = (heights.last(), headers.last()) {
            let first = heights.first().zip(headers.first());
            let below = first.and_then(|(height, first)| {
                let below = guard(&self.lineage).of(&first.parent())?;
                Some(below.height.checked_add(1) == Some(*height))
            });
            match below {
                Some(true) => {}
                Some(false) => return Err(Trouble::lie(format!("block {height} is at another height"))),
                None => self.prove_height(provider, *height, last).await?,
            }
            if below.is_none() && guard(&self.lineage).of(&last.hash()).is_none() {
                // Nobody can say; its word is all there is.
                return Ok(());
            }
        }
        for (height, header) in heights.iter().zip(headers) {
            guard(&self.lineage).remember(*height, header);
        }
        Ok(())
    }

    fn seen(
        &self,
        blocks: &mut Blocks,
        txid: &Hash,
        block: &BlockRef,
        paid: impl Iterator<Item = (u32, std::sync::Arc<str>, crate::domain::money::BaseUnits)>,
    ) {
        blocks
            .transfers
            .extend(paid.map(|(position, address, amount)| SeenTransfer {
                txid: txid.to_string().into(),
                position,
                currency: self.currency().clone(),
                address,
                amount,
                block: block.clone(),
            }));
    }

    /// Takes `raw` apart, and makes sure that it is the block `hash`, complete, at `height`, with its proof of work.
    fn genuine<'a>(&self, raw: &'a [u8], hash: &Hash, height: u64) -> Result<block::Block<'a>, Trouble> {
        // A page of words in place of a block is no lie.
        if matches!(raw.first(), None | Some(b'<' | b'{')) {
            return Err(Trouble::down(format!("the reply is not block {height}")));
        }
        let block = block::read_block(self.rules.coin, raw).map_err(|malformed| match malformed {
            Malformed::Short => Trouble::down(format!("block {height} {malformed}")),
            Malformed::Trailing | Malformed::Impossible(_) => {
                Trouble::lie(format!("block {height} {malformed}"))
            }
        })?;
        block::check(self.rules, &block, hash, height)
            .map_err(|finding| Trouble::lie(format!("block {height} {finding}")))?;
        work::check(self.rules, height, &block.header)?;
        Ok(block)
    }

    /// Makes sure that `header` at `height` stands on the block `below` it, where that was read, and has a difficulty
    /// that may follow its parent's. The parent of the first block of a range is asked for when it is not known.
    async fn follows(
        &self,
        provider: &Provider,
        height: u64,
        header: &RawHeader,
        below: Option<&RawHeader>,
    ) -> Result<(), Trouble> {
        if below.is_some_and(|below| below.hash() != header.parent()) {
            // Blocks are read one by one: a reorganisation between two reads looks like this.
            return Err(Trouble::lag(format!(
                "block {height} does not build on the one below: a reorganisation is under way"
            )));
        }
        if self.rules.is_retargeted() && height > 0 {
            let known = guard(&self.lineage).of(&header.parent());
            let parent_bits = match (below, known) {
                (Some(below), _) => below.bits(),
                (None, Some(known)) => known.bits,
                (None, None) => {
                    let parent = self.parent(provider, height, &header.parent()).await?;
                    self.remember(provider, height.saturating_sub(1), &parent);
                    parent.bits()
                }
            };
            work::check_step(self.rules, height, header, parent_bits)?;
        }
        self.remember(provider, height, header);
        Ok(())
    }

    /// Remembers a verified header whose height is proven: an Electrum server's is not.
    fn remember(&self, provider: &Provider, height: u64, header: &RawHeader) {
        if self.kind(provider) != ProviderKind::Electrum {
            guard(&self.lineage).remember(height, header);
        }
    }

    async fn parent(&self, provider: &Provider, height: u64, hash: &Hash) -> Result<RawHeader, Trouble> {
        let header = match self.kind(provider) {
            ProviderKind::Node => node::header(provider, hash).await?,
            ProviderKind::Esplora => esplora::header(provider, hash).await?,
            ProviderKind::Electrum => {
                let headers = self
                    .electrum
                    .headers(provider, &[height.saturating_sub(1)])
                    .await?;
                *headers.first().ok_or_else(|| Trouble::lag("has no such block"))?
            }
        };
        named(header, hash)
    }

    async fn fetch_block(&self, provider: &Provider, hash: &Hash) -> Result<Vec<u8>, Trouble> {
        match self.kind(provider) {
            ProviderKind::Node => node::block(provider, hash).await,
            ProviderKind::Esplora => esplora::block(provider, hash).await,
            ProviderKind::Electrum => Err(Trouble::new(TroubleKind::Unsupported, "serves no blocks")),
        }
    }

    /// The names of the first block on the provider's chain and on the configured one.
    pub(super) async fn genesis(&self, provider: &Provider) -> Result<Hash, Trouble> {
        match self.kind(provider) {
            ProviderKind::Node => node::hashes(provider, &[0]).await?.into_iter().next(),
            ProviderKind::Esplora => Some(esplora::hash(provider, 0).await?),
            ProviderKind::Electrum => {
                let headers = self.electrum.headers(provider, &[0]).await?;
                headers.first().map(RawHeader::hash)
            }
        }
        .ok_or_else(|| Trouble::down("has no first block"))
    }

    /// Makes sure, before anything is read from a provider, that it serves the chain that is configured.
    pub(super) async fn check(&self, provider: &Provider) -> Result<(), Trouble> {
        if provider.checked_within(CHECKED_FOR) {
            return Ok(());
        }
        let genesis = self.genesis(provider).await?.to_string();
        if !self.rules.genesis().contains(&genesis.as_str()) {
            return Err(Trouble::new(
                TroubleKind::WrongChain,
                "it serves another chain: its first block is another; correct the provider's URL",
            ));
        }
        provider.set_checked();
        Ok(())
    }
}

fn named(header: RawHeader, hash: &Hash) -> Result<RawHeader, Trouble> {
    if header.hash() != *hash {
        return Err(Trouble::lie("a header does not hash to its name"));
    }
    Ok(header)
}
