//! A chain as it really is, whatever its kind: blocks, branches, money. What providers say of it is theirs to say.

use std::collections::{BTreeMap, HashMap};

/// A block's place in the list of all that were ever made.
pub type BlockIndex = usize;

/// How deep reorganisations are followed.
pub const FINAL_DEPTH: u64 = 24;
/// Time between blocks.
pub const BLOCK_MS: u64 = 2000;
/// Providers of each network.
pub const PROVIDERS: usize = 3;
/// The height that a chain has at the start.
pub const START_HEIGHT: u64 = 40;
/// Where payd begins to read.
pub const READ_FROM: u64 = 30;
/// The most confirmations that any payment takes.
pub const CONFIRMATIONS_MAX: u64 = 6;

/// The networks there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Network {
    Evm,
    Bitcoin,
}

impl Network {
    pub const ALL: [Self; 2] = [Self::Evm, Self::Bitcoin];

    /// Its name in the configuration.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Evm => "sim",
            Self::Bitcoin => "bitcoin",
        }
    }

    pub fn of_slug(slug: &str) -> Self {
        *Self::ALL.iter().find(|network| network.slug() == slug).unwrap()
    }

    /// What the names of its providers begin with.
    pub const fn letter(self) -> char {
        match self {
            Self::Evm => 'p',
            Self::Bitcoin => 'b',
        }
    }

    pub const fn index(self) -> usize {
        self as usize
    }

    /// How long an address rests at least between two payments: twice what the times of blocks may be off.
    pub const fn rest_ms(self) -> i64 {
        match self {
            Self::Evm => 120_000,
            Self::Bitcoin => 14_400_000,
        }
    }
}

/// What moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Coin {
    Native,
    Usdt,
    Usdc,
}

impl Coin {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Usdt => "usdt",
            Self::Usdc => "usdc",
        }
    }

    pub fn of_word(word: &str) -> Self {
        match word {
            "native" => Self::Native,
            "usdt" => Self::Usdt,
            "usdc" => Self::Usdc,
            other => panic!("no such coin: {other}"),
        }
    }

    /// Digits after the point.
    pub const fn decimals(self, network: Network) -> usize {
        match (self, network) {
            (Self::Native, Network::Evm) => 18,
            (Self::Native, Network::Bitcoin) => 8,
            (Self::Usdt | Self::Usdc, _) => 6,
        }
    }
}

/// A transfer as the chain has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Transfer {
    pub txid: String,
    pub position: u32,
    pub coin: Coin,
    /// As [`bare`] writes it.
    pub to: String,
    pub amount: u128,
}

/// An address as texts of it are compared: in lower case, without `0x`.
pub fn bare(address: &str) -> String {
    address.to_lowercase().trim_start_matches("0x").to_owned()
}

#[derive(Debug)]
pub struct Block {
    pub hash: String,
    pub parent: Option<BlockIndex>,
    pub height: u64,
    pub time_s: u64,
    /// What it moves, in order.
    pub transfers: Vec<Transfer>,
    /// How deep each provider has shown it at most, up to [`CONFIRMATIONS_MAX`]; 0 when never.
    shown: [u64; PROVIDERS],
}

impl Block {
    /// How many providers have shown it so deep.
    pub fn shown_by(&self, depth: u64) -> usize {
        self.shown.iter().filter(|shown| **shown >= depth).count()
    }

    /// Whether a provider ever had it.
    pub fn is_known_to(&self, provider: usize) -> bool {
        self.shown[provider] > 0
    }
}

/// Where a new block goes.
#[derive(Debug, Clone, Copy)]
pub struct Site {
    pub parent: Option<BlockIndex>,
    pub height: u64,
    pub time_s: u64,
}

/// Money that was sent, in a block or not.
#[derive(Debug, Clone)]
pub struct Sent {
    pub coin: Coin,
    pub amount: u128,
}

/// All blocks there ever were, and the branch that is the chain now.
pub struct World {
    pub network: Network,
    pub blocks: Vec<Block>,
    pub by_hash: HashMap<String, BlockIndex>,
    /// The chain, by height.
    pub chain: Vec<BlockIndex>,
    /// What each provider takes for the chain.
    pub views: [Vec<BlockIndex>; PROVIDERS],
    /// The time of the newest block there ever was.
    pub latest_s: u64,
    /// What was ever sent to each address.
    pub sent: HashMap<String, Vec<Sent>>,
}

