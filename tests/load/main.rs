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
mod seed;

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
    /// Serves or writes what payd is held beside.
    Bare(bare::Arguments),
    /// Creates payments for as long as it is told.
    Create(create::Arguments),
    /// Fills a fresh data directory with a store to create payments in.
    CreateStore(create::StoreArguments),
    /// Fills a fresh data directory with payments.
    Seed(seed::Arguments),
}

#[tokio::main]
async fn main() {
    match Arguments::parse().part {
        Part::Bare(arguments) => bare::run(&arguments).await,
        Part::Create(arguments) => create::run(&arguments).await,
        Part::CreateStore(arguments) => create::make_store(&arguments).await,
        Part::Seed(arguments) => seed::run(&arguments).await,
    }
}
