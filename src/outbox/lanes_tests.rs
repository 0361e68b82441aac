//! Who is sent to next, by a clock that is moved by hand.

use std::time::Duration;

use tokio::time::Instant;

use super::delivery::{Due, Outcome};
use super::lanes::{AT_HAND_MAX, Lanes, Limits};
use crate::domain::ids::{DeliveryId, EndpointId};

const LIMITS: Limits = Limits {
    per_endpoint: 8,
    shared: 16,
};

fn due(endpoint: i64, delivery: i64) -> Due {
    Due {
        delivery: DeliveryId::new(endpoint * 10_000 + delivery),
        endpoint: EndpointId::new(endpoint),
    }
}

/// Lanes of endpoints `1..=count` that so much waits for.
fn lanes(count: i64, waiting: i64) -> Lanes {
    let mut lanes = Lanes::new(LIMITS);
    let rows = (1..=count).flat_map(|endpoint| (1..=waiting).map(move |delivery| due(endpoint, delivery)));
    lanes.take_in(rows.collect(), &[]);
    lanes
}

fn replied(status: u16) -> Outcome {
    Outcome::Replied {
        status,
        reply: Vec::new(),
    }
}

fn of(started: &[Due], endpoint: i64) -> usize {
    let endpoint = EndpointId::new(endpoint);
    started.iter().filter(|due| due.endpoint == endpoint).count()
}

/// Has these answered at `now`, and recorded.
fn answer(lanes: &mut Lanes, started: &[Due], status: u16, now: Instant) {
    for due in started {
        lanes.answered(*due, Some(&replied(status)), now);
        lanes.recorded(*due);
    }
}

#[test]
fn whoever_answers_promptly_is_sent_one_more_at_once_with_each_answer() {
    let (mut lanes, now) = (lanes(1, 60), Instant::now());
    let mut counts = Vec::new();
    for _ in 0..6 {
        let started = lanes.start(now);
        counts.push(started.len());
        answer(&mut lanes, &started, 200, now);
    }
    assert_eq!(counts, [1, 2, 4, 8, 8, 8]);
}

#[test]
fn whoever_is_slow_is_sent_less_and_whoever_is_busy_or_gone_a_single_one() {
    for (outcome, after_s, left) in [
        (replied(200), 0, 8),
        (replied(500), 0, 8),
        (replied(404), 0, 8),
        (replied(429), 0, 1),
        (replied(503), 0, 1),
        (Outcome::Failed("refused".to_owned()), 0, 1),
        (replied(200), 2, 4),
    ] {
        let (mut lanes, now) = (lanes(1, 60), Instant::now());
        for _ in 0..4 {
            let started = lanes.start(now);
            answer(&mut lanes, &started, 200, now);
        }
        let mut started = lanes.start(now);
        let last = started.pop().unwrap();
        answer(&mut lanes, &started, 200, now);
        lanes.answered(last, Some(&outcome), now + Duration::from_secs(after_s));
        lanes.recorded(last);
        assert_eq!(lanes.start(now).len(), left, "{outcome:?} after {after_s} s");
    }
}

#[test]
fn the_first_to_each_endpoint_has_its_place_when_the_shared_ones_are_taken() {
    let (mut lanes, now) = (lanes(100, 60), Instant::now());
    assert_eq!(lanes.start(now).len(), 100);
    assert!(lanes.start(now).is_empty());
}

#[test]
fn shared_places_go_round() {
    let (mut lanes, now) = (lanes(10, 60), Instant::now());
    let mut taken = [0; 11];
    for _ in 0..20 {
        let started = lanes.start(now);
        for endpoint in 1..=10 {
            taken[endpoint as usize] += of(&started, endpoint);
        }
        assert!(started.len() <= 10 + LIMITS.shared);
        answer(&mut lanes, &started, 200, now);
    }
    let (least, most) = (taken[1..].iter().min().unwrap(), taken[1..].iter().max().unwrap());
    assert!(most - least <= 4, "{taken:?}");
}

#[test]
fn what_hangs_gives_the_shared_places_back() {
    let (mut lanes, now) = (lanes(6, 60), Instant::now());
    for _ in 0..4 {
        let started = lanes.start(now);
        answer(&mut lanes, &started, 200, now);
    }
    // All of them stop answering but the last, which finds the shared places taken.
    let started = lanes.start(now);
    let last: Vec<Due> = started
        .iter()
        .filter(|due| due.endpoint == EndpointId::new(6))
        .copied()
        .collect();
    assert_eq!(started.len(), 6 + LIMITS.shared);
    answer(&mut lanes, &last, 200, now);
    let soon = lanes.start(now);
    let later = now + Duration::from_secs(2);
    answer(&mut lanes, &soon, 200, later);
    let at_last = lanes.start(later);
    assert!(
        of(&at_last, 6) > 0
            && of(&at_last, 6) == at_last.iter().filter(|due| due.endpoint.get() == 6).count()
    );
    let hanging = 5;
    let others: usize = (1..=hanging).map(|endpoint| of(&at_last, endpoint)).sum();
    assert!(others <= LIMITS.shared, "what hangs is not sent without end");
}

#[test]
fn what_is_at_hand_is_not_taken_in_twice_and_more_is_wanted_in_time() {
    let (mut lanes, now) = (lanes(1, AT_HAND_MAX as i64), Instant::now());
    let again: Vec<Due> = (1..=AT_HAND_MAX as i64)
        .map(|delivery| due(1, delivery))
        .collect();
    assert_eq!(lanes.supplied(), [EndpointId::new(1)]);
    lanes.take_in(again, &[]);
    let mut sent = 0;
    while !lanes.wants_more() {
        let started = lanes.start(now);
        assert!(!started.is_empty(), "it ran dry unnoticed");
        sent += started.len();
        answer(&mut lanes, &started, 200, now);
    }
    assert!(sent < AT_HAND_MAX);
    lanes.take_in(Vec::new(), &[]);
    while !lanes.start(now).is_empty() {}
    assert!(!lanes.wants_more());
}
