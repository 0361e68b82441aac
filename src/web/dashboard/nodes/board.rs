//! How the networks are doing, as one looks at it: built anew every few seconds, so from what is in memory and counted.

use std::time::Duration;

use askama::Template;

use crate::engine::health::ProviderState;
use crate::engine::office::networks::{NetworkSource, ProviderName};
use crate::engine::office::nodes::{NetworkView, OPEN_MAX};
use crate::engine::office::{Office, OfficeError};
use crate::web::dashboard::Visit;
use crate::web::dashboard::moment::Moment;
use crate::web::text::Language;

/// A network whose reading lies back by more than this much is called behind.
const BEHIND_MIN: Duration = Duration::from_secs(60);
const MINUTE: u64 = 60;
const HOUR: u64 = 3600;
const DAY: u64 = 86_400;

/// The networks that are read, and those that are not.
#[derive(Template)]
#[template(path = "dashboard/nodes/board.html")]
pub(super) struct Board {
    t: &'static Language,
    is_owner: bool,
    live: Vec<Card>,
    off: Vec<OffCard>,
    at: Moment,
}

/// A network that is not read.
struct OffCard {
    name: String,
    assets: String,
    href: String,
    is_theirs: bool,
}

/// A network that is read.
struct Card {
    name: String,
    href: String,
    /// The word of the badge, and its class.
    state: (&'static str, &'static str),
    is_theirs: bool,
    tip: String,
    cursor: String,
    behind: String,
    read: Option<Moment>,
    open: String,
    error: Option<String>,
    alarm: Option<String>,
    providers: Vec<Row>,
}

/// A provider.
struct Row {
    host: String,
    kind: &'static str,
    state: (&'static str, &'static str),
    /// What it is left alone for, and how long still.
    rests: Option<String>,
    latency: String,
    lag: String,
    errors: String,
    last: Option<(String, Moment)>,
    calls: String,
    budget: String,
}

impl Board {
    pub(super) async fn of(office: &Office, visit: &Visit) -> Result<Self, OfficeError> {
        let t = visit.t;
        let (live, off): (Vec<_>, Vec<_>) = office
            .network_views()
            .await?
            .into_iter()
            .partition(|view| view.state.is_live);
        Ok(Self {
            t,
            is_owner: visit.is_owner(),
            live: live.iter().map(|view| card(t, view)).collect(),
            off: off.iter().map(off_card).collect(),
            at: Moment::new(t, office.now()),
        })
    }
}

fn href(view: &NetworkView) -> String {
    format!("/nodes/networks/{}", view.state.network.slug)
}

fn off_card(view: &NetworkView) -> OffCard {
    let symbols = view.state.assets.iter().map(|asset| &*asset.asset.symbol);
    OffCard {
        name: view.state.network.name.to_string(),
        assets: symbols.collect::<Vec<_>>().join(", "),
        href: href(view),
        is_theirs: view.state.source == NetworkSource::File,
    }
}

fn card(t: &Language, view: &NetworkView) -> Card {
    let network = &view.state.network;
    let dash = || "–".to_owned();
    let health = view.health.as_ref();
    let read = health.filter(|health| health.read_at.is_some());
    let blocks = read.map_or(0, |health| health.tip.saturating_sub(health.cursor));
    let lag = network
        .block_time
        .saturating_mul(u32::try_from(blocks).unwrap_or(u32::MAX));
    let error = health.and_then(|health| health.error.clone());
    Card {
        name: network.name.to_string(),
        href: href(view),
        state: match (&error, read) {
            (Some(_), _) => ("nodes-state-failing", "bad"),
            (None, None) => ("nodes-state-starting", "busy"),
            (None, Some(_)) if blocks > 1 && lag >= BEHIND_MIN => ("nodes-state-behind", "warn"),
            (None, Some(_)) => ("nodes-state-well", "good"),
        },
        is_theirs: view.state.source == NetworkSource::File,
        tip: read.map_or_else(dash, |health| grouped(t, health.tip)),
        cursor: read.map_or_else(dash, |health| grouped(t, health.cursor)),
        behind: match read {
            Some(_) if blocks == 0 => t.say("nodes-behind-none"),
            Some(_) => {
                let arguments = [("blocks", blocks.into()), ("span", span(t, lag).into())];
                t.say_with("nodes-behind-some", &arguments)
            }
            None => dash(),
        },
        read: health
            .and_then(|health| health.read_at)
            .map(|at| Moment::new(t, at)),
        open: if view.open >= OPEN_MAX {
            format!("{}+", grouped(t, OPEN_MAX.into()))
        } else {
            view.open.to_string()
        },
        error,
        alarm: health.and_then(|health| health.alarm.clone()),
        providers: view
            .providers
            .iter()
            .map(|(name, state)| row(t, name, state.as_ref()))
            .collect(),
    }
}

