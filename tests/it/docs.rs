//! The documentation: what it says is so, its programs run as they are shown, and its pages can be read.

mod descriptions;
mod explored;
mod pages;
mod programs;
mod rust_programs;
mod standard;

use crate::harness::daemon::{Daemon, Key};

/// The five APIs.
const APIS: [&str; 5] = ["payhook", "soko", "crypto-pay", "usdt-payments", "cryptopayment"];

/// A store of the API with a test key, ready to make payments.
async fn shop(api: &str) -> (Daemon, Key) {
    let daemon = Daemon::start("").await;
    let website = ["--website", "https://shop.example.com"];
    let add = ["store", "add", "shop", "--dialect", api];
    daemon.cli(&[&add[..], &website[..]].concat());
    let key = daemon.add_key("shop", "test");
    (daemon, key)
}
