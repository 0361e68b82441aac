//! The providers of the live networks, as `payd doctor` found them: what each serves, how far it is, what it can do,
//! and what to do about it.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::super::output::{self, Rows};
use super::super::span;
use super::{Level, too_narrow, wrapped};
use crate::chain::ProviderReport;
use crate::domain::time::UnixMillis;

/// How slow an answer may be before it is pointed out.
const LATENCY_MAX: Duration = Duration::from_secs(2);
/// How much older than the newest its highest block may be before it is pointed out.
const BEHIND_MAX: Duration = Duration::from_secs(30);

/// A provider with what is to be said of it.
pub(super) struct Judged<'a> {
    network: &'a str,
    report: &'a ProviderReport,
    /// Blocks behind the highest of its network.
    lag_blocks: Option<u64>,
    age: Option<Duration>,
    /// What a person should know, the worst first; never empty.
    notes: Vec<(Level, String)>,
}

/// Everything that is to be said, network by network.
pub(super) fn judged(probed: &[(String, Vec<ProviderReport>)], now: UnixMillis) -> Vec<Judged<'_>> {
    let mut all = Vec::new();
    for (network, reports) in probed {
        let usable = || reports.iter().filter(|report| report.faults.is_empty());
        let best = Best {
            height: usable().filter_map(|report| report.height).max(),
            block_time: usable().filter_map(|report| report.block_time).max(),
        };
        all.extend(reports.iter().map(|report| judge(network, report, &best, now)));
    }
    all
}

/// The highest that any usable provider of a network has.
struct Best {
    height: Option<u64>,
    block_time: Option<UnixMillis>,
}

fn judge<'a>(network: &'a str, report: &'a ProviderReport, best: &Best, now: UnixMillis) -> Judged<'a> {
    let lag_blocks = best
        .height
        .zip(report.height)
        .map(|(best, height)| best.saturating_sub(height));
    let mut notes: Vec<_> = report
        .faults
        .iter()
        .map(|fault| (Level::Fail, fault.clone()))
        .collect();
    let warnings = [behind(report, best, lag_blocks), slow(report)];
    let warnings = warnings
        .into_iter()
        .flatten()
        .chain(report.remarks.iter().cloned());
    notes.extend(warnings.map(|text| (Level::Warn, text)));
    if notes.is_empty() {
        notes.push((Level::Ok, "good".to_owned()));
    }
    Judged {
        network,
        report,
        lag_blocks,
        age: report.block_time.map(|time| now.since(time)),
        notes,
    }
}

/// What to say when its highest block is old beside the others'. When it is old by the clock, its chain's probe says it:
/// that depends on how often there are blocks.
fn behind(report: &ProviderReport, best: &Best, lag_blocks: Option<u64>) -> Option<String> {
    let time = report.block_time?;
    if best
        .block_time
        .is_some_and(|newest| newest.since(time) > BEHIND_MAX)
    {
        let lag = lag_blocks.map_or("far".to_owned(), |lag| format!("{lag} blocks"));
        return Some(format!(
            "it is {lag} behind the best: put it after the others, or replace it"
        ));
    }
    None
}

fn slow(report: &ProviderReport) -> Option<String> {
    let latency = report.latency.filter(|latency| *latency > LATENCY_MAX)?;
    Some(format!(
        "it takes {} to answer: put it after faster ones",
        millis(latency)
    ))
}

impl Judged<'_> {
    fn features(&self) -> String {
        let each = self
            .report
            .features
            .iter()
            .map(|(name, value)| format!("{name}: {value}"));
        each.collect::<Vec<_>>().join("; ")
    }

    /// Chain, height, lag, age and latency; a dash for what is not known.
    fn measures(&self) -> [String; 5] {
        let dash = || "-".to_owned();
        let number = |value: Option<u64>| value.map_or_else(dash, |value| value.to_string());
        [
            self.report.chain.as_deref().map_or_else(dash, short_name),
            number(self.report.height),
            number(self.lag_blocks),
            self.age.map_or_else(dash, span::show),
            self.report.latency.map_or_else(dash, millis),
        ]
    }

    fn level(&self) -> Level {
        self.notes.first().map_or(Level::Ok, |(level, _)| *level)
    }
}

/// A chain's name for itself, as far as there is room: of a genesis hash, whose first digits are often zeros, the end.
fn short_name(chain: &str) -> String {
    const SHOWN: usize = 8;
    let length = chain.chars().count();
    if length <= SHOWN.saturating_mul(2) {
        return chain.to_owned();
    }
    let end: String = chain.chars().skip(length.saturating_sub(SHOWN)).collect();
    format!("..{end}")
}

