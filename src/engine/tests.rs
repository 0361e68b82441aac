//! The engine on a real database, a clock that stands still and a chain that does what a test says.

mod audit;
mod balances;
mod capacity;
mod chain;
mod choosing;
mod confirmations;
mod donations;
mod hints;
mod histories;
mod inbox;
mod inbox_ways;
mod late;
mod listing;
mod lost_elsewhere;
mod mempool;
mod queue;
mod quoting;
mod reorg;
mod rig;
mod second_look;
mod shared;
mod simulated;
mod taking;
mod trouble;
mod wallets;
mod xpub;
