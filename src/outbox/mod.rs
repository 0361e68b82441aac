//! Delivery of webhooks: what is due is sent, signed, judged and kept until it was received or given up.
//!
//! Knows no gateway's words: how a post looks and what a reply means is the format's, which the web floor brings.
//! Nothing here is the truth about a delivery; that is its row in the store.

pub mod attempt;
pub mod delivery;
pub mod format;
#[cfg(test)]
mod fuzz;
pub mod guard;
mod lanes;
pub mod ledger;
pub mod notices;
pub mod resolve;
pub mod run;
pub mod schedule;
pub mod transport;

#[cfg(test)]
pub(crate) mod fakes;
#[cfg(test)]
mod lanes_tests;
#[cfg(test)]
mod run_tests;
