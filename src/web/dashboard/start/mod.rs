//! The first run, in the browser: the owner, the store, its coins, where it receives, where its backend is told, and a test
//! payment to see it all work. Each step but the first can be passed over and made up for in the pages of the dashboard.

mod owner;

use axum::Router;

use super::Dashboard;
use super::frame::Door;
use crate::web::text::Language;

pub(super) fn router() -> Router<Dashboard> {
    Router::new().merge(owner::router())
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
    /// The steps by name: those that are done, the one that this is, those to come.
    steps: Vec<(String, &'static str)>,
    style: String,
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
            steps: steps
                .map(|step| (t.say(&format!("start-step-{step}")), state(*step)))
                .collect(),
            style: crate::web::assets::path("dashboard/start.css"),
        }
    }
}
