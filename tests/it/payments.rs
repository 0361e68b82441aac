//! Real payments: the real daemon, a real node with real contracts on it, a real receiver of webhooks.
//!
//! Each test ends with an audit: what the chain holds is what the database says, and every webhook is signed,
//! accounted for, and the same each time it was sent.

mod amounts;
mod bench;
mod crashes;
mod internal;
pub mod ledger;
mod operations;
mod providers;
mod reorgs;
mod replaced;
mod setup;
mod times;
mod webhooks;

use self::bench::{Bench, Invoice};
use self::setup::{Reading, Setup};

/// Makes of each scenario one test per way of reading a chain.
macro_rules! in_both_readings {
    ($($scenario:ident,)+) => {
        mod by_receipts {
            $(#[tokio::test]
            async fn $scenario() {
                super::$scenario(crate::payments::Reading::Receipts).await;
            })+
        }
        mod by_logs {
            $(#[tokio::test]
            async fn $scenario() {
                super::$scenario(crate::payments::Reading::Logs).await;
            })+
        }
    };
}
use in_both_readings;