impl World {
    pub fn new(network: Network) -> Self {
        Self {
            network,
            blocks: Vec::new(),
            by_hash: HashMap::new(),
            chain: Vec::new(),
            views: Default::default(),
            latest_s: 0,
            sent: HashMap::new(),
        }
    }

    pub fn height(&self) -> u64 {
        self.chain.len() as u64 - 1
    }

    pub fn tip(&self) -> &Block {
        &self.blocks[self.chain[self.chain.len() - 1]]
    }

    /// Where the next block of `branch` goes, which is made at `now_ms`.
    pub fn site_on(&self, branch: &[BlockIndex], now_ms: u64) -> Site {
        let parent = branch.last().copied();
        let parent_s = parent.map_or(0, |parent| self.blocks[parent].time_s);
        Site {
            parent,
            height: branch.len() as u64,
            time_s: (now_ms / 1000).max(parent_s),
        }
    }

    /// Where the next block of the chain goes.
    pub fn site(&self, now_ms: u64) -> Site {
        self.site_on(&self.chain, now_ms)
    }

    /// Takes down a block that is on no branch yet.
    pub fn add(&mut self, site: Site, hash: String, transfers: Vec<Transfer>) -> BlockIndex {
        let index = self.blocks.len();
        self.by_hash.insert(hash.clone(), index);
        self.latest_s = self.latest_s.max(site.time_s);
        self.blocks.push(Block {
            hash,
            parent: site.parent,
            height: site.height,
            time_s: site.time_s,
            transfers,
            shown: [0; PROVIDERS],
        });
        index
    }

    /// Notes money that was sent to `to`.
    pub fn note_sent(&mut self, to: &str, sent: Sent) {
        self.sent.entry(to.to_owned()).or_default().push(sent);
    }

    /// Takes `depth` blocks off the chain.
    pub fn cut(&mut self, depth: u64) -> Vec<BlockIndex> {
        self.chain.split_off(self.chain.len() - depth as usize)
    }

    /// How many blocks a provider shares with the chain.
    fn common_with(&self, provider: usize) -> usize {
        let both = self.views[provider].iter().zip(&self.chain);
        both.take_while(|(seen, real)| seen == real).count()
    }

    /// How many blocks a provider has that the chain has not.
    pub fn own_blocks(&self, provider: usize) -> usize {
        self.views[provider].len() - self.common_with(provider)
    }

    /// Moves a provider to the chain as it was `behind` blocks ago.
    pub fn show(&mut self, provider: usize, behind: usize) {
        let to = self.chain.len().saturating_sub(behind).max(1);
        let common = self.common_with(provider).min(to);
        let view = &mut self.views[provider];
        view.truncate(common);
        view.extend_from_slice(&self.chain[common..to]);
        self.note_view(provider);
    }

    /// Has a provider go on with a block of its own.
    pub fn show_own(&mut self, provider: usize, block: BlockIndex) {
        self.views[provider].push(block);
        self.note_view(provider);
    }

    fn note_view(&mut self, provider: usize) {
        let view = std::mem::take(&mut self.views[provider]);
        self.note_shown(provider, &view);
        self.views[provider] = view;
    }

    /// Notes how deep a provider shows the blocks of the chain that it tells of.
    pub fn note_shown(&mut self, provider: usize, chain: &[BlockIndex]) {
        for (depth, index) in (1..).zip(chain.iter().rev()) {
            let shown = &mut self.blocks[*index].shown[provider];
            let depth = CONFIRMATIONS_MAX.min(depth);
            // What lies below was shown deeper still.
            if *shown >= depth {
                break;
            }
            *shown = depth;
        }
    }

    /// The blocks from `height_min` up to `tip`, lowest first.
    pub fn branch(&self, tip: BlockIndex, height_min: u64) -> Vec<BlockIndex> {
        let mut branch = Vec::new();
        let mut at = Some(tip);
        while let Some(index) = at.filter(|index| self.blocks[*index].height >= height_min) {
            branch.push(index);
            at = self.blocks[index].parent;
        }
        branch.reverse();
        branch
    }

    /// Everything on the chain, by transaction and position.
    pub fn all_transfers(&self) -> BTreeMap<(&str, u32), &Transfer> {
        let blocks = self.chain.iter().map(|index| &self.blocks[*index]);
        let all = blocks.flat_map(|block| &block.transfers);
        all.map(|transfer| ((&*transfer.txid, transfer.position), transfer))
            .collect()
    }
}
