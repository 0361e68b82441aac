//! Fills a fresh data directory with payments.

use std::path::PathBuf;
use std::time::Instant;

use payd::ambient::{Clock as _, SystemClock, SystemRandom};
use payd::store::Options;
use payd::store::seed::{Plan, seed};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    data_dir: PathBuf,
    #[arg(long)]
    payments: u64,
    /// Two for each payment, if it is not said.
    #[arg(long)]
    events: Option<u64>,
}

pub(crate) async fn run(arguments: &Arguments) {
    let plan = Plan {
        payments: arguments.payments,
        events: arguments.events.unwrap_or(arguments.payments * 2),
        until: SystemClock.now(),
    };
    let begun = Instant::now();
    let options = Options::in_directory(&arguments.data_dir);
    let made = seed(&options, &plan, &SystemRandom)
        .await
        .expect("a fresh directory");
    let took = begun.elapsed();
    crate::settle::begin(&arguments.data_dir).await;
    // Each delivery has an attempt.
    let rows = made.payments + made.transfers + made.events + 2 * made.deliveries;
    println!(
        "{} payments, {} transfers, {} events, {} deliveries in {took:.1?}: {:.0} rows a second",
        made.payments,
        made.transfers,
        made.events,
        made.deliveries,
        rows as f64 / took.as_secs_f64(),
    );
}
