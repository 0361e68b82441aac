//! The integration tests: the real daemon between real peers, and the rules that hold for the whole tree.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "all of this crate is test code: what goes wrong here should stop the test at once"
)]

mod bitcoin;
mod checkout;
mod cli;
mod crypto_pay;
mod cryptopayment;
mod dashboard;
mod docs;
mod donate;
mod faults;
mod floors;
mod harness;
mod hostile;
mod litecoin;
mod payhook;
mod payments;
mod rates;
mod rig;
mod samples;
mod security;
mod soko;
mod tron;
mod ways;
mod widget;
