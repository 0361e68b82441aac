//! The first run, in the browser: the owner, the store, its coins, where it receives, where its backend is told, and a test
//! payment to see it all work. Each step but the first can be passed over and made up for in the pages of the dashboard.

mod addresses;
mod coins;
mod owner;
mod store;
#[cfg(test)]
mod tests;
mod trial;
mod webhook;

use axum::Router;

use super::frame::Door;
use super::{Dashboard, Visit};
use crate::web::assets;
use crate::web::text::Language;

pub(super) fn router() -> Router<Dashboard> {
    Router::new()
        .merge(owner::router())
        .merge(store::router())
        .merge(coins::router())
        .merge(addresses::router())
        .merge(webhook::router())
        .merge(trial::router())
}

crate::domain::vocabulary! {
    /// A step of the first run. The word is the end of the key of its name (`start-step-owner`).
    Step, "step" {
        /// Who owns this payd.
        Owner = "owner",
        /// The store.
        Store = "store",
        /// What it takes.
        Coins = "coins",
        /// Where it receives.
        Addresses = "addresses",
        /// Where its backend is told.
        Webhook = "webhook",
        /// A test payment.
        Test = "test",
    }
}

/// What stands around every step.
struct StepFrame {
    door: Door,
    t: &'static Language,
    /// The steps by name: those that are done, the one that this is, those to come.
    steps: Vec<(String, &'static str)>,
    style: String,
    /// What the forms of somebody signed in carry.
    csrf: String,
    /// Seconds after which the page looks again, where it waits for something.
    looks_again: Option<u32>,
}

impl StepFrame {
    fn new(t: &'static Language, here: Step) -> Self {
        let state = |step: Step| match step.cmp(&here) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal => "here",
            std::cmp::Ordering::Greater => "",
        };
        let steps = Step::ALL.iter();
        Self {
            door: Door::new(t, t.say(&format!("start-title-{here}"))),
            t,
            steps: steps
                .map(|step| (t.say(&format!("start-step-{step}")), state(*step)))
                .collect(),
            style: assets::path("dashboard/start.css"),
            csrf: String::new(),
            looks_again: None,
        }
    }

    /// The frame of a step of somebody signed in.
    fn of(visit: &Visit, here: Step) -> Self {
        Self {
            csrf: visit.csrf.clone(),
            ..Self::new(visit.t, here)
        }
    }
}
