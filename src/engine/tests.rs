//! The engine on a real database, a clock that stands still and a chain that does what a test says.

mod chain;
mod late;
mod quoting;
mod reorg;
mod rig;
mod simulated;
mod taking;
mod trouble;
