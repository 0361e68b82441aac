//! The chains of a seed, and what each kind of them answers for itself.

use serde_json::Value;

use crate::evm::Evm;
use crate::provider::Fault;
use crate::utxo::Bitcoin;
use crate::world::{Coin, Network, PROVIDERS, World};

/// An error of JSON-RPC.
pub type RpcError = (i64, &'static str);

/// A call of a node.
pub struct Call<'a> {
    /// Which provider is asked, and what is wrong with it.
    pub provider: usize,
    pub fault: Fault,
    /// Whether it answers from the chain of its own, where it has one.
    pub is_from_fork: bool,
    pub method: &'a str,
    pub params: &'a Value,
}

/// Money that somebody waits for: lies are about it.
#[derive(Debug, Clone)]
pub struct Target {
    /// The address, as payd gave it.
    pub to: String,
    pub coin: Coin,
    pub amount: u128,
}

/// A chain of some kind.
pub trait Chain: Send {
    fn world_mut(&mut self) -> &mut World;

    /// What is waited for by now.
    fn expect(&mut self, targets: Vec<Target>);

    /// A block with most of what waits, in an order of its own.
    fn mine(&mut self, now_ms: u64);

    /// Takes `depth` blocks off and makes as many and `longer` more in their place; most of the money comes back, in
    /// other blocks or later. Gives back how much did not, which stays a secret of its sender.
    fn reorganise(&mut self, depth: u64, longer: u64, now_ms: u64) -> usize;

    /// What happens between blocks; `faults` are those of the providers.
    fn pass(&mut self, faults: &[Fault; PROVIDERS], is_quiet: bool, now_ms: u64);

    /// What a node says, as JSON.
    fn answer(&self, call: &Call<'_>) -> Result<String, RpcError>;
}

/// One chain of each kind.
pub struct Chains {
    pub evm: Evm,
    pub bitcoin: Bitcoin,
}

impl Chains {
    /// The chains of a seed; on some, nodes of EVM chains say what addresses hold.
    pub fn new(seed: u64, now_ms: u64) -> Self {
        Self {
            evm: Evm::new(seed, now_ms),
            bitcoin: Bitcoin::new(seed, now_ms),
        }
    }

    pub fn of(&mut self, network: Network) -> &mut dyn Chain {
        match network {
            Network::Evm => &mut self.evm,
            Network::Bitcoin => &mut self.bitcoin,
        }
    }

    pub fn world(&self, network: Network) -> &World {
        match network {
            Network::Evm => &self.evm.world,
            Network::Bitcoin => &self.bitcoin.world,
        }
    }
}