fn millis(latency: Duration) -> String {
    format!("{} ms", latency.as_millis())
}

/// The table, or where the terminal has no room for it a paragraph for each provider.
pub(super) fn text(providers: &[Judged<'_>], width: Option<usize>) -> String {
    if providers.is_empty() {
        return "No live network is configured; test payments need none.\n".to_owned();
    }
    let table = table(providers);
    let mut text = match too_narrow(&table, width) {
        None => table,
        Some(width) => providers
            .iter()
            .map(|provider| paragraph(provider, width))
            .collect(),
    };
    if providers.iter().any(|each| !each.report.faults.is_empty()) {
        let advice = "A provider with FAIL is not used: see that it runs and that its URL and key are right, or take it \
                      out of the configuration.";
        text.push('\n');
        text.push_str(&wrapped(advice, width.unwrap_or(usize::MAX), 0));
    }
    text
}

/// A row for each provider, further rows for further notes.
fn table(providers: &[Judged<'_>]) -> String {
    let mut rows = Rows::new(&[
        "",
        "network",
        "provider",
        "chain",
        "height",
        "lag",
        "block age",
        "answer",
        "finding",
    ]);
    for provider in providers {
        let mut first = Some((
            provider.network.to_owned(),
            provider.report.host.clone(),
            provider.measures(),
        ));
        for (level, note) in &provider.notes {
            let (network, host, [chain, height, lag, age, latency]) = first.take().unwrap_or_default();
            rows.push([
                level.to_string(),
                network,
                host,
                chain,
                height,
                lag,
                age,
                latency,
                note.clone(),
            ]);
        }
    }
    let mut text = rows.or("");
    let mut features = Rows::new(&["network", "provider", "can do"]);
    for provider in providers.iter().filter(|each| !each.report.features.is_empty()) {
        features.push([
            provider.network.to_owned(),
            provider.report.host.clone(),
            provider.features(),
        ]);
    }
    if providers.iter().any(|each| !each.report.features.is_empty()) {
        text.push('\n');
        text.push_str(&features.or(""));
    }
    text
}

fn paragraph(provider: &Judged<'_>, width: usize) -> String {
    const INDENT: usize = 6;
    let [chain, height, lag, age, latency] = provider.measures();
    let head = format!(
        "{:4}  {} {}",
        provider.level().word(),
        provider.network,
        provider.report.host
    );
    let measures = format!("      chain {chain}, block {height}, lag {lag}, {age} old, answers in {latency}");
    let features = provider.features();
    let features = (!features.is_empty()).then(|| format!("      {features}"));
    let notes = provider.notes.iter().filter(|(level, _)| *level != Level::Ok);
    let notes = notes.map(|(level, note)| format!("      {level}: {note}"));
    [head, measures]
        .into_iter()
        .chain(features)
        .chain(notes)
        .map(|line| wrapped(&output::printable(&line), width, INDENT))
        .collect()
}

/// A provider for programs.
pub(super) fn json(provider: &Judged<'_>) -> Value {
    let report = provider.report;
    let features = report
        .features
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::String(value.clone())));
    let notes = |wanted: Level| -> Vec<&str> {
        let notes = provider.notes.iter().filter(|(level, _)| *level == wanted);
        notes.map(|(_, note)| note.as_str()).collect()
    };
    json!({
        "network": provider.network,
        "host": report.host,
        "level": provider.level().word().to_ascii_lowercase(),
        "chain": report.chain,
        "height": report.height,
        "lag_blocks": provider.lag_blocks,
        "block_time": output::json_time_or_null(report.block_time),
        "block_age_s": provider.age.map(|age| age.as_secs()),
        "latency_ms": report.latency.map(|latency| u64::try_from(latency.as_millis()).unwrap_or(u64::MAX)),
        "features": features.collect::<Map<_, _>>(),
        "faults": report.faults,
        "remarks": notes(Level::Warn),
    })
}

#[cfg(test)]
mod tests {
    use super::super::report;
    use super::*;

    const NOW: UnixMillis = UnixMillis::from_seconds(1_800_000_000);

