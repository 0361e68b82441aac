//! Fills a fresh data directory with payments, for measuring:
//! `seed DATA_DIR --payments N [--events N]`. Part of no payd that is shipped.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use payd::ambient::{Clock as _, SystemClock, SystemRandom};
use payd::store::Options;
use payd::store::seed::{Plan, seed};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str| -> Option<u64> {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place.saturating_add(1))?.parse().ok()
    };
    let (Some(directory), Some(payments)) = (arguments.first(), number("--payments")) else {
        eprintln!("usage: seed DATA_DIR --payments N [--events N]");
        return ExitCode::from(2);
    };
    let plan = Plan {
        payments,
        events: number("--events").unwrap_or(payments.saturating_mul(2)),
        until: SystemClock.now(),
    };
    let begun = Instant::now();
    let options = Options::in_directory(Path::new(directory));
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(seed(&options, &plan, &SystemRandom)) {
        Ok(made) => {
            let took = begun.elapsed();
            // Each delivery has an attempt.
            let rows = [
                made.payments,
                made.transfers,
                made.events,
                made.deliveries,
                made.deliveries,
            ];
            let rows: u64 = rows.iter().sum();
            let a_second = u128::from(rows)
                .saturating_mul(1000)
                .checked_div(took.as_millis())
                .unwrap_or_default();
            println!(
                "{} payments, {} transfers, {} events, {} deliveries in {took:.1?}: {a_second} rows a second",
                made.payments, made.transfers, made.events, made.deliveries,
            );
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}
