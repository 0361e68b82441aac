//! Blocks read by a source, beside the same bytes parsed alone.

use std::sync::Arc;
use std::time::Duration;

use payd::ambient::SystemClock;
use payd::chain::simulated::address::from_random;
use payd::chain::{ChainSource, WatchSet};
use payd::domain::address::Address;
use payd::domain::network::Family;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::Reading;
use super::meter::{Stretch, least};
use super::node::Served;

/// Addresses that nobody pays, always the same ones.
fn others(family: Family, count: usize) -> impl Iterator<Item = Address> {
    (0..count as u64).map(move |number| {
        let digest = Sha256::digest(number.to_be_bytes());
        from_random(family, digest[..20].try_into().unwrap()).unwrap()
    })
}

/// So many addresses, those that are paid among them.
pub(crate) fn watched(reading: &dyn Reading, count: usize) -> impl Iterator<Item = Address> {
    let paid = reading.paid();
    let others = others(reading.network().family, count - paid.len());
    paid.into_iter().chain(others)
}

/// What is measured at each number of addresses, by name.
pub(crate) type Measured = Map<String, Value>;

/// Puts `value` under `name` for `count` addresses.
pub(crate) fn put(measured: &mut Measured, name: &str, count: usize, value: Value) {
    measured.entry(name).or_insert_with(|| json!({}))[count.to_string()] = value;
}

pub(crate) async fn measure(reading: &dyn Reading, counts: &[usize], each: Duration) -> Measured {
    let mut measured = Measured::new();
    let heights: Vec<u64> = reading.heights().collect();
    let bytes: usize = heights.iter().map(|height| reading.bytes(*height)).sum();
    measured.insert("bytes_per_block".to_owned(), json!(bytes / heights.len()));
    for count in counts {
        at(reading, *count, each, &mut measured).await;
    }
    let of = |name: &str| -> Vec<f64> {
        let each = measured[name].as_object().unwrap().values();
        each.map(|value| value.as_f64().unwrap()).collect()
    };
    let calls = of("calls_per_block");
    let is_flat = calls.iter().all(|count| *count == calls[0]);
    let times = of("us_per_block");
    let growth = times.iter().copied().fold(0.0, f64::max) / times.iter().copied().fold(f64::MAX, f64::min);
    measured.insert("calls_flat".to_owned(), json!(is_flat));
    measured.insert("growth".to_owned(), json!(round(growth, 2)));
    measured.insert("flat".to_owned(), json!(growth <= 1.25));
    measured
}

pub(crate) fn round(value: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}

async fn at(reading: &dyn Reading, count: usize, each: Duration, measured: &mut Measured) {
    let before = super::ALLOCATOR.allocated();
    let stretch = Stretch::begin();
    let mut set = WatchSet::default();
    watched(reading, count).for_each(|address| set.insert(&address));
    let (filled_in, _) = stretch.end();
    let kept = super::ALLOCATOR.allocated().saturating_sub(before);
    let served = Served::new(reading.node());
    let source = reading.source(Arc::clone(&served), Arc::new(SystemClock));
    source.tip().await.unwrap();
    read_all(reading, &*source, &set).await;
    let heights: Vec<u64> = reading.heights().collect();
    let blocks = heights.len() as f64;
    let (mut whole, mut parse, mut prove) = (Vec::new(), Vec::new(), Vec::new());
    let (mut allocated, mut calls, mut requests, mut request_bytes) = (0.0, 0.0, 0.0, 0.0);
    let mut left = each;
    while !left.is_zero() || whole.len() < 3 {
        let stretch = Stretch::begin();
        std::hint::black_box(
            heights
                .iter()
                .map(|height| reading.parse(*height, count))
                .sum::<usize>(),
        );
        let (took, _) = stretch.end();
        left = left.saturating_sub(took);
        parse.push(took.as_secs_f64() / blocks);
        let stretch = Stretch::begin();
        std::hint::black_box(heights.iter().map(|height| reading.prove(*height)).sum::<usize>());
        let (took, _) = stretch.end();
        left = left.saturating_sub(took);
        prove.push(took.as_secs_f64() / blocks);
        let before = served.asked();
        let stretch = Stretch::begin();
        read_all(reading, &*source, &set).await;
        let (took, bytes) = stretch.end();
        let asked = served.asked().since(before);
        left = left.saturating_sub(took);
        whole.push((took.as_secs_f64() - asked.spent_ns as f64 / 1e9) / blocks);
        allocated = (bytes - asked.allocated) as f64 / blocks;
        (calls, requests) = (asked.calls as f64 / blocks, asked.requests as f64 / blocks);
        request_bytes = asked.request_bytes as f64 / blocks;
    }
    let (whole, parse, prove) = (least(whole), least(parse), least(prove));
    let mut put =
        |name: &str, value: f64, digits: i32| put(measured, name, count, json!(round(value, digits)));
    put("blocks_per_second", 1.0 / whole, 1);
    put("us_per_block", whole * 1e6, 1);
    put("parsing_us_per_block", parse * 1e6, 1);
    put("proving_us_per_block", prove * 1e6, 1);
    put("ratio_to_parsing", whole / parse, 2);
    put("ratio_to_parsing_and_proof", whole / (parse + prove), 2);
    put("bytes_allocated", allocated, 0);
    put("calls_per_block", calls, 3);
    put("requests_per_block", requests, 3);
    put("request_bytes_per_block", request_bytes, 0);
    put("watch_bytes_per_address", kept as f64 / count as f64, 1);
    put("watch_filled_us", filled_in.as_secs_f64() * 1e6, 0);
}

/// Reads every block once, in ranges as large as the source takes, and makes sure that what they hold is found.
async fn read_all(reading: &dyn Reading, source: &dyn ChainSource, watched: &WatchSet) {
    let (mut next, last) = (*reading.heights().start(), *reading.heights().end());
    while next <= last {
        let end = (next + source.range_max() - 1).min(last);
        let blocks = source.read(next..=end, watched).await.unwrap();
        let held: usize = (next..=end).map(|height| reading.transfers(height)).sum();
        assert_eq!(blocks.transfers.len(), held, "{next} to {end}");
        next = end + 1;
    }
}
