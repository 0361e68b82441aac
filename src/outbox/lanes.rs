//! What of each endpoint's deliveries is at hand: what waits, what is under way, and how much the endpoint takes at once.
//! Knows no store and sends nothing. All of it is only remembered: the rows are the truth.
//!
//! The first delivery to each endpoint always has its place. More at once are sent to those that answer promptly, one more
//! with each prompt answer, out of places that all share. Whoever does not answer is left with one, and what it keeps waiting
//! no longer counts against the shared places, so that endpoints which hang never keep the others waiting.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::delivery::{Due, Outcome};
use crate::domain::ids::{DeliveryId, EndpointId};

/// How much is sent at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// To one endpoint that answers promptly.
    pub per_endpoint: usize,
    /// To all endpoints, beside the first to each.
    pub shared: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_endpoint: 16,
            shared: 64,
        }
    }
}

/// The most endpoints that are sent to at once.
pub(super) const ENDPOINTS_MAX: usize = 1024;
/// Rows of one endpoint that are at hand, of those that are not recorded yet.
pub(super) const AT_HAND_MAX: usize = 64;
/// More are read when fewer than this wait.
const FEW: usize = 16;
/// An answer within this is prompt.
const PROMPT: Duration = Duration::from_secs(1);
/// Sends that are late may be this many times the shared ones, beside them.
const LATE_PARTS: usize = 4;
/// Endpoints whose pace is remembered while nothing is due to them.
const PACES_MAX: usize = 16 * 1024;

/// All endpoints that something is due to.
pub(super) struct Lanes {
    limits: Limits,
    lanes: BTreeMap<EndpointId, Lane>,
    /// What waits, is under way or is being recorded: it is not taken in a second time.
    known: HashSet<DeliveryId>,
    /// How many each endpoint takes at once, where that is more than one.
    paces: HashMap<EndpointId, usize>,
    /// Who was served last out of the shared places.
    turn: Option<EndpointId>,
}

/// One endpoint.
#[derive(Default)]
struct Lane {
    waiting: VecDeque<DeliveryId>,
    under_way: HashMap<DeliveryId, Instant>,
    recording: usize,
    /// Whether the store may have more that is due.
    has_more: bool,
}

impl Lane {
    /// Rows at hand.
    fn len(&self) -> usize {
        let sent = self.under_way.len().saturating_add(self.recording);
        self.waiting.len().saturating_add(sent)
    }

    fn is_over(&self) -> bool {
        self.len() == 0 && !self.has_more
    }

    /// What it has under way beside the first: what is still in time, and what is late.
    fn beside_first(&self, now: Instant) -> (usize, usize) {
        let is_late = |since: &&Instant| now.saturating_duration_since(**since) > PROMPT;
        let late = self.under_way.values().filter(is_late).count();
        let in_time = self.under_way.len().saturating_sub(late);
        match in_time {
            0 => (0, late.saturating_sub(1)),
            _ => (in_time.saturating_sub(1), late),
        }
    }
}

