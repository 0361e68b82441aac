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

mod seed;
mod settle;

use clap::{Parser, Subcommand};

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
    /// Fills a fresh data directory with payments.
    Seed(seed::Arguments),
    /// Pays test payments over a database that is there, and prints how long recording and settling took.
    Settle(settle::Arguments),
}

#[tokio::main]
async fn main() {
    match Arguments::parse().part {
        Part::Seed(arguments) => seed::run(&arguments).await,
        Part::Settle(arguments) => settle::run(&arguments).await,
    }
}
