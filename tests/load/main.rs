//! What `tests/bench` loads payd with, and measures inside of it. Part of no payd that is shipped.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic,
    reason = "all of this crate measures: what goes wrong here should stop it at once, and no money passes through it"
)]

mod bare;
mod create;
mod hostile;
mod latency;
mod node_proxy;
mod rig;
mod seed;
mod settle;
mod webhook;

use clap::{Parser, Subcommand};

// As payd itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(about)]
struct Arguments {
    // Cargo runs every bench with it.
    #[arg(long, hide = true)]
    bench: bool,
    #[command(subcommand)]
    part: Part,
}

#[derive(Subcommand)]
enum Part {
    /// Times the webhooks of payments from the block that settles them.
    Latency(latency::Arguments),
    /// Holds connections, sends broken requests, and tells what a running payd made of them.
    Hostile(hostile::Arguments),
    /// Serves or writes what payd is held beside.
    Bare(bare::Arguments),
    /// Creates payments for as long as it is told.
    Create(create::Arguments),
    /// Fills a fresh data directory with a store to create payments in.
    CreateStore(create::StoreArguments),
    /// Fills a fresh data directory with payments.
    Seed(seed::Arguments),
    /// Times deliveries that are due to many endpoints.
    Webhook(webhook::Arguments),
    /// Pays test payments over a database that is there, and prints how long recording and settling took.
    Settle(settle::Arguments),
}

#[tokio::main]
async fn main() {
    match Arguments::parse().part {
        Part::Latency(arguments) => latency::run(&arguments).await,
        Part::Hostile(arguments) => hostile::run(&arguments).await,
        Part::Bare(arguments) => bare::run(&arguments).await,
        Part::Create(arguments) => create::run(&arguments).await,
        Part::CreateStore(arguments) => create::make_store(&arguments).await,
        Part::Seed(arguments) => seed::run(&arguments).await,
        Part::Webhook(arguments) => webhook::run(&arguments).await,
        Part::Settle(arguments) => settle::run(&arguments).await,
    }
}