fn row(t: &Language, name: &ProviderName, state: Option<&ProviderState>) -> Row {
    let dash = || "–".to_owned();
    let percent = |percent: u8| t.say_with("nodes-percent", &[("percent", percent.into())]);
    Row {
        host: name.host.clone(),
        kind: name.kind,
        state: match state {
            Some(state) if state.is_throttled => ("nodes-provider-throttled", "warn"),
            Some(state) if state.rests.is_some() => ("nodes-provider-resting", "bad"),
            Some(state) if state.error_percent.is_some() => ("nodes-provider-well", "good"),
            Some(_) | None => ("nodes-provider-unasked", "busy"),
        },
        rests: state
            .and_then(|state| state.rests.as_ref())
            .map(|(reason, left)| {
                let arguments = [("span", span(t, *left).into()), ("reason", reason.clone().into())];
                t.say_with("nodes-rests", &arguments)
            }),
        latency: state
            .and_then(|state| state.latency)
            .map_or_else(dash, |latency| {
                let ms = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
                t.say_with("nodes-milliseconds", &[("ms", ms.into())])
            }),
        lag: state
            .and_then(|state| state.lag_blocks)
            .map_or_else(dash, |lag| t.say_with("nodes-lag", &[("blocks", lag.into())])),
        errors: state
            .and_then(|state| state.error_percent)
            .map_or_else(dash, percent),
        last: state
            .and_then(|state| state.last_error.clone())
            .map(|(reason, at)| (reason, Moment::new(t, at))),
        calls: state.map_or_else(dash, |state| grouped(t, state.requests_last_day)),
        budget: state.and_then(budget_left_percent).map_or_else(dash, percent),
    }
}

/// What is left of a day's budget at today's pace, and no more than is left of this minute's; `None` without a budget.
fn budget_left_percent(state: &ProviderState) -> Option<u8> {
    let per_second = u64::from(state.requests_per_second?);
    let left = |used: u64, seconds: u64| {
        let budget = per_second.saturating_mul(seconds);
        let left = budget
            .saturating_sub(used)
            .saturating_mul(100)
            .checked_div(budget)?;
        u8::try_from(left).ok()
    };
    left(state.requests_last_day, DAY)?
        .min(left(state.requests_last_minute, MINUTE)?)
        .into()
}

/// A number with its thousands set apart.
fn grouped(t: &Language, number: u64) -> String {
    t.number(&number.to_string())
}

/// A span in the largest unit of which there is one.
fn span(t: &Language, span: Duration) -> String {
    let seconds = span.as_secs();
    let (key, count) = match seconds {
        0..MINUTE => ("nodes-span-seconds", seconds),
        MINUTE..HOUR => ("nodes-span-minutes", seconds / MINUTE),
        HOUR..DAY => ("nodes-span-hours", seconds / HOUR),
        DAY.. => ("nodes-span-days", seconds / DAY),
    };
    t.say_with(key, &[("count", count.into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(per_second: Option<u32>, day: u64, minute: u64) -> ProviderState {
        ProviderState {
            host: "a".to_owned(),
            latency: None,
            lag_blocks: None,
            error_percent: None,
            last_error: None,
            rests: None,
            is_throttled: false,
            requests_last_day: day,
            requests_last_minute: minute,
            requests_per_second: per_second,
        }
    }

    #[test]
    fn what_is_left_of_a_budget_is_that_of_the_day_or_of_the_minute_whichever_is_less() {
        for (per_second, day, minute, left) in [
            (None, 1_000_000, 0, None),
            (Some(10), 0, 0, Some(100)),
            (Some(10), 432_000, 0, Some(50)),
            (Some(10), 86_400, 450, Some(25)),
            (Some(1), 90_000, 0, Some(0)),
        ] {
            assert_eq!(budget_left_percent(&state(per_second, day, minute)), left);
        }
    }
}