    fn provider(host: &str, faults: &[&str]) -> ProviderReport {
        ProviderReport {
            chain: Some("56".to_owned()),
            height: Some(50),
            block_time: Some(NOW.minus(Duration::from_secs(3))),
            latency: Some(Duration::from_millis(12)),
            features: vec![("batches", "yes".to_owned()), ("archive", "none".to_owned())],
            faults: faults.iter().map(|fault| (*fault).to_owned()).collect(),
            ..ProviderReport::of(host)
        }
    }

    fn bsc(reports: Vec<ProviderReport>) -> [(String, Vec<ProviderReport>); 1] {
        [("bsc".to_owned(), reports)]
    }

    #[test]
    fn a_network_with_one_good_provider_is_well_and_one_with_none_is_not() {
        let good = bsc(vec![
            provider("a", &[]),
            provider("b", &["wrong chain id 1; use 56"]),
        ]);
        let told = report(&[], &good, NOW, None);
        assert!(!told.is_bad_news);
        for line in [
            "      NETWORK  PROVIDER  CHAIN  HEIGHT  LAG  BLOCK AGE  ANSWER  FINDING\n",
            "ok    bsc      a         56     50      0    3s         12 ms   good\n",
            "FAIL  bsc      b         56     50      0    3s         12 ms   wrong chain id 1; use 56\n",
            "bsc      a         batches: yes; archive: none\n",
        ] {
            assert!(told.text.contains(line), "{line}\n{}", told.text);
        }
        assert_eq!(told.json["providers"][1]["faults"][0], "wrong chain id 1; use 56");
        assert_eq!(told.json["providers"][0]["features"]["batches"], "yes");
        let bad = bsc(vec![provider("b", &["down"])]);
        assert!(report(&[], &bad, NOW, None).is_bad_news);
        assert!(report(&[], &bsc(Vec::new()), NOW, None).is_bad_news);
    }

    #[test]
    fn a_provider_that_lags_behind_the_best_is_pointed_out() {
        let mut behind = provider("b", &[]);
        behind.height = Some(10);
        behind.block_time = Some(NOW.minus(Duration::from_secs(60)));
        let probed = bsc(vec![provider("a", &[]), behind]);
        let judged = judged(&probed, NOW);
        assert_eq!((judged[0].lag_blocks, judged[1].lag_blocks), (Some(0), Some(40)));
        assert_eq!(judged[0].level(), Level::Ok);
        assert!(
            judged[1].notes[0].1.starts_with("it is 40 blocks behind"),
            "{:?}",
            judged[1].notes
        );
    }

    #[test]
    fn a_long_name_of_a_chain_is_shown_by_its_end() {
        let mut bitcoin = provider("a", &[]);
        bitcoin.chain = Some("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f".to_owned());
        let probed = bsc(vec![bitcoin]);
        let told = report(&[], &probed, NOW, None);
        assert!(told.text.contains("  ..0a8ce26f  "), "{}", told.text);
        assert_eq!(
            told.json["providers"][0]["chain"].as_str().map(str::len),
            Some(64)
        );
    }

    #[test]
    fn the_height_of_a_provider_that_may_not_be_used_is_nobodys_measure() {
        let mut ahead = provider("b", &["wrong chain"]);
        ahead.height = Some(5_000_000);
        let probed = bsc(vec![provider("a", &[]), ahead]);
        assert_eq!(judged(&probed, NOW)[0].lag_blocks, Some(0));
    }

    #[test]
    fn a_slow_provider_is_pointed_out() {
        let mut slow = provider("a", &[]);
        slow.latency = Some(Duration::from_millis(4321));
        let probed = bsc(vec![slow]);
        let judged = judged(&probed, NOW);
        assert!(judged[0].notes[0].1.contains("4321 ms"), "{:?}", judged[0].notes);
    }

    #[test]
    fn a_terminal_without_room_for_the_table_gets_paragraphs_that_say_the_same() {
        let probed = bsc(vec![provider(
            "rpc.example",
            &["wrong chain id 1; correct its URL"],
        )]);
        let narrow = report(&[], &probed, NOW, Some(50)).text;
        let expected = "FAIL  bsc rpc.example\n      chain 56, block 50, lag -, 3s old, answers\n      in 12 ms\n      \
                        batches: yes; archive: none\n      FAIL: wrong chain id 1; correct its URL\n";
        assert!(narrow.contains(expected), "{narrow}");
        assert!(narrow.lines().all(|line| line.chars().count() <= 50), "{narrow}");
        let wide = report(&[], &probed, NOW, Some(200)).text;
        assert_eq!(wide, report(&[], &probed, NOW, None).text);
    }
}