impl Lanes {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            lanes: BTreeMap::new(),
            known: HashSet::new(),
            paces: HashMap::new(),
            turn: None,
        }
    }

    /// The endpoints that need no more rows now.
    pub(super) fn supplied(&self) -> Vec<EndpointId> {
        let supplied = self.lanes.iter().filter(|(_, lane)| lane.waiting.len() >= FEW);
        supplied.map(|(endpoint, _)| *endpoint).collect()
    }

    /// Whether an endpoint runs out of rows while the store may have more.
    pub(super) fn wants_more(&self) -> bool {
        self.lanes
            .values()
            .any(|lane| lane.has_more && lane.waiting.len() < FEW && lane.len() <= AT_HAND_MAX / 2)
    }

    /// Takes rows in: of each endpoint that is not among `supplied` the oldest [`AT_HAND_MAX`] that are due.
    pub(super) fn take_in(&mut self, rows: Vec<Due>, supplied: &[EndpointId]) {
        for lane in self.lanes.values_mut() {
            lane.has_more = false;
        }
        for endpoint in supplied {
            // Nobody looked.
            if let Some(lane) = self.lanes.get_mut(endpoint) {
                lane.has_more = true;
            }
        }
        let mut counts: HashMap<EndpointId, usize> = HashMap::new();
        for due in rows {
            let count = counts.entry(due.endpoint).or_default();
            *count = count.saturating_add(1);
            let lane = self.lanes.entry(due.endpoint).or_default();
            lane.has_more = *count >= AT_HAND_MAX;
            if self.known.insert(due.delivery) {
                lane.waiting.push_back(due.delivery);
            }
        }
        self.lanes.retain(|_, lane| !lane.is_over());
    }

    /// Whatever waits and has a place; it is under way from now on.
    pub(super) fn start(&mut self, now: Instant) -> Vec<Due> {
        let mut started = Vec::new();
        let mut lanes_under_way = self
            .lanes
            .values()
            .filter(|lane| !lane.under_way.is_empty())
            .count();
        for (endpoint, lane) in &mut self.lanes {
            if lane.under_way.is_empty() && lanes_under_way < ENDPOINTS_MAX {
                let first = start_one(*endpoint, lane, now);
                lanes_under_way = lanes_under_way.saturating_add(first.iter().len());
                started.extend(first);
            }
        }
        self.start_beside(now, &mut started);
        started
    }

    /// Gives the shared places out, one by one and in turn.
    fn start_beside(&mut self, now: Instant, started: &mut Vec<Due>) {
        let (paces, per_endpoint) = (&self.paces, self.limits.per_endpoint);
        let takes_more = |endpoint: &EndpointId, lane: &Lane| {
            let pace = paces.get(endpoint).copied().unwrap_or(1).min(per_endpoint);
            !lane.waiting.is_empty() && !lane.under_way.is_empty() && lane.under_way.len() < pace
        };
        let mut wanting: VecDeque<EndpointId> = VecDeque::new();
        for (endpoint, lane) in &self.lanes {
            if takes_more(endpoint, lane) {
                wanting.push_back(*endpoint);
            }
        }
        if wanting.is_empty() {
            return;
        }
        let later = wanting.partition_point(|endpoint| self.turn.is_some_and(|turn| *endpoint <= turn));
        wanting.rotate_left(later);
        let mut free = self.shared_free(now);
        while free > 0
            && let Some(endpoint) = wanting.pop_front()
        {
            let Some(lane) = self.lanes.get_mut(&endpoint) else {
                continue;
            };
            started.extend(start_one(endpoint, lane, now));
            free = free.saturating_sub(1);
            self.turn = Some(endpoint);
            if takes_more(&endpoint, lane) {
                wanting.push_back(endpoint);
            }
        }
    }

    fn shared_free(&self, now: Instant) -> usize {
        let beside = self.lanes.values().map(|lane| lane.beside_first(now));
        let (in_time, late) = beside.fold(
            (0_usize, 0_usize),
            |(in_time, late), (more_in_time, more_late)| {
                (
                    in_time.saturating_add(more_in_time),
                    late.saturating_add(more_late),
                )
            },
        );
        let too_late = late.saturating_sub(self.limits.shared.saturating_mul(LATE_PARTS));
        self.limits
            .shared
            .saturating_sub(in_time.saturating_add(too_late))
    }

    /// A send has ended: its place is free, and what came of it is being recorded. `outcome` is `None` where nothing was
    /// sent.
    pub(super) fn answered(&mut self, due: Due, outcome: Option<&Outcome>, now: Instant) {
        let Some(lane) = self.lanes.get_mut(&due.endpoint) else {
            return;
        };
        let since = lane.under_way.remove(&due.delivery);
        lane.recording = lane.recording.saturating_add(1);
        let Some((outcome, since)) = outcome.zip(since) else {
            return;
        };
        let is_prompt = now.saturating_duration_since(since) <= PROMPT;
        let pace = self.paces.get(&due.endpoint).copied().unwrap_or(1);
        let pace = match outcome {
            Outcome::Failed(_)
            | Outcome::Replied {
                status: 429 | 503, ..
            } => 1,
            Outcome::Replied { .. } if !is_prompt => pace.div_euclid(2),
            Outcome::Replied {
                status: 200..=299, ..
            } => pace.saturating_add(1).min(self.limits.per_endpoint),
            Outcome::Replied { .. } => pace,
        };
        if pace <= 1 {
            self.paces.remove(&due.endpoint);
        } else if self.paces.contains_key(&due.endpoint) || self.paces.len() < PACES_MAX {
            self.paces.insert(due.endpoint, pace);
        }
    }

    /// What came of a send is recorded: from now on only the rows know of it.
    pub(super) fn recorded(&mut self, due: Due) {
        self.known.remove(&due.delivery);
        if let Some(lane) = self.lanes.get_mut(&due.endpoint) {
            lane.recording = lane.recording.saturating_sub(1);
            if lane.is_over() {
                self.lanes.remove(&due.endpoint);
            }
        }
    }

    /// Nothing was sent and nothing is to be recorded.
    pub(super) fn dropped(&mut self, due: Due, now: Instant) {
        self.answered(due, None, now);
        self.recorded(due);
    }
}

fn start_one(endpoint: EndpointId, lane: &mut Lane, now: Instant) -> Option<Due> {
    let delivery = lane.waiting.pop_front()?;
    lane.under_way.insert(delivery, now);
    Some(Due { delivery, endpoint })
}
